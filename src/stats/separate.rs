//! log p → Σ aᵢ(θ)·bᵢ(x): only what holds both x and θ is rewritten.
//!
//! `(x - mu)^2/sigma^2` becomes `x²·σ⁻² − x·2μσ⁻² + μ²σ⁻²`; a term in θ alone or in x alone stays as typed.
//! Products expand, logs of positive factors split, exponentials split at sums, sines at differences.

use crate::algebra::Normalizer;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// One term a(θ)·b(x).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Term {
    /// The factor free of x.
    pub a: Expr,
    /// The factor free of θ; constants belong to `a`.
    pub b: Expr,
}

/// What cannot be separated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Inseparable {
    /// This subexpression holds both x and θ and is not a sum of products.
    Mixed(Expr),
    /// More than [`MOST_TERMS`] terms.
    TooMany,
}

/// A density of more terms than this is not expanded.
pub const MOST_TERMS: usize = 2_000;

/// Separates expressions in x from those in θ.
pub struct Separator<'a> {
    /// The variables.
    pub x: &'a [Expr],
    /// The parameters.
    pub theta: &'a [Expr],
    /// Signs of factors, and rules for what is mixed.
    pub normalizer: &'a mut Normalizer,
}

/// How deep rewriting of mixed parts may go.
const DEPTH: u32 = 60;

impl Separator<'_> {
    fn in_x(&self, store: &Store, e: Expr) -> bool {
        store.mentions(e, self.x)
    }

    fn in_theta(&self, store: &Store, e: Expr) -> bool {
        store.mentions(e, self.theta)
    }

    /// The terms of an expression, in the order of their appearance, not yet collected.
    pub fn separate(&mut self, store: &mut Store, e: Expr) -> Result<Vec<Term>, Inseparable> {
        self.within(store, e, DEPTH)
    }

    fn within(&mut self, store: &mut Store, e: Expr, depth: u32) -> Result<Vec<Term>, Inseparable> {
        if !self.in_x(store, e) {
            return Ok(vec![Term { a: e, b: Store::ONE }]);
        }
        let mixed = self.in_theta(store, e);
        if depth == 0 {
            return Err(Inseparable::Mixed(e));
        }
        match store[e].clone() {
            Node::Sum(terms) => {
                let mut all = Vec::new();
                for (c, t) in terms.iter() {
                    for term in self.within(store, *t, depth - 1)? {
                        all.push(Term { a: store.scale(c, term.a), b: term.b });
                    }
                    if all.len() > MOST_TERMS {
                        return Err(Inseparable::TooMany);
                    }
                }
                Ok(all)
            }
            Node::Product(factors) if mixed => self.product(store, &factors, depth),
            Node::Power(base, exponent) if mixed => self.power(store, e, base, exponent, depth),
            Node::Call(function, arguments) if mixed => match (function.row().name, arguments.as_ref()) {
                ("log", [u]) => {
                    let split = log_factors(store, self.normalizer, *u);
                    if split.len() == 1 && split[0].1 == *u {
                        return self.by_rules(store, e, depth);
                    }
                    let mut all = Vec::new();
                    for (c, factor) in split {
                        let log = store.call_named("log", [factor]);
                        let log = if factor == e_base(store) { Store::ONE } else { log };
                        for term in self.scaled_log(store, c, log, depth)? {
                            all.push(term);
                        }
                    }
                    Ok(all)
                }
                ("exp", [u]) => self.exponential(store, *u, depth),
                _ => self.by_rules(store, e, depth),
            },
            _ if !mixed => Ok(vec![Term { a: Store::ONE, b: e }]),
            _ => Err(Inseparable::Mixed(e)),
        }
    }

    /// c·log(factor), where c may hold either side.
    fn scaled_log(
        &mut self,
        store: &mut Store,
        c: Expr,
        log: Expr,
        depth: u32,
    ) -> Result<Vec<Term>, Inseparable> {
        let product = store.mul(c, log);
        self.within(store, product, depth - 1)
    }

    /// Mixed factors are separated and multiplied out; sums in x alone as well, once something depends on θ.
    fn product(&mut self, store: &mut Store, factors: &[Expr], depth: u32) -> Result<Vec<Term>, Inseparable> {
        let mut result = vec![Term { a: Store::ONE, b: Store::ONE }];
        for f in factors {
            let parts = if self.in_x(store, *f) && !self.in_theta(store, *f) {
                self.pure(store, *f)
            } else {
                self.within(store, *f, depth - 1)?
            };
            if result.len() * parts.len() > MOST_TERMS {
                return Err(Inseparable::TooMany);
            }
            let mut next = Vec::with_capacity(result.len() * parts.len());
            for left in &result {
                for right in &parts {
                    next.push(Term { a: store.mul(left.a, right.a), b: store.mul(left.b, right.b) });
                }
            }
            result = next;
        }
        Ok(result)
    }

    /// The terms of an expression in x alone: sums and small powers of sums are multiplied out.
    fn pure(&mut self, store: &mut Store, e: Expr) -> Vec<Term> {
        let whole = vec![Term { a: Store::ONE, b: e }];
        match store[e].clone() {
            Node::Sum(terms) => {
                let mut all = Vec::new();
                for (c, t) in terms.iter() {
                    let c = store.number(c.clone());
                    // A symbol that is neither x nor θ is a known constant and counts as a number.
                    if self.in_x(store, *t) {
                        let (constant, rest) = self.constants_out(store, *t);
                        all.push(Term { a: store.mul(c, constant), b: rest });
                    } else {
                        all.push(Term { a: store.mul(c, *t), b: Store::ONE });
                    }
                }
                all
            }
            Node::Power(base, exponent) => match store.as_number(exponent).and_then(Rational::as_i64) {
                Some(n @ 2..=8) if matches!(store[base], Node::Sum(_)) => {
                    let factors = vec![base; n as usize];
                    self.product(store, &factors, DEPTH).unwrap_or(whole)
                }
                _ => whole,
            },
            _ => whole,
        }
    }

    /// (constant factors, the rest) of a product in x.
    fn constants_out(&self, store: &mut Store, e: Expr) -> (Expr, Expr) {
        let Node::Product(list) = store[e].clone() else { return (Store::ONE, e) };
        let (constant, rest): (Vec<Expr>, Vec<Expr>) = list.iter().partition(|f| !self.in_x(store, **f));
        (store.product(constant), store.product(rest))
    }

    fn power(
        &mut self,
        store: &mut Store,
        e: Expr,
        base: Expr,
        exponent: Expr,
        depth: u32,
    ) -> Result<Vec<Term>, Inseparable> {
        let integer = store.as_number(exponent).and_then(Rational::as_i64);
        if let Some(n @ 2..=8) = integer {
            let factors = vec![base; n as usize];
            if matches!(store[base], Node::Sum(_)) {
                return self.product(store, &factors, depth);
            }
        }
        // (x/s)^k = x^k·s^-k, where every factor is positive or the exponent is an integer number.
        let factors: Vec<Expr> = match &store[base] {
            Node::Product(list) => list.to_vec(),
            Node::Sum(terms) if terms.len() == 1 && terms[0].0.is_positive() => {
                let (c, t) = terms[0].clone();
                let c = store.number(c);
                match &store[t] {
                    Node::Product(list) => [&[c], list.as_ref()].concat(),
                    _ => vec![c, t],
                }
            }
            Node::Power(inner, power) => {
                // (b^c)^e = b^(c·e) for positive b.
                let (inner, power) = (*inner, *power);
                if self.normalizer.assumptions.is_positive(store, inner) {
                    let joined = store.mul(power, exponent);
                    let flat = store.pow(inner, joined);
                    return self.within(store, flat, depth - 1);
                }
                vec![base]
            }
            _ => vec![base],
        };
        if factors.len() > 1 && factors.iter().all(|f| self.normalizer.assumptions.is_positive(store, *f)) {
            let powers: Vec<Expr> = factors.iter().map(|f| store.pow(*f, exponent)).collect();
            let product = store.product(powers);
            if product != e {
                return self.within(store, product, depth - 1);
            }
        }
        // x^(a + 2) = x^a·x^2: the exponent splits where the base is positive.
        if let Node::Sum(terms) = store[exponent].clone()
            && self.normalizer.assumptions.is_positive(store, base)
        {
            let powers: Vec<Expr> = terms
                .iter()
                .map(|(c, t)| {
                    let part = store.scale(c, *t);
                    store.pow(base, part)
                })
                .collect();
            let product = store.product(powers);
            if product != e {
                return self.within(store, product, depth - 1);
            }
        }
        self.by_rules(store, e, depth)
    }

    /// exp(Σ aᵢbᵢ): each term of the exponent must be in x alone or in θ alone.
    fn exponential(&mut self, store: &mut Store, u: Expr, depth: u32) -> Result<Vec<Term>, Inseparable> {
        let (mut a, mut b) = (Vec::new(), Vec::new());
        for term in self.within(store, u, depth - 1)? {
            if term.b == Store::ONE {
                a.push(term.a);
            } else if !self.in_theta(store, term.a) {
                b.push(store.mul(term.a, term.b));
            } else {
                let product = store.mul(term.a, term.b);
                return Err(Inseparable::Mixed(store.call_named("exp", [product])));
            }
        }
        let (a, b) = (store.sum(a), store.sum(b));
        let (a, b) = (store.call_named("exp", [a]), store.call_named("exp", [b]));
        Ok(vec![Term { a, b }])
    }

    /// The normal form, when it is a sum whose terms do separate.
    fn by_rules(&mut self, store: &mut Store, e: Expr, depth: u32) -> Result<Vec<Term>, Inseparable> {
        let expanded = self.normalizer.expand(store, e).map_err(|_| Inseparable::Mixed(e))?;
        if expanded == e {
            return Err(Inseparable::Mixed(e));
        }
        // The rules must have made progress: nothing mixed may be as large as before.
        self.within(store, expanded, depth.min(8) - 1).map_err(|stop| match stop {
            Inseparable::Mixed(_) => Inseparable::Mixed(e),
            other => other,
        })
    }
}

/// The number e as an expression.
fn e_base(store: &mut Store) -> Expr {
    store.call_named("exp", [Store::ONE])
}

/// log u = Σ c·log f over the factors of u as typed, where each is positive: products, quotients, powers,
/// roots, exponentials (which give `(exponent, e)`).
pub fn log_factors(store: &mut Store, normalizer: &mut Normalizer, u: Expr) -> Vec<(Expr, Expr)> {
    let mut result = Vec::new();
    let mut stack = vec![(Store::ONE, u)];
    while let Some((c, f)) = stack.pop() {
        match store[f].clone() {
            Node::Product(list) => {
                let positive = list.iter().all(|g| normalizer.assumptions.is_positive(store, *g));
                if positive {
                    stack.extend(list.iter().rev().map(|g| (c, *g)));
                } else {
                    result.push((c, f));
                }
            }
            Node::Sum(terms) if terms.len() == 1 && terms[0].0.is_positive() => {
                let (number, t) = terms[0].clone();
                let number = store.number(number);
                result.push((c, number));
                stack.push((c, t));
            }
            Node::Power(base, exponent) => {
                let positive = normalizer.assumptions.is_positive(store, base);
                let by_domain = match store.as_number(exponent) {
                    Some(q) => !q.is_integer(),
                    None => !store.is_integer(exponent),
                };
                if positive || by_domain {
                    let c = store.mul(c, exponent);
                    stack.push((c, base));
                } else {
                    result.push((c, f));
                }
            }
            Node::Call(function, arguments) if function.row().name == "exp" => {
                let e = e_base(store);
                if f == e {
                    result.push((c, f));
                } else {
                    let c = store.mul(c, arguments[0]);
                    result.push((c, e));
                }
            }
            Node::Call(function, arguments) if function.row().name == "sqrt" => {
                let c = store.scale(&Rational::new(1, 2), c);
                stack.push((c, arguments[0]));
            }
            _ => result.push((c, f)),
        }
    }
    result
}
