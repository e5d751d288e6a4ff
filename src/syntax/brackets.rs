//! Which bracket closes which, found once before anything is parsed.
//!
//! In `f(x[1) + y` the square bracket is never closed and the round ones belong together. With every
//! partner known, a group cannot run past its end, whatever is wrong inside.

use super::tokens::{Bracket, Token, TokenKind};
use crate::text::{Code, Diagnostic};

/// An opening bracket without a partner.
pub(super) const ALONE: u32 = u32::MAX;

/// Tokens without stray closing brackets, and for every opening one the index of its partner.
pub(super) struct Paired {
    pub(super) tokens: Vec<Token>,
    pub(super) partners: Vec<u32>,
    pub(super) diagnostics: Vec<Diagnostic>,
}

/// Pairs brackets; each that has no partner is reported, of several unclosed ones only the outermost.
pub(super) fn pair(tokens: Vec<Token>) -> Paired {
    let mut pairing = Pairing {
        paired: Paired {
            tokens: Vec::with_capacity(tokens.len()),
            partners: Vec::new(),
            diagnostics: Vec::new(),
        },
        open: Vec::new(),
        waiting: [0; 3],
    };
    for token in tokens {
        let kept = match token.kind {
            TokenKind::Open(bracket) => pairing.open(bracket),
            TokenKind::Close(bracket) => pairing.close(bracket, token),
            _ => true,
        };
        if kept {
            pairing.paired.tokens.push(token);
            pairing.paired.partners.push(ALONE);
        }
    }
    if let Some(&(at, bracket)) = pairing.open.first() {
        pairing.unclosed(at, bracket);
    }
    pairing.paired
}

struct Pairing {
    paired: Paired,
    open: Vec<(usize, Bracket)>,
    /// How many of each kind are open.
    waiting: [usize; 3],
}

impl Pairing {
    fn open(&mut self, bracket: Bracket) -> bool {
        self.open.push((self.paired.tokens.len(), bracket));
        self.waiting[bracket as usize] += 1;
        true
    }

    /// Whether the bracket closes anything.
    fn close(&mut self, bracket: Bracket, token: Token) -> bool {
        if self.waiting[bracket as usize] == 0 {
            return self.close_another(bracket, token);
        }
        let mut skipped = None;
        while let Some((at, open)) = self.open.pop() {
            self.waiting[open as usize] -= 1;
            if open == bracket {
                self.paired.partners[at] = self.paired.tokens.len() as u32;
                break;
            }
            skipped = Some((at, open));
        }
        if let Some((at, open)) = skipped {
            self.unclosed(at, open);
        }
        true
    }

    /// `(a]`: taken for the bracket that was meant, where one is open.
    fn close_another(&mut self, bracket: Bracket, token: Token) -> bool {
        let Some((at, open)) = self.open.pop() else {
            let code = Code::UnopenedBracket { bracket: bracket.closing() };
            self.paired.diagnostics.push(Diagnostic::error(code, token.span));
            return false;
        };
        self.waiting[open as usize] -= 1;
        self.paired.partners[at] = self.paired.tokens.len() as u32;
        let (expected, found) = (format!("`{}`", open.closing()), format!("`{}`", bracket.closing()));
        self.paired.diagnostics.push(Diagnostic::error(Code::Syntax { expected, found }, token.span));
        true
    }

    fn unclosed(&mut self, at: usize, bracket: Bracket) {
        let code = Code::UnclosedBracket { bracket: bracket.opening() };
        self.paired.diagnostics.push(Diagnostic::error(code, self.paired.tokens[at].span));
    }
}

#[cfg(test)]
mod tests {
    use super::super::tokens::tokenize;
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &[(&str, u32)]) {
        let paired = pair(tokenize(text, 0));
        let found: Vec<_> = paired.diagnostics.iter().map(|d| (d.code.name(), d.span.start)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn brackets_without_a_partner_are_reported_where_they_stand() {
        check("f(x[1], {2})", &[]);
        check("f(x[1) + y", &[("unclosed-bracket", 3)]);
        check("(a]", &[("syntax", 2)]);
        check("a) + b", &[("unopened-bracket", 1)]);
        check("((((", &[("unclosed-bracket", 0)]);
        check("(a)) + [b", &[("unopened-bracket", 3), ("unclosed-bracket", 7)]);
    }
}
