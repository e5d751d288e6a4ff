//! What the Hessian form of F lacks where the score jumps.
//!
//! F_ij = −E\[∂²ᵢⱼ log p\] + Σ p(m)·[sᵢ(m⁺) − sᵢ(m⁻)]·∂ⱼm over the places m(θ) of the jumps. For Laplace in its location
//! the almost-everywhere second derivative is 0, and the point term p(μ)·(2/b)·1 = 1/b² is all of F.

use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;
use crate::stats::Family;
use crate::verify::{Verdict, Witness};

use super::values::Assignment;
use super::witnesses::{named, pairs};

/// p(m)·[sᵢ(m⁺) − sᵢ(m⁻)]·∂ⱼm, summed over the places m(θ) where the score jumps, for i ≤ j.
pub(super) fn point_terms(store: &mut Store, family: &Family, kinks: &[Expr]) -> Option<Vec<Expr>> {
    let (&[x], theta) = (family.x().as_slice(), family.theta()) else { return None };
    let moving: Vec<Expr> =
        kinks.iter().copied().filter(|u| store.mentions(*u, &theta) && store.mentions(*u, &[x])).collect();
    let mut calculus = Differentiator::new();
    let mut totals: Vec<Vec<Expr>> = vec![Vec::new(); pairs(theta.len()).len()];
    let assumptions = family.parameter_assumptions(store);
    for u in &moving {
        let slope = calculus.derivative(store, *u, x);
        if store.mentions(slope, &[x]) {
            return None;
        }
        // Which side of m has u > 0 is told by the sign of the slope.
        let mut known = assumptions.clone();
        let rising = match (known.is_positive(store, slope), known.is_negative(store, slope)) {
            (true, _) => true,
            (_, true) => false,
            _ => return None,
        };
        let constant = store.substitute(*u, &Images::from_iter([(x, Store::ZERO)]));
        let ratio = store.div(constant, slope);
        let place = store.neg(ratio);
        let here = Images::from_iter([(x, place)]);
        let side = |store: &mut Store, calculus: &mut Differentiator, sign: i64| {
            let smooth = on_one_side(store, family.log_density, *u, sign);
            let score = calculus.gradient(store, smooth, &theta);
            store.substitute_all(&score, &here)
        };
        let (up, down) = if rising { (1, -1) } else { (-1, 1) };
        let (right, left) = (side(store, &mut calculus, up), side(store, &mut calculus, down));
        let moved = calculus.gradient(store, place, &theta);
        let log_p = store.substitute(family.log_density, &here);
        let mass = store.call_named("exp", [log_p]);
        for (total, (i, j)) in totals.iter_mut().zip(pairs(theta.len())) {
            let jump = store.sub(right[i], left[i]);
            total.push(store.product([mass, jump, moved[j]]));
        }
    }
    (!moving.is_empty()).then(|| totals.into_iter().map(|terms| store.sum(terms)).collect())
}

/// The log-density with |u| = ±u and sign(u) = ±1.
fn on_one_side(store: &mut Store, log_density: Expr, u: Expr, sign: i64) -> Expr {
    let mut images = Images::default();
    for e in store.post_order(&[log_density]) {
        let Node::Call(f, arguments) = store[e].clone() else { continue };
        let smooth = match f.row().name {
            "abs" if arguments[0] == u => u,
            "sign" if arguments[0] == u => Store::ONE,
            _ => continue,
        };
        images.insert(e, store.scale(&Rational::from(sign), smooth));
    }
    store.substitute(log_density, &images)
}

/// The Hessian form is short by exactly the point terms: refuted where one certainly is not 0.
pub(super) fn kink_verdict(
    store: &mut Store,
    family: &Family,
    at: &Assignment,
    terms: Option<&[Expr]>,
) -> Verdict {
    let pairs = pairs(family.parameters.len());
    for (term, (i, j)) in terms.unwrap_or_default().iter().zip(pairs) {
        let ball = at.narrow(store, *term, 15);
        if ball.is_defined() && ball.is_bounded() && !ball.contains_zero() {
            let value = ball.to_decimal(12).unwrap_or_else(|| ball.midpoint_f64().to_string());
            let (i, j) = (i + 1, j + 1);
            return Verdict::Refuted(Witness {
                point: named(family, &at.values),
                left: format!("F[{i},{j}] − {value}"),
                right: format!("F[{i},{j}]"),
                reason:
                    "the score jumps inside the support: −E[∂² log p] lacks the point term p(m)·[jump of the \
                         score]·∂m, which is not zero; the outer product is the right form"
                        .to_owned(),
                ..Witness::default()
            });
        }
    }
    Verdict::open("the score jumps inside the support: the Hessian form may lack point terms there")
}
