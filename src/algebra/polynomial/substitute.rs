//! Values and polynomials in place of variables.
//!
//! x²·y at x = 1/2 is 1/4·y; at x = y + 1 it is y³ + 2·y² + y.

use rustc_hash::FxHashMap;

use super::{Budget, Exceeded, Meter, Monomial, Polynomial, Resource, Var};
use crate::number::Rational;

impl Polynomial {
    /// Replaces the variables that have a value; what is left over has the others.
    pub fn evaluate(
        &self,
        value: impl Fn(Var) -> Option<Rational>,
        budget: &Budget,
    ) -> Result<Polynomial, Exceeded> {
        let mut meter = Meter::new(budget);
        let values: Vec<Option<Rational>> = self.variables.iter().map(|&variable| value(variable)).collect();
        let mut powers: FxHashMap<(usize, u32), Rational> = FxHashMap::default();
        let too_long = Exceeded { resource: Resource::CoefficientBits, limit: Rational::MAX_BITS };
        let mut terms: Vec<(Monomial, Rational)> = Vec::with_capacity(self.term_count());
        for (row, (_, mut coefficient)) in self.rows().zip(self.terms()) {
            let mut monomial = Monomial::new();
            for (at, &exponent) in row.iter().enumerate().filter(|&(_, &exponent)| exponent > 0) {
                let Some(value) = &values[at] else {
                    monomial.push((self.variables[at], exponent));
                    continue;
                };
                if !powers.contains_key(&(at, exponent)) {
                    powers.insert((at, exponent), value.pow(exponent.into()).ok_or(too_long)?);
                }
                coefficient = &coefficient * &powers[&(at, exponent)];
                meter.step(coefficient.bits() / 8 + 20)?;
            }
            meter.bits(coefficient.bits())?;
            terms.push((monomial, coefficient));
        }
        Polynomial::from_terms(terms)
    }

    /// Replaces one variable by a polynomial, which may mention it.
    pub fn substitute(
        &self,
        variable: Var,
        value: &Polynomial,
        budget: &Budget,
    ) -> Result<Polynomial, Exceeded> {
        let mut meter = Meter::new(budget);
        let mut coefficients = self.coefficients_in(variable).into_iter().rev();
        let mut result = coefficients.next().expect("there is at least one coefficient");
        // Horner's rule; runs of absent powers are bridged by one power of the value.
        let mut gap = 0;
        for coefficient in coefficients {
            gap += 1;
            if !coefficient.is_zero() {
                result = &result.times(&value.power(gap, &mut meter)?, &mut meter)? + &coefficient;
                gap = 0;
            }
        }
        result.times(&value.power(gap, &mut meter)?, &mut meter)
    }
}
