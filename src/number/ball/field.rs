//! Sums, products, quotients and integer powers of balls.
//!
//! [1, 2] · [−3, 4] = [−6, 8]: each endpoint is one rounded operation on endpoints chosen by sign, so
//! the proof of inclusion is monotonicity in each argument, and rounding away from the inside.

use std::cmp::Ordering;
use std::ops;

use super::endpoint::{Endpoint, Toward};
use super::{Ball, Definedness};
use Toward::{Down, Up};

impl Ball {
    /// x + y.
    pub fn add(&self, other: &Ball) -> Ball {
        let precision = self.precision.max(other.precision);
        Ball::new(
            self.lower.add(&other.lower, precision, Down),
            self.upper.add(&other.upper, precision, Up),
            precision,
            Definedness::Defined,
        )
        .given(self)
        .given(other)
    }

    /// x − y.
    pub fn sub(&self, other: &Ball) -> Ball {
        self.add(&other.neg())
    }

    /// −x.
    pub fn neg(&self) -> Ball {
        Ball { lower: self.upper.neg(), upper: self.lower.neg(), ..*self }
    }

    /// x · y.
    pub fn mul(&self, other: &Ball) -> Ball {
        let precision = self.precision.max(other.precision);
        let (a, b, c, d) = (&self.lower, &self.upper, &other.lower, &other.upper);
        let down = |x: &Endpoint, y: &Endpoint| x.mul(y, precision, Down);
        let up = |x: &Endpoint, y: &Endpoint| x.mul(y, precision, Up);
        use Side::{Above, Across, Below};
        let (lower, upper) = match (self.side(), other.side()) {
            (Above, Above) => (down(a, c), up(b, d)),
            (Above, Below) => (down(b, c), up(a, d)),
            (Above, Across) => (down(b, c), up(b, d)),
            (Below, Above) => (down(a, d), up(b, c)),
            (Below, Below) => (down(b, d), up(a, c)),
            (Below, Across) => (down(a, d), up(a, c)),
            (Across, Above) => (down(a, d), up(b, d)),
            (Across, Below) => (down(b, c), up(a, c)),
            (Across, Across) => (down(a, d).min(down(b, c)), up(a, c).max(up(b, d))),
        };
        Ball::new(lower, upper, precision, Definedness::Defined).given(self).given(other)
    }

    /// 1/x: undefined for exactly 0, doubtful for other balls that contain 0.
    pub fn recip(&self) -> Ball {
        Ball::from_i64(1, self.precision).div(self)
    }

    /// x/y: undefined when y is exactly 0, doubtful for other balls y that contain 0.
    pub fn div(&self, other: &Ball) -> Ball {
        if other.is_negative() {
            return self.neg().div(&other.neg());
        }
        let precision = self.precision.max(other.precision);
        let (a, b, c, d) = (&self.lower, &self.upper, &other.lower, &other.upper);
        let down = |x: &Endpoint, y: &Endpoint| x.div(y, precision, Down);
        let up = |x: &Endpoint, y: &Endpoint| x.div(y, precision, Up);
        if other.is_positive() {
            let lower = down(a, if a.is_negative() { c } else { d });
            let upper = up(b, if b.is_negative() { d } else { c });
            return Ball::new(lower, upper, precision, Definedness::Defined).given(self).given(other);
        }
        if other.is_zero() {
            return Ball::undefined(precision);
        }
        // 1/y fills a half line when y has one sign, and the two quotients by its outer end remain.
        let whole = (Endpoint::MINUS_INFINITY, Endpoint::INFINITY);
        let (lower, upper) = match (self.side(), c.is_zero(), d.is_zero()) {
            _ if self.is_zero() => (Endpoint::ZERO, Endpoint::ZERO),
            (Side::Above, true, _) => (down(a, d), whole.1),
            (Side::Below, true, _) => (whole.0, up(b, d)),
            (Side::Above, _, true) => (whole.0, up(a, c)),
            (Side::Below, _, true) => (down(b, c), whole.1),
            _ => whole,
        };
        Ball::new(lower, upper, precision, Definedness::Unknown).given(self).given(other)
    }

    /// xⁿ, with x⁰ = 1 for every x; negative powers as [`Ball::recip`].
    pub fn powi(&self, exponent: i64) -> Ball {
        let (precision, power) = (self.precision, exponent.unsigned_abs());
        if power == 0 {
            return Ball::from_i64(1, precision).given(self);
        }
        if exponent < 0 {
            // The error of 1/x is multiplied by the exponent, so its bits are added beforehand.
            let working = precision + 72 - power.leading_zeros();
            let inverse = self.clone().with_precision(working).recip();
            return inverse.positive_power(power).with_precision(precision);
        }
        self.positive_power(power)
    }

    /// xⁿ for n > 0: increasing for odd n, in |x| for even n.
    fn positive_power(&self, power: u64) -> Ball {
        let of = |x: &Endpoint, toward: Toward| {
            if x.is_negative() {
                let inward = if toward == Down { Up } else { Down };
                x.neg().power(power, self.precision, inward).neg()
            } else {
                x.power(power, self.precision, toward)
            }
        };
        if self.is_undefined() {
            return self.clone();
        }
        if power.is_multiple_of(2) { self.abs().increasing(of) } else { self.increasing(of) }
    }

    /// |x|.
    pub fn abs(&self) -> Ball {
        Ball { lower: self.mignitude(), upper: self.largest_magnitude(), ..*self }.given(self)
    }

    /// −1, 0 or 1 by the sign of x.
    pub fn sign(&self) -> Ball {
        let of = |x: &Endpoint, _: Toward| match x.signum() {
            Ordering::Less => Endpoint::MINUS_ONE,
            Ordering::Equal => Endpoint::ZERO,
            Ordering::Greater => Endpoint::ONE,
        };
        self.increasing(of).given(self)
    }

    /// The lesser of x and y.
    pub fn min(&self, other: &Ball) -> Ball {
        self.neg().max(&other.neg()).neg()
    }

    /// The greater of x and y.
    pub fn max(&self, other: &Ball) -> Ball {
        let lower = self.lower.clone().max(other.lower.clone());
        let upper = self.upper.clone().max(other.upper.clone());
        let precision = self.precision.max(other.precision);
        Ball::new(lower, upper, precision, Definedness::Defined).given(self).given(other)
    }

    fn side(&self) -> Side {
        if !self.lower.is_negative() {
            Side::Above
        } else if !self.upper.is_positive() {
            Side::Below
        } else {
            Side::Across
        }
    }
}

/// Where an interval lies: x ≥ 0, x ≤ 0, or both signs occur.
#[derive(Clone, Copy)]
enum Side {
    Above,
    Below,
    Across,
}

macro_rules! operator {
    ($trait:ident, $method:ident) => {
        impl ops::$trait for &Ball {
            type Output = Ball;
            fn $method(self, other: &Ball) -> Ball {
                Ball::$method(self, other)
            }
        }
        impl ops::$trait for Ball {
            type Output = Ball;
            fn $method(self, other: Ball) -> Ball {
                Ball::$method(&self, &other)
            }
        }
    };
}

operator!(Add, add);
operator!(Sub, sub);
operator!(Mul, mul);
operator!(Div, div);

impl ops::Neg for &Ball {
    type Output = Ball;
    fn neg(self) -> Ball {
        Ball::neg(self)
    }
}

impl ops::Neg for Ball {
    type Output = Ball;
    fn neg(self) -> Ball {
        Ball::neg(&self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rational;
    use proptest::prelude::*;

    fn rational() -> impl Strategy<Value = Rational> {
        prop_oneof![
            (-5i64..=5, 1i64..=3).prop_map(|(n, d)| Rational::new(n, d)),
            (any::<i64>(), 1..i64::MAX).prop_map(|(n, d)| Rational::new(n, d)),
            (any::<i64>(), -200i64..200).prop_map(|(n, k)| {
                let power = Rational::from(2).pow(k).expect("short");
                &Rational::from(n) * &power
            }),
        ]
    }

    /// An interval, and a rational inside.
    fn inhabited() -> impl Strategy<Value = (Ball, Rational)> {
        let precision = prop_oneof![Just(53u32), Just(100), Just(333)];
        (rational(), rational(), 0i64..=4, precision).prop_map(|(a, b, quarter, precision)| {
            let inside = &a + &(&(&b - &a) * &Rational::new(quarter, 4));
            (Ball::hull(&a, &b, precision), inside)
        })
    }

    proptest! {
        #[test]
        fn field_operations_contain_the_exact_value((x, a) in inhabited(), (y, b) in inhabited(), n in 1i64..6) {
            prop_assert!(x.contains(&a));
            prop_assert!(x.add(&y).contains(&(&a + &b)));
            prop_assert!(x.sub(&y).contains(&(&a - &b)));
            prop_assert!(x.mul(&y).contains(&(&a * &b)));
            prop_assert!(x.abs().contains(&a.abs()));
            prop_assert!(x.powi(n).contains(&a.pow(n).expect("short")));
            prop_assert!(x.min(&y).contains((&a).min(&b)));
            if b.is_zero() {
                prop_assert!(!x.div(&y).is_defined());
            } else {
                prop_assert!(!x.div(&y).is_undefined());
                prop_assert!(x.div(&y).contains(&(&a / &b)));
                prop_assert!(y.powi(-n).contains(&b.pow(-n).expect("short")));
            }
        }
    }
}
