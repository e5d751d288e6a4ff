//! Several variables: one quadrature inside another, over regions whose bounds depend on earlier variables.
//!
//! The simplex is `0 < x₁ < 1, 0 < x₂ < 1 − x₁`. For an outer variable the place of the mass is read off the
//! profile log-density `max over the inner variables + log of the width there` (Laplace's method), and each inner
//! quadrature starts from the peak its neighbour found. Densities that overflow near a corner (three exponents near
//! −0.9) are reported as not finite. Errors of inner integrals are integrated along.

use std::f64::consts::PI;

use libm::{cos, sin, sqrt};

use super::Integral;
use super::axis::{Abscissa, Interval, Reads};
use super::locate::Peak;
use super::quadrature::{Outputs, Quadrature, Source, log_mass_over};

/// A region of ℝᵈ with what it costs to integrate over it.
///
/// ```
/// use referee::integrate::{axis::{Abscissa, Interval}, region::Region};
/// let bounds = |axis: usize, x: &[Abscissa]| Interval::new(0.0, if axis == 0 { 1.0 } else { x[0].to_upper });
/// let area = Region::new(2, &bounds).integrate(1, &|_| 0.0, &mut |_, out| out[0] = 1.0);
/// assert!(area.converged && (area.values[0] - 0.5).abs() < 1e-9);
/// ```
pub struct Region<'a> {
    dimension: usize,
    bounds: &'a dyn Fn(usize, &[Abscissa]) -> Interval,
    tolerance: f64,
    max_evaluations: usize,
}

impl<'a> Region<'a> {
    /// `bounds(k, [x₁, …, x_k])` is the interval of the next variable; an empty one carries no mass.
    ///
    /// To 10⁻⁹ of the integral of the absolute value, in ten million evaluations.
    pub fn new(dimension: usize, bounds: &'a dyn Fn(usize, &[Abscissa]) -> Interval) -> Region<'a> {
        Region { dimension, bounds, tolerance: 1e-9, max_evaluations: 10_000_000 }
    }

    /// The error to reach, relative to the integral of the absolute value of each output.
    pub fn tolerance(mut self, tolerance: f64) -> Region<'a> {
        self.tolerance = tolerance;
        self
    }

    /// The evaluations to stop refining at; the first pass is always finished, in three dimensions it may take more.
    pub fn max_evaluations(mut self, evaluations: usize) -> Region<'a> {
        self.max_evaluations = evaluations;
        self
    }

    /// ∫ f₁, …, ∫ fₙ over the region, given a log-density that shows where their mass lies.
    pub fn integrate(
        &self,
        outputs: usize,
        log_density: &dyn Fn(&[f64]) -> f64,
        integrand: &mut dyn FnMut(&[f64], &mut [f64]),
    ) -> Integral {
        let mut coordinates = Vec::with_capacity(self.dimension);
        self.run(
            Reads::Coordinate,
            outputs,
            &|point, coordinates| log_density(fill(coordinates, point)),
            &mut |point, out| integrand(fill(&mut coordinates, point), out),
        )
    }

    /// Like [`Region::integrate`], for integrands that read the distances of each variable to its bounds.
    ///
    /// On the simplex `1 − x₁ − x₂` is the distance of x₂ to its upper bound.
    pub fn integrate_to_the_ends(
        &self,
        outputs: usize,
        log_density: &dyn Fn(&[Abscissa]) -> f64,
        integrand: &mut dyn FnMut(&[Abscissa], &mut [f64]),
    ) -> Integral {
        self.run(Reads::Distances, outputs, &|point, _| log_density(point), integrand)
    }

    fn run(
        &self,
        reads: Reads,
        outputs: usize,
        log_density: &dyn Fn(&[Abscissa], &mut Vec<f64>) -> f64,
        integrand: &mut dyn FnMut(&[Abscissa], &mut [f64]),
    ) -> Integral {
        let mut nest = Nest {
            region: self,
            reads,
            outputs,
            log_density,
            integrand,
            point: Vec::with_capacity(self.dimension),
            coordinates: Vec::with_capacity(self.dimension),
            peaks: vec![None; self.dimension],
            profile_peaks: vec![None; self.dimension],
            evaluations: 0,
        };
        if self.dimension == 0 {
            let mut values = vec![0.0; outputs];
            (nest.integrand)(&[], &mut values);
            let errors = vec![0.0; outputs];
            return Integral { values, errors, evaluations: 1, converged: true, failure: None };
        }
        let integral = nest.integrate(0);
        Integral { evaluations: nest.evaluations, ..integral }
    }
}

fn fill<'c>(coordinates: &'c mut Vec<f64>, point: &[Abscissa]) -> &'c [f64] {
    coordinates.clear();
    coordinates.extend(point.iter().map(|abscissa| abscissa.x));
    coordinates
}

/// The variables fixed so far, and where the peaks of the last integrals were.
struct Nest<'a> {
    region: &'a Region<'a>,
    reads: Reads,
    outputs: usize,
    log_density: &'a dyn Fn(&[Abscissa], &mut Vec<f64>) -> f64,
    integrand: &'a mut dyn FnMut(&[Abscissa], &mut [f64]),
    point: Vec<Abscissa>,
    coordinates: Vec<f64>,
    peaks: Vec<Option<Peak>>,
    profile_peaks: Vec<Option<Peak>>,
    evaluations: usize,
}

impl Nest<'_> {
    fn interval(&self, axis: usize) -> Interval {
        (self.region.bounds)(axis, &self.point[..axis])
    }

    /// The integrals over the variables from `axis` on, the earlier ones being fixed.
    fn integrate(&mut self, axis: usize) -> Integral {
        self.point.truncate(axis);
        let interval = self.interval(axis);
        let last = axis + 1 == self.region.dimension;
        let outputs = Outputs { checked: self.outputs, companions: !last };
        // Inner errors are part of the outer ones, so each level in gets a tenth.
        let tolerance = self.region.tolerance * libm::pow(0.1, axis as f64);
        // What the outermost level may take in its own points follows from what one of them costs.
        let budget = if axis == 0 { usize::MAX } else { 4000 };
        let rule = Quadrature::over(interval).tolerance(tolerance).max_evaluations(budget);
        let mut hint = self.peaks[axis].take();
        let (reads, mut level) = (self.reads, Level { nest: self, axis });
        let integral = rule.run(reads, outputs, &mut level, &mut hint);
        self.peaks[axis] = hint;
        integral
    }

    /// log of the mass of the slice where the variables before `axis` are fixed.
    fn profile(&mut self, axis: usize) -> f64 {
        if axis == self.region.dimension {
            self.evaluations += 1;
            return (self.log_density)(&self.point, &mut self.coordinates);
        }
        let interval = self.interval(axis);
        let mut hint = self.profile_peaks[axis].take();
        let reads = self.reads;
        let mut inner = |point: Abscissa| {
            self.point.truncate(axis);
            self.point.push(point);
            self.profile(axis + 1)
        };
        let mass = log_mass_over(interval, reads, &mut inner, &mut hint);
        self.profile_peaks[axis] = hint;
        mass
    }
}

/// One variable of the nest, as the integrand of a one-dimensional quadrature.
struct Level<'n, 'a> {
    nest: &'n mut Nest<'a>,
    axis: usize,
}

impl Source for Level<'_, '_> {
    fn log_density(&mut self, point: Abscissa) -> f64 {
        self.nest.point.truncate(self.axis);
        self.nest.point.push(point);
        self.nest.profile(self.axis + 1)
    }

    fn evaluate(&mut self, point: Abscissa, out: &mut [f64]) {
        let nest = &mut *self.nest;
        nest.point.truncate(self.axis);
        nest.point.push(point);
        if self.axis + 1 == nest.region.dimension {
            nest.evaluations += 1;
            (nest.integrand)(&nest.point, out);
            return;
        }
        let inner = nest.integrate(self.axis + 1);
        let (values, errors) = out.split_at_mut(nest.outputs);
        if inner.failure == Some(super::Failure::NoMass) {
            out.fill(0.0);
            return;
        }
        values.copy_from_slice(&inner.values);
        errors.copy_from_slice(&inner.errors);
    }

    fn exhausted(&self, share: f64) -> bool {
        // Inside, what is under way may be finished; outside, what is next must fit.
        let next = if self.axis == 0 { share } else { 0.0 };
        self.nest.evaluations as f64 * (1.0 + next) > self.nest.region.max_evaluations as f64
    }
}

/// Bounds of the open simplex x₁ > 0, …, x_d > 0, x₁ + … + x_d < 1.
pub fn simplex(_axis: usize, earlier: &[Abscissa]) -> Interval {
    // What the earlier variables leave is the distance of the last of them to its own bound.
    Interval::new(0.0, earlier.last().map_or(1.0, |last| last.to_upper))
}

/// Bounds of the positive definite `[x₁, x₃; x₃, x₂]`: x₁ > 0, x₂ > 0, x₃² < x₁x₂ (the diagonal comes first).
pub fn positive_definite(axis: usize, earlier: &[Abscissa]) -> Interval {
    match (axis, earlier) {
        (2, [first, second, ..]) => {
            let bound = sqrt(first.x) * sqrt(second.x);
            Interval::new(-bound, bound)
        }
        _ => Interval::POSITIVE,
    }
}

/// ∫ f₁, …, ∫ fₙ over the unit sphere in ℝ² or ℝ³ by its surface measure; `None` in other dimensions.
///
/// In the plane x = (cos φ, sin φ); in space x₃ = z with dz dφ (Archimedes).
pub fn integrate_sphere(
    dimension: usize,
    outputs: usize,
    log_density: &dyn Fn(&[f64]) -> f64,
    integrand: &mut dyn FnMut(&[f64], &mut [f64]),
) -> Option<Integral> {
    let circle = Interval::new(-PI, PI);
    match dimension {
        2 => {
            let bounds = |_: usize, _: &[Abscissa]| circle;
            let place = |point: &[Abscissa]| [cos(point[0].x), sin(point[0].x)];
            Some(Region::new(1, &bounds).integrate_to_the_ends(
                outputs,
                &|point| log_density(&place(point)),
                &mut |point, out| integrand(&place(point), out),
            ))
        }
        3 => {
            let bounds =
                |axis: usize, _: &[Abscissa]| if axis == 0 { Interval::new(-1.0, 1.0) } else { circle };
            let place = |point: &[Abscissa]| {
                let radius = sqrt(point[0].from_lower) * sqrt(point[0].to_upper);
                [radius * cos(point[1].x), radius * sin(point[1].x), point[0].x]
            };
            Some(Region::new(2, &bounds).integrate_to_the_ends(
                outputs,
                &|point| log_density(&place(point)),
                &mut |point, out| integrand(&place(point), out),
            ))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::integrate::Failure;
    use libm::{exp, lgamma, log};

    #[track_caller]
    fn check(integral: &Integral, exact: &[f64], tolerance: f64) {
        assert!(integral.converged, "{integral:?}");
        for ((value, error), exact) in integral.values.iter().zip(&integral.errors).zip(exact) {
            let true_error = (value - exact).abs();
            assert!(true_error <= 10.0 * error + 1e-13, "true error {true_error:e}: {integral:?}");
            assert!(
                true_error <= tolerance * exact.abs().max(1.0),
                "true error {true_error:e}: {integral:?}"
            );
        }
    }

    #[test]
    fn a_correlated_bivariate_normal_has_its_moments() {
        let (rho, s) = (0.9, [2.0, 0.1]);
        let log_density = |x: &[f64]| {
            let z = [(x[0] - 30.0) / s[0], (x[1] + 1.0) / s[1]];
            let form = (z[0] * z[0] - 2.0 * rho * z[0] * z[1] + z[1] * z[1]) / (1.0 - rho * rho);
            -0.5 * form - log(2.0 * PI * s[0] * s[1] * sqrt(1.0 - rho * rho))
        };
        let plane = |_: usize, _: &[Abscissa]| Interval::LINE;
        let integral = Region::new(2, &plane).integrate(4, &log_density, &mut |x, out| {
            let p = exp(log_density(x));
            let z = [(x[0] - 30.0) / s[0], (x[1] + 1.0) / s[1]];
            out.copy_from_slice(&[p, p * z[0], p * z[0] * z[1], p * z[1] * z[1]]);
        });
        check(&integral, &[1.0, 0.0, rho, 1.0], 1e-9);
    }

    #[test]
    fn ridges_and_heavy_tails_of_the_plane_are_found() {
        let plane = |_: usize, _: &[Abscissa]| Interval::LINE;
        let check_plane = |log_density: &dyn Fn(&[f64]) -> f64, exact: f64| {
            let integral =
                Region::new(2, &plane).integrate(1, log_density, &mut |x, out| out[0] = exp(log_density(x)));
            check(&integral, &[exact], 1e-9);
        };
        let form = |x: &[f64]| x[0] * x[0] - 2.0 * 0.999 * x[0] * x[1] + x[1] * x[1];
        check_plane(&|x| -0.5 * form(x), 2.0 * PI / sqrt(1.0 - 0.999 * 0.999));
        check_plane(&|x| -1.5 * libm::log1p(x[0] * x[0] + x[1] * x[1]), 2.0 * PI);
        // Rosenbrock's valley; a shear makes it a product of normals.
        let valley = |x: &[f64]| -(1.0 - x[0]) * (1.0 - x[0]) - 100.0 * libm::pow(x[1] - x[0] * x[0], 2.0);
        check_plane(&valley, PI / 10.0);
    }

    #[test]
    fn dirichlet_singular_on_every_side_has_its_moments() {
        for alpha in [[0.7, 2.0, 3.0], [2.0, 0.4, 0.3]] {
            let [a, b, c] = alpha;
            let normalizer = lgamma(a + b + c) - lgamma(a) - lgamma(b) - lgamma(c);
            let log_density = |x: &[Abscissa]| {
                normalizer
                    + (a - 1.0) * log(x[0].x)
                    + (b - 1.0) * log(x[1].x)
                    + (c - 1.0) * log(x[1].to_upper)
            };
            let integral = Region::new(2, &simplex).integrate_to_the_ends(3, &log_density, &mut |x, out| {
                let p = exp(log_density(x));
                out.copy_from_slice(&[p, p * x[0].x, p * x[0].x * x[1].x]);
            });
            let total = a + b + c;
            check(&integral, &[1.0, a / total, a * b / (total * (total + 1.0))], 1e-9);
        }
    }

    #[test]
    fn the_wishart_density_integrates_to_one() {
        // Identity scale, n = 5: |X|^{(n−3)/2} e^{−tr X/2} / (2ⁿ √π Γ(n/2) Γ((n−1)/2)).
        let n: f64 = 5.0;
        let normalizer = -n * log(2.0) - 0.5 * log(PI) - lgamma(n / 2.0) - lgamma((n - 1.0) / 2.0);
        let log_density = |x: &[Abscissa]| {
            let determinant = x[2].from_lower * x[2].to_upper;
            normalizer + 0.5 * (n - 3.0) * log(determinant) - 0.5 * (x[0].x + x[1].x)
        };
        let region = Region::new(3, &positive_definite).tolerance(1e-6);
        let integral = region.integrate_to_the_ends(3, &log_density, &mut |x, out| {
            let p = exp(log_density(x));
            out.copy_from_slice(&[p, p * x[0].x, p * x[2].x * x[2].x]);
        });
        // E[X] = nI, Var X₁₂ = n
        check(&integral, &[1.0, n, n], 1e-6);
    }

    #[test]
    fn von_mises_fisher_integrates_to_one_on_both_spheres() {
        let kappa = 80.0;
        for mean in [[0.6, 0.0, 0.8], [0.0, 0.0, 1.0], [-1.0, 0.0, 0.0]] {
            // κ/(2π(1 − e^{−2κ})) e^{κ(mᵀx − 1)}, with mean resultant length coth κ − 1/κ.
            let normalizer = log(kappa / (2.0 * PI)) - libm::log1p(-exp(-2.0 * kappa));
            let cosine = |x: &[f64]| x[0] * mean[0] + x[1] * mean[1] + x[2] * mean[2];
            let log_density = |x: &[f64]| normalizer + kappa * (cosine(x) - 1.0);
            let integral = integrate_sphere(3, 2, &log_density, &mut |x, out| {
                let p = exp(log_density(x));
                out.copy_from_slice(&[p, p * cosine(x)]);
            });
            let integral = integral.expect("three dimensions are known");
            check(&integral, &[1.0, 1.0 / libm::tanh(kappa) - 1.0 / kappa], 1e-8);
        }
        let circle = integrate_sphere(2, 1, &|_| 0.0, &mut |x, out| out[0] = x[0] * x[0]);
        check(&circle.expect("two dimensions are known"), &[PI], 1e-10);
        assert!(integrate_sphere(4, 1, &|_| 0.0, &mut |_, _| ()).is_none());
    }

    #[test]
    fn a_small_budget_is_kept_and_said() {
        let bounds = |_: usize, _: &[Abscissa]| Interval::new(0.0, 1.0);
        let kink = |x: &[f64], out: &mut [f64]| out[0] = (x[0] - 0.6 * x[1]).abs();
        let integral = Region::new(2, &bounds).max_evaluations(40_000).integrate(1, &|_| 0.0, &mut { kink });
        assert_eq!(integral.failure, Some(Failure::Budget));
        assert!(integral.evaluations < 80_000, "{integral:?}");
        // ∫∫ |x − 0.6y| = ½ − 0.3 + 0.36/3
        let error = (integral.values[0] - 0.32).abs();
        assert!(error <= 10.0 * integral.errors[0], "{error:e} {integral:?}");
    }

    #[test]
    fn a_divergent_inner_integral_does_not_converge() {
        let bounds = |_: usize, _: &[Abscissa]| Interval::new(0.0, 1.0);
        let log_density = |x: &[f64]| -x[0] - log(x[1]);
        let integral =
            Region::new(2, &bounds).integrate(1, &log_density, &mut |x, out| out[0] = exp(log_density(x)));
        assert!(!integral.converged, "{integral:?}");
    }
}
