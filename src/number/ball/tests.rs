//! Every function of balls against higher precision, against another implementation, and against itself.

use proptest::prelude::*;

use super::{Ball, Definedness};
use crate::number::Rational;

/// A function of balls, and the same of floats.
type Row = (&'static str, fn(&Ball) -> Ball, fn(f64) -> f64);

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
