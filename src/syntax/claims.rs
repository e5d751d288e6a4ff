//! Claims: in a family about what is derived from it, outside between two sides.
//!
//! `claim fisher in logit = [n*exp(t)/(1 + exp(t))^2]     source "…"     expect: proved` has its mathematics
//! first; the clauses behind it (`where`, `by`, `order`, `source`, `expect:`) are divided off before anything is parsed.

use super::directives::{order, rules};
use super::lines::{Line, code_end, first_word};
use super::parser::Parser;
use super::tokens::TokenKind;
use super::{Chain, ClaimText, Condition, Directive, Kind, MatrixProperty, Relation, Tree};
use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span, suggest};

/// What a claim in a family may be about.
pub const QUANTITIES: &[&str] =
    &["fisher", "fisher_inverse", "score", "kl", "mean", "log_partition", "log_density"];

/// `claim a = b <= c where x > 0     source "…"     expect: …`
#[derive(Clone, Debug, PartialEq)]
pub struct ChainClaim {
    /// The sides and their relations, at least one.
    pub chain: Chain,
    /// What is assumed beside the assumptions before it.
    pub conditions: Vec<Condition>,
    /// `by linearity, log-product`, `order 2`, and of its conditions `d small`.
    pub directives: Vec<Directive>,
    /// `source "…"`.
    pub source: Option<String>,
    /// `expect: …`: the verdict, and the reason after a comma.
    pub expect: Option<(String, Span)>,
    /// The whole claim.
    pub span: Span,
}

/// `claim fisher in logit = …`, of which `rest` follows the keyword.
pub(super) fn claim(line: Line, rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<ClaimText> {
    let (body, Clauses { source, expect }) = split_clauses(rest, diagnostics);
    let (quantity, quantity_span, body) = quantity(body, diagnostics)?;
    let (mut coordinates, mut equation) = (None, body);
    if let Some(after) = body.text.strip_prefix("in").filter(|after| after.starts_with(char::is_whitespace)) {
        let name = body.after(body.text.len() - after.len()).hyphenated();
        let Some((name, rest)) = name else {
            let code =
                Code::Syntax { expected: "the name of coordinates".into(), found: body.after(2).found() };
            diagnostics.push(Diagnostic::error(code, body.after(2).span()));
            return None;
        };
        (coordinates, equation) = (Some(name), rest);
    }
    let mut value = None;
    equation.read(diagnostics, |parser| {
        if !parser.take(TokenKind::Relation(Relation::Equal)) {
            return parser.expected_with_help(
                "`=`",
                Some(format!("write `claim {quantity} = …` or `claim {quantity} in COORDINATES = …`")),
            );
        }
        parser.parts(&[], &mut |parser: &mut Parser, _| value = Some(parser.expression().tree));
    })?;
    Some(ClaimText { quantity, quantity_span, coordinates, value: value?, source, expect, span: line.span() })
}

/// The quantity a claim is about, and what follows it.
fn quantity<'t>(body: Line<'t>, diagnostics: &mut Vec<Diagnostic>) -> Option<(String, Span, Line<'t>)> {
    let word = first_word(body.text);
    let span = body.before(word.len()).span();
    if QUANTITIES.contains(&word) {
        return Some((word.into(), span, body.after(word.len())));
    }
    let code = match word {
        "" => Code::Syntax { expected: "a quantity".into(), found: body.found() },
        _ => {
            Code::UnknownQuantity { name: word.into(), suggestion: suggest(word, QUANTITIES.iter().copied()) }
        }
    };
    diagnostics.push(Diagnostic::error(code, span));
    None
}

/// `source "…"` and `expect: …`, which may follow a claim.
struct Clauses {
    source: Option<String>,
    expect: Option<(String, Span)>,
}

/// Divides a claim into its mathematics and its clauses.
fn split_clauses<'t>(line: Line<'t>, diagnostics: &mut Vec<Diagnostic>) -> (Line<'t>, Clauses) {
    let mut clauses = Clauses { source: None, expect: None };
    let mut rest = line;
    if let Some(at) = find_clause(line.text, "expect", ':') {
        let reason = line.after(at + "expect".len());
        let reason = reason.after(1);
        let reason = reason.before(reason.text[..code_end(reason.text)].trim_end().len());
        known_verdict(reason, diagnostics);
        clauses.expect = Some((reason.text.into(), reason.span()));
        rest = line.before(at);
    }
    if let Some(at) = find_clause(rest.text, "source", '"') {
        let quoted = rest.after(at + "source".len()).after(1);
        match quoted.text.find('"') {
            Some(end) => {
                clauses.source = Some(quoted.text[..end].into());
                nothing_after(quoted.after(end + 1), diagnostics);
            }
            None => diagnostics.push(Diagnostic::error(
                Code::UnclosedBracket { bracket: '"' },
                Span::new(quoted.base - 1, quoted.base),
            )),
        }
        rest = rest.before(at);
    }
    (rest.before(rest.text.trim_end().len()), clauses)
}

/// What may be expected of a claim, beside the codes of diagnostics.
const VERDICTS: &[&str] = &["proved", "supported", "refuted", "open", "unread", "conditional"];

/// The expectation begins with a verdict or a code; a reason may follow a comma.
pub(super) fn known_verdict(expect: Line, diagnostics: &mut Vec<Diagnostic>) {
    let word = expect.text.split(',').next().unwrap_or("").trim_end();
    if VERDICTS.contains(&word) || Code::NAMES.contains(&word) {
        return;
    }
    let found = if word.is_empty() { "the end".into() } else { format!("`{}`", first_word(word)) };
    let help = match suggest(word, VERDICTS.iter().chain(Code::NAMES).copied()) {
        Some(verdict) => format!("did you mean `expect: {verdict}`?"),
        None => format!("write one of `{}`, or the code of a diagnostic", VERDICTS.join("`, `")),
    };
    let code = Code::Syntax { expected: "a verdict".into(), found };
    diagnostics.push(Diagnostic::error(code, expect.before(word.len()).span()).with_help(help));
}

/// Where a clause begins: its word, blanks, its mark, outside of comments and of quoted text.
fn find_clause(text: &str, word: &str, mark: char) -> Option<usize> {
    let (mut quoted, mut comment, mut before) = (false, false, ' ');
    for (at, character) in text.char_indices() {
        match character {
            '\n' => (quoted, comment) = (false, false),
            '"' if !comment => quoted = !quoted,
            '#' if !quoted => comment = true,
            _ => {}
        }
        let free = !quoted && !comment && !before.is_alphanumeric();
        let is_clause = |rest: &str| rest.trim_start().starts_with(mark);
        if free && text[at..].strip_prefix(word).is_some_and(is_clause) {
            return Some(at);
        }
        before = character;
    }
    None
}

fn nothing_after(rest: Line, diagnostics: &mut Vec<Diagnostic>) {
    let code = &rest.text[..code_end(rest.text)];
    if !code.trim().is_empty() {
        let found = format!("`{}`", code.trim().chars().take(40).collect::<String>());
        let code = Code::Syntax { expected: "`expect:` or the end".into(), found };
        diagnostics.push(Diagnostic::error(code, rest.span()));
    }
}

/// Words before the clauses of a claim that are mathematics or names of rules.
const CLAUSES: &[&str] = &["where", "by", "order"];

/// Divides the mathematics of a claim at `where`, `by` and `order`, outside of brackets and comments.
fn cut_clauses(line: Line) -> (Line, Vec<(&'static str, Line)>) {
    let (mut depth, mut comment, mut before) = (0_usize, false, None);
    let mut starts = Vec::new();
    for (at, character) in line.text.char_indices() {
        match character {
            '\n' => comment = false,
            '#' => comment = true,
            _ if comment => {}
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            _ if depth == 0 && before.is_some_and(char::is_whitespace) => {
                let word = first_word(&line.text[at..]);
                let after = line.text[at + word.len()..].chars().next();
                let is_apart = after.is_none_or(char::is_whitespace);
                let clause = CLAUSES.iter().find(|clause| **clause == word && is_apart);
                starts.extend(clause.map(|clause| (at, *clause)));
            }
            _ => {}
        }
        before = Some(character);
    }
    let ends = starts.iter().skip(1).map(|start| start.0).chain([line.text.len()]);
    let clauses = starts.iter().zip(ends).map(|(&(at, word), end)| {
        let clause = line.before(end).after(at + word.len());
        (word, clause.before(clause.text.trim_end().len()))
    });
    let body = starts.first().map_or(line, |start| line.before(start.0));
    (body.before(body.text.trim_end().len()), clauses.collect())
}

/// Words that follow the matrix of which they are said.
const PROPERTIES: &[&str] = &["symmetric", "nonsingular", "positive"];

impl Parser<'_> {
    /// `a = b <= c`, or `F positive definite`, which is F ≻ 0, `F nonsingular`, det F ≠ 0, and `F symmetric`, F = F'.
    fn claimed(&mut self) -> Chain {
        let first = self.expression();
        if !PROPERTIES.iter().any(|word| self.at_word(word)) {
            return self.related_to(first, "a claim relates two sides: `claim a = b`").0;
        }
        let first = first.tree;
        let word = self.span();
        let (span, zero) = (first.span, Tree::new(Kind::Number(Rational::ZERO), word));
        let (first, relation, side) = match self.property() {
            Some(MatrixProperty::Symmetric) => {
                let transposed = Tree::new(Kind::Transpose(Box::new(first.clone())), span);
                (first, Relation::Equal, transposed)
            }
            Some(MatrixProperty::Nonsingular) => {
                let name = ("det".to_owned(), span);
                let call = Kind::Call { name: name.0, name_span: name.1, arguments: vec![first] };
                (Tree::new(call, span), Relation::NotEqual, zero)
            }
            Some(MatrixProperty::PositiveDefinite) => (first, Relation::Succeeds, zero),
            Some(MatrixProperty::PositiveSemidefinite) => (first, Relation::SucceedsOrEqual, zero),
            None => return Chain { first, rest: Vec::new() },
        };
        Chain { first, rest: vec![(relation, side)] }
    }
}

/// `claim a = b where x > 0 …`, outside a family.
pub(super) fn chain_claim(line: Line, rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<ChainClaim> {
    let (body, Clauses { source, expect }) = split_clauses(rest, diagnostics);
    let (body, clauses) = cut_clauses(body);
    let (mut chain, mut conditions, mut directives) = (None, Vec::new(), Vec::new());
    let read = body.read(diagnostics, |parser| {
        parser.stops = PROPERTIES;
        chain = Some(parser.claimed());
        parser.finish();
    });
    let before = diagnostics.len();
    for (word, clause) in clauses {
        match word {
            "by" => directives.extend(rules(clause, diagnostics)),
            "order" => directives.extend(order(clause, diagnostics).map(Directive::Order)),
            _ => {
                let mut small = Vec::new();
                clause.read(diagnostics, |parser| {
                    parser.parts(&[TokenKind::Comma], &mut |parser: &mut Parser, _| match parser
                        .starts_small()
                    {
                        true => small.push(parser.step_condition()),
                        false => parser.condition(&mut conditions),
                    });
                });
                directives.extend((!small.is_empty()).then_some(Directive::Where(small)));
            }
        }
    }
    (read.is_some() && diagnostics.len() == before).then_some(())?;
    Some(ChainClaim { chain: chain?, conditions, directives, source, expect, span: line.span() })
}
