//! C99: a header and a source, names that start with the family's, text as clang-format leaves it in LLVM's style.

use super::document::{self, Paragraph};
use super::flow::{Flow, flow, flow_in_loop};
use super::names::{self, Words};
use super::print::Printer;
use super::target::Target;
use super::unit::{
    Batch, Check, Computation, Definition, Input, Parameter, Predicate, Procedure, Role, Unit,
    asks_for_finite, conjunction,
};
use super::{Options, Reference, Shape, SourceFile};
use crate::program::{Body, Condition, Relation, Term};

/// C99 with `math.h`, readable by C++.
pub(super) struct C;

/// So many zeros of a result are not written one by one.
const MANY_ZEROS: usize = 8;

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
        write_header(&mut header, unit);
        let mut source = Printer::new(self, options, &unit.prefix);
        write_source(&mut source, unit);
        vec![
            SourceFile { name: format!("{}.h", unit.prefix), text: header.finish() },
            SourceFile { name: format!("{}.c", unit.prefix), text: source.finish() },
        ]
    }

    fn tests(&self, unit: &Unit<'_>, options: &Options) -> Vec<SourceFile> {
        let mut p = Printer::new(self, options, &unit.prefix);
        write_tests(&mut p, unit);
        vec![SourceFile { name: format!("{}_test.c", unit.prefix), text: p.finish() }]
    }
}

/// Items between an opening and an end, filled into lines that are aligned with the first item.
fn filled(p: &Printer<'_>, open: &str, items: &[String], separator: &str, end: &str) -> Vec<String> {
    let aligned = " ".repeat(open.chars().count());
    let mut lines = vec![open.to_owned()];
    for (position, item) in items.iter().enumerate() {
        let last = position + 1 == items.len();
        let item = format!("{item}{}", if last { end } else { separator });
        let line = lines.last_mut().expect("a line");
        let longer = if line.ends_with('(') || line.trim().is_empty() || position == 0 {
            format!("{line}{item}")
        } else {
            format!("{line} {item}")
        };
        if position == 0 || p.fits(&longer) { *line = longer } else { lines.push(format!("{aligned}{item}")) }
    }
    if items.is_empty() {
        lines[0] += end;
    }
    lines
}

fn doc_comment(p: &mut Printer<'_>, paragraphs: &[Paragraph]) {
    p.line("/**");
    let width = C.width() - 3 - C.indentation().len() * p.level;
    for line in document::wrapped(paragraphs, width, None) {
        p.line(format!(" * {line}").trim_end());
    }
    p.line(" */");
}

/// The head of a function. Where the first parameter does not fit beside the name, the type stands on a line of its own,
/// unless it is very short; then, or where that is not enough, all parameters stand below.
fn head(p: &Printer<'_>, kind: &str, name: &str, items: &[String], end: &str) -> Vec<String> {
    let lines = filled(p, &format!("{kind} {name}("), items, ",", end);
    if p.fits(&lines[0]) {
        return lines;
    }
    let below = filled(p, &format!("{name}("), items, ",", end);
    if kind.len() > 4 && p.fits(&below[0]) {
        return std::iter::once(kind.to_owned()).chain(below).collect();
    }
    std::iter::once(format!("{kind} {name}(")).chain(filled(p, "    ", items, ",", end)).collect()
}

/// A function with one short statement stands on one line, as the formatter puts it.
fn function(p: &mut Printer<'_>, signature: Vec<String>, body: impl FnOnce(&mut Printer<'_>)) {
    let mut inner = Printer::new(p.target, p.options, p.prefix);
    inner.level = 1;
    body(&mut inner);
    let text = inner.finish();
    let lines: Vec<&str> = text.lines().collect();
    if let ([head], [line]) = (signature.as_slice(), lines.as_slice()) {
        let short = format!("{head} {} }}", line.trim());
        if p.fits(&short) {
            return p.line(&short);
        }
    }
    p.lines(signature);
    p.lines(lines);
    p.line("}");
}

fn parameter(q: &Parameter) -> String {
    match q.length {
        None => format!("double {}", q.name),
        Some(n) => format!("const double {}[{n}]", q.name),
    }
}

/// The parameter that takes the result, when it is no single value.
fn out(shape: Shape) -> Option<String> {
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

fn write_header(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let mut paragraphs = document::of_file(unit, C.words());
    paragraphs.push(Paragraph::Text(
        "Vectors and matrices are written to the last argument, matrices row by row.".to_owned(),
    ));
    doc_comment(p, &paragraphs);
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
            doc_comment(p, &document::of_batch(procedure.routine, "the observation"));
            let lines = batch_signature(p, unit, procedure, ";");
            p.lines(lines);
        }
    }
    p.lines(["", "#ifdef __cplusplus", "}", "#endif", ""]);
    p.line(&format!("#endif /* {guard} */"));
}

fn write_source(p: &mut Printer<'_>, unit: &Unit<'_>) {
    p.line(&format!("/* Generated by Referee {}; see {}.h. */", env!("CARGO_PKG_VERSION"), unit.prefix));
    p.lines([String::new(), format!("#include \"{}.h\"", unit.prefix), String::new()]);
    p.line("#include <math.h>");
    p.line("#include <stdbool.h>");
    p.line("#include <stddef.h>");
    let clears =
        |q: &Procedure<'_>| matches!(&q.computation, Computation::Closed(b) if has_many_zeros(&b.results));
    if unit.procedures.iter().any(clears) {
        p.line("#include <string.h>");
    }
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
    let names = procedure.parameters.iter().filter(|q| matches!(q.role, Role::Point | Role::Constant));
    let names: Vec<&str> = names.map(|q| q.name.as_str()).collect();
    p.line(&format!("double f[{n}][{n}];"));
    p.line(&format!("{prefix}_fisher({}, f);", names.join(", ")));
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
    let cleared = has_many_zeros(&flow.results);
    if cleared {
        p.line(&format!("memset(out, 0, {} * sizeof(double));", shape.size()));
    }
    for (position, result) in flow.results.iter().enumerate() {
        if !(cleared && is_zero(result)) {
            p.assign(&place(shape, position), result);
        }
    }
}

/// Are the zeros of a result written all at once?
fn has_many_zeros(results: &[Term]) -> bool {
    results.iter().filter(|r| is_zero(r)).count() >= MANY_ZEROS
}

fn is_zero(term: &Term) -> bool {
    *term == Term::Number("0".to_owned())
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

const FILL: &str = "
/** The same value in all places. */
static void PREFIX_fill(double *values, size_t count, double value) {
  for (size_t i = 0; i < count; i++) {
    values[i] = value;
  }
}";

const ALL_FINITE: &str = "
/** Whether all values are finite. */
static bool PREFIX_all_finite(const double *values, size_t count) {
  for (size_t i = 0; i < count; i++) {
    if (!isfinite(values[i])) {
      return false;
    }
  }
  return true;
}";

const CHOLESKY: &str = "
/**
 * The lower factor L of a symmetric n x n matrix F = L L', in its place; NaN
 * where F is not positive definite.
 */
static void PREFIX_cholesky(size_t n, double *l) {
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j <= i; j++) {
      double sum = l[n * i + j];
      for (size_t k = 0; k < j; k++) {
        sum -= l[n * i + k] * l[n * j + k];
      }
      if (j < i) {
        l[n * i + j] = sum / l[n * j + j];
      } else {
        l[n * i + i] = sum > 0.0 ? sqrt(sum) : NAN;
      }
    }
  }
}";

const SOLVE: &str = "
/** F^-1 v in the place of v, given the lower factor of F. */
static void PREFIX_solve(size_t n, const double *l, double *v) {
  for (size_t i = 0; i < n; i++) {
    for (size_t k = 0; k < i; k++) {
      v[i] -= l[n * i + k] * v[k];
    }
    v[i] /= l[n * i + i];
  }
  for (size_t i = n; i-- > 0;) {
    for (size_t k = i + 1; k < n; k++) {
      v[i] -= l[n * k + i] * v[k];
    }
    v[i] /= l[n * i + i];
  }
}";

const INVERT: &str = "
/** F^-1, given the lower factor of F. */
static void PREFIX_invert(size_t n, const double *l, double *inverse) {
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < n; j++) {
      inverse[n * i + j] = i == j ? 1.0 : 0.0;
    }
    PREFIX_solve(n, l, inverse + n * i);
  }
  for (size_t i = 0; i < n; i++) {
    for (size_t j = 0; j < i; j++) {
      inverse[n * j + i] = inverse[n * i + j];
    }
  }
}";

/// Tools, as far as they are used.
fn write_tools(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let uses = |wanted: fn(&Computation) -> bool| unit.procedures.iter().any(|q| wanted(&q.computation));
    let invert = uses(|c| matches!(c, Computation::Invert(_)));
    let solve = invert || uses(|c| matches!(c, Computation::Solve(_)));
    let cholesky = solve || uses(|c| matches!(c, Computation::LogDeterminant(_)));
    let leaves = |q: &Procedure<'_>| {
        let closed = !matches!(q.computation, Computation::Invert(_) | Computation::LogDeterminant(_));
        closed && !q.checks.is_empty() && (out(q.routine.result).is_some() || q.batch.is_some())
    };
    let fill = unit.procedures.iter().any(leaves);
    let vector = |c: &Check| matches!(c, Check::Finite(q) if q.length.is_some());
    let needs_finite = |q: &Procedure<'_>| {
        !matches!(q.computation, Computation::Invert(_) | Computation::LogDeterminant(_))
            && q.checks.iter().any(vector)
    };
    let all_finite = unit.procedures.iter().any(needs_finite);
    let tools =
        [(fill, FILL), (all_finite, ALL_FINITE), (cholesky, CHOLESKY), (solve, SOLVE), (invert, INVERT)];
    for (used, text) in tools {
        if used {
            text.replace("PREFIX", &unit.prefix).lines().for_each(|line| write_tool_line(p, line));
        }
    }
}

/// A line of a tool; its head is laid out anew, as the prefix may be long.
fn write_tool_line(p: &mut Printer<'_>, line: &str) {
    let parts = line.strip_prefix("static ").and_then(|rest| rest.split_once('('));
    let Some((before, rest)) = parts.filter(|_| !p.fits(line)) else { return p.line(line) };
    let (kind, name) = before.split_once(' ').expect("a type and a name");
    let items: Vec<String> = rest.trim_end_matches(") {").split(", ").map(str::to_owned).collect();
    let lines = head(p, &format!("static {kind}"), name, &items, ") {");
    p.lines(lines);
}

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

fn write_tests(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let prefix = &unit.prefix;
    let introduction = format!(
        "Tests of {prefix}.c against values from enclosures; main returns how many failed, at most 100. \
         cc -std=c99 -O2 {prefix}.c {prefix}_test.c -lm"
    );
    doc_comment(p, &[Paragraph::Text(introduction)]);
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
        C.number(&super::lower::digits(value.abs()))
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
