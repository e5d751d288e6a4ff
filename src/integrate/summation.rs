//! Sums over integers: from the mode outwards, with an estimate of what is left at each end.
//!
//! Poisson(10⁶) needs some 20,000 terms around its mode, none of the million before. A geometric tail is ended
//! when nothing is left; a power tail such as `Σ 1/k²` does not end, and is either reported with the honest
//! error `1/N` or, where terms make sense between integers, finished by Euler and Maclaurin's formula
//! `Σ_{k≥N} f(k) = ∫_N^∞ f + f(N)/2 − f'(N)/12 + f'''(N)/720 − …` (DLMF 2.10.1).

use libm::{log, pow};

use super::axis::Interval;
use super::quadrature::Quadrature;
use super::{Compensated, Failure, Integral};

/// How sums over the integers of a closed interval are taken.
#[derive(Clone, Debug)]
pub struct Summation {
    lower: f64,
    upper: f64,
    tolerance: f64,
    max_terms: usize,
    smooth: bool,
}

impl Summation {
    /// Sums over the integers of `[lower, upper]`, ends included, to 10⁻¹², with at most four million terms.
    pub fn over(interval: Interval) -> Summation {
        let (lower, upper) = (interval.lower.ceil(), interval.upper.floor());
        Summation { lower, upper, tolerance: 1e-12, max_terms: 4_000_000, smooth: false }
    }

    /// The error to reach, relative to the sum of absolute values of each output.
    pub fn tolerance(mut self, tolerance: f64) -> Summation {
        self.tolerance = tolerance;
        self
    }

    /// The most terms to add.
    pub fn max_terms(mut self, terms: usize) -> Summation {
        self.max_terms = terms;
        self
    }

    /// The terms are smooth functions between integers too, so that a long tail may be integrated.
    pub fn smooth(mut self) -> Summation {
        self.smooth = true;
        self
    }

    /// Σ f₁(k), …, Σ fₙ(k), given the logarithm of a mass function that shows where they matter.
    ///
    /// ```
    /// use referee::integrate::{axis::Interval, summation::Summation};
    /// // The mean of the geometric distribution on 0, 1, … with success probability 1/4.
    /// let log_mass = |k: f64| libm::log(0.25) + k * libm::log(0.75);
    /// let sum = Summation::over(Interval::new(0.0, f64::INFINITY)).sum(1, &log_mass, &mut |k, out| {
    ///     out[0] = k * libm::exp(log_mass(k));
    /// });
    /// assert!(sum.converged && (sum.values[0] - 3.0).abs() < 1e-12);
    /// ```
    pub fn sum(
        &self,
        outputs: usize,
        log_mass: &dyn Fn(f64) -> f64,
        term: &mut dyn FnMut(f64, &mut [f64]),
    ) -> Integral {
        let mut search = Search { summation: self, log_mass, evaluations: 0 };
        let peaks = search.peaks();
        let evaluations = search.evaluations;
        let Some(&(mode, height)) = peaks.iter().max_by(|a, b| a.1.total_cmp(&b.1)) else {
            let nan = [0.0, 1.0].iter().find(|&&k| log_mass(self.nearest(k)).is_nan());
            let failure = nan.map_or(Failure::NoMass, |&k| Failure::NotFinite { at: self.nearest(k) });
            return Integral::failed(outputs, evaluations, failure);
        };
        let matters = |peak: &&(f64, f64)| peak.1 > height - 60.0;
        let farthest =
            |sign: f64| peaks.iter().filter(matters).map(|peak| sign * (peak.0 - mode)).fold(0.0, f64::max);
        let mut walk = Walk {
            summation: self,
            log_mass,
            term,
            height,
            sums: vec![Compensated::default(); outputs],
            absolute: vec![0.0; outputs],
            errors: vec![0.0; outputs],
            buffer: vec![0.0; outputs],
            evaluations,
            exhausted: false,
        };
        let result = walk
            .add(mode)
            .and_then(|()| walk.outwards(mode, 1.0, farthest(1.0)))
            .and_then(|()| walk.outwards(mode, -1.0, farthest(-1.0)));
        match result {
            Ok(()) => walk.conclude(),
            Err(failure) => Integral::failed(outputs, walk.evaluations, failure),
        }
    }

    /// Σ f(k) for one function; log |f| shows where its mass lies.
    pub fn sum_function(&self, function: &dyn Fn(f64) -> f64) -> Integral {
        self.sum(1, &|k| log(function(k).abs()), &mut |k, out| out[0] = function(k))
    }

    /// The integer of the range nearest to one given.
    fn nearest(&self, k: f64) -> f64 {
        k.max(self.lower).min(self.upper)
    }

    /// Integers at growing distances from the ends, or from 0 where there is none.
    fn grid(&self) -> Vec<f64> {
        let mut distances: Vec<f64> = (0..8).map(f64::from).collect();
        while let Some(&last) = distances.last()
            && last < 1e15
        {
            distances.push((1.25 * last).ceil());
        }
        let from = |end: f64, sign: f64| distances.iter().map(move |distance| end + sign * distance);
        let mut grid: Vec<f64> = match (self.lower.is_finite(), self.upper.is_finite()) {
            (true, false) => from(self.lower, 1.0).collect(),
            (false, true) => from(self.upper, -1.0).collect(),
            (false, false) => from(0.0, 1.0).chain(from(0.0, -1.0)).collect(),
            (true, true) => from(self.lower, 1.0).chain(from(self.upper, -1.0)).collect(),
        };
        grid.retain(|&k| self.lower <= k && k <= self.upper);
        grid.sort_by(f64::total_cmp);
        grid.dedup();
        grid
    }
}

/// Looks for the modes.
struct Search<'a> {
    summation: &'a Summation,
    log_mass: &'a dyn Fn(f64) -> f64,
    evaluations: usize,
}

impl Search<'_> {
    fn height(&mut self, k: f64) -> f64 {
        self.evaluations += 1;
        let height = (self.log_mass)(k);
        if height.is_nan() || height == f64::INFINITY { f64::NEG_INFINITY } else { height }
    }

    /// Local maxima with their heights.
    fn peaks(&mut self) -> Vec<(f64, f64)> {
        let grid = self.summation.grid();
        let heights: Vec<f64> = grid.iter().map(|&k| self.height(k)).collect();
        let mut peaks = Vec::new();
        for i in 0..grid.len() {
            let before = if i == 0 { f64::NEG_INFINITY } else { heights[i - 1] };
            let after = heights.get(i + 1).copied().unwrap_or(f64::NEG_INFINITY);
            if heights[i] > before && heights[i] >= after {
                let (low, high) = (grid[i.saturating_sub(1)], grid[(i + 1).min(grid.len() - 1)]);
                peaks.push(self.sharpen(low, (grid[i], heights[i]), high));
            }
        }
        peaks
    }

    /// Halves the longer side of the bracket until no integer is left inside.
    fn sharpen(&mut self, mut low: f64, mut best: (f64, f64), mut high: f64) -> (f64, f64) {
        while high - low > 2.0 {
            let above = high - best.0 > best.0 - low;
            let probe = if above {
                best.0 + ((high - best.0) / 2.0).floor()
            } else {
                best.0 - ((best.0 - low) / 2.0).floor()
            };
            if probe == best.0 {
                break;
            }
            let there = self.height(probe);
            match (there > best.1, above) {
                (true, true) => (low, best) = (best.0, (probe, there)),
                (true, false) => (high, best) = (best.0, (probe, there)),
                (false, true) => high = probe,
                (false, false) => low = probe,
            }
        }
        best
    }
}

/// The sums so far.
struct Walk<'a> {
    summation: &'a Summation,
    log_mass: &'a dyn Fn(f64) -> f64,
    term: &'a mut dyn FnMut(f64, &mut [f64]),
    height: f64,
    sums: Vec<Compensated>,
    absolute: Vec<f64>,
    errors: Vec<f64>,
    buffer: Vec<f64>,
    evaluations: usize,
    exhausted: bool,
}

/// Terms below this fraction of the sum count as nothing.
const NEGLIGIBLE: f64 = 1e-18;

/// Where the terms are smooth, this many are added before the rest is integrated.
const DIRECT: f64 = 20_000.0;

impl Walk<'_> {
    /// Writes the terms at k into the buffer.
    fn evaluate(&mut self, k: f64) -> Result<(), Failure> {
        self.evaluations += 1;
        (self.term)(k, &mut self.buffer);
        if self.buffer.iter().any(|term| !term.is_finite()) {
            // `0·∞` where no mass is left is no reason to give up.
            if (self.log_mass)(k) < self.height - 100.0 {
                self.buffer.fill(0.0);
            } else {
                return Err(Failure::NotFinite { at: k });
            }
        }
        Ok(())
    }

    fn add(&mut self, k: f64) -> Result<(), Failure> {
        self.evaluate(k)?;
        for ((sum, absolute), term) in self.sums.iter_mut().zip(&mut self.absolute).zip(&self.buffer) {
            sum.add(*term);
            *absolute += term.abs();
        }
        Ok(())
    }

    /// Adds terms beyond `from` in one direction, at least as far as `required`.
    fn outwards(&mut self, from: f64, sign: f64, required: f64) -> Result<(), Failure> {
        let end = if sign > 0.0 { self.summation.upper } else { self.summation.lower };
        let mut run = Run::new(self.buffer.len());
        let mut distance = 0.0;
        while from + sign * distance != end {
            distance += 1.0;
            if self.evaluations >= self.summation.max_terms {
                self.exhausted = true;
                run.add_power_tails(distance, &mut self.errors);
                return Ok(());
            }
            if self.summation.smooth && distance > DIRECT.max(required) {
                return self.integrate_tail(from + sign * distance, end, sign);
            }
            self.add(from + sign * distance)?;
            run.push(distance, &self.buffer, &self.absolute);
            // Lattices and gaps: what is nothing now must stay nothing for a while.
            let long = run.length() >= (distance / 16.0).max(16.0);
            if distance >= required && long {
                run.add_geometric_tails(&mut self.errors);
                return Ok(());
            }
        }
        Ok(())
    }

    /// Euler and Maclaurin's formula for the terms from `start` to `end`, both included.
    fn integrate_tail(&mut self, start: f64, end: f64, sign: f64) -> Result<(), Failure> {
        let interval = Interval::new(start.min(end), start.max(end));
        let integral = Quadrature::over(interval).tolerance(1e-12).integrate(
            self.buffer.len(),
            self.log_mass,
            self.term,
        );
        self.evaluations += integral.evaluations;
        if integral.failure == Some(Failure::NoMass) {
            return Ok(());
        }
        if let Some(failure @ Failure::NotFinite { .. }) = integral.failure {
            return Err(failure);
        }
        for i in 0..self.buffer.len() {
            self.sums[i].add(integral.values[i]);
            self.absolute[i] += integral.values[i].abs();
            self.errors[i] += integral.errors[i];
        }
        self.correct_end(start, sign)?;
        if end.is_finite() { self.correct_end(end, -sign) } else { Ok(()) }
    }

    /// f/2 − f'/12 + f'''/720 at an end, the derivatives (inwards) from differences of neighbouring terms.
    fn correct_end(&mut self, at: f64, inwards: f64) -> Result<(), Failure> {
        let inside = |k: f64| (self.summation.lower..=self.summation.upper).contains(&k);
        // Where the sum ends with its range, differences are centred two terms further in.
        let centred = inside(at - 2.0 * inwards);
        let mut terms = Vec::with_capacity(5);
        for offset in 0..5 {
            let offset = f64::from(offset) - if centred { 2.0 } else { 0.0 };
            self.evaluate(at + inwards * offset)?;
            terms.push(self.buffer.clone());
        }
        for i in 0..self.buffer.len() {
            let f: Vec<f64> = terms.iter().map(|term| term[i]).collect();
            // Five-point formulas, at the middle or at the first of the points.
            let (value, slope, third) = if centred {
                let slope = (8.0 * (f[3] - f[1]) - (f[4] - f[0])) / 12.0;
                (f[2], slope, (f[4] - 2.0 * f[3] + 2.0 * f[1] - f[0]) / 2.0)
            } else {
                let slope = (-25.0 * f[0] + 48.0 * f[1] - 36.0 * f[2] + 16.0 * f[3] - 3.0 * f[4]) / 12.0;
                (f[0], slope, (-5.0 * f[0] + 18.0 * f[1] - 24.0 * f[2] + 14.0 * f[3] - 3.0 * f[4]) / 2.0)
            };
            self.sums[i].add(0.5 * value - slope / 12.0 + third / 720.0);
            self.errors[i] += third.abs() / 720.0 + f64::EPSILON * value.abs();
        }
        Ok(())
    }

    fn conclude(self) -> Integral {
        let rounding = self.absolute.iter().map(|absolute| 2.0 * f64::EPSILON * absolute);
        let errors: Vec<f64> =
            self.errors.iter().zip(rounding).map(|(tail, rounding)| tail + rounding).collect();
        let met = errors
            .iter()
            .zip(&self.absolute)
            .all(|(error, absolute)| *error <= self.summation.tolerance * absolute);
        let failure = match (self.exhausted, met) {
            (true, _) => Some(Failure::Budget),
            (false, false) => Some(Failure::Truncated),
            (false, true) => None,
        };
        Integral {
            values: self.sums.iter().map(|sum| sum.value()).collect(),
            errors,
            evaluations: self.evaluations,
            converged: failure.is_none(),
            failure,
        }
    }
}

/// How the terms behave on the way out: the stretch in which they count as nothing, and their decay before.
struct Run {
    first: f64,
    last: f64,
    /// The largest terms of the stretch up to its middle, and after.
    halves: [Vec<f64>; 2],
    /// The terms at distances 2ʲ and 2ʲ⁺¹.
    milestones: [(f64, Vec<f64>); 2],
    terms: Vec<f64>,
}

impl Run {
    fn new(outputs: usize) -> Run {
        let zeros = vec![0.0; outputs];
        Run {
            first: 1.0,
            last: 0.0,
            halves: [zeros.clone(), zeros.clone()],
            milestones: [(0.0, zeros.clone()), (0.0, zeros.clone())],
            terms: zeros,
        }
    }

    fn length(&self) -> f64 {
        self.last - self.first + 1.0
    }

    fn push(&mut self, distance: f64, terms: &[f64], absolute: &[f64]) {
        self.terms.copy_from_slice(terms);
        if pow(2.0, libm::log2(distance).round()) == distance {
            self.milestones.swap(0, 1);
            self.milestones[1].0 = distance;
            self.milestones[1].1.copy_from_slice(terms);
        }
        self.last = distance;
        if terms.iter().zip(absolute).any(|(term, absolute)| term.abs() > NEGLIGIBLE * absolute) {
            self.first = distance + 1.0;
            self.halves.iter_mut().for_each(|half| half.fill(0.0));
            return;
        }
        // The stretch ends at a sixteenth of the distance or at 16 terms: its middle is known in advance.
        let middle = self.first + 0.5 * (self.first / 16.0).max(16.0);
        let half = &mut self.halves[usize::from(distance >= middle)];
        for (largest, term) in half.iter_mut().zip(terms) {
            *largest = largest.max(term.abs());
        }
    }

    /// If the terms go on falling by the same factor from half to half, what is left is a geometric series.
    fn add_geometric_tails(&self, errors: &mut [f64]) {
        let half = 0.5 * self.length();
        for ((error, before), after) in errors.iter_mut().zip(&self.halves[0]).zip(&self.halves[1]) {
            if *after > 0.0 {
                let ratio = after / before;
                *error += if ratio < 1.0 { after * half * ratio / (1.0 - ratio) } else { f64::INFINITY };
            }
        }
    }

    /// If the terms go on falling like a power n^{−s} of the distance, n·f(n)/(s − 1) is left.
    fn add_power_tails(&self, distance: f64, errors: &mut [f64]) {
        let [(near, before), (far, after)] = &self.milestones;
        for (i, error) in errors.iter_mut().enumerate() {
            let term = self.terms[i].abs();
            if term == 0.0 {
                continue;
            }
            let power = log(before[i].abs() / after[i].abs()) / log(far / near);
            // Written so that a power that is NaN leaves everything open.
            *error += if power > 1.0 { distance * term / (power - 1.0) } else { f64::INFINITY };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use libm::{exp, lgamma};
    use std::f64::consts::PI;

    const NATURALS: Interval = Interval { lower: 0.0, upper: f64::INFINITY };
    const POSITIVE: Interval = Interval { lower: 1.0, upper: f64::INFINITY };

    #[track_caller]
    fn check(sum: &Integral, exact: &[f64], noise: f64) {
        for (i, exact) in exact.iter().enumerate() {
            let error = (sum.values[i] - exact).abs();
            let said = 10.0 * sum.errors[i] + (1e-13 + noise) * exact.abs().max(1.0);
            assert!(error <= said, "output {i}: error {error:e}, {sum:?}");
        }
    }

    /// p, p·k and p·k² of a mass function.
    fn moments(summation: &Summation, log_mass: &dyn Fn(f64) -> f64) -> Integral {
        summation.sum(3, log_mass, &mut |k, out| {
            let p = exp(log_mass(k));
            out.copy_from_slice(&[p, p * k, p * k * k]);
        })
    }

    #[test]
    fn poisson_sums_start_at_the_mode() {
        for mean in [1e-3, 0.7, 30.0, 1e4, 1e6] {
            let log_mass = |k: f64| k * log(mean) - mean - lgamma(k + 1.0);
            let sum = moments(&Summation::over(NATURALS), &log_mass);
            assert!(sum.converged && sum.evaluations < 60_000, "mean {mean}: {sum:?}");
            // The logarithm is a difference of numbers near k log k.
            let noise = 4.0 * f64::EPSILON * mean * log(mean).abs().max(1.0);
            check(&sum, &[1.0, mean, mean + mean * mean], noise);
        }
    }

    #[test]
    fn wide_smooth_sums_are_integrated_beyond_their_middle() {
        // A discrete normal of deviation 10⁶: by Poisson's summation formula its sum is √(2π)·10⁶.
        let log_mass = |k: f64| -0.5 * (k / 1e6) * (k / 1e6);
        let line = Summation::over(Interval::LINE).smooth();
        let sum = line.sum(1, &log_mass, &mut |k, out| out[0] = exp(log_mass(k)));
        assert!(sum.converged && sum.evaluations < 50_000, "{sum:?}");
        check(&sum, &[(2.0 * PI).sqrt() * 1e6], 0.0);
    }

    #[test]
    fn negative_binomial_sums_match_their_moments() {
        let (r, p) = (2.5, 0.02);
        let log_mass =
            |k: f64| lgamma(k + r) - lgamma(r) - lgamma(k + 1.0) + r * log(p) + k * libm::log1p(-p);
        let sum = moments(&Summation::over(NATURALS), &log_mass);
        let mean = r * (1.0 - p) / p;
        assert!(sum.converged, "{sum:?}");
        check(&sum, &[1.0, mean, mean / p + mean * mean], 1e-11);
    }

    #[test]
    fn a_power_tail_is_reported_or_integrated() {
        let zeta = |s: f64, summation: Summation| summation.sum_function(&|k| libm::pow(k, -s));
        let naturals = Summation::over(POSITIVE);
        for (s, exact) in [(2.0, PI * PI / 6.0), (1.5, 2.612_375_348_685_488)] {
            let plain = zeta(s, naturals.clone().max_terms(100_000));
            assert_eq!((plain.converged, plain.failure), (false, Some(Failure::Budget)));
            check(&plain, &[exact], 0.0);
            assert!(plain.errors[0] < 0.02, "{plain:?}");
            let smooth = zeta(s, naturals.clone().smooth());
            assert!(smooth.converged, "{smooth:?}");
            check(&smooth, &[exact], 0.0);
        }
        assert!(!zeta(1.0, naturals.clone().max_terms(100_000)).converged);
        assert!(!zeta(1.0, naturals.smooth()).converged);
    }

    #[test]
    fn finite_ranges_lattices_and_two_peaks_are_summed_whole() {
        let binomial = |k: f64| lgamma(41.0) - lgamma(k + 1.0) - lgamma(41.0 - k) - 40.0 * log(2.0);
        check(&moments(&Summation::over(Interval::new(0.0, 40.0)), &binomial), &[1.0, 20.0, 410.0], 1e-12);
        let integers = Summation::over(Interval::LINE);
        let thirds = |k: f64| if k % 3.0 == 0.0 { exp(-k.abs()) } else { 0.0 };
        check(&integers.sum_function(&thirds), &[1.0 / libm::tanh(1.5)], 0.0);
        // Two normals too far apart for anything to be left between them.
        let peaks = |k: f64| exp(-(k + 100.0) * (k + 100.0) / 8.0) + exp(-(k - 300.0) * (k - 300.0) / 8.0);
        let sum = integers.sum_function(&peaks);
        check(&sum, &[4.0 * (2.0 * PI).sqrt()], 0.0);
        assert!(sum.converged, "{sum:?}");
        let atom = |k: f64| if k == 0.0 { 0.5 } else { exp(k * log(900.0) - 900.0 - lgamma(k + 1.0)) };
        check(&Summation::over(NATURALS).sum_function(&atom), &[1.5], 1e-12);
    }

    #[test]
    fn terms_that_are_not_numbers_are_reported() {
        let naturals = Summation::over(NATURALS);
        let bad = naturals.sum(1, &|k| -k, &mut |k, out| out[0] = if k == 3.0 { f64::NAN } else { exp(-k) });
        assert_eq!(bad.failure, Some(Failure::NotFinite { at: 3.0 }));
        assert!(matches!(naturals.sum_function(&|_| f64::NAN).failure, Some(Failure::NotFinite { .. })));
        assert_eq!(naturals.sum_function(&|_| 0.0).failure, Some(Failure::NoMass));
        let divergent = naturals.clone().max_terms(10_000).sum_function(&|_| 1.0);
        assert!(!divergent.converged && divergent.errors[0] == f64::INFINITY);
    }
}
