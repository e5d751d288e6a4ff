//! One tree → one expression: names, sums, powers, brackets with names before them.
//!
//! `½ d' F d` with `vector d in R^n` and `let F = fisher(p)` is ½·Chain(dᵀ, F(θ), d), a scalar. A formula without any
//! abstract name is what `expr::lower` makes of it.

use crate::expr::{Binder, DerivativeKind, Expr, Node, Shape, Store, Symbol};
use crate::function;
use crate::number::Rational;
use crate::syntax;
use crate::syntax::{Chain, Kind, Relation, Sign, Tree};
use crate::text::{Code, Diagnostic, Span, suggest};

use super::side::{InnerStep, StatedOrder};
use super::spell::spell;
use super::vocabulary::{Entry, Vocabulary, is_typographic, symbol};

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
    visits: usize,
}

/// A place with readings that are equally good: their numbers and texts.
type Tie = (Span, Vec<(usize, String)>);

/// Which reading is taken at each place.
type Choice = Vec<(Span, usize)>;

/// Choices that are tried for one side.
const MAX_CHOICES: usize = 32;

/// Every way to choose, the first ones first; bounded.
fn choices(ties: &[Tie]) -> Vec<Choice> {
    let mut all: Vec<Choice> = vec![Vec::new()];
    for (span, readings) in ties {
        let longer = |choice: &Choice| {
            let mut more = Vec::new();
            for (at, _) in readings {
                let mut choice = choice.clone();
                choice.push((*span, *at));
                more.push(choice);
            }
            more
        };
        all = all.iter().flat_map(longer).collect();
        if all.len() > MAX_CHOICES {
            break;
        }
    }
    all
}

/// What a [`Lowering`] has said so far, to be taken back.
pub(super) struct Mark {
    lints: usize,
    inner: usize,
    orders: usize,
    pub doubts: usize,
}

impl<'a> Lowering<'a> {
    pub fn new(store: &'a mut Store, vocabulary: &'a mut Vocabulary) -> Lowering<'a> {
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

    pub fn report<T>(&mut self, code: Code, span: Span) -> Option<T> {
        self.lints.push(Diagnostic::error(code, span));
        None
    }

    pub fn needs_declaration<T>(&mut self, what: impl Into<String>, help: &str, span: Span) -> Option<T> {
        let diagnostic = Diagnostic::error(Code::NeedsDeclaration { what: what.into() }, span);
        self.lints.push(if help.is_empty() { diagnostic } else { diagnostic.with_help(help) });
        None
    }

    pub fn mismatch<T>(&mut self, operation: &str, left: Shape, right: Shape, span: Span) -> Option<T> {
        let (left, right) = (self.store.shape_name(left), self.store.shape_name(right));
        self.report(Code::ShapeMismatch { operation: operation.to_owned(), left, right }, span)
    }

    pub fn mark(&self) -> Mark {
        Mark {
            lints: self.lints.len(),
            inner: self.inner.len(),
            orders: self.orders.len(),
            doubts: self.doubts,
        }
    }

    /// Takes back what was said since the mark, and returns the diagnostics among it.
    pub fn rewind(&mut self, mark: &Mark) -> Vec<Diagnostic> {
        self.inner.truncate(mark.inner);
        self.orders.truncate(mark.orders);
        self.doubts = mark.doubts;
        self.lints.split_off(mark.lints)
    }

    pub fn trees(&mut self, trees: &[Tree]) -> Option<Vec<Expr>> {
        // Each is lowered before any failure returns, so that all errors are found.
        let lowered: Vec<Option<Expr>> = trees.iter().map(|t| self.tree(t)).collect();
        lowered.into_iter().collect()
    }

    pub fn scalar(&mut self, tree: &Tree, subject: &str) -> Option<Expr> {
        let e = self.tree(tree)?;
        let shape = self.store.shape(e);
        if shape.is_scalar() {
            return Some(e);
        }
        let shape = self.store.shape_name(shape);
        self.report(Code::NotAScalar { subject: subject.to_owned(), shape }, tree.span)
    }

    pub fn tree(&mut self, tree: &Tree) -> Option<Expr> {
        self.visits += 1;
        if self.visits > BUDGET {
            let code =
                Code::TooLong { what: "formula with its readings".into(), limit: format!("{BUDGET} parts") };
            return if self.visits == BUDGET + 1 { self.report(code, tree.span) } else { None };
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
            Kind::Absolute(a) => self.absolute(a),
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
            Kind::Derivative { body, by } => self.derivative(body, by, tree.span),
            Kind::Gradient { body, by } => {
                self.nabla(DerivativeKind::Gradient, body, by.as_deref(), tree.span)
            }
            Kind::Hessian { body, by } => self.nabla(DerivativeKind::Hessian, body, by.as_deref(), tree.span),
            Kind::Range { binder, body, variable, variable_span, from, to } => match (from, to, binder) {
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

    /// The meaning of a name among the variables of binders and the declared values.
    pub fn known_value(&mut self, name: &str) -> Option<Expr> {
        if let Some((_, e)) = self.local.iter().rev().find(|(local, _)| local == name) {
            return Some(*e);
        }
        self.vocabulary.value(name)
    }

    fn name(&mut self, name: &str, span: Span) -> Option<Expr> {
        if let Some((_, e)) = self.local.iter().rev().find(|(local, _)| local == name) {
            return Some(*e);
        }
        self.vocabulary.used.insert(name.to_owned());
        match self.vocabulary.entries.get(name).copied() {
            Some(Entry::Symbol(e) | Entry::Value(e) | Entry::Sample(e) | Entry::Dimension(e)) => {
                let is_applied = |m: &super::vocabulary::Macro| m.head == name && !m.parameters.is_empty();
                self.doubts += usize::from(self.vocabulary.macros.iter().any(is_applied));
                return Some(e);
            }
            Some(entry) => {
                self.doubts += 1;
                return self.bare(name, entry, span);
            }
            None => {}
        }
        if let Some(at) =
            self.vocabulary.macros.iter().position(|m| m.head == name && m.parameters.is_empty())
        {
            return self.expand(at, &[]);
        }
        if let Some((density, parameter)) = self.vocabulary.subscripted(name) {
            self.doubts += 1;
            return self.at_declared_outcome(density, parameter, span);
        }
        match function::lookup(name) {
            Some(constant) if constant.row().is_constant() => return Some(self.store.call(constant, [])),
            Some(function) => {
                let expected = super::apply::arguments_text(function.row().params.len());
                return self.report(Code::WrongArity { function: name.to_owned(), expected, found: 0 }, span);
            }
            None if name == "e" => return Some(self.store.call_named("exp", [Store::ONE])),
            None => {}
        }
        self.unknown_name(name, span)
    }

    pub fn unknown_name<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let known = self.vocabulary.names();
        let constants = function::functions().filter(|f| f.row().is_constant()).map(|f| f.row().name);
        let suggestion = suggest(name, known.into_iter().chain(constants));
        let help = format!("declare it before: `scalar {name}` or `vector {name} in R^n`");
        let code = Code::UnknownName { name: name.to_owned(), suggestion };
        self.lints.push(Diagnostic::error(code, span).with_help(help));
        None
    }

    /// A function or density without arguments stands for its declared application: `∇L`, `E[log p]`.
    fn bare(&mut self, name: &str, entry: Entry, span: Span) -> Option<Expr> {
        match entry {
            Entry::Density(at) => {
                let density = &self.vocabulary.densities[at];
                let (variable, parameter, head) = (density.variable, density.parameter, density.symbol);
                let slots: Vec<Expr> = std::iter::once(variable).chain(parameter).collect();
                self.use_slots(&slots);
                Some(self.store.apply(head, slots))
            }
            Entry::Function(at) => {
                let function = &self.vocabulary.functions[at];
                let (head, slots) = (function.symbol, function.arguments.clone());
                self.use_slots(&slots);
                Some(self.store.apply(head, slots))
            }
            Entry::Family(_) => self.needs_declaration(
                format!("the family's density `{name}` without an argument"),
                "write its argument: `p(x)`",
                span,
            ),
            _ => None,
        }
    }

    fn use_slots(&mut self, slots: &[Expr]) {
        for slot in slots {
            if let Some(id) = self.store.as_symbol(*slot) {
                let name = self.store.symbol_of(id).name.clone();
                self.vocabulary.used.insert(name);
            }
        }
    }

    pub fn sum(&mut self, terms: &[(Sign, &Tree)]) -> Option<Expr> {
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

    fn power(&mut self, base: &Tree, exponent: &Tree) -> Option<Expr> {
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
            Node::Power(square, half) => {
                let (square, n) = (*square, &power * self.store.as_number(*half)?);
                let n = n.as_i64().filter(|n| *n > 0)?;
                Some(self.store.powi(square, n))
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

    fn matrix(&mut self, rows: &[Vec<Tree>]) -> Option<Expr> {
        let entries: Vec<Option<Expr>> = rows.iter().flatten().map(|t| self.scalar(t, "an entry")).collect();
        let entries: Vec<Expr> = entries.into_iter().collect::<Option<_>>()?;
        let columns = rows.first().map_or(0, Vec::len);
        (rows.len() * columns == entries.len() && columns > 0)
            .then(|| self.store.matrix(rows.len() as u32, columns as u32, entries))
    }

    fn range(
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

    /// `theta^(k)`: a declared or defined name, else an iterate, of the shape of the name before it.
    fn superscript(&mut self, tree: &Tree, base: &Tree, above: &Tree) -> Option<Expr> {
        let name = spell(tree);
        if let Some(e) = self.known_value(&name) {
            self.vocabulary.used.insert(name);
            return Some(e);
        }
        if let Kind::Name(base) = &base.kind
            && let Some(shape) = self.vocabulary.iterate_shape(self.store, base)
        {
            self.vocabulary.used.insert(base.clone());
            return Some(symbol(self.store, &name, shape));
        }
        let _ = above;
        let help =
            format!("declare `{}` as a vector or scalar: its iterates have the same shape", spell(base));
        self.needs_declaration(format!("`{name}`"), &help, tree.span)
    }

    fn accent(&mut self, tree: &Tree, mark: &str, body: &Tree) -> Option<Expr> {
        if is_typographic(mark) {
            return self.tree(body);
        }
        let name = spell(tree);
        match self.known_value(&name) {
            Some(e) => {
                self.vocabulary.used.insert(name);
                Some(e)
            }
            None => self.unknown_name(&name, tree.span),
        }
    }

    /// The only reading that lowers wins; of several the one with the fewest lints and doubts. Where these agree as
    /// well, what stands around them may decide: [`Lowering::settled`] tries each.
    fn ambiguous(&mut self, readings: &[Tree], span: Span) -> Option<Expr> {
        if let Some((_, at)) = self.chosen.iter().find(|(place, _)| *place == span) {
            return self.tree(&readings[*at]);
        }
        let mut tried: Vec<(usize, Option<Expr>, Vec<Diagnostic>)> = Vec::new();
        let before = self.mark();
        for reading in readings {
            let e = self.tree(reading);
            let doubts = self.doubts - before.doubts;
            let said = self.rewind(&before);
            tried.push((doubts + said.len(), e, said));
        }
        let Some(best) = tried.iter().filter(|t| t.1.is_some()).map(|t| t.0).min() else {
            return self.no_reading(readings, tried.into_iter().map(|t| t.2).collect(), span);
        };
        let mut winners: Vec<usize> = Vec::new();
        for at in 0..tried.len() {
            let is_new = winners.iter().all(|before| tried[*before].1 != tried[at].1);
            if tried[at].0 == best && tried[at].1.is_some() && is_new {
                winners.push(at);
            }
        }
        if let Some(call) = winners.iter().find(|at| self.is_at_its_parameter(&readings[**at], tried[**at].1))
        {
            winners = vec![*call];
        }
        let first = winners[0];
        if winners.len() > 1 {
            let said = winners.iter().map(|at| (*at, spell(&readings[*at]))).collect();
            self.ties.push((span, said));
        }
        self.tree(&readings[first])
    }

    /// `F(theta)`, of a defined F that depends on θ, is F itself.
    fn is_at_its_parameter(&self, reading: &Tree, value: Option<Expr>) -> bool {
        match &reading.kind {
            Kind::Call { name, .. } => self.vocabulary.entries.get(name) == value.map(Entry::Value).as_ref(),
            _ => false,
        }
    }

    /// What a part of the text means where readings of it are equally good by themselves: the choice under which the
    /// whole has a meaning, with the fewest lints.
    pub fn settled<T: PartialEq>(&mut self, read: &mut dyn FnMut(&mut Self) -> Option<T>) -> Option<T> {
        let before = self.mark();
        let first = read(self);
        let ties = std::mem::take(&mut self.ties);
        if ties.is_empty() {
            return first;
        }
        self.rewind(&before);
        let mut best: Vec<(usize, T, Choice)> = Vec::new();
        for choice in choices(&ties) {
            self.chosen = choice.clone();
            let meaning = read(self);
            let doubts = self.doubts - before.doubts;
            let cost = self.rewind(&before).len() + doubts;
            self.ties.clear();
            let Some(meaning) = meaning else { continue };
            let least = best.first().map_or(usize::MAX, |b| b.0);
            if cost < least {
                best.clear();
            }
            if cost <= least {
                best.push((cost, meaning, choice));
            }
        }
        self.chosen = best.first().map_or_else(Vec::new, |b| b.2.clone());
        if let Some(other) = best.iter().find(|b| b.1 != best[0].1) {
            let differs = self.chosen.iter().zip(&other.2).position(|(a, b)| a != b).unwrap_or(0);
            let (span, readings) = &ties[differs];
            let text = |choice: &Choice| {
                let reading = readings.iter().find(|(at, _)| *at == choice[differs].1);
                reading.map_or_else(String::new, |(_, text)| text.clone())
            };
            let (first, second) = (text(&self.chosen), text(&other.2));
            self.chosen.clear();
            return self.report(Code::TwoReadings { first, second }, *span);
        }
        let meaning = read(self);
        self.chosen.clear();
        self.ties.clear();
        meaning
    }

    /// No reading has a meaning: what all of them lack, or else both of them.
    pub fn no_reading(&mut self, readings: &[Tree], said: Vec<Vec<Diagnostic>>, span: Span) -> Option<Expr> {
        let common: Vec<Diagnostic> =
            said[0].iter().filter(|d| said.iter().all(|other| other.contains(d))).cloned().collect();
        if !common.is_empty() {
            self.lints.extend(common);
            return None;
        }
        let code = Code::TwoReadings { first: spell(&readings[0]), second: spell(&readings[1]) };
        let help = said.iter().flatten().find_map(|d| d.help.clone());
        let diagnostic = Diagnostic::error(code, span);
        self.lints.push(match help {
            Some(help) => diagnostic.with_help(help),
            None => diagnostic,
        });
        None
    }

    /// Both sides of each relation of a chain, of one shape; a 0 beside a vector is the zero vector.
    pub fn pairs(&mut self, chain: &Chain) -> Option<Vec<(Expr, Relation, Expr)>> {
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
    fn fit(&mut self, left: Expr, right: Expr) -> Option<(Expr, Expr)> {
        super::step::fit(self.store, left, right)
    }
}
