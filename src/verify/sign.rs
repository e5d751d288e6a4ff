//! Sets of signs: what is known of a value is which of −, 0, + it may be.
//!
//! From `{+}·{−, 0}` follows `{−, 0}`; a square of `{−, +}` is `{+}`.

/// Which signs a value may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Signs(u8);

impl Signs {
    /// Above 0.
    pub const POSITIVE: Signs = Signs(0b100);
    /// Exactly 0.
    pub const ZERO: Signs = Signs(0b010);
    /// Below 0.
    pub const NEGATIVE: Signs = Signs(0b001);
    /// 0 or above.
    pub const NONNEGATIVE: Signs = Signs(0b110);
    /// 0 or below.
    pub const NONPOSITIVE: Signs = Signs(0b011);
    /// Not 0.
    pub const NONZERO: Signs = Signs(0b101);
    /// Nothing is known.
    pub const ANY: Signs = Signs(0b111);

    /// Is every sign of the first among those of the second?
    pub fn within(self, other: Signs) -> bool {
        self.0 & !other.0 == 0
    }

    /// Above 0, or below 0, for certain?
    pub fn is_single(self) -> bool {
        self.within(Signs::POSITIVE) || self.within(Signs::NEGATIVE)
    }

    /// What either allows.
    pub fn or(self, other: Signs) -> Signs {
        Signs(self.0 | other.0)
    }

    /// What both allow; what contradicts itself says nothing.
    pub fn and(self, other: Signs) -> Signs {
        match self.0 & other.0 {
            0 => self,
            both => Signs(both),
        }
    }

    /// The signs of −v.
    pub fn negated(self) -> Signs {
        Signs(self.0 & 0b010 | (self.0 & 1) << 2 | self.0 >> 2)
    }

    /// The signs of v·w.
    pub fn times(self, other: Signs) -> Signs {
        let mut result = (self.0 | other.0) & 0b010;
        if other.within(Signs::ZERO) || self.within(Signs::ZERO) {
            return Signs::ZERO;
        }
        if other.0 & 0b100 != 0 {
            result |= self.0 & 0b101;
        }
        if other.0 & 0b001 != 0 {
            result |= self.negated().0 & 0b101;
        }
        Signs(result)
    }

    /// The signs of vⁿ, for n ≠ 0; of 1/v as of v.
    pub fn power(self, n: i64) -> Signs {
        if n % 2 == 0 { self.times(self).and(Signs::NONNEGATIVE) } else { self }
    }
}

#[cfg(test)]
mod tests {
    use super::Signs;

    #[test]
    fn signs_multiply_as_numbers_do() {
        let sets = [
            (Signs::POSITIVE, vec![1]),
            (Signs::ZERO, vec![0]),
            (Signs::NEGATIVE, vec![-1]),
            (Signs::NONNEGATIVE, vec![0, 1]),
            (Signs::NONPOSITIVE, vec![-1, 0]),
            (Signs::NONZERO, vec![-1, 1]),
            (Signs::ANY, vec![-1, 0, 1]),
        ];
        let one = |n: i32| [Signs::NEGATIVE, Signs::ZERO, Signs::POSITIVE][(n + 1) as usize];
        for (a, values) in &sets {
            for (b, others) in &sets {
                for x in values {
                    for y in others {
                        assert!(one(x * y).within(a.times(*b)), "{a:?}·{b:?}");
                    }
                }
            }
            assert!(values.iter().all(|x| one(x * x).within(a.power(2)) && one(-x).within(a.negated())));
        }
        assert_eq!(Signs::NONZERO.power(2), Signs::POSITIVE);
        assert_eq!(Signs::NEGATIVE.times(Signs::NONPOSITIVE), Signs::NONNEGATIVE);
    }
}
