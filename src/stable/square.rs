//! Rational remainders → products of factors and sums of squares, so that what is a square is computed as one.
//!
//! `mu^2 - 2*mu*mu_q + mu_q^2` is `(mu - mu_q)^2`; the form (z₁² − 2ρ·z₁·z₂ + z₂²)/(1 − ρ²) is
//! z₁² + (z₂ − ρ·z₁)²/((1 − ρ)(1 + ρ)). A square over two denominators is the square of a ratio, so that neither overflows
//! before the value does.

use super::pairing::weight;
use super::sum::Reader;
use crate::algebra::polynomial::{Polynomial, Var};
use crate::algebra::{Assumptions, Fraction};
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// Terms of a sum that is searched for squares, at most.
const MOST_JOINED: usize = 24;
/// Squares that are completed one after the other, at most.
const MOST_SQUARES: usize = 6;

/// The expression of a remainder.
pub(super) fn remainder(reader: &mut Reader, form: &Fraction) -> Expr {
    if form.is_zero() {
        return Store::ZERO;
    }
    if form.numerator().term_count() > 1 {
        if let Some(e) = factored(reader, form) {
            return e;
        }
        if let Some(e) = squares(reader, form) {
            return e;
        }
    }
    let e = reader.expr(form);
    ratios(reader.store, &mut reader.normalizer.assumptions, e)
}

/// A quadratic form as a sum of squares.
pub(super) fn completed_form(reader: &mut Reader, e: Expr) -> Option<Expr> {
    let form = reader.normalizer.normal(reader.store, e).ok()?;
    factored(reader, &form).or_else(|| squares(reader, &form))
}

/// Terms that are a quadratic form in differences of symbols as the product of two linear ones, where it is one:
/// z₁·z₂·(1 − ρ²) − ρ·(z₁² − 2ρ·z₁·z₂ + z₂²) is (z₁ − ρ·z₂)·(z₂ − ρ·z₁), of which neither z₁² nor z₂² overflows.
pub(super) fn split_form(reader: &mut Reader, terms: &[Expr]) -> Option<Vec<Expr>> {
    let store = &mut *reader.store;
    let found: Vec<Expr> = store.post_order(terms).into_iter().filter(|e| is_difference(store, *e)).collect();
    if found.len() < 2 {
        return None;
    }
    let unknowns: Vec<Expr> = (0..found.len()).map(|i| store.scalar(&format!("#d{i}"))).collect();
    let there: Images = found.iter().copied().zip(unknowns.iter().copied()).collect();
    let back: Images = unknowns.iter().copied().zip(found).collect();
    let images: Vec<Expr> = terms.iter().map(|t| store.substitute(*t, &there)).collect();
    let (form, others): (Vec<Expr>, Vec<Expr>) =
        images.into_iter().partition(|t| store.mentions(*t, &unknowns));
    let inner = |e: &Expr| matches!(&store[*e], Node::Sum(list) if list.iter().filter(|(_, t)| store.mentions(*t, &unknowns)).count() > 1);
    if form.len() < 2 || !store.post_order(&form).iter().any(inner) {
        return None;
    }
    let sum = store.sum(form);
    let product = linear_factors(reader, sum, &unknowns)?;
    Some(others.into_iter().chain([product]).map(|t| reader.store.substitute(t, &back)).collect())
}

/// x − μ for symbols.
fn is_difference(store: &Store, e: Expr) -> bool {
    let Node::Sum(list) = &store[e] else { return false };
    let [(a, s), (b, t)] = &list[..] else { return false };
    let both = [s, t].into_iter().all(|e| matches!(store[*e], Node::Symbol(_)));
    both && a.abs().is_one() && *b == -a
}

/// A form as a product with exactly two factors that hold unknowns, each a sum and linear in them; the denominators are shared.
fn linear_factors(reader: &mut Reader, form: Expr, unknowns: &[Expr]) -> Option<Expr> {
    let form = reader.normalizer.normal(reader.store, form).ok()?;
    let mut variables = Vec::new();
    for e in unknowns {
        variables.push(reader.normalizer.normal(reader.store, *e).ok()?.numerator().as_variable()?);
    }
    let of = |p: &Polynomial| variables.iter().any(|v| p.mentions(*v));
    if of(form.denominator()) {
        return None;
    }
    let factors = form.numerator().factor(&reader.budget).ok()?;
    let linear = |(f, n): &&(Polynomial, u32)| {
        *n == 1 && f.term_count() > 1 && variables.iter().all(|v| f.degree(*v) <= 1)
    };
    let held: Vec<&(Polynomial, u32)> = factors.factors.iter().filter(|(f, _)| of(f)).collect();
    let [first, second] = held[..] else { return None };
    if ![first, second].iter().all(linear) {
        return None;
    }
    // Each factor is divided by the roots of the squares below.
    let below = form.denominator().factor(&reader.budget).ok()?;
    let mut root = Fraction::one();
    for (f, n) in below.factors.iter().filter(|(f, n)| f.term_count() == 1 && n % 2 == 0) {
        let power = Fraction::from(f.clone()).pow(i64::from(n / 2), &reader.budget).ok()??;
        root = root.mul(&power, &reader.budget).ok()?;
    }
    let mut rest = form;
    let mut product = Vec::new();
    for (factor, _) in [first, second] {
        let ratio = Fraction::from(factor.clone()).div(&root, &reader.budget).ok()??;
        rest = rest.div(&ratio, &reader.budget).ok()??;
        product.push(reader.terms(&ratio)?);
    }
    product.push(self::product(reader, &rest)?);
    Some(reader.store.product(product))
}

/// Terms with each a² + 2·a·b + b² among them as one square: 4·t₁·t₃ = t₂².
pub(super) fn joined(reader: &mut Reader, terms: Vec<Expr>) -> Vec<Expr> {
    if !(3..=MOST_JOINED).contains(&terms.len()) {
        return terms;
    }
    let Ok(forms) = reader.normalizer.normal_all(reader.store, &terms) else { return terms };
    let mut left: Vec<(Expr, Fraction)> = terms.into_iter().zip(forms).collect();
    let mut done = Vec::new();
    while let Some((at, square)) = one_square(reader, &left) {
        done.push(square);
        let mut index = 0;
        left.retain(|_| {
            index += 1;
            !at.contains(&(index - 1))
        });
    }
    left.into_iter().map(|(e, _)| e).chain(done).collect()
}

fn one_square(reader: &mut Reader, terms: &[(Expr, Fraction)]) -> Option<([usize; 3], Expr)> {
    let single = |form: &Fraction| form.numerator().term_count() == 1;
    for (i, (_, a)) in terms.iter().enumerate() {
        for (k, (_, b)) in terms.iter().enumerate().skip(i + 1) {
            if !single(a) || !single(b) {
                continue;
            }
            let product = a.mul(b, &reader.budget).ok()?.scale(&Rational::from(4));
            let found = (0..terms.len()).filter(|j| *j != i && *j != k).find(|j| {
                let c = &terms[*j].1;
                single(c) && c.mul(c, &reader.budget).is_ok_and(|square| square == product)
            });
            let Some(j) = found else { continue };
            let total = Fraction::sum([a, b, &terms[j].1], &reader.budget).ok()?;
            if let Some(e) = factored(reader, &total) {
                return Some(([i, j, k], e));
            }
        }
    }
    None
}

/// Can a form be read as a product of at least one square and short factors?
fn factored(reader: &mut Reader, form: &Fraction) -> Option<Expr> {
    let factors = form.numerator().factor(&reader.budget).ok()?;
    let square = factors.factors.iter().any(|(f, n)| *n >= 2 && f.term_count() > 1);
    let several = factors.factors.iter().filter(|(f, _)| f.term_count() > 1).count() > 1;
    let short = factors.factors.iter().all(|(f, n)| f.term_count() <= if *n >= 2 { 3 } else { 2 });
    ((square || several) && short).then(|| product(reader, form)).flatten()
}

/// The product of the factors of a form, each with the sign it has on the domain.
pub(super) fn product(reader: &mut Reader, form: &Fraction) -> Option<Expr> {
    let over = form.numerator().factor(&reader.budget).ok()?;
    let under = form.denominator().factor(&reader.budget).ok()?;
    let mut content = &over.content / &under.content;
    let over = over.factors.into_iter().map(|(f, n)| (f, i64::from(n)));
    let under = under.factors.into_iter().map(|(f, n)| (f, -i64::from(n)));
    let mut factors = Vec::new();
    for (factor, n) in over.chain(under) {
        let e = reader.polynomial(&factor);
        let negative = factor.term_count() > 1 && {
            reader.normalizer.assumptions.is_negative(reader.store, e)
                || !reader.normalizer.assumptions.is_positive(reader.store, e) && prefers_opposite(&factor)
        };
        let e = if negative { reader.store.neg(e) } else { e };
        if negative && n % 2 != 0 {
            content = -content;
        }
        factors.push(power(reader.store, e, n));
    }
    let product = reader.store.product(factors);
    let product = ratios(reader.store, &mut reader.normalizer.assumptions, product);
    Some(reader.store.scale(&content, product))
}

/// e^n; of a root √u, which is a kernel for a positive u alone, with u for its square.
fn power(store: &mut Store, e: Expr, n: i64) -> Expr {
    match store[e].clone() {
        Node::Call(f, list) if f.row().name == "sqrt" && n % 2 == 0 => store.powi(list[0], n / 2),
        _ => store.powi(e, n),
    }
}

/// More terms are negative than positive.
fn prefers_opposite(factor: &Polynomial) -> bool {
    2 * factor.terms().filter(|(_, c)| c.is_negative()).count() > factor.term_count()
}

/// coefficient·root².
struct Square {
    coefficient: Fraction,
    root: Fraction,
}

/// A sum of squares, in differences of unknowns where only these occur.
fn squares(reader: &mut Reader, form: &Fraction) -> Option<Expr> {
    let (shifted, images, first) = in_differences(reader, form)?;
    let mut found = Vec::new();
    complete(reader, &shifted, &first, MOST_SQUARES, &mut found)?;
    let mut terms = Vec::new();
    for square in found {
        // The root's denominators stay with its terms: z₂ − ρ·(z₁/σ₁)·σ₂.
        let root = reader.terms(&square.root)?;
        let root = reader.store.substitute(root, &images);
        let coefficient = product(reader, &square.coefficient)?;
        let coefficient = reader.store.substitute(coefficient, &images);
        let root = reader.store.powi(root, 2);
        let term = reader.store.mul(coefficient, root);
        terms.push(ratios(reader.store, &mut reader.normalizer.assumptions, term));
    }
    Some(reader.store.sum(terms))
}

/// Completes squares: A·v² + B·v + C = A·(v + B/2A)² + (C − B²/4A), until nothing is left.
fn complete(
    reader: &mut Reader,
    form: &Fraction,
    first: &[Var],
    budget: usize,
    found: &mut Vec<Square>,
) -> Option<()> {
    if form.is_zero() {
        return Some(());
    }
    if budget == 0 {
        return None;
    }
    if let Some(square) = as_square(reader, form) {
        found.push(square);
        return Some(());
    }
    let variables = form.numerator().variables().to_vec();
    let candidates =
        first.iter().filter(|v| variables.contains(v)).chain(variables.iter().filter(|v| !first.contains(v)));
    for v in candidates.copied().collect::<Vec<_>>() {
        if form.numerator().degree(v) != 2 || form.denominator().mentions(v) {
            continue;
        }
        let Some((square, rest)) = completed(reader, form, v) else { continue };
        let before = found.len();
        found.push(square);
        if weight(&rest) < weight(form) && complete(reader, &rest, first, budget - 1, found).is_some() {
            return Some(());
        }
        found.truncate(before);
    }
    None
}

fn completed(reader: &mut Reader, form: &Fraction, v: Var) -> Option<(Square, Fraction)> {
    let mut parts = [Fraction::zero(), Fraction::zero(), Fraction::zero()];
    for (power, coefficient) in form.numerator().powers_in(v) {
        parts[power as usize] = Fraction::new(&coefficient, form.denominator(), &reader.budget).ok()??;
    }
    let [c, b, a] = parts;
    // B²/4A where A may be 0 is no number.
    let leading = reader.expr(&a);
    if !reader.normalizer.assumptions.is_nonzero(reader.store, leading) {
        return None;
    }
    let budget = &reader.budget;
    let shift = b.div(&a, budget).ok()??.scale(&Rational::new(1, 2));
    let root = Fraction::from(Polynomial::variable(v)).add(&shift, budget).ok()?;
    let less = b.mul(&shift, budget).ok()?.scale(&Rational::new(1, 2));
    let rest = c.sub(&less, budget).ok()?;
    Some((Square { coefficient: a, root }, rest))
}

/// A form that is one square of a sum, over and times single factors.
fn as_square(reader: &Reader, form: &Fraction) -> Option<Square> {
    let factors = form.numerator().factor(&reader.budget).ok()?;
    let (mut root, mut single) = (Fraction::one(), Fraction::from(factors.content.clone()));
    for (factor, n) in &factors.factors {
        let factor = Fraction::from(factor.clone());
        if factor.numerator().term_count() > 1 && n % 2 != 0 {
            return None;
        }
        let half = i64::from(n / 2);
        root = root.mul(&factor.pow(half, &reader.budget).ok()??, &reader.budget).ok()?;
        if n % 2 != 0 {
            single = single.mul(&factor, &reader.budget).ok()?;
        }
    }
    let denominator = Fraction::from(form.denominator().clone());
    Some(Square { coefficient: single.div(&denominator, &reader.budget).ok()??, root })
}

/// The form with a = b + d where only a − b occurs, the expressions of the new unknowns, and these.
fn in_differences(reader: &mut Reader, form: &Fraction) -> Option<(Fraction, Images, Vec<Var>)> {
    let (mut numerator, mut images, mut first) = (form.numerator().clone(), Images::default(), Vec::new());
    let variables: Vec<Var> =
        numerator.variables().iter().copied().filter(|v| !form.denominator().mentions(*v)).collect();
    for (i, a) in variables.iter().enumerate() {
        for b in &variables[i + 1..] {
            let moved = &numerator.derivative(*a) + &numerator.derivative(*b);
            if !moved.is_zero() || !numerator.mentions(*a) {
                continue;
            }
            let parts = [*a, *b].map(|v| reader.polynomial(&Polynomial::variable(v)));
            let difference = reader.store.sub(parts[0], parts[1]);
            let symbol = reader.store.scalar(&format!("#d{}", images.len()));
            let unknown = reader.normalizer.normal(reader.store, symbol).ok()?.numerator().as_variable()?;
            let value = &Polynomial::variable(unknown) + &Polynomial::variable(*b);
            numerator = numerator.substitute(*a, &value, &reader.budget).ok()?;
            images.insert(symbol, difference);
            first.push(unknown);
        }
    }
    let shifted = Fraction::new(&numerator, form.denominator(), &reader.budget).ok()??;
    Some((shifted, images, first))
}

/// Squares of sums over at least two denominators → squares of ratios: (x − μ)²/σ² as |(x − μ)/σ|², and
/// (x − μ)²/(μ·x·…) as |(x − μ)/μ|·|(x − μ)/x|·… for μ and x of one sign.
pub(super) fn ratios(store: &mut Store, assumptions: &mut Assumptions, e: Expr) -> Expr {
    let (c, t) = store.coefficient_and_term(e);
    let Node::Product(factors) = store[t].clone() else { return e };
    let mut parts: Vec<(Expr, i64)> = factors.iter().map(|f| store.base_and_power(*f)).collect();
    let squares = |store: &Store, (base, n): &(Expr, i64)| {
        *n == 2 && matches!(&store[*base], Node::Sum(terms) if terms.len() > 1)
    };
    let Some(at) = parts.iter().position(|part| squares(store, part)) else { return e };
    let (root, _) = parts.remove(at);
    let denominators: i64 = parts.iter().map(|(_, n)| (-n).max(0)).sum();
    if denominators < 2 || parts.iter().any(|part| squares(store, part)) {
        return e;
    }
    let summands: Vec<Expr> = store[root].children().collect();
    let inside = |e: Expr| summands.contains(&e);
    let own: Vec<usize> = (0..parts.len()).filter(|i| parts[*i].1 < 0 && inside(parts[*i].0)).collect();
    let mut result = Vec::new();
    if let Some(pair) = of_one_sign(store, assumptions, &parts, &own) {
        for at in pair {
            result.push(absolute_ratio(store, root, &[parts[at].0]));
            parts[at].1 += 1;
        }
    } else {
        let doubled: Vec<Expr> = parts.iter().filter(|(_, n)| *n <= -2).map(|(base, _)| *base).collect();
        if doubled.is_empty() {
            return e;
        }
        parts.iter_mut().filter(|(_, n)| *n <= -2).for_each(|(_, n)| *n += 2);
        let ratio = absolute_ratio(store, root, &doubled);
        result.push(store.powi(ratio, 2));
    }
    result.extend(
        parts.into_iter().filter(|(_, n)| *n != 0).map(|(base, n)| store.powi(base, n)).collect::<Vec<_>>(),
    );
    let product = store.product(result);
    store.scale(&c, product)
}

/// The first two of these bases that are both positive or both negative, for certain.
fn of_one_sign(
    store: &mut Store,
    assumptions: &mut Assumptions,
    parts: &[(Expr, i64)],
    own: &[usize],
) -> Option<[usize; 2]> {
    let positive: Vec<usize> =
        own.iter().copied().filter(|i| assumptions.is_positive(store, parts[*i].0)).collect();
    let negative: Vec<usize> =
        own.iter().copied().filter(|i| assumptions.is_negative(store, parts[*i].0)).collect();
    [positive, negative].iter().find_map(|list| Some([*list.first()?, *list.get(1)?]))
}

/// |numerator/Π denominators|: a call, which no constructor multiplies out.
fn absolute_ratio(store: &mut Store, numerator: Expr, denominators: &[Expr]) -> Expr {
    let inverses: Vec<Expr> = denominators.iter().map(|d| store.powi(*d, -1)).collect();
    let ratio = store.product(inverses.into_iter().chain([numerator]));
    store.call_named("abs", [ratio])
}
