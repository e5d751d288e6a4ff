//! Greatest common divisors, always confirmed by exact division.
//!
//! gcd(x² − y², x² + 2·x·y + y²) = x + y, primitive with positive leading coefficient; constants are units.

use super::{Budget, Exceeded, Meter, Polynomial, Var};

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

    pub(in crate::algebra) fn split_common(
        &self,
        other: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Cofactors, Exceeded> {
        let divisor = self.common_divisor(other, meter)?;
        if divisor.is_constant() {
            return Ok(Cofactors { divisor, left: self.clone(), right: other.clone() });
        }
        let exact = "a common divisor divides";
        let left = self.quotient(&divisor, meter)?.expect(exact);
        let right = other.quotient(&divisor, meter)?.expect(exact);
        Ok(Cofactors { divisor, left, right })
    }

    pub(super) fn common_divisor(
        &self,
        other: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        if self.is_zero() {
            return Ok(other.primitive_part());
        }
        if other.is_zero() {
            return Ok(self.primitive_part());
        }
        if self.is_constant() || other.is_constant() {
            return Ok(Polynomial::one());
        }
        if let Some(&variable) = self.variables.iter().find(|&&variable| !other.mentions(variable)) {
            return other.common_divisor(&self.content_of_coefficients(variable, meter)?, meter);
        }
        if let Some(&variable) = other.variables.iter().find(|&&variable| !self.mentions(variable)) {
            return self.common_divisor(&other.content_of_coefficients(variable, meter)?, meter);
        }
        self.remainder_sequence(other, meter)
    }

    pub(super) fn content_of_coefficients(
        &self,
        variable: Var,
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        let mut coefficients: Vec<Polynomial> =
            self.coefficients_in(variable).into_iter().filter(|c| !c.is_zero()).collect();
        coefficients.sort_by_key(Polynomial::term_count);
        let mut content = Polynomial::zero();
        for coefficient in &coefficients {
            content = content.common_divisor(coefficient, meter)?;
            if content.is_constant() && !content.is_zero() {
                break;
            }
        }
        Ok(content)
    }

    /// Euclid's algorithm on primitive remainders (Knuth, TAOCP 2, 4.6.1, algorithm E).
    fn remainder_sequence(&self, other: &Polynomial, meter: &mut Meter) -> Result<Polynomial, Exceeded> {
        let variable = self.variables[0];
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
