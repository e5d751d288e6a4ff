//! Arithmetic modulo a large prime: the second opinion on identities between rational functions.
//!
//! 1/3 + 1/6 is 1/2 modulo every prime above 3. This file knows nothing of polynomials and their normal form: what
//! confirms an identity here shares no code with what found it.

use num_bigint::BigInt;
use num_traits::ToPrimitive;

use crate::number::Rational;

/// The integers modulo a prime below 2⁶³.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct PrimeField {
    prime: u64,
}

/// A residue: a number below the prime of its field.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Residue(u64);

impl PrimeField {
    /// Modulo the Mersenne prime 2⁶¹ − 1.
    pub const FIRST: PrimeField = PrimeField { prime: (1 << 61) - 1 };
    /// Modulo 2⁶² − 57, the largest prime below 2⁶².
    pub const SECOND: PrimeField = PrimeField { prime: (1 << 62) - 57 };

    /// The prime.
    pub fn prime(&self) -> u64 {
        self.prime
    }

    /// 0.
    pub fn zero(&self) -> Residue {
        Residue(0)
    }

    /// 1.
    pub fn one(&self) -> Residue {
        Residue(1)
    }

    /// An integer modulo the prime.
    pub fn integer(&self, n: i64) -> Residue {
        Residue(i128::from(n).rem_euclid(self.prime.into()) as u64)
    }

    /// A rational modulo the prime; `None` when the prime divides its denominator.
    pub fn rational(&self, q: &Rational) -> Option<Residue> {
        let (numerator, denominator) = match q.as_small() {
            Some((n, d)) => (self.integer(n), self.integer(d)),
            None => (self.big(&q.numerator()), self.big(&q.denominator())),
        };
        self.div(numerator, denominator)
    }

    fn big(&self, n: &BigInt) -> Residue {
        let prime = BigInt::from(self.prime);
        let rest = ((n % &prime) + &prime) % &prime;
        Residue(rest.to_u64().expect("a remainder is below the prime"))
    }

    /// a + b.
    pub fn add(&self, a: Residue, b: Residue) -> Residue {
        let sum = a.0 + b.0;
        Residue(if sum >= self.prime { sum - self.prime } else { sum })
    }

    /// −a.
    pub fn neg(&self, a: Residue) -> Residue {
        Residue(if a.0 == 0 { 0 } else { self.prime - a.0 })
    }

    /// a − b.
    pub fn sub(&self, a: Residue, b: Residue) -> Residue {
        self.add(a, self.neg(b))
    }

    /// a·b.
    pub fn mul(&self, a: Residue, b: Residue) -> Residue {
        Residue((u128::from(a.0) * u128::from(b.0) % u128::from(self.prime)) as u64)
    }

    /// a/b, unless b is 0.
    pub fn div(&self, a: Residue, b: Residue) -> Option<Residue> {
        Some(self.mul(a, self.inverse(b)?))
    }

    /// 1/a, unless a is 0; by Fermat's little theorem aᵖ⁻² .
    pub fn inverse(&self, a: Residue) -> Option<Residue> {
        (a.0 != 0).then(|| self.power(a, self.prime - 2))
    }

    /// a to an integer power; `None` for 0 to a negative one. 0⁰ is 1.
    pub fn pow(&self, a: Residue, exponent: i64) -> Option<Residue> {
        let power = self.power(a, exponent.unsigned_abs());
        if exponent < 0 { self.inverse(power) } else { Some(power) }
    }

    fn power(&self, mut base: Residue, mut exponent: u64) -> Residue {
        let mut result = self.one();
        while exponent > 0 {
            if exponent & 1 == 1 {
                result = self.mul(result, base);
            }
            base = self.mul(base, base);
            exponent >>= 1;
        }
        result
    }

    /// The coordinate that a kernel has at a sample point: any seed and index have one, the same on every machine.
    ///
    /// Two splitmix64 rounds (Steele, Lea and Flood, 2014), reduced modulo the prime; never 0.
    pub fn sample(&self, seed: u64, index: u64) -> Residue {
        let mixed = splitmix(splitmix(seed).wrapping_add(index));
        Residue(mixed % (self.prime - 1) + 1)
    }
}

fn splitmix(state: u64) -> u64 {
    let z = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

impl Residue {
    /// The representative from 0 to the prime less 1.
    pub fn value(self) -> u64 {
        self.0
    }

    /// Is this 0?
    pub fn is_zero(self) -> bool {
        self.0 == 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FIELDS: [PrimeField; 2] = [PrimeField::FIRST, PrimeField::SECOND];

    #[test]
    fn both_moduli_are_prime() {
        for field in FIELDS {
            // By Lucas: a has order p − 1 when aᵖ⁻¹ = 1 and a^((p−1)/q) ≠ 1 for every prime q dividing p − 1.
            let mut rest = field.prime() - 1;
            let mut divisors = Vec::new();
            let mut q = 2;
            while q * q <= rest {
                while rest.is_multiple_of(q) {
                    divisors.push(q);
                    rest /= q;
                }
                q += 1;
            }
            divisors.push(rest);
            let generates = |a: i64| {
                let order = |e: u64| field.pow(field.integer(a), i64::try_from(e).unwrap()).unwrap();
                order(field.prime() - 1) == field.one()
                    && divisors.iter().all(|q| order((field.prime() - 1) / q) != field.one())
            };
            assert!((2..100).any(generates), "{} has no small generator", field.prime());
        }
    }

    #[test]
    fn rationals_keep_their_laws() {
        let large = Rational::from(i64::MAX).pow(5).unwrap();
        let numbers =
            [Rational::new(1, 3), Rational::new(-7, 2), large.recip().unwrap(), -&large, Rational::ZERO];
        for field in FIELDS {
            let residue = |q: &Rational| field.rational(q).unwrap();
            for a in &numbers {
                assert_eq!(field.neg(residue(a)), residue(&-a));
                for b in &numbers {
                    assert_eq!(field.add(residue(a), residue(b)), residue(&(a + b)));
                    assert_eq!(field.sub(residue(a), residue(b)), residue(&(a - b)));
                    assert_eq!(field.mul(residue(a), residue(b)), residue(&(a * b)));
                    if !b.is_zero() {
                        assert_eq!(field.div(residue(a), residue(b)), Some(residue(&(a / b))));
                    }
                }
            }
        }
    }

    #[test]
    fn a_denominator_that_vanishes_has_no_residue() {
        for field in FIELDS {
            let prime = i64::try_from(field.prime()).unwrap();
            assert_eq!(field.rational(&Rational::new(1, prime)), None);
            assert!(field.rational(&Rational::new(prime, 2)).unwrap().is_zero());
            assert_eq!(field.pow(field.zero(), -1), None);
            assert_eq!(field.pow(field.zero(), 0), Some(field.one()));
            assert_eq!(field.inverse(field.zero()), None);
        }
    }

    #[test]
    fn samples_depend_on_seed_and_index_only() {
        let field = PrimeField::FIRST;
        assert_eq!(field.sample(3, 4), field.sample(3, 4));
        let all: Vec<u64> =
            (0..10).flat_map(|seed| (0..10).map(move |index| field.sample(seed, index).value())).collect();
        let mut distinct = all.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!(distinct.len(), all.len());
        assert!(all.iter().all(|&value| 0 < value && value < field.prime()));
    }
}
