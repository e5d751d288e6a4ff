//! What checking a file found: every item with its verdict at its own line.

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
    /// Is everything as claimed: each item passes, and no diagnostic is an error?
    pub fn passes(&self) -> bool {
        self.items.iter().all(|item| item.passes)
            && self.diagnostics.iter().all(|d| d.severity != Severity::Error)
    }
}
