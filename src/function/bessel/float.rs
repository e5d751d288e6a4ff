//! I_ν(x) and I_{ν+1}(x)/I_ν(x) in `f64`.
//!
//! The power series has positive terms only and is summed with twice the digits; for large x
//! Hankel's expansion eˣ/√(2πx)·(1 − (4ν² − 1)/(8x) + …) is shorter.

use std::f64::consts::PI;

use crate::function::double::Double;

/// x beyond which Hankel's expansion reaches every digit: its terms fall until (ν² + k²)/(2kx) is 1.
fn is_hankel_range(nu: f64, x: f64) -> bool {
    x >= 30.0 && x >= nu * nu
}

/// Order and argument brought to ν ≥ 0, x ≥ 0, with the sign: for integers I₋ₙ = Iₙ and
/// Iₙ(−x) = (−1)ⁿ Iₙ(x), DLMF 10.27.1.
pub(super) fn reflect(nu: f64, x: f64) -> Option<(f64, f64, f64)> {
    let whole = nu == nu.floor();
    if nu.is_nan() || x.is_nan() || nu.is_infinite() || (!whole && (nu < 0.0 || x < 0.0)) {
        return None;
    }
    let sign = if x < 0.0 && nu % 2.0 != 0.0 { -1.0 } else { 1.0 };
    Some((nu.abs(), x.abs(), sign))
}

pub(super) fn besseli(nu: f64, x: f64) -> f64 {
    match reflect(nu, x) {
        Some((nu, x, sign)) => sign * positive(nu, x),
        None => f64::NAN,
    }
}

fn positive(nu: f64, x: f64) -> f64 {
    if x == 0.0 {
        return if nu == 0.0 { 1.0 } else { 0.0 };
    }
    if x == f64::INFINITY || log_estimate(nu, x) > 711.0 {
        return f64::INFINITY;
    }
    if is_hankel_range(nu, x) {
        let half = libm::exp(x / 2.0);
        return half * (hankel(nu, x) / libm::sqrt(2.0 * PI * x)) * half;
    }
    if x > 1e6 { f64::NAN } else { prefactor(nu, x) * series(nu, x) }
}

/// log I_ν(x), from the leading term for large order (DLMF 10.41.3).
fn log_estimate(nu: f64, x: f64) -> f64 {
    let root = libm::hypot(nu, x);
    root - nu * libm::asinh(nu / x) - 0.5 * libm::log(2.0 * PI * root.max(1.0))
}

/// (x/2)^ν/Γ(ν + 1).
fn prefactor(nu: f64, x: f64) -> f64 {
    let factorial =
        if nu >= 1.0 && nu != nu.floor() { nu * libm::tgamma(nu) } else { libm::tgamma(nu + 1.0) };
    let half = libm::pow(x / 2.0, nu / 2.0);
    if factorial < f64::INFINITY && half > 1e-280 && half < 1e280 {
        let whole = libm::pow(x / 2.0, nu);
        let direct = whole > 1e-290 && whole < f64::INFINITY;
        return if direct { whole / factorial } else { half / factorial * half };
    }
    if nu < 5000.0 {
        // (x/2)^(ν−m)/Γ(ν−m+1) times the m factors (x/2)/(ν − j).
        let passed = nu.floor();
        let product = (0..passed as u32).fold(Double::new(1.0), |product, j| {
            product.mul(Double::new(x / 2.0).div(Double::sum(nu, -f64::from(j))))
        });
        if product.value() > 1e-290 && product.value() < 1e290 {
            return product.value() * prefactor(nu - passed, x);
        }
    }
    libm::exp(nu * libm::log(x / 2.0) - libm::lgamma(nu + 1.0))
}

/// Σ (x²/4)ᵏ/(k! (ν + 1)ₖ), DLMF 10.25.2, from its small terms inwards.
fn series(nu: f64, x: f64) -> f64 {
    let square = Double::product(x / 2.0, x / 2.0);
    // Beyond this the terms are below 10⁻³⁵ of the largest: k(ν + k) > (e·x/2)² and 60 more.
    let last = (1.4 * x).ceil() as u32 + 60;
    let mut sum = Double::new(1.0);
    for k in (1..=last).rev() {
        let k = f64::from(k);
        let divisor = Double::sum(nu, k).mul(Double::new(k));
        sum = square.div(divisor).mul(sum).add(Double::new(1.0));
    }
    sum.value()
}

/// Σ (−1)ᵏ aₖ(ν)/xᵏ, DLMF 10.40.1, up to its smallest term.
fn hankel(nu: f64, x: f64) -> f64 {
    let (mut sum, mut term) = (1.0, 1.0);
    for k in 1..200 {
        let odd = f64::from(2 * k - 1);
        let next = term * ((odd - 2.0 * nu) * (odd + 2.0 * nu) / (8.0 * f64::from(k) * x));
        if next == 0.0 || next.abs() < 1e-18 {
            return sum + next;
        }
        sum += next;
        term = next;
    }
    sum
}

pub(super) fn bessel_ratio(nu: f64, x: f64) -> f64 {
    if x < 0.0 && nu == nu.floor() {
        return -bessel_ratio(nu, -x);
    }
    if nu.is_nan() || x.is_nan() || nu.is_infinite() || nu < 0.0 || x < 0.0 {
        return f64::NAN;
    }
    if x == 0.0 {
        return 0.0;
    }
    if x > 1e300 {
        return 1.0;
    }
    if is_hankel_range(nu + 1.0, x) {
        return hankel(nu + 1.0, x) / hankel(nu, x);
    }
    // R_ν = 1/(2(ν + 1)/x + R_{ν+1}), DLMF 10.33.1, begun so far out that a wrong start is forgotten:
    // each step shrinks an error by R², and the product of N steps is below exp(−N²/x).
    let steps = (libm::sqrt(45.0 * x).ceil() + 25.0).min(2e6) as u32;
    let start = nu + f64::from(steps) + 0.5;
    let mut ratio = x / (start + libm::hypot(x, start + 0.5));
    for k in (1..=steps).rev() {
        ratio = x / (2.0 * (nu + f64::from(k)) + x * ratio);
    }
    ratio
}
