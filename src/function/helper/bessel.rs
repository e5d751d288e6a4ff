//! Modified Bessel functions and their ratios.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[];
