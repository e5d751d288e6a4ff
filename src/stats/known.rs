//! Integrals and sums with known values, one row each.
//!
//! ∫₀^∞ x^a e^{bx} dx = Γ(a + 1)·(−b)^(−a−1): a density whose exponent is `a*log(x) + b*x` is normalized by
//! comparison with this row, and the natural log-partition of its whole family is read off it. Rows match the
//! terms of an exponent on its sample space; what does not match exactly is not matched.

use super::family::{SampleSpace, Space};
use super::separate::{Separator, Term};
use crate::algebra::Normalizer;
use crate::expr::{Expr, Fact, Images, Node, Scope, Store, formula_in};
use crate::number::Rational;

/// One known integral: log ∫ exp(a·b₁ + b·b₂ + c·b₃ …) over a space.
pub struct KnownIntegral {
    /// Its name in reports.
    pub name: &'static str,
    /// Over what: one of the words of `space_matches`.
    pub space: &'static str,
    /// The terms b₁, b₂, …; `x^k` matches any power free of x, and binds k; `m` binds what `|x - m|` holds.
    pub basis: &'static [&'static str],
    /// Coefficients that must be these numbers, by name.
    pub fixed: &'static [(&'static str, i64, i64)],
    /// log of the integral, in the coefficients a, b, c, … and what is bound.
    pub value: &'static str,
    /// When it holds.
    pub conditions: &'static [&'static str],
    /// Where it is printed.
    pub source: &'static str,
}

/// All rows.
#[rustfmt::skip]
pub static KNOWN: &[KnownIntegral] = &[
    KnownIntegral { name: "gamma-integral", space: "half-line", basis: &["log(x)", "x^k"], fixed: &[],
        value: "lgamma((a + 1)/k) - (a + 1)/k*log(-b) - log(abs(k))", conditions: &["(a + 1)/k > 0", "-b > 0"], source: "DLMF 5.9.1" },
    KnownIntegral { name: "beta-integral", space: "unit", basis: &["log(x)", "log(1 - x)"], fixed: &[],
        value: "lgamma(a + 1) + lgamma(b + 1) - lgamma(a + b + 2)", conditions: &["a + 1 > 0", "b + 1 > 0"], source: "DLMF 5.12.1" },
    KnownIntegral { name: "dirichlet-integral", space: "simplex", basis: &["log(x1)", "log(x2)", "log(1 - x1 - x2)"], fixed: &[],
        value: "lgamma(a + 1) + lgamma(b + 1) + lgamma(c + 1) - lgamma(a + b + c + 3)", conditions: &["a + 1 > 0", "b + 1 > 0", "c + 1 > 0"], source: "DLMF 5.14.2" },
    KnownIntegral { name: "gaussian-integral", space: "line", basis: &["x", "x^2"], fixed: &[],
        value: "log(pi)/2 - log(-b)/2 - a^2/(4*b)", conditions: &["-b > 0"], source: "DLMF 7.7.3" },
    KnownIntegral { name: "log-gaussian-integral", space: "half-line", basis: &["log(x)", "log(x)^2"], fixed: &[],
        value: "log(pi)/2 - log(-b)/2 - (a + 1)^2/(4*b)", conditions: &["-b > 0"], source: "DLMF 7.7.3 with x = exp(t)" },
    KnownIntegral { name: "bivariate-gaussian-integral", space: "plane", basis: &["x1", "x2", "x1^2", "x1*x2", "x2^2"], fixed: &[],
        value: "log(2*pi) - log(4*c*f - d^2)/2 - (f*a^2 - d*a*b + c*b^2)/(4*c*f - d^2)", conditions: &["-c > 0", "4*c*f - d^2 > 0"], source: "DLMF 7.7.3 after completing squares" },
    KnownIntegral { name: "laplace-integral", space: "line", basis: &["abs(x - m)"], fixed: &[],
        value: "log(2) - log(-a)", conditions: &["-a > 0"], source: "DLMF 5.9.1 on each side" },
    KnownIntegral { name: "asymmetric-laplace-integral", space: "line", basis: &["x", "abs(x)"], fixed: &[],
        value: "log(-2*b) - log(-b - a) - log(-b + a)", conditions: &["-b - a > 0", "-b + a > 0"], source: "DLMF 5.9.1 on each side" },
    KnownIntegral { name: "log-gamma-integral", space: "line", basis: &["x", "exp(x)"], fixed: &[],
        value: "lgamma(a) - a*log(-b)", conditions: &["a > 0", "-b > 0"], source: "DLMF 5.9.1 with t = exp(x)" },
    KnownIntegral { name: "exponential-on-an-interval", space: "interval", basis: &["x"], fixed: &[],
        value: "log((exp(a*n) - exp(a*m))/a)", conditions: &["a^2 > 0"], source: "elementary" },
    KnownIntegral { name: "kumaraswamy-integral", space: "unit", basis: &["log(x)", "log(1 - x^k)"], fixed: &[],
        value: "lgamma((a + 1)/k) + lgamma(b + 1) - lgamma((a + 1)/k + b + 1) - log(k)", conditions: &["(a + 1)/k > 0", "b + 1 > 0", "k > 0"], source: "DLMF 5.12.1 with t = x^k" },
    KnownIntegral { name: "power-integral", space: "tail", basis: &["log(x)"], fixed: &[],
        value: "(a + 1)*log(m) - log(-a - 1)", conditions: &["-a - 1 > 0", "m > 0"], source: "elementary" },
    KnownIntegral { name: "inverse-gaussian-integral", space: "half-line", basis: &["log(x)", "x", "1/x"], fixed: &[("a", -3, 2)],
        value: "log(pi)/2 - log(-c)/2 - 2*sqrt(b*c)", conditions: &["-b > 0", "-c > 0"], source: "DLMF 10.32.10 and 10.39.2" },
    KnownIntegral { name: "circle-integral", space: "circle", basis: &["cos(x)", "sin(x)"], fixed: &[],
        value: "log(2*pi) + log(besseli(0, sqrt(a^2 + b^2)))", conditions: &[], source: "DLMF 10.32.1" },
    KnownIntegral { name: "exponential-sum", space: "counts", basis: &["x", "lgamma(x + 1)"], fixed: &[("b", -1, 1)],
        value: "exp(a)", conditions: &[], source: "DLMF 4.2.19" },
    KnownIntegral { name: "geometric-sum", space: "counts", basis: &["x"], fixed: &[],
        value: "-log(1 - exp(a))", conditions: &["1 - exp(a) > 0"], source: "DLMF 4.6.1 with t = 1" },
    KnownIntegral { name: "binomial-series", space: "counts", basis: &["x", "lgamma(x + 1)", "lgamma(x + r)"], fixed: &[("b", -1, 1), ("c", 1, 1)],
        value: "lgamma(r) - r*log(1 - exp(a))", conditions: &["1 - exp(a) > 0", "r > 0"], source: "DLMF 4.6.7" },
    KnownIntegral { name: "binomial-theorem", space: "range", basis: &["x", "lgamma(x + 1)", "lgamma(n + 1 - x)"], fixed: &[("b", -1, 1), ("c", -1, 1)],
        value: "n*log(1 + exp(a)) - lgamma(n + 1)", conditions: &[], source: "DLMF 1.2.2" },
    KnownIntegral { name: "multinomial-theorem", space: "lattice-simplex", basis: &["x1", "x2", "lgamma(x1 + 1)", "lgamma(x2 + 1)", "lgamma(n + 1 - x1 - x2)"], fixed: &[("c", -1, 1), ("d", -1, 1), ("f", -1, 1)],
        value: "n*log(1 + exp(a) + exp(b)) - lgamma(n + 1)", conditions: &[], source: "DLMF 26.4.9" },
    KnownIntegral { name: "logarithmic-series", space: "positive-counts", basis: &["x", "log(x)"], fixed: &[("b", -1, 1)],
        value: "log(-log(1 - exp(a)))", conditions: &["1 - exp(a) > 0"], source: "DLMF 4.6.1" },
    KnownIntegral { name: "geometric-sum-from-one", space: "positive-counts", basis: &["x"], fixed: &[],
        value: "a - log(1 - exp(a))", conditions: &["1 - exp(a) > 0"], source: "DLMF 4.6.1 with t = 1" },
];

/// log of a known integral, with what it needs.
#[derive(Clone, Debug)]
pub struct LogIntegral {
    /// The logarithm of the integral.
    pub value: Expr,
    /// Expressions that must be positive.
    pub positive: Vec<Expr>,
    /// The row's name.
    pub name: &'static str,
}

/// Coefficient names, in the order of a row's basis.
const COEFFICIENTS: [&str; 5] = ["a", "b", "c", "d", "f"];

/// log ∫ exp(q) over the space, when a row matches every term of q in x; symbols that are neither variables
/// nor parameters count as numbers.
pub fn log_integral(
    store: &mut Store,
    normalizer: &mut Normalizer,
    space: &SampleSpace,
    variables: &[Expr],
    parameters: &[Expr],
    q: Expr,
) -> Option<LogIntegral> {
    let expanded = normalizer.expand(store, q).ok()?;
    let terms = Separator { x: variables, theta: parameters, normalizer }.separate(store, expanded).ok()?;
    let (constant, terms) = collected(store, normalizer, variables, &terms);
    let mut found = KNOWN
        .iter()
        .find_map(|row| row_matches(store, normalizer, row, space, variables, &terms))
        .or_else(|| on_a_simplex(store, normalizer, space, variables, &terms))?;
    found.value = store.add(found.value, constant);
    Some(found)
}

/// The row `dirichlet-integral` for any number of variables: ∫ Π xᵢ^aᵢ·(1 − Σxᵢ)^c dx = Π Γ(aᵢ + 1)·Γ(c + 1)/Γ(Σaᵢ + c + n + 1).
fn on_a_simplex(
    store: &mut Store,
    normalizer: &mut Normalizer,
    space: &SampleSpace,
    variables: &[Expr],
    terms: &[(Expr, Expr)],
) -> Option<LogIntegral> {
    let [Fact::Positive(joint) | Fact::NonNegative(joint)] = space.joint.as_slice() else { return None };
    let starts_at_zero = |axis: &Space| {
        let Space::Reals(interval) = axis else { return false };
        matches!(interval.lower, Some((Store::ZERO, _))) && interval.upper.is_none()
    };
    let sum = store.sum(variables.to_vec());
    let rest = store.sub(Store::ONE, sum);
    if *joint != rest || !space.axes.iter().all(starts_at_zero) {
        return None;
    }
    let mut open = terms.to_vec();
    let (mut positive, mut logs) = (Vec::new(), Vec::new());
    for component in variables.iter().chain([&rest]) {
        let log = store.call_named("log", [*component]);
        let log = normalizer.simplify(store, log);
        let at = open.iter().position(|(_, b)| *b == log);
        let power = at.map_or(Store::ZERO, |at| open.remove(at).0);
        let argument = store.add(power, Store::ONE);
        let argument = normalizer.simplify(store, argument);
        logs.push(store.call_named("lgamma", [argument]));
        positive.push(argument);
    }
    if !open.is_empty() {
        return None;
    }
    let total = store.sum(positive.clone());
    let total = normalizer.simplify(store, total);
    let whole = store.call_named("lgamma", [total]);
    let parts = store.sum(logs);
    Some(LogIntegral { value: store.sub(parts, whole), positive, name: "dirichlet-integral" })
}

/// (the part free of x, coefficient and term of each other).
fn collected(
    store: &mut Store,
    normalizer: &mut Normalizer,
    x: &[Expr],
    terms: &[Term],
) -> (Expr, Vec<(Expr, Expr)>) {
    let mut list: Vec<(Expr, Vec<Expr>)> = Vec::new();
    let mut constant = Vec::new();
    for term in terms {
        if term.b == Store::ONE {
            constant.push(term.a);
            continue;
        }
        // x alone, split from its numeric and constant factors.
        let simple = normalizer.simplify(store, term.b);
        let (c, t) = match store[simple].clone() {
            Node::Sum(parts) if parts.len() == 1 => parts[0].clone(),
            _ => (Rational::ONE, simple),
        };
        let factors: Vec<Expr> = match &store[t] {
            Node::Product(factors) => factors.to_vec(),
            _ => vec![t],
        };
        let (inside, outside): (Vec<Expr>, Vec<Expr>) = factors.iter().partition(|f| store.mentions(**f, x));
        let (inside, outside) = (store.product(inside), store.product(outside));
        let a = store.mul(term.a, outside);
        let a = store.scale(&c, a);
        match list.iter_mut().find(|(b, _)| *b == inside) {
            Some((_, coefficients)) => coefficients.push(a),
            None => list.push((inside, vec![a])),
        }
    }
    let mut result = Vec::new();
    for (b, coefficients) in list {
        let total = store.sum(coefficients);
        if normalizer.is_zero(store, total) != Ok(true) {
            result.push((total, b));
        }
    }
    (store.sum(constant), result)
}

fn row_matches(
    store: &mut Store,
    normalizer: &mut Normalizer,
    row: &KnownIntegral,
    space: &SampleSpace,
    variables: &[Expr],
    terms: &[(Expr, Expr)],
) -> Option<LogIntegral> {
    let mut scope = Scope::strict();
    let extra = space_matches(store, normalizer, row.space, space, variables)?;
    if let [x] = variables {
        scope.declare("x", *x);
    }
    for (i, x) in variables.iter().enumerate() {
        scope.declare(&format!("x{}", i + 1), *x);
    }
    for (name, value) in &extra {
        scope.declare(name, *value);
    }
    let mut open: Vec<(Expr, Expr)> = terms.to_vec();
    let mut coefficients = vec![Store::ZERO; row.basis.len()];
    // Fixed terms first, so that `x^k` takes what is left.
    let patterned = |text: &str| matches!(text, "x^k" | "abs(x - m)" | "lgamma(x + r)" | "log(1 - x^k)");
    for (i, text) in row.basis.iter().enumerate().filter(|(_, t)| !patterned(t)) {
        let term = formula_in(store, &mut scope, text);
        let term = normalizer.simplify(store, term);
        if let Some(at) = open.iter().position(|(_, b)| *b == term) {
            coefficients[i] = open.remove(at).0;
        }
    }
    for (i, text) in row.basis.iter().enumerate().filter(|(_, t)| patterned(t)) {
        let x = variables[0];
        let found = open.iter().enumerate().find_map(|(at, (_, b))| Some((at, bind(store, text, *b, x)?)));
        let (at, (name, value)) = found?;
        scope.declare(name, value);
        coefficients[i] = open.remove(at).0;
    }
    if !open.is_empty() {
        return None;
    }
    for (i, name) in COEFFICIENTS.iter().enumerate().take(row.basis.len()) {
        let simple = normalizer.simplify(store, coefficients[i]);
        scope.declare(name, simple);
        if let Some((_, n, d)) = row.fixed.iter().find(|(fixed, ..)| fixed == name)
            && store.as_number(simple) != Some(&Rational::new(*n, *d))
        {
            return None;
        }
    }
    let value = formula_in(store, &mut scope, row.value);
    let positive = row
        .conditions
        .iter()
        .map(|text| {
            let (left, right) = text.split_once('>').expect("a condition of a row is an inequality");
            let (left, right) = (formula_in(store, &mut scope, left), formula_in(store, &mut scope, right));
            store.sub(left, right)
        })
        .collect();
    Some(LogIntegral { value, positive, name: row.name })
}

/// What a patterned term binds.
fn bind(store: &mut Store, pattern: &str, b: Expr, x: Expr) -> Option<(&'static str, Expr)> {
    match (pattern, store[b].clone()) {
        ("x^k", _) if b == x => Some(("k", Store::ONE)),
        ("x^k", Node::Power(base, k)) if base == x && !store.mentions(k, &[x]) => Some(("k", k)),
        ("log(1 - x^k)", Node::Call(f, arguments)) if f.row().name == "log" => {
            let power = store.sub(Store::ONE, arguments[0]);
            bind(store, "x^k", power, x)
        }
        ("abs(x - m)", Node::Call(f, arguments)) if f.row().name == "abs" => {
            let difference = store.sub(x, arguments[0]);
            if !store.mentions(difference, &[x]) {
                return Some(("m", difference));
            }
            let sum = store.add(x, arguments[0]);
            (!store.mentions(sum, &[x])).then_some(("m", sum))
        }
        ("lgamma(x + r)", Node::Call(f, arguments)) if f.row().name == "lgamma" => {
            let r = store.sub(arguments[0], x);
            (!store.mentions(r, &[x])).then_some(("r", r))
        }
        _ => None,
    }
}

/// Is n known to be one of 0, 1, 2, …?
fn is_count(store: &mut Store, normalizer: &mut Normalizer, n: Expr) -> bool {
    store.is_integer(n) && normalizer.assumptions.is_nonnegative(store, n)
}

/// Does the sample space have this form? What it binds: `m` (an end), `n` (the last of a range).
fn space_matches(
    store: &mut Store,
    normalizer: &mut Normalizer,
    word: &str,
    space: &SampleSpace,
    variables: &[Expr],
) -> Option<Vec<(&'static str, Expr)>> {
    let zero = |e: &Option<(Expr, bool)>| matches!(e, Some((at, _)) if *at == Store::ZERO);
    let one = |e: &Option<(Expr, bool)>| matches!(e, Some((at, _)) if *at == Store::ONE);
    // A condition on one variable that is no end of its axis: x^2 < 4.
    if space.axes.len() == 1 && !space.joint.is_empty() {
        return None;
    }
    match (word, space.axes.as_slice()) {
        ("line", [Space::Reals(i)]) => (i.lower.is_none() && i.upper.is_none()).then(Vec::new),
        ("half-line", [Space::Reals(i)]) => (zero(&i.lower) && i.upper.is_none()).then(Vec::new),
        ("unit", [Space::Reals(i)]) => (zero(&i.lower) && one(&i.upper)).then(Vec::new),
        ("interval", [Space::Reals(i)]) => match (&i.lower, &i.upper) {
            (Some((m, _)), Some((n, _))) => Some(vec![("m", *m), ("n", *n)]),
            _ => None,
        },
        ("tail", [Space::Reals(i)]) => match (&i.lower, &i.upper) {
            (Some((m, _)), None) if *m != Store::ZERO => Some(vec![("m", *m)]),
            _ => None,
        },
        ("circle", [Space::Reals(i)]) => {
            let (Some((a, _)), Some((b, _))) = (&i.lower, &i.upper) else { return None };
            let pi = store.call_named("pi", []);
            let length = store.sub(*b, *a);
            let turn = store.scale(&Rational::from(2), pi);
            let difference = store.sub(length, turn);
            (normalizer.is_zero(store, difference) == Ok(true)).then(Vec::new)
        }
        ("counts", [Space::Integers(i)]) => {
            (matches!(&i.lower, Some((at, false)) if *at == Store::ZERO) && i.upper.is_none()).then(Vec::new)
        }
        ("range", [Space::Integers(i)]) => match (&i.lower, &i.upper) {
            (Some((first, false)), Some((n, false)))
                if *first == Store::ZERO && is_count(store, normalizer, *n) =>
            {
                Some(vec![("n", *n)])
            }
            _ => None,
        },
        ("positive-counts", [Space::Integers(i)]) => {
            (matches!(&i.lower, Some((at, false)) if *at == Store::ONE) && i.upper.is_none()).then(Vec::new)
        }
        ("lattice-simplex", [Space::Integers(i), Space::Integers(j)]) => {
            let [Fact::NonNegative(rest)] = space.joint.as_slice() else { return None };
            let sum = store.add(variables[0], variables[1]);
            let n = store.add(*rest, sum);
            let open = i.upper.is_none() && j.upper.is_none() && !store.mentions(n, variables);
            let open = open && is_count(store, normalizer, n);
            (open && zero(&i.lower) && zero(&j.lower)).then(|| vec![("n", n)])
        }
        ("plane", [Space::Reals(i), Space::Reals(j)]) => {
            let free = |i: &super::family::Interval| i.lower.is_none() && i.upper.is_none();
            (space.joint.is_empty() && free(i) && free(j)).then(Vec::new)
        }
        ("simplex", [Space::Reals(i), Space::Reals(j)]) => {
            let [Fact::Positive(rest) | Fact::NonNegative(rest)] = space.joint.as_slice() else {
                return None;
            };
            let sum = store.add(variables[0], variables[1]);
            let expected = store.sub(Store::ONE, sum);
            let open = i.upper.is_none() && j.upper.is_none();
            (open && *rest == expected && zero(&i.lower) && zero(&j.lower)).then(Vec::new)
        }
        _ => None,
    }
}

/// A(η) of the natural family with these statistics and base measure, in the given symbols for η.
pub fn natural_log_partition(
    store: &mut Store,
    normalizer: &mut Normalizer,
    space: &SampleSpace,
    variables: &[Expr],
    statistics: &[Expr],
    log_base_measure: Expr,
    eta: &[Expr],
) -> Option<LogIntegral> {
    let mut terms = vec![log_base_measure];
    for (eta, t) in eta.iter().zip(statistics) {
        terms.push(store.mul(*eta, *t));
    }
    let q = store.sum(terms);
    if let Some(found) = log_integral(store, normalizer, space, variables, eta, q) {
        return Some(found);
    }
    finite_log_sum(store, space, variables, q)
}

/// log Σ exp(q) over a finite sample space.
pub fn finite_log_sum(
    store: &mut Store,
    space: &SampleSpace,
    variables: &[Expr],
    q: Expr,
) -> Option<LogIntegral> {
    let points = space.points(store, variables, 256)?;
    let mut masses = Vec::new();
    for point in points {
        let images: Images = variables.iter().copied().zip(point).collect();
        let exponent = store.substitute(q, &images);
        masses.push(store.call_named("exp", [exponent]));
    }
    let total = store.sum(masses);
    Some(LogIntegral { value: store.call_named("log", [total]), positive: Vec::new(), name: "finite-sum" })
}
