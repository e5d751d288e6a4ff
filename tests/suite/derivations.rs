//! The library of derivations: every file is as it says, and every step of its articles reads as it was reviewed.
//!
//! A row of a snapshot is the line of a step, its verdict, and what leads to it: `81 proved      def-kl, e-sum`. After a
//! change that is meant: `INSTA_UPDATE=always cargo test derivations`, and read the differences.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use referee::article::{FileOutcome, ItemOutcome, check};
use referee::proof;
use referee::report::checked::{CheckedFile, Detail, FileRole, text as report};
use referee::syntax::ItemKind;
use referee::text::{Source, render};
use referee::verify::Verdict;

/// The folders whose files are articles: formulas with prose between them.
const ARTICLES: [&str; 5] = ["natural-gradient", "exponential-family", "calculus", "geometry", "faulty"];

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("derivations")
}

/// The Markdown files of a folder, in order.
fn files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path());
    let mut found: Vec<PathBuf> =
        entries.flat_map(|path| if path.is_dir() { files(&path) } else { vec![path] }).collect();
    found.retain(|path| path.extension().is_some_and(|extension| extension == "md"));
    found.sort();
    found
}

fn checked(path: &Path) -> FileOutcome {
    let name = path.strip_prefix(root()).expect("a file of the library").display().to_string();
    check(&Source::new(name, fs::read_to_string(path).expect("a text")), None)
}

/// Faulty claims about families, and near misses, are looked at by tests of their own.
fn is_article(outcome: &FileOutcome) -> bool {
    outcome.displays.total > 0
}

/// What is not as the file says, in words.
fn complaints(outcome: &FileOutcome) -> String {
    let mut text = String::new();
    for item in outcome.items.iter().filter(|item| !item.passes) {
        let expected = item.expected.as_deref().unwrap_or("proved, conditional or supported");
        let verdict = item.verdict.as_ref().map_or("no verdict", Verdict::word);
        let place = format!("{}:{}", outcome.source.name, item.at.line);
        writeln!(text, "{place}: expected {expected}, found {verdict}: {}", item.text).unwrap();
        writeln!(text, "  {}", evidence(item)).unwrap();
    }
    for diagnostic in outcome.diagnostics.iter().chain(&outcome.beside) {
        if diagnostic.severity == referee::text::Severity::Error {
            text.push_str(&render(&outcome.source, std::slice::from_ref(diagnostic), false));
        }
    }
    text
}

#[test]
fn every_file_is_as_it_says() {
    let paths = files(&root());
    assert!(paths.len() > 50, "{paths:?}");
    let outcomes = std::thread::scope(|scope| {
        let halves = paths.chunks(paths.len().div_ceil(2));
        let threads: Vec<_> =
            halves.map(|half| scope.spawn(|| half.iter().map(|p| checked(p)).collect::<Vec<_>>())).collect();
        threads.into_iter().flat_map(|thread| thread.join().expect("no panic")).collect::<Vec<_>>()
    });
    let wrong: String = outcomes.iter().map(complaints).collect();
    assert!(wrong.is_empty(), "{wrong}");
    assert!(outcomes.iter().all(FileOutcome::passes));
}

/// At most so many characters, with a mark where something is cut.
fn short(text: &str, most: usize) -> String {
    let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.chars().count() <= most {
        return text;
    }
    text.chars().take(most - 1).chain(['…']).collect()
}

/// What leads to a verdict, in one line.
fn evidence(item: &ItemOutcome) -> String {
    let Some(verdict) = &item.verdict else { return short(&item.text, 88) };
    match verdict {
        Verdict::Proved(proof) => {
            let conditions: Vec<&str> = proof.conditions.iter().map(|c| c.text.as_str()).collect();
            let rules = proof.rules.join(", ");
            match conditions.as_slice() {
                [] => short(&rules, 88),
                [first] => format!("{} — given {}", short(&rules, 40), short(first, 60)),
                [first, others @ ..] => {
                    let others = others.len();
                    format!("{} — given {} and {others} more", short(&rules, 40), short(first, 50))
                }
            }
        }
        Verdict::Supported(found) => {
            let points = found.points;
            let how = if found.exact { "exactly".to_owned() } else { format!("to {} digits", found.digits) };
            short(&format!("at {points} points, {how}; {}", found.reason), 88)
        }
        Verdict::Refuted(found) => {
            let point = found.point.iter().map(|(name, value)| format!("{name} = {value}"));
            let instance = found.instance.clone().unwrap_or_else(|| point.collect::<Vec<_>>().join(", "));
            let sides = format!("{} against {}", short(&found.left, 24), short(&found.right, 24));
            format!("{}: {sides}", short(&instance, 48))
        }
        Verdict::Open(attempts) => short(&attempts.reason, 88),
        Verdict::Unread(misreading) => short(&misreading.reason, 88),
    }
}

/// Every claim of an article on a line of its own.
fn listing(outcome: &FileOutcome) -> String {
    let displays = outcome.displays;
    let warnings = outcome.diagnostics.len();
    let said = outcome.items.iter().filter(|item| item.kind != ItemKind::Claim).count();
    let mut text = format!(
        "{} of {} formulas read, {said} items beside the claims, {warnings} remarks\n",
        displays.read, displays.total
    );
    for item in outcome.items.iter().filter(|item| item.kind == ItemKind::Claim) {
        let verdict = item.verdict.as_ref().map_or("", Verdict::word);
        let mark = if item.expected.is_some() { "*" } else { " " };
        writeln!(text, "{:>3} {verdict:<11}{mark} {}", item.at.line, evidence(item)).unwrap();
    }
    text
}

#[test]
fn every_article_reads_as_its_snapshot() {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let mut seen = 0;
    settings.bind(|| {
        // All differences at once, not the first alone.
        let mut differs = Vec::new();
        for path in ARTICLES.iter().flat_map(|folder| files(&root().join(folder))) {
            let outcome = checked(&path);
            if !is_article(&outcome) {
                continue;
            }
            seen += 1;
            let name = outcome.source.name.trim_end_matches(".md").replace('/', "-");
            let assert = || insta::assert_snapshot!(format!("check-{name}"), listing(&outcome));
            if std::panic::catch_unwind(assert).is_err() {
                differs.push(name);
            }
        }
        assert!(differs.is_empty(), "snapshots differ: {differs:?}");
    });
    assert!(seen >= 20, "{seen} articles");
}

/// What the kernel calls the arithmetic that needs no law, and what proves by an example.
const WITHOUT_LAW: [&str; 2] = ["ring", "witness"];

/// A proof about abstract objects exists only as a certificate that the kernel accepted: its rules are laws of the
/// kernel, and the chain that is shown ends where the claim does.
#[test]
fn abstract_proofs_are_made_of_the_laws_of_the_kernel() {
    let signs = proof::SIGNS.iter().map(|(name, ..)| *name);
    let laws: BTreeSet<&str> = proof::rules().map(|law| law.name).chain(signs).collect();
    let (mut proofs, mut used) = (0, BTreeSet::new());
    for path in ARTICLES.iter().flat_map(|folder| files(&root().join(folder))) {
        let outcome = checked(&path);
        for item in outcome.items.iter().filter(|item| !item.explanation.is_empty()) {
            let Some(Verdict::Proved(proof)) = &item.verdict else {
                panic!("{}:{}: a chain without a proof", outcome.source.name, item.at.line);
            };
            proofs += 1;
            for rule in &proof.rules {
                let is_law = laws.contains(rule.as_str()) || WITHOUT_LAW.contains(&rule.as_str());
                assert!(is_law, "{}:{}: {rule} is no law", outcome.source.name, item.at.line);
                used.insert(rule.clone());
            }
            let (first, rest) = item.explanation.split_first().expect("not empty");
            assert!(first.relation.is_empty() && first.rule.is_empty(), "{first:?}");
            assert!(rest.iter().all(|line| !line.relation.is_empty()), "{:?}", item.explanation);
        }
    }
    assert!(proofs >= 100, "{proofs} proofs");
    assert!(used.len() >= 25, "{used:?}");
}

/// The text between two marks, without the marks.
fn between<'t>(text: &'t str, start: &str, end: &str) -> &'t str {
    let from = text.find(start).expect("the first mark") + start.len();
    &text[from..from + text[from..].find(end).expect("the second mark")]
}

#[test]
fn the_example_of_the_readme_gets_what_stands_below_it() {
    let text = fs::read_to_string(root().join("README.md")).expect("a text");
    let example = between(&text, "````markdown\n", "````\n");
    let printed = between(&text, "says of it:\n\n```text\n", "```\n");
    let outcome = check(&Source::new("article.md", example), None);
    let file = CheckedFile { path: outcome.source.name.clone(), outcome, role: FileRole::Article };
    let detail = Detail { every_step: true, explanations: false };
    let shown = report(std::slice::from_ref(&file), detail).unstyled();
    assert_eq!(shown.trim_end(), printed.trim_end());
}
