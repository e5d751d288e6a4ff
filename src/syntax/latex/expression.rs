//! Sums and products: `-\tfrac12 a\,b + c` is a sum of −½·a·b and c.
//!
//! Strengths are those of the table in `operators.rs`; a factor directly behind another is a product. Where a
//! division goes before it, `1/2\sigma`, there are two readings.

use super::super::operators::{Operation, Strength};
use super::super::{Kind, Side, Sign, Tree};
use super::commands::{Meaning, Shape};
use super::parser::{OpenBar, Parser, Read};
use super::tokens::{Token, TokenKind};
use crate::text::Span;

/// What kind of factor was read, as far as its neighbours care.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Digits.
    Number,
    /// A name without a bracket behind it.
    Bare,
    /// A name applied to a bracket.
    Call,
    /// A fraction, a bracket, a root: it shows where it ends.
    Closed,
    /// A function, sum, derivative with what it applies to.
    Applied,
}

pub(super) struct Factor {
    pub(super) tree: Tree,
    pub(super) class: Class,
}

impl Parser<'_> {
    /// A sum: everything but a relation.
    pub(super) fn expression(&mut self) -> Read<Tree> {
        let start = self.span();
        let first = self.signed_product()?;
        let mut terms = vec![(Sign::Plus, first)];
        while let Some(Operation::Add(sign)) = self.infix() {
            self.advance();
            terms.push((sign, self.signed_product()?));
        }
        Ok(self.flat(terms, Kind::Sum, start))
    }

    /// One element alone, several as a node of their own.
    fn flat<M>(&self, mut parts: Vec<(M, Tree)>, kind: fn(Vec<(M, Tree)>) -> Kind, start: Span) -> Tree {
        if parts.len() == 1 {
            return parts.swap_remove(0).1;
        }
        Tree::new(kind(parts), start.to(self.last_span()))
    }

    /// The operator between two operands that the next token is.
    pub(super) fn infix(&self) -> Option<Operation> {
        let token = self.peek();
        Some(match (token.kind, token.text) {
            (TokenKind::Symbol, "+") => Operation::Add(Sign::Plus),
            (TokenKind::Symbol, "-") => Operation::Add(Sign::Minus),
            (TokenKind::Symbol, "*") | (TokenKind::Known(Meaning::Dot | Meaning::Times), _) => {
                Operation::Multiply
            }
            (TokenKind::Symbol, "/") | (TokenKind::Known(Meaning::Divide), _) => Operation::Divide,
            _ => return None,
        })
    }

    fn signed_product(&mut self) -> Read<Tree> {
        let start = self.span();
        let first = self.signed()?;
        self.product_from(first, start)
    }

    /// `a b \cdot c / d`, the first factor read already.
    pub(super) fn product_from(&mut self, first: Factor, start: Span) -> Read<Tree> {
        let mut factors = vec![(Side::Over, first.tree)];
        // Where a division stands among the factors, until an operator decides what it divides.
        let mut open_division: Option<(usize, Class)> = None;
        loop {
            let dot = self.peek().is_known(Meaning::Dot);
            let (side, written) = match self.infix() {
                Some(Operation::Multiply) => (if dot { Side::Dot } else { Side::Over }, true),
                Some(Operation::Divide) => (Side::Under, true),
                None if self.starts_factor() => (Side::Over, false),
                _ => break,
            };
            if written {
                self.advance();
                self.settle_division(&mut factors, &mut open_division)?;
            } else if self.starts_number() {
                return self.fail("an operator before the number");
            }
            let is_clear =
                !written && open_division.is_some_and(|(_, divisor)| self.is_clear_behind(divisor));
            if is_clear {
                open_division = None;
            }
            let factor = if written { self.signed()? } else { self.factor()? };
            factors.push((side, factor.tree));
            if side == Side::Under {
                open_division = Some((factors.len() - 1, factor.class));
            }
        }
        self.settle_division(&mut factors, &mut open_division)?;
        Ok(self.flat(factors, Kind::Product, start))
    }

    /// What stands behind a division without a sign cannot belong to the divisor: `1/n \sum_i x_i`, `n/2 \log x`.
    fn is_clear_behind(&self, divisor: Class) -> bool {
        match self.peek().kind {
            TokenKind::Known(
                Meaning::Binder(_)
                | Meaning::Integrals(_)
                | Meaning::Nabla
                | Meaning::Partial
                | Meaning::Limit
                | Meaning::Extremum(_),
            ) => true,
            TokenKind::Known(Meaning::Function(_))
            | TokenKind::Open(Shape::Round | Shape::Square | Shape::Curly) => divisor == Class::Number,
            _ => self.starts_expectation() || matches!(divisor, Class::Closed | Class::Call),
        }
    }

    /// `a/b c` is `(a/b) c` or `a/(b c)`: both are kept.
    fn settle_division(
        &mut self,
        factors: &mut Vec<(Side, Tree)>,
        division: &mut Option<(usize, Class)>,
    ) -> Read<()> {
        let Some((at, _)) = division.take() else { return Ok(()) };
        if at + 1 >= factors.len() {
            return Ok(());
        }
        let span = factors[0].1.span.to(factors[factors.len() - 1].1.span);
        let left = Tree::new(Kind::Product(factors.clone()), span);
        let mut behind = factors.split_off(at);
        behind[0].0 = Side::Over;
        let below = behind[0].1.span.to(behind[behind.len() - 1].1.span);
        factors.push((Side::Under, Tree::new(Kind::Product(behind), below)));
        let right = Tree::new(Kind::Product(std::mem::take(factors)), span);
        factors.push((Side::Over, self.either(vec![left, right], span)?));
        Ok(())
    }

    /// Signs before a factor.
    pub(super) fn signed(&mut self) -> Read<Factor> {
        let start = self.span();
        match self.infix() {
            Some(operation @ Operation::Add(sign)) => {
                debug_assert!(operation.strength() == Strength::Sum);
                self.advance();
                let operand = self.deeper(|parser| parser.signed())?;
                if sign == Sign::Plus {
                    return Ok(operand);
                }
                let span = start.to(self.last_span());
                Ok(Factor {
                    tree: Tree::new(Kind::Negate(Box::new(operand.tree)), span),
                    class: operand.class,
                })
            }
            _ => self.factor(),
        }
    }

    fn starts_number(&self) -> bool {
        self.peek().kind == TokenKind::Digit || self.is_symbol(".")
    }

    /// Whether the next token begins a factor.
    pub(super) fn starts_factor(&self) -> bool {
        match self.peek().kind {
            TokenKind::Letter | TokenKind::Digit | TokenKind::Command => true,
            TokenKind::Open(_) => true,
            TokenKind::Bar => self.bar_opens(OpenBar::Single),
            TokenKind::DoubleBar => self.bar_opens(OpenBar::Double),
            TokenKind::Known(Meaning::Text) => self.starts_word(),
            TokenKind::Symbol => self.is_symbol(".") && self.peek_at(1).kind == TokenKind::Digit,
            TokenKind::Known(meaning) => matches!(
                meaning,
                Meaning::Name(_)
                    | Meaning::Function(_)
                    | Meaning::Binder(_)
                    | Meaning::Integrals(_)
                    | Meaning::Limit
                    | Meaning::Extremum(_)
                    | Meaning::Arg
                    | Meaning::Nabla
                    | Meaning::Partial
                    | Meaning::Fraction
                    | Meaning::Binomial
                    | Meaning::Root
                    | Meaning::Font
                    | Meaning::Word
                    | Meaning::Accent(_)
                    | Meaning::Underbrace
                    | Meaning::Stack(_)
                    | Meaning::Dots
                    | Meaning::Infinity
            ),
            _ => false,
        }
    }

    /// `\text{loss}` is a name; words with blanks, and `\text{s.t.}`, are none.
    fn starts_word(&self) -> bool {
        let close = self.behind(self.at + 1);
        let inside =
            &self.tokens[(self.at + 2).min(close)..close.saturating_sub(1).max(self.at + 2).min(close)];
        let is_word =
            |token: &Token| !token.spaced && matches!(token.kind, TokenKind::Letter | TokenKind::Digit);
        let words = super::remark::words(inside);
        inside.iter().all(is_word) && !matches!(words.as_str(), "if" | "for" | "and" | "or" | "where" | "st")
    }

    /// A bar where an operator is expected opens when it closes nothing, parts no arguments and has a partner.
    fn bar_opens(&self, bar: OpenBar) -> bool {
        let left = if bar == OpenBar::Single { self.bars_left.0 } else { self.bars_left.1 };
        match self.open_bars.last() {
            Some(open) if *open == bar => false,
            Some(_) => left >= 2,
            None => left >= 2 && !(self.in_arguments && left % 2 == 1),
        }
    }

    /// A factor with everything that belongs to it.
    pub(super) fn factor(&mut self) -> Read<Factor> {
        if self.starts_chain() {
            return self.chain();
        }
        let primary = self.primary()?;
        let class = primary.class;
        Ok(Factor { tree: self.finished(primary)?, class })
    }
}
