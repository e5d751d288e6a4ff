//! Certificates for claims that are no chains: signs, factors, conclusions, minima, properties of matrices.
//!
//! `λFd = −∇L ⇒ d = −λ⁻¹F⁻¹∇L` is the first residual multiplied by λ⁻¹F⁻¹; the minimum of `c'd + ½λ d'Fd` is a form in
//! d − d*; each leads to a chain between two expressions, which is searched like any other.

use crate::claim::{Claim, Inequality, Problem, Property};
use crate::expr::{DerivativeKind, Dimension, Expr, Images, Node, Store};
use crate::number::Rational;
use crate::proof::{Certificate, Multiplier, Sign, Step, Witness, direction};

use super::chain::Link;
use super::engine::Engine;
use super::view::{Term, reversed, terms};
use super::{Form, connected, signs, steps};

/// The most given equations that one conclusion uses.
const MOST_EQUATIONS: usize = 4;
/// The most multiples of given equations that are tried.
const MOST_MULTIPLES: usize = 600;

/// A certificate with the chain that explains it.
pub type Goal = Result<(Certificate, Vec<Link>, Expr, (Expr, Expr)), Form>;

/// A chain in the form of the kernel, and what explains it.
struct Chained {
    steps: Vec<Step>,
    links: Vec<Link>,
    common: Expr,
    ends: (Expr, Expr),
}

fn chained(engine: &mut Engine, from: Expr, to: Expr) -> Result<Chained, Form> {
    let (links, common) = connected(engine, from, to)?;
    let steps = steps::steps(engine.ring.store, &links, common);
    Ok(Chained { steps, links, common, ends: (from, to) })
}

/// A certificate for any claim but equalities, orders and limits.
pub fn certificate(engine: &mut Engine, claim: &Claim) -> Goal {
    match claim {
        Claim::Compare { left, relation, right } => {
            let (greater, smaller) = match relation {
                Inequality::Greater | Inequality::GreaterOrEqual => (*left, *right),
                Inequality::Less | Inequality::LessOrEqual => (*right, *left),
            };
            let difference = engine.ring.store.sub(greater, smaller);
            let (sign, chain) = nonnegative(engine, difference)?;
            Ok((Certificate::Comparison { chain: chain.steps, sign }, chain.links, chain.common, chain.ends))
        }
        Claim::ZeroOnlyAtZero { form, .. } => {
            let (sign, chain) = nonnegative(engine, *form)?;
            Ok((Certificate::Comparison { chain: chain.steps, sign }, chain.links, chain.common, chain.ends))
        }
        Claim::Proportional { left, right, .. } => proportional(engine, *left, *right),
        Claim::Conclusion { given, left, right } => conclusion(engine, given, *left, *right),
        Claim::Stationary { problem, left, right } => {
            let gradient = gradient(engine, problem)?;
            let shape = engine.ring.store.shape(gradient);
            let zero = engine.ring.store.zero(shape);
            let goal = conclusion(engine, &[(gradient, zero)], *left, *right)?;
            // What a reader wants to see is how the derivative becomes the printed side.
            Ok(match steps_between(engine, gradient, *right) {
                Ok((_, links, common)) => (goal.0, links, common, (gradient, *right)),
                Err(_) => goal,
            })
        }
        Claim::Minimizer { point, problem } => super::minimum::minimum(engine, *point, problem),
        Claim::MinimizerLimit { point, problem, .. } => super::limits::ball(engine, *point, problem),
        Claim::SameMinimizer { first, second, limit } => super::limits::penalty(engine, first, second, limit),
        Claim::Property { of, property } => self::property(engine, *of, *property),
        _ => Err(Form::none("no certificate of this kind is searched for")),
    }
}

/// A sign and the chain from an expression to it: as it stands, or after equality rules.
fn nonnegative(engine: &mut Engine, e: Expr) -> Result<(Sign, Chained), Form> {
    let normal = engine.normal(e).ok_or(Form::none("beyond the budget"))?;
    let mut last =
        Form::two("no sum of squares, forms and known inequalities was found", normal, Store::ZERO);
    let mut candidates: Vec<Sign> = signs::nonnegative(engine, normal).into_iter().collect();
    candidates.extend(signs::divergence(engine, normal));
    for unfolded in [false, true] {
        if unfolded {
            let forms = super::chain::forms(engine, normal);
            candidates = forms.into_iter().filter_map(|form| signs::nonnegative(engine, form)).collect();
        }
        for sign in &candidates {
            let Some(to) = signs::expression(engine.ring.store, sign, &[]) else { continue };
            match chained(engine, e, to) {
                Ok(chain) => return Ok((sign.clone(), chain)),
                Err(form) => last = form,
            }
        }
    }
    Err(last)
}

/// The one factor of all terms.
fn proportional(engine: &mut Engine, left: Expr, right: Expr) -> Goal {
    let missing = Form::two("no common factor was found", left, right);
    let (l, r) = (engine.normal(left), engine.normal(right));
    let (Some(l), Some(r)) = (l, r) else { return Err(missing) };
    let first = terms(engine.ring.store, l).first().cloned();
    let Some(first) = first else { return Err(missing) };
    for term in terms(engine.ring.store, r).iter().filter(|term| term.chain == first.chain) {
        let bare = |term: &Term| Term { chain: Vec::new(), ..term.clone() };
        let numerator = bare(&first).build(engine.ring.store);
        let denominator = bare(term).build(engine.ring.store);
        let quotient = engine.ring.store.div(numerator, denominator);
        let Some(factor) = engine.normal(quotient) else { continue };
        let multiple = engine.ring.store.chain([factor, right]);
        let Ok(chain) = chained(engine, left, multiple) else { continue };
        let sign = signs::termwise(engine, factor).unwrap_or(Sign::Positive(factor));
        let mut candidates = vec![Sign::Positive(factor)];
        if engine.ring.store.as_number(factor).is_some() {
            candidates.insert(0, sign);
        }
        let sign = candidates.swap_remove(0);
        let certificate = Certificate::Proportion { factor, sign, chain: chain.steps };
        return Ok((certificate, chain.links, chain.common, chain.ends));
    }
    Err(missing)
}

/// The given residuals, multiplied from both sides so that they are the residual of the conclusion.
fn conclusion(engine: &mut Engine, given: &[(Expr, Expr)], left: Expr, right: Expr) -> Goal {
    let residual = engine.ring.store.sub(left, right);
    let Some(target) = engine.normal(residual) else { return Err(Form::none("beyond the budget")) };
    if let Some((sum, multipliers)) = eliminated(engine, given, target) {
        let (certificate, links, common, _) = combined(engine, residual, sum, multipliers)?;
        return Ok((certificate, links, common, (left, right)));
    }
    // The residuals may need rules first, as the derivative of an objective does.
    let mut expanded = Vec::new();
    for (a, b) in given {
        let from = engine.ring.store.sub(*a, *b);
        let shape = engine.ring.store.shape(from);
        let zero = engine.ring.store.zero(shape);
        expanded.push((base_form(engine, from), zero));
    }
    let target = base_form(engine, target);
    let Some((_, multipliers)) = eliminated(engine, &expanded, target) else {
        return Err(Form::two("no multiple of the given equations is the conclusion", target, Store::ZERO));
    };
    let mut products = Vec::new();
    for multiplier in &multipliers {
        let (a, b) = given[multiplier.equation];
        let from = engine.ring.store.sub(a, b);
        products.push(engine.ring.store.chain([multiplier.left, from, multiplier.right]));
    }
    let sum = engine.ring.store.sum(products);
    combined(engine, residual, sum, multipliers)
}

/// What the equality rules of expectations make of an expression.
fn base_form(engine: &mut Engine, e: Expr) -> Expr {
    let Some(normal) = engine.normal(e) else { return e };
    super::chain::mean_form(engine, normal)
}

/// Σ Mᵢ(lᵢ − rᵢ)Nᵢ equal to the target, each equation at most once; multiples that leave fewer terms are tried first.
fn eliminated(engine: &mut Engine, given: &[(Expr, Expr)], target: Expr) -> Option<(Expr, Vec<Multiplier>)> {
    let mut sources = Vec::new();
    for (equation, (a, b)) in given.iter().enumerate() {
        let residual = engine.ring.store.sub(*a, *b);
        if let Some(source) = engine.normal(residual) {
            sources.push((equation, residual, source));
        }
    }
    let (mut products, mut list, mut budget) = (Vec::new(), Vec::new(), MOST_MULTIPLES);
    reduced(engine, &sources, target, (&mut products, &mut list), &mut budget)
        .then(|| (engine.ring.store.sum(products), list))
}

/// Takes multiples away until nothing is left.
fn reduced(
    engine: &mut Engine,
    sources: &[(usize, Expr, Expr)],
    rest: Expr,
    (products, list): (&mut Vec<Expr>, &mut Vec<Multiplier>),
    budget: &mut usize,
) -> bool {
    let count = terms(engine.ring.store, rest).len();
    if count == 0 {
        return !list.is_empty();
    }
    if list.len() >= MOST_EQUATIONS {
        return false;
    }
    let mut found: Vec<(usize, Expr, Expr, Multiplier)> = Vec::new();
    for (equation, residual, source) in sources {
        if list.iter().any(|used| used.equation == *equation) {
            continue;
        }
        for (left, right) in multipliers(engine, *source, rest) {
            if *budget == 0 {
                break;
            }
            *budget -= 1;
            // 1/s rather than t/(s·t), which would ask for t ≠ 0.
            let Some(left) = engine.normal(left) else { continue };
            let product = engine.ring.store.chain([left, *residual, right]);
            let difference = engine.ring.store.sub(rest, product);
            let Some(after) = engine.normal(difference) else { continue };
            let remaining = terms(engine.ring.store, after).len();
            if remaining <= count {
                let multiplier = Multiplier { equation: *equation, left, right };
                found.push((remaining, after, product, multiplier));
            }
        }
    }
    found.sort_by_key(|(remaining, ..)| *remaining);
    for (_, after, product, multiplier) in found {
        products.push(product);
        list.push(multiplier);
        if reduced(engine, sources, after, (&mut *products, &mut *list), budget) {
            return true;
        }
        products.pop();
        list.pop();
    }
    false
}

fn combined(engine: &mut Engine, residual: Expr, sum: Expr, multipliers: Vec<Multiplier>) -> Goal {
    let chain = chained(engine, residual, sum)?;
    Ok((Certificate::Combination { multipliers, chain: chain.steps }, chain.links, chain.common, chain.ends))
}

/// Factors that bring some term of the source to some term of the target.
fn multipliers(engine: &mut Engine, source: Expr, target: Expr) -> Vec<(Expr, Expr)> {
    let store = &mut *engine.ring.store;
    let (sources, targets) = (terms(store, source), terms(store, target));
    let mut list = Vec::new();
    for s in sources.iter().take(6) {
        for t in targets.iter().take(6) {
            let bare = |term: &Term| Term { chain: Vec::new(), ..term.clone() };
            let (numerator, denominator) = (bare(t).build(store), bare(s).build(store));
            let scalar = store.div(numerator, denominator);
            let same = s.chain.iter().rev().zip(t.chain.iter().rev()).take_while(|(a, b)| a == b).count();
            for suffix in (0..=same).rev() {
                let (x, y) = (&s.chain[..s.chain.len() - suffix], &t.chain[..t.chain.len() - suffix]);
                if let Some(m) = quotient(store, y, x, false) {
                    let m = store.chain([scalar, m]);
                    list.push((m, Store::ONE));
                }
            }
            let same = s.chain.iter().zip(&t.chain).take_while(|(a, b)| a == b).count();
            for prefix in (0..=same).rev() {
                let (x, y) = (&s.chain[prefix..], &t.chain[prefix..]);
                if let Some(n) = quotient(store, y, x, true) {
                    list.push((scalar, n));
                }
            }
        }
    }
    list
}

/// y x⁻¹, or x⁻¹ y behind, of chains of which x consists of square matrices.
fn quotient(store: &mut Store, y: &[Expr], x: &[Expr], behind: bool) -> Option<Expr> {
    let square = |e: &Expr| store.shape(*e).rows == store.shape(*e).columns;
    if !x.iter().all(square) {
        return None;
    }
    let inverses: Vec<Expr> = x.iter().rev().map(|e| store.inverse(*e)).collect();
    let list: Vec<Expr> = if behind {
        inverses.into_iter().chain(y.iter().copied()).collect()
    } else {
        y.iter().copied().chain(inverses).collect()
    };
    Some(if list.is_empty() { Store::ONE } else { store.chain(list) })
}

/// ∇ objective at the variable.
fn gradient(engine: &mut Engine, problem: &Problem) -> Result<Expr, Form> {
    let store = &mut *engine.ring.store;
    if store.as_symbol(problem.variable).is_none() {
        return Err(Form::none("the variable of the problem is not a symbol"));
    }
    let body = store.abstract_over(problem.objective, problem.variable, false);
    Ok(store.derivative(DerivativeKind::Gradient, body, problem.variable))
}

/// Symmetric, semidefinite, definite, nonsingular.
fn property(engine: &mut Engine, of: Expr, property: Property) -> Goal {
    let none =
        |chain: Chained, witness| Ok((Certificate::Property(witness), chain.links, chain.common, chain.ends));
    let transposed = engine.ring.store.transpose(of);
    match property {
        Property::Symmetric => {
            let mut chain = chained(engine, of, transposed)?;
            let steps = std::mem::take(&mut chain.steps);
            none(chain, Witness::Symmetric(steps))
        }
        Property::Nonsingular => {
            let declared = engine.context.assumptions.iter().any(|a| {
                matches!(a, crate::claim::Assumption::Property(m, Property::Nonsingular | Property::PositiveDefinite) if *m == of)
            });
            if declared {
                return Ok((Certificate::Property(Witness::Declared), Vec::new(), Store::ZERO, (of, of)));
            }
            let inverse = engine.ring.store.inverse(of);
            let inverse = engine.normal(inverse).ok_or(Form::none("beyond the budget"))?;
            if matches!(engine.ring.store[inverse], Node::Inverse(_)) {
                return Err(Form::none("nothing declared makes the matrix nonsingular"));
            }
            let product = engine.ring.store.chain([of, inverse]);
            let rows = engine.ring.store.shape(of).rows;
            let identity = engine.ring.store.identity(rows);
            let mut chain = chained(engine, product, identity)?;
            let steps = std::mem::take(&mut chain.steps);
            none(chain, Witness::Inverse { inverse, chain: steps })
        }
        Property::PositiveSemidefinite | Property::PositiveDefinite => {
            let definite = property == Property::PositiveDefinite;
            let symmetric = if definite { chained(engine, of, transposed)?.steps } else { Vec::new() };
            let u = direction(engine.ring.store, of);
            let row = engine.ring.store.transpose(u);
            let form = engine.ring.store.chain([row, of, u]);
            let (sign, mut chain) = nonnegative(engine, form)?;
            let steps = std::mem::take(&mut chain.steps);
            none(chain, Witness::Form { symmetric, chain: steps, sign })
        }
    }
}

/// Used by the search for minima as well: an expression with a value for the variable.
pub fn at_point(store: &mut Store, e: Expr, variable: Expr, point: Expr) -> Expr {
    let images: Images = [(variable, point)].into_iter().collect();
    store.substitute(e, &images)
}

/// The chain of an expression to another as steps alone.
pub fn steps_between(
    engine: &mut Engine,
    from: Expr,
    to: Expr,
) -> Result<(Vec<Step>, Vec<Link>, Expr), Form> {
    let chain = chained(engine, from, to)?;
    Ok((chain.steps, chain.links, chain.common))
}

/// The matrices X of terms c·v'Xv in a variable v, with their scalar factors; `None` when v stands elsewhere as well.
pub fn quadratic_terms(engine: &mut Engine, e: Expr, variable: Expr) -> Option<Vec<(Expr, Expr)>> {
    let store = &mut *engine.ring.store;
    let row = store.transpose(variable);
    let mut list = Vec::new();
    for term in terms(store, e) {
        let mut forms = Vec::new();
        let mut others = term.clone();
        others.scalars.clear();
        for (base, power) in &term.scalars {
            if !store.mentions(*base, &[variable]) {
                others.scalars.push((*base, power.clone()));
                continue;
            }
            if *base == variable && (power.is_one() || *power == Rational::from(2)) {
                // A scalar variable: v² is v·1·v.
                let factors =
                    if power.is_one() { vec![variable, Store::ONE] } else { vec![variable, variable] };
                forms.push(factors);
                continue;
            }
            let Node::Chain(factors) = store[*base].clone() else { return None };
            if !power.is_one() {
                return None;
            }
            forms.push(factors.to_vec());
        }
        let scalar = others.build(store);
        let [factors] = forms.as_slice() else {
            if forms.is_empty() {
                continue;
            }
            return None;
        };
        let ends = |e: &Expr| *e == variable || *e == row;
        let (first, last) = (ends(&factors[0]), ends(&factors[factors.len() - 1]));
        if factors[usize::from(first)..factors.len() - usize::from(last)]
            .iter()
            .any(|e| store.mentions(*e, &[variable]))
        {
            return None;
        }
        if first && last {
            let inner = &factors[1..factors.len() - 1];
            let matrix = if inner.is_empty() {
                store.identity(store.shape(variable).rows)
            } else {
                store.chain(inner.iter().copied())
            };
            list.push((scalar, matrix));
        }
    }
    Some(list)
}

/// c of the linear terms c'v.
pub fn linear_part(engine: &mut Engine, e: Expr, variable: Expr) -> Option<Expr> {
    let store = &mut *engine.ring.store;
    let row = store.transpose(variable);
    let mut columns = Vec::new();
    for term in terms(store, e) {
        let mut others = term.clone();
        others.scalars.clear();
        let mut found = None;
        for (base, power) in &term.scalars {
            if !store.mentions(*base, &[variable]) {
                others.scalars.push((*base, power.clone()));
                continue;
            }
            if *base == variable && store.shape(variable).is_scalar() {
                if power.is_one() {
                    found = Some(vec![Store::ONE]);
                }
                continue;
            }
            let Node::Chain(factors) = store[*base].clone() else { return None };
            if !power.is_one() || found.is_some() {
                return None;
            }
            if factors[0] == row && factors[factors.len() - 1] == variable {
                continue;
            }
            found = Some(if factors[0] == row {
                factors[1..].to_vec()
            } else if factors[factors.len() - 1] == variable {
                reversed(store, &factors[..factors.len() - 1])
            } else {
                return None;
            });
        }
        let Some(column) = found else { continue };
        if column.iter().any(|e| store.mentions(*e, &[variable])) {
            return None;
        }
        let scalar = others.build(store);
        columns.push(store.chain([scalar].into_iter().chain(column)));
    }
    if columns.is_empty() || columns.iter().any(|c| store.shape(*c).columns != Dimension::Fixed(1)) {
        return None;
    }
    let sum = store.sum(columns);
    engine.normal(sum)
}
