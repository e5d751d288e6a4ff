//! Hyperbolic functions, and what stays finite where sinh x is divided by x → functions that neither overflow nor cancel.
//!
//! `cosh(x)/sinh(x) - 1/x` is `langevin(x)`, `1/x^2 - 1/sinh(x)^2` its slope, and `exp(t)/(exp(t) - 1) - 1/t` is `tilted_mean(t)`:
//! with E = eᵗ and x = t/2, E = (L + 1/x + 1)/(L + 1/x − 1) for L = coth x − 1/x, and a quotient of polynomials in E and t that
//! has no pole at t = 0 is one in L. `log(sinh(x)/x)` is `log_expm1_ratio(-2*x) + x`.

use super::exponential::by_exponent;
use super::softmax;
use super::special::cancelled_product;
use super::walk::{Work, argument, calls, factors, rewrite, terms, without};
use crate::algebra::Assumptions;
use crate::algebra::Fraction;
use crate::algebra::normalize::{Kernel, cost};
use crate::algebra::polynomial::{Polynomial, Var};
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// Larger expressions stay as they are.
const MOST_NODES: usize = 400;

/// The expressions with such combinations replaced.
pub(super) fn tilted(store: &mut Store, expressions: &[Expr], assumptions: &mut Assumptions) -> Vec<Expr> {
    let mut one = |store: &mut Store, root: &Expr| {
        let mut work = Work::new(store, *root, assumptions);
        let opened = rewrite(store, *root, opened);
        if let Some(image) = divergence(store, &mut work, opened) {
            return image;
        }
        let image = descend(store, &mut work, opened);
        if !speaks(store, image, &["sinh", "cosh", "tanh"]) {
            return image;
        }
        let spelled = spelled_out(store, image);
        let divergence = softmax::divergences(store, &[spelled], assumptions)[0];
        if divergence != spelled {
            return divergence;
        }
        rewrite(store, image, |store, e| match store[e] {
            Node::Call(..) => logarithm(store, &mut work, e).unwrap_or(e),
            Node::Product(_) => tangents(store, e),
            Node::Sum(_) => squares(store, e),
            _ => e,
        })
    };
    expressions.iter().map(|root| one(store, root)).collect()
}

/// Does a call of one of these names occur?
fn speaks(store: &Store, e: Expr, names: &[&str]) -> bool {
    store
        .post_order(&[e])
        .iter()
        .any(|e| matches!(&store[*e], Node::Call(f, _) if names.contains(&f.row().name)))
}

/// log(A·eᵘ/sinh(x)) = u − log(sinh(x)/A).
fn opened(store: &mut Store, e: Expr) -> Expr {
    let Some(inner) = argument(store, e, "log") else { return e };
    let (content, body) = scaled(store, inner);
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
fn descend(store: &mut Store, work: &mut Work, e: Expr) -> Expr {
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
        let (c, body) = scaled(store, arguments[0]);
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

/// c·u as c and u.
fn scaled(store: &Store, e: Expr) -> (Rational, Expr) {
    match &store[e] {
        Node::Sum(list) if list.len() == 1 => list[0].clone(),
        _ => (Rational::ONE, e),
    }
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
fn factored(store: &mut Store, e: Expr) -> Expr {
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
    let (content, body) = scaled(store, inner);
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
fn divergence(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
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

/// c·log(sinh(y)·…) with the logarithms beside it, where these hold 1/y.
fn normalized(store: &mut Store, work: &mut Work, e: Expr) -> Option<Expr> {
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
    let (content, body) = scaled(store, inner);
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
