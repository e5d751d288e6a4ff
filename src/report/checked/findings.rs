//! Files → a flat list of what is not as claimed, each with its rule, its place and a message: what build servers show.
//!
//! A claim refuted at x = −1 is a finding of the rule `refuted`; a missing transpose one of the rule `missing-transpose`.

use super::CheckedFile;
use super::step::readable;
use crate::article::ItemOutcome;
use crate::report::verdict;
use crate::text::{Diagnostic, LineColumn, LineIndex, Severity, Span};
use crate::verify::Verdict;

/// One thing that is not as claimed.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// A verdict, `unexpected`, or the code of a diagnostic: `referee explain` knows it.
    pub rule: &'static str,
    /// How much it weighs.
    pub severity: Severity,
    /// In a few words.
    pub title: String,
    /// Everything that is known, in lines.
    pub message: String,
    /// Where it starts and ends; nowhere in a file that could not be read.
    pub place: Option<(LineColumn, LineColumn)>,
    /// The source it is about, by which it is known again after lines have moved.
    pub text: String,
}

/// What is not as claimed in a file, in the order of the text.
pub fn findings(file: &CheckedFile) -> Vec<Finding> {
    let outcome = &file.outcome;
    let lines = LineIndex::new(&outcome.source.text);
    let has_place = outcome.source.name == file.path;
    let place = |span: Span| {
        let at = |byte: u32| lines.line_column(&outcome.source.text, byte as usize);
        has_place.then(|| (at(span.start), at(span.end)))
    };
    let said = outcome.diagnostics.iter().map(|diagnostic| (diagnostic.span, mistake(file, diagnostic)));
    let failing = outcome.items.iter().filter(|item| !item.passes && !is_said(file, item));
    let judged = failing.filter_map(|item| Some((item.span, step(file, item)?)));
    let mut all: Vec<(Span, Finding)> = said.chain(judged).collect();
    all.sort_by_key(|(span, _)| (span.start, span.end));
    all.into_iter().map(|(span, finding)| Finding { place: place(span), ..finding }).collect()
}

/// Is all that can be said of an unread step said by its diagnostics?
fn is_said(file: &CheckedFile, item: &ItemOutcome) -> bool {
    let Some(Verdict::Unread(misreading)) = &item.verdict else { return false };
    let said = |d: &Diagnostic| {
        // They stand in the order of the text.
        let all = &file.outcome.diagnostics;
        let from = all.partition_point(|other| other.span.start < d.span.start);
        let mut listed = all[from..].iter().take_while(|other| other.span.start == d.span.start);
        listed.any(|other| other.span == d.span && other.code == d.code && other.severity == Severity::Error)
    };
    misreading.diagnostics.iter().any(said)
}

fn mistake(file: &CheckedFile, diagnostic: &Diagnostic) -> Finding {
    let title = diagnostic.code.message();
    let help = diagnostic.help().or_else(|| diagnostic.code.label());
    Finding {
        rule: diagnostic.code.name(),
        severity: diagnostic.severity,
        message: help.map_or_else(|| title.clone(), |help| format!("{title}\nhelp: {help}")),
        title,
        place: None,
        text: file.outcome.source.slice(diagnostic.span).to_owned(),
    }
}

/// A step that does not pass.
fn step(file: &CheckedFile, item: &ItemOutcome) -> Option<Finding> {
    let found = item.verdict.as_ref()?;
    let source = file.outcome.source.slice(item.span);
    Some(Finding {
        rule: rule(item)?,
        severity: Severity::Error,
        title: title(item)?,
        message: format!("{}\n{}", readable(source), evidence(found)),
        place: None,
        text: source.to_owned(),
    })
}

/// The verdict, or `unexpected` where another was expected.
pub fn rule(item: &ItemOutcome) -> Option<&'static str> {
    let found = item.verdict.as_ref()?;
    Some(if item.expected.is_some() && !item.passes { "unexpected" } else { found.word() })
}

/// `refuted`, or `expected open, found refuted`.
pub fn title(item: &ItemOutcome) -> Option<String> {
    let found = item.verdict.as_ref()?.word();
    Some(match &item.expected {
        Some(expected) if !item.passes => format!("expected {expected}, found {found}"),
        _ => found.to_owned(),
    })
}

/// The evidence in lines, without a line end behind them.
pub fn evidence(verdict: &Verdict) -> String {
    let text = verdict::evidence(verdict, 2).unstyled();
    let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
    lines.join("\n")
}
