//! Rational expressions modulo large primes: the second opinion on their identities.
//!
//! (x² − y²)/(x − y) and x + y have one residue at pseudo-random x and y; the walk goes over the expression as it
//! was written, and shares nothing with the normal form.

use rustc_hash::FxHashMap;

use crate::algebra::modular::{PrimeField, Residue};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// What the residues say of two expressions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Comparison {
    /// The same at every sample.
    Equal,
    /// Different at one: the two are not the same rational function.
    Different,
    /// Not rational in the symbols, or a divisor vanished at every sample.
    NotComparable,
}

/// Compares two expressions at samples modulo two primes.
pub fn compare(store: &Store, left: Expr, right: Expr) -> Comparison {
    let mut compared = false;
    for (field, seed) in
        [(PrimeField::FIRST, 1), (PrimeField::SECOND, 2), (PrimeField::FIRST, 3), (PrimeField::SECOND, 4)]
    {
        let mut values = FxHashMap::default();
        let (a, b) = (
            residue(store, &field, seed, left, &mut values),
            residue(store, &field, seed, right, &mut values),
        );
        match (a, b) {
            (Walk::Value(a), Walk::Value(b)) if a == b => compared = true,
            (Walk::Value(_), Walk::Value(_)) => return Comparison::Different,
            (Walk::Unsupported, _) | (_, Walk::Unsupported) => return Comparison::NotComparable,
            _ => {}
        }
    }
    if compared { Comparison::Equal } else { Comparison::NotComparable }
}

#[derive(Clone, Copy, Debug)]
enum Walk {
    Value(Residue),
    DivisionByZero,
    Unsupported,
}

fn residue(
    store: &Store,
    field: &PrimeField,
    seed: u64,
    root: Expr,
    values: &mut FxHashMap<Expr, Residue>,
) -> Walk {
    for e in store.post_order(&[root]) {
        if values.contains_key(&e) {
            continue;
        }
        let value = match &store[e] {
            Node::Number(q) => field.rational(q),
            Node::Symbol(id) => {
                let name = &store.symbol_of(*id).name;
                let index = name.bytes().fold(7u64, |h, b| h.wrapping_mul(1_000_003).wrapping_add(b.into()));
                Some(field.sample(seed, index))
            }
            Node::Sum(terms) => terms.iter().try_fold(field.zero(), |sum, (c, t)| {
                Some(field.add(sum, field.mul(field.rational(c)?, values[t])))
            }),
            Node::Product(factors) => Some(factors.iter().fold(field.one(), |p, f| field.mul(p, values[f]))),
            Node::Power(base, exponent) => match store.as_number(*exponent).and_then(Rational::as_i64) {
                Some(n) => field.pow(values[base], n),
                None => return Walk::Unsupported,
            },
            _ => return Walk::Unsupported,
        };
        match value {
            Some(value) => values.insert(e, value),
            None => return Walk::DivisionByZero,
        };
    }
    Walk::Value(values[&root])
}
