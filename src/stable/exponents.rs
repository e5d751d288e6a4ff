//! Products and divergences of exponentials, odds among them → functions of their exponents, since of two factors one may be no
//! float where the other is 0: `kl_term(exp(a), exp(b))` and `exp(a)*expm1_excess(b - a)` are `exp_divergence(a, b)`.

use super::exponential::by_exponent;
use super::walk::{argument, arguments, factors, rewrite, speaks, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Every divergence of exponentials by their exponents.
pub(super) fn divergences(store: &mut Store, root: Expr, _: &mut Assumptions) -> Expr {
    rewrite(store, root, |store, e| match store[e] {
        Node::Call(..) => by_exponents(store, e).or_else(|| by_odds(store, e)).unwrap_or(e),
        Node::Product(_) => by_sum_of_exponents(store, e).unwrap_or(e),
        _ => e,
    })
}

/// exp(u)·exp(v) = exp(u + v): of the two, one may be no float where the other is 0.
pub(super) fn products(store: &mut Store, root: Expr, _: &mut Assumptions) -> Expr {
    rewrite(store, root, |store, e| {
        let list = factors(store, e);
        let is_power = |f: &&Expr| argument(store, store.base_and_power(**f).0, "exp").is_some();
        if list.iter().filter(is_power).count() < 2 {
            return e;
        }
        let Some((rest, u)) = exponential_factor(store, e) else { return e };
        let power = store.call_named("exp", [u]);
        store.mul(rest, power)
    })
}

/// kl_term(k·exp(a), k·exp(b)) as k·exp_divergence(a, b), and kl_term(x, k·exp(t)) as `kl_term_exp(x, k, t)`: exponentials below the
/// floats are not computed.
fn by_exponents(store: &mut Store, e: Expr) -> Option<Expr> {
    let (x, m) = arguments(store, e, "kl_term")?;
    let (k, t) = exponential_factor(store, m)?;
    match exponential_factor(store, x) {
        Some((own, a)) if own == k => {
            let call = store.call_named("exp_divergence", [a, t]);
            Some(store.mul(k, call))
        }
        None if by_exponent(store, x).iter().all(|(_, u)| *u == Store::ZERO) => {
            Some(store.call_named("kl_term_exp", [x, k, t]))
        }
        _ => None,
    }
}

/// kl_term(x, k·logistic(u)) as kl_term_exp(x, k, −log(1 + exp(−u))), for the same reason.
fn by_odds(store: &mut Store, e: Expr) -> Option<Expr> {
    let (x, m) = arguments(store, e, "kl_term")?;
    let weight = factors(store, m).into_iter().find(|f| argument(store, *f, "logistic").is_some())?;
    let u = argument(store, weight, "logistic")?;
    let k = without(store, m, weight)?;
    // Between two of them the divergence is one of their odds.
    if [x, k].into_iter().any(|e| speaks(store, e, &["logistic", "exp"])) {
        return None;
    }
    let opposite = store.neg(u);
    let log = store.call_named("logaddexp", [Store::ZERO, opposite]);
    let log = store.neg(log);
    Some(store.call_named("kl_term_exp", [x, k, log]))
}

/// R·exp(u)·exp(v)·…·(e^w − 1 − w) = R·exp_divergence(u + v + …, u + v + … + w).
fn by_sum_of_exponents(store: &mut Store, e: Expr) -> Option<Expr> {
    let excess = factors(store, e).into_iter().find(|f| argument(store, *f, "expm1_excess").is_some())?;
    let w = argument(store, excess, "expm1_excess")?;
    let rest = without(store, e, excess)?;
    let (rest, a) = exponential_factor(store, rest)?;
    let b = store.add(a, w);
    let call = store.call_named("exp_divergence", [a, b]);
    Some(store.mul(rest, call))
}

/// k and u + v + … of k·exp(u)·exp(v)·…
fn exponential_factor(store: &mut Store, e: Expr) -> Option<(Expr, Expr)> {
    let [(c, term)] = &terms(store, e)[..] else { return None };
    let (mut rest, mut exponents) = (Vec::new(), Vec::new());
    for factor in factors(store, *term) {
        let (base, n) = store.base_and_power(factor);
        match argument(store, base, "exp") {
            Some(u) => exponents.push((Rational::from(n), u)),
            None => rest.push(factor),
        }
    }
    if exponents.is_empty() {
        return None;
    }
    let rest = store.product(rest);
    Some((store.scale(c, rest), store.linear(exponents)))
}
