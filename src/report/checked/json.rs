//! For a program: files with their items and diagnostics, and a summary.
//!
//! The names never change once released; more may be added beside them.

use serde_json::{Value, json};

use super::summary::{Summary, displays_json};
use super::{CheckedFile, Detail, text};
use crate::article::{ExplanationLine, ItemOutcome};
use crate::report::{json as report, verdict};

/// `{"files": […], "summary": {…}, "help": …}`, where the help says what to do when there is no claim.
pub fn json(files: &[CheckedFile], detail: Detail) -> Value {
    json!({
        "files": files.iter().map(|file| one(file, detail)).collect::<Vec<_>>(),
        "summary": Summary::of(files).json(),
        "help": text::what_to_do(files),
    })
}

fn one(file: &CheckedFile, detail: Detail) -> Value {
    let outcome = &file.outcome;
    json!({
        "path": file.path,
        "items": outcome.items.iter().map(|i| item(i, detail)).collect::<Vec<_>>(),
        "diagnostics": report::diagnostics(&outcome.source, &outcome.diagnostics),
        "displays": displays_json(outcome.displays),
    })
}

fn item(item: &ItemOutcome, detail: Detail) -> Value {
    let mut object = json!({
        "line": item.at.line,
        "column": item.at.column,
        "kind": text::kind(item.kind),
        "verdict": null,
        "expected": item.expected,
        "conditions": [],
        "rules": [],
        "witness": null,
        "reason": null,
        "text": item.text,
    });
    if let Some(found) = &item.verdict
        && let Value::Object(judged) = verdict::json(found)
    {
        for (name, value) in judged {
            object[name] = value;
        }
    }
    object["passes"] = json!(item.passes);
    if detail.explanations {
        object["explanation"] = Value::from_iter(item.explanation.iter().map(line));
    }
    object
}

fn line(line: &ExplanationLine) -> Value {
    json!({
        "relation": line.relation,
        "rule": line.rule,
        "formula": line.formula,
        "conditions": line.conditions,
    })
}
