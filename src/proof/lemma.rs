//! Laws that are proved from the others, as certificates that the kernel checks at each use.
//!
//! `E_a[∇log p] = ∫ p p⁻¹ ∇p = ∇∫p = ∇1 = 0` for a point a of its own; what the proof needs is needed wherever the law is used.

use super::Rejected;
use super::certificate::Step;
use super::schema::{Meta, RuleId};
use super::terms::hole;
use crate::claim::Context;
use crate::expr::DerivativeKind::{Gradient, Hessian};
use crate::expr::{Expr, Shape, Store, Symbol, SymbolId};
use crate::number::Rational;

/// A law at a point of its own.
pub struct Lemma {
    /// The left side.
    pub from: Expr,
    /// The right side.
    pub to: Expr,
    /// The symbol of the point.
    pub point: Expr,
    /// From the left side to the right side.
    pub steps: Vec<Step>,
}

/// The law of a name for a density with parameters of a shape.
pub fn lemma(
    store: &mut Store,
    context: &Context,
    name: &str,
    density: Expr,
    shape: Shape,
) -> Result<Lemma, Rejected> {
    let symbol = store
        .as_symbol(density)
        .filter(|id| context.densities.iter().any(|d| d.symbol == *id && d.parameter.is_some()))
        .ok_or_else(|| Rejected::because("not a declared density with a parameter"))?;
    let mut variable =
        |name: &str, shape| store.symbol(Symbol { name: name.to_owned(), shape, integer: false });
    let (point, x, t) = (variable("→a", shape), variable("→x", Shape::SCALAR), variable("→t", shape));
    let mut writer = Writer { store, symbol, density, point, x, t };
    match name {
        "score-mean" => Ok(writer.score_mean()),
        "information" => Ok(writer.information()),
        _ => Err(Rejected::because("no such lemma")),
    }
}

struct Writer<'a> {
    store: &'a mut Store,
    symbol: SymbolId,
    density: Expr,
    point: Expr,
    x: Expr,
    t: Expr,
}

impl Writer<'_> {
    fn score_mean(&mut self) -> Lemma {
        let (log, p) = (self.log_density(), self.density_of_t());
        let score = self.store.derivative(Gradient, log, self.point);
        let from = self.expectation(score);
        let gradient = self.store.derivative(Gradient, p, self.point);
        let whole = hole(self.store, Shape::SCALAR);
        let column = self.column();
        let inside = self.expectation(column);
        let ratio = self.over_density(gradient);
        let under_gradient = self.store.derivative(Gradient, whole, self.point);
        let body = self.store.bound(0, self.store.shape(self.point), false);
        let to = self.store.zero(self.store.shape(self.point));
        let steps = vec![
            self.step("grad-log", vec![(Meta::F, p), (Meta::A, self.point)], inside),
            self.step(
                "def-e",
                vec![(Meta::P, self.density), (Meta::A, self.point), (Meta::F, ratio)],
                column,
            ),
            self.step("exchange", vec![(Meta::P, self.density), (Meta::A, self.point), (Meta::F, p)], column),
            self.step("normalized", vec![(Meta::P, self.density), (Meta::A, body)], under_gradient),
            self.step("grad-constant", vec![(Meta::C, Store::ONE), (Meta::A, self.point)], column),
        ];
        Lemma { from, to, point: self.point, steps }
    }

    fn information(&mut self) -> Lemma {
        let (log, p) = (self.log_density(), self.density_of_t());
        let hessian = self.store.derivative(Hessian, log, self.point);
        let from = self.expectation(hessian);
        let fisher = self.store.fisher(self.symbol, self.point);
        let to = self.store.neg(fisher);
        let matrix = hole(self.store, self.store.shape(fisher));
        let scalar = hole(self.store, Shape::SCALAR);
        // ∇²log p = ∇²p/p − ∇p∇p'/p².
        let gradient = self.store.derivative(Gradient, p, self.point);
        let second = self.store.derivative(Hessian, p, self.point);
        let row = self.store.transpose(gradient);
        let outer = self.store.chain([gradient, row]);
        let (curved, once) = (self.over_density(second), self.over_density(outer));
        let twice = self.over_density(once);
        let (minus_once, minus_twice) = (self.store.neg(once), self.store.neg(twice));
        let expanded = self.store.add(curved, minus_twice);
        let inside = self.expectation(matrix);
        // ∫ ∇²p + ∫ −∇p∇p'/p.
        let rest = self.store.sample_integral(self.symbol, minus_once);
        let beside = self.store.add(matrix, rest);
        let hessian_of = self.store.derivative(Hessian, scalar, self.point);
        let under_hessian = self.store.add(hessian_of, rest);
        let negative = self.store.neg(matrix);
        let body = self.store.bound(0, self.store.shape(self.point), false);
        let minus = self.store.number(Rational::MINUS_ONE);
        // E[∇p∇p'/p²] = E[s s'], one factor after the other.
        let column = self.column();
        let score = self.store.derivative(Gradient, log, self.point);
        let (row_of_score, row_of_hole) = (self.store.transpose(score), self.store.transpose(column));
        let gradient_over = self.over_density(gradient);
        let first = self.store.chain([gradient_over, row_of_hole]);
        let then = self.store.chain([column, row_of_score]);
        let (first, then) = (self.minus_expectation(first), self.minus_expectation(then));
        let (density, at) = ((Meta::P, self.density), (Meta::A, self.point));
        let steps = vec![
            self.step("hess-log", vec![(Meta::F, p), at], inside),
            self.step("def-e", vec![density, at, (Meta::F, expanded)], matrix),
            self.step("int-sum", vec![density, (Meta::F, second), (Meta::G, minus_once)], matrix),
            self.step("exchange-2", vec![density, at, (Meta::F, p)], beside),
            self.step("normalized", vec![density, (Meta::A, body)], under_hessian),
            self.step("hess-constant", vec![(Meta::C, Store::ONE), at], beside),
            self.step("int-constant", vec![density, (Meta::K, minus), (Meta::F, once)], matrix),
            self.back("def-e", vec![density, at, (Meta::F, twice)], negative),
            self.back("grad-log", vec![(Meta::F, p), at], first),
            self.back("grad-log", vec![(Meta::F, p), at], then),
            self.back("def-fisher", vec![density, at], negative),
        ];
        Lemma { from, to, point: self.point, steps }
    }

    fn step(&self, rule: &'static str, with: Vec<(Meta, Expr)>, context: Expr) -> Step {
        Step { rule: RuleId(rule), with, context, backwards: false }
    }

    fn back(&self, rule: &'static str, with: Vec<(Meta, Expr)>, context: Expr) -> Step {
        Step { backwards: true, ..self.step(rule, with, context) }
    }

    fn column(&mut self) -> Expr {
        let shape = self.store.shape(self.point);
        hole(self.store, shape)
    }

    /// t ↦ p(x | t), with the bound x as seen under the binder of an integral.
    fn density_of_t(&mut self) -> Expr {
        let p = self.store.apply(self.symbol, vec![self.x, self.t]);
        self.at_bound_x(p)
    }

    /// t ↦ log p(x | t), likewise.
    fn log_density(&mut self) -> Expr {
        let p = self.store.apply(self.symbol, vec![self.x, self.t]);
        let log = self.store.call_named("log", vec![p]);
        self.at_bound_x(log)
    }

    /// t ↦ e with x bound one binder further out.
    fn at_bound_x(&mut self, e: Expr) -> Expr {
        let body = self.store.abstract_over(e, self.x, false);
        // `Bound(0)` is t, and x, closed first, is `Bound(1)`.
        self.store.abstract_over(body, self.t, false)
    }

    /// e/p(x | a) under the binder of x.
    fn over_density(&mut self, e: Expr) -> Expr {
        let x = self.store.bound(0, Shape::SCALAR, false);
        let p = self.store.apply(self.symbol, vec![x, self.point]);
        let inverse = self.store.powi(p, -1);
        self.store.chain([inverse, e])
    }

    fn expectation(&mut self, body: Expr) -> Expr {
        self.store.expectation(self.symbol, self.point, body)
    }

    fn minus_expectation(&mut self, body: Expr) -> Expr {
        let e = self.expectation(body);
        self.store.neg(e)
    }
}
