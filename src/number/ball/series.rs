//! Elementary functions by short series on integers n, which stand for the numbers n·2^−w.
//!
//! e^r = (Σ (r/2ᵏ)ʲ/j!)^(2ᵏ): arguments are reduced until a dozen terms suffice. Every shift and every
//! division of integers is off by at most 1; errors are counted in such units, and each count is proved
//! beside its series. Logarithm and arctangent start from the machine's approximation, which needs no
//! trust: what is left of the argument is computed, seen to be small, and added by its own series.

use dashu_base::{BitTest, Sign, UnsignedAbs};
use dashu_int::IBig;

use super::elementary::Bounds;
use super::endpoint::{Endpoint, Toward};
use super::{Ball, Definedness, MINIMUM_PRECISION};

/// A real within `error` units of 2^−`places` of `value` · 2^−`places`.
struct Fixed {
    value: IBig,
    error: u64,
    places: i64,
}

impl Fixed {
    /// Bounds for the real times 2^`exponent`, or `None` when cancellation left too few digits.
    fn bounds(self, exponent: i64, precision: u32) -> Option<Bounds> {
        if self.value.bit_len() < precision as usize + 4 + self.error.bit_len() {
            return None;
        }
        let end = |value: IBig, toward| {
            Endpoint::from_parts(value, exponent - self.places).round(precision, toward)
        };
        let error = IBig::from(self.error);
        Some((end(&self.value - &error, Toward::Down), end(self.value + error, Toward::Up)))
    }
}

/// x · 2^places, off by less than 1.
fn fixed(x: &Endpoint, places: i64) -> IBig {
    let shift = x.repr().exponent() as i64 + places;
    let significand = x.repr().significand();
    if shift >= 0 { significand << shift as usize } else { significand >> shift.unsigned_abs() as usize }
}

fn one(places: i64) -> IBig {
    IBig::ONE << places as usize
}

fn times(a: &IBig, b: &IBig, places: i64) -> IBig {
    (a * b) >> places as usize
}

/// Is |value| ≤ 1?
fn is_negligible(value: &IBig) -> bool {
    value.bit_len() <= 1
}

/// A constant below 4 in units of 2^−places, off by at most 5: its ball is at most four units wide.
fn constant(of: fn(u32) -> Ball, places: i64) -> IBig {
    // Few distinct precisions, so that the constants stay cached.
    let precision = (places as u32 + 2).next_multiple_of(64).max(MINIMUM_PRECISION);
    fixed(&of(precision).lower, places)
}

/// e^x for |x| ≤ 1, within 2 + (3(4N + 10))/2¹² units for N terms.
///
/// With y = x/2ᵏ and 12 + k more places, a term tⱼ = tⱼ₋₁ y/j is off by eⱼ ≤ eⱼ₋₁/2 + 2 ≤ 4; the sum by 4N,
/// and its tail, below the term that was negligible, by 5 more. Squaring k times multiplies this by
/// ∏ 2e^(x/2ⁱ) ≤ 2ᵏ·e and adds at most 2 units before each multiplication.
fn exp_series(x: &IBig, places: i64) -> (IBig, u64) {
    let halvings = (places as u64).isqrt() as i64 * 4 / 5 + 1;
    let working = places + halvings + 12;
    let y = x << 12;
    let (mut term, mut sum, mut terms) = (one(working), one(working), 0u64);
    while !is_negligible(&term) {
        terms += 1;
        term = times(&term, &y, working) / IBig::from(terms);
        sum += &term;
    }
    for _ in 0..halvings {
        sum = times(&sum, &sum, working);
    }
    (sum >> (halvings + 12) as usize, 2 + ((3 * (4 * terms + 10)) >> 12))
}

/// e^x for 2^−p ≤ |x| < 2⁴⁰: with r = x − n log 2, off by 3 units, and |r| ≤ 1, e^x = 2ⁿ e^r.
pub(super) fn exp_bounds(x: &Endpoint, precision: u32) -> Option<Bounds> {
    let places = i64::from(precision) + 20;
    let multiple = (x.to_f64(Toward::Down) * std::f64::consts::LOG2_E).round() as i64;
    let log2 = constant(Ball::ln2, places + 48) * IBig::from(multiple);
    let rest = fixed(x, places) - (log2 >> 48);
    if rest.bit_len() as i64 > places {
        return None;
    }
    let (value, error) = exp_series(&rest, places);
    // e^r moves by less than 3e + 1 units for 3 of r.
    Fixed { value, error: error + 10, places }.bounds(multiple, precision)
}

/// log(1 + z) for |z| ≤ 2⁻⁴⁰, within 3N + 2 units for N terms: a power, its division and its use as a
/// factor are off by 1 each; what follows the negligible power is far below 1.
fn log1p_series(z: &IBig, places: i64) -> (IBig, u64) {
    let (mut power, mut sum, mut terms) = (z.clone(), z.clone(), 1u64);
    while !is_negligible(&power) {
        terms += 1;
        power = -times(&power, z, places);
        sum += &power / IBig::from(terms);
    }
    (sum, 3 * terms + 2)
}

/// log x for x > 0, x ≠ 1: with x = 2ᵉ m and a float y near log m, log x = e log 2 + y + log(m e⁻ʸ).
pub(super) fn log_bounds(x: &Endpoint, precision: u32) -> Option<Bounds> {
    let mut exponent = x.magnitude();
    let mut mantissa = x.scale(-exponent);
    if mantissa.to_f64(Toward::Down) < std::f64::consts::FRAC_1_SQRT_2 {
        exponent -= 1;
        mantissa = mantissa.scale(1);
    }
    // |log x| ≥ |x − 1|/2 near 1, which takes as many more places.
    let distance = if exponent == 0 { x.sub(&Endpoint::ONE, precision, Toward::Down).magnitude() } else { 0 };
    let places = i64::from(precision) + 24 - distance.min(0);
    let near = fixed(&Endpoint::from_f64(libm::log(mantissa.to_f64(Toward::Down))), places);
    let (inverse, inverse_error) = exp_series(&-&near, places);
    // m < 3/2 may be off by 1 and e⁻ʸ < 3/2 by its error; the product is shifted once.
    let rest = times(&fixed(&mantissa, places), &inverse, places) - one(places);
    if rest.bit_len() as i64 > places - 40 {
        return None;
    }
    let (correction, error) = log1p_series(&rest, places);
    let log2 = (constant(Ball::ln2, places + 48) * IBig::from(exponent)) >> 48;
    let value = log2 + near + correction;
    Fixed { value, error: error + 2 * inverse_error + 8, places }.bounds(0, precision)
}

/// sin r and cos r for |r| ≤ 0.8, with their errors when r is off by at most 2 units.
///
/// r² is off by 5, a term of the sine by e ≤ (0.64e + 5·0.8 + 1)/6 + 1 ≤ 3, one of the cosine by
/// e ≤ (0.64e + 5 + 1)/2 + 1 ≤ 6; the tails are below the negligible terms, and alternate.
fn sine_and_cosine_series(r: &IBig, places: i64) -> [(IBig, u64); 2] {
    let square = times(r, r, places);
    [(r.clone(), 1), (one(places), 0)].map(|(first, start)| {
        let (mut term, mut sum, mut index, mut terms) = (first.clone(), first, start, 1u64);
        while !is_negligible(&term) {
            term = -times(&term, &square, places) / IBig::from((index + 1) * (index + 2));
            sum += &term;
            index += 2;
            terms += 1;
        }
        (sum, 6 * terms + 8)
    })
}

/// sin x and cos x for 0 < x < 2⁸¹⁹²: with r = x − nπ/2 off by 2 units, by quadrants.
fn sine_and_cosine(x: &Endpoint, precision: u32) -> Option<[Fixed; 2]> {
    let magnitude = x.magnitude();
    let places = i64::from(precision) + 24 - magnitude.min(0);
    // π is off by 5 units, the right angle taken n < 2^magnitude times by 5 of its own.
    let extra = magnitude.max(0) + 8;
    let argument = fixed(x, places + extra);
    let right_angle = constant(Ball::pi, places + extra - 1);
    let quadrant = ((&argument << 1) + &right_angle) / (&right_angle << 1);
    let rest = (argument - &quadrant * &right_angle) >> extra as usize;
    if rest.clone().unsigned_abs() > (one(places) * IBig::from(4) / IBig::from(5)).unsigned_abs() {
        return None;
    }
    let [(sine, sine_error), (cosine, cosine_error)] = sine_and_cosine_series(&rest, places);
    let sine = Fixed { value: sine, error: sine_error, places };
    let cosine = Fixed { value: cosine, error: cosine_error, places };
    let minus = |x: Fixed| Fixed { value: -x.value, ..x };
    Some(match u8::try_from(quadrant & IBig::from(3)).expect("two bits fit a byte") {
        0 => [sine, cosine],
        1 => [cosine, minus(sine)],
        2 => [minus(sine), minus(cosine)],
        _ => [minus(cosine), sine],
    })
}

/// Bounds made of sin x and cos x, tried again with more places where x is close to a zero of one.
fn from_sine_and_cosine(
    x: &Endpoint,
    precision: u32,
    of: impl Fn([Fixed; 2]) -> Option<Bounds>,
) -> Option<Bounds> {
    let more = precision + x.magnitude().max(0) as u32;
    [precision, precision + 32, precision + more]
        .into_iter()
        .find_map(|working| of(sine_and_cosine(x, working)?))
}

/// sin x for x > 0.
pub(super) fn sin_bounds(x: &Endpoint, precision: u32) -> Option<Bounds> {
    from_sine_and_cosine(x, precision, |[sine, _]| sine.bounds(0, precision))
}

/// cos x for x > 0.
pub(super) fn cos_bounds(x: &Endpoint, precision: u32) -> Option<Bounds> {
    from_sine_and_cosine(x, precision, |[_, cosine]| cosine.bounds(0, precision))
}

/// tan x for x > 0.
pub(super) fn tan_bounds(x: &Endpoint, precision: u32) -> Option<Bounds> {
    let working = precision + 8;
    let ball = |(lower, upper)| Ball::new(lower, upper, working, Definedness::Defined);
    from_sine_and_cosine(x, working, |[sine, cosine]| {
        let ratio = ball(sine.bounds(0, working)?).div(&ball(cosine.bounds(0, working)?));
        Some(ratio.rounded(precision))
    })
}

/// arctan x for x > 0: with v = x or 1/x at most 1 and a float y near arctan v,
/// arctan v = y + arctan u for u = (v cos y − sin y)/(cos y + v sin y), and arctan x = π/2 − arctan 1/x.
pub(super) fn atan_bounds(x: &Endpoint, precision: u32) -> Option<Bounds> {
    let places = i64::from(precision) + 24 - x.magnitude().min(0);
    let inverted = *x > Endpoint::ONE;
    // Off by 1 as x > 1 is, and by 1 of the division.
    let direct = fixed(x, places);
    let v = if inverted { one(2 * places) / direct } else { direct };
    let float = x.to_f64(Toward::Down);
    let near = fixed(&Endpoint::from_f64(libm::atan(if inverted { 1.0 / float } else { float })), places);
    let [(sine, sine_error), (cosine, cosine_error)] = sine_and_cosine_series(&near, places);
    let above = times(&v, &cosine, places) - &sine;
    let below = &cosine + times(&v, &sine, places);
    // The numerator is off by both errors, 2 of v and a shift, the denominator at least 0.99 of one, and
    // its own error counts 2⁻⁴⁰-fold.
    let u = (above << places as usize) / below;
    if u.bit_len() as i64 > places - 40 {
        return None;
    }
    // u − u³/3 + u⁵/5 − …, off by 3 for each term.
    let square = times(&u, &u, places);
    let (mut power, mut correction, mut terms) = (u.clone(), u, 1u64);
    while !is_negligible(&power) {
        power = -times(&power, &square, places);
        correction += &power / IBig::from(2 * terms + 1);
        terms += 1;
    }
    let error = 2 * (sine_error + cosine_error) + 3 * terms + 20;
    let angle = near + correction;
    let value = if inverted { constant(Ball::pi, places - 1) - angle } else { angle };
    debug_assert!(value.sign() == Sign::Positive);
    Fixed { value, error, places }.bounds(0, precision)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::ball::constants::enclose;
    use proptest::prelude::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// The series against an independent computation that is rounded to nearest at more places.
        #[test]
        fn series_contain_the_independent_value(
            n in 1u64.., scale in -90i64..30, near_one in any::<bool>(),
            precision in prop_oneof![Just(20u32), Just(53), Just(64), Just(100), Just(333), Just(1200)],
        ) {
            let shift = if near_one { -64 } else { scale - 64 };
            let x = Endpoint::from_parts(IBig::from(n), shift).round(precision, Toward::Down);
            let x = if near_one { Endpoint::ONE.add(&x.scale(scale.min(0) / 2), precision, Toward::Down) } else { x };
            if x.magnitude() <= -i64::from(precision) || x.is_one() {
                return Ok(());
            }
            let close = precision + 200;
            let rows = [
                ("exp", exp_bounds(&x, precision), enclose(close, |context, digits| context.exp(x.repr(), digits))),
                ("exp −", exp_bounds(&x.neg(), precision), enclose(close, |context, digits| context.exp(x.neg().repr(), digits))),
                ("log", log_bounds(&x, precision), enclose(close, |context, digits| context.ln(x.repr(), digits))),
                ("sin", sin_bounds(&x, precision), enclose(close, |context, digits| context.sin(x.repr(), digits))),
                ("cos", cos_bounds(&x, precision), enclose(close, |context, digits| context.cos(x.repr(), digits))),
                ("tan", tan_bounds(&x, precision), enclose(close, |context, digits| context.tan(x.repr(), digits))),
                ("atan", atan_bounds(&x, precision), enclose(close, |context, digits| context.atan(x.repr(), digits))),
            ];
            for (name, bounds, (below, above)) in rows {
                prop_assert!(bounds.is_some(), "{name} gives up at {:?}", x.repr());
                let Some((lower, upper)) = bounds else { continue };
                prop_assert!(lower <= below && above <= upper, "{name} {:?}", x.repr());
                // At most two units of the last place wide.
                let width = upper.sub(&lower, 32, Toward::Up);
                prop_assert!(width.magnitude() <= upper.magnitude().max(lower.magnitude()) - i64::from(precision) + 2, "{name}");
            }
        }
    }
}
