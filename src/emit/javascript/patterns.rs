//! Bodies whose calls with several results declare constants: `const [p, t] = digamma_trigamma(x);`.

use std::collections::BTreeSet;

use crate::emit::flow::{reads, sets};
use crate::emit::names::{JAVASCRIPT, Scope};
use crate::program::{Body, Statement, Term};

/// The body with names of their own for the results of calls that have several, where these have a value before or get
/// another one.
pub(super) fn unshared(body: &Body) -> Body {
    let mut scope = Scope::new(&JAVASCRIPT);
    body.names_used().into_iter().chain(body.names_set()).for_each(|name| scope.reserve(name));
    Body {
        statements: unshared_statements(&body.statements, body, &mut scope),
        results: body.results.clone(),
    }
}

fn unshared_statements(statements: &[Statement], body: &Body, scope: &mut Scope) -> Vec<Statement> {
    let mut done = Vec::with_capacity(statements.len());
    for (at, statement) in statements.iter().enumerate() {
        match statement {
            Statement::SetMany(names, call) => {
                let mut copies = Vec::new();
                let mut own = |name: &String| {
                    if times_set(&body.statements, name) == 1 {
                        return name.clone();
                    }
                    let own = scope.identifier(name);
                    if !is_overwritten(&statements[at + 1..], name) {
                        copies.push(Statement::Set(name.clone(), Term::Name(own.clone())));
                    }
                    own
                };
                done.push(Statement::SetMany(names.iter().map(&mut own).collect(), call.clone()));
                done.extend(copies);
            }
            Statement::If(condition, first, second) => {
                let [first, second] = [first, second].map(|s| unshared_statements(s, body, scope));
                done.push(Statement::If(condition.clone(), first, second));
            }
            Statement::While(condition, inner) => {
                done.push(Statement::While(condition.clone(), unshared_statements(inner, body, scope)));
            }
            Statement::Comment(_) | Statement::Set(..) => done.push(statement.clone()),
        }
    }
    done
}

/// Whether the name gets another value before its own is read.
fn is_overwritten(later: &[Statement], name: &str) -> bool {
    for statement in later {
        let (mut read, mut set) = (BTreeSet::new(), BTreeSet::new());
        reads(statement, &mut read);
        sets(statement, &mut set);
        if read.contains(name) || set.contains(name) {
            return !read.contains(name) && matches!(statement, Statement::Set(..) | Statement::SetMany(..));
        }
    }
    false
}

fn times_set(statements: &[Statement], name: &str) -> usize {
    let mut count = 0;
    statements.iter().for_each(|s| s.visit_set(&mut |set| count += usize::from(set == name)));
    count
}
