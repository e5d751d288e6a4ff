//! What is said beside a formula: `% by linearity`, `&& \text{by Jensen}`, `% expect: refuted, the sign`.

use super::super::declarations::Directive;
use super::commands::{Meaning, Shape};
use super::tokens::{Token, TokenKind};
use crate::text::Span;

/// Words that begin a directive which is read elsewhere.
const OTHER_DIRECTIVES: &[&str] =
    &["where", "order", "definition", "assumption", "statement", "claim", "reads", "minimizes", "declare"];

/// What a comment or a text says.
pub(super) enum Said {
    Directive(Directive),
    Remark(String, Span),
    Nothing,
}

/// A comment behind `%`; without a known first word it says nothing.
pub(super) fn comment(text: &str, span: Span) -> Said {
    let start = span.end as usize - text.len();
    let words = text.trim_start();
    let at = start + (text.len() - words.len());
    if let Some(directive) = directive(words, at) {
        return Said::Directive(directive);
    }
    let first = words.split(|c: char| !c.is_alphabetic()).next().unwrap_or("");
    if OTHER_DIRECTIVES.contains(&first) {
        let words = words.trim_end();
        return Said::Remark(words.into(), Span::new(at, at + words.len()));
    }
    Said::Nothing
}

/// `by …` or `expect: …`, the first byte at `at`.
pub(super) fn directive(words: &str, at: usize) -> Option<Directive> {
    if let Some(rest) = words.strip_prefix("expect:") {
        let said = rest.trim_start();
        let start = at + words.len() - said.len();
        let said = said.trim_end();
        return Some(Directive::Expect(said.into(), Span::new(start, start + said.len())));
    }
    let rest = words.strip_prefix("by ")?;
    let mut names = Vec::new();
    let mut start = at + words.len() - rest.len();
    for piece in rest.split(',') {
        let name = piece.trim();
        let from = start + (piece.len() - piece.trim_start().len());
        if !name.is_empty() {
            names.push((name.to_string(), Span::new(from, from + name.len())));
        }
        start += piece.len() + 1;
    }
    (!names.is_empty()).then_some(Directive::By(names))
}

/// What a text beside a formula says: a reason when it begins with `by`, brackets around it aside.
pub(super) fn text(tokens: &[Token], span: Span) -> Said {
    let said = words(tokens);
    let inner = said.trim().trim_start_matches(['(', '[']).trim_end_matches([')', ']', '.', ',', ';']).trim();
    match inner.strip_prefix("by ").or_else(|| inner.strip_prefix("By ")) {
        Some(rest) => {
            let names = rest.split(',').map(str::trim).filter(|name| !name.is_empty());
            Said::Directive(Directive::By(names.map(|name| (name.to_string(), span)).collect()))
        }
        None if inner.is_empty() => Said::Nothing,
        None => Said::Remark(said.trim().into(), span),
    }
}

/// Tokens as words: letters side by side, blanks where they stood, commands of typography left out.
pub(super) fn words(tokens: &[Token]) -> String {
    let mut words = String::new();
    let mut in_reference = false;
    for token in tokens {
        if token.spaced && !words.is_empty() && !words.ends_with(' ') {
            words.push(' ');
        }
        match token.kind {
            TokenKind::Known(Meaning::Reference) => {
                in_reference = true;
                words += &token.typed();
            }
            TokenKind::Open(Shape::Brace) if in_reference => words.push('{'),
            TokenKind::Close(Shape::Brace) if in_reference => {
                in_reference = false;
                words.push('}');
            }
            TokenKind::Known(Meaning::Quad) if !words.ends_with(' ') => words.push(' '),
            TokenKind::Known(Meaning::Text | Meaning::Word | Meaning::Font | Meaning::Quad)
            | TokenKind::Open(Shape::Brace)
            | TokenKind::Close(Shape::Brace)
            | TokenKind::Comment => {}
            TokenKind::Known(_) | TokenKind::Command => {
                words += &token.typed();
                if token.text.starts_with(|c: char| c.is_ascii_alphabetic()) {
                    words.push(' ');
                }
            }
            _ => words += &token.typed(),
        }
    }
    words.trim().to_string()
}
