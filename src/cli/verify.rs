//! `referee verify`: the evidence for what was derived, at one point.

use serde_json::{Value, json};

use super::answer::{Answer, Body, Status, Wrong};
use super::arguments::{Format, Verify};
use super::{derive, input, point};
use crate::expr::{Expr, Scope, Store, lower};
use crate::number::Rational;
use crate::report::verification::{self, Verification};
use crate::report::{Markup, Role};
use crate::stats::derive::Regularity;
use crate::stats::points::parameter_points;
use crate::stats::{self, Derivation, Family};
use crate::syntax::parse_expression;
use crate::text::{Code, Diagnostic, Source};
use crate::verify::statistical::values::Assignment;
use crate::verify::statistical::{divergence, fit, invariance, order, steepest, witnesses};

/// Runs the command.
pub fn run(command: &Verify, format: Format) -> Result<Answer, Wrong> {
    let mut store = Store::new();
    let input = input::families(&mut store, &command.family)?;
    let coordinates = input.chosen(command.coordinates.as_deref())?;
    let (mut texts, mut values, mut status) = (Vec::new(), Vec::new(), Status::AsClaimed);
    for found in &input.found {
        let (derivation, _) = derive::derived(&mut store, &input, found, &coordinates)?;
        match one(&mut store, command, &found.family, &derivation)? {
            Ok(verification) => {
                status = status.max(command.judging.status(verification.verdicts()));
                match format {
                    Format::Text => texts.push(verification::text(&verification, super::letters())),
                    Format::Json => values.push(verification::json(&verification)),
                }
            }
            Err(reason) => {
                status = Status::NotAsClaimed;
                match format {
                    Format::Text => texts.push(refused(&found.family, &reason)),
                    Format::Json => {
                        values.push(json!({
                            "family": found.family.name,
                            "coordinates": derivation.coordinates,
                            "status": "refused",
                            "reason": reason,
                            "kl": null,
                            "order": null,
                            "witnesses": null,
                            "natural_gradient": null,
                        }));
                    }
                }
            }
        }
    }
    let body = match format {
        Format::Text => Body::Text(derive::joined(texts)),
        Format::Json if values.len() == 1 => Body::Json(values.remove(0)),
        Format::Json => Body::Json(Value::Array(values)),
    };
    Ok(Answer::new(body, status))
}

fn refused(family: &Family, reason: &str) -> Markup {
    let mut markup = Markup::new();
    markup
        .push(Role::Heading, &family.name)
        .plain("  ")
        .push(Role::Bad, "refused")
        .line(format!(": {reason}"));
    markup
}

/// All evidence for one family, or why there is none.
fn one(
    store: &mut Store,
    command: &Verify,
    family: &Family,
    derivation: &Derivation,
) -> Result<Result<Verification, String>, Wrong> {
    if derivation.status == stats::Status::Refused {
        return Ok(Err(derivation.reason.clone().unwrap_or_else(|| "nothing was derived".to_owned())));
    }
    if !derivation.written_in.iter().map(|p| p.symbol).eq(derivation.family.theta()) {
        let reason =
            "these coordinates have no closed inverse; verify the family in its own parameters".to_owned();
        return Ok(Err(reason));
    }
    let at = match &command.at {
        Some(at) => point::at(store, derivation, at)?.exact(),
        None => match parameter_points(store, &derivation.family, 1).pop() {
            Some(found) => found,
            None => return Ok(Err("no point of the domain was found; give one with --at".to_owned())),
        },
    };
    let direction =
        command.direction.as_ref().map(|text| point::direction(store, derivation, text)).transpose()?;
    let size = derivation.family.parameters.len();
    let at = at[..size + derivation.family.constants.len()].to_vec();
    let loss = command.loss.as_ref().map(|text| loss(store, &derivation.family, &at, text)).transpose()?;
    let start = start(store, &derivation.family, &at, size);
    Ok(Ok(Verification {
        family: family.name.clone(),
        coordinates: derivation.coordinates.clone(),
        parameters: derivation.family.parameters.iter().map(|p| p.name.clone()).collect(),
        default_point: command.at.is_none(),
        no_hessian: derivation.regularity == Regularity::QuadraticMean,
        witnesses: witnesses::witnesses(store, derivation, &at),
        divergence: divergence::divergence(store, derivation, &at, direction.as_deref()),
        steepest: steepest::steepest(store, derivation, &at, loss),
        invariance: match derivation.coordinates.as_str() {
            "base" => invariance::invariance(store, family, derivation),
            _ => Vec::new(),
        },
        fit: match start {
            Some(start) => fit::fit(store, derivation, &at, &start),
            None => Err("no second point of the domain was found".to_owned()),
        },
    }))
}

/// Another point of the domain, from which a fit begins.
fn start(store: &mut Store, family: &Family, at: &[Rational], size: usize) -> Option<Vec<Rational>> {
    let points = order::theta_points(store, family, &at[size..], 4);
    points.into_iter().rfind(|point| point[..size] != at[..size]).map(|point| point[..size].to_vec())
}

/// `--loss`: a function of the parameters and constants that has a value at the point.
fn loss(store: &mut Store, family: &Family, at: &[Rational], text: &str) -> Result<Expr, Wrong> {
    let (tree, mut diagnostics) = parse_expression(text, 0);
    let mut scope = Scope::strict();
    for parameter in family.parameters.iter().chain(&family.constants) {
        scope.declare(&parameter.name, parameter.symbol);
    }
    let source = Source::new("<loss>", text);
    let loss = tree.as_ref().and_then(|tree| lower(store, &mut scope, tree, &mut diagnostics));
    if let (Some(e), Some(tree)) = (loss, &tree)
        && !store.shape(e).is_scalar()
    {
        let code = Code::NotAScalar { subject: "a loss".into(), shape: store.shape_name(store.shape(e)) };
        diagnostics.push(Diagnostic::error(code, tree.span));
    }
    if let (Some(e), Some(tree), true) = (loss, &tree, diagnostics.is_empty()) {
        // The gradient may exist where the loss does not: that of log(-a) is 1/a.
        let names: Vec<_> = family.parameters.iter().chain(&family.constants).collect();
        let place = Assignment::new(names.iter().map(|p| p.symbol).collect(), at.to_vec());
        if place.narrow(store, e, 5).is_undefined() {
            let at: Vec<String> =
                names.iter().zip(at).map(|(p, value)| format!("{} = {value}", p.name)).collect();
            let expected = format!("a loss with a value at {}", at.join(", "));
            let found = format!("`{}`, which is undefined there", text.trim());
            let code = Code::Syntax { expected, found };
            let help = "choose another loss, or another point with `--at`";
            diagnostics.push(Diagnostic::error(code, tree.span).with_help(help));
        }
    }
    Wrong::check(&source, diagnostics)?;
    Ok(loss.expect("without a diagnostic the loss was read"))
}
