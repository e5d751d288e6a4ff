//! `referee derive`: families → everything that follows from them.

use serde_json::Value;

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::{Derive, Format};
use super::input::{self, Found, Input};
use super::point::{self, Point};
use crate::expr::{Images, Store};
use crate::number::Rational;
use crate::report::derivation::{self, Numbers};
use crate::report::{Markup, Role, json};
use crate::stats::coordinates::{BUILT_IN, derive_in};
use crate::stats::points::parameter_points;
use crate::stats::{self, Derivation};
use crate::text::{Code, Diagnostic, Source, Span, suggest};
use crate::verify::Verdict;
use crate::verify::statistical::normalization::{Normalization, normalization};
use crate::verify::statistical::numeric::{Request, decimal, numeric};
use crate::verify::statistical::values::Assignment;

/// Runs the command.
pub fn run(command: &Derive, format: Format) -> Result<Answer, Wrong> {
    let mut store = Store::new();
    let input = input::families(&mut store, &command.family)?;
    let coordinates = input.chosen(command.coordinates.as_deref())?;
    let (mut texts, mut values, mut status) = (Vec::new(), Vec::new(), Status::AsClaimed);
    for found in &input.found {
        let (derivation, normalization) = derived(&mut store, &input, found, &coordinates)?;
        // All that is derived rests on ∫p = 1: where that is open, so is the rest.
        if derivation.status == stats::Status::Refused || matches!(normalization.verdict, Verdict::Open(_)) {
            status = Status::NotAsClaimed;
        }
        let numbers = match (&command.at, derivation.status) {
            (None, _) | (_, stats::Status::Refused) => None,
            (Some(at), _) => Some(numbers(&mut store, &derivation, command, at)?),
        };
        let numbers = numbers.as_ref();
        match format {
            Format::Text => {
                texts.push(derivation::text(
                    &mut store,
                    &derivation,
                    &normalization,
                    numbers,
                    super::letters(),
                ));
            }
            Format::Json => values.push(json::derivation(&mut store, &derivation, &normalization, numbers)),
        }
    }
    let body = match format {
        Format::Text => Body::Text(joined(texts)),
        Format::Json if values.len() == 1 => Body::Json(values.remove(0)),
        Format::Json => Body::Json(Value::Array(values)),
    };
    Ok(Answer::new(body, status))
}

/// A rule between two families.
pub(super) fn joined(texts: Vec<Markup>) -> Markup {
    let mut all = Markup::new();
    for (at, text) in texts.into_iter().enumerate() {
        if at > 0 {
            all.push(Role::Aside, format!("\n{}\n\n", "-".repeat(60)));
        }
        all.append(text);
    }
    all
}

/// The derivation in the coordinates asked for. A density that does not integrate to one is found first.
pub(super) fn derived(
    store: &mut Store,
    input: &Input,
    found: &Found,
    coordinates: &str,
) -> Result<(Derivation, Normalization), Wrong> {
    let base = stats::derive(store, &found.family);
    let normalization = normalization(store, &base)
        .map_err(|wrong| input::not_normalized(&input.source, found.density, &wrong))?;
    if coordinates == "base" {
        return Ok((base, normalization));
    }
    let named = found.family.coordinates.iter().any(|c| c.name == coordinates);
    match derive_in(store, &found.family, coordinates) {
        Some(derivation) if named => {
            let normalization = within(store, &derivation.family, normalization);
            Ok((derivation, normalization))
        }
        Some(derivation) => Ok((derivation, normalization)),
        None => Err(unknown_coordinates(input, &found.family, coordinates)),
    }
}

/// What is proved of a family says nothing in coordinates that miss its domain.
pub(super) fn within(
    store: &mut Store,
    in_coordinates: &stats::Family,
    normalization: Normalization,
) -> Normalization {
    if !parameter_points(store, in_coordinates, 1).is_empty() {
        return normalization;
    }
    let verdict = Verdict::open("vacuous: no point of these coordinates was found in the family's domain");
    Normalization { verdict, by: "none".to_owned(), masses: Vec::new() }
}

pub(super) fn unknown_coordinates(input: &Input, family: &stats::Family, name: &str) -> Wrong {
    let named = || family.coordinates.iter().map(|c| c.name.as_str()).chain(BUILT_IN);
    let code = Code::UnknownCoordinates { name: name.to_owned(), suggestion: suggest(name, named()) };
    let all: Vec<String> = named().map(|name| format!("`{name}`")).collect();
    let help = format!("`{}` has the coordinates {}", family.name, all.join(", "));
    let (place, text) = match &input.coordinates {
        Some(_) => ("<family>", input.word.as_str()),
        None => ("<coordinates>", name),
    };
    let start = text.len() - name.len();
    Wrong::one(
        Source::new(place, text),
        Diagnostic::error(code, Span::new(start, text.len())).with_help(help),
    )
}

/// Every formula at the point, as far as points are given.
fn numbers(store: &mut Store, derivation: &Derivation, command: &Derive, at: &str) -> Result<Numbers, Wrong> {
    let at = point::at(store, derivation, at)?;
    let to = command.to.as_ref().map(|to| point::to(store, derivation, &at, to)).transpose()?;
    let x = command.x.as_ref().map(|x| point::x(store, derivation, &at, x)).transpose()?;
    let count = derivation.written_in.len() + derivation.family.constants.len();
    let values = at.exact();
    let (place, gradient) = values.split_at(count);
    let exact = |point: &Option<Point>| point.as_ref().map(Point::exact);
    let (to_values, x_values) = (exact(&to), exact(&x));
    let request = Request {
        at: place,
        to: to_values.as_deref(),
        x: x_values.as_deref(),
        gradient: (!gradient.is_empty()).then_some(gradient),
        digits: command.digits,
    };
    let mut values = numeric(store, derivation, request);
    if let (true, Some(x)) = (gradient.is_empty(), &x_values) {
        values.natural_gradient = of_score(store, derivation, place, x, command.digits);
    }
    let pairs = |point: &Option<Point>| point.as_ref().map(Point::pairs).unwrap_or_default();
    Ok(Numbers { at: at.pairs(), to: pairs(&to), x: pairs(&x), values })
}

/// Without a gradient of its own, the point has that of log p at the observation.
fn of_score(
    store: &mut Store,
    derivation: &Derivation,
    at: &[Rational],
    x: &[Rational],
    digits: u32,
) -> Option<Vec<Option<String>>> {
    let family = &derivation.family;
    let symbols = derivation.written_in.iter().chain(&family.constants).map(|p| p.symbol).chain(family.x());
    let place = Assignment::new(symbols.collect(), at.iter().chain(x).cloned().collect());
    let images: Images = derivation.gradient.iter().copied().zip(derivation.score.iter().copied()).collect();
    let natural = derivation.natural_gradient.as_ref()?;
    let natural = store.substitute_all(natural, &images);
    Some(natural.into_iter().map(|e| decimal(store, &place, e, digits)).collect())
}
