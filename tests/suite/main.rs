//! Tests of the whole library, in one binary.

mod calculus;
mod families;
mod grammar;
mod laws;
mod prove;
mod prove_tables;
mod rules;
mod support;
