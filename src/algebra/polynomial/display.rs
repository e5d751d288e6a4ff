//! Polynomials as text for people who read tests and logs: `2*x0^2 - 1/3*x0*x1 + 5`.

use std::fmt;

use super::{Monomial, Polynomial, Var};
use crate::number::Rational;

impl fmt::Display for Var {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "x{}", self.0)
    }
}

impl fmt::Display for Polynomial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_zero() {
            return write!(f, "0");
        }
        for (index, (monomial, coefficient)) in self.terms().enumerate() {
            let sign = match (index, coefficient.is_negative()) {
                (0, false) => "",
                (0, true) => "-",
                (_, false) => " + ",
                (_, true) => " - ",
            };
            write!(f, "{sign}")?;
            write_term(f, &monomial, &coefficient.abs())?;
        }
        Ok(())
    }
}

impl fmt::Debug for Polynomial {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn write_term(f: &mut fmt::Formatter<'_>, monomial: &Monomial, coefficient: &Rational) -> fmt::Result {
    if monomial.is_empty() {
        return write!(f, "{coefficient}");
    }
    if !coefficient.is_one() {
        write!(f, "{coefficient}*")?;
    }
    for (index, (variable, exponent)) in monomial.iter().enumerate() {
        let times = if index == 0 { "" } else { "*" };
        write!(f, "{times}{variable}")?;
        if *exponent > 1 {
            write!(f, "^{exponent}")?;
        }
    }
    Ok(())
}
