//! Operations of floats as a graph in which equal operations are one node.
//!
//! `x·x` asked for twice is computed once. Nodes stand in an order in which operands come first.

use std::rc::Rc;

use rustc_hash::FxHashMap;

use crate::expr::Binder;
use crate::function::helper::Helper;
use crate::program::Operator;
use crate::tape::Tape;

/// The place of an operation in its [`Graph`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct Node(u32);

impl Node {
    /// Its position.
    pub(super) fn index(self) -> usize {
        self.0 as usize
    }
}

/// An operation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Operation {
    /// A literal without a sign.
    Number(String),
    /// π, infinity, not a number.
    Constant(&'static str),
    /// The input of this position.
    Input(usize),
    /// −a.
    Negative(Node),
    /// One of the four operations.
    Binary(Operator, Node, Node),
    /// A call that gives one float.
    Call(&'static str, Vec<Node>),
    /// A call of a helper that gives several.
    Kernel(Named, Vec<Node>),
    /// One of the floats of a kernel.
    Part(Node, usize),
    /// Σ or Π: from, to, and what the body reads.
    Loop(Range, Vec<Node>),
}

/// A helper, compared by its name.
#[derive(Clone, Copy, Debug)]
pub(super) struct Named(pub(super) &'static Helper);

impl PartialEq for Named {
    fn eq(&self, other: &Named) -> bool {
        self.0.name == other.0.name
    }
}

impl Eq for Named {}

impl std::hash::Hash for Named {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        self.0.name.hash(state);
    }
}

/// What a loop adds or multiplies; each loop is its own.
#[derive(Clone, Debug)]
pub(super) struct Range {
    /// Sum or product.
    pub(super) binder: Binder,
    /// The body.
    pub(super) body: Rc<Tape>,
}

impl PartialEq for Range {
    fn eq(&self, other: &Range) -> bool {
        Rc::ptr_eq(&self.body, &other.body)
    }
}

impl Eq for Range {}

impl std::hash::Hash for Range {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        Rc::as_ptr(&self.body).hash(state);
    }
}

impl Operation {
    /// The nodes it reads.
    pub(super) fn operands(&self) -> Vec<Node> {
        match self {
            Operation::Number(_) | Operation::Constant(_) | Operation::Input(_) => Vec::new(),
            Operation::Negative(a) | Operation::Part(a, _) => vec![*a],
            Operation::Binary(_, a, b) => vec![*a, *b],
            Operation::Call(_, operands) | Operation::Kernel(_, operands) | Operation::Loop(_, operands) => {
                operands.clone()
            }
        }
    }

    /// Is it nothing to compute?
    pub(super) fn is_leaf(&self) -> bool {
        matches!(self, Operation::Number(_) | Operation::Constant(_) | Operation::Input(_))
    }
}

/// Operations, each once.
#[derive(Default)]
pub(super) struct Graph {
    operations: Vec<Operation>,
    known: FxHashMap<Operation, Node>,
    /// Does the operation depend on an input that varies?
    varying: Vec<bool>,
    /// The inputs that vary.
    varying_inputs: Vec<bool>,
}

impl Graph {
    /// A graph without operations, over inputs of which these vary.
    pub(super) fn new(varying_inputs: Vec<bool>) -> Graph {
        Graph { varying_inputs, ..Graph::default() }
    }

    /// The node of an operation.
    pub(super) fn node(&mut self, operation: Operation) -> Node {
        if let Some(node) = self.known.get(&operation) {
            return *node;
        }
        let node = Node(self.operations.len() as u32);
        let varies = match &operation {
            Operation::Input(i) => self.varying_inputs.get(*i).copied().unwrap_or(false),
            other => other.operands().iter().any(|n| self.varies(*n)),
        };
        self.varying.push(varies);
        self.operations.push(operation.clone());
        self.known.insert(operation, node);
        node
    }

    /// The operation of a node.
    pub(super) fn operation(&self, node: Node) -> &Operation {
        &self.operations[node.index()]
    }

    /// Does the value change with the inputs that vary?
    pub(super) fn varies(&self, node: Node) -> bool {
        self.varying[node.index()]
    }

    /// All nodes, operands first.
    pub(super) fn nodes(&self) -> impl DoubleEndedIterator<Item = Node> + use<> {
        (0..self.operations.len() as u32).map(Node)
    }

    /// A literal.
    pub(super) fn number(&mut self, digits: &str) -> Node {
        self.node(Operation::Number(digits.to_owned()))
    }

    /// −a.
    pub(super) fn negative(&mut self, a: Node) -> Node {
        match self.operation(a) {
            Operation::Negative(b) => *b,
            _ => self.node(Operation::Negative(a)),
        }
    }

    /// a + b; a − b where b is negated.
    pub(super) fn add(&mut self, a: Node, b: Node) -> Node {
        match *self.operation(b) {
            Operation::Negative(b) => self.binary(Operator::Subtract, a, b),
            _ => self.binary(Operator::Add, a, b),
        }
    }

    /// a·b.
    pub(super) fn multiply(&mut self, a: Node, b: Node) -> Node {
        self.binary(Operator::Multiply, a, b)
    }

    /// a/b.
    pub(super) fn divide(&mut self, a: Node, b: Node) -> Node {
        self.binary(Operator::Divide, a, b)
    }

    /// One of the four.
    pub(super) fn binary(&mut self, operator: Operator, a: Node, b: Node) -> Node {
        self.node(Operation::Binary(operator, a, b))
    }

    /// A call.
    pub(super) fn call(&mut self, name: &'static str, arguments: Vec<Node>) -> Node {
        self.node(Operation::Call(name, arguments))
    }

    /// x^n for n ≥ 1 by squares that all powers of x share: x³ = x²·x.
    pub(super) fn power(&mut self, x: Node, n: u64) -> Node {
        match n {
            0 => self.number("1"),
            1 => x,
            _ if n.is_multiple_of(2) => {
                let half = self.power(x, n / 2);
                self.multiply(half, half)
            }
            _ => {
                let less = self.power(x, n - 1);
                self.multiply(less, x)
            }
        }
    }
}
