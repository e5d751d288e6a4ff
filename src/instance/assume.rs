//! Does what is assumed hold on an instance?
//!
//! `‖v‖ = 1` holds at v = (3/5, 4/5), `F nonsingular` on the Bernoulli family; what cannot be decided does not count.

use super::evaluate::Evaluator;
use super::failure::Failure;
use super::jet::{Jet, Ring};
use super::matrix::Matrix;
use crate::claim::{Assumption, Property};
use crate::number::Rational;

/// Whether an assumption holds; a failure where that is not known.
pub(super) fn holds(evaluator: &mut Evaluator, assumption: &Assumption) -> Result<bool, Failure> {
    let unknown = || Failure::unknown("an assumption that cannot be decided");
    match assumption {
        Assumption::Positive(e) | Assumption::NonNegative(e) => {
            let value = evaluator.value(*e)?;
            let sign = evaluator.ring.sign(value.as_scalar()?).ok_or_else(unknown)?;
            Ok(sign.is_gt() || (sign.is_eq() && matches!(assumption, Assumption::NonNegative(_))))
        }
        Assumption::NonZero(e) => vanishes(&*evaluator.value(*e)?).map(|zero| !zero).ok_or_else(unknown),
        Assumption::Integer(e) => {
            let value = evaluator.value(*e)?;
            value.as_scalar()?.as_rational().map(|q| q.is_integer()).ok_or_else(unknown)
        }
        Assumption::Property(e, property) => {
            let value = evaluator.value(*e)?;
            has_property(&value, *property, &evaluator.ring)?.ok_or_else(unknown)
        }
        Assumption::Equal(a, b) => {
            let (a, b) = (evaluator.value(*a)?, evaluator.value(*b)?);
            vanishes(&a.sub(&b, &evaluator.ring)?).ok_or_else(unknown)
        }
    }
}

/// Is every entry 0? `None` when that is not known.
pub(super) fn vanishes(value: &Matrix) -> Option<bool> {
    let certain = |entry: &Jet| entry.terms.iter().any(|(_, c)| c.is_zero() == Some(false));
    if value.entries.iter().any(certain) {
        return Some(false);
    }
    value.entries.iter().all(Jet::is_exact_zero).then_some(true)
}

/// Does a square matrix have a property? `None` when that is not known.
pub(super) fn has_property(value: &Matrix, property: Property, ring: &Ring) -> Result<Option<bool>, Failure> {
    if value.rows != value.columns {
        return Err(Failure::unknown("a property of a matrix that is not square"));
    }
    let n = value.rows;
    match property {
        Property::Symmetric => Ok(vanishes(&value.sub(&value.transpose(), ring)?)),
        Property::Nonsingular => {
            let all: Vec<usize> = (0..n).collect();
            Ok(vanishes(&Matrix::scalar(minor(value, &all, ring)?)).map(|zero| !zero))
        }
        Property::PositiveDefinite | Property::PositiveSemidefinite => {
            match vanishes(&value.sub(&value.transpose(), ring)?) {
                Some(true) => {}
                // uᵀAu ≥ 0 is a statement about the symmetric part alone.
                Some(false) if property == Property::PositiveSemidefinite => {
                    let half = value.add(&value.transpose(), ring)?.scale(&Rational::new(1, 2), ring);
                    return has_property(&half, property, ring);
                }
                other => return Ok(other),
            }
            let strict = property == Property::PositiveDefinite;
            let mut answer = Some(true);
            for set in 1u32..1 << n {
                let rows: Vec<usize> = (0..n).filter(|i| set & (1 << i) != 0).collect();
                match ring.sign(&minor(value, &rows, ring)?) {
                    Some(sign) if sign.is_lt() || (strict && sign.is_eq()) => return Ok(Some(false)),
                    Some(_) => {}
                    None => answer = None,
                }
            }
            Ok(answer)
        }
    }
}

/// The determinant of the given rows and columns, by expansion.
fn minor(value: &Matrix, rows: &[usize], ring: &Ring) -> Result<Jet, Failure> {
    determinant(value, rows, rows, ring)
}

fn determinant(value: &Matrix, rows: &[usize], columns: &[usize], ring: &Ring) -> Result<Jet, Failure> {
    let Some((first, below)) = rows.split_first() else { return Ok(Jet::one()) };
    if rows.len() > 4 {
        return Err(Failure::unknown("a determinant of a large matrix"));
    }
    let mut sum = Jet::zero();
    for (position, column) in columns.iter().enumerate() {
        let rest: Vec<usize> = columns.iter().copied().filter(|c| c != column).collect();
        let term = ring.mul(value.at(*first, *column), &determinant(value, below, &rest, ring)?)?;
        let sign = if position % 2 == 0 { Rational::ONE } else { Rational::MINUS_ONE };
        sum = ring.add(&sum, &ring.scale(&term, &sign));
    }
    Ok(sum)
}
