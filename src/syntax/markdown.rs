//! Markdown → its `referee` fences, with every place in the file.
//!
//! A fence inside a list or a quotation has a prefix on each line (`> `, blanks) that is not its own. Such
//! prefixes become blanks in a copy of the fence, byte for byte, so a place in the copy is a
//! place in the file.

use std::ops::Range;

use pulldown_cmark::{CodeBlockKind, Event, Options, Parser, Tag, TagEnd};

use super::derivation::{Document, read_fence, read_plain};
use super::parser::limited;
use crate::text::{Code, Diagnostic, Span};

/// Bytes of one file.
pub const MAX_FILE: usize = 16 << 20;

/// Reads a file or standard input: Markdown when it has a `referee` fence, otherwise plain text.
pub fn read_document(text: &str) -> Document {
    if text.len() > MAX_FILE {
        return too_long(false);
    }
    let fences = fences(text);
    if fences.is_empty() { read_plain(text) } else { read_fences(text, fences) }
}

/// Reads a Markdown file, which may have no `referee` fence at all.
pub fn read_markdown(text: &str) -> Document {
    if text.len() > MAX_FILE {
        return too_long(true);
    }
    read_fences(text, fences(text))
}

fn too_long(is_markdown: bool) -> Document {
    let code = Code::TooLong { what: "text".into(), limit: format!("{} MiB", MAX_FILE >> 20) };
    Document { fences: Vec::new(), is_markdown, diagnostics: vec![Diagnostic::error(code, Span::new(0, 0))] }
}

fn read_fences(text: &str, fences: Vec<FenceText>) -> Document {
    let mut diagnostics = Vec::new();
    let read = |fence: FenceText| {
        let (masked, start) = (fence.masked(text), fence.whole.start);
        read_fence(&masked, start, &mut diagnostics)
    };
    let fences = fences.into_iter().map(read).collect();
    Document { fences, is_markdown: true, diagnostics: limited(diagnostics) }
}

/// A fence: its bytes in the file, and those of its content, line by line.
struct FenceText {
    whole: Range<usize>,
    content: Vec<Range<usize>>,
}

impl FenceText {
    /// The fence with everything but its content and line ends as blanks; no byte moves.
    fn masked(&self, text: &str) -> String {
        let whole = text[self.whole.clone()].bytes();
        let mut masked: Vec<u8> =
            whole.map(|byte| if matches!(byte, b'\n' | b'\r') { byte } else { b' ' }).collect();
        for range in &self.content {
            let (start, end) = (range.start - self.whole.start, range.end - self.whole.start);
            masked[start..end].copy_from_slice(&text.as_bytes()[range.clone()]);
        }
        String::from_utf8(masked).expect("whole characters are copied between blanks")
    }
}

fn fences(text: &str) -> Vec<FenceText> {
    let mut fences = Vec::new();
    if !text.contains("referee") {
        return fences;
    }
    let mut current: Option<FenceText> = None;
    for (event, range) in Parser::new_ext(text, Options::empty()).into_offset_iter() {
        match event {
            Event::Start(Tag::CodeBlock(CodeBlockKind::Fenced(info))) => {
                let is_ours = info.split_whitespace().next() == Some("referee");
                current = is_ours.then(|| FenceText { whole: range, content: Vec::new() });
            }
            Event::Text(_) => {
                if let Some(fence) = &mut current {
                    let within = range.start.max(fence.whole.start)..range.end.min(fence.whole.end);
                    fence.content.extend((within.start < within.end).then_some(within));
                }
            }
            Event::End(TagEnd::CodeBlock) => fences.extend(current.take()),
            _ => {}
        }
    }
    fences
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
