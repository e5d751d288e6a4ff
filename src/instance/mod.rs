//! Abstract claims → counterexamples by concrete families and functions, or support.
//!
//! `KL(p(θ) ‖ p(θ + d)) ≈ dᵀF d` is refuted by the Bernoulli family at θ = 3/10 with d = t: the coefficient of t² is 50/21,
//! not 100/21. Values are exact: rational numbers, logarithms of primes, square roots, and series in t and in the
//! infinitesimals by which derivatives are read off. No rule of `proof` is used, and no rule of `calculus`.
//!
//! An instance counts only where it meets every declaration: assumptions are evaluated on it. What the evaluator cannot
//! represent says nothing; only what mathematics leaves undefined refutes.

mod failure;
mod real;

mod jet;
mod matrix;

mod family;
mod formula;
mod function;
mod moments;

mod candidates;
mod survey;
mod world;

mod evaluate;

mod assume;
mod build;
mod plan;

mod check;
mod equal;
mod relations;

mod conclusion;
mod linear;

mod minimum;
mod vanishing;

mod conditions;
mod examine;

#[cfg(test)]
mod tests;

pub use conditions::{Satisfiability, Standing, satisfiable};
pub use examine::{Outcome, Witness, examine};
