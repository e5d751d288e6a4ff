//! `referee families`: the families that are known by name.

use serde_json::{Value, json};

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::Format;
use crate::deck;
use crate::expr::Store;
use crate::print::domain;
use crate::report::{Markup, Role};
use crate::stats::Family;
use crate::syntax::read_document;
use crate::text::Source;

/// One line of the list.
struct Row {
    title: String,
    family: Family,
    domain: Vec<String>,
}

/// Runs the command.
pub fn run(format: Format) -> Result<Answer, Wrong> {
    let mut store = Store::new();
    let mut rows = Vec::new();
    for embedded in deck::EMBEDDED {
        let document = read_document(embedded.text);
        let mut diagnostics = document.diagnostics.clone();
        let texts: Vec<_> = document.families().collect();
        let families = deck::families(&mut store, &texts, embedded.text, &mut diagnostics);
        Wrong::check(&Source::new(embedded.name, embedded.text), diagnostics)?;
        let title =
            embedded.text.lines().find_map(|line| line.strip_prefix("# ")).unwrap_or_default().to_owned();
        for family in families {
            let symbols: Vec<_> =
                family.parameters.iter().chain(&family.constants).map(|p| p.symbol).collect();
            let domain = domain::conditions(&mut store, &family.facts, &symbols);
            rows.push(Row { title: title.clone(), family, domain });
        }
    }
    let body = match format {
        Format::Text => Body::Text(text(&rows)),
        Format::Json => Body::Json(json!({ "families": rows.iter().map(json).collect::<Vec<_>>() })),
    };
    Ok(Answer::new(body, Status::AsClaimed))
}

fn text(rows: &[Row]) -> Markup {
    let mut markup = Markup::new();
    let length = |text: &str| text.chars().count();
    let name_width = rows.iter().map(|row| length(&row.family.name)).max().unwrap_or(0);
    let domain_width = rows.iter().map(|row| length(&row.domain.join(", "))).max().unwrap_or(0).min(36);
    for row in rows {
        let coordinates: Vec<&str> = row.family.coordinates.iter().map(|c| c.name.as_str()).collect();
        let domain = row.domain.join(", ");
        let gap = |text: &str, width: usize| " ".repeat(width.saturating_sub(length(text)) + 2);
        markup.push(Role::Label, &row.family.name).plain(gap(&row.family.name, name_width) + &domain);
        if !coordinates.is_empty() {
            markup
                .push(Role::Aside, format!("{}also {}", gap(&domain, domain_width), coordinates.join(", ")));
        }
        markup.line("");
    }
    markup.push(Role::Aside, "\nEvery family can also be derived in `natural` and `mean` coordinates: ");
    markup.line("referee derive gamma --coordinates mean");
    markup
}

fn json(row: &Row) -> Value {
    let names = |list: &[crate::stats::Parameter]| list.iter().map(|p| p.name.clone()).collect::<Vec<_>>();
    json!({
        "name": row.family.name,
        "title": row.title,
        "parameters": names(&row.family.parameters),
        "constants": names(&row.family.constants),
        "domain": row.domain,
        "coordinates": row.family.coordinates.iter().map(|c| c.name.as_str()).collect::<Vec<_>>(),
    })
}
