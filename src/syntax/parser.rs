//! The state of reading: where the parser stands, which group it is in, what it has reported.
//!
//! After a mistake the parser reads on as if the text had been right. Each bracket group, and each part
//! between its commas, reports its first mistake only: `(a b c, d e)` has two. The precedence loop
//! stands in `expression.rs`, the meaning of calls in `forms.rs`.

use super::brackets::{ALONE, pair};
use super::tokens::{Token, TokenKind, tokenize};
use super::{Kind, Tree};
use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span};

/// How many brackets, signs and powers may stand within one another.
pub const MAX_DEPTH: usize = 200;

/// The height of a tree: one bracket may hold a sum of products of powers.
pub const MAX_HEIGHT: usize = 500;

/// Bytes of one formula.
pub const MAX_FORMULA: usize = 4 << 20;

/// Errors of one text that are reported; the rest are counted.
pub const MAX_ERRORS: usize = 100;

pub(super) struct Parser<'t> {
    pub(super) text: &'t str,
    base: usize,
    tokens: Vec<Token>,
    partners: Vec<u32>,
    /// The token to be read next.
    at: usize,
    /// The token at which the innermost bracket group, or the text, ends.
    end: usize,
    depth: usize,
    /// The innermost group has no closing bracket, which is reported: at its end nothing more is.
    is_open: bool,
    /// Bars `|` that are open in this group.
    pub(super) bars: usize,
    /// Whether this part of the group has reported a mistake.
    reported: bool,
    /// Set when nesting is too deep: nothing after that is reported.
    abandoned: bool,
    /// Words that end an expression here, beside those that always do.
    pub(super) stops: &'static [&'static str],
    /// Digits of all big numbers so far.
    pub(super) digits: usize,
    diagnostics: Vec<Diagnostic>,
}

impl<'t> Parser<'t> {
    /// A parser at the start of a text whose first byte is `base` in its file.
    pub(super) fn new(text: &'t str, base: usize) -> Parser<'t> {
        let too_long = text.len() > MAX_FORMULA;
        let paired = pair(tokenize(if too_long { "" } else { text }, base));
        let mut parser = Parser {
            text,
            base,
            end: paired.tokens.len() - 1,
            tokens: paired.tokens,
            partners: paired.partners,
            diagnostics: paired.diagnostics,
            at: 0,
            depth: 0,
            is_open: false,
            bars: 0,
            reported: false,
            abandoned: false,
            stops: &[],
            digits: 0,
        };
        if too_long {
            let code = Code::TooLong { what: "formula".into(), limit: format!("{} MiB", MAX_FORMULA >> 20) };
            parser.abandon(code, Span::new(base, base));
        }
        parser
    }

    /// What was reported, in the order of the text.
    pub(super) fn into_diagnostics(self) -> Vec<Diagnostic> {
        limited(self.diagnostics)
    }

    pub(super) fn is_clean(&self) -> bool {
        self.diagnostics.is_empty()
    }

    // Looking ahead.

    pub(super) fn peek(&self) -> TokenKind {
        if self.at < self.end { self.tokens[self.at].kind } else { TokenKind::End }
    }

    /// The token `ahead` places after the next, within the group.
    pub(super) fn peek_at(&self, ahead: usize) -> Option<Token> {
        (self.at + ahead < self.end).then(|| self.tokens[self.at + ahead])
    }

    /// Where the next token stands; at the end of a group, its closing bracket.
    pub(super) fn span(&self) -> Span {
        self.tokens[self.at].span
    }

    /// Where the last token read stands.
    pub(super) fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    /// What the last token read was.
    pub(super) fn last_kind(&self) -> TokenKind {
        self.tokens[self.at.saturating_sub(1)].kind
    }

    /// The next token touches the one before it.
    pub(super) fn is_adjacent(&self) -> bool {
        self.at > 0 && self.last_span().end == self.span().start
    }

    pub(super) fn slice(&self, span: Span) -> &'t str {
        &self.text[span.start as usize - self.base..span.end as usize - self.base]
    }

    /// The next token is this word.
    pub(super) fn at_word(&self, word: &str) -> bool {
        self.peek() == TokenKind::Name && self.slice(self.span()) == word
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// The token after the group that the next token opens, within the present group.
    pub(super) fn after_group(&self) -> Option<Token> {
        let partner = self.partners[self.at];
        let after = (partner as usize).saturating_add(1);
        (partner != ALONE && after < self.end).then(|| self.tokens[after])
    }

    // Moving.

    /// Passes over the group that the next token opens, unread.
    pub(super) fn skip_group(&mut self) -> Span {
        let span = self.span();
        let partner = self.partners[self.at];
        self.at = if partner == ALONE { self.end } else { (partner as usize + 1).min(self.end) };
        span.to(self.last_span())
    }

    /// Reads one token, never past the end of the group.
    pub(super) fn advance(&mut self) -> Span {
        let span = self.span();
        self.at = (self.at + 1).min(self.end);
        span
    }

    /// Reads the next token if it is of this kind.
    pub(super) fn take(&mut self, kind: TokenKind) -> bool {
        let found = self.peek() == kind && kind != TokenKind::End;
        if found {
            self.advance();
        }
        found
    }

    pub(super) fn take_word(&mut self, word: &str) -> bool {
        let found = self.at_word(word);
        if found {
            self.advance();
        }
        found
    }

    /// Reads a bracket group, from its opening bracket to its partner: the parts between separators, each
    /// read by `part`, which is told the separator before it. Returns the place with both brackets.
    pub(super) fn group(
        &mut self,
        separators: &[TokenKind],
        mut part: impl FnMut(&mut Self, Option<TokenKind>),
    ) -> Span {
        let open = self.at;
        let span = self.span();
        let partner = self.partners[open] as usize;
        let closed = self.partners[open] != ALONE;
        let outside = (self.end, self.bars, self.reported);
        let end = if closed { partner } else { self.end };
        self.advance();
        if self.enter(span) {
            (self.end, self.bars) = (end, 0);
            let outside = std::mem::replace(&mut self.is_open, !closed);
            if !self.is_done() {
                self.parts(separators, &mut part);
            }
            self.is_open = outside;
            self.leave();
        }
        (self.end, self.bars, self.reported) = outside;
        self.reported |= !closed;
        self.at = if closed { end + 1 } else { end };
        span.to(self.tokens[end].span)
    }

    /// Reads parts up to the end of the group, or of the text.
    pub(super) fn parts(
        &mut self,
        separators: &[TokenKind],
        part: &mut impl FnMut(&mut Self, Option<TokenKind>),
    ) {
        let mut before = None;
        loop {
            self.reported = false;
            part(self, before);
            if !self.is_done() && !separators.contains(&self.peek()) {
                self.unexpected_operator(separators);
                self.resynchronize(separators);
            }
            if self.is_done() {
                return;
            }
            before = Some(self.peek());
            self.advance();
        }
    }

    /// Reports what is left of the text, if anything is.
    pub(super) fn finish(&mut self) {
        if !self.is_done() {
            self.unexpected_operator(&[]);
            self.resynchronize(&[]);
        }
    }

    /// Goes on to the next separator; bracket groups on the way are read, for their own mistakes.
    fn resynchronize(&mut self, separators: &[TokenKind]) {
        while !self.is_done() && !separators.contains(&self.peek()) {
            if matches!(self.peek(), TokenKind::Open(_)) && !self.abandoned {
                self.group(&[TokenKind::Comma, TokenKind::Semicolon], |parser, _| {
                    parser.expression();
                });
            } else {
                self.advance();
            }
        }
    }

    /// One level deeper, or a report that there are too many.
    pub(super) fn enter(&mut self, span: Span) -> bool {
        if self.depth >= MAX_DEPTH {
            self.abandon(Code::TooDeep { limit: MAX_DEPTH }, span);
            return false;
        }
        self.depth += 1;
        true
    }

    pub(super) fn leave(&mut self) {
        self.depth -= 1;
    }

    // Reporting.

    /// Reports, unless this part has reported before.
    pub(super) fn report(&mut self, diagnostic: Diagnostic) {
        if !self.reported && !self.abandoned {
            self.diagnostics.push(diagnostic);
        }
        self.reported = true;
    }

    pub(super) fn error(&mut self, code: Code, span: Span) {
        self.report(Diagnostic::error(code, span));
    }

    /// Reports what concerns the text as a whole.
    pub(super) fn report_apart(&mut self, code: Code, span: Span) {
        if !self.abandoned {
            self.diagnostics.push(Diagnostic::error(code, span));
        }
    }

    /// Whether a report would be heard; saves making one in vain.
    pub(super) fn is_heard(&self) -> bool {
        !self.reported && !self.abandoned
    }

    /// Reports and gives up the rest of the text.
    pub(super) fn abandon(&mut self, code: Code, span: Span) {
        if !self.abandoned {
            self.diagnostics.push(Diagnostic::error(code, span));
        }
        self.abandoned = true;
        self.at = self.end;
    }

    pub(super) fn expected(&mut self, what: &str) {
        self.expected_with_help(what, None);
    }

    pub(super) fn expected_with_help(&mut self, what: &str, help: Option<String>) {
        self.reported |= self.is_open && self.is_done();
        if self.is_heard() {
            let code = Code::Syntax { expected: what.into(), found: self.found() };
            let help = help.or_else(|| self.hint());
            self.report(Diagnostic { help, ..Diagnostic::error(code, self.span()) });
        }
    }

    /// The next token as a message names it.
    fn found(&self) -> String {
        match self.tokens[self.at].kind {
            TokenKind::End => "the end".into(),
            _ => format!("`{}`", self.slice(self.span()).chars().take(40).collect::<String>()),
        }
    }

    /// A word on signs from other notations.
    fn hint(&self) -> Option<String> {
        let before = if self.at > 0 { self.slice(self.last_span()) } else { "" };
        let after = self.peek_at(1).map_or("", |token| self.slice(token.span));
        let hint = match (before, self.slice(self.span()), after) {
            ("=", "=", _) => "equality is written with one sign: `a = b`",
            ("=", ">" | "<", _) => "write `>=` or `<=`",
            (_, ":", "=") => "a definition is written `let a = b`, a claim `a = b`",
            (_, "\\", _) => "this is the plain notation: write `alpha`, `sqrt(x)`, `a/b` without a backslash",
            (_, "$", _) => "this is the plain notation: leave out the dollar signs",
            (name, "{", _) if name.ends_with('_') => "a subscript has no braces: `x_1`",
            (_, "{" | "}", _) => "group with round brackets: `x^(n + 1)`",
            (_, "&" | "%" | "@" | "~" | "?" | "\"", _) => "the operators are `+ - * / ^ ! '`",
            (_, "∂", _) => "write `diff(f, x)` or `d/dx f`",
            (_, "∇", _) => "write `grad(f, theta)`",
            (_, "∑", _) => "write `sum(f, k = 1..n)`",
            (_, "∏", _) => "write `product(f, k = 1..n)`",
            (_, "∫", _) => "write `integral(f, x = a..b)`",
            (_, ".", _) => "a decimal has a digit after its point: `2.0`; a range has two points: `0..n`",
            _ => return None,
        };
        Some(hint.into())
    }

    fn unexpected_operator(&mut self, separators: &[TokenKind]) {
        let closing = (self.end + 1 < self.tokens.len()).then(|| self.slice(self.tokens[self.end].span));
        let what = match (separators.contains(&TokenKind::Comma), closing) {
            (true, Some(closing)) => format!("`,` or `{closing}`"),
            (false, Some(closing)) => format!("`{closing}`"),
            (true, None) => "`,` or the end".into(),
            (false, None) => "an operator or the end".into(),
        };
        let help = match (self.peek(), closing) {
            (TokenKind::Bar, Some(")")) => {
                Some("bars are absolute values; a density is written without its parameters: `p(x)`".into())
            }
            (TokenKind::Bar, _) => Some("factors need a sign between them: `|a|*|b|`".into()),
            _ => None,
        };
        self.expected_with_help(&what, help);
    }

    /// What stands in for a value that is missing; the mistake is reported already.
    pub(super) fn nothing(&self) -> Tree {
        Tree::new(Kind::Number(Rational::ZERO), self.span())
    }
}

/// Sorted by place; after [`MAX_ERRORS`] the rest are counted in a note.
pub(super) fn limited(mut diagnostics: Vec<Diagnostic>) -> Vec<Diagnostic> {
    diagnostics.sort_by_key(|diagnostic| diagnostic.span);
    let count = diagnostics.len().saturating_sub(MAX_ERRORS);
    if count > 0 {
        let span = diagnostics[MAX_ERRORS].span;
        diagnostics.truncate(MAX_ERRORS);
        diagnostics.push(Diagnostic::note(Code::MoreErrors { count }, span));
    }
    diagnostics
}
