//! Sums of logarithms with equal coefficients → one logarithm of a ratio: log(alpha) − log(x) = log(alpha/x).
//!
//! Only of what has no constant beside it: log(1 − p) − log(1 − q) of small p and q is better left as it stands.

use super::walk::rewrite;
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Factors of one argument, at most: 1e±100 three times over is a float.
const MOST_FACTORS: i64 = 3;

/// Every sum in an expression with its logarithms merged.
pub(super) fn merged(store: &mut Store, e: Expr, assumptions: &mut Assumptions) -> Expr {
    rewrite(store, e, |store, e| match store[e].clone() {
        Node::Sum(terms) if terms.len() > 1 => merged_sum(store, &terms, assumptions).unwrap_or(e),
        _ => e,
    })
}

/// Logarithms of one coefficient |c|·factor.
#[derive(Clone)]
struct Group {
    coefficient: Rational,
    factor: Expr,
    /// Arguments with their signs, and how many factors they have.
    arguments: Vec<(Expr, bool, i64)>,
    /// The terms as they stood.
    members: Vec<Expr>,
}

impl Group {
    fn size(&self) -> i64 {
        self.arguments.iter().map(|(_, _, size)| size).sum()
    }
}

/// log(a) − 2·log(b) = log(a/b²) in one group, where that has few factors.
fn with_multiples(store: &mut Store, mut groups: Vec<Group>) -> Vec<Group> {
    let mut i = 0;
    while i < groups.len() {
        let multiple = |j: usize| {
            let (own, other) = (&groups[i], &groups[j]);
            let ratio = &other.coefficient * &own.coefficient.recip()?;
            let n = ratio.as_i64().filter(|n| *n > 1)?;
            let fits = own.size() > 0 && other.size() > 0 && own.size() + n * other.size() <= MOST_FACTORS;
            (own.factor == other.factor && fits).then_some((j, n))
        };
        let Some((j, n)) = (0..groups.len()).find_map(multiple) else {
            i += 1;
            continue;
        };
        let other = groups[j].clone();
        for (argument, positive, size) in other.arguments {
            let power = store.powi(argument, n);
            groups[i].arguments.push((power, positive, n * size));
        }
        groups[i].members.extend(other.members);
        groups.remove(j);
        i = 0;
    }
    groups
}

fn merged_sum(store: &mut Store, terms: &[(Rational, Expr)], assumptions: &mut Assumptions) -> Option<Expr> {
    let mut groups: Vec<Group> = Vec::new();
    for (c, t) in terms {
        let Some((factor, argument)) = log_term(store, *t) else { continue };
        let Some(size) = factors_of(store, argument).filter(|n| *n <= MOST_FACTORS) else { continue };
        if c.is_zero() || !assumptions.is_positive(store, argument) {
            continue;
        }
        let coefficient = c.abs();
        let known = groups.iter_mut().find(|g| g.coefficient == coefficient && g.factor == factor);
        match known {
            Some(group) => {
                group.arguments.push((argument, c.is_positive(), size));
                group.members.push(*t);
            }
            None => groups.push(Group {
                coefficient,
                factor,
                arguments: vec![(argument, c.is_positive(), size)],
                members: vec![*t],
            }),
        }
    }
    let mut groups = with_multiples(store, groups);
    groups.retain(|g| g.arguments.len() > 1);
    if groups.is_empty() {
        return None;
    }
    let mut list: Vec<(Rational, Expr)> = terms.to_vec();
    for group in &groups {
        list.retain(|(_, t)| !group.members.contains(t));
    }
    for group in groups {
        for (argument, positive) in packed(store, group.arguments) {
            let log = store.call_named("log", [argument]);
            let term = store.mul(group.factor, log);
            let c = if positive { group.coefficient.clone() } else { -&group.coefficient };
            list.push((c, term));
        }
    }
    Some(store.linear(list))
}

/// Products and ratios of few factors each, with their signs; numerators and denominators in turn.
fn packed(store: &mut Store, arguments: Vec<(Expr, bool, i64)>) -> Vec<(Expr, bool)> {
    let (over, under): (Vec<_>, Vec<_>) = arguments.into_iter().partition(|(_, positive, _)| *positive);
    let mut queue = Vec::new();
    let (mut over, mut under) = (over.into_iter(), under.into_iter());
    loop {
        match (over.next(), under.next()) {
            (None, None) => break,
            (a, b) => queue.extend(a.into_iter().chain(b)),
        }
    }
    let mut result: Vec<(Vec<(Expr, bool)>, i64)> = Vec::new();
    for (argument, positive, size) in queue {
        match result.last_mut() {
            Some((list, total)) if *total + size <= MOST_FACTORS => {
                list.push((argument, positive));
                *total += size;
            }
            _ => result.push((vec![(argument, positive)], size)),
        }
    }
    result
        .into_iter()
        .map(|(list, _)| {
            let sign = list.iter().any(|(_, positive)| *positive);
            let factors: Vec<Expr> = list
                .iter()
                .map(|(e, positive)| if *positive == sign { *e } else { store.powi(*e, -1) })
                .collect();
            (store.product(factors), sign)
        })
        .collect()
}

/// Is a term c·f·log u?
pub(super) fn is_multiple_of_log(store: &mut Store, term: Expr) -> bool {
    let (_, inner) = store.coefficient_and_term(term);
    log_term(store, inner).is_some()
}

/// (f, u) of a term f·log u.
fn log_term(store: &mut Store, term: Expr) -> Option<(Expr, Expr)> {
    let argument = |store: &Store, e: Expr| match &store[e] {
        Node::Call(f, list) if f.row().name == "log" => Some(list[0]),
        _ => None,
    };
    if let Some(u) = argument(store, term) {
        return Some((Store::ONE, u));
    }
    let Node::Product(list) = store[term].clone() else { return None };
    let logs: Vec<(usize, Expr)> =
        list.iter().enumerate().filter_map(|(i, f)| argument(store, *f).map(|u| (i, u))).collect();
    let [(at, u)] = logs[..] else { return None };
    let rest: Vec<Expr> = list.iter().enumerate().filter(|(i, _)| *i != at).map(|(_, f)| *f).collect();
    Some((store.product(rest), u))
}

/// How many factors an argument has, counted with their powers; `None` where a constant stands beside something.
fn factors_of(store: &Store, e: Expr) -> Option<i64> {
    match &store[e] {
        Node::Number(_) => Some(0),
        Node::Symbol(_) => Some(1),
        // What other forms read calls of is left to them: log(exp(a) + exp(b)), log(besseli(0, x)).
        Node::Call(f, _) => f.row().is_constant().then_some(0),
        Node::Sum(terms) if terms.len() == 1 => factors_of(store, terms[0].1),
        Node::Sum(terms) => {
            let plain = terms.iter().all(|(c, t)| *t != Store::ONE && c.is_positive());
            let sizes: Option<Vec<i64>> = terms.iter().map(|(_, t)| factors_of(store, *t)).collect();
            sizes.filter(|_| plain).and_then(|sizes| sizes.into_iter().max())
        }
        Node::Product(list) => list.iter().map(|f| factors_of(store, *f)).sum(),
        Node::Power(base, exponent) => {
            let n = store.as_number(*exponent)?.as_i64()?;
            Some(factors_of(store, *base)? * n.abs())
        }
        _ => None,
    }
}
