//! Expressions to equal ones that keep their digits in floats.
//!
//! Passes in order: sums first (`x*log(x/m) - x + m` is `kl_term(x, m)`), then what stands in them: determinants of trigammas,
//! differences of special functions, quotients of exponentials, powers, divergences of squares,
//! logarithms of products. Each pass keeps the value on the declared domain, exactly;
//! a step that cannot be shown to keep it is not taken.

mod entropy;
mod logarithm;
mod pairing;
mod square;
mod sum;

mod decay;
mod exponential;
mod exponents;
mod gaps;
mod homogeneous;
mod hyperbolic;
mod log_sum;
mod mixture;
mod power;
mod product;
mod root;
mod softmax;
mod special;
mod tilted;
mod tilted_mass;
mod walk;

use crate::algebra::Assumptions;
use crate::expr::{Expr, Store};

/// From an expression to an equal one.
type Pass = fn(&mut Store, Expr, &mut Assumptions) -> Expr;

/// In the order in which they run.
static PASSES: &[Pass] = &[
    tilted::tilted,
    softmax::divergences,
    mixture::divergences,
    decay::logarithms,
    entropy::without_cancellation,
    mixture::two_points,
    gaps::trigamma_determinants,
    special::special_functions,
    exponential::exponentials,
    exponents::divergences,
    softmax::densities,
    homogeneous::ratios,
    power::powers,
    root::divergences_of_squares,
    product::logarithms,
];

/// Equal expressions, on the domain the assumptions describe, in forms that lose few digits in floats and do not overflow
/// before their value does.
pub fn stable(store: &mut Store, expressions: &[Expr], assumptions: &Assumptions) -> Vec<Expr> {
    let mut assumptions = assumptions.clone();
    // Matrices hold most of their entries twice.
    let mut distinct: Vec<Expr> = Vec::new();
    let mut place = |e: &Expr| match distinct.iter().position(|known| known == e) {
        Some(at) => at,
        None => {
            distinct.push(*e);
            distinct.len() - 1
        }
    };
    let places: Vec<usize> = expressions.iter().map(&mut place).collect();
    for pass in PASSES {
        for e in &mut distinct {
            *e = pass(store, *e, &mut assumptions);
        }
    }
    places.into_iter().map(|at| distinct[at]).collect()
}

#[cfg(test)]
mod entropy_tests;
#[cfg(test)]
mod measure;
#[cfg(test)]
mod tests;
