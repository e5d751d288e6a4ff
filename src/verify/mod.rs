//! Verdicts on claims, and what is verified of families of densities.

pub mod statistical;
mod verdict;

pub use verdict::{Attempts, Evidence, Misreading, Proof, Report, Requirement, Verdict, Witness};
