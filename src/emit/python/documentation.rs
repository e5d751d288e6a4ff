//! Documentation strings: NumPy's sections, wrapped.

use super::WORDS;
use crate::emit::Shape;
use crate::emit::document::{self, Paragraph};
use crate::emit::print::Printer;
use crate::emit::unit::{Parameter, Predicate, Procedure, Role, Unit};
use crate::function::helper::Helper;

const WIDTH: usize = 88;

/// What the module holds.
pub(super) fn of_module(printer: &mut Printer<'_>, unit: &Unit<'_>) {
    let calls = "Arguments may be arrays, lists or numbers; what is masked is NaN. The components of a point are along \
                 the last axis of its array; the axes before it are broadcast against those of the other arguments.";
    write(printer, &document::of_file(unit, WORDS, calls), &[]);
}

/// What the tests of a module are.
pub(super) fn of_tests(printer: &mut Printer<'_>, unit: &Unit<'_>, module: &str) {
    let sentences = [
        format!("Tests of ``{module}`` against values from enclosures."),
        "``python -m unittest`` and ``pytest`` find them.".to_owned(),
    ];
    let introduction = sentences.map(Paragraph::Text).to_vec();
    write(printer, &[introduction, document::of_origin(unit, WORDS)].concat(), &[]);
}

/// What a helper computes.
pub(super) fn of_helper(helper: &Helper) -> Vec<String> {
    let paragraphs = document::of_helper(helper.summary, helper.source);
    brief(&paragraphs)
}

/// One sentence.
pub(super) fn short(sentence: &str) -> Vec<String> {
    brief(&[Paragraph::Text(sentence.to_owned())])
}

/// What a condition asks.
pub(super) fn of_predicate(printer: &mut Printer<'_>, unit: &Unit<'_>, predicate: &Predicate) {
    let routine = predicate.routine.map(|at| &unit.bundle.routines[at]);
    let paragraphs = routine.map_or_else(Vec::new, |routine| document::of_routine(unit, WORDS, routine));
    let sections = [parameters(unit, &predicate.parameters), returns(Shape::Truth)];
    write(printer, &paragraphs, &sections);
}

/// What a procedure computes.
pub(super) fn of_procedure(printer: &mut Printer<'_>, unit: &Unit<'_>, procedure: &Procedure<'_>) {
    let paragraphs = document::of_routine(unit, WORDS, procedure.routine);
    let sections = [parameters(unit, &procedure.parameters), returns(procedure.routine.result)];
    write(printer, &paragraphs, &sections);
}

/// A titled part: its entries, each a line and what is said of it.
struct Section {
    title: &'static str,
    entries: Vec<(String, String)>,
}

fn parameters(unit: &Unit<'_>, parameters: &[Parameter]) -> Section {
    let entry = |(at, parameter): (usize, &Parameter)| {
        let shape = parameter.length.map_or("(...)".to_owned(), |length| format!("(..., {length})"));
        let text = document::of_parameter(unit.bundle, WORDS, parameters, at);
        let text = if parameter.role == Role::Observation { format!("Observations: {text}.") } else { text };
        (format!("{} : array_like, shape {shape}", parameter.name), text)
    };
    Section { title: "Parameters", entries: parameters.iter().enumerate().map(entry).collect() }
}

fn returns(shape: Shape) -> Section {
    let (line, text) = match shape {
        Shape::Truth => ("numpy.bool or numpy.ndarray, shape (...)".to_owned(), String::new()),
        Shape::Scalar => ("numpy.float64 or numpy.ndarray, shape (...)".to_owned(), String::new()),
        Shape::Vector(size) => (format!("numpy.ndarray, shape (..., {size})"), String::new()),
        Shape::Matrix(rows, columns) => {
            (format!("numpy.ndarray, shape (..., {rows}, {columns})"), String::new())
        }
        Shape::Packed(_) => {
            let rows = "The lower triangle, row by row: (1, 1), (2, 1), (2, 2), and so on.".to_owned();
            (format!("numpy.ndarray, shape (..., {})", shape.size()), rows)
        }
    };
    Section { title: "Returns", entries: vec![(line, text)] }
}

fn write(printer: &mut Printer<'_>, paragraphs: &[Paragraph], sections: &[Section]) {
    let width = WIDTH - 4 * printer.level;
    let mut lines = wrapped(paragraphs, width);
    for section in sections {
        lines.extend([String::new(), section.title.to_owned(), "-".repeat(section.title.len())]);
        for (line, text) in &section.entries {
            lines.push(line.clone());
            let text = wrapped(&[Paragraph::Text(text.clone())], width - 4);
            lines.extend(text.into_iter().map(|line| format!("    {line}")));
        }
    }
    quote(&mut lines);
    printer.lines(lines);
}

/// The documentation of a function that is not public: on one line with its quotation marks where it fits.
fn brief(paragraphs: &[Paragraph]) -> Vec<String> {
    let mut lines = wrapped(paragraphs, WIDTH - 4 - 6);
    quote(&mut lines);
    lines
}

/// Puts the lines between quotation marks.
fn quote(lines: &mut Vec<String>) {
    if lines.is_empty() {
        lines.push(String::new());
    }
    lines[0].insert_str(0, "\"\"\"");
    match lines.as_mut_slice() {
        [line] if line.chars().count() + 3 <= WIDTH - 4 => line.push_str("\"\"\""),
        _ => lines.push("\"\"\"".into()),
    }
}

/// The paragraphs, safe and wrapped; formulas are indented as literal blocks.
fn wrapped(paragraphs: &[Paragraph], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if at > 0 {
            lines.push(String::new());
        }
        match paragraph {
            Paragraph::Text(text) => {
                let before_formulas = matches!(paragraphs.get(at + 1), Some(Paragraph::Formulas(_)));
                let text = match before_formulas {
                    true => format!("{}::", text.trim_end_matches(['.', ':'])),
                    false => text.clone(),
                };
                lines.extend(document::wrapped(&[Paragraph::Text(text)], width, None));
            }
            Paragraph::Formulas(formulas) => {
                let formulas = document::wrapped(&[Paragraph::Formulas(formulas.clone())], width - 4, None);
                lines.extend(formulas.into_iter().map(|line| format!("    {line}")));
            }
        }
    }
    lines
}
