//! Which bracket closes which, and which differential closes which integral.
//!
//! In `\int f\,d\,dx` the last `d` with a variable closes the integral, even where `d` is a vector; in
//! `\int\int f\,dx\,dy` the inner one is closed first. One pass over the tokens.

use super::super::Binder;
use super::commands::{Meaning, Shape};
use super::tokens::{Token, TokenKind};
use crate::text::{Code, Diagnostic};

/// The partner of what is no bracket, or of a bracket without one.
pub(super) const ALONE: u32 = u32::MAX;

/// What is known of a row's tokens before they are read.
pub(super) struct Pairs {
    /// For each bracket its partner.
    pub(super) partners: Vec<u32>,
    /// For each opening bracket the bars directly within, single and double.
    pub(super) bars: Vec<(u32, u32)>,
    /// For each integral sign its first differential and how many there are.
    pub(super) differentials: Vec<(u32, u32)>,
    /// Brackets without a partner.
    pub(super) mistakes: Vec<(usize, Diagnostic)>,
}

struct Level {
    open: usize,
    bars: (u32, u32),
    /// Integrals without a differential so far.
    pending: Vec<usize>,
    /// Differentials since the last integral sign: where each starts and ends.
    found: Vec<(usize, usize)>,
}

impl Level {
    fn new(open: usize) -> Level {
        Level { open, bars: (0, 0), pending: Vec::new(), found: Vec::new() }
    }

    /// Gives the differentials found to the integrals that wait.
    fn settle(&mut self, differentials: &mut [(u32, u32)]) {
        let found = std::mem::take(&mut self.found);
        let waiting = self.pending.len();
        if waiting == 0 || found.is_empty() {
            return;
        }
        if found.len() <= waiting {
            for (start, _) in found {
                let integral = self.pending.pop().expect("as many wait as are found");
                differentials[integral] = (start as u32, 1);
            }
            return;
        }
        let side_by_side = found.windows(2).rev().take_while(|pair| pair[0].1 == pair[1].0).count() + 1;
        let used = &found[found.len() - side_by_side.max(waiting)..];
        for (index, &(start, _)) in used[..waiting].iter().enumerate() {
            let integral = self.pending.pop().expect("as many wait as are used");
            let count = if index + 1 == waiting { used.len() - index } else { 1 };
            differentials[integral] = (start as u32, count as u32);
        }
    }
}

/// Pairs the brackets of a row; two single bars side by side become a double one where that is meant.
pub(super) fn pair(tokens: &mut [Token]) -> Pairs {
    let mut pairs = Pairs {
        partners: vec![ALONE; tokens.len()],
        bars: vec![(0, 0); tokens.len()],
        differentials: vec![(ALONE, 0); tokens.len()],
        mistakes: Vec::new(),
    };
    let mut levels = vec![Level::new(usize::MAX)];
    for at in 0..tokens.len() {
        let level = levels.last_mut().expect("the outermost level stays");
        match tokens[at].kind {
            TokenKind::Open(_) => levels.push(Level::new(at)),
            TokenKind::Close(shape) => close(tokens, &mut pairs, &mut levels, at, shape),
            TokenKind::Bar => {
                let double = level.bars.0 % 2 == 0
                    && tokens.get(at + 1).is_some_and(|next| next.kind == TokenKind::Bar && !next.spaced);
                if double {
                    tokens[at].kind = TokenKind::DoubleBar;
                    tokens[at].span = tokens[at].span.to(tokens[at + 1].span);
                    tokens[at + 1].kind = TokenKind::Known(Meaning::Blank);
                    level.bars.1 += 1;
                } else {
                    level.bars.0 += 1;
                }
            }
            TokenKind::DoubleBar => level.bars.1 += 1,
            TokenKind::Known(Meaning::Binder(Binder::Integral) | Meaning::Integrals(_)) => {
                level.settle(&mut pairs.differentials);
                level.pending.push(at);
            }
            TokenKind::Known(Meaning::Relation(_)) | TokenKind::RowEnd => {
                level.finish(&mut pairs.differentials)
            }
            TokenKind::Symbol if matches!(tokens[at].text, "=" | "<" | ">" | "," | ";") => {
                level.finish(&mut pairs.differentials);
            }
            _ if !level.pending.is_empty() => {
                if let Some((variable, end)) = differential(tokens, at) {
                    // `d\,dx`: what looked like the variable of the differential before starts this one.
                    if level.found.last().is_some_and(|last| last.1 > at && last.0 < at) {
                        level.found.pop();
                    }
                    debug_assert!(variable > at);
                    level.found.push((at, end));
                }
            }
            _ => {}
        }
    }
    while let Some(mut level) = levels.pop() {
        level.settle(&mut pairs.differentials);
        if level.open != usize::MAX {
            unclosed(tokens, &mut pairs, level.open);
        }
    }
    pairs
}

impl Level {
    /// Nothing behind this can close an integral before it.
    fn finish(&mut self, differentials: &mut [(u32, u32)]) {
        self.settle(differentials);
        self.pending.clear();
    }
}

fn close(tokens: &[Token], pairs: &mut Pairs, levels: &mut Vec<Level>, at: usize, shape: Shape) {
    let strong = |shape| matches!(shape, Shape::Brace | Shape::Environment);
    let fits = |open: usize| match tokens[open].kind {
        TokenKind::Open(other) if strong(shape) || strong(other) => other == shape,
        TokenKind::Open(Shape::Round | Shape::Square) => {
            matches!(shape, Shape::Round | Shape::Square | Shape::Null)
        }
        TokenKind::Open(Shape::Null) => true,
        TokenKind::Open(other) => other == shape || shape == Shape::Null,
        _ => false,
    };
    let barrier = |open: usize| matches!(tokens[open].kind, TokenKind::Open(other) if strong(other));
    let mut depth = levels.len();
    while depth > 1 && !fits(levels[depth - 1].open) {
        if barrier(levels[depth - 1].open) && !strong(shape) {
            depth = 1;
            break;
        }
        depth -= 1;
    }
    if depth == 1 {
        let bracket = tokens[at].text.chars().next().unwrap_or(')');
        let code = Code::UnopenedBracket { bracket };
        pairs.mistakes.push((at, Diagnostic::error(code, tokens[at].span)));
        return;
    }
    while levels.len() > depth {
        if let Some(mut level) = levels.pop() {
            level.settle(&mut pairs.differentials);
            unclosed(tokens, pairs, level.open);
        }
    }
    let mut level = levels.pop().expect("the level that is closed");
    if shape == Shape::Environment && tokens[level.open].text != tokens[at].text {
        pairs.mistakes.push((at, other_end(&tokens[level.open], &tokens[at])));
    }
    level.settle(&mut pairs.differentials);
    pairs.partners[level.open] = at as u32;
    pairs.partners[at] = level.open as u32;
    pairs.bars[level.open] = level.bars;
}

/// `\begin{align}` that is closed by `\end{gather}`.
pub(super) fn other_end(begin: &Token, end: &Token) -> Diagnostic {
    let code = Code::Latex {
        expected: format!("`\\end{{{}}}`", begin.text),
        found: format!("`\\end{{{}}}`", end.text),
    };
    Diagnostic::error(code, end.span)
}

fn unclosed(tokens: &[Token], pairs: &mut Pairs, open: usize) {
    let token = &tokens[open];
    let code = match token.kind {
        TokenKind::Open(Shape::Environment) => {
            Code::Latex { expected: format!("`\\end{{{}}}`", token.text), found: "the end".into() }
        }
        _ => Code::UnclosedBracket { bracket: opening(token) },
    };
    pairs.mistakes.push((open, Diagnostic::error(code, token.span)));
}

fn opening(token: &Token) -> char {
    match token.kind {
        TokenKind::Open(Shape::Angle) => '⟨',
        TokenKind::Open(Shape::Bar) => '|',
        TokenKind::Open(Shape::Norm) => '‖',
        TokenKind::Open(Shape::Floor) => '⌊',
        TokenKind::Open(Shape::Ceiling) => '⌈',
        _ => token.text.chars().next().unwrap_or('('),
    }
}

/// `dx`, `\mathrm{d}\theta`: where the variable stands, and where the differential ends.
pub(super) fn differential(tokens: &[Token], at: usize) -> Option<(usize, usize)> {
    let variable = behind_d(tokens, at)?;
    let mut end = variable;
    match tokens.get(variable)?.kind {
        TokenKind::Letter | TokenKind::Known(Meaning::Name(_)) => end += 1,
        TokenKind::Known(Meaning::Font | Meaning::Word | Meaning::Accent(_)) => {
            end += 1;
            end = behind_argument(tokens, end)?;
        }
        _ => return None,
    }
    loop {
        match tokens.get(end).map(|token| token.kind) {
            Some(TokenKind::Underscore) => end = behind_argument(tokens, end + 1)?,
            Some(TokenKind::Prime | TokenKind::SmallBelow) => end += 1,
            _ => return Some((variable, end)),
        }
    }
}

/// Behind `d`, `\mathrm d`, `\mathrm{d}`.
pub(super) fn behind_d(tokens: &[Token], at: usize) -> Option<usize> {
    let is_d =
        |at: usize| tokens.get(at).is_some_and(|token| token.kind == TokenKind::Letter && token.text == "d");
    match tokens.get(at)?.kind {
        TokenKind::Letter if is_d(at) => Some(at + 1),
        TokenKind::Known(Meaning::Word | Meaning::Text) if is_d(at + 1) => Some(at + 2),
        TokenKind::Known(Meaning::Word | Meaning::Text)
            if is_d(at + 2)
                && tokens[at + 1].kind == TokenKind::Open(Shape::Brace)
                && tokens.get(at + 3)?.kind == TokenKind::Close(Shape::Brace) =>
        {
            Some(at + 4)
        }
        _ => None,
    }
}

/// Behind one token or a group in braces of at most a few tokens.
fn behind_argument(tokens: &[Token], at: usize) -> Option<usize> {
    if tokens.get(at)?.kind != TokenKind::Open(Shape::Brace) {
        return Some(at + 1);
    }
    let mut depth = 0;
    for (index, token) in tokens.iter().enumerate().skip(at).take(40) {
        match token.kind {
            TokenKind::Open(Shape::Brace) => depth += 1,
            TokenKind::Close(Shape::Brace) => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(index + 1);
        }
    }
    None
}
