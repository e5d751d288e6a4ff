//! Where an expression is defined, as a list of conditions.
//!
//! `log(x)/(x - 1)` is defined iff x > 0 and x − 1 ≠ 0. Conditions come from powers, from the `domain` of the
//! functions' rows, and from what stands under binders; a derivative lives where what is differentiated does and
//! where the rows say it is differentiable.

use rustc_hash::{FxHashMap, FxHashSet};

use crate::calculus::Differentiator;
use crate::expr::{Binder, Expr, Fact, Images, Node, Scope, Shape, Store, Symbol, formula_in};
use crate::function::FunctionId;
use crate::number::Rational;
use crate::print;

/// One condition. An atom is about expressions that are defined when the atoms before it hold.
#[derive(Clone, Debug, PartialEq)]
pub struct Atom {
    /// What must hold.
    pub kind: AtomKind,
    /// Whether the expression is undefined where this fails; otherwise it is only not known to be defined.
    pub necessary: bool,
    /// The variables of sums and products around it, for all values of which it must hold.
    pub under: Vec<Bound>,
}

/// What an [`Atom`] says.
#[derive(Clone, Debug, PartialEq)]
pub enum AtomKind {
    /// e > 0.
    Positive(Expr),
    /// e ≥ 0.
    NonNegative(Expr),
    /// e ≠ 0.
    NonZero(Expr),
    /// e is none of 0, −1, −2, ….
    NonPole(Expr),
    /// e is an integer.
    Integer(Expr),
    /// base^exponent with an exponent of integer type: base ≠ 0 or exponent ≥ 0.
    Power(Expr, Expr),
    /// The expression is defined; certainly so where all of these hold, if there are any.
    Defined(Expr, Vec<AtomKind>),
}

/// A bound variable, opened as a symbol, and its range.
#[derive(Clone, Debug, PartialEq)]
pub struct Bound {
    /// The symbol in place of the bound variable.
    pub symbol: Expr,
    /// The least value.
    pub from: Expr,
    /// The greatest value.
    pub to: Expr,
}

/// Rows whose `domain` is sufficient only: they say themselves what lies beyond it.
const BEYOND: [&str; 3] = ["besseli", "bessel_ratio", "binomial"];

/// Sums and products of more terms, those inside each other multiplied, are not evaluated.
const MOST_TERMS: u64 = 300_000;

/// The largest integer that is sampled where ranges stand so deep inside each other.
pub fn largest_integer(store: &Store, roots: &[Expr]) -> i64 {
    let depth = roots.iter().map(|e| fold_depth(store, *e)).max().unwrap_or(0);
    [1000, 40, 20, 8, 5, 3].get(depth).copied().unwrap_or(2)
}

fn fold_depth(store: &Store, root: Expr) -> usize {
    let mut depths: FxHashMap<Expr, usize> = FxHashMap::default();
    for e in store.post_order(&[root]) {
        let below = store[e].children().map(|c| depths[&c]).max().unwrap_or(0);
        depths.insert(e, below + usize::from(matches!(store[e], Node::Range { .. })));
    }
    depths[&root]
}

/// How many terms a sum or product has in all, at the largest integers that are sampled; saturating.
fn fold_cost(store: &Store, root: Expr) -> u64 {
    let largest = largest_integer(store, &[root]) as u64;
    let mut costs: FxHashMap<Expr, u64> = FxHashMap::default();
    for e in store.post_order(&[root]) {
        let below = store[e].children().map(|c| costs[&c]).fold(0u64, u64::saturating_add);
        let cost = match &store[e] {
            Node::Range { from, to, .. } => {
                let ends = [*from, *to].map(|end| store.as_number(end).and_then(Rational::as_i64));
                let simple = |end: &Expr| match &store[*end] {
                    Node::Sum(terms) => terms.iter().all(|(_, t)| is_leaf(store, *t)),
                    _ => is_leaf(store, *end),
                };
                let length = match ends {
                    // Beyond the tape's own limit nothing is evaluated.
                    [Some(a), Some(b)] => b.saturating_sub(a).clamp(0, 100_000) as u64,
                    _ if simple(from) && simple(to) => 2 * largest,
                    _ => 100_000,
                };
                length.saturating_mul(below.max(1))
            }
            _ => below,
        };
        costs.insert(e, cost);
    }
    costs[&root]
}

fn is_leaf(store: &Store, e: Expr) -> bool {
    matches!(store[e], Node::Number(_) | Node::Symbol(_) | Node::Bound(..))
}

/// One side of a claim: its value with derivatives carried out, and where it is defined.
#[derive(Clone, Debug)]
pub struct Side {
    /// As it was written.
    pub written: Expr,
    /// With derivatives carried out.
    pub value: Expr,
    /// Where it is defined, inner conditions first.
    pub atoms: Vec<Atom>,
    /// Closed subexpressions that no tape evaluates: abstract functions, integrals, infinite sums.
    pub opaque: Vec<Expr>,
    /// Whether derivatives were carried out, so that the value may exist where the side does not.
    pub differentiated: bool,
}

impl Side {
    /// The side of an expression; `None` for vectors and matrices.
    pub fn new(store: &mut Store, calculus: &mut Differentiator, written: Expr) -> Option<Side> {
        let mut collector = Collector { store, calculus, atoms: Vec::new(), opaque: Vec::new(), level: 0 };
        collector.visit(written, &[])?;
        let (atoms, opaque) = (collector.atoms, collector.opaque);
        let value = calculus.evaluate(store, written);
        Some(Side { written, value, atoms, opaque, differentiated: value != written })
    }
}

/// What an expression is undefined without, as facts: of `log(s)/(s - 1)` that s > 0 and s − 1 ≠ 0. Poles and what stands
/// under sums and products are left out.
pub fn necessary(store: &mut Store, e: Expr) -> Vec<Fact> {
    let Some(side) = Side::new(store, &mut Differentiator::new(), e) else { return Vec::new() };
    let fact = |atom: Atom| match atom.kind {
        _ if !atom.necessary || !atom.under.is_empty() => None,
        AtomKind::Positive(e) => Some(Fact::Positive(e)),
        AtomKind::NonNegative(e) => Some(Fact::NonNegative(e)),
        AtomKind::NonZero(e) => Some(Fact::NonZero(e)),
        AtomKind::Integer(e) => Some(Fact::Integer(e)),
        AtomKind::NonPole(_) | AtomKind::Power(..) | AtomKind::Defined(..) => None,
    };
    side.atoms.into_iter().filter_map(fact).collect()
}

struct Collector<'a> {
    store: &'a mut Store,
    calculus: &'a mut Differentiator,
    atoms: Vec<Atom>,
    opaque: Vec<Expr>,
    level: u32,
}

impl Collector<'_> {
    fn push(&mut self, kind: AtomKind, necessary: bool, under: &[Bound]) {
        let atom = Atom { kind, necessary, under: under.to_vec() };
        if !is_trivial(self.store, &atom.kind) && !self.atoms.contains(&atom) {
            self.atoms.push(atom);
        }
    }

    /// Collects the conditions of a closed expression, children first, on an explicit stack; binders recurse.
    fn visit(&mut self, root: Expr, under: &[Bound]) -> Option<()> {
        let mut seen = FxHashSet::default();
        let mut stack = vec![(root, false)];
        while let Some((e, ready)) = stack.pop() {
            if !ready && !seen.insert(e) {
                continue;
            }
            if ready {
                self.node(e, under)?;
                continue;
            }
            stack.push((e, true));
            match self.store[e].clone() {
                Node::Range { from, to, .. } => stack.extend([(to, false), (from, false)]),
                Node::Derivative { at, .. } => stack.push((at, false)),
                Node::Expectation { .. } | Node::SampleIntegral { .. } => {}
                node => {
                    let children: Vec<Expr> = node.children().collect();
                    stack.extend(children.into_iter().rev().map(|c| (c, false)));
                }
            }
        }
        Some(())
    }

    fn node(&mut self, e: Expr, under: &[Bound]) -> Option<()> {
        match self.store[e].clone() {
            Node::Power(base, exponent) => self.power(base, exponent, under),
            Node::Call(function, arguments) => self.call(e, function, &arguments, under),
            Node::Range { binder, from, to, body } => return self.range(e, binder, from, to, body, under),
            Node::Derivative { body, at, .. } => return self.derivative(e, body, at, under),
            Node::Apply(..)
            | Node::Expectation { .. }
            | Node::SampleIntegral { .. }
            | Node::Divergence { .. }
            | Node::Index(..) => self.opaque(e, under),
            Node::Number(_) | Node::Symbol(_) | Node::Sum(_) | Node::Product(_) => {}
            _ => return None,
        }
        Some(())
    }

    fn opaque(&mut self, e: Expr, under: &[Bound]) {
        self.push(AtomKind::Defined(e, Vec::new()), false, under);
        if !self.opaque.contains(&e) {
            self.opaque.push(e);
        }
    }

    fn power(&mut self, base: Expr, exponent: Expr, under: &[Bound]) {
        let kind = match self.store.as_number(exponent) {
            Some(q) if q.is_integer() && !q.is_negative() => return,
            Some(q) if q.is_integer() => AtomKind::NonZero(base),
            None if self.store.is_integer(exponent) => AtomKind::Power(base, exponent),
            _ => AtomKind::Positive(base),
        };
        self.push(kind, true, under);
    }

    fn call(&mut self, e: Expr, function: FunctionId, arguments: &[Expr], under: &[Bound]) {
        let kinds = conditions(self.store, function, function.row().domain, arguments);
        if BEYOND.contains(&function.row().name) {
            self.push(AtomKind::Defined(e, kinds), false, under);
            return;
        }
        for kind in kinds {
            self.push(kind, true, under);
        }
    }

    fn range(
        &mut self,
        e: Expr,
        binder: Binder,
        from: Expr,
        to: Expr,
        body: Expr,
        under: &[Bound],
    ) -> Option<()> {
        let infinite = [from, to].iter().any(|end| {
            let symbols = self.store.free_symbols(&[*end]);
            symbols.iter().any(|s| self.store.symbol_of(*s).name == "inf")
        });
        if binder == Binder::Integral || infinite || fold_cost(self.store, e) > MOST_TERMS {
            self.opaque(e, under);
            return Some(());
        }
        self.push(AtomKind::Integer(from), true, under);
        self.push(AtomKind::Integer(to), true, under);
        self.level += 1;
        let symbol = self.store.symbol(Symbol {
            name: format!("#k{}", self.level),
            shape: Shape::SCALAR,
            integer: true,
        });
        let opened = self.store.instantiate(body, symbol);
        let mut inner = under.to_vec();
        inner.push(Bound { symbol, from, to });
        let result = self.visit(opened, &inner);
        self.level -= 1;
        result
    }

    fn derivative(&mut self, e: Expr, body: Expr, at: Expr, under: &[Bound]) -> Option<()> {
        let evaluated = self.calculus.evaluate(self.store, e);
        let left_over = self
            .store
            .post_order(&[evaluated])
            .iter()
            .any(|e| matches!(self.store[*e], Node::Derivative { .. }));
        if !self.store.shape(at).is_scalar() || left_over {
            self.opaque(e, under);
            return Some(());
        }
        self.level += 1;
        let symbol = self.store.scalar(&format!("#t{}", self.level));
        let opened = self.store.instantiate(body, symbol);
        let mut inner = Collector {
            store: &mut *self.store,
            calculus: &mut *self.calculus,
            atoms: Vec::new(),
            opaque: Vec::new(),
            level: self.level,
        };
        inner.visit(opened, under)?;
        inner.differentiable(opened, symbol, under);
        let (atoms, opaque) = (inner.atoms, inner.opaque);
        self.level -= 1;
        let images = Images::from_iter([(symbol, at)]);
        for atom in atoms {
            let kind = atom.kind.map(&mut |e| self.store.substitute(e, &images));
            self.push(kind, atom.necessary, &atom.under);
        }
        for e in opaque {
            let e = self.store.substitute(e, &images);
            if !self.opaque.contains(&e) {
                self.opaque.push(e);
            }
        }
        Some(())
    }

    /// The rows' conditions beside the domain, for calls that vary with the symbol.
    fn differentiable(&mut self, opened: Expr, symbol: Expr, under: &[Bound]) {
        for e in self.store.post_order(&[opened]) {
            let varies = self.store.free_bound(e) == 0 && self.store.mentions(e, &[symbol]);
            match self.store[e].clone() {
                Node::Call(function, arguments) if varies => {
                    for kind in conditions(self.store, function, function.row().differentiable, &arguments) {
                        self.push(kind, false, under);
                    }
                }
                // A body under another binder: its calls are not looked into.
                Node::Call(function, _)
                    if self.store.free_bound(e) > 0 && !function.row().differentiable.is_empty() =>
                {
                    self.push(AtomKind::Defined(opened, Vec::new()), false, under);
                }
                _ => {}
            }
        }
    }
}

impl AtomKind {
    /// The same about other expressions.
    pub fn map(&self, image: &mut dyn FnMut(Expr) -> Expr) -> AtomKind {
        match self {
            AtomKind::Positive(e) => AtomKind::Positive(image(*e)),
            AtomKind::NonNegative(e) => AtomKind::NonNegative(image(*e)),
            AtomKind::NonZero(e) => AtomKind::NonZero(image(*e)),
            AtomKind::NonPole(e) => AtomKind::NonPole(image(*e)),
            AtomKind::Integer(e) => AtomKind::Integer(image(*e)),
            AtomKind::Power(a, b) => AtomKind::Power(image(*a), image(*b)),
            AtomKind::Defined(e, kinds) => {
                let e = image(*e);
                AtomKind::Defined(e, kinds.iter().map(|k| k.map(image)).collect())
            }
        }
    }

    /// The expression it is about.
    pub fn about(&self) -> Expr {
        match self {
            AtomKind::Positive(e)
            | AtomKind::NonNegative(e)
            | AtomKind::NonZero(e)
            | AtomKind::NonPole(e)
            | AtomKind::Integer(e)
            | AtomKind::Power(e, _)
            | AtomKind::Defined(e, _) => *e,
        }
    }

    /// In the plain notation, as in `--where`, where that has words for it.
    pub fn text(&self, store: &Store) -> String {
        let show = |e: &Expr| print::plain::display(store, *e);
        match self {
            AtomKind::Positive(e) => format!("{} > 0", show(e)),
            AtomKind::NonNegative(e) => format!("{} >= 0", show(e)),
            AtomKind::NonZero(e) => format!("{} != 0", show(e)),
            AtomKind::NonPole(e) => format!("{} is none of 0, -1, -2, …", show(e)),
            AtomKind::Integer(e) => format!("{} integer", show(e)),
            AtomKind::Power(base, exponent) => format!("{} != 0 or {} >= 0", show(base), show(exponent)),
            AtomKind::Defined(e, _) => format!("{} is defined", show(e)),
        }
    }
}

/// The conditions of a row's column, about the arguments.
pub fn conditions(
    store: &mut Store,
    function: FunctionId,
    texts: &[&'static str],
    arguments: &[Expr],
) -> Vec<AtomKind> {
    if texts.is_empty() {
        return Vec::new();
    }
    let mut scope = Scope::strict();
    for (name, argument) in function.row().params.iter().zip(arguments) {
        scope.declare(name, *argument);
    }
    texts.iter().map(|text| condition(store, &mut scope, text)).collect()
}

/// `x > 0`, `n - k + 1 nonpole`, `cos(x) != 0`, `n integer` in a scope.
pub fn condition(store: &mut Store, scope: &mut Scope, text: &str) -> AtomKind {
    if let Some(subject) = text.strip_suffix(" nonpole") {
        return AtomKind::NonPole(formula_in(store, scope, subject));
    }
    if let Some(subject) = text.strip_suffix(" integer") {
        return AtomKind::Integer(formula_in(store, scope, subject));
    }
    for (symbol, flip) in [(" >= ", false), (" <= ", true), (" != ", false), (" > ", false), (" < ", true)] {
        if let Some((a, b)) = text.split_once(symbol) {
            let (a, b) = (formula_in(store, scope, a), formula_in(store, scope, b));
            let e = if flip { store.sub(b, a) } else { store.sub(a, b) };
            return match symbol.trim() {
                ">=" | "<=" => AtomKind::NonNegative(e),
                "!=" => AtomKind::NonZero(e),
                _ => AtomKind::Positive(e),
            };
        }
    }
    panic!("`{text}` is a condition of the table")
}

/// Does a condition about a number, or a typed integer, hold by itself?
fn is_trivial(store: &Store, kind: &AtomKind) -> bool {
    let number = |e: &Expr| store.as_number(*e);
    match kind {
        AtomKind::Positive(e) => number(e).is_some_and(Rational::is_positive),
        AtomKind::NonNegative(e) => number(e).is_some_and(|q| !q.is_negative()),
        AtomKind::NonZero(e) => number(e).is_some_and(|q| !q.is_zero()),
        AtomKind::NonPole(e) => number(e).is_some_and(|q| !q.is_integer() || q.is_positive()),
        AtomKind::Integer(e) => store.is_integer(*e),
        AtomKind::Power(base, _) => number(base).is_some_and(|q| !q.is_zero()),
        AtomKind::Defined(_, kinds) => !kinds.is_empty() && kinds.iter().all(|k| is_trivial(store, k)),
    }
}
