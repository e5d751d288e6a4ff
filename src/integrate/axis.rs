//! Intervals, points on them, and the maps from the line that make their ends harmless.
//!
//! On `(0, 1)` the point `1/(1 + e^{−u})` lies `1/(1 + e^{u})` below 1, to full relative accuracy even
//! where the point itself rounds to 1. A map composed with `y = sinh t` is a double-exponential rule
//! (Takahasi and Mori 1974): logistic ∘ sinh is tanh-sinh, exp ∘ sinh is exp-sinh, sinh ∘ sinh is itself.

use libm::{cosh, exp, log, log1p, sinh};

/// An open interval; either end may be infinite.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Interval {
    /// The lower end, −∞ for none.
    pub lower: f64,
    /// The upper end, ∞ for none.
    pub upper: f64,
}

impl Interval {
    /// (−∞, ∞).
    pub const LINE: Interval = Interval { lower: f64::NEG_INFINITY, upper: f64::INFINITY };
    /// (0, ∞).
    pub const POSITIVE: Interval = Interval { lower: 0.0, upper: f64::INFINITY };

    /// (lower, upper).
    pub fn new(lower: f64, upper: f64) -> Interval {
        Interval { lower, upper }
    }

    /// Is there no point in it? An end that is NaN leaves none.
    pub fn is_empty(self) -> bool {
        let ordered = self.lower < self.upper;
        !ordered
    }

    /// The point `x`, with its distances by subtraction.
    pub fn abscissa(self, x: f64) -> Abscissa {
        Abscissa { x, from_lower: x - self.lower, to_upper: self.upper - x }
    }

    fn chart(self) -> Chart {
        match (self.lower.is_finite(), self.upper.is_finite()) {
            (false, false) => Chart::Line,
            (true, false) => Chart::Above,
            (false, true) => Chart::Below,
            (true, true) => Chart::Between,
        }
    }

    fn above(self, distance: f64) -> Abscissa {
        Abscissa { x: self.lower + distance, from_lower: distance, to_upper: f64::INFINITY }
    }

    fn below(self, distance: f64) -> Abscissa {
        Abscissa { x: self.upper - distance, from_lower: f64::INFINITY, to_upper: distance }
    }

    fn between(self, from_lower: f64, to_upper: f64) -> Abscissa {
        let nearer_lower = from_lower <= to_upper;
        let x = if nearer_lower { self.lower + from_lower } else { self.upper - to_upper };
        Abscissa { x, from_lower, to_upper }
    }

    /// The point at `u` on the scanning axis, and log(dx/du) there.
    ///
    /// x = sinh u on the line, a + eᵘ above a, b − eᵘ below b, a + (b − a)/(1 + e^{−u}) between.
    pub(super) fn scan(self, u: f64) -> (Abscissa, f64) {
        match self.chart() {
            Chart::Line => {
                let log_cosh = u.abs() + log1p(exp(-2.0 * u.abs())) - std::f64::consts::LN_2;
                (self.abscissa(sinh(u)), log_cosh)
            }
            Chart::Above => (self.above(exp(u)), u),
            // The axis runs upwards here too, so that peaks stay in order.
            Chart::Below => (self.below(exp(-u)), -u),
            Chart::Between => {
                let length = self.upper - self.lower;
                let (from_lower, to_upper) = (length / (1.0 + exp(-u)), length / (1.0 + exp(u)));
                let log_slope = log(length) - u.abs() - 2.0 * log1p(exp(-u.abs()));
                (self.between(from_lower, to_upper), log_slope)
            }
        }
    }
}

/// The four shapes of an interval.
#[derive(Clone, Copy, PartialEq)]
enum Chart {
    Line,
    Above,
    Below,
    Between,
}

/// A point of an interval with its distances to both ends, each to full relative accuracy.
///
/// An integrand singular at an end reads the distance: `(1 − x)^{−0.7}` on (0, 1) is `to_upper^{−0.7}`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Abscissa {
    /// The point, rounded; it may coincide with an end.
    pub x: f64,
    /// The distance from the lower end, ∞ where there is none.
    pub from_lower: f64,
    /// The distance to the upper end, ∞ where there is none.
    pub to_upper: f64,
}

/// What the integrand reads of an [`Abscissa`], which decides how close to an end it can be evaluated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reads {
    /// Only the rounded point: mass closer to an end than its last digit is out of reach.
    Coordinate,
    /// The distances as well.
    Distances,
}

impl Reads {
    /// Does the integrand see this point strictly inside, neither rounded onto an end nor overflowed?
    pub(super) fn sees(self, interval: Interval, point: Abscissa) -> bool {
        let inside = match self {
            Reads::Coordinate => interval.lower < point.x && point.x < interval.upper,
            Reads::Distances => point.from_lower > 0.0 && point.to_upper > 0.0,
        };
        inside && point.x.is_finite()
    }

    /// By how much the point may differ from the intended one through rounding.
    pub(super) fn rounding(self, point: Abscissa) -> f64 {
        let scale = match self {
            Reads::Coordinate => point.x.abs(),
            Reads::Distances => point.x.abs().min(point.from_lower).min(point.to_upper),
        };
        0.5 * f64::EPSILON * scale
    }
}

/// A map from y on the line onto an interval, centred and scaled to where the mass lies.
#[derive(Clone, Copy, Debug)]
pub(super) struct Map {
    pub(super) interval: Interval,
    pub(super) center: Abscissa,
    /// The unit of y: in x on the line, on the scanning axis elsewhere.
    pub(super) scale: f64,
    /// On the line: does the density fall slower than every exponential we can see?
    pub(super) heavy: bool,
}

impl Map {
    /// x(y) and dx/dy.
    pub(super) fn at(&self, y: f64) -> (Abscissa, f64) {
        let (interval, center, scale) = (self.interval, self.center, self.scale);
        match interval.chart() {
            Chart::Line if self.heavy => (interval.abscissa(center.x + scale * sinh(y)), scale * cosh(y)),
            Chart::Line => (interval.abscissa(center.x + scale * y), scale),
            Chart::Above => {
                let distance = center.from_lower * exp(scale * y);
                (interval.above(distance), scale * distance)
            }
            Chart::Below => {
                let distance = center.to_upper * exp(-scale * y);
                (interval.below(distance), scale * distance)
            }
            Chart::Between => {
                // With q the centre's fraction: d = L q e^Δ/((1 − q) + q e^Δ), and what is left of L.
                // Divided through by e^Δ for Δ > 0, so that nothing overflows.
                let (delta, length) = (scale * y, interval.upper - interval.lower);
                let shrink = exp(-delta.abs());
                let (rising, falling) = if delta > 0.0 { (1.0, shrink) } else { (shrink, 1.0) };
                let (below, above) = (center.from_lower * rising, center.to_upper * falling);
                let (from_lower, to_upper) =
                    (length * (below / (below + above)), length * (above / (below + above)));
                (interval.between(from_lower, to_upper), scale * from_lower * (to_upper / length))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use approx::assert_relative_eq;

    #[test]
    fn slopes_are_the_derivatives_of_the_maps() {
        let shapes = [
            Interval::LINE,
            Interval::new(2.0, f64::INFINITY),
            Interval::new(f64::NEG_INFINITY, 3.0),
            Interval::new(-1.0, 4.0),
        ];
        for interval in shapes {
            for heavy in [false, true] {
                let map = Map { interval, center: interval.abscissa(2.25), scale: 0.7, heavy };
                for y in [-1.5, -0.2, 0.0, 0.4, 2.0] {
                    let slope = (map.at(y + 1e-5).0.x - map.at(y - 1e-5).0.x) / 2e-5;
                    assert_relative_eq!(slope, map.at(y).1, max_relative = 1e-8);
                }
                assert_eq!(map.at(0.0).0.x, 2.25);
            }
            for u in [-1.5, 0.3, 2.0] {
                let slope = (interval.scan(u + 1e-5).0.x - interval.scan(u - 1e-5).0.x) / 2e-5;
                assert_relative_eq!(log(slope), interval.scan(u).1, epsilon = 1e-8);
            }
        }
    }

    #[test]
    fn distances_keep_their_digits_where_the_point_rounds_to_the_end() {
        let interval = Interval::new(0.0, 1.0);
        let (point, _) = interval.scan(100.0);
        assert_eq!(point.x, 1.0);
        assert_relative_eq!(point.to_upper, exp(-100.0), max_relative = 1e-14);
        assert!(!Reads::Coordinate.sees(interval, point) && Reads::Distances.sees(interval, point));
    }
}
