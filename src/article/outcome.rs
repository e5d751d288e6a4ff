//! What checking a file found: every item with its verdict at its own line.

use std::collections::HashSet;

use crate::syntax::ItemKind;
use crate::text::{Diagnostic, LineColumn, Severity, Source, Span};
use crate::verify::Verdict;

/// A file with everything found in it.
#[derive(Clone, Debug)]
pub struct FileOutcome {
    /// Name and text.
    pub source: Source,
    /// In the order of the text.
    pub items: Vec<ItemOutcome>,
    /// Mistakes and lints, in the order of the text; those an item expects are not among them.
    pub diagnostics: Vec<Diagnostic>,
    /// What is wrong with the declarations beside the file, with places in their text.
    pub beside: Vec<Diagnostic>,
    /// Displayed formulas of the file, and how many of them were read whole.
    pub displays: Displays,
}

/// How much of the displayed mathematics was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub struct Displays {
    /// Displayed formulas.
    pub total: usize,
    /// Those without an unread part.
    pub read: usize,
}

/// One thing said in a file.
#[derive(Clone, Debug)]
pub struct ItemOutcome {
    /// Where it starts.
    pub at: LineColumn,
    /// What it covers.
    pub span: Span,
    /// What kind of thing it is; only claims have a verdict.
    pub kind: ItemKind,
    /// Of a claim.
    pub verdict: Option<Verdict>,
    /// The word after `expect:`.
    pub expected: Option<String>,
    /// Whether the verdict is as expected, or, where nothing is expected, one that is accepted.
    pub passes: bool,
    /// The source, blanks joined.
    pub text: String,
    /// Lints of this item that it does not expect, also listed with the file.
    pub lints: Vec<Diagnostic>,
    /// The whole chain of a proof as readable lines, each a formula with the rule that leads to it.
    pub explanation: Vec<ExplanationLine>,
}

/// One line of an explained proof.
#[derive(Clone, Debug, PartialEq)]
pub struct ExplanationLine {
    /// `=`, `≡₂`, or nothing for the first line.
    pub relation: String,
    /// The rule that leads here, empty for the first line.
    pub rule: String,
    /// The formula, in the plain notation.
    pub formula: String,
    /// What the step needs.
    pub conditions: Vec<String>,
}

impl FileOutcome {
    /// A text in which nothing was found.
    pub fn empty(source: Source) -> FileOutcome {
        FileOutcome {
            source,
            items: Vec::new(),
            diagnostics: Vec::new(),
            beside: Vec::new(),
            displays: Displays::default(),
        }
    }

    /// Is everything as claimed: each item passes, and no diagnostic is an error?
    pub fn passes(&self) -> bool {
        let mut diagnostics = self.diagnostics.iter().chain(&self.beside);
        self.items.iter().all(|item| item.passes) && diagnostics.all(|d| d.severity != Severity::Error)
    }

    /// Is the file wrong as input? So it is when an error belongs to none of its items: a family that cannot be read,
    /// a declaration that contradicts another. A mistake in a formula of an article is one of its items.
    pub fn is_wrong(&self) -> bool {
        // A help line that was added for people makes no other mistake of it.
        let key = |d: &Diagnostic| (d.span, d.code.message());
        let lints: HashSet<_> = self.items.iter().flat_map(|item| &item.lints).map(key).collect();
        let is_lint = |d: &Diagnostic| lints.contains(&key(d));
        let mut errors = self.diagnostics.iter().filter(|d| d.severity == Severity::Error);
        errors.any(|d| !is_lint(d)) || self.beside.iter().any(|d| d.severity == Severity::Error)
    }
}

impl ItemOutcome {
    /// Something that is said, without a verdict.
    pub fn said(kind: ItemKind, source: &Source, at: LineColumn, span: Span) -> ItemOutcome {
        let text = source.slice(span).split_whitespace().collect::<Vec<_>>().join(" ");
        ItemOutcome {
            at,
            span,
            kind,
            verdict: None,
            expected: None,
            passes: true,
            text,
            lints: Vec::new(),
            explanation: Vec::new(),
        }
    }

    /// Gives the item its verdict, against what follows `expect:`, as in `refuted, the sign is wrong`.
    pub fn judge(&mut self, verdict: Verdict, expect: Option<&str>) {
        let word = verdict.word();
        self.passes = match expect.map(expected_word) {
            Some(expected) => expected == word || Some(expected) == code(&verdict),
            None => matches!(word, "proved" | "conditional" | "supported"),
        };
        self.expected = expect.map(|text| expected_word(text).to_owned());
        self.verdict = Some(verdict);
    }
}

/// `refuted`, of `refuted, the sign is wrong`.
pub fn expected_word(text: &str) -> &str {
    text.split(',').next().unwrap_or(text).trim()
}

/// The code by which a claim could not be read.
fn code(verdict: &Verdict) -> Option<&'static str> {
    match verdict {
        Verdict::Unread(misreading) => misreading.diagnostics.first().map(|d| d.code.name()),
        _ => None,
    }
}
