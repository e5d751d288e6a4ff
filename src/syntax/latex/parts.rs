//! A line → formulas and what is said beside them: `a = b, \quad \text{by Jensen}` is `a = b` with a reason.
//!
//! Words part formulas (`\text{and}`, `\text{where}`), begin a constraint (`\text{s.t.}`), or are a remark to the end of
//! the line (`\text{for all } x`). Behind a comma or a wide blank another equation is a row of its own, and a condition,
//! `x > 0`, a remark.

use super::super::{Directive, MAX_ERRORS, Relation};
use super::call::relation_at;
use super::commands::{Meaning, Shape};
use super::pairs::{ALONE, pair};
use super::parser::opens;
use super::remark::{Said, text, words};
use super::tokens::{Token, TokenKind};
use crate::text::{Code, Diagnostic, Span};

/// Words that part two formulas.
const PARTING: &[&str] =
    &["and", "or", "where", "with", "so", "so that", "then", "hence", "thus", "therefore", "i.e.", "that is"];

/// Words that tell under what a formula holds, or why.
const REMARKING: &[&str] = &[
    "for",
    "if",
    "when",
    "whenever",
    "as",
    "since",
    "because",
    "by",
    "because of",
    "due to",
    "from",
    "using",
    "for all",
    "for any",
    "for every",
    "for each",
    "for some",
    "iff",
    "otherwise",
    "provided",
    "provided that",
    "assuming",
    "given",
    "on",
    "a.s.",
    "a.e.",
];

/// One formula of a line.
#[derive(Default)]
pub(super) struct Part<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) constraint: bool,
    pub(super) remarks: Vec<(String, Span)>,
    pub(super) span: Span,
    /// Its first relation.
    relation: Option<Relation>,
}

/// All of a line.
#[derive(Default)]
pub(super) struct Parts<'t> {
    pub(super) parts: Vec<Part<'t>>,
    pub(super) directives: Vec<Directive>,
    pub(super) remarks: Vec<(String, Span)>,
    pub(super) labels: Vec<String>,
    pub(super) mistakes: Vec<Diagnostic>,
}

/// What a text in a line is.
#[derive(PartialEq)]
enum Role {
    Name,
    SuchThat,
    Parting,
    Remark,
}

struct Reader<'t> {
    tokens: Vec<Token<'t>>,
    partners: Vec<u32>,
    parts: Parts<'t>,
    part: Part<'t>,
    ampersands: usize,
}

/// Parts a line.
pub(super) fn parts(tokens: Vec<Token>) -> Parts {
    let mut parts = Parts::default();
    let tokens = without_labels(tokens, &mut parts);
    let mut copy = tokens.clone();
    let partners = pair(&mut copy).partners;
    let mut reader = Reader { tokens, partners, parts, part: Part::default(), ampersands: 0 };
    let mut at = 0;
    while at < reader.tokens.len() {
        at = reader.step(at);
    }
    reader.finish();
    reader.parts
}

/// Takes `\tag{1}` and `\label{eq:one}` out.
fn without_labels<'t>(tokens: Vec<Token<'t>>, parts: &mut Parts<'t>) -> Vec<Token<'t>> {
    let is_mark = |token: &Token| {
        matches!(token.kind, TokenKind::Known(Meaning::Tag | Meaning::Label | Meaning::Intertext))
    };
    if !tokens.iter().any(is_mark) {
        return tokens;
    }
    let partners = super::typography::braces(&tokens);
    let (mut kept, mut at) = (Vec::with_capacity(tokens.len()), 0);
    while at < tokens.len() {
        let token = tokens[at];
        if !is_mark(&token) {
            kept.push(token);
            at += 1;
            continue;
        }
        let starred = usize::from(tokens.get(at + 1).is_some_and(|next| next.is_symbol("*")));
        let open = at + 1 + starred;
        let close = partners.get(open).copied().filter(|close| (open..tokens.len()).contains(close));
        let Some(close) = close else {
            let code = Code::Latex { expected: "`{…}`".into(), found: "something else".into() };
            parts.mistakes.push(Diagnostic::error(code, token.span));
            at += 1;
            continue;
        };
        let said: String = words(&tokens[open + 1..close]);
        if token.is_known(Meaning::Intertext) {
            parts.remarks.push((said, token.span.to(tokens[close].span)));
        } else {
            parts.labels.push(said);
        }
        at = close + 1;
    }
    kept
}

impl<'t> Reader<'t> {
    fn behind(&self, at: usize) -> usize {
        match self.partners[at] {
            ALONE => at + 1,
            partner if (partner as usize) < at => at + 1,
            partner => partner as usize + 1,
        }
    }

    fn step(&mut self, at: usize) -> usize {
        let token = self.tokens[at];
        match token.kind {
            TokenKind::Ampersand => self.ampersand(at),
            TokenKind::Known(Meaning::Quad) => self.wide_blank(at + 1),
            TokenKind::Known(Meaning::Forall) => self.remark_rest(at),
            TokenKind::Known(Meaning::Text | Meaning::Word) => self.text(at),
            TokenKind::Symbol if token.text == "," || token.text == ";" => self.comma(at),
            TokenKind::Symbol if token.text == "." && self.ends_formula(at + 1) => at + 1,
            _ => self.copy(at),
        }
    }

    fn copy(&mut self, at: usize) -> usize {
        if self.part.relation.is_none() {
            self.part.relation = self.has_relation(at, at + 1);
        }
        let behind = self.behind(at);
        let inside = self.tokens[at..behind].iter().filter(|token| !token.is_known(Meaning::Quad));
        self.part.tokens.extend(inside);
        behind
    }

    /// Nothing but blanks follows.
    fn is_end(&self, at: usize) -> bool {
        self.next(at).is_none()
    }

    /// Nothing but blanks and a remark follows.
    fn ends_formula(&self, at: usize) -> bool {
        self.next(at).is_none_or(|next| {
            matches!(self.tokens[next].kind, TokenKind::Known(Meaning::Text)) && self.role(next) != Role::Name
        })
    }

    /// The next token that is no layout.
    fn next(&self, at: usize) -> Option<usize> {
        (at..self.tokens.len()).find(|at| !is_layout(&self.tokens[*at]))
    }

    fn last(&self) -> Option<&Token<'t>> {
        self.part.tokens.last()
    }

    fn finish_part(&mut self) {
        let part = std::mem::take(&mut self.part);
        if !part.tokens.is_empty() || part.constraint || !part.remarks.is_empty() {
            self.parts.parts.push(part);
        }
    }

    fn finish(&mut self) {
        let only_remarks = self.part.tokens.is_empty() && !self.part.constraint;
        if only_remarks && !self.parts.parts.is_empty() {
            let remarks = std::mem::take(&mut self.part.remarks);
            self.parts.remarks.extend(remarks);
        }
        self.finish_part();
    }

    /// Everything from here on is a remark.
    fn remark_rest(&mut self, at: usize) -> usize {
        let end = self.tokens.len();
        let Some(from) = self.next(at) else { return end };
        let span = self.tokens[from].span.to(self.tokens[end - 1].span);
        match text(&self.tokens[from..], span) {
            Said::Directive(directive) => self.parts.directives.push(directive),
            Said::Remark(said, span) => self.parts.remarks.push((said, span)),
            Said::Nothing => {}
        }
        if self.part.span == Span::default() {
            self.part.span = span;
        }
        end
    }

    /// `&` beside a relation or an operator says where it is printed; elsewhere it parts columns.
    fn ampersand(&mut self, at: usize) -> usize {
        self.ampersands += 1;
        let Some(next) = self.next(at + 1) else { return at + 1 };
        let beside = |token: &Token| {
            relation_at(std::slice::from_ref(token)).is_some()
                || is_operator(token)
                || matches!(token.text, "," | ":" | "\\")
        };
        let after = &self.tokens[next];
        let is_stacked =
            matches!(after.kind, TokenKind::Known(Meaning::Stack(_) | Meaning::LongArrow | Meaning::Not));
        let is_fine = self.last().is_none_or(beside)
            || beside(after)
            || is_stacked
            || matches!(after.kind, TokenKind::Known(Meaning::Text | Meaning::Word));
        if is_fine {
            return at + 1;
        }
        let again = at > 0 && self.tokens[at - 1].kind == TokenKind::Ampersand;
        if again || self.parts.mistakes.len() >= MAX_ERRORS {
            return at + 1;
        }
        if self.ampersands.is_multiple_of(2) {
            if self.has_relation(next, self.tokens.len()).is_some() {
                self.finish_part();
                return next;
            }
            if self.is_last_group(next) {
                return self.remark_rest(next);
            }
        }
        let code = Code::Latex {
            expected: "a relation or an operator beside `&`".into(),
            found: "two values".into(),
        };
        let help = "`&` stands before the relation, `a &= b`, or parts columns of an array";
        self.parts.mistakes.push(Diagnostic::error(code, self.tokens[at].span).with_help(help));
        at + 1
    }

    fn is_last_group(&self, at: usize) -> bool {
        opens(&self.tokens[at]) == Some(Shape::Round) && self.is_end(self.behind(at))
    }

    /// The first relation at this level.
    fn has_relation(&self, mut at: usize, end: usize) -> Option<Relation> {
        while at < end {
            if let Some((relation, _)) = relation_at(&self.tokens[at..]) {
                return Some(relation);
            }
            if matches!(self.tokens[at].kind, TokenKind::Known(Meaning::Stack(_) | Meaning::LongArrow)) {
                return Some(Relation::Equal);
            }
            at = self.behind(at);
        }
        None
    }

    /// Where the segment that starts here ends: at a comma, a wide blank or a text of this level.
    fn segment_end(&self, mut at: usize) -> usize {
        while at < self.tokens.len() {
            let token = &self.tokens[at];
            let ends = token.is_symbol(",")
                || token.is_symbol(";")
                || matches!(token.kind, TokenKind::Known(Meaning::Quad | Meaning::Text | Meaning::Forall));
            if ends {
                return at;
            }
            at = self.behind(at);
        }
        at
    }

    fn comma(&mut self, at: usize) -> usize {
        let Some(next) = self.next(at + 1) else { return at + 1 };
        if matches!(self.tokens[next].kind, TokenKind::Known(Meaning::Text | Meaning::Forall))
            && self.role(next) != Role::Name
        {
            return at + 1;
        }
        let is_wide = self.tokens[at + 1..next].iter().any(|token| token.is_known(Meaning::Quad));
        let end = self.segment_end(next);
        match (self.part.relation, self.has_relation(next, end)) {
            (Some(before), Some(after)) => self.another(next, end, before, after),
            (Some(_), None) if is_wide && self.is_last_group(next) => self.remark_rest(next),
            _ => self.copy(at),
        }
    }

    /// Another formula behind a comma or a wide blank: a row, or a condition of the one before.
    fn another(&mut self, from: usize, end: usize, before: Relation, after: Relation) -> usize {
        let is_condition = |relation| {
            matches!(
                relation,
                Relation::Less
                    | Relation::LessOrEqual
                    | Relation::Greater
                    | Relation::GreaterOrEqual
                    | Relation::NotEqual
                    | Relation::Element
                    | Relation::Tends
                    | Relation::Similar
            )
        };
        // `i = 1, \dots, n`
        let counts = self
            .next((end + 1).min(self.tokens.len()))
            .is_some_and(|at| self.tokens[at].is_known(Meaning::Dots));
        let is_simple = |tokens: &[Token]| {
            let sign = tokens.iter().position(|token| relation_at(std::slice::from_ref(token)).is_some());
            sign.is_some_and(|sign| {
                sign <= 4 && tokens[..sign].iter().all(|token| !matches!(token.kind, TokenKind::Open(_)))
            })
        };
        let both = is_condition(before) && is_simple(&self.part.tokens);
        if counts || (is_condition(after) && is_simple(&self.tokens[from..end]) && !both) {
            return self.remark_rest(from);
        }
        self.finish_part();
        from
    }

    fn wide_blank(&mut self, at: usize) -> usize {
        let Some(next) = self.next(at) else { return self.tokens.len() };
        let token = &self.tokens[next];
        let is_text = matches!(token.kind, TokenKind::Known(Meaning::Text | Meaning::Word | Meaning::Forall));
        let joins = is_operator(token) || relation_at(&self.tokens[next..]).is_some() || token.is_symbol(",");
        let open = self
            .last()
            .is_none_or(|last| is_operator(last) || relation_at(std::slice::from_ref(last)).is_some());
        if is_text || joins || open {
            return next;
        }
        let end = self.segment_end(next);
        match (self.part.relation, self.has_relation(next, end)) {
            (Some(before), Some(after)) => self.another(next, end, before, after),
            _ if self.is_last_group(next) => self.remark_rest(next),
            _ => next,
        }
    }

    // Texts.

    /// Behind the text that starts here.
    fn text_end(&self, at: usize) -> usize {
        let starred = usize::from(self.tokens.get(at + 1).is_some_and(|next| next.is_symbol("*")));
        let open = at + 1 + starred;
        if open < self.tokens.len() { self.behind(open) } else { open }
    }

    fn role(&self, at: usize) -> Role {
        let end = self.text_end(at);
        let said = words(&self.tokens[at..end]).to_lowercase();
        let said = said.trim_matches(|c: char| matches!(c, ',' | ':' | ';' | ' ' | '(' | ')'));
        if matches!(said, "s.t." | "s.t" | "st" | "subject to" | "such that" | "s. t.") {
            return Role::SuchThat;
        }
        if self.tokens[at].is_known(Meaning::Word) {
            return Role::Name;
        }
        if PARTING.contains(&said) {
            return Role::Parting;
        }
        let first = said.split(' ').next().unwrap_or("");
        if REMARKING.contains(&said)
            || (said.contains(' ') && REMARKING.contains(&first))
            || PARTING.contains(&first) && said.contains(' ')
        {
            return Role::Remark;
        }
        let binds = |token: &Token| {
            is_operator(token)
                || relation_at(std::slice::from_ref(token)).is_some()
                || matches!(
                    token.kind,
                    TokenKind::Caret | TokenKind::Underscore | TokenKind::Open(_) | TokenKind::Close(_)
                )
                || token.is_known(Meaning::Dot)
        };
        let after = self.next(end).map(|next| &self.tokens[next]);
        let is_word = said.chars().all(|c| c.is_alphanumeric() || matches!(c, ' ' | '-'));
        let bound = after.is_some_and(binds)
            || (self.last().is_some_and(binds) && (after.is_none() || !said.contains(' ')));
        let alone = !said.contains(' ') && after.is_some() && self.part.tokens.is_empty();
        if is_word && (bound || (alone && !self.tokens[end - 1].spaced)) { Role::Name } else { Role::Remark }
    }

    fn text(&mut self, at: usize) -> usize {
        let end = self.text_end(at);
        match self.role(at) {
            Role::Name => {
                self.part.tokens.extend(&self.tokens[at..end]);
                end
            }
            Role::SuchThat => {
                self.finish_part();
                self.part.constraint = true;
                end
            }
            Role::Parting => {
                if self.part.tokens.is_empty() {
                    self.keep_remark(at, end);
                } else {
                    self.finish_part();
                    self.keep_remark(at, end);
                }
                end
            }
            Role::Remark => {
                let first = words(&self.tokens[at..end]).to_lowercase();
                let first = first.split(' ').next().unwrap_or("").to_string();
                let leads = self.part.tokens.is_empty() && !REMARKING.contains(&first.as_str());
                if leads && !self.is_end(end) {
                    self.keep_remark(at, end);
                    return end;
                }
                let behind = self.next(end).map(|next| &self.tokens[next]);
                let goes_on = behind.is_some_and(|next| {
                    is_operator(next) || relation_at(std::slice::from_ref(next)).is_some()
                });
                let is_apart =
                    at > 0 && (is_layout(&self.tokens[at - 1]) || self.tokens[at - 1].is_symbol(","));
                if goes_on || !(behind.is_none() || is_apart || REMARKING.contains(&first.as_str())) {
                    let span = self.tokens[at].span.to(self.tokens[end - 1].span);
                    let code = Code::Latex {
                        expected: "an operator or a relation".into(),
                        found: "words within the formula".into(),
                    };
                    self.parts.mistakes.push(Diagnostic::error(code, span));
                    return end;
                }
                self.remark_rest(at)
            }
        }
    }

    fn keep_remark(&mut self, at: usize, end: usize) {
        let span = self.tokens[at].span.to(self.tokens[end - 1].span);
        match text(&self.tokens[at..end], span) {
            Said::Directive(directive) => self.parts.directives.push(directive),
            Said::Remark(said, span) => self.part.remarks.push((said, span)),
            Said::Nothing => {}
        }
    }
}

fn is_layout(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Ampersand | TokenKind::Known(Meaning::Quad))
}

fn is_operator(token: &Token) -> bool {
    matches!(token.kind, TokenKind::Known(Meaning::Dot | Meaning::Times | Meaning::Divide))
        || (token.kind == TokenKind::Symbol && matches!(token.text, "+" | "-" | "/" | "*"))
}
