//! Stirling's series in balls, with its remainder: log Γ, ψ and ψ⁽ⁿ⁾ at positive points.
//!
//! log Γ(y) = (y − ½) log y − y + ½ log 2π + Σ B₂ₖ/(2k(2k − 1) y²ᵏ⁻¹), DLMF 5.11.1. For y > 0 the error
//! of a partial sum is below the first term left out (DLMF 5.11(ii)); the same holds for the derivatives,
//! because the remainder is, up to its sign, completely monotone (H. Alzer, Math. Comp. 66, 1997, thm. 8).

use crate::function::bernoulli::{self, bernoulli_numbers};
use crate::number::{Ball, Rational};

/// The argument beyond which `series` reaches `precision` bits for ψ⁽ⁿ⁾: its least term is about e^(−2πy).
pub(super) fn sufficient(precision: u32, order: i64) -> f64 {
    f64::from(precision) / 5.0 + 5.0 + order.max(0) as f64
}

/// N with x + N ≥ `least`, for x > 0.
pub(super) fn steps(x: &Ball, least: f64) -> i64 {
    (least - x.lower_f64()).ceil().max(0.0) as i64
}

/// Σ B₂ₖ (2k + n − 1)!/(2k)! y⁻²ᵏ with its remainder, for y > 0 and n ≥ −1.
///
/// For n = −1, 0, 1, … this is what remains of log Γ(y)/y, −ψ(y), ±yⁿψ⁽ⁿ⁾(y) after their leading terms.
pub(super) fn series(y: &Ball, order: i64) -> Ball {
    let precision = y.precision();
    let count = term_count(y.lower_f64(), order, precision);
    let coefficients = coefficients(count, order, precision);
    let inverse_square = y.powi(-2);
    let (last, partial) = coefficients.split_last().expect("at least one term is counted");
    let mut sum = Ball::from_i64(0, precision);
    for coefficient in partial.iter().rev() {
        sum = sum.add(coefficient).mul(&inverse_square);
    }
    let remainder = last.mul(&y.powi(-2 * count as i64));
    sum.widened(&remainder)
}

/// The number of the first term below 2^−precision of (n − 1)!, or of the least term.
fn term_count(y: f64, order: i64, precision: u32) -> usize {
    let (y, n) = (y.min(1e300), order as f64);
    let turn = 2.0 * libm::log2(2.0 * std::f64::consts::PI * y);
    // |B₂ₖ| ≈ 2(2k)!/(2π)²ᵏ, so term k is about 2(2k + n − 1)!/(2πy)²ᵏ. This only chooses where to stop.
    let mut bits = libm::log2(2.0 * (n + 1.0).max(1.0) * n.max(1.0)) - turn;
    for k in 1..bernoulli::MOST {
        let growth = libm::log2((2.0 * k as f64 + n) * (2.0 * k as f64 + n + 1.0)) - turn;
        if bits < -f64::from(precision) || growth > 0.0 {
            return k;
        }
        bits += growth;
    }
    bernoulli::MOST
}

/// B₂ₖ (2k + n − 1)!/(2k)!, k = 1, …, `count`.
fn coefficients(count: usize, order: i64, precision: u32) -> Vec<Ball> {
    let integer = |n: i64| Ball::from_i64(n, precision);
    let mut quotient = Ball::from_rational(&factorial(order + 1), precision).div(&integer(2));
    let mut result = Vec::with_capacity(count);
    for (k, bernoulli) in (1..=count as i64).zip(bernoulli_numbers(count)) {
        result.push(Ball::from_rational(bernoulli, precision).mul(&quotient));
        let numerator = (2 * k + order) * (2 * k + order + 1);
        quotient = quotient.mul(&integer(numerator)).div(&integer((2 * k + 1) * (2 * k + 2)));
    }
    result
}

/// n! for a small n ≥ 0.
pub(super) fn factorial(n: i64) -> Rational {
    (2..=n).fold(Rational::ONE, |product, k| &product * &Rational::from(k))
}

/// log Γ(y) for y beyond [`sufficient`].
pub(super) fn log_gamma(y: &Ball) -> Ball {
    let precision = y.precision();
    let half = Ball::from_rational(&Rational::new(1, 2), precision);
    let two_pi = Ball::pi(precision).mul(&Ball::from_i64(2, precision));
    let leading = y.sub(&half).mul(&y.log()).sub(y);
    leading.add(&half.mul(&two_pi.log())).add(&y.mul(&series(y, -1)))
}

/// x(x + 1)…(x + N − 1).
pub(super) fn rising_product(x: &Ball, steps: i64) -> Ball {
    let precision = x.precision();
    (0..steps)
        .fold(Ball::from_i64(1, precision), |product, k| product.mul(&x.add(&Ball::from_i64(k, precision))))
}

/// ψ(x) for a positive point.
pub(super) fn digamma(x: &Ball) -> Ball {
    let precision = x.precision();
    let steps = steps(x, sufficient(precision, 0));
    let y = x.add(&Ball::from_i64(steps, precision));
    let half = Ball::from_rational(&Rational::new(1, 2), precision);
    let raised = y.log().sub(&half.div(&y)).sub(&series(&y, 0));
    (0..steps).fold(raised, |sum, k| sum.sub(&x.add(&Ball::from_i64(k, precision)).recip()))
}

/// |ψ⁽ⁿ⁾(x)| for a positive point and n ≥ 1, DLMF 5.15.1, 5.15.8.
pub(super) fn polygamma_magnitude(order: i64, x: &Ball) -> Ball {
    let precision = x.precision();
    let steps = steps(x, sufficient(precision, order));
    let y = x.add(&Ball::from_i64(steps, precision));
    let exactly = |value: &Rational| Ball::from_rational(value, precision);
    let (before, factorial) = (exactly(&factorial(order - 1)), exactly(&factorial(order)));
    let two_y = y.mul(&Ball::from_i64(2, precision));
    let bracket = before.add(&factorial.div(&two_y)).add(&series(&y, order));
    bracket.mul(&y.powi(-order)).add(&factorial.mul(&inverse_powers(order, x, steps)))
}

/// Σ (x + k)⁻ⁿ⁻¹ over k = 0, …, N − 1.
pub(super) fn inverse_powers(order: i64, x: &Ball, steps: i64) -> Ball {
    let precision = x.precision();
    (0..steps).fold(Ball::from_i64(0, precision), |sum, k| {
        sum.add(&x.add(&Ball::from_i64(k, precision)).powi(-order - 1))
    })
}
