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

/// A directive, and the step of the row of which alone it speaks.
#[derive(Clone, Debug)]
pub(super) struct Said {
    pub directive: Directive,
    pub step: Option<usize>,
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

    /// What is said of a row. A quote that stands in one of its `steps` speaks of that step alone.
    pub fn directives(&mut self, row: &str, steps: &[&str]) -> Vec<Said> {
        if self.list.is_empty() {
            return Vec::new();
        }
        let mut found = Vec::new();
        for quote in self.list.iter_mut().filter(|quote| holds(row, &quote.written.0)) {
            quote.used = true;
            let mut within = (0..steps.len()).filter(|at| holds(steps[*at], &quote.written.0));
            let step = within.next();
            found.extend(quote.directives.iter().map(|d| Said { directive: d.clone(), step }));
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
