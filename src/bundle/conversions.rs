//! Natural and mean parameters from the family's coordinates and back, with their Jacobians.
//!
//! For the normal family η = (μ/σ², −1/(2σ²)) and back σ = √(−1/(2η₂)), μ = −η₁/(2η₂), where η₂ < 0.

use super::material::Known;
use super::routines::{Maker, Plan};
use super::wanted::{Conversion, Other};
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::calculus::Differentiator;
use crate::emit::{Argument, Shape};
use crate::expr::{Expr, Fact, Images, Store};
use crate::print::display;
use crate::stats::coordinates::{derive_from, solve, with_mean};
use crate::stats::derive::substitute_fact;
use crate::stats::exponential::tidy;
use crate::stats::standardized::cancelled;
use crate::stats::{Demand, Family};

/// The plan of `natural_from_parameters`, `parameters_from_mean_jacobian`, ….
pub(super) fn plan(store: &mut Store, maker: &mut Maker, conversion: Conversion) -> Known<Plan> {
    let Conversion { other, is_back, is_jacobian } = conversion;
    let exponential = maker.material.exponential.clone()?;
    let values = match other {
        Other::Natural => exponential.natural.clone(),
        Other::Mean => maker.material.mean.clone()?,
    };
    if values.is_empty() {
        return Err(format!(
            "there are no {} parameters: the density has no statistic to go with any",
            other.word()
        ));
    }
    let mut plan = if is_back {
        backward(store, maker, other, &values, is_jacobian)?
    } else {
        let count = values.len();
        let arguments = [Argument::Parameters];
        let mut plan = mapped(store, &maker.theta, &arguments, count, values, is_jacobian);
        if is_jacobian {
            // ∂η/∂θ in lowest terms: that of a quotient is a difference that may cancel.
            let assumptions = maker.material.family.parameter_assumptions(store);
            let mut present = Normalizer::new(assumptions, Effort::Present);
            plan.outputs = plan.outputs.into_iter().map(|e| tidy(store, &mut present, e)).collect();
        }
        plan
    };
    let statistics: Vec<String> = exponential.statistics.iter().map(|t| display(store, *t)).collect();
    plan.details.push(format!("The statistics are T = ({}).", statistics.join(", ")));
    Ok(plan)
}

/// A map and its Jacobian by the symbols.
fn mapped(
    store: &mut Store,
    symbols: &[Expr],
    arguments: &[Argument],
    count: usize,
    values: Vec<Expr>,
    is_jacobian: bool,
) -> Plan {
    if !is_jacobian {
        return Plan::new(arguments, Shape::Vector(count), values);
    }
    let rows = Differentiator::new().jacobian(store, &values, symbols);
    Plan::new(arguments, Shape::Matrix(count, symbols.len()), rows.concat())
}

/// θ(φ) from φ = φ(θ), where that has a closed solution, and where φ is in the image of the domain.
fn backward(
    store: &mut Store,
    maker: &mut Maker,
    other: Other,
    values: &[Expr],
    is_jacobian: bool,
) -> Known<Plan> {
    let size = maker.theta.len();
    if values.len() != size {
        let count = values.len();
        return Err(format!(
            "there are {size} parameters but {count} {} ones, and these do not tell all values of those apart",
            other.word()
        ));
    }
    let letter = if other == Other::Natural { "eta" } else { "m" };
    let symbols: Vec<Expr> = (1..=size).map(|i| store.scalar(&format!("{letter}_{i}"))).collect();
    // The map and its Jacobian come one after the other.
    if !maker.solutions.contains_key(&other) {
        let found = solution(store, maker, other, values, &symbols);
        maker.solutions.insert(other, found);
    }
    let no_solution = || format!("the {} parameters have no closed inverse here", other.word());
    let known = maker.solutions.get_mut(&other).and_then(Option::as_mut).ok_or_else(no_solution)?;
    let Solution { map, facts, present } = known;
    let (map, facts) = (map.clone(), facts.clone());
    let arguments = [Argument::Coordinates(letter.to_owned(), size)];
    let mut plan = mapped(store, &symbols, &arguments, size, map, is_jacobian);
    if is_jacobian {
        plan.outputs = plan.outputs.into_iter().map(|e| tidy(store, present, e)).collect();
    }
    plan.symbols = symbols;
    plan.facts = facts;
    Ok(plan)
}

/// θ(φ), the conditions on φ, and what has put the map into its shorter form.
pub(super) struct Solution {
    map: Vec<Expr>,
    facts: Vec<Fact>,
    present: Normalizer,
}

/// θ(φ), each entry in its shorter form.
fn solution(
    store: &mut Store,
    maker: &mut Maker,
    other: Other,
    values: &[Expr],
    symbols: &[Expr],
) -> Option<Solution> {
    let (map, facts) = solved(store, &maker.material.family, values, symbols)
        .or_else(|| through_base(store, maker, other, symbols))
        .or_else(|| through_natural(store, maker, other, symbols))?;
    let mut assumptions = Assumptions::new(store, &facts);
    let map: Vec<Expr> = map.into_iter().map(|e| cancelled(store, &mut assumptions, e)).collect();
    let mut present = Normalizer::new(assumptions, Effort::Present);
    let map = map.into_iter().map(|e| tidy(store, &mut present, e)).collect();
    Some(Solution { map, facts, present })
}

/// θ(φ) where its equations can be turned around one by one.
fn solved(
    store: &mut Store,
    family: &Family,
    values: &[Expr],
    symbols: &[Expr],
) -> Option<(Vec<Expr>, Vec<Fact>)> {
    let map = solve(store, family, values, symbols)?;
    let facts = image(store, family, values, symbols, &map);
    Some((map, facts))
}

/// By way of the family's own parameters θ: η(θ(m)), E[T](θ(η)), and φ(θ(m)), φ(θ(η)) in coordinates φ of its file.
fn through_base(
    store: &mut Store,
    maker: &mut Maker,
    other: Other,
    symbols: &[Expr],
) -> Option<(Vec<Expr>, Vec<Fact>)> {
    let base = with_mean(store, &maker.base, &mut maker.material.base);
    let (exponential, mean) = (base.exponential.clone()?, base.mean.clone()?);
    // The same statistics in the same order: each coordinate is of the same T.
    let own = maker.material.exponential.as_ref().ok()?;
    if own.statistics != exponential.statistics {
        return None;
    }
    let coordinates = maker.coordinates.as_str();
    // η and E[T] of a point of the domain are in theirs; coordinates of the file may reach less far.
    let mut held: &[Fact] = &[];
    let to = match coordinates {
        "natural" if own.natural == maker.theta => exponential.natural.clone(),
        "mean" if maker.material.mean.as_ref() == Ok(&maker.theta) => mean.clone(),
        _ => {
            let chosen = maker.base.coordinates.iter().find(|c| c.name == coordinates)?;
            held = &maker.material.family.facts;
            solve(store, &maker.material.family, &chosen.map, &maker.base.theta())?
        }
    };
    let from = if other == Other::Natural { exponential.natural } else { mean };
    let (map, mut facts) = solved(store, &maker.base, &from, symbols)?;
    let images: Images = maker.base.theta().into_iter().zip(map).collect();
    let map = store.substitute_all(&to, &images);
    facts.extend(landing(store, held, &maker.theta, &map));
    Some((map, facts))
}

/// By way of the mean parameters: θ(E[T](η)), where E[T] is known in natural parameters and θ(m) has a closed form.
fn through_natural(
    store: &mut Store,
    maker: &mut Maker,
    other: Other,
    symbols: &[Expr],
) -> Option<(Vec<Expr>, Vec<Fact>)> {
    if other != Other::Natural {
        return None;
    }
    let natural = derive_from(store, &maker.base, "natural", Demand::NONE, &mut maker.material.base)?;
    let (exponential, mean) = (natural.exponential.as_ref()?, natural.mean?);
    let own = maker.material.exponential.as_ref().ok()?;
    let eta = natural.family.theta();
    if own.statistics != exponential.statistics || exponential.natural != eta || eta != symbols {
        return None;
    }
    let values = maker.material.mean.as_ref().ok()?;
    let m: Vec<Expr> = (1..=values.len()).map(|i| store.scalar(&format!("m_{i}"))).collect();
    if *values == maker.theta {
        return Some((mean, natural.family.facts));
    }
    let map = solve(store, &maker.material.family, values, &m)?;
    let images: Images = m.into_iter().zip(mean).collect();
    let map = store.substitute_all(&map, &images);
    // The natural parameters reach as far as the integral; the family may be a part of that.
    let mut facts = natural.family.facts.clone();
    facts.extend(landing(store, &maker.material.family.facts, &maker.theta, &map));
    Some((map, facts))
}

/// That θ(φ) is in the domain of θ.
fn landing(store: &mut Store, facts: &[Fact], theta: &[Expr], map: &[Expr]) -> Vec<Fact> {
    let images: Images = theta.iter().copied().zip(map.iter().copied()).collect();
    facts.iter().map(|fact| substitute_fact(store, fact, &images)).collect()
}

/// Conditions on φ: θ(φ) is in the domain, and each φ has the sign it has on the domain.
fn image(store: &mut Store, family: &Family, values: &[Expr], symbols: &[Expr], map: &[Expr]) -> Vec<Fact> {
    let mut known = family.parameter_assumptions(store);
    let mut facts = Vec::new();
    for (value, symbol) in values.iter().zip(symbols) {
        if known.is_positive(store, *value) {
            facts.push(Fact::Positive(*symbol));
        } else if known.is_negative(store, *value) {
            facts.push(Fact::Positive(store.neg(*symbol)));
        }
    }
    facts.extend(landing(store, &family.facts, &family.theta(), map));
    facts
}
