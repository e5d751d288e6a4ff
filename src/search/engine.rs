//! States and the moves between them: an expression in ring normal form, and what one move makes of it.
//!
//! Two sides grow towards each other; where both have reached one expression, the moves of the left side and those of
//! the right side backwards are a chain from left to right.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::claim::{Assumption, Context};
use crate::expr::{DerivativeKind, Expr, Images, Node, Store};
use crate::proof::Meta;
use crate::proof::Meta::{E, U, V};
use crate::proof::ring::Ring;

use super::moves::{Builder, Move, single};
use super::taylor::Order;
use super::view::{replace, terms};
use super::{density, derivative};

/// A reached expression, and how it was reached.
#[derive(Clone, Debug)]
pub struct State {
    /// The expression, in normal form.
    pub expr: Expr,
    /// The state before and the move from it.
    pub from: Option<(usize, Rc<Move>)>,
}

/// The states reached from one side.
#[derive(Clone, Debug, Default)]
pub struct Side {
    /// In the order in which they were reached.
    pub states: Vec<State>,
    index: FxHashMap<Expr, usize>,
}

impl Side {
    /// A side that has reached its own start alone.
    pub fn new(start: Expr) -> Side {
        let mut side = Side::default();
        side.reach(start, None);
        side
    }

    /// Notes a state; `None` when it was reached before.
    pub fn reach(&mut self, expr: Expr, from: Option<(usize, Rc<Move>)>) -> Option<usize> {
        if self.index.contains_key(&expr) {
            return None;
        }
        self.index.insert(expr, self.states.len());
        self.states.push(State { expr, from });
        Some(self.states.len() - 1)
    }

    /// Where an expression was reached.
    pub fn find(&self, expr: Expr) -> Option<usize> {
        self.index.get(&expr).copied()
    }

    /// The moves that lead to a state, first to last, each with the expression it starts from.
    pub fn path(&self, mut at: usize) -> Vec<(Expr, Rc<Move>)> {
        let mut path = Vec::new();
        while let Some((before, step)) = &self.states[at].from {
            path.push((self.states[*before].expr, step.clone()));
            at = *before;
        }
        path.reverse();
        path
    }
}

/// What the search works with for one claim.
pub struct Engine<'a> {
    /// Normal forms; also the store.
    pub ring: Ring<'a>,
    /// What is declared.
    pub context: &'a Context,
    /// The order of the claim, if it has one.
    pub order: Option<Order>,
    /// The only rules that may be used, if the text names them.
    pub allowed: Option<Vec<&'static str>>,
    /// How many moves were tried.
    pub tried: usize,
    memo: FxHashMap<Expr, Rc<Vec<Rc<Move>>>>,
}

impl<'a> Engine<'a> {
    /// A search that has not tried anything.
    pub fn new(store: &'a mut Store, context: &'a Context, order: Option<Order>) -> Engine<'a> {
        let ring = Ring::new(store, context);
        Engine { ring, context, order, allowed: None, tried: 0, memo: FxHashMap::default() }
    }

    /// The normal form; `None` beyond the kernel's budget.
    pub fn normal(&mut self, e: Expr) -> Option<Expr> {
        self.ring.normal(e).ok().map(|normal| normal.expr)
    }

    /// What a move makes of a state.
    pub fn apply(&mut self, state: Expr, step: &Move) -> Option<Expr> {
        self.tried += 1;
        let next = replace(self.ring.store, state, step.redex, step.result);
        self.normal(next)
    }

    /// All moves at one place, whatever the level.
    pub fn moves_at(&mut self, redex: Expr) -> Rc<Vec<Rc<Move>>> {
        if let Some(known) = self.memo.get(&redex) {
            return known.clone();
        }
        let mut out = Vec::new();
        let (store, context) = (&mut *self.ring.store, self.context);
        density::moves(store, context, redex, &mut out);
        derivative::moves(store, context, redex, &mut out);
        logarithms(store, context, redex, &mut out);
        given(store, context, redex, &mut out);
        unlogged(store, context, redex, &mut out);
        if let Some(order) = &self.order {
            out.extend(order.taylor(store, context, redex, order.degree()));
        }
        if let Some(allowed) = &self.allowed {
            out.retain(|step| step.steps.iter().all(|micro| allowed.contains(&micro.rule)));
        }
        let list: Rc<Vec<Rc<Move>>> = Rc::new(out.into_iter().map(Rc::new).collect());
        self.memo.insert(redex, list.clone());
        list
    }

    /// The places of a state at which something may happen, innermost first.
    pub fn places(&self, state: Expr) -> Vec<Expr> {
        let store = &*self.ring.store;
        store.post_order(&[state]).into_iter().filter(|e| is_place(store, *e)).collect()
    }

    /// Drops what is beyond the order.
    pub fn drop(&mut self, state: Expr) -> Option<Move> {
        let order = self.order.clone()?;
        order.drop(self.ring.store, self.context, state)
    }
}

fn is_place(store: &Store, e: Expr) -> bool {
    !matches!(
        store[e],
        Node::Number(_)
            | Node::Bound(..)
            | Node::Sum(_)
            | Node::Product(_)
            | Node::Zero(_)
            | Node::Identity(_)
    )
}

/// log(u v) → log u + log v and log(uᵉ) → e log u to the end; log 1 → 0; log exp u → u, exp log u → u.
fn logarithms(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    let Node::Call(function, list) = &store[redex] else { return };
    let (name, u) = (function.row().name, list.first().copied());
    let Some(u) = u else { return };
    if name == "exp" || name == "log" {
        let (rule, inverse) = if name == "log" { ("log-exp", "exp") } else { ("exp-log", "log") };
        if let Node::Call(inner, list) = store[u].clone()
            && inner.row().name == inverse
        {
            out.extend(single(store, context, redex, (rule, &[(U, list[0])], false)));
            return;
        }
    }
    if name != "log" {
        return;
    }
    if u == Store::ONE {
        out.extend(single(store, context, redex, ("log-one", &[], false)));
        return;
    }
    let parts = terms(store, u);
    let [term] = parts.as_slice() else { return };
    let mut factors: Vec<(Expr, crate::number::Rational)> = term.scalars.clone();
    if !term.coefficient.is_one() {
        if term.coefficient.is_negative() {
            return;
        }
        let number = store.number(term.coefficient.clone());
        factors.insert(0, (number, crate::number::Rational::ONE));
    }
    let mut builder = Builder::new(store, context, redex);
    let powers: Vec<Expr> = factors
        .iter()
        .map(|(base, power)| {
            let exponent = builder.store.number(power.clone());
            builder.store.pow(*base, exponent)
        })
        .collect();
    let mut place = redex;
    for at in 0..powers.len().saturating_sub(1) {
        let rest = builder.store.product(powers[at + 1..].iter().copied());
        if builder.step("log-product", &[(U, powers[at]), (V, rest)], place).is_none() {
            return;
        }
        place = builder.store.call_named("log", [rest]);
    }
    for ((base, power), whole) in factors.iter().zip(&powers) {
        if !power.is_one() {
            let exponent = builder.store.number(power.clone());
            let place = builder.store.call_named("log", [*whole]);
            if builder.step("log-power", &[(U, *base), (E, exponent)], place).is_none() {
                return;
            }
        }
    }
    out.extend(builder.done());
}

/// What the text assumes: an equation as it stands, or a law for all arguments of a density or function.
fn given(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    for assumption in &context.assumptions {
        let Assumption::Equal(left, right) = assumption else { continue };
        for (from, backwards) in [(*left, false), (*right, true)] {
            if from == redex {
                let letters = [(U, *left), (V, *right)];
                out.extend(single(store, context, redex, ("given", &letters, backwards)));
            }
        }
        if let Some(images) = arguments_of(store, *left, redex) {
            let map: Images = images.iter().copied().collect();
            let sides = (store.substitute(*left, &map), store.substitute(*right, &map));
            if sides.0 == redex && redex != *left {
                let mut letters = vec![(U, sides.0), (V, sides.1)];
                letters.extend(
                    [Meta::A, Meta::B, Meta::C, Meta::D].into_iter().zip(images.iter().map(|(_, a)| *a)),
                );
                out.extend(single(store, context, redex, ("given", &letters, false)));
            }
        }
    }
}

/// The arguments of `redex` for the symbols of `f(x, y)` or `log f(x, y)`.
fn arguments_of(store: &Store, left: Expr, redex: Expr) -> Option<Vec<(Expr, Expr)>> {
    let head = |e: Expr| match &store[e] {
        Node::Call(function, list) if function.row().name == "log" => (true, list[0]),
        _ => (false, e),
    };
    let ((logged, left), (also, found)) = (head(left), head(redex));
    let (Node::Apply(f, symbols), Node::Apply(g, arguments)) = (&store[left], &store[found]) else {
        return None;
    };
    let fits = logged == also && f == g && symbols.iter().all(|s| store.as_symbol(*s).is_some());
    fits.then(|| symbols.iter().copied().zip(arguments.iter().copied()).collect())
}

/// ∇p → p ∇log p for a declared density: `grad-log` from right to left.
fn unlogged(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    let Node::Derivative { kind: DerivativeKind::Gradient, body, at } = store[redex] else { return };
    let Node::Apply(symbol, _) = &store[body] else { return };
    if context.densities.iter().any(|density| density.symbol == *symbol) {
        let mut builder = Builder::new(store, context, redex);
        builder.scaled_log(body, at);
        out.extend(builder.done());
    }
}
