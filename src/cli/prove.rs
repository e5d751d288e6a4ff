//! `referee prove`: one claim → its verdict.

use serde_json::{Value, json};

use super::answer::{Answer, Body, Wrong};
use super::arguments::{Format, Prove};
use crate::expr::{Scope, Store, lower};
use crate::number::Rational;
use crate::report::{Markup, verdict};
use crate::syntax::parse_chain;
use crate::text::Source;
use crate::verify::statistical::numeric::decimal;
use crate::verify::statistical::values::Assignment;
use crate::verify::{Judgement, Part, Step, Verdict, prove_text};

/// Runs the command.
pub fn run(command: &Prove, format: Format) -> Result<Answer, Wrong> {
    let conditions = command.conditions.as_deref().unwrap_or_default();
    let mut judgement = prove_text(&command.claim, conditions).map_err(|misread| {
        let one = |part, diagnostics| match part {
            Part::Claim => (Source::new("<claim>", command.claim.as_str()), diagnostics),
            Part::Conditions => (Source::new("<where>", conditions), diagnostics),
        };
        Wrong(misread.into_iter().map(|m| one(m.part, m.diagnostics)).collect())
    })?;
    if let Some(digits) = command.digits {
        for (at, step) in judgement.steps.iter_mut().enumerate() {
            sharpen(&command.claim, at, step, digits);
        }
    }
    let status = command.judging.status(judgement.steps.iter().map(|step| &step.verdict));
    let body = match format {
        Format::Text => Body::Text(text(&judgement)),
        Format::Json => Body::Json(object(&judgement)),
    };
    Ok(Answer::new(body, status))
}

/// The values at a refuting point, to as many digits as were asked for.
fn sharpen(claim: &str, at: usize, step: &mut Step, digits: u32) {
    let Verdict::Refuted(witness) = &mut step.verdict else { return };
    let Some(chain) = parse_chain(claim, 0).0 else { return };
    let sides: Vec<_> =
        std::iter::once(&chain.first).chain(chain.rest.iter().map(|(_, tree)| tree)).collect();
    for (tree, value) in [(sides[at], &mut witness.left), (sides[at + 1], &mut witness.right)] {
        if let Some(text) = value_at(tree, &witness.point, digits) {
            *value = text;
        }
    }
}

fn value_at(tree: &crate::syntax::Tree, point: &[(String, Rational)], digits: u32) -> Option<String> {
    let (mut store, mut scope) = (Store::new(), Scope::strict());
    for (name, value) in point {
        let value = store.number(value.clone());
        scope.declare(name, value);
    }
    let e = lower(&mut store, &mut scope, tree, &mut Vec::new())?;
    decimal(&mut store, &Assignment::new(Vec::new(), Vec::new()), e, digits)
}

fn text(judgement: &Judgement) -> Markup {
    let mut markup = Markup::new();
    for step in &judgement.steps {
        markup.append(verdict::text(&claim(step), &step.verdict));
    }
    markup
}

/// The worst step under the names of a single claim; all of them beside it when there are several.
fn object(judgement: &Judgement) -> Value {
    let worst = judgement.verdict();
    let mut object = verdict::json(worst);
    if judgement.steps.len() > 1 {
        let one = |step: &Step| {
            let mut object = verdict::json(&step.verdict);
            object["text"] = json!(claim(step));
            object
        };
        object["steps"] = Value::from_iter(judgement.steps.iter().map(one));
    }
    object
}

fn claim(step: &Step) -> String {
    format!("{} {} {}", step.left, verdict::sign(step.relation), step.right)
}
