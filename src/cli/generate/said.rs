//! What the command says: the files, what was left out, why there is nothing.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::Generated;
use super::lang::Lang;
use crate::bundle::Refusal;
use crate::cli::answer::Wrong;
use crate::cli::arguments::Generate;
use crate::cli::derive::unknown_coordinates;
use crate::cli::input::{Found, Input};
use crate::emit::SourceFile;
use crate::report::{Markup, Role};
use crate::text::{Code, Diagnostic, Source, Span, suggest};

/// All files as one text; where there are several, each below its name.
pub(super) fn in_one_piece(files: &[SourceFile], lang: Lang) -> String {
    if let [file] = files {
        return file.text.clone();
    }
    let headed = |file: &SourceFile| match lang {
        Lang::Code(language) => format!("{}\n{}", language.comment(&file.name), file.text),
        Lang::Latex => format!("% {}\n{}", file.name, file.text),
    };
    files.iter().map(headed).collect::<Vec<_>>().join("\n")
}

/// What was left out, for standard error: one line for each reason.
pub(super) fn notes(word: &str, made: &Generated) -> Wrong {
    let mut reasons: Vec<(&str, Vec<String>)> = Vec::new();
    for (name, reason) in &made.omitted {
        match reasons.iter_mut().find(|(known, _)| known == reason) {
            Some((_, names)) => names.push(format!("`{name}`")),
            None => reasons.push((reason, vec![format!("`{name}`")])),
        }
    }
    // Where next to nothing is left, it is named.
    let rest: Vec<String> = made.functions.iter().map(|name| format!("`{name}`")).collect();
    let note = |(reason, names): (&str, Vec<String>)| {
        let help = match names.contains(&"`fisher`".to_owned()) && !rest.is_empty() {
            true => format!("{reason}; generated: {}", rest.join(", ")),
            false => reason.to_owned(),
        };
        let code = Code::NotGenerated { reason: format!("left out: {}", names.join(", ")) };
        Diagnostic::note(code, Span::new(0, word.len())).with_help(help)
    };
    let mut notes: Vec<Diagnostic> = reasons.into_iter().map(note).collect();
    if let Some(doubt) = &made.doubt {
        let reason = "it is open whether the density integrates to one".to_owned();
        let help = format!("{doubt}; `--allow open` accepts it");
        let code = Code::NotGenerated { reason };
        notes.push(Diagnostic::note(code, Span::new(0, word.len())).with_help(help));
    }
    if !made.untested.is_empty() {
        let names: Vec<String> = made.untested.iter().map(|name| format!("`{name}`")).collect();
        let code = Code::NotGenerated { reason: format!("left untested: {}", names.join(", ")) };
        let help = "at none of the points that were tried is the value settled, well conditioned and of ordinary size";
        notes.push(Diagnostic::note(code, Span::new(0, word.len())).with_help(help));
    }
    if notes.is_empty() { Wrong::default() } else { Wrong(vec![(Source::new("<family>", word), notes)]) }
}

pub(super) fn written(paths: &[PathBuf]) -> Markup {
    let mut markup = Markup::new();
    for path in paths {
        markup.push(Role::Good, "wrote").line(format!(" {}", path.display()));
    }
    markup
}

pub(super) fn as_json(made: &Generated, paths: &[PathBuf], written: bool) -> Value {
    let file = |(file, path): (&SourceFile, &PathBuf)| {
        json!({
            "name": file.name,
            "path": written.then(|| path.to_string_lossy()),
            "text": file.text,
        })
    };
    let omitted = |(name, reason): &(String, String)| json!({ "function": name, "reason": reason });
    json!({
        "family": made.family,
        "functions": made.functions,
        "files": made.files.iter().zip(paths).map(file).collect::<Vec<_>>(),
        "omitted": made.omitted.iter().map(omitted).collect::<Vec<_>>(),
    })
}

/// The bundle's refusal as a diagnostic.
pub(super) fn refused(input: &Input, found: &Found, coordinates: &str, refusal: Refusal) -> Wrong {
    match refusal {
        Refusal::Coordinates(_) => unknown_coordinates(input, &found.family, coordinates),
        Refusal::Routine { name, known } => {
            let suggestion = suggest(&name, known.iter().map(String::as_str));
            let help = match suggestion {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => format!("there are {}", known.join(", ")),
            };
            let code = Code::NotGenerated { reason: format!("there is no function `{name}`") };
            let diagnostic = Diagnostic::error(code, Span::new(0, name.len())).with_help(help);
            Wrong::one(Source::new("<functions>", name), diagnostic)
        }
        Refusal::Unusable(reason) => Wrong::word("<coordinates>", coordinates, Code::NotGenerated { reason }),
    }
}

pub(super) fn not_one(command: &Generate) -> Wrong {
    let words = command.families.join(" ");
    let expected = "one family, file or `-`".to_owned();
    let found = if words.is_empty() { "none".to_owned() } else { format!("`{words}`") };
    Wrong::word("<family>", &words, Code::Syntax { expected, found })
}

pub(super) fn several(input: &Input) -> Wrong {
    let names: Vec<&str> = input.found.iter().map(|f| f.family.name.as_str()).collect();
    let code = Code::NotGenerated {
        reason: format!("the input holds {} families: {}", names.len(), names.join(", ")),
    };
    let diagnostic = Diagnostic::error(code, Span::new(0, input.word.len()))
        .with_help("generate from a file with one family");
    Wrong::one(Source::new("<family>", input.word.clone()), diagnostic)
}
