//! Declared equations put in, and finitely many values taken one by one.
//!
//! For `x + y = 1`, x² − y² = x − y becomes x² − (1 − x)² = x − (1 − x); for `x in {0, 1}`, x² = x is 0 = 0 and 1 = 1.

use super::domain::Side;
use super::knowledge::Knowledge;
use super::prove::{Claim, prove_within};
use super::sign::Signs;
use super::verdict::{Proof, Verdict};
use crate::calculus::Differentiator;
use crate::expr::{DerivativeKind, Expr, Fact, Images, Node, Store};
use crate::number::{Definedness, Rational};
use crate::syntax::Relation;
use crate::tape::{Enclosure, Tape};

/// Variables with more values are not taken apart.
const MOST_CASES: i64 = 40;

/// A proof of the claim from proofs of simpler ones.
pub(super) fn by_cases(claim: &mut Claim, depth: u32, one_domain: bool) -> Option<Proof> {
    let variables = claim.domain.variables.clone();
    let declared = claim.facts;
    for fact in declared {
        if let Fact::Zero(e) = fact
            && let Some((v, value)) = solved(claim.store, *e, &variables)
            && is_faithful(claim, v, value)
        {
            let rest: Vec<Fact> = declared.iter().filter(|f| *f != fact).cloned().collect();
            return prove_with(claim, &rest, v, value, depth, "substitution");
        }
    }
    for v in variables {
        let Some(values) = values(claim, v) else { continue };
        let mut joined = Proof::default();
        let mut count = 0;
        for value in values {
            let number = claim.store.number(value);
            if !is_faithful(claim, v, number) {
                return None;
            }
            if is_excluded(claim.store, claim.facts, v, number) {
                continue;
            }
            let facts = claim.facts.to_vec();
            let proof = prove_with(claim, &facts, v, number, depth, "cases")?;
            joined.rules.extend(proof.rules);
            count += 1;
        }
        joined.rules.sort();
        joined.rules.dedup();
        return (count > 0).then_some(joined);
    }
    by_signs(claim, depth, one_domain).or_else(|| by_derivative(claim, depth))
}

/// The claim for v > 0, for v < 0 and at v = 0, for a variable in an absolute value or a sign.
fn by_signs(claim: &mut Claim, depth: u32, one_domain: bool) -> Option<Proof> {
    let (left, right) = (claim.left.written, claim.right.written);
    let v =
        claim.store.post_order(&[claim.left.value, claim.right.value]).into_iter().find_map(
            |e| match &claim.store[e] {
                Node::Call(f, arguments) if matches!(f.row().name, "abs" | "sign") => {
                    claim.domain.variables.contains(&arguments[0]).then_some(arguments[0])
                }
                _ => None,
            },
        )?;
    let opposite = claim.store.neg(v);
    let mut joined = Proof { example: None, rules: vec!["cases".to_owned()], conditions: Vec::new() };
    for side in [v, opposite] {
        let mut facts = claim.facts.to_vec();
        facts.push(Fact::Positive(side));
        if claim.facts.contains(&facts[facts.len() - 1]) {
            return None;
        }
        match prove_within(claim.store, left, claim.relation, right, &facts, depth - 1) {
            Verdict::Proved(proof) if proof.conditions.is_empty() => joined.rules.extend(proof.rules),
            _ => return None,
        }
    }
    // Where v = 0 makes one side undefined, and both have one domain, there is nothing to show.
    let excluded = one_domain && claim.both().signs(claim.store, v).within(Signs::NONZERO);
    if !excluded {
        if !is_faithful(claim, v, Store::ZERO) {
            return None;
        }
        let facts = claim.facts.to_vec();
        joined.rules.extend(prove_with(claim, &facts, v, Store::ZERO, depth, "cases")?.rules);
    }
    joined.rules.sort();
    joined.rules.dedup();
    Some(joined)
}

/// L = R because they agree at one value of a variable and their derivatives by it agree on the interval of its values.
///
/// Where both sides allow it the ends of the interval are taken in: 2·atan(x) on 0 < x < 1 is 0 at 0.
fn by_derivative(claim: &mut Claim, depth: u32) -> Option<Proof> {
    if claim.relation != Relation::Equal {
        return None;
    }
    let declared = claim.facts.to_vec();
    let mut wider: Vec<Vec<Fact>> = vec![declared.clone()];
    for (place, fact) in declared.iter().enumerate() {
        if let Fact::Positive(e) = fact {
            let mut facts = declared.clone();
            facts[place] = Fact::NonNegative(*e);
            wider.push(facts);
        }
    }
    wider.truncate(5);
    wider.iter().find_map(|facts| by_derivative_under(claim, facts, depth))
}

fn by_derivative_under(claim: &mut Claim, facts: &[Fact], depth: u32) -> Option<Proof> {
    let (left, right) = (claim.left.written, claim.right.written);
    for v in claim.domain.variables.clone() {
        if claim.store.is_integer(v) || !is_interval(claim.store, facts, v) {
            continue;
        }
        let mut slopes = Vec::new();
        for side in [left, right] {
            let body = claim.store.abstract_over(side, v, false);
            slopes.push(claim.store.derivative(DerivativeKind::Gradient, body, v));
        }
        // Both sides are defined and differentiable on the whole interval, by what is declared alone.
        let mut known = Knowledge::new(claim.store, facts);
        let mut calculus = Differentiator::new();
        let smooth = slopes.iter().all(|slope| match Side::new(claim.store, &mut calculus, *slope) {
            Some(side) => side.opaque.is_empty() && side.atoms.iter().all(|a| known.implies(claim.store, a)),
            None => false,
        });
        if !smooth {
            continue;
        }
        let constant = prove_within(claim.store, slopes[0], Relation::Equal, slopes[1], facts, 0);
        let Verdict::Proved(Proof { mut rules, conditions, .. }) = constant else { continue };
        if !conditions.is_empty() {
            continue;
        }
        for value in [1, 0, 2, -1] {
            let number = claim.store.integer(value);
            if !is_faithful(claim, v, number) || is_excluded(claim.store, facts, v, number) {
                continue;
            }
            if let Some(proof) = prove_with(claim, facts, v, number, depth.min(1), "equal-derivatives") {
                rules.extend(proof.rules);
                rules.sort();
                rules.dedup();
                return Some(Proof { example: None, rules, conditions: Vec::new() });
            }
        }
    }
    None
}

/// Do the facts leave an interval to the variable, whatever the others are, and one that does not depend on them?
fn is_interval(store: &Store, facts: &[Fact], v: Expr) -> bool {
    facts.iter().all(|fact| match fact {
        Fact::Positive(e) | Fact::NonNegative(e) if store.mentions(*e, &[v]) => {
            store.free_symbols(&[*e]).len() == 1
                && match &store[*e] {
                    Node::Sum(terms) => terms.iter().all(|(_, t)| *t == v || *t == Store::ONE),
                    _ => *e == v,
                }
        }
        Fact::Positive(_) | Fact::NonNegative(_) => true,
        Fact::Real(_) | Fact::Integer(_) => true,
        Fact::NonZero(e) | Fact::Zero(e) => !store.mentions(*e, &[v]),
        Fact::OneOf(e, values) => {
            !store.mentions(*e, &[v]) && values.iter().all(|q| !store.mentions(*q, &[v]))
        }
        Fact::Sphere(_) | Fact::PositiveDefinite(_) => false,
    })
}

fn prove_with(
    claim: &mut Claim,
    facts: &[Fact],
    v: Expr,
    value: Expr,
    depth: u32,
    rule: &str,
) -> Option<Proof> {
    let images = Images::from_iter([(v, value)]);
    let facts: Vec<Fact> =
        facts.iter().map(|f| substituted(claim.store, f, &images)).collect::<Option<_>>()?;
    let sides = claim.store.substitute_all(&[claim.left.written, claim.right.written], &images);
    match prove_within(claim.store, sides[0], claim.relation, sides[1], &facts, depth - 1) {
        Verdict::Proved(mut proof) if proof.conditions.is_empty() => {
            proof.rules.push(rule.to_owned());
            proof.rules.sort();
            proof.rules.dedup();
            Some(proof)
        }
        _ => None,
    }
}

/// The fact about other expressions; one about a number that holds becomes `Real`, which says nothing.
fn substituted(store: &mut Store, fact: &Fact, images: &Images) -> Option<Fact> {
    let mut put = |e: &Expr| store.substitute(*e, images);
    Some(match fact {
        Fact::Positive(e) => Fact::Positive(put(e)),
        Fact::NonNegative(e) => Fact::NonNegative(put(e)),
        Fact::NonZero(e) => Fact::NonZero(put(e)),
        Fact::Zero(e) => Fact::Zero(put(e)),
        Fact::Real(e) => Fact::Real(put(e)),
        Fact::Integer(e) => Fact::Integer(put(e)),
        Fact::OneOf(e, values) => {
            let e = put(e);
            Fact::OneOf(e, values.iter().map(put).collect())
        }
        Fact::Sphere(_) | Fact::PositiveDefinite(_) => return None,
    })
}

/// (v, value) of an equation that is linear in a variable with a rational coefficient.
fn solved(store: &mut Store, e: Expr, variables: &[Expr]) -> Option<(Expr, Expr)> {
    if !store.is_total(e) && store.free_symbols(&[e]).len() != 1 {
        return None;
    }
    let terms = match &store[e] {
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![(Rational::ONE, e)],
    };
    for (place, (c, t)) in terms.iter().enumerate() {
        let alone = terms.iter().enumerate().all(|(i, (_, u))| i == place || !store.mentions(*u, &[*t]));
        if variables.contains(t) && alone && !c.is_zero() {
            let rest = terms.iter().enumerate().filter(|(i, _)| *i != place);
            let rest: Vec<(Rational, Expr)> = rest.map(|(_, (d, u))| (-(d / c), *u)).collect();
            let value = store.linear(rest);
            return is_certain(store, value).then_some((*t, value));
        }
    }
    None
}

/// Is the expression certainly defined, whatever its variables are?
fn is_certain(store: &Store, e: Expr) -> bool {
    store.is_total(e)
        || (store.free_symbols(&[e]).is_empty()
            && !store.post_order(&[e]).iter().any(|node| matches!(store[*node], Node::Range { .. }))
            && Tape::new(store, &[], &[e]).eval_one::<Enclosure>(&[], 128).definedness()
                == Definedness::Defined)
}

/// Does putting the value in keep what exponents mean? Their type decides where a power is defined; and a derivative by
/// the variable must not lose it.
fn is_faithful(claim: &Claim, v: Expr, value: Expr) -> bool {
    let store = &*claim.store;
    if store.is_integer(v) && !store.is_integer(value) {
        return false;
    }
    let roots = [claim.left.written, claim.right.written];
    store.post_order(&roots).into_iter().all(|e| match &store[e] {
        Node::Power(_, exponent) => store.is_integer(v) || !store.mentions(*exponent, &[v]),
        Node::Derivative { .. }
        | Node::Expectation { .. }
        | Node::SampleIntegral { .. }
        | Node::Divergence { .. }
        | Node::Fisher { .. } => !store.mentions(e, &[v]),
        Node::Range { .. } => store.is_integer(v) || !store.mentions(e, &[v]),
        _ => true,
    })
}

/// The finitely many values of a variable.
fn values(claim: &Claim, v: Expr) -> Option<Vec<Rational>> {
    for fact in claim.facts {
        if let Fact::OneOf(e, values) = fact
            && *e == v
        {
            return values.iter().map(|q| claim.store.as_number(*q).cloned()).collect();
        }
    }
    if !claim.store.is_integer(v) {
        return None;
    }
    let (mut least, mut greatest): (Option<i64>, Option<i64>) = (None, None);
    for fact in claim.facts {
        let (Fact::Positive(e) | Fact::NonNegative(e)) = fact else { continue };
        let terms = match &claim.store[*e] {
            Node::Sum(terms) => terms.to_vec(),
            _ => vec![(Rational::ONE, *e)],
        };
        let mut rest = terms.iter().filter(|(_, t)| *t != Store::ONE);
        let (Some((c, t)), None) = (rest.next(), rest.next()) else { continue };
        if *t != v {
            continue;
        }
        let constant =
            terms.iter().find(|(_, t)| *t == Store::ONE).map_or(Rational::ZERO, |(c, _)| c.clone());
        let bound = (-(&constant / c)).floor().as_i64()?;
        match c.is_negative() {
            true => greatest = Some(greatest.map_or(bound, |g| g.min(bound))),
            false => least = Some(least.map_or(bound, |l| l.max(bound))),
        }
    }
    let (least, greatest) = (least?, greatest?);
    let count = greatest.checked_sub(least)?;
    (0..MOST_CASES).contains(&count).then(|| (least..=greatest).map(Rational::from).collect())
}

/// Does a declared fact certainly exclude this value, whatever the other variables are?
fn is_excluded(store: &mut Store, facts: &[Fact], v: Expr, value: Expr) -> bool {
    let images = Images::from_iter([(v, value)]);
    facts.iter().any(|fact| {
        let number = |store: &mut Store, e: &Expr| {
            let e = store.substitute(*e, &images);
            store.as_number(e).cloned()
        };
        match fact {
            Fact::Positive(e) => number(store, e).is_some_and(|q| !q.is_positive()),
            Fact::NonNegative(e) => number(store, e).is_some_and(|q| q.is_negative()),
            Fact::NonZero(e) => number(store, e).is_some_and(|q| q.is_zero()),
            Fact::Zero(e) => number(store, e).is_some_and(|q| !q.is_zero()),
            _ => false,
        }
    })
}
