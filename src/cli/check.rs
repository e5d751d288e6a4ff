//! `referee check`: the steps of files, each with its verdict at its own line.
//!
//! A step that does not get the verdict it expects fails, in either direction; one that expects none fails when it is
//! refuted, open or unread.

use super::answer::{Answer, Body, Status, Wrong, diagnostics_with_help};
use super::arguments::{Check, Files, FormatName, Judging, Output};
use super::files::{self, Beside};
use super::{parallel, suggest};
use crate::article;
use crate::report::checked::{self, CheckedFile, Detail, FileRole};

/// Runs the command.
pub fn run(command: &Check, output: &Output) -> Result<Answer, Wrong> {
    if command.suggest {
        return suggest::run(&command.files, output);
    }
    let (files, wrong) = checked(&command.files, &command.judging, output.quiet)?;
    let detail = Detail { every_step: command.verbose, explanations: command.explain };
    let body = match output.format {
        FormatName::Text => Body::Text(checked::text(&files, detail)),
        FormatName::Json => Body::Json(checked::json(&files, detail)),
        FormatName::Junit => Body::Written(checked::junit(&files)),
        FormatName::Sarif => Body::Json(checked::sarif(&files)),
        FormatName::Github => Body::Written(checked::github(&files)),
    };
    let status = status(&files, &wrong);
    Ok(Answer { body, status, wrong: complaints(&files, wrong) })
}

/// Checks files, several at once; the result does not depend on how many.
pub fn checked(command: &Files, judging: &Judging, quiet: bool) -> Result<(Vec<CheckedFile>, Wrong), Wrong> {
    let (paths, wrong) = files::below_all(&command.paths);
    let beside = Beside::read(&command.with)?;
    let mut files = parallel::map(&paths, command.jobs, quiet, |path| one(path, &beside, judging));
    let declarations = beside.checked(&files);
    files.extend(declarations);
    for file in &mut files {
        file.outcome.diagnostics = diagnostics_with_help(&file.outcome.diagnostics);
    }
    Ok((files, wrong))
}

/// Checks one file.
fn one(path: &str, beside: &Beside, judging: &Judging) -> CheckedFile {
    let source = match files::read(path) {
        Ok(source) => source,
        Err(wrong) => return files::unreadable(path, wrong),
    };
    let mut outcome = article::check(&source, beside.source());
    for item in outcome.items.iter_mut().filter(|item| item.expected.is_none()) {
        item.passes = item.verdict.as_ref().is_none_or(|verdict| judging.accepts(verdict.word()));
    }
    CheckedFile { path: source.name, outcome, role: FileRole::Article }
}

fn status(files: &[CheckedFile], wrong: &Wrong) -> Status {
    if !wrong.0.is_empty() || files.iter().any(CheckedFile::is_wrong) {
        Status::WrongInput
    } else if files.iter().all(CheckedFile::passes) {
        Status::AsClaimed
    } else {
        Status::NotAsClaimed
    }
}

/// What standard error says: folders that cannot be read, then the diagnostics of each file.
pub fn complaints(files: &[CheckedFile], mut wrong: Wrong) -> Wrong {
    let outcomes = files.iter().map(|file| &file.outcome).filter(|outcome| !outcome.diagnostics.is_empty());
    wrong.0.extend(outcomes.map(|outcome| (outcome.source.clone(), outcome.diagnostics.clone())));
    wrong
}
