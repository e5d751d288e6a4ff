//! A display → its rows: `a &= b \\ &\quad + c \\ &\le d && \text{by Jensen}` has two rows, the first over two lines.
//!
//! Environments of rows are looked through, alone and within one another. A line that begins with an operator, or
//! follows one that ends with an operator or a relation, goes on with it.

use super::super::{Directive, Kind, Relation, Row};
use super::call::relation_at;
use super::commands::{Meaning, Shape};
use super::links::read_row;
use super::macros::Macros;
use super::pairs::ALONE;
use super::remark::{Said, comment};
use super::tokens::{Token, TokenKind};
use crate::text::{Code, Diagnostic, Span};

/// Environments whose rows are rows of the display.
const ROW_ENVIRONMENTS: &[&str] = &[
    "align",
    "aligned",
    "alignat",
    "alignedat",
    "flalign",
    "gather",
    "gathered",
    "split",
    "multline",
    "multlined",
    "eqnarray",
    "equation",
    "displaymath",
    "math",
    "array",
    "dmath",
    "cases",
    "dcases",
    "rcases",
    "subequations",
];

/// One line of a display, or several that are one row.
#[derive(Default)]
pub(super) struct Line<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) directives: Vec<Directive>,
    pub(super) remarks: Vec<(String, Span)>,
    pub(super) mistakes: Vec<Diagnostic>,
    /// `&` stands before the first token.
    aligned: bool,
    /// Something but layout and labels stands here.
    has_content: bool,
}

impl<'t> Line<'t> {
    fn is_blank(&self) -> bool {
        !self.has_content
    }

    fn push(&mut self, token: Token<'t>) {
        self.has_content |= !(is_layout(&token) || token.is_known(Meaning::Label));
        self.tokens.push(token);
    }
}

/// Reads all rows.
pub(super) fn read_rows(tokens: &[Token], macros: &Macros, mistakes: Vec<Diagnostic>) -> Vec<Row> {
    let (lines, aligned_at) = Splitter::new(tokens).lines();
    let lines = merged(lines);
    let mut rows: Vec<Row> = Vec::new();
    for line in lines {
        let row = read_row(line, macros, rows.is_empty());
        rows.extend(row);
    }
    if let (Some(span), Some(row)) =
        (aligned_at.filter(|_| rows.iter().all(claims_nothing)), rows.first_mut())
    {
        let code =
            Code::Latex { expected: "a relation, as in `a &= b`".into(), found: "none in any row".into() };
        row.diagnostics.push(Diagnostic::warning(code, span));
    }
    put_in_place(mistakes, &mut rows);
    rows
}

/// What the macros of a row lack is said in place of what follows from it.
fn put_in_place(mistakes: Vec<Diagnostic>, rows: &mut Vec<Row>) {
    let mut last = None;
    for mistake in mistakes {
        let at = rows.partition_point(|row| row.span.start <= mistake.span.start).saturating_sub(1);
        let Some(row) = rows.get_mut(at) else {
            rows.push(unread(mistake));
            continue;
        };
        if last.replace(at) != Some(at) {
            row.diagnostics.clear();
            row.first = None;
            row.rest.iter_mut().for_each(|link| link.side = None);
        }
        row.diagnostics.push(mistake);
    }
}

/// An expression alone, which is no minimum.
fn claims_nothing(row: &Row) -> bool {
    let is_extremum = row.first.as_ref().is_some_and(|tree| matches!(tree.kind, Kind::Extremum { .. }));
    row.rest.is_empty() && row.diagnostics.is_empty() && !row.constraint && !is_extremum
}

/// A row of which nothing could be read.
pub(super) fn unread(mistake: Diagnostic) -> Row {
    Row {
        span: mistake.span,
        first: None,
        rest: Vec::new(),
        constraint: false,
        remarks: Vec::new(),
        directives: Vec::new(),
        labels: Vec::new(),
        diagnostics: vec![mistake],
    }
}

struct Splitter<'t, 's> {
    tokens: &'s [Token<'t>],
    partners: Vec<u32>,
    lines: Vec<Line<'t>>,
    line: Line<'t>,
    /// Ends of the environments that are looked through.
    transparent: Vec<usize>,
    /// Where the first `align` stands.
    aligned_at: Option<Span>,
}

impl<'t, 's> Splitter<'t, 's> {
    fn new(tokens: &'s [Token<'t>]) -> Splitter<'t, 's> {
        let mut copy = tokens.to_vec();
        let partners = super::pairs::pair(&mut copy).partners;
        Splitter {
            tokens,
            partners,
            lines: Vec::new(),
            line: Line::default(),
            transparent: Vec::new(),
            aligned_at: None,
        }
    }

    fn lines(mut self) -> (Vec<Line<'t>>, Option<Span>) {
        let mut at = 0;
        while at < self.tokens.len() {
            at = self.step(at);
        }
        self.finish_line();
        (self.lines, self.aligned_at)
    }

    fn step(&mut self, at: usize) -> usize {
        let token = self.tokens[at];
        let partner = self.partners[at];
        match token.kind {
            TokenKind::Comment => self.comment(token),
            TokenKind::RowEnd => self.finish_line(),
            TokenKind::Open(Shape::Environment) => return self.environment(at),
            TokenKind::Close(_) if self.transparent.last() == Some(&at) => {
                self.transparent.pop();
                if token.kind == TokenKind::Close(Shape::Environment) {
                    self.finish_line();
                }
            }
            TokenKind::Open(Shape::Curly) if self.holds_rows(at) => self.transparent.push(partner as usize),
            TokenKind::Open(_) if partner != ALONE && partner as usize > at => {
                self.copy(at, partner as usize + 1);
                return partner as usize + 1;
            }
            _ => self.push(token),
        }
        at + 1
    }

    fn push(&mut self, token: Token<'t>) {
        if token.kind == TokenKind::Ampersand && self.line.is_blank() {
            self.line.aligned = true;
        }
        self.line.push(token);
    }

    /// `\left\{ \begin{aligned} … \end{aligned} \right.` at the start of a line is a system of rows.
    fn holds_rows(&self, at: usize) -> bool {
        let partner = self.partners[at];
        let is_environment =
            self.tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Open(Shape::Environment));
        partner != ALONE && is_environment && self.line.is_blank()
    }

    /// Rows of an environment at the start of a line are rows of the display; elsewhere it is part of a formula.
    fn environment(&mut self, at: usize) -> usize {
        let token = self.tokens[at];
        let partner = self.partners[at];
        let name = token.text.trim_end_matches('*');
        let is_rows = ROW_ENVIRONMENTS.contains(&name);
        if partner == ALONE {
            let code =
                Code::Latex { expected: format!("`\\end{{{}}}`", token.text), found: "the end".into() };
            self.line.mistakes.push(Diagnostic::error(code, token.span));
            return self.behind_head(at);
        }
        if is_rows && self.line.is_blank() {
            if name.starts_with("align") && self.aligned_at.is_none() {
                self.aligned_at = Some(token.span);
            }
            self.transparent.push(partner as usize);
            let end = &self.tokens[partner as usize];
            if end.text != token.text {
                self.line.mistakes.push(super::pairs::other_end(&token, end));
            }
            return self.behind_head(at);
        }
        let dissolves = is_rows && !matches!(name, "array" | "cases" | "dcases" | "rcases");
        if dissolves {
            self.copy(self.behind_head(at), partner as usize);
        } else {
            self.copy(at, partner as usize + 1);
        }
        partner as usize + 1
    }

    /// Behind `\begin{…}` with its arguments `[t]`, `{cc}`, `{2}`.
    fn behind_head(&self, at: usize) -> usize {
        let name = self.tokens[at].text;
        let mut next = at + 1;
        let opens = |at: usize, shape| {
            self.tokens.get(at).is_some_and(|token| token.kind == TokenKind::Open(shape))
                && self.partners[at] != ALONE
        };
        let is_place =
            |at: usize| self.tokens.get(at + 1).is_some_and(|token| matches!(token.text, "t" | "b" | "c"));
        if opens(next, Shape::Square) && is_place(next) && self.partners[next] as usize == next + 2 {
            next += 3;
        }
        if (name.contains("alignat") || name.contains("alignedat") || name == "array")
            && opens(next, Shape::Brace)
        {
            next = self.partners[next] as usize + 1;
        }
        next
    }

    /// Copies a part of a formula; line ends of the display's own level within a bracket are blanks.
    fn copy(&mut self, from: usize, to: usize) {
        let mut depth = 0_usize;
        for at in from..to {
            let token = self.tokens[at];
            match token.kind {
                TokenKind::Comment => {
                    self.comment(token);
                    continue;
                }
                TokenKind::Open(Shape::Environment | Shape::Brace) => depth += 1,
                TokenKind::Close(Shape::Environment | Shape::Brace) => depth = depth.saturating_sub(1),
                TokenKind::Ampersand | TokenKind::RowEnd if depth == 0 => continue,
                _ => {}
            }
            self.line.push(token);
        }
    }

    /// A comment speaks of the row it stands behind, or of the row that follows.
    fn comment(&mut self, token: Token<'t>) {
        let goes_back = self.line.is_blank() && !token.breaks && !self.lines.is_empty();
        let line = if goes_back { self.lines.last_mut().expect("there is a line") } else { &mut self.line };
        match comment(token.text, token.span) {
            Said::Directive(directive) => line.directives.push(directive),
            Said::Remark(words, span) => line.remarks.push((words, span)),
            Said::Nothing => {}
        }
    }

    fn finish_line(&mut self) {
        let line = std::mem::take(&mut self.line);
        let has_label = line.tokens.iter().any(|token| token.is_known(Meaning::Label));
        if !line.is_blank() || !line.mistakes.is_empty() {
            self.lines.push(line);
            return;
        }
        // What a blank line says belongs to the row before it.
        match self.lines.last_mut() {
            Some(last) => {
                last.directives.extend(line.directives);
                last.remarks.extend(line.remarks);
                if has_label {
                    last.tokens.extend(line.tokens);
                }
            }
            None => self.line = Line { aligned: false, ..line },
        }
    }
}

/// Lines that go on with the line before them, joined with it.
fn merged(lines: Vec<Line>) -> Vec<Line> {
    let mut merged: Vec<Line> = Vec::with_capacity(lines.len());
    for line in lines {
        match merged.last_mut() {
            Some(last) if goes_on(last, &line) => {
                last.tokens.extend(line.tokens);
                last.directives.extend(line.directives);
                last.remarks.extend(line.remarks);
                last.mistakes.extend(line.mistakes);
            }
            _ => merged.push(line),
        }
    }
    merged
}

fn is_layout(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Ampersand | TokenKind::Known(Meaning::Quad))
}

fn goes_on(last: &Line, line: &Line) -> bool {
    let Some(first) = line.tokens.iter().position(|token| !is_layout(token)) else { return false };
    let starts = &line.tokens[first..];
    if relation_at(starts).is_some() {
        return false;
    }
    let token = &starts[0];
    let is_operator = token.is_symbol("+")
        || token.is_symbol("/")
        || token.is_known(Meaning::Dot)
        || token.is_known(Meaning::Times)
        || (token.is_symbol("-") && line.aligned);
    is_operator || last.tokens.iter().rev().find(|token| !is_layout(token)).is_some_and(is_open_end)
}

/// An operator or a relation, which something must follow.
fn is_open_end(token: &Token) -> bool {
    match token.kind {
        TokenKind::Known(Meaning::Relation(relation)) => relation != Relation::Tends || token.text == "to",
        TokenKind::Known(Meaning::Dot | Meaning::Times | Meaning::Divide) => true,
        TokenKind::Symbol => matches!(token.text, "=" | "+" | "-" | "<" | ">" | "/"),
        _ => false,
    }
}
