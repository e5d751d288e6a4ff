//! Enclosures of real numbers: rational arithmetic and elementary functions with outward rounding.
//!
//! `1/3` at 53 bits is an interval of width 2⁻⁵⁴ with 1/3 inside, and so is whatever is computed from
//! it: if x ∈ X, and f is defined at x, then f(x) ∈ f(X). That inclusion is all that a proof may use.
//!
//! A ball is stored as two endpoints rather than midpoint and radius: monotone functions then act on
//! endpoints alone, wide arguments lose nothing, an endpoint that is exactly 0 decides where `log` and
//! powers are defined, and one side may be unbounded. Midpoint and radius are derived.

mod endpoint;

mod field;

mod elementary;
mod series;
mod trigonometric;

mod constants;
mod decimal;

#[cfg(test)]
mod tests;

use std::cmp::Ordering;

use super::Rational;
use endpoint::{Endpoint, Toward};

/// Is an expression defined for the reals its inputs stand for?
///
/// Ordered by how much is amiss; what is computed from several balls is as bad as the worst of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Definedness {
    /// Defined for every choice of reals in the inputs.
    Defined,
    /// Perhaps undefined for some choice, or not known to be defined.
    Unknown,
    /// Undefined for every choice: `log` of a negative number, the reciprocal of exactly 0.
    Undefined,
}

/// A closed interval, perhaps unbounded, that contains a real number, and whether that number exists.
///
/// Wherever the expression that led to a ball is defined, its value lies in the interval. An
/// [`Definedness::Undefined`] ball has no value, and its interval is the whole line.
#[derive(Clone)]
pub struct Ball {
    lower: Endpoint,
    upper: Endpoint,
    precision: u32,
    definedness: Definedness,
}

/// The least precision in bits; requests below it are raised.
const MINIMUM_PRECISION: u32 = 16;

/// Endpoints are handed out as exact rationals within 2^±`RATIONAL_EXPONENT`, about 10^±1262611, so that
/// no rational is longer than half a megabyte; beyond it, a bound on the outer side stands in.
const RATIONAL_EXPONENT: i64 = 1 << 22;

impl Ball {
    fn new(lower: Endpoint, upper: Endpoint, precision: u32, definedness: Definedness) -> Ball {
        debug_assert!(lower <= upper, "the lower endpoint of a ball is not above the upper one");
        Ball { lower, upper, precision, definedness }
    }

    fn point(value: Endpoint, precision: u32, definedness: Definedness) -> Ball {
        Ball { lower: value.clone(), upper: value, precision, definedness }
    }

    /// The enclosure of a function on [a, b] from one function of endpoint and direction, increasing.
    fn increasing(&self, bound: impl Fn(&Endpoint, Toward) -> Endpoint) -> Ball {
        if self.is_undefined() {
            return self.clone();
        }
        Ball::new(
            bound(&self.lower, Toward::Down),
            bound(&self.upper, Toward::Up),
            self.precision,
            self.definedness,
        )
    }

    /// The same ball, at least as doubtful as `definedness`; nothing is left of an undefined one.
    fn at_best(mut self, definedness: Definedness) -> Ball {
        self.definedness = self.definedness.max(definedness);
        if self.definedness == Definedness::Undefined { Ball::undefined(self.precision) } else { self }
    }

    /// The rational `value`, as a point when `precision` bits represent it.
    pub fn from_rational(value: &Rational, precision: u32) -> Ball {
        Ball::hull(value, value, precision)
    }

    /// The integer `value`, exactly.
    pub fn from_i64(value: i64, precision: u32) -> Ball {
        Ball::point(Endpoint::from_i64(value), precision.max(64), Definedness::Defined)
            .with_precision(precision)
    }

    /// The exact value of a float; the whole line when it is infinite or not a number.
    pub fn from_f64(value: f64, precision: u32) -> Ball {
        if !value.is_finite() {
            return Ball::whole(precision).at_best(Definedness::Unknown);
        }
        Ball::point(Endpoint::from_f64(value), precision.max(53), Definedness::Defined)
            .with_precision(precision)
    }

    /// The least interval with endpoints of `precision` bits around two rationals, in either order.
    pub fn hull(one: &Rational, other: &Rational, precision: u32) -> Ball {
        let precision = precision.max(MINIMUM_PRECISION);
        let (low, high) = if one <= other { (one, other) } else { (other, one) };
        let lower = Endpoint::from_rational(low, precision, Toward::Down);
        if low == high {
            let exact = match low.as_small() {
                // In lowest terms, hence never a dyadic number for other denominators.
                Some((_, denominator)) if denominator & (denominator - 1) != 0 => false,
                _ => lower.compare(low) == Ordering::Equal,
            };
            let upper = if exact { lower.clone() } else { lower.step(1, precision, Toward::Up) };
            return Ball::new(lower, upper, precision, Definedness::Defined);
        }
        let upper = Endpoint::from_rational(high, precision, Toward::Up);
        Ball::new(lower, upper, precision, Definedness::Defined)
    }

    /// The least ball that contains both. If one of them is undefined, the other, now doubtful.
    pub fn union(&self, other: &Ball) -> Ball {
        let precision = self.precision.max(other.precision);
        match (self.is_undefined(), other.is_undefined()) {
            (true, false) => return other.clone().with_precision(precision).doubtful(),
            (false, true) => return self.clone().with_precision(precision).doubtful(),
            _ => (),
        }
        let lower = self.lower.clone().min(other.lower.clone());
        let upper = self.upper.clone().max(other.upper.clone());
        Ball::new(lower, upper, precision, self.definedness.max(other.definedness))
    }

    /// A defined value about which nothing else is known.
    pub fn whole(precision: u32) -> Ball {
        Ball {
            lower: Endpoint::MINUS_INFINITY,
            upper: Endpoint::INFINITY,
            precision: precision.max(MINIMUM_PRECISION),
            definedness: Definedness::Defined,
        }
    }

    /// What has no value.
    pub fn undefined(precision: u32) -> Ball {
        Ball { definedness: Definedness::Undefined, ..Ball::whole(precision) }
    }

    /// The same ball, [`Definedness::Unknown`] if it was defined.
    pub fn doubtful(self) -> Ball {
        self.at_best(Definedness::Unknown)
    }

    /// The same ball, undefined when `other` is and doubtful when `other` is.
    pub fn given(self, other: &Ball) -> Ball {
        self.at_best(other.definedness)
    }

    /// The ball with endpoints rounded outward to `precision` bits, in which what follows is computed.
    pub fn with_precision(self, precision: u32) -> Ball {
        let precision = precision.max(MINIMUM_PRECISION);
        let (lower, upper) = if precision < self.precision {
            (self.lower.round(precision, Toward::Down), self.upper.round(precision, Toward::Up))
        } else {
            (self.lower, self.upper)
        };
        Ball { lower, upper, precision, definedness: self.definedness }
    }

    /// Bits of the endpoints.
    pub fn precision(&self) -> u32 {
        self.precision
    }

    /// Whether the value exists.
    pub fn definedness(&self) -> Definedness {
        self.definedness
    }

    /// Is the value certain to exist?
    pub fn is_defined(&self) -> bool {
        self.definedness == Definedness::Defined
    }

    /// Is the value certain not to exist?
    pub fn is_undefined(&self) -> bool {
        self.definedness == Definedness::Undefined
    }

    /// Are both endpoints finite?
    pub fn is_bounded(&self) -> bool {
        self.lower.is_finite() && self.upper.is_finite()
    }

    /// Is the interval a single point?
    pub fn is_exact(&self) -> bool {
        self.lower == self.upper
    }

    /// The lower endpoint, or `None` if the interval is unbounded below.
    ///
    /// Exact for numbers within 2^±4194304. Of other endpoints it is a lower bound, to keep the rational
    /// short, and `None` for those below −2^4194304.
    pub fn lower(&self) -> Option<Rational> {
        moderate(&self.lower, Toward::Down)
    }

    /// The upper endpoint, or `None` if the interval is unbounded above.
    ///
    /// Exact for numbers within 2^±4194304. Of other endpoints it is an upper bound, to keep the rational
    /// short, and `None` for those above 2^4194304.
    pub fn upper(&self) -> Option<Rational> {
        moderate(&self.upper, Toward::Up)
    }

    /// The largest `f64` not above the interval, or close below it.
    pub fn lower_f64(&self) -> f64 {
        self.lower.to_f64(Toward::Down)
    }

    /// The least `f64` not below the interval, or close above it.
    pub fn upper_f64(&self) -> f64 {
        self.upper.to_f64(Toward::Up)
    }

    /// About the middle of the interval; not a number when it is unbounded.
    pub fn midpoint_f64(&self) -> f64 {
        if !self.is_bounded() {
            return f64::NAN;
        }
        let (lower, upper) = (self.lower_f64(), self.upper_f64());
        if lower.is_finite() && upper.is_finite() { lower / 2.0 + upper / 2.0 } else { lower + upper }
    }

    /// Does the interval contain `value`?
    pub fn contains(&self, value: &Rational) -> bool {
        self.lower.compare(value) != Ordering::Greater && self.upper.compare(value) != Ordering::Less
    }

    /// Does the interval contain 0?
    pub fn contains_zero(&self) -> bool {
        !self.is_positive() && !self.is_negative()
    }

    /// Is the interval the single point 0?
    pub fn is_zero(&self) -> bool {
        self.lower.is_zero() && self.upper.is_zero()
    }

    /// Does the interval lie above 0?
    pub fn is_positive(&self) -> bool {
        self.lower.is_positive()
    }

    /// Does the interval lie below 0?
    pub fn is_negative(&self) -> bool {
        self.upper.is_negative()
    }

    /// Does the interval contain no negative number?
    pub fn is_nonnegative(&self) -> bool {
        !self.lower.is_negative()
    }

    /// Have the intervals a point in common?
    pub fn overlaps(&self, other: &Ball) -> bool {
        self.lower <= other.upper && other.lower <= self.upper
    }

    /// Are both values certain to exist, and certain to differ?
    pub fn is_disjoint(&self, other: &Ball) -> bool {
        self.is_defined() && other.is_defined() && !self.overlaps(other)
    }

    /// The integer that the ball is, when it is exactly one.
    pub fn as_i64(&self) -> Option<i64> {
        if self.is_exact() { self.lower.as_i64() } else { None }
    }

    /// b with radius ≤ 2^−b · |x| for all x of the ball, rounded down; `u32::MAX` for a point.
    ///
    /// `None` when there is no such b ≥ 0: around 0, and for unbounded or undefined balls.
    pub fn relative_accuracy_bits(&self) -> Option<u32> {
        if self.is_exact() {
            return Some(u32::MAX);
        }
        if self.contains_zero() || !self.is_bounded() {
            return None;
        }
        // radius < 2^(m−1) and |x| ≥ 2^(n−1) for magnitudes m of the width and n of the nearer end.
        let width = self.upper.sub(&self.lower, 16, Toward::Up);
        u32::try_from(self.mignitude().magnitude() - width.magnitude()).ok()
    }

    /// Is the value certain to exist, and radius ≤ 10^−digits · |x| for all x of the ball?
    ///
    /// Exactly 0 is narrow; any other ball around 0 is not.
    pub fn is_narrow(&self, digits: u32) -> bool {
        if !self.is_defined() || !self.is_bounded() {
            return false;
        }
        if self.is_exact() {
            return true;
        }
        let width = self.upper.sub(&self.lower, 64, Toward::Up);
        let scale = Endpoint::from_i64(10).power(digits.into(), 64, Toward::Up);
        !self.contains_zero() && width.mul(&scale, 64, Toward::Up) <= self.mignitude().scale(1)
    }

    /// The least absolute value in the interval.
    fn mignitude(&self) -> Endpoint {
        if self.contains_zero() {
            return Endpoint::ZERO;
        }
        if self.is_positive() { self.lower.clone() } else { self.upper.neg() }
    }

    /// The largest absolute value in the interval.
    fn largest_magnitude(&self) -> Endpoint {
        self.upper.clone().max(self.lower.neg())
    }

    /// The interval enlarged by `bound` (by its absolute value) on either side.
    pub fn widened(&self, bound: &Ball) -> Ball {
        let radius = bound.largest_magnitude();
        let precision = self.precision;
        Ball::new(
            self.lower.sub(&radius, precision, Toward::Down),
            self.upper.add(&radius, precision, Toward::Up),
            precision,
            self.definedness,
        )
        .given(bound)
    }
}

/// The endpoint as a rational of moderate length, moved outward if need be.
fn moderate(endpoint: &Endpoint, toward: Toward) -> Option<Rational> {
    if !endpoint.is_finite() {
        return None;
    }
    let outward = endpoint.is_positive() == (toward == Toward::Up);
    if endpoint.magnitude() > RATIONAL_EXPONENT {
        let stand_in = Endpoint::power_of_two(RATIONAL_EXPONENT - 1).to_rational();
        let stand_in = if endpoint.is_positive() { stand_in } else { -stand_in };
        return (!outward).then_some(stand_in);
    }
    if endpoint.magnitude() < -RATIONAL_EXPONENT {
        let tiny = Endpoint::power_of_two(-RATIONAL_EXPONENT).to_rational();
        let tiny = if endpoint.is_positive() { tiny } else { -tiny };
        return Some(if outward { tiny } else { Rational::ZERO });
    }
    Some(endpoint.to_rational())
}
