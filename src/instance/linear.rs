//! Linear equations and kernels on one instance, by exact elimination.
//!
//! `λFd = −∇L` on the Bernoulli family is one equation `200/21·d = −1354/1000`; its solution is checked in the equation.

use super::build::{Setting, replaced};
use super::evaluate::Evaluator;
use super::failure::Failure;
use super::jet::{Jet, Ring};
use super::matrix::Matrix;
use super::real::Real;
use super::world::World;
use crate::expr::{Expr, SymbolId};
use crate::number::Rational;

/// The precision of balls; no solution is made of them.
const BITS: u32 = 128;
/// Nothing here is a series.
const ORDER: i32 = 4;

/// A⁻¹b for a matrix with more rows than columns too; `None` when there is not exactly one solution.
pub(super) fn solve(a: &Matrix, b: &Matrix, ring: &Ring) -> Result<Option<Matrix>, Failure> {
    let rows = independent_rows(a, ring)?;
    if rows.len() < a.columns {
        return Ok(None);
    }
    let pick = |m: &Matrix| Matrix {
        rows: rows.len(),
        columns: m.columns,
        entries: rows.iter().flat_map(|i| (0..m.columns).map(move |j| m.at(*i, j).clone())).collect(),
    };
    pick(a).solve(&pick(b), ring).map(Some)
}

/// The first rows that are independent, by elimination.
fn independent_rows(a: &Matrix, ring: &Ring) -> Result<Vec<usize>, Failure> {
    let mut reduced: Vec<(usize, Vec<Jet>)> = Vec::new();
    let mut chosen = Vec::new();
    for i in 0..a.rows {
        let mut row: Vec<Jet> = (0..a.columns).map(|j| a.at(i, j).clone()).collect();
        for (pivot, other) in &reduced {
            let factor = ring.mul(&row[*pivot], &ring.recip(&other[*pivot])?)?;
            for (entry, above) in row.iter_mut().zip(other) {
                *entry = ring.sub(entry, &ring.mul(&factor, above)?);
            }
        }
        let certain = |entry: &Jet| entry.as_constant().and_then(|value| value.is_zero());
        match row.iter().position(|entry| certain(entry) == Some(false)) {
            Some(pivot) => {
                reduced.push((pivot, row));
                chosen.push(i);
            }
            None if row.iter().all(|entry| certain(entry) == Some(true)) => {}
            None => return Err(Failure::unknown("a matrix that may be singular")),
        }
    }
    Ok(chosen)
}

/// A vector that a square matrix sends to 0, when there is one.
pub(super) fn kernel(a: &Matrix, ring: &Ring) -> Result<Option<Matrix>, Failure> {
    let rows = independent_rows(a, ring)?;
    if rows.len() >= a.columns {
        return Ok(None);
    }
    // Some unit vector is no combination of the rows; with it, a·u = 0 and u[k] = 1 have a solution.
    for k in 0..a.columns {
        let mut entries: Vec<Jet> =
            rows.iter().flat_map(|i| (0..a.columns).map(move |j| a.at(*i, j).clone())).collect();
        let mut count = rows.len();
        for j in (k..a.columns).chain(0..k).take(a.columns - rows.len()) {
            let unit = (0..a.columns).map(|i| if i == j { Jet::one() } else { Jet::zero() });
            entries.extend(unit);
            count += 1;
        }
        let extended = Matrix { rows: count, columns: a.columns, entries };
        let mut right = Matrix::zero(count, 1);
        right.entries[rows.len()] = Jet::one();
        if let Ok(solution) = extended.solve(&right, ring) {
            return Ok(Some(solution));
        }
    }
    Ok(None)
}

/// The only value of a symbol for which the equations hold on an instance, when they are linear in it.
pub(super) fn solution(
    setting: &Setting,
    world: &World,
    equations: &[(Expr, Expr)],
    unknown: SymbolId,
) -> Result<Option<Matrix>, Failure> {
    let shape = setting.store.symbol_of(unknown).shape;
    let size = |dimension| world.dimension(dimension).ok_or_else(|| Failure::unknown("a dimension"));
    let (rows, columns) = (size(shape.rows)?, size(shape.columns)?);
    if columns != 1 {
        return Err(Failure::unknown("an unknown matrix"));
    }
    let residual = |value: &Matrix| -> Result<Matrix, Failure> {
        let world =
            replaced(setting, world, unknown, value).ok_or_else(|| Failure::unknown("a definition"))?;
        residual(setting, &world, equations)
    };
    let ring = Ring::new(ORDER, BITS);
    // Around a point of the instance: parameters stay inside of the family.
    let around = world.symbols.get(&unknown).cloned().unwrap_or_else(|| Matrix::zero(rows, 1));
    let base = residual(&around)?;
    let mut a = Matrix::zero(base.rows, rows);
    for j in 0..rows {
        let mut moved = around.clone();
        let step = Jet::constant(Real::Rational(Rational::new(1, 64)));
        moved.entries[j] = ring.add(&moved.entries[j], &step);
        let change = residual(&moved)?.sub(&base, &ring)?.scale(&Rational::from(64), &ring);
        for i in 0..base.rows {
            a.entries[i * rows + j] = change.at(i, 0).clone();
        }
    }
    let Some(step) = solve(&a, &base.scale(&Rational::MINUS_ONE, &ring), &ring)? else { return Ok(None) };
    let found = around.add(&step, &ring)?;
    let rest = residual(&found)?;
    Ok((super::assume::vanishes(&rest) == Some(true)).then_some(found))
}

/// left − right of all equations, one below the other.
pub(super) fn residual(
    setting: &Setting,
    world: &World,
    equations: &[(Expr, Expr)],
) -> Result<Matrix, Failure> {
    let mut evaluator = Evaluator::new(setting.store, world, ORDER, BITS);
    let mut entries = Vec::new();
    for (left, right) in equations {
        let (left, right) = (evaluator.value(*left)?, evaluator.value(*right)?);
        entries.extend(left.sub(&right, &evaluator.ring)?.entries);
    }
    Ok(Matrix::column(entries))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instance::candidates::exact;

    fn matrix(rows: usize, columns: usize, entries: &[i64]) -> Matrix {
        let entries: Vec<Rational> = entries.iter().map(|k| Rational::from(*k)).collect();
        exact(rows, columns, &entries)
    }

    #[test]
    fn equations_have_one_solution_or_none() {
        let ring = Ring::new(4, 64);
        let found = solve(&matrix(3, 2, &[1, 1, 2, 2, 1, -1]), &matrix(3, 1, &[3, 6, 1]), &ring).unwrap();
        assert_eq!(found.unwrap().text().unwrap(), "(2, 1)");
        assert!(solve(&matrix(2, 2, &[1, 1, 2, 2]), &matrix(2, 1, &[3, 6]), &ring).unwrap().is_none());
    }

    #[test]
    fn a_singular_matrix_has_a_kernel() {
        let ring = Ring::new(4, 64);
        let kernel = kernel(&matrix(2, 2, &[1, 2, 2, 4]), &ring).unwrap().unwrap();
        assert_eq!(kernel.text().unwrap(), "(1, -1/2)");
        assert!(super::kernel(&matrix(2, 2, &[1, 2, 2, 1]), &ring).unwrap().is_none());
        assert_eq!(
            super::kernel(&matrix(2, 2, &[0, 0, 0, 0]), &ring).unwrap().unwrap().text().unwrap(),
            "(1, 0)"
        );
    }
}
