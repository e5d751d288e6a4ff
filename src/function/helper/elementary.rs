//! Combinations of exponentials and logarithms that cancel as they stand.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "sign",
        parameters: &["x"],
        gives: &["sign"],
        summary: "The sign of x: -1, 0 or 1.",
        text: "
if x > 0 {
  r = 1
} else if x < 0 {
  r = -1
} else {
  r = x
}
return r
",
        source: "DLMF, Common Notations and Definitions",
    },
    Helper {
        name: "logistic",
        parameters: &["x"],
        gives: &["logistic"],
        summary: "1/(1 + exp(-x)).",
        text: "
# The exponential of what is not positive does not overflow.
e = exp(-abs(x))
if x >= 0 {
  r = 1/(1 + e)
} else {
  r = e/(1 + e)
}
return r
",
        source: "DLMF 4.2.19",
    },
];
