//! A command line that cannot be understood → the same as a diagnostic, for programs.
//!
//! `referee derive gamma --att x --format json` says on standard output that `--att` is unexpected, at its column.

use clap::error::{ContextKind, ContextValue};

use super::answer::Wrong;
use crate::text::{Code, Diagnostic, Source, Span};

/// Do the words ask for JSON, and not for quiet? They could not be parsed, so they are only looked through.
pub fn wants_json(arguments: impl Iterator<Item = String>) -> bool {
    let words: Vec<String> = arguments.take_while(|word| word != "--").collect();
    let asked = words.iter().any(|word| word == "--format=json")
        || words.windows(2).any(|pair| pair[0] == "--format" && pair[1] == "json");
    asked && !words.iter().any(|word| word == "-q" || word == "--quiet")
}

/// What is wrong, at the word that is wrong.
pub fn wrong(error: &clap::Error, arguments: impl Iterator<Item = String>) -> Wrong {
    let line = arguments.collect::<Vec<_>>().join(" ");
    let rendered = error.render().to_string();
    let mut paragraphs = rendered.split("\n\n").map(|paragraph| {
        let lines: Vec<&str> = paragraph.lines().map(str::trim).collect();
        lines.join(" ")
    });
    let first = paragraphs.next().unwrap_or_default();
    let message = first.strip_prefix("error: ").unwrap_or(&first).to_owned();
    let tip = paragraphs.find_map(|paragraph| paragraph.strip_prefix("tip: ").map(str::to_owned));
    let word = [ContextKind::InvalidArg, ContextKind::InvalidSubcommand, ContextKind::InvalidValue]
        .iter()
        .find_map(|kind| match error.get(*kind) {
            Some(ContextValue::String(word)) => {
                line.find(word.as_str()).map(|at| Span::new(at, at + word.len()))
            }
            _ => None,
        });
    let help = tip.unwrap_or_else(|| {
        "`referee --help` lists the commands, `referee COMMAND --help` their options".into()
    });
    let diagnostic =
        Diagnostic::error(Code::CommandLine { message }, word.unwrap_or_default()).with_help(help);
    Wrong::one(Source::new("<command line>", line), diagnostic)
}
