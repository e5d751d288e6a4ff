//! What `derive` shows of every embedded family, reviewed like code.
//!
//! After a change that is meant: `INSTA_UPDATE=always cargo test snapshots`, and read the differences.

use referee::deck::{self, EMBEDDED};
use referee::expr::Store;
use referee::report::derivation::{Letters, text};
use referee::stats::coordinates::derive_in;
use referee::stats::derive;
use referee::syntax::read_document;
use referee::verify::statistical::normalization::normalization;

/// The family's report; of other coordinates the parts that differ in more than names.
fn shown(name: &str) -> String {
    let embedded = deck::find(name).expect("an embedded family");
    let mut store = Store::new();
    let document = read_document(embedded.text);
    let mut diagnostics = document.diagnostics.clone();
    let texts: Vec<_> = document.families().collect();
    let families = deck::families(&mut store, &texts, embedded.text, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut shown = String::new();
    for family in &families {
        let base = derive(&mut store, family);
        let total = normalization(&mut store, &base).expect("an embedded density integrates to one");
        shown += &text(&mut store, &base, &total, None, Letters::Greek).unstyled();
        for coordinates in family.coordinates.iter().map(|c| c.name.as_str()).chain(["natural", "mean"]) {
            let derivation = derive_in(&mut store, family, coordinates).expect("named coordinates exist");
            let Some(fisher) = &derivation.fisher else { continue };
            let written: Vec<&str> = derivation.written_in.iter().map(|p| p.name.as_str()).collect();
            shown += &format!("\nFisher information in {coordinates}, written in {}\n  ", written.join(", "));
            shown += &referee::print::matrix_text(&store, fisher);
            shown.push('\n');
        }
    }
    shown
}

#[test]
fn every_embedded_family_reads_as_its_snapshot() {
    assert!(EMBEDDED.len() >= 26);
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        // All differences at once, not the first alone.
        let differs: Vec<&str> = EMBEDDED
            .iter()
            .map(|embedded| embedded.name)
            .filter(|name| {
                let name = *name;
                std::panic::catch_unwind(|| insta::assert_snapshot!(format!("derive-{name}"), shown(name)))
                    .is_err()
            })
            .collect();
        assert!(differs.is_empty(), "snapshots differ: {differs:?}");
    });
}
