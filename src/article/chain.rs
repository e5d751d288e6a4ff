//! A chain while it is read, and what was found in one of its rows.

use super::fence::FenceChecker;
use super::{ExplanationLine, ItemOutcome, expected_word};
use crate::expr::Expr;
use crate::meaning::Reading;
use crate::syntax::{Chain, Directive, ItemKind, Relation, Tree};
use crate::text::{Code, Diagnostic, Span};
use crate::verify::Verdict;

/// One side of a chain.
pub(super) struct Side {
    pub tree: Tree,
    pub reading: Reading,
}

/// One relation that was read, with both of its sides.
#[derive(Clone)]
pub(super) struct Related {
    pub left: Reading,
    pub relation: Relation,
    pub right: Reading,
    /// The two sides as they were typed.
    pub said: Chain,
    pub span: Span,
}

impl Related {
    pub fn is_equation(&self) -> bool {
        matches!(self.relation, Relation::Equal | Relation::Defined)
    }
}

/// A chain up to the last side that was read.
pub(super) struct Running {
    /// The value of the first side.
    pub first: Option<Expr>,
    /// The last side.
    pub last: Side,
    /// The first equation defines its left side.
    pub defines: bool,
    /// A relation was read.
    pub begun: bool,
    /// Before `⟹`: the equation from which the next one follows.
    pub given: Option<(Expr, Expr)>,
    /// The relations since the last `⟹` or `⟺`, or since the chain began.
    pub clause: Vec<Related>,
    /// The relations before the last `⟹` or `⟺`, which hold for what follows.
    pub premise: Vec<Related>,
    /// Before `⟺`: these follow from what stands behind it.
    pub returns: Vec<Related>,
    /// The clause begins with the last side.
    pub at_start: bool,
    all_equal: bool,
}

impl Running {
    pub fn new(first: Side, defines: bool) -> Running {
        Running {
            first: first.reading.value(),
            last: first,
            defines,
            begun: false,
            given: None,
            clause: Vec::new(),
            premise: Vec::new(),
            returns: Vec::new(),
            at_start: true,
            all_equal: true,
        }
    }

    /// The equation between the ends, when every relation of the chain is one.
    pub fn equation(&self) -> Option<(Expr, Expr)> {
        let ends = (self.first?, self.last.reading.value()?);
        (self.all_equal && self.begun).then_some(ends)
    }

    pub fn advance(&mut self, relation: Relation, side: Side) {
        if matches!(relation, Relation::Implies | Relation::Equivalent) {
            self.given = self.equation();
            self.premise = std::mem::take(&mut self.clause);
            if relation == Relation::Equivalent {
                self.returns.clone_from(&self.premise);
            }
            self.first = side.reading.value();
            self.all_equal = true;
            self.at_start = true;
        } else {
            self.at_start = false;
            self.all_equal &= matches!(relation, Relation::Equal | Relation::Defined);
        }
        self.last = side;
    }
}

/// One thing found in a row, before it is held against what the row expects.
pub(super) struct Found {
    pub span: Span,
    pub kind: ItemKind,
    pub verdict: Option<Verdict>,
    pub lints: Vec<Diagnostic>,
    pub explanation: Vec<ExplanationLine>,
}

impl Found {
    pub fn said(kind: ItemKind, span: Span, lints: Vec<Diagnostic>) -> Found {
        Found { span, kind, verdict: None, lints, explanation: Vec::new() }
    }

    fn meets(&self, expected: &str) -> bool {
        let by_code = self.lints.iter().any(|lint| lint.code.name() == expected);
        by_code || self.verdict.as_ref().is_some_and(|verdict| verdict.word() == expected)
    }

    fn severity(&self) -> u8 {
        self.verdict.as_ref().map_or(0, Verdict::severity)
    }
}

impl FenceChecker<'_> {
    /// Holds what was found in a row against what the row expects, and keeps it.
    ///
    /// A diagnostic's code is expected of every step that has it, a verdict of the worst step that is not expected to be
    /// something else already.
    pub(super) fn finish_row(&mut self, found: Vec<Found>, directives: &[Directive]) {
        let mut expected: Vec<Vec<&str>> = vec![Vec::new(); found.len()];
        for directive in directives {
            let Directive::Expect(text, _) = directive else { continue };
            let word = expected_word(text);
            let has_code = |f: &Found| f.lints.iter().any(|lint| lint.code.name() == word);
            if found.iter().any(has_code) {
                let with_code = found.iter().enumerate().filter(|(_, f)| has_code(f));
                with_code.for_each(|(at, _)| expected[at].push(word));
                continue;
            }
            let judged = (0..found.len()).filter(|at| found[*at].verdict.is_some());
            let free = judged.clone().filter(|at| expected[*at].is_empty());
            let worst =
                free.clone().filter(|at| found[*at].meets(word)).max_by_key(|at| found[*at].severity());
            let worst = worst.or_else(|| free.max_by_key(|at| found[*at].severity()));
            if let Some(at) = worst.or_else(|| judged.max_by_key(|at| found[*at].severity())) {
                expected[at].push(word);
            }
        }
        for (found, expected) in found.into_iter().zip(expected) {
            self.keep(found, &expected);
        }
    }

    fn keep(&mut self, found: Found, expected: &[&str]) {
        let is_expected = |d: &Diagnostic| {
            expected.contains(&d.code.name())
                // Where the step is expected to be refuted, the remark that says how is no news.
                || (expected.contains(&"refuted") && matches!(d.code, Code::LostFactor { .. }))
                || (expected.contains(&"unread") && matches!(found.verdict, Some(Verdict::Unread(_))))
        };
        let met = expected.iter().all(|word| found.meets(word));
        let at = self.lines.line_column(&self.source.text, found.span.start as usize);
        let mut item = ItemOutcome::said(found.kind, self.source, at, found.span);
        item.explanation = found.explanation;
        item.lints = found.lints.iter().filter(|d| !is_expected(d)).cloned().collect();
        if let Some(verdict) = found.verdict {
            item.judge(verdict, None);
        }
        if !expected.is_empty() {
            item.expected = Some(expected.join(", "));
            item.passes = met;
        }
        for known in self.diagnostics.get(self.said.1..).unwrap_or_default() {
            self.said.0.insert(key(known));
        }
        let new: Vec<Diagnostic> =
            item.lints.iter().filter(|lint| self.said.0.insert(key(lint))).cloned().collect();
        self.diagnostics.extend(new);
        self.said.1 = self.diagnostics.len();
        self.items.push(item);
    }
}

/// By which a diagnostic that was said already is known again.
fn key(diagnostic: &Diagnostic) -> (Span, String) {
    (diagnostic.span, diagnostic.code.message())
}
