//! What a language is: its rows, and how it lays out a file.
//!
//! The shared printer walks bodies and asks these rows for every word it writes. What most languages with braces do alike
//! stands here as the default.

use super::flow::{Block, Step};
use super::names::Words;
use super::print::Printer;
use super::unit::Unit;
use super::{Options, SourceFile};
use crate::program::{Condition, Operator, Relation, Term};

/// A language as rows.
pub trait Target: Sync + std::panic::RefUnwindSafe {
    /// Its name on the command line, `rust`.
    fn name(&self) -> &'static str;

    /// Its name in prose, `Rust`.
    fn title(&self) -> &'static str;

    /// The endings its files may have, the first that of the code itself: `c`, `h`.
    fn endings(&self) -> &'static [&'static str];

    /// Whether its code can do without the standard library.
    fn knows_no_std(&self) -> bool {
        false
    }

    /// The words that are taken in it, and what its comments and strings do not bear.
    fn words(&self) -> &'static Words;

    /// Names that its generated files use themselves, beside those of routines and helpers.
    fn own_names(&self) -> &'static [&'static str] {
        &[]
    }

    /// The columns of a line.
    fn width(&self) -> usize;

    /// One level of indentation.
    fn indentation(&self) -> &'static str {
        "    "
    }

    /// How it writes the literal of a float, given the digits of a body: `2` → `2.0`.
    fn number(&self, digits: &str) -> String;

    /// The same before a dot, where a language needs to be told that it is a float: `2.0_f64`.
    fn receiver(&self, digits: &str) -> String {
        self.number(digits)
    }

    /// How it writes `nan`, `infinity` and `pi`.
    fn constant(&self, name: &str) -> Option<&'static str>;

    /// How it calls a function it has, elementary or special, with the arguments as `{0}`, `{1}`: `log({0})`. `None` calls a
    /// helper, which is then printed into the file.
    fn call(&self, name: &str, options: &Options) -> Option<&'static str>;

    /// How it names a helper in the file of this prefix.
    fn helper(&self, name: &str, prefix: &str) -> String {
        let _ = prefix;
        name.to_owned()
    }

    /// Does its formatter put brackets around a·b in a·b/c and around a/b in a/b·c, but none around −b in a·(−b)?
    fn brackets_mixed_products(&self) -> bool {
        false
    }

    /// Does its formatter leave this line, indentation included, alone?
    fn fits(&self, line: &str) -> bool {
        line.chars().count() <= self.width()
    }

    /// Declares a name that keeps its value, or does not.
    fn declare(&self, name: &str, mutable: bool, value: &str) -> String;

    /// Declares a name that gets its value later.
    fn declare_only(&self, name: &str) -> String {
        let _ = name;
        String::new()
    }

    /// Gives a declared name a new value.
    fn assign(&self, name: &str, value: &str) -> String {
        format!("{name} = {value};")
    }

    /// Gives a declared name a new value computed from its old one by `name operator value`.
    fn update(&self, name: &str, operator: Operator, value: &str) -> String {
        format!("{name} {operator}= {value};")
    }

    /// Declares names for the results of a call; `_` is not needed. The call is printed without its closing bracket
    /// when `open` arguments follow it.
    fn declare_several(&self, printer: &Printer<'_>, names: &[String], call: &Term) -> Vec<String>;

    /// A remark.
    fn comment(&self, text: &str) -> Vec<String> {
        vec![format!("// {text}")]
    }

    /// The opening line of a branch, `if (…) {`.
    fn if_line(&self, condition: &str) -> String {
        format!("if ({condition}) {{")
    }

    /// The opening line of a further branch.
    fn else_if_line(&self, condition: &str) -> String {
        format!("}} else if ({condition}) {{")
    }

    /// The opening line of the other branch.
    fn else_line(&self) -> String {
        "} else {".to_owned()
    }

    /// The opening line of a loop.
    fn while_line(&self, condition: &str) -> String {
        format!("while ({condition}) {{")
    }

    /// The line that closes a branch or a loop, when there is one.
    fn close_line(&self) -> Option<&'static str> {
        Some("}")
    }

    /// A comparison that the language writes in a way of its own: `x.is_nan()` for `x != x`.
    fn comparison(
        &self,
        printer: &Printer<'_>,
        relation: Relation,
        left: &Term,
        right: &Term,
    ) -> Option<String> {
        let _ = (printer, relation, left, right);
        None
    }

    /// A condition that the language writes in a way of its own.
    fn condition(&self, printer: &Printer<'_>, condition: &Condition) -> Option<String> {
        let _ = (printer, condition);
        None
    }

    /// The signs for = and ≠.
    fn equality(&self) -> [&'static str; 2] {
        ["==", "!="]
    }

    /// The words for and, or, not.
    fn connectives(&self) -> [&'static str; 3] {
        ["&&", "||", "!"]
    }

    /// Prints an `if`; languages whose branches have values or that select from arrays print their own.
    fn branch(
        &self,
        printer: &mut Printer<'_>,
        condition: &Condition,
        joined: &[(String, bool)],
        branches: [&Block; 2],
    ) {
        printer.plain_branch(condition, joined, branches);
    }

    /// Prints a loop; languages that compute with whole arrays print their own.
    fn repeat(&self, printer: &mut Printer<'_>, condition: &Condition, body: &[Step]) {
        printer.plain_loop(condition, body);
    }

    /// The files of a unit.
    fn files(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile>;

    /// The files that test them against the reference values of the bundle.
    fn tests(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile>;
}
