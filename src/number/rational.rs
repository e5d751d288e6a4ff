//! Exact rationals: a machine-word fast path over `num_rational`.
//!
//! `1/3 + 1/6 = 1/2` without allocation; numerators or denominators beyond `i64` move to big integers
//! and come back when they shrink. One number has one representation, so equality is structural.

use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::{Add, Div, Mul, Neg, Sub};

use num_bigint::BigInt;
use num_integer::Integer;
use num_rational::BigRational;
use num_traits::{One, Signed, ToPrimitive, Zero};

/// An exact rational number in lowest terms, with a positive denominator.
#[derive(Clone, PartialEq, Eq)]
pub struct Rational(Repr);

#[derive(Clone, PartialEq, Eq)]
enum Repr {
    /// Numerator and denominator, both within `i64`; the numerator is never `i64::MIN`.
    Small(i64, i64),
    /// Anything that does not fit `Small`, and only that.
    Big(Box<BigRational>),
}

impl Rational {
    /// The number 0.
    pub const ZERO: Rational = Rational(Repr::Small(0, 1));
    /// The number 1.
    pub const ONE: Rational = Rational(Repr::Small(1, 1));
    /// The number −1.
    pub const MINUS_ONE: Rational = Rational(Repr::Small(-1, 1));

    /// `numerator / denominator` in lowest terms.
    ///
    /// # Panics
    /// If the denominator is zero.
    pub fn new(numerator: i64, denominator: i64) -> Rational {
        assert!(denominator != 0, "the denominator of a rational is not zero");
        Rational::from_i128(numerator.into(), denominator.into())
    }

    /// `numerator / denominator` of big integers, in lowest terms.
    ///
    /// # Panics
    /// If the denominator is zero.
    pub fn from_big(numerator: BigInt, denominator: BigInt) -> Rational {
        Rational::from(BigRational::new(numerator, denominator))
    }

    fn from_i128(numerator: i128, denominator: i128) -> Rational {
        if denominator == 1 && numerator.unsigned_abs() <= i64::MAX as u128 {
            return Rational(Repr::Small(numerator as i64, 1));
        }
        // Nearly all are words, whose division is one instruction.
        if let (Ok(n), Ok(d)) = (i64::try_from(numerator), i64::try_from(denominator))
            && n > i64::MIN
            && d > 0
        {
            let divisor = n.gcd(&d);
            return Rational(Repr::Small(n / divisor, d / divisor));
        }
        let divisor = gcd_u128(numerator.unsigned_abs(), denominator.unsigned_abs()) as i128;
        let sign = if denominator < 0 { -1 } else { 1 };
        let (n, d) = (sign * (numerator / divisor), sign * (denominator / divisor));
        if n.unsigned_abs() <= i64::MAX as u128 && d <= i64::MAX as i128 {
            Rational(Repr::Small(n as i64, d as i64))
        } else {
            Rational(Repr::Big(Box::new(BigRational::new_raw(n.into(), d.into()))))
        }
    }

    /// The numerator; its sign is the sign of the number.
    pub fn numerator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(n, _) => BigInt::from(*n),
            Repr::Big(q) => q.numer().clone(),
        }
    }

    /// The denominator, at least 1.
    pub fn denominator(&self) -> BigInt {
        match &self.0 {
            Repr::Small(_, d) => BigInt::from(*d),
            Repr::Big(q) => q.denom().clone(),
        }
    }

    /// Numerator and denominator as machine words, when both fit.
    pub fn as_small(&self) -> Option<(i64, i64)> {
        match &self.0 {
            Repr::Small(n, d) => Some((*n, *d)),
            Repr::Big(_) => None,
        }
    }

    /// The number as a machine integer, when it is one.
    pub fn as_i64(&self) -> Option<i64> {
        match &self.0 {
            Repr::Small(n, 1) => Some(*n),
            _ => None,
        }
    }

    /// Is this 0?
    pub fn is_zero(&self) -> bool {
        matches!(self.0, Repr::Small(0, _))
    }

    /// Is this 1?
    pub fn is_one(&self) -> bool {
        matches!(self.0, Repr::Small(1, 1))
    }

    /// Is the denominator 1?
    pub fn is_integer(&self) -> bool {
        match &self.0 {
            Repr::Small(_, d) => *d == 1,
            Repr::Big(q) => q.is_integer(),
        }
    }

    /// Is this below 0?
    pub fn is_negative(&self) -> bool {
        match &self.0 {
            Repr::Small(n, _) => *n < 0,
            Repr::Big(q) => q.is_negative(),
        }
    }

    /// Is this above 0?
    pub fn is_positive(&self) -> bool {
        !self.is_zero() && !self.is_negative()
    }

    /// |q|.
    pub fn abs(&self) -> Rational {
        if self.is_negative() { -self } else { self.clone() }
    }

    /// 1/q, or `None` for 0.
    pub fn recip(&self) -> Option<Rational> {
        match &self.0 {
            Repr::Small(0, _) => None,
            Repr::Small(n, d) => Some(Rational(Repr::Small(d * n.signum(), n.abs()))),
            Repr::Big(q) => Some(Rational::from(q.recip())),
        }
    }

    /// The largest integer not above the number.
    pub fn floor(&self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => Rational::from(Integer::div_floor(n, d)),
            Repr::Big(q) => Rational::from(q.floor()),
        }
    }

    /// q raised to an integer; `None` for 0 to a negative power and for results of more than
    /// [`Rational::MAX_BITS`] bits.
    pub fn pow(&self, exponent: i64) -> Option<Rational> {
        if exponent < 0 {
            return self.recip()?.pow(exponent.checked_neg()?);
        }
        if self.is_zero() || self.is_one() {
            return Some(if exponent == 0 { Rational::ONE } else { self.clone() });
        }
        if *self == Rational::MINUS_ONE {
            return Some(if exponent % 2 == 0 { Rational::ONE } else { self.clone() });
        }
        if self.bits().checked_mul(exponent as u64)? > Rational::MAX_BITS {
            return None;
        }
        let (mut base, mut result, mut rest) = (self.clone(), Rational::ONE, exponent);
        while rest > 0 {
            if rest & 1 == 1 {
                result = &result * &base;
            }
            rest >>= 1;
            if rest > 0 {
                base = &base * &base;
            }
        }
        Some(result)
    }

    /// Powers whose result would be longer than this many bits are left unevaluated.
    pub const MAX_BITS: u64 = 1 << 16;

    /// Bits of the longer of numerator and denominator.
    pub fn bits(&self) -> u64 {
        match &self.0 {
            Repr::Small(n, d) => {
                u64::from((64 - n.unsigned_abs().leading_zeros()).max(64 - d.leading_zeros()))
            }
            Repr::Big(q) => q.numer().bits().max(q.denom().bits()),
        }
    }

    /// The exact `degree`-th root, when it is rational; of a negative number only for odd degrees.
    pub fn root(&self, degree: u32) -> Option<Rational> {
        if degree == 0 || (self.is_negative() && degree.is_multiple_of(2)) {
            return None;
        }
        let exact = |n: &BigInt| {
            let root = n.nth_root(degree);
            (num_traits::pow(root.clone(), degree as usize) == *n).then_some(root)
        };
        Some(Rational::from_big(exact(&self.numerator())?, exact(&self.denominator())?))
    }

    /// The nearest `f64` (to within one rounding).
    pub fn to_f64(&self) -> f64 {
        match &self.0 {
            Repr::Small(n, d) if n.unsigned_abs() < 1 << 53 && *d < 1 << 53 => *n as f64 / *d as f64,
            _ => BigRational::new_raw(self.numerator(), self.denominator()).to_f64().unwrap_or(f64::NAN),
        }
    }

    /// The exact value of a finite `f64`.
    pub fn from_f64(value: f64) -> Option<Rational> {
        BigRational::from_float(value).map(Rational::from)
    }

    /// Reads `12`, `0.25` or `1.5e-3` exactly; `None` when the text is anything else or its exponent
    /// is beyond ±10000.
    pub fn parse_decimal(text: &str) -> Option<Rational> {
        let (mantissa, exponent) = match text.find(['e', 'E']) {
            Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
            None => (text, 0),
        };
        let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let digits = format!("{whole}{fraction}");
        if !digits.bytes().all(|b| b.is_ascii_digit()) || exponent.abs() > 10_000 {
            return None;
        }
        let scale = exponent - fraction.len() as i64;
        let number = Rational::from(digits.parse::<BigInt>().ok()?);
        let power = Rational::from(num_traits::pow(BigInt::from(10), scale.unsigned_abs() as usize));
        Some(if scale < 0 { &number / &power } else { &number * &power })
    }
}

fn gcd_u128(mut a: u128, mut b: u128) -> u128 {
    while b != 0 {
        if a <= u64::MAX as u128 && b <= u64::MAX as u128 {
            return (a as u64).gcd(&(b as u64)) as u128;
        }
        (a, b) = (b, a % b);
    }
    a.max(1)
}

impl From<i64> for Rational {
    fn from(n: i64) -> Rational {
        Rational::from_i128(n.into(), 1)
    }
}

impl From<BigInt> for Rational {
    fn from(n: BigInt) -> Rational {
        Rational::from(BigRational::from_integer(n))
    }
}

impl From<BigRational> for Rational {
    fn from(q: BigRational) -> Rational {
        match (q.numer().to_i64(), q.denom().to_i64()) {
            (Some(n), Some(d)) if n != i64::MIN => Rational(Repr::Small(n, d)),
            _ => Rational(Repr::Big(Box::new(q))),
        }
    }
}

impl From<&Rational> for BigRational {
    fn from(q: &Rational) -> BigRational {
        BigRational::new_raw(q.numerator(), q.denominator())
    }
}

macro_rules! operator {
    ($trait:ident, $method:ident, |$a:ident, $b:ident, $c:ident, $d:ident| $small:expr) => {
        impl $trait for &Rational {
            type Output = Rational;
            fn $method(self, other: &Rational) -> Rational {
                match (&self.0, &other.0) {
                    (Repr::Small(a, b), Repr::Small(c, d)) => {
                        let ($a, $b, $c, $d) =
                            (i128::from(*a), i128::from(*b), i128::from(*c), i128::from(*d));
                        let (numerator, denominator) = $small;
                        Rational::from_i128(numerator, denominator)
                    }
                    _ => Rational::from($trait::$method(BigRational::from(self), BigRational::from(other))),
                }
            }
        }
        impl $trait for Rational {
            type Output = Rational;
            fn $method(self, other: Rational) -> Rational {
                $trait::$method(&self, &other)
            }
        }
    };
}

operator!(Mul, mul, |a, b, c, d| (a * c, b * d));
operator!(Div, div, |a, b, c, d| {
    assert!(c != 0, "a rational is divided by a nonzero one");
    (a * d, b * c)
});

// |a·d ± c·b| < 2¹²⁷ because each factor is below 2⁶³.
operator!(Add, add, |a, b, c, d| if b == d { (a + c, b) } else { (a * d + c * b, b * d) });
operator!(Sub, sub, |a, b, c, d| if b == d { (a - c, b) } else { (a * d - c * b, b * d) });

impl Neg for &Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        match &self.0 {
            Repr::Small(n, d) => Rational(Repr::Small(-n, *d)),
            Repr::Big(q) => Rational(Repr::Big(Box::new(-(**q).clone()))),
        }
    }
}

impl Neg for Rational {
    type Output = Rational;
    fn neg(self) -> Rational {
        -&self
    }
}

impl Ord for Rational {
    fn cmp(&self, other: &Rational) -> Ordering {
        match (&self.0, &other.0) {
            (Repr::Small(a, b), Repr::Small(c, d)) => {
                (i128::from(*a) * i128::from(*d)).cmp(&(i128::from(*c) * i128::from(*b)))
            }
            _ => BigRational::from(self).cmp(&BigRational::from(other)),
        }
    }
}

impl PartialOrd for Rational {
    fn partial_cmp(&self, other: &Rational) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Hash for Rational {
    fn hash<H: Hasher>(&self, state: &mut H) {
        match &self.0 {
            Repr::Small(n, d) => (n, d).hash(state),
            Repr::Big(q) => q.hash(state),
        }
    }
}

impl Zero for Rational {
    fn zero() -> Rational {
        Rational::ZERO
    }
    fn is_zero(&self) -> bool {
        Rational::is_zero(self)
    }
}

impl One for Rational {
    fn one() -> Rational {
        Rational::ONE
    }
}

/// `3`, `-2/7`.
impl fmt::Display for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Repr::Small(n, 1) => write!(f, "{n}"),
            Repr::Small(n, d) => write!(f, "{n}/{d}"),
            Repr::Big(q) => write!(f, "{q}"),
        }
    }
}

impl fmt::Debug for Rational {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn q(n: i64, d: i64) -> Rational {
        Rational::new(n, d)
    }

    #[test]
    fn arithmetic_crosses_the_word_boundary_and_comes_back() {
        let large = Rational::from(i64::MAX);
        let larger = &large + &Rational::ONE;
        assert!(larger.as_small().is_none());
        assert_eq!(&larger - &Rational::ONE, large);
        assert_eq!(&(&large * &large) / &large, large);
        assert_eq!(Rational::from(i64::MIN).abs(), larger);
    }

    #[test]
    fn decimals_are_exact() {
        assert_eq!(Rational::parse_decimal("0.125"), Some(q(1, 8)));
        assert_eq!(Rational::parse_decimal("1.5e-3"), Some(q(3, 2000)));
        assert_eq!(Rational::parse_decimal("2e3"), Some(q(2000, 1)));
        assert_eq!(Rational::parse_decimal("."), None);
        assert_eq!(Rational::parse_decimal("1e99999"), None);
    }

    #[test]
    fn powers_and_roots_are_exact_or_refused() {
        assert_eq!(q(2, 3).pow(-3), Some(q(27, 8)));
        assert_eq!(q(0, 1).pow(-1), None);
        assert_eq!(q(2, 1).pow(1_000_000_000), None);
        assert_eq!(q(-1, 1).pow(1_000_000_001), Some(q(-1, 1)));
        assert_eq!(q(9, 4).root(2), Some(q(3, 2)));
        assert_eq!(q(-27, 8).root(3), Some(q(-3, 2)));
        assert_eq!(q(2, 1).root(2), None);
    }

    #[test]
    fn order_and_floor_agree_with_the_numbers() {
        assert!(q(-1, 2) < q(1, 3));
        assert_eq!(q(-1, 2).floor(), q(-1, 1));
        assert_eq!(q(7, 2).floor(), q(3, 1));
        assert_eq!(format!("{} {}", q(6, -4), q(4, 2)), "-3/2 2");
    }
}
