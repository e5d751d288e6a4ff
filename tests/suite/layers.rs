//! Which module imports which: the arrows drawn from the text of `src`, against one table without circles.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// A module and those it may use. A row uses only rows above it, so there are no circles.
#[rustfmt::skip]
const MAY_USE: &[(&str, &[&str])] = &[
    ("text",      &[]),
    ("number",    &[]),
    ("numeric",   &[]),
    ("integrate", &[]),
    ("syntax",    &["text", "number"]),
    ("program",   &[]),
    ("function",  &["number", "program"]),
    ("expr",      &["text", "number", "syntax", "function"]),
    ("print",     &["number", "syntax", "expr"]),
    ("claim",     &["number", "expr"]),
    ("proof",     &["number", "expr", "claim"]),
    ("search",    &["number", "expr", "print", "claim", "proof"]),
    ("instance",  &["number", "function", "expr", "claim"]),
    ("tape",      &["number", "function", "expr"]),
    ("calculus",  &["number", "function", "expr"]),
    ("algebra",   &["number", "syntax", "function", "expr", "print", "tape", "calculus"]),
    ("stats",     &["text", "number", "expr", "print", "tape", "calculus", "algebra"]),
    ("deck",      &["text", "syntax", "expr", "stats"]),
    ("verify",    &["text", "number", "numeric", "integrate", "syntax", "function", "expr", "print", "tape", "calculus",
                    "algebra", "stats"]),
    ("meaning",   &["text", "number", "syntax", "function", "expr", "print", "claim", "stats"]),
    ("article",   &["text", "syntax", "expr", "print", "claim", "proof", "search", "instance", "meaning", "stats", "deck",
                    "verify"]),
    ("stable",    &["number", "expr", "algebra"]),
    ("emit",      &["number", "program", "function", "expr", "tape"]),
    ("bundle",    &["number", "expr", "print", "tape", "calculus", "algebra", "stats", "verify", "stable", "emit"]),
    ("report",    &["text", "number", "syntax", "expr", "print", "algebra", "stats", "verify", "article"]),
    ("cli",       &["text", "number", "syntax", "expr", "print", "algebra", "stats", "deck", "verify", "proof", "article", "report",
                    "bundle", "emit"]),
];

/// What the test modules of a module may use beside. The arrow from the table above holds here too: only rows above.
#[rustfmt::skip]
const TESTS_MAY_USE: &[(&str, &[&str])] = &[
    // Digits are counted over the families of the catalogue.
    ("stable",    &["syntax", "function", "print", "tape", "stats", "deck"]),
    ("bundle",    &["syntax", "deck"]),
    ("search",    &["syntax"]),
    ("verify",    &["deck"]),
];

/// The row of a module.
fn row<'a>(table: &'a [(&str, &'a [&'a str])], module: &str) -> Option<&'a [&'a str]> {
    table.iter().find(|(name, _)| *name == module).map(|(_, row)| *row)
}

/// Is the file declared for tests alone, by the module that stands above it?
fn is_for_tests(path: &Path) -> bool {
    let name = path.file_stem().and_then(|name| name.to_str()).expect("a name");
    let folder = path.parent().expect("a folder");
    [folder.join("mod.rs"), folder.with_extension("rs")]
        .iter()
        .filter_map(|above| fs::read_to_string(above).ok())
        .any(|text| text.contains(&format!("#[cfg(test)]\nmod {name};")))
}

/// The Rust files below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of the sources").map(|e| e.expect("an entry").path());
    entries
        .flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] })
        .filter(|path| path.extension().is_some_and(|e| e == "rs"))
        .collect()
}

/// The modules of the crate that a text names.
fn named(text: &str) -> BTreeSet<&str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    code.flat_map(|line| line.split("crate::").skip(1))
        .map(|rest| &rest[..rest.find(|c: char| !(c.is_ascii_lowercase() || c == '_')).unwrap_or(rest.len())])
        .filter(|name| !name.is_empty())
        .collect()
}

#[test]
fn no_arrow_points_back() {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut forbidden = Vec::new();
    let mut drawn = BTreeSet::new();
    for path in files(&source) {
        let inside = path.strip_prefix(&source).expect("below src");
        let module = inside.components().next().expect("a name").as_os_str().to_str().expect("UTF-8");
        if matches!(module, "lib.rs" | "main.rs") {
            continue;
        }
        let allowed = row(MAY_USE, module).unwrap_or_else(|| panic!("no row for {module}"));
        let for_tests = is_for_tests(&path);
        let of_tests = row(TESTS_MAY_USE, module).filter(|_| for_tests).unwrap_or_default();
        let text = fs::read_to_string(&path).expect("a source file");
        assert!(!text.contains("use crate::{"), "{}: one `use` for each module", inside.display());
        for used in named(&text).into_iter().filter(|used| *used != module) {
            drawn.insert((module.to_owned(), used.to_owned(), for_tests));
            if !allowed.contains(&used) && !of_tests.contains(&used) {
                forbidden.push(format!("{}: {module} → {used}", inside.display()));
            }
        }
    }
    assert!(forbidden.is_empty(), "{}", forbidden.join("\n"));
    let mut idle = Vec::new();
    for (table, for_tests) in [(MAY_USE, false), (TESTS_MAY_USE, true)] {
        for (module, used) in
            table.iter().flat_map(|(module, row)| row.iter().map(move |used| (module, used)))
        {
            if !drawn.contains(&((*module).to_owned(), (*used).to_owned(), for_tests)) {
                idle.push(format!("{module} → {used} is not needed"));
            }
        }
    }
    assert!(idle.is_empty(), "{}", idle.join("\n"));
}

#[test]
fn each_row_uses_only_rows_above_it() {
    for (at, (module, allowed)) in MAY_USE.iter().enumerate() {
        for used in allowed.iter().chain(row(TESTS_MAY_USE, module).unwrap_or_default()) {
            assert!(MAY_USE[..at].iter().any(|(name, _)| name == used), "{module} → {used}");
        }
    }
}
