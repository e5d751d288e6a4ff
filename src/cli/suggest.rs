//! `referee check --suggest`: the declarations that each article needs, ready to paste.

use serde_json::{Value, json};

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::{Files, Format, Output};
use super::files;
use crate::article;
use crate::report::Markup;
use crate::report::Role;

/// Runs the command. What is printed for one article can be put into it as it stands.
pub fn run(command: &Files, output: &Output) -> Result<Answer, Wrong> {
    let format = super::common(output.format)?;
    let (paths, mut wrong) = files::below_all(&command.paths);
    let mut found = Vec::new();
    for path in &paths {
        match files::read(path) {
            Ok(source) => found.push((article::suggest(&source), source.name)),
            Err(fault) => wrong.0.extend(fault.0),
        }
    }
    let body = match format {
        Format::Text => Body::Text(text(&found)),
        Format::Json => Body::Json(json!({ "files": Value::from_iter(found.iter().map(one)) })),
    };
    let status = if wrong.0.is_empty() { Status::AsClaimed } else { Status::WrongInput };
    Ok(Answer { body, status, wrong })
}

/// The fences, each below the name of its article where there are several.
fn text(found: &[(String, String)]) -> Markup {
    let mut markup = Markup::new();
    for (fence, path) in found.iter().filter(|(fence, _)| !fence.is_empty()) {
        if found.len() > 1 {
            markup.push(Role::Heading, format!("<!-- {path} -->\n"));
        }
        markup.line(fence.trim_end());
    }
    // Of files that could not be read nothing is known.
    if !found.is_empty() && found.iter().all(|(fence, _)| fence.is_empty()) {
        markup.line("nothing needs to be declared");
    }
    markup
}

fn one((fence, path): &(String, String)) -> Value {
    json!({ "path": path, "declarations": if fence.is_empty() { Value::Null } else { json!(fence) } })
}
