//! The smallest complete things: numbers, names with what stands above and below, calls, brackets and bars.
//!
//! `\hat\theta_n` is the name `theta_hat_n`; `f_X(x)` calls `f_X`; `p(x \mid \theta)` is conditional; `f'(x)` has a
//! prime; `\|x\|^2` is the square of a norm.

use super::super::{Kind, Side, Tree};
use super::commands::{Meaning, Shape};
use super::expression::Class;
use super::name::Head;
use super::parser::{OpenBar, Parser, Read, opens};
use super::script::{Post, Scripts, marked};
use super::tokens::TokenKind;
use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span};

/// Digits of all numbers of one formula that are read.
const MAX_DIGITS: usize = 10_000;

/// An operand whose marks are still to be set.
pub(super) struct Primary {
    pub(super) tree: Tree,
    pub(super) class: Class,
    pub(super) posts: Vec<Post>,
}

impl Primary {
    pub(super) fn new(tree: Tree, class: Class) -> Primary {
        Primary { tree, class, posts: Vec::new() }
    }

    /// With its marks.
    fn marked(self) -> Tree {
        self.posts.into_iter().fold(self.tree, marked)
    }
}

/// The application alone: where the name is no function, the text has another reading.
///
/// An application without primes is written as one with none.
fn certain(call: Tree) -> Tree {
    let kind = match call.kind {
        Kind::Call { name, name_span, arguments } => Kind::Primed { name, name_span, primes: 0, arguments },
        kind => kind,
    };
    Tree::new(kind, call.span)
}

/// Of a name before a bracket with one part: the name and the part.
fn as_factors(call: &Tree) -> Option<(Tree, Tree)> {
    match &call.kind {
        Kind::Call { name, name_span, arguments } if arguments.len() == 1 => {
            Some((Tree::new(Kind::Name(name.clone()), *name_span), arguments[0].clone()))
        }
        _ => None,
    }
}

impl<'t> Parser<'t> {
    pub(super) fn primary(&mut self) -> Read<Primary> {
        if let Some(head) = self.expectation_head() {
            return self.expectation(head);
        }
        if matches!(self.peek().kind, TokenKind::Known(Meaning::Word | Meaning::Text)) {
            let start = self.span();
            if let Some(extremum) = self.extremum_word() {
                let below = match self.peek().kind {
                    TokenKind::Underscore => {
                        self.advance();
                        Some(self.skip_argument("what stands below")?)
                    }
                    _ => None,
                };
                return Ok(Primary::new(self.extremum_behind(extremum, below, start)?, Class::Applied));
            }
        }
        let before = self.at;
        if let Some(head) = self.head() {
            return self.named(head, before);
        }
        let start = self.span();
        let token = self.peek();
        let primary = match token.kind {
            TokenKind::Digit | TokenKind::Symbol if token.kind == TokenKind::Digit || token.text == "." => {
                Primary::new(self.number()?, Class::Number)
            }
            TokenKind::Known(Meaning::Infinity) => self.sign(Kind::Infinity, Class::Closed),
            TokenKind::Known(Meaning::Dots) => self.sign(Kind::Ellipsis, Class::Closed),
            TokenKind::Known(Meaning::Fraction) => self.fraction()?,
            TokenKind::Known(Meaning::Binomial) => self.binomial()?,
            TokenKind::Known(Meaning::Root) => self.root()?,
            TokenKind::Known(Meaning::Underbrace) => return self.annotated(),
            TokenKind::Known(Meaning::Accent(mark)) => {
                self.advance();
                let tree = self.argument()?;
                let kind =
                    if mark == "underline" { tree.kind } else { Kind::Accent(mark.into(), Box::new(tree)) };
                Primary::new(Tree::new(kind, start.to(self.last_span())), Class::Closed)
            }
            TokenKind::Known(Meaning::Font) => {
                let arrow = matches!(token.text, "vec" | "overrightarrow");
                self.advance();
                let tree = self.argument()?;
                let kind = if arrow { Kind::Accent("vec".into(), Box::new(tree)) } else { tree.kind };
                Primary::new(Tree::new(kind, start.to(self.last_span())), Class::Closed)
            }
            TokenKind::Known(Meaning::Binder(_) | Meaning::Integrals(_)) => {
                return Ok(Primary::new(self.binder()?, Class::Applied));
            }
            TokenKind::Known(Meaning::Limit) => return Ok(Primary::new(self.limit()?, Class::Applied)),
            TokenKind::Known(Meaning::Extremum(_) | Meaning::Arg) => {
                return Ok(Primary::new(self.extremum()?, Class::Applied));
            }
            TokenKind::Known(Meaning::Stack(false)) => {
                return Ok(Primary::new(self.underset()?, Class::Applied));
            }
            TokenKind::Open(shape) => return self.bracketed(shape),
            TokenKind::Bar => Primary::new(self.bars(OpenBar::Single)?, Class::Closed),
            TokenKind::DoubleBar => return self.norm_bars(),
            TokenKind::Known(Meaning::Function(_) | Meaning::Nabla | Meaning::Partial) => {
                return Ok(Primary::new(self.chain()?.tree, Class::Applied));
            }
            TokenKind::Known(Meaning::Word | Meaning::Text) => {
                return self.fail_with_help(
                    "a value",
                    "an upright `d` closes an integral; elsewhere it is not read",
                );
            }
            _ => return self.fail("a value"),
        };
        self.with_marks(primary)
    }

    fn sign(&mut self, kind: Kind, class: Class) -> Primary {
        let span = self.advance().span;
        Primary::new(Tree::new(kind, span), class)
    }

    /// Reads what stands above and below something that is no name.
    pub(super) fn with_marks(&mut self, mut primary: Primary) -> Read<Primary> {
        let scripts = self.scripts(true)?;
        if let Some(range) = scripts.below_range {
            if primary.class == Class::Number {
                return self.fail_at("a name before a subscript", "a number", primary.tree.span);
            }
            let indices = self.indices(range)?;
            primary.posts.push(Post::Index(indices, self.last_span()));
        }
        if !scripts.above.is_empty() || !scripts.below.is_empty() {
            return self.fail_at("a name before this mark", "an expression", primary.tree.span);
        }
        primary.posts.extend(scripts.posts);
        if primary.class == Class::Number {
            self.powers_of_t(&mut primary.posts);
        }
        Ok(primary)
    }

    /// `2^T` is a power.
    fn powers_of_t(&self, posts: &mut [Post]) {
        for post in posts {
            if let Post::Transpose(span) = *post {
                *post = Post::Power(Tree::new(Kind::Name("T".into()), span));
            }
        }
    }

    /// Whether the token at `at` ends a factor.
    fn ends_factor(&self, at: usize) -> bool {
        let token = &self.tokens[at];
        matches!(token.kind, TokenKind::Letter | TokenKind::Digit | TokenKind::Prime | TokenKind::SmallAbove)
            || matches!(token.kind, TokenKind::Close(_) | TokenKind::Known(Meaning::Name(_)))
    }

    /// `A_{ij}` of a bracket: each letter is an index.
    fn indices(&mut self, range: (usize, usize)) -> Read<Vec<Tree>> {
        let tokens = &self.tokens[range.0..range.1];
        let single = |kind| matches!(kind, TokenKind::Letter | TokenKind::Digit);
        if tokens.iter().all(|token| single(token.kind)) && tokens.len() <= 4 {
            let tokens = tokens.to_vec();
            return Ok(tokens
                .into_iter()
                .map(|token| {
                    let kind = match Rational::parse_decimal(token.text) {
                        Some(number) => Kind::Number(number),
                        None => Kind::Name(self.letter(token)),
                    };
                    Tree::new(kind, token.span)
                })
                .collect());
        }
        self.within(range, |parser| parser.list())
    }

    /// Digits, and a point with digits.
    fn number(&mut self) -> Read<Tree> {
        let start = self.span();
        let mut text = String::new();
        let mut seen_point = false;
        loop {
            let token = self.peek();
            let joins = text.is_empty() || !token.spaced;
            match token.kind {
                TokenKind::Digit if joins => text.push_str(token.text),
                TokenKind::Symbol
                    if token.text == "."
                        && joins
                        && !seen_point
                        && self.peek_at(1).kind == TokenKind::Digit
                        && !self.peek_at(1).spaced =>
                {
                    seen_point = true;
                    text.push('.');
                }
                _ => break,
            }
            if text.len() > MAX_DIGITS {
                let code = Code::TooLong { what: "number".into(), limit: format!("{MAX_DIGITS} digits") };
                return Err(Box::new(Diagnostic::error(code, start)));
            }
            self.advance();
        }
        match Rational::parse_decimal(&text) {
            Some(number) => Ok(Tree::new(Kind::Number(number), start.to(self.last_span()))),
            None => self.fail("a value"),
        }
    }

    /// The argument of a command: a group, or one token, `\frac12`, `\sqrt\frac ab`.
    pub(super) fn argument(&mut self) -> Read<Tree> {
        let token = self.peek();
        match token.kind {
            TokenKind::Open(Shape::Brace) => {
                self.group(false, |parser| parser.expression()).map(|(tree, _)| tree)
            }
            TokenKind::Digit => {
                self.advance();
                let number = Rational::parse_decimal(token.text).unwrap_or(Rational::ZERO);
                Ok(Tree::new(Kind::Number(number), token.span))
            }
            TokenKind::End | TokenKind::Close(_) => self.fail("an argument"),
            _ => {
                if let Some(head) = self.head() {
                    return Ok(Tree::new(Kind::Name(head.name), head.span));
                }
                match token.kind {
                    TokenKind::Known(Meaning::Nabla) => self.fail("an argument"),
                    TokenKind::Known(Meaning::Fraction) => {
                        self.fraction().and_then(|primary| self.finished(primary))
                    }
                    TokenKind::Known(Meaning::Binomial) => {
                        self.binomial().and_then(|primary| self.finished(primary))
                    }
                    TokenKind::Known(Meaning::Root) => {
                        self.deeper(|parser| parser.root()).and_then(|primary| self.finished(primary))
                    }
                    TokenKind::Known(Meaning::Infinity) => Ok(self.sign(Kind::Infinity, Class::Closed).tree),
                    TokenKind::Known(Meaning::Accent(_) | Meaning::Font) => {
                        self.deeper(|parser| parser.primary()).and_then(|primary| self.finished(primary))
                    }
                    _ => self.fail("an argument in braces"),
                }
            }
        }
    }

    // Names.

    /// A name with what stands above, below and behind it.
    fn named(&mut self, head: Head<'t>, before: usize) -> Read<Primary> {
        let start = head.span;
        if let Some(below) = self.moment_below(&head) {
            return self.moment(head, below);
        }
        let mut scripts = self.scripts(false)?;
        let behind_factor = before > 0 && self.ends_factor(before - 1);
        for post in &mut scripts.posts {
            if let Post::Primes { in_product, .. } = post {
                *in_product |= behind_factor;
            }
        }
        if head.name == "e" {
            self.powers_of_t(&mut scripts.posts);
        }
        let name = format!("{}{}{}", head.name, scripts.below, scripts.above);
        let span = start.to(self.last_span());
        self.in_font(&name, head.font, span);
        if let Some(Shape::Round | Shape::Square) = opens(&self.peek()) {
            return self.applied(name, span, scripts);
        }
        if head.upright && opens(&self.peek()) == Some(Shape::Curly) {
            return self.applied(name, span, scripts);
        }
        let tree = Tree::new(Kind::Name(name), span);
        let tree = match scripts.index {
            Some((indices, _)) => Tree::new(Kind::Index(Box::new(tree), indices), span),
            None => tree,
        };
        Ok(Primary { tree, class: Class::Bare, posts: scripts.posts })
    }

    /// A name before a bracket.
    fn applied(&mut self, name: String, name_span: Span, scripts: Scripts) -> Read<Primary> {
        let Scripts { index, posts, .. } = scripts;
        let primes = match posts[..] {
            [] => None,
            [Post::Primes { count, .. }] => Some(count),
            _ => return self.marked_before_bracket(name, name_span, posts),
        };
        let mut tree = self.call(name, name_span, primes)?;
        if let Some((indices, _)) = index {
            tree = Tree::new(Kind::Index(Box::new(tree.clone()), indices), tree.span);
        }
        self.behind_call(tree)
    }

    /// What may stand behind a call: marks of the call as a whole.
    fn behind_call(&mut self, tree: Tree) -> Read<Primary> {
        self.with_marks(Primary::new(tree, Class::Call))
    }

    /// An operand with its marks. Behind a bracket, `f(x)^2`, they belong to the value of f, or to the bracket where the
    /// name is a factor.
    pub(super) fn finished(&mut self, primary: Primary) -> Read<Tree> {
        let factors =
            as_factors(&primary.tree).filter(|_| primary.class == Class::Call && !primary.posts.is_empty());
        let Some((name, part)) = factors else { return Ok(primary.marked()) };
        let span = primary.tree.span;
        let posts = primary.posts.clone();
        let value = Primary { tree: certain(primary.tree), ..primary }.marked();
        let part = posts.into_iter().fold(part, marked);
        let span = span.to(value.span);
        let product = Tree::new(Kind::Product(vec![(Side::Over, name), (Side::Over, part)]), span);
        self.either(vec![value, product], span)
    }

    /// `f^2(x)`, `A^T(b)`: the mark of the function's value, or of a factor.
    fn marked_before_bracket(&mut self, name: String, name_span: Span, posts: Vec<Post>) -> Read<Primary> {
        let call = self.call(name, name_span, None)?;
        let Some((factor, part)) = as_factors(&call) else {
            let value = posts.into_iter().fold(call, marked);
            return self.with_marks(Primary::new(value, Class::Closed));
        };
        let is_superscript = matches!(posts[..], [Post::Superscript(_)]);
        let whole = name_span.to(call.span);
        let value = posts.clone().into_iter().fold(certain(call), marked);
        let value = self.with_marks(Primary::new(Tree::new(value.kind, whole), Class::Closed))?;
        let behind = value.posts.clone();
        let value = value.marked();
        let factor = posts.into_iter().fold(factor, marked);
        let part = behind.into_iter().fold(part, marked);
        let whole = whole.to(value.span);
        let product = Tree::new(Kind::Product(vec![(Side::Over, factor), (Side::Over, part)]), whole);
        let readings = if is_superscript { vec![value, product] } else { vec![product, value] };
        Ok(Primary::new(self.either(readings, whole)?, Class::Closed))
    }

    // Brackets.
}
