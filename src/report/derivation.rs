//! What follows from a family → headed sections of text.
//!
//! Every section says what it is about, in which sign, for how many observations: *Fisher information
//! I(θ) = E[score·score'], per observation*, above the matrix.

use super::layout::{self, WIDTH};
use super::{Markup, Role, verdict};
use crate::algebra::Assumptions;
use crate::expr::{Expr, Fact, Store};
use crate::print::{display, domain};
use crate::stats::derive::Regularity;
use crate::stats::family::fact_mentions;
use crate::stats::{Derivation, Kind, Parameter, Status};
use crate::verify::Verdict;
use crate::verify::statistical::normalization::Normalization;
use crate::verify::statistical::numeric::Numeric;

/// How mathematics outside of formulas is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Letters {
    /// `η`, `θ‖θ_q`.
    Greek,
    /// `eta`, `theta || theta_q`.
    Latin,
}

impl Letters {
    fn of(self, greek: &'static str, latin: &'static str) -> &'static str {
        match self {
            Letters::Greek => greek,
            Letters::Latin => latin,
        }
    }
}

/// Numbers at one point, each as decimal digits.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Numbers {
    /// The point: names and exact values.
    pub at: Vec<(String, String)>,
    /// The second point of the divergence.
    pub to: Vec<(String, String)>,
    /// The observation of the score.
    pub x: Vec<(String, String)>,
    /// What the formulas, or else quadrature, give there.
    pub values: Numeric,
}

/// Everything derived, as a reader wants it.
pub fn text(
    store: &mut Store,
    derivation: &Derivation,
    normalization: &Normalization,
    numbers: Option<&Numbers>,
    letters: Letters,
) -> Markup {
    let mut report = Report { store, derivation, normalization, letters, markup: Markup::new() };
    report.header();
    report.summary();
    if derivation.status != Status::Refused {
        report.exponential();
        report.score();
        report.fisher();
        report.natural_gradient();
        report.divergence();
    }
    if let Some(numbers) = numbers {
        report.numbers(numbers);
    }
    report.markup
}

/// What is declared, as text.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Domains {
    /// Conditions on the parameters.
    pub parameters: Vec<String>,
    /// Conditions on the known constants alone.
    pub constants: Vec<String>,
    /// The sample space.
    pub observation: Vec<String>,
}

/// The conditions on parameters, constants and observation.
pub fn domains(store: &mut Store, derivation: &Derivation) -> Domains {
    let family = &derivation.family;
    let own: Vec<Expr> = derivation.written_in.iter().map(|p| p.symbol).collect();
    let names: Vec<Expr> = family.constants.iter().map(|p| p.symbol).collect();
    let about_parameters = |store: &Store, fact: &Fact| own.iter().any(|p| fact_mentions(store, fact, *p));
    let (parameters, constants): (Vec<Fact>, Vec<Fact>) =
        family.facts.iter().cloned().partition(|fact| about_parameters(store, fact));
    // In other coordinates the old conditions hold by themselves: those on exp(t), sqrt(v) follow from the new ones.
    let mut assumptions = Assumptions::new(store, &constants);
    let mut independent = Vec::new();
    for fact in parameters {
        let follows = match &fact {
            Fact::Positive(e) => assumptions.is_positive(store, *e),
            Fact::NonNegative(e) => assumptions.is_nonnegative(store, *e),
            _ => false,
        };
        if derivation.coordinates == "base" || !follows {
            assumptions.assume(store, &fact);
            independent.push(fact);
        }
    }
    Domains {
        parameters: domain::conditions(store, &independent, &own),
        constants: domain::conditions(store, &constants, &names),
        observation: domain::conditions(store, &family.sample_facts, &family.x()),
    }
}

struct Report<'a> {
    store: &'a mut Store,
    derivation: &'a Derivation,
    normalization: &'a Normalization,
    letters: Letters,
    markup: Markup,
}

impl Report<'_> {
    fn shown(&self, e: Expr) -> String {
        display(self.store, e)
    }

    fn list(&self, list: &[Expr]) -> Vec<String> {
        list.iter().map(|e| self.shown(*e)).collect()
    }

    /// The family as it could be typed.
    fn header(&mut self) {
        let family = &self.derivation.family;
        let Domains { parameters, constants, observation } = domains(self.store, self.derivation);
        let density = self.shown(family.log_density);
        let variables = names(&family.variables);
        let constants =
            if constants.is_empty() { String::new() } else { format!("; {}", constants.join(", ")) };
        self.markup.plain("family ").push(Role::Heading, &family.name);
        self.markup.line(format!("({}{constants})", parameters.join(", ")));
        self.markup.line(observation.join(", "));
        self.formula("", &format!("log p({variables}) = {density}"));
        for atom in &family.atoms {
            let point = self.list(&atom.point).join(", ");
            let value = self.shown(atom.log_probability);
            self.formula("", &format!("log p({point}) = {value}"));
        }
    }

    fn summary(&mut self) {
        let derivation = self.derivation;
        self.markup.line("");
        let width = 13;
        let own = names(&derivation.family.parameters);
        let coordinates = match derivation.coordinates.as_str() {
            "base" => format!("the family's own: {own}"),
            name if names(&derivation.written_in) == own => format!("{name}: {own}"),
            name => format!("{name}, written in {}", names(&derivation.written_in)),
        };
        self.markup.field("coordinates", width, &coordinates);
        if derivation.status == Status::Refused {
            self.status("status", width, derivation.status, "");
        } else {
            let kind = match derivation.kind {
                Kind::Minimal => "minimal exponential family",
                Kind::Overparametrized => "exponential family with more parameters than statistics",
                Kind::Curved => "curved exponential family",
                Kind::No => "not an exponential family",
            };
            let smooth = match derivation.regularity {
                Regularity::Smooth => "smooth in its parameters",
                Regularity::QuadraticMean => "differentiable in quadratic mean only: the score jumps",
                Regularity::No => "not regular",
            };
            self.markup.field("kind", width, &format!("{kind}, {smooth}"));
            self.normalization(width);
            let rank = match derivation.rank {
                Some(rank) if derivation.fisher.is_some() => {
                    format!("rank {rank} of {}", derivation.family.parameters.len())
                }
                _ => String::new(),
            };
            self.status("Fisher", width, derivation.status, &rank);
            self.status("KL", width, derivation.kl_status, "");
        }
        if let Some(reason) = &derivation.reason {
            let label = if derivation.status == Status::Refused { "reason" } else { "note" };
            let lines = layout::paragraph(reason, WIDTH - width - 4);
            self.markup.field(label, width, &lines[0]);
            for line in &lines[1..] {
                self.markup.line(format!("{}{line}", " ".repeat(width + 4)));
            }
        }
    }

    fn normalization(&mut self, width: usize) {
        let Normalization { verdict, by, .. } = self.normalization;
        self.markup.labelled("normalization", width).push(verdict::role(verdict), verdict.word());
        let detail = match verdict {
            Verdict::Proved(_) => format!(", by {by}"),
            Verdict::Supported(evidence) => {
                format!(", to {} digits by {by} at {} points", evidence.digits, evidence.points)
            }
            _ => verdict.report().reason.map_or_else(String::new, |reason| format!(": {reason}")),
        };
        let lines = layout::paragraph(&detail, WIDTH - width - 16);
        self.markup.line(if detail.starts_with(':') || detail.starts_with(',') {
            lines[0].clone()
        } else {
            String::new()
        });
        for line in &lines[1..] {
            self.markup.line(format!("{}{line}", " ".repeat(width + 4)));
        }
    }

    fn status(&mut self, label: &str, width: usize, status: Status, beside: &str) {
        let (role, words) = match status {
            Status::ClosedForm => (Role::Good, "closed form"),
            Status::Partial => (Role::Doubtful, "closed form in part"),
            Status::Numeric => (Role::Doubtful, "numeric only"),
            Status::Refused => (Role::Bad, "refused"),
        };
        self.markup.labelled(label, width).push(role, words);
        self.markup.line(if beside.is_empty() { String::new() } else { format!(", {beside}") });
    }

    fn exponential(&mut self) {
        let Some(exponential) = &self.derivation.exponential else { return };
        let form = self.letters.of(
            "log p(x) = Σ ηᵢ(θ)·Tᵢ(x) − A(θ) + log h(x)",
            "log p(x) = sum of eta_i(theta)*T_i(x) - A(theta) + log h(x)",
        );
        self.markup.section("Exponential form", form);
        let width = 5;
        let eta = layout::column(&self.list(&exponential.natural));
        let statistics = layout::column(&self.list(&exponential.statistics));
        let partition = self.shown(exponential.log_partition);
        let base = self.shown(exponential.log_base_measure);
        self.field(self.letters.of("η", "eta"), width, &eta);
        self.field("T", width, &statistics);
        self.field("A", width, &partition);
        self.field("log h", width, &base);
        if let Some(mean) = &self.derivation.mean {
            let mean = layout::column(&self.list(mean));
            self.field("E[T]", width, &mean);
        }
    }

    /// A labelled formula, broken into lines that stand below each other.
    fn field(&mut self, label: &str, width: usize, formula: &str) {
        let indent = width + 4;
        let lines = layout::formula(formula, WIDTH - indent);
        self.markup.field(label, width, &lines[0]);
        for line in &lines[1..] {
            self.markup.line(format!("{}{line}", " ".repeat(indent + 2)));
        }
    }

    fn formula(&mut self, indent: &str, formula: &str) {
        for (at, line) in layout::formula(formula, WIDTH - indent.len()).iter().enumerate() {
            self.markup.line(format!("{indent}{}{line}", if at == 0 { "" } else { "    " }));
        }
    }

    /// One line for each parameter.
    fn by_parameter(&mut self, values: &[Expr]) {
        let names: Vec<String> = self.derivation.family.parameters.iter().map(|p| p.name.clone()).collect();
        let width = names.iter().map(|n| n.chars().count()).max().unwrap_or(0);
        for (name, value) in names.iter().zip(values) {
            let value = self.shown(*value);
            self.field(name, width, &value);
        }
    }

    fn score(&mut self) {
        if self.derivation.score.is_empty() {
            return;
        }
        let what = self.letters.of("∂ log p/∂θ, of one observation", "d log p/d theta, of one observation");
        let beside = if self.derivation.family.atoms.is_empty() { "" } else { " beside the atoms" };
        self.markup.section("Score", &format!("{what}{beside}"));
        self.by_parameter(&self.derivation.score);
    }

    fn fisher(&mut self) {
        let derivation = self.derivation;
        let Some(fisher) = &derivation.fisher else { return self.fisher_in_part() };
        let what = match derivation.regularity {
            Regularity::Smooth => self.letters.of(
                "I(θ) = E[score·score'] = −E[∂² log p/∂θ²], per observation",
                "I(theta) = E[score*score'] = -E[second derivative of log p], per observation",
            ),
            _ => self
                .letters
                .of("I(θ) = E[score·score'], per observation", "I(theta) = E[score*score'], per observation"),
        };
        self.markup.section("Fisher information", what);
        self.matrix(fisher);
        let inverse = self.letters.of("I(θ)⁻¹", "I(theta)^(-1)");
        match &derivation.fisher_inverse {
            Some(rows) => {
                self.markup.section("Inverse", inverse);
                self.matrix(rows);
                for e in &derivation.singular_where {
                    let e = self.shown(*e);
                    self.markup.push(Role::Aside, format!("  none where {e} = 0\n"));
                }
            }
            None if !derivation.null_space.is_empty() => self.singular(inverse),
            None => {}
        }
    }

    /// The entries that have a formula, when not all have.
    fn fisher_in_part(&mut self) {
        let derivation = self.derivation;
        if derivation.status != Status::Partial {
            return;
        }
        let what = self
            .letters
            .of("I(θ) = E[score·score'], per observation", "I(theta) = E[score*score'], per observation");
        self.markup.section("Fisher information", &format!("{what}, as far as it has formulas"));
        let names: Vec<String> = derivation.family.parameters.iter().map(|p| p.name.clone()).collect();
        let mut entries = Vec::new();
        for (i, row) in derivation.fisher_entries.iter().enumerate() {
            for (j, entry) in row.iter().enumerate().skip(i) {
                let text = entry.map_or_else(|| "numeric only: see --at".to_owned(), |e| self.shown(e));
                entries.push((format!("{}, {}", names[i], names[j]), text));
            }
        }
        let width = entries.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, entry) in &entries {
            self.field(label, width, entry);
        }
        self.markup.push(Role::Aside, "  symmetric\n");
    }

    fn singular(&mut self, inverse: &str) {
        let derivation = self.derivation;
        let size = derivation.family.parameters.len();
        let rank = derivation.rank.unwrap_or(0);
        self.markup.section("Inverse", inverse);
        self.markup.plain("  ").push(Role::Bad, "does not exist");
        self.markup.line(format!(": the Fisher information is singular, rank {rank} of {size}"));
        for vector in &derivation.null_space {
            let direction = layout::column(&self.list(vector));
            self.field("null direction", 14, &direction);
        }
        self.markup
            .line("  moving along a null direction changes the parameters and not the distribution, so that");
        self.markup.line("  neither the inverse nor the natural gradient is determined");
    }

    /// Aligned rows, or the entries one by one where they do not fit.
    fn matrix(&mut self, rows: &[Vec<Expr>]) {
        let texts: Vec<Vec<String>> = rows.iter().map(|row| self.list(row)).collect();
        self.matrix_of_text(&texts);
    }

    fn matrix_of_text(&mut self, texts: &[Vec<String>]) {
        if let Some(lines) = layout::matrix(texts, WIDTH - 2) {
            for line in lines {
                self.markup.line(format!("  {line}"));
            }
            return;
        }
        let names: Vec<String> = self.derivation.family.parameters.iter().map(|p| p.name.clone()).collect();
        let mut entries = Vec::new();
        for (i, row) in texts.iter().enumerate() {
            for (j, entry) in row.iter().enumerate().skip(i).filter(|(_, entry)| *entry != "0") {
                entries.push((format!("{}, {}", names[i], names[j]), entry));
            }
        }
        let width = entries.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, entry) in &entries {
            self.field(label, width, entry);
        }
        let zeros = texts.iter().flatten().any(|entry| entry == "0");
        let note = if zeros { "symmetric; entries not listed are 0" } else { "symmetric" };
        self.markup.push(Role::Aside, format!("  {note}\n"));
    }

    fn natural_gradient(&mut self) {
        let Some(natural) = &self.derivation.natural_gradient else { return };
        let gradient = layout::column(&self.list(&self.derivation.gradient));
        let what = self.letters.of("I(θ)⁻¹·g", "I(theta)^(-1)*g");
        self.markup.section("Natural gradient", &format!("{what} for any gradient g = {gradient}"));
        self.by_parameter(natural);
    }

    fn divergence(&mut self) {
        let Some(kl) = self.derivation.kl else { return };
        let what = self.letters.of(
            "KL(θ‖θ_q) = E[log p(x; θ) − log p(x; θ_q)] under θ, in nats",
            "KL(theta || theta_q) = E[log p(x; theta) - log p(x; theta_q)] under theta, in nats",
        );
        self.markup.section("KL divergence", what);
        let kl = self.shown(kl);
        self.formula("  ", &kl);
    }

    fn numbers(&mut self, numbers: &Numbers) {
        let point = |pairs: &[(String, String)]| {
            pairs.iter().map(|(name, value)| format!("{name} = {value}")).collect::<Vec<_>>().join(", ")
        };
        let known = |value: &Option<String>| value.clone().unwrap_or_else(|| "no value".to_owned());
        let column = |list: &[Option<String>]| layout::column(&list.iter().map(known).collect::<Vec<_>>());
        let Numeric { score, fisher, fisher_inverse, natural_gradient, kl, estimated } = &numbers.values;
        let beside = if *estimated { "; by quadrature or summation, to the digits it leaves" } else { "" };
        self.markup.section("At", &format!("{}{beside}", point(&numbers.at)));
        let mut fields: Vec<(String, Vec<String>)> = Vec::new();
        if let Some(score) = score {
            fields.push((format!("score at {}", point(&numbers.x)), vec![column(score)]));
        }
        for (label, rows) in [("Fisher", fisher), ("inverse", fisher_inverse)] {
            let Some(rows) = rows else { continue };
            let texts: Vec<Vec<String>> = rows.iter().map(|row| row.iter().map(known).collect()).collect();
            fields.push((label.to_owned(), layout::matrix(&texts, usize::MAX).unwrap_or_default()));
        }
        if let Some(natural) = natural_gradient {
            fields.push(("natural gradient".to_owned(), vec![column(natural)]));
        }
        if !numbers.to.is_empty() {
            fields.push((format!("KL to {}", point(&numbers.to)), vec![known(kl)]));
        }
        let width = fields.iter().map(|(label, _)| label.chars().count()).max().unwrap_or(0);
        for (label, lines) in &fields {
            self.markup.labelled(label, width);
            for (at, line) in lines.iter().enumerate() {
                self.markup
                    .line(format!("{}{line}", if at == 0 { String::new() } else { " ".repeat(width + 4) }));
            }
        }
    }
}

/// `alpha, beta`
pub(super) fn names(parameters: &[Parameter]) -> String {
    parameters.iter().map(|p| p.name.as_str()).collect::<Vec<_>>().join(", ")
}
