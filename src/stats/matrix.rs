//! Small matrices of normal forms: determinant, inverse, linear systems, by cofactors.
//!
//! Elimination would divide by pivots such as `sin μ` and leave poles that do not exist; cofactors over a
//! determinant in lowest terms do not.

use rustc_hash::FxHashMap;

use crate::algebra::normalize::Normal;
use crate::algebra::{Fraction, Normalizer, Stop};

/// Entries by rows.
pub type Matrix = Vec<Vec<Fraction>>;

/// det of a square matrix, by cofactors with shared minors.
///
/// # Errors
/// When a limit is met.
pub fn determinant(normalizer: &mut Normalizer, rows: &[Vec<Fraction>]) -> Normal {
    let columns: Vec<usize> = (0..rows.len()).collect();
    Minors { normalizer, rows, memo: FxHashMap::default() }.minor(0, &columns)
}

struct Minors<'a> {
    normalizer: &'a mut Normalizer,
    rows: &'a [Vec<Fraction>],
    memo: FxHashMap<(usize, Vec<usize>), Fraction>,
}

impl Minors<'_> {
    /// det of the rows from `first` on, over the given columns; the depth is the size of the matrix.
    fn minor(&mut self, first: usize, columns: &[usize]) -> Normal {
        if columns.is_empty() {
            return Ok(Fraction::one());
        }
        if let Some(known) = self.memo.get(&(first, columns.to_vec())) {
            return Ok(known.clone());
        }
        let mut total = Fraction::zero();
        for (position, column) in columns.iter().enumerate() {
            let entry = self.rows[first][*column].clone();
            if entry.is_zero() {
                continue;
            }
            let rest: Vec<usize> = columns.iter().copied().filter(|c| c != column).collect();
            let minor = self.minor(first + 1, &rest)?;
            let mut term = self.normalizer.times(&entry, &minor)?;
            if position % 2 == 1 {
                term = term.scale(&crate::number::Rational::MINUS_ONE);
            }
            total = self.normalizer.plus(&total, &term)?;
        }
        self.memo.insert((first, columns.to_vec()), total.clone());
        Ok(total)
    }
}

/// The solution of `rows · m = right`, for a square matrix with nonzero determinant.
///
/// # Errors
/// `DivisionByZero` when the determinant is 0, or when a limit is met.
pub fn solve(
    normalizer: &mut Normalizer,
    rows: &[Vec<Fraction>],
    right: &[Fraction],
) -> Normal<Vec<Fraction>> {
    let whole = determinant(normalizer, rows)?;
    if whole.is_zero() {
        return Err(Stop::DivisionByZero);
    }
    (0..rows.len())
        .map(|column| {
            let replaced: Matrix = rows
                .iter()
                .zip(right)
                .map(|(row, value)| {
                    let mut row = row.clone();
                    row[column] = value.clone();
                    row
                })
                .collect();
            let part = determinant(normalizer, &replaced)?;
            normalizer.over(&part, &whole)
        })
        .collect()
}

/// The inverse of a square matrix; `None` when it is singular.
///
/// # Errors
/// When a limit is met.
pub fn inverse(normalizer: &mut Normalizer, rows: &[Vec<Fraction>]) -> Normal<Option<Matrix>> {
    let n = rows.len();
    let whole = determinant(normalizer, rows)?;
    if whole.is_zero() {
        return Ok(None);
    }
    let mut result = vec![Vec::with_capacity(n); n];
    for (j, row) in result.iter_mut().enumerate() {
        for i in 0..n {
            let minor: Matrix = (0..n)
                .filter(|r| *r != i)
                .map(|r| (0..n).filter(|c| *c != j).map(|c| rows[r][c].clone()).collect())
                .collect();
            let mut cofactor = determinant(normalizer, &minor)?;
            if (i + j) % 2 == 1 {
                cofactor = cofactor.scale(&crate::number::Rational::MINUS_ONE);
            }
            row.push(normalizer.over(&cofactor, &whole)?);
        }
    }
    Ok(Some(result))
}

/// A·B.
///
/// # Errors
/// When a limit is met.
pub fn product(normalizer: &mut Normalizer, a: &[Vec<Fraction>], b: &[Vec<Fraction>]) -> Normal<Matrix> {
    a.iter()
        .map(|row| {
            (0..b[0].len())
                .map(|j| {
                    let mut total = Fraction::zero();
                    for (entry, other) in row.iter().zip(b) {
                        let term = normalizer.times(entry, &other[j])?;
                        total = normalizer.plus(&total, &term)?;
                    }
                    Ok(total)
                })
                .collect()
        })
        .collect()
}

/// Rows and columns exchanged.
pub fn transpose(rows: &[Vec<Fraction>]) -> Matrix {
    let columns = rows.first().map_or(0, Vec::len);
    (0..columns).map(|j| rows.iter().map(|row| row[j].clone()).collect()).collect()
}

/// The rank, a maximal set of independent rows, and the columns of a nonzero minor in them.
///
/// # Errors
/// When a limit is met.
pub fn rank(normalizer: &mut Normalizer, rows: &[Vec<Fraction>]) -> Normal<(Vec<usize>, Vec<usize>)> {
    let columns = rows.first().map_or(0, Vec::len);
    let (mut chosen_rows, mut chosen_columns): (Vec<usize>, Vec<usize>) = (Vec::new(), Vec::new());
    // A minor that is not 0 is bordered by one row and one column as long as some border is not 0; when all
    // borders vanish, that minor's size is the rank.
    loop {
        let mut bordered = None;
        'search: for r in (0..rows.len()).filter(|r| !chosen_rows.contains(r)) {
            for c in (0..columns).filter(|c| !chosen_columns.contains(c)) {
                let some_rows = [chosen_rows.as_slice(), &[r]].concat();
                let some_columns = [chosen_columns.as_slice(), &[c]].concat();
                let minor: Matrix = some_rows
                    .iter()
                    .map(|r| some_columns.iter().map(|c| rows[*r][*c].clone()).collect())
                    .collect();
                if !determinant(normalizer, &minor)?.is_zero() {
                    bordered = Some((some_rows, some_columns));
                    break 'search;
                }
            }
        }
        match bordered {
            Some((r, c)) => (chosen_rows, chosen_columns) = (r, c),
            None => return Ok((chosen_rows, chosen_columns)),
        }
    }
}

/// A basis of the vectors v with `rows · v = 0`, each with one entry 1.
///
/// # Errors
/// When a limit is met.
pub fn null_space(normalizer: &mut Normalizer, rows: &[Vec<Fraction>]) -> Normal<Vec<Vec<Fraction>>> {
    let columns = rows.first().map_or(0, Vec::len);
    let (some_rows, some_columns) = rank(normalizer, rows)?;
    let square: Matrix =
        some_rows.iter().map(|r| some_columns.iter().map(|c| rows[*r][*c].clone()).collect()).collect();
    (0..columns)
        .filter(|c| !some_columns.contains(c))
        .map(|free| {
            let right: Vec<Fraction> =
                some_rows.iter().map(|r| rows[*r][free].scale(&crate::number::Rational::MINUS_ONE)).collect();
            let solved = if square.is_empty() { Vec::new() } else { solve(normalizer, &square, &right)? };
            let mut vector = vec![Fraction::zero(); columns];
            vector[free] = Fraction::one();
            for (column, value) in some_columns.iter().zip(solved) {
                vector[*column] = value;
            }
            Ok(vector)
        })
        .collect()
}
