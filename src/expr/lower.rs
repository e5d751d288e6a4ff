//! Spanned trees → expressions: names, arity, shapes, binders, suggestions.
//!
//! `alpha*log(x)` with `alpha` and `x` declared becomes one handle. A name is what the scope declares;
//! a table function is called, never multiplied; whatever does not fit is reported at its place, all of
//! it, and nothing is guessed.

use rustc_hash::FxHashMap;

use super::fact::Fact;
use super::node::{Binder, DerivativeKind, Dimension, Expr, Shape, Symbol};
use super::store::Store;
use crate::function;
use crate::number::Rational;
use crate::syntax::{self, Chain, Condition, ConditionKind, Kind, Relation, Side, Sign, Tree};
use crate::text::{Code, Diagnostic, Span, suggest};

/// What names mean while a text is lowered.
#[derive(Clone, Debug, Default)]
pub struct Scope {
    names: FxHashMap<String, Expr>,
    order: Vec<String>,
    undeclared_is_real: bool,
}

impl Scope {
    /// A scope in which every name must be declared.
    pub fn strict() -> Scope {
        Scope::default()
    }

    /// A scope in which an undeclared name is a real scalar.
    pub fn lenient() -> Scope {
        Scope { undeclared_is_real: true, ..Scope::default() }
    }

    /// Gives a name its meaning, and returns what it meant before.
    pub fn declare(&mut self, name: &str, meaning: Expr) -> Option<Expr> {
        let before = self.names.insert(name.to_owned(), meaning);
        if before.is_none() {
            self.order.push(name.to_owned());
        }
        before
    }

    /// What a name means.
    pub fn meaning(&self, name: &str) -> Option<Expr> {
        self.names.get(name).copied()
    }

    /// The declared names, in the order of their declaration.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.order.iter().map(String::as_str).filter(|name| self.names.contains_key(*name))
    }

    fn restore(&mut self, name: &str, before: Option<Expr>) {
        match before {
            Some(meaning) => {
                self.names.insert(name.to_owned(), meaning);
            }
            None => {
                self.names.remove(name);
                self.order.retain(|known| known != name);
            }
        }
    }
}

/// The expression of a tree; `None` when something in it was reported.
pub fn lower(
    store: &mut Store,
    scope: &mut Scope,
    tree: &Tree,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Expr> {
    Lowering { store, scope, diagnostics }.tree(tree)
}

/// The facts of conditions. Integer variables are declared first, so that `n >= 1, n integer` reads as
/// `n integer, n >= 1` does; other new names become real scalars when `declare` is set.
pub fn lower_conditions(
    store: &mut Store,
    scope: &mut Scope,
    conditions: &[Condition],
    declare: bool,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Fact> {
    let lenient = scope.undeclared_is_real;
    scope.undeclared_is_real = declare || lenient;
    for condition in conditions {
        if let Some(name) = integer_name(&condition.kind) {
            let symbol = store.symbol(Symbol { name: name.to_owned(), shape: Shape::SCALAR, integer: true });
            scope.declare(name, symbol);
        }
    }
    let mut lowering = Lowering { store, scope, diagnostics };
    let mut facts = Vec::new();
    for condition in conditions {
        lowering.condition(&condition.kind, &mut facts);
    }
    scope.undeclared_is_real = lenient;
    facts
}

/// `1 argument`, `2 arguments`
fn arguments_text(count: usize) -> String {
    format!("{count} argument{}", if count == 1 { "" } else { "s" })
}

/// The variable a condition makes an integer.
fn integer_name(kind: &ConditionKind) -> Option<&str> {
    let whole = |tree: &Tree| match &tree.kind {
        Kind::Number(q) => q.is_integer(),
        Kind::Negate(inner) => matches!(&inner.kind, Kind::Number(q) if q.is_integer()),
        _ => false,
    };
    match kind {
        ConditionKind::Integer(variable) | ConditionKind::Range(variable, ..) => name_of(variable),
        ConditionKind::OneOf(variable, values) if values.iter().all(whole) => name_of(variable),
        _ => None,
    }
}

fn name_of(tree: &Tree) -> Option<&str> {
    match &tree.kind {
        Kind::Name(name) => Some(name),
        _ => None,
    }
}

struct Lowering<'a> {
    store: &'a mut Store,
    scope: &'a mut Scope,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Lowering<'_> {
    fn report<T>(&mut self, code: Code, span: Span) -> Option<T> {
        self.diagnostics.push(Diagnostic::error(code, span));
        None
    }

    fn trees(&mut self, trees: &[Tree]) -> Option<Vec<Expr>> {
        // Each is lowered before any failure returns, so that all errors are found.
        let lowered: Vec<Option<Expr>> = trees.iter().map(|t| self.tree(t)).collect();
        lowered.into_iter().collect()
    }

    fn scalar(&mut self, tree: &Tree, operation: &str) -> Option<Expr> {
        let e = self.tree(tree)?;
        let shape = self.store.shape(e);
        if shape.is_scalar() {
            return Some(e);
        }
        let (subject, shape) = (operation.to_owned(), self.store.shape_name(shape));
        self.report(Code::NotAScalar { subject, shape }, tree.span)
    }

    fn tree(&mut self, tree: &Tree) -> Option<Expr> {
        match &tree.kind {
            Kind::Number(q) => Some(self.store.number(q.clone())),
            Kind::Name(name) => self.name(name, tree.span),
            Kind::Call { name, name_span, arguments } => self.call(name, *name_span, arguments, tree.span),
            Kind::Sum(terms) => self.sum(terms),
            Kind::Product(factors) => self.product(factors),
            Kind::Negate(a) => {
                let a = self.tree(a)?;
                Some(self.store.neg(a))
            }
            Kind::Power(base, exponent) => self.power(base, exponent),
            Kind::Factorial(a) => {
                let a = self.scalar(a, "the factorial")?;
                Some(self.store.call_named("factorial", [a]))
            }
            Kind::Absolute(a) => {
                let a = self.scalar(a, "the absolute value")?;
                Some(self.store.call_named("abs", [a]))
            }
            Kind::Transpose(a) => {
                let a = self.tree(a)?;
                Some(self.store.transpose(a))
            }
            Kind::Matrix(rows) => self.matrix(rows),
            Kind::Index(a, indices) => {
                let a = self.tree(a)?;
                let indices = self.trees(indices)?;
                Some(self.store.index(a, indices))
            }
            Kind::Derivative { body, by } => self.derivative(body, by),
            Kind::Gradient { body, by } => {
                self.gradient(DerivativeKind::Gradient, body, by.as_deref(), tree.span)
            }
            Kind::Hessian { body, by } => {
                self.gradient(DerivativeKind::Hessian, body, by.as_deref(), tree.span)
            }
            Kind::Range { binder, body, variable, from, to, .. } => {
                self.range(*binder, body, variable, from.as_deref(), to.as_deref(), tree.span)
            }
            Kind::Expectation { .. } | Kind::Divergence(..) => self.report(Code::NeedsDensity {}, tree.span),
            Kind::Infinity => self.report(Code::MisplacedInfinity {}, tree.span),
            _ => self.report(Code::NeedsDeclaration { what: "this notation".to_owned() }, tree.span),
        }
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Expr> {
        if let Some(meaning) = self.scope.meaning(name) {
            return Some(meaning);
        }
        match function::lookup(name) {
            Some(constant) if constant.row().is_constant() => return Some(self.store.call(constant, [])),
            Some(function) => {
                let expected = arguments_text(function.row().params.len());
                return self.report(Code::WrongArity { function: name.to_owned(), expected, found: 0 }, span);
            }
            None if name == "e" => return Some(self.store.call_named("exp", [Store::ONE])),
            None => {}
        }
        if self.scope.undeclared_is_real {
            let symbol = self.store.scalar(name);
            self.scope.declare(name, symbol);
            return Some(symbol);
        }
        let constants = function::functions().filter(|f| f.row().is_constant()).map(|f| f.row().name);
        let suggestion = suggest(name, self.scope.names().chain(constants));
        self.report(Code::UnknownName { name: name.to_owned(), suggestion }, span)
    }

    fn call(&mut self, name: &str, name_span: Span, arguments: &[Tree], span: Span) -> Option<Expr> {
        let lowered: Vec<Option<Expr>> =
            arguments.iter().map(|a| self.scalar(a, &format!("the argument of `{name}`"))).collect();
        let Some(function) = function::lookup(name) else {
            if self.scope.meaning(name).is_some() {
                return self.report(Code::NotAFunction { name: name.to_owned() }, name_span);
            }
            let suggestion = suggest(name, function::names());
            return self.report(Code::UnknownFunction { name: name.to_owned(), suggestion }, name_span);
        };
        let expected = function.row().params.len();
        if expected != arguments.len() {
            let (function, expected) = (name.to_owned(), arguments_text(expected));
            return self.report(Code::WrongArity { function, expected, found: arguments.len() }, span);
        }
        let arguments: Vec<Expr> = lowered.into_iter().collect::<Option<_>>()?;
        Some(self.store.call(function, arguments))
    }

    fn sum(&mut self, terms: &[(Sign, Tree)]) -> Option<Expr> {
        let lowered: Vec<Option<Expr>> = terms.iter().map(|(_, t)| self.tree(t)).collect();
        let lowered: Vec<Expr> = lowered.into_iter().collect::<Option<_>>()?;
        let first = self.store.shape(lowered[0]);
        for (e, (_, tree)) in lowered.iter().zip(terms) {
            let shape = self.store.shape(*e);
            if shape != first {
                let (left, right) = (self.store.shape_name(first), self.store.shape_name(shape));
                let code = Code::ShapeMismatch { operation: "the sum".to_owned(), left, right };
                return self.report(code, tree.span);
            }
        }
        let signed = lowered.into_iter().zip(terms).map(|(e, (sign, _))| match sign {
            Sign::Plus => (Rational::ONE, e),
            Sign::Minus => (Rational::MINUS_ONE, e),
        });
        Some(self.store.linear(signed))
    }

    fn product(&mut self, factors: &[(Side, Tree)]) -> Option<Expr> {
        // A minus is a factor −1: `-(x - 4)/2` is −1/2·(x − 4), as it is printed.
        let mut sign = Rational::ONE;
        let lowered: Vec<Option<Expr>> = factors
            .iter()
            .map(|(side, tree)| {
                let mut tree = tree;
                while let Kind::Negate(inner) = &tree.kind {
                    sign = -&sign;
                    tree = inner;
                }
                match side {
                    Side::Over | Side::Dot => self.tree(tree),
                    Side::Under => {
                        let divisor = self.scalar(tree, "the quotient")?;
                        Some(self.store.powi(divisor, -1))
                    }
                }
            })
            .collect();
        let lowered: Vec<Expr> = lowered.into_iter().collect::<Option<_>>()?;
        let mut columns: Option<Dimension> = None;
        for (e, (_, tree)) in lowered.iter().zip(factors) {
            let shape = self.store.shape(*e);
            if shape.is_scalar() {
                continue;
            }
            if let Some(columns) = columns
                && columns != shape.rows
            {
                let (left, right) = (
                    format!("{} columns wide", self.store.dimension_name(columns)),
                    format!("{} rows high", self.store.dimension_name(shape.rows)),
                );
                return self.report(
                    Code::ShapeMismatch { operation: "the product".to_owned(), left, right },
                    tree.span,
                );
            }
            columns = Some(shape.columns);
        }
        let product = if columns.is_some() { self.store.chain(lowered) } else { self.store.product(lowered) };
        Some(self.store.scale(&sign, product))
    }

    fn power(&mut self, base: &Tree, exponent: &Tree) -> Option<Expr> {
        let exponent_expr = self.scalar(exponent, "the exponent");
        if name_of(base) == Some("e") && self.scope.meaning("e").is_none() {
            return Some(self.store.call_named("exp", [exponent_expr?]));
        }
        let base_expr = self.tree(base)?;
        let exponent_expr = exponent_expr?;
        if self.store.shape(base_expr).is_scalar() {
            return Some(self.store.pow(base_expr, exponent_expr));
        }
        match self.store.as_number(exponent_expr).and_then(Rational::as_i64) {
            Some(-1) => Some(self.store.inverse(base_expr)),
            Some(n @ 1..=64) => Some(self.store.chain(vec![base_expr; n as usize])),
            _ => {
                let left = self.store.shape_name(self.store.shape(base_expr));
                let right = "only whole powers and -1 of a matrix are read".to_owned();
                self.report(
                    Code::ShapeMismatch { operation: "the power".to_owned(), left, right },
                    exponent.span,
                )
            }
        }
    }

    fn matrix(&mut self, rows: &[Vec<Tree>]) -> Option<Expr> {
        let entries: Vec<Option<Expr>> = rows.iter().flatten().map(|t| self.scalar(t, "an entry")).collect();
        let entries: Vec<Expr> = entries.into_iter().collect::<Option<_>>()?;
        Some(self.store.matrix(rows.len() as u32, rows[0].len() as u32, entries))
    }

    /// A symbol to differentiate by.
    fn variable(&mut self, tree: &Tree) -> Option<Expr> {
        let e = self.tree(tree)?;
        if self.store.as_symbol(e).is_some() {
            return Some(e);
        }
        self.report(
            Code::Syntax {
                expected: "a variable to differentiate by".to_owned(),
                found: "an expression".to_owned(),
            },
            tree.span,
        )
    }

    fn derivative(&mut self, body: &Tree, by: &[Tree]) -> Option<Expr> {
        let mut body = self.scalar(body, "the derivative");
        for name in by {
            let variable = self.variable(name);
            body = match (body, variable) {
                (Some(f), Some(x)) => {
                    let f = self.store.abstract_over(f, x, false);
                    Some(self.store.derivative(DerivativeKind::Gradient, f, x))
                }
                _ => None,
            };
        }
        body
    }

    fn gradient(&mut self, kind: DerivativeKind, body: &Tree, by: Option<&Tree>, span: Span) -> Option<Expr> {
        let f = self.scalar(body, "the gradient");
        let Some(by) = by else {
            return self.report(
                Code::Syntax {
                    expected: "the variable after a comma".to_owned(),
                    found: "nothing".to_owned(),
                },
                span,
            );
        };
        let x = self.variable(by)?;
        let f = self.store.abstract_over(f?, x, false);
        Some(self.store.derivative(kind, f, x))
    }

    fn range(
        &mut self,
        binder: syntax::Binder,
        body: &Tree,
        variable: &str,
        from: Option<&Tree>,
        to: Option<&Tree>,
        span: Span,
    ) -> Option<Expr> {
        let (Some(from), Some(to)) = (from, to) else {
            return self.report(Code::NeedsDensity {}, span);
        };
        let (binder, integer) = match binder {
            syntax::Binder::Sum => (Binder::Sum, true),
            syntax::Binder::Product => (Binder::Product, true),
            syntax::Binder::Integral => (Binder::Integral, false),
        };
        let (from, to) = (self.end(from), self.end(to));
        let symbol = self.store.symbol(Symbol { name: variable.to_owned(), shape: Shape::SCALAR, integer });
        let before = self.scope.declare(variable, symbol);
        let body = self.tree(body);
        self.scope.restore(variable, before);
        let body = self.store.abstract_over(body?, symbol, integer);
        Some(self.store.range(binder, from?, to?, body))
    }

    /// An end of a range, where ±∞ may stand.
    fn end(&mut self, tree: &Tree) -> Option<Expr> {
        match &tree.kind {
            Kind::Infinity => Some(self.store.scalar("inf")),
            Kind::Negate(inner) if inner.kind == Kind::Infinity => {
                let infinity = self.store.scalar("inf");
                Some(self.store.neg(infinity))
            }
            _ => self.scalar(tree, "the end of a range"),
        }
    }

    fn condition(&mut self, kind: &ConditionKind, facts: &mut Vec<Fact>) -> Option<()> {
        match kind {
            ConditionKind::Compare(chain) => self.comparisons(chain, facts)?,
            ConditionKind::Real(variable) => {
                let variable = self.tree(variable)?;
                facts.push(Fact::Real(variable));
            }
            ConditionKind::Integer(variable) => {
                let variable = self.tree(variable)?;
                facts.push(Fact::Integer(variable));
            }
            ConditionKind::OneOf(variable, values) => {
                let variable = self.tree(variable);
                let values = self.trees(values)?;
                facts.push(Fact::OneOf(variable?, values));
            }
            ConditionKind::Range(variable, from, to) => {
                let (variable, from, to) = (self.tree(variable)?, self.tree(from)?, self.tree(to)?);
                facts.push(Fact::Integer(variable));
                facts.push(Fact::NonNegative(self.store.sub(variable, from)));
                facts.push(Fact::NonNegative(self.store.sub(to, variable)));
            }
            ConditionKind::Sphere(variables) => {
                let variables = self.trees(variables)?;
                facts.push(Fact::Sphere(variables));
            }
            ConditionKind::PositiveDefinite(tree) => {
                let Kind::Matrix(rows) = &tree.kind else {
                    return self.report(
                        Code::Syntax {
                            expected: "a matrix by rows".to_owned(),
                            found: "an expression".to_owned(),
                        },
                        tree.span,
                    );
                };
                let rows: Option<Vec<Vec<Expr>>> = rows.iter().map(|row| self.trees(row)).collect();
                facts.push(Fact::PositiveDefinite(rows?));
            }
        }
        Some(())
    }

    fn comparisons(&mut self, chain: &Chain, facts: &mut Vec<Fact>) -> Option<()> {
        let mut left = self.scalar_or_infinite(&chain.first)?;
        for (relation, tree) in &chain.rest {
            let right = self.scalar_or_infinite(tree)?;
            // A comparison with ±∞ says nothing of a real number.
            if let (Some(a), Some(b)) = (left, right) {
                facts.push(match relation {
                    Relation::Less => Fact::Positive(self.store.sub(b, a)),
                    Relation::LessOrEqual => Fact::NonNegative(self.store.sub(b, a)),
                    Relation::Greater => Fact::Positive(self.store.sub(a, b)),
                    Relation::GreaterOrEqual => Fact::NonNegative(self.store.sub(a, b)),
                    Relation::NotEqual => Fact::NonZero(self.store.sub(a, b)),
                    Relation::Equal => Fact::Zero(self.store.sub(a, b)),
                    _ => {
                        return self.report(
                            Code::Syntax {
                                expected: "one of = != < <= > >=".to_owned(),
                                found: "another relation".to_owned(),
                            },
                            tree.span,
                        );
                    }
                });
            }
            left = right;
        }
        Some(())
    }

    /// `Some(None)` for ±∞.
    fn scalar_or_infinite(&mut self, tree: &Tree) -> Option<Option<Expr>> {
        match &tree.kind {
            Kind::Infinity => Some(None),
            Kind::Negate(inner) if inner.kind == Kind::Infinity => Some(None),
            _ => self.scalar(tree, "the comparison").map(Some),
        }
    }
}

/// The names a function's row speaks of, as symbols of their own, and a scope in which nothing else has a meaning.
pub fn row_scope(store: &mut Store, function: function::FunctionId) -> (Scope, Vec<Expr>) {
    let mut scope = Scope::strict();
    let names = function.row().params.iter();
    let parameters = names
        .map(|name| {
            let symbol = store.scalar(&format!("#{name}"));
            scope.declare(name, symbol);
            symbol
        })
        .collect();
    (scope, parameters)
}

/// Reads an expression of this crate's own tables in the plain notation; every name is a real scalar.
///
/// # Panics
/// If the text does not read: it is written in this crate, and a test touches each row.
pub fn formula(store: &mut Store, text: &str) -> Expr {
    formula_in(store, &mut Scope::lenient(), text)
}

/// [`formula`] with declared names.
///
/// # Panics
/// If the text does not read.
pub fn formula_in(store: &mut Store, scope: &mut Scope, text: &str) -> Expr {
    let (tree, mut diagnostics) = syntax::parse_expression(text, 0);
    let lowered = tree.and_then(|tree| lower(store, scope, &tree, &mut diagnostics));
    match lowered {
        Some(e) if diagnostics.is_empty() => e,
        _ => panic!("`{text}` does not read: {diagnostics:?}"),
    }
}
