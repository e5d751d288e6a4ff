//! Why an expression has no value on an instance.
//!
//! `log(-1)` has none in mathematics, which may refute; a root that the evaluator does not represent has one, which
//! may not. The two are never mixed up.

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Failure {
    /// Mathematics has no value here: `1/0`, `log(-1)`.
    Undefined(String),
    /// A matrix that is inverted is singular here; whether it may be is a condition, not a fact.
    Singular,
    /// A parameter lies outside of the family, or a sample outside of its space: the point is no point of the claim.
    Outside,
    /// This evaluator cannot tell.
    Unknown(String),
}

impl Failure {
    /// The evaluator cannot.
    pub(super) fn unknown(what: &str) -> Failure {
        Failure::Unknown(what.to_owned())
    }

    /// In words.
    pub(super) fn text(&self) -> String {
        match self {
            Failure::Undefined(what) | Failure::Unknown(what) => what.clone(),
            Failure::Singular => "a singular matrix is inverted".to_owned(),
            Failure::Outside => "a parameter or a sample outside of its set".to_owned(),
        }
    }
}
