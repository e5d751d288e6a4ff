//! Text → spanned trees; resolves no name, computes nothing.

pub mod operators;
mod tree;

pub use tree::*;
