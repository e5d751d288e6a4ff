//! Moves of an order: Taylor's formula where an argument holds something small, and monomials that are too small.
//!
//! With `small d` and second order, log p(x, θ + d) becomes log p + ∇log p'd + ½ d'∇²log p d, and `d'd·η` goes.

use crate::claim::{Context, Limit};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;
use crate::proof::Meta::{A, D, F, U};

use super::moves::{Builder, Move, single};
use super::view::{Term, replace, terms};

/// The order to which two sides are compared.
#[derive(Clone, Debug)]
pub struct Order {
    /// What tends to 0.
    pub limit: Limit,
    /// The total weight beyond which a term is dropped.
    pub order: Rational,
    /// Whether a term of exactly this weight is dropped as well: O rather than o.
    pub big: bool,
}

impl Order {
    /// Is a term of this weight beyond the order?
    fn is_beyond(&self, weight: &Rational) -> bool {
        if self.big { *weight >= self.order } else { *weight > self.order }
    }

    fn weight_of_symbol(&self, e: Expr) -> Option<&Rational> {
        self.limit.symbols.iter().find(|(symbol, _)| *symbol == e).map(|(_, weight)| weight)
    }

    /// The symbols that tend to 0 themselves.
    fn small(&self) -> Vec<Expr> {
        self.limit.symbols.iter().filter(|(_, w)| w.is_positive()).map(|(e, _)| *e).collect()
    }

    /// The least total weight of explicit factors of an expression.
    pub fn weight(&self, store: &Store, e: Expr) -> Rational {
        if let Some(weight) = self.weight_of_symbol(e) {
            return weight.clone();
        }
        match &store[e] {
            Node::Sum(_) => {
                let list = terms(store, e);
                let weights = list.iter().map(|term| self.weight_of_term(store, term));
                weights.reduce(|a, b| if b < a { b } else { a }).unwrap_or(Rational::ZERO)
            }
            Node::Product(list) | Node::Chain(list) => {
                list.iter().map(|f| self.weight(store, *f)).fold(Rational::ZERO, |a, b| &a + &b)
            }
            Node::Power(base, exponent) => match store.as_number(*exponent) {
                Some(q) => q * &self.weight(store, *base),
                None => Rational::ZERO,
            },
            Node::Transpose(a) => self.weight(store, *a),
            Node::Expectation { body, .. } | Node::SampleIntegral { body, .. } => self.weight(store, *body),
            _ => Rational::ZERO,
        }
    }

    fn weight_of_term(&self, store: &Store, term: &Term) -> Rational {
        let scalars = term.scalars.iter().map(|(base, power)| power * &self.weight(store, *base));
        let chain = term.chain.iter().map(|e| self.weight(store, *e));
        scalars.chain(chain).fold(Rational::ZERO, |a, b| &a + &b)
    }

    /// The degree that Taylor's formula needs beside factors that grow.
    pub fn degree(&self) -> u32 {
        let growing = self.limit.symbols.iter().map(|(_, w)| w).filter(|w| w.is_negative());
        let needed = growing.fold(self.order.clone(), |sum, w| &sum - w);
        let steps = self.limit.symbols.iter().map(|(_, w)| w).filter(|w| w.is_positive());
        let least = steps.cloned().reduce(|a, b| if b < a { b } else { a }).unwrap_or(Rational::ONE);
        let powers = least.recip().map_or_else(|| needed.clone(), |r| &needed * &r);
        super::chain::whole(&powers).max(1)
    }

    /// The places under an expectation whose measure moves with the limit: nothing may be neglected there.
    pub fn below_moving_measures(&self, store: &Store, state: Expr) -> Vec<Expr> {
        let small = self.small();
        let mut list = Vec::new();
        for place in store.post_order(&[state]) {
            if let Node::Expectation { parameter, body, .. } = &store[place]
                && store.mentions(*parameter, &small)
            {
                list.extend(store.post_order(&[*body]));
            }
        }
        list
    }

    /// Does a divergence occur whose first argument moves with the limit?
    pub fn has_moving_measure(&self, store: &Store, states: &[Expr]) -> bool {
        let small = self.small();
        store.post_order(states).into_iter().any(|place| match &store[place] {
            Node::Divergence { from, .. } => store.mentions(*from, &small),
            _ => false,
        })
    }

    /// Drops every term of a state that is beyond the order.
    pub fn drop(&self, store: &mut Store, context: &Context, state: Expr) -> Option<Move> {
        let mut beyond = terms(store, state);
        beyond.retain(|term| self.is_beyond(&self.weight_of_term(store, term)));
        let beyond: Vec<Expr> = beyond.iter().map(|term| term.build(store)).collect();
        let mut builder = Builder::new(store, context, state);
        for term in beyond {
            // The rest of the sum is the context of the step: the term itself need not occur as a node.
            builder.step_in_sum("drop", &[(U, term)], term)?;
        }
        builder.done()
    }

    /// Taylor's formula for an abstract function, its logarithm, a Fisher information or a divergence, of which one
    /// argument holds something small.
    pub fn taylor(&self, store: &mut Store, context: &Context, redex: Expr, degree: u32) -> Option<Move> {
        if degree > 2 {
            return None;
        }
        let head = match &store[redex] {
            Node::Call(function, list) if function.row().name == "log" => list[0],
            _ => redex,
        };
        let small = self.small();
        let arguments: Vec<Expr> = match &store[head] {
            Node::Apply(_, arguments) => arguments.to_vec(),
            Node::Fisher { at, .. } => vec![*at],
            Node::Divergence { from, to, .. } => vec![*from, *to],
            _ => return None,
        };
        let degree = if matches!(store[head], Node::Fisher { .. }) { 0 } else { degree };
        let moving: Vec<Expr> = arguments.into_iter().filter(|e| store.mentions(*e, &small)).collect();
        let [argument] = moving.as_slice() else { return None };
        let (argument, shape) = (*argument, store.shape(*argument));
        let list = terms(store, argument);
        let (near, far): (Vec<Term>, Vec<Term>) = list.into_iter().partition(|term| {
            let weight = self.weight_of_term(store, term);
            weight.is_positive()
        });
        let sum = |store: &mut Store, list: &[Term]| {
            let built: Vec<Expr> = list.iter().map(|term| term.build(store)).collect();
            if built.is_empty() { store.zero(shape) } else { store.sum(built) }
        };
        let (a, d) = (sum(store, &far), sum(store, &near));
        if near.is_empty() || store.mentions(a, &small) {
            return None;
        }
        // Below its own binder the function sees everything else one binder further out.
        let below = store.shift(redex, 1);
        let argument = store.shift(argument, 1);
        let t = store.bound(0, shape, false);
        let f = replace(store, below, argument, t);
        let rule = ["taylor-0", "taylor-1", "taylor-2"][degree as usize];
        single(store, context, redex, (rule, &[(F, f), (A, a), (D, d)], false))
    }
}
