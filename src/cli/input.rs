//! A word of the command line → families: embedded ones by name, files by path, `-` for standard input.
//!
//! `gamma` and `binomial/logit` are embedded families, the second in its coordinates; whatever names an
//! existing file is read from it. Markdown and plain text are told apart by their fences.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use super::answer::Wrong;
use crate::article;
use crate::deck;
use crate::expr::Store;
use crate::stats::Family;
use crate::syntax::{MAX_FILE, read_document};
use crate::text::{Code, Diagnostic, Source, Span, suggest};
use crate::verify::statistical::normalization::NotNormalized;

/// The families of one text.
#[derive(Debug)]
pub struct Input {
    /// The word of the command line.
    pub word: String,
    /// Where they stand.
    pub source: Source,
    /// At least one.
    pub found: Vec<Found>,
    /// The coordinates named after a slash.
    pub coordinates: Option<String>,
}

/// A family and the place of its density.
#[derive(Debug)]
pub struct Found {
    /// The family.
    pub family: Family,
    /// The right side of `log p(x) = …`.
    pub density: Span,
}

impl Input {
    /// The coordinates asked for by option or after a slash.
    pub fn chosen(&self, option: Option<&str>) -> Result<String, Wrong> {
        match (option, self.coordinates.as_deref()) {
            (Some(asked), Some(after)) if asked != after => {
                let code = Code::DuplicateName { name: "coordinates".into() };
                let help = format!("name them once: `{asked}` or `{after}`");
                let diagnostic = Diagnostic::error(code, Span::new(0, asked.len())).with_help(help);
                Err(Wrong::one(Source::new("<coordinates>", asked), diagnostic))
            }
            (asked, after) => Ok(asked.or(after).unwrap_or("base").to_owned()),
        }
    }
}

/// Finds and reads the families a word means.
pub fn families(store: &mut Store, word: &str) -> Result<Input, Wrong> {
    let (source, coordinates) = source(word)?;
    let document = read_document(&source.text);
    let mut diagnostics = document.diagnostics.clone();
    let texts: Vec<_> = document.families().collect();
    let families = deck::families(store, &texts, &source.text, &mut diagnostics);
    Wrong::check(&source, diagnostics)?;
    if families.is_empty() {
        let code = Code::EmptyInput { what: "a family".into() };
        return Err(Wrong::one(source, Diagnostic::error(code, Span::new(0, 0)).with_help(EXAMPLE)));
    }
    let densities = texts.iter().map(|text| text.density.body.span);
    let found =
        families.into_iter().zip(densities).map(|(family, density)| Found { family, density }).collect();
    Ok(Input { word: word.to_owned(), source, found, coordinates })
}

/// The density does not integrate to one.
pub fn not_normalized(source: &Source, density: Span, wrong: &NotNormalized) -> Wrong {
    Wrong::one(source.clone(), article::without_mass(density, wrong))
}

const EXAMPLE: &str = "a family is three lines, such as `family exponential(lambda > 0)`, `x > 0` and \
    `log p(x) = log(lambda) - lambda*x`";

/// The text a word means, and the coordinates it names.
fn source(word: &str) -> Result<(Source, Option<String>), Wrong> {
    if word == "-" {
        return Ok((stdin()?, None));
    }
    if let Some(found) = deck::find(word) {
        return Ok((Source::new(format!("{}.md", found.name), found.text), None));
    }
    if Path::new(word).exists() {
        return Ok((file(word)?, None));
    }
    if let Some((name, coordinates)) = word.split_once('/')
        && let Some(found) = deck::find(name)
    {
        return Ok((Source::new(format!("{name}.md"), found.text), Some(coordinates.to_owned())));
    }
    Err(unknown(word))
}

/// Reads standard input.
pub fn stdin() -> Result<Source, Wrong> {
    text("-", "<stdin>", io::stdin().lock())
}

/// Reads a file.
pub fn file(path: &str) -> Result<Source, Wrong> {
    let fault = |error: io::Error| {
        let code = Code::FileNotFound { path: path.to_owned(), reason: reason(&error) };
        Wrong::word("<file>", path, code)
    };
    if Path::new(path).is_dir() {
        let code = Code::FileNotFound { path: path.to_owned(), reason: "it is a folder".to_owned() };
        let help = "name one of its files";
        let diagnostic = Diagnostic::error(code, Span::new(0, path.len())).with_help(help);
        return Err(Wrong::one(Source::new("<file>", path), diagnostic));
    }
    text(path, path, File::open(path).map_err(fault)?)
}

/// Reads at most one byte more than a text may have: what is longer is refused when it is parsed.
fn text(word: &str, name: &str, from: impl Read) -> Result<Source, Wrong> {
    let mut bytes = Vec::new();
    if let Err(error) = from.take(MAX_FILE as u64 + 1).read_to_end(&mut bytes) {
        let code = Code::FileNotFound { path: word.to_owned(), reason: reason(&error) };
        return Err(Wrong::word("<file>", word, code));
    }
    if bytes.starts_with(BYTE_ORDER_MARK) {
        bytes.drain(..BYTE_ORDER_MARK.len());
    }
    let (source, diagnostic) = Source::from_bytes(name, bytes);
    match diagnostic {
        Some(diagnostic) if source.text.len() <= MAX_FILE => Err(Wrong::one(source, diagnostic)),
        _ => Ok(source),
    }
}

/// U+FEFF, which some editors put before UTF-8. It is no part of the text.
const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// What went wrong, without the number of the system's error.
pub(super) fn reason(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::NotFound => "there is no such file".to_owned(),
        io::ErrorKind::PermissionDenied => "permission denied".to_owned(),
        _ => {
            let text = error.to_string();
            text.split(" (os error").next().unwrap_or(&text).to_lowercase()
        }
    }
}

/// Neither a family nor a file.
fn unknown(word: &str) -> Wrong {
    let known = || deck::EMBEDDED.iter().map(|e| e.name);
    let path = Path::new(word);
    let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
    let looks_like_a_path = path.extension().is_some() || word.contains(['/', '\\']);
    let lower = word.to_lowercase();
    let first = word.split('/').next().unwrap_or(word);
    let suggestion = deck::find(&lower).map(|e| e.name.to_owned()).or_else(|| suggest(first, known()));
    if looks_like_a_path && (suggestion.is_none() || path.extension().is_some()) {
        let code = Code::FileNotFound { path: word.to_owned(), reason: "there is no such file".to_owned() };
        let diagnostic = Diagnostic::error(code, Span::new(0, word.len()));
        let help = match deck::find(stem) {
            Some(found) => {
                format!("the embedded family is called without an ending: `referee derive {}`", found.name)
            }
            None => "`referee families` lists the families known by name".to_owned(),
        };
        return Wrong::one(Source::new("<family>", word), diagnostic.with_help(help));
    }
    Wrong::word("<family>", word, Code::UnknownFamily { name: first.to_owned(), suggestion })
}
