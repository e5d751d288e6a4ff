//! `<`, `<=`, `>`, `>=` and `!=`: the sign of the difference.
//!
//! `exp(x) >= 1 + x`: the row of exp bounds exp(x) from below by 1 + x, and what is left is 0 ≥ 0.
//! `x^2 + y^2 >= 2*x*y`: the difference is a sum of squares.

use super::knowledge::Knowledge;
use super::prove::cited;
use super::sign::Signs;
use crate::expr::{Expr, Images, Node, Store, formula_in, row_scope};
use crate::function::FunctionId;
use crate::number::Rational;
use crate::syntax::Relation;

/// Bounds of functions are put in at most so often inside each other.
const DEPTH: u32 = 3;

/// The rules by which the relation holds wherever both sides are defined, or what was tried.
pub(super) fn holds(
    store: &mut Store,
    known: &mut Knowledge,
    left: Expr,
    relation: Relation,
    right: Expr,
) -> (Option<Vec<String>>, Vec<String>) {
    let (wanted, difference) = match relation {
        Relation::Less => (Signs::POSITIVE, store.sub(right, left)),
        Relation::LessOrEqual => (Signs::NONNEGATIVE, store.sub(right, left)),
        Relation::Greater => (Signs::POSITIVE, store.sub(left, right)),
        Relation::GreaterOrEqual => (Signs::NONNEGATIVE, store.sub(left, right)),
        _ => (Signs::NONZERO, store.sub(left, right)),
    };
    match proves(store, known, difference, wanted, DEPTH) {
        Some(mut rules) => {
            rules.extend(cited(&mut known.normalizer).into_iter().filter(|r| r != "exact-arithmetic"));
            rules.sort();
            rules.dedup();
            (Some(rules), Vec::new())
        }
        None => (None, vec!["the sign of the difference is not decided".to_owned()]),
    }
}

/// The rules by which the signs of an expression are among those wanted.
pub(super) fn proves(
    store: &mut Store,
    known: &mut Knowledge,
    difference: Expr,
    wanted: Signs,
    depth: u32,
) -> Option<Vec<String>> {
    if known.signs(store, difference).within(wanted) {
        return Some(vec!["sign".to_owned()]);
    }
    if depth == 0 {
        return None;
    }
    let goals = if wanted == Signs::NONZERO { vec![Signs::POSITIVE, Signs::NEGATIVE] } else { vec![wanted] };
    for goal in goals {
        let (difference, goal) = if goal == Signs::NEGATIVE {
            (store.neg(difference), Signs::POSITIVE)
        } else {
            (difference, goal)
        };
        for (smaller, strict) in bounded_below(store, known, difference) {
            let left_over = if strict { Signs::NONNEGATIVE } else { goal };
            if let Some(mut rules) = proves(store, known, smaller, left_over, depth - 1) {
                rules.push("function-bound".to_owned());
                return Some(rules);
            }
        }
    }
    None
}

/// Expressions below e (strictly, if marked): a term c·f(a) with c > 0 is replaced by a lower bound of f in its row, one
/// with c < 0 by an upper bound.
fn bounded_below(store: &mut Store, known: &mut Knowledge, e: Expr) -> Vec<(Expr, bool)> {
    let terms = match &store[e] {
        Node::Sum(terms) => terms.to_vec(),
        Node::Number(_) => return Vec::new(),
        _ => vec![(Rational::ONE, e)],
    };
    let mut found = Vec::new();
    for (place, (c, term)) in terms.iter().enumerate() {
        let Node::Call(function, arguments) = store[*term].clone() else { continue };
        for (relation, bound) in bounds(store, known, function, &arguments) {
            let below = matches!(relation, Relation::Greater | Relation::GreaterOrEqual);
            let above = matches!(relation, Relation::Less | Relation::LessOrEqual);
            if (c.is_positive() && below) || (c.is_negative() && above) {
                let mut replaced = terms.clone();
                replaced[place] = (c.clone(), bound);
                let strict = matches!(relation, Relation::Greater | Relation::Less);
                found.push((store.linear(replaced), strict));
            }
        }
    }
    found
}

/// The bounds of f(a) in its row whose conditions follow from what is known.
fn bounds(
    store: &mut Store,
    known: &mut Knowledge,
    function: FunctionId,
    arguments: &[Expr],
) -> Vec<(Relation, Expr)> {
    let mut found = Vec::new();
    for text in function.row().facts {
        let (statement, conditions) = text.split_once(" if ").unwrap_or((text, ""));
        let Some((relation, left, right)) = split(statement) else { continue };
        let (mut scope, names) = row_scope(store, function);
        let images: Images = names.iter().copied().zip(arguments.iter().copied()).collect();
        let call = store.call(function, names.clone());
        if formula_in(store, &mut scope, left) != call {
            continue;
        }
        let holds = conditions.split(',').filter(|c| !c.trim().is_empty()).all(|condition| {
            let kind = super::domain::condition(store, &mut scope, condition.trim());
            let kind = kind.map(&mut |e| store.substitute(e, &images));
            let atom = super::domain::Atom { kind, necessary: true, under: Vec::new() };
            known.implies(store, &atom)
        });
        if holds {
            let bound = formula_in(store, &mut scope, right);
            found.push((relation, store.substitute(bound, &images)));
        }
    }
    found
}

fn split(statement: &str) -> Option<(Relation, &str, &str)> {
    let relations = [
        (" >= ", Relation::GreaterOrEqual),
        (" <= ", Relation::LessOrEqual),
        (" > ", Relation::Greater),
        (" < ", Relation::Less),
    ];
    relations.into_iter().find_map(|(symbol, relation)| {
        statement.split_once(symbol).map(|(left, right)| (relation, left, right))
    })
}
