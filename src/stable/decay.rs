//! Logarithms of quotients whose numerator and denominator grow alike → those of quotients that stay within bounds.
//!
//! `log((exp(u) - 1 - u)/(w*exp(u) + 1 - w))` for u > 0 is `log(expm1_excess_scaled(u)/(w + (1 - w)*exp(-u)))`: each
//! sum is divided by exp(u), as often above as below, before the logarithm of the quotient is taken apart.

use super::exponential::by_exponent;
use super::walk::{Work, argument, factors, rewrite, terms};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// The expressions with such logarithms replaced.
pub(super) fn logarithms(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    rewrite(store, root, |store, e| match store[e] {
        Node::Call(..) => logarithm(store, &mut work, e).unwrap_or(e),
        Node::Sum(_) => sum(store, &mut work, e).unwrap_or(e),
        _ => e,
    })
}

fn logarithm(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let inner = argument(store, e, "log")?;
    let (content, body) = store.coefficient_and_term(inner);
    let (mut list, mut total, mut changed) = (Vec::new(), Store::ZERO, false);
    for factor in factors(store, body) {
        let (base, n) = store.base_and_power(factor);
        let Some((value, u)) = divided(store, work, base) else {
            list.push(factor);
            continue;
        };
        changed = true;
        total = store.linear([(Rational::ONE, total), (Rational::from(n), u)]);
        list.push(store.powi(value, n));
    }
    if !changed || total != Store::ZERO {
        return None;
    }
    let product = store.product(list);
    let product = store.scale(&content, product);
    Some(store.call_named("log", [product]))
}

/// Σ cᵢ·log(vᵢ·exp(uᵢ)) with Σ cᵢ·uᵢ = 0 as Σ cᵢ·log(vᵢ).
fn sum(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let (mut list, mut total, mut changed) = (Vec::new(), Vec::new(), false);
    for (c, term) in terms(store, e) {
        let found = argument(store, term, "log").and_then(|inner| divided(store, work, inner));
        let Some((value, u)) = found else {
            list.push((c, term));
            continue;
        };
        changed = true;
        list.push((c.clone(), store.call_named("log", [value])));
        total.push((c, u));
    }
    let total = store.linear(total);
    (changed && total == Store::ZERO).then(|| store.linear(list))
}

/// a + b·exp(u) as (b + a·exp(−u))·exp(u) for u > 0: the first factor, and u.
fn divided(store: &mut Store, work: &mut Work, sum: Expr) -> Option<(Expr, Expr)> {
    let members = by_exponent(store, sum);
    let [first, second] = members[..] else { return None };
    let ((a, _), (b, u)) = if first.1 == Store::ZERO { (first, second) } else { (second, first) };
    if [first, second].iter().all(|(_, v)| *v != Store::ZERO) || !work.is_positive(store, u) {
        return None;
    }
    // b·(exp(u) − 1 − u).
    let excess = store.add(u, Store::ONE);
    let excess = store.mul(b, excess);
    if work.opposite(store, a, excess) {
        let call = store.call_named("expm1_excess_scaled", [u]);
        return Some((store.mul(b, call), u));
    }
    let opposite = store.neg(u);
    let power = store.call_named("exp", [opposite]);
    let falling = store.mul(a, power);
    Some((store.add(b, falling), u))
}
