//! The value of a side at an exact point, and whether it exists there.
//!
//! `diff(abs(x), x)` has the value sign(x), which is 0 at 0; the derivative does not exist there. Sides in which
//! derivatives were carried out are defined only where their conditions hold as well.

use super::domain::{Atom, AtomKind, Side};
use crate::expr::{Expr, Store};
use crate::number::{Ball, Definedness, Rational};
use crate::tape::{Enclosure, Tape};

/// A value with its certainty.
#[derive(Clone, Debug)]
pub struct Reading {
    /// Where the value lies, if there is one.
    pub value: Enclosure,
    /// Whether there is one.
    pub definedness: Definedness,
}

/// A side as a tape of the variables, and the conditions that the value alone does not show.
#[derive(Debug)]
pub struct Evaluator {
    tape: Tape,
    conditions: Vec<(Question, bool)>,
    /// A condition that cannot be looked at, so that nothing here is certain.
    blind: bool,
    differentiated: bool,
}

/// A condition over consecutive outputs of the tape.
#[derive(Clone, Copy, Debug)]
enum Question {
    Positive,
    NonNegative,
    NonZero,
    NonPole,
    Integer,
    Power,
}

impl Evaluator {
    /// The evaluator of a side; of its conditions, `open` are those that do not follow from what is declared.
    pub fn new(store: &Store, inputs: &[Expr], side: &Side, open: &[Atom]) -> Evaluator {
        let mut outputs = vec![side.value];
        let (mut conditions, mut blind) = (Vec::new(), false);
        if side.differentiated {
            for atom in open {
                let kinds = match &atom.kind {
                    AtomKind::Defined(_, kinds) if !kinds.is_empty() => kinds.clone(),
                    kind => vec![kind.clone()],
                };
                for kind in kinds {
                    match question(&kind) {
                        Some((question, about)) if atom.under.is_empty() => {
                            outputs.extend(about);
                            conditions.push((question, atom.necessary));
                        }
                        _ => blind = true,
                    }
                }
            }
        }
        Evaluator {
            tape: Tape::new(store, inputs, &outputs),
            conditions,
            blind,
            differentiated: side.differentiated,
        }
    }

    /// The side at a point.
    pub fn at(&self, point: &[Rational], precision: u32) -> Reading {
        let inputs: Vec<Enclosure> = point.iter().map(|q| Enclosure::Exact(q.clone(), precision)).collect();
        let mut values = self.tape.eval(&inputs, precision).into_iter();
        let value = values.next().expect("the first output is the value");
        let mut definedness = value.definedness();
        if self.differentiated {
            // The carried-out form may divide by what the derivative itself does not.
            if definedness == Definedness::Undefined || self.blind {
                definedness = Definedness::Unknown;
            }
            for (question, necessary) in &self.conditions {
                match question.holds(&mut values) {
                    Some(true) => {}
                    Some(false) if *necessary => definedness = Definedness::Undefined,
                    _ if definedness == Definedness::Defined => definedness = Definedness::Unknown,
                    _ => {}
                }
            }
        }
        Reading { value, definedness }
    }
}

impl Reading {
    /// Is the value certain to exist?
    pub fn is_defined(&self) -> bool {
        self.definedness == Definedness::Defined
    }

    /// Is the value certain not to exist?
    pub fn is_undefined(&self) -> bool {
        self.definedness == Definedness::Undefined
    }

    /// The value as a ball.
    pub fn ball(&self) -> Ball {
        self.value.to_ball()
    }

    /// Is the value certain to exist, and known well beside a value of the given size?
    pub fn is_narrow_beside(&self, other: &Ball) -> bool {
        let ball = self.ball();
        if !self.is_defined() || !ball.is_bounded() {
            return false;
        }
        let width = ball.upper_f64() - ball.lower_f64();
        let size = other.lower_f64().abs().max(other.upper_f64().abs());
        ball.is_narrow(6) || (ball.contains_zero() && width <= 1e-6 * size.max(1e-6))
    }

    /// In digits, or `undefined`.
    pub fn text(&self, digits: u32) -> String {
        if self.is_undefined() {
            return "undefined".to_owned();
        }
        if let Some(q) = self.value.exact() {
            let text = q.to_string();
            if text.len() <= 40 {
                return text;
            }
        }
        let ball = self.ball();
        let fitting = [digits, digits / 2, digits / 4, 3, 1].into_iter().filter(|d| *d > 0);
        fitting.into_iter().find_map(|d| ball.to_decimal(d)).unwrap_or_else(|| format!("{ball}"))
    }
}

fn question(kind: &AtomKind) -> Option<(Question, Vec<Expr>)> {
    Some(match kind {
        AtomKind::Positive(e) => (Question::Positive, vec![*e]),
        AtomKind::NonNegative(e) => (Question::NonNegative, vec![*e]),
        AtomKind::NonZero(e) => (Question::NonZero, vec![*e]),
        AtomKind::NonPole(e) => (Question::NonPole, vec![*e]),
        AtomKind::Integer(e) => (Question::Integer, vec![*e]),
        AtomKind::Power(base, exponent) => (Question::Power, vec![*base, *exponent]),
        AtomKind::Defined(..) => return None,
    })
}

impl Question {
    fn holds(self, values: &mut impl Iterator<Item = Enclosure>) -> Option<bool> {
        let mut next = || values.next().expect("a condition has its outputs on the tape");
        let value = next();
        let second = matches!(self, Question::Power).then(&mut next);
        match value.definedness() {
            Definedness::Undefined => return Some(false),
            Definedness::Unknown => return None,
            Definedness::Defined => {}
        }
        let ball = value.to_ball();
        let exact = value.exact();
        match self {
            Question::Positive if ball.is_positive() => Some(true),
            Question::Positive => (exact.is_some() || ball.is_negative()).then_some(false),
            Question::NonNegative if ball.is_nonnegative() => Some(true),
            Question::NonNegative => ball.is_negative().then_some(false),
            Question::NonZero if !ball.contains_zero() => Some(true),
            Question::NonZero => exact.map(|q| !q.is_zero()),
            Question::NonPole if ball.is_positive() => Some(true),
            Question::NonPole => exact.map(|q| !q.is_integer()),
            Question::Integer => exact.map(Rational::is_integer),
            Question::Power => {
                let exponent = second?;
                match (ball.contains_zero(), exponent.to_ball().is_nonnegative()) {
                    (false, _) | (_, true) => Some(true),
                    _ if exact.is_some_and(Rational::is_zero) && exponent.to_ball().is_negative() => {
                        Some(false)
                    }
                    _ => None,
                }
            }
        }
    }
}

/// Up to 20 digits of both values, or as many as it takes to tell them apart.
pub fn texts(left: &Reading, right: &Reading) -> (String, String) {
    let mut texts = (left.text(20), right.text(20));
    for digits in [40, 80, 160, 320, 640, 1280] {
        if texts.0 != texts.1 {
            break;
        }
        texts = (left.text(digits), right.text(digits));
    }
    texts
}
