//! A small language of floats: what special functions are written in once, and what tapes are lowered to, before any
//! target language spells it.
//!
//! ```text
//! sum = 0
//! while x < 10 {
//!   sum = sum - 1/x
//!   x = x + 1
//! }
//! return sum + log(x)
//! ```
//!
//! A body assigns names, branches, repeats, and returns one or several floats at its end; it has no other control flow, so
//! that a target which computes with whole arrays can turn every branch into a selection. Calls are by name: the
//! elementary functions every language has, functions of the table, and other helpers.

use std::fmt;

mod read;
mod run;
#[cfg(test)]
mod tests;
mod tokens;
mod walk;

pub use read::read;
pub use run::{Endless, elementary, run, run_within};

/// Names that have a value without being set.
pub const CONSTANTS: [&str; 3] = ["nan", "infinity", "pi"];

/// The functions every target language has, with the number of their arguments. What `min` and `max` make of NaN differs
/// between languages, so no body may depend on it.
#[rustfmt::skip]
pub const ELEMENTARY: [(&str, usize); 17] = [
    ("exp", 1), ("log", 1), ("log1p", 1), ("expm1", 1), ("sqrt", 1),
    ("sin", 1), ("cos", 1), ("tan", 1), ("atan", 1), ("sinh", 1), ("cosh", 1), ("tanh", 1),
    ("abs", 1), ("floor", 1), ("min", 2), ("max", 2), ("pow", 2),
];

/// What a body does.
#[derive(Clone, Debug, PartialEq)]
pub struct Body {
    /// In the order of execution.
    pub statements: Vec<Statement>,
    /// What is returned: one float, or several.
    pub results: Vec<Term>,
}

/// One step of a body.
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// A remark for the reader of the generated code.
    Comment(String),
    /// A new name, or a new value of a name (parameters included).
    Set(String, Term),
    /// New names for the results of a call that has several.
    SetMany(Vec<String>, Term),
    /// One of two branches.
    If(Condition, Vec<Statement>, Vec<Statement>),
    /// As long as the condition holds.
    While(Condition, Vec<Statement>),
}

/// An expression of floats.
#[derive(Clone, Debug, PartialEq)]
pub enum Term {
    /// A literal, as it is to be printed: decimal digits with an optional point and exponent, no sign.
    Number(String),
    /// A name.
    Name(String),
    /// −a.
    Negative(Box<Term>),
    /// a + b, a − b, a·b, a/b, evaluated as bracketed.
    Binary(Operator, Box<Term>, Box<Term>),
    /// A call by name.
    Call(String, Vec<Term>),
}

/// The four operations.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Operator {
    /// a + b.
    Add,
    /// a − b.
    Subtract,
    /// a·b.
    Multiply,
    /// a/b.
    Divide,
}

/// What is asked of floats.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// a < b and its kin: false when one of them is NaN, except for `!=`.
    Compare(Relation, Term, Term),
    /// Both.
    And(Box<Condition>, Box<Condition>),
    /// One or both.
    Or(Box<Condition>, Box<Condition>),
    /// Not.
    Not(Box<Condition>),
}

/// How two floats compare.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// a < b.
    Less,
    /// a ≤ b.
    LessOrEqual,
    /// a > b.
    Greater,
    /// a ≥ b.
    GreaterOrEqual,
    /// a = b.
    Equal,
    /// a ≠ b, and where one of them is NaN.
    NotEqual,
}

impl Operator {
    /// How it is written in every language.
    pub fn sign(self) -> &'static str {
        match self {
            Operator::Add => "+",
            Operator::Subtract => "-",
            Operator::Multiply => "*",
            Operator::Divide => "/",
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.sign())
    }
}
