//! What is generated for one family in one parametrization, as plain data: names, sentences, tapes.
//!
//! A bundle knows no expression and no target language. Its routines are tapes over flat inputs: the arguments in order,
//! then the constants.

use crate::tape::Tape;

/// Everything generated for one family in one parametrization.
#[derive(Clone, Debug)]
pub struct Bundle {
    /// The family's name as typed, `inverse-gaussian`.
    pub family: String,
    /// The coordinates' name, `base` for the family's own.
    pub coordinates: String,
    /// The lines that say what is computed: the density, the sample space, how the parameters relate to the family's own.
    pub density: Vec<String>,
    /// Where the family stands, when it has a place.
    pub source: Option<String>,
    /// x, in order.
    pub observation: Vec<Quantity>,
    /// θ, in order.
    pub parameters: Vec<Quantity>,
    /// Known constants, in order; every routine takes them after its own arguments.
    pub constants: Vec<Quantity>,
    /// θ and the constants, flat, are in the domain.
    pub domain: Guard,
    /// x, θ and the constants, flat: x is in the sample space.
    pub support: Guard,
    /// In the order in which they are printed.
    pub routines: Vec<Routine>,
    /// What is not generated, and why: name and reason.
    pub omitted: Vec<(String, String)>,
    /// Values to test the generated code against.
    pub references: Vec<Reference>,
}

/// A named number: a parameter, a constant, a component of x.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// As typed, `alpha`; each target makes an identifier of it.
    pub name: String,
    /// Its domain in the plain notation, `alpha > 0`; empty for every real number.
    pub domain: String,
}

/// A condition on floats: the outputs of a tape, each with what is asked of it.
#[derive(Clone, Debug)]
pub struct Guard {
    /// Over the flat inputs.
    pub tape: Tape,
    /// One for each output of the tape.
    pub tests: Vec<Test>,
    /// All in words, `alpha > 0, beta > 0`.
    pub text: String,
}

/// What is asked of one float. Every test fails for NaN, and every input must be finite besides.
#[derive(Clone, Debug, PartialEq)]
pub enum Test {
    /// > 0.
    Positive,
    /// ≥ 0.
    NonNegative,
    /// ≠ 0.
    NonZero,
    /// = 0 up to roundings: at most this in absolute value.
    Zero(f64),
    /// An integer.
    Integer,
    /// One of these.
    OneOf(Vec<f64>),
}

/// One function of the bundle.
#[derive(Clone, Debug)]
pub struct Routine {
    /// Its name in every language, `natural_gradient`.
    pub name: String,
    /// One sentence without a full stop: what it computes, `Fisher information of one observation`.
    pub summary: String,
    /// Further sentences: sign convention, shape, where it is ill-conditioned.
    pub details: Vec<String>,
    /// The closed forms in the plain notation: left and right side.
    pub formulas: Vec<(String, String)>,
    /// In order; the constants follow.
    pub arguments: Vec<Argument>,
    /// What it returns.
    pub result: Shape,
    /// How.
    pub work: Work,
}

/// One argument of a routine.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Argument {
    /// x: the family's observation. The routine is NaN outside the sample space.
    Observation,
    /// θ. The routine is NaN outside the domain.
    Parameters,
    /// θ', the parameters of the second density of a divergence, in the same domain.
    OtherParameters,
    /// g: any vector as long as θ.
    Gradient,
    /// Other coordinates of the same density, as many as the second says: `eta`, `mean`, `theta`.
    Coordinates(String, usize),
}

/// The shape of a result, row by row on the tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A truth value: `in_domain`.
    Truth,
    /// One float.
    Scalar,
    /// So many floats.
    Vector(usize),
    /// Rows and columns.
    Matrix(usize, usize),
    /// The lower triangle of a symmetric matrix of so many rows, row by row: (1,1), (2,1), (2,2), ….
    Packed(usize),
}

impl Shape {
    /// How many floats it has; 1 for a truth value.
    pub fn size(self) -> usize {
        match self {
            Shape::Truth | Shape::Scalar => 1,
            Shape::Vector(size) => size,
            Shape::Matrix(rows, columns) => rows * columns,
            Shape::Packed(size) => size * (size + 1) / 2,
        }
    }
}

/// How a routine is computed.
#[derive(Clone, Debug)]
pub enum Work {
    /// By closed forms. Where `guards` fails beside the domain (natural parameters outside their range), NaN.
    Closed {
        /// Over the flat inputs.
        tape: Box<Tape>,
        /// Beside the domain of the arguments.
        guards: Option<Box<Guard>>,
    },
    /// As `Closed` without guards, for a density that has atoms: where x is one of these points, it need not be in the
    /// sample space, and the result is that of the atom's own tape. All tapes have the same inputs.
    Cases {
        /// Beside the atoms, over the flat inputs.
        tape: Box<Tape>,
        /// The points, each as long as x, and what the result is there.
        atoms: Vec<(Vec<f64>, Tape)>,
    },
    /// By the domain alone: `in_domain`.
    Domain,
    /// F⁻¹g by a Cholesky decomposition of the routine `fisher`.
    Solve,
    /// F⁻¹ by a Cholesky decomposition of the routine `fisher`.
    Invert,
    /// log det F by a Cholesky decomposition of the routine `fisher`.
    LogDeterminant,
}

impl Work {
    /// Is it by a decomposition of F?
    pub fn is_by_decomposition(&self) -> bool {
        matches!(self, Work::Solve | Work::Invert | Work::LogDeterminant)
    }
}

/// The value of a routine at exact floats, from enclosures.
#[derive(Clone, Debug, PartialEq)]
pub struct Reference {
    /// The routine's name.
    pub routine: String,
    /// Flat, the constants last.
    pub inputs: Vec<f64>,
    /// Row by row, correctly rounded but for ties; NaN outside the domain.
    pub outputs: Vec<f64>,
    /// Units in the last place allowed at this point, from the condition number.
    pub ulps: f64,
}
