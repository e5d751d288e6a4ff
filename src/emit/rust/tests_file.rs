//! The reference values of a unit as tests for `cargo test` and `rustc --test`.

use super::Rust;
use super::layout::{CALL, doc_comment};
use crate::emit::document::{self, Paragraph};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::{Parameter, Procedure, Role, Unit};
use crate::emit::{Reference, Shape};

const TEST_TOOLS: &str = "
/// A part of the arguments as an array.
fn part<const N: usize>(values: &[f64]) -> &[f64; N] {
    values.first_chunk().expect(\"enough floats\")
}

/// Floats in the order of their size as integers: neighbours are one apart.
fn position(value: f64) -> i128 {
    let bits = i128::from(value.to_bits());
    let sign = 1_i128 << 63;
    if bits >= sign {
        sign - bits
    } else {
        bits
    }
}

/// Each value is the wanted one up to so many units in the last place.
#[track_caller]
fn check(values: &[f64], wanted: &[f64], ulps: f64) {
    assert_eq!(values.len(), wanted.len());
    for (&value, &wanted) in values.iter().zip(wanted) {
        if wanted.is_nan() {
            assert!(value.is_nan(), \"{value:e} where there is no value\");
        } else {
            let apart = (position(value) - position(wanted)).abs() as f64;
            assert!(apart <= ulps, \"{value:e} is {apart} units from {wanted:e}\");
        }
    }
}";

pub(super) fn write_tests(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let introduction = format!(
        "Tests of `{0}.rs` against values from enclosures: `rustc --test {0}_test.rs`; or `cargo test` where both files are \
         in `tests/`, or where `#[cfg(test)] mod {0}_test;` stands beside `mod {0};`.",
        unit.prefix
    );
    let origin = document::of_origin(unit, Rust.words());
    doc_comment(p, "//!", &[vec![Paragraph::Text(introduction)], origin].concat());
    p.line("");
    p.line("// What has no reference value is not called here.");
    p.line("#[allow(dead_code)]");
    p.line(&format!("#[path = \"{}.rs\"]", unit.prefix));
    p.line("mod generated;");
    p.lines(TEST_TOOLS.lines());
    for procedure in &unit.procedures {
        write_test(p, unit, &procedure.routine.name, &procedure.parameters, procedure.routine.result);
        if procedure.batch.is_some() {
            write_batch_test(p, unit, procedure);
        }
    }
    let domain = &unit.predicates[0];
    if let Some(at) = domain.routine {
        write_test(p, unit, &unit.bundle.routines[at].name, &domain.parameters, Shape::Truth);
    }
}

/// The table of reference values of a routine and the test that walks it.
fn write_test(p: &mut Printer<'_>, unit: &Unit<'_>, name: &str, parameters: &[Parameter], shape: Shape) {
    let references: Vec<&Reference> = unit.references(name).collect();
    let Some(first) = references.first() else { return };
    let (inputs, outputs) = (first.inputs.len(), first.outputs.len());
    let table = name.to_uppercase();
    p.line("");
    p.line(&format!(
        "/// Arguments and values of `{name}`, and how many units in the last place they may differ."
    ));
    p.line("#[rustfmt::skip]");
    p.line(&format!("static {table}: &[([f64; {inputs}], [f64; {outputs}], f64)] = &["));
    p.deeper(|p| p.lines(references.iter().map(|r| row(r))));
    p.line("];");
    p.line("");
    p.line("#[test]");
    p.line(&format!("fn {name}_is_accurate() {{"));
    p.deeper(|p| {
        p.line(&format!("for (at, wanted, ulps) in {table} {{"));
        p.deeper(|p| {
            write_call(p, name, &arguments(parameters));
            p.line(&format!("check({}, wanted, *ulps);", flat(shape)));
        });
        p.line("}");
    });
    p.line("}");
}

fn write_call(p: &mut Printer<'_>, name: &str, arguments: &[String]) {
    let inside = arguments.join(", ");
    let line = format!("let result = generated::{name}({inside});");
    if inside.len() <= CALL && p.fits(&line) {
        return p.line(&line);
    }
    p.line(&format!("let result = generated::{name}("));
    p.deeper(|p| p.lines(arguments.iter().map(|a| format!("{a},"))));
    p.line(");");
}

/// The arguments of a call as parts of the flat array `at`.
fn arguments(parameters: &[Parameter]) -> Vec<String> {
    let mut position = 0;
    let mut written = Vec::new();
    for parameter in parameters {
        let size = parameter.length.unwrap_or(1);
        written.push(match parameter.length {
            None => format!("at[{position}]"),
            // A part of a slice as an array.
            Some(_) => format!("part(&at[{position}..{}])", position + size),
        });
        position += size;
    }
    written
}

fn row(reference: &Reference) -> String {
    let list = |values: &[f64]| values.iter().map(|v| literal(*v)).collect::<Vec<_>>().join(", ");
    format!("([{}], [{}], {}),", list(&reference.inputs), list(&reference.outputs), literal(reference.ulps))
}

/// The result as a slice of floats.
fn flat(shape: Shape) -> &'static str {
    match shape {
        Shape::Truth => "&[f64::from(result)]",
        Shape::Scalar => "&[result]",
        Shape::Vector(_) | Shape::Packed(_) => "&result",
        Shape::Matrix(..) => "&result.concat()",
    }
}

/// The same values from the function of many observations.
fn write_batch_test(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>) {
    let name = &procedure.routine.name;
    if unit.references(name).next().is_none() {
        return;
    }
    p.line("");
    p.line("#[test]");
    p.line(&format!("fn {name}_batch_is_accurate() {{"));
    p.deeper(|p| {
        p.line(&format!("for (at, wanted, ulps) in {} {{", name.to_uppercase()));
        p.deeper(|p| {
            let mut arguments = arguments(&procedure.parameters);
            for (parameter, argument) in procedure.parameters.iter().zip(&mut arguments) {
                if parameter.role == Role::Observation {
                    *argument = match parameter.length {
                        None => format!("&[{argument}]"),
                        Some(_) => format!("&[*{argument}]"),
                    };
                }
            }
            arguments.push("&mut results".to_owned());
            let zero = if procedure.routine.result == Shape::Scalar { "0.0" } else { "[0.0; SIZE]" };
            let zero = zero.replace("SIZE", &procedure.routine.result.size().to_string());
            p.line(&format!("let mut results = [{zero}];"));
            p.line(&format!("generated::{name}_batch({});", arguments.join(", ")));
            p.line("let [result] = results;");
            p.line(&format!("check({}, wanted, *ulps);", flat(procedure.routine.result)));
        });
        p.line("}");
    });
    p.line("}");
}

fn literal(value: f64) -> String {
    if value.is_nan() {
        return "f64::NAN".to_owned();
    }
    if value.is_infinite() {
        return if value > 0.0 { "f64::INFINITY" } else { "f64::NEG_INFINITY" }.to_owned();
    }
    let text = Rust.number(&crate::emit::lower::digits(value.abs()));
    if value < 0.0 { format!("-{text}") } else { text }
}
