//! Intervals with rational, infinite, open or closed ends: what is known of a value's size.
//!
//! `0 < p < 1` gives `p ∈ (0, 1)`, so `1 - p ∈ (0, 1)` and `p/(1 - p) ∈ (0, ∞)`.

use crate::number::Rational;

/// One end of a [`Range`].
#[derive(Clone, Debug, PartialEq)]
pub struct End {
    /// Where it is.
    pub at: Rational,
    /// Whether the value itself is excluded.
    pub open: bool,
}

/// The reals between two ends; `None` is an infinite end. Never empty.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Range {
    /// The lower end.
    pub lower: Option<End>,
    /// The upper end.
    pub upper: Option<End>,
}

impl Range {
    /// Every real.
    pub const WHOLE: Range = Range { lower: None, upper: None };

    /// Exactly this.
    pub fn point(value: &Rational) -> Range {
        let end = Some(End { at: value.clone(), open: false });
        Range { lower: end.clone(), upper: end }
    }

    /// Above (or from) this on.
    pub fn above(at: Rational, open: bool) -> Range {
        Range { lower: Some(End { at, open }), upper: None }
    }

    /// Below (or up to) this.
    pub fn below(at: Rational, open: bool) -> Range {
        Range { lower: None, upper: Some(End { at, open }) }
    }

    /// (0, ∞).
    pub fn positive() -> Range {
        Range::above(Rational::ZERO, true)
    }

    /// [0, ∞).
    pub fn nonnegative() -> Range {
        Range::above(Rational::ZERO, false)
    }

    /// Is every value above 0?
    pub fn is_positive(&self) -> bool {
        self.lower.as_ref().is_some_and(|l| l.at.is_positive() || (l.at.is_zero() && l.open))
    }

    /// Is every value 0 or above?
    pub fn is_nonnegative(&self) -> bool {
        self.lower.as_ref().is_some_and(|l| !l.at.is_negative())
    }

    /// Is every value below 0?
    pub fn is_negative(&self) -> bool {
        self.negated().is_positive()
    }

    /// Is every value 0 or below?
    pub fn is_nonpositive(&self) -> bool {
        self.negated().is_nonnegative()
    }

    /// Is 0 excluded?
    pub fn is_nonzero(&self) -> bool {
        self.is_positive() || self.is_negative()
    }

    /// The only value, when there is one.
    pub fn as_point(&self) -> Option<&Rational> {
        match (&self.lower, &self.upper) {
            (Some(l), Some(u)) if l.at == u.at => Some(&l.at),
            _ => None,
        }
    }

    /// −r.
    pub fn negated(&self) -> Range {
        let flip = |end: &Option<End>| end.as_ref().map(|e| End { at: -&e.at, open: e.open });
        Range { lower: flip(&self.upper), upper: flip(&self.lower) }
    }

    /// c·r.
    pub fn scaled(&self, c: &Rational) -> Range {
        if c.is_zero() {
            return Range::point(&Rational::ZERO);
        }
        let times = |end: &Option<End>| end.as_ref().map(|e| End { at: &e.at * c, open: e.open });
        let (a, b) = (times(&self.lower), times(&self.upper));
        if c.is_negative() { Range { lower: b, upper: a } } else { Range { lower: a, upper: b } }
    }

    /// r + s.
    pub fn plus(&self, other: &Range) -> Range {
        let add = |a: &Option<End>, b: &Option<End>| match (a, b) {
            (Some(a), Some(b)) => Some(End { at: &a.at + &b.at, open: a.open || b.open }),
            _ => None,
        };
        Range { lower: add(&self.lower, &other.lower), upper: add(&self.upper, &other.upper) }
    }

    /// r·s.
    pub fn times(&self, other: &Range) -> Range {
        if self.is_nonpositive() && !self.is_nonnegative() {
            return self.negated().times(other).negated();
        }
        if other.is_nonpositive() && !other.is_nonnegative() {
            return self.times(&other.negated()).negated();
        }
        if let (Some(a), Some(b)) = (&self.lower, &other.lower)
            && !a.at.is_negative()
            && !b.at.is_negative()
        {
            // The least product is missed where one factor's least value is, unless the other's is 0 itself.
            let open = (a.open && (b.open || b.at.is_positive())) || (b.open && a.at.is_positive());
            let lower = Some(End { at: &a.at * &b.at, open });
            let upper = match (&self.upper, &other.upper) {
                (Some(u), Some(v)) => Some(End {
                    at: &u.at * &v.at,
                    open: (u.open && v.at.is_positive()) || (v.open && u.at.is_positive()),
                }),
                _ => None,
            };
            return Range { lower, upper };
        }
        // Of mixed sign: the hull of the products of the ends, when all are finite.
        let (Some(a), Some(b), Some(c), Some(d)) = (&self.lower, &self.upper, &other.lower, &other.upper)
        else {
            return Range::WHOLE;
        };
        let products = [&a.at * &c.at, &a.at * &d.at, &b.at * &c.at, &b.at * &d.at];
        let least = products.iter().min().expect("four products").clone();
        let greatest = products.iter().max().expect("four products").clone();
        Range { lower: Some(End { at: least, open: false }), upper: Some(End { at: greatest, open: false }) }
    }

    /// 1/r of a range without 0; the whole line otherwise.
    pub fn recip(&self) -> Range {
        if self.is_negative() {
            return self.negated().recip().negated();
        }
        if !self.is_positive() {
            return Range::WHOLE;
        }
        let lower = match &self.upper {
            Some(u) => u.at.recip().map(|at| End { at, open: u.open }),
            None => Some(End { at: Rational::ZERO, open: true }),
        };
        let upper = self.lower.as_ref().and_then(|l| l.at.recip().map(|at| End { at, open: l.open }));
        Range { lower, upper }
    }

    /// rⁿ for an integer n (of a range without 0 when n < 0).
    pub fn power(&self, n: i64) -> Range {
        if n < 0 {
            return self.power(n.saturating_neg()).recip();
        }
        if n == 0 {
            return Range::point(&Rational::ONE);
        }
        let raise = |end: &Option<End>| -> Option<End> {
            let end = end.as_ref()?;
            (n <= 64).then(|| end.at.pow(n)).flatten().map(|at| End { at, open: end.open })
        };
        if self.is_nonnegative() {
            let lower = raise(&self.lower).or(Some(End { at: Rational::ZERO, open: self.is_positive() }));
            return Range { lower, upper: raise(&self.upper) };
        }
        if n % 2 == 0 {
            if self.is_nonpositive() {
                return self.negated().power(n);
            }
            let (below, above) = (raise(&self.lower), raise(&self.upper));
            let upper = match (below, above) {
                (Some(a), Some(b)) if a.at > b.at => Some(a),
                (Some(a), Some(b)) if a.at == b.at => Some(End { open: a.open && b.open, ..a }),
                (Some(_), Some(b)) => Some(b),
                _ => None,
            };
            return Range { lower: Some(End { at: Rational::ZERO, open: self.is_nonzero() }), upper };
        }
        Range { lower: raise(&self.lower), upper: raise(&self.upper) }
    }

    /// The values in both; when nothing is, the first range, since facts that contradict each other say
    /// nothing here.
    pub fn intersected(&self, other: &Range) -> Range {
        let tighter = |a: &Option<End>, b: &Option<End>, sign: i64| -> Option<End> {
            match (a, b) {
                (None, end) | (end, None) => end.clone(),
                (Some(a), Some(b)) => Some(match a.at.cmp(&b.at) {
                    std::cmp::Ordering::Equal => End { at: a.at.clone(), open: a.open || b.open },
                    order if (order == std::cmp::Ordering::Greater) == (sign > 0) => a.clone(),
                    _ => b.clone(),
                }),
            }
        };
        let result = Range {
            lower: tighter(&self.lower, &other.lower, 1),
            upper: tighter(&self.upper, &other.upper, -1),
        };
        match (&result.lower, &result.upper) {
            (Some(l), Some(u)) if l.at > u.at || (l.at == u.at && (l.open || u.open)) => self.clone(),
            _ => result,
        }
    }

    /// The range of an integer with these bounds: open ends move to the next integer.
    pub fn integral(&self) -> Range {
        let lower = self.lower.as_ref().map(|l| {
            let ceiling = -&(-&l.at).floor();
            let at = if l.open && ceiling == l.at { &ceiling + &Rational::ONE } else { ceiling };
            End { at, open: false }
        });
        let upper = self.upper.as_ref().map(|u| {
            let floor = u.at.floor();
            let at = if u.open && floor == u.at { &floor - &Rational::ONE } else { floor };
            End { at, open: false }
        });
        Range { lower, upper }
    }

    /// Does the value belong to the range?
    pub fn contains(&self, value: &Rational) -> bool {
        let above = self.lower.as_ref().is_none_or(|l| *value > l.at || (*value == l.at && !l.open));
        let below = self.upper.as_ref().is_none_or(|u| *value < u.at || (*value == u.at && !u.open));
        above && below
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn open(a: i64, b: i64) -> Range {
        Range {
            lower: Some(End { at: Rational::from(a), open: true }),
            upper: Some(End { at: Rational::from(b), open: true }),
        }
    }

    #[test]
    fn a_probability_and_its_odds() {
        let p = open(0, 1);
        let rest = p.negated().plus(&Range::point(&Rational::ONE));
        assert_eq!(rest, open(0, 1));
        let odds = p.times(&rest.recip());
        assert!(odds.is_positive() && odds.upper.is_none());
    }

    #[test]
    fn an_even_power_of_a_mixed_range_touches_zero() {
        let square = Range { lower: Some(End { at: Rational::from(-2), open: false }), upper: None }.power(2);
        assert!(square.is_nonnegative() && !square.is_positive());
        assert_eq!(open(-3, -2).power(2), open(4, 9));
        assert_eq!(open(-2, 1).power(3), open(-8, 1));
    }

    #[test]
    fn open_ends_of_integers_move() {
        let n = Range::positive().integral();
        assert_eq!(n.lower, Some(End { at: Rational::ONE, open: false }));
    }

    #[test]
    fn a_product_with_a_closed_zero_may_be_zero() {
        assert!(!Range::nonnegative().times(&Range::positive()).is_positive());
        assert!(Range::positive().times(&Range::positive()).is_positive());
        assert!(Range::below(Rational::ZERO, true).times(&Range::positive()).is_negative());
    }
}
