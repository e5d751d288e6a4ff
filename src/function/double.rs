//! Sums and products of `f64` with twice its digits, for bodies that would lose a few otherwise.
//!
//! A `Double` is an unevaluated sum `high + low` with |low| at most half a unit in the last place
//! of `high`: `1/3` is 0.333… with 32 correct digits.

/// An unevaluated sum of two floats.
#[derive(Clone, Copy)]
pub(super) struct Double {
    high: f64,
    low: f64,
}

impl Double {
    /// The float itself.
    pub(super) fn new(value: f64) -> Double {
        Double { high: value, low: 0.0 }
    }

    /// a + b without error (Knuth).
    pub(super) fn sum(a: f64, b: f64) -> Double {
        let high = a + b;
        let b_part = high - a;
        Double::exactly(high, (a - (high - b_part)) + (b - b_part))
    }

    /// a·b without error, away from overflow (Dekker).
    pub(super) fn product(a: f64, b: f64) -> Double {
        let ((a1, a2), (b1, b2)) = (split(a), split(b));
        let high = a * b;
        Double::exactly(high, ((a1 * b1 - high) + a1 * b2 + a2 * b1) + a2 * b2)
    }

    /// The nearest float.
    pub(super) fn value(self) -> f64 {
        self.high + self.low
    }

    pub(super) fn add(self, other: Double) -> Double {
        let sum = Double::sum(self.high, other.high);
        Double::renormalized(sum.high, sum.low + (self.low + other.low))
    }

    pub(super) fn mul(self, other: Double) -> Double {
        let product = Double::product(self.high, other.high);
        Double::renormalized(product.high, product.low + (self.high * other.low + self.low * other.high))
    }

    pub(super) fn div(self, other: Double) -> Double {
        let first = self.high / other.high;
        if !first.is_finite() {
            return Double::new(first);
        }
        let back = Double::product(first, other.high);
        let rest = ((self.high - back.high) - back.low) + self.low - first * other.low;
        Double::renormalized(first, rest / other.high)
    }

    /// |low| far below |high|, as after each operation here.
    fn renormalized(high: f64, low: f64) -> Double {
        let sum = high + low;
        Double::exactly(sum, low - (sum - high))
    }

    /// The pair, without the rest of an infinity.
    fn exactly(high: f64, low: f64) -> Double {
        Double { high, low: if high.is_finite() { low } else { 0.0 } }
    }
}

/// The upper 26 bits and the rest.
fn split(a: f64) -> (f64, f64) {
    if !a.is_finite() {
        return (a, 0.0);
    }
    if a.abs() > 1e290 {
        let (upper, lower) = split(a * 2f64.powi(-60));
        return (upper * 2f64.powi(60), lower * 2f64.powi(60));
    }
    let scaled = 134_217_729.0 * a; // 2²⁷ + 1
    let upper = scaled - (scaled - a);
    (upper, a - upper)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_third_three_times_is_one_to_thirty_digits() {
        let third = Double::new(1.0).div(Double::new(3.0));
        let sum = third.add(third).add(third).add(Double::new(-1.0));
        assert!(sum.value().abs() < 1e-31, "{:e}", sum.value());
        let square = Double::product(1.0 + 2f64.powi(-30), 1.0 + 2f64.powi(-30));
        assert_eq!(square.add(Double::new(-1.0 - 2f64.powi(-29))).value(), 2f64.powi(-60));
        assert!((third.mul(Double::new(3.0)).add(Double::new(-1.0))).value().abs() < 1e-31);
    }
}
