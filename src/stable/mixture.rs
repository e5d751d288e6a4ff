//! Divergences of Poisson distributions with a mass added at 0 → that of "0 or not", and that of the counts beside 0.
//!
//! With A = w + C·exp(−u), w + C = 1, the probability of 0, the derived form is
//! A·(log A − log B) + (1 − A)·(log C − log D + v − u) + C·u·(log u − log v), whose terms cancel where the distributions are near each
//! other. By the chain rule it is `binary_kl(A, 1 - A, B, 1 - B) + (1 - A)*truncated_divergence(u, v)`, where
//! 1 − A = C·(1 − exp(−u)) is a product.

use super::exponential::by_exponent;
use super::walk::{Work, argument, arguments, factors, rewrite, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// The expressions that are such divergences, replaced.
pub(super) fn divergences(store: &mut Store, e: Expr, assumptions: &mut Assumptions) -> Expr {
    divergence(store, assumptions, e).unwrap_or(e)
}

/// R·kl_term(a/s, c/t) + R·kl_term(b/s, d/t) as R·binary_kl(a, b, c, d), where s = a + b and t = c + d: of the larger weights,
/// next to 1, no difference is taken.
pub(super) fn two_points(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    rewrite(store, root, |store, e| match store[e] {
        Node::Sum(_) => two_terms(store, assumptions, e).unwrap_or(e),
        _ => e,
    })
}

fn two_terms(store: &mut Store, assumptions: &mut Assumptions, e: Expr) -> Option<Expr> {
    let mut list = terms(store, e);
    let mut found: Vec<(usize, Rational, Expr, [Expr; 4])> = Vec::new();
    for (at, (coefficient, term)) in list.iter().enumerate() {
        let call = factors(store, *term).into_iter().find(|f| arguments(store, *f, "kl_term").is_some());
        let Some(call) = call else { continue };
        let (x, m) = arguments(store, call, "kl_term").expect("just found");
        let (Some((a, s)), Some((c, t))) = (over_sum(store, x), over_sum(store, m)) else { continue };
        let rest = without(store, *term, call).expect("a factor of the term");
        let partner = found.iter().find(|(_, k, r, [a0, s0, c0, t0])| {
            k == coefficient
                && *r == rest
                && (*s0, *t0) == (s, t)
                && store.add(a, *a0) == s
                && store.add(c, *c0) == t
        });
        let Some((first, _, _, [a0, _, c0, _])) = partner else {
            found.push((at, coefficient.clone(), rest, [a, s, c, t]));
            continue;
        };
        let known = [a, *a0].into_iter().all(|e| assumptions.is_nonnegative(store, e))
            && [c, *c0, s].into_iter().all(|e| assumptions.is_positive(store, e));
        if known {
            let call = store.call_named("binary_kl", [*a0, a, *c0, c]);
            list[*first] = (coefficient.clone(), store.mul(rest, call));
            list.remove(at);
            return Some(store.linear(list));
        }
    }
    None
}

/// a and s of a/s, for a sum s.
fn over_sum(store: &mut Store, quotient: Expr) -> Option<(Expr, Expr)> {
    let inverse = factors(store, quotient).into_iter().find(|f| {
        let (base, n) = store.base_and_power(*f);
        n == -1 && matches!(&store[base], Node::Sum(list) if list.len() > 1)
    })?;
    let (sum, _) = store.base_and_power(inverse);
    Some((without(store, quotient, inverse)?, sum))
}

/// A mass at 0 and a Poisson distribution.
struct Mixture {
    /// The probability of 0.
    zero: Expr,
    /// The weight of the Poisson distribution.
    weight: Expr,
    /// Its mean.
    mean: Expr,
}

impl Mixture {
    /// w + C·exp(−u), where w + C = 1 and C, u > 0.
    fn new(store: &mut Store, assumptions: &mut Assumptions, zero: Expr) -> Option<Mixture> {
        let members = by_exponent(store, zero);
        let [first, second] = members[..] else { return None };
        let ((w, none), (weight, v)) = if first.1 == Store::ZERO { (first, second) } else { (second, first) };
        let mean = store.neg(v);
        let is_mixture = none == Store::ZERO
            && store.add(w, weight) == Store::ONE
            && [w, weight, mean].iter().all(|e| assumptions.is_positive(store, *e));
        is_mixture.then_some(Mixture { zero, weight, mean })
    }

    /// The probability of all but 0.
    fn rest(&self, store: &mut Store) -> Expr {
        let opposite = store.neg(self.mean);
        let call = store.call_named("expm1", [opposite]);
        let product = store.mul(self.weight, call);
        store.neg(product)
    }
}

fn divergence(store: &mut Store, assumptions: &mut Assumptions, e: Expr) -> Option<Expr> {
    let (first, second) = terms(store, e).into_iter().find_map(|(_, term)| compared(store, term))?;
    let p = Mixture::new(store, assumptions, first)?;
    let q = Mixture::new(store, assumptions, second)?;
    let ratio = |store: &mut Store, a: Expr, b: Expr| {
        let logs = [a, b].map(|u| store.call_named("log", [u]));
        store.sub(logs[0], logs[1])
    };
    let zeros = ratio(store, p.zero, q.zero);
    let zeros = store.mul(p.zero, zeros);
    let weights = ratio(store, p.weight, q.weight);
    let step = store.sub(q.mean, p.mean);
    let others = store.add(weights, step);
    let rest = store.sub(Store::ONE, p.zero);
    let others = store.mul(rest, others);
    let means = ratio(store, p.mean, q.mean);
    let means = store.product([p.weight, p.mean, means]);
    let difference =
        [(1, e), (-1, zeros), (-1, others), (-1, means)].map(|(c, t)| (Rational::from(c), t)).to_vec();
    let difference = store.linear(difference);
    if !Work::new(store, e, assumptions).is_zero(store, difference) {
        return None;
    }
    let [beside, other] = [&p, &q].map(|m| m.rest(store));
    let split = store.call_named("binary_kl", [p.zero, beside, q.zero, other]);
    let counts = store.call_named("truncated_divergence", [p.mean, q.mean]);
    let counts = store.mul(beside, counts);
    Some(store.add(split, counts))
}

/// A and B of A·(log A − log B), for a sum A.
fn compared(store: &Store, term: Expr) -> Option<(Expr, Expr)> {
    let list = factors(store, term);
    let [a, b] = list[..] else { return None };
    [(a, b), (b, a)].into_iter().find_map(|(weight, logs)| {
        let Node::Sum(parts) = &store[logs] else { return None };
        let [(c, s), (d, t)] = &parts[..] else { return None };
        let (own, other) = if c.is_one() && *d == Rational::MINUS_ONE {
            (*s, *t)
        } else if d.is_one() && *c == Rational::MINUS_ONE {
            (*t, *s)
        } else {
            return None;
        };
        let (own, other) = (argument(store, own, "log")?, argument(store, other, "log")?);
        (own == weight).then_some((own, other))
    })
}
