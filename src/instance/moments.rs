//! Densities on the line, given by log-density and moments: expectations of polynomials are exact.
//!
//! `E[(x − μ)⁴]` under the normal density is 3v², from the recursion of its moments; `p(x|θ + δ)` is
//! `p(x|θ)·exp(log p(x|θ + δ) − log p(x|θ))`, a polynomial in x times p(x|θ) for infinitely small δ. No quadrature.

use std::sync::LazyLock;

use super::failure::Failure;
use super::family::{Family, Space};
use super::formula::{Formula, names};
use super::jet::{BASES, Jet, Key, Ring};
use super::matrix::Matrix;
use super::real::Real;
use crate::number::Rational;

/// A rational as it is written in a table.
type Fraction = (i64, i64);

/// A row of the deck. Normal densities are taken with respect to dx/√(2π).
struct Row {
    /// In words.
    name: &'static str,
    /// How many parameters.
    parameters: usize,
    /// log p(x|θ), a polynomial in `x`.
    log_density: &'static str,
    /// What must be positive.
    positive: &'static [&'static str],
    /// Where to look.
    points: &'static [&'static [Fraction]],
    /// The mean and the variance of a normal density; the rate of an exponential one.
    moments: Moments,
    /// Is the Fisher information singular everywhere?
    singular: bool,
}

/// How moments are found, with formulas in the parameters.
#[derive(Clone, Copy, Debug)]
enum Moments {
    /// mₖ = μ·mₖ₋₁ + (k − 1)·v·mₖ₋₂.
    Normal { mean: &'static str, variance: &'static str },
    /// mₖ = k/rate · mₖ₋₁.
    Exponential { rate: &'static str },
    /// mₖ = endᵏ/(k + 1), from 0 to the end.
    Uniform { end: &'static str },
}

#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row { name: "N(theta, 1)", parameters: 1, log_density: "-(x - theta)^2/2", positive: &[], points: &[&[(1, 2)], &[(-1, 1)]], moments: Moments::Normal { mean: "theta", variance: "1" }, singular: false },
    Row { name: "exponential with rate theta", parameters: 1, log_density: "log(theta) - theta*x", positive: &["theta"], points: &[&[(2, 1)], &[(1, 3)]], moments: Moments::Exponential { rate: "theta" }, singular: false },
    Row { name: "N(theta, theta^2)", parameters: 1, log_density: "-log(theta) - (x - theta)^2/(2*theta^2)", positive: &["theta"], points: &[&[(2, 1)], &[(1, 3)]], moments: Moments::Normal { mean: "theta", variance: "theta^2" }, singular: false },
    Row { name: "normal with mean theta_1 and variance theta_2", parameters: 2, log_density: "-log(theta_2)/2 - (x - theta_1)^2/(2*theta_2)", positive: &["theta_2"], points: &[&[(1, 2), (3, 1)], &[(-1, 1), (2, 1)]], moments: Moments::Normal { mean: "theta_1", variance: "theta_2" }, singular: false },
    Row { name: "normal with mean theta_1 and standard deviation theta_2", parameters: 2, log_density: "-log(theta_2) - (x - theta_1)^2/(2*theta_2^2)", positive: &["theta_2"], points: &[&[(1, 1), (2, 1)], &[(1, 2), (1, 3)]], moments: Moments::Normal { mean: "theta_1", variance: "theta_2^2" }, singular: false },
    Row { name: "N(0, 1)", parameters: 0, log_density: "-x^2/2", positive: &[], points: &[&[]], moments: Moments::Normal { mean: "0", variance: "1" }, singular: false },
    Row { name: "N(1, 2)", parameters: 0, log_density: "-log(2)/2 - (x - 1)^2/4", positive: &[], points: &[&[]], moments: Moments::Normal { mean: "1", variance: "2" }, singular: false },
    Row { name: "uniform on (0, theta)", parameters: 1, log_density: "-log(theta)", positive: &["theta"], points: &[&[(2, 1)], &[(3, 1)]], moments: Moments::Uniform { end: "theta" }, singular: false },
    Row { name: "N(2*theta_1 + theta_2, 1)", parameters: 2, log_density: "-(x - 2*theta_1 - theta_2)^2/2", positive: &[], points: &[&[(1, 1), (-1, 2)]], moments: Moments::Normal { mean: "2*theta_1 + theta_2", variance: "1" }, singular: true },
];

/// A density on the line.
#[derive(Debug)]
pub(super) struct Continuous {
    log_density: Formula,
    positive: Vec<Formula>,
    moments: MomentFormulas,
}

#[derive(Debug)]
enum MomentFormulas {
    Normal { mean: Formula, variance: Formula },
    Exponential { rate: Formula },
    Uniform { end: Formula },
}

static DECK: LazyLock<Vec<Family>> = LazyLock::new(|| ROWS.iter().map(family).collect());

/// The families with densities on the line.
pub(super) fn continuous() -> &'static [Family] {
    &DECK
}

fn family(row: &Row) -> Family {
    let names = names("theta", row.parameters);
    let with_sample: Vec<String> = names.iter().cloned().chain(["x".to_owned()]).collect();
    let formula = |text: &str| Formula::new(text, &names);
    let moments = match row.moments {
        Moments::Normal { mean, variance } => {
            MomentFormulas::Normal { mean: formula(mean), variance: formula(variance) }
        }
        Moments::Exponential { rate } => MomentFormulas::Exponential { rate: formula(rate) },
        Moments::Uniform { end } => MomentFormulas::Uniform { end: formula(end) },
    };
    let point = |point: &&[Fraction]| {
        Matrix::column(point.iter().map(|(n, d)| Jet::rational(Rational::new(*n, *d))).collect())
    };
    Family::on_the_line(
        row.name,
        row.parameters,
        row.points.iter().map(point).collect(),
        row.singular,
        Continuous {
            log_density: Formula::new(row.log_density, &with_sample),
            positive: row.positive.iter().map(|text| formula(text)).collect(),
            moments,
        },
    )
}

/// A density at a fixed parameter, under the binder of this number.
#[derive(Clone, Debug)]
pub(super) struct Base {
    family: &'static Family,
    parameter: Vec<Rational>,
    level: usize,
}

/// The sample variable of a binder.
pub(super) fn sample(level: usize) -> Jet {
    let mut key = Key::default();
    key.x[level] = 1;
    Jet::monomial(key, Real::one())
}

impl Continuous {
    /// Where the density is positive.
    pub(super) fn space(&self) -> Space {
        match self.moments {
            MomentFormulas::Normal { .. } => Space::Line,
            MomentFormulas::Exponential { .. } => Space::HalfLine,
            MomentFormulas::Uniform { .. } => Space::UpToParameter,
        }
    }

    /// log p(x|θ).
    pub(super) fn log_density(&self, parameter: &[Jet], level: usize, ring: &Ring) -> Result<Jet, Failure> {
        for formula in &self.positive {
            let value = formula.eval(parameter, ring)?;
            if value.valuation() != 0 || !value.coefficient(0).sign().is_some_and(|sign| sign.is_gt()) {
                return Err(Failure::Outside);
            }
        }
        let arguments: Vec<Jet> = parameter.iter().cloned().chain([sample(level)]).collect();
        self.log_density.eval(&arguments, ring)
    }

    /// E[x⁰], E[x], … E[xᵏ] at a fixed parameter.
    fn moments(&self, parameter: &[Rational], last: usize, ring: &Ring) -> Result<Vec<Rational>, Failure> {
        let arguments: Vec<Jet> = parameter.iter().map(|q| Jet::rational(q.clone())).collect();
        let value = |formula: &Formula| {
            formula.eval(&arguments, ring)?.as_rational().ok_or_else(|| Failure::unknown("a moment"))
        };
        let mut moments = vec![Rational::ONE];
        match &self.moments {
            MomentFormulas::Normal { mean, variance } => {
                let (mean, variance) = (value(mean)?, value(variance)?);
                for k in 1..=last {
                    let mut next = &mean * &moments[k - 1];
                    if k >= 2 {
                        let factor = &Rational::from(k as i64 - 1) * &variance;
                        next = &next + &(&factor * &moments[k - 2]);
                    }
                    moments.push(next);
                }
            }
            MomentFormulas::Exponential { rate } => {
                let scale = value(rate)?.recip().ok_or(Failure::Outside)?;
                for k in 1..=last {
                    moments.push(&(&Rational::from(k as i64) * &scale) * &moments[k - 1]);
                }
            }
            MomentFormulas::Uniform { end } => {
                let end = value(end)?;
                let mut power = Rational::ONE;
                for k in 1..=last {
                    power = &power * &end;
                    moments.push(&power / &Rational::from(k as i64 + 1));
                }
            }
        }
        Ok(moments)
    }
}

/// log p(x|θ) of a base.
pub(super) fn log_base(bases: &[Base], number: usize, ring: &Ring) -> Result<Jet, Failure> {
    let base = bases.get(number).ok_or_else(|| Failure::unknown("a density"))?;
    let continuous = base.family.continuous.as_ref().ok_or_else(|| Failure::unknown("a density"))?;
    let parameter: Vec<Jet> = base.parameter.iter().map(|q| Jet::rational(q.clone())).collect();
    continuous.log_density(&parameter, base.level, ring)
}

/// p(x|θ) at a parameter that is fixed up to infinitely small parts.
pub(super) fn density(
    family: &'static Family,
    parameter: &[Jet],
    level: usize,
    bases: &mut Vec<Base>,
    ring: &Ring,
) -> Result<Jet, Failure> {
    let continuous = family.continuous.as_ref().ok_or_else(|| Failure::unknown("a density"))?;
    let fixed = |entry: &Jet| match entry.valuation() {
        0.. => entry
            .coefficient(0)
            .as_rational()
            .cloned()
            .ok_or_else(|| Failure::unknown("a parameter that is not rational")),
        _ => Err(Failure::Outside),
    };
    let fixed: Vec<Rational> = parameter.iter().map(fixed).collect::<Result<_, _>>()?;
    let same =
        |base: &Base| std::ptr::eq(base.family, family) && base.parameter == fixed && base.level == level;
    let number = match bases.iter().position(same) {
        Some(number) => number,
        None if bases.len() < BASES => {
            bases.push(Base { family, parameter: fixed, level });
            bases.len() - 1
        }
        None => return Err(Failure::unknown("too many densities")),
    };
    let log = continuous.log_density(parameter, level, ring)?;
    let change = ring.sub(&log, &log_base(bases, number, ring)?);
    let mut key = Key::default();
    key.bases[number] = 1;
    ring.mul(&ring.exp(&change)?, &Jet::monomial(key, Real::one()))
}

/// ∫ over the sample variable of a binder: each term is a polynomial times one density.
pub(super) fn integrate(jet: &Jet, level: usize, bases: &[Base], ring: &Ring) -> Result<Jet, Failure> {
    let highest = jet.terms.iter().map(|(key, _)| usize::from(key.x[level])).max().unwrap_or(0);
    let mut sum = Jet { terms: smallvec::SmallVec::new(), precision: jet.precision };
    let mut known: Vec<Option<Vec<Rational>>> = vec![None; bases.len()];
    for (key, c) in &jet.terms {
        let here = |number: &usize| bases.get(*number).is_some_and(|base| base.level == level);
        let mut involved = (0..BASES).filter(|number| key.bases[*number] != 0 && here(number));
        let (Some(number), None) = (involved.next(), involved.next()) else {
            return Err(Failure::unknown("an integral of something other than a density times a polynomial"));
        };
        if key.bases[number] != 1 {
            return Err(Failure::unknown("an integral of a power of a density"));
        }
        if known[number].is_none() {
            let base = &bases[number];
            let continuous = base.family.continuous.as_ref().ok_or_else(|| Failure::unknown("a density"))?;
            known[number] = Some(continuous.moments(&base.parameter, highest, ring)?);
        }
        let moments = known[number].as_ref().expect("found above");
        let mut rest = *key;
        rest.bases[number] = 0;
        rest.x[level] = 0;
        let term = Jet::monomial(rest, c.scale(&moments[usize::from(key.x[level])], ring.bits));
        sum = ring.add(&sum, &term);
    }
    Ok(sum)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_mass_one_and_a_score_of_mean_zero() {
        for family in continuous() {
            for point in &family.points {
                let mut ring = Ring::new(4, 64);
                // Where the support moves, only the mass itself is 1, not its derivative under the integral.
                let regular = family.space() != Space::UpToParameter;
                let first = ring.open(family.parameters, 1).unwrap();
                let moved: Vec<Jet> = point
                    .entries
                    .iter()
                    .enumerate()
                    .map(|(i, entry)| ring.add(entry, &Ring::infinitesimal(first + i)))
                    .collect();
                let mut bases = Vec::new();
                let density = density(family, &moved, 0, &mut bases, &ring).unwrap();
                let mass = integrate(&density, 0, &bases, &ring).unwrap();
                let mass = if regular { mass } else { ring.read(&mass, &[]) };
                assert_eq!(mass.as_rational(), Some(Rational::ONE), "{}", family.name);
            }
        }
    }
}
