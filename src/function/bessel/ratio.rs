//! R_ν(x) = I_{ν+1}(x)/I_ν(x) at a point, enclosed by two methods.
//!
//! For moderate x the continued fraction R_ν = 1/(2(ν + 1)/x + R_{ν+1}) (DLMF 10.33.1), begun far out
//! between Amos's bounds. For large x the expansion in powers of 1/x.

use super::expansion::{Expansion, MOST_TERMS};
use crate::number::{Ball, Rational};

/// More steps of the continued fraction are not taken; Amos's bounds then limit the precision.
const MOST_STEPS: f64 = 20_000.0;

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
    if is_large && (terms < MOST_TERMS as f64 - 8.0 || fraction_steps(nu, x, precision) > MOST_STEPS) {
        return Expansion::beyond(nu, x, MOST_TERMS)
            .map_or_else(|| by_fraction(nu, x), |expansion| expansion.ratio());
    }
    by_fraction(nu, x)
}

/// Each step shrinks the start's width by R², and R_ν(x) < exp(−asinh(ν/x)): N steps by about exp(−N²/x)
/// where x is large, by exp(−2N asinh(ν/x)) where ν is.
fn fraction_steps(nu: &Ball, x: &Ball, precision: u32) -> f64 {
    let (nu, x, nats) = (nu.lower_f64(), x.upper_f64(), 0.7 * f64::from(precision));
    let by_argument = libm::sqrt(nats * x) + nats / 3.0;
    let by_order = nats / (2.0 * libm::asinh(nu / x));
    by_argument.min(by_order) + 8.0
}

/// The continued fraction from N steps out; each step maps an enclosure of R_{ν+k} to one of R_{ν+k−1}.
pub(super) fn by_fraction(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    let steps = fraction_steps(nu, x, precision).min(MOST_STEPS) as i64;
    let constant = |n: i64| Ball::from_i64(n, precision);
    let two_over_x = constant(2).div(x);
    let start = amos(&nu.add(&constant(steps)), x);
    (1..=steps).rev().fold(start, |ratio, k| two_over_x.mul(&nu.add(&constant(k))).add(&ratio).recip())
}

/// x/(ν+½+√(x²+(ν+3/2)²)) ≤ R_ν(x) ≤ x/(ν+½+√(x²+(ν+½)²)) for ν ≥ 0 (D. E. Amos, Math. Comp. 28, 1974, (9), (16)).
pub(super) fn amos(nu: &Ball, x: &Ball) -> Ball {
    let precision = nu.precision().max(x.precision());
    let halves = |n: i64| Ball::from_rational(&Rational::new(n, 2), precision);
    let bound = |shift: &Ball| {
        let root = x.powi(2).add(&nu.add(shift).powi(2)).sqrt();
        x.div(&nu.add(&halves(1)).add(&root))
    };
    bound(&halves(3)).union(&bound(&halves(1)))
}
