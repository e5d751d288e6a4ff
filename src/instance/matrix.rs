//! Matrices of series: sums, products, transposes, inverses.
//!
//! `[1, t; t, 1]⁻¹` is `[1 + t² + …, −t − …; …]`, by elimination with a pivot that is certainly not 0.

use super::failure::Failure;
use super::jet::{Jet, Ring};
use crate::number::Rational;

/// Entries by rows; a scalar is 1 × 1.
#[derive(Clone, Debug)]
pub(super) struct Matrix {
    pub rows: usize,
    pub columns: usize,
    pub entries: Vec<Jet>,
}

impl Matrix {
    pub(super) fn scalar(value: Jet) -> Matrix {
        Matrix { rows: 1, columns: 1, entries: vec![value] }
    }

    pub(super) fn column(entries: Vec<Jet>) -> Matrix {
        Matrix { rows: entries.len(), columns: 1, entries }
    }

    pub(super) fn zero(rows: usize, columns: usize) -> Matrix {
        Matrix { rows, columns, entries: vec![Jet::zero(); rows * columns] }
    }

    pub(super) fn identity(rows: usize) -> Matrix {
        let mut identity = Matrix::zero(rows, rows);
        for i in 0..rows {
            identity.entries[i * rows + i] = Jet::one();
        }
        identity
    }

    pub(super) fn at(&self, row: usize, column: usize) -> &Jet {
        &self.entries[row * self.columns + column]
    }

    pub(super) fn is_scalar(&self) -> bool {
        self.rows == 1 && self.columns == 1
    }

    /// The entry of a 1 × 1 matrix.
    pub(super) fn as_scalar(&self) -> Result<&Jet, Failure> {
        if self.is_scalar() {
            Ok(&self.entries[0])
        } else {
            Err(Failure::unknown("a matrix where a scalar is expected"))
        }
    }

    pub(super) fn map(&self, f: impl Fn(&Jet) -> Jet) -> Matrix {
        Matrix { entries: self.entries.iter().map(f).collect(), ..*self }
    }

    pub(super) fn transpose(&self) -> Matrix {
        let entries = (0..self.columns).flat_map(|j| (0..self.rows).map(move |i| self.at(i, j).clone()));
        Matrix { rows: self.columns, columns: self.rows, entries: entries.collect() }
    }

    pub(super) fn add(&self, other: &Matrix, ring: &Ring) -> Result<Matrix, Failure> {
        if (self.rows, self.columns) != (other.rows, other.columns) {
            return Err(Failure::unknown("a sum of matrices of different shapes"));
        }
        let entries = self.entries.iter().zip(&other.entries).map(|(a, b)| ring.add(a, b)).collect();
        Ok(Matrix { entries, ..*self })
    }

    pub(super) fn scale(&self, c: &Rational, ring: &Ring) -> Matrix {
        self.map(|entry| ring.scale(entry, c))
    }

    pub(super) fn sub(&self, other: &Matrix, ring: &Ring) -> Result<Matrix, Failure> {
        self.add(&other.scale(&Rational::MINUS_ONE, ring), ring)
    }

    /// A·B; a 1 × 1 factor scales.
    pub(super) fn mul(&self, other: &Matrix, ring: &Ring) -> Result<Matrix, Failure> {
        if self.is_scalar() || other.is_scalar() {
            let (scalar, rest) = if self.is_scalar() { (self, other) } else { (other, self) };
            let entries: Result<_, _> =
                rest.entries.iter().map(|e| ring.mul(&scalar.entries[0], e)).collect();
            return Ok(Matrix { entries: entries?, ..*rest });
        }
        if self.columns != other.rows {
            return Err(Failure::unknown("a product of matrices that do not fit"));
        }
        let mut product = Matrix::zero(self.rows, other.columns);
        for i in 0..self.rows {
            for j in 0..other.columns {
                for k in 0..self.columns {
                    let term = ring.mul(self.at(i, k), other.at(k, j))?;
                    let entry = &mut product.entries[i * other.columns + j];
                    *entry = ring.add(entry, &term);
                }
            }
        }
        Ok(product)
    }

    /// A⁻¹·B by elimination.
    pub(super) fn solve(&self, right: &Matrix, ring: &Ring) -> Result<Matrix, Failure> {
        let n = self.rows;
        if n != self.columns || n != right.rows {
            return Err(Failure::unknown("an inverse of a matrix that is not square"));
        }
        let (mut a, mut b) = (self.clone(), right.clone());
        for column in 0..n {
            let pivot = a.pivot(column)?;
            a.swap(column, pivot);
            b.swap(column, pivot);
            let inverse = ring.recip(a.at(column, column))?;
            a.scale_row(column, &inverse, ring)?;
            b.scale_row(column, &inverse, ring)?;
            for row in (0..n).filter(|row| *row != column) {
                let factor = ring.scale(a.at(row, column), &Rational::MINUS_ONE);
                a.add_row(row, column, &factor, ring)?;
                b.add_row(row, column, &factor, ring)?;
            }
        }
        Ok(b)
    }

    pub(super) fn inverse(&self, ring: &Ring) -> Result<Matrix, Failure> {
        self.solve(&Matrix::identity(self.rows), ring)
    }

    /// A row from the diagonal on whose entry is certainly not 0, of the least order.
    fn pivot(&self, column: usize) -> Result<usize, Failure> {
        let certain = |jet: &Jet| {
            let lead = jet.terms.iter().filter(|(key, _)| key.small == 0).min_by_key(|(key, _)| key.t);
            lead.filter(|(_, c)| c.is_zero() == Some(false)).map(|(key, _)| key.t)
        };
        let rows = || column..self.rows;
        let best = rows().filter_map(|row| certain(self.at(row, column)).map(|order| (order, row))).min();
        match best {
            Some((_, row)) => Ok(row),
            None if rows().all(|row| self.at(row, column).is_exact_zero()) => Err(Failure::Singular),
            None => Err(Failure::unknown("a matrix that may be singular")),
        }
    }

    fn swap(&mut self, one: usize, other: usize) {
        for j in 0..self.columns {
            self.entries.swap(one * self.columns + j, other * self.columns + j);
        }
    }

    fn scale_row(&mut self, row: usize, factor: &Jet, ring: &Ring) -> Result<(), Failure> {
        for entry in &mut self.entries[row * self.columns..(row + 1) * self.columns] {
            *entry = ring.mul(entry, factor)?;
        }
        Ok(())
    }

    fn add_row(&mut self, row: usize, from: usize, factor: &Jet, ring: &Ring) -> Result<(), Failure> {
        for j in 0..self.columns {
            let term = ring.mul(self.at(from, j), factor)?;
            let entry = &mut self.entries[row * self.columns + j];
            *entry = ring.add(entry, &term);
        }
        Ok(())
    }

    /// `3/10`, `(1/5, 3/10)`, `[1, 2; 3, 4]`; `None` for series.
    pub(super) fn text(&self) -> Option<String> {
        let numbers: Option<Vec<String>> =
            self.entries.iter().map(|entry| entry.as_constant().map(|value| value.text())).collect();
        let numbers = numbers?;
        Some(match (self.rows, self.columns) {
            (1, 1) => numbers[0].clone(),
            (_, 1) => format!("({})", numbers.join(", ")),
            _ => {
                let rows: Vec<String> =
                    numbers.chunks(self.columns.max(1)).map(|row| row.join(", ")).collect();
                format!("[{}]", rows.join("; "))
            }
        })
    }
}
