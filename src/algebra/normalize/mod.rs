//! Expressions → rational functions over independent kernels.
//!
//! `x^2/sqrt(x^3)` becomes `K` with `K² = x`, and `log(6*x*y) - log(3*y)` becomes `log 2 + log x`: powers,
//! exponentials, logarithms, angles and the gamma family are split into kernels by the rules of
//! [`rules`](super::rules), and the rest is exact arithmetic in lowest terms. Two expressions with one
//! normal form are equal wherever both are defined; two different forms decide nothing.
//!
//! Conditions of rules are discharged by the [`Assumptions`]; a rule whose condition is not known to hold is
//! not used. The domain of definition is not looked at here: that is `verify`'s first question.

mod angle;
mod exponential;
mod gamma;
mod kernel;
mod logarithm;
mod power;
mod present;

use std::collections::BTreeSet;

use rustc_hash::{FxHashMap, FxHashSet};

use super::assume::Assumptions;
use super::fraction::Fraction;
use super::polynomial::{Budget, Exceeded, Factorization, Polynomial, Var};
use crate::calculus::Differentiator;
use crate::expr::{Binder, Expr, Node, Scope, Store, Symbol, formula_in};
use crate::function::{self, FunctionId};
use crate::number::Rational;

pub use kernel::Kernel;
pub use present::{cost, nicest};

/// Why there is no normal form.
#[derive(Clone, Debug, PartialEq)]
pub enum Stop {
    /// A limit on terms, bits or steps was met.
    Exceeded(Exceeded),
    /// Something is divided by what is identically 0.
    DivisionByZero,
    /// The expression is not scalar, or it holds something that has no normal form.
    Unsupported(&'static str),
}

impl From<Exceeded> for Stop {
    fn from(exceeded: Exceeded) -> Stop {
        Stop::Exceeded(exceeded)
    }
}

/// Terms of sums and products over ranges that are written out in one normal form, at most.
const MOST_TERMS: i64 = 10_000;

/// The result of a step of normalization.
pub type Normal<T = Fraction> = Result<T, Stop>;

/// How far expressions are rewritten.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effort {
    /// For the reader: arguments of the gamma family and of logarithms stay as they are typed where they can.
    Present,
    /// To decide equality: recurrences, splitting, relations between kernels.
    Decide,
}

/// Normal forms of the expressions of one store under one set of assumptions.
#[derive(Debug)]
pub struct Normalizer {
    /// What is declared.
    pub assumptions: Assumptions,
    effort: Effort,
    budget: Budget,
    kernels: Vec<Kernel>,
    variables: FxHashMap<Kernel, Var>,
    /// How finely the base of a root, an exponent or an angle is divided, by its canonical expression.
    degrees: FxHashMap<(Divided, Expr), u32>,
    restart: bool,
    /// Terms of ranges that were written out, in this call.
    written_out: i64,
    memo: FxHashMap<Expr, Normal>,
    /// K^degree = the fraction, for kernels that are not independent of the others.
    relations: FxHashMap<Var, (u32, Fraction)>,
    /// Of primitive polynomials that no variable divides, whatever their variables stand for.
    factorizations: FxHashMap<Polynomial, Factorization>,
    /// The declared bounds of more than one term, and what factors have been divided by them; for so many facts.
    bounds: Option<Bounds>,
    values: FxHashMap<FunctionId, Vec<(Expr, Expr)>>,
    /// Arguments of lgamma that are known to be positive: there exp(lgamma(x)) is Γ(x), elsewhere |Γ(x)|.
    positive_gammas: FxHashSet<Expr>,
    calculus: Differentiator,
    used: BTreeSet<&'static str>,
}

/// Declared bounds as primitive polynomials, and the factors that were divided by them.
#[derive(Debug)]
struct Bounds {
    facts: usize,
    divisors: Vec<Polynomial>,
    /// What was divided, as bounds with their powers and the rest.
    divided: FxHashMap<Polynomial, Vec<(Polynomial, i64)>>,
}

/// What a degree divides.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Divided {
    Root,
    Exponent,
    Angle,
}

impl Normalizer {
    /// A normalizer that knows what is declared.
    pub fn new(assumptions: Assumptions, effort: Effort) -> Normalizer {
        Normalizer {
            assumptions,
            effort,
            budget: Budget::default(),
            kernels: Vec::new(),
            variables: FxHashMap::default(),
            degrees: FxHashMap::default(),
            restart: false,
            written_out: 0,
            memo: FxHashMap::default(),
            relations: FxHashMap::default(),
            factorizations: FxHashMap::default(),
            bounds: None,
            values: FxHashMap::default(),
            positive_gammas: FxHashSet::default(),
            calculus: Differentiator::new(),
            used: BTreeSet::new(),
        }
    }

    /// The rules that were used since the last call.
    pub fn take_rules(&mut self) -> BTreeSet<&'static str> {
        std::mem::take(&mut self.used)
    }

    /// Forgets the normal forms, so that what is cited next is what is used next.
    pub fn forget(&mut self) {
        self.memo.clear();
        self.bounds = None;
        self.used.clear();
    }

    /// The normal form of a scalar expression.
    pub fn normal(&mut self, store: &mut Store, e: Expr) -> Normal {
        Ok(self.normal_all(store, &[e])?.swap_remove(0))
    }

    /// Normal forms over the same kernels: what one expression needs divided is divided in all of them.
    pub fn normal_all(&mut self, store: &mut Store, list: &[Expr]) -> Normal<Vec<Fraction>> {
        // A base met with a finer exponent than before makes earlier forms stale: begin again, finitely
        // often because degrees only grow.
        self.written_out = 0;
        for _ in 0..32 {
            self.restart = false;
            let forms: Normal<Vec<Fraction>> = list.iter().map(|e| self.walk(store, *e)).collect();
            if !self.restart {
                return forms;
            }
            self.memo.clear();
            self.bounds = None;
            self.kernels.clear();
            self.variables.clear();
            self.relations.clear();
        }
        Err(Stop::Unsupported("roots of too many degrees"))
    }

    /// Is the expression identically 0 wherever it is defined? `false` decides nothing.
    pub fn is_zero(&mut self, store: &mut Store, e: Expr) -> Normal<bool> {
        Ok(self.normal(store, e)?.is_zero())
    }

    /// The simplest of the forms of an expression; itself when it has no normal form.
    pub fn simplify(&mut self, store: &mut Store, e: Expr) -> Expr {
        match self.normal(store, e) {
            Ok(form) => self.present(store, &form),
            Err(_) => e,
        }
    }

    /// The memoized normal form; children first, on an explicit stack.
    fn walk(&mut self, store: &mut Store, root: Expr) -> Normal {
        if let Some(known) = self.memo.get(&root) {
            return known.clone();
        }
        for e in store.post_order(&[root]) {
            if self.memo.contains_key(&e) || store.free_bound(e) > 0 {
                continue;
            }
            let form = self.node(store, e);
            self.memo.insert(e, form);
        }
        self.memo.get(&root).cloned().unwrap_or(Err(Stop::Unsupported("a variable outside its binder")))
    }

    fn cite(&mut self, rule: &'static str) {
        self.used.insert(rule);
    }

    fn node(&mut self, store: &mut Store, e: Expr) -> Normal {
        if !store.shape(e).is_scalar() {
            return Err(Stop::Unsupported("vectors and matrices"));
        }
        match store[e].clone() {
            Node::Number(q) => Ok(constant(q)),
            Node::Symbol(_) => self.base(store, e),
            Node::Sum(terms) => {
                let mut parts = Vec::with_capacity(terms.len());
                for (c, t) in terms.iter() {
                    parts.push(self.walk(store, *t)?.scaled(c));
                }
                let total = Fraction::sum(parts.iter(), &self.budget)?;
                self.reduced(total)
            }
            Node::Product(factors) => {
                let mut product = Fraction::one();
                for f in factors.iter() {
                    product = product.mul(&self.walk(store, *f)?, &self.budget)?;
                }
                self.reduced(product)
            }
            Node::Power(base, exponent) => self.power(store, base, exponent),
            Node::Call(function, arguments) => {
                let form = self.call(store, function, &arguments)?;
                self.reduced(form)
            }
            Node::Range { binder, from, to, body } => self.range(store, binder, from, to, body),
            Node::Derivative { .. } => {
                let evaluated = self.calculus.evaluate(store, e);
                if evaluated == e { self.atom(store, e) } else { self.walk(store, evaluated) }
            }
            Node::Apply(..)
            | Node::Index(..)
            | Node::Expectation { .. }
            | Node::SampleIntegral { .. }
            | Node::Divergence { .. } => self.atom(store, e),
            _ => Err(Stop::Unsupported("vectors and matrices")),
        }
    }

    /// The canonical expression of a normal form: what kernels are made of.
    fn canonical(&mut self, store: &mut Store, form: &Fraction) -> Expr {
        self.expanded(store, form)
    }

    /// Normalizes the arguments, so that equal calls become one kernel.
    fn canonical_arguments(&mut self, store: &mut Store, arguments: &[Expr]) -> Normal<Vec<Expr>> {
        arguments
            .iter()
            .map(|a| {
                let form = self.walk(store, *a)?;
                Ok(self.canonical(store, &form))
            })
            .collect()
    }

    fn call(&mut self, store: &mut Store, function: FunctionId, arguments: &[Expr]) -> Normal {
        let name = function.row().name;
        match (name, arguments) {
            ("exp", [u]) => {
                let u = self.walk(store, *u)?;
                self.exponential(store, &u)
            }
            ("expm1", [u]) => {
                self.cite("expm1");
                let u = self.walk(store, *u)?;
                let power = self.exponential(store, &u)?;
                Ok(power.sub(&Fraction::one(), &self.budget)?)
            }
            ("log", [u]) => self.logarithm(store, *u),
            ("log1p", [u]) => {
                self.cite("log1p");
                let shifted = store.add(*u, Store::ONE);
                self.logarithm(store, shifted)
            }
            ("sqrt", [u]) => self.root(store, *u, &Rational::new(1, 2)),
            ("abs", [u]) => self.absolute(store, *u),
            ("sign", [u]) => self.sign(store, *u),
            ("sin" | "cos" | "tan", [u]) => self.angle(store, name, *u),
            ("sinh" | "cosh" | "tanh", [u]) => self.hyperbolic(store, name, *u),
            (
                "gamma" | "lgamma" | "digamma" | "trigamma" | "polygamma" | "factorial" | "binomial"
                | "lbeta",
                _,
            ) => self.gamma_family(store, name, arguments),
            ("besseli" | "bessel_ratio", [nu, x]) => self.bessel(store, name, *nu, *x),
            ("atan", [u]) => {
                let form = self.walk(store, *u)?;
                if form.numerator().leading_coefficient().is_negative() {
                    self.cite("atan-odd");
                    let opposite = self.canonical(store, &form.scale(&Rational::MINUS_ONE));
                    let call = store.call(function, [opposite]);
                    return Ok(self.table_call(store, call)?.scale(&Rational::MINUS_ONE));
                }
                let u = self.canonical(store, &form);
                let call = store.call(function, [u]);
                self.table_call(store, call)
            }
            _ => {
                let arguments = self.canonical_arguments(store, arguments)?;
                let call = store.call(function, arguments);
                self.table_call(store, call)
            }
        }
    }

    /// A call whose arguments are canonical: its exact value from the function's row, or a kernel.
    fn table_call(&mut self, store: &mut Store, call: Expr) -> Normal {
        let Node::Call(function, arguments) = store[call].clone() else {
            return self.atom(store, call);
        };
        let closed = arguments.iter().all(|a| store.free_symbols(&[*a]).is_empty());
        if closed && !arguments.is_empty() {
            for (left, right) in self.exact_values(store, function) {
                if left == call {
                    self.cite("exact-value");
                    return self.walk(store, right);
                }
            }
        }
        self.atom(store, call)
    }

    /// The row's exact values, as (call with canonical arguments, value).
    fn exact_values(&mut self, store: &mut Store, function: FunctionId) -> Vec<(Expr, Expr)> {
        if let Some(known) = self.values.get(&function) {
            return known.clone();
        }
        self.values.insert(function, Vec::new());
        let mut values = Vec::new();
        for text in function.row().values {
            let Some((left, right)) = text.split_once('=') else { continue };
            let mut scope = Scope::strict();
            let (left, right) = (formula_in(store, &mut scope, left), formula_in(store, &mut scope, right));
            if let Node::Call(f, arguments) = store[left].clone()
                && f == function
                && let Ok(arguments) = self.canonical_arguments(store, &arguments)
            {
                values.push((store.call(function, arguments), right));
            }
        }
        self.values.insert(function, values.clone());
        values
    }

    /// |u|: of known sign, or a kernel whose square is u².
    fn absolute(&mut self, store: &mut Store, u: Expr) -> Normal {
        if self.assumptions.is_nonnegative(store, u) {
            self.cite("abs-nonnegative");
            return self.walk(store, u);
        }
        let opposite = store.neg(u);
        if self.assumptions.is_nonnegative(store, opposite) {
            self.cite("abs-nonpositive");
            return self.walk(store, opposite);
        }
        let form = self.walk(store, u)?;
        let canonical = self.canonical(store, &form);
        if self.assumptions.is_nonnegative(store, canonical) {
            return Ok(form);
        }
        let opposite = store.neg(canonical);
        if self.assumptions.is_nonnegative(store, opposite) {
            return Ok(form.scale(&Rational::MINUS_ONE));
        }
        // |c·Π fᵢ^nᵢ| = |c|·Π |fᵢ|^nᵢ.
        let (content, factors) = self.factored(&form)?;
        let mut product = constant(content.abs());
        let several = factors.len() > 1;
        for (factor, power) in factors {
            let expr = self.polynomial_expr(store, &factor);
            let form = Fraction::from(factor);
            let part = if power % 2 == 0 || self.assumptions.is_nonnegative(store, expr) {
                form
            } else if self.assumptions.is_negative(store, expr) {
                form.scale(&Rational::MINUS_ONE)
            } else {
                let call = store.call_named("abs", [expr]);
                let square = form.mul(&form, &self.budget)?;
                self.cite("abs-square");
                self.related_kernel(Kernel::Atom(call), 2, square)
            };
            let part = part.pow(power, &self.budget)?.ok_or(Stop::DivisionByZero)?;
            product = product.mul(&part, &self.budget)?;
        }
        if several {
            self.cite("abs-product");
        }
        self.reduced(product)
    }

    fn sign(&mut self, store: &mut Store, u: Expr) -> Normal {
        let opposite = store.neg(u);
        if self.assumptions.is_positive(store, u) {
            self.cite("sign-known");
            return Ok(Fraction::one());
        }
        if self.assumptions.is_positive(store, opposite) {
            self.cite("sign-known");
            return Ok(constant(Rational::MINUS_ONE));
        }
        let form = self.walk(store, u)?;
        if form.is_zero() {
            return Ok(form);
        }
        if self.assumptions.is_nonzero(store, u) {
            self.cite("sign-quotient");
            let absolute = self.absolute(store, u)?;
            return self.over(&form, &absolute);
        }
        let inner = self.canonical(store, &form);
        let call = store.call_named("sign", [inner]);
        self.table_call(store, call)
    }

    /// Σ, Π over a fixed small range term by term; otherwise a kernel with a canonical body.
    fn range(&mut self, store: &mut Store, binder: Binder, from: Expr, to: Expr, body: Expr) -> Normal {
        let ends = (
            store.as_number(from).and_then(Rational::as_i64),
            store.as_number(to).and_then(Rational::as_i64),
        );
        if let (Some(a), Some(b), true) = (ends.0, ends.1, binder != Binder::Integral)
            && b.saturating_sub(a) < 200
        {
            self.cite("finite-range");
            let mut total = if binder == Binder::Product { Fraction::one() } else { Fraction::zero() };
            for k in a..=b {
                // Nested ranges multiply: what is written out in all is bounded, not each range alone.
                self.written_out += 1;
                if self.written_out > MOST_TERMS {
                    return Err(Stop::Unsupported("a sum of too many terms"));
                }
                let k = store.integer(k);
                let term = store.instantiate(body, k);
                let term = self.walk(store, term)?;
                total = match binder {
                    Binder::Product => total.mul(&term, &self.budget)?,
                    _ => total.add(&term, &self.budget)?,
                };
            }
            return self.reduced(total);
        }
        let (from, to) = {
            let ends = self.canonical_arguments(store, &[from, to])?;
            (ends[0], ends[1])
        };
        let integer = binder != Binder::Integral;
        let shape = crate::expr::Shape::SCALAR;
        // The first name that nothing in the body has, so that nested ranges stay apart and equal ones meet.
        let taken: Vec<String> =
            store.free_symbols(&[body]).into_iter().map(|id| store.symbol_of(id).name.clone()).collect();
        let name = (0..).map(|n| format!("#k{n}")).find(|name| !taken.contains(name));
        let name = name.expect("some number is not taken");
        let variable = store.symbol(Symbol { name, shape, integer });
        let opened = store.instantiate(body, variable);
        let form = self.walk(store, opened)?;
        let canonical = self.canonical(store, &form);
        let body = store.abstract_over(canonical, variable, integer);
        let e = store.range(binder, from, to, body);
        self.atom(store, e)
    }

    /// I_n and I_{n+1}/I_n of fixed integer order, over I₀ and I₁/I₀.
    fn bessel(&mut self, store: &mut Store, name: &'static str, nu: Expr, x: Expr) -> Normal {
        let arguments = self.canonical_arguments(store, &[nu, x])?;
        let order = store.as_number(arguments[0]).and_then(Rational::as_i64);
        let function = function::lookup(name).expect("the Bessel rows are in the table");
        let Some(n @ 1..=32) = order else {
            let call = store.call(function, arguments);
            return self.table_call(store, call);
        };
        self.cite("bessel-recurrence");
        let zeroth = store.call_named("besseli", [Store::ZERO, arguments[1]]);
        let ratio = store.call_named("bessel_ratio", [Store::ZERO, arguments[1]]);
        let x = self.walk(store, arguments[1])?;
        let x_inverse = x.recip().ok_or(Stop::DivisionByZero)?;
        // R_m = 1/R_{m−1} − 2m/x, DLMF 10.29.1.
        let mut value = self.atom(store, ratio)?;
        let mut product = value.clone();
        for m in 1..n + i64::from(name == "bessel_ratio") {
            let inverse = value.recip().ok_or(Stop::DivisionByZero)?;
            value = inverse.sub(&x_inverse.scale(&Rational::from(2 * m)), &self.budget)?;
            product = product.mul(&value, &self.budget)?;
        }
        if name == "bessel_ratio" {
            return Ok(value);
        }
        let zeroth = self.atom(store, zeroth)?;
        Ok(zeroth.mul(&product, &self.budget)?)
    }
}

/// Arithmetic of normal forms, with the relations between kernels in force.
impl Normalizer {
    /// a + b.
    ///
    /// # Errors
    /// When a limit is met.
    pub fn plus(&mut self, a: &Fraction, b: &Fraction) -> Normal {
        let sum = a.add(b, &self.budget)?;
        self.reduced(sum)
    }

    /// a·b.
    ///
    /// # Errors
    /// When a limit is met.
    pub fn times(&mut self, a: &Fraction, b: &Fraction) -> Normal {
        let product = a.mul(b, &self.budget)?;
        self.reduced(product)
    }

    /// a/b.
    ///
    /// # Errors
    /// When a limit is met, or b is 0.
    pub fn over(&mut self, a: &Fraction, b: &Fraction) -> Normal {
        let quotient = a.div(b, &self.budget)?.ok_or(Stop::DivisionByZero)?;
        self.reduced(quotient)
    }
}

/// The fraction of a constant.
fn constant(q: Rational) -> Fraction {
    Fraction::from(Polynomial::constant(q))
}

#[cfg(test)]
mod tests;
