//! Every row against itself: floats lie in the balls, complex steps follow the floats, wide balls
//! contain what narrow ones say, and poles are told from the rest.

use num_complex::Complex64;

use super::{FunctionId, functions, lookup};
use crate::number::{Ball, Definedness, Rational};

pub(super) fn named(name: &str) -> FunctionId {
    lookup(name).expect("a function of the table")
}

pub(super) fn q(numerator: i64, denominator: i64) -> Rational {
    Rational::new(numerator, denominator)
}

/// The ball of a function at exact rationals.
pub(super) fn at(name: &str, arguments: &[Rational], precision: u32) -> Ball {
    let balls: Vec<Ball> = arguments.iter().map(|x| Ball::from_rational(x, precision)).collect();
    (named(name).eval.ball)(&balls, precision)
}

/// The ball agrees with digits from elsewhere, of which the last may be wrong by one unit, and has as many.
#[track_caller]
pub(super) fn check_digits(name: &str, arguments: &[Rational], digits: &str) {
    let read = |text: &str| Rational::parse_decimal(text).expect("a decimal");
    let (sign, magnitude) = match digits.strip_prefix('-') {
        Some(rest) => (-Rational::ONE, read(rest)),
        None => (Rational::ONE, read(digits)),
    };
    let mantissa = digits.trim_start_matches(['-', '0', '.']).split('e').next().unwrap_or_default();
    let count = mantissa.bytes().filter(u8::is_ascii_digit).count() as i64;
    let slack = &magnitude * &q(10, 1).pow(1 - count).expect("short");
    let (low, high) = (&(&magnitude - &slack) * &sign, &(&magnitude + &slack) * &sign);
    let reference = Ball::hull(&low, &high, 300);
    for precision in [53, 128, 400] {
        let ball = at(name, arguments, precision);
        assert!(ball.overlaps(&reference), "{name}{arguments:?} at {precision} bits: {ball:?}");
        let decimal_digits = (precision - 4) * 3 / 10;
        assert!(ball.is_narrow(decimal_digits), "{name}{arguments:?} at {precision} bits: {ball:?}");
    }
}

/// The same numbers on every run (Knuth's multiplier, upper bits).
pub(super) struct Numbers(pub(super) u64);

impl Numbers {
    /// In [0, 1).
    pub(super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1u64 << 53) as f64
    }

    /// In [low, high).
    pub(super) fn between(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.unit()
    }

    /// 2ᵉ with e in [low, high).
    pub(super) fn power_of_two(&mut self, low: f64, high: f64) -> f64 {
        libm::exp2(self.between(low, high))
    }

    /// Small and large, of both signs, and integers.
    fn any(&mut self) -> f64 {
        let sign = if self.unit() < 0.3 { -1.0 } else { 1.0 };
        match (self.unit() * 4.0) as u32 {
            0 => sign * self.power_of_two(-40.0, 40.0),
            1 => (sign * self.between(0.0, 12.0)).round(),
            _ => sign * self.between(0.0, 25.0),
        }
    }

    fn arguments(&mut self, f: FunctionId) -> Vec<f64> {
        f.params.iter().map(|_| self.any()).collect()
    }
}

fn ball_at(f: FunctionId, arguments: &[f64], precision: u32) -> Ball {
    let balls: Vec<Ball> = arguments.iter().map(|&x| Ball::from_f64(x, precision)).collect();
    (f.eval.ball)(&balls, precision)
}

/// Units in the last place by which the float of a row may be wrong; next to its roots, of 1.
fn allowed_ulps(name: &str) -> f64 {
    match name {
        "pi" | "EulerGamma" | "abs" | "sign" | "sqrt" => 0.5,
        "exp" | "log" | "sin" | "cos" | "atan" | "expm1" | "log1p" | "tan" => 1.0,
        // Γ comes from `libm`, and the others are multiples of it.
        "gamma" | "factorial" | "besseli" => 8.0,
        // By its logarithm, up to 690 here, whose units count that many times.
        "binomial" => 256.0,
        // By differences of arguments, whose roundings count as often as the arguments are larger than they.
        "logistic_divergence" | "logistic_gain" | "bessel_divergence" | "exp_divergence" => 96.0,
        "kl_term_exp" => 96.0,
        // Of ratios that differ by 1/170, where its condition number is 1300.
        "binary_kl" => 128.0,
        // n multiplications where powers leave the range of floats; cancellation left of 0.
        "polygamma" => 24.0,
        // As of their helpers, which count in units of the condition.
        "trigamma_gap" | "bessel_ratio_slope" | "log_besseli_scaled" => 16.0,
        // Next to equal distributions, where its condition number is 30 and more; `helper::tests` counts by that number.
        "beta_divergence" => 24.0,
        _ => 6.0,
    }
}

/// Does a difference next to a root count in units of 1?
fn has_roots_inside(name: &str) -> bool {
    matches!(name, "lgamma" | "digamma" | "polygamma" | "lbeta" | "sin" | "cos" | "tan")
}

#[test]
fn floats_agree_with_balls_to_a_few_units_in_the_last_place() {
    for f in functions() {
        let mut numbers = Numbers(7);
        let (mut worst, mut compared, mut place) = (0.0, 0, Vec::new());
        for _ in 0..400 {
            let arguments = numbers.arguments(f);
            let (float, ball) = ((f.eval.real)(&arguments), ball_at(f, &arguments, 100));
            if ball.is_undefined() {
                assert!(float.is_nan(), "{}{arguments:?} is undefined, the float {float}", f.name);
            }
            let value = ball.midpoint_f64();
            if !ball.is_narrow(20) || !(1e-280..1e280).contains(&value.abs()) && value != 0.0 {
                continue;
            }
            let scale = if has_roots_inside(f.name) { value.abs().max(1.0) } else { value.abs() };
            let unit = (f64::from_bits(scale.to_bits() + 1) - scale).max(f64::MIN_POSITIVE);
            let exact = Ball::from_f64(float, 100);
            let error = exact.sub(&ball).abs().upper_f64() / unit;
            assert!(error.is_finite(), "{}{arguments:?} = {ball}, the float {float}", f.name);
            compared += 1;
            if error > worst {
                (worst, place) = (error, arguments);
            }
        }
        assert!(compared >= 60, "{} was compared {compared} times", f.name);
        assert!(worst <= allowed_ulps(f.name) + 0.01, "{}{place:?} is wrong by {worst} units", f.name);
    }
}

/// Of rows whose complex values come from a definition that cancels: the size of its parts.
fn parts_that_cancel(name: &str, arguments: &[f64]) -> f64 {
    let size = arguments.iter().fold(0.0, |sum, x| sum + x.abs());
    match name {
        "gamma_divergence" | "beta_divergence" => size * libm::log(size),
        // 1/ψ′(x) < x + 1.
        "trigamma_gap" => size + 1.0,
        "bessel_ratio_slope" => 1.0,
        "logistic_divergence" | "logistic_gain" | "bessel_divergence" | "exp_divergence" => size,
        "binary_kl" | "truncated_divergence" | "kl_term_exp" => size,
        _ => 0.0,
    }
}

#[test]
fn complex_steps_give_the_slope_of_the_balls() {
    const STEP: f64 = 1e-30;
    for f in functions().filter(|f| !f.is_constant()) {
        let mut numbers = Numbers(11);
        let (last, mut compared) = (f.arity() - 1, 0);
        for _ in 0..80 {
            let mut arguments = numbers.arguments(f);
            arguments[last] = arguments[last].clamp(-20.0, 60.0);
            if arguments[last].abs() < 0.01 || !ball_at(f, &arguments, 100).is_defined() {
                continue;
            }
            // A central difference of balls at 400 bits has an error of about 2⁻²⁰⁰.
            let precision = 400;
            let side = |sign: i64| {
                let mut balls: Vec<Ball> = arguments.iter().map(|&x| Ball::from_f64(x, precision)).collect();
                let shift = Ball::from_i64(2, precision).powi(-100).mul(&Ball::from_i64(sign, precision));
                balls[last] = balls[last].add(&shift);
                (f.eval.ball)(&balls, precision)
            };
            let slope = side(1).sub(&side(-1)).mul(&Ball::from_i64(2, precision).powi(99));
            if !slope.is_defined() || !slope.is_narrow(18) || slope.is_zero() {
                continue;
            }
            let mut point: Vec<Complex64> = arguments.iter().map(|&x| Complex64::new(x, 0.0)).collect();
            point[last].im = STEP;
            let (value, expected) = ((f.eval.complex)(&point), slope.midpoint_f64());
            if !(1e-200..1e200).contains(&expected.abs()) || !(1e-200..1e200).contains(&value.norm()) {
                continue;
            }
            let float = (f.eval.real)(&arguments);
            // Relative to the slope; where log |f| is steep, or the slope small beside f, beside f.
            let parts = parts_that_cancel(f.name, &arguments);
            let tolerance = 1e-12 * (expected.abs() + float.abs() + parts);
            let found = value.im / STEP;
            assert!((found - expected).abs() <= tolerance, "{}{arguments:?}: {found} {slope}", f.name);
            let off = (value.re - float).abs();
            assert!(off <= 1e-12 * (1.0 + float.abs() + parts), "{}{arguments:?}: {value} {float}", f.name);
            compared += 1;
        }
        assert!(compared >= 10 || f.name == "sign", "{} was compared {compared} times", f.name);
    }
}

#[test]
fn wide_balls_contain_the_values_inside() {
    for f in functions().filter(|f| !f.is_constant()) {
        let (mut numbers, mut bounded) = (Numbers(23), 0);
        for round in 0..120 {
            let precision = [53, 128][round % 2];
            let (mut wide, mut inner) = (Vec::new(), Vec::new());
            for center in numbers.arguments(f) {
                let is_integer = center == center.round();
                let radius = if is_integer { 0.0 } else { center.abs() * numbers.power_of_two(-40.0, 1.0) };
                let end = |x: f64| Rational::from_f64(x).expect("finite");
                wide.push(Ball::hull(&end(center - radius), &end(center + radius), precision));
                let inside = center + radius * numbers.between(-0.9, 0.9);
                inner.push(Ball::from_f64(inside, 400));
            }
            let (outer, value) = ((f.eval.ball)(&wide, precision), (f.eval.ball)(&inner, 400));
            if value.is_undefined() {
                assert_ne!(outer.definedness(), Definedness::Defined, "{}{wide:?}", f.name);
                continue;
            }
            if value.is_defined() {
                assert_ne!(outer.definedness(), Definedness::Undefined, "{}{wide:?}", f.name);
            }
            // Endpoints of extreme size are handed out as bounds of themselves.
            let is_moderate = value.is_narrow(50) && (1e-300..1e300).contains(&value.midpoint_f64().abs());
            if let (true, Some(low), Some(high)) = (is_moderate, value.lower(), value.upper()) {
                assert!(outer.contains(&low) && outer.contains(&high), "{}{wide:?} {outer:?}", f.name);
                bounded += usize::from(outer.is_bounded());
            }
        }
        assert!(bounded >= 10, "{} was bounded {bounded} times", f.name);
    }
}

#[test]
fn more_bits_give_narrower_balls_that_overlap() {
    for f in functions() {
        let mut numbers = Numbers(31);
        let mut narrow = 0;
        for _ in 0..20 {
            let arguments = numbers.arguments(f);
            let balls = [53, 128, 400].map(|precision| ball_at(f, &arguments, precision));
            let [coarse, middle, fine] = &balls;
            assert!(coarse.overlaps(middle) && middle.overlaps(fine), "{}{arguments:?}: {balls:?}", f.name);
            assert_eq!(coarse.definedness(), fine.definedness(), "{}{arguments:?}", f.name);
            narrow += usize::from(fine.is_narrow(100) && middle.is_narrow(30) && coarse.is_narrow(12));
        }
        assert!(narrow >= 4, "{} was narrow {narrow} times", f.name);
    }
}

#[test]
fn every_name_is_found_and_none_is_taken_twice() {
    let mut names = Vec::new();
    for f in functions() {
        assert_eq!(lookup(f.name), Some(f));
        assert_eq!(f.params.len(), f.partials.len(), "partials of {}", f.name);
        assert!(!f.source.is_empty() && !f.latex.is_empty(), "{} is incomplete", f.name);
        for place in 1..=f.arity() {
            assert!(f.latex.contains(&format!("#{place}")), "{} shows argument {place}", f.name);
        }
        names.push(f.name);
        names.extend(f.aliases);
    }
    let count = names.len();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), count);
    assert_eq!(lookup("psi"), lookup("digamma"));
    assert_eq!(lookup("e"), None);
}
