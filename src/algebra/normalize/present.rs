//! Normal forms → the form a statistician would write.
//!
//! `(n + 2 n E + n E²)⁻¹…` becomes `n*exp(t)/(1 + exp(t))^2`: of a few equivalent forms (factored, expanded,
//! split over the terms of the numerator) the shortest wins, ties by structural order.

use rustc_hash::{FxBuildHasher, FxHashMap};

use super::{Bounds, Fraction, Normal, Normalizer};
use crate::algebra::polynomial::{Budget, Exceeded, Monomial, Polynomial, Var};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// Powers of kernels, and the terms that they stand in: what else stands there, and the coefficient.
type Group = (Monomial, Vec<(Monomial, Rational)>);

impl Normalizer {
    /// The nicest expression of a normal form.
    pub fn present(&mut self, store: &mut Store, form: &Fraction) -> Expr {
        let mut candidates = Vec::new();
        if let Ok(e) = self.numerator_expanded(store, form) {
            candidates.push(e);
        }
        if let Ok(e) = self.factored_expr(store, form) {
            candidates.push(e);
        }
        // Of one term, or of one group, they are what was factored; of groups of one term, what was split.
        let count = form.numerator().term_count();
        if count != 1
            && let Ok(e) = self.split_expr(store, form)
        {
            candidates.push(e);
        }
        let groups = self.groups(store, form);
        if groups.len() > 1
            && groups.len() < count
            && let Ok(e) = self.collected_expr(store, form, groups)
        {
            candidates.push(e);
        }
        if candidates.is_empty() {
            candidates.push(self.expanded(store, form));
        }
        nicest(store, &candidates)
    }

    /// The numerator as a sum over the factored denominator.
    fn numerator_expanded(&mut self, store: &mut Store, form: &Fraction) -> Normal<Expr> {
        if form.denominator().is_one() {
            return Ok(self.polynomial_expr(store, form.numerator()));
        }
        let denominator = Fraction::from(form.denominator().clone());
        let denominator = self.factored_expr(store, &denominator)?;
        let (mut c, mut denominator) = store.coefficient_and_term(denominator);
        let mut numerator = self.polynomial_expr(store, form.numerator());
        // A minus goes into a numerator that is a sum.
        if c.is_negative() {
            (numerator, c) = (store.neg(numerator), -c);
        }
        denominator = store.scale(&c, denominator);
        Ok(store.div(numerator, denominator))
    }

    /// c·Π factors over Π factors.
    fn factored_expr(&mut self, store: &mut Store, form: &Fraction) -> Normal<Expr> {
        let (mut content, factors) = self.factored(form)?;
        let factors = self.split_by_bounds(store, factors)?;
        let mut monomial = Vec::new();
        let mut parts: Vec<(Expr, i64, bool)> = Vec::new();
        for (factor, power) in factors {
            match factor.as_variable() {
                Some(v) => monomial.push((v, power)),
                None => {
                    let (expr, flipped, settled) = self.readable_factor(store, &factor);
                    if flipped && power % 2 != 0 {
                        content = -content;
                    }
                    parts.push((expr, power, settled));
                }
            }
        }
        // A minus in front goes into a factor whose sign is nobody's business, of the numerator first.
        if content.is_negative() {
            let free = |above: bool| {
                parts.iter().position(|(_, n, settled)| !settled && n % 2 != 0 && (*n > 0) == above)
            };
            if let Some(at) = free(true).or_else(|| free(false)) {
                parts[at].0 = store.neg(parts[at].0);
                content = -content;
            }
        }
        let mut factors: Vec<Expr> = parts.iter().map(|(expr, power, _)| store.powi(*expr, *power)).collect();
        factors.push(self.monomial_expr(store, monomial.into_iter()));
        let product = store.product(factors);
        Ok(store.scale(&content, product))
    }

    /// Divides factors by the declared bounds, such as `1 - w`, as often as that goes.
    fn split_by_bounds(
        &mut self,
        store: &mut Store,
        factors: Vec<(Polynomial, i64)>,
    ) -> Normal<Vec<(Polynomial, i64)>> {
        if factors.iter().all(|(f, _)| f.term_count() < 3) {
            return Ok(factors);
        }
        let mut bounds = self.bounds(store);
        let mut result: Vec<(Polynomial, i64)> = Vec::new();
        for (factor, power) in factors {
            if !bounds.divided.contains_key(&factor) {
                let parts = divided(&factor, &bounds.divisors, &self.budget)?;
                bounds.divided.insert(factor.clone(), parts);
            }
            for (part, n) in &bounds.divided[&factor] {
                match result.iter_mut().find(|(f, _)| f == part) {
                    Some((_, m)) => *m += n * power,
                    None => result.push((part.clone(), n * power)),
                }
            }
        }
        self.bounds = Some(bounds);
        Ok(result)
    }

    /// The declared bounds of more than one term.
    fn bounds(&mut self, store: &mut Store) -> Bounds {
        let facts = self.assumptions.facts().len();
        if let Some(known) = self.bounds.take().filter(|known| known.facts == facts) {
            return known;
        }
        let mut divisors = Vec::new();
        for bound in self.assumptions.bound_expressions(store) {
            if let Ok(form) = self.walk(store, bound)
                && form.denominator().is_one()
                && form.numerator().term_count() > 1
            {
                divisors.push(form.numerator().primitive_part());
            }
        }
        Bounds { facts, divisors, divided: FxHashMap::default() }
    }

    /// A factor with the sign that reads best: positive on the domain, else with more positive terms. With it,
    /// whether it was turned, and whether its sign is known.
    fn readable_factor(&mut self, store: &mut Store, factor: &Polynomial) -> (Expr, bool, bool) {
        let expr = self.polynomial_expr(store, factor);
        if self.assumptions.is_positive(store, expr) {
            return (expr, false, true);
        }
        if self.assumptions.is_negative(store, expr) {
            return (store.neg(expr), true, true);
        }
        let negative = factor.terms().filter(|(_, c)| c.is_negative()).count();
        let flip = 2 * negative > factor.term_count();
        (if flip { store.neg(expr) } else { expr }, flip, false)
    }

    /// Each term of the numerator over the denominator, in lowest terms of its own.
    fn split_expr(&mut self, store: &mut Store, form: &Fraction) -> Normal<Expr> {
        let denominator = Fraction::from(form.denominator().clone());
        let mut parts = Vec::new();
        for (monomial, c) in form.numerator().terms().collect::<Vec<_>>() {
            let term = Fraction::from(Polynomial::from_terms([(monomial, c)])?);
            if let Some(term) = term.div(&denominator, &self.budget)? {
                parts.push(self.factored_expr(store, &term)?);
            }
        }
        Ok(store.sum(parts))
    }

    /// The terms of the numerator by their powers of kernels that are no symbols.
    fn groups(&self, store: &Store, form: &Fraction) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for (monomial, c) in form.numerator().terms() {
            let (symbols, others): (Monomial, Monomial) =
                monomial.into_iter().partition(|(v, _)| self.is_symbol_kernel(store, *v));
            match groups.iter_mut().find(|(key, _)| *key == others) {
                Some((_, list)) => list.push((symbols, c)),
                None => groups.push((others, vec![(symbols, c)])),
            }
        }
        groups
    }

    /// The numerator collected in each non-symbol kernel, each coefficient over the denominator:
    /// `((α + β) ψ − ψ)/…` as `c₁·ψ(α) + c₂·ψ(β) + c₃`.
    fn collected_expr(&mut self, store: &mut Store, form: &Fraction, groups: Vec<Group>) -> Normal<Expr> {
        let denominator = Fraction::from(form.denominator().clone());
        let mut parts = Vec::new();
        for (others, list) in groups {
            let coefficient = Polynomial::from_terms(list)?;
            let kernel = Polynomial::from_terms([(others, Rational::ONE)])?;
            let term = Fraction::from(coefficient).mul(&Fraction::from(kernel), &self.budget)?;
            if let Some(term) = term.div(&denominator, &self.budget)? {
                parts.push(self.factored_expr(store, &term)?);
            }
        }
        Ok(store.sum(parts))
    }

    fn is_symbol_kernel(&self, store: &Store, variable: Var) -> bool {
        match self.kernels()[variable.0 as usize] {
            super::Kernel::Atom(e) | super::Kernel::Root(e, _) => matches!(store[e], Node::Symbol(_)),
            super::Kernel::Exponential(..) => false,
        }
    }
}

/// The divisors in a factor with their powers, and what is left of it.
fn divided(
    factor: &Polynomial,
    divisors: &[Polynomial],
    budget: &Budget,
) -> Result<Vec<(Polynomial, i64)>, Exceeded> {
    let (mut rest, mut parts) = (factor.clone(), Vec::new());
    for divisor in divisors {
        let mut power = 0;
        while rest.term_count() > divisor.term_count()
            && let Some(quotient) = rest.exact_div(divisor, budget)?
        {
            rest = quotient;
            power += 1;
        }
        if power > 0 {
            parts.push((divisor.clone(), power));
        }
    }
    if !rest.is_one() {
        parts.push((rest, 1));
    }
    Ok(parts)
}

fn is_quotient_of_calls(store: &Store, factors: &[Expr]) -> bool {
    let holds_call = |e: Expr| match &store[e] {
        Node::Call(..) => true,
        Node::Product(list) => list.iter().any(|f| matches!(store[*f], Node::Call(..))),
        _ => false,
    };
    let divided = factors.iter().any(|f| store.base_and_power(*f).1 < 0);
    divided
        && factors.iter().any(|f| match &store[*f] {
            Node::Sum(terms) => {
                terms.iter().any(|(_, t)| holds_call(*t)) && terms.iter().any(|(_, t)| !holds_call(*t))
            }
            _ => false,
        })
}

/// The cheapest of equivalent expressions; ties by structural order.
pub fn nicest(store: &Store, candidates: &[Expr]) -> Expr {
    let (first, others) = candidates.split_first().expect("there is at least one candidate");
    if others.iter().all(|e| e == first) {
        return *first;
    }
    let costs = costs(store, candidates);
    *candidates
        .iter()
        .min_by(|a, b| costs[a].cmp(&costs[b]).then_with(|| store.compare(**a, **b)))
        .unwrap_or(first)
}

/// How much a reader has to read: nodes, with calls counted twice and large coefficients by their digits.
pub fn cost(store: &Store, e: Expr) -> u64 {
    costs(store, &[e])[&e]
}

/// The costs of several expressions and of all that stands in them.
fn costs(store: &Store, list: &[Expr]) -> FxHashMap<Expr, u64> {
    let nodes = store.post_order(list);
    let mut costs = FxHashMap::with_capacity_and_hasher(nodes.len(), FxBuildHasher);
    for node in nodes {
        let children: u64 =
            store[node].children().map(|c| costs.get(&c).copied().unwrap_or(1)).fold(0, u64::saturating_add);
        let own = match &store[node] {
            Node::Number(q) => q.bits() / 8 + 1,
            Node::Sum(terms) => {
                let digits: u64 = terms
                    .iter()
                    .map(|(c, _)| {
                        let fraction = u64::from(terms.len() > 1 && !c.is_integer());
                        c.bits() / 8 + u64::from(!c.abs().is_one()) + fraction
                    })
                    .sum();
                match (terms.len(), terms.iter().all(|(c, _)| c.is_negative())) {
                    (1, negative) => u64::from(negative) + digits,
                    (n, negative) => 2 + n as u64 + digits + 3 * u64::from(negative),
                }
            }
            // A quotient of a sum of logarithms reads better as a sum of quotients.
            Node::Product(list) => list.len() as u64 + if is_quotient_of_calls(store, list) { 6 } else { 0 },
            Node::Power(base, exponent) if store.as_number(*exponent) == Some(&Rational::MINUS_ONE) => {
                // A quotient; what hides in its denominator undivided is harder to read.
                if matches!(store[*base], Node::Sum(_)) { 2 } else { 0 }
            }
            Node::Power(base, _) if matches!(store[*base], Node::Power(..)) => 4,
            Node::Power(..) => 2,
            Node::Call(..) => 2,
            _ => 1,
        };
        costs.insert(node, children.saturating_add(own));
    }
    costs
}

impl Normalizer {
    /// Content and factors of a normal form, those that are cheap to find, those of its denominator with negative powers.
    ///
    /// # Errors
    /// When a limit is met.
    pub fn factors_of(&mut self, store: &mut Store, form: &Fraction) -> Normal<(Rational, Vec<(Expr, i64)>)> {
        let (content, factors) = self.factored(form)?;
        let factors = self.split_by_bounds(store, factors)?;
        Ok((content, factors.into_iter().map(|(f, n)| (self.polynomial_expr(store, &f), n)).collect()))
    }

    /// The normal form, expanded: a sum over one denominator, each term split where it can be.
    ///
    /// # Errors
    /// When there is no normal form within the budget.
    pub fn expand(&mut self, store: &mut Store, e: Expr) -> Normal<Expr> {
        let form = self.normal(store, e)?;
        self.split_expr(store, &form)
    }
}
