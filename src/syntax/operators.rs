//! The precedence table: which operator holds its operands more strongly, on which side it repeats,
//! and how it is spelled in both notations.
//!
//! `-x^2` is −(x²) because a power is stronger than a sign, and `2^3^2` is 2^(3²) because powers
//! repeat on the right. The parser reads by this table and the printers bracket by it.

use super::{Relation, Sign};

/// How strongly an operator holds its operands, the weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Strength {
    /// `a = b`
    Relation,
    /// `a + b`, `a - b`
    Sum,
    /// `a*b`, `a/b`, `2 a`, and the body of `d/dx a`
    Product,
    /// `-a`
    Negate,
    /// `a^b`; its exponent may be a `-b`
    Power,
    /// `a!`, `a'`, `a[i]`
    Postfix,
    /// numbers, names, calls and whatever stands in brackets
    Atom,
}

/// Where an operator stands, and how several of its strength are grouped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Fixity {
    /// `a - b - c` is `(a - b) - c`.
    Left,
    /// `a^b^c` is `a^(b^c)`.
    Right,
    /// Before its operand.
    Prefix,
    /// After its operand.
    Postfix,
    /// `a < b < c` is `a < b` and `b < c`.
    Chain,
}

/// What an operator does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// A relation between two sides.
    Relate(Relation),
    /// A term with its sign.
    Add(Sign),
    /// A factor.
    Multiply,
    /// A divisor.
    Divide,
    /// The opposite.
    Negate,
    /// A power.
    Raise,
    /// n!
    Factorial,
    /// Rows become columns.
    Transpose,
}

/// One row of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Operator {
    /// What it does.
    pub operation: Operation,
    /// How strongly it holds.
    pub strength: Strength,
    /// Where it stands and how it repeats.
    pub fixity: Fixity,
    /// As the plain notation writes it.
    pub plain: &'static str,
    /// As LaTeX writes it.
    pub latex: &'static str,
}

const fn row(
    operation: Operation,
    strength: Strength,
    fixity: Fixity,
    plain: &'static str,
    latex: &'static str,
) -> Operator {
    Operator { operation, strength, fixity, plain, latex }
}

/// All operators, the weakest first.
#[rustfmt::skip]
pub static OPERATORS: &[Operator] = &[
    row(Operation::Relate(Relation::Equal),          Strength::Relation, Fixity::Chain,   "=",    r"="),
    row(Operation::Relate(Relation::NotEqual),       Strength::Relation, Fixity::Chain,   "!=",   r"\neq"),
    row(Operation::Relate(Relation::Less),           Strength::Relation, Fixity::Chain,   "<",    r"<"),
    row(Operation::Relate(Relation::LessOrEqual),    Strength::Relation, Fixity::Chain,   "<=",   r"\leq"),
    row(Operation::Relate(Relation::Greater),        Strength::Relation, Fixity::Chain,   ">",    r">"),
    row(Operation::Relate(Relation::GreaterOrEqual), Strength::Relation, Fixity::Chain,   ">=",   r"\geq"),
    row(Operation::Relate(Relation::Approximately),  Strength::Relation, Fixity::Chain,   "~~",   r"\approx"),
    row(Operation::Relate(Relation::Proportional),   Strength::Relation, Fixity::Chain,   "prop", r"\propto"),
    row(Operation::Relate(Relation::Defined),        Strength::Relation, Fixity::Chain,   ":=",   r"\coloneqq"),
    row(Operation::Relate(Relation::Similar),        Strength::Relation, Fixity::Chain,   "~",    r"\sim"),
    row(Operation::Relate(Relation::Element),        Strength::Relation, Fixity::Chain,   "in",   r"\in"),
    row(Operation::Relate(Relation::Tends),          Strength::Relation, Fixity::Chain,   "->",   r"\to"),
    row(Operation::Relate(Relation::Implies),        Strength::Relation, Fixity::Chain,   "=>",   r"\implies"),
    row(Operation::Relate(Relation::Equivalent),     Strength::Relation, Fixity::Chain,   "<=>",  r"\iff"),
    row(Operation::Relate(Relation::Succeeds),       Strength::Relation, Fixity::Chain,   "≻",    r"\succ"),
    row(Operation::Relate(Relation::SucceedsOrEqual), Strength::Relation, Fixity::Chain,  "≽",    r"\succeq"),
    row(Operation::Add(Sign::Plus),                  Strength::Sum,      Fixity::Left,    "+",    r"+"),
    row(Operation::Add(Sign::Minus),                 Strength::Sum,      Fixity::Left,    "-",    r"-"),
    row(Operation::Multiply,                         Strength::Product,  Fixity::Left,    "*",    r"\cdot"),
    row(Operation::Divide,                           Strength::Product,  Fixity::Left,    "/",    r"/"),
    row(Operation::Negate,                           Strength::Negate,   Fixity::Prefix,  "-",    r"-"),
    row(Operation::Raise,                            Strength::Power,    Fixity::Right,   "^",    r"^"),
    row(Operation::Factorial,                        Strength::Postfix,  Fixity::Postfix, "!",    r"!"),
    row(Operation::Transpose,                        Strength::Postfix,  Fixity::Postfix, "'",    r"^\top"),
];

impl Operation {
    /// The row of this operation.
    pub fn operator(self) -> &'static Operator {
        let row = OPERATORS.iter().find(|row| row.operation == self);
        row.expect("the table has a row for every operation")
    }

    /// How strongly it holds.
    pub fn strength(self) -> Strength {
        self.operator().strength
    }
}

impl Operator {
    /// The weakest operand that needs no brackets on the left.
    pub fn left_operand(&self) -> Strength {
        if self.fixity == Fixity::Left { self.strength } else { self.strength.next() }
    }

    /// The weakest operand that needs no brackets on the right; an exponent may carry a sign.
    pub fn right_operand(&self) -> Strength {
        match self.fixity {
            Fixity::Right => Strength::Negate,
            Fixity::Prefix => self.strength,
            Fixity::Left | Fixity::Postfix | Fixity::Chain => self.strength.next(),
        }
    }
}

impl Strength {
    /// The next stronger.
    pub fn next(self) -> Strength {
        match self {
            Strength::Relation => Strength::Sum,
            Strength::Sum => Strength::Product,
            Strength::Product => Strength::Negate,
            Strength::Negate => Strength::Power,
            Strength::Power => Strength::Postfix,
            Strength::Postfix | Strength::Atom => Strength::Atom,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_goes_from_weak_to_strong_and_each_operation_has_one_row() {
        assert!(OPERATORS.windows(2).all(|rows| rows[0].strength <= rows[1].strength));
        for (at, row) in OPERATORS.iter().enumerate() {
            assert_eq!(row.operation.operator(), row);
            assert!(OPERATORS[..at].iter().all(|other| other.operation != row.operation));
        }
    }

    #[test]
    fn operands_weaker_than_the_table_allows_need_brackets() {
        let (power, minus) = (Operation::Raise.operator(), Operation::Add(Sign::Minus).operator());
        assert!(power.left_operand() > Strength::Power, "(a^b)^c keeps its brackets");
        assert_eq!(power.right_operand(), Strength::Negate, "a^-b and a^b^c have none");
        assert_eq!(minus.left_operand(), Strength::Sum, "a - b - c has none");
        assert_eq!(minus.right_operand(), Strength::Product, "a - (b - c) keeps them");
    }
}
