//! Exact division, and division with remainder in one variable.
//!
//! (x² − y²) / (x + y) = x − y, and x² + y² divided by x + y is refused: the leading terms are divided one after
//! the other and nothing may remain.

use std::collections::BTreeMap;

use dashu_int::IBig;
use smallvec::smallvec;

use super::coefficient::{Coefficient, converted};
use super::integer::norm_bits;
use super::packing::Packing;
use super::{Budget, Coefficients, Exceeded, Exponents, Meter, Polynomial, Var, position};

/// Arrays of cells beyond this size are left to the ordered map.
const DENSE_CELLS: u128 = 1 << 22;

/// Quotient and remainder of a pseudo-division: `factor · dividend = quotient · divisor + remainder`.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PseudoDivision {
    /// A power of the leading coefficient of the divisor.
    pub factor: Polynomial,
    /// The quotient.
    pub quotient: Polynomial,
    /// Of lower degree than the divisor.
    pub remainder: Polynomial,
}

impl Polynomial {
    /// `self / divisor` when the divisor is nonzero and nothing remains.
    pub fn exact_div(&self, divisor: &Polynomial, budget: &Budget) -> Result<Option<Polynomial>, Exceeded> {
        self.quotient(divisor, &mut Meter::new(budget))
    }

    pub(in crate::algebra) fn quotient(
        &self,
        divisor: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Option<Polynomial>, Exceeded> {
        if divisor.is_zero() {
            return Ok(None);
        }
        if self.is_zero() {
            return Ok(Some(Polynomial::zero()));
        }
        let content = &self.content / &divisor.content;
        if divisor.is_constant() {
            return Ok(Some(Polynomial { content, ..self.clone() }));
        }
        if self.primitive_equals(divisor) {
            return Ok(Some(Polynomial::constant(content)));
        }
        if divisor.term_count() == 1 {
            return self.over_monomial(divisor, meter);
        }
        let Some(division) = Division::new(self, divisor)? else { return Ok(None) };
        let Some((exponents, coefficients)) = division.run(meter)? else { return Ok(None) };
        meter.terms(coefficients.len() as u64)?;
        Ok(Some(Polynomial::assemble(content, self.variables.clone(), exponents, coefficients)))
    }

    /// Pseudo-division in one variable; `None` when the divisor is 0.
    pub fn pseudo_div(
        &self,
        divisor: &Polynomial,
        variable: Var,
        budget: &Budget,
    ) -> Result<Option<PseudoDivision>, Exceeded> {
        self.pseudo_division(divisor, variable, &mut Meter::new(budget))
    }

    pub(super) fn pseudo_division(
        &self,
        divisor: &Polynomial,
        variable: Var,
        meter: &mut Meter,
    ) -> Result<Option<PseudoDivision>, Exceeded> {
        if divisor.is_zero() {
            return Ok(None);
        }
        let degree = divisor.degree(variable);
        let leading = divisor.leading_coefficient_in(variable);
        let mut division = PseudoDivision {
            factor: Polynomial::one(),
            quotient: Polynomial::zero(),
            remainder: self.clone(),
        };
        while !division.remainder.is_zero() && division.remainder.degree(variable) >= degree {
            let shift = division.remainder.degree(variable) - degree;
            let top = division.remainder.leading_coefficient_in(variable);
            let term = top.times(&Polynomial::power_of_variable(variable, shift), meter)?;
            division.remainder =
                &division.remainder.times(&leading, meter)? - &divisor.times(&term, meter)?;
            division.quotient = &division.quotient.times(&leading, meter)? + &term;
            division.factor = division.factor.times(&leading, meter)?;
        }
        Ok(Some(division))
    }

    /// The coefficient of the highest power of a variable.
    pub(super) fn leading_coefficient_in(&self, variable: Var) -> Polynomial {
        self.powers_in(variable).pop().map_or_else(Polynomial::zero, |(_, coefficient)| coefficient)
    }

    /// A power of one variable.
    pub(super) fn power_of_variable(variable: Var, exponent: u32) -> Polynomial {
        if exponent == 0 {
            return Polynomial::one();
        }
        Polynomial { exponents: smallvec![exponent], ..Polynomial::variable(variable) }
    }
}

struct Division<'a> {
    dividend: &'a Polynomial,
    divisor: &'a Polynomial,
    packing: Packing,
    /// The exponents of the leading term of the divisor, over the variables of the dividend.
    leading: Vec<u32>,
    /// The degrees of a quotient, if there is one.
    degrees: Vec<u32>,
    codes: Vec<u128>,
}

type Parts = (Exponents, Coefficients);

/// The quotient, or that there is none; `Err` when coefficients outgrew the width.
struct Overflow;

impl<'a> Division<'a> {
    /// `None` when degrees alone exclude a quotient.
    fn new(dividend: &'a Polynomial, divisor: &'a Polynomial) -> Result<Option<Division<'a>>, Exceeded> {
        if divisor.variables.iter().any(|&variable| position(&dividend.variables, variable).is_none()) {
            return Ok(None);
        }
        let rows = divisor.exponents_over(&dividend.variables);
        let width = dividend.variables.len();
        let total = dividend.degrees();
        let largest = |at: usize| rows.iter().skip(at).step_by(width).copied().max().unwrap_or(0);
        let degrees: Option<Vec<u32>> = (0..width).map(|at| total[at].checked_sub(largest(at))).collect();
        let Some(degrees) = degrees else { return Ok(None) };
        let packing = Packing::new(&total).ok_or(Exceeded::MONOMIAL)?;
        let codes = packing.pack_all(&rows, divisor.term_count());
        let leading = rows[..width].to_vec();
        Ok(Some(Division { dividend, divisor, packing, leading, degrees, codes }))
    }

    fn run(&self, meter: &mut Meter) -> Result<Option<Parts>, Exceeded> {
        let limbs =
            norm_bits(&self.divisor.coefficients).max(norm_bits(&self.dividend.coefficients)) / 64 + 1;
        meter.step(self.dividend.term_count() as u64 + 100)?;
        if limbs == 1
            && let Ok(result) = self.run_in::<i128>(2, meter)
        {
            return result;
        }
        match self.run_in::<IBig>(limbs + 8, meter) {
            Ok(result) => result,
            Err(Overflow) => unreachable!("long integers do not overflow"),
        }
    }

    fn run_in<C: Coefficient>(
        &self,
        cost: u64,
        meter: &mut Meter,
    ) -> Result<Result<Option<Parts>, Exceeded>, Overflow> {
        let dividend = converted::<C>(&self.dividend.coefficients).ok_or(Overflow)?;
        let divisor = converted::<C>(&self.divisor.coefficients).ok_or(Overflow)?;
        let codes = self.packing.pack_all(&self.dividend.exponents, dividend.len());
        let likely = 8 * (dividend.len() + divisor.len()) as u128 + 256;
        if self.packing.volume <= likely.min(DENSE_CELLS) {
            let mut cells = vec![C::default(); self.packing.volume as usize];
            for (&code, coefficient) in codes.iter().zip(dividend) {
                cells[code as usize] = coefficient;
            }
            return self.reduce(&divisor, cost, &mut Dense { next: cells.len(), cells }, meter);
        }
        let mut rest = Sparse { cells: codes.into_iter().zip(dividend).collect() };
        // The ordered map costs as much as that many steps.
        self.reduce(&divisor, cost + 20, &mut rest, meter)
    }

    /// Divides the leading terms of what remains, highest first.
    fn reduce<C: Coefficient>(
        &self,
        divisor: &[C],
        cost: u64,
        rest: &mut impl Remainder<C>,
        meter: &mut Meter,
    ) -> Result<Result<Option<Parts>, Exceeded>, Overflow> {
        let (mut exponents, mut coefficients): Parts = Default::default();
        while let Some((code, top)) = rest.pop() {
            let start = exponents.len();
            self.packing.unpack_into(code, &mut exponents);
            if !self.subtract_leading(&mut exponents[start..]) {
                return Ok(Ok(None));
            }
            let Some(factor) = top.exact_quotient(&divisor[0]) else { return Ok(Ok(None)) };
            if let Err(exceeded) = meter.step(cost * divisor.len() as u64) {
                return Ok(Err(exceeded));
            }
            let shift = code - self.codes[0];
            for (&offset, coefficient) in self.codes.iter().zip(divisor).skip(1) {
                rest.cell(shift + offset).checked_sub_product(&factor, coefficient).ok_or(Overflow)?;
            }
            coefficients.push(factor.to_integer());
        }
        Ok(Ok(Some((exponents, coefficients))))
    }

    /// Turns the exponents of a term into those of its quotient, when that can be a term of the quotient.
    fn subtract_leading(&self, row: &mut [u32]) -> bool {
        row.iter_mut().zip(&self.leading).zip(&self.degrees).all(|((exponent, &leading), &degree)| {
            let fits = *exponent >= leading && *exponent - leading <= degree;
            *exponent = exponent.wrapping_sub(leading);
            fits
        })
    }
}

/// What remains of the dividend.
trait Remainder<C> {
    /// Takes out the leading nonzero term.
    fn pop(&mut self) -> Option<(u128, C)>;
    fn cell(&mut self, code: u128) -> &mut C;
}

struct Dense<C> {
    cells: Vec<C>,
    /// All cells from here on are zero.
    next: usize,
}

impl<C: Coefficient> Remainder<C> for Dense<C> {
    fn pop(&mut self) -> Option<(u128, C)> {
        while self.next > 0 {
            self.next -= 1;
            if !self.cells[self.next].is_zero() {
                return Some((self.next as u128, std::mem::take(&mut self.cells[self.next])));
            }
        }
        None
    }
    fn cell(&mut self, code: u128) -> &mut C {
        &mut self.cells[code as usize]
    }
}

struct Sparse<C> {
    cells: BTreeMap<u128, C>,
}

impl<C: Coefficient> Remainder<C> for Sparse<C> {
    fn pop(&mut self) -> Option<(u128, C)> {
        loop {
            let (code, coefficient) = self.cells.pop_last()?;
            if !coefficient.is_zero() {
                return Some((code, coefficient));
            }
        }
    }
    fn cell(&mut self, code: u128) -> &mut C {
        self.cells.entry(code).or_default()
    }
}
