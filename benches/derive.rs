//! Every embedded family: read, and derived in process from a new store.

use divan::{Bencher, black_box};
use referee::deck::{self, Embedded};
use referee::expr::Store;
use referee::stats;
use referee::syntax;

fn main() {
    divan::main();
}

fn derive(embedded: &Embedded) -> usize {
    let mut store = Store::new();
    let mut diagnostics = Vec::new();
    let document = syntax::read_document(embedded.text);
    let texts: Vec<_> = document.families().collect();
    for family in deck::families(&mut store, &texts, embedded.text, &mut diagnostics) {
        black_box(stats::derive(&mut store, &family));
    }
    store.len()
}

/// One family of the catalogue.
#[divan::bench(args = deck::EMBEDDED.iter().map(|e| e.name), sample_count = 10)]
fn family(bencher: Bencher, name: &str) {
    let embedded = deck::find(name).expect("an embedded family");
    bencher.bench(|| derive(black_box(embedded)));
}

/// The whole catalogue.
#[divan::bench(sample_count = 5)]
fn catalogue() -> usize {
    deck::EMBEDDED.iter().map(derive).sum()
}
