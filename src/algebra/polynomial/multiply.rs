//! Products, over packed monomials and in the narrowest coefficients that suffice.
//!
//! (x + y)·(x − y) = x² − y²: every pair of terms adds into the cell of its monomial. Cells form an array when
//! most monomials of the box occur, a hash table otherwise.

use std::cmp::Reverse;

use dashu_int::IBig;
use rustc_hash::FxHashMap;

use super::coefficient::{Coefficient, converted};
use super::integer::{bits, norm_bits};
use super::packing::Packing;
use super::{Budget, Coefficients, Exceeded, Exponents, Meter, Polynomial, drop_absent, position, union};

/// Arrays of cells beyond this size are left to the hash table.
const DENSE_CELLS: u128 = 1 << 22;

impl Polynomial {
    /// `self · other`.
    pub fn mul(&self, other: &Polynomial, budget: &Budget) -> Result<Polynomial, Exceeded> {
        self.times(other, &mut Meter::new(budget))
    }

    pub(in crate::algebra) fn times(
        &self,
        other: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Polynomial, Exceeded> {
        if self.is_zero() || other.is_zero() {
            return Ok(Polynomial::zero());
        }
        if self.is_constant() {
            return Ok(other.scale(&self.content));
        }
        if other.is_constant() {
            return Ok(self.scale(&other.content));
        }
        if self.term_count() == 1 {
            return other.times_monomial(self, meter);
        }
        if other.term_count() == 1 {
            return self.times_monomial(other, meter);
        }
        let variables = union(&self.variables, &other.variables);
        let (left, right) = (self.exponents_over(&variables), other.exponents_over(&variables));
        let degrees = product_degrees(variables.len(), &left, &right)?;
        let packing = Packing::new(&degrees).ok_or(Exceeded::MONOMIAL)?;
        let left = packing.pack_all(&left, self.term_count());
        let right = packing.pack_all(&right, other.term_count());
        let terms = convolve(
            &Factor { codes: &left, coefficients: &self.coefficients },
            &Factor { codes: &right, coefficients: &other.coefficients },
            packing.volume,
            meter,
        )?;
        meter.terms(terms.len() as u64)?;
        let (exponents, coefficients) = unpacked(&packing, terms, meter)?;
        // Products of primitive polynomials are primitive (Gauss), and nothing cancels in the leading term.
        Ok(Polynomial { content: &self.content * &other.content, variables, exponents, coefficients })
    }
}

impl Polynomial {
    /// The product with one term, whose own coefficient is its content: the terms keep their order.
    fn times_monomial(&self, monomial: &Polynomial, meter: &mut Meter) -> Result<Polynomial, Exceeded> {
        meter.step(self.term_count() as u64 + 100)?;
        let variables = union(&self.variables, &monomial.variables);
        let mut exponents = self.exponents_over(&variables).into_exponents();
        let more = monomial.exponents_over(&variables);
        for row in exponents.chunks_exact_mut(variables.len()) {
            for (exponent, more) in row.iter_mut().zip(more.iter()) {
                *exponent = exponent.checked_add(*more).ok_or(Exceeded::EXPONENT)?;
            }
        }
        let content = &self.content * &monomial.content;
        Ok(Polynomial { content, variables, exponents, coefficients: self.coefficients.clone() })
    }

    /// The quotient by one term, when that divides every term: they keep their order.
    pub(super) fn over_monomial(
        &self,
        monomial: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Option<Polynomial>, Exceeded> {
        meter.step(self.term_count() as u64 + 100)?;
        let width = self.variables.len();
        let mut exponents = self.exponents.clone();
        for (variable, less) in monomial.variables.iter().zip(&monomial.exponents) {
            let Some(at) = position(&self.variables, *variable) else { return Ok(None) };
            for exponent in exponents.iter_mut().skip(at).step_by(width) {
                let Some(rest) = exponent.checked_sub(*less) else { return Ok(None) };
                *exponent = rest;
            }
        }
        let content = &self.content / &monomial.content;
        let (variables, exponents) = drop_absent(self.variables.clone(), exponents);
        Ok(Some(Polynomial { content, variables, exponents, coefficients: self.coefficients.clone() }))
    }
}

/// The exponents and coefficients of packed terms, within the limit of bits.
pub(super) fn unpacked(
    packing: &Packing,
    terms: Vec<(u128, IBig)>,
    meter: &Meter,
) -> Result<(Exponents, Coefficients), Exceeded> {
    let mut exponents = Exponents::with_capacity(terms.len() * packing.width());
    let mut coefficients = Coefficients::with_capacity(terms.len());
    let mut longest = 0;
    for (code, coefficient) in terms {
        packing.unpack_into(code, &mut exponents);
        longest = longest.max(bits(&coefficient));
        coefficients.push(coefficient);
    }
    meter.bits(longest)?;
    Ok((exponents, coefficients))
}

/// The degrees of the product: sums of the degrees of the factors.
fn product_degrees(width: usize, left: &[u32], right: &[u32]) -> Result<Vec<u32>, Exceeded> {
    let largest = |rows: &[u32], at: usize| rows.iter().skip(at).step_by(width).copied().max().unwrap_or(0);
    (0..width).map(|at| largest(left, at).checked_add(largest(right, at)).ok_or(Exceeded::EXPONENT)).collect()
}

struct Factor<'a, C> {
    codes: &'a [u128],
    coefficients: &'a [C],
}

/// The terms of a product, descending.
fn convolve(
    a: &Factor<IBig>,
    b: &Factor<IBig>,
    volume: u128,
    meter: &mut Meter,
) -> Result<Vec<(u128, IBig)>, Exceeded> {
    let (left, right) = (norm_bits(a.coefficients), norm_bits(b.coefficients));
    let pairs = a.codes.len() as u64 * b.codes.len() as u64;
    // What a pair of terms costs, in steps on words in a small array.
    let long = left + right > 126;
    let limbs = if long { 16 + (left / 64 + 1).saturating_mul(right / 64 + 1) } else { 1 };
    let place = match (is_dense(volume, pairs), long) {
        (true, true) if volume > 1 << 16 => 80,
        (true, _) => 0,
        (false, true) => 80,
        (false, false) => 16,
    };
    meter.step(pairs.saturating_mul(limbs + place).saturating_add(100))?;
    let narrow = match left + right {
        0..=62 => convolve_in::<i64>(a, b, volume, meter),
        63..=126 => convolve_in::<i128>(a, b, volume, meter),
        _ => None,
    };
    match narrow {
        Some(result) => result,
        None => convolve_in::<IBig>(a, b, volume, meter).expect("every integer fits a long one"),
    }
}

/// Is an array of all monomials in the box worth its memory?
fn is_dense(volume: u128, pairs: u64) -> bool {
    volume <= (4 * u128::from(pairs) + 64).min(DENSE_CELLS)
}

fn convolve_in<C: Coefficient>(
    a: &Factor<IBig>,
    b: &Factor<IBig>,
    volume: u128,
    meter: &Meter,
) -> Option<Result<Vec<(u128, IBig)>, Exceeded>> {
    let (left, right) = (converted::<C>(a.coefficients)?, converted::<C>(b.coefficients)?);
    let a = Factor { codes: a.codes, coefficients: &left };
    let b = Factor { codes: b.codes, coefficients: &right };
    if is_dense(volume, a.codes.len() as u64 * b.codes.len() as u64) {
        return Some(Ok(convolve_dense(a, b, volume as usize)));
    }
    Some(convolve_sparse(a, b, meter))
}

fn convolve_dense<C: Coefficient>(a: Factor<C>, b: Factor<C>, volume: usize) -> Vec<(u128, IBig)> {
    let mut cells = vec![C::default(); volume];
    let offsets: Vec<usize> = b.codes.iter().map(|&code| code as usize).collect();
    for (&code, left) in a.codes.iter().zip(a.coefficients) {
        let cells = &mut cells[code as usize..];
        for (&offset, right) in offsets.iter().zip(b.coefficients) {
            cells[offset].add_product(left, right);
        }
    }
    let present = cells.iter().enumerate().rev().filter(|(_, cell)| !cell.is_zero());
    present.map(|(code, cell)| (code as u128, cell.to_integer())).collect()
}

fn convolve_sparse<C: Coefficient>(
    a: Factor<C>,
    b: Factor<C>,
    meter: &Meter,
) -> Result<Vec<(u128, IBig)>, Exceeded> {
    let mut cells: FxHashMap<u128, C> = FxHashMap::default();
    for (&code, left) in a.codes.iter().zip(a.coefficients) {
        for (&offset, right) in b.codes.iter().zip(b.coefficients) {
            cells.entry(code + offset).or_default().add_product(left, right);
        }
        // Cells that cancelled count too, hence the room for as many again.
        meter.terms(cells.len() as u64 / 2)?;
    }
    let mut terms: Vec<(u128, IBig)> =
        cells.iter().filter(|(_, c)| !c.is_zero()).map(|(&code, c)| (code, c.to_integer())).collect();
    terms.sort_unstable_by_key(|&(code, _)| Reverse(code));
    Ok(terms)
}
