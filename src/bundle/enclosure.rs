//! Routines at exact floats, in balls: what generated code is measured against.

use super::guards::holds;
use super::{Exact, Made};
use crate::emit::{Routine, Work};
use crate::number::{Ball, Rational};
use crate::tape::Tape;

/// Precisions that are tried, in bits.
const PRECISIONS: [u32; 6] = [128, 256, 512, 1024, 2048, 4096];
/// Relative accuracy at which a ball settles the nearest float, in bits.
const SETTLED: u32 = 64;

/// The outputs of a routine at exact inputs, row by row: relative radius at most 2⁻⁶⁴ where 4096 bits reach it.
///
/// Undefined outside the domain, and 1 or 0 for `in_domain`.
///
/// # Panics
/// If the bundle has no routine of this name, or the number of inputs is not the routine's.
pub fn enclosure(made: &Made, routine: &str, inputs: &[f64]) -> Vec<Ball> {
    let (exact, routine) = found(made, routine);
    let inside = exact.is_inside(inputs);
    if matches!(routine.work, Work::Domain) {
        return vec![Ball::from_i64(i64::from(inside), PRECISIONS[0])];
    }
    if !inside {
        return vec![Ball::undefined(PRECISIONS[0]); routine.result.size()];
    }
    let tape = at_atom(exact, inputs).unwrap_or(&exact.tape);
    let mut values = Vec::new();
    for precision in PRECISIONS {
        let balls: Vec<Ball> = inputs.iter().map(|v| Ball::from_f64(*v, precision)).collect();
        values = worked(tape, routine, &balls, precision);
        if values.iter().all(is_settled) {
            break;
        }
    }
    values
}

/// κ = Σᵢ |xᵢ ∂f/∂xᵢ / f| of each output at exact inputs, where F is decomposed also in its entries, by differences of
/// balls; 0 where the output is exactly 0, and infinite where it is not known.
///
/// # Panics
/// As [`enclosure`].
pub fn condition(made: &Made, routine: &str, inputs: &[f64]) -> Vec<f64> {
    let (exact, routine) = found(made, routine);
    let tape = at_atom(exact, inputs).unwrap_or(&exact.tape);
    let mut totals = Vec::new();
    for (precision, step) in [(256, 60_i64), (1024, 200), (4096, 800)] {
        totals = sensitivities(tape, routine, inputs, precision, step);
        if totals.iter().all(|total| total.is_finite()) {
            break;
        }
    }
    totals
}

/// Σ |f(x(1 + h)) − f(x)|/(h·|f(x)|) over the inputs, for h = 2^−step.
fn sensitivities(tape: &Tape, routine: &Routine, inputs: &[f64], precision: u32, step: i64) -> Vec<f64> {
    let balls: Vec<Ball> = inputs.iter().map(|v| Ball::from_f64(*v, precision)).collect();
    let values = worked(tape, routine, &balls, precision);
    let mut totals = vec![0.0; values.len()];
    let h = Ball::from_i64(2, precision).powi(-step);
    let factor = Ball::from_i64(1, precision).add(&h);
    for (i, input) in inputs.iter().enumerate() {
        if *input == 0.0 {
            continue;
        }
        let mut moved = balls.clone();
        moved[i] = moved[i].mul(&factor);
        let changed = worked(tape, routine, &moved, precision);
        add_changes(&mut totals, &values, &changed, &h);
    }
    if routine.work.is_by_decomposition() {
        let entries = tape.eval(&balls, precision);
        for moved in perturbed(&entries, &h) {
            let changed = decomposed(moved, routine, &balls, precision);
            add_changes(&mut totals, &values, &changed, &h);
        }
    }
    totals
}

/// F with each entry and its mirror image moved by h·√(FᵢᵢFⱼⱼ), as the roundings of a Cholesky decomposition may.
fn perturbed(entries: &[Ball], h: &Ball) -> Vec<Vec<Ball>> {
    let size = entries.len().isqrt();
    let mut all = Vec::new();
    for i in 0..size {
        for j in 0..=i {
            let step = entries[size * i + i].mul(&entries[size * j + j]).sqrt().mul(h);
            let mut moved = entries.to_vec();
            moved[size * i + j] = moved[size * i + j].add(&step);
            moved[size * j + i] = moved[size * i + j].clone();
            all.push(moved);
        }
    }
    all
}

/// Adds |changed − value|/(h·|value|) to each total.
fn add_changes(totals: &mut [f64], values: &[Ball], changed: &[Ball], h: &Ball) {
    for ((total, value), other) in totals.iter_mut().zip(values).zip(changed) {
        if value.is_zero() && other.is_zero() {
            continue;
        }
        let ratio = other.sub(value).div(&h.mul(value)).abs();
        *total += if ratio.is_defined() && ratio.is_bounded() { ratio.upper_f64() } else { f64::INFINITY };
    }
}

fn found<'a>(made: &'a Made, name: &str) -> (&'a Exact, &'a Routine) {
    let at = made.exact.iter().position(|e| e.routine == name).expect("a routine of the bundle");
    (&made.exact[at], &made.bundle.routines[at])
}

fn at_atom<'a>(exact: &'a Exact, inputs: &[f64]) -> Option<&'a Tape> {
    exact.atoms.iter().find(|(point, _)| inputs.starts_with(point)).map(|(_, tape)| tape)
}

impl Exact {
    /// Are these flat inputs in the domain and, where there is an observation, in the sample space or at an atom? Asked in
    /// floats, as generated code asks it.
    pub fn is_inside(&self, inputs: &[f64]) -> bool {
        let (domain, support) = self.guards.split_at(1);
        holds(&domain[0], inputs)
            && (at_atom(self, inputs).is_some() || support.iter().all(|guard| holds(guard, inputs)))
    }
}

fn is_settled(ball: &Ball) -> bool {
    ball.is_undefined()
        || ball.is_defined() && ball.relative_accuracy_bits().is_some_and(|bits| bits >= SETTLED)
}

/// The tape, and linear algebra on its outputs where the routine solves with F.
fn worked(tape: &Tape, routine: &Routine, inputs: &[Ball], precision: u32) -> Vec<Ball> {
    decomposed(tape.eval(inputs, precision), routine, inputs, precision)
}

fn decomposed(values: Vec<Ball>, routine: &Routine, inputs: &[Ball], precision: u32) -> Vec<Ball> {
    let size = values.len().isqrt();
    let rows = || values.chunks(size).map(<[Ball]>::to_vec).collect::<Vec<_>>();
    match routine.work {
        Work::Solve => {
            // g stands behind θ, which is as long.
            let g: Vec<Vec<Ball>> = inputs[size..2 * size].iter().map(|g| vec![g.clone()]).collect();
            eliminated(rows(), g).0.concat()
        }
        Work::Invert => {
            let unit = |i, j| Ball::from_i64(i64::from(i == j), precision);
            let identity = (0..size).map(|i| (0..size).map(|j| unit(i, j)).collect()).collect();
            eliminated(rows(), identity).0.concat()
        }
        Work::LogDeterminant => vec![eliminated(rows(), vec![Vec::new(); size]).1.log()],
        _ => values,
    }
}

/// Is the symmetric matrix with these entries certainly positive definite?
pub(super) fn is_positive_definite(entries: Vec<Ball>) -> bool {
    let size = entries.len().isqrt();
    let mut rows: Vec<Vec<Ball>> = entries.chunks(size).map(<[Ball]>::to_vec).collect();
    for k in 0..size {
        let pivot = rows[k][k].clone();
        if !pivot.is_defined() || !pivot.is_positive() {
            return false;
        }
        let above = rows[k].clone();
        for row in rows.iter_mut().skip(k + 1) {
            let factor = row[k].div(&pivot);
            for (entry, other) in row.iter_mut().zip(&above).skip(k + 1) {
                *entry = entry.sub(&factor.mul(other));
            }
        }
    }
    true
}

/// F⁻¹·right and det F for a positive definite F: elimination needs no exchange of rows.
fn eliminated(mut rows: Vec<Vec<Ball>>, mut right: Vec<Vec<Ball>>) -> (Vec<Vec<Ball>>, Ball) {
    let size = rows.len();
    let mut determinant = Ball::from_rational(&Rational::ONE, rows[0][0].precision());
    for k in 0..size {
        let pivot = rows[k][k].clone();
        determinant = determinant.mul(&pivot);
        for i in (0..size).filter(|i| *i != k) {
            let factor = rows[i][k].div(&pivot);
            if factor.is_zero() {
                continue;
            }
            let (row, beside) = (rows[k].clone(), right[k].clone());
            let less = |list: &mut [Ball], by: &[Ball]| {
                for (entry, other) in list.iter_mut().zip(by) {
                    *entry = entry.sub(&factor.mul(other));
                }
            };
            less(&mut rows[i], &row);
            less(&mut right[i], &beside);
        }
    }
    for (k, row) in right.iter_mut().enumerate() {
        for entry in row.iter_mut() {
            *entry = entry.div(&rows[k][k]);
        }
    }
    (right, determinant)
}

/// log det of a positive definite matrix by its entries.
#[cfg(test)]
pub(super) fn log_determinant(entries: &[Ball]) -> Ball {
    let size = entries.len().isqrt();
    eliminated(entries.chunks(size).map(<[Ball]>::to_vec).collect(), vec![Vec::new(); size]).1.log()
}
