//! A named text, and the line and column of its bytes.
//!
//! In `"a\r\nμ = 1"` the byte 5 (the blank after `μ`) is line 2, column 2: columns count characters,
//! from 1, and a line ends at `\n`, `\r\n` or a lone `\r`.

use std::ops::Range;

use super::{Code, Diagnostic, Span};

/// A text and the name under which its places are reported.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// A path as the user wrote it, or a word such as `<stdin>`.
    pub name: String,
    /// The whole text.
    pub text: String,
}

/// A place as people count: both from 1, the column in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct LineColumn {
    /// The line.
    pub line: usize,
    /// The character within the line.
    pub column: usize,
}

/// The first byte of every line, found once.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl Source {
    /// A text under a name.
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Source {
        Source { name: name.into(), text: text.into() }
    }

    /// Reads bytes as UTF-8; when they are not, what is readable and a diagnostic at its end.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> (Source, Option<Diagnostic>) {
        match String::from_utf8(bytes) {
            Ok(text) => (Source::new(name, text), None),
            Err(error) => {
                let valid_up_to = error.utf8_error().valid_up_to();
                let text = String::from_utf8_lossy(&error.as_bytes()[..valid_up_to]);
                let span = Span::new(valid_up_to, valid_up_to);
                (Source::new(name, text), Some(Diagnostic::error(Code::NotUtf8 { valid_up_to }, span)))
            }
        }
    }

    /// Line and column of a byte. For many places of one text, build a [`LineIndex`] once.
    pub fn line_column(&self, byte: usize) -> LineColumn {
        LineIndex::new(&self.text).line_column(&self.text, byte)
    }

    /// The text of a span; what lies outside the text or inside a character is left out.
    pub fn slice(&self, span: Span) -> &str {
        let start = character_start(&self.text, span.start as usize);
        &self.text[start..character_start(&self.text, span.end as usize).max(start)]
    }
}

impl LineIndex {
    /// Finds the lines of a text.
    pub fn new(text: &str) -> LineIndex {
        let bytes = text.as_bytes();
        let ends_line = |&at: &usize| match bytes[at] {
            b'\n' => true,
            b'\r' => bytes.get(at + 1) != Some(&b'\n'),
            _ => false,
        };
        let after = (0..bytes.len()).filter(ends_line).map(|at| at + 1);
        LineIndex { starts: std::iter::once(0).chain(after).collect() }
    }

    /// Line and column of a byte of the text the index was built from.
    pub fn line_column(&self, text: &str, byte: usize) -> LineColumn {
        let byte = character_start(text, byte);
        let line = self.line_of(byte);
        let column = text[self.starts[line]..byte].chars().count() + 1;
        LineColumn { line: line + 1, column }
    }

    /// The bytes of the line that holds a byte, without its line ending.
    pub fn line_range(&self, text: &str, byte: usize) -> Range<usize> {
        let line = self.line_of(byte.min(text.len()));
        let start = self.starts[line];
        let end = self.starts.get(line + 1).copied().unwrap_or(text.len());
        start..start + text[start..end].trim_end_matches(['\n', '\r']).len()
    }

    /// The bytes of every line, without line endings.
    pub fn ranges<'a>(&'a self, text: &'a str) -> impl Iterator<Item = Range<usize>> + 'a {
        self.starts.iter().map(|&start| self.line_range(text, start))
    }

    fn line_of(&self, byte: usize) -> usize {
        self.starts.partition_point(|&start| start <= byte) - 1
    }
}

/// The start of the character that holds `byte`, or the end of the text.
pub(super) fn character_start(text: &str, byte: usize) -> usize {
    let byte = byte.min(text.len());
    (0..=byte).rev().find(|&at| text.is_char_boundary(at)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, byte: usize, line: usize, column: usize) {
        assert_eq!(Source::new("t", text).line_column(byte), LineColumn { line, column });
    }

    #[test]
    fn columns_count_characters_and_lines_end_three_ways() {
        check("", 0, 1, 1);
        check("ab\ncd", 4, 2, 2);
        check("ab\r\ncd", 4, 2, 1);
        check("ab\rcd", 3, 2, 1);
        check("μ = σ", 5, 1, 5);
        check("\tx", 1, 1, 2);
        check("x\n", 2, 2, 1);
    }

    #[test]
    fn places_inside_a_character_or_past_the_end_are_moved_back() {
        check("μ", 1, 1, 1);
        check("ab", 99, 1, 3);
        assert_eq!(Source::new("t", "aμb").slice(Span::new(1, 99)), "μb");
        assert_eq!(Source::new("t", "aμb").slice(Span::new(2, 3)), "μ");
    }

    #[test]
    fn bytes_that_are_not_text_are_reported_at_their_place() {
        let (source, none) = Source::from_bytes("t", "μ".into());
        assert_eq!((source.text.as_str(), none), ("μ", None));
        let (source, diagnostic) = Source::from_bytes("t", b"ab\n\xff\xfe".to_vec());
        assert_eq!(source.text, "ab\n");
        let diagnostic = diagnostic.expect("not UTF-8");
        assert_eq!((diagnostic.code.name(), diagnostic.span), ("not-utf8", Span::new(3, 3)));
    }

    #[test]
    fn a_line_leaves_out_its_ending() {
        let text = "one\r\ntwo\n";
        let lines = LineIndex::new(text);
        assert_eq!(&text[lines.line_range(text, 1)], "one");
        assert_eq!(&text[lines.line_range(text, 6)], "two");
        assert_eq!(&text[lines.line_range(text, 9)], "");
    }
}
