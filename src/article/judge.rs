//! A claim and what is declared → its verdict, from both sides: rules that prove, instances that refute.
//!
//! A claim of scalars and table functions alone is decided as `referee prove` decides it. A claim about an abstract
//! density or function is searched for a proof, which the kernel checks, and attacked by concrete families and functions.
//! A proof and a counterexample of one claim contradict each other: then nothing is claimed and the claim is open.

use super::ExplanationLine;
use crate::claim::{Assumption, Claim, Context, Inequality};
use crate::expr::{Expr, Fact, Node, Store};
use crate::instance::{self, Outcome};
use crate::search::{self, Attempt};
use crate::syntax::Relation;
use crate::verify::{self, Attempts, Evidence, Proof, Requirement, Verdict};

/// A verdict with the chain that leads to it.
pub struct Judged {
    /// What is known.
    pub verdict: Verdict,
    /// The proof, line by line.
    pub explanation: Vec<ExplanationLine>,
    /// The reasons the text names did not suffice.
    pub by_other_rules: bool,
}

impl From<Verdict> for Judged {
    fn from(verdict: Verdict) -> Judged {
        Judged { verdict, explanation: Vec::new(), by_other_rules: false }
    }
}

/// Judges one claim.
pub fn judge(store: &mut Store, claim: &Claim, context: &Context, reasons: &[String]) -> Judged {
    if let Some(verdict) = concrete(store, claim, context) {
        return verdict.into();
    }
    let attempt = search::prove(store, claim, context, reasons);
    let outcome = instance::examine(store, claim, context);
    match (attempt, outcome) {
        (Attempt::Proved { .. }, Outcome::Refuted(witness)) => contradiction(witness).into(),
        (Attempt::Proved { theorem, lines, by_other_rules }, _) => {
            proved(store, context, theorem, lines, by_other_rules)
        }
        (_, Outcome::Refuted(witness)) => Verdict::Refuted(witness).into(),
        (Attempt::Failed { reason, .. }, Outcome::Supported { instances, points, .. }) => {
            Verdict::Supported(Evidence { points, instances, reason, ..Evidence::default() }).into()
        }
        (Attempt::Failed { reason, .. }, Outcome::Undecided(why)) => {
            let tried = vec![format!("rules: {reason}"), format!("instances: {why}")];
            Verdict::Open(Attempts { tried, reason, help: None }).into()
        }
    }
}
