//! What an article declares beside its formulas, unresolved.
//!
//! `density p(x | theta) regular` says that p is an abstract density with a sample variable and a parameter;
//! `at "\vec{v} = -" conclude` says how one formula of an article that may not be touched is meant.

use super::{Chain, Condition, Tree};
use crate::number::Rational;
use crate::text::Span;

/// A canonical name and its place.
pub type Named = (String, Span);

/// One declaration of a fence or of a file beside the article.
#[derive(Clone, Debug, PartialEq)]
pub struct Declaration {
    /// What is declared.
    pub kind: DeclarationKind,
    /// The whole line.
    pub span: Span,
}

/// What a [`Declaration`] says.
#[derive(Clone, Debug, PartialEq)]
pub enum DeclarationKind {
    /// `dimension n, m`: symbolic dimensions.
    Dimension(Vec<Named>),
    /// `vector theta, d in R^n`: columns; the dimension is a name or a number.
    Vector {
        /// The vectors.
        names: Vec<Named>,
        /// The tree after `R^`.
        dimension: Tree,
    },
    /// `matrix A in R^(n x m) symmetric`: with any of `symmetric`, `positive definite`, `nonsingular`.
    Matrix {
        /// The matrices.
        names: Vec<Named>,
        /// Rows.
        rows: Tree,
        /// Columns.
        columns: Tree,
        /// What is said of them.
        properties: Vec<MatrixProperty>,
    },
    /// `scalar eta > 0, epsilon > 0, alpha`: real scalars with their conditions.
    Scalar {
        /// The names the conditions are about, in order of first mention: `a > b` declares a.
        names: Vec<Named>,
        /// What is said of them.
        conditions: Vec<Condition>,
    },
    /// `density p(x | theta) regular`, `density q(x)`: an abstract density.
    Density {
        /// Its name.
        name: Named,
        /// The sample variable.
        variable: Named,
        /// The parameter; declared as a vector before, else a real scalar.
        parameter: Option<Named>,
        /// `regular` is 3, and so is silence; `regular to order 2` is 2, `not regular` is 0.
        regularity: u32,
    },
    /// `function L(theta) smooth`, `function g(x) in R^n`: an abstract function.
    Function {
        /// Its name.
        name: Named,
        /// Its arguments, declared before, else real scalars.
        arguments: Vec<Named>,
        /// The dimension after `in R^` of a function with vectors as values.
        values: Option<Tree>,
        /// `smooth` is 3, and so is silence; `smooth to order 1` is 1, `not smooth` is 0.
        smoothness: u32,
    },
    /// `write p(theta) for p(x | theta)`: a shorter notation; every name of the left is free in the right.
    Write {
        /// What is written.
        short: Tree,
        /// What is meant.
        long: Tree,
    },
    /// `let F = fisher(p)`, `let F = fisher(p)(theta)`: a name for an expression. Fences say it with
    /// [`super::Item::Definition`].
    Let {
        /// The name.
        name: Named,
        /// Its value.
        value: Tree,
    },
    /// `small d, eta`: these tend to 0, each with weight 1. `scale d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2` tells
    /// the weights of what scales together.
    Small(Vec<(Named, Rational)>),
    /// `assume F nonsingular`, `assume A symmetric`, `assume Q positive definite`.
    Property {
        /// Of what.
        of: Tree,
        /// What.
        property: MatrixProperty,
    },
    /// `assume norm(v) = 1`, `assume grad(L) != 0`: relations between any two sides.
    Assume(Vec<Chain>),
    /// `gradient row`: the gradient of a scalar is a row; the default is a column.
    GradientRow(bool),
    /// `inline`: mathematics inside of paragraphs is read and checked as well, from here on.
    Inline(bool),
    /// `at "\vec{v} = -" expect: refuted, …`: how the formulas that contain the quoted source are meant.
    At {
        /// A piece of a formula's source, compared without blanks.
        quote: Named,
        /// What is said of it.
        directives: Vec<Directive>,
    },
}

/// What may be said of a matrix.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MatrixProperty {
    /// `symmetric`
    Symmetric,
    /// `positive semidefinite`
    PositiveSemidefinite,
    /// `positive definite`
    PositiveDefinite,
    /// `nonsingular`
    Nonsingular,
}

/// What is said of one step, in an `at` line or a comment `% …` at its row.
#[derive(Clone, Debug, PartialEq)]
pub enum Directive {
    /// `expect: refuted, the reason`.
    Expect(String, Span),
    /// `by log-product, taylor-2`, `by linearity`.
    By(Vec<Named>),
    /// `where d small, lambda > 0`: conditions for this step alone; `d small` is the chain d → 0 of one
    /// [`super::Relation::Tends`].
    Where(Vec<Chain>),
    /// `order 2`: of a bare `≈`.
    Order(u32),
    /// `definition`, `assumption`, `statement`, `claim`: what kind of item it is, where the text does not show it.
    Kind(ItemKind),
    /// `reads claim …`: the formula is meant as this claim in the plain notation, because its meaning stands in the prose.
    Reads(Chain),
    /// `minimizes L(theta + d) over d where norm(d) <= epsilon`: the side with a free name is the minimizer of this.
    Minimizes {
        /// The objective.
        objective: Tree,
        /// Over which name.
        variable: Named,
        /// Under which constraints.
        constraints: Vec<Chain>,
    },
}

/// What kind of thing a formula is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ItemKind {
    /// The first equation for a name that has no meaning yet.
    Definition,
    /// What is taken to hold.
    Assumption,
    /// What gets a verdict.
    Claim,
    /// `min L(θ)`: read and shape-checked only.
    Statement,
}
