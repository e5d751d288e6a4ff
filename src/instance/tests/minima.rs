//! Conclusions and minimizers.

use super::kit::Kit;
use super::{check_false, check_true};
use crate::claim::{Assumption, Claim, Limit, Problem};
use crate::expr::{Expr, Store};
use crate::number::Rational;

/// −(1/λ) F⁻¹∇L, with a factor.
fn natural_step(k: &mut Kit, factor: i64) -> Expr {
    let (fisher, slope) = (k.fisher(), k.slope(k.theta));
    let inverse = k.store.inverse(fisher);
    let natural = k.store.chain([inverse, slope]);
    let scaled = k.store.scale(&Rational::from(factor), natural);
    k.store.div(scaled, k.lambda)
}

/// λFd and −∇L.
fn equation(k: &mut Kit) -> (Expr, Expr) {
    let (fisher, slope) = (k.fisher(), k.slope(k.theta));
    let product = k.store.chain([k.lambda, fisher, k.d]);
    (product, k.store.neg(slope))
}

#[test]
fn conclusions() {
    let conclude = |k: &mut Kit, factor: i64| {
        k.nonsingular_fisher();
        let given = vec![equation(k)];
        let right = natural_step(k, factor);
        Claim::Conclusion { given, left: k.d, right }
    };
    check_true(move |k| conclude(k, -1), 8);
    check_false(move |k| conclude(k, 1), "Bernoulli, theta = 3/10", "");
    check_false(move |k| conclude(k, -2), "Bernoulli, theta = 3/10", "");
    // Without the inverse.
    check_false(
        |k| {
            let given = vec![equation(k)];
            let (fisher, slope) = (k.fisher(), k.slope(k.theta));
            let product = k.store.chain([fisher, slope]);
            let right = k.store.neg(product);
            Claim::Conclusion { given, left: k.d, right }
        },
        "Bernoulli, theta = 3/10",
        "",
    );
    // Where nothing is said of F, a singular one says nothing.
    check_true(
        |k| {
            let given = vec![equation(k)];
            let right = natural_step(k, -1);
            Claim::Conclusion { given, left: k.d, right }
        },
        8,
    );
    // ∇L + λFd = 0 ⇒ λFd = −∇L.
    check_true(
        |k| {
            let (product, down) = equation(k);
            let sum = k.store.sub(product, down);
            let zero = k.store.zero(k.store.shape(k.d));
            Claim::Conclusion { given: vec![(zero, sum)], left: product, right: down }
        },
        8,
    );
    check_false(
        |k| {
            let (product, down) = equation(k);
            let sum = k.store.sub(product, down);
            let zero = k.store.zero(k.store.shape(k.d));
            let up = k.store.neg(down);
            Claim::Conclusion { given: vec![(zero, sum)], left: product, right: up }
        },
        "Bernoulli, theta = 3/10",
        "",
    );
}

/// L(θ) + ∇Lᵀd + ½λ dᵀFd − λε over d.
fn lagrangian(k: &mut Kit) -> Problem {
    let (here, slope, fisher) = (k.loss(k.theta), k.slope(k.theta), k.fisher());
    let first = k.dot(slope, k.d);
    let form = k.form(k.d, fisher, k.d);
    let half = k.half(form);
    let second = k.store.mul(k.lambda, half);
    let radius = k.store.mul(k.lambda, k.epsilon);
    let sum = k.store.sum([here, first, second]);
    let objective = k.store.sub(sum, radius);
    Problem { variable: k.d, objective, constraints: vec![] }
}

/// L(θ + d) + λ(KL − ε) over d.
fn penalized(k: &mut Kit) -> Problem {
    let to = k.moved();
    let (loss, kl) = (k.loss(to), k.kl(k.theta, to));
    let excess = k.store.sub(kl, k.epsilon);
    let penalty = k.store.mul(k.lambda, excess);
    let objective = k.store.add(loss, penalty);
    Problem { variable: k.d, objective, constraints: vec![] }
}

#[test]
fn stationary_points() {
    let zero = |k: &mut Kit| k.store.zero(k.store.shape(k.d));
    check_true(
        move |k| {
            let problem = lagrangian(k);
            let right = k.grad(problem.objective, k.d);
            Claim::Stationary { left: zero(k), right, problem }
        },
        8,
    );
    check_true(
        move |k| {
            let problem = lagrangian(k);
            let (product, down) = equation(k);
            let right = k.store.sub(product, down);
            Claim::Stationary { left: zero(k), right, problem }
        },
        8,
    );
    check_false(
        move |k| {
            let problem = lagrangian(k);
            let (product, down) = equation(k);
            let right = k.store.add(product, down);
            Claim::Stationary { left: zero(k), right, problem }
        },
        "Bernoulli, theta = 3/10",
        "at the minimum d = ",
    );
    check_true(
        move |k| {
            let problem = penalized(k);
            let right = k.grad(problem.objective, k.d);
            Claim::Stationary { left: zero(k), right, problem }
        },
        5,
    );
}

#[test]
fn minimizers() {
    let natural = |k: &mut Kit, factor: i64| {
        k.nonsingular_fisher();
        let problem = lagrangian(k);
        Claim::Minimizer { point: natural_step(k, factor), problem }
    };
    check_true(move |k| natural(k, -1), 8);
    check_false(move |k| natural(k, 1), "Bernoulli, theta = 3/10", "less than");
    check_false(move |k| natural(k, -2), "Bernoulli, theta = 3/10", "less than");
    // vᵀ∇L over ‖v‖ ≤ 1.
    let steepest = |k: &mut Kit| {
        let slope = k.slope(k.theta);
        k.assume(Assumption::NonZero(slope));
        let norm = k.norm(k.v);
        let constraint = k.store.sub(norm, Store::ONE);
        let objective = k.dot(k.v, slope);
        let length = k.norm(slope);
        let unit = k.store.div(slope, length);
        (slope, unit, Problem { variable: k.v, objective, constraints: vec![constraint] })
    };
    check_true(
        move |k| {
            let (_, unit, problem) = steepest(k);
            let point = k.store.neg(unit);
            Claim::Minimizer { point, problem }
        },
        5,
    );
    check_false(
        move |k| {
            let (_, point, problem) = steepest(k);
            Claim::Minimizer { point, problem }
        },
        "L(theta) = ",
        "less than",
    );
    check_false(
        move |k| {
            let (slope, _, problem) = steepest(k);
            let point = k.store.neg(slope);
            Claim::Minimizer { point, problem }
        },
        "L(theta) = ",
        "violates a constraint",
    );
}

#[test]
fn limits_of_minimizers() {
    let claim = |k: &mut Kit, point: &dyn Fn(&mut Kit, Expr, Expr) -> Expr, scale: i64| {
        let slope = k.slope(k.theta);
        k.assume(Assumption::NonZero(slope));
        let to = k.moved();
        let (objective, norm, length) = (k.loss(to), k.norm(k.d), k.norm(slope));
        let constraint = k.store.sub(norm, k.epsilon);
        let unit = k.store.div(slope, length);
        let problem = Problem { variable: k.d, objective, constraints: vec![constraint] };
        let limit = Limit { symbols: vec![(k.epsilon, Rational::ONE)] };
        let scale = k.store.powi(k.epsilon, scale);
        Claim::MinimizerLimit { point: point(k, slope, unit), scale, problem, limit }
    };
    check_true(move |k| claim(k, &|k, _, unit| k.store.neg(unit), -1), 5);
    check_false(move |k| claim(k, &|_, _, unit| unit, -1), "L(theta) = ", "less than");
    check_false(move |k| claim(k, &|k, slope, _| k.store.neg(slope), -1), "L(theta) = ", "violated");
    check_false(
        move |k| claim(k, &|k, _, unit| k.store.scale(&Rational::new(-1, 2), unit), -1),
        "L(theta) = ",
        "less than",
    );
    // Scaled with ε⁻² instead.
    check_false(move |k| claim(k, &|k, _, unit| k.store.neg(unit), -2), "L(theta) = ", "");
}

#[test]
fn minimizers_that_agree_in_a_limit() {
    let scales = |k: &Kit| Limit {
        symbols: vec![(k.d, Rational::ONE), (k.lambda, Rational::MINUS_ONE), (k.epsilon, Rational::from(2))],
    };
    check_true(
        move |k| {
            k.nonsingular_fisher();
            let (first, second) = (penalized(k), lagrangian(k));
            Claim::SameMinimizer { first, second, limit: scales(k) }
        },
        5,
    );
    // Without the half in the second problem.
    check_false(
        move |k| {
            k.nonsingular_fisher();
            let (first, mut second) = (penalized(k), lagrangian(k));
            let fisher = k.fisher();
            let form = k.form(k.d, fisher, k.d);
            let half = k.half(form);
            let more = k.store.mul(k.lambda, half);
            second.objective = k.store.add(second.objective, more);
            Claim::SameMinimizer { first, second, limit: scales(k) }
        },
        "Bernoulli, theta = 3/10",
        "the minimizers begin with",
    );
}
