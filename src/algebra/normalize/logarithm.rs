//! log of products, powers and quotients, split where every factor is known to be positive.

use super::power::factor_rational;
use super::{Fraction, Kernel, Normal, Normalizer, Stop};
use crate::algebra::polynomial::Polynomial;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

impl Normalizer {
    /// log u: first by the factors as they are typed, then by those of the normal form.
    pub(super) fn logarithm(&mut self, store: &mut Store, u: Expr) -> Normal {
        match store[u].clone() {
            Node::Number(q) if q.is_positive() => return self.log_rational(store, &q),
            Node::Call(f, arguments) if f.row().name == "exp" => {
                self.cite("log-exp");
                return self.walk(store, arguments[0]);
            }
            Node::Call(f, arguments) if f.row().name == "sqrt" => {
                self.cite("log-power");
                return Ok(self.logarithm(store, arguments[0])?.scale(&Rational::new(1, 2)));
            }
            Node::Power(base, exponent) => {
                let positive = self.assumptions.is_positive(store, base);
                // Without an integer exponent the base is positive where the power is defined.
                let by_domain = match store.as_number(exponent) {
                    Some(q) => !q.is_integer(),
                    None => !store.is_integer(exponent),
                };
                let even = store.as_number(exponent).and_then(Rational::as_i64).is_some_and(|n| n % 2 == 0);
                if positive || by_domain || even {
                    self.cite(if even && !positive { "log-even-power" } else { "log-power" });
                    let base = if even && !positive { store.call_named("abs", [base]) } else { base };
                    let log = self.logarithm(store, base)?;
                    let power = self.walk(store, exponent)?;
                    return Ok(log.mul(&power, &self.budget)?);
                }
            }
            Node::Product(factors) => return self.log_factors(store, Rational::ONE, &factors),
            Node::Sum(terms) if terms.len() == 1 && !terms[0].0.is_zero() => {
                let (c, t) = terms[0].clone();
                let factors: Vec<Expr> = match &store[t] {
                    Node::Product(list) => list.to_vec(),
                    _ => vec![t],
                };
                return self.log_factors(store, c, &factors);
            }
            _ => {}
        }
        let form = self.walk(store, u)?;
        self.log_form(store, &form)
    }

    /// log(c·Π fᵢ): positive factors leave, negative ones leave in pairs with a sign, the rest stays.
    fn log_factors(&mut self, store: &mut Store, c: Rational, factors: &[Expr]) -> Normal {
        let mut total = Fraction::zero();
        let mut rest = Vec::new();
        let mut c = c;
        for f in factors {
            if self.assumptions.is_positive(store, *f) {
                let log = self.logarithm(store, *f)?;
                total = total.add(&log, &self.budget)?;
            } else if self.assumptions.is_negative(store, *f) {
                let opposite = store.neg(*f);
                let form = self.walk(store, opposite)?;
                let log = self.log_form(store, &form)?;
                total = total.add(&log, &self.budget)?;
                c = -c;
            } else {
                rest.push(*f);
            }
        }
        if rest.len() < factors.len() || !c.is_one() {
            self.cite("log-product");
        }
        let scale = self.log_rational(store, &c.abs())?;
        total = total.add(&scale, &self.budget)?;
        if rest.is_empty() && !c.is_negative() {
            return Ok(total);
        }
        let rest = store.product(rest);
        let rest = if c.is_negative() { store.neg(rest) } else { rest };
        let form = self.walk(store, rest)?;
        let log = self.log_form(store, &form)?;
        Ok(total.add(&log, &self.budget)?)
    }

    /// log of a normal form by its square-free factors.
    fn log_form(&mut self, store: &mut Store, form: &Fraction) -> Normal {
        if form.is_zero() {
            return Err(Stop::DivisionByZero);
        }
        let mut total = Fraction::zero();
        let mut rest = Fraction::one();
        let (mut content, factors) = self.factored(form)?;
        let mut split = 0;
        for (factor, power) in factors {
            let expr = self.polynomial_expr(store, &factor);
            let scale = Rational::from(power);
            let log = if self.assumptions.is_positive(store, expr) {
                split += 1;
                self.log_positive(store, expr, &factor)?
            } else if self.assumptions.is_negative(store, expr) {
                split += 1;
                if power % 2 != 0 {
                    content = -content;
                }
                let opposite = store.neg(expr);
                self.log_positive(store, opposite, &-&factor)?
            } else if power % 2 == 0 {
                self.cite("log-even-power");
                let absolute = self.absolute(store, expr)?;
                let absolute = self.canonical(store, &absolute);
                self.log_atom(store, absolute)?
            } else {
                let part = Fraction::from(factor).pow(power, &self.budget)?.ok_or(Stop::DivisionByZero)?;
                rest = rest.mul(&part, &self.budget)?;
                continue;
            };
            total = total.add(&log.scale(&scale), &self.budget)?;
        }
        if split > 1 {
            self.cite("log-product");
        }
        if content.is_negative() {
            rest = rest.scale(&Rational::MINUS_ONE);
        }
        let scale = self.log_rational(store, &content.abs())?;
        total = total.add(&scale, &self.budget)?;
        if !rest.is_one() {
            let expr = self.canonical(store, &rest);
            let log = self.log_atom(store, expr)?;
            total = total.add(&log, &self.budget)?;
        }
        Ok(total)
    }

    fn log_positive(&mut self, store: &mut Store, expr: Expr, factor: &Polynomial) -> Normal {
        if let Some(variable) = factor.as_variable() {
            match self.kernels[variable.0 as usize].clone() {
                Kernel::Exponential(exponent, degree) => {
                    self.cite("log-exp");
                    let form = self.walk(store, exponent)?;
                    return Ok(form.scale(&Rational::new(1, i64::from(degree))));
                }
                Kernel::Root(base, degree) => {
                    self.cite("log-power");
                    // An atom's normal form is the power of this root again: its logarithm is a kernel.
                    let atomic = matches!(store[base], Node::Symbol(_) | Node::Call(..) | Node::Apply(..));
                    let log = if atomic { self.log_atom(store, base)? } else { self.logarithm(store, base)? };
                    return Ok(log.scale(&Rational::new(1, i64::from(degree))));
                }
                Kernel::Atom(_) => {}
            }
        }
        self.log_atom(store, expr)
    }

    fn log_atom(&mut self, store: &mut Store, expr: Expr) -> Normal {
        if let Some(q) = store.as_number(expr).cloned()
            && q.is_positive()
        {
            return self.log_rational(store, &q);
        }
        let call = store.call_named("log", [expr]);
        self.table_call(store, call)
    }

    /// log q = Σ nᵢ log pᵢ over primes.
    fn log_rational(&mut self, store: &mut Store, q: &Rational) -> Normal {
        let mut total = Fraction::zero();
        for (prime, power) in factor_rational(q) {
            let prime = store.number(prime);
            let log = store.call_named("log", [prime]);
            let log = self.atom(store, log)?;
            total = total.add(&log.scale(&Rational::from(power)), &self.budget)?;
        }
        Ok(total)
    }
}
