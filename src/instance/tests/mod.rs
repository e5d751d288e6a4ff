//! False statements of information geometry are refuted by the expected instance, true ones by none.

mod kit;

mod equations;
mod minima;
mod relations;
mod standing;

use super::{Outcome, Witness};
use kit::Kit;

/// The instance that refutes.
#[track_caller]
fn refuted(outcome: Outcome) -> Witness {
    match outcome {
        Outcome::Refuted(witness) => witness,
        other => panic!("not refuted: {other:?}"),
    }
}

/// A claim that is refuted by an instance whose name begins so, for a reason that contains these words.
#[track_caller]
fn check_false(make: impl FnOnce(&mut Kit) -> crate::claim::Claim, instance: &str, reason: &str) {
    let mut kit = Kit::new();
    let claim = make(&mut kit);
    let witness = refuted(kit.examine(&claim));
    assert!(witness.instance.starts_with(instance), "{witness:#?}");
    assert!(witness.reason.contains(reason), "{witness:#?}");
}

/// A claim that holds on at least so many instances and fails on none.
#[track_caller]
fn check_true(make: impl FnOnce(&mut Kit) -> crate::claim::Claim, least: usize) {
    let mut kit = Kit::new();
    let claim = make(&mut kit);
    match kit.examine(&claim) {
        Outcome::Supported { points, exact, .. } => {
            assert!(points >= least && exact, "{points} points, exact: {exact}")
        }
        other => panic!("not supported: {other:#?}"),
    }
}
