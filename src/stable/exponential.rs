//! Rational functions of exponentials → logistic functions, softmax weights and `expm1`, which neither overflow nor cancel.
//!
//! `exp(t)/(1 + exp(t))^2` is `logistic(t)*logistic(-t)`; a quotient by (exp a + exp b + exp c)^k whose terms are all of degree k
//! is a polynomial in the weights 1/(1 + exp(b − a) + exp(c − a)), …; what grows in numerator and denominator is divided by;
//! `exp(u)/(A + exp(u))` is `1/(A*exp(-u) + 1)`; `exp(u) - 1` is `expm1(u)`.

use super::log_sum::{less_argument, logarithm};
use super::walk::{Work, argument, arguments, factors, rewrite, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// The expressions with their exponentials replaced.
pub(super) fn exponentials(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let nodes = store.post_order(&[root]);
    let is_growing = |e: &Expr| exponent(store, *e).is_some() || is_symbolic_power(store, *e);
    let is_logarithm =
        |e: &Expr| argument(store, *e, "log").is_some() || arguments(store, *e, "logaddexp").is_some();
    let holds_any = nodes.iter().any(is_growing);
    if !holds_any && !nodes.iter().any(is_logarithm) {
        return root;
    }
    let mut work = Work::new(store, root, assumptions);
    let rational = if holds_any { outermost(store, &mut work, root) } else { root };
    rewrite(store, rational, |store, e| match store[e] {
        Node::Call(..) => logarithm(store, &mut work, e),
        Node::Sum(_) => {
            let e = shifted_by_one(store, e);
            less_argument(store, e)
        }
        Node::Product(_) => distributed(store, e),
        _ => e,
    })
}

/// exp(u) as u.
pub(super) fn exponent(store: &Store, e: Expr) -> Option<Expr> {
    argument(store, e, "exp")
}

/// x^k where k is no number.
fn is_symbolic_power(store: &Store, e: Expr) -> bool {
    matches!(store[e], Node::Power(_, k) if store.as_number(k).is_none())
}

/// Does the expression hold an exponential outside of calls and exponents?
fn has_exponential(store: &Store, e: Expr) -> bool {
    match &store[e] {
        Node::Sum(list) => list.iter().any(|(_, t)| has_exponential(store, *t)),
        Node::Product(list) => list.iter().any(|f| has_exponential(store, *f)),
        Node::Power(base, n) => store.as_number(*n).is_some() && has_exponential(store, *base),
        _ => exponent(store, e).is_some(),
    }
}

/// Rewrites the largest parts that are rational in exponentials and divide by a sum of them; goes into all others.
fn outermost(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    if store.free_bound(e) > 0 || store.size(&[e]) > 4000 {
        return e;
    }
    // Sums of logarithms keep their terms apart.
    let logarithms = matches!(store[e], Node::Sum(_))
        && terms(store, e)
            .iter()
            .any(|(_, t)| factors(store, *t).iter().any(|f| argument(store, *f, "log").is_some()));
    if !logarithms
        && has_exponential(store, e)
        && let Some(image) = rational(store, work, e)
    {
        return image;
    }
    if !logarithms && let Some(image) = rational_in_powers(store, work, e) {
        return image;
    }
    let node = store[e].clone();
    let children: Vec<Expr> = node.children().collect();
    let images: Vec<Expr> = children.iter().map(|c| outermost(store, work, *c)).collect();
    store.rebuild(e, &mut |at, _| images[at])
}

/// x^k/(x^k + λ^k) by logistic(k·log(x/λ)): as of exponentials, where none of these is left.
fn rational_in_powers(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    if has_exponential(store, e) || !matches!(store[e], Node::Sum(_) | Node::Product(_)) {
        return None;
    }
    let (mut images, mut logs) = (Images::default(), Vec::new());
    for node in store.post_order(&[e]) {
        if is_symbolic_power(store, node)
            && let Node::Power(base, k) = store[node]
            && work.is_positive(store, base)
        {
            // exp(k·log x) would be read as x^k.
            let at = logs.iter().position(|known| *known == base).unwrap_or(logs.len());
            if at == logs.len() {
                logs.push(base);
            }
            let log = store.scalar(&format!("#log{at}"));
            let exponent = store.mul(k, log);
            images.insert(node, store.call_named("exp", [exponent]));
        }
    }
    if images.is_empty() {
        return None;
    }
    let typed = store.substitute(e, &images);
    let image = rational(store, work, typed)?;
    let is_left = store.post_order(&[image]).iter().any(|e| exponent(store, *e).is_some());
    if is_left {
        return None;
    }
    let mut back = Images::default();
    for (at, base) in logs.into_iter().enumerate() {
        let symbol = store.scalar(&format!("#log{at}"));
        back.insert(symbol, store.call_named("log", [base]));
    }
    Some(store.substitute(image, &back))
}

/// What stands in a quotient of polynomials in exponentials: factors with powers, by what they are.
struct Quotient {
    content: Rational,
    /// Factors without exponentials, with their powers.
    plain: Vec<(Expr, i64)>,
    /// Π exp: one exponent.
    exponent: Expr,
    /// Sums with exponentials.
    sums: Vec<(Expr, i64)>,
}

fn rational(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let form = work.normal.normal(store, e).ok()?;
    let (content, list) = work.normal.factors_of(store, &form).ok()?;
    let mut parts = Quotient { content, plain: Vec::new(), exponent: Store::ZERO, sums: Vec::new() };
    for (factor, n) in list {
        if let Some(u) = exponent(store, factor) {
            parts.exponent = store.linear([(Rational::ONE, parts.exponent), (Rational::from(n), u)]);
        } else if has_exponential(store, factor) {
            parts.sums.push((factor, n));
        } else {
            parts.plain.push((factor, n));
        }
    }
    if parts.sums.is_empty() {
        return None;
    }
    weights(store, work, &parts)
        .or_else(|| excess(store, work, &parts))
        .or_else(|| decaying(store, work, &parts))
        .or_else(|| less_one(store, work, &parts))
        .or_else(|| bounded(store, work, &parts))
}

impl Quotient {
    /// The factors without exponentials times a value.
    fn with(&self, store: &mut Store, value: Expr) -> Expr {
        let mut list: Vec<Expr> = self.plain.iter().map(|(e, n)| store.powi(*e, *n)).collect();
        list.push(value);
        let product = store.product(list);
        store.scale(&self.content, product)
    }

    /// The only sum in the denominator, and its power.
    fn divisor(&self) -> Option<(Expr, i64)> {
        let mut below = self.sums.iter().filter(|(_, n)| *n < 0);
        match (below.next(), below.next()) {
            (Some((e, n)), None) => Some((*e, -n)),
            _ => None,
        }
    }

    /// The sums of the numerator, multiplied out, with the exponential in front where it is asked for.
    fn numerator(&self, store: &mut Store, work: &mut Work, front: bool) -> Option<Expr> {
        let mut list: Vec<Expr> =
            self.sums.iter().filter(|(_, n)| *n > 0).map(|(e, n)| store.powi(*e, *n)).collect();
        if front && self.exponent != Store::ZERO {
            list.push(store.call_named("exp", [self.exponent]));
        }
        let product = store.product(list);
        work.normal.expand(store, product).ok()
    }
}

/// A sum as coefficients of exponentials: (coefficient, exponent), one for each exponent.
pub(super) fn by_exponent(store: &mut Store, e: Expr) -> Vec<(Expr, Expr)> {
    let mut groups: Vec<(Expr, Vec<(Rational, Expr)>)> = Vec::new();
    for (c, term) in terms(store, e) {
        let (mut power, mut rest) = (Vec::new(), Vec::new());
        for factor in factors(store, term) {
            let (base, n) = store.base_and_power(factor);
            match exponent(store, base) {
                Some(u) => power.push((Rational::from(n), u)),
                None => rest.push(factor),
            }
        }
        let power = store.linear(power);
        let rest = store.product(rest);
        match groups.iter_mut().find(|(known, _)| *known == power) {
            Some((_, list)) => list.push((c, rest)),
            None => groups.push((power, vec![(c, rest)])),
        }
    }
    groups.into_iter().map(|(u, list)| (store.linear(list), u)).collect()
}

/// exp(u), 1 for u = 0.
fn exponential(store: &mut Store, u: Expr) -> Expr {
    if u == Store::ZERO { Store::ONE } else { store.call_named("exp", [u]) }
}

/// Terms of degree k over (Σ exp uᵢ)^k by the weights wᵢ = exp(uᵢ)/Σ exp uⱼ.
fn weights(store: &mut Store, work: &mut Work, parts: &Quotient) -> Option<Expr> {
    let (divisor, k) = parts.divisor()?;
    let members = by_exponent(store, divisor);
    let content = store.as_number(members[0].0)?.clone();
    let equal = members.iter().all(|(c, _)| store.as_number(*c) == Some(&content));
    if k > 3 || members.len() < 2 || members.len() > 12 || !equal {
        return None;
    }
    let numerator = parts.numerator(store, work, true)?;
    let mut sum = Vec::new();
    for (c, u) in by_exponent(store, numerator) {
        let chosen = degree(store, &members, u, k as usize)?;
        let mut product: Vec<Expr> = chosen.iter().map(|i| weight(store, &members, *i)).collect();
        product.push(c);
        sum.push(store.product(product));
    }
    let sum = store.sum(sum);
    let scale = content.pow(-k)?;
    let value = store.scale(&scale, sum);
    Some(parts.with(store, value))
}

/// k members whose exponents add up to u.
fn degree(store: &mut Store, members: &[(Expr, Expr)], u: Expr, k: usize) -> Option<Vec<usize>> {
    if k == 0 {
        return (u == Store::ZERO).then(Vec::new);
    }
    for (i, (_, v)) in members.iter().enumerate() {
        let rest = store.sub(u, *v);
        if let Some(mut found) = degree(store, members, rest, k - 1)
            && found.iter().all(|j| *j >= i)
        {
            found.insert(0, i);
            return Some(found);
        }
    }
    None
}

/// exp(uᵢ)/Σ exp(uⱼ) = 1/Σ exp(uⱼ − uᵢ): an overflow gives 0.
fn weight(store: &mut Store, members: &[(Expr, Expr)], i: usize) -> Expr {
    if let [(_, a), (_, b)] = members {
        let difference = if i == 0 { store.sub(*a, *b) } else { store.sub(*b, *a) };
        return store.call_named("logistic", [difference]);
    }
    let sum: Vec<Expr> = members
        .iter()
        .map(|(_, u)| {
            let difference = store.sub(*u, members[i].1);
            exponential(store, difference)
        })
        .collect();
    let sum = store.sum(sum);
    store.powi(sum, -1)
}

/// A polynomial in exp(u) over X^k, X = exp(u) − 1 − u, by powers of X.
fn excess(store: &mut Store, work: &mut Work, parts: &Quotient) -> Option<Expr> {
    let (divisor, k) = parts.divisor()?;
    let members = by_exponent(store, divisor);
    let [(a, u)] = members.iter().filter(|(_, u)| *u != Store::ZERO).copied().collect::<Vec<_>>()[..] else {
        return None;
    };
    let call = store.call_named("expm1_excess", [u]);
    let power = store.call_named("exp", [u]);
    let target =
        store.linear([(Rational::ONE, power), (Rational::MINUS_ONE, Store::ONE), (Rational::MINUS_ONE, u)]);
    let scaled = store.mul(a, target);
    let difference = store.sub(divisor, scaled);
    if parts.exponent != Store::ZERO || !work.is_zero(store, difference) {
        return None;
    }
    let numerator = parts.numerator(store, work, false)?;
    let x = store.scalar("#X");
    let back = store.linear([(Rational::ONE, x), (Rational::ONE, Store::ONE), (Rational::ONE, u)]);
    let images = [(power, back)].into_iter().collect();
    let polynomial = store.substitute(numerator, &images);
    let polynomial = work.normal.expand(store, polynomial).ok()?;
    let mut groups: Vec<(i64, Vec<(Rational, Expr)>)> = Vec::new();
    for (c, term) in terms(store, polynomial) {
        let list = factors(store, term);
        let at = list.iter().position(|f| store.base_and_power(*f).0 == x);
        let n = at.map_or(0, |at| store.base_and_power(list[at]).1);
        let rest: Vec<Expr> =
            list.iter().enumerate().filter(|(i, _)| Some(*i) != at).map(|(_, f)| *f).collect();
        let rest = store.product(rest);
        match groups.iter_mut().find(|(m, _)| *m == n) {
            Some((_, list)) => list.push((c, rest)),
            None => groups.push((n, vec![(c, rest)])),
        }
    }
    let mut sum = Vec::new();
    for (n, list) in groups {
        let coefficient = store.linear(list);
        let coefficient = work.normal.simplify(store, coefficient);
        let power = if n == k { Store::ONE } else { store.powi(call, n - k) };
        sum.push(store.mul(coefficient, power));
    }
    let sum = store.sum(sum);
    let over = store.powi(a, -k);
    let value = store.mul(over, sum);
    Some(parts.with(store, value))
}

/// Every sum by the exponential that falls: exp(u) with u > 0 is divided out, exp(u) − 1 is expm1.
fn decaying(store: &mut Store, work: &mut Work, parts: &Quotient) -> Option<Expr> {
    if parts.sums.iter().all(|(_, n)| *n > 0) {
        return None;
    }
    let mut total = parts.exponent;
    let mut list = Vec::new();
    for (sum, n) in &parts.sums {
        let members = by_exponent(store, *sum);
        let mut largest = Store::ZERO;
        for (_, u) in &members {
            let difference = store.sub(*u, largest);
            if work.is_positive(store, difference) {
                largest = *u;
            }
        }
        if largest == Store::ZERO {
            return None;
        }
        let mut shifted = Vec::new();
        for (c, u) in members {
            let v = store.sub(u, largest);
            let c = work.normal.simplify(store, c);
            shifted.push((c, v));
        }
        let value = match shifted[..] {
            [(a, u), (b, v)] if work.opposite(store, a, b) => {
                let (c, w) = if v == Store::ZERO { (a, u) } else { (b, v) };
                let call = store.call_named("expm1", [w]);
                store.mul(c, call)
            }
            _ => {
                let parts: Vec<Expr> = shifted
                    .iter()
                    .map(|(c, v)| {
                        let e = exponential(store, *v);
                        store.mul(*c, e)
                    })
                    .collect();
                store.sum(parts)
            }
        };
        total = store.linear([(Rational::ONE, total), (Rational::from(*n), largest)]);
        list.push(store.powi(value, *n));
    }
    list.push(exponential(store, total));
    let value = store.product(list);
    Some(parts.with(store, value))
}

/// exp(u) − 1 and its powers by expm1; a numerator n₀ + n₁·exp(u) over 1 − exp(u) as n₀ − (n₀ + n₁)·exp(u)/expm1(u).
fn less_one(store: &mut Store, work: &mut Work, parts: &Quotient) -> Option<Expr> {
    let mut list = Vec::new();
    let mut found = None;
    let mut others = Vec::new();
    for (sum, n) in &parts.sums {
        let members = by_exponent(store, *sum);
        match members[..] {
            [(a, u), (b, v)] if work.opposite(store, a, b) && (u == Store::ZERO || v == Store::ZERO) => {
                let (c, u) = if u == Store::ZERO { (b, v) } else { (a, u) };
                let call = store.call_named("expm1", [u]);
                let power = store.mul(c, call);
                found = Some((c, u, *n));
                list.push(store.powi(power, *n));
            }
            _ => others.push((*sum, *n)),
        }
    }
    let (c, u, n) = found?;
    let front = exponential(store, parts.exponent);
    if let ([(sum, 1)], [_], -1, Store::ONE) = (&others[..], &list[..], n, front) {
        let members = by_exponent(store, *sum);
        let at = |power: Expr| members.iter().find(|(_, v)| *v == power).map_or(Store::ZERO, |(c, _)| *c);
        let (n0, n1) = (at(Store::ZERO), at(u));
        if members.len() == 2 && n0 != Store::ZERO && n1 != Store::ZERO {
            // (n₀ + n₁·E)/(c·(E − 1)) = (−n₀ + (n₀ + n₁)/(1 − exp(−u)))/c.
            let total = store.add(n0, n1);
            let total = work.normal.simplify(store, total);
            let opposite = store.neg(u);
            let call = store.call_named("expm1", [opposite]);
            let quotient = store.div(total, call);
            let sum = store.linear([(Rational::MINUS_ONE, n0), (Rational::MINUS_ONE, quotient)]);
            let value = store.div(sum, c);
            return Some(parts.with(store, value));
        }
    }
    list.extend(others.iter().map(|(sum, n)| store.powi(*sum, *n)));
    list.push(front);
    let value = store.product(list);
    Some(parts.with(store, value))
}

/// Σ cⱼ·exp(j·u)/(A + B·exp(u))^k for A, B > 0, each term by 1/(A + B·exp(u)) and 1/(A·exp(−u) + B): an overflow gives 0.
fn bounded(store: &mut Store, work: &mut Work, parts: &Quotient) -> Option<Expr> {
    let (divisor, k) = parts.divisor()?;
    let mut members = by_exponent(store, divisor);
    members.sort_by_key(|(_, u)| *u != Store::ZERO);
    let [(a, none), (b, u)] = members[..] else { return None };
    let are_positive = [a, b].into_iter().all(|e| work.is_positive(store, e));
    if none != Store::ZERO || !are_positive || work.is_positive(store, u) || k > 3 {
        return None;
    }
    let opposite = store.neg(u);
    if work.is_positive(store, opposite) {
        return None;
    }
    let [falling, rising] = [(a, b, u), (b, a, opposite)].map(|(still, moving, u)| {
        let power = exponential(store, u);
        let term = store.mul(moving, power);
        let sum = store.add(still, term);
        store.powi(sum, -1)
    });
    let numerator = parts.numerator(store, work, true)?;
    let (mut sum, mut grows) = (Vec::new(), false);
    for (c, v) in by_exponent(store, numerator) {
        let j = (0..=k).find(|j| store.scale(&Rational::from(*j), u) == v)?;
        grows |= j > 0;
        let powers = [(rising, j), (falling, k - j)].into_iter().filter(|(_, n)| *n > 0);
        let list: Vec<Expr> = std::iter::once(c).chain(powers.map(|(e, n)| store.powi(e, n))).collect();
        sum.push(store.product(list));
    }
    let value = store.sum(sum);
    grows.then(|| parts.with(store, value))
}

/// c·R·exp(u) − c·R = c·R·expm1(u).
fn shifted_by_one(store: &mut Store, e: Expr) -> Expr {
    let mut list = terms(store, e);
    'again: loop {
        for i in 0..list.len() {
            let (c, term) = list[i].clone();
            for factor in factors(store, term) {
                let Some(u) = exponent(store, factor) else { continue };
                let cofactor = without(store, term, factor).expect("a factor of the term");
                let Some(j) = list.iter().position(|(d, t)| *t == cofactor && *d == -&c) else { continue };
                let call = store.call_named("expm1", [u]);
                let term = store.mul(cofactor, call);
                list[i] = (c, term);
                list.remove(j);
                continue 'again;
            }
        }
        return store.linear(list);
    }
}

/// exp(−u)·(… + exp(u)) multiplied out, once: what grows is divided by before it is multiplied.
fn distributed(store: &mut Store, e: Expr) -> Expr {
    let list = factors(store, e);
    for (i, front) in list.iter().enumerate() {
        let Some(v) = exponent(store, *front) else { continue };
        let opposite = store.neg(v);
        // exp(−u)·(exp(u) − 1) = −(exp(−u) − 1).
        if let Some(j) = list.iter().position(|f| argument(store, *f, "expm1") == Some(opposite)) {
            let mut rest = list.clone();
            rest[j] = store.call_named("expm1", [v]);
            rest.remove(i);
            let product = store.product(rest);
            return store.neg(product);
        }
        for (j, factor) in list.iter().enumerate() {
            let (sum, n) = store.base_and_power(*factor);
            if n < 1 || !matches!(store[sum], Node::Sum(_)) {
                continue;
            }
            let members = by_exponent(store, sum);
            if !members.iter().any(|(_, u)| *u == opposite) || members.len() != terms(store, sum).len() {
                continue;
            }
            let shifted: Vec<Expr> = members
                .iter()
                .map(|(c, u)| {
                    let u = store.add(*u, v);
                    let power = exponential(store, u);
                    store.mul(*c, power)
                })
                .collect();
            let shifted = store.sum(shifted);
            let mut rest: Vec<Expr> =
                list.iter().enumerate().filter(|(k, _)| *k != i && *k != j).map(|(_, f)| *f).collect();
            rest.push(shifted);
            if n > 1 {
                rest.push(store.powi(sum, n - 1));
            }
            return store.product(rest);
        }
    }
    e
}
