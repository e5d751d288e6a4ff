//! Bundles of tapes to source code in a target language.

mod bundle;
pub mod names;

pub use bundle::{Argument, Bundle, Guard, Quantity, Reference, Routine, Shape, Test, Work};

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name without a folder, `gamma.h`.
    pub name: String,
    /// Its text, formatted as the language's own formatter would leave it.
    pub text: String,
}
