//! Lists, arrays, comments and signatures as rustfmt lays them out.

use super::Rust;
use crate::emit::Shape;
use crate::emit::document::{self, Paragraph};
use crate::emit::print::Printer;
use crate::emit::target::Target;
use crate::emit::unit::Parameter;
use crate::program::Term;

/// Columns that rustfmt gives to the arguments of a call, and to the elements of an array.
pub(super) const CALL: usize = 60;
const ARRAY: usize = 60;

/// Names and literals that are so short are filled into lines, as elements of an array.
const SHORT: usize = 10;

/// The longest list of arguments of a call on the line.
pub(super) fn longest_arguments(line: &str) -> usize {
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

pub(super) fn doc_comment(p: &mut Printer<'_>, mark: &str, paragraphs: &[Paragraph]) {
    let width = Rust.width() - mark.len() - 1;
    let escaped = |paragraph: &Paragraph| match paragraph {
        Paragraph::Text(text) => Paragraph::Text(without_links(text)),
        Paragraph::Formulas(_) => paragraph.clone(),
    };
    let paragraphs: Vec<Paragraph> = paragraphs.iter().map(escaped).collect();
    for line in document::wrapped(&paragraphs, width, Some(["```text", "```"])) {
        p.line(format!("{mark} {line}").trim_end());
    }
}

/// Brackets outside of code are no links in Markdown, and `<b>` is no tag.
fn without_links(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    let mut letters = text.chars().peekable();
    let mut is_code = false;
    while let Some(c) = letters.next() {
        is_code ^= c == '`';
        let is_tag = c == '<' && letters.peek().is_some_and(|next| !" =".contains(*next));
        if !is_code && ("[]".contains(c) || is_tag) {
            escaped.push('\\');
        }
        escaped.push(c);
    }
    escaped
}

/// The type of a parameter.
pub(super) fn parameter(p: &Parameter) -> String {
    match p.length {
        None => format!("{}: f64", p.name),
        Some(n) => format!("{}: &[f64; {n}]", p.name),
    }
}

pub(super) fn signature(p: &mut Printer<'_>, start: &str, parameters: &[String], result: &str) {
    let arrow = if result.is_empty() { String::new() } else { format!(" -> {result}") };
    let line = format!("{start}({}){arrow} {{", parameters.join(", "));
    if line.len() <= Rust.width() {
        return p.line(&line);
    }
    p.line(&format!("{start}("));
    p.deeper(|p| p.lines(parameters.iter().map(|q| format!("{q},"))));
    p.line(&format!("){arrow} {{"));
}

/// An array that the formatter leaves alone, between what stands before and after it.
pub(super) fn array(p: &mut Printer<'_>, before: &str, elements: &[String], after: &str) {
    let inside = elements.join(", ");
    let line = format!("{before}[{inside}]{after}");
    // One element may fill the line.
    if (inside.len() <= ARRAY || elements.len() == 1) && p.fits(&line) {
        return p.line(&line);
    }
    p.line(&format!("{before}["));
    p.deeper(|p| {
        if elements.iter().any(|e| e.len() > SHORT || e.contains([' ', '('])) {
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
pub(super) fn write_result(p: &mut Printer<'_>, shape: Shape, results: &[Term], before: &str, after: &str) {
    let element = |text: &str, _: &Printer<'_>| format!("        {text},");
    let parts: Vec<_> = results.iter().map(|r| p.split(r, &element)).collect();
    let texts: Vec<String> = parts.iter().map(|r| p.term(r)).collect();
    match shape {
        Shape::Truth | Shape::Scalar => p.line(&format!("{before}{}{after}", texts[0])),
        Shape::Vector(_) | Shape::Packed(_) => array(p, before, &texts, after),
        Shape::Matrix(_, columns) => {
            let rows: Vec<&[String]> = texts.chunks(columns).collect();
            let inside = rows.iter().map(|r| format!("[{}]", r.join(", "))).collect::<Vec<_>>().join(", ");
            let line = format!("{before}[{inside}]{after}");
            // A single entry may be as long as a line.
            if (inside.len() <= ARRAY || texts.len() == 1) && p.fits(&line) {
                return p.line(&line);
            }
            p.line(&format!("{before}["));
            p.deeper(|p| rows.iter().for_each(|row| array(p, "", row, ",")));
            p.line(&format!("]{after}"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::without_links;

    #[test]
    fn brackets_of_formulas_are_no_links_and_tags() {
        assert_eq!(without_links("E[T], `E[T]`, theta = [a]"), "E\\[T\\], `E[T]`, theta = \\[a\\]");
        assert_eq!(without_links("0 < x <= a, a<b>, `<b>`"), "0 < x <= a, a\\<b>, `<b>`");
    }
}
