//! A verdict with its evidence → text and JSON.
//!
//! ```text
//! refuted  sqrt(x^2) = x
//!   at      x = -1
//!   left    1
//!   right   -1
//! ```

use serde_json::{Map, Value, json};

use super::layout::{self, WIDTH};
use super::{Markup, Role};
use crate::syntax::Relation;
use crate::verify::{Evidence, Report, Verdict};

/// The verdicts, and what each one means.
pub const MEANINGS: [(&str, &str); 7] = [
    (
        "proved",
        "The claim follows by named rules and exact algebra on the whole declared domain, and a second method \
        that shares no code with the first agrees.",
    ),
    (
        "conditional",
        "The claim is proved under conditions that the declarations leave undecided. They are listed.",
    ),
    (
        "supported",
        "Not proved. Enclosures of both sides overlap at every sampled point, to the stated digits. That is \
        evidence, and no number of digits makes it a proof.",
    ),
    (
        "refuted",
        "At one exact point of the declared domain both sides are certainly different, or exactly one of them \
        is certainly undefined. The point is given, so that anyone can repeat the calculation.",
    ),
    ("open", "Neither proved, supported nor refuted within the budget. What was tried is said."),
    ("unread", "The text could not be understood. Its place and what would be accepted are said."),
    (
        "unexpected",
        "A step says with `expect:` which verdict it is known to have, and has another. A mistake that was put right \
        no longer expects `refuted`, and a proof that is lost is noticed.",
    ),
];

/// What a verdict means, by its word.
pub fn meaning(word: &str) -> Option<&'static str> {
    MEANINGS.iter().find(|(known, _)| *known == word).map(|(_, text)| *text)
}

/// How a verdict is colored.
pub fn role(verdict: &Verdict) -> Role {
    match verdict {
        Verdict::Proved(_) => Role::Good,
        Verdict::Supported(_) | Verdict::Open(_) | Verdict::Unread(_) => Role::Doubtful,
        Verdict::Refuted(_) => Role::Bad,
    }
}

/// The verdict, the claim, and the evidence below.
pub fn text(claim: &str, verdict: &Verdict) -> Markup {
    let mut markup = Markup::new();
    let indent = verdict.word().len() + 2;
    for (at, line) in layout::formula(claim, WIDTH - indent).iter().enumerate() {
        if at == 0 {
            markup.push(role(verdict), verdict.word()).line(format!("  {line}"));
        } else {
            markup.line(format!("{}{line}", " ".repeat(indent)));
        }
    }
    markup.append(evidence(verdict, 2));
    markup
}

/// The evidence alone, indented.
pub fn evidence(verdict: &Verdict, indent: usize) -> Markup {
    let report = verdict.report();
    let Report { conditions, witness, left, right, rules, help, .. } = &report;
    let instance = match verdict {
        Verdict::Refuted(found) => found.instance.clone().filter(|instance| !is_repeated(instance, witness)),
        _ => None,
    };
    let point: Vec<String> = witness.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let list = |list: &[String], gap: &str| (!list.is_empty()).then(|| list.join(gap));
    // What holds commas itself stands on lines of its own.
    let gap = if conditions.iter().any(|text| text.contains(',')) { "\n" } else { ", " };
    let fields = [
        ("by", list(rules, ", ")),
        ("given", list(conditions, gap)),
        ("for", instance),
        ("at", list(&point, ", ")),
        ("left", left.clone()),
        ("right", right.clone()),
        ("why", reason(&report)),
        ("tried", list(&tried(verdict, &report), ", ")),
        ("help", help.clone()),
    ];
    let mut markup = Markup::new();
    let width = WIDTH.saturating_sub(indent + 9).max(40);
    for (label, value) in fields {
        let Some(value) = value else { continue };
        for (at, line) in value.lines().flat_map(|part| layout::paragraph(part, width)).enumerate() {
            markup.plain(" ".repeat(indent.saturating_sub(2)));
            markup.field(if at == 0 { label } else { "" }, 5, &line);
        }
    }
    markup
}

/// Does the point say all that the name of an instance says? `Bernoulli, theta = 3/10` does so beside `p = Bernoulli` and
/// `theta = 3/10`.
fn is_repeated(instance: &str, point: &[(String, String)]) -> bool {
    let mut values: Vec<&(String, String)> = point.iter().collect();
    values.sort_by_key(|(name, value)| std::cmp::Reverse(name.len() + value.len()));
    let mut rest = instance.to_owned();
    // What has a name goes first: the 2 of `n = 2` is not that of `theta = 2`.
    for (name, value) in &values {
        rest = rest.replacen(&format!("{name} = {value}"), "", 1);
        rest = rest.replacen(&format!("{name}: {value}"), "", 1);
    }
    for (_, value) in &values {
        rest = rest.replacen(value.as_str(), "", 1);
    }
    rest.chars().all(|c| c == ',' || c == ';' || c.is_whitespace())
}

/// The reason, unless it repeats the two values above it.
fn reason(report: &Report) -> Option<String> {
    let value = |side: &Option<String>| side.clone().unwrap_or_default();
    let repeated =
        format!("the left side is {}, the right side {}", value(&report.left), value(&report.right));
    report.reason.clone().filter(|reason| *reason != repeated)
}

/// What was tried, as far as the reason does not say it.
fn tried(verdict: &Verdict, report: &Report) -> Vec<String> {
    let Verdict::Open(attempts) = verdict else { return Vec::new() };
    let is_said = |tried: &str| {
        let outcome = tried.split_once(": ").map_or(tried, |(_, outcome)| outcome);
        report.reason.as_ref().is_some_and(|reason| reason.contains(outcome))
    };
    attempts.tried.iter().filter(|tried| !is_said(tried)).cloned().collect()
}

/// The verdict under the names of the machine output.
pub fn json(verdict: &Verdict) -> Value {
    let report = verdict.report();
    let witness = Map::from_iter(report.witness.into_iter().map(|(name, value)| (name, json!(value))));
    let (instance, evidence) = match verdict {
        Verdict::Refuted(witness) => (json!(witness.instance), Value::Null),
        Verdict::Supported(Evidence { points, digits, instances, exact, holds, .. }) => {
            let digits = if *exact || *holds { Value::Null } else { json!(digits) };
            (
                Value::Null,
                json!({ "points": points, "digits": digits, "exact": exact, "instances": instances }),
            )
        }
        _ => (Value::Null, Value::Null),
    };
    json!({
        "verdict": report.verdict,
        "conditions": report.conditions,
        "witness": if verdict.is_refuted() || !witness.is_empty() { Value::Object(witness) } else { Value::Null },
        "left": report.left,
        "right": report.right,
        "rules": report.rules,
        "reason": report.reason,
        "help": report.help,
        "instance": instance,
        "evidence": evidence,
        "tried": if let Verdict::Open(attempts) = verdict { json!(attempts.tried) } else { json!([]) },
    })
}

/// A relation in the plain notation.
pub fn sign(relation: Relation) -> &'static str {
    match relation {
        Relation::Equal => "=",
        Relation::NotEqual => "!=",
        Relation::Less => "<",
        Relation::LessOrEqual => "<=",
        Relation::Greater => ">",
        Relation::GreaterOrEqual => ">=",
        Relation::Approximately => "~~",
        Relation::Proportional => "prop",
        Relation::Defined => ":=",
        Relation::Similar => "~",
        Relation::Element => "in",
        Relation::Tends => "->",
        Relation::Implies => "=>",
        Relation::Equivalent => "<=>",
        Relation::Succeeds => "≻",
        Relation::SucceedsOrEqual => "≽",
    }
}

#[cfg(test)]
mod tests {
    use super::is_repeated;

    #[test]
    fn an_instance_that_the_point_names_is_not_named_again() {
        let point = [("p", "Bernoulli"), ("longer", "3/10"), ("n", "1"), ("theta", "3/10")];
        let point = point.map(|(name, value)| (name.to_owned(), value.to_owned()));
        assert!(is_repeated("Bernoulli, theta = 3/10", &point));
        assert!(is_repeated("n = 1, Bernoulli, theta = 3/10", &point));
        assert!(is_repeated("p: Bernoulli, theta = 3/10", &point));
        assert!(!is_repeated("Bernoulli, theta = 3/10, d = [t, 0]", &point));
        assert!(!is_repeated("a mixture", &point));
    }
}
