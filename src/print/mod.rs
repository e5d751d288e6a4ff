//! Expressions → text.
//!
//! `2/σ²` is stored as `2·σ^-2` and printed `2/sigma^2`: the printers restore quotients, differences and
//! negations for the reader. Order comes from structure, brackets from the precedence table, and what is
//! printed in either notation reads back as the same expression, or one equal to it.

pub mod domain;

pub mod plain;

pub mod latex;

mod letters;

mod order;

mod width;

pub use plain::{display, matrix_of_texts, matrix_text};
