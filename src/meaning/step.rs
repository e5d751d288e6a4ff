//! Two sides and their relation → what is claimed, under which declarations.
//!
//! `KL(p(θ) ‖ p(θ + d)) ≈ ½ d'Fd` under `small d` claims the order 2: that is the highest power of d on the right.

use crate::claim::{Claim, Context, Inequality, Limit, Problem};
use crate::expr::{DerivativeKind, Expr, Images, Node, Store};
use crate::number::Rational;
use crate::syntax::{Directive, Extremum, Relation};
use crate::text::{Code, Diagnostic, Severity, Span};

use super::lower::Lowering;
use super::order;
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

fn needs(what: impl Into<String>, help: &str, span: Span) -> Diagnostic {
    let diagnostic = Diagnostic::error(Code::NeedsDeclaration { what: what.into() }, span);
    if help.is_empty() { diagnostic } else { diagnostic.with_help(help) }
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

/// The part of a limit that concerns some expressions.
fn concerning(store: &Store, limit: &Limit, sides: &[Expr]) -> Limit {
    let occurs = |symbol: Expr| sides.iter().any(|side| store.mentions(*side, &[symbol]));
    Limit { symbols: limit.symbols.iter().filter(|(symbol, _)| occurs(*symbol)).cloned().collect() }
}

struct Stepping<'a> {
    store: &'a mut Store,
    vocabulary: &'a Vocabulary,
    span: Span,
    lints: Vec<Diagnostic>,
    context: Context,
}

/// A side that is a value.
#[derive(Clone)]
struct Value {
    expr: Expr,
    remainder: Option<(bool, Expr)>,
}

impl Stepping<'_> {
    /// `where …` holds for this step alone; `where d small` says all that tends to 0 in it.
    fn conditions(&mut self, directives: &[Directive]) -> Result<(), Diagnostic> {
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

    /// A remainder of something that stays fixed says nothing.
    fn remainders(&mut self, sides: [&Reading; 2]) {
        for side in sides {
            let (Some(Meaning::Value { remainder: Some((_, g)), .. }), Some((of, span))) =
                (&side.meaning, &side.remainder)
            else {
                continue;
            };
            let limit = &self.context.limit;
            if limit.symbols.is_empty() || order::remainder(self.store, limit, *g) != order::Size::Fixed {
                continue;
            }
            let code = Code::RemainderNotSmall { of: of.clone() };
            let small = limit.symbols.iter().filter(|(_, weight)| weight.is_positive());
            let small: Vec<String> =
                small.map(|(e, _)| format!("`{}`", crate::print::display(self.store, *e))).collect();
            let help = format!("what tends to 0 is {}", small.join(", "));
            let lint = Diagnostic::error(code, *span).with_help(help);
            if !self.lints.contains(&lint) {
                self.lints.push(lint);
            }
        }
    }

    fn claim(
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

    fn fitted(&mut self, left: Expr, right: Expr) -> Result<(Expr, Expr), Diagnostic> {
        if let Some(sides) = fit(self.store, left, right) {
            return Ok(sides);
        }
        let (a, b) = (self.store.shape(left), self.store.shape(right));
        let (left, right) = (self.store.shape_name(a), self.store.shape_name(b));
        let code = Code::ShapeMismatch { operation: "the relation".to_owned(), left, right };
        Err(Diagnostic::error(code, self.span))
    }

    fn values(
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

    /// A sample variable that is free on one side only.
    fn escaping(&mut self, left: Expr, right: Expr) {
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

    /// The total weight of the remainder that a bare `≈` allows.
    fn bare_order(
        &mut self,
        left: Expr,
        right: Expr,
        orders: &[StatedOrder],
        directives: &[Directive],
    ) -> Result<Rational, Diagnostic> {
        let small = &self.context.limit.symbols;
        let symbols: Vec<Expr> = small.iter().map(|(symbol, _)| *symbol).collect();
        if symbols.is_empty() {
            let help = "declare it before: `small d`";
            return Err(needs("`≈` without a quantity that tends to 0", help, self.span));
        }
        if !self.store.mentions(left, &symbols) && !self.store.mentions(right, &symbols) {
            let help = "declare what tends to 0 here: `small d`";
            return Err(needs("`≈` between sides in which nothing tends to 0", help, self.span));
        }
        let said = directives.iter().find_map(|directive| match directive {
            Directive::Order(order) => Some(Rational::from(i64::from(*order))),
            _ => None,
        });
        if let Some(order) = said {
            return Ok(order);
        }
        let stated = orders.iter().map(|stated| self.stated_order(stated)).collect::<Option<Vec<_>>>();
        if let Some(least) = stated.and_then(|orders| orders.into_iter().min()) {
            return Ok(least);
        }
        match order::degrees(self.store, right, small) {
            Some(degrees) => Ok(degrees.greatest),
            None => Err(needs(
                "the order of this `≈`",
                "say it behind the step: `% order 2`, or write the remainder: `+ o(norm(d)^2)`",
                self.span,
            )),
        }
    }

    /// The total weight of a term with a stated order: its own, moved by what the order differs from its degree.
    fn stated_order(&self, stated: &StatedOrder) -> Option<Rational> {
        let small = &self.context.limit.symbols;
        let weight = order::degrees(self.store, stated.term, small)?.greatest;
        let main: Vec<(Expr, Rational)> = small
            .iter()
            .filter(|(symbol, w)| w.is_positive() && self.is_displacement(*symbol))
            .cloned()
            .collect();
        let degree = order::degrees(self.store, stated.term, &main)?.greatest;
        let unit = main.first().map_or(Rational::ONE, |(_, weight)| weight.clone());
        let stated = &Rational::from(i64::from(stated.order)) * &unit;
        Some(&weight + &(&stated - &degree))
    }

    /// Is this what a Taylor expansion is in: a vector, or the only thing that tends to 0?
    fn is_displacement(&self, symbol: Expr) -> bool {
        let small = &self.context.limit.symbols;
        let vectors = small.iter().any(|(s, w)| w.is_positive() && !self.store.shape(*s).is_scalar());
        !vectors || !self.store.shape(symbol).is_scalar()
    }

    /// `=` with remainders printed, `≈` with the order it is read to; of several, the weakest.
    fn with_remainder(
        &mut self,
        left: &Value,
        right: &Value,
        bare: Option<Rational>,
    ) -> Result<Claim, Diagnostic> {
        if self.context.limit.symbols.is_empty() {
            let help = "declare what tends to 0: `small d`";
            return Err(needs("a remainder without a quantity that tends to 0", help, self.span));
        }
        // O of a weight is weaker than o of it.
        let weaker = |a: &(Rational, bool), b: &(Rational, bool)| a.0 < b.0 || (a.0 == b.0 && a.1 && !b.1);
        let mut weakest: Option<(Rational, bool)> = bare.map(|order| (order, false));
        for (side, printed) in [(1, &right.remainder), (0, &left.remainder)] {
            let Some((big, g)) = printed else { continue };
            let found = (self.remainder_order(*g, left.expr, right.expr)?, *big);
            if weakest.as_ref().is_none_or(|before| weaker(&found, before)) {
                // `a + o(g)` is any of many functions, and the right side has no room for all of them.
                if side == 0 {
                    self.lints.push(Diagnostic::error(Code::LostRemainder {}, self.span));
                }
                weakest = Some(found);
            }
        }
        let (order, big) = weakest.expect("one side has a remainder, or the relation has an order");
        let limit = concerning(self.store, &self.context.limit, &[left.expr, right.expr]);
        Ok(Claim::Order { left: left.expr, right: right.expr, limit, order, big })
    }

    fn remainder_order(&mut self, g: Expr, left: Expr, right: Expr) -> Result<Rational, Diagnostic> {
        match order::remainder(self.store, &self.context.limit, g) {
            order::Size::Power(order) => Ok(order),
            // The lint stands with the side; what was meant is the power that is kept.
            order::Size::Fixed => {
                let small = &self.context.limit.symbols;
                let kept = order::degrees(self.store, right, small)
                    .or_else(|| order::degrees(self.store, left, small));
                Ok(kept.map_or(Rational::ONE, |degrees| degrees.greatest))
            }
            order::Size::Unclear => Err(needs(
                "a remainder of this form",
                "write it as a power of a length: `o(norm(d)^2)`",
                self.span,
            )),
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

    /// `0 = ∂/∂d […]` after a problem in d.
    fn stationary(&mut self, left: Expr, right: Expr) -> Option<Claim> {
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
    fn at_points(&mut self, claim: Claim) -> Result<Claim, Diagnostic> {
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
    fn minimizes(&mut self, directives: &[Directive]) -> Result<Option<Problem>, Diagnostic> {
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

    fn minimizer_by_directive(
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
    fn minimizer(
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

    fn same_minimizer(
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
        let limit = concerning(self.store, &self.context.limit, &sides);
        if limit.symbols.is_empty() {
            let help = "declare what tends to 0, and what scales with it: `scale d ~ tau, lambda ~ 1/tau`";
            return Err(needs("`≈` between minimizers, without a quantity that tends to 0", help, self.span));
        }
        Ok(Claim::SameMinimizer { first: first.clone(), second: second.clone(), limit })
    }

    fn minimizer_limit(
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
