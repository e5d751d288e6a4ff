//! Truncated series: polynomials in infinitesimals over exact reals.
//!
//! `log(3/10 + t + e)` with e² = 0 is `log(3/10) + 10/3·t − 50/9·t² + … + e·(10/3 − 100/9·t + …)`. The variable t of a
//! limit may have negative exponents and a remainder O(tᵏ) that is kept; each derivative brings a block of infinitesimals
//! of total degree 1 or 2 that are read off and forgotten. For densities given by moments, powers of the sample variables
//! and of densities at fixed parameters stand beside them.

use std::cell::Cell;
use std::cmp::Ordering;

use smallvec::{SmallVec, smallvec};

use super::failure::Failure;
use super::real::Real;
use crate::number::Rational;

/// How many different densities at fixed parameters may stand in one term.
pub(super) const BASES: usize = 4;

/// The exponents of one term.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub(super) struct Key {
    /// Of the infinitesimals, four bits each.
    pub small: u64,
    /// Of t.
    pub t: i32,
    /// Of the sample variables, outermost first.
    pub x: [u8; 2],
    /// Of the densities at fixed parameters.
    pub bases: [i8; BASES],
}

/// An exact remainder: there is none.
pub(super) const EXACT: i32 = i32::MAX;
/// More terms than this are not multiplied.
const TERMS: usize = 4_000;

/// Work for one check on one instance: products of short fractions.
const PRODUCTS: u64 = 400_000;

/// The reason of a failure for want of budget.
pub(super) const TOO_LONG: &str = "a formula that takes too long";

/// Σ terms + O(t^precision).
#[derive(Clone, Debug)]
pub(super) struct Jet {
    /// Sorted, without zeros.
    pub terms: SmallVec<[(Key, Real); 1]>,
    /// Terms from this power of t on are not known; [`EXACT`] when nothing is cut off.
    pub precision: i32,
}

/// Infinitesimals whose products of more than `degree` factors vanish.
#[derive(Clone, Copy, Debug)]
struct Block {
    first: usize,
    count: usize,
    degree: u32,
}

/// In which jets are multiplied.
#[derive(Clone, Debug)]
pub(super) struct Ring {
    /// Powers of t above this are cut off.
    pub order: i32,
    /// The precision of balls.
    pub bits: u32,
    blocks: Vec<Block>,
    /// Work that may still be done.
    budget: Cell<u64>,
}

impl Key {
    fn times(self, other: Key) -> Option<Key> {
        let mut product = self;
        product.small = self.small.checked_add(other.small)?;
        product.t = self.t.checked_add(other.t)?;
        for (mine, its) in product.x.iter_mut().zip(other.x) {
            *mine = mine.checked_add(its)?;
        }
        for (mine, its) in product.bases.iter_mut().zip(other.bases) {
            *mine = mine.checked_add(its)?;
        }
        Some(product)
    }

    /// Neither infinitesimals nor sample variables nor densities: a power of t.
    fn is_power(self) -> bool {
        Key { t: 0, ..self } == Key::default()
    }

    fn power(t: i32) -> Key {
        Key { t, ..Key::default() }
    }
}

/// The exponent of one infinitesimal.
fn digit(small: u64, position: usize) -> u32 {
    ((small >> (4 * position)) & 15) as u32
}

impl Jet {
    pub(super) fn constant(value: Real) -> Jet {
        Jet::monomial(Key::default(), value)
    }

    pub(super) fn rational(value: Rational) -> Jet {
        Jet::constant(Real::Rational(value))
    }

    pub(super) fn zero() -> Jet {
        Jet { terms: SmallVec::new(), precision: EXACT }
    }

    pub(super) fn one() -> Jet {
        Jet::constant(Real::one())
    }

    pub(super) fn monomial(key: Key, value: Real) -> Jet {
        let zero = value.is_exact() && value.is_zero() == Some(true);
        Jet { terms: if zero { SmallVec::new() } else { smallvec![(key, value)] }, precision: EXACT }
    }

    /// c·tᵏ.
    pub(super) fn power(value: Real, t: i32) -> Jet {
        Jet::monomial(Key::power(t), value)
    }

    /// The value of a jet that is only a number.
    pub(super) fn as_constant(&self) -> Option<Real> {
        match self.terms.as_slice() {
            _ if self.precision != EXACT => None,
            [] => Some(Real::zero()),
            [(key, value)] if *key == Key::default() => Some(value.clone()),
            _ => None,
        }
    }

    /// The value of a jet that is only a rational.
    pub(super) fn as_rational(&self) -> Option<Rational> {
        self.as_constant()?.as_rational().cloned()
    }

    /// Is it certainly 0, without a remainder?
    pub(super) fn is_exact_zero(&self) -> bool {
        self.terms.is_empty() && self.precision == EXACT
    }

    /// The least power of t; the remainder's when there is no term.
    pub(super) fn valuation(&self) -> i32 {
        self.terms.iter().map(|(key, _)| key.t).min().unwrap_or(self.precision)
    }

    /// The coefficient of tᵏ of a jet in t alone.
    pub(super) fn coefficient(&self, t: i32) -> Real {
        self.terms.iter().find(|(key, _)| *key == Key::power(t)).map_or_else(Real::zero, |(_, c)| c.clone())
    }

    /// Is it a series in t alone?
    pub(super) fn is_series(&self) -> bool {
        self.terms.iter().all(|(key, _)| key.is_power())
    }

    fn collect(mut terms: Vec<(Key, Real)>, precision: i32, bits: u32) -> Jet {
        terms.sort_by_key(|(key, _)| *key);
        let mut joined: SmallVec<[(Key, Real); 1]> = SmallVec::with_capacity(terms.len());
        for (key, value) in terms {
            match joined.last_mut() {
                Some((last, sum)) if *last == key => *sum = sum.add(&value, bits),
                _ => joined.push((key, value)),
            }
        }
        joined.retain(|(key, value)| key.t < precision && !(value.is_exact() && is_certain_zero(value)));
        Jet { terms: joined, precision }
    }
}

/// Exact numbers are normalized: only the rational 0 is zero.
fn is_certain_zero(value: &Real) -> bool {
    value.as_rational().is_some_and(Rational::is_zero)
}

impl Ring {
    /// Series up to t^order, balls of so many bits.
    pub(super) fn new(order: i32, bits: u32) -> Ring {
        Ring { order, bits, blocks: Vec::new(), budget: Cell::new(PRODUCTS) }
    }

    /// A new block of infinitesimals; its number of the first one.
    pub(super) fn open(&mut self, count: usize, degree: u32) -> Result<usize, Failure> {
        let first = self.blocks.last().map_or(0, |block| block.first + block.count);
        if first + count > 16 {
            return Err(Failure::unknown("too many nested derivatives"));
        }
        self.blocks.push(Block { first, count, degree });
        Ok(first)
    }

    /// Forgets the last block; no jet with its infinitesimals may be used any more.
    pub(super) fn close(&mut self) {
        self.blocks.pop();
    }

    /// The infinitesimal of a number.
    pub(super) fn infinitesimal(position: usize) -> Jet {
        Jet::monomial(Key { small: 1 << (4 * position), ..Key::default() }, Real::one())
    }

    /// The coefficient of a product of infinitesimals of the last block, in all others.
    pub(super) fn read(&self, jet: &Jet, wanted: &[usize]) -> Jet {
        let block = self.blocks.last().expect("a block is open where its coefficients are read");
        let range = block.first..block.first + block.count;
        let wanted: u64 = wanted.iter().map(|position| 1 << (4 * position)).sum();
        let mask: u64 = range.map(|position| 15 << (4 * position)).sum();
        let terms = jet.terms.iter().filter(|(key, _)| key.small & mask == wanted);
        let terms = terms.map(|(key, c)| (Key { small: key.small & !mask, ..*key }, c.clone())).collect();
        Jet::collect(terms, jet.precision, self.bits)
    }

    fn keeps(&self, key: Key) -> bool {
        self.blocks.iter().all(|block| {
            let positions = block.first..block.first + block.count;
            positions.map(|position| digit(key.small, position)).sum::<u32>() <= block.degree
        })
    }

    pub(super) fn add(&self, a: &Jet, b: &Jet) -> Jet {
        if a.is_exact_zero() {
            return b.clone();
        }
        if b.is_exact_zero() {
            return a.clone();
        }
        let precision = a.precision.min(b.precision);
        let terms = a.terms.iter().chain(&b.terms).cloned().collect();
        Jet::collect(terms, precision, self.bits)
    }

    pub(super) fn sub(&self, a: &Jet, b: &Jet) -> Jet {
        self.add(a, &self.scale(b, &Rational::MINUS_ONE))
    }

    pub(super) fn scale(&self, a: &Jet, c: &Rational) -> Jet {
        if c.is_zero() {
            return Jet::zero();
        }
        let terms = a.terms.iter().map(|(key, value)| (*key, value.scale(c, self.bits))).collect();
        Jet { terms, precision: a.precision }
    }

    pub(super) fn mul(&self, a: &Jet, b: &Jet) -> Result<Jet, Failure> {
        if a.is_exact_zero() || b.is_exact_zero() {
            return Ok(Jet::zero());
        }
        let beyond = |jet: &Jet, other: &Jet| match jet.precision {
            EXACT => EXACT,
            precision => precision.saturating_add(other.valuation()),
        };
        let mut precision = beyond(a, b).min(beyond(b, a));
        self.spend(a, b)?;
        let mut terms = Vec::with_capacity(a.terms.len() * b.terms.len());
        for (key, c) in &a.terms {
            for (other, d) in &b.terms {
                let Some(product) = key.times(*other) else {
                    return Err(Failure::unknown("a power that is too high"));
                };
                if !self.keeps(product) {
                    continue;
                }
                if product.t > self.order {
                    precision = precision.min(self.order + 1);
                } else if product.t < precision {
                    terms.push((product, c.mul(d, self.bits)));
                }
            }
        }
        let product = Jet::collect(terms, precision, self.bits);
        if product.terms.len() > TERMS { Err(Failure::unknown(TOO_LONG)) } else { Ok(product) }
    }

    /// Takes the work of a product from the budget.
    fn spend(&self, a: &Jet, b: &Jet) -> Result<(), Failure> {
        let work = |jet: &Jet| jet.terms.iter().map(|(_, c)| c.work()).sum::<u64>();
        let (ours, theirs) = (a.terms.len() as u64, b.terms.len() as u64);
        let cost = work(a).saturating_mul(theirs).saturating_add(work(b).saturating_mul(ours));
        let left = self.budget.get().checked_sub(cost).ok_or_else(|| Failure::unknown(TOO_LONG))?;
        self.budget.set(left);
        Ok(())
    }

    /// The first term c·key, where everything else over it is infinitely small, and that rest: a = c·key·(1 + rest).
    fn lead(&self, a: &Jet) -> Result<(Key, Real, Jet), Failure> {
        let least = a.terms.iter().filter(|(key, _)| key.small == 0).min_by_key(|(key, _)| key.t);
        let Some((key, c)) = least.cloned() else {
            return Err(Failure::unknown("what is infinitely small by more than is known"));
        };
        let ambiguous = |(other, _): &(Key, Real)| other.small == 0 && other.t == key.t && *other != key;
        if a.terms.iter().any(ambiguous) {
            return Err(Failure::unknown("a function of a polynomial in the sample"));
        }
        if c.is_zero() != Some(false) {
            return Err(Failure::unknown("a first coefficient that may be 0"));
        }
        let mut inverse = Key { t: -key.t, ..Key::default() };
        for (mine, its) in inverse.bases.iter_mut().zip(key.bases) {
            *mine = -its;
        }
        if key.x != [0; 2] {
            return Err(Failure::unknown("a quotient by the sample"));
        }
        let over = Jet::monomial(inverse, c.recip(self.bits)?);
        let one = self.mul(a, &over)?;
        let rest = Jet {
            terms: one.terms.into_iter().filter(|(key, _)| *key != Key::default()).collect(),
            precision: one.precision,
        };
        Ok((key, c, rest))
    }

    /// Σ cₖ·restᵏ for an infinitely small rest.
    fn power_series(
        &self,
        rest: &Jet,
        mut coefficient: impl FnMut(i64) -> Option<Rational>,
    ) -> Result<Jet, Failure> {
        let mut sum = Jet::zero();
        let mut power = Jet::one();
        for k in 0..64 {
            match coefficient(k) {
                Some(c) => sum = self.add(&sum, &self.scale(&power, &c)),
                None => return Ok(sum),
            }
            power = self.mul(&power, rest)?;
            if power.terms.is_empty() {
                // Further powers may lose what infinitesimals over powers of t take away.
                let lost = 4 * rest.valuation().min(0);
                sum.precision = match power.precision {
                    EXACT => sum.precision,
                    precision => sum.precision.min(precision + lost),
                };
                return Ok(sum);
            }
        }
        Err(Failure::unknown("a series that does not end"))
    }

    /// a^q.
    pub(super) fn pow(&self, a: &Jet, q: &Rational) -> Result<Jet, Failure> {
        if let Some(n) = q.as_i64()
            && n >= 0
        {
            if n > 64 {
                return Err(Failure::unknown("a power that is too high"));
            }
            return (0..n).try_fold(Jet::one(), |product, _| self.mul(&product, a));
        }
        if a.is_exact_zero() {
            let zero = q.is_positive();
            return if zero {
                Ok(Jet::zero())
            } else {
                Err(Failure::Undefined("a division by 0".to_owned()))
            };
        }
        let (key, c, rest) = self.lead(a)?;
        let Some((n, d)) = q.as_small() else { return Err(Failure::unknown("a power that is too high")) };
        let over = |exponent: i64| exponent.checked_mul(n).filter(|e| e % d == 0).map(|e| e / d);
        let whole = |exponent: i64| over(exponent).ok_or_else(|| Failure::unknown("a root of a power of t"));
        let high = |_| Failure::unknown("a power that is too high");
        let mut factor = Key::power(i32::try_from(whole(i64::from(key.t))?).map_err(high)?);
        for (mine, its) in factor.bases.iter_mut().zip(key.bases) {
            *mine = i8::try_from(whole(i64::from(its))?).map_err(high)?;
        }
        let mut binomial = Rational::ONE;
        let series = self.power_series(&rest, |k| {
            if k > 0 {
                let factor = &(q - &Rational::from(k - 1)) / &Rational::from(k);
                binomial = &binomial * &factor;
            }
            Some(binomial.clone())
        })?;
        self.mul(&series, &Jet::monomial(factor, self.real_power(&c, q)?))
    }

    /// c^q of a number that is not 0.
    fn real_power(&self, c: &Real, q: &Rational) -> Result<Real, Failure> {
        if *q == Rational::new(1, 2) {
            return c.sqrt(self.bits);
        }
        if *q == Rational::new(-1, 2) {
            return c.sqrt(self.bits)?.recip(self.bits);
        }
        if let Some(n) = q.as_i64() {
            let factor = if n < 0 { c.recip(self.bits)? } else { c.clone() };
            let mut power = Real::one();
            for _ in 0..n.unsigned_abs().min(64) {
                power = power.mul(&factor, self.bits);
            }
            return if n.abs() <= 64 { Ok(power) } else { Err(Failure::unknown("a power that is too high")) };
        }
        match c.sign() {
            Some(Ordering::Greater) => Ok(Real::from_ball(c.ball(self.bits).pow_rational(q))),
            Some(_) => Err(Failure::Undefined("a power of a number that is not positive".to_owned())),
            None => Err(Failure::unknown("a power of a number of unknown sign")),
        }
    }

    /// 1/a.
    pub(super) fn recip(&self, a: &Jet) -> Result<Jet, Failure> {
        if let Some(value) = a.as_constant() {
            return value.recip(self.bits).map(Jet::constant);
        }
        self.pow(a, &Rational::MINUS_ONE)
    }

    /// log a; `log_base` is the logarithm of the density of a number.
    pub(super) fn log(
        &self,
        a: &Jet,
        log_base: &dyn Fn(usize) -> Result<Jet, Failure>,
    ) -> Result<Jet, Failure> {
        if let Some(value) = a.as_constant() {
            return value.log(self.bits).map(Jet::constant);
        }
        let (key, c, rest) = self.lead(a)?;
        let first = c.log(self.bits)?;
        if key.t != 0 {
            return Err(Failure::unknown("the logarithm of what tends to 0"));
        }
        let mut sum = self.power_series(&rest, |k| {
            let sign = if k % 2 == 1 { 1 } else { -1 };
            Some(if k == 0 { Rational::ZERO } else { Rational::new(sign, k) })
        })?;
        sum = self.add(&sum, &Jet::constant(first));
        for (number, power) in key.bases.iter().enumerate().filter(|(_, power)| **power != 0) {
            sum = self.add(&sum, &self.scale(&log_base(number)?, &Rational::from(i64::from(*power))));
        }
        Ok(sum)
    }

    /// eᵃ.
    pub(super) fn exp(&self, a: &Jet) -> Result<Jet, Failure> {
        let constant = a.coefficient(0);
        let rest = self.sub(a, &Jet::constant(constant.clone()));
        if rest.terms.iter().any(|(key, _)| key.small == 0 && key.t <= 0) || rest.precision <= 0 {
            return Err(Failure::unknown("the exponential of what is not small"));
        }
        let mut factorial = Rational::ONE;
        let series = self.power_series(&rest, |k| {
            if k > 0 {
                factorial = &factorial / &Rational::from(k);
            }
            Some(factorial.clone())
        })?;
        self.mul(&series, &Jet::constant(constant.exp(self.bits)))
    }

    /// The sign for all small t > 0; `None` when it is not known.
    pub(super) fn sign(&self, a: &Jet) -> Option<Ordering> {
        if a.is_exact_zero() {
            return Some(Ordering::Equal);
        }
        if !a.is_series() {
            return None;
        }
        a.terms.iter().min_by_key(|(key, _)| key.t).and_then(|(_, c)| c.sign()).filter(|s| s.is_ne())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn series(coefficients: &[(i64, i64)]) -> Jet {
        let ring = Ring::new(6, 64);
        let terms = coefficients.iter().enumerate();
        terms.fold(Jet::zero(), |sum, (k, (n, d))| {
            ring.add(&sum, &Jet::power(Real::Rational(Rational::new(*n, *d)), k as i32))
        })
    }

    #[track_caller]
    fn check_series(found: &Jet, expected: &[(i64, i64)]) {
        for (k, (n, d)) in expected.iter().enumerate() {
            let coefficient = found.coefficient(k as i32);
            assert_eq!(coefficient.as_rational(), Some(&Rational::new(*n, *d)), "t^{k} of {found:?}");
        }
    }

    #[test]
    fn functions_of_series_are_those_of_the_books() {
        let ring = Ring::new(6, 64);
        let one_plus_t = series(&[(1, 1), (1, 1)]);
        let none = |_| Err(Failure::unknown("no density"));
        check_series(&ring.log(&one_plus_t, &none).unwrap(), &[(0, 1), (1, 1), (-1, 2), (1, 3), (-1, 4)]);
        check_series(&ring.recip(&one_plus_t).unwrap(), &[(1, 1), (-1, 1), (1, 1), (-1, 1)]);
        check_series(&ring.pow(&one_plus_t, &Rational::new(1, 2)).unwrap(), &[(1, 1), (1, 2), (-1, 8)]);
        check_series(&ring.exp(&series(&[(0, 1), (2, 1)])).unwrap(), &[(1, 1), (2, 1), (2, 1), (4, 3)]);
    }

    #[test]
    fn infinitesimals_are_cut_off_at_their_degree() {
        let mut ring = Ring::new(4, 64);
        ring.open(2, 2).unwrap();
        let sum = ring.add(&Ring::infinitesimal(0), &Ring::infinitesimal(1));
        let x = ring.add(&Jet::one(), &sum);
        let cube = ring.pow(&x, &Rational::from(3)).unwrap();
        assert_eq!(ring.read(&cube, &[0]).as_rational(), Some(Rational::from(3)));
        assert_eq!(ring.read(&cube, &[0, 1]).as_rational(), Some(Rational::from(6)));
        assert_eq!(ring.read(&cube, &[1, 1]).as_rational(), Some(Rational::from(3)));
    }

    #[test]
    fn a_remainder_is_kept() {
        let ring = Ring::new(3, 64);
        let inverse = ring.recip(&series(&[(1, 1), (1, 1)])).unwrap();
        assert_eq!(inverse.precision, 4);
        let shifted = ring.mul(&inverse, &Jet::power(Real::one(), -2)).unwrap();
        assert_eq!((shifted.valuation(), shifted.precision), (-2, 2));
    }
}
