//! One panel: a trapezoidal sum in t, refined by halving, with the three parts of its error.
//!
//! If S₁, S₂, S₃ are the sums at h, h/2, h/4, the error of S₃ is estimated by |S₃ − S₂|²/|S₂ − S₁|: pessimistic
//! where digits double, right where (at an unknown kink) they only grow. To it come what lies beyond the
//! last point that can be represented, and what the rounding of the points does.

use libm::log;

use super::Compensated;
use super::axis::{Abscissa, Interval, Map, Reads};
use super::quadrature::{Outputs, Source, double_exponential, within};

/// The integrand is not finite at a place that matters.
pub(super) struct Stop {
    pub(super) at: f64,
}

/// A piece of the interval with its map and its sums so far.
pub(super) struct Panel {
    whole: Interval,
    reads: Reads,
    map: Map,
    step: f64,
    level: usize,
    evaluations: usize,
    /// log(density·dx/dt) at the centre.
    height: f64,
    sides: [Side; 2],
    outputs: Vec<Output>,
    checked: usize,
    buffer: Vec<f64>,
    /// By how much rounding may have moved the point visited before.
    rounding_before: f64,
}

/// One direction in t: how far it goes, and the points passed when it ends at an edge.
#[derive(Default)]
struct Side {
    limit: f64,
    /// Does it end because points beyond cannot be represented, rather than because nothing is left?
    edge: bool,
    /// |y| and the absolute integrands with respect to y.
    trail: Vec<(f64, Vec<f64>)>,
}

/// The sums of one output.
#[derive(Clone, Default)]
struct Output {
    sum: Compensated,
    absolute: f64,
    value: f64,
    change: f64,
    change_before: f64,
    /// Σ (Δf·δx)² over neighbouring points of the latest level.
    jitter: f64,
    previous: f64,
}

/// Terms below this fraction of the sum, three times running, end a side.
const NEGLIGIBLE: f64 = 1e-20;

/// The first step in t, and the farthest t (sinh 60 ≈ 10²⁶ widths).
const FIRST_STEP: f64 = 0.5;
const FARTHEST: f64 = 60.0;

/// h = 2⁻¹⁴ is the finest step.
const FINEST: usize = 13;

enum Visit {
    Seen,
    /// Not representable, or not finite where nothing is left.
    Beyond,
}

impl Panel {
    pub(super) fn new(whole: Interval, reads: Reads, map: Map) -> Panel {
        Panel {
            whole,
            reads,
            map,
            step: FIRST_STEP,
            level: 0,
            evaluations: 0,
            height: 0.0,
            sides: [Side::default(), Side::default()],
            outputs: Vec::new(),
            checked: 0,
            buffer: Vec::new(),
            rounding_before: 0.0,
        }
    }

    /// The first level: from the centre outwards, until nothing is left or the edge is met.
    pub(super) fn start(&mut self, outputs: Outputs, source: &mut dyn Source) -> Result<(), Stop> {
        self.outputs = vec![Output::default(); outputs.total()];
        self.buffer = vec![0.0; outputs.total()];
        self.checked = outputs.checked;
        let (point, slope) = self.map.at(0.0);
        self.height = source.log_density(within(self.whole, self.map.interval, point)) + log(slope);
        self.forget_neighbours();
        self.visit(0.0, source)?;
        for (side, sign) in [-1.0, 1.0].into_iter().enumerate() {
            self.walk(side, sign, source)?;
        }
        self.close_level();
        // Two changes are needed before an error can be estimated.
        self.refine(source)?;
        self.refine(source)
    }

    fn walk(&mut self, side: usize, sign: f64, source: &mut dyn Source) -> Result<(), Stop> {
        let mut quiet = 0;
        for k in 1.. {
            let t = k as f64 * FIRST_STEP;
            if t > FARTHEST {
                break;
            }
            if let Visit::Beyond = self.visit(sign * t, source)? {
                self.sides[side].edge = true;
                self.sides[side].limit = self.find_edge(sign, t - FIRST_STEP, t);
                return Ok(());
            }
            self.sides[side].limit = t;
            let left = self.buffer.iter().zip(&self.outputs);
            let nothing = left.into_iter().all(|(term, output)| term.abs() <= NEGLIGIBLE * output.absolute);
            quiet = if nothing { quiet + 1 } else { 0 };
            if quiet == 3 {
                return Ok(());
            }
        }
        self.sides[side].edge = true;
        Ok(())
    }

    /// The farthest t whose point can be told from the end of the interval.
    fn find_edge(&self, sign: f64, mut inside: f64, mut outside: f64) -> f64 {
        for _ in 0..40 {
            let middle = 0.5 * (inside + outside);
            if self.representable(sign * middle).is_some() { inside = middle } else { outside = middle }
        }
        inside
    }

    /// The point at t with dx/dy, when the integrand can see it.
    fn representable(&self, t: f64) -> Option<(Abscissa, f64)> {
        let (point, slope) = self.map.at(double_exponential(t).0);
        let point = within(self.whole, self.map.interval, point);
        let seen = self.reads.sees(self.whole, point) && slope > 0.0 && slope.is_finite();
        seen.then_some((point, slope))
    }

    /// Is the point so close to an end, or so far out, that the integrand may fail to be told from its limit?
    fn at_end(&self, point: Abscissa) -> bool {
        let Interval { lower, upper } = self.map.interval;
        let touches = |end: f64| end.is_finite() && (point.x - end).abs() <= 4.0 * f64::EPSILON * end.abs();
        let edge = point.from_lower.min(point.to_upper) < 1e-290 || point.x.abs() > 1e290;
        edge || touches(lower) || touches(upper)
    }

    /// Adds the terms at t to the sums.
    fn visit(&mut self, t: f64, source: &mut dyn Source) -> Result<Visit, Stop> {
        let Some((point, slope)) = self.representable(t) else { return Ok(Visit::Beyond) };
        let (y, dy) = double_exponential(t);
        let quiet =
            self.buffer.iter().zip(&self.outputs).all(|(term, output)| term.abs() <= 1e-15 * output.absolute);
        self.evaluations += 1;
        source.evaluate(point, &mut self.buffer);
        // An error that is infinite makes the sum of errors infinite, and stops nothing.
        if self.buffer[..self.checked].iter().any(|value| !(value * slope * dy).is_finite()) {
            let depth = source.log_density(point) + log(slope * dy) - self.height;
            self.buffer.fill(0.0);
            // `0·∞` in a tail of which nothing is left is no reason to give up.
            let nothing = depth < -50.0 || (quiet && self.outputs[0].absolute > 0.0);
            let harmless = nothing || self.at_end(point);
            return if harmless { Ok(Visit::Beyond) } else { Err(Stop { at: point.x }) };
        }
        let rounding = self.reads.rounding(point);
        let side = &mut self.sides[usize::from(t > 0.0)];
        if self.level == 0 || side.edge {
            side.trail.push((y.abs(), self.buffer.iter().map(|value| (value * slope).abs()).collect()));
        }
        for (output, value) in self.outputs.iter_mut().zip(&mut self.buffer) {
            if !output.previous.is_nan() {
                let shift = (*value - output.previous) * rounding.min(self.rounding_before);
                output.jitter += shift * shift;
            }
            output.previous = *value;
            *value *= slope * dy;
            output.sum.add(*value);
            output.absolute += value.abs();
        }
        self.rounding_before = rounding;
        Ok(Visit::Seen)
    }

    /// Halves the step: the new points lie midway between the old ones.
    pub(super) fn refine(&mut self, source: &mut dyn Source) -> Result<(), Stop> {
        self.level += 1;
        self.forget_neighbours();
        let (low, high) = (-self.sides[0].limit, self.sides[1].limit);
        let mut k = (low / self.step - 0.5).ceil();
        while (k + 0.5) * self.step <= high {
            self.visit((k + 0.5) * self.step, source)?;
            k += 1.0;
        }
        self.step *= 0.5;
        self.close_level();
        Ok(())
    }

    fn forget_neighbours(&mut self) {
        for output in &mut self.outputs {
            (output.jitter, output.previous) = (0.0, f64::NAN);
        }
    }

    fn close_level(&mut self) {
        for output in &mut self.outputs {
            let value = self.step * output.sum.value();
            (output.change_before, output.change) = (output.change, (value - output.value).abs());
            output.value = value;
        }
    }

    pub(super) fn evaluations(&self) -> usize {
        self.evaluations
    }

    /// Halving the step takes as many points again.
    pub(super) fn next_cost(&self) -> usize {
        if self.level >= FINEST { usize::MAX / 1024 } else { self.evaluations }
    }

    pub(super) fn exceeds(&self, budgets: &[f64], outputs: Outputs) -> bool {
        (0..outputs.checked).any(|i| {
            // Halving the step mends neither the rounding of the points nor a tail cut off.
            let floor = self.rounding(i) + 0.1 * self.truncation(i);
            let met = self.discretization(i) <= budgets[i].max(floor);
            !met
        })
    }

    pub(super) fn value(&self, i: usize) -> f64 {
        self.outputs[i].value
    }

    /// The integral of the absolute value.
    pub(super) fn magnitude(&self, i: usize) -> f64 {
        self.step * self.outputs[i].absolute
    }

    pub(super) fn discretization(&self, i: usize) -> f64 {
        let Output { change, change_before, .. } = self.outputs[i];
        if change < change_before { (change * (change / change_before)).max(1e-3 * change) } else { change }
    }

    pub(super) fn rounding(&self, i: usize) -> f64 {
        4.0 * f64::EPSILON * self.magnitude(i) + self.outputs[i].jitter.sqrt()
    }

    /// What lies beyond the edges, if the integrand goes on falling there as e^{−ry}; ∞ if it does not fall.
    pub(super) fn truncation(&self, i: usize) -> f64 {
        self.sides.iter().filter(|side| side.edge).map(|side| side.missing(i, self.magnitude(i))).sum()
    }
}

impl Side {
    fn missing(&self, i: usize, magnitude: f64) -> f64 {
        let Some((far, last)) = self.trail.iter().max_by(|a, b| a.0.total_cmp(&b.0)) else {
            return f64::INFINITY;
        };
        if last[i] <= NEGLIGIBLE * magnitude {
            return 0.0;
        }
        // A rate over a quarter of the way is not misled by the rounding of the last points.
        let distance = |y: f64| (y - 0.75 * far).abs();
        let (near, before) = self
            .trail
            .iter()
            .min_by(|a, b| distance(a.0).total_cmp(&distance(b.0)))
            .expect("the trail has a farthest point");
        let rate = log(before[i] / last[i]) / (far - near);
        if rate > 0.0 { last[i] / rate } else { f64::INFINITY }
    }
}
