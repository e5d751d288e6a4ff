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
use referee::emit::{self, Options, SourceFile, Work};
use referee::expr::Store;
use referee::syntax::read_document;

use drive::{Calls, interpreter, say};
use measure::{Errors, Truth, truths, width};

/// Families that take every road: closed forms, helpers of the gamma and Bessel functions, several observations, constants,
/// atoms, a singular information, other coordinates, an information without a closed inverse.
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
    "rates",
    "regression",
];

/// Families of [`FAMILIES`] that are not embedded, of so many parameters that F is decomposed: it depends on them, or not.
const TEXTS: &[(&str, &str)] = &[
    (
        "rates",
        "family rates(1 < a < 9, 1 < b < 9, 1 < c < 9, 1 < d < 9)
y1 > 0, y2 > 0, y3 > 0, y4 > 0
log p(y1, y2, y3, y4) = log(a + b) + log(b + c + d) + log(a + c) + log(a + b + c + d) - (a + b)*y1 - (b + c + d)*y2 - (a + c)*y3 - (a + b + c + d)*y4",
    ),
    (
        "regression",
        "family regression(b1 real, b2 real, b3 real, b4 real, s > 0)
y1 real, y2 real, y3 real, y4 real, y5 real
log p(y1, y2, y3, y4, y5) = -5/2*log(2*pi) - 5*log(s) - ((y1 - b1 - b2)^2 + (y2 - b1 + b2 - b3)^2 + (y3 - b1 - b3 + 2*b4)^2 + (y4 - b1 - 2*b2 - b4)^2 + (y5 - b1 + b3)^2)/(2*s^2)",
    ),
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
    let own = TEXTS.iter().find(|(name, _)| *name == family).map(|(_, text)| *text);
    let text = own.unwrap_or_else(|| deck::find(family).expect("an embedded family").text);
    // Of the others, what F is for.
    let functions = [
        "in_domain",
        "score",
        "fisher",
        "fisher_packed",
        "fisher_inverse",
        "natural_gradient",
        "log_det_fisher",
    ];
    let wanted = match own {
        Some(_) => Wanted::Named(functions.map(str::to_owned).to_vec()),
        None => Wanted::All,
    };
    let mut made = made_of(text, coordinates, &wanted);
    refer(&mut made);
    made
}

fn made_of(text: &str, coordinates: &str, wanted: &Wanted) -> Made {
    let mut store = Store::new();
    let document = read_document(text);
    let texts: Vec<_> = document.families().collect();
    let families = deck::families(&mut store, &texts, text, &mut Vec::new());
    bundle(&mut store, &families[0], coordinates, wanted, None).expect("known coordinates")
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
            let inside = points.iter().take_while(|p| exact.is_inside(p)).count();
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

/// No way to compute a routine is left to chance.
#[test]
fn every_way_to_compute_is_taken() {
    let taken: BTreeSet<&str> = (0..FAMILIES.len())
        .flat_map(|at| &case(at).made.bundle.routines)
        .map(|routine| match routine.work {
            Work::Closed { guards: None, .. } => "closed",
            Work::Closed { guards: Some(_), .. } => "guarded",
            Work::Cases { .. } => "cases",
            Work::Domain => "domain",
            Work::Solve => "solve",
            Work::Invert => "invert",
            Work::LogDeterminant => "log-determinant",
        })
        .collect();
    let all = ["cases", "closed", "domain", "guarded", "invert", "log-determinant", "solve"];
    assert_eq!(taken, BTreeSet::from(all));
}

/// Conditions with sums over ranges, a name that the generator likes itself, what depends on no input.
const UNUSUAL: &[(&str, &str)] = &[
    (
        "sum-in-the-sample-space",
        "family f(a > 0; n integer >= 1)
x real, x > sum(k*a, k = 1..n)
log p(x) = -(x - sum(k*a, k = 1..n))",
    ),
    (
        "tested",
        "family f(a real, tested_1 real, a - tested_1 != 0)
x real, y real
log p(x, y) = -log(2*pi) - (x - a)^2/2 - (y - tested_1)^2/2",
    ),
    (
        "factor",
        "family f(a > 0, b > 0, c > 0, d > 0; factor > 0)
y1 > 0, y2 > 0, y3 > 0, y4 > 0
log p(y1, y2, y3, y4) = 4*log(factor) + log(a + b) + log(b + c + d) + log(a + c) + log(a + b + c + d) - factor*((a + b)*y1 + (b + c + d)*y2 + (a + c)*y3 + (a + b + c + d)*y4)",
    ),
    (
        "constant-sum",
        "family f(m real)
x real
log p(x) = -log(2*pi)/2 - (x - m*sum(1/k, k = 1..50))^2/2",
    ),
    // Regressions: one exponential of the linear predictor, which no part of it overflows before.
    (
        "counts",
        "family f(b0 real, b1 real; z real)
x integer >= 0
log p(x) = x*(b0 + b1*z) - exp(b0 + b1*z) - lgamma(x + 1)",
    ),
    (
        "shares",
        "family f(b0 real, b1 real; z real, n integer >= 1)
x in 0..n
log p(x) = log(binomial(n, x)) + x*(b0 + b1*z) - n*log(1 + exp(b0 + b1*z))",
    ),
];

#[test]
fn unusual_families_pass_their_own_tests() {
    let mut failures = String::new();
    for (name, text) in UNUSUAL {
        let mut made = made_of(text, "base", &Wanted::All);
        refer(&mut made);
        for language in emit::languages().filter(|language| has_language(language.name())) {
            let options = Options::default();
            let files = emit::generate(&made.bundle, language, &options).expect("code");
            let tests = emit::tests(&made.bundle, language, &options).expect("its tests");
            let folder = folder(language.name(), name);
            if let Err(failure) = self_test(language.name(), &files, &tests, &folder) {
                failures += &format!("{name} in {}: {failure}\n", language.name());
            }
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

/// Asked for alone, a natural gradient that is solved with F brings F along.
#[test]
fn what_a_function_calls_is_generated_with_it() {
    let wanted = Wanted::Named(vec!["natural_gradient".to_owned()]);
    let made = made_of(TEXTS[0].1, "base", &wanted);
    let names: Vec<&str> = made.bundle.routines.iter().map(|routine| routine.name.as_str()).collect();
    assert_eq!(names, ["fisher", "natural_gradient"]);
    for language in emit::languages() {
        let files = emit::generate(&made.bundle, language, &Options::default());
        assert!(files.is_ok(), "{files:?}");
    }
}

/// Runs lines of Python that know the generated module as `m`.
#[track_caller]
fn check_python(name: &str, made: &Made, lines: &str) {
    if !has_language("python") {
        return;
    }
    let language = emit::language("python").expect("a language");
    let files = emit::generate(&made.bundle, language, &Options::default()).expect("code");
    let folder = folder("python-lines", name);
    write(&folder, &files);
    let module = files[0].name.trim_end_matches(".py");
    let script = format!("import numpy as np\nimport {module} as m\n{lines}");
    let mut python = Command::new(interpreter());
    let outcome = say(python.args(["-B", "-W", "error", "-c", &script]), &folder);
    assert_eq!(outcome, Ok(()));
}

/// log det F is t itself in the log rate of a Poisson distribution: the result is no view of what was given.
#[test]
fn results_in_python_are_arrays_of_their_own() {
    let made = made("poisson/log_rate");
    check_python(
        "own",
        &made,
        "theta = np.ones((3, 1))
result = m.log_det_fisher(theta)
assert result.shape == (3,) and not np.shares_memory(result, theta)
result -= 1
assert (theta == 1).all()",
    );
}

/// A condition on a constant of more places than the parameters, in a second line.
#[test]
fn conditions_in_python_take_what_broadcasts() {
    let text = "family f(first_parameter_of_this_family > 0, second_parameter_of_this_family > 0; n > 0)
x > 0, y > 0
log p(x, y) = 2*log(n) + log(first_parameter_of_this_family) + log(second_parameter_of_this_family) - n*x*first_parameter_of_this_family - n*y*second_parameter_of_this_family";
    check_python(
        "broadcast",
        &made_of(text, "base", &Wanted::All),
        "theta = [[1.0, 2.0], [3.0, -4.0]]
inside = m.in_domain(theta, np.array([[1.0], [-1.0], [np.inf]]))
assert inside.tolist() == [[True, False], [False, False], [False, False]]
assert m.fisher(theta, np.array([[1.0], [2.0], [3.0]])).shape == (3, 2, 2, 2)",
    );
}

/// A gradient that is not finite gives NaN in all places, as everywhere.
#[test]
fn solutions_in_python_are_nan_where_nothing_can_be_solved() {
    check_python(
        "solve",
        &made("rates"),
        "theta = [2.0, 3.0, 4.0, 5.0]
fine = m.natural_gradient(theta, [1.0, 0.0, 0.0, 0.0])
assert np.isfinite(fine).all()
for wrong in (np.inf, np.nan):
    assert np.isnan(m.natural_gradient(theta, [0.0, wrong, 0.0, 0.0])).all()
both = m.natural_gradient(theta, [[1.0, 0.0, 0.0, 0.0], [0.0, np.inf, 0.0, 0.0]])
assert (both[0] == fine).all() and np.isnan(both[1]).all()",
    );
}

/// Where the entries of F are apart by more than the floats know, what is left after elimination is rounding, and no
/// plausible number is made of it: log det F would be wrong by 30 to 60 here.
#[test]
fn an_information_that_is_singular_up_to_roundings_has_no_inverse_in_any_language() {
    let factor = UNUSUAL.iter().find(|(name, _)| *name == "factor").expect("a family").1;
    let wanted = Wanted::Named(vec!["log_det_fisher".to_owned()]);
    let made = made_of(factor, "base", &wanted);
    let points = vec![
        vec![1e-12, 1e-9, 1e8, 1e11, 1.0],
        vec![1e-6, 1e-5, 1e9, 1e-2, 1.0],
        vec![1e-6, 1e8, 1e-6, 1e-2, 1.0],
    ];
    let routines = || made.bundle.routines.iter();
    let calls: Vec<Calls<'_>> = routines().map(|routine| Calls { routine, points: points.clone() }).collect();
    for language in emit::languages().filter(|language| has_language(language.name())) {
        let files = emit::generate(&made.bundle, language, &Options::default()).expect("code");
        let folder = folder(language.name(), "singular");
        let values = drive::run(language.name(), &files, &made, &calls, &folder).expect("numbers");
        let at = routines().position(|r| r.name == "log_det_fisher").expect("a routine");
        assert!(values[at].iter().all(|v| v.is_nan()), "{}: {:?}", language.name(), values[at]);
    }
}

/// Without the standard library Rust calls the crate `libm`, here one of the same signatures.
#[test]
fn rust_without_the_standard_library_compiles() {
    if !has_language("rust") {
        return;
    }
    let rust = emit::language("rust").expect("a language");
    let options = Options { no_std: true, ..Options::default() };
    for name in ["gamma", "von-mises", "zero-inflated-poisson", "rates"] {
        let folder = folder("rust-no-std", name);
        let files = emit::generate(&made(name).bundle, rust, &options).expect("code");
        write(&folder, &files);
        let module = files[0].name.trim_end_matches(".rs");
        fs::write(folder.join("whole.rs"), format!("#![no_std]\npub mod {module};\n")).expect("a file");
        fs::write(folder.join("libm.rs"), LIBM).expect("a file");
        let library = ["--edition", "2021", "--crate-type", "rlib", "libm.rs"];
        let flags =
            ["--edition", "2021", "-D", "warnings", "--crate-type", "rlib", "--extern", "libm=liblibm.rlib"];
        let outcome = say(Command::new("rustc").args(library), &folder)
            .and_then(|()| say(Command::new("rustc").args(flags).arg("whole.rs"), &folder));
        assert_eq!(outcome, Ok(()), "{name}");
        assert!(!files[0].text.contains("std::"), "{name}");
    }
}

/// The signatures of the crate `libm`.
const LIBM: &str = "#![no_std]
macro_rules! one { ($($name:ident)*) => { $(pub fn $name(x: f64) -> f64 { x })* } }
one! { exp log log1p expm1 sqrt sin cos tan atan sinh cosh tanh fabs floor trunc round }
pub fn pow(x: f64, _: f64) -> f64 { x }
pub fn fmin(x: f64, _: f64) -> f64 { x }
pub fn fmax(x: f64, _: f64) -> f64 { x }
";

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
