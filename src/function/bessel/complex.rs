//! The modified Bessel functions for complex arguments near the positive real axis.

use std::f64::consts::PI;

use num_complex::Complex64;

use crate::function::gamma;
use crate::number::Scalar;

fn real(x: f64) -> Complex64 {
    Complex64::new(x, 0.0)
}

fn is_hankel_range(nu: Complex64, x: Complex64) -> bool {
    x.re >= 30.0 && x.re >= nu.norm_sqr()
}

pub(super) fn besseli(nu: Complex64, x: Complex64) -> Complex64 {
    let whole = nu.im == 0.0 && nu.re == nu.re.floor();
    if whole && nu.re < 0.0 {
        return besseli(-nu, x);
    }
    if whole && x.re < 0.0 {
        let sign = if nu.re % 2.0 == 0.0 { 1.0 } else { -1.0 };
        return sign * besseli(nu, -x);
    }
    if nu.re < 0.0 || x.re < 0.0 || x.re > 1e4 && !is_hankel_range(nu, x) {
        return Complex64::new(f64::NAN, f64::NAN);
    }
    if is_hankel_range(nu, x) {
        let half = Scalar::exp(&(x / 2.0));
        return half * (hankel(nu, x) / Scalar::sqrt(&(2.0 * PI * x))) * half;
    }
    let power = if whole {
        Scalar::powi(&(x / 2.0), nu.re as i64)
    } else {
        Scalar::exp(&(Scalar::log(&(x / 2.0)) * nu))
    };
    power * gamma::reciprocal_gamma(nu + 1.0) * series(nu, x)
}

/// Σ (x²/4)ᵏ/(k! (ν + 1)ₖ), DLMF 10.25.2.
fn series(nu: Complex64, x: Complex64) -> Complex64 {
    let square = x * x / 4.0;
    let last = (1.4 * x.re).ceil() as u32 + 40;
    (1..=last).rev().fold(real(1.0), |sum, k| {
        let k = f64::from(k);
        square / (k * (nu + k)) * sum + 1.0
    })
}

/// Σ (−1)ᵏ aₖ(ν)/xᵏ, DLMF 10.40.1.
fn hankel(nu: Complex64, x: Complex64) -> Complex64 {
    let (mut sum, mut term) = (real(1.0), real(1.0));
    for k in 1..200 {
        let odd = f64::from(2 * k - 1);
        term *= (odd - 2.0 * nu) * (odd + 2.0 * nu) / (8.0 * f64::from(k) * x);
        sum += term;
        if term.norm_sqr() < 1e-40 {
            break;
        }
    }
    sum
}

pub(super) fn bessel_ratio(nu: Complex64, x: Complex64) -> Complex64 {
    if x.re < 0.0 && nu.im == 0.0 && nu.re == nu.re.floor() {
        return -bessel_ratio(nu, -x);
    }
    if nu.re < 0.0 || x.re < 0.0 {
        return Complex64::new(f64::NAN, f64::NAN);
    }
    if is_hankel_range(nu + 1.0, x) {
        return hankel(nu + 1.0, x) / hankel(nu, x);
    }
    let steps = (libm::sqrt(45.0 * x.re).ceil() + 25.0).min(2e6) as u32;
    let start = nu + f64::from(steps) + 0.5;
    let first = x / (start + Scalar::sqrt(&(x * x + (start + 0.5) * (start + 0.5))));
    (1..=steps).rev().fold(first, |ratio, k| x / (2.0 * (nu + f64::from(k)) + x * ratio))
}
