//! A unit to the text of a module.

use std::collections::BTreeSet;

use super::JavaScript;
use super::documentation::{comment, tags};
use super::layout::Item;
use super::patterns::unshared;
use super::tools::write_tools;
use crate::emit::document::{self, Paragraph};
use crate::emit::flow::{Flow, condition_reads, flow, flow_in_loop, reads};
use crate::emit::names::JAVASCRIPT;
use crate::emit::print::Printer;
use crate::emit::unit::{
    Batch, Check, Computation, Definition, Input, Parameter, Predicate, Procedure, Role, Unit, conjunction,
    finite, unasked,
};
use crate::emit::{Options, Shape};
use crate::program::{Condition, Term};

/// How functions are called.
const CALLS: &str = "Arrays may be plain or typed, and hold as many numbers as is said. Anything else that is given for a \
                     number or an array, be it null, a string, a BigInt or a longer array, is outside the domain.";

/// The whole module.
pub(super) fn module(unit: &Unit<'_>, options: &Options) -> String {
    let mut p = Printer::new(&JavaScript, options, &unit.prefix);
    let tags = [format!("@module {}", unit.prefix)];
    comment(&mut p, &document::of_file(unit, &JAVASCRIPT, CALLS), &tags);
    for predicate in &unit.predicates {
        p.line("");
        write_predicate(&mut p, unit, predicate);
    }
    for procedure in &unit.procedures {
        p.line("");
        write_procedure(&mut p, unit, procedure);
        if let Some(batch) = &procedure.batch {
            p.line("");
            write_batch(&mut p, unit, procedure, batch);
        }
    }
    write_tools(&mut p, unit);
    for definition in &unit.helpers {
        p.line("");
        write_helper(&mut p, definition);
    }
    p.finish()
}

fn signature(p: &mut Printer<'_>, start: &str, parameters: &[String]) {
    let line = format!("{start}({}) {{", parameters.join(", "));
    if p.fits(&line) {
        return p.line(&line);
    }
    p.line(&format!("{start}("));
    p.deeper(|p| p.lines(parameters.iter().map(|q| format!("{q},"))));
    p.line(") {");
}

fn names_of(parameters: &[Parameter]) -> Vec<String> {
    parameters.iter().map(|parameter| parameter.name.clone()).collect()
}

/// Names for the components that are read.
fn unpack(p: &mut Printer<'_>, parameters: &[Parameter], inputs: &[Input]) {
    for input in inputs {
        if let Some(at) = input.component
            && parameters.iter().any(|parameter| parameter.name == input.parameter)
        {
            p.line(&format!("const {} = {}[{at}];", input.name, input.parameter));
        }
    }
}

fn write_predicate(p: &mut Printer<'_>, unit: &Unit<'_>, predicate: &Predicate) {
    let tags = tags(unit, &predicate.parameters, Shape::Truth, false);
    match predicate.routine {
        Some(at) => comment(p, &document::of_routine(unit, &JAVASCRIPT, &unit.bundle.routines[at]), &tags),
        None => {
            let text = match predicate.text.as_str() {
                "" => "all arguments are finite".to_owned(),
                text => JAVASCRIPT.comment(text),
            };
            comment(p, &[Paragraph::Text(format!("Whether {text}."))], &tags);
        }
    }
    let export = if predicate.routine.is_some() { "export " } else { "" };
    signature(p, &format!("{export}function {}", predicate.name), &names_of(&predicate.parameters));
    p.deeper(|p| {
        let (first, rest) = parts(predicate);
        let inputs = read_by(predicate, &rest);
        if rest.is_empty() && predicate.statements.is_empty() && !first.is_empty() {
            return p.line(&format!("return {};", first.iter().map(holds).collect::<Vec<_>>().join(" && ")));
        }
        write_checks(p, &first, &["return false;".to_owned()]);
        unpack(p, &predicate.parameters, &inputs);
        let names: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
        p.flow(&flow(&names, &predicate.statements, &[], false), &names);
        write_conjunction(p, &rest);
    });
    p.line("}");
}

/// The parameters that a predicate looks at before it computes with them, and what it asks then. Anything can be given for
/// a parameter, and some of it cannot even be compared.
pub(super) fn parts(predicate: &Predicate) -> (Vec<Check>, Vec<Condition>) {
    let is_domain = predicate.name == "in_domain";
    let is_asked = |q: &&Parameter| is_domain || q.role == Role::Observation;
    let (vectors, floats): (Vec<Parameter>, Vec<Parameter>) =
        predicate.parameters.iter().filter(is_asked).cloned().partition(|q| q.length.is_some());
    let (mut first, mut early) = (vectors.clone(), Vec::new());
    match predicate.statements.is_empty() {
        true => early.extend(floats.iter().map(|q| finite(&q.name))),
        false => first.extend(floats.iter().cloned()),
    }
    let of_vector = |input: &&Input| vectors.iter().any(|q| q.name == input.parameter);
    let mut known: Vec<Condition> =
        predicate.inputs.iter().filter(of_vector).map(|input| finite(&input.name)).collect();
    known.extend(floats.iter().map(|q| finite(&q.name)));
    let stated = conjunction(predicate.holds.clone());
    early.retain(|condition| stated.contains(condition));
    let rest = early.into_iter().chain(stated.into_iter().filter(|c| !known.contains(c))).collect();
    (first.into_iter().map(Check::Finite).collect(), rest)
}

/// The inputs that the statements and conditions of a predicate read.
fn read_by(predicate: &Predicate, conditions: &[Condition]) -> Vec<Input> {
    let mut read = BTreeSet::new();
    predicate.statements.iter().for_each(|statement| reads(statement, &mut read));
    conditions.iter().for_each(|condition| condition_reads(condition, &mut read));
    predicate.inputs.iter().filter(|input| read.contains(&input.name)).cloned().collect()
}

fn write_conjunction(p: &mut Printer<'_>, parts: &[Condition]) {
    let part = |condition: &Condition| {
        let text = p.condition(condition);
        if matches!(condition, Condition::Or(..)) && parts.len() > 1 { format!("({text})") } else { text }
    };
    let texts: Vec<String> = parts.iter().map(part).collect();
    let line = match texts.as_slice() {
        [] => "return true;".to_owned(),
        texts => format!("return {};", texts.join(" && ")),
    };
    if p.fits(&line) {
        return p.line(&line);
    }
    p.line("return (");
    p.deeper(|p| {
        let whole = texts.join(" && ");
        if p.fits(&whole) {
            return p.line(&whole);
        }
        let last = texts.len() - 1;
        for (at, text) in texts.iter().enumerate() {
            p.line(&format!("{text}{}", if at == last { "" } else { " &&" }));
        }
    });
    p.line(");");
}

fn not_a_number(shape: Shape) -> String {
    match shape {
        Shape::Truth => "false".to_owned(),
        Shape::Scalar => "NaN".to_owned(),
        Shape::Vector(_) | Shape::Packed(_) => row_of_nan(shape.size()),
        Shape::Matrix(1, columns) => format!("[{}]", row_of_nan(columns)),
        Shape::Matrix(rows, columns) => {
            format!("Array.from({{ length: {rows} }}, () => {})", row_of_nan(columns))
        }
    }
}

fn row_of_nan(count: usize) -> String {
    if count == 1 { "[NaN]".to_owned() } else { format!("new Array({count}).fill(NaN)") }
}

/// The checks of a procedure; what none of them looks at must be finite.
pub(super) fn all_checks(procedure: &Procedure<'_>) -> Vec<Check> {
    let rest = unasked(&procedure.checks, &procedure.parameters).cloned().map(Check::Finite);
    procedure.checks.iter().cloned().chain(rest).collect()
}

/// What is asked of arguments.
fn holds(check: &Check) -> String {
    match check {
        Check::Predicate { name, arguments } => format!("{name}({})", arguments.join(", ")),
        Check::Finite(Parameter { name, length: Some(length), .. }) => {
            format!("are_finite({name}, {length})")
        }
        Check::Finite(Parameter { name, .. }) => format!("Number.isFinite({name})"),
    }
}

/// Leaves by the statements unless the checks hold.
fn write_checks(p: &mut Printer<'_>, checks: &[Check], leave: &[String]) {
    let failures: Vec<String> = checks.iter().map(|check| format!("!{}", holds(check))).collect();
    if failures.is_empty() {
        return;
    }
    let line = format!("if ({}) {{", failures.join(" || "));
    if p.fits(&line) {
        p.line(&line);
    } else {
        p.line("if (");
        p.deeper(|p| {
            let last = failures.len() - 1;
            for (at, text) in failures.iter().enumerate() {
                p.line(&format!("{text}{}", if at == last { "" } else { " ||" }));
            }
        });
        p.line(") {");
    }
    p.deeper(|p| p.lines(leave));
    p.line("}");
}

/// The result in its shape, between what stands before and after it.
fn write_result(p: &mut Printer<'_>, shape: Shape, results: &[Term], before: &str, after: &str) {
    let element = |text: &str, _: &Printer<'_>| match shape {
        Shape::Truth | Shape::Scalar => format!("{before}{text}{after}"),
        Shape::Matrix(..) => format!("    {text},"),
        Shape::Vector(_) | Shape::Packed(_) => format!("  {text},"),
    };
    let parts: Vec<_> = results.iter().map(|result| p.split(result, &element)).collect();
    let mut items = parts.iter().map(|part| item(p, part));
    let item = match shape {
        Shape::Truth | Shape::Scalar => items.next().expect("a result"),
        Shape::Vector(_) | Shape::Packed(_) => Item::Array(items.collect()),
        Shape::Matrix(rows, columns) => {
            Item::Array((0..rows).map(|_| Item::Array(items.by_ref().take(columns).collect())).collect())
        }
    };
    let lines = item.lines(2 * p.level, before, after);
    p.lines(lines);
}

fn item(p: &Printer<'_>, term: &Term) -> Item {
    let text = p.term(term);
    match term {
        Term::Number(_) => Item::Number(text),
        Term::Negative(inner) if matches!(**inner, Term::Number(_)) => Item::Number(text),
        _ => Item::Text(text),
    }
}

fn write_procedure(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>) {
    let routine = procedure.routine;
    let tags = tags(unit, &procedure.parameters, routine.result, false);
    comment(p, &document::of_routine(unit, &JAVASCRIPT, routine), &tags);
    signature(p, &format!("export function {}", routine.name), &names_of(&procedure.parameters));
    p.deeper(|p| {
        let leave = format!("return {};", not_a_number(routine.result));
        match &procedure.computation {
            Computation::Closed(body) => {
                write_checks(p, &all_checks(procedure), &[leave]);
                unpack(p, &procedure.parameters, &procedure.inputs);
                let names: Vec<String> = procedure.inputs.iter().map(|input| input.name.clone()).collect();
                let flow = flow(&names, &body.statements, &body.results, false);
                p.flow(&flow, &names);
                write_result(p, routine.result, &flow.results, "return ", ";");
            }
            Computation::Solve(_) => {
                let gradient =
                    procedure.parameters.iter().find(|q| q.role == Role::Gradient).expect("a gradient");
                write_checks(p, &procedure.checks, &[leave]);
                p.line(&format!("return solve(cholesky({}), {});", fisher(procedure), gradient.name));
            }
            Computation::Invert(_) => p.line(&format!("return invert(cholesky({}));", fisher(procedure))),
            Computation::LogDeterminant(_) => {
                p.line(&format!("const factor = cholesky({});", fisher(procedure)));
                p.line("return factor.reduce((sum, row, k) => sum + 2 * Math.log(row[k]), 0);");
            }
        }
    });
    p.line("}");
}

/// The call of `fisher` by a routine that has its arguments.
fn fisher(procedure: &Procedure<'_>) -> String {
    format!("fisher({})", procedure.place().join(", "))
}

fn write_batch(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>, batch: &Batch) {
    let routine = procedure.routine;
    let is_x = |q: &&Parameter| q.role == Role::Observation;
    let x = procedure.parameters.iter().find(is_x).expect("a batch has observations").clone();
    let text = format!("`{}` of many observations: what all share is computed once.", routine.name);
    comment(p, &[Paragraph::Text(text)], &tags(unit, &procedure.parameters, routine.result, true));
    let name =
        |q: &Parameter| if q.role == Role::Observation { "observations".into() } else { q.name.clone() };
    let parameters: Vec<String> = procedure.parameters.iter().map(name).collect();
    signature(p, &format!("export function {}_batch", routine.name), &parameters);
    p.deeper(|p| {
        let of_x = |check: &Check| match check {
            Check::Predicate { arguments, .. } => arguments.contains(&x.name),
            Check::Finite(parameter) => parameter.name == x.name,
        };
        let (each, once): (Vec<Check>, Vec<Check>) = all_checks(procedure).into_iter().partition(of_x);
        let nothing = not_a_number(routine.result);
        write_checks(p, &once, &[format!("return Array.from(listed(observations), () => {nothing});")]);
        let rest: Vec<Parameter> = procedure.parameters.iter().filter(|q| !is_x(q)).cloned().collect();
        unpack(p, &rest, &batch.inputs);
        let names: Vec<String> = batch.inputs.iter().map(|input| input.name.clone()).collect();
        let (before, turn) =
            flow_in_loop(&names, &batch.body.statements, batch.still, &batch.body.results, false);
        p.flow(&Flow { steps: before, ..turn.clone() }, &names);
        p.reserve(&turn.steps);
        p.line("const results = [];");
        p.line(&format!("for (const {} of listed(observations)) {{", x.name));
        p.deeper(|p| {
            write_checks(p, &each, &[format!("results.push({nothing});"), "continue;".to_owned()]);
            unpack(p, std::slice::from_ref(&x), &batch.inputs);
            p.steps(&turn.steps);
            write_result(p, routine.result, &turn.results, "results.push(", ");");
        });
        p.line("}");
        p.line("return results;");
    });
    p.line("}");
}

fn write_helper(p: &mut Printer<'_>, definition: &Definition) {
    let helper = definition.helper;
    let names = definition.parameters.clone();
    let body = &unshared(&definition.body);
    let kind = if body.results.len() == 1 { "number" } else { "number[]" };
    let mut tags: Vec<String> = names.iter().map(|name| format!("@param {{number}} {name}")).collect();
    tags.push(format!("@returns {{{kind}}}"));
    comment(p, &document::of_helper(helper.summary, helper.source), &tags);
    signature(p, &format!("function {}", helper.name), &names);
    p.deeper(|p| {
        let flow = flow(&names, &body.statements, &body.results, false);
        p.flow(&flow, &names);
        let shape = if body.results.len() == 1 { Shape::Scalar } else { Shape::Vector(body.results.len()) };
        write_result(p, shape, &flow.results, "return ", ";");
    });
    p.line("}");
}
