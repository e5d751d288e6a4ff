//! Determinants of trigammas, and what is divided by them → sums of positive terms.
//!
//! With uᵢ = 1/ψ₁(aᵢ), s = Σ aᵢ and G = 1/ψ₁(s) − Σ uᵢ > 0, the determinant of diag ψ₁(aᵢ) − ψ₁(s) is Π ψ₁(aᵢ)·ψ₁(s)·G, and G telescopes
//! into `trigamma_gap`s of two arguments. In a quotient by it, 1/ψ₁(s) = G + Σ uᵢ leaves no difference: the cofactor
//! `(trigamma(b) - trigamma(a + b))/det` is u + u²/G for u = 1/ψ₁(a). Where G stands as the sum of reciprocals that it is, it is
//! written by the same gaps, and u·v/G with the quotient u/G first.

use super::walk::{Work, argument, factors, rewrite, terms};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// The expressions with such determinants replaced.
pub(super) fn trigamma_determinants(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    // Products before the powers in them.
    let divided = rewrite(store, root, |store, e| match store[e] {
        Node::Product(_) => quotient(store, &mut work, e).unwrap_or(e),
        _ => e,
    });
    let divided = rewrite(store, divided, |store, e| match store[e] {
        Node::Power(..) => quotient(store, &mut work, e).unwrap_or(e),
        _ => e,
    });
    let whole = rewrite(store, divided, |store, e| match store[e] {
        Node::Sum(_) => match determinant(store, &mut work, e) {
            Some(found) => found.value(store),
            None => reciprocals(store, &mut work, e).unwrap_or(e),
        },
        _ => e,
    });
    rewrite(store, whole, |store, e| match store[e] {
        Node::Product(_) => over_gaps(store, e).unwrap_or(e),
        _ => e,
    })
}

/// factor·Π ψ₁(aᵢ)·ψ₁(s)·G.
struct Determinant {
    factor: Expr,
    /// aᵢ, in structural order.
    parts: Vec<Expr>,
    /// s = Σ aᵢ.
    total: Expr,
}

impl Determinant {
    fn value(&self, store: &mut Store) -> Expr {
        let mut list: Vec<Expr> = self.parts.iter().map(|a| store.call_named("trigamma", [*a])).collect();
        list.push(store.call_named("trigamma", [self.total]));
        list.push(self.gap(store));
        list.push(self.factor);
        store.product(list)
    }

    fn gap(&self, store: &mut Store) -> Expr {
        gap(store, &self.parts)
    }
}

/// G as a sum of gaps of two arguments.
fn gap(store: &mut Store, parts: &[Expr]) -> Expr {
    let mut sum = parts[0];
    let mut gaps = Vec::new();
    for part in &parts[1..] {
        gaps.push(store.call_named("trigamma_gap", [sum, *part]));
        sum = store.add(sum, *part);
    }
    store.sum(gaps)
}

/// c·(1/ψ₁(s) − Σ 1/ψ₁(aᵢ)) = c·G, where nothing else stands in the sum.
fn reciprocals(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let mut parts = Vec::new();
    for (c, term) in terms(store, e) {
        let (base, n) = store.base_and_power(term);
        let a = argument(store, base, "trigamma").filter(|_| n == -1)?;
        parts.push((c, a));
    }
    let first = parts.first()?.0.abs();
    if parts.len() < 3 || parts.iter().any(|(c, _)| c.abs() != first) {
        return None;
    }
    for at in 0..parts.len() {
        let (c, total) = parts[at].clone();
        let others: Vec<Expr> =
            parts.iter().enumerate().filter(|(i, (d, _))| *i != at && *d == -&c).map(|(_, p)| p.1).collect();
        if others.len() + 1 != parts.len() {
            continue;
        }
        let sum = store.sum(others.iter().copied());
        let difference = store.sub(total, sum);
        if others.iter().all(|a| work.is_positive(store, *a)) && work.is_zero(store, difference) {
            let gap = gap(store, &others);
            return Some(store.scale(&c, gap));
        }
    }
    None
}

/// u·R/G with u = 1/ψ₁(a) as `quotient(u, G)`·R: u·R may underflow where this does not.
fn over_gaps(store: &mut Store, e: Expr) -> Option<Expr> {
    let mut list = factors(store, e);
    let is_gap = |store: &Store, f: Expr| {
        let (base, n) = store.base_and_power(f);
        let each = terms(store, base);
        let gaps = each.iter().all(|(c, t)| {
            c.is_positive() && matches!(&store[*t], Node::Call(f, _) if f.row().name == "trigamma_gap")
        });
        (n == -1 && !each.is_empty() && gaps).then_some(base)
    };
    let below = list.iter().position(|f| is_gap(store, *f).is_some())?;
    let gap = is_gap(store, list[below])?;
    let above = list.iter().position(|f| {
        let (base, n) = store.base_and_power(*f);
        n < 0 && argument(store, base, "trigamma").is_some()
    })?;
    let (base, n) = store.base_and_power(list[above]);
    let u = store.powi(base, -1);
    list[below] = store.call_named("quotient", [u, gap]);
    if n == -1 {
        list.remove(above);
    } else {
        list[above] = store.powi(base, n + 1);
    }
    Some(store.product(list))
}

/// The trigammas of a term, each once, and what else it has.
fn trigammas(store: &mut Store, term: Expr) -> (Vec<Expr>, Expr) {
    let is_trigamma =
        |store: &Store, e: Expr| matches!(&store[e], Node::Call(f, _) if f.row().name == "trigamma");
    let (calls, rest): (Vec<Expr>, Vec<Expr>) =
        factors(store, term).into_iter().partition(|f| is_trigamma(store, *f));
    (calls, store.product(rest))
}

/// K + 1 products of K trigammas out of K + 1, one of the other sign: where it misses ψ₁(s), s is the sum of the other arguments.
fn determinant(store: &mut Store, work: &mut Work, e: Expr) -> Option<Determinant> {
    let list = terms(store, e);
    let degree = list.len().checked_sub(1).filter(|k| *k >= 2)?;
    let parts: Vec<(Rational, Vec<Expr>, Expr)> = list
        .iter()
        .map(|(c, t)| {
            let (calls, rest) = trigammas(store, *t);
            (c.clone(), calls, rest)
        })
        .collect();
    let mut all: Vec<Expr> = parts.iter().flat_map(|(_, calls, _)| calls.iter().copied()).collect();
    store.sort(&mut all);
    all.dedup();
    let (size, rest) = (parts[0].0.abs(), parts[0].2);
    let regular = parts.iter().all(|(c, calls, r)| calls.len() == degree && c.abs() == size && *r == rest);
    if all.len() != degree + 1 || !regular {
        return None;
    }
    let odd: Vec<&(Rational, Vec<Expr>, Expr)> = {
        let positive: Vec<_> = parts.iter().filter(|(c, ..)| c.is_positive()).collect();
        if positive.len() == 1 { positive } else { parts.iter().filter(|(c, ..)| c.is_negative()).collect() }
    };
    let [(c, calls, _)] = odd[..] else { return None };
    let inner = |store: &Store, call: Expr| store[call].children().next().expect("a call of one argument");
    let missing = |calls: &[Expr]| all.iter().copied().find(|t| !calls.contains(t));
    // Each trigamma is missing once.
    let mut gone: Vec<Expr> = parts.iter().filter_map(|(_, calls, _)| missing(calls)).collect();
    store.sort(&mut gone);
    gone.dedup();
    if gone.len() != all.len() {
        return None;
    }
    let total = inner(store, missing(calls)?);
    let arguments: Vec<Expr> = calls.iter().map(|call| inner(store, *call)).collect();
    let sum = store.sum(arguments.iter().copied());
    let difference = store.sub(total, sum);
    let known = arguments.iter().all(|a| work.is_positive(store, *a)) && work.is_zero(store, difference);
    let factor = store.scale(c, rest);
    known.then_some(Determinant { factor, parts: arguments, total })
}

/// What is divided by a determinant, written by uᵢ and G.
fn quotient(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let (c, body) = store.coefficient_and_term(e);
    let list = factors(store, body);
    let (below, found) = list.iter().find_map(|f| {
        let (base, n) = store.base_and_power(*f);
        (n == -1).then(|| Some((*f, determinant(store, work, base)?))).flatten()
    })?;
    let calls: Vec<Expr> =
        found.parts.iter().chain([&found.total]).map(|a| store.call_named("trigamma", [*a])).collect();
    let (inside, outside): (Vec<Expr>, Vec<Expr>) =
        list.into_iter().filter(|f| *f != below).partition(|f| store.mentions(*f, &calls));
    let symbols: Vec<Expr> = (0..found.parts.len()).map(|i| store.scalar(&format!("#u{i}"))).collect();
    let gap = store.scalar("#G");
    // ψ₁(aᵢ) → 1/uᵢ, ψ₁(s) → 1/(G + Σ uᵢ); the determinant is factor·G over all of these.
    let total = store.sum(symbols.iter().copied().chain([gap]));
    let mut images = Images::default();
    for (call, u) in calls.iter().zip(symbols.iter().chain([&total])) {
        images.insert(*call, store.powi(*u, -1));
    }
    let inside = store.product(inside);
    let mut numerator = vec![store.substitute(inside, &images), total];
    numerator.extend(&symbols);
    let numerator = store.product(numerator);
    let expanded = work.normal.expand(store, numerator).ok()?;
    let value = over_gap(store, &found, expanded, &symbols, gap)?;
    let mut outside = outside;
    outside.push(value);
    outside.push(store.powi(found.factor, -1));
    let product = store.product(outside);
    Some(store.scale(&c, product))
}

/// A polynomial in uᵢ and G, divided by G: terms that hold G lose it, the others share u/G.
fn over_gap(
    store: &mut Store,
    found: &Determinant,
    polynomial: Expr,
    symbols: &[Expr],
    gap: Expr,
) -> Option<Expr> {
    let (mut whole, mut over) = (Vec::new(), Vec::new());
    for (c, term) in terms(store, polynomial) {
        let mut list = factors(store, term);
        match list.iter().position(|f| store.base_and_power(*f).0 == gap) {
            Some(at) => {
                let (_, n) = store.base_and_power(list[at]);
                list[at] = store.powi(gap, n - 1);
                whole.push((c, store.product(list)));
            }
            None => over.push((c, term)),
        }
    }
    let value = found.gap(store);
    let shared = symbols.iter().copied().find(|u| over.iter().all(|(_, t)| power_of(store, *t, *u) > 0));
    let mut sum = whole;
    if let Some(u) = shared {
        let rest: Vec<(Rational, Expr)> =
            over.iter().map(|(c, t)| (c.clone(), lowered(store, *t, u))).collect();
        let rest = store.linear(rest);
        let ratio = store.call_named("quotient", [u, gap]);
        sum.push((Rational::ONE, store.mul(ratio, rest)));
    } else {
        let rest = store.linear(over);
        sum.push((Rational::ONE, store.div(rest, gap)));
    }
    let sum = store.linear(sum);
    let mut back = Images::default();
    for (u, a) in symbols.iter().zip(&found.parts) {
        let call = store.call_named("trigamma", [*a]);
        back.insert(*u, store.powi(call, -1));
    }
    back.insert(gap, value);
    Some(store.substitute(sum, &back))
}

fn power_of(store: &Store, term: Expr, base: Expr) -> i64 {
    factors(store, term)
        .iter()
        .map(|f| store.base_and_power(*f))
        .filter(|(b, _)| *b == base)
        .map(|(_, n)| n)
        .sum()
}

/// The term with one power less of a factor that it has.
fn lowered(store: &mut Store, term: Expr, base: Expr) -> Expr {
    let mut list = factors(store, term);
    if let Some(at) = list.iter().position(|f| store.base_and_power(*f).0 == base) {
        let (_, n) = store.base_and_power(list[at]);
        if n == 1 {
            list.remove(at);
        } else {
            list[at] = store.powi(base, n - 1);
        }
    }
    store.product(list)
}
