//! Plain notation → spanned tokens: `2 μ^-1` is a number, a name, `^`, `-` and a number.
//!
//! Blanks, line ends and comments (`#` to the end of the line) separate tokens and are gone after
//! this. Nothing is refused here: a character that means nothing is a token too, and the parser
//! says what it expected in its place.

use nom::branch::alt;
use nom::bytes::complete::{take_while, take_while1};
use nom::character::complete::{anychar, char, digit1, one_of, satisfy};
use nom::combinator::{opt, recognize, value};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

use super::Relation;
use super::names::{greek, subscript, superscript};
use crate::text::Span;

/// What a token is; what it says is read from the text at its span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum TokenKind {
    Number,
    Name,
    /// `²`, `⁻¹`
    Superscript,
    Plus,
    Minus,
    Star,
    /// `**`, which other languages use for a power.
    StarStar,
    Slash,
    Caret,
    Bang,
    Prime,
    Root,
    Bar,
    Open(Bracket),
    Close(Bracket),
    Comma,
    Semicolon,
    Colon,
    DotDot,
    /// `->`
    Arrow,
    /// `~`; the relation `~~` is another.
    Tilde,
    Relation(Relation),
    /// `∈`; the word `in` is a name.
    ElementOf,
    Infinity,
    /// A character that means nothing.
    Unknown,
    End,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Bracket {
    Round,
    Square,
    Curly,
}

impl Bracket {
    pub(super) fn opening(self) -> char {
        match self {
            Bracket::Round => '(',
            Bracket::Square => '[',
            Bracket::Curly => '{',
        }
    }

    pub(super) fn closing(self) -> char {
        match self {
            Bracket::Round => ')',
            Bracket::Square => ']',
            Bracket::Curly => '}',
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Token {
    pub(super) kind: TokenKind,
    pub(super) span: Span,
}

type Read<'t, T> = IResult<&'t str, T, ()>;

/// All tokens of a text whose first byte is `base` in its file; the last one is [`TokenKind::End`].
pub(super) fn tokenize(text: &str, base: usize) -> Vec<Token> {
    let mut tokens = Vec::with_capacity(text.len() / 2 + 1);
    let mut rest = skip_blanks(text);
    while let Ok((after, kind)) = token(rest) {
        let (start, end) = (text.len() - rest.len(), text.len() - after.len());
        tokens.push(Token { kind, span: Span::new(base + start, base + end) });
        rest = skip_blanks(after);
    }
    let end = base + text.trim_end().len();
    let end = tokens.last().map_or(end, |last: &Token| last.span.end as usize);
    tokens.push(Token { kind: TokenKind::End, span: Span::new(end, end) });
    tokens
}

fn skip_blanks(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(|c: char| c.is_whitespace() || c == '\u{feff}');
        match text.strip_prefix('#') {
            Some(comment) => text = &comment[comment.find(['\n', '\r']).unwrap_or(comment.len())..],
            None => return text,
        }
    }
}

fn token(text: &str) -> Read<'_, TokenKind> {
    alt((name, number, symbol, small_above, value(TokenKind::Unknown, anychar))).parse(text)
}

/// `12`, `0.25`, `.5`, `1.5e-3`. In `1..n` the number ends before the dots, and in `2e` before the name.
fn number(text: &str) -> Read<'_, TokenKind> {
    let fraction = || preceded(char('.'), digit1);
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    let mantissa = alt((recognize(pair(digit1, opt(fraction()))), recognize(fraction())));
    value(TokenKind::Number, pair(mantissa, opt(exponent))).parse(text)
}

/// Letters, digits and underscores, the first a letter. A Greek letter is a word of its own, so it ends
/// before another letter (`αβ` is two names); only the `d` of a derivative goes before one (`dθ`).
fn name(text: &str) -> Read<'_, TokenKind> {
    let first = text.chars().next().ok_or(nom::Err::Error(()))?;
    if first.is_ascii() {
        let (rest, word) =
            pair(satisfy(starts_name), take_while(|c: char| c.is_ascii_alphanumeric() || c == '_'))
                .map(|(_, word)| word)
                .parse(text)?;
        let differential = first == 'd' && word.is_empty();
        let foreign = rest.chars().next().is_some_and(|c| !c.is_ascii() && (differential || !is_greek(c)));
        if !foreign && !word.ends_with('_') {
            return Ok((rest, TokenKind::Name));
        }
    } else if !starts_name(first) {
        return Err(nom::Err::Error(()));
    }
    let mut last = None;
    let end = text.find(|c: char| {
        let glued = match last {
            Some('_') | None => true,
            Some('d') if text.starts_with('d') && is_greek(c) => text.find(c) == Some(1),
            Some(last) => !is_letter(c) || !(is_greek(last) || is_greek(c)),
        };
        last = Some(c);
        !(continues_name(c) && glued)
    });
    let end = end.unwrap_or(text.len());
    Ok((&text[end..], TokenKind::Name))
}

fn is_greek(c: char) -> bool {
    !c.is_ascii() && greek(c).is_some()
}

fn is_letter(c: char) -> bool {
    c.is_alphabetic() && subscript(c).is_none()
}

fn starts_name(c: char) -> bool {
    is_letter(c) && !matches!(c, 'ᵀ' | 'ⁿ' | 'ⁱ')
}

fn continues_name(c: char) -> bool {
    c.is_ascii_digit() || c == '_' || starts_name(c) || subscript(c).is_some()
}

/// `²`, `⁻¹`.
fn small_above(text: &str) -> Read<'_, TokenKind> {
    let digits = take_while1(|c| superscript(c).is_some_and(|digit| digit != '-'));
    value(TokenKind::Superscript, pair(opt(char('⁻')), digits)).parse(text)
}

fn symbol(text: &str) -> Read<'_, TokenKind> {
    let (rest, first) = anychar(text)?;
    let second = rest.chars().next();
    let two = |kind| Ok((&rest[1..], kind));
    if first == '<' && rest.starts_with("=>") {
        return Ok((&rest[2..], TokenKind::Relation(Relation::Equivalent)));
    }
    match (first, second) {
        ('*', Some('*')) => return two(TokenKind::StarStar),
        ('.', Some('.')) => return two(TokenKind::DotDot),
        ('-', Some('>')) => return two(TokenKind::Arrow),
        ('!', Some('=')) => return two(TokenKind::Relation(Relation::NotEqual)),
        ('<', Some('=')) => return two(TokenKind::Relation(Relation::LessOrEqual)),
        ('>', Some('=')) => return two(TokenKind::Relation(Relation::GreaterOrEqual)),
        ('~', Some('~')) => return two(TokenKind::Relation(Relation::Approximately)),
        _ => {}
    }
    one_character(first).map(|kind| (rest, kind)).ok_or(nom::Err::Error(()))
}

#[rustfmt::skip]
fn one_character(character: char) -> Option<TokenKind> {
    Some(match character {
        '+' => TokenKind::Plus,
        '-' | '−' => TokenKind::Minus,
        '*' | '·' | '⋅' | '×' | '∙' => TokenKind::Star,
        '/' | '÷' => TokenKind::Slash,
        '^' => TokenKind::Caret,
        '!' => TokenKind::Bang,
        '\'' | '′' | 'ᵀ' => TokenKind::Prime,
        '√' => TokenKind::Root,
        '|' => TokenKind::Bar,
        '(' => TokenKind::Open(Bracket::Round),
        ')' => TokenKind::Close(Bracket::Round),
        '[' => TokenKind::Open(Bracket::Square),
        ']' => TokenKind::Close(Bracket::Square),
        '{' => TokenKind::Open(Bracket::Curly),
        '}' => TokenKind::Close(Bracket::Curly),
        ',' => TokenKind::Comma,
        ';' => TokenKind::Semicolon,
        ':' => TokenKind::Colon,
        '=' => TokenKind::Relation(Relation::Equal),
        '≠' => TokenKind::Relation(Relation::NotEqual),
        '<' => TokenKind::Relation(Relation::Less),
        '>' => TokenKind::Relation(Relation::Greater),
        '≤' => TokenKind::Relation(Relation::LessOrEqual),
        '≥' => TokenKind::Relation(Relation::GreaterOrEqual),
        '≈' => TokenKind::Relation(Relation::Approximately),
        '≻' => TokenKind::Relation(Relation::Succeeds),
        '≽' | '⪰' => TokenKind::Relation(Relation::SucceedsOrEqual),
        '⟹' | '⇒' => TokenKind::Relation(Relation::Implies),
        '⟺' | '⇔' => TokenKind::Relation(Relation::Equivalent),
        '∝' => TokenKind::Relation(Relation::Proportional),
        '→' => TokenKind::Arrow,
        '~' => TokenKind::Tilde,
        '∈' => TokenKind::ElementOf,
        '∞' => TokenKind::Infinity,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let tokens = tokenize(text, 0);
        let spelled: Vec<_> =
            tokens.iter().map(|token| &text[token.span.start as usize..token.span.end as usize]).collect();
        assert_eq!(spelled.join(" ").trim_end(), expected);
    }

    #[test]
    fn numbers_end_where_something_else_begins() {
        check("1..5", "1 .. 5");
        check("0.25e-3x", "0.25e-3 x");
        check("2e", "2 e");
        check("2exp(x)", "2 exp ( x )");
        check("1.x", "1 . x");
        check(".5", ".5");
    }

    #[test]
    fn a_greek_letter_is_a_word_of_its_own() {
        check("αβ", "α β");
        check("2μ_1σ²", "2 μ_1 σ ²");
        check("μ_1x", "μ_1x");
        check("σ₁₂+x₁", "σ₁₂ + x₁");
        check("x_μ", "x_μ");
        check("xμ", "x μ");
        check("d/dθ", "d / dθ");
        check("dθx", "dθ x");
        check("größe", "größe");
        check("sigma2", "sigma2");
    }

    #[test]
    fn blanks_comments_and_line_ends_separate() {
        check("a # b\n\t+ c\r\n# d", "a + c");
        check("n!=5", "n != 5");
        check("x⁻¹ᵀ√∈", "x ⁻¹ ᵀ √ ∈");
        check("€ é", "€ é");
    }
}
