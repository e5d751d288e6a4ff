//! Steps about minima: a point that minimizes, a derivative that vanishes there, minimizers that approach each other.
//!
//! After `d^* ≈ arg min_d […]`, "0 = ∂/∂d […]" claims that the derivative of the objective vanishes at the minimum.

use crate::claim::{Claim, Limit, Problem};
use crate::expr::{DerivativeKind, Expr, Images, Node, Store};
use crate::number::Rational;
use crate::syntax::{Directive, Extremum, Relation};
use crate::text::Diagnostic;

use super::approximate::concerning;
use super::lower::Lowering;
use super::step::{Stepping, needs};

impl Stepping<'_> {
    /// `0 = ∂/∂d […]` after a problem in d.
    pub(super) fn stationary(&mut self, left: Expr, right: Expr) -> Option<Claim> {
        let problem = self.vocabulary.problem.clone()?;
        let is_zero = |store: &Store, e: Expr| e == Store::ZERO || matches!(store[e], Node::Zero(_));
        let is_derivative = |store: &Store, e: Expr| {
            let inner = match store[e] {
                Node::Transpose(inner) => inner,
                _ => e,
            };
            matches!(store[inner], Node::Derivative { kind: DerivativeKind::Gradient, at, .. } if at == problem.variable)
        };
        let (zero, derivative) = match (is_zero(self.store, left), is_zero(self.store, right)) {
            (true, false) => (left, right),
            (false, true) => (right, left),
            _ => return None,
        };
        is_derivative(self.store, derivative).then_some(Claim::Stationary {
            problem,
            left: zero,
            right: derivative,
        })
    }

    /// What is claimed of a minimizer d*: that another point is it, or that a derivative vanishes there. Of anything
    /// else the symbol alone says nothing.
    pub(super) fn at_points(&mut self, claim: Claim) -> Result<Claim, Diagnostic> {
        let Claim::Equal { left, right } = claim else {
            let mentioned =
                self.vocabulary.points.iter().any(|(point, _)| mentions(self.store, &claim, *point));
            return if mentioned { Err(self.about_a_point()) } else { Ok(claim) };
        };
        let found =
            self.vocabulary.points.iter().find(|(point, _)| {
                self.store.mentions(left, &[*point]) || self.store.mentions(right, &[*point])
            });
        let Some((point, problem)) = found.cloned() else { return Ok(claim) };
        for (one, other) in [(left, right), (right, left)] {
            if one == point && !self.store.mentions(other, &[point]) {
                return self.point_of(other, problem);
            }
            let is_zero = one == Store::ZERO || matches!(self.store[one], Node::Zero(_));
            if is_zero && let Some(derivative) = self.derivative_at(other, point, problem.variable) {
                return Ok(Claim::Stationary { problem, left: one, right: derivative });
            }
        }
        Err(self.about_a_point())
    }

    /// ∇f at the point as ∇f at the variable of its problem.
    fn derivative_at(&mut self, e: Expr, point: Expr, variable: Expr) -> Option<Expr> {
        let inner = match self.store[e] {
            Node::Transpose(inner) => inner,
            _ => e,
        };
        let at_point = matches!(
            self.store[inner],
            Node::Derivative { kind: DerivativeKind::Gradient, at, .. } if at == point
        );
        at_point.then(|| self.store.substitute(e, &Images::from_iter([(point, variable)])))
    }

    fn about_a_point(&self) -> Diagnostic {
        needs(
            "a claim about a minimizer of which no more is known",
            "say what it is: `minimizes … over …`",
            self.span,
        )
    }

    /// `minimizes … over …` beside a step.
    pub(super) fn minimizes(&mut self, directives: &[Directive]) -> Result<Option<Problem>, Diagnostic> {
        let found = directives.iter().find_map(|directive| match directive {
            Directive::Minimizes { objective, variable, constraints } => {
                Some((objective, variable, constraints))
            }
            _ => None,
        });
        let Some((objective, variable, constraints)) = found else { return Ok(None) };
        let mut vocabulary = self.vocabulary.clone();
        let mut lowering = Lowering::new(self.store, &mut vocabulary);
        let problem = lowering.declared_problem(objective, variable, constraints);
        match problem {
            Some(problem) => Ok(Some(problem)),
            None => Err(lowering.lints.swap_remove(0)),
        }
    }

    pub(super) fn minimizer_by_directive(
        &mut self,
        left: Expr,
        right: Expr,
        problem: Problem,
    ) -> Result<Claim, Diagnostic> {
        let variable = problem.variable;
        let point = if left == variable {
            right
        } else if right == variable {
            left
        } else {
            return Err(needs(
                "`minimizes` beside a step without the variable on a side of its own",
                "",
                self.span,
            ));
        };
        self.point_of(point, problem)
    }

    fn point_of(&mut self, point: Expr, problem: Problem) -> Result<Claim, Diagnostic> {
        if self.store.mentions(point, &[problem.variable]) {
            return Err(needs("a minimizer that depends on its own variable", "", self.span));
        }
        let (point, _) = self.fitted(point, problem.variable)?;
        Ok(Claim::Minimizer { point, problem })
    }

    /// `x = arg min …`; the variable of the problem on the left states only what it is.
    pub(super) fn minimizer(
        &mut self,
        point: Expr,
        relation: Relation,
        extremum: Extremum,
        problem: &Problem,
    ) -> Result<Option<Claim>, Diagnostic> {
        let is_equation = matches!(relation, Relation::Equal | Relation::Defined | Relation::Element);
        if !is_equation || !matches!(extremum, Extremum::ArgMin | Extremum::ArgMax) {
            return Err(needs("an extremal value", "say where it is taken: `x = arg min …`", self.span));
        }
        if point == problem.variable {
            return Ok(None);
        }
        self.point_of(point, problem.clone()).map(Some)
    }

    pub(super) fn same_minimizer(
        &mut self,
        (extremum, first): (Extremum, &Problem),
        relation: Relation,
        (other, second): (Extremum, &Problem),
    ) -> Result<Claim, Diagnostic> {
        let places = |extremum| matches!(extremum, Extremum::ArgMin | Extremum::ArgMax);
        if !places(extremum) || !places(other) || relation != Relation::Approximately {
            let sign = super::spell::relation(relation);
            return Err(needs(format!("`{sign}` between two extrema"), "", self.span));
        }
        let sides = [first.objective, second.objective].into_iter();
        let sides: Vec<Expr> =
            sides.chain(first.constraints.iter().chain(&second.constraints).copied()).collect();
        let limit = concerning(self.store, &self.context, &sides);
        if limit.symbols.is_empty() {
            let help = "declare what tends to 0, and what scales with it: `scale d ~ tau, lambda ~ 1/tau`";
            return Err(needs("`≈` between minimizers, without a quantity that tends to 0", help, self.span));
        }
        Ok(Claim::SameMinimizer { first: first.clone(), second: second.clone(), limit })
    }

    pub(super) fn minimizer_limit(
        &mut self,
        point: Expr,
        scale: Expr,
        problem: &Problem,
        variable: Expr,
        to: Expr,
    ) -> Result<Claim, Diagnostic> {
        if to != Store::ZERO {
            return Err(needs("a limit of minimizers at another place than 0", "", self.span));
        }
        let (point, _) = self.fitted(point, problem.variable)?;
        let limit = Limit { symbols: vec![(variable, Rational::ONE)] };
        Ok(Claim::MinimizerLimit { point, scale, problem: problem.clone(), limit })
    }
}

/// Does the symbol occur in the sides of a claim?
fn mentions(store: &Store, claim: &Claim, symbol: Expr) -> bool {
    let sides = match claim {
        Claim::Order { left, right, .. }
        | Claim::Compare { left, right, .. }
        | Claim::Proportional { left, right, .. }
        | Claim::Differs { left, right } => vec![*left, *right],
        Claim::LimitValue { body, value, .. } => vec![*body, *value],
        _ => vec![],
    };
    sides.into_iter().any(|side| store.mentions(side, &[symbol]))
}
