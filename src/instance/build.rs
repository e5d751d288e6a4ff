//! From a survey to instances: dimensions, families, functions and exact values, the simplest first.
//!
//! For a claim about p(x|θ) with θ ∈ ℝⁿ: Bernoulli at 3/10, its square parametrization at 1/2, binomial, then
//! categorical(3) at (1/5, 3/10), and last a family with singular Fisher information.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::assume;
use super::candidates;
use super::evaluate::Evaluator;
use super::family::{Family, families};
use super::function::Function;
use super::jet::Jet;
use super::matrix::Matrix;
use super::real::Real;
use super::survey::{Role, Survey};
use super::world::World;
use crate::claim::Limit;
use crate::expr::{Dimension, Shape, Store, SymbolId};
use crate::number::Rational;

/// How often values are exchanged until the assumptions hold.
const ATTEMPTS: usize = 24;
/// Series that check assumptions are cut off here.
const ORDER: i32 = 6;

/// Which world to build.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    dimensions: FxHashMap<SymbolId, usize>,
    densities: Vec<(SymbolId, &'static Family)>,
    /// Which of the values come first.
    point: usize,
    /// Steps are a tenth, so that parameters stay inside of the family.
    small: bool,
}

/// What tends to 0, with integer weights after t ↦ t^`stretch`.
#[derive(Clone, Debug, Default)]
pub(super) struct Scaling {
    weights: Vec<(SymbolId, i32)>,
    /// The least common denominator of the weights.
    pub stretch: i64,
}

impl Scaling {
    /// The weights of a limit; `None` when they are too long.
    pub(super) fn new(store: &Store, limit: &Limit) -> Option<Scaling> {
        let stretch = limit.symbols.iter().try_fold(1i64, |stretch, (_, weight)| {
            let (_, denominator) = weight.as_small()?;
            Some(num_integer::lcm(stretch, denominator)).filter(|stretch| *stretch <= 12)
        })?;
        let weight = |(symbol, weight): &(_, Rational)| {
            let scaled = (weight * &Rational::from(stretch)).as_i64().filter(|w| w.abs() <= 24)?;
            Some((store.as_symbol(*symbol)?, i32::try_from(scaled).ok()?))
        };
        let weights: Option<Vec<_>> = limit.symbols.iter().map(weight).collect();
        Some(Scaling { weights: weights?, stretch })
    }

    fn weight(&self, symbol: SymbolId) -> i32 {
        self.weights.iter().find(|(s, _)| *s == symbol).map_or(0, |(_, weight)| *weight)
    }

    /// How far negative weights reach.
    pub(super) fn depth(&self) -> i32 {
        self.weights.iter().map(|(_, weight)| -weight).max().unwrap_or(0).max(0)
    }
}

/// The plans for a survey, in the order in which they are tried.
pub(super) fn plans(survey: &Survey) -> Vec<Plan> {
    let mut plans = Vec::new();
    let mut late = Vec::new();
    for dimensions in layouts(survey) {
        let (regular, singular) = assignments(survey, &dimensions);
        let samples = survey.symbols.iter().any(|(_, _, role)| *role == Role::Sample);
        for (number, densities) in regular.into_iter().enumerate() {
            let outcomes = densities.first().map_or(0, |(_, family)| family.outcomes());
            let points = match number {
                _ if samples => outcomes.max(1),
                0 => 3,
                _ => 1,
            };
            for point in 0..points {
                let plan = Plan {
                    dimensions: dimensions.clone(),
                    densities: densities.clone(),
                    point,
                    small: false,
                };
                if point < 2 { plans.push(plan) } else { late.push(plan) }
            }
        }
        late.extend(singular.into_iter().map(|densities| Plan {
            dimensions: dimensions.clone(),
            densities,
            point: 0,
            small: false,
        }));
    }
    plans.extend(late);
    plans
}

/// Values of the symbolic dimensions: all of them small, and different where there are several.
fn layouts(survey: &Survey) -> Vec<FxHashMap<SymbolId, usize>> {
    let count = if survey.dimensions.is_empty() { 1 } else { 3 };
    let layout = |base: usize| {
        let dimensions = survey.dimensions.iter().enumerate();
        dimensions.map(|(i, dimension)| (*dimension, (base + i) % 3 + 1)).collect()
    };
    (0..count).map(layout).collect()
}

type Assignment = Vec<(SymbolId, &'static Family)>;

/// Families on one sample space for all densities: regular ones, and those with singular Fisher information.
fn assignments(
    survey: &Survey,
    dimensions: &FxHashMap<SymbolId, usize>,
) -> (Vec<Assignment>, Vec<Assignment>) {
    if survey.densities.is_empty() {
        return (vec![vec![]], vec![]);
    }
    let (mut regular, mut singular): (Vec<Assignment>, Vec<Assignment>) = (Vec::new(), Vec::new());
    for outcomes in 2..=4 {
        for rotation in 0..2 {
            for degenerate in [false, true] {
                let Some(found) = assignment(survey, dimensions, outcomes, rotation, degenerate) else {
                    continue;
                };
                let list = if degenerate { &mut singular } else { &mut regular };
                let same = |other: &Assignment| {
                    other.iter().zip(&found).all(|((_, a), (_, b))| std::ptr::eq(*a, *b))
                };
                let only_regular = degenerate && !found.iter().any(|(_, family)| family.singular);
                if !only_regular && !list.iter().any(same) {
                    list.push(found);
                }
            }
        }
    }
    (regular, singular)
}

fn assignment(
    survey: &Survey,
    dimensions: &FxHashMap<SymbolId, usize>,
    outcomes: usize,
    rotation: usize,
    degenerate: bool,
) -> Option<Assignment> {
    let mut found: Assignment = Vec::new();
    for (density, shape) in &survey.densities {
        let parameters = match shape {
            None => 0,
            Some(Shape { rows: Dimension::Fixed(n), .. }) => *n as usize,
            Some(Shape { rows: Dimension::Named(id), .. }) => *dimensions.get(id)?,
        };
        let fits = |family: &&Family| {
            family.parameters == parameters
                && family.outcomes() == outcomes
                && (!family.singular || degenerate)
        };
        let choices: Vec<&'static Family> = families().iter().filter(fits).collect();
        let before = found.iter().filter(|(_, family)| family.parameters == parameters).count();
        found.push((*density, *choices.get((rotation + before) % choices.len().max(1))?));
    }
    Some(found)
}

/// The world of a plan, when the assumptions can be met.
pub(super) fn build(
    store: &Store,
    survey: &Survey,
    plan: &Plan,
    scaling: &Scaling,
    small: bool,
) -> Option<World> {
    let plan = Plan { small, ..plan.clone() };
    let mut world = World {
        dimensions: plan.dimensions.clone(),
        densities: plan.densities.iter().copied().collect(),
        ..World::default()
    };
    world.functions = functions(survey, &world)?;
    let mut cursors = vec![plan.point; survey.symbols.len()];
    for attempt in 0..ATTEMPTS {
        choose(store, survey, &plan, scaling, &cursors, &mut world)?;
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

/// Gives every symbol the value its cursor points at, then evaluates the definitions.
fn choose(
    store: &Store,
    survey: &Survey,
    plan: &Plan,
    scaling: &Scaling,
    cursors: &[usize],
    world: &mut World,
) -> Option<()> {
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
                let mut values = candidates::values(rows, columns, shape.is_scalar(), integer);
                let weight = scaling.weight(*symbol);
                if weight != 0 && rows == 1 && columns == 1 {
                    values.insert(0, candidates::exact(1, 1, &[Rational::ONE]));
                }
                let value = turned(values, turn)?;
                if plan.small && weight == 0 { value.map(tenth) } else { value }
            }
        };
        world.symbols.insert(*symbol, scaled(&value, scaling.weight(*symbol)));
    }
    for (symbol, e) in &survey.definitions {
        let value = Evaluator::new(store, world, ORDER, 128).value(*e).ok()?;
        world.symbols.insert(*symbol, value.as_ref().clone());
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
fn broken<'a>(store: &Store, survey: &'a Survey, world: &World) -> Option<&'a crate::claim::Assumption> {
    let mut evaluator = Evaluator::new(store, world, ORDER, 128);
    survey.assumptions.iter().find(|assumption| assume::holds(&mut evaluator, assumption) != Ok(true))
}

/// Which symbols may be changed so that an assumption holds: free ones first.
fn movable(store: &Store, survey: &Survey, assumption: &crate::claim::Assumption) -> Vec<usize> {
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
