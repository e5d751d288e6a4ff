//! Where a step stands in its file, brackets included.
//!
//! `\left( a + b \right)^2 = c` is a power whose base is the sum within the brackets: the tree knows where the sum
//! stands, and the row where the brackets do.

use super::fence::FenceChecker;
use crate::syntax::Row;
use crate::text::Span;

impl FenceChecker<'_> {
    /// Where the side before a relation stands, its brackets included.
    pub(super) fn side_before(&self, row: &Row, at: usize) -> Span {
        let side = match at {
            0 => row.first.as_ref().map(|first| first.span),
            _ => row.rest[at - 1].side.as_ref().map(|side| side.span),
        };
        let Some(side) = side else { return row.rest[at].span };
        let from = if at == 0 { row.span.start } else { row.rest[at - 1].span.end };
        Span { start: self.widened(from, side.start, false), ..side }
    }

    /// Where the side after a relation stands, its brackets included.
    pub(super) fn side_after(&self, row: &Row, at: usize, side: Span) -> Span {
        let to = row.rest.get(at + 1).map_or(row.span.end, |next| next.span.start);
        Span { end: self.widened(side.end, to, true), ..side }
    }

    /// The end of a tree's place that its own brackets stand beyond: `\left(` is no part of the sum within.
    fn widened(&self, from: u32, to: u32, is_end: bool) -> u32 {
        let inner = if is_end { from } else { to };
        if to <= from || !self.vocabulary.is_latex() {
            return inner;
        }
        let beyond = self.source.slice(Span { start: from, end: to });
        let is_blank = |c: char| c.is_whitespace() || c == '&';
        let is_plain = !beyond.contains(['%', '=']) && !beyond.contains("\\\\");
        let kept =
            if is_end { beyond.trim_end_matches(is_blank) } else { beyond.trim_start_matches(is_blank) };
        let brackets = ['(', ')', '[', ']', '{', '}', '|', '⟨', '⟩', '‖'];
        let has_bracket = kept.contains(brackets) || kept.contains("angle");
        match (is_plain && has_bracket, is_end) {
            (false, _) => inner,
            (true, true) => from + kept.len() as u32,
            (true, false) => to - kept.len() as u32,
        }
    }
}
