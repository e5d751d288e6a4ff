//! One row of a display → its sides: `a \overset{\eqref{one}}{=} b \le c` is a side and two links.
//!
//! Each side is read alone, so that a mistake in one leaves the others. When the first side cannot be read, the side
//! behind the first relation is left out as well: nothing is claimed of what was not understood.

use super::super::{Kind, Link, Relation, Row, Tree};
use super::call::relation_at;
use super::commands::{Meaning, Shape};
use super::macros::Macros;
use super::parser::{Parser, Read, is_low, opens};
use super::parts::{Part, parts};
use super::remark::words;
use super::rows::Line;
use super::tokens::{Token, TokenKind};
use crate::syntax::MAX_HEIGHT;
use crate::text::{Code, Diagnostic, Span};

/// A relation in a row: its tokens and what stands above it.
struct Found {
    relation: Relation,
    start: usize,
    end: usize,
    above: Option<(String, Span)>,
}

/// Reads a line; it may hold several rows, parted by commas or words.
pub(super) fn read_row(line: Line, macros: &Macros, is_first: bool) -> Vec<Row> {
    let Line { tokens, directives, remarks, mistakes, .. } = line;
    let mut split = parts(tokens);
    split.mistakes.extend(mistakes);
    let mut rows: Vec<Row> = Vec::new();
    for part in split.parts {
        let opens_display = is_first && rows.is_empty();
        rows.push(read_part(part, macros, opens_display));
    }
    if rows.is_empty() {
        let Some(first) = split.mistakes.first() else { return rows };
        rows.push(super::rows::unread(first.clone()));
        split.mistakes.remove(0);
    }
    if let Some(row) = rows.first_mut() {
        if !split.mistakes.is_empty() {
            row.first = None;
            row.rest.iter_mut().for_each(|link| link.side = None);
        }
        row.diagnostics.splice(0..0, split.mistakes);
        row.labels.extend(split.labels);
    }
    if let Some(row) = rows.last_mut() {
        row.directives.extend(directives);
        row.directives.extend(split.directives);
        row.remarks.extend(remarks);
        row.remarks.extend(split.remarks);
    }
    rows
}

fn read_part(part: Part, macros: &Macros, opens_display: bool) -> Row {
    let span = match (part.tokens.first(), part.tokens.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => part.span,
    };
    let mut row = Row {
        span,
        first: None,
        rest: Vec::new(),
        constraint: part.constraint,
        remarks: part.remarks,
        directives: Vec::new(),
        labels: Vec::new(),
        diagnostics: Vec::new(),
    };
    if part.tokens.is_empty() {
        return row;
    }
    let mut parser = Parser::new(part.tokens, macros);
    let end = parser.end;
    let found = relations(&parser);
    let first_end = found.first().map_or(end, |found| found.start);
    if first_end > 0 {
        row.first = side(&mut parser, 0, first_end, &mut row.diagnostics);
    } else if opens_display {
        let code = Code::Latex {
            expected: "a side before the first relation".into(),
            found: format!("`{}`", parser.tokens[0].typed()),
        };
        let help = "write the left side, or move this row behind the one it goes on with";
        row.diagnostics.push(Diagnostic::error(code, parser.tokens[0].span).with_help(help));
    }
    let unread_first = row.first.is_none() && (first_end > 0 || opens_display);
    let starts: Vec<usize> = found.iter().skip(1).map(|found| found.start).chain([end]).collect();
    for (index, (found, side_end)) in found.into_iter().zip(starts).enumerate() {
        let read = side(&mut parser, found.end, side_end, &mut row.diagnostics);
        row.rest.push(Link {
            relation: found.relation,
            span: parser.tokens[found.start].span.to(parser.tokens[found.end - 1].span),
            above: found.above,
            side: read.filter(|_| !(unread_first && index == 0)),
        });
    }
    row.diagnostics.append(&mut parser.remarks);
    row
}

/// The relations of a row at its own level.
fn relations(parser: &Parser) -> Vec<Found> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < parser.end {
        match relation_here(parser, at) {
            Some(relation) => {
                at = relation.end;
                found.push(relation);
            }
            None => at = parser.behind(at),
        }
    }
    found
}

fn relation_here(parser: &Parser, at: usize) -> Option<Found> {
    let tokens = &parser.tokens[..parser.end];
    if let Some((relation, length)) = relation_at(&tokens[at..]) {
        return Some(Found { relation, start: at, end: at + length, above: None });
    }
    match tokens[at].kind {
        TokenKind::Known(Meaning::Stack(_)) => {
            let note = argument(parser, at + 1)?;
            let sign = argument(parser, note.2)?;
            let (relation, length) = relation_at(&tokens[sign.0..sign.1])?;
            let is_whole = sign.0 + length == sign.1;
            let said = words(&tokens[note.0..note.1]);
            let is_definition = relation == Relation::Equal
                && matches!(said.as_str(), "def" | "def." | "\\Delta" | "\\triangle");
            let relation = if is_definition { Relation::Defined } else { relation };
            let span = tokens[note.0.min(note.1.saturating_sub(1))].span.to(tokens[note.1.max(1) - 1].span);
            is_whole.then_some(Found { relation, start: at, end: sign.2, above: Some((said, span)) })
        }
        TokenKind::Known(Meaning::LongArrow) => {
            let mut next = at + 1;
            if opens(tokens.get(next)?) == Some(Shape::Square) {
                next = parser.behind(next);
            }
            let note = argument(parser, next)?;
            let said = words(&tokens[at + 1..note.1]);
            let span = tokens[at].span.to(tokens[note.2 - 1].span);
            Some(Found { relation: Relation::Tends, start: at, end: note.2, above: Some((said, span)) })
        }
        _ => None,
    }
}

/// The content of an argument, and where the argument ends.
fn argument(parser: &Parser, at: usize) -> Option<(usize, usize, usize)> {
    let token: &Token = parser.tokens[..parser.end].get(at)?;
    let behind = parser.behind(at);
    Some(match opens(token) {
        Some(Shape::Brace) if behind > at + 1 => (at + 1, behind - 1, behind),
        _ => (at, at + 1, at + 1),
    })
}

/// Reads one side; what kept it from being read goes to the row.
fn side(parser: &mut Parser, start: usize, end: usize, diagnostics: &mut Vec<Diagnostic>) -> Option<Tree> {
    let mistakes: Vec<_> = parser
        .pairs
        .mistakes
        .iter()
        .filter(|(at, _)| (start..end).contains(at))
        .map(|(_, mistake)| mistake.clone())
        .collect();
    if !mistakes.is_empty() {
        diagnostics.extend(mistakes);
        return None;
    }
    parser.restrict(start, end);
    let remarks = parser.remarks.len();
    match whole_side(parser) {
        Ok(tree) if is_low(&tree) => Some(tree),
        Ok(tree) => {
            diagnostics.push(Diagnostic::error(Code::TooDeep { limit: MAX_HEIGHT }, tree.span));
            None
        }
        Err(mistake) => {
            parser.remarks.truncate(remarks);
            diagnostics.push(*mistake);
            None
        }
    }
}

/// An expression, or several with commas.
fn whole_side(parser: &mut Parser) -> Read<Tree> {
    let start = parser.span();
    let mut parts = vec![parser.expression()?];
    while parser.take_symbol(",") || parser.take_symbol(";") {
        parts.push(parser.expression()?);
    }
    if !parser.is_done() {
        return parser.fail("an operator or a relation");
    }
    if parts.len() == 1 {
        return Ok(parts.swap_remove(0));
    }
    let span = start.to(parser.last_span());
    Ok(Tree::new(Kind::Call { name: "tuple".into(), name_span: span, arguments: parts }, span))
}
