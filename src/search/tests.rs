//! The corpus: everything true is proved and kernel-checked, nothing false is.

use std::time::{Duration, Instant};

use super::corpus::{CONDITIONAL, FALSE, OPEN, Statement, TRUE, expand};
use super::world::World;
use super::{Attempt, condition_text, prove};
use crate::print::display;

fn attempt((assumptions, text): &Statement) -> (World, Attempt, Duration) {
    let mut world = World::new();
    for assumption in *assumptions {
        world.assume(&expand(assumption));
    }
    let claim = world.claim(&expand(text));
    let context = world.context.clone();
    let started = Instant::now();
    let attempt = prove(&mut world.store, &claim, &context, &[]);
    (world, attempt, started.elapsed())
}

/// Why a statement was not proved.
fn failure(world: &World, attempt: &Attempt) -> Option<String> {
    match attempt {
        Attempt::Proved { .. } => None,
        Attempt::Failed { reason, left_form, right_form } => {
            let (left, right) = (display(&world.store, *left_form), display(&world.store, *right_form));
            Some(format!("{reason}\n    {left}\n    {right}"))
        }
    }
}

/// The conditions that the declarations do not meet, in words.
fn conditions(world: &mut World, attempt: &Attempt) -> Vec<String> {
    let Attempt::Proved { theorem, .. } = attempt else { return Vec::new() };
    theorem.open_conditions().map(|met| condition_text(&mut world.store, met)).collect()
}

/// The proof as `--explain` shows it.
fn explained(world: &World, attempt: &Attempt) -> String {
    let Attempt::Proved { lines, .. } = attempt else { return String::new() };
    let text = lines.iter().map(|line| {
        let conditions = if line.conditions.is_empty() {
            String::new()
        } else {
            format!(" if {}", line.conditions.join("; "))
        };
        format!(
            "    {:2} {}   [{}]{conditions}\n",
            line.relation,
            display(&world.store, line.formula),
            line.rule
        )
    });
    text.collect()
}

#[test]
fn what_needs_a_condition_is_proved_with_it() {
    for (condition, text) in CONDITIONAL {
        let (mut world, attempt, _) = attempt(&(&[], text));
        let open = conditions(&mut world, &attempt);
        assert!(
            open.iter().any(|found| found == condition),
            "{text}: {open:?} {:?}",
            failure(&world, &attempt)
        );
    }
}

#[test]
fn everything_true_is_proved() {
    let mut missing = Vec::new();
    for statement in TRUE {
        let (mut world, attempt, time) = attempt(statement);
        eprintln!("{:>9.3} ms  {}", time.as_secs_f64() * 1e3, statement.1);
        eprint!("{}", explained(&world, &attempt));
        let open = conditions(&mut world, &attempt);
        if !open.is_empty() {
            eprintln!("              if {}", open.join("; "));
        }
        if let Some(why) = failure(&world, &attempt) {
            missing.push(format!("{}\n  {why}", statement.1));
        }
    }
    assert!(missing.is_empty(), "{} of {}:\n{}", missing.len(), TRUE.len(), missing.join("\n"));
}

#[test]
fn what_is_listed_as_open_is_open() {
    for statement in OPEN {
        let (world, attempt, _) = attempt(statement);
        assert!(failure(&world, &attempt).is_some(), "{} is proved now", statement.1);
    }
}

#[test]
fn nothing_false_is_proved() {
    for statement in FALSE {
        let (world, attempt, time) = attempt(statement);
        eprintln!("{:>9.3} ms  {}", time.as_secs_f64() * 1e3, statement.1);
        if let Attempt::Proved { theorem, .. } = &attempt {
            panic!("{}\n{}\n{theorem:?}", statement.1, explained(&world, &attempt));
        }
    }
}
