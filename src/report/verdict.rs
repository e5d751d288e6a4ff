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
use crate::verify::{Report, Verdict};

/// The word for a verdict: a proof with conditions is *conditional*.
pub fn word(verdict: &Verdict) -> &'static str {
    if verdict.is_conditional() { "conditional" } else { verdict.name() }
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
    let indent = word(verdict).len() + 2;
    for (at, line) in layout::formula(claim, WIDTH - indent).iter().enumerate() {
        if at == 0 {
            markup.push(role(verdict), word(verdict)).line(format!("  {line}"));
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
    let Report { conditions, witness, left, right, rules, reason, help, .. } = &report;
    let point: Vec<String> = witness.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    let list = |list: &[String]| (!list.is_empty()).then(|| list.join(", "));
    let fields = [
        ("by", list(rules)),
        ("given", list(conditions)),
        ("at", list(&point)),
        ("left", left.clone()),
        ("right", right.clone()),
        ("why", reason.clone()),
        ("help", help.clone()),
    ];
    let mut markup = Markup::new();
    for (label, value) in fields {
        let Some(value) = value else { continue };
        let lines = layout::paragraph(&value, WIDTH.saturating_sub(indent + 9).max(40));
        for (at, line) in lines.iter().enumerate() {
            markup.plain(" ".repeat(indent.saturating_sub(2)));
            markup.field(if at == 0 { label } else { "" }, 5, line);
        }
    }
    markup
}

/// The verdict under the names of the machine output.
pub fn json(verdict: &Verdict) -> Value {
    let report = verdict.report();
    let witness = Map::from_iter(report.witness.into_iter().map(|(name, value)| (name, json!(value))));
    json!({
        "verdict": report.verdict,
        "conditions": report.conditions,
        "witness": if verdict.is_refuted() { Value::Object(witness) } else { Value::Null },
        "left": report.left,
        "right": report.right,
        "rules": report.rules,
        "reason": report.reason,
        "help": report.help,
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
    }
}
