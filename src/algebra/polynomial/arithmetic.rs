//! Sums, multiples and derivatives: what costs no more than reading its operands.
//!
//! (2·x + 4·y) + (x − 4·y) = 3·x: contents are brought to a common unit, terms merged in order, the content
//! taken out again.

use std::cmp::Ordering;
use std::ops::{Add, Neg, Sub};

use dashu_int::IBig;

use super::integer::{numerator, rational_gcd};
use super::{Coefficients, Exponents, Polynomial, Var, position, union};
use crate::number::Rational;

impl Polynomial {
    /// `self · factor`.
    pub fn scale(&self, factor: &Rational) -> Polynomial {
        if factor.is_zero() {
            return Polynomial::zero();
        }
        Polynomial { content: &self.content * factor, ..self.clone() }
    }

    /// `self · factor` for a factor that is not 0.
    pub(in crate::algebra) fn scaled(mut self, factor: &Rational) -> Polynomial {
        if !factor.is_one() {
            self.content = &self.content * factor;
        }
        self
    }

    /// The partial derivative ∂/∂variable.
    pub fn derivative(&self, variable: Var) -> Polynomial {
        let Some(at) = position(&self.variables, variable) else { return Polynomial::zero() };
        let mut exponents = Exponents::with_capacity(self.exponents.len());
        let mut coefficients = Coefficients::with_capacity(self.coefficients.len());
        for (row, coefficient) in self.rows().zip(&self.coefficients) {
            if row[at] == 0 {
                continue;
            }
            let start = exponents.len();
            exponents.extend_from_slice(row);
            exponents[start + at] -= 1;
            coefficients.push(coefficient * IBig::from(row[at]));
        }
        Polynomial::assemble(self.content.clone(), self.variables.clone(), exponents, coefficients)
    }

    fn add_scaled(&self, other: &Polynomial, other_content: &Rational) -> Polynomial {
        if other.is_zero() {
            return self.clone();
        }
        if self.is_zero() {
            return Polynomial { content: other_content.clone(), ..other.clone() };
        }
        let unit = rational_gcd(&self.content, other_content);
        let (left, right) = (numerator(&(&self.content / &unit)), numerator(&(other_content / &unit)));
        let variables = union(&self.variables, &other.variables);
        let (exponents, coefficients) = merge(
            variables.len(),
            Scaled {
                rows: &self.exponents_over(&variables),
                coefficients: &self.coefficients,
                factor: &left,
            },
            Scaled {
                rows: &other.exponents_over(&variables),
                coefficients: &other.coefficients,
                factor: &right,
            },
        );
        Polynomial::assemble(unit, variables, exponents, coefficients)
    }
}

struct Scaled<'a> {
    rows: &'a [u32],
    coefficients: &'a [IBig],
    factor: &'a IBig,
}

impl Scaled<'_> {
    fn coefficient(&self, index: usize) -> IBig {
        if self.factor.is_one() {
            return self.coefficients[index].clone();
        }
        &self.coefficients[index] * self.factor
    }
}

/// The terms of the sum of two descending lists.
fn merge(width: usize, a: Scaled, b: Scaled) -> (Exponents, Coefficients) {
    let (mut i, mut j) = (0, 0);
    let mut exponents = Exponents::with_capacity(a.rows.len() + b.rows.len());
    let mut coefficients = Coefficients::with_capacity(a.coefficients.len() + b.coefficients.len());
    while i < a.coefficients.len() || j < b.coefficients.len() {
        let (left, right) = (a.rows.get(i * width..(i + 1) * width), b.rows.get(j * width..(j + 1) * width));
        let order = match (i < a.coefficients.len(), j < b.coefficients.len()) {
            (true, true) => left.cmp(&right),
            (true, false) => Ordering::Greater,
            _ => Ordering::Less,
        };
        let coefficient = match order {
            Ordering::Greater => a.coefficient(i),
            Ordering::Less => b.coefficient(j),
            Ordering::Equal => a.coefficient(i) + b.coefficient(j),
        };
        if !coefficient.is_zero() {
            let row = if order == Ordering::Less { right } else { left };
            exponents.extend_from_slice(row.expect("the list has a term left"));
            coefficients.push(coefficient);
        }
        i += usize::from(order != Ordering::Less);
        j += usize::from(order != Ordering::Greater);
    }
    (exponents, coefficients)
}

impl Add for &Polynomial {
    type Output = Polynomial;
    fn add(self, other: &Polynomial) -> Polynomial {
        self.add_scaled(other, &other.content)
    }
}

impl Sub for &Polynomial {
    type Output = Polynomial;
    fn sub(self, other: &Polynomial) -> Polynomial {
        self.add_scaled(other, &-&other.content)
    }
}

impl Neg for &Polynomial {
    type Output = Polynomial;
    fn neg(self) -> Polynomial {
        Polynomial { content: -&self.content, ..self.clone() }
    }
}
