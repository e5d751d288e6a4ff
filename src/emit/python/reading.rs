//! Statements → what is known of their names before they become work on arrays: what they read and set, which values from before
//! live on, what is the same float at all places, and whether a branch is cheap enough to be computed at all of them.

use std::collections::BTreeSet;

use crate::emit::flow;
use crate::program::{Body, Condition, ELEMENTARY, Statement, Term};

/// Names, each once, in their order.
pub(super) type Names = BTreeSet<String>;

/// The names that terms read.
pub(super) fn read_by_terms<'t>(terms: impl IntoIterator<Item = &'t Term>) -> Names {
    let mut names = Names::new();
    terms.into_iter().for_each(|term| flow::term_reads(term, &mut names));
    names
}

/// The names that a condition reads.
pub(super) fn read_by_condition(condition: &Condition) -> Names {
    let mut names = Names::new();
    flow::condition_reads(condition, &mut names);
    names
}

/// The names that statements read.
pub(super) fn read_by<'s>(statements: impl IntoIterator<Item = &'s Statement>) -> Names {
    let mut names = Names::new();
    statements.into_iter().for_each(|statement| flow::reads(statement, &mut names));
    names
}

/// The names that statements set.
pub(super) fn set_by<'s>(statements: impl IntoIterator<Item = &'s Statement>) -> Names {
    let mut names = Names::new();
    statements.into_iter().for_each(|statement| flow::sets(statement, &mut names));
    names
}

/// The names whose values from before statements read or may leave, and those that they certainly set.
pub(super) fn live(statements: &[Statement]) -> (Names, Names) {
    let (mut read, mut certain) = (Names::new(), Names::new());
    for statement in statements {
        let mut note = |names: Names| read.extend(names.difference(&certain).cloned());
        match statement {
            Statement::Comment(_) => {}
            Statement::Set(..) | Statement::SetMany(..) => {
                note(read_by([statement]));
                certain.extend(set_by([statement]));
            }
            Statement::If(condition, first, second) => {
                note(read_by_condition(condition));
                let ((a, in_a), (b, in_b)) = (live(first), live(second));
                let both: Names = &in_a & &in_b;
                note(&a | &b);
                note(set_by([statement]).difference(&both).cloned().collect());
                certain.extend(both);
            }
            Statement::While(condition, body) => {
                note(read_by_condition(condition));
                note(&live(body).0 | &set_by(body));
            }
        }
    }
    (read, certain)
}

/// The names that hold one float at all places: made of literals and of each other, and not changed where some condition
/// differs from place to place.
pub(super) fn uniform(parameters: &[String], body: &Body) -> Names {
    let mut names = set_by(&body.statements);
    parameters.iter().for_each(|name| {
        names.remove(name);
    });
    loop {
        let before = names.len();
        sift(&body.statements, &body.statements, body, &mut names);
        if names.len() == before {
            return names;
        }
    }
}

/// Drops names that statements give a value that differs; `apart` is the innermost piece that not all places run.
fn sift(statements: &[Statement], apart: &[Statement], body: &Body, names: &mut Names) {
    let constants = ["nan", "infinity", "pi"];
    for statement in statements {
        let same = |read: Names, names: &Names| {
            read.iter().all(|name| names.contains(name) || constants.contains(&name.as_str()))
        };
        match statement {
            Statement::Comment(_) => {}
            Statement::Set(name, value) => {
                let local = std::ptr::eq(apart, body.statements.as_slice())
                    || mentions(apart, &[], name) == mentions(&body.statements, &body.results, name);
                if !(local && same(read_by_terms([value]), names)) {
                    names.remove(name);
                }
            }
            Statement::SetMany(several, _) => several.iter().for_each(|name| {
                names.remove(name);
            }),
            Statement::If(condition, first, second) => {
                let together = same(read_by_condition(condition), names);
                sift(first, if together { apart } else { first }, body, names);
                sift(second, if together { apart } else { second }, body, names);
            }
            Statement::While(condition, inner) => {
                let together = same(read_by_condition(condition), names);
                sift(inner, if together { apart } else { inner }, body, names);
            }
        }
    }
}

/// How often a name is read or set.
fn mentions(statements: &[Statement], results: &[Term], name: &str) -> usize {
    let mut count = 0;
    let mut see = |term: &Term| count += usize::from(matches!(term, Term::Name(other) if other == name));
    statements.iter().for_each(|s| s.visit(&mut see));
    results.iter().for_each(|r| r.visit(&mut see));
    statements.iter().for_each(|s| s.visit_set(&mut |other| count += usize::from(other == name)));
    count
}

/// Operations on whole arrays that cost no more than to find the places of a branch, to gather them and to put them back.
const CHEAP: usize = 20;

/// Which branch is computed at all places, after which the other one overwrites its own: a short one without loops and helpers,
/// when both set all that is needed later, and the short one nothing that the condition or the other one reads.
pub(super) fn everywhere(condition: &Condition, branches: [&Vec<Statement>; 2], set: &Names) -> Option<bool> {
    let costs = branches.map(|branch| cost(branch));
    let yes = costs[0].unwrap_or(usize::MAX) <= costs[1].unwrap_or(usize::MAX);
    let [cheap, other] = if yes { branches } else { [branches[1], branches[0]] };
    let certain = |branch: &[Statement]| set.is_subset(&live(branch).1);
    let read = &read_by_condition(condition) | &live(other).0;
    let is_cheap = cost(cheap).is_some_and(|cost| cost <= CHEAP);
    let apart = set_by(cheap).is_disjoint(&read);
    (is_cheap && !set.is_empty() && certain(cheap) && certain(other) && apart).then_some(yes)
}

/// Operations of statements on whole arrays; `None` with a loop or a helper.
fn cost(statements: &[Statement]) -> Option<usize> {
    statements.iter().try_fold(0, |total, statement| {
        let own = match statement {
            Statement::Comment(_) => 0,
            Statement::Set(_, value) => operations(value)?,
            Statement::If(condition, first, second) => {
                let mut asked = 0;
                condition.visit(&mut |_| asked += 1);
                asked + cost(first)? + cost(second)?
            }
            Statement::SetMany(..) | Statement::While(..) => return None,
        };
        Some(total + own)
    })
}

/// Operations of a term on whole arrays; an elementary function costs as much as a few.
fn operations(term: &Term) -> Option<usize> {
    Some(match term {
        Term::Number(_) | Term::Name(_) => 0,
        Term::Negative(a) => 1 + operations(a)?,
        Term::Binary(_, a, b) => 1 + operations(a)? + operations(b)?,
        Term::Call(name, arguments) => {
            let known = ELEMENTARY.iter().any(|(elementary, _)| elementary == name);
            arguments
                .iter()
                .try_fold(if known { 3 } else { return None }, |total, a| Some(total + operations(a)?))?
        }
    })
}
