//! Minimizers in a limit, on one instance, along series in t.
//!
//! `lim 1/ε·argmin_{‖d‖ ≤ ε} L(θ + d) = −∇L` is refuted at ε = t: the constraint is violated by ‖−∇L‖·t − t. And where two
//! problems are to have the same minimizer, the first coefficients of both solve linear equations.

use super::assume::{has_property, vanishes};
use super::build::Setting;
use super::check::{Check, Fails};
use super::evaluate::Evaluator;
use super::failure::Failure;
use super::jet::Jet;
use super::linear;
use super::matrix::Matrix;
use super::minimum::{BITS, directions, variable};
use super::real::Real;
use super::world::World;
use crate::claim::{Problem, Property};
use crate::expr::{Expr, Node, SymbolId};
use crate::number::Rational;

/// Series are cut off here.
const ORDER: i32 = 8;

fn fails((left, right): (String, String), reason: String) -> Check {
    Check::Fails(Fails { left, right, reason, exact: true, world: None })
}

fn checked(result: Result<Check, Failure>) -> Check {
    result.unwrap_or_else(|failure| Check::Skip(failure.text()))
}

/// `point` is the limit of `scale`·argmin.
pub(super) fn minimizer_limit(
    setting: &Setting,
    world: &World,
    (point, scale): (Expr, Expr),
    problem: &Problem,
) -> Check {
    let (symbol, rows) = match variable(setting, world, problem) {
        Ok(found) => found,
        Err(check) => return check,
    };
    let name = &setting.store.symbol_of(symbol).name;
    let mut evaluator = Evaluator::new(setting.store, world, ORDER, BITS);
    checked((|| {
        let point = evaluator.value(point)?.as_ref().clone();
        let length = evaluator.value(scale)?.as_scalar()?.clone();
        let length = evaluator.ring.recip(&length)?;
        if point.rows != rows || point.columns != 1 {
            return Err(Failure::unknown("a point of another shape"));
        }
        let mut path = Path { evaluator, symbol, length };
        let others = path.others(&point, problem)?;
        if let Some(check) = path.infeasible(&point, &others, problem, name)? {
            return Ok(check);
        }
        path.better(&point, &others, problem, name)
    })())
}

/// The variable runs along w·length(t).
struct Path<'a> {
    evaluator: Evaluator<'a>,
    symbol: SymbolId,
    length: Jet,
}

impl Path<'_> {
    fn at(&mut self, e: Expr, direction: &Matrix) -> Result<Jet, Failure> {
        let place = direction.mul(&Matrix::scalar(self.length.clone()), &self.evaluator.ring)?;
        self.evaluator.value_at(e, self.symbol, &place)?.as_scalar().cloned()
    }

    /// Other directions, of several lengths.
    fn others(&mut self, point: &Matrix, problem: &Problem) -> Result<Vec<Matrix>, Failure> {
        let zero = Matrix::zero(point.rows, 1);
        let gradient = self.evaluator.gradient_at(problem.objective, self.symbol, &zero).ok();
        let ring = self.evaluator.ring.clone();
        let mut others = Vec::new();
        for direction in directions(point.rows, gradient.as_ref(), &ring).iter().chain([point]) {
            for (n, d) in [(1, 1), (1, 2), (2, 1), (1, 4), (11, 10), (9, 10)] {
                others.push(direction.scale(&Rational::new(n, d), &ring));
            }
        }
        Ok(others)
    }

    /// Is a constraint violated in the limit already? Its first order must be that of all other directions, so that
    /// what is near the point violates it as well.
    fn infeasible(
        &mut self,
        point: &Matrix,
        others: &[Matrix],
        problem: &Problem,
        name: &str,
    ) -> Result<Option<Check>, Failure> {
        for constraint in &problem.constraints {
            let value = self.at(*constraint, point)?;
            let order = value.valuation();
            if !self.evaluator.ring.sign(&value).is_some_and(|sign| sign.is_gt()) {
                continue;
            }
            let orders = others.iter().filter_map(|other| self.at(*constraint, other).ok());
            if orders.into_iter().all(|other| other.is_exact_zero() || other.valuation() >= order) {
                let excess = super::equal::series(&Matrix::scalar(value), order);
                let place = point.text().unwrap_or_default();
                let reason = format!("along {name} = {place}*t a constraint is violated by {excess}");
                return Ok(Some(fails((excess, "0".to_owned()), reason)));
            }
        }
        Ok(None)
    }

    /// Is another direction feasible and better at the first order at which directions differ?
    fn better(
        &mut self,
        point: &Matrix,
        others: &[Matrix],
        problem: &Problem,
        name: &str,
    ) -> Result<Check, Failure> {
        let claimed = self.at(problem.objective, point)?;
        let ring = self.evaluator.ring.clone();
        let mut differences: Vec<(&Matrix, Jet)> = Vec::new();
        for other in others {
            if let Ok(value) = self.at(problem.objective, other) {
                differences.push((other, ring.sub(&value, &claimed)));
            }
        }
        let certain = |jet: &Jet| jet.terms.iter().any(|(_, c)| c.is_zero() == Some(false));
        let orders = differences.iter().filter(|(_, d)| certain(d)).map(|(_, d)| d.valuation());
        let Some(first) = orders.min() else {
            return Ok(Check::Skip("an objective that does not change".to_owned()));
        };
        for (other, difference) in &differences {
            let less = ring.sign(difference).is_some_and(|sign| sign.is_lt());
            if !less || difference.valuation() != first || !self.is_feasible(other, problem)? {
                continue;
            }
            let value = ring.add(&claimed, difference);
            let text = |jet: &Jet| super::equal::series(&Matrix::scalar(jet.clone()), first);
            let (here, there) = (text(&claimed), text(&value));
            let (place, at) = (point.text().unwrap_or_default(), other.text().unwrap_or_default());
            let reason = format!(
                "along {name} = {at}*t the objective is {there}, less than {here} along {name} = {place}*t"
            );
            return Ok(fails((here, there), reason));
        }
        Ok(Check::Holds { exact: true })
    }

    fn is_feasible(&mut self, direction: &Matrix, problem: &Problem) -> Result<bool, Failure> {
        for constraint in &problem.constraints {
            let value = self.at(*constraint, direction)?;
            if !self.evaluator.ring.sign(&value).is_some_and(|sign| sign.is_le()) {
                return Ok(false);
            }
        }
        Ok(true)
    }
}

/// Both problems have the same minimizer to first order.
pub(super) fn same_minimizer(setting: &Setting, world: &World, first: &Problem, second: &Problem) -> Check {
    checked((|| {
        if nothing_vanishes(setting, first) && nothing_vanishes(setting, second) {
            let second_solved = fixed_minimizer(setting, world, (second, first))?;
            return match second_solved {
                Some(check) => Ok(check),
                None => Ok(fixed_minimizer(setting, world, (first, second))?
                    .unwrap_or_else(|| Check::Skip("minimizers that are not found exactly".to_owned()))),
            };
        }
        let one = leading(setting, world, first)?;
        let other = leading(setting, world, second)?;
        let ring = super::jet::Ring::new(ORDER, BITS);
        let (left, right) = (one.text().unwrap_or_default(), other.text().unwrap_or_default());
        Ok(match vanishes(&one.sub(&other, &ring)?) {
            Some(true) if vanishes(&one) == Some(false) => Check::Holds { exact: true },
            Some(false) => {
                let reason = format!("the minimizers begin with {left}*t and {right}*t");
                fails((left, right), reason)
            }
            _ => Check::Skip("minimizers whose first coefficient is not known".to_owned()),
        })
    })())
}

/// Does nothing in a problem but its variable tend to 0? Then its minimizer is what it is.
fn nothing_vanishes(setting: &Setting, problem: &Problem) -> bool {
    let symbols = setting.store.free_symbols(&[problem.objective]);
    let variable = setting.store.as_symbol(problem.variable);
    problem.constraints.is_empty()
        && symbols.iter().all(|symbol| Some(*symbol) == variable || setting.scaling.weight(*symbol) == 0)
}

/// The minimizer of a quadratic problem, which must be a stationary point of the other one; `None` for other problems.
fn fixed_minimizer(
    setting: &Setting,
    world: &World,
    (quadratic, other): (&Problem, &Problem),
) -> Result<Option<Check>, Failure> {
    let (symbol, rows) = variable(setting, world, quadratic)
        .map_err(|_| Failure::unknown("a problem over what is no vector"))?;
    let mut evaluator = Evaluator::new(setting.store, world, 4, BITS);
    let zero = Matrix::zero(rows, 1);
    if !evaluator.is_quadratic_at(quadratic.objective, symbol, &zero)? {
        return Ok(None);
    }
    let slope = evaluator.gradient_at(quadratic.objective, symbol, &zero)?;
    let hessian = evaluator.hessian_at(quadratic.objective, symbol, &zero)?;
    let ring = evaluator.ring.clone();
    if has_property(&hessian, Property::PositiveDefinite, &ring)? != Some(true) {
        return Ok(None);
    }
    let Some(point) = linear::solve(&hessian, &slope.scale(&Rational::MINUS_ONE, &ring), &ring)? else {
        return Ok(None);
    };
    let gradient = evaluator.gradient_at(other.objective, symbol, &point)?;
    Ok(match vanishes(&gradient) {
        Some(false) => {
            let (place, slope) = (point.text().unwrap_or_default(), gradient.text().unwrap_or_default());
            let name = &setting.store.symbol_of(symbol).name;
            let reason = format!(
                "nothing but {name} tends to 0, and at the minimizer {name} = {place} of one problem the derivative of the other is {slope}"
            );
            Some(fails((slope, "0".to_owned()), reason))
        }
        _ => None,
    })
}

/// The first coefficient of the minimizer, from the derivative at its first order, which must be linear with a positive
/// definite matrix.
fn leading(setting: &Setting, world: &World, problem: &Problem) -> Result<Matrix, Failure> {
    let (symbol, rows) = variable(setting, world, problem)
        .map_err(|_| Failure::unknown("a problem over what is no vector"))?;
    let weight = setting.scaling.weight(symbol);
    if weight <= 0 {
        return Err(Failure::unknown("a minimizer that does not tend to 0"));
    }
    // The derivative is needed at its first order alone.
    let mut evaluator = Evaluator::new(setting.store, world, 2 + setting.scaling.depth(), BITS);
    // Over a bounded set of parameters the minimum is where the penalty lets it; elsewhere only convexity tells.
    let bounded = setting.store.post_order(&[problem.objective]).iter().any(|e| {
        matches!(setting.store[*e], Node::Divergence { .. } | Node::Expectation { .. } | Node::Apply(..))
            && setting.store.mentions(*e, &[problem.variable])
            && !world_functions_only(setting, world, *e)
    });
    let zero = Matrix::zero(rows, 1);
    if !bounded && !evaluator.is_quadratic_at(problem.objective, symbol, &zero)? {
        return Err(Failure::unknown("a minimum that may not exist"));
    }
    let t = Jet::power(Real::one(), weight);
    let mut slope = |y: &Matrix| -> Result<Matrix, Failure> {
        let place = y.mul(&Matrix::scalar(t.clone()), &evaluator.ring)?;
        evaluator.gradient_at(problem.objective, symbol, &place)
    };
    let base = slope(&zero)?;
    let mut columns = Vec::new();
    for j in 0..rows {
        let mut unit = zero.clone();
        unit.entries[j] = Jet::one();
        columns.push(slope(&unit)?);
    }
    let all = columns.iter().chain([&base]).flat_map(|column| &column.entries);
    let order = all.filter(|entry| !entry.is_exact_zero()).map(Jet::valuation).min();
    let order = order.ok_or_else(|| Failure::unknown("a derivative that is 0"))?;
    let coefficient = |m: &Matrix| m.map(|entry| Jet::constant(entry.coefficient(order)));
    let ring = super::jet::Ring::new(ORDER, BITS);
    let right = coefficient(&base);
    let mut matrix = Matrix::zero(rows, rows);
    for (j, column) in columns.iter().enumerate() {
        let change = coefficient(column).sub(&right, &ring)?;
        for i in 0..rows {
            matrix.entries[i * rows + j] = change.at(i, 0).clone();
        }
    }
    if has_property(&matrix, Property::PositiveDefinite, &ring)? != Some(true) {
        return Err(Failure::unknown("a first order without a single minimum"));
    }
    let found = linear::solve(&matrix, &right.scale(&Rational::MINUS_ONE, &ring), &ring)?;
    let found = found.ok_or_else(|| Failure::unknown("a first order without a single minimum"))?;
    let rest = slope(&found)?;
    if rest.entries.iter().all(|entry| entry.valuation() > order) {
        Ok(found)
    } else {
        Err(Failure::unknown("a first order that is not linear"))
    }
}

/// Is an application one of a function, rather than of a density?
fn world_functions_only(setting: &Setting, world: &World, e: Expr) -> bool {
    matches!(&setting.store[e], Node::Apply(head, _) if world.functions.contains_key(head))
}
