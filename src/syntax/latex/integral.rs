//! Integrals: `\int_a^b f(x)\,dx` ends at its differential, `\int dx\, f(x)` begins with it.

use super::super::{Binder, Kind, Side, Tree};
use super::commands::{Meaning, Shape};
use super::pairs::{ALONE, behind_d, differential};
use super::parser::{Parser, Read, opens};
use super::tokens::TokenKind;
use crate::number::Rational;
use crate::text::Span;

impl Parser<'_> {
    pub(super) fn integral(&mut self, sign: usize, start: Span) -> Read<Tree> {
        let ends = self.ends()?;
        let from = match ends.below {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.item())?)),
            None => None,
        };
        let to = match ends.above {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.expression())?)),
            None => None,
        };
        let (first, count) = self.pairs.differentials[sign];
        if first == ALONE
            && let Some(open) = self.differential_above()
        {
            return self.over_a_fraction(open, start, (from, to));
        }
        if first == ALONE || first as usize >= self.end {
            return self.fail_at(
                "a differential that closes the integral, as in `\\,dx`",
                "none",
                start.to(self.last_span()),
            );
        }
        let first = first as usize;
        let before = self.at;
        let body = if before == first {
            None
        } else {
            let outside = (self.bars_left, std::mem::take(&mut self.open_bars));
            let body = self.until(first, |parser| parser.expression())?;
            (self.bars_left, self.open_bars) = (outside.0, outside.1);
            Some(body)
        };
        let mut variables = Vec::new();
        for _ in 0..count {
            let Some(variable) = behind_d(&self.tokens[..self.end], self.at) else {
                return self.fail("a differential");
            };
            self.at = variable;
            let Some(head) = self.head() else { return self.fail("the variable of the integral") };
            let mut name = head.name;
            if matches!(self.peek().kind, TokenKind::Underscore | TokenKind::SmallBelow | TokenKind::Prime) {
                let scripts = self.scripts(false)?;
                if scripts.index.is_some() || !scripts.above.is_empty() {
                    return self.fail("a name as the variable of the integral");
                }
                name += &scripts.below;
                name += if scripts.posts.is_empty() { "" } else { "_prime" };
            }
            variables.push((name, head.span.to(self.last_span())));
        }
        if opens(&self.peek()) == Some(Shape::Round) && body.is_some() && !self.peek().spaced {
            return self.fail_with_help(
                "an integral over a variable",
                "an integral against a measure is not read: write `f(x)\\,p(x)\\,dx`",
            );
        }
        let body = match body {
            Some(body) => body,
            None if self.starts_factor() => self.deeper(|parser| parser.product_behind())?,
            None => Tree::new(Kind::Number(Rational::ONE), self.tokens[before].span),
        };
        let whole = start.to(self.last_span()).to(body.span);
        let count = variables.len();
        Ok(variables.into_iter().enumerate().fold(body, |body, (index, (variable, variable_span))| {
            let is_outer = index + 1 == count;
            let (from, to) = if is_outer { (from.clone(), to.clone()) } else { (None, None) };
            let kind = Kind::Range {
                binder: Binder::Integral,
                body: Box::new(body),
                variable,
                variable_span,
                from,
                to,
            };
            Tree::new(kind, whole)
        }))
    }

    /// `\frac{dx}{…}` at the next token: where the brace around the differential opens.
    fn differential_above(&self) -> Option<usize> {
        let open = self.at + 1;
        let is_brace = |at: usize| {
            self.tokens[..self.end].get(at).is_some_and(|token| opens(token) == Some(Shape::Brace))
        };
        if !self.peek().is_known(Meaning::Fraction) || !is_brace(open) {
            return None;
        }
        let close = self.behind(open) - 1;
        let (_, end) = differential(&self.tokens[..self.end], open + 1)?;
        (end == close && is_brace(close + 1)).then_some(open)
    }

    /// `\int_1^b \frac{dx}{x}`
    fn over_a_fraction(
        &mut self,
        open: usize,
        start: Span,
        (from, to): (Option<Box<Tree>>, Option<Box<Tree>>),
    ) -> Read<Tree> {
        let close = self.behind(open) - 1;
        let Some(variable) = behind_d(&self.tokens[..self.end], open + 1) else {
            return self.fail("a differential");
        };
        self.at = variable;
        let Some(head) = self.head() else { return self.fail("the variable of the integral") };
        if self.at != close {
            return self.fail("a name as the variable of the integral");
        }
        self.at = close + 1;
        let (denominator, end) = self.group(false, |parser| parser.expression())?;
        let one = Tree::new(Kind::Number(Rational::ONE), head.span);
        let factors = vec![(Side::Over, one), (Side::Under, denominator)];
        let body = Box::new(Tree::new(Kind::Product(factors), head.span.to(end)));
        let (variable, variable_span) = (head.name, head.span);
        let kind = Kind::Range { binder: Binder::Integral, body, variable, variable_span, from, to };
        Ok(Tree::new(kind, start.to(end)))
    }
}
