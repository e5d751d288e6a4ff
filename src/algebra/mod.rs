//! Equal expressions: assumptions, exact rational functions over kernels, normal forms.
//!
//! `(x² − y²)/(x − y) = x + y` is arithmetic of [`fraction`]s; `log(x*y) = log x + log y` for `x, y > 0` is
//! [`normalize`] under [`assume`]d facts. Symbolic throughout: no floating point decides anything here.

pub mod assume;
pub mod fraction;
pub mod modular;
pub mod normalize;
pub mod polynomial;
pub mod range;
pub mod rules;

pub use assume::Assumptions;
pub use fraction::Fraction;
pub use normalize::{Effort, Normalizer, Stop};
