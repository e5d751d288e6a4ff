//! One thing said about one place of a text.

use super::{Code, Span};

/// How much a diagnostic weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Severity {
    /// The text cannot be used as it stands.
    Error,
    /// The text can be used, and is probably not what was meant.
    Warning,
    /// Worth knowing.
    Note,
}

impl Severity {
    /// `error`, `warning`, `note`.
    pub fn name(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

/// A code with its data, at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Diagnostic {
    /// What is said.
    pub code: Code,
    /// How much it weighs.
    pub severity: Severity,
    /// Where, in bytes of the text.
    pub span: Span,
    /// A help line better than the code's own, where the place knows one.
    pub help: Option<String>,
}

impl Diagnostic {
    /// An error at a place.
    pub fn error(code: Code, span: Span) -> Diagnostic {
        Diagnostic { code, severity: Severity::Error, span, help: None }
    }

    /// A warning at a place.
    pub fn warning(code: Code, span: Span) -> Diagnostic {
        Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span) }
    }

    /// A note at a place.
    pub fn note(code: Code, span: Span) -> Diagnostic {
        Diagnostic { severity: Severity::Note, ..Diagnostic::error(code, span) }
    }

    /// The same with its own help line.
    pub fn with_help(mut self, help: impl Into<String>) -> Diagnostic {
        self.help = Some(help.into());
        self
    }

    /// The help line: the diagnostic's own, or else the code's.
    pub fn help(&self) -> Option<String> {
        self.help.clone().or_else(|| self.code.help())
    }
}
