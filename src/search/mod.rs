//! Claims to certificates: the untrusted search for proofs that the kernel checks.
//!
//! `KL(θ, θ+d) ≈ ½ d'Fd` arrives as a [`Claim`] and leaves as a [`Theorem`] with the chain that was found: named reasons
//! first, then the shortest chain from both sides, then base forms. Whatever is found passes through
//! [`check`]; a mistake here costs a proof and never makes one.

mod chain;
mod conclusion;
mod density;
mod derivative;
mod engine;
mod family;
mod given;
mod goals;
mod levels;
mod limits;
mod lines;
mod minimum;
mod moves;
mod polynomial;
mod reasons;
mod scalars;
mod signs;
mod squares;
mod steps;
mod taylor;
mod view;

#[cfg(test)]
mod corpus;
#[cfg(test)]
mod proptests;
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

pub use lines::{condition_text, named_condition, open_condition_texts};

/// One line of a found proof.
#[derive(Clone, Debug)]
pub struct Line {
    /// `=`, `≡₂` for equality to second order, or nothing for the first line.
    pub relation: String,
    /// The rules that lead here, empty for the first line.
    pub rule: String,
    /// What is reached.
    pub formula: Expr,
    /// What the step needs and the declarations do not give.
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

/// Where a search ended without a proof.
#[derive(Clone, Debug)]
struct Form {
    reason: &'static str,
    left: Expr,
    right: Expr,
}

impl Form {
    fn none(reason: &'static str) -> Form {
        Form { reason, left: Store::ZERO, right: Store::ZERO }
    }

    fn two(reason: &'static str, left: Expr, right: Expr) -> Form {
        Form { reason, left, right }
    }
}

/// Looks for a proof of a claim: by the reasons that the text names alone, then by any.
pub fn prove(store: &mut Store, claim: &Claim, context: &Context, reasons: &[String]) -> Attempt {
    if let Some(allowed) = reasons::named(reasons) {
        let attempt = attempt(store, claim, context, Some(allowed));
        if matches!(attempt, Attempt::Proved { .. }) {
            return attempt;
        }
        return match self::attempt(store, claim, context, None) {
            Attempt::Proved { theorem, lines, .. } => {
                Attempt::Proved { theorem, lines, by_other_rules: true }
            }
            failed => failed,
        };
    }
    attempt(store, claim, context, None)
}

fn attempt(
    store: &mut Store,
    claim: &Claim,
    context: &Context,
    allowed: Option<Vec<&'static str>>,
) -> Attempt {
    let order = match claim {
        Claim::Order { limit, order, big, .. } => {
            Some(Order { limit: limit.clone(), order: order.clone(), big: *big })
        }
        _ => None,
    };
    let power = order.as_ref().map(|order| order.order.clone());
    let mut engine = Engine::new(store, context, order);
    engine.allowed = allowed;
    let found = match claim {
        Claim::Equal { left, right } | Claim::Order { left, right, .. } => {
            chain_certificate(&mut engine, *left, *right)
        }
        Claim::LimitValue { body, variable, to, value } => {
            let there = goals::at_point(engine.ring.store, *body, *variable, *to);
            chain_certificate(&mut engine, there, *value)
        }
        _ => goals::certificate(&mut engine, claim),
    };
    let (certificate, links, common, ends) = match found {
        Ok(found) => found,
        Err(Form { reason, left, right }) => {
            return Attempt::Failed { reason: reason.to_owned(), left_form: left, right_form: right };
        }
    };
    match check(store, context, claim, &certificate) {
        Ok(theorem) => {
            let mut lines = lines::lines(store, context, (&links, common), ends, (power.as_ref(), &theorem));
            if let (Claim::Conclusion { .. }, Certificate::Combination { multipliers, .. }, [_, last]) =
                (claim, &certificate, lines.as_mut_slice())
            {
                last.rule = lines::multiples(store, multipliers);
            }
            Attempt::Proved { theorem, lines, by_other_rules: false }
        }
        Err(rejected) => {
            let place = rejected.step.map_or_else(String::new, |at| format!(" at step {}", at + 1));
            Attempt::Failed {
                reason: format!("the kernel refused the proof{place}: {}", rejected.reason),
                left_form: ends.0,
                right_form: ends.1,
            }
        }
    }
}

fn chain_certificate(engine: &mut Engine, left: Expr, right: Expr) -> goals::Goal {
    let (steps, links, common) = goals::steps_between(engine, left, right)?;
    Ok((Certificate::Chain(steps), links, common, (left, right)))
}

/// A chain between the parts in which two sides differ, and the part they share.
fn connected(engine: &mut Engine, left: Expr, right: Expr) -> Result<(Vec<Link>, Expr), Form> {
    let (Some(l), Some(r)) = (engine.normal(left), engine.normal(right)) else {
        return Err(Form::two("a side is beyond the budget", left, right));
    };
    let (l, r, common) = view::apart(engine.ring.store, l, r);
    match chain::connect(engine, l, r) {
        Ok(links) => Ok((links, common)),
        Err((l, r)) => {
            let store = &mut *engine.ring.store;
            let (l, r) = (store.add(common, l), store.add(common, r));
            Err(Form::two("the two sides end in different forms", l, r))
        }
    }
}
