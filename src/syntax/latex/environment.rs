//! Matrices and case distinctions, and what stands under a brace.
//!
//! `\begin{pmatrix} a & b \\ c & d \end{pmatrix}` is a matrix by rows; `\begin{cases} a & x > 0 \\ b & \text{otherwise}
//! \end{cases}` has values with their conditions.

use super::super::{Chain, Kind, Note, Tree};
use super::commands::{Meaning, Shape};
use super::parser::{Parser, Read, opens};
use super::tokens::TokenKind;
use crate::text::{Code, Diagnostic, Span};

/// A cell as a range of tokens.
type Cell = (usize, usize);

impl Parser<'_> {
    /// The environment at the next token.
    pub(super) fn environment(&mut self) -> Read<Tree> {
        let name = self.peek().text.trim_end_matches('*');
        let in_braces = self.at > 0 && self.tokens[self.at - 1].kind == TokenKind::Open(Shape::Curly);
        let span = self.span();
        let kind = match name {
            "cases" | "dcases" | "rcases" | "drcases" => self.group(false, |parser| parser.cases())?.0,
            "array" | "aligned" | "alignedat" | "split" | "gathered" if in_braces => {
                self.group(false, |parser| parser.cases())?.0
            }
            "matrix" | "pmatrix" | "bmatrix" | "Bmatrix" | "smallmatrix" | "psmallmatrix"
            | "bsmallmatrix" | "array" => self.group(false, |parser| parser.matrix())?.0,
            "vmatrix" => {
                let (matrix, span) = self.group(false, |parser| parser.matrix())?;
                let arguments = vec![Tree::new(matrix, span)];
                Kind::Call { name: "det".into(), name_span: span, arguments }
            }
            "Vmatrix" => {
                let (matrix, span) = self.group(false, |parser| parser.matrix())?;
                Kind::Norm(Box::new(Tree::new(matrix, span)), None)
            }
            _ => return self.fail_at("a matrix or a case distinction", format!("`\\begin{{{name}}}`"), span),
        };
        Ok(Tree::new(kind, span.to(self.last_span())))
    }

    /// The cells of an environment, by rows; empty rows are left out.
    fn cells(&mut self) -> Vec<Vec<Cell>> {
        if opens(&self.peek()) == Some(Shape::Brace) && self.tokens[self.at - 1].text.starts_with("array") {
            self.at = self.behind(self.at);
        }
        let (mut rows, mut row, mut start) = (Vec::new(), Vec::new(), self.at);
        let mut at = self.at;
        while at < self.end {
            match self.tokens[at].kind {
                TokenKind::Ampersand => {
                    row.push((start, at));
                    start = at + 1;
                }
                TokenKind::RowEnd => {
                    row.push((start, at));
                    rows.push(std::mem::take(&mut row));
                    start = at + 1;
                }
                _ => {}
            }
            at = self.behind(at);
        }
        row.push((start, self.end));
        rows.push(row);
        self.at = self.end;
        rows.retain(|row| row.iter().any(|(start, end)| start < end));
        rows
    }

    fn matrix(&mut self) -> Read<Kind> {
        let mut rows = Vec::new();
        for cells in self.cells() {
            let mut row = Vec::new();
            for cell in cells {
                row.push(self.cell(cell, |parser| parser.expression())?);
            }
            rows.push(row);
        }
        let expected = rows.first().map_or(0, Vec::len);
        if expected == 0 {
            return self.fail("an entry");
        }
        if let Some(row) = rows.iter().find(|row| row.len() != expected) {
            let span = row.iter().fold(row[0].span, |span, entry| span.to(entry.span));
            let code = Code::RaggedMatrix { expected, found: row.len() };
            return Err(Box::new(Diagnostic::error(code, span)));
        }
        Ok(Kind::Matrix(rows))
    }

    fn cell<T>(&mut self, (start, end): Cell, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if start == end {
            let span = self.tokens[start].span;
            return self.fail_at("an entry", "an empty cell", span);
        }
        self.within((start, end), read)
    }

    fn cases(&mut self) -> Read<Kind> {
        let mut cases = Vec::new();
        for mut cells in self.cells() {
            if cells.len() > 1 {
                cells.retain(|(start, end)| start < end);
            }
            if cells.len() > 2 {
                let span = self.tokens[cells[2].0].span;
                return self.fail_at("a value and a condition", "a third column", span);
            }
            let value = self.without_comma(cells[0]);
            let value = self.cell(value, |parser| parser.expression())?;
            let when = match cells.get(1) {
                Some(cell) => {
                    let cell = self.without_comma(*cell);
                    self.cell(cell, |parser| parser.case_condition())?
                }
                None => None,
            };
            cases.push((value, when));
        }
        if cases.is_empty() {
            return self.fail("a case");
        }
        Ok(Kind::Cases(cases))
    }

    fn without_comma(&self, (start, end): Cell) -> Cell {
        let last = end.checked_sub(1).filter(|last| *last > start).map(|last| self.tokens[last]);
        let is_mark =
            last.is_some_and(|last| matches!(last.text, "," | "." | ";") && last.kind == TokenKind::Symbol);
        (start, end - usize::from(is_mark))
    }

    /// `\text{if } x > 0`, `\text{otherwise}`
    fn case_condition(&mut self) -> Read<Option<Chain>> {
        while let TokenKind::Known(Meaning::Text | Meaning::Word) = self.peek().kind {
            let from = self.at;
            self.advance();
            let range = self.skip_argument("a word")?;
            let (words, _) = self.raw(range);
            match words.trim().to_lowercase().trim_end_matches([',', '.']) {
                "otherwise" | "else" if self.is_done() => return Ok(None),
                "if" | "for" | "when" | "where" | "with" | "if and only if" | "as" | "in case" => {}
                _ => {
                    self.at = from;
                    break;
                }
            }
        }
        Ok(Some(self.chain_of_relations()?))
    }

    // Notes.

    /// What stands under a brace.
    pub(super) fn note(&mut self, (from, to): (usize, usize)) -> Read<Note> {
        let first = self.tokens[from];
        let is_text = matches!(first.kind, TokenKind::Known(Meaning::Text))
            || first.kind == TokenKind::Digit && to > from + 1;
        if from < to && is_text {
            let (text, span) = self.raw((from, to));
            return Ok(Note::Text(text, span));
        }
        let after = self.at;
        let note = self.within((from, to), |parser| {
            if parser.relation_ahead().is_none() {
                return Ok(Note::Formula(parser.expression()?));
            }
            let mut rest = Vec::new();
            while let Some((relation, length)) = parser.relation_ahead() {
                for _ in 0..length {
                    parser.advance();
                }
                rest.push((relation, parser.expression()?));
            }
            Ok(Note::Claim(rest))
        })?;
        self.at = after;
        Ok(note)
    }

    /// The words of some tokens as they were typed, commands of typography left out.
    pub(super) fn raw(&self, (from, to): (usize, usize)) -> (String, Span) {
        let span = if from < to {
            self.tokens[from].span.to(self.tokens[to - 1].span)
        } else {
            self.tokens[from].span
        };
        (super::remark::words(&self.tokens[from..to]), span)
    }
}
