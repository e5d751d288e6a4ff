//! The kernel: a claim and its certificate to a theorem with its conditions.
//!
//! For the step `score-mean` in the context `−E_θ[□]ᵀd` the kernel builds both sides of the rule, checks that
//! the context with the left side is what the chain has reached, up to the ring, and goes on with the right side. A false
//! or ill-formed certificate is [`Rejected`]; nothing in it can make the kernel panic, search, or run without end.

use super::condition::{Binding, Condition, Met};
use super::discharge::{How, discharge};
use super::ring::{Ring, push};
use super::schema::{Instance, Meta, Remainder, RuleId, rule};
use super::sign::{self, Evaluated, Sign};
use super::terms::{check_shapes, domain, find_hole, has_hole, plug};
use super::{Rejected, lemma, order};
use crate::claim::{Assumption, Claim, Context, Inequality, Limit, Problem, Property};
use crate::expr::{DerivativeKind, Expr, Images, Shape, Store, Symbol};
use crate::number::Rational;

/// The most steps of one chain.
const MOST_STEPS: usize = 400;

/// One use of a rule.
#[derive(Clone, PartialEq, Debug)]
pub struct Step {
    /// Which rule.
    pub rule: RuleId,
    /// What its letters stand for, as seen from the hole.
    pub with: Vec<(Meta, Expr)>,
    /// Where: an expression with one hole.
    pub context: Expr,
    /// From the right side of the rule to its left side.
    pub backwards: bool,
}

/// Why a claim holds.
#[derive(Clone, PartialEq, Debug)]
pub enum Certificate {
    /// Of [`Claim::Equal`] and [`Claim::Order`]: from the left side to the right side. Of [`Claim::LimitValue`]: from the
    /// body at the limit to the value.
    Chain(Vec<Step>),
    /// Of [`Claim::Compare`]: from the greater side minus the smaller one to the expression of the sign. Of
    /// [`Claim::ZeroOnlyAtZero`]: from the form to it.
    Comparison {
        /// The steps.
        chain: Vec<Step>,
        /// Why that is not negative.
        sign: Sign,
    },
    /// Of [`Claim::Proportional`]: from the left side to factor·right side.
    Proportion {
        /// The factor.
        factor: Expr,
        /// Why the factor is positive: a strict sign whose expression is the factor.
        sign: Sign,
        /// The steps.
        chain: Vec<Step>,
    },
    /// Of [`Claim::Conclusion`] and [`Claim::Stationary`]: from left side − right side to Σ Lᵢ(lᵢ − rᵢ)Rᵢ. The one
    /// equation of a stationary point is ∇ objective = 0 at the variable.
    Combination {
        /// The multiples of the given equations.
        multipliers: Vec<Multiplier>,
        /// The steps.
        chain: Vec<Step>,
    },
    /// Of [`Claim::Minimizer`]: from objective − objective at the point to the expression of the sign, which vanishes at
    /// the point alone.
    Minimum {
        /// The steps.
        chain: Vec<Step>,
        /// Why the difference is not negative where the constraints hold; [`Sign::Slack`] is the negative of a constraint.
        sign: Sign,
        /// For each constraint: from its negative at the point to a sign.
        feasible: Vec<(Vec<Step>, Sign)>,
    },
    /// Of [`Claim::Property`].
    Property(Witness),
}

/// A multiple of a given equation.
#[derive(Clone, PartialEq, Debug)]
pub struct Multiplier {
    /// Which of the given equations.
    pub equation: usize,
    /// The factor in front.
    pub left: Expr,
    /// The factor behind.
    pub right: Expr,
}

/// Why a matrix M has a property; u is [`direction`].
#[derive(Clone, PartialEq, Debug)]
pub enum Witness {
    /// From M to Mᵀ.
    Symmetric(Vec<Step>),
    /// From uᵀMu to the expression of the sign; for a definite matrix also from M to Mᵀ.
    Form {
        /// From M to Mᵀ.
        symmetric: Vec<Step>,
        /// From uᵀMu to the expression of the sign.
        chain: Vec<Step>,
        /// Why it is not negative; for a definite matrix it vanishes at u = 0 alone.
        sign: Sign,
    },
    /// From M·inverse to the identity.
    Inverse {
        /// The inverse.
        inverse: Expr,
        /// The steps.
        chain: Vec<Step>,
    },
    /// The property is declared of this very matrix.
    Declared,
}

/// A claim that holds whenever its open conditions do.
#[derive(Clone, PartialEq, Debug)]
pub struct Theorem {
    /// Each condition once, with how it is met.
    pub conditions: Vec<(Met, How)>,
    /// The names of the rules, in order of first use.
    pub rules: Vec<&'static str>,
}

impl Theorem {
    /// The conditions that the declarations do not imply.
    pub fn open_conditions(&self) -> impl Iterator<Item = &Met> {
        self.conditions.iter().filter(|(_, how)| *how == How::Open).map(|(met, _)| met)
    }
}

/// The vector u with which a form uᵀMu of an n × n matrix is written; no article can write it.
pub fn direction(store: &mut Store, matrix: Expr) -> Expr {
    let shape = Shape::vector(store.shape(matrix).columns);
    store.symbol(Symbol { name: "→u".to_owned(), shape, integer: false })
}

/// What a chain of an order claim may neglect.
#[derive(Clone, Copy)]
pub(super) struct Neglected<'a> {
    pub limit: &'a Limit,
    pub order: &'a Rational,
    pub big: bool,
}

/// Is the claim true, given its conditions, because of the certificate?
pub fn check(
    store: &mut Store,
    context: &Context,
    claim: &Claim,
    certificate: &Certificate,
) -> Result<Theorem, Rejected> {
    let context = visible(store, context, claim);
    let mut checker =
        Checker { ring: Ring::new(store, &context), context: &context, met: Vec::new(), rules: Vec::new() };
    checker.claim(claim, certificate)?;
    let shared = checker.shared_domain(claim)?;
    let Checker { mut ring, met, rules, .. } = checker;
    let mut conditions = Vec::new();
    for condition in met {
        let how = discharge(&mut ring, &context, &condition, limit_of(claim), &shared)?;
        conditions.push((condition, how));
    }
    Ok(Theorem { conditions, rules })
}

/// The context without what is assumed of the variable of a problem: the problem's constraints say all there is.
fn visible(store: &Store, context: &Context, claim: &Claim) -> Context {
    let mut context = context.clone();
    let bound: Vec<Expr> = match claim {
        Claim::Minimizer { problem, .. } | Claim::MinimizerLimit { problem, .. } => vec![problem.variable],
        Claim::ZeroOnlyAtZero { variable, .. } => vec![*variable],
        Claim::LimitValue { variable, .. } => vec![*variable],
        _ => Vec::new(),
    };
    context.assumptions.retain(|assumption| {
        let parts = match assumption {
            Assumption::Positive(e)
            | Assumption::NonNegative(e)
            | Assumption::NonZero(e)
            | Assumption::Integer(e)
            | Assumption::Property(e, _) => vec![*e],
            Assumption::Equal(a, b) => vec![*a, *b],
        };
        !parts.iter().any(|e| store.mentions(*e, &bound))
    });
    context
}

fn limit_of(claim: &Claim) -> Option<&Limit> {
    match claim {
        Claim::Order { limit, .. } => Some(limit),
        _ => None,
    }
}

/// A proof while it is checked.
pub(super) struct Checker<'a> {
    pub ring: Ring<'a>,
    context: &'a Context,
    met: Vec<Met>,
    rules: Vec<&'static str>,
}

impl Checker<'_> {
    fn claim(&mut self, claim: &Claim, certificate: &Certificate) -> Result<(), Rejected> {
        match (claim, certificate) {
            (Claim::Equal { left, right }, Certificate::Chain(steps)) => {
                self.note_domain(&[*left, *right])?;
                self.chain(*left, *right, steps, None)
            }
            (Claim::Order { left, right, limit, order, big }, Certificate::Chain(steps)) => {
                self.note_domain(&[*left, *right])?;
                self.chain(*left, *right, steps, Some(Neglected { limit, order, big: *big }))
            }
            (Claim::Compare { left, relation, right }, Certificate::Comparison { chain, sign }) => {
                self.note_domain(&[*left, *right])?;
                let (greater, smaller) = match relation {
                    Inequality::Greater | Inequality::GreaterOrEqual => (*left, *right),
                    Inequality::Less | Inequality::LessOrEqual => (*right, *left),
                };
                let sign = self.sign(sign, &[], true)?;
                if matches!(relation, Inequality::Greater | Inequality::Less) && !sign.strict {
                    return Err(Rejected::because("the difference may be zero"));
                }
                self.difference(greater, smaller, sign.expr, chain)
            }
            (
                Claim::Proportional { left, right, varying },
                Certificate::Proportion { factor, sign, chain },
            ) => {
                self.note_domain(&[*left, *right])?;
                self.proportional((*left, *right), varying, *factor, sign, chain)
            }
            (Claim::Conclusion { given, left, right }, Certificate::Combination { multipliers, chain }) => {
                self.note_domain(&[*left, *right])?;
                self.combination(given, (*left, *right), multipliers, chain)
            }
            (Claim::Stationary { problem, left, right }, Certificate::Combination { multipliers, chain }) => {
                self.note_domain(&[*left, *right])?;
                let equation = self.stationary(problem)?;
                self.combination(&[equation], (*left, *right), multipliers, chain)
            }
            (Claim::Minimizer { point, problem }, Certificate::Minimum { chain, sign, feasible }) => {
                self.minimum(*point, problem, chain, sign, feasible)
            }
            (Claim::ZeroOnlyAtZero { form, variable }, Certificate::Comparison { chain, sign }) => {
                self.note_domain(&[*form])?;
                let sign = self.sign(sign, &[], false)?;
                self.chain(*form, sign.expr, chain, None)?;
                self.vanishes_only_at(&sign, *variable)
            }
            (Claim::Property { of, property }, Certificate::Property(witness)) => {
                self.note_domain(&[*of])?;
                self.property(*of, *property, witness)
            }
            (Claim::LimitValue { body, variable, to, value }, Certificate::Chain(steps)) => {
                self.limit_value(*body, (*variable, *to), *value, steps)
            }
            _ => Err(Rejected::because("the certificate does not fit the kind of claim")),
        }
    }

    // Chains.

    /// From one expression to another of its shape, step by step.
    pub(super) fn chain(
        &mut self,
        from: Expr,
        to: Expr,
        steps: &[Step],
        neglected: Option<Neglected>,
    ) -> Result<(), Rejected> {
        if steps.len() > MOST_STEPS {
            return Err(Rejected::because("too many steps"));
        }
        for e in [from, to] {
            check_shapes(self.ring.store, e)?;
        }
        if self.ring.store.shape(from) != self.ring.store.shape(to)
            || has_hole(self.ring.store, from)
            || has_hole(self.ring.store, to)
        {
            return Err(Rejected::because("shapes do not agree"));
        }
        let mut current = self.normal(from, &[])?;
        for (at, step) in steps.iter().enumerate() {
            current = self.step(current, step, neglected).map_err(|rejected| rejected.at(at))?;
        }
        if self.normal(to, &[])? == current {
            Ok(())
        } else {
            Err(Rejected::because("the chain ends elsewhere"))
        }
    }

    fn step(&mut self, current: Expr, step: &Step, neglected: Option<Neglected>) -> Result<Expr, Rejected> {
        let row = rule(step.rule).ok_or_else(|| Rejected::because("no such rule"))?;
        let (hole, under) = find_hole(self.ring.store, step.context)?;
        let mut instance = Instance::new(self.ring.store, self.context, &step.with)?;
        let (left, right) = (row.build)(&mut instance)?;
        let conditions = instance.met;
        let shape = self.ring.store.shape(hole);
        if self.ring.store.shape(left) != shape || self.ring.store.shape(right) != shape {
            return Err(Rejected::because("shapes do not agree"));
        }
        let (from, to) = if step.backwards { (right, left) } else { (left, right) };
        let before = plug(self.ring.store, step.context, hole, from);
        let after = plug(self.ring.store, step.context, hole, to);
        check_shapes(self.ring.store, before)?;
        check_shapes(self.ring.store, after)?;
        if self.normal(before, &[])? != current {
            return Err(Rejected::because("the rule does not apply there"));
        }
        if row.remainder != Remainder::None {
            let neglected =
                neglected.ok_or_else(|| Rejected::because("nothing may be neglected in an equality"))?;
            let met = order::check(&mut self.ring, row, step, neglected)?;
            met.into_iter().for_each(|condition| push(&mut self.met, condition));
        }
        if row.lemma {
            self.lemma(row.name, step, &under)?;
        }
        conditions.into_iter().for_each(|condition| self.note(condition, &under));
        if !self.rules.contains(&row.name) {
            self.rules.push(row.name);
        }
        self.normal(after, &[])
    }

    /// A lemma is proved anew for a point of its own; its conditions hold at the point of the step.
    fn lemma(&mut self, name: &str, step: &Step, under: &[Binding]) -> Result<(), Rejected> {
        let letter = |meta| step.with.iter().find(|(m, _)| *m == meta).map(|(_, e)| *e);
        let (Some(density), Some(at)) = (letter(Meta::P), letter(Meta::A)) else {
            return Err(Rejected::because("a letter of the rule is not given"));
        };
        let lemma = lemma::lemma(self.ring.store, self.context, name, density, self.ring.store.shape(at))?;
        let outer = std::mem::take(&mut self.met);
        let rules = self.rules.clone();
        self.chain(lemma.from, lemma.to, &lemma.steps, None)?;
        self.rules = rules;
        let own = std::mem::replace(&mut self.met, outer);
        for met in own {
            let moved = met.substituted(self.ring.store, lemma.point, at);
            self.note(moved, under);
        }
        Ok(())
    }

    /// The normal form, its conditions noted.
    fn normal(&mut self, e: Expr, under: &[Binding]) -> Result<Expr, Rejected> {
        let normal = self.ring.normal(e)?;
        normal.conditions.iter().for_each(|condition| self.note(condition.clone(), under));
        Ok(normal.expr)
    }

    fn note(&mut self, condition: Met, under: &[Binding]) {
        push(&mut self.met, under.iter().rev().fold(condition, Met::below));
    }

    // Kinds of claims.

    /// The sides of a printed claim must have values.
    fn note_domain(&mut self, sides: &[Expr]) -> Result<(), Rejected> {
        for side in sides {
            check_shapes(self.ring.store, *side)?;
            for condition in domain(self.ring.store, *side)? {
                self.note(condition, &[]);
            }
        }
        Ok(())
    }

    /// What both sides of a claim require of themselves: where it fails the claim says nothing.
    fn shared_domain(&mut self, claim: &Claim) -> Result<Vec<Met>, Rejected> {
        let (left, right) = match claim {
            Claim::Equal { left, right } => (*left, *right),
            _ => return Ok(Vec::new()),
        };
        let (left, right) = (domain(self.ring.store, left)?, domain(self.ring.store, right)?);
        Ok(left.into_iter().filter(|condition| right.contains(condition)).collect())
    }

    fn difference(&mut self, greater: Expr, smaller: Expr, to: Expr, chain: &[Step]) -> Result<(), Rejected> {
        if self.ring.store.shape(greater) != self.ring.store.shape(smaller) {
            return Err(Rejected::because("shapes do not agree"));
        }
        let difference = self.ring.store.sub(greater, smaller);
        self.chain(difference, to, chain, None)
    }

    /// The expression of a sign, which the slacks of constraints may enter.
    ///
    /// When `decided` is set, not even the sign of a lone symbol may be left as a condition.
    fn sign(&mut self, sign: &Sign, slacks: &[Expr], decided: bool) -> Result<Evaluated, Rejected> {
        let evaluated = sign::evaluate(self.ring.store, self.context, sign, slacks)?;
        evaluated.met.iter().for_each(|condition| push(&mut self.met, condition.clone()));
        for condition in &evaluated.demanded {
            let lone = matches!(condition.condition, Condition::Positive(e) if self.ring.store.as_symbol(e).is_some());
            let how = discharge(&mut self.ring, self.context, condition, None, &[])?;
            if how == How::Open && !(lone && !decided) {
                return Err(Rejected::because("a sign does not follow from the declarations"));
            }
        }
        Ok(evaluated)
    }

    fn proportional(
        &mut self,
        (left, right): (Expr, Expr),
        varying: &[Expr],
        factor: Expr,
        sign: &Sign,
        chain: &[Step],
    ) -> Result<(), Rejected> {
        let sign = self.sign(sign, &[], false)?;
        check_shapes(self.ring.store, factor)?;
        if !sign.strict || !self.ring.store.shape(factor).is_scalar() {
            return Err(Rejected::because("the factor is not positive"));
        }
        self.chain(factor, sign.expr, &[], None)?;
        if varying.is_empty() && self.ring.store.shape(left).is_scalar() {
            return Err(Rejected::because("every two positive scalars are proportional"));
        }
        if self.depends(factor, varying) {
            return Err(Rejected::because("the factor depends on what varies"));
        }
        let multiple = self.ring.store.chain([factor, right]);
        self.chain(left, multiple, chain, None)
    }

    /// Does the expression mention one of the symbols, or one that an assumption ties to them?
    fn depends(&self, e: Expr, varying: &[Expr]) -> bool {
        let store = &*self.ring.store;
        let tied = self.context.assumptions.iter().any(|assumption| match assumption {
            Assumption::Equal(a, b) if store.mentions(*a, varying) || store.mentions(*b, varying) => {
                let symbols = store.free_symbols(&[*a, *b]);
                store.free_symbols(&[e]).iter().any(|symbol| symbols.contains(symbol))
            }
            _ => false,
        });
        tied || store.mentions(e, varying)
    }

    fn combination(
        &mut self,
        given: &[(Expr, Expr)],
        (left, right): (Expr, Expr),
        multipliers: &[Multiplier],
        chain: &[Step],
    ) -> Result<(), Rejected> {
        for (a, b) in given {
            check_shapes(self.ring.store, *a)?;
            check_shapes(self.ring.store, *b)?;
        }
        let shape = self.ring.store.shape(left);
        let mut terms = vec![self.ring.store.zero(shape)];
        for multiplier in multipliers {
            let (a, b) =
                *given.get(multiplier.equation).ok_or_else(|| Rejected::because("no such equation"))?;
            let residual = self.ring.store.sub(a, b);
            for condition in domain(self.ring.store, multiplier.left)? {
                self.note(condition, &[]);
            }
            for condition in domain(self.ring.store, multiplier.right)? {
                self.note(condition, &[]);
            }
            terms.push(self.ring.store.chain([multiplier.left, residual, multiplier.right]));
        }
        if terms.iter().any(|t| self.ring.store.shape(*t) != shape) {
            return Err(Rejected::because("shapes do not agree"));
        }
        let sum = self.ring.store.sum(terms);
        self.difference(left, right, sum, chain)
    }

    /// ∇ objective = 0 at a minimum inside of the constraints (Fermat), where the objective is differentiable.
    fn stationary(&mut self, problem: &Problem) -> Result<(Expr, Expr), Rejected> {
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

    fn minimum(
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
    fn vanishes_only_at(&mut self, sign: &Evaluated, vector: Expr) -> Result<(), Rejected> {
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

    fn property(&mut self, matrix: Expr, property: Property, witness: &Witness) -> Result<(), Rejected> {
        let shape = self.ring.store.shape(matrix);
        if shape.rows != shape.columns {
            return Err(Rejected::because("the matrix is not square"));
        }
        match (property, witness) {
            (Property::Nonsingular, Witness::Declared) => self.declared(Condition::Nonsingular(matrix))?,
            (Property::PositiveDefinite, Witness::Declared) => {
                self.declared(Condition::PositiveDefinite(matrix))?
            }
            (Property::Symmetric, Witness::Symmetric(steps)) => {
                let transposed = self.ring.store.transpose(matrix);
                self.chain(matrix, transposed, steps, None)?;
            }
            (Property::Nonsingular, Witness::Inverse { inverse, chain }) => {
                check_shapes(self.ring.store, *inverse)?;
                for condition in domain(self.ring.store, *inverse)? {
                    self.note(condition, &[]);
                }
                let product = self.ring.store.chain([matrix, *inverse]);
                let identity = self.ring.store.identity(shape.rows);
                self.chain(product, identity, chain, None)?;
            }
            (_, Witness::Form { symmetric, chain, sign }) if property != Property::Symmetric => {
                let u = direction(self.ring.store, matrix);
                let row = self.ring.store.transpose(u);
                let form = self.ring.store.chain([row, matrix, u]);
                let sign = self.sign(sign, &[], true)?;
                self.chain(form, sign.expr, chain, None)?;
                if property != Property::PositiveSemidefinite {
                    self.vanishes_only_at(&sign, u)?;
                }
                if property == Property::PositiveDefinite {
                    let transposed = self.ring.store.transpose(matrix);
                    self.chain(matrix, transposed, symmetric, None)?;
                }
            }
            _ => return Err(Rejected::because("the witness does not fit the property")),
        }
        Ok(())
    }

    /// A condition that is the claim itself must follow from the declarations.
    fn declared(&mut self, condition: Condition) -> Result<(), Rejected> {
        let met = Met::outside(condition);
        match discharge(&mut self.ring, self.context, &met, None, &[])? {
            How::Open => Err(Rejected::because("the property is not declared")),
            _ => {
                self.note(met, &[]);
                Ok(())
            }
        }
    }

    /// The limit of what is continuous is its value.
    fn limit_value(
        &mut self,
        body: Expr,
        (variable, to): (Expr, Expr),
        value: Expr,
        steps: &[Step],
    ) -> Result<(), Rejected> {
        check_shapes(self.ring.store, body)?;
        check_shapes(self.ring.store, to)?;
        if self.ring.store.as_symbol(variable).is_none()
            || self.ring.store.shape(variable) != self.ring.store.shape(to)
        {
            return Err(Rejected::because("shapes do not agree"));
        }
        if self.ring.store.mentions(to, &[variable]) || self.ring.store.mentions(value, &[variable]) {
            return Err(Rejected::because("the limit mentions its variable"));
        }
        let function = self.ring.store.abstract_over(body, variable, false);
        self.note(Met::outside(Condition::Smooth { body: function, at: to, order: 0 }), &[]);
        let there = self.ring.store.instantiate(function, to);
        self.note_domain(&[there, value])?;
        self.chain(there, value, steps, None)
    }
}
