//! One identity, or many, under declared facts → a verdict.

use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::expr::{Expr, Fact, Store};
use crate::print::display;
use crate::stats::points::points_of;
use crate::verify::{Evidence, Proof, Verdict, Witness};

use super::values::Assignment;

/// Is left = right wherever the facts hold?
pub fn equal(store: &mut Store, left: Expr, right: Expr, facts: &[Fact]) -> Verdict {
    let assumptions = Assumptions::new(store, facts);
    let mut normalizer = Normalizer::new(assumptions.clone(), Effort::Decide);
    let difference = store.sub(left, right);
    let zero = normalizer.is_zero(store, difference) == Ok(true);
    let ids = store.free_symbols(&[left, right]);
    let symbols: Vec<Expr> = ids.into_iter().map(|id| store.symbol_expr(id)).collect();
    let mut narrow = 0;
    for point in points_of(store, &assumptions, facts, &symbols, 8) {
        let at = Assignment::new(symbols.clone(), point);
        let (a, b) = (at.narrow(store, left, 20), at.narrow(store, right, 20));
        if a.is_defined() && b.is_defined() && a.is_disjoint(&b) {
            let names = symbols.iter().map(|s| display(store, *s)).zip(at.values.clone()).collect();
            return Verdict::Refuted(Witness {
                point: names,
                left: a.to_decimal(12).unwrap_or_default(),
                right: b.to_decimal(12).unwrap_or_default(),
                reason: "the two sides differ".to_owned(),
                ..Witness::default()
            });
        }
        narrow += usize::from(a.is_narrow(20) && b.is_narrow(20));
    }
    if zero {
        let rules = normalizer.take_rules().into_iter().map(str::to_owned).collect();
        return Verdict::Proved(Proof { rules, conditions: Vec::new() });
    }
    if narrow == 0 {
        return Verdict::open("no point could be evaluated");
    }
    let reason = "the normal forms differ".to_owned();
    Verdict::Supported(Evidence { points: narrow, digits: 20, instances: Vec::new(), reason })
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
