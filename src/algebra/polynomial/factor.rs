//! Factors that are cheap to find: monomials, square-free parts, rational roots, quadratics that split.
//!
//! x⁴·y − 2·x²·y³ + y⁵ = y·(x − y)²·(x + y)². What is left whole need not be irreducible.

use dashu_int::IBig;

use super::integer::rational_from_integer;
use super::{Budget, Exceeded, Meter, Monomial, Polynomial, Var, roots};
use crate::number::Rational;

/// `content · Π factorᵢ^exponentᵢ`, the factors primitive, not constant, square-free and pairwise coprime.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Factorization {
    /// The rational content.
    pub content: Rational,
    /// Factors with their exponents, at least 1, in a fixed order.
    pub factors: Vec<(Polynomial, u32)>,
}

impl Factorization {
    fn sorted(content: Rational, mut factors: Vec<(Polynomial, u32)>) -> Factorization {
        let key = |factor: &Polynomial| factor.total_degree();
        factors.sort_by(|(a, _), (b, _)| {
            (key(a), &a.variables, &a.exponents, &a.coefficients).cmp(&(
                key(b),
                &b.variables,
                &b.exponents,
                &b.coefficients,
            ))
        });
        Factorization { content, factors }
    }

    /// The factorization of the product with a rational and a monomial that is coprime to it.
    pub(in crate::algebra) fn times(&self, content: &Rational, monomial: &Polynomial) -> Factorization {
        let variables = monomial.variables.iter().map(|v| Polynomial::variable(*v));
        let powers = variables.zip(monomial.exponents.iter().copied());
        Factorization::sorted(&self.content * content, powers.chain(self.factors.iter().cloned()).collect())
    }

    /// The product, multiplied out.
    pub fn expand(&self, budget: &Budget) -> Result<Polynomial, Exceeded> {
        let meter = &mut Meter::new(budget);
        let start = Polynomial::constant(self.content.clone());
        self.factors.iter().try_fold(start, |product, (factor, exponent)| {
            product.times(&factor.power(*exponent, meter)?, meter)
        })
    }
}

impl Polynomial {
    /// The largest monomial that divides a polynomial that is not 0, and the primitive part of what is left.
    pub(in crate::algebra) fn without_monomial(
        &self,
        budget: &Budget,
    ) -> Result<(Polynomial, Polynomial), Exceeded> {
        let monomial = self.monomial_content();
        let rest = self.exact_div(&monomial, budget)?.expect("a monomial content divides");
        Ok((monomial, Polynomial { content: Rational::ONE, ..rest }))
    }

    /// The square-free factorization (Yun, 1976), variable by variable.
    pub fn square_free(&self, budget: &Budget) -> Result<Factorization, Exceeded> {
        let factors = square_free_parts(self, &mut Meter::new(budget))?;
        Ok(Factorization::sorted(self.content.clone(), factors))
    }

    /// The square-free factorization with each part split as far as is cheap: by variables that one factor lacks,
    /// rational roots, quadratics whose discriminant is a square.
    pub fn factor(&self, budget: &Budget) -> Result<Factorization, Exceeded> {
        let meter = &mut Meter::new(budget);
        let mut factors = Vec::new();
        for (part, exponent) in square_free_parts(self, meter)? {
            factors.extend(split(part, meter)?.into_iter().map(|factor| (factor, exponent)));
        }
        Ok(Factorization::sorted(self.content.clone(), factors))
    }

    /// The polynomial g with gⁿ = self, when there is one over ℚ; of two that differ by sign, the one with
    /// positive leading coefficient. None for n = 0.
    ///
    /// The square root of x² + 2·x·y + y² is x + y.
    pub fn root(&self, degree: u32, budget: &Budget) -> Result<Option<Polynomial>, Exceeded> {
        self.exact_root(degree, &mut Meter::new(budget))
    }

    pub(in crate::algebra) fn exact_root(
        &self,
        degree: u32,
        meter: &mut Meter,
    ) -> Result<Option<Polynomial>, Exceeded> {
        if degree == 1 || (self.is_zero() && degree > 0) {
            return Ok(Some(self.clone()));
        }
        let Some(content) = self.content.root(degree) else { return Ok(None) };
        // The first and the last term of a power are powers of the first and the last term.
        let ends = [0, self.term_count() - 1];
        let powers_of_terms = ends.iter().all(|&end| {
            let exact = self.row(end).iter().all(|exponent| exponent % degree == 0);
            exact && rational_from_integer(&self.coefficients[end]).root(degree).is_some()
        });
        if !powers_of_terms {
            return Ok(None);
        }
        let mut root = Polynomial::constant(content);
        for (factor, exponent) in square_free_parts(self, meter)? {
            if exponent % degree != 0 {
                return Ok(None);
            }
            root = root.times(&factor.power(exponent / degree, meter)?, meter)?;
        }
        Ok(Some(root))
    }
}

/// Coprime square-free primitive parts with their exponents, single variables first.
fn square_free_parts(polynomial: &Polynomial, meter: &mut Meter) -> Result<Vec<(Polynomial, u32)>, Exceeded> {
    let mut parts = Vec::new();
    if polynomial.is_zero() {
        return Ok(parts);
    }
    let monomial = polynomial.monomial_content();
    for (&variable, &exponent) in monomial.variables.iter().zip(&monomial.exponents) {
        parts.push((Polynomial::variable(variable), exponent));
    }
    let rest = polynomial.quotient(&monomial, meter)?.expect("a monomial content divides");
    yun(&rest.primitive_part(), &mut parts, meter)?;
    Ok(parts)
}

/// Yun's algorithm in the first variable, then for the content, which is free of it.
fn yun(
    polynomial: &Polynomial,
    parts: &mut Vec<(Polynomial, u32)>,
    meter: &mut Meter,
) -> Result<(), Exceeded> {
    let Some(&variable) = polynomial.variables.first() else { return Ok(()) };
    let content = polynomial.content_of_coefficients(variable, meter)?;
    let primitive = polynomial.quotient(&content, meter)?.expect("a content divides");
    let split = primitive.split_common(&primitive.derivative(variable), meter)?;
    let (mut rest, mut slope) = (split.left, split.right);
    let mut exponent = 1;
    while !rest.is_constant() {
        slope = &slope - &rest.derivative(variable);
        let split = rest.split_common(&slope, meter)?;
        if !split.divisor.is_constant() {
            parts.push((split.divisor, exponent));
        }
        (rest, slope) = (split.left, split.right);
        exponent += 1;
    }
    yun(&content, parts, meter)
}

/// Splits a square-free primitive polynomial until nothing cheap applies.
fn split(polynomial: Polynomial, meter: &mut Meter) -> Result<Vec<Polynomial>, Exceeded> {
    let (mut waiting, mut done) = (vec![polynomial], Vec::new());
    while let Some(next) = waiting.pop() {
        match split_once(&next, meter)? {
            Some(parts) => waiting.extend(parts),
            None => done.push(next),
        }
    }
    Ok(done)
}

/// Two or more factors, none constant, or `None`.
fn split_once(polynomial: &Polynomial, meter: &mut Meter) -> Result<Option<Vec<Polynomial>>, Exceeded> {
    for &variable in &polynomial.variables {
        let content = polynomial.content_of_coefficients(variable, meter)?;
        if !content.is_constant() {
            return divide_out(polynomial, content, meter);
        }
    }
    // Primitive and linear in some variable: irreducible.
    let degrees = polynomial.degrees();
    if degrees.contains(&1) {
        return Ok(None);
    }
    if polynomial.variables.len() == 1
        && let Some(factor) = roots::linear_factor(polynomial, meter)?
    {
        return divide_out(polynomial, factor, meter);
    }
    if let Some(parts) = split_homogeneous(polynomial, meter)? {
        return Ok(Some(parts));
    }
    for (&variable, &degree) in polynomial.variables.iter().zip(&degrees) {
        let found = match degree {
            2 => split_quadratic(polynomial, variable, meter)?,
            _ => split_deflated(polynomial, variable, meter)?,
        };
        if found.is_some() {
            return Ok(found);
        }
    }
    Ok(None)
}

fn divide_out(
    polynomial: &Polynomial,
    factor: Polynomial,
    meter: &mut Meter,
) -> Result<Option<Vec<Polynomial>>, Exceeded> {
    let rest = polynomial.quotient(&factor, meter)?.expect("a factor divides").primitive_part();
    Ok((!rest.is_constant() && !factor.is_constant()).then(|| vec![factor.primitive_part(), rest]))
}

/// When all terms have one total degree, one variable may be set to 1 and put back into the factors.
fn split_homogeneous(
    polynomial: &Polynomial,
    meter: &mut Meter,
) -> Result<Option<Vec<Polynomial>>, Exceeded> {
    let [.., last] = polynomial.variables[..] else { return Ok(None) };
    let degree = |row: &[u32]| row.iter().copied().map(u64::from).sum::<u64>();
    let total = polynomial.total_degree();
    if polynomial.variables.len() < 2 || polynomial.rows().any(|row| degree(row) != total) {
        return Ok(None);
    }
    let flat = without(polynomial, last)?;
    let Some(parts) = split_once(&flat, meter)? else { return Ok(None) };
    let homogeneous = |part: Polynomial| {
        let total = part.total_degree();
        Polynomial::from_terms(part.terms().map(|(mut monomial, coefficient)| {
            let missing = total - monomial.iter().map(|&(_, e)| u64::from(e)).sum::<u64>();
            monomial.push((last, u32::try_from(missing).expect("exponents fit 32 bits")));
            (monomial, coefficient)
        }))
    };
    Ok(Some(parts.into_iter().map(homogeneous).collect::<Result<_, _>>()?))
}

/// The value at variable = 1.
fn without(polynomial: &Polynomial, variable: Var) -> Result<Polynomial, Exceeded> {
    Polynomial::from_terms(polynomial.terms().map(|(mut monomial, coefficient)| {
        monomial.retain(|(v, _)| *v != variable);
        (monomial, coefficient)
    }))
}

/// Of degree 2, A·v² + B·v + C with B² − 4·A·C = s²: 2·A·v + B − s shares a factor with it.
fn split_quadratic(
    polynomial: &Polynomial,
    variable: Var,
    meter: &mut Meter,
) -> Result<Option<Vec<Polynomial>>, Exceeded> {
    let mut coefficients = [Polynomial::zero(), Polynomial::zero(), Polynomial::zero()];
    for (power, coefficient) in polynomial.powers_in(variable) {
        coefficients[power as usize] = coefficient;
    }
    let [c, b, a] = &coefficients;
    let product = a.times(c, meter)?.scale(&Rational::from(4));
    let discriminant = &b.times(b, meter)? - &product;
    let Some(root) = discriminant.exact_root(2, meter)? else { return Ok(None) };
    let double = a.scale(&Rational::from(2)).times(&Polynomial::variable(variable), meter)?;
    let factor = polynomial.common_divisor(&(&(&double + b) - &root), meter)?;
    divide_out(polynomial, factor, meter)
}

/// A polynomial in vᵏ is split as a polynomial in v.
fn split_deflated(
    polynomial: &Polynomial,
    variable: Var,
    meter: &mut Meter,
) -> Result<Option<Vec<Polynomial>>, Exceeded> {
    let at = super::position(&polynomial.variables, variable).expect("the variable occurs");
    let step = polynomial.rows().fold(0, |step, row| num_integer::gcd(step, row[at]));
    if step < 2 {
        return Ok(None);
    }
    let deflated = with_powers(polynomial, variable, |exponent| exponent / step)?;
    let Some(parts) = split_once(&deflated, meter)? else { return Ok(None) };
    let inflate = |part: Polynomial| with_powers(&part, variable, |exponent| exponent * step);
    Ok(Some(parts.into_iter().map(inflate).collect::<Result<_, _>>()?))
}

fn with_powers(
    polynomial: &Polynomial,
    variable: Var,
    change: impl Fn(u32) -> u32,
) -> Result<Polynomial, Exceeded> {
    Polynomial::from_terms(polynomial.terms().map(|(monomial, coefficient)| {
        let powers = monomial.into_iter().map(|(v, e)| (v, if v == variable { change(e) } else { e }));
        (powers.collect::<Monomial>(), coefficient)
    }))
}

/// The coefficients of a polynomial in one variable, lowest power first.
pub(super) fn dense(polynomial: &Polynomial) -> Vec<IBig> {
    let mut coefficients = vec![IBig::ZERO; polynomial.exponents[0] as usize + 1];
    for (&exponent, coefficient) in polynomial.exponents.iter().zip(&polynomial.coefficients) {
        coefficients[exponent as usize] = coefficient.clone();
    }
    coefficients
}
