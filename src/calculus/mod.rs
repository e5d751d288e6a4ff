//! Derivatives, gradients, Hessians, Taylor series.
//!
//! `d/dx log(1 + x^2) = 2*x/(1 + x^2)`: four rules, and the chain rule over the rows of the function
//! table. Each node of the shared graph is differentiated once by each variable.

mod differentiate;
mod series;

pub use differentiate::Differentiator;
pub use series::{taylor, taylor_in};
