//! Differences of digammas, trigammas and Bessel ratios → functions that keep their digits.
//!
//! `trigamma(a) - trigamma(a + b)` is `trigamma_difference(a, b)`; `log(beta) + log(x) - digamma(alpha)` is
//! `log(x*beta/alpha) + digamma_excess(alpha)`; `1 - A/x - A^2` for A = I₁(x)/I₀(x) is `bessel_ratio_slope(0, x)`. Each rule looks
//! at the terms of one sum; what it puts there expands to what it takes away.

use super::walk::{Work, argument, arguments, calls, factors, rewrite, take, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

type Terms = Vec<(Rational, Expr)>;

/// The expressions with such combinations replaced.
pub(super) fn special_functions(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    rewrite(store, root, |store, e| match store[e] {
        Node::Call(..) => logarithm_of_bessel(store, &mut work, e),
        Node::Sum(_) => sum(store, &mut work, e),
        _ => e,
    })
}

/// A rule: new terms, when it applies.
type Rule = fn(&mut Store, &mut Work, &[(Rational, Expr)]) -> Option<Terms>;

static RULES: &[Rule] = &[
    excess_of_trigamma,
    difference_of_trigammas,
    difference_of_digammas,
    excess_of_digamma,
    digamma_and_logarithm,
    remainder_of_logarithm,
    square_of_difference,
    difference_of_logarithms,
    angles,
    bessel_polynomial,
    bessel_complement,
    bessel_cosine,
    langevin_cosine,
    half_angle,
    bessel_divergence,
];

fn sum(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let mut list = terms(store, e);
    // Every rule leaves fewer terms that any rule looks for.
    while list.len() > 1
        && let Some(next) = RULES.iter().find_map(|rule| rule(store, work, &list))
    {
        let whole = store.linear(next);
        list = terms(store, whole);
    }
    store.linear(list)
}

/// Terms i and j replaced by others.
fn replaced(
    list: &[(Rational, Expr)],
    out: &[usize],
    with: impl IntoIterator<Item = (Rational, Expr)>,
) -> Terms {
    let kept = list.iter().enumerate().filter(|(i, _)| !out.contains(i)).map(|(_, t)| t.clone());
    kept.chain(with).collect()
}

/// (position, coefficient, cofactor, argument) of the terms that hold one call of this name, to the first power.
fn holding(store: &mut Store, list: &[(Rational, Expr)], name: &str) -> Vec<(usize, Rational, Expr, Expr)> {
    let mut found = Vec::new();
    for (i, (c, term)) in list.iter().enumerate() {
        let hits: Vec<Expr> =
            factors(store, *term).into_iter().filter(|f| argument(store, *f, name).is_some()).collect();
        if let [call] = hits[..] {
            let argument = argument(store, call, name).expect("a hit is such a call");
            let cofactor = without(store, *term, call).expect("a hit is a factor");
            found.push((i, c.clone(), cofactor, argument));
        }
    }
    found
}

/// c·R·f(a) − c·R·f(a + b) by `difference(a, b)`; the sign is that of f(a).
fn difference(
    store: &mut Store,
    work: &mut Work,
    list: &[(Rational, Expr)],
    (name, difference): (&str, &str),
    rising: bool,
) -> Option<Terms> {
    let found = holding(store, list, name);
    for (i, c, cofactor, a) in &found {
        for (j, d, other, s) in &found {
            if i == j || cofactor != other || *d != -c {
                continue;
            }
            let step = store.sub(*s, *a);
            if !work.is_positive(store, step) || !work.is_positive(store, *a) {
                continue;
            }
            let call = store.call_named(difference, [*a, step]);
            let term = store.mul(*cofactor, call);
            let c = if rising { -c } else { c.clone() };
            return Some(replaced(list, &[*i, *j], [(c, term)]));
        }
    }
    None
}

fn difference_of_trigammas(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    difference(store, work, list, ("trigamma", "trigamma_difference"), false)
}

fn difference_of_digammas(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    difference(store, work, list, ("digamma", "digamma_difference"), true)
}

/// R·(log u + log v − ψ(a)) = R·log(u·v/a) + R·digamma_excess(a).
fn excess_of_digamma(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for (i, c, cofactor, a) in holding(store, list, "digamma") {
        if !work.is_positive(store, a) {
            continue;
        }
        let logs: Vec<_> = holding(store, list, "log")
            .into_iter()
            .filter(|(_, d, other, _)| *other == cofactor && (*d == c || *d == -&c))
            .collect();
        if !logs.iter().any(|(_, d, ..)| *d == -&c) {
            continue;
        }
        let mut quotient = vec![store.powi(a, -1)];
        let mut out = vec![i];
        for (j, d, _, u) in logs {
            out.push(j);
            quotient.push(if d == c { store.powi(u, -1) } else { u });
        }
        let quotient = cancelled_product(store, work, &quotient);
        let log = if quotient == Store::ONE { Store::ZERO } else { store.call_named("log", [quotient]) };
        let excess = store.call_named("digamma_excess", [a]);
        let terms = [log, excess].map(|part| (-&c, store.mul(cofactor, part)));
        return Some(replaced(list, &out, terms));
    }
    None
}

/// R·(ψ(a) + log u) = R·log(a·u) − R·digamma_excess(a): a large digamma and the logarithm of what is small cancel, too.
fn digamma_and_logarithm(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for (i, c, cofactor, a) in holding(store, list, "digamma") {
        let logs = holding(store, list, "log");
        let beside = |(_, d, other, u): &&(usize, Rational, Expr, Expr)| {
            (d, other) == (&c, &cofactor) && store.as_number(*u).is_none()
        };
        let Some((j, .., u)) = logs.iter().find(beside) else { continue };
        let product = cancelled_product(store, work, &[a, *u]);
        let (_, body) = store.coefficient_and_term(product);
        if factors(store, body).len() > 2 || !work.is_positive(store, a) {
            continue;
        }
        let log = store.call_named("log", [product]);
        let excess = store.call_named("digamma_excess", [a]);
        let terms = [(c.clone(), store.mul(cofactor, log)), (-&c, store.mul(cofactor, excess))];
        return Some(replaced(list, &[i, *j], terms));
    }
    None
}

/// R·log(q) − R·q + R = −R·kl_term(1, q).
fn remainder_of_logarithm(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for (i, c, cofactor, q) in holding(store, list, "log") {
        let mut rest: Terms = replaced(list, &[i], []);
        let one = store.sub(q, Store::ONE);
        let part = store.mul(cofactor, one);
        let part = store.scale(&c, part);
        if take(store, &mut rest, part) && work.is_positive(store, q) {
            let call = store.call_named("kl_term", [Store::ONE, q]);
            let term = store.mul(cofactor, call);
            rest.push((-&c, term));
            return Some(rest);
        }
    }
    None
}

/// R·a² − 2·R·a·b + R·b² = R·(a − b)² for two symbols, and R·(a + b)².
fn square_of_difference(store: &mut Store, _: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for (i, (c, term)) in list.iter().enumerate() {
        for a in factors(store, *term) {
            let (base, n) = store.base_and_power(a);
            if n != 2 || store.as_symbol(base).is_none() {
                continue;
            }
            let rest = without(store, *term, a)?;
            for (j, (d, other)) in list.iter().enumerate().filter(|(j, (d, _))| *j != i && d == c) {
                let found = factors(store, *other).into_iter().find_map(|b| {
                    let (symbol, m) = store.base_and_power(b);
                    let is_square = m == 2 && symbol != base && store.as_symbol(symbol).is_some();
                    (is_square && without(store, *other, b) == Some(rest)).then_some((symbol, d))
                });
                let Some((symbol, _)) = found else { continue };
                let cross = store.product([rest, base, symbol]);
                let double = c * &Rational::from(2);
                let at = list.iter().position(|(k, t)| *t == cross && k.abs() == double.abs());
                let Some(k) = at else { continue };
                let sign = if list[k].0 == double { Rational::ONE } else { Rational::MINUS_ONE };
                let sum = store.linear([(Rational::ONE, base), (sign, symbol)]);
                let square = store.powi(sum, 2);
                let product = store.mul(rest, square);
                return Some(replaced(list, &[i, j, k], [(c.clone(), product)]));
            }
        }
    }
    None
}

/// R·(log u − log(u + d)) = −R·log1p(d/u) for d > 0.
fn difference_of_logarithms(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    let found = holding(store, list, "log");
    for (i, c, cofactor, u) in &found {
        for (j, d, other, v) in &found {
            if i == j || cofactor != other || *d != -c {
                continue;
            }
            let step = store.sub(*v, *u);
            if !work.is_positive(store, step) || !work.is_positive(store, *u) {
                continue;
            }
            let quotient = store.div(step, *u);
            let call = store.call_named("log1p", [quotient]);
            let term = store.mul(*cofactor, call);
            return Some(replaced(list, &[*i, *j], [(-c, term)]));
        }
    }
    None
}

/// A product without what it multiplies and divides by, where that is known not to be 0.
pub(super) fn cancelled_product(store: &mut Store, work: &mut Work, list: &[Expr]) -> Expr {
    let product = store.product(list.iter().copied());
    let (c, body) = store.coefficient_and_term(product);
    let mut powers: Vec<(Expr, i64)> = Vec::new();
    let mut changed = false;
    for factor in factors(store, body) {
        let (base, n) = store.base_and_power(factor);
        match powers.iter_mut().find(|(known, _)| *known == base) {
            Some((_, m)) if work.assumptions.is_nonzero(store, base) => {
                changed = true;
                *m += n;
            }
            _ => powers.push((base, n)),
        }
    }
    if !changed {
        return product;
    }
    let list: Vec<Expr> = powers.iter().filter(|(_, n)| *n != 0).map(|(b, n)| store.powi(*b, *n)).collect();
    let product = store.product(list);
    store.scale(&c, product)
}

/// M·(a·ψ₁(a) − 1) = M·trigamma_excess(a), whatever a·M is written as.
fn excess_of_trigamma(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for call in calls(store, list, "trigamma") {
        let a = argument(store, call, "trigamma").expect("a call of trigamma");
        let (mut coefficient, mut rest) = (Vec::new(), Vec::new());
        for (c, term) in list {
            match without(store, *term, call) {
                Some(cofactor) => coefficient.push((c.clone(), cofactor)),
                None => rest.push((c.clone(), *term)),
            }
        }
        if coefficient.is_empty() || rest.is_empty() || !work.is_positive(store, a) {
            continue;
        }
        let coefficient = store.linear(coefficient);
        let quotient = store.div(coefficient, a);
        let multiple = work.normal.simplify(store, quotient);
        if take(store, &mut rest, multiple) {
            let excess = store.call_named("trigamma_excess", [a]);
            let term = store.mul(multiple, excess);
            rest.push((Rational::ONE, term));
            return Some(rest);
        }
    }
    None
}

/// cos a·cos b + sin a·sin b = cos(a − b).
fn angles(store: &mut Store, _: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for (i, (c, term)) in list.iter().enumerate() {
        let cosines: Vec<Expr> =
            factors(store, *term).into_iter().filter(|f| argument(store, *f, "cos").is_some()).collect();
        let [first, second] = cosines[..] else { continue };
        let (a, b) = (argument(store, first, "cos")?, argument(store, second, "cos")?);
        let rest = without(store, *term, first)?;
        let rest = without(store, rest, second)?;
        let sines = [a, b].map(|x| store.call_named("sin", [x]));
        let partner = store.product([rest, sines[0], sines[1]]);
        let Some(j) = list.iter().position(|(d, t)| *t == partner && d.abs() == c.abs()) else { continue };
        let angle = if list[j].0 == *c { store.sub(a, b) } else { store.add(a, b) };
        let cosine = store.call_named("cos", [angle]);
        let term = store.mul(rest, cosine);
        return Some(replaced(list, &[i, j], [(c.clone(), term)]));
    }
    None
}

/// C₀ + C₁·A + C₂·A² with C₀ = −C₂ by the slope of A = bessel_ratio(ν, x), 1 − (2ν + 1)/x·A − A².
fn bessel_polynomial(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for ratio in calls(store, list, "bessel_ratio") {
        let (nu, x) = arguments(store, ratio, "bessel_ratio").expect("a call of bessel_ratio");
        let square = store.powi(ratio, 2);
        let mut parts = [Vec::new(), Vec::new(), Vec::new()];
        for (c, term) in list {
            let (power, cofactor) = match (without(store, *term, square), without(store, *term, ratio)) {
                (Some(cofactor), _) => (2, cofactor),
                (None, Some(cofactor)) => (1, cofactor),
                (None, None) => (0, *term),
            };
            parts[power].push((c.clone(), cofactor));
        }
        if parts.iter().any(Vec::is_empty) || !work.is_positive(store, x) {
            continue;
        }
        let [c0, c1, c2] = parts.map(|part| store.linear(part));
        let total = store.add(c0, c2);
        if !work.is_zero(store, total) {
            continue;
        }
        let order = store.linear([(Rational::from(2), nu), (Rational::ONE, Store::ONE)]);
        let tail = store.div(order, x);
        let tail = store.mul(c0, tail);
        let linear = store.add(c1, tail);
        let linear = work.normal.simplify(store, linear);
        let slope = store.call_named("bessel_ratio_slope", [nu, x]);
        let first = store.mul(c0, slope);
        if linear == Store::ZERO {
            return Some(terms(store, first));
        }
        let second = store.mul(linear, ratio);
        return Some(vec![(Rational::ONE, first), (Rational::ONE, second)]);
    }
    None
}

/// R·(ℓ(y) − ℓ(x) + (y − x)·(1 − A(x))) = R·bessel_divergence(x, y) for ℓ = log_besseli_scaled(0, ·), after
/// 1 − A has its name.
fn bessel_divergence(store: &mut Store, _: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    let mut found = Vec::new();
    for call in calls(store, list, "log_besseli_scaled") {
        let (nu, x) = arguments(store, call, "log_besseli_scaled").expect("a call of it");
        for (c, term) in list {
            if let Some(cofactor) = without(store, *term, call)
                && nu == Store::ZERO
            {
                found.push((c.clone(), cofactor, call, x));
            }
        }
    }
    for (c, cofactor, upper, y) in &found {
        for (d, other, lower, x) in &found {
            if *d != -c || cofactor != other {
                continue;
            }
            let complement = store.call_named("bessel_ratio_complement", [Store::ZERO, *x]);
            let parts =
                [(1, *upper), (-1, *lower), (1, store.mul(*y, complement)), (-1, store.mul(*x, complement))];
            let mut rest = list.to_vec();
            let taken = parts.into_iter().all(|(k, part)| {
                let part = store.mul(*cofactor, part);
                // `take` removes the opposite.
                let part = store.scale(&(c * &Rational::from(-k)), part);
                take(store, &mut rest, part)
            });
            if !taken {
                continue;
            }
            let call = store.call_named("bessel_divergence", [*x, *y]);
            rest.push((c.clone(), store.mul(*cofactor, call)));
            return Some(rest);
        }
    }
    None
}

/// R − R·A = R·bessel_ratio_complement.
fn bessel_complement(store: &mut Store, _: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for ratio in calls(store, list, "bessel_ratio") {
        let (nu, x) = arguments(store, ratio, "bessel_ratio").expect("a call of bessel_ratio");
        for (i, (c, term)) in list.iter().enumerate() {
            let Some(cofactor) = without(store, *term, ratio) else { continue };
            let Some(j) = list.iter().position(|(d, t)| *t == cofactor && *d == -c) else { continue };
            let complement = store.call_named("bessel_ratio_complement", [nu, x]);
            let term = store.mul(cofactor, complement);
            return Some(replaced(list, &[i, j], [(-c, term)]));
        }
    }
    None
}

/// R·cos d − R·A, and R·A·cos d − R, by 1 − A and sin(d/2)².
fn bessel_cosine(store: &mut Store, _: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for ratio in calls(store, list, "bessel_ratio") {
        let (nu, x) = arguments(store, ratio, "bessel_ratio").expect("a call of bessel_ratio");
        for (i, c, cofactor, angle) in holding(store, list, "cos") {
            // R·A·cos d − R, or else R·cos d − R·A.
            let (rest, weight) = match without(store, cofactor, ratio) {
                Some(rest) => (rest, ratio),
                None => (cofactor, Store::ONE),
            };
            let sign = if weight == ratio { Rational::MINUS_ONE } else { Rational::ONE };
            let partner = if weight == ratio { rest } else { store.mul(rest, ratio) };
            let Some(j) = list.iter().position(|(d, t)| *t == partner && *d == -&c) else { continue };
            let complement = store.call_named("bessel_ratio_complement", [nu, x]);
            let first = store.mul(rest, complement);
            let square = half_sine_square(store, angle);
            let second = store.product([rest, weight, square]);
            let terms = [(&c * &sign, first), (&c * &Rational::from(-2), second)];
            return Some(replaced(list, &[i, j], terms));
        }
    }
    None
}

/// R·cos d − R·L(x) = 2·R·tilted_mean(−2x) − 2·R·sin(d/2)² for L(x) = coth x − 1/x.
fn langevin_cosine(store: &mut Store, _: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for (i, c, cofactor, x) in holding(store, list, "langevin") {
        for (j, d, other, angle) in holding(store, list, "cos") {
            if other != cofactor || d != -&c {
                continue;
            }
            let double = store.scale(&Rational::from(-2), x);
            let complement = store.call_named("tilted_mean", [double]);
            let square = half_sine_square(store, angle);
            let parts = [(2, complement), (-2, square)];
            let terms = parts.map(|(k, part)| (&d * &Rational::from(k), store.mul(cofactor, part)));
            return Some(replaced(list, &[i, j], terms));
        }
    }
    None
}

/// sin(d/2)².
fn half_sine_square(store: &mut Store, angle: Expr) -> Expr {
    let half = store.scale(&Rational::new(1, 2), angle);
    let sine = store.call_named("sin", [half]);
    store.powi(sine, 2)
}

/// R·cos d − R = −2·R·sin(d/2)².
fn half_angle(store: &mut Store, _: &mut Work, list: &[(Rational, Expr)]) -> Option<Terms> {
    for (i, c, cofactor, angle) in holding(store, list, "cos") {
        let Some(j) = list.iter().position(|(d, t)| *t == cofactor && *d == -&c) else { continue };
        let square = half_sine_square(store, angle);
        let term = store.mul(cofactor, square);
        return Some(replaced(list, &[i, j], [(&c * &Rational::from(-2), term)]));
    }
    None
}

/// log(k·I_ν(x)) = log(k) + x + log_besseli_scaled(ν, x).
fn logarithm_of_bessel(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let Some(inner) = argument(store, e, "log") else { return e };
    let (c, body) = store.coefficient_and_term(inner);
    let list = factors(store, body);
    let Some(call) = list.iter().copied().find(|f| arguments(store, *f, "besseli").is_some()) else {
        return e;
    };
    let (nu, x) = arguments(store, call, "besseli").expect("just found");
    // log_besseli_scaled(0, 0) = 0 has a value as well.
    let at_zero = nu == Store::ZERO && work.assumptions.is_nonnegative(store, x);
    let positive = at_zero || (work.assumptions.is_nonnegative(store, nu) && work.is_positive(store, x));
    if !positive || !c.is_positive() {
        return e;
    }
    let rest = without(store, body, call).expect("just found");
    let rest = store.scale(&c, rest);
    let scaled = store.call_named("log_besseli_scaled", [nu, x]);
    let mut parts = vec![x, scaled];
    if rest != Store::ONE {
        parts.push(store.call_named("log", [rest]));
    }
    store.sum(parts)
}
