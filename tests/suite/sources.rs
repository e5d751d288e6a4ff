//! The text of generated code in every language, reviewed like code: one small family whole, of others what is typical.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test --test suite sources`, and read the differences.

use std::panic::{AssertUnwindSafe, catch_unwind};

use referee::bundle::latex::latex;
use referee::bundle::{Wanted, bundle};
use referee::deck;
use referee::emit::{self, Options};
use referee::expr::Store;
use referee::stats::Family;
use referee::stats::coordinates::derive_in;
use referee::syntax::read_document;

/// A family, its coordinates, and the functions; all of them when none is named.
#[rustfmt::skip]
const FAMILIES: &[(&str, &str, &[&str])] = &[
    ("exponential",           "base",  &[]),
    // An observation of two values; four functions of several parameters, one of which is solved without a solve.
    ("bernoulli",             "base",  &["in_domain", "log_density", "kl"]),
    ("normal",                "base",  &["log_density", "score", "natural_gradient", "kl"]),
    // Helpers of the gamma function, and other coordinates.
    ("gamma",                 "base",  &["fisher", "natural_gradient"]),
    ("gamma",                 "scale", &["kl"]),
    // An observation with several components, and joint conditions on it.
    ("dirichlet3",            "base",  &["log_density", "natural_gradient"]),
    // An atom.
    ("zero-inflated-poisson", "base",  &["log_density"]),
];

fn family(store: &mut Store, name: &str) -> Family {
    let embedded = deck::find(name).expect("an embedded family");
    let document = read_document(embedded.text);
    let texts: Vec<_> = document.families().collect();
    deck::families(store, &texts, embedded.text, &mut Vec::new()).swap_remove(0)
}

/// The files of a language, one below the other.
fn source(name: &str, coordinates: &str, functions: &[&str], language: &str) -> String {
    let mut store = Store::new();
    let family = family(&mut store, name);
    let wanted = match functions {
        [] => Wanted::All,
        some => Wanted::Named(some.iter().map(|f| (*f).to_owned()).collect()),
    };
    let made = bundle(&mut store, &family, coordinates, &wanted, None).expect("known coordinates");
    let language = emit::language(language).expect("a language");
    let files = emit::generate(&made.bundle, language, &Options::default()).expect("code");
    files.iter().map(|file| format!("==> {} <==\n{}", file.name, file.text)).collect()
}

/// The fragment of an article.
fn fragment(name: &str, coordinates: &str) -> String {
    let mut store = Store::new();
    let family = family(&mut store, name);
    let derivation = derive_in(&mut store, &family, coordinates).expect("known coordinates");
    latex(&mut store, &derivation)
}

/// Compares with the snapshots of one language; all differences at once, not the first alone.
#[track_caller]
fn check_sources(language: &str, text: impl Fn(&str, &str, &[&str]) -> String) {
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    let differs = |(name, coordinates, functions): &&(&str, &str, &[&str])| {
        let title = format!("generate-{name}-{coordinates}-{language}");
        let text = text(name, coordinates, functions);
        catch_unwind(AssertUnwindSafe(|| insta::assert_snapshot!(title, text))).is_err()
    };
    let differing: Vec<_> = settings.bind(|| FAMILIES.iter().filter(differs).collect());
    assert!(differing.is_empty(), "snapshots differ in {language}: {differing:?}");
}

#[test]
fn rust_reads_as_its_snapshots() {
    check_sources("rust", |name, coordinates, functions| source(name, coordinates, functions, "rust"));
}

#[test]
fn c_reads_as_its_snapshots() {
    check_sources("c", |name, coordinates, functions| source(name, coordinates, functions, "c"));
}

#[test]
fn python_reads_as_its_snapshots() {
    check_sources("python", |name, coordinates, functions| source(name, coordinates, functions, "python"));
}

#[test]
fn javascript_reads_as_its_snapshots() {
    check_sources("javascript", |name, coordinates, functions| {
        source(name, coordinates, functions, "javascript")
    });
}

#[test]
fn latex_reads_as_its_snapshots() {
    check_sources("latex", |name, coordinates, _| fragment(name, coordinates));
}
