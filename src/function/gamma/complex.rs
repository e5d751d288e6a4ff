//! The gamma family for complex arguments near the real axis.
//!
//! Γ(x + iy) for a tiny y carries y·Γ′(x) as its imaginary part to all digits: nothing here
//! subtracts real parts to find it. `lgamma` continues log |Γ|, real on both sides of each pole.

use std::f64::consts::PI;

use num_complex::Complex64;

use super::float::{BERNOULLI, STIRLING};
use crate::number::Scalar;

fn real(x: f64) -> Complex64 {
    Complex64::new(x, 0.0)
}

const NAN: Complex64 = Complex64::new(f64::NAN, f64::NAN);

/// sin πz and cos πz up to their common sign, which is (−1) to the nearest integer.
fn sin_cos_pi(z: Complex64) -> (Complex64, Complex64, f64) {
    let nearest = libm::rint(z.re);
    let w = (z - nearest) * PI;
    (Scalar::sin(&w), Scalar::cos(&w), if nearest % 2.0 == 0.0 { 1.0 } else { -1.0 })
}

/// log of z or −z, whichever lies right: the continuation of log |x|.
fn log_abs(z: Complex64) -> Complex64 {
    if z.re < 0.0 { Scalar::log(&-z) } else { Scalar::log(&z) }
}

/// z + N with a real part of at least `least`, and the product z(z + 1)…(z + N − 1).
fn raise(z: Complex64, least: f64) -> (Complex64, Complex64) {
    let (mut raised, mut product) = (z, real(1.0));
    while raised.re < least {
        product *= raised;
        raised += 1.0;
    }
    (raised, product)
}

/// log Γ by Stirling's series, DLMF 5.11.1.
fn stirling(y: Complex64) -> Complex64 {
    // (y − ½)(log y − 1) − ½: for a tiny imaginary part its sum is y'·log x − y'/(2x), term by term.
    (y - 0.5) * (Scalar::log(&y) - 1.0) - 0.5 + 0.5 * libm::log(2.0 * PI) + stirling_rest(y)
}

/// Σ B₂ₖ/(2k(2k − 1) y²ᵏ⁻¹).
fn stirling_rest(y: Complex64) -> Complex64 {
    let square = Scalar::recip(&(y * y));
    let mut sum = real(0.0);
    for (k, coefficient) in STIRLING.iter().enumerate().rev() {
        sum = sum * square + coefficient / (2 * k + 1) as f64;
    }
    sum / y
}

pub(super) fn gamma(z: Complex64) -> Complex64 {
    if z.re < 0.5 {
        let (sine, _, sign) = sin_cos_pi(z);
        return real(sign * PI) / (sine * gamma(1.0 - z));
    }
    let (raised, product) = raise(z, 12.0);
    Scalar::exp(&stirling(raised)) / product
}

pub(super) fn lgamma(z: Complex64) -> Complex64 {
    if z.re < 0.5 {
        let (sine, _, _) = sin_cos_pi(z);
        return libm::log(PI) - log_abs(sine) - lgamma(1.0 - z);
    }
    let (raised, product) = raise(z, 12.0);
    stirling(raised) - Scalar::log(&product)
}

pub(super) fn factorial(z: Complex64) -> Complex64 {
    gamma(z + 1.0)
}

pub(super) fn digamma(z: Complex64) -> Complex64 {
    if z.re < 0.0 {
        let (sine, cosine, _) = sin_cos_pi(z);
        return digamma(1.0 - z) - PI * cosine / sine;
    }
    let (mut y, mut sum) = (z, real(0.0));
    while y.re < 12.0 {
        sum += Scalar::recip(&y);
        y += 1.0;
    }
    let square = Scalar::recip(&(y * y));
    let series = STIRLING.iter().rev().fold(real(0.0), |rest, coefficient| (rest + coefficient) * square);
    Scalar::log(&y) - 0.5 / y - series - sum
}

pub(super) fn trigamma(z: Complex64) -> Complex64 {
    polygamma(real(1.0), z)
}

/// ψ⁽ⁿ⁾(z) for an integer n between 0 and 120.
pub(super) fn polygamma(n: Complex64, z: Complex64) -> Complex64 {
    if n.im != 0.0 || n.re != n.re.floor() || !(0.0..=120.0).contains(&n.re) {
        return NAN;
    }
    if n.re == 0.0 {
        return digamma(z);
    }
    let sign = if n.re % 2.0 == 0.0 { -1.0 } else { 1.0 };
    if z.re > 0.0 {
        return sign * hurwitz(n.re, z);
    }
    let distance = z - libm::rint(z.re);
    let (above, below) =
        if distance.re > 0.0 { (distance, 1.0 - distance) } else { (1.0 + distance, -distance) };
    sign * (hurwitz(n.re, above) + sign * hurwitz(n.re, below)) - hurwitz(n.re, 1.0 - z)
}

/// n! ζ(n + 1, z) by Euler–Maclaurin, DLMF 25.11.28.
fn hurwitz(n: f64, z: Complex64) -> Complex64 {
    let factorial = libm::tgamma(n + 1.0);
    let power = |y: Complex64| factorial * Scalar::powi(&y, -(n as i64) - 1);
    let (mut y, mut sum) = (z, real(0.0));
    while y.re < 14.0 + n {
        sum += power(y);
        y += 1.0;
    }
    let mut factor = (n + 1.0) / (2.0 * y);
    let mut series = real(0.5);
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        series += *bernoulli * factor;
        let k = 2.0 * k as f64;
        factor *= ((n + k + 2.0) / y) * ((n + k + 3.0) / y) / ((k + 3.0) * (k + 4.0));
    }
    sum + power(y) * (y / n + series)
}

/// 1/Γ, which has no poles.
pub(in crate::function) fn reciprocal(z: Complex64) -> Complex64 {
    if z.re < 0.5 {
        let (sine, _, sign) = sin_cos_pi(z);
        return sign * sine * gamma(1.0 - z) / PI;
    }
    Scalar::recip(&gamma(z))
}

/// log B(a, b), as for floats without differences of large logarithms.
pub(super) fn lbeta(a: Complex64, b: Complex64) -> Complex64 {
    if !(a.re > 0.0 && b.re > 0.0) {
        return NAN;
    }
    let (small, large) = if a.re <= b.re { (a, b) } else { (b, a) };
    if large.re < 12.0 {
        return lgamma(a) + lgamma(b) - lgamma(a + b);
    }
    let share = small / (small + large);
    let rest = stirling_rest(large) - stirling_rest(small + large);
    let beyond = Scalar::log1p(&-share);
    if small.re >= 12.0 {
        return 0.5 * (libm::log(2.0 * PI) - Scalar::log(&large))
            + stirling_rest(small)
            + rest
            + (small - 0.5) * Scalar::log(&share)
            + large * beyond;
    }
    lgamma(small) + rest + (small - small * Scalar::log(&(small + large)) + (large - 0.5) * beyond)
}

pub(super) fn binomial(n: Complex64, k: Complex64) -> Complex64 {
    if k.im == 0.0 && k.re == k.re.floor() && k.re.abs() < 1e4 {
        // n(n − 1)…(n − k + 1)/k!, and 0 for k < 0.
        let factors = 1..=k.re.max(0.0) as u32;
        let start = real(if k.re < 0.0 { 0.0 } else { 1.0 });
        return factors.fold(start, |product, i| product * ((n - k + f64::from(i)) / f64::from(i)));
    }
    if n.re.abs().max(k.re.abs()).max((n - k).re.abs()) < 120.0 {
        return gamma(n + 1.0) * reciprocal(k + 1.0) * reciprocal(n - k + 1.0);
    }
    if k.re > -1.0 && (n - k).re > -1.0 {
        return Scalar::exp(&-lbeta(k + 1.0, n - k + 1.0)) / (n + 1.0);
    }
    let outside = if k.re < 0.0 { n - k } else { k };
    if n.re > -1.0 && outside.re > n.re {
        // 1/Γ(n − k + 1) = Γ(k − n) sin π(k − n)/π, DLMF 5.5.3.
        let (sine, _, sign) = sin_cos_pi(outside - n);
        return sign * sine / PI * Scalar::exp(&lbeta(n + 1.0, outside - n));
    }
    NAN
}
