//! Logarithms with exact coefficients → terms C·log C − C·log M − C + M = kl_term(C, M) and a short remainder.
//!
//! `alpha*log(beta) + (alpha - 1)*log(x) + (1 - alpha)*log(alpha) + alpha - beta*x`: over the basis {alpha, 1} of the
//! coefficients it is alpha·log(beta·x/alpha) + log(alpha/x) + alpha − beta·x, that is −kl_term(alpha, beta·x) + log(alpha/x).
//! Every choice of a basis and of signs is exact; the one that leaves least is taken.

use std::collections::BTreeMap;

use super::sum::{Log, Reader};
use crate::algebra::Fraction;
use crate::algebra::polynomial::{Monomial, Polynomial};
use crate::number::Rational;

/// Free choices of signs that are tried, at most, as basis elements.
const MOST_FREE: usize = 3;
/// Exponents of arguments within M, at most.
const LARGEST_EXPONENT: i64 = 4;

/// scale·kl_term(c, m).
#[derive(Clone, Debug)]
pub(super) struct Pair {
    pub scale: Rational,
    pub c: Fraction,
    pub m: Fraction,
    /// log(m/c) as powers of the logarithms.
    pub shift: Vec<(usize, Rational)>,
}

/// coefficient·log Π uᵢ^powerᵢ.
#[derive(Clone, Debug)]
pub(super) struct Plain {
    pub coefficient: Fraction,
    pub powers: Vec<(usize, Rational)>,
}

/// Σ pairs + Σ plain + rest.
#[derive(Clone, Debug)]
pub(super) struct Pairing {
    pub pairs: Vec<Pair>,
    pub plain: Vec<Plain>,
    pub rest: Fraction,
    score: Score,
}

/// What is left, whether signs are mixed, plain logarithms, size of the terms.
type Score = (u64, bool, usize, u64);

/// How much there is to read in a form; 0 for 0.
pub(super) fn weight(form: &Fraction) -> u64 {
    if form.is_zero() {
        return 0;
    }
    let terms = |p: &Polynomial| p.term_count() as u64;
    16 * terms(form.numerator())
        + 4 * terms(form.denominator())
        + form.denominator().total_degree()
        + form.numerator().total_degree()
}

/// An element of a basis of the coefficients.
struct Element {
    c: Fraction,
    /// The sign of c·log c in the sum, where that occurs.
    own: Option<Rational>,
    nonnegative: bool,
    /// The coefficients of the logarithms in this direction.
    powers: Vec<(usize, Rational)>,
}

/// The best pairing of Σ cᵢ·log uᵢ + rest; `None` when none has a pair.
pub(super) fn pair(reader: &mut Reader, logs: &[Log], rest: &Fraction) -> Option<Pairing> {
    let space = Space::new(reader, logs)?;
    let mut best: Option<Pairing> = None;
    let mut tried: Vec<Vec<Fraction>> = Vec::new();
    for order in space.orders() {
        let Some(elements) = space.elements(reader, logs, &order) else { continue };
        let key: Vec<Fraction> = elements.iter().map(|e| e.c.clone()).collect();
        if tried.contains(&key) {
            continue;
        }
        tried.push(key);
        for found in choices(reader, logs, rest, &elements) {
            if best.as_ref().is_none_or(|b| found.score < b.score) {
                best = Some(found);
            }
        }
    }
    best.filter(|b| !b.pairs.is_empty())
}

/// The coefficients as vectors over ℚ.
struct Space {
    /// c·denominator of each coefficient.
    vectors: Vec<Polynomial>,
    denominator: Fraction,
    /// Arguments u that occur as q·u·log u, with q.
    own: Vec<(Fraction, Rational)>,
    /// Coefficients and their differences, short ones first.
    others: Vec<Fraction>,
}

impl Space {
    fn new(reader: &Reader, logs: &[Log]) -> Option<Space> {
        let mut denominator = Polynomial::one();
        for log in logs {
            denominator = denominator.lcm(log.coefficient.denominator(), &reader.budget).ok()?;
        }
        let denominator = Fraction::from(denominator);
        let vectors = logs
            .iter()
            .map(|log| reader.mul(&log.coefficient, &denominator).ok()?.as_polynomial().cloned())
            .collect::<Option<Vec<_>>>()?;
        let mut own = Vec::new();
        for log in logs {
            if let Some(q) = own_coefficient(reader, log) {
                own.push((log.value.clone(), q));
            }
        }
        let mut others: Vec<Fraction> = Vec::new();
        for log in logs {
            push_new(reader, &mut others, &log.coefficient);
        }
        if others.len() <= 4 {
            for (i, a) in others.clone().iter().enumerate() {
                for b in &others.clone()[i + 1..] {
                    push_new(reader, &mut others, &a.sub(b, &reader.budget).ok()?);
                    push_new(reader, &mut others, &reader.add(a, b).ok()?);
                }
            }
        }
        others.sort_by_key(weight);
        Some(Space { vectors, denominator, own, others })
    }

    /// Lists of candidates of which the first independent ones become a basis.
    fn orders(&self) -> Vec<Vec<(Fraction, Option<Rational>)>> {
        let signed = |negative: bool| {
            self.own
                .iter()
                .filter(move |(_, q)| q.is_negative() == negative)
                .map(|(c, q)| (c.clone(), Some(q.clone())))
                .collect::<Vec<_>>()
        };
        let others = || self.others.iter().map(|c| (c.clone(), None)).collect::<Vec<_>>();
        let one = || vec![(Fraction::one(), None)];
        let mut orders = Vec::new();
        for first in [signed(false), signed(true), Vec::new()] {
            orders.push([first.clone(), one(), others()].concat());
            orders.push([first, others(), one()].concat());
        }
        orders
    }

    /// The first independent candidates that span all coefficients, with every coefficient in their terms.
    fn elements(
        &self,
        reader: &mut Reader,
        logs: &[Log],
        order: &[(Fraction, Option<Rational>)],
    ) -> Option<Vec<Element>> {
        let mut span = Span::default();
        let mut chosen: Vec<(Fraction, Option<Rational>)> = Vec::new();
        for (c, own) in order {
            if self.vectors.iter().all(|v| span.combination(v).is_some()) {
                break;
            }
            let Some(vector) = reader.mul(c, &self.denominator).ok()?.as_polynomial().cloned() else {
                continue;
            };
            if span.insert(&vector) {
                chosen.push((c.clone(), own.clone()));
            }
        }
        let mut elements: Vec<Element> = chosen
            .into_iter()
            .map(|(c, own)| Element { c, own, nonnegative: false, powers: Vec::new() })
            .collect();
        for (at, vector) in self.vectors.iter().enumerate().take(logs.len()) {
            for (element, q) in elements.iter_mut().zip(span.combination(vector)?) {
                if !q.is_zero() {
                    element.powers.push((at, q));
                }
            }
        }
        elements.retain(|e| !e.powers.is_empty());
        for element in &mut elements {
            element.nonnegative = reader.is_nonnegative(&element.c);
            let opposite = -&element.c;
            if !element.nonnegative && element.own.is_none() && reader.is_nonnegative(&opposite) {
                element.c = opposite;
                element.nonnegative = true;
                element.powers.iter_mut().for_each(|(_, q)| *q = -&*q);
            }
        }
        Some(elements)
    }
}

/// q where the coefficient of log u is q·u, or ±u up to a number.
fn own_coefficient(reader: &Reader, log: &Log) -> Option<Rational> {
    let ratio = log.coefficient.div(&log.value, &reader.budget).ok()?.and_then(|q| q.as_constant());
    if log.value.as_constant().is_some() {
        return None;
    }
    ratio.or_else(|| {
        [Rational::ONE, Rational::MINUS_ONE].into_iter().find(|sign| {
            let rest = log.coefficient.sub(&log.value.scale(sign), &reader.budget);
            rest.is_ok_and(|rest| rest.as_constant().is_some())
        })
    })
}

/// Adds what is no rational multiple of a form in the list.
fn push_new(reader: &Reader, list: &mut Vec<Fraction>, form: &Fraction) {
    let known = |other: &Fraction| {
        form.div(other, &reader.budget).ok().flatten().is_some_and(|q| q.as_constant().is_some())
    };
    if !form.is_zero() && !list.iter().any(known) {
        list.push(form.clone());
    }
}

/// Linear combinations over ℚ.
#[derive(Default)]
struct Span {
    /// Reduced vectors with a leading monomial each, and their combination of the inserted ones.
    rows: Vec<(Monomial, BTreeMap<Monomial, Rational>, Vec<Rational>)>,
}

impl Span {
    /// What is left of a vector, and minus the combination that was taken away.
    fn reduce(&self, vector: &Polynomial) -> (BTreeMap<Monomial, Rational>, Vec<Rational>) {
        let mut left: BTreeMap<Monomial, Rational> = vector.terms().collect();
        let mut combination = vec![Rational::ZERO; self.rows.len()];
        for (pivot, row, of) in &self.rows {
            let Some(c) = left.get(pivot).cloned() else { continue };
            let factor = &c / &row[pivot];
            for (monomial, value) in row {
                let entry = left.entry(monomial.clone()).or_insert(Rational::ZERO);
                *entry = &*entry - &(&factor * value);
            }
            left.retain(|_, c| !c.is_zero());
            for (total, part) in combination.iter_mut().zip(of) {
                *total = &*total + &(&factor * part);
            }
        }
        (left, combination)
    }

    /// The vector in terms of the inserted ones.
    fn combination(&self, vector: &Polynomial) -> Option<Vec<Rational>> {
        let (left, combination) = self.reduce(vector);
        left.is_empty().then_some(combination)
    }

    /// Adds a vector that is independent of those before.
    fn insert(&mut self, vector: &Polynomial) -> bool {
        let (left, combination) = self.reduce(vector);
        let Some(pivot) = left.keys().next().cloned() else { return false };
        let mut of: Vec<Rational> = combination.iter().map(|q| -q).collect();
        of.push(Rational::ONE);
        self.rows.push((pivot, left, of));
        true
    }
}

/// The pairings over one basis.
fn choices(reader: &mut Reader, logs: &[Log], rest: &Fraction, elements: &[Element]) -> Vec<Pairing> {
    let options: Vec<Vec<Option<Pair>>> = elements.iter().map(|e| pairs_of(reader, logs, e)).collect();
    let free = options.iter().filter(|list| list.len() > 1).count();
    let mut chosen: Vec<Vec<usize>> = vec![Vec::new()];
    if free <= MOST_FREE {
        for list in &options {
            chosen = chosen
                .iter()
                .flat_map(|front| (0..list.len()).map(|i| [front.as_slice(), &[i]].concat()))
                .collect();
        }
    } else {
        // All alike: the first option, or the second.
        chosen = (0..2).map(|i| options.iter().map(|list| i.min(list.len() - 1)).collect()).collect();
    }
    chosen.iter().filter_map(|choice| pairing(reader, logs, rest, elements, &options, choice)).collect()
}

/// What may become of one element: pairs of some scales, or plain logarithms.
fn pairs_of(reader: &mut Reader, logs: &[Log], element: &Element) -> Vec<Option<Pair>> {
    let scales: Vec<Rational> = match &element.own {
        Some(own) => vec![own.clone()],
        None => {
            [(1, 1), (-1, 1), (1, 2), (-1, 2), (2, 1), (-2, 1)].map(|(n, d)| Rational::new(n, d)).to_vec()
        }
    };
    let mut options = Vec::new();
    if element.nonnegative {
        options.extend(scales.iter().filter_map(|scale| pair_of(reader, logs, element, scale)).map(Some));
    }
    if element.own.is_none() || options.is_empty() {
        options.push(None);
    }
    options
}

/// C·Σ λᵢ·log uᵢ = scale·(C·log C − C·log M) for M = C·Π uᵢ^(−λᵢ/scale), with integer exponents and M > 0.
fn pair_of(reader: &mut Reader, logs: &[Log], element: &Element, scale: &Rational) -> Option<Pair> {
    let mut m = element.c.clone();
    let mut shift = Vec::new();
    for (at, q) in &element.powers {
        let power = -&(q / scale);
        let n = power.as_i64().filter(|n| n.abs() <= LARGEST_EXPONENT)?;
        let factor = logs[*at].value.pow(n, &reader.budget).ok()??;
        m = reader.mul(&m, &factor).ok()?;
        shift.push((*at, power));
    }
    // Exponentials and logarithms of their sums are left to the forms that know both.
    let exponents = shift.iter().filter(|(at, _)| logs[*at].exponent.is_some()).count();
    (exponents == 0 || exponents == shift.len()).then(|| Pair {
        scale: scale.clone(),
        c: element.c.clone(),
        m,
        shift,
    })
}

fn pairing(
    reader: &mut Reader,
    logs: &[Log],
    rest: &Fraction,
    elements: &[Element],
    options: &[Vec<Option<Pair>>],
    choice: &[usize],
) -> Option<Pairing> {
    let (mut pairs, mut plain) = (Vec::new(), Vec::new());
    let mut parts = vec![rest.clone()];
    for ((element, list), i) in elements.iter().zip(options).zip(choice) {
        match &list[*i] {
            Some(pair) => {
                parts.push(pair.c.sub(&pair.m, &reader.budget).ok()?.scale(&pair.scale));
                pairs.push(pair.clone());
            }
            None => {
                let (exponents, powers): (Vec<_>, Vec<_>) =
                    element.powers.iter().cloned().partition(|(at, _)| logs[*at].exponent.is_some());
                for (at, q) in exponents {
                    let exponent = logs[at].exponent.as_ref()?;
                    parts.push(reader.mul(&element.c, exponent).ok()?.scale(&q));
                }
                if !powers.is_empty() {
                    plain.push(Plain { coefficient: element.c.clone(), powers });
                }
            }
        }
    }
    let rest = Fraction::sum(parts.iter(), &reader.budget).ok()?;
    let mixed = pairs.iter().any(|p| p.scale.is_negative()) && pairs.iter().any(|p| p.scale.is_positive());
    let size = pairs.iter().map(|p| weight(&p.c) + weight(&p.m)).sum();
    let score = (weight(&rest), mixed, plain.len(), size);
    Some(Pairing { pairs, plain, rest, score })
}
