//! Generated files against what their commands write now.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::place::Place;
use super::{generated, stale};
use crate::cli::answer::{Answer, Body, Status, Wrong};
use crate::cli::arguments::{Format, Generate};
use crate::emit::SourceFile;
use crate::report::diff::diff;
use crate::report::{Markup, Role};
use crate::text::{Code, Diagnostic, Severity, Source, Span};

/// Every file that some earlier command generated, against what that command writes now.
pub(super) fn all_below(command: &Generate, format: Format) -> Result<Answer, Wrong> {
    let here = [".".to_owned()];
    let paths = if command.families.is_empty() { &here[..] } else { &command.families };
    let found = stale::generated(paths)?;
    if found.is_empty() {
        let code = Code::EmptyInput { what: "a generated file".into() };
        let word = paths.join(" ");
        let help = "a generated file says in its first lines by which command it was generated";
        let diagnostic = Diagnostic::error(code, Span::new(0, word.len())).with_help(help);
        return Err(Wrong::one(Source::new("<path>", word), diagnostic));
    }
    let (mut told, mut seen) = (Told::default(), HashSet::new());
    for file in &found {
        let path = file.path.to_string_lossy();
        let now = match file.command.as_ref().map_or(Ok(Vec::new()), again) {
            Ok(files) => files,
            Err(wrong) => {
                told.unrepeatable(&path, &wrong);
                continue;
            }
        };
        let folder = file.path.parent().unwrap_or(Path::new(""));
        let made: Vec<(PathBuf, &str)> =
            now.iter().map(|f| (folder.join(&f.name), f.text.as_str())).collect();
        if !made.iter().any(|(path, _)| *path == file.path) {
            told.compare(&path, Some(&file.text), None);
        }
        // A source, its header and its tests come from one command.
        for (path, text) in made {
            if seen.insert(path.clone()) {
                told.compare(&path.to_string_lossy(), fs::read_to_string(&path).ok().as_deref(), Some(text));
            }
        }
    }
    Ok(told.answer(format))
}

/// The files that the command of a header gives now; none when it cannot be repeated.
fn again(command: &Generate) -> Result<Vec<SourceFile>, Wrong> {
    let (Some(lang), [word]) = (command.lang, command.families.as_slice()) else { return Ok(Vec::new()) };
    // A header was written by anyone: no standard input, no pipe and no device is read for it.
    if word == "-" || Path::new(word).metadata().is_ok_and(|m| !m.is_file()) {
        return Ok(Vec::new());
    }
    let place = Place::new(command.output.as_deref(), lang.endings());
    Ok(generated(command, word, lang, &place)?.files)
}

/// What `--check` has found so far.
#[derive(Default)]
pub(super) struct Told {
    markup: Markup,
    rows: Vec<Value>,
    stale: usize,
}

impl Told {
    /// Tells of one file: what stands there, if it does, and what would be written.
    pub(super) fn compare(&mut self, path: &str, text: Option<&str>, now: Option<&str>) {
        let text = text.map(|text| text.replace("\r\n", "\n"));
        let same = text.is_some() && text.as_deref() == now;
        let mut shown = Markup::new();
        match (&text, now) {
            (_, None) => {
                shown.push(Role::Bad, "not repeatable").line(format!(
                    " {path}: no command in its header writes a file of this name; generate it anew where its family is"
                ));
            }
            (None, Some(_)) => {
                shown.push(Role::Bad, "missing").line(format!(" {path}"));
            }
            (Some(text), Some(now)) if !same => {
                shown.append(diff(text, now, path, |_| String::new()));
                shown.push(Role::Bad, "stale").line(format!(" {path}"));
            }
            _ => {
                shown.push(Role::Good, "fresh").line(format!(" {path}"));
            }
        }
        let difference = (!same).then(|| shown.unstyled());
        self.rows.push(json!({ "path": path, "fresh": same, "diff": difference }));
        self.stale += usize::from(!same);
        self.markup.append(shown);
    }

    /// Tells of one file whose command fails now: its family is gone or no longer one.
    fn unrepeatable(&mut self, path: &str, wrong: &Wrong) {
        let faults = wrong.0.iter().flat_map(|(_, list)| list).filter(|d| d.severity == Severity::Error);
        let reason = faults.map(|d| d.code.message()).next().unwrap_or_default();
        let mut shown = Markup::new();
        shown.push(Role::Bad, "not repeatable").line(format!(" {path}: {reason}"));
        self.rows.push(json!({ "path": path, "fresh": false, "diff": shown.unstyled() }));
        self.stale += 1;
        self.markup.append(shown);
    }

    pub(super) fn answer(mut self, format: Format) -> Answer {
        let status = if self.stale == 0 { Status::AsClaimed } else { Status::NotAsClaimed };
        if self.stale > 0 {
            self.markup
                .push(Role::Label, "help: ")
                .line("run the same command without `--check` to write it anew");
        }
        let body = match format {
            Format::Text => Body::Text(self.markup),
            Format::Json => Body::Json(json!({ "files": self.rows, "stale": self.stale })),
        };
        Answer::new(body, status)
    }
}

#[cfg(test)]
pub(super) mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};

    pub(in crate::cli::generate) fn command(words: &[&str]) -> Generate {
        let words = ["referee", "generate"].iter().chain(words);
        match Arguments::try_parse_from(words).expect("the words are a command").command {
            Command::Generate(generate) => generate,
            _ => unreachable!("the word `generate` stands first"),
        }
    }

    #[track_caller]
    fn check_not_repeated(word: &str, reason: &str) {
        let made = again(&command(&[word, "--lang", "c", "--functions", "log_density"]));
        let mut told = Told::default();
        match made {
            Ok(files) => {
                assert_eq!(files, []);
                told.compare("old.c", Some("text"), None);
            }
            Err(wrong) => told.unrepeatable("old.c", &wrong),
        }
        let shown = told.markup.unstyled();
        assert_eq!(told.stale, 1);
        assert!(shown.starts_with("not repeatable old.c: ") && shown.contains(reason), "{shown}");
    }

    #[test]
    fn a_header_that_cannot_be_followed_is_told_beside_its_file() {
        check_not_repeated("nowhere.md", "nowhere.md");
        check_not_repeated("-", "no command in its header");
    }

    #[cfg(unix)]
    #[test]
    fn a_header_makes_nobody_read_a_device() {
        check_not_repeated("/dev/zero", "no command in its header");
    }
}
