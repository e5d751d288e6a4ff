//! How the search looks at a normalized expression: Σ coefficient · scalars · one chain of matrices.
//!
//! `½·p(x)·(s'd)²` is the term with coefficient ½, scalars p(x)¹ and (s'd)², and no chain. The constant part of a
//! term under a binder is what does not mention the binder's variable: `(s'd)² = d'(s s')d` has d' on the left and d on the
//! right of s s'.

use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// One term of a sum.
#[derive(Clone, Debug)]
pub struct Term {
    /// The rational factor.
    pub coefficient: Rational,
    /// Scalar factors with their powers.
    pub scalars: Vec<(Expr, Rational)>,
    /// The matrices, in order; empty for a scalar without an open chain.
    pub chain: Vec<Expr>,
}

/// The terms of an expression; none for a zero.
pub fn terms(store: &Store, e: Expr) -> Vec<Term> {
    match &store[e] {
        Node::Zero(_) => Vec::new(),
        Node::Number(q) if q.is_zero() => Vec::new(),
        Node::Sum(list) => list
            .iter()
            .filter(|(c, _)| !c.is_zero())
            .flat_map(|(c, t)| match &store[*t] {
                // 2·(x + 1) stands as one term.
                Node::Sum(_) => terms_shallow(store, *t)
                    .into_iter()
                    .map(|term| Term { coefficient: c * &term.coefficient, ..term })
                    .collect(),
                _ => vec![term(store, c.clone(), *t)],
            })
            .collect(),
        _ => vec![term(store, Rational::ONE, e)],
    }
}

fn terms_shallow(store: &Store, e: Expr) -> Vec<Term> {
    match &store[e] {
        Node::Sum(list) => list.iter().map(|(c, t)| term(store, c.clone(), *t)).collect(),
        _ => vec![term(store, Rational::ONE, e)],
    }
}

fn term(store: &Store, coefficient: Rational, e: Expr) -> Term {
    let mut result = Term { coefficient, scalars: Vec::new(), chain: Vec::new() };
    let single = [e];
    let factors: &[Expr] = match &store[e] {
        Node::Product(list) => list,
        _ => &single,
    };
    for factor in factors {
        result.push(store, *factor);
    }
    result
}

impl Term {
    fn push(&mut self, store: &Store, factor: Expr) {
        match &store[factor] {
            Node::Number(q) => self.coefficient = &self.coefficient * q,
            Node::Chain(list) if !store.shape(factor).is_scalar() => self.chain.extend(list.iter().copied()),
            _ if !store.shape(factor).is_scalar() => self.chain.push(factor),
            Node::Power(base, exponent) => match store.as_number(*exponent) {
                Some(q) => self.scalars.push((*base, q.clone())),
                None => self.scalars.push((factor, Rational::ONE)),
            },
            _ => self.scalars.push((factor, Rational::ONE)),
        }
    }

    /// The expression of the term.
    pub fn build(&self, store: &mut Store) -> Expr {
        let mut factors = vec![store.number(self.coefficient.clone())];
        for (base, power) in &self.scalars {
            let exponent = store.number(power.clone());
            factors.push(store.pow(*base, exponent));
        }
        factors.extend(self.chain.iter().copied());
        store.chain(factors)
    }
}

/// Every occurrence of `from` replaced by `to` as it stands: bound variables in `to` are captured, as in a hole.
pub fn replace(store: &mut Store, e: Expr, from: Expr, to: Expr) -> Expr {
    let mut images = Images::default();
    for node in store.post_order(&[e]) {
        let image = if node == from { to } else { store.rebuild(node, &mut |_, child| images[&child]) };
        images.insert(node, image);
    }
    images[&e]
}

/// Is the expression free of the variable bound directly outside of it?
pub fn is_constant(store: &Store, e: Expr) -> bool {
    !store.mentions_bound(e, 0)
}

/// An expression that is free of the variable bound directly outside of it, seen from outside of that binder.
pub fn lowered(store: &mut Store, e: Expr) -> Expr {
    store.instantiate(e, Store::ZERO)
}

/// A term under a binder as k·left·varying·right: k, left and right do not mention the binder's variable. A missing matrix
/// is `None`.
#[derive(Clone, Debug)]
pub struct Split {
    /// The constant scalar.
    pub scalar: Expr,
    /// The constant matrix on the left.
    pub left: Option<Expr>,
    /// What varies.
    pub varying: Expr,
    /// The constant matrix on the right.
    pub right: Option<Expr>,
}

/// Takes the constants out of a term.
pub fn split_constants(store: &mut Store, term: &Term) -> Split {
    let (fixed, mut varying): (Vec<_>, Vec<_>) =
        term.scalars.iter().cloned().partition(|(base, _)| is_constant(store, *base));
    let mut chain = term.chain.clone();
    if chain.iter().all(|e| is_constant(store, *e)) && !chain.is_empty() {
        // A constant matrix times a varying scalar: the whole chain stands on the left.
        let scalar = Term { scalars: fixed, chain: Vec::new(), ..term.clone() }.build(store);
        let closed = close(store, &mut varying, Vec::new());
        let (left, inner, right) = edges(store, &closed);
        let varying = Term { coefficient: Rational::ONE, scalars: varying, chain: inner }.build(store);
        if left.is_empty() && right.is_empty() {
            let left = Some(store.chain(chain));
            return Split { scalar, left, varying, right: None };
        }
        // A closed chain would need a second pair of hands; leave its constants inside.
        let whole = store.chain(closed.into_iter().chain([varying]));
        let left = Some(store.chain(chain));
        return Split { scalar, left, varying: whole, right: None };
    }
    chain = close(store, &mut varying, chain);
    let scalar = Term { scalars: fixed, chain: Vec::new(), ..term.clone() }.build(store);
    let (left, inner, right) = edges(store, &chain);
    let varying = Term { coefficient: Rational::ONE, scalars: varying, chain: inner }.build(store);
    let wrap =
        |store: &mut Store, list: Vec<Expr>| if list.is_empty() { None } else { Some(store.chain(list)) };
    let (left, right) = (wrap(store, left), wrap(store, right));
    Split { scalar, left, varying, right }
}

/// The constant matrices before the first varying one, the middle, the constant ones after the last varying one.
fn edges(store: &Store, chain: &[Expr]) -> (Vec<Expr>, Vec<Expr>, Vec<Expr>) {
    let varies = |e: &Expr| !is_constant(store, *e);
    let Some(first) = chain.iter().position(varies) else {
        return (chain.to_vec(), Vec::new(), Vec::new());
    };
    let last = chain.iter().rposition(varies).expect("one varies");
    (chain[..first].to_vec(), chain[first..=last].to_vec(), chain[last + 1..].to_vec())
}

/// Moves closed chains from the scalars into the open one where that brings their constants to its ends:
/// `(s'd)²` becomes `d' s s' d`, and `s (s'd)` becomes `s s' d`.
fn close(store: &mut Store, scalars: &mut Vec<(Expr, Rational)>, mut chain: Vec<Expr>) -> Vec<Expr> {
    if chain.is_empty() {
        let Some(found) = take_closed(store, scalars, |store, list| {
            let (left, _, right) = edges(store, list);
            !left.is_empty() || !right.is_empty()
        }) else {
            return chain;
        };
        let (left, ..) = edges(store, &found);
        chain = if left.is_empty() { reversed(store, &found) } else { found };
    }
    let (left, _, right) = edges(store, &chain);
    let ends = |store: &Store, list: &[Expr]| {
        let (left, inner, right) = edges(store, list);
        !inner.is_empty() && left.is_empty() != right.is_empty()
    };
    let one = crate::expr::Dimension::Fixed(1);
    let (first, last) = (chain[0], chain[chain.len() - 1]);
    if right.is_empty() && store.shape(last).columns == one {
        if let Some(found) = take_closed(store, scalars, ends) {
            let (left, ..) = edges(store, &found);
            let found = if left.is_empty() { found } else { reversed(store, &found) };
            chain.extend(found);
        }
    } else if left.is_empty()
        && store.shape(first).rows == one
        && let Some(found) = take_closed(store, scalars, ends)
    {
        let (left, ..) = edges(store, &found);
        let mut found = if left.is_empty() { reversed(store, &found) } else { found };
        found.append(&mut chain);
        chain = found;
    }
    chain
}

/// Takes one factor out of the scalars that is a closed chain as wanted.
fn take_closed(
    store: &Store,
    scalars: &mut Vec<(Expr, Rational)>,
    wanted: impl Fn(&Store, &[Expr]) -> bool,
) -> Option<Vec<Expr>> {
    let position = scalars.iter().position(|(base, power)| {
        power.is_integer()
            && power.is_positive()
            && matches!(&store[*base], Node::Chain(list) if wanted(store, list))
    })?;
    let Node::Chain(list) = &store[scalars[position].0] else { return None };
    let list = list.to_vec();
    if scalars[position].1.is_one() {
        scalars.remove(position);
    } else {
        scalars[position].1 = &scalars[position].1 - &Rational::ONE;
    }
    Some(list)
}

/// The transpose of a chain, factor by factor.
pub fn reversed(store: &mut Store, chain: &[Expr]) -> Vec<Expr> {
    chain.iter().rev().map(|e| store.transpose(*e)).collect()
}

/// Two sums without the terms they share, and those.
pub fn apart(store: &mut Store, left: Expr, right: Expr) -> (Expr, Expr, Expr) {
    let shape = store.shape(left);
    let built = |store: &mut Store, e: Expr| -> Vec<Expr> {
        terms(store, e).iter().map(|term| term.build(store)).collect()
    };
    let (l, r) = (built(store, left), built(store, right));
    let common: Vec<Expr> = l.iter().copied().filter(|e| r.contains(e)).collect();
    let mut rest = |list: &[Expr]| {
        let own: Vec<Expr> = list.iter().copied().filter(|e| !common.contains(e)).collect();
        if own.is_empty() { store.zero(shape) } else { store.sum(own) }
    };
    let (l, r) = (rest(&l), rest(&r));
    let common = if common.is_empty() { store.zero(shape) } else { store.sum(common.iter().copied()) };
    (l, r, common)
}
