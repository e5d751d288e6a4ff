//! ∂: sums, products, powers, and the chain rule over function rows.
//!
//! `∂/∂x sin(x)·y = cos(x)·y`. A derivative lives on the domain of what is differentiated; what has no
//! closed form (`∂I_ν/∂ν`) stays as an unevaluated derivative.

use rustc_hash::FxHashMap;

use crate::expr::{Binder, DerivativeKind, Expr, Images, Node, Shape, Store, formula_in, row_scope};
use crate::function::FunctionId;
use crate::number::Rational;

/// Derivatives of the expressions of one store, each computed once.
#[derive(Debug, Default)]
pub struct Differentiator {
    memo: FxHashMap<Expr, FxHashMap<Expr, Expr>>,
    partials: FxHashMap<(FunctionId, usize), Option<Partial>>,
}

/// A row's partial derivative, read once, and the symbols that stand for its arguments.
#[derive(Clone, Debug)]
struct Partial {
    parameters: Vec<Expr>,
    formula: Expr,
}

impl Differentiator {
    /// One that has differentiated nothing yet.
    pub fn new() -> Differentiator {
        Differentiator::default()
    }

    /// ∂e/∂x for a scalar symbol `x`.
    pub fn derivative(&mut self, store: &mut Store, e: Expr, x: Expr) -> Expr {
        let mut memo = self.memo.remove(&x).unwrap_or_default();
        self.fill(store, &mut memo, e, x);
        let result = memo[&e];
        self.memo.insert(x, memo);
        result
    }

    /// The column of ∂e/∂xᵢ.
    pub fn gradient(&mut self, store: &mut Store, e: Expr, variables: &[Expr]) -> Vec<Expr> {
        variables.iter().map(|x| self.derivative(store, e, *x)).collect()
    }

    /// ∂eᵢ/∂xⱼ, by rows: one row for each expression.
    pub fn jacobian(
        &mut self,
        store: &mut Store,
        expressions: &[Expr],
        variables: &[Expr],
    ) -> Vec<Vec<Expr>> {
        expressions.iter().map(|e| self.gradient(store, *e, variables)).collect()
    }

    /// ∂²e/∂xᵢ∂xⱼ, by rows, symmetric.
    pub fn hessian(&mut self, store: &mut Store, e: Expr, variables: &[Expr]) -> Vec<Vec<Expr>> {
        let gradient = self.gradient(store, e, variables);
        let mut rows = vec![vec![Store::ZERO; variables.len()]; variables.len()];
        for (i, first) in gradient.iter().enumerate() {
            for (j, x) in variables.iter().enumerate().skip(i) {
                rows[i][j] = self.derivative(store, *first, *x);
                rows[j][i] = rows[i][j];
            }
        }
        rows
    }

    /// The expression with every derivative it holds carried out where that is possible, inner ones first.
    pub fn evaluate(&mut self, store: &mut Store, e: Expr) -> Expr {
        let order = store.post_order(&[e]);
        if !order.iter().any(|node| matches!(store[*node], Node::Derivative { .. })) {
            return e;
        }
        let mut images = Images::default();
        for node in order {
            let rebuilt = store.rebuild(node, &mut |_, child| images[&child]);
            let image = match store[rebuilt] {
                Node::Derivative { kind, body, at } if store.shape(at).is_scalar() => {
                    self.at_point(store, kind, body, at)
                }
                _ => rebuilt,
            };
            images.insert(node, image);
        }
        images[&e]
    }

    /// The derivative of `t ↦ body` at a point, by a fresh symbol in place of the bound variable; variables
    /// bound further out are constants.
    fn at_point(&mut self, store: &mut Store, kind: DerivativeKind, body: Expr, at: Expr) -> Expr {
        let direct = store.as_symbol(at).is_some() && !store.mentions(body, &[at]);
        let symbol = if direct { at } else { fresh_symbol(store, body) };
        let opened = store.instantiate(body, symbol);
        let mut result = self.derivative(store, opened, symbol);
        if kind == DerivativeKind::Hessian {
            result = self.derivative(store, result, symbol);
        }
        if direct {
            return result;
        }
        store.substitute(result, &Images::from_iter([(symbol, at)]))
    }

    /// Differentiates what is below `root` and not yet in the memo, children first.
    fn fill(&mut self, store: &mut Store, memo: &mut FxHashMap<Expr, Expr>, root: Expr, x: Expr) {
        let mut stack = vec![(root, false)];
        while let Some((e, ready)) = stack.pop() {
            if memo.contains_key(&e) {
                continue;
            }
            if ready {
                let result = self.node(store, memo, e, x);
                memo.insert(e, result);
                continue;
            }
            match &store[e] {
                Node::Number(_) | Node::Bound(..) | Node::Zero(_) | Node::Identity(_) => {
                    memo.insert(e, Store::ZERO);
                }
                Node::Symbol(_) => {
                    memo.insert(e, if e == x { Store::ONE } else { Store::ZERO });
                }
                node => {
                    stack.push((e, true));
                    stack.extend(node.children().map(|c| (c, false)));
                }
            }
        }
    }

    fn node(&mut self, store: &mut Store, memo: &FxHashMap<Expr, Expr>, e: Expr, x: Expr) -> Expr {
        let children: Vec<Expr> = store[e].children().collect();
        if children.iter().all(|c| memo[c] == Store::ZERO) {
            return store.zero(store.shape(e));
        }
        match store[e].clone() {
            Node::Sum(terms) => store.linear(terms.iter().map(|(c, t)| (c.clone(), memo[t]))),
            Node::Product(factors) => product_rule(store, memo, &factors),
            Node::Power(base, exponent) => power_rule(store, memo, base, exponent),
            Node::Call(function, arguments) => self.chain_rule(store, memo, function, &arguments),
            Node::Range { binder: Binder::Sum, from, to, body }
                if memo[&from] == Store::ZERO && memo[&to] == Store::ZERO =>
            {
                store.range(Binder::Sum, from, to, memo[&body])
            }
            Node::Matrix(shape, entries) => {
                let entries: Vec<Expr> = entries.iter().map(|a| memo[a]).collect();
                let (crate::expr::Dimension::Fixed(rows), crate::expr::Dimension::Fixed(columns)) =
                    (shape.rows, shape.columns)
                else {
                    return unevaluated(store, e, x);
                };
                store.matrix(rows, columns, entries)
            }
            _ => unevaluated(store, e, x),
        }
    }

    /// Σᵢ ∂f/∂aᵢ(a)·∂aᵢ.
    fn chain_rule(
        &mut self,
        store: &mut Store,
        memo: &FxHashMap<Expr, Expr>,
        function: FunctionId,
        arguments: &[Expr],
    ) -> Expr {
        let mut terms = Vec::new();
        for (position, argument) in arguments.iter().enumerate() {
            let inner = memo[argument];
            if inner == Store::ZERO {
                continue;
            }
            let outer = self.partial(store, function, position, arguments);
            terms.push(store.mul(outer, inner));
        }
        store.sum(terms)
    }

    /// ∂f/∂aᵢ at the arguments: the row's formula, or an unevaluated derivative when it has none.
    fn partial(
        &mut self,
        store: &mut Store,
        function: FunctionId,
        position: usize,
        arguments: &[Expr],
    ) -> Expr {
        let partial = self.partials.entry((function, position)).or_insert_with(|| {
            let text = function.row().partials[position]?;
            let (mut scope, parameters) = row_scope(store, function);
            Some(Partial { formula: formula_in(store, &mut scope, text), parameters })
        });
        match partial {
            Some(partial) => {
                let images = partial.parameters.iter().copied().zip(arguments.iter().copied()).collect();
                let formula = partial.formula;
                store.substitute(formula, &images)
            }
            None => {
                let mut slots: Vec<Expr> = arguments.iter().map(|a| store.shift(*a, 1)).collect();
                slots[position] = store.bound(0, Shape::SCALAR, false);
                let body = store.call(function, slots);
                store.derivative(DerivativeKind::Gradient, body, arguments[position])
            }
        }
    }
}

/// Σᵢ ∂fᵢ·Π_{j≠i} fⱼ.
fn product_rule(store: &mut Store, memo: &FxHashMap<Expr, Expr>, factors: &[Expr]) -> Expr {
    let mut terms = Vec::new();
    for (position, factor) in factors.iter().enumerate() {
        let derivative = memo[factor];
        if derivative == Store::ZERO {
            continue;
        }
        let others = factors.iter().enumerate().filter(|(j, _)| *j != position).map(|(_, f)| *f);
        let list: Vec<Expr> = std::iter::once(derivative).chain(others).collect();
        terms.push(store.product(list));
    }
    store.sum(terms)
}

/// ∂(b^q) = q·b^(q−1)·∂b for a constant q; b^c·(∂c·log b + c·∂b/b) otherwise, which needs b > 0 as the
/// power does.
fn power_rule(store: &mut Store, memo: &FxHashMap<Expr, Expr>, base: Expr, exponent: Expr) -> Expr {
    let (base_derivative, exponent_derivative) = (memo[&base], memo[&exponent]);
    let mut terms = Vec::new();
    if base_derivative != Store::ZERO && exponent == Store::ZERO {
        // ∂(b⁰) = 0 wherever b has a derivative, at its zeros too.
        terms.push(store.product([Store::ZERO, base_derivative]));
    } else if base_derivative != Store::ZERO {
        let lowered = match store.as_number(exponent) {
            Some(q) => {
                let q = q - &Rational::ONE;
                store.number(q)
            }
            None => store.sub(exponent, Store::ONE),
        };
        let power = store.pow(base, lowered);
        terms.push(store.product([exponent, power, base_derivative]));
    }
    if exponent_derivative != Store::ZERO {
        let log = store.call_named("log", [base]);
        let power = store.pow(base, exponent);
        terms.push(store.product([power, log, exponent_derivative]));
    }
    store.sum(terms)
}

/// A scalar that does not occur in the expression.
fn fresh_symbol(store: &mut Store, e: Expr) -> Expr {
    let taken: Vec<String> =
        store.free_symbols(&[e]).into_iter().map(|id| store.symbol_of(id).name.clone()).collect();
    let name = (0..).map(|n| format!("#t{n}")).find(|name| !taken.contains(name));
    store.scalar(&name.expect("one of more names than symbols is free"))
}

fn unevaluated(store: &mut Store, e: Expr, x: Expr) -> Expr {
    let body = store.abstract_over(e, x, false);
    store.derivative(DerivativeKind::Gradient, body, x)
}
