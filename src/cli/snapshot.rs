//! `referee snapshot`: verdicts and closed forms to a file, and whether they still are what they were.

use std::fs;
use std::io;

use serde_json::json;

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::{Format, Judging, Snapshot};
use super::check::{checked, complaints};
use super::{files, input, parallel};
use crate::deck;
use crate::expr::Store;
use crate::report::checked::{CheckedFile, Summary, number};
use crate::report::pinned::{self, PinnedFamily};
use crate::report::{Markup, Role};
use crate::stats::coordinates::derive_in;
use crate::syntax::{read_document, read_markdown};
use crate::text::{Code, Diagnostic, Source, Span};

/// Runs the command.
pub fn run(command: &Snapshot, format: Format, quiet: bool) -> Result<Answer, Wrong> {
    // What was pinned is looked for first: without it the rest is work for nothing.
    let pinned = if command.check { Some(pinned(&command.output)?) } else { None };
    let (files, wrong) = checked(&command.files, &Judging::default(), quiet)?;
    let families = parallel::map(&files, command.files.jobs, quiet, families);
    let is_wrong = !wrong.0.is_empty() || files.iter().any(CheckedFile::is_wrong);
    let wrong = complaints(&files, wrong);
    let counted = families.iter().map(Vec::len).sum();
    let rows: Vec<_> = files.iter().zip(families).collect();
    let now = pinned::text(&rows);
    let told = Told { path: &command.output, summary: Summary::of(&files), families: counted };
    let (body, drifts) = match pinned {
        Some(pinned) => compare(&told, &pinned, &now, format),
        None if is_wrong => (nothing_written(&told, format), false),
        None => {
            write(&command.output, &now)?;
            (told.say("pinned in", None, format, &now), false)
        }
    };
    let status = match (is_wrong, drifts) {
        (true, _) => Status::WrongInput,
        (_, true) => Status::NotAsClaimed,
        _ => Status::AsClaimed,
    };
    Ok(Answer { body, status, wrong })
}

/// What is said beside the snapshot itself.
struct Told<'a> {
    path: &'a str,
    summary: Summary,
    families: usize,
}

impl Told<'_> {
    /// `pinned in referee.snapshot: 26 families, 180 claims`, and the same for programs.
    fn say(&self, verb: &str, diff: Option<&Markup>, format: Format, now: &str) -> Body {
        if self.path == "-" && diff.is_none() && format == Format::Text {
            return Body::Written(now.to_owned());
        }
        let claims = self.summary.count("claims");
        if format == Format::Json {
            return Body::Json(json!({
                "snapshot": self.path,
                "families": self.families,
                "claims": claims,
                "as_pinned": diff.is_none(),
                "diff": diff.map(Markup::unstyled),
            }));
        }
        let mut markup = diff.cloned().unwrap_or_default();
        if diff.is_some() {
            markup.line("");
        }
        let role = if diff.is_some() { Role::Bad } else { Role::Good };
        markup.push(role, verb).push(Role::Heading, format!(" {}", self.path));
        markup.line(format!(": {}, {}", families_text(self.families), number(claims, "claim")));
        if diff.is_some() {
            markup.push(Role::Label, "help: ").line(
                "where the change is meant, write the snapshot anew: the same command without `--check`",
            );
        }
        Body::Text(markup)
    }
}

fn families_text(count: usize) -> String {
    if count == 1 { "1 family".to_owned() } else { format!("{count} families") }
}

fn compare(told: &Told, pinned: &str, now: &str, format: Format) -> (Body, bool) {
    match pinned::drift(pinned, now, told.path) {
        Some(diff) => (told.say("not as pinned in", Some(&diff), format, now), true),
        None => (told.say("as pinned in", None, format, now), false),
    }
}

fn nothing_written(told: &Told, format: Format) -> Body {
    match format {
        Format::Json => Body::Json(json!({ "snapshot": null, "families": told.families })),
        Format::Text => {
            let mut markup = Markup::new();
            markup
                .push(Role::Bad, "nothing pinned")
                .line(": a file is wrong as input; `referee check` says what is wrong in it");
            Body::Text(markup)
        }
    }
}

/// The snapshot that is compared with.
fn pinned(path: &str) -> Result<String, Wrong> {
    match files::read(path) {
        Ok(source) => Ok(source.text),
        Err(_) if !std::path::Path::new(path).exists() => {
            let code =
                Code::FileNotFound { path: path.to_owned(), reason: "there is no such file".to_owned() };
            let help = "write it with the same command without `--check`, and keep it beside the files";
            let diagnostic = Diagnostic::error(code, Span::new(0, path.len())).with_help(help);
            Err(Wrong::one(Source::new("<snapshot>", path), diagnostic))
        }
        Err(wrong) => Err(wrong),
    }
}

fn write(path: &str, text: &str) -> Result<(), Wrong> {
    if path == "-" {
        return Ok(());
    }
    fs::write(path, text).map_err(|error: io::Error| {
        let code = Code::FileNotWritten { path: path.to_owned(), reason: input::reason(&error) };
        Wrong::word("<output>", path, code)
    })
}

/// The closed forms of every family of a file, in its own parameters and in the coordinates it names.
fn families(file: &CheckedFile) -> Vec<PinnedFamily> {
    let source = &file.outcome.source;
    let document = if files::is_markdown(&source.name) {
        read_markdown(&source.text)
    } else {
        read_document(&source.text)
    };
    let mut store = Store::new();
    let texts: Vec<_> = document.families().collect();
    let mut pinned = Vec::new();
    // What is wrong with a family is said where it is checked.
    for family in deck::families(&mut store, &texts, &source.text, &mut Vec::new()) {
        let named = family.coordinates.iter().map(|c| c.name.clone()).collect::<Vec<_>>();
        for coordinates in std::iter::once("base").chain(named.iter().map(String::as_str)) {
            let derivation = derive_in(&mut store, &family, coordinates);
            pinned.extend(derivation.map(|derivation| PinnedFamily::new(&store, &derivation)));
        }
    }
    pinned
}
