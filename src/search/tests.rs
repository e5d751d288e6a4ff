//! The corpus: everything true is proved and kernel-checked, nothing false is.

use std::time::{Duration, Instant};

use super::corpus::{CONDITIONAL, FALSE, Statement, TRUE, TRUE_SCALAR, expand};
use super::world::World;
use super::{Attempt, open_condition_texts, prove};
use crate::claim::Claim;
use crate::print::display;

fn attempt(statement: &Statement) -> (World, Attempt, Duration) {
    attempt_in(World::new(), statement, &[])
}

fn attempt_in(
    mut world: World,
    (assumptions, text): &Statement,
    reasons: &[&str],
) -> (World, Attempt, Duration) {
    let reasons: Vec<String> = reasons.iter().map(|reason| (*reason).to_owned()).collect();
    for assumption in *assumptions {
        world.assume(&expand(assumption));
    }
    let claim = world.claim(&expand(text));
    let context = world.context.clone();
    let started = Instant::now();
    let attempt = prove(&mut world.store, &claim, &context, &reasons);
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
    open_condition_texts(&mut world.store, theorem)
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
    all_proved(World::new, TRUE);
}

#[test]
fn everything_true_of_scalars_is_proved() {
    all_proved(World::scalar, TRUE_SCALAR);
}

#[track_caller]
fn all_proved(world: fn() -> World, statements: &[Statement]) {
    let mut missing = Vec::new();
    for statement in statements {
        let (mut world, attempt, time) = attempt_in(world(), statement, &[]);
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
    assert!(missing.is_empty(), "{} of {}:\n{}", missing.len(), statements.len(), missing.join("\n"));
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

/// Whether a true statement is proved by the reasons named for it.
fn check_reason(text: &'static str, reason: &str, sufficient: bool) {
    let (world, attempt, _) = attempt_in(World::new(), &(&[], text), &[reason]);
    match attempt {
        Attempt::Proved { by_other_rules, .. } => {
            assert_eq!(by_other_rules, !sufficient, "{text} by {reason}")
        }
        Attempt::Failed { .. } => panic!("{text}: {:?}", failure(&world, &attempt)),
    }
}

#[test]
fn a_named_reason_suffices_or_other_rules_are_reported() {
    check_reason("E[a*f(x) + b*g(x)] = a*E[f(x)] + b*E[g(x)]", "linearity", true);
    check_reason("E[a*f(x) + b*g(x)] = a*E[f(x)] + b*E[g(x)]", "log-product", false);
    check_reason("KL(p(theta), p(theta + d)) = 1/2*d'*F*d order 2 in d", "taylor-2", false);
    check_reason("L(theta + d) = L(theta) + grad(L(theta))'*d order 1 in d", "Taylor expansion", true);
    check_reason("E[grad(log(p(x,theta)))] = 0*theta", "score-mean", true);
    check_reason("grad(theta'*A*theta) = (A + A')*theta", "differentiation", true);
    check_reason("integral(grad(p(x,theta)), x) = 0*theta", "obviously", true);
    check_reason("u'*F*v = v'*F*u", "algebra", true);
}

#[test]
fn the_divergence_is_explained_as_in_print() {
    let (world, attempt, _) = attempt(&(&[], "KL(p(theta), p(theta + d)) = 1/2*d'*F*d order 2 in d"));
    let rules: Vec<String> = match &attempt {
        Attempt::Proved { lines, .. } => {
            lines.iter().map(|line| format!("{} {}", line.relation, line.rule)).collect()
        }
        Attempt::Failed { .. } => panic!("{:?}", failure(&world, &attempt)),
    };
    let expected =
        ["", "= def-kl", "= def-e", "= log-product, log-power", "= linearity", "≡₂ taylor-2", "= linearity"];
    assert_eq!(
        rules.iter().map(|rule| rule.trim()).take(7).collect::<Vec<_>>(),
        expected,
        "{}",
        explained(&world, &attempt)
    );
}

#[test]
fn a_conclusion_names_its_multiple() {
    let text = "lambda*F*d = -grad(L(theta)) => d = -1/lambda*F^-1*grad(L(theta))";
    let (world, attempt, _) = attempt(&(&[], text));
    let Attempt::Proved { lines, .. } = &attempt else { panic!("{:?}", failure(&world, &attempt)) };
    assert_eq!(lines.len(), 2);
    assert_eq!(lines[1].rule, "fisher(p)(theta)^(-1)/lambda times the given equation");
}

#[test]
fn a_conclusion_follows_from_two_equations() {
    let (world, first, _) = attempt(&(&[], "a*u = v and v = b*w => a*u = b*w"));
    assert_eq!(failure(&world, &first), None);
    let (world, second, _) = attempt(&(&[], "a*u = v and v = b*w => a*u = -b*w"));
    assert!(failure(&world, &second).is_some());
}

/// Deep and wide inputs end with a reason, in bounded time.
#[test]
fn hostile_expressions_end() {
    let mut world = World::new();
    let (mut deep, mut wide) = (world.read("a"), Vec::new());
    for n in 0..2_000 {
        deep = world.store.call_named("log", [deep]);
        let number = world.store.integer(n + 2);
        let power = world.store.pow(deep, number);
        if n < 400 {
            wide.push(power);
        }
    }
    let wide = world.store.sum(wide);
    let (f, context) = (world.read("E[log(f(x)*g(x))]"), world.context.clone());
    for (left, right) in [(deep, f), (wide, f), (f, wide)] {
        let claim = Claim::Equal { left, right };
        assert!(matches!(prove(&mut world.store, &claim, &context, &[]), Attempt::Failed { .. }));
    }
}
