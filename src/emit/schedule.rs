//! Operations → statements: which values get names, which are written where they are used, and in what order.
//!
//! A value with two uses gets a name that says what it is, `log_beta`, `x_squared`, while that is short; `t1` otherwise.

use rustc_hash::FxHashMap;

use super::graph::{Graph, Node, Operation};
use super::lower::{self, Obstacle, Setting};
use super::names::Scope;
use crate::expr::Binder;
use crate::program::{Condition, Operator, Relation, Statement, Term};
use crate::tape::Tape;

/// Leaves of a term before it is given a name though it is used once.
const HEAVIEST_TERM: usize = 24;

/// Letters of a name that says what it is.
const LONGEST_NAME: usize = 24;

/// Turns of a loop, at most.
const LONGEST_LOOP: &str = "1000000";

/// A tape as statements.
#[derive(Clone, Debug, PartialEq)]
pub struct Lowered {
    /// In the order of execution.
    pub statements: Vec<Statement>,
    /// So many statements at the beginning do not depend on what varies.
    pub still: usize,
    /// The outputs.
    pub results: Vec<Term>,
}

/// What the statements of a tape are written with.
pub struct Writing<'a> {
    /// The names of the inputs.
    pub inputs: &'a [String],
    /// Which inputs vary.
    pub varying: Vec<bool>,
    /// Names that have a meaning already.
    pub scope: Scope,
    /// Does the language have this function itself?
    pub native: &'a dyn Fn(&str) -> bool,
    /// Write what does not vary before everything else.
    pub hoist: bool,
}

/// The statements of a tape.
pub fn lower(tape: &Tape, writing: &Writing<'_>) -> Result<Lowered, Obstacle> {
    let setting = Setting { native: writing.native, hoist: writing.hoist };
    let (graph, outputs) = lower::operations(tape, writing.varying.clone(), &setting)?;
    let mut schedule = Schedule {
        uses: vec![0; graph.nodes().count()],
        weights: vec![0; graph.nodes().count()],
        names: vec![None; graph.nodes().count()],
        terms: vec![None; graph.nodes().count()],
        scope: writing.scope.clone(),
        numbers: FxHashMap::default(),
        writing,
        graph,
    };
    writing.inputs.iter().for_each(|name| schedule.scope.reserve(name));
    schedule.count(&outputs);
    let (mut still, mut moving) = (Vec::new(), Vec::new());
    for node in schedule.graph.nodes() {
        if schedule.uses[node.index()] > 0 {
            let target = if writing.hoist && !schedule.graph.varies(node) { &mut still } else { &mut moving };
            schedule.write(node, target)?;
        }
    }
    let results = outputs.iter().map(|n| schedule.term(*n)).collect();
    let count = still.len();
    still.extend(moving);
    Ok(Lowered { statements: still, still: count, results })
}

struct Schedule<'a> {
    graph: Graph,
    uses: Vec<usize>,
    /// Leaves of the term of a node.
    weights: Vec<usize>,
    names: Vec<Option<String>>,
    terms: Vec<Option<Term>>,
    scope: Scope,
    /// The last numbers that were given to names.
    numbers: FxHashMap<String, usize>,
    writing: &'a Writing<'a>,
}

impl Schedule<'_> {
    /// Counts the uses of what the outputs need; a value that does not vary counts twice where a varying one reads it.
    fn count(&mut self, outputs: &[Node]) {
        for output in outputs {
            self.uses[output.index()] += 1;
        }
        for node in self.graph.nodes().rev() {
            if self.uses[node.index()] == 0 {
                continue;
            }
            let operation = self.graph.operation(node);
            let named = matches!(operation, Operation::Loop(..));
            let hoists = self.writing.hoist && self.graph.varies(node);
            for operand in operation.operands() {
                let needs_name = named || hoists && !self.graph.varies(operand);
                self.uses[operand.index()] += if needs_name { 2 } else { 1 };
            }
        }
    }

    /// Writes the statement of a node, or keeps its term for the one who uses it.
    fn write(&mut self, node: Node, statements: &mut Vec<Statement>) -> Result<(), Obstacle> {
        let operation = self.graph.operation(node).clone();
        match &operation {
            Operation::Kernel(helper, arguments) => {
                let names = self.kernel_names(helper.0.gives, node, arguments);
                let call =
                    Term::Call(helper.0.name.to_owned(), arguments.iter().map(|a| self.term(*a)).collect());
                statements.push(Statement::SetMany(names, call));
                return Ok(());
            }
            Operation::Loop(range, operands) => {
                let name = self.free_name(if range.binder == Binder::Sum { "sum" } else { "product" });
                self.write_loop(&name, range.binder, &range.body, operands, statements)?;
                self.name(node, name);
                return Ok(());
            }
            _ => {}
        }
        let term = self.spelled(&operation);
        let weight: usize = operation.operands().iter().map(|n| self.weights[n.index()]).sum();
        let trivial = operation.is_leaf()
            || matches!(operation, Operation::Part(..))
            || matches!(&operation, Operation::Negative(a) if self.is_plain(*a));
        if trivial || self.uses[node.index()] < 2 && weight < HEAVIEST_TERM {
            self.weights[node.index()] = weight.max(1);
            self.terms[node.index()] = Some(term);
            return Ok(());
        }
        let name = self.meaning(&operation);
        let name = self.free_name(&name);
        statements.push(Statement::Set(name.clone(), term));
        self.name(node, name);
        Ok(())
    }

    fn name(&mut self, node: Node, name: String) {
        self.terms[node.index()] = Some(Term::Name(name.clone()));
        self.names[node.index()] = Some(name);
        self.weights[node.index()] = 1;
    }

    /// The term of a node for one of its uses.
    fn term(&mut self, node: Node) -> Term {
        let term = &mut self.terms[node.index()];
        let term = if self.uses[node.index()] == 1 { term.take() } else { term.clone() };
        term.expect("operands come first")
    }

    fn spelled(&mut self, operation: &Operation) -> Term {
        match operation {
            Operation::Number(digits) => Term::Number(digits.clone()),
            Operation::Constant(name) => Term::Name((*name).to_owned()),
            Operation::Input(i) => Term::Name(self.writing.inputs[*i].clone()),
            Operation::Negative(a) => Term::Negative(Box::new(self.term(*a))),
            Operation::Binary(operator, a, b) => binary(*operator, self.term(*a), self.term(*b)),
            Operation::Call(name, arguments) => {
                Term::Call((*name).to_owned(), arguments.iter().map(|a| self.term(*a)).collect())
            }
            Operation::Part(kernel, position) => {
                let base = self.names[kernel.index()].clone().expect("a kernel is named");
                let names: Vec<&str> = base.split(' ').collect();
                Term::Name(names[*position].to_owned())
            }
            Operation::Kernel(..) | Operation::Loop(..) => unreachable!("these are statements"),
        }
    }

    /// The names of all that a kernel gives, kept in one string with blanks between them.
    fn kernel_names(&mut self, gives: &[&'static str], node: Node, arguments: &[Node]) -> Vec<String> {
        let mut names = Vec::new();
        for row in gives {
            let name = self.call_meaning(row, arguments);
            names.push(self.free_name(&name));
        }
        self.names[node.index()] = Some(names.join(" "));
        self.weights[node.index()] = 1;
        names
    }

    /// total = Σ over k of the body, unless the range is too long.
    fn write_loop(
        &mut self,
        name: &str,
        binder: Binder,
        body: &Tape,
        operands: &[Node],
        statements: &mut Vec<Statement>,
    ) -> Result<(), Obstacle> {
        let [from, to, captures @ ..] = operands else { unreachable!("a range has two ends") };
        let index = self.free_name("k");
        let mut inputs: Vec<String> = Vec::new();
        for capture in captures {
            match self.term(*capture) {
                Term::Name(n) => inputs.push(n),
                other => {
                    let held = self.free_name("held");
                    statements.push(Statement::Set(held.clone(), other));
                    inputs.push(held);
                }
            }
        }
        inputs.push(index.clone());
        let writing = Writing {
            inputs: &inputs,
            varying: Vec::new(),
            scope: self.scope.clone(),
            native: self.writing.native,
            hoist: false,
        };
        let lowered = lower(body, &writing)?;
        lowered.statements.iter().for_each(|s| s.visit_set(&mut |name| self.scope.reserve(name)));
        let (operator, unit) =
            if binder == Binder::Sum { (Operator::Add, "0") } else { (Operator::Multiply, "1") };
        let named = |n: &str| Term::Name(n.to_owned());
        let mut turn = lowered.statements;
        let value = lowered.results.into_iter().next().expect("a body has a value");
        turn.push(Statement::Set(name.to_owned(), binary(operator, named(name), value)));
        turn.push(Statement::Set(
            index.clone(),
            binary(Operator::Add, named(&index), Term::Number("1".to_owned())),
        ));
        let (from, to) = (self.term(*from), self.term(*to));
        let length = binary(Operator::Subtract, to.clone(), from.clone());
        let short = Condition::Compare(Relation::Less, length, Term::Number(LONGEST_LOOP.to_owned()));
        statements.push(Statement::Set(name.to_owned(), named("nan")));
        let run = vec![
            Statement::Set(name.to_owned(), Term::Number(unit.to_owned())),
            Statement::Set(index.clone(), from),
            Statement::While(Condition::Compare(Relation::LessOrEqual, named(&index), to), turn),
        ];
        statements.push(Statement::If(short, run, Vec::new()));
        Ok(())
    }

    /// A name that says what an operation computes, or `t`.
    fn meaning(&self, operation: &Operation) -> String {
        let input = |n: &Node| match self.graph.operation(*n) {
            // Two underlines in a row are no name in Rust.
            Operation::Input(i) => Some(self.writing.inputs[*i].trim_end_matches('_')),
            _ => None,
        };
        let one = |n: &Node| matches!(self.graph.operation(*n), Operation::Number(d) if d == "1");
        let said = match operation {
            Operation::Call(name, arguments) => return self.call_meaning(name, arguments),
            Operation::Binary(Operator::Multiply, a, b) if a == b => input(a).map(|x| format!("{x}_squared")),
            Operation::Binary(Operator::Divide, a, b) if one(a) => match self.graph.operation(*b) {
                Operation::Input(_) => input(b).map(|x| format!("inverse_{x}")),
                _ => self.names[b.index()].as_ref().map(|x| format!("inverse_{x}")),
            },
            Operation::Binary(Operator::Add, a, b) => {
                input(a).zip(input(b)).map(|(x, y)| format!("{x}_plus_{y}"))
            }
            Operation::Binary(Operator::Subtract, a, b) => {
                input(a).zip(input(b)).map(|(x, y)| format!("{x}_minus_{y}"))
            }
            _ => None,
        };
        said.filter(|name| name.len() <= LONGEST_NAME).unwrap_or_else(|| "t".to_owned())
    }

    fn call_meaning(&self, name: &str, arguments: &[Node]) -> String {
        let words = arguments.iter().map(|a| match self.graph.operation(*a) {
            Operation::Input(i) => Some(self.writing.inputs[*i].trim_end_matches('_').to_owned()),
            _ => None,
        });
        let words: Option<Vec<String>> = words.collect();
        let said = words.map(|words| format!("{name}_{}", words.join("_")));
        said.filter(|n| n.len() <= LONGEST_NAME).unwrap_or_else(|| "t".to_owned())
    }

    /// Is it written as a name, a number or a part of a result? A call is not, though it may be as short.
    fn is_plain(&self, node: Node) -> bool {
        let operation = self.graph.operation(node);
        self.names[node.index()].is_some() || operation.is_leaf() || matches!(operation, Operation::Part(..))
    }

    /// The name itself, or with a number when it is taken; `t` always has one.
    fn free_name(&mut self, wanted: &str) -> String {
        // `gamma_` squared is `gamma_squared`.
        let wanted = &wanted.replace("__", "_");
        let mut name = wanted.to_owned();
        let separator = if wanted.len() > 1 { "_" } else { "" };
        // Names are never given back: those before the last one are still taken.
        let number = self.numbers.entry(wanted.to_owned()).or_default();
        let mut is_bare = wanted == "t";
        while is_bare || !self.scope.is_free(&name) {
            *number += 1;
            name = format!("{wanted}{separator}{number}");
            is_bare = false;
        }
        self.scope.reserve(&name);
        name
    }
}

fn binary(operator: Operator, a: Term, b: Term) -> Term {
    Term::Binary(operator, Box::new(a), Box::new(b))
}
