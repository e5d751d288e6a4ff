//! The special functions that are called: which of them are printed, in names that the language allows.

use super::Definition;
use crate::emit::target::Target;
use crate::emit::{Error, Options};
use crate::function::helper::{self, Helper};
use crate::program::{Condition, Operator, Statement, Term};

/// The helpers that these calls need, callees first.
pub(super) fn definitions(
    called: &[String],
    target: &dyn Target,
    options: &Options,
) -> Result<Vec<Definition>, Error> {
    let knows = |name: &str| target.call(name, options).is_some();
    if let Some(function) = called.iter().find(|name| !knows(name) && helper::helper(name).is_none()) {
        return Err(Error::NoHelper { function: function.clone() });
    }
    let needed = helper::needs(called.iter().map(String::as_str), &knows);
    Ok(needed.into_iter().map(|helper| definition(helper, target)).collect())
}

/// A helper with names that the language allows.
fn definition(helper: &'static Helper, target: &dyn Target) -> Definition {
    let mut body = helper.body().clone();
    let allowed = |name: &str| {
        let constant = target.constant(name).is_some();
        if target.words().is_taken(name) && !constant { format!("{name}_") } else { name.to_owned() }
    };
    rename_statements(&mut body.statements, &allowed);
    body.results.iter_mut().for_each(|r| rename(r, &allowed));
    let parameters = helper.parameters.iter().map(|name| allowed(name)).collect();
    Definition { helper, parameters, body }
}

fn rename_statements(statements: &mut [Statement], allowed: &dyn Fn(&str) -> String) {
    for statement in statements {
        match statement {
            Statement::Comment(_) => {}
            Statement::Set(name, value) => {
                *name = allowed(name);
                rename(value, allowed);
            }
            Statement::SetMany(names, value) => {
                names.iter_mut().for_each(|name| *name = allowed(name));
                rename(value, allowed);
            }
            Statement::If(condition, then, otherwise) => {
                rename_condition(condition, allowed);
                rename_statements(then, allowed);
                rename_statements(otherwise, allowed);
            }
            Statement::While(condition, body) => {
                rename_condition(condition, allowed);
                rename_statements(body, allowed);
            }
        }
    }
}

fn rename_condition(condition: &mut Condition, allowed: &dyn Fn(&str) -> String) {
    match condition {
        Condition::Compare(_, a, b) => {
            rename(a, allowed);
            rename(b, allowed);
        }
        Condition::And(a, b) | Condition::Or(a, b) => {
            rename_condition(a, allowed);
            rename_condition(b, allowed);
        }
        Condition::Not(a) => rename_condition(a, allowed),
    }
}

fn rename(term: &mut Term, allowed: &dyn Fn(&str) -> String) {
    match term {
        Term::Number(_) => {}
        Term::Name(name) => *name = allowed(name),
        Term::Negative(a) => rename(a, allowed),
        Term::Binary(_, a, b) => {
            rename(a, allowed);
            rename(b, allowed);
            lift_sign(term);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(|a| rename(a, allowed)),
    }
}

/// a·(−c) = −(a·c) and a + (−b) = a − b, to the last bit.
fn lift_sign(term: &mut Term) {
    let Term::Binary(operator, a, b) = term else { return };
    let Term::Negative(c) = &**b else { return };
    match operator {
        Operator::Multiply if **c == Term::Number("1".to_owned()) => *term = Term::Negative(a.clone()),
        Operator::Multiply | Operator::Divide => {
            *term = Term::Negative(Box::new(Term::Binary(*operator, a.clone(), c.clone())));
        }
        Operator::Add => *term = Term::Binary(Operator::Subtract, a.clone(), c.clone()),
        Operator::Subtract => *term = Term::Binary(Operator::Add, a.clone(), c.clone()),
    }
}

/// Adds the names of what is called.
pub(super) fn calls_of(statements: &[Statement], results: &[Term], found: &mut Vec<String>) {
    let mut see = |term: &Term| see_call(term, found);
    statements.iter().for_each(|s| s.visit(&mut see));
    results.iter().for_each(|r| r.visit(&mut see));
}

pub(super) fn see_call(term: &Term, found: &mut Vec<String>) {
    if let Term::Call(name, _) = term
        && !found.contains(name)
    {
        found.push(name.clone());
    }
}
