//! The integers modulo a prime below 2⁶², for images of polynomials; residues are in Montgomery form.
//!
//! With R = 2⁶⁴ a residue a is stored as a·R; (a·R)·(b·R)/R = (a·b)·R needs no division (Montgomery, 1985).

use dashu_base::Sign;
use dashu_int::{IBig, UBig};

#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) prime: u64,
    /// −1/prime modulo 2⁶⁴.
    negated_inverse: u64,
    /// 2¹²⁸ modulo the prime.
    square: u64,
    pub(super) one: u64,
}

impl Field {
    pub(super) fn new(prime: u64) -> Field {
        // Newton's iteration doubles the correct bits; an odd number is its own inverse modulo 8.
        let mut inverse = prime;
        for _ in 0..5 {
            inverse = inverse.wrapping_mul(2u64.wrapping_sub(prime.wrapping_mul(inverse)));
        }
        let modulus = u128::from(prime);
        let radix = (1u128 << 64) % modulus;
        let square = (radix * radix % modulus) as u64;
        Field { prime, negated_inverse: inverse.wrapping_neg(), square, one: radix as u64 }
    }

    pub(super) fn mul(&self, a: u64, b: u64) -> u64 {
        let product = u128::from(a) * u128::from(b);
        let factor = (product as u64).wrapping_mul(self.negated_inverse);
        let reduced = ((product + u128::from(factor) * u128::from(self.prime)) >> 64) as u64;
        if reduced >= self.prime { reduced - self.prime } else { reduced }
    }

    pub(super) fn add(&self, a: u64, b: u64) -> u64 {
        let sum = a + b;
        if sum >= self.prime { sum - self.prime } else { sum }
    }

    pub(super) fn sub(&self, a: u64, b: u64) -> u64 {
        if a >= b { a - b } else { a + self.prime - b }
    }

    pub(super) fn pow(&self, mut base: u64, mut exponent: u64) -> u64 {
        let mut result = self.one;
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = self.mul(result, base);
            }
            base = self.mul(base, base);
            exponent >>= 1;
        }
        result
    }

    /// 1/a of a nonzero residue, by Fermat's little theorem.
    pub(super) fn inverse(&self, a: u64) -> u64 {
        self.pow(a, self.prime - 2)
    }

    /// The residue of a number below 2⁶⁴.
    pub(super) fn residue(&self, n: u64) -> u64 {
        self.mul(n % self.prime, self.square)
    }

    pub(super) fn integer(&self, n: &IBig) -> u64 {
        let (negative, magnitude) = match i64::try_from(n) {
            Ok(word) => (word < 0, word.unsigned_abs()),
            Err(_) => {
                let (sign, magnitude) = n.clone().into_parts();
                let rest = magnitude % UBig::from(self.prime);
                (sign == Sign::Negative, u64::try_from(rest).expect("a remainder is below the prime"))
            }
        };
        let residue = self.residue(magnitude);
        if negative { self.sub(0, residue) } else { residue }
    }

    /// The representative from 0 to the prime less 1.
    pub(super) fn value(&self, residue: u64) -> u64 {
        self.mul(residue, 1)
    }
}

/// The largest prime below 2⁶².
const FIRST_PRIME: u64 = (1 << 62) - 57;

/// The primes below 2⁶², largest first.
pub(super) fn primes() -> impl Iterator<Item = u64> {
    let smaller = (1..).map(|k| FIRST_PRIME - 2 * k).filter(|&candidate| is_prime(candidate));
    std::iter::once(FIRST_PRIME).chain(smaller)
}

/// Arithmetic modulo the largest prime below 2⁶².
pub(super) fn first_field() -> Field {
    Field::new(FIRST_PRIME)
}

/// The test of Miller and Rabin; these bases decide all numbers below 2⁶⁴ (Sorenson and Webster, 2015).
fn is_prime(n: u64) -> bool {
    let small = [2u64, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37];
    if small.iter().any(|&p| n.is_multiple_of(p)) {
        return small.contains(&n);
    }
    let field = Field::new(n);
    let (minus_one, twos) = (field.sub(0, field.one), (n - 1).trailing_zeros());
    small.iter().all(|&base| {
        let mut power = field.pow(field.residue(base), (n - 1) >> twos);
        let mut witness = power != field.one && power != minus_one;
        for _ in 1..twos {
            power = field.mul(power, power);
            witness &= power != minus_one;
        }
        !witness
    })
}

/// A fixed sequence of well mixed residues (splitmix64: Steele, Lea and Flood, 2014).
pub(super) struct Samples(pub(super) u64);

impl Samples {
    /// A nonzero residue.
    pub(super) fn next(&mut self, field: &Field) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % (field.prime - 1) + 1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primes_come_in_order() {
        let below: Vec<u64> = primes().take(8).map(|prime| (1 << 62) - prime).collect();
        assert_eq!(below, [57, 87, 117, 143, 153, 167, 171, 195]);
        assert!(is_prime(FIRST_PRIME) && (FIRST_PRIME + 1..1 << 62).all(|n| !is_prime(n)));
        // A strong pseudoprime to the bases 2, 3, 5 and 7 (Pomerance, Selfridge and Wagstaff, 1980).
        assert!(!is_prime(3_215_031_751));
    }

    #[test]
    fn residues_agree_with_plain_remainders() {
        let field = first_field();
        let (a, b) = (0x0123_4567_89ab_cdef_u64, 0x3edc_ba98_7654_3210_u64);
        let product = u128::from(a) * u128::from(b) % u128::from(field.prime);
        assert_eq!(u128::from(field.value(field.mul(field.residue(a), field.residue(b)))), product);
        assert_eq!(field.value(field.add(field.residue(a), field.residue(b))), (a + b) % field.prime);
        assert_eq!(field.mul(field.residue(a), field.inverse(field.residue(a))), field.one);
        let long = IBig::from(-3) * IBig::from(field.prime) * IBig::from(u64::MAX) - IBig::from(5);
        assert_eq!(field.value(field.integer(&long)), field.prime - 5);
    }
}
