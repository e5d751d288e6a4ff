//! Powers, refused before they are expanded when the result would be too large.
//!
//! (t + r)ⁿ = Σ C(n, k)·tᵏ·rⁿ⁻ᵏ with t the leading term: when few products of terms coincide, every term of the
//! result is made once. Otherwise powers are repeated squares.

use super::{Budget, Exceeded, Meter, Polynomial, Resource};
use crate::number::Rational;

impl Polynomial {
    /// `self` to a power; 0⁰ is 1.
    ///
    /// `(a + b + c + d)^1000` would have more than 10⁸ terms and is refused at once.
    pub fn pow(&self, exponent: u32, budget: &Budget) -> Result<Polynomial, Exceeded> {
        self.power(exponent, &mut Meter::new(budget))
    }

    pub(in crate::algebra) fn power(&self, exponent: u32, meter: &mut Meter) -> Result<Polynomial, Exceeded> {
        if exponent == 0 {
            return Ok(Polynomial::one());
        }
        if self.is_zero() || exponent == 1 {
            return Ok(self.clone());
        }
        let content = power_of_content(&self.content, exponent, meter)?;
        let degrees = power_degrees(&self.degrees(), exponent)?;
        let bits = super::integer::norm_bits(&self.coefficients) - 1;
        meter.bits(bits.saturating_mul(exponent.into()))?;
        let products = multisets(self.term_count() as u64, exponent);
        let cells = degrees.iter().fold(1u128, |n, &d| n.saturating_mul(u128::from(d) + 1));
        meter.terms(u64::try_from(products.min(cells)).unwrap_or(u64::MAX))?;
        let primitive = self.primitive_part().squared_repeatedly(exponent, meter)?;
        Ok(primitive.scale(&content))
    }

    fn squared_repeatedly(&self, exponent: u32, meter: &mut Meter) -> Result<Polynomial, Exceeded> {
        let mut result = self.clone();
        for bit in (0..exponent.ilog2()).rev() {
            result = result.times(&result, meter)?;
            if exponent >> bit & 1 == 1 {
                result = result.times(self, meter)?;
            }
        }
        Ok(result)
    }
}

fn power_of_content(content: &Rational, exponent: u32, meter: &Meter) -> Result<Rational, Exceeded> {
    let limit = Exceeded { resource: Resource::CoefficientBits, limit: Rational::MAX_BITS };
    let power = content.pow(exponent.into()).ok_or(limit)?;
    meter.bits(power.bits())?;
    Ok(power)
}

fn power_degrees(degrees: &[u32], exponent: u32) -> Result<Vec<u32>, Exceeded> {
    degrees.iter().map(|degree| degree.checked_mul(exponent).ok_or(Exceeded::EXPONENT)).collect()
}

/// Multisets of `size` out of `kinds`: the products in the expansion of a power.
fn multisets(kinds: u64, size: u32) -> u128 {
    // C(size + kinds − 1, kinds − 1), kept exact by dividing at every step.
    let (n, k) = (u128::from(size) + u128::from(kinds) - 1, (u128::from(kinds) - 1).min(size.into()));
    let mut count: u128 = 1;
    for i in 0..k {
        match count.checked_mul(n - i) {
            Some(product) => count = product / (i + 1),
            None => return u128::MAX,
        }
    }
    count
}
