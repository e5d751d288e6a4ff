//! Logarithms of k·e^h·sinh(y), the mass of an exponential over an interval → functions that do not overflow:
//! `log(sinh(x)/x)` is `log_expm1_ratio(-2*x) + x`, and the divergence of two such densities `tilted_divergence`.

use super::exponential::by_exponent;
use super::tilted::{MOST_NODES, descend, factored};
use super::walk::{Work, argument, calls, factors, speaks, terms, without};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// k·e^h·sinh(y)·rest of what a logarithm is taken from.
struct Tilt {
    /// The call or the difference of exponentials.
    sinh: Expr,
    k: Expr,
    h: Expr,
    y: Expr,
    rest: Expr,
}

/// The tilted mass among the factors, to the first power; y > 0 where that is known of either sign.
fn tilt(store: &mut Store, work: &mut Work, inner: Expr) -> Option<Tilt> {
    let (content, body) = store.coefficient_and_term(inner);
    for factor in factors(store, body) {
        let (base, n) = store.base_and_power(factor);
        if n.abs() != 1 {
            continue;
        }
        let mut found = match argument(store, base, "sinh") {
            Some(y) => Tilt { sinh: base, k: Store::ONE, h: Store::ZERO, y, rest: Store::ONE },
            None => {
                let members = by_exponent(store, base);
                let [(a, u), (b, v)] = members[..] else { continue };
                let is_plain = matches!(store[base], Node::Sum(_)) && speaks(store, base, &["exp"]);
                if !is_plain || !work.opposite(store, a, b) {
                    continue;
                }
                let half = Rational::new(1, 2);
                let h = store.linear([(half.clone(), u), (half.clone(), v)]);
                let y = store.linear([(half.clone(), u), (-&half, v)]);
                let y = factored(store, y);
                let k = store.scale(&Rational::from(2), a);
                Tilt { sinh: base, k, h, y, rest: Store::ONE }
            }
        };
        if work.assumptions.is_negative(store, found.y) {
            found.y = store.neg(found.y);
            found.k = store.neg(found.k);
        }
        let rest = without(store, body, factor)?;
        found.rest = store.scale(&content, rest);
        if n == -1 {
            // log(1/A) = −log A.
            return None;
        }
        return Some(found);
    }
    None
}

impl Tilt {
    /// k·y·rest: the mass is this times e^h·sinh(y)/y.
    fn scale(&self, store: &mut Store, work: &mut Work) -> Expr {
        let product = store.product([self.k, self.y, self.rest]);
        work.normal.simplify(store, product)
    }

    /// coth y as the expression has it.
    fn cotangent(&self, store: &mut Store) -> Expr {
        if argument(store, self.sinh, "sinh").is_some() {
            let cosh = store.call_named("cosh", [self.y]);
            let sinh = store.call_named("sinh", [self.y]);
            return store.div(cosh, sinh);
        }
        let double = store.scale(&Rational::from(2), self.y);
        let power = store.call_named("exp", [double]);
        let (above, below) = (store.add(power, Store::ONE), store.sub(power, Store::ONE));
        store.div(above, below)
    }
}

/// (position, coefficient with cofactor, what the logarithm is taken from).
fn logs(store: &mut Store, list: &[(Rational, Expr)]) -> Vec<(usize, Expr, Expr)> {
    let mut found = Vec::new();
    for (i, (c, term)) in list.iter().enumerate() {
        let single = [(c.clone(), *term)];
        if let [call] = calls(store, &single, "log")[..]
            && let Some(cofactor) = without(store, *term, call)
            && let Some(inner) = argument(store, call, "log")
        {
            found.push((i, store.scale(c, cofactor), inner));
        }
    }
    found
}

/// R·(f(y) − f(x) − (y − x)·f'(x)) for f(x) = log(sinh(x)/x), and what is left.
pub(super) fn divergence(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    if store.size(&[e]) > MOST_NODES {
        return None;
    }
    let list = terms(store, e);
    let found: Vec<(Expr, Expr, Tilt)> = logs(store, &list)
        .into_iter()
        .filter_map(|(_, r, inner)| Some((r, inner, tilt(store, work, inner)?)))
        .collect();
    for (r, upper, above) in &found {
        for (s, lower, below) in &found {
            if !work.opposite(store, *r, *s) {
                continue;
            }
            let mut parts = Vec::new();
            for (inner, part, sign) in [(upper, above, 1), (lower, below, -1)] {
                let scale = part.scale(store, work);
                let all = [store.call_named("log", [*inner]), store.neg(part.h)];
                parts.extend(all.map(|e| (Rational::from(sign), e)));
                let log = store.call_named("log", [scale]);
                parts.push((Rational::from(-sign), log));
            }
            let step = store.sub(above.y, below.y);
            let inverse = store.powi(below.y, -1);
            let cotangent = below.cotangent(store);
            let mean = store.sub(cotangent, inverse);
            parts.push((Rational::MINUS_ONE, store.mul(step, mean)));
            let whole = store.linear(parts);
            let whole = store.mul(*r, whole);
            let rest = store.sub(e, whole);
            let rest = work.normal.simplify(store, rest);
            let own = store.free_symbols(&[above.y]);
            let is_left = terms(store, rest).iter().any(|(_, t)| {
                speaks(store, *t, &["log"]) && store.free_symbols(&[*t]).iter().any(|id| own.contains(id))
            });
            if is_left || speaks(store, rest, &["exp", "sinh", "cosh"]) {
                continue;
            }
            let doubled = [below.y, above.y].map(|y| store.scale(&Rational::from(2), y));
            let call = store.call_named("tilted_divergence", doubled);
            let term = store.mul(*r, call);
            return Some(store.add(rest, term));
        }
    }
    None
}

/// c·log(sinh(y)·…) with the logarithms beside it, where these hold 1/y.
pub(super) fn normalized(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let list = terms(store, e);
    let all = logs(store, &list);
    for (i, r, inner) in &all {
        let Some(part) = tilt(store, work, *inner) else { continue };
        let mut scale = part.scale(store, work);
        let mut rest: Vec<usize> = vec![*i];
        let own = store.free_symbols(&[part.y]);
        for (j, s, other) in &all {
            if i == j || speaks(store, *other, &["exp", "sinh", "cosh"]) {
                continue;
            }
            let joined = if s == r {
                store.mul(scale, *other)
            } else if work.opposite(store, *r, *s) {
                store.div(scale, *other)
            } else {
                continue;
            };
            let joined = work.normal.simplify(store, joined);
            if store.free_symbols(&[joined]).len() <= store.free_symbols(&[scale]).len() {
                scale = joined;
                rest.push(*j);
            }
        }
        let left = store.free_symbols(&[scale]);
        let is_positive = work.is_positive(store, scale);
        if own.iter().all(|id| left.contains(id)) || !is_positive {
            continue;
        }
        // e^h·sinh(y)/y: by K(2y) + h − y or K(−2y) + h + y.
        let (minus, plus) = (store.sub(part.h, part.y), store.add(part.h, part.y));
        let (linear, sign) = if minus == Store::ZERO { (minus, 2) } else { (plus, -2) };
        let of = store.scale(&Rational::from(sign), part.y);
        let call = store.call_named("log_expm1_ratio", [of]);
        let log = if scale == Store::ONE { Store::ZERO } else { store.call_named("log", [scale]) };
        let value = store.sum([linear, call, log]);
        let value = store.mul(*r, value);
        let kept: Vec<(Rational, Expr)> =
            list.iter().enumerate().filter(|(k, _)| !rest.contains(k)).map(|(_, t)| t.clone()).collect();
        let kept = store.linear(kept);
        let kept = descend(store, work, kept);
        let expanded = match &store[value] {
            Node::Product(_) => work.normal.expand(store, value).unwrap_or(value),
            _ => value,
        };
        return Some(store.add(kept, expanded));
    }
    None
}
