//! The divergence of a family on few points as a sum over them: each term is ≥ 0, and nothing cancels.
//!
//! KL(p‖q) = Σ p·log(p/q) = Σ (p·log(p/q) − p + q) = Σ exp_divergence(log p, log q), since Σp = Σq = 1. For three softmax weights the
//! derived form adds a₁ − a₃ and its like, which are large where the divergence is not.

use crate::expr::{Expr, Images, Node, Store};
use crate::stable::stable;
use crate::stats::Family;

/// Families on more points keep the derived form.
const MOST: usize = 12;

/// Σ exp_divergence(log p(x), log q(x)) over the sample space, for densities that are exponentials of sums of exponentials; `other` are the
/// parameters of q.
pub(super) fn divergence(store: &mut Store, family: &Family, theta: &[Expr], other: &[Expr]) -> Option<Expr> {
    let x = family.x();
    let has_exponentials = store
        .post_order(&[family.log_density])
        .iter()
        .any(|e| matches!(&store[*e], Node::Call(f, _) if f.row().name == "exp"));
    if !has_exponentials || !family.atoms.is_empty() {
        return None;
    }
    // Two points have a divergence of their own, `logistic_divergence`.
    let points = family.sample_space(store).points(store, &x, MOST).filter(|points| points.len() > 2)?;
    let assumptions = family.parameter_assumptions(store);
    let to_other: Images = theta.iter().copied().zip(other.iter().copied()).collect();
    let mut sum = Store::ZERO;
    for point in points {
        let at: Images = x.iter().copied().zip(point).collect();
        let log_density = store.substitute(family.log_density, &at);
        let log_density = stable(store, &[log_density], &assumptions)[0];
        let other = store.substitute(log_density, &to_other);
        let term = store.call_named("exp_divergence", [log_density, other]);
        sum = store.add(sum, term);
    }
    Some(sum)
}
