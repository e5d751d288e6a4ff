//! From a plan to an instance: functions and exact values that meet the assumptions.
//!
//! With `‖v‖ = 1` assumed, v becomes (3/5, 4/5); with `v = −∇L/‖∇L‖`, whatever that is on the instance.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::assume;
use super::candidates;
use super::evaluate::Evaluator;
use super::function::Function;
use super::jet::{Jet, Ring};
use super::linear;
use super::matrix::Matrix;
use super::plan::{Plan, Scaling};
use super::real::Real;
use super::survey::{Part, Role, Survey, survey};
use super::world::World;
use crate::claim::{Assumption, Context, Limit};
use crate::expr::{Expr, Node, Shape, Store, SymbolId};
use crate::number::Rational;

/// How often values are exchanged until the assumptions hold.
const ATTEMPTS: usize = 24;
/// How many sets of functions are tried where something is assumed of them.
const ROUNDS: usize = 3;
/// Series that check assumptions are cut off here.
const ORDER: i32 = 6;

/// What all instances of a claim have in common.
pub(super) struct Setting<'a> {
    pub store: &'a Store,
    pub survey: Survey,
    pub scaling: Scaling,
    /// Symbols that the claim binds: their values say nothing.
    pub bound: Vec<SymbolId>,
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
        if let Some(obstacle) = survey.obstacle {
            return Err(obstacle);
        }
        let scaling = Scaling::new(store, limit).ok_or("weights that are too long")?;
        Ok(Setting { store, survey, scaling, bound: Vec::new() })
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
    let inequalities = setting.survey.assumptions.iter().filter(|a| !matches!(a, Assumption::Equal(..)));
    let assumed: Vec<Expr> = inequalities.flat_map(super::survey::expressions).collect();
    let rounds = if speaks_of_functions(setting.store, &assumed) { ROUNDS } else { 1 };
    (0..rounds).find_map(|round| build_with(setting, plan, choice, round))
}

/// The world with other functions of the deck in each round.
fn build_with(setting: &Setting, plan: &Plan, choice: Choice, round: usize) -> Option<World> {
    let Setting { store, survey, .. } = setting;
    let mut world = World {
        dimensions: plan.dimensions.clone(),
        densities: plan.densities.iter().copied().collect(),
        ..World::default()
    };
    world.functions = functions(survey, &world, round)?;
    let moved = |symbol: SymbolId| choice.moved.iter().find(|(s, _)| *s == symbol).map_or(0, |(_, by)| *by);
    let mut cursors: Vec<usize> =
        survey.symbols.iter().map(|(symbol, ..)| plan.point + moved(*symbol)).collect();
    for attempt in 0..ATTEMPTS {
        choose(setting, plan, choice, &cursors, &mut world)?;
        define(store, survey, &mut world)?;
        let Some(assumption) = broken(setting, &world) else {
            describe(setting, &mut world);
            return Some(world);
        };
        // Other values do not make an identity of an equation about functions.
        let identity = matches!(assumption, Assumption::Equal(..))
            && speaks_of_functions(store, &super::survey::expressions(assumption));
        if identity && attempt >= 2 {
            return None;
        }
        let movable = movable(store, survey, assumption);
        if let Some(solved) = solved(setting, &world, assumption, &movable) {
            return Some(solved);
        }
        let position = movable.get(attempt % movable.len().max(1))?;
        cursors[*position] += 1;
    }
    None
}

/// The world in which a linear equation that is assumed is solved for a free symbol.
///
/// An equation about abstract functions may be meant for all their arguments: it is not solved at one of them.
fn solved(setting: &Setting, world: &World, assumption: &Assumption, movable: &[usize]) -> Option<World> {
    let Assumption::Equal(a, b) = assumption else { return None };
    if speaks_of_functions(setting.store, &[*a, *b]) {
        return None;
    }
    movable.iter().find_map(|position| {
        let (symbol, _, role) = setting.survey.symbols[*position];
        let value = linear::solution(setting, world, &[(*a, *b)], symbol).ok()??;
        revised(setting, world, symbol, &value).filter(|_| role == Role::Free)
    })
}

fn speaks_of_functions(store: &Store, roots: &[Expr]) -> bool {
    store.post_order(roots).iter().any(|e| matches!(store[*e], Node::Apply(..)))
}

/// The world with another value of one symbol, when the assumptions still hold.
pub(super) fn revised(setting: &Setting, world: &World, symbol: SymbolId, value: &Matrix) -> Option<World> {
    let mut world = replaced(setting, world, symbol, value)?;
    if broken(setting, &world).is_some() {
        return None;
    }
    describe(setting, &mut world);
    Some(world)
}

/// The world with another value of one symbol, whatever is assumed.
pub(super) fn replaced(setting: &Setting, world: &World, symbol: SymbolId, value: &Matrix) -> Option<World> {
    let mut world = world.clone();
    world.symbols.insert(symbol, value.clone());
    define(setting.store, &setting.survey, &mut world)?;
    Some(world)
}

/// Evaluates the definitions, those that speak of named calls after these.
fn define(store: &Store, survey: &Survey, world: &mut World) -> Option<()> {
    world.named.clear();
    let calls: Vec<Expr> = survey.named.iter().map(|(call, _)| *call).collect();
    let (late, early): (Vec<(SymbolId, Expr)>, Vec<_>) =
        survey.definitions.iter().copied().partition(|(_, e)| store.mentions(*e, &calls));
    let value = |world: &World, e: Expr| Evaluator::new(store, world, ORDER, 128).value(e).ok();
    for (symbol, e) in early {
        let value = value(world, e)?;
        world.symbols.insert(symbol, value.as_ref().clone());
    }
    for (call, e) in &survey.named {
        let value = value(world, *e)?;
        let ring = Ring::new(ORDER, 128);
        let square = ring.mul(value.as_scalar().ok()?, value.as_scalar().ok()?).ok()?;
        // A cosine lies between −1 and 1.
        ring.sign(&ring.sub(&square, &Jet::one())).filter(|sign| sign.is_le())?;
        world.named.insert(*call, value.as_ref().clone());
    }
    for (symbol, e) in late {
        let value = value(world, e)?;
        world.symbols.insert(symbol, value.as_ref().clone());
    }
    Some(())
}

/// Concrete functions for all abstract ones.
fn functions(survey: &Survey, world: &World, round: usize) -> Option<FxHashMap<SymbolId, Rc<Function>>> {
    let mut functions = FxHashMap::default();
    for (number, function) in survey.functions.iter().enumerate() {
        let size = |shape: Shape| Some(world.dimension(shape.rows)? * world.dimension(shape.columns)?);
        let coordinates =
            function.arguments.iter().try_fold(0, |sum, (_, shape)| Some(sum + size(*shape)?))?;
        let first = round + usize::from(survey.densities.is_empty());
        let made = match natural(survey, world, function.symbol, coordinates) {
            Some(made) => made.filter(|made| Some(made.values()) == size(function.values))?,
            None => Function::new(coordinates, size(function.values)?, number + first),
        };
        functions.insert(function.symbol, Rc::new(made));
    }
    Some(functions)
}

/// A function that belongs to the exponential form of a density.
fn natural(
    survey: &Survey,
    world: &World,
    function: SymbolId,
    coordinates: usize,
) -> Option<Option<Function>> {
    survey.exponential.iter().find_map(|(density, parts)| {
        let (_, part) = parts.iter().find(|(symbol, _)| *symbol == function)?;
        let natural = world.densities.get(density)?.natural?;
        Some(match part {
            Part::Statistic => Function::from_texts(natural.statistic, coordinates),
            Part::LogPartition => Function::from_texts(&[natural.log_partition], coordinates),
            Part::Base => Function::from_texts(&[natural.base], coordinates),
        })
    })
}

/// Gives every symbol the value its cursor points at.
fn choose(
    setting: &Setting,
    plan: &Plan,
    choice: Choice,
    cursors: &[usize],
    world: &mut World,
) -> Option<()> {
    let Setting { store, survey, scaling, .. } = setting;
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
                let outcomes =
                    plan.densities.first().map(|(_, family)| family.outcomes()).filter(|k| *k > 0)?;
                world.samples.insert(*symbol, (2 * outcomes - 1 - turn % outcomes) % outcomes);
                continue;
            }
            Role::Parameter(density) => {
                let points = &world.densities.get(density)?.points;
                let point = points.get(turn % points.len().max(1))?;
                Some(point.clone()).filter(|point| (point.rows, point.columns) == (rows, columns))?
            }
            _ if world.dimensions.contains_key(symbol) => {
                let size = world.dimensions.get(symbol).and_then(|n| i64::try_from(*n).ok())?;
                Matrix::scalar(Jet::rational(Rational::from(size)))
            }
            Role::Place if columns == 1 => turned(candidates::places(rows, shape.is_scalar()), turn)?,
            Role::Place => turned(candidates::values(rows, columns, shape.is_scalar(), false, false), turn)?,
            Role::Free => {
                let integer = store.symbol_of(*symbol).integer;
                let late = plan.point >= 2;
                let mut values = candidates::values(rows, columns, shape.is_scalar(), integer, late);
                let weight = scaling.weight(*symbol);
                if weight != 0 && rows == 1 && columns == 1 {
                    values.insert(0, Matrix::scalar(Jet::one()));
                }
                // What tends to 0 is followed from both sides.
                let value = match weight != 0 && rows == 1 && columns == 1 && late {
                    true => Matrix::scalar(Jet::rational(Rational::MINUS_ONE)),
                    false => turned(values, turn)?,
                };
                // Late plans have short vectors beside long ones, once in either order.
                let short = match plan.point {
                    3 => !shape.is_scalar() && rank % 2 == 0,
                    4 => !shape.is_scalar() && rank % 2 == 1,
                    _ => false,
                };
                if (choice.small || short) && weight == 0 { value.map(tenth) } else { value }
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
fn broken<'a>(setting: &'a Setting, world: &World) -> Option<&'a Assumption> {
    let Setting { store, survey, .. } = setting;
    let mut evaluator = Evaluator::new(store, world, ORDER, 128);
    survey.assumptions.iter().find(|assumption| {
        assume::holds(&mut evaluator, assumption) != Ok(true) || !holds_everywhere(setting, world, assumption)
    })
}

/// An equation about abstract functions, or about a sample, is meant for all samples and all arguments: it must hold at
/// every sample point and at other places too.
fn holds_everywhere(setting: &Setting, world: &World, assumption: &Assumption) -> bool {
    let Setting { store, survey, .. } = setting;
    let roots = super::survey::expressions(assumption);
    let symbols = store.free_symbols(&roots);
    let outcomes = world.densities.values().map(|family| family.outcomes()).max().unwrap_or(0);
    let identity = matches!(assumption, Assumption::Equal(..)) && speaks_of_functions(store, &roots);
    let is_sample = |symbol: SymbolId, role: Role| {
        role == Role::Sample || (role == Role::Place && survey.sampled.contains(&symbol))
    };
    let about_samples =
        survey.symbols.iter().any(|(id, _, role)| symbols.contains(id) && is_sample(*id, *role));
    if about_samples && outcomes == 0 && !world.densities.is_empty() {
        // On the line there are too many samples to look at.
        return false;
    }
    let mut others = vec![world.clone()];
    for (symbol, shape, role) in survey.symbols.iter().filter(|(symbol, ..)| symbols.contains(symbol)) {
        if is_sample(*symbol, *role) {
            others.extend((0..outcomes).map(|k| {
                let mut world = world.clone();
                world.samples.insert(*symbol, k);
                world
            }));
        }
        let values: Vec<Matrix> = match role {
            Role::Parameter(density) if identity => {
                world.densities.get(density).map(|family| family.points.clone()).unwrap_or_default()
            }
            Role::Place if identity => {
                let rows = world.dimension(shape.rows).unwrap_or(1);
                candidates::places(rows, shape.is_scalar())
            }
            _ => continue,
        };
        others.extend(values.into_iter().map(|value| {
            let mut world = world.clone();
            world.symbols.insert(*symbol, value);
            world
        }));
    }
    others
        .iter()
        .skip(1)
        .all(|world| assume::holds(&mut Evaluator::new(store, world, ORDER, 128), assumption) == Ok(true))
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
fn describe(setting: &Setting, world: &mut World) {
    let Setting { store, survey, .. } = setting;
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
        let Some(text) = world.value_text(symbol).filter(|_| !setting.bound.contains(&symbol)) else {
            continue;
        };
        let concrete = survey.densities.is_empty() && survey.functions.is_empty() && parts.len() < 4;
        if matches!(role, Role::Parameter(_) | Role::Place) || concrete {
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
