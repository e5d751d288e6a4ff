//! Log-densities and divergences → equal sums whose terms are small where the sum is.
//!
//! lgamma(a) = a·log a − a + factorial_excess(a) − log a, and what then has the shape C·log C − C·log M − C + M is
//! kl_term(C, M): `alpha*log(beta) - beta*x - lgamma(alpha) + (alpha - 1)*log(x)` becomes
//! `-kl_term(alpha, beta*x) - factorial_excess(alpha) + log(alpha/x)`. Divergences of the gamma family are
//! k·(lgamma(b) − lgamma(a) − (b − a)·digamma(a)) = k·(b·log(b/a) − b + a + gamma_divergence(a, b)). Each step is arithmetic
//! of exact fractions; what cannot be shown to be defined on the whole domain is not done.

use super::logarithm::{is_multiple_of_log, merged};
use super::pairing::{Pair, Pairing, Plain, directions, pair, weight};
use super::square;
use super::sum::{GammaCall, Log, LogSum, Reader};
use super::walk::{argument, terms};
use crate::algebra::normalize::Kernel;
use crate::algebra::polynomial::{Polynomial, Var};
use crate::algebra::{Assumptions, Fraction};
use crate::expr::{Expr, Fact, Images, Node, Store};
use crate::number::Rational;

/// Log-densities and divergences in terms that are small where their sum is.
pub(super) fn without_cancellation(store: &mut Store, e: Expr, assumptions: &mut Assumptions) -> Expr {
    rewritten(store, e, assumptions).unwrap_or(e)
}

fn rewritten(store: &mut Store, e: Expr, assumptions: &mut Assumptions) -> Option<Expr> {
    if !has_logarithms(store, e) {
        return rational_square(store, e, assumptions);
    }
    let (e, back) = in_positive_symbols(store, e, assumptions);
    let opened = open_calls(store, e, assumptions);
    let new = match summed(store, opened, assumptions) {
        Some(new) => new,
        None => squared(store, opened, assumptions),
    };
    let new = merged(store, new, assumptions);
    Some(if back.is_empty() { new } else { store.substitute(new, &back) })
}

/// 1/λ + 2/μ − 1/x − x/μ² as 1/λ − |(x − μ)/μ|·|(x − μ)/μ|/x, where three terms of a sum are one square.
fn rational_square(store: &mut Store, e: Expr, assumptions: &Assumptions) -> Option<Expr> {
    if !store.shape(e).is_scalar() || store.free_bound(e) > 0 || !matches!(store[e], Node::Sum(_)) {
        return None;
    }
    let terms = summands(store, e);
    let terms = multiples(store, terms);
    let count = terms.len();
    let mut reader = Reader::new(store, assumptions);
    if let Some(terms) = square::split_form(&mut reader, &terms) {
        return Some(store.sum(terms));
    }
    let terms = square::joined(&mut reader, terms);
    (terms.len() < count).then(|| store.sum(terms))
}

/// Negative symbols below roots as −#s with #s > 0, so that √(−η)² is −η; with the way back.
fn in_positive_symbols(store: &mut Store, e: Expr, assumptions: &mut Assumptions) -> (Expr, Images) {
    let roots: Vec<Expr> = store
        .post_order(&[e])
        .into_iter()
        .filter(|node| matches!(&store[*node], Node::Call(f, _) if f.row().name == "sqrt"))
        .collect();
    let (mut there, mut back) = (Images::default(), Images::default());
    for id in store.free_symbols(&roots) {
        let symbol = store.symbol_expr(id);
        if assumptions.is_negative(store, symbol) {
            let positive = store.scalar(&format!("#{}", store.symbol_of(id).name));
            assumptions.assume(store, &Fact::Positive(positive));
            there.insert(symbol, store.neg(positive));
            back.insert(positive, store.neg(symbol));
        }
    }
    (if there.is_empty() { e } else { store.substitute(e, &there) }, back)
}

/// The sum by kl_term and its like, when that is better.
fn summed(store: &mut Store, e: Expr, assumptions: &Assumptions) -> Option<Expr> {
    let (kept, terms): (Vec<_>, Vec<_>) =
        summands(store, e).into_iter().partition(|(_, t)| is_finished(store, *t));
    let terms = multiples(store, terms);
    let mut reader = Reader::new(store, assumptions);
    let sum = reader.read(&terms)?;
    let found = best(&mut reader, &sum)?;
    let new = found.expression(&mut reader)?;
    let kept = multiples(store, kept);
    let kept: Vec<Expr> = kept.into_iter().map(|t| quadratic(store, t, assumptions)).collect();
    Some(store.sum(kept.into_iter().chain([new])))
}

/// A sum without logarithms to pair: a² + 2ab + b² among its terms, and quadratic terms, as squares.
fn squared(store: &mut Store, e: Expr, assumptions: &Assumptions) -> Expr {
    let terms = summands(store, e);
    let terms = multiples(store, terms);
    let mut reader = Reader::new(store, assumptions);
    let terms = regrouped(&mut reader, terms);
    let terms = square::joined(&mut reader, terms);
    let terms: Vec<Expr> = terms.into_iter().map(|t| quadratic(store, t, assumptions)).collect();
    store.sum(terms)
}

/// (k − 1)·log x − k·log λ + log k as k·log(x/λ) + log(k/x): where every direction of the coefficients has logarithms of
/// both signs.
fn regrouped(reader: &mut Reader, terms: Vec<Expr>) -> Vec<Expr> {
    let (logs, others): (Vec<Expr>, Vec<Expr>) =
        terms.iter().copied().partition(|t| is_multiple_of_log(reader.store, *t));
    let again = reader
        .read(&logs)
        .filter(|sum| sum.rest.is_zero() && sum.log_gammas.is_empty() && sum.digammas.is_empty())
        .and_then(|sum| {
            let plain = directions(reader, &sum.logs)?;
            let found =
                plain.iter().map(|p| logarithm(reader, &sum.logs, p)).collect::<Option<Vec<Expr>>>()?;
            Some(found)
        });
    match again {
        Some(new) => others.into_iter().chain(new).collect(),
        None => terms,
    }
}

fn multiples(store: &mut Store, terms: Vec<(Rational, Expr)>) -> Vec<Expr> {
    terms.into_iter().map(|(c, t)| store.scale(&c, t)).collect()
}

/// A quadratic form as a sum of squares, one square as that of a ratio.
fn quadratic(store: &mut Store, term: Expr, assumptions: &Assumptions) -> Expr {
    let (_, t) = summands(store, term).swap_remove(0);
    if !is_finished(store, t) {
        return term;
    }
    let ratios = square::ratios(store, &mut assumptions.clone(), term);
    if ratios != term {
        return ratios;
    }
    let inner = match &store[t] {
        Node::Product(list) => list.iter().any(|f| matches!(&store[*f], Node::Sum(terms) if terms.len() > 1)),
        node => matches!(node, Node::Sum(_)),
    };
    if !inner {
        return term;
    }
    let mut reader = Reader::new(store, assumptions);
    square::completed_form(&mut reader, term).unwrap_or(term)
}

/// Is there a logarithm, a log-gamma or an exponential to work with?
fn has_logarithms(store: &Store, e: Expr) -> bool {
    let wanted = |f: &str| matches!(f, "log" | "lgamma" | "lbeta" | "exp");
    store.shape(e).is_scalar()
        && store.free_bound(e) == 0
        && store.post_order(&[e]).iter().any(|node| match &store[*node] {
            Node::Call(f, _) => wanted(f.row().name),
            _ => false,
        })
}

/// The terms of a sum, that of a multiple multiplied out.
fn summands(store: &Store, e: Expr) -> Vec<(Rational, Expr)> {
    match &store[e] {
        Node::Sum(terms) if terms.len() == 1 => {
            let (c, t) = &terms[0];
            match &store[*t] {
                Node::Sum(inner) => inner.iter().map(|(d, t)| (c * d, *t)).collect(),
                _ => terms.to_vec(),
            }
        }
        Node::Sum(terms) => terms.to_vec(),
        _ => vec![(Rational::ONE, e)],
    }
}

/// A square of a sum in the numerator: nothing cancels with it.
fn is_finished(store: &Store, term: Expr) -> bool {
    let square = |f: Expr| {
        let (base, n) = store.base_and_power(f);
        n > 0 && n % 2 == 0 && matches!(&store[base], Node::Sum(terms) if terms.len() > 1)
    };
    let whole = |f: Expr| match &store[f] {
        Node::Sum(terms) => terms.iter().any(|(_, t)| match &store[*t] {
            Node::Product(list) => list.iter().any(|f| square(*f)),
            _ => square(*t),
        }),
        _ => square(f),
    };
    match &store[term] {
        Node::Product(list) => list.iter().any(|f| whole(*f)),
        _ => whole(term),
    }
}

/// lbeta, log n! and the logarithms of binomial coefficients as log-gammas, where their arguments allow.
fn open_calls(store: &mut Store, e: Expr, assumptions: &Assumptions) -> Expr {
    let mut assumptions = assumptions.clone();
    let mut images = Images::default();
    for node in store.post_order(&[e]) {
        let Node::Call(f, list) = store[node].clone() else { continue };
        let opened = match f.row().name {
            "lbeta" if assumptions.is_positive(store, list[0]) && assumptions.is_positive(store, list[1]) => {
                let total = store.add(list[0], list[1]);
                let parts = [list[0], list[1], total].map(|a| store.call_named("lgamma", [a]));
                store.linear(
                    [(1, parts[0]), (1, parts[1]), (-1, parts[2])].map(|(c, t)| (Rational::from(c), t)),
                )
            }
            "log" => match log_of_count(store, list[0], &mut assumptions) {
                Some(opened) => opened,
                None => continue,
            },
            _ => continue,
        };
        images.insert(node, opened);
    }
    if images.is_empty() { e } else { store.substitute(e, &images) }
}

fn log_of_count(store: &mut Store, count: Expr, assumptions: &mut Assumptions) -> Option<Expr> {
    let Node::Call(f, list) = store[count].clone() else { return None };
    let mut factorial = |store: &mut Store, n: Expr| {
        let next = store.add(n, Store::ONE);
        assumptions.is_nonnegative(store, n).then(|| store.call_named("lgamma", [next]))
    };
    match (f.row().name, &list[..]) {
        ("factorial", [n]) => factorial(store, *n),
        ("binomial", [n, k]) => {
            let others = store.sub(*n, *k);
            let parts = [factorial(store, *n)?, factorial(store, *k)?, factorial(store, others)?];
            Some(
                store.linear(
                    [(1, parts[0]), (-1, parts[1]), (-1, parts[2])].map(|(c, t)| (Rational::from(c), t)),
                ),
            )
        }
        _ => None,
    }
}

/// A sum on its way: logarithms to be paired, and terms that are done.
#[derive(Clone)]
struct Work {
    logs: Vec<Log>,
    rest: Fraction,
    done: Vec<(Fraction, Expr)>,
}

/// A sum rewritten.
struct Found {
    logs: Vec<Log>,
    pairing: Pairing,
    done: Vec<(Fraction, Expr)>,
}

/// The best rewriting, when one is better than the sum as it stands.
fn best(reader: &mut Reader, sum: &LogSum) -> Option<Found> {
    let mut log_gammas = sum.log_gammas.clone();
    let mut digammas = sum.digammas.clone();
    let mut work = Work { logs: sum.logs.clone(), rest: sum.rest.clone(), done: Vec::new() };
    shifted(reader, &mut work, &mut log_gammas)?;
    divergences(reader, &mut work, &mut log_gammas, &mut digammas)?;
    if work.logs.is_empty() && work.rest.is_zero() && log_gammas.is_empty() && digammas.is_empty() {
        let pairing = Pairing::nothing();
        return Some(Found { logs: Vec::new(), pairing, done: work.done });
    }
    for call in &digammas {
        let call = (call.coefficient.clone(), reader.store.call_named("digamma", [call.argument]));
        work.done.push(call);
    }
    let before = weight(&sum.rest);
    if !log_gammas.is_empty() {
        let mut opened = work.clone();
        let found = log_gammas
            .iter()
            .try_for_each(|call| open_log_gamma(reader, &mut opened, call))
            .and_then(|()| paired(reader, opened));
        if let Some(found) = found
            && weight(&found.pairing.rest) <= before
            && found.pairing.plain.iter().all(|p| p.coefficient.as_constant().is_some())
        {
            return Some(found);
        }
        for call in &log_gammas {
            let call = (call.coefficient.clone(), reader.store.call_named("lgamma", [call.argument]));
            work.done.push(call);
        }
    }
    let found = paired(reader, work)?;
    let left = weight(&found.pairing.rest);
    (left < before || (left == 0 && before == 0 && found.pairing.plain.is_empty())).then_some(found)
}

fn paired(reader: &mut Reader, work: Work) -> Option<Found> {
    let pairing = pair(reader, &work.logs, &work.rest)?;
    let safe = pairing.pairs.iter().all(|p| reader.is_positive(&p.c) || reader.is_positive(&p.m));
    let defined =
        pairing.plain.iter().flat_map(|p| &p.powers).all(|(at, _)| reader.is_positive(&work.logs[*at].value));
    (safe && defined).then_some(Found { logs: work.logs, pairing, done: work.done })
}

/// lgamma(a) = lgamma(a + 1) − log a where both occur, a > 0.
fn shifted(reader: &mut Reader, work: &mut Work, log_gammas: &mut Vec<GammaCall>) -> Option<()> {
    let mut at = 0;
    while at < log_gammas.len() {
        let lower = log_gammas[at].clone();
        let next = reader.add(&lower.value, &Fraction::one()).ok()?;
        let upper = log_gammas.iter().position(|call| call.value == next);
        if let Some(upper) = upper
            && reader.normalizer.assumptions.is_positive(reader.store, lower.argument)
        {
            log_gammas[upper].coefficient =
                reader.add(&log_gammas[upper].coefficient, &lower.coefficient).ok()?;
            add_logarithm(reader, work, lower.argument, &-&lower.coefficient)?;
            log_gammas.remove(at);
            at = 0;
        } else {
            at += 1;
        }
    }
    log_gammas.retain(|call| !call.coefficient.is_zero());
    Some(())
}

/// k·(lgamma(b) − lgamma(a) − (b − a)·digamma(a)), the Bregman divergence of lgamma, at places of the sum.
struct Bregman {
    k: Fraction,
    from: GammaCall,
    to: GammaCall,
}

/// k·(lgamma(b) − lgamma(a) − (b − a)·digamma(a)) → k·(b·log(b/a) − b + a + gamma_divergence(a, b)), and what is one of sums
/// less those of their terms by `beta_divergence`.
fn divergences(
    reader: &mut Reader,
    work: &mut Work,
    log_gammas: &mut Vec<GammaCall>,
    digammas: &mut Vec<GammaCall>,
) -> Option<()> {
    let mut found = Vec::new();
    for psi in std::mem::take(digammas) {
        let Some((a, b)) = partners(reader, log_gammas, &psi) else {
            digammas.push(psi);
            continue;
        };
        let (from, to) = (log_gammas[a].clone(), log_gammas[b].clone());
        log_gammas.retain(|call| call.argument != from.argument && call.argument != to.argument);
        found.push(Bregman { k: to.coefficient.clone(), from, to });
    }
    beta_divergences(reader, work, &mut found)?;
    for Bregman { k, from, to } in found {
        let entropy = reader.mul(&k, &to.value).ok()?;
        add_logarithm(reader, work, to.argument, &entropy)?;
        add_logarithm(reader, work, from.argument, &-&entropy)?;
        let gap = from.value.sub(&to.value, &reader.budget).ok()?;
        let gap = reader.mul(&k, &gap).ok()?;
        work.rest = reader.add(&work.rest, &gap).ok()?;
        let divergence = reader.store.call_named("gamma_divergence", [from.argument, to.argument]);
        work.done.push((k, divergence));
    }
    Some(())
}

/// Σ D(aᵢ, bᵢ) − D(Σ aᵢ, Σ bᵢ) for Bregman divergences D of lgamma, as in the Dirichlet family: the first two components
/// against each other, their sum against the third, and so on, no term of which is negative.
fn beta_divergences(reader: &mut Reader, work: &mut Work, found: &mut Vec<Bregman>) -> Option<()> {
    for at in 0..found.len() {
        let k = -&found[at].k;
        let parts: Vec<&Bregman> = found.iter().filter(|part| part.k == k).collect();
        let from = Fraction::sum(parts.iter().map(|part| &part.from.value), &reader.budget).ok()?;
        let to = Fraction::sum(parts.iter().map(|part| &part.to.value), &reader.budget).ok()?;
        if parts.len() < 2 || from != found[at].from.value || to != found[at].to.value {
            continue;
        }
        let pairs: Vec<[Expr; 2]> = parts.iter().map(|part| [part.from.argument, part.to.argument]).collect();
        let mut sums = pairs[0];
        for next in &pairs[1..] {
            let arguments = [sums[0], next[0], sums[1], next[1]];
            let divergence = reader.store.call_named("beta_divergence", arguments);
            work.done.push((k.clone(), divergence));
            sums = [0, 1].map(|side| reader.store.add(sums[side], next[side]));
        }
        let total = found.remove(at);
        found.retain(|part| part.k != -&total.k);
        break;
    }
    Some(())
}

/// Where lgamma(a) and lgamma(b) of k·(lgamma(b) − lgamma(a) − (b − a)·digamma(a)) stand, a and b positive.
fn partners(reader: &mut Reader, log_gammas: &[GammaCall], psi: &GammaCall) -> Option<(usize, usize)> {
    let a = log_gammas.iter().position(|call| call.argument == psi.argument)?;
    let k = -&log_gammas[a].coefficient;
    let step = psi.coefficient.div(&k, &reader.budget).ok()??;
    let b_value = psi.value.sub(&step, &reader.budget).ok()?;
    let b = log_gammas.iter().position(|call| call.value == b_value && call.coefficient == k)?;
    let positive = [a, b].iter().all(|at| {
        let argument = log_gammas[*at].argument;
        reader.normalizer.assumptions.is_positive(reader.store, argument)
    });
    (a != b && positive).then_some((a, b))
}

/// k·lgamma(a) by factorial_excess; for a = n + 1 with n ≥ 0, by that of n.
fn open_log_gamma(reader: &mut Reader, work: &mut Work, call: &GammaCall) -> Option<()> {
    let k = &call.coefficient;
    let factorial = reader.factorial_of(call.argument);
    if factorial.is_none() && !reader.normalizer.assumptions.is_positive(reader.store, call.argument) {
        return None;
    }
    let of = factorial.unwrap_or(call.argument);
    let value = match reader.store.as_number(of) {
        Some(_) => return None,
        None => reader.value(of)?.clone(),
    };
    let entropy = reader.mul(k, &value).ok()?;
    let own = match factorial {
        Some(_) => entropy.clone(),
        None => entropy.sub(k, &reader.budget).ok()?,
    };
    add_logarithm(reader, work, of, &own)?;
    work.rest = work.rest.sub(&entropy, &reader.budget).ok()?;
    let excess = reader.store.call_named("factorial_excess", [of]);
    work.done.push((k.clone(), excess));
    Some(())
}

/// coefficient·log(argument), joined with what is there.
fn add_logarithm(reader: &mut Reader, work: &mut Work, argument: Expr, coefficient: &Fraction) -> Option<()> {
    let sum = reader.logarithm(argument)?;
    for log in sum.logs {
        let more = reader.mul(&log.coefficient, coefficient).ok()?;
        match work.logs.iter_mut().find(|known| known.value == log.value) {
            Some(known) => known.coefficient = reader.add(&known.coefficient, &more).ok()?,
            None => work.logs.push(Log { coefficient: more, ..log }),
        }
    }
    let more = reader.mul(&sum.rest, coefficient).ok()?;
    work.rest = reader.add(&work.rest, &more).ok()?;
    work.logs.retain(|log| !log.coefficient.is_zero());
    Some(())
}

/// c·(e^w − 1 − w) for m = c·e^w; by both exponents where c is an exponential that w takes away.
fn by_shift(store: &mut Store, c: Expr, w: Expr) -> Expr {
    if let Some(u) = argument(store, c, "exp") {
        let other = store.add(u, w);
        if terms(store, other).len() < terms(store, w).len() {
            return store.call_named("exp_divergence", [u, other]);
        }
    }
    let excess = store.call_named("expm1_excess", [w]);
    store.mul(c, excess)
}

impl Found {
    fn expression(&self, reader: &mut Reader) -> Option<Expr> {
        let mut terms = Vec::new();
        for pair in &self.pairing.pairs {
            let term = match self.shift(reader, pair) {
                Some(shift) => {
                    let c = square::product(reader, &pair.c)?;
                    by_shift(reader.store, c, shift)
                }
                None => kl_term(reader, pair)?,
            };
            terms.push((pair.scale.clone(), term));
        }
        for (k, call) in &self.done {
            let k = reader.expr(k);
            terms.push((Rational::ONE, reader.store.mul(k, *call)));
        }
        for plain in &self.pairing.plain {
            terms.push((Rational::ONE, logarithm(reader, &self.logs, plain)?));
        }
        terms.push((Rational::ONE, square::remainder(reader, &self.pairing.rest)));
        Some(reader.store.linear(terms))
    }

    /// log(m/c) where c is a number or an exponential, and so is m.
    fn shift(&self, reader: &mut Reader, pair: &Pair) -> Option<Expr> {
        let pure = |p: &Polynomial| {
            let exponential =
                |v: &Var| matches!(reader.normalizer.kernels()[v.0 as usize], Kernel::Exponential(..));
            p.term_count() == 1 && p.variables().iter().all(exponential)
        };
        if !pure(pair.c.numerator()) || !pure(pair.c.denominator()) {
            return None;
        }
        let mut parts = Vec::new();
        for (at, q) in &pair.shift {
            parts.push(self.logs[*at].exponent.as_ref()?.scale(q));
        }
        let total = Fraction::sum(parts.iter(), &reader.budget).ok()?;
        Some(reader.expr(&total))
    }
}

/// kl_term(c, m), with sums over sums in m taken out: of r·(m + r)/(m' + r) and r as (m + r)·kl_term(r/(m + r),
/// r/(m' + r)), so that equal parameters have equal terms and what a sum absorbs is lost in both.
fn kl_term(reader: &mut Reader, pair: &Pair) -> Option<Expr> {
    let mut common = Fraction::one();
    let under = pair.m.denominator().factor(&reader.budget).ok()?.factors;
    for (factor, n) in pair.m.numerator().factor(&reader.budget).ok()?.factors {
        let mirrored = under.iter().any(|(other, m)| *m == n && coefficients(other) == coefficients(&factor));
        if factor.term_count() < 2 || !mirrored {
            continue;
        }
        let e = reader.polynomial(&factor);
        let positive = reader.normalizer.assumptions.is_positive(reader.store, e);
        if positive || reader.normalizer.assumptions.is_negative(reader.store, e) {
            let factor = Fraction::from(if positive { factor } else { -&factor });
            let power = factor.pow(i64::from(n), &reader.budget).ok()??;
            common = reader.mul(&common, &power).ok()?;
        }
    }
    let [c, m] = [&pair.c, &pair.m].map(|form| form.div(&common, &reader.budget));
    let c = square::product(reader, &c.ok()??)?;
    let m = square::product(reader, &m.ok()??)?;
    let term = reader.store.call_named("kl_term", [c, m]);
    if common.is_one() {
        return Some(term);
    }
    let common = square::product(reader, &common)?;
    Some(reader.store.mul(common, term))
}

/// The coefficients of a polynomial, sorted: those of m + r and of m' + r are equal.
fn coefficients(polynomial: &Polynomial) -> Vec<Rational> {
    let mut list: Vec<Rational> = polynomial.terms().map(|(_, c)| c).collect();
    list.sort();
    list
}

/// coefficient·log of a product.
fn logarithm(reader: &mut Reader, logs: &[Log], plain: &Plain) -> Option<Expr> {
    let coefficient = reader.expr(&plain.coefficient);
    let mut terms = Vec::new();
    for (at, q) in &plain.powers {
        let value = reader.expr(&logs[*at].value);
        let log = reader.store.call_named("log", [value]);
        terms.push((q.clone(), log));
    }
    let logs = reader.store.linear(terms);
    Some(reader.store.mul(coefficient, logs))
}
