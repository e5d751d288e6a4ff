//! Divergences of squares → divergences of their roots: `kl_term(1, r^2) = 2*kl_term(1, r) + (r - 1)^2`.
//!
//! Both terms are ≥ 0, so nothing cancels, and r is a float wherever the result is one: σ²/σ'² of two normal distributions leaves the
//! range of floats long before the divergence, which grows by its logarithm.

use super::walk::{Work, arguments, factors, powers, product_of_powers, rewrite};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// The expressions with every kl_term(x, x·r²) by r.
pub(super) fn divergences_of_squares(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    rewrite(store, root, |store, e| match store[e] {
        Node::Call(..) | Node::Product(_) => by_root(store, &mut work, e).unwrap_or(e),
        _ => e,
    })
}

/// w·kl_term(x, x·r²) = w·x·(2·kl_term(1, r) + (r − 1)²); for w = 1 only kl_term(1, r²), since what it stands in may be divided by x.
fn by_root(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let list = factors(store, e);
    let at = list.iter().position(|f| arguments(store, *f, "kl_term").is_some())?;
    let (x, m) = arguments(store, list[at], "kl_term")?;
    if list.len() == 1 && x != Store::ONE {
        return None;
    }
    let ratio = store.div(m, x);
    let r = root(store, work, ratio).filter(|_| work.is_positive(store, x))?;
    let divergence = store.call_named("kl_term", [Store::ONE, r]);
    let step = store.sub(r, Store::ONE);
    let square = store.powi(step, 2);
    let rest = list.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| *f);
    // x > 0 stands on the domain, so that what is divided by x and multiplied by it is itself.
    let all: Vec<(Expr, i64)> = rest.chain([x]).flat_map(|f| powers(store, f)).collect();
    let weight = product_of_powers(store, all);
    let terms = [(2, divergence), (1, square)].map(|(c, t)| (Rational::from(c), store.mul(weight, t)));
    Some(store.linear(terms))
}

/// √(c·Π bᵢ^nᵢ) for a square c and bᵢ > 0, of which one at least has an even power.
fn root(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let (c, body) = store.coefficient_and_term(e);
    let (mut whole, mut below, mut has_square) = (Vec::new(), Vec::new(), false);
    for (base, n) in powers(store, body) {
        if !work.is_positive(store, base) {
            return None;
        }
        has_square |= n % 2 == 0;
        whole.push(store.powi(base, n / 2));
        below.push(store.powi(base, n % 2));
    }
    if !has_square {
        return None;
    }
    let below = store.product(below);
    if below != Store::ONE {
        whole.push(store.call_named("sqrt", [below]));
    }
    let root = store.product(whole);
    Some(store.scale(&c.root(2)?, root))
}
