//! A claim and what is declared → its verdict, from both sides: rules that prove, instances that refute.
//!
//! A claim of scalars and functions of the table alone is decided as `referee prove` decides it. A claim about an
//! abstract density or function is searched for a proof, which the kernel checks, and attacked by concrete families and
//! functions. A proof and a counterexample of one claim contradict each other: then nothing is claimed, and it is open.

use std::collections::HashSet;

use super::ExplanationLine;
use crate::claim::{Assumption, Claim, Context, Inequality, Property};
use crate::expr::{Expr, Fact, Node, Store};
use crate::instance::{self, Outcome, Standing};
use crate::print::display;
use crate::proof::{self, Condition, Met};
use crate::search::{self, Attempt, Line};
use crate::syntax::Relation;
use crate::verify::{self, Attempts, Evidence, Proof, Requirement, Verdict, Witness};

/// A verdict with the chain that leads to it.
pub struct Judged {
    /// What is known.
    pub verdict: Verdict,
    /// The proof, line by line.
    pub explanation: Vec<ExplanationLine>,
    /// The reasons the text names did not suffice.
    pub by_other_rules: bool,
}

impl From<Verdict> for Judged {
    fn from(verdict: Verdict) -> Judged {
        Judged { verdict, explanation: Vec::new(), by_other_rules: false }
    }
}

/// Judges one claim.
pub fn judge(store: &mut Store, claim: &Claim, context: &Context, reasons: &[String]) -> Judged {
    if let Some(verdict) = concrete(store, claim, context) {
        return verdict.into();
    }
    let attempt = search::prove(store, claim, context, reasons);
    let (outcome, context) = examined(store, claim, context);
    let context = &context;
    match (attempt, outcome) {
        (Attempt::Proved { theorem, .. }, Outcome::Refuted(found)) => {
            restricted(store, claim, context, &theorem, found).into()
        }
        (Attempt::Proved { theorem, lines, by_other_rules }, outcome) => {
            if let Some(reason) = vacuous(store, claim, context, &theorem, &outcome) {
                return Verdict::open(reason).into();
            }
            let verdict = Verdict::Proved(proof_of(store, &theorem));
            Judged { verdict, explanation: explained(store, &lines), by_other_rules }
        }
        (_, Outcome::Refuted(found)) => Verdict::Refuted(witness(found)).into(),
        (_, Outcome::Witnessed(found)) => differing(store, claim, found).into(),
        (Attempt::Failed { reason, left_form, right_form }, outcome) => {
            let forms = format!("{} and {}", display(store, left_form), display(store, right_form));
            unproved(claim, reason, forms, outcome).into()
        }
    }
}

/// `KL(p, q) != KL(q, p)` says that two notions are not the same, and one instance on which they differ proves it. That
/// something is not a given value, `u'Fu != 0`, is meant for all of its arguments: one instance shows nothing of that.
fn differing(store: &Store, claim: &Claim, found: instance::Witness) -> Verdict {
    let is_value = |e: Expr| {
        matches!(store[e], Node::Zero(_) | Node::Identity(_))
            || (is_concrete(store, &[e]) && store.free_symbols(&[e]).is_empty())
    };
    match claim {
        Claim::Differs { left, right } if is_value(*left) || is_value(*right) => Verdict::open(format!(
            "the sides differ for {}, and whether they do so everywhere is not decided",
            found.instance
        )),
        _ => Verdict::Proved(Proof {
            rules: vec!["witness".to_owned()],
            example: Some(witness(found)),
            ..Proof::default()
        }),
    }
}

/// What instances say. Where none meets an assumed equation, such as λFd = −∇L, the claim is looked at as what follows from it:
/// then the equation is solved on each instance; the context is the one without it.
fn examined(store: &mut Store, claim: &Claim, context: &Context) -> (Outcome, Context) {
    let outcome = instance::examine(store, claim, context);
    let (mut given, left, right) = match (&outcome, claim) {
        (Outcome::Undecided(_), Claim::Equal { left, right }) => (Vec::new(), *left, *right),
        (Outcome::Undecided(_), Claim::Conclusion { given, left, right }) => (given.clone(), *left, *right),
        _ => return (outcome, context.clone()),
    };
    let stated = given.len();
    let mut without = context.clone();
    without.assumptions.retain(|assumption| match assumption {
        Assumption::Equal(a, b) => {
            if !given.contains(&(*a, *b)) {
                given.push((*a, *b));
            }
            false
        }
        _ => true,
    });
    if given.len() == stated && without == *context {
        return (outcome, context.clone());
    }
    let conclusion = Claim::Conclusion { given, left, right };
    match instance::examine(store, &conclusion, &without) {
        Outcome::Undecided(_) => (outcome, context.clone()),
        decided => (decided, without),
    }
}

/// A claim that is proved under restrictions and refuted by an instance: false where a restriction fails. An instance that
/// meets all of them contradicts the proof, and then nothing is claimed.
fn restricted(
    store: &mut Store,
    claim: &Claim,
    context: &Context,
    theorem: &proof::Theorem,
    found: instance::Witness,
) -> Verdict {
    let restrictions = restrictions(store, theorem);
    let mut within = context.clone();
    within.assumptions.extend(restrictions.iter().map(|restriction| restriction.assumption.clone()));
    if restrictions.is_empty() || matches!(instance::examine(store, claim, &within), Outcome::Refuted(_)) {
        return Verdict::open(format!(
            "a proof and a counterexample contradict each other ({}): this is a mistake of the tool",
            found.instance
        ));
    }
    let texts: Vec<&str> = restrictions.iter().map(|restriction| restriction.text.as_str()).collect();
    let help = format!("it is proved where {}", texts.join(" and "));
    Verdict::Refuted(Witness { help: Some(help), ..witness(found) })
}

/// A condition that restricts what the claim speaks of.
struct Restriction {
    /// With the variables bound around it by name.
    assumption: Assumption,
    /// In words.
    text: String,
}

fn restrictions(store: &mut Store, theorem: &proof::Theorem) -> Vec<Restriction> {
    let open: Vec<Met> = theorem.open_conditions().cloned().collect();
    let mut restrictions = Vec::new();
    for met in &open {
        let (condition, _) = search::named_condition(store, met);
        let text = search::condition_text(store, met);
        restrictions.extend(as_assumption(&condition).map(|assumption| Restriction { assumption, text }));
    }
    restrictions
}

/// Why a proof says nothing: no instance of what is declared meets the restrictions that it leaves open.
///
/// What follows from equations must be looked at where they hold: an instance that solves them supports the claim.
fn vacuous(
    store: &mut Store,
    claim: &Claim,
    context: &Context,
    theorem: &proof::Theorem,
    outcome: &Outcome,
) -> Option<String> {
    let restrictions = restrictions(store, theorem);
    if restrictions.is_empty() {
        return None;
    }
    let mut context = context.clone();
    let solved = matches!(outcome, Outcome::Supported { points, .. } if *points > 0);
    if let Claim::Conclusion { given, .. } = claim
        && !solved
    {
        context.assumptions.extend(given.iter().map(|(left, right)| Assumption::Equal(*left, *right)));
    }
    let assumptions: Vec<Assumption> =
        restrictions.iter().map(|restriction| restriction.assumption.clone()).collect();
    let found = instance::satisfiable(store, &assumptions, &context);
    if found.together.is_some() {
        return None;
    }
    let never = found.each.iter().position(|standing| matches!(standing, Standing::Never { .. }));
    let which = match never {
        Some(at) => format!("the condition `{}`", restrictions[at].text),
        None => "the conditions".to_owned(),
    };
    Some(format!(
        "vacuous: a proof was found, but no instance of what is declared meets {which} on which it rests"
    ))
}

/// What a condition restricts: a sign, a denominator, an inverse. What a regular density has is no restriction.
fn as_assumption(condition: &Condition) -> Option<Assumption> {
    Some(match condition {
        Condition::Positive(e) => Assumption::Positive(*e),
        Condition::NonNegative(e) => Assumption::NonNegative(*e),
        Condition::NonZero(e) => Assumption::NonZero(*e),
        Condition::Nonsingular(e) => Assumption::Property(*e, Property::Nonsingular),
        Condition::PositiveDefinite(e) => Assumption::Property(*e, Property::PositiveDefinite),
        _ => return None,
    })
}

/// What is known of a claim that no rule proves and no instance refutes.
///
/// An equation whose sides are told apart at no point, and known to be equal at none exactly, has no evidence: to how many
/// digits they agree is not known. An inequality that enclosures decide holds there.
fn unproved(claim: &Claim, reason: String, forms: String, outcome: Outcome) -> Verdict {
    let is_equation = matches!(claim, Claim::Equal { .. } | Claim::Conclusion { .. });
    match outcome {
        Outcome::Supported { instances, points, exact }
            if exact || matches!(claim, Claim::Compare { .. }) =>
        {
            let reason = if forms.len() < 200 { format!("{reason}: {forms}") } else { reason };
            let holds = !is_equation;
            Verdict::Supported(Evidence { points, instances, exact, holds, reason, ..Evidence::default() })
        }
        Outcome::Supported { instances, points, .. } => {
            let on = instances.iter().take(2).cloned().collect::<Vec<_>>().join("; ");
            let why = format!("at {points} of {points} points ({on}) enclosures overlap, and none is exact");
            let tried = vec![format!("rules: {reason}"), format!("instances: {why}")];
            Verdict::Open(Attempts { tried, reason: format!("{reason}; {why}"), help: None })
        }
        Outcome::Undecided(why) => {
            let tried = vec![format!("rules: {reason}"), format!("instances: {why}")];
            Verdict::Open(Attempts {
                tried,
                reason: format!("{reason}; no instance decides: {why}"),
                help: None,
            })
        }
        Outcome::Refuted(_) | Outcome::Witnessed(_) => unreachable!("handled by the caller"),
    }
}

fn proof_of(store: &mut Store, theorem: &proof::Theorem) -> Proof {
    let mut conditions: Vec<Requirement> = Vec::new();
    for met in theorem.open_conditions() {
        let text = search::condition_text(store, met);
        let about = as_assumption(&met.condition).and_then(|assumption| sides(&assumption).first().copied());
        if conditions.iter().all(|known| known.text != text) {
            conditions.push(Requirement { text, about });
        }
    }
    // ‖v‖² > 0 says again that v ≠ 0.
    let nonzero: Vec<String> =
        conditions.iter().filter_map(|c| Some(c.text.strip_suffix(" != 0")?.to_owned())).collect();
    conditions.retain(|c| !nonzero.iter().any(|v| c.text == format!("{v}'*{v} > 0")));
    let mut rules: Vec<String> = theorem.rules.iter().map(|rule| (*rule).to_owned()).collect();
    if rules.is_empty() {
        rules.push("ring".to_owned());
    }
    Proof { rules, conditions, ..Proof::default() }
}

fn explained(store: &Store, lines: &[Line]) -> Vec<ExplanationLine> {
    let line = |line: &Line| ExplanationLine {
        relation: line.relation.to_owned(),
        rule: line.rule.clone(),
        formula: display(store, line.formula),
        conditions: line.conditions.clone(),
    };
    lines.iter().map(line).collect()
}

fn witness(found: instance::Witness) -> Witness {
    Witness {
        instance: Some(found.instance),
        objects: found.point,
        left: found.left,
        right: found.right,
        reason: found.reason,
        ..Witness::default()
    }
}

/// The verdict on a claim in which nothing is abstract.
fn concrete(store: &mut Store, claim: &Claim, context: &Context) -> Option<Verdict> {
    let (left, relation, right) = match claim {
        Claim::Equal { left, right } => (*left, Relation::Equal, *right),
        Claim::Compare { left, relation, right } => {
            let relation = match relation {
                Inequality::Less => Relation::Less,
                Inequality::LessOrEqual => Relation::LessOrEqual,
                Inequality::Greater => Relation::Greater,
                Inequality::GreaterOrEqual => Relation::GreaterOrEqual,
            };
            (*left, relation, *right)
        }
        // Of scalars `t != 0` is said for every t.
        Claim::Differs { left, right } => (*left, Relation::NotEqual, *right),
        _ => return None,
    };
    if !is_concrete(store, &[left, right]) {
        return None;
    }
    let symbols = store.free_symbols(&[left, right]);
    let symbols: Vec<Expr> = symbols.into_iter().map(|id| store.symbol_expr(id)).collect();
    let (mut facts, mut untold) = (Vec::new(), false);
    for assumption in &context.assumptions {
        match fact(store, assumption) {
            Some(fact) => facts.push(fact),
            // `s = a'Fa` says of s what no fact about scalars can say.
            None => untold |= sides(assumption).iter().any(|e| store.mentions(*e, &symbols)),
        }
    }
    let facts = about_the_claim(store, facts, &[left, right]);
    let verdict = verify::prove(store, left, relation, right, &facts);
    (!untold || matches!(verdict, Verdict::Proved(_))).then_some(verdict)
}

/// The facts without those that say `x > 0`, `x >= 0`, `x != 0` or that x is an integer of an x that stands nowhere else:
/// 1 is such a number, so they restrict nothing, and an article of a thousand steps has a thousand of them.
fn about_the_claim(store: &Store, facts: Vec<Fact>, sides: &[Expr]) -> Vec<Fact> {
    let alone = |fact: &Fact| match fact {
        Fact::Positive(e) | Fact::NonNegative(e) | Fact::NonZero(e) | Fact::Integer(e) => {
            store.as_symbol(*e).map(|_| *e)
        }
        _ => None,
    };
    let about = |fact: &Fact| match fact {
        Fact::Positive(e) | Fact::NonNegative(e) | Fact::NonZero(e) | Fact::Integer(e) | Fact::Zero(e) => {
            Some(*e)
        }
        _ => None,
    };
    let mut roots = sides.to_vec();
    roots.extend(facts.iter().filter(|fact| alone(fact).is_none()).filter_map(about));
    let spoken_of: HashSet<Expr> = store.post_order(&roots).into_iter().collect();
    facts.into_iter().filter(|fact| alone(fact).is_none_or(|x| spoken_of.contains(&x))).collect()
}

/// The expressions an assumption speaks of.
fn sides(assumption: &Assumption) -> Vec<Expr> {
    match assumption {
        Assumption::Positive(e)
        | Assumption::NonNegative(e)
        | Assumption::NonZero(e)
        | Assumption::Integer(e)
        | Assumption::Property(e, _) => vec![*e],
        Assumption::Equal(a, b) => vec![*a, *b],
    }
}

/// Scalars and functions of the table alone?
fn is_concrete(store: &Store, roots: &[Expr]) -> bool {
    store.post_order(roots).into_iter().all(|e| {
        store.shape(e).is_scalar()
            && !matches!(
                store[e],
                Node::Apply(..)
                    | Node::Chain(_)
                    | Node::Index(..)
                    | Node::Expectation { .. }
                    | Node::SampleIntegral { .. }
                    | Node::Divergence { .. }
                    | Node::Fisher { .. }
            )
    })
}

/// An assumption about scalars as a fact.
fn fact(store: &mut Store, assumption: &Assumption) -> Option<Fact> {
    let fact = match assumption {
        Assumption::Positive(e) => Fact::Positive(*e),
        Assumption::NonNegative(e) => Fact::NonNegative(*e),
        Assumption::NonZero(e) => Fact::NonZero(*e),
        Assumption::Integer(e) => Fact::Integer(*e),
        Assumption::Equal(a, b) if store.shape(*a).is_scalar() => Fact::Zero(store.sub(*a, *b)),
        Assumption::Equal(..) | Assumption::Property(..) => return None,
    };
    let about = match &fact {
        Fact::Positive(e) | Fact::NonNegative(e) | Fact::NonZero(e) | Fact::Integer(e) | Fact::Zero(e) => *e,
        _ => return None,
    };
    is_concrete(store, &[about]).then_some(fact)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(claim: &Claim, exact: bool) -> Verdict {
        let outcome = Outcome::Supported { instances: vec!["Bernoulli".to_owned()], points: 9, exact };
        unproved(claim, "no rule".to_owned(), String::new(), outcome)
    }

    #[test]
    fn facts_about_other_variables_are_left_out_where_they_restrict_nothing() {
        let mut store = Store::new();
        let [x, y, z, t] = ["x", "y", "z", "t"].map(|name| store.scalar(name));
        let difference = store.sub(y, z);
        let facts = vec![
            Fact::Positive(x),
            Fact::Positive(difference),
            Fact::NonZero(z),
            Fact::Positive(t),
            Fact::Integer(t),
        ];
        assert_eq!(about_the_claim(&store, facts.clone(), &[x]), facts[..3]);
        assert_eq!(about_the_claim(&store, facts.clone(), &[t]), facts[1..]);
    }

    #[test]
    fn sides_that_are_equal_to_no_known_digit_are_no_evidence() {
        let mut store = Store::new();
        let (left, right) = (store.scalar("a"), store.scalar("b"));
        let equal = Claim::Equal { left, right };
        assert_eq!((of(&equal, true).word(), of(&equal, false).word()), ("supported", "open"));
        let less = Claim::Compare { left, relation: Inequality::Less, right };
        assert_eq!(of(&less, false).word(), "supported");
    }
}
