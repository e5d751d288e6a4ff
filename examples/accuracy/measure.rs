//! The errors of computed floats against enclosures, in units in the last place.
//!
//! An error is divided by 1 + κ, where κ = Σᵢ |xᵢ ∂f/∂xᵢ / f| is the relative condition number in the inputs: a function
//! cannot be better than its inputs, each of which is a float in place of a real number. κ is computed only where it
//! decides a maximum.

use std::sync::OnceLock;

use referee::bundle::{Made, condition, enclosure};
use referee::emit::Shape;
use referee::number::Ball;

/// At most this is called well-conditioned.
pub const WELL: f64 = 4.0;

/// What is known of one function.
#[derive(Clone, Debug, Default)]
pub struct Errors {
    /// Points of the domain.
    pub points: usize,
    /// Numbers that were compared, several at each point for a vector.
    pub compared: usize,
    /// Largest error in ulps where κ ≤ 4, and its point.
    pub well: Worst,
    /// Largest error in ulps divided by 1 + κ, and its point.
    pub scaled: Worst,
    /// Largest error in ulps, and its point.
    pub raw: Worst,
    /// NaN, or an infinity, where the value is an ordinary float.
    pub lost: Worst,
    /// How many of them.
    pub lost_count: usize,
    /// Values below the smallest ordinary float, where ulps say nothing.
    pub small: usize,
    /// Of these, computed values that are not as small.
    pub small_wrong: usize,
    /// One of them.
    pub small_at: Worst,
    /// Values beyond the largest float.
    pub large: usize,
    /// Of these, computed values that are neither infinite of the right sign nor NaN.
    pub large_wrong: usize,
    /// One of them.
    pub large_at: Worst,
    /// Values that no enclosure settles, or whose error cannot be judged as κ is not known.
    pub unsettled: usize,
    /// Values that are 0 at every point near by, computed as another number.
    pub zero_wrong: usize,
    /// One of them.
    pub zero_at: Worst,
    /// Points outside of the domain.
    pub outside: usize,
    /// Of these, computed values that are not NaN.
    pub outside_wrong: usize,
}

/// A maximum, and where it is taken.
#[derive(Clone, Debug, Default)]
pub struct Worst {
    /// The largest value.
    pub value: f64,
    /// The flat inputs there.
    pub at: Vec<f64>,
    /// Which output.
    pub output: usize,
}

impl Worst {
    fn see(&mut self, value: f64, at: &[f64], output: usize) {
        if value > self.value {
            *self = Worst { value, at: at.to_vec(), output };
        }
    }
}

/// What a routine is at a point of its domain, whoever computes it.
#[derive(Debug)]
pub struct Truth {
    point: Vec<f64>,
    balls: Vec<Ball>,
    /// κ of each output, as soon as one is needed.
    conditions: OnceLock<Vec<f64>>,
}

/// What a routine is at points of its domain.
pub fn truths(made: &Made, name: &str, points: &[Vec<f64>]) -> Vec<Truth> {
    let at = |point: &Vec<f64>| Truth {
        point: point.clone(),
        balls: enclosure(made, name, point),
        conditions: OnceLock::new(),
    };
    points.iter().map(at).collect()
}

impl Errors {
    /// Compares what a routine computed at points of its domain, row after row, with enclosures.
    pub fn inside(&mut self, made: &Made, name: &str, truths: &[Truth], computed: &[f64]) {
        let width = width(made, name);
        for (truth, row) in truths.iter().zip(computed.chunks(width)) {
            self.points += 1;
            self.point(made, name, truth, row);
        }
    }

    fn point(&mut self, made: &Made, name: &str, truth: &Truth, row: &[f64]) {
        let point = truth.point.as_slice();
        for (output, (ball, value)) in truth.balls.iter().zip(row).enumerate() {
            self.compared += 1;
            let Some(magnitude) = settled(ball) else {
                self.unsettled += 1;
                continue;
            };
            if magnitude > f64::MAX {
                self.large += 1;
                let right = if ball.is_negative() { f64::NEG_INFINITY } else { f64::INFINITY };
                // At the edge the largest float is as near as infinity.
                let at_edge = value.abs() > 0.999_999 * f64::MAX && value.signum() == right.signum();
                if !(value.is_nan() || *value == right || at_edge) {
                    self.large_wrong += 1;
                    self.large_at.see(1.0, point, output);
                }
                continue;
            }
            if magnitude < f64::MIN_POSITIVE && magnitude > 0.0 {
                self.small += 1;
                let sign_holds = *value == 0.0 || (*value > 0.0) == ball.is_positive();
                if !(value.abs() <= f64::MIN_POSITIVE && sign_holds) {
                    self.small_wrong += 1;
                    self.small_at.see(1.0, point, output);
                }
                continue;
            }
            if !value.is_finite() {
                self.lost_count += 1;
                self.lost.see(1.0, point, output);
                continue;
            }
            let kappa = || truth.conditions.get_or_init(|| condition(made, name, point))[output];
            self.error(ball, *value, magnitude, point, output, &kappa);
        }
    }

    fn error(
        &mut self,
        truth: &Ball,
        value: f64,
        magnitude: f64,
        point: &[f64],
        output: usize,
        kappa: &dyn Fn() -> f64,
    ) {
        // A float next to the true value is at most a whole unit away.
        let middle = truth.midpoint_f64();
        if middle == value && self.raw.value >= 1.0 && self.well.value >= 1.0 && self.scaled.value >= 1.0 {
            return;
        }
        // In balls to the end: a difference below the smallest normal float would be rounded up to it.
        let difference = Ball::from_f64(value, 256).sub(truth).abs();
        let error = difference.div(&Ball::from_f64(unit(magnitude), 256)).upper_f64();
        if magnitude == 0.0 {
            if value != 0.0 {
                match kappa() {
                    0.0 => {
                        self.zero_wrong += 1;
                        self.zero_at.see(1.0, point, output);
                    }
                    // A root of the function, hit exactly.
                    _ => self.unsettled += 1,
                }
            }
            return;
        }
        self.raw.see(error, point, output);
        if error > self.well.value || error > self.scaled.value {
            let kappa = kappa();
            if kappa.is_infinite() {
                self.unsettled += 1;
                return;
            }
            self.scaled.see(error / (1.0 + kappa), point, output);
            if kappa <= WELL {
                self.well.see(error, point, output);
            }
        }
    }

    /// Counts what is not NaN outside of the domain; of a truth value, what is not false.
    pub fn outside(&mut self, made: &Made, name: &str, computed: &[f64]) {
        let width = width(made, name);
        let routine = made.bundle.routines.iter().find(|r| r.name == name).expect("a routine");
        for row in computed.chunks(width) {
            self.outside += 1;
            let wrong = match routine.result {
                Shape::Truth => row[0] != 0.0,
                _ => row.iter().any(|v| !v.is_nan()),
            };
            self.outside_wrong += usize::from(wrong);
        }
    }
}

impl Errors {
    /// Where the function misses what is asked of it: at most 16 ulps times 1 + κ, a number wherever there is one, none
    /// outside of the domain.
    pub fn misses(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut miss = |is_missed: bool, what: String, worst: &Worst| {
            let at: Vec<String> = worst.at.iter().map(|v| format!("{v:e}")).collect();
            found
                .extend(is_missed.then(|| format!("{what}, output {} at ({})", worst.output, at.join(", "))));
        };
        miss(self.scaled.value > 16.0, format!("{:.3e} ulps/(1+κ)", self.scaled.value), &self.scaled);
        miss(
            self.zero_wrong > 0,
            format!("{} that are not 0 as they should", self.zero_wrong),
            &self.zero_at,
        );
        miss(self.lost_count > 0, format!("{} without a number", self.lost_count), &self.lost);
        miss(
            self.small_wrong > 0,
            format!("{} too large below the floats", self.small_wrong),
            &self.small_at,
        );
        miss(self.large_wrong > 0, format!("{} finite beyond the floats", self.large_wrong), &self.large_at);
        if self.outside_wrong > 0 {
            found.push(format!("{} numbers outside of the domain", self.outside_wrong));
        }
        found
    }
}

/// How many floats a routine returns.
pub fn width(made: &Made, name: &str) -> usize {
    let routine = made.bundle.routines.iter().find(|r| r.name == name).expect("a routine");
    routine.result.size()
}

/// The absolute value of what a ball encloses, when it is narrow enough for the nearest floats; above the largest float,
/// infinity.
fn settled(ball: &Ball) -> Option<f64> {
    if ball.is_zero() {
        return Some(0.0);
    }
    let narrow = ball.is_defined() && ball.relative_accuracy_bits().is_some_and(|bits| bits >= 60);
    narrow.then(|| {
        let beyond = Ball::from_f64(f64::MAX, 64).sub(&ball.abs()).is_negative();
        if beyond { f64::INFINITY } else { ball.midpoint_f64().abs() }
    })
}

/// The distance between floats at this size.
fn unit(magnitude: f64) -> f64 {
    let exponent = (magnitude.to_bits() >> 52) as i32 - 1023;
    libm::ldexp(1.0, exponent - 52)
}
