//! The vocabulary of the article: p(x|θ) regular, r(x) and s(x), L(θ) smooth, θ, d, u, v ∈ ℝⁿ.

use crate::claim::{AbstractFunction, Assumption, Claim, Context, Density, Limit, Property};
use crate::expr::{DerivativeKind, Dimension, Expr, Shape, Store, Symbol, SymbolId};
use crate::instance::{Outcome, examine};
use crate::number::Rational;

pub struct Kit {
    pub store: Store,
    pub context: Context,
    pub n: Dimension,
    pub x: Expr,
    pub theta: Expr,
    pub d: Expr,
    pub u: Expr,
    pub v: Expr,
    pub eta: Expr,
    pub lambda: Expr,
    pub epsilon: Expr,
    pub p: SymbolId,
    pub r: SymbolId,
    pub s: SymbolId,
    pub loss: SymbolId,
    pub g: SymbolId,
}

impl Kit {
    pub fn new() -> Kit {
        let mut store = Store::new();
        let named = |store: &mut Store, name: &str, shape: Shape| {
            store.symbol(Symbol { name: name.to_owned(), shape, integer: false })
        };
        let n = store.symbol_id(Symbol { name: "n".to_owned(), shape: Shape::SCALAR, integer: true });
        let n = Dimension::Named(n);
        let column = Shape::vector(n);
        let [theta, d, u, v] = ["theta", "d", "u", "v"].map(|name| named(&mut store, name, column));
        let [x, eta, lambda, epsilon] = ["x", "eta", "lambda", "epsilon"].map(|name| store.scalar(name));
        let head = |store: &mut Store, name: &str, shape: Shape| {
            store.symbol_id(Symbol { name: name.to_owned(), shape, integer: false })
        };
        let [p, r, s, loss, g] = ["p", "r", "s", "L", "g"].map(|name| head(&mut store, name, Shape::SCALAR));
        let density = |symbol, parameter| Density { symbol, parameter, regularity: 3 };
        let function =
            |symbol, argument| AbstractFunction { symbol, arguments: vec![argument], smoothness: 3 };
        let context = Context {
            densities: vec![density(p, Some(theta)), density(r, None), density(s, None)],
            functions: vec![function(loss, theta), function(g, x)],
            assumptions: vec![
                Assumption::Positive(eta),
                Assumption::Positive(lambda),
                Assumption::Positive(epsilon),
            ],
            limit: Limit::default(),
        };
        Kit { store, context, n, x, theta, d, u, v, eta, lambda, epsilon, p, r, s, loss, g }
    }

    pub fn examine(&mut self, claim: &Claim) -> Outcome {
        examine(&mut self.store, claim, &self.context)
    }

    pub fn equal(&self, left: Expr, right: Expr) -> Claim {
        Claim::Equal { left, right }
    }

    /// left = right + o(‖d‖^order) as d → 0.
    pub fn order(&self, left: Expr, right: Expr, order: i64) -> Claim {
        self.order_in(&[(self.d, 1)], left, right, order)
    }

    pub fn order_in(&self, symbols: &[(Expr, i64)], left: Expr, right: Expr, order: i64) -> Claim {
        let symbols = symbols.iter().map(|(e, w)| (*e, Rational::from(*w))).collect();
        Claim::Order { left, right, limit: Limit { symbols }, order: Rational::from(order), big: false }
    }

    pub fn assume(&mut self, assumption: Assumption) {
        self.context.assumptions.push(assumption);
    }

    pub fn matrix(&mut self, name: &str) -> Expr {
        self.store.symbol(Symbol {
            name: name.to_owned(),
            shape: Shape::matrix(self.n, self.n),
            integer: false,
        })
    }

    /// p(x|at).
    pub fn p(&mut self, at: Expr) -> Expr {
        self.store.apply(self.p, [self.x, at])
    }

    pub fn log_p(&mut self, at: Expr) -> Expr {
        let p = self.p(at);
        self.log(p)
    }

    pub fn log(&mut self, e: Expr) -> Expr {
        self.store.call_named("log", [e])
    }

    /// r(x), s(x), g(x).
    pub fn of_x(&mut self, head: SymbolId) -> Expr {
        self.store.apply(head, [self.x])
    }

    pub fn loss(&mut self, at: Expr) -> Expr {
        self.store.apply(self.loss, [at])
    }

    /// ∇ by a symbol, at that symbol.
    pub fn grad(&mut self, e: Expr, by: Expr) -> Expr {
        let body = self.store.abstract_over(e, by, false);
        self.store.derivative(DerivativeKind::Gradient, body, by)
    }

    pub fn hess(&mut self, e: Expr, by: Expr) -> Expr {
        let body = self.store.abstract_over(e, by, false);
        self.store.derivative(DerivativeKind::Hessian, body, by)
    }

    /// ∇L at a point.
    pub fn slope(&mut self, at: Expr) -> Expr {
        let loss = self.loss(self.theta);
        let body = self.store.abstract_over(loss, self.theta, false);
        self.store.derivative(DerivativeKind::Gradient, body, at)
    }

    /// ∇²L at θ.
    pub fn curvature(&mut self) -> Expr {
        let loss = self.loss(self.theta);
        self.hess(loss, self.theta)
    }

    /// ∇ log p(x|θ).
    pub fn score(&mut self) -> Expr {
        let log = self.log_p(self.theta);
        self.grad(log, self.theta)
    }

    /// ∇² log p(x|θ).
    pub fn score_slope(&mut self) -> Expr {
        let log = self.log_p(self.theta);
        self.hess(log, self.theta)
    }

    /// E under p(·|at).
    pub fn mean_at(&mut self, at: Expr, body: Expr) -> Expr {
        let body = self.store.abstract_over(body, self.x, false);
        self.store.expectation(self.p, at, body)
    }

    pub fn mean(&mut self, body: Expr) -> Expr {
        self.mean_at(self.theta, body)
    }

    /// ∫ … dx.
    pub fn integral(&mut self, body: Expr) -> Expr {
        let body = self.store.abstract_over(body, self.x, false);
        self.store.sample_integral(self.p, body)
    }

    pub fn fisher(&mut self) -> Expr {
        self.store.fisher(self.p, self.theta)
    }

    pub fn kl(&mut self, from: Expr, to: Expr) -> Expr {
        self.store.divergence((self.p, from), (self.p, to))
    }

    pub fn moved(&mut self) -> Expr {
        self.store.add(self.theta, self.d)
    }

    /// aᵀb.
    pub fn dot(&mut self, a: Expr, b: Expr) -> Expr {
        let a = self.store.transpose(a);
        self.store.chain([a, b])
    }

    /// aᵀMb.
    pub fn form(&mut self, a: Expr, m: Expr, b: Expr) -> Expr {
        let a = self.store.transpose(a);
        self.store.chain([a, m, b])
    }

    pub fn norm(&mut self, a: Expr) -> Expr {
        let square = self.dot(a, a);
        self.store.call_named("sqrt", [square])
    }

    pub fn outer(&mut self, a: Expr) -> Expr {
        let transposed = self.store.transpose(a);
        self.store.chain([a, transposed])
    }

    pub fn half(&mut self, e: Expr) -> Expr {
        self.store.scale(&Rational::new(1, 2), e)
    }

    pub fn nonsingular_fisher(&mut self) {
        let fisher = self.fisher();
        self.assume(Assumption::Property(fisher, Property::Nonsingular));
    }
}
