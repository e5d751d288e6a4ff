//! Tests of the whole library, in one binary.

mod calculus;
mod families;
mod grammar;
mod laws;
mod prove;
mod rules;
mod support;
