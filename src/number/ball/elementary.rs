//! Exponentials, logarithms, roots, powers and hyperbolic functions of balls.
//!
//! exp [0, 1] = [1, 2.718…]: all are monotone, at least in |x|, so the image of an interval is bounded by
//! the images of its ends. One bound at an end is a rounding to nearest moved outward, or, where the
//! argument is so small or so large that this would be slow, an inequality stated beside it.

use std::cmp::Ordering;

use super::constants::enclose;
use super::endpoint::{EXPONENT_LIMIT, Endpoint, Toward};
use super::{Ball, Definedness, MINIMUM_PRECISION, series};
use crate::number::Rational;
use Toward::{Down, Up};

/// Bounds below and above one real.
pub(super) type Bounds = (Endpoint, Endpoint);

pub(super) fn exactly(value: Endpoint) -> Bounds {
    (value.clone(), value)
}

/// From bounds for f(−x), those for f(x) of an odd function f.
pub(super) fn negated((lower, upper): Bounds) -> Bounds {
    (upper.neg(), lower.neg())
}

/// Arguments from here on, 2⁴⁰ or more, have exponentials beyond every finite endpoint.
const HUGE: i64 = 41;

/// Bits at which eˣ − 1 and its like keep `precision` bits: 1 cancels as many as x is small.
fn lossless(x: &Endpoint, precision: u32) -> u32 {
    precision + 12 + x.magnitude().clamp(-i64::from(precision) - 1, 0).unsigned_abs() as u32
}

fn is_tiny(x: &Endpoint, precision: u32) -> bool {
    x.magnitude() < -i64::from(precision)
}

/// [x − x³, x] or [x, x + x³], for small x > 0 and functions so bounded on [0, 1].
pub(super) fn near_identity(x: &Endpoint, precision: u32, toward: Toward) -> Bounds {
    let cube = x.mul(x, precision, Up).mul(x, precision, Up);
    match toward {
        Down => (x.sub(&cube, precision, Down), x.clone()),
        Up => (x.clone(), x.add(&cube, precision, Up)),
    }
}

impl Ball {
    fn exp_of(x: &Endpoint, precision: u32) -> Ball {
        let (lower, upper) = exp_bounds(x, precision);
        Ball::new(lower, upper, precision, Definedness::Defined)
    }

    pub(super) fn rounded(self, precision: u32) -> Bounds {
        (self.lower.round(precision, Down), self.upper.round(precision, Up))
    }

    /// The image under an increasing function with these bounds at a point.
    pub(super) fn map_increasing(&self, bounds: impl Fn(&Endpoint, u32) -> Bounds) -> Ball {
        if self.is_undefined() {
            return self.clone();
        }
        let (lower, above) = bounds(&self.lower, self.precision);
        let upper = if self.is_exact() { above } else { bounds(&self.upper, self.precision).1 };
        Ball::new(lower, upper, self.precision, self.definedness)
    }

    /// The image when the function needs x > `least`, or x ≥ `least` if it is `closed`.
    fn map_above(&self, least: &Endpoint, closed: bool, bounds: impl Fn(&Endpoint, u32) -> Bounds) -> Ball {
        let inside = |x: &Endpoint| match x.cmp(least) {
            Ordering::Less => false,
            Ordering::Equal => closed,
            Ordering::Greater => true,
        };
        if !inside(&self.upper) {
            return Ball::undefined(self.precision);
        }
        if inside(&self.lower) {
            return self.map_increasing(bounds);
        }
        let cut = Ball { lower: least.clone(), ..self.clone() };
        cut.map_increasing(bounds).doubtful()
    }

    /// eˣ.
    pub fn exp(&self) -> Ball {
        self.map_increasing(exp_bounds)
    }

    /// eˣ − 1, to full relative accuracy near 0.
    pub fn expm1(&self) -> Ball {
        self.map_increasing(expm1_bounds)
    }

    /// log x: undefined for x ≤ 0, doubtful for intervals that reach 0 from above.
    pub fn log(&self) -> Ball {
        self.map_above(&Endpoint::ZERO, false, log_bounds)
    }

    /// log(1 + x), to full relative accuracy near 0: undefined for x ≤ −1.
    pub fn log1p(&self) -> Ball {
        self.map_above(&Endpoint::MINUS_ONE, false, log1p_bounds)
    }

    /// √x: undefined for x < 0.
    pub fn sqrt(&self) -> Ball {
        self.map_above(&Endpoint::ZERO, true, |x, precision| (x.sqrt(precision, Down), x.sqrt(precision, Up)))
    }

    /// (eˣ − e⁻ˣ)/2.
    pub fn sinh(&self) -> Ball {
        self.map_increasing(sinh_bounds)
    }

    /// (eˣ + e⁻ˣ)/2.
    pub fn cosh(&self) -> Ball {
        self.abs().map_increasing(cosh_bounds)
    }

    /// sinh x / cosh x.
    pub fn tanh(&self) -> Ball {
        self.map_increasing(tanh_bounds)
    }

    /// x^q: for integers q as [`Ball::powi`], for others undefined unless x > 0.
    pub fn pow_rational(&self, exponent: &Rational) -> Ball {
        if let Some(integer) = exponent.as_i64() {
            return self.powi(integer);
        }
        if exponent.is_integer() {
            return self.huge_integer_power(exponent);
        }
        match exponent.as_small() {
            Some((numerator, 2)) => self.pow_halves(numerator),
            _ => self.exp_of_log(|working| Ball::from_rational(exponent, working)),
        }
    }

    /// x^(n/2) for odd n as a power of the root, exact for exact squares.
    fn pow_halves(&self, numerator: i64) -> Ball {
        let power = numerator.unsigned_abs();
        let working = self.precision + 76 - power.leading_zeros();
        let root =
            self.map_above(&Endpoint::ZERO, false, |x, _| (x.sqrt(working, Down), x.sqrt(working, Up)));
        Ball { precision: working, ..root }.powi(numerator).with_precision(self.precision)
    }

    /// Integers beyond machine words: only |x| near 1 gives anything finite.
    fn huge_integer_power(&self, exponent: &Rational) -> Ball {
        let unit = self.is_exact() && self.abs().lower.is_one();
        let even = (exponent * &Rational::new(1, 2)).is_integer();
        if unit {
            return if even { self.abs() } else { self.clone() };
        }
        if self.is_positive() {
            return self.exp_of_log(|working| Ball::from_rational(exponent, working));
        }
        if self.is_zero() {
            let zero = self.clone();
            return if exponent.is_negative() { Ball::undefined(self.precision) } else { zero };
        }
        let doubt = exponent.is_negative() && self.contains_zero();
        let worst = if doubt { Definedness::Unknown } else { Definedness::Defined };
        Ball::whole(self.precision).at_best(worst).given(self)
    }

    /// x^y: for exactly an integer y as [`Ball::powi`], for others e^(y log x), undefined unless x > 0.
    ///
    /// 0⁰ is doubtful here, since the ball y does not tell whether the exponent is meant as an integer.
    pub fn pow(&self, exponent: &Ball) -> Ball {
        let precision = self.precision.max(exponent.precision);
        let base = self.clone().given(exponent).with_precision(precision);
        if let Some(integer) = exponent.as_i64() {
            let power = base.powi(integer);
            return if integer == 0 && self.contains_zero() { power.doubtful() } else { power };
        }
        if !self.is_positive() && exponent.may_be_an_integer() {
            return self.pow_of_either_sign(exponent).given(&base);
        }
        base.exp_of_log(|_| exponent.clone())
    }

    /// Where integers among the exponents keep x ≤ 0 from being certainly outside the domain.
    fn pow_of_either_sign(&self, exponent: &Ball) -> Ball {
        let precision = self.precision.max(exponent.precision);
        if self.is_nonnegative() && self.upper.is_positive() && exponent.is_nonnegative() {
            // 0^y for integers y ≥ 0 is 0 or 1, limits of x^y for x > 0, and so within its closure.
            return self.log().mul(exponent).exp().union(&Ball::from_i64(0, precision)).doubtful();
        }
        Ball::whole(precision).doubtful()
    }

    fn may_be_an_integer(&self) -> bool {
        match (self.lower(), self.upper()) {
            (Some(lower), Some(upper)) => upper.floor() >= lower,
            _ => true,
        }
    }

    /// e^(y log x), with as many more bits as y log x has before the point: an absolute error there is
    /// a relative error of the result. |log x| < 2^m for |log₂ x| < 2^m.
    fn exp_of_log(&self, exponent: impl Fn(u32) -> Ball) -> Ball {
        let largest = self.lower.magnitude().abs().max(self.upper.magnitude().abs()) + 1;
        let integer_bits = i64::from(64 - largest.leading_zeros());
        let size = integer_bits + exponent(MINIMUM_PRECISION).largest_magnitude().magnitude();
        let working = self.precision + size.clamp(0, 64) as u32 + 8;
        let log = self.clone().with_precision(working).log();
        log.mul(&exponent(working)).exp().with_precision(self.precision)
    }
}

/// eˣ; 1 + x ≤ eˣ ≤ 1 + x + x² for |x| ≤ 1.
fn exp_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if !x.is_finite() || x.magnitude() >= HUGE {
        return huge_exp_bounds(x);
    }
    if x.is_zero() {
        return exactly(Endpoint::ONE);
    }
    if is_tiny(x, precision) {
        let square = x.mul(x, precision, Up);
        let lower = Endpoint::ONE.add(x, precision, Down);
        let upper = Endpoint::ONE.add(&x.add(&square, precision, Up), precision, Up);
        return (lower, upper);
    }
    series::exp_bounds(x, precision)
        .unwrap_or_else(|| enclose(precision, |context, digits| context.exp(x.repr(), digits)))
}

/// e^±x for x ≥ 2⁴⁰: above 2^x, and 1/e^x below 2^−x.
fn huge_exp_bounds(x: &Endpoint) -> Bounds {
    match (x.is_positive(), x.is_finite()) {
        (true, _) => (Endpoint::power_of_two(EXPONENT_LIMIT - 1), Endpoint::INFINITY),
        (false, true) => (Endpoint::ZERO, Endpoint::power_of_two(-EXPONENT_LIMIT)),
        (false, false) => exactly(Endpoint::ZERO),
    }
}

/// eˣ − 1; x ≤ eˣ − 1 ≤ x + x² for |x| ≤ 1, and above −1 always.
fn expm1_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_zero() {
        return exactly(Endpoint::ZERO);
    }
    if is_tiny(x, precision) {
        let square = x.mul(x, precision, Up);
        return (x.clone(), x.add(&square, precision, Up));
    }
    let far = !x.is_finite() || x.magnitude() >= HUGE;
    if far || (x.is_negative() && x.magnitude() > 16) {
        let (lower, upper) = exp_bounds(x, precision);
        let (lower, upper) =
            (lower.sub(&Endpoint::ONE, precision, Down), upper.sub(&Endpoint::ONE, precision, Up));
        return (lower.max(Endpoint::MINUS_ONE), upper);
    }
    let working = lossless(x, precision);
    let (lower, upper) = exp_bounds(x, working);
    (lower.sub(&Endpoint::ONE, precision, Down), upper.sub(&Endpoint::ONE, precision, Up))
}

/// log x for x ≥ 0, −∞ at 0.
fn log_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_zero() {
        return exactly(Endpoint::MINUS_INFINITY);
    }
    if !x.is_finite() {
        return exactly(x.clone());
    }
    if x.is_one() {
        return exactly(Endpoint::ZERO);
    }
    series::log_bounds(x, precision)
        .unwrap_or_else(|| enclose(precision, |context, digits| context.ln(x.repr(), digits)))
}

/// log(1 + x); x − x² ≤ log(1 + x) ≤ x for |x| ≤ 1/2, and ≤ log x + 1/x for x > 0.
fn log1p_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_zero() || x.cmp(&Endpoint::MINUS_ONE) != Ordering::Greater {
        return log_bounds(&x.add(&Endpoint::ONE, precision, Down), precision);
    }
    if is_tiny(x, precision) {
        let square = x.mul(x, precision, Up);
        return (x.sub(&square, precision, Down), x.clone());
    }
    if !x.is_finite() || x.magnitude() > i64::from(precision) + 8 {
        let (lower, upper) = log_bounds(x, precision);
        let upper = upper.add(&Endpoint::ONE.div(x, precision, Up), precision, Up);
        return (lower, upper);
    }
    // Exact: the bits of x reach from 2^(p + 8) to 2^(−2p − 1) at most.
    log_bounds(&x.add(&Endpoint::ONE, 3 * precision + 64, Down), precision)
}

/// sinh x; x ≤ sinh x ≤ x + x³ on [0, 1], and sinh x = (eˣ − e⁻ˣ)/2 > eˣ/4 for x ≥ 1.
fn sinh_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_negative() {
        return negated(sinh_bounds(&x.neg(), precision));
    }
    if x.is_zero() {
        return exactly(Endpoint::ZERO);
    }
    if is_tiny(x, precision) {
        return near_identity(x, precision, Up);
    }
    if !x.is_finite() || x.magnitude() >= HUGE {
        let (lower, upper) = huge_exp_bounds(x);
        return (lower.scale(-2), upper);
    }
    let exp = Ball::exp_of(x, lossless(x, precision));
    let (lower, upper) = exp.sub(&exp.recip()).rounded(precision);
    (lower.scale(-1), upper.scale(-1))
}

/// cosh x for x ≥ 0; 1 ≤ cosh x ≤ 1 + x² on [0, 1], and cosh x ≥ eˣ/2.
fn cosh_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_zero() {
        return exactly(Endpoint::ONE);
    }
    if is_tiny(x, precision) {
        return (Endpoint::ONE, Endpoint::ONE.add(&x.mul(x, precision, Up), precision, Up));
    }
    if !x.is_finite() || x.magnitude() >= HUGE {
        let (lower, upper) = huge_exp_bounds(x);
        return (lower.scale(-1), upper);
    }
    let exp = Ball::exp_of(x, precision + 8);
    let (lower, upper) = exp.add(&exp.recip()).rounded(precision);
    (lower.scale(-1).max(Endpoint::ONE), upper.scale(-1))
}

/// tanh x; x − x³ ≤ tanh x ≤ x on [0, 1], and 1 − tanh x < 2e⁻²ˣ < 2^(1−2p) for x ≥ p.
fn tanh_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_negative() {
        return negated(tanh_bounds(&x.neg(), precision));
    }
    if x.is_zero() {
        return exactly(Endpoint::ZERO);
    }
    if is_tiny(x, precision) {
        return near_identity(x, precision, Down);
    }
    if *x >= Endpoint::from_i64(precision.into()) {
        let gap = Endpoint::power_of_two(1 - 2 * i64::from(precision));
        return (Endpoint::ONE.sub(&gap, precision, Down), Endpoint::ONE);
    }
    let square = Ball::exp_of(&x.scale(1), lossless(x, precision));
    let one = Ball::from_i64(1, precision);
    let (lower, upper) = square.sub(&one).div(&square.add(&one)).rounded(precision);
    (lower, upper.min(Endpoint::ONE))
}
