//! How long a family takes from its text to its Fisher information, divergence and natural gradient.

use divan::{Bencher, black_box};
use referee::deck::{self, EMBEDDED};
use referee::expr::Store;
use referee::stats::derive;
use referee::syntax::read_document;
use referee::verify::statistical::claims::ClaimChecker;

fn main() {
    divan::main();
}

fn names() -> Vec<&'static str> {
    EMBEDDED.iter().map(|e| e.name).collect()
}

/// Reading, names and derivation, in a store of its own.
#[divan::bench(args = names())]
fn text_to_derivation(bencher: Bencher, name: &str) {
    let text = deck::find(name).expect("the name is that of an embedded family").text;
    bencher.bench(|| {
        let mut store = Store::new();
        let document = read_document(text);
        let texts: Vec<_> = document.families().collect();
        let families = deck::families(&mut store, &texts, text, &mut Vec::new());
        families.iter().map(|family| black_box(derive(&mut store, family)).score.len()).sum::<usize>()
    });
}

/// All claims of a family's file.
#[divan::bench(args = ["normal", "gamma", "bivariate-normal"], sample_count = 10)]
fn claims(bencher: Bencher, name: &str) {
    let text = deck::find(name).expect("the name is that of an embedded family").text;
    bencher.bench(|| {
        let mut store = Store::new();
        let document = read_document(text);
        let texts: Vec<_> = document.families().collect();
        let families = deck::families(&mut store, &texts, text, &mut Vec::new());
        let mut proved = 0;
        for family in &families {
            let mut checker = ClaimChecker::new(family);
            let verdicts = family.claims.iter().map(|claim| checker.check(&mut store, claim));
            proved += verdicts.filter(|v| v.as_ref().is_ok_and(|v| v.is_proved())).count();
        }
        proved
    });
}
