//! `at "…" …`: what is said of formulas that may not be touched, found by a piece of their source.
//!
//! `at "\\vec{v} = -" expect: conditional` speaks of every row whose source holds these characters, blanks apart.

use crate::syntax::{Directive, Named};
use crate::text::{Code, Diagnostic, Span};

/// All quotes so far.
#[derive(Clone, Debug, Default)]
pub(super) struct Quotes {
    list: Vec<Quote>,
}

#[derive(Clone, Debug)]
struct Quote {
    /// Without blanks.
    text: String,
    written: Named,
    directives: Vec<Directive>,
    used: bool,
}

impl Quotes {
    /// Another line `at "…" …`.
    pub fn push(&mut self, quote: &Named, directives: &[Directive]) {
        let text = without_blanks(&quote.0);
        let (written, directives) = (quote.clone(), directives.to_vec());
        self.list.push(Quote { text, written, directives, used: false });
    }

    /// Is nothing quoted?
    pub fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// Does a quote speak of this source?
    pub fn mention(&self, source: &str) -> bool {
        !self.list.is_empty() && {
            let source = without_blanks(source);
            self.list.iter().any(|quote| source.contains(&quote.text))
        }
    }

    /// What is said of a row: by quotes found in its own source, or in the whole display when that is all of it.
    pub fn directives(&mut self, row: &str) -> Vec<Directive> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let row = without_blanks(row);
        let mut found = Vec::new();
        for quote in self.list.iter_mut().filter(|quote| row.contains(&quote.text)) {
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

fn without_blanks(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}
