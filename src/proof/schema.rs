//! The rule table: each row builds both sides of one law from what its letters stand for.
//!
//! `log-product` with U := p(x, θ), V := p(x, θ+d)⁻¹ gives log(U·V) = log U + log V and the conditions U > 0, V > 0. A letter
//! that is constant under a binder of the row is shifted below it, so that an instance in which it mentions the bound
//! variable does not exist. A row's conditions make both of its sides defined, since steps run both ways.

use super::Rejected;
use super::condition::{Binding, Condition, Met};
use super::ring::push;
use super::terms::has_reserved;
use crate::claim::Context;
use crate::expr::{Expr, Shape, Store, Symbol, SymbolId};

mod calculus;
mod integrals;
mod logarithms;

/// A letter of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Meta {
    /// A density, given by its symbol.
    P,
    /// Another density.
    Q,
    /// A point: where a derivative is evaluated, the parameter of a measure.
    A,
    /// Another point.
    B,
    /// A constant beside a variable.
    C,
    /// A step away from a point.
    D,
    /// An exponent.
    E,
    /// The body of a function: `Bound(0)` is its variable. In `exchange` rules `Bound(0)` is the variable of the derivative
    /// and `Bound(1)` the sample variable.
    F,
    /// Another body.
    G,
    /// A constant scalar.
    K,
    /// A constant matrix on the left; the identity when it is not given.
    L,
    /// A matrix.
    M,
    /// A constant matrix on the right; the identity when it is not given.
    R,
    /// A term.
    U,
    /// Another term.
    V,
}

/// The stable name of a rule.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct RuleId(pub &'static str);

/// What a rule says about its two sides.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Remainder {
    /// They are equal.
    None,
    /// They differ by o(‖D‖ᵏ).
    Powers(u32),
    /// The left side is small itself: it is compared with the order of the claim.
    Whole,
}

/// One law.
pub struct Schema {
    /// Its stable name.
    pub name: &'static str,
    /// The law in ordinary notation.
    pub statement: &'static str,
    /// Its conditions in words.
    pub conditions: &'static str,
    /// Where it comes from.
    pub source: &'static str,
    /// The letters that must be given.
    pub letters: &'static [Meta],
    /// The letters that stand on one side alone: what they stand for must have a value.
    pub loses: &'static [Meta],
    /// How far its sides are apart.
    pub remainder: Remainder,
    /// Is its proof stored as a certificate and checked at each use?
    pub lemma: bool,
    /// Builds both sides.
    pub build: fn(&mut Instance) -> Result<(Expr, Expr), Rejected>,
}

impl Schema {
    /// What rows leave out.
    const ROW: Schema = Schema {
        name: "",
        statement: "",
        conditions: "",
        source: "",
        letters: &[],
        loses: &[],
        remainder: Remainder::None,
        lemma: false,
        build: |_| Err(Rejected::because("a rule without sides")),
    };
}

/// All laws, in the order of `referee explain`.
pub fn rules() -> impl Iterator<Item = &'static Schema> {
    integrals::ROWS.iter().chain(logarithms::ROWS).chain(calculus::ROWS)
}

/// The law of a name.
pub fn rule(id: RuleId) -> Option<&'static Schema> {
    rules().find(|row| row.name == id.0)
}

/// A rule while its letters are put in.
pub struct Instance<'a> {
    /// Where the expressions live.
    pub store: &'a mut Store,
    /// What is declared.
    pub context: &'a Context,
    with: &'a [(Meta, Expr)],
    /// The conditions of this instance, seen from its place.
    pub met: Vec<Met>,
}

impl<'a> Instance<'a> {
    /// An instance of a rule; each letter is given at most once and holds no hole.
    pub fn new(
        store: &'a mut Store,
        context: &'a Context,
        with: &'a [(Meta, Expr)],
    ) -> Result<Instance<'a>, Rejected> {
        let twice = with.iter().enumerate().any(|(at, (meta, _))| with[..at].iter().any(|(m, _)| m == meta));
        if twice || with.iter().any(|(_, e)| has_reserved(store, *e)) {
            return Err(Rejected::because("a letter is given twice, or holds a reserved symbol"));
        }
        Ok(Instance { store, context, with, met: Vec::new() })
    }

    /// What a letter stands for.
    pub fn get(&self, meta: Meta) -> Result<Expr, Rejected> {
        self.optional(meta).ok_or_else(|| Rejected::because("a letter of the rule is not given"))
    }

    fn optional(&self, meta: Meta) -> Option<Expr> {
        self.with.iter().find(|(m, _)| *m == meta).map(|(_, e)| *e)
    }

    /// What a letter stands for, which must be a scalar.
    fn scalar(&self, meta: Meta) -> Result<Expr, Rejected> {
        let e = self.get(meta)?;
        if self.store.shape(e).is_scalar() { Ok(e) } else { Err(Rejected::because("shapes do not agree")) }
    }

    /// A letter that stands for a declared density.
    fn density(&self, meta: Meta) -> Result<SymbolId, Rejected> {
        let symbol = self.store.as_symbol(self.get(meta)?);
        symbol
            .filter(|id| self.context.densities.iter().any(|d| d.symbol == *id))
            .ok_or_else(|| Rejected::because("not a declared density"))
    }

    /// p(x | a); a density without a parameter takes 0 for it.
    fn density_at(&mut self, density: SymbolId, x: Expr, a: Expr) -> Result<Expr, Rejected> {
        let declared = self.context.densities.iter().find(|d| d.symbol == density);
        match declared.map(|d| d.parameter) {
            Some(Some(parameter)) if self.store.shape(parameter) == self.store.shape(a) => {
                Ok(self.store.apply(density, vec![x, a]))
            }
            Some(None) if a == Store::ZERO => Ok(self.store.apply(density, vec![x])),
            _ => Err(Rejected::because("shapes do not agree")),
        }
    }

    /// The symbol that stands for a bound variable while a side is built.
    fn variable(&mut self, name: &str, shape: Shape) -> Expr {
        self.store.symbol(Symbol { name: format!("□{name}"), shape, integer: false })
    }

    /// The sample variable.
    fn x(&mut self) -> Expr {
        self.variable("x", Shape::SCALAR)
    }

    /// The variable of a derivative at a point.
    fn t(&mut self, at: Expr) -> Expr {
        let shape = self.store.shape(at);
        self.variable("t", shape)
    }

    /// The body of a function at an argument.
    fn open(&mut self, body: Expr, argument: Expr) -> Expr {
        self.store.instantiate(body, argument)
    }

    /// The function of a variable.
    fn close(&mut self, e: Expr, variable: Expr) -> Expr {
        self.store.abstract_over(e, variable, false)
    }

    fn log(&mut self, e: Expr) -> Expr {
        self.store.call_named("log", vec![e])
    }

    /// Notes a condition outside of the binders of the rule.
    fn require(&mut self, condition: Condition) {
        push(&mut self.met, Met::outside(condition));
    }

    /// Notes a condition on an expression in x, for all x in the sample space.
    fn require_for_all_x(&mut self, density: SymbolId, x: Expr, e: Expr, condition: fn(Expr) -> Condition) {
        let body = self.close(e, x);
        push(&mut self.met, Met { condition: condition(body), under: vec![Binding::Sample(density)] });
    }

    /// t ↦ `body` is so often continuously differentiable around a point.
    fn smooth(&mut self, body: Expr, at: Expr, order: u32) {
        self.require(Condition::Smooth { body, at, order });
    }

    /// A product in order, scalars anywhere.
    fn times(&mut self, factors: impl IntoIterator<Item = Expr>) -> Expr {
        self.store.chain(factors)
    }

    /// L·e·R with the constants that are given.
    fn between(&mut self, e: Expr, left: Option<Expr>, right: Option<Expr>) -> Expr {
        let factors: Vec<Expr> = left.into_iter().chain([e]).chain(right).collect();
        self.times(factors)
    }
}
