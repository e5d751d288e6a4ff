//! Text of a body → tokens with their lines: `x = x + 1` is a word, `=`, a word, `+`, a number and a line end.
//!
//! Inside round brackets the end of a line separates and is no token.

use nom::branch::alt;
use nom::bytes::complete::{tag, take_while};
use nom::character::complete::{char, digit1, one_of, satisfy};
use nom::combinator::{opt, recognize};
use nom::sequence::{pair, preceded};
use nom::{IResult, Parser};

/// What a token says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Token<'t> {
    /// `12`, `0.5`, `1.5e-3`.
    Number(&'t str),
    /// A name or a keyword.
    Word(&'t str),
    /// `+`, `<=`, `{`.
    Symbol(&'t str),
    /// What follows `#`.
    Comment(&'t str),
    /// The end of a line that holds something.
    LineEnd,
}

/// A token and its line, from 1.
pub(super) type Placed<'t> = (usize, Token<'t>);

/// All tokens of a text, or the line of a character that means nothing.
pub(super) fn tokenize(text: &str) -> Result<Vec<Placed<'_>>, String> {
    let (mut tokens, mut depth) = (Vec::new(), 0usize);
    for (line, text) in text.lines().enumerate().map(|(index, text)| (index + 1, text)) {
        let mut rest = text.trim();
        let is_empty = rest.is_empty();
        while !rest.is_empty() {
            let Ok((after, found)) = token(rest) else {
                return Err(format!("line {line}: nothing starts with `{rest}`"));
            };
            match found {
                Token::Symbol("(") => depth += 1,
                Token::Symbol(")") => depth = depth.saturating_sub(1),
                _ => {}
            }
            tokens.push((line, found));
            rest = after.trim_start();
        }
        if depth == 0 && !is_empty {
            tokens.push((line, Token::LineEnd));
        }
    }
    Ok(tokens)
}

fn token(text: &str) -> IResult<&str, Token<'_>, ()> {
    alt((
        number.map(Token::Number),
        word.map(Token::Word),
        symbol.map(Token::Symbol),
        preceded(char('#'), take_while(|_| true)).map(|remark: &str| Token::Comment(remark.trim())),
    ))
    .parse(text)
}

fn number(text: &str) -> IResult<&str, &str, ()> {
    let exponent = (one_of("eE"), opt(one_of("+-")), digit1);
    recognize((digit1, opt(pair(char('.'), digit1)), opt(exponent))).parse(text)
}

fn word(text: &str) -> IResult<&str, &str, ()> {
    let first = satisfy(|c: char| c.is_ascii_alphabetic());
    recognize(pair(first, take_while(|c: char| c.is_ascii_alphanumeric() || c == '_'))).parse(text)
}

fn symbol(text: &str) -> IResult<&str, &str, ()> {
    let one = recognize(one_of("+-*/<>=(){},"));
    alt((tag("<="), tag(">="), tag("=="), tag("!="), one)).parse(text)
}
