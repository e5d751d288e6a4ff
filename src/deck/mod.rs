//! Text → families: those embedded from `derivations/families/`, and those a user types.
//!
//! A family is one Markdown file there and nothing else; its name is found here, its text is read, and its
//! names get their meaning.

mod embedded;
mod read;

pub use embedded::{EMBEDDED, Embedded, find};
pub use read::{families, family};
