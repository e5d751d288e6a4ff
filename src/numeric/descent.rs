//! Gradient descent with backtracking, plain or preconditioned, every iterate on record.
//!
//! θ ← θ − αP(θ)∇L(θ): P = 1 is plain descent, P = F⁻¹ the natural gradient, and both can be set side by side on
//! the same likelihood. The step α is halved until Armijo's condition `L(θ') ≤ L(θ) − α·10⁻⁴·∇LᵀP∇L` holds.

use super::matrix::{dot, norm};

/// What is minimized, and where it is defined.
#[derive(Clone, Copy)]
pub struct Objective<'a> {
    /// L(θ).
    pub value: &'a dyn Fn(&[f64]) -> f64,
    /// ∇L(θ).
    pub gradient: &'a dyn Fn(&[f64]) -> Vec<f64>,
    /// Does θ belong to the domain?
    pub domain: &'a dyn Fn(&[f64]) -> bool,
}

/// P(θ)g for a point and the gradient there; `None` where P does not exist.
pub type Preconditioner<'a> = &'a dyn Fn(&[f64], &[f64]) -> Option<Vec<f64>>;

/// One point of the way.
#[derive(Clone, Debug, PartialEq)]
pub struct Iterate {
    /// θ.
    pub point: Vec<f64>,
    /// L(θ).
    pub value: f64,
    /// ‖∇L(θ)‖.
    pub gradient_norm: f64,
}

/// Why a descent ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum End {
    /// The gradient is within the tolerance of zero.
    Stationary,
    /// The most iterations were taken.
    Iterations,
    /// No step along the direction decreases the value.
    Stuck,
    /// The start lies outside the domain, a gradient is not finite, or the preconditioner gave no descent direction.
    NoDirection,
}

/// The whole way, the start first.
#[derive(Clone, Debug, PartialEq)]
pub struct Descent {
    /// The start and every accepted point after it.
    pub iterates: Vec<Iterate>,
    /// Why it ended.
    pub end: End,
}

impl Descent {
    /// The number of steps taken.
    pub fn steps(&self) -> usize {
        self.iterates.len().saturating_sub(1)
    }

    /// The last point.
    pub fn last(&self) -> Option<&Iterate> {
        self.iterates.last()
    }
}

/// Descends from `start` until `‖∇L‖ ≤ tolerance` or so many iterations have passed.
///
/// ```
/// use referee::numeric::descent::{Objective, descend};
/// let value = |x: &[f64]| 0.5 * (x[0] * x[0] + 9.0 * x[1] * x[1]);
/// let gradient = |x: &[f64]| vec![x[0], 9.0 * x[1]];
/// let objective = Objective { value: &value, gradient: &gradient, domain: &|_| true };
/// let newton = |_: &[f64], g: &[f64]| Some(vec![g[0], g[1] / 9.0]);
/// assert_eq!(descend(objective, Some(&newton), &[1.0, 1.0], 1e-10, 100).steps(), 1);
/// assert!(descend(objective, None, &[1.0, 1.0], 1e-10, 1000).steps() > 10);
/// ```
pub fn descend(
    objective: Objective,
    preconditioner: Option<Preconditioner>,
    start: &[f64],
    tolerance: f64,
    most_iterations: usize,
) -> Descent {
    let mut iterates = Vec::new();
    let end = run(objective, preconditioner, start, tolerance, most_iterations, &mut iterates);
    Descent { iterates, end }
}

fn run(
    objective: Objective,
    preconditioner: Option<Preconditioner>,
    start: &[f64],
    tolerance: f64,
    most_iterations: usize,
    iterates: &mut Vec<Iterate>,
) -> End {
    if !(objective.domain)(start) {
        return End::NoDirection;
    }
    let mut point = start.to_vec();
    let mut value = (objective.value)(&point);
    let mut length = 1.0;
    for iteration in 0.. {
        let gradient = (objective.gradient)(&point);
        let gradient_norm = norm(&gradient);
        iterates.push(Iterate { point: point.clone(), value, gradient_norm });
        if gradient_norm <= tolerance {
            return End::Stationary;
        }
        if iteration == most_iterations {
            break;
        }
        let direction = match preconditioner {
            None => Some(gradient.clone()),
            Some(preconditioner) => preconditioner(&point, &gradient),
        };
        let slope = direction.as_ref().map_or(0.0, |direction| dot(direction, &gradient));
        let Some(direction) = direction.filter(|_| slope > 0.0 && slope.is_finite() && value.is_finite())
        else {
            return End::NoDirection;
        };
        // A natural-gradient step of length 1 is a scoring step; a plain one has no unit and remembers its length.
        length = if preconditioner.is_some() { 1.0 } else { 2.0 * length };
        let Some(accepted) = backtrack(objective, &point, value, &direction, slope, length) else {
            return End::Stuck;
        };
        (point, value, length) = accepted;
    }
    End::Iterations
}

/// The first of the lengths α, α/2, α/4, … that stays in the domain and decreases the value enough.
fn backtrack(
    objective: Objective,
    point: &[f64],
    value: f64,
    direction: &[f64],
    slope: f64,
    mut length: f64,
) -> Option<(Vec<f64>, f64, f64)> {
    // Near the minimum the decrease drowns in the rounding of the value itself.
    let rounding = 4.0 * f64::EPSILON * value.abs();
    for _ in 0..100 {
        let next: Vec<f64> = point.iter().zip(direction).map(|(x, d)| x - length * d).collect();
        if next == point {
            return None;
        }
        if (objective.domain)(&next) {
            let there = (objective.value)(&next);
            let enough = there <= value - 1e-4 * length * slope;
            if enough || (there <= value + rounding && !overshoots(objective, &next, direction, slope)) {
                return Some((next, there, length));
            }
        }
        length *= 0.5;
    }
    None
}

/// Is the slope at the far end as steep upwards as it was downwards at the start?
///
/// For a parabola this is Armijo's condition, told by gradients instead of values (Hager and Zhang 2005, 4.1).
fn overshoots(objective: Objective, next: &[f64], direction: &[f64], slope: f64) -> bool {
    let within = dot(direction, &(objective.gradient)(next)) >= -(1.0 - 2e-4) * slope;
    !within
}

#[cfg(test)]
mod tests {
    use super::*;
    use libm::log;

    /// The mean negative log-likelihood of normal(μ, σ) for data of mean 3 and mean square 9 + ¼.
    fn value(theta: &[f64]) -> f64 {
        let (m, s) = (theta[0] - 3.0, theta[1]);
        log(s) + (0.25 + m * m) / (2.0 * s * s)
    }

    fn gradient(theta: &[f64]) -> Vec<f64> {
        let (m, s) = (theta[0] - 3.0, theta[1]);
        vec![m / (s * s), 1.0 / s - (0.25 + m * m) / (s * s * s)]
    }

    fn inverse_fisher_times(theta: &[f64], g: &[f64]) -> Option<Vec<f64>> {
        let s = theta[1];
        Some(vec![s * s * g[0], 0.5 * s * s * g[1]])
    }

    fn positive(theta: &[f64]) -> bool {
        theta[1] > 0.0
    }

    const OBJECTIVE: Objective = Objective { value: &value, gradient: &gradient, domain: &positive };

    #[test]
    fn both_descents_reach_the_maximum_likelihood_and_the_natural_one_is_shorter() {
        let natural = descend(OBJECTIVE, Some(&inverse_fisher_times), &[0.0, 5.0], 1e-10, 1000);
        let plain = descend(OBJECTIVE, None, &[0.0, 5.0], 1e-10, 1000);
        for descent in [&natural, &plain] {
            assert_eq!(descent.end, End::Stationary, "{descent:?}");
            let last = descent.last().unwrap();
            assert!((last.point[0] - 3.0).abs() < 1e-9 && (last.point[1] - 0.5).abs() < 1e-9, "{last:?}");
            let values = descent.iterates.windows(2);
            assert!(values.into_iter().all(|pair| pair[1].value <= pair[0].value + 1e-14));
            assert!(descent.iterates.iter().all(|iterate| iterate.point[1] > 0.0));
        }
        assert!(natural.steps() < plain.steps(), "{} {}", natural.steps(), plain.steps());
    }

    #[test]
    fn every_other_end_is_named() {
        let short = descend(OBJECTIVE, None, &[0.0, 5.0], 1e-10, 3);
        assert_eq!((short.end, short.steps()), (End::Iterations, 3));
        let outside = descend(OBJECTIVE, None, &[0.0, -1.0], 1e-10, 3);
        assert_eq!((outside.end, outside.iterates.len()), (End::NoDirection, 0));
        let singular = descend(OBJECTIVE, Some(&|_, _| None), &[0.0, 5.0], 1e-10, 3);
        assert_eq!((singular.end, singular.steps()), (End::NoDirection, 0));
        let uphill = descend(OBJECTIVE, Some(&|_, g| Some(vec![-g[0], -g[1]])), &[0.0, 5.0], 1e-10, 3);
        assert_eq!(uphill.end, End::NoDirection);
        let wrong = |theta: &[f64]| gradient(theta).iter().map(|entry| -entry).collect();
        let stuck = descend(Objective { gradient: &wrong, ..OBJECTIVE }, None, &[3.0, 0.6], 1e-10, 50);
        assert_eq!(stuck.end, End::Stuck, "{stuck:?}");
    }
}
