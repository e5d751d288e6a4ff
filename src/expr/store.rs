//! The append-only store in which every expression stands once.
//!
//! Interning `sin(x)` twice gives one handle, so 500 nested steps with shared parts stay 500 nodes. What
//! is asked of every node (its shape, whether it is defined everywhere, how deep its bound variables
//! reach) is computed once, from its children, when it is interned.

use std::hash::BuildHasher;
use std::ops::Index;

use rustc_hash::{FxBuildHasher, FxHashMap};
use smallvec::SmallVec;

use super::node::{Dimension, Expr, Node, Shape, Symbol, SymbolId};
use crate::number::Rational;

/// The expressions of one run. Handles of one store mean nothing in another.
#[derive(Clone, Debug)]
pub struct Store {
    nodes: Vec<Node>,
    info: Vec<Info>,
    /// By the hash of their node, the handles of those that have it.
    index: FxHashMap<u64, SmallVec<[Expr; 2]>>,
    symbols: Vec<Symbol>,
    symbol_index: FxHashMap<Symbol, SymbolId>,
}

/// What is known of a node from its children.
#[derive(Clone, Copy, Debug)]
pub(super) struct Info {
    pub shape: Shape,
    /// Defined for every real value of its symbols.
    pub total: bool,
    /// An integer wherever its integer symbols are.
    pub integer: bool,
    /// One more than the largest free bound variable; 0 for a closed expression.
    pub free: u32,
    /// Nodes of the tree, shared ones counted each time, saturating; a structural measure.
    pub weight: u64,
    /// The longest way down to a leaf.
    pub height: u32,
}

impl Default for Store {
    fn default() -> Store {
        Store::new()
    }
}

impl Store {
    /// A store that holds the number 0 and 1.
    pub fn new() -> Store {
        let mut store = Store {
            nodes: Vec::new(),
            info: Vec::new(),
            index: FxHashMap::default(),
            symbols: Vec::new(),
            symbol_index: FxHashMap::default(),
        };
        store.intern(Node::Number(Rational::ZERO));
        store.intern(Node::Number(Rational::ONE));
        store
    }

    /// The number 0.
    pub const ZERO: Expr = Expr(0);
    /// The number 1.
    pub const ONE: Expr = Expr(1);

    /// How many nodes there are.
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// A store is never empty: it holds 0 and 1.
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// The handle of a symbol with this name, shape and type.
    pub fn symbol_id(&mut self, symbol: Symbol) -> SymbolId {
        if let Some(&id) = self.symbol_index.get(&symbol) {
            return id;
        }
        let id = SymbolId(self.symbols.len() as u32);
        self.symbols.push(symbol.clone());
        self.symbol_index.insert(symbol, id);
        id
    }

    /// What a symbol's handle names.
    pub fn symbol_of(&self, id: SymbolId) -> &Symbol {
        &self.symbols[id.0 as usize]
    }

    /// The shape of an expression.
    pub fn shape(&self, e: Expr) -> Shape {
        self.info[e.0 as usize].shape
    }

    /// Is the expression defined for every real value of its symbols, whatever is declared?
    pub fn is_total(&self, e: Expr) -> bool {
        self.info[e.0 as usize].total
    }

    /// Does the expression take integer values wherever its integer symbols do?
    pub fn is_integer(&self, e: Expr) -> bool {
        self.info[e.0 as usize].integer
    }

    /// One more than the largest free bound variable; 0 for a closed expression.
    pub fn free_bound(&self, e: Expr) -> u32 {
        self.info[e.0 as usize].free
    }

    /// Nodes of the tree, shared ones counted each time; saturating.
    pub fn weight(&self, e: Expr) -> u64 {
        self.info[e.0 as usize].weight
    }

    /// The longest way from the expression down to a leaf.
    pub fn height(&self, e: Expr) -> u32 {
        self.info[e.0 as usize].height
    }

    /// The expression as an exact rational, when it is one.
    pub fn as_number(&self, e: Expr) -> Option<&Rational> {
        match &self[e] {
            Node::Number(q) => Some(q),
            _ => None,
        }
    }

    /// The expression as a symbol, when it is one.
    pub fn as_symbol(&self, e: Expr) -> Option<SymbolId> {
        match self[e] {
            Node::Symbol(id) => Some(id),
            _ => None,
        }
    }

    /// The handle of a node. The constructors in [`build`](super::build) keep the invariants of each kind;
    /// call those.
    pub(super) fn intern(&mut self, node: Node) -> Expr {
        let hash = FxBuildHasher.hash_one(&node);
        let known = self.index.get(&hash).and_then(|list| list.iter().find(|e| self[**e] == node));
        if let Some(&e) = known {
            return e;
        }
        let info = self.describe(&node);
        let e = Expr(u32::try_from(self.nodes.len()).expect("a store holds fewer than 2³² nodes"));
        self.nodes.push(node);
        self.info.push(info);
        self.index.entry(hash).or_default().push(e);
        e
    }

    fn describe(&self, node: &Node) -> Info {
        let mut info =
            Info { shape: Shape::SCALAR, total: true, integer: false, free: 0, weight: 1, height: 0 };
        for (position, child) in node.children().enumerate() {
            let below = self.info[child.0 as usize];
            info.total &= below.total;
            info.weight = info.weight.saturating_add(below.weight);
            info.height = info.height.max(below.height + 1);
            info.free = info.free.max(below.free.saturating_sub(node.binds(position)));
        }
        let integer = |e: Expr| self.info[e.0 as usize].integer;
        match node {
            Node::Number(q) => info.integer = q.is_integer(),
            Node::Symbol(id) => {
                info.shape = self.symbol_of(*id).shape;
                info.integer = self.symbol_of(*id).integer;
            }
            Node::Bound(index, shape, integer) => {
                info.shape = *shape;
                info.integer = *integer;
                info.free = index + 1;
            }
            Node::Sum(terms) => {
                info.shape = self.shape(terms[0].1);
                info.integer = terms.iter().all(|(c, t)| c.is_integer() && integer(*t));
            }
            Node::Product(factors) => {
                info.shape =
                    factors.iter().map(|f| self.shape(*f)).find(|s| !s.is_scalar()).unwrap_or(Shape::SCALAR);
                info.integer = factors.iter().all(|f| integer(*f));
            }
            Node::Power(base, exponent) => {
                let natural = self.as_number(*exponent).is_some_and(|n| n.is_integer() && !n.is_negative());
                info.total &= natural;
                info.integer = natural && integer(*base);
                info.shape = self.shape(*base);
            }
            Node::Call(function, _) => info.total &= function.row().domain.is_empty(),
            Node::Apply(id, _) => {
                info.shape = self.symbol_of(*id).shape;
                info.total = false;
            }
            Node::Matrix(shape, _) | Node::Zero(shape) => info.shape = *shape,
            Node::Identity(n) => info.shape = Shape::matrix(*n, *n),
            Node::Chain(factors) => {
                let (first, last) = (self.shape(factors[0]), self.shape(factors[factors.len() - 1]));
                info.shape = Shape::matrix(first.rows, last.columns);
            }
            Node::Transpose(a) => info.shape = self.shape(*a).transposed(),
            Node::Inverse(a) => {
                info.shape = self.shape(*a);
                info.total = false;
            }
            Node::Index(..) => {}
            Node::Range { binder, from, to, body } => {
                info.shape = self.shape(*body);
                // Σ to a real x, or to ∞, may have no value.
                info.total &= *binder != super::node::Binder::Integral && integer(*from) && integer(*to);
            }
            Node::Expectation { body, .. } => {
                info.shape = self.shape(*body);
                info.total = false;
            }
            Node::SampleIntegral { body, .. } => {
                info.shape = self.shape(*body);
                info.total = false;
            }
            Node::Divergence { .. } => info.total = false,
            Node::Fisher { at, .. } => {
                let rows = self.shape(*at).rows;
                info.shape = Shape::matrix(rows, rows);
                info.total = false;
            }
            Node::Derivative { kind, body, at } => {
                let (f, t) = (self.shape(*body), self.shape(*at));
                info.shape = match kind {
                    super::node::DerivativeKind::Gradient if t.is_scalar() => f,
                    super::node::DerivativeKind::Gradient if f.is_scalar() => t,
                    super::node::DerivativeKind::Gradient => Shape::matrix(f.rows, t.rows),
                    super::node::DerivativeKind::Hessian => Shape::matrix(t.rows, t.rows),
                };
                info.total = false;
            }
        }
        info
    }

    /// A dimension in words: `3` or `n`.
    pub fn dimension_name(&self, dimension: Dimension) -> String {
        match dimension {
            Dimension::Fixed(n) => n.to_string(),
            Dimension::Named(id) => self.symbol_of(id).name.clone(),
        }
    }

    /// A shape in words: `scalar`, `vector(n)`, `matrix(2, 3)`.
    pub fn shape_name(&self, shape: Shape) -> String {
        let (rows, columns) = (self.dimension_name(shape.rows), self.dimension_name(shape.columns));
        if shape.is_scalar() {
            "scalar".to_owned()
        } else if shape.columns == Dimension::Fixed(1) {
            format!("vector({rows})")
        } else {
            format!("matrix({rows}, {columns})")
        }
    }
}

impl Index<Expr> for Store {
    type Output = Node;
    fn index(&self, e: Expr) -> &Node {
        &self.nodes[e.0 as usize]
    }
}
