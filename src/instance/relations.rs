//! Inequalities, proportions, properties of matrices and limits on one instance.
//!
//! `dᵀFd ≥ 0` is looked at with its sign, `a ∝ b` with its factor in every component, `F positive definite` with its
//! minors.

use super::assume::{has_property, vanishes};
use super::build::{self, Choice, Setting};
use super::candidates;
use super::check::{Check, Fails};
use super::equal::{compare as compare_values, series};
use super::evaluate::Evaluator;
use super::failure::Failure;
use super::jet::Jet;
use super::matrix::Matrix;
use super::plan::Plan;
use super::real::Real;
use super::world::World;
use crate::claim::{Inequality, Property};
use crate::expr::{Expr, Store};
use crate::number::Rational;

/// The precision of balls.
const BITS: u32 = 256;
/// Series of limits are cut off here.
const ORDER: i32 = 8;

/// The text of a value.
fn text(value: &Matrix) -> String {
    value.text().unwrap_or_else(|| series(value, ORDER))
}

/// A check from an evaluation: what has no value says nothing.
fn checked(result: Result<Check, Failure>) -> Check {
    result.unwrap_or_else(|failure| Check::Skip(failure.text()))
}

/// left relation right.
pub(super) fn compare(
    store: &Store,
    world: &World,
    (left, relation, right): (Expr, Inequality, Expr),
) -> Check {
    let mut evaluator = Evaluator::new(store, world, ORDER, BITS);
    checked((|| {
        let (a, b) = (evaluator.value(left)?, evaluator.value(right)?);
        let difference = evaluator.ring.sub(a.as_scalar()?, b.as_scalar()?);
        let Some(sign) = difference.as_constant().and_then(|value| value.sign()) else {
            return Ok(Check::Skip("a sign that is not known".to_owned()));
        };
        let (holds, wanted) = match relation {
            Inequality::Less => (sign.is_lt(), "less than"),
            Inequality::LessOrEqual => (sign.is_le(), "at most"),
            Inequality::Greater => (sign.is_gt(), "greater than"),
            Inequality::GreaterOrEqual => (sign.is_ge(), "at least"),
        };
        let exact = difference.as_constant().is_some_and(|value| value.is_exact());
        if holds {
            return Ok(Check::Holds { exact });
        }
        let (left, right) = (text(&a), text(&b));
        let reason = format!("{left} is not {wanted} {right}");
        Ok(Check::Fails(Fails { left, right, reason, exact, world: None }))
    })())
}

/// left = c·right with one c > 0, the same for all values of what varies.
pub(super) fn proportional(
    setting: &Setting,
    world: &World,
    plan: &Plan,
    sides: (Expr, Expr),
    varying: &[Expr],
) -> Check {
    let (first, factor) = match factor(setting.store, world, sides) {
        Ok(found) => found,
        Err(check) => return check,
    };
    let Some(factor) = factor.filter(|_| !varying.is_empty()) else { return first };
    let symbols: Vec<_> = varying.iter().filter_map(|e| setting.store.as_symbol(*e)).collect();
    if symbols.len() < varying.len() {
        return Check::Skip("a factor that may not depend on an expression".to_owned());
    }
    let mut compared = false;
    for by in 1..4 {
        let moved: Vec<_> = symbols.iter().map(|symbol| (*symbol, by)).collect();
        let other = build::build(setting, plan, Choice { small: false, moved: &moved });
        let Some(other) = other.filter(|other| others_agree(setting, world, other, &symbols)) else {
            continue;
        };
        let Ok((_, Some(again))) = self::factor(setting.store, &other, sides) else { continue };
        compared = true;
        let ring = super::jet::Ring::new(ORDER, BITS);
        let difference = ring.sub(&Jet::constant(factor.clone()), &Jet::constant(again.clone()));
        if difference.as_constant().and_then(|value| value.is_zero()) == Some(false) {
            let changes = symbols.iter().filter_map(|symbol| {
                let name = &setting.store.symbol_of(*symbol).name;
                Some(format!("{name} = {}", other.value_text(*symbol)?))
            });
            let changes = changes.collect::<Vec<_>>().join(", ");
            let (left, right) = (factor.text(), again.text());
            let reason = format!("the factor is {left} here and {right} at {changes}");
            return Check::Fails(Fails { left, right, reason, exact: true, world: None });
        }
    }
    if compared { first } else { Check::Skip("a factor at one value only".to_owned()) }
}

/// Do two worlds agree but for the given symbols?
fn others_agree(setting: &Setting, one: &World, other: &World, but: &[crate::expr::SymbolId]) -> bool {
    let mut symbols = setting.survey.symbols.iter().map(|(symbol, ..)| *symbol);
    symbols.all(|symbol| but.contains(&symbol) || one.value_text(symbol) == other.value_text(symbol))
}

/// The factor between two sides, when the right one is not 0.
fn factor(store: &Store, world: &World, (left, right): (Expr, Expr)) -> Result<(Check, Option<Real>), Check> {
    let mut evaluator = Evaluator::new(store, world, ORDER, BITS);
    let skip = |failure: Failure| Check::Skip(failure.text());
    let (a, b) = (evaluator.value(left).map_err(skip)?, evaluator.value(right).map_err(skip)?);
    let ring = &evaluator.ring;
    let unknown = || Check::Skip("a factor that is not known".to_owned());
    let constants = |m: &Matrix| m.entries.iter().map(Jet::as_constant).collect::<Option<Vec<Real>>>();
    let (ours, theirs) = (constants(&a).ok_or_else(unknown)?, constants(&b).ok_or_else(unknown)?);
    if ours.len() != theirs.len() {
        return Err(unknown());
    }
    let Some(position) = theirs.iter().position(|value| value.is_zero() == Some(false)) else {
        return match (vanishes(&a), vanishes(&b)) {
            (Some(true), Some(true)) => Ok((Check::Holds { exact: true }, None)),
            (Some(false), Some(true)) => {
                let reason = "the right side is 0, the left is not".to_owned();
                Err(Check::Fails(Fails { left: text(&a), right: text(&b), reason, exact: true, world: None }))
            }
            _ => Err(unknown()),
        };
    };
    let inverse = theirs[position].recip(BITS).map_err(skip)?;
    let factor = ours[position].mul(&inverse, BITS);
    let scaled = b.mul(&Matrix::scalar(Jet::constant(factor.clone())), ring).map_err(skip)?;
    let fails =
        |reason| Check::Fails(Fails { left: text(&a), right: text(&b), reason, exact: true, world: None });
    match compare_values(&a, &scaled, &evaluator) {
        Check::Holds { exact } => match factor.sign() {
            Some(sign) if sign.is_gt() => Ok((Check::Holds { exact }, Some(factor))),
            Some(_) => Err(fails(format!("the factor is {}, not positive", factor.text()))),
            None => Err(unknown()),
        },
        Check::Fails(_) => Err(fails("the components have different factors".to_owned())),
        skip @ Check::Skip(_) => Err(skip),
    }
}

/// A property of a matrix.
pub(super) fn property(store: &Store, world: &World, of: Expr, property: Property) -> Check {
    let mut evaluator = Evaluator::new(store, world, ORDER, BITS);
    checked((|| {
        let value = evaluator.value(of)?;
        Ok(match has_property(&value, property, &evaluator.ring)? {
            Some(true) => Check::Holds { exact: true },
            None => Check::Skip("a property that is not known".to_owned()),
            Some(false) => {
                let (name, right) = match property {
                    Property::Symmetric => ("symmetric", text(&value.transpose())),
                    Property::PositiveSemidefinite => ("positive semidefinite", String::new()),
                    Property::PositiveDefinite => ("positive definite", String::new()),
                    Property::Nonsingular => ("nonsingular", String::new()),
                };
                let reason = format!("{} is not {name}", text(&value));
                Check::Fails(Fails { left: text(&value), right, reason, exact: true, world: None })
            }
        })
    })())
}

/// The form is 0 only where the variable is.
pub(super) fn zero_only_at_zero(store: &Store, world: &World, form: Expr, variable: Expr) -> Check {
    let Some(symbol) = store.as_symbol(variable) else {
        return Check::Skip("a variable that is no symbol".to_owned());
    };
    let shape = store.shape(variable);
    let Some(rows) =
        world.dimension(shape.rows).filter(|_| shape.columns == crate::expr::Dimension::Fixed(1))
    else {
        return Check::Skip("a variable that is no vector".to_owned());
    };
    let mut evaluator = Evaluator::new(store, world, ORDER, BITS);
    checked((|| {
        let mut places = candidates::values(rows, 1, rows == 1, false, false);
        if let Ok(hessian) = evaluator.hessian_at(form, symbol, &Matrix::zero(rows, 1)) {
            places.extend(super::linear::kernel(&hessian, &evaluator.ring)?);
        }
        for place in places {
            let value = evaluator.value_at(form, symbol, &place)?;
            match value.as_scalar()?.as_constant().and_then(|value| value.is_zero()) {
                Some(false) => {}
                Some(true) => {
                    let (name, place) = (&store.symbol_of(symbol).name, text(&place));
                    let reason = format!("it is 0 at {name} = {place}");
                    let (left, right) = ("0".to_owned(), place);
                    return Ok(Check::Fails(Fails { left, right, reason, exact: true, world: None }));
                }
                None => return Ok(Check::Skip("a value that may be 0".to_owned())),
            }
        }
        Ok(Check::Holds { exact: true })
    })())
}

/// lim of a body as a variable tends to a point along a line, from both sides.
pub(super) fn limit_value(
    store: &Store,
    world: &World,
    (body, variable, to, value): (Expr, Expr, Expr, Expr),
) -> Check {
    let Some(symbol) = store.as_symbol(variable) else {
        return Check::Skip("a limit in what is no symbol".to_owned());
    };
    checked((|| {
        let mut evaluator = Evaluator::new(store, world, ORDER, BITS);
        let (to, claimed) = (evaluator.value(to)?, evaluator.value(value)?);
        let shape = store.shape(variable);
        let directions = candidates::values(to.rows, to.columns, shape.is_scalar(), false, false);
        let mut last = Check::Skip("a limit in no direction".to_owned());
        for (direction, sign) in directions.iter().take(2).flat_map(|u| [(u, 1), (u, -1)]) {
            let step = direction.scale(&Rational::from(sign), &evaluator.ring);
            let t = Matrix::scalar(Jet::power(Real::one(), 1));
            let place = to.add(&step.mul(&t, &evaluator.ring)?, &evaluator.ring)?;
            let found = evaluator.value_at(body, symbol, &place)?;
            last = at_limit(&found, &claimed, &evaluator);
            if !matches!(last, Check::Holds { .. }) {
                break;
            }
        }
        Ok(last)
    })())
}

/// The constant term against the claimed limit.
fn at_limit(found: &Matrix, claimed: &Matrix, evaluator: &Evaluator) -> Check {
    let known = found.entries.iter().all(|entry| entry.is_series() && entry.precision > 0);
    if !known {
        return Check::Skip("a limit that is not known".to_owned());
    }
    let diverges = |entry: &Jet| entry.terms.iter().any(|(key, c)| key.t < 0 && c.is_zero() == Some(false));
    if found.entries.iter().any(diverges) {
        let (left, right) = (series(found, 0), text(claimed));
        let reason = format!("it is {left} at distance t, which has no limit");
        return Check::Fails(Fails { left, right, reason, exact: true, world: None });
    }
    let limit = found.map(|entry| Jet::constant(entry.coefficient(0)));
    compare_values(&limit, claimed, evaluator)
}
