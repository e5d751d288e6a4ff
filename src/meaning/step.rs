//! Two sides and their relation → what is claimed, under which declarations.
//!
//! `KL(p(θ) ‖ p(θ + d)) ≈ ½ d'Fd` under `small d` claims the order 2: that is the highest power of d on the right.

use crate::claim::{Claim, Context, Inequality, Limit, Property};
use crate::expr::{Expr, Store};
use crate::number::Rational;
use crate::syntax::{Directive, Relation};
use crate::text::{Code, Diagnostic, Severity, Span};

use super::lower::Lowering;
use super::side::{Meaning, Reading, StatedOrder};
use super::vocabulary::Vocabulary;

/// What one step claims.
#[derive(Clone, Debug, Default)]
pub struct Step {
    /// Each claim with what is declared; none for what only states something, such as `d = arg min_d …`.
    pub claims: Vec<(Claim, Context)>,
    /// What is odd about a step that can be read nevertheless.
    pub lints: Vec<Diagnostic>,
}

/// The claim of a step; an error when it cannot be read, with the declaration that would settle it.
///
/// Both readings have a meaning. `span` is where the step stands.
pub fn step(
    store: &mut Store,
    vocabulary: &Vocabulary,
    left: &Reading,
    relation: Relation,
    right: &Reading,
    directives: &[Directive],
    span: Span,
) -> Result<Step, Diagnostic> {
    let (Some(from), Some(to)) = (&left.meaning, &right.meaning) else {
        let mut lints = left.lints.iter().chain(&right.lints);
        let mistake = lints.find(|lint| lint.severity == Severity::Error).cloned();
        return Err(mistake.unwrap_or_else(|| needs("a side that could not be read", "", span)));
    };
    let mut stepping = Stepping { store, vocabulary, span, lints: Vec::new(), context: vocabulary.context() };
    stepping.conditions(directives)?;
    stepping.remainders([left, right]);
    let claim = stepping.claim(from, relation, to, &right.orders, directives)?;
    let claim = claim.map(|claim| stepping.at_points(claim)).transpose()?;
    let claims = claim.into_iter().map(|claim| (claim, stepping.context.clone())).collect();
    Ok(Step { claims, lints: stepping.lints })
}

/// Two sides of one shape, where a 0 takes the shape of the other.
pub(super) fn fit(store: &mut Store, left: Expr, right: Expr) -> Option<(Expr, Expr)> {
    let (a, b) = (store.shape(left), store.shape(right));
    if a == b {
        return Some((left, right));
    }
    if left == Store::ZERO {
        return Some((store.zero(b), right));
    }
    (right == Store::ZERO).then(|| (left, store.zero(a)))
}

pub(super) fn needs(what: impl Into<String>, help: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::NeedsDeclaration { what: what.into() }, span);
    if help.is_empty() { diagnostic } else { diagnostic.with_help(help) }
}

pub(super) struct Stepping<'a> {
    pub store: &'a mut Store,
    pub vocabulary: &'a Vocabulary,
    pub span: Span,
    pub lints: Vec<Diagnostic>,
    pub context: Context,
}

/// A side that is a value.
#[derive(Clone)]
pub(super) struct Value {
    pub expr: Expr,
    pub remainder: Option<(bool, Expr)>,
}

impl Stepping<'_> {
    /// `where …` holds for this step alone; `where d small` says all that tends to 0 in it.
    pub(super) fn conditions(&mut self, directives: &[Directive]) -> Result<(), Diagnostic> {
        let mut limit = Limit::default();
        for directive in directives {
            let Directive::Where(chains) = directive else { continue };
            let mut vocabulary = self.vocabulary.clone();
            let mut lowering = Lowering::new(self.store, &mut vocabulary);
            for chain in chains {
                if let [(Relation::Tends, to)] = &chain.rest[..] {
                    match (lowering.tree(&chain.first), lowering.tree(to)) {
                        (Some(small), Some(Store::ZERO)) => limit.symbols.push((small, Rational::ONE)),
                        (Some(_), Some(_)) => {
                            return Err(needs("a limit at another place than 0", "", to.span));
                        }
                        _ => return Err(lowering.lints.swap_remove(0)),
                    }
                    continue;
                }
                match lowering.assumptions(chain) {
                    Some(found) => self.context.assumptions.extend(found),
                    None => return Err(lowering.lints.swap_remove(0)),
                }
            }
        }
        if !limit.symbols.is_empty() {
            self.context.limit = limit;
        }
        Ok(())
    }

    pub(super) fn claim(
        &mut self,
        left: &Meaning,
        relation: Relation,
        right: &Meaning,
        orders: &[StatedOrder],
        directives: &[Directive],
    ) -> Result<Option<Claim>, Diagnostic> {
        match (left, right) {
            (Meaning::Value { expr: l, remainder: a }, Meaning::Value { expr: r, remainder: b }) => {
                let (l, r) = self.fitted(*l, *r)?;
                let left = Value { expr: l, remainder: *a };
                let right = Value { expr: r, remainder: *b };
                if let Some(problem) = self.minimizes(directives)? {
                    return self.minimizer_by_directive(l, r, problem).map(Some);
                }
                self.values(left, relation, right, orders, directives).map(Some)
            }
            (Meaning::Value { expr, .. }, Meaning::Problem { extremum, problem })
            | (Meaning::Problem { extremum, problem }, Meaning::Value { expr, .. }) => {
                self.minimizer(*expr, relation, *extremum, problem)
            }
            (
                Meaning::Problem { extremum, problem: first },
                Meaning::Problem { extremum: other, problem: second },
            ) => self.same_minimizer((*extremum, first), relation, (*other, second)).map(Some),
            (Meaning::Value { expr, .. }, Meaning::MinimizerLimit { scale, problem, variable, to })
            | (Meaning::MinimizerLimit { scale, problem, variable, to }, Meaning::Value { expr, .. })
                if relation == Relation::Equal =>
            {
                self.minimizer_limit(*expr, *scale, problem, *variable, *to).map(Some)
            }
            (Meaning::Value { expr, .. }, Meaning::Limit { body, variable, to })
            | (Meaning::Limit { body, variable, to }, Meaning::Value { expr, .. })
                if relation == Relation::Equal =>
            {
                let (body, value) = self.fitted(*body, *expr)?;
                Ok(Some(Claim::LimitValue { body, variable: *variable, to: *to, value }))
            }
            (Meaning::Determinant(of), Meaning::Value { expr: Store::ZERO, .. })
            | (Meaning::Value { expr: Store::ZERO, .. }, Meaning::Determinant(of))
                if relation == Relation::NotEqual =>
            {
                self.square(*of)?;
                Ok(Some(Claim::Property { of: *of, property: Property::Nonsingular }))
            }
            (Meaning::Determinant(_), _) | (_, Meaning::Determinant(_)) => {
                let help = "that it is not 0 is read; write any other value out";
                Err(needs("the determinant of a symbolic matrix", help, self.span))
            }
            _ => Err(needs(
                format!(
                    "`{}` between a limit or an extremum and this side",
                    super::spell::relation(relation)
                ),
                "",
                self.span,
            )),
        }
    }

    pub(super) fn fitted(&mut self, left: Expr, right: Expr) -> Result<(Expr, Expr), Diagnostic> {
        if let Some(sides) = fit(self.store, left, right) {
            return Ok(sides);
        }
        let (a, b) = (self.store.shape(left), self.store.shape(right));
        let (left, right) = (self.store.shape_name(a), self.store.shape_name(b));
        let code = Code::ShapeMismatch { operation: "the relation".to_owned(), left, right };
        Err(Diagnostic::error(code, self.span))
    }

    pub(super) fn values(
        &mut self,
        left: Value,
        relation: Relation,
        right: Value,
        orders: &[StatedOrder],
        directives: &[Directive],
    ) -> Result<Claim, Diagnostic> {
        let (l, r) = (left.expr, right.expr);
        let inequality = match relation {
            Relation::Equal | Relation::Defined => {
                self.escaping(l, r);
                if left.remainder.is_some() || right.remainder.is_some() {
                    return self.with_remainder(&left, &right, None);
                }
                return Ok(self.stationary(l, r).unwrap_or(Claim::Equal { left: l, right: r }));
            }
            Relation::Approximately => {
                self.escaping(l, r);
                let order = self.bare_order(l, r, orders, directives)?;
                return self.with_remainder(&left, &right, Some(order));
            }
            Relation::Proportional => return self.proportional(l, r),
            Relation::Succeeds => return self.property(l, r, Property::PositiveDefinite),
            Relation::SucceedsOrEqual => return self.property(l, r, Property::PositiveSemidefinite),
            Relation::NotEqual => return Ok(Claim::Differs { left: l, right: r }),
            Relation::Less => Inequality::Less,
            Relation::LessOrEqual => Inequality::LessOrEqual,
            Relation::Greater => Inequality::Greater,
            Relation::GreaterOrEqual => Inequality::GreaterOrEqual,
            _ => {
                let sign = super::spell::relation(relation);
                return Err(needs(format!("`{sign}` between two values"), "", self.span));
            }
        };
        if left.remainder.is_some() || right.remainder.is_some() {
            return Err(needs("an inequality with a remainder", "", self.span));
        }
        let shape = self.store.shape(l);
        if !shape.is_scalar() {
            let shape = self.store.shape_name(shape);
            let code = Code::NotAScalar { subject: "an inequality".to_owned(), shape };
            return Err(Diagnostic::error(code, self.span));
        }
        Ok(Claim::Compare { left: l, relation: inequality, right: r })
    }

    /// `A ≻ B`: the difference has the property.
    fn property(&mut self, left: Expr, right: Expr, property: Property) -> Result<Claim, Diagnostic> {
        let of = self.store.sub(left, right);
        self.square(of)?;
        Ok(Claim::Property { of, property })
    }

    fn square(&mut self, of: Expr) -> Result<(), Diagnostic> {
        let shape = self.store.shape(of);
        if shape.rows == shape.columns && !shape.is_scalar() {
            return Ok(());
        }
        let (left, right) = (self.store.shape_name(shape), "a square matrix is needed".to_owned());
        let code = Code::ShapeMismatch { operation: "the property".to_owned(), left, right };
        Err(Diagnostic::error(code, self.span))
    }

    /// A sample variable that is free on one side only.
    pub(super) fn escaping(&mut self, left: Expr, right: Expr) {
        for density in &self.vocabulary.densities {
            let x = density.variable;
            let name = crate::print::display(self.store, x);
            let said =
                self.lints.iter().any(|lint| lint.code == Code::EscapingVariable { name: name.clone() });
            if self.store.mentions(left, &[x]) != self.store.mentions(right, &[x]) && !said {
                self.lints.push(Diagnostic::error(Code::EscapingVariable { name }, self.span));
            }
        }
    }

    fn proportional(&mut self, left: Expr, right: Expr) -> Result<Claim, Diagnostic> {
        if self.store.shape(left).is_scalar() {
            let help = "between vectors `∝` means one positive factor for all components; for scalars write the factor";
            return Err(needs(
                "`∝` between scalars, with nothing that the factor may not depend on",
                help,
                self.span,
            ));
        }
        Ok(Claim::Proportional { left, right, varying: Vec::new() })
    }
}
