//! Bodies to lines of a target: the one walk over terms, conditions and steps that all languages share.
//!
//! Lines that a language's formatter would break are taken apart before: a part of the term gets a name of its own.

use std::borrow::Cow;
use std::collections::BTreeSet;

use super::Options;
use super::flow::{Block, Flow, Step};
use super::target::Target;
use crate::program::{Condition, Operator, Relation, Term};

/// Collects the lines of one file.
pub struct Printer<'a> {
    /// The language.
    pub target: &'a dyn Target,
    /// What was asked for.
    pub options: &'a Options,
    /// What the names of the file start with, in languages without modules.
    pub prefix: &'a str,
    /// How deep the next line is indented.
    pub level: usize,
    lines: Vec<String>,
    taken: BTreeSet<String>,
}

/// How tightly a printed term holds together.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Tightness {
    Sum,
    Product,
    Negative,
    Atom,
}

impl Tightness {
    fn of(term: &Term) -> Tightness {
        match term {
            Term::Number(_) | Term::Name(_) | Term::Call(..) => Tightness::Atom,
            Term::Binary(Operator::Add | Operator::Subtract, ..) => Tightness::Sum,
            Term::Binary(Operator::Multiply | Operator::Divide, ..) => Tightness::Product,
            Term::Negative(a) if matches!(**a, Term::Binary(Operator::Multiply | Operator::Divide, ..)) => {
                Tightness::Product
            }
            Term::Negative(_) => Tightness::Negative,
        }
    }
}

impl<'a> Printer<'a> {
    /// An empty file.
    pub fn new(target: &'a dyn Target, options: &'a Options, prefix: &'a str) -> Printer<'a> {
        Printer { target, options, prefix, level: 0, lines: Vec::new(), taken: BTreeSet::new() }
    }

    /// The text, each line ended.
    pub fn finish(self) -> String {
        let mut text = self.lines.join("\n");
        text.push('\n');
        text
    }

    /// Writes a line at the present indentation; an empty one stays empty.
    pub fn line(&mut self, text: &str) {
        let line = if text.is_empty() { String::new() } else { self.indented(text) };
        self.lines.push(line);
    }

    /// Writes lines at the present indentation.
    pub fn lines<S: AsRef<str>>(&mut self, lines: impl IntoIterator<Item = S>) {
        lines.into_iter().for_each(|l| self.line(l.as_ref()));
    }

    /// Writes deeper by one level.
    pub fn deeper(&mut self, write: impl FnOnce(&mut Printer<'a>)) {
        self.level += 1;
        write(self);
        self.level -= 1;
    }

    /// Would the formatter leave this text alone at the present indentation?
    pub fn fits(&self, text: &str) -> bool {
        self.target.fits(&self.indented(text))
    }

    fn indented(&self, text: &str) -> String {
        self.target.indentation().repeat(self.level) + text
    }

    /// Writes the steps of a function whose names are these beside its own.
    pub fn flow<'n>(&mut self, flow: &Flow, names: impl IntoIterator<Item = &'n String>) {
        self.taken = names.into_iter().cloned().collect();
        self.reserve(&flow.steps);
        self.steps(&flow.steps);
    }

    /// Keeps names of steps from being given to parts of terms.
    pub fn reserve(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Comment(_) => {}
                Step::Declare { name, .. } | Step::Assign(name, _) => {
                    self.taken.insert(name.clone());
                }
                Step::DeclareSeveral(names, _) => self.taken.extend(names.iter().cloned()),
                Step::If { joined, branches, .. } => {
                    self.taken.extend(joined.iter().map(|(n, _)| n.clone()));
                    branches.iter().for_each(|b| self.reserve(&b.steps));
                }
                Step::While(_, body) => self.reserve(body),
            }
        }
    }

    /// Writes steps.
    pub fn steps(&mut self, steps: &[Step]) {
        for step in steps {
            match step {
                Step::Comment(text) => {
                    let lines = self.target.comment(text);
                    self.lines(lines);
                }
                Step::Declare { name, mutable, value } => {
                    let value = self.split(value, &|text, p| p.target.declare(name, *mutable, text));
                    let text = self.term(&value);
                    self.line(&self.target.declare(name, *mutable, &text));
                }
                Step::Assign(name, value) => self.assign(name, value),
                Step::DeclareSeveral(names, call) => {
                    let lines = self.target.declare_several(self, names, call);
                    self.lines(lines);
                }
                Step::If { condition, joined, branches: [then, otherwise] } => {
                    self.target.branch(self, condition, joined, [then, otherwise]);
                }
                Step::While(condition, body) => self.target.repeat(self, condition, body),
            }
        }
    }

    /// Writes a new value of a name, as an update where it is one.
    pub fn assign(&mut self, name: &str, value: &Term) {
        if let Some((operator, other)) = update_of(name, value) {
            let other = self.split(other, &|text, p| p.target.update(name, operator, text));
            let text = self.term(&other);
            return self.line(&self.target.update(name, operator, &text));
        }
        let value = self.split(value, &|text, p| p.target.assign(name, text));
        let text = self.term(&value);
        self.line(&self.target.assign(name, &text));
    }

    /// The default `if`: joined names are declared before it.
    pub fn plain_branch(
        &mut self,
        condition: &Condition,
        joined: &[(String, bool)],
        [then, otherwise]: [&Block; 2],
    ) {
        for (name, _) in joined {
            let line = self.target.declare_only(name);
            if !line.is_empty() {
                self.line(&line);
            }
        }
        let text = self.condition(condition);
        self.line(&self.target.if_line(&text));
        self.deeper(|p| p.steps(&then.steps));
        self.otherwise(otherwise);
        if let Some(close) = self.target.close_line() {
            self.line(close);
        }
    }

    fn otherwise(&mut self, block: &Block) {
        match block.steps.as_slice() {
            [] => {}
            [Step::If { condition, joined, branches: [then, otherwise] }] if joined.is_empty() => {
                let text = self.condition(condition);
                self.line(&self.target.else_if_line(&text));
                self.deeper(|p| p.steps(&then.steps));
                self.otherwise(otherwise);
            }
            steps => {
                self.line(&self.target.else_line());
                self.deeper(|p| p.steps(steps));
            }
        }
    }

    /// The default loop.
    pub fn plain_loop(&mut self, condition: &Condition, body: &[Step]) {
        let text = self.condition(condition);
        self.line(&self.target.while_line(&text));
        self.deeper(|p| p.steps(body));
        if let Some(close) = self.target.close_line() {
            self.line(close);
        }
    }

    /// A term, as an argument or a whole right side.
    pub fn term(&self, term: &Term) -> String {
        self.at_least(term, Tightness::Sum)
    }

    /// A term that stands before a dot or after a sign: in brackets unless it is a name, a number or a call.
    pub fn atom(&self, term: &Term) -> String {
        self.at_least(term, Tightness::Atom)
    }

    fn at_least(&self, term: &Term, needed: Tightness) -> String {
        let mut text = String::new();
        self.write(&mut text, term, needed);
        text
    }

    fn write(&self, text: &mut String, term: &Term, needed: Tightness) {
        let own = Tightness::of(term);
        if own < needed {
            text.push('(');
        }
        match term {
            Term::Number(digits) => text.push_str(&self.target.number(digits)),
            Term::Name(name) => text.push_str(self.target.constant(name).unwrap_or(name)),
            Term::Negative(a) => {
                text.push('-');
                // −(a·b) = (−a)·b to the last bit.
                self.write(text, a, if own == Tightness::Product { own } else { Tightness::Atom });
            }
            Term::Binary(operator, a, b) => {
                let (left, right) = match operator {
                    Operator::Add | Operator::Subtract => (Tightness::Sum, Tightness::Product),
                    Operator::Multiply | Operator::Divide => {
                        let factor = if let Term::Negative(inner) = &**a { inner } else { a };
                        let mixed = matches!(&**factor, Term::Binary(inner, ..) if inner != operator);
                        match self.target.brackets_mixed_products() {
                            true if mixed => (Tightness::Negative, Tightness::Negative),
                            true => (Tightness::Product, Tightness::Negative),
                            false => (Tightness::Product, Tightness::Atom),
                        }
                    }
                };
                self.write(text, a, left);
                text.push(' ');
                text.push_str(operator.sign());
                text.push(' ');
                self.write(text, b, right);
            }
            Term::Call(name, arguments) if arguments.is_empty() => {
                text.push_str(self.target.constant(name).unwrap_or(name));
            }
            Term::Call(name, arguments) => text.push_str(&self.call(name, arguments)),
        }
        if own < needed {
            text.push(')');
        }
    }

    /// A call, as the language spells it.
    pub fn call(&self, name: &str, arguments: &[Term]) -> String {
        let Some(template) = self.target.call(name, self.options) else {
            let arguments: Vec<String> = arguments.iter().map(|a| self.term(a)).collect();
            return format!("{}({})", self.target.helper(name, self.prefix), arguments.join(", "));
        };
        let mut text = template.to_owned();
        for (position, argument) in arguments.iter().enumerate() {
            let mark = format!("{{{position}}}");
            let bare = ["(", ", "].iter().any(|before| template.contains(&format!("{before}{mark}")));
            let written = if bare { self.term(argument) } else { self.receiver(argument) };
            text = text.replace(&mark, &written);
        }
        text
    }

    /// A term before a dot.
    fn receiver(&self, term: &Term) -> String {
        match term {
            Term::Number(digits) => self.target.receiver(digits),
            _ => self.atom(term),
        }
    }

    /// A condition.
    pub fn condition(&self, condition: &Condition) -> String {
        if let Some(own) = self.target.condition(self, condition) {
            return own;
        }
        let [and, or, not] = self.target.connectives();
        match condition {
            Condition::Compare(relation, a, b) => self
                .target
                .comparison(self, *relation, a, b)
                .unwrap_or_else(|| self.comparison(*relation, a, b)),
            Condition::And(a, b) => {
                let part = |c: &Condition| self.bracketed(c, matches!(c, Condition::Or(..)));
                format!("{} {and} {}", part(a), part(b))
            }
            Condition::Or(a, b) => {
                let part = |c: &Condition| self.bracketed(c, matches!(c, Condition::And(..)));
                format!("{} {or} {}", part(a), part(b))
            }
            Condition::Not(a) => format!("{not}{}", self.bracketed(a, true)),
        }
    }

    fn bracketed(&self, condition: &Condition, brackets: bool) -> String {
        let text = self.condition(condition);
        if brackets { format!("({text})") } else { text }
    }

    /// A comparison in signs.
    pub fn comparison(&self, relation: Relation, left: &Term, right: &Term) -> String {
        let sign = match relation {
            Relation::Less => "<",
            Relation::LessOrEqual => "<=",
            Relation::Greater => ">",
            Relation::GreaterOrEqual => ">=",
            Relation::Equal => self.target.equality()[0],
            Relation::NotEqual => self.target.equality()[1],
        };
        format!("{} {sign} {}", self.term(left), self.term(right))
    }

    /// The term, with parts written to names of their own before it until the line made of it fits.
    pub fn split<'t>(
        &mut self,
        term: &'t Term,
        line: &dyn Fn(&str, &Printer<'a>) -> String,
    ) -> Cow<'t, Term> {
        let mut term = Cow::Borrowed(term);
        loop {
            let text = self.term(&term);
            if self.fits(&line(&text, self)) {
                return term;
            }
            let name = self.fresh();
            let long = |p: &Self| p.part_that_fits(&term, &name).or_else(|| longest_name(&term, &name));
            let Some(part) = long(self) else { return term };
            let text = self.term(&part);
            self.line(&self.target.declare(&name, false, &text));
            self.replace(term.to_mut(), &part, &name);
        }
    }

    /// Puts a fresh name in the place of every occurrence of the part.
    pub fn replace(&mut self, term: &mut Term, part: &Term, name: &str) {
        replace(term, part, name);
        self.taken.insert(name.to_owned());
    }

    /// The largest part whose declaration fits.
    fn part_that_fits(&self, term: &Term, name: &str) -> Option<Term> {
        let mut best: Option<(usize, &Term)> = None;
        let mut stack: Vec<&Term> = children(term);
        while let Some(part) = stack.pop() {
            if matches!(part, Term::Number(_) | Term::Name(_)) {
                continue;
            }
            let text = self.term(part);
            if self.fits(&self.target.declare(name, false, &text)) {
                if best.is_none_or(|(length, _)| text.len() > length) {
                    best = Some((text.len(), part));
                }
            } else {
                stack.extend(children(part));
            }
        }
        best.filter(|(length, _)| *length > name.len() + 2).map(|(_, part)| part.clone())
    }

    /// A name that nothing in this function has.
    pub fn fresh(&self) -> String {
        let free = |n: &String| !self.taken.contains(n);
        (1..).map(|k| format!("part{k}")).find(free).expect("there are more numbers than names")
    }
}

/// The longest name in a term, where another is shorter: all there is to shorten in a call of names alone.
fn longest_name(term: &Term, other: &str) -> Option<Term> {
    let mut stack = vec![term];
    let mut best: Option<&Term> = None;
    let length = |term: &Term| if let Term::Name(name) = term { name.len() } else { 0 };
    while let Some(part) = stack.pop() {
        if length(part) > best.map_or(other.len() + 2, length) {
            best = Some(part);
        }
        stack.extend(children(part));
    }
    best.cloned()
}

/// The operation with which the name is changed, `x + 1` or `2·x` of x: sums and products may be turned around.
fn update_of<'t>(name: &str, value: &'t Term) -> Option<(Operator, &'t Term)> {
    let Term::Binary(operator, left, right) = value else { return None };
    let is = |term: &Term| matches!(term, Term::Name(n) if n == name);
    let turns = matches!(operator, Operator::Add | Operator::Multiply);
    match (is(left), is(right) && turns) {
        (true, _) => Some((*operator, right)),
        (false, true) => Some((*operator, left)),
        _ => None,
    }
}

fn children(term: &Term) -> Vec<&Term> {
    match term {
        Term::Number(_) | Term::Name(_) => Vec::new(),
        Term::Negative(a) => vec![a],
        Term::Binary(_, a, b) => vec![a, b],
        Term::Call(_, arguments) => arguments.iter().collect(),
    }
}

/// Puts the name in the place of every occurrence of the part.
fn replace(term: &mut Term, part: &Term, name: &str) {
    if term == part {
        *term = Term::Name(name.to_owned());
        return;
    }
    match term {
        Term::Number(_) | Term::Name(_) => {}
        Term::Negative(a) => replace(a, part, name),
        Term::Binary(_, a, b) => {
            replace(a, part, name);
            replace(b, part, name);
        }
        Term::Call(_, arguments) => arguments.iter_mut().for_each(|a| replace(a, part, name)),
    }
}
