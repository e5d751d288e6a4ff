//! Equations, exact and up to an order, on one instance.
//!
//! On the Bernoulli family at θ = 3/10 with d = t, KL and dᵀFd have the coefficients 50/21 and 100/21 of t².

use super::check::{Check, Fails};
use super::evaluate::Evaluator;
use super::failure::Failure;
use super::jet::{Jet, TOO_LONG};
use super::matrix::Matrix;
use super::world::World;
use crate::expr::{Expr, Store};
use crate::number::Rational;

/// The precision of balls at first, and when a difference is looked at again.
const BITS: [u32; 2] = [128, 320];
/// Series of exact statements are cut off here: nothing in them is a series.
const EXACT_ORDER: i32 = 4;

/// left = right at the values of an instance.
pub(super) fn equal(store: &Store, world: &World, left: Expr, right: Expr) -> Check {
    let first = equal_at(store, world, left, right, BITS[0]);
    match first {
        Check::Fails(fails) if !fails.exact => match equal_at(store, world, left, right, BITS[1]) {
            Check::Fails(again) => Check::Fails(again),
            _ => Check::Skip("a difference that is not confirmed".to_owned()),
        },
        other => other,
    }
}

fn equal_at(store: &Store, world: &World, left: Expr, right: Expr, bits: u32) -> Check {
    let mut evaluator = Evaluator::new(store, world, EXACT_ORDER, bits);
    let (a, b) = (evaluator.value(left), evaluator.value(right));
    let undefined = |side: &str, reason: String, value: &Matrix| {
        let (value, none) = (value.text().unwrap_or_default(), "undefined".to_owned());
        let (left, right) = if side == "left" { (none, value) } else { (value, none) };
        let reason = format!("the {side} side has no value: {reason}");
        Check::Fails(Fails { left, right, reason, exact: true, world: None })
    };
    match (a, b) {
        (Ok(a), Ok(b)) => compare(&a, &b, &evaluator),
        (Err(Failure::Undefined(reason)), Ok(b)) => undefined("left", reason, &b),
        (Ok(a), Err(Failure::Undefined(reason))) => undefined("right", reason, &a),
        (Err(failure), _) | (_, Err(failure)) => Check::Skip(failure.text()),
    }
}

/// left ≠ right, both of which have a value.
pub(super) fn differ(store: &Store, world: &World, left: Expr, right: Expr) -> Check {
    let mut evaluator = Evaluator::new(store, world, EXACT_ORDER, BITS[0]);
    match (evaluator.value(left), evaluator.value(right)) {
        (Ok(_), Ok(_)) => equal(store, world, left, right),
        (Err(failure), _) | (_, Err(failure)) => Check::Skip(failure.text()),
    }
}

/// Two values without series.
pub(super) fn compare(a: &Matrix, b: &Matrix, evaluator: &Evaluator) -> Check {
    let difference = match a.sub(b, &evaluator.ring) {
        Ok(difference) => difference,
        Err(failure) => return Check::Skip(failure.text()),
    };
    let mut exact = true;
    let mut all_known = true;
    for (position, entry) in difference.entries.iter().enumerate() {
        let Some(value) = entry.as_constant() else {
            return Check::Skip("a value that is a series".to_owned());
        };
        match value.is_zero() {
            Some(true) => {}
            Some(false) => return differs(a, b, position, value.is_exact()),
            None if value.is_exact() => all_known = false,
            None => exact = false,
        }
    }
    if all_known {
        Check::Holds { exact }
    } else {
        Check::Skip("logarithms that cannot be told apart".to_owned())
    }
}

fn differs(a: &Matrix, b: &Matrix, position: usize, exact: bool) -> Check {
    let value = |m: &Matrix| m.entries[position].as_constant();
    let rational = [a, b].iter().all(|m| value(m).is_some_and(|value| value.as_rational().is_some()));
    let entry = |m: &Matrix| match value(m) {
        Some(value) if rational => value.text(),
        Some(value) => value.text_with_decimal(),
        None => String::new(),
    };
    let reason = match place(a, position) {
        None => format!("the left side is {}, the right side {}", entry(a), entry(b)),
        Some(place) => format!("{place} is {}, not {}", entry(a), entry(b)),
    };
    let text = |m: &Matrix| m.text().unwrap_or_default();
    Check::Fails(Fails { left: text(a), right: text(b), reason, exact, world: None })
}

/// Which entry, in words; nothing for scalars.
fn place(value: &Matrix, position: usize) -> Option<String> {
    match (value.rows, value.columns) {
        (1, 1) => None,
        (_, 1) => Some(format!("entry {}", position + 1)),
        (_, columns) => Some(format!("entry ({}, {})", position / columns + 1, position % columns + 1)),
    }
}

/// How far a claim of an order reaches, in powers of t.
#[derive(Clone, Debug)]
pub(super) struct Reach {
    /// The order times the stretch of t.
    pub order: Rational,
    /// O rather than o.
    pub big: bool,
    /// How far negative weights reach.
    pub depth: i32,
}

impl Reach {
    /// Must the coefficient of tᵏ agree?
    fn covers(&self, t: i32) -> bool {
        let t = Rational::from(i64::from(t));
        if self.big { t < self.order } else { t <= self.order }
    }

    /// The first power of t that need not be known.
    fn end(&self) -> i32 {
        (0..64).find(|t| !self.covers(*t)).unwrap_or(64)
    }
}

/// left = right up to a remainder, along t ↦ t·u.
pub(super) fn order(store: &Store, world: &World, left: Expr, right: Expr, reach: &Reach) -> Check {
    let mut last = Check::Skip("an order that is too high".to_owned());
    for (step, bits) in BITS.into_iter().enumerate() {
        let order = reach.end().max(4) + 1 + reach.depth * (step as i32 + 1) + 4 * step as i32;
        last = order_at(store, world, (left, right), reach, (order, bits));
        let settled = match &last {
            Check::Holds { .. } => true,
            Check::Fails(fails) => fails.exact,
            Check::Skip(why) => why == TOO_LONG,
        };
        if settled {
            return last;
        }
    }
    last
}

fn order_at(
    store: &Store,
    world: &World,
    (left, right): (Expr, Expr),
    reach: &Reach,
    (order, bits): (i32, u32),
) -> Check {
    let mut evaluator = Evaluator::new(store, world, order, bits);
    let (a, b) = match (evaluator.value(left), evaluator.value(right)) {
        (Ok(a), Ok(b)) => (a, b),
        (Err(failure), _) | (_, Err(failure)) => return Check::Skip(failure.text()),
    };
    match a.sub(&b, &evaluator.ring) {
        Ok(difference) => leading(&a, &b, &difference, reach),
        Err(failure) => Check::Skip(failure.text()),
    }
}

/// The first coefficient in which two series differ below the remainder.
fn leading(a: &Matrix, b: &Matrix, difference: &Matrix, reach: &Reach) -> Check {
    let mut exact = true;
    let mut first: Option<(i32, usize, bool)> = None;
    let mut unknown = None;
    for (position, entry) in difference.entries.iter().enumerate() {
        if !entry.is_series() {
            return Check::Skip("a value that is no series in t".to_owned());
        }
        if reach.covers(entry.precision.min(1 << 20)) {
            unknown = Some(entry.precision);
        }
        for (key, c) in entry.terms.iter().filter(|(key, _)| reach.covers(key.t)) {
            match c.is_zero() {
                Some(false) if first.is_none_or(|(t, ..)| key.t < t) => {
                    first = Some((key.t, position, c.is_exact()))
                }
                Some(_) => {}
                None if c.is_exact() => {
                    return Check::Skip("logarithms that cannot be told apart".to_owned());
                }
                None => exact = false,
            }
        }
    }
    match (first, unknown) {
        (Some((t, position, exact)), _) => {
            let coefficient = |m: &Matrix| m.entries[position].coefficient(t).text();
            let entry = place(a, position).map_or_else(String::new, |place| format!(" in {place}"));
            let reason = format!(
                "the coefficient of {}{entry} is {}, not {}",
                power(t),
                coefficient(a),
                coefficient(b)
            );
            Check::Fails(Fails { left: series(a, t), right: series(b, t), reason, exact, world: None })
        }
        (None, Some(_)) => Check::Skip("a series that is not known far enough".to_owned()),
        (None, None) => Check::Holds { exact },
    }
}

fn power(t: i32) -> String {
    match t {
        0 => "t^0".to_owned(),
        1 => "t".to_owned(),
        _ => format!("t^{t}"),
    }
}

/// Series up to a power of t: `3/10 + 50/21*t^2 + …`.
pub(super) fn series(value: &Matrix, last: i32) -> String {
    let entry = |jet: &Jet| {
        let mut terms: Vec<_> = jet.terms.iter().filter(|(key, _)| key.t <= last).collect();
        terms.sort_by_key(|(key, _)| key.t);
        let more = jet.precision != super::jet::EXACT || jet.terms.iter().any(|(key, _)| key.t > last);
        let mut parts: Vec<String> = terms
            .iter()
            .map(|(key, c)| {
                let c = c.short_text();
                match key.t {
                    0 => c,
                    t if c == "1" => power(t),
                    t => format!("{c}*{}", power(t)),
                }
            })
            .collect();
        if parts.is_empty() {
            parts.push("0".to_owned());
        }
        if more {
            parts.push("…".to_owned());
        }
        parts.join(" + ").replace("+ -", "- ")
    };
    let entries: Vec<String> = value.entries.iter().map(entry).collect();
    match (value.rows, value.columns) {
        (1, 1) => entries[0].clone(),
        (_, 1) => format!("({})", entries.join(", ")),
        (_, columns) => {
            let rows: Vec<String> = entries.chunks(columns.max(1)).map(|row| row.join(", ")).collect();
            format!("[{}]", rows.join("; "))
        }
    }
}
