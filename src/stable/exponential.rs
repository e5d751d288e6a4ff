//! Rational functions of exponentials → logistic functions, softmax weights and `expm1`, which neither overflow nor cancel.
//!
//! `exp(t)/(1 + exp(t))^2` is `logistic(t)*logistic(-t)`; a quotient by (exp a + exp b + exp c)^k whose terms are all of degree k
//! is a polynomial in the weights 1/(1 + exp(b − a) + exp(c − a)), …; what grows in numerator and denominator is divided by;
//! `exp(u) - 1` is `expm1(u)`, and log(exp a + exp b) is `logaddexp(a, b)`.

use super::walk::{Work, argument, arguments, factors, rewrite, take, terms, without};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// The expressions with their exponentials replaced.
pub(super) fn exponentials(
    store: &mut Store,
    expressions: &[Expr],
    assumptions: &mut Assumptions,
) -> Vec<Expr> {
    let mut one = |store: &mut Store, root: &Expr| {
        let nodes = store.post_order(&[*root]);
        let is_growing = |e: &Expr| exponent(store, *e).is_some() || is_symbolic_power(store, *e);
        let is_logarithm =
            |e: &Expr| argument(store, *e, "log").is_some() || arguments(store, *e, "logaddexp").is_some();
        let holds_any = nodes.iter().any(is_growing);
        if !holds_any && !nodes.iter().any(is_logarithm) {
            return *root;
        }
        let mut work = Work::new(store, *root, assumptions);
        let rational = if holds_any { outermost(store, &mut work, *root) } else { *root };
        rewrite(store, rational, |store, e| match store[e] {
            Node::Call(..) => logarithm(store, &mut work, e),
            Node::Sum(_) => {
                let e = shifted_by_one(store, e);
                less_argument(store, e)
            }
            Node::Product(_) => distributed(store, e),
            _ => e,
        })
    };
    expressions.iter().map(|root| one(store, root)).collect()
}

/// exp(u) as u.
fn exponent(store: &Store, e: Expr) -> Option<Expr> {
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

/// log(c·Π xᵢ^kᵢ·e^u) = log(c·Π xᵢ) + Σ kᵢ·log xᵢ + u, where some kᵢ is no number.
fn logarithm_of_term(store: &mut Store, work: &mut Work, c: &Rational, term: Expr) -> Option<(Expr, bool)> {
    let (mut rest, mut sum, mut is_power) = (Vec::new(), Vec::new(), false);
    for factor in factors(store, term) {
        if let Some(u) = exponent(store, factor) {
            sum.push(u);
            is_power = true;
        } else if let Node::Power(base, k) = store[factor]
            && store.as_number(k).is_none()
            && work.is_positive(store, base)
        {
            let log = store.call_named("log", [base]);
            sum.push(store.mul(k, log));
            is_power = true;
        } else {
            rest.push(factor);
        }
    }
    let rest = store.product(rest);
    let rest = store.scale(c, rest);
    if !work.is_positive(store, rest) {
        return None;
    }
    if rest != Store::ONE {
        sum.push(store.call_named("log", [rest]));
    }
    Some((store.sum(sum), is_power))
}

/// log(1 + x^k) = logaddexp(0, k·log x), and log(1 − x^k) = log1mexp(k·log x) for x < 1.
fn logarithm_of_powers(store: &mut Store, work: &mut Work, list: &[(Rational, Expr)]) -> Option<Expr> {
    let [(a, s), (b, t)] = list else { return None };
    if a.is_positive() && b.is_positive() {
        let (first, one) = logarithm_of_term(store, work, a, *s)?;
        let (second, other) = logarithm_of_term(store, work, b, *t)?;
        return (one || other).then(|| store.call_named("logaddexp", [first, second]));
    }
    let ((c, power), (d, rest)) = if a.is_negative() { ((a, s), (b, t)) } else { ((b, t), (a, s)) };
    if *rest != Store::ONE || !d.is_one() {
        return None;
    }
    let (u, is_power) = logarithm_of_term(store, work, &-c, *power)?;
    (is_power && work.assumptions.is_negative(store, u)).then(|| store.call_named("log1mexp", [u]))
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
    let power = exponential_of(store, u);
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

fn exponential_of(store: &mut Store, u: Expr) -> Expr {
    store.call_named("exp", [u])
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

/// R·logaddexp(a, b) − R·a = R·logaddexp(0, b − a).
fn less_argument(store: &mut Store, e: Expr) -> Expr {
    let list = terms(store, e);
    for (i, (c, term)) in list.iter().enumerate() {
        for factor in factors(store, *term) {
            let Some((a, b)) = arguments(store, factor, "logaddexp") else { continue };
            let cofactor = without(store, *term, factor).expect("a factor of the term");
            for (own, other) in [(a, b), (b, a)] {
                let mut rest = list.clone();
                rest.remove(i);
                let part = store.mul(cofactor, own);
                let part = store.scale(c, part);
                if own == Store::ZERO || !take(store, &mut rest, part) {
                    continue;
                }
                let difference = store.sub(other, own);
                let call = store.call_named("logaddexp", [Store::ZERO, difference]);
                let term = store.mul(cofactor, call);
                rest.push((c.clone(), term));
                let sum = store.linear(rest);
                return less_argument(store, sum);
            }
        }
    }
    e
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

/// log(u/(u + d)) = −log1p(d/u) for u, d > 0.
fn less_than_one(store: &mut Store, work: &mut Work, quotient: Expr) -> Option<Expr> {
    let below = factors(store, quotient).into_iter().find(|f| {
        let (base, n) = store.base_and_power(*f);
        n == -1 && matches!(store[base], Node::Sum(_))
    })?;
    let (sum, _) = store.base_and_power(below);
    let above = without(store, quotient, below)?;
    let step = store.sub(sum, above);
    if above == Store::ONE || !work.is_positive(store, step) || !work.is_positive(store, above) {
        return None;
    }
    let ratio = store.div(step, above);
    let log = store.call_named("log1p", [ratio]);
    Some(store.neg(log))
}

/// Logarithms of sums of exponentials, and of what is near 1.
fn logarithm(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    let Some(inner) = argument(store, e, "log") else { return e };
    if let Some(u) = exponent(store, inner) {
        return u;
    }
    let (base, n) = store.base_and_power(inner);
    if n == -1 && matches!(store[base], Node::Sum(_)) && work.is_positive(store, base) {
        let log = store.call_named("log", [base]);
        let log = logarithm(store, work, log);
        return store.neg(log);
    }
    if let Some(image) = less_than_one(store, work, inner) {
        return image;
    }
    if let Some(image) = logistic_factors(store, inner) {
        return image;
    }
    if let Some(u) = argument(store, inner, "expm1").filter(|u| work.is_positive(store, *u)) {
        let opposite = store.neg(u);
        let call = store.call_named("log1mexp", [opposite]);
        return store.add(u, call);
    }
    let opposite = store.neg(inner);
    if let Some(u) = argument(store, opposite, "expm1").filter(|u| work.assumptions.is_negative(store, *u)) {
        return store.call_named("log1mexp", [u]);
    }
    let list = terms(store, inner);
    if list.len() < 2 {
        return e;
    }
    let exponents: Option<Vec<Expr>> = list
        .iter()
        .map(|(c, t)| {
            let u = if *t == Store::ONE { Some(Store::ZERO) } else { exponent(store, *t) };
            u.filter(|_| c.is_one())
        })
        .collect();
    if let Some(exponents) = exponents {
        let chain = exponents.into_iter().reduce(|a, b| store.call_named("logaddexp", [a, b]));
        return chain.expect("a sum has terms");
    }
    if let Some(image) = mixture(store, work, inner) {
        return image;
    }
    if let Some(image) = logarithm_of_powers(store, work, &list) {
        return image;
    }
    if list.iter().any(|(c, t)| *t == Store::ONE && c.is_one()) {
        let rest = store.sub(inner, Store::ONE);
        return store.call_named("log1p", [rest]);
    }
    e
}

/// log(w + (1 − w)·exp(−u)) for 0 < w < 1 and u > 0.
fn mixture(store: &mut Store, work: &mut Work, sum: Expr) -> Option<Expr> {
    let members = by_exponent(store, sum);
    let [first, second] = members[..] else { return None };
    let ((w, none), (rest, v)) = if first.1 == Store::ZERO { (first, second) } else { (second, first) };
    let u = store.neg(v);
    let total = store.add(w, rest);
    let excess = store.sub(total, Store::ONE);
    let is_mixture = none == Store::ZERO
        && work.is_zero(store, excess)
        && [w, rest, u].iter().all(|e| work.is_positive(store, *e));
    is_mixture.then(|| store.call_named("log_mixture", [w, u]))
}

/// log(c·σ(u)ⁿ) = log c − n·log(1 + exp(−u)): a product of logistic values may underflow, its logarithm does not.
fn logistic_factors(store: &mut Store, inner: Expr) -> Option<Expr> {
    let (mut rest, mut logs) = (Vec::new(), Vec::new());
    for factor in factors(store, inner) {
        let (base, n) = store.base_and_power(factor);
        match argument(store, base, "logistic") {
            Some(u) => {
                let opposite = store.neg(u);
                logs.push((Rational::from(-n), store.call_named("logaddexp", [Store::ZERO, opposite])));
            }
            None => rest.push(factor),
        }
    }
    if logs.is_empty() {
        return None;
    }
    let rest = store.product(rest);
    if rest != Store::ONE {
        logs.push((Rational::ONE, store.call_named("log", [rest])));
    }
    Some(store.linear(logs))
}
