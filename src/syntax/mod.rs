//! Text → spanned trees; resolves no name, computes nothing.
//!
//! The plain notation `-x^2 + 2 mu` becomes the tree −(x²) + 2·μ ([`parse_expression`]); a family, its sample
//! space, density and claims become a [`FamilyText`] ([`read_document`]). Whether `f(x)` is a call or a
//! product is decided later, by the declared names.

mod tree;

pub mod names;

pub mod operators;

mod tokens;

mod brackets;

mod parser;

mod expression;

mod forms;

mod plain;

mod conditions;

mod lines;

mod directives;

mod claims;

mod declarations;

mod scale;

mod spaces;

mod declare;

mod assumptions;

mod article;

mod latex;

mod coordinates;

mod family;

mod derivation;

mod regions;

mod prose;

mod scan;

mod formulas;

mod markdown;

mod asked;

#[cfg(test)]
mod show;

#[cfg(test)]
mod declare_tests;

#[cfg(test)]
mod formulas_tests;

pub use article::{Display, Link, Row};
pub use asked::holds;
pub use claims::{ChainClaim, QUANTITIES};
pub use conditions::{CONSTANTS, names_of, parse_conditions};
pub use declarations::{Declaration, DeclarationKind, Directive, ItemKind, MatrixProperty, Named};
pub use derivation::{Document, Fence, Item, read_declarations, read_plain};
pub use directives::parse_directives;
pub use family::MAX_NAMES;
pub use forms::FORMS;
pub use formulas::Formula;
pub use latex::{Macros, collect_macros, read_display};
pub use markdown::{MAX_FILE, read_document, read_formula, read_markdown};
pub use parser::{MAX_DEPTH, MAX_ERRORS, MAX_FORMULA, MAX_HEIGHT};
pub use plain::{Definition, parse_assignments, parse_chain, parse_expression};
pub use tree::*;
