//! The natural gradient is the steepest descent in KL: found numerically, compared as a vector.
//!
//! The minimizer d* of gᵀd subject to KL(p_θ‖p_{θ+d}) ≤ ε satisfies d*/√ε → −√(2/(gᵀF⁻¹g))·F⁻¹g with multiplier
//! λ → √(gᵀF⁻¹g/(2ε)). The search starts from −g and the exact divergence. Divergences near 10⁻⁸ keep all their digits:
//! KL(θ‖θ+d) = ∫₀¹ (1 − t) dᵀH(θ+td)d dt with H the Hessian of KL(θ‖·), and each solution is checked in enclosures of
//! the closed form. Where F is singular, d is kept orthogonal to its null space, along which KL does not change.

use crate::calculus::Differentiator;
use crate::expr::{Expr, Store};
use crate::number::Rational;
use crate::numeric::matrix::{dot, multiply, norm, quadratic_form, solve};
use crate::numeric::steepest::{Constraint, SteepestStep, steepest_step, steepest_step_by_directions};
use crate::print::display;
use crate::stats::Derivation;
use crate::verify::{Evidence, Verdict};

use super::estimator::Estimator;
use super::expectation::{kinks, opened};
use super::remainder::{Closed, Domain};
use super::values::Assignment;
use super::witnesses::{assignment, digits, estimated_fisher};

/// What is found for one ε.
#[derive(Clone, Debug, PartialEq)]
pub struct Solution {
    /// ε.
    pub epsilon: f64,
    /// d*/√ε.
    pub vector: Vec<f64>,
    /// ‖d*/√ε − limit‖/‖limit‖ in the norm of F.
    pub relative_error: f64,
    /// λ.
    pub lambda: f64,
    /// √(gᵀF⁻¹g/(2ε)).
    pub lambda_expected: f64,
    /// |KL − ε|/ε at the solution, the divergence enclosed in balls; `None` without a closed form.
    pub confirmed: Option<f64>,
}

/// The natural gradient against numerical minimizers.
#[derive(Clone, Debug, PartialEq)]
pub struct SteepestReport {
    /// The loss, in the plain notation.
    pub loss: String,
    /// Was the loss chosen here?
    pub default_loss: bool,
    /// g = ∇L.
    pub gradient: Vec<f64>,
    /// −√(2/(gᵀF⁻¹g))·F⁻¹g.
    pub limit: Vec<f64>,
    /// One for each ε, shrinking.
    pub solutions: Vec<Solution>,
    /// The relative error at the smallest ε must be below this: thrice the constant of √ε seen before.
    pub bound: f64,
    /// Supported, or open.
    pub verdict: Verdict,
    /// What else there is to say: a restriction to directions in which F is not singular.
    pub note: Option<String>,
}

/// Coefficients of the default loss Σ cᵢθᵢ.
const LOSS: [(i64, i64); 6] = [(1, 1), (-1, 2), (3, 4), (-1, 3), (2, 3), (-1, 4)];
/// Errors below this are the rounding of the search itself.
const FLOOR: f64 = 1e-7;

/// A linear loss with fixed coefficients, made orthogonal to directions in which F is singular.
pub fn default_loss(store: &mut Store, derivation: &Derivation, at: &Assignment) -> Expr {
    let size = derivation.family.parameters.len();
    let mut c: Vec<Rational> = (0..size).map(|i| Rational::new(LOSS[i % 6].0, LOSS[i % 6].1)).collect();
    // Gram and Schmidt over the rationals, as far as the null vectors are rational at the point.
    let mut basis: Vec<Vec<Rational>> = Vec::new();
    let product =
        |a: &[Rational], b: &[Rational]| a.iter().zip(b).fold(Rational::ZERO, |s, (x, y)| &s + &(x * y));
    let images = at.images(store);
    for null in &derivation.null_space {
        let values = store.substitute_all(null, &images);
        let Some(mut v) = values.iter().map(|e| store.as_number(*e).cloned()).collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        for known in &basis {
            remove(&mut v, known, &product);
        }
        if v.iter().any(|q| !q.is_zero()) {
            basis.push(v);
        }
    }
    for known in &basis {
        remove(&mut c, known, &product);
    }
    let terms: Vec<(Rational, Expr)> = c.into_iter().zip(derivation.family.theta()).collect();
    store.linear(terms)
}

fn remove(v: &mut [Rational], known: &[Rational], product: &dyn Fn(&[Rational], &[Rational]) -> Rational) {
    let length = product(known, known);
    let Some(inverse) = length.recip() else { return };
    let share = &product(v, known) * &inverse;
    for (a, b) in v.iter_mut().zip(known) {
        *a = &*a - &(&share * b);
    }
}

/// Compares minimizers with the natural gradient at one point.
pub fn steepest(
    store: &mut Store,
    derivation: &Derivation,
    at: &[Rational],
    loss: Option<Expr>,
) -> SteepestReport {
    let family = &derivation.family;
    let here = assignment(family, at);
    let theta = family.theta();
    let default_loss = loss.is_none();
    let loss = match loss {
        Some(loss) => loss,
        None => self::default_loss(store, derivation, &here),
    };
    let slopes = Differentiator::new().gradient(store, loss, &theta);
    let gradient = here.floats(store, &slopes);
    let mut report = SteepestReport {
        loss: display(store, loss),
        default_loss,
        gradient: gradient.clone(),
        limit: Vec::new(),
        solutions: Vec::new(),
        bound: f64::NAN,
        verdict: Verdict::open("the Fisher information was not derived"),
        note: None,
    };
    if !derivation.written_in.iter().map(|p| p.symbol).eq(theta.iter().copied()) {
        report.verdict =
            Verdict::open("these coordinates have no closed inverse: see the family's own parameters");
        return report;
    }
    let size = theta.len();
    let kinks = kinks(store, family);
    let fisher = match &derivation.fisher {
        Some(fisher) => Ok(here.float_matrix(store, fisher)),
        None => {
            let family = opened(store, family);
            estimated_fisher(store, &family, &here, &kinks).map(|(values, _)| values)
        }
    };
    let fisher = match fisher {
        Ok(fisher) if fisher.iter().all(|v| v.is_finite()) => fisher,
        Ok(_) => return report,
        Err(reason) => {
            report.verdict = Verdict::open(reason);
            return report;
        }
    };
    // Columns of B: an orthonormal basis of the directions in which F is not singular.
    let null: Vec<Vec<f64>> = derivation.null_space.iter().map(|v| here.floats(store, v)).collect();
    let basis = complement(size, &null);
    if !null.is_empty() {
        report.note = Some(
            "F is singular: d is kept orthogonal to its null space, F⁻¹ is the inverse there".to_owned(),
        );
    }
    let problem =
        Problem { basis: &basis, fisher: &reduced(&fisher, &basis), gradient: project(&gradient, &basis) };
    if norm(&problem.gradient) <= 1e-12 * norm(&gradient) || norm(&gradient) == 0.0 {
        report.verdict = Verdict::open("the gradient of the loss vanishes at the point");
        return report;
    }
    if norm(&problem.gradient) < 0.999_999 * norm(&gradient) {
        report.note = Some(
            "F is singular and the loss changes along its null space, where KL does not: only the part of the \
             gradient orthogonal to it is used"
                .to_owned(),
        );
    }
    let domain = Domain::new(store, derivation, &here);
    if derivation.kl.is_some() {
        let closed = Closed::new(store, derivation, &here, domain);
        problem.with_closed_form(&closed, &mut report);
    } else {
        match Estimator::new(store, derivation, &here) {
            Ok(estimator) => problem.by_quadrature(&estimator, &here, &domain, &mut report),
            Err(reason) => report.verdict = Verdict::open(reason),
        }
    }
    report
}

/// An orthonormal basis of what is orthogonal to the given vectors.
fn complement(size: usize, null: &[Vec<f64>]) -> Vec<Vec<f64>> {
    let mut all: Vec<Vec<f64>> = Vec::new();
    let mut kept = Vec::new();
    let units = (0..size).map(|i| (0..size).map(|j| f64::from(u8::from(i == j))).collect::<Vec<f64>>());
    for (position, vector) in null.iter().cloned().chain(units).enumerate() {
        let length = norm(&vector);
        let mut v: Vec<f64> = vector.iter().map(|a| a / length).collect();
        for _ in 0..2 {
            for known in &all {
                let share = dot(&v, known);
                v.iter_mut().zip(known).for_each(|(a, b)| *a -= share * b);
            }
        }
        let rest = norm(&v);
        if rest > 1e-6 {
            v.iter_mut().for_each(|a| *a /= rest);
            if position >= null.len() {
                kept.push(v.clone());
            }
            all.push(v);
        }
    }
    kept
}

/// BᵀFB.
fn reduced(fisher: &[f64], basis: &[Vec<f64>]) -> Vec<f64> {
    basis.iter().flat_map(|a| basis.iter().map(move |b| dot(a, &multiply(fisher, b)))).collect()
}

/// Bᵀv.
fn project(v: &[f64], basis: &[Vec<f64>]) -> Vec<f64> {
    basis.iter().map(|b| dot(b, v)).collect()
}

/// By.
fn lift(y: &[f64], basis: &[Vec<f64>]) -> Vec<f64> {
    let size = basis.first().map_or(0, Vec::len);
    (0..size).map(|i| y.iter().zip(basis).map(|(a, b)| a * b[i]).sum()).collect()
}

/// The problem in the directions in which F is not singular.
struct Problem<'a> {
    basis: &'a [Vec<f64>],
    fisher: &'a [f64],
    gradient: Vec<f64>,
}

impl Problem<'_> {
    /// F⁻¹g and gᵀF⁻¹g.
    fn natural(&self) -> Option<(Vec<f64>, f64)> {
        let natural = solve(self.fisher, &self.gradient)?;
        let form = dot(&natural, &self.gradient);
        (form > 0.0).then_some((natural, form))
    }

    fn with_closed_form(&self, closed: &Closed, report: &mut SteepestReport) {
        let Some((natural, form)) = self.natural() else {
            report.verdict = Verdict::open("F is not positive definite at the point, in floats");
            return;
        };
        let basis = self.basis;
        let value = |y: &[f64]| closed.value(&lift(y, basis));
        let gradient = |y: &[f64]| project(&closed.gradient(&lift(y, basis)), basis);
        let hessian = |y: &[f64]| reduced(&closed.hessian(&lift(y, basis)), basis);
        let constraint = Constraint { value: &value, gradient: &gradient, hessian: &hessian };
        let limit = self.limit(&natural, form, report);
        for epsilon in [1e-2, 1e-3, 1e-4, 1e-5, 1e-6, 1e-7, 1e-8] {
            let Some(step) =
                steepest_step(&self.gradient, constraint, epsilon, 1e-10).filter(|s| s.converged)
            else {
                continue;
            };
            let confirmed = closed.confirmed(&lift(&step.step, basis), epsilon);
            report.solutions.push(self.solution(epsilon, &step, &limit, form, confirmed));
        }
        judge(report, 6, FLOOR);
    }

    /// Without formulas: values of the divergence alone.
    fn by_quadrature(
        &self,
        estimator: &Estimator,
        at: &Assignment,
        domain: &Domain,
        report: &mut SteepestReport,
    ) {
        let Some((natural, form)) = self.natural() else {
            report.verdict = Verdict::open("F is not positive definite at the point, in floats");
            return;
        };
        let theta: Vec<f64> = at.values.iter().map(Rational::to_f64).collect();
        let value = |y: &[f64]| {
            let place: Vec<f64> = lift(y, self.basis).iter().zip(&theta).map(|(d, a)| a + d).collect();
            if domain.contains(&place) {
                estimator.divergence(&place).map_or(f64::NAN, |(v, _)| v)
            } else {
                f64::NAN
            }
        };
        let limit = self.limit(&natural, form, report);
        for epsilon in [1e-2, 1e-3, 1e-4, 1e-5] {
            let step = steepest_step_by_directions(&self.gradient, &value, epsilon, 1e-5);
            if let Some(step) = step.filter(|s| s.converged) {
                report.solutions.push(self.solution(epsilon, &step, &limit, form, None));
            }
        }
        // Directions from values alone are good to about half the digits.
        judge(report, 3, 1e-4);
        if let Verdict::Supported(evidence) = &mut report.verdict {
            evidence.reason.push_str("; the divergence by quadrature");
        }
    }

    fn limit(&self, natural: &[f64], form: f64, report: &mut SteepestReport) -> Vec<f64> {
        let scale = -libm::sqrt(2.0 / form);
        let limit: Vec<f64> = natural.iter().map(|v| scale * v).collect();
        report.limit = lift(&limit, self.basis);
        limit
    }

    fn solution(
        &self,
        epsilon: f64,
        step: &SteepestStep,
        limit: &[f64],
        form: f64,
        confirmed: Option<f64>,
    ) -> Solution {
        let root = libm::sqrt(epsilon);
        let vector: Vec<f64> = step.step.iter().map(|d| d / root).collect();
        let difference: Vec<f64> = vector.iter().zip(limit).map(|(a, b)| a - b).collect();
        // limitᵀ F limit = 2.
        let relative_error = libm::sqrt(quadratic_form(self.fisher, &difference) / 2.0);
        Solution {
            epsilon,
            vector: lift(&vector, self.basis),
            relative_error,
            lambda: step.multiplier,
            lambda_expected: libm::sqrt(form / (2.0 * epsilon)),
            confirmed,
        }
    }
}

/// Supported when the errors shrink like √ε and the last is below thrice what the others predict.
fn judge(report: &mut SteepestReport, fewest: usize, floor: f64) {
    let list = &report.solutions;
    let Some((last, before)) = list.split_last().filter(|_| list.len() >= fewest) else {
        report.verdict = Verdict::open("the numerical minimizer was not found for enough values of ε");
        return;
    };
    let constant = before.iter().map(|s| s.relative_error / libm::sqrt(s.epsilon)).fold(0.0, f64::max);
    report.bound = (3.0 * constant * libm::sqrt(last.epsilon)).max(floor);
    let shrinking = list.windows(2).all(|w| {
        w[1].relative_error <= 0.7 * w[0].relative_error
            || w[1].relative_error.max(w[0].relative_error) <= floor
    });
    let feasible = list.iter().all(|s| s.confirmed.is_none_or(|gap| gap <= 1e-6));
    let multiplier = (last.lambda / last.lambda_expected - 1.0).abs();
    report.verdict = if shrinking
        && feasible
        && last.relative_error <= report.bound
        && multiplier <= 10.0 * report.bound.max(1e-6)
    {
        let reason = format!(
            "numerical minimizers approach the natural gradient like √ε, to {:.1e} at ε = {:.0e}",
            last.relative_error, last.epsilon
        );
        let digits = digits(last.relative_error.max(floor));
        Verdict::Supported(Evidence {
            exact: false,
            holds: false,
            points: list.len(),
            digits,
            instances: Vec::new(),
            reason,
        })
    } else {
        let feasible = if feasible { "" } else { "; the closed form disagrees with the constraint" };
        Verdict::open(format!(
            "at ε = {:.0e} the minimizer still differs by {:.1e} from the limit{feasible}",
            last.epsilon, last.relative_error
        ))
    };
}
