//! A whole file → its items, each with a verdict at its own line.
//!
//! `claim log(a*b) = log(a) + log(b) where a > 0, b > 0` in the eighth line of a file is an item at line 8, proved by
//! `log-product`. A display `$$ a = b = c $$` is two items. Declarations, in fences or in a file beside the article, hold
//! from where they stand.

mod outcome;

mod mass;

mod below;

mod judge;

mod chain;

mod quotes;

mod places;

mod implication;

mod steps;

mod fence;

#[cfg(test)]
mod tests;

pub use fence::FenceChecker;
pub use mass::without_mass;
pub use outcome::{Displays, ExplanationLine, FileOutcome, ItemOutcome, expected_word};

use std::path::Path;

use crate::deck;
use crate::meaning;
use crate::syntax::{
    Display, Document, Fence, Formula, Item, Row, read_declarations, read_document, read_formula,
    read_markdown,
};
use crate::text::{Code, Diagnostic, LineIndex, Severity, Source};

/// What stands somewhere in a file.
enum Part<'d> {
    Fence(&'d Fence),
    Display(&'d Display),
    Inline(&'d Formula),
}

impl Part<'_> {
    fn start(&self) -> u32 {
        match self {
            Part::Fence(fence) => fence.span.start,
            Part::Display(display) => display.span.start,
            Part::Inline(formula) => formula.span.start,
        }
    }
}

/// Checks a file with the declarations beside it.
pub fn check(source: &Source, beside: Option<&Source>) -> FileOutcome {
    let is_markdown = Path::new(&source.name).extension().is_some_and(|e| e == "md" || e == "markdown");
    let has_side_file = beside.is_some();
    let document =
        if is_markdown || has_side_file { read_markdown(&source.text) } else { read_document(&source.text) };
    let mut checker = FenceChecker::new(source);
    checker.has_side_file = has_side_file;
    let declared = beside.map(|beside| read_declarations(&beside.text));
    let inline = document.asked_inline(&source.text, declared.as_ref());
    let beside = match (beside, &declared) {
        (Some(beside), Some(declared)) => checker.beside(beside, declared),
        _ => Vec::new(),
    };
    let fences = document.fences.iter().map(Part::Fence);
    let displays = document.displays.iter().map(Part::Display);
    let inline = inline.into_iter().map(Part::Inline);
    let mut parts: Vec<Part> = fences.chain(displays).chain(inline).collect();
    parts.sort_by_key(Part::start);
    for part in parts {
        match part {
            Part::Fence(fence) => fence.items.iter().for_each(|item| checker.item(item)),
            Part::Display(display) => checker.display(display),
            Part::Inline(formula) => {
                checker.display(&read_formula(&source.text, formula, &document.macros));
            }
        }
    }
    let mut outcome = checker.finish(beside);
    below::declared_below(&document, &mut outcome);
    let mut diagnostics = document.diagnostics;
    diagnostics.append(&mut outcome.diagnostics);
    diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
    FileOutcome { diagnostics, ..outcome }
}

impl FenceChecker<'_> {
    /// Takes the declarations of a file beside the article; what is wrong with them has places in their own text.
    fn beside(&mut self, beside: &Source, document: &Document) -> Vec<Diagnostic> {
        let mut diagnostics = document.diagnostics.clone();
        self.beside = true;
        for item in document.fences.iter().flat_map(|fence| &fence.items) {
            match item {
                Item::Family(text) => {
                    let family = deck::family(&mut self.store, text, &beside.text, &mut self.diagnostics);
                    if let Some(family) = family {
                        self.vocabulary.declare_family(&self.store, &family);
                    }
                }
                Item::Claim(claim) => {
                    let (expected, found) = ("a declaration".into(), "a claim".into());
                    let help = "a file beside an article declares; claims stand in the article, in a `referee` fence";
                    let code = Code::Syntax { expected, found };
                    diagnostics.push(Diagnostic::error(code, claim.span).with_help(help));
                }
                item => self.item(item),
            }
        }
        self.beside = false;
        diagnostics.append(&mut self.diagnostics);
        self.said.1 = 0;
        diagnostics
    }

    /// What was found in the whole file, and what no formula used.
    fn finish(mut self, mut beside: Vec<Diagnostic>) -> FileOutcome {
        let mut idle = self.quotes.unused();
        let assumed = |d: &Diagnostic| {
            self.assumed.iter().any(|span| span.start <= d.span.start && d.span.end <= span.end)
        };
        idle.extend(self.vocabulary.unused().into_iter().filter(|d| !assumed(d)));
        let (theirs, ours): (Vec<_>, Vec<_>) = idle.into_iter().partition(|_| self.has_side_file);
        beside.extend(theirs);
        if !self.items.is_empty() {
            self.diagnostics.extend(ours);
        }
        FileOutcome {
            source: self.source.clone(),
            items: self.items,
            diagnostics: self.diagnostics,
            beside,
            displays: self.displays,
        }
    }
}

/// The fence of declarations that an article needs, guesses marked as such; empty when it needs none: where nothing is
/// displayed, or something is declared already.
pub fn suggest(source: &Source) -> String {
    let document = read_markdown(&source.text);
    let is_declared = document.declarations().next().is_some();
    let rows: Vec<&Row> = document.displays.iter().flat_map(|display| &display.rows).collect();
    if is_declared || rows.is_empty() {
        return String::new();
    }
    let mut lines = meaning::suggest(&rows);
    if lines.is_empty() {
        return String::new();
    }
    lines.insert(0, "# Before the first formula; what is guessed wants a look.".to_owned());
    let fence = |lines: &[String]| format!("```referee\n{}\n```\n", lines.join("\n"));
    // Two guesses about one name: the second is offered, and not made.
    let suggested = Source::new("suggested.md", fence(&lines));
    let index = LineIndex::new(&suggested.text);
    for diagnostic in check(&suggested, None).diagnostics {
        let at = index.line_column(&suggested.text, diagnostic.span.start as usize).line;
        // The fence opens in the first line.
        if let Some(line) = lines.get_mut(at.saturating_sub(2)).filter(|line| !line.starts_with('#'))
            && diagnostic.severity == Severity::Error
        {
            line.insert_str(0, "# or: ");
        }
    }
    fence(&lines)
}
