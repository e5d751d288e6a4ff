//! The integers inside polynomials: words inline, longer ones on the heap, and their way to and from [`Rational`].
//!
//! The content of 6·x + 4·y is 2; of x/2 + y/3 it is 1/6.

use dashu_base::{Abs, BitTest, DivRem, Gcd, Sign};
use dashu_int::{IBig, UBig};
use num_bigint::BigInt;
use num_integer::Integer;

use crate::number::Rational;

pub(super) fn bits(n: &IBig) -> u64 {
    n.bit_len() as u64
}

pub(super) fn rational_from_integer(n: &IBig) -> Rational {
    match i64::try_from(n) {
        Ok(word) => Rational::from(word),
        Err(_) => Rational::from(BigInt::from_signed_bytes_le(&n.to_le_bytes())),
    }
}

fn integer_from_big(n: &BigInt) -> IBig {
    IBig::from_le_bytes(&n.to_signed_bytes_le())
}

/// The numerator; of an integer, the integer.
pub(super) fn numerator(q: &Rational) -> IBig {
    match q.as_small() {
        Some((n, _)) => IBig::from(n),
        None => integer_from_big(&q.numerator()),
    }
}

pub(super) fn denominator(q: &Rational) -> IBig {
    match q.as_small() {
        Some((_, d)) => IBig::from(d),
        None => integer_from_big(&q.denominator()),
    }
}

/// `a / b` where b is known to divide a.
pub(super) fn exact_quotient(a: &IBig, b: &IBig) -> IBig {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => IBig::from(i128::from(a) / i128::from(b)),
        _ => a / b,
    }
}

/// `a / b` when b ≠ 0 divides a.
pub(super) fn checked_quotient(a: &IBig, b: &IBig) -> Option<IBig> {
    match (i64::try_from(a), i64::try_from(b)) {
        (Ok(a), Ok(b)) => {
            let (a, b) = (i128::from(a), i128::from(b));
            (a % b == 0).then(|| IBig::from(a / b))
        }
        _ => {
            let (quotient, rest) = a.div_rem(b);
            rest.is_zero().then_some(quotient)
        }
    }
}

/// The greatest common divisor of nonzero integers with the sign of the first one.
pub(super) fn content_of(coefficients: &[IBig]) -> IBig {
    let Some(first) = coefficients.first() else { return IBig::ONE };
    let negative = first.sign() == Sign::Negative;
    let mut common = UBig::ZERO;
    // Short coefficients shrink the divisor soonest, and the last ones are often short.
    for coefficient in coefficients.iter().rev() {
        common = gcd(&common, coefficient);
        if common.is_one() {
            break;
        }
    }
    if negative { -IBig::from(common) } else { IBig::from(common) }
}

fn gcd(common: &UBig, n: &IBig) -> UBig {
    if let (Ok(a), Ok(b)) = (u64::try_from(common), i64::try_from(n)) {
        return UBig::from(Integer::gcd(&a, &b.unsigned_abs()));
    }
    Gcd::gcd(common, n)
}

/// The positive rational r that makes both a/r and b/r coprime integers.
pub(super) fn rational_gcd(a: &Rational, b: &Rational) -> Rational {
    if let (Some((a, 1)), Some((b, 1))) = (a.as_small(), b.as_small()) {
        return Rational::from(Integer::gcd(&a, &b));
    }
    Rational::from_big(
        Integer::gcd(&a.numerator(), &b.numerator()),
        Integer::lcm(&a.denominator(), &b.denominator()),
    )
}

/// The rational r that makes all q/r integers without common divisor, the first one positive.
pub(super) fn common_content<'a>(mut numbers: impl Iterator<Item = &'a Rational>) -> Rational {
    let Some(first) = numbers.next() else { return Rational::ONE };
    let common = numbers.fold(first.abs(), |common, next| rational_gcd(&common, next));
    if first.is_negative() { -common } else { common }
}

/// Bits of the sum of the absolute values, at most one too many.
pub(super) fn norm_bits(coefficients: &[IBig]) -> u64 {
    if let Some(words) = words(coefficients) {
        let norm = words.iter().fold(0u128, |sum, n| sum.saturating_add(n.unsigned_abs().into()));
        return u64::from(128 - norm.leading_zeros());
    }
    let norm = coefficients.iter().fold(UBig::ZERO, |sum, n| sum + n.clone().abs().into_parts().1);
    norm.bit_len() as u64
}

/// The coefficients as machine words, when all of them fit.
pub(super) fn words(coefficients: &[IBig]) -> Option<Vec<i64>> {
    coefficients.iter().map(|n| i64::try_from(n).ok()).collect()
}
