//! What a tape evaluates to: the operations its instructions need.

use num_complex::Complex64;

use crate::function::FunctionId;
use crate::number::{Ball, Rational, Scalar};

/// A kind of number a [`Tape`](super::Tape) evaluates to.
///
/// Outside a domain a float is NaN, a ball or an enclosure says `Undefined` or knows nothing.
pub trait Value: Clone {
    /// How precisely: `()` for floats, bits for balls.
    type Precision: Copy;
    /// The number of an exact rational.
    fn number(q: &Rational, precision: Self::Precision) -> Self;
    /// What is not known at all, not even whether it exists.
    fn unknown(precision: Self::Precision) -> Self;
    /// a + b.
    fn plus(&self, other: &Self) -> Self;
    /// a·b.
    fn times(&self, other: &Self) -> Self;
    /// c·a.
    fn scaled(&self, c: &Rational, precision: Self::Precision) -> Self;
    /// a^n; `0^0 = 1`.
    fn power_integer(&self, n: i64) -> Self;
    /// a^q for a > 0.
    fn power_rational(&self, q: &Rational) -> Self;
    /// a^b for an exponent of integer type.
    fn power_typed(&self, exponent: &Self) -> Self;
    /// a^b for a > 0.
    fn power(&self, exponent: &Self) -> Self;
    /// A function of the table.
    fn call(function: FunctionId, arguments: &[Self], precision: Self::Precision) -> Self;
    /// The value as an integer, when it certainly is one.
    fn as_integer(&self) -> Option<i64>;
}

macro_rules! float_value {
    ($type:ty, $evaluator:ident, $nan:expr, |$z:ident| $real:expr) => {
        impl Value for $type {
            type Precision = ();
            fn number(q: &Rational, _: ()) -> $type {
                <$type as Scalar>::from_rational(q, ())
            }
            fn unknown(_: ()) -> $type {
                $nan
            }
            fn plus(&self, other: &$type) -> $type {
                self + other
            }
            fn times(&self, other: &$type) -> $type {
                self * other
            }
            fn scaled(&self, c: &Rational, _: ()) -> $type {
                if c.is_one() { *self } else { self * c.to_f64() }
            }
            fn power_integer(&self, n: i64) -> $type {
                Scalar::powi(self, n)
            }
            fn power_rational(&self, q: &Rational) -> $type {
                Scalar::pow_rational(self, q)
            }
            fn power_typed(&self, exponent: &$type) -> $type {
                match Value::as_integer(exponent) {
                    Some(n) => Scalar::powi(self, n),
                    None => Scalar::pow(self, exponent),
                }
            }
            fn power(&self, exponent: &$type) -> $type {
                // An exponent that is not of integer type needs a positive base, whatever its value.
                if self.lower_real() > 0.0 { Scalar::pow(self, exponent) } else { $nan }
            }
            fn call(function: FunctionId, arguments: &[$type], _: ()) -> $type {
                (function.row().eval.$evaluator)(arguments)
            }
            fn as_integer(&self) -> Option<i64> {
                let $z = self;
                let real: f64 = $real?;
                (real == libm::trunc(real) && real.abs() < 1e15).then_some(real as i64)
            }
        }
    };
}

float_value!(f64, real, f64::NAN, |z| Some(*z));
float_value!(Complex64, complex, Complex64::new(f64::NAN, f64::NAN), |z| (z.im == 0.0).then_some(z.re));

impl Value for Ball {
    type Precision = u32;
    fn number(q: &Rational, precision: u32) -> Ball {
        Ball::from_rational(q, precision)
    }
    fn unknown(precision: u32) -> Ball {
        Ball::whole(precision).doubtful()
    }
    fn plus(&self, other: &Ball) -> Ball {
        self.add(other)
    }
    fn times(&self, other: &Ball) -> Ball {
        self.mul(other)
    }
    fn scaled(&self, c: &Rational, precision: u32) -> Ball {
        if c.is_one() { self.clone() } else { self.mul(&Ball::from_rational(c, precision)) }
    }
    fn power_integer(&self, n: i64) -> Ball {
        self.powi(n)
    }
    fn power_rational(&self, q: &Rational) -> Ball {
        self.pow_rational(q)
    }
    fn power_typed(&self, exponent: &Ball) -> Ball {
        match Value::as_integer(exponent) {
            Some(n) => self.powi(n),
            None => Ball::whole(self.precision()).doubtful(),
        }
    }
    fn power(&self, exponent: &Ball) -> Ball {
        // The exponent is not of integer type, so that (−2)^y has no value even at y = 2.
        if self.neg().is_nonnegative() {
            return Ball::undefined(self.precision());
        }
        let power = self.pow(exponent);
        if self.is_positive() { power } else { power.doubtful() }
    }
    fn call(function: FunctionId, arguments: &[Ball], precision: u32) -> Ball {
        (function.row().eval.ball)(arguments, precision)
    }
    fn as_integer(&self) -> Option<i64> {
        let (lower, upper) = (self.lower()?, self.upper()?);
        if lower == upper { lower.as_i64() } else { None }
    }
}
