//! Every function of balls against higher precision, against another implementation, and against itself.

use dashu_float::round::mode::HalfEven;
use dashu_float::{ConstCache, Context, FBig, FpResult, Repr};
use proptest::prelude::*;

use super::constants::enclose;
use super::{Ball, Definedness};
use crate::number::Rational;

type Image = fn(&Ball) -> Ball;

/// A function of balls, and the same of floats.
type Row = (&'static str, Image, fn(f64) -> f64);

#[rustfmt::skip]
const FUNCTIONS: &[Row] = &[
    ("exp",   Ball::exp,   libm::exp),
    ("expm1", Ball::expm1, libm::expm1),
    ("log",   Ball::log,   libm::log),
    ("log1p", Ball::log1p, libm::log1p),
    ("sqrt",  Ball::sqrt,  libm::sqrt),
    ("sin",   Ball::sin,   libm::sin),
    ("cos",   Ball::cos,   libm::cos),
    ("tan",   Ball::tan,   libm::tan),
    ("atan",  Ball::atan,  libm::atan),
    ("sinh",  Ball::sinh,  libm::sinh),
    ("cosh",  Ball::cosh,  libm::cosh),
    ("tanh",  Ball::tanh,  libm::tanh),
    ("abs",   Ball::abs,   libm::fabs),
    ("recip", Ball::recip, |x| 1.0 / x),
    ("cube",  |x| x.powi(3),  |x| x * x * x),
    ("square", |x| x.powi(2), |x| x * x),
    ("power −4", |x| x.powi(-4), |x| 1.0 / (x * x * x * x)),
    ("power 2/3", |x| x.pow_rational(&Rational::new(2, 3)), |x| if x > 0.0 { libm::pow(x, 2.0 / 3.0) } else { f64::NAN }),
    ("power −3/2", |x| x.pow_rational(&Rational::new(-3, 2)), |x| if x > 0.0 { 1.0 / libm::sqrt(x * x * x) } else { f64::NAN }),
    ("power x", |x| x.pow(&x.add(&Ball::from_rational(&Rational::new(1, 3), 400))), |x| if x > 0.0 { libm::pow(x, x + 1.0 / 3.0) } else { f64::NAN }),
];

/// The same function in correctly rounded floats, computed independently.
type Independent = fn(&Context<HalfEven>, &Repr<2>, Option<&mut ConstCache>) -> FpResult<FBig<HalfEven, 2>>;

#[rustfmt::skip]
const INDEPENDENT: &[(&str, Image, Independent)] = &[
    ("exp",   Ball::exp,   |context, x, digits| context.exp(x, digits)),
    ("expm1", Ball::expm1, |context, x, digits| context.exp_m1(x, digits)),
    ("log",   Ball::log,   |context, x, digits| context.ln(x, digits)),
    ("log1p", Ball::log1p, |context, x, digits| context.ln_1p(x, digits)),
    ("sin",   Ball::sin,   |context, x, digits| context.sin(x, digits)),
    ("cos",   Ball::cos,   |context, x, digits| context.cos(x, digits)),
    ("tan",   Ball::tan,   |context, x, digits| context.tan(x, digits)),
    ("atan",  Ball::atan,  |context, x, digits| context.atan(x, digits)),
    ("sinh",  Ball::sinh,  |context, x, digits| context.sinh(x, digits)),
    ("cosh",  Ball::cosh,  |context, x, digits| context.cosh(x, digits)),
    ("tanh",  Ball::tanh,  |context, x, digits| context.tanh(x, digits)),
];

fn precision() -> impl Strategy<Value = u32> {
    prop_oneof![Just(53u32), Just(100), Just(333)]
}

fn rational() -> impl Strategy<Value = Rational> {
    prop_oneof![
        4 => (-4000i64..4000, 1i64..400).prop_map(|(n, d)| Rational::new(n, d)),
        1 => (-3i64..=3).prop_map(Rational::from),
        1 => (any::<i32>(), -400i64..60).prop_map(|(n, k)| &Rational::from(i64::from(n)) * &power_of_two(k)),
        1 => (1i64..5, any::<i32>(), 0i64..300)
            .prop_map(|(a, n, k)| &Rational::from(a) + &(&Rational::from(i64::from(n)) * &power_of_two(-k))),
    ]
}

fn power_of_two(exponent: i64) -> Rational {
    Rational::from(2).pow(exponent).expect("short")
}

/// A point, and an interval around it of any width from none to several units.
fn inhabited() -> impl Strategy<Value = (Rational, Ball)> {
    (rational(), rational(), 0i64..400, 0i64..=4, precision()).prop_map(|(a, b, k, quarter, precision)| {
        let width = if k < 20 { Rational::ZERO } else { &b * &power_of_two(40 - k) };
        let low = &a - &(&width * &Rational::new(quarter, 4));
        (a, Ball::hull(&low, &(&low + &width), precision))
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn images_contain_the_value_at_every_point((a, x) in inhabited()) {
        for (name, of, _) in FUNCTIONS {
            let (image, value) = (of(&x), of(&Ball::from_rational(&a, 800)));
            match value.definedness() {
                Definedness::Defined => {
                    prop_assert!(!image.is_undefined(), "{name} {x:?} at {a}");
                    prop_assert!(image.overlaps(&value), "{name} {x:?} at {a}: {image:?} {value:?}");
                }
                Definedness::Unknown => prop_assert!(!image.is_defined() || !x.is_exact(), "{name} {x:?} at {a}"),
                Definedness::Undefined => prop_assert!(!image.is_defined(), "{name} {x:?} at {a}"),
            }
        }
    }

    #[test]
    fn images_contain_the_independent_value((a, x) in inhabited()) {
        let point = Ball::from_rational(&a, 900);
        for (name, of, independent) in INDEPENDENT {
            let image = of(&x);
            if !image.is_defined() || a.is_zero() || (*name == "log" && a.is_one()) {
                continue;
            }
            // The value at a point next to a is next to the value at a, by far less than the last place.
            let (lower, upper) = enclose(700, |context, digits| independent(context, point.lower.repr(), digits));
            let value = Ball::new(lower, upper, 700, Definedness::Defined);
            prop_assert!(image.overlaps(&value), "{name} {x:?} at {a}: {image:?} {value:?}");
        }
    }

    #[test]
    fn points_agree_with_floats(n in -20_000i64..20_000, k in 0i32..24) {
        let x = libm::scalbn(n as f64, -k).clamp(-700.0, 700.0);
        for (name, of, float) in FUNCTIONS {
            let (ball, value) = (of(&Ball::from_f64(x, 80)), float(x));
            if ball.is_undefined() {
                prop_assert!(!value.is_finite(), "{name} {x}");
            } else {
                // The floats are a few roundings off, in relative terms; powers near 700^700 not even that.
                let near = ball.widened(&Ball::from_f64(value * 1e-13, 80));
                let tolerated = *name == "power x" && x > 20.0;
                prop_assert!(tolerated || value.is_infinite() || near.contains(&Rational::from_f64(value).expect("finite")), "{name} {x} {ball:?} {value:e}");
            }
        }
    }

    #[test]
    fn points_have_narrow_images((n, d) in (-400i64..400, 1i64..300), precision in precision()) {
        let x = Ball::from_rational(&Rational::new(n, d), precision + 20).with_precision(precision + 20);
        let x = Ball::from_f64(x.midpoint_f64(), precision);
        for (name, of, _) in FUNCTIONS {
            let image = of(&x);
            // Two units in the last place.
            let narrow = image.relative_accuracy_bits().is_some_and(|bits| bits >= precision - 2);
            prop_assert!(narrow || !image.is_defined(), "{name} {x:?} {image:?}");
        }
    }

    #[test]
    fn functional_equations_hold((_, x) in inhabited(), (_, y) in inhabited()) {
        let one = Ball::from_i64(1, 53);
        let equal = |left: Ball, right: Ball| left.is_undefined() || right.is_undefined() || left.overlaps(&right);
        prop_assert!(equal(x.add(&y).exp(), x.exp().mul(&y.exp())));
        prop_assert!(equal(x.sin().powi(2).add(&x.cos().powi(2)), one.clone()));
        prop_assert!(equal(x.exp().log(), x.clone()));
        prop_assert!(equal(x.log().exp(), x.max(&Ball::from_i64(0, 53))));
        prop_assert!(equal(x.tan(), x.sin().div(&x.cos())));
        prop_assert!(equal(x.atan().tan(), x.clone()));
        prop_assert!(equal(x.cosh().powi(2).sub(&x.sinh().powi(2)), one.clone()));
        prop_assert!(equal(x.tanh(), x.sinh().div(&x.cosh())));
        prop_assert!(equal(x.expm1(), x.exp().sub(&one)));
        prop_assert!(equal(x.log1p(), x.add(&one).log()));
        prop_assert!(equal(x.sqrt().powi(2), x.max(&Ball::from_i64(0, 53))));
        prop_assert!(equal(x.add(&y).sin(), x.sin().mul(&y.cos()).add(&x.cos().mul(&y.sin()))));
    }
}

fn point(n: i64) -> Ball {
    Ball::from_i64(n, 64)
}

fn between(low: i64, high: i64) -> Ball {
    Ball::hull(&Rational::from(low), &Rational::from(high), 64)
}

#[test]
fn what_is_undefined_is_said_to_be_and_nothing_else() {
    use Definedness::{Defined, Undefined, Unknown};
    let half = Rational::new(1, 2);
    #[rustfmt::skip]
    let rows: &[(Ball, Definedness)] = &[
        (point(0).log(), Undefined), (point(-1).log(), Undefined), (between(-3, -1).log(), Undefined),
        (between(-1, 0).log(), Undefined), (between(0, 1).log(), Unknown), (between(-1, 1).log(), Unknown),
        (point(-1).log1p(), Undefined), (between(-2, 0).log1p(), Unknown), (between(0, 1).log1p(), Defined),
        (point(0).recip(), Undefined), (between(0, 1).recip(), Unknown), (between(-1, 1).recip(), Unknown),
        (point(-1).sqrt(), Undefined), (point(0).sqrt(), Defined), (between(-1, 0).sqrt(), Unknown),
        (point(0).powi(0), Defined), (point(0).powi(-1), Undefined), (between(-1, 1).powi(-2), Unknown),
        (point(0).powi(i64::MAX), Defined), (point(0).powi(i64::MIN), Undefined),
        (point(0).pow_rational(&half), Undefined), (point(-4).pow_rational(&half), Undefined),
        (between(0, 4).pow_rational(&half), Unknown), (point(4).pow_rational(&-&half), Defined),
        (point(-2).pow(&point(3)), Defined), (point(-2).pow(&between(1, 2)), Unknown),
        (point(-2).pow(&Ball::from_rational(&half, 64)), Undefined), (point(0).pow(&point(0)), Unknown),
        (point(0).pow(&between(1, 2)), Unknown), (point(0).pow(&point(2)), Defined),
        (between(1, 2).tan(), Unknown), (point(1).tan(), Defined), (Ball::whole(64).tan(), Unknown),
        (Ball::whole(64).sin(), Defined), (point(0).div(&point(0)), Undefined),
        (Ball::undefined(64).mul(&point(0)), Undefined), (Ball::undefined(64).powi(0), Undefined),
        (between(0, 1).log().sub(&between(0, 1).log()), Unknown), (between(0, 1).log().add(&point(-1).log()), Undefined),
        // Underflow and overflow are not where mathematics ends.
        (point(-1_000_000_000).powi(3).exp().log(), Unknown), (point(-1_000_000_000).powi(3).exp().recip(), Unknown),
        (point(1_000_000_000).powi(3).exp().recip(), Defined), (point(10).powi(i64::MIN).sqrt(), Defined),
        (point(10).powi(i64::MAX).sub(&point(10).powi(i64::MAX)).log(), Unknown),
    ];
    for (index, (ball, expected)) in rows.iter().enumerate() {
        assert_eq!(ball.definedness(), *expected, "row {index}: {ball:?}");
    }
}

#[test]
fn exact_arithmetic_stays_exact() {
    let half = Rational::new(1, 2);
    #[rustfmt::skip]
    let rows: &[(Ball, i64)] = &[
        (point(3).add(&point(4)), 7), (point(3).mul(&point(-4)), -12), (point(12).div(&point(-4)), -3),
        (point(-3).powi(5), -243), (point(9).sqrt(), 3), (point(9).pow_rational(&Rational::new(3, 2)), 27),
        (point(0).exp(), 1), (point(1).log(), 0), (point(0).sin(), 0), (point(0).cos(), 1), (point(0).cosh(), 1),
        (point(-7).abs(), 7), (point(-7).sign(), -1), (point(2).pow(&point(10)), 1024),
        (Ball::from_rational(&half, 53).add(&Ball::from_rational(&half, 53)), 1), (point(0).mul(&Ball::whole(64)), 0),
    ];
    for (ball, expected) in rows {
        assert_eq!(ball.as_i64(), Some(*expected), "{ball:?}");
    }
    assert!(between(-1, 2).powi(2).contains_zero() && between(-1, 2).powi(2).is_nonnegative());
}

/// Arguments for which a direct computation would not end, or not fit.
#[test]
fn extreme_arguments_are_answered_soundly_and_soon() {
    let ten = |exponent| Ball::from_i64(10, 64).powi(exponent);
    let (huge, vast, tiny) = (ten(18), ten(3_000_000_000), ten(-3_000_000_000));
    assert!(huge.exp().lower().is_some() && huge.exp().upper().is_none() && huge.exp().is_positive());
    assert!(
        huge.neg().exp().upper().is_some_and(|bound| bound.is_positive())
            && huge.neg().exp().is_nonnegative()
    );
    assert!(ten(6).exp().upper().is_some() && ten(6).exp().is_narrow(10) && ten(9).neg().exp().is_narrow(6));
    // sin 10²² = −0.8522008497671888…, the test of argument reduction in K. C. Ng (1992).
    assert_eq!(ten(22).sin().to_decimal(16).as_deref(), Some("-0.8522008497671888"));
    assert_eq!(Ball::from_f64(1e30, 64).sin().to_decimal(10).as_deref(), Some("0.009331468931"));
    assert!(Ball::from_f64(1e300, 64).tan().is_narrow(15));
    assert!(vast.log().is_narrow(15) && tiny.log().is_narrow(15) && tiny.log1p().is_narrow(15));
    for argument in
        [&huge, &vast, &tiny, &vast.neg(), &tiny.neg(), &Ball::whole(64), &vast.exp(), &vast.neg().exp()]
    {
        for (name, of, _) in FUNCTIONS {
            let image = of(argument);
            let (lower, upper) = (image.lower_f64(), image.upper_f64());
            assert!(lower <= upper, "{name} {argument:?}");
            assert!(image.to_string().len() < 90, "{name} {argument:?}");
        }
    }
    assert!(vast.cosh().lower().is_some() && vast.tanh().is_narrow(15) && vast.atan().is_narrow(15));
    assert!(
        tiny.sin().is_narrow(15)
            && tiny.cos().is_narrow(15)
            && tiny.exp().is_narrow(15)
            && tiny.expm1().is_narrow(15)
    );
    let underflow = point(10).powi(i64::MIN);
    assert!(underflow.is_nonnegative() && underflow.upper().is_some_and(|bound| bound.is_positive()));
    assert!(
        underflow.neg().lower().is_some_and(|bound| bound.is_negative()) && !underflow.log().is_undefined()
    );
    assert_eq!(Ball::whole(64).cos().upper(), Some(Rational::ONE));
}

#[test]
fn thousands_of_bits_are_as_sound_as_fifty() {
    for precision in [1000, 4000] {
        for (n, d) in [(1, 3), (-22, 7), (355, 113), (12_345, 67)] {
            let x = Ball::from_f64(Rational::new(n, d).to_f64(), precision);
            for (name, of, independent) in INDEPENDENT {
                let image = of(&x);
                let (lower, upper) =
                    enclose(precision + 100, |context, digits| independent(context, x.lower.repr(), digits));
                let contained = image.lower <= lower && upper <= image.upper;
                let narrow = image.relative_accuracy_bits().is_some_and(|bits| bits >= precision - 2);
                assert!(!image.is_defined() || contained && narrow, "{name} {n}/{d} at {precision}");
            }
        }
    }
}

#[test]
fn narrowness_is_relative() {
    assert!(point(0).is_narrow(30) && !between(0, 1).is_narrow(0) && !between(-1, 1).is_narrow(0));
    let near = |radius: &str| {
        let radius = Rational::parse_decimal(radius).expect("a decimal");
        Ball::hull(&(&Rational::from(100) - &radius), &(&Rational::from(100) + &radius), 200)
    };
    assert!(near("0.9e-8").is_narrow(10) && !near("1.1e-8").is_narrow(10));
    assert!(!near("1e-20").doubtful().is_narrow(3) && !Ball::undefined(64).is_narrow(0));
    assert_eq!(near("1").relative_accuracy_bits(), Some(5));
}

#[test]
fn balls_are_compared_as_sets() {
    assert!(between(1, 2).overlaps(&between(2, 3)) && !between(1, 2).is_disjoint(&between(2, 3)));
    assert!(
        between(1, 2).is_disjoint(&between(3, 4)) && !between(1, 2).doubtful().is_disjoint(&between(3, 4))
    );
    assert!(between(1, 2).union(&between(5, 6)).contains(&Rational::from(4)));
    let either = between(1, 2).union(&Ball::undefined(64));
    assert!(either.definedness() == Definedness::Unknown && either.is_positive());
    assert!(Ball::undefined(64).union(&Ball::undefined(64)).is_undefined());
    assert!(between(1, 2).contains(&Rational::new(4, 3)) && !between(1, 2).contains(&Rational::new(7, 3)));
    let third = Ball::from_rational(&Rational::new(1, 3), 200);
    let (lower, upper) = (third.lower_f64(), third.upper_f64());
    assert!(lower < upper && upper.to_bits() - lower.to_bits() == 1);
    assert!(
        third.contains(&Rational::new(1, 3)) && !third.contains(&Rational::from_f64(lower).expect("finite"))
    );
    let tiny = Ball::from_f64(5e-324, 53);
    assert!(tiny.lower_f64() == 0.0 && tiny.upper_f64() > 0.0 && tiny.is_positive());
    assert_eq!(Ball::from_f64(-1.5, 53).lower_f64(), -1.5);
    assert!(Ball::from_f64(f64::NAN, 53).definedness() == Definedness::Unknown);
}
