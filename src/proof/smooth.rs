//! Which functions are continuously differentiable, and which integrals may be differentiated under the sign.
//!
//! t ↦ λ log p(x | θ + t) is as smooth as p is declared to be; ∇_t ∫ p(x | t) dx = ∫ ∇_t p(x | t) dx is what "regular" means.

use super::Rejected;
use super::condition::Binding;
use super::discharge::{Answer, Discharge, Reason};
use super::moments::Moment;
use crate::expr::{DerivativeKind, Expr, Images, Node, SymbolId};
use crate::number::Rational;

impl Discharge<'_, '_> {
    /// Is e a C^order function of the variables around their points?
    pub(super) fn smooth(&mut self, e: Expr, around: &Variables, order: u32, under: &[Binding]) -> Answer {
        self.ask()?;
        if !self.ring.store.mentions(e, &around.symbols) || around.symbols.contains(&e) {
            return Ok(true);
        }
        match self.ring.store[e].clone() {
            Node::Sum(_) | Node::Product(_) | Node::Chain(_) | Node::Transpose(_) | Node::Matrix(..) => {
                self.smooth_children(e, around, order, under)
            }
            Node::Power(base, exponent) => {
                let whole = self.ring.store.as_number(exponent).filter(|q| q.is_integer()).cloned();
                let fits = match whole {
                    Some(q) if !q.is_negative() => true,
                    Some(_) => self.nonzero(base, under)?,
                    None => self.sign(base, under, true)?,
                };
                Ok(fits && self.smooth_children(e, around, order, under)?)
            }
            Node::Call(function, list) => {
                let fits = match function.row().name {
                    "log" => self.sign(list[0], under, true)?,
                    "sqrt" if order > 0 => self.sign(list[0], under, true)?,
                    "sqrt" => self.sign(list[0], under, false)?,
                    "exp" | "sin" | "cos" => true,
                    "abs" => order == 0,
                    _ => false,
                };
                Ok(fits && self.smooth_children(e, around, order, under)?)
            }
            Node::Inverse(a) => Ok(self.nonsingular(a)? && self.smooth_children(e, around, order, under)?),
            Node::Apply(symbol, list) => self.smooth_application(symbol, &list, (around, order), under),
            Node::Derivative { kind, body, at } => {
                let more = if kind == DerivativeKind::Hessian { 2 } else { 1 };
                let t = self.fresh("v", self.ring.store.shape(at));
                let open = self.ring.store.instantiate(body, t);
                let mut wider = around.clone();
                wider.symbols.push(t);
                wider.near.push((t, at));
                Ok(self.smooth(open, &wider, order + more, under)?
                    && self.smooth(at, around, order, under)?)
            }
            Node::Fisher { density, at } => {
                Ok(self.regular(density, order + 2) && self.smooth(at, around, order, under)?)
            }
            Node::Divergence { first, from, second, to } => {
                let near = first == second && self.is_near(from, to, around)?;
                Ok(near
                    && self.regular(first, order.max(1))
                    && self.smooth_children(e, around, order, under)?)
            }
            Node::Expectation { .. } | Node::SampleIntegral { .. } => {
                self.smooth_integral(e, around, order, under)
            }
            _ => Ok(false),
        }
    }

    pub(super) fn smooth_children(
        &mut self,
        e: Expr,
        around: &Variables,
        order: u32,
        under: &[Binding],
    ) -> Answer {
        let children: Vec<Expr> = self.ring.store[e].children().collect();
        for child in children {
            if !self.smooth(child, around, order, under)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// p(x | b) and L(b) with smooth arguments; x does not move.
    pub(super) fn smooth_application(
        &mut self,
        symbol: SymbolId,
        list: &[Expr],
        (around, order): (&Variables, u32),
        under: &[Binding],
    ) -> Answer {
        let density = self.context.densities.iter().any(|d| d.symbol == symbol);
        if density {
            let fixed = list.first().is_some_and(|x| !self.ring.store.mentions(*x, &around.symbols));
            if !fixed || !self.regular(symbol, order.max(1)) {
                return Ok(false);
            }
        } else {
            let smooth =
                self.context.functions.iter().any(|f| f.symbol == symbol && f.smoothness >= order.max(1));
            if !smooth {
                return Ok(false);
            }
            self.because(Reason::Smooth(symbol));
        }
        for argument in list {
            if !self.smooth(*argument, around, order, under)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// ∫ p(x | b) k, E_a[log p(x | b)] and their kind, a fixed and b near a.
    pub(super) fn smooth_integral(
        &mut self,
        e: Expr,
        around: &Variables,
        order: u32,
        under: &[Binding],
    ) -> Answer {
        let (density, body) = match self.ring.store[e].clone() {
            Node::Expectation { density, parameter, body }
                if !self.ring.store.mentions(parameter, &around.symbols) =>
            {
                (density, body)
            }
            Node::SampleIntegral { density, body } => (density, body),
            _ => return Ok(false),
        };
        if self.under_integral(e, around)?.is_none_or(|most| most < order) {
            return Ok(false);
        }
        let mut below = under.to_vec();
        below.push(Binding::Sample(density));
        let x = self.sample(density);
        let open = self.ring.store.instantiate(body, x);
        self.smooth(open, around, order, under)
    }

    /// How often an integral may be differentiated in the variables, each time under the integral: the bundle of a
    /// regular density gives its order for `∫ k p(x | t)` and, near the parameter of the measure, for `E_a[k log p(x | t)]` and
    /// `∫ k p(x | a) log p(x | t)`.
    pub(super) fn under_integral(&mut self, node: Expr, around: &Variables) -> Result<Option<u32>, Rejected> {
        let (density, parameter, body) = match self.ring.store[node].clone() {
            Node::Expectation { density, parameter, body } => (density, Some(parameter), body),
            Node::SampleIntegral { density, body } => (density, None, body),
            _ => return Ok(None),
        };
        let x = self.sample(density);
        let open = self.ring.store.instantiate(body, x);
        let open = self.normal(open)?;
        for (_, scalars, chain) in self.ring.monomials(open)? {
            let mut moment = Moment { weights: parameter.into_iter().collect(), ..Moment::at(density, x) };
            let mut moving_density = false;
            for (factor, exponent) in scalars.iter().cloned().chain(chain.iter().map(|f| (*f, Rational::ONE)))
            {
                if !self.count(factor, &exponent, &mut moment)? {
                    return Ok(None);
                }
                let head = matches!(self.ring.store[factor], Node::Apply(..));
                moving_density |= head && self.ring.store.mentions(factor, &around.symbols);
            }
            let wanted = if parameter.is_some() { Rational::ZERO } else { Rational::ONE };
            // p(x | t) log p(x | t) is more than the bundle says.
            let plain = moment.derivatives == 0 && moment.logs <= 1 && !(moving_density && moment.logs > 0);
            if !plain || moment.measure != wanted || !self.one_measure(&moment, around)? {
                return Ok(None);
            }
        }
        let regularity = self.context.densities.iter().find(|d| d.symbol == density).map(|d| d.regularity);
        Ok(regularity.filter(|order| self.regular(density, (*order).max(1))))
    }

    pub(super) fn exchange(&mut self, node: Expr, under: &[Binding]) -> Answer {
        let Node::Derivative { kind, body, at } = self.ring.store[node].clone() else { return Ok(false) };
        let order = if kind == DerivativeKind::Hessian { 2 } else { 1 };
        let t = self.fresh("v", self.ring.store.shape(at));
        let open = self.ring.store.instantiate(body, t);
        let around = Variables { symbols: vec![t], near: vec![(t, at)] };
        if let Node::Expectation { parameter, .. } = self.ring.store[open]
            && self.ring.store.mentions(parameter, &[t])
        {
            return Ok(false);
        }
        if self.under_integral(open, &around)?.is_none_or(|k| k < order) {
            return Ok(false);
        }
        let (Node::Expectation { density, body, .. } | Node::SampleIntegral { density, body }) =
            self.ring.store[open].clone()
        else {
            return Ok(false);
        };
        let x = self.sample(density);
        let inside = self.ring.store.instantiate(body, x);
        self.smooth(inside, &around, order, under)
    }

    /// A continuous function of what tends to 0 is bounded near it. What is assumed of the symbols themselves, d ≠ 0, is
    /// not known of the point 0: variables without assumptions take their place.
    pub(super) fn bounded(&mut self, e: Expr, under: &[Binding]) -> Answer {
        let Some(limit) = self.limit else { return Ok(false) };
        let mut around = Variables::none();
        let mut images = Images::default();
        for (symbol, weight) in &limit.symbols {
            if self.ring.store.mentions(e, &[*symbol]) {
                if !weight.is_positive() {
                    return Ok(false);
                }
                let shape = self.ring.store.shape(*symbol);
                let (free, zero) = (self.fresh("d", shape), self.ring.store.zero(shape));
                images.insert(*symbol, free);
                around.symbols.push(free);
                around.near.push((free, zero));
            }
        }
        let e = self.ring.store.substitute(e, &images);
        self.smooth(e, &around, 0, under)
    }
}

/// Symbols that move, and the points around which they do.
#[derive(Clone)]
pub(super) struct Variables {
    pub(super) symbols: Vec<Expr>,
    pub(super) near: Vec<(Expr, Expr)>,
}

impl Variables {
    pub(super) fn none() -> Variables {
        Variables { symbols: Vec::new(), near: Vec::new() }
    }
}
