//! Greatest common divisors, always confirmed by exact division.
//!
//! gcd(x² − y², x² + 2·x·y + y²) = x + y, primitive with positive leading coefficient; constants are units.

use dashu_int::IBig;
use smallvec::smallvec;

use super::field::{Samples, first_field};
use super::image::in_each_variable;
use super::integer::rational_gcd;
use super::interpolate::Problem;
use super::lift::{self, Answer};
use super::{Budget, Exceeded, Exponents, Meter, Polynomial, Var, position, union, univariate};
use crate::number::Rational;

/// A greatest common divisor and what remains of each operand: `a = divisor · left`, `b = divisor · right`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cofactors {
    /// The greatest common divisor.
    pub divisor: Polynomial,
    /// The first operand divided by it.
    pub left: Polynomial,
    /// The second operand divided by it.
    pub right: Polynomial,
}

impl Polynomial {
    /// The greatest common divisor, primitive; 0 only when both are 0.
    pub fn gcd(&self, other: &Polynomial, budget: &Budget) -> Result<Polynomial, Exceeded> {
        self.common_divisor(other, &mut Meter::new(budget))
    }

    /// The greatest common divisor together with both cofactors.
    pub fn cofactors(&self, other: &Polynomial, budget: &Budget) -> Result<Cofactors, Exceeded> {
        self.split_common(other, &mut Meter::new(budget))
    }

    /// The least common multiple, primitive; 0 when one of them is 0.
    pub fn lcm(&self, other: &Polynomial, budget: &Budget) -> Result<Polynomial, Exceeded> {
        let mut meter = Meter::new(budget);
        if self.is_zero() || other.is_zero() {
            return Ok(Polynomial::zero());
        }
        let split = self.split_common(other, &mut meter)?;
        Ok(split.left.times(other, &mut meter)?.primitive_part())
    }

    /// The greatest common divisor of the coefficients, as a polynomial in one variable; primitive.
    pub fn content_in(&self, variable: Var, budget: &Budget) -> Result<Polynomial, Exceeded> {
        self.content_of_coefficients(variable, &mut Meter::new(budget))
    }

    pub(super) fn common_divisor(
        &self,
        other: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        Ok(self.split_common(other, meter)?.divisor)
    }

    /// Cheap cases first: zeros, constants, equal operands, monomial factors.
    pub(in crate::algebra) fn split_common(
        &self,
        other: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Cofactors, Exceeded> {
        meter.step((self.term_count() + other.term_count() + 16) as u64)?;
        if self.is_zero() || other.is_zero() || self.primitive_equals(other) {
            let divisor = if self.is_zero() { other } else { self }.primitive_part();
            let constant = |p: &Polynomial| Polynomial::constant(p.content.clone());
            return Ok(Cofactors { divisor, left: constant(self), right: constant(other) });
        }
        if self.is_constant() || other.is_constant() {
            return Ok(self.coprime_to(other));
        }
        let (left, right) = (self.monomial_content(), other.monomial_content());
        if self.term_count() == 1 || other.term_count() == 1 {
            let divisor = shared_monomial(&left, &right);
            return match divisor.is_constant() {
                true => Ok(self.coprime_to(other)),
                false => self.divided_by(other, divisor, meter),
            };
        }
        if left.is_constant() && right.is_constant() {
            return self.split_without_monomials(other, meter);
        }
        let exact = "a monomial content divides";
        let a = self.quotient(&left, meter)?.expect(exact);
        let b = other.quotient(&right, meter)?.expect(exact);
        let split = a.split_common(&b, meter)?;
        let shared = shared_monomial(&left, &right);
        Ok(Cofactors {
            left: split.left.times(&left.quotient(&shared, meter)?.expect(exact), meter)?,
            right: split.right.times(&right.quotient(&shared, meter)?.expect(exact), meter)?,
            divisor: split.divisor.times(&shared, meter)?,
        })
    }

    fn coprime_to(&self, other: &Polynomial) -> Cofactors {
        Cofactors { divisor: Polynomial::one(), left: self.clone(), right: other.clone() }
    }

    /// The largest monomial that divides every term.
    pub(super) fn monomial_content(&self) -> Polynomial {
        let mut least = Exponents::from_slice(self.row(0));
        for row in self.rows() {
            for (least, &exponent) in least.iter_mut().zip(row) {
                *least = exponent.min(*least);
            }
        }
        Polynomial::assemble(Rational::ONE, self.variables.clone(), least, smallvec![IBig::ONE])
    }

    /// One-variable images exclude common divisors, or variables from them; what is left is interpolated.
    fn split_without_monomials(&self, other: &Polynomial, meter: &mut Meter) -> Result<Cofactors, Exceeded> {
        let bounds = self.divisor_degrees(other, meter)?;
        if bounds.iter().all(|&(_, bound)| bound == 0) {
            return Ok(self.coprime_to(other));
        }
        let reaches = |p: &Polynomial| {
            p.variables.iter().all(|&v| bounds.iter().any(|&(w, bound)| v == w && bound == p.degree(v)))
        };
        if reaches(other)
            && let Some(quotient) = self.quotient(other, meter)?
        {
            let right = Polynomial::constant(other.content.clone());
            let left = quotient.scale(&other.content);
            return Ok(Cofactors { divisor: other.primitive_part(), left, right });
        }
        if reaches(self)
            && let Some(quotient) = other.quotient(self, meter)?
        {
            let left = Polynomial::constant(self.content.clone());
            let right = quotient.scale(&self.content);
            return Ok(Cofactors { divisor: self.primitive_part(), left, right });
        }
        let relevant = |v: Var| bounds.iter().any(|&(w, bound)| v == w && bound > 0);
        if let Some(&variable) = self.variables.iter().find(|&&v| !relevant(v)) {
            let divisor = self.divisor_without(variable, other, meter)?;
            return self.divided_by(other, divisor, meter);
        }
        if let Some(&variable) = other.variables.iter().find(|&&v| !relevant(v)) {
            let divisor = other.divisor_without(variable, self, meter)?;
            return self.divided_by(other, divisor, meter);
        }
        self.split_by_images(other, &bounds, meter)
    }

    fn divided_by(
        &self,
        other: &Polynomial,
        divisor: Polynomial,
        meter: &mut Meter,
    ) -> Result<Cofactors, Exceeded> {
        let exact = "a common divisor divides";
        let left = self.quotient(&divisor, meter)?.expect(exact);
        let right = other.quotient(&divisor, meter)?.expect(exact);
        Ok(Cofactors { divisor, left, right })
    }

    /// The common divisor, when it is known to be free of a variable: it divides each coefficient.
    fn divisor_without(
        &self,
        variable: Var,
        other: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        let mut coefficients: Vec<Polynomial> =
            self.powers_in(variable).into_iter().map(|(_, c)| c).collect();
        coefficients.sort_by_key(Polynomial::term_count);
        let mut divisor = other.clone();
        for coefficient in &coefficients {
            divisor = divisor.common_divisor(coefficient, meter)?;
            if divisor.is_constant() {
                break;
            }
        }
        Ok(divisor)
    }

    /// For each shared variable a bound on its degree in a common divisor: the degree of a gcd of images.
    ///
    /// The bound holds because the leading coefficients do not vanish at the point.
    fn divisor_degrees(&self, other: &Polynomial, meter: &mut Meter) -> Result<Vec<(Var, u32)>, Exceeded> {
        let places: Vec<(usize, usize)> = (self.variables.iter().enumerate())
            .filter_map(|(at, &variable)| Some((at, position(&other.variables, variable)?)))
            .collect();
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let (degrees, other_degrees) = (self.degrees(), other.degrees());
        let all = union(&self.variables, &other.variables);
        for &(i, j) in &places {
            let (a, b) = (degrees[i] as usize, other_degrees[j] as usize);
            meter.terms(a.max(b) as u64)?;
            meter.step((all.len() * (self.term_count() + other.term_count()) + a * b) as u64)?;
        }
        let field = first_field();
        let mut samples = Samples(1);
        let point: Vec<u64> = all.iter().map(|_| samples.next(&field)).collect();
        let images = |p: &Polynomial| {
            let at = |v: &Var| point[position(&all, *v).expect("the union has every variable")];
            in_each_variable(&field, p, &p.variables.iter().map(at).collect::<Vec<_>>())
        };
        let (mut left, mut right) = (images(self), images(other));
        let bound = |(i, j): (usize, usize)| {
            let (a, b) = (std::mem::take(&mut left[i]), std::mem::take(&mut right[j]));
            let valid = a.last() != Some(&0) && b.last() != Some(&0);
            let least = degrees[i].min(other_degrees[j]);
            let bound = if valid { univariate::gcd_degree(&field, a, b) as u32 } else { least };
            (self.variables[i], bound)
        };
        Ok(places.into_iter().map(bound).collect())
    }

    /// The gcd by interpolation of images, for polynomials in the same variables.
    fn split_by_images(
        &self,
        other: &Polynomial,
        bounds: &[(Var, u32)],
        meter: &mut Meter,
    ) -> Result<Cofactors, Exceeded> {
        let size = |p: &Polynomial, v: Var| p.leading_coefficient_in(v).term_count();
        let main_first =
            |&(v, bound): &(Var, u32)| (size(self, v).min(size(other, v)), std::cmp::Reverse(bound));
        let &(main, degree) =
            bounds.iter().min_by_key(|&bound| main_first(bound)).expect("variables are shared");
        let left_content = self.content_of_coefficients(main, meter)?;
        let right_content = other.content_of_coefficients(main, meter)?;
        let contents = left_content.split_common(&right_content, meter)?;
        let exact = "a content divides";
        let a = self.quotient(&left_content, meter)?.expect(exact);
        let b = other.quotient(&right_content, meter)?.expect(exact);
        let (top_a, top_b) = (
            a.primitive_part().leading_coefficient_in(main),
            b.primitive_part().leading_coefficient_in(main),
        );
        let unit = rational_gcd(&top_a.content, &top_b.content);
        let leading = top_a.common_divisor(&top_b, meter)?.scale(&unit);
        let others: Vec<(Var, u32)> = bounds.iter().copied().filter(|&(v, _)| v != main).collect();
        let degrees: Vec<u32> = others.iter().map(|&(v, bound)| bound + leading.degree(v)).collect();
        let others: Vec<Var> = others.into_iter().map(|(v, _)| v).collect();
        let problem = Problem {
            a: &a,
            b: &b,
            leading: &leading,
            main,
            others: &others,
            bounds: &degrees,
            degree: degree as usize,
        };
        let split = match lift::divisor(problem, meter)? {
            Answer::Found(split) => *split,
            Answer::Coprime => a.coprime_to(&b),
            Answer::Unknown => {
                let divisor = a.remainder_sequence(&b, main, meter)?;
                a.divided_by(&b, divisor, meter)?
            }
        };
        Ok(Cofactors {
            divisor: split.divisor.times(&contents.divisor, meter)?,
            left: split.left.times(&contents.left, meter)?,
            right: split.right.times(&contents.right, meter)?,
        })
    }

    /// The greatest common divisor of the coefficients of the powers of a variable.
    pub(super) fn content_of_coefficients(
        &self,
        variable: Var,
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        self.divisor_without(variable, &Polynomial::zero(), meter)
    }

    /// Euclid's algorithm on primitive remainders (Knuth, TAOCP 2, 4.6.1, algorithm E).
    pub(super) fn remainder_sequence(
        &self,
        other: &Polynomial,
        variable: Var,
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        let (left_content, right_content) =
            (self.content_of_coefficients(variable, meter)?, other.content_of_coefficients(variable, meter)?);
        let content = left_content.common_divisor(&right_content, meter)?;
        let exact = "a content divides";
        let mut a = self.quotient(&left_content, meter)?.expect(exact).primitive_part();
        let mut b = other.quotient(&right_content, meter)?.expect(exact).primitive_part();
        if a.degree(variable) < b.degree(variable) {
            std::mem::swap(&mut a, &mut b);
        }
        while b.degree(variable) > 0 {
            let division = a.pseudo_division(&b, variable, meter)?.expect("the divisor is not zero");
            let rest = division.remainder;
            if rest.is_zero() {
                return content.times(&b, meter);
            }
            let rest_content = rest.content_of_coefficients(variable, meter)?;
            let next = rest.quotient(&rest_content, meter)?.expect(exact).primitive_part();
            (a, b) = (b, next);
        }
        Ok(content)
    }
}

/// The product of the lower powers of two monomials.
fn shared_monomial(a: &Polynomial, b: &Polynomial) -> Polynomial {
    let exponent = |index: usize| {
        let other = position(&b.variables, a.variables[index]).map_or(0, |at| b.exponents[at]);
        a.exponents[index].min(other)
    };
    let exponents = (0..a.variables.len()).map(exponent).collect();
    Polynomial::assemble(Rational::ONE, a.variables.clone(), exponents, smallvec![IBig::ONE])
}
