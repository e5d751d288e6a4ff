//! What was derived, as numbers: correctly rounded decimals at an exact point.
//!
//! The Fisher information of gamma(2, 3) to ten digits is `0.6449340668, -0.3333333333; …, 0.2222222222`: balls are
//! made narrower until both endpoints round to the same digits. What does not exist is `None`.

use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::expr::{Expr, Store};
use crate::number::{Definedness, Rational};
use crate::stats::{Derivation, Status};

use super::estimator::numeric_kl;
use super::expectation::{kinks, opened};
use super::values::Assignment;
use super::witnesses::{assignment, estimated_fisher};

/// Precisions beyond the one the digits need at least.
const EXTRA_BITS: [u32; 6] = [24, 64, 192, 640, 1792, 4096];

/// Decimals; `None` is singular, undefined, not asked for, or not known to the digits wanted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numeric {
    /// ∂ log p/∂θ at the observation given.
    pub score: Option<Vec<Option<String>>>,
    /// F.
    pub fisher: Option<Vec<Vec<Option<String>>>>,
    /// F⁻¹.
    pub fisher_inverse: Option<Vec<Vec<Option<String>>>>,
    /// F⁻¹g for the gradient given.
    pub natural_gradient: Option<Vec<Option<String>>>,
    /// KL(θ‖θ') for the second point given.
    pub kl: Option<String>,
    /// Were numbers estimated by quadrature, and rounded to the digits their estimated error leaves?
    pub estimated: bool,
}

/// Where numbers are wanted.
#[derive(Clone, Copy, Debug)]
pub struct Request<'a> {
    /// θ, then the constants.
    pub at: &'a [Rational],
    /// θ', for the divergence.
    pub to: Option<&'a [Rational]>,
    /// x, for the score.
    pub x: Option<&'a [Rational]>,
    /// g, for the natural gradient.
    pub gradient: Option<&'a [Rational]>,
    /// Significant digits.
    pub digits: u32,
}

/// One expression, rounded correctly to so many digits; `None` where it is not certainly defined or not decided.
pub fn decimal(store: &mut Store, at: &Assignment, e: Expr, digits: u32) -> Option<String> {
    let needed = digits * 10 / 3 + 8;
    for extra in EXTRA_BITS {
        let ball = at.enclose(store, &[e], needed + extra).swap_remove(0);
        if ball.definedness() == Definedness::Undefined {
            return None;
        }
        if let Some(text) = ball.to_decimal(digits) {
            return Some(text);
        }
        // A value that is exactly 0 is never decided by balls.
        if extra >= 64 && ball.is_defined() && ball.is_bounded() && ball.contains_zero() {
            let images = at.images(store);
            let value = store.substitute(e, &images);
            let mut normalizer = Normalizer::new(Assumptions::none(), Effort::Decide);
            if normalizer.is_zero(store, value) == Ok(true) {
                return Some("0".to_owned());
            }
        }
    }
    None
}

/// The numbers of a derivation.
pub fn numeric(store: &mut Store, derivation: &Derivation, request: Request) -> Numeric {
    let family = &derivation.family;
    let mut result = Numeric::default();
    let in_own = derivation.written_in.iter().map(|p| p.symbol).eq(family.theta());
    // Where the coordinates have no closed inverse, everything is written in the family's own parameters.
    let symbols: Vec<Expr> =
        derivation.written_in.iter().chain(&family.constants).map(|p| p.symbol).collect();
    if symbols.len() != request.at.len() {
        return result;
    }
    let at = Assignment::new(symbols, request.at.to_vec());
    let digits = request.digits;
    if derivation.status == Status::Refused && derivation.fisher.is_none() {
        return result;
    }
    if let Some(x) = request.x.filter(|x| x.len() == family.variables.len()) {
        let here = at.and(&family.x(), x);
        result.score = Some(derivation.score.iter().map(|e| decimal(store, &here, *e, digits)).collect());
    }
    let rows = |store: &mut Store, rows: &[Vec<Expr>]| -> Vec<Vec<Option<String>>> {
        rows.iter().map(|row| row.iter().map(|e| decimal(store, &at, *e, digits)).collect()).collect()
    };
    result.fisher = derivation.fisher.as_ref().map(|f| rows(store, f));
    result.fisher_inverse = derivation.fisher_inverse.as_ref().map(|f| rows(store, f));
    if let (Some(natural), Some(g)) = (&derivation.natural_gradient, request.gradient)
        && g.len() == derivation.gradient.len()
    {
        let here = at.and(&derivation.gradient, g);
        result.natural_gradient = Some(natural.iter().map(|e| decimal(store, &here, *e, digits)).collect());
    }
    if let (Some(kl), Some(to)) = (derivation.kl, request.to.filter(|_| in_own))
        && to.len() == derivation.kl_parameters.len()
    {
        let other: Vec<Expr> = derivation.kl_parameters.iter().map(|p| p.symbol).collect();
        result.kl = decimal(store, &at.and(&other, to), kl, digits);
    }
    if derivation.fisher.is_none() && derivation.status != Status::Refused && in_own {
        estimate(store, derivation, request, &mut result);
    }
    result
}

/// What quadrature can say where there are no formulas.
fn estimate(store: &mut Store, derivation: &Derivation, request: Request, result: &mut Numeric) {
    let family = &opened(store, &derivation.family);
    let at = assignment(family, request.at);
    let kinks = kinks(store, family);
    if result.fisher.is_none()
        && let Ok((values, errors)) = estimated_fisher(store, family, &at, &kinks)
    {
        let size = family.parameters.len();
        let text = |k: usize| limited(values[k], errors[k], request.digits);
        result.fisher = Some((0..size).map(|i| (0..size).map(|j| text(i * size + j)).collect()).collect());
        result.estimated = true;
    }
    if result.kl.is_none()
        && let Some(to) = request.to
        && let Ok((value, error)) = numeric_kl(store, derivation, &at, to)
    {
        result.kl = limited(value, error, request.digits);
        result.estimated = true;
    }
}

/// A float with no more digits than its error leaves; `None` when that is not one.
fn limited(value: f64, error: f64, digits: u32) -> Option<String> {
    if !value.is_finite() || !error.is_finite() {
        return None;
    }
    // Estimated errors are taken tenfold.
    let relative = 10.0 * error.max(1e-15 * value.abs()) / value.abs();
    let certain = super::witnesses::digits(relative);
    let shown = digits.min(certain).min(14);
    if value == 0.0 || shown == 0 {
        return (value.abs() <= error).then(|| "0".to_owned()).filter(|_| error < 1e-10);
    }
    let places = (f64::from(shown) - 1.0 - libm::floor(libm::log10(value.abs()))).max(0.0) as usize;
    Some(format!("{value:.places$}"))
}
