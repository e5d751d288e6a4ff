//! What stands above and below: `\theta_k`, `x^{-1}`, `A^{\mathsf T}`, `\theta^{(k)}`, `f''`.
//!
//! A subscript of letters, digits and signs is part of the name, `\mu_{ij}` is `mu_ij` and `x_{i+1}` is `x_i+1`; one with
//! a bracket or a fraction in it is an index, `g_{\gamma(x)}`. A star, a word or a single sign above is part of the name, too.

use super::super::names::{subscript, superscript};
use super::super::{Kind, Tree};
use super::commands::{Meaning, Shape};
use super::parser::{Parser, Read};
use super::tokens::{Token, TokenKind};
use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span};

/// Marks behind one operand.
const MAX_MARKS: usize = 8;

/// What stands behind an operand and acts on it.
#[derive(Clone, Debug)]
pub(super) enum Post {
    Transpose(Span),
    Power(Tree),
    Factorial(Span),
    Superscript(Tree),
    Index(Vec<Tree>, Span),
    /// `'` where it may be a transpose as well as a part of the name.
    Primes {
        count: u32,
        span: Span,
        in_product: bool,
    },
}

/// Everything above and below a name or another operand.
#[derive(Default)]
pub(super) struct Scripts {
    /// Goes behind the name.
    pub(super) below: String,
    /// A subscript that is no part of the name.
    pub(super) index: Option<(Vec<Tree>, Span)>,
    /// Goes behind the name and what stands below it.
    pub(super) above: String,
    pub(super) posts: Vec<Post>,
    /// The tokens of the subscript.
    pub(super) below_range: Option<(usize, usize)>,
}

impl Parser<'_> {
    /// Reads all that stands above and below; `keep` leaves the subscript to the caller, unread.
    pub(super) fn scripts(&mut self, keep: bool) -> Read<Scripts> {
        let mut scripts = Scripts::default();
        let (mut powers, mut marks) = (0, 0);
        loop {
            let start = self.span();
            match self.peek().kind {
                TokenKind::Underscore => {
                    self.advance();
                    if scripts.below_range.is_some() {
                        return self.fail("one subscript");
                    }
                    let range = self.skip_argument("a subscript")?;
                    scripts.below_range = Some(range);
                    if !keep {
                        self.subscript(range, start, &mut scripts)?;
                    }
                }
                TokenKind::Caret => {
                    self.advance();
                    powers += 1;
                    if powers > 1 {
                        return self.fail_with_help("one superscript", "group the inner one: `{x^a}^b`");
                    }
                    self.superscript(start, &mut scripts)?;
                }
                TokenKind::Prime => {
                    let mut count = 0;
                    while self.peek().kind == TokenKind::Prime {
                        self.advance();
                        count += 1;
                    }
                    let span = start.to(self.last_span());
                    let in_product = self.starts_factor();
                    scripts.posts.push(Post::Primes { count, span, in_product });
                }
                TokenKind::SmallAbove => self.small_above(&mut scripts),
                TokenKind::SmallBelow => {
                    let small = self.advance().text;
                    scripts.below.push('_');
                    scripts.below.extend(small.chars().filter_map(subscript));
                }
                TokenKind::Symbol if self.is_symbol("!") => {
                    self.advance();
                    scripts.posts.push(Post::Factorial(start));
                }
                _ => return Ok(scripts),
            }
            marks += 1;
            if marks > MAX_MARKS {
                return self.fail("fewer marks behind one operand");
            }
        }
    }

    /// Passes over one token or group, and tells where its content stands.
    pub(super) fn skip_argument(&mut self, what: &str) -> Read<(usize, usize)> {
        let at = self.at;
        match self.peek().kind {
            TokenKind::End | TokenKind::Close(_) | TokenKind::Ampersand | TokenKind::RowEnd => {
                self.fail(what)
            }
            TokenKind::Open(Shape::Brace) => {
                let behind = self.behind(at);
                if behind == at + 1 {
                    return self.group(false, |_| Ok(())).map(|_| (at, at));
                }
                self.at = behind;
                Ok((at + 1, behind - 1))
            }
            TokenKind::Known(Meaning::Font | Meaning::Word | Meaning::Text | Meaning::Accent(_)) => {
                self.advance();
                self.skip_argument(what)?;
                Ok((at, self.at))
            }
            _ => {
                self.advance();
                Ok((at, self.at))
            }
        }
    }

    fn subscript(&mut self, range: (usize, usize), start: Span, scripts: &mut Scripts) -> Read<()> {
        if let Some(word) = self.simple(range) {
            scripts.below = format!("_{word}");
            return Ok(());
        }
        let behind = self.at;
        let indices = self.within(range, |parser| parser.list())?;
        self.at = behind;
        scripts.index = Some((indices, start.to(self.last_span())));
        Ok(())
    }

    /// Reads a part of the tokens that was passed over.
    pub(super) fn within<T>(
        &mut self,
        (start, end): (usize, usize),
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<T> {
        let outside = (self.at, self.end, self.bars_left, self.in_arguments);
        let bars = std::mem::take(&mut self.open_bars);
        (self.at, self.end, self.in_arguments) = (start, end, false);
        self.bars_left = match start.checked_sub(1) {
            Some(open) if self.pairs.partners[open] == end as u32 => self.pairs.bars[open],
            _ => (0, 0),
        };
        let inside = self.deeper(read)?;
        if !self.is_done() {
            return self.fail("an operator");
        }
        (self.at, self.end, self.bars_left, self.in_arguments) = outside;
        self.open_bars = bars;
        Ok(inside)
    }

    /// A subscript as a part of a name: letters, digits, words and what may part them.
    pub(super) fn simple(&mut self, (start, end): (usize, usize)) -> Option<String> {
        let tokens: Vec<Token> = self.tokens[start..end].to_vec();
        if let [one] = tokens[..] {
            match (one.kind, one.text) {
                (TokenKind::Symbol, "+") => return Some("plus".into()),
                (TokenKind::Symbol, "-") => return Some("minus".into()),
                _ => {}
            }
        }
        let mut word = String::new();
        for (at, token) in tokens.iter().enumerate() {
            match (token.kind, token.text) {
                (TokenKind::Letter, _) => word += &self.letter(*token),
                (TokenKind::Digit, digit) => word += digit,
                (
                    TokenKind::Known(Meaning::Name(name) | Meaning::Function(name) | Meaning::Mark(name)),
                    _,
                ) => {
                    word += name;
                }
                (TokenKind::Known(Meaning::Extremum(_)), name) => word += name,
                (TokenKind::Known(Meaning::Infinity), _) => word += "inf",
                (TokenKind::Known(Meaning::Word | Meaning::Text | Meaning::Font), _)
                | (TokenKind::Open(Shape::Brace) | TokenKind::Close(Shape::Brace), _) => {}
                (TokenKind::Symbol, sign @ ("+" | "-")) => word += sign,
                (TokenKind::Symbol, "," | ":") | (TokenKind::Underscore, _) => word.push('_'),
                (TokenKind::Symbol, "*") => word += "star",
                (TokenKind::Bar | TokenKind::Known(Meaning::Mid), _) => word.push('|'),
                (TokenKind::Prime, _) => word += "prime",
                (TokenKind::SmallBelow, small) => {
                    word.push('_');
                    word.extend(small.chars().filter_map(subscript));
                }
                (TokenKind::Open(Shape::Round), _) if at == 0 => word.push('('),
                (TokenKind::Close(Shape::Round), _) if at + 1 == tokens.len() && word.starts_with('(') => {
                    word.push(')');
                }
                _ => return None,
            }
        }
        (!word.is_empty()).then_some(word)
    }

    fn superscript(&mut self, start: Span, scripts: &mut Scripts) -> Read<()> {
        let (from, to) = self.skip_argument("a superscript")?;
        let span = start.to(self.last_span());
        let inner: Vec<Token> = self.tokens[from..to]
            .iter()
            .filter(|token| {
                !matches!(
                    token.kind,
                    TokenKind::Open(Shape::Brace)
                        | TokenKind::Close(Shape::Brace)
                        | TokenKind::Known(Meaning::Font | Meaning::Word | Meaning::Text)
                )
            })
            .take(41)
            .copied()
            .collect();
        let is_word = self.tokens[from..to]
            .first()
            .is_some_and(|token| matches!(token.kind, TokenKind::Known(Meaning::Word | Meaning::Text)));
        let is_top = |token: &Token| {
            token.is_known(Meaning::Top) || (token.kind == TokenKind::Letter && token.text == "T")
        };
        match inner[..] {
            [one] if is_top(&one) => scripts.posts.push(Post::Transpose(span)),
            [minus, one] if minus.is_symbol("-") && is_top(&one) => {
                let one = Tree::new(Kind::Number(Rational::ONE), span);
                scripts.posts.push(Post::Power(Tree::new(Kind::Negate(Box::new(one)), span)));
                scripts.posts.push(Post::Transpose(span));
            }
            [Token { kind: TokenKind::Known(Meaning::Mark(mark)), .. }] => {
                scripts.above += &format!("_{mark}")
            }
            [one] if one.is_symbol("*") => scripts.above += "_star",
            [one] if one.is_symbol("+") => scripts.above += "_plus",
            [one] if one.is_symbol("-") => scripts.above += "_minus",
            [first, ..] if inner.iter().all(|token| token.kind == TokenKind::Prime) => {
                debug_assert!(first.kind == TokenKind::Prime);
                let (count, in_product) = (inner.len() as u32, self.starts_factor());
                scripts.posts.push(Post::Primes { count, span, in_product });
            }
            [first, ..]
                if is_word
                    && inner.len() < 41
                    && inner.iter().all(|token| token.kind == TokenKind::Letter) =>
            {
                debug_assert!(first.kind == TokenKind::Letter);
                scripts.above.push('_');
                scripts.above.extend(inner.iter().map(|token| token.text));
            }
            _ if self.tokens[from].kind == TokenKind::Open(Shape::Round) && self.behind(from) == to => {
                let tree = self.within((from + 1, to - 1), |parser| parser.expression())?;
                scripts.posts.push(Post::Superscript(tree));
            }
            _ if self.tokens[from].kind == TokenKind::Open(Shape::Round) => {
                let behind = self.behind(from);
                let span = self.tokens[behind.min(to)].span;
                return self.fail_at("one mark", "another behind the bracket", span);
            }
            _ => {
                let exponent = self.within((from, to), |parser| parser.expression())?;
                self.refuse_digits((from, to))?;
                scripts.posts.push(Post::Power(exponent));
            }
        }
        Ok(())
    }

    /// `x^12` is x¹·2 in TeX, and nobody means that.
    fn refuse_digits(&self, (from, to): (usize, usize)) -> Read<()> {
        let next = self.peek();
        let alone = to == from + 1 && self.tokens[from].kind == TokenKind::Digit && self.at == to;
        if !alone || next.kind != TokenKind::Digit || next.spaced {
            return Ok(());
        }
        let digit = self.tokens[from].text;
        let (first, second) = (format!("^{{{digit}}}{}", next.text), format!("^{{{digit}{}}}", next.text));
        let help = format!("write `{second}`");
        let code = Code::TwoReadings { first, second };
        Err(Box::new(Diagnostic::error(code, self.tokens[from].span.to(next.span)).with_help(help)))
    }

    /// `²`, `⁻¹`, `ᵀ`
    fn small_above(&mut self, scripts: &mut Scripts) {
        let token = self.advance();
        if token.text == "ᵀ" {
            scripts.posts.push(Post::Transpose(token.span));
            return;
        }
        let digits: String = token.text.chars().filter_map(superscript).collect();
        let magnitude = Rational::parse_decimal(digits.trim_start_matches('-')).unwrap_or(Rational::ZERO);
        let number = Tree::new(Kind::Number(magnitude), token.span);
        let exponent = match digits.starts_with('-') {
            true => Tree::new(Kind::Negate(Box::new(number)), token.span),
            false => number,
        };
        scripts.posts.push(Post::Power(exponent));
    }
}

/// The operand with a mark behind it.
pub(super) fn marked(operand: Tree, post: Post) -> Tree {
    let start = operand.span;
    let operand = Box::new(operand);
    match post {
        Post::Transpose(span) => Tree::new(Kind::Transpose(operand), start.to(span)),
        Post::Power(exponent) => {
            let span = start.to(exponent.span);
            Tree::new(Kind::Power(operand, Box::new(exponent)), span)
        }
        Post::Factorial(span) => Tree::new(Kind::Factorial(operand), start.to(span)),
        Post::Superscript(tree) => {
            let span = start.to(tree.span);
            Tree::new(Kind::Superscript(operand, Box::new(tree)), span)
        }
        Post::Index(indices, span) => Tree::new(Kind::Index(operand, indices), start.to(span)),
        Post::Primes { count, span, in_product } => primed(*operand, count, span, in_product),
    }
}

/// `x'` is a name of its own, and beside a factor it may be the transpose; `x''` is a name.
fn primed(operand: Tree, count: u32, span: Span, in_product: bool) -> Tree {
    let whole = operand.span.to(span);
    let name = match &operand.kind {
        Kind::Name(name) => {
            Some(format!("{name}_prime{}", if count > 1 { count.to_string() } else { String::new() }))
        }
        _ => None,
    };
    match (name, count) {
        (Some(name), 1) if in_product => {
            let transpose = Tree::new(Kind::Transpose(Box::new(operand)), whole);
            Tree::new(Kind::Ambiguous(vec![transpose, Tree::new(Kind::Name(name), whole)]), whole)
        }
        (Some(name), _) => Tree::new(Kind::Name(name), whole),
        (None, _) => {
            (0..count.min(8)).fold(operand, |tree, _| Tree::new(Kind::Transpose(Box::new(tree)), whole))
        }
    }
}
