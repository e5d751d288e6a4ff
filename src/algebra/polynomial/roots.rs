//! Rational roots of polynomials in one variable.
//!
//! 2·x² − x − 1 has the root −1/2. Roots modulo a 62-bit prime are found first and read back as fractions, so that
//! no integer has to be factored; division confirms them. Numerators and denominators beyond 2³⁰ are not found.

use super::factor::dense;
use super::field::{Field, Samples, first_field};
use super::univariate::{gcd, remainder};
use super::{Exceeded, Meter, Polynomial};
use crate::number::Rational;

/// Degrees beyond this are left alone.
const MAX_DEGREE: u32 = 200;

/// A linear factor of a square-free primitive polynomial, when it has one.
pub(super) fn linear_factor(
    polynomial: &Polynomial,
    meter: &mut Meter,
) -> Result<Option<Polynomial>, Exceeded> {
    let [variable] = polynomial.variables[..] else { return Ok(None) };
    let degree = polynomial.degree(variable);
    if degree > MAX_DEGREE {
        return Ok(None);
    }
    meter.step(200 * u64::from(degree) * u64::from(degree))?;
    let field = first_field();
    let image: Vec<u64> = dense(polynomial).iter().map(|n| field.integer(n)).collect();
    if image.last() == Some(&0) {
        return Ok(None);
    }
    for root in residues(&field, image) {
        let Some((n, d)) = fraction(&field, root) else { continue };
        let candidate = &Polynomial::variable(variable).scale(&Rational::from(d))
            - &Polynomial::constant(Rational::from(n));
        if polynomial.quotient(&candidate, meter)?.is_some() {
            return Ok(Some(candidate.primitive_part()));
        }
    }
    Ok(None)
}

/// The roots modulo the prime, in the order they are found.
fn residues(field: &Field, polynomial: Vec<u64>) -> Vec<u64> {
    // xᵖ − x is the product of all x − a.
    let mut power = power_modulo(field, &[0, field.one], field.prime, &polynomial);
    power.resize(power.len().max(2), 0);
    power[1] = field.sub(power[1], field.one);
    let mut samples = Samples(7);
    let (mut waiting, mut roots) = (vec![gcd(field, power, polynomial)], Vec::new());
    while let Some(product) = waiting.pop() {
        match product.len() {
            0 | 1 => {}
            2 => roots.push(field.sub(0, product[0])),
            _ => {
                // About half of the a − r are squares: (x − r)^((p−1)/2) is 1 there (Cantor and Zassenhaus).
                let mut half =
                    power_modulo(field, &[samples.next(field), field.one], field.prime / 2, &product);
                half.resize(half.len().max(1), 0);
                half[0] = field.sub(half[0], field.one);
                let part = gcd(field, half, product.clone());
                waiting.push(quotient(field, product.clone(), &part));
                if part.len() < product.len() {
                    waiting.push(part);
                } else {
                    waiting.push(product);
                }
            }
        }
    }
    roots
}

fn power_modulo(field: &Field, base: &[u64], exponent: u64, modulus: &[u64]) -> Vec<u64> {
    let mut result = vec![field.one];
    for bit in (0..64 - exponent.leading_zeros()).rev() {
        result = product_modulo(field, &result, &result, modulus);
        if exponent >> bit & 1 == 1 {
            result = product_modulo(field, &result, base, modulus);
        }
    }
    result
}

fn product_modulo(field: &Field, a: &[u64], b: &[u64], modulus: &[u64]) -> Vec<u64> {
    if a.is_empty() || b.is_empty() {
        return Vec::new();
    }
    let mut product = vec![0; a.len() + b.len() - 1];
    for (i, &left) in a.iter().enumerate() {
        for (cell, &right) in product[i..].iter_mut().zip(b) {
            *cell = field.add(*cell, field.mul(left, right));
        }
    }
    remainder(field, &mut product, modulus);
    product
}

/// The quotient by a monic divisor that divides.
fn quotient(field: &Field, mut dividend: Vec<u64>, divisor: &[u64]) -> Vec<u64> {
    let lower = divisor.len() - 1;
    let mut quotient = vec![0; dividend.len() - lower];
    for at in (0..quotient.len()).rev() {
        let factor = dividend[at + lower];
        quotient[at] = factor;
        for (cell, &coefficient) in dividend[at..].iter_mut().zip(divisor) {
            *cell = field.sub(*cell, field.mul(factor, coefficient));
        }
    }
    quotient
}

/// The fraction n/d of small numbers with that residue (Wang, 1981).
fn fraction(field: &Field, residue: u64) -> Option<(i64, i64)> {
    let bound = 1i64 << 30;
    let (mut a, mut b) = (field.prime as i64, field.value(residue) as i64);
    let (mut s, mut t) = (0i64, 1i64);
    while b > bound {
        let factor = a / b;
        (a, b) = (b, a % b);
        (s, t) = (t, s - factor * t);
    }
    (t != 0 && t.abs() <= bound).then_some((b, t))
}
