//! Sums and products up to an integer n, by induction.
//!
//! Σ_{k=1}^{n} k = n(n + 1)/2 for n ≥ 1: it holds for n = 1, and (n + 1)(n + 2)/2 − n(n + 1)/2 = n + 1 is the term that
//! is added. Used only where the declarations alone make both sides defined.

use super::knowledge::Knowledge;
use super::prove::{Claim, prove_within};
use super::sign::Signs;
use super::verdict::{Proof, Verdict};
use crate::expr::{Binder, Expr, Fact, Images, Node, Store};
use crate::number::Rational;
use crate::syntax::Relation;

/// The rules of a proof by induction over an integer variable that ends a range.
pub(super) fn by_induction(claim: &mut Claim, depth: u32) -> Option<Vec<String>> {
    // Without this a value of n at which neither side exists would break the chain.
    let mut known = Knowledge::with_atoms(claim.store, claim.facts, &claim.given);
    let atoms: Vec<_> = claim.left.atoms.iter().chain(&claim.right.atoms).cloned().collect();
    if !atoms.iter().all(|atom| known.implies(claim.store, atom)) {
        return None;
    }
    let variables = claim.domain.variables.clone();
    let (left, right) = (claim.left.value, claim.right.value);
    for n in variables {
        if !claim.store.is_integer(n) {
            continue;
        }
        let Some((start, others)) = start(claim.store, claim.facts, n) else { continue };
        if let Some(rules) = steps(claim.store, left, right, n, &start, claim.facts, &others, depth) {
            return Some(rules);
        }
    }
    None
}

/// The least value of n, and the facts that do not bound it from below; n must be free to go down to it.
fn start(store: &mut Store, facts: &[Fact], n: Expr) -> Option<(Rational, Vec<Fact>)> {
    let mut least: Option<Rational> = None;
    let mut others = Vec::new();
    for fact in facts {
        let (e, strict) = match fact {
            Fact::Positive(e) => (*e, true),
            Fact::NonNegative(e) => (*e, false),
            Fact::Integer(e) | Fact::Real(e) if *e == n => continue,
            _ if mentions(store, fact, n) => return None,
            _ => {
                others.push(fact.clone());
                continue;
            }
        };
        if !store.mentions(e, &[n]) {
            others.push(fact.clone());
            continue;
        }
        let terms = match &store[e] {
            Node::Sum(terms) => terms.to_vec(),
            _ => vec![(Rational::ONE, e)],
        };
        let (slope, rest): (Vec<_>, Vec<_>) = terms.into_iter().partition(|(_, t)| *t == n);
        let [(c, _)] = slope.as_slice() else { return None };
        if rest.iter().any(|(_, t)| store.mentions(*t, &[n])) {
            return None;
        }
        if c.is_negative() {
            // An upper bound: with n, all smaller values belong to the domain.
            others.push(fact.clone());
            continue;
        }
        let constant = match rest.as_slice() {
            [] => Rational::ZERO,
            [(c, t)] if *t == Store::ONE => c.clone(),
            _ => return None,
        };
        let bound = -(&constant / c);
        let ceiling = -(-&bound).floor();
        let bound = if strict && ceiling == bound { ceiling + Rational::ONE } else { ceiling };
        least = Some(match least {
            Some(known) if known > bound => known,
            _ => bound,
        });
    }
    Some((least?, others))
}

fn mentions(store: &Store, fact: &Fact, n: Expr) -> bool {
    match fact {
        Fact::Positive(e)
        | Fact::NonNegative(e)
        | Fact::NonZero(e)
        | Fact::Zero(e)
        | Fact::Real(e)
        | Fact::Integer(e) => store.mentions(*e, &[n]),
        Fact::OneOf(e, values) => store.mentions(*e, &[n]) || values.iter().any(|v| store.mentions(*v, &[n])),
        Fact::Sphere(list) => list.contains(&n),
        Fact::PositiveDefinite(rows) => rows.iter().flatten().any(|e| store.mentions(*e, &[n])),
    }
}

#[allow(clippy::too_many_arguments, reason = "one induction, stated whole")]
fn steps(
    store: &mut Store,
    left: Expr,
    right: Expr,
    n: Expr,
    start: &Rational,
    facts: &[Fact],
    others: &[Fact],
    depth: u32,
) -> Option<Vec<String>> {
    let ranges = ending_in(store, &[left, right], n)?;
    // The base: both sides at the start.
    let first = store.number(start.clone());
    let at_start = Images::from_iter([(n, first)]);
    let base = store.substitute_all(&[left, right], &at_start);
    let base_facts: Option<Vec<Fact>> = others
        .iter()
        .map(|fact| match fact {
            Fact::Positive(e) => Some(Fact::Positive(store.substitute(*e, &at_start))),
            Fact::NonNegative(e) => Some(Fact::NonNegative(store.substitute(*e, &at_start))),
            fact if !mentions(store, fact, n) => Some(fact.clone()),
            _ => None,
        })
        .collect();
    let base = prove_within(store, base[0], Relation::Equal, base[1], &base_facts?, depth - 1);
    // The step: each range to n + 1 is the one to n and its last term.
    let next = store.add(n, Store::ONE);
    let mut images = Images::from_iter([(n, next)]);
    let mut ratio = None;
    for range in &ranges {
        let Node::Range { binder, from, to, body } = store[*range].clone() else { return None };
        let end = store.substitute(to, &Images::from_iter([(n, next)]));
        let shifted = store.instantiate(body, end);
        let shifted = if store.mentions(body, &[n]) { return None } else { shifted };
        // The range must reach its lower end at the start already, for n + 1 to add exactly one term.
        let room = store.sub(to, from);
        let room = store.add(room, Store::ONE);
        let mut known = Knowledge::new(store, facts);
        if !known.signs(store, room).within(Signs::NONNEGATIVE) {
            return None;
        }
        match binder {
            Binder::Sum => images.insert(*range, store.add(*range, shifted)),
            Binder::Product => {
                ratio = Some(shifted);
                images.insert(*range, store.mul(*range, shifted))
            }
            Binder::Integral => return None,
        };
    }
    let advanced = store.substitute_all(&[left, right], &images);
    let (a, b) = match ratio {
        None => {
            // Telescoping: L(n + 1) − L(n) = R(n + 1) − R(n).
            (store.sub(advanced[0], left), store.sub(advanced[1], right))
        }
        // With Π = g(n), g(n)·f(n + 1) = g(n + 1).
        Some(factor) if ranges.len() == 1 && ranges[0] == left => (store.mul(right, factor), advanced[1]),
        Some(factor) if ranges.len() == 1 && ranges[0] == right => (store.mul(left, factor), advanced[0]),
        Some(_) => return None,
    };
    let step = prove_within(store, a, Relation::Equal, b, facts, depth - 1);
    let mut rules = vec!["induction".to_owned()];
    for verdict in [base, step] {
        match verdict {
            Verdict::Proved(Proof { rules: used, conditions, .. }) if conditions.is_empty() => {
                rules.extend(used)
            }
            _ => return None,
        }
    }
    rules.sort();
    rules.dedup();
    Some(rules)
}

/// The ranges that end at n + c and mention n nowhere else.
fn ending_in(store: &mut Store, roots: &[Expr], n: Expr) -> Option<Vec<Expr>> {
    let mut found = Vec::new();
    for e in store.post_order(roots) {
        let Node::Range { from, to, body, .. } = store[e].clone() else { continue };
        if store.free_bound(e) > 0 {
            return None;
        }
        if !store.mentions(e, &[n]) {
            continue;
        }
        let slope = store.sub(to, n);
        if store.mentions(slope, &[n]) || store.mentions(from, &[n]) || store.mentions(body, &[n]) {
            return None;
        }
        found.push(e);
    }
    (!found.is_empty()).then_some(found)
}
