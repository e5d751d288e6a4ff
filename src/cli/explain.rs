//! `referee explain`: what a code, a rule or a verdict means, in a few sentences; without a name, all there are.

use serde_json::{Value, json};

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::Format;
use crate::algebra::rules::{RULES, Rule};
use crate::proof::{self, Schema};
use crate::report::{Markup, Role, layout, verdict};
use crate::text::{Code, suggest};

/// Something with a name that a user may meet. What it lacks is empty.
#[derive(Clone, Copy, Debug, Default)]
struct Entry {
    name: &'static str,
    kind: &'static str,
    text: &'static str,
    /// Both sides of a rewriting rule.
    sides: Option<(&'static str, &'static str)>,
    /// A law that is no rewriting, in ordinary notation.
    statement: &'static str,
    condition: &'static str,
    source: &'static str,
}

/// Words by which an explained proof names several rules of one kind, or none.
const KINDS: [(&str, &str); 5] = [
    (
        "witness",
        "Something is said to exist, such as two sides that differ: one exact instance is given, and anyone can redo it.",
    ),
    (
        "ring",
        "Both sides have one normal form by addition, multiplication, transposes and inverses alone: no rule of calculus \
        is needed.",
    ),
    ("algebra", "Addition, multiplication, transposes and inverses, as in `ring`."),
    (
        "linearity",
        "Sums and constant factors leave an expectation or an integral: `e-sum`, `e-constant`, `int-sum`, `int-constant`.",
    ),
    (
        "differentiation",
        "Gradients, Hessians and Jacobians of sums, products, powers and forms: the rules `grad-…`, `hess-…` and \
        `jacobian-…`.",
    ),
];

/// Runs the command.
pub fn run(name: Option<&str>, format: Format) -> Result<Answer, Wrong> {
    let Some(name) = name else {
        let all: Vec<Entry> = entries().collect();
        return Ok(match format {
            Format::Text => Answer::new(Body::Text(list(&all)), Status::AsClaimed),
            Format::Json => Answer::new(Body::Json(all.iter().map(json).collect()), Status::AsClaimed),
        });
    };
    let Some(entry) = entries().find(|entry| entry.name == name) else {
        let suggestion = suggest(name, entries().map(|entry| entry.name));
        let code = Code::UnknownName { name: name.to_owned(), suggestion };
        return Err(Wrong::word("<explain>", name, code));
    };
    let body = match format {
        Format::Text => Body::Text(text(&entry)),
        Format::Json => Body::Json(json(&entry)),
    };
    Ok(Answer::new(body, Status::AsClaimed))
}

/// Everything that can be explained.
fn entries() -> impl Iterator<Item = Entry> {
    let verdicts = verdict::MEANINGS.iter().map(|(name, text)| Entry {
        name,
        kind: "verdict",
        text,
        ..Entry::default()
    });
    let codes = Code::NAMES.iter().map(|name| Entry {
        name,
        kind: "code",
        text: Code::explanation(name).unwrap_or_default(),
        ..Entry::default()
    });
    let kinds = KINDS.iter().map(|(name, text)| Entry { name, kind: "rule", text, ..Entry::default() });
    // A few laws of logarithms and powers are rows of both tables; the first says more.
    let known = |name: &str| RULES.iter().any(|rule| rule.name == name);
    let laws = proof::rules().filter(move |law| !known(law.name)).map(abstract_rule);
    let signs = proof::SIGNS.iter().map(|(name, statement, source)| Entry {
        name,
        kind: "rule",
        statement,
        source,
        ..Entry::default()
    });
    verdicts.chain(RULES.iter().map(rule)).chain(laws).chain(signs).chain(kinds).chain(codes)
}

fn rule(rule: &'static Rule) -> Entry {
    Entry {
        name: rule.name,
        kind: "rule",
        text: rule.text,
        sides: (!rule.left.is_empty()).then_some((rule.left, rule.right)),
        condition: rule.condition,
        ..Entry::default()
    }
}

/// A rule of abstract calculus, as the kernel knows it.
fn abstract_rule(rule: &'static Schema) -> Entry {
    Entry {
        name: rule.name,
        kind: "rule",
        statement: rule.statement,
        condition: if rule.conditions == "none" { "" } else { rule.conditions },
        source: rule.source,
        ..Entry::default()
    }
}

/// The law of a rule, on one line.
fn law(entry: &Entry) -> Option<String> {
    match entry.sides {
        Some((left, right)) => Some(format!("{left} = {right}")),
        None => (!entry.statement.is_empty()).then(|| entry.statement.to_owned()),
    }
}

fn text(entry: &Entry) -> Markup {
    let mut markup = Markup::new();
    markup.push(Role::Heading, entry.name).push(Role::Aside, format!("  ({})\n", entry.kind));
    for line in layout::paragraph(entry.text, 90).iter().filter(|line| !line.is_empty()) {
        markup.line(format!("  {line}"));
    }
    if let Some(law) = law(entry) {
        let word = if entry.sides.is_some() { "where" } else { "given" };
        let condition =
            if entry.condition.is_empty() { String::new() } else { format!("  {word} {}", entry.condition) };
        let gap = if entry.text.is_empty() { "" } else { "\n" };
        markup.line(format!("{gap}  {law}{condition}"));
    }
    if !entry.source.is_empty() {
        markup.push(Role::Aside, format!("  {}\n", entry.source));
    }
    markup
}

fn json(entry: &Entry) -> Value {
    let option = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    let mut object = json!({ "name": entry.name, "kind": entry.kind, "explanation": option(entry.text) });
    if entry.kind == "rule" {
        object["left"] = json!(entry.sides.map(|(left, _)| left));
        object["right"] = json!(entry.sides.map(|(_, right)| right));
        object["law"] = json!(law(entry));
        object["condition"] = option(entry.condition);
        object["source"] = option(entry.source);
    }
    object
}

/// The names of each kind, a paragraph each.
fn list(entries: &[Entry]) -> Markup {
    let mut markup = Markup::new();
    for (kind, heading) in [("verdict", "Verdicts"), ("rule", "Rules"), ("code", "Codes of diagnostics")] {
        markup.section(heading, "");
        let names: Vec<&str> = entries.iter().filter(|e| e.kind == kind).map(|e| e.name).collect();
        for line in layout::paragraph(&names.join(", "), 90) {
            markup.line(format!("  {line}"));
        }
    }
    markup
}
