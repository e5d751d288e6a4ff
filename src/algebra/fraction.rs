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
        Fraction { numerator: numerator.scaled(&unit), denominator: denominator.scaled(&unit) }
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

    /// [`Fraction::scale`] of what nobody else needs.
    pub(super) fn scaled(self, factor: &Rational) -> Fraction {
        if factor.is_zero() {
            return Fraction::zero();
        }
        Fraction { numerator: self.numerator.scaled(factor), denominator: self.denominator }
    }

    /// The rational c with `self = c · other`, when there is one; `None` for other = 0.
    ///
    /// 2·x/(6·y) is 1/3 of x/y. Both are in lowest terms, so that nothing has to be divided.
    pub fn ratio(&self, other: &Fraction) -> Option<Rational> {
        if self.is_zero() || other.is_zero() {
            return (!other.is_zero()).then_some(Rational::ZERO);
        }
        let (a, b) = (&self.numerator, &other.numerator);
        let multiple = self.denominator == other.denominator && a.primitive_equals(b);
        multiple.then(|| a.content() / b.content())
    }

    /// `self` to a power, unless that is 0 to a negative one; 0⁰ is 1.
    pub fn pow(&self, exponent: i64, budget: &Budget) -> Result<Option<Fraction>, Exceeded> {
        if exponent < 0 && self.is_zero() {
            return Ok(None);
        }
        let size = exponent.unsigned_abs();
        if size == 0 || self.is_zero() || self.is_one() {
            return Ok(Some(if size == 0 { Fraction::one() } else { self.clone() }));
        }
        if self.as_constant() == Some(Rational::MINUS_ONE) {
            return Ok(Some(if size.is_multiple_of(2) { Fraction::one() } else { self.clone() }));
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

    /// The fraction g with gⁿ = self, when there is one over ℚ; see [`Polynomial::root`].
    pub fn root(&self, degree: u32, budget: &Budget) -> Result<Option<Fraction>, Exceeded> {
        let meter = &mut Meter::new(budget);
        let Some(numerator) = self.numerator.exact_root(degree, meter)? else { return Ok(None) };
        let denominator = self.denominator.exact_root(degree, meter)?;
        Ok(denominator.map(|denominator| Fraction { numerator, denominator }))
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
        let list: Vec<&Fraction> = fractions.into_iter().collect();
        let first = list.chunks(2).map(|pair| match pair {
            [a, b] => a.plus(b, meter),
            _ => Ok(pair[0].clone()),
        });
        let mut round: Vec<Fraction> = first.collect::<Result<_, _>>()?;
        while round.len() > 1 {
            let mut next = Vec::with_capacity(round.len() / 2 + 1);
            let mut waiting = round.into_iter();
            while let Some(a) = waiting.next() {
                next.push(match waiting.next() {
                    Some(b) => a.plus(&b, meter)?,
                    None => a,
                });
            }
            round = next;
        }
        Ok(round.pop().unwrap_or_else(Fraction::zero))
    }

    fn plus(&self, other: &Fraction, meter: &mut Meter) -> Result<Fraction, Exceeded> {
        if self.denominator.is_one() && other.denominator.is_one() {
            return Ok(Fraction::from(&self.numerator + &other.numerator));
        }
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
        if self.denominator.is_one() && other.denominator.is_one() {
            return Ok(Fraction::from(self.numerator.times(&other.numerator, meter)?));
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn budget() -> Budget {
        Budget::default()
    }

    fn x(index: u32) -> Polynomial {
        Polynomial::variable(Var(index))
    }

    fn n(value: i64) -> Polynomial {
        Polynomial::constant(value.into())
    }

    fn over(numerator: &Polynomial, denominator: &Polynomial) -> Fraction {
        Fraction::new(numerator, denominator, &budget()).unwrap().unwrap()
    }

    /// A polynomial in x0, x1, x2 with small rational coefficients.
    fn polynomial() -> impl Strategy<Value = Polynomial> {
        let term = (prop::collection::vec(0u32..3, 3), -5i64..6, 1i64..4);
        prop::collection::vec(term, 0..4).prop_map(|terms| {
            let monomial = |exponents: Vec<u32>| (0..).map(Var).zip(exponents).collect::<Vec<_>>();
            Polynomial::from_terms(terms.into_iter().map(|(e, n, d)| (monomial(e), Rational::new(n, d))))
                .unwrap()
        })
    }

    fn fraction() -> impl Strategy<Value = Fraction> {
        (polynomial(), polynomial())
            .prop_filter_map("a denominator is not zero", |(n, d)| Fraction::new(&n, &d, &budget()).unwrap())
    }

    #[track_caller]
    fn assert_canonical(f: &Fraction) {
        assert!(f.numerator.gcd(&f.denominator, &budget()).unwrap().is_one(), "{f} is not in lowest terms");
        assert!(f.denominator.content().is_one(), "the denominator of {f} is not primitive");
        assert!(!f.is_zero() || f.denominator.is_one());
    }

    proptest! {
        #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn fractions_form_a_field(a in fraction(), b in fraction(), c in fraction()) {
            let add = |a: &Fraction, b: &Fraction| a.add(b, &budget()).unwrap();
            let mul = |a: &Fraction, b: &Fraction| a.mul(b, &budget()).unwrap();
            for f in [&a, &add(&a, &b), &mul(&a, &b), &a.pow(2, &budget()).unwrap().unwrap()] {
                assert_canonical(f);
            }
            prop_assert_eq!(add(&a, &b), add(&b, &a));
            prop_assert_eq!(add(&add(&a, &b), &c), add(&a, &add(&b, &c)));
            prop_assert_eq!(mul(&mul(&a, &b), &c), mul(&a, &mul(&b, &c)));
            prop_assert_eq!(mul(&a, &add(&b, &c)), add(&mul(&a, &b), &mul(&a, &c)));
            prop_assert_eq!(Fraction::sum([&a, &b, &c], &budget()).unwrap(), add(&c, &add(&b, &a)));
            prop_assert!(a.sub(&a, &budget()).unwrap().is_zero());
            let constant = |q: Option<Fraction>| q.and_then(|q| q.as_constant());
            prop_assert_eq!(a.ratio(&b), constant(a.div(&b, &budget()).unwrap()));
            let third = Rational::new(-1, 3);
            prop_assert_eq!(a.scale(&third).ratio(&a), (!a.is_zero()).then_some(third));
            match a.recip() {
                Some(inverse) => {
                    assert_canonical(&inverse);
                    prop_assert!(mul(&a, &inverse).is_one());
                    prop_assert_eq!(mul(&b, &a).div(&a, &budget()).unwrap(), Some(b.clone()));
                    let cube = mul(&inverse, &mul(&inverse, &inverse));
                    prop_assert_eq!(a.pow(-3, &budget()).unwrap(), Some(cube));
                }
                None => prop_assert!(a.is_zero()),
            }
        }

        #[test]
        fn derivatives_follow_the_quotient_rule(a in polynomial(), b in polynomial()) {
            prop_assume!(!b.is_zero());
            let v = Var(1);
            let mul = |a: &Polynomial, b: &Polynomial| a.mul(b, &budget()).unwrap();
            let top = &mul(&a.derivative(v), &b) - &mul(&a, &b.derivative(v));
            let derivative = over(&a, &b).derivative(v, &budget()).unwrap();
            assert_canonical(&derivative);
            prop_assert_eq!(derivative, over(&top, &mul(&b, &b)));
        }
    }

    #[test]
    fn lowest_terms_are_printed() {
        let (a, b) = (&x(0) - &x(1), &x(0) + &x(1));
        let sum = over(&n(1), &a).add(&over(&n(1), &b), &budget()).unwrap();
        assert_eq!(sum.to_string(), "(2*x0)/(x0^2 - x1^2)");
        let negative = over(&n(1), &(&n(4) - &x(0).scale(&2.into())));
        assert_eq!(negative.to_string(), "(-1/2)/(x0 - 2)");
        assert_eq!(over(&n(0), &x(0)), Fraction::zero());
        assert_eq!(Fraction::new(&x(0), &n(0), &budget()).unwrap(), None);
        assert_eq!(over(&x(0), &n(3)).as_polynomial(), Some(&x(0).scale(&Rational::new(1, 3))));
    }

    #[test]
    fn roots_are_taken_above_and_below() {
        let f = over(&(&x(0) - &x(1)).scale(&Rational::new(2, 3)), &(&x(1) + &n(1)));
        let square = f.mul(&f, &budget()).unwrap();
        assert_eq!(square.root(2, &budget()).unwrap(), Some(f.clone()));
        assert_eq!(f.root(2, &budget()).unwrap(), None);
        assert_eq!((-&square).root(2, &budget()).unwrap(), None);
        assert_eq!(
            square.div(&over(&x(1), &n(1)), &budget()).unwrap().unwrap().root(2, &budget()).unwrap(),
            None
        );
        assert_eq!(Fraction::zero().root(2, &budget()).unwrap(), Some(Fraction::zero()));
    }

    #[test]
    fn powers_of_units_need_no_budget() {
        assert_eq!(Fraction::zero().pow(-1, &budget()).unwrap(), None);
        assert_eq!(Fraction::zero().pow(0, &budget()).unwrap(), Some(Fraction::one()));
        assert_eq!(Fraction::from(n(-1)).pow(i64::MIN, &budget()).unwrap(), Some(Fraction::one()));
        assert_eq!(Fraction::from(x(0)).pow(1 << 40, &budget()).unwrap_err().resource, Resource::Exponent);
    }

    #[test]
    fn sixty_fractions_add_up_in_any_order() {
        let term = |i: i64| over(&n(1), &(&(&x(0) + &x(1).scale(&i.into())) + &n(i * i)));
        let forward: Vec<Fraction> = (1..=60).map(term).collect();
        let mixed: Vec<Fraction> = (1..=60).map(|i| term(1 + i * 37 % 60)).collect();
        let left = Fraction::sum(&forward, &budget()).unwrap();
        assert_eq!(left.denominator().term_count(), 61 * 62 / 2);
        assert_eq!(left, Fraction::sum(&mixed, &budget()).unwrap());
        let other = Fraction::sum(&forward[1..], &budget()).unwrap();
        assert_eq!(left.sub(&other, &budget()).unwrap(), forward[0]);
    }
}
