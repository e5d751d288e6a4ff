//! Interned expressions: where everything symbolic meets.
//!
//! A [`Store`] holds each expression once; an [`Expr`] is a handle into it, and equal handles are equal
//! expressions. Constructors keep value and domain ([`build`]); what needs a side condition is left to
//! `algebra`.

pub mod build;
mod fact;
mod lower;
mod node;
pub mod order;
mod store;
pub mod visit;

pub use fact::Fact;
pub use lower::{Scope, formula, formula_in, lower, lower_conditions, row_scope};
pub use node::{Binder, DerivativeKind, Dimension, Expr, Node, Shape, Symbol, SymbolId};
pub use store::Store;
pub use visit::Images;
