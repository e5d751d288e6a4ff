//! Certificates for claims that are no chains: signs, factors, conclusions, minima, properties of matrices.
//!
//! `λFd = −∇L ⇒ d = −λ⁻¹F⁻¹∇L` is the first residual multiplied by λ⁻¹F⁻¹; the minimum of `c'd + ½λ d'Fd` is a form in
//! d − d*; each leads to a chain between two expressions, which is searched like any other.

use crate::claim::{Claim, Inequality, Problem, Property};
use crate::expr::{DerivativeKind, Expr, Images, Node, Store};
use crate::proof::{Certificate, Sign, Step, Witness, direction};

use super::chain::Link;
use super::engine::Engine;
use super::view::{Term, terms};
use super::{Form, conclusion, connected, signs, steps};

/// A certificate with the chain that explains it.
pub type Goal = Result<(Certificate, Vec<Link>, Expr, (Expr, Expr)), Form>;

/// A chain in the form of the kernel, and what explains it.
pub struct Chained {
    /// The kernel's steps.
    pub steps: Vec<Step>,
    /// The moves.
    pub links: Vec<Link>,
    /// What both ends share.
    pub common: Expr,
    /// The ends.
    pub ends: (Expr, Expr),
}

/// A chain between two expressions.
pub fn chained(engine: &mut Engine, from: Expr, to: Expr) -> Result<Chained, Form> {
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
        Claim::Conclusion { given, left, right } => conclusion::conclusion(engine, given, *left, *right),
        Claim::Stationary { problem, left, right } => {
            let gradient = gradient(engine, problem)?;
            let shape = engine.ring.store.shape(gradient);
            let zero = engine.ring.store.zero(shape);
            let goal = conclusion::conclusion(engine, &[(gradient, zero)], *left, *right)?;
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
        let sign = match engine.ring.store.as_number(factor) {
            Some(q) => Sign::Number(q.clone()),
            None => Sign::Positive(factor),
        };
        let certificate = Certificate::Proportion { factor, sign, chain: chain.steps };
        return Ok((certificate, chain.links, chain.common, chain.ends));
    }
    Err(missing)
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
