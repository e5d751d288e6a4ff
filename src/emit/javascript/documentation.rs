//! Documentation comments: paragraphs and the tags of JSDoc.

use super::JavaScript;
use crate::emit::Shape;
use crate::emit::document::{self, Paragraph};
use crate::emit::names::JAVASCRIPT;
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::{Parameter, Role, Unit};

/// A documentation comment: paragraphs, then tags.
pub(super) fn comment(p: &mut Printer<'_>, paragraphs: &[Paragraph], tags: &[String]) {
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
    let parameter = &parameters[at];
    let kind = if parameter.length.is_some() { "ArrayLike<number>" } else { "number" };
    let text = document::of_parameter(unit.bundle, &JAVASCRIPT, parameters, at);
    match parameter.role {
        Role::Observation if batch => format!("@param {{Iterable<{kind}>}} observations - Each: {text}."),
        Role::Observation => format!("@param {{{kind}}} {} - The observation: {text}.", parameter.name),
        _ => format!("@param {{{kind}}} {} - {text}", parameter.name),
    }
}

pub(super) fn tags(unit: &Unit<'_>, parameters: &[Parameter], shape: Shape, batch: bool) -> Vec<String> {
    let mut tags: Vec<String> =
        (0..parameters.len()).map(|at| parameter_tag(unit, parameters, at, batch)).collect();
    let (kind, text) = match shape {
        Shape::Truth => ("boolean", String::new()),
        Shape::Scalar => ("number", String::new()),
        Shape::Vector(_) | Shape::Packed(_) => ("number[]", format!(" {}.", counted(shape.size(), "number"))),
        Shape::Matrix(rows, columns) => {
            ("number[][]", format!(" {} of {}.", counted(rows, "row"), counted(columns, "number")))
        }
    };
    tags.push(match batch {
        true => format!("@returns {{{kind}[]}} For each observation."),
        false => format!("@returns {{{kind}}}{text}"),
    });
    tags
}

fn counted(count: usize, what: &str) -> String {
    format!("{count} {what}{}", if count == 1 { "" } else { "s" })
}
