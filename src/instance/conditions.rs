//! Can the conditions of a proof be met?
//!
//! `−p(x|θ) > 0` fails on every instance: the proof that needs it is void. `F nonsingular` fails on one: a restriction, to
//! be printed with that instance.

use super::assume;
use super::build::{self, Choice, Setting};
use super::evaluate::Evaluator;
use super::failure::Failure;
use super::plan;
use crate::claim::{Assumption, Context, Limit};
use crate::expr::{Expr, Store};

/// What the instances say about one condition.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// It holds on all of so many instances.
    Always {
        /// How many.
        instances: usize,
    },
    /// It holds on some and fails on others.
    Sometimes {
        /// The first instance on which it holds.
        holds: String,
        /// The first instance on which it fails.
        fails: String,
    },
    /// It fails on all of so many instances.
    Never {
        /// How many.
        instances: usize,
        /// The first of them.
        fails: String,
    },
    /// No instance could tell.
    Unknown(String),
}

/// What the instances say about the conditions of one proof.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Satisfiability {
    /// One for each condition.
    pub each: Vec<Standing>,
    /// An instance that meets all of them.
    pub together: Option<String>,
}

impl Satisfiability {
    /// Does some condition fail wherever it was looked at?
    pub fn is_void(&self) -> bool {
        self.each.iter().any(|standing| matches!(standing, Standing::Never { .. }))
    }
}

/// Looks at the conditions of a proof on the instances of what is declared.
///
/// Samples and other variables that were bound where a condition arose stand as symbols.
pub fn satisfiable(store: &mut Store, conditions: &[Assumption], context: &Context) -> Satisfiability {
    let store: &Store = store;
    let roots: Vec<Expr> = conditions.iter().flat_map(super::survey::expressions).collect();
    let setting = match Setting::new(store, &roots, context, &Limit::default()) {
        Ok(setting) => setting,
        Err(reason) => {
            let each = conditions.iter().map(|_| Standing::Unknown(reason.clone())).collect();
            return Satisfiability { each, together: None };
        }
    };
    let mut tallies = vec![Tally::default(); conditions.len()];
    let mut together = None;
    for plan in plan::plans(&setting.survey) {
        for small in [false, true] {
            let Some(world) = build::build(&setting, &plan, Choice { small, moved: &[] }) else { continue };
            let mut evaluator = Evaluator::new(store, &world, 4, 160);
            let answers: Vec<_> =
                conditions.iter().map(|condition| assume::holds(&mut evaluator, condition)).collect();
            if answers.contains(&Err(Failure::Outside)) {
                continue;
            }
            if together.is_none() && answers.iter().all(|answer| *answer == Ok(true)) {
                together = Some(world.name.clone());
            }
            for (tally, answer) in tallies.iter_mut().zip(answers) {
                tally.count(&world.name, answer);
            }
            break;
        }
    }
    Satisfiability { each: tallies.into_iter().map(Tally::standing).collect(), together }
}

#[derive(Clone, Debug, Default)]
struct Tally {
    holds: Vec<String>,
    fails: Vec<String>,
    unknown: Option<String>,
}

impl Tally {
    fn count(&mut self, instance: &str, answer: Result<bool, Failure>) {
        match answer {
            Ok(true) => self.holds.push(instance.to_owned()),
            Ok(false) | Err(Failure::Undefined(_)) => self.fails.push(instance.to_owned()),
            Err(failure) => drop(self.unknown.get_or_insert(failure.text())),
        }
    }

    fn standing(self) -> Standing {
        match (self.holds.first(), self.fails.first(), self.unknown) {
            (Some(holds), Some(fails), _) => {
                Standing::Sometimes { holds: holds.clone(), fails: fails.clone() }
            }
            (Some(_), None, _) => Standing::Always { instances: self.holds.len() },
            (None, Some(fails), None) => {
                Standing::Never { instances: self.fails.len(), fails: fails.clone() }
            }
            (None, _, Some(reason)) => Standing::Unknown(reason),
            (None, None, None) => Standing::Unknown("no instance meets what is declared".to_owned()),
        }
    }
}
