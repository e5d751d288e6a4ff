//! Products, and what takes the place of a product: chains of matrices, inner products, norms.
//!
//! `η v · ∇L` is the inner product η·vᵀ∇L; `∇L d`, two columns side by side, is a lint and goes on as ∇Lᵀd.

use crate::expr::{Dimension, Expr, Node, Shape};
use crate::number::Rational;
use crate::syntax::{Kind, Side, Tree};
use crate::text::{Code, Span};

use super::lower::Lowering;
use super::vocabulary::Entry;

/// A factor with its place; divisors are inverted already.
type Factor = (Side, Expr, Span);

/// The value of a product, and the places where two columns stood side by side.
type Repaired = (Expr, Vec<(Span, Shape, Shape)>);

impl Lowering<'_> {
    pub(super) fn product(&mut self, factors: &[(Side, Tree)]) -> Option<Expr> {
        // A minus is a factor −1: `-(x - 4)/2` is −1/2·(x − 4), as it is printed.
        let mut sign = Rational::ONE;
        let mut lowered: Vec<Option<Factor>> = Vec::new();
        for (side, tree) in factors {
            let mut inner = tree;
            while let Kind::Negate(a) = &inner.kind {
                sign = -&sign;
                inner = a;
            }
            let e = match side {
                Side::Over | Side::Dot => self.tree(inner),
                Side::Under => {
                    let divisor = self.scalar(inner, "the quotient");
                    divisor.map(|divisor| self.store.powi(divisor, -1))
                }
            };
            lowered.push(e.map(|e| (*side, e, inner.span)));
        }
        let lowered: Vec<Factor> = lowered.into_iter().collect::<Option<_>>()?;
        let product = self.multiply(&lowered)?;
        Some(self.store.scale(&sign, product))
    }

    /// As one chain; else by the pieces between the dots; else from left to right.
    fn multiply(&mut self, factors: &[Factor]) -> Option<Expr> {
        if let Some(product) = self.flat(factors) {
            return Some(product);
        }
        let pieces = self.by_dots(factors);
        if let Ok((product, missing)) = &pieces
            && missing.is_empty()
        {
            return Some(*product);
        }
        let in_order = self.in_order(factors);
        if let Ok((product, missing)) = &in_order
            && missing.is_empty()
        {
            return Some(*product);
        }
        match pieces.or(in_order) {
            Ok((product, missing)) => {
                for (span, left, right) in missing {
                    let (left, right) = (self.store.shape_name(left), self.store.shape_name(right));
                    self.report::<()>(Code::MissingTranspose { left, right }, span);
                }
                Some(product)
            }
            Err((left, right, span)) => {
                let (left, right) = (
                    format!("{} columns wide", self.store.dimension_name(left.columns)),
                    format!("{} rows high", self.store.dimension_name(right.rows)),
                );
                self.report(Code::ShapeMismatch { operation: "the product".to_owned(), left, right }, span)
            }
        }
    }

    /// A product whose neighbours all fit.
    fn flat(&mut self, factors: &[Factor]) -> Option<Expr> {
        let mut columns: Option<Dimension> = None;
        for (_, e, _) in factors {
            let shape = self.store.shape(*e);
            if shape.is_scalar() {
                continue;
            }
            if columns.is_some_and(|columns| columns != shape.rows) {
                return None;
            }
            columns = Some(shape.columns);
        }
        let list: Vec<Expr> = factors.iter().map(|factor| factor.1).collect();
        Some(if columns.is_some() { self.store.chain(list) } else { self.store.product(list) })
    }

    fn by_dots(&mut self, factors: &[Factor]) -> Result<Repaired, (Shape, Shape, Span)> {
        let mut missing = Vec::new();
        let mut pieces: Vec<Factor> = Vec::new();
        let mut start = 0;
        for end in 1..=factors.len() {
            if end < factors.len() && factors[end].0 != Side::Dot {
                continue;
            }
            let piece = &factors[start..end];
            let (value, more) = match self.flat(piece) {
                Some(value) => (value, Vec::new()),
                None => {
                    let plain: Vec<Factor> =
                        piece.iter().map(|(_, e, span)| (Side::Over, *e, *span)).collect();
                    self.in_order(&plain)?
                }
            };
            missing.extend(more);
            pieces.push((Side::Dot, value, piece[0].2.to(piece[piece.len() - 1].2)));
            start = end;
        }
        let (value, more) = self.in_order(&pieces)?;
        missing.extend(more);
        Ok((value, missing))
    }

    /// From left to right; two columns give their inner product.
    fn in_order(&mut self, factors: &[Factor]) -> Result<Repaired, (Shape, Shape, Span)> {
        let mut missing = Vec::new();
        let mut scalars: Vec<Expr> = Vec::new();
        let mut chain: Option<(Expr, Span)> = None;
        for (side, e, span) in factors {
            let right = self.store.shape(*e);
            if right.is_scalar() {
                scalars.push(*e);
                continue;
            }
            let Some((before, before_span)) = chain else {
                chain = Some((*e, *span));
                continue;
            };
            let left = self.store.shape(before);
            let joined = if left.columns == right.rows {
                self.store.chain([before, *e])
            } else if is_column(left) && is_column(right) && left == right {
                if *side != Side::Dot {
                    missing.push((before_span.to(*span), left, right));
                }
                self.dot(before, *e)
            } else {
                return Err((left, right, *span));
            };
            if self.store.shape(joined).is_scalar() {
                scalars.push(joined);
                chain = None;
            } else {
                chain = Some((joined, before_span.to(*span)));
            }
        }
        scalars.extend(chain.map(|(e, _)| e));
        Ok((self.store.product(scalars), missing))
    }

    /// uᵀv of two columns; scalar factors stand in front.
    pub(super) fn dot(&mut self, u: Expr, v: Expr) -> Expr {
        let mut factors = Vec::new();
        let u = self.without_scalars(u, &mut factors);
        let v = self.without_scalars(v, &mut factors);
        let row = self.store.transpose(u);
        factors.extend([row, v]);
        self.store.chain(factors)
    }

    /// A column without its scalar factors, which are added to a list.
    fn without_scalars(&mut self, mut column: Expr, scalars: &mut Vec<Expr>) -> Expr {
        if let Node::Sum(terms) = &self.store[column]
            && let [(coefficient, term)] = &terms[..]
        {
            let (coefficient, term) = (coefficient.clone(), *term);
            scalars.push(self.store.number(coefficient));
            column = term;
        }
        if let Node::Product(list) = &self.store[column] {
            let (factors, rest): (Vec<Expr>, Vec<Expr>) =
                list.iter().partition(|factor| self.store.shape(**factor).is_scalar());
            if let [only] = rest[..] {
                scalars.extend(factors);
                column = only;
            }
        }
        column
    }

    /// ‖v‖ = √(vᵀv), of a row or column; |x| of a scalar; √(vᵀMv) with a matrix M below. A power ½ would need vᵀv > 0.
    pub(super) fn norm(&mut self, a: &Tree, below: Option<&Tree>, span: Span) -> Option<Expr> {
        let mut v = self.tree(a)?;
        let shape = self.store.shape(v);
        if shape.rows == Dimension::Fixed(1) {
            v = self.store.transpose(v);
        } else if !is_column(shape) {
            return self.needs_declaration("the norm of a matrix", "", span);
        }
        let square = match below {
            None => None,
            Some(tree) if tree.kind == Kind::Number(Rational::from(2)) => None,
            Some(tree) => Some(self.metric(tree)?),
        };
        if square.is_none() && shape.is_scalar() {
            return Some(self.store.call_named("abs", [v]));
        }
        let square = match square {
            None => self.dot(v, v),
            Some(metric) => self.form(v, metric, v, span)?,
        };
        Some(self.store.call_named("sqrt", [square]))
    }

    /// ⟨u, v⟩ = uᵀv; with a matrix below uᵀMv, with a declared metric g(u, v).
    pub(super) fn inner_product(
        &mut self,
        a: &Tree,
        b: &Tree,
        below: Option<&Tree>,
        span: Span,
    ) -> Option<Expr> {
        let (u, v) = (self.tree(a), self.tree(b));
        let (u, v) = (u?, v?);
        if let Some(Kind::Name(name)) = below.map(|tree| &tree.kind)
            && let Some(Entry::Function(at)) = self.vocabulary.entries.get(name).copied()
            && self.vocabulary.functions[at].arguments.len() == 2
        {
            self.vocabulary.used.insert(name.clone());
            let head = self.vocabulary.functions[at].symbol;
            return Some(self.store.apply(head, [u, v]));
        }
        if let Some(tree) = below {
            let metric = self.metric(tree)?;
            return self.form(u, metric, v, span);
        }
        let (left, right) = (self.store.shape(u), self.store.shape(v));
        if left != right || !is_column(left) {
            return self.mismatch("the inner product", left, right, span);
        }
        Some(self.dot(u, v))
    }

    /// A square matrix that stands below a norm or an inner product.
    fn metric(&mut self, tree: &Tree) -> Option<Expr> {
        let metric = self.tree(tree)?;
        let shape = self.store.shape(metric);
        if shape.rows == shape.columns && !shape.is_scalar() {
            return Some(metric);
        }
        self.needs_declaration(
            "what stands below the norm",
            "a square matrix may stand there, or nothing",
            tree.span,
        )
    }

    fn form(&mut self, u: Expr, metric: Expr, v: Expr, span: Span) -> Option<Expr> {
        let (left, middle, right) = (self.store.shape(u), self.store.shape(metric), self.store.shape(v));
        if !is_column(left) || left.rows != middle.rows || middle.columns != right.rows || !is_column(right) {
            return self.mismatch("the inner product", left, middle, span);
        }
        let u = self.store.transpose(u);
        Some(self.store.chain([u, metric, v]))
    }
}

/// n × 1.
pub(super) fn is_column(shape: Shape) -> bool {
    shape.columns == Dimension::Fixed(1)
}
