//! The table of functions: one row, one function.
//!
//! A row holds all that is known of a function: `digamma` has the derivative `trigamma(x)`, the
//! value `digamma(1) = -EulerGamma`, evaluators for `f64`, `Complex64` and `Ball`, a LaTeX template
//! and a source. Everything mathematical is text in the plain notation, so that a mathematician
//! can review it; parser, calculus, algebra, printers and generators read the rows and know no
//! function by name.
//!
//! # Adding a function
//!
//! One row in one of the groups below, with the bodies it names; nothing else. The Bessel functions
//! were added so: `bessel/` holds two rows and their bodies, one file for each kind of number, and
//! the only other line that speaks of them is the entry of the group in `GROUPS`. A body that is
//! made of elementary functions alone is written once, for every `number::Scalar`.
//!
//! The tests walk the table and find a new row by themselves: its floats must agree with its balls,
//! its complex steps with their slopes, wide balls must contain what narrow ones say; and the
//! equations of the row (values, identities, partials) must hold in every evaluator.
//!
//! What has no closed form stays `None`: `∂I_ν(x)/∂ν` is not in the table.

use std::ops::Deref;

#[macro_use]
mod evaluators;

mod bessel;
mod constants;
mod elementary;
mod gamma;
pub mod helper;
mod stable;

mod bernoulli;
mod double;
mod enclosure;
#[cfg(test)]
mod tests;

pub use evaluators::Evaluators;

/// One function of the table, or a constant when `params` is empty.
#[derive(Debug)]
pub struct Function {
    /// The name in both notations; it never changes.
    pub name: &'static str,
    /// Other names that are read, never printed.
    pub aliases: &'static [&'static str],
    /// The names by which the other columns speak of the arguments; none for a constant.
    pub params: &'static [&'static str],
    /// Conditions which together make the value defined, in the plain notation. `x nonpole` says
    /// that x is none of 0, −1, −2, …; without a condition the value is defined everywhere.
    ///
    /// Sufficient always; necessary unless the row says what lies beyond. A ball is certainly
    /// undefined only where mathematics has no value.
    pub domain: &'static [&'static str],
    /// Conditions, beside the domain, under which the derivatives exist and are `partials`.
    pub differentiable: &'static [&'static str],
    /// The derivative by each parameter, in the plain notation; `None` has no closed form.
    pub partials: &'static [Option<&'static str>],
    /// Exact values, as equations in the plain notation.
    pub values: &'static [&'static str],
    /// Equations that hold on the domain, or under the conditions after `if`.
    pub identities: &'static [&'static str],
    /// What is known of the value: relations that hold on the domain, or under the conditions after `if`.
    pub facts: &'static [&'static str],
    /// The value in floats and in balls.
    pub eval: Evaluators,
    /// The LaTeX of a call, with the arguments as `#1`, `#2`.
    pub latex: &'static str,
    /// How generated code writes a call.
    pub emit: Spelling,
    /// Where the row can be looked up.
    pub source: &'static str,
}

impl Function {
    /// The columns a row need not write.
    pub(crate) const ROW: Function = Function {
        name: "",
        aliases: &[],
        params: &["x"],
        domain: &[],
        differentiable: &[],
        partials: &[None],
        values: &[],
        identities: &[],
        facts: &[],
        eval: Evaluators::NONE,
        latex: "",
        emit: Spelling::HELPER,
        source: "",
    };

    /// The number of arguments.
    pub fn arity(&self) -> usize {
        self.params.len()
    }

    /// Is this a constant, written without brackets?
    pub fn is_constant(&self) -> bool {
        self.params.is_empty()
    }
}

/// How each target language writes a call, with the arguments as `{0}`, `{1}`; `None` calls a
/// helper of the function's own name, which the generator brings along.
#[derive(Clone, Copy, Debug)]
pub struct Spelling {
    /// Rust, without dependencies.
    pub rust: Option<&'static str>,
    /// C99 with `math.h`.
    pub c: Option<&'static str>,
    /// Python with `math` alone.
    pub python: Option<&'static str>,
    /// JavaScript.
    pub javascript: Option<&'static str>,
}

impl Spelling {
    /// No target knows the function: each calls a helper.
    pub const HELPER: Spelling = Spelling { rust: None, c: None, python: None, javascript: None };
}

/// The groups of the table, in table order.
static GROUPS: [&[Function]; 5] =
    [constants::ROWS, elementary::ROWS, gamma::ROWS, bessel::ROWS, stable::ROWS];

/// Handle of a row; ordered as the table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionId(u16);

impl FunctionId {
    /// The row of the table.
    pub fn row(self) -> &'static Function {
        let mut index = usize::from(self.0);
        for group in GROUPS {
            match group.get(index) {
                Some(row) => return row,
                None => index -= group.len(),
            }
        }
        unreachable!("a handle comes from the table")
    }
}

impl Deref for FunctionId {
    type Target = Function;
    fn deref(&self) -> &Function {
        self.row()
    }
}

/// All functions, in table order.
pub fn functions() -> impl Iterator<Item = FunctionId> {
    let count: usize = GROUPS.iter().map(|group| group.len()).sum();
    (0..count as u16).map(FunctionId)
}

/// The function called `name`, by its own name or an alias.
pub fn lookup(name: &str) -> Option<FunctionId> {
    functions().find(|f| f.name == name || f.aliases.contains(&name))
}

/// Every name that is read as a function or constant, aliases included.
pub fn names() -> impl Iterator<Item = &'static str> {
    functions().flat_map(|f| std::iter::once(f.row().name).chain(f.row().aliases.iter().copied()))
}
