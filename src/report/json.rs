//! Results → JSON: mathematics as text in the plain notation, numbers as decimal strings, `null` for what
//! does not exist.
//!
//! The names never change once released; more may be added beside them.

use serde_json::{Map, Value, json};

use super::derivation::{Numbers, domains};
use crate::expr::{Expr, Store};
use crate::print::display;
use crate::stats::{Derivation, Parameter, Status};
use crate::text::{Diagnostic, LineIndex, Source};
use crate::verify::statistical::normalization::Normalization;
use crate::verify::statistical::numeric::Numeric;

/// Everything derived from one family, in the order in which a person would ask for it.
pub fn derivation(
    store: &mut Store,
    derivation: &Derivation,
    normalization: &Normalization,
    numbers: Option<&Numbers>,
) -> Value {
    let domains = domains(store, derivation);
    let domain: Vec<&String> = domains.parameters.iter().chain(&domains.constants).collect();
    let family = &derivation.family;
    let text = |e: Expr| Value::from(display(store, e));
    let list = |list: &[Expr]| Value::from_iter(list.iter().map(|e| text(*e)));
    let option = |e: Option<Expr>| e.map_or(Value::Null, text);
    let option_list = |e: &Option<Vec<Expr>>| e.as_deref().map_or(Value::Null, list);
    let matrix = |rows: &[Vec<Expr>]| Value::from_iter(rows.iter().map(|row| list(row)));
    let option_matrix = |rows: &Option<Vec<Vec<Expr>>>| rows.as_deref().map_or(Value::Null, matrix);
    let exponential = derivation.exponential.as_ref();
    let fisher = match derivation.status {
        Status::Partial if derivation.fisher.is_none() => Value::from_iter(
            derivation.fisher_entries.iter().map(|row| Value::from_iter(row.iter().map(|e| option(*e)))),
        ),
        _ => option_matrix(&derivation.fisher),
    };
    let mut object = json!({
        "family": family.name,
        "coordinates": derivation.coordinates,
        "parameters": names(&family.parameters),
        "constants": names(&family.constants),
        "variables": names(&family.variables),
        "written_in": names(&derivation.written_in),
        "domain": domain,
        "sample_space": domains.observation,
        "log_density": text(family.log_density),
        "status": derivation.status.name(),
        "kl_status": derivation.kl_status.name(),
        "reason": derivation.reason,
        "regular": derivation.regularity.name(),
        "exponential_family": derivation.kind.name(),
        "normalization": normalization.verdict.word(),
        "normalized_by": normalization.by,
        "natural_parameters": exponential.map_or(Value::Null, |x| list(&x.natural)),
        "sufficient_statistics": exponential.map_or(Value::Null, |x| list(&x.statistics)),
        "log_partition": option(exponential.map(|x| x.log_partition)),
        "log_base_measure": option(exponential.map(|x| x.log_base_measure)),
        "mean": option_list(&derivation.mean),
        "score": if derivation.score.is_empty() { Value::Null } else { list(&derivation.score) },
        "fisher": fisher,
        "fisher_rank": derivation.rank,
        "null_space": matrix(&derivation.null_space),
        "singular_where": list(&derivation.singular_where),
        "fisher_inverse": option_matrix(&derivation.fisher_inverse),
        "gradient": list(&derivation.gradient),
        "natural_gradient": option_list(&derivation.natural_gradient),
        "kl": option(derivation.kl),
        "kl_parameters": names(&derivation.kl_parameters),
    });
    if let Some(numbers) = numbers {
        object["numeric"] = numeric(numbers);
    }
    object
}

fn numeric(numbers: &Numbers) -> Value {
    let point = |pairs: &[(String, String)]| {
        Value::Object(Map::from_iter(pairs.iter().map(|(name, value)| (name.clone(), json!(value)))))
    };
    let Numeric { score, fisher, fisher_inverse, natural_gradient, kl, estimated } = &numbers.values;
    json!({
        "at": point(&numbers.at),
        "to": if numbers.to.is_empty() { Value::Null } else { point(&numbers.to) },
        "x": if numbers.x.is_empty() { Value::Null } else { point(&numbers.x) },
        "score": score,
        "fisher": fisher,
        "fisher_inverse": fisher_inverse,
        "natural_gradient": natural_gradient,
        "kl": kl,
        "estimated": estimated,
    })
}

/// The diagnostics of one text.
pub fn diagnostics(source: &Source, diagnostics: &[Diagnostic]) -> Value {
    let lines = LineIndex::new(&source.text);
    let one = |diagnostic: &Diagnostic| {
        let place = lines.line_column(&source.text, diagnostic.span.start as usize);
        json!({
            "code": diagnostic.code.name(),
            "severity": diagnostic.severity.name(),
            "line": place.line,
            "column": place.column,
            "message": diagnostic.code.message(),
            "help": diagnostic.help().or_else(|| diagnostic.code.label()),
        })
    };
    Value::from_iter(diagnostics.iter().map(one))
}

fn names(parameters: &[Parameter]) -> Vec<&str> {
    parameters.iter().map(|p| p.name.as_str()).collect()
}
