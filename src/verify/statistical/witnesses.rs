//! Independent witnesses of what was derived: ∫p = 1, E\[score\] = 0, E\[score·scoreᵀ\] = F, −E\[∂² log p\] = F.
//!
//! On a finite sample space each is a finite sum, decided symbolically: for a Bernoulli observation
//! `(1 − p)·1/(1 − p)² + p·1/p² = 1/(p(1 − p))`. Elsewhere quadrature or summation at one point supports it, to the
//! digits it has, and never more than supports.

use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Store};
use crate::number::{Ball, Rational};
use crate::stats::derive::Regularity;
use crate::stats::{Derivation, Family};
use crate::verify::{Evidence, Proof, Verdict, Witness};

use super::equal::all_equal;
use super::expectation::{Averages, Estimates, Method, Place, expectations, kinks, opened};
use super::kink::{kink_verdict, point_terms};
use super::values::Assignment;

/// Finite sample spaces up to this size are summed symbolically.
const SYMBOLIC_POINTS: usize = 16;
/// Estimates that agree to fewer digits support nothing.
const FEWEST_DIGITS: u32 = 5;

/// One identity with what is known of it.
#[derive(Clone, Debug, PartialEq)]
pub struct WitnessReport {
    /// The identity, in words of mathematics.
    pub identity: &'static str,
    /// The verdict.
    pub verdict: Verdict,
    /// How it was computed: `exact sum`, `finite sum in enclosures`, `quadrature`, …
    pub method: String,
    /// What it was computed to be, by rows, where numbers were computed.
    pub value: Vec<f64>,
    /// The largest difference from what it should be, on the scale of the quantity.
    pub gap: Option<f64>,
    /// The largest estimated error, on the same scale.
    pub error: Option<f64>,
}

/// The four witnesses at one point.
#[derive(Clone, Debug, PartialEq)]
pub struct Witnesses {
    /// Parameters and constants with their values.
    pub at: Vec<(String, Rational)>,
    /// ∫p = 1.
    pub normalization: WitnessReport,
    /// E\[score\] = 0.
    pub mean_score: WitnessReport,
    /// E\[score·scoreᵀ\] = F.
    pub outer_product: WitnessReport,
    /// −E\[∂² log p\] = F.
    pub hessian: WitnessReport,
}

impl Witnesses {
    /// All four, in order.
    pub fn all(&self) -> [&WitnessReport; 4] {
        [&self.normalization, &self.mean_score, &self.outer_product, &self.hessian]
    }
}

/// Parameters and constants with values.
pub fn assignment(family: &Family, at: &[Rational]) -> Assignment {
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    Assignment::new(symbols, at.to_vec())
}

/// Names of parameters and constants with their values.
pub fn named(family: &Family, at: &[Rational]) -> Vec<(String, Rational)> {
    let names = family.parameters.iter().chain(&family.constants).map(|p| p.name.clone());
    names.zip(at.iter().cloned()).collect()
}

const IDENTITIES: [&str; 4] = ["∫p = 1", "E[score] = 0", "E[score·scoreᵀ] = F", "−E[∂² log p] = F"];

/// The witnesses of a derivation, with numbers at one point of θ and the constants.
pub fn witnesses(store: &mut Store, derivation: &Derivation, at: &[Rational]) -> Witnesses {
    let family = &derivation.family;
    let point = assignment(family, at);
    let parts = if derivation.written_in.iter().map(|p| p.symbol).eq(family.theta()) {
        compute(store, derivation, &point)
    } else {
        let reason = "these coordinates have no closed inverse: the witnesses are those of the family's own parameters";
        IDENTITIES.map(|_| blank(Verdict::open(reason)))
    };
    let mut parts = parts.into_iter().zip(IDENTITIES).map(|(mut report, identity)| {
        report.identity = identity;
        report
    });
    let mut next = || parts.next().expect("there are four witnesses");
    Witnesses {
        at: named(family, at),
        normalization: next(),
        mean_score: next(),
        outer_product: next(),
        hessian: next(),
    }
}

fn blank(verdict: Verdict) -> WitnessReport {
    WitnessReport {
        identity: "",
        verdict,
        method: "none".to_owned(),
        value: Vec::new(),
        gap: None,
        error: None,
    }
}

fn compute(store: &mut Store, derivation: &Derivation, at: &Assignment) -> [WitnessReport; 4] {
    let family = &opened(store, &derivation.family);
    let averages = witness_averages(store, family);
    let symbolic = derivation.points.as_ref().filter(|p| p.len() <= SYMBOLIC_POINTS).cloned();
    if let (Some(points), Some(_)) = (symbolic, &derivation.fisher) {
        return exact(store, derivation, &averages, &points);
    }
    let kinks = kinks(store, family);
    let mut reports = match finite_enclosures(store, family, at, &averages, 192) {
        Some(balls) => {
            let reports = enclosed(store, derivation, at, &balls, 192);
            // What speaks against the derivation is looked at again, more closely.
            match reports.iter().any(|r| r.verdict.is_refuted()) {
                true => finite_enclosures(store, family, at, &averages, 512)
                    .map_or(reports, |balls| enclosed(store, derivation, at, &balls, 512)),
                false => reports,
            }
        }
        None => match expectations(store, family, at, &kinks, &averages) {
            Ok(estimates) => {
                let mut reports = estimated(store, derivation, at, &estimates);
                distrust_without_mass(&mut reports);
                reports
            }
            Err(reason) => IDENTITIES.map(|_| blank(Verdict::open(reason.clone()))),
        },
    };
    if let Some(row) = derivation.normalized_by {
        // The known integral proves it; the number beside it confirms.
        let contradicted = reports[0].gap.is_some_and(|gap| gap > 1e-6);
        if !contradicted {
            reports[0].verdict =
                Verdict::Proved(Proof { rules: vec![row.to_owned()], conditions: Vec::new(), example: None });
        }
    }
    if derivation.regularity == Regularity::QuadraticMean {
        let terms = point_terms(store, family, &kinks);
        reports[3].verdict = kink_verdict(store, family, at, terms.as_deref());
        if derivation.fisher.is_none()
            && let Some(terms) = terms
        {
            corrected(store, at, &terms, &mut reports);
        }
    }
    reports
}

/// A numeric average that misses part of the mass supports nothing: over no mass at all, every score is 0.
fn distrust_without_mass(reports: &mut [WitnessReport; 4]) {
    let [mass, others @ ..] = reports;
    if mass.gap.is_some_and(|gap| gap <= 1e-6) {
        return;
    }
    let reason = format!("{} does not find all of the mass", mass.method);
    for report in others.iter_mut().filter(|r| matches!(r.verdict, Verdict::Supported(_))) {
        report.verdict = Verdict::open(reason.clone());
    }
}

/// 1; ∂ᵢℓ; ∂ᵢℓ∂ⱼℓ and −∂²ᵢⱼℓ for i ≤ j.
fn witness_averages(store: &mut Store, family: &Family) -> Averages {
    let theta = family.theta();
    let mut calculus = Differentiator::new();
    Averages::of(store, family, &mut |store, log_p| {
        let score = calculus.gradient(store, log_p, &theta);
        let hessian = calculus.hessian(store, log_p, &theta);
        let mut list = vec![Store::ONE];
        list.extend(&score);
        for (i, j) in pairs(theta.len()) {
            list.push(store.mul(score[i], score[j]));
        }
        for (i, j) in pairs(theta.len()) {
            list.push(store.neg(hessian[i][j]));
        }
        list
    })
}

/// (i, j) with i ≤ j < size.
pub(super) fn pairs(size: usize) -> Vec<(usize, usize)> {
    (0..size).flat_map(|i| (i..size).map(move |j| (i, j))).collect()
}

/// The averages cut into the four identities: their ranges.
fn cuts(size: usize) -> [std::ops::Range<usize>; 4] {
    let half = size * (size + 1) / 2;
    [0..1, 1..1 + size, 1 + size..1 + size + half, 1 + size + half..1 + size + 2 * half]
}

/// What the averages should be, in the same order; `None` where F is not known.
fn expected(derivation: &Derivation) -> Option<Vec<Expr>> {
    let fisher = derivation.fisher.as_ref()?;
    let size = fisher.len();
    let entries: Vec<Expr> = pairs(size).into_iter().map(|(i, j)| fisher[i][j]).collect();
    let mut list = vec![Store::ONE];
    list.extend(std::iter::repeat_n(Store::ZERO, size));
    list.extend(entries.iter().chain(&entries));
    Some(list)
}

/// Finite sums over all points, symbolically.
fn exact(
    store: &mut Store,
    derivation: &Derivation,
    averages: &Averages,
    points: &[Vec<Expr>],
) -> [WitnessReport; 4] {
    let family = &derivation.family;
    let x = family.x();
    let outputs = averages.density.len() - 1;
    let mut terms: Vec<Vec<Expr>> = vec![Vec::new(); outputs];
    let mut add = |store: &mut Store, branch: &[Expr]| {
        let mass = store.call_named("exp", [branch[0]]);
        for (list, f) in terms.iter_mut().zip(&branch[1..]) {
            list.push(store.mul(mass, *f));
        }
    };
    for point in points {
        let images: Images = x.iter().copied().zip(point.iter().copied()).collect();
        let branch = store.substitute_all(&averages.density, &images);
        add(store, &branch);
    }
    for branch in &averages.atoms {
        add(store, branch);
    }
    let expected = expected(derivation).expect("the Fisher information is known here");
    let sums: Vec<(Expr, Expr)> = terms.into_iter().zip(expected).map(|(t, e)| (store.sum(t), e)).collect();
    cuts(derivation.family.parameters.len()).map(|range| {
        let mut report = blank(all_equal(store, &sums[range], &family.facts));
        report.method = "exact sum".to_owned();
        report
    })
}

/// Enclosures of all averages over a sample space that is finite at the point.
fn finite_enclosures(
    store: &mut Store,
    family: &Family,
    at: &Assignment,
    averages: &Averages,
    precision: u32,
) -> Option<Vec<Ball>> {
    let images = at.images(store);
    let mut here = family.clone();
    here.sample_facts = family
        .sample_facts
        .iter()
        .map(|f| crate::stats::derive::substitute_fact(store, f, &images))
        .collect();
    let x = family.x();
    let points = here.sample_space(store).points(store, &x, 512)?;
    let outputs = averages.density.len() - 1;
    let mut totals = vec![Ball::from_i64(0, precision); outputs];
    let mut add = |values: &[Ball]| {
        let mass = values[0].exp();
        for (total, f) in totals.iter_mut().zip(&values[1..]) {
            *total = total.add(&mass.mul(f));
        }
    };
    for point in points {
        let values: Option<Vec<Rational>> = point.iter().map(|e| store.as_number(*e).cloned()).collect();
        add(&at.and(&x, &values?).enclose(store, &averages.density, precision));
    }
    for branch in &averages.atoms {
        add(&at.enclose(store, branch, precision));
    }
    Some(totals)
}

fn enclosed(
    store: &Store,
    derivation: &Derivation,
    at: &Assignment,
    balls: &[Ball],
    precision: u32,
) -> [WitnessReport; 4] {
    let size = derivation.family.parameters.len();
    let expected = expected(derivation).map(|list| at.enclose(store, &list, precision));
    let cut = cuts(size);
    cut.clone().map(|range| {
        let values: Vec<f64> = balls[range.clone()].iter().map(Ball::midpoint_f64).collect();
        let right: Vec<Ball> = match &expected {
            Some(list) => list[range.clone()].to_vec(),
            // Without a formula the two forms of F are compared with each other.
            None if range == cut[2] => balls[cut[3].clone()].to_vec(),
            None if range == cut[3] => balls[cut[2].clone()].to_vec(),
            None => {
                let value = i64::from(range.start == 0);
                vec![Ball::from_i64(value, precision); range.len()]
            }
        };
        let differences: Vec<Ball> = balls[range].iter().zip(&right).map(|(a, b)| a.sub(b)).collect();
        let verdict = if let Some(k) = differences.iter().position(|d| d.is_defined() && !d.contains_zero()) {
            let names =
                at.symbols.iter().map(|s| crate::print::display(store, *s)).zip(at.values.iter().cloned());
            Verdict::Refuted(Witness {
                point: names.collect(),
                left: values[k].to_string(),
                right: right[k].midpoint_f64().to_string(),
                reason: "the finite sum, enclosed, differs".to_owned(),
                ..Witness::default()
            })
        } else if differences.iter().all(|d| d.is_bounded() && d.is_defined()) {
            let widest = differences.iter().map(|d| d.abs().upper_f64()).fold(1e-50, f64::max);
            let reason = "a finite sum at one value of the constants".to_owned();
            Verdict::Supported(Evidence {
                exact: false,
                holds: false,
                points: 1,
                digits: digits(widest),
                instances: Vec::new(),
                reason,
            })
        } else {
            Verdict::open("the finite sum could not be enclosed")
        };
        WitnessReport {
            identity: "",
            verdict,
            method: "finite sum in enclosures".to_owned(),
            value: values,
            gap: Some(differences.iter().map(|d| d.midpoint_f64().abs()).fold(0.0, f64::max)),
            error: Some(differences.iter().map(|d| d.abs().upper_f64()).fold(0.0, f64::max)),
        }
    })
}

/// How many digits an error relative to 1 leaves.
pub(super) fn digits(relative: f64) -> u32 {
    if relative.is_nan() || relative >= 1.0 {
        0
    } else {
        (-libm::log10(relative.max(1e-300))).min(300.0) as u32
    }
}

fn estimated(
    store: &Store,
    derivation: &Derivation,
    at: &Assignment,
    estimates: &Estimates,
) -> [WitnessReport; 4] {
    let size = derivation.family.parameters.len();
    let cut = cuts(size);
    let known = expected(derivation).map(|list| at.floats(store, &list));
    // Scales: 1; √F_ii; √(F_ii·F_jj), from the outer product itself.
    let positions = pairs(size);
    let diagonal = |i: usize| {
        let at = positions.iter().position(|p| *p == (i, i)).expect("the diagonal is among the pairs");
        estimates.values[cut[2].start + at].abs().max(1e-300)
    };
    let mut scales = vec![1.0];
    scales.extend((0..size).map(|i| libm::sqrt(diagonal(i))));
    for _ in 0..2 {
        scales.extend(positions.iter().map(|(i, j)| libm::sqrt(diagonal(*i) * diagonal(*j))));
    }
    cut.clone().map(|range| {
        let other = if range == cut[2] { cut[3].start } else { cut[2].start };
        let (mut gap, mut error) = (0.0_f64, 0.0_f64);
        for k in range.clone() {
            let right = match &known {
                Some(list) => list[k],
                None if range.start >= cut[2].start => estimates.values[other + k - range.start],
                None => f64::from(u8::from(k == 0)),
            };
            let difference = (estimates.values[k] - right).abs() / scales[k];
            gap = if difference.is_nan() { f64::INFINITY } else { gap.max(difference) };
            error = error.max(estimates.errors[k] / scales[k]);
        }
        let shown = digits(gap.max(error));
        let verdict = if shown >= FEWEST_DIGITS && gap <= 100.0 * error + 1e-9 {
            let mut reason = format!("by {} at one point, with an estimated error", estimates.method.name());
            if known.is_none() && range.start >= cut[2].start {
                reason.push_str("; the outer product and the Hessian form agree with each other");
            }
            Verdict::Supported(Evidence { exact: false, holds: false, points: 1, digits: shown, instances: Vec::new(), reason })
        } else {
            Verdict::open(format!(
                "{} gives a difference of {gap:.1e} with an estimated error of {error:.1e}: too much to support, and an estimate never refutes",
                estimates.method.name()
            ))
        };
        WitnessReport {
            identity: "",
            verdict,
            method: estimates.method.name().to_owned(),
            value: estimates.values[range].to_vec(),
            gap: Some(gap),
            error: Some(error),
        }
    })
}

/// Without a formula for F, the outer product is compared with the Hessian form plus the point terms.
fn corrected(store: &Store, at: &Assignment, terms: &[Expr], reports: &mut [WitnessReport; 4]) {
    let terms = at.floats(store, terms);
    let (outer, hessian) = (&reports[2].value, &reports[3].value);
    if outer.len() != terms.len() || hessian.len() != terms.len() {
        return;
    }
    let scale = outer.iter().fold(0.0_f64, |a, v| a.max(v.abs()));
    let gap = (0..terms.len()).map(|k| (outer[k] - hessian[k] - terms[k]).abs() / scale).fold(0.0, f64::max);
    let error = reports[2].error.unwrap_or(1.0).max(reports[3].error.unwrap_or(1.0));
    let shown = digits(gap.max(error));
    if shown >= FEWEST_DIGITS && gap <= 100.0 * error + 1e-9 {
        let reason =
            format!("by {}: it agrees with the Hessian form and the point terms together", reports[2].method);
        reports[2].verdict = Verdict::Supported(Evidence {
            exact: false,
            holds: false,
            points: 1,
            digits: shown,
            instances: Vec::new(),
            reason,
        });
        reports[2].gap = Some(gap);
    }
}

/// How expectations over this family are taken at a point, or why they are not.
///
/// # Errors
/// The reason.
pub fn reach(store: &mut Store, family: &Family, at: &Assignment) -> Result<Option<Method>, String> {
    let place = Place::new(store, family, at, &[])?;
    Ok(place.points().map(|_| Method::FiniteSum))
}

/// F by its outer product, with estimated errors, row by row.
///
/// # Errors
/// Says why there is no value to rely on.
pub fn estimated_fisher(
    store: &mut Store,
    family: &Family,
    at: &Assignment,
    kinks: &[Expr],
) -> Result<(Vec<f64>, Vec<f64>), String> {
    let theta = family.theta();
    let mut calculus = Differentiator::new();
    let averages = Averages::of(store, family, &mut |store, log_p| {
        let score = calculus.gradient(store, log_p, &theta);
        pairs(theta.len()).into_iter().map(|(i, j)| store.mul(score[i], score[j])).collect()
    });
    let found = expectations(store, family, at, kinks, &averages)?;
    let size = theta.len();
    let (mut values, mut errors) = (vec![0.0; size * size], vec![0.0; size * size]);
    for (k, (i, j)) in pairs(size).into_iter().enumerate() {
        for place in [i * size + j, j * size + i] {
            (values[place], errors[place]) = (found.values[k], found.errors[k]);
        }
    }
    Ok((values, errors))
}
