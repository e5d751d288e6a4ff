//! What a tape or the body of a function can be evaluated in: floats, complex floats and balls.
//!
//! One text, `a.exp().add(&b.recip())`, is then a fast number, a derivative by a complex step, or an
//! enclosure. Operations take references, since balls are not copied for free.

use std::fmt::Debug;

use super::{Ball, Rational};

/// The arithmetic and elementary functions of one kind of number.
///
/// Where a result is certainly undefined (`log 0`, `1/0`, `√−1`, `x^r` for x ≤ 0 and r not an integer),
/// floats give NaN, never an infinity, and balls are [`Ball::undefined`]. An infinite float is an overflow.
/// For integers n, `powi` has x⁰ = 1.
pub trait Scalar: Clone + Debug {
    /// Bits for balls, nothing for floats.
    type Precision: Copy + Debug;

    /// A rational number.
    fn from_rational(value: &Rational, precision: Self::Precision) -> Self;
    /// What has no value.
    fn undefined(precision: Self::Precision) -> Self;
    /// The precision at which constants that meet this number are best made.
    fn precision(&self) -> Self::Precision;
    /// A lower bound of the real part, by which a body chooses shifts and branches that hold on all of
    /// the ball.
    fn lower_real(&self) -> f64;
    /// The number with the absolute value of `bound` allowed as an error: enlarges balls, leaves floats.
    fn widen(self, bound: &Self) -> Self;

    /// x + y.
    fn add(&self, other: &Self) -> Self;
    /// x − y.
    fn sub(&self, other: &Self) -> Self;
    /// x · y.
    fn mul(&self, other: &Self) -> Self;
    /// x / y.
    fn div(&self, other: &Self) -> Self;
    /// −x.
    fn neg(&self) -> Self;
    /// 1/x.
    fn recip(&self) -> Self;
    /// xⁿ.
    fn powi(&self, exponent: i64) -> Self;
    /// x^q; for q not an integer, x > 0.
    fn pow_rational(&self, exponent: &Rational) -> Self;
    /// x^y; for y not an integer, x > 0.
    fn pow(&self, exponent: &Self) -> Self;

    /// eˣ.
    fn exp(&self) -> Self;
    /// eˣ − 1, accurate near 0.
    fn expm1(&self) -> Self;
    /// log x.
    fn log(&self) -> Self;
    /// log(1 + x), accurate near 0.
    fn log1p(&self) -> Self;
    /// √x.
    fn sqrt(&self) -> Self;
    /// sin x.
    fn sin(&self) -> Self;
    /// cos x.
    fn cos(&self) -> Self;
    /// tan x.
    fn tan(&self) -> Self;
    /// arctan x.
    fn atan(&self) -> Self;
    /// sinh x.
    fn sinh(&self) -> Self;
    /// cosh x.
    fn cosh(&self) -> Self;
    /// tanh x.
    fn tanh(&self) -> Self;
    /// |x|.
    fn abs(&self) -> Self;
    /// −1, 0 or 1 by the sign of x.
    fn sign(&self) -> Self;
}

/// Methods that a type already has under the same name.
macro_rules! forward {
    ($type:ident: $($unary:ident)*; $($binary:ident)*) => {
        $(fn $unary(&self) -> Self {
            $type::$unary(self)
        })*
        $(fn $binary(&self, other: &Self) -> Self {
            $type::$binary(self, other)
        })*
    };
}

impl Scalar for Ball {
    type Precision = u32;

    fn from_rational(value: &Rational, precision: u32) -> Ball {
        Ball::from_rational(value, precision)
    }

    fn undefined(precision: u32) -> Ball {
        Ball::undefined(precision)
    }

    fn precision(&self) -> u32 {
        Ball::precision(self)
    }

    fn lower_real(&self) -> f64 {
        self.lower_f64()
    }

    fn widen(self, bound: &Ball) -> Ball {
        self.widened(bound)
    }

    fn powi(&self, exponent: i64) -> Ball {
        Ball::powi(self, exponent)
    }

    fn pow_rational(&self, exponent: &Rational) -> Ball {
        Ball::pow_rational(self, exponent)
    }

    forward!(Ball: neg recip exp expm1 log log1p sqrt sin cos tan atan sinh cosh tanh abs sign; add sub mul div pow);
}

/// Functions of floats from `libm`, the same on every machine.
macro_rules! from_libm {
    ($($method:ident)*) => {
        $(fn $method(&self) -> f64 {
            libm::$method(*self)
        })*
    };
}

/// `value` where the condition holds, NaN elsewhere.
fn defined_if(condition: bool, value: f64) -> f64 {
    if condition { value } else { f64::NAN }
}

impl Scalar for f64 {
    type Precision = ();

    fn from_rational(value: &Rational, (): ()) -> f64 {
        value.to_f64()
    }

    fn undefined((): ()) -> f64 {
        f64::NAN
    }

    fn precision(&self) {}

    fn lower_real(&self) -> f64 {
        *self
    }

    fn widen(self, _: &f64) -> f64 {
        self
    }

    fn add(&self, other: &f64) -> f64 {
        self + other
    }

    fn sub(&self, other: &f64) -> f64 {
        self - other
    }

    fn mul(&self, other: &f64) -> f64 {
        self * other
    }

    fn div(&self, other: &f64) -> f64 {
        defined_if(*other != 0.0, self / other)
    }

    fn neg(&self) -> f64 {
        -self
    }

    fn recip(&self) -> f64 {
        Scalar::div(&1.0, self)
    }

    fn powi(&self, exponent: i64) -> f64 {
        if self.is_nan() || (*self == 0.0 && exponent < 0) {
            return f64::NAN;
        }
        // The parity of an exponent beyond 2⁵³ does not survive as a float.
        let size = libm::pow(self.abs(), exponent as f64);
        if *self < 0.0 && exponent % 2 != 0 { -size } else { size }
    }

    fn pow_rational(&self, exponent: &Rational) -> f64 {
        match exponent.as_i64() {
            Some(integer) => Scalar::powi(self, integer),
            None if *exponent == Rational::new(1, 2) => defined_if(*self > 0.0, libm::sqrt(*self)),
            None => defined_if(*self > 0.0, libm::pow(*self, exponent.to_f64())),
        }
    }

    fn pow(&self, exponent: &f64) -> f64 {
        let integer = *exponent as i64;
        if integer as f64 == *exponent && integer != i64::MAX {
            return Scalar::powi(self, integer);
        }
        defined_if(*self > 0.0, libm::pow(*self, *exponent))
    }

    fn log(&self) -> f64 {
        defined_if(*self > 0.0, libm::log(*self))
    }

    fn log1p(&self) -> f64 {
        defined_if(*self > -1.0, libm::log1p(*self))
    }

    fn abs(&self) -> f64 {
        libm::fabs(*self)
    }

    fn sign(&self) -> f64 {
        if *self == 0.0 { 0.0 } else { defined_if(!self.is_nan(), libm::copysign(1.0, *self)) }
    }

    from_libm!(exp expm1 sqrt sin cos tan atan sinh cosh tanh);
}

#[cfg(test)]
mod tests {
    use super::*;

    /// (1 + 1/x)^x for x > 0, bounded in one text for every scalar.
    fn compound<S: Scalar>(x: &S) -> S {
        let one = S::from_rational(&Rational::ONE, x.precision());
        one.add(&x.recip()).pow(x)
    }

    #[test]
    fn one_text_is_evaluated_in_floats_and_balls() {
        let float = compound(&7.5f64);
        let ball = compound(&Ball::from_f64(7.5, 200));
        assert!((float - ball.midpoint_f64()).abs() < 1e-14, "a few roundings of a number near 2.5");
        assert!(ball.is_narrow(55));
        assert!(
            ball.clone()
                .widen(&Ball::from_f64(-1e-3, 200))
                .contains(&Rational::from_f64(float).expect("finite"))
        );
        assert_eq!(Scalar::widen(float, &1.0), float);
        assert!(ball.lower_real() <= float + 1e-14);
    }

    #[test]
    fn floats_are_nan_exactly_where_balls_are_undefined() {
        let thirds = [Rational::new(1, 3), Rational::new(-1, 3), Rational::new(1, 2)];
        for x in [-2.0, -1.0, -0.5, 0.0, 0.5, 2.0] {
            let ball = Ball::from_f64(x, 60);
            let mut pairs = vec![
                (Scalar::recip(&x), ball.recip()),
                (Scalar::log(&x), ball.log()),
                (Scalar::log1p(&x), ball.log1p()),
                (Scalar::sqrt(&x), ball.sqrt()),
                (Scalar::sign(&x), ball.sign()),
            ];
            pairs.extend((-3..4).map(|n| (Scalar::powi(&x, n), ball.powi(n))));
            pairs.extend(thirds.iter().map(|q| (Scalar::pow_rational(&x, q), ball.pow_rational(q))));
            pairs.extend(
                [-1.5, -1.0, 2.0, 0.5].map(|y| (Scalar::pow(&x, &y), ball.pow(&Ball::from_f64(y, 60)))),
            );
            for (float, ball) in pairs {
                assert_eq!(float.is_nan(), ball.is_undefined(), "{x}: {float} {ball:?}");
                assert!(
                    float.is_nan() || (float - ball.midpoint_f64()).abs() < 1e-14,
                    "{x}: {float} {ball:?}"
                );
            }
        }
    }

    #[test]
    fn powers_keep_the_sign_of_negative_bases() {
        assert_eq!(Scalar::powi(&-2.0, 3), -8.0);
        assert_eq!(Scalar::powi(&-1.0, (1 << 54) + 1), -1.0);
        assert_eq!(Scalar::pow(&-2.0, &2.0), 4.0);
        assert!(Scalar::powi(&f64::NAN, 0).is_nan());
    }
}
