//! The spanned tree in which the notations meet: after it nobody knows which one was typed.
//!
//! `2 mu + f(x)/y` becomes a sum of a product and a product with one divisor. Names are canonical
//! (`μ` is `mu`) but resolved to nothing: whether `f(x)` is a call or a product is decided by the
//! declared names, in `expr::lower`. Sums and products are flat, so a long one is not a deep one;
//! nesting is bounded by the parser.

use crate::number::Rational;
use crate::text::Span;

/// A piece of mathematics and its place in the text.
#[derive(Clone, Debug, PartialEq)]
pub struct Tree {
    /// What it says.
    pub kind: Kind,
    /// Where it stands, brackets around it not included.
    pub span: Span,
}

/// What a [`Tree`] says.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// `0.25`, exactly.
    Number(Rational),
    /// `mu`, `x_1`: the canonical name.
    Name(String),
    /// `f(a, b)`: a name directly followed by a bracket.
    Call {
        /// The canonical name before the bracket.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// What stands between the brackets.
        arguments: Vec<Tree>,
    },
    /// `a + b - c`: at least two terms, each with its sign.
    Sum(Vec<(Sign, Tree)>),
    /// `a*b/c`: at least two factors, read from left to right; the first is never a divisor.
    Product(Vec<(Side, Tree)>),
    /// `-a`.
    Negate(Box<Tree>),
    /// `a^b`.
    Power(Box<Tree>, Box<Tree>),
    /// `a!`.
    Factorial(Box<Tree>),
    /// `a'`.
    Transpose(Box<Tree>),
    /// `|a|`.
    Absolute(Box<Tree>),
    /// `[a, b; c, d]`, by rows, all of one length; a column `[a, b]` has rows of length one.
    Matrix(Vec<Vec<Tree>>),
    /// `x[i]`, `m[i, j]`.
    Index(Box<Tree>, Vec<Tree>),
    /// `diff(f, x, y)` and `d/dx f`: differentiated by each name in turn. `∂²/∂θ∂θᵀ` has a name and a transposed name.
    Derivative {
        /// What is differentiated.
        body: Box<Tree>,
        /// By what; each is a name.
        by: Vec<Tree>,
    },
    /// `grad(f, theta)`; without a name, by the declared parameter.
    Gradient {
        /// What is differentiated.
        body: Box<Tree>,
        /// By what.
        by: Option<Box<Tree>>,
    },
    /// `hess(f, theta)`; without a name, by the declared parameter.
    Hessian {
        /// What is differentiated.
        body: Box<Tree>,
        /// By what.
        by: Option<Box<Tree>>,
    },
    /// `sum(f, k = a..b)`, `product(f, k = a..b)`, `integral(f, x = a..b)`.
    Range {
        /// Which of the three.
        binder: Binder,
        /// The body, in which `variable` is bound.
        body: Box<Tree>,
        /// The canonical name of the bound variable.
        variable: String,
        /// Where the bound variable stands.
        variable_span: Span,
        /// Lower end; `None` for `integral(f, x)`, over the whole sample space. Without an upper end it is what stands
        /// below the sign, `∫_θ … dθ`.
        from: Option<Box<Tree>>,
        /// Upper end.
        to: Option<Box<Tree>>,
    },
    /// `E[f]`, or `E[f; p]` under a named density.
    Expectation {
        /// What is averaged.
        body: Box<Tree>,
        /// Under which density.
        density: Option<Box<Tree>>,
    },
    /// `KL(p, q)`.
    Divergence(Box<Tree>, Box<Tree>),
    /// `p(x | theta)`, `Gam(x; a, b)`: a name applied to what stands before and behind a bar or semicolon.
    Conditional {
        /// The canonical name before the bracket.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// What stands before the bar.
        outcome: Vec<Tree>,
        /// What stands behind it.
        given: Vec<Tree>,
    },
    /// `f'(x)`, `f''(x)`: a name with primes directly followed by a bracket.
    ///
    /// Without primes it is an application for certain: beside it, in [`Kind::Ambiguous`], stands the product.
    Primed {
        /// The canonical name, primes not included.
        name: String,
        /// Where the name stands.
        name_span: Span,
        /// How many primes; 0 says that the name is a function, and no factor.
        primes: u32,
        /// What stands between the brackets.
        arguments: Vec<Tree>,
    },
    /// `θ^{(k)}`: a superscript in round brackets; the base is a name, the superscript any expression.
    Superscript(Box<Tree>, Box<Tree>),
    /// `‖a‖`, and `‖a‖_p` with what stands below.
    Norm(Box<Tree>, Option<Box<Tree>>),
    /// `⟨a, b⟩`; the third is what stands below, a metric.
    Inner(Box<Tree>, Box<Tree>, Option<Box<Tree>>),
    /// `o(g)`, or `O(g)` when `big`.
    Remainder {
        /// `O` rather than `o`.
        big: bool,
        /// What it is compared with.
        of: Box<Tree>,
    },
    /// `lim_{v → to} body`.
    Limit {
        /// Of what.
        body: Box<Tree>,
        /// The name that tends.
        variable: Box<Tree>,
        /// To what.
        to: Box<Tree>,
    },
    /// `min_{v s.t. c} body`, `arg max_v body`.
    Extremum {
        /// Which of the six.
        extremum: Extremum,
        /// The names below; empty when none is written.
        variables: Vec<Tree>,
        /// `s.t. ‖d‖ ≤ ε`, below or in rows of their own.
        constraints: Vec<Chain>,
        /// The objective.
        body: Box<Tree>,
    },
    /// `\underbrace{body}_{note}`.
    Annotated(Box<Tree>, Box<Note>),
    /// `\hat\theta`, `\bar x`, `\tilde\nabla L`: a mark that makes another thing of a formula that is no name.
    Accent(String, Box<Tree>),
    /// `\begin{cases} a & x > 0 \\ b & \text{otherwise} \end{cases}`: values with their conditions, the last perhaps without.
    Cases(Vec<(Tree, Option<Chain>)>),
    /// `…`, `\dots`.
    Ellipsis,
    /// A text with several readings, in the order in which they are shown; at least two. The declared names decide.
    Ambiguous(Vec<Tree>),
    /// `inf`, `∞`.
    Infinity,
}

/// What stands under a brace.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// `= -F`: a claim about what the brace holds.
    Claim(Vec<(Relation, Tree)>),
    /// `F`: a name or formula without a relation.
    Formula(Tree),
    /// `\text{second order Taylor expansion}`.
    Text(String, Span),
}

/// Smallest or largest, the value or where it is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Extremum {
    /// `min`
    Min,
    /// `max`
    Max,
    /// `inf`
    Inf,
    /// `sup`
    Sup,
    /// `arg min`
    ArgMin,
    /// `arg max`
    ArgMax,
}

/// The sign of a term of a sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// `+`
    Plus,
    /// `-`
    Minus,
}

/// On which side of the fraction bar a factor stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// `*`
    Over,
    /// `/`
    Under,
    /// `·`, `\cdot`: a product, and of two columns the inner product.
    Dot,
}

/// What binds a variable over a range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Binder {
    /// `sum`
    Sum,
    /// `product`
    Product,
    /// `integral`
    Integral,
}

/// A relation between two sides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Relation {
    /// `=`
    Equal,
    /// `!=`
    NotEqual,
    /// `<`
    Less,
    /// `<=`
    LessOrEqual,
    /// `>`
    Greater,
    /// `>=`
    GreaterOrEqual,
    /// `~~`, `≈`
    Approximately,
    /// `prop`, `∝`
    Proportional,
    /// `:=`, `≡`, `≜`
    Defined,
    /// `~`: is distributed as, or is of the order of.
    Similar,
    /// `∈`
    Element,
    /// `→`
    Tends,
    /// `⟹`
    Implies,
    /// `⟺`
    Equivalent,
    /// `≻`: the difference of two matrices is positive definite.
    Succeeds,
    /// `≽`: the difference of two matrices is positive semidefinite.
    SucceedsOrEqual,
}

/// `a = b <= c`: a first side and what follows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Chain {
    /// The first side.
    pub first: Tree,
    /// Each relation and the side after it; empty for a bare expression.
    pub rest: Vec<(Relation, Tree)>,
}

impl Chain {
    /// All sides, in order.
    pub fn sides(&self) -> impl Iterator<Item = &Tree> {
        std::iter::once(&self.first).chain(self.rest.iter().map(|(_, side)| side))
    }
}

/// One condition on named variables, as after `--where` and in a family's domains.
#[derive(Clone, Debug, PartialEq)]
pub struct Condition {
    /// What is said.
    pub kind: ConditionKind,
    /// Where.
    pub span: Span,
}

/// What a [`Condition`] says.
#[derive(Clone, Debug, PartialEq)]
pub enum ConditionKind {
    /// `0 < p < 1`, `p1 + p2 < 1`, `y != 0`.
    Compare(Chain),
    /// `t real`.
    Real(Tree),
    /// `n integer`; `n integer >= 1` is this and a comparison beside it.
    Integer(Tree),
    /// `x in {0, 1}`.
    OneOf(Tree, Vec<Tree>),
    /// `x in 0..n`, both ends included, integers.
    Range(Tree, Tree, Tree),
    /// `(x1, x2, x3) in sphere`.
    Sphere(Vec<Tree>),
    /// `[x11, x12; x12, x22] positive definite`; the tree is a matrix.
    PositiveDefinite(Tree),
}

/// The text of a family, unresolved.
#[derive(Clone, Debug, PartialEq)]
pub struct FamilyText {
    /// Its name.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Conditions on the parameters; names in order of first mention are the parameters.
    pub parameters: Vec<Condition>,
    /// The parameters' canonical names, in order.
    pub parameter_names: Vec<(String, Span)>,
    /// Conditions on the known constants, after the semicolon.
    pub constants: Vec<Condition>,
    /// The constants' canonical names, in order.
    pub constant_names: Vec<(String, Span)>,
    /// The sample space.
    pub sample_space: Vec<Condition>,
    /// The observed variables' canonical names, in order.
    pub variable_names: Vec<(String, Span)>,
    /// `log p(x) = …` or `p(x) = …`.
    pub density: DensityText,
    /// `log p(0) = …`: atoms beside the density.
    pub atoms: Vec<AtomText>,
    /// Named coordinates.
    pub coordinates: Vec<CoordinatesText>,
    /// `let a = …` abbreviations used by what follows them.
    pub definitions: Vec<(String, Span, Tree)>,
    /// Claims about what is derived.
    pub claims: Vec<ClaimText>,
    /// The whole text of the family.
    pub span: Span,
}

/// The right side of `log p(x) = …` or `p(x) = …`.
#[derive(Clone, Debug, PartialEq)]
pub struct DensityText {
    /// Whether the left side has the logarithm.
    pub is_log: bool,
    /// The right side.
    pub body: Tree,
}

/// An atom of a mixed measure: `log p(0) = …`.
#[derive(Clone, Debug, PartialEq)]
pub struct AtomText {
    /// The point, one tree for each variable.
    pub point: Vec<Tree>,
    /// Its probability.
    pub density: DensityText,
}

/// `coordinates logit(t real): p = 1/(1 + exp(-t))`.
#[derive(Clone, Debug, PartialEq)]
pub struct CoordinatesText {
    /// The name of the coordinates.
    pub name: String,
    /// Where the name stands.
    pub name_span: Span,
    /// Conditions on the new coordinates.
    pub domain: Vec<Condition>,
    /// Their canonical names, in order.
    pub names: Vec<(String, Span)>,
    /// Each parameter in terms of the new coordinates.
    pub definitions: Vec<(String, Span, Tree)>,
}

/// `claim fisher in logit = […]     source "…"     expect: proved`.
#[derive(Clone, Debug, PartialEq)]
pub struct ClaimText {
    /// `fisher`, `fisher_inverse`, `score`, `kl`, `mean`, `log_partition`, `log_density`.
    pub quantity: String,
    /// Where the quantity stands.
    pub quantity_span: Span,
    /// The coordinates after `in`.
    pub coordinates: Option<(String, Span)>,
    /// The claimed value.
    pub value: Tree,
    /// `source "…"`.
    pub source: Option<String>,
    /// `expect: …`: the verdict and the reason after a comma.
    pub expect: Option<(String, Span)>,
    /// The whole claim.
    pub span: Span,
}

impl Tree {
    /// A tree of this kind at this place.
    pub fn new(kind: Kind, span: Span) -> Tree {
        Tree { kind, span }
    }

    /// The trees directly within, in the order of the text.
    pub fn parts(&self) -> Vec<&Tree> {
        match &self.kind {
            Kind::Number(_) | Kind::Name(_) | Kind::Infinity | Kind::Ellipsis => vec![],
            Kind::Call { arguments, .. } => arguments.iter().collect(),
            Kind::Sum(terms) => terms.iter().map(|term| &term.1).collect(),
            Kind::Product(factors) => factors.iter().map(|factor| &factor.1).collect(),
            Kind::Negate(a) | Kind::Factorial(a) | Kind::Transpose(a) | Kind::Absolute(a) => vec![a],
            Kind::Power(a, b) | Kind::Divergence(a, b) => vec![a, b],
            Kind::Matrix(rows) => rows.iter().flatten().collect(),
            Kind::Index(a, indices) => std::iter::once(&**a).chain(indices).collect(),
            Kind::Derivative { body, by } => std::iter::once(&**body).chain(by).collect(),
            Kind::Gradient { body, by } | Kind::Hessian { body, by } => {
                std::iter::once(body).chain(by).map(|tree| &**tree).collect()
            }
            Kind::Range { body, from, to, .. } => {
                std::iter::once(body).chain(from).chain(to).map(|tree| &**tree).collect()
            }
            Kind::Expectation { body, density } => {
                std::iter::once(body).chain(density).map(|tree| &**tree).collect()
            }
            Kind::Conditional { outcome, given, .. } => outcome.iter().chain(given).collect(),
            Kind::Primed { arguments, .. } => arguments.iter().collect(),
            Kind::Superscript(a, b) => vec![a, b],
            Kind::Norm(a, below) => std::iter::once(a).chain(below).map(|tree| &**tree).collect(),
            Kind::Inner(a, b, below) => [a, b].into_iter().chain(below).map(|tree| &**tree).collect(),
            Kind::Remainder { of, .. } => vec![of],
            Kind::Limit { body, variable, to } => vec![body, variable, to],
            Kind::Extremum { variables, constraints, body, .. } => {
                let sides = constraints.iter().flat_map(Chain::sides);
                variables.iter().chain(sides).chain(std::iter::once(&**body)).collect()
            }
            Kind::Annotated(a, note) => match &**note {
                Note::Claim(rest) => std::iter::once(&**a).chain(rest.iter().map(|(_, side)| side)).collect(),
                Note::Formula(formula) => vec![a, formula],
                Note::Text(..) => vec![a],
            },
            Kind::Accent(_, a) => vec![a],
            Kind::Cases(cases) => cases
                .iter()
                .flat_map(|(value, when)| std::iter::once(value).chain(when.iter().flat_map(Chain::sides)))
                .collect(),
            Kind::Ambiguous(readings) => readings.iter().collect(),
        }
    }
}
