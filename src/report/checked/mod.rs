//! What checking files found → text for people, JSON, and what build servers read.
//!
//! A claim of `a/claims.md` that is refuted at x = −1 becomes three lines for a person, an object for a program, a failed
//! test for JUnit, a result of the rule `refuted` for SARIF and an annotation of line 8 for GitHub.

mod summary;

mod text;

mod json;

mod findings;

mod junit;

mod sarif;

mod github;

pub use findings::{Finding, findings};
pub use github::github;
pub use json::json;
pub use junit::junit;
pub use sarif::sarif;
pub use summary::{Summary, number};
pub use text::text;

use crate::article::FileOutcome;
use crate::text::Severity;

/// A file and what was found in it.
#[derive(Clone, Debug)]
pub struct CheckedFile {
    /// As on the command line, or as found below a folder.
    pub path: String,
    /// What was found; of a file that cannot be read its diagnostics alone.
    pub outcome: FileOutcome,
    /// What it is to the command.
    pub role: FileRole,
}

/// What a file is to the command.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileRole {
    /// Its claims are judged.
    Article,
    /// It declares what holds in the articles.
    Declarations,
    /// It cannot be read as text.
    Unreadable,
}

/// How much is told to a person.
#[derive(Clone, Copy, Debug, Default)]
pub struct Detail {
    /// Every step, not only those that fail.
    pub every_step: bool,
    /// The chain of each proof.
    pub explanations: bool,
}

impl CheckedFile {
    /// Is everything in it as claimed?
    pub fn passes(&self) -> bool {
        self.role != FileRole::Unreadable && self.outcome.passes()
    }

    /// Is the file itself wrong, rather than its mathematics?
    pub fn is_wrong(&self) -> bool {
        self.role == FileRole::Unreadable || self.outcome.is_wrong()
    }

    /// Diagnostics of this severity.
    pub fn count(&self, severity: Severity) -> usize {
        self.outcome.diagnostics.iter().filter(|d| d.severity == severity).count()
    }
}
