//! The gamma family: arguments shifted to one base by the recurrences, so that Γ(x + 1) and x·Γ(x) agree.
//!
//! `ψ(x + 2) = ψ(x) + 1/x + 1/(x + 1)`. Factorials, binomials and lbeta are written by Γ where their
//! arguments are positive. DLMF 5.5.1, 5.5.2, 5.15.5.

use super::power::constant_term;
use super::{Effort, Fraction, Normal, Normalizer, Stop, constant};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Arguments are shifted by at most this much.
const LARGEST_SHIFT: i64 = 64;

impl Normalizer {
    pub(super) fn gamma_family(&mut self, store: &mut Store, name: &str, arguments: &[Expr]) -> Normal {
        match (name, arguments) {
            ("factorial", [n]) => {
                self.cite("factorial-gamma");
                let shifted = store.add(*n, Store::ONE);
                self.gamma(store, shifted)
            }
            ("gamma", [x]) => self.gamma(store, *x),
            ("lgamma", [x]) => self.log_gamma(store, *x),
            ("digamma", [x]) => self.polygamma(store, 0, *x),
            ("trigamma", [x]) => self.polygamma(store, 1, *x),
            ("polygamma", [order, x]) => {
                let order_form = self.walk(store, *order)?;
                match order_form.as_constant().and_then(|q| q.as_i64()) {
                    Some(n @ 0..=64) => self.polygamma(store, n, *x),
                    _ => self.plain_call(store, "polygamma", arguments),
                }
            }
            ("lbeta", [a, b]) => {
                if !(self.assumptions.is_positive(store, *a) && self.assumptions.is_positive(store, *b)) {
                    return self.plain_call(store, "lbeta", arguments);
                }
                self.cite("lbeta-lgamma");
                let sum = store.add(*a, *b);
                let (a, b, sum) =
                    (self.log_gamma(store, *a)?, self.log_gamma(store, *b)?, self.log_gamma(store, sum)?);
                Ok(a.add(&b, &self.budget)?.sub(&sum, &self.budget)?)
            }
            ("binomial", [n, k]) => self.binomial(store, *n, *k),
            _ => self.plain_call(store, name, arguments),
        }
    }

    fn plain_call(&mut self, store: &mut Store, name: &str, arguments: &[Expr]) -> Normal {
        let arguments = self.canonical_arguments(store, arguments)?;
        let call = store.call_named(name, arguments);
        self.table_call(store, call)
    }

    /// n choose k by factorials, where none of them is at a pole; small whole numbers by the product.
    fn binomial(&mut self, store: &mut Store, n: Expr, k: Expr) -> Normal {
        let (top, bottom) = (store.add(n, Store::ONE), store.add(k, Store::ONE));
        let between = store.sub(top, k);
        let small = self.walk(store, k)?.as_constant().and_then(|q| q.as_i64());
        if let Some(k @ 0..=64) = small
            && self.assumptions.is_positive(store, top)
        {
            self.cite("binomial-product");
            let n = self.walk(store, n)?;
            let mut product = Fraction::one();
            for j in 0..k {
                let factor = n.sub(&constant(Rational::from(j)), &self.budget)?;
                product = product.mul(&factor.scale(&Rational::new(1, j + 1)), &self.budget)?;
            }
            return Ok(product);
        }
        let positive = [top, bottom, between].iter().all(|e| self.assumptions.is_positive(store, *e));
        if !positive {
            return self.plain_call(store, "binomial", &[n, k]);
        }
        self.cite("binomial-gamma");
        let (top, bottom, between) =
            (self.log_gamma(store, top)?, self.log_gamma(store, bottom)?, self.log_gamma(store, between)?);
        let log = top.sub(&bottom, &self.budget)?.sub(&between, &self.budget)?;
        self.exponential(store, &log)
    }

    /// Γ(x): exp(lgamma(x)) for x > 0, so that products of both are one thing.
    fn gamma(&mut self, store: &mut Store, x: Expr) -> Normal {
        if self.assumptions.is_positive(store, x) {
            self.cite("gamma-lgamma");
            let log = self.log_gamma(store, x)?;
            return self.exponential(store, &log);
        }
        let form = self.walk(store, x)?;
        let (base, shift) = self.shifted(store, &form)?;
        let base_expr = self.canonical(store, &base);
        let mut value = if self.assumptions.is_positive(store, base_expr) {
            let log = self.log_gamma(store, base_expr)?;
            self.exponential(store, &log)?
        } else {
            let call = store.call_named("gamma", [base_expr]);
            self.table_call(store, call)?
        };
        if shift != 0 {
            self.cite("gamma-recurrence");
        }
        for factor in steps(&base, shift, self)? {
            value = if shift > 0 {
                value.mul(&factor, &self.budget)?
            } else {
                value.div(&factor, &self.budget)?.ok_or(Stop::DivisionByZero)?
            };
        }
        Ok(value)
    }

    /// lgamma(x) = log|Γ(x)|: shifted by logarithms of positive factors.
    fn log_gamma(&mut self, store: &mut Store, x: Expr) -> Normal {
        let form = self.walk(store, x)?;
        let (base, shift) = self.shifted(store, &form)?;
        let factors = steps(&base, shift, self)?;
        let mut total = Fraction::zero();
        let mut logs = Vec::new();
        for factor in &factors {
            let expr = self.canonical(store, factor);
            let expr = if self.assumptions.is_positive(store, expr) {
                expr
            } else {
                store.call_named("abs", [expr])
            };
            logs.push(self.logarithm(store, expr)?);
        }
        for log in &logs {
            total = total.add(&log.scale(&Rational::from(shift.signum())), &self.budget)?;
        }
        if shift != 0 {
            self.cite("lgamma-recurrence");
        }
        if let Some((half, shifted)) = self.halves(store, &base)? {
            // Γ(2v) = 2^(2v−1)·Γ(v)·Γ(v + ½)/√π, DLMF 5.5.5.
            self.cite("gamma-duplication");
            let (two, pi) = (store.integer(2), store.call_named("pi", []));
            let (two, pi) = (self.logarithm(store, two)?, self.logarithm(store, pi)?);
            let (first, second) = (self.log_gamma(store, half)?, self.log_gamma(store, shifted)?);
            let power = base.sub(&Fraction::one(), &self.budget)?.mul(&two, &self.budget)?;
            for part in [first, second, power, pi.scale(&Rational::new(-1, 2))] {
                total = total.add(&part, &self.budget)?;
            }
            return Ok(total);
        }
        if base.as_constant() == Some(Rational::new(1, 2)) {
            // Γ(1/2) = √π, DLMF 5.4.6.
            self.cite("exact-value");
            let pi = store.call_named("pi", []);
            let log = self.logarithm(store, pi)?;
            return Ok(total.add(&log.scale(&Rational::new(1, 2)), &self.budget)?);
        }
        let base = self.canonical(store, &base);
        if self.assumptions.is_positive(store, base) {
            self.positive_gammas.insert(base);
        }
        let call = store.call_named("lgamma", [base]);
        let value = self.table_call(store, call)?;
        Ok(total.add(&value, &self.budget)?)
    }

    /// ψ⁽ᵐ⁾(x), shifted by ψ⁽ᵐ⁾(x + 1) = ψ⁽ᵐ⁾(x) + (−1)^m m!/x^(m+1).
    fn polygamma(&mut self, store: &mut Store, order: i64, x: Expr) -> Normal {
        let form = self.walk(store, x)?;
        let (base, shift) = self.shifted(store, &form)?;
        if let Some((half, shifted)) = self.halves(store, &base)? {
            // ψ⁽ᵐ⁾(2v) = 2^(−m−1)·(ψ⁽ᵐ⁾(v) + ψ⁽ᵐ⁾(v + ½)), and log 2 more for m = 0, DLMF 5.5.8.
            self.cite("polygamma-duplication");
            let (first, second) =
                (self.polygamma(store, order, half)?, self.polygamma(store, order, shifted)?);
            let scale = Rational::from(2).pow(-order - 1).ok_or(Stop::DivisionByZero)?;
            let mut total = first.add(&second, &self.budget)?.scale(&scale);
            if order == 0 {
                let two = store.integer(2);
                let log = self.logarithm(store, two)?;
                total = total.add(&log, &self.budget)?;
            }
            return self.raised(total, &base, order, shift);
        }
        let base_expr = self.canonical(store, &base);
        let call = match order {
            0 => store.call_named("digamma", [base_expr]),
            1 => store.call_named("trigamma", [base_expr]),
            _ => {
                let order = store.integer(order);
                store.call_named("polygamma", [order, base_expr])
            }
        };
        let total = self.table_call(store, call)?;
        self.raised(total, &base, order, shift)
    }

    /// ψ⁽ᵐ⁾(base + shift) from ψ⁽ᵐ⁾(base).
    fn raised(&mut self, value: Fraction, base: &Fraction, order: i64, shift: i64) -> Normal {
        let mut total = value;
        if shift != 0 {
            self.cite("polygamma-recurrence");
        }
        let factorial = (1..=order).fold(Rational::ONE, |p, k| &p * &Rational::from(k));
        let sign = if order % 2 == 0 { shift.signum() } else { -shift.signum() };
        let scale = &factorial * &Rational::from(sign);
        for factor in steps(base, shift, self)? {
            let term = factor.pow(-(order + 1), &self.budget)?.ok_or(Stop::DivisionByZero)?;
            total = total.add(&term.scale(&scale), &self.budget)?;
        }
        Ok(total)
    }

    /// (v, v + ½) for a base 2v > 0 whose coefficients are all even, when equality is to be decided.
    fn halves(&mut self, store: &mut Store, base: &Fraction) -> Normal<Option<(Expr, Expr)>> {
        let even = base.as_polynomial().is_some_and(|p| {
            !p.is_constant() && p.terms().all(|(_, c)| (&c / &Rational::from(2)).is_integer())
        });
        if self.effort == Effort::Present || !even {
            return Ok(None);
        }
        let half = base.scale(&Rational::new(1, 2));
        let shifted = half.add(&constant(Rational::new(1, 2)), &self.budget)?;
        let (half, shifted) = (self.canonical(store, &half), self.canonical(store, &shifted));
        Ok(self.assumptions.is_positive(store, half).then_some((half, shifted)))
    }

    /// (base, n) with form = base + n; the constant of a number's base lies in (0, 1], of any other in
    /// [0, 1) or, where that base may be negative or 0, in the first of [1, 2), [2, 3) that makes it positive.
    fn shifted(&mut self, store: &mut Store, form: &Fraction) -> Normal<(Fraction, i64)> {
        let number = form.as_constant();
        let offset = match (&number, form.as_polynomial()) {
            (Some(q), _) => -&(-q).floor() - Rational::ONE,
            (None, Some(p)) => constant_term(p).floor(),
            (None, None) => return Ok((form.clone(), 0)),
        };
        let Some(offset) = offset.as_i64().filter(|n| n.abs() <= LARGEST_SHIFT) else {
            return Ok((form.clone(), 0));
        };
        if number.is_some() {
            return Ok((form.sub(&constant(Rational::from(offset)), &self.budget)?, offset));
        }
        if self.effort == Effort::Present {
            return Ok((form.clone(), 0));
        }
        let mut bases = Vec::new();
        for shift in [offset, offset - 1, offset - 2] {
            let base = form.sub(&constant(Rational::from(shift)), &self.budget)?;
            let expr = self.canonical(store, &base);
            if self.assumptions.is_positive(store, expr) {
                return Ok((base, shift));
            }
            bases.push((base, shift));
        }
        Ok(bases.swap_remove(0))
    }

    /// The exact values of a row with their arguments as typed, for arguments that need no normal form.
    pub(super) fn exact_values_typed(
        &mut self,
        store: &mut Store,
        function: crate::function::FunctionId,
    ) -> Vec<(Expr, Expr)> {
        self.exact_values(store, function)
            .into_iter()
            .filter(|(left, _)| matches!(store[*left], Node::Call(..)))
            .collect()
    }
}

/// The factors between base and base + n: base, base + 1, …, or base − 1, base − 2, … for n < 0.
fn steps(base: &Fraction, shift: i64, normalizer: &Normalizer) -> Normal<Vec<Fraction>> {
    let offsets: Vec<i64> = if shift >= 0 { (0..shift).collect() } else { (shift..0).collect() };
    offsets.into_iter().map(|j| Ok(base.add(&constant(Rational::from(j)), &normalizer.budget)?)).collect()
}
