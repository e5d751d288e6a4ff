//! Quadratic polynomials as sums of squares, by Lagrange's completion.
//!
//! `a² + b² − 2ab` is (a − b)², and `u'u − 2u'v + v'v` is (u − v)'(u − v); over a basis of monomials or of columns with
//! rational coefficients a pivot below 0 ends the attempt.

use crate::expr::{Expr, Store};
use crate::number::Rational;
use crate::proof::Sign;

use super::engine::Engine;
use super::signs::column_of_square;
use super::view::{Term, terms};

/// A quadratic polynomial as Σ dᵢ·(…)² with dᵢ > 0: of scalars, or of columns under inner products.
pub fn squares(engine: &mut Engine, e: Expr) -> Option<Sign> {
    let list = terms(engine.ring.store, e);
    scalar_squares(engine, &list).or_else(|| column_squares(engine, &list))
}

fn scalar_squares(engine: &mut Engine, list: &[Term]) -> Option<Sign> {
    let mut quadratic = Quadratic::default();
    for term in list {
        let roots = term.scalars.iter().map(|(base, power)| (*base, power * &Rational::new(1, 2)));
        let roots: Vec<(Expr, Rational)> = roots.collect();
        if !term.chain.is_empty() {
            return None;
        }
        if roots.iter().all(|(_, power)| power.is_integer()) {
            let bare = Term { coefficient: Rational::ONE, scalars: roots, chain: Vec::new() };
            let root = bare.build(engine.ring.store);
            quadratic.add(root, root, term.coefficient.clone());
        }
    }
    for term in list {
        if term.scalars.iter().all(|(_, power)| (power * &Rational::new(1, 2)).is_integer()) {
            continue;
        }
        let bare = Term { coefficient: Rational::ONE, ..term.clone() }.build(engine.ring.store);
        let (i, j) = quadratic.pair(engine, |store, a, b| store.mul(a, b), bare)?;
        quadratic.add(i, j, &term.coefficient * &Rational::new(1, 2));
    }
    quadratic.complete(engine)
}

fn column_squares(engine: &mut Engine, list: &[Term]) -> Option<Sign> {
    let mut quadratic = Quadratic::default();
    let mut mixed = Vec::new();
    for term in list {
        let [(base, power)] = term.scalars.as_slice() else { return None };
        if !power.is_one() || !term.chain.is_empty() {
            return None;
        }
        match column_of_square(engine.ring.store, *base) {
            Some(column) => quadratic.add(column, column, term.coefficient.clone()),
            None => mixed.push((*base, term.coefficient.clone())),
        }
    }
    for (base, coefficient) in mixed {
        let inner = |store: &mut Store, a, b| {
            let row = store.transpose(a);
            store.chain([row, b])
        };
        let (i, j) = quadratic.pair(engine, inner, base)?;
        quadratic.add(i, j, &coefficient * &Rational::new(1, 2));
    }
    quadratic.complete(engine)
}

/// A symmetric matrix of coefficients over a basis.
#[derive(Default)]
struct Quadratic {
    basis: Vec<Expr>,
    rows: Vec<Vec<Rational>>,
}

impl Quadratic {
    fn add(&mut self, a: Expr, b: Expr, value: Rational) {
        let (i, j) = (self.place(a), self.place(b));
        self.rows[i][j] = &self.rows[i][j] + &value;
        if i != j {
            self.rows[j][i] = &self.rows[j][i] + &value;
        }
    }

    fn place(&mut self, e: Expr) -> usize {
        if let Some(at) = self.basis.iter().position(|b| *b == e) {
            return at;
        }
        self.basis.push(e);
        self.rows.iter_mut().for_each(|row| row.push(Rational::ZERO));
        self.rows.push(vec![Rational::ZERO; self.basis.len()]);
        self.basis.len() - 1
    }

    /// The two of the basis whose product is the given normal form.
    fn pair(
        &self,
        engine: &mut Engine,
        product: impl Fn(&mut Store, Expr, Expr) -> Expr,
        wanted: Expr,
    ) -> Option<(Expr, Expr)> {
        for (at, a) in self.basis.iter().enumerate() {
            for b in &self.basis[at + 1..] {
                let both = product(engine.ring.store, *a, *b);
                if engine.normal(both) == Some(wanted) {
                    return Some((*a, *b));
                }
            }
        }
        None
    }

    /// Lagrange's completion of squares; `None` when a pivot is negative.
    fn complete(mut self, engine: &mut Engine) -> Option<Sign> {
        let mut signs = Vec::new();
        for pivot in 0..self.basis.len() {
            let d = self.rows[pivot][pivot].clone();
            if d.is_negative() {
                return None;
            }
            if d.is_zero() {
                if self.rows[pivot].iter().any(|c| !c.is_zero()) {
                    return None;
                }
                continue;
            }
            let reciprocal = d.recip()?;
            let row: Vec<Rational> = self.rows[pivot].iter().map(|c| c * &reciprocal).collect();
            let form = engine.ring.store.linear(row.iter().cloned().zip(self.basis.iter().copied()));
            signs.push(Sign::Product(vec![Sign::Number(d.clone()), Sign::Square(form)]));
            for i in 0..self.basis.len() {
                for j in 0..self.basis.len() {
                    let minus = &(&row[i] * &row[j]) * &d;
                    self.rows[i][j] = &self.rows[i][j] - &minus;
                }
            }
        }
        (!signs.is_empty()).then_some(Sign::Sum(signs))
    }
}
