//! One tree → one expression: names, sums, powers, brackets with names before them.
//!
//! `½ d' F d` with `vector d in R^n` and `let F = fisher(p)` is ½·Chain(dᵀ, F(θ), d), a scalar. A formula without any
//! abstract name is what `expr::lower` makes of it.

use crate::expr::{Binder, DerivativeKind, Dimension, Expr, Node, Shape, Store, Symbol};
use crate::number::Rational;
use crate::syntax;
use crate::syntax::{Chain, Kind, Relation, Sign, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::readings::{Choice, Tie};
use super::side::{InnerStep, StatedOrder};
use super::vocabulary::Vocabulary;

/// Trees visited for one side, readings of readings included.
const BUDGET: usize = 50_000;

/// One side on its way to an expression.
pub(super) struct Lowering<'a> {
    pub store: &'a mut Store,
    pub vocabulary: &'a mut Vocabulary,
    /// Mistakes and lints.
    pub lints: Vec<Diagnostic>,
    /// Claims under braces.
    pub inner: Vec<InnerStep>,
    /// Orders stated under braces.
    pub orders: Vec<StatedOrder>,
    /// What the remainder is compared with, as text, and where it stands.
    pub remainder: Option<(String, Span)>,
    /// Names that were read as less than usual: a bare function. Of two readings, the one with fewer wins.
    pub doubts: usize,
    /// Variables of binders and parameters of abbreviations, innermost last.
    pub local: Vec<(String, Expr)>,
    /// Abbreviations being written out.
    pub expanding: Vec<String>,
    /// Places where several readings are equally good, with their numbers and texts.
    pub ties: Vec<Tie>,
    /// Which reading is tried at such a place.
    pub chosen: Choice,
    /// Trees visited so far.
    pub visits: usize,
}

/// What a [`Lowering`] has said so far, to be taken back.
pub(super) struct Mark {
    lints: usize,
    inner: usize,
    orders: usize,
    pub doubts: usize,
}

impl<'a> Lowering<'a> {
    pub(super) fn new(store: &'a mut Store, vocabulary: &'a mut Vocabulary) -> Lowering<'a> {
        Lowering {
            store,
            vocabulary,
            lints: Vec::new(),
            inner: Vec::new(),
            orders: Vec::new(),
            remainder: None,
            doubts: 0,
            local: Vec::new(),
            expanding: Vec::new(),
            ties: Vec::new(),
            chosen: Vec::new(),
            visits: 0,
        }
    }

    pub(super) fn report<T>(&mut self, code: Code, span: Span) -> Option<T> {
        self.lints.push(Diagnostic::error(code, span));
        None
    }

    pub(super) fn needs_declaration<T>(
        &mut self,
        what: impl Into<String>,
        help: &str,
        span: Span,
    ) -> Option<T> {
        let diagnostic = Diagnostic::error(Code::NeedsDeclaration { what: what.into() }, span);
        self.lints.push(if help.is_empty() { diagnostic } else { diagnostic.with_help(help) });
        None
    }

    pub(super) fn mismatch<T>(
        &mut self,
        operation: &str,
        left: Shape,
        right: Shape,
        span: Span,
    ) -> Option<T> {
        let (left, right) = (self.store.shape_name(left), self.store.shape_name(right));
        self.report(Code::ShapeMismatch { operation: operation.to_owned(), left, right }, span)
    }

    pub(super) fn mark(&self) -> Mark {
        Mark {
            lints: self.lints.len(),
            inner: self.inner.len(),
            orders: self.orders.len(),
            doubts: self.doubts,
        }
    }

    /// Takes back what was said since the mark, and returns the diagnostics among it.
    pub(super) fn rewind(&mut self, mark: &Mark) -> Vec<Diagnostic> {
        self.inner.truncate(mark.inner);
        self.orders.truncate(mark.orders);
        self.doubts = mark.doubts;
        self.lints.split_off(mark.lints)
    }

    pub(super) fn trees(&mut self, trees: &[Tree]) -> Option<Vec<Expr>> {
        // Each is lowered before any failure returns, so that all errors are found.
        let lowered: Vec<Option<Expr>> = trees.iter().map(|t| self.tree(t)).collect();
        lowered.into_iter().collect()
    }

    pub(super) fn scalar(&mut self, tree: &Tree, subject: &str) -> Option<Expr> {
        let e = self.tree(tree)?;
        let shape = self.store.shape(e);
        if shape.is_scalar() {
            return Some(e);
        }
        let shape = self.store.shape_name(shape);
        self.report(Code::NotAScalar { subject: subject.to_owned(), shape }, tree.span)
    }

    pub(super) fn tree(&mut self, tree: &Tree) -> Option<Expr> {
        self.visits += 1;
        if self.visits > BUDGET {
            let code =
                Code::TooLong { what: "formula with its readings".into(), limit: format!("{BUDGET} parts") };
            return if self.visits == BUDGET + 1 { self.report(code, tree.span) } else { None };
        }
        if let Some(product) = self.as_product(tree) {
            return self.tree(&product);
        }
        match &tree.kind {
            Kind::Number(q) => Some(self.store.number(q.clone())),
            Kind::Name(name) => self.name(name, tree.span),
            Kind::Call { name, name_span, arguments } => self.call(name, *name_span, arguments, tree.span),
            Kind::Conditional { name, name_span, outcome, given } => {
                self.conditional(name, *name_span, outcome, given, tree.span)
            }
            Kind::Primed { name, name_span, primes, arguments } => {
                self.primed(name, *name_span, *primes, arguments, tree.span)
            }
            Kind::Sum(terms) => {
                let terms: Vec<(Sign, &Tree)> = terms.iter().map(|(sign, tree)| (*sign, tree)).collect();
                self.sum(&terms)
            }
            Kind::Product(factors) => {
                self.slash_before_bracket(factors, tree.span)?;
                self.product(factors)
            }
            Kind::Negate(a) => {
                let a = self.tree(a)?;
                Some(self.store.neg(a))
            }
            Kind::Power(base, exponent) => self.power(base, exponent),
            Kind::Factorial(a) => {
                let a = self.scalar(a, "the factorial")?;
                Some(self.store.call_named("factorial", [a]))
            }
            Kind::Absolute(a) => self.absolute(a),
            Kind::Transpose(a) => {
                let a = self.tree(a)?;
                Some(self.store.transpose(a))
            }
            Kind::Matrix(rows) => self.matrix(rows),
            Kind::Index(a, indices) => self.index(tree, a, indices),
            Kind::Derivative { body, by } => self.derivative(body, by, tree.span),
            Kind::Gradient { body, by } => {
                self.nabla(DerivativeKind::Gradient, body, by.as_deref(), tree.span)
            }
            Kind::Hessian { body, by } => self.nabla(DerivativeKind::Hessian, body, by.as_deref(), tree.span),
            Kind::Range { binder, body, variable, variable_span, from, to } => match (from, to, binder) {
                (Some(from), Some(to), syntax::Binder::Integral) if is_line(from, to) => {
                    self.over_the_line(body, (variable, *variable_span), from, to, tree.span)
                }
                (Some(from), Some(to), _) => self.range(*binder, body, variable, from, to),
                (below, None, syntax::Binder::Integral) => {
                    self.sample_integral(body, (variable, *variable_span), below.as_deref(), tree.span)
                }
                _ => self.report(Code::NeedsDensity {}, tree.span),
            },
            Kind::Expectation { body, density } => self.expectation(body, density.as_deref(), tree.span),
            Kind::Divergence(p, q) => self.divergence(p, q),
            Kind::Superscript(base, above) => self.superscript(tree, base, above),
            Kind::Norm(a, below) => self.norm(a, below.as_deref(), tree.span),
            Kind::Inner(a, b, below) => self.inner_product(a, b, below.as_deref(), tree.span),
            Kind::Annotated(body, note) => self.annotated(body, note),
            Kind::Accent(mark, body) => self.accent(tree, mark, body),
            Kind::Ambiguous(readings) => self.ambiguous(readings, tree.span),
            Kind::Infinity => self.report(Code::MisplacedInfinity {}, tree.span),
            Kind::Remainder { .. } => self.needs_declaration(
                "a remainder inside of a term",
                "write it as the last term of its side",
                tree.span,
            ),
            Kind::Limit { .. } => {
                self.needs_declaration("a limit inside of a term", "let it be a side of its own", tree.span)
            }
            Kind::Extremum { .. } => self.needs_declaration(
                "an extremum inside of a term",
                "let it be a side of its own",
                tree.span,
            ),
            Kind::Cases(_) => self.needs_declaration("a value by cases", "", tree.span),
            Kind::Ellipsis => self.needs_declaration(
                "an ellipsis",
                "write the sum or product out: `sum(f, k = 1..n)`",
                tree.span,
            ),
        }
    }

    pub(super) fn sum(&mut self, terms: &[(Sign, &Tree)]) -> Option<Expr> {
        let lowered: Vec<Option<Expr>> = terms.iter().map(|(_, t)| self.tree(t)).collect();
        let lowered: Vec<Expr> = lowered.into_iter().collect::<Option<_>>()?;
        // A 0 beside vectors is the zero vector.
        let shape = lowered.iter().filter(|e| **e != Store::ZERO).map(|e| self.store.shape(*e)).next();
        let first = shape.unwrap_or(Shape::SCALAR);
        for (e, (_, tree)) in lowered.iter().zip(terms) {
            let shape = self.store.shape(*e);
            if shape != first && *e != Store::ZERO {
                return self.mismatch("the sum", first, shape, tree.span);
            }
        }
        let signed: Vec<(Rational, Expr)> = lowered
            .into_iter()
            .zip(terms)
            .filter(|(e, _)| first.is_scalar() || *e != Store::ZERO)
            .map(|(e, (sign, _))| match sign {
                Sign::Plus => (Rational::ONE, e),
                Sign::Minus => (Rational::MINUS_ONE, e),
            })
            .collect();
        Some(self.store.linear(signed))
    }

    pub(super) fn power(&mut self, base: &Tree, exponent: &Tree) -> Option<Expr> {
        // The plain notation writes the iterate θ^{(k)} as `theta^(k)`: a column has no powers.
        if let Kind::Name(name) = &base.kind
            && !matches!(exponent.kind, Kind::Number(_) | Kind::Negate(_))
            && let Some(value) = self.known_value(name)
            && self.store.as_symbol(value).is_some()
            && self.store.shape(value).columns == Dimension::Fixed(1)
            && !self.store.shape(value).is_scalar()
        {
            let iterate = Kind::Superscript(Box::new(base.clone()), Box::new(exponent.clone()));
            return self.tree(&Tree::new(iterate, base.span.to(exponent.span)));
        }
        let exponent_expr = self.scalar(exponent, "the exponent");
        if base.kind == Kind::Name("e".into()) && self.known_value("e").is_none() {
            return Some(self.store.call_named("exp", [exponent_expr?]));
        }
        let base_expr = self.tree(base)?;
        let exponent_expr = exponent_expr?;
        if let Some(square) = self.even_power_of_norm(base, base_expr, exponent_expr) {
            return Some(square);
        }
        let shape = self.store.shape(base_expr);
        if shape.is_scalar() {
            return Some(self.store.pow(base_expr, exponent_expr));
        }
        let square = shape.rows == shape.columns;
        match self.store.as_number(exponent_expr).and_then(Rational::as_i64) {
            Some(-1) if square => Some(self.store.inverse(base_expr)),
            Some(n @ 1..=64) if square || n == 1 => Some(self.store.chain(vec![base_expr; n as usize])),
            _ => {
                let left = self.store.shape_name(shape);
                let right = "only whole powers and -1 of a square matrix are read".to_owned();
                self.report(
                    Code::ShapeMismatch { operation: "the power".to_owned(), left, right },
                    exponent.span,
                )
            }
        }
    }

    /// ‖v‖² is v'v.
    fn even_power_of_norm(&mut self, base: &Tree, value: Expr, exponent: Expr) -> Option<Expr> {
        let Kind::Norm(..) = &base.kind else { return None };
        let power = self.store.as_number(exponent)?.clone();
        match &self.store[value] {
            Node::Call(function, arguments) if function.row().name == "sqrt" => {
                let square = arguments[0];
                let n = power.as_i64().filter(|n| *n > 0 && n % 2 == 0)?;
                Some(self.store.powi(square, n / 2))
            }
            // |x|² is x².
            Node::Call(_, arguments) => {
                let x = arguments[0];
                let n = power.as_i64().filter(|n| *n > 0 && n % 2 == 0)?;
                Some(self.store.powi(x, n))
            }
            _ => None,
        }
    }

    fn absolute(&mut self, a: &Tree) -> Option<Expr> {
        let e = self.tree(a)?;
        let shape = self.store.shape(e);
        if shape.is_scalar() {
            return Some(self.store.call_named("abs", [e]));
        }
        if shape.columns.eq(&Shape::SCALAR.columns) {
            return self.needs_declaration("bars around a vector", "write its length as `norm(v)`", a.span);
        }
        self.needs_declaration("the determinant of a symbolic matrix", "", a.span)
    }

    pub(super) fn matrix(&mut self, rows: &[Vec<Tree>]) -> Option<Expr> {
        let entries: Vec<Option<Expr>> = rows.iter().flatten().map(|t| self.scalar(t, "an entry")).collect();
        let entries: Vec<Expr> = entries.into_iter().collect::<Option<_>>()?;
        let columns = rows.first().map_or(0, Vec::len);
        (rows.len() * columns == entries.len() && columns > 0)
            .then(|| self.store.matrix(rows.len() as u32, columns as u32, entries))
    }

    pub(super) fn range(
        &mut self,
        binder: syntax::Binder,
        body: &Tree,
        variable: &str,
        from: &Tree,
        to: &Tree,
    ) -> Option<Expr> {
        let (binder, integer) = match binder {
            syntax::Binder::Sum => (Binder::Sum, true),
            syntax::Binder::Product => (Binder::Product, true),
            syntax::Binder::Integral => (Binder::Integral, false),
        };
        let (from, to) = (self.end(from), self.end(to));
        let symbol = self.store.symbol(Symbol { name: variable.to_owned(), shape: Shape::SCALAR, integer });
        self.local.push((variable.to_owned(), symbol));
        let body = self.tree(body);
        self.local.pop();
        let body = self.store.abstract_over(body?, symbol, integer);
        Some(self.store.range(binder, from?, to?, body))
    }

    /// An end of a range, where ±∞ may stand.
    pub(super) fn end(&mut self, tree: &Tree) -> Option<Expr> {
        match &tree.kind {
            Kind::Infinity => Some(self.store.scalar("inf")),
            Kind::Negate(inner) if inner.kind == Kind::Infinity => {
                let infinity = self.store.scalar("inf");
                Some(self.store.neg(infinity))
            }
            _ => self.scalar(tree, "the end of a range"),
        }
    }

    /// Both sides of each relation of a chain, of one shape; a 0 beside a vector is the zero vector.
    pub(super) fn pairs(&mut self, chain: &Chain) -> Option<Vec<(Expr, Relation, Expr)>> {
        let first = self.tree(&chain.first);
        let mut sides = vec![first];
        for (_, side) in &chain.rest {
            let side = self.tree(side);
            sides.push(side);
        }
        let sides: Vec<Expr> = sides.into_iter().collect::<Option<_>>()?;
        let mut pairs = Vec::new();
        for (at, (relation, tree)) in chain.rest.iter().enumerate() {
            let (left, right) = self.fit(sides[at], sides[at + 1]).or_else(|| {
                let (l, r) = (self.store.shape(sides[at]), self.store.shape(sides[at + 1]));
                self.mismatch("the relation", l, r, tree.span)
            })?;
            pairs.push((left, *relation, right));
        }
        Some(pairs)
    }

    /// Two sides of one shape, where a 0 takes the shape of the other.
    pub(super) fn fit(&mut self, left: Expr, right: Expr) -> Option<(Expr, Expr)> {
        super::step::fit(self.store, left, right)
    }
}

/// From −∞ to ∞?
fn is_line(from: &Tree, to: &Tree) -> bool {
    to.kind == Kind::Infinity && matches!(&from.kind, Kind::Negate(inner) if inner.kind == Kind::Infinity)
}
