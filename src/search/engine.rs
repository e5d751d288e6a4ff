//! States and the moves between them: an expression in ring normal form, and what one move makes of it.
//!
//! Two sides grow towards each other; where both have reached one expression, the moves of the left side and those of
//! the right side backwards are a chain from left to right.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::claim::Context;
use crate::expr::{Expr, Node, Store};
use crate::proof::ring::Ring;

use super::moves::Move;
use super::taylor::Order;
use super::view::replace;
use super::{density, derivative, family, given, scalars};

/// The most nodes of all states to which moves are applied.
const MOST_WORK: usize = 400_000;

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

    /// Leads to a known state on another way, if that is no longer than the known one.
    pub fn reroute(&mut self, known: usize, (at, step): (usize, Rc<Move>)) {
        if self.path(at).len() < self.path(known).len() {
            self.states[known].from = Some((at, step));
        }
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
    /// How many nodes the states had to which they were applied.
    pub work: usize,
    /// While a law is expanded: the moves that would fold it again stay out.
    pub expanding: bool,
    /// In the first short search: laws of densities, whose expansion is long, stay out as well.
    pub short: bool,
    memo: [FxHashMap<Expr, Rc<Vec<Rc<Move>>>>; 2],
}

impl<'a> Engine<'a> {
    /// A search that has not tried anything.
    pub fn new(store: &'a mut Store, context: &'a Context, order: Option<Order>) -> Engine<'a> {
        let ring = Ring::new(store, context);
        Engine {
            ring,
            context,
            order,
            allowed: None,
            tried: 0,
            work: 0,
            expanding: false,
            short: false,
            memo: Default::default(),
        }
    }

    /// The normal form; `None` beyond the kernel's budget.
    pub fn normal(&mut self, e: Expr) -> Option<Expr> {
        self.ring.normal(e).ok().map(|normal| normal.expr)
    }

    /// What a move makes of a state.
    pub fn apply(&mut self, state: Expr, step: &Move) -> Option<Expr> {
        self.tried += 1;
        self.work += self.ring.store.size(&[state]);
        if self.work > MOST_WORK {
            return None;
        }
        let next = replace(self.ring.store, state, step.redex, step.result);
        self.normal(next)
    }

    /// All moves at one place, whatever the level.
    pub fn moves_at(&mut self, redex: Expr) -> Rc<Vec<Rc<Move>>> {
        let without_laws = self.expanding || self.short;
        let memo = usize::from(without_laws);
        if let Some(known) = self.memo[memo].get(&redex) {
            return known.clone();
        }
        let mut out = Vec::new();
        let (store, context) = (&mut *self.ring.store, self.context);
        density::moves(store, context, redex, &mut out);
        derivative::moves(store, context, redex, &mut out);
        scalars::moves(store, context, redex, &mut out);
        given::moves(store, context, redex, &mut out);
        if !without_laws {
            family::moves(self, redex, &mut out);
        }
        let (store, context) = (&mut *self.ring.store, self.context);
        if let Some(order) = &self.order {
            out.extend(order.taylor(store, context, redex, order.degree()));
        }
        if let Some(allowed) = &self.allowed {
            out.retain(|step| step.steps.iter().all(|micro| allowed.contains(&micro.rule)));
        }
        let list: Rc<Vec<Rc<Move>>> = Rc::new(out.into_iter().map(Rc::new).collect());
        self.memo[memo].insert(redex, list.clone());
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
