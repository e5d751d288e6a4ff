//! C99: a header and a source, names that start with the family's, text as clang-format leaves it in LLVM's style.

mod layout;
mod module;
mod tests_file;
mod tools;

use super::names::{self, Words};
use super::print::Printer;
use super::target::Target;
use super::unit::{Unit, asks_for_finite};
use super::{Options, SourceFile};
use crate::program::{Relation, Term};

use layout::filled;

/// C99 with `math.h`, readable by C++.
pub(super) struct C;

/// The functions of `math.h` that are exact to a unit or two in the common libraries. Its `lgamma` is not: it loses its
/// digits at 1 and 2 in some, and writes to a global in most.
#[rustfmt::skip]
static CALLS: &[(&str, &str)] = &[
    ("exp",   "exp({0})"),
    ("log",   "log({0})"),
    ("log1p", "log1p({0})"),
    ("expm1", "expm1({0})"),
    ("sqrt",  "sqrt({0})"),
    ("sin",   "sin({0})"),
    ("cos",   "cos({0})"),
    ("tan",   "tan({0})"),
    ("atan",  "atan({0})"),
    ("sinh",  "sinh({0})"),
    ("cosh",  "cosh({0})"),
    ("tanh",  "tanh({0})"),
    ("abs",   "fabs({0})"),
    ("floor", "floor({0})"),
    ("pow",   "pow({0}, {1})"),
    ("min",   "fmin({0}, {1})"),
    ("max",   "fmax({0}, {1})"),
];

impl Target for C {
    fn name(&self) -> &'static str {
        "c"
    }

    fn title(&self) -> &'static str {
        "C"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["c", "h"]
    }

    fn words(&self) -> &'static Words {
        &names::C
    }

    fn own_names(&self) -> &'static [&'static str] {
        &["i", "j", "k", "l", "f", "sum", "observations", "values", "total"]
    }

    fn width(&self) -> usize {
        80
    }

    fn indentation(&self) -> &'static str {
        "  "
    }

    fn number(&self, digits: &str) -> String {
        let text = super::lower::digits(digits.parse().expect("a literal"));
        if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
    }

    fn constant(&self, name: &str) -> Option<&'static str> {
        match name {
            "nan" => Some("NAN"),
            "infinity" => Some("INFINITY"),
            // M_PI is no part of C99.
            "pi" => Some("3.141592653589793"),
            _ => None,
        }
    }

    fn call(&self, name: &str, _: &Options) -> Option<&'static str> {
        CALLS.iter().find(|(known, _)| *known == name).map(|(_, template)| *template)
    }

    fn helper(&self, name: &str, prefix: &str) -> String {
        format!("{prefix}_{name}")
    }

    fn declare(&self, name: &str, _: bool, value: &str) -> String {
        format!("double {name} = {value};")
    }

    fn declare_only(&self, name: &str) -> String {
        format!("double {name};")
    }

    fn declare_several(&self, printer: &Printer<'_>, names: &[String], call: &Term) -> Vec<String> {
        let Term::Call(name, arguments) = call else { unreachable!("several results come from a call") };
        let first = names.iter().find(|n| *n != "_").map_or("value", String::as_str);
        let unused = format!("unused_{first}");
        let names: Vec<&str> = names.iter().map(|n| if n == "_" { unused.as_str() } else { n }).collect();
        let mut declared: Vec<&str> = Vec::new();
        names.iter().for_each(|n| {
            if !declared.contains(n) {
                declared.push(n)
            }
        });
        let mut items: Vec<String> = arguments.iter().map(|a| printer.term(a)).collect();
        items.extend(names.iter().map(|n| format!("&{n}")));
        let mut lines: Vec<String> = declared.iter().map(|n| format!("double {n};")).collect();
        lines.extend(filled(printer, &format!("{}(", self.helper(name, printer.prefix)), &items, ",", ");"));
        lines
    }

    fn comment(&self, text: &str) -> Vec<String> {
        vec![format!("/* {text} */")]
    }

    fn comparison(
        &self,
        printer: &Printer<'_>,
        relation: Relation,
        left: &Term,
        right: &Term,
    ) -> Option<String> {
        match (relation, left, right) {
            (Relation::NotEqual, a, b) if a == b => Some(format!("isnan({})", printer.term(a))),
            (Relation::Equal, a, b) if a == b => Some(format!("!isnan({})", printer.term(a))),
            _ => asks_for_finite(relation, left, right).map(|x| format!("isfinite({})", printer.term(x))),
        }
    }

    fn files(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let mut header = Printer::new(self, options, &unit.prefix);
        module::write_header(&mut header, unit);
        let mut source = Printer::new(self, options, &unit.prefix);
        module::write_source(&mut source, unit);
        vec![
            SourceFile { name: format!("{}.h", unit.prefix), text: header.finish() },
            SourceFile { name: format!("{}.c", unit.prefix), text: source.finish() },
        ]
    }

    fn tests(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let mut p = Printer::new(self, options, &unit.prefix);
        tests_file::write_tests(&mut p, unit);
        vec![SourceFile { name: format!("{}_test.c", unit.prefix), text: p.finish() }]
    }
}
