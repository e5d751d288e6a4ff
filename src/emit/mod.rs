//! Bundles of tapes to source code in a target language.
//!
//! ```text
//! Bundle ─→ unit: identifiers, checks, helpers ─→ target: the files of a language
//!   tape ─→ lower: operations of floats ─→ schedule: statements ─→ flow: where names are declared ─→ print
//! ```
//!
//! The Fisher information of the gamma family, α·β⁻² as `alpha * inverse_beta * inverse_beta`: sums and products are put in
//! the order in which floats like them (`lower`), what is used twice gets a name and what does not depend on x comes before
//! the loop over many observations (`schedule`). What a language lacks is brought along as a helper, whose body is printed by
//! the same walk; what it has is called by its own name.
//!
//! # Adding a language
//!
//! One file, and its line in `LANGUAGES`. The file answers the questions of the trait `Target`: the words that are taken,
//! how a float is written, which functions there are, how a name is declared; the rest has defaults that suit languages with
//! braces, and `print` does the walking. `files` then lays out functions around the bodies. This is all of Julia, with the
//! special functions of the package SpecialFunctions:
//!
//! ```text
#![doc = include_str!("julia.rs")]
//! ```

mod bundle;
pub mod names;

mod graph;
mod lower;
mod schedule;

mod flow;
mod unit;

mod document;
mod print;
mod target;

mod c;
mod javascript;
mod python;
mod rust;

#[cfg(test)]
mod julia;
#[cfg(test)]
mod tests;

use std::fmt;

pub use bundle::{Argument, Bundle, Guard, Quantity, Reference, Routine, Shape, Test, Work};
pub use lower::Obstacle;

use target::Target;
use unit::Unit;

/// One generated file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SourceFile {
    /// Its name without a folder, `gamma.h`.
    pub name: String,
    /// Its text, formatted as the language's own formatter would leave it.
    pub text: String,
}

/// What may be asked of a language.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Options {
    /// Rust: without the standard library, with elementary functions from the crate `libm`.
    pub no_std: bool,
    /// The name of the files, and what their names start with, in place of the family's.
    pub stem: Option<String>,
    /// The ending of the code's file, one of the language's, in place of its first: `js`.
    pub ending: Option<&'static str>,
    /// The command that makes the files again, for their headers.
    pub command: Option<String>,
}

/// Why nothing is generated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Error {
    /// A routine cannot be lowered.
    Tape {
        /// Its name.
        routine: String,
        /// What stands in the way.
        obstacle: Obstacle,
    },
    /// The language lacks a function, and there is no helper.
    NoHelper {
        /// Its name.
        function: String,
    },
    /// A routine needs the routine `fisher`, which is not there.
    NoFisher {
        /// Its name.
        routine: String,
    },
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Error::Tape { routine, obstacle: Obstacle::Opaque } => {
                write!(f, "`{routine}` holds an expression that has no number")
            }
            Error::Tape { routine, obstacle: Obstacle::Constant } => {
                write!(f, "a constant of `{routine}` is no float")
            }
            Error::NoHelper { function } => write!(f, "there is no code for `{function}`"),
            Error::NoFisher { routine } => write!(f, "`{routine}` needs `fisher`"),
        }
    }
}

impl std::error::Error for Error {}

/// A target language.
#[derive(Clone, Copy)]
pub struct Language(&'static dyn Target);

impl PartialEq for Language {
    fn eq(&self, other: &Language) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Language {}

impl fmt::Debug for Language {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.name())
    }
}

impl Language {
    /// Its name on the command line, `rust`.
    pub fn name(self) -> &'static str {
        self.0.name()
    }

    /// Its name in prose, `Rust`.
    pub fn title(self) -> &'static str {
        self.0.title()
    }

    /// The endings its files may have, the first that of the code itself.
    pub fn endings(self) -> &'static [&'static str] {
        self.0.endings()
    }

    /// Whether its code can do without the standard library.
    pub fn knows_no_std(self) -> bool {
        self.0.knows_no_std()
    }

    /// The name of a family or a file as one that the language bears.
    pub fn stem(self, name: &str) -> String {
        self.0.words().stem(name)
    }

    /// The text as a comment.
    pub fn comment(self, text: &str) -> String {
        self.0.comment(text).join("\n")
    }
}

/// All target languages.
pub fn languages() -> impl Iterator<Item = Language> {
    LANGUAGES.iter().map(|target| Language(*target))
}

/// The language of that name.
pub fn language(name: &str) -> Option<Language> {
    languages().find(|l| l.name() == name)
}

/// The languages: one file each.
static LANGUAGES: &[&dyn Target] = &[&rust::Rust, &c::C, &python::Python, &javascript::JavaScript];

/// The files of a bundle in a language.
pub fn generate(bundle: &Bundle, language: Language, options: &Options) -> Result<Vec<SourceFile>, Error> {
    let unit = Unit::new(bundle, language.0, options)?;
    Ok(language.0.files(&unit, options))
}

/// The files that test the generated code against the reference values of the bundle.
pub fn tests(bundle: &Bundle, language: Language, options: &Options) -> Result<Vec<SourceFile>, Error> {
    let unit = Unit::new(bundle, language.0, options)?;
    Ok(language.0.tests(&unit, options))
}
