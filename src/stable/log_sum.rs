//! Logarithms of sums of exponentials and powers, and of what is near 1 → functions that neither overflow nor cancel:
//! log(exp a + exp b) is `logaddexp(a, b)`, log(1 − exp(−u)) is `log1mexp(-u)`.

use super::exponential::{by_exponent, exponent};
use super::walk::{Work, argument, arguments, factors, take, terms, without};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Logarithms of sums of exponentials, and of what is near 1.
pub(super) fn logarithm(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let Some(inner) = argument(store, e, "log") else { return e };
    if let Some(u) = exponent(store, inner) {
        return u;
    }
    let (base, n) = store.base_and_power(inner);
    if n == -1 && matches!(store[base], Node::Sum(_)) && work.is_positive(store, base) {
        let log = store.call_named("log", [base]);
        let log = logarithm(store, work, log);
        return store.neg(log);
    }
    if let Some(image) = less_than_one(store, work, inner) {
        return image;
    }
    if let Some(image) = logistic_factors(store, inner) {
        return image;
    }
    if let Some(u) = argument(store, inner, "expm1").filter(|u| work.is_positive(store, *u)) {
        let opposite = store.neg(u);
        let call = store.call_named("log1mexp", [opposite]);
        return store.add(u, call);
    }
    let opposite = store.neg(inner);
    if let Some(u) = argument(store, opposite, "expm1").filter(|u| work.assumptions.is_negative(store, *u)) {
        return store.call_named("log1mexp", [u]);
    }
    let list = terms(store, inner);
    if list.len() < 2 {
        return e;
    }
    let exponents: Option<Vec<Expr>> = list
        .iter()
        .map(|(c, t)| {
            let u = if *t == Store::ONE { Some(Store::ZERO) } else { exponent(store, *t) };
            u.filter(|_| c.is_one())
        })
        .collect();
    if let Some(exponents) = exponents {
        let chain = exponents.into_iter().reduce(|a, b| store.call_named("logaddexp", [a, b]));
        return chain.expect("a sum has terms");
    }
    if let Some(image) = mixture(store, work, inner) {
        return image;
    }
    if let Some(image) = logarithm_of_powers(store, work, &list) {
        return image;
    }
    if list.iter().any(|(c, t)| *t == Store::ONE && c.is_one()) {
        let rest = store.sub(inner, Store::ONE);
        return store.call_named("log1p", [rest]);
    }
    e
}

/// log(u/(u + d)) = −log1p(d/u) for u, d > 0.
fn less_than_one(store: &mut Store, work: &mut Work, quotient: Expr) -> Option<Expr> {
    let below = factors(store, quotient).into_iter().find(|f| {
        let (base, n) = store.base_and_power(*f);
        n == -1 && matches!(store[base], Node::Sum(_))
    })?;
    let (sum, _) = store.base_and_power(below);
    let above = without(store, quotient, below)?;
    let step = store.sub(sum, above);
    if above == Store::ONE || !work.is_positive(store, step) || !work.is_positive(store, above) {
        return None;
    }
    let ratio = store.div(step, above);
    let log = store.call_named("log1p", [ratio]);
    Some(store.neg(log))
}

/// log(c·Π xᵢ^kᵢ·e^u) = log(c·Π xᵢ) + Σ kᵢ·log xᵢ + u, where some kᵢ is no number.
fn logarithm_of_term(store: &mut Store, work: &mut Work, c: &Rational, term: Expr) -> Option<(Expr, bool)> {
    let (mut rest, mut sum, mut is_power) = (Vec::new(), Vec::new(), false);
    for factor in factors(store, term) {
        if let Some(u) = exponent(store, factor) {
            sum.push(u);
            is_power = true;
        } else if let Node::Power(base, k) = store[factor]
            && store.as_number(k).is_none()
            && work.is_positive(store, base)
        {
            let log = store.call_named("log", [base]);
            sum.push(store.mul(k, log));
            is_power = true;
        } else {
            rest.push(factor);
        }
    }
    let rest = store.product(rest);
    let rest = store.scale(c, rest);
    if !work.is_positive(store, rest) {
        return None;
    }
    if rest != Store::ONE {
        sum.push(store.call_named("log", [rest]));
    }
    Some((store.sum(sum), is_power))
}

/// log(1 + x^k) = logaddexp(0, k·log x), and log(1 − x^k) = log1mexp(k·log x) for x < 1.
fn logarithm_of_powers(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Expr> {
    let [(a, s), (b, t)] = list else { return None };
    if a.is_positive() && b.is_positive() {
        let (first, one) = logarithm_of_term(store, work, a, *s)?;
        let (second, other) = logarithm_of_term(store, work, b, *t)?;
        return (one || other).then(|| store.call_named("logaddexp", [first, second]));
    }
    let ((c, power), (d, rest)) = if a.is_negative() { ((a, s), (b, t)) } else { ((b, t), (a, s)) };
    if *rest != Store::ONE || !d.is_one() {
        return None;
    }
    let (u, is_power) = logarithm_of_term(store, work, &-c, *power)?;
    (is_power && work.assumptions.is_negative(store, u)).then(|| store.call_named("log1mexp", [u]))
}

/// log(w + (1 − w)·exp(−u)) for 0 < w < 1 and u > 0.
fn mixture(store: &mut Store, work: &mut Work, sum: Expr) -> Option<Expr> {
    let members = by_exponent(store, sum);
    let [first, second] = members[..] else { return None };
    let ((w, none), (rest, v)) = if first.1 == Store::ZERO { (first, second) } else { (second, first) };
    let u = store.neg(v);
    let total = store.add(w, rest);
    let excess = store.sub(total, Store::ONE);
    let is_mixture = none == Store::ZERO
        && work.is_zero(store, excess)
        && [w, rest, u].iter().all(|e| work.is_positive(store, *e));
    is_mixture.then(|| store.call_named("log_mixture", [w, u]))
}

/// log(c·σ(u)ⁿ) = log c − n·log(1 + exp(−u)): a product of logistic values may underflow, its logarithm does not.
fn logistic_factors(store: &mut Store, inner: Expr) -> Option<Expr> {
    let (mut rest, mut logs) = (Vec::new(), Vec::new());
    for factor in factors(store, inner) {
        let (base, n) = store.base_and_power(factor);
        match argument(store, base, "logistic") {
            Some(u) => {
                let opposite = store.neg(u);
                logs.push((Rational::from(-n), store.call_named("logaddexp", [Store::ZERO, opposite])));
            }
            None => rest.push(factor),
        }
    }
    if logs.is_empty() {
        return None;
    }
    let rest = store.product(rest);
    if rest != Store::ONE {
        logs.push((Rational::ONE, store.call_named("log", [rest])));
    }
    Some(store.linear(logs))
}

/// R·logaddexp(a, b) − R·a = R·logaddexp(0, b − a).
pub(super) fn less_argument(store: &mut Store, e: Expr) -> Expr {
    let list = terms(store, e);
    for (i, (c, term)) in list.iter().enumerate() {
        for factor in factors(store, *term) {
            let Some((a, b)) = arguments(store, factor, "logaddexp") else { continue };
            let cofactor = without(store, *term, factor).expect("a factor of the term");
            for (own, other) in [(a, b), (b, a)] {
                let mut rest = list.clone();
                rest.remove(i);
                let part = store.mul(cofactor, own);
                let part = store.scale(c, part);
                if own == Store::ZERO || !take(store, &mut rest, part) {
                    continue;
                }
                let difference = store.sub(other, own);
                let call = store.call_named("logaddexp", [Store::ZERO, difference]);
                let term = store.mul(cofactor, call);
                rest.push((c.clone(), term));
                let sum = store.linear(rest);
                return less_argument(store, sum);
            }
        }
    }
    e
}
