//! log(e⁻ˣ I_ν(x)), also where I_ν(x) and eˣ are beyond all floats.
//!
//! Where the power series is short, log I_ν(x) = ν log(x/2) − log Γ(ν + 1) + log Σ qᵏ/(k! (ν + 1)ₖ); where x is large beside ν²,
//! the expansion in powers of 1/x. Elsewhere from the order's fractional part f on: I_ν = I_f·R_f·R_{f+1} ⋯ R_{ν−1} with
//! R_ν = I_{ν+1}/I_ν.

use super::ball::series;
use super::expansion::{Expansion, MOST_TERMS};
use super::ratio;
use crate::function::enclosure::{and_below, ends};
use crate::function::lookup;
use crate::number::{Ball, Rational};

/// The power series may be so long.
const LONGEST_SERIES: f64 = 4096.0;

/// The product may have so many ratios.
const MOST_RATIOS: i64 = 4096;

/// log I_ν(x) − x for ν ≥ 0, x > 0: decreasing in ν (DLMF 10.37), and in x by the mean of its slope R_ν(x) + ν/x − 1.
pub(in crate::function) fn log_besseli_scaled(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    // 0 < I_ν(x) < eˣ for x > 0, DLMF 10.32.1.
    let zero = Ball::from_i64(0, precision);
    let bound = and_below(zero.clone());
    let ((Some(least), Some(largest)), (Some(start), _)) = (ends(nu), ends(x)) else {
        return bound;
    };
    if least.is_negative() || !start.is_positive() {
        return bound;
    }
    let on = |nu: &Ball| {
        let value = at(nu, &start);
        if x.is_exact() {
            return value;
        }
        let ratio = (lookup("bessel_ratio").expect("a row").eval.ball)(&[nu.clone(), x.clone()], precision);
        let slope = ratio.add(&nu.div(x)).sub(&Ball::from_i64(1, precision));
        value.add(&slope.mul(&x.sub(&start)))
    };
    let value = if nu.is_exact() { on(nu) } else { on(&least).union(&on(&largest)) };
    value.min(&zero)
}

/// At an exact point; the whole line where no way is short.
fn at(nu: &Ball, x: &Ball) -> Ball {
    // From this k on, the terms of the power series fall by halves: k(ν + k) > x²/2.
    let (order, argument) = (nu.upper_f64(), x.upper_f64());
    let quotient = order / argument;
    let length = argument / (quotient + libm::sqrt(quotient * quotient + 2.0));
    if length <= LONGEST_SERIES {
        return by_series(nu, x).sub(x);
    }
    let by_expansion = |nu: &Ball| Some(Expansion::beyond(nu, x, MOST_TERMS)?.log_scaled());
    if argument >= 8.0 * (order + 1.0) * (order + 1.0)
        && let Some(value) = by_expansion(nu)
    {
        return value;
    }
    let count = nu.lower().and_then(|nu| nu.floor().as_i64()).filter(|n| *n <= MOST_RATIOS);
    let value = count.and_then(|n| {
        let fraction = nu.sub(&Ball::from_i64(n, nu.precision()));
        Some(by_expansion(&fraction)?.add(&ratios(&fraction, x, n).log()))
    });
    value.unwrap_or_else(|| Ball::whole(nu.precision().max(x.precision())))
}

fn by_series(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    let half_x = x.mul(&Ball::from_rational(&Rational::new(1, 2), precision));
    let next = nu.add(&Ball::from_i64(1, precision));
    let log_gamma = (lookup("lgamma").expect("a row").eval.ball)(&[next], precision);
    let sum = series(nu, &half_x.powi(2), precision + 2);
    nu.mul(&half_x.log()).sub(&log_gamma).add(&sum.log())
}

/// R_f(x)·R_{f+1}(x) ⋯ of so many ratios, from the last one down by R_{ν−1} = 1/(2ν/x + R_ν), DLMF 10.29.1.
fn ratios(fraction: &Ball, x: &Ball, count: i64) -> Ball {
    let precision = fraction.precision().max(x.precision());
    let constant = |n: i64| Ball::from_i64(n, precision);
    if count == 0 {
        return constant(1);
    }
    let two_over_x = constant(2).div(x);
    let last = ratio::at(&fraction.add(&constant(count - 1)), x);
    let start = (last.clone(), last);
    let step = |(ratio, product): (Ball, Ball), k: i64| {
        let ratio = two_over_x.mul(&fraction.add(&constant(k))).add(&ratio).recip();
        (ratio.clone(), product.mul(&ratio))
    };
    (1..count).rev().fold(start, step).1
}
