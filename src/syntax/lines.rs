//! Lines of a derivation as they are meant: a formula may go on over several lines of the file.
//!
//! ```text
//! log p(x) = alpha*log(beta) - lgamma(alpha)     # goes on: the next line starts with an operator
//!          + (alpha - 1)*log(x) - beta*x
//! ```
//! A line goes on while a bracket is open, behind an operator, comma or colon, before a line that starts
//! with an operator, `where`, `by`, `order`, `source` or `expect:`. A keyword at the start of a line ends whatever was
//! open, so a forgotten bracket spoils one formula and not the file.

use std::ops::Range;

use super::parser::Parser;
use crate::text::{Diagnostic, LineIndex, Span};

/// Words that begin a line, and nothing else.
#[rustfmt::skip]
pub(super) const KEYWORDS: &[&str] = &[
    "family", "coordinates", "let", "claim", "assume", "log",
    "dimension", "vector", "matrix", "scalar", "density", "function", "write", "small", "scale", "gradient", "inline", "at",
];

/// One line as it is meant, and its place.
#[derive(Clone, Copy)]
pub(super) struct Line<'t> {
    pub(super) text: &'t str,
    pub(super) base: usize,
}

impl<'t> Line<'t> {
    pub(super) fn span(&self) -> Span {
        Span::new(self.base, self.base + self.text.len())
    }

    /// What follows the first `length` bytes.
    pub(super) fn after(&self, length: usize) -> Line<'t> {
        let rest = self.text[length..].trim_start();
        Line { text: rest, base: self.base + self.text.len() - rest.len() }
    }

    pub(super) fn before(&self, length: usize) -> Line<'t> {
        Line { text: &self.text[..length], base: self.base }
    }

    /// Reads a line with a parser; `None` when there is any mistake.
    pub(super) fn read(
        &self,
        diagnostics: &mut Vec<Diagnostic>,
        read: impl FnOnce(&mut Parser),
    ) -> Option<()> {
        let mut parser = Parser::new(self.text, self.base);
        read(&mut parser);
        let clean = parser.is_clean();
        diagnostics.extend(parser.into_diagnostics());
        clean.then_some(())
    }

    /// Its first character, as a message names it.
    pub(super) fn found(&self) -> String {
        match self.text.chars().next() {
            Some(character) => format!("`{character}`"),
            None => "the end".into(),
        }
    }

    /// A name that may hold hyphens, such as `negative-binomial`, and what follows it.
    pub(super) fn hyphenated(&self) -> Option<((String, Span), Line<'t>)> {
        let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        let end = self.text.find(|c| !is_part(c)).unwrap_or(self.text.len());
        let name = self.text[..end].trim_end_matches('-');
        let starts = name.starts_with(char::is_alphabetic);
        starts.then(|| ((name.to_string(), self.before(name.len()).span()), self.after(name.len())))
    }
}

/// The bytes of every line that says anything, comments at its ends not included.
pub(super) fn logical_lines(text: &str) -> Vec<Range<usize>> {
    let mut lines: Vec<Range<usize>> = Vec::new();
    let mut open = Scan::default();
    let mut blank_before = false;
    for range in LineIndex::new(text).ranges(text) {
        let line = &text[range.clone()];
        let code = line.trim_start();
        if code.is_empty() {
            blank_before = true;
            continue;
        }
        if code.starts_with('#') {
            continue;
        }
        let start = range.end - code.len();
        let goes_on = !lines.is_empty() && open.goes_on(code, blank_before);
        if !goes_on {
            let word = first_word(code);
            let has_equation = word != "family" && KEYWORDS.contains(&word);
            open = Scan { is_header: word == "family", has_equation, ..Scan::default() };
        }
        let end = start + open.read(code);
        match lines.last_mut() {
            Some(last) if goes_on => last.end = end,
            _ => lines.push(start..end),
        }
        blank_before = false;
    }
    lines
}

/// The letters, digits and underscores at the start.
pub(super) fn first_word(text: &str) -> &str {
    &text[..text.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(text.len())]
}

/// Where a comment begins, or the end: quoted text may hold a `#`.
pub(super) fn code_end(line: &str) -> usize {
    let mut quoted = false;
    for (at, character) in line.char_indices() {
        match character {
            '"' => quoted = !quoted,
            '\n' => quoted = false,
            '#' if !quoted => return at,
            _ => {}
        }
    }
    line.len()
}

/// Whether a line starts with a keyword: the word, and another name after it.
fn starts_with_keyword(code: &str) -> bool {
    let word = first_word(code);
    let rest = &code[word.len()..];
    let next = rest.trim_start();
    match word {
        "at" => next.starts_with('"'),
        "inline" => next.is_empty() || next.starts_with('#') || next.starts_with(char::is_alphabetic),
        _ => KEYWORDS.contains(&word) && next.len() < rest.len() && next.starts_with(char::is_alphabetic),
    }
}

/// What is known of a line that may go on.
#[derive(Default)]
struct Scan {
    depth: usize,
    last: Option<char>,
    /// It has a `=`, or its keyword asks for one.
    has_equation: bool,
    is_header: bool,
    is_closed: bool,
}

impl Scan {
    /// Reads one line of the file; returns the end of its code, without comment and blanks.
    fn read(&mut self, code: &str) -> usize {
        let end = code[..code_end(code)].trim_end().len();
        let (mut quoted, mut before) = (false, ' ');
        for (at, character) in code[..end].char_indices() {
            let starts_word = !before.is_alphanumeric();
            match character {
                '"' => quoted = !quoted,
                _ if quoted => {}
                'e' if starts_word && code[at..].starts_with("expect:") => {
                    self.is_closed = true;
                    break;
                }
                '(' | '[' | '{' => self.depth += 1,
                ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
                '=' if !matches!(before, '<' | '>' | '!') => self.has_equation = true,
                _ => {}
            }
            before = character;
        }
        self.last = code[..end].chars().last();
        end
    }

    /// Whether the line that was read goes on with this one.
    fn goes_on(&self, next: &str, blank_between: bool) -> bool {
        if self.is_closed || starts_with_keyword(next) {
            return false;
        }
        if self.depth > 0 {
            return true;
        }
        if blank_between || self.is_header {
            return false;
        }
        // `-pi <= x < pi` after `0 < r` is a sample space of its own: only an equation, or a line that will
        // have one, goes on with a sign.
        let continued = self.has_equation && (starts_with_operator(next) || starts_with_clause(next));
        continued || self.last.is_some_and(ends_open)
    }
}

fn starts_with_operator(next: &str) -> bool {
    next.starts_with(|c| "+-−*·×/÷^=<>≤≥≠≈∝,)]}".contains(c))
        || next.starts_with("~~")
        || next.starts_with("!=")
}

fn starts_with_clause(next: &str) -> bool {
    let word = first_word(next);
    let rest = next[word.len()..].trim_start();
    match word {
        "source" => rest.starts_with('"'),
        "expect" => rest.starts_with(':'),
        "where" => rest.len() < next.len() - word.len(),
        "by" => rest.len() < next.len() - word.len() && rest.starts_with(char::is_alphabetic),
        "order" => rest.len() < next.len() - word.len() && rest.starts_with(|c: char| c.is_ascii_digit()),
        _ => false,
    }
}

fn ends_open(last: char) -> bool {
    "+-−*·×/÷^=<>≤≥≠≈∝~,:;".contains(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let lines: Vec<_> = logical_lines(text).into_iter().map(|range| &text[range]).collect();
        assert_eq!(lines, expected);
    }

    #[test]
    fn formulas_go_on_while_something_is_open() {
        check("let a = f(1,\n  2)\nx > 0", &["let a = f(1,\n  2)", "x > 0"]);
        check("let a = b +\n c", &["let a = b +\n c"]);
        check("let a = b # why\n # more\n  - c\r\nx > 0", &["let a = b # why\n # more\n  - c", "x > 0"]);
        check(
            "claim a = b\n  source \"x # (\"\n  expect: open\nlet c = 1",
            &["claim a = b\n  source \"x # (\"\n  expect: open", "let c = 1"],
        );
    }

    #[test]
    fn a_keyword_ends_what_was_left_open() {
        check("let a = (b\nlet c = 1", &["let a = (b", "let c = 1"]);
        check("let a = (b\nlog p(x) = 1", &["let a = (b", "log p(x) = 1"]);
        check("let a = (b\nlog(c))", &["let a = (b\nlog(c))"]);
        check("claim a = b expect: open (\nx", &["claim a = b expect: open (", "x"]);
    }

    #[test]
    fn a_sample_space_may_start_with_a_sign() {
        check("family f(m real)\n-pi <= x < pi", &["family f(m real)", "-pi <= x < pi"]);
        check("0 < r\n-pi <= x < pi", &["0 < r", "-pi <= x < pi"]);
        check("p(x) = 1\n\n-pi <= x", &["p(x) = 1", "-pi <= x"]);
        check("x1 > 0,\nx2 > 0", &["x1 > 0,\nx2 > 0"]);
        check("", &[]);
        check("# only\n\n", &[]);
    }
}
