//! Recurrences, reflection and duplication in balls; published digits; what happens at the poles.

use crate::function::tests::{Numbers, at, check_digits, named, q};
use crate::number::{Ball, Definedness, Rational};

fn call(name: &str, arguments: &[&Ball], precision: u32) -> Ball {
    let owned: Vec<Ball> = arguments.iter().map(|&ball| ball.clone()).collect();
    (named(name).eval.ball)(&owned, precision)
}

/// Both sides overlap, and neither is too wide to tell anything.
#[track_caller]
fn check_equal(left: &Ball, right: &Ball, digits: u32, x: f64) {
    assert!(left.overlaps(right), "at {x}: {left:?} {right:?}");
    assert!(left.is_narrow(digits) && right.is_narrow(digits), "at {x}: {left:?} {right:?}");
}

/// Points between the poles: near 0, moderate, large, negative.
fn points() -> impl Iterator<Item = (f64, u32)> {
    let mut numbers = Numbers(3);
    (0..60).map(move |round| {
        let x = match round % 4 {
            0 => numbers.power_of_two(-30.0, 0.0),
            1 => numbers.between(0.0, 30.0),
            2 => numbers.power_of_two(4.0, 30.0),
            _ => -numbers.between(0.0, 30.0),
        };
        (x, [53, 128, 400][round % 3])
    })
}

#[test]
fn recurrences_hold_in_balls() {
    for (point, precision) in points() {
        let bits = precision + 70;
        let (x, one) = (Ball::from_f64(point, bits), Ball::from_i64(1, bits));
        let next = x.add(&one);
        let digits = precision * 3 / 10;
        let of = |name, x: &Ball| call(name, &[x], bits);
        check_equal(&of("gamma", &next), &x.mul(&of("gamma", &x)), digits, point);
        check_equal(&of("factorial", &x), &of("gamma", &next), digits, point);
        let logs = of("lgamma", &x).add(&x.abs().log());
        assert!(of("lgamma", &next).overlaps(&logs), "at {point}");
        assert!(of("digamma", &next).overlaps(&of("digamma", &x).add(&x.recip())), "at {point}");
        check_equal(&of("trigamma", &x), &of("trigamma", &next).add(&x.powi(-2)), digits, point);
        for (order, factorial) in [(2, -2), (3, 6), (6, -720)] {
            let n = Ball::from_i64(order, bits);
            let polygamma = |x: &Ball| call("polygamma", &[&n, x], bits);
            let step = x.powi(-order - 1).mul(&Ball::from_i64(factorial, bits));
            assert!(polygamma(&x).overlaps(&polygamma(&next).add(&step)), "order {order} at {point}");
        }
    }
}

#[test]
fn duplication_holds_in_balls() {
    for (point, precision) in points().filter(|&(point, _)| point > 0.0 && point < 1e6) {
        let bits = precision + 90;
        let x = Ball::from_f64(point, bits);
        let (two, half) = (Ball::from_i64(2, bits), Ball::from_rational(&q(1, 2), bits));
        let (double, shifted) = (x.mul(&two), x.add(&half));
        let of = |name, x: &Ball| call(name, &[x], bits);
        let digits = precision * 3 / 10;
        // DLMF 5.5.8, 5.5.5.
        let mean = of("digamma", &x).add(&of("digamma", &shifted)).mul(&half).add(&two.log());
        assert!(of("digamma", &double).overlaps(&mean), "at {point}");
        let product = of("gamma", &x).mul(&of("gamma", &shifted));
        let power = double.sub(&Ball::from_i64(1, bits)).mul(&two.log()).exp();
        let right = power.mul(&product).div(&Ball::pi(bits).sqrt());
        check_equal(&of("gamma", &double), &right, digits, point);
    }
}

#[test]
fn the_remainder_of_stirlings_series_bridges_what_is_left_out() {
    // At small y the series has few digits, and only its remainder makes it true.
    for (n, factorial) in [(1, 1), (2, 1), (3, 2), (4, 6), (6, 120)] {
        let y = Ball::from_i64(n, 200);
        let log_gamma = super::stirling::log_gamma(&y);
        let exact = Ball::from_i64(factorial, 400).log();
        assert!(log_gamma.overlaps(&exact) && !log_gamma.is_narrow(40), "{n}: {log_gamma:?}");
        for (order, sign) in [(0, -1), (1, 1), (2, 1), (5, 1)] {
            // The series for ψ⁽ⁿ⁾ stands between its partial sums with one term more and one less.
            let series = super::stirling::series(&y, order);
            let precise = match order {
                0 => at("digamma", &[q(n, 1)], 400)
                    .sub(&Ball::from_i64(n, 400).log())
                    .add(&Ball::from_rational(&q(1, 2 * n), 400)),
                _ => {
                    let magnitude = at("polygamma", &[q(order, 1), q(n, 1)], 400).abs();
                    let before = (1..order).product::<i64>();
                    let leading =
                        Ball::from_i64(before, 400).add(&Ball::from_rational(&q(before * order, 2 * n), 400));
                    magnitude.mul(&Ball::from_i64(n, 400).powi(order)).sub(&leading)
                }
            };
            let precise = precise.mul(&Ball::from_i64(sign, 400));
            assert!(series.overlaps(&precise), "{n} {order}: {series:?} {precise:?}");
        }
    }
}

#[test]
fn digits_are_those_computed_elsewhere() {
    // Γ(1/4), Γ(1/3): OEIS A068466, A073005; the rest by an independent implementation with 60 digits.
    check_digits("gamma", &[q(1, 4)], "3.625609908221908311930685155867672002995");
    check_digits("gamma", &[q(1, 3)], "2.678938534707747633655692940974677644129");
    check_digits("gamma", &[q(-7, 2)], "0.2700882058522691089216255212710316469025");
    check_digits("lgamma", &[q(1000, 1)], "5905.220423209181211826076912361440789849");
    check_digits("lgamma", &[q(-5, 2)], "-0.05624371649767405067259453009765428412294");
    check_digits("digamma", &[q(1, 3)], "-3.132033780020806322996419074287268854155");
    check_digits("digamma", &[q(-3, 4)], "-2.894120200042932074756196812763350244034");
    check_digits("digamma", &[q(1_000_000, 1)], "13.8155100579641907707746154031061852456");
    check_digits("trigamma", &[q(1, 4)], "17.19732915450711073927131911933522402151");
    check_digits("trigamma", &[q(-3, 4)], "18.97510693228488851704909689711300179928");
    check_digits("polygamma", &[q(4, 1), q(3, 2)], "-3.474249826667225190535921924033421034468");
    check_digits("polygamma", &[q(3, 1), q(-5, 4)], "1558.220912534850599760254079190246723227");
    check_digits("binomial", &[q(1, 2), q(1, 3)], "1.069761191718989782511443648817486977126");
    check_digits("binomial", &[q(-3, 2), q(1, 3)], "0.594311773177216545839690916009714987292");
    check_digits("lbeta", &[q(1, 3), q(1000, 1)], "-1.317053328786444251501523996106027376262");
    check_digits("EulerGamma", &[], "0.5772156649015328606065120900824024310422");
}

#[test]
fn high_orders_lie_between_a_sum_and_its_integral() {
    // Σ_{k<N} n!/(x+k)ⁿ⁺¹ < |ψ⁽ⁿ⁾(x)| < the same + (n−1)!/(x+N−1)ⁿ, at a point where other software errs.
    let (order, precision, steps) = (49, 400, 3000);
    let x = Ball::from_rational(&q(9017, 10), precision);
    let factorial = |n: i64| (1..=n).fold(Ball::from_i64(1, 400), |p, k| p.mul(&Ball::from_i64(k, 400)));
    let term = |k: i64| x.add(&Ball::from_i64(k, precision)).powi(-order - 1);
    let sum = (0..steps).map(term).reduce(|a, b| a.add(&b)).expect("terms").mul(&factorial(order));
    let rest = factorial(order - 1).mul(&x.add(&Ball::from_i64(steps - 1, precision)).powi(-order));
    let value = at("polygamma", &[q(order, 1), q(9017, 10)], precision);
    assert!(value.sub(&sum).is_positive() && sum.add(&rest).sub(&value).is_positive(), "{value} {sum}");
    assert!(value.is_narrow(100) && rest.div(&sum).upper_f64() < 1e-25);
}

#[test]
fn wide_balls_lose_nothing_to_their_width() {
    let wide = Ball::hull(&q(1, 2), &q(100, 1), 80);
    let check = |name: &str, low: &Rational, high: &Rational| {
        let ball = call(name, &[&wide], 80);
        let expected =
            at(name, std::slice::from_ref(low), 80).union(&at(name, std::slice::from_ref(high), 80));
        let width = |ball: &Ball| &ball.upper().unwrap() - &ball.lower().unwrap();
        let excess = &width(&ball) - &width(&expected);
        assert!(excess.abs() <= &width(&expected) * &q(1, 1 << 50), "{name}: {ball:?} {expected:?}");
    };
    check("digamma", &q(1, 2), &q(100, 1));
    check("trigamma", &q(1, 2), &q(100, 1));
    // The least value of Γ and log Γ lies inside.
    let least = Rational::parse_decimal("1.46163214496836234126265954232572").unwrap();
    check("gamma", &least, &q(100, 1));
    check("lgamma", &least, &q(100, 1));
    // A narrow ball around the minimum is as narrow as the function is flat there.
    let around = Ball::hull(&(&least - &q(1, 1 << 40)), &(&least + &q(1, 1 << 40)), 200);
    let minimum = call("gamma", &[&around], 200);
    assert!(minimum.is_narrow(22) && minimum.contains(&at("gamma", &[least], 200).lower().unwrap()));
}

#[test]
fn unbounded_arguments_keep_the_bounded_side() {
    let from_two = Ball::from_i64(2, 64).max(&Ball::whole(64));
    for (name, low) in [("gamma", 0.999), ("lgamma", -1e-9), ("digamma", 0.422)] {
        let ball = call(name, &[&from_two], 64);
        assert!(ball.is_defined() && ball.upper().is_none() && ball.lower_f64() > low, "{name}: {ball:?}");
    }
    let trigamma = call("trigamma", &[&from_two], 64);
    assert!(trigamma.lower_f64() == 0.0 && trigamma.upper_f64() < 0.645, "{trigamma:?}");
    let lbeta = call("lbeta", &[&from_two, &from_two], 64);
    assert!(lbeta.lower().is_none() && lbeta.upper_f64() < -1.79, "log B(2, 2) = −log 6: {lbeta:?}");
}

#[test]
fn poles_are_undefined_and_what_touches_them_is_unknown() {
    let span = |low, high| Ball::hull(&low, &high, 64);
    for name in ["gamma", "lgamma", "digamma", "trigamma"] {
        let of = |ball: &Ball| call(name, &[ball], 64).definedness();
        assert_eq!(of(&Ball::from_i64(-3, 64)), Definedness::Undefined, "{name}");
        assert_eq!(of(&Ball::from_i64(0, 64)), Definedness::Undefined, "{name}");
        assert_eq!(of(&span(q(-7, 2), q(-5, 2))), Definedness::Unknown, "{name}");
        assert_eq!(of(&span(q(0, 1), q(1, 1))), Definedness::Unknown, "{name}");
        assert_eq!(of(&span(q(-7, 2), q(-13, 4))), Definedness::Defined, "{name}");
        assert_eq!(of(&Ball::whole(64)), Definedness::Unknown, "{name}");
        assert_eq!(of(&Ball::undefined(64)), Definedness::Undefined, "{name}");
        assert_eq!(of(&Ball::from_i64(1, 64).doubtful()), Definedness::Unknown, "{name}");
    }
    assert!(at("factorial", &[q(-1, 1)], 64).is_undefined());
    assert_eq!(at("polygamma", &[q(1, 2), q(1, 1)], 64).definedness(), Definedness::Unknown);
}

#[test]
fn factorials_and_binomial_coefficients_of_integers_are_exact() {
    let value = |n: i64, k: i64| at("binomial", &[q(n, 1), q(k, 1)], 200);
    assert_eq!(value(10, 5).as_i64(), Some(252));
    assert_eq!(at("factorial", &[q(20, 1)], 100).as_i64(), Some(2_432_902_008_176_640_000));
    assert!(at("lgamma", &[q(2, 1)], 100).is_zero());
    assert_eq!(value(62, 31).as_i64(), Some(465_428_353_255_261_088));
    for (n, k) in [(5, 7), (5, -1), (0, 1)] {
        assert!(value(n, k).is_zero(), "{n} {k}");
    }
    assert_eq!(at("binomial", &[q(-1, 2), q(3, 1)], 64).as_i64(), None);
    assert!(at("binomial", &[q(-1, 2), q(3, 1)], 64).contains(&q(-5, 16)));
    assert_eq!(value(-1, 2).definedness(), Definedness::Unknown);
    assert_eq!((named("binomial").eval.real)(&[-1.0, 2.0]), 1.0);
    assert_eq!((named("binomial").eval.real)(&[1e15, 2.0]), 499_999_999_999_999_500_000_000_000_000.0);
}

#[test]
fn extreme_arguments_cost_little_and_stay_narrow() {
    for text in ["1e300", "1e30", "1e-300", "1e-4000"] {
        let x = Rational::parse_decimal(text).unwrap();
        for name in ["lgamma", "digamma", "trigamma"] {
            let ball = at(name, std::slice::from_ref(&x), 128);
            assert!(ball.is_narrow(35), "{name}({text}) = {ball:?}");
        }
    }
    // Γ(10³⁰) is beyond every exponent: bounded below, defined, and not narrow.
    let huge = at("gamma", &[Rational::parse_decimal("1e30").unwrap()], 64);
    assert!(huge.is_defined() && huge.upper().is_none() && huge.is_positive());
    assert!(at("digamma", &[&q(-1_000_000_000_000, 1) - &q(1, 2)], 64).is_narrow(15));
}
