//! A unit to the text of a module.

use std::collections::BTreeSet;

use super::JavaScript;
use super::layout::Item;
use crate::emit::document::{self, Paragraph};
use crate::emit::flow::{Flow, flow, flow_in_loop, reads, sets};
use crate::emit::names::{JAVASCRIPT, Scope};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::{
    Batch, Check, Computation, Definition, Input, Parameter, Predicate, Procedure, Role, Unit, conjunction,
    unasked,
};
use crate::emit::{Options, Quantity, Shape};
use crate::program::{Body, Condition, Statement, Term};

/// The body with names of their own for the results of calls that have several, where these have a value before or get
/// another one.
fn unshared(body: &Body) -> Body {
    let mut scope = Scope::new(&JAVASCRIPT);
    body.names_used().into_iter().chain(body.names_set()).for_each(|name| scope.reserve(name));
    Body {
        statements: unshared_statements(&body.statements, body, &mut scope),
        results: body.results.clone(),
    }
}

fn unshared_statements(statements: &[Statement], body: &Body, scope: &mut Scope) -> Vec<Statement> {
    let mut done = Vec::with_capacity(statements.len());
    for (at, statement) in statements.iter().enumerate() {
        match statement {
            Statement::SetMany(names, call) => {
                let mut copies = Vec::new();
                let mut own = |name: &String| {
                    if times_set(&body.statements, name) == 1 {
                        return name.clone();
                    }
                    let own = scope.identifier(name);
                    if !is_overwritten(&statements[at + 1..], name) {
                        copies.push(Statement::Set(name.clone(), Term::Name(own.clone())));
                    }
                    own
                };
                done.push(Statement::SetMany(names.iter().map(&mut own).collect(), call.clone()));
                done.extend(copies);
            }
            Statement::If(condition, first, second) => {
                let [first, second] = [first, second].map(|s| unshared_statements(s, body, scope));
                done.push(Statement::If(condition.clone(), first, second));
            }
            Statement::While(condition, inner) => {
                done.push(Statement::While(condition.clone(), unshared_statements(inner, body, scope)));
            }
            Statement::Comment(_) | Statement::Set(..) => done.push(statement.clone()),
        }
    }
    done
}

/// Whether the name gets another value before its own is read.
fn is_overwritten(later: &[Statement], name: &str) -> bool {
    for statement in later {
        let (mut read, mut set) = (BTreeSet::new(), BTreeSet::new());
        reads(statement, &mut read);
        sets(statement, &mut set);
        if read.contains(name) || set.contains(name) {
            return !read.contains(name) && matches!(statement, Statement::Set(..) | Statement::SetMany(..));
        }
    }
    false
}

fn times_set(statements: &[Statement], name: &str) -> usize {
    let mut count = 0;
    statements.iter().for_each(|s| s.visit_set(&mut |set| count += usize::from(set == name)));
    count
}

/// The whole module.
pub(super) fn module(unit: &Unit<'_>, options: &Options) -> String {
    let mut p = Printer::new(&JavaScript, options, &unit.prefix);
    let tags = [format!("@module {}", unit.prefix)];
    comment(&mut p, &document::of_file(unit, &JAVASCRIPT), &tags);
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
    p.finish()
}

/// A documentation comment: paragraphs, then tags.
fn comment(p: &mut Printer<'_>, paragraphs: &[Paragraph], tags: &[String]) {
    let width = JavaScript.width() - 3;
    let mut lines: Vec<String> = Vec::new();
    for paragraph in paragraphs {
        if !lines.is_empty() {
            lines.push(String::new());
        }
        // Formulas are indented as code.
        let (indentation, width) = match paragraph {
            Paragraph::Text(_) => ("", width),
            Paragraph::Formulas(_) => ("    ", width - 4),
        };
        let wrapped = document::wrapped(std::slice::from_ref(paragraph), width, None);
        lines.extend(wrapped.into_iter().map(|line| format!("{indentation}{line}")));
    }
    if !tags.is_empty() {
        lines.push(String::new());
    }
    for tag in tags {
        let wrapped = document::wrapped(&[Paragraph::Text(tag.clone())], width - 2, None);
        let indented = wrapped.into_iter().enumerate();
        lines.extend(indented.map(|(at, line)| if at == 0 { line } else { format!("  {line}") }));
    }
    p.line("/**");
    p.lines(lines.iter().map(|line| format!(" * {line}").trim_end().to_owned()));
    p.line(" */");
}

/// `@param` of a parameter.
fn parameter_tag(unit: &Unit<'_>, parameters: &[Parameter], at: usize, batch: bool) -> String {
    let bundle = unit.bundle;
    let said = |quantities: &[Quantity]| {
        let each =
            quantities.iter().map(|q| if q.domain.is_empty() { q.name.clone() } else { q.domain.clone() });
        JAVASCRIPT.comment(&each.collect::<Vec<_>>().join(", "))
    };
    let parameter = &parameters[at];
    let kind = if parameter.length.is_some() { "ArrayLike<number>" } else { "number" };
    let text = match parameter.role {
        Role::Observation if batch => {
            return format!(
                "@param {{Iterable<{kind}>}} observations - Each: {}.",
                said(&bundle.observation)
            );
        }
        Role::Observation => format!("The observation: {}.", said(&bundle.observation)),
        Role::Gradient => "Derivatives by the parameters.".to_owned(),
        Role::Constant => {
            let before = parameters[..at].iter().filter(|p| p.role == Role::Constant).count();
            format!("Known: {}.", said(&bundle.constants[before..=before]))
        }
        Role::Point if parameter.name.starts_with("theta") => {
            format!("Parameters: {}.", said(&bundle.parameters))
        }
        Role::Point => "Coordinates of the same density.".to_owned(),
    };
    format!("@param {{{kind}}} {} - {text}", parameter.name)
}

fn tags(unit: &Unit<'_>, parameters: &[Parameter], shape: Shape, batch: bool) -> Vec<String> {
    let mut tags: Vec<String> =
        (0..parameters.len()).map(|at| parameter_tag(unit, parameters, at, batch)).collect();
    let (kind, text) = match shape {
        Shape::Truth => ("boolean", String::new()),
        Shape::Scalar => ("number", String::new()),
        Shape::Vector(size) => ("number[]", format!(" {size} numbers.")),
        Shape::Matrix(rows, columns) => ("number[][]", format!(" {rows} rows of {columns} numbers.")),
        Shape::Packed(_) => ("number[]", format!(" {} numbers.", shape.size())),
    };
    tags.push(match batch {
        true => format!("@returns {{{kind}[]}} For each observation."),
        false => format!("@returns {{{kind}}}{text}"),
    });
    tags
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
        unpack(p, &predicate.parameters, &predicate.inputs);
        let names: Vec<String> = predicate.inputs.iter().map(|input| input.name.clone()).collect();
        p.flow(&flow(&names, &predicate.statements, &[], false), &names);
        write_conjunction(p, &conjunction(predicate.holds.clone()));
    });
    p.line("}");
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
        Shape::Vector(_) | Shape::Packed(_) => format!("new Array({}).fill(NaN)", shape.size()),
        Shape::Matrix(rows, columns) => {
            format!("Array.from({{ length: {rows} }}, () => new Array({columns}).fill(NaN))")
        }
    }
}

/// The checks of a procedure; what none of them looks at must be finite.
fn all_checks(procedure: &Procedure<'_>) -> Vec<Check> {
    let rest = unasked(&procedure.checks, &procedure.parameters).cloned().map(Check::Finite);
    procedure.checks.iter().cloned().chain(rest).collect()
}

/// Leaves by the statements unless the checks hold.
fn write_checks(p: &mut Printer<'_>, checks: &[Check], leave: &[String]) {
    let failure = |check: &Check| match check {
        Check::Predicate { name, arguments } => format!("!{name}({})", arguments.join(", ")),
        Check::Finite(Parameter { name, length: Some(_), .. }) => {
            format!("!Array.from({name}).every(Number.isFinite)")
        }
        Check::Finite(Parameter { name, .. }) => format!("!Number.isFinite({name})"),
    };
    let failures: Vec<String> = checks.iter().map(failure).collect();
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
    let parts: Vec<Term> = results.iter().map(|result| p.split(result, &element)).collect();
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
    let names = procedure.parameters.iter().filter(|q| matches!(q.role, Role::Point | Role::Constant));
    format!("fisher({})", names.map(|q| q.name.as_str()).collect::<Vec<_>>().join(", "))
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
        write_checks(p, &once, &[format!("return Array.from(observations, () => {nothing});")]);
        let rest: Vec<Parameter> = procedure.parameters.iter().filter(|q| !is_x(q)).cloned().collect();
        unpack(p, &rest, &batch.inputs);
        let names: Vec<String> = batch.inputs.iter().map(|input| input.name.clone()).collect();
        let (before, turn) =
            flow_in_loop(&names, &batch.body.statements, batch.still, &batch.body.results, false);
        p.flow(&Flow { steps: before, ..turn.clone() }, &names);
        p.reserve(&turn.steps);
        p.line("const results = [];");
        p.line(&format!("for (const {} of observations) {{", x.name));
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

const CHOLESKY: &str = "
/**
 * The lower factor of a symmetric matrix; NaN where it is not positive
 * definite.
 *
 * @param {number[][]} matrix
 * @returns {number[][]}
 */
function cholesky(matrix) {
  const factor = matrix.map((row) => new Array(row.length).fill(0));
  for (let i = 0; i < matrix.length; i += 1) {
    for (let j = 0; j <= i; j += 1) {
      let rest = matrix[i][j];
      for (let k = 0; k < j; k += 1) {
        rest -= factor[i][k] * factor[j][k];
      }
      if (j < i) {
        factor[i][j] = rest / factor[j][j];
      } else {
        factor[i][i] = rest > 0 ? Math.sqrt(rest) : NaN;
      }
    }
  }
  return factor;
}";

const SOLVE: &str = "
/**
 * The solution of F x = right, given the lower factor of F.
 *
 * @param {number[][]} factor
 * @param {ArrayLike<number>} right
 * @returns {number[]}
 */
function solve(factor, right) {
  const solution = Array.from(right);
  const size = factor.length;
  for (let i = 0; i < size; i += 1) {
    for (let k = 0; k < i; k += 1) {
      solution[i] -= factor[i][k] * solution[k];
    }
    solution[i] /= factor[i][i];
  }
  for (let i = size - 1; i >= 0; i -= 1) {
    for (let k = i + 1; k < size; k += 1) {
      solution[i] -= factor[k][i] * solution[k];
    }
    solution[i] /= factor[i][i];
  }
  return solution;
}";

const INVERT: &str = "
/**
 * The inverse of F, given its lower factor.
 *
 * @param {number[][]} factor
 * @returns {number[][]}
 */
function invert(factor) {
  return factor.map((_, i) => {
    const unit = factor.map((_, j) => (i === j ? 1 : 0));
    return solve(factor, unit);
  });
}";

/// The decomposition, as far as it is used.
fn write_decomposition(p: &mut Printer<'_>, unit: &Unit<'_>) {
    let uses = |wanted: fn(&Computation) -> bool| unit.procedures.iter().any(|q| wanted(&q.computation));
    let invert = uses(|c| matches!(c, Computation::Invert(_)));
    let solve = invert || uses(|c| matches!(c, Computation::Solve(_)));
    let cholesky = solve || uses(|c| matches!(c, Computation::LogDeterminant(_)));
    for (used, text) in [(cholesky, CHOLESKY), (solve, SOLVE), (invert, INVERT)] {
        if used {
            p.lines(text.lines());
        }
    }
}
