//! Which conditions follow from what is declared.
//!
//! `density p(x | theta) regular to order 2` meets a whole bundle: p > 0 on one fixed support, C² in θ, ∂ and ∫ exchanged twice,
//! log p and its first two derivatives with the moments that F needs, the second derivatives dominated around each θ. What
//! neither that nor an assumption gives stays open, and is printed.

use super::Rejected;
use super::condition::{Binding, Condition, Met};
use super::ring::{DEEPEST, Ring};
use super::sign::is_semidefinite;
use super::terms::{QUESTION, domain, has_hole, is_hole};
use crate::claim::{Assumption, Context, Limit, Property};
use crate::expr::{DerivativeKind, Expr, Images, Node, Shape, Symbol, SymbolId};
use crate::number::Rational;

/// The most questions that one condition may lead to.
const MOST_QUESTIONS: usize = 4_000;

/// How a condition is met.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum How {
    /// It follows from these declarations; from none of them, when it always holds.
    Follows(Vec<Reason>),
    /// Where it fails, neither side of the claim has a value.
    BothUndefined,
    /// It is left to the reader.
    Open,
}

/// A declaration that was used.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Reason {
    /// The density is regular.
    Regular(SymbolId),
    /// The function is smooth.
    Smooth(SymbolId),
    /// The assumption of this number in the context.
    Assumed(usize),
}

/// How one condition is met. Those in `shared` are required by both sides of the claim.
pub fn discharge(
    ring: &mut Ring,
    context: &Context,
    met: &Met,
    limit: Option<&Limit>,
    shared: &[Met],
) -> Result<How, Rejected> {
    let mut asking =
        Discharge { ring, context, limit, reasons: Vec::new(), samples: Vec::new(), questions: 0 };
    if asking.holds(&met.condition, &met.under)? {
        return Ok(How::Follows(asking.reasons));
    }
    Ok(if shared.contains(met) { How::BothUndefined } else { How::Open })
}

struct Discharge<'a, 'b> {
    ring: &'a mut Ring<'b>,
    context: &'a Context,
    limit: Option<&'a Limit>,
    reasons: Vec<Reason>,
    /// Variables that stand for a point of a density's sample space.
    samples: Vec<(Expr, SymbolId)>,
    questions: usize,
}

type Answer = Result<bool, Rejected>;

impl Discharge<'_, '_> {
    fn holds(&mut self, condition: &Condition, under: &[Binding]) -> Answer {
        if condition.expressions().iter().any(|e| self.ring.store.height(*e) > DEEPEST) {
            return Ok(false);
        }
        match condition {
            Condition::Positive(e) => self.sign(*e, under, true),
            Condition::NonNegative(e) => self.sign(*e, under, false),
            Condition::NonZero(e) => self.nonzero(*e, under),
            Condition::Nonsingular(e) => self.nonsingular(*e),
            Condition::PositiveDefinite(e) => self.definite(*e),
            Condition::Defined(e) => self.defined(*e, under),
            Condition::Integrable(e) => self.integrable(*e, under),
            Condition::CommonSupport { first, second } => Ok(first.0 == second.0 && self.regular(first.0, 1)),
            Condition::Smooth { body, at, order } => {
                let t = self.fresh("v", self.ring.store.shape(*at));
                let open = self.ring.store.instantiate(*body, t);
                let around = Variables { symbols: vec![t], near: vec![(t, *at)] };
                self.smooth(open, &around, *order, under)
            }
            Condition::Exchange(e) => self.exchange(*e, under),
            Condition::Dominated { integral, body, at, order } => {
                self.dominated(*integral, *body, *at, *order)
            }
            Condition::Bounded(e) => self.bounded(*e, under),
            Condition::NearZero(_) => Ok(false),
        }
    }

    fn ask(&mut self) -> Result<(), Rejected> {
        self.questions += 1;
        if self.questions > MOST_QUESTIONS { Err(Rejected::because("too many conditions")) } else { Ok(()) }
    }

    fn because(&mut self, reason: Reason) -> bool {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
        true
    }

    fn regular(&mut self, density: SymbolId, order: u32) -> bool {
        let declared = self.context.densities.iter().any(|d| d.symbol == density && d.regularity >= order);
        declared && self.because(Reason::Regular(density))
    }

    fn fresh(&mut self, name: &str, shape: Shape) -> Expr {
        // Nested questions need names of their own; the counter keeps them apart.
        let name = format!("{QUESTION}{name}{}", self.questions);
        self.questions += 1;
        self.ring.store.symbol(Symbol { name, shape, integer: false })
    }

    /// A point of the sample space.
    fn sample(&mut self, density: SymbolId) -> Expr {
        let x = self.fresh("x", Shape::SCALAR);
        self.samples.push((x, density));
        x
    }

    fn normal(&mut self, e: Expr) -> Result<Expr, Rejected> {
        Ok(self.ring.normal(e)?.expr)
    }

    // Signs.

    /// Is e > 0 (strict) or e ≥ 0?
    fn sign(&mut self, e: Expr, under: &[Binding], strict: bool) -> Answer {
        self.ask()?;
        let e = self.normal(e)?;
        if self.assumed_sign(e, strict)? {
            return Ok(true);
        }
        let monomials = self.ring.monomials(e)?;
        let mut some_positive = false;
        for (coefficient, scalars, chain) in monomials {
            if coefficient.is_negative() || !chain.is_empty() {
                return Ok(false);
            }
            let mut positive = true;
            for (atom, exponent) in scalars {
                if self.factor_sign(atom, &exponent, under, true)? {
                    continue;
                }
                positive = false;
                if !self.factor_sign(atom, &exponent, under, false)? {
                    return Ok(false);
                }
            }
            some_positive |= positive;
        }
        Ok(some_positive || !strict)
    }

    fn assumed_sign(&mut self, e: Expr, strict: bool) -> Answer {
        for (at, assumption) in self.context.assumptions.iter().enumerate() {
            let given = match assumption {
                Assumption::Positive(given) => *given,
                Assumption::NonNegative(given) if !strict => *given,
                _ => continue,
            };
            if self.normal(given)? == e {
                return Ok(self.because(Reason::Assumed(at)));
            }
        }
        Ok(false)
    }

    fn factor_sign(&mut self, atom: Expr, exponent: &Rational, under: &[Binding], strict: bool) -> Answer {
        self.ask()?;
        // An even power is a square, and a root is not negative where it has a value.
        let square = !exponent.is_integer() || (exponent * &Rational::new(1, 2)).is_integer();
        if square && (!strict || self.nonzero_atom(atom, under)?) {
            return Ok(true);
        }
        if self.assumed_sign(atom, strict)? {
            return Ok(true);
        }
        match self.ring.store[atom].clone() {
            Node::Apply(density, list) => {
                Ok(self.in_sample_space(density, list.first().copied(), under) && self.regular(density, 1))
            }
            Node::Call(function, _) if function.row().name == "exp" => Ok(true),
            Node::Chain(list) => self.form_sign(&list, strict),
            Node::Number(q) => Ok(q.is_positive()),
            // A composite base of a root or of an inverse.
            Node::Sum(_) | Node::Product(_) | Node::Power(..) => self.sign(atom, under, strict),
            _ => Ok(false),
        }
    }

    /// Is x the sample variable of this very density? A free symbol stands for a point of the sample space.
    fn in_sample_space(&self, density: SymbolId, x: Option<Expr>, under: &[Binding]) -> bool {
        let Some(x) = x else { return false };
        match self.ring.store[x] {
            Node::Symbol(_) => self.samples.iter().all(|(sample, own)| *sample != x || *own == density),
            Node::Bound(index, ..) => {
                let level = under.len().checked_sub(index as usize + 1);
                level.is_some_and(|level| under[level] == Binding::Sample(density))
            }
            _ => false,
        }
    }

    /// vᵀv and vᵀMv, and longer chains with the same matrices on both sides.
    fn form_sign(&mut self, list: &[Expr], strict: bool) -> Answer {
        let (half, odd) = (list.len() / 2, list.len() % 2 == 1);
        for (left, right) in list[..half].iter().zip(list[list.len() - half..].iter().rev()) {
            let flipped = self.ring.store.transpose(*right);
            if self.normal(*left)? != self.normal(flipped)? {
                return Ok(false);
            }
        }
        if odd && !is_semidefinite(self.ring.store, self.context, list[half]) {
            return Ok(false);
        }
        if !strict {
            return Ok(true);
        }
        let definite = !odd || self.declared(list[half], &[Property::PositiveDefinite])?;
        Ok(half == 1 && definite && self.assumed_nonzero(list[list.len() - 1])?)
    }

    fn nonzero(&mut self, e: Expr, under: &[Binding]) -> Answer {
        self.ask()?;
        let e = self.normal(e)?;
        if self.assumed_nonzero(e)? || (self.ring.store.shape(e).is_scalar() && self.sign(e, under, true)?) {
            return Ok(true);
        }
        let negative = self.ring.store.neg(e);
        if self.ring.store.shape(e).is_scalar() && self.sign(negative, under, true)? {
            return Ok(true);
        }
        match self.ring.monomials(e)?.as_slice() {
            [(_, scalars, chain)] => {
                for (atom, _) in scalars {
                    if !self.nonzero_atom(*atom, under)? {
                        return Ok(false);
                    }
                }
                // A v ≠ 0 for nonsingular matrices A and a vector v ≠ 0.
                let Some((last, matrices)) = chain.split_last() else { return Ok(true) };
                for matrix in matrices {
                    if !self.nonsingular(*matrix)? {
                        return Ok(false);
                    }
                }
                self.assumed_nonzero(*last)
            }
            _ => Ok(false),
        }
    }

    fn nonzero_atom(&mut self, atom: Expr, under: &[Binding]) -> Answer {
        Ok(self.assumed_nonzero(atom)? || self.factor_sign(atom, &Rational::ONE, under, true)?)
    }

    /// e or −e is assumed to be different from 0, or positive.
    fn assumed_nonzero(&mut self, e: Expr) -> Answer {
        let negative = self.ring.store.neg(e);
        let wanted = [self.normal(e)?, self.normal(negative)?];
        for (at, assumption) in self.context.assumptions.iter().enumerate() {
            if let Assumption::NonZero(given) | Assumption::Positive(given) = assumption
                && wanted.contains(&self.normal(*given)?)
            {
                return Ok(self.because(Reason::Assumed(at)));
            }
        }
        Ok(false)
    }

    // Matrices.

    /// Is one of the properties declared of the matrix, under one of its names?
    fn declared(&mut self, matrix: Expr, properties: &[Property]) -> Answer {
        let wanted = self.unfolded(matrix)?;
        for (at, assumption) in self.context.assumptions.iter().enumerate() {
            if let Assumption::Property(of, property) = assumption
                && properties.contains(property)
                && self.unfolded(*of)? == wanted
            {
                return Ok(self.because(Reason::Assumed(at)));
            }
        }
        Ok(false)
    }

    /// Declared definite, or a Fisher matrix that is declared nonsingular.
    fn definite(&mut self, matrix: Expr) -> Answer {
        if self.declared(matrix, &[Property::PositiveDefinite])? {
            return Ok(true);
        }
        let unfolded = self.unfolded(matrix)?;
        Ok(matches!(self.ring.store[unfolded], Node::Fisher { .. })
            && self.declared(matrix, &[Property::Nonsingular])?)
    }

    /// The normal form with symbols that are defined by an equation replaced once.
    fn unfolded(&mut self, e: Expr) -> Result<Expr, Rejected> {
        let mut images = Images::default();
        for assumption in &self.context.assumptions {
            if let Assumption::Equal(symbol, value) = assumption
                && self.ring.store.as_symbol(*symbol).is_some()
            {
                images.entry(*symbol).or_insert(*value);
            }
        }
        let e = self.ring.store.substitute(e, &images);
        self.normal(e)
    }

    fn nonsingular(&mut self, matrix: Expr) -> Answer {
        self.ask()?;
        let normal = self.normal(matrix)?;
        match self.ring.store[normal].clone() {
            Node::Identity(_) => return Ok(true),
            Node::Transpose(inner) | Node::Inverse(inner) => return self.nonsingular(inner),
            _ => {}
        }
        if self.declared(matrix, &[Property::Nonsingular, Property::PositiveDefinite])? {
            return Ok(true);
        }
        // A product of scalars that are not 0 and of nonsingular square matrices.
        let monomials = self.ring.monomials(normal)?;
        let [(_, scalars, chain)] = monomials.as_slice() else { return Ok(false) };
        if scalars.is_empty() && chain.len() < 2 && chain.first() == Some(&normal) {
            return Ok(false);
        }
        for (atom, _) in scalars {
            if !self.nonzero_atom(*atom, &[])? {
                return Ok(false);
            }
        }
        for factor in chain {
            let shape = self.ring.store.shape(*factor);
            if shape.rows != shape.columns || !self.nonsingular(*factor)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    // Existence.

    /// Do all conditions of the domain follow?
    fn defined(&mut self, e: Expr, under: &[Binding]) -> Answer {
        self.ask()?;
        for met in domain(self.ring.store, e)? {
            if met.condition == Condition::Defined(e) {
                return self.named_notion(e);
            }
            let below: Vec<Binding> = under.iter().chain(&met.under).cloned().collect();
            if !self.holds(&met.condition, &below)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// F(θ) and KL(θ, b) of a regular density; b is θ itself or tends to it.
    fn named_notion(&mut self, e: Expr) -> Answer {
        match self.ring.store[e].clone() {
            Node::Fisher { density, .. } => Ok(self.regular(density, 1)),
            Node::Divergence { first, from, second, to } => {
                Ok(first == second && self.is_near(from, to, &Variables::none())? && self.regular(first, 1))
            }
            _ => Ok(false),
        }
    }

    /// Does b equal a, or tend to it in the limit or with a variable near a?
    fn is_near(&mut self, a: Expr, b: Expr, around: &Variables) -> Answer {
        let images: Images = around.near.iter().copied().collect();
        let b = self.ring.store.substitute(b, &images);
        let a = self.ring.store.substitute(a, &images);
        let mut still = Images::default();
        for (symbol, weight) in self.limit.iter().flat_map(|limit| &limit.symbols) {
            if weight.is_positive() {
                let zero = self.ring.store.zero(self.ring.store.shape(*symbol));
                still.insert(*symbol, zero);
            }
        }
        let (a, b) = (self.ring.store.substitute(a, &still), self.ring.store.substitute(b, &still));
        Ok(self.ring.normal(a)?.expr == self.ring.normal(b)?.expr)
    }

    fn integrable(&mut self, node: Expr, under: &[Binding]) -> Answer {
        self.integrable_around(node, under, &Variables::none())
    }

    /// Each monomial under the integral is bounded by what a regular density has moments of: with the measure p(x | a) once, either one
    /// factor log p, or up to two derivatives of log p in all, at points near a.
    fn integrable_around(&mut self, node: Expr, under: &[Binding], around: &Variables) -> Answer {
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
    fn one_measure(&mut self, moment: &Moment, around: &Variables) -> Answer {
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
    fn count(&mut self, factor: Expr, exponent: &Rational, moment: &mut Moment) -> Answer {
        self.ask()?;
        let store = &*self.ring.store;
        if !store.mentions(factor, &[moment.x]) {
            return Ok(true);
        }
        match store[factor].clone() {
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
            Node::Derivative { kind, body, at } if !store.mentions(at, &[moment.x]) => {
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
    fn log_of_density(&mut self, inside: Expr, moment: &mut Moment) -> Answer {
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

    // Smoothness and exchange.

    /// Is e a C^order function of the variables around their points?
    fn smooth(&mut self, e: Expr, around: &Variables, order: u32, under: &[Binding]) -> Answer {
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

    fn smooth_children(&mut self, e: Expr, around: &Variables, order: u32, under: &[Binding]) -> Answer {
        let children: Vec<Expr> = self.ring.store[e].children().collect();
        for child in children {
            if !self.smooth(child, around, order, under)? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// p(x | b) and L(b) with smooth arguments; x does not move.
    fn smooth_application(
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
    fn smooth_integral(&mut self, e: Expr, around: &Variables, order: u32, under: &[Binding]) -> Answer {
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
    fn under_integral(&mut self, node: Expr, around: &Variables) -> Result<Option<u32>, Rejected> {
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

    fn exchange(&mut self, node: Expr, under: &[Binding]) -> Answer {
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

    /// Taylor's remainder of t ↦ log p(x | t) under E_a or ∫ p(x | a), and of t ↦ p(x | t) under ∫, with nothing else beside it that
    /// moves with x.
    fn dominated(&mut self, integral: Expr, body: Expr, at: Expr, order: u32) -> Answer {
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

    /// A continuous function of what tends to 0 is bounded near it. What is assumed of the symbols themselves, d ≠ 0, is
    /// not known of the point 0: variables without assumptions take their place.
    fn bounded(&mut self, e: Expr, under: &[Binding]) -> Answer {
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
struct Variables {
    symbols: Vec<Expr>,
    near: Vec<(Expr, Expr)>,
}

impl Variables {
    fn none() -> Variables {
        Variables { symbols: Vec::new(), near: Vec::new() }
    }
}

/// What a monomial under an integral holds.
struct Moment {
    density: SymbolId,
    x: Expr,
    /// The exponent of the density.
    measure: Rational,
    /// The parameters at which it, or a derivative of it, stands as a weight.
    weights: Vec<Expr>,
    /// How many factors log p.
    logs: u32,
    /// How many derivatives in all.
    derivatives: u32,
    /// How many factors that are weighed.
    factors: u32,
    /// The parameters at which they stand.
    points: Vec<Expr>,
}

impl Moment {
    fn at(density: SymbolId, x: Expr) -> Moment {
        let (weights, points) = (Vec::new(), Vec::new());
        Moment { density, x, measure: Rational::ZERO, weights, logs: 0, derivatives: 0, factors: 0, points }
    }
}
