//! Entries of the Fisher information of any density, without an integral.
//!
//! Where ∂²ᵢⱼ log p = c₀(θ) + Σₖ cₖ(θ)·∂ₖ log p as functions of x, E\[score\] = 0 gives Fᵢⱼ = −c₀. For the Gumbel
//! density ∂²_μ log p = −1/b² + (1/b)·∂_μ log p, so F_μμ = 1/b². Each equation of the solution is checked,
//! those without unknowns too.

use rustc_hash::FxHashMap;

use super::matrix::{self, Matrix};
use crate::algebra::normalize::{Kernel, Normal};
use crate::algebra::polynomial::{Monomial, Polynomial, Var};
use crate::algebra::{Fraction, Normalizer, Stop};
use crate::expr::{Expr, Store};

/// −c₀ when the second derivative is c₀ + Σ cₖ·scoreₖ with coefficients free of x; `None` otherwise.
pub fn entry(
    store: &mut Store,
    normalizer: &mut Normalizer,
    x: &[Expr],
    second: Expr,
    scores: &[Expr],
) -> Option<Expr> {
    let all: Vec<Expr> = std::iter::once(second).chain(scores.iter().copied()).collect();
    let forms = normalizer.normal_all(store, &all).ok()?;
    let solution = solve(store, normalizer, x, &forms).ok()??;
    let entry = solution.scale(&crate::number::Rational::MINUS_ONE);
    Some(normalizer.present(store, &entry))
}

/// c₀ from the coefficients of every monomial in the kernels that hold x.
fn solve(
    store: &mut Store,
    normalizer: &mut Normalizer,
    x: &[Expr],
    forms: &[Fraction],
) -> Normal<Option<Fraction>> {
    // Everything over one denominator: second·D = c₀·D + Σ cₖ·(scoreₖ·D).
    let mut denominator = Fraction::one();
    for form in forms {
        let own = Fraction::from(form.denominator().clone());
        let ratio = normalizer.over(&own, &denominator)?;
        denominator = normalizer.times(&denominator, &Fraction::from(ratio.numerator().clone()))?;
    }
    let mut columns = vec![denominator.clone()];
    for form in forms {
        columns.push(normalizer.times(form, &denominator)?);
    }
    let mut rows: FxHashMap<Monomial, Vec<Fraction>> = FxHashMap::default();
    let mut order = Vec::new();
    for (column, form) in columns.iter().enumerate() {
        if !form.denominator().is_one() {
            return Ok(None);
        }
        for (monomial, c) in form.numerator().terms() {
            let (with_x, without): (Monomial, Monomial) =
                monomial.iter().copied().partition(|(v, _)| holds_x(store, normalizer, x, *v));
            let coefficient = Fraction::from(Polynomial::from_terms([(without, c)])?);
            let row = rows.entry(with_x.clone()).or_insert_with(|| {
                order.push(with_x);
                vec![Fraction::zero(); columns.len()]
            });
            row[column] = normalizer.plus(&row[column], &coefficient)?;
        }
    }
    // Columns: c₀, the second derivative (the right side), the scores.
    let system: Matrix = order.iter().map(|m| rows[m].clone()).collect();
    let unknowns: Matrix = system
        .iter()
        .map(|row| std::iter::once(row[0].clone()).chain(row[2..].iter().cloned()).collect())
        .collect();
    let (some_rows, some_columns) = matrix::rank(normalizer, &unknowns)?;
    // A c₀ that the equations leave free would be no value.
    if !some_columns.contains(&0) {
        return Ok(None);
    }
    let square: Matrix =
        some_rows.iter().map(|r| some_columns.iter().map(|c| unknowns[*r][*c].clone()).collect()).collect();
    let right: Vec<Fraction> = some_rows.iter().map(|r| system[*r][1].clone()).collect();
    let solved = match matrix::solve(normalizer, &square, &right) {
        Ok(solved) => solved,
        Err(Stop::DivisionByZero) => return Ok(None),
        Err(stop) => return Err(stop),
    };
    for (row, full) in unknowns.iter().zip(&system) {
        let mut total = full[1].scale(&crate::number::Rational::MINUS_ONE);
        for (column, value) in some_columns.iter().zip(&solved) {
            let term = normalizer.times(&row[*column], value)?;
            total = normalizer.plus(&total, &term)?;
        }
        if !total.is_zero() {
            return Ok(None);
        }
    }
    let position = some_columns.iter().position(|c| *c == 0).expect("checked above");
    Ok(Some(solved[position].clone()))
}

fn holds_x(store: &Store, normalizer: &Normalizer, x: &[Expr], variable: Var) -> bool {
    match &normalizer.kernels()[variable.0 as usize] {
        Kernel::Atom(e) | Kernel::Root(e, _) | Kernel::Exponential(e, _) => store.mentions(*e, x),
    }
}
