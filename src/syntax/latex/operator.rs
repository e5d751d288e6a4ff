//! Operators that stand before what they apply to: `\log`, `\nabla_\theta`, `\partial_x`, `\frac{d}{dx}`, `\mathbb{E}_p`.

use super::super::{Kind, Tree};
use super::commands::{Meaning, Shape};
use super::parser::{Parser, Read, opens};
use super::script::Post;
use super::tokens::TokenKind;
use crate::number::Rational;
use crate::text::Span;

/// An operator that stands before its operand.
#[derive(Clone, Debug)]
pub(super) enum Prefix {
    Function {
        name: String,
        power: Option<Tree>,
    },
    Gradient {
        by: Option<Box<Tree>>,
        transposed: bool,
    },
    Hessian {
        by: Option<Box<Tree>>,
    },
    /// By each in turn; one written as a fraction reaches over a whole product, `\partial_x` does not.
    Derivative {
        by: Vec<Tree>,
        is_fraction: bool,
    },
    Expectation {
        density: Option<Box<Tree>>,
    },
    /// `\tilde\nabla`
    Marked {
        mark: String,
        inner: Box<Prefix>,
    },
}

impl Prefix {
    /// The operator, which stands at `at`, applied.
    pub(super) fn apply(self, at: Span, body: Tree) -> Tree {
        let span = at.to(body.span);
        let body_box = |body| Box::new(body);
        match self {
            Prefix::Function { name, power } => {
                let call = Tree::new(Kind::Call { name, name_span: at, arguments: vec![body] }, span);
                match power {
                    Some(power) => Tree::new(Kind::Power(Box::new(call), Box::new(power)), span),
                    None => call,
                }
            }
            Prefix::Gradient { by, transposed } => {
                let gradient = Tree::new(Kind::Gradient { body: body_box(body), by }, span);
                if transposed { Tree::new(Kind::Transpose(Box::new(gradient)), span) } else { gradient }
            }
            Prefix::Hessian { by } => Tree::new(Kind::Hessian { body: body_box(body), by }, span),
            Prefix::Derivative { by, .. } => Tree::new(Kind::Derivative { body: body_box(body), by }, span),
            Prefix::Expectation { density } => {
                Tree::new(Kind::Expectation { body: body_box(body), density }, span)
            }
            Prefix::Marked { mark, inner } => {
                Tree::new(Kind::Accent(mark, Box::new(inner.apply(at, body))), span)
            }
        }
    }
}

impl Parser<'_> {
    /// Whether an operator stands here that applies to what follows.
    pub(super) fn starts_chain(&self) -> bool {
        match self.peek().kind {
            TokenKind::Known(Meaning::Function(_) | Meaning::Nabla | Meaning::Partial) => true,
            TokenKind::Known(Meaning::Accent(_)) => {
                self.peek_at(1).is_known(Meaning::Nabla)
                    || (opens(&self.peek_at(1)) == Some(Shape::Brace)
                        && self.peek_at(2).is_known(Meaning::Nabla))
            }
            TokenKind::Known(Meaning::Fraction) => self.is_derivative_alone(),
            TokenKind::Known(Meaning::Word | Meaning::Text) => {
                self.word_function().is_some() || self.starts_bare_expectation()
            }
            TokenKind::Known(Meaning::Font) | TokenKind::Letter => self.starts_bare_expectation(),
            _ => false,
        }
    }

    pub(super) fn starts_bare_expectation(&self) -> bool {
        self.starts_expectation() && self.expects_bare()
    }

    /// `\mathrm{tr}`, `\operatorname{rank}`: functions that are written as words.
    pub(super) fn word_function(&self) -> Option<(&'static str, usize)> {
        const WORDS: &[&str] = &[
            "log", "ln", "exp", "tr", "Tr", "trace", "det", "rank", "diag", "sgn", "sign", "erf", "sin",
            "cos", "tan", "Var", "vec",
        ];
        let mut at = self.at + 1;
        if self.tokens[at].is_symbol("*") {
            at += 1;
        }
        if opens(&self.tokens[at]) != Some(Shape::Brace) || at >= self.end {
            return None;
        }
        let close = self.behind(at).checked_sub(1).filter(|close| *close > at && close - at < 8)?;
        let inside = &self.tokens[at + 1..close];
        let word: String = inside.iter().map(|token| token.text).collect();
        let name = WORDS.iter().find(|known| **known == word)?;
        let is_word = inside.iter().all(|token| token.kind == TokenKind::Letter);
        // With a density below it is no function of one argument: `\mathrm{Var}_p[f]`.
        let has_density =
            *name == "Var" && close + 1 < self.end && self.tokens[close + 1].kind == TokenKind::Underscore;
        (is_word && !has_density).then_some((if *name == "ln" { "log" } else { *name }, close + 1))
    }

    /// One operator, without its operand.
    pub(super) fn prefix(&mut self) -> Read<Option<Prefix>> {
        let token = self.peek();
        Ok(Some(match token.kind {
            TokenKind::Known(Meaning::Function(name)) => {
                self.advance();
                self.function(name.into())?
            }
            TokenKind::Known(Meaning::Word | Meaning::Text) if self.word_function().is_some() => {
                let (name, behind) = self.word_function().expect("a word was found");
                self.at = behind;
                self.function(name.into())?
            }
            TokenKind::Known(Meaning::Nabla) => self.nabla()?,
            TokenKind::Known(Meaning::Partial) => self.partial()?,
            TokenKind::Known(Meaning::Fraction) => {
                Prefix::Derivative { by: self.derivative_alone()?, is_fraction: true }
            }
            TokenKind::Known(Meaning::Accent(mark)) => {
                self.advance();
                let inner = if opens(&self.peek()) == Some(Shape::Brace) {
                    self.group(false, |parser| parser.nabla())?.0
                } else {
                    self.nabla_sign()
                };
                let inner = if matches!(inner, Prefix::Gradient { by: None, transposed: false }) {
                    self.nabla_scripts()?
                } else {
                    inner
                };
                Prefix::Marked { mark: mark.into(), inner: Box::new(inner) }
            }
            _ => match self.expectation_head() {
                Some(head) => Prefix::Expectation { density: self.expectation_sign(head)? },
                None => return Ok(None),
            },
        }))
    }

    /// The scripts of a function: `\log_2`, `\sin^2`.
    pub(super) fn function(&mut self, name: String) -> Read<Prefix> {
        let mut scripts = self.scripts(false)?;
        let name = format!("{name}{}", scripts.below);
        if scripts.index.is_some() || !scripts.above.is_empty() || scripts.posts.len() > 1 {
            return self.fail("the argument of the function");
        }
        let power = match scripts.posts.pop() {
            None => None,
            Some(Post::Power(power)) => Some(power),
            Some(_) => return self.fail("the argument of the function"),
        };
        Ok(Prefix::Function { name, power })
    }

    pub(super) fn nabla_sign(&mut self) -> Prefix {
        self.advance();
        Prefix::Gradient { by: None, transposed: false }
    }

    /// `\nabla`, `\nabla_\theta`, `\nabla^2`, `\nabla^T`
    pub(super) fn nabla(&mut self) -> Read<Prefix> {
        self.advance();
        self.nabla_scripts()
    }

    pub(super) fn nabla_scripts(&mut self) -> Read<Prefix> {
        let scripts = self.scripts(true)?;
        let by = match scripts.below_range {
            Some(range) => Some(Box::new(self.within(range, |parser| parser.expression())?)),
            None => None,
        };
        if !scripts.above.is_empty() {
            return self.fail("`\\nabla` with `^2` or a subscript");
        }
        match &scripts.posts[..] {
            [] => Ok(Prefix::Gradient { by, transposed: false }),
            [Post::Transpose(_)] => Ok(Prefix::Gradient { by, transposed: true }),
            [Post::Power(Tree { kind: Kind::Number(power), .. })] if *power == Rational::from(2) => {
                Ok(Prefix::Hessian { by })
            }
            _ => self.fail_with_help(
                "`\\nabla` or `\\nabla^2`",
                "higher derivatives are written with `\\partial`",
            ),
        }
    }

    /// `\partial_\theta`, `\partial_{x} \partial_y`, `\partial_x^2`
    pub(super) fn partial(&mut self) -> Read<Prefix> {
        self.advance();
        let scripts = self.scripts(true)?;
        let Some(range) = scripts.below_range else {
            return self.fail_with_help(
                "a subscript",
                "a derivative is `\\partial_x f` or `\\frac{\\partial f}{\\partial x}`",
            );
        };
        let names = self.within(range, |parser| parser.derivative_names())?;
        let times = match &scripts.posts[..] {
            [] => 1,
            [Post::Power(Tree { kind: Kind::Number(power), .. })] => small_order(power).unwrap_or(0),
            _ => 0,
        };
        if times == 0 {
            return self.fail("a derivative of a small whole order");
        }
        let by = (0..times).flat_map(|_| names.iter().cloned()).collect();
        Ok(Prefix::Derivative { by, is_fraction: false })
    }

    /// Names side by side or parted by commas.
    pub(super) fn derivative_names(&mut self) -> Read<Vec<Tree>> {
        let mut names = Vec::new();
        while !self.is_done() {
            names.extend(self.derivative_variable()?);
            self.take_symbol(",");
        }
        Ok(names)
    }
}

/// A whole number from 1 to 4.
pub(super) fn small_order(number: &Rational) -> Option<usize> {
    (1..=4).find(|order| *number == Rational::from(*order as i64))
}
