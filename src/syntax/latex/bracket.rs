//! Brackets and bars: `\left( a + b \right)`, `[0, 1)`, `\langle u, v \rangle_F`, `|a||b|`, `\|x\|_2`.
//!
//! A bar opens where a value is expected and closes where an operator is. Braces are not printed: a sum in them is a sum only
//! where it stands as a term.

use super::super::operators::Operation;
use super::super::{Kind, Tree};
use super::call::relation_at;
use super::commands::{Meaning, Shape};
use super::expression::Class;
use super::parser::{OpenBar, Parser, Read};
use super::primary::Primary;
use super::tokens::TokenKind;
use crate::text::{Code, Diagnostic, Span};

impl Parser<'_> {
    /// `(…)`, `[…]`, `\{…\}`, `\langle…\rangle`, `\left|…\right|`, `{…}`, `\begin…\end`
    pub(super) fn bracketed(&mut self, shape: Shape) -> Read<Primary> {
        match shape {
            Shape::Environment => {
                let tree = self.environment()?;
                return self.with_marks(Primary::new(tree, Class::Closed));
            }
            Shape::Angle => return self.angle(),
            Shape::Curly if self.tokens[self.at + 1].kind == TokenKind::Open(Shape::Environment) => {
                let (tree, span) = self.group(false, |parser| parser.environment())?;
                return self.with_marks(Primary::new(Tree::new(tree.kind, span), Class::Closed));
            }
            Shape::Norm => {
                let (tree, span) = self.group(false, |parser| parser.expression())?;
                return self.norm(tree, span);
            }
            Shape::Null => return self.at_a_point(),
            _ => {}
        }
        if shape == Shape::Brace && self.behind(self.at) == self.at + 2 {
            // `{}` holds marks apart, `A^{-1}{}^T`, and is nothing.
            return self.fail("a value");
        }
        let (open, mixed) = (self.at, self.closing_shape());
        let ((mut parts, separated), span) = self.group(false, |parser| parser.bracket_parts(shape))?;
        let call = |name: &str, arguments| Kind::Call { name: name.into(), name_span: span, arguments };
        let kind = match shape {
            Shape::Bar => Kind::Absolute(Box::new(parts.swap_remove(0))),
            Shape::Floor => call("floor", parts),
            Shape::Ceiling => call("ceiling", parts),
            _ if mixed || (shape == Shape::Square && separated) => call("interval", parts),
            Shape::Curly if separated => call("set", parts),
            _ if separated => call("tuple", parts),
            _ => {
                let inner = parts.swap_remove(0);
                if shape == Shape::Brace && !self.may_stand_in_braces(&inner, open) {
                    return Err(Box::new(self.needs_brackets(span)));
                }
                return self.with_marks(Primary::new(inner, Class::Closed));
            }
        };
        self.with_marks(Primary::new(Tree::new(kind, span), Class::Closed))
    }

    /// `\left. f \right|_{d=0}`: the value of what the bracket holds where d is 0.
    fn at_a_point(&mut self) -> Read<Primary> {
        let start = self.span();
        let partner = self.pairs.partners[self.at] as usize;
        let closes =
            |at: usize, kind| self.tokens[..self.end].get(at).is_some_and(|token| token.kind == kind);
        let is_point = closes(partner, TokenKind::Close(Shape::Bar))
            && closes(partner.saturating_add(1), TokenKind::Underscore)
            && closes(partner.saturating_add(2), TokenKind::Open(Shape::Brace));
        if !is_point {
            let help = "a value at a point is written `\\left. f \\right|_{d=0}`";
            return self.fail_with_help("a bracket", help);
        }
        let (body, _) = self.group(false, |parser| parser.expression())?;
        self.advance();
        let (point, end) = self.group(false, |parser| parser.item())?;
        let span = start.to(end);
        let kind = Kind::Call { name: "|".into(), name_span: span, arguments: vec![body, point] };
        self.with_marks(Primary::new(Tree::new(kind, span), Class::Closed))
    }

    /// Braces are not printed: a sum in them is a sum only where it stands as a term, and a product has no marks.
    pub(super) fn may_stand_in_braces(&self, inner: &Tree, open: usize) -> bool {
        let next = self.peek();
        let is_marked = matches!(
            next.kind,
            TokenKind::Caret | TokenKind::Underscore | TokenKind::Prime | TokenKind::SmallAbove
        ) || next.is_symbol("!");
        let is_fraction = self.tokens[open + 1].is_known(Meaning::Fraction);
        match &inner.kind {
            Kind::Product(_) if !is_fraction => !is_marked,
            Kind::Sum(_) | Kind::Negate(_) => {
                let before = open.checked_sub(1).map(|at| self.tokens[at]);
                let begins = before.is_none_or(|before| {
                    matches!(before.kind, TokenKind::Open(_) | TokenKind::Ampersand | TokenKind::RowEnd)
                        || before.is_symbol("+")
                        || before.is_symbol(",")
                        || relation_at(&[before]).is_some()
                });
                let is_multiplied = self.starts_factor()
                    || matches!(self.infix(), Some(Operation::Multiply | Operation::Divide));
                begins && !is_marked && !is_multiplied
            }
            _ => true,
        }
    }

    pub(super) fn needs_brackets(&self, span: Span) -> Diagnostic {
        let code = Code::Latex {
            expected: "brackets around this".into(),
            found: "braces, which are not printed".into(),
        };
        Diagnostic::error(code, span).with_help("write `\\left( … \\right)`")
    }

    /// The bracket is closed by one of another shape, `[0, 1)`.
    pub(super) fn closing_shape(&self) -> bool {
        let partner = self.pairs.partners[self.at] as usize;
        match (self.peek().kind, self.tokens.get(partner).map(|token| token.kind)) {
            (TokenKind::Open(open), Some(TokenKind::Close(close))) => open != close && close != Shape::Null,
            _ => false,
        }
    }

    pub(super) fn bracket_parts(&mut self, shape: Shape) -> Read<(Vec<Tree>, bool)> {
        let mut parts = vec![self.item()?];
        while shape != Shape::Bar && self.take_symbol(",") {
            parts.push(self.item()?);
        }
        let separated = parts.len() > 1;
        Ok((parts, separated))
    }

    /// `⟨a, b⟩` with a metric below; `⟨x⟩` is an average.
    pub(super) fn angle(&mut self) -> Read<Primary> {
        let (mut parts, span) = self.group(true, |parser| {
            let mut parts = vec![parser.expression()?];
            let parted = parser.is_symbol(",")
                || matches!(parser.peek().kind, TokenKind::Bar | TokenKind::Known(Meaning::Mid));
            if parted {
                parser.advance();
                parts.push(parser.expression()?);
            }
            Ok(parts)
        })?;
        let scripts = self.scripts(true)?;
        let below = match scripts.below_range {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.under())?)),
            None => None,
        };
        if !scripts.above.is_empty() {
            return self.fail_at("a name before this mark", "an expression", span);
        }
        let span = if below.is_some() { span.to(self.last_span()) } else { span };
        let last = parts.pop().expect("at least one part is read");
        let kind = match parts.pop() {
            Some(first) => Kind::Inner(Box::new(first), Box::new(last), below),
            None => Kind::Expectation { body: Box::new(last), density: below },
        };
        Ok(Primary { tree: Tree::new(kind, span), class: Class::Closed, posts: scripts.posts })
    }

    /// `|x|`: a bar where a value is expected opens, one where an operator is expected closes.
    pub(super) fn bars(&mut self, bar: OpenBar) -> Read<Tree> {
        let open = self.advance();
        self.open_bars.push(bar);
        let inside = self.deeper(|parser| parser.expression())?;
        let closing = if bar == OpenBar::Single { TokenKind::Bar } else { TokenKind::DoubleBar };
        if self.peek().kind != closing {
            let bracket = if bar == OpenBar::Single { '|' } else { '‖' };
            let code = Code::UnclosedBracket { bracket };
            return Err(Box::new(Diagnostic::error(code, open.span)));
        }
        self.advance();
        self.open_bars.pop();
        let span = open.span.to(self.last_span());
        Ok(match bar {
            OpenBar::Single => Tree::new(Kind::Absolute(Box::new(inside)), span),
            OpenBar::Double => Tree::new(inside.kind, span),
        })
    }

    pub(super) fn norm_bars(&mut self) -> Read<Primary> {
        let inside = self.bars(OpenBar::Double)?;
        let span = inside.span;
        self.norm(inside, span)
    }

    /// `‖x‖` with what stands below it.
    pub(super) fn norm(&mut self, inside: Tree, span: Span) -> Read<Primary> {
        let scripts = self.scripts(true)?;
        let below = match scripts.below_range {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.expression())?)),
            None => None,
        };
        if !scripts.above.is_empty() {
            return self.fail_at("a name before this mark", "a norm", span);
        }
        let tree = Tree::new(Kind::Norm(Box::new(inside), below), span);
        Ok(Primary { tree, class: Class::Closed, posts: scripts.posts })
    }
}
