//! The kernel: a claim and its certificate to a theorem with its conditions.
//!
//! For the step `score-mean` in the context `−E_θ[□]ᵀd` the kernel builds both sides of the rule, checks that
//! the context with the left side is what the chain has reached, up to the ring, and goes on with the right side. A false
//! or ill-formed certificate is [`Rejected`]; nothing in it can make the kernel panic, search, or run without end.

use super::certificate::{Certificate, Step, Theorem, direction};
use super::condition::{Binding, Condition, Met};
use super::discharge::{How, discharge};
use super::ring::{Ring, push};
use super::schema::{Instance, Meta, Remainder, rule};
use super::terms::{check_shapes, domain, find_hole, has_reserved, plug};
use super::{Rejected, lemma, order};
use crate::claim::{Assumption, Claim, Context, Limit, Problem, Property};
use crate::expr::{Expr, Images, Node, Store};
use crate::number::Rational;

/// The most steps of one chain.
const MOST_STEPS: usize = 400;

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
    let context = visible(store, context, claim)?;
    no_hidden_variable(store, &context, claim)?;
    let mut checker =
        Checker { ring: Ring::new(store, &context), context: &context, met: Vec::new(), rules: Vec::new() };
    checker.claim(claim, certificate)?;
    let shared = checker.shared_domain(claim)?;
    let mut met = Vec::new();
    for condition in std::mem::take(&mut checker.met) {
        let both_undefined = shared.contains(&checker.as_integral(condition.clone())?);
        met.push((condition, both_undefined));
    }
    let Checker { mut ring, rules, .. } = checker;
    let general: Vec<Expr> = match claim {
        Claim::Property { of, .. } => vec![direction(ring.store, *of)],
        Claim::Stationary { .. } => Vec::new(),
        _ => variable_of(claim).into_iter().collect(),
    };
    let limit = limit_of(&context, claim);
    let mut conditions: Vec<(Met, How)> = Vec::new();
    for (mut condition, both_undefined) in met {
        let mut how = discharge(&mut ring, &context, &condition, Some(&limit))?;
        if how == How::Open && both_undefined {
            how = How::BothUndefined;
        }
        let meant = matches!(condition.condition, Condition::NearZero(_));
        let parts = condition.condition.expressions();
        if how == How::Open && says_so_itself(claim, &condition.condition) {
            return Err(Rejected::because("the claim is its own condition"));
        }
        if how == How::Open && never_bounded(&mut ring, &limit, &condition)? {
            return Err(Rejected::because("a factor has no value in the limit"));
        }
        if how == How::Open && denies(&mut ring, claim, &condition)? {
            return Err(Rejected::because("a condition denies an equation of the claim"));
        }
        if how == How::Open && !meant && parts.iter().any(|e| ring.store.mentions(*e, &general)) {
            return Err(Rejected::because("a condition restricts what the claim speaks of"));
        }
        condition.condition = match (&how, condition.condition) {
            (How::Open, Condition::Integrable(e)) => Condition::Integrable(ring.without_constants(e)?),
            (How::Open, Condition::NonZero(e)) => Condition::NonZero(ring.without_powers(e)?),
            (_, other) => other,
        };
        if !conditions.iter().any(|(known, _)| *known == condition) {
            conditions.push((condition, how));
        }
    }
    leave_out_the_implied(&mut ring, &context, &limit, &mut conditions)?;
    Ok(Theorem { conditions, rules })
}

/// The context without what is assumed of the variable of a claim, over whose values the claim ranges. An equation that ties
/// other symbols to the variable would make them move with it, and what narrows the values of the variable of a problem
/// would have to be one of its constraints: both are refused.
fn visible(store: &mut Store, context: &Context, claim: &Claim) -> Result<Context, Rejected> {
    let Some(variable) = variable_of(claim) else { return Ok(context.clone()) };
    if store.is_integer(variable) {
        return Err(Rejected::because("the variable is an integer"));
    }
    let mut visible = Context { assumptions: Vec::new(), ..context.clone() };
    for assumption in &context.assumptions {
        let parts = match assumption {
            Assumption::Positive(e)
            | Assumption::NonNegative(e)
            | Assumption::NonZero(e)
            | Assumption::Integer(e)
            | Assumption::Property(e, _) => vec![*e],
            Assumption::Equal(a, b) => vec![*a, *b],
        };
        if !parts.iter().any(|e| store.mentions(*e, &[variable])) {
            visible.assumptions.push(assumption.clone());
            continue;
        }
        let ties = matches!(assumption, Assumption::Equal(..)) && store.free_symbols(&parts).len() > 1;
        if ties || !may_be_left_out(store, context, claim, assumption)? {
            return Err(Rejected::because("what is assumed of the variable is not among the constraints"));
        }
    }
    Ok(visible)
}

/// No symbol below a derivative is defined by its variable: after v = ∇A(θ) the derivative of vᵀv by θ is not that of a constant.
fn no_hidden_variable(store: &Store, context: &Context, claim: &Claim) -> Result<(), Rejected> {
    let mut definitions: Vec<(Expr, Expr)> = Vec::new();
    for assumption in &context.assumptions {
        let Assumption::Equal(a, b) = assumption else { continue };
        let both = [(*a, *b), (*b, *a)];
        definitions.extend(both.into_iter().filter(|(name, _)| store.as_symbol(*name).is_some()));
    }
    if definitions.is_empty() {
        return Ok(());
    }
    for node in store.post_order(&sides(claim)) {
        let Node::Derivative { body, at, .. } = store[node] else { continue };
        let mut moving: Vec<Expr> =
            store.post_order(&[at]).into_iter().filter(|e| store.as_symbol(*e).is_some()).collect();
        let variables = moving.len();
        while let Some((name, _)) =
            definitions.iter().find(|(name, value)| !moving.contains(name) && store.mentions(*value, &moving))
        {
            moving.push(*name);
        }
        if store.mentions(body, &moving[variables..]) {
            return Err(Rejected::because("a symbol below a derivative is defined by its variable"));
        }
    }
    Ok(())
}

/// The expressions of a claim.
fn sides(claim: &Claim) -> Vec<Expr> {
    let of_problem = |problem: &Problem| {
        let mut list = vec![problem.objective];
        list.extend(&problem.constraints);
        list
    };
    match claim {
        Claim::Equal { left, right }
        | Claim::Order { left, right, .. }
        | Claim::Compare { left, right, .. }
        | Claim::Proportional { left, right, .. }
        | Claim::Differs { left, right } => vec![*left, *right],
        Claim::Conclusion { given, left, right } => {
            given.iter().flat_map(|(a, b)| [*a, *b]).chain([*left, *right]).collect()
        }
        Claim::Stationary { problem, left, right } => {
            of_problem(problem).into_iter().chain([*left, *right]).collect()
        }
        Claim::Minimizer { point, problem } | Claim::MinimizerLimit { point, problem, .. } => {
            of_problem(problem).into_iter().chain([*point]).collect()
        }
        Claim::SameMinimizer { first, second, .. } => {
            of_problem(first).into_iter().chain(of_problem(second)).collect()
        }
        Claim::LimitValue { body, value, .. } => vec![*body, *value],
        Claim::Property { of, .. } => vec![*of],
        Claim::ZeroOnlyAtZero { form, .. } => vec![*form],
    }
}

/// Does the claim, proved for all values of its variable, hold for those that an assumption on it admits?
fn may_be_left_out(
    store: &mut Store,
    context: &Context,
    claim: &Claim,
    assumption: &Assumption,
) -> Result<bool, Rejected> {
    let constraints = match claim {
        Claim::ZeroOnlyAtZero { .. } | Claim::LimitValue { .. } => return Ok(true),
        // An open set of values has its minima in the interior.
        Claim::Stationary { .. } => {
            return Ok(matches!(assumption, Assumption::Positive(_) | Assumption::NonZero(_)));
        }
        Claim::Minimizer { problem, .. } => &problem.constraints,
        _ => return Ok(false),
    };
    let needed = match assumption {
        Assumption::NonNegative(e) => vec![store.neg(*e)],
        Assumption::Equal(a, b) => vec![store.sub(*a, *b), store.sub(*b, *a)],
        _ => return Ok(false),
    };
    let mut ring = Ring::new(store, context);
    let mut known = Vec::new();
    for constraint in constraints {
        known.push(ring.normal(*constraint)?.expr);
    }
    for e in needed {
        if !known.contains(&ring.normal(e)?.expr) {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Of open conditions that follow from the others, the simpler ones stay: q > 0 implies q ≠ 0 under the same binders, and
/// `E[f]` and `E[g]` imply `E[f − 2g]`.
fn leave_out_the_implied(
    ring: &mut Ring,
    context: &Context,
    limit: &Limit,
    conditions: &mut [(Met, How)],
) -> Result<(), Rejected> {
    let mut open: Vec<usize> = (0..conditions.len()).filter(|at| conditions[*at].1 == How::Open).collect();
    open.sort_by_key(|at| {
        let condition = &conditions[*at].0.condition;
        let weight = condition.expressions().iter().map(|e| ring.store.weight(*e)).max();
        (!matches!(condition, Condition::Positive(_) | Condition::PositiveDefinite(_)), weight)
    });
    let mut kept: Vec<Met> = Vec::new();
    for at in open {
        let met = conditions[at].0.clone();
        let mut wider = context.clone();
        wider.assumptions.extend(kept.iter().filter(|k| k.under == met.under).filter_map(assumption));
        // Below binders an assumption speaks of their variables, and only signs are decided without going further in.
        let of_signs = assumption(&met).is_some();
        let follows =
            (met.under.is_empty() || of_signs) && discharge(ring, &wider, &met, Some(limit))? != How::Open;
        if follows || splits(ring, &met, &kept)? {
            conditions[at].1 = How::Implied;
        } else {
            kept.push(met);
        }
    }
    Ok(())
}

/// A kept condition as what the others may use.
fn assumption(met: &Met) -> Option<Assumption> {
    Some(match (&met.condition, met.under.is_empty()) {
        (Condition::Positive(e), _) => Assumption::Positive(*e),
        (Condition::NonNegative(e), _) => Assumption::NonNegative(*e),
        (Condition::NonZero(e), _) => Assumption::NonZero(*e),
        (Condition::Nonsingular(e), true) => Assumption::Property(*e, Property::Nonsingular),
        (Condition::PositiveDefinite(e), true) => Assumption::Property(*e, Property::PositiveDefinite),
        _ => return None,
    })
}

/// Does the integral of a sum converge because those of its terms do?
fn splits(ring: &mut Ring, met: &Met, kept: &[Met]) -> Result<bool, Rejected> {
    let Condition::Integrable(e) = met.condition else { return Ok(false) };
    let parts = ring.summands(e)?;
    let is_kept = |part: &Expr| {
        kept.iter().any(|k| k.condition == Condition::Integrable(*part) && k.under == met.under)
    };
    Ok(parts.len() > 1 && parts.iter().all(is_kept))
}

/// Does the condition say that something is not 0 which the equations given or concluded make 0? Of `s t = 0 ⇒ t = 0` nothing is
/// known where t ≠ 0.
fn denies(ring: &mut Ring, claim: &Claim, met: &Met) -> Result<bool, Rejected> {
    let (Claim::Conclusion { given, left, right }, Condition::Positive(e) | Condition::NonZero(e)) =
        (claim, &met.condition)
    else {
        return Ok(false);
    };
    let not_zero = ring.normal(*e)?.expr;
    let factors = match ring.monomials(not_zero)?.as_slice() {
        [(_, scalars, _)] => scalars.iter().map(|(atom, _)| *atom).collect(),
        _ => Vec::new(),
    };
    for (a, b) in given.iter().chain([&(*left, *right)]) {
        for (a, b) in [(a, b), (b, a)] {
            let difference = ring.store.sub(*a, *b);
            let zero = ring.normal(difference)?.expr;
            if zero == not_zero || factors.contains(&zero) {
                return Ok(true);
            }
        }
    }
    Ok(false)
}

/// Does a factor that is to stay bounded divide by what tends to 0, or take its logarithm? Then nobody can promise it.
fn never_bounded(ring: &mut Ring, limit: &Limit, met: &Met) -> Result<bool, Rejected> {
    let Condition::Bounded(factor) = met.condition else { return Ok(false) };
    let mut still = Images::default();
    for (symbol, _) in &limit.symbols {
        still.insert(*symbol, ring.store.zero(ring.store.shape(*symbol)));
    }
    for own in domain(ring.store, factor)? {
        let (Condition::Positive(e) | Condition::NonZero(e) | Condition::Nonsingular(e)) = own.condition
        else {
            continue;
        };
        let there = ring.store.substitute(e, &still);
        let moves = ring.store.free_symbols(&[e]) != ring.store.free_symbols(&[there]);
        if !moves {
            continue;
        }
        let Ok(normal) = ring.normal(there) else { return Ok(true) };
        let vanishes = match &ring.store[normal.expr] {
            Node::Zero(_) => true,
            Node::Number(q) => !q.is_positive(),
            _ => false,
        };
        if vanishes {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Is the condition the property that is claimed?
fn says_so_itself(claim: &Claim, condition: &Condition) -> bool {
    let Claim::Property { of, property } = claim else { return false };
    match condition {
        Condition::Nonsingular(e) => e == of && *property == Property::Nonsingular,
        Condition::PositiveDefinite(e) => {
            e == of && matches!(property, Property::PositiveDefinite | Property::Nonsingular)
        }
        _ => false,
    }
}

/// The symbol for all of whose values a claim speaks.
fn variable_of(claim: &Claim) -> Option<Expr> {
    match claim {
        Claim::Minimizer { problem, .. }
        | Claim::MinimizerLimit { problem, .. }
        | Claim::SameMinimizer { first: problem, .. }
        | Claim::Stationary { problem, .. } => Some(problem.variable),
        Claim::ZeroOnlyAtZero { variable, .. } | Claim::LimitValue { variable, .. } => Some(*variable),
        _ => None,
    }
}

/// What tends to 0 where the conditions of a claim are met.
fn limit_of(context: &Context, claim: &Claim) -> Limit {
    match claim {
        Claim::Order { limit, .. } => limit.clone(),
        Claim::MinimizerLimit { problem, .. } | Claim::SameMinimizer { first: problem, .. } => {
            Limit { symbols: vec![(problem.variable, Rational::ONE)] }
        }
        // A claim about all values of its variable is not one about small ones.
        _ => {
            let mut limit = context.limit.clone();
            limit.symbols.retain(|(symbol, _)| Some(*symbol) != variable_of(claim));
            limit
        }
    }
}

/// A proof while it is checked.
pub(super) struct Checker<'a> {
    pub ring: Ring<'a>,
    pub(super) context: &'a Context,
    pub(super) met: Vec<Met>,
    pub(super) rules: Vec<&'static str>,
}

impl Checker<'_> {
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
            || has_reserved(self.ring.store, from)
            || has_reserved(self.ring.store, to)
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
        let mut conditions = instance.met;
        for (_, lost) in step.with.iter().filter(|(meta, _)| row.loses.contains(meta)) {
            conditions.extend(domain(self.ring.store, *lost)?);
        }
        let shape = self.ring.store.shape(hole);
        if self.ring.store.shape(left) != shape || self.ring.store.shape(right) != shape {
            return Err(Rejected::because("shapes do not agree"));
        }
        let (from, to) = if step.backwards { (right, left) } else { (left, right) };
        let before = plug(self.ring.store, step.context, hole, from);
        let after = plug(self.ring.store, step.context, hole, to);
        for plugged in [before, after] {
            check_shapes(self.ring.store, plugged)?;
            if has_reserved(self.ring.store, plugged) {
                return Err(Rejected::because("a context holds a reserved symbol"));
            }
        }
        if self.normal(before, &[])? != current {
            return Err(Rejected::because("the rule does not apply there"));
        }
        if row.remainder != Remainder::None {
            let neglected =
                neglected.ok_or_else(|| Rejected::because("nothing may be neglected in an equality"))?;
            let met = order::check(&mut self.ring, self.context, row, step, neglected)?;
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
    pub(super) fn normal(&mut self, e: Expr, under: &[Binding]) -> Result<Expr, Rejected> {
        let normal = self.ring.normal(e)?;
        normal.conditions.iter().for_each(|condition| self.note(condition.clone(), under));
        Ok(normal.expr)
    }

    pub(super) fn note(&mut self, condition: Met, under: &[Binding]) {
        push(&mut self.met, under.iter().rev().fold(condition, Met::below));
    }
}
