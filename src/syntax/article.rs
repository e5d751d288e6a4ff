//! Formulas of an article as they stand: displays, their rows, and what is said beside them.
//!
//! `$$ a &= b \\ &\le c && \text{by Jensen} $$` is one [`Display`] with two [`Row`]s: `a = b`, and one that goes on
//! with `≤ c` and has a reason.

use super::{Directive, Relation, Tree};
use crate::text::{Diagnostic, Span};

/// One display, or one inline formula.
#[derive(Clone, Debug, PartialEq)]
pub struct Display {
    /// With its delimiters, in the file.
    pub span: Span,
    /// `$…$` or `\(…\)` rather than a display.
    pub inline: bool,
    /// In order. A row that goes on over several lines of the source is one row.
    pub rows: Vec<Row>,
}

/// One row of a display: a chain, or the continuation of the chain before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Without `&`, reasons and the line end.
    pub span: Span,
    /// The side before the first relation; `None` when the row starts with a relation and so goes on with the row before.
    pub first: Option<Tree>,
    /// Each relation with the side after it.
    pub rest: Vec<Link>,
    /// `\text{s.t.}` stands before the row: a constraint of the problem in the row before.
    pub constraint: bool,
    /// Remarks in `\text{…}` beside the formula, in order.
    pub remarks: Vec<(String, Span)>,
    /// What a `% …` comment or a last column says: `by …`, `expect: …`.
    pub directives: Vec<Directive>,
    /// `\tag{1}`, `\label{eq:one}`.
    pub labels: Vec<String>,
    /// What kept the row, or a part of it, from being read; then the row is unread.
    pub diagnostics: Vec<Diagnostic>,
}

/// A relation of a chain and the side after it.
#[derive(Clone, Debug, PartialEq)]
pub struct Link {
    /// Which.
    pub relation: Relation,
    /// Where it stands.
    pub span: Span,
    /// What stands above it, `\overset{\text{iid}}{=}`.
    pub above: Option<(String, Span)>,
    /// The side after it; `None` when it could not be read.
    pub side: Option<Tree>,
}
