//! What each kind of claim demands of its certificate.
//!
//! `u'Fv ∝ Fv` needs one factor, positive and free of what varies; `λFd = −∇L ⇒ d = −λ⁻¹F⁻¹∇L` needs multiples of the given
//! equations that add up to the conclusion. Each demand is a chain of steps between two expressions that are built here.

use super::Rejected;
use super::certificate::{Certificate, Multiplier, Step, Witness, direction};
use super::condition::{Condition, Met};
use super::discharge::{How, discharge};
use super::kernel::{Checker, Neglected};
use super::minimizers::Model;
use super::ring::push;
use super::schema::{Instance, Meta, RuleId, rule};
use super::sign::{self, Evaluated, Sign};
use super::terms::{check_shapes, domain};
use crate::claim::{Assumption, Claim, Inequality, Property};
use crate::expr::{Expr, Node};

impl Checker<'_> {
    /// Checks a claim; what it needs is noted on the way.
    pub(super) fn claim(&mut self, claim: &Claim, certificate: &Certificate) -> Result<(), Rejected> {
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
            (
                Claim::MinimizerLimit { point, scale, problem, limit },
                Certificate::Ball { constant, gradient, metric, chain, end },
            ) => {
                let model = Model { constant: *constant, gradient: *gradient, metric: *metric };
                self.ball((*point, *scale), problem, limit, &model, chain, end)
            }
            (Claim::SameMinimizer { first, second, limit }, Certificate::Penalty(penalty)) => {
                self.penalty(first, second, limit, penalty)
            }
            _ => Err(Rejected::because("the certificate does not fit the kind of claim")),
        }
    }

    /// The sides of a printed claim must have values.
    pub(super) fn note_domain(&mut self, sides: &[Expr]) -> Result<(), Rejected> {
        for side in sides {
            check_shapes(self.ring.store, *side)?;
            for condition in domain(self.ring.store, *side)? {
                self.note(condition, &[]);
            }
        }
        Ok(())
    }

    /// What both sides of a claim require of themselves: where it fails, neither has a value, and the claim says nothing.
    pub(super) fn shared_domain(&mut self, claim: &Claim) -> Result<Vec<Met>, Rejected> {
        let Claim::Equal { left, right } = claim else { return Ok(Vec::new()) };
        let mut sides = Vec::new();
        for side in [*left, *right] {
            let mut own = Vec::new();
            for met in domain(self.ring.store, side)? {
                // Differentiability is necessary, but continuous derivatives are not.
                if !matches!(met.condition, Condition::Smooth { .. }) {
                    own.push(self.as_integral(met)?);
                }
            }
            sides.push(own);
        }
        let right = sides.pop().unwrap_or_default();
        Ok(sides.remove(0).into_iter().filter(|met| right.contains(met)).collect())
    }

    /// The existence of a divergence or an expectation is by definition that of an integral.
    pub(super) fn as_integral(&mut self, met: Met) -> Result<Met, Rejected> {
        let (Condition::Integrable(e) | Condition::Defined(e)) = met.condition else { return Ok(met) };
        let store = &mut *self.ring.store;
        let (name, with) = match store[e].clone() {
            Node::Expectation { density, parameter, body } => {
                ("def-e", vec![(Meta::P, store.symbol_expr(density)), (Meta::A, parameter), (Meta::F, body)])
            }
            Node::Divergence { first, from, second, to } => {
                let (p, q) = (store.symbol_expr(first), store.symbol_expr(second));
                ("def-kl", vec![(Meta::P, p), (Meta::Q, q), (Meta::A, from), (Meta::B, to)])
            }
            Node::SampleIntegral { .. } => {
                let normal = self.ring.normal(e)?.expr;
                return Ok(Met { condition: Condition::Integrable(normal), ..met });
            }
            _ => return Ok(met),
        };
        let row = rule(RuleId(name)).ok_or_else(|| Rejected::because("no such rule"))?;
        let mut instance = Instance::new(self.ring.store, self.context, &with)?;
        let Ok((_, integral)) = (row.build)(&mut instance) else { return Ok(met) };
        let normal = self.ring.normal(integral)?.expr;
        Ok(Met { condition: Condition::Integrable(normal), ..met })
    }

    pub(super) fn difference(
        &mut self,
        greater: Expr,
        smaller: Expr,
        to: Expr,
        chain: &[Step],
    ) -> Result<(), Rejected> {
        if self.ring.store.shape(greater) != self.ring.store.shape(smaller) {
            return Err(Rejected::because("shapes do not agree"));
        }
        let difference = self.ring.store.sub(greater, smaller);
        self.chain(difference, to, chain, None)
    }

    /// The expression of a sign, which the slacks of constraints may enter.
    ///
    /// When `decided` is set, not even the sign of a lone symbol may be left as a condition.
    pub(super) fn sign(
        &mut self,
        sign: &Sign,
        slacks: &[Expr],
        decided: bool,
    ) -> Result<Evaluated, Rejected> {
        let evaluated = sign::evaluate(self.ring.store, self.context, sign, slacks)?;
        sign.cite(&mut self.rules);
        evaluated.met.iter().for_each(|condition| push(&mut self.met, condition.clone()));
        for condition in &evaluated.demanded {
            let lone = matches!(condition.condition, Condition::Positive(e) if self.ring.store.as_symbol(e).is_some());
            let how = discharge(&mut self.ring, self.context, condition, None)?;
            if how == How::Open && (decided || !lone) {
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

    /// A condition that is as much as the claim itself must follow from the declarations.
    fn declared(&mut self, condition: Condition) -> Result<(), Rejected> {
        let met = Met::outside(condition);
        match discharge(&mut self.ring, self.context, &met, None)? {
            How::Open => Err(Rejected::because(
                "what is claimed rests on itself: it does not follow from the declarations",
            )),
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
        self.declared(Condition::Smooth { body: function, at: to, order: 0 })?;
        let there = self.ring.store.instantiate(function, to);
        self.note_domain(&[there, value])?;
        self.chain(there, value, steps, None)
    }
}
