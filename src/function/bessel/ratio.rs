//! R_ν(x) = I_{ν+1}(x)/I_ν(x) at a point, enclosed by two methods.
//!
//! For moderate x the continued fraction R_ν = 1/(2(ν + 1)/x + R_{ν+1}) (DLMF 10.33.1), begun far out
//! between Amos's bounds. For large x the series 1 − (ν + ½)/x + (ν² − ¼)/(2x²) + …, whose error follows
//! from the Riccati equation R′ = 1 − (2ν + 1)R/x − R².

use crate::number::{Ball, Rational};

/// More steps of the continued fraction are not taken; Amos's bounds then limit the precision.
const MOST_STEPS: f64 = 20_000.0;

/// Terms of the series for large x.
const MOST_TERMS: usize = 128;

/// R_ν(x) for exact ν ≥ 0, x ≥ 0.
pub(super) fn at(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    if x.is_zero() {
        return Ball::from_i64(0, precision);
    }
    let (order, argument) = (nu.upper_f64(), x.lower_f64());
    let is_large = argument >= 4096.0 && argument >= 8.0 * (order + 1.0) * (order + 1.0);
    // Each term of the series is worth about log₂ x − 4 bits.
    let terms = f64::from(precision) / (libm::log2(argument) - 4.0);
    if is_large && (terms < MOST_TERMS as f64 - 8.0 || fraction_steps(x, precision) > MOST_STEPS) {
        return by_series(nu, x).unwrap_or_else(|| by_fraction(nu, x));
    }
    by_fraction(nu, x)
}

/// N steps shrink the start's width by about exp(−N²/x), or by (x/2N)^2N once N exceeds x.
fn fraction_steps(x: &Ball, precision: u32) -> f64 {
    let bits = f64::from(precision);
    libm::sqrt(0.7 * bits * x.upper_f64()) + bits / 4.0 + 8.0
}

/// The continued fraction from N steps out; each step maps an enclosure of R_{ν+k} to one of R_{ν+k−1}.
pub(super) fn by_fraction(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    let steps = fraction_steps(x, precision).min(MOST_STEPS) as i64;
    let constant = |n: i64| Ball::from_i64(n, precision);
    let two_over_x = constant(2).div(x);
    let start = amos(&nu.add(&constant(steps)), x);
    (1..=steps).rev().fold(start, |ratio, k| two_over_x.mul(&nu.add(&constant(k))).add(&ratio).recip())
}

/// x/(ν+½+√(x²+(ν+3/2)²)) ≤ R_ν(x) ≤ x/(ν+½+√(x²+(ν+½)²)) for ν ≥ 0 (D. E. Amos, Math. Comp. 28, 1974, (9), (16)).
fn amos(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    let halves = |n: i64| Ball::from_rational(&Rational::new(n, 2), precision);
    let bound = |shift: &Ball| {
        let root = x.powi(2).add(&nu.add(shift).powi(2)).sqrt();
        x.div(&nu.add(&halves(1)).add(&root))
    };
    bound(&halves(3)).union(&bound(&halves(1)))
}

/// A partial sum w of the expansion of R in u = 1/x, widened by what it can be wrong.
///
/// w′ = 1 − (2ν+1)w/x − w² + e with the defect e = Σ eₘ uᵐ over the orders the coefficients do not
/// cancel. The difference d = R − w obeys d′ = −((2ν+1)/x + R + w)·d − e. If |w − 1| ≤ ½ on [3x/4, x],
/// the bracket is at least ½ there, so |d(x)| ≤ e^(−x/8)·|d(3x/4)| + 2·max |e|, and |d| ≤ 3/2.
pub(super) fn by_series(nu: &Ball, x: &Ball) -> Option<Ball> {
    let precision = nu.precision().max(x.precision());
    let constant = |n: i64| Ball::from_i64(n, precision);
    let coefficients = coefficients(nu, x, precision);
    // The largest u on [3x/4, x].
    let outer = Ball::from_rational(&Rational::new(4, 3), precision).div(x);
    let magnitude = |terms: &[Ball], first: i64| {
        let sum = terms.iter().rev().fold(constant(0), |sum, term| sum.mul(&outer).add(&term.abs()));
        sum.mul(&outer.powi(first))
    };
    let half = Ball::from_rational(&Rational::new(1, 2), precision);
    if !half.sub(&magnitude(&coefficients[1..], 1)).is_nonnegative() {
        return None;
    }
    let count = coefficients.len();
    let defects = defects(nu, &coefficients, precision);
    let defect = magnitude(&defects, count as i64).mul(&constant(2));
    let eighth = Ball::from_rational(&Rational::new(-1, 8), precision).mul(x);
    let start = eighth.exp().mul(&constant(2));
    let inverse = x.recip();
    let sum = coefficients.iter().rev().fold(constant(0), |sum, term| sum.mul(&inverse).add(term));
    Some(sum.widened(&defect.add(&start)))
}

/// c₀ = 1, 2cₘ = (m − 2 − 2ν)cₘ₋₁ − Σ cᵢcₘ₋ᵢ over 0 < i < m, until cₘ/xᵐ no longer matters.
fn coefficients(nu: &Ball, x: &Ball, precision: u32) -> Vec<Ball> {
    let half = Ball::from_rational(&Rational::new(1, 2), precision);
    let mut coefficients = vec![Ball::from_i64(1, precision)];
    let (scale, mut bits) = (libm::log2(x.lower_f64().min(1e300)), 0.0);
    while coefficients.len() < MOST_TERMS && bits > -f64::from(precision) - 8.0 {
        let m = coefficients.len();
        let next = residual(nu, &coefficients, m, precision).mul(&half);
        // Only chooses where to stop: a coefficient of 0 counts as 1.
        let size = next.abs().upper_f64().clamp(1.0, 1e300);
        bits = libm::log2(size) - scale * m as f64;
        coefficients.push(next);
    }
    coefficients
}

/// The coefficient of uᵐ in 1 − (2ν+1)w/x − w² − w′ without cₘ: (m − 2 − 2ν)cₘ₋₁ − Σ cᵢcₘ₋ᵢ.
fn residual(nu: &Ball, coefficients: &[Ball], m: usize, precision: u32) -> Ball {
    let zero = Ball::from_i64(0, precision);
    let linear = match coefficients.get(m - 1) {
        Some(before) => {
            let factor = Ball::from_i64(m as i64 - 2, precision).sub(&nu.add(nu));
            factor.mul(before)
        }
        None => zero.clone(),
    };
    let first = (m + 1).saturating_sub(coefficients.len()).max(1);
    (first..coefficients.len().min(m))
        .fold(linear, |sum, i| sum.sub(&coefficients[i].mul(&coefficients[m - i])))
}

/// The orders of the defect from the number of coefficients on.
fn defects(nu: &Ball, coefficients: &[Ball], precision: u32) -> Vec<Ball> {
    let count = coefficients.len();
    (count..2 * count - 1).map(|m| residual(nu, coefficients, m, precision)).collect()
}
