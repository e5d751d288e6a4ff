//! Fractions, and those that are derivatives: `\frac{\partial^2 f}{\partial x\,\partial y}` is f differentiated by x and y.
//!
//! `\frac{\partial}{\partial x}` and `\frac{d}{dx}` without a body apply to what follows. The signs of derivatives
//! with subscripts below the bar, `\partial_{\theta}`, are read as meant and reported.

use super::super::{Kind, Side, Tree};
use super::commands::{Meaning, Shape};
use super::expression::Class;
use super::operator::small_order;
use super::pairs::{ALONE, behind_d};
use super::parser::{Parser, Read, opens};
use super::primary::Primary;
use super::script::{Post, marked};
use super::tokens::{Token, TokenKind};
use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span};

/// The parts of `\frac{above}{below}` as ranges of tokens.
struct Parts {
    above: (usize, usize),
    below: (usize, usize),
    behind: usize,
}

/// The sign of a derivative above the bar.
struct Above {
    /// Behind the sign and its order.
    behind: usize,
    order: usize,
    partial: bool,
}

impl Parser<'_> {
    /// `\frac{a}{b}`
    pub(super) fn fraction(&mut self) -> Read<Primary> {
        let start = self.span();
        if let Some(derivative) = self.derivative_fraction()? {
            return Ok(Primary::new(derivative, Class::Closed));
        }
        let command = self.advance();
        if command.text == "cfrac" && opens(&self.peek()) == Some(Shape::Square) {
            self.group(false, |parser| {
                parser.advance();
                Ok(())
            })?;
        }
        let above = self.deeper(|parser| parser.argument())?;
        if !self.is_argument() {
            return self
                .fail_with_help("the denominator of the fraction", "write `\\frac{…}{…}`, both in braces");
        }
        let below = self.deeper(|parser| parser.argument())?;
        let kind = Kind::Product(vec![(Side::Over, above), (Side::Under, below)]);
        Ok(Primary::new(Tree::new(kind, start.to(self.last_span())), Class::Closed))
    }

    fn is_argument(&self) -> bool {
        !matches!(
            self.peek().kind,
            TokenKind::Known(
                Meaning::Function(_) | Meaning::Binder(_) | Meaning::Limit | Meaning::Extremum(_)
            ) | TokenKind::Open(Shape::Round | Shape::Square | Shape::Environment)
        )
    }

    pub(super) fn binomial(&mut self) -> Read<Primary> {
        let name_span = self.advance().span;
        let above = self.deeper(|parser| parser.argument())?;
        let below = self.deeper(|parser| parser.argument())?;
        let kind = Kind::Call { name: "binomial".into(), name_span, arguments: vec![above, below] };
        Ok(Primary::new(Tree::new(kind, name_span.to(self.last_span())), Class::Closed))
    }

    /// `\sqrt{x}`, `\sqrt[n]{x}`
    pub(super) fn root(&mut self) -> Read<Primary> {
        let name_span = self.advance().span;
        let degree = match opens(&self.peek()) {
            Some(Shape::Square) => Some(self.group(false, |parser| parser.expression())?.0),
            _ => None,
        };
        let body = self.deeper(|parser| parser.argument())?;
        let span = name_span.to(self.last_span());
        let kind = match degree {
            Some(degree) => {
                let at = degree.span;
                let one = Tree::new(Kind::Number(Rational::ONE), at);
                let exponent = Kind::Product(vec![(Side::Over, one), (Side::Under, degree)]);
                Kind::Power(Box::new(body), Box::new(Tree::new(exponent, at)))
            }
            None => Kind::Call { name: "sqrt".into(), name_span, arguments: vec![body] },
        };
        Ok(Primary::new(Tree::new(kind, span), Class::Closed))
    }

    /// `\underbrace{a}_{note}`, `\overbrace{a}^{note}`
    pub(super) fn annotated(&mut self) -> Read<Primary> {
        let start = self.span();
        let command = self.advance();
        let body = self.deeper(|parser| parser.argument())?;
        let sign = if command.text == "overbrace" { TokenKind::Caret } else { TokenKind::Underscore };
        let tree = if self.peek().kind == sign {
            self.advance();
            let range = self.skip_argument("a note")?;
            let note = self.note(range)?;
            Tree::new(Kind::Annotated(Box::new(body), Box::new(note)), start.to(self.last_span()))
        } else {
            Tree::new(body.kind, start.to(self.last_span()))
        };
        self.with_marks(Primary::new(tree, Class::Closed))
    }

    // Derivatives.

    fn parts(&self) -> Option<Parts> {
        let above = self.at + 1;
        let whole = |at: usize| {
            let partner = *self.pairs.partners.get(at)?;
            let is_group = opens(&self.tokens[at]) == Some(Shape::Brace) && partner != ALONE;
            Some(if is_group {
                ((at + 1, partner as usize), partner as usize + 1)
            } else {
                ((at, at + 1), at + 1)
            })
        };
        let (above, below) = whole(above)?;
        let (below, behind) = whole(below)?;
        (behind <= self.end).then_some(Parts { above, below, behind })
    }

    /// `\partial^2`, `d`, `\mathrm{d}`
    fn above(&self, (from, to): (usize, usize)) -> Option<Above> {
        let (mut at, partial) = match self.tokens.get(from)?.kind {
            TokenKind::Known(Meaning::Partial) => (from + 1, true),
            _ => (behind_d(&self.tokens[..to], from)?, false),
        };
        let mut order = 1;
        if at < to && self.tokens[at].kind == TokenKind::Caret {
            let (text, behind) = self.short_group(at + 1)?;
            order = text.parse().ok().filter(|order| (1..=4).contains(order))?;
            at = behind;
        } else if at < to && matches!(self.tokens[at].kind, TokenKind::Underscore | TokenKind::Prime) {
            return None;
        }
        (at <= to).then_some(Above { behind: at, order, partial })
    }

    fn short_group(&self, at: usize) -> Option<(String, usize)> {
        let behind = self.behind(at);
        let inside: &[Token] = self.tokens.get(at..behind)?;
        let text =
            inside.iter().filter(|token| token.kind == TokenKind::Digit).map(|token| token.text).collect();
        (behind - at <= 3).then_some((text, behind))
    }

    /// Below the bar stands a sign of the same kind.
    fn matches_below(&self, above: &Above, (from, to): (usize, usize)) -> bool {
        match self.tokens[from].kind {
            _ if from >= to => false,
            TokenKind::Known(Meaning::Partial) => above.partial,
            _ => {
                !above.partial
                    && behind_d(&self.tokens[..to], from).is_some_and(|variable| {
                        variable < to
                            && matches!(
                                self.tokens[variable].kind,
                                TokenKind::Letter
                                    | TokenKind::Known(Meaning::Name(_) | Meaning::Font | Meaning::Accent(_))
                            )
                    })
            }
        }
    }

    /// A derivative without a body above the bar.
    pub(super) fn is_derivative_alone(&self) -> bool {
        let Some(parts) = self.parts() else { return false };
        self.above(parts.above)
            .is_some_and(|above| above.behind == parts.above.1 && self.matches_below(&above, parts.below))
    }

    /// `\frac{\partial}{\partial x}`: by what.
    pub(super) fn derivative_alone(&mut self) -> Read<Vec<Tree>> {
        let (Some(parts), start) = (self.parts(), self.span()) else { return self.fail("a derivative") };
        let Some(above) = self.above(parts.above) else { return self.fail("a derivative") };
        let span = start.to(self.tokens[parts.behind - 1].span);
        let by = self.within(parts.below, |parser| parser.below(&above, span))?;
        self.at = parts.behind;
        Ok(by)
    }

    /// `\frac{\partial f}{\partial x}`, with its body.
    fn derivative_fraction(&mut self) -> Read<Option<Tree>> {
        let Some(parts) = self.parts() else { return Ok(None) };
        let Some(above) = self.above(parts.above) else { return Ok(None) };
        if !self.matches_below(&above, parts.below) || above.behind >= parts.above.1 {
            return Ok(None);
        }
        let span = self.span().to(self.tokens[parts.behind - 1].span);
        let body = self.within((above.behind, parts.above.1), |parser| parser.expression())?;
        let by = self.within(parts.below, |parser| parser.below(&above, span))?;
        self.at = parts.behind;
        Ok(Some(Tree::new(Kind::Derivative { body: Box::new(body), by }, span)))
    }

    /// `\partial x\,\partial y^2`: each name, as often as it stands there.
    fn below(&mut self, above: &Above, span: Span) -> Read<Vec<Tree>> {
        let (mut by, mut malformed) = (Vec::new(), false);
        while !self.is_done() {
            if above.partial {
                if !self.peek().is_known(Meaning::Partial) {
                    return self.fail("`\\partial`");
                }
                self.advance();
                if self.peek().kind == TokenKind::Underscore {
                    malformed = true;
                    self.advance();
                    let range = self.skip_argument("a variable")?;
                    by.extend(self.within(range, |parser| parser.derivative_variable())?);
                    continue;
                }
            } else {
                match behind_d(&self.tokens[..self.end], self.at) {
                    Some(variable) => self.at = variable,
                    None => return self.fail("`d` and a variable"),
                }
            }
            by.extend(self.derivative_variable()?);
        }
        if by.len() != above.order {
            let expected = format!(
                "{} below the bar",
                if above.order == 1 { "one variable".into() } else { format!("{} variables", above.order) }
            );
            return self.fail_at(&expected, by.len().to_string(), span);
        }
        if malformed {
            self.report_malformed(&by, above.order, span);
        }
        Ok(by)
    }

    fn report_malformed(&mut self, by: &[Tree], order: usize, span: Span) {
        let sign = |order: usize| if order > 1 { format!("\\partial^{order}") } else { "\\partial".into() };
        let below: Vec<_> = by.iter().map(|variable| format!("\\partial {}", spelled(variable))).collect();
        let expected = format!("\\frac{{{}}}{{{}}}", sign(order), below.join(" \\, "));
        let below: Vec<_> =
            by.iter().map(|variable| format!("\\partial_{{{}}}", spelled(variable))).collect();
        let found = format!("\\frac{{{}}}{{{}}}", sign(order), below.join(" "));
        let help = format!("write `{expected}`");
        let code = Code::MalformedDerivative { found, expected };
        self.remarks.push(Diagnostic::error(code, span).with_help(help));
    }

    /// A name, perhaps transposed or with an order, as often as it counts.
    pub(super) fn derivative_variable(&mut self) -> Read<Vec<Tree>> {
        let Some(head) = self.head() else { return self.fail("the name of a variable") };
        let scripts = self.scripts(false)?;
        let name = format!("{}{}{}", head.name, scripts.below, scripts.above);
        let mut tree = Tree::new(Kind::Name(name), head.span.to(self.last_span()));
        if let Some((indices, span)) = scripts.index {
            tree = marked(tree, Post::Index(indices, span));
        }
        let mut times = 1;
        for post in scripts.posts {
            match &post {
                Post::Power(Tree { kind: Kind::Number(order), .. }) if small_order(order).is_some() => {
                    times = small_order(order).unwrap_or(1);
                }
                Post::Transpose(_) | Post::Superscript(_) | Post::Primes { .. } => tree = marked(tree, post),
                _ => return self.fail("the name of a variable"),
            }
        }
        Ok(vec![tree; times])
    }
}

/// A variable in LaTeX, for the help line.
fn spelled(variable: &Tree) -> String {
    match &variable.kind {
        Kind::Name(name) if name.len() > 1 && !name.contains('_') => format!("\\{name}"),
        Kind::Name(name) => name.clone(),
        Kind::Transpose(inner) => format!("{}^T", spelled(inner)),
        _ => "x".into(),
    }
}
