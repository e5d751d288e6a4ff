//! What follows from declared facts and assumed conditions: signs of expressions, conditions that are implied.
//!
//! From `x > 1` follows `x^2 - 1 > 0`, and from `x^2 - 1 != 0` follows `x - 1 != 0`. The normal form is factored;
//! each factor has its signs from ranges, from Sturm's theorem, from completed squares, or from what divides it.

use super::domain::{Atom, AtomKind};
use super::sign::Signs;
use super::{squares, sturm};
use crate::algebra::normalize::Kernel;
use crate::algebra::polynomial::{Budget, Polynomial, Var};
use crate::algebra::range::Range;
use crate::algebra::{Assumptions, Effort, Fraction, Normalizer};
use crate::expr::{Expr, Fact, Node, Store};
use crate::number::{Definedness, Rational};
use crate::tape::{Enclosure, Tape};

/// Declared facts with conditions assumed on top of them.
#[derive(Debug)]
pub struct Knowledge {
    /// Normal forms under everything that is known.
    pub normalizer: Normalizer,
    facts: Vec<Fact>,
    /// Expressions known not to be 0, and whether they are known to be positive.
    nonzero: Vec<(Expr, bool)>,
    nonpoles: Vec<Expr>,
    atoms: Vec<Atom>,
}

impl Knowledge {
    /// What is declared, and nothing more.
    pub fn new(store: &mut Store, facts: &[Fact]) -> Knowledge {
        let mut knowledge = Knowledge {
            normalizer: Normalizer::new(Assumptions::none(), Effort::Decide),
            facts: Vec::new(),
            nonzero: Vec::new(),
            nonpoles: Vec::new(),
            atoms: Vec::new(),
        };
        for fact in facts {
            knowledge.assume_fact(store, fact.clone());
        }
        knowledge
    }

    /// The same with the conditions of a side.
    pub fn with_atoms(store: &mut Store, facts: &[Fact], atoms: &[Atom]) -> Knowledge {
        let mut knowledge = Knowledge::new(store, facts);
        for atom in atoms {
            knowledge.assume(store, atom);
        }
        knowledge
    }

    fn assume_fact(&mut self, store: &mut Store, fact: Fact) {
        if self.facts.contains(&fact) {
            return;
        }
        self.normalizer.assumptions.assume(store, &fact);
        match &fact {
            Fact::Positive(e) => self.nonzero.push((*e, true)),
            Fact::NonZero(e) => self.nonzero.push((*e, false)),
            _ => {}
        }
        let derived = match &fact {
            Fact::Positive(e) | Fact::NonZero(e) => {
                self.derived(store, *e, matches!(fact, Fact::Positive(_)))
            }
            _ => Vec::new(),
        };
        self.facts.push(fact);
        self.normalizer.forget();
        for fact in derived {
            self.assume_fact(store, fact);
        }
    }

    /// Adds a condition that may be taken to hold. One under a binder is remembered as it is.
    pub fn assume(&mut self, store: &mut Store, atom: &Atom) {
        // What is merely sufficient for one side says nothing where it fails; that one call is defined carries over.
        if !atom.necessary && !matches!(atom.kind, AtomKind::Defined(..)) {
            return;
        }
        if !self.atoms.contains(atom) {
            self.atoms.push(atom.clone());
        }
        if !atom.under.is_empty() {
            return;
        }
        match &atom.kind {
            AtomKind::Positive(e) => self.assume_fact(store, Fact::Positive(*e)),
            AtomKind::NonNegative(e) => self.assume_fact(store, Fact::NonNegative(*e)),
            AtomKind::NonZero(e) => self.assume_fact(store, Fact::NonZero(*e)),
            AtomKind::NonPole(e) => {
                self.nonpoles.push(*e);
                self.assume_fact(store, Fact::NonZero(*e));
            }
            AtomKind::Integer(_) | AtomKind::Power(..) | AtomKind::Defined(..) => {}
        }
    }

    /// What e > 0 or e ≠ 0 says of the factors of e: none of them is 0, and the sign of a last one follows.
    fn derived(&mut self, store: &mut Store, e: Expr, positive: bool) -> Vec<Fact> {
        if store.as_symbol(e).is_some() {
            return Vec::new();
        }
        if let Node::Call(f, arguments) = &store[e]
            && matches!(f.row().name, "abs" | "sqrt" | "sign")
        {
            return vec![Fact::NonZero(arguments[0])];
        }
        let Ok(form) = self.normalizer.normal(store, e) else { return Vec::new() };
        let Some((content, factors)) = factored(&form) else { return Vec::new() };
        let kernels = self.normalizer.kernels().to_vec();
        if !speaks_of(store, &kernels, &form, e) {
            return Vec::new();
        }
        let (mut facts, mut odd, mut rest) = (Vec::new(), Vec::new(), sign_of(&content));
        for (factor, power) in factors {
            let expr = polynomial_expr(store, &kernels, &factor);
            if expr == e {
                continue;
            }
            facts.push(Fact::NonZero(expr));
            let signs = self.direct(store, expr).power(power);
            if signs.is_single() {
                rest = rest.times(signs);
            } else if power % 2 != 0 {
                odd.push(expr);
            }
        }
        if let ([one], true) = (odd.as_slice(), positive) {
            let signed = if rest == Signs::NEGATIVE { store.neg(*one) } else { *one };
            facts.push(Fact::Positive(signed));
        }
        facts
    }

    /// The signs an expression may have on the known domain, wherever it is defined.
    pub fn signs(&mut self, store: &mut Store, e: Expr) -> Signs {
        let mut direct = self.direct(store, e);
        if direct.is_single() {
            return direct;
        }
        direct = direct.and(constant_signs(store, e)).and(self.conjugate_signs(store, e));
        if direct.is_single() {
            return direct;
        }
        let mut list = vec![e];
        list.extend(self.nonzero.iter().map(|(known, _)| *known));
        let forms = match self.normalizer.normal_all(store, &list) {
            Ok(forms) => forms,
            Err(_) => match self.normalizer.normal(store, e) {
                Ok(form) => vec![form],
                Err(_) => return direct,
            },
        };
        let kernels = self.normalizer.kernels().to_vec();
        if !speaks_of(store, &kernels, &forms[0], e) {
            return direct;
        }
        if forms[0].is_zero() {
            return Signs::ZERO;
        }
        let known: Vec<(Expr, bool)> = self.nonzero.clone();
        let mut usable = Vec::new();
        let mut signs = direct;
        for (known, (expr, positive)) in forms[1..].iter().zip(&known) {
            if !speaks_of(store, &kernels, known, *expr) {
                continue;
            }
            usable.push(known.clone());
            let quotient = forms[0].div(known, &Budget::default()).ok().flatten();
            if let Some(c) = quotient.and_then(|q| q.as_constant()) {
                signs = signs.and(if *positive { sign_of(&c) } else { Signs::NONZERO });
            }
        }
        let Some((content, factors)) = factored(&forms[0]) else { return signs };
        let mut product = sign_of(&content);
        for (factor, power) in factors {
            let factor = self.factor_signs(store, &kernels, &factor, &usable);
            product = product.times(factor.power(power));
        }
        signs.and(product)
    }

    /// Is the expression a multiple of what a declared equation makes 0?
    pub fn vanishes_by_equations(&mut self, store: &mut Store, e: Expr) -> bool {
        let mut equations = Vec::new();
        for fact in self.facts.clone() {
            match fact {
                Fact::Zero(e) => equations.push(e),
                Fact::Sphere(variables) => {
                    let squares: Vec<Expr> = variables.iter().map(|v| store.powi(*v, 2)).collect();
                    let sum = store.sum(squares);
                    equations.push(store.sub(sum, Store::ONE));
                }
                _ => {}
            }
        }
        for equation in equations {
            let Ok(forms) = self.normalizer.normal_all(store, &[e, equation]) else { continue };
            let kernels = self.normalizer.kernels().to_vec();
            if !speaks_of(store, &kernels, &forms[0], e) || !speaks_of(store, &kernels, &forms[1], equation) {
                continue;
            }
            let (numerator, divisor) = (forms[0].numerator(), forms[1].numerator());
            if !divisor.is_zero() && matches!(numerator.exact_div(divisor, &Budget::default()), Ok(Some(_))) {
                return true;
            }
        }
        false
    }

    /// From ranges alone.
    fn direct(&mut self, store: &mut Store, e: Expr) -> Signs {
        let assumptions = &mut self.normalizer.assumptions;
        let range = assumptions.range(store, e);
        let signs = match &range {
            r if r.is_positive() => Signs::POSITIVE,
            r if r.is_negative() => Signs::NEGATIVE,
            r if r.as_point().is_some_and(Rational::is_zero) => Signs::ZERO,
            r if r.is_nonnegative() => Signs::NONNEGATIVE,
            r if r.is_nonpositive() => Signs::NONPOSITIVE,
            _ => Signs::ANY,
        };
        let signs = if assumptions.is_nonzero(store, e) { signs.and(Signs::NONZERO) } else { signs };
        if signs.is_single() { signs } else { signs.and(self.node_signs(store, e)) }
    }

    /// From the signs of what a power or a monotone function is applied to.
    fn node_signs(&mut self, store: &mut Store, e: Expr) -> Signs {
        match store[e].clone() {
            // bⁿ ≠ 0 for b ≠ 0, whatever the exponent.
            Node::Power(base, _) if self.direct(store, base).within(Signs::NONZERO) => Signs::NONZERO,
            Node::Call(f, arguments) => match f.row().name {
                "log" => {
                    let beyond = store.sub(arguments[0], Store::ONE);
                    self.direct(store, beyond)
                }
                // Increasing, and 0 at 0 alone.
                "log1p" | "expm1" | "sinh" | "tanh" | "atan" | "sign" => self.direct(store, arguments[0]),
                "abs" => self.direct(store, arguments[0]).power(2),
                "sqrt" if self.direct(store, arguments[0]).within(Signs::NONZERO) => Signs::POSITIVE,
                _ => Signs::ANY,
            },
            _ => Signs::ANY,
        }
    }

    /// a − b for a, b ≥ 0 has the signs of a² − b²: √(x + 1) − √x those of 1.
    fn conjugate_signs(&mut self, store: &mut Store, e: Expr) -> Signs {
        let Node::Sum(terms) = store[e].clone() else { return Signs::ANY };
        let is_root = |store: &Store, t: Expr| matches!(&store[t], Node::Call(f, _) if matches!(f.row().name, "sqrt" | "abs"));
        let [(c, s), (d, t)] = terms.as_ref() else { return Signs::ANY };
        if !(is_root(store, *s) || is_root(store, *t)) || c.is_negative() == d.is_negative() {
            return Signs::ANY;
        }
        if ![*s, *t].iter().all(|u| self.direct(store, *u).within(Signs::NONNEGATIVE)) {
            return Signs::ANY;
        }
        let squares = [(c * c, store.powi(*s, 2)), (-(d * d), store.powi(*t, 2))];
        let difference = store.linear(squares);
        let Ok(form) = self.normalizer.normal(store, difference) else { return Signs::ANY };
        let Some((content, factors)) = factored(&form) else { return Signs::ANY };
        let kernels = self.normalizer.kernels().to_vec();
        if form.is_zero() || !speaks_of(store, &kernels, &form, e) {
            return Signs::ANY;
        }
        let signs = factors.into_iter().fold(sign_of(&content), |signs, (factor, power)| {
            signs.times(self.factor_signs(store, &kernels, &factor, &[]).power(power))
        });
        if c.is_negative() { signs.negated() } else { signs }
    }

    fn factor_signs(
        &mut self,
        store: &mut Store,
        kernels: &[Kernel],
        factor: &Polynomial,
        known: &[Fraction],
    ) -> Signs {
        let expr = polynomial_expr(store, kernels, factor);
        let mut signs = self.direct(store, expr).and(squares::signs(factor)).and(constant_signs(store, expr));
        if let [variable] = factor.variables() {
            let coefficients = coefficients(factor, *variable);
            let range = match &kernels[variable.0 as usize] {
                Kernel::Atom(e) => self.normalizer.assumptions.range(store, *e),
                Kernel::Root(..) => Range::nonnegative(),
                Kernel::Exponential(..) => Range::positive(),
            };
            if let Some(coefficients) = coefficients {
                signs = signs.and(sturm::signs_on(&coefficients, &range));
            }
        }
        if Signs::ZERO.within(signs) && divides_known(factor, known) {
            signs = signs.and(Signs::NONZERO);
        }
        signs
    }

    /// Does the condition follow?
    pub fn implies(&mut self, store: &mut Store, atom: &Atom) -> bool {
        if self.atoms.contains(atom) {
            return true;
        }
        if atom.under.is_empty() {
            return self.implies_kind(store, &atom.kind);
        }
        let mut facts = self.facts.clone();
        for bound in &atom.under {
            facts.push(Fact::NonNegative(store.sub(bound.symbol, bound.from)));
            facts.push(Fact::NonNegative(store.sub(bound.to, bound.symbol)));
        }
        let mut inner = Knowledge::new(store, &facts);
        for known in self.atoms.clone() {
            if known.under.is_empty() || known.under == atom.under {
                inner.assume(store, &Atom { under: Vec::new(), ..known });
            }
        }
        inner.implies_kind(store, &atom.kind)
    }

    fn implies_kind(&mut self, store: &mut Store, kind: &AtomKind) -> bool {
        match kind {
            AtomKind::Positive(e) => self.signs(store, *e).within(Signs::POSITIVE),
            AtomKind::NonNegative(e) => self.signs(store, *e).within(Signs::NONNEGATIVE),
            AtomKind::NonZero(e) => {
                self.signs(store, *e).within(Signs::NONZERO) || self.is_sine_off_its_zeros(store, *e)
            }
            AtomKind::NonPole(e) => self.is_nonpole(store, *e),
            AtomKind::Integer(e) => self.is_integer(store, *e),
            AtomKind::Power(base, exponent) => {
                self.signs(store, *base).within(Signs::NONZERO)
                    || self.signs(store, *exponent).within(Signs::NONNEGATIVE)
                    || self.atoms.clone().iter().any(|known| match &known.kind {
                        AtomKind::Power(b, n) if known.under.is_empty() => {
                            // 0^(n + 1) asks for less than 0^n.
                            self.are_equal(store, *b, *base) && {
                                let more = store.sub(*exponent, *n);
                                self.signs(store, more).within(Signs::NONNEGATIVE)
                            }
                        }
                        _ => false,
                    })
            }
            AtomKind::Defined(e, kinds) => {
                (!kinds.is_empty() && kinds.iter().all(|k| self.implies_kind(store, k)))
                    || self.atoms.clone().iter().any(|known| match &known.kind {
                        AtomKind::Defined(other, _) if known.under.is_empty() => {
                            self.are_same_kernel(store, *e, *other)
                        }
                        _ => false,
                    })
            }
        }
    }

    fn are_equal(&mut self, store: &mut Store, a: Expr, b: Expr) -> bool {
        let difference = store.sub(a, b);
        a == b || self.normalizer.is_zero(store, difference) == Ok(true)
    }

    /// Is one call, integral or abstract value the other, up to the normal form of what it is applied to?
    fn are_same_kernel(&mut self, store: &mut Store, a: Expr, b: Expr) -> bool {
        let one_kind = match (&store[a], &store[b]) {
            (Node::Call(f, _), Node::Call(g, _)) => f == g,
            (Node::Apply(f, _), Node::Apply(g, _)) => f == g,
            _ => false,
        };
        if !one_kind {
            return a == b;
        }
        let (left, right): (Vec<Expr>, Vec<Expr>) =
            (store[a].children().collect(), store[b].children().collect());
        left.len() == right.len() && left.iter().zip(&right).all(|(x, y)| self.are_equal(store, *x, *y))
    }

    fn integer_difference(&mut self, store: &mut Store, a: Expr, b: Expr) -> Option<i64> {
        let difference = store.sub(a, b);
        self.normalizer.normal(store, difference).ok()?.as_constant()?.as_i64()
    }

    /// Is e + j ≠ 0 for all 0 ≤ j < count?
    fn avoids(&mut self, store: &mut Store, e: Expr, count: i64) -> bool {
        (0..count).all(|j| {
            let j = store.integer(j);
            let moved = store.add(e, j);
            self.signs(store, moved).within(Signs::NONZERO)
        })
    }

    fn is_nonpole(&mut self, store: &mut Store, e: Expr) -> bool {
        if self.signs(store, e).within(Signs::POSITIVE) {
            return true;
        }
        if let Some(q) = self.normalizer.normal(store, e).ok().and_then(|form| form.as_constant()) {
            return !q.is_integer() || q.is_positive();
        }
        for known in self.nonpoles.clone() {
            match self.integer_difference(store, e, known) {
                Some(0..) => return true,
                // e = known − m avoids the poles of known, and must avoid 1 − m, …, 0 of its own.
                Some(shift @ -16..=-1) if self.avoids(store, e, -shift) => return true,
                _ => {}
            }
        }
        // sin(π·u) ≠ 0 keeps u away from all integers.
        for (known, _) in self.nonzero.clone() {
            if let Some(u) = turns(store, known)
                && (self.integer_difference(store, e, u).is_some() || {
                    let opposite = store.neg(u);
                    self.integer_difference(store, e, opposite).is_some()
                })
            {
                return true;
            }
        }
        false
    }

    /// sin(π·u) ≠ 0, because neither u nor c − u is a pole for an integer c ≤ 1: then u is no integer at all.
    fn is_sine_off_its_zeros(&mut self, store: &mut Store, e: Expr) -> bool {
        let Some(u) = turns(store, e) else { return false };
        let opposite = store.sub(Store::ONE, u);
        self.is_nonpole(store, u) && self.is_nonpole(store, opposite)
    }

    fn is_integer(&mut self, store: &mut Store, e: Expr) -> bool {
        if store.is_integer(e) {
            return true;
        }
        let Ok(form) = self.normalizer.normal(store, e) else { return false };
        let Some(polynomial) = form.as_polynomial() else { return false };
        let kernels = self.normalizer.kernels().to_vec();
        let expr = polynomial_expr(store, &kernels, polynomial);
        store.is_integer(expr)
    }
}

/// The signs of an expression without variables, from an enclosure that excludes 0.
fn constant_signs(store: &Store, e: Expr) -> Signs {
    // Long sums are evaluated by the prover alone, which counts their terms first.
    let has_range = store.post_order(&[e]).iter().any(|node| matches!(store[*node], Node::Range { .. }));
    if has_range || !store.free_symbols(&[e]).is_empty() || store.free_bound(e) > 0 {
        return Signs::ANY;
    }
    let tape = Tape::new(store, &[], &[e]);
    for precision in [96, 384] {
        let value = tape.eval_one::<Enclosure>(&[], precision);
        let ball = value.to_ball();
        if value.definedness() != Definedness::Defined {
            continue;
        }
        if ball.is_positive() {
            return Signs::POSITIVE;
        }
        if ball.is_negative() {
            return Signs::NEGATIVE;
        }
    }
    Signs::ANY
}

/// u of sin(π·u).
fn turns(store: &mut Store, e: Expr) -> Option<Expr> {
    let Node::Call(f, arguments) = store[e].clone() else { return None };
    if f.row().name != "sin" {
        return None;
    }
    let pi = store.call_named("pi", []);
    match store[arguments[0]].clone() {
        Node::Product(factors) if factors.contains(&pi) => {
            let rest: Vec<Expr> = factors.iter().copied().filter(|f| *f != pi).collect();
            Some(store.product(rest))
        }
        Node::Sum(terms) if terms.len() == 1 => match store[terms[0].1].clone() {
            Node::Product(factors) if factors.contains(&pi) => {
                let rest: Vec<Expr> = factors.iter().copied().filter(|f| *f != pi).collect();
                let rest = store.product(rest);
                Some(store.scale(&terms[0].0, rest))
            }
            _ => None,
        },
        _ => None,
    }
}

fn sign_of(q: &Rational) -> Signs {
    match q {
        q if q.is_positive() => Signs::POSITIVE,
        q if q.is_negative() => Signs::NEGATIVE,
        _ => Signs::ZERO,
    }
}

/// Is every kernel of an expression's form defined where the expression is?
///
/// `digamma(x + 1)` has the form ψ(x) + 1/x, which says nothing of x = 0: signs are not read off such forms.
fn speaks_of(store: &Store, kernels: &[Kernel], form: &Fraction, e: Expr) -> bool {
    const SAFE: [&str; 8] = ["log", "abs", "sign", "sin", "cos", "exp", "pi", "EulerGamma"];
    let below = store.post_order(&[e]);
    let typed = |e: Expr| matches!(&store[e], Node::Power(_, n) if store.as_number(*n).is_none());
    let variables = form.numerator().variables().iter().chain(form.denominator().variables());
    let atoms: Vec<Expr> = variables
        .clone()
        .filter_map(|v| match &kernels[v.0 as usize] {
            Kernel::Atom(atom) => Some(*atom),
            _ => None,
        })
        .collect();
    // x^(n − 1) has the form x^n/x, which says nothing of x = 0 where n = 1.
    if atoms.iter().any(|a| typed(*a)) && below.iter().any(|e| typed(*e) && !atoms.contains(e)) {
        return false;
    }
    variables.into_iter().all(|v| match &kernels[v.0 as usize] {
        Kernel::Root(..) | Kernel::Exponential(..) => true,
        Kernel::Atom(atom) => match &store[*atom] {
            Node::Symbol(_) => true,
            Node::Call(f, _) if SAFE.contains(&f.row().name) => true,
            Node::Call(f, _) if f.row().name.starts_with("bessel") => false,
            _ => below.contains(atom),
        },
    })
}

/// Content and square-free factors, those of the denominator with negative powers.
pub(super) fn factored(form: &Fraction) -> Option<(Rational, Vec<(Polynomial, i64)>)> {
    let over = form.numerator().square_free(&Budget::default()).ok()?;
    let under = form.denominator().square_free(&Budget::default()).ok()?;
    let content = &over.content / &under.content;
    let over = over.factors.into_iter().map(|(f, n)| (f, i64::from(n)));
    let under = under.factors.into_iter().map(|(f, n)| (f, -i64::from(n)));
    Some((content, over.chain(under).collect()))
}

/// The coefficients of a polynomial in one variable of moderate degree.
pub(super) fn coefficients(polynomial: &Polynomial, variable: Var) -> Option<Vec<Rational>> {
    if polynomial.degree(variable) > 64 {
        return None;
    }
    let list = polynomial.coefficients_in(variable, &Budget::default()).ok()?;
    list.iter().map(Polynomial::as_constant).collect()
}

/// Is the polynomial a product of divisors of known nonzero ones?
fn divides_known(polynomial: &Polynomial, known: &[Fraction]) -> bool {
    let budget = Budget::default();
    let mut rest = polynomial.clone();
    for form in known {
        for divisor in [form.numerator(), form.denominator()] {
            loop {
                let Ok(common) = rest.gcd(divisor, &budget) else { return false };
                if common.is_constant() {
                    break;
                }
                let Ok(Some(quotient)) = rest.exact_div(&common, &budget) else { return false };
                rest = quotient;
            }
        }
    }
    rest.as_constant().is_some_and(|c| !c.is_zero())
}

/// Σ c·Π kernel^power as an expression.
pub(super) fn polynomial_expr(store: &mut Store, kernels: &[Kernel], polynomial: &Polynomial) -> Expr {
    let terms: Vec<_> = polynomial.terms().collect();
    let terms: Vec<(Rational, Expr)> = terms
        .into_iter()
        .map(|(monomial, c)| {
            let factors: Vec<Expr> = monomial
                .iter()
                .map(|(v, n)| kernel_expr(store, &kernels[v.0 as usize], i64::from(*n)))
                .collect();
            (c, store.product(factors))
        })
        .collect();
    store.linear(terms)
}

fn kernel_expr(store: &mut Store, kernel: &Kernel, power: i64) -> Expr {
    match kernel {
        Kernel::Atom(e) => store.powi(*e, power),
        Kernel::Root(base, 2) => {
            let root = store.call_named("sqrt", [*base]);
            store.powi(root, power)
        }
        Kernel::Root(base, degree) => {
            let exponent = store.number(Rational::new(power, i64::from(*degree)));
            store.pow(*base, exponent)
        }
        Kernel::Exponential(exponent, degree) => {
            let scaled = store.scale(&Rational::new(power, i64::from(*degree)), *exponent);
            store.call_named("exp", [scaled])
        }
    }
}
