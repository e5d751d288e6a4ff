//! `referee generate`: a family → source code, or whether source code still is what would be generated.
//!
//! `referee generate gamma --lang c -o src` writes `src/gamma.h` and `src/gamma.c`. Their headers hold that command;
//! `referee generate --check src` runs it again for every generated file below `src` and writes nothing.

mod place;
mod stale;

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::{Format, Generate, Lang};
use super::derive::{derived, unknown_coordinates, within};
use super::input::{self, Found, Input};
use crate::bundle::{self, Made, Refusal, Wanted};
use crate::deck;
use crate::emit::{self, Options, SourceFile};
use crate::expr::Store;
use crate::report::diff::diff;
use crate::report::{Markup, Role};
use crate::stats::coordinates::reparametrized;
use crate::stats::{self, Derivation};
use crate::text::{Code, Diagnostic, Severity, Source, Span, suggest};
use crate::verify::Verdict;
use crate::verify::statistical::normalization::{Normalization, quick_normalization_and_base};
use place::Place;

/// Runs the command.
pub fn run(command: &Generate, format: Format) -> Result<Answer, Wrong> {
    match (command.lang, command.check) {
        (Some(lang), _) => one(command, lang, format),
        (None, _) => all_below(command, format),
    }
}

/// The code of one word of the command line.
struct Generated {
    files: Vec<SourceFile>,
    /// What the files hold.
    functions: Vec<String>,
    /// What was left out and why.
    omitted: Vec<(String, String)>,
    family: String,
    status: Status,
    /// Why it is not known that the density integrates to one, where it is not.
    doubt: Option<String>,
}

/// Generates, and writes, prints or compares.
fn one(command: &Generate, lang: Lang, format: Format) -> Result<Answer, Wrong> {
    let [word] = command.families.as_slice() else { return Err(not_one(command)) };
    if command.no_std && lang != Lang::Rust {
        let reason = format!("`--no-std` is for Rust, and the language is `{}`", lang.word());
        return Err(Wrong::word("<option>", "--no-std", Code::NotGenerated { reason }));
    }
    let place = Place::new(command.output.as_deref(), endings(lang));
    let made = generated(command, word, lang, &place)?;
    let paths: Vec<PathBuf> =
        made.files.iter().map(|f| place.folder.clone().unwrap_or_default().join(&f.name)).collect();
    if command.check {
        let mut told = Told::default();
        for (path, file) in paths.iter().zip(&made.files) {
            let text = place::read(path)?;
            told.compare(&path.to_string_lossy(), Some(&text), Some(&file.text));
        }
        return Ok(told.answer(format));
    }
    if place.folder.is_some() {
        for (path, file) in paths.iter().zip(&made.files) {
            place::write(path, &file.text)?;
        }
    }
    let wrong = notes(word, &made);
    let body = match (format, place.folder.is_some()) {
        (Format::Json, written) => Body::Json(as_json(&made, &paths, written)),
        (Format::Text, true) => Body::Text(written(&paths)),
        (Format::Text, false) => Body::Written(in_one_piece(&made.files, lang)),
    };
    Ok(Answer { body, status: made.status, wrong })
}

/// Every file that some earlier command generated, against what that command writes now.
fn all_below(command: &Generate, format: Format) -> Result<Answer, Wrong> {
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
    let place = Place::new(command.output.as_deref(), endings(lang));
    Ok(generated(command, word, lang, &place)?.files)
}

/// The files of a family in a language.
fn generated(command: &Generate, word: &str, lang: Lang, place: &Place) -> Result<Generated, Wrong> {
    let mut store = Store::new();
    let input = input::families(&mut store, word)?;
    let coordinates = input.chosen(command.coordinates.as_deref())?;
    let [found] = input.found.as_slice() else { return Err(several(&input)) };
    if lang == Lang::Latex {
        return latex(&mut store, &input, found, &coordinates, command, place);
    }
    let wanted = match command.functions.as_slice() {
        [] => Wanted::All,
        names => Wanted::Named(names.to_vec()),
    };
    // First, since nothing is derived from what is no density.
    let (mut normalization, base) = quick_normalization_and_base(&mut store, &found.family)
        .map_err(|wrong| input::not_normalized(&input.source, found.density, &wrong))?;
    let found_in = location(&input);
    let mut made = bundle::bundle_from(&mut store, &found.family, &coordinates, &wanted, found_in, base)
        .map_err(|refusal| refused(&input, found, &coordinates, refusal))?;
    if let Some(chosen) = found.family.coordinates.iter().find(|c| c.name == coordinates) {
        let family = reparametrized(&mut store, &found.family, chosen);
        normalization = within(&mut store, &family, normalization);
    }
    let status = status(command, &normalization, &wanted, &made);
    let options = Options {
        no_std: command.no_std,
        stem: place.stem.clone(),
        command: Some(line(command, word, lang, place)),
    };
    let language = emit::language(lang.word()).expect("every language of the command line is one of `emit`");
    let obstacle = |error: emit::Error| {
        let code = Code::NotGenerated { reason: error.to_string() };
        Wrong::word("<family>", word, code)
    };
    if command.with_tests {
        bundle::refer(&mut made);
    }
    let mut files = emit::generate(&made.bundle, language, &options).map_err(obstacle)?;
    if command.with_tests {
        files.extend(emit::tests(&made.bundle, language, &options).map_err(obstacle)?);
    }
    let functions = made.bundle.routines.iter().map(|routine| routine.name.clone()).collect();
    let (omitted, doubt) = (made.bundle.omitted, doubt(&normalization.verdict));
    Ok(Generated { files, functions, omitted, family: found.family.name.clone(), status, doubt })
}

/// Every closed form of a family as a fragment of an article.
fn latex(
    store: &mut Store,
    input: &Input,
    found: &Found,
    coordinates: &str,
    command: &Generate,
    place: &Place,
) -> Result<Generated, Wrong> {
    let (derivation, normalization) = derived(store, input, found, coordinates)?;
    let header = line(command, &input.word, Lang::Latex, place);
    let made_by = format!("% Generated by Referee {}, by\n%   {header}\n", env!("CARGO_PKG_VERSION"));
    let text = made_by + &bundle::latex::latex(store, &derivation);
    let name = format!("{}.tex", place.stem.clone().unwrap_or_else(|| file_stem(&derivation)));
    let is_known = command.judging.accepts(normalization.verdict.word());
    let is_refused = derivation.status == stats::Status::Refused;
    let status = if is_known && !is_refused { Status::AsClaimed } else { Status::NotAsClaimed };
    let family = found.family.name.clone();
    let files = vec![SourceFile { name, text }];
    let (functions, omitted) = (Vec::new(), Vec::new());
    Ok(Generated { files, functions, omitted, family, status, doubt: doubt(&normalization.verdict) })
}

/// The name of the family, and of the coordinates where they are not its own.
fn file_stem(derivation: &Derivation) -> String {
    let whole = match derivation.coordinates.as_str() {
        "base" => derivation.family.name.clone(),
        other => format!("{}_{other}", derivation.family.name),
    };
    emit::names::C.stem(&whole)
}

/// Why ∫p = 1 is open.
fn doubt(verdict: &Verdict) -> Option<String> {
    match verdict {
        Verdict::Open(attempts) => Some(attempts.reason.clone()),
        _ => None,
    }
}

/// How far everything rests on firm ground: the density integrates to one, and nothing asked for is missing.
fn status(command: &Generate, normalization: &Normalization, wanted: &Wanted, made: &Made) -> Status {
    let missing = made.bundle.omitted.iter().any(|(name, _)| match wanted {
        Wanted::All => name == "fisher",
        Wanted::Named(names) => names.contains(name),
    });
    let known = command.judging.accepts(normalization.verdict.word());
    if known && !missing { Status::AsClaimed } else { Status::NotAsClaimed }
}

/// The words that make these files again, without the place where they go.
fn line(command: &Generate, word: &str, lang: Lang, place: &Place) -> String {
    // What starts with a dash would be an option.
    let is_dashed = word.len() > 1 && word.starts_with('-');
    let family = if is_dashed { format!("./{word}") } else { word.to_owned() };
    let mut words = vec![family, "--lang".to_owned(), lang.word().to_owned()];
    let mut option = |name: &str, value: String| words.extend([name.to_owned(), value]);
    if let Some(coordinates) = &command.coordinates {
        option("--coordinates", coordinates.clone());
    }
    if !command.functions.is_empty() {
        option("--functions", command.functions.join(","));
    }
    if let Some(stem) = &place.stem {
        option("-o", format!("{stem}.{}", endings(lang)[0]));
    }
    let switches = [(command.with_tests, "--with-tests"), (command.no_std, "--no-std")];
    words.extend(switches.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned()));
    let quoted: Vec<String> = words.iter().map(|word| stale::quoted(word)).collect();
    format!("{}{}", stale::COMMAND, quoted.join(" "))
}

impl Lang {
    /// The word on the command line.
    fn word(self) -> &'static str {
        match self {
            Lang::Rust => "rust",
            Lang::C => "c",
            Lang::Python => "python",
            Lang::Javascript => "javascript",
            Lang::Latex => "latex",
        }
    }
}

/// The endings of the files of a language, the first that of the code itself.
fn endings(lang: Lang) -> &'static [&'static str] {
    match lang {
        Lang::Rust => &["rs"],
        Lang::C => &["c", "h"],
        Lang::Python => &["py"],
        Lang::Javascript => &["mjs", "js"],
        Lang::Latex => &["tex"],
    }
}

/// Where the family can be looked up: the file of the library, or the one that was named.
fn location(input: &Input) -> Option<String> {
    match input.source.name.as_str() {
        "<stdin>" => None,
        name if deck::EMBEDDED.iter().any(|e| name == format!("{}.md", e.name)) => {
            Some(format!("derivations/families/{name}"))
        }
        // As the header's command names it.
        name if name.starts_with('-') => Some(format!("./{name}")),
        name => Some(name.to_owned()),
    }
}

/// All files as one text; where there are several, each below its name.
fn in_one_piece(files: &[SourceFile], lang: Lang) -> String {
    if let [file] = files {
        return file.text.clone();
    }
    let headed = |file: &SourceFile| match lang {
        Lang::Python => format!("# {}\n{}", file.name, file.text),
        Lang::C => format!("/* {} */\n{}", file.name, file.text),
        _ => format!("// {}\n{}", file.name, file.text),
    };
    files.iter().map(headed).collect::<Vec<_>>().join("\n")
}

/// What was left out, for standard error: one line for each reason.
fn notes(word: &str, made: &Generated) -> Wrong {
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
    if notes.is_empty() { Wrong::default() } else { Wrong(vec![(Source::new("<family>", word), notes)]) }
}

fn written(paths: &[PathBuf]) -> Markup {
    let mut markup = Markup::new();
    for path in paths {
        markup.push(Role::Good, "wrote").line(format!(" {}", path.display()));
    }
    markup
}

fn as_json(made: &Generated, paths: &[PathBuf], written: bool) -> Value {
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

/// What `--check` has found so far.
#[derive(Default)]
struct Told {
    markup: Markup,
    rows: Vec<Value>,
    stale: usize,
}

impl Told {
    /// Tells of one file: what stands there, if it does, and what would be written.
    fn compare(&mut self, path: &str, text: Option<&str>, now: Option<&str>) {
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

    fn answer(mut self, format: Format) -> Answer {
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

/// The bundle's refusal as a diagnostic.
fn refused(input: &Input, found: &Found, coordinates: &str, refusal: Refusal) -> Wrong {
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

fn not_one(command: &Generate) -> Wrong {
    let words = command.families.join(" ");
    let expected = "one family, file or `-`".to_owned();
    let found = if words.is_empty() { "none".to_owned() } else { format!("`{words}`") };
    Wrong::word("<family>", &words, Code::Syntax { expected, found })
}

fn several(input: &Input) -> Wrong {
    let names: Vec<&str> = input.found.iter().map(|f| f.family.name.as_str()).collect();
    let code = Code::NotGenerated {
        reason: format!("the input holds {} families: {}", names.len(), names.join(", ")),
    };
    let diagnostic = Diagnostic::error(code, Span::new(0, input.word.len()))
        .with_help("generate from a file with one family");
    Wrong::one(Source::new("<family>", input.word.clone()), diagnostic)
}

#[cfg(test)]
mod tests {
    use clap::Parser;

    use super::*;
    use crate::cli::arguments::{Arguments, Command};

    fn command(words: &[&str]) -> Generate {
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

    #[test]
    fn a_header_is_read_back_as_the_command_that_wrote_it() {
        let words = ["--lang", "c", "--functions", "score,fisher", "--with-tests", "--", "-it's */.md"];
        let first = command(&words);
        let line = line(&first, &first.families[0], Lang::C, &Place::new(None, &["c"]));
        let again = stale::parse(line.strip_prefix(stale::COMMAND).unwrap()).unwrap();
        assert_eq!(again.families, ["./-it's */.md"]);
        assert_eq!((again.lang, again.functions, again.with_tests), (first.lang, first.functions, true));
    }

    #[test]
    fn rust_alone_can_do_without_its_standard_library() {
        let wrong = one(&command(&["gamma", "--lang", "c", "--no-std"]), Lang::C, Format::Text).unwrap_err();
        assert_eq!(wrong.0[0].1[0].code.message(), "`--no-std` is for Rust, and the language is `c`");
    }
}
