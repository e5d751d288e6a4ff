//! Markdown → where its formulas stand, displayed and inline.
//!
//! `It costs \$5; let $x = 1$, so $$ x + 1 = 2 $$` has one inline formula and one display. Formulas are found before the
//! structure of the text is: a lone `=` in a display underlines no heading, and no `_` in it begins an emphasis.

use std::borrow::Cow;

use super::regions::{Regions, regions};
use super::scan::scan;
use crate::text::{Diagnostic, Span};

/// How often formulas and code are looked for in turn; texts on which they do not agree by then are made for it.
const ROUNDS: usize = 4;

/// Where a formula stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// With its delimiters.
    pub span: Span,
    /// Without them; a bare `\begin{align}` keeps them.
    pub(super) inner: Span,
    /// `$…$` or `\(…\)`.
    pub inline: bool,
    /// How many marks `>` of quotations stand before each of its lines.
    pub(super) quotes: usize,
    /// Bytes before the content of its first line.
    pub(super) indent: usize,
    /// Its delimiters are those of code as well.
    pub(super) code: bool,
}

impl Formula {
    /// What stands between the delimiters, and its place; marks of quotations are blanks.
    pub fn source<'t>(&self, text: &'t str) -> (Cow<'t, str>, usize) {
        let (start, end) = (self.inner.start as usize, self.inner.end as usize);
        let source = &text[start..end];
        if self.quotes == 0 || !source.contains('\n') {
            return (Cow::Borrowed(source), start);
        }
        let mut masked = String::with_capacity(source.len());
        for (number, line) in source.split_inclusive('\n').enumerate() {
            let prefix = if number == 0 { 0 } else { quotation(line, self.quotes) };
            masked.extend(std::iter::repeat_n(' ', prefix));
            masked.push_str(&line[prefix..]);
        }
        (Cow::Owned(masked), start)
    }
}

/// The bytes of up to `quotes` marks at the start of a line, and blanks between them.
fn quotation(line: &str, quotes: usize) -> usize {
    let (mut end, mut left) = (0, quotes);
    for (at, byte) in line.bytes().enumerate() {
        match byte {
            b'>' if left > 0 => (end, left) = (at + 1, left - 1),
            b' ' | b'\t' => {}
            _ => break,
        }
    }
    end
}

/// What a text of Markdown consists of.
pub(super) struct Structure {
    /// In the order of the text.
    pub(super) formulas: Vec<Formula>,
    pub(super) regions: Regions,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Finds formulas, code and fences. What is a formula depends on what is code, and the other way round: both are
/// looked for in turn until they agree.
pub(super) fn structure(text: &str) -> Structure {
    let mut known = regions(text);
    for _ in 0..ROUNDS {
        let (formulas, diagnostics) = scan(text, &known.regions);
        let found = if formulas.is_empty() { known.clone() } else { regions(&masked(text, &formulas)) };
        if found == known {
            return Structure { formulas, regions: known, diagnostics };
        }
        known = found;
    }
    let (formulas, diagnostics) = scan(text, &known.regions);
    Structure { formulas, regions: known, diagnostics }
}

/// The text with a letter for every byte of a formula; the indentation of the formula is kept.
fn masked(text: &str, formulas: &[Formula]) -> String {
    let mut masked = text.as_bytes().to_vec();
    for formula in formulas.iter().filter(|formula| !formula.code) {
        let (mut column, mut margin) = (usize::MAX, true);
        for byte in &mut masked[formula.span.start as usize..formula.span.end as usize] {
            margin &= column < formula.indent && matches!(byte, b' ' | b'\t' | b'>');
            match byte {
                b'\n' => (column, margin) = (0, true),
                b'\r' => {}
                _ if margin => column += 1,
                _ => *byte = b'x',
            }
        }
    }
    String::from_utf8(masked).expect("letters stand for all bytes of whole formulas")
}
