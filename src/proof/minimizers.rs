//! Minimizers: stationary points, least values, and how minimizers move.

use super::Rejected;
use super::certificate::{Penalty, Step};
use super::condition::{Condition, Met};
use super::kernel::{Checker, Neglected};
use super::sign::{Evaluated, Sign, definite};
use super::terms::check_shapes;
use crate::claim::{Assumption, Limit, Problem};
use crate::expr::{DerivativeKind, Dimension, Expr, Images};
use crate::number::Rational;

impl Checker<'_> {
    /// ∇ objective = 0 at a minimum inside of the constraints (Fermat), where the objective is differentiable.
    pub(super) fn stationary(&mut self, problem: &Problem) -> Result<(Expr, Expr), Rejected> {
        check_shapes(self.ring.store, problem.objective)?;
        if self.ring.store.as_symbol(problem.variable).is_none()
            || !self.ring.store.shape(problem.objective).is_scalar()
        {
            return Err(Rejected::because("a problem has a symbol and a scalar objective"));
        }
        let body = self.ring.store.abstract_over(problem.objective, problem.variable, false);
        self.note(Met::outside(Condition::Smooth { body, at: problem.variable, order: 1 }), &[]);
        let gradient = self.ring.store.derivative(DerivativeKind::Gradient, body, problem.variable);
        let shape = self.ring.store.shape(gradient);
        Ok((gradient, self.ring.store.zero(shape)))
    }

    pub(super) fn minimum(
        &mut self,
        point: Expr,
        problem: &Problem,
        chain: &[Step],
        sign: &Sign,
        feasible: &[(Vec<Step>, Sign)],
    ) -> Result<(), Rejected> {
        let variable = problem.variable;
        let store = &mut *self.ring.store;
        if store.as_symbol(variable).is_none()
            || store.mentions(point, &[variable])
            || store.shape(point) != store.shape(variable)
            || feasible.len() != problem.constraints.len()
        {
            return Err(Rejected::because("the point, the variable or the constraints do not fit"));
        }
        self.note_domain(&[point])?;
        self.note_domain(&[problem.objective])?;
        let at_point: Images = [(variable, point)].into_iter().collect();
        let least = self.ring.store.substitute(problem.objective, &at_point);
        let mut slacks = Vec::new();
        for (constraint, (steps, sign)) in problem.constraints.iter().zip(feasible) {
            check_shapes(self.ring.store, *constraint)?;
            let slack = self.ring.store.neg(*constraint);
            let there = self.ring.store.substitute(slack, &at_point);
            let sign = self.sign(sign, &[], true)?;
            self.chain(there, sign.expr, steps, None)?;
            slacks.push(slack);
        }
        let sign = self.sign(sign, &slacks, false)?;
        self.difference(problem.objective, least, sign.expr, chain)?;
        let away = self.ring.store.sub(variable, point);
        self.vanishes_only_at(&sign, away)
    }

    /// Is `vector` = 0 wherever the sign's expression is?
    pub(super) fn vanishes_only_at(&mut self, sign: &Evaluated, vector: Expr) -> Result<(), Rejected> {
        let negative = self.ring.store.neg(vector);
        let wanted = [self.normal(vector, &[])?, self.normal(negative, &[])?];
        for zero in &sign.zeros {
            if self.ring.store.shape(*zero) == self.ring.store.shape(vector)
                && wanted.contains(&self.normal(*zero, &[])?)
            {
                return Ok(());
            }
        }
        Err(Rejected::because("it may vanish elsewhere"))
    }

    /// lim argmin/ε over dᵀGd ≤ ε² as ε ↓ 0.
    ///
    /// Let f be differentiable at 0 and continuous near it, c = ∇f(0) ≠ 0, ‖v‖² = vᵀGv, m = √(cᵀG⁻¹c) and u = −G⁻¹c/m, so that ‖u‖ = 1 and
    /// cᵀu = −m. Minimizers d over the ball exist for small ε, as it is compact and f continuous; put v = d/ε, ‖v‖ ≤ 1.
    /// From f(d) ≤ f(εu) and f(εw) = f(0) + ε cᵀw + o(ε), uniformly in ‖w‖ ≤ 1, follows cᵀv ≤ −m + o(1). The identity
    /// cᵀv + m = ½m‖v − u‖² + ½m(1 − ‖v‖²), whose last term is not negative, gives ½m‖v − u‖² ≤ o(1): every choice of minimizers
    /// has v → u.
    pub(super) fn ball(
        &mut self,
        (point, scale): (Expr, Expr),
        problem: &Problem,
        limit: &Limit,
        model: &Model,
        chain: &[Step],
        end: &[Step],
    ) -> Result<(), Rejected> {
        let d = problem.variable;
        let ([(epsilon, weight)], [constraint]) = (limit.symbols.as_slice(), problem.constraints.as_slice())
        else {
            return Err(Rejected::because("one quantity tends to 0, and there is one constraint"));
        };
        self.free_symbols(&[d, *epsilon])?;
        let shape = self.ring.store.shape(d);
        let column = shape.columns == Dimension::Fixed(1) && self.ring.store.shape(model.gradient) == shape;
        if !weight.is_positive() || !column || !self.ring.store.shape(*epsilon).is_scalar() {
            return Err(Rejected::because("shapes do not agree"));
        }
        let parts = [point, model.constant, model.gradient].into_iter().chain(model.metric);
        if parts.into_iter().any(|e| self.ring.store.mentions(e, &[d, *epsilon]))
            || self.ring.store.mentions(problem.objective, &[*epsilon])
        {
            return Err(Rejected::because("the model moves with the limit"));
        }
        self.is_ball(*constraint, d, *epsilon, model.metric)?;
        let inverse = self.ring.store.powi(*epsilon, -1);
        self.chain(scale, inverse, &[], None)?;
        self.linear_at_0(problem.objective, d, (model.constant, model.gradient), chain)?;
        self.note(Met::outside(Condition::NonZero(model.gradient)), &[]);
        let direction = match model.metric {
            Some(metric) => {
                let definite = definite(self.ring.store, self.context, metric);
                self.note(Met::outside(definite), &[]);
                let inverse = self.ring.store.inverse(metric);
                self.ring.store.chain([inverse, model.gradient])
            }
            None => model.gradient,
        };
        let row = self.ring.store.transpose(model.gradient);
        let square = self.ring.store.chain([row, direction]);
        let length = self.ring.store.call_named("sqrt", vec![square]);
        let unit = self.ring.store.powi(length, -1);
        let limit_point = self.ring.store.chain([unit, direction]);
        let limit_point = self.ring.store.neg(limit_point);
        self.note_domain(&[point])?;
        self.chain(point, limit_point, end, None)
    }

    /// Is the constraint ‖d‖ − ε ≤ 0 or dᵀGd − ε² ≤ 0? As ε tends to 0 from above, they say the same.
    fn is_ball(
        &mut self,
        constraint: Expr,
        d: Expr,
        epsilon: Expr,
        metric: Option<Expr>,
    ) -> Result<(), Rejected> {
        check_shapes(self.ring.store, constraint)?;
        let row = self.ring.store.transpose(d);
        let square = self.ring.store.chain([row].into_iter().chain(metric).chain([d]));
        check_shapes(self.ring.store, square)?;
        let length = self.ring.store.call_named("sqrt", vec![square]);
        let radius = self.ring.store.powi(epsilon, 2);
        let shapes = [self.ring.store.sub(length, epsilon), self.ring.store.sub(square, radius)];
        let constraint = self.normal(constraint, &[])?;
        for shape in shapes {
            if self.normal(shape, &[])? == constraint {
                return Ok(());
            }
        }
        Err(Rejected::because("the constraint is no ball"))
    }

    /// f(d) = f(0) + cᵀd + o(‖d‖), f continuous near 0.
    fn linear_at_0(
        &mut self,
        f: Expr,
        d: Expr,
        (constant, gradient): (Expr, Expr),
        steps: &[Step],
    ) -> Result<(), Rejected> {
        self.smooth_at_0(f, d, 1)?;
        let row = self.ring.store.transpose(gradient);
        let slope = self.ring.store.chain([row, d]);
        let model = self.ring.store.add(constant, slope);
        let limit = Limit { symbols: vec![(d, Rational::ONE)] };
        self.chain(f, model, steps, Some(Neglected { limit: &limit, order: &Rational::ONE, big: false }))
    }

    /// f has a value at 0 and is smooth around it.
    fn smooth_at_0(&mut self, f: Expr, d: Expr, order: u32) -> Result<(), Rejected> {
        check_shapes(self.ring.store, f)?;
        let body = self.ring.store.abstract_over(f, d, false);
        let at = self.ring.store.zero(self.ring.store.shape(d));
        let value = self.ring.store.instantiate(body, at);
        self.note_domain(&[value])?;
        self.note(Met::outside(Condition::Smooth { body, at, order }), &[]);
        Ok(())
    }

    /// Symbols that no equation of the text ties to anything.
    fn free_symbols(&mut self, symbols: &[Expr]) -> Result<(), Rejected> {
        let store = &*self.ring.store;
        let tied = self.context.assumptions.iter().any(|assumption| match assumption {
            Assumption::Equal(a, b) => store.mentions(*a, symbols) || store.mentions(*b, symbols),
            _ => false,
        });
        if tied || symbols.iter().any(|s| store.as_symbol(*s).is_none()) {
            return Err(Rejected::because("what moves is a symbol, and no equation speaks of it"));
        }
        Ok(())
    }

    /// argmin a(d) + λb(d) and argmin cᵀd + ½λdᵀGd differ by o of themselves as λ → ∞.
    ///
    /// Let a be C¹ and b be C² near 0, c = ∇a(0) ≠ 0, b(d) = b(0) + ½dᵀGd + o(‖d‖²) with G positive definite. On some compact ball U around 0
    /// then b(d) − b(0) ≥ β‖d‖² with a β > 0 and |a(d) − a(0)| ≤ γ‖d‖, so that every minimizer over U has ‖d‖ ≤ γ/(λβ); minimizers over U
    /// exist, and lie inside of it for large λ. With d = u/λ, λ(a + λb − a(0) − λb(0)) = cᵀu + ½uᵀGu + o(1) uniformly in ‖u‖ ≤ γ/β, and the right side has the one
    /// minimizer u* = −G⁻¹c ≠ 0. Hence λd → u*, while the second problem is solved by u*/λ. That minimizers near 0 are meant, and not
    /// some far away, is what the declared scale of d says; it is noted as a condition.
    pub(super) fn penalty(
        &mut self,
        first: &Problem,
        second: &Problem,
        limit: &Limit,
        by: &Penalty,
    ) -> Result<(), Rejected> {
        let (d, lambda) = (first.variable, by.factor);
        let weight = |symbol: Expr| limit.symbols.iter().find(|(s, _)| *s == symbol).map(|(_, w)| w.clone());
        let (Some(small), Some(large)) = (weight(d), weight(lambda)) else {
            return Err(Rejected::because("the scales of the variable and of the factor are not declared"));
        };
        if !small.is_positive() || !(&small + &large).is_zero() || second.variable != d {
            return Err(Rejected::because("the factor does not grow as the variable shrinks"));
        }
        if !first.constraints.is_empty() || !second.constraints.is_empty() {
            return Err(Rejected::because("the problems have constraints"));
        }
        let moving: Vec<Expr> = limit.symbols.iter().map(|(symbol, _)| *symbol).collect();
        self.free_symbols(&moving)?;
        let others: Vec<Expr> = moving.iter().copied().filter(|symbol| *symbol != d).collect();
        let fixed = [by.function_at_0, by.gradient, by.penalty_at_0, by.metric];
        let store = &*self.ring.store;
        if fixed.iter().any(|e| store.mentions(*e, &moving))
            || [by.function, by.penalty].iter().any(|e| store.mentions(*e, &others))
            || [by.first_rest, by.second_rest].iter().any(|e| store.mentions(*e, &[d]))
            || store.shape(by.gradient) != store.shape(d)
            || !store.shape(lambda).is_scalar()
        {
            return Err(Rejected::because("the model moves with the limit"));
        }
        self.note_domain(&[by.first_rest, by.second_rest])?;
        let row = self.ring.store.transpose(d);
        let square = self.ring.store.chain([row, by.metric, d]);
        check_shapes(self.ring.store, square)?;
        let half = self.ring.store.scale(&Rational::new(1, 2), square);
        let weighted = self.ring.store.mul(lambda, by.penalty);
        let sum = self.ring.store.sum([by.function, weighted, by.first_rest]);
        self.chain(first.objective, sum, &[], None)?;
        let slope = self.ring.store.transpose(by.gradient);
        let slope = self.ring.store.chain([slope, d]);
        let weighted = self.ring.store.mul(lambda, half);
        let sum = self.ring.store.sum([slope, weighted, by.second_rest]);
        self.chain(second.objective, sum, &[], None)?;
        self.linear_at_0(by.function, d, (by.function_at_0, by.gradient), &by.linear)?;
        self.smooth_at_0(by.penalty, d, 2)?;
        let model = self.ring.store.add(by.penalty_at_0, half);
        let toward_0 = Limit { symbols: vec![(d, Rational::ONE)] };
        let neglected = Neglected { limit: &toward_0, order: &Rational::from(2), big: false };
        self.chain(by.penalty, model, &by.quadratic, Some(neglected))?;
        self.note(Met::outside(Condition::Positive(lambda)), &[]);
        self.note(Met::outside(Condition::NonZero(by.gradient)), &[]);
        let definite = definite(self.ring.store, self.context, by.metric);
        self.note(Met::outside(definite), &[]);
        self.note(Met::outside(Condition::NearZero(d)), &[]);
        Ok(())
    }
}

/// The linear model of an objective at 0, and the metric of a ball.
pub(super) struct Model {
    pub constant: Expr,
    pub gradient: Expr,
    pub metric: Option<Expr>,
}
