//! Points at which a claim is likely to fail: where its conditions do, and near the numbers it mentions.
//!
//! For `1/(2*x - 3)` the condition 2x − 3 ≠ 0 fails at 3/2; for `1/log(y)` at y = 1. The roots only suggest points:
//! what happens there is decided by enclosures.

use super::domain::{Atom, AtomKind};
use super::knowledge::{Knowledge, coefficients, factored};
use super::points::{Domain, Point};
use crate::algebra::normalize::Kernel;
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::expr::{Expr, Fact, Images, Node, Store};
use crate::number::{Definedness, Rational};
use crate::print::plain::display;
use crate::tape::{Enclosure, Tape};

/// The rational constants of expressions, with their neighbours.
pub(super) fn literals(store: &Store, roots: &[Expr]) -> Vec<Rational> {
    let mut found: Vec<Rational> = Vec::new();
    let mut add = |q: Rational| {
        if !found.contains(&q) && q.bits() <= 64 {
            found.push(q);
        }
    };
    for e in store.post_order(roots) {
        let Node::Sum(terms) = &store[e] else { continue };
        for (c, t) in terms.iter() {
            if *t == Store::ONE {
                add(c.clone());
                add(-c);
                add(c + &Rational::ONE);
                add(c - &Rational::ONE);
            }
        }
    }
    found
}

/// Points of the domain at which a condition fails or is at its edge, made from given points of the domain.
pub(super) fn critical(store: &mut Store, domain: &Domain, atoms: &[Atom], points: &[Point]) -> Vec<Point> {
    let mut found: Vec<Point> = Vec::new();
    let mut seen: Vec<(Expr, Rational)> = Vec::new();
    let one = Point::from_iter(domain.variables.iter().map(|_| Rational::ONE));
    let bases: Vec<&Point> = points.iter().take(3).chain(points.is_empty().then_some(&one)).collect();
    for atom in atoms.iter().filter(|a| a.under.is_empty()).take(24) {
        if let AtomKind::Power(base, exponent) = &atom.kind {
            // Both at once: a base of 0 and a negative exponent.
            for point in bases.iter().take(1) {
                let minus = Rational::MINUS_ONE;
                for low in moved(store, domain, *exponent, point, &minus) {
                    for point in moved(store, domain, *base, &low, &Rational::ZERO) {
                        if !found.contains(&point) && domain.contains(&point) {
                            found.push(point);
                        }
                    }
                }
            }
        }
        for (e, target) in targets(&atom.kind) {
            if seen.contains(&(e, target.clone())) {
                continue;
            }
            seen.push((e, target.clone()));
            for base in &bases {
                for place in 0..domain.variables.len() {
                    if !store.mentions(e, &[domain.variables[place]]) {
                        continue;
                    }
                    for value in solve(store, domain, e, place, base, &target) {
                        let mut point = (*base).clone();
                        point[place] = value;
                        if !found.contains(&point) && domain.contains(&point) {
                            found.push(point);
                        }
                    }
                }
            }
        }
    }
    found
}

/// Points that differ from one in a single variable, at which the expression takes a value.
fn moved(store: &mut Store, domain: &Domain, e: Expr, base: &Point, target: &Rational) -> Vec<Point> {
    let mut points = Vec::new();
    for place in 0..domain.variables.len() {
        if store.mentions(e, &[domain.variables[place]]) {
            for value in solve(store, domain, e, place, base, target) {
                let mut point = base.clone();
                point[place] = value;
                points.push(point);
            }
        }
    }
    points
}

/// Values of an expression at which a condition fails, or nearly does.
fn targets(kind: &AtomKind) -> Vec<(Expr, Rational)> {
    let at = |e: &Expr, values: &[i64]| values.iter().map(|n| (*e, Rational::from(*n))).collect();
    match kind {
        AtomKind::Positive(e) => at(e, &[0, -1]),
        AtomKind::NonNegative(e) => at(e, &[-1, 0]),
        AtomKind::NonZero(e) => at(e, &[0]),
        AtomKind::NonPole(e) => at(e, &[0, -1, -2]),
        AtomKind::Integer(e) => vec![(*e, Rational::new(1, 2))],
        AtomKind::Power(base, exponent) => [at(base, &[0]), at(exponent, &[-1])].concat(),
        AtomKind::Defined(_, kinds) => kinds.iter().flat_map(targets).collect(),
    }
}

/// Rational values of one variable at which the expression takes a value, the others as at a point.
fn solve(
    store: &mut Store,
    domain: &Domain,
    e: Expr,
    place: usize,
    base: &Point,
    target: &Rational,
) -> Vec<Rational> {
    let mut images = Images::default();
    for (i, v) in domain.variables.iter().enumerate().filter(|(i, _)| *i != place) {
        images.insert(*v, store.number(base[i].clone()));
    }
    let e = store.substitute(e, &images);
    let mut roots = Vec::new();
    preimages(store, e, target, domain.variables[place], 6, &mut roots);
    roots
}

fn preimages(store: &mut Store, e: Expr, target: &Rational, v: Expr, depth: u32, roots: &mut Vec<Rational>) {
    if depth == 0 || roots.len() >= 8 {
        return;
    }
    if e == v {
        return roots.push(target.clone());
    }
    let zero = target.is_zero();
    if let Node::Call(f, arguments) = store[e].clone() {
        let inner: Vec<Rational> = match f.row().name {
            "log" if zero => vec![Rational::ONE],
            "exp" | "cosh" if target.is_one() => vec![Rational::ZERO],
            "sin" | "tan" | "atan" | "sinh" | "tanh" | "log1p" | "expm1" | "sign" if zero => {
                vec![Rational::ZERO]
            }
            "cos" if target.is_one() => vec![Rational::ZERO],
            "sqrt" if !target.is_negative() => vec![target * target],
            "abs" if !target.is_negative() => vec![target.clone(), -target],
            "lgamma" if zero => vec![Rational::ONE, Rational::from(2)],
            _ => Vec::new(),
        };
        for value in inner {
            preimages(store, arguments[0], &value, v, depth - 1, roots);
        }
        return;
    }
    let mut normalizer = Normalizer::new(Assumptions::none(), Effort::Present);
    let shift = store.number(target.clone());
    let shifted = store.sub(e, shift);
    let Ok(form) = normalizer.normal(store, shifted) else { return };
    let Some((_, factors)) = factored(&form) else { return };
    for (factor, power) in factors {
        let [variable] = factor.variables() else { continue };
        let kernel = normalizer.kernels()[variable.0 as usize].clone();
        let (Some(coefficients), 1..) = (coefficients(&factor, *variable), power) else { continue };
        for root in rational_roots(&coefficients) {
            match &kernel {
                Kernel::Atom(inner) if *inner != e => preimages(store, *inner, &root, v, depth - 1, roots),
                Kernel::Root(inner, degree) if *inner != e => {
                    if let Some(value) = root.pow(i64::from(*degree)) {
                        preimages(store, *inner, &value, v, depth - 1, roots);
                    }
                }
                Kernel::Exponential(inner, _) if root.is_one() => {
                    preimages(store, *inner, &Rational::ZERO, v, depth - 1, roots);
                }
                _ => {}
            }
        }
    }
}

/// Rational roots of a polynomial of degree one or two.
fn rational_roots(coefficients: &[Rational]) -> Vec<Rational> {
    match coefficients {
        [b, a] => vec![-(b / a)],
        [c, b, a] => {
            let discriminant = &(b * b) - &(&(a * c) * &Rational::from(4));
            let root = if discriminant.is_zero() { Some(Rational::ZERO) } else { discriminant.root(2) };
            let Some(root) = root.filter(|_| !discriminant.is_negative()) else { return Vec::new() };
            let twice = a * &Rational::from(2);
            vec![&(&-b + &root) / &twice, &(&-b - &root) / &twice]
        }
        _ => Vec::new(),
    }
}

/// Why a condition that does not follow cannot be listed as one that merely remains: it fails somewhere.
pub(super) fn may_fail(
    store: &mut Store,
    facts: &[Fact],
    domain: &Domain,
    atom: &Atom,
    points: &[Point],
) -> Option<String> {
    if let AtomKind::Defined(e, _) = atom.kind
        && is_concrete_range(store, e)
    {
        // No point is certified at which it holds: ∑ k − ∑ k = 0 would hold of a sum that does not converge.
        return Some(format!("`{}` is needed, and is not decided here", atom.kind.text(store)));
    }
    if matches!(atom.kind, AtomKind::Defined(..)) || !atom.under.is_empty() {
        return None;
    }
    let text = atom.kind.text(store);
    let e = atom.kind.about();
    let tape = Tape::new(store, &domain.variables, &[e]);
    let (mut above, mut below) = (None, None);
    for point in points {
        let inputs: Vec<Enclosure> = point.iter().map(|q| Enclosure::Exact(q.clone(), 128)).collect();
        let value = tape.eval_one(&inputs, 128);
        if value.definedness() != Definedness::Defined {
            continue;
        }
        let ball = value.to_ball();
        if ball.is_positive() {
            above = Some(point);
        } else if ball.is_negative() || ball.is_zero() {
            below = Some(point);
        }
    }
    let show = |point: &Point| {
        let list: Vec<String> = domain.names.iter().zip(point).map(|(n, q)| format!("{n} = {q}")).collect();
        list.join(", ")
    };
    match (&atom.kind, above, below) {
        (AtomKind::Positive(_) | AtomKind::NonNegative(_), _, Some(point)) => {
            Some(format!("`{text}` is needed, and fails at {}", show(point)))
        }
        (AtomKind::NonZero(_), Some(one), Some(other)) => Some(format!(
            "`{text}` is needed, and {} changes its sign between {} and {}",
            display(store, e),
            show(one),
            show(other)
        )),
        (AtomKind::NonPole(_) | AtomKind::Integer(_) | AtomKind::Power(..), ..) => {
            Some(format!("`{text}` is needed, and does not follow from what is declared"))
        }
        // Of these the declarations decide; that we did not see how is no reason to list them.
        _ if is_rational(store, facts, e) => {
            Some(format!("`{text}` is needed, and was not found to follow from what is declared"))
        }
        _ => None,
    }
}

/// Is this an integral or a sum of what is written out, with nothing abstract in it?
fn is_concrete_range(store: &Store, e: Expr) -> bool {
    matches!(store[e], Node::Range { .. })
        && !store.post_order(&[e]).into_iter().any(|e| {
            matches!(
                store[e],
                Node::Apply(..)
                    | Node::Expectation { .. }
                    | Node::SampleIntegral { .. }
                    | Node::Divergence { .. }
                    | Node::Index(..)
            )
        })
}

/// Is the expression a rational function of symbols alone?
fn is_rational(store: &mut Store, facts: &[Fact], e: Expr) -> bool {
    let mut known = Knowledge::new(store, facts);
    let Ok(form) = known.normalizer.normal(store, e) else { return false };
    let variables = form.numerator().variables().iter().chain(form.denominator().variables());
    variables.into_iter().all(|v| match &known.normalizer.kernels()[v.0 as usize] {
        Kernel::Atom(e) => store.as_symbol(*e).is_some(),
        _ => false,
    })
}

/// A condition as one would write it after `--where`: `x > 3/2` for 2·x − 3 > 0.
pub(super) fn simple_text(store: &Store, kind: &AtomKind) -> String {
    let (e, relation, flipped) = match kind {
        AtomKind::Positive(e) => (*e, ">", "<"),
        AtomKind::NonNegative(e) => (*e, ">=", "<="),
        AtomKind::NonZero(e) | AtomKind::Power(e, _) => (*e, "!=", "!="),
        _ => return kind.text(store),
    };
    match &store[e] {
        Node::Power(base, n)
            if store.as_number(*n).and_then(Rational::as_i64).is_some_and(|n| n % 2 == 0) =>
        {
            if let AtomKind::Positive(_) = kind {
                return simple_text(store, &AtomKind::NonZero(*base));
            }
        }
        Node::Call(f, arguments) if f.row().name == "abs" && !matches!(kind, AtomKind::NonNegative(_)) => {
            return simple_text(store, &AtomKind::NonZero(arguments[0]));
        }
        Node::Sum(terms) => {
            let rest: Vec<&(Rational, Expr)> = terms.iter().filter(|(_, t)| *t != Store::ONE).collect();
            let constant =
                terms.iter().find(|(_, t)| *t == Store::ONE).map_or(Rational::ZERO, |(c, _)| c.clone());
            if let [(c, t)] = rest.as_slice()
                && !c.is_zero()
            {
                let bound = -(&constant / c);
                let relation = if c.is_negative() { flipped } else { relation };
                return format!("{} {relation} {bound}", display(store, *t));
            }
        }
        _ => {}
    }
    kind.text(store)
}
