//! Tokens → tokens without typography: `\Big ( \textcolor{blue}{+ x}\, \Big )` is `( + x )`.
//!
//! Sizes of delimiters, colors, boxes, thin blanks and phantoms are gone after this; `\left|` is an opening bar and
//! `\right|` a closing one. `\left( a \right. \\ \left. + b \right)` is one bracket over two rows.

use super::commands::{Meaning, Shape, Size};
use super::tokens::{Token, TokenKind};

const ALONE: usize = usize::MAX;

/// The tokens that carry meaning.
pub(super) fn without_typography(tokens: Vec<Token>) -> Vec<Token> {
    let partners = braces(&tokens);
    let mut reader =
        Reader { kept: Vec::with_capacity(tokens.len()), lefts: Vec::new(), dropped: Vec::new() };
    let (mut at, mut spaced, mut breaks) = (0, false, false);
    while at < tokens.len() {
        let token = tokens[at];
        (spaced, breaks) = (spaced || token.spaced, breaks || token.breaks);
        let before = reader.kept.len();
        at = reader.step(&tokens, &partners, at);
        if let Some(kept) = reader.kept.get_mut(before) {
            (kept.spaced, kept.breaks) = (spaced, breaks);
            (spaced, breaks) = (false, false);
        } else {
            spaced = true;
        }
    }
    let mut kept = reader.kept;
    kept.retain(|token| !token.is_known(Meaning::Blank));
    kept
}

/// For each brace its partner, and [`ALONE`] for whatever else.
pub(super) fn braces(tokens: &[Token]) -> Vec<usize> {
    let mut partners = vec![ALONE; tokens.len()];
    let mut open = Vec::new();
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            TokenKind::Open(Shape::Brace) => open.push(at),
            TokenKind::Close(Shape::Brace) => {
                if let Some(partner) = open.pop() {
                    (partners[partner], partners[at]) = (at, partner);
                }
            }
            _ => {}
        }
    }
    partners
}

struct Reader<'t> {
    kept: Vec<Token<'t>>,
    /// Where in `kept` the delimiters after `\left` stand.
    lefts: Vec<usize>,
    /// Closing braces of groups that are looked through, the next one last.
    dropped: Vec<usize>,
}

impl<'t> Reader<'t> {
    /// Reads what stands at `at` and returns where to go on.
    fn step(&mut self, tokens: &[Token<'t>], partners: &[usize], at: usize) -> usize {
        let token = tokens[at];
        match token.kind {
            TokenKind::Known(Meaning::Blank) => at + 1,
            TokenKind::Known(Meaning::Phantom | Meaning::Color) => after_arguments(tokens, partners, at + 1),
            TokenKind::Known(Meaning::TextColor) => {
                let after = after_arguments(tokens, partners, at + 1);
                self.look_through(tokens, partners, after)
            }
            TokenKind::Known(Meaning::Look) => self.look_through(tokens, partners, at + 1),
            TokenKind::Known(Meaning::Size(size)) if at + 1 < tokens.len() => {
                self.delimiter(size, token, tokens[at + 1]);
                at + 2
            }
            TokenKind::Open(Shape::Brace)
                if partners[at] != ALONE
                    && tokens.get(at + 1).is_some_and(|next| next.is_known(Meaning::Color)) =>
            {
                self.look_through(tokens, partners, at)
            }
            TokenKind::Close(Shape::Brace) if self.dropped.last() == Some(&at) => {
                self.dropped.pop();
                at + 1
            }
            _ => {
                self.kept.push(token);
                at + 1
            }
        }
    }

    fn look_through(&mut self, tokens: &[Token<'t>], partners: &[usize], at: usize) -> usize {
        match tokens.get(at) {
            Some(next) if next.kind == TokenKind::Open(Shape::Brace) && partners[at] != ALONE => {
                self.dropped.push(partners[at]);
                at + 1
            }
            _ => at,
        }
    }

    /// `\left(`, `\bigr\|`
    fn delimiter(&mut self, size: Size, command: Token<'t>, delimiter: Token<'t>) {
        let opens = matches!(size, Size::Left | Size::Opening);
        let side = |shape| if opens { TokenKind::Open(shape) } else { TokenKind::Close(shape) };
        let neutral = size == Size::Neutral;
        let kind = match (delimiter.kind, delimiter.text) {
            (TokenKind::Bar | TokenKind::Known(Meaning::Mid), _) if size == Size::Middle => {
                TokenKind::Known(Meaning::Mid)
            }
            (TokenKind::Bar, _) if !neutral => side(Shape::Bar),
            (TokenKind::DoubleBar, _) if !neutral && size != Size::Middle => side(Shape::Norm),
            (TokenKind::Symbol, ".") if matches!(size, Size::Left | Size::Right) => side(Shape::Null),
            (TokenKind::Symbol, "<") if size == Size::Left => side(Shape::Angle),
            (TokenKind::Symbol, ">") if size == Size::Right => side(Shape::Angle),
            (
                kind @ (TokenKind::Open(_)
                | TokenKind::Close(_)
                | TokenKind::Bar
                | TokenKind::DoubleBar
                | TokenKind::Symbol),
                _,
            ) => kind,
            _ => {
                self.kept.extend([command, delimiter]);
                return;
            }
        };
        let here = self.kept.len();
        self.kept.push(Token { kind, span: command.span.to(delimiter.span), ..delimiter });
        match size {
            Size::Left => self.lefts.push(here),
            Size::Right => {
                if let Some(left) = self.lefts.pop() {
                    self.settle(left, here);
                }
            }
            _ => {}
        }
    }

    /// A delimiter whose partner is the empty one stands alone, unless the two hold a case distinction or a bar
    /// that says where a value is taken.
    fn settle(&mut self, left: usize, right: usize) {
        let (open, close) = (self.kept[left].kind, self.kept[right].kind);
        let blank = TokenKind::Known(Meaning::Blank);
        let null = (open == TokenKind::Open(Shape::Null), close == TokenKind::Close(Shape::Null));
        let holds_rows =
            self.kept.get(left + 1).is_some_and(|next| next.kind == TokenKind::Open(Shape::Environment));
        match null {
            (true, true) => (self.kept[left].kind, self.kept[right].kind) = (blank, blank),
            (true, false) if close != TokenKind::Close(Shape::Bar) => self.kept[left].kind = blank,
            (false, true) if !holds_rows => self.kept[right].kind = blank,
            _ => {}
        }
    }
}

/// Behind `*`, `[…]` and one argument.
fn after_arguments(tokens: &[Token], partners: &[usize], mut at: usize) -> usize {
    if tokens.get(at).is_some_and(|token| token.is_symbol("*")) {
        at += 1;
    }
    if tokens.get(at).is_some_and(|token| token.kind == TokenKind::Open(Shape::Square)) {
        let close =
            tokens[at..].iter().take(40).position(|token| token.kind == TokenKind::Close(Shape::Square));
        at = close.map_or(at, |close| at + close + 1);
    }
    match tokens.get(at) {
        Some(token) if token.kind == TokenKind::Open(Shape::Brace) && partners[at] != ALONE => {
            partners[at] + 1
        }
        Some(_) => at + 1,
        None => at,
    }
}
