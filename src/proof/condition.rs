//! Under which conditions a proof holds, and under which binders they were met.
//!
//! `log(u·v) = log u + log v` inside of ∫ … dx becomes [`Condition::Positive`] of u and of v, met under the sample
//! variable of p: "u > 0 for all x". The expressions stand in the condition, so that an instance can evaluate them.

use crate::expr::{Expr, Images, Store, SymbolId};

/// What must hold beside the declarations for a step to be right.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The scalar is positive.
    Positive(Expr),
    /// The scalar is not negative.
    NonNegative(Expr),
    /// The scalar or vector is not 0.
    NonZero(Expr),
    /// The square matrix has an inverse.
    Nonsingular(Expr),
    /// The square matrix is symmetric and positive definite.
    PositiveDefinite(Expr),
    /// The expression, which does not occur in the result, has a value.
    Defined(Expr),
    /// The expectation or the integral over the sample space, given as its node, converges absolutely.
    Integrable(Expr),
    /// Both densities are positive on the same sample space.
    CommonSupport {
        /// The first density and its parameter.
        first: (SymbolId, Expr),
        /// The second density and its parameter.
        second: (SymbolId, Expr),
    },
    /// t ↦ `body` (in which `Bound(0)` is t) is `order` times continuously differentiable around `at`; order 0: continuous.
    Smooth {
        /// The function.
        body: Expr,
        /// The point.
        at: Expr,
        /// How often.
        order: u32,
    },
    /// The derivative of an integral or expectation, given as its node, is the integral of the derivative.
    Exchange(Expr),
    /// Under the integral or expectation (its node, in which the symbol `□` stands for the remainder) the remainder of
    /// Taylor's formula for the function around the point is bounded by an integrable function times ‖step‖^order.
    Dominated {
        /// The integral around the remainder, as seen from where the binders end.
        integral: Expr,
        /// The function, as seen from the hole; `Bound(0)` is its variable.
        body: Expr,
        /// The point, as seen from the hole.
        at: Expr,
        /// How many derivatives the remainder needs.
        order: u32,
    },
    /// The factor stays bounded as the declared quantities tend to 0.
    Bounded(Expr),
    /// Of several minimizers those are meant that tend to 0 in the limit.
    NearZero(Expr),
}

/// A binder between the whole expression and a condition, from the outside.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Binding {
    /// For all x in the sample space of the density.
    Sample(SymbolId),
    /// For all t around the point of a derivative.
    Near(Expr),
    /// For all values between two bounds.
    Between {
        /// Lower end.
        from: Expr,
        /// Upper end.
        to: Expr,
    },
}

/// A condition at its place: `Bound(0)` in it is the variable of the last binder.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Met {
    /// What must hold.
    pub condition: Condition,
    /// Under which binders, outermost first.
    pub under: Vec<Binding>,
}

impl Met {
    /// A condition met outside of every binder.
    pub fn outside(condition: Condition) -> Met {
        Met { condition, under: Vec::new() }
    }

    /// The condition with a symbol replaced by a term as seen from outside of all its binders.
    pub fn substituted(&self, store: &mut Store, symbol: Expr, by: Expr) -> Met {
        let replace = |store: &mut Store, e: Expr, depth: u32| {
            let by = store.shift(by, depth);
            store.substitute(e, &[(symbol, by)].into_iter().collect::<Images>())
        };
        let mut under = Vec::new();
        for (depth, binding) in (0..).zip(&self.under) {
            under.push(match binding {
                Binding::Sample(density) => Binding::Sample(*density),
                Binding::Near(at) => Binding::Near(replace(store, *at, depth)),
                Binding::Between { from, to } => {
                    Binding::Between { from: replace(store, *from, depth), to: replace(store, *to, depth) }
                }
            });
        }
        let depth = self.under.len() as u32;
        let condition = self.condition.map(&mut |e, own| replace(store, e, depth + own));
        Met { condition, under }
    }

    /// The same condition seen from outside of one more binder.
    pub fn below(mut self, binding: &Binding) -> Met {
        self.under.insert(0, binding.clone());
        self
    }
}

impl Condition {
    /// The expressions in it.
    pub fn expressions(&self) -> Vec<Expr> {
        let mut list = Vec::new();
        self.map(&mut |e, _| {
            list.push(e);
            e
        });
        list
    }

    /// The condition with its expressions replaced; the number tells how many binders of its own stand around each.
    pub fn map(&self, image: &mut dyn FnMut(Expr, u32) -> Expr) -> Condition {
        match self {
            Condition::Positive(e) => Condition::Positive(image(*e, 0)),
            Condition::NonNegative(e) => Condition::NonNegative(image(*e, 0)),
            Condition::NonZero(e) => Condition::NonZero(image(*e, 0)),
            Condition::Nonsingular(e) => Condition::Nonsingular(image(*e, 0)),
            Condition::PositiveDefinite(e) => Condition::PositiveDefinite(image(*e, 0)),
            Condition::Defined(e) => Condition::Defined(image(*e, 0)),
            Condition::Integrable(e) => Condition::Integrable(image(*e, 0)),
            Condition::Exchange(e) => Condition::Exchange(image(*e, 0)),
            Condition::Bounded(e) => Condition::Bounded(image(*e, 0)),
            Condition::NearZero(e) => Condition::NearZero(image(*e, 0)),
            Condition::CommonSupport { first, second } => Condition::CommonSupport {
                first: (first.0, image(first.1, 0)),
                second: (second.0, image(second.1, 0)),
            },
            Condition::Smooth { body, at, order } => {
                Condition::Smooth { body: image(*body, 1), at: image(*at, 0), order: *order }
            }
            Condition::Dominated { integral, body, at, order } => Condition::Dominated {
                integral: image(*integral, 0),
                body: image(*body, 2),
                at: image(*at, 1),
                order: *order,
            },
        }
    }

    /// The condition as a sentence; `text` prints an expression with the variables of the binders around it.
    pub fn sentence(&self, name: &dyn Fn(SymbolId) -> String, text: &dyn Fn(Expr) -> String) -> String {
        match self {
            Condition::Positive(e) => format!("{} > 0", text(*e)),
            Condition::NonNegative(e) => format!("{} >= 0", text(*e)),
            Condition::NonZero(e) => format!("{} != 0", text(*e)),
            Condition::Nonsingular(e) => format!("{} is nonsingular", text(*e)),
            Condition::PositiveDefinite(e) => format!("{} is positive definite", text(*e)),
            Condition::Defined(e) => format!("{} is defined", text(*e)),
            Condition::Integrable(e) => format!("{} converges absolutely", text(*e)),
            Condition::CommonSupport { first, second } => {
                format!("{} and {} have a common support", name(first.0), name(second.0))
            }
            Condition::Smooth { body, at, order: 0 } => {
                format!("{} is continuous at {}", text(*body), text(*at))
            }
            Condition::Smooth { body, at, order } => {
                let times = if *order == 1 { "once".to_owned() } else { format!("{order} times") };
                format!("{} is {times} continuously differentiable around {}", text(*body), text(*at))
            }
            Condition::Exchange(e) => format!("in {} derivative and integral may be exchanged", text(*e)),
            Condition::Dominated { integral, .. } => {
                format!("the remainder in {} is dominated by an integrable function", text(*integral))
            }
            Condition::Bounded(e) => format!("{} stays bounded in the limit", text(*e)),
            Condition::NearZero(e) => format!("the minimizers {} near 0 are meant", text(*e)),
        }
    }
}
