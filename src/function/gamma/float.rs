//! The gamma family in `f64`, to a few units in the last place.
//!
//! ψ(x) = ψ(x + N) − Σ 1/(x + k) raises the argument until Stirling's series has all digits;
//! left of ½ the reflection formulas take over, with the distance to the nearest integer exact.

use std::f64::consts::{LN_2, PI};

use crate::function::double::Double;

/// B₂ₖ/(2k), k = 1, …, 10: DLMF 24.2, 5.11.2.
#[rustfmt::skip]
pub(super) const STIRLING: [f64; 10] = [
    1.0 / 12.0, -1.0 / 120.0, 1.0 / 252.0, -1.0 / 240.0, 1.0 / 132.0,
    -691.0 / 32760.0, 1.0 / 12.0, -3617.0 / 8160.0, 43867.0 / 14364.0, -174611.0 / 6600.0,
];

/// B₂ₖ, k = 1, …, 12: DLMF 24.2.
#[rustfmt::skip]
pub(super) const BERNOULLI: [f64; 12] = [
    1.0 / 6.0, -1.0 / 30.0, 1.0 / 42.0, -1.0 / 30.0, 5.0 / 66.0, -691.0 / 2730.0, 7.0 / 6.0,
    -3617.0 / 510.0, 43867.0 / 798.0, -174611.0 / 330.0, 854513.0 / 138.0, -236364091.0 / 2730.0,
];

/// Is x one of 0, −1, −2, …?
fn is_pole(x: f64) -> bool {
    x <= 0.0 && x == x.floor()
}

pub(super) fn gamma(x: f64) -> f64 {
    if is_pole(x) || x == f64::NEG_INFINITY { f64::NAN } else { libm::tgamma(x) }
}

pub(super) fn lgamma(x: f64) -> f64 {
    if is_pole(x) || x == f64::NEG_INFINITY { f64::NAN } else { libm::lgamma(x) }
}

/// Γ(x + 1), without rounding x + 1 where that would cost digits.
pub(super) fn factorial(x: f64) -> f64 {
    if x >= 1.0 && x != x.floor() { x * gamma(x) } else { gamma(x + 1.0) }
}

pub(super) fn digamma(x: f64) -> f64 {
    if is_pole(x) || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if x < 0.0 {
        // ψ(x) = ψ(1 − x) − π cot πx, DLMF 5.5.4.
        return digamma(1.0 - x) - PI / libm::tan(PI * (x - libm::rint(x)));
    }
    let mut raised = Double::new(x);
    let mut sum = Double::new(0.0);
    while raised.value() < 12.0 {
        sum = sum.add(Double::new(-1.0).div(raised));
        raised = raised.add(Double::new(1.0));
    }
    let y = raised.value();
    if y > 1e17 {
        return libm::log(y);
    }
    let square = 1.0 / (y * y);
    let series = STIRLING.iter().rev().fold(0.0, |rest, coefficient| (rest + coefficient) * square);
    sum.add(Double::sum(libm::log(y), -0.5 / y)).add(Double::new(-series)).value()
}

pub(super) fn trigamma(x: f64) -> f64 {
    polygamma(1.0, x)
}

/// ψ⁽ⁿ⁾(x) = (−1)ⁿ⁺¹ n! ζ(n + 1, x) for n ≥ 1, DLMF 5.15.1 and 25.11.
pub(super) fn polygamma(n: f64, x: f64) -> f64 {
    if n != n.floor() || !(0.0..=1e4).contains(&n) || is_pole(x) || x == f64::NEG_INFINITY {
        return f64::NAN;
    }
    if n == 0.0 {
        return digamma(x);
    }
    let sign = if n % 2.0 == 0.0 { -1.0 } else { 1.0 };
    if x > 0.0 {
        return sign * hurwitz(n, x);
    }
    // Σ over all integers of (x + k)⁻ⁿ⁻¹ has period 1; what lies left of x is taken away again.
    let distance = x - libm::rint(x);
    if n == 1.0 {
        let sine = libm::sin(PI * (x - libm::rint(x)));
        return (PI / sine) * (PI / sine) - hurwitz(n, 1.0 - x);
    }
    let (above, below) =
        if distance > 0.0 { (distance, 1.0 - distance) } else { (1.0 + distance, -distance) };
    sign * (hurwitz(n, above) + sign * hurwitz(n, below)) - hurwitz(n, 1.0 - x)
}

/// n! ζ(n + 1, x) for x > 0 by Euler–Maclaurin (DLMF 25.11.28); all large terms are positive.
fn hurwitz(n: f64, x: f64) -> f64 {
    let mut y = Double::new(x);
    let mut sum = Double::new(0.0);
    while y.value() < 14.0 + n {
        let term = power(n, y.value());
        sum = sum.add(Double::new(term));
        if sum.value() == f64::INFINITY || term < 1e-18 * sum.value() / (14.0 + n) {
            return sum.value();
        }
        y = y.add(Double::new(1.0));
    }
    let y = y.value();
    // (n−1)!/yⁿ·(1 + (n/y)·(½ + Σ B₂ₖ·(n+1)…(n+2k−1)/(2k)!·y¹⁻²ᵏ)).
    let mut factor = (n + 1.0) / (2.0 * y);
    let mut series = 0.0;
    for (k, bernoulli) in BERNOULLI.iter().enumerate() {
        series += bernoulli * factor;
        let k = 2.0 * k as f64;
        factor *= ((n + k + 2.0) / y) * ((n + k + 3.0) / y) / ((k + 3.0) * (k + 4.0));
    }
    let leading = power(n - 1.0, y);
    sum.add(Double::new(leading)).add(Double::new(leading * (n / y * (0.5 + series)))).value()
}

/// n!/yⁿ⁺¹, in halves where one of the two leaves the range of floats.
fn power(n: f64, y: f64) -> f64 {
    let (factorial, inverse) = (gamma(n + 1.0), libm::pow(y, -n - 1.0));
    if factorial < f64::INFINITY && inverse > 1e-290 {
        return factorial * inverse;
    }
    let mut product = 1.0 / y;
    for k in 1..=n as u32 {
        product *= f64::from(k) / y;
    }
    product
}

/// log Γ(y) − (y − ½) log y + y − ½ log 2π for y ≥ 10, DLMF 5.11.1.
fn stirling_rest(y: f64) -> f64 {
    let square = 1.0 / (y * y);
    let mut sum = 0.0;
    for (k, coefficient) in STIRLING.iter().enumerate().rev() {
        sum = sum * square + coefficient / (2 * k + 1) as f64;
    }
    sum / y
}

/// log B(a, b): logarithms of large numbers are never subtracted from each other.
pub(super) fn lbeta(a: f64, b: f64) -> f64 {
    let (small, large) = if a <= b { (a, b) } else { (b, a) };
    if small <= 0.0 || small.is_nan() || large.is_nan() {
        return f64::NAN;
    }
    if large == f64::INFINITY {
        return f64::NEG_INFINITY;
    }
    let share = small / (small + large);
    if small >= 10.0 {
        let rest = stirling_rest(small) + stirling_rest(large) - stirling_rest(small + large);
        let half_log_two_pi = 0.5 * (LN_2 + libm::log(PI));
        return -0.5 * libm::log(large)
            + half_log_two_pi
            + rest
            + (small - 0.5) * libm::log(share)
            + large * libm::log1p(-share);
    }
    if large >= 10.0 {
        let rest = stirling_rest(large) - stirling_rest(small + large);
        return lgamma(small)
            + rest
            + (small - small * libm::log(small + large) + (large - 0.5) * libm::log1p(-share));
    }
    if small < 1e-300 {
        return -libm::log(small);
    }
    libm::log(gamma(small) * (gamma(large) / gamma(small + large)))
}

/// Γ(n+1)/(Γ(k+1)Γ(n−k+1)), and n(n−1)…(n−k+1)/k! for every integer k ≥ 0.
pub(super) fn binomial(n: f64, k: f64) -> f64 {
    if n.is_nan() || k.is_nan() || n.is_infinite() || k.is_infinite() {
        return f64::NAN;
    }
    let whole = |x: f64| x == x.floor();
    if whole(k) {
        if k < 0.0 {
            return if n < 0.0 && whole(n) { f64::NAN } else { 0.0 };
        }
        if whole(n) && n >= 0.0 && k > n {
            return 0.0;
        }
        let factors = if whole(n) && n >= 0.0 { k.min(n - k) } else { k };
        if factors <= 2e4 {
            return falling_product(n, factors);
        }
    }
    if is_pole(n + 1.0) {
        return f64::NAN;
    }
    if n.abs().max(k.abs()).max((n - k).abs()) < 150.0 {
        let reciprocal = |x: f64| if is_pole(x + 1.0) { 0.0 } else { 1.0 / factorial(x) };
        // n − k is rounded, and 1/Γ is steep: 1/Γ(r + δ + 1) ≈ (1 − δψ(r + 1))/Γ(r + 1).
        let rest = n - k;
        let lost = Double::sum(n, -k).add(Double::new(-rest)).value();
        let correction =
            if lost == 0.0 || is_pole(rest + 1.0) { 1.0 } else { 1.0 - lost * digamma(rest + 1.0) };
        return factorial(n) * reciprocal(k) * (reciprocal(rest) * correction);
    }
    if k > 0.0 && k < n {
        let rest = n - k;
        if k <= rest {
            return inner_binomial(n, k);
        }
        let lost = Double::sum(n, -k).add(Double::new(-rest)).value();
        return inner_binomial(n, rest) * (1.0 + lost * (digamma(k + 1.0) - digamma(rest + 1.0)));
    }
    if k > -1.0 && n - k > -1.0 {
        return libm::exp(-libm::log1p(n) - lbeta(k + 1.0, n - k + 1.0));
    }
    if k > -1.0 {
        return outer_binomial(n, k, Double::sum(k, -n));
    }
    if n - k > -1.0 {
        return outer_binomial(n, n - k, Double::new(-k));
    }
    // n < k < −1: none of the three is right of 0.
    let ((top, s), (left, t), (right, u)) =
        (libm::lgamma_r(n + 1.0), libm::lgamma_r(k + 1.0), libm::lgamma_r(n - k + 1.0));
    f64::from(s * t * u) * libm::exp(top - left - right)
}

/// sin πx, without rounding x.
fn sin_pi(x: Double) -> f64 {
    let nearest = libm::rint(x.value());
    let sign = if nearest % 2.0 == 0.0 { 1.0 } else { -1.0 };
    sign * libm::sin(PI * x.add(Double::new(-nearest)).value())
}

/// The coefficient for k > n or n < −1, and k > −1, with `beyond` = k − n, by reflection (DLMF 5.5.3):
/// 1/Γ(n − k + 1) = Γ(k − n) sin π(k − n)/π and Γ(n + 1) = π/(Γ(−n) sin π(−n)).
fn outer_binomial(n: f64, k: f64, beyond: Double) -> f64 {
    if n > -1.0 {
        return sin_pi(beyond) / PI * libm::exp(lbeta(n + 1.0, beyond.value()));
    }
    let quotient = sin_pi(beyond) / sin_pi(Double::new(-n));
    quotient * libm::exp(-lbeta(k + 1.0, -n)) / beyond.value()
}

/// C(n, k) = C(n − j, k − j)·Π (n − i)/(k − i) over i < j, down to k < 1, for 0 < k ≤ n/2.
fn inner_binomial(n: f64, k: f64) -> f64 {
    let passed = k.floor().min(2e4);
    let mut product = Double::new(1.0);
    for i in 0..passed as u32 {
        let i = f64::from(i);
        product = product.mul(Double::sum(n, -i)).div(Double::new(k - i));
    }
    let (n, k) = (Double::sum(n, -passed).value(), k - passed);
    product.value() * libm::exp(-libm::log1p(n) - lbeta(k + 1.0, n - k + 1.0))
}

/// Π (n − k + i)/i over i = 1, …, k.
fn falling_product(n: f64, k: f64) -> f64 {
    let mut product = Double::new(1.0);
    for i in 1..=k as u32 {
        let i = f64::from(i);
        // n − k + i without rounding: k − i is an integer below 2⁵³.
        product = product.mul(Double::sum(n, i - k)).div(Double::new(i));
        if product.value() == 0.0 || product.value().is_infinite() || product.value().is_nan() {
            break;
        }
    }
    if product.value().is_nan() { f64::INFINITY.copysign(n) } else { product.value() }
}
