//! Words of the command line → the files they mean; declarations beside articles.
//!
//! A folder means all Markdown files below it, in the order of their names.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::answer::Wrong;
use super::input;
use crate::article::FileOutcome;
use crate::report::checked::{CheckedFile, FileRole};
use crate::text::{Code, Diagnostic, Source, Span, suggest};

/// Deeper folders are not looked into.
const DEEPEST: usize = 64;

/// The files that paths mean, each once, and what is wrong with the folders among them.
pub fn below_all(paths: &[String]) -> (Vec<String>, Wrong) {
    let (mut found, mut wrong) = (Vec::new(), Wrong::default());
    for path in paths {
        if Path::new(path).is_dir() {
            below(Path::new(path), 0, &mut found, &mut wrong);
        } else {
            found.push(path.clone());
        }
    }
    let mut seen = HashSet::new();
    found.retain(|path| seen.insert(path.clone()));
    (found, wrong)
}

/// The Markdown files below a folder; hidden folders and build results left out.
fn below(folder: &Path, depth: usize, paths: &mut Vec<String>, wrong: &mut Wrong) {
    let entries = match fs::read_dir(folder) {
        Ok(entries) => entries,
        Err(error) => {
            let path = folder.to_string_lossy().into_owned();
            let code = Code::FileNotFound { path: path.clone(), reason: input::reason(&error) };
            return wrong.0.extend(Wrong::word("<folder>", &path, code).0);
        }
    };
    let mut entries: Vec<_> = entries.flatten().collect();
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let (path, name) = (entry.path(), entry.file_name().to_string_lossy().into_owned());
        let Ok(kind) = entry.file_type() else { continue };
        let is_skipped = name.starts_with('.') || matches!(name.as_str(), "target" | "node_modules");
        if kind.is_dir() && !is_skipped && depth < DEEPEST {
            below(&path, depth + 1, paths, wrong);
        } else if kind.is_file() && is_markdown(&name) {
            let path = path.to_string_lossy().into_owned();
            paths.push(path.strip_prefix("./").unwrap_or(&path).to_owned());
        }
    }
}

/// Is a file of this name Markdown?
pub fn is_markdown(name: &str) -> bool {
    Path::new(name).extension().is_some_and(|e| e == "md" || e == "markdown")
}

/// The text a path means; where there is none, perhaps the file that was meant.
pub fn read(path: &str) -> Result<Source, Wrong> {
    if path == "-" {
        return input::stdin();
    }
    input::file(path).map_err(|mut wrong| {
        let first = wrong.0.first_mut().and_then(|(_, diagnostics)| diagnostics.first_mut());
        if let Some(diagnostic) = first.filter(|d| matches!(d.code, Code::FileNotFound { .. })) {
            diagnostic.help = match neighbour(path) {
                Some(meant) => Some(format!("did you mean `{meant}`?")),
                None => diagnostic.help.take().or_else(|| Some(where_to_look(path))),
            };
        }
        wrong
    })
}

/// What to name in place of a path that leads nowhere: paths start in the folder where the command runs.
fn where_to_look(path: &str) -> String {
    let folder = Path::new(path).parent().filter(|folder| !folder.as_os_str().is_empty());
    match folder {
        Some(folder) if !folder.is_dir() => {
            format!("the folder `{}` does not exist either", folder.display())
        }
        Some(folder) => format!("name a file of the folder `{}`, or another path", folder.display()),
        None => "name a file of this folder, or its path from here".to_owned(),
    }
}

/// The file beside a path that leads nowhere whose name is nearest.
fn neighbour(path: &str) -> Option<String> {
    let missing = Path::new(path);
    let name = missing.file_name()?.to_str().filter(|_| !missing.exists())?;
    let folder = missing.parent().filter(|folder| !folder.as_os_str().is_empty());
    let entries = fs::read_dir(folder.unwrap_or(Path::new("."))).ok()?;
    let mut names: Vec<String> =
        entries.flatten().filter_map(|entry| entry.file_name().into_string().ok()).collect();
    names.sort_unstable();
    let meant = suggest(name, names.iter().map(String::as_str))?;
    Some(folder.map_or(meant.clone(), |folder| folder.join(&meant).to_string_lossy().into_owned()))
}

/// A path that leads to no readable text.
pub fn unreadable(path: &str, wrong: Wrong) -> CheckedFile {
    let (source, diagnostics) = wrong.0.into_iter().next().unwrap_or((Source::new(path, ""), Vec::new()));
    let outcome = FileOutcome { diagnostics, ..FileOutcome::empty(source) };
    CheckedFile { path: path.to_owned(), outcome, role: FileRole::Unreadable }
}

/// Declarations stand in their file as they are; a fence is what an article needs around them.
fn without_fences(source: Source) -> Result<Source, Wrong> {
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        if line.trim_start().starts_with("```") {
            let code = Code::Syntax { expected: "a declaration".into(), found: "a fence".into() };
            let help =
                "a file for `--with` holds the lines between the fences alone, as `article.referee` does";
            let place = Span::new(start, start + line.trim_end().len());
            return Err(Wrong::one(source, Diagnostic::error(code, place).with_help(help)));
        }
        start += line.len();
    }
    Ok(source)
}

/// The declarations that hold for every article: files one after another, read as one.
pub struct Beside {
    files: Vec<Source>,
    joined: Option<Source>,
}

impl Beside {
    /// Reads the files.
    pub fn read(paths: &[String]) -> Result<Beside, Wrong> {
        let (mut files, mut wrong) = (Vec::new(), Wrong::default());
        for path in paths {
            match read(path).and_then(without_fences) {
                Ok(source) => files.push(source),
                Err(fault) => wrong.0.extend(fault.0),
            }
        }
        if !wrong.0.is_empty() {
            return Err(wrong);
        }
        let names: Vec<&str> = files.iter().map(|source| source.name.as_str()).collect();
        let texts: Vec<String> = files.iter().map(|source| format!("{}\n", source.text)).collect();
        let joined = (!files.is_empty()).then(|| Source::new(names.join(", "), texts.concat()));
        Ok(Beside { files, joined })
    }

    /// All of them, read as one text.
    pub fn source(&self) -> Option<&Source> {
        self.joined.as_ref()
    }

    /// What is wrong with each of the files, out of what the articles found wrong with all of them. That a declaration
    /// is not used counts where no article uses it.
    pub fn checked(&self, articles: &[CheckedFile]) -> Vec<CheckedFile> {
        let mut found: Vec<&Diagnostic> = Vec::new();
        for diagnostic in articles.iter().flat_map(|file| &file.outcome.beside) {
            let is_used = matches!(diagnostic.code, Code::UnusedDeclaration { .. })
                && articles
                    .iter()
                    .any(|file| file.role == FileRole::Article && !file.outcome.beside.contains(diagnostic));
            if !found.contains(&diagnostic) && !is_used {
                found.push(diagnostic);
            }
        }
        let mut base = 0;
        let mut checked = Vec::new();
        for source in &self.files {
            let end = base + source.text.len() + 1;
            let inside = found.iter().filter(|d| (base..end).contains(&(d.span.start as usize)));
            let here = |d: &&Diagnostic| Diagnostic {
                span: Span::new(d.span.start as usize - base, (d.span.end as usize).min(end) - base),
                ..(*d).clone()
            };
            let diagnostics: Vec<_> = inside.map(here).collect();
            if !diagnostics.is_empty() {
                let outcome = FileOutcome { diagnostics, ..FileOutcome::empty(source.clone()) };
                checked.push(CheckedFile {
                    path: source.name.clone(),
                    outcome,
                    role: FileRole::Declarations,
                });
            }
            base = end;
        }
        checked
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn article(name: &str, beside: Vec<Diagnostic>) -> CheckedFile {
        let outcome = FileOutcome { beside, ..FileOutcome::empty(Source::new(name, "")) };
        CheckedFile { path: name.to_owned(), outcome, role: FileRole::Article }
    }

    fn two() -> Beside {
        let files = vec![Source::new("a.referee", "small d"), Source::new("b.referee", "small e\nvector d")];
        let joined = Some(Source::new("a.referee, b.referee", "small d\nsmall e\nvector d\n"));
        Beside { files, joined }
    }

    #[test]
    fn mistakes_in_several_declaration_files_are_told_at_their_own_places() {
        let again = Diagnostic::error(Code::DuplicateName { name: "d".into() }, Span::new(23, 24));
        let checked = two().checked(&[article("x.md", vec![again.clone()]), article("y.md", vec![again])]);
        let [file] = checked.as_slice() else { panic!("{checked:?}") };
        let [diagnostic] = file.outcome.diagnostics.as_slice() else { panic!("{file:?}") };
        assert_eq!((file.path.as_str(), file.outcome.source.slice(diagnostic.span)), ("b.referee", "d"));
        assert!(file.is_wrong());
    }

    #[test]
    fn a_declaration_that_one_article_uses_is_used() {
        let unused = Diagnostic::warning(Code::UnusedDeclaration { name: "d".into() }, Span::new(6, 7));
        assert!(
            two().checked(&[article("x.md", vec![unused.clone()]), article("y.md", Vec::new())]).is_empty()
        );
        let checked = two().checked(&[article("x.md", vec![unused.clone()]), article("y.md", vec![unused])]);
        assert_eq!(checked.iter().map(|file| file.path.as_str()).collect::<Vec<_>>(), ["a.referee"]);
        assert!(!checked[0].is_wrong());
    }
}
