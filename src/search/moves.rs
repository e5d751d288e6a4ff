//! A move: one thing an author would do at one place, as the small steps the kernel asks for.
//!
//! `E[a f + b g] → a E[f] + b E[g]` is one move of three steps: `e-sum`, and `e-constant` twice. Each step says where it
//! happens as a context with a hole, relative to the place of the move; the search puts the place into the whole.

use crate::claim::Context;
use crate::expr::{Expr, Store};
use crate::proof::schema::{Instance, rule};
use crate::proof::{Meta, RuleId, hole};

use super::view::replace;

/// What the letters of a rule stand for.
pub type Letters = Vec<(Meta, Expr)>;

/// One application of a schema within a move.
#[derive(Clone, Debug)]
pub struct Micro {
    /// Which schema.
    pub rule: &'static str,
    /// What its letters stand for.
    pub with: Letters,
    /// From right to left.
    pub backwards: bool,
    /// The place of the move with a hole wherever the step happens.
    pub place: Expr,
    /// What stands in the holes before.
    pub from: Expr,
    /// What stands there afterwards.
    pub to: Expr,
}

/// What is replaced, how, and by what.
#[derive(Clone, Debug)]
pub struct Move {
    /// An expression that occurs in the state.
    pub redex: Expr,
    /// The steps, at least one.
    pub steps: Vec<Micro>,
    /// What stands there afterwards, not normalized.
    pub result: Expr,
}

/// Both sides of a rule, as the kernel will build them.
pub fn sides(
    store: &mut Store,
    context: &Context,
    name: &'static str,
    with: &[(Meta, Expr)],
) -> Option<(Expr, Expr)> {
    let row = rule(RuleId(name))?;
    let mut instance = Instance::new(store, context, with).ok()?;
    (row.build)(&mut instance).ok()
}

/// A move under construction: each step replaces something that occurs in what stands there now.
pub struct Builder<'a> {
    /// Where the expressions live.
    pub store: &'a mut Store,
    /// What is declared.
    pub context: &'a Context,
    redex: Expr,
    /// What stands at the place now.
    pub current: Expr,
    steps: Vec<Micro>,
    failed: bool,
}

impl<'a> Builder<'a> {
    /// A move at the place of `redex`.
    pub fn new(store: &'a mut Store, context: &'a Context, redex: Expr) -> Builder<'a> {
        Builder { store, context, redex, current: redex, steps: Vec::new(), failed: false }
    }

    /// Replaces `from`, a spelling of the left side, by the right side.
    pub fn step(&mut self, rule: &'static str, with: &[(Meta, Expr)], from: Expr) -> Option<Expr> {
        self.push(rule, with, false, from)
    }

    fn push(
        &mut self,
        rule: &'static str,
        with: &[(Meta, Expr)],
        backwards: bool,
        from: Expr,
    ) -> Option<Expr> {
        let built = sides(self.store, self.context, rule, with);
        let shape = self.store.shape(from);
        let Some((left, right)) = built.filter(|(left, _)| self.store.shape(*left) == shape) else {
            self.failed = true;
            return None;
        };
        let to = if backwards { left } else { right };
        let hole = hole(self.store, shape);
        let place = replace(self.store, self.current, from, hole);
        self.failed |= place == self.current;
        self.current = replace(self.store, place, hole, to);
        self.steps.push(Micro { rule, with: with.to_vec(), backwards, place, from, to });
        Some(to)
    }

    /// Replaces `from`, the negative of the right side, by the negative of the left side: F = −(−F) → −E[H].
    pub fn negated(&mut self, rule: &'static str, with: &[(Meta, Expr)], from: Expr) -> Option<Expr> {
        let (left, right) = sides(self.store, self.context, rule, with)?;
        let shape = self.store.shape(from);
        let hole = hole(self.store, shape);
        let minus = self.store.neg(hole);
        let place = replace(self.store, self.current, from, minus);
        self.failed |= place == self.current;
        self.current = replace(self.store, place, hole, left);
        let with = with.to_vec();
        self.steps.push(Micro { rule, with, backwards: true, place, from: right, to: left });
        Some(left)
    }

    /// ∇f → f·∇log f, where f ∇log f = f·(∇f/f): `grad-log` from right to left below a factor.
    pub fn scaled_log(&mut self, body: Expr, at: Expr) -> Option<Expr> {
        let with = [(Meta::F, body), (Meta::A, at)];
        let (left, right) = sides(self.store, self.context, "grad-log", &with)?;
        let value = self.store.instantiate(body, at);
        let shape = self.store.shape(left);
        let hole = hole(self.store, shape);
        let place = self.store.chain([value, hole]);
        self.current = self.store.chain([value, left]);
        self.steps.push(Micro {
            rule: "grad-log",
            with: with.to_vec(),
            backwards: true,
            place,
            from: right,
            to: left,
        });
        Some(left)
    }

    /// Replaces one term of a sum, or the whole, where the term is not a node of its own.
    pub fn step_in_sum(&mut self, rule: &'static str, with: &[(Meta, Expr)], term: Expr) -> Option<Expr> {
        let (left, right) = sides(self.store, self.context, rule, with)?;
        let shape = self.store.shape(term);
        let hole = hole(self.store, shape);
        let rest = self.store.sub(self.current, term);
        let place = self.store.add(rest, hole);
        self.current = self.store.add(rest, right);
        let with = with.to_vec();
        self.steps.push(Micro { rule, with, backwards: false, place, from: left, to: right });
        Some(right)
    }

    /// The move, if anything happened and nothing went wrong.
    pub fn done(self) -> Option<Move> {
        let Builder { redex, current, steps, failed, .. } = self;
        (!failed && !steps.is_empty() && current != redex).then_some(Move { redex, steps, result: current })
    }
}

/// The move of a single step at the place itself.
pub fn single(
    store: &mut Store,
    context: &Context,
    redex: Expr,
    (rule, with, backwards): (&'static str, &[(Meta, Expr)], bool),
) -> Option<Move> {
    let mut builder = Builder::new(store, context, redex);
    builder.push(rule, with, backwards, redex)?;
    builder.done()
}
