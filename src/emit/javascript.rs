//! JavaScript: an ES module of functions over arrays, without dependencies, text as prettier leaves it.
//!
//! ```text
//! fisher(theta):  P numbers ↦ P rows of P numbers       log_density_batch(observations, theta):  n ↦ n numbers
//! ```
//!
//! Arguments may be plain arrays or typed ones; results are plain arrays. JavaScript lets anything be given for an argument:
//! what is no number, or no array of as many numbers as there should be, is outside the domain.

mod documentation;
mod layout;
mod module;
mod patterns;
mod tests_file;
mod tools;

use super::names::{JAVASCRIPT, Words};
use super::print::Printer;
use super::target::Target;
use super::unit::Unit;
use super::{Options, SourceFile};
use crate::program::{Condition, Relation, Term};

/// JavaScript, ECMAScript 2015 and later.
pub(super) struct JavaScript;

impl Target for JavaScript {
    fn name(&self) -> &'static str {
        "javascript"
    }

    fn title(&self) -> &'static str {
        "JavaScript"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["mjs", "js"]
    }

    fn words(&self) -> &'static Words {
        &JAVASCRIPT
    }

    fn own_names(&self) -> &'static [&'static str] {
        &["observations", "results", "are_finite", "listed", "cholesky", "solve", "invert", "factor"]
    }

    fn width(&self) -> usize {
        80
    }

    fn indentation(&self) -> &'static str {
        "  "
    }

    fn number(&self, digits: &str) -> String {
        super::lower::digits(digits.parse().expect("a literal"))
    }

    fn constant(&self, name: &str) -> Option<&'static str> {
        Some(match name {
            "nan" => "NaN",
            "infinity" => "Infinity",
            "pi" => "Math.PI",
            _ => return None,
        })
    }

    #[rustfmt::skip]
    fn call(&self, name: &str, _: &Options) -> Option<&'static str> {
        Some(match name {
            "exp"   => "Math.exp({0})",
            "log"   => "Math.log({0})",
            "log1p" => "Math.log1p({0})",
            "expm1" => "Math.expm1({0})",
            "sqrt"  => "Math.sqrt({0})",
            "sin"   => "Math.sin({0})",
            "cos"   => "Math.cos({0})",
            "tan"   => "Math.tan({0})",
            "atan"  => "Math.atan({0})",
            "sinh"  => "Math.sinh({0})",
            "cosh"  => "Math.cosh({0})",
            "tanh"  => "Math.tanh({0})",
            "abs"   => "Math.abs({0})",
            "sign"  => "Math.sign({0})",
            "floor" => "Math.floor({0})",
            "min"   => "Math.min({0}, {1})",
            "max"   => "Math.max({0}, {1})",
            "pow"   => "Math.pow({0}, {1})",
            _ => return None,
        })
    }

    fn brackets_mixed_products(&self) -> bool {
        true
    }

    fn declare(&self, name: &str, mutable: bool, value: &str) -> String {
        format!("{} {name} = {value};", if mutable { "let" } else { "const" })
    }

    fn declare_only(&self, name: &str) -> String {
        format!("let {name};")
    }

    /// What nobody reads is left out of the pattern.
    fn declare_several(&self, printer: &Printer<'_>, names: &[String], call: &Term) -> Vec<String> {
        let used = names.iter().rposition(|name| name != "_").map_or(0, |at| at + 1);
        let pattern: Vec<&str> =
            names[..used].iter().map(|name| if name == "_" { "" } else { name }).collect();
        vec![format!("const [{}] = {};", pattern.join(", "), printer.term(call))]
    }

    fn comment(&self, text: &str) -> Vec<String> {
        vec![format!("// {}", JAVASCRIPT.comment(text))]
    }

    fn condition(&self, printer: &Printer<'_>, condition: &Condition) -> Option<String> {
        match condition {
            // The formatter leaves no `!(!…)`.
            Condition::Not(inner) => match &**inner {
                Condition::Compare(Relation::Equal, a, b) if a == b => {
                    Some(format!("Number.isNaN({})", printer.term(a)))
                }
                _ => None,
            },
            _ => None,
        }
    }

    fn comparison(
        &self,
        printer: &Printer<'_>,
        relation: Relation,
        left: &Term,
        right: &Term,
    ) -> Option<String> {
        match (relation, left, right) {
            (Relation::NotEqual, a, b) if a == b => Some(format!("Number.isNaN({})", printer.term(a))),
            (Relation::Equal, a, b) if a == b => Some(format!("!Number.isNaN({})", printer.term(a))),
            (Relation::Less, Term::Call(abs, arguments), Term::Name(infinity))
                if abs == "abs" && infinity == "infinity" =>
            {
                Some(format!("Number.isFinite({})", printer.term(&arguments[0])))
            }
            _ => None,
        }
    }

    fn equality(&self) -> [&'static str; 2] {
        ["===", "!=="]
    }

    fn files(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let name = format!("{}.{}", unit.prefix, ending(options));
        vec![SourceFile { name, text: module::module(unit, options) }]
    }

    fn tests(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let name = format!("{}.test.{}", unit.prefix, ending(options));
        vec![SourceFile { name, text: tests_file::tests(unit, ending(options)) }]
    }
}

/// `mjs`, which is always a module, or what was asked for.
fn ending(options: &Options) -> &'static str {
    options.ending.unwrap_or("mjs")
}
