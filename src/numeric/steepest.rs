//! The steepest step: the minimizer d of `gᵀd` subject to `c(d) ≤ ε`, for c convex near 0 with c(0) = 0, ∇c(0) = 0.
//!
//! With c = KL(p_θ ‖ p_{θ+d}) this is what the natural gradient approximates. At the minimizer
//! `g + λ∇c(d) = 0`, `c(d) = ε`, λ > 0. The search starts from −g and from the constraint alone, never from F⁻¹g,
//! so that agreement with `−√(2ε/(gᵀF⁻¹g)) F⁻¹g` is evidence.

use libm::{cos, log, sin, sqrt};

use super::matrix::{dot, norm, solve};

/// The constraint function c with its derivatives; NaN or ∞ outside its domain counts as above ε.
#[derive(Clone, Copy)]
pub struct Constraint<'a> {
    /// c(d).
    pub value: &'a dyn Fn(&[f64]) -> f64,
    /// ∇c(d).
    pub gradient: &'a dyn Fn(&[f64]) -> Vec<f64>,
    /// ∇²c(d), row by row.
    pub hessian: &'a dyn Fn(&[f64]) -> Vec<f64>,
}

/// A minimizer with the evidence that it is one.
#[derive(Clone, Debug, PartialEq)]
pub struct SteepestStep {
    /// d.
    pub step: Vec<f64>,
    /// λ, positive at a minimizer.
    pub multiplier: f64,
    /// ‖g + λ∇c(d)‖/‖g‖.
    pub stationarity: f64,
    /// |c(d) − ε|/ε.
    pub violation: f64,
    /// Newton steps taken, or sweeps of directions.
    pub iterations: usize,
    /// Are both residuals within the tolerance, is λ positive, and does no direction tried on the way or
    /// beside the solution descend further?
    pub converged: bool,
}

const MOST_ITERATIONS: usize = 200;

/// Solves the KKT system by damped Newton steps from the point where the ray along −g meets c = ε.
///
/// `None` where g is zero or not finite, or no such point exists.
pub fn steepest_step(g: &[f64], constraint: Constraint, radius: f64, tolerance: f64) -> Option<SteepestStep> {
    let size = norm(g);
    if size == 0.0 || !size.is_finite() {
        return None;
    }
    let start = boundary(constraint.value, radius, &g.iter().map(|entry| -entry / size).collect::<Vec<_>>())?;
    let system = System { g, size, constraint, radius };
    let mut state = system.at(start)?;
    let mut iterations = 0;
    while iterations < MOST_ITERATIONS && state.merit() > 0.0 {
        iterations += 1;
        match system.newton(&state).or_else(|| system.slide(&state, tolerance)) {
            Some(next) => state = next,
            None => break,
        }
    }
    let State { step, multiplier, stationarity, violation, .. } = state;
    let solved = stationarity <= tolerance && violation <= tolerance && multiplier > 0.0;
    let converged = solved && system.no_neighbour_descends_further(&step, tolerance);
    Some(SteepestStep { step, multiplier, stationarity, violation, iterations, converged })
}

/// The point s·direction, s > 0, with c = ε; c is taken to grow along the ray.
fn boundary(value: &dyn Fn(&[f64]) -> f64, radius: f64, direction: &[f64]) -> Option<Vec<f64>> {
    let point = |s: f64| -> Vec<f64> { direction.iter().map(|entry| s * entry).collect() };
    // √(c/ε) − 1 is nearly linear in s. Beyond the domain it is positive, whatever c says.
    let excess = |s: f64| {
        let c = value(&point(s));
        if c.is_nan() { f64::INFINITY } else { sqrt(c.max(0.0) / radius) - 1.0 }
    };
    let (mut low, mut high) = (0.0, sqrt(radius));
    for _ in 0..2000 {
        if excess(high) >= 0.0 {
            break;
        }
        (low, high) = (high, 2.0 * high);
    }
    if !high.is_finite() || high == 0.0 {
        return None;
    }
    for _ in 0..2000 {
        if low > 0.0 || excess(0.5 * high) < 0.0 {
            break;
        }
        high *= 0.5;
    }
    let low = low.max(0.5 * high);
    // The upper end may lie outside the domain, where interpolation has nothing to work with.
    let bounded = |s: f64| excess(s).min(1e3);
    super::root::brent(&bounded, low, high, 0.0).map(|root| point(root.x))
}

/// The KKT system, in units that make both residuals relative.
struct System<'a> {
    g: &'a [f64],
    size: f64,
    constraint: Constraint<'a>,
    radius: f64,
}

struct State {
    step: Vec<f64>,
    multiplier: f64,
    gradient: Vec<f64>,
    value: f64,
    stationarity: f64,
    violation: f64,
}

impl State {
    fn merit(&self) -> f64 {
        libm::hypot(self.stationarity, self.violation)
    }
}

impl System<'_> {
    /// The state at d with the multiplier that fits best along d: gᵀd + λ∇cᵀd = 0.
    fn at(&self, step: Vec<f64>) -> Option<State> {
        let gradient = (self.constraint.gradient)(&step);
        let multiplier = -dot(self.g, &step) / dot(&gradient, &step);
        self.state(step, multiplier)
    }

    fn state(&self, step: Vec<f64>, multiplier: f64) -> Option<State> {
        let gradient = (self.constraint.gradient)(&step);
        let value = (self.constraint.value)(&step);
        let residual: Vec<f64> = self.g.iter().zip(&gradient).map(|(g, c)| g + multiplier * c).collect();
        let stationarity = norm(&residual) / self.size;
        let violation = (value - self.radius).abs() / self.radius;
        let finite = stationarity.is_finite() && violation.is_finite();
        finite.then_some(State { step, multiplier, gradient, value, stationarity, violation })
    }

    /// One Newton step on `(g + λ∇c, c − ε)`, shortened until the residual falls; `None` where it cannot.
    fn newton(&self, state: &State) -> Option<State> {
        let n = self.g.len();
        let (unit, lambda) = (norm(&state.step), state.multiplier);
        let hessian = (self.constraint.hessian)(&state.step);
        // In d/unit and λ/lambda, with the rows divided by ‖g‖ and ε, all entries have ordinary size.
        let mut matrix = vec![0.0; (n + 1) * (n + 1)];
        let mut right = vec![0.0; n + 1];
        for i in 0..n {
            for j in 0..n {
                matrix[i * (n + 1) + j] = lambda * hessian[i * n + j] * unit / self.size;
            }
            matrix[i * (n + 1) + n] = lambda * state.gradient[i] / self.size;
            matrix[n * (n + 1) + i] = state.gradient[i] * unit / self.radius;
            right[i] = -(self.g[i] + lambda * state.gradient[i]) / self.size;
        }
        right[n] = -(state.value - self.radius) / self.radius;
        let correction = solve(&matrix, &right)?;
        let mut length = 1.0;
        for _ in 0..40 {
            let step: Vec<f64> =
                state.step.iter().zip(&correction).map(|(d, change)| d + length * unit * change).collect();
            let multiplier = lambda * (1.0 + length * correction[n]);
            let next = if multiplier > 0.0 { self.state(step, multiplier) } else { None };
            if let Some(next) = next.filter(|next| next.merit() < (1.0 - 1e-4 * length) * state.merit()) {
                return Some(next);
            }
            length *= 0.5;
        }
        None
    }

    /// Where Newton is stuck: a step along the boundary, downhill in gᵀd; `None` where that does not help either.
    fn slide(&self, state: &State, tolerance: f64) -> Option<State> {
        if state.merit() <= tolerance {
            return None;
        }
        let normal = norm(&state.gradient);
        let along = dot(self.g, &state.gradient) / (normal * normal);
        let tangent: Vec<f64> = self.g.iter().zip(&state.gradient).map(|(g, c)| along * c - g).collect();
        let (unit, size) = (norm(&state.step), norm(&tangent));
        let mut length = 1.0;
        for _ in 0..40 {
            let moved: Vec<f64> =
                state.step.iter().zip(&tangent).map(|(d, t)| d + length * unit / size * t).collect();
            let next = boundary(self.constraint.value, self.radius, &moved);
            if let Some(next) = next.filter(|next| dot(self.g, next) < dot(self.g, &state.step)) {
                return self.at(next);
            }
            length *= 0.5;
        }
        None
    }

    /// Rays beside the solution and along ±g and the axes reach the boundary where gᵀd is no lower.
    fn no_neighbour_descends_further(&self, step: &[f64], tolerance: f64) -> bool {
        let n = step.len();
        let depth = dot(self.g, step);
        let unit = |i: usize, size: f64| (0..n).map(move |j| if i == j { size } else { 0.0 });
        let mut rays: Vec<Vec<f64>> = vec![self.g.iter().map(|entry| -entry / self.size).collect()];
        for i in 0..n {
            let size = if step[i] == 0.0 { norm(step) } else { step[i].abs() };
            for sign in [-1.0, 1.0] {
                rays.push(unit(i, sign * size).collect());
                rays.push(step.iter().zip(unit(i, 0.1 * sign * size)).map(|(d, e)| d + e).collect());
            }
        }
        rays.iter()
            .filter_map(|ray| boundary(self.constraint.value, self.radius, ray))
            .all(|point| dot(self.g, &point) >= depth - 10.0 * tolerance * depth.abs())
    }
}

/// The same minimizer from values of c alone: directions are turned, plane by plane, until gᵀd falls no more.
///
/// Slower and good to about half the digits of c; no derivative is used except for λ, by a difference along d.
pub fn steepest_step_by_directions(
    g: &[f64],
    value: &dyn Fn(&[f64]) -> f64,
    radius: f64,
    tolerance: f64,
) -> Option<SteepestStep> {
    let n = g.len();
    let size = norm(g);
    if size == 0.0 || !size.is_finite() {
        return None;
    }
    // How far each axis reaches gives the units in which directions are compared.
    let mut reach = Vec::with_capacity(n);
    for i in 0..n {
        let axis: Vec<f64> = (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect();
        reach.push(norm(&boundary(value, radius, &axis)?));
    }
    let place = |direction: &[f64]| {
        let ray: Vec<f64> = direction.iter().zip(&reach).map(|(v, unit)| v * unit).collect();
        boundary(value, radius, &ray)
    };
    let depth = |direction: &[f64]| place(direction).map_or(f64::INFINITY, |point| dot(g, &point));
    let mut direction: Vec<f64> = g.iter().zip(&reach).map(|(g, unit)| -g * unit).collect();
    let length = norm(&direction);
    direction.iter_mut().for_each(|entry| *entry /= length);
    let (mut best, mut span, mut sweeps) = (depth(&direction), 0.8, 0);
    let mut settled = n == 1;
    while sweeps < MOST_ITERATIONS && !settled {
        sweeps += 1;
        let before = (best, direction.clone());
        for p in 0..n {
            for q in p + 1..n {
                let turned = |angle: f64| turn(&direction, p, q, angle);
                let angle = lowest(&|angle| depth(&turned(angle)), span);
                let there = depth(&turned(angle));
                if there < best {
                    (best, direction) = (there, turned(angle));
                }
            }
        }
        let moved = direction.iter().zip(&before.1).map(|(a, b)| (a - b).abs()).fold(0.0, f64::max);
        settled = moved <= tolerance || span <= tolerance;
        span = (4.0 * moved).clamp(0.25 * span, 0.8);
    }
    let step = place(&direction)?;
    let violation = (value(&step) - radius).abs() / radius;
    // dc/ds along s·d at s = 1, by a central difference; λ = −gᵀd/(∇cᵀd).
    let scaled = |s: f64| value(&step.iter().map(|d| s * d).collect::<Vec<_>>());
    let multiplier = -dot(g, &step) / ((scaled(1.0 + 1e-5) - scaled(1.0 - 1e-5)) / 2e-5);
    let stationarity = difference_residual(g, value, &step, multiplier, &reach) / size;
    let converged = settled && multiplier > 0.0 && violation <= tolerance;
    Some(SteepestStep { step, multiplier, stationarity, violation, iterations: sweeps, converged })
}

/// ‖g + λ∇c‖ with central differences for ∇c.
fn difference_residual(
    g: &[f64],
    value: &dyn Fn(&[f64]) -> f64,
    step: &[f64],
    lambda: f64,
    reach: &[f64],
) -> f64 {
    let residual: Vec<f64> = (0..g.len())
        .map(|i| {
            let h = 1e-5 * reach[i];
            let shifted = |by: f64| {
                let mut point = step.to_vec();
                point[i] += by;
                value(&point)
            };
            g[i] + lambda * (shifted(h) - shifted(-h)) / (2.0 * h)
        })
        .collect();
    norm(&residual)
}

/// The direction turned by an angle in the plane of two axes.
fn turn(direction: &[f64], p: usize, q: usize, angle: f64) -> Vec<f64> {
    let (c, s) = (cos(angle), sin(angle));
    let mut turned = direction.to_vec();
    turned[p] = c * direction[p] - s * direction[q];
    turned[q] = s * direction[p] + c * direction[q];
    turned
}

/// The lowest point of a function on (−span, span), by golden section and a closing parabola.
fn lowest(function: &dyn Fn(f64) -> f64, span: f64) -> f64 {
    const GOLDEN: f64 = 0.618_033_988_749_894_8; // (√5 − 1)/2
    let (mut low, mut high) = (-span, span);
    let (mut a, mut b) = (high - GOLDEN * (high - low), low + GOLDEN * (high - low));
    let (mut at_a, mut at_b) = (function(a), function(b));
    // To a thousandth of the span; a parabola through values that still differ then gives the last digits.
    let steps = (log(1e-3) / log(GOLDEN)) as usize;
    for _ in 0..steps {
        if at_a < at_b {
            (high, b, at_b) = (b, a, at_a);
            a = high - GOLDEN * (high - low);
            at_a = function(a);
        } else {
            (low, a, at_a) = (a, b, at_b);
            b = low + GOLDEN * (high - low);
            at_b = function(b);
        }
    }
    let middle = 0.5 * (low + high);
    let width = 0.02 * span;
    let [left, centre, right] = [middle - width, middle, middle + width].map(function);
    let curvature = left - 2.0 * centre + right;
    let vertex = middle + 0.5 * width * (left - right) / curvature;
    if curvature > 0.0 && (vertex - middle).abs() <= width { vertex } else { middle }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numeric::matrix::{multiply, quadratic_form};
    use libm::{lgamma, log1p};

    /// −√(2ε/(gᵀF⁻¹g)) F⁻¹g and λ = √(gᵀF⁻¹g/(2ε)).
    fn natural(g: &[f64], fisher: &[f64], radius: f64) -> (Vec<f64>, f64) {
        let direction = solve(fisher, g).unwrap();
        let slope = dot(g, &direction);
        let scale = -sqrt(2.0 * radius / slope);
        (direction.iter().map(|entry| scale * entry).collect(), sqrt(slope / (2.0 * radius)))
    }

    /// The largest difference relative to the reach of each entry, as a fraction.
    fn gap(step: &[f64], expected: &[f64], fisher: &[f64], radius: f64) -> f64 {
        let difference: Vec<f64> = step.iter().zip(expected).map(|(a, b)| a - b).collect();
        sqrt(quadratic_form(fisher, &difference) / (2.0 * radius))
    }

    const QUADRATICS: [(&[f64], &[f64]); 4] = [
        (&[2.0], &[-3.0]),
        (&[4.0, 0.0, 0.0, 1.0], &[2.0, 1.0]),
        (&[1e6, 900.0, 900.0, 1.0], &[1.0, 2.0]),
        (&[2.0, 1.0, 0.0, 1.0, 3.0, 1.0, 0.0, 1.0, 4e-4 + 0.4], &[1.0, -1.0, 0.5]),
    ];

    #[test]
    fn quadratic_constraints_give_the_natural_gradient_exactly() {
        for (fisher, g) in QUADRATICS {
            let value = |d: &[f64]| 0.5 * quadratic_form(fisher, d);
            let constraint = Constraint {
                value: &value,
                gradient: &|d| multiply(fisher, d),
                hessian: &|_| fisher.to_vec(),
            };
            for radius in [1.0, 1e-3, 1e-10] {
                let found = steepest_step(g, constraint, radius, 1e-11).unwrap();
                let (step, multiplier) = natural(g, fisher, radius);
                assert!(found.converged, "{found:?}");
                assert!(gap(&found.step, &step, fisher, radius) < 1e-9, "{found:?} {step:?}");
                assert!((found.multiplier / multiplier - 1.0).abs() < 1e-9, "{found:?} {multiplier}");
                let turned = steepest_step_by_directions(g, &value, radius, 1e-9).unwrap();
                assert!(turned.converged, "{turned:?}");
                assert!(gap(&turned.step, &step, fisher, radius) < 1e-6, "{turned:?} {step:?}");
                assert!((turned.multiplier / multiplier - 1.0).abs() < 1e-6, "{turned:?} {multiplier}");
            }
        }
    }

    /// c, ∇c or ∇²c.
    type Derivative = Box<dyn Fn(&[f64]) -> Vec<f64>>;

    /// KL of normal(μ, σ) from normal(μ + d₁, σ + d₂), with its derivatives by d.
    fn normal_constraint_at(sigma: f64) -> [Derivative; 3] {
        // With u = d₂/σ, v = d₁/σ: log(1 + u) + (1 + v²)/(2(1 + u)²) − ½, free of cancellation as
        // log(1 + u) − u(2 + u)/(2(1 + u)²) + v²/(2(1 + u)²).
        let value = move |d: &[f64]| {
            let (v, u) = (d[0] / sigma, d[1] / sigma);
            let w = 1.0 + u;
            vec![log1p(u) - u * (2.0 + u) / (2.0 * w * w) + v * v / (2.0 * w * w)]
        };
        let gradient = move |d: &[f64]| {
            let (v, u) = (d[0] / sigma, d[1] / sigma);
            let w = 1.0 + u;
            vec![v / (w * w) / sigma, (u * (2.0 + u) - v * v) / (w * w * w) / sigma]
        };
        let hessian = move |d: &[f64]| {
            let (v, u) = (d[0] / sigma, d[1] / sigma);
            let (w, s) = (1.0 + u, sigma * sigma);
            let mixed = -2.0 * v / (w * w * w) / s;
            vec![1.0 / (w * w) / s, mixed, mixed, (3.0 * (1.0 + v * v) - w * w) / (w * w * w * w) / s]
        };
        [Box::new(value), Box::new(gradient), Box::new(hessian)]
    }

    #[test]
    fn exact_kl_of_the_normal_tends_to_the_natural_gradient_at_first_order() {
        for (sigma, g) in [(1.0, [1.0, -0.5]), (1e-3, [2.0, 3.0]), (5.0, [0.0, 1.0])] {
            let [value, gradient, hessian] = normal_constraint_at(sigma);
            let value = |d: &[f64]| value(d)[0];
            let constraint = Constraint { value: &value, gradient: &gradient, hessian: &hessian };
            let fisher = [1.0 / (sigma * sigma), 0.0, 0.0, 2.0 / (sigma * sigma)];
            let mut gaps = Vec::new();
            for radius in [1e-2, 1e-4, 1e-6] {
                let found = steepest_step(&g, constraint, radius, 1e-9).unwrap();
                assert!(found.converged, "{found:?}");
                let (step, multiplier) = natural(&g, &fisher, radius);
                gaps.push(gap(&found.step, &step, &fisher, radius));
                assert!((found.multiplier / multiplier - 1.0).abs() < 10.0 * sqrt(radius), "{found:?}");
                let turned = steepest_step_by_directions(&g, &value, radius, 1e-8).unwrap();
                assert!(gap(&turned.step, &found.step, &fisher, radius) < 1e-4, "{turned:?} {found:?}");
            }
            // d* = √ε·(natural direction + O(√ε)): a hundredth of ε is a tenth of the gap.
            for pair in gaps.windows(2) {
                assert!((0.05..0.2).contains(&(pair[1] / pair[0])), "{gaps:?}");
            }
        }
    }

    #[test]
    fn exact_kl_of_the_gamma_tends_to_the_natural_gradient_at_first_order() {
        // KL = Σ d terms of lgamma differences; α = 2, β = 3, with ψ(2) = 1 − γ and trigamma(2) = π²/6 − 1.
        let (alpha, beta) = (2.0, 3.0);
        let digamma = 1.0 - 0.577_215_664_901_532_9;
        let trigamma = std::f64::consts::PI * std::f64::consts::PI / 6.0 - 1.0;
        let value = |d: &[f64]| {
            let (a, b) = (alpha + d[0], beta + d[1]);
            if a <= 0.0 || b <= 0.0 {
                return f64::NAN;
            }
            -d[0] * digamma - lgamma(alpha) + lgamma(a) - a * log1p(d[1] / beta) + alpha * d[1] / beta
        };
        let fisher = [trigamma, -1.0 / beta, -1.0 / beta, alpha / (beta * beta)];
        let g = [1.0, 0.3];
        let mut gaps = Vec::new();
        for radius in [1e-2, 1e-4, 1e-6] {
            let found = steepest_step_by_directions(&g, &value, radius, 1e-8).unwrap();
            let (step, _) = natural(&g, &fisher, radius);
            assert!(found.multiplier > 0.0 && found.violation < 1e-8, "{found:?}");
            gaps.push(gap(&found.step, &step, &fisher, radius));
        }
        for pair in gaps.windows(2) {
            assert!((0.05..0.2).contains(&(pair[1] / pair[0])), "{gaps:?}");
        }
    }

    #[test]
    fn no_step_without_a_gradient_or_a_boundary() {
        let value = |d: &[f64]| dot(d, d);
        let flat = |_: &[f64]| 0.0;
        let gradient = |d: &[f64]| d.iter().map(|entry| 2.0 * entry).collect();
        let hessian = |_: &[f64]| vec![2.0];
        let ball = Constraint { value: &value, gradient: &gradient, hessian: &hessian };
        assert_eq!(steepest_step(&[0.0], ball, 1.0, 1e-10), None);
        assert_eq!(steepest_step(&[f64::NAN], ball, 1.0, 1e-10), None);
        assert_eq!(steepest_step(&[1.0], Constraint { value: &flat, ..ball }, 1.0, 1e-10), None);
    }

    #[test]
    fn a_wrong_gradient_does_not_converge() {
        let value = |d: &[f64]| 2.0 * d[0] * d[0] + 0.5 * d[1] * d[1];
        let gradient = |d: &[f64]| vec![d[0], d[1]];
        let hessian = |_: &[f64]| vec![1.0, 0.0, 0.0, 1.0];
        let constraint = Constraint { value: &value, gradient: &gradient, hessian: &hessian };
        let found = steepest_step(&[1.0, 1.0], constraint, 1e-2, 1e-10);
        assert!(found.is_none_or(|found| !found.converged));
    }
}
