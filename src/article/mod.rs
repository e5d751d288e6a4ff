//! A whole file → its items, each with a verdict at its own line.

mod outcome;

pub use outcome::{Displays, ExplanationLine, FileOutcome, ItemOutcome};
