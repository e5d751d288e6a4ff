//! What one step of a derivation claims, and what is declared when it does.
//!
//! `KL(p(θ) ‖ p(θ+d)) ≈ ½ dᵀF d` under `density p(x | theta) regular` and `small d` becomes [`Claim::Order`] of two
//! expressions with the remainder o(‖d‖²), beside a [`Context`] that says what p, θ and d are. Those who prove, those who
//! refute and those who check a proof meet here; nobody knows any more how the step was typed.

use crate::expr::{Expr, SymbolId};
use crate::number::Rational;

/// What is claimed.
#[derive(Clone, Debug, PartialEq)]
pub enum Claim {
    /// left = right wherever one of them is defined.
    Equal {
        /// The left side.
        left: Expr,
        /// The right side, of the same shape.
        right: Expr,
    },
    /// left = right + a remainder small beside `order` powers of what tends to 0.
    Order {
        /// The left side.
        left: Expr,
        /// The right side, without its remainder.
        right: Expr,
        /// What tends to 0.
        limit: Limit,
        /// The remainder is o of this total weight, or O of it when `big`.
        order: Rational,
        /// `O` rather than `o`.
        big: bool,
    },
    /// left relation right, of scalars.
    Compare {
        /// The left side.
        left: Expr,
        /// Which of the four.
        relation: Inequality,
        /// The right side.
        right: Expr,
    },
    /// left = c·right with one c > 0 that depends on none of `varying` and is the same for all components.
    Proportional {
        /// The left side.
        left: Expr,
        /// The right side.
        right: Expr,
        /// What the factor may not depend on; empty only for vectors and matrices.
        varying: Vec<Expr>,
    },
    /// Whenever all of the given equations hold, left = right.
    Conclusion {
        /// Equations that hold.
        given: Vec<(Expr, Expr)>,
        /// The left side.
        left: Expr,
        /// The right side.
        right: Expr,
    },
    /// Whenever `point` minimizes the problem in its interior, left = right: "0 = ∂/∂d […]" at a minimum.
    Stationary {
        /// The problem.
        problem: Problem,
        /// The left side, 0 in print.
        left: Expr,
        /// The derivative.
        right: Expr,
    },
    /// `point` is the only minimizer of the problem.
    Minimizer {
        /// The point, an expression without the variable of the problem.
        point: Expr,
        /// The problem.
        problem: Problem,
    },
    /// The minimizers of the two problems differ by less than any multiple of themselves in the limit.
    SameMinimizer {
        /// The first problem.
        first: Problem,
        /// The second problem.
        second: Problem,
        /// The declared limit.
        limit: Limit,
    },
    /// `point` = lim `scale`·argmin of the problem as `limit` tends to 0 (ε ↓ 0).
    MinimizerLimit {
        /// The limit.
        point: Expr,
        /// What the minimizer is multiplied with, 1/ε.
        scale: Expr,
        /// The problem.
        problem: Problem,
        /// What tends to 0.
        limit: Limit,
    },
    /// lim of `body` as `variable` tends to `to` is `value`.
    LimitValue {
        /// Of what.
        body: Expr,
        /// The variable.
        variable: Expr,
        /// Where it tends.
        to: Expr,
        /// The claimed value.
        value: Expr,
    },
    /// There are values of what is free, within the context, with left ≠ right: "KL is not symmetric".
    Differs {
        /// The left side.
        left: Expr,
        /// The right side.
        right: Expr,
    },
    /// The square matrix is symmetric, (semi)definite, nonsingular.
    Property {
        /// The matrix.
        of: Expr,
        /// Which property.
        property: Property,
    },
    /// `form` is 0 only where `variable` is 0: the last axiom of a metric.
    ZeroOnlyAtZero {
        /// A scalar.
        form: Expr,
        /// A vector.
        variable: Expr,
    },
}

/// One of the four inequalities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Inequality {
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
}

/// What may be said of a square matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Property {
    /// A = Aᵀ.
    Symmetric,
    /// uᵀAu ≥ 0.
    PositiveSemidefinite,
    /// uᵀAu > 0 for u ≠ 0; symmetric.
    PositiveDefinite,
    /// A⁻¹ exists.
    Nonsingular,
}

/// min of `objective` over `variable`, under `constraints[i] ≤ 0`.
#[derive(Clone, Debug, PartialEq)]
pub struct Problem {
    /// A symbol, free in objective and constraints.
    pub variable: Expr,
    /// What is to be small; for a maximum its negative.
    pub objective: Expr,
    /// Each at most 0 (a − b for a ≤ b).
    pub constraints: Vec<Expr>,
}

/// Symbols that tend to 0 together.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Limit {
    /// Each symbol with its weight: `small d` is (d, 1); in `scale d ~ tau, lambda ~ 1/tau` λ has −1.
    pub symbols: Vec<(Expr, Rational)>,
}

/// What is declared where a claim stands.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Context {
    /// Abstract densities.
    pub densities: Vec<Density>,
    /// Abstract functions.
    pub functions: Vec<AbstractFunction>,
    /// Assumptions, in the order of the text.
    pub assumptions: Vec<Assumption>,
    /// What tends to 0 where a claim of an order stands.
    pub limit: Limit,
}

/// `density p(x | theta) regular`.
#[derive(Clone, Debug, PartialEq)]
pub struct Density {
    /// The head of its applications; `Apply(symbol, [x, θ])`, or `[x]` without a parameter.
    pub symbol: SymbolId,
    /// The declared parameter, a symbol; `None` for `density q(x)`.
    pub parameter: Option<Expr>,
    /// Common support, `regularity` times continuously differentiable in θ with dominated derivatives (so that
    /// ∂ and ∫ may be exchanged so often), finite F, and a finite E[log p]; 0 when nothing is declared. What follows from
    /// it, and under which integrals, stands in `proof::discharge` and `proof::moments`.
    pub regularity: u32,
}

/// `function L(theta) smooth`.
#[derive(Clone, Debug, PartialEq)]
pub struct AbstractFunction {
    /// The head of its applications; its shape is that of the values.
    pub symbol: SymbolId,
    /// The declared arguments, symbols.
    pub arguments: Vec<Expr>,
    /// How often continuously differentiable in all arguments; 0 when nothing is declared.
    pub smoothness: u32,
}

/// One thing that is assumed.
#[derive(Clone, Debug, PartialEq)]
pub enum Assumption {
    /// The scalar is positive.
    Positive(Expr),
    /// The scalar is nonnegative.
    NonNegative(Expr),
    /// The scalar, vector or matrix is not 0.
    NonZero(Expr),
    /// The scalar is an integer.
    Integer(Expr),
    /// The matrix has the property.
    Property(Expr, Property),
    /// Both sides are equal: a definition, `F = fisher(p)`, or a stated equation, `‖v‖ = 1`.
    Equal(Expr, Expr),
}
