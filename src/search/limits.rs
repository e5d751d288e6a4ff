//! Certificates of minimizers in a limit: over a small ball, and under a large penalty.
//!
//! `L(θ + d) = L(θ) + ∇L'd + o(‖d‖)` is searched as a chain of its own, and gives lim argmin/ε = −∇L/‖∇L‖ over ‖d‖ ≤ ε;
//! beside it `KL(θ, θ + d) = ½ d'Fd + o(‖d‖²)` lets `argmin L(θ + d) + λ KL` follow `argmin ∇L'd + ½λ d'Fd`.

use crate::claim::{Limit, Problem};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;
use crate::proof::{Certificate, Penalty, Step};

use super::Form;
use super::chain::{self, Link};
use super::engine::Engine;
use super::goals::{Goal, steps_between};
use super::polynomial::{linear_part, quadratic_terms};
use super::taylor::Order;
use super::view::{Term, terms};

/// A function near 0 to some order: its value at 0, and the whole polynomial.
struct Model {
    constant: Expr,
    whole: Expr,
}

/// A search near d = 0.
fn near<'a>(engine: &'a mut Engine, d: Expr, order: i64) -> Engine<'a> {
    let limit = Limit { symbols: vec![(d, Rational::ONE)] };
    let context = engine.context;
    Engine::new(engine.ring.store, context, Some(Order { limit, order: Rational::from(order), big: false }))
}

/// What Taylor's formula and the equality rules make of a function of d.
fn model(engine: &mut Engine, f: Expr, d: Expr, order: i64) -> Result<Model, Form> {
    let mut inner = near(engine, d, order);
    let normal = inner.normal(f).ok_or(Form::none("beyond the budget"))?;
    let whole = chain::model(&mut inner, normal);
    let store = &mut *inner.ring.store;
    let shape = store.shape(whole);
    let mut free = built(store, whole);
    free.retain(|e| !store.mentions(*e, &[d]));
    let constant = if free.is_empty() { store.zero(shape) } else { store.sum(free) };
    Ok(Model { constant, whole })
}

/// The chain from a function of d to its model.
fn towards(
    engine: &mut Engine,
    from: Expr,
    to: Expr,
    d: Expr,
    order: i64,
) -> Result<(Vec<Step>, Vec<Link>, Expr), Form> {
    let mut inner = near(engine, d, order);
    steps_between(&mut inner, from, to)
}

/// lim argmin/ε over ‖d‖ ≤ ε or d'Gd ≤ ε².
pub fn ball(engine: &mut Engine, point: Expr, problem: &Problem) -> Goal {
    let missing = Form::two("the problem is not differentiable over a small ball", problem.objective, point);
    let d = problem.variable;
    let [constraint] = problem.constraints.as_slice() else { return Err(missing) };
    let metric = metric_of(engine.ring.store, *constraint, d).ok_or(missing.clone())?;
    let Model { constant, whole } = model(engine, problem.objective, d, 1)?;
    let gradient = linear_part(engine, whole, d).ok_or(missing)?;
    let store = &mut *engine.ring.store;
    let row = store.transpose(gradient);
    let slope = store.chain([row, d]);
    let to = store.add(constant, slope);
    let (chain, links, common) = towards(engine, problem.objective, to, d, 1)?;
    let store = &mut *engine.ring.store;
    let direction = match metric {
        Some(metric) => {
            let inverse = store.inverse(metric);
            store.chain([inverse, gradient])
        }
        None => gradient,
    };
    let square = store.chain([row, direction]);
    let length = store.call_named("sqrt", [square]);
    let unit = store.powi(length, -1);
    let limit = store.chain([unit, direction]);
    let limit = store.neg(limit);
    let (end, ..) = steps_between(engine, point, limit)?;
    let certificate = Certificate::Ball { constant, gradient, metric, chain, end };
    Ok((certificate, links, common, (problem.objective, to)))
}

/// G of a constraint in d'Gd or its root: `Some(None)` for the identity.
fn metric_of(store: &mut Store, constraint: Expr, d: Expr) -> Option<Option<Expr>> {
    let row = store.transpose(d);
    let found = store.post_order(&[constraint]).into_iter().find_map(|e| match &store[e] {
        Node::Chain(list) if list[0] == row && list[list.len() - 1] == d => {
            Some(list[1..list.len() - 1].to_vec())
        }
        _ => None,
    })?;
    Some(if found.is_empty() { None } else { Some(store.chain(found)) })
}

/// The minimizers of a(d) + λ b(d) and of gradient'd + ½ λ d'Gd.
pub fn penalty(engine: &mut Engine, first: &Problem, second: &Problem, limit: &Limit) -> Goal {
    let missing = Form::two(
        "the problems are not a function with a penalty and its model",
        first.objective,
        second.objective,
    );
    let d = first.variable;
    let growing = limit.symbols.iter().find(|(symbol, weight)| weight.is_negative() && *symbol != d);
    let Some((factor, _)) = growing.cloned() else { return Err(missing) };
    let one = engine.normal(first.objective).ok_or(missing.clone())?;
    let two = engine.normal(second.objective).ok_or(missing.clone())?;
    let (function, penalty, first_rest) = parted(engine, one, d, factor).ok_or(missing.clone())?;
    let gradient = linear_part(engine, two, d).ok_or(missing.clone())?;
    let metric = half_metric(engine, two, d, factor).ok_or(missing.clone())?;
    let mut rest = built(engine.ring.store, two);
    rest.retain(|e| !engine.ring.store.mentions(*e, &[d]));
    let second_rest = engine.ring.store.sum(rest);
    let function_at_0 = model(engine, function, d, 1)?.constant;
    let penalty_at_0 = model(engine, penalty, d, 2)?.constant;
    let store = &mut *engine.ring.store;
    let row = store.transpose(gradient);
    let slope = store.chain([row, d]);
    let near_function = store.add(function_at_0, slope);
    let row = store.transpose(d);
    let square = store.chain([row, metric, d]);
    let half = store.scale(&Rational::new(1, 2), square);
    let near_penalty = store.add(penalty_at_0, half);
    let (linear, ..) = towards(engine, function, near_function, d, 1)?;
    let (quadratic, links, common) = towards(engine, penalty, near_penalty, d, 2)?;
    let certificate = Certificate::Penalty(Box::new(Penalty {
        factor,
        function,
        penalty,
        first_rest,
        second_rest,
        function_at_0,
        gradient,
        penalty_at_0,
        metric,
        linear,
        quadratic,
    }));
    Ok((certificate, links, common, (penalty, near_penalty)))
}

fn built(store: &mut Store, e: Expr) -> Vec<Expr> {
    terms(store, e).iter().map(|term| term.build(store)).collect()
}

/// a, b and the rest of a + λ b + rest.
fn parted(engine: &mut Engine, e: Expr, d: Expr, factor: Expr) -> Option<(Expr, Expr, Expr)> {
    let store = &mut *engine.ring.store;
    let (mut function, mut penalty, mut rest) = (Vec::new(), Vec::new(), Vec::new());
    for term in terms(store, e) {
        let whole = term.build(store);
        if !store.mentions(whole, &[d]) {
            rest.push(whole);
        } else if let Some(divided) = without(&term, factor) {
            penalty.push(divided.build(store));
        } else {
            function.push(whole);
        }
    }
    if function.is_empty() || penalty.is_empty() {
        return None;
    }
    Some((store.sum(function), store.sum(penalty), store.sum(rest)))
}

/// The term without one factor.
fn without(term: &Term, factor: Expr) -> Option<Term> {
    let at = term.scalars.iter().position(|(base, power)| *base == factor && power.is_one())?;
    let mut term = term.clone();
    term.scalars.remove(at);
    Some(term)
}

/// G of ½ λ d'Gd.
fn half_metric(engine: &mut Engine, e: Expr, d: Expr, factor: Expr) -> Option<Expr> {
    let mut parts = Vec::new();
    for (scalar, matrix) in quadratic_terms(engine, e, d)? {
        let store = &mut *engine.ring.store;
        let twice = store.scale(&Rational::from(2), scalar);
        let divided = store.div(twice, factor);
        let divided = engine.normal(divided)?;
        parts.push(engine.ring.store.chain([divided, matrix]));
    }
    if parts.is_empty() {
        return None;
    }
    let sum = engine.ring.store.sum(parts);
    engine.normal(sum)
}
