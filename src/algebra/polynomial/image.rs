//! Images modulo a prime: all variables but one at chosen points.
//!
//! x²·y + 3·y² at y = 2 modulo 7 is 2·x² + 5. A walk visits y = r, r², r³, …, one product per term and point.

use super::field::Field;
use super::{Polynomial, Var, position};

/// A polynomial modulo a prime, split into powers of a main variable and the exponents of the other ones.
pub(super) struct Operand {
    /// The degree in the main variable.
    pub(super) degree: usize,
    main: Vec<u32>,
    /// A row for each term, over the other variables.
    others: Vec<u32>,
    width: usize,
    coefficients: Vec<u64>,
    degrees: Vec<u32>,
}

impl Operand {
    pub(super) fn new(field: &Field, polynomial: &Polynomial, main: Var, others: &[Var]) -> Operand {
        let at = position(&polynomial.variables, main);
        let places: Vec<Option<usize>> =
            others.iter().map(|&variable| position(&polynomial.variables, variable)).collect();
        let exponent = |row: &[u32], at: Option<usize>| at.map_or(0, |at| row[at]);
        let powers: Vec<u32> = polynomial.rows().map(|row| exponent(row, at)).collect();
        let rows = polynomial.rows().flat_map(|row| places.iter().map(move |&at| exponent(row, at)));
        Operand {
            degree: powers.iter().copied().max().unwrap_or(0) as usize,
            main: powers,
            others: rows.collect(),
            width: others.len(),
            coefficients: polynomial.coefficients.iter().map(|n| field.integer(n)).collect(),
            degrees: others.iter().map(|&variable| polynomial.degree(variable)).collect(),
        }
    }

    pub(super) fn term_count(&self) -> usize {
        self.coefficients.len()
    }

    /// The value of each row of exponents at a point.
    fn monomials(&self, field: &Field, point: &[u64]) -> Vec<u64> {
        let tables: Vec<Powers> = point
            .iter()
            .zip(&self.degrees)
            .map(|(&base, &degree)| Powers::new(field, base, degree))
            .collect();
        (0..self.term_count())
            .map(|term| {
                let row = &self.others[term * self.width..(term + 1) * self.width];
                row.iter().zip(&tables).fold(field.one, |product, (&exponent, table)| match exponent {
                    0 => product,
                    _ => field.mul(product, table.power(field, exponent)),
                })
            })
            .collect()
    }
}

/// Powers of one base: a table while that is short.
struct Powers {
    base: u64,
    table: Vec<u64>,
}

impl Powers {
    fn new(field: &Field, base: u64, degree: u32) -> Powers {
        let longest = degree.min(256);
        let mut table = Vec::with_capacity(longest as usize + 1);
        table.push(field.one);
        for _ in 0..longest {
            table.push(field.mul(table[table.len() - 1], base));
        }
        Powers { base, table }
    }

    fn power(&self, field: &Field, exponent: u32) -> u64 {
        match self.table.get(exponent as usize) {
            Some(&power) => power,
            None => field.pow(self.base, exponent.into()),
        }
    }
}

/// The images in each variable that occurs, the other ones at a point; `degree + 1` coefficients each.
///
/// x²·y + 3·y² at (1, 2) modulo 7 is 2·x² + 5 in x and y + 3·y² in y.
pub(super) fn in_each_variable(field: &Field, polynomial: &Polynomial, point: &[u64]) -> Vec<Vec<u64>> {
    let width = point.len();
    let degrees = polynomial.degrees();
    let tables: Vec<Powers> =
        point.iter().zip(&degrees).map(|(&base, &degree)| Powers::new(field, base, degree)).collect();
    let mut images: Vec<Vec<u64>> = degrees.iter().map(|&degree| vec![0; degree as usize + 1]).collect();
    // The product of all factors but one: of those before it and of those after it.
    let mut before = vec![field.one; width + 1];
    for (row, coefficient) in polynomial.rows().zip(&polynomial.coefficients) {
        before[0] = field.integer(coefficient);
        let power = |at: usize| tables[at].power(field, row[at]);
        for at in 0..width {
            before[at + 1] = if row[at] == 0 { before[at] } else { field.mul(before[at], power(at)) };
        }
        let mut after = field.one;
        for at in (0..width).rev() {
            let cell = &mut images[at][row[at] as usize];
            *cell = field.add(*cell, field.mul(before[at], after));
            if row[at] > 0 {
                after = field.mul(after, power(at));
            }
        }
    }
    images
}

/// Visits points whose coordinates are multiplied by fixed ratios at every step.
pub(super) struct Walk<'a> {
    operand: &'a Operand,
    values: Vec<u64>,
    ratios: Option<Vec<u64>>,
}

impl<'a> Walk<'a> {
    pub(super) fn new(field: &Field, operand: &'a Operand, start: &[u64], ratio: Option<&[u64]>) -> Walk<'a> {
        let mut values = operand.monomials(field, start);
        for (value, &coefficient) in values.iter_mut().zip(&operand.coefficients) {
            *value = field.mul(*value, coefficient);
        }
        Walk { operand, values, ratios: ratio.map(|ratio| operand.monomials(field, ratio)) }
    }

    /// The image at this point, with `degree + 1` coefficients; then moves on.
    pub(super) fn next(&mut self, field: &Field) -> Vec<u64> {
        let mut image = vec![0; self.operand.degree + 1];
        for (&power, &value) in self.operand.main.iter().zip(&self.values) {
            let cell = &mut image[power as usize];
            *cell = field.add(*cell, value);
        }
        for (value, &ratio) in self.values.iter_mut().zip(self.ratios.iter().flatten()) {
            *value = field.mul(*value, ratio);
        }
        image
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::algebra::polynomial::field::first_field;
    use crate::number::Rational;

    #[test]
    fn images_in_each_variable_are_those_of_one_walk_each() {
        let field = first_field();
        let term = |c: i64, row: [u32; 3]| ((0..).map(Var).zip(row).collect::<Vec<_>>(), Rational::from(c));
        let terms = [term(3, [4, 0, 1]), term(-5, [2, 2, 0]), term(7, [2, 0, 3]), term(1, [0, 0, 0])];
        let polynomial = Polynomial::from_terms(terms).unwrap();
        let point: Vec<u64> = [11, 13, 17].map(|n| field.residue(n)).to_vec();
        let images = in_each_variable(&field, &polynomial, &point);
        for (at, image) in images.into_iter().enumerate() {
            let (others, rest): (Vec<Var>, Vec<u64>) =
                (0..3).filter(|i| *i != at).map(|i| (Var(i as u32), point[i])).unzip();
            let operand = Operand::new(&field, &polynomial, Var(at as u32), &others);
            assert_eq!(image, Walk::new(&field, &operand, &rest, None).next(&field));
        }
    }
}
