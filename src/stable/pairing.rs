//! Logarithms with exact coefficients → terms C·log C − C·log M − C + M = kl_term(C, M) and a short remainder.
//!
//! `alpha*log(beta) + (alpha - 1)*log(x) + (1 - alpha)*log(alpha) + alpha - beta*x`: over the basis {alpha, 1} of the
//! coefficients it is alpha·log(beta·x/alpha) + log(alpha/x) + alpha − beta·x, that is −kl_term(alpha, beta·x) + log(alpha/x).
//! Every choice of a basis and of signs is exact; the one that leaves least is taken.

use std::collections::BTreeMap;

use super::sum::{Log, Reader};
use crate::algebra::Fraction;
use crate::algebra::polynomial::{Budget, Monomial, Polynomial};
use crate::number::Rational;

/// Free choices of signs that are tried, at most, as basis elements.
const MOST_FREE: usize = 3;
/// Logarithms of a constant element that is split in two, at most.
const MOST_SPLIT: usize = 8;
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

impl Pairing {
    /// Of a sum in which nothing is left to pair.
    pub fn nothing() -> Pairing {
        Pairing { pairs: Vec::new(), plain: Vec::new(), rest: Fraction::zero(), score: (0, 0, 0) }
    }
}

/// What is left, plain logarithms, size of the terms.
type Score = (u64, usize, u64);

/// How much there is to read in a form; 0 for 0.
pub(super) fn weight(form: &Fraction) -> u64 {
    if form.is_zero() {
        return 0;
    }
    let terms = |p: &Polynomial| p.term_count() as u64;
    let numerator = form.numerator();
    let own = match numerator.term_count() {
        3 | 6 => match numerator.primitive_part().root(2, &Budget::default()) {
            Ok(Some(root)) => 16 * terms(&root) - 8,
            _ => 16 * terms(numerator),
        },
        count => 16 * count as u64,
    };
    own + 4 * terms(form.denominator()) + form.denominator().total_degree() + numerator.total_degree()
}

/// An element of a basis of the coefficients.
#[derive(Clone)]
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
        let Some(basis) = space.basis(reader, &order) else { continue };
        let key: Vec<Fraction> = basis.chosen.iter().map(|(c, _)| c.clone()).collect();
        if tried.contains(&key) {
            continue;
        }
        tried.push(key);
        let Some(elements) = space.elements(reader, basis) else { continue };
        let split = split_constants(&elements);
        for elements in std::iter::once(elements).chain(split) {
            for found in choices(reader, logs, rest, &elements) {
                if best.as_ref().is_none_or(|b| found.score < b.score) {
                    best = Some(found);
                }
            }
        }
        // Nothing is left, and no weight stands before a logarithm.
        let done =
            |b: &Pairing| b.rest.is_zero() && b.plain.iter().all(|p| p.coefficient.as_constant().is_some());
        if best.as_ref().is_some_and(done) {
            break;
        }
    }
    best.filter(|b| !b.pairs.is_empty())
}

/// The logarithms by directions of their coefficients, with 1 among them, where that takes fewer directions than there are
/// coefficients and each direction but 1 has logarithms of both signs.
pub(super) fn directions(reader: &mut Reader, logs: &[Log]) -> Option<Vec<Plain>> {
    let space = Space::new(reader, logs)?;
    let one = vec![(Fraction::one(), None)];
    let coefficients = space.coefficients.iter().flat_map(|c| {
        // (k − 1)·log x: the direction k.
        let whole = c.add(&Fraction::one(), &reader.budget).ok();
        let less = c.sub(&Fraction::one(), &reader.budget).ok();
        [Some(c.clone()), whole, less].into_iter().flatten().min_by_key(weight)
    });
    let order: Vec<_> = one.into_iter().chain(coefficients.map(|c| (c, None))).collect();
    let basis = space.basis(reader, &order)?;
    let elements = space.elements(reader, basis)?;
    let both = |e: &Element| {
        e.powers.iter().any(|(_, q)| q.is_positive()) && e.powers.iter().any(|(_, q)| q.is_negative())
    };
    let pure = logs.iter().all(|log| log.value.numerator().term_count() == 1 && log.exponent.is_none());
    let useful = elements.len() < space.coefficients.len()
        && elements.iter().all(|e| e.c.as_constant().is_some() || both(e));
    (pure && useful)
        .then(|| elements.into_iter().map(|e| Plain { coefficient: e.c, powers: e.powers }).collect())
}

/// The coefficients as vectors over ℚ.
struct Space {
    /// c·denominator of each coefficient.
    vectors: Vec<Polynomial>,
    denominator: Fraction,
    /// Arguments u that occur as q·u·log u, with q.
    own: Vec<(Fraction, Rational)>,
    /// Coefficients, short ones first.
    coefficients: Vec<Fraction>,
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
            push_new(&mut others, &log.coefficient);
        }
        others.sort_by_cached_key(weight);
        let coefficients = others.clone();
        if others.len() <= 4 {
            for (i, a) in others.clone().iter().enumerate() {
                for b in &others.clone()[i + 1..] {
                    push_new(&mut others, &a.sub(b, &reader.budget).ok()?);
                    push_new(&mut others, &reader.add(a, b).ok()?);
                }
            }
        }
        others.sort_by_cached_key(weight);
        Some(Space { vectors, denominator, own, coefficients, others })
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
        let unsigned = |list: &[Fraction]| list.iter().map(|c| (c.clone(), None)).collect::<Vec<_>>();
        let (coefficients, others) = (unsigned(&self.coefficients), unsigned(&self.others));
        let one = || vec![(Fraction::one(), None)];
        let mut orders = Vec::new();
        for first in [signed(false), signed(true), Vec::new()] {
            orders.push([first.clone(), one(), others.clone()].concat());
            orders.push([first.clone(), others.clone()].concat());
            orders.push([first, coefficients.clone(), one()].concat());
        }
        orders
    }

    /// The first independent candidates that span all coefficients.
    fn basis(&self, reader: &Reader, order: &[(Fraction, Option<Rational>)]) -> Option<Basis> {
        let mut basis = Basis::default();
        for (c, own) in order {
            if self.vectors.iter().all(|v| basis.span.combination(v).is_some()) {
                break;
            }
            let Some(vector) = reader.mul(c, &self.denominator).ok()?.as_polynomial().cloned() else {
                continue;
            };
            if basis.span.insert(&vector) {
                basis.chosen.push((c.clone(), own.clone()));
            }
        }
        Some(basis)
    }

    /// The basis with every coefficient in its terms.
    fn elements(&self, reader: &mut Reader, basis: Basis) -> Option<Vec<Element>> {
        let Basis { span, chosen } = basis;
        let mut elements: Vec<Element> = chosen
            .into_iter()
            .map(|(c, own)| Element { c, own, nonnegative: false, powers: Vec::new() })
            .collect();
        for (at, vector) in self.vectors.iter().enumerate() {
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
    if log.value.as_constant().is_some() {
        return None;
    }
    log.coefficient.ratio(&log.value).or_else(|| {
        [Rational::ONE, Rational::MINUS_ONE].into_iter().find(|sign| {
            let rest = log.coefficient.sub(&log.value.scale(sign), &reader.budget);
            rest.is_ok_and(|rest| rest.as_constant().is_some())
        })
    })
}

/// Adds what is no rational multiple of a form in the list.
fn push_new(list: &mut Vec<Fraction>, form: &Fraction) {
    if !form.is_zero() && !list.iter().any(|known| form.ratio(known).is_some()) {
        list.push(form.clone());
    }
}

/// Independent coefficients, with the signs of those that occur as c·log c.
#[derive(Default)]
struct Basis {
    span: Span,
    chosen: Vec<(Fraction, Option<Rational>)>,
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

/// The basis with one constant element in two: log(a/b) + log(c/d) may be two terms kl_term(1, ·). The powers of each part
/// sum to 0.
fn split_constants(elements: &[Element]) -> Vec<Vec<Element>> {
    let mut result = Vec::new();
    for (i, element) in elements.iter().enumerate() {
        let count = element.powers.len();
        if element.c.as_constant().is_none() || !(4..=MOST_SPLIT).contains(&count) {
            continue;
        }
        // The first logarithm stands in the first part.
        for mask in 0..1u32 << (count - 1) {
            let (one, other): (Vec<_>, Vec<_>) = element
                .powers
                .iter()
                .cloned()
                .enumerate()
                .partition(|(at, _)| *at == 0 || mask >> (at - 1) & 1 == 1);
            let strip =
                |part: Vec<(usize, (usize, Rational))>| part.into_iter().map(|(_, p)| p).collect::<Vec<_>>();
            let (one, other) = (strip(one), strip(other));
            let balanced = |part: &[(usize, Rational)]| {
                !part.is_empty() && part.iter().fold(Rational::ZERO, |sum, (_, q)| &sum + q).is_zero()
            };
            if balanced(&one) && balanced(&other) {
                let with = |powers| Element {
                    c: element.c.clone(),
                    own: None,
                    nonnegative: element.nonnegative,
                    powers,
                };
                let mut list: Vec<Element> =
                    elements.iter().enumerate().filter(|(j, _)| *j != i).map(|(_, e)| e.clone()).collect();
                list.extend([with(one), with(other)]);
                result.push(list);
            }
        }
    }
    result
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
            let scales = [(1, 1), (-1, 1), (1, 2), (-1, 2), (2, 1), (-2, 1)];
            let count = if element.c.as_constant().is_some() { 6 } else { 2 };
            scales[..count].iter().map(|(n, d)| Rational::new(*n, *d)).collect()
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
    // Weights that are exponentials, with logarithms of their sums, are left to the forms that know both.
    let exponents = shift.iter().filter(|(at, _)| logs[*at].exponent.is_some()).count();
    let fixed = logs.iter().filter(|log| log.exponent.is_some()).all(|log| {
        let variables = log.value.numerator().variables();
        !variables.iter().any(|v| element.c.numerator().mentions(*v) || element.c.denominator().mentions(*v))
    });
    (exponents == 0 || exponents == shift.len() || fixed).then(|| Pair {
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
    let signs: Vec<bool> = options
        .iter()
        .zip(choice)
        .filter_map(|(list, i)| Some(list[*i].as_ref()?.scale.is_positive()))
        .collect();
    // Nothing paired, or differences of kl_terms, which cancel again.
    if signs.is_empty() || signs.iter().any(|s| *s != signs[0]) {
        return None;
    }
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
    let size = pairs.iter().map(|p| weight(&p.c) + weight(&p.m)).sum();
    let score = (weight(&rest), plain.len(), size);
    Some(Pairing { pairs, plain, rest, score })
}
