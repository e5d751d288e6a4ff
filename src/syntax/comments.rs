//! Comments of a display → directives of its rows.
//!
//! `a &= b \\ % by linearity; expect: open` says two things of the row `a = b`. The reader of LaTeX finds the row that a
//! comment speaks of; here the comment is read whole, and its mistakes are reported.

use super::directives::parse_directives;
use super::{Directive, Row};
use crate::text::{Diagnostic, Span};

/// Puts what the comments of a display say in place of what its rows know of them.
pub(super) fn direct(rows: &mut [Row], source: &str, base: usize) -> Vec<Diagnostic> {
    let mut mistakes = Vec::new();
    for (comment, span) in comments(source, base) {
        let (directives, diagnostics) = parse_directives(comment, span.start as usize);
        mistakes.extend(diagnostics);
        let Some(row) = rows.iter_mut().find(|row| knows(row, span)) else { continue };
        row.remarks.retain(|(_, place)| !within(*place, span));
        let at = row.directives.iter().position(|known| stands(known, span)).unwrap_or(row.directives.len());
        row.directives.retain(|known| !stands(known, span));
        row.directives.splice(at..at, directives);
    }
    mistakes
}

/// The comments of a source, without `%`, and their places.
fn comments(source: &str, base: usize) -> Vec<(&str, Span)> {
    let mut comments = Vec::new();
    let mut at = 0;
    while let Some(mark) = source[at..].find(['\\', '%']).map(|found| at + found) {
        let rest = &source[mark + 1..];
        if source[mark..].starts_with('\\') {
            at = mark + 1 + rest.chars().next().map_or(0, char::len_utf8);
            continue;
        }
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        comments.push((&rest[..end], Span::new(base + mark + 1, base + mark + 1 + end)));
        at = mark + 1 + end;
    }
    comments
}

fn within(place: Span, comment: Span) -> bool {
    comment.start <= place.start && place.end <= comment.end
}

/// Whether a comment is known to speak of a row.
fn knows(row: &Row, comment: Span) -> bool {
    row.remarks.iter().any(|(_, place)| within(*place, comment))
        || row.directives.iter().any(|directive| stands(directive, comment))
}

/// Whether a directive stands in a comment.
fn stands(directive: &Directive, comment: Span) -> bool {
    match directive {
        Directive::Expect(_, place) => within(*place, comment),
        Directive::By(names) => names.iter().any(|(_, place)| within(*place, comment)),
        _ => false,
    }
}
