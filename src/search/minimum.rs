//! Certificates of minima: a quadratic without constraints, and a linear objective over a ball.
//!
//! q(d) − q(d*) = ½λ (d − d*)'F(d − d*), and for p = −r g/‖g‖ with r = ‖p‖:
//! `v'g − p'g = ‖g‖/(2r)·‖v − p‖² + ‖g‖/(2r)·(r − ‖v‖)(r + ‖v‖)`.

use crate::claim::Problem;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;
use crate::proof::{Certificate, Sign};

use super::engine::Engine;
use super::goals::{Goal, at_point, steps_between};
use super::polynomial::{linear_part, quadratic_terms};
use super::view::terms;
use super::{Form, signs};

/// A certificate that the point is the only minimizer.
pub fn minimum(engine: &mut Engine, point: Expr, problem: &Problem) -> Goal {
    let least = at_point(engine.ring.store, problem.objective, problem.variable, point);
    let difference = engine.ring.store.sub(problem.objective, least);
    let (mut slacks, mut feasible) = (Vec::new(), Vec::new());
    for constraint in &problem.constraints {
        // At the point every constraint is an equality: a minimum of a linear objective lies on the border.
        let slack = engine.ring.store.neg(*constraint);
        let there = at_point(engine.ring.store, slack, problem.variable, point);
        let (steps, ..) = steps_between(engine, there, Store::ZERO)?;
        slacks.push(slack);
        feasible.push((steps, Sign::Sum(Vec::new())));
    }
    let mut sign = if slacks.is_empty() { quadratic(engine, point, problem) } else { Err(Form::none("")) };
    for at in 0..slacks.len() {
        sign = ball(engine, point, problem, at);
        if sign.is_ok() {
            break;
        }
    }
    let sign = sign?;
    let to = signs::expression(engine.ring.store, &sign, &slacks)
        .ok_or(Form::none("a sign without expression"))?;
    let (chain, links, common) = steps_between(engine, difference, to)?;
    // What is free of the variable cancels, and is not worth a printed 0·L(θ).
    let printed = engine.ring.store.without_zero_terms(difference);
    Ok((Certificate::Minimum { chain, sign, feasible }, links, common, (printed, to)))
}

/// Σ k (v − p)'X(v − p) over the quadratic terms of the objective.
fn quadratic(engine: &mut Engine, point: Expr, problem: &Problem) -> Result<Sign, Form> {
    let missing =
        Form::two("the objective is not a quadratic with declared signs", problem.objective, Store::ZERO);
    let normal = engine.normal(problem.objective).ok_or(missing.clone())?;
    let list = quadratic_terms(engine, normal, problem.variable).ok_or(missing.clone())?;
    let away = engine.ring.store.sub(problem.variable, point);
    let mut parts = Vec::new();
    for (scalar, matrix) in list {
        let form = match engine.ring.store[matrix] {
            Node::Identity(_) => Sign::Square(away),
            _ => Sign::Definite { matrix, vector: away },
        };
        let (scalar, form) = match fisher_factor(engine.ring.store, scalar) {
            Some((rest, matrix)) => (rest, Sign::Definite { matrix, vector: away }),
            None => (scalar, form),
        };
        let factor = signs::termwise(engine, scalar).ok_or(missing.clone())?;
        parts.push(Sign::Product(vec![factor, form]));
    }
    if parts.is_empty() { Err(missing) } else { Ok(Sign::Sum(parts)) }
}

/// The Fisher information of a scalar parameter among the factors, and the others.
fn fisher_factor(store: &mut Store, e: Expr) -> Option<(Expr, Expr)> {
    let list = terms(store, e);
    let [term] = list.as_slice() else { return None };
    let at = term
        .scalars
        .iter()
        .position(|(base, power)| power.is_one() && matches!(store[*base], Node::Fisher { .. }))?;
    let mut term = term.clone();
    let (fisher, _) = term.scalars.remove(at);
    Some((term.build(store), fisher))
}

/// The certificate of a linear objective g'v under ‖v‖ ≤ r or v'v ≤ r².
fn ball(engine: &mut Engine, point: Expr, problem: &Problem, at: usize) -> Result<Sign, Form> {
    let constraint = problem.constraints[at];
    let missing = Form::two("the problem is not linear over a ball", problem.objective, constraint);
    let objective = engine.normal(problem.objective).ok_or(missing.clone())?;
    let g = linear_part(engine, objective, problem.variable).ok_or(missing.clone())?;
    let store = &mut *engine.ring.store;
    let norm = |store: &mut Store, v: Expr| {
        let row = store.transpose(v);
        let square = store.chain([row, v]);
        store.call_named("sqrt", [square])
    };
    let own = norm(store, problem.variable);
    let own = engine.normal(own).ok_or(missing.clone())?;
    let bound = engine.normal(constraint).ok_or(missing.clone())?;
    let (radius, rooted) = radius(engine, bound, own, problem.variable).ok_or(missing)?;
    let store = &mut *engine.ring.store;
    let away = store.sub(problem.variable, point);
    let inverse = store.powi(radius, -1);
    let factor = || vec![Sign::Number(Rational::new(1, 2)), Sign::PositiveNorm(g), positive(store, inverse)];
    let (mut first, mut second) = (factor(), factor());
    first.push(Sign::Square(away));
    second.push(Sign::Slack(at));
    if rooted {
        second.push(Sign::Sum(vec![positive(store, radius), Sign::Norm(problem.variable)]));
    }
    Ok(Sign::Sum(vec![Sign::Product(first), Sign::Product(second)]))
}

fn positive(store: &Store, e: Expr) -> Sign {
    match store.as_number(e) {
        Some(q) => Sign::Number(q.clone()),
        None => Sign::Positive(e),
    }
}

/// r of ‖v‖ − r (rooted) or of v'v − r².
fn radius(engine: &mut Engine, bound: Expr, own: Expr, variable: Expr) -> Option<(Expr, bool)> {
    let store = &mut *engine.ring.store;
    let rooted = terms(store, bound).iter().any(|term| term.clone().build(store) == own);
    if rooted {
        let radius = store.sub(own, bound);
        let radius = engine.normal(radius)?;
        return (!engine.ring.store.mentions(radius, &[variable])).then_some((radius, true));
    }
    let row = store.transpose(variable);
    let square = store.chain([row, variable]);
    let radius = store.sub(square, bound);
    let radius = engine.normal(radius)?;
    let store = &mut *engine.ring.store;
    if store.mentions(radius, &[variable]) {
        return None;
    }
    let list = terms(store, radius);
    let [term] = list.as_slice() else { return None };
    let mut root = term.clone();
    root.coefficient = root.coefficient.root(2)?;
    root.scalars.iter_mut().for_each(|(_, power)| *power = &*power * &Rational::new(1, 2));
    let root = root.build(store);
    Some((root, false))
}
