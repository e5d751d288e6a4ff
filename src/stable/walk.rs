//! Sums as terms, terms as factors, and one rule applied to every node from the leaves up.

use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::expr::{Expr, Fact, Images, Node, Store};
use crate::number::Rational;

/// What a rule may ask: what is declared, and when two expressions are equal.
pub(super) struct Work {
    /// What is declared, and what follows from the expression being defined.
    pub assumptions: Assumptions,
    /// Normal forms under the same declarations.
    pub normal: Normalizer,
}

impl Work {
    /// Rules for one expression: where it is defined, what it divides by is not 0.
    pub fn new(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Work {
        let mut divisors = Vec::new();
        let nodes = store.post_order(&[root]);
        for e in &nodes {
            if let Node::Power(base, exponent) = store[*e]
                && store.as_number(exponent).is_some_and(Rational::is_negative)
                && store.free_bound(*e) == 0
                && !assumptions.is_nonzero(store, base)
            {
                divisors.push(base);
                // I_{ν+1}(x)/I_ν(x) is 0 at x = 0.
                divisors.extend(arguments(store, base, "bessel_ratio").map(|(_, x)| x));
            }
        }
        let roots =
            nodes.into_iter().filter(|e| argument(store, *e, "sqrt").is_some_and(|b| divisors.contains(&b)));
        let roots: Vec<Expr> = roots.collect();
        let mut assumptions = assumptions.clone();
        for divisor in divisors.into_iter().chain(roots) {
            assumptions.assume(store, &Fact::NonZero(divisor));
        }
        let normal = Normalizer::new(assumptions.clone(), Effort::Present);
        Work { assumptions, normal }
    }

    /// Is e = 0 wherever it is defined, for certain?
    pub fn is_zero(&mut self, store: &mut Store, e: Expr) -> bool {
        e == Store::ZERO || self.normal.is_zero(store, e).unwrap_or(false)
    }

    /// Is a + b = 0, for certain?
    pub fn opposite(&mut self, store: &mut Store, a: Expr, b: Expr) -> bool {
        let sum = store.add(a, b);
        self.is_zero(store, sum)
    }

    /// Is e > 0 on the declared domain, for certain?
    pub fn is_positive(&mut self, store: &mut Store, e: Expr) -> bool {
        self.assumptions.is_positive(store, e)
    }
}

/// The image of an expression when every node, its children already rewritten, is given to the rule. What stands below a binder
/// and speaks of its variable stays.
pub(super) fn rewrite(store: &mut Store, root: Expr, mut rule: impl FnMut(&mut Store, Expr) -> Expr) -> Expr {
    let mut images = Images::default();
    for e in store.post_order(&[root]) {
        let image = if store.free_bound(e) > 0 {
            e
        } else {
            let rebuilt = store.rebuild(e, &mut |_, child| images[&child]);
            rule(store, rebuilt)
        };
        images.insert(e, image);
    }
    images[&root]
}

/// Does a call of one of these names occur?
pub(super) fn speaks(store: &Store, e: Expr, names: &[&str]) -> bool {
    store
        .post_order(&[e])
        .iter()
        .any(|e| matches!(&store[*e], Node::Call(f, _) if names.contains(&f.row().name)))
}

/// Σ as its terms; anything else as one term.
pub(super) fn terms(store: &Store, e: Expr) -> Vec<(Rational, Expr)> {
    match &store[e] {
        Node::Sum(terms) => terms.to_vec(),
        Node::Number(q) if q.is_zero() => Vec::new(),
        Node::Number(q) => vec![(q.clone(), Store::ONE)],
        _ => vec![(Rational::ONE, e)],
    }
}

/// Π as its factors, powers with their bases; 1 has none.
pub(super) fn factors(store: &Store, e: Expr) -> Vec<Expr> {
    match &store[e] {
        Node::Product(list) => list.to_vec(),
        _ if e == Store::ONE => Vec::new(),
        _ => vec![e],
    }
}

/// Π bᵢ^nᵢ as its bases, none of them a product or an integer power, with their powers.
pub(super) fn powers(store: &Store, e: Expr) -> Vec<(Expr, i64)> {
    let mut list = Vec::new();
    for factor in factors(store, e) {
        let (base, n) = store.base_and_power(factor);
        match store.base_and_power(base) {
            (inner, 1) if !matches!(store[inner], Node::Product(_)) => list.push((base, n)),
            _ => list.extend(powers(store, base).into_iter().map(|(b, m)| (b, m * n))),
        }
    }
    list
}

/// Π bᵢ^nᵢ with one power of each base; of bases that are not 0 where they cancel.
pub(super) fn product_of_powers(store: &mut Store, list: impl IntoIterator<Item = (Expr, i64)>) -> Expr {
    let mut all: Vec<(Expr, i64)> = Vec::new();
    for (base, n) in list {
        match all.iter_mut().find(|(known, _)| *known == base) {
            Some((_, total)) => *total += n,
            None => all.push((base, n)),
        }
    }
    let all: Vec<Expr> = all.into_iter().map(|(b, n)| store.powi(b, n)).collect();
    store.product(all)
}

/// The term without one factor; `None` when that is not among its factors.
pub(super) fn without(store: &mut Store, term: Expr, factor: Expr) -> Option<Expr> {
    let mut list = factors(store, term);
    let at = list.iter().position(|f| *f == factor)?;
    list.remove(at);
    Some(store.product(list))
}

/// The argument of a call of this name with one argument.
pub(super) fn argument(store: &Store, e: Expr, name: &str) -> Option<Expr> {
    match &store[e] {
        Node::Call(function, arguments) if function.row().name == name && arguments.len() == 1 => {
            Some(arguments[0])
        }
        _ => None,
    }
}

/// The arguments of a call of this name with two.
pub(super) fn arguments(store: &Store, e: Expr, name: &str) -> Option<(Expr, Expr)> {
    match &store[e] {
        Node::Call(function, list) if function.row().name == name && list.len() == 2 => {
            Some((list[0], list[1]))
        }
        _ => None,
    }
}

/// The calls of this name among the factors of the terms, each once, in their order.
pub(super) fn calls(store: &Store, terms: &[(Rational, Expr)], name: &str) -> Vec<Expr> {
    let mut found = Vec::new();
    for (_, term) in terms {
        for factor in factors(store, *term) {
            let (base, _) = store.base_and_power(factor);
            if matches!(&store[base], Node::Call(f, _) if f.row().name == name) && !found.contains(&base) {
                found.push(base);
            }
        }
    }
    found
}

/// Removes −(the terms of `part`) from a list, when all of them are there.
pub(super) fn take(store: &Store, list: &mut Vec<(Rational, Expr)>, part: Expr) -> bool {
    let mut rest = list.clone();
    for (c, t) in terms(store, part) {
        let Some(at) = rest.iter().position(|(d, u)| *u == t && *d == -&c) else { return false };
        rest.remove(at);
    }
    *list = rest;
    true
}
