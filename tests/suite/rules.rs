//! The tables speak for themselves: every rule and every row of the function table is checked by evaluation, and by
//! the prover.

use num_complex::Complex64;
use referee::algebra::rules::RULES;
use referee::calculus::Differentiator;
use referee::expr::{Scope, Store, formula_in, lower_conditions};
use referee::function::{FunctionId, functions};
use referee::number::{Ball, Definedness, Rational};
use referee::syntax;
use referee::tape::{Enclosure, Tape};
use referee::verify::{Verdict, prove_text};

/// Values for up to three variables; those outside a condition are left out.
const VALUES: [(i64, i64); 12] =
    [(1, 2), (3, 2), (2, 1), (5, 1), (1, 10), (-1, 2), (-3, 2), (7, 3), (3, 1), (1, 1), (0, 1), (-5, 3)];

/// How many points both sides of a rule certainly agree at; a contradiction fails the test.
fn agreeing(left: &str, right: &str, condition: &str) -> usize {
    let (mut store, mut scope) = (Store::new(), Scope::lenient());
    let (list, _) = syntax::parse_conditions(condition, 0);
    let mut diagnostics = Vec::new();
    let list = list.expect("a condition of the table reads");
    lower_conditions(&mut store, &mut scope, &list, true, &mut diagnostics);
    let (a, b) = (formula_in(&mut store, &mut scope, left), formula_in(&mut store, &mut scope, right));
    let symbols = store.free_symbols(&[a, b]);
    let symbols: Vec<_> = symbols.into_iter().map(|s| store.symbol_expr(s)).collect();
    let tape = Tape::new(&store, &symbols, &[a, b]);
    let holds = condition_holds(&mut store, &mut scope, condition, &symbols);
    let mut count = 0;
    for start in 0..VALUES.len() {
        for stride in [1, 5, 7] {
            let point: Vec<Rational> = (0..symbols.len())
                .map(|i| {
                    let (n, d) = VALUES[(start + stride * i) % VALUES.len()];
                    Rational::new(n, d)
                })
                .collect();
            let typed = symbols.iter().zip(&point).all(|(s, q)| !store.is_integer(*s) || q.is_integer());
            if !typed || !holds(&point) {
                continue;
            }
            let inputs: Vec<Enclosure> = point.iter().map(|q| Enclosure::Exact(q.clone(), 128)).collect();
            let values = tape.eval(&inputs, 128);
            if values.iter().all(|v| v.definedness() == Definedness::Defined) {
                let (a, b) = (values[0].to_ball(), values[1].to_ball());
                assert!(!a.is_disjoint(&b), "{left} = {right} at {point:?}: {a} and {b}");
                count += usize::from(a.is_bounded() && b.is_bounded());
            }
        }
    }
    count
}

/// Comparisons of a condition by a tape, at exact points.
fn condition_holds(
    store: &mut Store,
    scope: &mut Scope,
    condition: &str,
    symbols: &[referee::expr::Expr],
) -> impl Fn(&[Rational]) -> bool + use<> {
    let mut checks = Vec::new();
    for part in condition.split(',').map(str::trim).filter(|p| !p.is_empty() && !p.ends_with("integer")) {
        let relation =
            ["!=", ">=", "<=", ">", "<"].into_iter().find(|r| part.contains(r)).expect("a comparison");
        let (left, right) = part.split_once(relation).expect("found above");
        let (a, b) = (formula_in(store, scope, left), formula_in(store, scope, right));
        let difference = store.sub(a, b);
        checks.push((relation, Tape::new(store, symbols, &[difference])));
    }
    move |point: &[Rational]| {
        let inputs: Vec<Enclosure> = point.iter().map(|q| Enclosure::Exact(q.clone(), 64)).collect();
        checks.iter().all(|(relation, tape)| {
            let value = tape.eval_one(&inputs, 64).to_ball();
            match *relation {
                "!=" => !value.contains_zero(),
                ">=" => value.is_nonnegative(),
                "<=" => value.neg().is_nonnegative(),
                ">" => value.is_positive(),
                _ => value.is_negative(),
            }
        })
    }
}

#[test]
fn rules_hold_at_points_of_their_conditions() {
    for rule in RULES.iter().filter(|r| !r.left.is_empty()) {
        let count = agreeing(rule.left, rule.right, rule.condition);
        let closed = rule.name == "exact-value";
        assert!(count >= if closed { 1 } else { 4 }, "{} was seen at {count} points", rule.name);
    }
}

#[test]
fn the_prover_proves_every_rule_under_its_condition() {
    let mut failures = Vec::new();
    for rule in RULES.iter().filter(|r| !r.left.is_empty()) {
        let claim = format!("{} = {}", rule.left, rule.right);
        let judgement = prove_text(&claim, rule.condition).expect("a rule reads");
        if !judgement.verdict().is_proved() {
            failures.push(format!("{claim} where {}: {:?}", rule.condition, judgement.verdict().report()));
        }
    }
    assert!(failures.is_empty(), "{}", failures.join("\n"));
}

/// The equations of a column as (claim, conditions) the prover reads; `x nonpole` becomes a positive argument.
fn claims(function: FunctionId, column: &[&'static str]) -> Vec<(String, String)> {
    let domain =
        |texts: &[&str]| texts.iter().map(|t| t.replace(" nonpole", " > 0")).collect::<Vec<_>>().join(", ");
    column
        .iter()
        .map(|text| match text.split_once(" if ") {
            Some((claim, conditions)) => (claim.to_owned(), conditions.replace(" nonpole", " > 0")),
            None => ((*text).to_owned(), domain(function.row().domain)),
        })
        .collect()
}

#[test]
fn identities_and_values_of_the_table_are_never_refuted() {
    let (mut proved, mut supported, mut failures) = (0, 0, Vec::new());
    for function in functions() {
        let row = function.row();
        let list =
            [claims(function, row.values), claims(function, row.identities), claims(function, row.facts)];
        for (claim, conditions) in list.concat() {
            // `cos(x) != 0` and the like stand for themselves; they are not read after `where` for constants.
            let judgement = prove_text(&claim, &conditions).unwrap_or_else(|e| panic!("{claim}: {e:?}"));
            match judgement.verdict() {
                Verdict::Proved(_) => proved += 1,
                Verdict::Supported(_) => supported += 1,
                other => failures.push(format!("{claim} where {conditions}: {:?}", other.report())),
            }
        }
    }
    assert!(failures.is_empty(), "{proved} proved, {supported} supported, and\n{}", failures.join("\n"));
    assert!(proved > 100, "{proved} proved, {supported} supported");
}

#[test]
fn partial_derivatives_of_the_table_agree_with_the_complex_step() {
    const STEP: f64 = 1e-100;
    let mut checked = 0;
    for function in functions() {
        let row = function.row();
        let mut store = Store::new();
        let mut calculus = Differentiator::new();
        let symbols: Vec<_> = row.params.iter().map(|name| store.scalar(name)).collect();
        let call = store.call(function, symbols.clone());
        for (place, _) in row.partials.iter().enumerate().filter(|(_, p)| p.is_some()) {
            let derivative = calculus.derivative(&mut store, call, symbols[place]);
            let (value, slope) =
                (Tape::new(&store, &symbols, &[call]), Tape::new(&store, &symbols, &[derivative]));
            for start in [0.7, 1.3, 2.6] {
                let point: Vec<f64> = (0..symbols.len())
                    .map(|i| if row.params[i] == "n" { 3.0 } else { start + 0.45 * i as f64 })
                    .collect();
                // A row of negative arguments is undefined there, and defined at the opposite point.
                let balls: Vec<Ball> = point.iter().map(|x| Ball::from_f64(*x, 64)).collect();
                let is_outside = (row.eval.ball)(&balls, 64).is_undefined();
                let point: Vec<f64> = point.iter().map(|x| if is_outside { -x } else { *x }).collect();
                let mut inputs: Vec<Complex64> = point.iter().map(|x| Complex64::new(*x, 0.0)).collect();
                inputs[place].im = STEP;
                let witness = value.eval_one(&inputs, ()).im / STEP;
                let formula = slope.eval_one(&point, ());
                if witness.is_nan() || formula.is_nan() {
                    continue;
                }
                // Both are sums of a few terms, each good to some units in the last place.
                let close = approx::relative_eq!(witness, formula, max_relative = 1e-11, epsilon = 1e-11);
                assert!(close, "∂{}/∂{} at {point:?}: {witness} and {formula}", row.name, row.params[place]);
                checked += 1;
            }
        }
    }
    assert!(checked > 50, "{checked} checked");
}
