//! Tests of the whole library, in one binary.

mod support;

mod grammar;

mod laws;

mod rules;

mod prove;

mod layers;

mod cli;

mod snapshots;
