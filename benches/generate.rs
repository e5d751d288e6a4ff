//! How long generating a family takes, from its text to the source.

use divan::{Bencher, black_box};
use referee::bundle::{Wanted, bundle};
use referee::deck::{self, EMBEDDED};
use referee::emit::{self, Options};
use referee::expr::Store;
use referee::syntax::read_document;

fn main() {
    divan::main();
}

fn names() -> Vec<&'static str> {
    EMBEDDED
        .iter()
        .map(|e| e.name)
        .filter(|name| !["uniform", "shifted-exponential"].contains(name))
        .collect()
}

/// Reading, deriving, choosing stable forms, lowering and printing, in a store of its own.
fn generate(text: &str, language: &str) -> usize {
    let mut store = Store::new();
    let document = read_document(text);
    let texts: Vec<_> = document.families().collect();
    let families = deck::families(&mut store, &texts, text, &mut Vec::new());
    let made = bundle(&mut store, &families[0], "base", &Wanted::All, None).expect("its own coordinates");
    let language = emit::language(language).expect("a language");
    let files =
        emit::generate(&made.bundle, language, &Options::default()).expect("every routine is printed");
    black_box(files).iter().map(|file| file.text.len()).sum()
}

#[divan::bench(args = names(), sample_count = 20)]
fn rust(bencher: Bencher, name: &str) {
    let text = deck::find(name).expect("the name is that of an embedded family").text;
    bencher.bench(|| generate(text, "rust"));
}

#[divan::bench(args = ["gamma", "bivariate-normal", "dirichlet3", "von-mises"], sample_count = 20)]
fn python(bencher: Bencher, name: &str) {
    let text = deck::find(name).expect("the name is that of an embedded family").text;
    bencher.bench(|| generate(text, "python"));
}
