//! What is put in the place of symbols: small exact numbers, different for different symbols.
//!
//! A vector in ℝ² is (1, −2), a unit vector (3/5, 4/5), a positive definite matrix `[2, 1; 1, 3]`.

use super::jet::Jet;
use super::matrix::Matrix;
use crate::number::Rational;

type Fraction = (i64, i64);

/// Scalars of no sign declared: positive ones come first, in later instances both signs alternate.
#[rustfmt::skip]
const SCALARS: &[Fraction] = &[(2, 1), (3, 1), (1, 2), (1, 3), (5, 1), (3, 2), (2, 3), (1, 4), (4, 1), (-1, 1), (-2, 1), (-1, 2)];
const SIGNED: &[Fraction] = &[(-1, 1), (2, 1), (-2, 1), (3, 1), (-1, 2), (1, 2), (-3, 1), (1, 3)];
/// Integers.
const INTEGERS: &[Fraction] = &[(2, 1), (3, 1), (1, 1), (5, 1), (4, 1), (-1, 1), (-2, 1)];

#[rustfmt::skip]
const VECTORS: [&[&[Fraction]]; 3] = [
    &[&[(2, 1)], &[(3, 1)], &[(-1, 1)], &[(1, 2)], &[(1, 1)]],
    &[&[(1, 1), (-2, 1)], &[(2, 1), (1, 1)], &[(-1, 1), (3, 1)], &[(3, 1), (2, 1)], &[(3, 5), (4, 5)], &[(4, 5), (-3, 5)]],
    &[&[(1, 1), (-2, 1), (3, 1)], &[(2, 1), (1, 1), (-1, 1)], &[(-1, 1), (3, 1), (2, 1)], &[(2, 3), (-1, 3), (2, 3)], &[(2, 7), (3, 7), (6, 7)]],
];
/// Places of functions where no density restricts them; at (1, 2) a gradient of the deck is (4, −3).
#[rustfmt::skip]
const PLACES: [&[&[Fraction]]; 3] = [
    &[&[(2, 1)], &[(1, 2)], &[(-1, 1)]],
    &[&[(1, 1), (2, 1)], &[(2, 1), (-1, 1)], &[(1, 2), (1, 1)]],
    &[&[(1, 1), (2, 1), (-1, 1)], &[(2, 1), (-1, 1), (1, 2)]],
];
/// Square matrices by rows: general, positive definite, symmetric and indefinite, semidefinite.
#[rustfmt::skip]
const SQUARES: [&[&[i64]]; 3] = [
    &[&[2], &[3], &[-1], &[1]],
    &[&[1, 2, 4, 3], &[2, -1, 3, 1], &[2, 1, 1, 3], &[3, -1, -1, 1], &[1, 2, 2, -1], &[2, 0, 0, 3], &[1, 2, 2, 4], &[1, 0, 0, 1]],
    &[&[1, 2, 0, -1, 1, 3, 2, 0, 1], &[2, 1, -1, 0, 1, 2, 1, 3, 0], &[2, 1, 0, 1, 3, 1, 0, 1, 1], &[3, 1, 1, 1, 2, 0, 1, 0, 1], &[1, 2, 0, 2, -1, 1, 0, 1, 1], &[1, 1, 0, 1, 1, 0, 0, 0, 2], &[1, 0, 0, 0, 1, 0, 0, 0, 1]],
];

fn fractions(list: &[Fraction]) -> Vec<Rational> {
    list.iter().map(|(n, d)| Rational::new(*n, *d)).collect()
}

/// A matrix of rationals.
pub(super) fn exact(rows: usize, columns: usize, entries: &[Rational]) -> Matrix {
    Matrix { rows, columns, entries: entries.iter().map(|q| Jet::rational(q.clone())).collect() }
}

/// Values for a symbol of a shape; `signed` puts negative scalars in front.
pub(super) fn values(rows: usize, columns: usize, scalar: bool, integer: bool, signed: bool) -> Vec<Matrix> {
    if scalar {
        let list = match (integer, signed) {
            (true, _) => INTEGERS,
            (false, true) => SIGNED,
            (false, false) => SCALARS,
        };
        return fractions(list).into_iter().map(|q| exact(1, 1, &[q])).collect();
    }
    match (rows, columns) {
        (1..=3, 1) => VECTORS[rows - 1].iter().map(|v| exact(rows, 1, &fractions(v))).collect(),
        (1..=3, _) if rows == columns => {
            let square = |entries: &&[i64]| entries.iter().map(|k| Rational::from(*k)).collect::<Vec<_>>();
            SQUARES[rows - 1].iter().map(|entries| exact(rows, rows, &square(entries))).collect()
        }
        _ => (0..3).map(|number| made_up(rows, columns, number)).collect(),
    }
}

/// Values for a symbol at which functions are looked at.
pub(super) fn places(rows: usize, scalar: bool) -> Vec<Matrix> {
    match rows {
        1..=3 if !scalar || rows == 1 => {
            PLACES[rows - 1].iter().map(|v| exact(rows, 1, &fractions(v))).collect()
        }
        _ => values(rows, 1, scalar, false, false),
    }
}

/// Different entries without a pattern.
fn made_up(rows: usize, columns: usize, number: i64) -> Matrix {
    let entry = |i: i64| Rational::from((i * i * 3 + i * (number + 2) + number + 1) % 11 - 4);
    let entries: Vec<Rational> = (0..(rows * columns) as i64).map(entry).collect();
    exact(rows, columns, &entries)
}
