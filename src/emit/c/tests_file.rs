//! The reference values of a unit as a program that counts failures.

use super::C;
use super::layout::{doc_comment, filled};
use super::module::out;
use crate::emit::document::{self, Paragraph};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::{Parameter, Procedure, Role, Unit};
use crate::emit::{Reference, Shape};

const TEST_TOOLS: &str = "
/** Floats in the order of their size as integers: neighbours are one apart. */
static int64_t position(double value) {
  int64_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits < 0 ? INT64_MIN - bits : bits;
}

/** How many floats lie between two. */
static double apart(double a, double b) {
  int64_t i = position(a);
  int64_t j = position(b);
  /* Of different signs: the difference itself could overflow. */
  if ((i < 0) != (j < 0)) {
    return fabs((double)i) + fabs((double)j);
  }
  return (double)(i < j ? j - i : i - j);
}

/** How many values differ from the wanted ones by more than so many units. */
static int wrong(const char *name, size_t count, const double *values,
                 const double *wanted, double ulps) {
  int failures = 0;
  for (size_t i = 0; i < count; i++) {
    bool equal = isnan(wanted[i]) ? isnan(values[i])
                                  : apart(values[i], wanted[i]) <= ulps;
    if (!equal) {
      fprintf(stderr, \"%s: %.17g instead of %.17g\\n\", name, values[i],
              wanted[i]);
      failures++;
    }
  }
  return failures;
}";

pub(super) fn write_tests(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let prefix = &unit.prefix;
    let introduction = format!(
        "Tests of {prefix}.c against values from enclosures; main returns how many failed, at most 100. \
         cc -std=c99 -O2 {prefix}.c {prefix}_test.c -lm"
    );
    let origin = document::of_origin(unit, C.words());
    doc_comment(p, &[vec![Paragraph::Text(introduction)], origin].concat());
    p.lines([String::new(), format!("#include \"{prefix}.h\""), String::new()]);
    p.lines(["math", "stdbool", "stddef", "stdint", "stdio", "string"].map(|h| format!("#include <{h}.h>")));
    p.lines(TEST_TOOLS.lines());
    let mut tested = Vec::new();
    for procedure in &unit.procedures {
        let (name, shape) = (&procedure.routine.name, procedure.routine.result);
        if unit.references(name).next().is_some() {
            write_table(p, unit, name);
            write_test(p, unit, name, &procedure.parameters, shape);
            tested.push(format!("{name}_failures()"));
            if procedure.batch.is_some() {
                write_batch_test(p, unit, procedure);
                tested.push(format!("{name}_batch_failures()"));
            }
        }
    }
    let domain = &unit.predicates[0];
    if domain.routine.is_some() && unit.references(&domain.name).next().is_some() {
        write_table(p, unit, &domain.name);
        write_test(p, unit, &domain.name, &domain.parameters, Shape::Truth);
        tested.push(format!("{}_failures()", domain.name));
    }
    p.lines(["", "int main(void) {"]);
    p.deeper(|p| {
        p.line("int failures = 0;");
        p.lines(tested.iter().map(|call| format!("failures += {call};")));
        let said = format!("printf(\"{} functions, %d wrong values\\n\", failures);", tested.len());
        p.line(&said);
        p.line("return failures < 100 ? failures : 100;");
    });
    p.line("}");
}

/// Arguments, values, allowance: one row for each reference.
fn write_table(p: &mut Printer<'_>, unit: &Unit<'_>, name: &str) {
    let references: Vec<&Reference> = unit.references(name).collect();
    let (inputs, outputs) = (references[0].inputs.len(), references[0].outputs.len());
    p.lines(["", "/* clang-format off */"]);
    p.line("static const struct {");
    p.deeper(|p| {
        p.line(&format!("double at[{inputs}];"));
        p.line(&format!("double wanted[{outputs}];"));
        p.line("double ulps;");
    });
    p.line(&format!("}} {name}_table[] = {{"));
    let list = |values: &[f64]| values.iter().map(|v| literal(*v)).collect::<Vec<_>>().join(", ");
    p.deeper(|p| {
        p.lines(
            references.iter().map(|r| {
                format!("{{{{{}}}, {{{}}}, {}}},", list(&r.inputs), list(&r.outputs), literal(r.ulps))
            }),
        );
    });
    p.lines(["};", "/* clang-format on */"]);
}

fn literal(value: f64) -> String {
    if value.is_nan() {
        return "NAN".to_owned();
    }
    let size = if value.is_infinite() {
        "INFINITY".to_owned()
    } else {
        C.number(&crate::emit::lower::digits(value.abs()))
    };
    if value.is_sign_negative() { format!("-{size}") } else { size }
}

/// The arguments of a call as parts of the flat array `at`.
fn arguments(parameters: &[Parameter]) -> Vec<String> {
    let mut position = 0;
    let mut written = Vec::new();
    for parameter in parameters {
        written.push(match (parameter.length, position) {
            (None, _) => format!("at[{position}]"),
            (Some(_), 0) => "at".to_owned(),
            (Some(_), _) => format!("at + {position}"),
        });
        position += parameter.length.unwrap_or(1);
    }
    written
}

fn write_test(p: &mut Printer<'_>, unit: &Unit<'_>, name: &str, parameters: &[Parameter], shape: Shape) {
    let size = shape.size();
    let mut arguments = arguments(parameters);
    let call = format!("{}_{name}(", unit.prefix);
    write_test_loop(p, unit, &format!("{name}_failures"), name, size, |p| match shape {
        Shape::Truth | Shape::Scalar => {
            p.line("double out[1];");
            let end = if shape == Shape::Truth { ") ? 1.0 : 0.0;" } else { ");" };
            let lines = filled(p, &format!("out[0] = {call}"), &arguments, ",", end);
            p.lines(lines);
            "out"
        }
        Shape::Vector(_) | Shape::Packed(_) | Shape::Matrix(..) => {
            p.line(&format!("{};", out(shape).expect("an array")));
            arguments.push("out".to_owned());
            let lines = filled(p, &call, &arguments, ",", ");");
            p.lines(lines);
            if matches!(shape, Shape::Matrix(..)) { "out[0]" } else { "out" }
        }
    });
}

fn write_test_loop(
    p: &mut Printer<'_>,
    unit: &Unit<'_>,
    function: &str,
    name: &str,
    size: usize,
    call: impl FnOnce(&mut Printer<'_>) -> &'static str,
) {
    let rows = unit.references(name).count();
    p.line("");
    p.line(&format!("static int {function}(void) {{"));
    p.deeper(|p| {
        p.line(&format!("const char *name = \"{name}\";"));
        p.line("int failures = 0;");
        p.line(&format!("for (size_t row = 0; row < {rows}; row++) {{"));
        p.deeper(|p| {
            p.line(&format!("const double *at = {name}_table[row].at;"));
            p.line(&format!("const double *wanted = {name}_table[row].wanted;"));
            p.line(&format!("double ulps = {name}_table[row].ulps;"));
            let result = call(p);
            p.line(&format!("failures += wrong(name, {size}, {result}, wanted, ulps);"));
        });
        p.line("}");
        p.line("return failures;");
    });
    p.line("}");
}

/// The same values from the function of many observations.
fn write_batch_test(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>) {
    let (name, shape) = (&procedure.routine.name, procedure.routine.result);
    let mut parts = arguments(&procedure.parameters);
    for (parameter, part) in procedure.parameters.iter().zip(&mut parts) {
        if parameter.role == Role::Observation && parameter.length.is_none() {
            *part =
                if part == "at[0]" { "at".to_owned() } else { part.replace("at[", "at + ").replace(']', "") };
        }
    }
    parts.insert(0, "1".to_owned());
    parts.push("out".to_owned());
    let call = format!("{}_{name}_batch(", unit.prefix);
    write_test_loop(p, unit, &format!("{name}_batch_failures"), name, shape.size(), |p| {
        let (declared, flat) = match shape {
            Shape::Truth | Shape::Scalar => ("double out[1];".to_owned(), "out"),
            Shape::Vector(_) | Shape::Packed(_) => (format!("double out[1][{}];", shape.size()), "out[0]"),
            Shape::Matrix(rows, columns) => (format!("double out[1][{rows}][{columns}];"), "out[0][0]"),
        };
        p.line(&declared);
        let lines = filled(p, &call, &parts, ",", ");");
        p.lines(lines);
        flat
    });
}
