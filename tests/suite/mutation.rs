//! Every true step of the library with one small slip in it: no mutant is proved, and nearly all of them are refuted.
//!
//! `KL ≈ ½ dᵀFd` becomes `KL ≈ −½ dᵀFd`, refuted; a mutant that still holds, `KL(p(θ+d) ‖ p(θ)) ≈ ½ dᵀFd`, is on a list
//! with the reason. The test looks at a sample of the claims of families; with `REFEREE_MUTANTS=all` at all of them.

mod mutators;
mod reading;
mod steps;
mod still_true;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use referee::article::FileOutcome;
use referee::text::Source;

use steps::{Case, Fate, Step};
use still_true::STILL_TRUE;

/// So many cases are checked in one file.
const TOGETHER: usize = 40;

/// A file of the library with its true steps and their mutants.
struct Examined {
    name: String,
    text: String,
    steps: Vec<Step>,
    cases: Vec<Case>,
}

/// The only place that knows how a file is checked.
fn check(name: &str, text: &str) -> FileOutcome {
    referee::article::check(&Source::new(name, text), None)
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let mut found: Vec<_> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.retain(|path| path.extension().is_some_and(|e| e == "md"));
    found.sort();
    found
}

fn library() -> Vec<Examined> {
    let root = std::env::var("MUTLIB")
        .map_or_else(|_| Path::new(env!("CARGO_MANIFEST_DIR")).join("derivations"), PathBuf::from);
    let paths = files(&root);
    let examine = |path: &PathBuf| {
        let name = path.strip_prefix(&root).unwrap().to_str().unwrap().to_owned();
        let text = std::fs::read_to_string(path).unwrap();
        let outcome = check(&name, &text);
        let steps = steps::steps(&outcome);
        let cases = steps::cases(&outcome, &steps);
        Examined { name, text, steps, cases }
    };
    in_parallel(&paths, examine)
}

/// The results in the order of the work.
fn in_parallel<T: Sync, R: Send>(work: &[T], one: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let results: Mutex<Vec<(usize, R)>> = Mutex::new(Vec::new());
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(2, usize::from) {
            scope.spawn(|| {
                loop {
                    let at = next.fetch_add(1, Ordering::Relaxed);
                    let Some(item) = work.get(at) else { return };
                    let result = one(item);
                    results.lock().unwrap().push((at, result));
                }
            });
        }
    });
    let mut results = results.into_inner().unwrap();
    results.sort_by_key(|(at, _)| *at);
    results.into_iter().map(|(_, result)| result).collect()
}

/// The fates of cases that are checked in one file.
fn together(examined: &Examined, chosen: &[usize]) -> Vec<(usize, Fate)> {
    let cases: Vec<&Case> = chosen.iter().map(|i| &examined.cases[*i]).collect();
    let (text, starts) = steps::with_cases(&examined.text, &examined.steps, &cases);
    let outcome = check(&examined.name, &text);
    let fate =
        |(case, start): (&&Case, usize)| steps::fate(&outcome, &examined.steps[case.step], case, start);
    chosen.iter().copied().zip(cases.iter().zip(starts).map(fate)).collect()
}

/// The fate of each chosen case, as (file, case, fate).
fn fates(library: &[Examined], chosen: impl Fn(&Examined, usize) -> bool) -> Vec<(usize, usize, Fate)> {
    let mut work = Vec::new();
    for (file, examined) in library.iter().enumerate() {
        let cases: Vec<usize> = (0..examined.cases.len()).filter(|i| chosen(examined, *i)).collect();
        work.extend(cases.chunks(TOGETHER).map(|chunk| (file, chunk.to_vec())));
    }
    let one = |(file, chunk): &(usize, Vec<usize>)| {
        let mut found = together(&library[*file], chunk);
        // A slip that spoils the notation may hide its neighbours.
        for (case, fate) in found.iter_mut().filter(|(_, fate)| *fate == Fate::NoClaim) {
            *fate = together(&library[*file], &[*case])[0].1;
        }
        found.into_iter().map(|(case, fate)| (*file, case, fate)).collect::<Vec<_>>()
    };
    in_parallel(&work, one).into_iter().flatten().collect()
}

#[test]
fn no_mutant_is_proved_and_nearly_all_are_refuted() {
    let all = std::env::var("REFEREE_MUTANTS").is_ok_and(|which| which == "all");
    let library = library();
    let chosen =
        |examined: &Examined, case: usize| all || !examined.name.starts_with("families") || case % 4 == 0;
    let listed: BTreeSet<(&str, &str)> =
        STILL_TRUE.iter().flat_map(|(_, steps)| steps.iter().copied()).collect();
    let generated: BTreeSet<(&str, &str)> = (library.iter())
        .flat_map(|examined| examined.cases.iter().map(|case| (examined.name.as_str(), case.text.as_str())))
        .collect();
    let gone: Vec<_> = listed.difference(&generated).collect();
    let (mut counts, mut survivors, mut wrong) = (BTreeMap::new(), String::new(), String::new());
    for (file, case, fate) in fates(&library, chosen) {
        let (examined, case) = (&library[file], &library[file].cases[case]);
        let is_listed = listed.contains(&(examined.name.as_str(), case.text.as_str()));
        *counts.entry((examined.name.starts_with("families"), is_listed, fate)).or_insert(0) += 1;
        let line = format!("{fate:?} {} {}: {}\n", examined.name, case.slip, case.text);
        match (fate, is_listed) {
            (Fate::Proved, false) | (Fate::Refuted | Fate::Caught, true) => wrong.push_str(&line),
            (Fate::Supported | Fate::Open | Fate::NoClaim, false) => survivors.push_str(&line),
            _ => {}
        }
    }
    let mut report = String::new();
    for ((families, is_listed, fate), count) in &counts {
        writeln!(report, "{families} {is_listed} {fate:?} {count}").unwrap();
    }
    println!("{report}\n{survivors}");
    assert!(wrong.is_empty() && gone.is_empty(), "{wrong}\n{gone:?}");
}
