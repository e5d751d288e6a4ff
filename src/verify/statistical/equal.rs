//! One identity, or many, under declared facts → a verdict.

use crate::expr::{Expr, Fact, Store};
use crate::syntax::Relation;
use crate::verify::{Evidence, Proof, Verdict, prove};

/// Is left = right wherever the facts hold?
pub fn equal(store: &mut Store, left: Expr, right: Expr, facts: &[Fact]) -> Verdict {
    prove(store, left, Relation::Equal, right, facts)
}

/// The worst of several verdicts; proofs and evidence are joined.
pub fn all(verdicts: Vec<Verdict>) -> Verdict {
    let mut proof = Proof::default();
    let mut evidence: Option<Evidence> = None;
    let mut worst: Option<Verdict> = None;
    for verdict in verdicts {
        match verdict {
            Verdict::Proved(part) => {
                proof.rules.extend(part.rules);
                for condition in part.conditions {
                    if !proof.conditions.contains(&condition) {
                        proof.conditions.push(condition);
                    }
                }
            }
            Verdict::Supported(part) => {
                let so_far = evidence.get_or_insert(part.clone());
                so_far.digits = so_far.digits.min(part.digits);
                so_far.points = so_far.points.min(part.points);
            }
            other => {
                if worst.as_ref().is_none_or(|w| w.severity() < other.severity()) {
                    worst = Some(other);
                }
            }
        }
    }
    proof.rules.sort();
    proof.rules.dedup();
    match (worst, evidence) {
        (Some(worst), _) => worst,
        (None, Some(evidence)) => Verdict::Supported(evidence),
        (None, None) => Verdict::Proved(proof),
    }
}

/// Pairs that are to be equal, one after another; the first that is refuted ends it.
pub fn all_equal(store: &mut Store, pairs: &[(Expr, Expr)], facts: &[Fact]) -> Verdict {
    let mut verdicts = Vec::new();
    for (left, right) in pairs {
        let verdict = equal(store, *left, *right, facts);
        let done = verdict.is_refuted();
        verdicts.push(verdict);
        if done {
            break;
        }
    }
    all(verdicts)
}
