//! Tests of the whole library, in one binary.

mod grammar;
mod prove;
mod prove_tables;
mod rules;
