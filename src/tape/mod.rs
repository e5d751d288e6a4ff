//! Expressions → a flat tape, where everything numeric meets.
//!
//! `sin(x)·x + sin(x)` is three instructions after its input: each shared subexpression is computed once,
//! in an order in which operands come first. One tape is evaluated in `f64`, in `Complex64`, in balls of
//! any precision, and in [`Enclosure`]s, which stay exact rationals as long as they can.

mod build;
mod enclosure;
mod value;

pub use build::Tape;
pub use enclosure::Enclosure;
pub use value::Value;

use crate::expr::Binder;
use crate::function::FunctionId;
use crate::number::Rational;

/// The place of an instruction's result on its tape.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Slot(pub u32);

/// One step of a tape. Operands stand earlier.
#[derive(Clone, Debug, PartialEq)]
pub enum Instr {
    /// An exact number.
    Number(Rational),
    /// The input of this position.
    Input(u32),
    /// Σ cᵢ·sᵢ + c₀.
    Sum(Rational, Box<[(Rational, Slot)]>),
    /// Π sᵢ.
    Product(Box<[Slot]>),
    /// s^n for an integer n; `0^0 = 1`.
    PowerInteger(Slot, i64),
    /// s^q for a rational q that is no integer; s > 0.
    PowerRational(Slot, Rational),
    /// s^t for an exponent of integer type.
    PowerTyped(Slot, Slot),
    /// s^t; s > 0.
    Power(Slot, Slot),
    /// A function of the table.
    Call(FunctionId, Box<[Slot]>),
    /// Σ or Π over the integers from..=to: inputs of the body are the captured slots, then the variable.
    Fold {
        /// Sum or product.
        binder: Binder,
        /// Lower end.
        from: Slot,
        /// Upper end.
        to: Slot,
        /// What is added or multiplied.
        body: Box<Tape>,
        /// The slots the body reads.
        captures: Box<[Slot]>,
    },
    /// An expression that has no number: an abstract function, a derivative, an integral, a matrix.
    Opaque,
}
