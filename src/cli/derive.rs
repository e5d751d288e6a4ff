//! `referee derive`: families → everything that follows from them.

use serde_json::Value;

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::{Derive, Format};
use super::input::{self, Input};
use super::{number, point};
use crate::expr::{Expr, Images, Store};
use crate::report::derivation::{self, Number, Numbers};
use crate::report::{Markup, Role, json};
use crate::stats::coordinates::{BUILT_IN, derive_in};
use crate::stats::{self, Derivation};
use crate::text::{Code, Diagnostic, Source, Span, suggest};

/// Runs the command.
pub fn run(command: &Derive, format: Format) -> Result<Answer, Wrong> {
    let mut store = Store::new();
    let input = input::families(&mut store, &command.family)?;
    let coordinates = chosen(command, &input)?;
    let (mut texts, mut values, mut status) = (Vec::new(), Vec::new(), Status::AsClaimed);
    for family in &input.families {
        let Some(derivation) = derive_in(&mut store, family, &coordinates) else {
            return Err(unknown_coordinates(command, family, &coordinates));
        };
        if derivation.status == stats::Status::Refused {
            status = Status::NotAsClaimed;
        }
        let numbers = match (&command.at, derivation.status) {
            (None, _) | (_, stats::Status::Refused) => None,
            (Some(at), _) => Some(numbers(&mut store, &derivation, command, at)?),
        };
        match format {
            Format::Text => {
                texts.push(derivation::text(&mut store, &derivation, numbers.as_ref(), super::letters()));
            }
            Format::Json => values.push(json::derivation(&mut store, &derivation, numbers.as_ref())),
        }
    }
    let body = match format {
        Format::Text => Body::Text(joined(texts)),
        Format::Json if values.len() == 1 => Body::Json(values.remove(0)),
        Format::Json => Body::Json(Value::Array(values)),
    };
    Ok(Answer { body, status })
}

/// A rule between two families.
fn joined(texts: Vec<Markup>) -> Markup {
    let mut all = Markup::new();
    for (at, text) in texts.into_iter().enumerate() {
        if at > 0 {
            all.push(Role::Aside, format!("\n{}\n\n", "-".repeat(60)));
        }
        all.append(text);
    }
    all
}

fn chosen(command: &Derive, input: &Input) -> Result<String, Wrong> {
    match (&command.coordinates, &input.coordinates) {
        (Some(asked), Some(after)) if asked != after => {
            let code = Code::DuplicateName { name: "coordinates".into() };
            let help = format!("name them once: `{asked}` or `{after}`");
            let diagnostic = Diagnostic::error(code, Span::new(0, asked.len())).with_help(help);
            Err(Wrong::one(Source::new("<coordinates>", asked), diagnostic))
        }
        (asked, after) => Ok(asked.clone().or_else(|| after.clone()).unwrap_or_else(|| "base".to_owned())),
    }
}

fn unknown_coordinates(command: &Derive, family: &stats::Family, name: &str) -> Wrong {
    let named = || family.coordinates.iter().map(|c| c.name.as_str()).chain(BUILT_IN);
    let code = Code::UnknownCoordinates { name: name.to_owned(), suggestion: suggest(name, named()) };
    let all: Vec<String> = named().map(|name| format!("`{name}`")).collect();
    let help = format!("`{}` has the coordinates {}", family.name, all.join(", "));
    let (place, text) = match &command.coordinates {
        Some(asked) => ("<coordinates>", asked.as_str()),
        None => ("<family>", command.family.as_str()),
    };
    let start = text.len() - name.len();
    Wrong::one(Source::new(place, text), Diagnostic::error(code, Span::new(start, text.len())).with_help(help))
}

/// Every formula at the point, as far as points are given.
fn numbers(store: &mut Store, derivation: &Derivation, command: &Derive, at: &str) -> Result<Numbers, Wrong> {
    let at = point::at(store, derivation, at)?;
    let to = command.to.as_ref().map(|to| point::to(store, derivation, &at, to)).transpose()?;
    let x = command.x.as_ref().map(|x| point::x(store, derivation, &at, x)).transpose()?;
    let mut images = at.images(store);
    let mut value = Values { digits: command.digits };
    let mut numbers = Numbers { at: at.pairs(), ..Numbers::default() };
    numbers.fisher = derivation.fisher.as_ref().map(|rows| value.matrix(store, rows, &images));
    numbers.fisher_inverse = derivation.fisher_inverse.as_ref().map(|rows| value.matrix(store, rows, &images));
    let mut gradient = at.values.iter().any(|(p, _)| derivation.gradient.contains(&p.symbol));
    if let Some(to) = &to {
        numbers.to = to.pairs();
        let mut both = images.clone();
        both.extend(to.images(store));
        numbers.kl = derivation.kl.map(|kl| value.one(store, kl, &both));
    }
    if let Some(x) = &x {
        numbers.x = x.pairs();
        images.extend(x.images(store));
        numbers.score = Some(value.list(store, &derivation.score, &images));
        if !gradient {
            // Without a gradient of its own, the point has that of log p at the observation.
            for (g, score) in derivation.gradient.iter().zip(&derivation.score) {
                let score = store.substitute(*score, &images);
                images.insert(*g, score);
            }
            gradient = true;
        }
    }
    if gradient {
        numbers.natural_gradient = derivation.natural_gradient.as_ref().map(|list| value.list(store, list, &images));
    }
    Ok(numbers)
}

struct Values {
    digits: u32,
}

impl Values {
    fn one(&mut self, store: &mut Store, e: Expr, images: &Images) -> Number {
        let e = store.substitute(e, images);
        number::decimal(store, e, self.digits)
    }

    fn list(&mut self, store: &mut Store, list: &[Expr], images: &Images) -> Vec<Number> {
        list.iter().map(|e| self.one(store, *e, images)).collect()
    }

    fn matrix(&mut self, store: &mut Store, rows: &[Vec<Expr>], images: &Images) -> Vec<Vec<Number>> {
        rows.iter().map(|row| self.list(store, row, images)).collect()
    }
}
