//! Homogeneous sums over powers → sums of ratios: `(x^2 - theta*x - theta^2)/theta^3` is `((x/theta)^2 - x/theta - 1)/theta`.
//!
//! The terms of the first overflow, or vanish, where the second is an ordinary float. A sum of single symbols stays as it is:
//! `(x - mu)/sigma` has no products that could leave the range, and its difference is exact where it is small.

use super::walk::{factors, powers, product_of_powers, rewrite, terms};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};

/// The expressions with such sums divided term by term.
pub(super) fn ratios(store: &mut Store, root: Expr, _: &mut Assumptions) -> Expr {
    rewrite(store, root, |store, e| {
        let mut e = e;
        while let Some(divided) = divided(store, e) {
            e = divided;
        }
        e
    })
}

/// R·S^k·b^(−m) as R·(S/b^d)^k·b^(kd − m), where S has degree d in b and one other symbol together.
fn divided(store: &mut Store, e: Expr) -> Option<Expr> {
    if !matches!(store[e], Node::Product(_)) {
        return None;
    }
    let list: Vec<(Expr, i64)> = factors(store, e).iter().map(|f| store.base_and_power(*f)).collect();
    let mut best: Option<Division> = None;
    for (sum, &(s, k)) in
        list.iter().enumerate().filter(|(_, (s, k))| *k > 0 && matches!(store[*s], Node::Sum(_)))
    {
        for (base, &(b, m)) in
            list.iter().enumerate().filter(|(_, (b, m))| *m < 0 && matches!(store[*b], Node::Symbol(_)))
        {
            let Some(degree) = degree(store, s, b).filter(|d| k * d <= -m) else { continue };
            // What is divided by as a whole goes first: σ₂ of S/(σ₁²·σ₂).
            let left = -m - k * degree;
            if best.as_ref().is_none_or(|best| left < best.left) {
                best = Some(Division { sum, base, degree, left });
            }
        }
    }
    let Division { sum, base, degree, left } = best?;
    let quotient = terms(store, list[sum].0).into_iter().map(|(c, t)| {
        let all = powers(store, t).into_iter().chain([(list[base].0, -degree)]);
        (c, product_of_powers(store, all))
    });
    let quotient = quotient.collect::<Vec<_>>();
    let quotient = store.linear(quotient);
    let rest = list.iter().enumerate().map(|(at, (b, n))| match at {
        _ if at == sum => (quotient, *n),
        _ if at == base => (*b, -left),
        _ => (*b, *n),
    });
    Some(product_of_powers(store, rest))
}

/// Which factor is divided by which.
struct Division {
    sum: usize,
    base: usize,
    degree: i64,
    /// What is left to divide by.
    left: i64,
}

/// The degree of every term in b and another symbol, of terms that have two factors at least.
fn degree(store: &Store, sum: Expr, b: Expr) -> Option<i64> {
    let all: Vec<Vec<(Expr, i64)>> = terms(store, sum).iter().map(|(_, t)| powers(store, *t)).collect();
    let is_product = |list: &[(Expr, i64)]| {
        list.iter().all(|(e, _)| matches!(store[*e], Node::Symbol(_)))
            && list.iter().map(|(_, n)| n.max(&0)).sum::<i64>() > 1
    };
    if all.len() < 2 || !all.iter().all(|list| is_product(list)) {
        return None;
    }
    let of = |list: &[(Expr, i64)], e: Expr| list.iter().find(|(own, _)| *own == e).map_or(0, |(_, n)| *n);
    let others = all.iter().flatten().map(|(e, _)| *e).filter(|e| *e != b);
    let mut degrees = others.map(|c| {
        let each = all.iter().map(|list| of(list, b) + of(list, c)).collect::<Vec<i64>>();
        each.iter().all(|d| *d == each[0]).then_some(each[0]).filter(|d| *d > 0)
    });
    let has_base = all.iter().any(|list| of(list, b) > 0);
    if has_base { degrees.find_map(|d| d) } else { None }
}
