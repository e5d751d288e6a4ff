//! Sine, cosine, tangent and arctangent of balls.
//!
//! sin [1, 2] = [0.841…, 1]: extremes are at the ends or at odd multiples of π/2 inside. Which multiples are
//! inside is decided with π enclosed; one that cannot be excluded counts as inside, which only widens.

use super::constants::enclose;
use super::elementary::{Bounds, exactly, near_identity, negated};
use super::endpoint::{Endpoint, Toward};
use super::{Ball, Definedness, series};
use crate::number::Rational;
use Toward::{Down, Up};

/// Arguments of 2⁸¹⁹² and more are not reduced; their sines are only known to lie in [−1, 1].
const UNREDUCED: i64 = 8193;

impl Ball {
    /// sin x.
    pub fn sin(&self) -> Ball {
        self.wave(&Rational::new(-1, 2), sin_bounds)
    }

    /// cos x.
    pub fn cos(&self) -> Ball {
        self.wave(&Rational::ZERO, cos_bounds)
    }

    /// tan x: doubtful for intervals that may contain an odd multiple of π/2. No rational is one.
    pub fn tan(&self) -> Ball {
        let unreduced = Ball::whole(self.precision).given(self);
        if self.is_exact() {
            return if self.is_reducible() { self.map_increasing(tan_bounds) } else { unreduced };
        }
        let poles = self.is_reducible().then(|| self.half_turns(&Rational::new(-1, 2))).flatten();
        match poles {
            Some((first, last)) if first > last => self.map_increasing(tan_bounds),
            _ => unreduced.doubtful(),
        }
    }

    /// arctan x, between −π/2 and π/2.
    pub fn atan(&self) -> Ball {
        self.map_increasing(atan_bounds)
    }

    fn is_reducible(&self) -> bool {
        let reducible = |x: &Endpoint| x.is_finite() && x.magnitude() < UNREDUCED;
        reducible(&self.lower) && reducible(&self.upper)
    }

    /// The image under ±1 at x = (k − shift)π for even and odd integers k, monotone in between.
    fn wave(&self, shift: &Rational, bounds: impl Fn(&Endpoint, u32) -> Bounds) -> Ball {
        let (mut lower, mut upper) = (Endpoint::MINUS_ONE, Endpoint::ONE);
        if self.is_reducible() {
            let (low, high) = bounds(&self.lower, self.precision);
            if self.is_exact() {
                (lower, upper) = (low, high);
            } else if let Some((first, last)) = self.half_turns(shift) {
                let (other_low, other_high) = bounds(&self.upper, self.precision);
                let even = &(&first * &Rational::new(1, 2));
                let starts_even = even.is_integer();
                let two = &first + &Rational::ONE <= last;
                let one = first <= last;
                if !(two || one && starts_even) {
                    upper = high.max(other_high);
                }
                if !(two || one && !starts_even) {
                    lower = low.min(other_low);
                }
            }
        }
        let within = Ball::new(
            lower.max(Endpoint::MINUS_ONE),
            upper.min(Endpoint::ONE),
            self.precision,
            Definedness::Defined,
        );
        within.given(self)
    }

    /// The first and last integer k that may satisfy k = x/π + shift in the ball; the last is below
    /// the first when there is none.
    fn half_turns(&self, shift: &Rational) -> Option<(Rational, Rational)> {
        let size = self.largest_magnitude().magnitude().max(0) as u32;
        let working = (self.precision.max(64) + size + 16).next_multiple_of(64);
        let turns = self.clone().with_precision(working).div(&Ball::pi(working));
        let turns = turns.add(&Ball::from_rational(shift, working));
        Some((-(-turns.lower()?).floor(), turns.upper()?.floor()))
    }
}

fn is_tiny(x: &Endpoint, precision: u32) -> bool {
    x.magnitude() < -i64::from(precision)
}

/// sin x; x − x³ ≤ sin x ≤ x on [0, 1].
fn sin_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_negative() {
        return negated(sin_bounds(&x.neg(), precision));
    }
    if x.is_zero() {
        return exactly(Endpoint::ZERO);
    }
    if is_tiny(x, precision) {
        return near_identity(x, precision, Down);
    }
    series::sin_bounds(x, precision)
        .unwrap_or_else(|| enclose(precision, |context, digits| context.sin(x.repr(), digits)))
}

/// cos x; 1 − x² ≤ cos x ≤ 1.
fn cos_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_negative() {
        return cos_bounds(&x.neg(), precision);
    }
    if x.is_zero() {
        return exactly(Endpoint::ONE);
    }
    if is_tiny(x, precision) {
        return (Endpoint::ONE.sub(&x.mul(x, precision, Up), precision, Down), Endpoint::ONE);
    }
    series::cos_bounds(x, precision)
        .unwrap_or_else(|| enclose(precision, |context, digits| context.cos(x.repr(), digits)))
}

/// tan x; x ≤ tan x ≤ x + x³ on [0, 1].
fn tan_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_negative() {
        return negated(tan_bounds(&x.neg(), precision));
    }
    if x.is_zero() {
        return exactly(Endpoint::ZERO);
    }
    if is_tiny(x, precision) {
        return near_identity(x, precision, Up);
    }
    series::tan_bounds(x, precision)
        .unwrap_or_else(|| enclose(precision, |context, digits| context.tan(x.repr(), digits)))
}

/// arctan x; x − x³ ≤ arctan x ≤ x on [0, 1], and π/2 − 1/x ≤ arctan x ≤ π/2 for x > 0.
fn atan_bounds(x: &Endpoint, precision: u32) -> Bounds {
    if x.is_negative() {
        return negated(atan_bounds(&x.neg(), precision));
    }
    if x.is_zero() {
        return exactly(Endpoint::ZERO);
    }
    if is_tiny(x, precision) {
        return near_identity(x, precision, Down);
    }
    if !x.is_finite() || x.magnitude() > i64::from(precision) + 8 {
        let right_angle = Ball::pi(precision);
        let gap = Endpoint::ONE.div(x, precision, Up);
        let lower = right_angle.lower.scale(-1).sub(&gap, precision, Down);
        return (lower, right_angle.upper.scale(-1));
    }
    series::atan_bounds(x, precision)
        .unwrap_or_else(|| enclose(precision, |context, digits| context.atan(x.repr(), digits)))
}
