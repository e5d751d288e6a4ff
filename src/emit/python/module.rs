//! A unit to the text of a module.

use std::collections::BTreeSet;

use super::layout::Item;
use super::support::{ARRANGED, CHOLESKY, COLUMNS, ELEMENTWISE, FLOATS, MASKED, POLYNOMIAL, SOLVE};
use super::{Python, WORDS, arrays, documentation, function, polynomial};
use crate::emit::names::{PYTHON, Scope};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::{
    Check, Computation, Definition, Input, Parameter, Predicate, Procedure, Role, Unit, unasked,
};
use crate::emit::{Options, Shape, flow};
use crate::function::helper;
use crate::program::{Body, Condition, Statement, Term};

/// The whole module.
pub(super) fn module(unit: &Unit<'_>, options: &Options) -> String {
    let mut printer = Printer::new(&Python, options, &unit.prefix);
    let mut file = File { unit, blocks: Vec::new(), calls: Vec::new() };
    file.write(options);
    documentation::of_module(&mut printer, unit);
    printer.lines(["", "from __future__ import annotations", ""]);
    if file.blocks.iter().any(|block| block.text.contains("@functools.wraps")) {
        printer.lines(["import functools", ""]);
    }
    printer.lines(["import numpy as np", "from numpy.typing import ArrayLike, NDArray"]);
    let is_special = |name: &String| Python.call(name, options).is_some_and(|t| t.starts_with("special"));
    if file.calls.iter().any(is_special) {
        printer.line("from scipy import special");
    }
    printer.line("");
    let names = unit.predicates.iter().filter(|p| p.routine.is_some()).map(|p| p.name.as_str());
    let mut names: Vec<&str> = names.chain(unit.procedures.iter().map(|p| p.routine.name.as_str())).collect();
    names.sort_unstable();
    let names = names.into_iter().map(|name| WORDS.string(name));
    printer.lines(Item::list("__all__ = [", names).lines(0, ""));
    let blocks: String = file.blocks.iter().map(|block| format!("\n\n{}", block.text)).collect();
    printer.finish() + &blocks
}

/// The functions of a module.
struct File<'u> {
    unit: &'u Unit<'u>,
    blocks: Vec<Block>,
    calls: Vec<String>,
}

struct Block {
    text: String,
}

impl File<'_> {
    fn write(&mut self, options: &Options) {
        let unit = self.unit;
        self.text(FLOATS);
        self.text(COLUMNS);
        let shapes = |wanted: fn(Shape) -> bool| {
            unit.procedures.iter().any(|p| closed(p).is_some() && wanted(p.routine.result))
        };
        if shapes(|shape| shape == Shape::Scalar) {
            self.text(MASKED);
        }
        if shapes(|shape| shape != Shape::Scalar) {
            self.text(ARRANGED);
        }
        let has_core = unit.procedures.iter().any(|p| flat(p, options).is_some())
            || unit.predicates.iter().any(|predicate| turns(&predicate.statements));
        if has_core || !unit.helpers.is_empty() {
            self.text(ELEMENTWISE);
        }
        if unit.computes(|c| !matches!(c, Computation::Closed(_))) {
            self.text(CHOLESKY);
        }
        if unit.computes(|c| matches!(c, Computation::Solve(_) | Computation::Invert(_))) {
            self.text(SOLVE);
        }
        let before = self.blocks.len();
        for definition in &unit.helpers {
            self.calls(&definition.body.statements, &definition.body.results);
            self.block(options, |p| helper(p, definition));
        }
        for predicate in &unit.predicates {
            self.calls(&predicate.statements, &[]);
            flow_calls(&predicate.holds, &mut self.calls);
            if turns(&predicate.statements) {
                self.block(options, |p| predicate_values(p, predicate));
            }
            self.block(options, |p| private_predicate(p, predicate));
            if predicate.routine.is_some() {
                self.block(options, |p| public_predicate(p, unit, predicate));
            }
        }
        for procedure in &unit.procedures {
            if let Some((_, body)) = closed(procedure) {
                self.calls(&body.statements, &body.results);
            }
            let flat = flat(procedure, options);
            if let Some(flat) = &flat {
                self.block(options, |p| core(p, procedure, flat));
            }
            self.block(options, |p| public(p, unit, procedure, flat.as_ref()));
        }
        if self.blocks.iter().any(|block| block.text.contains("_polynomial(")) {
            self.blocks.insert(before, Block { text: POLYNOMIAL.trim_start().into() });
        }
    }

    fn text(&mut self, text: &str) {
        self.blocks.push(Block { text: text.trim_start().into() });
    }

    fn block(&mut self, options: &Options, write: impl FnOnce(&mut Printer<'_>)) {
        let mut printer = Printer::new(&Python, options, &self.unit.prefix);
        write(&mut printer);
        self.blocks.push(Block { text: printer.finish() });
    }

    fn calls(&mut self, statements: &[Statement], results: &[Term]) {
        let body = Body { statements: statements.to_vec(), results: results.to_vec() };
        self.calls.extend(body.calls().into_iter().map(str::to_owned));
    }
}

fn flow_calls(condition: &Condition, found: &mut Vec<String>) {
    condition.visit(&mut |term| {
        if let Term::Call(name, _) = term {
            found.push(name.clone());
        }
    });
}

/// The body of a procedure and the inputs it reads: that for many observations where there is one, since it computes what
/// depends on the parameters alone first.
fn closed<'p>(procedure: &'p Procedure<'_>) -> Option<(&'p [Input], &'p Body)> {
    match (&procedure.computation, &procedure.batch) {
        (Computation::Closed(_), Some(batch)) => Some((&batch.inputs, &batch.body)),
        (Computation::Closed(body), None) => Some((&procedure.inputs, body)),
        _ => None,
    }
}

/// The part of a procedure that is a function of flat arrays.
struct Flat {
    /// The names it reads: inputs, and values that were set before.
    parameters: Vec<String>,
    /// So many statements come before.
    still: usize,
    body: Body,
}

/// A body whole where it branches or repeats. Where helpers are given the observation, all that varies with it, so that a large
/// array is gone through once, in blocks that stay in the cache.
fn flat(procedure: &Procedure<'_>, options: &Options) -> Option<Flat> {
    let (inputs, body) = closed(procedure)?;
    let parameters: Vec<String> = inputs.iter().map(|input| input.name.clone()).collect();
    if turns(&body.statements) {
        return Some(Flat { parameters, still: 0, body: body.clone() });
    }
    let still = procedure.batch.as_ref()?.still;
    let statements = body.statements[still..].to_vec();
    let rest = Body { statements, results: body.results.clone() };
    let is_helper = |name: &str| Python.call(name, options).is_none() && helper::helper(name).is_some();
    if !rest.calls().into_iter().any(is_helper) {
        return None;
    }
    let read: Vec<&str> = rest.names_used();
    let before = Body { statements: body.statements[..still].to_vec(), results: Vec::new() };
    let set = before.names_set().into_iter().map(str::to_owned);
    let parameters = parameters.into_iter().chain(set).filter(|name| read.contains(&name.as_str())).collect();
    Some(Flat { parameters, still, body: rest })
}

fn turns(statements: &[Statement]) -> bool {
    statements.iter().any(|s| matches!(s, Statement::If(..) | Statement::While(..)))
}

/// Keeps the names of a body, and of inputs it may not read, from being given to parts of its terms.
fn reserve(printer: &mut Printer<'_>, inputs: &[String], body: &Body) {
    let names = body.names_used().into_iter().chain(body.names_set()).map(str::to_owned);
    let names: Vec<String> = names.chain(inputs.iter().cloned()).collect();
    let nothing = flow::Flow { steps: Vec::new(), results: Vec::new(), changed: BTreeSet::new() };
    printer.flow(&nothing, &names);
}

/// A function of flat arrays.
fn elementwise(
    printer: &mut Printer<'_>,
    name: &str,
    parameters: &[String],
    body: &Body,
    documentation: &[String],
) {
    let mut scope = Scope::new(&PYTHON);
    body.names_used().into_iter().chain(body.names_set()).for_each(|name| scope.reserve(name));
    parameters.iter().for_each(|name| scope.reserve(name));
    reserve(printer, parameters, body);
    let (mut steps, mut results) = arrays::arrays(parameters, body, scope);
    polynomial::in_steps(&mut steps);
    results.iter_mut().for_each(polynomial::in_term);
    if !parameters.is_empty() {
        printer.line("@_elementwise");
    }
    let arguments = parameters.iter().cloned().map(Item::Text);
    printer.lines(Item::group(format!("def {name}("), arguments, ")").lines(0, ":"));
    printer.deeper(|p| {
        p.lines(documentation);
        function::write(p, &steps);
        let is_single = results.len() == 1;
        let line = |text: &str, _: &Printer<'_>| match is_single {
            true => format!("return {text}"),
            false => format!("    {text},"),
        };
        let results: Vec<Term> = results.iter().map(|r| function::parted(p, r, &line)).collect();
        let results: Vec<String> = results.iter().map(|r| p.term(r)).collect();
        match results.as_slice() {
            [one] => p.line(&format!("return {one}")),
            several => {
                let line = format!("return {}", several.join(", "));
                let several = Item::group("return (", several.iter().cloned().map(Item::Text), ")");
                let lines = if p.fits(&line) { vec![line] } else { several.lines(1, "") };
                p.lines(lines);
            }
        }
    });
}

fn helper(printer: &mut Printer<'_>, definition: &Definition) {
    let name = Python.helper(definition.helper.name, "");
    let documentation = documentation::of_helper(definition.helper);
    elementwise(printer, &name, &definition.parameters, &definition.body, &documentation);
}

/// The values of a procedure as a function of flat arrays.
fn core(printer: &mut Printer<'_>, procedure: &Procedure<'_>, flat: &Flat) {
    let documentation = vec![format!("\"\"\"The values of ``{}``.\"\"\"", procedure.routine.name)];
    elementwise(printer, &core_name(procedure), &flat.parameters, &flat.body, &documentation);
}

fn core_name(procedure: &Procedure<'_>) -> String {
    format!("_{}_values", procedure.routine.name)
}

/// What a predicate that branches or repeats computes before it asks.
fn asked_values(predicate: &Predicate) -> Vec<String> {
    let body = Body { statements: predicate.statements.clone(), results: Vec::new() };
    let set = body.names_set();
    let mut names = flow_names(&predicate.holds);
    names.retain(|name| set.iter().any(|known| known == name));
    names
}

/// These values as a function of flat arrays.
fn predicate_values(printer: &mut Printer<'_>, predicate: &Predicate) {
    let parameters: Vec<String> = predicate.inputs.iter().map(|input| input.name.clone()).collect();
    let results = asked_values(predicate).into_iter().map(Term::Name).collect();
    let body = Body { statements: predicate.statements.clone(), results };
    let documentation = vec![format!("\"\"\"What ``_{}`` asks about.\"\"\"", predicate.name)];
    elementwise(printer, &format!("_{}_values", predicate.name), &parameters, &body, &documentation);
}

fn private_predicate(printer: &mut Printer<'_>, predicate: &Predicate) {
    let parameters = predicate.parameters.iter().map(|p| Item::Text(p.name.clone()));
    printer.lines(Item::group(format!("def _{}(", predicate.name), parameters, ")").lines(0, ":"));
    printer.deeper(|p| {
        p.lines(documentation::short(&format!("Whether {}.", WORDS.comment(&predicate.text))));
        unpack(p, &predicate.parameters, &predicate.inputs);
        let inputs: Vec<String> = predicate.inputs.iter().map(|input| input.name.clone()).collect();
        reserve(p, &inputs, &Body { statements: predicate.statements.clone(), results: Vec::new() });
        if turns(&predicate.statements) {
            let call = format!("_{}_values({})", predicate.name, inputs.join(", "));
            p.line(&format!("{} = {call}", asked_values(predicate).join(", ")));
        } else {
            straight(p, &predicate.statements, &flow_names(&predicate.holds));
        }
        conjunction(p, "valid", &conjuncts(&predicate.holds));
        p.line("return valid");
    });
}

fn flow_names(condition: &Condition) -> Vec<String> {
    let mut names = BTreeSet::new();
    flow::condition_reads(condition, &mut names);
    names.into_iter().collect()
}

fn conjuncts(condition: &Condition) -> Vec<&Condition> {
    match condition {
        Condition::And(a, b) => conjuncts(a).into_iter().chain(conjuncts(b)).collect(),
        other => vec![other],
    }
}

/// Sets a name to the conjunction of conditions, a line for as many as fit.
fn conjunction(printer: &mut Printer<'_>, name: &str, parts: &[&Condition]) {
    let mut started = false;
    let mut line: Vec<String> = Vec::new();
    let assign = |started: bool, parts: &[String]| {
        let bracketed = |part: &String| {
            let whole = function::is_call(part) || part.starts_with('~');
            if whole { part.clone() } else { format!("({part})") }
        };
        match parts {
            [one] if !started => format!("{name} = {one}"),
            several => {
                // Not in place: what is asked next may have more places.
                let known = started.then(|| name.to_owned());
                let all: Vec<String> = known.into_iter().chain(several.iter().map(bracketed)).collect();
                format!("{name} = {}", all.join(" & "))
            }
        }
    };
    for part in parts {
        line.push(function::mask(printer, part));
        if line.len() > 1 && !printer.fits(&assign(started, &line)) {
            let last = line.pop().expect("it was pushed");
            printer.line(&assign(started, &line));
            started = true;
            line = vec![last];
        }
    }
    printer.line(&assign(started, &line));
}

fn public_predicate(printer: &mut Printer<'_>, unit: &Unit<'_>, predicate: &Predicate) {
    signature(printer, &predicate.name, &predicate.parameters, "np.bool_ | NDArray[np.bool_]");
    printer.deeper(|p| {
        documentation::of_predicate(p, unit, predicate);
        for parameter in &predicate.parameters {
            p.line(&converted(parameter));
        }
        let names: Vec<&str> = predicate.parameters.iter().map(|p| p.name.as_str()).collect();
        guarded(p, |p| p.line(&format!("return _{}({})", predicate.name, names.join(", "))));
    });
}

fn guarded<'a>(printer: &mut Printer<'a>, write: impl FnOnce(&mut Printer<'a>)) {
    printer.line("with np.errstate(all=\"ignore\"):");
    printer.deeper(write);
}

fn signature(printer: &mut Printer<'_>, name: &str, parameters: &[Parameter], result: &str) {
    let parameters = parameters.iter().map(|p| Item::Text(format!("{}: ArrayLike", p.name)));
    printer.lines(Item::group(format!("def {name}("), parameters, ")").lines(0, &format!(" -> {result}:")));
}

/// An argument as floats, components first.
fn converted(parameter: &Parameter) -> String {
    let name = &parameter.name;
    match parameter.length {
        Some(length) => format!("{name} = _columns({name}, {length})"),
        None => format!("{name} = _floats({name})"),
    }
}

/// Names for the components that are read.
fn unpack(printer: &mut Printer<'_>, parameters: &[Parameter], inputs: &[Input]) {
    for parameter in parameters {
        let Some(length) = parameter.length else { continue };
        let read: Vec<&Input> = inputs.iter().filter(|input| input.parameter == parameter.name).collect();
        if read.is_empty() {
            continue;
        }
        let component = |at: usize| read.iter().find(|input| input.component == Some(at));
        let names: Vec<String> =
            (0..length).map(|at| component(at).map_or("_".into(), |input| input.name.clone())).collect();
        let line = match names.as_slice() {
            [name] => format!("({name},) = {}", parameter.name),
            names => format!("{} = {}", names.join(", "), parameter.name),
        };
        if printer.fits(&line) {
            printer.line(&line);
        } else {
            let rows = read.iter().map(|input| (input, input.component.expect("a component of a vector")));
            rows.for_each(|(input, at)| printer.line(&format!("{} = {}[{at}]", input.name, parameter.name)));
        }
    }
}

/// Statements without branches; results of calls that nobody reads are called `_`.
fn straight(printer: &mut Printer<'_>, statements: &[Statement], later: &[String]) {
    for (at, statement) in statements.iter().enumerate() {
        match statement {
            Statement::Comment(text) => printer.line(&format!("# {}", WORDS.comment(text))),
            Statement::Set(name, value) => function::assign(printer, name, value),
            Statement::SetMany(names, value) => {
                let mut read = BTreeSet::new();
                statements[at + 1..].iter().for_each(|s| flow::reads(s, &mut read));
                let kept =
                    |n: &String| if read.contains(n) || later.contains(n) { n.clone() } else { "_".into() };
                let names: Vec<String> = names.iter().map(kept).collect();
                function::assign(printer, &names.join(", "), value);
            }
            Statement::If(..) | Statement::While(..) => {
                unreachable!("bodies that turn have a function of their own")
            }
        }
    }
}

fn public(printer: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>, flat: Option<&Flat>) {
    let scalar = procedure.routine.result == Shape::Scalar;
    let result = if scalar { "np.float64 | NDArray[np.float64]" } else { "NDArray[np.float64]" };
    signature(printer, &procedure.routine.name, &procedure.parameters, result);
    printer.deeper(|p| {
        documentation::of_procedure(p, unit, procedure);
        match closed(procedure) {
            Some((inputs, body)) => closed_form(p, procedure, inputs, body, flat),
            None => decomposed(p, procedure),
        }
    });
}

fn closed_form(
    printer: &mut Printer<'_>,
    procedure: &Procedure<'_>,
    inputs: &[Input],
    body: &Body,
    flat: Option<&Flat>,
) {
    for parameter in &procedure.parameters {
        printer.line(&converted(parameter));
    }
    guarded(printer, |p| {
        checks(p, &procedure.checks, &procedure.parameters);
        let arguments = procedure.parameters.iter().map(|parameter| parameter.name.clone());
        reserve(p, &arguments.chain(inputs.iter().map(|i| i.name.clone())).collect::<Vec<_>>(), body);
        unpack(p, &procedure.parameters, inputs);
        let results = if let Some(flat) = flat {
            straight(p, &body.statements[..flat.still], &flat.parameters);
            call_core(p, procedure, &flat.parameters)
        } else {
            let mut read = BTreeSet::new();
            body.results.iter().for_each(|r| flow::term_reads(r, &mut read));
            straight(p, &body.statements, &read.into_iter().collect::<Vec<_>>());
            body.results.clone()
        };
        returned(p, procedure.routine.result, &results, inputs);
    });
}

/// `valid`: where the arguments are in their domains, in the shape of all arguments together.
fn checks(printer: &mut Printer<'_>, checks: &[Check], parameters: &[Parameter]) {
    let mut operator = "=";
    for check in checks {
        let text = match check {
            Check::Predicate { name, arguments } => format!("_{name}({})", arguments.join(", ")),
            Check::Finite(parameter) => finite(parameter),
        };
        let text = if operator == "=" { text } else { format!("valid & {text}") };
        printer.line(&format!("valid = {text}"));
        operator = "&=";
    }
    for parameter in unasked(checks, parameters) {
        printer.line(&format!("valid = valid & {}", finite(parameter)));
    }
}

fn finite(Parameter { name, length, .. }: &Parameter) -> String {
    let all = if length.is_some() { ".all(axis=0)" } else { "" };
    format!("np.isfinite({name}){all}")
}

fn call_core(printer: &mut Printer<'_>, procedure: &Procedure<'_>, names: &[String]) -> Vec<Term> {
    let count = procedure.routine.result.size();
    let call = format!("{}({})", core_name(procedure), names.join(", "));
    let is_scalar = procedure.routine.result == Shape::Scalar;
    if is_scalar && printer.fits(&format!("return _masked(valid, {call})")) {
        return vec![Term::Name(call)];
    }
    let arguments = names.iter().cloned().map(Item::Text);
    let head = format!("values = {}(", core_name(procedure));
    let depth = printer.level;
    printer.lines(Item::group(head, arguments, ")").lines(depth, ""));
    if count == 1 {
        return vec![Term::Name("values".to_owned())];
    }
    (0..count).map(|at| Term::Name(format!("values[{at}]"))).collect()
}

/// Returns the results in their shape.
fn returned(printer: &mut Printer<'_>, shape: Shape, results: &[Term], inputs: &[Input]) {
    let dimensions = match shape {
        Shape::Scalar | Shape::Truth => {
            let value = printer.split(&results[0], &|text, _| format!("return _masked(valid, {text})"));
            let value = match &*value {
                // The argument itself would be the caller's own array.
                Term::Name(name) if inputs.iter().any(|input| input.name == *name) => format!("+{name}"),
                _ => printer.term(&value),
            };
            return printer.line(&format!("return _masked(valid, {value})"));
        }
        Shape::Vector(_) | Shape::Packed(_) => format!("({},)", shape.size()),
        Shape::Matrix(rows, columns) => format!("({rows}, {columns})"),
    };
    let values: Vec<_> =
        results.iter().map(|r| printer.split(r, &|text, _| format!("    {text},"))).collect();
    let values = Item::list("values = [", values.iter().map(|value| printer.term(value)));
    let depth = printer.level;
    printer.lines(values.lines(depth, ""));
    printer.line(&format!("return _arranged(valid, {dimensions}, values)"));
}

/// By a Cholesky decomposition of the Fisher information.
fn decomposed(printer: &mut Printer<'_>, procedure: &Procedure<'_>) {
    let points = procedure.parameters.iter().filter(|p| p.role != Role::Gradient).map(|p| p.name.as_str());
    let fisher = format!("fisher({})", points.collect::<Vec<_>>().join(", "));
    printer.line(&format!("factor = _cholesky({fisher})"));
    match &procedure.computation {
        Computation::Solve(size) => {
            let gradient =
                procedure.parameters.iter().find(|p| p.role == Role::Gradient).expect("a gradient");
            let name = &gradient.name;
            printer.line(&format!("{name} = _columns({name}, {size})"));
            printer.line(&format!("{name} = np.where({}, {name}, np.nan)", finite(gradient)));
            printer.line(&format!("{name} = np.moveaxis({name}, 0, -1)"));
            printer.line(&format!("return _solve(factor, {name}[..., None])[..., 0]"));
        }
        Computation::Invert(size) => printer.line(&format!("return _solve(factor, np.eye({size}))")),
        Computation::LogDeterminant(_) => {
            printer.line("diagonal = np.diagonal(factor, axis1=-2, axis2=-1)");
            guarded(printer, |p| p.line("return 2.0 * np.log(diagonal).sum(axis=-1)"));
        }
        Computation::Closed(_) => unreachable!("a closed form needs no decomposition"),
    }
}
