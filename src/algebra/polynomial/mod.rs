//! Exact polynomials over ℚ in numbered kernels: one polynomial, one representation.
//!
//! (x + y)² − 2·x·y is stored as 1·(x² + y²): a rational content times a primitive integer polynomial whose
//! terms stand in lexicographic order, the smallest [`Var`] weighing most. Equality is therefore structural.
//! What could explode takes a [`Budget`]; which kernels the variables stand for is the caller's business.

mod arithmetic;
mod budget;
mod coefficient;
mod display;
mod divide;
mod factor;
mod field;
mod gcd;
mod image;
mod integer;
mod interpolate;
mod lift;
mod multiply;
mod packing;
mod power;
mod roots;
mod substitute;
mod univariate;

use std::collections::BTreeMap;
use std::ops::Deref;

use dashu_int::IBig;
use smallvec::{SmallVec, smallvec};

use crate::number::Rational;

pub(super) use budget::Meter;
pub use budget::{Budget, Exceeded, Resource};
pub use divide::PseudoDivision;
pub use factor::Factorization;
pub use gcd::Cofactors;

use integer::{content_of, rational_from_integer};

/// An unknown, by number; a smaller number is structurally earlier.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Var(pub u32);

/// A product of powers: variables ascending, exponents at least 1; empty for 1.
pub type Monomial = SmallVec<[(Var, u32); 4]>;

/// Exponents and variables of polynomials in a few of them, and the coefficient of one term, stand within the polynomial.
type Exponents = SmallVec<[u32; 6]>;
type Variables = SmallVec<[Var; 6]>;
type Coefficients = SmallVec<[IBig; 1]>;

/// A polynomial over ℚ in canonical form.
///
/// It is `content · Σ cᵢ·mᵢ` with integers cᵢ ≠ 0 of greatest common divisor 1, the first of them positive, and
/// monomials mᵢ strictly descending in lexicographic order. Exactly the variables that occur are listed.
#[derive(PartialEq, Eq, Hash)]
pub struct Polynomial {
    content: Rational,
    variables: Variables,
    /// One row of exponents for each term, as long as `variables`.
    exponents: Exponents,
    coefficients: Coefficients,
}

impl Polynomial {
    /// The polynomial 0.
    pub fn zero() -> Polynomial {
        Polynomial {
            content: Rational::ZERO,
            variables: SmallVec::new(),
            exponents: SmallVec::new(),
            coefficients: SmallVec::new(),
        }
    }

    /// The polynomial 1.
    pub fn one() -> Polynomial {
        Polynomial::constant(Rational::ONE)
    }

    /// A polynomial without variables.
    pub fn constant(value: Rational) -> Polynomial {
        if value.is_zero() {
            return Polynomial::zero();
        }
        Polynomial {
            content: value,
            variables: SmallVec::new(),
            exponents: SmallVec::new(),
            coefficients: smallvec![IBig::ONE],
        }
    }

    /// The polynomial that is one variable.
    pub fn variable(variable: Var) -> Polynomial {
        Polynomial {
            content: Rational::ONE,
            variables: smallvec![variable],
            exponents: smallvec![1],
            coefficients: smallvec![IBig::ONE],
        }
    }

    /// The sum of coefficients times monomials, in any order; equal variables and equal monomials are joined.
    ///
    /// An exponent that does not fit `u32` is refused.
    pub fn from_terms<M>(terms: impl IntoIterator<Item = (M, Rational)>) -> Result<Polynomial, Exceeded>
    where
        M: IntoIterator<Item = (Var, u32)>,
    {
        let mut sum: BTreeMap<Vec<(Var, u32)>, Rational> = BTreeMap::new();
        for (monomial, coefficient) in terms {
            let mut powers: BTreeMap<Var, u32> = BTreeMap::new();
            for (variable, exponent) in monomial {
                let power = powers.entry(variable).or_default();
                *power = power.checked_add(exponent).ok_or(Exceeded::EXPONENT)?;
            }
            let key: Vec<(Var, u32)> = powers.into_iter().filter(|&(_, exponent)| exponent > 0).collect();
            let entry = sum.entry(key).or_insert(Rational::ZERO);
            *entry = &*entry + &coefficient;
        }
        sum.retain(|_, coefficient| !coefficient.is_zero());
        Ok(Polynomial::from_distinct_terms(sum))
    }

    fn from_distinct_terms(sum: BTreeMap<Vec<(Var, u32)>, Rational>) -> Polynomial {
        let mut variables: Variables = sum.keys().flatten().map(|&(variable, _)| variable).collect();
        variables.sort_unstable();
        variables.dedup();
        let mut rows: Vec<(Vec<u32>, Rational)> = sum
            .into_iter()
            .map(|(key, coefficient)| {
                let mut row = vec![0; variables.len()];
                for (variable, exponent) in key {
                    row[position(&variables, variable).expect("every variable is listed")] = exponent;
                }
                (row, coefficient)
            })
            .collect();
        rows.sort_unstable_by(|a, b| b.0.cmp(&a.0));
        let content = integer::common_content(rows.iter().map(|(_, coefficient)| coefficient));
        let mut exponents = Exponents::with_capacity(rows.len() * variables.len());
        let mut coefficients = Coefficients::with_capacity(rows.len());
        for (row, coefficient) in rows {
            exponents.extend(row);
            coefficients.push(integer::numerator(&(&coefficient / &content)));
        }
        Polynomial::assemble(content, variables, exponents, coefficients)
    }

    /// Canonical form of terms already distinct, nonzero and descending.
    fn assemble(
        content: Rational,
        variables: Variables,
        exponents: Exponents,
        mut coefficients: Coefficients,
    ) -> Polynomial {
        if coefficients.is_empty() || content.is_zero() {
            return Polynomial::zero();
        }
        let common = content_of(&coefficients);
        let content = if common.is_one() {
            content
        } else {
            for coefficient in &mut coefficients {
                *coefficient = integer::exact_quotient(coefficient, &common);
            }
            &content * &rational_from_integer(&common)
        };
        let (variables, exponents) = drop_absent(variables, exponents);
        Polynomial { content, variables, exponents, coefficients }
    }

    /// Is this 0?
    pub fn is_zero(&self) -> bool {
        self.coefficients.is_empty()
    }

    /// Is this 1?
    pub fn is_one(&self) -> bool {
        self.is_constant() && self.content.is_one()
    }

    /// Is this free of variables?
    pub fn is_constant(&self) -> bool {
        self.variables.is_empty()
    }

    /// The value, when no variable occurs.
    pub fn as_constant(&self) -> Option<Rational> {
        self.is_constant().then(|| self.content.clone())
    }

    /// The variable, when the polynomial is one.
    pub fn as_variable(&self) -> Option<Var> {
        match self.exponents.as_slice() {
            [1] if self.content.is_one() && self.variables.len() == 1 => Some(self.variables[0]),
            _ => None,
        }
    }

    /// The variables that occur, ascending.
    pub fn variables(&self) -> &[Var] {
        &self.variables
    }

    /// Does this variable occur?
    pub fn mentions(&self, variable: Var) -> bool {
        position(&self.variables, variable).is_some()
    }

    /// The number of terms; 0 for 0.
    pub fn term_count(&self) -> usize {
        self.coefficients.len()
    }

    /// The largest exponent of a variable; 0 where it does not occur.
    pub fn degree(&self, variable: Var) -> u32 {
        position(&self.variables, variable).map_or(0, |at| self.degrees()[at])
    }

    /// The largest sum of exponents in one term; 0 for constants and for 0.
    pub fn total_degree(&self) -> u64 {
        self.rows().map(|row| row.iter().copied().map(u64::from).sum()).max().unwrap_or(0)
    }

    /// Bits of the longest integer coefficient of the primitive part.
    pub fn coefficient_bits(&self) -> u64 {
        self.coefficients.iter().map(integer::bits).max().unwrap_or(0)
    }

    /// The terms in descending lexicographic order.
    pub fn terms(&self) -> impl Iterator<Item = (Monomial, Rational)> + '_ {
        self.rows().zip(&self.coefficients).map(|(row, coefficient)| {
            (self.monomial(row), &self.content * &rational_from_integer(coefficient))
        })
    }

    /// The term that stands first, unless the polynomial is 0.
    pub fn leading_term(&self) -> Option<(Monomial, Rational)> {
        self.terms().next()
    }

    /// The coefficient of the term that stands first; 0 for 0.
    pub fn leading_coefficient(&self) -> Rational {
        match self.coefficients.first() {
            Some(first) => &self.content * &rational_from_integer(first),
            None => Rational::ZERO,
        }
    }

    /// The rational c with `self = c · primitive`; 0 for 0, otherwise with the sign of the leading coefficient.
    pub fn content(&self) -> &Rational {
        &self.content
    }

    /// The primitive part: integer coefficients without common divisor, the leading one positive; 0 for 0.
    pub fn primitive_part(&self) -> Polynomial {
        let content = if self.is_zero() { Rational::ZERO } else { Rational::ONE };
        Polynomial { content, ..self.clone() }
    }

    /// The coefficients as a polynomial in one variable: entry k belongs to its k-th power.
    ///
    /// `degree + 1` entries, the last one nonzero; one entry, 0, for 0. A degree beyond the limit of terms is
    /// refused; [`Polynomial::powers_in`] lists what is there.
    pub fn coefficients_in(&self, variable: Var, budget: &Budget) -> Result<Vec<Polynomial>, Exceeded> {
        let length = u64::from(self.degree(variable)) + 1;
        Meter::new(budget).terms(length)?;
        let mut dense = vec![Polynomial::zero(); length as usize];
        for (power, coefficient) in self.powers_in(variable) {
            dense[power as usize] = coefficient;
        }
        Ok(dense)
    }

    /// The nonzero coefficients as a polynomial in one variable, each with its power, ascending.
    pub fn powers_in(&self, variable: Var) -> Vec<(u32, Polynomial)> {
        let Some(at) = position(&self.variables, variable) else {
            return if self.is_zero() { Vec::new() } else { vec![(0, self.clone())] };
        };
        let mut rest = self.variables.clone();
        rest.remove(at);
        let mut parts: BTreeMap<u32, (Exponents, Coefficients)> = BTreeMap::new();
        for (row, coefficient) in self.rows().zip(&self.coefficients) {
            let (exponents, coefficients) = parts.entry(row[at]).or_default();
            exponents.extend(row.iter().enumerate().filter(|&(i, _)| i != at).map(|(_, &e)| e));
            coefficients.push(coefficient.clone());
        }
        let assemble = |(power, (exponents, coefficients))| {
            (power, Polynomial::assemble(self.content.clone(), rest.clone(), exponents, coefficients))
        };
        parts.into_iter().map(assemble).collect()
    }

    /// The same polynomial in other variables; two that become one are joined.
    pub fn map_variables(&self, rename: impl Fn(Var) -> Var) -> Result<Polynomial, Exceeded> {
        Polynomial::from_terms(self.terms().map(|(monomial, coefficient)| {
            (monomial.into_iter().map(|(v, e)| (rename(v), e)).collect::<Monomial>(), coefficient)
        }))
    }

    /// Do the two differ by a rational factor only?
    pub(in crate::algebra) fn primitive_equals(&self, other: &Polynomial) -> bool {
        self.variables == other.variables
            && self.coefficients == other.coefficients
            && self.exponents == other.exponents
    }

    fn monomial(&self, row: &[u32]) -> Monomial {
        self.variables.iter().copied().zip(row.iter().copied()).filter(|&(_, e)| e > 0).collect()
    }

    fn row(&self, index: usize) -> &[u32] {
        let width = self.variables.len();
        &self.exponents[index * width..(index + 1) * width]
    }

    fn rows(&self) -> impl Iterator<Item = &[u32]> + '_ {
        (0..self.coefficients.len()).map(|index| self.row(index))
    }

    /// The degree in each listed variable.
    fn degrees(&self) -> Exponents {
        let mut degrees = Exponents::from_elem(0, self.variables.len());
        for row in self.rows() {
            for (degree, &exponent) in degrees.iter_mut().zip(row) {
                *degree = exponent.max(*degree);
            }
        }
        degrees
    }

    /// The rows of exponents over a longer list of variables.
    fn exponents_over(&self, variables: &[Var]) -> Rows<'_> {
        if *self.variables == *variables {
            return Rows::Own(&self.exponents);
        }
        let places: SmallVec<[usize; 6]> = self
            .variables
            .iter()
            .map(|&variable| position(variables, variable).expect("the longer list has every variable"))
            .collect();
        let width = variables.len();
        let mut exponents = Exponents::from_elem(0, width * self.coefficients.len());
        for (index, row) in self.rows().enumerate() {
            for (&place, &exponent) in places.iter().zip(row) {
                exponents[index * width + place] = exponent;
            }
        }
        Rows::Spread(exponents)
    }
}

impl Clone for Polynomial {
    fn clone(&self) -> Polynomial {
        Polynomial {
            content: self.content.clone(),
            variables: Variables::from_slice(&self.variables),
            exponents: Exponents::from_slice(&self.exponents),
            coefficients: self.coefficients.clone(),
        }
    }
}

/// Rows of exponents: those of a polynomial, or the same over more variables.
enum Rows<'a> {
    Own(&'a [u32]),
    Spread(Exponents),
}

impl Rows<'_> {
    fn into_exponents(self) -> Exponents {
        match self {
            Rows::Own(exponents) => Exponents::from_slice(exponents),
            Rows::Spread(exponents) => exponents,
        }
    }
}

impl Deref for Rows<'_> {
    type Target = [u32];
    fn deref(&self) -> &[u32] {
        match self {
            Rows::Own(exponents) => exponents,
            Rows::Spread(exponents) => exponents,
        }
    }
}

/// Where a variable stands in an ascending list.
fn position(variables: &[Var], variable: Var) -> Option<usize> {
    variables.binary_search(&variable).ok()
}

/// The variables of either list, ascending.
fn union(a: &[Var], b: &[Var]) -> Variables {
    if a == b {
        return a.into();
    }
    let mut all: Variables = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    all.dedup();
    all
}

/// Strikes the variables whose exponents are all zero.
fn drop_absent(variables: Variables, exponents: Exponents) -> (Variables, Exponents) {
    let width = variables.len();
    let mut seen: SmallVec<[bool; 16]> = smallvec![false; width];
    let mut missing = width;
    for row in exponents.chunks_exact(width.max(1)) {
        for (seen, &exponent) in seen.iter_mut().zip(row) {
            if exponent > 0 && !*seen {
                *seen = true;
                missing -= 1;
            }
        }
        if missing == 0 {
            return (variables, exponents);
        }
    }
    if missing == 0 {
        return (variables, exponents);
    }
    let kept = exponents.iter().enumerate().filter(|(i, _)| seen[i % width]).map(|(_, &e)| e).collect();
    let variables = variables.into_iter().zip(&seen).filter(|&(_, &seen)| seen).map(|(v, _)| v).collect();
    (variables, kept)
}

#[cfg(test)]
mod factor_tests;
#[cfg(test)]
mod gcd_tests;
#[cfg(test)]
mod tests;
