//! The state of reading one row: where the parser stands and which group it is in.
//!
//! The first thing that cannot be read ends the side in which it stands, `a = \foo + b`, with what was expected
//! there; the other sides of the row are still read.

use rustc_hash::FxHashMap;

use super::super::names::canonical;
use super::super::{Kind, MAX_HEIGHT, Tree};
use super::commands::{Meaning, Shape, look_alike, names};
use super::macros::Macros;
use super::pairs::{ALONE, Pairs, pair};
use super::tokens::{Token, TokenKind};
use crate::text::{Code, Diagnostic, Span, suggest};

/// How many brackets, arguments and operators may stand within one another.
const MAX_DEPTH: usize = 64;

/// Trees that second readings of one row may repeat.
const MAX_REPEATED: usize = 20_000;

/// What was read, or what kept it from being read.
pub(super) type Read<T> = Result<T, Box<Diagnostic>>;

/// A bar that is open.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum OpenBar {
    Single,
    Double,
}

pub(super) struct Parser<'t> {
    pub(super) tokens: Vec<Token<'t>>,
    pub(super) pairs: Pairs,
    macros: &'t Macros,
    /// The token to be read next.
    pub(super) at: usize,
    /// The token at which the innermost group, or the side, ends.
    pub(super) end: usize,
    depth: usize,
    /// Bars that are open in this group, the innermost last.
    pub(super) open_bars: Vec<OpenBar>,
    /// Bars of this group that are still to come, single and double.
    pub(super) bars_left: (u32, u32),
    /// The group holds the arguments of a call, which a bar may part.
    pub(super) in_arguments: bool,
    repeated: usize,
    /// Names with the fonts in which they were seen: plain, and another.
    fonts: FxHashMap<String, [Option<Span>; 2]>,
    /// What is worth saying of what was read.
    pub(super) remarks: Vec<Diagnostic>,
}

impl<'t> Parser<'t> {
    pub(super) fn new(mut tokens: Vec<Token<'t>>, macros: &'t Macros) -> Parser<'t> {
        let mut pairs = pair(&mut tokens);
        // The second of two bars that are one.
        if tokens.iter().any(|token| token.is_known(Meaning::Blank)) {
            tokens.retain(|token| !token.is_known(Meaning::Blank));
            pairs = pair(&mut tokens);
        }
        pairs.partners.push(ALONE);
        pairs.bars.push((0, 0));
        pairs.differentials.push((ALONE, 0));
        let end = tokens.last().map_or(0, |token| token.span.end as usize);
        tokens.push(Token {
            kind: TokenKind::End,
            text: "",
            span: Span::new(end, end),
            spaced: false,
            breaks: false,
        });
        Parser {
            end: tokens.len() - 1,
            tokens,
            pairs,
            macros,
            at: 0,
            depth: 0,
            open_bars: Vec::new(),
            bars_left: (0, 0),
            in_arguments: false,
            repeated: 0,
            fonts: FxHashMap::default(),
            remarks: Vec::new(),
        }
    }

    /// Goes to a part of the row, which is then read as a text of its own.
    pub(super) fn restrict(&mut self, start: usize, end: usize) {
        (self.at, self.end, self.depth) = (start, end, 0);
        self.open_bars.clear();
        self.in_arguments = false;
        self.bars_left = (0, 0);
        let mut at = start;
        while at < end {
            match self.tokens[at].kind {
                TokenKind::Bar => self.bars_left.0 += 1,
                TokenKind::DoubleBar => self.bars_left.1 += 1,
                _ => {}
            }
            at = self.behind(at);
        }
    }

    // Looking ahead.

    pub(super) fn peek(&self) -> Token<'t> {
        self.peek_at(0)
    }

    pub(super) fn peek_at(&self, ahead: usize) -> Token<'t> {
        match self.tokens.get(self.at + ahead) {
            Some(token) if self.at + ahead < self.end => *token,
            _ => Token { kind: TokenKind::End, ..self.tokens[self.end] },
        }
    }

    pub(super) fn is_done(&self) -> bool {
        self.at >= self.end
    }

    /// The token behind the group that starts at `at`, or the next.
    pub(super) fn behind(&self, at: usize) -> usize {
        match self.pairs.partners.get(at) {
            None => self.end,
            Some(&ALONE) => at + 1,
            Some(&partner) if (partner as usize) < at => at + 1,
            Some(&partner) => partner as usize + 1,
        }
    }

    /// Where the next token stands; at the end of a group, its closing bracket.
    pub(super) fn span(&self) -> Span {
        self.tokens[self.at.min(self.end)].span
    }

    pub(super) fn last_span(&self) -> Span {
        self.tokens[self.at.saturating_sub(1)].span
    }

    pub(super) fn is_symbol(&self, text: &str) -> bool {
        self.peek().is_symbol(text)
    }

    // Moving.

    pub(super) fn advance(&mut self) -> Token<'t> {
        let token = self.peek();
        match token.kind {
            TokenKind::Bar => self.bars_left.0 = self.bars_left.0.saturating_sub(1),
            TokenKind::DoubleBar => self.bars_left.1 = self.bars_left.1.saturating_sub(1),
            _ => {}
        }
        self.at = (self.at + 1).min(self.end);
        token
    }

    pub(super) fn take_symbol(&mut self, text: &str) -> bool {
        let found = self.is_symbol(text);
        if found {
            self.advance();
        }
        found
    }

    /// Reads what stands within the bracket at the next token, all of it, and returns the place with both brackets.
    pub(super) fn group<T>(
        &mut self,
        is_call: bool,
        read: impl FnOnce(&mut Self) -> Read<T>,
    ) -> Read<(T, Span)> {
        let open = self.at;
        let partner = self.pairs.partners[open];
        if partner == ALONE || partner as usize >= self.end {
            let bracket = self.peek().text.chars().next().unwrap_or('(');
            return Err(Box::new(Diagnostic::error(Code::UnclosedBracket { bracket }, self.span())));
        }
        let close = partner as usize;
        let outside = (self.end, self.bars_left, self.in_arguments);
        let bars = std::mem::take(&mut self.open_bars);
        (self.at, self.end) = (open + 1, close);
        (self.bars_left, self.in_arguments) = (self.pairs.bars[open], is_call);
        let inside = self.deeper(read)?;
        if !self.is_done() {
            return self.fail("an operator");
        }
        (self.end, self.bars_left, self.in_arguments) = outside;
        self.open_bars = bars;
        self.at = close + 1;
        Ok((inside, self.tokens[open].span.to(self.tokens[close].span)))
    }

    /// Reads a part that ends before `end`.
    pub(super) fn until<T>(&mut self, end: usize, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        let outside = self.end;
        self.end = end.min(outside);
        let inside = self.deeper(read)?;
        if !self.is_done() {
            return self.fail("an operator");
        }
        self.end = outside;
        Ok(inside)
    }

    /// One level deeper, or a report that there are too many.
    pub(super) fn deeper<T>(&mut self, read: impl FnOnce(&mut Self) -> Read<T>) -> Read<T> {
        if self.depth >= MAX_DEPTH {
            return Err(Box::new(Diagnostic::error(Code::TooDeep { limit: MAX_DEPTH }, self.span())));
        }
        self.depth += 1;
        let inside = read(self);
        self.depth -= 1;
        inside
    }

    // Reporting.

    /// The next token is not what was expected.
    pub(super) fn fail<T>(&self, expected: &str) -> Read<T> {
        Err(self.mistake(expected, None))
    }

    pub(super) fn fail_with_help<T>(&self, expected: &str, help: &str) -> Read<T> {
        Err(self.mistake(expected, Some(help.into())))
    }

    fn mistake(&self, expected: &str, help: Option<String>) -> Box<Diagnostic> {
        let token = self.tokens[self.at.min(self.end)];
        let code = match token.kind {
            TokenKind::Command => self.unknown(token),
            TokenKind::End => Code::Latex { expected: expected.into(), found: "the end".into() },
            _ => Code::Latex { expected: expected.into(), found: format!("`{}`", token.typed()) },
        };
        let unsupported = token.is_known(Meaning::Unsupported);
        let help = help.or_else(|| {
            unsupported.then(|| "this sign is not read; `grammar/latex.ebnf` lists what is".into())
        });
        Box::new(Diagnostic { help, ..Diagnostic::error(code, token.span) })
    }

    pub(super) fn unknown(&self, token: Token) -> Code {
        let mut known: Vec<&str> = names().collect();
        known.extend(self.macros.names());
        let suggestion = suggest(token.text, known);
        Code::UnknownCommand {
            name: format!("\\{}", token.text),
            suggestion: suggestion.map(|name| format!("\\{name}")),
        }
    }

    pub(super) fn fail_at<T>(&self, expected: &str, found: impl Into<String>, span: Span) -> Read<T> {
        let code = Code::Latex { expected: expected.into(), found: found.into() };
        Err(Box::new(Diagnostic::error(code, span)))
    }

    /// A letter as a name: `θ` is `theta`; one that looks like another is remarked.
    pub(super) fn letter(&mut self, token: Token) -> String {
        if let Some((like, name)) = token.text.chars().next().and_then(look_alike) {
            let letter = token.text.into();
            let code = Code::LookAlike { letter, name: name.into(), like: like.into() };
            self.remarks.push(Diagnostic::warning(code, token.span));
        }
        canonical(token.text).into_owned()
    }

    /// Notes in which font a name stands; the second font of one name is remarked, because the two are one name.
    pub(super) fn in_font(&mut self, name: &str, font: Option<&str>, span: Span) {
        let seen = self.fonts.entry(name.to_owned()).or_default();
        let is_new = seen[usize::from(font.is_some())].replace(span).is_none();
        if is_new && seen.iter().all(Option::is_some) {
            let first = if font.is_some() { "a plain letter" } else { "a letter in another font" };
            let second = font.map_or("a plain letter".into(), |font| format!("one in `\\{font}`"));
            let code = Code::OverloadedName { name: name.into(), first: first.into(), second };
            let help = "fonts are not part of a name: if these are two things, rename one of them";
            self.remarks.push(Diagnostic::warning(code, span).with_help(help));
        }
    }

    /// Several readings of one text; where they would repeat too much, the text is refused.
    pub(super) fn either(&mut self, readings: Vec<Tree>, span: Span) -> Read<Tree> {
        self.repeated += readings.iter().skip(1).map(|reading| size(reading, MAX_REPEATED)).sum::<usize>();
        if self.repeated > MAX_REPEATED {
            let limit = format!("{MAX_REPEATED} repeated terms");
            let code = Code::Budget { what: "listing the readings of this row".into(), limit };
            return Err(Box::new(Diagnostic::error(code, span)));
        }
        Ok(Tree::new(Kind::Ambiguous(readings), span))
    }
}

/// How many trees a tree holds, counted up to a limit.
fn size(tree: &Tree, limit: usize) -> usize {
    let (mut count, mut left) = (0, vec![tree]);
    while let Some(tree) = left.pop() {
        count += 1;
        if count >= limit {
            return count;
        }
        left.extend(tree.parts());
    }
    count
}

/// Whether no branch of a tree is longer than [`MAX_HEIGHT`].
pub(super) fn is_low(tree: &Tree) -> bool {
    let mut left = vec![(tree, 1)];
    while let Some((tree, height)) = left.pop() {
        if height > MAX_HEIGHT {
            return false;
        }
        left.extend(tree.parts().into_iter().map(|part| (part, height + 1)));
    }
    true
}

/// The shape of an opening token.
pub(super) fn opens(token: &Token) -> Option<Shape> {
    match token.kind {
        TokenKind::Open(shape) => Some(shape),
        _ => None,
    }
}
