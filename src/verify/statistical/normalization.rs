//! Does the density integrate to one? Proved by a known integral or a finite sum, supported by quadrature; or certainly not.
//!
//! `log p = -x^2` on the line has the known integral √π: the density is off by that factor at every point, and nothing
//! is derived from it. An estimate alone speaks against a density only when it is loud: at two points, by more than
//! 10⁻⁶ and a thousand times its estimated error.

use crate::algebra::{Effort, Normalizer};
use crate::expr::{Expr, Images, Store};
use crate::number::{Ball, Rational};
use crate::stats::family::Space;
use crate::stats::known::natural_log_partition;
use crate::stats::points::{parameter_points, sample_points};
use crate::stats::standardized::Standardized;
use crate::stats::{Demand, Derivation, Family, derive_some};
use crate::verify::{Evidence, Proof, Verdict};

use super::equal::equal;
use super::expectation::{Averages, Place, expectations, kinks, opened};
use super::values::Assignment;
use super::witnesses::{assignment, digits, named};

/// The total mass at one point, estimated or enclosed.
#[derive(Clone, Debug, PartialEq)]
pub struct Mass {
    /// Parameters and constants.
    pub at: Vec<(String, Rational)>,
    /// ∫p.
    pub value: f64,
    /// Its estimated error.
    pub error: f64,
}

/// What is known of ∫p = 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Normalization {
    /// Proved, supported or open.
    pub verdict: Verdict,
    /// By what, in words.
    pub by: String,
    /// Masses that were computed.
    pub masses: Vec<Mass>,
}

/// How it is known that a density does not integrate to one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KnownBy {
    /// A finite sum, enclosed.
    FiniteSum,
    /// A known integral, enclosed.
    KnownIntegral,
    /// E\[score\] = 0 has no solution.
    MeanScore,
    /// The sample space has no point.
    EmptySpace,
    /// log p has no value at any observation that was tried.
    Undefined,
    /// Quadrature or summation, far beyond its estimated error at several points.
    Estimate,
}

/// A density that does not integrate to one.
#[derive(Clone, Debug, PartialEq)]
pub struct NotNormalized {
    /// ∫p at the point, in decimals; `None` when only its change with θ is known to be wrong.
    pub value: Option<String>,
    /// Parameters and constants.
    pub at: Vec<(String, Rational)>,
    /// How it is known.
    pub known_by: KnownBy,
    /// A sentence.
    pub reason: String,
}

/// Finite sums up to so many terms are enclosed.
const ENCLOSED_LIMIT: usize = 2000;
/// Points at which masses are computed.
const POINTS: usize = 3;

/// The verdict on ∫p = 1 for a derivation in the family's own parameters.
///
/// # Errors
/// The density certainly does not integrate to one (or, by estimates alone, loudly not): an error of the input.
pub fn normalization(store: &mut Store, derivation: &Derivation) -> Result<Normalization, NotNormalized> {
    let family = &derivation.family;
    let Some(points) = with_points(store, family)? else { return Ok(vacuous()) };
    // Where nothing is known of the integral, before it is estimated.
    if derivation.normalized_by.is_none()
        && derivation.points.is_none()
        && let Some(found) = by_normal_variables(store, family, &points)
    {
        return found;
    }
    of_derivation(store, derivation, &points, true)
}

/// The verdict on ∫p = 1 for a density, without a derivation where it is normal in new variables, and without a cubature in
/// three or more variables, which takes seconds.
///
/// # Errors
/// As for [`normalization`].
pub fn quick_normalization(store: &mut Store, family: &Family) -> Result<Normalization, NotNormalized> {
    quick_normalization_and_base(store, family).map(|(normalization, _)| normalization)
}

/// [`quick_normalization`], with the derivation as far as E\[T\] where that was needed.
///
/// # Errors
/// As for [`normalization`].
pub fn quick_normalization_and_base(
    store: &mut Store,
    family: &Family,
) -> Result<(Normalization, Option<Derivation>), NotNormalized> {
    let Some(points) = with_points(store, family)? else { return Ok((vacuous(), None)) };
    if let Some(found) = by_normal_variables(store, family, &points) {
        return Ok((found?, None));
    }
    let demand = Demand { evidence: true, ..Demand::NONE };
    let derivation = derive_some(store, family, demand);
    let found = of_derivation(store, &derivation, &points, false)?;
    Ok((found, Some(derivation)))
}

/// What is proved of no point at all is proved of nothing.
fn vacuous() -> Normalization {
    let verdict = Verdict::open("vacuous: no point of the declared domain was found");
    Normalization { verdict, by: "none".to_owned(), masses: Vec::new() }
}

fn proved(by: &str) -> Normalization {
    let proof = Proof { rules: vec![by.to_owned()], conditions: Vec::new(), example: None };
    Normalization { verdict: Verdict::Proved(proof), by: by.to_owned(), masses: Vec::new() }
}

/// Points of the domain, if there are any, at which the density has some mass.
fn with_points(store: &mut Store, family: &Family) -> Result<Option<Vec<Vec<Rational>>>, NotNormalized> {
    let points = parameter_points(store, family, POINTS);
    match points.iter().find_map(|point| without_mass(store, family, point)) {
        Some(wrong) => Err(wrong),
        None => Ok((!points.is_empty()).then_some(points)),
    }
}

/// The mass of a density that is normal in new variables up to its constant; `None` for every other.
fn by_normal_variables(
    store: &mut Store,
    family: &Family,
    points: &[Vec<Rational>],
) -> Option<Result<Normalization, NotNormalized>> {
    let (mut standardized, log_mass) = Standardized::with_mass(store, family)?;
    if standardized.is_zero(store, log_mass) {
        return Some(Ok(proved("normal-variables")));
    }
    let mass = store.call_named("exp", [log_mass]);
    let wrong = points.iter().find_map(|point| {
        let ball = assignment(family, point).narrow(store, mass, 15);
        certainly_not_one(family, point, &ball, KnownBy::KnownIntegral)
    });
    let by = "normal-variables".to_owned();
    let open = || Verdict::open("log ∫p is known, and could not be shown to be 0");
    Some(wrong.map_or_else(|| Ok(Normalization { verdict: open(), by, masses: Vec::new() }), Err))
}

fn of_derivation(
    store: &mut Store,
    derivation: &Derivation,
    points: &[Vec<Rational>],
    cubature: bool,
) -> Result<Normalization, NotNormalized> {
    let family = &derivation.family;
    if let Some(list) = derivation.points.clone() {
        return finite(store, family, &list, points);
    }
    if let Some(row) = derivation.normalized_by {
        return Ok(proved(row));
    }
    if let Some(wrong) = against_known_integral(store, derivation, points) {
        return Err(wrong);
    }
    if let Some(found) = by_enclosed_sums(store, family, points) {
        return found;
    }
    let estimated = estimated(store, family, points, cubature);
    if let Err(wrong) = &estimated
        && wrong.known_by == KnownBy::Estimate
    {
        return Err(wrong.clone());
    }
    if let Some(reason) = derivation.reason.as_ref().filter(|r| r.contains("density is not normalized")) {
        return Err(NotNormalized {
            value: None,
            at: Vec::new(),
            known_by: KnownBy::MeanScore,
            reason: reason.clone(),
        });
    }
    estimated
}

/// Observations at which a density is asked for a value.
const OBSERVATIONS: usize = 6;

/// A sample space that is certainly empty, such as 1 < x < 0; or a log-density that is certainly undefined at
/// each of several observations, as that of the negative p(x) = −x is.
fn without_mass(store: &mut Store, family: &Family, point: &[Rational]) -> Option<NotNormalized> {
    if !family.atoms.is_empty() {
        return None;
    }
    let at = assignment(family, point);
    let space = family.sample_space(store);
    let empty = space.axes.iter().any(|axis| match axis {
        Space::Reals(interval) => match (&interval.lower, &interval.upper) {
            (Some((lower, _)), Some((upper, _))) => {
                let length = store.sub(*upper, *lower);
                let length = at.narrow(store, length, 5);
                length.is_zero() || length.is_negative()
            }
            _ => false,
        },
        Space::Integers(_) | Space::Finite(_) => false,
    });
    let wrong = |value: &str, known_by, reason: String| NotNormalized {
        value: Some(value.to_owned()),
        at: named(family, point),
        known_by,
        reason,
    };
    if empty {
        return Some(wrong("0", KnownBy::EmptySpace, "the sample space has no inner point".to_owned()));
    }
    let x = family.x();
    let found = sample_points(store, family, &space, point, OBSERVATIONS);
    let undefined =
        found.iter().all(|values| at.and(&x, values).narrow(store, family.log_density, 5).is_undefined());
    (found.len() == OBSERVATIONS && undefined).then(|| {
        let first: Vec<String> = family
            .variables
            .iter()
            .zip(&found[0])
            .map(|(x, value)| format!("{} = {value}", x.name))
            .collect();
        let reason = format!("the density has no logarithm, at {} for one", first.join(", "));
        wrong("no number", KnownBy::Undefined, reason)
    })
}

/// The mass function of a density: 1 averaged.
fn unit(store: &mut Store, family: &Family) -> Averages {
    Averages::of(store, family, &mut |_, _| vec![Store::ONE])
}

/// Σ p over finitely many points, symbolically, else in enclosures.
fn finite(
    store: &mut Store,
    family: &Family,
    list: &[Vec<Expr>],
    points: &[Vec<Rational>],
) -> Result<Normalization, NotNormalized> {
    let x = family.x();
    let mut masses = Vec::new();
    for point in list {
        let images: Images = x.iter().copied().zip(point.iter().copied()).collect();
        let log_p = store.substitute(family.log_density, &images);
        masses.push(store.call_named("exp", [log_p]));
    }
    for atom in &family.atoms {
        masses.push(store.call_named("exp", [atom.log_probability]));
    }
    let total = store.sum(masses);
    for point in points {
        let at = assignment(family, point);
        let again = || certainly_not_one(family, point, &at.narrow(store, total, 60), KnownBy::FiniteSum);
        let ball = at.narrow(store, total, 20);
        if let Some(wrong) =
            certainly_not_one(family, point, &ball, KnownBy::FiniteSum).filter(|_| again().is_some())
        {
            return Err(wrong);
        }
    }
    let verdict = if list.len() <= 64 {
        equal(store, total, Store::ONE, &family.facts)
    } else {
        let reason = "a finite sum too long for algebra".to_owned();
        Verdict::Supported(Evidence {
            exact: false,
            holds: false,
            points: points.len(),
            digits: 20,
            instances: Vec::new(),
            reason,
        })
    };
    Ok(Normalization { verdict, by: "finite-sum".to_owned(), masses: Vec::new() })
}

fn certainly_not_one(
    family: &Family,
    at: &[Rational],
    mass: &Ball,
    known_by: KnownBy,
) -> Option<NotNormalized> {
    let one = Ball::from_i64(1, mass.precision());
    let wrong = mass.is_defined() && mass.is_bounded() && mass.is_disjoint(&one);
    wrong.then(|| {
        let value =
            (1..=12).rev().find_map(|digits| mass.to_decimal(digits)).unwrap_or_else(|| mass.to_string());
        let how = match known_by {
            KnownBy::FiniteSum => "the sum of p over all points of the sample space",
            _ => "∫p, by a known integral,",
        };
        let reason = format!("{how} is {value}, not 1");
        NotNormalized { value: Some(value), at: named(family, at), known_by, reason }
    })
}

/// Rows whose integrals are infinite where one of their conditions is certainly violated.
const NECESSARY: [&str; 9] = [
    "gamma-integral",
    "beta-integral",
    "dirichlet-integral",
    "gaussian-integral",
    "log-gaussian-integral",
    "bivariate-gaussian-integral",
    "laplace-integral",
    "power-integral",
    "geometric-sum",
];

/// exp(A_known − A) where a known integral matches and its conditions certainly hold.
fn against_known_integral(
    store: &mut Store,
    derivation: &Derivation,
    points: &[Vec<Rational>],
) -> Option<NotNormalized> {
    let exponential = derivation.exponential.as_ref()?;
    let family = &derivation.family;
    if !family.atoms.is_empty() {
        return None;
    }
    let symbols: Vec<Expr> =
        (1..=exponential.statistics.len()).map(|i| store.scalar(&format!("eta_{i}"))).collect();
    let assumptions = family.assumptions(store);
    let mut decide = Normalizer::new(assumptions, Effort::Decide);
    let space = family.sample_space(store);
    let (t, h) = (&exponential.statistics, exponential.log_base_measure);
    let known = natural_log_partition(store, &mut decide, &space, &family.x(), t, h, &symbols)?;
    let images: Images = symbols.iter().copied().zip(exponential.natural.iter().copied()).collect();
    let value = store.substitute(known.value, &images);
    let positive = store.substitute_all(&known.positive, &images);
    let difference = store.sub(value, exponential.log_partition);
    let mass = store.call_named("exp", [difference]);
    points.iter().find_map(|point| {
        let at = assignment(family, point);
        let diverges =
            NECESSARY.contains(&known.name) && positive.iter().any(|e| at.narrow(store, *e, 5).is_negative());
        if diverges {
            return Some(NotNormalized {
                value: None,
                at: named(family, point),
                known_by: KnownBy::KnownIntegral,
                reason: format!("∫p is infinite: the {} diverges there", known.name.replace('-', " ")),
            });
        }
        let holds = positive.iter().all(|e| at.narrow(store, *e, 5).is_positive());
        let ball = at.narrow(store, mass, 15);
        let again = || certainly_not_one(family, point, &at.narrow(store, mass, 60), KnownBy::KnownIntegral);
        certainly_not_one(family, point, &ball, KnownBy::KnownIntegral).filter(|_| holds && again().is_some())
    })
}

/// Sample spaces that are finite once the constants are numbers: the sum in enclosures.
fn by_enclosed_sums(
    store: &mut Store,
    family: &Family,
    points: &[Vec<Rational>],
) -> Option<Result<Normalization, NotNormalized>> {
    let mut widest = 1e-50_f64;
    for point in points {
        let at = assignment(family, point);
        let mass = enclosed_mass(store, family, &at, 128)?;
        if let Some(wrong) = certainly_not_one(family, point, &mass, KnownBy::FiniteSum) {
            let again = enclosed_mass(store, family, &at, 320)?;
            return certainly_not_one(family, point, &again, KnownBy::FiniteSum).map(|_| Err(wrong));
        }
        if !(mass.is_defined() && mass.is_bounded()) {
            return None;
        }
        widest = widest.max(mass.sub(&Ball::from_i64(1, 128)).abs().upper_f64());
    }
    let reason = "finite sums in enclosures, at several values of the constants".to_owned();
    let evidence = Evidence {
        exact: false,
        holds: false,
        points: points.len(),
        digits: digits(widest),
        instances: Vec::new(),
        reason,
    };
    let by = "finite sum in enclosures".to_owned();
    (!points.is_empty())
        .then(|| Ok(Normalization { verdict: Verdict::Supported(evidence), by, masses: Vec::new() }))
}

fn enclosed_mass(store: &mut Store, family: &Family, at: &Assignment, precision: u32) -> Option<Ball> {
    let images = at.images(store);
    let mut here = family.clone();
    here.sample_facts = family
        .sample_facts
        .iter()
        .map(|f| crate::stats::derive::substitute_fact(store, f, &images))
        .collect();
    let x = family.x();
    let list = here.sample_space(store).points(store, &x, ENCLOSED_LIMIT)?;
    let mut total = Ball::from_i64(0, precision);
    for point in list {
        let values: Option<Vec<Rational>> = point.iter().map(|e| store.as_number(*e).cloned()).collect();
        let log_p = at.and(&x, &values?).enclose(store, &[family.log_density], precision).swap_remove(0);
        total = total.add(&log_p.exp());
    }
    for atom in &family.atoms {
        total = total.add(&at.enclose(store, &[atom.log_probability], precision)[0].exp());
    }
    Some(total)
}

fn estimated(
    store: &mut Store,
    family: &Family,
    points: &[Vec<Rational>],
    cubature: bool,
) -> Result<Normalization, NotNormalized> {
    let family = &opened(store, family);
    let averages = unit(store, family);
    let kinks = kinks(store, family);
    let mut masses = Vec::new();
    let mut by = None;
    let mut stopped = None;
    // A cubature in three variables is looked at once.
    let costly = points.first().is_some_and(|point| {
        Place::new(store, family, &assignment(family, point), &[]).is_ok_and(|place| place.is_costly())
    });
    if costly && !cubature {
        let verdict = Verdict::open("∫p is no known integral, and has three or more variables");
        return Ok(Normalization { verdict, by: "none".to_owned(), masses: Vec::new() });
    }
    let points = if costly { &points[..1] } else { points };
    for point in points {
        match expectations(store, family, &assignment(family, point), &kinks, &averages) {
            Ok(found) => {
                by = Some(found.method);
                masses.push(Mass {
                    at: named(family, point),
                    value: found.values[0],
                    error: found.errors[0],
                });
            }
            Err(reason) => stopped = Some(reason),
        }
    }
    let off = |m: &Mass| (m.value - 1.0).abs();
    // A mass of exactly 0 says that the search missed it, not that there is none.
    let is_loud = |m: &&Mass| m.value != 0.0 && off(m) >= 1e-6 && off(m) >= 1000.0 * m.error;
    let loud: Vec<&Mass> = masses.iter().filter(is_loud).collect();
    if loud.len() >= 2 {
        let first = loud[0];
        let value = format!("{:.6}", first.value);
        let how = by.map_or("an estimate", |m| m.name());
        let reason = format!("∫p is about {value}, not 1, by {how} at {} points", loud.len());
        return Err(NotNormalized {
            value: Some(value),
            at: first.at.clone(),
            known_by: KnownBy::Estimate,
            reason,
        });
    }
    let by_name = by.map_or("none".to_owned(), |m| m.name().to_owned());
    let widest = masses.iter().map(|m| off(m).max(m.error)).fold(0.0, f64::max);
    let agrees = masses.iter().all(|m| off(m) <= 100.0 * m.error + 1e-9);
    let verdict = if masses.is_empty() {
        Verdict::open(stopped.unwrap_or_else(|| "no point of the domain was found".to_owned()))
    } else if agrees && digits(widest) >= 5 {
        let reason = format!("by {by_name}, with an estimated error");
        Verdict::Supported(Evidence {
            exact: false,
            holds: false,
            points: masses.len(),
            digits: digits(widest),
            instances: Vec::new(),
            reason,
        })
    } else {
        Verdict::open(format!("{by_name} differs from 1 by up to {widest:.1e}"))
    };
    Ok(Normalization { verdict, by: by_name, masses })
}

#[cfg(test)]
mod tests;
