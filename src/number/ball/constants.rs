//! π, log 2 and Euler's constant as balls of any precision, computed once per thread and precision.

use std::cell::RefCell;
use std::cmp::Ordering;

use dashu_float::round::mode::HalfEven;
use dashu_float::{ConstCache, Context, FBig, FpResult, Repr};
use rustc_hash::FxHashMap;

use super::endpoint::{Endpoint, Toward};
use super::{Ball, Definedness, MINIMUM_PRECISION};

/// Bits beyond the requested precision at which a function is rounded to nearest.
const GUARD_BITS: u32 = 12;

/// The error allowed to that rounding, in units of its last place. Half a unit is claimed for every
/// function used here (certified by a retry loop over tracked radii); the rest is margin, and costs
/// 2⁻⁸ of a unit of the result.
const ALLOWED_ERROR: i64 = 8;

thread_local! {
    /// Digits of π and of logarithms, extended as higher precision is asked for.
    static DIGITS: RefCell<ConstCache> = const { RefCell::new(ConstCache::new()) };
    static CONSTANTS: RefCell<FxHashMap<(Constant, u32), Ball>> = RefCell::default();
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
enum Constant {
    Pi,
    Log2,
    EulerGamma,
}

type Nearest = FBig<HalfEven, 2>;

/// Bounds for a nonzero real from its computation to nearest; a failed computation bounds nothing.
///
/// If |v − f| is at most 8 units of the last of p + 12 places, f lies between v moved by as much.
pub(super) fn enclose(
    precision: u32,
    compute: impl FnOnce(&Context<HalfEven>, Option<&mut ConstCache>) -> FpResult<Nearest>,
) -> (Endpoint, Endpoint) {
    let working = precision + GUARD_BITS;
    let context = Context::<HalfEven>::new(working as usize);
    let value = DIGITS.with_borrow_mut(|digits| compute(&context, Some(digits)));
    let value = match value.map(|rounded| Endpoint::from_repr(rounded.value().into_repr())) {
        // A zero would be an underflow: the functions are called where they do not vanish.
        Ok(value) if value.is_finite() && value.signum() != Ordering::Equal => value,
        _ => return (Endpoint::MINUS_INFINITY, Endpoint::INFINITY),
    };
    (
        value.step(ALLOWED_ERROR, working, Toward::Down).round(precision, Toward::Down),
        value.step(ALLOWED_ERROR, working, Toward::Up).round(precision, Toward::Up),
    )
}

fn cached(constant: Constant, precision: u32, compute: impl FnOnce(u32) -> Ball) -> Ball {
    let precision = precision.max(MINIMUM_PRECISION);
    if let Some(known) = CONSTANTS.with_borrow(|known| known.get(&(constant, precision)).cloned()) {
        return known;
    }
    let value = compute(precision);
    CONSTANTS.with_borrow_mut(|known| known.insert((constant, precision), value.clone()));
    value
}

impl Ball {
    /// π.
    pub fn pi(precision: u32) -> Ball {
        cached(Constant::Pi, precision, |precision| {
            let (lower, upper) = enclose(precision, |context, digits| Ok(context.pi(digits)));
            Ball::new(lower, upper, precision, Definedness::Defined)
        })
    }

    /// log 2.
    pub fn ln2(precision: u32) -> Ball {
        cached(Constant::Log2, precision, |precision| {
            let two = Repr::from(dashu_int::IBig::from(2));
            let (lower, upper) = enclose(precision, |context, digits| context.ln(&two, digits));
            Ball::new(lower, upper, precision, Definedness::Defined)
        })
    }

    /// Euler's constant γ = lim (Hₙ − log n).
    pub fn euler_gamma(precision: u32) -> Ball {
        cached(Constant::EulerGamma, precision, euler_gamma)
    }
}

/// γ by Brent and McMillan (1980), algorithm B1, with x = 2n:
/// γ = S/I₀(x) − log n − K₀(x)/I₀(x), where I₀(x) = Σ tₖ, S = Σ Hₖ tₖ, tₖ = (nᵏ/k!)².
///
/// The last quotient is positive and below 8e⁻²ˣ: K₀(x) = ∫₀^∞ e^(−x cosh t) dt ≤ e⁻ˣ √(π/2x) by
/// cosh t ≥ 1 + t²/2, and I₀(x) = (1/π) ∫₀^π e^(x cos t) dt ≥ e^(x−1/2)/(π√x) by cos t ≥ 1 − t²/2 on
/// [0, 1/√x]; the constants multiply to √(π/2)·π·√e < 6.5.
///
/// Sums stop at k ≥ 4n, where tₖ₊₁/tₖ ≤ 1/16 and Hₖ₊₁ ≤ 2Hₖ, so that their tails are below tₖ and Hₖ tₖ.
fn euler_gamma(precision: u32) -> Ball {
    let working = precision + 32;
    // e⁻⁴ⁿ < 2^(−5n).
    let n = i64::from(working / 5 + 1);
    let (mut term, mut harmonic) = (Ball::from_i64(1, working), Ball::from_i64(0, working));
    let (mut bessel, mut weighted) = (term.clone(), harmonic.clone());
    let square = Ball::from_i64(n * n, working);
    let mut k = 0;
    while k < 4 * n || term.upper.magnitude() + i64::from(working) > bessel.upper.magnitude() {
        k += 1;
        term = &(&term * &square) / &Ball::from_i64(k * k, working);
        harmonic = &harmonic + &Ball::from_i64(k, working).recip();
        bessel = &bessel + &term;
        weighted = &weighted + &(&harmonic * &term);
    }
    let one_sided = |bound: &Ball| bound.union(&Ball::from_i64(0, working));
    bessel = &bessel + &one_sided(&term);
    weighted = &weighted + &one_sided(&(&harmonic * &term));
    let remainder = Ball::from_i64(8, working).mul(&Ball::from_i64(-4 * n, working).exp());
    let value = &(&weighted / &bessel) - &Ball::from_i64(n, working).log();
    value.sub(&one_sided(&remainder)).with_precision(precision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rational;

    /// Published digits, truncated: the value lies between them and one unit more.
    #[track_caller]
    fn check(value: impl Fn(u32) -> Ball, digits: &str) {
        let low = Rational::parse_decimal(digits).expect("a decimal");
        let unit = Rational::parse_decimal(&format!("1e-{}", digits.len() - 2)).expect("a decimal");
        let published = Ball::hull(&low, &(&low + &unit), 200);
        for precision in [53, 100, 333, 1000] {
            let ball = value(precision);
            assert!(ball.overlaps(&published), "{ball:?}");
            assert!(ball.is_narrow(precision * 3 / 10 - 1), "{ball:?}");
        }
        assert_eq!(value(200).to_decimal(40), published.to_decimal(40));
    }

    #[test]
    fn constants_agree_with_published_digits() {
        check(Ball::pi, "3.14159265358979323846264338327950288419716939937510");
        check(Ball::ln2, "0.69314718055994530941723212145817656807550013436025");
        check(Ball::euler_gamma, "0.57721566490153286060651209008240243104215933593992");
        check(|p| Ball::from_i64(1, p).exp(), "2.71828182845904523536028747135266249775724709369995");
    }
}
