//! Names and what may follow them: calls, derivatives, sums over ranges, expectations.
//!
//! `f(a, b)` is a call of anything; `diff`, `grad`, `hess`, `sum`, `product`, `integral` and `KL` before a
//! round bracket and `E` before a square one have a form of their own, in which `k = 1..n` binds `k`.

use super::expression::Operand;
use super::operators::Strength;
use super::parser::Parser;
use super::tokens::{Bracket, TokenKind};
use super::{Binder, Kind, Relation, Tree};
use crate::text::{Code, Span};

/// Words of the notation that are followed by a bracket and cannot be declared.
pub const FORMS: &[&str] = &["diff", "grad", "hess", "sum", "product", "integral", "E", "KL"];

impl Parser<'_> {
    /// A name, a call, or one of the forms.
    pub(super) fn named(&mut self) -> Operand {
        let span = self.advance();
        let word = self.slice(span);
        let adjacent = self.is_adjacent();
        match self.peek() {
            TokenKind::Open(Bracket::Round) if adjacent => match word {
                "diff" => self.diff(span),
                "grad" | "hess" => self.by_parameter(span),
                "sum" => self.range(Binder::Sum, span),
                "product" => self.range(Binder::Product, span),
                "integral" => self.range(Binder::Integral, span),
                "KL" => self.divergence(span),
                _ => self.call(span),
            },
            TokenKind::Open(Bracket::Square) if adjacent && word == "E" => self.expectation(span),
            _ if word == "inf" => Operand::new(Tree::new(Kind::Infinity, span), 1),
            _ => Operand::new(Tree::new(Kind::Name(self.canonical(span)), span), 1),
        }
    }

    fn call(&mut self, name_span: Span) -> Operand {
        let (arguments, group, height) = self.arguments();
        let name = self.canonical(name_span);
        self.built(Kind::Call { name, name_span, arguments }, name_span.to(group), height)
    }

    /// The values between two brackets, the place of the brackets, and the greatest height.
    fn arguments(&mut self) -> (Vec<Tree>, Span, usize) {
        let (mut height, mut arguments) = (1, Vec::new());
        let group = self.group(&[TokenKind::Comma], |parser, _| {
            let argument = parser.expression();
            height = height.max(argument.height);
            arguments.push(argument.tree);
        });
        (arguments, group, height)
    }

    /// `diff(f, x, y)`
    fn diff(&mut self, name: Span) -> Operand {
        let (mut arguments, group, height) = self.arguments();
        let outer = name.to(group);
        if arguments.len() < 2 {
            self.arity(
                name,
                outer,
                "a body and the names to differentiate by: `diff(f, x)`",
                arguments.len(),
            );
            return Operand::new(self.nothing(), 1);
        }
        let by = arguments.split_off(1);
        self.names_only(&by);
        let body = arguments.swap_remove(0);
        self.built(Kind::Derivative { body: Box::new(body), by }, outer, height)
    }

    /// `grad(f)`, `hess(f, theta)`
    fn by_parameter(&mut self, name: Span) -> Operand {
        let (arguments, group, height) = self.arguments();
        let outer = name.to(group);
        let word = self.slice(name);
        let found = arguments.len();
        let mut arguments = arguments.into_iter().map(Box::new);
        let (Some(body), by, None) = (arguments.next(), arguments.next(), arguments.next()) else {
            self.arity(name, outer, &format!("a body and at most one name: `{word}(f, theta)`"), found);
            return Operand::new(self.nothing(), 1);
        };
        self.names_only(by.as_deref());
        let kind = if word == "grad" { Kind::Gradient { body, by } } else { Kind::Hessian { body, by } };
        self.built(kind, outer, height)
    }

    /// `sum(f, k = a..b)`, `integral(f, x)`
    fn range(&mut self, binder: Binder, name: Span) -> Operand {
        let mut height = 1;
        let (mut body, mut bound, mut more) = (None, None, 0);
        let group = self.group(&[TokenKind::Comma], |parser, _| {
            if body.is_none() {
                let operand = parser.expression();
                height = height.max(operand.height);
                body = Some(operand.tree);
            } else if bound.is_none() {
                bound = Some(parser.bound(binder, &mut height));
            } else {
                more += 1;
                parser.expression();
            }
        });
        let outer = name.to(group);
        let found = usize::from(body.is_some()) + usize::from(bound.is_some()) + more;
        let (Some(body), Some(bound), 0) = (body, bound, more) else {
            let word = self.slice(name);
            self.arity(name, outer, &format!("a body and a range: `{word}(f, k = a..b)`"), found);
            return Operand::new(self.nothing(), 1);
        };
        let Bound { variable, variable_span, from, to } = bound;
        let kind = Kind::Range { binder, body: Box::new(body), variable, variable_span, from, to };
        self.built(kind, outer, height)
    }

    /// `k = a..b`; for an integral a name alone is the whole sample space.
    fn bound(&mut self, binder: Binder, height: &mut usize) -> Bound {
        let variable_span = self.span();
        let mut bound = Bound { variable: String::new(), variable_span, from: None, to: None };
        if self.peek() != TokenKind::Name {
            self.expected("the bound variable, as in `k = a..b`");
            return bound;
        }
        self.advance();
        bound.variable = self.canonical(variable_span);
        if binder == Binder::Integral && self.is_done() {
            return bound;
        }
        if !self.take(TokenKind::Relation(Relation::Equal))
            && !self.take_word("in")
            && !self.take(TokenKind::ElementOf)
        {
            self.expected("`=` and a range `a..b`");
            return bound;
        }
        let from = self.expression();
        if !self.take(TokenKind::DotDot) {
            self.expected("`..` and the upper end");
            return bound;
        }
        let to = self.expression();
        *height = (*height).max(from.height).max(to.height);
        (bound.from, bound.to) = (Some(Box::new(from.tree)), Some(Box::new(to.tree)));
        bound
    }

    /// `E[f]`, `E[f; p]`
    fn expectation(&mut self, name: Span) -> Operand {
        let (mut height, mut parts) = (1, Vec::new());
        let group = self.group(&[TokenKind::Semicolon], |parser, _| {
            let part = parser.expression();
            height = height.max(part.height);
            parts.push(Box::new(part.tree));
        });
        let outer = name.to(group);
        let found = parts.len();
        let mut parts = parts.into_iter();
        let (Some(body), density, None) = (parts.next(), parts.next(), parts.next()) else {
            self.arity(name, outer, "a body and at most one density: `E[f; p]`", found);
            return Operand::new(self.nothing(), 1);
        };
        self.built(Kind::Expectation { body, density }, outer, height)
    }

    /// `KL(p, q)`
    fn divergence(&mut self, name: Span) -> Operand {
        let (arguments, group, height) = self.arguments();
        let outer = name.to(group);
        match <[Tree; 2]>::try_from(arguments) {
            Ok([p, q]) => self.built(Kind::Divergence(Box::new(p), Box::new(q)), outer, height),
            Err(arguments) => {
                self.arity(name, outer, "two densities: `KL(p, q)`", arguments.len());
                Operand::new(self.nothing(), 1)
            }
        }
    }

    /// `d/dx` without blanks inside, and a value after it.
    pub(super) fn starts_derivative(&self) -> bool {
        let (Some(d), Some(slash), Some(dx), Some(after)) =
            (self.peek_at(0), self.peek_at(1), self.peek_at(2), self.peek_at(3))
        else {
            return false;
        };
        let touching = d.span.end == slash.span.start && slash.span.end == dx.span.start;
        let names = dx.kind == TokenKind::Name && self.slice(d.span) == "d" && slash.kind == TokenKind::Slash;
        let value = match after.kind {
            TokenKind::Name | TokenKind::Number | TokenKind::Root => true,
            TokenKind::Open(bracket) => bracket != Bracket::Curly,
            TokenKind::Bar => self.bars == 0,
            _ => false,
        };
        touching && names && value && self.slice(dx.span).strip_prefix('d').is_some_and(|x| !x.is_empty())
    }

    /// `d/dx f`: the body is the whole product that follows.
    pub(super) fn derivative(&mut self) -> Operand {
        let start = self.advance();
        self.advance();
        let differential = self.advance();
        let by = Span { start: differential.start + 1, ..differential };
        if !self.enter(start) {
            return Operand::new(self.nothing(), 1);
        }
        let body = self.climb(Strength::Product);
        self.leave();
        let by = Tree::new(Kind::Name(self.canonical(by)), by);
        let kind = Kind::Derivative { body: Box::new(body.tree), by: vec![by] };
        self.built(kind, start.to(body.outer), body.height)
    }

    fn names_only<'a>(&mut self, by: impl IntoIterator<Item = &'a Tree>) {
        for tree in by.into_iter().filter(|tree| !matches!(tree.kind, Kind::Name(_))) {
            let found = format!("`{}`", self.slice(tree.span));
            self.error(Code::Syntax { expected: "a name to differentiate by".into(), found }, tree.span);
        }
    }

    fn arity(&mut self, name: Span, outer: Span, expected: &str, found: usize) {
        let function = self.slice(name).to_string();
        self.error(Code::WrongArity { function, expected: expected.into(), found }, outer);
    }
}

/// A bound variable and its range.
struct Bound {
    variable: String,
    variable_span: Span,
    from: Option<Box<Tree>>,
    to: Option<Box<Tree>>,
}
