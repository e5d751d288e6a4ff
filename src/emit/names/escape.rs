//! Text from the input in comments and strings of generated code: what would end them, or be read as something else, is
//! broken up or written as an escape.
//!
//! ```text
//! C comment:   a */ b \   ↦  a * / b (U+005C)          JavaScript string:  </script>  ↦  "\x3c/script\x3e"
//! ```

use super::Words;

/// What the comments of a language do not bear.
#[derive(Debug)]
pub struct Comments {
    /// Letters that are replaced.
    pub replaced: &'static [(char, &'static str)],
    /// Pairs of letters between which a blank is put.
    pub parted: &'static [(char, char)],
}

/// How a letter is written in a string when it cannot stand there.
#[derive(Clone, Copy, Debug)]
pub enum Strings {
    /// `\u{3c}`.
    Rust,
    /// `\074`, three octal digits for each byte.
    C,
    /// `\x3c`, `\u03bb`, `\U0001f600`.
    Python,
    /// `\x3c`, `\u03bb`, `\u{1f600}`.
    JavaScript,
}

impl Words {
    /// One line of text for a comment or for documentation set as code.
    pub fn comment(&self, text: &str) -> String {
        let mut safe = String::with_capacity(text.len());
        for c in visible(text).chars() {
            match self.comments.replaced.iter().find(|row| row.0 == c) {
                Some(row) => row.1.chars().for_each(|c| self.push(&mut safe, c)),
                None => self.push(&mut safe, c),
            }
        }
        safe
    }

    fn push(&self, safe: &mut String, c: char) {
        let parted = safe.chars().next_back().is_some_and(|last| self.comments.parted.contains(&(last, c)));
        if parted {
            safe.push(' ');
        }
        safe.push(c);
    }

    /// The text as a literal, quotes included. It is no format: print it as `%s` or `{}`.
    pub fn string(&self, text: &str) -> String {
        let mut literal = String::from("\"");
        for c in text.chars() {
            if c.is_ascii_alphanumeric() || " _.,:;()[]|+-*/^=~".contains(c) {
                literal.push(c);
            } else {
                self.strings.escape(c, &mut literal);
            }
        }
        literal + "\""
    }
}

impl Strings {
    fn escape(self, c: char, literal: &mut String) {
        let code = c as u32;
        let escaped = match self {
            Strings::Rust => format!("\\u{{{code:x}}}"),
            Strings::C => c.encode_utf8(&mut [0; 4]).bytes().map(|byte| format!("\\{byte:03o}")).collect(),
            Strings::Python | Strings::JavaScript if code < 0x100 => format!("\\x{code:02x}"),
            Strings::Python | Strings::JavaScript if code < 0x10000 => format!("\\u{code:04x}"),
            Strings::Python => format!("\\U{code:08x}"),
            Strings::JavaScript => format!("\\u{{{code:x}}}"),
        };
        literal.push_str(&escaped);
    }
}

/// One line in which every letter is seen: breaks and tabs are blanks, and what is neither ASCII, a letter nor a sign of
/// mathematics or quotation is named by its code point, `(U+202E)`.
pub fn visible(text: &str) -> String {
    let mut seen = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            ' '..='~' => seen.push(c),
            '\t' | '\n' | '\r' => seen.push(' '),
            c if c.is_alphanumeric() || is_sign(c) => seen.push(c),
            c => seen.push_str(&format!("(U+{:04X})", c as u32)),
        }
    }
    seen
}

/// Signs of the Latin-1 block, dashes and quotation marks, arrows, mathematical operators.
fn is_sign(c: char) -> bool {
    matches!(c, '¡'..='¬' | '®'..='ÿ' | '‐'..='‧' | '′'..='‴' | '⁰'..='₎' | '←'..='⇿' | '∀'..='⋿')
}

#[cfg(test)]
mod tests {
    use super::super::{C, JAVASCRIPT, PYTHON, RUST, Words};
    use super::visible;

    #[track_caller]
    fn check_comment(words: &Words, text: &str, expected: &str) {
        assert_eq!(words.comment(text), expected);
    }

    #[track_caller]
    fn check_string(words: &Words, text: &str, expected: &str) {
        assert_eq!(words.string(text), expected);
    }

    #[test]
    fn nothing_ends_a_comment() {
        check_comment(&C, "a */ b /* c **/", "a * / b / * c ** /");
        check_comment(&C, "??/", "? ?/");
        check_comment(&C, "ends in \\", "ends in (U+005C)");
        check_comment(&JAVASCRIPT, "*/ </script> <!-- @type {x}", "* / < /script> < !-- (at)type {x}");
        check_comment(&PYTHON, "\"\"\" \\\" \\N{DASH} >>> 1", "''' \\\\' \\\\N{DASH} > > > 1");
        check_comment(&RUST, "``` */ <b>", "` ` ` */ <b>");
        for words in [&RUST, &C, &PYTHON, &JAVASCRIPT] {
            check_comment(words, "a\n#include\r\nb", "a #include  b");
            check_comment(words, "x < y, 0 < p <= 1", "x < y, 0 < p <= 1");
        }
    }

    #[test]
    fn every_letter_is_seen() {
        assert_eq!(
            visible("Kullback–Leibler, µ ≥ 0, “Müller”, 統計"),
            "Kullback–Leibler, µ ≥ 0, “Müller”, 統計"
        );
        assert_eq!(visible("a\u{202e}b\u{200b}c\u{1b}d"), "a(U+202E)b(U+200B)c(U+001B)d");
        assert_eq!(
            visible("\u{2028}\u{feff}\u{2066}\u{0}\u{ad}"),
            "(U+2028)(U+FEFF)(U+2066)(U+0000)(U+00AD)"
        );
    }

    #[test]
    fn nothing_ends_a_string() {
        check_string(&RUST, "a\"\\\nλ{}", r#""a\u{22}\u{5c}\u{a}\u{3bb}\u{7b}\u{7d}""#);
        check_string(&C, "??/\"%d\n1λ", r#""\077\077/\042\045d\0121\316\273""#);
        check_string(&PYTHON, "\"\\{x}λ\u{1f600}", r#""\x22\x5c\x7bx\x7d\u03bb\U0001f600""#);
        check_string(
            &JAVASCRIPT,
            "</script>${x}`\u{2028}\u{1f600}",
            r#""\x3c/script\x3e\x24\x7bx\x7d\x60\u2028\u{1f600}""#,
        );
    }

    proptest::proptest! {
        #[test]
        fn comments_and_strings_are_one_line(text in "\\PC{0,40}|[*/?\\\\\"<!`>@\n\r\u{2028}]{0,12}") {
            for words in [&RUST, &C, &PYTHON, &JAVASCRIPT] {
                let comment = words.comment(&text);
                assert!(!comment.contains(|c: char| c.is_control() || matches!(c, '\u{2028}'..='\u{202e}')));
                let parted = words.comments.parted.iter().any(|(a, b)| comment.contains(&format!("{a}{b}")));
                assert!(!parted, "{comment}");
                let literal = words.string(&text);
                assert!(literal.is_ascii() && !literal[1..literal.len() - 1].contains(['"', '\n', '\r']));
            }
        }
    }
}
