//! Recurrence and Riccati equation in balls; published digits; large arguments, and those left of 0.

use crate::function::tests::{Numbers, at, check_digits, named, q};
use crate::number::{Ball, Definedness, Rational};

fn call(name: &str, nu: &Ball, x: &Ball, precision: u32) -> Ball {
    (named(name).eval.ball)(&[nu.clone(), x.clone()], precision)
}

/// Orders and arguments, each small, moderate and large, and bits.
fn points() -> impl Iterator<Item = (f64, f64, u32)> {
    let mut numbers = Numbers(5);
    (0..45).map(move |round| {
        let nu = if round % 2 == 0 { numbers.between(0.0, 9.0).round() } else { numbers.between(0.0, 60.0) };
        let x = match round % 3 {
            0 => numbers.power_of_two(-20.0, 2.0),
            1 => numbers.between(0.0, 50.0),
            _ => numbers.between(50.0, 700.0),
        };
        (nu, x, [53, 128, 400][round / 2 % 3])
    })
}

#[test]
fn neighbouring_orders_obey_the_recurrence() {
    for (nu, x, precision) in points() {
        let bits = precision + 40;
        let (order, x, one) = (Ball::from_f64(nu, bits), Ball::from_f64(x, bits), Ball::from_i64(1, bits));
        let middle = order.add(&one);
        let of = |nu: &Ball| call("besseli", nu, &x, bits);
        // I_{ν−1} − I_{ν+1} = (2ν/x) I_ν, DLMF 10.29.1, raised by one.
        let left = of(&order).sub(&of(&middle.add(&one)));
        let right = middle.mul(&Ball::from_i64(2, bits)).div(&x).mul(&of(&middle));
        assert!(left.overlaps(&right) && right.is_narrow(precision * 3 / 10), "{nu}: {left:?} {right:?}");
        let ratio = call("bessel_ratio", &order, &x, bits);
        let quotient = of(&middle).div(&of(&order));
        assert!(
            ratio.overlaps(&quotient) && ratio.is_narrow(precision * 3 / 10),
            "{nu}: {ratio:?} {quotient:?}"
        );
    }
}

#[test]
fn half_orders_are_elementary() {
    for (_, x, precision) in points() {
        let bits = precision + 40;
        let (half, x) = (Ball::from_rational(&q(1, 2), bits), Ball::from_f64(x, bits));
        // I_½(x) = √(2/(πx)) sinh x, DLMF 10.39.1; the ratio is coth x − 1/x.
        let two = Ball::from_i64(2, bits);
        let expected = two.div(&Ball::pi(bits).mul(&x)).sqrt().mul(&x.sinh());
        assert!(call("besseli", &half, &x, bits).overlaps(&expected), "{x}");
        let langevin = x.tanh().recip().sub(&x.recip());
        assert!(call("bessel_ratio", &half, &x, bits).overlaps(&langevin), "{x}");
    }
}

#[test]
fn large_arguments_agree_by_fraction_and_by_series() {
    // Both methods at points where both apply.
    for (nu, x) in [(0, 4096), (0, 100_000), (3, 5000), (10, 20_000), (20, 1_000_000)] {
        for precision in [64, 128] {
            let (nu, x) = (Ball::from_i64(nu, precision), Ball::from_i64(x, precision));
            let series = super::expansion::Expansion::beyond(&nu, &x, 128).expect("x is large").ratio();
            let fraction = super::ratio::by_fraction(&nu, &x);
            assert!(series.overlaps(&fraction), "{series:?} {fraction:?}");
            assert!(
                series.is_narrow(precision / 4) && fraction.is_narrow(precision / 4),
                "{series:?} {fraction:?}"
            );
        }
    }
    for text in ["1e8", "1e30", "1e300"] {
        let x = Rational::parse_decimal(text).unwrap();
        let ball = at("bessel_ratio", &[q(5, 2), x], 128);
        assert!(ball.is_narrow(35) && ball.upper_f64() <= 1.0, "{text}: {ball:?}");
    }
}

#[test]
fn what_is_left_out_is_bounded() {
    // Each method stopped early, against the digits of the others: the bound alone must bridge the gap.
    let precision = 200;
    for (nu, x, terms) in
        [(0, 30, 99), (0, 40, 99), (1, 60, 99), (2, 100, 99), (5, 300, 99), (1, 5000, 3), (2, 5000, 4)]
    {
        let (nu, x) = (Ball::from_i64(nu, precision), Ball::from_i64(x, precision));
        let exact = super::ratio::by_fraction(&nu, &x);
        assert!(exact.is_narrow(50));
        let contains =
            |wide: &Ball| [exact.lower(), exact.upper()].iter().flatten().all(|end| wide.contains(end));
        assert!(contains(&super::ratio::amos(&nu, &x)), "{nu} {x}");
        let series =
            super::expansion::Expansion::beyond(&nu, &x, terms).expect("x is large beside ν").ratio();
        assert!(contains(&series) && series.is_bounded(), "{nu} {x} {series:?}");
        let q = x.powi(2).div(&Ball::from_i64(4, precision));
        let (short, long) = (super::ball::series(&nu, &q, 3), super::ball::series(&nu, &q, 200));
        assert!(
            long.lower() >= short.lower() && long.upper() <= short.upper(),
            "{nu} {x} {short:?} {long:?}"
        );
    }
}

#[test]
fn large_arguments_grow_as_the_power_series_says() {
    let precision = 128;
    for (nu, x) in [(q(0, 1), 4097), (q(0, 1), 16_000), (q(3, 1), 9000), (q(7, 2), 5000), (q(20, 1), 12_345)]
    {
        let nu = Ball::from_rational(&nu, precision);
        let x = Ball::from_i64(x, precision);
        let series = call("besseli", &nu, &x, precision);
        for terms in [3, 128] {
            let growth = super::ball::by_growth(&nu, &x, terms).expect("x is large beside ν");
            assert!(growth.overlaps(&series) && series.is_narrow(36), "{nu} {x}: {growth:?} {series:?}");
            assert!(terms == 3 || growth.is_narrow(30), "{nu} {x}: {growth:?}");
        }
    }
    let large = at("besseli", &[q(0, 1), q(1_000_000, 1)], 128).log();
    let half = Ball::from_rational(&q(1, 2), 200);
    let x = Ball::from_i64(1_000_000, 200);
    // log I₀(x) = x − ½ log 2πx + log(1 + 1/(8x) + 9/(128x²) + 75/(1024x³) + …), DLMF 10.40.1.
    let root = Ball::pi(200).mul(&x).mul(&Ball::from_i64(2, 200)).log().mul(&half);
    let rest = [q(1, 8), q(9, 128), q(75, 1024)]
        .iter()
        .rev()
        .fold(Ball::from_i64(0, 200), |sum, term| sum.add(&Ball::from_rational(term, 200)).div(&x));
    let expected = x.sub(&root).add(&rest.log1p());
    let gap = large.sub(&expected).abs().upper_f64();
    assert!(gap < 1e-23, "the next term is about 10⁻²⁴: {gap:e}");
}

#[test]
fn digits_are_those_computed_elsewhere() {
    // I₁(2)/I₀(2) = [0; 1, 2, 3, …]: OEIS A052119; the rest by an independent implementation.
    check_digits("bessel_ratio", &[q(0, 1), q(2, 1)], "0.6977746579640079820067905925517525994867");
    check_digits("bessel_ratio", &[q(1, 3), q(10, 1)], "0.9158891112747243700619828235626868204386");
    check_digits("bessel_ratio", &[q(0, 1), q(10_000, 1)], "0.9999499987498749804646864518264477888885");
    check_digits("bessel_ratio", &[q(0, 1), q(1_000_000, 1)], "0.9999994999998749998749998046870937489521");
    check_digits("bessel_ratio", &[q(5, 2), q(100_000_000, 1)], "0.9999999700000003000000029999999999999991");
    check_digits("besseli", &[q(0, 1), q(1, 1)], "1.266065877752008335598244625214717537608");
    check_digits("besseli", &[q(1, 3), q(10, 1)], "2799.239609705679371052738646630084816455");
    check_digits("besseli", &[q(100, 1), q(700, 1)], "1.217641366707889571134123215880698381237e299");
    check_digits("besseli", &[q(0, 1), q(5000, 1)], "1.674346884442330574126684238947096700447e2169");
}

#[test]
fn integer_orders_reach_left_of_zero_and_others_do_not() {
    let precision = 80;
    let at = |name: &str, nu: i64, x: Ball| call(name, &Ball::from_i64(nu, precision), &x, precision);
    let (left, right) = (Ball::from_i64(-2, precision), Ball::from_i64(2, precision));
    assert!(at("besseli", 0, left.clone()).overlaps(&at("besseli", 0, right.clone())));
    assert!(at("besseli", 3, left.clone()).neg().overlaps(&at("besseli", 3, right.clone())));
    assert!(at("besseli", -3, right.clone()).overlaps(&at("besseli", 3, right.clone())));
    assert!(at("bessel_ratio", 0, left.clone()).is_negative());
    let across = Ball::hull(&q(-2, 1), &q(1, 1), precision);
    let even = at("besseli", 0, across.clone());
    assert!(even.lower_f64() > 0.999 && (even.upper_f64() - 2.279_585_302_336_067).abs() < 1e-12, "{even:?}");
    let odd = at("bessel_ratio", 0, across);
    assert!((odd.lower_f64() + 0.697_774_657_964_008).abs() < 1e-12, "{odd:?}");
    assert!((odd.upper_f64() - 0.446_389_965_896_534).abs() < 1e-12, "{odd:?}");
    let half = Ball::from_rational(&q(1, 2), precision);
    for name in ["besseli", "bessel_ratio"] {
        assert_eq!(call(name, &half, &left, precision).definedness(), Definedness::Unknown);
    }
}

#[test]
fn values_beyond_the_budget_are_bounded_and_defined() {
    let huge = at("besseli", &[q(0, 1), q(1_000_000, 1)], 64);
    assert!(huge.is_defined() && huge.is_nonnegative());
    let unbounded = Ball::from_i64(1, 64).max(&Ball::whole(64));
    let ratio = call("bessel_ratio", &Ball::from_i64(0, 64), &unbounded, 64);
    assert!(ratio.is_defined() && ratio.lower_f64() > 0.446 && ratio.upper_f64() <= 1.0, "{ratio:?}");
    assert!(call("besseli", &Ball::from_i64(0, 64), &unbounded, 64).lower_f64() > 1.266);
    assert!(at("besseli", &[q(0, 1), q(0, 1)], 64).contains(&Rational::ONE));
    assert!(at("besseli", &[q(1, 2), q(0, 1)], 64).is_zero());
}

#[test]
fn scaled_logarithms_do_not_overflow() {
    // log(e⁻¹⁰⁰⁰⁰ I₀(10⁴)), …, by an independent implementation.
    check_digits(
        "log_besseli_scaled",
        &[q(0, 1), q(10_000, 1)],
        "-5.524096218567698995491299739360481345124",
    );
    check_digits(
        "log_besseli_scaled",
        &[q(201, 2), q(20_000, 1)],
        "-6.123188090910621543665457531001537778650",
    );
    check_digits(
        "log_besseli_scaled",
        &[q(5_000_000, 1), q(3, 1)],
        "-70097428.44286338555427012253291831765906",
    );
    check_digits(
        "log_besseli_scaled",
        &[q(1, 3), q(1, 1_000_000)],
        "-4.723028604434209682300322424110371767839",
    );
    check_digits(
        "log_besseli_scaled",
        &[q(3, 1), Rational::parse_decimal("1e30").unwrap()],
        "-35.45771492811535800205020155667545575388",
    );
    // Both ways at a point where both are taken.
    let precision = 128;
    let (nu, x) = (Ball::from_rational(&q(25, 2), precision), Ball::from_i64(4500, precision));
    let (product, definition) =
        (call("log_besseli_scaled", &nu, &x, precision), call("besseli", &nu, &x, precision).log().sub(&x));
    assert!(product.overlaps(&definition) && product.is_narrow(25) && definition.is_narrow(25));
}
