//! A file of Markdown → what its `referee` fences and its formulas say, with every place in the file.
//!
//! `$$ F = F^T $$` between two paragraphs is a display; where formulas and code stand is found in `formulas.rs` and
//! `regions.rs`.

use super::Display;
use super::derivation::{Document, read_fence, read_plain};
use super::formulas::{Formula, Structure, structure};
use super::latex::{Macros, collect_macros, read_display};
use super::parser::limited;
use super::regions::FenceText;
use crate::text::{Code, Diagnostic, Span};

/// Bytes of one file.
pub const MAX_FILE: usize = 16 << 20;

/// Reads a file or standard input: Markdown when it has a `referee` fence, otherwise plain text.
pub fn read_document(text: &str) -> Document {
    if text.len() > MAX_FILE {
        return too_long(false);
    }
    if !text.contains("referee") {
        return read_plain(text);
    }
    let structure = structure(text);
    if structure.regions.fences.is_empty() { read_plain(text) } else { read_structure(text, structure) }
}

/// Reads an article: Markdown, which may have no `referee` fence at all.
pub fn read_markdown(text: &str) -> Document {
    if text.len() > MAX_FILE {
        return too_long(true);
    }
    read_structure(text, structure(text))
}

fn too_long(is_markdown: bool) -> Document {
    let code = Code::TooLong { what: "text".into(), limit: format!("{} MiB", MAX_FILE >> 20) };
    let diagnostics = vec![Diagnostic::error(code, Span::new(0, 0))];
    let macros = Macros::default();
    Document {
        fences: Vec::new(),
        displays: Vec::new(),
        inline: Vec::new(),
        macros,
        is_markdown,
        diagnostics,
    }
}

/// Reads the fences and displays of a text of Markdown.
fn read_structure(text: &str, structure: Structure) -> Document {
    let Structure { formulas, regions, mut diagnostics } = structure;
    let read = |fence: &FenceText| read_fence(&fence.masked(text), fence.whole.start, &mut diagnostics);
    let fences = regions.fences.iter().map(read).collect();
    let (inline, displayed): (Vec<_>, Vec<_>) = formulas.into_iter().partition(|formula| formula.inline);
    let (macros, found) = collect_macros(text);
    diagnostics.extend(found);
    let displays = displayed.iter().map(|formula| read_formula(text, formula, &macros)).collect();
    Document { fences, displays, inline, macros, is_markdown: true, diagnostics: limited(diagnostics) }
}

/// Reads one formula of a text.
pub fn read_formula(text: &str, formula: &Formula, macros: &Macros) -> Display {
    let (source, base) = formula.source(text);
    Display { span: formula.span, inline: formula.inline, rows: read_display(&source, base, macros) }
}

#[cfg(test)]
mod tests {
    use super::super::Item;
    use super::*;
    use crate::text::Source;

    /// The sides of all claims, as they stand at their places in the file.
    #[track_caller]
    fn check(text: &str, expected: &[&str]) {
        let document = read_markdown(text);
        assert_eq!(document.diagnostics, []);
        let source = Source::new("t", text);
        let items = document.fences.iter().flat_map(|fence| &fence.items);
        let sides = items.flat_map(|item| match item {
            Item::Claim(claim) => vec![claim.chain.first.span, claim.chain.rest[0].1.span],
            _ => panic!("{item:?}"),
        });
        assert_eq!(sides.map(|span| source.slice(span)).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn fences_are_read_wherever_they_stand() {
        check("# T\n\n```referee\nclaim a = b\n```\n\nclaim x = y\n", &["a", "b"]);
        check("~~~ referee\nclaim a = μ\n~~~\n```rust\nclaim c = d\n```\n", &["a", "μ"]);
        check("```referee\r\nclaim a = b\r\nclaim c = d\r\n```\r\n", &["a", "b", "c", "d"]);
        check("````referee\nclaim a = b\n```` ", &["a", "b"]);
        check("```referee\nclaim a = b", &["a", "b"]);
        check("```\nclaim a = b\n```", &[]);
    }

    #[test]
    fn prefixes_of_lists_and_quotations_are_not_part_of_a_fence() {
        check("- é item\n\n  ```referee\n  claim a = b\n  claim c\n    = d\n  ```\n", &["a", "b", "c", "d"]);
        check("> q\n> ```referee\n> claim a = f(1,\n>    2)\n> ```\n", &["a", "f(1,\n>    2)"]);
        check("1. > ```referee\n   > claim a = b\n   > ```\n", &["a", "b"]);
        check("-\t```referee\n\tclaim a = b\n\t```\n", &["a", "b"]);
    }

    #[test]
    fn mistakes_are_reported_at_their_place_in_the_file() {
        let text = "ä\n\n> ```referee\n> claim a b = c\n> ```\n\n```referee\nclaim a =\n```\n";
        let document = read_document(text);
        let source = Source::new("t", text);
        let places: Vec<_> = document
            .diagnostics
            .iter()
            .map(|d| {
                let place = source.line_column(d.span.start as usize);
                (place.line, place.column)
            })
            .collect();
        assert_eq!(places, [(4, 11), (8, 10)]);
        assert!(document.is_markdown);
    }

    #[test]
    fn plain_text_is_recognized_and_long_text_refused() {
        assert!(!read_document("family f(m real)\nx real\np(x) = m").is_markdown);
        assert_eq!(read_document(&"x".repeat(MAX_FILE + 1)).diagnostics[0].code.name(), "too-long");
        let line = format!("family f(m real)\nx > {}", "1 + ".repeat(2 << 20));
        assert!(read_document(&line).diagnostics.iter().any(|d| d.code.name() == "too-long"));
    }
}
