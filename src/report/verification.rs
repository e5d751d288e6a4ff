//! The evidence for what was derived → text and JSON.
//!
//! One section for each question: do the witnesses agree, is KL ≈ ½dᵀFd and to which order, is the natural gradient
//! the steepest descent in KL, does it keep its direction in other coordinates, and does a fit feel the difference.

use serde_json::{Map, Value, json};

use super::derivation::Letters;
use super::layout::{self, WIDTH};
use super::{Markup, Role, verdict};
use crate::number::Rational;
use crate::verify::Verdict;
use crate::verify::statistical::divergence::DivergenceReport;
use crate::verify::statistical::fit::{FitReport, Run};
use crate::verify::statistical::invariance::Invariance;
use crate::verify::statistical::steepest::SteepestReport;
use crate::verify::statistical::witnesses::Witnesses;

/// Everything found at one point.
#[derive(Clone, Debug)]
pub struct Verification {
    /// The family's name.
    pub family: String,
    /// The coordinates.
    pub coordinates: String,
    /// The parameters' names.
    pub parameters: Vec<String>,
    /// Whether the point was chosen here.
    pub default_point: bool,
    /// ∫p = 1, E\[score\] = 0, and the two forms of F.
    pub witnesses: Witnesses,
    /// Whether the Hessian form is known not to hold, the family being differentiable in quadratic mean only.
    pub no_hessian: bool,
    /// KL against ½dᵀFd.
    pub divergence: DivergenceReport,
    /// The natural gradient against minimizers.
    pub steepest: SteepestReport,
    /// The other coordinates.
    pub invariance: Vec<Invariance>,
    /// Natural and plain gradient side by side, or why not.
    pub fit: Result<FitReport, String>,
}

impl Verification {
    /// Every verdict that must be good.
    pub fn verdicts(&self) -> Vec<&Verdict> {
        let reports = self.witnesses.all();
        let witnesses = reports.iter().take(if self.no_hessian { 3 } else { 4 }).map(|w| &w.verdict);
        let others = self.invariance.iter().flat_map(|i| [&i.fisher, &i.direction]);
        witnesses.chain([&self.divergence.verdict, &self.steepest.verdict]).chain(others).collect()
    }
}

const NAMES: [&str; 4] = ["normalization", "mean_score", "outer_product", "hessian"];

/// Sections of text.
pub fn text(found: &Verification, letters: Letters) -> Markup {
    let mut markup = Markup::new();
    markup.push(Role::Heading, &found.family);
    if found.coordinates != "base" {
        markup.push(Role::Heading, format!("/{}", found.coordinates));
    }
    markup.plain(format!(" at {}", point(&found.divergence.at)));
    let chosen =
        if found.default_point { "  (a point of the domain; choose another with --at)\n" } else { "\n" };
    markup.push(Role::Aside, chosen);
    witnesses(&mut markup, found, letters);
    divergence(&mut markup, found, letters);
    steepest(&mut markup, found, letters);
    if !found.invariance.is_empty() {
        markup.section(
            "Invariance",
            "F in other coordinates is J'FJ, and the natural gradient keeps its direction",
        );
        let width = found.invariance.iter().map(|i| i.coordinates.chars().count()).max().unwrap_or(0);
        for one in &found.invariance {
            markup.labelled(&one.coordinates, width);
            judged(&mut markup, &one.fisher).plain(" and ");
            judged(&mut markup, &one.direction).line("");
        }
    }
    fit(&mut markup, found);
    markup
}

fn judged<'m>(markup: &'m mut Markup, judged: &Verdict) -> &'m mut Markup {
    markup.push(verdict::role(judged), judged.word())
}

fn witnesses(markup: &mut Markup, found: &Verification, letters: Letters) {
    markup.section("Witnesses", "each computed from the density alone");
    let labels = match letters {
        Letters::Greek => ["∫p = 1", "E[score] = 0", "E[score·score'] = F", "−E[∂² log p] = F"],
        Letters::Latin => ["integral p = 1", "E[score] = 0", "E[score*score'] = F", "-E[hessian] = F"],
    };
    for (at, (label, report)) in labels.iter().zip(found.witnesses.all()).enumerate() {
        markup.labelled(label, 19);
        let word = report.verdict.word();
        judged(markup, &report.verdict).plain(" ".repeat(11_usize.saturating_sub(word.len())));
        let judged = report.verdict.report();
        let mut detail = match &report.verdict {
            Verdict::Proved(_) if judged.rules.is_empty() || report.method.starts_with("exact") => {
                report.method.clone()
            }
            Verdict::Proved(_) => format!("{}; {} agrees", judged.rules.join(", "), report.method),
            Verdict::Supported(evidence) => format!("{}, {} digits", report.method, evidence.digits),
            _ => format!("{}: {}", report.method, judged.reason.unwrap_or_default()),
        };
        if at == 3 && found.no_hessian {
            detail.push_str(
                "; as it must be, since the score jumps: only the outer product is the information",
            );
        }
        let lines = layout::paragraph(&detail, WIDTH - 34);
        markup.line(&lines[0]);
        for line in &lines[1..] {
            markup.line(format!("{}{line}", " ".repeat(34)));
        }
    }
}

fn divergence(markup: &mut Markup, found: &Verification, letters: Letters) {
    let report = &found.divergence;
    let direction: Vec<String> = report.direction.iter().map(ToString::to_string).collect();
    let what = match letters {
        Letters::Greek => "KL(θ‖θ + t·d) ≈ ½t²·d'Fd",
        Letters::Latin => "KL(theta || theta + t*d) ~~ t^2*d'*F*d/2",
    };
    markup.section("Divergence", &format!("{what} along d = {}", layout::column(&direction)));
    markup.plain("  ");
    judged(markup, &report.verdict);
    match &report.verdict {
        Verdict::Proved(_) => markup.line(": the Taylor coefficients of order 0, 1 and 2 are 0, 0 and F"),
        other => markup.line(format!(": {}", other.report().reason.unwrap_or_default())),
    };
    let quadratic = if letters == Letters::Greek { "½t²·d'Fd" } else { "t^2*d'*F*d/2" };
    let mut table = vec![[
        "t".to_owned(),
        "KL".to_owned(),
        quadratic.to_owned(),
        "relative gap".to_owned(),
        "KL by quadrature".to_owned(),
    ]];
    let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "none".to_owned());
    for row in &report.rows {
        let estimate = row.kl_estimate.map_or_else(|| "none".to_owned(), |v| float(v, 8));
        table.push([
            row.scale.to_string(),
            known(&row.kl),
            known(&row.quadratic),
            known(&row.relative_gap),
            estimate,
        ]);
    }
    rows(markup, &table);
    let order = match report.order.text().as_deref() {
        Some("exact") => "the quadratic is exact along this direction".to_owned(),
        Some(order) => format!("the difference is of order {order} in t"),
        None => "the order of the difference is not known".to_owned(),
    };
    markup.line(format!("  {order}"));
}

fn steepest(markup: &mut Markup, found: &Verification, letters: Letters) {
    let report = &found.steepest;
    let (what, limit) = match letters {
        Letters::Greek => ("argmin g'd subject to KL(θ‖θ + d) ≤ ε", "−√(2/(g'F⁻¹g))·F⁻¹g"),
        Letters::Latin => {
            ("argmin g'*d subject to KL(theta || theta + d) <= epsilon", "-sqrt(2/(g'*F^(-1)*g))*F^(-1)*g")
        }
    };
    markup.section("Steepest descent", what);
    markup.plain("  ");
    judged(markup, &report.verdict);
    let reason = match &report.verdict {
        Verdict::Supported(evidence) => evidence.reason.clone(),
        other => other.report().reason.unwrap_or_default(),
    };
    let word = report.verdict.word().len();
    let lines = layout::paragraph(&reason, WIDTH - word - 4);
    markup.line(if reason.is_empty() { String::new() } else { format!(": {}", lines[0]) });
    for line in &lines[1..] {
        markup.line(format!("{}{line}", " ".repeat(word + 4)));
    }
    let chosen = if report.default_loss { "  (choose another with --loss)" } else { "" };
    markup.field("loss", 5, &format!("{}, g = {}{chosen}", report.loss, vector(&report.gradient, 6)));
    if report.limit.is_empty() {
        return;
    }
    markup.field("limit", 5, &format!("{limit} = {}", vector(&report.limit, 6)));
    let (epsilon, scaled, lambda) = match letters {
        Letters::Greek => ("ε", "d/√ε found by search", "λ"),
        Letters::Latin => ("epsilon", "d/sqrt(epsilon) found by search", "lambda"),
    };
    let mut table = vec![[epsilon, scaled, "relative error", lambda, "expected"].map(str::to_owned)];
    for one in &report.solutions {
        table.push([
            float(one.epsilon, 6),
            vector(&one.vector, 6),
            float(one.relative_error, 2),
            float(one.lambda, 6),
            float(one.lambda_expected, 6),
        ]);
    }
    rows(markup, &table);
    if let Some(note) = &report.note {
        markup.line(format!("  {note}"));
    }
}

fn fit(markup: &mut Markup, found: &Verification) {
    match &found.fit {
        Ok(report) => {
            let start: Vec<(String, Rational)> =
                found.parameters.iter().cloned().zip(report.start.iter().cloned()).collect();
            let what = format!("maximum likelihood from {} to {}", point(&start), point(&report.target));
            markup.section("Fit", &what);
            let mut table = vec![["gradient", "steps", "distance left", "KL left"].map(str::to_owned)];
            for (name, run) in [("natural", &report.natural), ("plain", &report.plain)] {
                table.push([
                    name.to_owned(),
                    run.iterations.to_string(),
                    float(run.distance, 2),
                    float(run.kl, 2),
                ]);
            }
            rows(markup, &table);
        }
        Err(reason) => {
            markup.section("Fit", "");
            markup.line(format!("  not run: {reason}"));
        }
    }
}

/// Rows of cells, each column as wide as its widest cell.
fn rows<const N: usize>(markup: &mut Markup, table: &[[String; N]]) {
    let width = |j: usize| table.iter().map(|row| row[j].chars().count()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..N).map(width).collect();
    for (at, row) in table.iter().enumerate() {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.chars().count())))
            .collect();
        let role = if at == 0 { Role::Aside } else { Role::Plain };
        markup.push(role, format!("  {}\n", cells.join("  ").trim_end()));
    }
}

/// The machine output.
pub fn json(found: &Verification) -> Value {
    let exact = |pairs: &[(String, Rational)]| {
        Value::Object(Map::from_iter(
            pairs.iter().map(|(name, value)| (name.clone(), json!(value.to_string()))),
        ))
    };
    let number = |value: f64| json!(float(value, 10));
    let list = |list: &[f64]| Value::from_iter(list.iter().map(|v| number(*v)));
    let report = &found.divergence;
    let direction =
        found.parameters.iter().cloned().zip(report.direction.iter().cloned()).collect::<Vec<_>>();
    let kl = report.rows.iter().map(|row| {
        json!({
            "scale": row.scale.to_string(),
            "kl": row.kl,
            "kl_estimate": row.kl_estimate.map(number),
            "quadratic": row.quadratic,
            "relative_gap": row.relative_gap,
        })
    });
    let order = match report.order.text() {
        Some(text) => text.parse::<u32>().map_or(json!(text), |n| json!(n)),
        None => Value::Null,
    };
    let witnesses = NAMES.iter().zip(found.witnesses.all()).map(|(name, witness)| {
        let mut object = verdict::json(&witness.verdict);
        object["identity"] = json!(witness.identity);
        object["method"] = json!(witness.method);
        object["value"] = list(&witness.value);
        object["gap"] = witness.gap.map_or(Value::Null, number);
        object["estimated_error"] = witness.error.map_or(Value::Null, number);
        ((*name).to_owned(), object)
    });
    let invariance = found.invariance.iter().map(|one| {
        json!({
            "coordinates": one.coordinates,
            "fisher": verdict::json(&one.fisher),
            "direction": verdict::json(&one.direction),
        })
    });
    json!({
        "family": found.family,
        "coordinates": found.coordinates,
        "at": exact(&report.at),
        "direction": exact(&direction),
        "kl": Value::from_iter(kl),
        "kl_verdict": verdict::json(&report.verdict),
        "order": order,
        "witnesses": Value::Object(Map::from_iter(witnesses)),
        "natural_gradient": natural_gradient(&found.steepest),
        "invariance": Value::from_iter(invariance),
        "fit": found.fit.as_ref().map_or(Value::Null, |report| json!({
            "target": exact(&report.target),
            "start": report.start.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "natural": run(&report.natural),
            "plain": run(&report.plain),
        })),
    })
}

fn natural_gradient(report: &SteepestReport) -> Value {
    let number = |value: f64| json!(float(value, 10));
    let list = |list: &[f64]| Value::from_iter(list.iter().map(|v| number(*v)));
    let each = |f: &dyn Fn(&crate::verify::statistical::steepest::Solution) -> Value| {
        Value::from_iter(report.solutions.iter().map(f))
    };
    let mut object = json!({
        "loss": report.loss,
        "gradient": list(&report.gradient),
        "epsilon": each(&|s| number(s.epsilon)),
        "vector": each(&|s| list(&s.vector)),
        "limit": list(&report.limit),
        "relative_error": each(&|s| number(s.relative_error)),
        // The multiplier at the smallest ε, then at each.
        "lambda": report.solutions.last().map(|s| number(s.lambda)),
        "lambda_expected": report.solutions.last().map(|s| number(s.lambda_expected)),
        "lambda_by_epsilon": each(&|s| number(s.lambda)),
        "lambda_expected_by_epsilon": each(&|s| number(s.lambda_expected)),
        "note": report.note,
    });
    if let (Value::Object(object), Value::Object(judged)) = (&mut object, verdict::json(&report.verdict)) {
        object.extend(judged.into_iter().filter(|(name, _)| matches!(name.as_str(), "verdict" | "reason")));
    }
    object
}

fn run(run: &Run) -> Value {
    json!({
        "iterations": run.iterations,
        "distance": float(run.distance, 10),
        "kl": float(run.kl, 10),
    })
}

/// `alpha = 2, beta = 3`
fn point(pairs: &[(String, Rational)]) -> String {
    pairs.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
}

fn vector(list: &[f64], digits: usize) -> String {
    layout::column(&list.iter().map(|v| float(*v, digits)).collect::<Vec<_>>())
}

/// So many significant digits, without trailing zeros: `0.25`, `1.5e-9`.
fn float(value: f64, digits: usize) -> String {
    if !value.is_finite() {
        return "none".to_owned();
    }
    let scientific = format!("{value:.*e}", digits.saturating_sub(1));
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let trimmed = |text: &str| match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.').to_owned(),
        false => text.to_owned(),
    };
    if (-4..6).contains(&exponent) {
        let places = (digits as i32 - 1 - exponent).max(0) as usize;
        return trimmed(&format!("{value:.places$}"));
    }
    format!("{}e{exponent}", trimmed(mantissa))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_have_the_digits_asked_for_and_no_more() {
        assert_eq!(float(0.25, 6), "0.25");
        assert_eq!(float(1.0 / 3.0, 4), "0.3333");
        assert_eq!(float(-1.5e-9, 6), "-1.5e-9");
        assert_eq!(float(123_456_789.0, 3), "1.23e8");
        assert_eq!(float(0.0, 3), "0");
        assert_eq!(float(f64::NAN, 3), "none");
    }
}
