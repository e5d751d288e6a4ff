//! A maximum-likelihood fit by natural gradient and by plain gradient, side by side.
//!
//! The sample is the expected one: its statistics are those of a stated "true" θ*, so that the mean negative
//! log-likelihood differs by a constant from KL(p_θ*‖p_θ), and the optimum is θ* exactly. For normal(μ, σ) from afar the natural
//! gradient needs a handful of iterations; the plain one, which has no unit, needs hundreds or crawls.

use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Store};
use crate::number::Rational;
use crate::numeric::descent::{Descent, End, Objective, descend};
use crate::numeric::matrix::{norm, solve};
use crate::stats::Derivation;
use crate::stats::points::facts_hold;

use super::divergence::{default_direction, moved};
use super::remainder::Domain;
use super::values::{Assignment, Partial};
use super::witnesses::{assignment, named};

/// Iterations after which either descent is stopped.
const MOST_ITERATIONS: usize = 2000;
/// Both descents stop at this size of the gradient.
const TOLERANCE: f64 = 1e-8;

/// How one descent went.
#[derive(Clone, Debug, PartialEq)]
pub struct Run {
    /// Steps taken.
    pub iterations: usize,
    /// ‖θ − θ*‖ at the end, without directions in which F is singular.
    pub distance: f64,
    /// KL(θ*‖θ) at the end.
    pub kl: f64,
    /// The last θ.
    pub end_point: Vec<f64>,
    /// Why it ended.
    pub end: End,
}

/// Both descents from one start.
#[derive(Clone, Debug, PartialEq)]
pub struct FitReport {
    /// θ*, with the constants.
    pub target: Vec<(String, Rational)>,
    /// Where both began.
    pub start: Vec<Rational>,
    /// With F⁻¹∇L.
    pub natural: Run,
    /// With ∇L.
    pub plain: Run,
}

/// A start beside θ*: as far along the default direction as the domain allows, at most four times.
pub fn default_start(store: &Store, derivation: &Derivation, target: &[Rational]) -> Vec<Rational> {
    let family = &derivation.family;
    let size = family.parameters.len();
    let direction = default_direction(store, derivation, target);
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    let far = [4, 2].into_iter().find_map(|t| {
        let start = moved(&target[..size], &direction, &Rational::from(t));
        let inside =
            facts_hold(store, &family.facts, &symbols, &[start.as_slice(), &target[size..]].concat());
        inside.then_some(start)
    });
    far.unwrap_or_else(|| moved(&target[..size], &direction, &Rational::ONE))
}

/// Fits towards `target` (θ*, then the constants) from `start` (θ).
///
/// # Errors
/// Says what keeps it from being run.
pub fn fit(
    store: &mut Store,
    derivation: &Derivation,
    target: &[Rational],
    start: &[Rational],
) -> Result<FitReport, String> {
    let family = &derivation.family;
    let (Some(kl), Some(fisher)) = (derivation.kl, &derivation.fisher) else {
        return Err("the fit needs closed forms of the divergence and of F".to_owned());
    };
    let size = family.parameters.len();
    if start.len() != size || !derivation.written_in.iter().map(|p| p.symbol).eq(family.theta()) {
        return Err("the start has another number of parameters".to_owned());
    }
    let at = assignment(family, target);
    let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
    let images: Images = family.theta().into_iter().zip(other.iter().copied()).collect();
    let slopes = Differentiator::new().gradient(store, kl, &other);
    let moved: Vec<Expr> = fisher.iter().flatten().map(|e| store.substitute(*e, &images)).collect();
    let null: Vec<Expr> =
        derivation.null_space.iter().flatten().map(|e| store.substitute(*e, &images)).collect();
    let value = Partial::new(store, &at, &other, &other, &[kl]);
    let gradient = Partial::new(store, &at, &other, &other, &slopes);
    let metric = Partial::new(store, &at, &other, &other, &moved);
    let singular = Partial::new(store, &at, &other, &other, &null);
    let domain = Domain::new(store, derivation, &at);
    let null_at = |theta: &[f64]| {
        let mut flat = vec![0.0; null.len()];
        if !flat.is_empty() {
            singular.eval(theta, &mut flat);
        }
        flat
    };
    let value_at = |theta: &[f64]| value.first(theta);
    let gradient_at = |theta: &[f64]| {
        let mut out = vec![0.0; size];
        gradient.eval(theta, &mut out);
        out
    };
    let inside = |theta: &[f64]| domain.contains(theta);
    let precondition = |theta: &[f64], g: &[f64]| {
        let mut matrix = vec![0.0; size * size];
        metric.eval(theta, &mut matrix);
        // F + Σ nnᵀ is regular, and its inverse takes a gradient orthogonal to every n to the least solution.
        for n in null_at(theta).chunks(size) {
            for i in 0..size {
                for j in 0..size {
                    matrix[i * size + j] += n[i] * n[j];
                }
            }
        }
        solve(&matrix, g)
    };
    let objective = Objective { value: &value_at, gradient: &gradient_at, domain: &inside };
    let begin: Vec<f64> = start.iter().map(Rational::to_f64).collect();
    let optimum: Vec<f64> = target[..size].iter().map(Rational::to_f64).collect();
    let natural = descend(objective, Some(&precondition), &begin, TOLERANCE, MOST_ITERATIONS);
    let plain = descend(objective, None, &begin, TOLERANCE, MOST_ITERATIONS);
    let null = null_at(&optimum);
    Ok(FitReport {
        target: named(family, target),
        start: start.to_vec(),
        natural: run(store, &natural, &optimum, &null, &|theta| at.and(&other, theta), kl)?,
        plain: run(store, &plain, &optimum, &null, &|theta| at.and(&other, theta), kl)?,
    })
}

fn run(
    store: &Store,
    descent: &Descent,
    optimum: &[f64],
    null: &[f64],
    place: &dyn Fn(&[Rational]) -> Assignment,
    kl: Expr,
) -> Result<Run, String> {
    let last = descent.last().ok_or("the start lies outside the domain")?;
    let mut difference: Vec<f64> = last.point.iter().zip(optimum).map(|(a, b)| a - b).collect();
    for n in null.chunks(optimum.len()) {
        let length: f64 = n.iter().map(|v| v * v).sum();
        let share: f64 = n.iter().zip(&difference).map(|(a, b)| a * b).sum::<f64>() / length;
        difference.iter_mut().zip(n).for_each(|(a, b)| *a -= share * b);
    }
    let exact: Option<Vec<Rational>> = last.point.iter().map(|v| Rational::from_f64(*v)).collect();
    let exact = exact.ok_or("the descent left the finite numbers")?;
    Ok(Run {
        iterations: descent.steps(),
        distance: norm(&difference),
        // In enclosures: near the optimum floats have no digits left.
        kl: place(&exact).float(store, kl),
        end_point: last.point.clone(),
        end: descent.end,
    })
}
