//! Moves on functions of scalars: logarithms and roots of products and powers, and ∇p as p ∇log p.
//!
//! `log(p/q)` becomes `log p − log q` in one move, and `(ε² g'g)^½` becomes `ε (g'g)^½`.

use crate::claim::Context;
use crate::expr::{DerivativeKind, Expr, Node, Store};
use crate::number::Rational;
use crate::proof::Meta::{E, U, V};

use super::moves::{Builder, Move, single};
use super::view::{Term, terms};

/// All moves whose place is a logarithm, an exponential, a root or the gradient of a density.
pub fn moves(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    match store[redex] {
        Node::Call(function, ref list) if function.row().name == "sqrt" => {
            let (base, half) = (list[0], store.number(Rational::new(1, 2)));
            out.extend(roots(store, context, redex, (base, half)));
        }
        Node::Call(..) => logarithms(store, context, redex, out),
        Node::Power(base, exponent) => out.extend(roots(store, context, redex, (base, exponent))),
        Node::Derivative { .. } => unlogged(store, context, redex, out),
        _ => {}
    }
}

/// The factors of a positive term with their powers.
fn factors_of(store: &mut Store, term: &Term) -> Option<Vec<(Expr, Rational)>> {
    let mut factors = term.scalars.clone();
    if term.coefficient.is_negative() {
        return None;
    }
    if !term.coefficient.is_one() {
        let number = store.number(term.coefficient.clone());
        factors.insert(0, (number, Rational::ONE));
    }
    Some(factors)
}

/// (u v)^e → uᵉ vᵉ and (uᵛ)ᵉ → u^(v e) to the end, of an exponent that is no whole number.
fn roots(store: &mut Store, context: &Context, redex: Expr, (base, exponent): (Expr, Expr)) -> Option<Move> {
    if store.as_number(exponent).is_some_and(Rational::is_integer) {
        return None;
    }
    let list = terms(store, base);
    let [term] = list.as_slice() else { return None };
    let factors = factors_of(store, term)?;
    let mut builder = Builder::new(store, context, redex);
    let powers: Vec<Expr> = factors
        .iter()
        .map(|(inner, power)| {
            let power = builder.store.number(power.clone());
            builder.store.pow(*inner, power)
        })
        .collect();
    // A square root needs no more than what is not negative.
    let is_root = builder.store.as_number(exponent) == Some(&Rational::new(1, 2));
    let powered = |store: &mut Store, e: Expr| match is_root {
        true => store.call_named("sqrt", [e]),
        false => store.pow(e, exponent),
    };
    let mut place = redex;
    for at in 0..powers.len().saturating_sub(1) {
        let rest = builder.store.product(powers[at + 1..].iter().copied());
        match is_root {
            true => builder.step("root-product", &[(U, powers[at]), (V, rest)], place)?,
            false => builder.step("power-product", &[(U, powers[at]), (V, rest), (E, exponent)], place)?,
        };
        place = powered(builder.store, rest);
    }
    for ((inner, power), whole) in factors.iter().zip(&powers) {
        if power.is_one() {
            continue;
        }
        let place = if powers.len() == 1 { redex } else { powered(builder.store, *whole) };
        let half = power * &Rational::new(1, 2);
        if is_root && half.is_integer() {
            let root = builder.store.number(half);
            let root = builder.store.pow(*inner, root);
            builder.step("root-square", &[(U, root)], place)?;
        } else {
            let power = builder.store.number(power.clone());
            builder.step("power-power", &[(U, *inner), (V, power), (E, exponent)], place)?;
        }
    }
    builder.done()
}

/// log(u v) → log u + log v and log(uᵉ) → e log u to the end; log 1 → 0; log exp u → u, exp log u → u.
fn logarithms(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    let Node::Call(function, list) = &store[redex] else { return };
    let (name, u) = (function.row().name, list.first().copied());
    let Some(u) = u else { return };
    if name == "exp" || name == "log" {
        let (rule, inverse) = if name == "log" { ("log-exp", "exp") } else { ("exp-log", "log") };
        if let Node::Call(inner, list) = store[u].clone()
            && inner.row().name == inverse
        {
            out.extend(single(store, context, redex, (rule, &[(U, list[0])], false)));
            return;
        }
    }
    if name != "log" {
        return;
    }
    if u == Store::ONE {
        out.extend(single(store, context, redex, ("log-one", &[], false)));
        return;
    }
    let parts = terms(store, u);
    let [term] = parts.as_slice() else { return };
    let Some(factors) = factors_of(store, term) else { return };
    let mut builder = Builder::new(store, context, redex);
    let powers: Vec<Expr> = factors
        .iter()
        .map(|(base, power)| {
            let exponent = builder.store.number(power.clone());
            builder.store.pow(*base, exponent)
        })
        .collect();
    let mut place = redex;
    for at in 0..powers.len().saturating_sub(1) {
        let rest = builder.store.product(powers[at + 1..].iter().copied());
        if builder.step("log-product", &[(U, powers[at]), (V, rest)], place).is_none() {
            return;
        }
        place = builder.store.call_named("log", [rest]);
    }
    for ((base, power), whole) in factors.iter().zip(&powers) {
        if !power.is_one() {
            let exponent = builder.store.number(power.clone());
            let place = builder.store.call_named("log", [*whole]);
            if builder.step("log-power", &[(U, *base), (E, exponent)], place).is_none() {
                return;
            }
        }
    }
    out.extend(builder.done());
}

/// ∇p → p ∇log p for a declared density: `grad-log` from right to left.
fn unlogged(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    let Node::Derivative { kind: DerivativeKind::Gradient, body, at } = store[redex] else { return };
    let Node::Apply(symbol, _) = &store[body] else { return };
    if context.densities.iter().any(|density| density.symbol == *symbol) {
        let mut builder = Builder::new(store, context, redex);
        builder.scaled_log(body, at);
        out.extend(builder.done());
    }
}
