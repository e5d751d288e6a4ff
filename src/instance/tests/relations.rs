//! Inequalities, proportions, properties, limits.

use super::kit::Kit;
use super::{check_false, check_true};
use crate::claim::{Assumption, Claim, Inequality, Property};
use crate::expr::{Expr, Store};
use crate::instance::Outcome;
use crate::number::Rational;

fn compare(left: Expr, relation: Inequality, right: Expr) -> Claim {
    Claim::Compare { left, relation, right }
}

#[test]
fn inequalities() {
    use Inequality::{Greater, GreaterOrEqual, LessOrEqual};
    // KL ≥ 0, and not more.
    check_true(
        |k| {
            let to = k.moved();
            let kl = k.kl(k.theta, to);
            compare(kl, GreaterOrEqual, Store::ZERO)
        },
        8,
    );
    check_false(
        |k| {
            let kl = k.kl(k.theta, k.theta);
            compare(kl, Greater, Store::ZERO)
        },
        "Bernoulli, theta = 3/10",
        "0 is not greater than 0",
    );
    check_false(
        |k| {
            let to = k.moved();
            let kl = k.kl(k.theta, to);
            compare(kl, LessOrEqual, Store::ZERO)
        },
        "Bernoulli, theta = 3/10",
        "is not at most 0",
    );
    // dᵀFd ≥ 0; dᵀAd ≥ 0 only under assumptions.
    check_true(
        |k| {
            let f = k.fisher();
            let form = k.form(k.d, f, k.d);
            compare(form, GreaterOrEqual, Store::ZERO)
        },
        8,
    );
    check_false(
        |k| {
            let a = k.matrix("A");
            let form = k.form(k.d, a, k.d);
            compare(form, GreaterOrEqual, Store::ZERO)
        },
        "A = ",
        "is not at least 0",
    );
    check_true(
        |k| {
            let a = k.matrix("A");
            k.assume(Assumption::Property(a, Property::PositiveDefinite));
            let form = k.form(k.d, a, k.d);
            compare(form, Greater, Store::ZERO)
        },
        3,
    );
    // The gradient step goes down for small steps only.
    check_false(
        |k| {
            let slope = k.slope(k.theta);
            let step = k.store.mul(k.eta, slope);
            let to = k.store.sub(k.theta, step);
            let (there, here) = (k.loss(to), k.loss(k.theta));
            compare(there, LessOrEqual, here)
        },
        "L(theta) = ",
        "is not at most",
    );
    // |uᵀv| ≤ ‖u‖‖v‖.
    check_true(
        |k| {
            let dot = k.dot(k.u, k.v);
            let size = k.store.call_named("abs", [dot]);
            let (a, b) = (k.norm(k.u), k.norm(k.v));
            let product = k.store.mul(a, b);
            compare(size, LessOrEqual, product)
        },
        3,
    );
    // The triangle inequality fails for ½ dᵀFd as a length.
    check_false(
        |k| {
            let f = k.fisher();
            let sum = k.store.add(k.u, k.v);
            let (whole, a, b) = (k.form(sum, f, sum), k.form(k.u, f, k.u), k.form(k.v, f, k.v));
            let parts = k.store.add(a, b);
            compare(whole, LessOrEqual, parts)
        },
        "Bernoulli",
        "is not at most",
    );
}

#[test]
fn proportions() {
    let proportional =
        |left, right, varying: &[Expr]| Claim::Proportional { left, right, varying: varying.to_vec() };
    // −λ⁻¹F⁻¹∇L ∝ −F⁻¹∇L, not ∝ F⁻¹∇L, and not ∝ ∇L.
    let step = |k: &mut Kit| {
        k.nonsingular_fisher();
        let (fisher, slope) = (k.fisher(), k.slope(k.theta));
        let inverse = k.store.inverse(fisher);
        let natural = k.store.chain([inverse, slope]);
        let down = k.store.neg(natural);
        (k.store.div(down, k.lambda), natural, slope)
    };
    check_true(
        move |k| {
            let (s, n, _) = step(k);
            let r = k.store.neg(n);
            proportional(s, r, &[])
        },
        8,
    );
    check_false(
        move |k| {
            let (s, n, _) = step(k);
            proportional(s, n, &[])
        },
        "Bernoulli, theta = 3/10",
        "the factor is -1/2, not positive",
    );
    check_false(
        move |k| {
            let (s, _, slope) = step(k);
            let r = k.store.neg(slope);
            proportional(s, r, &[])
        },
        "categorical(3), theta = (1/5, 3/10)",
        "different factors",
    );
    // p(x|θ) ∝ 1 and ∝ p² in x are false; p·2 ∝ p.
    check_false(
        |k| {
            let p = k.p(k.theta);
            let x = k.x;
            let square = k.store.mul(p, p);
            proportional(square, p, &[x])
        },
        "Bernoulli, theta = 3/10",
        "the factor is",
    );
    check_true(
        |k| {
            let p = k.p(k.theta);
            let x = k.x;
            let two = k.store.scale(&Rational::from(2), p);
            proportional(two, p, &[x])
        },
        8,
    );
    check_true(
        |k| {
            let p = k.p(k.theta);
            let x = k.x;
            let l = k.loss(k.theta);
            let square = k.store.powi(l, 2);
            let l = k.store.add(square, Store::ONE);
            let right = k.store.mul(l, p);
            proportional(p, right, &[x])
        },
        8,
    );
}

#[test]
fn properties() {
    let property = |of, property| Claim::Property { of, property };
    check_true(
        |k| {
            let f = k.fisher();
            property(f, Property::PositiveSemidefinite)
        },
        8,
    );
    check_true(
        |k| {
            let f = k.fisher();
            property(f, Property::Symmetric)
        },
        8,
    );
    check_false(
        |k| {
            let f = k.fisher();
            property(f, Property::PositiveDefinite)
        },
        "Bernoulli with probability 2*theta_1 + theta_2, theta = (1/5, 1/10)",
        "not positive definite",
    );
    check_false(
        |k| {
            let f = k.fisher();
            property(f, Property::Nonsingular)
        },
        "Bernoulli with probability 2*theta_1 + theta_2",
        "not nonsingular",
    );
    check_true(
        |k| {
            k.nonsingular_fisher();
            let f = k.fisher();
            property(f, Property::PositiveDefinite)
        },
        8,
    );
    check_true(
        |k| {
            let h = k.curvature();
            property(h, Property::Symmetric)
        },
        3,
    );
    check_false(
        |k| {
            let h = k.curvature();
            property(h, Property::PositiveSemidefinite)
        },
        "L(theta) = ",
        "not positive semidefinite",
    );
    let zero_only = |form, variable| Claim::ZeroOnlyAtZero { form, variable };
    check_false(
        |k| {
            let f = k.fisher();
            let form = k.form(k.u, f, k.u);
            zero_only(form, k.u)
        },
        "Bernoulli with probability 2*theta_1 + theta_2",
        "it is 0 at u = (1, -2)",
    );
    check_true(
        |k| {
            k.nonsingular_fisher();
            let f = k.fisher();
            let form = k.form(k.u, f, k.u);
            zero_only(form, k.u)
        },
        8,
    );
    check_true(
        |k| {
            let form = k.dot(k.u, k.u);
            zero_only(form, k.u)
        },
        3,
    );
}

#[test]
fn limits() {
    let limit = |k: &Kit, body, value| Claim::LimitValue { body, variable: k.eta, to: Store::ZERO, value };
    // (L(θ + ηv) − L(θ))/η → vᵀ∇L.
    let quotient = |k: &mut Kit| {
        let by = k.store.mul(k.eta, k.v);
        let to = k.store.add(k.theta, by);
        let (there, here) = (k.loss(to), k.loss(k.theta));
        let difference = k.store.sub(there, here);
        let slope = k.slope(k.theta);
        let along = k.dot(k.v, slope);
        (k.store.div(difference, k.eta), along)
    };
    check_true(
        move |k| {
            let (body, value) = quotient(k);
            limit(k, body, value)
        },
        5,
    );
    check_false(
        move |k| {
            let (body, value) = quotient(k);
            let value = k.store.neg(value);
            limit(k, body, value)
        },
        "L(theta) = ",
        "the left side is",
    );
    check_false(
        move |k| {
            let (body, value) = quotient(k);
            let body = k.store.div(body, k.eta);
            limit(k, body, value)
        },
        "L(theta) = ",
        "no limit",
    );
}

#[test]
fn existence_is_proved_by_a_witness() {
    let mut k = Kit::new();
    let (a, b) = ((k.r, Store::ZERO), (k.s, Store::ZERO));
    let (left, right) = (k.store.divergence(a, b), k.store.divergence(b, a));
    match k.examine(&Claim::Differs { left, right }) {
        Outcome::Witnessed(witness) => {
            assert_eq!(witness.instance, "r: probabilities (1/4, 3/4), s: probabilities (2/3, 1/3)");
            assert_eq!(witness.left, "-9/4*log(2) + 7/4*log(3) ≈ 0.362990");
        }
        other => panic!("{other:?}"),
    }
    let f = k.fisher();
    let transposed = k.store.transpose(f);
    assert!(matches!(k.examine(&Claim::Differs { left: f, right: transposed }), Outcome::Undecided(_)));
}
