//! Claims and their verdicts: true ones proved, false ones refuted at a point that is evaluated again here, and traps
//! of partial functions.

use referee::expr::{Scope, Store, formula_in};
use referee::number::{Definedness, Rational};
use referee::tape::{Enclosure, Tape};
use referee::verify::{Judgement, Verdict, Witness, prove_text};

#[track_caller]
fn judge(claim: &str, conditions: &str) -> Judgement {
    prove_text(claim, conditions).unwrap_or_else(|e| panic!("{claim} where {conditions}: {e:?}"))
}

/// Every row, so that all failures of a table are seen at once.
#[track_caller]
fn check_all(table: &[(&str, &str)], accept: impl Fn(&str, &str, &Judgement) -> Option<String>) {
    let mut failures = Vec::new();
    for (claim, conditions) in table {
        let judgement = judge(claim, conditions);
        if let Some(why) = accept(claim, conditions, &judgement) {
            failures.push(format!(
                "{claim}   where {conditions}\n      {why}: {:?}",
                judgement.verdict().report()
            ));
        }
    }
    assert!(failures.is_empty(), "{} of {}:\n{}", failures.len(), table.len(), failures.join("\n"));
}

/// The values of both sides at a witness, by a tape of our own.
fn fails_at(claim: &str, witness: &Witness) -> bool {
    let (left, right) = claim.split_once(" = ").expect("an equation");
    let (mut store, mut scope) = (Store::new(), Scope::strict());
    let mut values = Vec::new();
    for (name, value) in &witness.point {
        let symbol = store.symbol(referee::expr::Symbol {
            name: name.clone(),
            shape: referee::expr::Shape::SCALAR,
            integer: value.is_integer() && ["n", "k", "m"].contains(&name.as_str()),
        });
        scope.declare(name, symbol);
        values.push((symbol, value.clone()));
    }
    let left = formula_in(&mut store, &mut scope, left);
    let right = formula_in(&mut store, &mut scope, right);
    let symbols: Vec<_> = values.iter().map(|(s, _)| *s).collect();
    let tape = Tape::new(&store, &symbols, &[left, right]);
    let at = |precision| {
        let inputs: Vec<Enclosure> =
            values.iter().map(|(_, q)| Enclosure::Exact(q.clone(), precision)).collect();
        tape.eval(&inputs, precision)
    };
    [300, 1000].iter().any(|precision| {
        let values = at(*precision);
        let (a, b) = (values[0].definedness(), values[1].definedness());
        let one = (a == Definedness::Undefined) != (b == Definedness::Undefined);
        (one && (a == Definedness::Defined || b == Definedness::Defined))
            || values[0].to_ball().is_disjoint(&values[1].to_ball())
    })
}

include!("prove_tables.rs");

#[test]
fn true_claims_are_proved() {
    check_all(TRUE, |_, _, judgement| (!judgement.verdict().is_proved()).then(|| "not proved".to_owned()));
}

#[test]
fn false_claims_are_refuted_at_a_point_anyone_can_check() {
    check_all(FALSE, |claim, _, judgement| match judgement.verdict() {
        Verdict::Refuted(witness) if !claim.contains("diff") && !claim.contains(['<', '>', '!']) && claim.matches(" = ").count() == 1 => {
            (!fails_at(claim, witness)).then(|| "the witness does not refute".to_owned())
        }
        Verdict::Refuted(_) => None,
        _ => Some("not refuted".to_owned()),
    });
}

#[test]
fn what_is_not_decided_is_neither_proved_nor_refuted() {
    check_all(UNDECIDED, |_, _, judgement| {
        let verdict = judgement.verdict();
        (verdict.is_proved() || verdict.is_refuted()).then(|| "decided".to_owned())
    });
}
