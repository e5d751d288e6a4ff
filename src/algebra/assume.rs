//! What is declared, and what follows from it: ranges, signs, integer types.
//!
//! From `p1 > 0, p2 > 0, p1 + p2 < 1` follow `1 - p1 - p2 > 0` and `1 - p1 > 0`; from `x > 0` follows
//! `trigamma(x) > 0`, by the facts in the function's row. This is a trusted part: what it calls positive
//! is used to discharge conditions.

use rustc_hash::FxHashMap;

use super::range::{End, Range};
use crate::expr::{Expr, Fact, Images, Node, Scope, Store, lower, row_scope};
use crate::function::FunctionId;
use crate::number::Rational;
use crate::syntax::{self, Relation};

/// A linear combination of expressions plus a constant.
type Linear = Vec<(Rational, Expr)>;

/// The declared facts, and what was inferred from them so far.
#[derive(Clone, Debug, Default)]
pub struct Assumptions {
    facts: Vec<Fact>,
    symbols: FxHashMap<Expr, Range>,
    /// Sums known to be ≥ 0 (or > 0 when the flag is set).
    bounds: Vec<(Linear, bool)>,
    nonzero: Vec<Expr>,
    positive_definite: Vec<Vec<Vec<Expr>>>,
    memo: FxHashMap<Expr, Range>,
    rows: FxHashMap<FunctionId, Vec<RowFact>>,
}

/// One fact of a function's row: `f(parameters) relation bound` under conditions.
#[derive(Clone, Debug)]
struct RowFact {
    parameters: Vec<Expr>,
    relation: Relation,
    bound: Expr,
    /// Each is an expression and whether it must be positive (`Some(true)`), nonnegative (`Some(false)`)
    /// or nonzero (`None`).
    conditions: Vec<(Expr, Option<bool>)>,
}

/// How often one inference may lean on another before it gives up.
const DEPTH: u32 = 3;

impl Assumptions {
    /// Nothing declared: every symbol is real.
    pub fn none() -> Assumptions {
        Assumptions::default()
    }

    /// The facts of a declaration.
    pub fn new(store: &mut Store, facts: &[Fact]) -> Assumptions {
        let mut assumptions = Assumptions::default();
        assumptions.assume_all(store, facts);
        assumptions
    }

    /// The declared facts, in order.
    pub fn facts(&self) -> &[Fact] {
        &self.facts
    }

    /// Adds facts.
    pub fn assume_all(&mut self, store: &mut Store, facts: &[Fact]) {
        for fact in facts {
            self.assume(store, fact);
        }
    }

    /// Adds one fact.
    pub fn assume(&mut self, store: &mut Store, fact: &Fact) {
        self.memo.clear();
        match fact {
            Fact::Positive(e) => self.bound(store, *e, true),
            Fact::NonNegative(e) => self.bound(store, *e, false),
            Fact::NonZero(e) => self.nonzero.push(*e),
            Fact::Zero(e) => {
                self.bound(store, *e, false);
                let opposite = store.neg(*e);
                self.bound(store, opposite, false);
            }
            Fact::OneOf(variable, values) => {
                let numbers: Option<Vec<Rational>> =
                    values.iter().map(|v| store.as_number(*v).cloned()).collect();
                if let Some(numbers) = numbers
                    && let (Some(least), Some(greatest)) = (numbers.iter().min(), numbers.iter().max())
                {
                    let closed = |at: &Rational| Some(End { at: at.clone(), open: false });
                    self.tighten(store, *variable, Range { lower: closed(least), upper: closed(greatest) });
                    if numbers.iter().all(|n| !n.is_zero()) {
                        self.nonzero.push(*variable);
                    }
                }
            }
            Fact::Sphere(variables) => {
                for variable in variables {
                    let closed = |n: i64| Some(End { at: Rational::from(n), open: false });
                    self.tighten(store, *variable, Range { lower: closed(-1), upper: closed(1) });
                }
            }
            Fact::PositiveDefinite(rows) => {
                for (i, row) in rows.iter().enumerate() {
                    self.tighten(store, row[i], Range::positive());
                }
                if let [row1, row2] = rows.as_slice()
                    && row1.len() == 2
                {
                    let diagonal = store.mul(row1[0], row2[1]);
                    let square = store.mul(row1[1], row2[0]);
                    let determinant = store.sub(diagonal, square);
                    self.bound(store, determinant, true);
                }
                self.positive_definite.push(rows.clone());
            }
            Fact::Real(_) | Fact::Integer(_) => {}
        }
        self.facts.push(fact.clone());
    }

    fn bound(&mut self, store: &mut Store, e: Expr, strict: bool) {
        let linear = linear_form(store, e);
        // c·s + c₀ ≥ 0 bounds the symbol s.
        let mut terms = linear.iter().filter(|(_, t)| *t != Store::ONE);
        if let (Some((c, symbol)), None) = (terms.next(), terms.next())
            && store.as_symbol(*symbol).is_some()
            && !c.is_zero()
        {
            let constant =
                linear.iter().find(|(_, t)| *t == Store::ONE).map_or(Rational::ZERO, |(c, _)| c.clone());
            let at = &(-&constant) / c;
            let range = if c.is_negative() { Range::below(at, strict) } else { Range::above(at, strict) };
            self.tighten(store, *symbol, range);
        }
        if store.as_number(e).is_none() {
            self.bounds.push((linear, strict));
        }
    }

    fn tighten(&mut self, store: &Store, symbol: Expr, range: Range) {
        let known = self.symbols.entry(symbol).or_default();
        *known = known.intersected(&range);
        if store.is_integer(symbol) {
            *known = known.integral();
        }
    }

    /// The expressions that are declared to be positive or nonnegative, of more than one term.
    pub fn bound_expressions(&self, store: &mut Store) -> Vec<Expr> {
        self.bounds
            .iter()
            .filter(|(form, _)| form.len() > 1)
            .map(|(form, _)| store.linear(form.clone()))
            .collect()
    }

    /// The declared range of a symbol.
    pub fn symbol_range(&self, symbol: Expr) -> Range {
        self.symbols.get(&symbol).cloned().unwrap_or_default()
    }

    /// A range that holds the expression's value wherever it is defined on the declared domain.
    pub fn range(&mut self, store: &mut Store, e: Expr) -> Range {
        self.range_within(store, e, DEPTH)
    }

    /// Is e > 0 wherever it is defined on the declared domain?
    pub fn is_positive(&mut self, store: &mut Store, e: Expr) -> bool {
        let range = self.range(store, e);
        range.is_positive() || (range.is_nonnegative() && self.is_nonzero(store, e))
    }

    /// Is e ≥ 0 wherever it is defined on the declared domain?
    pub fn is_nonnegative(&mut self, store: &mut Store, e: Expr) -> bool {
        self.range(store, e).is_nonnegative()
    }

    /// Is e < 0 wherever it is defined on the declared domain?
    pub fn is_negative(&mut self, store: &mut Store, e: Expr) -> bool {
        let opposite = store.neg(e);
        self.is_positive(store, opposite)
    }

    /// Is e ≠ 0 wherever it is defined on the declared domain?
    pub fn is_nonzero(&mut self, store: &mut Store, e: Expr) -> bool {
        if self.range(store, e).is_nonzero() || self.is_declared_nonzero(store, e) {
            return true;
        }
        match store[e].clone() {
            Node::Product(factors) => factors.iter().all(|f| self.is_nonzero(store, *f)),
            Node::Power(base, exponent) => {
                store.as_number(exponent).is_some_and(|q| !q.is_zero()) && self.is_nonzero(store, base)
                    || self.range(store, base).is_positive()
            }
            Node::Sum(terms) if terms.len() == 1 => {
                !terms[0].0.is_zero() && self.is_nonzero(store, terms[0].1)
            }
            _ => false,
        }
    }

    fn is_declared_nonzero(&self, store: &mut Store, e: Expr) -> bool {
        let form = linear_form(store, e);
        self.nonzero.iter().any(|known| {
            let known = linear_form(store, *known);
            ratio(&form, &known).is_some()
        })
    }

    fn range_within(&mut self, store: &mut Store, root: Expr, depth: u32) -> Range {
        if let Some(known) = self.memo.get(&root) {
            return known.clone();
        }
        for e in store.post_order(&[root]) {
            if store.free_bound(e) > 0 && e != root {
                continue;
            }
            if !self.memo.contains_key(&e) {
                let range = self.node_range(store, e, depth);
                self.memo.insert(e, range);
            }
        }
        self.memo[&root].clone()
    }

    /// The range found for an expression so far; of a symbol that is not below the root, the declared one.
    fn known(&self, e: Expr) -> Range {
        self.memo.get(&e).cloned().unwrap_or_else(|| self.symbol_range(e))
    }

    fn node_range(&mut self, store: &mut Store, e: Expr, depth: u32) -> Range {
        let range = match store[e].clone() {
            Node::Number(q) => Range::point(&q),
            Node::Symbol(_) => self.by_bounds(&[(Rational::ONE, e)], self.symbol_range(e)),
            Node::Sum(terms) => {
                let total = terms
                    .iter()
                    .map(|(c, t)| self.known(*t).scaled(c))
                    .reduce(|a, b| a.plus(&b))
                    .unwrap_or_default();
                let bounded = self.by_bounds(&terms, total);
                self.by_common_factor(store, e, &terms, bounded, depth)
            }
            Node::Product(factors) => {
                let product = factors.iter().map(|f| self.known(*f)).reduce(|a, b| a.times(&b));
                self.by_bounds(&[(Rational::ONE, e)], product.unwrap_or_default())
            }
            Node::Power(base, exponent) => self.power_range(store, base, exponent),
            Node::Call(function, arguments) => self.call_range(store, function, &arguments, depth),
            _ => Range::WHOLE,
        };
        if store.is_integer(e) { range.integral() } else { range }
    }

    fn power_range(&mut self, store: &mut Store, base: Expr, exponent: Expr) -> Range {
        let range = self.known(base);
        match store.as_number(exponent) {
            Some(q) => match q.as_i64() {
                Some(n) if n < 0 && !range.is_nonzero() => {
                    // Defined only where the base is not 0.
                    if n % 2 == 0 || range.is_nonnegative() {
                        Range::positive()
                    } else if range.is_nonpositive() {
                        Range::below(Rational::ZERO, true)
                    } else {
                        Range::WHOLE
                    }
                }
                Some(n) => {
                    let power = range.power(n);
                    if n % 2 == 0 && self.is_declared_nonzero(store, base) {
                        power.intersected(&Range::positive())
                    } else {
                        power
                    }
                }
                // x^q for q not an integer is defined for x > 0 only, and positive there; but normal forms write the
                // root of a root so, which is 0 at 0.
                None if q.is_negative() || range.is_positive() => Range::positive(),
                None if range.is_nonnegative() && self.is_declared_nonzero(store, base) => Range::positive(),
                None => Range::nonnegative(),
            },
            None if store.is_integer(exponent) => {
                if range.is_positive() {
                    Range::positive()
                } else if range.is_nonnegative() {
                    Range::nonnegative()
                } else {
                    Range::WHOLE
                }
            }
            None => Range::positive(),
        }
    }

    /// Improves the range of Σ cᵢtᵢ by declared bounds: Σ cᵢtᵢ = k·f + rest for a declared f ≥ 0 and k > 0.
    fn by_bounds(&self, terms: &[(Rational, Expr)], start: Range) -> Range {
        let mut best = start;
        for (linear, strict) in &self.bounds {
            // A term whose coefficient is 0 stands there for its domain alone.
            for (c, t) in linear.iter().filter(|(c, t)| !c.is_zero() && *t != Store::ONE) {
                let Some((a, _)) = terms.iter().find(|(_, u)| u == t) else { continue };
                let k = a / c;
                let mut rest: Linear = terms.to_vec();
                for (c, t) in linear {
                    match rest.iter_mut().find(|(_, u)| u == t) {
                        Some((a, _)) => *a = &*a - &(&k * c),
                        None => rest.push((-&(&k * c), *t)),
                    }
                }
                let rest = rest
                    .iter()
                    .filter(|(a, _)| !a.is_zero())
                    .map(|(a, t)| if *t == Store::ONE { Range::point(a) } else { self.known(*t).scaled(a) })
                    .fold(Range::point(&Rational::ZERO), |a, b| a.plus(&b));
                let fact = Range::above(Rational::ZERO, *strict).scaled(&k);
                best = best.intersected(&rest.plus(&fact));
            }
        }
        best
    }

    /// Improves the range of k − k·m by that of k·(1 − m).
    fn by_common_factor(
        &mut self,
        store: &mut Store,
        e: Expr,
        terms: &[(Rational, Expr)],
        start: Range,
        depth: u32,
    ) -> Range {
        if depth == 0 || terms.len() < 2 || terms[0].1 == Store::ONE {
            return start;
        }
        let factors = |store: &Store, t: Expr| -> Vec<Expr> {
            match &store[t] {
                Node::Product(list) => list.to_vec(),
                _ => vec![t],
            }
        };
        let common: Vec<Expr> = factors(store, terms[0].1)
            .into_iter()
            .filter(|f| terms.iter().all(|(_, t)| factors(store, *t).contains(f)))
            .collect();
        if common.is_empty() {
            return start;
        }
        let rest: Vec<(Rational, Expr)> = terms
            .iter()
            .map(|(c, t)| {
                let left: Vec<Expr> =
                    factors(store, *t).into_iter().filter(|f| !common.contains(f)).collect();
                (c.clone(), store.product(left))
            })
            .collect();
        let rest = store.linear(rest);
        if rest == e {
            return start;
        }
        let outer = common.iter().map(|f| self.known(*f)).reduce(|a, b| a.times(&b)).unwrap_or_default();
        let inner = self.range_within(store, rest, depth - 1);
        start.intersected(&outer.times(&inner))
    }

    fn call_range(
        &mut self,
        store: &mut Store,
        function: FunctionId,
        arguments: &[Expr],
        depth: u32,
    ) -> Range {
        let mut range = Range::WHOLE;
        if depth == 0 {
            return range;
        }
        for fact in self.row_facts(store, function) {
            let images: Images = fact.parameters.iter().copied().zip(arguments.iter().copied()).collect();
            let holds = fact.conditions.iter().all(|(condition, strictness)| {
                let condition = store.substitute(*condition, &images);
                let known = self.range_within(store, condition, depth - 1);
                match strictness {
                    Some(true) => known.is_positive(),
                    Some(false) => known.is_nonnegative(),
                    None => known.is_nonzero() || self.is_declared_nonzero(store, condition),
                }
            });
            if !holds {
                continue;
            }
            let bound = store.substitute(fact.bound, &images);
            let bound = self.range_within(store, bound, depth - 1);
            let (lower, upper) = match fact.relation {
                Relation::Greater | Relation::GreaterOrEqual => (bound.lower, None),
                Relation::Less | Relation::LessOrEqual => (None, bound.upper),
                _ => continue,
            };
            let strict = matches!(fact.relation, Relation::Greater | Relation::Less);
            let open = |end: Option<End>| end.map(|e| End { open: e.open || strict, ..e });
            range = range.intersected(&Range { lower: open(lower), upper: open(upper) });
        }
        range
    }

    /// The facts of a row, read once; those that are not a bound of the call itself are left out.
    fn row_facts(&mut self, store: &mut Store, function: FunctionId) -> Vec<RowFact> {
        if let Some(known) = self.rows.get(&function) {
            return known.clone();
        }
        let (mut scope, parameters) = row_scope(store, function);
        let facts: Vec<RowFact> = function
            .row()
            .facts
            .iter()
            .filter_map(|text| read_fact(store, &mut scope, function, &parameters, text))
            .collect();
        self.rows.insert(function, facts.clone());
        facts
    }
}

/// Reads `f(x) > 0 if x > 0, y >= 1`.
fn read_fact(
    store: &mut Store,
    scope: &mut Scope,
    function: FunctionId,
    parameters: &[Expr],
    text: &str,
) -> Option<RowFact> {
    let (statement, conditions) = text.split_once(" if ").unwrap_or((text, ""));
    let chain = syntax::parse_chain(statement, 0).0?;
    let [(relation, right)] = chain.rest.as_slice() else { return None };
    let mut diagnostics = Vec::new();
    let left = lower(store, scope, &chain.first, &mut diagnostics)?;
    let call = store.call(function, parameters.to_vec());
    let bound = lower(store, scope, right, &mut diagnostics)?;
    let relation = if left == call { *relation } else { return None };
    let mut read = Vec::new();
    for condition in conditions.split(',').filter(|c| !c.trim().is_empty()) {
        let chain = syntax::parse_chain(condition, 0).0?;
        let [(relation, right)] = chain.rest.as_slice() else { return None };
        let a = lower(store, scope, &chain.first, &mut diagnostics)?;
        let b = lower(store, scope, right, &mut diagnostics)?;
        read.push(match relation {
            Relation::Greater => (store.sub(a, b), Some(true)),
            Relation::GreaterOrEqual => (store.sub(a, b), Some(false)),
            Relation::Less => (store.sub(b, a), Some(true)),
            Relation::LessOrEqual => (store.sub(b, a), Some(false)),
            Relation::NotEqual => (store.sub(a, b), None),
            _ => return None,
        });
    }
    Some(RowFact { parameters: parameters.to_vec(), relation, bound, conditions: read })
}

/// Σ cᵢtᵢ of an expression, the constant with the term 1.
fn linear_form(store: &Store, e: Expr) -> Linear {
    match &store[e] {
        Node::Sum(terms) => terms.to_vec(),
        Node::Number(q) => vec![(q.clone(), Store::ONE)],
        _ => vec![(Rational::ONE, e)],
    }
}

/// a/b when one linear form is a multiple of the other.
fn ratio(a: &Linear, b: &Linear) -> Option<Rational> {
    if a.len() != b.len() {
        return None;
    }
    let coefficient = |form: &Linear, t: Expr| form.iter().find(|(_, u)| *u == t).map(|(c, _)| c.clone());
    let k = &a[0].0 / &coefficient(b, a[0].1).filter(|c| !c.is_zero())?;
    a.iter().all(|(c, t)| coefficient(b, *t).is_some_and(|d| &d * &k == *c)).then_some(k)
}
