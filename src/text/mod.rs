//! Places in text and what is said about them; knows no mathematics.

mod span;

pub use span::Span;
