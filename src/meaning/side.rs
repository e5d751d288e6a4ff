//! One side of a relation: a value with its remainder, a problem, a limit; and what stands under its braces.
//!
//! `L(θ) + ∇L(θ)'d + o(‖d‖)` is a value with the remainder o(‖d‖); `lim_{ε → 0} 1/ε arg min_{…} L(θ + d)` is the limit of
//! minimizers; `\underbrace{E[∇² log p]}_{= -F}` is a value, and beside it a claim of its own.

use crate::claim::Problem;
use crate::expr::{Expr, Images, Store};
use crate::syntax::{Extremum, Kind, Note, Relation, Sign, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::lower::Lowering;
use super::spell::spell;
use super::vocabulary::Vocabulary;

/// What one side says, with everything noticed on the way.
#[derive(Clone, Debug, Default)]
pub struct Reading {
    /// Its meaning; `None` when a mistake among the lints kept it from having one.
    pub meaning: Option<Meaning>,
    /// Mistakes, and lints of a side that has a meaning nevertheless.
    pub lints: Vec<Diagnostic>,
    /// Claims under braces.
    pub inner: Vec<InnerStep>,
    /// Orders stated under braces, of the terms above them.
    pub orders: Vec<StatedOrder>,
    /// What stands between the brackets of `o(…)`, and where the remainder stands.
    pub remainder: Option<(String, Span)>,
}

/// What a side means.
#[derive(Clone, Debug, PartialEq)]
pub enum Meaning {
    /// An expression.
    Value {
        /// Without its remainder.
        expr: Expr,
        /// `o(g)`, or `O(g)` when the first is true.
        remainder: Option<(bool, Expr)>,
    },
    /// `arg min_d …`, `min_d …`.
    Problem {
        /// Which of the six.
        extremum: Extremum,
        /// As a minimum.
        problem: Problem,
    },
    /// `lim_{ε → 0} 1/ε arg min_{…} …`.
    MinimizerLimit {
        /// What the minimizer is multiplied with.
        scale: Expr,
        /// As a minimum.
        problem: Problem,
        /// What tends.
        variable: Expr,
        /// Where it tends.
        to: Expr,
    },
    /// `det A`, of which only that it is not 0 can be claimed.
    Determinant(Expr),
    /// `lim_{v → a} f`.
    Limit {
        /// Of what.
        body: Expr,
        /// What tends.
        variable: Expr,
        /// Where it tends.
        to: Expr,
    },
}

/// A claim under a brace.
#[derive(Clone, Debug, PartialEq)]
pub struct InnerStep {
    /// Where it stands.
    pub span: Span,
    /// What the brace holds, or the side before.
    pub left: Meaning,
    /// Its relation.
    pub relation: Relation,
    /// The side after it.
    pub right: Meaning,
    /// The name without a meaning under the brace, which is defined by it.
    pub defines: Option<String>,
}

/// `\underbrace{…}_{\text{second order Taylor expansion}}`.
#[derive(Clone, Debug, PartialEq)]
pub struct StatedOrder {
    /// What the brace holds.
    pub term: Expr,
    /// The order.
    pub order: u32,
}

impl Reading {
    /// The expression of a value.
    pub fn value(&self) -> Option<Expr> {
        match &self.meaning {
            Some(Meaning::Value { expr, .. }) => Some(*expr),
            _ => None,
        }
    }

    /// Puts a value in the place of a symbol.
    pub fn substitute(&mut self, store: &mut Store, images: &Images) {
        if let Some(Meaning::Value { expr, .. }) = &mut self.meaning {
            *expr = store.substitute(*expr, images);
        }
    }

    /// A reading of this meaning alone, as for a claim under a brace.
    pub fn of(meaning: Meaning) -> Reading {
        Reading { meaning: Some(meaning), ..Reading::default() }
    }
}

/// Reads one side of a relation, or a formula without any.
pub fn side(store: &mut Store, vocabulary: &mut Vocabulary, tree: &Tree) -> Reading {
    let mut lowering = Lowering::new(store, vocabulary);
    let meaning = lowering.settled(&mut |lowering| lowering.side(tree));
    let Lowering { lints, inner, orders, remainder, .. } = lowering;
    Reading { meaning, lints, inner, orders, remainder }
}

impl Lowering<'_> {
    pub(super) fn side(&mut self, tree: &Tree) -> Option<Meaning> {
        match &tree.kind {
            Kind::Annotated(body, note) => {
                let meaning = self.side(body)?;
                if let Meaning::Value { expr, .. } = &meaning {
                    self.note(*expr, body.span, note);
                }
                Some(meaning)
            }
            Kind::Sum(terms) => self.sum_with_remainder(terms),
            Kind::Extremum { extremum, variables, constraints, body } => {
                let problem = self.problem(*extremum, variables, constraints, body, tree.span)?;
                Some(Meaning::Problem { extremum: *extremum, problem })
            }
            Kind::Limit { body, variable, to } => self.limit(body, variable, to),
            Kind::Call { name, arguments, .. } | Kind::Primed { name, primes: 0, arguments, .. }
                if name == "det" && arguments.len() == 1 && !self.vocabulary.is_declared("det") =>
            {
                Some(Meaning::Determinant(self.tree(&arguments[0])?))
            }
            Kind::Ambiguous(readings) if !self.is_remainder(tree) => self.ambiguous_side(readings, tree),
            _ if self.is_remainder(tree) => {
                let remainder = self.remainder(tree)?;
                Some(Meaning::Value { expr: Store::ZERO, remainder: Some(remainder) })
            }
            _ => {
                let expr = self.tree(tree)?;
                Some(Meaning::Value { expr, remainder: None })
            }
        }
    }

    fn sum_with_remainder(&mut self, terms: &[(Sign, Tree)]) -> Option<Meaning> {
        let (last, rest): (Vec<_>, Vec<_>) = terms.iter().partition(|(_, term)| self.is_remainder(term));
        let remainders: Vec<Option<(bool, Expr)>> =
            last.iter().map(|(_, term)| self.remainder(term)).collect();
        let rest: Vec<(Sign, &Tree)> = rest.into_iter().map(|(sign, term)| (*sign, term)).collect();
        let expr = match &rest[..] {
            [] => Some(Store::ZERO),
            [(Sign::Plus, only)] => self.tree(only),
            _ => self.sum(&rest),
        };
        let mut remainders: Vec<(bool, Expr)> = remainders.into_iter().collect::<Option<_>>()?;
        if remainders.len() > 1 {
            let span = last[1].1.span;
            return self.needs_declaration(
                "a second remainder of one side",
                "write the larger one alone",
                span,
            );
        }
        Some(Meaning::Value { expr: expr?, remainder: remainders.pop() })
    }

    /// `o(g)`, also where it is written as a call of an undeclared name.
    fn is_remainder(&self, tree: &Tree) -> bool {
        match &tree.kind {
            Kind::Remainder { .. } => !self.vocabulary.is_declared("o"),
            Kind::Call { name, arguments, .. } => {
                matches!(name.as_str(), "o" | "O")
                    && arguments.len() == 1
                    && !self.vocabulary.is_declared(name)
            }
            Kind::Annotated(body, _) => self.is_remainder(body),
            Kind::Ambiguous(readings) => readings.iter().any(|reading| self.is_remainder(reading)),
            _ => false,
        }
    }

    pub(super) fn remainder(&mut self, tree: &Tree) -> Option<(bool, Expr)> {
        match &tree.kind {
            Kind::Remainder { big, of } => self.size(*big, of, tree.span),
            Kind::Call { name, arguments, .. } => self.size(name == "O", &arguments[0], tree.span),
            Kind::Annotated(body, _) => self.remainder(body),
            Kind::Ambiguous(readings) => {
                let reading = readings.iter().find(|reading| self.is_remainder(reading))?;
                self.remainder(reading)
            }
            _ => None,
        }
    }

    pub(super) fn size(&mut self, big: bool, of: &Tree, span: Span) -> Option<(bool, Expr)> {
        let g = self.tree(of)?;
        self.remainder = Some((spell(of), span));
        Some((big, g))
    }

    fn ambiguous_side(&mut self, readings: &[Tree], tree: &Tree) -> Option<Meaning> {
        let is_value = |reading: &Tree| {
            !matches!(reading.kind, Kind::Extremum { .. } | Kind::Limit { .. } | Kind::Sum(_))
        };
        if readings.iter().all(is_value) {
            let expr = self.tree(tree)?;
            return Some(Meaning::Value { expr, remainder: None });
        }
        let before = self.mark();
        let mut tried: Vec<(usize, usize, Meaning)> = Vec::new();
        let mut said = Vec::new();
        for (at, reading) in readings.iter().enumerate() {
            let meaning = self.side(reading);
            let doubts = self.doubts - before.doubts;
            let lints = self.rewind(&before);
            tried.extend(meaning.map(|meaning| (doubts + lints.len(), at, meaning)));
            said.push(lints);
        }
        let best = tried.iter().map(|t| t.0).min();
        let winners: Vec<&(usize, usize, Meaning)> = tried.iter().filter(|t| Some(t.0) == best).collect();
        match winners[..] {
            [] => {
                self.no_reading(readings, said, tree.span);
                None
            }
            [first, ..] if winners.iter().all(|w| w.2 == first.2) => self.side(&readings[first.1]),
            [first, second, ..] => {
                let (first, second) = (spell(&readings[first.1]), spell(&readings[second.1]));
                self.report(Code::TwoReadings { first, second }, tree.span)
            }
            [_] => unreachable!("a lone winner agrees with itself"),
        }
    }

    /// A value with something under it.
    pub(super) fn annotated(&mut self, body: &Tree, note: &Note) -> Option<Expr> {
        let e = self.tree(body)?;
        self.note(e, body.span, note);
        Some(e)
    }

    pub(super) fn note(&mut self, e: Expr, span: Span, note: &Note) {
        let meaning = |expr| Meaning::Value { expr, remainder: None };
        match note {
            Note::Claim(rest) => {
                let mut left = meaning(e);
                for (relation, tree) in rest {
                    let Some(right) = self.tree(tree) else { return };
                    let right = meaning(right);
                    let span = span.to(tree.span);
                    self.inner.push(InnerStep {
                        span,
                        left,
                        relation: *relation,
                        right: right.clone(),
                        defines: None,
                    });
                    left = right;
                }
            }
            Note::Formula(tree) => {
                let relation = Relation::Equal;
                let defines = self.vocabulary.is_definition(tree, relation);
                let right = match defines {
                    Some(_) => Some(e),
                    None => self.tree(tree),
                };
                if let Some(right) = right {
                    let (left, right, span) = (meaning(e), meaning(right), span.to(tree.span));
                    self.inner.push(InnerStep { span, left, relation, right, defines });
                }
            }
            Note::Text(text, _) => {
                if let Some(order) = stated_order(text) {
                    self.orders.push(StatedOrder { term: e, order });
                }
            }
        }
    }
}

/// The order that a remark names: `second order Taylor expansion`, `1st-order`, `order 2`, `linear`.
fn stated_order(text: &str) -> Option<u32> {
    #[rustfmt::skip]
    const ORDINALS: &[(&str, u32)] = &[
        ("zeroth", 0), ("first", 1), ("second", 2), ("third", 3), ("fourth", 4),
        ("0th", 0), ("1st", 1), ("2nd", 2), ("3rd", 3), ("4th", 4),
    ];
    let lower = text.to_lowercase();
    let words: Vec<&str> =
        lower.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    for pair in words.windows(2) {
        let ordinal = ORDINALS.iter().find(|(word, _)| *word == pair[0]);
        match (ordinal, pair[0], pair[1]) {
            (Some((_, order)), _, "order") => return Some(*order),
            (_, "order", number) => {
                if let Ok(order) = number.parse() {
                    return Some(order);
                }
            }
            _ => {}
        }
    }
    match &words[..] {
        ["linear", ..] | ["linearization", ..] => Some(1),
        ["quadratic", ..] => Some(2),
        _ => None,
    }
}
