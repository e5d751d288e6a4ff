//! Values and polynomials in place of variables.
//!
//! x²·y at x = 1/2 is 1/4·y; at x = y + 1 it is y³ + 2·y² + y.

use std::collections::BTreeMap;

use dashu_int::IBig;
use rustc_hash::FxHashMap;

use super::integer::{denominator, numerator, rational_from_integer};
use super::{Budget, Coefficients, Exceeded, Meter, Polynomial, Var};
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
        let mut bits = self.coefficient_bits();
        for (degree, value) in self.degrees().into_iter().zip(&values) {
            // Powers of 0, 1 and −1 do not grow.
            let growing = value.as_ref().map_or(0, Rational::bits);
            if growing > 1 {
                bits = bits.saturating_add(u64::from(degree).saturating_mul(growing));
            }
        }
        meter.bits(bits)?;
        let places = Places::new(self, &values);
        meter.step((self.term_count() as u64).saturating_mul(bits / 16 + 20))?;
        let free: Vec<usize> = (0..values.len()).filter(|&at| values[at].is_none()).collect();
        let mut sum: BTreeMap<Vec<u32>, IBig> = BTreeMap::new();
        for (row, coefficient) in self.rows().zip(&self.coefficients) {
            let key = free.iter().map(|&at| row[at]).collect();
            *sum.entry(key).or_default() += places.value(row, coefficient);
        }
        let kept = sum.into_iter().rev().filter(|(_, coefficient)| !coefficient.is_zero());
        let (rows, coefficients): (Vec<Vec<u32>>, Coefficients) = kept.unzip();
        let variables = free.iter().map(|&at| self.variables[at]).collect();
        let content = &self.content / &rational_from_integer(&places.denominator);
        Ok(Polynomial::assemble(content, variables, rows.concat().into(), coefficients))
    }

    /// Replaces one variable by a polynomial, which may mention it.
    pub fn substitute(
        &self,
        variable: Var,
        value: &Polynomial,
        budget: &Budget,
    ) -> Result<Polynomial, Exceeded> {
        let mut meter = Meter::new(budget);
        // Horner's rule over the powers that occur.
        let mut powers = self.powers_in(variable).into_iter().rev().peekable();
        let mut result = Polynomial::zero();
        while let Some((power, coefficient)) = powers.next() {
            let gap = power - powers.peek().map_or(0, |&(next, _)| next);
            result = (&result + &coefficient).times(&value.power(gap, &mut meter)?, &mut meter)?;
        }
        Ok(result)
    }
}

/// For values n/d of variables of degree D the integers nᵉ·dᴰ⁻ᵉ, so that one division at the end suffices.
struct Places {
    powers: Vec<Option<FxHashMap<u32, IBig>>>,
    /// The product of all dᴰ.
    denominator: IBig,
}

impl Places {
    fn new(polynomial: &Polynomial, values: &[Option<Rational>]) -> Places {
        let mut places = Places { powers: Vec::new(), denominator: IBig::ONE };
        for (at, (degree, value)) in polynomial.degrees().into_iter().zip(values).enumerate() {
            let Some(value) = value else {
                places.powers.push(None);
                continue;
            };
            let (n, d) = (numerator(value), denominator(value));
            let mut table: FxHashMap<u32, IBig> = FxHashMap::default();
            for row in polynomial.rows() {
                let exponent = row[at];
                table
                    .entry(exponent)
                    .or_insert_with(|| n.pow(exponent as usize) * d.pow((degree - exponent) as usize));
            }
            places.denominator *= d.pow(degree as usize);
            places.powers.push(Some(table));
        }
        places
    }

    fn value(&self, row: &[u32], coefficient: &IBig) -> IBig {
        let known =
            row.iter().zip(&self.powers).filter_map(|(exponent, table)| table.as_ref()?.get(exponent));
        known.fold(coefficient.clone(), |product, power| product * power)
    }
}
