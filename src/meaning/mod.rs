//! Trees and declarations → what a step claims.
//!
//! `KL(p(θ) ‖ p(θ + d)) ≈ ½ d'Fd` is two trees and a relation. With `density p(x | theta) regular`, `vector d in R^n`,
//! `let F = fisher(p)` and `small d` it becomes the claim KL(p, θ; p, θ + d) = ½ dᵀ F(θ) d + o(‖d‖²), beside a context
//! that says what p, θ and d are. What a compiler would say of the formula (shapes, binders, names) is said here;
//! whether the claim is true is left to others.

mod vocabulary;

mod declare;

mod lower;

mod product;

mod apply;

mod calculus;

mod measure;

mod side;

mod order;

mod step;

mod spell;

mod suggest;

pub use side::{InnerStep, Meaning, Reading, StatedOrder, constraint, side};
pub use spell::spell;
pub use step::{Step, step};
pub use suggest::suggest;
pub use vocabulary::Vocabulary;

#[cfg(test)]
mod testing;

#[cfg(test)]
mod tests;
