//! Powers → products of quotients: nothing overflows on the way to a value that does not.
//!
//! `1 - rho^2` is `(1 - rho)*(1 + rho)`, `x^k*lambda^(-k)` is `(x/lambda)^k`, `log(4/(a^4*b^4))` is `log(4) - 4*log(a*b)`.

use super::walk::{Work, argument, factors, rewrite, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// The expressions with their powers replaced.
pub(super) fn powers(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    rewrite(store, root, |store, e| match store[e] {
        Node::Sum(_) => {
            let e = difference_of_squares(store, e);
            let e = power_less_one(store, &mut work, e);
            up_to_bound(store, &mut work, e)
        }
        Node::Product(_) => {
            let e = distributed(store, &mut work, e);
            let e = joined(store, &mut work, e);
            let e = over_base(store, &mut work, e);
            let e = ratio_of_calls(store, e);
            let e = ratio_in_sum(store, e);
            paired(store, e)
        }
        Node::Call(..) => logarithm_of_powers(store, &mut work, e),
        _ => e,
    })
}

/// The root of a product of even powers.
fn root_of_square(store: &mut Store, term: Expr) -> Option<Expr> {
    let mut list = Vec::new();
    for factor in factors(store, term) {
        let (base, n) = store.base_and_power(factor);
        if n % 2 != 0 {
            return None;
        }
        list.push(store.powi(base, n / 2));
    }
    Some(store.product(list))
}

/// c·R·(p² − q²) = c·R·(p − q)·(p + q); R holds the factors that both terms have.
fn difference_of_squares(store: &mut Store, e: Expr) -> Expr {
    let list = terms(store, e);
    let [(a, s), (b, t)] = &list[..] else { return e };
    let Some(ratio) = b.recip().map(|inverse| &-a * &inverse) else { return e };
    let Some(root) = ratio.root(2).filter(|_| ratio.is_positive()) else { return e };
    let (first, second) = (factors(store, *s), factors(store, *t));
    let shared: Vec<Expr> = first.iter().copied().filter(|f| second.contains(f)).collect();
    let rest = |store: &mut Store, list: &[Expr]| {
        let own: Vec<Expr> = list.iter().copied().filter(|f| !shared.contains(f)).collect();
        let own = store.product(own);
        root_of_square(store, own)
    };
    let (Some(p), Some(q)) = (rest(store, &first), rest(store, &second)) else { return e };
    if p == Store::ONE && argument(store, q, "cos").is_some() && root.is_one() {
        let angle = argument(store, q, "cos").expect("just seen");
        let sine = store.call_named("sin", [angle]);
        let square = store.powi(sine, 2);
        let product = store.product(shared.into_iter().chain([square]));
        return store.scale(a, product);
    }
    // a = −b·root²: a·p² + b·q² = −b·(root·p − q)·(root·p + q).
    let minus = store.linear([(root.clone(), p), (Rational::MINUS_ONE, q)]);
    let plus = store.linear([(root, p), (Rational::ONE, q)]);
    let product = store.product(shared.into_iter().chain([minus, plus]));
    store.scale(&-b, product)
}

/// The base and the exponent of a power whose exponent is no number.
fn symbolic(store: &Store, e: Expr) -> Option<(Expr, Expr)> {
    match store[e] {
        Node::Power(base, exponent) if store.as_number(exponent).is_none() => Some((base, exponent)),
        _ => None,
    }
}

/// x^k·λ^(−k) = (x/λ)^k for x, λ > 0.
fn joined(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let mut list = factors(store, e);
    for i in 0..list.len() {
        let Some((x, k)) = symbolic(store, list[i]) else { continue };
        for j in 0..list.len() {
            let Some((y, m)) = symbolic(store, list[j]) else { continue };
            let opposite = store.neg(k);
            if i == j || m != opposite || !work.is_positive(store, x) || !work.is_positive(store, y) {
                continue;
            }
            let quotient = store.div(x, y);
            let power = if x == y { Store::ONE } else { store.pow(quotient, k) };
            list[i] = power;
            list.remove(j);
            let product = store.product(list);
            return joined(store, work, product);
        }
    }
    e
}

/// x^k/x for x > 0 as one power: x^k is no float long before x^(k − 1) is none.
fn over_base(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let mut list = factors(store, e);
    for i in 0..list.len() {
        let Some((x, k)) = symbolic(store, list[i]) else { continue };
        // 1/x is −1/y where x = −y.
        let inverse = store.powi(x, -1);
        let (c, inverse) = terms(store, inverse).swap_remove(0);
        let Some(j) = list.iter().position(|f| *f == inverse) else { continue };
        if c.abs().is_one() && work.is_positive(store, x) {
            list[i] = store.call_named("power_over", [x, k]);
            list.remove(j);
            let product = store.product(list);
            return store.scale(&c, product);
        }
    }
    e
}

/// R·q^k − R = R·expm1(k·log q) for q > 0.
fn power_less_one(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let list = terms(store, e);
    for (i, (c, term)) in list.iter().enumerate() {
        for factor in factors(store, *term) {
            let Some((q, k)) = symbolic(store, factor) else { continue };
            let cofactor = without(store, *term, factor).expect("a factor of the term");
            let Some(j) = list.iter().position(|(d, t)| *t == cofactor && *d == -c) else { continue };
            if !work.is_positive(store, q) {
                continue;
            }
            let log = store.call_named("log", [q]);
            let exponent = store.mul(k, log);
            let call = store.call_named("expm1", [exponent]);
            let term = store.mul(cofactor, call);
            let kept = list.iter().enumerate().filter(|(k, _)| *k != i && *k != j).map(|(_, t)| t.clone());
            let kept: Vec<_> = kept.chain([(c.clone(), term)]).collect();
            return store.linear(kept);
        }
    }
    e
}

/// T − T·w + … as T·(1 − w) + … for a symbol w < 1, or its square: next to its bound the two terms are nearly one number.
fn up_to_bound(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let list = terms(store, e);
    for (i, (c, longer)) in list.iter().enumerate() {
        for w in factors(store, *longer) {
            let (symbol, n) = store.base_and_power(w);
            if !matches!(store[symbol], Node::Symbol(_)) || !(1..=2).contains(&n) {
                continue;
            }
            let shared = without(store, *longer, w).expect("a factor of the term");
            let own = |(d, t): &(Rational, Expr)| *t == shared && d.is_negative() != c.is_negative();
            let Some(j) = list.iter().position(own).filter(|_| shared != Store::ONE) else { continue };
            let (k, distance) = (list[j].0.clone(), [(list[j].0.clone(), Store::ONE), (c.clone(), w)]);
            let distance = store.linear(distance.to_vec());
            let distance = if k.is_negative() { store.neg(distance) } else { distance };
            if !work.is_positive(store, distance) {
                continue;
            }
            let distance = difference_of_squares(store, distance);
            let product = store.mul(shared, distance);
            let sign = if k.is_negative() { Rational::MINUS_ONE } else { Rational::ONE };
            let kept = list.iter().enumerate().filter(|(k, _)| *k != i && *k != j).map(|(_, t)| t.clone());
            let kept: Vec<_> = kept.chain([(sign, product)]).collect();
            let sum = store.linear(kept);
            return up_to_bound(store, work, sum);
        }
    }
    e
}

/// λ^(−k)·(x^k − λ^k) multiplied out: (x/λ)^k − 1.
fn distributed(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let list = factors(store, e);
    for (i, factor) in list.iter().enumerate() {
        let Some((y, m)) = symbolic(store, *factor) else { continue };
        let k = store.neg(m);
        let inverse = store.pow(y, k);
        let sum = list.iter().position(|f| {
            matches!(store[*f], Node::Sum(_))
                && terms(store, *f).iter().any(|(_, t)| factors(store, *t).contains(&inverse))
        });
        let Some(j) = sum else { continue };
        let mut parts = Vec::new();
        for (c, t) in terms(store, list[j]) {
            let t = store.mul(t, *factor);
            parts.push((c, joined(store, work, t)));
        }
        let mut rest: Vec<Expr> =
            list.iter().enumerate().filter(|(k, _)| *k != i && *k != j).map(|(_, f)| *f).collect();
        let sum = store.linear(parts);
        rest.push(power_less_one(store, work, sum));
        return store.product(rest);
    }
    e
}

/// ψ₁(a)/trigamma_excess(a) is divided first: both are as large as 1/a² and 1/a.
fn ratio_of_calls(store: &mut Store, e: Expr) -> Expr {
    let mut list = factors(store, e);
    for i in 0..list.len() {
        let Some(a) = argument(store, list[i], "trigamma") else { continue };
        let excess = store.call_named("trigamma_excess", [a]);
        let inverse = store.powi(excess, -1);
        if let Some(j) = list.iter().position(|f| *f == inverse) {
            list[i] = store.call_named("quotient", [list[i], excess]);
            list.remove(j);
            return store.product(list);
        }
    }
    e
}

/// (g + h·ψ₁(a))/trigamma_excess(a) multiplied out: h·ψ₁(a) may be no float where h·(ψ₁(a)/trigamma_excess(a)) is one.
fn ratio_in_sum(store: &mut Store, e: Expr) -> Expr {
    let mut list = factors(store, e);
    for i in 0..list.len() {
        let (excess, n) = store.base_and_power(list[i]);
        let Some(a) = argument(store, excess, "trigamma_excess").filter(|_| n == -1) else { continue };
        let trigamma = store.call_named("trigamma", [a]);
        let holds = |e: Expr| terms(store, e).iter().any(|(_, t)| factors(store, *t).contains(&trigamma));
        let is_sum = |f: &Expr| matches!(&store[*f], Node::Sum(_)) && holds(*f);
        let Some(j) = list.iter().position(is_sum) else { continue };
        let inverse = list[i];
        let mut parts = Vec::new();
        for (c, t) in terms(store, list[j]) {
            let product = store.mul(t, inverse);
            parts.push((c, ratio_of_calls(store, product)));
        }
        list[j] = store.linear(parts);
        list.remove(i);
        return store.product(list);
    }
    e
}

/// The least power that is taken apart.
const HIGH: i64 = 3;

/// a·b/c³ = (a/c)·(b/c)/c: a high power is divided by piece by piece.
fn paired(store: &mut Store, e: Expr) -> Expr {
    let list: Vec<(Expr, i64)> = factors(store, e).iter().map(|f| store.base_and_power(*f)).collect();
    let Some(at) = list.iter().position(|(_, n)| n.abs() >= HIGH) else { return e };
    let (base, mut left) = list[at];
    let mut result = Vec::new();
    for (i, (other, n)) in list.iter().enumerate() {
        if i == at || n.signum() == left.signum() || left == 0 {
            if i != at {
                result.push(store.powi(*other, *n));
            }
            continue;
        }
        let many = n.abs().min(left.abs());
        let pair = if left < 0 { [*other, base] } else { [base, *other] };
        let quotient = store.call_named("quotient", pair);
        result.push(store.powi(quotient, many));
        if n.abs() > many {
            result.push(store.powi(*other, n - many * n.signum()));
        }
        left -= many * left.signum();
    }
    if left != 0 {
        result.push(store.powi(base, left));
    }
    store.product(result)
}

/// log(c·Π bᵢ^(g·nᵢ)) = log(c) + g·log(Π bᵢ^nᵢ) for bᵢ > 0; |g| > 1, or what is only divided by.
fn logarithm_of_powers(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let Some(inner) = argument(store, e, "log") else { return e };
    let (c, body) = store.coefficient_and_term(inner);
    let list: Vec<(Expr, i64)> = factors(store, body).iter().map(|f| store.base_and_power(*f)).collect();
    let common = list.iter().fold(0, |g, (_, n)| num_integer::gcd(g, *n));
    let g = if list.iter().all(|(_, n)| *n < 0) { -common } else { common };
    if list.is_empty() || g == 0 || g == 1 || !c.is_positive() {
        return e;
    }
    if !list.iter().all(|(b, _)| work.is_positive(store, *b)) {
        return e;
    }
    let bases: Vec<Expr> = list.iter().map(|(b, n)| store.powi(*b, n / g)).collect();
    let product = store.product(bases);
    let log = store.call_named("log", [product]);
    let mut parts = vec![(Rational::from(g), log)];
    if !c.is_one() {
        let number = store.number(c);
        let call = store.call_named("log", [number]);
        parts.push((Rational::ONE, call));
    }
    store.linear(parts)
}
