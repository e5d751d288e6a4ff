//! What an expression is: a handle, and the node it names.
//!
//! `2/σ²` is the sum with the single term `2·(σ^-2)`; there is no node for a quotient, a difference or
//! a negation, so each of them has one spelling. The shapes below carry scalars today and vectors,
//! matrices of symbolic dimension, expectations and derivatives at another point without a new kind of
//! expression:
//!
//! | node | why it is there |
//! |---|---|
//! | `Sum`, `Product` | commutative, flat, rational coefficients only in sums; a product has at most one factor that is not scalar |
//! | `Chain` | the non-commutative product `A B v`; `Transpose` and `Inverse` stay where they were written |
//! | `Bound` | a variable bound further out, numbered from the inside (de Bruijn): renaming keeps the handle |
//! | `Derivative` | a binder *and the point where it is evaluated*: `∇ log p(θ + d)` is `grad(t. log p(t)) @ (θ + d)`, so that replacing θ is ordinary substitution |
//! | `SampleIntegral` | binds the sample variable over the whole sample space of a declared density |
//! | `Divergence`, `Fisher` | named notions of abstract densities, unfolded by rules of `proof` alone |
//! | `Expectation` | keeps its density and the parameter of its measure outside the binder, so that `E_θ[∇ log p]` and `∇ E_θ[log p]` differ |
//!
//! A derivative that named its variable by a symbol was tried first and went wrong at the first
//! substitution (`∂/∂x x²` at `x + h`); an e-graph was left out because its equalities carry no domain.

use crate::function::FunctionId;
use crate::number::Rational;

/// Handle of an expression in a [`Store`](super::Store). Equal handles are equal expressions.
///
/// Handles have no order: what is printed is ordered by structure (see [`Store::compare`](super::Store::compare)).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Expr(pub(super) u32);

/// Handle of a symbol in a [`Store`](super::Store).
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct SymbolId(pub(super) u32);

/// A named unknown. Two symbols are one when name, shape and type agree.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct Symbol {
    /// The canonical name, `mu`.
    pub name: String,
    /// Scalar, vector or matrix.
    pub shape: Shape,
    /// Declared to be an integer; `0^n` is defined at `n = 0` for these exponents only.
    pub integer: bool,
}

/// One dimension of a shape.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Dimension {
    /// A known number of rows or columns.
    Fixed(u32),
    /// A symbolic one, `n`.
    Named(SymbolId),
}

/// Rows × columns; a scalar *is* 1 × 1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Shape {
    /// Number of rows.
    pub rows: Dimension,
    /// Number of columns.
    pub columns: Dimension,
}

impl Shape {
    /// 1 × 1.
    pub const SCALAR: Shape = Shape { rows: Dimension::Fixed(1), columns: Dimension::Fixed(1) };

    /// A column of `rows` entries.
    pub fn vector(rows: Dimension) -> Shape {
        Shape { rows, columns: Dimension::Fixed(1) }
    }

    /// `rows × columns`.
    pub fn matrix(rows: Dimension, columns: Dimension) -> Shape {
        Shape { rows, columns }
    }

    /// Is this 1 × 1?
    pub fn is_scalar(self) -> bool {
        self == Shape::SCALAR
    }

    /// Rows and columns exchanged.
    pub fn transposed(self) -> Shape {
        Shape { rows: self.columns, columns: self.rows }
    }
}

/// What binds a variable over a range.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum Binder {
    /// Σ over the integers `from..=to`.
    Sum,
    /// Π over the integers `from..=to`.
    Product,
    /// ∫ from `from` to `to`.
    Integral,
}

/// Which derivative.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, PartialOrd, Ord)]
pub enum DerivativeKind {
    /// ∇f: one entry for each entry of the variable; the ordinary derivative when that is a scalar.
    Gradient,
    /// ∇²f: the square matrix of second derivatives.
    Hessian,
}

/// What a handle names. Children are handles, so a node is small and shared.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Node {
    /// An exact rational.
    Number(Rational),
    /// A named unknown.
    Symbol(SymbolId),
    /// The variable bound so many binders further out, its shape, and whether it runs over integers.
    Bound(u32, Shape, bool),
    /// Σ cᵢ·tᵢ, sorted, no term twice; the constant is the coefficient of the number 1. A zero coefficient
    /// stays where dropping the term would enlarge the domain (`0*log(y)`). One term: then `c ≠ 1`.
    Sum(Box<[(Rational, Expr)]>),
    /// Π fᵢ, sorted, at least two factors, no number among them.
    Product(Box<[Expr]>),
    /// base ^ exponent.
    Power(Expr, Expr),
    /// A function of the table.
    Call(FunctionId, Box<[Expr]>),
    /// An abstract function or density applied to its slots: `p(x, θ)`.
    Apply(SymbolId, Box<[Expr]>),
    /// Entries by rows.
    Matrix(Shape, Box<[Expr]>),
    /// A product of matrices, at least two, in order.
    Chain(Box<[Expr]>),
    /// Aᵀ.
    Transpose(Expr),
    /// A⁻¹.
    Inverse(Expr),
    /// The zero of a shape that is not scalar.
    Zero(Shape),
    /// The identity of a dimension.
    Identity(Dimension),
    /// An entry: `x[i]`, `m[i, j]`, numbered from 1.
    Index(Expr, Box<[Expr]>),
    /// Σ, Π or ∫ of `body`, in which `Bound(0)` is the variable.
    Range {
        /// Which of the three.
        binder: Binder,
        /// Lower end.
        from: Expr,
        /// Upper end.
        to: Expr,
        /// In which `Bound(0)` is the variable.
        body: Expr,
    },
    /// E under the density `density(·, parameter)` of `body`, in which `Bound(0)` is the sample variable.
    Expectation {
        /// The abstract density.
        density: SymbolId,
        /// The parameter of the measure, outside the binder.
        parameter: Expr,
        /// What is averaged.
        body: Expr,
    },
    /// ∫ of `body` over the sample space of the abstract `density`; `Bound(0)` is the sample variable.
    SampleIntegral {
        /// Whose sample space.
        density: SymbolId,
        /// What is integrated.
        body: Expr,
    },
    /// KL(first(·, from) ‖ second(·, to)); the parameter of a density that has none is written 0.
    Divergence {
        /// The density that weighs.
        first: SymbolId,
        /// Its parameter.
        from: Expr,
        /// The density it is compared with.
        second: SymbolId,
        /// Its parameter.
        to: Expr,
    },
    /// The Fisher information of an abstract `density` at a parameter: a symmetric matrix.
    Fisher {
        /// The abstract density.
        density: SymbolId,
        /// Where.
        at: Expr,
    },
    /// The derivative of `t ↦ body` at a point; `Bound(0)` is `t`.
    Derivative {
        /// First or second.
        kind: DerivativeKind,
        /// In which `Bound(0)` is the variable.
        body: Expr,
        /// Where it is evaluated.
        at: Expr,
    },
}

impl Node {
    /// The handles this node holds, in order.
    pub fn children(&self) -> impl Iterator<Item = Expr> + '_ {
        let nothing: &[Expr] = &[];
        let (fixed, list) = match self {
            Node::Product(list)
            | Node::Call(_, list)
            | Node::Apply(_, list)
            | Node::Matrix(_, list)
            | Node::Chain(list) => ([None; 3], list.as_ref()),
            Node::Power(a, b) => ([Some(*a), Some(*b), None], nothing),
            Node::Transpose(a) | Node::Inverse(a) => ([Some(*a), None, None], nothing),
            Node::Index(a, list) => ([Some(*a), None, None], list.as_ref()),
            Node::Range { from, to, body, .. } => ([Some(*from), Some(*to), Some(*body)], nothing),
            Node::Expectation { parameter, body, .. } => ([Some(*parameter), Some(*body), None], nothing),
            Node::Derivative { body, at, .. } => ([Some(*body), Some(*at), None], nothing),
            Node::SampleIntegral { body, .. } => ([Some(*body), None, None], nothing),
            Node::Divergence { from, to, .. } => ([Some(*from), Some(*to), None], nothing),
            Node::Fisher { at, .. } => ([Some(*at), None, None], nothing),
            _ => ([None; 3], nothing),
        };
        let terms = match self {
            Node::Sum(terms) => terms.as_ref(),
            _ => &[],
        };
        fixed.into_iter().flatten().chain(list.iter().copied()).chain(terms.iter().map(|(_, term)| *term))
    }

    /// How many binders stand between this node and each of its children.
    pub fn binds(&self, child: usize) -> u32 {
        match (self, child) {
            (Node::Range { .. }, 2)
            | (Node::Expectation { .. }, 1)
            | (Node::Derivative { .. } | Node::SampleIntegral { .. }, 0) => 1,
            _ => 0,
        }
    }
}
