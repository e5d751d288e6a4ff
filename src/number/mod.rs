//! The numbers expressions are built from and evaluated in.
//!
//! [`Rational`] is exact and stands in expressions; `f64`, `Complex64` and [`Ball`] are what a
//! tape evaluates to, each a [`Scalar`]. Nothing here knows an expression or a function of the table.

mod rational;

mod ball;

mod complex;
mod scalar;

pub use ball::{Ball, Definedness};
pub use rational::Rational;
pub use scalar::Scalar;
