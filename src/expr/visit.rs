//! Walks over the shared graph: post-order without recursion, substitution, bound variables.
//!
//! Replacing `x` by `x + h` in `sin(x)·x` visits each shared node once. Bound variables are numbered from
//! the inside; a term that moves under a binder is shifted, and a closed term costs nothing.

use rustc_hash::{FxHashMap, FxHashSet};
use smallvec::SmallVec;

use super::node::{Expr, Node, SymbolId};
use super::store::Store;

/// Images of expressions, each computed once.
pub type Images = FxHashMap<Expr, Expr>;

/// Which nodes were met on a walk, one bit for each: those below a root are older than it.
struct Seen(Vec<u64>);

impl Seen {
    /// None of the nodes below and including the roots.
    fn below(roots: &[Expr]) -> Seen {
        Seen(vec![0; roots.iter().map(|e| e.0 as usize / 64 + 1).max().unwrap_or(0)])
    }

    fn contains(&self, e: Expr) -> bool {
        self.0[e.0 as usize / 64] & (1 << (e.0 % 64)) != 0
    }

    /// Was the node new?
    fn insert(&mut self, e: Expr) -> bool {
        let is_new = !self.contains(e);
        self.0[e.0 as usize / 64] |= 1 << (e.0 % 64);
        is_new
    }
}

impl Store {
    /// The nodes below and including the roots, children before parents, each once.
    pub fn post_order(&self, roots: &[Expr]) -> Vec<Expr> {
        let mut order = Vec::new();
        let mut seen = Seen::below(roots);
        let mut stack: SmallVec<[(Expr, bool); 32]> = roots.iter().rev().map(|e| (*e, false)).collect();
        while let Some((e, ready)) = stack.pop() {
            if ready {
                order.push(e);
            } else if seen.insert(e) {
                stack.push((e, true));
                let first = stack.len();
                stack.extend(self[e].children().filter(|c| !seen.contains(*c)).map(|c| (c, false)));
                stack[first..].reverse();
            }
        }
        order
    }

    /// How many different nodes stand below and including the roots.
    pub fn size(&self, roots: &[Expr]) -> usize {
        self.post_order(roots).len()
    }

    /// The symbols that occur, in structural order; heads of abstract functions are not among them.
    pub fn free_symbols(&self, roots: &[Expr]) -> Vec<SymbolId> {
        let mut found: Vec<Expr> =
            self.post_order(roots).into_iter().filter(|e| matches!(self[*e], Node::Symbol(_))).collect();
        self.sort(&mut found);
        found.into_iter().filter_map(|e| self.as_symbol(e)).collect()
    }

    /// Does any of the given expressions occur?
    pub fn mentions(&self, e: Expr, any_of: &[Expr]) -> bool {
        // What is older than all of them holds none.
        let Some(oldest) = any_of.iter().map(|e| e.0).min() else { return false };
        let mut seen = Seen::below(&[e]);
        let mut stack: SmallVec<[Expr; 32]> = SmallVec::from_slice(&[e]);
        while let Some(e) = stack.pop() {
            if any_of.contains(&e) {
                return true;
            }
            stack.extend(self[e].children().filter(|c| c.0 >= oldest && seen.insert(*c)));
        }
        false
    }

    /// The node again, with each child replaced by its image.
    pub fn rebuild(&mut self, e: Expr, image: &mut dyn FnMut(usize, Expr) -> Expr) -> Expr {
        let images: SmallVec<[Expr; 8]> =
            self[e].children().enumerate().map(|(position, child)| image(position, child)).collect();
        if self[e].children().eq(images.iter().copied()) {
            return e;
        }
        let mut images = images.into_iter();
        let mut next = |_: Expr| images.next().expect("there is one image for each child");
        let node = self[e].clone();
        match node {
            Node::Number(_) | Node::Symbol(_) | Node::Bound(..) | Node::Zero(_) | Node::Identity(_) => e,
            Node::Sum(terms) => {
                let terms: Vec<_> = terms.iter().map(|(c, t)| (c.clone(), next(*t))).collect();
                self.linear(terms)
            }
            Node::Product(list) => {
                let list: Vec<_> = list.iter().map(|f| next(*f)).collect();
                self.product(list)
            }
            Node::Power(base, exponent) => {
                let (base, exponent) = (next(base), next(exponent));
                self.pow(base, exponent)
            }
            Node::Call(function, list) => {
                let list: Vec<_> = list.iter().map(|a| next(*a)).collect();
                self.call(function, list)
            }
            Node::Apply(symbol, list) => {
                let list: Vec<_> = list.iter().map(|a| next(*a)).collect();
                self.apply(symbol, list)
            }
            Node::Matrix(shape, list) => {
                let list: Vec<_> = list.iter().map(|a| next(*a)).collect();
                self.intern(Node::Matrix(shape, list.into()))
            }
            Node::Chain(list) => {
                let list: Vec<_> = list.iter().map(|a| next(*a)).collect();
                self.chain(list)
            }
            Node::Transpose(a) => {
                let a = next(a);
                self.transpose(a)
            }
            Node::Inverse(a) => {
                let a = next(a);
                self.inverse(a)
            }
            Node::Index(a, list) => {
                let a = next(a);
                let list: Vec<_> = list.iter().map(|i| next(*i)).collect();
                self.index(a, list)
            }
            Node::Range { binder, from, to, body } => {
                let (from, to, body) = (next(from), next(to), next(body));
                self.range(binder, from, to, body)
            }
            Node::Expectation { density, parameter, body } => {
                let (parameter, body) = (next(parameter), next(body));
                self.expectation(density, parameter, body)
            }
            Node::Derivative { kind, body, at } => {
                let (body, at) = (next(body), next(at));
                self.derivative(kind, body, at)
            }
            Node::SampleIntegral { density, body } => {
                let body = next(body);
                self.sample_integral(density, body)
            }
            Node::Divergence { first, from, second, to } => {
                let (from, to) = (next(from), next(to));
                self.divergence((first, from), (second, to))
            }
            Node::Fisher { density, at } => {
                let at = next(at);
                self.fisher(density, at)
            }
        }
    }

    /// The expression without terms of coefficient 0: equal wherever the expression is defined.
    pub fn without_zero_terms(&mut self, e: Expr) -> Expr {
        let mut images: Images = Images::default();
        for node in self.post_order(&[e]) {
            let image = match self[node].clone() {
                Node::Sum(terms) if terms.iter().any(|(c, _)| c.is_zero()) => {
                    let kept: Vec<_> = terms
                        .iter()
                        .filter(|(c, _)| !c.is_zero())
                        .map(|(c, t)| (c.clone(), images[t]))
                        .collect();
                    self.linear(kept)
                }
                _ => self.rebuild(node, &mut |_, child| images[&child]),
            };
            images.insert(node, image);
        }
        images[&e]
    }

    /// Replaces symbols (or any closed subexpressions) by expressions, all at once. Bound variables in what
    /// is put in place belong to binders around the whole; they are shifted below binders within.
    pub fn substitute(&mut self, e: Expr, replacements: &Images) -> Expr {
        self.substitute_all(&[e], replacements)[0]
    }

    /// [`Store::substitute`] in several expressions that share parts.
    pub fn substitute_all(&mut self, roots: &[Expr], replacements: &Images) -> Vec<Expr> {
        if replacements.values().any(|to| self.free_bound(*to) > 0) {
            let mut below = |store: &mut Store, node: Expr, level: u32| {
                let to = *replacements.get(&node)?;
                Some(store.shift(to, level))
            };
            return roots.iter().map(|e| self.rewrite_levels(*e, 0, &mut below)).collect();
        }
        let mut images: Images = Images::default();
        for e in self.post_order(roots) {
            let image = match replacements.get(&e) {
                Some(&to) => to,
                None => self.rebuild(e, &mut |_, child| images[&child]),
            };
            images.insert(e, image);
        }
        roots.iter().map(|e| images[e]).collect()
    }

    /// Does the variable bound `index` binders further out occur?
    pub fn mentions_bound(&self, e: Expr, index: u32) -> bool {
        let mut seen = FxHashSet::default();
        let mut stack = vec![(e, index)];
        while let Some((e, index)) = stack.pop() {
            if self.free_bound(e) <= index || !seen.insert((e, index)) {
                continue;
            }
            let node = &self[e];
            if matches!(node, Node::Bound(found, ..) if *found == index) {
                return true;
            }
            let children = node.children().enumerate();
            stack.extend(children.map(|(position, child)| (child, index + node.binds(position))));
        }
        false
    }

    /// The body of a binder over `symbol`: each occurrence becomes the bound variable 0.
    pub fn abstract_over(&mut self, e: Expr, symbol: Expr, integer: bool) -> Expr {
        let shape = self.shape(symbol);
        self.rewrite_levels(e, 0, &mut |store, node, level| {
            if node == symbol {
                return Some(store.bound(level, shape, integer));
            }
            match store[node] {
                Node::Bound(index, shape, integer) if index >= level => {
                    Some(store.bound(index + 1, shape, integer))
                }
                _ => None,
            }
        })
    }

    /// The body of a binder with its variable replaced by `argument`.
    pub fn instantiate(&mut self, body: Expr, argument: Expr) -> Expr {
        if self.free_bound(body) == 0 {
            return body;
        }
        self.rewrite_levels(body, 0, &mut |store, node, level| match store[node] {
            Node::Bound(index, ..) if index == level => Some(store.shift(argument, level)),
            Node::Bound(index, shape, integer) if index > level => {
                Some(store.bound(index - 1, shape, integer))
            }
            _ => None,
        })
    }

    /// The expression moved under `by` more binders.
    pub fn shift(&mut self, e: Expr, by: u32) -> Expr {
        if by == 0 || self.free_bound(e) == 0 {
            return e;
        }
        self.rewrite_levels(e, 0, &mut |store, node, level| match store[node] {
            Node::Bound(index, shape, integer) if index >= level => {
                Some(store.bound(index + by, shape, integer))
            }
            _ => None,
        })
    }

    /// Rewrites leaves knowing how many binders stand above them. Each (node, level) is visited once, on an
    /// explicit stack.
    fn rewrite_levels(
        &mut self,
        root: Expr,
        start: u32,
        leaf: &mut dyn FnMut(&mut Store, Expr, u32) -> Option<Expr>,
    ) -> Expr {
        let mut images: FxHashMap<(Expr, u32), Expr> = FxHashMap::default();
        let mut stack = vec![(root, start, false)];
        while let Some((e, level, ready)) = stack.pop() {
            if images.contains_key(&(e, level)) {
                continue;
            }
            if ready {
                let node = self[e].clone();
                let image =
                    self.rebuild(e, &mut |position, child| images[&(child, level + node.binds(position))]);
                images.insert((e, level), image);
            } else if let Some(image) = leaf(self, e, level) {
                images.insert((e, level), image);
            } else {
                stack.push((e, level, true));
                let node = &self[e];
                for (position, child) in node.children().enumerate() {
                    stack.push((child, level + node.binds(position), false));
                }
            }
        }
        images[&(root, start)]
    }
}
