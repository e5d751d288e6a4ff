//! Conclusions: a residual as the sum of multiples of given residuals.
//!
//! From λFd = −∇L follows d = −λ⁻¹F⁻¹∇L, because d + λ⁻¹F⁻¹∇L is λ⁻¹F⁻¹(λFd + ∇L). A multiple is found by comparing a term of
//! each: what stands before a common end is divided out.

use crate::expr::{Expr, Store};
use crate::proof::{Certificate, Multiplier};

use super::Form;
use super::engine::Engine;
use super::goals::{Goal, chained};
use super::view::{Term, terms};

/// The most given equations that one conclusion uses.
const MOST_EQUATIONS: usize = 4;
/// The most multiples of given equations that are tried.
const MOST_MULTIPLES: usize = 600;

/// The given residuals, multiplied from both sides so that they are the residual of the conclusion.
pub fn conclusion(engine: &mut Engine, given: &[(Expr, Expr)], left: Expr, right: Expr) -> Goal {
    let residual = engine.ring.store.sub(left, right);
    let Some(target) = engine.normal(residual) else { return Err(Form::none("beyond the budget")) };
    if let Some((sum, multipliers)) = eliminated(engine, given, target) {
        let (certificate, links, common, _) = combined(engine, residual, sum, multipliers)?;
        return Ok((certificate, links, common, (left, right)));
    }
    // The residuals may need rules first, as the derivative of an objective does.
    let mut expanded = Vec::new();
    for (a, b) in given {
        let from = engine.ring.store.sub(*a, *b);
        let shape = engine.ring.store.shape(from);
        let zero = engine.ring.store.zero(shape);
        expanded.push((base_form(engine, from), zero));
    }
    let target = base_form(engine, target);
    let Some((_, multipliers)) = eliminated(engine, &expanded, target) else {
        return Err(Form::two("no multiple of the given equations is the conclusion", target, Store::ZERO));
    };
    let mut products = Vec::new();
    for multiplier in &multipliers {
        let (a, b) = given[multiplier.equation];
        let from = engine.ring.store.sub(a, b);
        products.push(engine.ring.store.chain([multiplier.left, from, multiplier.right]));
    }
    let sum = engine.ring.store.sum(products);
    combined(engine, residual, sum, multipliers)
}

/// What the equality rules of expectations make of an expression.
fn base_form(engine: &mut Engine, e: Expr) -> Expr {
    let Some(normal) = engine.normal(e) else { return e };
    super::chain::mean_form(engine, normal)
}

/// Σ Mᵢ(lᵢ − rᵢ)Nᵢ equal to the target, each equation at most once; multiples that leave fewer terms are tried first.
fn eliminated(engine: &mut Engine, given: &[(Expr, Expr)], target: Expr) -> Option<(Expr, Vec<Multiplier>)> {
    let mut sources = Vec::new();
    for (equation, (a, b)) in given.iter().enumerate() {
        let residual = engine.ring.store.sub(*a, *b);
        if let Some(source) = engine.normal(residual) {
            sources.push((equation, residual, source));
        }
    }
    let (mut products, mut list, mut budget) = (Vec::new(), Vec::new(), MOST_MULTIPLES);
    reduced(engine, &sources, target, (&mut products, &mut list), &mut budget)
        .then(|| (engine.ring.store.sum(products), list))
}

/// Takes multiples away until nothing is left.
fn reduced(
    engine: &mut Engine,
    sources: &[(usize, Expr, Expr)],
    rest: Expr,
    (products, list): (&mut Vec<Expr>, &mut Vec<Multiplier>),
    budget: &mut usize,
) -> bool {
    let count = terms(engine.ring.store, rest).len();
    if count == 0 {
        return !list.is_empty();
    }
    if list.len() >= MOST_EQUATIONS {
        return false;
    }
    let mut found: Vec<(usize, Expr, Expr, Multiplier)> = Vec::new();
    for (equation, residual, source) in sources {
        if list.iter().any(|used| used.equation == *equation) {
            continue;
        }
        for (left, right) in multipliers(engine, *source, rest) {
            if *budget == 0 {
                break;
            }
            *budget -= 1;
            // 1/s rather than t/(s·t), which would ask for t ≠ 0.
            let Some(left) = engine.normal(left) else { continue };
            let product = engine.ring.store.chain([left, *residual, right]);
            let difference = engine.ring.store.sub(rest, product);
            let Some(after) = engine.normal(difference) else { continue };
            let remaining = terms(engine.ring.store, after).len();
            if remaining <= count {
                let multiplier = Multiplier { equation: *equation, left, right };
                found.push((remaining, after, product, multiplier));
            }
        }
    }
    found.sort_by_key(|(remaining, ..)| *remaining);
    for (_, after, product, multiplier) in found {
        products.push(product);
        list.push(multiplier);
        if reduced(engine, sources, after, (&mut *products, &mut *list), budget) {
            return true;
        }
        products.pop();
        list.pop();
    }
    false
}

fn combined(engine: &mut Engine, residual: Expr, sum: Expr, multipliers: Vec<Multiplier>) -> Goal {
    let chain = chained(engine, residual, sum)?;
    Ok((Certificate::Combination { multipliers, chain: chain.steps }, chain.links, chain.common, chain.ends))
}

/// Factors that bring some term of the source to some term of the target.
fn multipliers(engine: &mut Engine, source: Expr, target: Expr) -> Vec<(Expr, Expr)> {
    let store = &mut *engine.ring.store;
    let (sources, targets) = (terms(store, source), terms(store, target));
    let mut list = Vec::new();
    for s in sources.iter().take(6) {
        for t in targets.iter().take(6) {
            let bare = |term: &Term| Term { chain: Vec::new(), ..term.clone() };
            let (numerator, denominator) = (bare(t).build(store), bare(s).build(store));
            let scalar = store.div(numerator, denominator);
            let same = s.chain.iter().rev().zip(t.chain.iter().rev()).take_while(|(a, b)| a == b).count();
            for suffix in (0..=same).rev() {
                let (x, y) = (&s.chain[..s.chain.len() - suffix], &t.chain[..t.chain.len() - suffix]);
                if let Some(m) = quotient(store, y, x, false) {
                    let m = store.chain([scalar, m]);
                    list.push((m, Store::ONE));
                }
            }
            let same = s.chain.iter().zip(&t.chain).take_while(|(a, b)| a == b).count();
            for prefix in (0..=same).rev() {
                let (x, y) = (&s.chain[prefix..], &t.chain[prefix..]);
                if let Some(n) = quotient(store, y, x, true) {
                    list.push((scalar, n));
                }
            }
        }
    }
    list
}

/// y x⁻¹, or x⁻¹ y behind, of chains of which x consists of square matrices.
fn quotient(store: &mut Store, y: &[Expr], x: &[Expr], behind: bool) -> Option<Expr> {
    let square = |e: &Expr| store.shape(*e).rows == store.shape(*e).columns;
    if !x.iter().all(square) {
        return None;
    }
    let inverses: Vec<Expr> = x.iter().rev().map(|e| store.inverse(*e)).collect();
    let list: Vec<Expr> = if behind {
        inverses.into_iter().chain(y.iter().copied()).collect()
    } else {
        y.iter().copied().chain(inverses).collect()
    };
    Some(if list.is_empty() { Store::ONE } else { store.chain(list) })
}
