//! Tests of the whole library, in one binary.

mod articles;
mod calculus;
mod cli;
mod derivations;
mod families;
mod generated;
mod grammar;
mod known;
mod latex;
mod laws;
mod layers;
mod mutation;
mod near_misses;
mod prove;
mod prove_tables;
mod real_data;
mod reports;
mod rules;
mod snapshots;
mod sources;
mod support;
