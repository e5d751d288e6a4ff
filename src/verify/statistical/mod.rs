//! A family of densities → evidence for what was derived from it.
//!
//! For gamma(2, 3): ∫p = 1 by a known integral and by quadrature, E\[score\] = 0, the outer product and the Hessian
//! form of F agree, KL(θ‖θ+d) − ½dᵀFd is of order ‖d‖³, and the steepest step within KL ≤ ε is the natural gradient.
//! Exact sums, enclosures and symbolic identities prove or refute; what quadrature says only supports.

pub mod claims;
pub mod divergence;
mod equal;
pub mod estimator;
pub mod expectation;
pub mod fit;
pub mod invariance;
mod kink;
pub mod normalization;
pub mod numeric;
pub mod order;
mod remainder;
pub mod steepest;
pub mod values;
pub mod witnesses;
