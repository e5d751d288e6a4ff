//! One identity, or many, under declared facts → a verdict.

use crate::algebra::Assumptions;
use crate::expr::{Expr, Fact, Store};
use crate::stats::points::points_of;
use crate::syntax::Relation;
use crate::verify::{Evidence, Proof, Verdict, prove};

use super::values::Assignment;

/// Is left = right wherever the facts hold?
pub fn equal(store: &mut Store, left: Expr, right: Expr, facts: &[Fact]) -> Verdict {
    if left == right && is_defined_somewhere(store, left, facts) {
        return Verdict::Proved(Proof {
            rules: vec!["reflexivity".to_owned()],
            conditions: Vec::new(),
            example: None,
        });
    }
    prove(store, left, Relation::Equal, right, facts)
}

/// One certified point of the domain at which the expression certainly has a value.
fn is_defined_somewhere(store: &mut Store, e: Expr, facts: &[Fact]) -> bool {
    let mut mentioned = vec![e];
    for fact in facts {
        mentioned.extend(fact_expressions(fact));
    }
    let symbols: Vec<Expr> =
        store.free_symbols(&mentioned).into_iter().map(|id| store.symbol_expr(id)).collect();
    let assumptions = Assumptions::new(store, facts);
    points_of(store, &assumptions, facts, &symbols, 3).into_iter().any(|point| {
        let ball = Assignment::new(symbols.clone(), point).enclose(store, &[e], 64).swap_remove(0);
        ball.is_defined() && ball.is_bounded()
    })
}

fn fact_expressions(fact: &Fact) -> Vec<Expr> {
    match fact {
        Fact::Positive(e)
        | Fact::NonNegative(e)
        | Fact::NonZero(e)
        | Fact::Zero(e)
        | Fact::Real(e)
        | Fact::Integer(e) => {
            vec![*e]
        }
        Fact::OneOf(e, list) => std::iter::once(*e).chain(list.iter().copied()).collect(),
        Fact::Sphere(list) => list.clone(),
        Fact::PositiveDefinite(rows) => rows.concat(),
    }
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
    for (position, (left, right)) in pairs.iter().enumerate() {
        // A symmetric matrix says most things twice.
        if pairs[..position].contains(&(*left, *right)) {
            continue;
        }
        let verdict = equal(store, *left, *right, facts);
        let done = verdict.is_refuted();
        verdicts.push(verdict);
        if done {
            break;
        }
    }
    all(verdicts)
}
