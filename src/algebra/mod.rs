//! Equal expressions: assumptions, exact rational functions over kernels, normal forms.

pub mod assume;
pub mod range;

pub use assume::Assumptions;
