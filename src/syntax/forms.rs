//! Names and what may follow them: calls, derivatives, sums over ranges, expectations.
//!
//! `f(a, b)` is a call of anything and `p(x | theta)` that of a density; `diff`, `sum`, `KL`, `norm` and the other
//! [`FORMS`] before a round bracket and `E` before a square one have a form of their own, in which `k = 1..n` binds `k`.

use super::expression::Operand;
use super::operators::Strength;
use super::parser::Parser;
use super::tokens::{Bracket, TokenKind};
use super::{Binder, Chain, Extremum, Kind, Relation, Tree};
use crate::text::{Code, Diagnostic, Span};

/// Words of the notation that are followed by a bracket and cannot be declared.
#[rustfmt::skip]
pub const FORMS: &[&str] = &[
    "diff", "grad", "hess", "sum", "product", "integral", "E", "KL", "norm", "dot", "lim", "argmin", "argmax",
];

impl Parser<'_> {
    /// A name, a call, or one of the forms.
    pub(super) fn named(&mut self) -> Operand {
        let span = self.advance();
        let word = self.slice(span);
        let adjacent = self.is_adjacent();
        if let Some(primes) = self.primes() {
            return self.primed(span, primes);
        }
        match self.peek() {
            TokenKind::Open(Bracket::Round) if adjacent => match word {
                "diff" => self.diff(span),
                "grad" | "hess" => self.by_parameter(span),
                "sum" => self.range(Binder::Sum, span),
                "product" => self.range(Binder::Product, span),
                "integral" => self.range(Binder::Integral, span),
                "KL" => self.divergence(span),
                "norm" => self.norm(span),
                "dot" => self.inner(span),
                "lim" => self.limit(span),
                "argmin" => self.extremum(Extremum::ArgMin, span),
                "argmax" => self.extremum(Extremum::ArgMax, span),
                "o" | "O" => self.remainder(span),
                _ => self.call(span),
            },
            TokenKind::Open(Bracket::Square) if adjacent && word == "E" => self.expectation(span),
            _ if word == "inf" => Operand::new(Tree::new(Kind::Infinity, span), 1),
            _ => Operand::new(Tree::new(Kind::Name(self.canonical(span)), span), 1),
        }
    }

    /// `f(a, b)`, `p(x | theta)`; a bar where an operator is expected can close nothing here.
    fn call(&mut self, name_span: Span) -> Operand {
        let (mut height, mut outcome, mut given, mut bars) = (1, Vec::new(), Vec::new(), 0);
        let group = self.group(&[TokenKind::Comma, TokenKind::Bar], |parser, before| {
            if before == Some(TokenKind::Bar) {
                bars += 1;
                if bars == 2 {
                    let code = Code::Syntax { expected: "`)`".into(), found: "a second `|`".into() };
                    let help =
                        "one bar stands before the parameters; factors need a sign between them: `|a|*|b|`";
                    parser.report(Diagnostic::error(code, parser.last_span()).with_help(help));
                }
            }
            let argument = parser.expression();
            height = height.max(argument.height);
            if bars == 0 { &mut outcome } else { &mut given }.push(argument.tree);
        });
        let mut outer = name_span.to(group);
        let name = self.canonical(name_span);
        if bars > 0 {
            return self.built(Kind::Conditional { name, name_span, outcome, given }, outer, height);
        }
        if name == "fisher" && outcome.len() == 1 && self.is_open_bracket() {
            let (point, group, more) = self.arguments();
            outcome.extend(point);
            (outer, height) = (outer.to(group), height.max(more));
        }
        self.built(Kind::Call { name, name_span, arguments: outcome }, outer, height)
    }

    /// How many primes follow, where they touch a bracket: `f''(x)`.
    fn primes(&self) -> Option<u32> {
        let (mut count, mut end) = (0, self.last_span().end);
        loop {
            let next = self.peek_at(count).filter(|token| token.span.start == end)?;
            match next.kind {
                TokenKind::Prime if self.slice(next.span) != "ᵀ" => {
                    (count, end) = (count + 1, next.span.end)
                }
                TokenKind::Open(Bracket::Round) if count > 0 => return u32::try_from(count).ok(),
                _ => return None,
            }
        }
    }

    /// `f'(x)`
    fn primed(&mut self, name_span: Span, primes: u32) -> Operand {
        for _ in 0..primes {
            self.advance();
        }
        let (arguments, group, height) = self.arguments();
        let name = self.canonical(name_span);
        self.built(Kind::Primed { name, name_span, primes, arguments }, name_span.to(group), height)
    }

    /// A round bracket that touches what stands before it.
    fn is_open_bracket(&self) -> bool {
        self.peek() == TokenKind::Open(Bracket::Round) && self.is_adjacent()
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
            let form = "a body and the names to differentiate by: `diff(f, x)`";
            return self.wrong_arity(name, outer, form, arguments.len());
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
            let form = format!("a body and at most one name: `{word}(f, theta)`");
            return self.wrong_arity(name, outer, &form, found);
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
            return self.wrong_arity(
                name,
                outer,
                &format!("a body and a range: `{word}(f, k = a..b)`"),
                found,
            );
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
            return self.wrong_arity(name, outer, "a body and at most one density: `E[f; p]`", found);
        };
        self.built(Kind::Expectation { body, density }, outer, height)
    }

    /// `KL(p, q)`
    fn divergence(&mut self, name: Span) -> Operand {
        let (arguments, group, height) = self.arguments();
        let outer = name.to(group);
        match <[Tree; 2]>::try_from(arguments) {
            Ok([p, q]) => self.built(Kind::Divergence(Box::new(p), Box::new(q)), outer, height),
            Err(arguments) => self.wrong_arity(name, outer, "two densities: `KL(p, q)`", arguments.len()),
        }
    }

    /// `norm(v)`; a second argument stands below.
    fn norm(&mut self, name: Span) -> Operand {
        let (arguments, group, height) = self.arguments();
        let (outer, found) = (name.to(group), arguments.len());
        let mut arguments = arguments.into_iter().map(Box::new);
        let (Some(body), below, None) = (arguments.next(), arguments.next(), arguments.next()) else {
            return self.wrong_arity(name, outer, "a vector and at most a metric: `norm(v)`", found);
        };
        self.built(Kind::Norm(body, below), outer, height)
    }

    /// `dot(u, v)`; a third argument is a metric.
    fn inner(&mut self, name: Span) -> Operand {
        let (arguments, group, height) = self.arguments();
        let (outer, found) = (name.to(group), arguments.len());
        let mut arguments = arguments.into_iter().map(Box::new);
        let (Some(left), Some(right), metric, None) =
            (arguments.next(), arguments.next(), arguments.next(), arguments.next())
        else {
            return self.wrong_arity(name, outer, "two vectors and at most a metric: `dot(u, v)`", found);
        };
        self.built(Kind::Inner(left, right, metric), outer, height)
    }

    /// `o(g)`, `O(g)`
    fn remainder(&mut self, name: Span) -> Operand {
        let big = self.slice(name) == "O";
        let (arguments, group, height) = self.arguments();
        let outer = name.to(group);
        match <[Tree; 1]>::try_from(arguments) {
            Ok([of]) => self.built(Kind::Remainder { big, of: Box::new(of) }, outer, height),
            Err(arguments) => {
                self.wrong_arity(name, outer, "what it is compared with: `o(norm(d)^2)`", arguments.len())
            }
        }
    }

    /// `lim(f, epsilon -> 0)`
    fn limit(&mut self, name: Span) -> Operand {
        let (mut height, mut found, mut body, mut bound) = (1, 0, None, None);
        let group = self.group(&[TokenKind::Comma], |parser, _| {
            found += 1;
            let part = parser.expression();
            height = height.max(part.height);
            if found == 1 {
                body = Some(Box::new(part.tree));
                return;
            }
            parser.names_only(Some(&part.tree));
            if !parser.take(TokenKind::Arrow) {
                return parser.expected_with_help("`->`", Some("write `lim(f, epsilon -> 0)`".into()));
            }
            let to = parser.expression();
            height = height.max(to.height);
            bound = Some((Box::new(part.tree), Box::new(to.tree)));
        });
        let outer = name.to(group);
        let form = "a body and where a name tends: `lim(f, epsilon -> 0)`";
        match (body, bound) {
            (Some(body), Some((variable, to))) if found == 2 => {
                self.built(Kind::Limit { body, variable, to }, outer, height)
            }
            // What is wrong in the second part is said there.
            _ if found == 2 => Operand::new(self.nothing(), 1),
            _ => self.wrong_arity(name, outer, form, found),
        }
    }

    /// `argmin(f, d; norm(d) <= epsilon)`
    fn extremum(&mut self, extremum: Extremum, name: Span) -> Operand {
        let (mut height, mut body, mut variables, mut constraints) = (1, None, Vec::new(), Vec::new());
        let mut behind = false;
        let group = self.group(&[TokenKind::Comma, TokenKind::Semicolon], |parser, before| {
            behind |= before == Some(TokenKind::Semicolon);
            if behind {
                let constraint = parser.related("a constraint relates two sides: `norm(d) <= epsilon`");
                height = height.max(constraint.1);
                return constraints.push(constraint.0);
            }
            let part = parser.expression();
            height = height.max(part.height);
            match body {
                None => body = Some(Box::new(part.tree)),
                Some(_) => {
                    parser.names_only(Some(&part.tree));
                    variables.push(part.tree);
                }
            }
        });
        let outer = name.to(group);
        let found = usize::from(body.is_some()) + variables.len();
        let Some(body) = body.filter(|_| !variables.is_empty()) else {
            let word = self.slice(name);
            let form = format!("an objective and a name: `{word}(f(d), d; norm(d) <= epsilon)`");
            return self.wrong_arity(name, outer, &form, found);
        };
        self.built(Kind::Extremum { extremum, variables, constraints, body }, outer, height)
    }

    /// A chain with at least one relation, and the height of its sides.
    pub(super) fn related(&mut self, help: &str) -> (Chain, usize) {
        let first = self.expression();
        self.related_to(first, help)
    }

    /// The relations behind a first side.
    pub(super) fn related_to(&mut self, first: Operand, help: &str) -> (Chain, usize) {
        let (mut height, mut rest) = (first.height, Vec::new());
        while let Some(relation) = self.relation() {
            self.advance();
            let side = self.expression();
            height = height.max(side.height);
            rest.push((relation, side.tree));
        }
        if rest.is_empty() {
            self.expected_with_help("a relation", Some(help.into()));
        }
        (Chain { first: first.tree, rest }, height)
    }

    fn wrong_arity(&mut self, name: Span, outer: Span, expected: &str, found: usize) -> Operand {
        self.arity(name, outer, expected, found);
        Operand::new(self.nothing(), 1)
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
            self.error(Code::Syntax { expected: "a name".into(), found }, tree.span);
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
