//! Normal forms → the form a statistician would write.
//!
//! `(n + 2 n E + n E²)⁻¹…` becomes `n*exp(t)/(1 + exp(t))^2`: of a few equivalent forms (factored, expanded,
//! split over the terms of the numerator) the shortest wins, ties by structural order.

use super::{Fraction, Normal, Normalizer};
use crate::algebra::polynomial::Polynomial;
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

impl Normalizer {
    /// The nicest expression of a normal form.
    pub fn present(&mut self, store: &mut Store, form: &Fraction) -> Expr {
        let mut candidates = vec![self.expanded(store, form)];
        if let Ok(e) = self.factored_expr(store, form) {
            candidates.push(e);
        }
        if let Ok(e) = self.split_expr(store, form) {
            candidates.push(e);
        }
        if let Ok(e) = self.collected_expr(store, form) {
            candidates.push(e);
        }
        nicest(store, &candidates)
    }

    /// c·Π factors over Π factors.
    fn factored_expr(&mut self, store: &mut Store, form: &Fraction) -> Normal<Expr> {
        let (content, factors) = self.factored(form)?;
        let mut content = content;
        let mut monomial = Vec::new();
        let mut parts = Vec::new();
        for (factor, power) in factors {
            match factor.as_variable() {
                Some(v) => monomial.push((v, power)),
                None => {
                    let (expr, flipped) = self.readable_factor(store, &factor);
                    if flipped && power % 2 != 0 {
                        content = -content;
                    }
                    parts.push(store.powi(expr, power));
                }
            }
        }
        parts.push(self.monomial_expr(store, monomial.into_iter()));
        let product = store.product(parts);
        Ok(store.scale(&content, product))
    }

    /// A factor with the sign that reads best: positive on the domain, else with more positive terms.
    fn readable_factor(&mut self, store: &mut Store, factor: &Polynomial) -> (Expr, bool) {
        let expr = self.polynomial_expr(store, factor);
        let negative = factor.terms().filter(|(_, c)| c.is_negative()).count();
        let flip = self.assumptions.is_negative(store, expr)
            || (!self.assumptions.is_positive(store, expr) && 2 * negative > factor.term_count());
        if flip { (store.neg(expr), true) } else { (expr, false) }
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

    /// The numerator collected in each non-symbol kernel, each coefficient over the denominator:
    /// `((α + β) ψ − ψ)/…` as `c₁·ψ(α) + c₂·ψ(β) + c₃`.
    fn collected_expr(&mut self, store: &mut Store, form: &Fraction) -> Normal<Expr> {
        let denominator = Fraction::from(form.denominator().clone());
        let mut groups: Vec<(Vec<(crate::algebra::polynomial::Var, u32)>, Vec<_>)> = Vec::new();
        for (monomial, c) in form.numerator().terms().collect::<Vec<_>>() {
            let (symbols, others): (Vec<_>, Vec<_>) =
                monomial.iter().copied().partition(|(v, _)| self.is_symbol_kernel(store, *v));
            match groups.iter_mut().find(|(key, _)| *key == others) {
                Some((_, list)) => list.push((symbols, c)),
                None => groups.push((others, vec![(symbols, c)])),
            }
        }
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

    fn is_symbol_kernel(&self, store: &Store, variable: crate::algebra::polynomial::Var) -> bool {
        match self.kernels()[variable.0 as usize] {
            super::Kernel::Atom(e) | super::Kernel::Root(e, _) => matches!(store[e], Node::Symbol(_)),
            super::Kernel::Exponential(..) => false,
        }
    }
}

/// The cheapest of equivalent expressions; ties by structural order.
pub fn nicest(store: &Store, candidates: &[Expr]) -> Expr {
    *candidates
        .iter()
        .min_by(|a, b| cost(store, **a).cmp(&cost(store, **b)).then_with(|| store.compare(**a, **b)))
        .expect("there is at least one candidate")
}

/// How much a reader has to read: nodes, with calls counted twice and large coefficients by their digits.
pub fn cost(store: &Store, e: Expr) -> u64 {
    let mut costs: rustc_hash::FxHashMap<Expr, u64> = rustc_hash::FxHashMap::default();
    for node in store.post_order(&[e]) {
        let children: u64 = store[node].children().map(|c| costs.get(&c).copied().unwrap_or(1)).fold(0, u64::saturating_add);
        let own = match &store[node] {
            Node::Number(q) => q.bits() / 8 + 1,
            Node::Sum(terms) => {
                let digits: u64 = terms.iter().map(|(c, _)| c.bits() / 8 + u64::from(!c.abs().is_one())).sum();
                let negative = terms.iter().all(|(c, _)| c.is_negative());
                2 + terms.len() as u64 + digits + if negative { 2 } else { 0 }
            }
            Node::Product(list) => list.len() as u64,
            Node::Power(_, exponent) if store.as_number(*exponent) == Some(&Rational::MINUS_ONE) => 0,
            Node::Power(..) => 2,
            Node::Call(..) => 2,
            _ => 1,
        };
        costs.insert(node, children.saturating_add(own));
    }
    costs[&e]
}

impl Normalizer {
    /// The normal form, expanded: a sum over one denominator, each term split where it can be.
    ///
    /// # Errors
    /// When there is no normal form within the budget.
    pub fn expand(&mut self, store: &mut Store, e: Expr) -> Normal<Expr> {
        let form = self.normal(store, e)?;
        self.split_expr(store, &form)
    }
}
