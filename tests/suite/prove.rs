//! Claims and their verdicts: true ones proved, false ones refuted at a point that is evaluated again here, and traps
//! of partial functions.

use super::prove_tables::{FALSE, TRUE, UNDECIDED};
use proptest::prelude::*;
use referee::expr::{Scope, Store, formula_in};
use referee::number::Definedness;
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
    [300, 1000, 14_000].iter().any(|precision| {
        let values = at(*precision);
        let (a, b) = (values[0].definedness(), values[1].definedness());
        let one = (a == Definedness::Undefined) != (b == Definedness::Undefined);
        (one && (a == Definedness::Defined || b == Definedness::Defined))
            || values[0].to_ball().is_disjoint(&values[1].to_ball())
    })
}

#[test]
fn true_claims_are_proved() {
    check_all(TRUE, |_, _, judgement| (!judgement.verdict().is_proved()).then(|| "not proved".to_owned()));
}

#[test]
fn false_claims_are_refuted_at_a_point_anyone_can_check() {
    check_all(FALSE, |claim, _, judgement| match judgement.verdict() {
        Verdict::Refuted(witness)
            if !claim.contains("diff")
                && !claim.contains(['<', '>', '!'])
                && claim.matches(" = ").count() == 1 =>
        {
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

#[test]
fn the_missing_condition_is_named() {
    let help = |claim: &str, conditions: &str| judge(claim, conditions).verdict().report().help;
    assert_eq!(help("x/x = 1", "").as_deref(), Some("--where \"x != 0\""));
    assert_eq!(help("1/(2*x - 3)*(2*x - 3) = 1", "").as_deref(), Some("--where \"x != 3/2\""));
    assert_eq!(help("sqrt(x^2) = x", "").as_deref(), Some("--where \"x >= 0\""));
    assert_eq!(help("log(x*y) = log(x) + log(y)", "").as_deref(), Some("--where \"x > 0, y > 0\""));
    assert_eq!(help("log(x^2) = 2*log(x)", "").as_deref(), Some("--where \"x > 0\""));
    assert_eq!(help("x^2/abs(x) = abs(x)", "").as_deref(), Some("--where \"x != 0\""));
}

#[test]
fn a_chain_is_as_good_as_its_worst_step() {
    let judgement = judge("(a + b)^2 = a^2 + 2*a*b + b^2 = a^2 + b^2", "");
    assert!(judgement.steps[0].verdict.is_proved() && judgement.steps[1].verdict.is_refuted());
    assert!(judgement.verdict().is_refuted());
}

#[test]
fn mistakes_of_both_texts_are_returned() {
    let misread = prove_text("x + = 1", "x >").expect_err("neither reads");
    assert_eq!(misread.len(), 2);
    assert!(prove_text("x + 1", "").is_err(), "an expression alone is no claim");
    assert!(prove_text("digama(x) = 1", "").is_err());
}

/// A true claim with one thing changed: a sign, a factor, an exponent.
fn mutations(claim: &str) -> Vec<String> {
    let Some((left, right)) = claim.split_once(" = ") else { return Vec::new() };
    let mut list = vec![
        format!("{left} = 2*({right})"),
        format!("{left} = -({right})"),
        format!("{left} = ({right}) + 1/1000000000000000000000000000000"),
    ];
    if right != "1" {
        list.push(format!("({left})^2 = {right}"));
    }
    list
}

#[test]
fn mutated_claims_are_not_proved() {
    let mut failures = Vec::new();
    let mut refuted = 0;
    for (claim, conditions) in TRUE.iter().filter(|(claim, _)| claim.matches(" = ").count() == 1) {
        if claim.starts_with('[') {
            continue;
        }
        for mutated in mutations(claim) {
            let judgement = judge(&mutated, conditions);
            refuted += usize::from(judgement.verdict().is_refuted());
            if judgement.verdict().is_proved() {
                failures.push(format!("{mutated} where {conditions}"));
            }
        }
    }
    // 0 = 2·0 and 0 = −0, and squares of 0 and 1, stay true.
    failures.retain(|f| !STILL_TRUE.iter().any(|t| f.starts_with(t)));
    assert!(failures.is_empty(), "{}", failures.join("\n"));
    assert!(refuted > 300, "{refuted} refuted");
}

#[rustfmt::skip]
const STILL_TRUE: &[&str] = &[
    "x - x = 2*(0)", "x - x = -(0)", "(x - x)^2 = 0", "(x^2)^2 = x", "((a + b + c + d)^1000)^2 = (a + b)^1000 + 1",
];

/// A random polynomial in three variables with small coefficients.
fn polynomial() -> impl Strategy<Value = String> {
    let term =
        (-9i64..10, 0u32..4, 0u32..3, 0u32..3).prop_map(|(c, i, j, k)| format!("({c})*x^{i}*y^{j}*z^{k}"));
    proptest::collection::vec(term, 1..5).prop_map(|terms| terms.join(" + "))
}

/// A true identity: one rule forwards, with random expressions put in.
fn identity() -> impl Strategy<Value = (String, &'static str)> {
    let part = prop_oneof![
        Just("x"),
        Just("y"),
        Just("(x + 1)"),
        Just("(x*y)"),
        Just("exp(y)"),
        Just("(x/y)"),
        Just("sqrt(x)")
    ];
    let shape = prop_oneof![
        Just("log(A*B) = log(A) + log(B)"),
        Just("exp(A + B) = exp(A)*exp(B)"),
        Just("(A + B)^3 = A^3 + 3*A^2*B + 3*A*B^2 + B^3"),
        Just("sqrt(A*B) = sqrt(A)*sqrt(B)"),
        Just("A/B + B/A = (A^2 + B^2)/(A*B)"),
        Just("digamma(A + 1) = digamma(A) + 1/A"),
        Just("cos(A - B) = cos(A)*cos(B) + sin(A)*sin(B)"),
        Just("(A*B)^(3/2) = A^(3/2)*B^(3/2)"),
        Just("lgamma(A + 1) = lgamma(A) + log(A)"),
        Just("1/(1 + exp(-A)) = exp(A)/(1 + exp(A))"),
        Just("A^B*A = A^(B + 1)"),
    ];
    (shape, part.clone(), part)
        .prop_map(|(shape, a, b)| (shape.replace('A', a).replace('B', b), "x > 0, y > 0"))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn different_polynomials_are_refuted(p in polynomial(), q in polynomial()) {
        let verdict = judge(&format!("{p} = {q}"), "");
        let again = judge(&format!("({p}) - ({q}) = 0"), "");
        prop_assert_eq!(verdict.verdict().name(), again.verdict().name());
        // Equal at all of a grid larger than the degrees: equal.
        let mut equal = true;
        for i in 0..6i64 {
            for j in 0..5i64 {
                for k in 0..5i64 {
                    let at = |text: &str| {
                        let text = text.replace('x', &format!("({i})")).replace('y', &format!("({j})"));
                        let mut store = Store::new();
                        let e = formula_in(&mut store, &mut Scope::strict(), &text.replace('z', &format!("({k})")));
                        store.as_number(e).cloned().expect("a number")
                    };
                    equal = equal && at(&p) == at(&q);
                }
            }
        }
        prop_assert_eq!(verdict.verdict().is_proved(), equal);
        prop_assert_eq!(verdict.verdict().is_refuted(), !equal);
    }

    #[test]
    fn true_identities_are_never_refuted((claim, conditions) in identity()) {
        let judgement = judge(&claim, conditions);
        prop_assert!(!judgement.verdict().is_refuted(), "{claim}: {:?}", judgement.verdict().report());
        let open = judgement.verdict().report().reason.unwrap_or_default();
        prop_assert!(!open.contains("disagreement"), "{claim}: {open}");
    }
}
