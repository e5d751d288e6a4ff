//! One variable: double-exponential quadrature centred and scaled to where the density lies.
//!
//! With `x = φ(sinh t)` the integrand falls double exponentially in t, and the trapezoidal sum
//! `h Σ f(x(kh)) x'(kh)` doubles its correct digits each time h is halved (Takahasi and Mori 1974). Several
//! integrands (p, p·score, p·score·score, …) share the points. The interval is cut at the break points and in the
//! valleys between peaks; each panel has its own map.

use libm::{cosh, log, sinh};

use super::axis::{Abscissa, Interval, Reads};
use super::locate::{Landscape, Peak, log_mass};
use super::panel::{Panel, Stop};
use super::{Failure, Integral};

/// How one-dimensional integrals are taken: where, cut at which points, how closely, at what cost.
#[derive(Clone, Debug)]
pub struct Quadrature {
    interval: Interval,
    break_points: Vec<f64>,
    tolerance: f64,
    max_evaluations: usize,
}

impl Quadrature {
    /// Integrals over an interval, to 10⁻¹⁰ of the integral of the absolute value, in 100,000 evaluations.
    pub fn over(interval: Interval) -> Quadrature {
        Quadrature { interval, break_points: Vec::new(), tolerance: 1e-10, max_evaluations: 100_000 }
    }

    /// Points where the integrand has a kink or a singularity, or a peak too narrow to be found.
    pub fn break_points(mut self, points: &[f64]) -> Quadrature {
        self.break_points = points.to_vec();
        self
    }

    /// The error to reach, relative to the integral of the absolute value of each output.
    pub fn tolerance(mut self, tolerance: f64) -> Quadrature {
        self.tolerance = tolerance;
        self
    }

    /// The most evaluations to spend on refinement.
    pub fn max_evaluations(mut self, evaluations: usize) -> Quadrature {
        self.max_evaluations = evaluations;
        self
    }

    /// ∫ f₁, …, ∫ fₙ, given the logarithm of a density that shows where their mass lies.
    ///
    /// ```
    /// use referee::integrate::{axis::Interval, quadrature::Quadrature};
    /// // The mean and the mean square of the exponential distribution with rate 2.
    /// let integral = Quadrature::over(Interval::POSITIVE).integrate(
    ///     2,
    ///     &|x| libm::log(2.0) - 2.0 * x,
    ///     &mut |x, out| {
    ///         let p = 2.0 * libm::exp(-2.0 * x);
    ///         out.copy_from_slice(&[x * p, x * x * p]);
    ///     },
    /// );
    /// assert!(integral.converged);
    /// assert!((integral.values[0] - 0.5).abs() < 1e-10 && (integral.values[1] - 0.5).abs() < 1e-10);
    /// ```
    pub fn integrate(
        &self,
        outputs: usize,
        log_density: &dyn Fn(f64) -> f64,
        integrand: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Integral {
        let mut source = Closures {
            log_density: &|point| log_density(point.x),
            integrand: &mut |point, out| integrand(point.x, out),
        };
        self.run(Reads::Coordinate, Outputs::plain(outputs), &mut source, &mut None)
    }

    /// Like [`Quadrature::integrate`], for integrands that read the distances to the ends.
    ///
    /// beta(0.2, 0.3) needs it: closer to 1 than the spacing of `f64` lies 10⁻⁵ of its mass.
    pub fn integrate_to_the_ends(
        &self,
        outputs: usize,
        log_density: &dyn Fn(Abscissa) -> f64,
        integrand: &mut dyn FnMut(Abscissa, &mut [f64]),
    ) -> Integral {
        let mut source = Closures { log_density, integrand };
        self.run(Reads::Distances, Outputs::plain(outputs), &mut source, &mut None)
    }

    /// ∫ f for one function; log |f| shows where its mass lies.
    pub fn integrate_function(&self, function: &dyn Fn(f64) -> f64) -> Integral {
        self.integrate(1, &|x| log(function(x).abs()), &mut |x, out| out[0] = function(x))
    }

    /// The common routine; `hint` carries the peak from one integral to a similar next one.
    pub(super) fn run(
        &self,
        reads: Reads,
        outputs: Outputs,
        source: &mut dyn Source,
        hint: &mut Option<Peak>,
    ) -> Integral {
        let mut search = Search { whole: self.interval, reads, source, panels: Vec::new(), evaluations: 0 };
        for interval in self.pieces() {
            search.split(interval, hint, 0);
        }
        let Search { mut panels, evaluations, .. } = search;
        if panels.is_empty() {
            return self.without_mass(outputs.total(), evaluations, source);
        }
        let spent = |panels: &[Panel]| evaluations + panels.iter().map(Panel::evaluations).sum::<usize>();
        for panel in &mut panels {
            if let Err(Stop { at }) = panel.start(outputs, source) {
                return Integral::failed(outputs.total(), spent(&panels), Failure::NotFinite { at });
            }
        }
        loop {
            let budgets = self.budgets(&panels, outputs);
            let pending: Vec<usize> =
                (0..panels.len()).filter(|&i| panels[i].exceeds(&budgets, outputs)).collect();
            let cost: usize = pending.iter().map(|&i| panels[i].next_cost()).sum();
            let share = cost as f64 / spent(&panels) as f64;
            let dear = spent(&panels).saturating_add(cost) > self.max_evaluations || source.exhausted(share);
            if pending.is_empty() || dear {
                return self.conclude(&panels, outputs, spent(&panels), pending.is_empty());
            }
            for i in pending {
                if let Err(Stop { at }) = panels[i].refine(source) {
                    return Integral::failed(outputs.total(), spent(&panels), Failure::NotFinite { at });
                }
            }
        }
    }

    fn pieces(&self) -> Vec<Interval> {
        let Interval { lower, upper } = self.interval;
        if self.interval.is_empty() {
            return Vec::new();
        }
        let mut points: Vec<f64> =
            self.break_points.iter().copied().filter(|&x| lower < x && x < upper).collect();
        points.sort_by(f64::total_cmp);
        points.dedup();
        let starts = std::iter::once(lower).chain(points.iter().copied());
        let ends = points.iter().copied().chain(std::iter::once(upper));
        starts.zip(ends).map(|(lower, upper)| Interval { lower, upper }).collect()
    }

    /// Nothing was found: the integrand is zero wherever we looked, or it is not a number there.
    fn without_mass(&self, outputs: usize, evaluations: usize, source: &mut dyn Source) -> Integral {
        let mut failure = Failure::NoMass;
        if !self.interval.is_empty() {
            let point = self.interval.scan(0.3).0;
            let mut out = vec![0.0; outputs];
            source.evaluate(point, &mut out);
            if out.iter().any(|value| !value.is_finite()) || source.log_density(point).is_nan() {
                failure = Failure::NotFinite { at: point.x };
            }
        }
        Integral::failed(outputs, evaluations, failure)
    }

    /// The discretization error each panel may keep, per output.
    fn budgets(&self, panels: &[Panel], outputs: Outputs) -> Vec<f64> {
        // Among denormal numbers no tolerance is met: what is that small is left alone.
        const NOTHING: f64 = 1e-280;
        let share = self.tolerance / panels.len() as f64;
        (0..outputs.checked)
            .map(|i| share * panels.iter().map(|panel| panel.magnitude(i)).sum::<f64>() + NOTHING)
            .collect()
    }

    fn conclude(&self, panels: &[Panel], outputs: Outputs, evaluations: usize, refined: bool) -> Integral {
        let total = |part: &dyn Fn(&Panel) -> f64| panels.iter().map(part).sum::<f64>();
        let n = outputs.checked;
        let values: Vec<f64> = (0..n).map(|i| total(&|panel| panel.value(i))).collect();
        let mut errors = Vec::with_capacity(n);
        let mut failure = (!refined).then_some(Failure::Budget);
        if (0..n).all(|i| total(&|panel| panel.magnitude(i)) == 0.0) && n > 0 {
            // The peak found carries nothing: the mass lies elsewhere, or there is none.
            return Integral::failed(outputs.total(), evaluations, Failure::NoMass);
        }
        for i in 0..n {
            let companion = if outputs.companions { total(&|panel| panel.value(n + i).abs()) } else { 0.0 };
            let truncation = total(&|panel| panel.truncation(i));
            let rounding = total(&|panel| panel.rounding(i));
            let error = total(&|panel| panel.discretization(i)) + truncation + rounding + companion;
            let allowed = self.tolerance * total(&|panel| panel.magnitude(i));
            // Written so that an error that is NaN counts as exceeded.
            let met = error <= allowed;
            if !met && failure.is_none() {
                failure = Some(if truncation.is_nan() || truncation > 0.5 * allowed {
                    Failure::Truncated
                } else if rounding > 0.5 * allowed {
                    Failure::Rounding
                } else {
                    Failure::Budget
                });
            }
            errors.push(if error.is_nan() { f64::INFINITY } else { error });
        }
        Integral { values, errors, evaluations, converged: failure.is_none(), failure }
    }
}

/// How many numbers an integrand writes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Outputs {
    /// Integrals wanted, each refined to the tolerance.
    pub(super) checked: usize,
    /// Is each followed, in a second half, by the error of its value?
    pub(super) companions: bool,
}

impl Outputs {
    pub(super) fn plain(checked: usize) -> Outputs {
        Outputs { checked, companions: false }
    }

    pub(super) fn total(self) -> usize {
        if self.companions { 2 * self.checked } else { self.checked }
    }
}

/// What is integrated, and the log-density that shows where.
pub(super) trait Source {
    fn log_density(&mut self, point: Abscissa) -> f64;
    fn evaluate(&mut self, point: Abscissa, out: &mut [f64]);

    /// Would spending again this share of all that was spent go beyond a budget of its own?
    fn exhausted(&self, _share: f64) -> bool {
        false
    }
}

struct Closures<'a> {
    log_density: &'a dyn Fn(Abscissa) -> f64,
    integrand: &'a mut dyn FnMut(Abscissa, &mut [f64]),
}

impl Source for Closures<'_> {
    fn log_density(&mut self, point: Abscissa) -> f64 {
        (self.log_density)(point)
    }

    fn evaluate(&mut self, point: Abscissa, out: &mut [f64]) {
        (self.integrand)(point, out);
    }
}

/// The point of a piece, with its distances to the ends of the whole interval.
pub(super) fn within(whole: Interval, piece: Interval, point: Abscissa) -> Abscissa {
    let from_lower = if piece.lower == whole.lower { point.from_lower } else { point.x - whole.lower };
    let to_upper = if piece.upper == whole.upper { point.to_upper } else { whole.upper - point.x };
    Abscissa { x: point.x, from_lower, to_upper }
}

/// Cuts pieces in the valleys between peaks and centres a panel on each.
struct Search<'a> {
    whole: Interval,
    reads: Reads,
    source: &'a mut dyn Source,
    panels: Vec<Panel>,
    evaluations: usize,
}

impl Search<'_> {
    fn split(&mut self, interval: Interval, hint: &mut Option<Peak>, depth: usize) {
        const DEEPEST: usize = 3;
        const MOST_PANELS: usize = 16;
        let (whole, source) = (self.whole, &mut *self.source);
        let mut log_density = |point| source.log_density(within(whole, interval, point));
        let mut landscape =
            Landscape { interval, reads: self.reads, log_density: &mut log_density, evaluations: 0 };
        let only = interval == whole;
        let peaks = landscape.peaks(hint.filter(|_| only));
        let splits = if depth < DEEPEST && self.panels.len() < MOST_PANELS {
            landscape.splits(&peaks)
        } else {
            Vec::new()
        };
        if splits.is_empty() {
            let heaviest = peaks.iter().copied().reduce(Peak::heavier);
            *hint = heaviest.filter(|_| only && peaks.len() == 1);
            let map = heaviest.map(|peak| landscape.map(peak));
            self.evaluations += landscape.evaluations;
            self.panels.extend(map.map(|map| Panel::new(whole, self.reads, map)));
            return;
        }
        self.evaluations += landscape.evaluations;
        *hint = None;
        let starts = std::iter::once(interval.lower).chain(splits.iter().copied());
        let ends = splits.iter().copied().chain(std::iter::once(interval.upper));
        for (lower, upper) in starts.zip(ends) {
            self.split(Interval { lower, upper }, &mut None, depth + 1);
        }
    }
}

/// log ∫ exp(log-density) by Laplace's method, at the cost of the search alone.
pub(super) fn log_mass_over(
    interval: Interval,
    reads: Reads,
    log_density: &mut dyn FnMut(Abscissa) -> f64,
    hint: &mut Option<Peak>,
) -> f64 {
    if interval.is_empty() {
        return f64::NEG_INFINITY;
    }
    let peaks = Landscape { interval, reads, log_density, evaluations: 0 }.peaks(*hint);
    *hint = if let [peak] = peaks[..] { Some(peak) } else { None };
    log_mass(&peaks)
}

/// y(t) = sinh t and dy/dt.
pub(super) fn double_exponential(t: f64) -> (f64, f64) {
    (sinh(t), cosh(t))
}
