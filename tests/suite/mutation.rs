//! Every true step of the library with one small slip in it: no mutant is proved, and nearly all of them are refuted.
//!
//! `KL ≈ ½ dᵀFd` becomes `KL ≈ −½ dᵀFd`, refuted; a mutant that still holds, `KL(p(θ+d) ‖ p(θ)) ≈ ½ dᵀFd`, is on a list
//! with the reason. The test looks at a sample of the claims of families; with `REFEREE_MUTANTS=all` at all of them.

mod mutators;
mod reading;
mod steps;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use referee::article::FileOutcome;
use referee::text::Source;

use steps::{Case, Fate, Step};

/// So many cases are checked in one file.
const TOGETHER: usize = 40;

/// A file of the library with its true steps and their mutants.
struct Examined {
    name: String,
    text: String,
    steps: Vec<Step>,
    cases: Vec<Case>,
}

impl Examined {
    fn is_about_families(&self) -> bool {
        self.name.starts_with("families/")
    }

    /// All mutants of abstract steps, and every eighth of a claim about a family.
    fn is_sampled(&self, case: usize) -> bool {
        !self.is_about_families() || case.is_multiple_of(8)
    }
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
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("derivations");
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
fn together(examined: &Examined, chosen: &[usize]) -> Vec<(usize, (Fate, bool))> {
    let cases: Vec<&Case> = chosen.iter().map(|i| &examined.cases[*i]).collect();
    let (text, starts) = steps::with_cases(&examined.text, &examined.steps, &cases);
    let outcome = check(&examined.name, &text);
    let fate =
        |(case, start): (&&Case, usize)| steps::fate(&outcome, &examined.steps[case.step], case, start);
    chosen.iter().copied().zip(cases.iter().zip(starts).map(fate)).collect()
}

/// The fate of each chosen case, as (file, case, fate).
fn fates(
    library: &[Examined],
    chosen: impl Fn(&Examined, usize) -> bool,
) -> Vec<(usize, usize, (Fate, bool))> {
    let mut work = Vec::new();
    for (file, examined) in library.iter().enumerate() {
        let cases: Vec<usize> = (0..examined.cases.len()).filter(|i| chosen(examined, *i)).collect();
        work.extend(cases.chunks(TOGETHER).map(|chunk| (file, chunk.to_vec())));
    }
    let one = |(file, chunk): &(usize, Vec<usize>)| {
        let mut found = together(&library[*file], chunk);
        // A slip that spoils the notation may hide its neighbours.
        for (case, fate) in found.iter_mut().filter(|(_, (fate, _))| *fate == Fate::NoClaim) {
            *fate = together(&library[*file], &[*case])[0].1;
        }
        found.into_iter().map(|(case, fate)| (*file, case, fate)).collect::<Vec<_>>()
    };
    in_parallel(&work, one).into_iter().flatten().collect()
}

/// Slips after which a step still holds: each reason with the steps it is about, by file, as they stand after the slip.
///
/// A line that is not indented is a reason, read and argued; the lines below it are the steps.
const STILL_TRUE: &str = include_str!("mutation/still-true.txt");

fn still_true() -> BTreeSet<(&'static str, &'static str)> {
    let steps = STILL_TRUE.lines().filter_map(|line| line.strip_prefix("  "));
    steps.map(|line| line.split_once(": ").expect("a file and a step")).collect()
}

/// Of the mutants that do not hold any more so many percent are refuted or have no meaning, as measured: of abstract steps, and
/// of claims of families.
const CAUGHT_AT_LEAST: [f64; 2] = [97.0, 100.0];

/// What became of all cases.
#[derive(Default)]
struct Tally {
    /// Of families or not, still true or not, and the fate.
    counts: BTreeMap<(bool, bool, Fate), usize>,
    /// Wrong mutants that nothing speaks against.
    survivors: String,
    /// Proved and not on the list, or on the list and refuted.
    contradictions: String,
}

impl Tally {
    fn add(
        &mut self,
        examined: &Examined,
        case: &Case,
        (fate, next_is_proved): (Fate, bool),
        is_listed: bool,
    ) {
        *self.counts.entry((examined.is_about_families(), is_listed, fate)).or_insert(0) += 1;
        let line = format!("{fate:?} {}\n  {}: {}\n", case.slip, examined.name, case.text);
        if next_is_proved && !is_listed && !matches!(fate, Fate::Caught | Fate::Proved) {
            // a = b′ is wrong and b = c holds: then b′ = c is wrong.
            self.contradictions.push_str(&format!("the step after it is proved: {line}"));
        }
        match (fate, is_listed) {
            (Fate::Proved, false) | (Fate::Refuted | Fate::Caught, true) => {
                self.contradictions.push_str(&line)
            }
            (Fate::Supported | Fate::Open | Fate::NoClaim, false) => self.survivors.push_str(&line),
            _ => {}
        }
    }

    fn count(&self, is_counted: impl Fn(&(bool, bool, Fate)) -> bool) -> usize {
        self.counts.iter().filter(|(kind, _)| is_counted(kind)).map(|(_, count)| count).sum()
    }

    /// Of the mutants that are wrong, the percentage that is refuted or has no meaning.
    fn share(&self, families: Option<bool>) -> f64 {
        let wrong =
            |(family, listed, _): &(bool, bool, Fate)| !listed && families.is_none_or(|f| f == *family);
        let caught = self.count(|kind| wrong(kind) && matches!(kind.2, Fate::Refuted | Fate::Caught));
        100.0 * caught as f64 / self.count(wrong).max(1) as f64
    }

    /// The figures, for people.
    fn report(&self) -> String {
        let mut report = String::new();
        for (title, families) in [("abstract steps", false), ("claims of families", true)] {
            let all = self.count(|kind| kind.0 == families);
            let listed = self.count(|kind| kind.0 == families && kind.1);
            writeln!(report, "{title}: {all} mutants, {listed} of them still true").unwrap();
            for ((_, listed, fate), count) in self.counts.iter().filter(|(kind, _)| kind.0 == families) {
                let which = if *listed { "still true" } else { "wrong" };
                writeln!(report, "  {which}, {fate:?}: {count}").unwrap();
            }
            writeln!(report, "  of the wrong ones {:.2} % are caught", self.share(Some(families))).unwrap();
        }
        writeln!(report, "together {:.2} %", self.share(None)).unwrap();
        report
    }
}

#[test]
fn no_mutant_is_proved_and_nearly_all_are_refuted() {
    let all = std::env::var("REFEREE_MUTANTS").is_ok_and(|which| which == "all");
    let library = library();
    let steps = |families: bool| {
        let these = library.iter().filter(|examined| examined.is_about_families() == families);
        these.map(|examined| examined.steps.len()).sum::<usize>()
    };
    assert!(steps(false) >= 40 && steps(true) >= 140, "{} and {}", steps(false), steps(true));
    let listed = still_true();
    let named = |examined: &'_ Examined| examined.name.clone();
    let generated: BTreeSet<(String, &str)> = (library.iter())
        .flat_map(|examined| examined.cases.iter().map(move |case| (named(examined), case.text.as_str())))
        .collect();
    let gone: Vec<_> =
        listed.iter().filter(|(file, text)| !generated.contains(&((*file).to_owned(), *text))).collect();
    let mut tally = Tally::default();
    for (file, case, fate) in fates(&library, |examined, case| all || examined.is_sampled(case)) {
        let (examined, case) = (&library[file], &library[file].cases[case]);
        tally.add(examined, case, fate, listed.contains(&(examined.name.as_str(), case.text.as_str())));
    }
    println!("{} steps and {} claims\n{}{}", steps(false), steps(true), tally.report(), tally.survivors);
    assert!(tally.contradictions.is_empty(), "{}", tally.contradictions);
    assert!(gone.is_empty(), "on the list, but no mutant of any step: {gone:#?}");
    let [abstractly, of_families] = CAUGHT_AT_LEAST;
    assert!(tally.share(Some(false)) >= abstractly, "{}", tally.report());
    assert!(tally.share(Some(true)) >= of_families, "{}", tally.report());
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("mutation-survivors", tally.survivors));
}
