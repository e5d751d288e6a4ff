//! The Fisher information is a metric, and the natural gradient a direction of the family itself.
//!
//! In coordinates φ with θ = θ(φ) and J = ∂θ/∂φ: F_φ = JᵀF_θJ, and J·F_φ⁻¹(Jᵀg) = F_θ⁻¹g. What is derived anew in φ
//! must agree with what is transformed, entry by entry.

use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Store};
use crate::number::Rational;
use crate::stats::coordinates::{derive_in, transformed_fisher};
use crate::stats::points::parameter_points;
use crate::stats::{Derivation, Family};
use crate::verify::Verdict;

use super::equal::all_equal;
use super::values::Assignment;

/// One system of coordinates against the family's own.
#[derive(Clone, Debug, PartialEq)]
pub struct Invariance {
    /// Its name.
    pub coordinates: String,
    /// F_φ = JᵀFJ.
    pub fisher: Verdict,
    /// J·(natural gradient in φ) = natural gradient in θ, for every gradient g.
    pub direction: Verdict,
    /// Where the directions were measured: φ, then the constants.
    pub at: Vec<Rational>,
    /// (natural gradient in θ, J·natural gradient in φ) at that point, for g = (1, −1/2, …).
    pub measured: Vec<(f64, f64)>,
}

/// Every named system of coordinates of a family; `base` is its derivation in its own parameters.
pub fn invariance(store: &mut Store, family: &Family, base: &Derivation) -> Vec<Invariance> {
    let names: Vec<String> = family.coordinates.iter().map(|c| c.name.clone()).collect();
    names.iter().filter_map(|name| one(store, family, base, name)).collect()
}

fn one(store: &mut Store, family: &Family, base: &Derivation, name: &str) -> Option<Invariance> {
    let chosen = family.coordinates.iter().find(|c| c.name == name)?.clone();
    let derived = derive_in(store, family, name)?;
    let (theta, phi) = (family.theta(), derived.family.theta());
    let facts = derived.family.facts.clone();
    let mut result = Invariance {
        coordinates: name.to_owned(),
        fisher: Verdict::open("the Fisher information has no closed form"),
        direction: Verdict::open("the Fisher information has no inverse"),
        at: Vec::new(),
        measured: Vec::new(),
    };
    let (Some(fisher), Some(own)) = (&base.fisher, &derived.fisher) else { return Some(result) };
    let transformed = transformed_fisher(store, fisher, &theta, &chosen.map, &phi);
    let pairs: Vec<(Expr, Expr)> =
        own.iter().flatten().copied().zip(transformed.into_iter().flatten()).collect();
    result.fisher = all_equal(store, &pairs, &facts);
    let (Some(natural), Some(other)) = (&base.natural_gradient, &derived.natural_gradient) else {
        return Some(result);
    };
    // g_φ = Jᵀg, then J times the natural gradient in φ.
    let jacobian = Differentiator::new().jacobian(store, &chosen.map, &phi);
    let moved = |store: &mut Store, columns: bool, v: &[Expr], i: usize| {
        let terms: Vec<Expr> = (0..v.len())
            .map(|k| {
                let entry = if columns { jacobian[k][i] } else { jacobian[i][k] };
                store.mul(entry, v[k])
            })
            .collect();
        store.sum(terms)
    };
    let pulled: Vec<Expr> = (0..phi.len()).map(|i| moved(store, true, &base.gradient, i)).collect();
    let images: Images = derived.gradient.iter().copied().zip(pulled).collect();
    let other = store.substitute_all(other, &images);
    let pushed: Vec<Expr> = (0..theta.len()).map(|i| moved(store, false, &other, i)).collect();
    let map: Images = theta.iter().copied().zip(chosen.map.iter().copied()).collect();
    let natural = store.substitute_all(natural, &map);
    let pairs: Vec<(Expr, Expr)> = natural.into_iter().zip(pushed).collect();
    result.direction = all_equal(store, &pairs, &facts);
    if let Some(point) = parameter_points(store, &derived.family, 1).into_iter().next() {
        let symbols: Vec<Expr> =
            derived.family.parameters.iter().chain(&derived.family.constants).map(|p| p.symbol).collect();
        let g: Vec<Rational> =
            (0..theta.len() as i64).map(|i| Rational::new(if i % 2 == 0 { 1 } else { -1 }, i + 1)).collect();
        let at = Assignment::new(symbols, point.clone()).and(&base.gradient, &g);
        result.measured = pairs.iter().map(|(a, b)| (at.float(store, *a), at.float(store, *b))).collect();
        result.at = point;
    }
    Some(result)
}
