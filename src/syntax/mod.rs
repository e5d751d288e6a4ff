//! Text → spanned trees; resolves no name, computes nothing.

mod tree;

pub use tree::*;
