//! Integrals: `\int_a^b f(x)\,dx` ends at its differential, `\int dx\, f(x)` begins with it.

use super::super::{Binder, Kind, Tree};
use super::commands::Shape;
use super::pairs::{ALONE, behind_d};
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
}
