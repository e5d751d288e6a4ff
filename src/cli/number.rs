//! An expression without symbols → correct digits.
//!
//! Enclosures are narrowed until both ends round to the same digits; what they cannot tell from 0 is decided by
//! algebra, and otherwise left undecided.

use crate::algebra::{Assumptions, Effort, Normalizer};
use crate::expr::{Expr, Store};
use crate::number::{Ball, Definedness};
use crate::report::derivation::Number;
use crate::tape::Tape;

/// How often the precision is doubled.
const DOUBLINGS: u32 = 6;

/// The value of an expression without symbols, to so many digits.
pub fn decimal(store: &mut Store, e: Expr, digits: u32) -> Number {
    let bits = digits * 10 / 3 + 64;
    if let Some(value) = store.as_number(e) {
        let text = Ball::from_rational(value, bits).to_decimal(digits);
        return text.map_or(Number::Undecided, Number::Digits);
    }
    let tape = Tape::new(store, &[], &[e]);
    for doubling in 0..=DOUBLINGS {
        let precision = bits << doubling;
        let ball = tape.eval_one::<crate::tape::Enclosure>(&[], precision).to_ball();
        if ball.definedness() == Definedness::Undefined {
            return Number::Undefined;
        }
        if let Some(text) = ball.to_decimal(digits) {
            return Number::Digits(text);
        }
    }
    let mut normalizer = Normalizer::new(Assumptions::none(), Effort::Decide);
    match normalizer.is_zero(store, e) {
        Ok(true) => Number::Digits("0".to_owned()),
        _ => Number::Undecided,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::formula;

    #[track_caller]
    fn check(text: &str, digits: u32, expected: Number) {
        let mut store = Store::new();
        let e = formula(&mut store, text);
        assert_eq!(decimal(&mut store, e, digits), expected, "{text}");
    }

    #[test]
    fn digits_are_correct_and_zero_is_found() {
        let digits = |text: &str| Number::Digits(text.to_owned());
        check("1/3", 5, digits("0.33333"));
        check("1/4", 5, digits("0.25"));
        check("pi", 30, digits("3.14159265358979323846264338328"));
        check("exp(1/10^40) - 1", 3, digits("1.00e-40"));
        check("sqrt(2)*sqrt(3) - sqrt(6)", 5, digits("0"));
        check("log(0)", 5, Number::Undefined);
    }
}
