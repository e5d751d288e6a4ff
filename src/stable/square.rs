//! Remainders as products of factors, so that what is a square is computed as one.

use super::sum::Reader;
use crate::algebra::Fraction;
use crate::expr::Expr;

/// The expression of a remainder.
pub(super) fn remainder(reader: &mut Reader, form: &Fraction) -> Expr {
    reader.expr(form)
}
