//! Why an expression is not negative: squares completed, forms of declared matrices, norms and slacks.
//!
//! `a² + b² − 2ab` is (a − b)²; `½λ d'Fd` a product of positives and a form; `v'g + ‖g‖` with ‖v‖ ≤ 1 is Cauchy and
//! Schwarz plus ‖g‖(1 − ‖v‖).

use crate::claim::{Assumption, Property};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;
use crate::proof::Sign;

use super::engine::Engine;
use super::squares;
use super::view::{Term, power_of, terms};

/// A sign whose expression is the given normal form, or one that a chain may connect with it.
pub fn nonnegative(engine: &mut Engine, e: Expr) -> Option<Sign> {
    if let Some(sign) = termwise(engine, e) {
        return Some(sign);
    }
    squares::squares(engine, e).or_else(|| inner_products(engine, e))
}

/// Every term by itself is not negative.
pub fn termwise(engine: &mut Engine, e: Expr) -> Option<Sign> {
    let list = terms(engine.ring.store, e);
    let signs: Option<Vec<Sign>> = list.iter().map(|term| of_term(engine, term)).collect();
    let mut signs = signs?;
    Some(if signs.len() == 1 { signs.remove(0) } else { Sign::Sum(signs) })
}

fn of_term(engine: &mut Engine, term: &Term) -> Option<Sign> {
    if !term.coefficient.is_positive() || !term.chain.is_empty() {
        return None;
    }
    let mut factors = vec![Sign::Number(term.coefficient.clone())];
    for (base, power) in &term.scalars {
        factors.push(of_factor(engine, *base, power)?);
    }
    Some(if factors.len() == 1 { factors.remove(0) } else { Sign::Product(factors) })
}

fn of_factor(engine: &mut Engine, base: Expr, power: &Rational) -> Option<Sign> {
    let half = power * &Rational::new(1, 2);
    if let Some(column) = column_of_square(engine.ring.store, base) {
        if power.is_one() {
            return Some(Sign::Square(column));
        }
        if *power == Rational::new(1, 2) {
            return Some(Sign::Norm(column));
        }
    }
    let store = &mut *engine.ring.store;
    if half.is_integer() {
        let root = power_of(store, base, &half);
        return Some(Sign::Square(root));
    }
    if power.is_one() {
        match store[base].clone() {
            Node::Chain(list) => {
                if let Some(sign) = of_form(engine, &list) {
                    return Some(sign);
                }
            }
            Node::Fisher { .. } => return Some(Sign::Form { matrix: base, vector: Store::ONE }),
            Node::Expectation { density, parameter, body } => {
                let inner = nonnegative(engine, body)?;
                return Some(Sign::Expectation { density, parameter, body: Box::new(inner) });
            }
            _ => {}
        }
    }
    let whole = power_of(engine.ring.store, base, power);
    declared(engine, base, whole)
}

/// A power of what the declarations make positive or nonnegative.
fn declared(engine: &mut Engine, base: Expr, whole: Expr) -> Option<Sign> {
    for assumption in engine.context.assumptions.clone() {
        match assumption {
            Assumption::Positive(e) if e == base || engine.normal(e) == Some(base) => {
                return Some(Sign::Positive(whole));
            }
            Assumption::NonNegative(e) if e == whole || engine.normal(e) == Some(whole) => {
                return Some(Sign::NonNegative(whole));
            }
            // ‖g‖ and its powers, g ≠ 0.
            Assumption::NonZero(e)
                if column_of_square(engine.ring.store, base).is_some_and(|g| same(engine, g, e)) =>
            {
                return Some(Sign::Positive(whole));
            }
            _ => {}
        }
    }
    // Densities are positive.
    match &engine.ring.store[base] {
        Node::Apply(symbol, _) if engine.context.densities.iter().any(|d| d.symbol == *symbol) => {
            Some(Sign::Positive(whole))
        }
        _ => None,
    }
}

fn same(engine: &mut Engine, a: Expr, b: Expr) -> bool {
    let (a, b) = (engine.normal(a), engine.normal(b));
    a.is_some() && a == b
}

/// v of v'v.
pub fn column_of_square(store: &Store, e: Expr) -> Option<Expr> {
    let Node::Chain(list) = &store[e] else { return None };
    match list.as_ref() {
        [row, column] if store[*row] == Node::Transpose(*column) => Some(*column),
        _ => None,
    }
}

/// v'A'…M…Av with M a Fisher matrix or declared semidefinite, or without M.
fn of_form(engine: &mut Engine, list: &[Expr]) -> Option<Sign> {
    let count = list.len();
    let half = count / 2;
    for at in 0..half {
        let flipped = engine.ring.store.transpose(list[count - 1 - at]);
        if !same(engine, list[at], flipped) {
            return None;
        }
    }
    let vector = engine.ring.store.chain(list[count - half..].iter().copied());
    if count.is_multiple_of(2) {
        return Some(Sign::Square(vector));
    }
    let matrix = list[half];
    let known = |wanted: &[Property]| {
        engine
            .context
            .assumptions
            .iter()
            .any(|a| matches!(a, Assumption::Property(m, p) if *m == matrix && wanted.contains(p)))
    };
    if known(&[Property::PositiveDefinite]) {
        return Some(Sign::Definite { matrix, vector });
    }
    let fisher = |e: Expr| matches!(engine.ring.store[e], Node::Fisher { .. });
    let defined = engine.context.assumptions.iter().any(|a| {
        matches!(a, Assumption::Equal(l, r) if (*l == matrix && fisher(*r)) || (*r == matrix && fisher(*l)))
    });
    let semidefinite = fisher(matrix) || defined || known(&[Property::PositiveSemidefinite]);
    semidefinite.then_some(Sign::Form { matrix, vector })
}

/// c·u'v ≥ −|c|·‖u‖‖v‖ for one inner product, and the rest from what is declared.
fn inner_products(engine: &mut Engine, e: Expr) -> Option<Sign> {
    for term in terms(engine.ring.store, e) {
        let [(base, power)] = term.scalars.as_slice() else { continue };
        let Node::Chain(list) = engine.ring.store[*base].clone() else { continue };
        if !power.is_one() || list.len() < 2 || column_of_square(engine.ring.store, *base).is_some() {
            continue;
        }
        let store = &mut *engine.ring.store;
        let u = store.transpose(list[0]);
        let v = store.chain(list[1..].iter().copied());
        let v = if term.coefficient.is_negative() { v } else { store.neg(v) };
        let factor = term.coefficient.abs();
        let bound = {
            let row = store.transpose(u);
            let (uu, inner) = (store.chain([row, u]), store.chain([row, v]));
            let column = store.transpose(v);
            let vv = store.chain([column, v]);
            let (nu, nv) = (store.call_named("sqrt", [uu]), store.call_named("sqrt", [vv]));
            let product = store.mul(nu, nv);
            let difference = store.sub(product, inner);
            store.scale(&factor, difference)
        };
        let rest = store.sub(e, bound);
        let rest = engine.normal(rest)?;
        let first = Sign::Product(vec![Sign::Number(factor), Sign::CauchySchwarz(u, v)]);
        if let Some(second) = multiple_of_assumed(engine, rest) {
            return Some(Sign::Sum(vec![first, second]));
        }
    }
    None
}

/// Nothing, a sum of nonnegative terms, or a nonnegative multiple of a declared inequality.
fn multiple_of_assumed(engine: &mut Engine, e: Expr) -> Option<Sign> {
    if e == Store::ZERO {
        return Some(Sign::Sum(Vec::new()));
    }
    if let Some(sign) = termwise(engine, e) {
        return Some(sign);
    }
    let list = terms(engine.ring.store, e);
    for assumption in engine.context.assumptions.clone() {
        let (given, sign) = match assumption {
            Assumption::NonNegative(given) => (given, Sign::NonNegative(given)),
            Assumption::Positive(given) => (given, Sign::Positive(given)),
            // An equation bounds from both sides; the chain puts in what is equal.
            Assumption::Equal(a, b) => {
                let difference = engine.ring.store.sub(b, a);
                let (Some(d), true) = (engine.normal(difference), engine.ring.store.shape(a).is_scalar())
                else {
                    continue;
                };
                if ratio(engine, &list, d).is_some() {
                    return Some(Sign::Sum(Vec::new()));
                }
                continue;
            }
            _ => continue,
        };
        let Some(given) = engine.normal(given) else { continue };
        let Some(multiple) = ratio(engine, &list, given) else { continue };
        if let Some(first) = termwise(engine, multiple) {
            return Some(Sign::Product(vec![first, sign]));
        }
    }
    None
}

/// m with m·given = the sum of the terms, of a single term m.
fn ratio(engine: &mut Engine, list: &[Term], given: Expr) -> Option<Expr> {
    let whole: Vec<Expr> = list.iter().map(|term| term.build(engine.ring.store)).collect();
    let whole = engine.ring.store.sum(whole);
    let leading = terms(engine.ring.store, given).first()?.build(engine.ring.store);
    for term in list {
        let numerator = term.build(engine.ring.store);
        let quotient = engine.ring.store.div(numerator, leading);
        let quotient = engine.normal(quotient)?;
        let product = engine.ring.store.mul(quotient, given);
        if engine.normal(product) == Some(whole) {
            return Some(quotient);
        }
    }
    None
}

/// E of t − 1 − log t with t = q/p, whose chain leads to KL(p ‖ q).
pub fn divergence(engine: &mut Engine, e: Expr) -> Option<Sign> {
    let Node::Divergence { first, from, second, to } = engine.ring.store[e] else { return None };
    let context = engine.context;
    let store = &mut *engine.ring.store;
    let density = |store: &mut Store, symbol, a| {
        let x = store.bound(0, crate::expr::Shape::SCALAR, false);
        let parametric = context.densities.iter().any(|d| d.symbol == symbol && d.parameter.is_some());
        let list = if parametric { vec![x, store.shift(a, 1)] } else { vec![x] };
        store.apply(symbol, list)
    };
    let (p, q) = (density(store, first, from), density(store, second, to));
    let ratio = store.div(q, p);
    Some(Sign::Expectation { density: first, parameter: from, body: Box::new(Sign::LogBound(ratio)) })
}

/// The expression that the kernel will find for a sign.
pub fn expression(store: &mut Store, sign: &Sign, slacks: &[Expr]) -> Option<Expr> {
    let square = |store: &mut Store, u: Expr| {
        let row = store.transpose(u);
        store.chain([row, u])
    };
    let norm = |store: &mut Store, u: Expr| {
        let row = store.transpose(u);
        let squared = store.chain([row, u]);
        store.call_named("sqrt", [squared])
    };
    Some(match sign {
        Sign::Number(q) => store.number(q.clone()),
        Sign::Square(u) => square(store, *u),
        Sign::Norm(u) | Sign::PositiveNorm(u) => norm(store, *u),
        Sign::Positive(e) | Sign::NonNegative(e) => *e,
        Sign::Form { matrix, vector } | Sign::Definite { matrix, vector } => {
            let row = store.transpose(*vector);
            store.chain([row, *matrix, *vector])
        }
        Sign::Product(list) => {
            let list: Option<Vec<Expr>> = list.iter().map(|sign| expression(store, sign, slacks)).collect();
            store.chain(list?)
        }
        Sign::Sum(list) => {
            let list: Option<Vec<Expr>> = list.iter().map(|sign| expression(store, sign, slacks)).collect();
            store.sum(list?)
        }
        Sign::Expectation { density, parameter, body } => {
            let slacks: Vec<Expr> = slacks.iter().map(|slack| store.shift(*slack, 1)).collect();
            let body = expression(store, body, &slacks)?;
            store.expectation(*density, *parameter, body)
        }
        Sign::LogBound(t) => {
            let log = store.call_named("log", [*t]);
            let difference = store.sub(*t, Store::ONE);
            store.sub(difference, log)
        }
        Sign::CauchySchwarz(u, v) => {
            let (nu, nv) = (norm(store, *u), norm(store, *v));
            let row = store.transpose(*u);
            let (product, inner) = (store.mul(nu, nv), store.chain([row, *v]));
            store.sub(product, inner)
        }
        Sign::Slack(at) => *slacks.get(*at)?,
    })
}
