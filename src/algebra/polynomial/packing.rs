//! A monomial as one number: exponents are the digits in a mixed radix, so that products are sums.
//!
//! With x below 10 and y below 7, x²·y³ is 2·7 + 3 = 17; numbers compare as monomials do.

use super::Exponents;

/// Mixed radices wide enough for every exponent of a result.
pub(super) struct Packing {
    strides: Vec<u128>,
    /// The number of codes: every packed monomial is below.
    pub(super) volume: u128,
}

impl Packing {
    /// Room for exponents up to these degrees; `None` when a code does not fit 128 bits.
    pub(super) fn new(degrees: &[u32]) -> Option<Packing> {
        let mut strides = vec![0; degrees.len()];
        let mut volume: u128 = 1;
        for (stride, &degree) in strides.iter_mut().zip(degrees).rev() {
            *stride = volume;
            volume = volume.checked_mul(u128::from(degree) + 1)?;
        }
        Some(Packing { strides, volume })
    }

    pub(super) fn pack(&self, row: &[u32]) -> u128 {
        self.strides.iter().zip(row).map(|(&stride, &exponent)| stride * u128::from(exponent)).sum()
    }

    /// The codes of all rows of a table of `count` rows.
    pub(super) fn pack_all(&self, exponents: &[u32], count: usize) -> Vec<u128> {
        let width = self.strides.len();
        if self.volume <= u64::MAX as u128 {
            let strides: Vec<u64> = self.strides.iter().map(|&stride| stride as u64).collect();
            let code = |row: &[u32]| strides.iter().zip(row).map(|(&s, &e)| s * u64::from(e)).sum::<u64>();
            return (0..count).map(|i| code(&exponents[i * width..(i + 1) * width]).into()).collect();
        }
        (0..count).map(|i| self.pack(&exponents[i * width..(i + 1) * width])).collect()
    }

    /// The number of exponents in a code.
    pub(super) fn width(&self) -> usize {
        self.strides.len()
    }

    /// Appends the exponents of a code.
    pub(super) fn unpack_into(&self, code: u128, exponents: &mut Exponents) {
        if self.volume <= u64::MAX as u128 {
            let mut rest = code as u64;
            for &stride in &self.strides {
                let stride = stride as u64;
                exponents.push((rest / stride) as u32);
                rest %= stride;
            }
            return;
        }
        let mut rest = code;
        for &stride in &self.strides {
            exponents.push((rest / stride) as u32);
            rest %= stride;
        }
    }
}
