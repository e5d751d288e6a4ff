//! Which conditions follow from what is declared.
//!
//! `density p(x | theta) regular to order 2` meets a whole bundle: p > 0 on one fixed support, C² in θ, ∂ and ∫ exchanged twice,
//! log p and its first two derivatives with the moments that F needs, the second derivatives dominated around each θ. What
//! neither that nor an assumption gives stays open, and is printed.

use super::Rejected;
use super::condition::{Binding, Condition, Met};
use super::ring::{DEEPEST, Ring};
use super::sign::is_semidefinite;
use super::smooth::Variables;
use super::terms::{QUESTION, domain};
use crate::claim::{Assumption, Context, Limit, Property};
use crate::expr::{Expr, Images, Node, Shape, Symbol, SymbolId};
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
    /// It follows from other conditions of the theorem that are open.
    Implied,
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

/// How one condition is met.
pub fn discharge(
    ring: &mut Ring,
    context: &Context,
    met: &Met,
    limit: Option<&Limit>,
) -> Result<How, Rejected> {
    let mut asking =
        Discharge { ring, context, limit, reasons: Vec::new(), samples: Vec::new(), questions: 0 };
    if asking.holds(&met.condition, &met.under)? {
        return Ok(How::Follows(asking.reasons));
    }
    Ok(How::Open)
}

pub(super) struct Discharge<'a, 'b> {
    pub(super) ring: &'a mut Ring<'b>,
    pub(super) context: &'a Context,
    pub(super) limit: Option<&'a Limit>,
    reasons: Vec<Reason>,
    /// Variables that stand for a point of a density's sample space.
    pub(super) samples: Vec<(Expr, SymbolId)>,
    questions: usize,
}

pub(super) type Answer = Result<bool, Rejected>;

impl Discharge<'_, '_> {
    pub(super) fn holds(&mut self, condition: &Condition, under: &[Binding]) -> Answer {
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

    pub(super) fn ask(&mut self) -> Result<(), Rejected> {
        self.questions += 1;
        if self.questions > MOST_QUESTIONS { Err(Rejected::because("too many conditions")) } else { Ok(()) }
    }

    pub(super) fn because(&mut self, reason: Reason) -> bool {
        if !self.reasons.contains(&reason) {
            self.reasons.push(reason);
        }
        true
    }

    pub(super) fn regular(&mut self, density: SymbolId, order: u32) -> bool {
        let declared = self.context.densities.iter().any(|d| d.symbol == density && d.regularity >= order);
        declared && self.because(Reason::Regular(density))
    }

    pub(super) fn fresh(&mut self, name: &str, shape: Shape) -> Expr {
        // Nested questions need names of their own; the counter keeps them apart.
        let name = format!("{QUESTION}{name}{}", self.questions);
        self.questions += 1;
        self.ring.store.symbol(Symbol { name, shape, integer: false })
    }

    /// A point of the sample space.
    pub(super) fn sample(&mut self, density: SymbolId) -> Expr {
        let x = self.fresh("x", Shape::SCALAR);
        self.samples.push((x, density));
        x
    }

    pub(super) fn normal(&mut self, e: Expr) -> Result<Expr, Rejected> {
        Ok(self.ring.normal(e)?.expr)
    }

    // Signs.

    /// Is e > 0 (strict) or e ≥ 0?
    pub(super) fn sign(&mut self, e: Expr, under: &[Binding], strict: bool) -> Answer {
        self.ask()?;
        let e = self.normal(e)?;
        if self.assumed_sign(e, strict)? || self.positive_in_a_form(e, under)? {
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

    pub(super) fn assumed_sign(&mut self, e: Expr, strict: bool) -> Answer {
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

    pub(super) fn factor_sign(
        &mut self,
        atom: Expr,
        exponent: &Rational,
        under: &[Binding],
        strict: bool,
    ) -> Answer {
        self.ask()?;
        // An even power is a square, and a root is not negative where it has a value.
        let square = !exponent.is_integer() || (exponent * &Rational::new(1, 2)).is_integer();
        if square && (!strict || self.nonzero_atom(atom, under)?) {
            return Ok(true);
        }
        if self.assumed_sign(atom, strict)? || self.positive_in_a_form(atom, under)? {
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
    pub(super) fn in_sample_space(&self, density: SymbolId, x: Option<Expr>, under: &[Binding]) -> bool {
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
    pub(super) fn form_sign(&mut self, list: &[Expr], strict: bool) -> Answer {
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
        let definite = match odd.then(|| self.ring.store[list[half]].clone()) {
            None => true,
            // A Fisher matrix that has an inverse is definite.
            Some(Node::Inverse(inner)) => self.is_fisher(inner)? || self.definite(inner)?,
            Some(_) => self.definite(list[half])?,
        };
        Ok(half == 1 && definite && self.assumed_nonzero(list[list.len() - 1])?)
    }

    pub(super) fn nonzero(&mut self, e: Expr, under: &[Binding]) -> Answer {
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

    pub(super) fn nonzero_atom(&mut self, atom: Expr, under: &[Binding]) -> Answer {
        Ok(self.assumed_nonzero(atom)? || self.factor_sign(atom, &Rational::ONE, under, true)?)
    }

    /// e or −e is assumed to be different from 0, or positive.
    pub(super) fn assumed_nonzero(&mut self, e: Expr) -> Answer {
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
    pub(super) fn declared(&mut self, matrix: Expr, properties: &[Property]) -> Answer {
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

    /// Declared definite, a Fisher matrix that is declared nonsingular, or the inverse of one of these.
    fn definite(&mut self, matrix: Expr) -> Answer {
        self.ask()?;
        let matrix = self.normal(matrix)?;
        if let Node::Inverse(inner) = self.ring.store[matrix] {
            return self.definite(inner);
        }
        if self.declared(matrix, &[Property::PositiveDefinite])? {
            return Ok(true);
        }
        Ok(self.is_fisher(matrix)? && self.declared(matrix, &[Property::Nonsingular])?)
    }

    fn is_fisher(&mut self, matrix: Expr) -> Answer {
        let unfolded = self.unfolded(matrix)?;
        Ok(matches!(self.ring.store[unfolded], Node::Fisher { .. }))
    }

    /// The normal form with symbols that are defined by an equation replaced once.
    pub(super) fn unfolded(&mut self, e: Expr) -> Result<Expr, Rejected> {
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

    pub(super) fn nonsingular(&mut self, matrix: Expr) -> Answer {
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
    pub(super) fn defined(&mut self, e: Expr, under: &[Binding]) -> Answer {
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
    pub(super) fn named_notion(&mut self, e: Expr) -> Answer {
        match self.ring.store[e].clone() {
            Node::Fisher { density, .. } => Ok(self.regular(density, 1)),
            Node::Divergence { first, from, second, to } => {
                Ok(first == second && self.is_near(from, to, &Variables::none())? && self.regular(first, 1))
            }
            _ => Ok(false),
        }
    }

    /// Does b equal a, or tend to it in the limit or with a variable near a?
    pub(super) fn is_near(&mut self, a: Expr, b: Expr, around: &Variables) -> Answer {
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
}
