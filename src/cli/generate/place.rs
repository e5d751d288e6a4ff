//! Where generated files go: standard output, a folder, or a folder under a name of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use crate::cli::answer::Wrong;
use crate::cli::input;
use crate::text::{Code, Diagnostic, Source, Span};

/// What `--output` means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// `None` is standard output.
    pub folder: Option<PathBuf>,
    /// The name of the files without their endings, in place of the family's.
    pub stem: Option<String>,
}

impl Place {
    /// A path with one of the endings names the files, anything else is a folder.
    pub fn new(output: Option<&str>, endings: &[&str]) -> Place {
        let Some(output) = output.filter(|o| *o != "-") else { return Place { folder: None, stem: None } };
        let path = Path::new(output);
        let is_folder = path.is_dir() || output.ends_with(['/', '\\']);
        let ending = path.extension().and_then(|e| e.to_str()).filter(|e| endings.contains(e));
        match path.file_stem().and_then(|s| s.to_str()).filter(|_| ending.is_some() && !is_folder) {
            Some(stem) => {
                let folder = path.parent().unwrap_or(Path::new("")).to_owned();
                Place { folder: Some(folder), stem: Some(stem.to_owned()) }
            }
            None => Place { folder: Some(path.to_owned()), stem: None },
        }
    }
}

/// Writes a file, and the folders it needs.
pub fn write(path: &Path, text: &str) -> Result<(), Wrong> {
    let parent = path.parent().filter(|p| !p.as_os_str().is_empty());
    let made = parent.map_or(Ok(()), fs::create_dir_all).and_then(|()| fs::write(path, text));
    made.map_err(|error| {
        let word = path.to_string_lossy().into_owned();
        let code = Code::FileNotWritten { path: word.clone(), reason: input::reason(&error) };
        Wrong::word("<output>", &word, code)
    })
}

/// What stands at a path now.
pub fn read(path: &Path) -> Result<String, Wrong> {
    fs::read(path).map(|bytes| String::from_utf8_lossy(&bytes).into_owned()).map_err(|error| {
        let word = path.to_string_lossy().into_owned();
        let code = Code::FileNotFound { path: word.clone(), reason: input::reason(&error) };
        let help = "write it with the same command without `--check`";
        let diagnostic = Diagnostic::error(code, Span::new(0, word.len())).with_help(help);
        Wrong::one(Source::new("<output>", word), diagnostic)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_place(output: Option<&str>, folder: Option<&str>, stem: Option<&str>) {
        let expected = Place { folder: folder.map(PathBuf::from), stem: stem.map(str::to_owned) };
        assert_eq!(Place::new(output, &["h", "c"]), expected);
    }

    #[test]
    fn an_output_with_the_ending_of_the_language_names_the_files_and_anything_else_is_a_folder() {
        check_place(None, None, None);
        check_place(Some("-"), None, None);
        check_place(Some("mine.c"), Some(""), Some("mine"));
        check_place(Some("code/mine.h"), Some("code"), Some("mine"));
        check_place(Some("code"), Some("code"), None);
        check_place(Some("code.c/"), Some("code.c/"), None);
        check_place(Some("mine.py"), Some("mine.py"), None);
        check_place(Some("src"), Some("src"), None);
    }
}
