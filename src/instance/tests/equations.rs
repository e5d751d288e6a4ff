//! Equations and claims of an order.

use super::{check_false, check_true};
use crate::claim::{Assumption, Property};
use crate::expr::Store;
use crate::number::Rational;

/// `½ dᵀFd`, with a factor.
fn quadratic(k: &mut super::Kit, factor: (i64, i64)) -> crate::expr::Expr {
    let fisher = k.fisher();
    let form = k.form(k.d, fisher, k.d);
    k.store.scale(&Rational::new(factor.0, factor.1), form)
}

#[test]
fn kl_is_half_the_form_of_fisher() {
    check_true(
        |k| {
            let to = k.moved();
            let kl = k.kl(k.theta, to);
            let q = quadratic(k, (1, 2));
            k.order(kl, q, 2)
        },
        8,
    );
    check_true(
        |k| {
            let to = k.moved();
            let kl = k.kl(to, k.theta);
            let q = quadratic(k, (1, 2));
            k.order(kl, q, 2)
        },
        8,
    );
    let bernoulli = "Bernoulli, theta = 3/10";
    check_false(
        |k| {
            let to = k.moved();
            let kl = k.kl(k.theta, to);
            let q = quadratic(k, (1, 1));
            k.order(kl, q, 2)
        },
        bernoulli,
        "the coefficient of t^2 is 50/21, not 100/21",
    );
    check_false(
        |k| {
            let to = k.moved();
            let kl = k.kl(k.theta, to);
            let q = quadratic(k, (-1, 2));
            k.order(kl, q, 2)
        },
        bernoulli,
        "50/21, not -50/21",
    );
    check_false(
        |k| {
            let to = k.moved();
            let kl = k.kl(k.theta, to);
            let q = quadratic(k, (1, 2));
            k.order(kl, q, 3)
        },
        bernoulli,
        "coefficient of t^3",
    );
    check_false(
        |k| {
            let to = k.moved();
            let kl = k.kl(k.theta, to);
            let q = quadratic(k, (1, 2));
            k.equal(kl, q)
        },
        bernoulli,
        "log(",
    );
    check_false(
        |k| {
            let to = k.moved();
            let a = k.kl(k.theta, to);
            let b = k.kl(to, k.theta);
            k.equal(a, b)
        },
        bernoulli,
        "log(",
    );
    check_false(
        |k| {
            let to = k.moved();
            let a = k.kl(k.theta, to);
            let b = k.kl(to, k.theta);
            k.order(a, b, 3)
        },
        bernoulli,
        "coefficient of t^3",
    );
}

#[test]
fn the_lines_of_the_proof_hold() {
    // E[log p(θ)] − E[log p(θ + d)].
    check_true(
        |k| {
            let to = k.moved();
            let (here, there) = (k.log_p(k.theta), k.log_p(to));
            let (a, b) = (k.mean(here), k.mean(there));
            let (left, right) = (k.kl(k.theta, to), k.store.sub(a, b));
            k.equal(left, right)
        },
        8,
    );
    // log p(θ + d) ≈ log p + sᵀd + ½ dᵀHd under E.
    check_true(
        |k| {
            let to = k.moved();
            let there = k.log_p(to);
            let left = k.mean(there);
            let (here, s, h) = (k.log_p(k.theta), k.score(), k.score_slope());
            let (first, second) = (k.dot(s, k.d), k.form(k.d, h, k.d));
            let second = k.half(second);
            let sum = k.store.sum([here, first, second]);
            let right = k.mean(sum);
            k.order(left, right, 2)
        },
        8,
    );
    // Without the half.
    check_false(
        |k| {
            let to = k.moved();
            let there = k.log_p(to);
            let left = k.mean(there);
            let (here, s, h) = (k.log_p(k.theta), k.score(), k.score_slope());
            let (first, second) = (k.dot(s, k.d), k.form(k.d, h, k.d));
            let sum = k.store.sum([here, first, second]);
            let right = k.mean(sum);
            k.order(left, right, 2)
        },
        "Bernoulli, theta = 3/10",
        "t^2",
    );
    // The measure at θ + d instead.
    check_false(
        |k| {
            let to = k.moved();
            let (here, there) = (k.log_p(k.theta), k.log_p(to));
            let (a, b) = (k.mean_at(to, here), k.mean(there));
            let (left, right) = (k.kl(k.theta, to), k.store.sub(a, b));
            k.equal(left, right)
        },
        "Bernoulli, theta = 3/10",
        "log(",
    );
    // ∫ p ∇log p = ∇ ∫ p = 0.
    check_true(
        |k| {
            let (p, s) = (k.p(k.theta), k.score());
            let product = k.store.mul(p, s);
            let left = k.integral(product);
            let total = k.integral(p);
            let right = k.grad(total, k.theta);
            k.equal(left, right)
        },
        8,
    );
}

#[test]
fn the_score_and_fisher_information() {
    let bernoulli = "Bernoulli, theta = 3/10";
    check_true(
        |k| {
            let s = k.score();
            let left = k.mean(s);
            let zero = k.store.zero(k.store.shape(k.theta));
            k.equal(left, zero)
        },
        8,
    );
    check_true(
        |k| {
            let s = k.score();
            let o = k.outer(s);
            let left = k.mean(o);
            let f = k.fisher();
            k.equal(left, f)
        },
        8,
    );
    check_true(
        |k| {
            let h = k.score_slope();
            let e = k.mean(h);
            let left = k.store.neg(e);
            let f = k.fisher();
            k.equal(left, f)
        },
        8,
    );
    check_false(
        |k| {
            let h = k.score_slope();
            let left = k.mean(h);
            let f = k.fisher();
            k.equal(left, f)
        },
        bernoulli,
        "the left side is -100/21, the right side 100/21",
    );
    check_true(
        |k| {
            let f = k.fisher();
            let right = k.store.transpose(f);
            k.equal(f, right)
        },
        8,
    );
    // ∇² log p = −s sᵀ without the term ∇²p/p: false already for the square parametrization.
    check_false(
        |k| {
            let (h, s) = (k.score_slope(), k.score());
            let o = k.outer(s);
            let right = k.store.neg(o);
            k.equal(h, right)
        },
        "Bernoulli with probability theta^2, theta = 1/2",
        "",
    );
    // E[s sᵀ] at the squared mean score.
    check_false(
        |k| {
            let s = k.score();
            let m = k.mean(s);
            let right = k.outer(m);
            let f = k.fisher();
            k.equal(f, right)
        },
        bernoulli,
        "",
    );
    // The variance of the score is its second moment.
    check_true(
        |k| {
            let s = k.score();
            let (o, m) = (k.outer(s), k.mean(s));
            let (second, square) = (k.mean(o), k.outer(m));
            let (left, right) = (k.store.sub(second, square), k.fisher());
            k.equal(left, right)
        },
        8,
    );
}

#[test]
fn derivative_and_expectation_are_not_exchanged() {
    let bernoulli = "Bernoulli, theta = 3/10";
    // ∇ E_θ[g] = E_θ[∇g] = 0 for a g of x alone: false.
    check_false(
        |k| {
            let g = k.of_x(k.g);
            let mean = k.mean(g);
            let left = k.grad(mean, k.theta);
            let zero = k.store.zero(k.store.shape(k.theta));
            k.equal(left, zero)
        },
        bernoulli,
        "",
    );
    // ∇ E_θ[g] = E_θ[g s].
    check_true(
        |k| {
            let (g, s) = (k.of_x(k.g), k.score());
            let mean = k.mean(g);
            let left = k.grad(mean, k.theta);
            let product = k.store.mul(g, s);
            let right = k.mean(product);
            k.equal(left, right)
        },
        8,
    );
    // ∇ E_θ[log p] = E_θ[∇ log p] = 0: false away from symmetric points.
    check_false(
        |k| {
            let (log, s) = (k.log_p(k.theta), k.score());
            let mean = k.mean(log);
            let left = k.grad(mean, k.theta);
            let right = k.mean(s);
            k.equal(left, right)
        },
        bernoulli,
        "log(",
    );
    // log and E.
    check_false(
        |k| {
            let (g, log) = (k.of_x(k.g), k.p(k.theta));
            let product = k.store.mul(g, log);
            let inner = k.mean(product);
            let left = k.mean(g);
            k.equal(left, inner)
        },
        bernoulli,
        "",
    );
}

#[test]
fn losses_along_a_step() {
    // L(θ + ηv) ≈ L(θ) + η vᵀ∇L.
    let step = |k: &mut super::Kit| {
        let by = k.store.mul(k.eta, k.v);
        let to = k.store.add(k.theta, by);
        k.loss(to)
    };
    let line = |k: &mut super::Kit| {
        let slope = k.slope(k.theta);
        let along = k.dot(k.v, slope);
        let term = k.store.mul(k.eta, along);
        let here = k.loss(k.theta);
        k.store.add(here, term)
    };
    check_true(
        move |k| {
            let (a, b) = (step(k), line(k));
            k.order_in(&[(k.eta, 1)], a, b, 1)
        },
        5,
    );
    check_false(
        move |k| {
            let (a, b) = (step(k), line(k));
            k.order_in(&[(k.eta, 1)], a, b, 2)
        },
        "L(theta) = ",
        "t^2",
    );
    check_false(
        move |k| {
            let (a, b) = (step(k), line(k));
            k.equal(a, b)
        },
        "L(theta) = ",
        "",
    );
    // Second order.
    check_true(
        |k| {
            let to = k.moved();
            let (left, here, slope, h) = (k.loss(to), k.loss(k.theta), k.slope(k.theta), k.curvature());
            let (first, second) = (k.dot(slope, k.d), k.form(k.d, h, k.d));
            let second = k.half(second);
            let right = k.store.sum([here, first, second]);
            k.order(left, right, 2)
        },
        5,
    );
    // The gradient at θ + d is not the one at θ.
    check_false(
        |k| {
            let to = k.moved();
            let (a, b) = (k.slope(to), k.slope(k.theta));
            k.order(a, b, 1)
        },
        "L(theta) = ",
        "t ",
    );
    check_true(
        |k| {
            let to = k.moved();
            let (a, b) = (k.slope(to), k.slope(k.theta));
            k.order(a, b, 0)
        },
        5,
    );
}

#[test]
fn matrices_do_not_commute() {
    check_false(
        |k| {
            let (a, b) = (k.matrix("A"), k.matrix("B"));
            let (l, r) = (k.store.chain([a, b]), k.store.chain([b, a]));
            k.equal(l, r)
        },
        "A = ",
        "entry",
    );
    check_false(
        |k| {
            let a = k.matrix("A");
            let r = k.store.transpose(a);
            k.equal(a, r)
        },
        "A = ",
        "entry",
    );
    check_true(
        |k| {
            let a = k.matrix("A");
            k.assume(Assumption::Property(a, Property::Symmetric));
            let r = k.store.transpose(a);
            k.equal(a, r)
        },
        3,
    );
    check_true(
        |k| {
            let (a, b) = (k.matrix("A"), k.matrix("B"));
            let product = k.store.chain([a, b]);
            let left = k.store.transpose(product);
            let (at, bt) = (k.store.transpose(a), k.store.transpose(b));
            let right = k.store.chain([bt, at]);
            k.equal(left, right)
        },
        3,
    );
    // ∇(θᵀAθ) = 2Aθ only for symmetric A.
    let form = |k: &mut super::Kit| {
        let a = k.matrix("A");
        let f = k.form(k.theta, a, k.theta);
        let left = k.grad(f, k.theta);
        let at = k.store.chain([a, k.theta]);
        let two = k.store.scale(&Rational::from(2), at);
        (a, left, two)
    };
    check_false(
        move |k| {
            let (_, l, r) = form(k);
            k.equal(l, r)
        },
        "A = ",
        "entry",
    );
    check_true(
        move |k| {
            let (a, l, r) = form(k);
            k.assume(Assumption::Property(a, Property::Symmetric));
            k.equal(l, r)
        },
        3,
    );
    // F⁻¹F = 1 where F is nonsingular; elsewhere it says nothing.
    check_true(
        |k| {
            k.nonsingular_fisher();
            let f = k.fisher();
            let i = k.store.inverse(f);
            let l = k.store.chain([i, f]);
            let r = k.store.identity(k.n);
            k.equal(l, r)
        },
        8,
    );
}

#[test]
fn divergences_of_two_densities() {
    let both = |k: &mut super::Kit| {
        let (a, b) = ((k.r, Store::ZERO), (k.s, Store::ZERO));
        (k.store.divergence(a, b), k.store.divergence(b, a))
    };
    check_false(
        move |k| {
            let (a, b) = both(k);
            k.equal(a, b)
        },
        "r: probabilities (1/4, 3/4), s: probabilities (2/3, 1/3)",
        "log(",
    );
    check_true(
        move |k| {
            let (a, _) = both(k);
            let (r, s) = (k.of_x(k.r), k.of_x(k.s));
            let quotient = k.store.div(r, s);
            let log = k.log(quotient);
            let product = k.store.mul(r, log);
            let body = k.store.abstract_over(product, k.x, false);
            let integral = k.store.sample_integral(k.r, body);
            k.equal(a, integral)
        },
        3,
    );
    // With the logarithm the other way round.
    check_false(
        move |k| {
            let (a, _) = both(k);
            let (r, s) = (k.of_x(k.r), k.of_x(k.s));
            let quotient = k.store.div(s, r);
            let log = k.log(quotient);
            let product = k.store.mul(r, log);
            let body = k.store.abstract_over(product, k.x, false);
            let integral = k.store.sample_integral(k.r, body);
            k.equal(a, integral)
        },
        "r: ",
        "log(",
    );
}

#[test]
fn a_direction_of_length_one() {
    // With v = −∇L/‖∇L‖: vᵀ∇L = −‖∇L‖; and ‖v‖ = 1.
    let define = |k: &mut super::Kit| {
        let slope = k.slope(k.theta);
        let length = k.norm(slope);
        let unit = k.store.div(slope, length);
        let down = k.store.neg(unit);
        k.assume(Assumption::NonZero(slope));
        k.assume(Assumption::Equal(k.v, down));
        (slope, length)
    };
    check_true(
        move |k| {
            let (slope, length) = define(k);
            let l = k.dot(k.v, slope);
            let r = k.store.neg(length);
            k.equal(l, r)
        },
        5,
    );
    check_true(
        move |k| {
            define(k);
            let l = k.norm(k.v);
            k.equal(l, Store::ONE)
        },
        5,
    );
    check_false(
        move |k| {
            let (slope, length) = define(k);
            let l = k.dot(k.v, slope);
            k.equal(l, length)
        },
        "L(theta) = ",
        "",
    );
    // ‖v‖ = 1 assumed: vᵀ∇L = −‖∇L‖ does not follow.
    check_false(
        |k| {
            let norm = k.norm(k.v);
            k.assume(Assumption::Equal(norm, Store::ONE));
            let slope = k.slope(k.theta);
            let length = k.norm(slope);
            let (l, r) = (k.dot(k.v, slope), k.store.neg(length));
            k.equal(l, r)
        },
        "L(theta) = ",
        "",
    );
    check_true(
        |k| {
            let norm = k.norm(k.v);
            k.assume(Assumption::Equal(norm, Store::ONE));
            let l = k.dot(k.v, k.v);
            k.equal(l, Store::ONE)
        },
        3,
    );
}

#[test]
fn scales_that_belong_together() {
    // L(θ + d) + λ KL with d = τu, λ = μ/τ: first order beside second order is consistent to weight 1.
    let sides = |k: &mut super::Kit| {
        let to = k.moved();
        let (loss, kl) = (k.loss(to), k.kl(k.theta, to));
        let penalty = k.store.mul(k.lambda, kl);
        let left = k.store.add(loss, penalty);
        let (here, slope) = (k.loss(k.theta), k.slope(k.theta));
        let first = k.dot(slope, k.d);
        let form = quadratic(k, (1, 2));
        let second = k.store.mul(k.lambda, form);
        let right = k.store.sum([here, first, second]);
        (left, right)
    };
    check_true(
        move |k| {
            let (l, r) = sides(k);
            k.order_in(&[(k.d, 1), (k.lambda, -1)], l, r, 1)
        },
        8,
    );
    check_false(
        move |k| {
            let (l, r) = sides(k);
            k.order_in(&[(k.d, 1), (k.lambda, -1)], l, r, 2)
        },
        "Bernoulli, theta = 3/10",
        "t^2",
    );
    check_false(
        move |k| {
            let (l, r) = sides(k);
            k.order(l, r, 2)
        },
        "Bernoulli, theta = 3/10",
        "t^2",
    );
}
