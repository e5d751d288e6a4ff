//! What is said of one step: behind `at "…"` and in a comment `% …` at a row of a display.
//!
//! `by log-product, linearity; where lambda > 0; expect: conditional, F may be singular` gives the rules of a step, a
//! condition for it alone and its expected verdict. A semicolon ends a directive; one in brackets does not.

use super::claims::known_verdict;
use super::declare::{declaration, is_declaration};
use super::lines::{Line, first_word};
use super::parser::Parser;
use super::tokens::TokenKind;
use super::{Chain, Directive, ItemKind, Kind, Named, Relation, Tree};
use crate::number::Rational;
use crate::text::{Code, Diagnostic, suggest};

/// Words that begin a directive.
#[rustfmt::skip]
const WORDS: &[&str] = &[
    "expect", "by", "where", "order", "definition", "assumption", "claim", "statement", "reads", "minimizes", "declare",
];

/// Words of directives without which a step means something else. The others begin remarks as well: `by the way`.
const CHANGING: &[&str] = &["where", "reads", "minimizes", "declare"];

/// The forms of all directives, for a help line.
const FORMS: &str = "a directive is `expect: …`, `by RULE, …`, `where d small, lambda > 0`, `order 2`, `definition`, \
                     `assumption`, `claim`, `statement`, `reads claim a = b`, `minimizes f(d) over d where …` or `declare density q(x)`";

/// Orders of remainders and of differentiability.
const MAX_ORDER: u32 = 9;

/// Reads the comment `% …` at a row: directives separated by `;`. A remark says nothing; one that begins
/// like a directive and cannot be read as one is a warning.
///
/// ```
/// use referee::syntax::{Directive, parse_directives};
/// let (directives, diagnostics) = parse_directives("by linearity; order 2", 0);
/// assert!(matches!(directives[..], [Directive::By(_), Directive::Order(2)]) && diagnostics.is_empty());
/// assert_eq!(parse_directives("see the appendix", 0), (vec![], vec![]));
/// ```
pub fn parse_directives(text: &str, base: usize) -> (Vec<Directive>, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let blanks = text.len() - text.trim_start().len();
    let line = Line { text: text.trim(), base: base + blanks };
    let read = |segment| directive(segment, true, &mut diagnostics);
    let directives = segments(line).into_iter().filter_map(read).collect();
    (directives, diagnostics)
}

/// Reads what stands behind `at "…"`: every piece is a directive.
pub(super) fn directives(line: Line, diagnostics: &mut Vec<Diagnostic>) -> Vec<Directive> {
    segments(line).into_iter().filter_map(|segment| directive(segment, false, diagnostics)).collect()
}

/// The pieces between semicolons; the reason of an expectation is free text up to the next one.
fn segments(line: Line) -> Vec<Line> {
    let (mut segments, mut start, mut depth) = (Vec::new(), 0, 0_usize);
    for (at, character) in line.text.char_indices() {
        let is_free = || line.text[start..].trim_start().starts_with("expect");
        match character {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ';' if depth == 0 || is_free() => {
                segments.push(trimmed(line.before(at).after(start)));
                (start, depth) = (at + 1, 0);
            }
            _ => {}
        }
    }
    segments.push(trimmed(line.after(start)));
    segments.retain(|segment| !segment.text.is_empty());
    segments
}

fn trimmed(line: Line) -> Line {
    line.before(line.text.trim_end().len())
}

/// One directive. A `remark` may also be prose: then its words must have the form of a directive to be one.
fn directive(line: Line, remark: bool, diagnostics: &mut Vec<Diagnostic>) -> Option<Directive> {
    let word = first_word(line.text);
    let rest = line.after(word.len());
    let (is_prose, mut mistakes) = (remark && !has_form(word, rest.text), Vec::new());
    let directive = match word {
        "expect" if rest.text.starts_with(':') => {
            let expected = rest.after(1);
            known_verdict(expected, &mut mistakes);
            Some(Directive::Expect(expected.text.into(), expected.span()))
        }
        "by" => rules(rest, &mut mistakes),
        "where" => conditions(rest, &mut mistakes).map(Directive::Where),
        "order" => order(rest, &mut mistakes).map(Directive::Order),
        "reads" => reads(rest, &mut mistakes),
        "minimizes" => minimizes(rest, &mut mistakes),
        "declare" => declare(rest, &mut mistakes),
        _ => kind(line, word, rest, &mut mistakes).map(Directive::Kind),
    };
    if is_prose && !mistakes.is_empty() {
        // What begins like a directive and says nothing is noticed, so that no condition is lost by a slip.
        if CHANGING.contains(&word) {
            let code = mistakes.swap_remove(0).code;
            let help =
                "a comment that begins with such a word is a directive; begin a remark with another word";
            diagnostics.push(Diagnostic::warning(code, line.span()).with_help(help));
        }
        return None;
    }
    let directive = directive.filter(|_| mistakes.is_empty());
    diagnostics.extend(mistakes);
    directive
}

/// Whether what follows the first word of a remark shows that a directive is meant.
fn has_form(word: &str, rest: &str) -> bool {
    match word {
        "reads" => first_word(rest) == "claim",
        "order" => rest.starts_with(|c: char| c.is_ascii_digit()),
        "where" => rest.contains(['=', '<', '>', '≤', '≥', '≠']),
        "minimizes" => rest.contains(" over "),
        "declare" => {
            is_declaration(first_word(rest), Line { text: rest, base: 0 }.after(first_word(rest).len()))
        }
        _ => rest.starts_with(':') && (word == "expect" || suggest(word, ["expect"]).is_some()),
    }
}

/// `definition`, `claim`, alone.
fn kind(line: Line, word: &str, rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<ItemKind> {
    let kind = match word {
        "definition" => ItemKind::Definition,
        "assumption" => ItemKind::Assumption,
        "claim" => ItemKind::Claim,
        "statement" => ItemKind::Statement,
        _ => {
            let found = line.text.split_whitespace().next().unwrap_or("");
            let help = match suggest(word, WORDS.iter().copied()) {
                _ if word == "expect" => "write `expect: …`".into(),
                Some(known) if known == "expect" => "did you mean `expect: …`?".into(),
                Some(known) => format!("did you mean `{known}`?"),
                None => FORMS.into(),
            };
            let code = Code::Syntax { expected: "a directive".into(), found: format!("`{found}`") };
            let span = line.before(found.len()).span();
            diagnostics.push(Diagnostic::error(code, span).with_help(help));
            return None;
        }
    };
    if !rest.text.is_empty() {
        let found = format!("`{}`", first_piece(rest.text));
        let code = Code::Syntax { expected: "`;` or the end".into(), found };
        diagnostics.push(Diagnostic::error(code, rest.span()));
    }
    Some(kind)
}

fn first_piece(text: &str) -> &str {
    text.split_whitespace().next().unwrap_or("")
}

/// `log-product, taylor-2`, after `by`.
pub(super) fn rules(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<Directive> {
    let mut names = Vec::new();
    rest.read(diagnostics, |parser| {
        parser.parts(&[TokenKind::Comma], &mut |parser, _| names.extend(parser.rule()));
    })?;
    Some(Directive::By(names))
}

/// `2`, after `order`.
pub(super) fn order(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<u32> {
    let mut order = None;
    rest.read(diagnostics, |parser| parser.parts(&[], &mut |parser, _| order = parser.order(0)))?;
    order
}

/// `d small, lambda > 0`, after `where`.
fn conditions(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<Vec<Chain>> {
    let mut chains = Vec::new();
    rest.read(diagnostics, |parser| {
        parser.parts(&[TokenKind::Comma], &mut |parser, _| chains.push(parser.step_condition()));
    })?;
    Some(chains)
}

/// `claim a = b`, after `reads`.
fn reads(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<Directive> {
    let mut chain = None;
    rest.read(diagnostics, |parser| {
        if !parser.take_word("claim") {
            return parser.expected_with_help("`claim`", Some("write `reads claim a = b`".into()));
        }
        parser.parts(&[], &mut |parser, _| {
            chain = Some(parser.related("a claim relates two sides: `reads claim a = b`").0);
        });
    })?;
    if chain.as_ref().is_some_and(|chain| chain.rest.len() != 1) {
        let code = Code::Syntax { expected: "one relation".into(), found: "a chain of them".into() };
        diagnostics
            .push(Diagnostic::error(code, rest.span()).with_help("write `reads claim a = b`, of two sides"));
        return None;
    }
    chain.map(Directive::Reads)
}

/// `density q(x)`, after `declare`.
fn declare(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<Directive> {
    let word = first_word(rest.text);
    if !is_declaration(word, rest.after(word.len())) {
        let code =
            Code::Syntax { expected: "a declaration".into(), found: format!("`{}`", first_piece(rest.text)) };
        diagnostics.push(Diagnostic::error(code, rest.span()).with_help("write `declare density q(x)`"));
        return None;
    }
    declaration(rest, word, rest.after(word.len()), diagnostics)
        .map(|found| Directive::Declare(Box::new(found)))
}

/// `L(theta + d) over d where norm(d) <= epsilon`, after `minimizes`.
fn minimizes(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<Directive> {
    let (mut objective, mut variable, mut constraints) = (None, None, Vec::new());
    rest.read(diagnostics, |parser| {
        parser.stops = &["over"];
        objective = Some(parser.expression().tree);
        if !parser.take_word("over") {
            let help = "write `minimizes L(theta + d) over d`".to_string();
            return parser.expected_with_help("`over` and a name", Some(help));
        }
        variable = parser.declared("the name over which is minimized");
        if !parser.take_word("where") {
            return parser.finish();
        }
        parser.parts(&[TokenKind::Comma], &mut |parser, _| {
            constraints.push(parser.related("a constraint relates two sides: `norm(d) <= epsilon`").0);
        });
    })?;
    Some(Directive::Minimizes { objective: objective?, variable: variable?, constraints })
}

impl Parser<'_> {
    /// A name as it is declared.
    pub(super) fn declared(&mut self, what: &str) -> Option<Named> {
        if self.peek() != TokenKind::Name || ["in", "where"].iter().any(|word| self.at_word(word)) {
            self.expected(what);
            return None;
        }
        let span = self.advance();
        Some((self.canonical(span), span))
    }

    /// `log-product`: names and numbers with hyphens that touch them.
    pub(super) fn rule(&mut self) -> Option<Named> {
        if self.peek() != TokenKind::Name {
            self.expected_with_help("the name of a rule", Some("write `by linearity, log-product`".into()));
            return None;
        }
        let mut span = self.advance();
        while let (Some(hyphen), Some(part)) = (self.peek_at(0), self.peek_at(1)) {
            let touching = span.end == hyphen.span.start && hyphen.span.end == part.span.start;
            let is_part = matches!(part.kind, TokenKind::Name | TokenKind::Number);
            if !(hyphen.kind == TokenKind::Minus && is_part && touching) {
                break;
            }
            self.advance();
            span = span.to(self.advance());
        }
        Some((self.slice(span).into(), span))
    }

    /// A small whole number, at least `least`.
    pub(super) fn order(&mut self, least: u32) -> Option<u32> {
        let order = match self.peek() {
            TokenKind::Number => self.slice(self.span()).parse().ok(),
            _ => None,
        };
        let order = order.filter(|order| (least..=MAX_ORDER).contains(order));
        match order {
            Some(_) => drop(self.advance()),
            None => self.expected(&format!("a whole number from {least} to {MAX_ORDER}")),
        }
        order
    }

    /// `d small`, `d -> 0`
    pub(super) fn starts_small(&self) -> bool {
        self.peek() == TokenKind::Name
            && self.peek_at(1).is_some_and(|next| {
                next.kind == TokenKind::Arrow
                    || (next.kind == TokenKind::Name && self.slice(next.span) == "small")
            })
    }

    /// `d small`, `d -> 0`, or a relation.
    pub(super) fn step_condition(&mut self) -> Chain {
        if self.starts_small() {
            let span = self.advance();
            let first = Tree::new(Kind::Name(self.canonical(span)), span);
            let to = match self.take(TokenKind::Arrow) {
                true => self.expression().tree,
                false => Tree::new(Kind::Number(Rational::ZERO), self.advance()),
            };
            return Chain { first, rest: vec![(Relation::Tends, to)] };
        }
        let (first, mut rest) = (self.expression().tree, Vec::new());
        while let Some(relation) = self.relation() {
            self.advance();
            rest.push((relation, self.expression().tree));
        }
        if rest.is_empty() {
            let name = self.slice(first.span);
            let help = format!("write `{name} small`, `{name} > 0` or `{name} != 0`");
            self.expected_with_help("a condition", Some(help));
        }
        Chain { first, rest }
    }
}
