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

use std::collections::{BTreeMap, BTreeSet};

use crate::emit::flow;
use crate::emit::names::Scope;
use crate::program::{Body, Condition, ELEMENTARY, Statement, Term};

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

type Names = BTreeSet<String>;

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

/// Operations on whole arrays that cost no more than to find the places of a branch, to gather them and to put them back.
const CHEAP: usize = 20;

/// Which branch is computed at all places, after which the other one overwrites its own: a short one without loops and helpers,
/// when both set all that is needed later, and the short one nothing that the condition or the other one reads.
fn everywhere(condition: &Condition, branches: [&Vec<Statement>; 2], set: &Names) -> Option<bool> {
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

/// Whether a step sets something without reading this name.
fn is_apart(step: &Step, name: &str) -> bool {
    match step {
        Step::Comment(_) => true,
        Step::Set { value, .. } => !read_by_terms([value]).contains(name),
        Step::Fill { value, .. } => value.as_ref().is_none_or(|v| !read_by_terms([v]).contains(name)),
        _ => false,
    }
}

/// The names that terms read.
fn read_by_terms<'t>(terms: impl IntoIterator<Item = &'t Term>) -> Names {
    let mut names = Names::new();
    terms.into_iter().for_each(|term| flow::term_reads(term, &mut names));
    names
}

/// The names that a condition reads.
fn read_by_condition(condition: &Condition) -> Names {
    let mut names = Names::new();
    flow::condition_reads(condition, &mut names);
    names
}

/// The names that statements read.
fn read_by<'s>(statements: impl IntoIterator<Item = &'s Statement>) -> Names {
    let mut names = Names::new();
    statements.into_iter().for_each(|statement| flow::reads(statement, &mut names));
    names
}

/// The names that statements set.
fn set_by<'s>(statements: impl IntoIterator<Item = &'s Statement>) -> Names {
    let mut names = Names::new();
    statements.into_iter().for_each(|statement| flow::sets(statement, &mut names));
    names
}

/// The names whose values from before statements read or may leave, and those that they certainly set.
fn live(statements: &[Statement]) -> (Names, Names) {
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
fn uniform(parameters: &[String], body: &Body) -> Names {
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::emit::Options;
    use crate::emit::names::PYTHON;
    use crate::emit::print::Printer;
    use crate::program::read;

    #[track_caller]
    fn check_lines(text: &str, expected: &str) {
        let body = read(text, &["x"]).expect("a body");
        let mut scope = Scope::new(&PYTHON);
        body.names_used().into_iter().chain(body.names_set()).for_each(|name| scope.reserve(name));
        let (steps, _) = arrays(&["x".into()], &body, scope);
        let options = Options::default();
        let mut printer = Printer::new(&super::super::Python, &options, "");
        super::super::function::write(&mut printer, &steps);
        assert_eq!(printer.finish().trim_end(), expected.trim());
    }

    #[test]
    fn what_was_given_is_copied_before_it_is_overwritten_or_returned() {
        check_lines("if x < 0 {\n x = 0\n}\nreturn 2*x", "x = x.copy()\nx[x < 0.0] = 0.0");
        check_lines("x = 2*x\nif x < 0 {\n x = 0\n}\nreturn x", "x = 2.0 * x\nx[x < 0.0] = 0.0");
        check_lines("return x", "x = x.copy()");
        check_lines(
            "k = 1\nif k > 0 {\n if x < 0 {\n  x = 0\n }\n}\nreturn x",
            "
k = 1.0
if k > 0.0:
    x = x.copy()
    x[x < 0.0] = 0.0
else:
    x = x.copy()",
        );
    }

    #[test]
    fn a_loop_turns_where_its_condition_holds() {
        check_lines(
            "s = 0\nwhile x < 10 {\n s = s - 1/x\n x = x + 1\n}\nreturn s + x",
            "
s = np.zeros_like(x)
x = x.copy()
here = np.flatnonzero(x < 10.0)
while here.size:
    s_ = s[here]
    x_ = x[here]
    s_ = s_ - 1.0 / x_
    x_ = x_ + 1.0
    s[here] = s_
    x[here] = x_
    here = here[x_ < 10.0]",
        );
    }

    #[test]
    fn a_branch_works_where_its_condition_holds() {
        check_lines(
            "if x > 1 {\n y = f(x)\n r = y*y\n} else {\n r = f(x)\n}\nif not (x > 0) {\n r = nan\n}\nreturn r",
            "
r = np.empty_like(x)
chosen = x > 1.0
here = np.flatnonzero(chosen)
if here.size:
    x_ = x[here]
    y_ = _f(x_)
    r[here] = y_ * y_
here = np.flatnonzero(~chosen)
if here.size:
    x_ = x[here]
    r[here] = _f(x_)
r[~(x > 0.0)] = np.nan",
        );
    }

    #[test]
    fn a_short_branch_works_everywhere_and_the_other_one_overwrites_it() {
        check_lines(
            "q = 1/x\nif q > 2 {\n s = f(x)\n r = s + q\n} else {\n t = q - 1\n r = log(t)\n}\nreturn r",
            "
q = 1.0 / x
t = q - 1.0
r = np.log(t)
here = np.flatnonzero(q > 2.0)
if here.size:
    q_ = q[here]
    x_ = x[here]
    s_ = _f(x_)
    r[here] = s_ + q_",
        );
        check_lines(
            "if x < 1111111111 and x + 11111111 > 22222222 and x*3333333 > 44444444 {\n r = f(x)\n} else {\n r = x\n}\nreturn r",
            "
r = x.copy()
here = np.flatnonzero(
    (x < 1111111111.0) & (x + 11111111.0 > 22222222.0) & (x * 3333333.0 > 44444444.0)
)
if here.size:
    x_ = x[here]
    r[here] = _f(x_)",
        );
        // The condition reads what the short branch would set.
        check_lines(
            "r = x\nif r > 2 {\n r = x/2\n} else {\n r = f(x)\n}\nreturn r",
            "
r = x.copy()
chosen = r > 2.0
here = np.flatnonzero(chosen)
if here.size:
    x_ = x[here]
    r[here] = x_ / 2.0
here = np.flatnonzero(~chosen)
if here.size:
    x_ = x[here]
    r[here] = _f(x_)",
        );
    }

    #[test]
    fn what_is_the_same_everywhere_stays_a_float() {
        check_lines(
            "s = 0\nk = 1\nwhile k < 5 {\n s = s + x/k\n k = k + 1\n}\nif k > 4 {\n s = s + 1\n}\nreturn s",
            "
s = np.zeros_like(x)
k = 1.0
while k < 5.0:
    s = s + x / k
    k = k + 1.0
if k > 4.0:
    s = s + 1.0",
        );
    }

    #[test]
    fn a_loop_in_a_branch_works_on_places_of_places() {
        check_lines(
            "r = x\nif x < 3 {\n k = 0\n while r < 9 {\n  r = r + x\n }\n}\nreturn r",
            "
r = x.copy()
here = np.flatnonzero(x < 3.0)
if here.size:
    r_ = r[here]
    x_ = x[here]
    k_ = 0.0
    here_ = np.flatnonzero(r_ < 9.0)
    while here_.size:
        r_2 = r_[here_]
        x_2 = x_[here_]
        r_2 = r_2 + x_2
        r_[here_] = r_2
        here_ = here_[r_2 < 9.0]
    r[here] = r_",
        );
    }
}
