//! How many statistics a family needs at least, without separating anything.
//!
//! `D_ij = ℓ(x_i, θ_j) − ℓ(x_i, θ_0) − ℓ(x_0, θ_j) + ℓ(x_0, θ_0)` kills A and h; its rank is at most the order of the
//! exponential family. Elimination in balls certifies a lower bound: each pivot excludes 0. Nine points each tell the
//! order of every family of order up to 8; full rank proves that there is no such order.

use crate::algebra::Assumptions;
use crate::expr::{Expr, Store};
use crate::number::{Ball, Rational};
use crate::stats::derive::substitute_fact;
use crate::stats::points::{parameter_points, points_of, sample_points};
use crate::stats::{Derivation, Family, Kind, Status};
use crate::tape::{Enclosure, Tape};
use crate::verify::Verdict;

use super::values::{Assignment, free_of};

/// Points beside the first, in θ and in x.
pub const POINTS: usize = 9;
/// Enough for differences of logarithms that agree to fifty digits.
const PRECISION: u32 = 256;

/// Points of θ with the constants held fixed: at most `count`.
pub fn theta_points(
    store: &mut Store,
    family: &Family,
    constants: &[Rational],
    count: usize,
) -> Vec<Vec<Rational>> {
    let symbols: Vec<Expr> = family.constants.iter().map(|p| p.symbol).collect();
    let images = Assignment::new(symbols, constants.to_vec()).images(store);
    let facts: Vec<_> = family.facts.iter().map(|f| substitute_fact(store, f, &images)).collect();
    let assumptions = Assumptions::new(store, &facts);
    points_of(store, &assumptions, &facts, &family.theta(), count)
}

/// A certified lower bound of the number of statistics, at most [`POINTS`].
pub fn order_lower_bound(store: &mut Store, family: &Family) -> usize {
    let Some(first) = parameter_points(store, family, 1).into_iter().next() else { return 0 };
    // Constants large enough to leave room for nine observations are better than the first that come.
    let size = family.parameters.len();
    let constants: Vec<Rational> = roomy_constants(store, family).unwrap_or_else(|| first[size..].to_vec());
    let thetas = theta_points(store, family, &constants, POINTS + 1);
    let Some(theta) = thetas.first() else { return 0 };
    let at = [theta.as_slice(), &constants].concat();
    let space = family.sample_space(store);
    let observations = sample_points(store, family, &space, &at, POINTS + 1);
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    // What does not depend on x is computed once for each θ.
    let x = family.x();
    let free = free_of(store, &x, &x, &[family.log_density]);
    let outer = Tape::new(store, &symbols, &free);
    let inner = Tape::new(store, &[x.as_slice(), &free].concat(), &[family.log_density]);
    let exact = |q: &Rational| Enclosure::Exact(q.clone(), PRECISION);
    let known: Vec<Vec<Enclosure>> = thetas
        .iter()
        .map(|theta| {
            let inputs: Vec<Enclosure> = theta.iter().chain(&constants).map(exact).collect();
            outer.eval(&inputs, PRECISION)
        })
        .collect();
    let values: Vec<Vec<Ball>> = observations
        .iter()
        .map(|x| {
            let x: Vec<Enclosure> = x.iter().map(exact).collect();
            known.iter().map(|k| inner.eval_one(&[x.as_slice(), k].concat(), PRECISION).to_ball()).collect()
        })
        .collect();
    let differences: Vec<Vec<Ball>> = values
        .iter()
        .skip(1)
        .map(|row| {
            (1..row.len()).map(|j| row[j].sub(&row[0]).sub(&values[0][j].sub(&values[0][0]))).collect()
        })
        .collect();
    certified_rank(differences)
}

/// Constants of the largest of the first points tried, where integers bound the sample space.
fn roomy_constants(store: &mut Store, family: &Family) -> Option<Vec<Rational>> {
    if family.constants.is_empty() {
        return Some(Vec::new());
    }
    let size = family.parameters.len();
    let points = parameter_points(store, family, 12);
    let largest = points.into_iter().max_by(|a, b| {
        let total = |p: &[Rational]| p[size..].iter().fold(Rational::ZERO, |sum, q| &sum + q);
        total(a).cmp(&total(b))
    })?;
    Some(largest[size..].to_vec())
}

/// Pivots of a complete elimination that certainly are not 0.
fn certified_rank(mut rows: Vec<Vec<Ball>>) -> usize {
    let mut rank = 0;
    loop {
        let mut best: Option<(usize, usize, f64)> = None;
        for (i, row) in rows.iter().enumerate() {
            for (j, entry) in row.iter().enumerate() {
                let sure = entry.is_defined() && entry.is_bounded() && !entry.contains_zero();
                let size = entry.abs().lower_f64();
                if sure && best.is_none_or(|(.., known)| size > known) {
                    best = Some((i, j, size));
                }
            }
        }
        let Some((i, j, _)) = best else { return rank };
        rank += 1;
        let pivot = rows.swap_remove(i);
        for row in &mut rows {
            let factor = row[j].div(&pivot[j]);
            for (entry, above) in row.iter_mut().zip(&pivot) {
                *entry = entry.sub(&factor.mul(above));
            }
            row.remove(j);
        }
    }
}

/// The bound against what the separation found.
#[derive(Clone, Debug, PartialEq)]
pub struct OrderCheck {
    /// Certified: at least so many statistics are needed.
    pub lower_bound: usize,
    /// The separation found so many; `None` when it found no exponential family.
    pub statistics: Option<usize>,
    /// Proved when both agree, or when full rank shows that there is no exponential family of order up to 8.
    pub verdict: Verdict,
}

/// Checks the number of statistics of a derivation.
pub fn order_check(store: &mut Store, derivation: &Derivation) -> OrderCheck {
    let lower_bound = order_lower_bound(store, &derivation.family);
    let identified = derivation.exponential.as_ref();
    let statistics = identified.map(|e| e.statistics.len());
    let proved = |rule: &str| {
        let rules = vec!["double-difference-rank".to_owned(), rule.to_owned()];
        Verdict::Proved(crate::verify::Proof { rules, conditions: Vec::new(), example: None })
    };
    let verdict = match statistics {
        Some(found) if found == lower_bound => proved("separation"),
        Some(found) => Verdict::open(format!(
            "the separation has {found} statistics, the double differences show only that {lower_bound} are needed"
        )),
        None if derivation.status == Status::Refused => Verdict::open(
            "the support moves with a parameter: differences of log-densities say nothing about it",
        ),
        None if lower_bound >= POINTS => proved("not an exponential family of order ≤ 8"),
        None if derivation.kind == Kind::No => Verdict::open(format!(
            "at least {lower_bound} statistics are needed; the separation found none, so a rewriting rule may be missing"
        )),
        None => Verdict::open("nothing was separated"),
    };
    OrderCheck { lower_bound, statistics, verdict }
}
