//! The structural order of expressions: what makes everything printed deterministic.
//!
//! `1 < x < x^2 < exp(x)`, whatever was interned first. Two different handles are different expressions,
//! so the first pair of children that differ decides, and the comparison walks down one path without
//! recursion.

use std::cmp::Ordering;

use super::node::{Dimension, Expr, Node, Shape};
use super::store::Store;
use crate::number::Rational;

impl Store {
    /// Compares two expressions by structure alone: kind, size, names and numbers, then children.
    pub fn compare(&self, a: Expr, b: Expr) -> Ordering {
        let (mut a, mut b) = (a, b);
        loop {
            if a == b {
                return Ordering::Equal;
            }
            let (left, right) = (&self[a], &self[b]);
            let decided = rank(left)
                .cmp(&rank(right))
                .then_with(|| self.compare_sizes(a, b))
                .then_with(|| self.compare_own(left, right));
            if decided != Ordering::Equal {
                return decided;
            }
            let Some(pair) = left.children().zip(right.children()).find(|(x, y)| x != y) else {
                return left.children().count().cmp(&right.children().count());
            };
            (a, b) = pair;
        }
    }

    /// Fewer nodes first. Two that share so much that both have too many to count are told apart by their
    /// height, so that steps of one chain are compared without going down it.
    fn compare_sizes(&self, a: Expr, b: Expr) -> Ordering {
        let (m, n) = (self.weight(a), self.weight(b));
        if m == u64::MAX && n == u64::MAX { self.height(a).cmp(&self.height(b)) } else { m.cmp(&n) }
    }

    /// Sorts expressions by [`Store::compare`].
    pub fn sort(&self, list: &mut [Expr]) {
        list.sort_by(|a, b| self.compare(*a, *b));
    }

    /// What two nodes of one kind hold beside their children.
    fn compare_own(&self, a: &Node, b: &Node) -> Ordering {
        match (a, b) {
            (Node::Number(p), Node::Number(q)) => p.cmp(q),
            (Node::Symbol(p), Node::Symbol(q)) => {
                let (p, q) = (self.symbol_of(*p), self.symbol_of(*q));
                natural(&p.name, &q.name)
                    .then_with(|| self.compare_shapes(p.shape, q.shape))
                    .then(p.integer.cmp(&q.integer))
            }
            (Node::Bound(p, s, i), Node::Bound(q, t, j)) => {
                p.cmp(q).then_with(|| self.compare_shapes(*s, *t)).then(i.cmp(j))
            }
            (Node::Sum(p), Node::Sum(q)) => {
                p.len().cmp(&q.len()).then_with(|| coefficients(p).cmp(coefficients(q)))
            }
            (Node::Call(f, p), Node::Call(g, q)) => {
                f.row().name.cmp(g.row().name).then(p.len().cmp(&q.len()))
            }
            (Node::Apply(f, p), Node::Apply(g, q)) => {
                natural(&self.symbol_of(*f).name, &self.symbol_of(*g).name).then(p.len().cmp(&q.len()))
            }
            (Node::Matrix(s, _) | Node::Zero(s), Node::Matrix(t, _) | Node::Zero(t)) => {
                self.compare_shapes(*s, *t)
            }
            (Node::Identity(p), Node::Identity(q)) => self.compare_dimensions(*p, *q),
            (Node::Range { binder: p, .. }, Node::Range { binder: q, .. }) => p.cmp(q),
            (Node::Derivative { kind: p, .. }, Node::Derivative { kind: q, .. }) => p.cmp(q),
            (Node::Expectation { density: p, .. }, Node::Expectation { density: q, .. }) => {
                natural(&self.symbol_of(*p).name, &self.symbol_of(*q).name)
            }
            (Node::SampleIntegral { density: p, .. }, Node::SampleIntegral { density: q, .. })
            | (Node::Fisher { density: p, .. }, Node::Fisher { density: q, .. }) => {
                natural(&self.symbol_of(*p).name, &self.symbol_of(*q).name)
            }
            (Node::Divergence { first: p, second: r, .. }, Node::Divergence { first: q, second: s, .. }) => {
                let name = |id: &super::node::SymbolId| &self.symbol_of(*id).name;
                natural(name(p), name(q)).then_with(|| natural(name(r), name(s)))
            }
            (Node::Product(p), Node::Product(q)) | (Node::Chain(p), Node::Chain(q)) => p.len().cmp(&q.len()),
            _ => Ordering::Equal,
        }
    }

    fn compare_shapes(&self, a: Shape, b: Shape) -> Ordering {
        self.compare_dimensions(a.rows, b.rows).then_with(|| self.compare_dimensions(a.columns, b.columns))
    }

    fn compare_dimensions(&self, a: Dimension, b: Dimension) -> Ordering {
        match (a, b) {
            (Dimension::Fixed(m), Dimension::Fixed(n)) => m.cmp(&n),
            (Dimension::Fixed(_), Dimension::Named(_)) => Ordering::Less,
            (Dimension::Named(_), Dimension::Fixed(_)) => Ordering::Greater,
            (Dimension::Named(p), Dimension::Named(q)) => {
                natural(&self.symbol_of(p).name, &self.symbol_of(q).name)
            }
        }
    }
}

fn coefficients(terms: &[(Rational, Expr)]) -> impl Iterator<Item = &Rational> {
    terms.iter().map(|(c, _)| c)
}

fn rank(node: &Node) -> u8 {
    match node {
        Node::Number(_) => 0,
        Node::Symbol(_) => 1,
        Node::Bound(..) => 2,
        Node::Call(..) => 3,
        Node::Power(..) => 4,
        Node::Product(_) => 5,
        Node::Sum(_) => 6,
        Node::Apply(..) => 7,
        Node::Index(..) => 8,
        Node::Zero(_) => 9,
        Node::Identity(_) => 10,
        Node::Matrix(..) => 11,
        Node::Transpose(_) => 12,
        Node::Inverse(_) => 13,
        Node::Chain(_) => 14,
        Node::Range { .. } => 15,
        Node::Expectation { .. } => 16,
        Node::Derivative { .. } => 17,
        Node::SampleIntegral { .. } => 18,
        Node::Divergence { .. } => 19,
        Node::Fisher { .. } => 20,
    }
}

/// Names in the order of a reader: `x2` before `x10`.
pub fn natural(a: &str, b: &str) -> Ordering {
    let (mut a, mut b) = (a.as_bytes(), b.as_bytes());
    loop {
        match (a.first(), b.first()) {
            (Some(x), Some(y)) if x.is_ascii_digit() && y.is_ascii_digit() => {
                let (m, rest_a) = leading_number(a);
                let (n, rest_b) = leading_number(b);
                let decided = m.len().cmp(&n.len()).then_with(|| m.cmp(n));
                if decided != Ordering::Equal {
                    return decided;
                }
                (a, b) = (rest_a, rest_b);
            }
            (Some(x), Some(y)) if x == y => (a, b) = (&a[1..], &b[1..]),
            (x, y) => return x.cmp(&y),
        }
    }
}

/// The digits at the start without leading zeros, and the rest.
fn leading_number(text: &[u8]) -> (&[u8], &[u8]) {
    let end = text.iter().position(|b| !b.is_ascii_digit()).unwrap_or(text.len());
    let start = text[..end].iter().position(|b| *b != b'0').unwrap_or(end);
    (&text[start..end], &text[end..])
}
