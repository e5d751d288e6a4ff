//! Results → what a user reads: text for a terminal, JSON for a program.
//!
//! The Fisher information of the gamma family becomes two aligned rows under a heading, and
//! `"fisher": [["trigamma(alpha)", "-1/beta"], ["-1/beta", "alpha/beta^2"]]`. Mathematics is always the plain
//! notation, so that whatever is shown can be pasted back.

pub mod markup;

pub mod layout;

pub mod derivation;

pub mod verdict;

pub mod verification;

pub mod json;

pub mod checked;

pub mod pinned;

pub mod diff;

pub use markup::{Markup, Role};
