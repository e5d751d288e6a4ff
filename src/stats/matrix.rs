//! Small matrices of normal forms: determinant, inverse, linear systems, by cofactors.
//!
//! Elimination would divide by pivots such as `sin μ` and leave poles that do not exist; cofactors over a
//! determinant in lowest terms do not.

use rustc_hash::FxHashMap;

use crate::algebra::modular::{PrimeField, Residue};
use crate::algebra::normalize::Normal;
use crate::algebra::polynomial::Polynomial;
use crate::algebra::{Fraction, Normalizer, Stop};
use crate::number::Rational;

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
                term = term.scale(&Rational::MINUS_ONE);
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
    let symmetric = (0..n).all(|i| (0..i).all(|j| rows[i][j] == rows[j][i]));
    let mut result: Matrix = Vec::with_capacity(n);
    for j in 0..n {
        let mut row = Vec::with_capacity(n);
        for i in 0..n {
            if let Some(above) = result.get(i).filter(|_| symmetric) {
                row.push(above[j].clone());
                continue;
            }
            let minor: Matrix = (0..n)
                .filter(|r| *r != i)
                .map(|r| (0..n).filter(|c| *c != j).map(|c| rows[r][c].clone()).collect())
                .collect();
            let mut cofactor = determinant(normalizer, &minor)?;
            if (i + j) % 2 == 1 {
                cofactor = cofactor.scale(&Rational::MINUS_ONE);
            }
            row.push(normalizer.over(&cofactor, &whole)?);
        }
        result.push(row);
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
    let (mut chosen_rows, mut chosen_columns): Minor = (Vec::new(), Vec::new());
    let image = Image::new(normalizer, rows);
    // A minor that is not 0 is bordered by one row and one column as long as some border is not 0; when all
    // borders vanish, that minor's size is the rank.
    loop {
        // What is not 0 at one point is not 0; that nothing else is there is decided by determinants.
        let at_a_point = image.as_ref().and_then(|image| {
            borders(rows, &chosen_rows, &chosen_columns).find(|(r, c)| image.has_minor(r, c))
        });
        let bordered = match at_a_point {
            Some(found) => Some(found),
            None => first_border(normalizer, rows, &chosen_rows, &chosen_columns)?,
        };
        match bordered {
            Some((r, c)) => (chosen_rows, chosen_columns) = (r, c),
            None => return Ok((chosen_rows, chosen_columns)),
        }
    }
}

type Minor = (Vec<usize>, Vec<usize>);

/// Rows and columns with one more of each.
fn borders<'a>(
    rows: &'a [Vec<Fraction>],
    some_rows: &'a [usize],
    some_columns: &'a [usize],
) -> impl Iterator<Item = Minor> + 'a {
    let columns = rows.first().map_or(0, Vec::len);
    (0..rows.len()).filter(|r| !some_rows.contains(r)).flat_map(move |r| {
        let free = (0..columns).filter(|c| !some_columns.contains(c));
        free.map(move |c| ([some_rows, &[r]].concat(), [some_columns, &[c]].concat()))
    })
}

/// The first of them whose determinant is not 0.
fn first_border(
    normalizer: &mut Normalizer,
    rows: &[Vec<Fraction>],
    some_rows: &[usize],
    some_columns: &[usize],
) -> Normal<Option<Minor>> {
    for (r, c) in borders(rows, some_rows, some_columns) {
        let minor: Matrix = r.iter().map(|r| c.iter().map(|c| rows[*r][*c].clone()).collect()).collect();
        if !determinant(normalizer, &minor)?.is_zero() {
            return Ok(Some((r, c)));
        }
    }
    Ok(None)
}

/// The entries at one point, modulo a prime.
struct Image {
    field: PrimeField,
    rows: Vec<Vec<Residue>>,
}

impl Image {
    /// `None` where kernels are related, since then not every point is one of theirs, or where a denominator vanishes.
    fn new(normalizer: &Normalizer, rows: &[Vec<Fraction>]) -> Option<Image> {
        if !normalizer.has_independent_kernels() {
            return None;
        }
        let field = PrimeField::FIRST;
        let entry = |e: &Fraction| field.div(value(&field, e.numerator())?, value(&field, e.denominator())?);
        let row = |row: &Vec<Fraction>| row.iter().map(entry).collect::<Option<Vec<Residue>>>();
        Some(Image { field, rows: rows.iter().map(row).collect::<Option<_>>()? })
    }

    /// Is the determinant of these rows and columns not 0? By elimination.
    fn has_minor(&self, rows: &[usize], columns: &[usize]) -> bool {
        let field = &self.field;
        let mut open: Vec<Vec<Residue>> =
            rows.iter().map(|r| columns.iter().map(|c| self.rows[*r][*c]).collect()).collect();
        for column in 0..columns.len() {
            let Some(at) = open.iter().position(|row| !row[column].is_zero()) else { return false };
            let pivot = open.swap_remove(at);
            for row in &mut open {
                let Some(factor) = field.div(row[column], pivot[column]) else { return false };
                for (entry, above) in row.iter_mut().zip(&pivot) {
                    *entry = field.sub(*entry, field.mul(factor, *above));
                }
            }
        }
        true
    }
}

/// A polynomial at the sample point.
fn value(field: &PrimeField, polynomial: &Polynomial) -> Option<Residue> {
    polynomial.terms().try_fold(field.zero(), |total, (monomial, c)| {
        let term = monomial.iter().try_fold(field.rational(&c)?, |product, (v, n)| {
            Some(field.mul(product, field.pow(field.sample(1, v.0.into()), i64::from(*n))?))
        })?;
        Some(field.add(total, term))
    })
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
                some_rows.iter().map(|r| rows[*r][free].scale(&Rational::MINUS_ONE)).collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::{Assumptions, Effort};
    use crate::expr::{Store, formula};

    #[test]
    fn the_image_of_a_minor_vanishes_where_the_minor_does() {
        let mut store = Store::new();
        let list = ["x", "y", "x/y", "x^2", "x*y", "x^2/y", "1", "x + y", "y - x"];
        let entries = list.map(|text| formula(&mut store, text));
        let mut normalizer = Normalizer::new(Assumptions::none(), Effort::Present);
        let forms = normalizer.normal_all(&mut store, &entries).unwrap();
        let rows: Matrix = forms.chunks(3).map(<[Fraction]>::to_vec).collect();
        let image = Image::new(&normalizer, &rows).unwrap();
        for (some_rows, some_columns, vanishes) in [
            (vec![0, 1], vec![0, 2], true),
            (vec![0, 2], vec![1, 0], false),
            (vec![2, 0, 1], vec![0, 1, 2], true),
        ] {
            assert_eq!(
                !image.has_minor(&some_rows, &some_columns),
                vanishes,
                "{some_rows:?}, {some_columns:?}"
            );
        }
        assert_eq!(rank(&mut normalizer, &rows).unwrap(), (vec![0, 2], vec![0, 1]));
    }

    #[test]
    fn the_inverse_of_a_symmetric_matrix_is_symmetric() {
        let x = |n: i64| Fraction::from(Rational::from(n));
        let rows: Matrix = vec![vec![x(2), x(1), x(0)], vec![x(1), x(3), x(5)], vec![x(0), x(5), x(7)]];
        let mut normalizer = Normalizer::new(Assumptions::none(), Effort::Present);
        let inverse = inverse(&mut normalizer, &rows).unwrap().unwrap();
        let unit = product(&mut normalizer, &rows, &inverse).unwrap();
        assert_eq!(unit, [[x(1), x(0), x(0)], [x(0), x(1), x(0)], [x(0), x(0), x(1)]]);
    }
}
