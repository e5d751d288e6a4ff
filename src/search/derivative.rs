//! Moves on derivatives: term by term, product, logarithm, chain, and into ∫ or E.
//!
//! `∇_d (L(θ) + ∇L(θ)'d + ½ λ d'Fd)` becomes `∇L(θ) + λFd` in one move: sums, constants, linear and quadratic forms.

use crate::claim::Context;
use crate::expr::DerivativeKind::{self, Gradient, Hessian};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;
use crate::proof::Meta::{A, B, C, E, F, G, K, M, P};

use super::density::exchange_rule;
use super::moves::{Builder, Move, single};
use super::view::{Term, is_constant, lowered, replace, reversed, terms};

/// All moves whose place is a derivative.
pub fn moves(store: &mut Store, context: &Context, redex: Expr, out: &mut Vec<Move>) {
    let Node::Derivative { kind, body, at } = store[redex] else { return };
    out.extend(term_by_term(store, context, redex));
    let list = terms(store, body);
    let [term] = list.as_slice() else { return };
    if term.scalars.is_empty() || !term.coefficient.is_one() || !term.chain.is_empty() {
        return;
    }
    if term.scalars.iter().any(|(b, _)| is_constant(store, *b)) {
        return;
    }
    match term.scalars.as_slice() {
        [(base, power)] if power.is_one() => function(store, context, redex, (kind, *base, at), out),
        [(base, power)] if kind == Gradient => {
            let exponent = store.number(power.clone());
            let letters = [(F, *base), (E, exponent), (A, at)];
            out.extend(single(store, context, redex, ("grad-power", &letters, false)));
        }
        _ => {
            let (f, g) = halves(store, term);
            let rule = named(kind, "grad-product", "hess-product");
            out.extend(single(store, context, redex, (rule, &[(F, f), (G, g), (A, at)], false)));
        }
    }
}

fn named(kind: DerivativeKind, gradient: &'static str, hessian: &'static str) -> &'static str {
    if kind == Gradient { gradient } else { hessian }
}

/// A product as its first factor and the others; of a power one factor and the rest of the power.
fn halves(store: &mut Store, term: &Term) -> (Expr, Expr) {
    let (mut first, mut rest) = (term.clone(), term.clone());
    if term.scalars.len() == 1 {
        first.scalars[0].1 = Rational::ONE;
        rest.scalars[0].1 = &rest.scalars[0].1 - &Rational::ONE;
    } else {
        first.scalars.truncate(1);
        rest.scalars.remove(0);
    }
    (first.build(store), rest.build(store))
}

/// Sums split, constants outside, linear and quadratic forms differentiated.
fn term_by_term(store: &mut Store, context: &Context, redex: Expr) -> Option<Move> {
    let Node::Derivative { kind, body, at } = store[redex] else { return None };
    let list = terms(store, body);
    let mut builder = Builder::new(store, context, redex);
    let bodies: Vec<Expr> = list.iter().map(|term| term.build(builder.store)).collect();
    let mut place = redex;
    for position in 0..bodies.len().saturating_sub(1) {
        let rest = builder.store.sum(bodies[position + 1..].iter().copied());
        let rule = named(kind, "grad-sum", "hess-sum");
        builder.step(rule, &[(F, bodies[position]), (G, rest), (A, at)], place)?;
        place = builder.store.derivative(kind, rest, at);
    }
    for (term, body) in list.iter().zip(&bodies) {
        one_term(&mut builder, (kind, at), term, *body)?;
    }
    builder.done()
}

/// One term of a derivative, as far as constants and forms in the variable itself reach.
fn one_term(
    builder: &mut Builder,
    (kind, at): (DerivativeKind, Expr),
    term: &Term,
    body: Expr,
) -> Option<()> {
    let place = builder.store.derivative(kind, body, at);
    if is_constant(builder.store, body) {
        let c = lowered(builder.store, body);
        builder.step(named(kind, "grad-constant", "hess-constant"), &[(C, c), (A, at)], place)?;
        return Some(());
    }
    let (fixed, varying): (Vec<_>, Vec<_>) =
        term.scalars.iter().cloned().partition(|(base, _)| is_constant(builder.store, *base));
    let k = Term { scalars: fixed, chain: Vec::new(), ..term.clone() }.build(builder.store);
    let rest = Term { coefficient: Rational::ONE, scalars: varying, chain: term.chain.clone() };
    let f = rest.build(builder.store);
    let mut place = place;
    if k != Store::ONE {
        let k = lowered(builder.store, k);
        builder.step(named(kind, "grad-scale", "hess-scale"), &[(K, k), (F, f), (A, at)], place)?;
        place = builder.store.derivative(kind, f, at);
    }
    form(builder, (kind, at), &rest, place)
}

/// A linear or quadratic form in the variable, or a matrix times it; anything else stays.
fn form(builder: &mut Builder, (kind, at): (DerivativeKind, Expr), rest: &Term, place: Expr) -> Option<()> {
    let store = &mut *builder.store;
    let t = store.bound(0, store.shape(at), false);
    if rest.scalars.is_empty() {
        let (last, matrices) = rest.chain.split_last()?;
        if *last == t && matrices.iter().all(|e| is_constant(store, *e)) && kind == Gradient {
            if matrices.is_empty() {
                builder.step("grad-identity", &[(A, at)], place)?;
                return Some(());
            }
            let m = store.chain(matrices.iter().copied());
            let m = lowered(store, m);
            builder.step("jacobian-linear", &[(M, m), (A, at)], place)?;
        }
        return Some(());
    }
    let [(base, power)] = rest.scalars.as_slice() else {
        return scaled_column(builder, (kind, at), rest, place);
    };
    if !rest.chain.is_empty() {
        return scaled_column(builder, (kind, at), rest, place);
    }
    if *base == t && power.is_one() {
        builder.step(named(kind, "grad-linear", "hess-linear"), &[(C, Store::ONE), (A, at)], place)?;
    } else if *base == t && *power == Rational::from(2) {
        builder.step(named(kind, "grad-quadratic", "hess-quadratic"), &[(M, Store::ONE), (A, at)], place)?;
    } else if let Node::Chain(list) = store[*base].clone()
        && power.is_one()
    {
        let row = store.transpose(t);
        let is_end = |e: &Expr| *e == t || *e == row;
        let (first, last) = (is_end(&list[0]), is_end(&list[list.len() - 1]));
        let inner: Vec<Expr> = list[usize::from(first)..list.len() - usize::from(last)].to_vec();
        if !inner.iter().all(|e| is_constant(store, *e)) {
            return Some(());
        }
        if first && last {
            let m = match inner.as_slice() {
                [] => store.identity(store.shape(at).rows),
                _ => store.chain(inner),
            };
            let m = lowered(store, m);
            builder.step(named(kind, "grad-quadratic", "hess-quadratic"), &[(M, m), (A, at)], place)?;
        } else {
            let column = if first { inner } else { reversed(store, &inner) };
            let c = store.chain(column);
            let c = lowered(store, c);
            builder.step(named(kind, "grad-linear", "hess-linear"), &[(C, c), (A, at)], place)?;
        }
    }
    Some(())
}

/// A constant column times the scalar variable: ∂(M t)/∂t = M.
fn scaled_column(
    builder: &mut Builder,
    (kind, at): (DerivativeKind, Expr),
    rest: &Term,
    place: Expr,
) -> Option<()> {
    let store = &mut *builder.store;
    let t = store.bound(0, store.shape(at), false);
    let plain = matches!(rest.scalars.as_slice(), [(base, power)] if *base == t && power.is_one());
    if plain && kind == Gradient && rest.chain.iter().all(|e| is_constant(store, *e)) {
        let m = store.chain(rest.chain.iter().copied());
        let m = lowered(store, m);
        builder.step("jacobian-linear", &[(M, m), (A, at)], place)?;
    }
    Some(())
}

/// A single function of the variable: logarithm, exponential, integral, expectation, shifted or chained argument.
fn function(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    (kind, f, at): (DerivativeKind, Expr, Expr),
    out: &mut Vec<Move>,
) {
    chained(store, context, redex, (kind, f, at), out);
    match store[f].clone() {
        Node::Call(function, list) => {
            let rule = match (function.row().name, kind) {
                ("log", Gradient) => "grad-log",
                ("log", Hessian) => "hess-log",
                ("exp", Gradient) => "grad-exp",
                _ => return,
            };
            out.extend(single(store, context, redex, (rule, &[(F, list[0]), (A, at)], false)));
        }
        Node::SampleIntegral { density, body } => {
            let p = store.symbol_expr(density);
            let inner = swapped(store, body, store.shape(at));
            let letters = [(P, p), (A, at), (F, inner)];
            out.extend(single(store, context, redex, (exchange_rule(kind, false), &letters, true)));
        }
        Node::Expectation { density, parameter, body } if is_constant(store, parameter) => {
            let p = store.symbol_expr(density);
            let inner = swapped(store, body, store.shape(at));
            let b = lowered(store, parameter);
            let letters = [(P, p), (A, at), (B, b), (F, inner)];
            out.extend(single(store, context, redex, (exchange_rule(kind, true), &letters, true)));
        }
        _ => {}
    }
}

/// f(x, t) with t the inner variable, of a body under ∫ … dx in which t is the outer one.
fn swapped(store: &mut Store, body: Expr, shape: crate::expr::Shape) -> Expr {
    let symbol = |store: &mut Store, name: &str, shape| {
        store.symbol(crate::expr::Symbol { name: name.to_owned(), shape, integer: false })
    };
    let (x, t) = (symbol(store, "□search x", crate::expr::Shape::SCALAR), symbol(store, "□search t", shape));
    let open = store.instantiate(body, x);
    let open = store.instantiate(open, t);
    let closed = store.abstract_over(open, x, false);
    store.abstract_over(closed, t, false)
}

/// ∇ f(c + t) = (∇f)(c + a), and ∇ f(g(t)) = J_g' ∇f(g(a)), where one argument of f is not t itself.
fn chained(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    (kind, f, at): (DerivativeKind, Expr, Expr),
    out: &mut Vec<Move>,
) {
    let t = store.bound(0, store.shape(at), false);
    let Some(argument) = inner_argument(store, f, t) else { return };
    // The outer function of a fresh innermost variable; what f holds beside the argument is constant in t.
    let slot = store.symbol(crate::expr::Symbol {
        name: "□search slot".to_owned(),
        shape: store.shape(argument),
        integer: false,
    });
    let outer = replace(store, f, argument, slot);
    if !is_constant(store, outer) {
        return;
    }
    let outer = store.instantiate(outer, Store::ZERO);
    let outer = store.abstract_over(outer, slot, false);
    let moved = store.sub(argument, t);
    let shifted = store.shape(argument) == store.shape(t) && {
        let list = terms(store, argument);
        list.iter().any(|term| term.clone().build(store) == t) && is_constant(store, moved)
    };
    if shifted {
        let c = lowered(store, moved);
        let rule = named(kind, "grad-shift", "hess-shift");
        out.extend(single(store, context, redex, (rule, &[(F, outer), (C, c), (A, at)], false)));
    } else if kind == Gradient {
        out.extend(single(
            store,
            context,
            redex,
            ("grad-chain", &[(F, outer), (G, argument), (A, at)], false),
        ));
    }
}

/// The argument of an abstract function, perhaps below log, that mentions the variable without being it.
fn inner_argument(store: &Store, f: Expr, t: Expr) -> Option<Expr> {
    let head = match &store[f] {
        Node::Call(function, list) if function.row().name == "log" => list[0],
        _ => f,
    };
    match &store[head] {
        Node::Apply(_, list) => {
            let mut found = list.iter().filter(|e| store.mentions_bound(**e, 0));
            let argument = *found.next()?;
            (found.next().is_none() && argument != t).then_some(argument)
        }
        _ => None,
    }
}
