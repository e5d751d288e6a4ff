//! A file of Markdown → what its `referee` fences and its formulas say, with every place in the file.
//!
//! `$$ F = F^T $$` between two paragraphs is a display; where formulas and code stand is found in `formulas.rs` and
//! `regions.rs`.

use super::comments::direct;
use super::derivation::{Document, read_fence, read_plain};
use super::formulas::{Formula, Structure, structure};
use super::parser::limited;
use super::regions::FenceText;
use super::{Display, Macros, collect_macros, read_display};
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
    Document { is_markdown, diagnostics, ..Document::default() }
}

/// Reads the fences and displays of a text of Markdown.
fn read_structure(text: &str, structure: Structure) -> Document {
    let Structure { formulas, regions, mut diagnostics } = structure;
    let read = |fence: &FenceText| read_fence(&fence.masked(text), fence.whole.start, &mut diagnostics);
    let fences = regions.fences.iter().map(read).collect();
    let (macros, mistakes) = collect_macros(&regions.without_code(text));
    diagnostics.extend(mistakes);
    let (inline, displayed): (Vec<_>, Vec<_>) = formulas.into_iter().partition(|formula| formula.inline);
    let mut displays = Vec::with_capacity(displayed.len());
    for formula in &displayed {
        let (display, mistakes) = directed(text, formula, &macros);
        displays.push(display);
        diagnostics.extend(mistakes);
    }
    Document { fences, displays, inline, macros, is_markdown: true, diagnostics: limited(diagnostics) }
}

/// Reads one formula of a text. What keeps a row from being read stands at the row.
pub fn read_formula(text: &str, formula: &Formula, macros: &Macros) -> Display {
    let (mut display, mistakes) = directed(text, formula, macros);
    if let Some(row) = display.rows.first_mut() {
        row.diagnostics.extend(mistakes);
    }
    display
}

/// Reads one formula; mistakes of the directives in its comments keep no row from being read.
fn directed(text: &str, formula: &Formula, macros: &Macros) -> (Display, Vec<Diagnostic>) {
    let (source, base) = formula.source(text);
    let mut rows = read_display(&source, base, macros);
    let mistakes = direct(&mut rows, &source, base);
    (Display { span: formula.span, inline: formula.inline, rows }, mistakes)
}

#[cfg(test)]
mod tests {
    use super::super::{Directive, Item, ItemKind, Row};
    use super::*;
    use crate::text::{Source, render};

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

    /// The displays of a file: for each row its links, directives and mistakes.
    fn rows(text: &str) -> Vec<Vec<String>> {
        let document = read_markdown(text);
        assert_eq!(document.diagnostics, []);
        let source = Source::new("t", text);
        let row = |row: &Row| {
            let sides = row.first.iter().chain(row.rest.iter().filter_map(|link| link.side.as_ref()));
            let sides: Vec<_> = sides.map(|side| source.slice(side.span)).collect();
            format!("{} {:?} {}", sides.join(" | "), row.directives, row.diagnostics.len())
        };
        document.displays.iter().map(|display| display.rows.iter().map(row).collect()).collect()
    }

    #[test]
    fn displays_are_read_with_every_place_in_the_file() {
        assert_eq!(
            rows("ä $$a = b$$ and\n\n> $$\n> c + 1\n>   = d\n> $$\n"),
            [["a | b [] 0"], ["c + 1 | d [] 0"]]
        );
        assert_eq!(rows("\\begin{align}\na &= b \\\\\n &= c\n\\end{align}"), [["a | b [] 0", "c [] 0"]]);
        let unread = read_markdown("x\n\n$$a = \\frob b$$\n\n$$c = d$$");
        let diagnostics: Vec<_> =
            unread.displays[0].rows[0].diagnostics.iter().map(|d| d.span.start).collect();
        assert_eq!((diagnostics, unread.displays.len()), (vec![9], 2));
    }

    #[test]
    fn comments_in_displays_say_how_rows_are_meant() {
        let text = "$$\\begin{aligned}\na &= b \\\\ % by linearity, log-product; order 2\n &= c \\\\ % expect: refuted, x\n\
             &= 5\\% \\\\ % see above\n &= d % claim\n\\end{aligned}$$";
        let document = read_markdown(text);
        let directives: Vec<_> =
            document.displays[0].rows.iter().map(|row| row.directives.as_slice()).collect();
        assert!(
            matches!(
                directives[..],
                [
                    [Directive::By(rules), Directive::Order(2)],
                    [Directive::Expect(..)],
                    [],
                    [Directive::Kind(ItemKind::Claim)]
                ] if rules.len() == 2
            ),
            "{directives:?}"
        );
        assert!(document.displays[0].rows.iter().all(|row| row.remarks.is_empty()));
        let wrong = read_markdown("$$\na = b % expect: prooved\n$$");
        assert_eq!(
            wrong.diagnostics.iter().map(|d| (d.code.name(), d.span.start)).collect::<Vec<_>>(),
            [("syntax", 19)]
        );
    }

    #[test]
    fn macros_are_collected_outside_of_code() {
        let text = "`\\newcommand{\\b}{wrong}`\n\n$$\\newcommand{\\b}{c}$$\n\n$$a = \\b$$ and $\\b = 1$";
        let document = read_markdown(text);
        assert_eq!(document.diagnostics, []);
        let rows = &document.displays[1].rows;
        assert!(rows.len() == 1 && rows[0].diagnostics.is_empty(), "{rows:?}");
        let inline = read_formula(text, &document.inline[0], &document.macros);
        assert!(inline.inline && inline.rows[0].diagnostics.is_empty(), "{inline:?}");
    }

    #[test]
    fn a_display_that_is_never_closed_leaves_the_rest_to_be_read() {
        let text = "$$\na = b\n\nAnd this is prose:\r\n\r\n$$c = d$$\r\n\n```referee\nclaim a = b\n```";
        let document = read_markdown(text);
        insta::assert_snapshot!(render(&Source::new("article.md", text), &document.diagnostics, false), @r"
        error[latex]: expected `$$` after this, found the end of the paragraph
         --> article.md:1:1
          |
        1 | $$
          | ^^ expected `$$` after this
          |
          = help: a display ends before the next blank line: close it with `$$`
        ");
        assert_eq!((document.displays.len(), document.fences[0].items.len()), (1, 1));
    }
}
