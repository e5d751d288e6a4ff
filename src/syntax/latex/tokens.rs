//! LaTeX → tokens: `\frac12\,x` is a command, two digits, a blank and a letter.
//!
//! Every letter and every digit is a token of its own, as TeX has it: `\frac12` is a half. Blanks and line ends are
//! gone after this; whether one stood before a token is kept, because `KL` is a name and `K L` a product.

use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{anychar, char};
use nom::combinator::recognize;
use nom::sequence::preceded;
use nom::{IResult, Parser};

use super::super::names::{subscript, superscript};
use super::commands::{Meaning, Shape, character, meaning};
use crate::text::Span;

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    /// A command with a meaning.
    Known(Meaning),
    /// A command without; its text has no backslash.
    Command,
    Letter,
    Digit,
    Open(Shape),
    Close(Shape),
    /// `|`
    Bar,
    /// `\|`
    DoubleBar,
    Caret,
    Underscore,
    Prime,
    /// `²`, `⁻¹`, `ᵀ`
    SmallAbove,
    /// `₁`
    SmallBelow,
    Ampersand,
    /// `\\`, with `*` and `[2pt]`.
    RowEnd,
    Comment,
    /// `#1` in the text of a macro.
    Parameter,
    /// `+`, `=`, `,` and whatever else.
    Symbol,
    End,
}

/// A token and its place.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'t> {
    pub(super) kind: TokenKind,
    /// The name of a command, else the characters.
    pub(super) text: &'t str,
    pub(super) span: Span,
    /// A blank stands before it.
    pub(super) spaced: bool,
    /// A line end stands before it.
    pub(super) breaks: bool,
}

impl Token<'_> {
    pub(super) fn is_symbol(&self, text: &str) -> bool {
        self.kind == TokenKind::Symbol && self.text == text
    }

    pub(super) fn is_known(&self, meaning: Meaning) -> bool {
        self.kind == TokenKind::Known(meaning)
    }

    /// As it was typed, for messages.
    pub(super) fn typed(&self) -> String {
        match self.kind {
            TokenKind::Known(_) | TokenKind::Command if !self.text.starts_with(|c: char| !c.is_ascii()) => {
                format!("\\{}", self.text)
            }
            TokenKind::RowEnd => r"\\".into(),
            TokenKind::DoubleBar => r"\|".into(),
            TokenKind::End => "the end".into(),
            _ => self.text.into(),
        }
    }
}

type Read<'t, T> = IResult<&'t str, T, ()>;

/// All tokens of a text whose first byte is `base` in its file.
pub(super) fn tokenize(text: &str, base: usize) -> Vec<Token<'_>> {
    let mut tokens = Vec::with_capacity(text.len() / 2 + 1);
    let mut rest = text;
    loop {
        let trimmed = rest.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}' || c == '~');
        let blank = &rest[..rest.len() - trimmed.len()];
        let Ok((after, (kind, word))) = token(trimmed) else { return tokens };
        let (start, end) = (text.len() - trimmed.len(), text.len() - after.len());
        tokens.push(Token {
            kind,
            text: word,
            span: Span::new(base + start, base + end),
            spaced: !blank.is_empty(),
            breaks: blank.contains(['\n', '\r']),
        });
        rest = after;
    }
}

fn token(text: &str) -> Read<'_, (TokenKind, &str)> {
    let (_, first) = anychar(text)?;
    match first {
        '\\' => command(text),
        '%' => comment(text),
        '#' => parameter(text),
        _ if superscript(first).is_some() => {
            take_while1(|c| superscript(c).is_some()).map(|small| (TokenKind::SmallAbove, small)).parse(text)
        }
        _ if subscript(first).is_some() => {
            take_while1(|c| subscript(c).is_some()).map(|small| (TokenKind::SmallBelow, small)).parse(text)
        }
        _ => recognize(anychar).map(|one| one_character(first, one)).parse(text),
    }
}

fn one_character(first: char, text: &str) -> (TokenKind, &str) {
    let kind = match first {
        '{' => TokenKind::Open(Shape::Brace),
        '}' => TokenKind::Close(Shape::Brace),
        '(' => TokenKind::Open(Shape::Round),
        ')' => TokenKind::Close(Shape::Round),
        '[' => TokenKind::Open(Shape::Square),
        ']' => TokenKind::Close(Shape::Square),
        '|' => TokenKind::Bar,
        '^' => TokenKind::Caret,
        '_' => TokenKind::Underscore,
        '\'' => TokenKind::Prime,
        '&' => TokenKind::Ampersand,
        'ᵀ' => TokenKind::SmallAbove,
        '0'..='9' => TokenKind::Digit,
        '−' => return (TokenKind::Symbol, "-"),
        _ => match character(first) {
            Some(command) => return (of_command(command), command),
            None if first.is_alphabetic() => TokenKind::Letter,
            None => TokenKind::Symbol,
        },
    };
    (kind, text)
}

/// `\name`, one other character after the backslash, or the end of a row.
fn command(text: &str) -> Read<'_, (TokenKind, &str)> {
    let (after, _) = char('\\').parse(text)?;
    if let Some(after) = after.strip_prefix('\\') {
        let after = row_end(after);
        return Ok((after, (TokenKind::RowEnd, &text[..2])));
    }
    let word = take_while1::<_, _, ()>(|c: char| c.is_ascii_alphabetic());
    let (after, name) = match word.map(|word: &str| word).parse(after) {
        Ok(read) => read,
        Err(_) => match after.chars().next() {
            Some(one) if one.is_whitespace() => (&after[one.len_utf8()..], ","),
            Some(one) => (&after[one.len_utf8()..], &after[..one.len_utf8()]),
            None => (after, ""),
        },
    };
    match of_command(name) {
        TokenKind::Known(Meaning::Begin) => Ok(environment(after, TokenKind::Open(Shape::Environment), name)),
        TokenKind::Known(Meaning::End) => Ok(environment(after, TokenKind::Close(Shape::Environment), name)),
        kind => Ok((after, (kind, name))),
    }
}

/// `{align*}` behind `\begin` or `\end`; without it the command is refused later.
fn environment<'t>(text: &'t str, kind: TokenKind, command: &'t str) -> (&'t str, (TokenKind, &'t str)) {
    let name = text.trim_start().strip_prefix('{').and_then(|inside| inside.split_once('}'));
    match name {
        Some((name, after)) if name.len() < 40 => (after, (kind, name.trim())),
        _ => (text, (TokenKind::Command, command)),
    }
}

fn of_command(name: &str) -> TokenKind {
    match meaning(name) {
        Some(Meaning::Open(shape)) => TokenKind::Open(shape),
        Some(Meaning::Close(shape)) => TokenKind::Close(shape),
        Some(Meaning::Bar) => TokenKind::Bar,
        Some(Meaning::DoubleBar) => TokenKind::DoubleBar,
        Some(Meaning::Prime) => TokenKind::Prime,
        Some(meaning) => TokenKind::Known(meaning),
        None => TokenKind::Command,
    }
}

/// Passes over `*` and over a length in brackets, `[2pt]`, behind `\\`.
fn row_end(text: &str) -> &str {
    let text = text.strip_prefix('*').unwrap_or(text);
    let Some(inside) = text.strip_prefix('[') else { return text };
    let Some(close) = inside.as_bytes().iter().take(40).position(|&byte| byte == b']') else { return text };
    let length = inside[..close].trim();
    let unit = length.trim_start_matches(|c: char| c.is_ascii_digit() || matches!(c, '-' | '+' | '.' | ' '));
    let is_length = unit.len() < length.len()
        && (unit.starts_with('\\')
            || (unit.len() == 2 && unit.bytes().all(|byte| byte.is_ascii_lowercase())));
    if is_length { &inside[close + 1..] } else { text }
}

fn comment(text: &str) -> Read<'_, (TokenKind, &str)> {
    preceded(char('%'), take_while(|c| !matches!(c, '\n' | '\r')))
        .map(|words| (TokenKind::Comment, words))
        .parse(text)
}

fn parameter(text: &str) -> Read<'_, (TokenKind, &str)> {
    let (after, _) = char('#').parse(text)?;
    match after.as_bytes().first() {
        Some(b'1'..=b'9') => Ok((&after[1..], (TokenKind::Parameter, &after[..1]))),
        _ => Ok((after, (TokenKind::Symbol, &text[..1]))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let spelled: Vec<_> = tokenize(text, 0).iter().map(Token::typed).collect();
        assert_eq!(spelled.join(" "), expected);
    }

    #[test]
    fn letters_and_digits_stand_alone_and_commands_are_words() {
        check(r"\frac12x", r"\frac 1 2 x");
        check(r"\alpha\,x_1~y", r"\alpha \, x _ 1 y");
        check("∇θ² ‖x‖", r"\nabla θ ² \| x \|");
    }

    #[test]
    fn a_row_ends_with_its_length_and_not_with_a_bracket() {
        check(r"a\\[2pt]b", r"a \\ b");
        check(r"a\\*[-1.5 ex]b", r"a \\ b");
        check(r"a\\[x]b", r"a \\ [ x ] b");
        check("a \\\\\r\n\tb", r"a \\ b");
    }

    #[test]
    fn comments_are_kept_and_escapes_are_commands() {
        check("a % by x\nb", "a  by x b");
        check(r"5\% a\ b", r"5 \% a \, b");
        check("\\", "\\");
    }
}
