//! Text → spanned trees; resolves no name, computes nothing.

mod tree;

pub mod names;

pub mod operators;

mod tokens;

mod brackets;

mod parser;

mod expression;

mod forms;

pub mod plain;

#[cfg(test)]
mod show;

pub use forms::FORMS;
pub use parser::{MAX_DEPTH, MAX_ERRORS, MAX_FORMULA, MAX_HEIGHT};
pub use tree::*;
