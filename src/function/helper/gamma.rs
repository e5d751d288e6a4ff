//! The gamma function and its kin.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[];
