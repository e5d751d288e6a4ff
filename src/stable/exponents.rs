//! Divergences of exponentials → functions of their exponents: `kl_term(exp(a), exp(b))` is `exp_divergence(a, b)`.

use super::exponential::by_exponent;
use super::walk::{argument, arguments, factors, rewrite, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};

/// Every kl_term of exponentials by their exponents.
pub(super) fn divergences(store: &mut Store, root: Expr, _: &mut Assumptions) -> Expr {
    rewrite(store, root, |store, e| match store[e] {
        Node::Call(..) => by_exponents(store, e).unwrap_or(e),
        _ => e,
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

/// k and t of k·exp(t).
fn exponential_factor(store: &mut Store, e: Expr) -> Option<(Expr, Expr)> {
    let [(c, term)] = &terms(store, e)[..] else { return None };
    let power = factors(store, *term).into_iter().find(|f| argument(store, *f, "exp").is_some())?;
    let t = argument(store, power, "exp")?;
    let rest = without(store, *term, power)?;
    Some((store.scale(c, rest), t))
}
