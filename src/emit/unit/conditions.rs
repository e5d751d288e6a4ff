//! Conditions put together and taken apart: |x| < ∞, conjunctions, literals.

use crate::program::{Condition, Relation, Term};

/// |x| < ∞.
pub fn finite(name: &str) -> Condition {
    let size = Term::Call("abs".to_owned(), vec![Term::Name(name.to_owned())]);
    Condition::Compare(Relation::Less, size, Term::Name("infinity".to_owned()))
}

/// The term that a comparison asks to be finite, when it is `|x| < ∞`.
pub fn asks_for_finite<'t>(relation: Relation, left: &'t Term, right: &Term) -> Option<&'t Term> {
    match (relation, left, right) {
        (Relation::Less, Term::Call(abs, arguments), Term::Name(infinity))
            if abs == "abs" && infinity == "infinity" =>
        {
            arguments.first()
        }
        _ => None,
    }
}

/// Does the condition imply that the name is finite?
pub(super) fn is_bounded(condition: &Condition, name: &str) -> bool {
    match condition {
        stated if *stated == finite(name) => true,
        Condition::And(a, b) => is_bounded(a, name) || is_bounded(b, name),
        // A value that is one of a few is finite.
        Condition::Compare(Relation::Equal, Term::Name(n), value) => n == name && is_literal(value),
        Condition::Or(a, b) => is_bounded(a, name) && is_bounded(b, name),
        _ => false,
    }
}

/// A float as a literal.
pub(super) fn literal(value: f64) -> Term {
    let digits = Term::Number(crate::emit::lower::digits(value.abs()));
    if value < 0.0 { Term::Negative(Box::new(digits)) } else { digits }
}

fn is_literal(term: &Term) -> bool {
    match term {
        Term::Number(_) => true,
        Term::Negative(a) => is_literal(a),
        _ => false,
    }
}

/// All of the conditions; `0 = 0` when there are none.
pub(super) fn all(conditions: impl IntoIterator<Item = Condition>) -> Condition {
    let joined = conditions.into_iter().reduce(|a, b| Condition::And(Box::new(a), Box::new(b)));
    joined.unwrap_or_else(truth)
}

fn truth() -> Condition {
    let zero = || Term::Number("0".to_owned());
    Condition::Compare(Relation::Equal, zero(), zero())
}

/// The parts of a conjunction, without those that always hold.
pub fn conjunction(condition: Condition) -> Vec<Condition> {
    match condition {
        Condition::And(a, b) => conjunction(*a).into_iter().chain(conjunction(*b)).collect(),
        always if always == truth() => Vec::new(),
        other => vec![other],
    }
}
