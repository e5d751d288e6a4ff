//! Moves on densities: divergence, Fisher information, expectations and integrals over the sample space.
//!
//! `E[−s'd − ½ d'Hd]` becomes `−E[s]'d − ½ d'E[H]d` in one move (linearity), and `E[s]` becomes 0 in the next.

use crate::claim::Context;
use crate::expr::{DerivativeKind, Expr, Node, Store, SymbolId};
use crate::proof::Meta;
use crate::proof::Meta::{A, B, C, F, G, K, L, P, Q, R};

use super::moves::{Builder, Letters, Move, sides, single};
use super::view::{is_constant, lowered, split_constants, terms};

/// ∫ over one sample space → ∫ over that of another density inside, where both have a common support.
fn other_space(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    (p, density): (Expr, SymbolId),
    body: Expr,
    out: &mut Vec<Move>,
) {
    let mut others: Vec<(SymbolId, Expr)> = Vec::new();
    for e in store.post_order(&[body]) {
        let Node::Apply(other, _) = store[e] else { continue };
        if other != density
            && let Some(b) = parameter_of(store, context, other, e)
            && !others.iter().any(|(known, _)| *known == other)
        {
            others.push((other, b));
        }
    }
    let own = store.post_order(&[body]).into_iter().find_map(|e| parameter_of(store, context, density, e));
    let declared = context.densities.iter().find(|d| d.symbol == density).and_then(|d| d.parameter);
    let a = own.or(declared).unwrap_or(Store::ZERO);
    for (other, b) in others {
        let q = store.symbol_expr(other);
        let letters = [(P, p), (Q, q), (A, a), (B, b), (F, body)];
        out.extend(single(store, context, redex, ("common-space", &letters, false)));
    }
}

/// All moves whose place is a divergence, a Fisher information, an expectation or an integral.
pub fn moves(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    match store[redex].clone() {
        Node::Divergence { first, from, second, to } => {
            let (p, q) = (store.symbol_expr(first), store.symbol_expr(second));
            out.extend(single(
                store,
                context,
                redex,
                ("def-kl", &[(P, p), (Q, q), (A, from), (B, to)], false),
            ));
        }
        Node::Fisher { density, at } => {
            let p = store.symbol_expr(density);
            out.extend(single(store, context, redex, ("def-fisher", &[(P, p), (A, at)], false)));
            out.extend(information(store, context, redex, p, at));
        }
        Node::Expectation { density, parameter, body } => {
            let p = store.symbol_expr(density);
            let measure = [(P, p), (A, parameter)];
            out.extend(linear(store, context, redex, &measure, true));
            out.extend(known_mean(store, context, redex, &measure));
            out.extend(single(store, context, redex, ("def-e", &[(P, p), (A, parameter), (F, body)], false)));
            exchange(store, context, redex, p, Some(parameter), body, out);
        }
        Node::SampleIntegral { density, body } => {
            let p = store.symbol_expr(density);
            out.extend(linear(store, context, redex, &[(P, p)], false));
            fold(store, context, redex, p, density, body, out);
            mean_derivative(store, context, redex, p, density, body, out);
            other_space(store, context, redex, (p, density), body, out);
            exchange(store, context, redex, p, None, body, out);
        }
        _ => {}
    }
}

/// F → −E[H]: the lemma from right to left, where −F stands on its right.
fn information(store: &mut Store, context: &Context, redex: Expr, p: Expr, a: Expr) -> Option<Move> {
    let mut builder = Builder::new(store, context, redex);
    builder.negated("information", &[(P, p), (A, a)], redex)?;
    builder.done()
}

/// E[s] → 0, E[H] → −F, E[s s'] → F, E[1] → 1.
fn known_mean(store: &mut Store, context: &Context, redex: Expr, measure: &[(Meta, Expr)]) -> Option<Move> {
    for (rule, backwards) in
        [("e-one", false), ("score-mean", false), ("information", false), ("def-fisher", true)]
    {
        let Some((left, right)) = sides(store, context, rule, measure) else { continue };
        if (if backwards { right } else { left }) == redex {
            return single(store, context, redex, (rule, measure, backwards));
        }
    }
    None
}

/// Linearity of ∫ or E to the end: sums split, constants outside, E[1] = 1.
fn linear(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    measure: &[(Meta, Expr)],
    mean: bool,
) -> Option<Move> {
    let body = body_of(store, redex)?;
    let list = terms(store, body);
    let (sum, constant) = if mean { ("e-sum", "e-constant") } else { ("int-sum", "int-constant") };
    let mut builder = Builder::new(store, context, redex);
    if list.is_empty() {
        // ∫ 0 = 0·∫ 0.
        builder.step(constant, &with(measure, &[(K, Store::ZERO), (F, body)]), redex)?;
        return builder.done();
    }
    let bodies: Vec<Expr> = list.iter().map(|term| term.build(builder.store)).collect();
    let mut place = redex;
    for at in 0..bodies.len().saturating_sub(1) {
        let rest = builder.store.sum(bodies[at + 1..].iter().copied());
        builder.step(sum, &with(measure, &[(F, bodies[at]), (G, rest)]), place)?;
        place = around(builder.store, redex, rest);
    }
    for (term, body) in list.iter().zip(&bodies) {
        let split = split_constants(builder.store, term);
        let trivial = split.scalar == Store::ONE && split.left.is_none() && split.right.is_none();
        let inner = if trivial { *body } else { split.varying };
        if !trivial {
            let mut letters = vec![(K, lowered(builder.store, split.scalar)), (F, split.varying)];
            for (meta, matrix) in [(L, split.left), (R, split.right)] {
                if let Some(matrix) = matrix {
                    letters.push((meta, lowered(builder.store, matrix)));
                }
            }
            let place = around(builder.store, redex, *body);
            builder.step(constant, &with(measure, &letters), place)?;
        }
        if mean && inner == Store::ONE {
            let place = around(builder.store, redex, inner);
            builder.step("e-one", measure, place)?;
        }
    }
    builder.done()
}

fn with(measure: &[(Meta, Expr)], letters: &[(Meta, Expr)]) -> Letters {
    measure.iter().chain(letters).copied().collect()
}

fn body_of(store: &Store, e: Expr) -> Option<Expr> {
    match &store[e] {
        Node::Expectation { body, .. } | Node::SampleIntegral { body, .. } => Some(*body),
        _ => None,
    }
}

/// The same integral or expectation of another body.
fn around(store: &mut Store, e: Expr, body: Expr) -> Expr {
    match store[e] {
        Node::Expectation { density, parameter, .. } => store.expectation(density, parameter, body),
        Node::SampleIntegral { density, .. } => store.sample_integral(density, body),
        _ => e,
    }
}

/// ∫ p(x|a) f dx → E_a[f], for each a whose density is a factor of every term.
fn fold(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    p: Expr,
    density: SymbolId,
    body: Expr,
    out: &mut Vec<Move>,
) {
    let list = terms(store, body);
    let Some(first) = list.first() else { return };
    for (weight, _) in &first.scalars {
        let Some(a) = parameter_of(store, context, density, *weight) else { continue };
        let mut rest = Vec::new();
        for term in &list {
            let Some(at) = term.scalars.iter().position(|(base, power)| base == weight && power.is_one())
            else {
                break;
            };
            let mut term = term.clone();
            term.scalars.remove(at);
            rest.push(term.build(store));
        }
        if rest.len() == list.len() {
            let f = store.sum(rest);
            out.extend(single(store, context, redex, ("def-e", &[(P, p), (A, a), (F, f)], true)));
        }
    }
}

/// a of p(x | a) below the binder of x, seen from outside.
pub fn parameter_of(store: &mut Store, context: &Context, density: SymbolId, e: Expr) -> Option<Expr> {
    let Node::Apply(symbol, arguments) = &store[e] else { return None };
    if *symbol != density || !matches!(store[arguments[0]], Node::Bound(0, ..)) {
        return None;
    }
    let declared = context.densities.iter().find(|d| d.symbol == density)?;
    match (declared.parameter, arguments.get(1).copied()) {
        (None, None) => Some(Store::ZERO),
        (Some(_), Some(a)) if is_constant(store, a) => Some(lowered(store, a)),
        _ => None,
    }
}

/// ∫ p → 1, ∫ ∇p → ∇ ∫ p → ∇ 1 → 0, and so for ∇²p.
fn mean_derivative(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    p: Expr,
    density: SymbolId,
    body: Expr,
    out: &mut Vec<Move>,
) {
    if let Some(a) = parameter_of(store, context, density, body) {
        out.extend(single(store, context, redex, ("normalized", &[(P, p), (A, a)], false)));
        return;
    }
    if let Node::Apply(other, _) = store[body]
        && let Some(b) = parameter_of(store, context, other, body)
    {
        let q = store.symbol_expr(other);
        let declared = context.densities.iter().find(|d| d.symbol == density).and_then(|d| d.parameter);
        let letters = [(P, p), (Q, q), (A, declared.unwrap_or(Store::ZERO)), (B, b)];
        out.extend(single(store, context, redex, ("normalized-common", &letters, false)));
        return;
    }
    let Node::Derivative { kind, body: inner, at } = store[body] else { return };
    let Node::Apply(symbol, arguments) = &store[inner] else { return };
    let whole = *symbol == density
        && arguments.len() == 2
        && matches!(store[arguments[0]], Node::Bound(1, ..))
        && matches!(store[arguments[1]], Node::Bound(0, ..));
    if !whole || !is_constant(store, at) {
        return;
    }
    let a = lowered(store, at);
    let (swap, constant) = match kind {
        DerivativeKind::Gradient => ("exchange", "grad-constant"),
        DerivativeKind::Hessian => ("exchange-2", "hess-constant"),
    };
    let t = store.bound(0, store.shape(a), false);
    let mut builder = Builder::new(store, context, redex);
    let Some(outside) = builder.step(swap, &[(P, p), (A, a), (F, inner)], redex) else { return };
    let Node::Derivative { body: mass, .. } = builder.store[outside] else { return };
    builder.step("normalized", &[(P, p), (A, t)], mass);
    let one = builder.store.derivative(kind, Store::ONE, a);
    builder.step(constant, &[(A, a), (C, Store::ONE)], one);
    out.extend(builder.done());
}

/// ∫ ∇f dx → ∇ ∫ f dx, and so for E with the measure fixed.
fn exchange(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    p: Expr,
    measure: Option<Expr>,
    body: Expr,
    out: &mut Vec<Move>,
) {
    let Node::Derivative { kind, body: inner, at } = store[body] else { return };
    if !is_constant(store, at) || !store.shape(inner).is_scalar() {
        return;
    }
    let a = lowered(store, at);
    let rule = exchange_rule(kind, measure.is_some());
    let mut letters = vec![(P, p), (A, a), (F, inner)];
    letters.extend(measure.map(|b| (B, b)));
    out.extend(single(store, context, redex, (rule, &letters, false)));
}

/// The name of the rule that exchanges a derivative with ∫ or with E.
pub fn exchange_rule(kind: DerivativeKind, mean: bool) -> &'static str {
    match (kind, mean) {
        (DerivativeKind::Gradient, false) => "exchange",
        (DerivativeKind::Hessian, false) => "exchange-2",
        (DerivativeKind::Gradient, true) => "exchange-e",
        (DerivativeKind::Hessian, true) => "exchange-e-2",
    }
}
