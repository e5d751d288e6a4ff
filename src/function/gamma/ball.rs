//! The gamma family in balls: rigorous for narrow and wide arguments at any precision.
//!
//! For x > 0 a ball is mapped by its endpoints, ψ being increasing, |ψ⁽ⁿ⁾| decreasing, Γ and log Γ
//! convex; left of 0 by reflection, DLMF 5.5.3, 5.5.4. On a pole nothing is defined.

use num_integer::Integer;

use super::stirling::{self, sufficient};
use crate::function::enclosure::{
    GUARD_BITS, Place, and_above, and_below, decreasing, ends, increasing, nearest_integer, place,
};
use crate::number::{Ball, Rational};

/// Recurrences of more steps than this are not attempted.
const MOST_STEPS: i64 = 4096;

/// The largest order of ψ⁽ⁿ⁾ that is computed.
const MOST_ORDER: i64 = 256;

/// Nothing is known of the value, not even that it exists.
fn unknown(precision: u32) -> Ball {
    Ball::whole(precision).doubtful()
}

/// The enclosure by one body right of the poles and one between them.
fn by_place(
    x: &Ball,
    precision: u32,
    right: impl FnOnce(&Ball) -> Ball,
    left: impl FnOnce(&Ball) -> Ball,
) -> Ball {
    if x.is_undefined() {
        return Ball::undefined(precision);
    }
    match place(x) {
        Place::Right => right(x),
        Place::Left => left(x),
        Place::Pole => Ball::undefined(precision),
        Place::Across => unknown(precision),
    }
    .given(x)
    .with_precision(precision)
}

/// Γ and log |Γ| have their least value for x > 0 between these (DLMF 5.4.19).
fn least_place() -> (Rational, Rational) {
    let unit = 10_000_000_000_000_000;
    (Rational::new(14_616_321_449_683_623, unit), Rational::new(14_616_321_449_683_624, unit))
}

/// Γ(x) > 0.8856, log Γ(x) > −0.1215 for x > 0, from DLMF 5.4.20.
const LEAST_GAMMA: (i64, i64) = (8_856_031_944_108_887, 10_000_000_000_000_000);
const LEAST_LGAMMA: (i64, i64) = (-1_214_862_905_358_497, 10_000_000_000_000_000);

/// f(x) for a convex f on x > 0 with the place of its minimum in [`least_place`].
fn convex(x: &Ball, f: impl Fn(&Ball) -> Ball, slope: impl Fn(&Ball) -> Ball, least: (i64, i64)) -> Ball {
    if x.is_exact() {
        return f(x);
    }
    let (before, beyond) = least_place();
    let (Some(a), b) = ends(x) else { return Ball::whole(x.precision()) };
    if !a.is_positive() {
        return and_above(Ball::from_rational(&Rational::new(least.0, least.1), x.precision())).given(x);
    }
    if a.lower().is_some_and(|a| a >= beyond) {
        return increasing(x, f);
    }
    if b.as_ref().and_then(Ball::upper).is_some_and(|b| b <= before) {
        return decreasing(x, f);
    }
    let mut bottom = Ball::from_rational(&Rational::new(least.0, least.1), x.precision());
    let Some(b) = b else { return and_above(bottom).given(x) };
    // A convex function lies above its tangents, here those at both ends.
    let (at_a, at_b, width) = (f(&a), f(&b), b.sub(&a));
    let zero = Ball::from_i64(0, x.precision());
    bottom = bottom.max(&at_a.add(&slope(&a).min(&zero).mul(&width)));
    bottom = bottom.max(&at_b.sub(&slope(&b).max(&zero).mul(&width)));
    at_a.union(&at_b).union(&bottom).given(x)
}

/// About log₂ of the numbers that cancel in log Γ(x), or of log Γ itself, within bounds.
fn size_bits(x: &Ball) -> u32 {
    let largest = x.upper_f64().abs().max(x.lower_f64().abs()).clamp(2.0, f64::MAX);
    let bits = libm::log2(largest);
    (bits + libm::log2(bits.max(1.0))).ceil() as u32 + 1
}

/// Γ of integers up to this one is a product.
const MOST_FACTORS: i64 = 128;

/// Γ at a positive point.
fn gamma_at(x: &Ball) -> Ball {
    let precision = x.precision();
    if let Some(n) = x.as_i64().filter(|&n| n <= MOST_FACTORS) {
        return stirling::rising_product(&Ball::from_i64(1, precision), n - 1);
    }
    let working = precision + size_bits(x).min(64) + 16;
    let x = x.clone().with_precision(working);
    let steps = stirling::steps(&x, sufficient(working, 0));
    let y = x.add(&Ball::from_i64(steps, working));
    stirling::log_gamma(&y).exp().div(&stirling::rising_product(&x, steps)).with_precision(precision)
}

/// log Γ at a positive point.
fn lgamma_at(x: &Ball) -> Ball {
    let precision = x.precision();
    if x.as_i64().is_some_and(|n| n <= MOST_FACTORS) {
        return gamma_at(x).log();
    }
    let steps = stirling::steps(x, sufficient(precision, 0));
    let y = x.add(&Ball::from_i64(steps, precision));
    let raised = stirling::log_gamma(&y);
    if steps == 0 { raised } else { raised.sub(&stirling::rising_product(x, steps).log()) }
}

/// sin πx and cos πx up to their common sign, and that sign, from the exact distance to an integer.
fn sin_cos_pi(x: &Ball) -> Option<(Ball, Ball, i64)> {
    let precision = x.precision();
    let nearest = nearest_integer(x)?;
    let bits = u32::try_from(nearest.bits()).ok()?;
    let distance = x.sub(&Ball::from_rational(&nearest, bits.max(precision))).with_precision(precision);
    let angle = Ball::pi(precision).mul(&distance);
    Some((angle.sin(), angle.cos(), if nearest.numerator().is_even() { 1 } else { -1 }))
}

/// 1 − x.
fn reflected(x: &Ball) -> Ball {
    Ball::from_i64(1, x.precision()).sub(x)
}

fn working(x: &Ball, precision: u32) -> Ball {
    x.clone().with_precision(precision + GUARD_BITS)
}

pub(in crate::function) fn gamma(x: &Ball, precision: u32) -> Ball {
    let x = working(x, precision);
    let slope = |x: &Ball| gamma_at(x).mul(&stirling::digamma(x));
    let right = |x: &Ball| convex(x, gamma_at, slope, LEAST_GAMMA);
    by_place(&x, precision, right, |x| match sin_cos_pi(x) {
        Some((sine, _, sign)) => {
            let numerator = Ball::pi(x.precision()).mul(&Ball::from_i64(sign, 64));
            numerator.div(&sine.mul(&right(&reflected(x))))
        }
        None => unknown(precision),
    })
}

pub(super) fn lgamma(x: &Ball, precision: u32) -> Ball {
    let x = working(x, precision);
    let right = |x: &Ball| convex(x, lgamma_at, stirling::digamma, LEAST_LGAMMA);
    by_place(&x, precision, right, |x| match sin_cos_pi(x) {
        Some((sine, _, _)) => Ball::pi(x.precision()).div(&sine.abs()).log().sub(&right(&reflected(x))),
        None => unknown(precision),
    })
}

pub(super) fn digamma(x: &Ball, precision: u32) -> Ball {
    let x = working(x, precision);
    let right = |x: &Ball| increasing(x, stirling::digamma);
    by_place(&x, precision, right, |x| match sin_cos_pi(x) {
        Some((sine, cosine, _)) => right(&reflected(x)).sub(&Ball::pi(x.precision()).mul(&cosine).div(&sine)),
        None => unknown(precision),
    })
}

pub(super) fn trigamma(x: &Ball, precision: u32) -> Ball {
    polygamma(&Ball::from_i64(1, 64), x, precision)
}

pub(super) fn polygamma(n: &Ball, x: &Ball, precision: u32) -> Ball {
    let order = match n.as_i64() {
        Some(0) => return digamma(x, precision).given(n),
        Some(order) if (1..=MOST_ORDER).contains(&order) => order,
        _ => return unknown(precision).given(n).given(x),
    };
    let x = working(x, precision);
    let signed = |magnitude: Ball| if order % 2 == 0 { magnitude.neg() } else { magnitude };
    let zero = Ball::from_i64(0, x.precision());
    let right = |x: &Ball| signed(decreasing(x, |x| stirling::polygamma_magnitude(order, x)).max(&zero));
    by_place(&x, precision, right, |x| {
        if order == 1 {
            return match sin_cos_pi(x) {
                Some((sine, _, _)) => Ball::pi(x.precision()).div(&sine).powi(2).sub(&right(&reflected(x))),
                None => unknown(precision),
            };
        }
        let steps = libm::floor(-x.lower_f64()) + 1.0;
        if steps > MOST_STEPS as f64 {
            return unknown(precision);
        }
        // ψ⁽ⁿ⁾(x) = ψ⁽ⁿ⁾(x + N) − (−1)ⁿ n! Σ (x + k)⁻ⁿ⁻¹, DLMF 5.15.5.
        let factorial = Ball::from_rational(&stirling::factorial(order), x.precision());
        let passed = factorial.mul(&stirling::inverse_powers(order, x, steps as i64));
        let raised = x.add(&Ball::from_i64(steps as i64, x.precision()));
        if raised.is_positive() { right(&raised).add(&signed(passed)) } else { unknown(precision) }
    })
    .given(n)
}

pub(super) fn factorial(x: &Ball, precision: u32) -> Ball {
    let x = working(x, precision + size_bits(x).min(64));
    gamma(&x.add(&Ball::from_i64(1, x.precision())), precision)
}

/// 1/Γ, which is 0 at the poles of Γ and defined everywhere.
fn reciprocal_gamma(x: &Ball, precision: u32) -> Ball {
    let x = working(x, precision);
    if x.is_positive() {
        return gamma(&x, precision).recip();
    }
    let steps = libm::floor(-x.lower_f64()) + 1.0;
    if steps > MOST_STEPS as f64 {
        return Ball::whole(precision).given(&x);
    }
    let raised = x.add(&Ball::from_i64(steps as i64, x.precision()));
    if !raised.is_positive() {
        return Ball::whole(precision).given(&x);
    }
    stirling::rising_product(&x, steps as i64).div(&gamma(&raised, precision)).with_precision(precision)
}

/// log B decreases in both arguments.
pub(super) fn lbeta(a: &Ball, b: &Ball, precision: u32) -> Ball {
    if !(a.is_positive() && b.is_positive()) {
        return unknown(precision).given(a).given(b);
    }
    let bits = precision + GUARD_BITS + size_bits(a).max(size_bits(b));
    let (x, y) = (a.clone().with_precision(bits), b.clone().with_precision(bits));
    let at = |a: &Ball, b: &Ball| lgamma_at(a).add(&lgamma_at(b)).sub(&lgamma_at(&a.add(b)));
    if x.is_exact() && y.is_exact() {
        return at(&x, &y).given(a).given(b).with_precision(precision);
    }
    let ((a_low, a_high), (b_low, b_high)) = (ends(&x), ends(&y));
    let highest = match (a_low, b_low) {
        (Some(a), Some(b)) if a.is_positive() && b.is_positive() => at(&a, &b),
        _ => Ball::whole(bits),
    };
    let lowest = match (a_high, b_high) {
        (Some(a), Some(b)) => at(&a, &b),
        _ => and_below(highest.clone()),
    };
    lowest.union(&highest).given(a).given(b).with_precision(precision)
}

pub(super) fn binomial(n: &Ball, k: &Ball, precision: u32) -> Ball {
    let (n, k) = (working(n, precision), working(k, precision));
    let one = Ball::from_i64(1, 64);
    let result = match place(&n.add(&one)) {
        Place::Pole | Place::Across => unknown(precision),
        Place::Right | Place::Left => match k.as_i64() {
            Some(k) if k < 0 => Ball::from_i64(0, precision),
            Some(count) if n.as_i64().is_some_and(|n| n >= 0) => whole_binomial(&n, count),
            Some(count) if count <= MOST_STEPS => falling_quotient(&n, count),
            _ => real_binomial(&n, &k, precision),
        },
    };
    result.given(&n).given(&k).with_precision(precision)
}

/// The binomial coefficient of exact integers n ≥ 0, k ≥ 0.
fn whole_binomial(n: &Ball, k: i64) -> Ball {
    let number = n.as_i64().expect("an exact integer");
    if k > number {
        return Ball::from_i64(0, n.precision());
    }
    let count = k.min(number - k);
    if count <= MOST_STEPS {
        return falling_quotient(n, count);
    }
    real_binomial(n, &Ball::from_i64(k, 64), n.precision())
}

/// Π (n − k + i)/i over i = 1, …, k.
fn falling_quotient(n: &Ball, k: i64) -> Ball {
    let precision = n.precision();
    let factor = |i: i64| Ball::from_i64(i, precision.max(64));
    let (mut numerator, mut denominator) = (factor(1), factor(1));
    for i in 1..=k {
        numerator = numerator.mul(&n.add(&factor(i - k)));
        denominator = denominator.mul(&factor(i));
    }
    numerator.div(&denominator)
}

/// The coefficient for real arguments.
fn real_binomial(n: &Ball, k: &Ball, precision: u32) -> Ball {
    let rest = n.sub(k);
    if k.is_nonnegative() && rest.is_nonnegative() && n.is_bounded() && k.is_bounded() {
        return inner_binomial(n, k, precision);
    }
    let one = Ball::from_i64(1, 64);
    let largest = n.abs().max(&k.abs()).upper_f64();
    if largest > MOST_STEPS as f64 {
        // No factor can be bounded in reasonable time; the value exists.
        return Ball::whole(precision);
    }
    gamma(&n.add(&one), precision + GUARD_BITS)
        .mul(&reciprocal_gamma(&k.add(&one), precision + GUARD_BITS))
        .mul(&reciprocal_gamma(&rest.add(&one), precision + GUARD_BITS))
}

/// 0 ≤ k ≤ n: increasing in n; in k symmetric about n/2 and logarithmically concave.
fn inner_binomial(n: &Ball, k: &Ball, precision: u32) -> Ball {
    let one = Ball::from_i64(1, 64);
    let at = |n: &Ball, k: &Ball| {
        let above = n.add(&one);
        let log_beta = lbeta(&k.add(&one), &n.sub(k).add(&one), precision + 2 * size_bits(n).min(1100));
        log_beta.neg().exp().div(&above)
    };
    if n.is_exact() && k.is_exact() {
        return at(n, k);
    }
    let ((Some(n_low), Some(n_high)), (Some(k_low), Some(k_high))) = (ends(n), ends(k)) else {
        return Ball::whole(precision);
    };
    let half = n_high.mul(&Ball::from_rational(&Rational::new(1, 2), 64));
    let least = at(&n_low, &k_low).min(&at(&n_low, &k_high));
    let most = if k_high.sub(&half).is_negative() {
        at(&n_high, &k_high)
    } else if k_low.sub(&half).is_positive() {
        at(&n_high, &k_low)
    } else {
        at(&n_high, &half)
    };
    least.union(&most)
}
