//! What looks false and is not, or looks true and is not; and what an instance may not decide.

use super::kit::Kit;
use super::{check_false, check_true};
use crate::claim::{AbstractFunction, Assumption, Claim, Inequality, Property};
use crate::expr::{Dimension, Expr, Shape, Store, Symbol, SymbolId};
use crate::instance::Outcome;
use crate::number::Rational;

#[track_caller]
fn check_undecided(make: impl FnOnce(&mut Kit) -> Claim) {
    let mut k = Kit::new();
    let claim = make(&mut k);
    let outcome = k.examine(&claim);
    assert!(matches!(outcome, Outcome::Undecided(_)), "{outcome:?}");
}

#[test]
fn only_what_mathematics_leaves_undefined_refutes() {
    // ∇ log(−p) = ∇ log p: −p is negative.
    check_false(
        |k| {
            let p = k.p(k.theta);
            let negative = k.store.neg(p);
            let log = k.log(negative);
            let left = k.grad(log, k.theta);
            let right = k.score();
            k.equal(left, right)
        },
        "Bernoulli, theta = 3/10",
        "the left side has no value",
    );
    // A term times 0 must have a value too.
    check_false(
        |k| {
            let log = k.log(k.eta);
            let minus = k.store.neg(k.eta);
            let bad = k.log(minus);
            let zero = k.store.scale(&Rational::ZERO, bad);
            let right = k.store.add(log, zero);
            k.equal(log, right)
        },
        "eta = 2",
        "the right side has no value",
    );
    // Roots that are not rational have values.
    check_true(
        |k| {
            let sum = k.store.add(k.eta, Store::ONE);
            let root = k.store.call_named("sqrt", [sum]);
            let square = k.store.mul(root, root);
            k.equal(square, sum)
        },
        1,
    );
    // A sample outside of its space is no point of the claim.
    check_undecided(|k| {
        let seven = k.store.integer(7);
        let far = k.store.add(k.x, seven);
        let p = k.store.apply(k.p, [far, k.theta]);
        k.equal(p, Store::ZERO)
    });
    // F⁻¹ on a singular family says nothing.
    check_true(
        |k| {
            let f = k.fisher();
            let i = k.store.inverse(f);
            let l = k.store.chain([i, f]);
            let r = k.store.identity(k.n);
            k.equal(l, r)
        },
        8,
    );
    // What is undefined is no witness of a difference.
    check_undecided(|k| {
        let minus = k.store.neg(k.eta);
        let bad = k.log(minus);
        Claim::Differs { left: bad, right: Store::ONE }
    });
}

#[test]
fn only_the_variable_of_the_limit_tends_to_zero() {
    let sides = |k: &mut Kit, at: &dyn Fn(&mut Kit) -> Expr| {
        let from = k.moved();
        let by = k.store.mul(k.eta, k.v);
        let to = k.store.add(from, by);
        let (there, here) = (k.loss(to), k.loss(from));
        let at = at(k);
        let slope = k.slope(at);
        let along = k.dot(k.v, slope);
        let term = k.store.mul(k.eta, along);
        (there, k.store.add(here, term))
    };
    check_true(
        move |k| {
            let (l, r) = sides(k, &|k| k.moved());
            k.order_in(&[(k.eta, 1)], l, r, 1)
        },
        5,
    );
    check_false(
        move |k| {
            let (l, r) = sides(k, &|k| k.theta);
            k.order_in(&[(k.eta, 1)], l, r, 1)
        },
        "L(theta) = ",
        "the coefficient of t ",
    );
}

#[test]
fn equations_about_functions_hold_for_all_arguments() {
    // L(θ) = c θᵀθ, to be met at all θ: no polynomial of the deck does.
    let assumed = |k: &mut Kit| {
        let c = k.store.scalar("c");
        let square = k.dot(k.theta, k.theta);
        let right = k.store.mul(c, square);
        (k.loss(k.theta), right, c)
    };
    let conclusion = |k: &mut Kit, c: Expr| {
        let twice = k.store.scale(&Rational::from(2), c);
        (k.slope(k.theta), k.store.mul(twice, k.theta))
    };
    check_undecided(move |k| {
        let (l, r, c) = assumed(k);
        k.assume(Assumption::Equal(l, r));
        let (left, right) = conclusion(k, c);
        k.equal(left, right)
    });
    check_undecided(move |k| {
        let (l, r, c) = assumed(k);
        let (left, right) = conclusion(k, c);
        Claim::Conclusion { given: vec![(l, r)], left, right }
    });
    // A name for the score is no constant below E.
    check_undecided(|k| {
        let score = k.score();
        k.assume(Assumption::Equal(k.u, score));
        let outer = k.outer(k.u);
        let (left, right) = (k.mean(outer), k.fisher());
        k.equal(left, right)
    });
}

#[test]
fn assumptions_give_values() {
    // v·∇L = ‖v‖‖∇L‖ cos α with the cosine as it is defined, and without ‖v‖.
    let sides = |k: &mut Kit| {
        let slope = k.slope(k.theta);
        k.assume(Assumption::NonZero(slope));
        let alpha = k.store.scalar("alpha");
        let cosine = k.store.call_named("cos", [alpha]);
        let (dot, a, b) = (k.dot(k.v, slope), k.norm(k.v), k.norm(slope));
        let lengths = k.store.mul(a, b);
        let quotient = k.store.div(dot, lengths);
        k.assume(Assumption::Equal(cosine, quotient));
        (dot, k.store.mul(lengths, cosine), k.store.mul(b, cosine))
    };
    check_true(
        move |k| {
            let (l, r, _) = sides(k);
            k.equal(l, r)
        },
        5,
    );
    check_false(
        move |k| {
            let (l, _, r) = sides(k);
            k.equal(l, r)
        },
        "L(theta) = ",
        "",
    );
    // θ' − θ = ηv, then L(θ') − L(θ) against ηvᵀ∇L.
    let step = |k: &mut Kit| {
        let next = k.store.symbol(Symbol {
            name: "theta_next".to_owned(),
            shape: Shape::vector(k.n),
            integer: false,
        });
        let change = k.store.sub(next, k.theta);
        let by = k.store.mul(k.eta, k.v);
        k.assume(Assumption::Equal(change, by));
        let (there, here, slope) = (k.loss(next), k.loss(k.theta), k.slope(k.theta));
        let along = k.dot(k.v, slope);
        (k.store.sub(there, here), k.store.mul(k.eta, along))
    };
    check_true(
        move |k| {
            let (l, r) = step(k);
            k.order_in(&[(k.eta, 1)], l, r, 1)
        },
        5,
    );
    check_false(
        move |k| {
            let (l, r) = step(k);
            k.equal(l, r)
        },
        "L(theta) = ",
        "",
    );
    // Ad = b, solved for d or b: then dᵀAᵀ = bᵀ.
    check_true(
        |k| {
            let a = k.matrix("A");
            k.assume(Assumption::Property(a, Property::Nonsingular));
            let product = k.store.chain([a, k.d]);
            let twice = k.store.scale(&Rational::from(2), k.u);
            k.assume(Assumption::Equal(product, twice));
            let inverse = k.store.inverse(a);
            let solution = k.store.chain([inverse, twice]);
            k.equal(k.d, solution)
        },
        3,
    );
}

#[test]
fn a_dimension_is_a_number_too() {
    let sides = |k: &mut Kit| {
        k.nonsingular_fisher();
        let (score, fisher) = (k.score(), k.fisher());
        let inverse = k.store.inverse(fisher);
        let form = k.form(score, inverse, score);
        let n = match k.n {
            Dimension::Named(n) => k.store.symbol_expr(n),
            Dimension::Fixed(n) => k.store.integer(i64::from(n)),
        };
        (k.mean(form), n)
    };
    check_true(
        move |k| {
            let (l, r) = sides(k);
            k.equal(l, r)
        },
        8,
    );
    check_false(
        move |k| {
            let (l, _) = sides(k);
            k.equal(l, Store::ONE)
        },
        "categorical(3), theta = (1/5, 3/10)",
        "the left side is 2",
    );
}

#[test]
fn a_limit_is_taken_on_the_declared_side() {
    let claim = |k: &mut Kit, symbol: Expr| {
        let square = k.store.powi(symbol, 2);
        let size = k.store.call_named("sqrt", [square]);
        let body = k.store.div(size, symbol);
        Claim::LimitValue { body, variable: symbol, to: Store::ZERO, value: Store::ONE }
    };
    check_true(move |k| claim(k, k.epsilon), 1);
    check_false(
        move |k| {
            let y = k.store.scalar("y");
            claim(k, y)
        },
        "",
        "the left side is -1, the right side 1",
    );
}

#[test]
fn a_support_that_moves_is_looked_at_where_regularity_is_not_declared() {
    let free = |k: &mut Kit| k.context.densities.iter_mut().for_each(|density| density.regularity = 0);
    let mean_score = |k: &mut Kit| {
        let score = k.score();
        let left = k.mean(score);
        let zero = k.store.zero(k.store.shape(k.theta));
        k.equal(left, zero)
    };
    check_true(mean_score, 8);
    check_false(
        move |k| {
            free(k);
            mean_score(k)
        },
        "uniform on (0, theta), theta = 2",
        "the left side is -1/2, the right side 0",
    );
    check_false(
        move |k| {
            free(k);
            let h = k.score_slope();
            let e = k.mean(h);
            let l = k.store.neg(e);
            let f = k.fisher();
            k.equal(l, f)
        },
        "uniform on (0, theta), theta = 2",
        "the left side is -1/4, the right side 1/4",
    );
    // ∇ ∫ p = 0 even there: the boundary moves with θ, and this instance is not asked.
    check_true(
        move |k| {
            free(k);
            let p = k.p(k.theta);
            let total = k.integral(p);
            let l = k.grad(total, k.theta);
            let zero = k.store.zero(k.store.shape(k.theta));
            k.equal(l, zero)
        },
        8,
    );
}

#[test]
fn what_is_too_long_or_too_deep_is_undecided_in_bounded_time() {
    // log(1 + log(1 + …)), deeper than is evaluated.
    check_undecided(|k| {
        let mut e = k.eta;
        for _ in 0..300 {
            let sum = k.store.add(e, Store::ONE);
            e = k.log(sum);
        }
        k.equal(e, Store::ZERO)
    });
    // E[p E[p E[…]]], ten deep with as many samples.
    check_undecided(|k| {
        let mut body = k.p(k.theta);
        for depth in 0..16 {
            let y = k.store.scalar(&format!("y{depth}"));
            let p = k.store.apply(k.p, [y, k.theta]);
            let product = k.store.mul(body, p);
            let body_of_y = k.store.abstract_over(product, y, false);
            let mean = k.store.expectation(k.p, k.theta, body_of_y);
            let here = k.p(k.theta);
            body = k.store.mul(mean, here);
            let inner = k.store.abstract_over(body, k.x, false);
            body = k.store.expectation(k.p, k.theta, inner);
            let again = k.p(k.theta);
            body = k.store.mul(body, again);
        }
        let e = k.mean(body);
        let moved = k.moved();
        let hard = k.kl(k.theta, moved);
        let mut power = hard;
        for _ in 0..12 {
            power = k.store.mul(power, power);
        }
        let left = k.store.mul(e, power);
        k.order(left, Store::ZERO, 60)
    });
    // A tower of powers.
    check_undecided(|k| {
        let huge = k.store.integer(1_000_000_000);
        let power = k.store.pow(k.eta, huge);
        k.equal(power, Store::ZERO)
    });
    // Constants have no arguments.
    check_false(
        |k| {
            let pi = k.store.call_named("pi", []);
            let log = k.log(pi);
            k.equal(log, Store::ONE)
        },
        "no free symbols",
        "the left side is 1.14473, the right side 1",
    );
}

#[test]
fn what_is_assumed_of_a_function_holds_at_every_sample() {
    let positive = |k: &mut Kit| {
        let g = k.of_x(k.g);
        k.assume(Assumption::Positive(g));
        k.mean(g)
    };
    check_true(
        move |k| {
            let mean = positive(k);
            Claim::Compare { left: mean, relation: Inequality::Greater, right: Store::ZERO }
        },
        5,
    );
    // E[log g] ≤ log E[g], and not the other way round.
    let jensen = |k: &mut Kit| {
        let mean = positive(k);
        let g = k.of_x(k.g);
        let log = k.log(g);
        (k.mean(log), k.log(mean))
    };
    check_true(
        move |k| {
            let (left, right) = jensen(k);
            Claim::Compare { left, relation: Inequality::LessOrEqual, right }
        },
        5,
    );
    check_false(
        move |k| {
            let (left, right) = jensen(k);
            Claim::Compare { left, relation: Inequality::GreaterOrEqual, right }
        },
        "Bernoulli, theta = 3/10",
        "is not at least",
    );
}

/// T(x), A(θ), h(x) with log p(x|θ) = T(x)ᵀθ − A(θ) + log h(x).
fn exponential(k: &mut Kit) -> (SymbolId, SymbolId) {
    let column = Shape::vector(k.n);
    let head = |k: &mut Kit, name: &str, shape: Shape| {
        k.store.symbol_id(Symbol { name: name.to_owned(), shape, integer: false })
    };
    let (t, a, h) = (head(k, "T", column), head(k, "A", Shape::SCALAR), head(k, "h", Shape::SCALAR));
    for (symbol, argument) in [(t, k.x), (a, k.theta), (h, k.x)] {
        k.context.functions.push(AbstractFunction { symbol, arguments: vec![argument], smoothness: 3 });
    }
    let statistic = k.store.apply(t, [k.x]);
    let first = k.dot(statistic, k.theta);
    let partition = k.store.apply(a, [k.theta]);
    let base = k.store.apply(h, [k.x]);
    let base = k.log(base);
    let exponent = k.store.sub(first, partition);
    let right = k.store.add(exponent, base);
    let left = k.log_p(k.theta);
    k.assume(Assumption::Equal(left, right));
    (t, a)
}

#[test]
fn exponential_families_in_natural_parameters() {
    // E[T] = ∇A, and not ∇²A; F = ∇²A; KL(θ, η) is the Bregman divergence at (η, θ).
    let mean = |k: &mut Kit| {
        let (t, a) = exponential(k);
        let statistic = k.store.apply(t, [k.x]);
        let partition = k.store.apply(a, [k.theta]);
        (k.mean(statistic), k.grad(partition, k.theta), k.hess(partition, k.theta))
    };
    check_true(
        move |k| {
            let (l, r, _) = mean(k);
            k.equal(l, r)
        },
        3,
    );
    check_false(
        move |k| {
            let (l, r, _) = mean(k);
            let r = k.store.neg(r);
            k.equal(l, r)
        },
        "Bernoulli in natural parameters",
        "",
    );
    check_true(
        move |k| {
            let (_, _, l) = mean(k);
            let r = k.fisher();
            k.equal(l, r)
        },
        3,
    );
    let bregman = |k: &mut Kit, swapped: bool| {
        let (_, a) = exponential(k);
        let other = k.u;
        let (from, to) = if swapped { (other, k.theta) } else { (k.theta, other) };
        let kl = k.kl(k.theta, other);
        let (here, there) = (k.store.apply(a, [from]), k.store.apply(a, [to]));
        let body = k.store.apply(a, [k.theta]);
        let body = k.store.abstract_over(body, k.theta, false);
        let slope = k.store.derivative(crate::expr::DerivativeKind::Gradient, body, from);
        let step = k.store.sub(to, from);
        let tangent = k.dot(slope, step);
        let gap = k.store.sub(there, here);
        let right = k.store.sub(gap, tangent);
        k.equal(kl, right)
    };
    check_true(move |k| bregman(k, false), 3);
    check_false(move |k| bregman(k, true), "Bernoulli in natural parameters", "log(");
}

/// |h|/h tends to 1 from above and to −1 from below.
#[test]
fn what_tends_to_zero_comes_from_both_sides() {
    let mut kit = Kit::new();
    let h = kit.store.scalar("h");
    let (size, over) = (kit.store.call_named("abs", vec![h]), kit.store.powi(h, -1));
    let quotient = kit.store.mul(size, over);
    let claim = kit.order_in(&[(h, 1)], quotient, Store::ONE, 0);
    assert!(matches!(kit.examine(&claim), Outcome::Refuted(_)));
    kit.assume(Assumption::Positive(h));
    assert!(matches!(kit.examine(&claim), Outcome::Supported { .. }));
}
