//! Hyperbolic functions, and what stays finite where sinh x is divided by x → functions that neither overflow nor cancel.
//!
//! `cosh(x)/sinh(x) - 1/x` is `langevin(x)`, `1/x^2 - 1/sinh(x)^2` its slope, and `exp(t)/(exp(t) - 1) - 1/t` is `tilted_mean(t)`:
//! with E = eᵗ and x = t/2, E = (L + 1/x + 1)/(L + 1/x − 1) for L = coth x − 1/x, and a quotient of polynomials in E and t that
//! has no pole at t = 0 is one in L.

use super::hyperbolic;
use super::special::cancelled_product;
use super::tilted_mass::{divergence, normalized};
use super::walk::{Work, argument, factors, rewrite, speaks, terms, without};
use crate::algebra::Assumptions;
use crate::algebra::Fraction;
use crate::algebra::normalize::{Kernel, cost};
use crate::algebra::polynomial::{Polynomial, Var};
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// Larger expressions stay as they are.
pub(super) const MOST_NODES: usize = 400;

/// The expressions with such combinations replaced.
pub(super) fn tilted(store: &mut Store, root: Expr, assumptions: &mut Assumptions) -> Expr {
    let mut work = Work::new(store, root, assumptions);
    let opened = rewrite(store, root, opened);
    if let Some(image) = divergence(store, &mut work, opened) {
        return image;
    }
    let image = descend(store, &mut work, opened);
    if speaks(store, image, &["sinh", "cosh", "tanh"]) {
        return hyperbolic::functions(store, &mut work, image);
    }
    image
}

/// log(A·eᵘ/sinh(x)) = u − log(sinh(x)/A).
fn opened(store: &mut Store, e: Expr) -> Expr {
    let Some(inner) = argument(store, e, "log") else { return e };
    let (content, body) = store.coefficient_and_term(inner);
    if !content.is_positive() || !speaks(store, body, &["exp", "sinh"]) {
        return e;
    }
    let (mut rest, mut sum, mut is_inverse) = (Vec::new(), Vec::new(), false);
    for factor in factors(store, body) {
        let (base, n) = store.base_and_power(factor);
        if let Some(u) = argument(store, base, "exp") {
            sum.push((Rational::from(n), u));
            continue;
        }
        is_inverse |= n == -1 && speaks(store, base, &["exp", "sinh"]);
        rest.push((base, n));
    }
    if sum.is_empty() && !is_inverse {
        return e;
    }
    let sign = if is_inverse { -1 } else { 1 };
    let list: Vec<Expr> = rest.iter().map(|(base, n)| store.powi(*base, sign * n)).collect();
    let rest = store.product(list);
    let rest = store.scale(&content.pow(sign).expect("a positive number"), rest);
    if rest != Store::ONE {
        sum.push((Rational::from(sign), store.call_named("log", [rest])));
    }
    store.linear(sum)
}

/// Sums of logarithms, then the largest parts that are rational in exponentials.
pub(super) fn descend(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
    if store.free_bound(e) > 0 || !speaks(store, e, &["exp", "sinh", "cosh", "tanh"]) {
        return e;
    }
    if matches!(store[e], Node::Sum(_))
        && let Some(image) = logarithms(store, work, e).or_else(|| normalized(store, work, e))
    {
        return image;
    }
    if let Some(image) = rational(store, work, e) {
        return image;
    }
    let node = store[e].clone();
    let children: Vec<Expr> = node.children().collect();
    let images: Vec<Expr> = children.iter().map(|c| descend(store, work, *c)).collect();
    store.rebuild(e, &mut |at, _| images[at])
}

/// The exponentials and hyperbolic functions of an expression that is rational in them; `None` where other calls have them.
fn atoms(store: &Store, e: Expr, found: &mut Vec<Expr>) -> Option<()> {
    match &store[e] {
        Node::Sum(list) => list.iter().try_for_each(|(_, t)| atoms(store, *t, found)),
        Node::Product(list) => list.iter().try_for_each(|f| atoms(store, *f, found)),
        Node::Power(base, n) if store.as_number(*n).is_some_and(|n| n.as_i64().is_some()) => {
            atoms(store, *base, found)
        }
        Node::Call(f, _) if matches!(f.row().name, "exp" | "sinh" | "cosh" | "tanh") => {
            found.push(e);
            Some(())
        }
        _ => (!speaks(store, e, &["exp", "sinh", "cosh", "tanh"])).then_some(()),
    }
}

/// Every exponential and hyperbolic function by powers of one exponential: the images, and the exponent. Of two exponents u
/// and v, exp(u) = X and exp(v) = X·E; X is left where the expression is not homogeneous.
fn by_powers(store: &mut Store, found: &[Expr], unit: Expr, other: Expr) -> Option<(Images, Expr)> {
    let mut bodies: Vec<Expr> = Vec::new();
    let mut list = Vec::new();
    for call in found {
        let Node::Call(f, arguments) = &store[*call] else { continue };
        let name = f.row().name;
        let (c, body) = store.coefficient_and_term(arguments[0]);
        let at = bodies.iter().position(|known| *known == body).unwrap_or(bodies.len());
        if at == bodies.len() {
            bodies.push(body);
        }
        list.push((*call, name, c, at));
    }
    let common = list.iter().try_fold(1_i64, |all, (_, _, c, _)| {
        let (_, below) = c.as_small()?;
        Some(num_integer::lcm(all, below)).filter(|all| *all <= 12)
    })?;
    let (powers, exponent) = match bodies[..] {
        [body] => (vec![unit], body),
        [first, second] if list.iter().all(|(_, name, ..)| *name == "exp") => {
            (vec![other, store.mul(other, unit)], store.sub(second, first))
        }
        _ => return None,
    };
    let mut images = Images::default();
    for (call, name, c, at) in list {
        let n = (&c * &Rational::from(common)).as_i64()?;
        let [up, down] = [n, -n].map(|n| store.powi(powers[at], n));
        let half = Rational::new(1, 2);
        let difference = store.linear([(half.clone(), up), (-&half, down)]);
        let sum = store.linear([(half.clone(), up), (half, down)]);
        let image = match name {
            "exp" => up,
            "sinh" => difference,
            "cosh" => sum,
            _ => store.div(difference, sum),
        };
        images.insert(call, image);
    }
    let exponent = store.scale(&Rational::new(1, common), exponent);
    Some((images, exponent))
}

/// A polynomial in E: its coefficients from the least power on, and that power.
fn powers(
    store: &mut Store,
    work: &mut Work,
    polynomial: &Polynomial,
    unit: Option<Var>,
) -> Vec<(u32, Expr)> {
    let list = match unit {
        Some(unit) => polynomial.powers_in(unit),
        None => vec![(0, polynomial.clone())],
    };
    list.into_iter().map(|(n, c)| (n, work.normal.present(store, &Fraction::from(c)))).collect()
}

/// b·x − a·x = (b − a)·x.
pub(super) fn factored(store: &mut Store, e: Expr) -> Expr {
    let list = terms(store, e);
    let Some((_, first)) = list.first().filter(|_| list.len() > 1) else { return e };
    let mut common = factors(store, *first);
    common.retain(|f| list.iter().all(|(_, t)| factors(store, *t).contains(f)));
    let mut rest = Vec::new();
    for (c, mut term) in list {
        for factor in &common {
            term = without(store, term, *factor).expect("a factor of every term");
        }
        rest.push((c, term));
    }
    let rest = store.linear(rest);
    store.product(common.into_iter().chain([rest]))
}

/// A quotient of polynomials in E and t as one in L.
fn rational(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let mut found = Vec::new();
    atoms(store, e, &mut found)?;
    if found.is_empty() || store.size(&[e]) > MOST_NODES {
        return None;
    }
    let (unit, other) = (store.scalar("#E"), store.scalar("#X"));
    let (images, exponent) = by_powers(store, &found, unit, other)?;
    let in_powers = store.substitute(e, &images);
    let form = work.normal.normal(store, in_powers).ok()?;
    let whole = work.normal.present(store, &form);
    if store.free_symbols(&[whole]).iter().any(|id| store.symbol_expr(*id) == other) {
        return None;
    }
    let variable = work
        .normal
        .kernels()
        .iter()
        .position(|kernel| matches!(kernel, Kernel::Atom(e) if *e == unit))
        .map(|at| Var(at as u32));
    let over = powers(store, work, form.numerator(), variable);
    let under = powers(store, work, form.denominator(), variable);
    let (low, base) = (over.iter().map(|(n, _)| *n).min()?, under.iter().map(|(n, _)| *n).min()?);
    if under.len() < 2 && over.len() < 2 {
        return None;
    }
    let shift = i64::from(low) - i64::from(base);
    let steps = over.iter().map(|(n, _)| n - low).chain(under.iter().map(|(n, _)| n - base));
    let step = steps.fold(shift.unsigned_abs() as u32, num_integer::gcd);
    if step == 0 {
        return None;
    }
    // E^step = e^(2x).
    let x = store.scale(&Rational::new(i64::from(step), 2), exponent);
    let x = factored(store, x);
    let l = store.scalar("#L");
    let product = store.mul(x, l);
    let above = store.linear([(Rational::ONE, product), (Rational::ONE, Store::ONE), (Rational::ONE, x)]);
    let below =
        store.linear([(Rational::ONE, product), (Rational::ONE, Store::ONE), (Rational::MINUS_ONE, x)]);
    let y = store.div(above, below);
    let mut image = store.powi(y, shift / i64::from(step));
    for (list, least, sign) in [(&over, low, 1), (&under, base, -1)] {
        let mut sum = Vec::new();
        for (n, c) in list {
            let power = store.powi(y, i64::from((n - least) / step));
            sum.push(store.mul(*c, power));
        }
        let sum = store.sum(sum);
        let power = store.powi(sum, sign);
        image = store.mul(image, power);
    }
    let form = work.normal.normal(store, image).ok()?;
    let (content, list) = work.normal.factors_of(store, &form).ok()?;
    let mut result = Vec::new();
    let mut is_better = false;
    for (factor, n) in list {
        let value = if store.free_symbols(&[factor]).iter().any(|id| store.symbol_expr(*id) == l) {
            is_better = true;
            let value = named(store, work, factor, l, x)?;
            // x·(eˣ − 1)/(eˣ − 1 − x) is left to `expm1_excess`.
            if n < 0 && !speaks(store, value, &["langevin_slope"]) {
                return None;
            }
            value
        } else {
            factor
        };
        result.push(store.powi(value, n));
    }
    let product = cancelled_product(store, work, &result);
    is_better.then(|| {
        let list: Vec<_> = terms(store, product).into_iter().map(|(c, t)| (&content * &c, t)).collect();
        store.linear(list)
    })
}

/// c₀ + c₁·L + c₂·L² by `langevin`, `tilted_mean` and `langevin_slope`; `None` where it still divides by x.
fn named(store: &mut Store, work: &mut Work, factor: Expr, l: Expr, x: Expr) -> Option<Expr> {
    let expanded = work.normal.expand(store, factor).ok()?;
    let mut parts = [Vec::new(), Vec::new(), Vec::new()];
    for (c, term) in terms(store, expanded) {
        let mut power = 0;
        let mut rest = Vec::new();
        for f in factors(store, term) {
            let (base, n) = store.base_and_power(f);
            if base == l {
                power += n;
            } else {
                rest.push(f);
            }
        }
        let rest = store.product(rest);
        parts.get_mut(usize::try_from(power).ok()?)?.push((c, rest));
    }
    let [c0, c1, c2] = parts.map(|part| store.linear(part));
    if c2 != Store::ZERO {
        let sum = store.add(c0, c2);
        let first = store.mul(c1, x);
        let second = store.linear([(Rational::ONE, first), (Rational::from(2), c0)]);
        if !work.is_zero(store, sum) || !work.is_zero(store, second) {
            return None;
        }
        let slope = store.call_named("langevin_slope", [x]);
        return Some(cancelled_product(store, work, &[c0, slope]));
    }
    // Of some variable of x the quotient has no pole.
    let quotient = store.div(c0, c1);
    let quotient = work.normal.simplify(store, quotient);
    let form = work.normal.normal(store, quotient).ok()?;
    let divisor = work.normal.present(store, &Fraction::from(form.denominator().clone()));
    let own = store.free_symbols(&[x]);
    let poles = store.free_symbols(&[divisor]);
    if own.iter().all(|id| poles.contains(id)) {
        return None;
    }
    let mut best: Option<((u64, bool), Expr)> = None;
    for (name, sign) in [("langevin", 0), ("tilted_mean", 1), ("tilted_mean", -1)] {
        // c₁·L = ±(2·c₁·m(±2x) − c₁).
        let (rest, factor, of) = match sign {
            0 => (c0, c1, x),
            _ => {
                let rest = store.linear([(Rational::ONE, c0), (Rational::from(-sign), c1)]);
                (rest, store.scale(&Rational::from(2 * sign), c1), store.scale(&Rational::from(2 * sign), x))
            }
        };
        let rest = work.normal.simplify(store, rest);
        let call = store.call_named(name, [of]);
        let term = store.mul(factor, call);
        let image = store.add(rest, term);
        let price = if rest == Store::ZERO { 0 } else { cost(store, rest) };
        // Of two that are as short, rather a sum of positive terms.
        let cancels = name == "tilted_mean" && rest != Store::ZERO && {
            let product = store.mul(rest, factor);
            !work.is_positive(store, product)
        };
        let price = (price, cancels);
        if best.is_none_or(|(known, _)| price < known) {
            best = Some((price, image));
        }
    }
    best.map(|(_, image)| image)
}

/// Logarithms whose arguments are rational together: Σ nᵢ·log uᵢ = log Π uᵢ^nᵢ.
fn logarithms(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
    let list = terms(store, e);
    let (mut product, mut rest) = (Vec::new(), Vec::new());
    for (c, term) in &list {
        match (argument(store, *term, "log"), c.as_i64()) {
            (Some(inner), Some(n)) => product.push(store.powi(inner, n)),
            _ => rest.push((c.clone(), *term)),
        }
    }
    if product.is_empty() {
        return None;
    }
    let product = store.product(product);
    let image = rational(store, work, product)?;
    if !speaks(store, image, &["langevin_slope"]) {
        return None;
    }
    let log = store.call_named("log", [image]);
    rest.push((Rational::ONE, log));
    Some(store.linear(rest))
}
