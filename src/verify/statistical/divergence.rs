//! KL(p_θ ‖ p_{θ+d}) ≈ ½dᵀFd: proved by Taylor coefficients, measured over shrinking d.
//!
//! As a function of θ' the divergence has at θ' = θ the value 0, the gradient 0 and the Hessian F; each is an identity
//! that is decided. Along a direction the first coefficient of KL − ½dᵀFd that is not 0 gives the order of the
//! difference: 3 in general, 4 for von Mises in its angle, none for the normal in μ, where the quadratic is exact.

use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::calculus::Differentiator;
use crate::expr::{Expr, Fact, Images, Store};
use crate::number::Rational;
use crate::stats::derive::substitute_fact;
use crate::stats::points::facts_hold;
use crate::stats::{Derivation, Family};
use crate::verify::{Evidence, Verdict};

use super::equal::all_equal;
use super::estimator::Estimator;
use super::expectation::{kinks, opened};
use super::numeric::decimal;
use super::values::Assignment;
use super::witnesses::{assignment, digits, estimated_fisher, named, pairs};

/// Scales 10⁰, 10⁻¹, …, of the direction.
const SCALES: i64 = 7;
/// The highest order of KL − ½dᵀFd that is looked for.
const MOST_ORDER: u32 = 8;

/// One line of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct KlRow {
    /// t, with θ' = θ + t·direction.
    pub scale: Rational,
    /// KL(θ‖θ') from the closed form, correctly rounded; by quadrature where there is none.
    pub kl: Option<String>,
    /// The same by quadrature or summation, where they reach.
    pub kl_estimate: Option<f64>,
    /// ½t²·dᵀFd.
    pub quadratic: Option<String>,
    /// (KL − ½t²dᵀFd)/(½t²dᵀFd).
    pub relative_gap: Option<String>,
}

/// The order of KL − ½dᵀFd in ‖d‖ along the direction.
#[derive(Clone, Debug, PartialEq)]
pub enum Order {
    /// The difference vanishes identically.
    Exact,
    /// The first coefficient that is certainly not 0.
    Coefficient(u32),
    /// The slope between the last lines of the table, rounded.
    Fitted(u32),
    /// Neither could be told.
    Unknown,
}

impl Order {
    /// `3`, `exact`; `None` when it is not known.
    pub fn text(&self) -> Option<String> {
        match self {
            Order::Exact => Some("exact".to_owned()),
            Order::Coefficient(k) | Order::Fitted(k) => Some(k.to_string()),
            Order::Unknown => None,
        }
    }
}

/// What is known of the quadratic approximation.
#[derive(Clone, Debug, PartialEq)]
pub struct DivergenceReport {
    /// Parameters and constants.
    pub at: Vec<(String, Rational)>,
    /// d, one entry for each parameter.
    pub direction: Vec<Rational>,
    /// Was the direction chosen here?
    pub default_direction: bool,
    /// The Taylor coefficients of orders 0, 1, 2 are 0, 0, F.
    pub verdict: Verdict,
    /// The table.
    pub rows: Vec<KlRow>,
    /// The order of the difference.
    pub order: Order,
    /// Is `kl` in the table from the closed form?
    pub closed_form: bool,
}

/// θ + t·d.
pub fn moved(theta: &[Rational], direction: &[Rational], t: &Rational) -> Vec<Rational> {
    theta.iter().zip(direction).map(|(a, d)| a + &(d * t)).collect()
}

/// A fixed direction, halved until θ + d and θ − d lie in the domain.
pub fn default_direction(store: &Store, derivation: &Derivation, at: &[Rational]) -> Vec<Rational> {
    const PATTERN: [(i64, i64); 6] = [(1, 2), (-1, 3), (1, 4), (1, 5), (-1, 6), (1, 7)];
    let family = &derivation.family;
    let size = family.parameters.len();
    let mut direction: Vec<Rational> =
        (0..size).map(|i| Rational::new(PATTERN[i % 6].0, PATTERN[i % 6].1)).collect();
    for _ in 0..40 {
        let inside = [1, -1].into_iter().all(|sign| {
            is_inside(store, family, &moved(&at[..size], &direction, &Rational::from(sign)), &at[size..])
        });
        if inside {
            break;
        }
        direction = direction.iter().map(|d| d * &Rational::new(1, 2)).collect();
    }
    direction
}

/// Does θ lie in the domain? Outside it the closed form is no divergence, and may even be negative.
fn is_inside(store: &Store, family: &Family, theta: &[Rational], constants: &[Rational]) -> bool {
    let symbols: Vec<Expr> = family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
    facts_hold(store, &family.facts, &symbols, &[theta, constants].concat())
}

/// The proof and the table at one point; `direction` of one entry for each parameter.
pub fn divergence(
    store: &mut Store,
    derivation: &Derivation,
    at: &[Rational],
    direction: Option<&[Rational]>,
) -> DivergenceReport {
    let size = derivation.family.parameters.len();
    let chosen = match direction {
        Some(d) => d.to_vec(),
        None => default_direction(store, derivation, at),
    };
    let mut report = DivergenceReport {
        at: named(&derivation.family, at),
        direction: chosen,
        default_direction: direction.is_none(),
        verdict: Verdict::open("the divergence was not derived"),
        rows: Vec::new(),
        order: Order::Unknown,
        closed_form: derivation.kl.is_some() && derivation.fisher.is_some(),
    };
    let in_own = derivation.written_in.iter().map(|p| p.symbol).eq(derivation.family.theta());
    if !in_own || report.direction.len() != size || at.len() < size {
        report.verdict =
            Verdict::open("these coordinates have no closed inverse: see the family's own parameters");
        return report;
    }
    match (derivation.kl, derivation.fisher.clone()) {
        (Some(kl), Some(fisher)) => {
            report.verdict = taylor_verdict(store, derivation, kl, &fisher);
            closed(store, derivation, kl, &fisher, at, &mut report);
        }
        _ => measured(store, derivation, at, &mut report),
    }
    report
}

/// Orders 0, 1 and 2 of KL(θ‖·) at θ are 0, 0 and F.
pub fn taylor_verdict(store: &mut Store, derivation: &Derivation, kl: Expr, fisher: &[Vec<Expr>]) -> Verdict {
    let theta = derivation.family.theta();
    let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
    let mut calculus = Differentiator::new();
    let (value, gradient, hessian) = crate::calculus::taylor_in(store, &mut calculus, kl, &other, &theta);
    let mut identities = vec![(value, Store::ZERO)];
    identities.extend(gradient.into_iter().map(|g| (g, Store::ZERO)));
    identities.extend(pairs(theta.len()).into_iter().map(|(i, j)| (hessian[i][j], fisher[i][j])));
    all_equal(store, &identities, &derivation.family.facts)
}

fn closed(
    store: &mut Store,
    derivation: &Derivation,
    kl: Expr,
    fisher: &[Vec<Expr>],
    at: &[Rational],
    report: &mut DivergenceReport,
) {
    let family = &derivation.family;
    let size = family.parameters.len();
    let here = assignment(family, at);
    let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
    let direction = report.direction.clone();
    let form = quadratic_form(store, fisher, &direction);
    report.order = exact_order(store, derivation, kl, form, &here, &direction);
    let estimator = Estimator::new(store, derivation, &here).ok();
    let ten = Rational::from(10);
    for k in 0..SCALES {
        let scale = ten.pow(-k).expect("ten is not zero");
        let to = moved(&at[..size], &direction, &scale);
        let inside = is_inside(store, family, &to, &at[size..]);
        let both = here.and(&other, &to);
        let half = &(&scale * &scale) * &Rational::new(1, 2);
        let quadratic = store.scale(&half, form);
        let difference = store.sub(kl, quadratic);
        let gap = store.div(difference, quadratic);
        let relative_gap =
            if report.order == Order::Exact { Some("0".to_owned()) } else { decimal(store, &both, gap, 6) };
        let there = |text: Option<String>| text.filter(|_| inside);
        let reach = estimator.as_ref().filter(|e| inside && (k == 0 || !e.is_costly()));
        let estimate = reach.and_then(|e| e.divergence(&floats(&to)).ok()).map(|(value, _)| value);
        report.rows.push(KlRow {
            kl: there(decimal(store, &both, kl, 12)),
            kl_estimate: estimate,
            quadratic: decimal(store, &both, quadratic, 12),
            relative_gap: there(relative_gap),
            scale,
        });
    }
    if report.order == Order::Unknown {
        report.order = fitted(&report.rows);
    }
}

fn floats(list: &[Rational]) -> Vec<f64> {
    list.iter().map(Rational::to_f64).collect()
}

/// dᵀFd.
fn quadratic_form(store: &mut Store, fisher: &[Vec<Expr>], direction: &[Rational]) -> Expr {
    let mut terms = Vec::new();
    for (row, a) in fisher.iter().zip(direction) {
        for (entry, b) in row.iter().zip(direction) {
            terms.push((a * b, *entry));
        }
    }
    store.linear(terms)
}

/// The first Taylor coefficient in t of KL(θ‖θ + td) − ½t²dᵀFd that is certainly not 0.
fn exact_order(
    store: &mut Store,
    derivation: &Derivation,
    kl: Expr,
    form: Expr,
    at: &Assignment,
    direction: &[Rational],
) -> Order {
    let family = &derivation.family;
    let t = fresh(store, &[kl, form]);
    let numbers = at.images(store);
    let mut ray = numbers.clone();
    for ((parameter, theta), d) in derivation.kl_parameters.iter().zip(&at.values).zip(direction) {
        let start = store.number(theta.clone());
        let image = store.linear([(Rational::ONE, start), (d.clone(), t)]);
        ray.insert(parameter.symbol, image);
    }
    let along = store.substitute(kl, &ray);
    let form = store.substitute(form, &numbers);
    let square = store.powi(t, 2);
    let half = store.scale(&Rational::new(1, 2), form);
    let quadratic = store.mul(half, square);
    let difference = store.sub(along, quadratic);
    let mut facts = vec![Fact::Positive(t), Fact::Positive(store.sub(Store::ONE, t))];
    let other: Images =
        family.theta().into_iter().zip(derivation.kl_parameters.iter().map(|p| p.symbol)).collect();
    for fact in &family.facts {
        let fact = substitute_fact(store, fact, &other);
        facts.push(substitute_fact(store, &fact, &ray));
    }
    let assumptions = Assumptions::new(store, &facts);
    if Normalizer::new(assumptions, Effort::Decide).is_zero(store, difference) == Ok(true) {
        return Order::Exact;
    }
    let mut calculus = Differentiator::new();
    let mut derivative = along;
    let nothing = Assignment::new(Vec::new(), Vec::new());
    for k in 1..=MOST_ORDER {
        derivative = calculus.derivative(store, derivative, t);
        if k < 3 {
            continue;
        }
        let value = store.substitute(derivative, &Images::from_iter([(t, Store::ZERO)]));
        let ball = nothing.narrow(store, value, 10);
        if ball.is_defined() && ball.is_bounded() && !ball.contains_zero() {
            return Order::Coefficient(k);
        }
        if Normalizer::new(Assumptions::none(), Effort::Decide).is_zero(store, value) != Ok(true) {
            return Order::Unknown;
        }
    }
    Order::Unknown
}

/// A symbol that does not occur.
fn fresh(store: &mut Store, expressions: &[Expr]) -> Expr {
    let mut name = "t".to_owned();
    loop {
        let symbol = store.scalar(&name);
        if !expressions.iter().any(|e| store.mentions(*e, &[symbol])) {
            return symbol;
        }
        name.push_str("_t");
    }
}

/// The slope of |KL − ½dᵀFd| between the last two lines whose gap is above the noise.
fn fitted(rows: &[KlRow]) -> Order {
    let gap = |row: &KlRow| {
        let relative: f64 = row.relative_gap.as_ref()?.parse().ok()?;
        let quadratic: f64 = row.quadratic.as_ref()?.parse().ok()?;
        (relative.abs() > 1e-9).then(|| (row.scale.to_f64(), (relative * quadratic).abs()))
    };
    let usable: Vec<(f64, f64)> = rows.iter().filter_map(gap).collect();
    let [.., (big, first), (small, second)] = usable.as_slice() else { return Order::Unknown };
    let slope = libm::log(first / second) / libm::log(big / small);
    let rounded = libm::round(slope);
    if (slope - rounded).abs() < 0.1 && rounded >= 3.0 {
        Order::Fitted(rounded as u32)
    } else {
        Order::Unknown
    }
}

/// Without formulas: everything by quadrature, F by its outer product.
fn measured(store: &mut Store, derivation: &Derivation, at: &[Rational], report: &mut DivergenceReport) {
    let family = &opened(store, &derivation.family);
    let size = family.parameters.len();
    let here = assignment(family, at);
    let kinks = kinks(store, family);
    let parts = estimated_fisher(store, family, &here, &kinks)
        .and_then(|fisher| Ok((fisher, Estimator::new(store, derivation, &here)?)));
    let ((fisher, _), estimator) = match parts {
        Ok(found) => found,
        Err(reason) => {
            report.verdict = Verdict::open(reason);
            return;
        }
    };
    let d = floats(&report.direction);
    let form = crate::numeric::matrix::quadratic_form(&fisher, &d);
    let mut gaps = Vec::new();
    // Below 10⁻⁴ the estimate has no digits left to tell the difference.
    for k in 0..5 {
        let scale = Rational::from(10).pow(-k).expect("ten is not zero");
        let t = scale.to_f64();
        let to = moved(&at[..size], &report.direction, &scale);
        let inside = is_inside(store, family, &to, &at[size..]);
        let to = floats(&to);
        let quadratic = 0.5 * t * t * form;
        let kl = estimator.divergence(&to).ok().map(|(value, _)| value).filter(|v| inside && v.is_finite());
        let gap = kl.map(|kl| (kl - quadratic) / quadratic);
        gaps.extend(gap.map(f64::abs));
        report.rows.push(KlRow {
            scale,
            kl: kl.map(|v| format!("{v:.6e}")),
            kl_estimate: kl,
            quadratic: Some(format!("{quadratic:.6e}")),
            relative_gap: gap.map(|g| format!("{g:.3e}")),
        });
    }
    report.order = fitted(&report.rows);
    let shrinking = gaps.len() >= 4 && gaps.windows(2).all(|w| w[1] < 0.5 * w[0] || w[1] < 1e-6);
    let last = gaps.last().copied().unwrap_or(1.0);
    report.verdict = if shrinking && last < 1e-3 {
        let reason = "by quadrature: the relative gap shrinks with the scale".to_owned();
        Verdict::Supported(Evidence {
            exact: false,
            holds: false,
            points: gaps.len(),
            digits: digits(last),
            instances: Vec::new(),
            reason,
        })
    } else {
        Verdict::open("by quadrature, the relative gap does not visibly shrink")
    };
}
