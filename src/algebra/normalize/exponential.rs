//! exp(Σ cᵢmᵢ) = Π exp(mᵢ)^cᵢ, and the hyperbolic functions through it.

use super::kernel::log_gamma_argument;
use super::{Divided, Effort, Fraction, Kernel, Normal, Normalizer, Stop};
use crate::algebra::polynomial::Polynomial;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

impl Normalizer {
    /// exp of a normal form, split at its terms; c·log(v) becomes v^c.
    pub(super) fn exponential(&mut self, store: &mut Store, form: &Fraction) -> Normal {
        let terms: Vec<_> = form.numerator().terms().collect();
        if terms.len() > 1 {
            self.cite("exp-sum");
        }
        let denominator = Fraction::from(form.denominator().clone());
        let mut result = Fraction::one();
        for (monomial, c) in terms {
            let unit = Polynomial::from_terms([(monomial, Rational::ONE)])?;
            let term = Fraction::from(unit).div(&denominator, &self.budget)?.ok_or(Stop::DivisionByZero)?;
            let exponent = self.canonical(store, &term);
            let part = match store[exponent].clone() {
                Node::Call(f, arguments) if f.row().name == "log" => {
                    self.cite("exp-log");
                    let c = store.number(c);
                    self.power(store, arguments[0], c)?
                }
                _ => self.exponential_kernel(store, exponent, &c)?,
            };
            result = result.mul(&part, &self.budget)?;
        }
        self.reduced(result)
    }

    /// exp(c·m) as a power of exp(m/degree).
    pub(super) fn exponential_kernel(&mut self, store: &mut Store, m: Expr, c: &Rational) -> Normal {
        let denominator = u32::try_from(c.denominator()).map_err(|_| Stop::Unsupported("a root of high degree"))?;
        let degree = self.degree(Divided::Exponent, m, denominator)?;
        let power = c * &Rational::from(i64::from(degree));
        let n = power.as_i64().ok_or(Stop::Unsupported("a power beyond 2^63"))?;
        if let Some(x) = log_gamma_argument(store, m)
            && self.assumptions.is_positive(store, x)
        {
            self.positive_gammas.insert(x);
        }
        let kernel = self.kernel(Kernel::Exponential(m, degree));
        kernel.pow(n, &self.budget)?.ok_or(Stop::DivisionByZero)
    }

    /// sinh, cosh, tanh as rational functions of exp(u); for the reader over sinh u and cosh u.
    pub(super) fn hyperbolic(&mut self, store: &mut Store, name: &str, u: Expr) -> Normal {
        let u = self.walk(store, u)?;
        if self.effort == Effort::Present {
            let u = self.canonical(store, &u);
            let (sinh, cosh) = (store.call_named("sinh", [u]), store.call_named("cosh", [u]));
            let cosh = self.kernel(Kernel::Atom(cosh));
            let square = cosh.mul(&cosh, &self.budget)?.sub(&Fraction::one(), &self.budget)?;
            let sinh = self.related_kernel(Kernel::Atom(sinh), 2, square);
            return match name {
                "sinh" => Ok(sinh),
                "cosh" => Ok(cosh),
                _ => Ok(sinh.div(&cosh, &self.budget)?.ok_or(Stop::DivisionByZero)?),
            };
        }
        self.cite("hyperbolic-exp");
        let up = self.exponential(store, &u)?;
        let down = up.recip().ok_or(Stop::DivisionByZero)?;
        let half = Rational::new(1, 2);
        let sinh = up.sub(&down, &self.budget)?.scale(&half);
        let cosh = up.add(&down, &self.budget)?.scale(&half);
        let result = match name {
            "sinh" => sinh,
            "cosh" => cosh,
            _ => sinh.div(&cosh, &self.budget)?.ok_or(Stop::DivisionByZero)?,
        };
        self.reduced(result)
    }
}
