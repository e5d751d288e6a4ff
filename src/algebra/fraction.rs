//! Rational functions over ℚ in lowest terms: one function, one representation.
//!
//! 1/(x − y) + 1/(x + y) = 2·x/(x² − y²). Sums and products take out common divisors of the operands before they
//! multiply, as Henrici proposed (Knuth, TAOCP 2, 4.5.1), so that every gcd is as small as it can be.

use std::fmt;

use super::polynomial::{Budget, Exceeded, Meter, Polynomial, Resource, Var};
use crate::number::Rational;

/// A quotient of polynomials without common divisor.
///
/// The denominator is primitive (integer coefficients without common divisor) with positive leading coefficient;
/// the numerator carries the rational content. 0 is 0/1, and equality is structural.
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Fraction {
    numerator: Polynomial,
    denominator: Polynomial,
}

impl Fraction {
    /// The fraction 0.
    pub fn zero() -> Fraction {
        Fraction::from(Polynomial::zero())
    }

    /// The fraction 1.
    pub fn one() -> Fraction {
        Fraction::from(Polynomial::one())
    }

    /// `numerator / denominator` in lowest terms; `None` when the denominator is 0.
    pub fn new(
        numerator: &Polynomial,
        denominator: &Polynomial,
        budget: &Budget,
    ) -> Result<Option<Fraction>, Exceeded> {
        if denominator.is_zero() {
            return Ok(None);
        }
        let split = numerator.split_common(denominator, &mut Meter::new(budget))?;
        Ok(Some(Fraction::coprime(split.left, split.right)))
    }

    /// Moves the content of a nonzero denominator, coprime to the numerator, into the numerator.
    fn coprime(numerator: Polynomial, denominator: Polynomial) -> Fraction {
        if numerator.is_zero() {
            return Fraction::zero();
        }
        let unit = denominator.content().recip().expect("a denominator is not zero");
        Fraction { numerator: numerator.scale(&unit), denominator: denominator.primitive_part() }
    }

    /// The numerator, with the rational content.
    pub fn numerator(&self) -> &Polynomial {
        &self.numerator
    }

    /// The denominator, primitive with positive leading coefficient.
    pub fn denominator(&self) -> &Polynomial {
        &self.denominator
    }

    /// Is this 0?
    pub fn is_zero(&self) -> bool {
        self.numerator.is_zero()
    }

    /// Is this 1?
    pub fn is_one(&self) -> bool {
        self.numerator.is_one() && self.denominator.is_one()
    }

    /// The value, when no variable occurs.
    pub fn as_constant(&self) -> Option<Rational> {
        self.as_polynomial()?.as_constant()
    }

    /// The numerator, when the denominator is 1.
    pub fn as_polynomial(&self) -> Option<&Polynomial> {
        self.denominator.is_one().then_some(&self.numerator)
    }

    /// `self + other`.
    pub fn add(&self, other: &Fraction, budget: &Budget) -> Result<Fraction, Exceeded> {
        self.plus(other, &mut Meter::new(budget))
    }

    /// `self − other`.
    pub fn sub(&self, other: &Fraction, budget: &Budget) -> Result<Fraction, Exceeded> {
        self.plus(&-other, &mut Meter::new(budget))
    }

    /// `self · other`.
    pub fn mul(&self, other: &Fraction, budget: &Budget) -> Result<Fraction, Exceeded> {
        self.times(other, &mut Meter::new(budget))
    }

    /// `self / other`, unless the divisor is 0.
    pub fn div(&self, other: &Fraction, budget: &Budget) -> Result<Option<Fraction>, Exceeded> {
        other.recip().map(|inverse| self.mul(&inverse, budget)).transpose()
    }

    /// 1/self, unless that is 1/0.
    pub fn recip(&self) -> Option<Fraction> {
        (!self.is_zero()).then(|| Fraction::coprime(self.denominator.clone(), self.numerator.clone()))
    }

    /// `self · factor`.
    pub fn scale(&self, factor: &Rational) -> Fraction {
        if factor.is_zero() {
            return Fraction::zero();
        }
        Fraction { numerator: self.numerator.scale(factor), denominator: self.denominator.clone() }
    }

    /// `self` to a power, unless that is 0 to a negative one; 0⁰ is 1.
    pub fn pow(&self, exponent: i64, budget: &Budget) -> Result<Option<Fraction>, Exceeded> {
        if exponent < 0 && self.is_zero() {
            return Ok(None);
        }
        let size = exponent.unsigned_abs();
        // 0, 1 and −1 have every power.
        let unit = self.as_constant().filter(|c| c.is_zero() || c.abs().is_one());
        if let Some(power) = unit.and_then(|c| c.pow(exponent)) {
            return Ok(Some(Fraction::from(Polynomial::constant(power))));
        }
        let limit = Exceeded { resource: Resource::Exponent, limit: u32::MAX.into() };
        let size = u32::try_from(size).map_err(|_| limit)?;
        let meter = &mut Meter::new(budget);
        // Powers of coprime polynomials are coprime.
        let (numerator, denominator) =
            (self.numerator.power(size, meter)?, self.denominator.power(size, meter)?);
        Ok(Some(match exponent {
            0.. => Fraction::coprime(numerator, denominator),
            _ => Fraction::coprime(denominator, numerator),
        }))
    }

    /// The partial derivative ∂/∂variable.
    pub fn derivative(&self, variable: Var, budget: &Budget) -> Result<Fraction, Exceeded> {
        let meter = &mut Meter::new(budget);
        let (n, d) = (&self.numerator, &self.denominator);
        if !d.mentions(variable) {
            let split = n.derivative(variable).split_common(d, meter)?;
            return Ok(Fraction::coprime(split.left, split.right));
        }
        // With d = g·e and d' = g·f for g = gcd(d, d'): (n/d)' = (n'·e − n·f)/(d·e), where only g may cancel.
        let split = d.split_common(&d.derivative(variable), meter)?;
        let top = &n.derivative(variable).times(&split.left, meter)? - &n.times(&split.right, meter)?;
        Fraction::reduced_by(top, &split.left.times(&split.left, meter)?, &split.divisor, meter)
    }

    /// `numerator / (rest · shared)` where only divisors of `shared` may cancel.
    fn reduced_by(
        numerator: Polynomial,
        rest: &Polynomial,
        shared: &Polynomial,
        meter: &mut Meter,
    ) -> Result<Fraction, Exceeded> {
        if numerator.is_zero() {
            return Ok(Fraction::zero());
        }
        let split = numerator.split_common(shared, meter)?;
        Ok(Fraction::coprime(split.left, rest.times(&split.right, meter)?))
    }

    /// The sum of many fractions, added in pairs like a knockout, so that the operands grow together.
    pub fn sum<'a>(
        fractions: impl IntoIterator<Item = &'a Fraction>,
        budget: &Budget,
    ) -> Result<Fraction, Exceeded> {
        let meter = &mut Meter::new(budget);
        let mut round: Vec<Fraction> = fractions.into_iter().cloned().collect();
        while round.len() > 1 {
            let pairs = round.chunks(2);
            round = pairs
                .map(|pair| match pair {
                    [a, b] => a.plus(b, meter),
                    _ => Ok(pair[0].clone()),
                })
                .collect::<Result<_, _>>()?;
        }
        Ok(round.pop().unwrap_or_else(Fraction::zero))
    }

    fn plus(&self, other: &Fraction, meter: &mut Meter) -> Result<Fraction, Exceeded> {
        if self.denominator == other.denominator {
            let split = (&self.numerator + &other.numerator).split_common(&self.denominator, meter)?;
            return Ok(Fraction::coprime(split.left, split.right));
        }
        // With b = g·b₁, d = g·d₁: a/b + c/d = (a·d₁ + c·b₁)/(b₁·d₁·g), where only divisors of g may cancel.
        let split = self.denominator.split_common(&other.denominator, meter)?;
        let numerator =
            &self.numerator.times(&split.right, meter)? + &other.numerator.times(&split.left, meter)?;
        Fraction::reduced_by(numerator, &split.left.times(&split.right, meter)?, &split.divisor, meter)
    }

    fn times(&self, other: &Fraction, meter: &mut Meter) -> Result<Fraction, Exceeded> {
        if self.is_zero() || other.is_zero() {
            return Ok(Fraction::zero());
        }
        // (a/b)·(c/d): a is coprime to b and c to d, so only a with d and c with b can cancel.
        let first = self.numerator.split_common(&other.denominator, meter)?;
        let second = other.numerator.split_common(&self.denominator, meter)?;
        let numerator = first.left.times(&second.left, meter)?;
        Ok(Fraction::coprime(numerator, first.right.times(&second.right, meter)?))
    }
}

impl From<Polynomial> for Fraction {
    fn from(numerator: Polynomial) -> Fraction {
        Fraction { numerator, denominator: Polynomial::one() }
    }
}

impl From<Rational> for Fraction {
    fn from(value: Rational) -> Fraction {
        Fraction::from(Polynomial::constant(value))
    }
}

impl std::ops::Neg for &Fraction {
    type Output = Fraction;
    fn neg(self) -> Fraction {
        Fraction { numerator: -&self.numerator, denominator: self.denominator.clone() }
    }
}

/// `(x0 + 1)/(x1)`, or the numerator alone over 1.
impl fmt::Display for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.as_polynomial() {
            Some(polynomial) => write!(f, "{polynomial}"),
            None => write!(f, "({})/({})", self.numerator, self.denominator),
        }
    }
}

impl fmt::Debug for Fraction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
