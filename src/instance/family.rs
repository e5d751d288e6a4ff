//! The deck of families: one row, one density with a finite sample space.
//!
//! The row `Bernoulli` says p(0|θ) = 1 − θ, p(1|θ) = θ, and that 3/10 is a point to look at. Expectations are sums of a
//! few terms that anyone can redo, and every exchange of derivative and integral holds.

use std::sync::LazyLock;

use super::failure::Failure;
use super::formula::{Formula, names};
use super::jet::{Jet, Ring};
use super::matrix::Matrix;
use super::moments::Continuous;
use super::real::Real;
use crate::number::Rational;

/// A rational as it is written in a table.
type Fraction = (i64, i64);

/// A row of the deck.
struct Row {
    /// In words.
    name: &'static str,
    /// How many parameters.
    parameters: usize,
    /// The probabilities of the sample points 0, 1, ….
    masses: &'static [&'static str],
    /// Where to look: points of the open domain.
    points: &'static [&'static [Fraction]],
    /// Is the Fisher information singular everywhere?
    singular: bool,
}

/// A family in natural parameters: log p(x|θ) = T(x)ᵀθ − A(θ) + log h(x). Its points are logarithms, so that eᶿ is rational.
struct NaturalRow {
    /// In words.
    name: &'static str,
    /// T, in `a` for x.
    statistic: &'static [&'static str],
    /// A, in `a`, `b` for the parameters.
    log_partition: &'static str,
    /// h, in `a` for x.
    base: &'static str,
    /// The probabilities of the sample points, in `theta`.
    masses: &'static [&'static str],
    /// What the logarithms are taken of.
    points: &'static [&'static [Fraction]],
}

#[rustfmt::skip]
static NATURAL: &[NaturalRow] = &[
    NaturalRow { name: "Bernoulli in natural parameters", statistic: &["a"], log_partition: "log(1 + exp(a))", base: "1", masses: &["1/(1 + exp(theta))", "exp(theta)/(1 + exp(theta))"], points: &[&[(3, 7)], &[(1, 4)]] },
    NaturalRow { name: "binomial(2) in natural parameters", statistic: &["a"], log_partition: "2*log(1 + exp(a))", base: "1 + 2*a - a^2", masses: &["1/(1 + exp(theta))^2", "2*exp(theta)/(1 + exp(theta))^2", "exp(2*theta)/(1 + exp(theta))^2"], points: &[&[(1, 2)], &[(3, 7)]] },
    NaturalRow { name: "categorical(3) in natural parameters", statistic: &["2*a - a^2", "(a^2 - a)/2"], log_partition: "log(1 + exp(a) + exp(b))", base: "1", masses: &["1/(1 + exp(theta_1) + exp(theta_2))", "exp(theta_1)/(1 + exp(theta_1) + exp(theta_2))", "exp(theta_2)/(1 + exp(theta_1) + exp(theta_2))"], points: &[&[(2, 5), (3, 5)], &[(1, 1), (1, 2)]] },
];

#[rustfmt::skip]
static ROWS: &[Row] = &[
    Row { name: "Bernoulli", parameters: 1, masses: &["1 - theta", "theta"], points: &[&[(3, 10)], &[(1, 5)], &[(2, 3)]], singular: false },
    Row { name: "Bernoulli with probability theta^2", parameters: 1, masses: &["1 - theta^2", "theta^2"], points: &[&[(1, 2)], &[(1, 3)], &[(3, 4)]], singular: false },
    Row { name: "binomial(2, theta)", parameters: 1, masses: &["(1 - theta)^2", "2*theta*(1 - theta)", "theta^2"], points: &[&[(1, 3)], &[(3, 10)], &[(3, 5)]], singular: false },
    Row { name: "three outcomes (1 - theta, theta - theta^2, theta^2)", parameters: 1, masses: &["1 - theta", "theta - theta^2", "theta^2"], points: &[&[(1, 3)], &[(1, 2)], &[(2, 5)]], singular: false },
    Row { name: "categorical(3)", parameters: 2, masses: &["1 - theta_1 - theta_2", "theta_1", "theta_2"], points: &[&[(1, 5), (3, 10)], &[(1, 4), (1, 2)], &[(2, 5), (1, 5)]], singular: false },
    Row { name: "three outcomes (theta_1, (1 - theta_1)*theta_2, (1 - theta_1)*(1 - theta_2))", parameters: 2, masses: &["theta_1", "(1 - theta_1)*theta_2", "(1 - theta_1)*(1 - theta_2)"], points: &[&[(1, 4), (1, 3)], &[(1, 2), (1, 5)], &[(2, 5), (1, 4)]], singular: false },
    Row { name: "two independent Bernoulli", parameters: 2, masses: &["(1 - theta_1)*(1 - theta_2)", "theta_1*(1 - theta_2)", "(1 - theta_1)*theta_2", "theta_1*theta_2"], points: &[&[(1, 5), (1, 3)], &[(1, 2), (1, 4)]], singular: false },
    Row { name: "categorical(4)", parameters: 3, masses: &["1 - theta_1 - theta_2 - theta_3", "theta_1", "theta_2", "theta_3"], points: &[&[(1, 5), (3, 10), (1, 10)], &[(1, 4), (1, 8), (1, 2)]], singular: false },
    Row { name: "four outcomes in three steps", parameters: 3, masses: &["theta_1", "(1 - theta_1)*theta_2", "(1 - theta_1)*(1 - theta_2)*theta_3", "(1 - theta_1)*(1 - theta_2)*(1 - theta_3)"], points: &[&[(1, 4), (1, 3), (1, 2)], &[(1, 5), (1, 2), (1, 3)]], singular: false },
    Row { name: "probabilities (1/4, 3/4)", parameters: 0, masses: &["1/4", "3/4"], points: &[&[]], singular: false },
    Row { name: "probabilities (2/3, 1/3)", parameters: 0, masses: &["2/3", "1/3"], points: &[&[]], singular: false },
    Row { name: "probabilities (2/5, 3/5)", parameters: 0, masses: &["2/5", "3/5"], points: &[&[]], singular: false },
    Row { name: "probabilities (1/2, 1/3, 1/6)", parameters: 0, masses: &["1/2", "1/3", "1/6"], points: &[&[]], singular: false },
    Row { name: "probabilities (1/7, 2/7, 4/7)", parameters: 0, masses: &["1/7", "2/7", "4/7"], points: &[&[]], singular: false },
    Row { name: "probabilities (1/5, 1/2, 3/10)", parameters: 0, masses: &["1/5", "1/2", "3/10"], points: &[&[]], singular: false },
    Row { name: "probabilities (1/10, 1/5, 3/10, 2/5)", parameters: 0, masses: &["1/10", "1/5", "3/10", "2/5"], points: &[&[]], singular: false },
    Row { name: "probabilities (1/2, 1/4, 1/6, 1/12)", parameters: 0, masses: &["1/2", "1/4", "1/6", "1/12"], points: &[&[]], singular: false },
    Row { name: "Bernoulli with probability 2*theta_1 + theta_2", parameters: 2, masses: &["1 - 2*theta_1 - theta_2", "2*theta_1 + theta_2"], points: &[&[(1, 5), (1, 10)], &[(1, 8), (1, 2)]], singular: true },
];

/// Over what samples range; all densities of an instance share it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Space {
    /// The points 0, 1, …, so many.
    Finite(usize),
    /// All reals.
    Line,
    /// Positive reals.
    HalfLine,
    /// From 0 to the parameter: not regular, looked at only where that is allowed.
    UpToParameter,
}

/// A family of the deck, read.
#[derive(Debug)]
pub(super) struct Family {
    /// In words.
    pub name: &'static str,
    /// How many parameters.
    pub parameters: usize,
    /// The probabilities of the sample points.
    masses: Vec<Formula>,
    /// Where to look: columns.
    pub points: Vec<Matrix>,
    /// Is the Fisher information singular everywhere?
    pub singular: bool,
    /// The parts of the exponent, when the parameters are natural.
    pub natural: Option<Natural>,
    /// The density, where the sample space is the line.
    pub continuous: Option<Continuous>,
}

/// The parts of log p(x|θ) = T(x)ᵀθ − A(θ) + log h(x), as texts.
#[derive(Clone, Copy, Debug)]
pub(super) struct Natural {
    /// T, in `a` for x.
    pub statistic: &'static [&'static str],
    /// A, in `a`, `b` for the parameters.
    pub log_partition: &'static str,
    /// h, in `a` for x.
    pub base: &'static str,
}

static DECK: LazyLock<Vec<Family>> =
    LazyLock::new(|| ROWS.iter().map(Family::new).chain(NATURAL.iter().map(Family::in_natural)).collect());

fn rational((n, d): Fraction) -> Jet {
    Jet::rational(Rational::new(n, d))
}

/// The families with finite sample spaces, the simplest first.
pub(super) fn families() -> &'static [Family] {
    &DECK
}

impl Family {
    fn new(row: &Row) -> Family {
        let names = names("theta", row.parameters);
        let point = |point: &&[Fraction]| Matrix::column(point.iter().map(|q| rational(*q)).collect());
        Family {
            name: row.name,
            parameters: row.parameters,
            masses: row.masses.iter().map(|mass| Formula::new(mass, &names)).collect(),
            points: row.points.iter().map(point).collect(),
            singular: row.singular,
            natural: None,
            continuous: None,
        }
    }

    fn in_natural(row: &NaturalRow) -> Family {
        let parameters = row.statistic.len();
        let names = names("theta", parameters);
        let logarithm = |(n, d): &Fraction| {
            let log = Real::Rational(Rational::new(*n, *d))
                .log(64)
                .expect("points are logarithms of positive numbers");
            Jet::constant(log)
        };
        Family {
            name: row.name,
            parameters,
            masses: row.masses.iter().map(|mass| Formula::new(mass, &names)).collect(),
            points: row.points.iter().map(|p| Matrix::column(p.iter().map(logarithm).collect())).collect(),
            singular: false,
            natural: Some(Natural {
                statistic: row.statistic,
                log_partition: row.log_partition,
                base: row.base,
            }),
            continuous: None,
        }
    }

    /// A family with a density on the line.
    pub(super) fn on_the_line(
        name: &'static str,
        parameters: usize,
        points: Vec<Matrix>,
        singular: bool,
        continuous: Continuous,
    ) -> Family {
        let continuous = Some(continuous);
        Family { name, parameters, masses: Vec::new(), points, singular, natural: None, continuous }
    }

    /// The sample space.
    pub(super) fn space(&self) -> Space {
        match &self.continuous {
            None => Space::Finite(self.masses.len()),
            Some(continuous) => continuous.space(),
        }
    }

    /// How many sample points; none for the line.
    pub(super) fn outcomes(&self) -> usize {
        self.masses.len()
    }

    /// The probabilities at a parameter, all of them positive.
    pub(super) fn masses(&self, parameter: &[Jet], ring: &Ring) -> Result<Vec<Jet>, Failure> {
        if parameter.len() != self.parameters {
            return Err(Failure::unknown("a density at a parameter of another dimension"));
        }
        if self.masses.is_empty() {
            return Err(Failure::unknown("the probabilities of a density on the line"));
        }
        let masses: Result<Vec<Jet>, Failure> =
            self.masses.iter().map(|mass| mass.eval(parameter, ring)).collect();
        let masses = masses?;
        let inside =
            |mass: &Jet| mass.valuation() == 0 && mass.coefficient(0).sign().is_some_and(|s| s.is_gt());
        if masses.iter().all(inside) { Ok(masses) } else { Err(Failure::Outside) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_sums_to_one_at_its_points() {
        let ring = Ring::new(4, 64);
        for family in families() {
            for point in &family.points {
                let masses = family.masses(&point.entries, &ring).expect(family.name);
                let total = masses.iter().fold(Jet::zero(), |sum, mass| ring.add(&sum, mass));
                assert_eq!(total.as_rational(), Some(Rational::ONE), "{}", family.name);
            }
        }
    }
}
