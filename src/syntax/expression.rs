//! The precedence loop: tokens → trees.
//!
//! `-x^2 + 2 y` is read by the table of `operators.rs`: a sum of −(x²) and 2·y. Sums and products are flat,
//! so only brackets, signs and powers nest, and both their depth and the height of the tree are
//! bounded.

use super::conditions::condition_help;
use super::names::{canonical, superscript};
use super::operators::{Operation, Strength};
use super::parser::{MAX_HEIGHT, Parser};
use super::tokens::{Bracket, TokenKind};
use super::{Kind, Side, Sign, Tree};
use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span};

/// Names that stand where an operator is expected and end the expression before them.
const STOP_WORDS: &[&str] = &["prop", "real", "integer", "in", "positive", "where"];

/// Digits and decimal exponents of all numbers of one formula that need big integers.
const MAX_DIGITS: usize = 100_000;

/// A tree, the place it takes with its brackets, and its height.
pub(super) struct Operand {
    pub(super) tree: Tree,
    pub(super) outer: Span,
    pub(super) height: usize,
    /// A number, perhaps with signs: `2 x` may follow.
    bare: bool,
}

impl Operand {
    pub(super) fn new(tree: Tree, height: usize) -> Operand {
        Operand { outer: tree.span, tree, height, bare: false }
    }
}

impl Parser<'_> {
    /// A sum: everything but a relation.
    pub(super) fn expression(&mut self) -> Operand {
        self.climb(Strength::Sum)
    }

    /// An expression whose operators hold at least this strongly.
    pub(super) fn climb(&mut self, least: Strength) -> Operand {
        let mut left = self.prefix();
        loop {
            let strength = match self.infix() {
                Some(operation) => operation.strength(),
                None if self.starts_operand() => Strength::Product,
                None => return left,
            };
            if strength < least {
                return left;
            }
            left = match strength {
                Strength::Sum => self.sum(left),
                Strength::Product => self.product(left),
                _ => self.power(left),
            };
        }
    }

    /// The operator between two operands that the next token is.
    fn infix(&self) -> Option<Operation> {
        Some(match self.peek() {
            TokenKind::Plus => Operation::Add(Sign::Plus),
            TokenKind::Minus => Operation::Add(Sign::Minus),
            TokenKind::Star => Operation::Multiply,
            TokenKind::Slash => Operation::Divide,
            TokenKind::Caret | TokenKind::StarStar => Operation::Raise,
            _ => return None,
        })
    }

    /// Whether the next token begins a value.
    pub(super) fn starts_operand(&self) -> bool {
        match self.peek() {
            TokenKind::Name => {
                let word = self.slice(self.span());
                !STOP_WORDS.contains(&word) && !self.stops.contains(&word)
            }
            TokenKind::Number | TokenKind::Root | TokenKind::Infinity => true,
            TokenKind::Open(bracket) => bracket != Bracket::Curly,
            _ => false,
        }
    }

    fn sum(&mut self, first: Operand) -> Operand {
        let (mut outer, mut height) = (first.outer, first.height);
        let mut terms = vec![(Sign::Plus, first.tree)];
        while let Some(Operation::Add(sign)) = self.infix() {
            self.advance();
            let term = self.climb(Strength::Product);
            (outer, height) = (outer.to(term.outer), height.max(term.height));
            terms.push((sign, term.tree));
        }
        self.built(Kind::Sum(terms), outer, height)
    }

    fn product(&mut self, first: Operand) -> Operand {
        let (mut outer, mut height, mut bare) = (first.outer, first.height, first.bare);
        let (mut last, mut side) = (first.outer, Side::Over);
        let mut factors = vec![(Side::Over, first.tree)];
        loop {
            let written = match self.infix() {
                Some(Operation::Multiply) => Some(Side::Over),
                Some(Operation::Divide) => Some(Side::Under),
                None if self.starts_operand() => None,
                _ => break,
            };
            let number = self.last_span();
            let is_number = self.last_kind() == TokenKind::Number;
            let is_clear =
                bare && side == Side::Over && self.peek() != TokenKind::Number && !self.after_lone_digit();
            if written.is_some() {
                self.advance();
            }
            let start = self.span();
            let factor = self.climb(Strength::Negate);
            if written.is_none() && !is_clear {
                let number = is_number.then_some(number);
                self.juxtaposed(outer, last, number, start.to(factor.outer));
            }
            side = written.unwrap_or(Side::Over);
            (outer, height) = (outer.to(factor.outer), height.max(factor.height));
            (last, bare) = (factor.outer, factor.bare);
            factors.push((side, factor.tree));
        }
        self.built(Kind::Product(factors), outer, height)
    }

    /// Behind `0 ` or `1 `: nobody multiplies by these, and in `x > 0 y > 0` a comma is missing.
    fn after_lone_digit(&self) -> bool {
        !self.is_adjacent() && matches!(self.slice(self.last_span()), "0" | "1")
    }

    /// Two values side by side that are no clear product: `1/2 x`, `x^2y`, `a b`, `f (x)`.
    fn juxtaposed(&mut self, product: Span, left: Span, number: Option<Span>, right: Span) {
        if !self.is_heard() {
            return;
        }
        let [whole, left_text, right_text] =
            [product.to(right), left, right].map(|span| self.slice(span).trim_end());
        let divided_number = number.filter(|_| !right_text.starts_with(|c: char| c.is_ascii_digit()));
        let (first, second) = match divided_number {
            Some(number) if number.start > product.start => {
                let (before, number) =
                    (self.slice(Span { end: number.start, ..product }), self.slice(number));
                let head = format!("{before}{number}");
                let head = if head.contains('/') { format!("({head})") } else { head };
                (format!("{head}*{right_text}"), format!("{before}({number}*{right_text})"))
            }
            _ if right_text.starts_with('(') && is_name(left_text) => {
                (format!("{left_text}{right_text}"), format!("{left_text}*{right_text}"))
            }
            _ => {
                let code = Code::Syntax { expected: "an operator".into(), found: found(right_text) };
                let help = condition_help(left_text, right_text)
                    .unwrap_or_else(|| side_by_side_help(left_text, right_text));
                let at = Span { end: right.start + first_word(right_text).len() as u32, ..right };
                return self.report(Diagnostic::error(code, at).with_help(help));
            }
        };
        let code = Code::AmbiguousProduct { text: whole.into(), first, second };
        self.error(code, product.to(right));
    }

    fn power(&mut self, base: Operand) -> Operand {
        if self.peek() == TokenKind::StarStar {
            self.expected_with_help("`^`", Some("a power is written with `^`: `x^2`".into()));
        }
        let operator = self.advance();
        if !self.enter(operator) {
            return base;
        }
        let exponent = self.climb(Operation::Raise.operator().right_operand());
        self.leave();
        let (outer, height) = (base.outer.to(exponent.outer), base.height.max(exponent.height));
        self.built(Kind::Power(Box::new(base.tree), Box::new(exponent.tree)), outer, height)
    }

    /// Signs before a value, `d/dx` before a product, or a value.
    fn prefix(&mut self) -> Operand {
        let start = self.span();
        match self.peek() {
            TokenKind::Plus | TokenKind::Minus => {
                let negative = self.peek() == TokenKind::Minus;
                self.advance();
                if !self.enter(start) {
                    return Operand::new(self.nothing(), 1);
                }
                let operand = self.climb(Strength::Power);
                self.leave();
                let (outer, bare) = (start.to(operand.outer), operand.bare);
                if !negative {
                    return Operand { outer, ..operand };
                }
                let kind = Kind::Negate(Box::new(operand.tree));
                Operand { bare, ..self.built(kind, outer, operand.height) }
            }
            TokenKind::Name if self.starts_derivative() => self.derivative(),
            _ => {
                let atom = self.atom();
                self.postfix(atom)
            }
        }
    }

    /// `x!`, `x'`, `x[i]`, `x²`
    fn postfix(&mut self, mut left: Operand) -> Operand {
        loop {
            let (outer, height) = (left.outer.to(self.span()), left.height);
            let kind = match self.peek() {
                TokenKind::Bang => Kind::Factorial(Box::new(left.tree)),
                TokenKind::Prime => Kind::Transpose(Box::new(left.tree)),
                TokenKind::Superscript => Kind::Power(Box::new(left.tree), Box::new(self.superscript())),
                TokenKind::Open(Bracket::Square) if self.is_adjacent() && !left.bare => {
                    left = self.index(left);
                    continue;
                }
                _ => return left,
            };
            self.advance();
            left = self.built(kind, outer, height);
        }
    }

    /// The exponent that the next token, `²` or `⁻¹`, stands for.
    fn superscript(&mut self) -> Tree {
        let span = self.span();
        let digits: String = self.slice(span).chars().filter_map(superscript).collect();
        let number = |digits: &str, span| {
            Tree::new(Kind::Number(Rational::parse_decimal(digits).unwrap_or(Rational::ZERO)), span)
        };
        if digits.len() > 18 {
            self.error(too_many_digits(), span);
        }
        match digits.strip_prefix('-') {
            Some(digits) => {
                let inner = Span { start: span.start + '⁻'.len_utf8() as u32, ..span };
                Tree::new(Kind::Negate(Box::new(number(digits, inner))), span)
            }
            None => number(&digits, span),
        }
    }

    fn index(&mut self, left: Operand) -> Operand {
        let mut height = left.height;
        let mut indices = Vec::new();
        let group = self.group(&[TokenKind::Comma], |parser, _| {
            let index = parser.expression();
            height = height.max(index.height);
            indices.push(index.tree);
        });
        if indices.is_empty() {
            self.error(Code::Syntax { expected: "an index".into(), found: "`[]`".into() }, group);
        }
        self.built(Kind::Index(Box::new(left.tree), indices), left.outer.to(group), height)
    }

    fn atom(&mut self) -> Operand {
        let span = self.span();
        match self.peek() {
            TokenKind::Number => {
                let number = self.number();
                self.advance();
                Operand { bare: true, ..Operand::new(Tree::new(Kind::Number(number), span), 1) }
            }
            TokenKind::Name => self.named(),
            TokenKind::Infinity => {
                self.advance();
                Operand::new(Tree::new(Kind::Infinity, span), 1)
            }
            TokenKind::Root => self.root(),
            TokenKind::Open(Bracket::Round) => self.bracketed(),
            TokenKind::Open(Bracket::Square) => self.matrix(),
            TokenKind::Bar => self.absolute(),
            _ => {
                self.expected("a value");
                Operand::new(self.nothing(), 1)
            }
        }
    }

    /// The number that the next token is, exactly.
    fn number(&mut self) -> Rational {
        let text = self.slice(self.span());
        if let Some(number) = short_number(text) {
            return number;
        }
        let exponent = text
            .find(['e', 'E'])
            .map_or(0, |at| text[at + 1..].parse::<i64>().map_or(MAX_DIGITS, |e| e.unsigned_abs() as usize));
        self.digits = self.digits.saturating_add(text.len()).saturating_add(exponent);
        let number = if self.digits > MAX_DIGITS { None } else { Rational::parse_decimal(text) };
        if number.is_none() {
            self.error(too_many_digits(), self.span());
        }
        number.unwrap_or(Rational::ZERO)
    }

    fn root(&mut self) -> Operand {
        let sign = self.advance();
        if !self.enter(sign) {
            return Operand::new(self.nothing(), 1);
        }
        let operand = self.climb(Strength::Postfix);
        self.leave();
        let (outer, height) = (sign.to(operand.outer), operand.height);
        let kind = Kind::Call { name: "sqrt".into(), name_span: sign, arguments: vec![operand.tree] };
        self.built(kind, outer, height)
    }

    fn bracketed(&mut self) -> Operand {
        let mut inside = None;
        let outer = self.group(&[], |parser, _| inside = Some(parser.expression()));
        match inside {
            Some(operand) => Operand { outer, bare: false, ..operand },
            None => {
                self.error(Code::Syntax { expected: "a value".into(), found: "`()`".into() }, outer);
                Operand::new(self.nothing(), 1)
            }
        }
    }

    /// `[a, b]`, a column; `[a, b; c, d]`, by rows.
    fn matrix(&mut self) -> Operand {
        let (mut height, mut rows, mut is_column) = (1, Vec::<Vec<Tree>>::new(), true);
        let outer = self.group(&[TokenKind::Comma, TokenKind::Semicolon], |parser, before| {
            let entry = parser.expression();
            height = height.max(entry.height);
            is_column &= before != Some(TokenKind::Semicolon);
            match rows.last_mut() {
                Some(row) if before == Some(TokenKind::Comma) => row.push(entry.tree),
                _ => rows.push(vec![entry.tree]),
            }
        });
        if rows.is_empty() {
            self.error(Code::Syntax { expected: "an entry".into(), found: "`[]`".into() }, outer);
        }
        if is_column {
            rows = rows.into_iter().flatten().map(|entry| vec![entry]).collect();
        }
        let expected = rows.first().map_or(0, Vec::len);
        if let Some(row) = rows.iter().find(|row| row.len() != expected) {
            let span = row.iter().fold(row[0].span, |span, entry| span.to(entry.span));
            self.error(Code::RaggedMatrix { expected, found: row.len() }, span);
        }
        self.built(Kind::Matrix(rows), outer, height)
    }

    /// `|x|`: a bar where a value is expected opens, one where an operator is expected closes.
    fn absolute(&mut self) -> Operand {
        let open = self.advance();
        if !self.enter(open) {
            return Operand::new(self.nothing(), 1);
        }
        self.bars += 1;
        let inside = self.expression();
        self.bars -= 1;
        self.leave();
        if !self.take(TokenKind::Bar) {
            self.error(Code::UnclosedBracket { bracket: '|' }, open);
        }
        let outer = open.to(inside.outer).to(self.last_span());
        self.built(Kind::Absolute(Box::new(inside.tree)), outer, inside.height)
    }

    /// A name as it is known: `μ` is `mu`.
    pub(super) fn canonical(&self, span: Span) -> String {
        canonical(self.slice(span)).into_owned()
    }

    /// A node over operands of the given height.
    pub(super) fn built(&mut self, kind: Kind, outer: Span, height: usize) -> Operand {
        if height >= MAX_HEIGHT {
            self.abandon(Code::TooDeep { limit: MAX_HEIGHT }, outer);
            return Operand::new(self.nothing(), 1);
        }
        Operand::new(Tree::new(kind, outer), height + 1)
    }
}

/// What was meant by two values side by side.
fn side_by_side_help(left: &str, right: &str) -> String {
    let is_word = left.len() > 1 && left.chars().all(|c| c.is_ascii_alphabetic());
    let is_lone_digit = matches!(left, "0" | "1");
    let (left, right) = (cut(left), cut(right));
    match (is_word, is_lone_digit) {
        (true, _) => {
            format!("a product needs its sign, a call its brackets: `{left}*{right}` or `{left}({right})`")
        }
        (_, true) => format!("a comma may be missing; a product is written `{left}*{right}`"),
        _ => format!("a product of two names or brackets needs its sign: `{left}*{right}`"),
    }
}

/// Numbers of up to eighteen digits, without big integers.
fn short_number(text: &str) -> Option<Rational> {
    let (mut value, mut digits, mut after_point, mut seen_point) = (0_i64, 0, 0, false);
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' if digits == 18 => return None,
            b'0'..=b'9' => {
                value = value * 10 + i64::from(byte - b'0');
                digits += 1;
                after_point += u32::from(seen_point);
            }
            b'.' => seen_point = true,
            _ => return None,
        }
    }
    Some(if after_point == 0 { Rational::from(value) } else { Rational::new(value, 10_i64.pow(after_point)) })
}

fn too_many_digits() -> Code {
    Code::TooLong { what: "number".into(), limit: format!("{MAX_DIGITS} digits in all") }
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn first_word(text: &str) -> &str {
    let end = text
        .char_indices()
        .skip(1)
        .find(|&(_, c)| !(c.is_alphanumeric() || c == '_'))
        .map_or(text.len(), |(at, _)| at);
    if text.starts_with(|c: char| c.is_alphanumeric() || c == '_') {
        &text[..end]
    } else {
        &text[..text.chars().next().map_or(0, char::len_utf8)]
    }
}

fn found(text: &str) -> String {
    format!("`{}`", cut(first_word(text)))
}

/// A piece of the user's text, short enough for a help line.
fn cut(text: &str) -> String {
    match text.char_indices().nth(30) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.into(),
    }
}
