//! Rust: `[f64; P]` in and out, no dependencies, text as rustfmt leaves it.

mod branch;
mod decomposition;
mod layout;
mod module;
mod tests_file;

use super::document;
use super::flow::Block;
use super::names::{self, Words};
use super::print::Printer;
use super::target::Target;
use super::unit::{Unit, asks_for_finite};
use super::{Options, SourceFile};
use crate::program::{Condition, Relation, Term};

use branch::{negated, range, valued_branch};
use decomposition::write_decomposition;
use layout::{CALL, doc_comment, longest_arguments};
use module::{write_batch, write_helper, write_predicate, write_procedure};

/// Rust, edition 2021 and later.
pub(super) struct Rust;

/// Function, with the standard library, with `libm`.
#[rustfmt::skip]
static CALLS: &[(&str, &str, &str)] = &[
    ("exp",   "{0}.exp()",       "libm::exp({0})"),
    ("log",   "{0}.ln()",        "libm::log({0})"),
    ("log1p", "{0}.ln_1p()",     "libm::log1p({0})"),
    ("expm1", "{0}.exp_m1()",    "libm::expm1({0})"),
    ("sqrt",  "{0}.sqrt()",      "libm::sqrt({0})"),
    ("sin",   "{0}.sin()",       "libm::sin({0})"),
    ("cos",   "{0}.cos()",       "libm::cos({0})"),
    ("tan",   "{0}.tan()",       "libm::tan({0})"),
    ("atan",  "{0}.atan()",      "libm::atan({0})"),
    ("sinh",  "{0}.sinh()",      "libm::sinh({0})"),
    ("cosh",  "{0}.cosh()",      "libm::cosh({0})"),
    ("tanh",  "{0}.tanh()",      "libm::tanh({0})"),
    ("abs",   "{0}.abs()",       "libm::fabs({0})"),
    ("floor", "{0}.floor()",     "libm::floor({0})"),
    ("pow",   "{0}.powf({1})",   "libm::pow({0}, {1})"),
    ("min",   "{0}.min({1})",    "{0}.min({1})"),
    ("max",   "{0}.max({1})",    "{0}.max({1})"),
];

/// Constants that have a name, as their literals are refused by clippy.
#[rustfmt::skip]
static CONSTANTS: &[(f64, &str)] = &[
    (std::f64::consts::PI,             "core::f64::consts::PI"),
    (std::f64::consts::TAU,            "core::f64::consts::TAU"),
    (std::f64::consts::E,              "core::f64::consts::E"),
    (std::f64::consts::LN_2,           "core::f64::consts::LN_2"),
    (std::f64::consts::LN_10,          "core::f64::consts::LN_10"),
    (std::f64::consts::LOG2_E,         "core::f64::consts::LOG2_E"),
    (std::f64::consts::LOG10_E,        "core::f64::consts::LOG10_E"),
    (std::f64::consts::LOG2_10,        "core::f64::consts::LOG2_10"),
    (std::f64::consts::LOG10_2,        "core::f64::consts::LOG10_2"),
    (std::f64::consts::SQRT_2,         "core::f64::consts::SQRT_2"),
    (std::f64::consts::FRAC_1_SQRT_2,  "core::f64::consts::FRAC_1_SQRT_2"),
    (std::f64::consts::FRAC_1_PI,      "core::f64::consts::FRAC_1_PI"),
    (std::f64::consts::FRAC_2_PI,      "core::f64::consts::FRAC_2_PI"),
    (std::f64::consts::FRAC_2_SQRT_PI, "core::f64::consts::FRAC_2_SQRT_PI"),
    (std::f64::consts::FRAC_PI_2,      "core::f64::consts::FRAC_PI_2"),
    (std::f64::consts::FRAC_PI_3,      "core::f64::consts::FRAC_PI_3"),
    (std::f64::consts::FRAC_PI_4,      "core::f64::consts::FRAC_PI_4"),
    (std::f64::consts::FRAC_PI_6,      "core::f64::consts::FRAC_PI_6"),
    (std::f64::consts::FRAC_PI_8,      "core::f64::consts::FRAC_PI_8"),
];

impl Target for Rust {
    fn name(&self) -> &'static str {
        "rust"
    }

    fn title(&self) -> &'static str {
        "Rust"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["rs"]
    }

    fn knows_no_std(&self) -> bool {
        true
    }

    fn words(&self) -> &'static Words {
        &names::RUST
    }

    fn own_names(&self) -> &'static [&'static str] {
        &["value", "cholesky", "forward", "solve", "invert"]
    }

    fn width(&self) -> usize {
        100
    }

    fn number(&self, digits: &str) -> String {
        let value: f64 = digits.parse().expect("a literal");
        if let Some((_, name)) = CONSTANTS.iter().find(|(c, _)| *c == value) {
            return (*name).to_owned();
        }
        // The shortest digits that give the same float: more would claim a precision that is not there.
        let text = super::lower::digits(value);
        if text.contains(['.', 'e']) { text } else { format!("{text}.0") }
    }

    fn receiver(&self, digits: &str) -> String {
        let text = self.number(digits);
        if text.starts_with(|c: char| c.is_ascii_digit()) { format!("{text}_f64") } else { text }
    }

    fn constant(&self, name: &str) -> Option<&'static str> {
        match name {
            "nan" => Some("f64::NAN"),
            "infinity" => Some("f64::INFINITY"),
            "pi" => Some("core::f64::consts::PI"),
            _ => None,
        }
    }

    fn call(&self, name: &str, options: &Options) -> Option<&'static str> {
        let (_, std, libm) = CALLS.iter().find(|(known, ..)| *known == name)?;
        Some(if options.no_std { libm } else { std })
    }

    fn fits(&self, line: &str) -> bool {
        line.chars().count() <= self.width() && longest_arguments(line) <= CALL
    }

    fn declare(&self, name: &str, mutable: bool, value: &str) -> String {
        format!("let {}{name} = {value};", if mutable { "mut " } else { "" })
    }

    fn declare_several(&self, printer: &Printer<'_>, names: &[String], call: &Term) -> Vec<String> {
        vec![format!("let ({}) = {};", names.join(", "), printer.term(call))]
    }

    fn if_line(&self, condition: &str) -> String {
        format!("if {condition} {{")
    }

    fn else_if_line(&self, condition: &str) -> String {
        format!("}} else if {condition} {{")
    }

    fn while_line(&self, condition: &str) -> String {
        format!("while {condition} {{")
    }

    fn comparison(
        &self,
        printer: &Printer<'_>,
        relation: Relation,
        left: &Term,
        right: &Term,
    ) -> Option<String> {
        match (relation, left, right) {
            (Relation::NotEqual, a, b) if a == b => Some(format!("{}.is_nan()", printer.atom(a))),
            (Relation::Equal, a, b) if a == b => Some(format!("!{}.is_nan()", printer.atom(a))),
            _ => asks_for_finite(relation, left, right).map(|x| format!("{}.is_finite()", printer.atom(x))),
        }
    }

    fn condition(&self, printer: &Printer<'_>, condition: &Condition) -> Option<String> {
        match condition {
            // A negated comparison of floats is not the opposite one: NaN.
            Condition::Not(inner) => match &**inner {
                Condition::Compare(relation, a, b) => negated(printer, *relation, a, b),
                _ => None,
            },
            Condition::And(a, b) => range(printer, a, b),
            _ => None,
        }
    }

    fn branch(
        &self,
        printer: &mut Printer<'_>,
        condition: &Condition,
        joined: &[(String, bool)],
        branches: [&Block; 2],
    ) {
        if joined.is_empty() {
            return printer.plain_branch(condition, joined, branches);
        }
        let pattern: Vec<String> =
            joined.iter().map(|(n, changes)| format!("{}{n}", if *changes { "mut " } else { "" })).collect();
        let pattern =
            if let [one] = pattern.as_slice() { one.clone() } else { format!("({})", pattern.join(", ")) };
        valued_branch(printer, &format!("let {pattern} = "), ";", condition, branches);
    }

    fn files(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let mut p = Printer::new(self, options, &unit.prefix);
        let documentation = document::of_file(unit, Rust.words(), "");
        doc_comment(&mut p, "//!", &documentation);
        for predicate in &unit.predicates {
            p.line("");
            write_predicate(&mut p, unit, predicate);
        }
        for procedure in &unit.procedures {
            p.line("");
            write_procedure(&mut p, unit, procedure);
            if let Some(batch) = &procedure.batch {
                p.line("");
                write_batch(&mut p, procedure, batch);
            }
        }
        write_decomposition(&mut p, unit);
        for definition in &unit.helpers {
            p.line("");
            write_helper(&mut p, definition);
        }
        vec![SourceFile { name: format!("{}.rs", unit.prefix), text: p.finish() }]
    }

    fn tests(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let mut p = Printer::new(self, options, &unit.prefix);
        tests_file::write_tests(&mut p, unit);
        vec![SourceFile { name: format!("{}_test.rs", unit.prefix), text: p.finish() }]
    }
}
