//! Digits kept over the catalogue, and cases of single rules.

use super::measure::{Dice, declared, each_derivation, error, point, routines, symbols};
use super::stable;
use crate::print::display;
use crate::tape::Tape;

/// What is looked at while rules are written: worst errors before and after, with the forms.
#[test]
#[ignore = "a listing for the eye"]
fn listing() {
    let family = std::env::var("FAMILY").unwrap_or_default();
    let only = std::env::var("ROUTINE").unwrap_or_default();
    let count: usize = std::env::var("COUNT").ok().and_then(|c| c.parse().ok()).unwrap_or(20);
    each_derivation(&family, |store, name, derivation| {
        let assumptions = declared(store, derivation);
        let symbols = symbols(derivation);
        for (routine, list) in routines(derivation) {
            if !routine.contains(&only) || list.is_empty() {
                continue;
            }
            let start = std::time::Instant::now();
            let images = stable(store, &list, &assumptions);
            let took = start.elapsed();
            println!("{name} {routine} {took:?}");
            for (i, (e, image)) in list.iter().zip(&images).enumerate() {
                let used: Vec<_> =
                    symbols.iter().copied().filter(|s| store.mentions(*e, &[*s])).collect();
                let before = Tape::new(store, &used, &[*e]);
                let after = Tape::new(store, &used, &[*image]);
                let mut worst = [(0.0, Vec::new()), (0.0, Vec::new())];
                for decades in [3.0, 100.0] {
                    let mut dice = Dice(1 + i as u64);
                    for _ in 0..count {
                        let Some(all) = point(store, &assumptions, &symbols, decades, &mut dice) else { break };
                        let values: Vec<f64> = symbols
                            .iter()
                            .zip(&all)
                            .filter(|(s, _)| used.contains(s))
                            .map(|(_, v)| *v)
                            .collect();
                        for (tape, worst) in [&before, &after].into_iter().zip(&mut worst) {
                            if let Some(error) = error(&before, tape, &values)
                                && error > worst.0
                            {
                                *worst = (error, values.clone());
                            }
                        }
                    }
                }
                let flag = if worst[1].0 > 16.0 { "!!" } else if worst[0].0 > 16.0 { "ok" } else { "  " };
                println!("  {flag} {:.1} -> {:.1} at {:?}\n      {}\n      {}", worst[0].0, worst[1].0, worst[1].1,
                    display(store, *e), display(store, *image));
            }
        }
    });
}
