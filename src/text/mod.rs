//! Places in text and what is said about them; knows no mathematics.
//!
//! A [`Span`] is a range of bytes, a [`Source`] turns it into line and column, and a [`Diagnostic`] is
//! a [`Code`] with its data at a span: in `2*sgima` the span `2..7` carries `unknown-name`, and
//! [`render`] writes the line, the caret and "did you mean `sigma`?". Every sentence a user reads
//! stands in one table, `code.rs`.

mod span;

mod source;

mod code;

mod diagnostic;

mod render;

mod suggestion;

pub use code::Code;
pub use diagnostic::{Diagnostic, Severity};
pub use render::{is_visible, render, visible};
pub use source::{LineColumn, LineIndex, Source};
pub use span::Span;
pub use suggestion::suggest;
