//! Where the mass of a density lies: its peaks on an axis without ends, and their widths.
//!
//! gamma(0.05, 1) has its mode at 0, yet on the axis `u = log x` its mass peaks at `u = log 0.05`. A coarse
//! scan of the log-density plus the log of the Jacobian finds such peaks, golden section sharpens them.
//! A peak narrower than the scan that the slopes around it do not betray stays unseen: a mixture of very
//! different scales needs break points.

use libm::{exp, log, sqrt};

use super::axis::{Abscissa, Interval, Map, Reads};

/// A local maximum of the mass on the scanning axis.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peak {
    position: f64,
    /// The logarithm of the density with respect to the axis.
    height: f64,
    /// Distance at which the logarithm has fallen by about ½, on the steeper side.
    width: f64,
    /// The logarithm of the mass by Laplace's method.
    log_mass: f64,
}

impl Peak {
    /// The one that carries more; a spike that rounding has left carries next to nothing.
    pub(super) fn heavier(self, other: Peak) -> Peak {
        if other.log_mass > self.log_mass { other } else { self }
    }
}

/// By how much the logarithm has fallen at a distance from the peak.
#[derive(Clone, Copy)]
struct Slope {
    distance: f64,
    drop: f64,
}

/// log ∫ of the Gaussian through the peak and a point on either side, above the height of the peak.
///
/// Exact for a Gaussian wherever the three points lie, so that it varies smoothly from slice to slice.
fn laplace([left, right]: [Slope; 2]) -> Option<f64> {
    // A fall that could not be brought near ½ is rounding, or an end of the axis.
    if [left, right].iter().any(|slope| !(0.0..=1.0).contains(&slope.drop)) {
        return None;
    }
    // The logarithm is h + bu − ½cu².
    let rates = [left.drop / left.distance, right.drop / right.distance];
    let c = 2.0 * (rates[0] + rates[1]) / (left.distance + right.distance);
    let b = 0.5 * c * right.distance - rates[1];
    let vertex = 0.5 * b * b / c;
    // The peak was found to a fraction of a nat; a parabola that rises far above it does not fit.
    (c > 0.0 && c.is_finite() && vertex < 0.5).then(|| vertex + 0.5 * log(2.0 * std::f64::consts::PI / c))
}

/// A log-density seen on the scanning axis of an interval.
pub(super) struct Landscape<'a> {
    pub(super) interval: Interval,
    pub(super) reads: Reads,
    pub(super) log_density: &'a mut dyn FnMut(Abscissa) -> f64,
    pub(super) evaluations: usize,
}

/// Below the highest peak by more than this many nats, a peak cannot matter (e⁻⁶⁰ ≈ 10⁻²⁶).
const NEGLIGIBLE: f64 = 60.0;

/// Places that must not lie higher than a peak found without a scan.
const CHECKS: [f64; 13] = [-40.0, -12.0, -6.0, -3.0, -1.5, -0.6, 0.0, 0.6, 1.5, 3.0, 6.0, 12.0, 40.0];

/// Further than this the scanning axis leaves the range of `f64` (e⁷⁴⁵ underflows).
const REACH: f64 = 740.0;

impl Landscape<'_> {
    fn height(&mut self, u: f64) -> f64 {
        let (point, log_slope) = self.interval.scan(u);
        if !self.reads.sees(self.interval, point) {
            return f64::NEG_INFINITY;
        }
        self.evaluations += 1;
        let height = (self.log_density)(point) + log_slope;
        if height.is_nan() || height == f64::INFINITY { f64::NEG_INFINITY } else { height }
    }

    /// The peaks that matter, in order; a known peak nearby saves the scan.
    pub(super) fn peaks(&mut self, hint: Option<Peak>) -> Vec<Peak> {
        if let Some(peak) = hint.and_then(|hint| self.climb(hint))
            && CHECKS.iter().all(|&u| self.height(u) <= peak.height)
        {
            return vec![peak];
        }
        let mut peaks = self.scan(1);
        if peaks.is_empty() {
            peaks = self.scan(8);
        }
        let highest = peaks.iter().map(|peak| peak.height).fold(f64::NEG_INFINITY, f64::max);
        peaks.retain(|peak| peak.height >= highest - NEGLIGIBLE);
        peaks
    }

    /// Local maxima on a grid refined `density` times, each sharpened.
    fn scan(&mut self, density: usize) -> Vec<Peak> {
        let grid = grid(density);
        let heights: Vec<f64> = grid.iter().map(|&u| self.height(u)).collect();
        let mut peaks = Vec::new();
        for i in 0..grid.len() {
            let before = if i == 0 { f64::NEG_INFINITY } else { heights[i - 1] };
            let after = heights.get(i + 1).copied().unwrap_or(f64::NEG_INFINITY);
            if heights[i] > before && heights[i] >= after {
                let (low, high) = (grid[i.saturating_sub(1)], grid[(i + 1).min(grid.len() - 1)]);
                peaks.push(self.sharpen([low, grid[i], high], heights[i]));
            }
        }
        peaks
    }

    /// Uphill from a known peak, with growing steps, until the maximum is bracketed.
    fn climb(&mut self, hint: Peak) -> Option<Peak> {
        let (mut best, mut height) = (hint.position, self.height(hint.position));
        if height == f64::NEG_INFINITY {
            return None;
        }
        let mut ends = [best; 2];
        for (end, sign) in ends.iter_mut().zip([-1.0, 1.0]) {
            // A width that rounding has made too small must not pin the search where it stands.
            let mut step = sign * hint.width.max(1e-9 * (1.0 + best.abs()));
            loop {
                *end = best + step;
                let next = self.height(*end);
                if next <= height {
                    break;
                }
                (best, height) = (*end, next);
                step *= 2.0;
                if best.abs() > REACH {
                    return None;
                }
            }
        }
        Some(self.sharpen([ends[0], best, ends[1]], height))
    }

    /// Golden section from a bracket `low < middle < high`, until the logarithm is flat across it.
    fn sharpen(&mut self, bracket: [f64; 3], height: f64) -> Peak {
        const GOLDEN: f64 = 0.381_966_011_250_105_1; // (3 − √5)/2
        let [mut low, mut best, mut high] = bracket;
        let mut height = height;
        let (mut at_low, mut at_high) = (self.height(low), self.height(high));
        for _ in 0..120 {
            let flat = height - at_low.min(at_high) < 0.02;
            if flat || high - low < 4.0 * f64::EPSILON * best.abs() {
                break;
            }
            let above = high - best > best - low;
            let probe = if above { best + GOLDEN * (high - best) } else { best - GOLDEN * (best - low) };
            let there = self.height(probe);
            match (there > height, above) {
                (true, true) => (low, at_low, best, height) = (best, height, probe, there),
                (true, false) => (high, at_high, best, height) = (best, height, probe, there),
                (false, true) => (high, at_high) = (probe, there),
                (false, false) => (low, at_low) = (probe, there),
            }
        }
        let reach = (high - low).max(4.0 * f64::EPSILON * best.abs()).max(f64::MIN_POSITIVE);
        let slopes = [-1.0, 1.0].map(|sign| self.slope(best, height, sign, reach));
        let width = slopes[0].distance.min(slopes[1].distance);
        Peak {
            position: best,
            height,
            width,
            log_mass: height + laplace(slopes).unwrap_or(log(slopes[0].distance + slopes[1].distance)),
        }
    }

    /// A distance at which the logarithm has fallen by ½ (to 2%, so that it varies smoothly), starting from a guess.
    fn slope(&mut self, at: f64, height: f64, sign: f64, guess: f64) -> Slope {
        let (mut near, mut far, mut distance) = (0.0, f64::INFINITY, guess);
        let mut drop = f64::INFINITY;
        for _ in 0..100 {
            drop = height - self.height(at + sign * distance);
            if drop < 0.49 {
                near = distance;
            } else if drop > 0.51 {
                far = distance;
            } else {
                break;
            }
            // Steeper than one digit of the axis is the rounding of the log-density.
            let finest = distance <= 4.0 * f64::EPSILON * at.abs() && drop > 1.0;
            if near > REACH || finest {
                break;
            }
            // Between a corner and a flat top the fall grows like a power of the distance.
            let guess = distance * sqrt(0.5 / drop);
            distance = if near < guess && guess < far && drop > 0.05 {
                guess
            } else if far.is_finite() {
                0.5 * (near + far)
            } else {
                2.0 * near
            };
        }
        Slope { distance, drop }
    }

    /// The lowest place between two neighbouring peaks, if it is a valley worth splitting at.
    fn valley(&mut self, left: Peak, right: Peak) -> Option<f64> {
        const PIECES: usize = 24;
        let place = |i: usize| left.position + (right.position - left.position) * i as f64 / PIECES as f64;
        let (mut lowest, mut floor) = (place(PIECES / 2), f64::INFINITY);
        for i in 1..PIECES {
            let height = self.height(place(i));
            if height < floor {
                (lowest, floor) = (place(i), height);
            }
        }
        let split = self.interval.scan(lowest).0.x;
        let inside = self.interval.lower < split && split < self.interval.upper;
        (inside && left.height.min(right.height) - floor > 1.0).then_some(split)
    }

    /// Points of the interval between peaks far enough apart to be integrated separately.
    pub(super) fn splits(&mut self, peaks: &[Peak]) -> Vec<f64> {
        peaks.windows(2).filter_map(|pair| self.valley(pair[0], pair[1])).collect()
    }

    /// The map onto the interval centred and scaled at a peak.
    pub(super) fn map(&mut self, peak: Peak) -> Map {
        let interval = self.interval;
        let center = interval.scan(peak.position).0;
        if interval != Interval::LINE {
            return Map { interval, center, scale: peak.width, heavy: false };
        }
        let right = interval.scan(peak.position + peak.width).0.x - center.x;
        let left = center.x - interval.scan(peak.position - peak.width).0.x;
        let scale = left.min(right);
        // A power tail of order 6.5 loses 30 nats within a hundred widths; steeper ones need no second sinh.
        let heavy = [-100.0, 100.0].iter().any(|&far| {
            let tail = (self.log_density)(interval.abscissa(center.x + far * scale));
            (self.log_density)(center) - tail < 30.0
        });
        self.evaluations += 4;
        Map { interval, center, scale, heavy }
    }
}

/// The logarithm of the mass of several peaks: log Σ exp.
pub(super) fn log_mass(peaks: &[Peak]) -> f64 {
    let highest = peaks.iter().map(|peak| peak.log_mass).fold(f64::NEG_INFINITY, f64::max);
    if highest == f64::NEG_INFINITY {
        return highest;
    }
    highest + log(peaks.iter().map(|peak| exp(peak.log_mass - highest)).sum())
}

/// Fine near the middle, where scales are ordinary, and coarse where they are astronomical.
fn grid(density: usize) -> Vec<f64> {
    let rows = [(0.5, 12.0), (2.0, 40.0), (20.0, REACH)];
    let mut upper = vec![0.0];
    for (step, end) in rows {
        let step = step / density as f64;
        while let Some(&last) = upper.last()
            && last + 0.5 * step < end
        {
            upper.push(last + step);
        }
    }
    let lower = upper[1..].iter().rev().map(|u| -u);
    lower.chain(upper.iter().copied()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn peaks_of(interval: Interval, log_density: fn(f64) -> f64) -> Vec<(f64, Peak)> {
        let mut log_density = |point: Abscissa| log_density(point.x);
        let mut landscape =
            Landscape { interval, reads: Reads::Coordinate, log_density: &mut log_density, evaluations: 0 };
        let peaks = landscape.peaks(None);
        peaks.into_iter().map(|peak| (interval.scan(peak.position).0.x, peak)).collect()
    }

    #[test]
    fn a_needle_far_from_the_origin_is_found() {
        let peaks = peaks_of(Interval::LINE, |x| -0.5 * ((x - 1e3) / 1e-3) * ((x - 1e3) / 1e-3));
        assert_eq!(peaks.len(), 1);
        assert!((peaks[0].0 - 1e3).abs() < 1e-3);
    }

    #[test]
    fn both_ends_of_the_circle_are_found_when_the_mode_is_the_seam() {
        let circle = Interval::new(-std::f64::consts::PI, std::f64::consts::PI);
        let peaks = peaks_of(circle, |x| -500.0 * libm::cos(x));
        assert_eq!(peaks.len(), 2);
    }

    #[test]
    fn the_mass_of_a_density_singular_at_zero_peaks_inside() {
        let peaks = peaks_of(Interval::POSITIVE, |x| -0.95 * log(x) - x);
        assert_eq!(peaks.len(), 1);
        assert!((0.02..0.12).contains(&peaks[0].0));
    }
}
