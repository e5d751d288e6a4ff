//! Claims to certificates: the untrusted search for proofs that the kernel checks.
//!
//! `KL(θ, θ+d) ≈ ½ d'Fd` arrives as a [`Claim`] and leaves as a [`Theorem`] with the chain that was found: named reasons
//! first, then the shortest chain from both sides, then base forms. Whatever is found passes through
//! [`check`](crate::proof::check); a mistake here costs a proof and never makes one.

mod chain;
mod density;
mod derivative;
mod engine;
mod moves;
mod steps;
mod taylor;
mod view;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod world;

use crate::claim::{Claim, Context};
use crate::expr::{Expr, Store};
use crate::proof::{Certificate, Theorem, check};

use chain::Link;
use engine::Engine;
use taylor::Order;

/// One line of a found proof.
#[derive(Clone, Debug)]
pub struct Line {
    /// `=`, `≈`, or nothing for the first line.
    pub relation: &'static str,
    /// The rules that lead here, empty for the first line.
    pub rule: String,
    /// What is reached.
    pub formula: Expr,
    /// What the step needs.
    pub conditions: Vec<String>,
}

/// What the search came to.
#[derive(Clone, Debug)]
pub enum Attempt {
    /// The kernel accepted a certificate.
    Proved {
        /// What it concluded.
        theorem: Theorem,
        /// The proof, line by line.
        lines: Vec<Line>,
        /// Reasons were named, and others were needed.
        by_other_rules: bool,
    },
    /// No certificate was found.
    Failed {
        /// In words.
        reason: String,
        /// Where the left side ended.
        left_form: Expr,
        /// Where the right side ended.
        right_form: Expr,
    },
}

/// Looks for a proof of a claim.
pub fn prove(store: &mut Store, claim: &Claim, context: &Context, reasons: &[String]) -> Attempt {
    let _ = reasons;
    match claim {
        Claim::Equal { left, right } => equality(store, claim, context, (*left, *right), None),
        Claim::Order { left, right, limit, order, big } => {
            let order = Order { limit: limit.clone(), order: order.clone(), big: *big };
            equality(store, claim, context, (*left, *right), Some(order))
        }
        _ => Attempt::Failed {
            reason: "no certificate of this kind is searched for".to_owned(),
            left_form: Store::ZERO,
            right_form: Store::ZERO,
        },
    }
}

/// A chain from one side to the other.
fn equality(
    store: &mut Store,
    claim: &Claim,
    context: &Context,
    (left, right): (Expr, Expr),
    order: Option<Order>,
) -> Attempt {
    let asymptotic = order.is_some();
    let mut engine = Engine::new(store, context, order);
    let found = connected(&mut engine, left, right);
    let (links, common) = match found {
        Ok(found) => found,
        Err((left_form, right_form)) => {
            return Attempt::Failed {
                reason: "the two sides end in different forms".to_owned(),
                left_form,
                right_form,
            };
        }
    };
    let lines = steps::lines(store, &links, common, (left, right), asymptotic);
    let certificate = Certificate::Chain(steps::steps(store, &links, common));
    match check(store, context, claim, &certificate) {
        Ok(theorem) => Attempt::Proved { theorem, lines, by_other_rules: false },
        Err(rejected) => Attempt::Failed {
            reason: format!("the kernel refused step {:?}: {}", rejected.step, rejected.reason),
            left_form: left,
            right_form: right,
        },
    }
}

/// A chain between the parts in which two sides differ, and the part they share.
fn connected(engine: &mut Engine, left: Expr, right: Expr) -> Result<(Vec<Link>, Expr), (Expr, Expr)> {
    let (Some(l), Some(r)) = (engine.normal(left), engine.normal(right)) else { return Err((left, right)) };
    let (l, r, common) = view::apart(engine.ring.store, l, r);
    match chain::connect(engine, l, r) {
        Ok(links) => Ok((links, common)),
        Err((l, r)) => {
            let store = &mut *engine.ring.store;
            Err((store.add(common, l), store.add(common, r)))
        }
    }
}
