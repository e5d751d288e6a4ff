//! Referee checks the mathematics of an article the way a compiler checks code.
#![warn(missing_docs)]

pub mod text;

pub mod number;

pub mod syntax;

pub mod function;

pub mod expr;

pub mod print;

pub mod tape;

pub mod algebra;

pub mod calculus;

pub mod stats;

pub mod deck;

pub mod integrate;

pub mod numeric;

pub mod verify;

pub mod report;

pub mod cli;
