//! Terms as the kernel handles them: shapes, holes, the binders above a hole, open and closed bodies.
//!
//! `E_θ[log p] − E_θ[□]` with □ := log p(x, θ) puts the free `x` of the term under the binder around the hole: plugging
//! captures on purpose.

use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::Rejected;
use super::condition::{Binding, Condition, Met};
use super::ring::{binding, push};
use crate::expr::{Binder, DerivativeKind, Dimension, Expr, Images, Node, Shape, Store, Symbol};

/// The name of the hole of a context; no article can write it.
const HOLE: &str = "□";

/// The names that questions about conditions give to variables begin with this.
pub const QUESTION: &str = "⇝";

/// The most nodes, shared ones counted for each set of binders above them, that a shape check visits.
const MOST_NODES: usize = 100_000;

/// The hole of a shape, for contexts of steps.
pub fn hole(store: &mut Store, shape: Shape) -> Expr {
    store.symbol(Symbol { name: HOLE.to_owned(), shape, integer: false })
}

/// Is this symbol a hole?
pub fn is_hole(store: &Store, e: Expr) -> bool {
    matches!(store[e], Node::Symbol(id) if store.symbol_of(id).name.starts_with(HOLE))
}

/// The one hole of a context, and the binders above it, outermost first.
pub fn find_hole(store: &Store, context: Expr) -> Result<(Expr, Vec<Binding>), Rejected> {
    let order = store.post_order(&[context]);
    let mut count: FxHashMap<Expr, u64> = FxHashMap::default();
    for &e in &order {
        let own = u64::from(is_hole(store, e));
        let below = store[e].children().map(|c| count[&c]).fold(own, u64::saturating_add);
        count.insert(e, below);
    }
    if count[&context] != 1 {
        return Err(Rejected::because("a context has exactly one hole"));
    }
    let (mut e, mut under) = (context, Vec::new());
    while !is_hole(store, e) {
        let (position, child) = store[e]
            .children()
            .enumerate()
            .find(|(_, c)| count[c] == 1)
            .ok_or_else(|| Rejected::because("a context has exactly one hole"))?;
        under.extend(binding(&store[e], position));
        e = child;
    }
    Ok((e, under))
}

/// The context with its hole filled, without shifting.
pub fn plug(store: &mut Store, context: Expr, hole: Expr, term: Expr) -> Expr {
    let mut images: Images = Images::default();
    for e in store.post_order(&[context]) {
        let image = if e == hole { term } else { store.rebuild(e, &mut |_, child| images[&child]) };
        images.insert(e, image);
    }
    images[&context]
}

/// Does a hole occur?
pub fn has_hole(store: &Store, e: Expr) -> bool {
    store.post_order(&[e]).into_iter().any(|node| is_hole(store, node))
}

/// Does a symbol occur that the kernel keeps for itself?
pub fn has_reserved(store: &Store, e: Expr) -> bool {
    let symbols = store.free_symbols(&[e]);
    symbols.into_iter().any(|id| {
        let name = &store.symbol_of(id).name;
        name.starts_with(HOLE) || name.starts_with(QUESTION)
    })
}

type Variables = Option<Rc<Level>>;

/// The variable of a binder and those further out.
struct Level {
    shape: Shape,
    integer: bool,
    outer: Variables,
}

/// Do all shapes of a closed expression agree, and is every bound variable of the shape its binder gives it?
pub fn check_shapes(store: &Store, e: Expr) -> Result<(), Rejected> {
    if store.free_bound(e) > 0 {
        return Err(Rejected::because("a bound variable escapes"));
    }
    let mut closed: FxHashSet<Expr> = FxHashSet::default();
    let mut stack: Vec<(Expr, Variables)> = vec![(e, None)];
    let mut visited = 0;
    while let Some((e, variables)) = stack.pop() {
        if store.free_bound(e) == 0 && !closed.insert(e) {
            continue;
        }
        visited += 1;
        if visited > MOST_NODES {
            return Err(Rejected::because("the expression is too large"));
        }
        if !fits(store, e, &variables) {
            return Err(Rejected::because("shapes do not agree"));
        }
        for (position, child) in store[e].children().enumerate() {
            let below = match store[e].binds(position) {
                0 => variables.clone(),
                _ => {
                    let (shape, integer) = variable(&store[e], store);
                    Some(Rc::new(Level { shape, integer, outer: variables.clone() }))
                }
            };
            stack.push((child, below));
        }
    }
    Ok(())
}

/// Shape and type of what a binder binds; a sample variable is a scalar.
fn variable(node: &Node, store: &Store) -> (Shape, bool) {
    match node {
        Node::Derivative { at, .. } => (store.shape(*at), false),
        Node::Range { binder, .. } => (Shape::SCALAR, *binder != Binder::Integral),
        _ => (Shape::SCALAR, false),
    }
}

fn fits(store: &Store, e: Expr, variables: &Variables) -> bool {
    let shape = |e: &Expr| store.shape(*e);
    let scalar = |e: &Expr| store.shape(*e).is_scalar();
    match &store[e] {
        Node::Bound(index, shape, integer) => {
            let mut level = variables;
            for _ in 0..*index {
                match level {
                    Some(inner) => level = &inner.outer,
                    None => return false,
                }
            }
            level.as_ref().is_some_and(|l| l.shape == *shape && l.integer == *integer)
        }
        Node::Sum(terms) => terms.iter().all(|(_, t)| shape(t) == shape(&e)),
        Node::Product(list) => list.iter().filter(|f| !scalar(f)).count() <= 1,
        Node::Power(base, exponent) => scalar(base) && scalar(exponent),
        Node::Call(_, list) | Node::Matrix(_, list) => list.iter().all(scalar),
        Node::Chain(list) => {
            list.iter().all(|f| !scalar(f))
                && list.windows(2).all(|w| shape(&w[0]).columns == shape(&w[1]).rows)
        }
        Node::Inverse(a) => shape(a).rows == shape(a).columns,
        Node::Index(_, list) => list.iter().all(scalar),
        Node::Range { from, to, .. } => scalar(from) && scalar(to),
        Node::Fisher { at, .. } => is_column(shape(at)),
        Node::Divergence { from, to, .. } => is_column(shape(from)) && is_column(shape(to)),
        Node::Derivative { kind, body, at } => {
            let column = is_column(shape(body));
            is_column(shape(at)) && column && (*kind == DerivativeKind::Gradient || scalar(body))
        }
        _ => true,
    }
}

fn is_column(shape: Shape) -> bool {
    shape.columns == Dimension::Fixed(1)
}

/// The conditions that an expression puts on itself: where it has a value.
pub fn domain(store: &mut Store, e: Expr) -> Result<Vec<Met>, Rejected> {
    let mut below: FxHashMap<Expr, Vec<Met>> = FxHashMap::default();
    for node in store.post_order(&[e]) {
        let mut met: Vec<Met> = Vec::new();
        for (position, child) in store[node].children().enumerate() {
            let between = binding(&store[node], position);
            for condition in &below[&child] {
                let condition = condition.clone();
                push(&mut met, between.iter().fold(condition, Met::below));
            }
        }
        if let Some(condition) = own_domain(store, node)? {
            push(&mut met, Met::outside(condition));
        }
        below.insert(node, met);
    }
    Ok(below.remove(&e).unwrap_or_default())
}

/// The condition of one node, its children defined.
fn own_domain(store: &mut Store, node: Expr) -> Result<Option<Condition>, Rejected> {
    Ok(match store[node].clone() {
        Node::Power(base, exponent) => match store.as_number(exponent) {
            Some(q) if q.is_integer() && !q.is_negative() => None,
            Some(q) if q.is_integer() => Some(Condition::NonZero(base)),
            _ => Some(Condition::Positive(base)),
        },
        Node::Call(function, list) => match function.row().name {
            "log" => Some(Condition::Positive(list[0])),
            "sqrt" => Some(Condition::NonNegative(list[0])),
            _ if function.row().domain.is_empty() => None,
            _ => Some(Condition::Defined(node)),
        },
        Node::Inverse(a) => Some(Condition::Nonsingular(a)),
        Node::Expectation { .. } | Node::SampleIntegral { .. } => Some(Condition::Integrable(node)),
        Node::Derivative { kind, body, at } => {
            let order = if kind == DerivativeKind::Hessian { 2 } else { 1 };
            Some(Condition::Smooth { body, at, order })
        }
        Node::Range { .. } | Node::Index(..) | Node::Divergence { .. } => Some(Condition::Defined(node)),
        Node::Fisher { .. } => Some(Condition::Defined(node)),
        _ => None,
    })
}
