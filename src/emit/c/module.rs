//! The header and the source: prototypes, helpers, conditions, one function for each routine.

use super::C;
use super::layout::{call_in_lines, doc_comment, filled, function, head};
use super::tools::write_tools;
use crate::emit::Shape;
use crate::emit::document::{self, Paragraph};
use crate::emit::flow::{Flow, flow, flow_in_loop};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::{
    Batch, Check, Computation, Definition, Input, Parameter, Predicate, Procedure, Role, Unit, conjunction,
};
use crate::program::{Body, Condition, Term};

fn parameter(q: &Parameter) -> String {
    match q.length {
        None => format!("double {}", q.name),
        Some(n) => format!("const double {}[{n}]", q.name),
    }
}

/// The parameter that takes the result, when it is no single value.
pub(super) fn out(shape: Shape) -> Option<String> {
    match shape {
        Shape::Truth | Shape::Scalar => None,
        Shape::Vector(_) | Shape::Packed(_) => Some(format!("double out[{}]", shape.size())),
        Shape::Matrix(rows, columns) => Some(format!("double out[{rows}][{columns}]")),
    }
}

fn signature(p: &Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>, end: &str) -> Vec<String> {
    let shape = procedure.routine.result;
    let mut items: Vec<String> = procedure.parameters.iter().map(parameter).collect();
    items.extend(out(shape));
    let result = if out(shape).is_some() { "void" } else { "double" };
    head(p, result, &format!("{}_{}", unit.prefix, procedure.routine.name), &items, &format!("){end}"))
}

fn batch_signature(p: &Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>, end: &str) -> Vec<String> {
    let mut items = vec!["size_t count".to_owned()];
    items.extend(procedure.parameters.iter().map(|q| match q.role {
        Role::Observation => "const double *observations".to_owned(),
        _ => parameter(q),
    }));
    items.push(match procedure.routine.result {
        Shape::Truth | Shape::Scalar => "double *out".to_owned(),
        Shape::Vector(_) | Shape::Packed(_) => format!("double out[][{}]", procedure.routine.result.size()),
        Shape::Matrix(rows, columns) => format!("double out[][{rows}][{columns}]"),
    });
    head(p, "void", &format!("{}_{}_batch", unit.prefix, procedure.routine.name), &items, &format!("){end}"))
}

fn predicate_signature(p: &Printer<'_>, unit: &Unit<'_>, predicate: &Predicate, end: &str) -> Vec<String> {
    let items: Vec<String> = predicate.parameters.iter().map(parameter).collect();
    let kind = if predicate.routine.is_some() { "bool" } else { "static bool" };
    let end = if items.is_empty() { format!("void){end}") } else { format!("){end}") };
    head(p, kind, &format!("{}_{}", unit.prefix, predicate.name), &items, &end)
}

pub(super) fn write_header(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let calls = "Vectors and matrices are written to the last argument, matrices row by row.";
    doc_comment(p, &document::of_file(unit, C.words(), calls));
    let guard = format!("REFEREE_{}_H", unit.prefix.to_uppercase());
    p.line("");
    p.lines([format!("#ifndef {guard}"), format!("#define {guard}"), String::new()]);
    let public = unit.predicates.iter().find(|q| q.routine.is_some());
    if public.is_some() {
        p.line("#include <stdbool.h>");
    }
    if unit.procedures.iter().any(|q| q.batch.is_some()) {
        p.line("#include <stddef.h>");
    }
    p.lines(["", "#ifdef __cplusplus", "extern \"C\" {", "#endif"]);
    if let Some(predicate) = public {
        p.line("");
        let routine = &unit.bundle.routines[predicate.routine.expect("a routine")];
        doc_comment(p, &document::of_routine(unit, C.words(), routine));
        let lines = predicate_signature(p, unit, predicate, ";");
        p.lines(lines);
    }
    for procedure in &unit.procedures {
        p.line("");
        doc_comment(p, &document::of_routine(unit, C.words(), procedure.routine));
        let lines = signature(p, unit, procedure, ";");
        p.lines(lines);
        if procedure.batch.is_some() {
            p.line("");
            let written = "It reads `count` observations and writes as many results.";
            doc_comment(p, &document::of_batch(procedure.routine, "the observation", written));
            let lines = batch_signature(p, unit, procedure, ";");
            p.lines(lines);
        }
    }
    p.lines(["", "#ifdef __cplusplus", "}", "#endif", ""]);
    p.line(&format!("#endif /* {guard} */"));
}

pub(super) fn write_source(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let introduction =
        Paragraph::Text(format!("The functions of {}.h, where they are explained.", unit.prefix));
    let origin = document::of_origin(unit, C.words());
    doc_comment(p, &[vec![introduction], origin].concat());
    p.lines([String::new(), format!("#include \"{}.h\"", unit.prefix), String::new()]);
    p.line("#include <math.h>");
    p.line("#include <stdbool.h>");
    p.line("#include <stddef.h>");
    for definition in &unit.helpers {
        p.line("");
        write_helper(p, definition);
    }
    write_tools(p, unit);
    for predicate in &unit.predicates {
        p.line("");
        write_predicate(p, unit, predicate);
    }
    for procedure in &unit.procedures {
        p.line("");
        let lines = signature(p, unit, procedure, " {");
        function(p, lines, |p| write_procedure(p, unit, procedure));
        if let Some(batch) = &procedure.batch {
            p.line("");
            let lines = batch_signature(p, unit, procedure, " {");
            function(p, lines, |p| write_batch(p, unit, procedure, batch));
        }
    }
}

fn write_helper(p: &mut Printer<'_>, definition: &Definition) {
    let helper = definition.helper;
    doc_comment(p, &document::of_helper(helper.summary, helper.source));
    let results = definition.body.results.len();
    let mut items: Vec<String> = definition.parameters.iter().map(|n| format!("double {n}")).collect();
    let outs: Vec<String> = (1..=results).map(|k| format!("result_{k}")).collect();
    if results > 1 {
        items.extend(outs.iter().map(|n| format!("double *{n}")));
    }
    let kind = if results > 1 { "static void" } else { "static double" };
    let lines = head(p, kind, &C.helper(helper.name, p.prefix), &items, ") {");
    let flow = flow(&definition.parameters, &definition.body.statements, &definition.body.results, false);
    function(p, lines, |p| {
        p.flow(&flow, &definition.parameters);
        if let [one] = flow.results.as_slice() {
            return write_return(p, one);
        }
        for (name, result) in outs.iter().zip(&flow.results) {
            p.assign(&format!("*{name}"), result);
        }
    });
}

fn write_return(p: &mut Printer<'_>, value: &Term) {
    let value = p.split(value, &|text, _| format!("return {text};"));
    p.line(&format!("return {};", p.term(&value)));
}

fn unpack(p: &mut Printer<'_>, inputs: &[Input]) {
    for input in inputs {
        if let Some(component) = input.component {
            p.line(&format!("double {} = {}[{component}];", input.name, input.parameter));
        }
    }
}

fn write_predicate(p: &mut Printer<'_>, unit: &Unit<'_>, predicate: &Predicate) {
    if predicate.routine.is_none() {
        let text = if predicate.text.is_empty() { "all arguments are finite" } else { &predicate.text };
        doc_comment(p, &[Paragraph::Text(format!("Whether {}.", C.words().comment(text)))]);
    }
    let lines = predicate_signature(p, unit, predicate, " {");
    function(p, lines, |p| {
        unpack(p, &predicate.inputs);
        let names: Vec<String> = predicate.inputs.iter().map(|i| i.name.clone()).collect();
        p.flow(&flow(&names, &predicate.statements, &[], false), &names);
        let parts = conjunction(predicate.holds.clone());
        let single = parts.len() == 1;
        let part = |c: &Condition| {
            let text = p.condition(c);
            if matches!(c, Condition::Or(..)) && !single { format!("({text})") } else { text }
        };
        let parts: Vec<String> = parts.iter().map(part).collect();
        if parts.is_empty() {
            return p.line("return true;");
        }
        let lines = filled(p, "return ", &parts, " &&", ";");
        p.lines(lines);
    });
}

/// Leaves by the statements unless the checks hold.
fn write_checks(p: &mut Printer<'_>, unit: &Unit<'_>, checks: &[Check], leave: &[String]) {
    if checks.is_empty() {
        return;
    }
    let prefix = &unit.prefix;
    let failure = |check: &Check| match check {
        Check::Predicate { name, arguments } => format!("!{prefix}_{name}({})", arguments.join(", ")),
        Check::Finite(q) if q.length.is_some() => {
            format!("!{prefix}_all_finite({}, {})", q.name, q.length.expect("a length"))
        }
        Check::Finite(q) => format!("!isfinite({})", q.name),
    };
    let failures: Vec<String> = checks.iter().map(failure).collect();
    let lines = filled(p, "if (", &failures, " ||", ") {");
    let lines: Vec<String> = lines.iter().flat_map(|line| call_in_lines(p, line)).collect();
    p.lines(lines);
    p.deeper(|p| p.lines(leave));
    p.line("}");
}

/// The statements that leave with NaN in all places.
fn leave(unit: &Unit<'_>, shape: Shape) -> Vec<String> {
    let fill = |place: &str| format!("{}_fill({place}, {}, NAN);", unit.prefix, shape.size());
    match shape {
        Shape::Truth => vec!["return false;".to_owned()],
        Shape::Scalar => vec!["return NAN;".to_owned()],
        Shape::Vector(_) | Shape::Packed(_) => vec![fill("out"), "return;".to_owned()],
        Shape::Matrix(..) => vec![fill("out[0]"), "return;".to_owned()],
    }
}

fn write_procedure(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>) {
    let shape = procedure.routine.result;
    let prefix = &unit.prefix;
    match &procedure.computation {
        Computation::Closed(body) => {
            write_checks(p, unit, &procedure.checks, &leave(unit, shape));
            unpack(p, &procedure.inputs);
            write_body(p, body, &procedure.inputs, shape);
        }
        Computation::Solve(n) => {
            write_checks(p, unit, &procedure.checks, &leave(unit, shape));
            let gradient = procedure.parameters.iter().find(|q| q.role == Role::Gradient);
            let gradient = gradient.map_or("gradient", |q| q.name.as_str());
            decompose(p, procedure, prefix, *n);
            p.line(&format!("for (size_t i = 0; i < {n}; i++) {{"));
            p.deeper(|p| p.line(&format!("out[i] = {gradient}[i];")));
            p.line("}");
            p.line(&format!("{prefix}_solve({n}, f[0], out);"));
        }
        Computation::Invert(n) => {
            decompose(p, procedure, prefix, *n);
            p.line(&format!("{prefix}_invert({n}, f[0], out[0]);"));
        }
        Computation::LogDeterminant(n) => {
            decompose(p, procedure, prefix, *n);
            p.line("double sum = 0.0;");
            p.line(&format!("for (size_t i = 0; i < {n}; i++) {{"));
            p.deeper(|p| p.line("sum += 2.0 * log(f[i][i]);"));
            p.line("}");
            p.line("return sum;");
        }
    }
}

/// The lower factor of F in `f`.
fn decompose(p: &mut Printer<'_>, procedure: &Procedure<'_>, prefix: &str, n: usize) {
    p.line(&format!("double f[{n}][{n}];"));
    p.line(&format!("{prefix}_fisher({}, f);", procedure.place().join(", ")));
    p.line(&format!("{prefix}_cholesky({n}, f[0]);"));
}

fn place(shape: Shape, position: usize) -> String {
    match shape {
        Shape::Matrix(_, columns) => format!("out[{}][{}]", position / columns, position % columns),
        _ => format!("out[{position}]"),
    }
}

fn write_body(p: &mut Printer<'_>, body: &Body, inputs: &[Input], shape: Shape) {
    let names: Vec<String> = inputs.iter().map(|i| i.name.clone()).collect();
    let flow = flow(&names, &body.statements, &body.results, false);
    p.flow(&flow, &names);
    if matches!(shape, Shape::Scalar | Shape::Truth) {
        return write_return(p, &flow.results[0]);
    }
    // Zeros too are written one by one: clearing all and writing some again takes longer.
    for (position, result) in flow.results.iter().enumerate() {
        p.assign(&place(shape, position), result);
    }
}

fn write_batch(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>, batch: &Batch) {
    let shape = procedure.routine.result;
    let x = procedure.parameters.iter().find(|q| q.role == Role::Observation).expect("observations").clone();
    let of_x = |c: &Check| matches!(c, Check::Predicate { arguments, .. } if arguments.contains(&x.name));
    let (each, once): (Vec<Check>, Vec<Check>) = procedure.checks.iter().cloned().partition(of_x);
    let prefix = &unit.prefix;
    let whole = if shape.size() == 1 { "count".to_owned() } else { format!("{} * count", shape.size()) };
    let first = match shape {
        Shape::Truth | Shape::Scalar => "out",
        Shape::Vector(_) | Shape::Packed(_) => "out[0]",
        Shape::Matrix(..) => "out[0][0]",
    };
    let all = [format!("{prefix}_fill({first}, {whole}, NAN);"), "return;".to_owned()];
    write_checks(p, unit, &once, &all);
    let (of_observation, rest): (Vec<Input>, Vec<Input>) =
        batch.inputs.iter().cloned().partition(|i| i.parameter == x.name);
    unpack(p, &rest);
    let names: Vec<String> = batch.inputs.iter().map(|i| i.name.clone()).collect();
    let (before, turn) =
        flow_in_loop(&names, &batch.body.statements, batch.still, &batch.body.results, false);
    p.flow(&Flow { steps: before, ..turn.clone() }, &names);
    p.reserve(&turn.steps);
    p.line("for (size_t i = 0; i < count; i++) {");
    p.deeper(|p| {
        p.line(&match x.length {
            None => format!("double {} = observations[i];", x.name),
            Some(n) => format!("const double *{} = observations + {n} * i;", x.name),
        });
        let row = match shape {
            Shape::Truth | Shape::Scalar => None,
            Shape::Vector(_) | Shape::Packed(_) => Some("out[i]"),
            Shape::Matrix(..) => Some("out[i][0]"),
        };
        let nothing = match row {
            None => "out[i] = NAN;".to_owned(),
            Some(row) => format!("{prefix}_fill({row}, {}, NAN);", shape.size()),
        };
        write_checks(p, unit, &each, &[nothing, "continue;".to_owned()]);
        unpack(p, &of_observation);
        p.steps(&turn.steps);
        for (position, result) in turn.results.iter().enumerate() {
            let place = if row.is_none() {
                "out[i]".to_owned()
            } else {
                place(shape, position).replacen("out", "out[i]", 1)
            };
            p.assign(&place, result);
        }
    });
    p.line("}");
}
