//! Rust: `[f64; P]` in and out, no dependencies, text as rustfmt leaves it.

use super::document::{self, Paragraph};
use super::flow::{Block, Flow, Step, flow, flow_in_loop};
use super::names::{self, Words};
use super::print::Printer;
use super::target::Target;
use super::unit::{
    Batch, Check, Computation, Definition, Input, Parameter, Predicate, Procedure, Role, Unit,
    asks_for_finite,
};
use super::{Options, Reference, Shape, SourceFile};
use crate::program::{Body, Condition, Relation, Term};

/// Rust, edition 2021 and later.
pub(super) struct Rust;

/// Columns that rustfmt gives to the arguments of a call, to the elements of an array, and to `if … else …` on one line.
const CALL: usize = 60;
const ARRAY: usize = 60;
const BRANCH: usize = 50;

/// Elements of an array that are so short are filled into lines.
const SHORT: usize = 10;

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

    fn words(&self) -> &'static Words {
        &names::RUST
    }

    fn own_names(&self) -> &'static [&'static str] {
        &["value", "cholesky", "solve", "invert"]
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
        let documentation = document::of_file(unit, Rust.words());
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
                write_batch(&mut p, unit, procedure, batch);
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
        write_tests(&mut p, unit);
        vec![SourceFile { name: format!("{}_test.rs", unit.prefix), text: p.finish() }]
    }
}

/// The longest list of arguments of a call on the line.
fn longest_arguments(line: &str) -> usize {
    let bytes = line.as_bytes();
    let (mut longest, mut open) = (0, Vec::new());
    for (at, byte) in bytes.iter().enumerate() {
        match byte {
            b'(' => open.push(at),
            b')' => {
                let Some(start) = open.pop() else { continue };
                let call =
                    start > 0 && (bytes[start - 1].is_ascii_alphanumeric() || bytes[start - 1] == b'_');
                if call {
                    longest = longest.max(at - start - 1);
                }
            }
            _ => {}
        }
    }
    longest
}

/// `not (a < b)`, true for NaN.
fn negated(printer: &Printer<'_>, relation: Relation, a: &Term, b: &Term) -> Option<String> {
    let opposite = match relation {
        Relation::Less => Relation::GreaterOrEqual,
        Relation::LessOrEqual => Relation::Greater,
        Relation::Greater => Relation::LessOrEqual,
        Relation::GreaterOrEqual => Relation::Less,
        Relation::Equal => {
            return Some(
                Rust.comparison(printer, Relation::NotEqual, a, b)
                    .unwrap_or_else(|| printer.comparison(Relation::NotEqual, a, b)),
            );
        }
        Relation::NotEqual => {
            return Some(
                Rust.comparison(printer, Relation::Equal, a, b)
                    .unwrap_or_else(|| printer.comparison(Relation::Equal, a, b)),
            );
        }
    };
    if let Some(finite) = Rust.comparison(printer, relation, a, b) {
        return Some(format!("!{finite}"));
    }
    let mut text = printer.comparison(opposite, a, b);
    for side in [a, b] {
        if !matches!(side, Term::Number(_) | Term::Negative(_)) {
            text += &format!(" || {}.is_nan()", printer.atom(side));
        }
    }
    Some(text)
}

/// `a <= x and x < b` as a range.
fn range(printer: &Printer<'_>, first: &Condition, second: &Condition) -> Option<String> {
    let (Condition::Compare(one, a, b), Condition::Compare(other, c, d)) = (first, second) else {
        return None;
    };
    let upper = |r: &Relation| match r {
        Relation::Less => Some(".."),
        Relation::LessOrEqual => Some("..="),
        _ => None,
    };
    let (x, from) = match one {
        Relation::GreaterOrEqual => (a, b),
        Relation::LessOrEqual => (b, a),
        _ => return None,
    };
    let (sign, to) = (upper(other)?, (c == x).then_some(d)?);
    Some(format!("({}{sign}{}).contains(&{})", printer.atom(from), printer.atom(to), printer.atom(x)))
}

/// `before if … { value } else { value } after`.
fn valued_branch(
    p: &mut Printer<'_>,
    before: &str,
    after: &str,
    condition: &Condition,
    [then, otherwise]: [&Block; 2],
) {
    let test = p.condition(condition);
    if then.steps.is_empty() && otherwise.steps.is_empty() {
        let line = format!(
            "if {test} {{ {} }} else {{ {} }}",
            values(p, &then.values),
            values(p, &otherwise.values)
        );
        if line.len() <= BRANCH && p.fits(&format!("{before}{line}{after}")) {
            return p.line(&format!("{before}{line}{after}"));
        }
    }
    p.line(&format!("{before}if {test} {{"));
    p.deeper(|p| block(p, then));
    let mut block_otherwise = otherwise;
    while let Block { steps, values } = block_otherwise
        && values.is_empty()
        && let [Step::If { condition, branches: [then, otherwise], .. }] = steps.as_slice()
    {
        let test = p.condition(condition);
        p.line(&format!("}} else if {test} {{"));
        p.deeper(|p| block(p, then));
        block_otherwise = otherwise;
    }
    p.line("} else {");
    p.deeper(|p| block(p, block_otherwise));
    p.line(&format!("}}{after}"));
}

/// The steps and the value of a block.
fn block(p: &mut Printer<'_>, block: &Block) {
    tail(p, &block.steps, &block.values);
}

/// Steps, then a value: of the last branch, when there are no values.
fn tail(p: &mut Printer<'_>, steps: &[Step], results: &[Term]) {
    match steps.split_last() {
        Some((Step::If { condition, branches: [then, otherwise], .. }, before)) if results.is_empty() => {
            p.steps(before);
            valued_branch(p, "", "", condition, [then, otherwise]);
        }
        _ => {
            p.steps(steps);
            let parts: Vec<Term> = results.iter().map(|r| p.split(r, &|text, _| text.to_owned())).collect();
            let text = values(p, &parts);
            if p.fits(&text) || parts.len() < 2 {
                return p.line(&text);
            }
            p.line("(");
            let lines: Vec<String> = parts.iter().map(|r| format!("{},", p.term(r))).collect();
            p.deeper(|p| p.lines(lines));
            p.line(")");
        }
    }
}

fn values(p: &Printer<'_>, results: &[Term]) -> String {
    match results {
        [one] => p.term(one),
        several => format!("({})", several.iter().map(|r| p.term(r)).collect::<Vec<_>>().join(", ")),
    }
}

fn doc_comment(p: &mut Printer<'_>, mark: &str, paragraphs: &[Paragraph]) {
    let width = Rust.width() - mark.len() - 1;
    for line in document::wrapped(paragraphs, width, Some(["```text", "```"])) {
        p.line(format!("{mark} {line}").trim_end());
    }
}

/// The type of a parameter.
fn parameter(p: &Parameter) -> String {
    match p.length {
        None => format!("{}: f64", p.name),
        Some(n) => format!("{}: &[f64; {n}]", p.name),
    }
}

fn signature(p: &mut Printer<'_>, start: &str, parameters: &[String], result: &str) {
    let arrow = if result.is_empty() { String::new() } else { format!(" -> {result}") };
    let line = format!("{start}({}){arrow} {{", parameters.join(", "));
    if line.len() <= Rust.width() {
        return p.line(&line);
    }
    p.line(&format!("{start}("));
    p.deeper(|p| p.lines(parameters.iter().map(|q| format!("{q},"))));
    p.line(&format!("){arrow} {{"));
}

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

/// An array that the formatter leaves alone, between what stands before and after it.
fn array(p: &mut Printer<'_>, before: &str, elements: &[String], after: &str) {
    let inside = elements.join(", ");
    let line = format!("{before}[{inside}]{after}");
    // One element may fill the line.
    if (inside.len() <= ARRAY || elements.len() == 1) && p.fits(&line) {
        return p.line(&line);
    }
    p.line(&format!("{before}["));
    p.deeper(|p| {
        if elements.iter().any(|e| e.len() > SHORT) {
            return p.lines(elements.iter().map(|e| format!("{e},")));
        }
        let mut line = String::new();
        for element in elements {
            if !line.is_empty() && !p.fits(&format!("{line} {element},")) {
                p.line(&std::mem::take(&mut line));
            }
            line += &format!("{}{element},", if line.is_empty() { "" } else { " " });
        }
        p.line(&line);
    });
    p.line(&format!("]{after}"));
}

/// The result in its shape.
fn write_result(p: &mut Printer<'_>, shape: Shape, results: &[Term], before: &str, after: &str) {
    let element = |text: &str, _: &Printer<'_>| format!("        {text},");
    let parts: Vec<Term> = results.iter().map(|r| p.split(r, &element)).collect();
    let texts: Vec<String> = parts.iter().map(|r| p.term(r)).collect();
    match shape {
        Shape::Truth | Shape::Scalar => p.line(&format!("{before}{}{after}", texts[0])),
        Shape::Vector(_) | Shape::Packed(_) => array(p, before, &texts, after),
        Shape::Matrix(_, columns) => {
            let rows: Vec<&[String]> = texts.chunks(columns).collect();
            let inside = rows.iter().map(|r| format!("[{}]", r.join(", "))).collect::<Vec<_>>().join(", ");
            let line = format!("{before}[{inside}]{after}");
            if inside.len() <= ARRAY && p.fits(&line) {
                return p.line(&line);
            }
            p.line(&format!("{before}["));
            p.deeper(|p| rows.iter().for_each(|row| array(p, "", row, ",")));
            p.line(&format!("]{after}"));
        }
    }
}

fn write_predicate(p: &mut Printer<'_>, unit: &Unit<'_>, predicate: &Predicate) {
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
            super::unit::conjunction(predicate.holds.clone()).iter().map(|c| conjunct(p, c)).collect();
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

fn write_procedure(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>) {
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
    let names = procedure.parameters.iter().filter(|q| matches!(q.role, Role::Point | Role::Constant));
    format!("fisher({})", names.map(|q| q.name.as_str()).collect::<Vec<_>>().join(", "))
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

fn write_batch(p: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>, batch: &Batch) {
    let routine = procedure.routine;
    let is_x = |q: &&Parameter| q.role == Role::Observation;
    let x = procedure.parameters.iter().find(is_x).expect("a batch has observations").clone();
    doc_comment(p, "///", &document::of_batch(routine, &x.name));
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
    let _ = unit;
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

fn write_helper(p: &mut Printer<'_>, definition: &Definition) {
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

const CHOLESKY: &str = "
/// The lower factor L of a symmetric matrix F = L Lᵀ; NaN below where F is not positive definite.
fn cholesky<const P: usize>(f: &[[f64; P]; P]) -> [[f64; P]; P] {
    let mut l = *f;
    for i in 0..P {
        for j in 0..=i {
            let mut sum = l[i][j];
            for k in 0..j {
                sum -= l[i][k] * l[j][k];
            }
            l[i][j] = if j < i {
                sum / l[j][j]
            } else if sum > 0.0 {
                SQRT
            } else {
                f64::NAN
            };
        }
    }
    l
}";

const SOLVE: &str = "
/// F⁻¹g, given the lower factor of F.
fn solve<const P: usize>(l: &[[f64; P]; P], g: &[f64; P]) -> [f64; P] {
    let mut v = *g;
    for i in 0..P {
        for k in 0..i {
            v[i] -= l[i][k] * v[k];
        }
        v[i] /= l[i][i];
    }
    for i in (0..P).rev() {
        for k in i + 1..P {
            v[i] -= l[k][i] * v[k];
        }
        v[i] /= l[i][i];
    }
    v
}";

const INVERT: &str = "
/// F⁻¹, given the lower factor of F.
fn invert<const P: usize>(l: &[[f64; P]; P]) -> [[f64; P]; P] {
    let mut inverse = [[0.0; P]; P];
    for (i, row) in inverse.iter_mut().enumerate() {
        let mut unit = [0.0; P];
        unit[i] = 1.0;
        *row = solve(l, &unit);
    }
    for i in 0..P {
        for j in 0..i {
            inverse[j][i] = inverse[i][j];
        }
    }
    inverse
}";

/// The decomposition, as far as it is used.
fn write_decomposition(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let uses = |wanted: fn(&Computation) -> bool| unit.procedures.iter().any(|q| wanted(&q.computation));
    let invert = uses(|c| matches!(c, Computation::Invert(_)));
    let solve = invert || uses(|c| matches!(c, Computation::Solve(_)));
    let cholesky = solve || uses(|c| matches!(c, Computation::LogDeterminant(_)));
    let root = p.call("sqrt", &[Term::Name("sum".to_owned())]);
    for (used, text) in [(cholesky, CHOLESKY), (solve, SOLVE), (invert, INVERT)] {
        if used {
            p.lines(text.replace("SQRT", &root).lines());
        }
    }
}

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

fn write_tests(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let introduction = format!(
        "Tests of `{0}.rs` against values from enclosures: `rustc --test {0}_test.rs`, or as a file in `tests/`.",
        unit.prefix
    );
    doc_comment(p, "//!", &[Paragraph::Text(introduction)]);
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
    let text = Rust.number(&super::lower::digits(value.abs()));
    if value < 0.0 { format!("-{text}") } else { text }
}
