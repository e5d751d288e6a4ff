//! The instances of a claim, one after the other, until one of them refutes it.

use super::build::{self, Choice, Setting};
use super::check::Check;
use super::conclusion;
use super::equal::{self, Reach};
use super::jet::TOO_LONG;
use super::minimum;
use super::plan::{self, Plan, Scaling};
use super::relations;
use super::survey::expressions;
use super::vanishing;
use super::world::World;
use crate::claim::{Assumption, Claim, Context, Limit, Problem};
use crate::expr::{Expr, Node, Store};
use crate::number::Rational;

/// So many instances support a claim about minimizers.
const ENOUGH: usize = 10;

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
    let context = &solved_for_symbols(store, context);
    let store: &Store = store;
    match claim {
        Claim::Equal { left, right } => {
            with_equations(store, context, &[*left, *right], &mut |setting, world| {
                equal::equal(setting.store, world, *left, *right)
            })
        }
        Claim::Differs { left, right } => differs(store, context, *left, *right),
        Claim::Order { left, right, limit, order, big } => {
            let Some(scaling) = Scaling::new(store, limit) else {
                return Outcome::Undecided("weights that are too long".to_owned());
            };
            let order = order * &Rational::from(scaling.stretch);
            let reach = Reach { order, big: *big, depth: scaling.depth() };
            run(
                store,
                &[*left, *right],
                context,
                Frame { limit, ..Frame::default() },
                &mut |setting, world, _| equal::order(setting.store, world, *left, *right, &reach),
            )
        }
        Claim::Compare { left, relation, right } => {
            with_equations(store, context, &[*left, *right], &mut |setting, world| {
                relations::compare(setting.store, world, (*left, *relation, *right))
            })
        }
        Claim::Proportional { left, right, varying } => {
            let mut roots = vec![*left, *right];
            roots.extend(varying);
            run(store, &roots, context, Frame::default(), &mut |setting, world, plan| {
                relations::proportional(setting, world, plan, (*left, *right), varying)
            })
        }
        Claim::Property { of, property } => with_equations(store, context, &[*of], &mut |setting, world| {
            relations::property(setting.store, world, *of, *property)
        }),
        Claim::ZeroOnlyAtZero { form, variable } => {
            let context = without(store, context, *variable);
            run(
                store,
                &[*form, *variable],
                &context,
                Frame { bound: &[*variable], ..Frame::default() },
                &mut |setting, world, _| relations::zero_only_at_zero(setting.store, world, *form, *variable),
            )
        }
        Claim::LimitValue { body, variable, to, value } => {
            let sides = match assumed_sides(store, context, *variable) {
                Ok(sides) => sides,
                Err(reason) => return Outcome::Undecided(reason),
            };
            let context = without(store, context, *variable);
            let roots = [*body, *variable, *to, *value];
            run(
                store,
                &roots,
                &context,
                Frame { bound: &[*variable], ..Frame::default() },
                &mut |setting, world, _| {
                    relations::limit_value(setting.store, world, (*body, *variable, *to, *value), sides)
                },
            )
        }
        Claim::Conclusion { given, left, right } => {
            let mut roots = vec![*left, *right];
            roots.extend(given.iter().flat_map(|(a, b)| [*a, *b]));
            run(store, &roots, context, Frame::default(), &mut |setting, world, _| {
                conclusion::conclusion(setting, world, given, (*left, *right))
            })
        }
        Claim::Stationary { problem, left, right } => with_problems(
            store,
            context,
            &[*left, *right],
            &[problem],
            &Limit::default(),
            &mut |setting, world| minimum::stationary(setting, world, problem, (*left, *right)),
        ),
        Claim::Minimizer { point, problem } => {
            with_problems(store, context, &[*point], &[problem], &Limit::default(), &mut |setting, world| {
                minimum::minimizer(setting, world, *point, problem)
            })
        }
        Claim::MinimizerLimit { point, scale, problem, limit } => {
            with_problems(store, context, &[*point, *scale], &[problem], limit, &mut |setting, world| {
                vanishing::minimizer_limit(setting, world, (*point, *scale), problem)
            })
        }
        Claim::SameMinimizer { first, second, limit } => {
            with_problems(store, context, &[], &[first, second], limit, &mut |setting, world| {
                vanishing::same_minimizer(setting, world, first, second)
            })
        }
    }
}

/// [`run`] of a claim about minimizers: nothing is assumed of the variables.
fn with_problems(
    store: &Store,
    context: &Context,
    others: &[Expr],
    problems: &[&Problem],
    limit: &Limit,
    check: &mut dyn FnMut(&Setting, &World) -> Check,
) -> Outcome {
    let mut roots = others.to_vec();
    let mut context = context.clone();
    for problem in problems {
        roots.extend([problem.variable, problem.objective]);
        roots.extend(&problem.constraints);
        context = without(store, &context, problem.variable);
    }
    let bound: Vec<Expr> = problems.iter().map(|problem| problem.variable).collect();
    run(store, &roots, &context, Frame { limit, bound: &bound, enough: ENOUGH }, &mut |setting, world, _| {
        check(setting, world)
    })
}

/// The context in which `a - b - c = 0` defines a.
pub(super) fn solved_for_symbols(store: &mut Store, context: &Context) -> Context {
    let mut solved = context.clone();
    for assumption in &mut solved.assumptions {
        let Assumption::Equal(a, b) = *assumption else { continue };
        if store.as_symbol(a).is_some() || store.as_symbol(b).is_some() {
            continue;
        }
        let difference = store.sub(a, b);
        let Node::Sum(terms) = store[difference].clone() else { continue };
        let alone = |(position, (c, term)): (usize, &(Rational, Expr))| {
            let others = terms.iter().enumerate().filter(|(other, _)| *other != position);
            let free = others.into_iter().all(|(_, (_, other))| !store.mentions(*other, &[*term]));
            let small = context.limit.symbols.iter().any(|(symbol, _)| symbol == term);
            (store.as_symbol(*term).is_some() && free && !small && !c.is_zero()).then_some(position)
        };
        if let Some(position) = terms.iter().enumerate().find_map(alone) {
            let (c, symbol) = terms[position].clone();
            let factor = c.recip().expect("a coefficient that is not 0");
            let rest = terms.iter().enumerate().filter(|(other, _)| *other != position);
            let rest: Vec<_> = rest.map(|(_, (d, term))| (-&(d * &factor), *term)).collect();
            *assumption = Assumption::Equal(symbol, store.linear(rest));
        }
    }
    solved
}

/// Two sides that are not always equal: a difference is the proof.
fn differs(store: &Store, context: &Context, left: Expr, right: Expr) -> Outcome {
    let found = with_equations(store, context, &[left, right], &mut |setting, world| {
        equal::differ(setting.store, world, left, right)
    });
    match found {
        Outcome::Refuted(witness) => Outcome::Witnessed(witness),
        Outcome::Supported { points, .. } => {
            Outcome::Undecided(format!("both sides are equal at all of {points} points"))
        }
        other => other,
    }
}

/// The context without what is assumed of a symbol that a claim binds.
fn without(store: &Store, context: &Context, variable: Expr) -> Context {
    let mut context = context.clone();
    context
        .assumptions
        .retain(|assumption| !expressions(assumption).into_iter().any(|e| store.mentions(e, &[variable])));
    context
}

/// From which sides a limit is taken: from above only, where the variable is declared positive.
fn assumed_sides(store: &Store, context: &Context, variable: Expr) -> Result<&'static [i64], String> {
    let mut sides: &[i64] = &[1, -1];
    for assumption in &context.assumptions {
        match assumption {
            Assumption::Positive(e) | Assumption::NonNegative(e) if *e == variable => sides = &[1],
            Assumption::NonZero(e) if *e == variable => {}
            other if expressions(other).into_iter().any(|e| store.mentions(e, &[variable])) => {
                return Err("a limit in what other things are assumed of".to_owned());
            }
            _ => {}
        }
    }
    Ok(sides)
}

/// [`run`] of a claim in which nothing tends to 0.
fn with_equations(
    store: &Store,
    context: &Context,
    roots: &[Expr],
    check: &mut dyn FnMut(&Setting, &World) -> Check,
) -> Outcome {
    run(store, roots, context, Frame::default(), &mut |setting, world, _| check(setting, world))
}

/// What a claim binds, and how many instances support it.
#[derive(Clone, Copy)]
struct Frame<'a> {
    /// What tends to 0.
    limit: &'a Limit,
    /// Symbols whose values on an instance say nothing.
    bound: &'a [Expr],
    /// After so many instances no more are looked at.
    enough: usize,
}

/// Nothing tends to 0.
static NO_LIMIT: Limit = Limit { symbols: Vec::new() };

impl Default for Frame<'_> {
    fn default() -> Self {
        Frame { limit: &NO_LIMIT, bound: &[], enough: usize::MAX }
    }
}

/// Looks at every instance; the first on which the check fails is the witness.
fn run(
    store: &Store,
    roots: &[Expr],
    context: &Context,
    frame: Frame,
    check: &mut dyn FnMut(&Setting, &World, &Plan) -> Check,
) -> Outcome {
    let mut setting = match Setting::new(store, roots, context, frame.limit) {
        Ok(setting) => setting,
        Err(reason) => return Outcome::Undecided(reason),
    };
    setting.bound = frame.bound.iter().filter_map(|e| store.as_symbol(*e)).collect();
    let (mut instances, mut points, mut all_exact) = (Vec::new(), 0, true);
    let mut reason: Option<String> = None;
    let mut exhausted = 0;
    for plan in plan::plans(&setting.survey) {
        // What is too long on the simplest instances is so on others.
        if exhausted > 1 {
            break;
        }
        // Steps of a tenth are tried where a whole one leaves the family.
        for small in [false, true] {
            let Some(world) = build::build(&setting, &plan, Choice { small, moved: &[] }) else { continue };
            match check(&setting, &world, &plan) {
                Check::Holds { exact } => {
                    points += 1;
                    all_exact &= exact;
                    if !instances.contains(&world.name) {
                        instances.push(world.name);
                    }
                }
                Check::Fails(fails) => {
                    let described = fails.world.map_or(world, |world| *world);
                    return Outcome::Refuted(Witness {
                        instance: described.name,
                        point: described.point,
                        left: fails.left,
                        right: fails.right,
                        reason: fails.reason,
                        agreeing: instances,
                    });
                }
                Check::Skip(why) => {
                    exhausted += usize::from(why == TOO_LONG);
                    reason.get_or_insert(why);
                    if exhausted > 1 {
                        break;
                    }
                    continue;
                }
            }
            break;
        }
        // Minimizers are compared with many points: a few instances of each dimension are support enough.
        if points >= frame.enough {
            break;
        }
    }
    if points > 0 {
        return Outcome::Supported { instances, points, exact: all_exact };
    }
    Outcome::Undecided(reason.unwrap_or_else(|| "no instance meets what is declared".to_owned()))
}
