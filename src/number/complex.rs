//! Complex floats: principal branches, accurate in both parts, for derivatives by a complex step.
//!
//! Im f(x + ih)/h = f′(x) + O(h²) without cancellation, so h = 10⁻²⁰ gives f′ to full accuracy, provided
//! that imaginary parts are computed by themselves and not as the rest of something larger.
//!
//! `log`, `sqrt` and non-integer powers are analytic off the negative axis, with arguments in (−π, π];
//! `|z|` and `sign z` continue the real functions from either half line: z or −z, and ±1.

use num_complex::Complex64;

use super::{Rational, Scalar};

fn polar(radius: f64, angle: f64) -> Complex64 {
    Complex64::new(radius * libm::cos(angle), radius * libm::sin(angle))
}

fn modulus(z: &Complex64) -> f64 {
    libm::hypot(z.re, z.im)
}

fn argument(z: &Complex64) -> f64 {
    libm::atan2(z.im, z.re)
}

/// log |z|, with |z|² − 1 = (x − 1)(x + 1) + y² where it is small.
fn log_modulus(z: &Complex64) -> f64 {
    let size = modulus(z);
    if (0.5..2.0).contains(&size) {
        let (x, y) = if z.re.abs() > z.im.abs() { (z.re.abs(), z.im) } else { (z.im.abs(), z.re) };
        libm::log1p((x - 1.0) * (x + 1.0) + y * y) / 2.0
    } else {
        libm::log(size)
    }
}

const UNDEFINED: Complex64 = Complex64::new(f64::NAN, f64::NAN);

fn is_zero(z: &Complex64) -> bool {
    z.re == 0.0 && z.im == 0.0
}

impl Scalar for Complex64 {
    type Precision = ();

    fn from_rational(value: &Rational, (): ()) -> Complex64 {
        Complex64::new(value.to_f64(), 0.0)
    }

    fn undefined((): ()) -> Complex64 {
        UNDEFINED
    }

    fn precision(&self) {}

    fn lower_real(&self) -> f64 {
        self.re
    }

    fn widen(self, _: &Complex64) -> Complex64 {
        self
    }

    fn add(&self, other: &Complex64) -> Complex64 {
        self + other
    }

    fn sub(&self, other: &Complex64) -> Complex64 {
        self - other
    }

    fn mul(&self, other: &Complex64) -> Complex64 {
        self * other
    }

    /// By Smith (1962): dividing through by the larger part of the divisor keeps its square in range.
    fn div(&self, other: &Complex64) -> Complex64 {
        if is_zero(other) {
            return UNDEFINED;
        }
        if other.re.abs() >= other.im.abs() {
            let ratio = other.im / other.re;
            let size = other.re + other.im * ratio;
            Complex64::new((self.re + self.im * ratio) / size, (self.im - self.re * ratio) / size)
        } else {
            let ratio = other.re / other.im;
            let size = other.re * ratio + other.im;
            Complex64::new((self.re * ratio + self.im) / size, (self.im * ratio - self.re) / size)
        }
    }

    fn neg(&self) -> Complex64 {
        -self
    }

    fn recip(&self) -> Complex64 {
        Scalar::div(&Complex64::new(1.0, 0.0), self)
    }

    /// By squaring, which keeps integer powers of real numbers real.
    fn powi(&self, exponent: i64) -> Complex64 {
        let power = exponent.unsigned_abs();
        let mut result = Complex64::new(1.0, 0.0);
        for bit in (0..64 - power.leading_zeros()).rev() {
            result *= result;
            if power >> bit & 1 == 1 {
                result *= self;
            }
        }
        if self.is_nan() {
            UNDEFINED
        } else if exponent < 0 {
            Scalar::recip(&result)
        } else {
            result
        }
    }

    /// |z|^q at the angle q·arg z.
    fn pow_rational(&self, exponent: &Rational) -> Complex64 {
        if let Some(integer) = exponent.as_i64() {
            return Scalar::powi(self, integer);
        }
        if is_zero(self) {
            return UNDEFINED;
        }
        let power = exponent.to_f64();
        polar(libm::pow(modulus(self), power), power * argument(self))
    }

    /// e^(w log z), its modulus |z|^Re w · e^(−Im w · arg z).
    fn pow(&self, exponent: &Complex64) -> Complex64 {
        let integer = exponent.re as i64;
        if exponent.im == 0.0 && integer as f64 == exponent.re && integer != i64::MAX {
            return Scalar::powi(self, integer);
        }
        if is_zero(self) {
            return UNDEFINED;
        }
        let angle = argument(self);
        let size = libm::pow(modulus(self), exponent.re) * libm::exp(-exponent.im * angle);
        polar(size, exponent.im * log_modulus(self) + exponent.re * angle)
    }

    fn exp(&self) -> Complex64 {
        polar(libm::exp(self.re), self.im)
    }

    /// eˣ cos y − 1 = (eˣ − 1) cos y − 2 sin²(y/2).
    fn expm1(&self) -> Complex64 {
        let half = libm::sin(self.im / 2.0);
        let real = libm::expm1(self.re) * libm::cos(self.im) - 2.0 * half * half;
        Complex64::new(real, libm::exp(self.re) * libm::sin(self.im))
    }

    fn log(&self) -> Complex64 {
        if is_zero(self) { UNDEFINED } else { Complex64::new(log_modulus(self), argument(self)) }
    }

    /// |1 + z|² − 1 = x(2 + x) + y² for small z.
    fn log1p(&self) -> Complex64 {
        let shifted = Complex64::new(1.0 + self.re, self.im);
        if self.re.abs() > 0.5 || self.im.abs() > 0.5 {
            return Scalar::log(&shifted);
        }
        let excess = self.re * (2.0 + self.re) + self.im * self.im;
        Complex64::new(libm::log1p(excess) / 2.0, argument(&shifted))
    }

    /// The larger part from (|z| + |x|)/2, the other from 2·Re·Im = y.
    fn sqrt(&self) -> Complex64 {
        if is_zero(self) {
            return Complex64::new(0.0, 0.0);
        }
        let larger = libm::sqrt(modulus(self) / 2.0 + self.re.abs() / 2.0);
        let smaller = self.im.abs() / (2.0 * larger);
        if self.re >= 0.0 {
            Complex64::new(larger, libm::copysign(smaller, self.im))
        } else {
            Complex64::new(smaller, libm::copysign(larger, self.im))
        }
    }

    fn sin(&self) -> Complex64 {
        Complex64::new(libm::sin(self.re) * libm::cosh(self.im), libm::cos(self.re) * libm::sinh(self.im))
    }

    fn cos(&self) -> Complex64 {
        Complex64::new(libm::cos(self.re) * libm::cosh(self.im), -libm::sin(self.re) * libm::sinh(self.im))
    }

    /// tan z = −i tanh iz.
    fn tan(&self) -> Complex64 {
        let rotated = Scalar::tanh(&Complex64::new(-self.im, self.re));
        Complex64::new(rotated.im, -rotated.re)
    }

    /// With tan 2Re = 2x/(1 − x² − y²) and tanh 2Im = 2y/(1 + x² + y²), DLMF 4.23.36.
    fn atan(&self) -> Complex64 {
        let (x, y) = (self.re, self.im);
        let real = libm::atan2(2.0 * x, (1.0 - x) * (1.0 + x) - y * y) / 2.0;
        Complex64::new(real, libm::log1p(4.0 * y / (x * x + (1.0 - y) * (1.0 - y))) / 4.0)
    }

    fn sinh(&self) -> Complex64 {
        Complex64::new(libm::sinh(self.re) * libm::cos(self.im), libm::cosh(self.re) * libm::sin(self.im))
    }

    fn cosh(&self) -> Complex64 {
        Complex64::new(libm::cosh(self.re) * libm::cos(self.im), libm::sinh(self.re) * libm::sin(self.im))
    }

    /// (t + iu)/(1 + itu) for t = tanh x and u = tan y, with 1 − t² = 1/cosh² x.
    fn tanh(&self) -> Complex64 {
        let (t, u, c) = (libm::tanh(self.re), libm::tan(self.im), libm::cosh(self.re));
        let size = 1.0 + t * t * u * u;
        Complex64::new(t * (1.0 + u * u) / size, u / c / c / size)
    }

    fn abs(&self) -> Complex64 {
        if self.re < 0.0 { -self } else { *self }
    }

    fn sign(&self) -> Complex64 {
        Complex64::new(Scalar::sign(&self.re), 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    type Function = fn(&Complex64) -> Complex64;
    type Float = fn(f64) -> f64;

    /// A function and its derivative, both of complex numbers.
    type Row = (&'static str, Function, Function);

    fn rational(numerator: i64, denominator: i64) -> Complex64 {
        Scalar::from_rational(&Rational::new(numerator, denominator), ())
    }

    #[rustfmt::skip]
    const FUNCTIONS: &[Row] = &[
        ("exp",   |z| Scalar::exp(z),   |z| Scalar::exp(z)),
        ("expm1", |z| Scalar::expm1(z), |z| Scalar::exp(z)),
        ("log",   |z| Scalar::log(z),   |z| Scalar::recip(z)),
        ("log1p", |z| Scalar::log1p(z), |z| Scalar::recip(&(z + 1.0))),
        ("sqrt",  |z| Scalar::sqrt(z),  |z| 0.5 * Scalar::recip(&Scalar::sqrt(z))),
        ("sin",   |z| Scalar::sin(z),   |z| Scalar::cos(z)),
        ("cos",   |z| Scalar::cos(z),   |z| -Scalar::sin(z)),
        ("tan",   |z| Scalar::tan(z),   |z| Scalar::powi(&Scalar::cos(z), -2)),
        ("atan",  |z| Scalar::atan(z),  |z| Scalar::recip(&(z * z + 1.0))),
        ("sinh",  |z| Scalar::sinh(z),  |z| Scalar::cosh(z)),
        ("cosh",  |z| Scalar::cosh(z),  |z| Scalar::sinh(z)),
        ("tanh",  |z| Scalar::tanh(z),  |z| Scalar::powi(&Scalar::cosh(z), -2)),
        ("abs",   |z| Scalar::abs(z),   |z| Scalar::sign(z)),
        ("recip", |z| Scalar::recip(z), |z| -Scalar::powi(z, -2)),
        ("cube",  |z| Scalar::powi(z, 3), |z| 3.0 * z * z),
        ("x^2/3", |z| Scalar::pow_rational(z, &Rational::new(2, 3)), |z| rational(2, 3) * Scalar::pow_rational(z, &Rational::new(-1, 3))),
        ("x^x",   |z| Scalar::pow(z, z), |z| Scalar::pow(z, z) * (Scalar::log(z) + 1.0)),
    ];

    #[test]
    fn complex_steps_are_derivatives() {
        for (name, of, derivative) in FUNCTIONS {
            for x in [1e-9, 0.25, 0.999999, 1.0, 1.7, 12.0] {
                for step in [1e-20, 1e-150] {
                    let value = of(&Complex64::new(x, step)).im / step;
                    let expected = derivative(&Complex64::new(x, 0.0)).re;
                    // A few roundings in functions whose conditioning here is at most about 100.
                    assert!(
                        (value - expected).abs() <= 1e-13 * expected.abs() + 1e-15,
                        "{name} {x}: {value} {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn real_parts_are_the_real_functions() {
        #[rustfmt::skip]
        let real: [(Function, Float); 12] = [
            (|z| Scalar::exp(z), libm::exp), (|z| Scalar::expm1(z), libm::expm1), (|z| Scalar::log(z), libm::log),
            (|z| Scalar::log1p(z), libm::log1p), (|z| Scalar::sqrt(z), libm::sqrt), (|z| Scalar::sin(z), libm::sin),
            (|z| Scalar::cos(z), libm::cos), (|z| Scalar::tan(z), libm::tan), (|z| Scalar::atan(z), libm::atan),
            (|z| Scalar::sinh(z), libm::sinh), (|z| Scalar::cosh(z), libm::cosh), (|z| Scalar::tanh(z), libm::tanh),
        ];
        for (complex, float) in real {
            for x in [1e-12, 0.3, 0.9999, 1.0001, 2.5, 30.0] {
                let (value, expected) = (complex(&Complex64::new(x, 1e-30)).re, float(x));
                assert!(
                    (value - expected).abs() <= 1e-15 * (1.0 + 4.0 * x) * expected.abs(),
                    "{x}: {value} {expected}"
                );
            }
        }
    }

    #[test]
    fn functions_are_analytic_off_the_negative_axis() {
        // A central difference along the real axis against the derivative; error h² plus rounding/h.
        let step = 1e-5;
        for (name, of, derivative) in FUNCTIONS.iter().filter(|(name, ..)| *name != "abs") {
            for z in [Complex64::new(0.4, 0.7), Complex64::new(-1.3, 0.2), Complex64::new(-0.6, -1.1)] {
                let difference = (of(&(z + step)) - of(&(z - step))) / (2.0 * step);
                let expected = derivative(&z);
                assert!((difference - expected).norm() < 1e-8 * (1.0 + expected.norm()), "{name} {z}");
            }
        }
    }

    #[test]
    fn principal_values_are_on_their_branches() {
        let (minus_one, z) = (Complex64::new(-1.0, 0.0), Complex64::new(0.4, 0.7));
        // Two numbers near 1, a few roundings apart.
        assert!((Scalar::expm1(&z) - (Scalar::exp(&z) - 1.0)).norm() < 1e-15);
        assert!((Scalar::exp(&Scalar::log1p(&z)) - (z + 1.0)).norm() < 2e-15);
        assert_eq!(Scalar::log(&minus_one), Complex64::new(0.0, std::f64::consts::PI));
        assert_eq!(Scalar::sqrt(&minus_one), Complex64::new(0.0, 1.0));
        assert_eq!(Scalar::powi(&minus_one, 3), minus_one);
        assert!(Scalar::log(&Complex64::new(0.0, 0.0)).is_nan());
        assert!(Scalar::recip(&Complex64::new(0.0, 0.0)).is_nan());
        assert!(Scalar::powi(&Complex64::new(0.0, 0.0), -2).is_nan());
    }
}
