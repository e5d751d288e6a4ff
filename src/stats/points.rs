//! Exact points of a family's domain and sample space, the same on every run.
//!
//! For `0 < p < 1`: 1/2, 1/3, 2/3, 3/10, …; joint conditions are met by trying and keeping.

use super::family::{Family, SampleSpace, Space};
use crate::algebra::Assumptions;
use crate::algebra::range::Range;
use crate::expr::{Expr, Fact, Store};
use crate::number::{Definedness, Rational};
use crate::tape::{Enclosure, Instr, Tape};

/// Fractions of the unit interval, spread without symmetry.
const UNIT: [(i64, i64); 12] =
    [(2, 5), (3, 10), (7, 11), (1, 4), (5, 9), (4, 5), (1, 7), (6, 13), (9, 10), (1, 20), (3, 7), (2, 3)];
/// Positive numbers around 1.
const POSITIVE: [(i64, i64); 12] =
    [(3, 2), (2, 1), (5, 7), (3, 1), (4, 3), (1, 2), (7, 2), (9, 5), (11, 4), (1, 3), (5, 1), (8, 3)];

/// The `index`-th candidate in a range, of integers if asked.
pub fn candidate(range: &Range, integer: bool, index: usize) -> Rational {
    let q = |(n, d): (i64, i64)| Rational::new(n, d);
    if integer {
        let step = Rational::from(index as i64 % 9);
        return match (&range.lower, &range.upper) {
            (Some(l), Some(u)) => {
                let width = (&u.at - &l.at).as_i64().unwrap_or(i64::MAX - 1) + 1;
                &l.at + &Rational::from(index as i64 % width)
            }
            (Some(l), None) => &l.at + &step,
            (None, Some(u)) => &u.at - &step,
            (None, None) => {
                Rational::from((index as i64 + 1) / 2 * if index.is_multiple_of(2) { -1 } else { 1 })
            }
        };
    }
    match (&range.lower, &range.upper) {
        (Some(l), Some(u)) => &l.at + &(&(&u.at - &l.at) * &q(UNIT[index % UNIT.len()])),
        (Some(l), None) => &l.at + &q(POSITIVE[index % POSITIVE.len()]),
        (None, Some(u)) => &u.at - &q(POSITIVE[index % POSITIVE.len()]),
        (None, None) => {
            let value = &q(POSITIVE[index % POSITIVE.len()]) - &Rational::new(1, 3);
            if index.is_multiple_of(2) { value } else { -value }
        }
    }
}

/// Do the facts certainly hold when the symbols have these values?
pub fn facts_hold(store: &Store, facts: &[Fact], symbols: &[Expr], values: &[Rational]) -> bool {
    facts.iter().all(|fact| fact_holds(store, fact, symbols, values))
}

/// Does one fact certainly hold when the symbols have these values?
pub fn fact_holds(store: &Store, fact: &Fact, symbols: &[Expr], values: &[Rational]) -> bool {
    Condition::new(store, fact, symbols).holds(&exact(values))
}

/// Facts to be tested at many points.
struct Conditions<'a>(Vec<Condition<'a>>);

impl<'a> Conditions<'a> {
    /// Rational expressions, which have exact values, before those that are enclosed; what is short first.
    fn new(store: &Store, facts: &'a [Fact], symbols: &[Expr]) -> Conditions<'a> {
        let mut all: Vec<Condition> = facts.iter().map(|f| Condition::new(store, f, symbols)).collect();
        all.sort_by_key(|condition| (!condition.is_rational(), condition.tape.instructions().len()));
        Conditions(all)
    }

    /// Do all certainly hold? The rational one that does not is tested first from now on, since it will fail again.
    fn hold(&mut self, inputs: &[Enclosure]) -> bool {
        let failed = self.0.iter().position(|condition| !condition.holds(inputs));
        if let Some(at) = failed
            && self.0[at].is_rational()
        {
            self.0[..=at].rotate_right(1);
        }
        failed.is_none()
    }
}

/// A fact as a tape over symbols.
struct Condition<'a> {
    fact: &'a Fact,
    tape: Tape,
}

impl<'a> Condition<'a> {
    fn new(store: &Store, fact: &'a Fact, symbols: &[Expr]) -> Condition<'a> {
        let parts: Vec<Expr> = match fact {
            Fact::Positive(e)
            | Fact::NonNegative(e)
            | Fact::NonZero(e)
            | Fact::Zero(e)
            | Fact::Integer(e) => vec![*e],
            Fact::OneOf(e, list) => std::iter::once(e).chain(list).copied().collect(),
            Fact::PositiveDefinite(rows) => match rows.as_slice() {
                [a, b] if a.len() == 2 => vec![a[0], a[1], b[1]],
                _ => Vec::new(),
            },
            Fact::Real(_) | Fact::Sphere(_) => Vec::new(),
        };
        Condition { fact, tape: Tape::new(store, symbols, &parts) }
    }

    /// Is it about sums, products and integer powers?
    fn is_rational(&self) -> bool {
        let exact = |instruction: &Instr| {
            matches!(
                instruction,
                Instr::Number(_)
                    | Instr::Input(_)
                    | Instr::Sum(..)
                    | Instr::Product(_)
                    | Instr::PowerInteger(..)
            )
        };
        self.tape.instructions().iter().all(exact)
    }

    /// Does it certainly hold at these values of the symbols?
    fn holds(&self, inputs: &[Enclosure]) -> bool {
        let values = self.tape.eval(inputs, 128);
        match (self.fact, values.as_slice()) {
            (Fact::Positive(_), [value]) => {
                value.exact().map_or_else(|| value.to_ball().is_positive(), Rational::is_positive)
            }
            (Fact::NonNegative(_), [value]) => {
                value.exact().map_or_else(|| value.to_ball().is_nonnegative(), |q| !q.is_negative())
            }
            (Fact::NonZero(_), [value]) => {
                let ball = value.to_ball();
                ball.definedness() == Definedness::Defined && !ball.contains_zero()
            }
            (Fact::Zero(_), [value]) => value.exact().is_some_and(Rational::is_zero),
            (Fact::Real(_), _) => true,
            (Fact::Integer(_), [value]) => value.exact().is_some_and(Rational::is_integer),
            (Fact::OneOf(..), [value, list @ ..]) => {
                value.exact().is_some_and(|q| list.iter().any(|other| other.exact() == Some(q)))
            }
            (Fact::PositiveDefinite(_), [p, q, r]) => {
                let (p, q, r) = (p.to_ball(), q.to_ball(), r.to_ball());
                p.is_positive() && p.mul(&r).sub(&q.mul(&q)).is_positive()
            }
            _ => false,
        }
    }
}

fn exact(values: &[Rational]) -> Vec<Enclosure> {
    values.iter().map(|q| Enclosure::Exact(q.clone(), 128)).collect()
}

/// Points (θ, constants) of the declared domain: at most `count`.
pub fn parameter_points(store: &mut Store, family: &Family, count: usize) -> Vec<Vec<Rational>> {
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    let assumptions = Assumptions::new(store, &family.facts);
    points_of(store, &assumptions, &family.facts, &symbols, count)
}

/// Points of a domain given by facts: at most `count`, each certified to satisfy them.
pub fn points_of(
    store: &mut Store,
    assumptions: &Assumptions,
    facts: &[Fact],
    symbols: &[Expr],
    count: usize,
) -> Vec<Vec<Rational>> {
    let mut conditions = Conditions::new(store, facts, symbols);
    let mut found: Vec<Vec<Rational>> = Vec::new();
    for attempt in 0..40 * count {
        let point: Vec<Rational> = symbols
            .iter()
            .enumerate()
            .map(|(i, s)| {
                let range = assumptions.symbol_range(*s);
                let value = candidate(&range, store.is_integer(*s), attempt + (3 + attempt / 12) * i);
                // Joint conditions are met by shrinking towards small values.
                if attempt % 2 == 1 && !store.is_integer(*s) && range.upper.is_some() && range.lower.is_some()
                {
                    &value / &Rational::from(symbols.len() as i64)
                } else {
                    value
                }
            })
            .collect();
        let inputs = exact(&point);
        if !found.contains(&point) && conditions.hold(&inputs) {
            found.push(point);
            if found.len() == count {
                break;
            }
        }
    }
    found
}

/// Points of the sample space at given (θ, constants): at most `count`.
pub fn sample_points(
    store: &mut Store,
    family: &Family,
    space: &SampleSpace,
    at: &[Rational],
    count: usize,
) -> Vec<Vec<Rational>> {
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    let inputs = exact(at);
    let value = |store: &Store, e: Expr| -> Option<Rational> {
        let value = Tape::new(store, &symbols, &[e]).eval_one(&inputs, 128);
        match value.exact() {
            Some(q) => Some(q.clone()),
            // An irrational end is replaced by a rational near it; membership is certified afterwards.
            None => Rational::from_f64(value.to_ball().midpoint_f64()),
        }
    };
    let ranges: Vec<(Range, bool, Vec<Rational>)> = space
        .axes
        .iter()
        .map(|axis| {
            let (interval, integer) = match axis {
                Space::Reals(interval) => (interval, false),
                Space::Integers(interval) => (interval, true),
                Space::Finite(values) => {
                    return (Range::WHOLE, true, values.iter().filter_map(|v| value(store, *v)).collect());
                }
            };
            let end = |end: &Option<(Expr, bool)>| {
                end.as_ref().and_then(|(e, open)| {
                    Some(crate::algebra::range::End { at: value(store, *e)?, open: *open })
                })
            };
            (Range { lower: end(&interval.lower), upper: end(&interval.upper) }, integer, Vec::new())
        })
        .collect();
    let x = family.x();
    let all: Vec<Expr> = symbols.iter().chain(&x).copied().collect();
    let mut conditions = Conditions::new(store, &family.sample_facts, &all);
    let mut found: Vec<Vec<Rational>> = Vec::new();
    for attempt in 0..40 * count {
        let point: Vec<Rational> = ranges
            .iter()
            .enumerate()
            .map(|(i, (range, integer, finite))| {
                let index = attempt + (3 + attempt / 12) * i;
                if !finite.is_empty() {
                    return finite[(attempt / finite.len().pow(i as u32)) % finite.len()].clone();
                }
                let value = candidate(range, *integer, index);
                if attempt % 2 == 1 && !integer { &value / &Rational::from(2) } else { value }
            })
            .collect();
        let values: Vec<Enclosure> = inputs.iter().cloned().chain(exact(&point)).collect();
        if !found.contains(&point) && conditions.hold(&values) {
            found.push(point);
            if found.len() == count {
                break;
            }
        }
    }
    found
}
