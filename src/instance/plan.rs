//! Which instances are looked at, the simplest first.
//!
//! For a claim about p(x|θ) with θ ∈ ℝⁿ: Bernoulli, its square parametrization, binomial, then categorical(3), and last a
//! family with singular Fisher information.

use rustc_hash::FxHashMap;

use super::family::{Family, Space, families};
use super::moments::continuous;
use super::survey::{Role, Survey};
use crate::claim::Limit;
use crate::expr::{Dimension, Shape, Store, SymbolId};
use crate::number::Rational;

/// Which world to build.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    pub dimensions: FxHashMap<SymbolId, usize>,
    pub densities: Vec<(SymbolId, &'static Family)>,
    /// Which of the values come first.
    pub point: usize,
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

    /// The power of t with which a symbol tends to 0.
    pub(super) fn weight(&self, symbol: SymbolId) -> i32 {
        self.weights.iter().find(|(s, _)| *s == symbol).map_or(0, |(_, weight)| *weight)
    }

    /// How far negative weights reach.
    pub(super) fn depth(&self) -> i32 {
        self.weights.iter().map(|(_, weight)| -weight).max().unwrap_or(0).max(0)
    }
}

/// The plans for a survey, in the order in which they are tried.
pub(super) fn plans(survey: &Survey) -> Vec<Plan> {
    // The simplest family in each dimension, then all others, then singular ones and unusual values.
    let (mut plans, mut others, mut late) = (Vec::new(), Vec::new(), Vec::new());
    for dimensions in layouts(survey) {
        let (regular, singular) = assignments(survey, &dimensions);
        let samples = survey.symbols.iter().any(|(_, _, role)| *role == Role::Sample);
        for (number, densities) in regular.into_iter().enumerate() {
            let outcomes = densities.first().map_or(0, |(_, family)| family.outcomes());
            let points = match number {
                _ if samples => outcomes.max(1),
                0 => 5,
                _ => 1,
            };
            for point in 0..points {
                let plan = Plan { dimensions: dimensions.clone(), densities: densities.clone(), point };
                match (number, point) {
                    (0, 0 | 1) => plans.push(plan),
                    (_, 0 | 1) => others.push(plan),
                    _ => late.push(plan),
                }
            }
        }
        late.extend(singular.into_iter().map(|densities| Plan {
            dimensions: dimensions.clone(),
            densities,
            point: 0,
        }));
    }
    plans.extend(others);
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
    // On the line no sample is a single point.
    let samples = survey.symbols.iter().any(|(_, _, role)| *role == Role::Sample);
    let spaces = [
        Space::Finite(2),
        Space::Finite(3),
        Space::Finite(4),
        Space::Line,
        Space::HalfLine,
        Space::UpToParameter,
    ];
    let usable = spaces.into_iter().filter(|space| match space {
        Space::Finite(_) => true,
        Space::Line | Space::HalfLine => !samples,
        Space::UpToParameter => !samples && survey.irregular,
    });
    for space in usable {
        for rotation in 0..2 {
            for degenerate in [false, true] {
                let Some(found) = assignment(survey, dimensions, space, rotation, degenerate) else {
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
    space: Space,
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
                && family.space() == space
                && (!family.singular || degenerate)
                && family.natural.is_some() == survey.exponential.iter().any(|(other, _)| other == density)
        };
        let choices: Vec<&'static Family> = families().iter().chain(continuous()).filter(fits).collect();
        let before = found.iter().filter(|(_, family)| family.parameters == parameters).count();
        found.push((*density, *choices.get((rotation + before) % choices.len().max(1))?));
    }
    Some(found)
}
