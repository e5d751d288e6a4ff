//! Named coordinates of a family: `coordinates logit(t real): p = 1/(1 + exp(-t))`.

use super::conditions::names_of;
use super::family::{is_crowded, not_reserved};
use super::lines::Line;
use super::parser::Parser;
use super::tokens::{Bracket, TokenKind};
use super::{CoordinatesText, Definition};
use crate::text::{Code, Diagnostic};

/// `coordinates logit(t real): p = 1/(1 + exp(-t))`, after the keyword.
pub(super) fn coordinates(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<CoordinatesText> {
    let form = "`coordinates NAME(t real): p = …`";
    let Some(((name, name_span), rest)) = rest.hyphenated() else {
        let code = Code::Syntax { expected: "the name of the coordinates".into(), found: rest.found() };
        diagnostics.push(Diagnostic::error(code, rest.span()).with_help(form));
        return None;
    };
    let (mut domain, mut definitions) = (Vec::new(), Vec::new());
    rest.read(diagnostics, |parser| {
        if parser.peek() != TokenKind::Open(Bracket::Round) {
            return parser.expected_with_help("`(` and the new coordinates", Some(form.into()));
        }
        parser.group(&[TokenKind::Comma], |parser, _| parser.condition(&mut domain));
        if !parser.take(TokenKind::Colon) {
            return parser.expected_with_help("`:` and the parameters", Some(form.into()));
        }
        parser.parts(&[TokenKind::Comma], &mut |parser: &mut Parser, _| {
            definitions.extend(parser.assignment())
        });
    })?;
    let names = names_of(&domain);
    if is_crowded(names.len().max(definitions.len()), "list of coordinates", name_span, diagnostics) {
        return None;
    }
    for (name, span) in &names {
        not_reserved(name, *span, diagnostics);
    }
    for (at, (name, span, _)) in definitions.iter().enumerate() {
        if definitions[..at].iter().any(|earlier: &Definition| earlier.0 == *name) {
            diagnostics.push(Diagnostic::error(Code::DuplicateName { name: name.clone() }, *span));
        }
    }
    Some(CoordinatesText { name, name_span, domain, names, definitions })
}
