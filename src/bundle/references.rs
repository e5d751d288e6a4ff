//! Values to test generated code against: points inside the domain with correctly rounded results, and points outside.

use super::enclosure::{condition, enclosure};
use super::points::point;
use super::{Exact, Made};
use crate::emit::{Reference, Work};
use crate::number::Ball;

/// Points of ordinary size, and of sizes far from 1, for each routine.
const ORDINARY: u64 = 11;
const FAR: u64 = 4;
/// Points outside the domain.
const OUTSIDE: usize = 2;
/// Units in the last place that are allowed where the condition number is 0.
const ULPS: f64 = 16.0;
/// Points that are worse conditioned than this say little.
const WORST: f64 = 1e6;

/// Fills in the bundle's reference values; the names of the routines that have none inside their domain, since enclosures
/// settle no result that is well conditioned and of ordinary size.
pub fn refer(made: &mut Made) -> Vec<String> {
    let (mut references, mut untested) = (Vec::new(), Vec::new());
    for at in 0..made.exact.len() {
        let (exact, routine) = (&made.exact[at], &made.bundle.routines[at]);
        let inside = points(exact);
        if matches!(routine.work, Work::Domain) {
            let truth = |inputs: Vec<f64>| {
                let outputs = vec![f64::from(u8::from(exact.is_inside(&inputs)))];
                Reference { routine: routine.name.clone(), inputs, outputs, ulps: 0.0 }
            };
            let outside = outside(exact, &inside);
            references.extend(inside.into_iter().take(4).chain(outside).map(truth));
            continue;
        }
        let outside = outside(exact, &inside);
        let known = references.len();
        references.extend(inside.into_iter().filter_map(|inputs| reference(made, &routine.name, inputs)));
        if references.len() == known {
            untested.push(routine.name.clone());
        }
        references.extend(outside.into_iter().map(|inputs| Reference {
            routine: routine.name.clone(),
            inputs,
            outputs: vec![f64::NAN; routine.result.size()],
            ulps: 0.0,
        }));
    }
    made.bundle.references = references;
    untested
}

/// Points of the domain, atoms among them.
fn points(exact: &Exact) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = Vec::new();
    let ordinary = (1..=ORDINARY).map(|seed| (seed, 0.8));
    let far = (1..=FAR).map(|seed| (100 + seed, 4.0));
    for (seed, decades) in ordinary.chain(far) {
        if let Some(found) = point(exact, seed, decades)
            && !all.contains(&found)
        {
            all.push(found);
        }
    }
    let at_atoms: Vec<Vec<f64>> = exact
        .atoms
        .iter()
        .flat_map(|(atom, _)| {
            all.iter()
                .take(3)
                .map(|inputs| [atom.as_slice(), &inputs[atom.len()..]].concat())
                .collect::<Vec<_>>()
        })
        .collect();
    all.extend(at_atoms);
    all
}

/// Points that break one condition each; where there is none to break, an input that is not finite.
fn outside(exact: &Exact, inside: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let Some(first) = inside.first() else { return Vec::new() };
    let mut found: Vec<Vec<f64>> = Vec::new();
    for (i, axis) in exact.axes.iter().enumerate() {
        let beyond =
            [axis.lower.map(|l| l - 1.0), axis.upper.map(|u| u + 1.0), Some(-first[i]), Some(first[i] + 0.5)];
        for value in beyond.into_iter().flatten() {
            let mut inputs = first.clone();
            inputs[i] = value;
            if !exact.is_inside(&inputs) && found.len() < OUTSIDE {
                found.push(inputs);
                break;
            }
        }
    }
    if found.len() < OUTSIDE && !exact.axes.is_empty() {
        let mut inputs = first.clone();
        inputs[0] = f64::INFINITY;
        found.push(inputs);
    }
    found
}

/// The values at a point; `None` where they are not settled, leave the floats, or are badly conditioned.
fn reference(made: &Made, routine: &str, inputs: Vec<f64>) -> Option<Reference> {
    let outputs: Vec<f64> = enclosure(made, routine, &inputs).iter().map(rounded).collect::<Option<_>>()?;
    let worst = condition(made, routine, &inputs).into_iter().fold(0.0, f64::max);
    (worst <= WORST).then(|| Reference {
        routine: routine.to_owned(),
        inputs,
        outputs,
        ulps: ULPS * (1.0 + libm::ceil(worst)),
    })
}

/// The nearest float of ordinary exponent.
fn rounded(ball: &Ball) -> Option<f64> {
    let (lower, upper) = (ball.lower()?.to_f64(), ball.upper()?.to_f64());
    let is_ordinary = ball.is_zero() || (1e-290..1e290).contains(&lower.abs());
    (ball.is_defined() && lower == upper && is_ordinary).then_some(lower)
}
