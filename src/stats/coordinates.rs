//! The same family in other coordinates: those named in its file, natural parameters η, mean parameters E\[T\].
//!
//! The gamma family in `scale` is its density with beta = 1/theta, derived anew; F transforms as JᵀFJ, which
//! is checked. Natural and mean parameters are solved for where the equations can be turned around one by one
//! (`eta_2 = -1/(2*sigma^2)`), or through the known integral of the family; otherwise F is written in the
//! family's own parameters, and says so.

use super::derive::{Demand, Derivation, KnownMean, derive_knowing, derive_some};
use super::exponential::tidy_terms;
use super::family::{Coordinates, Family, Parameter};
use super::known::natural_log_partition;
use super::matrix;
use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::calculus::Differentiator;
use crate::expr::{Expr, Fact, Images, Node, Store};
use crate::number::Rational;

/// Names that every family has coordinates for, beside those in its file.
pub const BUILT_IN: [&str; 3] = ["base", "natural", "mean"];

/// Derives everything in named coordinates; `None` when the family has none of that name.
pub fn derive_in(store: &mut Store, family: &Family, coordinates: &str) -> Option<Derivation> {
    derive_some_in(store, family, coordinates, Demand::ALL)
}

/// Derives what is asked for in named coordinates; `None` when the family has none of that name.
pub fn derive_some_in(
    store: &mut Store,
    family: &Family,
    coordinates: &str,
    demand: Demand,
) -> Option<Derivation> {
    derive_from(store, family, coordinates, demand, &mut None)
}

/// [`derive_some_in`], from the exponential form and E\[T\] in the family's own parameters where they are there; where they had
/// to be derived, they are there afterwards.
pub fn derive_from(
    store: &mut Store,
    family: &Family,
    coordinates: &str,
    demand: Demand,
    base: &mut Option<Derivation>,
) -> Option<Derivation> {
    match coordinates {
        "base" => Some(derive_some(store, family, demand)),
        "natural" => Some(natural(store, family, demand, base)),
        "mean" => Some(mean(store, family, demand, base)),
        name => {
            let chosen = family.coordinates.iter().find(|c| c.name == name)?;
            let other = reparametrized(store, family, chosen);
            let mut derivation = derive_some(store, &other, demand);
            derivation.coordinates = name.to_owned();
            Some(derivation)
        }
    }
}

/// The family with θ(φ) in place of θ.
pub fn reparametrized(store: &mut Store, family: &Family, coordinates: &Coordinates) -> Family {
    let images: Images = family.theta().into_iter().zip(coordinates.map.iter().copied()).collect();
    let mut facts = coordinates.facts.clone();
    // Conditions on the constants alone stay; those on θ are implied by θ(φ) or become conditions on φ.
    for fact in &family.facts {
        let other = super::derive::substitute_fact(store, fact, &images);
        facts.push(other);
    }
    let mut other = family.clone();
    other.parameters = coordinates.parameters.clone();
    other.facts = cleared(store, facts);
    let density = store.substitute(family.log_density, &images);
    let mut present = Normalizer::new(other.assumptions(store), Effort::Present);
    other.log_density = tidy_terms(store, &mut present, density);
    other.sample_facts =
        family.sample_facts.iter().map(|f| super::derive::substitute_fact(store, f, &images)).collect();
    for atom in &mut other.atoms {
        atom.log_probability = store.substitute(atom.log_probability, &images);
    }
    other.coordinates = Vec::new();
    other.claims = Vec::new();
    other
}

/// The facts, and those they imply without roots and denominators: from `sqrt(m_2 - m_1^2) > 0` that
/// `m_2 - m_1^2 > 0`, from `1 - m/n > 0` and `n > 0` that `n - m > 0`.
fn cleared(store: &mut Store, facts: Vec<Fact>) -> Vec<Fact> {
    let assumptions = Assumptions::new(store, &facts);
    let mut normalizer = Normalizer::new(assumptions, Effort::Present);
    let mut all = facts.clone();
    for fact in &facts {
        let Fact::Positive(e) = fact else { continue };
        let mut positive = *e;
        while let Some(inner) = root_argument(store, positive) {
            positive = inner;
        }
        let Ok(form) = normalizer.normal(store, positive) else { continue };
        let Ok((content, factors)) = normalizer.factors_of(store, &form) else { continue };
        // The factors whose sign is known leave; what remains has the sign of their product.
        let mut sign = content.is_positive();
        let mut rest = Vec::new();
        for (factor, power) in factors {
            if power % 2 == 0 || normalizer.assumptions.is_positive(store, factor) {
                continue;
            }
            if normalizer.assumptions.is_negative(store, factor) {
                sign = !sign;
            } else {
                rest.push(factor);
            }
        }
        let product = store.product(rest);
        let implied = if sign { product } else { store.neg(product) };
        if store.as_number(implied).is_none() {
            all.push(Fact::Positive(implied));
        }
    }
    all
}

/// u of √u, of u^q and of 1/u, which are positive where u is and only there.
pub fn root_argument(store: &Store, e: Expr) -> Option<Expr> {
    match &store[e] {
        Node::Call(f, arguments) if f.row().name == "sqrt" => Some(arguments[0]),
        Node::Power(base, exponent) => {
            let q = store.as_number(*exponent)?;
            (!q.is_integer() || *q == Rational::MINUS_ONE).then_some(*base)
        }
        _ => None,
    }
}

/// Jᵀ F(θ(φ)) J, entry by entry, for J = ∂θ/∂φ.
pub fn transformed_fisher(
    store: &mut Store,
    fisher: &[Vec<Expr>],
    theta: &[Expr],
    map: &[Expr],
    phi: &[Expr],
) -> Vec<Vec<Expr>> {
    let images: Images = theta.iter().copied().zip(map.iter().copied()).collect();
    let jacobian = Differentiator::new().jacobian(store, map, phi);
    let moved: Vec<Vec<Expr>> = fisher.iter().map(|row| store.substitute_all(row, &images)).collect();
    let size = phi.len();
    (0..size)
        .map(|i| {
            (0..size)
                .map(|j| {
                    let mut terms = Vec::new();
                    for (a, row) in moved.iter().enumerate() {
                        for (b, entry) in row.iter().enumerate() {
                            terms.push(store.product([jacobian[a][i], *entry, jacobian[b][j]]));
                        }
                    }
                    store.sum(terms)
                })
                .collect()
        })
        .collect()
}

/// In natural parameters: by the known integral of the family, else by solving η = η(θ), else in θ.
fn natural(store: &mut Store, family: &Family, demand: Demand, base: &mut Option<Derivation>) -> Derivation {
    let without = |store: &mut Store, reason: &str| without(based(store, family, demand), "natural", reason);
    let base = with_mean(store, family, base);
    if base.kind == super::Kind::Curved {
        return without(store, "a curved family has fewer parameters than natural ones");
    }
    let Some(exponential) =
        base.exponential.clone().filter(|_| base.mean.is_some() && family.atoms.is_empty())
    else {
        return without(store, "natural parameters exist for exponential families only");
    };
    let parameters = numbered(store, "eta", exponential.natural.len());
    let eta: Vec<Expr> = parameters.iter().map(|p| p.symbol).collect();
    let space = family.sample_space(store);
    let assumptions = family.assumptions(store);
    let mut decide = Normalizer::new(assumptions, Effort::Decide);
    let (t, h, x) = (&exponential.statistics, exponential.log_base_measure, family.x());
    if let Some(known) = natural_log_partition(store, &mut decide, &space, &x, t, h, &eta) {
        let facts: Vec<Fact> = known.positive.iter().map(|e| Fact::Positive(*e)).collect();
        let mut present = Normalizer::new(family.assumptions(store), Effort::Present);
        let partition = tidy_terms(store, &mut present, known.value);
        let mut density = vec![(Rational::ONE, h), (Rational::MINUS_ONE, partition)];
        for (eta, t) in eta.iter().zip(t) {
            density.push((Rational::ONE, store.mul(*eta, *t)));
        }
        let mut other = family.clone();
        other.log_density = store.linear(density);
        other.parameters = parameters.clone();
        // The constants keep their conditions.
        let theta = family.theta();
        other.facts = family
            .facts
            .iter()
            .filter(|f| !theta.iter().any(|s| super::family::fact_mentions(store, f, *s)))
            .cloned()
            .chain(facts)
            .collect();
        let range = natural_ranges(store, family, &exponential.natural, &eta);
        other.facts.extend(range);
        other.coordinates = Vec::new();
        other.claims = Vec::new();
        let derivation = derive_some(store, &other, demand);
        if derivation.fisher.is_some() || (!demand.fisher && derivation.mean.is_some()) {
            return named(derivation, "natural");
        }
    }
    by_solution(store, family, &exponential.natural, parameters, None, demand)
}

/// In mean parameters: by solving m = E[T](θ), else in θ.
fn mean(store: &mut Store, family: &Family, demand: Demand, base: &mut Option<Derivation>) -> Derivation {
    let base = with_mean(store, family, base);
    let statistics = base.exponential.as_ref().map_or_else(Vec::new, |e| e.statistics.clone());
    let Some(mean) = base.mean.clone().filter(|_| family.atoms.is_empty()) else {
        let reason = "mean parameters exist for exponential families only";
        return without(based(store, family, demand), "mean", reason);
    };
    let parameters = numbered(store, "m", mean.len());
    by_solution(store, family, &mean, parameters, Some(&statistics), demand)
}

/// What natural and mean parameters are found from: the exponential form and E\[T\] in the family's own.
pub fn with_mean<'a>(
    store: &mut Store,
    family: &Family,
    known: &'a mut Option<Derivation>,
) -> &'a Derivation {
    known.get_or_insert_with(|| derive_some(store, family, Demand::NONE))
}

/// The family in its own parameters with F, for those that have no closed form.
fn based(store: &mut Store, family: &Family, demand: Demand) -> Derivation {
    derive_some(store, family, Demand { fisher: true, ..demand })
}

fn named(mut derivation: Derivation, name: &str) -> Derivation {
    derivation.coordinates = name.to_owned();
    derivation
}

/// Why there are no coordinates of that name.
fn without(base: Derivation, name: &str, reason: &str) -> Derivation {
    let mut derivation = named(base, name);
    derivation.reason = Some(match derivation.reason {
        Some(known) => format!("{reason}; {known}"),
        None => reason.to_owned(),
    });
    derivation.status = super::Status::Refused;
    derivation.kl_status = super::Status::Refused;
    derivation.fisher = None;
    derivation.fisher_inverse = None;
    derivation.natural_gradient = None;
    derivation.kl = None;
    derivation
}

fn numbered(store: &mut Store, name: &str, count: usize) -> Vec<Parameter> {
    (1..=count)
        .map(|i| {
            let name = format!("{name}_{i}");
            Parameter { symbol: store.scalar(&name), name }
        })
        .collect()
}

/// What the ranges of η(θ) over the domain say of the symbols η.
fn natural_ranges(store: &mut Store, family: &Family, natural: &[Expr], eta: &[Expr]) -> Vec<Fact> {
    let mut assumptions = Assumptions::new(store, &family.facts);
    let mut facts = Vec::new();
    for (value, symbol) in natural.iter().zip(eta) {
        if assumptions.is_positive(store, *value) {
            facts.push(Fact::Positive(*symbol));
        } else if assumptions.is_negative(store, *value) {
            facts.push(Fact::Positive(store.neg(*symbol)));
        }
    }
    facts
}

/// Solves φ = φ(θ) for θ and derives anew; when that fails, transforms F in θ. The statistics are given where the values are
/// their expectations.
fn by_solution(
    store: &mut Store,
    family: &Family,
    values: &[Expr],
    parameters: Vec<Parameter>,
    statistics: Option<&[Expr]>,
    demand: Demand,
) -> Derivation {
    let name = if statistics.is_some() { "mean" } else { "natural" };
    let phi: Vec<Expr> = parameters.iter().map(|p| p.symbol).collect();
    let facts = natural_ranges(store, family, values, &phi);
    if values.len() == family.parameters.len()
        && let Some(map) = solve(store, family, values, &phi)
    {
        let coordinates = Coordinates { name: name.to_owned(), parameters: parameters.clone(), facts, map };
        let other = reparametrized(store, family, &coordinates);
        // `solve` has put θ(m) into E[T](θ) and found m.
        let known = statistics.map(|statistics| KnownMean { statistics, mean: &phi });
        let derivation = derive_knowing(store, &other, demand, known);
        if derivation.fisher.is_some() || (!demand.fisher && derivation.mean.is_some()) {
            return named(derivation, name);
        }
    }
    let base = based(store, family, demand);
    in_base_parameters(store, &base, values, parameters, name)
}

/// J⁻ᵀ F J⁻¹ for J = ∂φ/∂θ, written in θ.
fn in_base_parameters(
    store: &mut Store,
    base: &Derivation,
    values: &[Expr],
    parameters: Vec<Parameter>,
    name: &str,
) -> Derivation {
    let mut derivation = named(base.clone(), name);
    let theta = base.family.theta();
    let size = theta.len();
    derivation.reason = Some(format!(
        "the {name} parameters have no closed inverse here: everything is written in the family's own"
    ));
    let failed = |mut d: Derivation| {
        d.fisher = None;
        d.fisher_inverse = None;
        d.natural_gradient = None;
        d.status = super::Status::Refused;
        d.reason = Some(format!("the {name} parameters do not determine the family one to one"));
        d
    };
    let Some(fisher) = base.fisher.clone().filter(|_| values.len() == size) else {
        return failed(derivation);
    };
    let jacobian = Differentiator::new().jacobian(store, values, &theta);
    let assumptions = base.family.assumptions(store);
    let mut normalizer = Normalizer::new(assumptions, Effort::Present);
    let all: Vec<Expr> = jacobian.iter().chain(&fisher).flatten().copied().collect();
    let Ok(forms) = normalizer.normal_all(store, &all) else { return failed(derivation) };
    let rows: Vec<Vec<_>> = forms.chunks(size).map(<[_]>::to_vec).collect();
    let (jacobian, fisher) = rows.split_at(size);
    let Ok(Some(inverse)) = matrix::inverse(&mut normalizer, jacobian) else { return failed(derivation) };
    let transposed = matrix::transpose(&inverse);
    let Ok(left) = matrix::product(&mut normalizer, &transposed, fisher) else { return failed(derivation) };
    let Ok(result) = matrix::product(&mut normalizer, &left, &inverse) else { return failed(derivation) };
    let mut expressions: Vec<Vec<Expr>> = Vec::new();
    for row in &result {
        expressions.push(row.iter().map(|f| normalizer.present(store, f)).collect());
    }
    derivation.fisher_inverse = match matrix::inverse(&mut normalizer, &result) {
        Ok(Some(inverse)) => Some(
            inverse.iter().map(|row| row.iter().map(|f| normalizer.present(store, f)).collect()).collect(),
        ),
        _ => None,
    };
    derivation.natural_gradient = derivation.fisher_inverse.as_ref().map(|rows| {
        rows.iter()
            .map(|row| {
                let terms: Vec<Expr> =
                    row.iter().zip(&base.gradient).map(|(f, g)| store.mul(*f, *g)).collect();
                store.sum(terms)
            })
            .collect()
    });
    // The score in φ is J⁻ᵀ times the score in θ.
    derivation.score = transposed
        .iter()
        .map(|row| {
            let terms: Vec<Expr> = row
                .iter()
                .zip(&base.score)
                .map(|(f, s)| {
                    let f = normalizer.present(store, f);
                    store.mul(f, *s)
                })
                .collect();
            store.sum(terms)
        })
        .collect();
    derivation.fisher = Some(expressions);
    derivation.written_in = base.family.parameters.clone();
    derivation.family.parameters = parameters;
    derivation.determinant = None;
    derivation
}

/// θ(φ) from values(θ) = φ, one equation and one unknown at a time.
pub fn solve(store: &mut Store, family: &Family, values: &[Expr], phi: &[Expr]) -> Option<Vec<Expr>> {
    let theta = family.theta();
    let assumptions = family.parameter_assumptions(store);
    let mut normalizer = Normalizer::new(assumptions, Effort::Present);
    let mut known: Images = Images::default();
    let mut open: Vec<(Expr, Expr)> = values.iter().copied().zip(phi.iter().copied()).collect();
    while !open.is_empty() {
        let mut solved = None;
        'equations: for (position, (value, right)) in open.iter().enumerate() {
            let raw = store.substitute(*value, &known);
            let mut forms = vec![raw];
            if let Ok(split) = normalizer.expand(store, raw) {
                forms.push(split);
            }
            forms.push(normalizer.simplify(store, raw));
            for form in forms {
                let unknown: Vec<Expr> =
                    theta.iter().copied().filter(|s| store.mentions(form, &[*s])).collect();
                if let [unknown] = unknown.as_slice()
                    && let Some(solution) = peel(store, &mut normalizer, form, *right, *unknown)
                {
                    solved = Some((position, *unknown, solution));
                    break 'equations;
                }
            }
        }
        let (position, unknown, solution) = solved?;
        open.remove(position);
        known.insert(unknown, solution);
    }
    let map: Option<Vec<Expr>> = theta.iter().map(|s| known.get(s).copied()).collect();
    // Substituted back, the solution must give φ again.
    let map = map?;
    let images: Images = theta.iter().copied().zip(map.iter().copied()).collect();
    let facts = natural_ranges(store, family, values, phi);
    let mut assumptions = Assumptions::new(store, &facts);
    for fact in &family.facts {
        let fact = super::derive::substitute_fact(store, fact, &images);
        assumptions.assume(store, &fact);
    }
    let mut decide = Normalizer::new(assumptions, Effort::Decide);
    for (value, right) in values.iter().zip(phi) {
        let again = store.substitute(*value, &images);
        let difference = store.sub(again, *right);
        if decide.is_zero(store, difference) != Ok(true) {
            return None;
        }
    }
    Some(map)
}

/// Undoes the operations around the only occurrence of a symbol.
fn peel(
    store: &mut Store,
    normalizer: &mut Normalizer,
    left: Expr,
    right: Expr,
    unknown: Expr,
) -> Option<Expr> {
    let (mut left, mut right) = (left, right);
    for _ in 0..64 {
        if left == unknown {
            return Some(right);
        }
        match store[left].clone() {
            Node::Sum(terms) => {
                let (with, without): (Vec<_>, Vec<_>) =
                    terms.iter().cloned().partition(|(_, t)| store.mentions(*t, &[unknown]));
                let [(c, t)] = with.as_slice() else {
                    return difference_of_logs(store, &with, &without, right, unknown);
                };
                let rest = store.linear(without);
                let moved = store.sub(right, rest);
                right = store.scale(&c.recip()?, moved);
                left = *t;
            }
            Node::Product(factors) => {
                let (with, without): (Vec<Expr>, Vec<Expr>) =
                    factors.iter().partition(|f| store.mentions(**f, &[unknown]));
                let [one] = with.as_slice() else { return None };
                let rest = store.product(without);
                right = store.div(right, rest);
                left = *one;
            }
            Node::Power(base, exponent) if !store.mentions(exponent, &[unknown]) => {
                // Even powers have one root where the base is positive.
                if !normalizer.assumptions.is_positive(store, base) {
                    let odd =
                        store.as_number(exponent).and_then(Rational::as_i64).is_some_and(|n| n % 2 != 0);
                    if !odd || store.as_number(exponent).and_then(Rational::as_i64) != Some(-1) {
                        return None;
                    }
                }
                right = match store.as_number(exponent).and_then(Rational::recip) {
                    Some(q) if q == Rational::new(1, 2) => store.call_named("sqrt", [right]),
                    Some(q) if q == Rational::new(-1, 2) => {
                        let root = store.call_named("sqrt", [right]);
                        store.powi(root, -1)
                    }
                    Some(q) => {
                        let q = store.number(q);
                        store.pow(right, q)
                    }
                    None => {
                        let inverse = store.powi(exponent, -1);
                        store.pow(right, inverse)
                    }
                };
                left = base;
            }
            Node::Call(function, arguments) => {
                right = match function.row().name {
                    "log" => store.call_named("exp", [right]),
                    "exp" => store.call_named("log", [right]),
                    "sqrt" => store.powi(right, 2),
                    _ => return None,
                };
                left = arguments[0];
            }
            _ => return None,
        }
    }
    None
}

/// log u − log v = r gives u/v = e^r, which may hold the unknown once or be linear in it.
fn difference_of_logs(
    store: &mut Store,
    with: &[(Rational, Expr)],
    without: &[(Rational, Expr)],
    right: Expr,
    unknown: Expr,
) -> Option<Expr> {
    let [(a, first), (b, second)] = with else { return None };
    let argument = |store: &Store, e: Expr| match &store[e] {
        Node::Call(f, arguments) if f.row().name == "log" => Some(arguments[0]),
        _ => None,
    };
    let (u, v) = (argument(store, *first)?, argument(store, *second)?);
    if *a != -b {
        return None;
    }
    let rest = store.linear(without.to_vec());
    let moved = store.sub(right, rest);
    let exponent = store.scale(&a.recip()?, moved);
    let ratio = store.call_named("exp", [exponent]);
    // u = ratio·v with u and v linear in the unknown.
    let mut calculus = Differentiator::new();
    let (du, dv) = (calculus.derivative(store, u, unknown), calculus.derivative(store, v, unknown));
    if store.mentions(du, &[unknown]) || store.mentions(dv, &[unknown]) {
        return None;
    }
    let at_zero = Images::from_iter([(unknown, Store::ZERO)]);
    let (u0, v0) = (store.substitute(u, &at_zero), store.substitute(v, &at_zero));
    let rv0 = store.mul(ratio, v0);
    let numerator = store.sub(rv0, u0);
    let rdv = store.mul(ratio, dv);
    let denominator = store.sub(du, rdv);
    Some(store.div(numerator, denominator))
}
