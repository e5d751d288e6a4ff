//! From a plan to an instance: functions and exact values that meet the assumptions.
//!
//! With `‖v‖ = 1` assumed, v becomes (3/5, 4/5); with `v = −∇L/‖∇L‖`, whatever that is on the instance.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::assume;
use super::candidates;
use super::evaluate::Evaluator;
use super::function::Function;
use super::jet::Jet;
use super::matrix::Matrix;
use super::plan::{Plan, Scaling};
use super::real::Real;
use super::survey::{Role, Survey, survey};
use super::world::World;
use crate::claim::{Assumption, Context, Limit};
use crate::expr::{Expr, Shape, Store, SymbolId};
use crate::number::Rational;

/// How often values are exchanged until the assumptions hold.
const ATTEMPTS: usize = 24;
/// Series that check assumptions are cut off here.
const ORDER: i32 = 6;

/// What all instances of a claim have in common.
pub(super) struct Setting<'a> {
    pub store: &'a Store,
    pub survey: Survey,
    pub scaling: Scaling,
}

impl<'a> Setting<'a> {
    /// What the expressions of a claim speak of; a text where that cannot be told.
    pub(super) fn new(
        store: &'a Store,
        roots: &[Expr],
        context: &Context,
        limit: &Limit,
    ) -> Result<Setting<'a>, String> {
        let fixed: Vec<Expr> = limit.symbols.iter().map(|(symbol, _)| *symbol).collect();
        let survey = survey(store, roots, context, &fixed);
        if let Some(head) = survey.undeclared {
            return Err(format!("`{}` is not declared", store.symbol_of(head).name));
        }
        let scaling = Scaling::new(store, limit).ok_or("weights that are too long")?;
        Ok(Setting { store, survey, scaling })
    }
}

/// How the values of one instance are chosen.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Choice<'a> {
    /// Steps are a tenth, so that parameters stay inside of the family.
    pub small: bool,
    /// Symbols whose values are exchanged for later ones.
    pub moved: &'a [(SymbolId, usize)],
}

/// The world of a plan, when the assumptions can be met.
pub(super) fn build(setting: &Setting, plan: &Plan, choice: Choice) -> Option<World> {
    let Setting { store, survey, .. } = setting;
    let mut world = World {
        dimensions: plan.dimensions.clone(),
        densities: plan.densities.iter().copied().collect(),
        ..World::default()
    };
    world.functions = functions(survey, &world)?;
    let moved = |symbol: SymbolId| choice.moved.iter().find(|(s, _)| *s == symbol).map_or(0, |(_, by)| *by);
    let mut cursors: Vec<usize> =
        survey.symbols.iter().map(|(symbol, ..)| plan.point + moved(*symbol)).collect();
    for attempt in 0..ATTEMPTS {
        choose(setting, plan, choice, &cursors, &mut world)?;
        define(store, survey, &mut world)?;
        match broken(store, survey, &world) {
            None => {
                describe(store, survey, &mut world);
                return Some(world);
            }
            Some(assumption) => {
                let movable = movable(store, survey, assumption);
                let position = movable.get(attempt % movable.len().max(1))?;
                cursors[*position] += 1;
            }
        }
    }
    None
}

/// The world with another value of one symbol, when the assumptions still hold.
pub(super) fn revised(setting: &Setting, world: &World, symbol: SymbolId, value: &Matrix) -> Option<World> {
    let mut world = replaced(setting, world, symbol, value)?;
    if broken(setting.store, &setting.survey, &world).is_some() {
        return None;
    }
    describe(setting.store, &setting.survey, &mut world);
    Some(world)
}

/// The world with another value of one symbol, whatever is assumed.
pub(super) fn replaced(setting: &Setting, world: &World, symbol: SymbolId, value: &Matrix) -> Option<World> {
    let mut world = world.clone();
    world.symbols.insert(symbol, value.clone());
    define(setting.store, &setting.survey, &mut world)?;
    Some(world)
}

/// Evaluates the definitions.
fn define(store: &Store, survey: &Survey, world: &mut World) -> Option<()> {
    for (symbol, e) in &survey.definitions {
        let value = Evaluator::new(store, world, ORDER, 128).value(*e).ok()?;
        world.symbols.insert(*symbol, value.as_ref().clone());
    }
    Some(())
}

/// Concrete functions for all abstract ones.
fn functions(survey: &Survey, world: &World) -> Option<FxHashMap<SymbolId, Rc<Function>>> {
    let mut functions = FxHashMap::default();
    for (number, function) in survey.functions.iter().enumerate() {
        let size = |shape: Shape| Some(world.dimension(shape.rows)? * world.dimension(shape.columns)?);
        let coordinates =
            function.arguments.iter().try_fold(0, |sum, (_, shape)| Some(sum + size(*shape)?))?;
        let first = usize::from(survey.densities.is_empty());
        let made = Function::new(coordinates, size(function.values)?, number + first);
        functions.insert(function.symbol, Rc::new(made));
    }
    Some(functions)
}

/// Gives every symbol the value its cursor points at.
fn choose(
    setting: &Setting,
    plan: &Plan,
    choice: Choice,
    cursors: &[usize],
    world: &mut World,
) -> Option<()> {
    let Setting { store, survey, scaling } = setting;
    world.symbols.clear();
    let mut ranks: Vec<(Shape, bool, usize)> = Vec::new();
    for ((symbol, shape, role), cursor) in survey.symbols.iter().zip(cursors) {
        let free = *role == Role::Free;
        let rank = match ranks.iter_mut().find(|(s, f, _)| s == shape && *f == free) {
            Some((_, _, rank)) => {
                *rank += 1;
                *rank
            }
            None => {
                ranks.push((*shape, free, 0));
                0
            }
        };
        let (rows, columns) = (world.dimension(shape.rows)?, world.dimension(shape.columns)?);
        let turn = cursor + rank;
        let value = match role {
            Role::Sample => {
                let outcomes = plan.densities.first()?.1.outcomes();
                world.samples.insert(*symbol, (2 * outcomes - 1 - turn % outcomes) % outcomes);
                continue;
            }
            Role::Parameter(density) => {
                let points = &world.densities.get(density)?.points;
                let point = points.get(turn % points.len())?;
                candidates::exact(rows, columns, point)
            }
            Role::Place => turned(candidates::places(rows, shape.is_scalar()), turn)?,
            Role::Free => {
                let integer = store.symbol_of(*symbol).integer;
                let late = plan.point >= 2;
                let mut values = candidates::values(rows, columns, shape.is_scalar(), integer, late);
                let weight = scaling.weight(*symbol);
                if weight != 0 && rows == 1 && columns == 1 {
                    values.insert(0, candidates::exact(1, 1, &[Rational::ONE]));
                }
                let value = turned(values, turn)?;
                if choice.small && weight == 0 { value.map(tenth) } else { value }
            }
        };
        world.symbols.insert(*symbol, scaled(&value, scaling.weight(*symbol)));
    }
    Some(())
}

fn turned(values: Vec<Matrix>, turn: usize) -> Option<Matrix> {
    let count = values.len();
    values.into_iter().nth(turn % count.max(1))
}

fn tenth(jet: &Jet) -> Jet {
    match jet.as_rational() {
        Some(q) => Jet::rational(&q * &Rational::new(1, 10)),
        None => jet.clone(),
    }
}

/// value·t^weight.
fn scaled(value: &Matrix, weight: i32) -> Matrix {
    if weight == 0 {
        return value.clone();
    }
    value.map(|entry| Jet::power(entry.as_constant().unwrap_or_else(Real::zero), weight))
}

/// The first assumption that does not hold, or is not known to.
fn broken<'a>(store: &Store, survey: &'a Survey, world: &World) -> Option<&'a Assumption> {
    let mut evaluator = Evaluator::new(store, world, ORDER, 128);
    survey.assumptions.iter().find(|assumption| assume::holds(&mut evaluator, assumption) != Ok(true))
}

/// Which symbols may be changed so that an assumption holds: free ones first.
fn movable(store: &Store, survey: &Survey, assumption: &Assumption) -> Vec<usize> {
    let involved = survey.all_symbols(store, &super::survey::expressions(assumption));
    let mut positions: Vec<usize> =
        (0..survey.symbols.len()).filter(|i| involved.contains(&survey.symbols[*i].0)).collect();
    positions.sort_by_key(|i| survey.symbols[*i].2 != Role::Free);
    let free = positions.iter().filter(|i| survey.symbols[**i].2 == Role::Free).count();
    if free > 0 {
        positions.truncate(free);
    }
    positions
}

/// The instance in words.
fn describe(store: &Store, survey: &Survey, world: &mut World) {
    let name_of = |id: SymbolId| store.symbol_of(id).name.clone();
    let mut parts: Vec<String> = Vec::new();
    let mut point: Vec<(String, String)> = Vec::new();
    for (density, _) in &survey.densities {
        let family = world.densities[density].name;
        let alone = survey.densities.len() == 1;
        parts.push(if alone { family.to_owned() } else { format!("{}: {family}", name_of(*density)) });
        point.push((name_of(*density), family.to_owned()));
    }
    for function in &survey.functions {
        let names = function.arguments.iter().flat_map(|(name, shape)| {
            let size = world.dimension(shape.rows).unwrap_or(1) * world.dimension(shape.columns).unwrap_or(1);
            super::formula::names(name, size)
        });
        let formula = world.functions[&function.symbol].text(&names.collect::<Vec<_>>());
        let arguments: Vec<&str> = function.arguments.iter().map(|(name, _)| name.as_str()).collect();
        let head = format!("{}({})", name_of(function.symbol), arguments.join(", "));
        if survey.densities.is_empty() {
            parts.push(format!("{head} = {formula}"));
        }
        point.push((head, formula));
    }
    for dimension in &survey.dimensions {
        point.push((name_of(*dimension), world.dimensions[dimension].to_string()));
    }
    let defined = survey.definitions.iter().map(|(symbol, _)| (*symbol, Role::Free));
    for (symbol, role) in survey.symbols.iter().map(|(symbol, _, role)| (*symbol, *role)).chain(defined) {
        let Some(text) = world.value_text(symbol) else { continue };
        if matches!(role, Role::Parameter(_) | Role::Place) || parts.is_empty() {
            parts.push(format!("{} = {text}", name_of(symbol)));
        }
        point.push((name_of(symbol), text));
    }
    if parts.is_empty() {
        parts.push("no free symbols".to_owned());
    }
    world.name = parts.join(", ");
    world.point = point;
}
