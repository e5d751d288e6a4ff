//! Bundles of the catalogue.

use super::*;
use crate::emit::Work;
use crate::stats::coordinates::BUILT_IN;
use crate::syntax::read_document;

fn families(store: &mut Store, text: &str) -> Vec<Family> {
    let document = read_document(text);
    let mut diagnostics = document.diagnostics.clone();
    let texts: Vec<_> = document.families().collect();
    let families = crate::deck::families(store, &texts, text, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    families
}

/// Everything of every embedded family in all of its coordinates.
fn each_bundle(check: impl Fn(&Made)) {
    for embedded in crate::deck::EMBEDDED {
        let mut store = Store::new();
        for family in families(&mut store, embedded.text) {
            let named = family.coordinates.iter().map(|c| c.name.as_str());
            for coordinates in named.chain(BUILT_IN) {
                if let Ok(made) = bundle(&mut store, &family, coordinates, &Wanted::All, None) {
                    check(&made);
                }
            }
        }
    }
}

/// What is printed computes what was derived: its tape in balls overlaps the enclosure at every point.
#[test]
fn tapes_agree_with_what_was_derived() {
    each_bundle(|made| {
        for (exact, routine) in made.exact.iter().zip(&made.bundle.routines) {
            let (Work::Closed { tape, .. } | Work::Cases { tape, .. }) = &routine.work else { continue };
            for seed in 1..=4 {
                let Some(inputs) = point(exact, seed, 1.0) else {
                    panic!("no point for {} of {}", routine.name, made.bundle.family)
                };
                let balls: Vec<_> = inputs.iter().map(|v| crate::number::Ball::from_f64(*v, 256)).collect();
                let expected = enclosure(made, &routine.name, &inputs);
                for (value, expected) in tape.eval(&balls, 256).iter().zip(&expected) {
                    assert!(
                        value.is_narrow(20) && value.overlaps(expected)
                            || value.is_zero()
                            || expected.contains_zero(),
                        "{} of {} at {inputs:?}: {value:?} is not {expected:?}",
                        routine.name,
                        made.bundle.family
                    );
                }
            }
        }
    });
}
