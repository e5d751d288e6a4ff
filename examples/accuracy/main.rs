//! How accurate generated code is: every function of every family, compiled, at thousands of points of its domain, against
//! enclosures.
//!
//! ```sh
//! cargo run --release --example accuracy                          # every family, in C: a table in Markdown
//! cargo run --release --example accuracy -- gamma von-mises --lang rust --points 1000
//! ```
//!
//! `--points N` points of each function (10,000 unless told), `--lang c|rust|python|javascript`, `--threads N`. A family is
//! an embedded one, or `family/coordinates`, or a file with one family. What misses its target is shown with its point on
//! standard error.

mod drive;
mod measure;
mod sample;
mod table;

use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use referee::bundle::{Made, Wanted, bundle};
use referee::deck::{self, EMBEDDED};
use referee::emit;
use referee::expr::Store;
use referee::syntax::read_document;

use drive::Calls;
use measure::Errors;

/// Points outside of the domain, for each function.
const OUTSIDE: usize = 500;

/// What was asked for.
struct Request {
    families: Vec<String>,
    language: String,
    points: usize,
    threads: usize,
}

fn request() -> Result<Request, String> {
    let mut request = Request { families: Vec::new(), language: "c".to_owned(), points: 10_000, threads: 2 };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        let mut value = || words.next().ok_or_else(|| format!("`{word}` needs a value"));
        match word.as_str() {
            "--lang" => request.language = value()?,
            "--points" => request.points = value()?.parse().map_err(|_| "`--points` is a number")?,
            "--threads" => request.threads = value()?.parse().map_err(|_| "`--threads` is a number")?,
            _ if word.starts_with('-') => return Err(format!("unknown option `{word}`")),
            _ => request.families.push(word),
        }
    }
    if !drive::LANGUAGES.contains(&request.language.as_str()) {
        return Err(format!("`--lang` is one of {}", drive::LANGUAGES.join(", ")));
    }
    if request.families.is_empty() {
        request.families = EMBEDDED.iter().map(|e| e.name.to_owned()).collect();
    }
    Ok(request)
}

fn main() -> ExitCode {
    let request = match request() {
        Ok(request) => request,
        Err(wrong) => {
            eprintln!("error: {wrong}");
            return ExitCode::from(2);
        }
    };
    let folder = std::env::temp_dir().join(format!("referee-accuracy-{}", std::process::id()));
    let done: Vec<Mutex<Option<Result<Measured, String>>>> =
        request.families.iter().map(|_| Mutex::new(None)).collect();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..request.threads.max(1) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(name) = request.families.get(at) else { break };
                    let found = measured(name, &request, folder.join(at.to_string()));
                    *done[at].lock().expect("no thread panics") = Some(found);
                }
            });
        }
    });
    let _ = std::fs::remove_dir_all(&folder);
    let mut measured = Vec::new();
    let mut failed = false;
    for (name, found) in request.families.iter().zip(done) {
        match found.into_inner().expect("no thread panics").expect("each family is measured") {
            Ok(list) => measured.push((name.as_str(), list)),
            Err(why) => {
                failed = true;
                eprintln!("{name}: {why}");
            }
        }
    }
    println!("{}", table::legend(&request.language, request.points));
    println!("{}", table::summary(measured.iter().map(|(name, list)| (*name, list.as_slice()))));
    print!("{}", table::head());
    for (name, list) in &measured {
        for (function, errors) in list {
            print!("{}", table::row(name, function, errors));
            errors.misses().iter().for_each(|miss| eprintln!("{name} {function}: {miss}"));
        }
    }
    if failed { ExitCode::FAILURE } else { ExitCode::SUCCESS }
}

/// The errors of each function.
type Measured = Vec<(String, Errors)>;

fn measured(name: &str, request: &Request, folder: PathBuf) -> Result<Measured, String> {
    let made = made(name)?;
    let language = emit::language(&request.language).ok_or("the language is not generated")?;
    let files =
        emit::generate(&made.bundle, language, &emit::Options::default()).map_err(|e| e.to_string())?;
    let mut calls = Vec::new();
    for (exact, routine) in made.exact.iter().zip(&made.bundle.routines) {
        let mut points = sample::inside(&made.bundle, exact, routine, request.points, 1);
        points.extend(sample::outside(exact, &points, OUTSIDE, 2));
        calls.push(Calls { routine, points });
    }
    let computed = drive::run(&request.language, &files, &made, &calls, &folder)?;
    let measured = calls.iter().zip(&made.exact).zip(computed).map(|((call, exact), values)| {
        let inside = call.points.iter().take_while(|p| exact.is_inside(p)).count();
        let (points, name) = (&call.points[..inside], &call.routine.name);
        let mut errors = Errors::default();
        let width = measure::width(&made, name);
        let truths = measure::truths(&made, name, points);
        errors.inside(&made, name, &truths, &values[..inside * width]);
        errors.outside(&made, name, &values[inside * width..]);
        (name.clone(), errors)
    });
    Ok(measured.collect())
}

/// The bundle of `gamma`, `gamma/mean` or a file.
fn made(name: &str) -> Result<Made, String> {
    let (text, coordinates) = if Path::new(name).is_file() {
        (std::fs::read_to_string(name).map_err(|e| format!("`{name}`: {e}"))?, "base")
    } else {
        let (family, coordinates) = name.split_once('/').unwrap_or((name, "base"));
        let embedded = deck::find(family).ok_or_else(|| format!("no family is called `{family}`"))?;
        (embedded.text.to_owned(), coordinates)
    };
    let mut store = Store::new();
    let document = read_document(&text);
    let texts: Vec<_> = document.families().collect();
    let families = deck::families(&mut store, &texts, &text, &mut Vec::new());
    let family = families.first().ok_or("the text holds no family")?;
    bundle(&mut store, family, coordinates, &Wanted::All, None).map_err(|refusal| format!("{refusal:?}"))
}
