//! Exact real numbers: rational combinations of products of √s and log p.
//!
//! `3/10·log(3/7)` is `3/10·log 3 − 3/10·log 7`. The logarithms of primes and 1 are linearly independent over the
//! algebraic numbers (Baker 1966), and so are square roots of different squarefree integers over ℚ: where no product of
//! two logarithms occurs, a combination is zero only when it is empty. All else is decided by balls, which may say "no",
//! never "yes".

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::{One, ToPrimitive, Zero};
use smallvec::SmallVec;

use super::failure::Failure;
use crate::number::Ball;
use crate::number::Rational;

/// √root · Π log(prime)^power.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Monomial {
    /// Π log(prime)^power, sorted by primes.
    logs: SmallVec<[(u64, u8); 2]>,
    /// A squarefree integer.
    root: u64,
}

/// A real number.
#[derive(Clone, Debug)]
pub(super) enum Real {
    /// A rational.
    Rational(Rational),
    /// Sorted, without zero coefficients, not rational.
    Combination(Vec<(Monomial, Rational)>),
    /// Somewhere in there.
    Ball(Box<Ball>),
}

/// Primes are found by division up to here; what remains below its square is a prime.
const TRIAL: u64 = 4_000;
/// Longer combinations become balls.
const TERMS: usize = 128;
/// Fractions with more bits than this are written as decimals.
const LONG: u64 = 48;
/// The precisions at which signs are decided.
const PRECISIONS: [u32; 3] = [80, 160, 480];

impl Monomial {
    fn one() -> Monomial {
        Monomial { logs: SmallVec::new(), root: 1 }
    }

    fn is_one(&self) -> bool {
        self.root == 1 && self.logs.is_empty()
    }

    fn log_degree(&self) -> u32 {
        self.logs.iter().map(|(_, power)| u32::from(*power)).sum()
    }

    /// The product, and the integer that leaves the root; `None` when it does not fit.
    fn times(&self, other: &Monomial) -> Option<(Monomial, u64)> {
        let common = self.root.gcd(&other.root);
        let root = (self.root / common).checked_mul(other.root / common)?;
        let mut logs = self.logs.clone();
        for (prime, power) in &other.logs {
            match logs.iter_mut().find(|(p, _)| p == prime) {
                Some((_, present)) => *present = present.checked_add(*power)?,
                None => logs.push((*prime, *power)),
            }
        }
        logs.sort_unstable();
        Some((Monomial { logs, root }, common))
    }

    fn ball(&self, precision: u32) -> Ball {
        let mut value = Ball::from_rational(&integer(self.root), precision);
        if self.root != 1 {
            value = value.sqrt();
        }
        for (prime, power) in &self.logs {
            let log = Ball::from_rational(&integer(*prime), precision).log();
            value = value.mul(&log.powi(i64::from(*power)));
        }
        value
    }

    fn text(&self) -> String {
        let mut factors = Vec::new();
        if self.root != 1 {
            factors.push(format!("sqrt({})", self.root));
        }
        for (prime, power) in &self.logs {
            factors.push(if *power == 1 { format!("log({prime})") } else { format!("log({prime})^{power}") });
        }
        factors.join("*")
    }
}

fn integer(value: u64) -> Rational {
    Rational::from(BigInt::from(value))
}

impl Real {
    pub(super) fn zero() -> Real {
        Real::Rational(Rational::ZERO)
    }

    pub(super) fn one() -> Real {
        Real::Rational(Rational::ONE)
    }

    pub(super) fn from_ball(ball: Ball) -> Real {
        match (ball.is_exact(), ball.lower()) {
            (true, Some(value)) if ball.is_defined() => Real::Rational(value),
            _ => Real::Ball(Box::new(ball)),
        }
    }

    fn combination(mut terms: Vec<(Monomial, Rational)>) -> Real {
        terms.sort_by(|(a, _), (b, _)| a.cmp(b));
        terms.dedup_by(|later, earlier| {
            let same = later.0 == earlier.0;
            if same {
                earlier.1 = &earlier.1 + &later.1;
            }
            same
        });
        terms.retain(|(_, c)| !c.is_zero());
        match terms.as_slice() {
            [] => Real::zero(),
            [(monomial, c)] if monomial.is_one() => Real::Rational(c.clone()),
            _ => Real::Combination(terms),
        }
    }

    /// The terms of an exact number.
    fn terms(&self) -> Option<Vec<(Monomial, Rational)>> {
        match self {
            Real::Rational(q) => Some(vec![(Monomial::one(), q.clone())]),
            Real::Combination(terms) => Some(terms.clone()),
            Real::Ball(_) => None,
        }
    }

    /// The number as a rational.
    pub(super) fn as_rational(&self) -> Option<&Rational> {
        match self {
            Real::Rational(q) => Some(q),
            _ => None,
        }
    }

    /// Is it represented exactly?
    pub(super) fn is_exact(&self) -> bool {
        !matches!(self, Real::Ball(_))
    }

    /// What a product with it costs, beside one of short fractions.
    pub(super) fn work(&self) -> u64 {
        let of = |q: &Rational| 1 + q.bits().saturating_sub(62).div_ceil(16);
        match self {
            Real::Rational(q) => of(q),
            Real::Combination(terms) => terms.iter().map(|(_, c)| 4 + of(c)).sum(),
            Real::Ball(_) => 20,
        }
    }

    /// An enclosure.
    pub(super) fn ball(&self, precision: u32) -> Ball {
        match self {
            Real::Rational(q) => Ball::from_rational(q, precision),
            Real::Ball(ball) => ball.as_ref().clone(),
            Real::Combination(terms) => {
                terms.iter().fold(Ball::from_rational(&Rational::ZERO, precision), |sum, (monomial, c)| {
                    sum.add(&Ball::from_rational(c, precision).mul(&monomial.ball(precision)))
                })
            }
        }
    }

    pub(super) fn add(&self, other: &Real, bits: u32) -> Real {
        if let (Real::Rational(a), Real::Rational(b)) = (self, other) {
            return Real::Rational(a + b);
        }
        match (self.terms(), other.terms()) {
            (Some(mut a), Some(b)) => {
                a.extend(b);
                Real::combination(a)
            }
            _ => Real::from_ball(self.ball(bits).add(&other.ball(bits))),
        }
    }

    /// c·x.
    pub(super) fn scale(&self, c: &Rational, bits: u32) -> Real {
        match self {
            Real::Rational(q) => Real::Rational(q * c),
            Real::Combination(_) if c.is_zero() => Real::zero(),
            Real::Combination(terms) => {
                Real::Combination(terms.iter().map(|(m, q)| (m.clone(), q * c)).collect())
            }
            Real::Ball(ball) => {
                let precision = bits.max(ball.precision());
                Real::from_ball(ball.mul(&Ball::from_rational(c, precision)))
            }
        }
    }

    pub(super) fn mul(&self, other: &Real, bits: u32) -> Real {
        match (self, other) {
            (Real::Rational(a), b) => b.scale(a, bits),
            (a, Real::Rational(b)) => a.scale(b, bits),
            (Real::Combination(a), Real::Combination(b)) if a.len() * b.len() <= TERMS => {
                let product = a.iter().flat_map(|(m, c)| b.iter().map(move |(n, d)| (m, c, n, d)));
                let terms: Option<Vec<_>> = product
                    .map(|(m, c, n, d)| m.times(n).map(|(mn, out)| (mn, &(c * d) * &integer(out))))
                    .collect();
                match terms {
                    Some(terms) => Real::combination(terms),
                    None => Real::from_ball(self.ball(bits).mul(&other.ball(bits))),
                }
            }
            _ => Real::from_ball(self.ball(bits).mul(&other.ball(bits))),
        }
    }

    /// 1/x; `Undefined` only where x is certainly 0.
    pub(super) fn recip(&self, bits: u32) -> Result<Real, Failure> {
        match self {
            Real::Rational(q) => {
                q.recip().map(Real::Rational).ok_or_else(|| Failure::Undefined("a division by 0".to_owned()))
            }
            Real::Combination(terms) if terms.iter().all(|(m, _)| m.logs.is_empty()) && terms.len() <= 2 => {
                // 1/(a√r + b√s) = (a√r − b√s)/(a²r − b²s).
                let mut conjugate = terms.clone();
                let mut norm = Rational::ZERO;
                for (position, (m, c)) in conjugate.iter_mut().enumerate() {
                    let square = &(&*c * &*c) * &integer(m.root);
                    norm = if position == 0 { square } else { &norm - &square };
                    if position == 1 {
                        *c = -&*c;
                    }
                }
                let inverse = norm.recip().expect("different square roots are independent");
                Ok(Real::Combination(conjugate).scale(&inverse, bits))
            }
            _ if self.sign().is_some() => Ok(Real::from_ball(self.ball(bits).recip())),
            _ => Err(Failure::unknown("a division by what may be 0")),
        }
    }

    /// √x for x ≥ 0.
    pub(super) fn sqrt(&self, bits: u32) -> Result<Real, Failure> {
        match self.sign() {
            None => return Err(Failure::unknown("the root of a number of unknown sign")),
            Some(Ordering::Less) => {
                return Err(Failure::Undefined("the root of a negative number".to_owned()));
            }
            Some(Ordering::Equal) => return Ok(Real::zero()),
            Some(Ordering::Greater) => {}
        }
        if let Real::Rational(q) = self
            && let Some((square, root)) = square_part(&(q.numerator() * q.denominator()))
        {
            let outside = Rational::from_big(square, q.denominator());
            let monomial = Monomial { logs: SmallVec::new(), root };
            return Ok(Real::combination(vec![(monomial, outside)]));
        }
        Ok(Real::from_ball(self.ball(bits).sqrt()))
    }

    /// log x for x > 0.
    pub(super) fn log(&self, bits: u32) -> Result<Real, Failure> {
        match self.sign() {
            None => return Err(Failure::unknown("the logarithm of a number of unknown sign")),
            Some(Ordering::Greater) => {}
            _ => return Err(Failure::Undefined("the logarithm of a number that is not positive".to_owned())),
        }
        let (factor, root) = match self {
            Real::Rational(q) => (q.clone(), 1),
            Real::Combination(terms) => match terms.as_slice() {
                [(m, c)] if m.logs.is_empty() => (c.clone(), m.root),
                _ => return Ok(Real::from_ball(self.ball(bits).log())),
            },
            Real::Ball(ball) => return Ok(Real::from_ball(ball.log())),
        };
        let parts = [
            (factor.numerator(), Rational::ONE),
            (factor.denominator(), Rational::MINUS_ONE),
            (BigInt::from(root), Rational::new(1, 2)),
        ];
        let mut terms = Vec::new();
        for (number, sign) in parts {
            let Some(primes) = primes(&number) else {
                return Ok(Real::from_ball(self.ball(bits).log()));
            };
            terms.extend(primes.into_iter().map(|(prime, power)| {
                let monomial = Monomial { logs: SmallVec::from_slice(&[(prime, 1)]), root: 1 };
                (monomial, &sign * &Rational::from(i64::from(power)))
            }));
        }
        Ok(Real::combination(terms))
    }

    /// eˣ; a rational for integer combinations of logarithms.
    pub(super) fn exp(&self, bits: u32) -> Real {
        let exact = self.terms().and_then(|terms| {
            terms.iter().try_fold(Rational::ONE, |product, (m, c)| match m.logs.as_slice() {
                _ if c.is_zero() => Some(product),
                [(prime, 1)] if m.root == 1 => Some(&product * &integer(*prime).pow(c.as_i64()?)?),
                _ => None,
            })
        });
        match exact {
            Some(value) => Real::Rational(value),
            None => Real::from_ball(self.ball(bits).exp()),
        }
    }

    /// Is it 0? `None` when that is not known.
    pub(super) fn is_zero(&self) -> Option<bool> {
        match self {
            Real::Rational(q) => Some(q.is_zero()),
            Real::Combination(terms) if terms.iter().all(|(m, _)| m.log_degree() <= 1) => Some(false),
            _ => self.sign().map(|sign| sign == Ordering::Equal),
        }
    }

    /// The sign; `None` when it is not known.
    pub(super) fn sign(&self) -> Option<Ordering> {
        let of_ball = |ball: &Ball| match () {
            () if !ball.is_defined() => None,
            () if ball.is_positive() => Some(Ordering::Greater),
            () if ball.is_negative() => Some(Ordering::Less),
            () => None,
        };
        match self {
            Real::Rational(q) => Some(q.cmp(&Rational::ZERO)),
            Real::Ball(ball) => of_ball(ball),
            Real::Combination(_) => PRECISIONS.iter().find_map(|bits| of_ball(&self.ball(*bits))),
        }
    }

    /// `3/10*log(3) - 7/10*log(2) ≈ -0.1556`, or the fraction alone.
    pub(super) fn text(&self) -> String {
        match (self, self.ball(96).to_decimal(6)) {
            (Real::Combination(_), Some(decimal)) => format!("{} ≈ {decimal}", self.plain_text()),
            _ => self.plain_text(),
        }
    }

    /// The text beside a number that is not rational: with a decimal where it is a fraction.
    pub(super) fn text_with_decimal(&self) -> String {
        match (self, self.ball(96).to_decimal(6)) {
            (Real::Rational(q), Some(decimal)) if !q.is_integer() && q.bits() <= LONG => {
                format!("{q} ≈ {decimal}")
            }
            _ => self.text(),
        }
    }

    /// The text as a factor, without a decimal beside it.
    pub(super) fn short_text(&self) -> String {
        match self {
            Real::Combination(terms) if terms.len() > 1 => format!("({})", self.plain_text()),
            _ => self.plain_text(),
        }
    }

    fn plain_text(&self) -> String {
        match self {
            Real::Rational(q) => match self.ball(96).to_decimal(6) {
                // A long fraction is of no use to a reader.
                Some(decimal) if q.bits() > LONG => format!("≈ {decimal}"),
                _ => q.to_string(),
            },
            Real::Ball(ball) => ball.to_decimal(6).unwrap_or_else(|| format!("{ball}")),
            Real::Combination(terms) => {
                let mut text = String::new();
                for (position, (monomial, c)) in terms.iter().enumerate() {
                    let sign = match (position, c.is_negative()) {
                        (0, false) => "",
                        (0, true) => "-",
                        (_, false) => " + ",
                        (_, true) => " - ",
                    };
                    let (size, name) = (c.abs(), monomial.text());
                    text.push_str(sign);
                    text.push_str(&match (size.is_one(), name.is_empty()) {
                        (_, true) => size.to_string(),
                        (true, false) => name,
                        (false, false) => format!("{size}*{name}"),
                    });
                }
                text
            }
        }
    }
}

/// The primes of a positive integer with their powers, when they are found easily.
fn primes(number: &BigInt) -> Option<Vec<(u64, u32)>> {
    let mut rest = number.to_u64()?;
    let mut found = Vec::new();
    let mut divisor = 2;
    while divisor <= TRIAL && divisor * divisor <= rest {
        let mut power = 0;
        while rest.is_multiple_of(divisor) {
            rest /= divisor;
            power += 1;
        }
        if power > 0 {
            found.push((divisor, power));
        }
        divisor += 1;
    }
    if rest > TRIAL * TRIAL {
        return None;
    }
    if rest > 1 {
        found.push((rest, 1));
    }
    Some(found)
}

/// n = a²·s with s squarefree.
fn square_part(number: &BigInt) -> Option<(BigInt, u64)> {
    let root = number.sqrt();
    if &root * &root == *number {
        return Some((root, 1));
    }
    let mut square = BigInt::one();
    let mut free = 1u64;
    if number.is_zero() {
        return None;
    }
    for (prime, power) in primes(number)? {
        square *= num_traits::pow(BigInt::from(prime), (power / 2) as usize);
        if power % 2 == 1 {
            free = free.checked_mul(prime)?;
        }
    }
    Some((square, free))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn number(n: i64, d: i64) -> Real {
        Real::Rational(Rational::new(n, d))
    }

    #[test]
    fn logarithms_of_rationals_are_combinations() {
        let log = |n, d| number(n, d).log(64).expect("positive");
        let sum = log(6, 1).add(&log(1, 2), 64).add(&log(1, 3), 64);
        assert_eq!(sum.is_zero(), Some(true));
        assert_eq!(log(9, 8).text(), "-3*log(2) + 2*log(3) ≈ 0.117783");
        assert_eq!(log(9, 8).is_zero(), Some(false));
        assert_eq!(log(3, 1).exp(64).text(), "3");
    }

    #[test]
    fn products_of_logarithms_are_decided_by_balls() {
        let log = |n| number(n, 1).log(64).expect("positive");
        let product = log(2).mul(&log(3), 64);
        assert_eq!(product.add(&product.scale(&Rational::MINUS_ONE, 64), 64).is_zero(), Some(true));
        assert_eq!(product.add(&log(2), 64).is_zero(), Some(false));
    }

    #[test]
    fn square_roots_are_exact() {
        let root = number(8, 9).sqrt(64).expect("positive");
        assert_eq!(root.text(), "2/3*sqrt(2) ≈ 0.942809");
        let sum = root.add(&Real::one(), 64);
        let one = sum.mul(&sum.recip(64).expect("not zero"), 64);
        assert_eq!(one.text(), "1");
        assert!(matches!(number(-1, 2).sqrt(64), Err(Failure::Undefined(_))));
        assert!(matches!(number(0, 2).log(64), Err(Failure::Undefined(_))));
    }
}
