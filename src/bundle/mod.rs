//! A derivation to what is generated from it: routines, domains, reference values.

pub mod latex;
