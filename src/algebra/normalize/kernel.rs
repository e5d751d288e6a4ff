//! The unknowns of the normal form, and the way back to expressions.
//!
//! A kernel stands for one expression: an atom such as `lgamma(alpha)`, a root `v^(1/2)`, or `exp(m/2)`.
//! Where `v^(1/2)` occurs, `v` itself is its square, so that `v/sqrt(v)` cancels by arithmetic alone.

use rustc_hash::FxHashMap;

use super::{Divided, Fraction, Normal, Normalizer, Stop};
use crate::algebra::polynomial::{Polynomial, Var};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// One independent unknown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    /// The expression itself.
    Atom(Expr),
    /// base^(1/degree); the base is positive.
    Root(Expr, u32),
    /// exp(exponent/degree).
    Exponential(Expr, u32),
}

impl Normalizer {
    /// The kernel's expression.
    pub(super) fn kernel_expr(&self, store: &mut Store, kernel: &Kernel, power: i64) -> Expr {
        match kernel {
            Kernel::Atom(e) => store.powi(*e, power),
            Kernel::Root(base, degree) => {
                let q = Rational::new(power, i64::from(*degree));
                if q == Rational::new(1, 2) {
                    return store.call_named("sqrt", [*base]);
                }
                if q == Rational::new(-1, 2) {
                    let root = store.call_named("sqrt", [*base]);
                    return store.powi(root, -1);
                }
                let exponent = store.number(q);
                store.pow(*base, exponent)
            }
            Kernel::Exponential(exponent, degree) => {
                let scaled = store.scale(&Rational::new(power, i64::from(*degree)), *exponent);
                self.exponential_expr(store, scaled)
            }
        }
    }

    /// The kernels by the numbers of their variables.
    pub fn kernels(&self) -> &[Kernel] {
        &self.kernels
    }

    /// Can every kernel have any value beside any values of the others, as far as normal forms know?
    pub fn has_independent_kernels(&self) -> bool {
        self.relations.is_empty()
    }

    /// The fraction that is one kernel.
    pub(super) fn kernel(&mut self, kernel: Kernel) -> Fraction {
        let next = Var(self.kernels.len() as u32);
        let variable = *self.variables.entry(kernel.clone()).or_insert_with(|| {
            self.kernels.push(kernel);
            next
        });
        Fraction::from(Polynomial::variable(variable))
    }

    /// A kernel with K^degree = `value`.
    pub(super) fn related_kernel(&mut self, kernel: Kernel, degree: u32, value: Fraction) -> Fraction {
        let fraction = self.kernel(kernel.clone());
        let variable = self.variables[&kernel];
        self.relations.entry(variable).or_insert((degree, value));
        fraction
    }

    /// An expression as its own kernel.
    pub(super) fn atom(&mut self, store: &mut Store, e: Expr) -> Normal {
        self.base(store, e)
    }

    /// An atom, or the power of its root where roots of it occur.
    pub(super) fn base(&mut self, _store: &mut Store, e: Expr) -> Normal {
        Ok(match self.degrees.get(&(Divided::Root, e)).copied() {
            None | Some(1) => self.kernel(Kernel::Atom(e)),
            Some(degree) => {
                let root = self.kernel(Kernel::Root(e, degree));
                root.pow(i64::from(degree), &self.budget)?.ok_or(Stop::DivisionByZero)?
            }
        })
    }

    /// How finely an expression is divided, made fine enough for `denominator`; a change starts over.
    pub(super) fn degree(&mut self, what: Divided, of: Expr, denominator: u32) -> Normal<u32> {
        let known = self.degrees.entry((what, of)).or_insert(1);
        if !(*known).is_multiple_of(denominator) {
            let joined = num_integer::lcm(*known, denominator);
            if joined > 5040 {
                return Err(Stop::Unsupported("roots of too high a degree"));
            }
            *known = joined;
            self.restart = true;
        }
        Ok(*known)
    }

    /// The fraction with powers of related kernels lowered: `K²` → `v`, `sin²` → `1 − cos²`.
    pub(super) fn reduced(&mut self, fraction: Fraction) -> Normal {
        let mut current = fraction;
        for _ in 0..16 {
            let Some((variable, degree, value)) = self.reducible(&current) else { return Ok(current) };
            let numerator = self.lowered(current.numerator(), variable, degree, &value)?;
            let denominator = self.lowered(current.denominator(), variable, degree, &value)?;
            current = numerator.div(&denominator, &self.budget)?.ok_or(Stop::DivisionByZero)?;
        }
        Ok(current)
    }

    fn reducible(&self, fraction: &Fraction) -> Option<(Var, u32, Fraction)> {
        if self.relations.is_empty() {
            return None;
        }
        let (over, under) = (fraction.numerator(), fraction.denominator());
        over.variables().iter().chain(under.variables()).find_map(|v| {
            let (degree, value) = self.relations.get(v)?;
            (over.degree(*v) >= *degree || under.degree(*v) >= *degree).then(|| (*v, *degree, value.clone()))
        })
    }

    fn lowered(&self, polynomial: &Polynomial, variable: Var, degree: u32, value: &Fraction) -> Normal {
        let mut total = Fraction::zero();
        for (power, coefficient) in
            polynomial.coefficients_in(variable, &self.budget)?.into_iter().enumerate()
        {
            if coefficient.is_zero() {
                continue;
            }
            let power = power as u32;
            let mut term = Fraction::from(coefficient);
            if let Some(value) = value.pow(i64::from(power / degree), &self.budget)? {
                term = term.mul(&value, &self.budget)?;
            }
            let kernel = Fraction::from(Polynomial::variable(variable));
            if let Some(rest) = kernel.pow(i64::from(power % degree), &self.budget)? {
                term = term.mul(&rest, &self.budget)?;
            }
            total = total.add(&term, &self.budget)?;
        }
        Ok(total)
    }

    /// Numerator over denominator, both expanded: the canonical expression of a normal form.
    pub(super) fn expanded(&mut self, store: &mut Store, form: &Fraction) -> Expr {
        let numerator = self.polynomial_expr(store, form.numerator());
        if form.denominator().is_one() {
            return numerator;
        }
        let denominator = self.polynomial_expr(store, form.denominator());
        store.div(numerator, denominator)
    }

    /// Σ c·Π kernel^power.
    pub(super) fn polynomial_expr(&self, store: &mut Store, polynomial: &Polynomial) -> Expr {
        let terms: Vec<_> = polynomial.terms().collect();
        let terms: Vec<(Rational, Expr)> = terms
            .into_iter()
            .map(|(monomial, c)| {
                (c, self.monomial_expr(store, monomial.iter().map(|(v, n)| (*v, i64::from(*n)))))
            })
            .collect();
        store.linear(terms)
    }

    /// Π kernel^power; exponentials join: exp(a)·exp(b) is written exp(a + b), and roots of one degree join.
    pub(super) fn monomial_expr(&self, store: &mut Store, powers: impl Iterator<Item = (Var, i64)>) -> Expr {
        let mut factors = Vec::new();
        let mut exponent = Vec::new();
        let mut symbolic: FxHashMap<Expr, Vec<(Rational, Expr)>> = FxHashMap::default();
        for (variable, power) in powers {
            match &self.kernels[variable.0 as usize] {
                Kernel::Exponential(e, degree) => {
                    let c = Rational::new(power, i64::from(*degree));
                    match log_factor(store, *e) {
                        Some((base, rest)) => symbolic.entry(base).or_default().push((c, rest)),
                        None => exponent.push((c, *e)),
                    }
                }
                kernel => factors.push(self.kernel_expr(store, &kernel.clone(), power)),
            }
        }
        let mut bases: Vec<Expr> = symbolic.keys().copied().collect();
        store.sort(&mut bases);
        for base in bases {
            let e = store.linear(symbolic[&base].clone());
            factors.push(store.pow(base, e));
        }
        if !exponent.is_empty() {
            let e = store.linear(exponent);
            factors.push(self.exponential_expr(store, e));
        }
        store.product(factors)
    }

    /// `exp(u)`, written as a power where u = r·log b, and as Γ(x) where u = lgamma(x) for an x known to be positive.
    fn exponential_expr(&self, store: &mut Store, exponent: Expr) -> Expr {
        if exponent == Store::ZERO {
            return Store::ONE;
        }
        match log_factor(store, exponent) {
            Some((base, rest)) => store.pow(base, rest),
            None => match log_gamma_argument(store, exponent).filter(|x| self.positive_gammas.contains(x)) {
                Some(x) => store.call_named("gamma", [x]),
                None => store.call_named("exp", [exponent]),
            },
        }
    }
}

/// x of lgamma(x).
pub(super) fn log_gamma_argument(store: &Store, e: Expr) -> Option<Expr> {
    match &store[e] {
        Node::Call(f, arguments) if f.row().name == "lgamma" => Some(arguments[0]),
        _ => None,
    }
}

/// (b, r) of a product r·log(b) with one logarithm of something that is not a number.
fn log_factor(store: &mut Store, e: Expr) -> Option<(Expr, Expr)> {
    let argument = |store: &Store, e: Expr| match &store[e] {
        Node::Call(f, arguments) if f.row().name == "log" => Some(arguments[0]),
        _ => None,
    };
    let (c, term) = match store[e].clone() {
        Node::Sum(terms) if terms.len() == 1 => terms[0].clone(),
        Node::Sum(_) => return None,
        _ => (Rational::ONE, e),
    };
    let factors: Vec<Expr> = match &store[term] {
        Node::Product(list) => list.to_vec(),
        _ => vec![term],
    };
    let mut logs = factors.iter().enumerate().filter_map(|(i, f)| argument(store, *f).map(|b| (i, b)));
    let ((position, base), None) = (logs.next()?, logs.next()) else { return None };
    let rest: Vec<Expr> =
        factors.iter().enumerate().filter(|(i, _)| *i != position).map(|(_, f)| *f).collect();
    let rest = store.product(rest);
    Some((base, store.scale(&c, rest)))
}
