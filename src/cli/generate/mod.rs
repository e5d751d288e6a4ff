//! `referee generate`: a family → source code, or whether source code still is what would be generated.
//!
//! `referee generate gamma --lang c -o src` writes `src/gamma.h` and `src/gamma.c`. Their headers hold that command;
//! `referee generate --check src` runs it again for every generated file below `src` and writes nothing.

mod check;
mod lang;
mod place;
mod said;
mod stale;

use std::path::PathBuf;

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::{Format, Generate};
use super::derive::{derived, within};
use super::input::{self, Found, Input};
use crate::bundle::{self, Made, Wanted};
use crate::emit::{self, Options, SourceFile};
use crate::expr::Store;
use crate::stats::coordinates::reparametrized;
use crate::stats::{self, Derivation};
use crate::text::Code;
use crate::verify::Verdict;
use crate::verify::statistical::normalization::{Normalization, quick_normalization_and_base};
use check::{Told, all_below};
pub use lang::Lang;
use place::Place;
use said::{as_json, in_one_piece, not_one, notes, refused, several, written};

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
    /// What the self-test has no values of.
    untested: Vec<String>,
    family: String,
    status: Status,
    /// Why it is not known that the density integrates to one, where it is not.
    doubt: Option<String>,
}

/// Generates, and writes, prints or compares.
fn one(command: &Generate, lang: Lang, format: Format) -> Result<Answer, Wrong> {
    let [word] = command.families.as_slice() else { return Err(not_one(command)) };
    let knows_no_std = matches!(lang, Lang::Code(language) if language.knows_no_std());
    if command.no_std && !knows_no_std {
        let reason = format!("`--no-std` is for Rust, and the language is {}", lang.title());
        return Err(Wrong::word("<option>", "--no-std", Code::NotGenerated { reason }));
    }
    let place = Place::new(command.output.as_deref(), lang)?;
    let made = generated(command, word, lang, &place)?;
    let paths: Vec<PathBuf> =
        made.files.iter().map(|f| place.folder.clone().unwrap_or_default().join(&f.name)).collect();
    if command.check {
        let mut told = Told::default();
        for (path, file) in paths.iter().zip(&made.files) {
            told.compare(path, &file.text);
        }
        let help = "run the same command without `--check` to write it anew";
        return Ok(told.answer(format, &[help.to_owned()]));
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

/// The files of a family in a language.
fn generated(command: &Generate, word: &str, lang: Lang, place: &Place) -> Result<Generated, Wrong> {
    let mut store = Store::new();
    let input = input::families(&mut store, word)?;
    let coordinates = input.chosen(command.coordinates.as_deref())?;
    let [found] = input.found.as_slice() else { return Err(several(&input)) };
    let Lang::Code(language) = lang else {
        return latex(&mut store, &input, found, &coordinates, command, place);
    };
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
        ending: place.ending,
        command: Some(line(command, word, lang, place.name())),
    };
    let obstacle = |error: emit::Error| {
        let code = Code::NotGenerated { reason: error.to_string() };
        Wrong::word("<family>", word, code)
    };
    let untested = if command.with_tests { bundle::refer(&mut made) } else { Vec::new() };
    let mut files = emit::generate(&made.bundle, language, &options).map_err(obstacle)?;
    if command.with_tests {
        files.extend(emit::tests(&made.bundle, language, &options).map_err(obstacle)?);
    }
    let functions = made.bundle.routines.iter().map(|routine| routine.name.clone()).collect();
    let (omitted, doubt) = (made.bundle.omitted, doubt(&normalization.verdict));
    Ok(Generated { files, functions, omitted, untested, family: found.family.name.clone(), status, doubt })
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
    let header = line(command, &input.word, Lang::Latex, place.name());
    let made_by = format!("% Generated by Referee {}, by\n%   {header}\n", env!("CARGO_PKG_VERSION"));
    let text = made_by + &bundle::latex::latex(store, &derivation);
    let name = format!("{}.tex", place.stem.clone().unwrap_or_else(|| file_stem(&derivation)));
    let is_known = command.judging.accepts(normalization.verdict.word());
    let is_refused = derivation.status == stats::Status::Refused;
    let status = if is_known && !is_refused { Status::AsClaimed } else { Status::NotAsClaimed };
    let family = found.family.name.clone();
    let files = vec![SourceFile { name, text }];
    let (functions, omitted, untested) = (Vec::new(), Vec::new(), Vec::new());
    Ok(Generated {
        files,
        functions,
        omitted,
        untested,
        family,
        status,
        doubt: doubt(&normalization.verdict),
    })
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

/// The words that make these files again.
fn line(command: &Generate, word: &str, lang: Lang, output: Option<String>) -> String {
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
    if let Some(output) = output {
        option("-o", output);
    }
    let switches = [(command.with_tests, "--with-tests"), (command.no_std, "--no-std")];
    words.extend(switches.iter().filter(|(on, _)| *on).map(|(_, name)| (*name).to_owned()));
    let quoted: Vec<String> = words.iter().map(|word| stale::quoted(word)).collect();
    format!("{}{}", stale::COMMAND, quoted.join(" "))
}

/// Where the family can be looked up: the file of the library, or the one that was named.
fn location(input: &Input) -> Option<String> {
    match input.source.name.as_str() {
        "<stdin>" => None,
        // A file's name is its word; an embedded family's word has no ending.
        name if name != input.word => Some(format!("derivations/families/{name}")),
        // As the header's command names it.
        name if name.starts_with('-') => Some(format!("./{name}")),
        name => Some(name.to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;
    use check::tests::command;

    #[test]
    fn a_header_is_read_back_as_the_command_that_wrote_it() {
        let words = ["--lang", "c", "--functions", "score,fisher", "--with-tests", "--", "-it's */.md"];
        let (first, c) = (command(&words), Lang::from_str("c", false).unwrap());
        let line = line(&first, &first.families[0], c, None);
        let again = stale::parse(line.strip_prefix(stale::COMMAND).unwrap()).unwrap();
        assert_eq!(again.families, ["./-it's */.md"]);
        assert_eq!((again.lang, again.functions, again.with_tests), (first.lang, first.functions, true));
    }

    #[test]
    fn rust_alone_can_do_without_its_standard_library() {
        let wrong = run(&command(&["gamma", "--lang", "c", "--no-std"]), Format::Text).unwrap_err();
        assert_eq!(wrong.0[0].1[0].code.message(), "`--no-std` is for Rust, and the language is C");
    }
}
