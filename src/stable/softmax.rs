//! What logarithms of sums of exponentials are taken from → forms without cancellation.
//!
//! With L(a) = log Σ exp(aᵢ) and pᵢ = exp(aᵢ − L(a)), the divergence L(b) − L(a) + Σ pᵢ(aᵢ − bᵢ) is
//! `logistic_divergence(a1 - a2, b1 - b2)` of two, and by the chain rule a sum of such of more; the log-probability u − L(a) is
//! −log Σ exp(aᵢ − u), which is exact where u is one of the aᵢ.

use super::walk::{Work, argument, arguments, factors, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Exponentials in one sum, at most.
const MOST_MEMBERS: usize = 8;

/// Divergences in the place of the differences that they are written as.
pub(super) fn divergences(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    divergence(store, &mut work, root).unwrap_or(root)
}

/// The exponents of log Σ exp(aᵢ).
fn members(store: &Store, e: Expr) -> Option<Vec<Expr>> {
    let list = terms(store, argument(store, e, "log")?);
    let exponent = |(c, t): &(Rational, Expr)| match *t == Store::ONE {
        true => Some(Store::ZERO).filter(|_| c.is_one()),
        false => argument(store, *t, "exp").filter(|_| c.is_one()),
    };
    let found: Option<Vec<Expr>> = list.iter().map(exponent).collect();
    found.filter(|found| (2..=MOST_MEMBERS).contains(&found.len()))
}

/// R·(L(b) − L(a) + Σ pᵢ(aᵢ − bᵢ)).
fn divergence(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let list = terms(store, e);
    let mut sums: Vec<(Expr, Vec<(Rational, Expr)>)> = Vec::new();
    for (c, term) in &list {
        for factor in factors(store, *term) {
            if members(store, factor).is_some() {
                let cofactor = without(store, *term, factor)?;
                match sums.iter_mut().find(|(known, _)| *known == factor) {
                    Some((_, all)) => all.push((c.clone(), cofactor)),
                    None => sums.push((factor, vec![(c.clone(), cofactor)])),
                }
            }
        }
    }
    let [(first, of_first), (second, of_second)] = &sums[..] else { return None };
    let (r, s) = (store.linear(of_first.clone()), store.linear(of_second.clone()));
    if !work.opposite(store, r, s) {
        return None;
    }
    let (p, q) = (members(store, *first)?, members(store, *second)?);
    [(r, *first, *second, &p, &q), (s, *second, *first, &q, &p)].into_iter().find_map(
        |(weight, upper, lower, b, a)| {
            partners(b, a.len()).into_iter().find_map(|b| {
                let mut parts = vec![(Rational::ONE, upper), (Rational::MINUS_ONE, lower)];
                let sum: Vec<Expr> = a.iter().map(|u| store.call_named("exp", [*u])).collect();
                let sum = store.sum(sum);
                for (u, v) in a.iter().zip(&b) {
                    let power = store.call_named("exp", [*u]);
                    let probability = store.div(power, sum);
                    let step = store.sub(*u, *v);
                    parts.push((Rational::ONE, store.mul(probability, step)));
                }
                let whole = store.linear(parts);
                let whole = store.mul(weight, whole);
                let difference = store.sub(e, whole);
                if !work.is_zero(store, difference) {
                    return None;
                }
                let value = chained(store, a, &b);
                Some(store.mul(weight, value))
            })
        },
    )
}

/// The orders in which the members of one sum may belong to those of another.
fn partners(list: &[Expr], count: usize) -> Vec<Vec<Expr>> {
    match *list {
        _ if list.len() != count => Vec::new(),
        [a, b] => vec![vec![a, b], vec![b, a]],
        [a, b, c] => [[a, b, c], [a, c, b], [b, a, c], [b, c, a], [c, a, b], [c, b, a]].map(Vec::from).into(),
        _ => vec![list.to_vec()],
    }
}

/// KL between the weights exp(aᵢ − L(a)) and exp(bᵢ − L(b)): that between the first and the second, those together and the
/// third, and so on.
fn chained(store: &mut Store, a: &[Expr], b: &[Expr]) -> Expr {
    if a.len() == 2 {
        // Of either outcome: t rather than −t where the other is 0.
        let (i, j) = if a[0] == Store::ZERO { (1, 0) } else { (0, 1) };
        let both = [a, b].map(|list| store.sub(list[i], list[j]));
        return store.call_named("logistic_divergence", both);
    }
    // bᵢ − aᵢ less that of the next, as a mean over what is joined: of weights that are nearly equal, to the digits of their
    // differences.
    let steps: Vec<Expr> = a.iter().zip(b).map(|(u, v)| store.sub(*v, *u)).collect();
    let (mut joined, mut total) = ([a[0], b[0]], Store::ZERO);
    let mut differences: Vec<Expr> = steps[1..].iter().map(|g| store.sub(steps[0], *g)).collect();
    for k in 1..a.len() {
        let next = [a[k], b[k]];
        let [odds, other] = [0, 1].map(|i| store.sub(joined[i], next[i]));
        let opposite = store.neg(odds);
        let [weight, rest] = [odds, opposite].map(|u| store.call_named("logistic", [u]));
        let gain = store.call_named("logistic_gain", [differences[k - 1], odds, other]);
        let kept = store.mul(weight, total);
        total = store.add(kept, gain);
        for j in k..differences.len() {
            let own = store.sub(steps[k], steps[j + 1]);
            let parts = [store.mul(weight, differences[j]), store.mul(rest, own), gain];
            differences[j] = store.sum(parts);
        }
        joined = [0, 1].map(|i| store.call_named("logaddexp", [joined[i], next[i]]));
    }
    total
}

/// Log-probabilities u − L(a) as −log Σ exp(aᵢ − u), for u without calls.
pub(super) fn densities(store: &mut Store, e: Expr, _: &mut Assumptions) -> Expr {
    density(store, e).unwrap_or(e)
}

fn density(store: &mut Store, e: Expr) -> Option<Expr> {
    let mut list = terms(store, e);
    let at = list.iter().position(|(_, t)| arguments(store, *t, "logaddexp").is_some())?;
    let (c, chain) = list.remove(at);
    let u = store.linear(list);
    let plain = store.post_order(&[u]).iter().all(|node| !matches!(store[*node], Node::Call(..)));
    if c != Rational::MINUS_ONE || u == Store::ZERO || !plain {
        return None;
    }
    let chain = shifted(store, chain, u);
    Some(store.neg(chain))
}

/// logaddexp of the differences to u.
fn shifted(store: &mut Store, e: Expr, u: Expr) -> Expr {
    if let Some((a, b)) = arguments(store, e, "logaddexp") {
        let both = [shifted(store, a, u), shifted(store, b, u)];
        return store.call_named("logaddexp", both);
    }
    let difference = store.sub(e, u);
    gathered(store, difference, e)
}

/// a − a·x + … as a·(1 − x) + ….
fn gathered(store: &mut Store, e: Expr, a: Expr) -> Expr {
    let (mut own, mut others) = (Vec::new(), Vec::new());
    for (c, term) in terms(store, e) {
        match without(store, term, a) {
            Some(cofactor) => own.push((c, cofactor)),
            None => others.push((c, term)),
        }
    }
    if own.len() < 2 || a == Store::ZERO {
        return e;
    }
    let weight = store.linear(own);
    let own = store.mul(a, weight);
    let others = store.linear(others);
    store.add(own, others)
}
