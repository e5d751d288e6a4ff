//! Powers of what tends to 0: how many a term has, and what a remainder is compared with.
//!
//! With `small d`, ½ d'Fd has degree 2 and L(θ) + ∇L'd has degrees 0 to 1; with `scale d ~ tau, lambda ~ 1/tau` the degree
//! of ½ λ d'Fd is 1. What is no polynomial in d, such as L(θ + d), has no degree.

use rustc_hash::FxHashMap;

use crate::claim::Limit;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// The least and the greatest degree among the terms of an expression.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Degrees {
    pub least: Rational,
    pub greatest: Rational,
}

/// What the argument of `o(·)` is.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Size {
    /// A power of what tends to 0, of this total weight.
    Power(Rational),
    /// Nothing in it tends to 0.
    Fixed,
    /// Neither is plain from its form.
    Unclear,
}

/// The degrees of an expression in the given symbols, each with its weight; `None` where it is no polynomial in them.
pub(super) fn degrees(store: &Store, e: Expr, small: &[(Expr, Rational)]) -> Option<Degrees> {
    let mut found: FxHashMap<Expr, Option<Degrees>> = FxHashMap::default();
    for node in store.post_order(&[e]) {
        let degrees = of_node(store, node, small, &found);
        found.insert(node, degrees);
    }
    found.remove(&e).flatten()
}

fn single(degree: Rational) -> Degrees {
    Degrees { least: degree.clone(), greatest: degree }
}

fn of_node(
    store: &Store,
    e: Expr,
    small: &[(Expr, Rational)],
    found: &FxHashMap<Expr, Option<Degrees>>,
) -> Option<Degrees> {
    let of = |child: Expr| found.get(&child).cloned().flatten();
    let fixed = single(Rational::ZERO);
    match &store[e] {
        Node::Symbol(_) => Some(match small.iter().find(|(symbol, _)| *symbol == e) {
            Some((_, weight)) => single(weight.clone()),
            None => fixed,
        }),
        Node::Sum(terms) => terms.iter().map(|(_, t)| of(*t)).reduce(range_of).flatten(),
        Node::Matrix(_, list) => list.iter().map(|t| of(*t)).reduce(range_of).flatten(),
        Node::Product(list) | Node::Chain(list) => list.iter().try_fold(fixed, |sum, factor| {
            let factor = of(*factor)?;
            Some(Degrees { least: &sum.least + &factor.least, greatest: &sum.greatest + &factor.greatest })
        }),
        Node::Power(base, exponent) => {
            let base = of(*base)?;
            match store.as_number(*exponent) {
                Some(n) if base.least == base.greatest => Some(single(n * &base.least)),
                Some(n) if n.is_integer() && n.is_positive() => {
                    Some(Degrees { least: n * &base.least, greatest: n * &base.greatest })
                }
                _ => (base == fixed && of(*exponent)? == fixed).then_some(fixed),
            }
        }
        Node::Transpose(a) => of(*a),
        Node::Inverse(a) => of(*a).filter(|a| a.least == a.greatest).map(|a| single(-&a.least)),
        Node::Index(a, _) => of(*a),
        Node::Call(function, arguments) if function.row().name == "abs" => of(arguments[0]),
        Node::Call(function, arguments) if function.row().name == "sqrt" => of(arguments[0])
            .filter(|square| square.least == square.greatest)
            .map(|square| single(&square.least * &Rational::new(1, 2))),
        Node::Expectation { parameter, body, .. } if of(*parameter)? == fixed => of(*body),
        Node::SampleIntegral { body, .. } => of(*body),
        Node::Range { from, to, body, .. } if of(*from)? == fixed && of(*to)? == fixed => of(*body),
        Node::Derivative { at, body, .. } if of(*at)? == fixed => of(*body),
        node => node.children().all(|child| of(child).as_ref() == Some(&fixed)).then_some(fixed),
    }
}

fn range_of(a: Option<Degrees>, b: Option<Degrees>) -> Option<Degrees> {
    let (a, b) = (a?, b?);
    Some(Degrees { least: a.least.min(b.least), greatest: a.greatest.max(b.greatest) })
}

/// What the argument of a remainder is, as far as its form shows it.
pub(super) fn remainder(store: &Store, limit: &Limit, g: Expr) -> Size {
    let small = &limit.symbols;
    let symbols: Vec<Expr> = small.iter().map(|(symbol, _)| *symbol).collect();
    if store.as_number(g).is_some_and(|g| !g.is_zero()) {
        return Size::Power(Rational::ZERO);
    }
    if !store.mentions(g, &symbols) {
        return Size::Fixed;
    }
    match degrees(store, g, small) {
        Some(degrees) if is_size(store, g, &symbols) && !degrees.least.is_negative() => {
            Size::Power(degrees.least)
        }
        Some(degrees) if !degrees.greatest.is_positive() => Size::Fixed,
        _ => Size::Unclear,
    }
}

/// Is this, up to factors that stay fixed, a power of the size of what tends to 0? `d'v` is not: it may vanish.
fn is_size(store: &Store, e: Expr, small: &[Expr]) -> bool {
    let mut stack = vec![e];
    while let Some(e) = stack.pop() {
        if !store.mentions(e, small) {
            continue;
        }
        match &store[e] {
            Node::Symbol(_) => {}
            Node::Product(list) => stack.extend(list.iter().copied()),
            Node::Sum(terms) if terms.len() == 1 => stack.push(terms[0].1),
            Node::Sum(terms) if terms.iter().all(|(c, t)| c.is_positive() && is_norm(store, *t)) => {}
            Node::Power(base, exponent) if store.as_number(*exponent).is_some() => stack.push(*base),
            Node::Call(function, arguments) if matches!(function.row().name, "abs" | "sqrt") => {
                stack.push(arguments[0]);
            }
            Node::Chain(list) => match list[..] {
                [a, b] if store[a] == Node::Transpose(b) => stack.push(b),
                _ => return false,
            },
            _ => return false,
        }
    }
    true
}

/// (u'u)^q.
fn is_norm(store: &Store, e: Expr) -> bool {
    let base = match &store[e] {
        Node::Power(base, _) => *base,
        Node::Call(function, arguments) if function.row().name == "sqrt" => arguments[0],
        _ => e,
    };
    matches!(&store[base], Node::Chain(list) if matches!(list[..], [a, b] if store[a] == Node::Transpose(b)))
}
