//! Signs of quadratic polynomials in several unknowns, by completing squares.
//!
//! x² − x·y + y² = (x − y/2)² + 3/4·y²: the symmetric matrix of the form, with a row for the constant term, is
//! L·D·Lᵀ with D ≥ 0.

use super::sign::Signs;
use crate::algebra::polynomial::{Polynomial, Var};
use crate::number::Rational;

/// Forms in more unknowns are not looked at.
const MOST_UNKNOWNS: usize = 12;

/// The signs of a polynomial of degree two or less for all real values of its unknowns; `ANY` of others.
pub fn signs(polynomial: &Polynomial) -> Signs {
    let variables = polynomial.variables();
    if polynomial.total_degree() > 2 || variables.len() > MOST_UNKNOWNS {
        return Signs::ANY;
    }
    let form = symmetric(polynomial, variables);
    let opposite: Vec<Vec<Rational>> = form.iter().map(|row| row.iter().map(|c| -c).collect()).collect();
    match (definiteness(form), definiteness(opposite)) {
        (Some(true), _) => Signs::POSITIVE,
        (Some(false), _) => Signs::NONNEGATIVE,
        (_, Some(true)) => Signs::NEGATIVE,
        (_, Some(false)) => Signs::NONPOSITIVE,
        _ => Signs::ANY,
    }
}

/// The matrix A with p = vᵀ·A·v for v = (1, x₁, …, xₙ).
fn symmetric(polynomial: &Polynomial, variables: &[Var]) -> Vec<Vec<Rational>> {
    let n = variables.len() + 1;
    let mut form = vec![vec![Rational::ZERO; n]; n];
    let place = |v: &Var| 1 + variables.iter().position(|w| w == v).expect("a variable of the polynomial");
    for (monomial, c) in polynomial.terms() {
        let mut places: Vec<usize> = Vec::new();
        for (v, power) in monomial.iter() {
            places.extend((0..*power).map(|_| place(v)));
        }
        places.resize(2, 0);
        let (i, j) = (places[0], places[1]);
        if i == j {
            form[i][i] = &form[i][i] + &c;
        } else {
            let half = &c / &Rational::from(2);
            form[i][j] = &form[i][j] + &half;
            form[j][i] = &form[j][i] + &half;
        }
    }
    form
}

/// `Some(true)` for a positive definite matrix, `Some(false)` for a semidefinite one, by elimination from the last
/// row; the first row is the constant's, so that definiteness there alone makes p > 0.
fn definiteness(mut a: Vec<Vec<Rational>>) -> Option<bool> {
    for k in (0..a.len()).rev() {
        let pivot = a[k][k].clone();
        if pivot.is_negative() {
            return None;
        }
        if pivot.is_zero() {
            if a[k][..k].iter().any(|c| !c.is_zero()) {
                return None;
            }
            continue;
        }
        if k == 0 {
            return Some(true);
        }
        let last = a[k][..k].to_vec();
        for (i, row) in a.iter_mut().take(k).enumerate() {
            let factor = &last[i] / &pivot;
            for (entry, c) in row.iter_mut().zip(&last) {
                *entry = &*entry - &(&factor * c);
            }
        }
    }
    Some(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(terms: &[(&[(u32, u32)], i64)], expected: Signs) {
        let terms = terms
            .iter()
            .map(|(m, c)| (m.iter().map(|(v, n)| (Var(*v), *n)).collect::<Vec<_>>(), Rational::from(*c)));
        let polynomial = Polynomial::from_terms(terms.collect::<Vec<_>>()).expect("small");
        assert_eq!(signs(&polynomial), expected, "{polynomial}");
    }

    #[test]
    fn quadratic_forms_have_their_signs() {
        let (xx, yy, xy): (&[_], &[_], &[_]) = (&[(0, 2)], &[(1, 2)], &[(0, 1), (1, 1)]);
        let (x, one): (&[_], &[_]) = (&[(0, 1)], &[]);
        check(&[(xx, 1), (yy, 1), (xy, -1)], Signs::NONNEGATIVE);
        check(&[(xx, 1), (yy, 1), (xy, -2)], Signs::NONNEGATIVE);
        check(&[(xx, 1), (yy, 1), (xy, -3)], Signs::ANY);
        check(&[(xx, 1), (yy, 1), (one, 1)], Signs::POSITIVE);
        check(&[(xx, -1), (yy, -1), (one, -1)], Signs::NEGATIVE);
        check(&[(xx, 1), (x, 2), (one, 1)], Signs::NONNEGATIVE);
        check(&[(xx, 1), (x, 2), (one, 2)], Signs::POSITIVE);
        check(&[(x, 1)], Signs::ANY);
        check(&[(xy, 1)], Signs::ANY);
    }
}
