//! Endpoints of enclosures: binary floats of any length, rounded down or up on demand.
//!
//! `1/3` toward 4 bits is `0.3125` down and `0.34375` up. Magnitudes stay within 2^±[`EXPONENT_LIMIT`];
//! what lies beyond is rounded to the limit, to zero or to infinity, whichever keeps the direction, so no
//! operation overflows and none allocates in proportion to an exponent.

use std::cmp::Ordering;

use dashu_base::{BitTest, Sign, UnsignedAbs};
use dashu_float::round::mode;
use dashu_float::{Context, FBig, FpResult, Repr};
use dashu_int::{IBig, UBig};
use num_bigint::BigInt;

use crate::number::Rational;

/// The direction of a rounding.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Toward {
    Down,
    Up,
}

use Toward::{Down, Up};

/// Nonzero finite endpoints have magnitudes within 2^±`EXPONENT_LIMIT`.
pub(super) const EXPONENT_LIMIT: i64 = 1 << 40;

/// A finite binary float or an infinity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Endpoint(Repr<2>);

impl Endpoint {
    pub(super) const ZERO: Endpoint = Endpoint(Repr::zero());
    pub(super) const ONE: Endpoint = Endpoint(Repr::one());
    pub(super) const MINUS_ONE: Endpoint = Endpoint(Repr::neg_one());
    pub(super) const INFINITY: Endpoint = Endpoint(Repr::infinity());
    pub(super) const MINUS_INFINITY: Endpoint = Endpoint(Repr::neg_infinity());

    /// significand · 2^exponent.
    pub(super) fn from_parts(significand: IBig, exponent: i64) -> Endpoint {
        Endpoint(Repr::new(significand, exponent as isize))
    }

    pub(super) fn from_repr(repr: Repr<2>) -> Endpoint {
        Endpoint(repr)
    }

    pub(super) fn from_i64(n: i64) -> Endpoint {
        Endpoint::from_parts(IBig::from(n), 0)
    }

    /// 2^exponent.
    pub(super) fn power_of_two(exponent: i64) -> Endpoint {
        Endpoint::from_parts(IBig::ONE, exponent)
    }

    /// The exact value of a finite float.
    pub(super) fn from_f64(value: f64) -> Endpoint {
        if value == 0.0 {
            return Endpoint::ZERO;
        }
        let bits = value.to_bits();
        let (field, fraction) = ((bits >> 52 & 0x7ff) as i64, (bits & ((1 << 52) - 1)) as i64);
        let significand = if field == 0 { fraction } else { fraction | 1 << 52 };
        let signed = if value < 0.0 { -significand } else { significand };
        Endpoint::from_parts(IBig::from(signed), field.max(1) - 1075)
    }

    /// The infinity a bound in this direction falls back to.
    pub(super) fn unbounded(toward: Toward) -> Endpoint {
        match toward {
            Down => Endpoint::MINUS_INFINITY,
            Up => Endpoint::INFINITY,
        }
    }

    pub(super) fn repr(&self) -> &Repr<2> {
        &self.0
    }

    pub(super) fn is_finite(&self) -> bool {
        self.0.is_finite()
    }

    pub(super) fn is_zero(&self) -> bool {
        self.0.is_finite() && self.0.significand().is_zero()
    }

    pub(super) fn is_one(&self) -> bool {
        self.0.is_one()
    }

    pub(super) fn is_positive(&self) -> bool {
        self.signum() == Ordering::Greater
    }

    pub(super) fn is_negative(&self) -> bool {
        self.signum() == Ordering::Less
    }

    /// The comparison of the endpoint with 0.
    pub(super) fn signum(&self) -> Ordering {
        if self.is_zero() {
            Ordering::Equal
        } else if self.0.sign() == Sign::Positive {
            Ordering::Greater
        } else {
            Ordering::Less
        }
    }

    /// Bits of the significand.
    pub(super) fn bits(&self) -> usize {
        self.0.significand().bit_len()
    }

    /// m with 2^(m−1) ≤ |x| < 2^m, for finite nonzero x; 0 stands for the rest.
    pub(super) fn magnitude(&self) -> i64 {
        if self.is_finite() && !self.is_zero() { self.0.exponent() as i64 + self.bits() as i64 } else { 0 }
    }

    /// Is this a finite integer that fits a machine word?
    pub(super) fn as_i64(&self) -> Option<i64> {
        if !self.is_finite() || self.0.exponent() < 0 || self.magnitude() > 63 {
            return None;
        }
        i64::try_from(self.0.significand() << self.0.exponent() as usize).ok()
    }

    pub(super) fn neg(&self) -> Endpoint {
        if self.is_zero() { Endpoint::ZERO } else { Endpoint(-self.0.clone()) }
    }

    /// x · 2^shift, exactly; for shifts far below [`EXPONENT_LIMIT`].
    pub(super) fn scale(&self, shift: i64) -> Endpoint {
        if !self.is_finite() || self.is_zero() {
            return self.clone();
        }
        let (significand, exponent) = self.0.clone().into_parts();
        Endpoint::from_parts(significand, exponent as i64 + shift)
    }

    /// Brings a rounded result back within the exponent limit, and −0 to 0.
    fn settle(self, toward: Toward) -> Endpoint {
        if !self.is_finite() {
            return self;
        }
        if self.0.significand().is_zero() {
            return Endpoint::ZERO;
        }
        let (positive, magnitude) = (self.0.sign() == Sign::Positive, self.magnitude());
        if magnitude > EXPONENT_LIMIT {
            // Beyond the limit: away from zero is unbounded, toward zero stops at the limit.
            return match (positive, toward) {
                (true, Down) => Endpoint::power_of_two(EXPONENT_LIMIT - 1),
                (false, Up) => Endpoint::power_of_two(EXPONENT_LIMIT - 1).neg(),
                _ => Endpoint::unbounded(toward),
            };
        }
        if magnitude < -EXPONENT_LIMIT {
            return match (positive, toward) {
                (true, Up) => Endpoint::power_of_two(-EXPONENT_LIMIT),
                (false, Down) => Endpoint::power_of_two(-EXPONENT_LIMIT).neg(),
                _ => Endpoint::ZERO,
            };
        }
        self
    }

    /// Rounds to `precision` bits.
    pub(super) fn round(self, precision: u32, toward: Toward) -> Endpoint {
        if !self.is_finite() || self.bits() <= precision as usize {
            return self.settle(toward);
        }
        // Truncation moves toward zero; away from zero is one unit further.
        let excess = self.bits() - precision as usize;
        let (significand, exponent) = self.0.into_parts();
        let (sign, magnitude) = significand.into_parts();
        let mut kept = magnitude >> excess;
        if (sign == Sign::Positive) == (toward == Up) {
            kept += UBig::ONE;
        }
        Endpoint::from_parts(IBig::from_parts(sign, kept), exponent as i64 + excess as i64).settle(toward)
    }

    /// x moved by `units` of its last place at `precision` bits: a bound for every value that rounds
    /// to x with an error of less than that.
    pub(super) fn step(&self, units: i64, precision: u32, toward: Toward) -> Endpoint {
        if !self.is_finite() || self.is_zero() {
            return self.clone();
        }
        let unit = self.magnitude() - i64::from(precision);
        let shift = self.0.exponent() as i64 - unit;
        let signed = IBig::from(if toward == Up { units } else { -units });
        if shift >= 0 {
            Endpoint::from_parts((self.0.significand() << shift as usize) + signed, unit).settle(toward)
        } else {
            let moved = self.0.significand() + (signed << shift.unsigned_abs() as usize);
            Endpoint::from_parts(moved, self.0.exponent() as i64).settle(toward)
        }
    }

    pub(super) fn add(&self, other: &Endpoint, precision: u32, toward: Toward) -> Endpoint {
        if !self.is_finite() || !other.is_finite() {
            return if self.is_finite() { other.clone() } else { self.clone() };
        }
        directed(
            toward,
            || Context::<mode::Down>::new(precision as usize).add(&self.0, &other.0),
            || Context::<mode::Up>::new(precision as usize).add(&self.0, &other.0),
        )
    }

    pub(super) fn sub(&self, other: &Endpoint, precision: u32, toward: Toward) -> Endpoint {
        self.add(&other.neg(), precision, toward)
    }

    /// The product; 0 · ∞ is 0, since infinite endpoints stand for real numbers without a bound.
    pub(super) fn mul(&self, other: &Endpoint, precision: u32, toward: Toward) -> Endpoint {
        if self.is_zero() || other.is_zero() {
            return Endpoint::ZERO;
        }
        if !self.is_finite() || !other.is_finite() {
            return Endpoint::infinity_of_sign(self.signum() == other.signum());
        }
        directed(
            toward,
            || Context::<mode::Down>::new(precision as usize).mul(&self.0, &other.0),
            || Context::<mode::Up>::new(precision as usize).mul(&self.0, &other.0),
        )
    }

    /// The quotient by a nonzero divisor; x/∞ is 0 and ∞/∞ does not arise.
    pub(super) fn div(&self, other: &Endpoint, precision: u32, toward: Toward) -> Endpoint {
        if self.is_zero() || !other.is_finite() {
            return Endpoint::ZERO;
        }
        if !self.is_finite() {
            return Endpoint::infinity_of_sign(self.signum() == other.signum());
        }
        directed(
            toward,
            || Context::<mode::Down>::new(precision as usize).div(&self.0, &other.0),
            || Context::<mode::Up>::new(precision as usize).div(&self.0, &other.0),
        )
    }

    /// √x for x ≥ 0.
    pub(super) fn sqrt(&self, precision: u32, toward: Toward) -> Endpoint {
        if !self.is_finite() || self.is_zero() {
            return self.clone();
        }
        directed(
            toward,
            || Context::<mode::Down>::new(precision as usize).sqrt(&self.0),
            || Context::<mode::Up>::new(precision as usize).sqrt(&self.0),
        )
    }

    /// xⁿ for x ≥ 0 by squaring. Every product of nonnegative bounds is a bound in the same direction.
    pub(super) fn power(&self, exponent: u64, precision: u32, toward: Toward) -> Endpoint {
        if exponent == 0 || self.is_one() {
            return Endpoint::ONE;
        }
        if exponent == 1 || self.is_zero() || !self.is_finite() {
            return self.clone();
        }
        // At most 2·64 roundings, each amplified by at most the exponent.
        let working = precision + 72 - exponent.leading_zeros();
        let mut result = self.clone();
        for bit in (0..63 - exponent.leading_zeros()).rev() {
            result = result.mul(&result, working, toward);
            if exponent >> bit & 1 == 1 {
                result = result.mul(self, working, toward);
            }
            if !result.is_finite() || result.is_zero() {
                break;
            }
        }
        result.round(precision, toward)
    }

    fn infinity_of_sign(positive: bool) -> Endpoint {
        if positive { Endpoint::INFINITY } else { Endpoint::MINUS_INFINITY }
    }

    /// numerator / denominator, rounded.
    pub(super) fn from_rational(value: &Rational, precision: u32, toward: Toward) -> Endpoint {
        let (numerator, denominator) = match value.as_small() {
            Some((n, d)) => (Endpoint::from_i64(n), Endpoint::from_i64(d)),
            None => (from_big(&value.numerator()), from_big(&value.denominator())),
        };
        if denominator.is_one() {
            return numerator.round(precision, toward);
        }
        numerator.div(&denominator, precision, toward)
    }

    /// The value as an exact rational, for finite endpoints of moderate exponent.
    pub(super) fn to_rational(&self) -> Rational {
        let significand = to_big(self.0.significand());
        let exponent = self.0.exponent();
        let shift = exponent.unsigned_abs();
        if exponent >= 0 {
            Rational::from(significand << shift)
        } else {
            Rational::from_big(significand, BigInt::from(1) << shift)
        }
    }

    /// Compares with a rational, exactly.
    pub(super) fn compare(&self, value: &Rational) -> Ordering {
        let sign = value.cmp(&Rational::ZERO);
        if !self.is_finite() || self.signum() != sign || sign == Ordering::Equal {
            return self.signum().cmp(&sign);
        }
        // |n/d| lies strictly between 2^(b−1) and 2^(b+1) with b = bits(n) − bits(d).
        let (n, d) = (value.numerator(), value.denominator());
        let bits = n.bits() as i64 - d.bits() as i64;
        let by_magnitude = if self.magnitude() > bits + 1 {
            Ordering::Greater
        } else if self.magnitude() < bits {
            Ordering::Less
        } else {
            return self.to_rational().cmp(value);
        };
        if sign == Ordering::Greater { by_magnitude } else { by_magnitude.reverse() }
    }

    /// The nearest `f64` not on the wrong side of x.
    pub(super) fn to_f64(&self, toward: Toward) -> f64 {
        if self.is_zero() {
            return 0.0;
        }
        let positive = self.is_positive();
        let sign = if positive { 1.0 } else { -1.0 };
        let outward = positive == (toward == Up);
        let rounded = self.clone().round(53, toward);
        if !rounded.is_finite() || rounded.magnitude() > 1024 {
            return sign * if outward || !self.is_finite() { f64::INFINITY } else { f64::MAX };
        }
        if rounded.magnitude() < -1021 {
            return if outward { sign * f64::MIN_POSITIVE } else { 0.0 };
        }
        let (significand, exponent) = rounded.0.into_parts();
        let significand = i64::try_from(significand).expect("53 bits fit a machine word");
        libm::scalbn(significand as f64, exponent as i32)
    }
}

/// The value of a directed computation as an endpoint; a failure (none is known) gives no bound.
fn directed(
    toward: Toward,
    down: impl FnOnce() -> FpResult<FBig<mode::Down, 2>>,
    up: impl FnOnce() -> FpResult<FBig<mode::Up, 2>>,
) -> Endpoint {
    let repr = match toward {
        Down => down().map(|rounded| rounded.value().into_repr()),
        Up => up().map(|rounded| rounded.value().into_repr()),
    };
    repr.map_or_else(|_| Endpoint::unbounded(toward), |repr| Endpoint(repr).settle(toward))
}

fn from_big(n: &BigInt) -> Endpoint {
    let (sign, bytes) = n.to_bytes_le();
    let sign = if sign == num_bigint::Sign::Minus { Sign::Negative } else { Sign::Positive };
    Endpoint::from_parts(IBig::from_parts(sign, UBig::from_le_bytes(&bytes)), 0)
}

fn to_big(n: &IBig) -> BigInt {
    let sign = if n.sign() == Sign::Negative { num_bigint::Sign::Minus } else { num_bigint::Sign::Plus };
    BigInt::from_bytes_le(sign, &n.clone().unsigned_abs().to_le_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Endpoints of up to three words, with long runs of ones and zeros, over a wide range of exponents.
    fn endpoint() -> impl Strategy<Value = Endpoint> {
        (any::<[u64; 3]>(), 0usize..4, any::<bool>(), 0usize..192, -300i64..300).prop_map(
            |(words, kind, negative, bits, exponent)| {
                let ones = (IBig::ONE << bits) - IBig::ONE;
                let random = words.iter().fold(IBig::ONE, |sum, word| (sum << 64) + IBig::from(*word));
                let significand = match kind {
                    0 => ones,
                    1 => (IBig::ONE << bits) + IBig::ONE,
                    2 => random >> bits,
                    _ => random,
                };
                Endpoint::from_parts(if negative { -significand } else { significand }, exponent)
            },
        )
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(1000))]

        /// Operands may be longer than the result, and far apart.
        #[test]
        fn directed_operations_bracket_the_exact_result(a in endpoint(), b in endpoint(), precision in 16u32..200) {
            let (x, y) = (a.to_rational(), b.to_rational());
            let (root, square) = (a.neg().max(a.clone()), &x * &x);
            type Operation = fn(&Endpoint, &Endpoint, u32, Toward) -> Endpoint;
            let mut rows: Vec<(Operation, Rational)> = vec![
                (Endpoint::add, &x + &y),
                (Endpoint::sub, &x - &y),
                (Endpoint::mul, &x * &y),
                (|a, _, precision, toward| a.clone().round(precision, toward), x.clone()),
            ];
            if !y.is_zero() {
                rows.push((Endpoint::div, &x / &y));
            }
            for (operation, exact) in rows {
                let (down, up) = (operation(&a, &b, precision, Down), operation(&a, &b, precision, Up));
                prop_assert!(down.compare(&exact).is_le() && up.compare(&exact).is_ge());
                prop_assert!(down == up || up <= down.step(2, precision, Up));
                prop_assert!(down != up || down.compare(&exact).is_eq());
                prop_assert!(Rational::from_f64(down.to_f64(Down)).is_none_or(|float| float <= exact));
                prop_assert!(Rational::from_f64(up.to_f64(Up)).is_none_or(|float| float >= exact));
            }
            let (down, up) = (root.sqrt(precision, Down).to_rational(), root.sqrt(precision, Up).to_rational());
            prop_assert!(&down * &down <= x.abs() && x.abs() <= &up * &up);
            let exact = Endpoint::from_rational(&square, 1000, Down);
            prop_assert!(exact.compare(&square).is_eq() && exact.sqrt(1000, Down) == root);
        }
    }

    #[test]
    fn endpoints_far_apart_are_added_without_their_digits_between() {
        let (large, small) =
            (Endpoint::power_of_two(EXPONENT_LIMIT - 2), Endpoint::power_of_two(-EXPONENT_LIMIT));
        assert!(large.add(&small, 53, Down) == large && large.add(&small, 53, Up) > large);
        assert!(large.sub(&small, 53, Down) < large && large.sub(&small, 53, Up) == large);
        assert!(large.mul(&large, 53, Up) == Endpoint::INFINITY && large.mul(&large, 53, Down).is_finite());
        assert!(small.mul(&small, 53, Down).is_zero() && small.mul(&small, 53, Up) == small);
    }
}
