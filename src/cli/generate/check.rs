//! Generated files against what their commands write now.

use std::collections::{HashMap, HashSet};
use std::fs;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::place::Place;
use super::{generated, line, stale};
use crate::cli::answer::{Answer, Body, Status, Wrong};
use crate::cli::arguments::{Format, Generate};
use crate::cli::input;
use crate::deck;
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
        let help = "a generated file says in its first comment by which command it was generated";
        let diagnostic = Diagnostic::error(code, Span::new(0, word.len())).with_help(help);
        return Err(Wrong::one(Source::new("<path>", word), diagnostic));
    }
    let (mut told, mut seen, mut help) = (Told::default(), HashSet::new(), Vec::new());
    // A source, its header and its tests come from one command.
    let mut repeated = HashMap::new();
    for file in &found {
        let path = file.path.to_string_lossy();
        let folder = file.path.parent().unwrap_or(Path::new(""));
        let again = repeated
            .entry((folder, file.line.as_str()))
            .or_insert_with(|| again(file.command.as_ref(), folder));
        let Again { files, line } = match again {
            Ok(again) => again,
            Err(reason) => {
                told.unrepeatable(&path, reason);
                continue;
            }
        };
        let made: Vec<(PathBuf, &str)> =
            files.iter().map(|f| (folder.join(&f.name), f.text.as_str())).collect();
        if !made.iter().any(|(path, _)| *path == file.path) {
            told.unrepeatable(&path, "the command of its header writes no file of this name");
        }
        let before = told.stale;
        for (path, text) in made {
            if seen.insert(path.clone()) {
                told.compare(&path, text);
            }
        }
        if told.stale > before {
            help.push(format!("`{line}` writes it anew"));
        }
    }
    Ok(told.answer(format, &help))
}

/// What the command of a header writes now.
#[derive(Debug)]
struct Again {
    files: Vec<SourceFile>,
    /// The command that writes the files into their folder.
    line: String,
}

/// Repeats the command of a header, or says why it cannot be.
fn again(command: Option<&Generate>, folder: &Path) -> Result<Again, String> {
    let known = command.and_then(|command| match (command.lang, command.families.as_slice()) {
        (Some(lang), [word]) => Some((command, lang, word)),
        _ => None,
    });
    let Some((command, lang, word)) = known else {
        return Err("its header holds no command that this version knows".to_owned());
    };
    let shown = folder.join("").to_string_lossy().into_owned();
    let shown = if shown.is_empty() { "./".to_owned() } else { shown };
    // A header was written by anyone: no standard input, no pipe and no device is read for it.
    if word == "-" {
        let line = line(command, word, lang, Some(shown));
        return Err(format!("its family came from standard input; give it there again to `{line} --check`"));
    }
    // An embedded family comes before whatever stands at a path of its name.
    if deck::find(word).is_none() && Path::new(word).metadata().is_ok_and(|m| !m.is_file()) {
        return Err(format!("its family stood in `{word}`, which is no file"));
    }
    let first = |wrong: Wrong| {
        let faults = wrong.0.iter().flat_map(|(_, list)| list).filter(|d| d.severity == Severity::Error);
        faults.map(|d| d.code.message()).next().unwrap_or_default()
    };
    let place = Place::new(command.output.as_deref(), lang).map_err(first)?;
    let output = place.name().map_or(shown, |name| folder.join(name).to_string_lossy().into_owned());
    let files = generated(command, word, lang, &place).map_err(first)?.files;
    Ok(Again { files, line: line(command, word, lang, Some(output)) })
}

/// What `--check` has found so far.
#[derive(Default)]
pub(super) struct Told {
    markup: Markup,
    rows: Vec<Value>,
    stale: usize,
}

impl Told {
    /// Tells of one file: what stands there, if it does, against what would be written.
    pub(super) fn compare(&mut self, file: &Path, now: &str) {
        let path = &*file.to_string_lossy();
        let text = fs::read(file).map(|bytes| String::from_utf8_lossy(&bytes).replace("\r\n", "\n"));
        let mut shown = Markup::new();
        match &text {
            Err(error) if error.kind() == ErrorKind::NotFound => {
                shown.push(Role::Bad, "missing").line(format!(" {path}"));
            }
            Err(error) => {
                shown.push(Role::Bad, "unreadable").line(format!(" {path}: {}", input::reason(error)));
            }
            Ok(text) if text != now => {
                shown.append(diff(text, now, path, |_| String::new()));
                shown.push(Role::Bad, "stale").line(format!(" {path}"));
            }
            Ok(_) => {
                shown.push(Role::Good, "fresh").line(format!(" {path}"));
            }
        }
        self.tell(path, text.is_ok_and(|text| text == now), shown);
    }

    /// Tells of one file whose command cannot be repeated: its family is gone, or no longer one.
    fn unrepeatable(&mut self, path: &str, reason: &str) {
        let mut shown = Markup::new();
        shown.push(Role::Bad, "not repeatable").line(format!(" {path}: {reason}"));
        self.tell(path, false, shown);
    }

    fn tell(&mut self, path: &str, is_fresh: bool, shown: Markup) {
        let difference = (!is_fresh).then(|| shown.unstyled());
        self.rows.push(json!({ "path": path, "fresh": is_fresh, "diff": difference }));
        self.stale += usize::from(!is_fresh);
        self.markup.append(shown);
    }

    pub(super) fn answer(mut self, format: Format, help: &[String]) -> Answer {
        let status = if self.stale == 0 { Status::AsClaimed } else { Status::NotAsClaimed };
        for help in help.iter().filter(|_| self.stale > 0) {
            self.markup.push(Role::Label, "help: ").line(help);
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
        let command = command(&[word, "--lang", "c", "--functions", "log_density"]);
        let found = again(Some(&command), Path::new("code")).expect_err("nothing is read for it");
        assert!(found.contains(reason), "{found}");
    }

    #[test]
    fn a_header_that_cannot_be_followed_is_told_beside_its_file() {
        check_not_repeated("nowhere.md", "nowhere.md");
        let line = "`referee generate - --lang c --functions log_density -o code/ --check`";
        check_not_repeated(
            "-",
            &format!("its family came from standard input; give it there again to {line}"),
        );
        let unknown = again(None, Path::new("")).expect_err("there is no command");
        assert_eq!(unknown, "its header holds no command that this version knows");
    }

    #[cfg(unix)]
    #[test]
    fn a_header_makes_nobody_read_a_device() {
        check_not_repeated("/dev/zero", "its family stood in `/dev/zero`, which is no file");
    }
}
