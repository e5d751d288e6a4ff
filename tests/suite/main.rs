//! Tests of the whole library, in one binary.

mod grammar;
mod laws;
mod support;
mod prove;
mod rules;
