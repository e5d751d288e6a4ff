//! Problems of optimization and limits: what is minimized, over what, under which constraints.
//!
//! `arg min_{d s.t. ‖d‖ ≤ ε} L(θ + d)` has the variable d, the objective L(θ + d) and the constraint ‖d‖ − ε ≤ 0.

use crate::claim::Problem;
use crate::expr::{Expr, Store};
use crate::syntax::{Chain, Extremum, Kind, Named, Relation, Side, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::lower::Lowering;
use super::side::Meaning;
use super::vocabulary::Vocabulary;

/// `‖d‖ ≤ ε`, a row of its own after a problem: what is at most 0, with what kept it from being read.
pub fn constraint(
    store: &mut Store,
    vocabulary: &mut Vocabulary,
    chain: &Chain,
) -> (Vec<Expr>, Vec<Diagnostic>) {
    let mut lowering = Lowering::new(store, vocabulary);
    let constraints = lowering.constraint(chain).unwrap_or_default();
    (constraints, lowering.lints)
}

impl Lowering<'_> {
    pub(super) fn problem(
        &mut self,
        extremum: Extremum,
        variables: &[Tree],
        constraints: &[Chain],
        body: &Tree,
        span: Span,
    ) -> Option<Problem> {
        let implied: Vec<Tree> = constraints.iter().filter_map(normed).cloned().collect();
        let variables = if variables.is_empty() { &implied } else { variables };
        let [variable] = variables else {
            let what = if variables.is_empty() {
                "an extremum without its variable"
            } else {
                "an extremum over several variables"
            };
            return self.needs_declaration(what, "write one variable below it: `\\min_{d}`", span);
        };
        let symbol = self.tree(variable);
        let objective = self.scalar(body, "an objective");
        let mut limits = Vec::new();
        for chain in constraints {
            limits.push(self.constraint(chain));
        }
        let symbol = symbol?;
        if self.store.as_symbol(symbol).is_none() {
            let (expected, found) = ("a variable".to_owned(), "an expression".to_owned());
            return self.report(Code::Syntax { expected, found }, variable.span);
        }
        let mut objective = objective?;
        if matches!(extremum, Extremum::Max | Extremum::Sup | Extremum::ArgMax) {
            objective = self.store.neg(objective);
        }
        let limits: Vec<Vec<Expr>> = limits.into_iter().collect::<Option<_>>()?;
        let problem = Problem { variable: symbol, objective, constraints: limits.concat() };
        self.vocabulary.problem = Some(problem.clone());
        Some(problem)
    }

    /// `minimizes L(theta + d) over d where norm(d) <= epsilon`.
    pub(super) fn declared_problem(
        &mut self,
        objective: &Tree,
        (name, span): &Named,
        constraints: &[Chain],
    ) -> Option<Problem> {
        let variable = Tree::new(Kind::Name(name.clone()), *span);
        self.problem(Extremum::ArgMin, &[variable], constraints, objective, objective.span)
    }

    /// Each relation as what is at most 0; an equation is two of them.
    pub(super) fn constraint(&mut self, chain: &Chain) -> Option<Vec<Expr>> {
        let mut found = Vec::new();
        for ((left, relation, right), (_, tree)) in self.pairs(chain)?.into_iter().zip(&chain.rest) {
            let shape = self.store.shape(left);
            if !shape.is_scalar() {
                let shape = self.store.shape_name(shape);
                return self.report(Code::NotAScalar { subject: "a constraint".into(), shape }, tree.span);
            }
            let (less, more) = (self.store.sub(left, right), self.store.sub(right, left));
            match relation {
                Relation::LessOrEqual => found.push(less),
                Relation::GreaterOrEqual => found.push(more),
                Relation::Equal => found.extend([less, more]),
                _ => {
                    let expected = "one of = <= >= in a constraint".to_owned();
                    let found = format!("`{}`", super::spell::relation(relation));
                    return self.report(Code::Syntax { expected, found }, tree.span);
                }
            }
        }
        Some(found)
    }

    pub(super) fn limit(&mut self, body: &Tree, variable: &Tree, to: &Tree) -> Option<Meaning> {
        let tends = self.tree(variable);
        let to = self.tree(to);
        if let Some((scale, extremum)) = scaled_extremum(body) {
            let scale = match &scale[..] {
                [] => Some(Store::ONE),
                factors => self.product(factors),
            };
            let problem = match self.side(extremum)? {
                Meaning::Problem { extremum: Extremum::ArgMin | Extremum::ArgMax, problem } => problem,
                _ => return self.needs_declaration("the limit of an extremum", "", body.span),
            };
            return Some(Meaning::MinimizerLimit { scale: scale?, problem, variable: tends?, to: to? });
        }
        let body = self.tree(body);
        Some(Meaning::Limit { body: body?, variable: tends?, to: to? })
    }
}

/// v, of `‖v‖ = 1` below an extremum that names nothing else.
fn normed(constraint: &Chain) -> Option<&Tree> {
    match &constraint.first.kind {
        Kind::Norm(body, _) if matches!(body.kind, Kind::Name(_)) => Some(body),
        _ => None,
    }
}

/// `1/ε arg min …` as its scalar factors and the extremum.
fn scaled_extremum(body: &Tree) -> Option<(Vec<(Side, Tree)>, &Tree)> {
    match &body.kind {
        Kind::Extremum { .. } => Some((Vec::new(), body)),
        Kind::Product(factors) => {
            let (last, scale) = factors.split_last()?;
            let is_extremum = matches!(last.1.kind, Kind::Extremum { .. }) && last.0 != Side::Under;
            is_extremum.then(|| (scale.to_vec(), &last.1))
        }
        _ => None,
    }
}
