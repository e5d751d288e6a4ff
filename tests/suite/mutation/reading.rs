//! The source of a formula → tokens with their places and brackets, in either notation.
//!
//! `d^T F d` becomes `d`, `^`, `T`, `F`, `d`. Nothing is understood; comments, remarks and the names of environments are
//! left out, so that no mutation falls on them.

use std::ops::Range;

/// How a formula is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Notation {
    /// `1/2*d'*F*d`
    Plain,
    /// `\frac{1}{2} d^T F d`
    Latex,
}

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `12`
    Number,
    /// `mu_q`, `F`, `dx`; `\theta` is one too.
    Name,
    /// Any other character.
    Symbol,
}

/// A piece of the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// What it is.
    pub kind: Kind,
    /// Where it stands.
    pub at: Range<usize>,
    /// The token that closes this bracket, or that this one closes.
    pub partner: Option<usize>,
}

/// A formula in tokens.
pub struct Reading<'t> {
    /// The whole source.
    pub source: &'t str,
    /// In which notation.
    pub notation: Notation,
    /// In the order of the source.
    pub tokens: Vec<Token>,
}

/// Commands whose argument is no mathematics.
const OPAQUE: &[&str] = &[r"\text", r"\begin", r"\end", r"\tag", r"\label", r"\operatorname", r"\mathrm"];

impl<'t> Reading<'t> {
    /// Divides a source into tokens.
    pub fn new(source: &'t str, notation: Notation) -> Reading<'t> {
        let mut reading = Reading { source, notation, tokens: Vec::new() };
        let mut at = 0;
        while let Some(first) = source[at..].chars().next() {
            at = match first {
                '%' if notation == Notation::Latex => {
                    source[at..].find('\n').map_or(source.len(), |n| at + n)
                }
                '#' if notation == Notation::Plain => {
                    source[at..].find('\n').map_or(source.len(), |n| at + n)
                }
                c if c.is_whitespace() => at + c.len_utf8(),
                c => reading.token(at, c),
            };
        }
        reading.brackets();
        reading
    }

    /// Reads one token and says where the next may start.
    fn token(&mut self, at: usize, first: char) -> usize {
        let rest = &self.source[at..];
        let run = |is: &dyn Fn(char) -> bool| rest.find(|c| !is(c)).unwrap_or(rest.len());
        let is_part = |c: char| match self.notation {
            Notation::Plain => c.is_alphanumeric() || c == '_',
            Notation::Latex => c.is_alphabetic(),
        };
        let (kind, length) = match first {
            '\\' => match rest[1..].find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len() - 1) {
                0 => (Kind::Symbol, 1 + rest[1..].chars().next().map_or(0, char::len_utf8)),
                letters => (Kind::Name, 1 + letters),
            },
            c if c.is_ascii_digit() => (Kind::Number, run(&|c| c.is_ascii_digit() || c == '.')),
            c if c.is_alphabetic() => (Kind::Name, run(&is_part)),
            c => (Kind::Symbol, c.len_utf8()),
        };
        if OPAQUE.contains(&&rest[..length]) {
            return rest.find('}').map_or(self.source.len(), |end| at + end + 1);
        }
        self.tokens.push(Token { kind, at: at..at + length, partner: None });
        at + length
    }

    fn brackets(&mut self) {
        let mut open = Vec::new();
        for i in 0..self.tokens.len() {
            match self.text(i) {
                "(" | "[" | "{" => open.push(i),
                ")" | "]" | "}" => {
                    if let Some(start) = open.pop() {
                        self.tokens[start].partner = Some(i);
                        self.tokens[i].partner = Some(start);
                    }
                }
                _ => {}
            }
        }
    }

    /// The token as it is written; nothing outside of the formula.
    pub fn text(&self, i: usize) -> &'t str {
        self.tokens.get(i).map_or("", |token| &self.source[token.at.clone()])
    }

    /// The token before, nothing before the first.
    pub fn before(&self, i: usize) -> &'t str {
        i.checked_sub(1).map_or("", |i| self.text(i))
    }

    /// The source of a range of tokens.
    pub fn slice(&self, tokens: Range<usize>) -> &'t str {
        if tokens.is_empty() { "" } else { &self.source[self.place(tokens)] }
    }

    /// The place of a range of tokens that is not empty.
    pub fn place(&self, tokens: Range<usize>) -> Range<usize> {
        self.tokens[tokens.start].at.start..self.tokens[tokens.end - 1].at.end
    }

    /// What stands in a bracket, without a command for the size of the one that closes it.
    pub fn inside(&self, open: usize) -> Option<Range<usize>> {
        let close = self.tokens.get(open)?.partner.filter(|close| *close > open)?;
        let sizes = [r"\right", r"\big", r"\Big", r"\bigg", r"\Bigg", r"\bigr", r"\Bigr"];
        let end = if sizes.contains(&self.before(close)) { close - 1 } else { close };
        Some(open + 1..end)
    }

    /// The innermost bracket around a token.
    pub fn around(&self, i: usize) -> Option<usize> {
        (0..i).rev().find(|j| {
            matches!(self.text(*j), "(" | "[" | "{") && self.tokens[*j].partner.is_some_and(|end| end > i)
        })
    }

    /// Is the token, or a bracket around it, an upper index that is written in braces, or a lower one?
    pub fn is_raised(&self, i: usize) -> bool {
        let own = matches!(self.before(i), "^");
        own || self.notation == Notation::Latex
            && std::iter::successors(self.around(i), |open| self.around(*open))
                .any(|open| self.text(open) == "{" && self.before(open) == "^")
    }
}

/// `theta`, of `\theta` as of `theta`.
pub fn canonical(name: &str) -> &str {
    name.strip_prefix('\\').unwrap_or(name)
}
