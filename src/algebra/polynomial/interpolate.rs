//! Sparse interpolation of a greatest common divisor modulo one prime (Zippel, 1979).
//!
//! For G = x² + (y + z)·x + 3 the image at one point of (y, z) shows which powers of x occur; freeing y at several
//! points gives their dependence on y, and its terms are the only ones asked for when z is freed.

use super::field::{Field, Samples};
use super::image::{Operand, Walk};
use super::integer::numerator;
use super::univariate::{self, interpolate, inverse_differences, solve_powers};
use super::{Exceeded, Meter, Polynomial, Var};

/// Two polynomials, primitive in the main variable, and what the leading coefficient of their divisor divides.
pub(super) struct Problem<'a> {
    pub(super) a: &'a Polynomial,
    pub(super) b: &'a Polynomial,
    /// The gcd of the leading coefficients, integers included; the scaled divisor has it as leading coefficient.
    pub(super) leading: &'a Polynomial,
    pub(super) main: Var,
    pub(super) others: &'a [Var],
    /// Bounds on the degrees of the scaled divisor in the other variables.
    pub(super) bounds: &'a [u32],
    /// The degree of the divisor in the main variable, as far as known: never too small.
    pub(super) degree: usize,
}

/// For every power of the main variable below the degree, the monomials in the others and their residues.
#[derive(Clone)]
pub(super) struct Skeleton {
    pub(super) powers: Vec<Vec<(Vec<u32>, u64)>>,
}

impl Skeleton {
    fn longest(&self) -> usize {
        self.powers.iter().map(Vec::len).max().unwrap_or(0)
    }
}

/// Why an attempt gave nothing.
pub(super) enum Failure {
    /// A point or prime where the image says too little: try other ones.
    Unlucky,
    /// The divisor has at most this degree in the main variable.
    LowerDegree(usize),
    /// The budget ended.
    Exceeded(Exceeded),
}

impl From<Exceeded> for Failure {
    fn from(exceeded: Exceeded) -> Failure {
        Failure::Exceeded(exceeded)
    }
}

/// The problem modulo one prime.
pub(super) struct Images<'a> {
    problem: &'a Problem<'a>,
    field: Field,
    a: Operand,
    b: Operand,
    leading: Operand,
    /// The content of the leading coefficient, which the operand leaves out.
    unit: u64,
}

impl<'a> Images<'a> {
    pub(super) fn new(problem: &'a Problem<'a>, field: Field) -> Images<'a> {
        let operand = |p: &Polynomial| Operand::new(&field, p, problem.main, problem.others);
        let (a, b, leading) = (operand(problem.a), operand(problem.b), operand(problem.leading));
        let unit = field.integer(&numerator(&problem.leading.content));
        Images { problem, field, a, b, leading, unit }
    }

    /// Interpolates one variable after the other.
    pub(super) fn skeleton(&self, samples: &mut Samples, meter: &mut Meter) -> Result<Skeleton, Failure> {
        let field = &self.field;
        let anchors: Vec<u64> = self.problem.others.iter().map(|_| samples.next(field)).collect();
        let image = self.visit(&anchors, None, 1, meter)?.remove(0);
        let constant = |value: u64| if value == 0 { vec![] } else { vec![(vec![], value)] };
        let mut skeleton = Skeleton { powers: image.into_iter().map(constant).collect() };
        for stage in 0..anchors.len() {
            skeleton = self.free_variable(stage, &anchors, &skeleton, samples, meter)?;
        }
        Ok(skeleton)
    }

    /// Lets the variable of this stage vary, those before it being free already.
    fn free_variable(
        &self,
        stage: usize,
        anchors: &[u64],
        skeleton: &Skeleton,
        samples: &mut Samples,
        meter: &mut Meter,
    ) -> Result<Skeleton, Failure> {
        let field = &self.field;
        let mut places = vec![anchors[stage]];
        let mut layers = vec![skeleton.clone()];
        for _ in 0..self.problem.bounds[stage] {
            let place = samples.next(field);
            let mut start = anchors.to_vec();
            start[stage] = place;
            layers.push(self.refit(skeleton, &start, stage, samples, meter)?);
            places.push(place);
        }
        let inverses = inverse_differences(field, &places).ok_or(Failure::Unlucky)?;
        let terms: usize = skeleton.powers.iter().map(Vec::len).sum();
        meter.step((places.len() * places.len() * terms) as u64)?;
        let mut powers = Vec::with_capacity(skeleton.powers.len());
        for (power, known) in skeleton.powers.iter().enumerate() {
            let mut longer = Vec::new();
            for (index, (exponents, _)) in known.iter().enumerate() {
                let values: Vec<u64> = layers.iter().map(|layer| layer.powers[power][index].1).collect();
                let coefficients = interpolate(field, &places, &inverses, &values);
                for (exponent, &coefficient) in coefficients.iter().enumerate().filter(|(_, c)| **c != 0) {
                    let mut exponents = exponents.clone();
                    exponents.push(exponent as u32);
                    longer.push((exponents, coefficient));
                }
            }
            powers.push(longer);
        }
        Ok(Skeleton { powers })
    }

    /// The residues of the same monomials when the first `free` variables vary and the others stay at the point.
    pub(super) fn refit(
        &self,
        skeleton: &Skeleton,
        point: &[u64],
        free: usize,
        samples: &mut Samples,
        meter: &mut Meter,
    ) -> Result<Skeleton, Failure> {
        let field = &self.field;
        let mut ratio = vec![field.one; point.len()];
        ratio[..free].fill_with(|| samples.next(field));
        let mut start = point.to_vec();
        start[..free].copy_from_slice(&ratio[..free]);
        let count = skeleton.longest().max(1);
        let images = self.visit(&start, (free > 0).then_some(&ratio), count, meter)?;
        let mut powers = Vec::with_capacity(skeleton.powers.len());
        for (power, known) in skeleton.powers.iter().enumerate() {
            meter.step(2 * (known.len() * known.len()) as u64)?;
            let values: Vec<u64> = images.iter().take(known.len()).map(|image| image[power]).collect();
            let nodes: Vec<u64> =
                known.iter().map(|(exponents, _)| monomial(field, exponents, &ratio)).collect();
            let residues = match (free, values.as_slice()) {
                (0, &[value]) => vec![value],
                _ => solve_powers(field, &nodes, &values).ok_or(Failure::Unlucky)?,
            };
            powers
                .push(known.iter().zip(residues).map(|((exponents, _), r)| (exponents.clone(), r)).collect());
        }
        Ok(Skeleton { powers })
    }

    /// Scaled gcds of the images at points in geometric progression, without their leading coefficients.
    fn visit(
        &self,
        start: &[u64],
        ratio: Option<&Vec<u64>>,
        count: usize,
        meter: &mut Meter,
    ) -> Result<Vec<Vec<u64>>, Failure> {
        let field = &self.field;
        let ratio = ratio.map(Vec::as_slice);
        let walk = |operand| Walk::new(field, operand, start, ratio);
        let (mut a, mut b, mut leading) = (walk(&self.a), walk(&self.b), walk(&self.leading));
        let terms = self.a.term_count() + self.b.term_count() + self.leading.term_count();
        let cost = terms + self.a.degree * self.b.degree + 100;
        meter.step((terms * start.len()) as u64)?;
        let mut images = Vec::with_capacity(count);
        for _ in 0..count {
            meter.step(cost as u64)?;
            let (left, right, scale) = (a.next(field), b.next(field), leading.next(field)[0]);
            if left.last() == Some(&0) || right.last() == Some(&0) || scale == 0 {
                return Err(Failure::Unlucky);
            }
            let mut image = univariate::gcd(field, left, right);
            match (image.len() - 1).cmp(&self.problem.degree) {
                std::cmp::Ordering::Less => return Err(Failure::LowerDegree(image.len() - 1)),
                std::cmp::Ordering::Greater => return Err(Failure::Unlucky),
                std::cmp::Ordering::Equal => image.pop(),
            };
            let scale = field.mul(scale, self.unit);
            for coefficient in &mut image {
                *coefficient = field.mul(*coefficient, scale);
            }
            images.push(image);
        }
        Ok(images)
    }
}

fn monomial(field: &Field, exponents: &[u32], point: &[u64]) -> u64 {
    let factors = exponents.iter().zip(point).filter(|&(&exponent, _)| exponent > 0);
    factors
        .fold(field.one, |product, (&exponent, &base)| field.mul(product, field.pow(base, exponent.into())))
}
