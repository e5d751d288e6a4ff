//! In which order an expression is written, whatever the notation: terms by falling degree, quotients for negative powers.

use std::cmp::Ordering;

use num_traits::One;

use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// The expressions whose text must stand before that of `e` can be put together, bodies of binders not included.
///
/// Factors of products are taken apart into base and power.
pub(super) fn parts_before(store: &Store, e: Expr) -> Vec<Expr> {
    let node = &store[e];
    let mut parts: Vec<Expr> =
        node.children().enumerate().filter(|(at, _)| node.binds(*at) == 0).map(|(_, child)| child).collect();
    let bases = |list: &[Expr]| list.iter().map(|f| store.base_and_power(*f).0).collect::<Vec<_>>();
    if let Node::Product(list) = node {
        parts.extend(bases(list));
    }
    if let Node::Sum(terms) = node {
        for (_, term) in terms.iter() {
            if let Node::Product(list) = &store[*term] {
                parts.extend(bases(list));
                parts.extend(list.iter());
            }
            parts.push(store.base_and_power(*term).0);
        }
    }
    parts
}

/// The terms as they are read: by falling degree, a positive one first where there is one.
pub(super) fn ordered_terms<'a>(store: &Store, terms: &'a [(Rational, Expr)]) -> Vec<&'a (Rational, Expr)> {
    let mut ordered: Vec<&(Rational, Expr)> = terms.iter().collect();
    ordered.sort_by(|a, b| reading_order(store, a.1, b.1));
    if let Some(first) = ordered.iter().position(|(c, _)| !c.is_negative()) {
        let positive = ordered.remove(first);
        ordered.insert(0, positive);
    }
    ordered
}

/// Higher degrees first, the constant last, otherwise structural order.
fn reading_order(store: &Store, a: Expr, b: Expr) -> Ordering {
    let constant = |e: Expr| e == Store::ONE;
    constant(a)
        .cmp(&constant(b))
        .then_with(|| degree(store, b).cmp(&degree(store, a)))
        .then_with(|| store.compare(a, b))
}

/// Sum of the positive integer exponents of symbols.
fn degree(store: &Store, e: Expr) -> i64 {
    let of = |f: Expr| {
        let (base, power) = store.base_and_power(f);
        if store.as_symbol(base).is_some() { power.max(0) } else { 0 }
    };
    match &store[e] {
        Node::Product(list) => list.iter().map(|f| of(*f)).fold(0, i64::saturating_add),
        _ => of(e),
    }
}

/// A factor above or below the bar.
pub(super) enum Factor {
    /// Digits of a positive integer.
    Number(String),
    /// An expression as it stands.
    Whole(Expr),
    /// base ^ exponent.
    Power(Expr, Expr),
    /// base ^ n.
    Repeated(Expr, u64),
}

/// `c·term` for c ≥ 0 as one fraction: factors with negative integer exponents stand below the bar.
pub(super) struct Quotient {
    /// Above, at least one, the number first.
    pub over: Vec<Factor>,
    /// Below, the number first.
    pub under: Vec<Factor>,
}

impl Quotient {
    /// Of a term that is no number.
    pub fn new(store: &Store, c: &Rational, term: Expr) -> Quotient {
        let (mut over, mut under) = (Vec::new(), Vec::new());
        if !c.is_integer() {
            under.push(Factor::Number(c.denominator().to_string()));
        }
        let mut factors = match &store[term] {
            Node::Product(list) => list.to_vec(),
            _ => vec![term],
        };
        factors.sort_by_key(|f| factor_rank(store, *f));
        for factor in factors {
            let (base, power) = store.base_and_power(factor);
            let into = if power < 0 { &mut under } else { &mut over };
            into.push(match (power.unsigned_abs(), &store[factor]) {
                (1, _) if power == -1 || base == factor => match store[base] {
                    Node::Power(b, e) => Factor::Power(b, e),
                    _ => Factor::Whole(base),
                },
                (n, Node::Power(..)) => Factor::Repeated(base, n),
                _ => Factor::Whole(factor),
            });
        }
        let numerator = c.numerator();
        if !numerator.is_one() || over.is_empty() {
            over.insert(0, Factor::Number(numerator.to_string()));
        }
        Quotient { over, under }
    }
}

/// Symbols first, then sums, then calls: `n*(k - 1)*log(x)`; otherwise structural order.
fn factor_rank(store: &Store, factor: Expr) -> u8 {
    match &store[store.base_and_power(factor).0] {
        Node::Number(_) | Node::Symbol(_) | Node::Bound(..) => 0,
        Node::Sum(_) => 1,
        Node::Call(_, arguments) if arguments.is_empty() => 0,
        _ => 2,
    }
}
