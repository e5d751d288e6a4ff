//! Lists, comments and heads of functions as clang-format lays them out.

use super::C;
use crate::emit::document::{self, Paragraph};
use crate::emit::print::Printer;
use crate::emit::target::Target;

/// Items between an opening and an end, filled into lines that are aligned with the first item.
pub(super) fn filled(
    p: &Printer<'_>,
    open: &str,
    items: &[String],
    separator: &str,
    end: &str,
) -> Vec<String> {
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

/// A line that holds one call: where it is too long, the arguments are filled into lines of their own.
pub(super) fn call_in_lines(p: &Printer<'_>, line: &str) -> Vec<String> {
    let call = line.rsplit_once('(').filter(|_| !p.fits(line));
    let Some((before, arguments, end)) =
        call.and_then(|(before, rest)| rest.split_once(')').map(|(arguments, end)| (before, arguments, end)))
    else {
        return vec![line.to_owned()];
    };
    let arguments: Vec<String> = arguments.split(", ").map(str::to_owned).collect();
    filled(p, &format!("{before}("), &arguments, ",", &format!("){end}"))
}

pub(super) fn doc_comment(p: &mut Printer<'_>, paragraphs: &[Paragraph]) {
    p.line("/**");
    let width = C.width() - 3 - C.indentation().len() * p.level;
    for line in document::wrapped(paragraphs, width, None) {
        p.line(format!(" * {line}").trim_end());
    }
    p.line(" */");
}

/// The head of a function. Where the first parameter does not fit beside the name, the type stands on a line of its own,
/// unless it is very short; then, or where that is not enough, all parameters stand below.
pub(super) fn head(p: &Printer<'_>, kind: &str, name: &str, items: &[String], end: &str) -> Vec<String> {
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
pub(super) fn function(p: &mut Printer<'_>, signature: Vec<String>, body: impl FnOnce(&mut Printer<'_>)) {
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
