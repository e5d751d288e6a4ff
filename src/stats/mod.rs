//! From a log-density alone: exponential family, score, Fisher information, KL divergence, natural gradient.
//!
//! `log p = alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x` gives η = (alpha, -beta),
//! T = (log x, x), E\[T\] = (ψ(alpha) − log beta, alpha/beta), F = [ψ₁(alpha), -1/beta; -1/beta, alpha/beta²]:
//! by separation and linear algebra on E\[score\] = 0, without an integral and without a list of families.

mod atoms;
pub mod coordinates;
pub mod derive;
pub mod exponential;
pub mod family;
mod general;
mod information;
pub mod known;
pub mod matrix;
pub mod points;
pub mod salvage;
pub mod separate;
pub mod standardized;

pub use derive::{Demand, Derivation, Status, derive, derive_some};
pub use exponential::{ExponentialFamily, Kind};
pub use family::{Atom, Claim, Coordinates, Family, Interval, Parameter, SampleSpace, Space};
