//! Densities, expectations and integrals over the sample space of an instance.
//!
//! `E_θ[x]` on the Bernoulli family is `(1 − θ)·0 + θ·1`; on the line it is read off the moments.

use super::{Binding, Evaluator};
use crate::expr::{Expr, Node, SymbolId};
use crate::instance::failure::Failure;
use crate::instance::family::Family;
use crate::instance::jet::Jet;
use crate::instance::matrix::Matrix;
use crate::instance::moments;

impl Evaluator<'_> {
    pub(super) fn apply(&mut self, head: SymbolId, arguments: &[Expr], e: Expr) -> Result<Matrix, Failure> {
        if let Some(function) = self.world.functions.get(&head) {
            let mut coordinates = Vec::new();
            for argument in arguments {
                coordinates.extend(self.eval(*argument)?.entries.iter().cloned());
            }
            let entries = function.eval(&coordinates, &self.ring)?;
            let (rows, columns) = self.size(self.store.shape(e))?;
            return Ok(Matrix { rows, columns, entries });
        }
        let (sample, parameter) = match arguments {
            [sample] => (*sample, None),
            [sample, parameter] => (*sample, Some(*parameter)),
            _ => return Err(Failure::unknown("a density of other arguments")),
        };
        let family = self.world.family(head)?;
        if family.continuous.is_some() {
            let Node::Bound(index, ..) = self.store[sample] else {
                return Err(Failure::unknown("a density on the line at a point"));
            };
            let Binding::Line(level) = *self.binding(index)? else {
                return Err(Failure::unknown("a density on the line at a point"));
            };
            return Ok(Matrix::scalar(self.density_on_the_line(family, parameter, level)?));
        }
        let masses = self.masses(head, parameter)?;
        let outcome = self.outcome_of(sample, masses.len())?;
        Ok(Matrix::scalar(masses[outcome].clone()))
    }

    /// The probabilities of a density at a parameter.
    pub(super) fn masses(&mut self, density: SymbolId, parameter: Option<Expr>) -> Result<Vec<Jet>, Failure> {
        let family = self.world.family(density)?;
        let parameter = self.parameter(family, parameter)?;
        family.masses(&parameter, &self.ring)
    }

    /// Which sample point an expression is.
    pub(super) fn outcome_of(&mut self, e: Expr, outcomes: usize) -> Result<usize, Failure> {
        let direct = match self.store[e] {
            Node::Bound(index, ..) => match self.binding(index)? {
                Binding::Outcome(outcome) => Some(*outcome),
                Binding::Value(_) | Binding::Line(_) => None,
            },
            Node::Symbol(id) => self.world.samples.get(&id).copied(),
            _ => None,
        };
        if let Some(outcome) = direct {
            return Ok(outcome);
        }
        let value = self.eval(e)?.as_scalar()?.as_rational().and_then(|q| q.as_i64());
        let outcome = value.and_then(|k| usize::try_from(k).ok()).filter(|k| *k < outcomes);
        outcome.ok_or(Failure::Outside)
    }

    pub(super) fn sum_over_sample(
        &mut self,
        body: Expr,
        masses: Option<&[Jet]>,
        outcomes: usize,
    ) -> Result<Matrix, Failure> {
        let mut sum: Option<Matrix> = None;
        for outcome in 0..outcomes {
            let value = self.under(Binding::Outcome(outcome), body)?;
            let term = match masses {
                Some(masses) => Matrix::scalar(masses[outcome].clone()).mul(&value, &self.ring)?,
                None => value.as_ref().clone(),
            };
            sum = Some(match sum {
                None => term,
                Some(sum) => sum.add(&term, &self.ring)?,
            });
        }
        sum.ok_or_else(|| Failure::unknown("an empty sample space"))
    }

    pub(super) fn parameter(
        &mut self,
        family: &Family,
        parameter: Option<Expr>,
    ) -> Result<Vec<Jet>, Failure> {
        match parameter {
            Some(parameter) if family.parameters > 0 => Ok(self.eval(parameter)?.entries.clone()),
            _ => Ok(Vec::new()),
        }
    }

    pub(super) fn density_on_the_line(
        &mut self,
        family: &'static Family,
        parameter: Option<Expr>,
        level: usize,
    ) -> Result<Jet, Failure> {
        let parameter = self.parameter(family, parameter)?;
        if parameter.len() != family.parameters {
            return Err(Failure::unknown("a density at a parameter of another dimension"));
        }
        moments::density(family, &parameter, level, &mut self.bases, &self.ring)
    }

    /// How many sample binders stand around.
    pub(super) fn level(&self) -> Result<usize, Failure> {
        let level = self.bindings.iter().filter(|(binding, _)| matches!(binding, Binding::Line(_))).count();
        if level < 2 { Ok(level) } else { Err(Failure::unknown("too many nested integrals")) }
    }

    /// ∫ of a body over the line, or E under a density.
    pub(super) fn integral(
        &mut self,
        body: Expr,
        weight: Option<(SymbolId, Expr)>,
    ) -> Result<Matrix, Failure> {
        let level = self.level()?;
        let mut value = self.under(Binding::Line(level), body)?.as_ref().clone();
        if let Some((density, parameter)) = weight {
            let family = self.world.family(density)?;
            let density = self.density_on_the_line(family, Some(parameter), level)?;
            value = Matrix::scalar(density).mul(&value, &self.ring)?;
        }
        self.integrated(&value, level)
    }

    pub(super) fn integrated(&self, value: &Matrix, level: usize) -> Result<Matrix, Failure> {
        let entries: Result<Vec<Jet>, Failure> = value
            .entries
            .iter()
            .map(|entry| moments::integrate(entry, level, &self.bases, &self.ring))
            .collect();
        Ok(Matrix { entries: entries?, ..*value })
    }

    /// ∫ p (log p − log q).
    pub(super) fn divergence_on_the_line(
        &mut self,
        (first, from): (SymbolId, Expr),
        (second, to): (SymbolId, Expr),
    ) -> Result<Matrix, Failure> {
        let level = self.level()?;
        let (one, other) = (self.world.family(first)?, self.world.family(second)?);
        let p = self.density_on_the_line(one, Some(from), level)?;
        let q = self.density_on_the_line(other, Some(to), level)?;
        let difference = self.ring.sub(&self.log(&p)?, &self.log(&q)?);
        let product = Matrix::scalar(self.ring.mul(&p, &difference)?);
        self.integrated(&product, level)
    }

    /// ∫ p·s·sᵀ with the score s read off the log-density.
    pub(super) fn fisher_on_the_line(
        &mut self,
        family: &'static Family,
        at: &Matrix,
    ) -> Result<Matrix, Failure> {
        let level = self.level()?;
        let n = at.entries.len();
        let Some(continuous) = family.continuous.as_ref().filter(|_| n == family.parameters) else {
            return Err(Failure::unknown("a density at a parameter of another dimension"));
        };
        let first = self.ring.open(n, 1)?;
        let moved: Vec<Jet> =
            at.entries.iter().enumerate().map(|(i, entry)| self.moved(entry, first + i)).collect();
        let log = continuous.log_density(&moved, level, &self.ring)?;
        let score: Vec<Jet> = (0..n).map(|i| self.ring.read(&log, &[first + i])).collect();
        self.ring.close();
        let density = moments::density(family, &at.entries, level, &mut self.bases, &self.ring)?;
        let score = Matrix::column(score);
        let outer = score.mul(&score.transpose(), &self.ring)?;
        let weighted = Matrix::scalar(density).mul(&outer, &self.ring)?;
        self.integrated(&weighted, level)
    }

    pub(super) fn divergence(
        &mut self,
        (first, from): (SymbolId, Expr),
        (second, to): (SymbolId, Expr),
    ) -> Result<Matrix, Failure> {
        if self.world.family(first)?.continuous.is_some() {
            return self.divergence_on_the_line((first, from), (second, to));
        }
        let p = self.masses(first, Some(from))?;
        let q = self.masses(second, Some(to))?;
        let mut sum = Jet::zero();
        for (p, q) in p.iter().zip(&q) {
            let difference = self.ring.sub(&self.log(p)?, &self.log(q)?);
            sum = self.ring.add(&sum, &self.ring.mul(p, &difference)?);
        }
        Ok(Matrix::scalar(sum))
    }

    /// Σ p·s·sᵀ with s = ∇p/p.
    pub(super) fn fisher(&mut self, density: SymbolId, at: Expr) -> Result<Matrix, Failure> {
        let family = self.world.family(density)?;
        let at = self.eval(at)?;
        if family.continuous.is_some() {
            return self.fisher_on_the_line(family, &at);
        }
        let n = at.entries.len();
        let first = self.ring.open(n, 1)?;
        let moved: Vec<Jet> =
            at.entries.iter().enumerate().map(|(i, entry)| self.moved(entry, first + i)).collect();
        let masses = family.masses(&moved, &self.ring)?;
        let slopes: Vec<Vec<Jet>> =
            masses.iter().map(|mass| (0..n).map(|i| self.ring.read(mass, &[first + i])).collect()).collect();
        let masses: Vec<Jet> = masses.iter().map(|mass| self.ring.read(mass, &[])).collect();
        self.ring.close();
        let mut fisher = Matrix::zero(n, n);
        for (mass, slope) in masses.iter().zip(&slopes) {
            let inverse = self.ring.recip(mass)?;
            for i in 0..n {
                for j in 0..n {
                    let product = self.ring.mul(&self.ring.mul(&slope[i], &slope[j])?, &inverse)?;
                    let entry = &mut fisher.entries[i * n + j];
                    *entry = self.ring.add(entry, &product);
                }
            }
        }
        Ok(fisher)
    }
}
