//! What a body speaks of: names, calls, sizes.

use super::{Body, Condition, Statement, Term};

impl Term {
    /// Shows every part to `see`, itself first.
    pub fn visit<'b>(&'b self, see: &mut impl FnMut(&'b Term)) {
        see(self);
        match self {
            Term::Number(_) | Term::Name(_) => {}
            Term::Negative(inner) => inner.visit(see),
            Term::Binary(_, left, right) => {
                left.visit(see);
                right.visit(see);
            }
            Term::Call(_, arguments) => arguments.iter().for_each(|argument| argument.visit(see)),
        }
    }

    /// The number of literals, names, operations and calls.
    pub fn size(&self) -> usize {
        let mut size = 0;
        self.visit(&mut |_| size += 1);
        size
    }
}

impl Condition {
    /// Shows every part of every compared term to `see`.
    pub fn visit<'b>(&'b self, see: &mut impl FnMut(&'b Term)) {
        match self {
            Condition::Compare(_, left, right) => {
                left.visit(see);
                right.visit(see);
            }
            Condition::And(left, right) | Condition::Or(left, right) => {
                left.visit(see);
                right.visit(see);
            }
            Condition::Not(inner) => inner.visit(see),
        }
    }
}

impl Statement {
    /// Shows every part of every term to `see`, in the order of the text.
    pub fn visit<'b>(&'b self, see: &mut impl FnMut(&'b Term)) {
        match self {
            Statement::Comment(_) => {}
            Statement::Set(_, term) | Statement::SetMany(_, term) => term.visit(see),
            Statement::If(condition, first, second) => {
                condition.visit(see);
                first.iter().chain(second).for_each(|statement| statement.visit(see));
            }
            Statement::While(condition, statements) => {
                condition.visit(see);
                statements.iter().for_each(|statement| statement.visit(see));
            }
        }
    }

    /// Shows every name that is set to `see`, in the order of the text.
    pub fn visit_set<'b>(&'b self, see: &mut impl FnMut(&'b str)) {
        match self {
            Statement::Comment(_) => {}
            Statement::Set(name, _) => see(name),
            Statement::SetMany(names, _) => names.iter().for_each(|name| see(name)),
            Statement::If(_, first, second) => {
                first.iter().chain(second).for_each(|statement| statement.visit_set(see));
            }
            Statement::While(_, statements) => {
                statements.iter().for_each(|statement| statement.visit_set(see))
            }
        }
    }
}

impl Body {
    /// Shows every part of every term to `see`, in the order of the text.
    pub fn visit<'b>(&'b self, see: &mut impl FnMut(&'b Term)) {
        self.statements.iter().for_each(|statement| statement.visit(see));
        self.results.iter().for_each(|result| result.visit(see));
    }

    /// The names whose values are used, constants included, each once, as they come.
    pub fn names_used(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.visit(&mut |term| {
            if let Term::Name(name) = term {
                push_new(&mut names, name);
            }
        });
        names
    }

    /// The names that are set, each once, as they come.
    pub fn names_set(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.statements
            .iter()
            .for_each(|statement| statement.visit_set(&mut |name| push_new(&mut names, name)));
        names
    }

    /// The functions that are called, elementary ones included, each once, as they come.
    pub fn calls(&self) -> Vec<&str> {
        let mut names = Vec::new();
        self.visit(&mut |term| {
            if let Term::Call(name, _) = term {
                push_new(&mut names, name);
            }
        });
        names
    }
}

fn push_new<'b>(names: &mut Vec<&'b str>, name: &'b str) {
    if !names.contains(&name) {
        names.push(name);
    }
}
