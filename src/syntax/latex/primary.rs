//! The smallest complete things: numbers, names with what stands above and below, calls, brackets and bars.
//!
//! `\hat\theta_n` is the name `theta_hat_n`; `f_X(x)` calls `f_X`; `p(x \mid \theta)` is conditional; `f'(x)` has a
//! prime; `\|x\|^2` is the square of a norm.

use super::super::operators::Operation;
use super::super::{Kind, Side, Tree};
use super::call::relation_at;
use super::commands::{Meaning, Shape};
use super::expression::Class;
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

/// A name before what stands above and below it.
pub(super) struct Head<'t> {
    pub(super) name: String,
    pub(super) span: Span,
    /// Written upright or as a word.
    pub(super) upright: bool,
    /// The command of its font.
    pub(super) font: Option<&'t str>,
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

    /// A name at the next token, read; nothing is read when there is none.
    pub(super) fn head(&mut self) -> Option<Head<'t>> {
        let start = self.at;
        let head = self.head_within(0);
        if head.is_none() {
            self.at = start;
        }
        head
    }

    fn head_within(&mut self, depth: usize) -> Option<Head<'t>> {
        let token = self.peek();
        let start = token.span;
        match token.kind {
            TokenKind::Letter => {
                if let Some(word) = self.known_word() {
                    return Some(word);
                }
                self.advance();
                Some(Head { name: self.letter(token), span: start, upright: false, font: None })
            }
            TokenKind::Known(Meaning::Name(name)) => {
                self.advance();
                Some(Head { name: name.into(), span: start, upright: false, font: None })
            }
            TokenKind::Known(Meaning::Word | Meaning::Text) => self.word_head(),
            TokenKind::Known(Meaning::Font) if depth < 8 => {
                let double = matches!(token.text, "mathbb" | "Bbb");
                self.advance();
                let mut head = self.argument_head(depth)?;
                if double && matches!(head.name.as_str(), "R" | "N" | "Z") {
                    head.name = match head.name.as_str() {
                        "R" => "Reals",
                        "N" => "Naturals",
                        _ => "Integers",
                    }
                    .into();
                }
                Some(Head {
                    upright: double,
                    span: start.to(self.last_span()),
                    font: Some(token.text),
                    ..head
                })
            }
            TokenKind::Known(Meaning::Accent(mark)) if depth < 8 => {
                self.advance();
                let head = self.argument_head(depth)?;
                let (base, below) = match head.name.find('_') {
                    Some(at) => head.name.split_at(at),
                    None => (head.name.as_str(), ""),
                };
                let name = format!("{base}_{mark}{below}");
                Some(Head { name, span: start.to(self.last_span()), upright: head.upright, font: head.font })
            }
            _ => None,
        }
    }

    /// A name that is all of an argument; with a subscript when it stands in braces, `\mathbf{x_i}`.
    fn argument_head(&mut self, depth: usize) -> Option<Head<'t>> {
        if self.peek().kind != TokenKind::Open(Shape::Brace) {
            return if self.peek().kind == TokenKind::Digit {
                self.digit_head()
            } else {
                self.head_within(depth + 1)
            };
        }
        let close = self.behind(self.at).checked_sub(1).filter(|close| *close > self.at)?;
        self.advance();
        let mut head = match self.peek().kind {
            TokenKind::Digit => self.digit_head()?,
            _ => self.head_within(depth + 1)?,
        };
        if self.peek().kind == TokenKind::Underscore {
            self.advance();
            let range = self.skip_argument("a subscript").ok()?;
            head.name = format!("{}_{}", head.name, self.simple(range)?);
        }
        (self.at == close).then(|| {
            self.at += 1;
            head
        })
    }

    /// `\mathbf 1` is a column of ones, `\mathbb 1` an indicator.
    fn digit_head(&mut self) -> Option<Head<'t>> {
        let token = self.peek();
        let command =
            self.tokens[..self.at].iter().rev().find(|token| token.kind != TokenKind::Open(Shape::Brace))?;
        let name = match (token.text, command.text) {
            ("1", "mathbb") => "indicator",
            ("1", _) => "ones",
            ("0", _) => "zeros",
            _ => return None,
        };
        self.advance();
        Some(Head { name: name.into(), span: token.span, upright: false, font: None })
    }

    /// `\mathrm{KL}`, `\operatorname{tr}`, `\text{loss}`: the letters are one word.
    fn word_head(&mut self) -> Option<Head<'t>> {
        let start = self.span();
        self.advance();
        if self.is_symbol("*") {
            self.advance();
        }
        let (from, to) = match self.peek().kind {
            TokenKind::Open(Shape::Brace) | TokenKind::Letter | TokenKind::Known(Meaning::Name(_)) => {
                self.skip_argument("a word").ok()?
            }
            _ => return None,
        };
        let name = self.word((from, to))?;
        let name = if name == "ln" { "log".into() } else { name };
        if name == "d" {
            return None;
        }
        Some(Head { name, span: start.to(self.last_span()), upright: true, font: None })
    }

    /// Letters, digits, Greek letters and what parts words, as one word.
    fn word(&mut self, (from, to): (usize, usize)) -> Option<String> {
        let mut name = String::new();
        for at in from..to {
            let token = self.tokens[at];
            if token.spaced && at > from && !name.is_empty() && !name.ends_with('_') {
                name.push('_');
            }
            match token.kind {
                TokenKind::Letter => name += &self.letter(token),
                TokenKind::Digit if !name.is_empty() => name += token.text,
                TokenKind::Known(Meaning::Name(word) | Meaning::Function(word)) => name += word,
                TokenKind::Symbol if token.text == "-" && !name.is_empty() => name.push('_'),
                _ => return None,
            }
        }
        (!name.is_empty()).then_some(name)
    }

    /// Words that are written without a command, `KL(p \| q)`.
    fn known_word(&mut self) -> Option<Head<'t>> {
        const WORDS: &[&str] = &["KL", "Var", "Cov", "Corr", "ELBO"];
        let begins = self.at == 0 || self.peek().spaced || self.tokens[self.at - 1].kind != TokenKind::Letter;
        if !begins {
            return None;
        }
        let mut word = String::new();
        let mut count = 0;
        while count < 6 {
            let token = self.peek_at(count);
            if token.kind != TokenKind::Letter || (count > 0 && token.spaced) {
                break;
            }
            word += token.text;
            count += 1;
        }
        WORDS.contains(&word.as_str()).then(|| {
            let start = self.span();
            for _ in 0..count {
                self.advance();
            }
            Head { name: word, span: start.to(self.last_span()), upright: true, font: None }
        })
    }

    /// A name with what stands above, below and behind it.
    fn named(&mut self, head: Head<'t>, before: usize) -> Read<Primary> {
        let start = head.span;
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

    /// `(…)`, `[…]`, `\{…\}`, `\langle…\rangle`, `\left|…\right|`, `{…}`, `\begin…\end`
    fn bracketed(&mut self, shape: Shape) -> Read<Primary> {
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
            Shape::Null => {
                return self.fail_with_help(
                    "a bracket",
                    "a value at a point is not read: write it as an application, `M'(0)`",
                );
            }
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

    /// Braces are not printed: a sum in them is a sum only where it stands as a term, and a product has no marks.
    fn may_stand_in_braces(&self, inner: &Tree, open: usize) -> bool {
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

    fn needs_brackets(&self, span: Span) -> Diagnostic {
        let code = Code::Latex {
            expected: "brackets around this".into(),
            found: "braces, which are not printed".into(),
        };
        Diagnostic::error(code, span).with_help("write `\\left( … \\right)`")
    }

    /// The bracket is closed by one of another shape, `[0, 1)`.
    fn closing_shape(&self) -> bool {
        let partner = self.pairs.partners[self.at] as usize;
        match (self.peek().kind, self.tokens.get(partner).map(|token| token.kind)) {
            (TokenKind::Open(open), Some(TokenKind::Close(close))) => open != close && close != Shape::Null,
            _ => false,
        }
    }

    fn bracket_parts(&mut self, shape: Shape) -> Read<(Vec<Tree>, bool)> {
        let mut parts = vec![self.item()?];
        while shape != Shape::Bar && self.take_symbol(",") {
            parts.push(self.item()?);
        }
        let separated = parts.len() > 1;
        Ok((parts, separated))
    }

    /// `⟨a, b⟩` with a metric below; `⟨x⟩` is an average.
    fn angle(&mut self) -> Read<Primary> {
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
    fn bars(&mut self, bar: OpenBar) -> Read<Tree> {
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

    fn norm_bars(&mut self) -> Read<Primary> {
        let inside = self.bars(OpenBar::Double)?;
        let span = inside.span;
        self.norm(inside, span)
    }

    /// `‖x‖` with what stands below it.
    fn norm(&mut self, inside: Tree, span: Span) -> Read<Primary> {
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
