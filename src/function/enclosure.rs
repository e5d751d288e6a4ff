//! How a function that is monotone or convex acts on an interval: through its endpoints.
//!
//! ψ increases on x > 0, so ψ([a, b]) = [ψ(a), ψ(b)]; each of the two is computed at an exact point,
//! and a wide ball loses nothing.

use crate::number::{Ball, Rational};

/// Bits beyond the precision asked for, against the roundings of some thousand operations.
pub(super) const GUARD_BITS: u32 = 32;

/// The endpoints as exact balls; `None` where the interval is unbounded.
pub(super) fn ends(x: &Ball) -> (Option<Ball>, Option<Ball>) {
    let exactly = |end: Rational| {
        let bits = u32::try_from(end.bits()).unwrap_or(u32::MAX);
        Ball::from_rational(&end, bits.max(x.precision())).with_precision(x.precision())
    };
    (x.lower().map(exactly), x.upper().map(exactly))
}

/// [a, ∞) for any a of the ball.
pub(super) fn and_above(a: Ball) -> Ball {
    a.max(&Ball::whole(a.precision()))
}

/// (−∞, b] for any b of the ball.
pub(super) fn and_below(b: Ball) -> Ball {
    b.min(&Ball::whole(b.precision()))
}

/// f(x) for a function that increases on the interval.
pub(super) fn increasing(x: &Ball, f: impl Fn(&Ball) -> Ball) -> Ball {
    if x.is_exact() {
        return f(x);
    }
    match ends(x) {
        (Some(a), Some(b)) => f(&a).union(&f(&b)),
        (Some(a), None) => and_above(f(&a)),
        (None, Some(b)) => and_below(f(&b)),
        (None, None) => Ball::whole(x.precision()),
    }
    .given(x)
}

/// f(x) for a function that decreases on the interval.
pub(super) fn decreasing(x: &Ball, f: impl Fn(&Ball) -> Ball) -> Ball {
    increasing(x, |point| f(point).neg()).neg()
}

/// Where an argument stands to the poles 0, −1, −2, … of Γ.
pub(super) enum Place {
    /// Right of all poles.
    Right,
    /// Between two poles.
    Left,
    /// Exactly on a pole.
    Pole,
    /// On either side of a pole, as far as is known.
    Across,
}

/// Where `x` stands to the poles of Γ.
pub(super) fn place(x: &Ball) -> Place {
    if x.is_positive() {
        return Place::Right;
    }
    match (x.lower(), x.upper()) {
        (Some(lower), Some(upper)) if x.is_exact() && lower == upper && upper.is_integer() => Place::Pole,
        (Some(lower), Some(upper)) if upper.is_negative() && upper.floor() < lower => Place::Left,
        _ => Place::Across,
    }
}

/// An integer near the middle of a bounded interval.
pub(super) fn nearest_integer(x: &Ball) -> Option<Rational> {
    let middle = &(&x.lower()? + &x.upper()?) * &Rational::new(1, 2);
    Some((&middle + &Rational::new(1, 2)).floor())
}
