//! A whole file → its items, each with a verdict at its own line.
//!
//! `claim log(a*b) = log(a) + log(b) where a > 0, b > 0` in the eighth line of a file is an item at line 8, proved by
//! `log-product`.

mod outcome;

mod mass;

mod fence;

pub use fence::FenceChecker;
pub use mass::without_mass;
pub use outcome::{Displays, ExplanationLine, FileOutcome, ItemOutcome, expected_word};

use std::path::Path;

use crate::syntax::{read_document, read_markdown};
use crate::text::Source;

/// Checks a file with the declarations beside it.
pub fn check(source: &Source, _beside: Option<&Source>) -> FileOutcome {
    let is_markdown = Path::new(&source.name).extension().is_some_and(|e| e == "md" || e == "markdown");
    let document = if is_markdown { read_markdown(&source.text) } else { read_document(&source.text) };
    let mut checker = FenceChecker::new(source);
    for item in document.fences.iter().flat_map(|fence| &fence.items) {
        checker.item(item);
    }
    let (items, found) = checker.finish();
    let mut diagnostics = document.diagnostics;
    diagnostics.extend(found);
    FileOutcome { items, diagnostics, ..FileOutcome::empty(source.clone()) }
}
