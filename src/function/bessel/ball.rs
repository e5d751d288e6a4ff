//! The modified Bessel functions in balls: rigorous, in bounded work.
//!
//! For ν ≥ 0 and x ≥ 0, I_ν(x) increases in x and decreases in ν (DLMF 10.37), and so does the ratio
//! R_ν(x) = I_{ν+1}(x)/I_ν(x): intervals are mapped by their corners, each an exact point.
//!
//! For R, from R′ = 1 − (2ν + 1)R/x − R² and R ~ x/(2ν + 2) at 0: where R′ first vanished, R″ = (2ν + 1)R/x²
//! would be positive, so R′ > 0; and for μ > ν, R_μ lies below R_ν because its slope is less at equal values.

use super::expansion::{self, Expansion};
use super::ratio;
use crate::function::enclosure::{GUARD_BITS, and_above, ends};
use crate::function::gamma;
use crate::number::{Ball, Rational};

/// Arguments beyond this take too many terms of the power series.
const LARGEST_ARGUMENT: f64 = 16384.0;

/// Terms of the power series: enough for [`LARGEST_ARGUMENT`] at any precision in use.
const MOST_TERMS: i64 = 1 << 17;

/// Order and argument of one sign: both nonnegative, and whether the value changes its sign.
struct Reflected {
    nu: Ball,
    x: Ball,
    is_negated: bool,
}

/// I₋ₙ = Iₙ and Iₙ(−x) = (−1)ⁿ Iₙ(x) for integers n, DLMF 10.27.1, 10.27.2.
fn reflect(nu: &Ball, x: &Ball) -> Option<Reflected> {
    let integer = nu.as_i64();
    let nu_right = if integer.is_some() { nu.abs() } else { nu.clone() };
    let is_left = x.neg().is_nonnegative() && !x.is_zero();
    if !nu_right.is_nonnegative() || !(x.is_nonnegative() || is_left && integer.is_some()) {
        return None;
    }
    let is_negated = is_left && integer.is_some_and(|n| n % 2 != 0);
    Some(Reflected { nu: nu_right, x: x.abs(), is_negated })
}

/// f over a rectangle ν ≥ 0, x ≥ 0, increasing in x and decreasing in ν, nonnegative.
fn by_corners(nu: &Ball, x: &Ball, f: impl Fn(&Ball, &Ball) -> Ball) -> Ball {
    if nu.is_exact() && x.is_exact() {
        return f(nu, x);
    }
    let ((nu_low, nu_high), (x_low, x_high)) = (ends(nu), ends(x));
    let zero = Ball::from_i64(0, x.precision().max(nu.precision()));
    let least = match (nu_high, x_low) {
        (Some(nu), Some(x)) => f(&nu, &x),
        _ => zero,
    };
    match (nu_low, x_high) {
        (Some(nu), Some(x)) => f(&nu, &x).union(&least),
        _ => and_above(least),
    }
}

pub(super) fn besseli(nu: &Ball, x: &Ball, precision: u32) -> Ball {
    let bits = precision + GUARD_BITS;
    let (nu, x) = (nu.clone().with_precision(bits), x.clone().with_precision(bits));
    let value = if let Some(n) = nu.as_i64().filter(|_| x.contains_zero() && !x.is_zero()) {
        across_zero(&Ball::from_i64(n, bits).abs(), &x)
    } else {
        match reflect(&nu, &x) {
            Some(reflected) => {
                let value = by_corners(&reflected.nu, &reflected.x, besseli_at);
                if reflected.is_negated { value.neg() } else { value }
            }
            None => Ball::whole(precision).doubtful(),
        }
    };
    value.given(&nu).given(&x).with_precision(precision)
}

/// Iₙ on an interval around 0: even or odd, and increasing to the right.
fn across_zero(n: &Ball, x: &Ball) -> Ball {
    let zero = Ball::from_i64(0, x.precision());
    let on = |x: &Ball| by_corners(n, &x.union(&zero), besseli_at);
    let right = on(&x.max(&zero));
    let left = on(&x.neg().max(&zero));
    let is_odd = n.as_i64().is_some_and(|n| n % 2 != 0);
    right.union(&if is_odd { left.neg() } else { left })
}

/// I_ν(x) at a point ν ≥ 0, x ≥ 0.
fn besseli_at(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    let (zero, one) = (Ball::from_i64(0, precision), Ball::from_i64(1, precision));
    if x.is_zero() {
        return if nu.is_zero() { one } else { zero };
    }
    if x.lower_f64() > LARGEST_ARGUMENT {
        if let Some(value) = by_growth(nu, x, expansion::MOST_TERMS) {
            return value;
        }
        // 0 < I_ν(1024) ≤ I_ν(x) ≤ I₀(x) ≤ eˣ, DLMF 10.32.1; a few bits of the first will do.
        let least = besseli_at(&nu.clone().with_precision(64), &Ball::from_i64(1024, 64));
        return least.union(&x.exp());
    }
    let half_x = x.mul(&Ball::from_rational(&Rational::new(1, 2), precision));
    let power = match nu.as_i64() {
        Some(n) => half_x.powi(n),
        None => half_x.log().mul(nu).exp(),
    };
    power.mul(&series(nu, &half_x.powi(2), precision + 2)).div(&gamma::gamma_ball(&nu.add(&one), precision))
}

/// I_ν(x) = I_ν(4096)·e^(∫ (log I_ν)′) for x ≥ 4096 and an order small beside 4096.
pub(super) fn by_growth(nu: &Ball, x: &Ball, terms: usize) -> Option<Ball> {
    if nu.upper_f64() > 20.0 {
        return None;
    }
    // The bits of x before the point are lost in the exponential.
    let size = libm::log2(x.upper_f64()).clamp(0.0, 64.0) as u32;
    let precision = nu.precision().max(x.precision()) + size + 8;
    let (nu, x) = (nu.clone().with_precision(precision), x.clone().with_precision(precision));
    let start = Ball::from_i64(4096, precision);
    let growth = Expansion::beyond(&nu, &start, terms)?.log_growth(&x);
    Some(besseli_at(&nu, &start).mul(&growth.exp()))
}

/// Σ qᵏ/(k! (ν + 1)ₖ) for q = x²/4, DLMF 10.25.2.
///
/// Summed until a term is below 2^−bits of the sum: once q/((k + 1)(ν + k + 1)) ≤ ½ the terms after the k-th are together below it.
pub(super) fn series(nu: &Ball, q: &Ball, bits: u32) -> Ball {
    let precision = q.precision();
    let (mut sum, mut term) = (Ball::from_i64(1, precision), Ball::from_i64(1, precision));
    let two_q = q.mul(&Ball::from_i64(2, precision));
    let epsilon = Ball::from_i64(2, precision).powi(-i64::from(bits));
    for k in 1..=MOST_TERMS {
        let index = Ball::from_i64(k, precision);
        let divisor = nu.add(&index).mul(&index);
        term = term.mul(q).div(&divisor);
        sum = sum.add(&term);
        // The next divisor is larger than this one.
        let is_falling = two_q.sub(&divisor).neg().is_nonnegative();
        if is_falling && term.sub(&sum.mul(&epsilon)).is_negative() {
            return sum.add(&Ball::from_i64(0, precision).union(&term));
        }
    }
    and_above(sum)
}

pub(super) fn bessel_ratio(nu: &Ball, x: &Ball, precision: u32) -> Ball {
    let bits = precision + GUARD_BITS;
    let (nu, x) = (nu.clone().with_precision(bits), x.clone().with_precision(bits));
    let (zero, one) = (Ball::from_i64(0, bits), Ball::from_i64(1, bits));
    let on = |x: &Ball| {
        // 0 ≤ I_{ν+1}(x)/I_ν(x) < 1 bounds what unbounded intervals leave open.
        by_corners(&nu, x, ratio::at).max(&zero).min(&one)
    };
    let is_integer = nu.as_i64().is_some();
    let value = if nu.is_nonnegative() && x.is_nonnegative() {
        on(&x)
    } else if nu.is_nonnegative() && is_integer && x.neg().is_nonnegative() {
        on(&x.neg()).neg()
    } else if nu.is_nonnegative() && is_integer {
        // Odd and increasing in x.
        on(&x.max(&zero)).union(&on(&x.neg().max(&zero)).neg())
    } else {
        Ball::whole(precision).doubtful()
    };
    value.given(&nu).given(&x).with_precision(precision)
}
