//! Roots of a function of one variable, kept in a bracket.
//!
//! cos x − x changes sign on (0, 1); both methods find 0.7390851332151607 there. A bracket is never left, so a
//! wild derivative costs steps, not correctness.

/// An approximate root.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Root {
    /// The place.
    pub x: f64,
    /// The value of the function there.
    pub residual: f64,
    /// How often the function was evaluated beyond the two ends.
    pub iterations: usize,
}

const MOST_ITERATIONS: usize = 200;

/// A root in `[a, b]` by Brent's method (Brent 1973, ch. 4), to an absolute `tolerance` in x.
///
/// `None` where the signs at the ends do not differ or a value is NaN.
pub fn brent(function: &dyn Fn(f64) -> f64, a: f64, b: f64, tolerance: f64) -> Option<Root> {
    let (mut a, mut b) = ((a, function(a)), (b, function(b)));
    let (mut c, mut step, mut before) = (a, b.0 - a.0, b.0 - a.0);
    if a.1.is_nan() || b.1.is_nan() || a.1 * b.1.signum() > 0.0 {
        return None;
    }
    for iterations in 0..MOST_ITERATIONS {
        if (b.1 > 0.0) == (c.1 > 0.0) {
            (c, step, before) = (a, b.0 - a.0, b.0 - a.0);
        }
        if c.1.abs() < b.1.abs() {
            (a, b, c) = (b, c, b);
        }
        let close = 2.0 * f64::EPSILON * b.0.abs() + 0.5 * tolerance;
        let half = 0.5 * (c.0 - b.0);
        if half.abs() <= close || b.1 == 0.0 {
            return Some(Root { x: b.0, residual: b.1, iterations });
        }
        let trial = interpolate(a, b, c);
        if before.abs() >= close && a.1.abs() > b.1.abs() && acceptable(trial, half, before, close) {
            (before, step) = (step, trial);
        } else {
            (before, step) = (half, half);
        }
        a = b;
        b.0 += if step.abs() > close { step } else { close.copysign(half) };
        b.1 = function(b.0);
        if b.1.is_nan() {
            return None;
        }
    }
    None
}

/// The step from b by the secant, or by inverse quadratic interpolation through three points.
fn interpolate(a: (f64, f64), b: (f64, f64), c: (f64, f64)) -> f64 {
    let s = b.1 / a.1;
    if a.0 == c.0 {
        return -(c.0 - b.0) * s / (1.0 - s);
    }
    let (q, r) = (a.1 / c.1, b.1 / c.1);
    let p = s * ((c.0 - b.0) * q * (q - r) - (b.0 - a.0) * (r - 1.0));
    -p / ((q - 1.0) * (r - 1.0) * (s - 1.0))
}

/// Does the step stay within three quarters of the bracket and halve the one before the last?
fn acceptable(trial: f64, half: f64, before: f64, close: f64) -> bool {
    let forward = trial * half.signum();
    forward > 0.0 && forward < 1.5 * half.abs() - 0.5 * close && trial.abs() < 0.5 * before.abs()
}

/// A root in `[a, b]` by Newton's method, halving the bracket wherever a Newton step would leave it or dawdle.
///
/// The closure gives value and derivative. `None` where the signs at the ends do not differ or a value is NaN.
pub fn newton(function: &dyn Fn(f64) -> (f64, f64), a: f64, b: f64, tolerance: f64) -> Option<Root> {
    let (at_a, at_b) = (function(a).0, function(b).0);
    if at_a.is_nan() || at_b.is_nan() || at_a * at_b.signum() > 0.0 {
        return None;
    }
    if at_a == 0.0 {
        return Some(Root { x: a, residual: 0.0, iterations: 0 });
    }
    let (mut negative, mut positive) = if at_a < 0.0 { (a, b) } else { (b, a) };
    let (mut x, mut step) = (0.5 * (a + b), (b - a).abs());
    for iterations in 1..=MOST_ITERATIONS {
        let (value, slope) = function(x);
        if value.is_nan() {
            return None;
        }
        if value < 0.0 {
            negative = x
        } else {
            positive = x
        }
        let (low, high) = (negative.min(positive), negative.max(positive));
        let next = x - value / slope;
        let good = low < next && next < high && (next - x).abs() < 0.5 * step;
        let target = if good { next } else { 0.5 * (low + high) };
        step = (target - x).abs();
        if value == 0.0 || step <= tolerance + 2.0 * f64::EPSILON * x.abs() {
            let x = if value == 0.0 { x } else { target };
            return Some(Root { x, residual: function(x).0, iterations });
        }
        x = target;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use libm::{atan, cbrt, cos, exp, sin};

    #[test]
    fn both_methods_find_known_roots() {
        let fixed = 0.739_085_133_215_160_7; // cos x = x
        let root = brent(&|x| cos(x) - x, 0.0, 1.0, 0.0).unwrap();
        assert!((root.x - fixed).abs() < 2e-16 && root.iterations < 12, "{root:?}");
        let root = newton(&|x| (cos(x) - x, -sin(x) - 1.0), 0.0, 1.0, 0.0).unwrap();
        assert!((root.x - fixed).abs() < 2e-16 && root.iterations < 12, "{root:?}");
    }

    #[test]
    fn brackets_tame_functions_that_mislead() {
        // Newton's method alone diverges on both; the third is flat nearly everywhere.
        let arc =
            newton(&|x| (atan(x - 3.0), 1.0 / (1.0 + (x - 3.0) * (x - 3.0))), -1e6, 1e5, 1e-12).unwrap();
        assert!((arc.x - 3.0).abs() < 1e-11, "{arc:?}");
        let cube = newton(&|x| (cbrt(x - 3.0), cbrt(x - 3.0) / (3.0 * (x - 3.0))), 0.0, 10.0, 1e-12).unwrap();
        assert!((cube.x - 3.0).abs() < 1e-11, "{cube:?}");
        let flat = brent(&|x| exp(-1e3 * (x - 0.3).abs()) * (x - 0.3), -7.0, 9.0, 1e-12).unwrap();
        assert!((flat.x - 0.3).abs() < 1e-11 || flat.residual == 0.0, "{flat:?}");
        let step = brent(&|x| if x < 1.0 / 3.0 { -1.0 } else { 1e9 }, 0.0, 1.0, 1e-14).unwrap();
        assert!((step.x - 1.0 / 3.0).abs() < 1e-13, "{step:?}");
    }

    #[test]
    fn no_change_of_sign_is_no_root() {
        assert_eq!(brent(&|x| x * x + 1.0, -1.0, 1.0, 0.0), None);
        assert_eq!(newton(&|x| (x * x + 1.0, 2.0 * x), -1.0, 1.0, 0.0), None);
        assert_eq!(brent(&|_| f64::NAN, -1.0, 1.0, 0.0), None);
        assert_eq!(newton(&|x| (x, 1.0), 0.0, 1.0, 0.0).map(|root| root.x), Some(0.0));
        assert_eq!(brent(&|x| x, 0.0, 1.0, 0.0).map(|root| root.x), Some(0.0));
    }
}
