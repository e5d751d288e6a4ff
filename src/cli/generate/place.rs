//! Where generated files go: standard output, a folder, or a folder under a name of one's own.

use std::fs;
use std::path::{Path, PathBuf};

use super::lang::Lang;
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
    /// The ending they were given.
    pub ending: Option<&'static str>,
}

impl Place {
    /// Standard output.
    pub const NOWHERE: Place = Place { folder: None, stem: None, ending: None };

    /// A path with an ending of the language names the files. Any other is a folder, unless there is a plain file or the
    /// path ends like a file's: those are refused.
    pub fn new(output: Option<&str>, lang: Lang) -> Result<Place, Wrong> {
        let Some(output) = output.filter(|o| *o != "-") else { return Ok(Place::NOWHERE) };
        let path = Path::new(output);
        let ends_as_folder = output.is_empty() || output.ends_with(['/', '\\']);
        let is_file = Path::new(output.trim_end_matches(['/', '\\'])).is_file();
        let is_folder = path.is_dir() || ends_as_folder && !is_file;
        let ending = path.extension().and_then(|e| e.to_str()).filter(|_| !is_folder);
        let known = lang.endings().iter().copied().find(|known| Some(*known) == ending);
        let stem = path.file_stem().and_then(|s| s.to_str());
        if let (Some(ending), Some(stem)) = (known, stem) {
            let folder = Some(path.parent().unwrap_or(Path::new("")).to_owned());
            let possible = lang.stem(stem);
            if possible != stem {
                let reason = format!("`{stem}` can name no file of {}, and the code in it", lang.title());
                return Err(refused(output, reason, format!("`{possible}.{ending}` can")));
            }
            return Ok(Place { folder, stem: Some(possible), ending: Some(ending) });
        }
        let endings: Vec<String> = lang.endings().iter().map(|e| format!("`.{e}`")).collect();
        let (title, endings) = (lang.title(), endings.join(" or "));
        if is_file || !is_folder && path.exists() {
            let reason = format!("`{output}` is a file, and no folder for files of {title}");
            return Err(refused(output, reason, format!("name a folder, or a file that ends in {endings}")));
        }
        if ending.is_some_and(|e| e.starts_with(|c: char| c.is_alphabetic())) {
            let reason = format!("`{output}` ends like a file, and files of {title} end in {endings}");
            return Err(refused(output, reason, format!("a folder of that name is `{output}/`")));
        }
        Ok(Place { folder: Some(path.to_owned()), ..Place::NOWHERE })
    }

    /// The name of the files with their ending, where one was given.
    pub fn name(&self) -> Option<String> {
        Some(format!("{}.{}", self.stem.as_ref()?, self.ending?))
    }
}

fn refused(output: &str, reason: String, help: String) -> Wrong {
    let code = Code::FileNotWritten { path: output.to_owned(), reason };
    let diagnostic = Diagnostic::error(code, Span::new(0, output.len())).with_help(help);
    Wrong::one(Source::new("<output>", output), diagnostic)
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

#[cfg(test)]
mod tests {
    use clap::ValueEnum;

    use super::*;

    fn place(output: &str, lang: &str) -> Result<Place, String> {
        let lang = Lang::from_str(lang, false).expect("a language");
        Place::new(Some(output), lang).map_err(|wrong| wrong.0[0].1[0].code.message())
    }

    #[track_caller]
    fn check_place(output: &str, folder: &str, name: Option<&str>) {
        let found = place(output, "c").expect("a place");
        assert_eq!(found.folder.as_deref(), Some(Path::new(folder)));
        assert_eq!(found.name().as_deref(), name);
    }

    #[test]
    fn an_output_with_the_ending_of_the_language_names_the_files_and_others_are_folders() {
        assert_eq!(place("-", "c"), Ok(Place::NOWHERE));
        check_place("mine.c", "", Some("mine.c"));
        check_place("code/mine.h", "code", Some("mine.h"));
        check_place("code", "code", None);
        check_place("code.c/", "code.c/", None);
        check_place("mine.py/", "mine.py/", None);
        check_place("src", "src", None);
        check_place(".hidden", ".hidden", None);
        check_place("v1.2", "v1.2", None);
    }

    #[track_caller]
    fn check_refused(output: &str, lang: &str, reason: &str) {
        let message = place(output, lang).expect_err("it is refused");
        assert!(message.ends_with(reason), "{message}");
    }

    #[test]
    fn what_looks_like_another_file_is_no_folder() {
        check_refused("Cargo.toml", "python", "`Cargo.toml` is a file, and no folder for files of Python");
        check_refused("LICENSE-MIT", "rust", "`LICENSE-MIT` is a file, and no folder for files of Rust");
        check_refused("LICENSE-MIT/", "rust", "`LICENSE-MIT/` is a file, and no folder for files of Rust");
        check_refused("mine.py", "c", "`mine.py` ends like a file, and files of C end in `.c` or `.h`");
        check_refused("MINE.C", "c", "`MINE.C` ends like a file, and files of C end in `.c` or `.h`");
    }

    #[test]
    fn files_get_the_name_that_was_asked_for_or_none() {
        check_refused("my-file.py", "python", "`my-file` can name no file of Python, and the code in it");
        check_refused("random.py", "python", "`random` can name no file of Python, and the code in it");
        assert_eq!(place("my-file.tex", "latex").expect("a place").name().as_deref(), Some("my-file.tex"));
        assert_eq!(place("mine.js", "javascript").expect("a place").name().as_deref(), Some("mine.js"));
    }
}
