//! Facts to conditions on floats: `0 < p < 1` asks `p` and `1 - p` to be positive.
//!
//! Conditions that follow from others are left out: in the coordinates σ = exp(s) nothing is asked of s.

use crate::algebra::normalize::cost;
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::emit::{Guard, Test};
use crate::expr::{Expr, Fact, Node, Store};
use crate::number::Rational;
use crate::print::domain::conditions;
use crate::stats::coordinates::root_argument;
use crate::tape::Tape;
use crate::verify::necessary;

/// The facts as plain conditions, without those that follow from the others; of two that say the same, the plainer one.
///
/// `sqrt(m_2 - m_1^2) > 0` is `m_2 - m_1^2 > 0`, and `exp(t)/(exp(t) + 1) < 1` says nothing.
pub(super) fn independent(store: &mut Store, facts: &[Fact]) -> Vec<Fact> {
    let stated = facts.len();
    let facts = &[facts, &defined(store, facts)].concat();
    let mut sorted: Vec<(bool, u64, usize)> =
        facts.iter().enumerate().map(|(at, fact)| (at >= stated, price(store, fact), at)).collect();
    sorted.sort_unstable();
    let mut kept: Vec<(usize, Fact)> = Vec::new();
    for (_, _, at) in &sorted {
        let others: Vec<Fact> = kept.iter().map(|(_, fact)| fact.clone()).collect();
        if let Some(fact) = plain(store, &facts[*at], &others)
            && !follows(store, &fact, &others)
        {
            kept.push((*at, fact));
        }
    }
    let mut position = kept.len();
    while position > 0 {
        position -= 1;
        let (at, fact) = kept.remove(position);
        let others: Vec<Fact> = kept.iter().map(|(_, fact)| fact.clone()).collect();
        if !follows(store, &fact, &others) {
            kept.insert(position, (at, fact));
        }
    }
    kept.sort_unstable_by_key(|(at, _)| *at);
    kept.into_iter().map(|(_, fact)| fact).collect()
}

/// Where the expressions of the facts are defined, which a sign of theirs does not say: 1/m² > 0 asks m ≠ 0.
fn defined(store: &mut Store, facts: &[Fact]) -> Vec<Fact> {
    let mut found = Vec::new();
    for fact in facts {
        let list: Vec<Expr> = match fact {
            Fact::Positive(e)
            | Fact::NonNegative(e)
            | Fact::NonZero(e)
            | Fact::Zero(e)
            | Fact::Real(e)
            | Fact::Integer(e)
            | Fact::OneOf(e, _) => vec![*e],
            Fact::Sphere(list) => list.clone(),
            Fact::PositiveDefinite(rows) => rows.concat(),
        };
        for e in list {
            found.extend(necessary(store, e));
        }
    }
    found
}

fn price(store: &Store, fact: &Fact) -> u64 {
    match fact {
        Fact::Positive(e) | Fact::NonNegative(e) | Fact::NonZero(e) => cost(store, *e),
        _ => 0,
    }
}

/// An equivalent fact, given the others, without roots, denominators and factors of known sign; `None` where it says
/// nothing.
fn plain(store: &mut Store, fact: &Fact, others: &[Fact]) -> Option<Fact> {
    if let Fact::NonZero(e) = fact {
        return nonzero(store, *e, others);
    }
    if let Fact::NonNegative(e) = fact
        && is_nonnegative(store, *e, others)
    {
        return None;
    }
    let Fact::Positive(e) = fact else {
        let says = !matches!(fact, Fact::Real(e) if store.as_symbol(*e).is_none());
        return says.then(|| fact.clone());
    };
    let mut positive = *e;
    while let Some(inner) = root_argument(store, positive) {
        positive = inner;
    }
    let whole = Some(Fact::Positive(positive));
    let mut normalizer = Normalizer::new(Assumptions::new(store, others), Effort::Present);
    let Ok(form) = normalizer.normal(store, positive) else { return whole };
    let Ok((content, factors)) = normalizer.factors_of(store, &form) else { return whole };
    let mut sign = content.is_positive();
    let mut rest = Vec::new();
    for (factor, power) in factors {
        if normalizer.assumptions.is_positive(store, factor) {
            continue;
        }
        if normalizer.assumptions.is_negative(store, factor) {
            sign ^= power % 2 != 0;
        } else if power % 2 == 0 {
            // Positive unless it vanishes, which would be a condition of its own.
            return whole;
        } else {
            rest.push(factor);
        }
    }
    let product = store.product(rest);
    let image = if sign { product } else { store.neg(product) };
    if let Some(q) = store.as_number(image) {
        return if q.is_positive() { None } else { whole };
    }
    let image = above_one(store, image).unwrap_or(image);
    if cost(store, image) > cost(store, positive) { whole } else { Some(Fact::Positive(image)) }
}

/// Is a product of its factors, each to its power, certainly not negative?
fn is_nonnegative(store: &mut Store, e: Expr, others: &[Fact]) -> bool {
    let mut normalizer = Normalizer::new(Assumptions::new(store, others), Effort::Present);
    let Ok(form) = normalizer.normal(store, e) else { return false };
    let Ok((content, factors)) = normalizer.factors_of(store, &form) else { return false };
    let mut sign = !content.is_negative();
    for (factor, power) in factors {
        let known = &mut normalizer.assumptions;
        if power % 2 == 0 || known.is_nonnegative(store, factor) {
            continue;
        }
        let opposite = store.neg(factor);
        if !known.is_nonnegative(store, opposite) {
            return false;
        }
        sign = !sign;
    }
    sign
}

/// That the factors of an expression that may vanish do not.
fn nonzero(store: &mut Store, e: Expr, others: &[Fact]) -> Option<Fact> {
    let whole = Some(Fact::NonZero(e));
    let mut normalizer = Normalizer::new(Assumptions::new(store, others), Effort::Present);
    let Ok(form) = normalizer.normal(store, e) else { return whole };
    let Ok((content, factors)) = normalizer.factors_of(store, &form) else { return whole };
    if content.is_zero() {
        return whole;
    }
    let mut rest: Vec<Expr> = factors.into_iter().map(|(factor, _)| factor).collect();
    rest.retain(|factor| !normalizer.assumptions.is_nonzero(store, *factor));
    let product = store.product(rest);
    match store.as_number(product) {
        Some(_) => None,
        None if cost(store, product) > cost(store, e) => whole,
        None => Some(Fact::NonZero(product)),
    }
}

/// u of e^u − 1 and −u of 1 − e^u, which are positive together: near 0 the exponential would round to 1.
fn above_one(store: &mut Store, e: Expr) -> Option<Expr> {
    let Node::Sum(terms) = &store[e] else { return None };
    let constant = terms.iter().find(|(_, t)| *t == Store::ONE)?.0.clone();
    let [(c, power)] = terms.iter().filter(|(_, t)| *t != Store::ONE).collect::<Vec<_>>()[..] else {
        return None;
    };
    let Node::Call(function, arguments) = &store[*power] else { return None };
    let (c, u) = (c.clone(), arguments[0]);
    let is_one = c.abs().is_one() && constant == -&c && function.row().name == "exp";
    is_one.then(|| store.scale(&c, u))
}

fn follows(store: &mut Store, fact: &Fact, from: &[Fact]) -> bool {
    let mut assumptions = Assumptions::new(store, from);
    match fact {
        Fact::Positive(e) => {
            assumptions.is_positive(store, *e) || is_positive_by_squares(store, *e, assumptions)
        }
        Fact::NonNegative(e) => assumptions.is_nonnegative(store, *e),
        Fact::NonZero(e) => assumptions.is_nonzero(store, *e),
        _ => from.contains(fact),
    }
}

/// Is one of two terms not negative and its square above that of the other? c ≥ 0 and c² > a² say c > |a|, so c + a > 0.
fn is_positive_by_squares(store: &mut Store, e: Expr, known: Assumptions) -> bool {
    let Node::Sum(terms) = &store[e] else { return false };
    let [(p, c), (q, a)] = &terms[..] else { return false };
    let (p, c, q, a) = (p.clone(), *c, q.clone(), *a);
    let (c, a) = (store.scale(&p, c), store.scale(&q, a));
    let mut normalizer = Normalizer::new(known, Effort::Present);
    [(c, a), (a, c)].into_iter().any(|(large, small)| {
        if !normalizer.assumptions.is_nonnegative(store, large) {
            return false;
        }
        let (above, below) = (store.powi(large, 2), store.powi(small, 2));
        let gap = store.sub(above, below);
        let gap = normalizer.simplify(store, gap);
        normalizer.assumptions.is_positive(store, gap)
    })
}

/// Facts that were asked for, and those of them that do not follow from the others: a domain is that of many routines.
#[derive(Default)]
pub(super) struct Conditions(Vec<(Vec<Fact>, Vec<Fact>)>);

impl Conditions {
    fn independent(&mut self, store: &mut Store, facts: &[Fact]) -> Vec<Fact> {
        if let Some((_, known)) = self.0.iter().find(|(asked, _)| asked == facts) {
            return known.clone();
        }
        let found = independent(store, facts);
        self.0.push((facts.to_vec(), found.clone()));
        found
    }

    /// The guard of facts over flat inputs; `subjects` are the names its text is about. `None` when a fact has no test.
    pub fn guard(
        &mut self,
        store: &mut Store,
        facts: &[Fact],
        inputs: &[Expr],
        subjects: &[Expr],
    ) -> Option<Guard> {
        let facts = self.independent(store, facts);
        guard(store, &facts, inputs, subjects)
    }
}

/// The guard of independent facts.
fn guard(store: &mut Store, facts: &[Fact], inputs: &[Expr], subjects: &[Expr]) -> Option<Guard> {
    let mut asked: Vec<(Expr, Test)> = Vec::new();
    for fact in facts {
        asked.extend(tests(store, fact)?);
    }
    let text = conditions(store, facts, subjects).join(", ");
    let outputs: Vec<Expr> = asked.iter().map(|(e, _)| *e).collect();
    let tests = asked.into_iter().map(|(_, test)| test).collect();
    Some(Guard { tape: Tape::new(store, inputs, &outputs), tests, text })
}

/// What one fact asks of floats.
fn tests(store: &mut Store, fact: &Fact) -> Option<Vec<(Expr, Test)>> {
    Some(match fact {
        Fact::Positive(e) => vec![(*e, Test::Positive)],
        Fact::NonNegative(e) => vec![(*e, Test::NonNegative)],
        Fact::NonZero(e) => vec![(*e, Test::NonZero)],
        Fact::Zero(e) => vec![(room_for_rounding(store, *e), Test::NonNegative)],
        Fact::Real(_) => Vec::new(),
        Fact::Integer(e) => vec![(*e, Test::Integer)],
        Fact::OneOf(e, values) => {
            let values: Option<Vec<f64>> =
                values.iter().map(|v| store.as_number(*v).map(Rational::to_f64)).collect();
            vec![(*e, Test::OneOf(values?))]
        }
        Fact::Sphere(list) => {
            let squares: Vec<Expr> = list.iter().map(|e| store.powi(*e, 2)).collect();
            let sum = store.sum(squares);
            let excess = store.sub(sum, Store::ONE);
            vec![(excess, Test::Zero(ROUNDING * list.len() as f64))]
        }
        Fact::PositiveDefinite(rows) => {
            pivots(store, rows).into_iter().map(|pivot| (pivot, Test::Positive)).collect()
        }
    })
}

/// What roundings in a few additions may leave of an exact 0, where the terms are near 1.
const ROUNDING: f64 = 1e-12;

/// The roundings of a sum in floats less its absolute value: for x₁ + x₂ − n it is (|x₁| + |x₂| + |n|)/10¹² − |x₁ + x₂ − n|.
fn room_for_rounding(store: &mut Store, e: Expr) -> Expr {
    let terms = match &store[e] {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![(Rational::ONE, e)],
    };
    let sizes: Vec<(Rational, Expr)> =
        terms.into_iter().map(|(c, t)| (c.abs(), store.call_named("abs", [t]))).collect();
    let size = store.linear(sizes);
    let whole = store.call_named("abs", [e]);
    let share = Rational::new(1, 1_000_000_000_000);
    store.linear([(share, size), (Rational::MINUS_ONE, whole)])
}

/// The pivots of elimination: all positive where the leading minors are, since minor k is their product up to k.
fn pivots(store: &mut Store, rows: &[Vec<Expr>]) -> Vec<Expr> {
    let mut rest = rows.to_vec();
    let mut found = Vec::new();
    for k in 0..rest.len() {
        let pivot = rest[k][k];
        found.push(pivot);
        let above = rest[k].clone();
        for row in rest.iter_mut().skip(k + 1) {
            let factor = store.div(row[k], pivot);
            for (entry, other) in row.iter_mut().zip(&above).skip(k + 1) {
                let product = store.mul(factor, *other);
                *entry = store.sub(*entry, product);
            }
        }
    }
    found
}

/// Does the guard hold at these floats?
pub(super) fn holds(guard: &Guard, inputs: &[f64]) -> bool {
    let values = guard.tape.eval(inputs, ());
    inputs.iter().all(|v| v.is_finite()) && values.iter().zip(&guard.tests).all(|(v, test)| passes(test, *v))
}

fn passes(test: &Test, value: f64) -> bool {
    match test {
        Test::Positive => value > 0.0,
        Test::NonNegative => value >= 0.0,
        Test::NonZero => !value.is_nan() && value != 0.0,
        Test::Zero(tolerance) => value.abs() <= *tolerance,
        Test::Integer => value.is_finite() && value == libm::trunc(value),
        Test::OneOf(list) => list.contains(&value),
    }
}
