//! Linear and quadratic parts of an objective in its variable.
//!
//! `L(θ) + ∇L'd + ½ λ d'Fd` has the linear part ∇L and the quadratic term (½λ, F) in d; where d stands anywhere else there is none.

use crate::expr::{Dimension, Expr, Node, Store};
use crate::number::Rational;

use super::engine::Engine;
use super::view::{reversed, terms};

/// The matrices X of terms c·v'Xv in a variable v, with their scalar factors; `None` when v stands elsewhere as well.
pub fn quadratic_terms(engine: &mut Engine, e: Expr, variable: Expr) -> Option<Vec<(Expr, Expr)>> {
    let store = &mut *engine.ring.store;
    let row = store.transpose(variable);
    let mut list = Vec::new();
    for term in terms(store, e) {
        let mut forms = Vec::new();
        let mut others = term.clone();
        others.scalars.clear();
        for (base, power) in &term.scalars {
            if !store.mentions(*base, &[variable]) {
                others.scalars.push((*base, power.clone()));
                continue;
            }
            if *base == variable && (power.is_one() || *power == Rational::from(2)) {
                // A scalar variable: v² is v·1·v.
                let factors =
                    if power.is_one() { vec![variable, Store::ONE] } else { vec![variable, variable] };
                forms.push(factors);
                continue;
            }
            let Node::Chain(factors) = store[*base].clone() else { return None };
            if !power.is_one() {
                return None;
            }
            forms.push(factors.to_vec());
        }
        let scalar = others.build(store);
        let [factors] = forms.as_slice() else {
            if forms.is_empty() {
                continue;
            }
            return None;
        };
        let ends = |e: &Expr| *e == variable || *e == row;
        let (first, last) = (ends(&factors[0]), ends(&factors[factors.len() - 1]));
        if factors[usize::from(first)..factors.len() - usize::from(last)]
            .iter()
            .any(|e| store.mentions(*e, &[variable]))
        {
            return None;
        }
        if first && last {
            let inner = &factors[1..factors.len() - 1];
            let matrix = if inner.is_empty() {
                store.identity(store.shape(variable).rows)
            } else {
                store.chain(inner.iter().copied())
            };
            list.push((scalar, matrix));
        }
    }
    Some(list)
}

/// c of the linear terms c'v.
pub fn linear_part(engine: &mut Engine, e: Expr, variable: Expr) -> Option<Expr> {
    let store = &mut *engine.ring.store;
    let row = store.transpose(variable);
    let mut columns = Vec::new();
    for term in terms(store, e) {
        let mut others = term.clone();
        others.scalars.clear();
        let mut found = None;
        for (base, power) in &term.scalars {
            if !store.mentions(*base, &[variable]) {
                others.scalars.push((*base, power.clone()));
                continue;
            }
            if *base == variable && store.shape(variable).is_scalar() {
                if power.is_one() {
                    found = Some(vec![Store::ONE]);
                }
                continue;
            }
            let Node::Chain(factors) = store[*base].clone() else { return None };
            if !power.is_one() || found.is_some() {
                return None;
            }
            if factors[0] == row && factors[factors.len() - 1] == variable {
                continue;
            }
            found = Some(if factors[0] == row {
                factors[1..].to_vec()
            } else if factors[factors.len() - 1] == variable {
                reversed(store, &factors[..factors.len() - 1])
            } else {
                return None;
            });
        }
        let Some(column) = found else { continue };
        if column.iter().any(|e| store.mentions(*e, &[variable])) {
            return None;
        }
        let scalar = others.build(store);
        columns.push(store.chain([scalar].into_iter().chain(column)));
    }
    if columns.is_empty() || columns.iter().any(|c| store.shape(*c).columns != Dimension::Fixed(1)) {
        return None;
    }
    let sum = store.sum(columns);
    engine.normal(sum)
}
