//! Minimizers on one instance: a claimed point against other feasible points.
//!
//! `v = ∇L` minimizes vᵀ∇L over ‖v‖ ≤ 1: at (1, 2) it is (4, −3), of length 5, and violates the constraint. Points with a
//! smaller objective refute; finding none supports.

use super::assume::{has_property, vanishes};
use super::build::{Setting, revised};
use super::candidates;
use super::check::{Check, Fails};
use super::equal;
use super::evaluate::Evaluator;
use super::failure::Failure;
use super::jet::{Jet, Ring};
use super::linear;
use super::matrix::Matrix;
use super::world::World;
use crate::claim::{Problem, Property};
use crate::expr::{Expr, SymbolId};
use crate::number::Rational;

/// The precision of balls.
pub(super) const BITS: u32 = 192;
/// Nothing here is a series.
const ORDER: i32 = 4;

/// The variable of a problem and how many entries it has.
pub(super) fn variable(
    setting: &Setting,
    world: &World,
    problem: &Problem,
) -> Result<(SymbolId, usize), Check> {
    let skip = || Check::Skip("a problem over what is no vector".to_owned());
    let symbol = setting.store.as_symbol(problem.variable).ok_or_else(skip)?;
    let shape = setting.store.shape(problem.variable);
    let rows = world.dimension(shape.rows).filter(|_| world.dimension(shape.columns) == Some(1));
    Ok((symbol, rows.ok_or_else(skip)?))
}

/// Directions to look in: vectors of the deck and down the gradient, of length 1 and not.
pub(super) fn directions(rows: usize, gradient: Option<&Matrix>, ring: &Ring) -> Vec<Matrix> {
    let mut found = candidates::values(rows, 1, rows == 1, false, false);
    if let Some(gradient) = gradient {
        let down = gradient.scale(&Rational::MINUS_ONE, ring);
        let unit = down.transpose().mul(&down, ring).and_then(|square| {
            let length = ring.pow(square.as_scalar()?, &Rational::new(-1, 2))?;
            down.mul(&Matrix::scalar(length), ring)
        });
        found.extend(unit);
        found.push(down);
    }
    let opposite: Vec<Matrix> = found.iter().map(|v| v.scale(&Rational::MINUS_ONE, ring)).collect();
    found.extend(opposite);
    found
}

/// The lengths of steps.
const STEPS: [(i64, i64); 4] = [(1, 1), (1, 10), (1, 2), (3, 1)];

/// The point is the only minimizer.
pub(super) fn minimizer(setting: &Setting, world: &World, point: Expr, problem: &Problem) -> Check {
    let (symbol, rows) = match variable(setting, world, problem) {
        Ok(found) => found,
        Err(check) => return check,
    };
    let mut trial = Trial { evaluator: Evaluator::new(setting.store, world, ORDER, BITS), symbol, problem };
    let name = &setting.store.symbol_of(symbol).name;
    let result = (|| {
        let point = trial.evaluator.value(point)?.as_ref().clone();
        let place = point.text().unwrap_or_default();
        if point.rows != rows || point.columns != 1 {
            return Err(Failure::unknown("a point of another shape"));
        }
        if let Some(excess) = trial.violation(&point)? {
            let reason =
                format!("{name} = {place} violates a constraint: its excess is {excess}, not at most 0");
            return Ok(fails((excess, "0".to_owned()), reason));
        }
        let least = trial.objective(&point)?;
        let ring = trial.evaluator.ring.clone();
        for other in trial.places(&point)? {
            let Ok(value) = trial.objective(&other) else { continue };
            let difference = ring.sub(&value, &least).as_constant();
            let Some(sign) = difference.and_then(|value| value.sign()).filter(|sign| sign.is_le()) else {
                continue;
            };
            let same = vanishes(&other.sub(&point, &ring)?) != Some(false);
            if same || trial.violation(&other).map_or(true, |found| found.is_some()) {
                continue;
            }
            let text = |jet: &Jet| Matrix::scalar(jet.clone()).text().unwrap_or_default();
            let (at, here, there) = (other.text().unwrap_or_default(), text(&least), text(&value));
            let relation = if sign.is_lt() { "less than" } else { "as at" };
            let reason =
                format!("at {name} = {at} the objective is {there}, {relation} {here} at {name} = {place}");
            return Ok(fails((here, there), reason));
        }
        Ok(Check::Holds { exact: true })
    })();
    result.unwrap_or_else(|failure: Failure| Check::Skip(failure.text()))
}

fn fails((left, right): (String, String), reason: String) -> Check {
    Check::Fails(Fails { left, right, reason, exact: true, world: None })
}

/// A problem on an instance, with its variable at different places.
struct Trial<'a> {
    evaluator: Evaluator<'a>,
    symbol: SymbolId,
    problem: &'a Problem,
}

impl Trial<'_> {
    fn objective(&mut self, at: &Matrix) -> Result<Jet, Failure> {
        let value = self.evaluator.value_at(self.problem.objective, self.symbol, at)?;
        value.as_scalar().cloned()
    }

    /// The first constraint that is certainly violated, by how much; an error where that is not known.
    fn violation(&mut self, at: &Matrix) -> Result<Option<String>, Failure> {
        for constraint in &self.problem.constraints {
            let value = self.evaluator.value_at(*constraint, self.symbol, at)?;
            match value.as_scalar()?.as_constant().and_then(|value| value.sign()) {
                Some(sign) if sign.is_gt() => return Ok(value.text()),
                Some(_) => {}
                None => return Err(Failure::unknown("a constraint of unknown sign")),
            }
        }
        Ok(None)
    }

    /// Other points: near the claimed one, in the directions of the deck, and where the derivative vanishes.
    fn places(&mut self, point: &Matrix) -> Result<Vec<Matrix>, Failure> {
        let gradient = self.evaluator.gradient_at(self.problem.objective, self.symbol, point).ok();
        let ring = self.evaluator.ring.clone();
        let directions = directions(point.rows, gradient.as_ref(), &ring);
        let mut places = self.stationary(point).ok().flatten().into_iter().collect::<Vec<_>>();
        places.push(Matrix::zero(point.rows, 1));
        places.extend(directions.iter().cloned());
        for (n, d) in STEPS {
            for direction in &directions {
                places.push(point.add(&direction.scale(&Rational::new(n, d), &ring), &ring)?);
            }
        }
        for (n, d) in [(1, 2), (9, 10), (11, 10), (-1, 1)] {
            places.push(point.scale(&Rational::new(n, d), &ring));
        }
        Ok(places)
    }

    /// Where the derivative of a quadratic objective vanishes.
    fn stationary(&mut self, around: &Matrix) -> Result<Option<Matrix>, Failure> {
        let Trial { symbol, problem, .. } = *self;
        let gradient = self.evaluator.gradient_at(problem.objective, symbol, around)?;
        let hessian = self.evaluator.hessian_at(problem.objective, symbol, around)?;
        let ring = &self.evaluator.ring;
        let step = linear::solve(&hessian, &gradient.scale(&Rational::MINUS_ONE, ring), ring)?;
        step.map(|step| around.add(&step, ring)).transpose()
    }
}

/// At a minimum in the interior, left = right.
pub(super) fn stationary(
    setting: &Setting,
    world: &World,
    problem: &Problem,
    (left, right): (Expr, Expr),
) -> Check {
    let (symbol, rows) = match variable(setting, world, problem) {
        Ok(found) => found,
        Err(check) => return check,
    };
    let result = (|| {
        let mut trial =
            Trial { evaluator: Evaluator::new(setting.store, world, ORDER, BITS), symbol, problem };
        if trial.is_derivative((left, right), rows)? {
            return Ok(Check::Holds { exact: true });
        }
        let zero = Matrix::zero(rows, 1);
        if !trial.evaluator.is_quadratic_at(problem.objective, symbol, &zero)? {
            return Ok(Check::Skip("a minimum that is not found exactly".to_owned()));
        }
        let hessian = trial.evaluator.hessian_at(problem.objective, symbol, &zero)?;
        let ring = trial.evaluator.ring.clone();
        let convex = has_property(&hessian, Property::PositiveDefinite, &ring)?;
        let Some(point) = trial.stationary(&zero)?.filter(|_| convex == Some(true)) else {
            return Ok(Check::Skip("an objective without a single minimum".to_owned()));
        };
        if !trial.is_interior(&point)? {
            return Ok(Check::Skip("a minimum that is not in the interior".to_owned()));
        }
        let Some(solved) = revised(setting, world, symbol, &point) else {
            return Ok(Check::Skip("a minimum outside of what is declared".to_owned()));
        };
        Ok(match equal::equal(setting.store, &solved, left, right) {
            Check::Fails(mut fails) => {
                let name = &setting.store.symbol_of(symbol).name;
                let place = point.text().unwrap_or_default();
                fails.reason = format!("at the minimum {name} = {place}: {}", fails.reason);
                fails.world = Some(Box::new(solved));
                Check::Fails(fails)
            }
            other => other,
        })
    })();
    result.unwrap_or_else(|failure: Failure| Check::Skip(failure.text()))
}

impl Trial<'_> {
    /// Is right − left the derivative of the objective at the places of the deck, or its opposite?
    fn is_derivative(&mut self, (left, right): (Expr, Expr), rows: usize) -> Result<bool, Failure> {
        let mut compared = 0;
        let ring = self.evaluator.ring.clone();
        let small = Rational::new(1, 10);
        let places: Vec<Matrix> = candidates::values(rows, 1, rows == 1, false, false);
        for place in places.iter().map(|place| place.scale(&small, &ring)).take(4) {
            let Ok(gradient) = self.evaluator.gradient_at(self.problem.objective, self.symbol, &place) else {
                continue;
            };
            let left = self.evaluator.value_at(left, self.symbol, &place)?;
            let right = self.evaluator.value_at(right, self.symbol, &place)?;
            let value = right.sub(&left, &ring)?;
            if vanishes(&value.sub(&gradient, &ring)?) != Some(true)
                && vanishes(&value.add(&gradient, &ring)?) != Some(true)
            {
                return Ok(false);
            }
            compared += 1;
        }
        Ok(compared >= 2)
    }

    fn is_interior(&mut self, at: &Matrix) -> Result<bool, Failure> {
        for constraint in &self.problem.constraints {
            let value = self.evaluator.value_at(*constraint, self.symbol, at)?;
            let sign = value.as_scalar()?.as_constant().and_then(|value| value.sign());
            if sign.is_none_or(|sign| sign.is_ge()) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}
