//! Julia, as an example of a further language: functions of a vector that return numbers, vectors and matrices.

use super::document;
use super::flow::flow;
use super::names::{Capitals, Comments, Strings, Words};
use super::print::Printer;
use super::target::Target;
use super::unit::{Check, Computation, Input, Unit, asks_for_finite};
use super::{Options, Shape, SourceFile};
use crate::program::{Operator, Relation, Term};

pub(super) struct Julia;

static WORDS: Words = Words {
    taken: &[&["begin", "end", "function", "if", "else", "while", "for", "let", "const", "pi", "im"]],
    files: &[&["test"]],
    capitals: Capitals::Kept,
    comments: Comments { replaced: &[], parted: &[] },
    strings: Strings::Python,
};

#[rustfmt::skip]
static CALLS: &[(&str, &str)] = &[
    ("exp",     "exp({0})"),     ("log",      "log({0})"),      ("log1p", "log1p({0})"),    ("expm1", "expm1({0})"),
    ("sqrt",    "sqrt({0})"),    ("sin",      "sin({0})"),      ("cos",   "cos({0})"),      ("tan",   "tan({0})"),
    ("atan",    "atan({0})"),    ("sinh",     "sinh({0})"),     ("cosh",  "cosh({0})"),     ("tanh",  "tanh({0})"),
    ("abs",     "abs({0})"),     ("floor",    "floor({0})"),    ("pow",   "^({0}, {1})"),   ("min",   "min({0}, {1})"),
    ("max",     "max({0}, {1})"),
    // Of the package SpecialFunctions.
    ("digamma", "digamma({0})"), ("trigamma", "trigamma({0})"),
];

impl Target for Julia {
    fn name(&self) -> &'static str {
        "julia"
    }

    fn title(&self) -> &'static str {
        "Julia"
    }

    fn endings(&self) -> &'static [&'static str] {
        &["jl"]
    }

    fn words(&self) -> &'static Words {
        &WORDS
    }

    fn width(&self) -> usize {
        92
    }

    fn number(&self, digits: &str) -> String {
        if digits.contains(['.', 'e']) { digits.to_owned() } else { format!("{digits}.0") }
    }

    fn constant(&self, name: &str) -> Option<&'static str> {
        [("nan", "NaN"), ("infinity", "Inf"), ("pi", "Float64(pi)")].iter().find(|c| c.0 == name).map(|c| c.1)
    }

    fn call(&self, name: &str, _: &Options) -> Option<&'static str> {
        CALLS.iter().find(|(known, _)| *known == name).map(|(_, template)| *template)
    }

    fn declare(&self, name: &str, _: bool, value: &str) -> String {
        format!("{name} = {value}")
    }

    fn assign(&self, name: &str, value: &str) -> String {
        format!("{name} = {value}")
    }

    fn update(&self, name: &str, operator: Operator, value: &str) -> String {
        format!("{name} {operator}= {value}")
    }

    // Only what the language writes in a way of its own.
    fn comparison(
        &self,
        printer: &Printer<'_>,
        relation: Relation,
        left: &Term,
        right: &Term,
    ) -> Option<String> {
        let term = asks_for_finite(relation, left, right)?;
        Some(format!("isfinite({})", printer.term(term)))
    }

    fn declare_several(&self, printer: &Printer<'_>, names: &[String], call: &Term) -> Vec<String> {
        vec![format!("{} = {}", names.join(", "), printer.term(call))]
    }

    fn comment(&self, text: &str) -> Vec<String> {
        vec![format!("# {text}")]
    }

    fn if_line(&self, condition: &str) -> String {
        format!("if {condition}")
    }

    fn else_if_line(&self, condition: &str) -> String {
        format!("elseif {condition}")
    }

    fn else_line(&self) -> String {
        "else".to_owned()
    }

    fn while_line(&self, condition: &str) -> String {
        format!("while {condition}")
    }

    fn close_line(&self) -> Option<&'static str> {
        Some("end")
    }

    fn files(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let mut p = Printer::new(self, options, &unit.prefix);
        p.lines(
            document::wrapped(&document::of_file(unit, &WORDS, ""), 90, None)
                .iter()
                .map(|l| format!("# {l}")),
        );
        for helper in &unit.helpers {
            let results = &helper.body.results;
            let flow = flow(&helper.parameters, &helper.body.statements, results, false);
            p.lines([
                String::new(),
                format!("function {}({})", helper.helper.name, helper.parameters.join(", ")),
            ]);
            p.deeper(|p| {
                p.flow(&flow, &helper.parameters);
                let results: Vec<String> = flow.results.iter().map(|r| p.term(r)).collect();
                p.line(&format!("return {}", results.join(", ")));
            });
            p.line("end");
        }
        for predicate in &unit.predicates {
            let names: Vec<&str> = predicate.parameters.iter().map(|q| q.name.as_str()).collect();
            p.lines([String::new(), format!("function {}({})", predicate.name, names.join(", "))]);
            p.deeper(|p| {
                let names = unpacked(p, &predicate.inputs);
                p.flow(&flow(&names, &predicate.statements, &[], false), &names);
                p.line(&format!("return {}", p.condition(&predicate.holds)));
            });
            p.line("end");
        }
        for procedure in &unit.procedures {
            let Computation::Closed(body) = &procedure.computation else { continue };
            let names: Vec<&str> = procedure.parameters.iter().map(|q| q.name.as_str()).collect();
            p.lines([String::new(), format!("function {}({})", procedure.routine.name, names.join(", "))]);
            p.deeper(|p| {
                procedure.checks.iter().for_each(|c| p.line(&check(c, procedure.routine.result)));
                let names = unpacked(p, &procedure.inputs);
                let flow = flow(&names, &body.statements, &body.results, false);
                p.flow(&flow, &names);
                let results: Vec<String> = flow.results.iter().map(|r| p.term(r)).collect();
                p.line(&format!("return {}", shaped(procedure.routine.result, &results)));
            });
            p.line("end");
        }
        vec![SourceFile { name: format!("{}.jl", unit.prefix), text: p.finish() }]
    }

    fn tests(&self, _: &Unit<'_>, _: &Options) -> Vec<SourceFile> {
        Vec::new()
    }
}

fn unpacked(p: &mut Printer<'_>, inputs: &[Input]) -> Vec<String> {
    for input in inputs {
        if let Some(at) = input.component {
            p.line(&format!("{} = {}[{}]", input.name, input.parameter, at + 1));
        }
    }
    inputs.iter().map(|i| i.name.clone()).collect()
}

fn check(check: &Check, shape: Shape) -> String {
    let holds = match check {
        Check::Predicate { name, arguments } => format!("{name}({})", arguments.join(", ")),
        Check::Finite(parameter) => format!("all(isfinite, {})", parameter.name),
    };
    let nothing = match shape {
        Shape::Truth | Shape::Scalar => "NaN".to_owned(),
        Shape::Matrix(rows, columns) => format!("fill(NaN, {rows}, {columns})"),
        Shape::Vector(_) | Shape::Packed(_) => format!("fill(NaN, {})", shape.size()),
    };
    format!("{holds} || return {nothing}")
}

fn shaped(shape: Shape, results: &[String]) -> String {
    match shape {
        Shape::Truth | Shape::Scalar => results[0].clone(),
        Shape::Vector(_) | Shape::Packed(_) => format!("[{}]", results.join(", ")),
        Shape::Matrix(_, columns) => {
            let rows: Vec<String> =
                results.chunks(columns).map(|row| format!("[{}]", row.join(", "))).collect();
            format!("stack([{}]; dims=1)", rows.join(", "))
        }
    }
}
