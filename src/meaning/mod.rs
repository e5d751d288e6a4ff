//! Trees and declarations → what a step claims.
//!
//! `KL(p(θ) ‖ p(θ + d)) ≈ ½ d'Fd` is two trees and a relation. With `density p(x | theta) regular`, `vector d in R^n`,
//! `let F = fisher(p)` and `small d` it becomes the claim KL(p, θ; p, θ + d) = ½ dᵀ F(θ) d + o(‖d‖²), beside a context
//! that says what p, θ and d are. What a compiler would say of the formula (shapes, binders, names) is said here;
//! whether the claim is true is left to others.

mod vocabulary;

mod declare;

mod assume;

mod lower;

mod name;

mod readings;

mod product;

mod apply;

mod density;

mod calculus;

mod measure;

mod integral;

mod side;

mod problem;

mod order;

mod step;

mod approximate;

mod minimum;

mod spell;

mod usage;

mod suggest;

pub use problem::constraint;
pub use side::{InnerStep, Meaning, Reading, StatedOrder, side};
pub use spell::spell;
pub use step::{Step, step};
pub use suggest::suggest;
pub use vocabulary::Vocabulary;

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests;

#[cfg(test)]
mod displays;
