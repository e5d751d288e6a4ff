//! `⟹` and `⟺`: what stands before them is supposed, and what follows is judged under it.
//!
//! In `Su = d ⟺ 2Su = 2d` the second equation is concluded from the first, and the first from the second. In
//! `u'Fu = 0 ⟹ u = 0` the form is claimed to be 0 only where u is.

use super::chain::{Found, Related, Running};
use super::fence::FenceChecker;
use super::quotes::Said;
use crate::claim::{Assumption, Claim};
use crate::expr::{Expr, Images, Node, Store};
use crate::meaning;
use crate::syntax::{Chain, Directive, ItemKind, Relation};

impl FenceChecker<'_> {
    /// What stands before `⟺` follows from what stands behind it.
    pub(super) fn returning(&mut self, chain: &mut Running, said: &[Said], found: &mut Vec<Found>) {
        let equations = chain.equation();
        for related in std::mem::take(&mut chain.returns) {
            let mut directives: Vec<Directive> = said.iter().map(|said| said.directive.clone()).collect();
            let given = equations.filter(|_| related.is_equation());
            let (mut left, mut right) = (related.left.clone(), related.right.clone());
            let mut rest = given;
            if let Some(images) = given.and_then(|given| self.value_of_a_symbol(given)) {
                left.substitute(&mut self.store, &images);
                right.substitute(&mut self.store, &images);
                rest = None;
            } else if given.is_none() {
                directives.extend(suppose(&chain.clause));
            }
            let step = self.step(&left, related.relation, &right, related.span, rest, &directives);
            match found.iter_mut().find(|f| f.span == related.span && f.verdict.is_none()) {
                Some(place) => {
                    let lints = std::mem::take(&mut place.lints);
                    *place = step;
                    place.lint(lints, &[], true);
                }
                None => found.push(step),
            }
        }
    }

    /// `u = 0`: of everything that is said of u only its value matters, unless more is assumed of it. A value that may be
    /// undefined somewhere is none: there the equation does not hold.
    pub(super) fn value_of_a_symbol(&mut self, (left, right): (Expr, Expr)) -> Option<Images> {
        let assumptions = &self.vocabulary.context().assumptions;
        let is_free = |e: Expr| self.store.as_symbol(e).is_some() && !speak_of(&self.store, assumptions, e);
        let pairs = [(left, right), (right, left)];
        let is_plain = |e: Expr| {
            let store = &self.store;
            store.as_symbol(e).is_some() || store.as_number(e).is_some() || matches!(store[e], Node::Zero(_))
        };
        let found = pairs.into_iter().find(|(u, value)| is_free(*u) && is_plain(*value) && u != value);
        found.and_then(|(u, value)| {
            let shape = self.store.shape(u);
            let value = if value == Store::ZERO { self.store.zero(shape) } else { value };
            (shape == self.store.shape(value)).then(|| Images::from_iter([(u, value)]))
        })
    }

    /// A relation that is supposed: it is read, and its shapes are checked.
    pub(super) fn supposed(&mut self, related: &Related, directives: &[Directive]) -> Found {
        let FenceChecker { store, vocabulary, .. } = self;
        let Related { left, relation, right, span, .. } = related;
        match meaning::step(store, vocabulary, left, *relation, right, directives, *span) {
            Ok(step) => Found::said(ItemKind::Statement, *span, step.lints),
            Err(diagnostic) => Found::unread(*span, vec![diagnostic]),
        }
    }
}

/// `⟹` or `⟺`
pub(super) fn is_logical(relation: Relation) -> bool {
    matches!(relation, Relation::Implies | Relation::Equivalent)
}

/// What is supposed, as a condition of a step.
pub(super) fn suppose(premise: &[Related]) -> Option<Directive> {
    let chains: Vec<Chain> = premise.iter().map(|related| related.said.clone()).collect();
    (!chains.is_empty()).then_some(Directive::Where(chains))
}

/// Does an assumption speak of the symbol?
fn speak_of(store: &Store, assumptions: &[Assumption], symbol: Expr) -> bool {
    assumptions.iter().any(|one| match one {
        Assumption::Equal(a, b) => store.mentions(*a, &[symbol]) || store.mentions(*b, &[symbol]),
        Assumption::Positive(e)
        | Assumption::NonNegative(e)
        | Assumption::NonZero(e)
        | Assumption::Integer(e)
        | Assumption::Property(e, _) => store.mentions(*e, &[symbol]),
    })
}

/// `u'Fu = 0 ⟹ u = 0`: the form is 0 only where u is.
pub(super) fn only_at_zero(store: &Store, (one, other): (Expr, Expr), claim: &Claim) -> Option<Claim> {
    let Claim::Equal { left, right } = *claim else { return None };
    let is_zero = |e: Expr| e == Store::ZERO || matches!(store[e], Node::Zero(_));
    let variable = match (is_zero(left), is_zero(right)) {
        (false, true) => left,
        (true, false) => right,
        _ => return None,
    };
    let form = match (is_zero(one), is_zero(other)) {
        (false, true) => one,
        (true, false) => other,
        _ => return None,
    };
    let is_vector = store.as_symbol(variable).is_some() && !store.shape(variable).is_scalar();
    let is_form = store.shape(form).is_scalar() && store.mentions(form, &[variable]);
    (is_vector && is_form).then_some(Claim::ZeroOnlyAtZero { form, variable })
}
