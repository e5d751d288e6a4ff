//! Three widths of exact coefficients, so that inner loops run on the narrowest that provably suffices.
//!
//! The coefficients of a·b are below |a|·|b| in the sum norm: when that has 62 bits, `i64` cannot overflow.

use dashu_int::IBig;

use super::integer::checked_quotient;

/// An exact integer; the narrow ones are used only where a bound excludes overflow, or checked.
pub(super) trait Coefficient: Clone + Default {
    fn from_integer(n: &IBig) -> Option<Self>;
    fn to_integer(&self) -> IBig;
    fn is_zero(&self) -> bool;
    /// `self += a·b`, where a bound excludes overflow.
    fn add_product(&mut self, a: &Self, b: &Self);
    /// `self −= a·b`; `None` on overflow.
    fn checked_sub_product(&mut self, a: &Self, b: &Self) -> Option<()>;
    /// `self / divisor` when it is exact.
    fn exact_quotient(&self, divisor: &Self) -> Option<Self>;
}

macro_rules! machine_word {
    ($word:ty) => {
        impl Coefficient for $word {
            fn from_integer(n: &IBig) -> Option<$word> {
                <$word>::try_from(n).ok()
            }
            fn to_integer(&self) -> IBig {
                IBig::from(*self)
            }
            fn is_zero(&self) -> bool {
                *self == 0
            }
            fn add_product(&mut self, a: &$word, b: &$word) {
                *self += a * b;
            }
            fn checked_sub_product(&mut self, a: &$word, b: &$word) -> Option<()> {
                *self = self.checked_sub(a.checked_mul(*b)?)?;
                Some(())
            }
            fn exact_quotient(&self, divisor: &$word) -> Option<$word> {
                (self.checked_rem(*divisor)? == 0).then(|| self / divisor)
            }
        }
    };
}

machine_word!(i64);
machine_word!(i128);

impl Coefficient for IBig {
    fn from_integer(n: &IBig) -> Option<IBig> {
        Some(n.clone())
    }
    fn to_integer(&self) -> IBig {
        self.clone()
    }
    fn is_zero(&self) -> bool {
        IBig::is_zero(self)
    }
    fn add_product(&mut self, a: &IBig, b: &IBig) {
        *self += a * b;
    }
    fn checked_sub_product(&mut self, a: &IBig, b: &IBig) -> Option<()> {
        *self -= a * b;
        Some(())
    }
    fn exact_quotient(&self, divisor: &IBig) -> Option<IBig> {
        checked_quotient(self, divisor)
    }
}

/// All coefficients in one width, when they fit.
pub(super) fn converted<C: Coefficient>(coefficients: &[IBig]) -> Option<Vec<C>> {
    coefficients.iter().map(C::from_integer).collect()
}
