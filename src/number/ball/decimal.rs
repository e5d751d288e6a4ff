//! Balls as decimals: digits are printed when both endpoints round to them.
//!
//! [3.14154, 3.14161] is `3.142` to four digits and undecided to five. Rounding is monotone, so what
//! both endpoints round to, every real between them rounds to.

use std::fmt;

use dashu_base::{DivRem, UnsignedAbs};
use dashu_int::UBig;

use super::endpoint::Endpoint;
use super::{Ball, Definedness};

/// Endpoints within 2^±`DIRECT_EXPONENT` are converted by exact integers, others scaled first.
const DIRECT_EXPONENT: i64 = 1 << 14;

impl Ball {
    /// The value rounded to this many significant digits (at least 1; ties away from 0), when the ball
    /// decides it, and the value is certain to exist.
    ///
    /// Plain notation from 10⁻⁵ up to the number of digits, scientific beyond: `0.001234`, `1.5e-30`.
    /// Trailing zeros are significant digits, and left out when the ball is exactly the decimal: `0.25`.
    pub fn to_decimal(&self, digits: u32) -> Option<String> {
        if !self.is_defined() || !self.is_bounded() {
            return None;
        }
        if self.is_zero() {
            return Some("0".to_owned());
        }
        if self.contains_zero() {
            return None;
        }
        let (scaled, scale) = self.abs().scaled_for_decimal()?;
        let lower = Decimal::round(&scaled.lower, digits.max(1) as usize);
        let upper = Decimal::round(&scaled.upper, digits.max(1) as usize);
        let exact = self.is_exact() && lower.exact && scale == 0;
        let sign = if self.is_negative() { "-" } else { "" };
        (lower.digits == upper.digits && lower.exponent == upper.exponent)
            .then(|| format!("{sign}{}", lower.text(scale, exact)))
    }

    /// x · 10^−k of moderate size, and k; for positive x.
    fn scaled_for_decimal(self) -> Option<(Ball, i64)> {
        let magnitude = self.lower.magnitude();
        if magnitude.abs() <= DIRECT_EXPONENT && self.upper.magnitude().abs() <= DIRECT_EXPONENT {
            return Some((self, 0));
        }
        let scale = decimal_exponent(magnitude);
        let working = self.precision + 64;
        let scaled = self.mul(&Ball::from_i64(10, working).powi(-scale));
        let moderate = |x: &Endpoint| x.is_finite() && x.magnitude().abs() < DIRECT_EXPONENT;
        (moderate(&scaled.lower) && moderate(&scaled.upper) && scaled.is_positive())
            .then_some((scaled, scale))
    }

    /// As many digits as the ball decides, up to `most`; an interval when it decides none.
    fn short_text(&self, most: u32) -> String {
        let digits = match self.relative_accuracy_bits() {
            Some(u32::MAX) => most,
            Some(bits) => ((f64::from(bits) * std::f64::consts::LOG10_2) as u32 + 2).min(most),
            None => 0,
        };
        (1..=digits)
            .rev()
            .take(4)
            .find_map(|digits| self.clone().assumed_defined().to_decimal(digits))
            .unwrap_or_else(|| format!("[{:e}, {:e}]", self.lower_f64(), self.upper_f64()))
    }

    fn assumed_defined(self) -> Ball {
        Ball { definedness: Definedness::Defined, ..self }
    }
}

/// floor(log₁₀ x), perhaps one too low, for a number of this magnitude.
fn decimal_exponent(magnitude: i64) -> i64 {
    ((magnitude - 1) as f64 * std::f64::consts::LOG10_2).floor() as i64
}

/// d.ddd · 10^exponent.
struct Decimal {
    digits: String,
    exponent: i64,
    exact: bool,
}

impl Decimal {
    /// The nearest decimal of so many digits to a positive endpoint, by exact integer arithmetic.
    fn round(value: &Endpoint, digits: usize) -> Decimal {
        let (significand, exponent) = value.repr().clone().into_parts();
        let significand = significand.unsigned_abs();
        let shift = exponent.unsigned_abs();
        let (top, bottom) =
            if exponent >= 0 { (significand << shift, UBig::ONE) } else { (significand, UBig::ONE << shift) };
        let limit = UBig::from(10u8).pow(digits);
        let mut exponent = decimal_exponent(value.magnitude());
        loop {
            let places = digits as i64 - 1 - exponent;
            let power = UBig::from(10u8).pow(places.unsigned_abs() as usize);
            let (numerator, denominator) =
                if places >= 0 { (&top * power, bottom.clone()) } else { (top.clone(), &bottom * power) };
            let (quotient, remainder) = numerator.div_rem(&denominator);
            if quotient >= limit {
                exponent += 1;
                continue;
            }
            let exact = remainder.is_zero();
            let mut rounded = if (remainder << 1) >= denominator { quotient + UBig::ONE } else { quotient };
            if rounded == limit {
                rounded /= UBig::from(10u8);
                exponent += 1;
            }
            return Decimal { digits: rounded.to_string(), exponent, exact };
        }
    }

    fn text(&self, scale: i64, exact: bool) -> String {
        let exponent = self.exponent + scale;
        let length = self.digits.len() as i64;
        let digits = if exact { self.digits.trim_end_matches('0') } else { &self.digits };
        if (-5..0).contains(&exponent) {
            return format!("0.{}{digits}", "0".repeat(exponent.unsigned_abs() as usize - 1));
        }
        if (0..length).contains(&exponent) {
            let whole = exponent as usize + 1;
            let padded = format!("{digits:0<whole$}");
            let (whole, fraction) = padded.split_at(whole);
            return if fraction.is_empty() { whole.to_owned() } else { format!("{whole}.{fraction}") };
        }
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{first}{point}{rest}e{exponent}")
    }
}

impl fmt::Display for Ball {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let text = self.short_text(f.precision().map_or(20, |digits| digits as u32));
        match self.definedness {
            Definedness::Defined => f.write_str(&text),
            Definedness::Unknown => write!(f, "{text} if defined"),
            Definedness::Undefined => f.write_str("undefined"),
        }
    }
}

impl fmt::Debug for Ball {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let (lower, upper) = (self.lower_f64(), self.upper_f64());
        write!(f, "Ball({self}; [{lower:e}, {upper:e}], {} bits, {:?})", self.precision, self.definedness)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::number::Rational;

    #[track_caller]
    fn check(low: &str, high: &str, digits: u32, expected: Option<&str>) {
        let read = |text: &str| match text.strip_prefix('-') {
            Some(rest) => -Rational::parse_decimal(rest).expect("a decimal"),
            None => Rational::parse_decimal(text).expect("a decimal"),
        };
        let ball = Ball::hull(&read(low), &read(high), 100);
        assert_eq!(ball.to_decimal(digits).as_deref(), expected);
    }

    #[test]
    fn decimals_are_correctly_rounded_or_withheld() {
        check("3.14154", "3.14161", 4, Some("3.142"));
        check("3.14154", "3.14161", 5, None);
        check("-3.14158", "-3.14157", 5, Some("-3.1416"));
        check("9.996", "9.997", 3, Some("10.0"));
        check("99.996", "99.9961", 4, Some("100.0"));
        check("0.00099996", "0.00099997", 3, Some("0.00100"));
        check("9.9949", "9.9951", 3, None);
        check("0.001234", "0.001234", 4, Some("0.001234"));
        check("1.5e-30", "1.5e-30", 10, Some("1.500000000e-30"));
        check("123456", "123456", 3, Some("1.23e5"));
        check("123456", "123456", 6, Some("123456"));
        check("1000", "1000", 2, Some("1e3"));
        check("1000", "1000", 5, Some("1000"));
        check("0.25", "0.25", 10, Some("0.25"));
        check("2.5", "2.5", 1, Some("3"));
        check("-1", "1", 1, None);
        check("0", "0", 7, Some("0"));
        check("0", "0.1", 1, None);
        check("1e-5", "1e-5", 2, Some("0.000010"));
        check("1e-6", "1e-6", 2, Some("1.0e-6"));
    }

    #[test]
    fn huge_exponents_are_printed() {
        let ten = Ball::from_i64(10, 64);
        assert_eq!(ten.powi(1_000_000).to_decimal(9).as_deref(), Some("1.00000000e1000000"));
        let power = Ball::from_i64(3, 64).powi(1_000_000);
        // log₁₀ 3 · 10⁶ = 477121.2547196624…, and 10^0.2547196624… = 1.79771…
        assert_eq!(power.to_decimal(4).as_deref(), Some("1.798e477121"));
        assert_eq!(power.recip().to_decimal(4).as_deref(), Some("5.563e-477122"));
    }

    #[test]
    fn balls_print_what_they_decide() {
        assert_eq!(
            Ball::hull(&Rational::new(1, 3), &Rational::new(1, 3), 53).to_string(),
            "0.333333333333333"
        );
        assert_eq!(Ball::from_i64(2, 53).to_string(), "2");
        assert_eq!(Ball::undefined(53).to_string(), "undefined");
        assert_eq!(Ball::whole(53).doubtful().to_string(), "[-inf, inf] if defined");
    }
}
