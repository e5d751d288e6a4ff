//! `referee explain`: what a code, a rule or a verdict means, in a few sentences.

use serde_json::{Value, json};

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::Format;
use crate::algebra::rules::{self, RULES, Rule};
use crate::report::{Markup, Role, layout, verdict};
use crate::text::{Code, suggest};

/// Runs the command.
pub fn run(name: &str, format: Format) -> Result<Answer, Wrong> {
    let (kind, explanation) = match (Code::explanation(name), rules::lookup(name), verdict::meaning(name)) {
        (Some(text), ..) => ("code", text),
        (_, Some(rule), _) => return Ok(answer(format, || rule_json(rule), || rule_text(rule))),
        (_, _, Some(text)) => ("verdict", text),
        _ => {
            let words = verdict::MEANINGS.iter().map(|(word, _)| *word);
            let known = Code::NAMES.iter().copied().chain(RULES.iter().map(|rule| rule.name)).chain(words);
            let suggestion = suggest(name, known);
            return Err(Wrong::word(
                "<explain>",
                name,
                Code::UnknownName { name: name.to_owned(), suggestion },
            ));
        }
    };
    Ok(answer(
        format,
        || json!({ "name": name, "kind": kind, "explanation": explanation }),
        || titled(name, kind, explanation),
    ))
}

fn answer(format: Format, json: impl FnOnce() -> Value, text: impl FnOnce() -> Markup) -> Answer {
    let body = match format {
        Format::Json => Body::Json(json()),
        Format::Text => Body::Text(text()),
    };
    Answer::new(body, Status::AsClaimed)
}

fn titled(name: &str, kind: &str, text: &str) -> Markup {
    let mut markup = Markup::new();
    markup.push(Role::Heading, name).push(Role::Aside, format!("  ({kind})\n"));
    for line in layout::paragraph(text, 90) {
        markup.line(format!("  {line}"));
    }
    markup
}

fn rule_text(rule: &Rule) -> Markup {
    let mut markup = titled(rule.name, "rule", rule.text);
    if !rule.left.is_empty() {
        let condition =
            if rule.condition.is_empty() { String::new() } else { format!("  where {}", rule.condition) };
        markup.line(format!("\n  {} = {}{condition}", rule.left, rule.right));
    }
    markup
}

fn rule_json(rule: &Rule) -> Value {
    let option = |text: &str| if text.is_empty() { Value::Null } else { json!(text) };
    json!({
        "name": rule.name,
        "kind": "rule",
        "explanation": rule.text,
        "left": option(rule.left),
        "right": option(rule.right),
        "condition": option(rule.condition),
    })
}
