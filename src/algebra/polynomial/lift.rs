//! From residues modulo primes to a greatest common divisor over the integers.
//!
//! A coefficient that is 3 modulo p and stays 3 modulo p·q is taken for 3; exact division then decides.

use dashu_int::IBig;

use super::field::{Field, Samples, primes};
use super::integer::bits;
use super::interpolate::{Failure, Images, Problem, Skeleton};
use super::{Cofactors, Exceeded, Meter, Monomial, Polynomial};

/// How many points and primes are tried before another method has to help.
const ATTEMPTS: usize = 12;

/// What the images say.
pub(super) enum Answer {
    /// Confirmed by exact division.
    Found(Box<Cofactors>),
    /// The two are coprime.
    Coprime,
    /// No attempt was conclusive.
    Unknown,
}

/// The gcd of two polynomials primitive in the main variable.
pub(super) fn divisor(mut problem: Problem, meter: &mut Meter) -> Result<Answer, Exceeded> {
    let mut samples = Samples(0x5eed);
    let mut fields = primes().map(Field::new);
    for _ in 0..ATTEMPTS {
        if problem.degree == 0 {
            return Ok(Answer::Coprime);
        }
        match attempt(&problem, &mut fields, &mut samples, meter) {
            Ok(Some(found)) => return Ok(Answer::Found(Box::new(found))),
            Ok(None) | Err(Failure::Unlucky) => {}
            Err(Failure::LowerDegree(degree)) => problem.degree = degree,
            Err(Failure::Exceeded(exceeded)) => return Err(exceeded),
        }
    }
    Ok(Answer::Unknown)
}

/// One skeleton, lifted prime by prime until its coefficients stay the same.
fn attempt(
    problem: &Problem,
    fields: &mut impl Iterator<Item = Field>,
    samples: &mut Samples,
    meter: &mut Meter,
) -> Result<Option<Cofactors>, Failure> {
    let mut next = || fields.next().expect("there are enough primes");
    let field = next();
    let skeleton = Images::new(problem, field).skeleton(samples, meter)?;
    let mut lift = Lift::new(&field, &skeleton);
    loop {
        if lift.settled || lift.has_room() {
            if let Some(found) = confirmed(problem, &lift, meter)? {
                return Ok(Some(found));
            }
            if lift.settled {
                return Ok(None);
            }
        }
        meter.bits(bits(&lift.modulus))?;
        let field = next();
        let point: Vec<u64> = problem.others.iter().map(|_| samples.next(&field)).collect();
        let images = Images::new(problem, field);
        let residues = images.refit(&skeleton, &point, point.len(), samples, meter)?;
        lift.combine(&field, &residues);
    }
}

/// The candidate without its content in the main variable, if it divides both.
fn confirmed(problem: &Problem, lift: &Lift, meter: &mut Meter) -> Result<Option<Cofactors>, Failure> {
    let scaled = lift.polynomial(problem)?;
    let content = if problem.leading.is_constant() {
        Polynomial::one()
    } else {
        scaled.content_of_coefficients(problem.main, meter)?
    };
    let divisor = scaled.quotient(&content, meter)?.expect("a content divides").primitive_part();
    let Some(left) = problem.a.quotient(&divisor, meter)? else { return Ok(None) };
    let Some(right) = problem.b.quotient(&divisor, meter)? else { return Ok(None) };
    Ok(Some(Cofactors { divisor, left, right }))
}

/// Integers known modulo a product of primes, in the symmetric range around 0.
struct Lift {
    modulus: IBig,
    powers: Vec<Vec<(Vec<u32>, IBig)>>,
    /// Did the last prime change nothing?
    settled: bool,
}

impl Lift {
    fn new(field: &Field, skeleton: &Skeleton) -> Lift {
        let symmetric = |residue: u64| {
            let value = field.value(residue);
            IBig::from(if value > field.prime / 2 { value as i64 - field.prime as i64 } else { value as i64 })
        };
        let powers = skeleton.powers.iter().map(|terms| {
            terms.iter().map(|(exponents, residue)| (exponents.clone(), symmetric(*residue))).collect()
        });
        Lift { modulus: IBig::from(field.prime), powers: powers.collect(), settled: false }
    }

    /// Are all coefficients well below the modulus?
    fn has_room(&self) -> bool {
        let longest = self.powers.iter().flatten().map(|(_, n)| bits(n)).max().unwrap_or(0);
        longest + 12 < bits(&self.modulus)
    }

    /// Chinese remaindering: x + modulus·((r − x)/modulus mod prime).
    fn combine(&mut self, field: &Field, residues: &Skeleton) {
        let inverse = field.inverse(field.integer(&self.modulus));
        self.settled = true;
        for (terms, residues) in self.powers.iter_mut().zip(&residues.powers) {
            for ((_, value), (_, residue)) in terms.iter_mut().zip(residues) {
                let step = field.value(field.mul(field.sub(*residue, field.integer(value)), inverse));
                if step == 0 {
                    continue;
                }
                self.settled = false;
                let step =
                    if step > field.prime / 2 { step as i64 - field.prime as i64 } else { step as i64 };
                *value += &self.modulus * IBig::from(step);
            }
        }
        self.modulus *= IBig::from(field.prime);
    }

    /// The scaled divisor: what was lifted, and the known leading coefficient.
    fn polynomial(&self, problem: &Problem) -> Result<Polynomial, Exceeded> {
        let main = |power: usize| (problem.main, power as u32);
        let lower = self.powers.iter().enumerate().flat_map(|(power, terms)| {
            terms.iter().map(move |(exponents, value)| {
                let others = problem.others.iter().copied().zip(exponents.iter().copied());
                let monomial: Monomial = others.chain([main(power)]).collect();
                (monomial, super::integer::rational_from_integer(value))
            })
        });
        let leading = problem.leading.terms().map(|(mut monomial, coefficient)| {
            monomial.push(main(problem.degree));
            (monomial, coefficient)
        });
        Polynomial::from_terms(lower.chain(leading))
    }
}
