//! Hyperbolic functions that no tilted mass explains → functions that do not overflow: `log(cosh(u))` by `logaddexp`,
//! `log(sinh(u))` by `log1mexp`, sinh(u)/cosh(u) as tanh(u).

use super::softmax;
use super::walk::{Work, argument, factors, rewrite, terms, without};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// The expression by functions that stay finite; a divergence as one of exponentials.
pub(super) fn functions(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let spelled = spelled_out(store, e);
    let divergence = softmax::divergences(store, spelled, &mut work.assumptions);
    if divergence != spelled {
        return divergence;
    }
    rewrite(store, e, |store, e| match store[e] {
        Node::Call(..) => logarithm(store, work, e).unwrap_or(e),
        Node::Product(_) => tangents(store, e),
        Node::Sum(_) => squares(store, e),
        _ => e,
    })
}

/// sinh and cosh by exponentials.
fn spelled_out(store: &mut Store, e: Expr) -> Expr {
    rewrite(store, e, |store, e| {
        let Node::Call(f, list) = store[e].clone() else { return e };
        let sign = match f.row().name {
            "sinh" | "tanh" => Rational::MINUS_ONE,
            "cosh" => Rational::ONE,
            _ => return e,
        };
        let opposite = store.neg(list[0]);
        let [up, down] = [list[0], opposite].map(|u| store.call_named("exp", [u]));
        if f.row().name == "tanh" {
            let (above, below) = (store.sub(up, down), store.add(up, down));
            return store.div(above, below);
        }
        let sum = store.linear([(Rational::ONE, up), (sign, down)]);
        store.scale(&Rational::new(1, 2), sum)
    })
}

/// log(c·cosh u) = logaddexp(u, −u) + log(c/2), and log(c·sinh u) = u + log1mexp(−2u) + log(c/2) for u > 0.
fn logarithm(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let inner = argument(store, e, "log")?;
    let (content, body) = store.coefficient_and_term(inner);
    let (mut rest, mut sum) = (Vec::new(), Vec::new());
    let mut scale = content;
    for factor in factors(store, body) {
        let (base, n) = store.base_and_power(factor);
        let image = if let Some(u) = argument(store, base, "cosh") {
            let opposite = store.neg(u);
            vec![store.call_named("logaddexp", [u, opposite])]
        } else if let Some(u) = argument(store, base, "sinh").filter(|u| work.is_positive(store, *u)) {
            let double = store.scale(&Rational::from(-2), u);
            vec![u, store.call_named("log1mexp", [double])]
        } else {
            rest.push(factor);
            continue;
        };
        scale = &scale * &Rational::new(1, 2).pow(n)?;
        sum.extend(image.into_iter().map(|e| (Rational::from(n), e)));
    }
    if sum.is_empty() {
        return None;
    }
    let rest = store.product(rest);
    let rest = store.scale(&scale, rest);
    let number = store.as_number(rest).and_then(Rational::recip).filter(Rational::is_integer);
    match number {
        _ if rest == Store::ONE => {}
        // log(1/2) = −log 2.
        Some(inverse) => {
            let inverse = store.number(inverse);
            sum.push((Rational::MINUS_ONE, store.call_named("log", [inverse])));
        }
        None => sum.push((Rational::ONE, store.call_named("log", [rest]))),
    }
    Some(store.linear(sum))
}

/// sinh(u)/cosh(u) = tanh(u).
fn tangents(store: &mut Store, e: Expr) -> Expr {
    let list: Vec<(Expr, i64)> = factors(store, e).iter().map(|f| store.base_and_power(*f)).collect();
    for (i, (base, n)) in list.iter().enumerate() {
        let Some(u) = argument(store, *base, "sinh") else { continue };
        let cosh = store.call_named("cosh", [u]);
        let Some(j) = list.iter().position(|(other, m)| *other == cosh && m.signum() == -n.signum()) else {
            continue;
        };
        let many = n.abs().min(list[j].1.abs()) * n.signum();
        let tanh = store.call_named("tanh", [u]);
        let mut product = vec![store.powi(tanh, many)];
        for (k, (other, m)) in list.iter().enumerate() {
            let m = if k == i {
                m - many
            } else if k == j {
                m + many
            } else {
                *m
            };
            product.push(store.powi(*other, m));
        }
        return store.product(product);
    }
    e
}

/// R·cosh(u)² − R = R·sinh(u)², R − R·tanh(u)² = R/cosh(u)².
fn squares(store: &mut Store, e: Expr) -> Expr {
    let list = terms(store, e);
    for (i, (c, term)) in list.iter().enumerate() {
        for factor in factors(store, *term) {
            let (base, n) = store.base_and_power(factor);
            let Node::Call(f, arguments) = store[base].clone() else { continue };
            let (name, sign, power) = match f.row().name {
                "cosh" => ("sinh", 1, 2),
                "tanh" => ("cosh", -1, -2),
                _ => continue,
            };
            if n != 2 {
                continue;
            }
            let Some(cofactor) = without(store, *term, factor) else { continue };
            let Some(j) = list.iter().position(|(d, t)| *t == cofactor && *d == -c) else { continue };
            let call = store.call_named(name, [arguments[0]]);
            let square = store.powi(call, power);
            let product = store.mul(cofactor, square);
            let kept = list.iter().enumerate().filter(|(k, _)| *k != i && *k != j).map(|(_, t)| t.clone());
            let kept: Vec<_> = kept.chain([(c * &Rational::from(sign), product)]).collect();
            return store.linear(kept);
        }
    }
    e
}
