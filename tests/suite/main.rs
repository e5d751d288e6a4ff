//! Tests of the whole library, in one binary.

mod families;
mod grammar;
mod prove;
