//! Limits and extrema: `\lim_{n\to\infty} a_n`, `\arg\min_{d \text{ s.t. } \|d\| \le \epsilon} L(\theta + d)`.
//!
//! They take the rest of the side where it mentions what they bind, and else the product behind them; `\arg\min` always
//! takes the rest.

use super::super::names::canonical;
use super::super::{Chain, Extremum, Kind, Relation, Tree};
use super::binder::bound_name;
use super::commands::{Meaning, Shape};
use super::parser::{Parser, Read, opens};
use super::tokens::TokenKind;
use crate::text::Span;

/// Tokens that are searched for a bound name.
const MAX_SEARCH: usize = 2000;

impl Parser<'_> {
    /// `\lim_{x \to a} f`
    pub(super) fn limit(&mut self) -> Read<Tree> {
        let start = self.advance().span;
        let ends = self.ends()?;
        let Some(below) = ends.below else { return self.fail("a subscript such as `_{n \\to \\infty}`") };
        let (variable, to) = self.within(below, |parser| {
            let variable = parser.expression()?;
            if !matches!(parser.relation_ahead(), Some((Relation::Tends, _))) {
                return parser.fail("`\\to`");
            }
            parser.advance();
            Ok((variable, parser.expression()?))
        })?;
        let names = bound_name(&variable).into_iter().collect::<Vec<_>>();
        let body = self.bound_body(&names, false)?;
        let span = start.to(body.span);
        let kind = Kind::Limit { body: Box::new(body), variable: Box::new(variable), to: Box::new(to) };
        Ok(Tree::new(kind, span))
    }

    /// `\min_d f`, `\arg\min_{d \text{ s.t. } c} f`
    pub(super) fn extremum(&mut self) -> Read<Tree> {
        let start = self.span();
        let extremum = self.extremum_sign()?;
        let ends = self.ends()?;
        self.extremum_behind(extremum, ends.below, start)
    }

    pub(super) fn extremum_behind(
        &mut self,
        extremum: Extremum,
        below: Option<(usize, usize)>,
        start: Span,
    ) -> Read<Tree> {
        let (variables, constraints) = match below {
            Some(range) => self.within(range, |parser| parser.constrained())?,
            None => (Vec::new(), Vec::new()),
        };
        let is_round = matches!(opens(&self.peek()), Some(Shape::Round | Shape::Curly));
        if below.is_none() && is_round {
            let name = format!("{extremum:?}").to_lowercase();
            return self.call(name, start, None);
        }
        let names: Vec<String> = variables.iter().filter_map(bound_name).collect();
        let takes_all = matches!(extremum, Extremum::ArgMin | Extremum::ArgMax);
        let body = self.bound_body(&names, takes_all)?;
        let span = start.to(body.span);
        Ok(Tree::new(Kind::Extremum { extremum, variables, constraints, body: Box::new(body) }, span))
    }

    /// `\min`, `\arg\max`, `\arg\,\min`
    pub(super) fn extremum_sign(&mut self) -> Read<Extremum> {
        if self.peek().is_known(Meaning::Arg) {
            self.advance();
            return match self.peek().kind {
                TokenKind::Known(Meaning::Extremum(Extremum::Min)) => {
                    self.advance();
                    Ok(Extremum::ArgMin)
                }
                TokenKind::Known(Meaning::Extremum(Extremum::Max)) => {
                    self.advance();
                    Ok(Extremum::ArgMax)
                }
                _ => self.fail("`\\min` or `\\max` behind `\\arg`"),
            };
        }
        match self.peek().kind {
            TokenKind::Known(Meaning::Extremum(extremum)) => {
                self.advance();
                Ok(extremum)
            }
            _ => self.fail("`\\min` or `\\max`"),
        }
    }

    /// `d`, `a, b`, `d \text{ s.t. } \|d\| \le \epsilon`, `d : c`, `\|d\| \le 1`
    fn constrained(&mut self) -> Read<(Vec<Tree>, Vec<Chain>)> {
        let (mut variables, mut constraints, mut behind) = (Vec::new(), Vec::new(), false);
        while !self.is_done() {
            if self.take_such_that() {
                behind = true;
                continue;
            }
            let chain = self.chain_of_relations()?;
            match (&chain.rest[..], bound_name(&chain.first)) {
                ([], Some(_)) if !behind => variables.push(chain.first),
                ([], _) => return self.fail_at("a constraint", "an expression", chain.first.span),
                ([(Relation::Element, _)], Some(_)) if !behind => {
                    variables.push(chain.first.clone());
                    constraints.push(chain);
                }
                _ => constraints.push(chain),
            }
            if self.is_symbol(",") || self.is_symbol(";") || self.peek().kind == TokenKind::RowEnd {
                self.advance();
            }
        }
        Ok((variables, constraints))
    }

    /// `\text{s.t.}`, `:`, `\mid`
    fn take_such_that(&mut self) -> bool {
        if self.is_symbol(":") && !self.peek_at(1).is_symbol("=") || self.peek().is_known(Meaning::Mid) {
            self.advance();
            return true;
        }
        match self.peek().kind {
            TokenKind::Known(Meaning::Text | Meaning::Word)
                if opens(&self.peek_at(1)) == Some(Shape::Brace) =>
            {
                let close = self.behind(self.at + 1);
                let words: String =
                    self.tokens[self.at + 2..close - 1].iter().map(|token| token.text).collect();
                let found = matches!(words.as_str(), "s.t." | "s.t" | "st" | "subjectto" | "suchthat");
                if found {
                    self.at = close;
                }
                found
            }
            _ => false,
        }
    }

    /// `a \le b < c`
    pub(super) fn chain_of_relations(&mut self) -> Read<Chain> {
        let first = self.expression()?;
        let mut rest = Vec::new();
        while let Some((relation, length)) = self.relation_ahead() {
            for _ in 0..length {
                self.advance();
            }
            rest.push((relation, self.expression()?));
        }
        Ok(Chain { first, rest })
    }

    /// `\underset{d}{\arg\min} f`, `\underset{x \sim p}{\mathbb{E}}[f]`
    pub(super) fn underset(&mut self) -> Read<Tree> {
        let start = self.advance().span;
        let below = self.skip_argument("what stands below")?;
        let above = self.skip_argument("the sign above")?;
        let behind = self.at;
        self.at = above.0;
        if let Some(mut head) = self.expectation_head() {
            head = head.with_below(below, behind);
            let expectation = self.expectation(head)?;
            return self.finished(expectation);
        }
        let outside = std::mem::replace(&mut self.end, above.1);
        let sign = self.underset_sign();
        self.end = outside;
        self.at = behind;
        let extremum = sign?;
        self.extremum_behind(extremum, Some(below), start)
    }

    fn underset_sign(&mut self) -> Read<Extremum> {
        if matches!(self.peek().kind, TokenKind::Known(Meaning::Word | Meaning::Text))
            && let Some(extremum) = self.extremum_word()
        {
            return Ok(extremum);
        }
        self.extremum_sign()
    }

    /// `\operatorname*{arg\,min}`, `\mathrm{argmax}`: read when it is one.
    pub(super) fn extremum_word(&mut self) -> Option<Extremum> {
        let starred = usize::from(self.peek_at(1).is_symbol("*"));
        let open = self.at + 1 + starred;
        if open >= self.end || opens(&self.tokens[open]) != Some(Shape::Brace) {
            return None;
        }
        let close = self.behind(open);
        let words: String =
            self.tokens[open + 1..close - 1].iter().take(10).map(|token| token.text).collect();
        let extremum = match words.to_lowercase().as_str() {
            "argmin" => Extremum::ArgMin,
            "argmax" => Extremum::ArgMax,
            "min" | "minimize" => Extremum::Min,
            "max" | "maximize" => Extremum::Max,
            "inf" => Extremum::Inf,
            "sup" => Extremum::Sup,
            _ => return None,
        };
        self.at = close;
        Some(extremum)
    }

    /// The product behind, or the whole rest where it mentions a bound name.
    fn bound_body(&mut self, names: &[String], takes_all: bool) -> Read<Tree> {
        if takes_all || self.rest_mentions(names) {
            return self.deeper(|parser| parser.expression());
        }
        self.deeper(|parser| parser.product_behind())
    }

    /// Whether a term behind the next one holds a bound name.
    fn rest_mentions(&self, names: &[String]) -> bool {
        let (mut at, mut in_rest) = (self.at, false);
        for _ in 0..MAX_SEARCH {
            let Some(token) = self.tokens.get(at).filter(|_| at < self.end) else { return false };
            let is_sign = token.is_symbol("+") || token.is_symbol("-");
            if !in_rest {
                in_rest = is_sign && at > self.at;
                at = self.behind(at);
                continue;
            }
            match token.kind {
                TokenKind::Symbol if matches!(token.text, "=" | "<" | ">" | ",") => return false,
                TokenKind::Letter | TokenKind::Known(Meaning::Name(_)) => {
                    let name = match token.kind {
                        TokenKind::Known(Meaning::Name(name)) => name.to_string(),
                        _ => canonical(token.text).into_owned(),
                    };
                    let base = |bound: &String| bound.split('_').next().is_some_and(|base| base == name);
                    if names.iter().any(base) {
                        return true;
                    }
                }
                _ => {}
            }
            at += 1;
        }
        true
    }
}
