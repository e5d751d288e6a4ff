//! `at "…" …`: what is said of formulas that may not be touched, found by a piece of their source.
//!
//! `at "\\vec{v} = -" expect: conditional` speaks of every row whose source holds these characters, blanks apart.

use crate::syntax::{Directive, Named, holds};
use crate::text::{Code, Diagnostic, Span};

/// All quotes so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Quotes {
    list: Vec<Quote>,
}

#[derive(Clone, Debug)]
struct Quote {
    written: Named,
    directives: Vec<Directive>,
    used: bool,
}

impl Quotes {
    /// Another line `at "…" …`.
    pub fn push(&mut self, quote: &Named, directives: &[Directive]) {
        let (written, directives) = (quote.clone(), directives.to_vec());
        self.list.push(Quote { written, directives, used: false });
    }

    /// What is said of a row: by quotes found in its own source, or in the whole display when that is all of it.
    pub fn directives(&mut self, row: &str) -> Vec<Directive> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for quote in self.list.iter_mut().filter(|quote| holds(row, &quote.written.0)) {
            quote.used = true;
            found.extend(quote.directives.iter().cloned());
        }
        found
    }

    /// A mistake for each quote that no formula holds.
    pub fn unused(&self) -> Vec<Diagnostic> {
        let idle = self.list.iter().filter(|quote| !quote.used);
        idle.map(|quote| {
            let (text, span): (&String, Span) = (&quote.written.0, quote.written.1);
            Diagnostic::error(Code::NoSuchFormula { quote: text.clone() }, span)
        })
        .collect()
    }
}
