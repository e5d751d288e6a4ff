//! Where the names of a body are declared, changed and needed: what a printer must know before it writes `let`.
//!
//! ```text
//! r = 0                 declare r, which changes
//! if x > 1 { r = x }    assign r
//! ```

use std::collections::BTreeSet;

use crate::program::{Condition, Statement, Term};

/// A statement that knows what it does to its names.
#[derive(Clone, Debug, PartialEq)]
pub enum Step {
    /// A remark.
    Comment(String),
    /// A new name.
    Declare {
        /// The name.
        name: String,
        /// It is given other values later.
        mutable: bool,
        /// Its first value.
        value: Term,
    },
    /// A new value of a name.
    Assign(String, Term),
    /// New names for the results of one call, none of which changes; `_` for those that nobody needs.
    DeclareSeveral(Vec<String>, Term),
    /// One of two branches.
    If {
        /// What decides.
        condition: Condition,
        /// Names that both branches give their first value and that are needed later, and whether they change then.
        joined: Vec<(String, bool)>,
        /// Where the condition holds, and where it does not.
        branches: [Block; 2],
    },
    /// A loop.
    While(Condition, Vec<Step>),
}

/// A branch.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Block {
    /// What it does.
    pub steps: Vec<Step>,
    /// The values of the joined names, when branches have values; the last step is the value itself when it is a branch that
    /// joins the same names, and then there are none.
    pub values: Vec<Term>,
}

/// A body whose names are resolved.
#[derive(Clone, Debug, PartialEq)]
pub struct Flow {
    /// What it does.
    pub steps: Vec<Step>,
    /// What it returns; empty when the last step is a branch whose values are the results.
    pub results: Vec<Term>,
    /// The parameters that are given other values.
    pub changed: BTreeSet<String>,
}

/// The flow of statements and results under these parameters. With `valued`, branches have values.
pub fn flow(parameters: &[String], statements: &[Statement], results: &[Term], valued: bool) -> Flow {
    let mut reads = Names::new();
    results.iter().for_each(|r| term_reads(r, &mut reads));
    let mut changed = Names::new();
    statements.iter().for_each(|s| sets(s, &mut changed));
    let mut resolver = Resolver { declared: parameters.to_vec(), valued };
    let steps = resolver.block(statements, &reads);
    let mut block = Block { steps, values: results.to_vec() };
    fold_tail(&mut block);
    if valued {
        absorb_branch(&mut block);
    }
    changed.retain(|name| parameters.contains(name));
    Flow { steps: block.steps, results: block.values, changed }
}

/// The flow of a body that runs for each observation: the steps before, then the flow of one turn.
pub fn flow_in_loop(
    parameters: &[String],
    statements: &[Statement],
    still: usize,
    results: &[Term],
    valued: bool,
) -> (Vec<Step>, Flow) {
    let mut reads = Names::new();
    results.iter().for_each(|r| term_reads(r, &mut reads));
    let mut resolver = Resolver { declared: parameters.to_vec(), valued };
    let mut before = resolver.block(statements, &reads);
    let mut block = Block { steps: before.split_off(still), values: results.to_vec() };
    fold_tail(&mut block);
    (before, Flow { steps: block.steps, results: block.values, changed: Names::new() })
}

type Names = BTreeSet<String>;

struct Resolver {
    declared: Vec<String>,
    valued: bool,
}

impl Resolver {
    fn block(&mut self, statements: &[Statement], needed: &Names) -> Vec<Step> {
        let mut steps = Vec::with_capacity(statements.len());
        for (at, statement) in statements.iter().enumerate() {
            let later = &statements[at + 1..];
            let changes = |name: &str| later.iter().any(|s| is_set(s, name));
            let wanted = || {
                let mut wanted = needed.clone();
                later.iter().for_each(|s| reads(s, &mut wanted));
                wanted
            };
            steps.push(match statement {
                Statement::SetMany(names, value) => {
                    steps.extend(self.several(names, value, later, needed));
                    continue;
                }
                Statement::Comment(text) => Step::Comment(text.clone()),
                Statement::Set(name, value) if self.declared.contains(name) => {
                    Step::Assign(name.clone(), value.clone())
                }
                Statement::Set(name, value) => {
                    self.declared.push(name.clone());
                    Step::Declare { name: name.clone(), mutable: changes(name), value: value.clone() }
                }
                Statement::If(condition, then, otherwise) => {
                    let wanted = wanted();
                    let joined = self.joined(then, otherwise, &wanted);
                    let joined: Vec<(String, bool)> =
                        joined.into_iter().map(|n| (n.clone(), changes(&n))).collect();
                    let branches = [then, otherwise].map(|branch| self.branch(branch, &joined, &wanted));
                    self.declared.extend(joined.iter().map(|(n, _)| n.clone()));
                    Step::If { condition: condition.clone(), joined, branches }
                }
                Statement::While(condition, body) => {
                    let mut wanted = wanted();
                    // What a turn leaves is read by the next one.
                    reads(statement, &mut wanted);
                    let known = self.declared.len();
                    let body = self.block(body, &wanted);
                    self.declared.truncate(known);
                    Step::While(condition.clone(), body)
                }
            });
        }
        steps
    }

    /// New names for several results; one that is known already, or changes, is set from a name that is new.
    fn several(&mut self, names: &[String], value: &Term, later: &[Statement], needed: &Names) -> Vec<Step> {
        let mut given = Vec::new();
        let mut steps = Vec::new();
        for name in names {
            let changes = later.iter().any(|s| is_set(s, name));
            if is_dead(name, later, needed) {
                given.push("_".to_owned());
            } else if !changes && !self.declared.contains(name) {
                self.declared.push(name.clone());
                given.push(name.clone());
            } else {
                let new = format!("given_{name}");
                let (name, value) = (name.clone(), Term::Name(new.clone()));
                given.push(new);
                steps.push(if self.declared.contains(&name) {
                    Step::Assign(name, value)
                } else {
                    self.declared.push(name.clone());
                    Step::Declare { name, mutable: changes, value }
                });
            }
        }
        steps.insert(0, Step::DeclareSeveral(given, value.clone()));
        steps
    }

    /// The names that both branches declare and somebody needs afterwards.
    fn joined(&self, then: &[Statement], otherwise: &[Statement], wanted: &Names) -> Vec<String> {
        let mut found = Names::new();
        then.iter().for_each(|s| sets(s, &mut found));
        found.retain(|n| otherwise.iter().any(|s| is_set(s, n)) && wanted.contains(n));
        found.retain(|n| !self.declared.contains(n));
        found.into_iter().collect()
    }

    fn branch(&mut self, statements: &[Statement], joined: &[(String, bool)], wanted: &Names) -> Block {
        let known = self.declared.len();
        let names: Vec<String> = joined.iter().map(|(n, _)| n.clone()).collect();
        if !self.valued {
            self.declared.extend(names);
            let steps = self.block(statements, wanted);
            self.declared.truncate(known);
            return Block { steps, values: Vec::new() };
        }
        let steps = self.block(statements, wanted);
        self.declared.truncate(known);
        let mut block = Block { steps, values: names.iter().cloned().map(Term::Name).collect() };
        fold_tail(&mut block);
        absorb_branch(&mut block);
        block
    }
}

/// Puts last declarations into the values that are nothing but their names.
fn fold_tail(block: &mut Block) {
    while let Some(Step::Declare { name, mutable: false, value }) = block.steps.last() {
        let mut count = 0;
        block.values.iter().for_each(|v| count += occurrences(v, name));
        let at = block.values.iter().position(|v| *v == Term::Name(name.clone()));
        let Some(at) = at.filter(|_| count == 1) else { return };
        block.values[at] = value.clone();
        block.steps.pop();
    }
}

/// Lets a last branch that joins exactly the values be the value.
fn absorb_branch(block: &mut Block) {
    let Some(Step::If { joined, .. }) = block.steps.last() else { return };
    let same = joined.len() == block.values.len()
        && joined.iter().zip(&block.values).all(|((n, changes), v)| !changes && *v == Term::Name(n.clone()));
    if same && !joined.is_empty() {
        block.values.clear();
    }
}

/// How often a term names this.
pub fn occurrences(term: &Term, name: &str) -> usize {
    match term {
        Term::Number(_) => 0,
        Term::Name(n) => usize::from(n == name),
        Term::Negative(a) => occurrences(a, name),
        Term::Binary(_, a, b) => occurrences(a, name) + occurrences(b, name),
        Term::Call(_, arguments) => arguments.iter().map(|a| occurrences(a, name)).sum(),
    }
}

/// The names a term reads.
pub fn term_reads(term: &Term, found: &mut BTreeSet<String>) {
    match term {
        Term::Number(_) => {}
        Term::Name(n) => {
            if !found.contains(n) {
                found.insert(n.clone());
            }
        }
        Term::Negative(a) => term_reads(a, found),
        Term::Binary(_, a, b) => {
            term_reads(a, found);
            term_reads(b, found);
        }
        Term::Call(_, arguments) => arguments.iter().for_each(|a| term_reads(a, found)),
    }
}

/// The names a condition reads.
pub fn condition_reads(condition: &Condition, found: &mut BTreeSet<String>) {
    match condition {
        Condition::Compare(_, a, b) => {
            term_reads(a, found);
            term_reads(b, found);
        }
        Condition::And(a, b) | Condition::Or(a, b) => {
            condition_reads(a, found);
            condition_reads(b, found);
        }
        Condition::Not(a) => condition_reads(a, found),
    }
}

/// The names a statement reads.
pub fn reads(statement: &Statement, found: &mut BTreeSet<String>) {
    match statement {
        Statement::Comment(_) => {}
        Statement::Set(_, value) | Statement::SetMany(_, value) => term_reads(value, found),
        Statement::If(condition, then, otherwise) => {
            condition_reads(condition, found);
            then.iter().chain(otherwise).for_each(|s| reads(s, found));
        }
        Statement::While(condition, body) => {
            condition_reads(condition, found);
            body.iter().for_each(|s| reads(s, found));
        }
    }
}

/// The names a statement sets.
pub fn sets(statement: &Statement, found: &mut BTreeSet<String>) {
    match statement {
        Statement::Comment(_) => {}
        Statement::Set(name, _) => {
            found.insert(name.clone());
        }
        Statement::SetMany(names, _) => found.extend(names.iter().cloned()),
        Statement::If(_, then, otherwise) => then.iter().chain(otherwise).for_each(|s| sets(s, found)),
        Statement::While(_, body) => body.iter().for_each(|s| sets(s, found)),
    }
}

/// Is the value of the name overwritten, or the end reached, before anybody reads it?
fn is_dead(name: &str, later: &[Statement], needed: &Names) -> bool {
    for statement in later {
        let mut read = Names::new();
        reads(statement, &mut read);
        if read.contains(name) {
            return false;
        }
        match statement {
            Statement::Set(n, _) if n == name => return true,
            Statement::SetMany(names, _) if names.iter().any(|n| n == name) => return true,
            _ => {}
        }
    }
    !needed.contains(name)
}

fn is_set(statement: &Statement, name: &str) -> bool {
    let any = |list: &[Statement]| list.iter().any(|s| is_set(s, name));
    match statement {
        Statement::Comment(_) => false,
        Statement::Set(n, _) => n == name,
        Statement::SetMany(names, _) => names.iter().any(|n| n == name),
        Statement::If(_, then, otherwise) => any(then) || any(otherwise),
        Statement::While(_, body) => any(body),
    }
}
