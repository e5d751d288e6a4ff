//! Bernoulli numbers, exactly: B₂ = 1/6, B₄ = −1/30, B₆ = 1/42, ….
//!
//! From the tangent numbers T_k by |B₂ₖ| = 2k·T_k/(4ᵏ(4ᵏ − 1)) (DLMF 24.15.4); these are found with
//! integers alone (R. P. Brent, D. Harvey, "Fast computation of Bernoulli, tangent and secant
//! numbers", 2013, algorithm TangentNumbers). Computed once per process, in three stages.

use std::sync::OnceLock;

use num_bigint::BigInt;

use crate::number::Rational;

/// The largest k for which B₂ₖ is kept.
pub(super) const MOST: usize = STAGES[2];

const STAGES: [usize; 3] = [32, 128, 512];

/// B₂ₖ for k = 1, 2, … up to at least `count`, which is at most [`MOST`]; B₂ stands first.
pub(super) fn bernoulli_numbers(count: usize) -> &'static [Rational] {
    static TABLES: [OnceLock<Vec<Rational>>; 3] = [const { OnceLock::new() }; 3];
    let stage = STAGES.iter().position(|&size| count <= size).unwrap_or(2);
    TABLES[stage].get_or_init(|| compute(STAGES[stage]))
}

fn compute(count: usize) -> Vec<Rational> {
    let mut tangent = vec![BigInt::from(1); count];
    for k in 1..count {
        tangent[k] = &tangent[k - 1] * k;
    }
    for k in 1..count {
        for j in k..count {
            tangent[j] = &tangent[j - 1] * (j - k) + &tangent[j] * (j - k + 2);
        }
    }
    let from_tangent = |(index, tangent): (usize, BigInt)| {
        let power = BigInt::from(1) << (2 * (index + 1));
        let numerator = tangent * (2 * (index + 1));
        let signed = if index % 2 == 0 { numerator } else { -numerator };
        Rational::from_big(signed, &power * (&power - 1))
    };
    tangent.into_iter().enumerate().map(from_tangent).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bernoulli_numbers_satisfy_their_recurrence_and_the_printed_table() {
        let numbers = bernoulli_numbers(20);
        // DLMF 24.2, table 24.2.3.
        assert_eq!(numbers[0], Rational::new(1, 6));
        assert_eq!(numbers[5], Rational::new(-691, 2730));
        assert_eq!(numbers[11], Rational::new(-236364091, 2730));
        // Σ_{k=0}^{n−1} C(n, k) B_k = 0, DLMF 24.5.3.
        for n in 3i64..40 {
            let mut sum = &Rational::ONE - &Rational::new(n, 2);
            let mut binomial = Rational::from(n);
            for k in 2..n {
                binomial = &binomial * &Rational::new(n - k + 1, k);
                if k % 2 == 0 {
                    sum = &sum + &(&binomial * &numbers[k as usize / 2 - 1]);
                }
            }
            assert!(sum.is_zero(), "n = {n}: {sum}");
        }
        assert_eq!(bernoulli_numbers(MOST)[..32], bernoulli_numbers(32)[..32]);
    }
}
