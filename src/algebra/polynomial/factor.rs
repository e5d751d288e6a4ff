//! Factors that are cheap to find: monomials, square-free parts, rational roots, quadratics that split.
//!
//! x⁴·y − 2·x²·y³ + y⁵ = y·(x − y)²·(x + y)².

use super::{Budget, Exceeded, Meter, Polynomial};
use crate::number::Rational;

/// `content · Π factorᵢ^exponentᵢ`, the factors primitive, not constant and pairwise coprime.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Factorization {
    /// The rational content.
    pub content: Rational,
    /// Factors with their exponents, at least 1, in a fixed order.
    pub factors: Vec<(Polynomial, u32)>,
}

impl Polynomial {
    /// The square-free factorization: every factor square-free, no exponent twice but for pure variables.
    pub fn square_free(&self, budget: &Budget) -> Result<Factorization, Exceeded> {
        let mut meter = Meter::new(budget);
        let mut factors = Vec::new();
        square_free_into(&self.primitive_part(), &mut factors, &mut meter)?;
        factors.sort_by_key(|(_, exponent)| *exponent);
        Ok(Factorization { content: self.content.clone(), factors })
    }
}

/// Yun's algorithm in the first variable, then the content, which is free of it.
fn square_free_into(
    polynomial: &Polynomial,
    factors: &mut Vec<(Polynomial, u32)>,
    meter: &mut Meter,
) -> Result<(), Exceeded> {
    let Some(&variable) = polynomial.variables().first() else { return Ok(()) };
    let content = polynomial.content_of_coefficients(variable, meter)?;
    let primitive = polynomial.quotient(&content, meter)?.expect("a content divides");
    let split = primitive.split_common(&primitive.derivative(variable), meter)?;
    let (mut rest, mut slope) = (split.left, split.right);
    let mut exponent = 1;
    while !rest.is_constant() {
        slope = &slope - &rest.derivative(variable);
        let split = rest.split_common(&slope, meter)?;
        if !split.divisor.is_constant() {
            factors.push((split.divisor, exponent));
        }
        (rest, slope) = (split.left, split.right);
        exponent += 1;
    }
    square_free_into(&content, factors, meter)
}
