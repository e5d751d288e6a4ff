//! Expressions → text.
//!
//! `2/σ²` is stored as `2·σ^-2` and printed `2/sigma^2`: the printer restores quotients, differences and
//! negations for the reader. Order comes from structure, brackets from the precedence table, and what is
//! printed in the plain notation reads back as the same expression.

pub mod domain;

pub mod plain;

pub use plain::{display, matrix_text};
