//! log p → η(θ), T(x), A(θ), log h(x), as few statistics as possible; or why not.
//!
//! `x*log(p) + (n - x)*log(1 - p)` has η = log p − log(1 − p), T = x, A = −n log(1 − p). Affine dependences
//! among T on the sample space, and among η on the domain, are found numerically, rebuilt with rational
//! coefficients and verified symbolically; what is not verified is not used.

use rustc_hash::FxHashMap;

use super::family::{Family, SampleSpace};
use super::points::{parameter_points, sample_points};
use super::separate::{Inseparable, Separator, Term};
use crate::algebra::normalize::nicest;
use crate::algebra::Normalizer;
use crate::calculus::Differentiator;
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;
use crate::tape::Tape;

/// What kind of exponential family a density is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// As many statistics as parameters, both free of affine dependences.
    Minimal,
    /// More parameters than statistics.
    Overparametrized,
    /// Fewer parameters than statistics.
    Curved,
    /// Not an exponential family.
    No,
}

impl Kind {
    /// The name in JSON and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Kind::Minimal => "minimal",
            Kind::Overparametrized => "overparametrized",
            Kind::Curved => "curved",
            Kind::No => "no",
        }
    }
}

/// log p = Σ ηᵢ(θ)·Tᵢ(x) − A(θ) + log h(x).
#[derive(Clone, Debug)]
pub struct ExponentialFamily {
    /// η(θ), one for each statistic.
    pub natural: Vec<Expr>,
    /// T(x), in structural order, each with leading coefficient +1.
    pub statistics: Vec<Expr>,
    /// A, in the family's own parameters.
    pub log_partition: Expr,
    /// log h.
    pub log_base_measure: Expr,
}

/// Separates the log-density and removes affine dependences.
///
/// # Errors
/// What could not be separated.
pub fn identify(
    store: &mut Store,
    family: &Family,
    space: &SampleSpace,
    normalizer: &mut Normalizer,
) -> Result<ExponentialFamily, Inseparable> {
    let (x, theta) = (family.x(), family.theta());
    let terms = Separator { x: &x, theta: &theta, normalizer }.separate(store, family.log_density)?;
    let mut exponential = collect(store, &x, &theta, normalizer, &terms);
    reduce_statistics(store, family, space, normalizer, &mut exponential);
    reduce_natural(store, family, normalizer, &mut exponential);
    exponential.log_partition = tidy_terms(store, normalizer, exponential.log_partition);
    exponential.log_base_measure = tidy_terms(store, normalizer, exponential.log_base_measure);
    exponential.sort(store);
    Ok(exponential)
}

/// Merges equal statistics, sorts the rest into A and h.
fn collect(
    store: &mut Store,
    x: &[Expr],
    theta: &[Expr],
    normalizer: &mut Normalizer,
    terms: &[Term],
) -> ExponentialFamily {
    let mut statistics: Vec<(Expr, Vec<Expr>)> = Vec::new();
    let mut index: FxHashMap<Expr, usize> = FxHashMap::default();
    let (mut partition, mut base) = (Vec::new(), Vec::new());
    for term in terms {
        if term.b == Store::ONE {
            partition.push(store.neg(term.a));
            continue;
        }
        if !store.mentions(term.a, theta) {
            base.push(store.mul(term.a, term.b));
            continue;
        }
        let simple = normalizer.simplify(store, term.b);
        for (scale, statistic) in monic(store, x, simple) {
            let a = store.mul(term.a, scale);
            if !store.mentions(statistic, x) {
                let product = store.mul(a, statistic);
                partition.push(store.neg(product));
                continue;
            }
            let at = *index.entry(statistic).or_insert_with(|| {
                statistics.push((statistic, Vec::new()));
                statistics.len() - 1
            });
            statistics[at].1.push(a);
        }
    }
    let mut exponential = ExponentialFamily {
        natural: Vec::new(),
        statistics: Vec::new(),
        log_partition: store.sum(partition),
        log_base_measure: store.sum(base),
    };
    for (statistic, list) in statistics {
        let raw = store.sum(list);
        let natural = tidy(store, normalizer, raw);
        // Coefficients that cancelled, or lost θ, leave the exponent.
        if natural == Store::ZERO {
            continue;
        }
        if store.mentions(natural, theta) {
            exponential.natural.push(natural);
            exponential.statistics.push(statistic);
        } else {
            let pure = store.mul(natural, statistic);
            exponential.log_base_measure = store.add(exponential.log_base_measure, pure);
        }
    }
    exponential
}

/// c·t with t of leading coefficient +1; a sum over x is taken apart where that makes its terms plainer.
fn monic(store: &mut Store, x: &[Expr], e: Expr) -> Vec<(Expr, Expr)> {
    let (c, t) = match store[e].clone() {
        Node::Sum(terms) if terms.len() == 1 => terms[0].clone(),
        Node::Sum(terms) => {
            return terms
                .iter()
                .map(|(c, t)| {
                    let (constant, rest) = constant_factors(store, x, *t);
                    (store.scale(c, constant), rest)
                })
                .collect();
        }
        _ => (Rational::ONE, e),
    };
    let (constant, rest) = constant_factors(store, x, t);
    vec![(store.scale(&c, constant), rest)]
}

/// (factors free of x, the rest).
fn constant_factors(store: &mut Store, x: &[Expr], e: Expr) -> (Expr, Expr) {
    let Node::Product(list) = store[e].clone() else {
        return if store.mentions(e, x) { (Store::ONE, e) } else { (e, Store::ONE) };
    };
    let (rest, constant): (Vec<Expr>, Vec<Expr>) = list.iter().partition(|f| store.mentions(**f, x));
    (store.product(constant), store.product(rest))
}

/// The shorter of an expression as it stands and its normal form.
pub fn tidy(store: &mut Store, normalizer: &mut Normalizer, e: Expr) -> Expr {
    let e = store.without_zero_terms(e);
    let simple = normalizer.simplify(store, e);
    nicest(store, &[simple, e])
}

/// A sum with each of its terms tidied alone: `lambda*mu/mu^2` goes, `log(2*pi)` stays.
pub fn tidy_terms(store: &mut Store, normalizer: &mut Normalizer, e: Expr) -> Expr {
    let e = store.without_zero_terms(e);
    let Node::Sum(terms) = store[e].clone() else { return tidy(store, normalizer, e) };
    let terms: Vec<(Rational, Expr)> =
        terms.iter().map(|(c, t)| (c.clone(), tidy(store, normalizer, *t))).collect();
    store.linear(terms)
}

impl ExponentialFamily {
    /// T in structural order, η with it.
    fn sort(&mut self, store: &Store) {
        let mut pairs: Vec<(Expr, Expr)> =
            self.statistics.iter().copied().zip(self.natural.iter().copied()).collect();
        pairs.sort_by(|a, b| store.compare(a.0, b.0));
        (self.statistics, self.natural) = pairs.into_iter().unzip();
    }

    /// Σ ηᵢTᵢ − A + log h, the log-density again.
    pub fn log_density(&self, store: &mut Store) -> Expr {
        let mut terms: Vec<(Rational, Expr)> = vec![
            (Rational::MINUS_ONE, self.log_partition),
            (Rational::ONE, self.log_base_measure),
        ];
        for (eta, t) in self.natural.iter().zip(&self.statistics) {
            terms.push((Rational::ONE, store.mul(*eta, *t)));
        }
        store.linear(terms)
    }
}

/// A statistic that is affine in the others on the sample space goes: its η is shared out.
fn reduce_statistics(
    store: &mut Store,
    family: &Family,
    space: &SampleSpace,
    normalizer: &mut Normalizer,
    exponential: &mut ExponentialFamily,
) {
    exponential.sort(store);
    let Some(at) = parameter_points(store, family, 1).pop() else { return };
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    let x = family.x();
    let inputs: Vec<Expr> = symbols.iter().chain(&x).copied().collect();
    let all = space.points(store, &x, 4096);
    let points: Vec<Vec<Rational>> = match &all {
        Some(points) => points
            .iter()
            .filter_map(|p| p.iter().map(|e| store.as_number(*e).cloned()).collect())
            .collect(),
        None => sample_points(store, family, space, &at, 12 + 3 * exponential.statistics.len()),
    };
    loop {
        let tape = Tape::new(store, &inputs, &exponential.statistics);
        let rows: Vec<Vec<f64>> = points
            .iter()
            .map(|p| {
                let values: Vec<f64> = at.iter().chain(p).map(Rational::to_f64).collect();
                std::iter::once(1.0).chain(tape.eval(&values, ())).collect()
            })
            .collect();
        let Some(relation) = affine_relation(&rows, all.is_some()) else { return };
        let residual = residual(store, &relation, &exponential.statistics);
        let holds = match &all {
            Some(points) => points.iter().all(|p| {
                let images: Images = x.iter().copied().zip(p.iter().copied()).collect();
                let value = store.substitute(residual, &images);
                normalizer.is_zero(store, value) == Ok(true)
            }),
            None => normalizer.is_zero(store, residual) == Ok(true),
        };
        if !holds {
            return;
        }
        // T_m = c₀ + Σ cₖTₖ: η_k gains cₖη_m and A loses c₀η_m.
        let m = relation.last;
        let eta = exponential.natural.remove(m);
        exponential.statistics.remove(m);
        let lost = store.scale(&relation.constant, eta);
        exponential.log_partition = store.sub(exponential.log_partition, lost);
        for (kept, c) in relation.others().iter().enumerate().filter(|(_, c)| !c.is_zero()) {
            let gained = store.scale(c, eta);
            let joined = store.add(exponential.natural[kept], gained);
            exponential.natural[kept] = tidy(store, normalizer, joined);
        }
        let zero: Vec<usize> =
            (0..exponential.natural.len()).rev().filter(|k| exponential.natural[*k] == Store::ZERO).collect();
        for k in zero {
            exponential.natural.remove(k);
            exponential.statistics.remove(k);
        }
    }
}

/// A natural parameter that is affine in the others on the domain goes: its statistic is shared out.
fn reduce_natural(
    store: &mut Store,
    family: &Family,
    normalizer: &mut Normalizer,
    exponential: &mut ExponentialFamily,
) {
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    let points = parameter_points(store, family, 12 + 3 * exponential.natural.len());
    loop {
        let tape = Tape::new(store, &symbols, &exponential.natural);
        let rows: Vec<Vec<f64>> = points
            .iter()
            .map(|p| {
                let values: Vec<f64> = p.iter().map(Rational::to_f64).collect();
                std::iter::once(1.0).chain(tape.eval(&values, ())).collect()
            })
            .collect();
        let constant;
        let relation = match affine_relation(&rows, false) {
            Some(relation) => {
                let residual = residual(store, &relation, &exponential.natural);
                if normalizer.is_zero(store, residual) != Ok(true) {
                    return;
                }
                constant = store.number(relation.constant.clone());
                relation
            }
            None => {
                let found = proportional_slopes(store, family, normalizer, &exponential.natural, &points);
                let Some((relation, value)) = found else { return };
                constant = value;
                relation
            }
        };
        let m = relation.last;
        let statistic = exponential.statistics.remove(m);
        exponential.natural.remove(m);
        let moved = store.mul(constant, statistic);
        exponential.log_base_measure = store.add(exponential.log_base_measure, moved);
        for (kept, c) in relation.others().iter().enumerate().filter(|(_, c)| !c.is_zero()) {
            let gained = store.scale(c, statistic);
            let joined = store.add(exponential.statistics[kept], gained);
            exponential.statistics[kept] = tidy(store, normalizer, joined);
        }
    }
}

/// η_last = c + Σ cₖ·ηₖ with rational cₖ and a constant c that need not be rational, such as log 2: found from the
/// derivatives by θ, in which c does not occur.
fn proportional_slopes(
    store: &mut Store,
    family: &Family,
    normalizer: &mut Normalizer,
    natural: &[Expr],
    points: &[Vec<Rational>],
) -> Option<(Relation, Expr)> {
    if natural.len() < 2 {
        return None;
    }
    let (theta, mut calculus) = (family.theta(), Differentiator::new());
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    let slopes: Vec<Vec<Expr>> = theta
        .iter()
        .map(|t| natural.iter().map(|eta| calculus.derivative(store, *eta, *t)).collect())
        .collect();
    let flat: Vec<Expr> = slopes.concat();
    let tape = Tape::new(store, &symbols, &flat);
    let mut rows: Vec<Vec<f64>> = Vec::new();
    for point in points {
        let values: Vec<f64> = point.iter().map(Rational::to_f64).collect();
        rows.extend(tape.eval(&values, ()).chunks(natural.len()).map(<[f64]>::to_vec));
    }
    let relation = linear_relation(&rows)?;
    let rest = residual(store, &relation, natural);
    let free = theta.iter().all(|t| {
        let slope = calculus.derivative(store, rest, *t);
        normalizer.is_zero(store, slope) == Ok(true)
    });
    // What is left is the same at every θ; it is used where it can be written without θ.
    let left = normalizer.expand(store, rest).unwrap_or(rest);
    let left = tidy(store, normalizer, left);
    (free && !store.mentions(left, &theta)).then(|| (relation, store.neg(left)))
}

/// v_last = constant + Σ coefficientsₖ·vₖ.
struct Relation {
    last: usize,
    constant: Rational,
    /// One for each v; that of `last` is −1.
    coefficients: Vec<Rational>,
}

impl Relation {
    /// The coefficients of the v that stay, in order.
    fn others(&self) -> Vec<Rational> {
        let kept = self.coefficients.iter().enumerate().filter(|(k, _)| *k != self.last);
        kept.map(|(_, c)| c.clone()).collect()
    }
}

fn residual(store: &mut Store, relation: &Relation, list: &[Expr]) -> Expr {
    let constant = store.number(relation.constant.clone());
    let terms: Vec<(Rational, Expr)> = std::iter::once((Rational::ONE, constant))
        .chain(relation.coefficients.iter().cloned().zip(list.iter().copied()))
        .collect();
    store.linear(terms)
}

/// The first column (beyond the leading ones) that is a combination of those before it, with rational
/// coefficients of small denominator; a candidate that is still to be verified. Sampled rows must be more
/// than the unknowns; rows of every point there is (`complete`) need not.
fn affine_relation(rows: &[Vec<f64>], complete: bool) -> Option<Relation> {
    let width = rows.first()?.len();
    let rows: Vec<&Vec<f64>> = rows.iter().filter(|r| r.iter().all(|v| v.is_finite())).collect();
    for column in 1..width {
        if rows.len() < column || (rows.len() == column && !complete) {
            return None;
        }
        let Some(solution) = least_squares(&rows, column) else { continue };
        let coefficients: Option<Vec<Rational>> = solution.iter().map(|c| nearby_rational(*c)).collect();
        let Some(coefficients) = coefficients else { continue };
        let fits = rows.iter().all(|row| {
            let value: f64 = coefficients.iter().zip(row.iter()).map(|(c, v)| c.to_f64() * v).sum();
            let scale = row[..=column].iter().fold(1.0_f64, |a, v| a.max(v.abs()));
            (value - row[column]).abs() <= 1e-9 * scale
        });
        if fits {
            let mut list: Vec<Rational> = coefficients[1..].to_vec();
            list.push(Rational::MINUS_ONE);
            list.resize(width - 1, Rational::ZERO);
            return Some(Relation { last: column - 1, constant: coefficients[0].clone(), coefficients: list });
        }
    }
    None
}

/// The first column that is a combination of those before it without a constant; a candidate as above.
fn linear_relation(rows: &[Vec<f64>]) -> Option<Relation> {
    let width = rows.first()?.len();
    let rows: Vec<&Vec<f64>> = rows.iter().filter(|r| r.iter().all(|v| v.is_finite())).collect();
    (1..width).filter(|column| rows.len() > *column).find_map(|column| {
        let solution = least_squares(&rows, column)?;
        let coefficients: Vec<Rational> = solution.iter().map(|c| nearby_rational(*c)).collect::<Option<_>>()?;
        let fits = rows.iter().all(|row| {
            let value: f64 = coefficients.iter().zip(row.iter()).map(|(c, v)| c.to_f64() * v).sum();
            let scale = row[..=column].iter().fold(1e-300_f64, |a, v| a.max(v.abs()));
            (value - row[column]).abs() <= 1e-9 * scale
        });
        fits.then(|| {
            let mut list = coefficients;
            list.push(Rational::MINUS_ONE);
            list.resize(width, Rational::ZERO);
            Relation { last: column, constant: Rational::ZERO, coefficients: list }
        })
    })
}

/// c with Σ cₖ·rowₖ ≈ row_column over the columns before it, by the normal equations; `None` where those
/// are singular.
fn least_squares(rows: &[&Vec<f64>], column: usize) -> Option<Vec<f64>> {
    let mut m = vec![vec![0.0; column + 1]; column];
    for row in rows {
        let scale = row[..=column].iter().fold(1e-300_f64, |a, v| a.max(v.abs()));
        for i in 0..column {
            for j in 0..=column {
                m[i][j] += row[i] / scale * (row[j] / scale);
            }
        }
    }
    for pivot in 0..column {
        let best = (pivot..column).max_by(|a, b| m[*a][pivot].abs().total_cmp(&m[*b][pivot].abs()))?;
        m.swap(pivot, best);
        if m[pivot][pivot].abs() < 1e-13 {
            return None;
        }
        for i in (0..column).filter(|i| *i != pivot) {
            let factor = m[i][pivot] / m[pivot][pivot];
            for j in pivot..=column {
                let subtract = factor * m[pivot][j];
                m[i][j] -= subtract;
            }
        }
    }
    Some((0..column).map(|i| m[i][column] / m[i][i]).collect())
}

/// The rational of denominator at most 64 within 1e-6, when there is one.
fn nearby_rational(value: f64) -> Option<Rational> {
    (1..=64_i64).find_map(|d| {
        let n = libm::round(value * d as f64);
        ((value - n / d as f64).abs() < 1e-6 && n.abs() < 1e6).then(|| Rational::new(n as i64, d))
    })
}
