//! Generated code of every language, compiled without warnings, tested by its own tests, and compared with enclosures.
//!
//! A language whose tools are not found is left out and said so on standard error; with `REFEREE_REQUIRE_TARGETS=1` it is a
//! failure. `REFEREE_PYTHON` names an interpreter that has NumPy and SciPy.

#[path = "../../examples/accuracy/drive.rs"]
mod drive;
#[path = "../../examples/accuracy/measure.rs"]
mod measure;
#[path = "../../examples/accuracy/sample.rs"]
mod sample;

use std::collections::BTreeSet;
use std::fs;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use referee::bundle::{Made, Wanted, bundle, refer};
use referee::deck;
use referee::emit::{self, Options, SourceFile};
use referee::expr::Store;
use referee::syntax::read_document;

use drive::{Calls, interpreter, say};
use measure::{Errors, Truth, truths, width};

/// Families that take every road: closed forms, helpers of the gamma and Bessel functions, several observations, constants,
/// atoms, a singular information, other coordinates.
const FAMILIES: &[&str] = &[
    "gamma",
    "normal",
    "bernoulli/logit",
    "von-mises",
    "bivariate-normal",
    "dirichlet3",
    "binomial",
    "negative-binomial",
    "zero-inflated-poisson",
    "softmax3",
    "weibull",
];

/// Points of the domain and outside of it, for each function.
const INSIDE: usize = 40;
const OUTSIDE: usize = 20;

/// The formatter of each language.
#[rustfmt::skip]
const FORMATTERS: &[(&str, &str, &[&str])] = &[
    // The settings of this repository are found from the folder of the tests; generated code keeps the usual ones.
    ("rust",       "rustfmt",      &["--check", "--edition", "2021", "--config", "max_width=100,use_small_heuristics=Default"]),
    ("c",          "clang-format", &["--dry-run", "-Werror"]),
    ("javascript", "prettier",     &["--check"]),
    ("python",     "black",        &["--check", "-q"]),
];

fn made(name: &str) -> Made {
    let (family, coordinates) = name.split_once('/').unwrap_or((name, "base"));
    let embedded = deck::find(family).expect("an embedded family");
    let mut store = Store::new();
    let document = read_document(embedded.text);
    let texts: Vec<_> = document.families().collect();
    let families = deck::families(&mut store, &texts, embedded.text, &mut Vec::new());
    let mut made =
        bundle(&mut store, &families[0], coordinates, &Wanted::All, None).expect("known coordinates");
    refer(&mut made);
    made
}

/// A folder of its own for what is generated.
fn folder(language: &str, family: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_TARGET_TMPDIR"))
        .join("generated")
        .join(language)
        .join(family.replace('/', "-"));
    let _ = fs::remove_dir_all(&path);
    fs::create_dir_all(&path).expect("a folder for tests");
    path
}

/// Do the commands that a language needs succeed? If not, it is said where nothing captures it.
fn has_tools(what: &str, probes: &[(&str, &[&str])]) -> bool {
    for (program, arguments) in probes {
        let found = Command::new(program).args(*arguments).output().is_ok_and(|o| o.status.success());
        if !found {
            let line = format!("{what}: not tested, `{program} {}` does not run", arguments.join(" "));
            assert!(std::env::var_os("REFEREE_REQUIRE_TARGETS").is_none_or(|v| v != "1"), "{line}");
            let _ = writeln!(std::io::stderr(), "{line}");
            return false;
        }
    }
    true
}

fn has_language(language: &str) -> bool {
    match language {
        "rust" => has_tools("Rust", &[("rustc", &["--version"])]),
        "c" => has_tools("C", &[("gcc", &["--version"])]),
        "javascript" => has_tools("JavaScript", &[("node", &["--version"])]),
        _ => has_tools("Python", &[(&interpreter(), &["-c", "import numpy, scipy"])]),
    }
}

fn write(folder: &Path, files: &[SourceFile]) {
    for file in files {
        fs::write(folder.join(&file.name), &file.text).expect("a file of a test");
    }
}

/// Documents a file of Rust, what is private as well, without a warning.
fn document(file: &str, folder: &Path) -> Result<(), String> {
    if !has_tools("the documentation of Rust", &[("rustdoc", &["--version"])]) {
        return Ok(());
    }
    let flags = ["--edition", "2021", "-D", "warnings", "--document-private-items", "-o", "documented"];
    say(Command::new("rustdoc").args(flags).arg(file), folder)
}

/// Compiles as strictly as each language can, and runs the tests that were generated.
fn self_test(
    language: &str,
    files: &[SourceFile],
    tests: &[SourceFile],
    folder: &Path,
) -> Result<(), String> {
    write(folder, files);
    write(folder, tests);
    let test = tests[0].name.as_str();
    match language {
        "rust" => {
            let flags = ["--edition", "2021", "-D", "warnings", "--crate-type", "lib", "-o", "checked"];
            say(Command::new("rustc").args(flags).arg(&files[0].name), folder)?;
            document(&files[0].name, folder)?;
            let flags = ["--edition", "2021", "-D", "warnings", "--test", "-o", "tested"];
            say(Command::new("rustc").args(flags).arg(test), folder)?;
            say(&mut Command::new(folder.join("tested")), folder)
        }
        "c" => {
            let flags = ["-std=c99", "-O2", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-o", "tested"];
            let sources =
                files.iter().chain(tests).map(|f| f.name.as_str()).filter(|name| name.ends_with(".c"));
            say(Command::new("gcc").args(flags).args(sources).arg("-lm"), folder)?;
            say(&mut Command::new(folder.join("tested")), folder)
        }
        "javascript" => {
            for file in files.iter().chain(tests) {
                say(Command::new("node").args(["--check", &file.name]), folder)?;
            }
            say(Command::new("node").args(["--test", test]), folder)
        }
        _ => {
            let module = test.trim_end_matches(".py");
            say(
                Command::new(interpreter()).args(["-B", "-W", "error", "-m", "unittest", "-q", module]),
                folder,
            )
        }
    }
}

fn has_formatter(program: &str) -> bool {
    Command::new(program).arg("--version").output().is_ok_and(|o| o.status.success())
}

/// What formatters would change.
fn format_check(language: &str, files: &[SourceFile], folder: &Path) -> Result<(), String> {
    let (_, program, arguments) = FORMATTERS.iter().find(|row| row.0 == language).expect("a formatter");
    if !has_formatter(program) {
        return Ok(());
    }
    say(Command::new(program).args(*arguments).args(files.iter().map(|f| &f.name)), folder)
}

/// A family, the points where its functions are called, and what they are there: the same for all languages.
struct Case {
    name: &'static str,
    made: Made,
    /// One for each routine.
    calls: Vec<(Vec<Vec<f64>>, Vec<Truth>)>,
}

static CASES: [OnceLock<Case>; FAMILIES.len()] = [const { OnceLock::new() }; FAMILIES.len()];

fn case(at: usize) -> &'static Case {
    CASES[at].get_or_init(|| {
        let made = made(FAMILIES[at]);
        let calls = made.exact.iter().zip(&made.bundle.routines).map(|(exact, routine)| {
            let mut points = sample::inside(&made.bundle, exact, routine, INSIDE, 3);
            assert!(points.len() > INSIDE / 5, "{}: {} points", routine.name, points.len());
            points.extend(sample::outside(exact, &points, OUTSIDE, 4));
            let inside = points.iter().take_while(|p| sample::is_inside(exact, p)).count();
            let truths = truths(&made, &routine.name, &points[..inside]);
            (points, truths)
        });
        Case { name: FAMILIES[at], calls: calls.collect(), made }
    })
}

/// What is wrong with the numbers of a language.
fn compared(language: &str, case: &Case, files: &[SourceFile], folder: &Path) -> Result<(), String> {
    let made = &case.made;
    let call = |(routine, (points, _)): (_, &(Vec<Vec<f64>>, _))| Calls { routine, points: points.clone() };
    let calls: Vec<Calls<'_>> = made.bundle.routines.iter().zip(&case.calls).map(call).collect();
    let computed = drive::run(language, files, made, &calls, folder)?;
    let mut wrong = String::new();
    for ((routine, (_, truths)), values) in made.bundle.routines.iter().zip(&case.calls).zip(computed) {
        let name = &routine.name;
        let (within, beyond) = values.split_at(truths.len() * width(made, name));
        let mut errors = Errors::default();
        errors.inside(made, name, truths, within);
        errors.outside(made, name, beyond);
        errors.misses().iter().for_each(|miss| wrong += &format!("{name}: {miss}\n"));
    }
    if wrong.is_empty() { Ok(()) } else { Err(wrong) }
}

/// Says so when there is no formatter.
fn say_of_formatter(language: &str) {
    let formatter = FORMATTERS.iter().find(|row| row.0 == language).expect("a formatter").1;
    if !has_formatter(formatter) {
        let _ =
            writeln!(std::io::stderr(), "{language}: the format is not tested, there is no `{formatter}`");
    }
}

/// One language for all families: compiled, tested, formatted, compared.
#[track_caller]
fn check_language(name: &str) {
    if !has_language(name) {
        return;
    }
    say_of_formatter(name);
    let language = emit::language(name).expect("a language");
    // Each language starts with another family, so that none waits for what the others prepare.
    let first = drive::LANGUAGES.iter().position(|known| *known == name).expect("a language that is driven");
    let mut failures = String::new();
    for at in 0..FAMILIES.len() {
        let case = case((at + first * FAMILIES.len() / drive::LANGUAGES.len()) % FAMILIES.len());
        let folder = folder(name, case.name);
        let options = Options::default();
        let files = emit::generate(&case.made.bundle, language, &options);
        let tests = emit::tests(&case.made.bundle, language, &options);
        let outcome = match (files, tests) {
            (Ok(files), Ok(tests)) => [
                self_test(name, &files, &tests, &folder),
                format_check(name, &[files.clone(), tests].concat(), &folder),
                compared(name, case, &files, &folder),
            ]
            .into_iter()
            .filter_map(Result::err)
            .collect::<String>(),
            (Err(error), _) | (_, Err(error)) => error.to_string(),
        };
        if !outcome.is_empty() {
            failures += &format!("{} in {name}: {outcome}\n", case.name);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Every embedded family in each of its coordinates that code can be generated in.
fn all_bundles() -> Vec<Made> {
    let mut all = Vec::new();
    for embedded in deck::EMBEDDED {
        let mut store = Store::new();
        let document = read_document(embedded.text);
        let texts: Vec<_> = document.families().collect();
        for family in deck::families(&mut store, &texts, embedded.text, &mut Vec::new()) {
            let named = family.coordinates.iter().map(|c| c.name.as_str());
            for coordinates in ["base", "natural", "mean"].into_iter().chain(named) {
                all.extend(bundle(&mut store, &family, coordinates, &Wanted::All, None));
            }
        }
    }
    all
}

#[test]
fn every_family_in_all_its_coordinates_is_as_formatters_leave_it() {
    let bundles = all_bundles();
    assert!(bundles.len() > 60, "{} bundles", bundles.len());
    let mut failures = String::new();
    for language in emit::languages() {
        say_of_formatter(language.name());
        let folder = folder(language.name(), "all");
        let mut files = Vec::new();
        for made in &bundles {
            let name = format!("{}/{}", made.bundle.family, made.bundle.coordinates);
            match emit::generate(&made.bundle, language, &Options::default()) {
                Ok(made) => files.extend(made),
                Err(error) => failures += &format!("{name} in {}: {error}\n", language.name()),
            }
        }
        write(&folder, &files);
        failures += &format_check(language.name(), &files, &folder).err().unwrap_or_default();
    }
    assert!(failures.is_empty(), "{failures}");
}

/// A language that is added needs a program that calls it, and the test of its own below.
#[test]
fn every_language_is_compared() {
    let names: BTreeSet<&str> = emit::languages().map(|language| language.name()).collect();
    assert_eq!(names, BTreeSet::from(drive::LANGUAGES));
    assert_eq!(names, FORMATTERS.iter().map(|row| row.0).collect());
}

#[test]
fn rust_computes_what_enclosures_hold() {
    check_language("rust");
}

#[test]
fn c_computes_what_enclosures_hold() {
    check_language("c");
}

#[test]
fn python_computes_what_enclosures_hold() {
    check_language("python");
}

#[test]
fn javascript_computes_what_enclosures_hold() {
    check_language("javascript");
}

#[test]
fn names_of_the_user_are_no_links_and_tags_in_documentation() {
    let mut made = made("uniform");
    made.bundle.source = Some("a<b>[c]/d.md".to_owned());
    let rust = emit::language("rust").expect("a language");
    let files = emit::generate(&made.bundle, rust, &Options::default()).expect("the uniform family");
    let folder = folder("rust-documented", "uniform");
    write(&folder, &files);
    document(&files[0].name, &folder).unwrap_or_else(|warnings| panic!("{warnings}"));
}

/// The text with the second decimal changed in a long literal, so many texts of literals spread over it.
fn with_one_digit_changed(text: &str, count: usize) -> Vec<String> {
    let mut changed = Vec::new();
    let is_part = |c: char| c.is_ascii_digit() || c == '.';
    let mut at = 0;
    while let Some(start) = text[at..].find(is_part).map(|p| at + p) {
        let end = text[start..].find(|c| !is_part(c)).map_or(text.len(), |p| start + p);
        let line = text[..start].rfind('\n').map_or(0, |p| p + 1);
        let is_code = !text[line..start].contains("//") && text[start..end].contains('.');
        if is_code && end - start > 8 {
            let digit = if text.as_bytes()[start + 3] == b'7' { "4" } else { "7" };
            changed.push(format!("{}{digit}{}", &text[..start + 3], &text[start + 4..]));
        }
        at = end;
    }
    let step = (changed.len() / count).max(1);
    changed.into_iter().step_by(step).take(count).collect()
}

#[test]
fn one_wrong_digit_in_a_helper_fails_its_self_test() {
    let made = made("gamma");
    let rust = emit::language("rust").expect("a language");
    let files = emit::generate(&made.bundle, rust, &Options::default()).expect("the gamma family");
    let tests = emit::tests(&made.bundle, rust, &Options::default()).expect("its tests");
    let mutants = with_one_digit_changed(&files[0].text, 6);
    assert_eq!(mutants.len(), 6);
    let survivors: Vec<usize> = (0..mutants.len())
        .filter(|at| {
            let folder = folder("rust-mutants", &at.to_string());
            let files = [SourceFile { name: files[0].name.clone(), text: mutants[*at].clone() }];
            self_test("rust", &files, &tests, &folder).is_ok()
        })
        .collect();
    assert!(survivors.is_empty(), "{survivors:?} of the changed files pass");
}
