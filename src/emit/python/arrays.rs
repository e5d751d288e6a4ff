//! Bodies of floats → steps of whole arrays: a branch works on the places where its condition holds, a loop on those
//! where it still does.
//!
//! ```text
//! while x < 10 {              here = np.flatnonzero(x < 10.0)
//!   s = s - 1/x               while here.size:
//!   x = x + 1                     s_, x_ = s[here], x[here]
//! }                               s_ = s_ - 1.0 / x_; x_ = x_ + 1.0
//!                                 s[here], x[here] = s_, x_
//!                                 here = here[x_ < 10.0]
//! ```
//!
//! What was given is read only: a parameter that some places change is copied before.
//!
//! Names that hold the same float at every place (a constant, a counter) stay floats, and what they alone decide stays an
//! ordinary branch or loop. Which of two names a step means is settled here; the printer only writes.

use std::collections::BTreeMap;

use super::reading::{Names, everywhere, live, read_by, read_by_condition, read_by_terms, set_by, uniform};
use crate::emit::names::Scope;
use crate::program::{Body, Condition, Statement, Term};

/// What a function of flat arrays does.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// A remark.
    Comment(String),
    /// A name for a value; of an array that has a name already, a copy.
    Set { name: String, value: Term, copied: bool },
    /// Names for the results of one call.
    SetMany { names: Vec<String>, value: Term },
    /// An array like another one, filled with a float, or with what is overwritten.
    Fill { name: String, like: String, value: Option<Term> },
    /// A float at the places where a condition holds.
    Overwrite { name: String, condition: Condition, value: Term },
    /// A name for a condition.
    Decide { name: String, condition: Condition },
    /// An ordinary branch.
    If { condition: Condition, branches: [Vec<Step>; 2] },
    /// An ordinary loop.
    While { condition: Condition, body: Vec<Step> },
    /// Work on the places where a condition holds.
    Within { index: String, chosen: Chosen, region: Region },
    /// Work on the places where a condition holds, as long as it does: asked of outer names first, then of inner ones.
    Repeat { index: String, first: Condition, again: Condition, region: Region },
}

/// Where a region works.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Chosen {
    /// Where the condition holds.
    Where(Condition),
    /// Where the decision of this name was yes, or no.
    Decided { name: String, yes: bool },
}

/// Work on some places of arrays.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Region {
    /// Inner names for the chosen places of outer ones: inner, outer.
    pub(super) gathered: Vec<(String, String)>,
    /// What is done with them.
    pub(super) steps: Vec<Step>,
    /// What is put back: outer, value.
    pub(super) scattered: Vec<(String, Term)>,
}

/// The steps of a body of flat arrays with these parameters, and its results: all arrays of its own, though parameters are not.
///
/// The scope knows all names of the body.
pub(super) fn arrays(parameters: &[String], body: &Body, scope: Scope) -> (Vec<Step>, Vec<Term>) {
    let needed = read_by_terms(&body.results);
    let mut builder = Builder { uniform: uniform(parameters, body), scope, inner: BTreeMap::new() };
    let bound = |name: &String| (name.clone(), Binding { printed: name.clone(), kind: Kind::Given });
    let mut place = Place { depth: 0, names: parameters.iter().map(bound).collect() };
    let mut steps = builder.block(&body.statements, &needed, &mut place);
    let mut results = Vec::with_capacity(body.results.len());
    for result in &body.results {
        let value = place.term(result);
        // Without parameters there is no shape to take, and one float is the answer for all.
        match parameters.first() {
            Some(like) if !place.reads_array(result) => {
                let name = builder.scope.identifier("constant");
                steps.push(Step::Fill { name: name.clone(), like: like.clone(), value: Some(value) });
                results.push(Term::Name(name));
            }
            _ => {
                let is_given = |name: &String| place.names.get(name).is_some_and(|b| b.kind == Kind::Given);
                if let Term::Name(name) = result
                    && is_given(name)
                {
                    builder.own(&Names::from([name.clone()]), name, &mut place, &mut steps);
                }
                results.push(value);
            }
        }
    }
    (steps, results)
}

struct Builder {
    /// Names that hold one float at all places.
    uniform: Names,
    scope: Scope,
    /// The printed names by name and depth; those of indices by the empty name.
    inner: BTreeMap<(String, usize), String>,
}

/// What names mean at one depth.
#[derive(Clone)]
struct Place {
    depth: usize,
    names: BTreeMap<String, Binding>,
}

#[derive(Clone)]
struct Binding {
    printed: String,
    kind: Kind,
}

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// An array that others see.
    Given,
    /// An array that nobody else sees.
    Array,
    /// One float for all places.
    Float,
}

impl Place {
    fn is_array(&self, name: &str) -> bool {
        self.names.get(name).is_some_and(|binding| binding.kind != Kind::Float)
    }

    fn bind(&mut self, name: &str, printed: &str, kind: Kind) {
        self.names.insert(name.into(), Binding { printed: printed.into(), kind });
    }

    fn term(&self, term: &Term) -> Term {
        let inner = |a: &Term| Box::new(self.term(a));
        match term {
            Term::Number(_) => term.clone(),
            Term::Name(name) => {
                Term::Name(self.names.get(name).map_or_else(|| name.clone(), |b| b.printed.clone()))
            }
            Term::Negative(a) => Term::Negative(inner(a)),
            Term::Binary(operator, a, b) => Term::Binary(*operator, inner(a), inner(b)),
            Term::Call(name, arguments) => {
                Term::Call(name.clone(), arguments.iter().map(|a| self.term(a)).collect())
            }
        }
    }

    fn condition(&self, condition: &Condition) -> Condition {
        let inner = |a: &Condition| Box::new(self.condition(a));
        match condition {
            Condition::Compare(relation, a, b) => Condition::Compare(*relation, self.term(a), self.term(b)),
            Condition::And(a, b) => Condition::And(inner(a), inner(b)),
            Condition::Or(a, b) => Condition::Or(inner(a), inner(b)),
            Condition::Not(a) => Condition::Not(inner(a)),
        }
    }

    fn reads_array(&self, term: &Term) -> bool {
        read_by_terms([term]).iter().any(|name| self.is_array(name))
    }

    /// An array of this depth.
    fn some_array(&self, among: &Names) -> Option<String> {
        among.iter().find(|name| self.is_array(name)).map(|name| self.names[name].printed.clone())
    }
}

impl Builder {
    fn block(&mut self, statements: &[Statement], needed: &Names, place: &mut Place) -> Vec<Step> {
        let mut steps = Vec::with_capacity(statements.len());
        for (at, statement) in statements.iter().enumerate() {
            let later = || read_by(&statements[at + 1..]);
            match statement {
                Statement::Comment(text) => steps.push(Step::Comment(text.clone())),
                Statement::Set(name, value) => steps.push(self.set(name, value, place)),
                Statement::SetMany(names, value) => {
                    let wanted = &later() | needed;
                    let value = place.term(value);
                    let names = names.iter().map(|n| self.result(n, &wanted, place)).collect();
                    steps.push(Step::SetMany { names, value });
                }
                Statement::If(condition, first, second) => {
                    self.branch(condition, [first, second], &(&later() | needed), place, &mut steps);
                }
                Statement::While(condition, body) => {
                    let turn = read_by([statement]);
                    self.repeat(condition, body, &(&(&later() | needed) | &turn), place, &mut steps);
                }
            }
        }
        steps
    }

    fn set(&mut self, name: &str, value: &Term, place: &mut Place) -> Step {
        let array = place.reads_array(value);
        let copied = array && matches!(value, Term::Name(_));
        let value = place.term(value);
        let printed = self.named(name, place.depth);
        place.bind(name, &printed, if array { Kind::Array } else { Kind::Float });
        Step::Set { name: printed, value, copied }
    }

    /// The name of one result of a call; `_` when nobody reads it.
    fn result(&mut self, name: &str, wanted: &Names, place: &mut Place) -> String {
        if !wanted.contains(name) {
            return "_".into();
        }
        let printed = self.named(name, place.depth);
        place.bind(name, &printed, Kind::Array);
        printed
    }

    fn named(&mut self, name: &str, depth: usize) -> String {
        if depth == 0 && !name.is_empty() {
            return name.into();
        }
        let scope = &mut self.scope;
        let wish = if name.is_empty() { "here" } else { name };
        self.inner.entry((name.into(), depth)).or_insert_with(|| scope.identifier(wish)).clone()
    }

    fn branch(
        &mut self,
        condition: &Condition,
        branches: [&Vec<Statement>; 2],
        wanted: &Names,
        place: &mut Place,
        steps: &mut Vec<Step>,
    ) {
        let asked = place.condition(condition);
        let Some(like) = place.some_array(&read_by_condition(condition)) else {
            let branches = self.ordinary_branches(branches, wanted, place);
            return steps.push(Step::If { condition: asked, branches });
        };
        let set: Names = set_by(branches.into_iter().flatten()).intersection(wanted).cloned().collect();
        if let Some(yes) = everywhere(condition, branches, &set) {
            let [cheap, other] = if yes { branches } else { [branches[1], branches[0]] };
            steps.extend(self.block(cheap, &set, place));
            self.own(&set, &like, place, steps);
            let rest = if yes { Condition::Not(Box::new(asked)) } else { asked };
            let index = self.named("", place.depth);
            let (region, _) = self.region(other, &Names::new(), &set, place);
            return steps.push(Step::Within { index, chosen: Chosen::Where(rest), region });
        }
        self.own(&set, &like, place, steps);
        if let ([Statement::Set(name, value)], []) = (branches[0].as_slice(), branches[1].as_slice())
            && !place.reads_array(value)
        {
            let name = self.named(name, place.depth);
            return steps.push(Step::Overwrite { name, condition: asked, value: place.term(value) });
        }
        let decided = (!branches[1].is_empty()).then(|| self.scope.identifier("chosen"));
        if let Some(name) = &decided {
            steps.push(Step::Decide { name: name.clone(), condition: asked.clone() });
        }
        let index = self.named("", place.depth);
        for (branch, yes) in branches.into_iter().zip([true, false]) {
            if !set_by(branch).is_disjoint(&set) {
                let chosen = match &decided {
                    Some(name) => Chosen::Decided { name: name.clone(), yes },
                    None => Chosen::Where(asked.clone()),
                };
                let (region, _) = self.region(branch, &Names::new(), &set, place);
                steps.push(Step::Within { index: index.clone(), chosen, region });
            }
        }
    }

    /// The branches of a condition on floats; a name that is an array after one of them is so after both.
    fn ordinary_branches(
        &mut self,
        branches: [&Vec<Statement>; 2],
        wanted: &Names,
        place: &mut Place,
    ) -> [Vec<Step>; 2] {
        let mut done = branches.map(|branch| {
            let mut inside = place.clone();
            (self.block(branch, wanted, &mut inside), inside)
        });
        let is_own = |p: &Place, name: &str| p.names.get(name).is_some_and(|b| b.kind == Kind::Array);
        let all: Names = wanted.iter().filter(|n| done.iter().any(|(_, p)| is_own(p, n))).cloned().collect();
        for (steps, inside) in &mut done {
            if let Some(like) = inside.some_array(&inside.names.keys().cloned().collect()) {
                self.own(&all, &like, inside, steps);
            }
        }
        let [(first, inside), (second, other)] = done;
        place.names = other.names;
        place.names.extend(inside.names);
        [first, second]
    }

    fn repeat(
        &mut self,
        condition: &Condition,
        body: &[Statement],
        wanted: &Names,
        place: &mut Place,
        steps: &mut Vec<Step>,
    ) {
        let asked = read_by_condition(condition);
        let set: Names = set_by(body).into_iter().filter(|name| place.names.contains_key(name)).collect();
        let changing = set.difference(&self.uniform).cloned().collect();
        let known = place.names.keys().cloned().collect();
        if let Some(like) = place.some_array(&known) {
            self.own(&changing, &like, place, steps);
        }
        if asked.iter().all(|name| self.uniform.contains(name) || !place.is_array(name)) {
            let condition = place.condition(condition);
            let body = self.block(body, wanted, place);
            return steps.push(Step::While { condition, body });
        }
        let like = place.some_array(&known).expect("the condition reads an array");
        self.own(&set, &like, place, steps);
        let first = place.condition(condition);
        let index = self.named("", place.depth);
        let (region, inside) = self.region(body, &asked, &set, place);
        steps.push(Step::Repeat { index, first, again: inside.condition(condition), region });
    }

    /// The work of statements one level deeper; `asked` is read at its end, `kept` is put back.
    fn region(
        &mut self,
        statements: &[Statement],
        asked: &Names,
        kept: &Names,
        place: &Place,
    ) -> (Region, Place) {
        let (read, certain) = live(statements);
        let read = &read | &asked.difference(&certain).cloned().collect();
        let mut inside = Place { depth: place.depth + 1, names: place.names.clone() };
        inside.names.retain(|_, binding| binding.kind == Kind::Float);
        let mut gathered = Vec::new();
        for name in read.iter().filter(|name| place.is_array(name)) {
            let printed = self.named(name, inside.depth);
            gathered.push((printed.clone(), place.names[name].printed.clone()));
            inside.bind(name, &printed, Kind::Array);
        }
        let mut steps = self.block(statements, &(kept | asked), &mut inside);
        let mut scattered: Vec<(String, Term)> = Vec::new();
        for name in set_by(statements).intersection(kept) {
            let printed = inside.names[name].printed.clone();
            // What was set last is put back at once, unless what is put back before it reads it.
            let read = read_by_terms(scattered.iter().map(|(_, value)| value));
            let free = !asked.contains(name) && !read.contains(&printed);
            let value =
                match steps.pop_if(|s| free && matches!(s, Step::Set { name, .. } if *name == printed)) {
                    Some(Step::Set { value, .. }) => value,
                    _ => Term::Name(printed),
                };
            scattered.push((place.names[name].printed.clone(), value));
        }
        (Region { gathered, steps, scattered }, inside)
    }

    /// Makes sure that the names are arrays of this depth, into which may be written.
    fn own(&mut self, names: &Names, like: &str, place: &mut Place, steps: &mut Vec<Step>) {
        for name in names {
            let printed = self.named(name, place.depth);
            let known = place.names.get(name).cloned();
            match known.as_ref().map(|binding| (binding.printed == printed, binding.kind)) {
                Some((true, Kind::Array)) => continue,
                Some((true, Kind::Given)) => {
                    let value = Term::Name(printed.clone());
                    steps.push(Step::Set { name: printed.clone(), value, copied: true });
                    place.bind(name, &printed, Kind::Array);
                    continue;
                }
                _ => {}
            }
            let value = known.filter(|b| b.kind == Kind::Float).map(|b| Term::Name(b.printed));
            // The step that gave the name its float fills the array instead, when nothing read it meanwhile.
            let before = steps.iter().rposition(|s| matches!(s, Step::Set { name, .. } if *name == printed));
            let last = before.filter(|at| steps[at + 1..].iter().all(|s| is_apart(s, &printed)));
            match (last, value) {
                (Some(at), Some(_)) => {
                    let Step::Set { value, .. } = steps[at].clone() else { unreachable!("found as such") };
                    steps[at] = Step::Fill { name: printed.clone(), like: like.into(), value: Some(value) };
                }
                (_, value) => steps.push(Step::Fill { name: printed.clone(), like: like.into(), value }),
            }
            place.bind(name, &printed, Kind::Array);
        }
    }
}

/// Whether a step sets something without reading this name.
fn is_apart(step: &Step, name: &str) -> bool {
    match step {
        Step::Comment(_) => true,
        Step::Set { value, .. } => !read_by_terms([value]).contains(name),
        Step::Fill { value, .. } => value.as_ref().is_none_or(|v| !read_by_terms([v]).contains(name)),
        _ => false,
    }
}

#[cfg(test)]
mod tests;
