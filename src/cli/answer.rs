//! What a command hands back: a result with its exit status, or what is wrong with the input.

use serde_json::{Value, json};

use crate::report::{Markup, json};
use crate::text::{Code, Diagnostic, Severity, Source, Span};

/// The exit status.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Everything is as claimed.
    AsClaimed = 0,
    /// Something is refuted, open, unread, refused, or not as expected.
    NotAsClaimed = 1,
    /// The command line or an input file is wrong.
    WrongInput = 2,
}

/// A result in the form that was asked for.
#[derive(Debug)]
pub enum Body {
    Text(Markup),
    Json(Value),
    /// In a format of its own, as it stands.
    Written(String),
}

/// A result.
#[derive(Debug)]
pub struct Answer {
    pub body: Body,
    pub status: Status,
    /// What is wrong with parts of the input, beside the result for the others.
    pub wrong: Wrong,
}

impl Answer {
    /// A result of an input that is as it should be.
    pub fn new(body: Body, status: Status) -> Answer {
        Answer { body, status, wrong: Wrong::default() }
    }

    /// Plain text, as claimed.
    pub fn text(text: impl Into<String>) -> Answer {
        let mut markup = Markup::new();
        markup.plain(text);
        Answer::new(Body::Text(markup), Status::AsClaimed)
    }
}

/// Texts, each with what is wrong in it.
#[derive(Debug, Default)]
pub struct Wrong(pub Vec<(Source, Vec<Diagnostic>)>);

impl Wrong {
    /// One text with one fault.
    pub fn one(source: Source, diagnostic: Diagnostic) -> Wrong {
        Wrong(vec![(source, vec![diagnostic])])
    }

    /// A word of the command line, under the name of its place.
    pub fn word(place: &str, word: &str, code: Code) -> Wrong {
        Wrong::one(Source::new(place, word), Diagnostic::error(code, Span::new(0, word.len())))
    }

    /// Nothing, unless a diagnostic is an error.
    pub fn check(source: &Source, diagnostics: Vec<Diagnostic>) -> Result<(), Wrong> {
        if diagnostics.iter().any(|d| d.severity == Severity::Error) {
            return Err(Wrong(vec![(source.clone(), diagnostics)]));
        }
        Ok(())
    }

    /// For standard output under `--format json`.
    pub fn json(&self) -> Value {
        let mut all = Vec::new();
        for (source, diagnostics) in &self.0 {
            let Value::Array(list) = json::diagnostics(source, &diagnostics_with_help(diagnostics)) else {
                continue;
            };
            for mut one in list {
                one["path"] = json!(source.name);
                all.push(one);
            }
        }
        json!({ "diagnostics": all })
    }
}

/// Each with a help line: one that knows none of its own points to its explanation.
pub fn diagnostics_with_help(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let suggests = |d: &Diagnostic| d.code.label().is_some_and(|label| label.starts_with("did you mean"));
    let helped = |d: &Diagnostic| match d.help() {
        None if !suggests(d) => d.clone().with_help(says_more(d)),
        _ => d.clone(),
    };
    diagnostics.iter().map(helped).collect()
}

/// Where a diagnostic that knows no help line of its own is explained.
pub fn says_more(diagnostic: &Diagnostic) -> String {
    format!("`referee explain {}` says more", diagnostic.code.name())
}
