//! Derivatives: coefficients of infinitesimals at a point.
//!
//! `∇(θ₁²θ₂)` at (1, 2) is read off `(1 + e₁)²(2 + e₂) = 2 + 4e₁ + e₂ + …`: it is (4, 1).

use std::rc::Rc;

use super::{Binding, Evaluated, Evaluator};
use crate::expr::{DerivativeKind, Expr, SymbolId};
use crate::instance::failure::Failure;
use crate::instance::jet::{Jet, Ring};
use crate::instance::matrix::Matrix;
use crate::number::Rational;

impl Evaluator<'_> {
    /// The value with a symbol at another place.
    pub(in crate::instance) fn value_at(&mut self, e: Expr, symbol: SymbolId, at: &Matrix) -> Evaluated {
        self.vary(symbol, at.clone());
        self.value(e)
    }

    /// ∇ of a scalar by a symbol, at a place.
    pub(in crate::instance) fn gradient_at(
        &mut self,
        e: Expr,
        symbol: SymbolId,
        at: &Matrix,
    ) -> Result<Matrix, Failure> {
        let (value, first) = self.expand(e, symbol, at, 1)?;
        let entries = (0..at.rows).map(|i| self.ring.read(&value, &[first + i])).collect();
        self.ring.close();
        Ok(Matrix::column(entries))
    }

    /// ∇² of a scalar by a symbol, at a place.
    pub(in crate::instance) fn hessian_at(
        &mut self,
        e: Expr,
        symbol: SymbolId,
        at: &Matrix,
    ) -> Result<Matrix, Failure> {
        let (value, first) = self.expand(e, symbol, at, 2)?;
        let hessian = self.second(&value, first, at.rows);
        self.ring.close();
        Ok(hessian)
    }

    /// Has a scalar no terms of degree 3 and 4 in a symbol around a place?
    pub(in crate::instance) fn is_quadratic_at(
        &mut self,
        e: Expr,
        symbol: SymbolId,
        at: &Matrix,
    ) -> Result<bool, Failure> {
        let (value, _) = self.expand(e, symbol, at, 4)?;
        self.ring.close();
        Ok(value.terms.iter().all(|(key, _)| (0..16).map(|i| (key.small >> (4 * i)) & 15).sum::<u64>() <= 2))
    }

    /// A scalar with a symbol at a place plus infinitesimals, whose block stays open.
    fn expand(
        &mut self,
        e: Expr,
        symbol: SymbolId,
        at: &Matrix,
        degree: u32,
    ) -> Result<(Jet, usize), Failure> {
        if at.columns != 1 {
            return Err(Failure::unknown("a derivative by a matrix"));
        }
        let first = self.ring.open(at.rows, degree)?;
        let entries = at.entries.iter().enumerate().map(|(i, entry)| self.moved(entry, first + i)).collect();
        self.vary(symbol, Matrix::column(entries));
        let value = self.value(e)?.as_scalar()?.clone();
        Ok((value, first))
    }

    /// Puts a symbol at another place; what does not speak of it is still known.
    fn vary(&mut self, symbol: SymbolId, to: Matrix) {
        if self.varied.as_ref().is_none_or(|(before, _)| *before != symbol) {
            self.memo.clear();
            self.dependent.clear();
            self.looked_at.clear();
        }
        let dependent = &self.dependent;
        self.memo.retain(|(e, scope), _| *scope == 0 && !dependent.contains(e));
        self.varied = Some((symbol, to));
    }

    /// Notes which expressions below a root speak of the symbol that is varied.
    pub(super) fn look_at(&mut self, root: Expr) {
        let Some((symbol, _)) = &self.varied else { return };
        if !self.looked_at.insert(root) {
            return;
        }
        for e in self.store.post_order(&[root]) {
            let below = self.store[e].children().any(|child| self.dependent.contains(&child));
            if below || self.store.as_symbol(e) == Some(*symbol) {
                self.dependent.insert(e);
            }
        }
    }

    pub(super) fn moved(&self, entry: &Jet, infinitesimal: usize) -> Jet {
        self.ring.add(entry, &Ring::infinitesimal(infinitesimal))
    }

    pub(super) fn derivative(
        &mut self,
        kind: DerivativeKind,
        body: Expr,
        at: Expr,
    ) -> Result<Matrix, Failure> {
        let at = self.eval(at)?;
        if at.columns != 1 {
            return Err(Failure::unknown("a derivative by a matrix"));
        }
        let n = at.rows;
        let degree = if kind == DerivativeKind::Gradient { 1 } else { 2 };
        let first = self.ring.open(n, degree)?;
        let entries = at.entries.iter().enumerate().map(|(i, entry)| self.moved(entry, first + i)).collect();
        let point = Rc::new(Matrix { rows: n, columns: 1, entries });
        let value = self.under(Binding::Value(point), body)?;
        let ring = &self.ring;
        let result = match kind {
            DerivativeKind::Hessian => self.second(value.as_scalar()?, first, n),
            DerivativeKind::Gradient if n == 1 => value.map(|entry| ring.read(entry, &[first])),
            DerivativeKind::Gradient if value.is_scalar() => {
                Matrix::column((0..n).map(|i| ring.read(&value.entries[0], &[first + i])).collect())
            }
            DerivativeKind::Gradient if value.columns == 1 => {
                let rows = value.entries.iter();
                let entries = rows.flat_map(|entry| (0..n).map(|j| ring.read(entry, &[first + j])));
                Matrix { rows: value.rows, columns: n, entries: entries.collect() }
            }
            DerivativeKind::Gradient => return Err(Failure::unknown("a derivative of a matrix")),
        };
        self.ring.close();
        Ok(result)
    }

    /// The second derivatives by the n infinitesimals of the last block.
    pub(super) fn second(&self, value: &Jet, first: usize, n: usize) -> Matrix {
        let entry = |i: usize, j: usize| {
            let factor = Rational::from(if i == j { 2 } else { 1 });
            self.ring.scale(&self.ring.read(value, &[first + i, first + j]), &factor)
        };
        let entries = (0..n).flat_map(|i| (0..n).map(move |j| (i, j))).map(|(i, j)| entry(i, j));
        Matrix { rows: n, columns: n, entries: entries.collect() }
    }
}
