//! What is declared of variables, as facts about expressions.
//!
//! `0 < p < 1` is `p > 0` and `1 - p > 0`; `x in 0..n` is `x` integer, `x ≥ 0` and `n - x ≥ 0`.

use super::node::Expr;

/// One thing that holds on the declared domain.
#[derive(Clone, Debug, PartialEq)]
pub enum Fact {
    /// e > 0.
    Positive(Expr),
    /// e ≥ 0.
    NonNegative(Expr),
    /// e ≠ 0.
    NonZero(Expr),
    /// e = 0.
    Zero(Expr),
    /// The symbol is real; what every symbol is unless more is said.
    Real(Expr),
    /// The symbol is an integer.
    Integer(Expr),
    /// The symbol is one of these numbers.
    OneOf(Expr, Vec<Expr>),
    /// The sum of the squares of the symbols is 1.
    Sphere(Vec<Expr>),
    /// The symmetric matrix with these entries by rows is positive definite.
    PositiveDefinite(Vec<Vec<Expr>>),
}
