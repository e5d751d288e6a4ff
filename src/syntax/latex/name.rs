//! Names before what stands above and below them: `\hat\theta` is `theta_hat`, `\mathbf x` is `x`, `\mathrm{KL}` is `KL`.
//!
//! A font is typography and a mark is part of the name. Two letters are two names, except a few words of the field.

use super::commands::{Meaning, Shape};
use super::parser::Parser;
use super::tokens::TokenKind;
use crate::text::Span;

/// A name before what stands above and below it.
pub(super) struct Head<'t> {
    pub(super) name: String,
    pub(super) span: Span,
    /// Written upright or as a word.
    pub(super) upright: bool,
    /// The command of its font.
    pub(super) font: Option<&'t str>,
}

impl<'t> Parser<'t> {
    /// A name at the next token, read; nothing is read when there is none.
    pub(super) fn head(&mut self) -> Option<Head<'t>> {
        let start = self.at;
        let head = self.head_within(0);
        if head.is_none() {
            self.at = start;
        }
        head
    }

    fn head_within(&mut self, depth: usize) -> Option<Head<'t>> {
        let token = self.peek();
        let start = token.span;
        match token.kind {
            TokenKind::Letter => {
                if let Some(word) = self.known_word() {
                    return Some(word);
                }
                self.advance();
                Some(Head { name: self.letter(token), span: start, upright: false, font: None })
            }
            TokenKind::Known(Meaning::Name(name)) => {
                self.advance();
                Some(Head { name: name.into(), span: start, upright: false, font: None })
            }
            TokenKind::Known(Meaning::Word | Meaning::Text) => self.word_head(),
            TokenKind::Known(Meaning::Font) if depth < 8 => {
                let double = matches!(token.text, "mathbb" | "Bbb");
                self.advance();
                let mut head = self.argument_head(depth)?;
                if double && matches!(head.name.as_str(), "R" | "N" | "Z") {
                    head.name = match head.name.as_str() {
                        "R" => "Reals",
                        "N" => "Naturals",
                        _ => "Integers",
                    }
                    .into();
                }
                Some(Head {
                    upright: double,
                    span: start.to(self.last_span()),
                    font: Some(token.text),
                    ..head
                })
            }
            TokenKind::Known(Meaning::Accent(mark)) if depth < 8 => {
                self.advance();
                let head = self.argument_head(depth)?;
                let (base, below) = match head.name.find('_') {
                    Some(at) => head.name.split_at(at),
                    None => (head.name.as_str(), ""),
                };
                let name = format!("{base}_{mark}{below}");
                Some(Head { name, span: start.to(self.last_span()), upright: head.upright, font: head.font })
            }
            _ => None,
        }
    }

    /// A name that is all of an argument; with a subscript when it stands in braces, `\mathbf{x_i}`.
    fn argument_head(&mut self, depth: usize) -> Option<Head<'t>> {
        if self.peek().kind != TokenKind::Open(Shape::Brace) {
            return if self.peek().kind == TokenKind::Digit {
                self.digit_head()
            } else {
                self.head_within(depth + 1)
            };
        }
        let close = self.behind(self.at).checked_sub(1).filter(|close| *close > self.at)?;
        self.advance();
        let mut head = match self.peek().kind {
            TokenKind::Digit => self.digit_head()?,
            _ => self.head_within(depth + 1)?,
        };
        if self.peek().kind == TokenKind::Underscore {
            self.advance();
            let range = self.skip_argument("a subscript").ok()?;
            head.name = format!("{}_{}", head.name, self.simple(range)?);
        }
        (self.at == close).then(|| {
            self.at += 1;
            head
        })
    }

    /// `\mathbf 1` is a column of ones, `\mathbb 1` an indicator.
    fn digit_head(&mut self) -> Option<Head<'t>> {
        let token = self.peek();
        let command =
            self.tokens[..self.at].iter().rev().find(|token| token.kind != TokenKind::Open(Shape::Brace))?;
        let name = match (token.text, command.text) {
            ("1", "mathbb") => "indicator",
            ("1", _) => "ones",
            ("0", _) => "zeros",
            _ => return None,
        };
        self.advance();
        Some(Head { name: name.into(), span: token.span, upright: false, font: None })
    }

    /// `\mathrm{KL}`, `\operatorname{tr}`, `\text{loss}`: the letters are one word.
    fn word_head(&mut self) -> Option<Head<'t>> {
        let start = self.span();
        self.advance();
        if self.is_symbol("*") {
            self.advance();
        }
        let (from, to) = match self.peek().kind {
            TokenKind::Open(Shape::Brace) | TokenKind::Letter | TokenKind::Known(Meaning::Name(_)) => {
                self.skip_argument("a word").ok()?
            }
            _ => return None,
        };
        let name = self.word((from, to))?;
        let name = if name == "ln" { "log".into() } else { name };
        if name == "d" {
            return None;
        }
        Some(Head { name, span: start.to(self.last_span()), upright: true, font: None })
    }

    /// Letters, digits, Greek letters and what parts words, as one word.
    fn word(&mut self, (from, to): (usize, usize)) -> Option<String> {
        let mut name = String::new();
        for at in from..to {
            let token = self.tokens[at];
            if token.spaced && at > from && !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
            match token.kind {
                TokenKind::Letter => name += &self.letter(token),
                TokenKind::Digit if !name.is_empty() => name += token.text,
                TokenKind::Known(Meaning::Name(word) | Meaning::Function(word)) => name += word,
                TokenKind::Symbol if token.text == "-" && !name.is_empty() => name.push('_'),
                _ => return None,
            }
        }
        (!name.is_empty()).then_some(name)
    }

    /// Words that are written without a command, `KL(p \| q)`.
    fn known_word(&mut self) -> Option<Head<'t>> {
        const WORDS: &[&str] = &["KL", "Var", "Cov", "Corr", "ELBO"];
        let begins = self.at == 0 || self.peek().spaced || self.tokens[self.at - 1].kind != TokenKind::Letter;
        if !begins {
            return None;
        }
        let mut word = String::new();
        let mut count = 0;
        while count < 6 {
            let token = self.peek_at(count);
            if token.kind != TokenKind::Letter || (count > 0 && token.spaced) {
                break;
            }
            word += token.text;
            count += 1;
        }
        WORDS.contains(&word.as_str()).then(|| {
            let start = self.span();
            for _ in 0..count {
                self.advance();
            }
            Head { name: word, span: start.to(self.last_span()), upright: true, font: None }
        })
    }
}
