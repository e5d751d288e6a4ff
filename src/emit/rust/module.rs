//! The functions of a file: conditions, routines of one and of many observations, helpers.

use super::Rust;
use super::branch::tail;
use super::layout::{array, doc_comment, parameter, signature, write_result};
use crate::emit::Shape;
use crate::emit::document::{self, Paragraph};
use crate::emit::flow::{Flow, Step, flow, flow_in_loop};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::{
    self, Batch, Check, Computation, Definition, Input, Parameter, Predicate, Procedure, Role, Unit,
};
use crate::program::{Body, Condition, Term};

fn result_type(shape: Shape) -> String {
    match shape {
        Shape::Truth => "bool".to_owned(),
        Shape::Scalar => "f64".to_owned(),
        Shape::Vector(n) => format!("[f64; {n}]"),
        Shape::Matrix(rows, columns) => format!("[[f64; {columns}]; {rows}]"),
        Shape::Packed(_) => format!("[f64; {}]", shape.size()),
    }
}

fn not_a_number(shape: Shape) -> String {
    match shape {
        Shape::Truth => "false".to_owned(),
        Shape::Scalar => "f64::NAN".to_owned(),
        Shape::Matrix(rows, columns) => format!("[[f64::NAN; {columns}]; {rows}]"),
        Shape::Vector(_) | Shape::Packed(_) => format!("[f64::NAN; {}]", shape.size()),
    }
}

/// `let [alpha, _] = *theta;`, with `_` for what is not read.
fn unpack(p: &mut Printer<'_>, parameters: &[Parameter], inputs: &[Input]) {
    for parameter in parameters {
        let Some(length) = parameter.length else { continue };
        let of = |i: &&Input| i.parameter == parameter.name;
        let Some(_) = inputs.iter().find(of) else { continue };
        let name = |at: usize| {
            let found = inputs.iter().find(|i| i.parameter == parameter.name && i.component == Some(at));
            found.map_or_else(|| "_".to_owned(), |i| i.name.clone())
        };
        let names: Vec<String> = (0..length).map(name).collect();
        array(p, "let ", &names, &format!(" = *{};", parameter.name));
    }
}

pub(super) fn write_predicate(p: &mut Printer<'_>, unit: &Unit<'_>, predicate: &Predicate) {
    let documentation = match predicate.routine {
        Some(at) => document::of_routine(unit, Rust.words(), &unit.bundle.routines[at]),
        None => vec![Paragraph::Text(format!("Whether {}.", condition_text(predicate)))],
    };
    doc_comment(p, "///", &documentation);
    let public = if predicate.routine.is_some() { "pub " } else { "" };
    let parameters: Vec<String> = predicate.parameters.iter().map(parameter).collect();
    signature(p, &format!("{public}fn {}", predicate.name), &parameters, "bool");
    p.deeper(|p| {
        unpack(p, &predicate.parameters, &predicate.inputs);
        let names: Vec<String> = predicate.inputs.iter().map(|i| i.name.clone()).collect();
        let flow = flow(&names, &predicate.statements, &[], true);
        p.flow(&flow, &names);
        let parts: Vec<String> =
            unit::conjunction(predicate.holds.clone()).iter().map(|c| conjunct(p, c)).collect();
        conjunction(p, &parts);
    });
    p.line("}");
}

fn condition_text(predicate: &Predicate) -> String {
    if predicate.text.is_empty() {
        "all arguments are finite".to_owned()
    } else {
        Rust.words().comment(&predicate.text)
    }
}

fn conjunct(p: &Printer<'_>, condition: &Condition) -> String {
    let text = p.condition(condition);
    if matches!(condition, Condition::Or(..)) { format!("({text})") } else { text }
}

/// Conditions joined by `&&`, on one line or each on its own.
fn conjunction(p: &mut Printer<'_>, parts: &[String]) {
    if parts.is_empty() {
        return p.line("true");
    }
    let parts: Vec<&str> = match parts {
        // Brackets around everything are none.
        [one] => vec![
            one.strip_prefix('(')
                .and_then(|t| t.strip_suffix(')'))
                .filter(|_| one.contains(" || "))
                .unwrap_or(one),
        ],
        several => several.iter().map(String::as_str).collect(),
    };
    let line = parts.join(" && ");
    if p.fits(&line) {
        return p.line(&line);
    }
    p.line(parts[0]);
    p.deeper(|p| p.lines(parts[1..].iter().map(|part| format!("&& {part}"))));
}

/// What must hold, negated and joined by `||`.
fn failures(checks: &[Check]) -> Vec<String> {
    let failure = |check: &Check| match check {
        Check::Predicate { name, arguments } => format!("!{name}({})", arguments.join(", ")),
        Check::Finite(parameter) if parameter.length.is_some() => {
            format!("!{}.iter().all(|v| v.is_finite())", parameter.name)
        }
        Check::Finite(parameter) => format!("!{}.is_finite()", parameter.name),
    };
    checks.iter().map(failure).collect()
}

/// Leaves by the statements unless the checks hold.
fn write_checks(p: &mut Printer<'_>, checks: &[Check], leave: &[String]) {
    let failures = failures(checks);
    if failures.is_empty() {
        return;
    }
    let line = format!("if {}", failures.join(" || "));
    if p.fits(&format!("{line} {{")) {
        p.line(&format!("{line} {{"));
    } else if p.fits(&line) {
        p.lines([line.as_str(), "{"]);
    } else {
        p.line(&format!("if {}", failures[0]));
        p.deeper(|p| p.lines(failures[1..].iter().map(|f| format!("|| {f}"))));
        p.line("{");
    }
    p.deeper(|p| p.lines(leave));
    p.line("}");
}

pub(super) fn write_procedure(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>) {
    let routine = procedure.routine;
    doc_comment(p, "///", &document::of_routine(unit, Rust.words(), routine));
    let parameters: Vec<String> = procedure.parameters.iter().map(parameter).collect();
    signature(p, &format!("pub fn {}", routine.name), &parameters, &result_type(routine.result));
    p.deeper(|p| match &procedure.computation {
        Computation::Closed(body) => {
            write_checks(p, &procedure.checks, &[format!("return {};", not_a_number(routine.result))]);
            unpack(p, &procedure.parameters, &procedure.inputs);
            write_body(p, body, &procedure.inputs, routine.result);
        }
        Computation::Solve(_) => {
            write_checks(p, &procedure.checks, &[format!("return {};", not_a_number(routine.result))]);
            let gradient = procedure.parameters.iter().find(|q| q.role == Role::Gradient);
            let gradient = gradient.map_or("gradient", |q| q.name.as_str());
            p.line(&format!("solve(&cholesky(&{}), {gradient})", fisher(procedure)));
        }
        Computation::Invert(_) => p.line(&format!("invert(&cholesky(&{}))", fisher(procedure))),
        Computation::LogDeterminant(n) => {
            p.line(&format!("let l = cholesky(&{});", fisher(procedure)));
            p.line(&format!(
                "(0..{n}).map(|i| 2.0 * {}).sum()",
                p.call("log", &[Term::Name("l[i][i]".to_owned())])
            ));
        }
    });
    p.line("}");
}

/// The call of `fisher` by a routine that has its arguments.
fn fisher(procedure: &Procedure<'_>) -> String {
    format!("fisher({})", procedure.place().join(", "))
}

fn write_body(p: &mut Printer<'_>, body: &Body, inputs: &[Input], shape: Shape) {
    let names: Vec<String> = inputs.iter().map(|i| i.name.clone()).collect();
    let Flow { steps, mut results, changed } = flow(&names, &body.statements, &body.results, true);
    debug_assert!(changed.is_empty(), "routines do not change their inputs");
    p.flow(&Flow { steps: Vec::new(), results: Vec::new(), changed }, &names);
    p.reserve(&steps);
    if let Some(Step::If { joined, .. }) = steps.last().filter(|_| results.is_empty()) {
        if shape == Shape::Scalar {
            return tail(p, &steps, &results);
        }
        // An array is made of the values of the branch.
        results = joined.iter().map(|(name, _)| Term::Name(name.clone())).collect();
    }
    p.steps(&steps);
    write_result(p, shape, &results, "", "");
}

pub(super) fn write_batch(p: &mut Printer<'_>, procedure: &Procedure<'_>, batch: &Batch) {
    let routine = procedure.routine;
    let is_x = |q: &&Parameter| q.role == Role::Observation;
    let x = procedure.parameters.iter().find(is_x).expect("a batch has observations").clone();
    let written = "As many results are written as there are both observations and places.";
    doc_comment(p, "///", &document::of_batch(routine, &x.name, written));
    let mut parameters: Vec<String> = procedure
        .parameters
        .iter()
        .map(|q| match (q.role, q.length) {
            (Role::Observation, None) => format!("{}: &[f64]", q.name),
            (Role::Observation, Some(n)) => format!("{}: &[[f64; {n}]]", q.name),
            _ => parameter(q),
        })
        .collect();
    parameters.push(format!("out: &mut [{}]", result_type(routine.result)));
    signature(p, &format!("pub fn {}_batch", routine.name), &parameters, "");
    p.deeper(|p| {
        let of_x = |c: &Check| matches!(c, Check::Predicate { arguments, .. } if arguments.contains(&x.name));
        let (each, once): (Vec<Check>, Vec<Check>) = procedure.checks.iter().cloned().partition(of_x);
        let nothing = not_a_number(routine.result);
        write_checks(p, &once, &[format!("out.fill({nothing});"), "return;".to_owned()]);
        let rest: Vec<Parameter> = procedure.parameters.iter().filter(|q| !is_x(q)).cloned().collect();
        unpack(p, &rest, &batch.inputs);
        let names: Vec<String> = batch.inputs.iter().map(|i| i.name.clone()).collect();
        let (before, turn) =
            flow_in_loop(&names, &batch.body.statements, batch.still, &batch.body.results, true);
        p.flow(&Flow { steps: before, ..turn.clone() }, &names);
        let pattern = if x.length.is_some() { x.name.clone() } else { format!("&{}", x.name) };
        p.line(&format!("for ({pattern}, value) in {}.iter().zip(out) {{", x.name));
        p.deeper(|p| {
            write_checks(p, &each, &[format!("*value = {nothing};"), "continue;".to_owned()]);
            unpack(p, std::slice::from_ref(&x), &batch.inputs);
            p.steps(&turn.steps);
            write_result(p, routine.result, &turn.results, "*value = ", ";");
        });
        p.line("}");
    });
    p.line("}");
}

pub(super) fn write_helper(p: &mut Printer<'_>, definition: &Definition) {
    let helper = definition.helper;
    doc_comment(p, "///", &document::of_helper(helper.summary, helper.source));
    let names = definition.parameters.clone();
    let flow = flow(&names, &definition.body.statements, &definition.body.results, true);
    let parameter = |n: &String| format!("{}{n}: f64", if flow.changed.contains(n) { "mut " } else { "" });
    let parameters: Vec<String> = names.iter().map(parameter).collect();
    let result = match definition.body.results.len() {
        1 => "f64".to_owned(),
        n => format!("({})", vec!["f64"; n].join(", ")),
    };
    signature(p, &format!("fn {}", helper.name), &parameters, &result);
    p.deeper(|p| {
        p.flow(&Flow { steps: Vec::new(), results: Vec::new(), changed: flow.changed.clone() }, &names);
        p.reserve(&flow.steps);
        tail(p, &flow.steps, &flow.results);
    });
    p.line("}");
}
