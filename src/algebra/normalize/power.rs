//! Powers: integer ones by arithmetic, rational ones through roots of their positive factors, symbolic ones
//! through the exponential.

use super::{Divided, Effort, Fraction, Kernel, Normal, Normalizer, Stop, constant};
use crate::algebra::polynomial::{Factorization, Polynomial};
use crate::expr::{Expr, Store};
use crate::number::Rational;

/// Integer powers beyond this are kernels, not products.
const LARGEST_POWER: i64 = 1 << 20;

impl Normalizer {
    pub(super) fn power(&mut self, store: &mut Store, base: Expr, exponent: Expr) -> Normal {
        if let Some(q) = store.as_number(exponent).cloned() {
            return match q.as_i64() {
                Some(n) => {
                    let form = self.walk(store, base)?;
                    self.integer_power(store, &form, n)
                }
                None if q.is_integer() => Err(Stop::Unsupported("a power beyond 2^63")),
                None => self.root(store, base, &q),
            };
        }
        let power = self.walk(store, exponent)?;
        if let Some(q) = power.as_constant() {
            let q = store.number(q);
            return self.power(store, base, q);
        }
        if self.assumptions.is_positive(store, base) || !store.is_integer(exponent) {
            // The base is positive where the power is defined.
            self.cite("power-exp-log");
            let log = self.logarithm(store, base)?;
            let product = log.mul(&power, &self.budget)?;
            return self.exponential(store, &product);
        }
        // An integer exponent over a base of unknown sign: x^(n + 2) = x^n·x². A base that is 0 has no other values from
        // which this would follow at n = −2.
        let base_form = self.walk(store, base)?;
        if base_form.is_zero() {
            let exponent = self.canonical(store, &power);
            let symbolic = store.pow(Store::ZERO, exponent);
            return self.atom(store, symbolic);
        }
        let shift = power.as_polynomial().map_or(Rational::ZERO, constant_term).floor();
        let whole = shift.as_i64().unwrap_or(0);
        let rest = power.sub(&constant(Rational::from(whole)), &self.budget)?;
        let rest = self.canonical(store, &rest);
        let canonical_base = self.canonical(store, &base_form);
        let symbolic = store.pow(canonical_base, rest);
        let symbolic = self.atom(store, symbolic)?;
        let shifted = self.integer_power(store, &base_form, whole)?;
        if whole != 0 {
            self.cite("power-sum");
        }
        Ok(symbolic.mul(&shifted, &self.budget)?)
    }

    /// form^n; what would be too long becomes the power of one kernel.
    pub(super) fn integer_power(&mut self, store: &mut Store, form: &Fraction, n: i64) -> Normal {
        if n.abs() > LARGEST_POWER {
            let base = self.canonical(store, form);
            let power = store.powi(base, n);
            return self.atom(store, power);
        }
        match form.pow(n, &self.budget) {
            Ok(power) => {
                let power = power.ok_or(Stop::DivisionByZero)?;
                self.reduced(power)
            }
            Err(exceeded) => {
                if form.numerator().term_count() + form.denominator().term_count() <= 2 {
                    return Err(exceeded.into());
                }
                let base = self.canonical(store, form);
                let kernel = self.kernel(Kernel::Atom(base));
                kernel.pow(n, &self.budget)?.ok_or(Stop::DivisionByZero)
            }
        }
    }

    /// base^q for q not an integer: positive factors of the base are raised one by one.
    pub(super) fn root(&mut self, store: &mut Store, base: Expr, q: &Rational) -> Normal {
        let form = self.walk(store, base)?;
        if form.is_zero() {
            return if q.is_negative() { Err(Stop::DivisionByZero) } else { Ok(form) };
        }
        let mut result = Fraction::one();
        let mut rest = Fraction::one();
        let (mut content, factors) = self.factored(&form)?;
        for (factor, power) in factors {
            let expr = self.polynomial_expr(store, &factor);
            let raised = q * &Rational::from(power);
            // A root kernel is not negative, and not 0 where this power needs it.
            let is_root =
                factor.as_variable().is_some_and(|v| matches!(self.kernels[v.0 as usize], Kernel::Root(..)));
            if is_root || self.assumptions.is_positive(store, expr) {
                self.cite("power-product");
                let part = self.positive_root(store, expr, &factor, &raised)?;
                result = result.mul(&part, &self.budget)?;
            } else if self.assumptions.is_negative(store, expr) {
                self.cite("power-product");
                if power % 2 != 0 {
                    content = -content;
                }
                let opposite = store.neg(expr);
                let part = self.positive_root(store, opposite, &-&factor, &raised)?;
                result = result.mul(&part, &self.budget)?;
            } else if power % 2 == 0 {
                // (u²)^q = |u|^(2q).
                self.cite("power-even");
                let absolute = store.call_named("abs", [expr]);
                let form = self.absolute(store, expr)?;
                let part = match raised.as_i64() {
                    Some(n) => self.integer_power(store, &form, n)?,
                    None => self.root(store, absolute, &raised)?,
                };
                result = result.mul(&part, &self.budget)?;
            } else {
                let part = Fraction::from(factor).pow(power, &self.budget)?.ok_or(Stop::DivisionByZero)?;
                rest = rest.mul(&part, &self.budget)?;
            }
        }
        // Whatever is left has the sign of the content, so that their product is what is positive.
        if content.is_negative() {
            rest = rest.scale(&Rational::MINUS_ONE);
            content = content.abs();
        }
        let scale = self.number_root(store, &content, q)?;
        result = result.mul(&scale, &self.budget)?;
        if !rest.is_one() {
            let expr = self.canonical(store, &rest);
            let part = self.opaque_root(store, expr, rest, q)?;
            result = result.mul(&part, &self.budget)?;
        }
        self.reduced(result)
    }

    /// Content and factors of a fraction, those of the denominator with negative powers.
    pub(super) fn factored(&mut self, form: &Fraction) -> Normal<(Rational, Vec<(Polynomial, i64)>)> {
        let (over, under) = (self.factors(form.numerator())?, self.factors(form.denominator())?);
        let content = &over.content / &under.content;
        let over = over.factors.into_iter().map(|(f, n)| (f, i64::from(n)));
        let under = under.factors.into_iter().map(|(f, n)| (f, -i64::from(n)));
        Ok((content, over.chain(under).collect()))
    }

    /// The factorization of a polynomial; that of a denominator is asked for with every term above it.
    fn factors(&mut self, polynomial: &Polynomial) -> Normal<Factorization> {
        if polynomial.is_zero() {
            return Ok(Factorization { content: Rational::ZERO, factors: Vec::new() });
        }
        // Those of the terms of a sum over one denominator differ by monomials.
        let (monomial, rest) = polynomial.without_monomial(&self.budget)?;
        if let Some(found) = self.factorizations.get(&rest) {
            return Ok(found.times(polynomial.content(), &monomial));
        }
        // A reader keeps 1 − ρ²; what decides equality wants (1 − ρ)(1 + ρ).
        let found = match self.effort {
            Effort::Present => rest.square_free(&self.budget),
            Effort::Decide => rest.factor(&self.budget),
        }?;
        let result = found.times(polynomial.content(), &monomial);
        self.factorizations.insert(rest, found);
        Ok(result)
    }

    /// p^q for a positive polynomial: a power of a kernel's root where p is one kernel.
    fn positive_root(&mut self, store: &mut Store, expr: Expr, factor: &Polynomial, q: &Rational) -> Normal {
        if let Some(n) = q.as_i64() {
            return self.integer_power(store, &Fraction::from(factor.clone()), n);
        }
        if let Some(variable) = factor.as_variable() {
            match self.kernels[variable.0 as usize].clone() {
                Kernel::Exponential(exponent, degree) => {
                    let c = q / &Rational::from(i64::from(degree));
                    return self.exponential_kernel(store, exponent, &c);
                }
                Kernel::Root(base, degree) => {
                    let q = q / &Rational::from(i64::from(degree));
                    let atom = Fraction::from(factor.clone());
                    return self.opaque_root(store, base, atom, &q);
                }
                Kernel::Atom(base) => {
                    return self.opaque_root(store, base, Fraction::from(factor.clone()), q);
                }
            }
        }
        self.opaque_root(store, expr, Fraction::from(factor.clone()), q)
    }

    /// base^q through the kernel base^(1/degree); its degree-th power is the base.
    fn opaque_root(&mut self, store: &mut Store, base: Expr, value: Fraction, q: &Rational) -> Normal {
        let denominator =
            u32::try_from(q.denominator()).map_err(|_| Stop::Unsupported("a root of high degree"))?;
        let degree = self.degree(Divided::Root, base, denominator)?;
        let exponent = q * &Rational::from(i64::from(degree));
        let n = exponent.as_i64().ok_or(Stop::Unsupported("a power beyond 2^63"))?;
        let atomic = matches!(
            store[base],
            crate::expr::Node::Symbol(_) | crate::expr::Node::Call(..) | crate::expr::Node::Apply(..)
        );
        let kernel = if atomic {
            // The atom itself is the degree-th power of this kernel wherever it occurs.
            self.kernel(Kernel::Root(base, degree))
        } else {
            self.related_kernel(Kernel::Root(base, degree), degree, value)
        };
        kernel.pow(n, &self.budget)?.ok_or(Stop::DivisionByZero)
    }

    /// c^q for a positive rational: exact roots come out, primes stay as kernels.
    pub(super) fn number_root(&mut self, store: &mut Store, c: &Rational, q: &Rational) -> Normal {
        let mut result = Fraction::one();
        for (prime, power) in factor_rational(c) {
            let exponent = &Rational::from(power) * q;
            let whole = exponent.floor();
            let rest = &exponent - &whole;
            let whole = whole.as_i64().ok_or(Stop::Unsupported("a power beyond 2^63"))?;
            let scale = prime.pow(whole).ok_or(Stop::Unsupported("a number of too many digits"))?;
            result = result.scale(&scale);
            if !rest.is_zero() {
                let base = store.number(prime.clone());
                let root = self.opaque_root(store, base, constant(prime), &rest)?;
                result = result.mul(&root, &self.budget)?;
            }
        }
        Ok(result)
    }
}

/// The constant term of a polynomial.
pub(super) fn constant_term(polynomial: &Polynomial) -> Rational {
    polynomial.terms().find(|(m, _)| m.is_empty()).map_or(Rational::ZERO, |(_, c)| c)
}

/// Trial division goes up to this; a larger rest counts as prime, which is sound and may miss a relation.
const TRIAL_LIMIT: i64 = 100_000;

/// q = Π pᵢ^nᵢ for a positive rational; factors beyond the trial limit stay together.
pub(super) fn factor_rational(q: &Rational) -> Vec<(Rational, i64)> {
    let mut factors = factor_integer(&Rational::from(q.numerator()), 1);
    factors.extend(factor_integer(&Rational::from(q.denominator()), -1));
    factors
}

fn factor_integer(n: &Rational, sign: i64) -> Vec<(Rational, i64)> {
    let mut factors = Vec::new();
    let mut rest = n.clone();
    let mut divide = |rest: &mut Rational, p: i64| {
        let prime = Rational::from(p);
        let mut power = 0;
        loop {
            let quotient = &*rest / &prime;
            if !quotient.is_integer() {
                break;
            }
            *rest = quotient;
            power += 1;
        }
        if power > 0 {
            factors.push((prime, sign * power));
        }
    };
    divide(&mut rest, 2);
    let mut p = 3;
    while p <= TRIAL_LIMIT && rest.as_i64().is_none_or(|r| p.saturating_mul(p) <= r) && !rest.is_one() {
        // Big rests are tried against small primes only, to stay fast.
        if rest.as_i64().is_none() && p > 1000 {
            break;
        }
        divide(&mut rest, p);
        p += 2;
    }
    if !rest.is_one() {
        factors.push((rest, sign));
    }
    factors
}
