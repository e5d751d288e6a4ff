//! Certificates of abstract calculus to theorems: the small kernel that everything `proved` has passed.
//!
//! `KL(θ, θ+d) ≡ ½ dᵀF(θ)d` to second order in d arrives as a list of steps (rule, what its letters stand for, the place as a
//! context with one hole). The kernel builds both sides of each rule, plugs them into the context, compares
//! modulo the arithmetic of [`ring`], and adds up the conditions. It never matches and never searches, and it uses nothing of
//! the rest of this crate but expressions, numbers and the statement of the claim.

mod certificate;
pub mod condition;
mod discharge;
mod exponential;
mod kernel;
mod kinds;
mod lemma;
mod minimizers;
mod moments;
mod order;
pub mod ring;
pub mod schema;
mod sign;
mod smooth;
mod terms;
#[cfg(test)]
mod tests;

pub use certificate::{Certificate, Multiplier, Penalty, Step, Theorem, Witness, direction};
pub use condition::{Binding, Condition, Met};
pub use discharge::How;
pub use kernel::check;
pub use schema::{Meta, RuleId, Schema, rules};
pub use sign::{SIGNS, Sign};
pub use terms::{domain, find_hole, hole, plug};

/// Why a certificate proves nothing.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Rejected {
    /// The step of the chain, counted from 0, at which it failed.
    pub step: Option<usize>,
    /// What is wrong.
    pub reason: &'static str,
}

impl Rejected {
    /// A rejection that belongs to no step yet.
    pub fn because(reason: &'static str) -> Rejected {
        Rejected { step: None, reason }
    }

    fn at(self, step: usize) -> Rejected {
        Rejected { step: self.step.or(Some(step)), ..self }
    }
}
