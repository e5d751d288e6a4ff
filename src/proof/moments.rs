//! Which integrals over a sample space converge, and which remainders under them are dominated.
//!
//! `E_θ[∇log p ∇log pᵀ]` holds two derivatives of log p at the parameter of the measure: a regular density has these moments.
//! `E_θ[log p(x | θ)²]` is more than the bundle says, and stays a condition.

use super::condition::Binding;
use super::discharge::{Answer, Discharge};
use super::smooth::Variables;
use super::terms::{has_hole, is_hole};
use crate::expr::{DerivativeKind, Expr, Node, SymbolId};
use crate::number::Rational;

impl Discharge<'_, '_> {
    pub(super) fn integrable(&mut self, node: Expr, under: &[Binding]) -> Answer {
        self.integrable_around(node, under, &Variables::none())
    }

    /// Each monomial under the integral is bounded by what a regular density has moments of: with the measure p(x | a) once, either one
    /// factor log p, or up to two derivatives of log p in all, at points near a.
    pub(super) fn integrable_around(&mut self, node: Expr, under: &[Binding], around: &Variables) -> Answer {
        self.ask()?;
        let (density, parameter, body) = match self.ring.store[node].clone() {
            Node::Expectation { density, parameter, body } => (density, Some(parameter), body),
            Node::SampleIntegral { density, body } => (density, None, body),
            _ => return Ok(false),
        };
        let mut below = under.to_vec();
        below.push(Binding::Sample(density));
        let x = self.sample(density);
        let open = self.ring.store.instantiate(body, x);
        let open = self.normal(open)?;
        for (_, scalars, chain) in self.ring.monomials(open)? {
            let mut moment = Moment { weights: parameter.into_iter().collect(), ..Moment::at(density, x) };
            let measured = parameter.is_some();
            for (factor, exponent) in scalars.iter().cloned().chain(chain.iter().map(|f| (*f, Rational::ONE)))
            {
                if !self.count(factor, &exponent, &mut moment)? {
                    return Ok(false);
                }
            }
            let wanted = if measured { Rational::ZERO } else { Rational::ONE };
            let small = moment.logs + moment.derivatives.min(1) <= 1 && moment.derivatives <= 2;
            if moment.measure != wanted || !small || !self.one_measure(&moment, around)? {
                return Ok(false);
            }
            let bare = moment.logs == 0 && moment.derivatives == 0;
            if !bare && !self.regular(density, moment.derivatives.max(1)) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Do all weights belong to one measure, and is what is weighed taken at its parameter, or, when it is one factor
    /// alone, near it?
    pub(super) fn one_measure(&mut self, moment: &Moment, around: &Variables) -> Answer {
        let Some(&first) = moment.weights.first() else { return Ok(moment.points.is_empty()) };
        let wanted = self.normal(first)?;
        for weight in &moment.weights {
            if self.normal(*weight)? != wanted {
                return Ok(false);
            }
        }
        for point in &moment.points {
            let alone = moment.factors == 1 && self.is_near(first, *point, around)?;
            if !alone && self.normal(*point)? != wanted {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Adds one factor to a monomial under an integral.
    pub(super) fn count(&mut self, factor: Expr, exponent: &Rational, moment: &mut Moment) -> Answer {
        self.ask()?;
        let store = &*self.ring.store;
        if !store.mentions(factor, &[moment.x]) {
            return Ok(true);
        }
        if self.count_in_a_form(factor, exponent, moment)? {
            return Ok(true);
        }
        match self.ring.store[factor].clone() {
            Node::Apply(density, list) if density == moment.density && list.first() == Some(&moment.x) => {
                moment.measure = &moment.measure + exponent;
                moment.weights.extend(list.get(1));
                Ok(true)
            }
            Node::Call(function, list) if function.row().name == "log" && exponent.is_one() => {
                moment.logs += 1;
                moment.factors += 1;
                self.log_of_density(list[0], moment)
            }
            Node::Transpose(inner) if exponent.is_one() => self.count(inner, exponent, moment),
            Node::Chain(list) => {
                let times = exponent.as_i64().filter(|n| (1..=2).contains(n)).unwrap_or(0);
                for factor in (0..times).flat_map(|_| list.iter()) {
                    if !self.count(*factor, &Rational::ONE, moment)? {
                        return Ok(false);
                    }
                }
                Ok(times > 0)
            }
            Node::Derivative { kind, body, at } if !self.ring.store.mentions(at, &[moment.x]) => {
                let times = exponent.as_i64().filter(|n| (1..=2).contains(n)).unwrap_or(0);
                let each = if kind == DerivativeKind::Hessian { 2 } else { 1 };
                moment.derivatives += each * times as u32;
                moment.factors += times as u32;
                let t = self.fresh("t", self.ring.store.shape(at));
                let open = self.ring.store.instantiate(body, t);
                let (head, weighted) = match self.ring.store[open].clone() {
                    Node::Call(function, list) if function.row().name == "log" => (list[0], false),
                    _ => (open, true),
                };
                if weighted {
                    // ∇p = p·∇log p, ∇²p = p·(∇²log p + ∇log p ∇log pᵀ).
                    moment.measure = &moment.measure + &Rational::from(times);
                    moment.weights.push(at);
                } else {
                    moment.points.push(at);
                }
                Ok(times > 0
                    && self.ring.store[head] == Node::Apply(moment.density, vec![moment.x, t].into()))
            }
            _ => Ok(false),
        }
    }

    /// log p(x | b), or the log of its power.
    pub(super) fn log_of_density(&mut self, inside: Expr, moment: &mut Moment) -> Answer {
        for (coefficient, scalars, _) in self.ring.monomials(inside)? {
            for (factor, _) in &scalars {
                match &self.ring.store[*factor] {
                    Node::Apply(density, list)
                        if *density == moment.density && list.first() == Some(&moment.x) =>
                    {
                        moment.points.extend(list.get(1));
                    }
                    _ if !self.ring.store.mentions(*factor, &[moment.x]) => {}
                    _ => return Ok(false),
                }
            }
            if !coefficient.is_positive() {
                return Ok(false);
            }
        }
        Ok(self.ring.monomials(inside)?.len() == 1)
    }

    /// Taylor's remainder of t ↦ log p(x | t) under E_a or ∫ p(x | a), and of t ↦ p(x | t) under ∫, with nothing else beside it that
    /// moves with x.
    pub(super) fn dominated(&mut self, integral: Expr, body: Expr, at: Expr, order: u32) -> Answer {
        let (density, parameter, inside) = match self.ring.store[integral].clone() {
            Node::Expectation { density, parameter, body } => (density, Some(parameter), body),
            Node::SampleIntegral { density, body } => (density, None, body),
            _ => return Ok(false),
        };
        let x = self.sample(density);
        let t = self.fresh("t", self.ring.store.shape(at));
        // `body` and `at` are seen from the hole, which must stand right under this binder.
        let function = self.ring.store.instantiate(body, t);
        let function = self.ring.store.instantiate(function, x);
        let at = self.ring.store.instantiate(at, x);
        if self.ring.store.mentions(at, &[x]) {
            return Ok(false);
        }
        let density_of_t = self.ring.store.apply(density, vec![x, t]);
        let log = self.ring.store.call_named("log", vec![density_of_t]);
        let is_log = self.normal(function)? == self.normal(log)?;
        let is_density = self.normal(function)? == self.normal(density_of_t)?;
        if !is_log && !is_density {
            return Ok(false);
        }
        let open = self.ring.store.instantiate(inside, x);
        let open = self.normal(open)?;
        for (_, scalars, chain) in self.ring.monomials(open)? {
            let factors: Vec<(Expr, Rational)> =
                scalars.into_iter().chain(chain.into_iter().map(|f| (f, Rational::ONE))).collect();
            if !factors.iter().any(|(f, _)| has_hole(self.ring.store, *f)) {
                continue;
            }
            let mut measure = parameter;
            for (factor, exponent) in factors {
                if is_hole(self.ring.store, factor) || !self.ring.store.mentions(factor, &[x]) {
                    continue;
                }
                match self.ring.store[factor].clone() {
                    Node::Apply(p, list)
                        if p == density && is_log && exponent.is_one() && measure.is_none() =>
                    {
                        measure = list.get(1).copied();
                    }
                    _ => return Ok(false),
                }
            }
            let fits = match measure {
                Some(measure) => is_log && self.is_near(measure, at, &Variables::none())?,
                None => is_density,
            };
            if !fits {
                return Ok(false);
            }
        }
        Ok(self.regular(density, order.max(1)))
    }
}

/// What a monomial under an integral holds.
pub(super) struct Moment {
    pub(super) density: SymbolId,
    pub(super) x: Expr,
    /// The exponent of the density.
    pub(super) measure: Rational,
    /// The parameters at which it, or a derivative of it, stands as a weight.
    pub(super) weights: Vec<Expr>,
    /// How many factors log p.
    pub(super) logs: u32,
    /// How many derivatives in all.
    pub(super) derivatives: u32,
    /// How many factors that are weighed.
    pub(super) factors: u32,
    /// The parameters at which they stand.
    pub(super) points: Vec<Expr>,
}

impl Moment {
    pub(super) fn at(density: SymbolId, x: Expr) -> Moment {
        let (weights, points) = (Vec::new(), Vec::new());
        Moment { density, x, measure: Rational::ZERO, weights, logs: 0, derivatives: 0, factors: 0, points }
    }
}
