//! `referee explain`: what a code means, in a few sentences.

use serde_json::json;

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::Format;
use crate::report::{Markup, Role, layout};
use crate::text::{Code, suggest};

/// Runs the command.
pub fn run(name: &str, format: Format) -> Result<Answer, Wrong> {
    let Some(explanation) = Code::explanation(name) else {
        let suggestion = suggest(name, Code::NAMES.iter().copied());
        return Err(Wrong::word("<explain>", name, Code::UnknownName { name: name.to_owned(), suggestion }));
    };
    let body = match format {
        Format::Json => Body::Json(json!({ "code": name, "explanation": explanation })),
        Format::Text => {
            let mut markup = Markup::new();
            markup.push(Role::Heading, name).plain("\n\n");
            for line in layout::paragraph(explanation, 80) {
                markup.line(format!("  {line}"));
            }
            Body::Text(markup)
        }
    };
    Ok(Answer { body, status: Status::AsClaimed })
}
