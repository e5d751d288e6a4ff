//! Powers, refused before they are expanded when the result would be too large.
//!
//! (t + r)ⁿ = Σ C(n, k)·tᵏ·rⁿ⁻ᵏ with t the leading term: when few products of terms coincide, every term of the
//! result is made once. Otherwise powers are repeated squares.

use std::cmp::Reverse;

use dashu_int::IBig;

use super::coefficient::{Coefficient, converted};
use super::multiply::unpacked;
use super::packing::Packing;
use super::{Budget, Exceeded, Exponents, Meter, Polynomial, Resource};
use crate::number::Rational;

/// Sums of at most so many terms are expanded by the binomial theorem.
const FEW_TERMS: usize = 8;

/// Up to this exponent, for which binomial coefficients are tabulated.
const SMALL_EXPONENT: u32 = 100;

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
        if self.term_count() == 1 {
            return Ok(Polynomial { content, exponents: degrees, ..self.clone() });
        }
        let bits = super::integer::norm_bits(&self.coefficients) - 1;
        meter.bits(bits.saturating_mul(exponent.into()))?;
        let products = multisets(self.term_count() as u64, exponent);
        let cells = degrees.iter().fold(1u128, |n, &d| n.saturating_mul(u128::from(d) + 1));
        meter.terms(u64::try_from(products.min(cells)).unwrap_or(u64::MAX))?;
        let short = self.term_count() <= FEW_TERMS && exponent <= SMALL_EXPONENT;
        let primitive = if short && products <= 2 * cells {
            let width = bits.saturating_mul(exponent.into());
            self.expanded(exponent, &degrees, (products, width + u64::from(exponent)), meter)?
        } else {
            self.primitive_part().squared_repeatedly(exponent, meter)?
        };
        Ok(primitive.scale(&content))
    }

    /// The power of the primitive part by the binomial theorem, term after term from the last one.
    fn expanded(
        &self,
        exponent: u32,
        degrees: &[u32],
        (products, bits): (u128, u64),
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        let packing = Packing::new(degrees).ok_or(Exceeded::MONOMIAL)?;
        let codes = packing.pack_all(&self.exponents, self.term_count());
        let products = u64::try_from(products).unwrap_or(u64::MAX);
        meter.step(products.saturating_mul(4 + bits / 64))?;
        let terms = match bits {
            0..=62 => binomial_expansion::<i64>(&codes, &self.coefficients, exponent as usize),
            63..=126 => binomial_expansion::<i128>(&codes, &self.coefficients, exponent as usize),
            _ => None,
        };
        let terms = match terms {
            Some(terms) => terms,
            None => binomial_expansion::<IBig>(&codes, &self.coefficients, exponent as usize)
                .expect("every integer fits a long one"),
        };
        meter.terms(terms.len() as u64)?;
        let (exponents, coefficients) = unpacked(&packing, terms, meter)?;
        // Powers of primitive polynomials are primitive (Gauss).
        Ok(Polynomial { content: Rational::ONE, variables: self.variables.clone(), exponents, coefficients })
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

fn power_degrees(degrees: &[u32], exponent: u32) -> Result<Exponents, Exceeded> {
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

/// The descending terms of a power; `None` when the coefficients are wider than the type.
fn binomial_expansion<C: Coefficient>(
    codes: &[u128],
    coefficients: &[IBig],
    exponent: usize,
) -> Option<Vec<(u128, IBig)>> {
    let coefficients = converted::<C>(coefficients)?;
    let binomials = pascal::<C>(exponent)?;
    // The powers 0, 1, …, exponent of the terms from here to the end; of no term at all only the zeroth.
    let mut tails: Vec<Vec<(u128, C)>> = vec![Vec::new(); exponent + 1];
    tails[0].push((0, binomials[0][0].clone()));
    for (index, (&code, coefficient)) in codes.iter().zip(&coefficients).enumerate().rev() {
        let mut powers = vec![binomials[0][0].clone()];
        for k in 0..exponent {
            powers.push(product(&powers[k], coefficient));
        }
        let first = if index == 0 { exponent } else { 0 };
        tails = (0..=exponent)
            .map(|degree| {
                let mut terms = Vec::new();
                // Of the whole sum only the highest power is wanted.
                for k in (0..=degree).rev().take_while(|_| degree >= first) {
                    let factor = product(&binomials[degree][k], &powers[k]);
                    let shift = code * k as u128;
                    terms.extend(
                        tails[degree - k].iter().map(|(code, c)| (code + shift, product(c, &factor))),
                    );
                }
                terms
            })
            .collect();
    }
    let mut terms = tails.pop()?;
    if terms.windows(2).any(|pair| pair[0].0 <= pair[1].0) {
        terms.sort_by_key(|&(code, _)| Reverse(code));
        terms.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1.add_product(&next.1, &binomials[0][0]);
            }
            same
        });
        terms.retain(|(_, coefficient)| !coefficient.is_zero());
    }
    Some(terms.into_iter().map(|(code, coefficient)| (code, coefficient.to_integer())).collect())
}

fn product<C: Coefficient>(a: &C, b: &C) -> C {
    let mut product = C::default();
    product.add_product(a, b);
    product
}

/// The binomial coefficients C(n, k) for k ≤ n ≤ size.
fn pascal<C: Coefficient>(size: usize) -> Option<Vec<Vec<C>>> {
    let one = C::from_integer(&IBig::ONE)?;
    let mut rows: Vec<Vec<C>> = vec![vec![one.clone()]];
    for n in 0..size {
        let mut row = vec![one.clone()];
        for k in 0..n {
            let mut entry = rows[n][k].clone();
            entry.add_product(&rows[n][k + 1], &one);
            row.push(entry);
        }
        row.push(one.clone());
        rows.push(row);
    }
    Some(rows)
}
