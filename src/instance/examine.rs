//! The instances of a claim, one after the other, until one of them refutes it.

use super::build::{self, Scaling};
use super::check::Check;
use super::equal::{self, Reach};
use super::survey::{Survey, survey};
use super::world::World;
use crate::claim::{Claim, Context, Limit};
use crate::expr::{Expr, Store};
use crate::number::Rational;

/// What the instances say about a claim.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// The claim is false here.
    Refuted(Witness),
    /// The claim is true because of this: of an existence.
    Witnessed(Witness),
    /// The claim holds wherever it was looked at.
    Supported {
        /// The instances in words.
        instances: Vec<String>,
        /// How many points.
        points: usize,
        /// Were all comparisons exact?
        exact: bool,
    },
    /// No instance could tell.
    Undecided(String),
}

/// A point at which two sides differ, to be redone by hand.
#[derive(Clone, Debug, PartialEq)]
pub struct Witness {
    /// `Bernoulli, theta = 3/10`.
    pub instance: String,
    /// Families, functions, symbols with their values, in the order of their names.
    pub point: Vec<(String, String)>,
    /// The left side there.
    pub left: String,
    /// The right side there.
    pub right: String,
    /// `the coefficient of t^2 is 50/21, not 100/21`.
    pub reason: String,
    /// Instances looked at before, on which the claim holds.
    pub agreeing: Vec<String>,
}

/// Looks for an instance on which a claim fails.
pub fn examine(store: &mut Store, claim: &Claim, context: &Context) -> Outcome {
    match claim {
        Claim::Equal { left, right } => {
            let (left, right) = (*left, *right);
            run(store, &[left, right], context, &Limit::default(), &mut |store, world| {
                equal::equal(store, world, left, right)
            })
        }
        Claim::Order { left, right, limit, order, big } => {
            let (left, right) = (*left, *right);
            let Some(scaling) = Scaling::new(store, limit) else {
                return Outcome::Undecided("weights that are too long".to_owned());
            };
            let order = order * &Rational::from(scaling.stretch);
            let reach = Reach { order, big: *big, depth: scaling.depth() };
            run(store, &[left, right], context, limit, &mut |store, world| {
                equal::order(store, world, left, right, &reach)
            })
        }
        Claim::Differs { left, right } => {
            let (left, right) = (*left, *right);
            let found = run(store, &[left, right], context, &Limit::default(), &mut |store, world| {
                equal::equal(store, world, left, right)
            });
            match found {
                Outcome::Refuted(witness) => Outcome::Witnessed(witness),
                Outcome::Supported { points, .. } => {
                    Outcome::Undecided(format!("both sides are equal at all of {points} points"))
                }
                other => other,
            }
        }
        _ => Outcome::Undecided("a claim of a kind that instances do not decide".to_owned()),
    }
}

/// Looks at every instance; the first on which the check fails is the witness.
pub(super) fn run(
    store: &Store,
    roots: &[Expr],
    context: &Context,
    limit: &Limit,
    check: &mut dyn FnMut(&Store, &World) -> Check,
) -> Outcome {
    let fixed: Vec<Expr> = limit.symbols.iter().map(|(symbol, _)| *symbol).collect();
    let survey: Survey = survey(store, roots, context, &fixed);
    if let Some(head) = survey.undeclared {
        return Outcome::Undecided(format!("`{}` is not declared", store.symbol_of(head).name));
    }
    let Some(scaling) = Scaling::new(store, limit) else {
        return Outcome::Undecided("weights that are too long".to_owned());
    };
    let (mut instances, mut points, mut all_exact) = (Vec::new(), 0, true);
    let mut reason: Option<String> = None;
    for plan in build::plans(&survey) {
        // Steps of a tenth are tried where a whole one leaves the family.
        for small in [false, true] {
            let Some(world) = build::build(store, &survey, &plan, &scaling, small) else { continue };
            match check(store, &world) {
                Check::Holds { exact } => {
                    points += 1;
                    all_exact &= exact;
                    if !instances.contains(&world.name) {
                        instances.push(world.name);
                    }
                }
                Check::Fails(fails) => {
                    return Outcome::Refuted(Witness {
                        instance: world.name,
                        point: world.point,
                        left: fails.left,
                        right: fails.right,
                        reason: fails.reason,
                        agreeing: instances,
                    });
                }
                Check::Skip(why) => {
                    reason.get_or_insert(why);
                    continue;
                }
            }
            break;
        }
    }
    if points > 0 {
        return Outcome::Supported { instances, points, exact: all_exact };
    }
    Outcome::Undecided(reason.unwrap_or_else(|| "no instance meets what is declared".to_owned()))
}
