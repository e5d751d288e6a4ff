//! The lines of one family, gathered into a [`FamilyText`].
//!
//! `family binomial(0 < p < 1; n integer >= 1)` declares the parameter p and the constant n, the line
//! `x in 0..n` the variable x: whatever a sample space names that is declared nowhere else.

use rustc_hash::FxHashSet;

use super::claims::claim;
use super::conditions::{CONSTANTS, names_of};
use super::coordinates::coordinates;
use super::derivation::{definition, is_density};
use super::forms::FORMS;
use super::lines::Line;
use super::parser::Parser;
use super::tokens::{Bracket, TokenKind};
use super::{
    AtomText, ClaimText, Condition, ConditionKind, CoordinatesText, Definition, DensityText, FamilyText,
    Kind, Relation, Tree,
};
use crate::text::{Code, Diagnostic, Span, suggest};

/// Coordinates that every family has.
const DERIVED_COORDINATES: &[&str] = &["natural", "mean"];

/// Names, conditions and coordinates of one family, each.
pub const MAX_NAMES: usize = 1000;

type Names = Vec<(String, Span)>;

/// A family whose lines are still being read.
pub(super) struct FamilyBuilder {
    name: Option<(String, Span)>,
    parameters: Vec<Condition>,
    constants: Vec<Condition>,
    parameter_names: Names,
    constant_names: Names,
    sample_space: Vec<Condition>,
    density: Option<(Names, DensityText)>,
    atoms: Vec<AtomText>,
    coordinates: Vec<CoordinatesText>,
    definitions: Vec<Definition>,
    defined: FxHashSet<String>,
    claims: Vec<ClaimText>,
    span: Span,
    /// A part that was tried and has a mistake is not missing.
    tried_header: bool,
    tried_space: bool,
    tried_density: bool,
    is_clean: bool,
}

impl FamilyBuilder {
    /// Begins with the line `family NAME(…; …)`, of which `rest` follows the keyword.
    pub(super) fn new(line: Line, rest: Line, diagnostics: &mut Vec<Diagnostic>) -> FamilyBuilder {
        let mut family = FamilyBuilder {
            name: None,
            parameters: Vec::new(),
            constants: Vec::new(),
            parameter_names: Vec::new(),
            constant_names: Vec::new(),
            sample_space: Vec::new(),
            density: None,
            atoms: Vec::new(),
            coordinates: Vec::new(),
            definitions: Vec::new(),
            defined: FxHashSet::default(),
            claims: Vec::new(),
            span: line.span(),
            tried_header: false,
            tried_space: false,
            tried_density: false,
            is_clean: true,
        };
        let before = diagnostics.len();
        family.header(rest, diagnostics);
        family.tried_header = diagnostics.len() > before;
        // An open bracket has swallowed the lines after it: they are not missing.
        let swallowed = |diagnostic: &Diagnostic| matches!(diagnostic.code, Code::UnclosedBracket { .. });
        if diagnostics[before..].iter().any(swallowed) {
            (family.tried_space, family.tried_density) = (true, true);
        }
        family.is_clean = !family.tried_header;
        family
    }

    fn header(&mut self, rest: Line, diagnostics: &mut Vec<Diagnostic>) {
        let Some((name, rest)) = rest.hyphenated() else {
            let code = Code::Syntax { expected: "the family's name".into(), found: rest.found() };
            return diagnostics
                .push(Diagnostic::error(code, rest.span()).with_help("`family NAME(mu real, sigma > 0)`"));
        };
        self.name = Some(name);
        let (parameters, constants) = (&mut self.parameters, &mut self.constants);
        let mut after_semicolon = false;
        let read = rest.read(diagnostics, |parser| {
            if parser.peek() != TokenKind::Open(Bracket::Round) {
                return parser.expected_with_help(
                    "`(` and the parameters",
                    Some("`family NAME(mu real, sigma > 0)`".into()),
                );
            }
            parser.group(&[TokenKind::Comma, TokenKind::Semicolon], |parser, separator| {
                after_semicolon |= separator == Some(TokenKind::Semicolon);
                parser.condition(if after_semicolon { constants } else { parameters });
            });
            parser.finish();
        });
        if read.is_some() {
            self.name_header(diagnostics);
        }
    }

    /// Which names are parameters and which known constants: `theta > a; a > 0`.
    fn name_header(&mut self, diagnostics: &mut Vec<Diagnostic>) {
        if is_crowded(
            self.parameters.len() + self.constants.len(),
            "list of parameters",
            self.span,
            diagnostics,
        ) {
            return;
        }
        let declared: FxHashSet<_> = self.parameters.iter().filter_map(subject).collect();
        self.constant_names = names_of(&self.constants);
        self.constant_names.retain(|(name, _)| !declared.contains(name.as_str()));
        self.parameter_names = names_of(&self.parameters);
        let constants = set(&self.constant_names);
        self.parameter_names.retain(|(name, _)| !constants.contains(name.as_str()));
        let count = self.parameter_names.len() + self.constant_names.len();
        if is_crowded(count, "list of parameters", self.span, diagnostics) {
            return;
        }
        for condition in self.parameters.iter().chain(&self.constants) {
            about_something(condition, diagnostics);
        }
        for (name, span) in self.parameter_names.iter().chain(&self.constant_names) {
            not_reserved(name, *span, diagnostics);
        }
    }

    /// A line after the first; `rest` follows its first word.
    pub(super) fn line(&mut self, line: Line, word: &str, rest: Line, diagnostics: &mut Vec<Diagnostic>) {
        self.span = self.span.to(line.span());
        let before = diagnostics.len();
        match word {
            "coordinates" => self.coordinates.extend(coordinates(rest, diagnostics)),
            "let" => self.definition(rest, diagnostics),
            "claim" => self.claims.extend(claim(line, rest, diagnostics)),
            _ if is_density(line.text) => self.density(line, diagnostics),
            "log" if !line.text.starts_with("log(") => self.density(line, diagnostics),
            _ => self.sample_space(line, diagnostics),
        }
        self.is_clean &= diagnostics.len() == before;
    }

    fn definition(&mut self, line: Line, diagnostics: &mut Vec<Diagnostic>) {
        let Some((name, span, value)) = definition(line, diagnostics) else { return };
        not_reserved(&name, span, diagnostics);
        let mut declared = self.parameter_names.iter().chain(&self.constant_names);
        if declared.any(|(declared, _)| *declared == name) || !self.defined.insert(name.clone()) {
            diagnostics.push(Diagnostic::error(Code::DuplicateName { name: name.clone() }, span));
        }
        self.definitions.push((name, span, value));
    }

    fn sample_space(&mut self, line: Line, diagnostics: &mut Vec<Diagnostic>) {
        self.tried_space = true;
        let (conditions, mistakes) = super::parse_conditions(line.text, line.base);
        diagnostics.extend(mistakes);
        self.sample_space.extend(conditions.into_iter().flatten());
    }

    /// `log p(x) = …`; with numbers for the variables, an atom.
    fn density(&mut self, line: Line, diagnostics: &mut Vec<Diagnostic>) {
        let mut left_side = None;
        let mut body = None;
        let is_log = first_is_log(line.text);
        let read = line.read(diagnostics, |parser| {
            if is_log {
                parser.advance();
            }
            let left = parser.named().tree;
            left_side = match left.kind {
                Kind::Call { name, name_span, arguments } if name != "log" => {
                    Some((name, name_span, arguments))
                }
                Kind::Conditional { name, outcome, .. } => {
                    let found = format!("`{}`", parser.slice(left.span).chars().take(40).collect::<String>());
                    let variables: Vec<_> = outcome.iter().map(|tree| parser.slice(tree.span)).collect();
                    let log = if is_log { "log " } else { "" };
                    let help = format!("write `{log}{name}({}) = …`", variables.join(", "));
                    let expected = "a density without its parameters".into();
                    let code = Code::Syntax { expected, found };
                    return parser.report(Diagnostic::error(code, left.span).with_help(help));
                }
                _ => None,
            };
            if left_side.is_none() {
                return parser
                    .expected_with_help("a density", Some("write `log p(x) = …` or `p(x) = …`".into()));
            }
            if !parser.take(TokenKind::Relation(Relation::Equal)) {
                return parser.expected("`=`");
            }
            parser.parts(&[], &mut |parser: &mut Parser, _| body = Some(parser.expression().tree));
        });
        if let Some((name, span, _)) = left_side.as_ref().filter(|(name, ..)| !is_log && is_logarithm(name)) {
            let code = Code::Syntax { expected: "`log p(x)` or `p(x)`".into(), found: format!("`{name}`") };
            let help = "the logarithm stands before the name of the density: `log p(x) = …`";
            diagnostics.push(Diagnostic::error(code, *span).with_help(help));
        }
        let variables = left_side.as_ref().and_then(|(_, _, point)| variables(point));
        self.tried_density |= variables.is_some() || read.is_none();
        let (Some(()), Some((name, name_span, point)), Some(body)) = (read, left_side, body) else { return };
        let text = DensityText { is_log, body };
        match variables {
            None => self.atoms.push(AtomText { point, density: text }),
            Some(_) if self.density.is_some() => {
                diagnostics.push(Diagnostic::error(Code::DuplicateName { name }, name_span));
            }
            Some(variables) => self.density = Some((variables, text)),
        }
    }

    /// The whole family, if nothing is missing and nothing is wrong.
    pub(super) fn finish(self, diagnostics: &mut Vec<Diagnostic>) -> Option<FamilyText> {
        let before = diagnostics.len();
        self.complete(diagnostics);
        if !self.tried_header {
            self.check_names(diagnostics);
        }
        self.check_coordinates(diagnostics);
        let clean = self.is_clean && diagnostics.len() == before;
        let variable_names = self.variable_names();
        let ((name, name_span), (_, density)) = (self.name?, self.density?);
        clean.then_some(FamilyText {
            name,
            name_span,
            parameters: self.parameters,
            parameter_names: self.parameter_names,
            constants: self.constants,
            constant_names: self.constant_names,
            sample_space: self.sample_space,
            variable_names,
            density,
            atoms: self.atoms,
            coordinates: self.coordinates,
            definitions: self.definitions,
            claims: self.claims,
            span: self.span,
        })
    }

    fn complete(&self, diagnostics: &mut Vec<Diagnostic>) {
        let Some((family, span)) = &self.name else { return };
        let mut missing = |part: &str, help: &str| {
            let code = Code::MissingPart { family: family.clone(), part: part.into() };
            diagnostics.push(Diagnostic::error(code, *span).with_help(help));
        };
        if self.parameters.is_empty() && !self.tried_header {
            missing("parameters", &format!("write `family {family}(mu real, sigma > 0)`"));
        }
        if !self.tried_space {
            missing("sample space", "add a line such as `x > 0`, `x real` or `x in 0..n`");
        }
        if !self.tried_density {
            missing("density", "add a line `log p(x) = …` or `p(x) = …`");
        }
    }

    /// The names of the sample space that are declared nowhere else.
    fn space_names(&self) -> Names {
        let (parameters, constants) = (set(&self.parameter_names), set(&self.constant_names));
        let mut names = names_of(&self.sample_space);
        names.retain(|(name, _)| !parameters.contains(name.as_str()) && !constants.contains(name.as_str()));
        names
    }

    fn variable_names(&self) -> Names {
        let mut names = self.space_names();
        if let Some((arguments, _)) = &self.density {
            let arguments = set(arguments);
            names.retain(|(name, _)| arguments.contains(name.as_str()));
        }
        names
    }

    /// The variables of the density are those of the sample space, and nothing else is named there.
    fn check_names(&self, diagnostics: &mut Vec<Diagnostic>) {
        let space = self.space_names();
        let Some((arguments, _)) =
            self.density.as_ref().filter(|_| self.is_clean && !self.sample_space.is_empty())
        else {
            return;
        };
        if is_crowded(arguments.len().max(space.len()), "list of variables", self.span, diagnostics) {
            return;
        }
        let (variables, named) = (set(&space), set(arguments));
        for (name, span) in arguments {
            if !variables.contains(name.as_str()) {
                diagnostics.push(Diagnostic::error(Code::UndeclaredVariable { name: name.clone() }, *span));
            }
        }
        for (name, span) in &space {
            not_reserved(name, *span, diagnostics);
            if !named.contains(name.as_str()) {
                diagnostics.push(self.neither_variable_nor_constant(name, *span, arguments));
            }
        }
    }

    /// A name of the sample space that the density does not have.
    fn neither_variable_nor_constant(&self, name: &str, span: Span, arguments: &Names) -> Diagnostic {
        let known = self.parameter_names.iter().chain(&self.constant_names).chain(arguments);
        let suggestion = suggest(name, known.map(|(name, _)| name.as_str()));
        let code = Code::UnknownName { name: name.into(), suggestion };
        let help = format!(
            "a variable stands in the density, `log p({name}) = …`, and a known constant in the first line, \
             `family …(…; {name} > 0)`"
        );
        Diagnostic::error(code, span).with_help(help)
    }

    fn check_coordinates(&self, diagnostics: &mut Vec<Diagnostic>) {
        if is_crowded(self.coordinates.len(), "list of coordinates", self.span, diagnostics) {
            return;
        }
        let mut known: FxHashSet<&str> = FxHashSet::default();
        for coordinates in &self.coordinates {
            if !known.insert(&coordinates.name) {
                let code = Code::DuplicateName { name: coordinates.name.clone() };
                diagnostics.push(Diagnostic::error(code, coordinates.name_span));
            }
            if !self.tried_header {
                self.check_parameters(coordinates, diagnostics);
            }
        }
        known.extend(DERIVED_COORDINATES);
        for (name, span) in self.claims.iter().filter_map(|claim| claim.coordinates.as_ref()) {
            if !known.contains(name.as_str()) {
                let named = self.coordinates.iter().map(|coordinates| coordinates.name.as_str());
                let suggestion = suggest(name, named.chain(DERIVED_COORDINATES.iter().copied()));
                let code = Code::UnknownCoordinates { name: name.clone(), suggestion };
                diagnostics.push(Diagnostic::error(code, *span));
            }
        }
    }

    /// Coordinates define parameters of the family, and nothing else.
    fn check_parameters(&self, coordinates: &CoordinatesText, diagnostics: &mut Vec<Diagnostic>) {
        let parameters = || self.parameter_names.iter().map(|(name, _)| name.as_str());
        for (name, span, _) in &coordinates.definitions {
            if !parameters().any(|parameter| parameter == name) {
                let code =
                    Code::UnexpectedValue { name: name.clone(), suggestion: suggest(name, parameters()) };
                let help = "after the colon each parameter is written in terms of the new coordinates";
                diagnostics.push(Diagnostic::error(code, *span).with_help(help));
            }
        }
    }
}

fn set(names: &Names) -> FxHashSet<&str> {
    names.iter().map(|(name, _)| name.as_str()).collect()
}

/// Reports a list that is longer than [`MAX_NAMES`].
pub(super) fn is_crowded(count: usize, what: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) -> bool {
    if count > MAX_NAMES {
        let code = Code::TooLong { what: what.into(), limit: format!("{MAX_NAMES} entries") };
        diagnostics.push(Diagnostic::error(code, span));
    }
    count > MAX_NAMES
}

/// `log p(x)`, not `log(…)`.
fn first_is_log(text: &str) -> bool {
    text.strip_prefix("log").is_some_and(|rest| rest.starts_with(char::is_whitespace))
}

/// `logp`, `log_p`, `lnp`: almost certainly not the name of a density.
fn is_logarithm(name: &str) -> bool {
    name.starts_with("log") || name.starts_with("ln")
}

/// The names in `p(x1, x2)`; `None` for the point of an atom.
fn variables(point: &[Tree]) -> Option<Names> {
    let name = |tree: &Tree| match &tree.kind {
        Kind::Name(name) if !CONSTANTS.contains(&name.as_str()) => Some((name.clone(), tree.span)),
        _ => None,
    };
    let names: Option<Names> = point.iter().map(name).collect();
    names.filter(|names| !names.is_empty())
}

/// The one name a condition is about, where it is about one: p in `0 < p < 1`, theta in `theta > a`.
pub(super) fn subject(condition: &Condition) -> Option<&str> {
    let name = |tree: &Tree| matches!(&tree.kind, Kind::Name(_));
    let tree = match &condition.kind {
        ConditionKind::Compare(chain) => match chain.rest.as_slice() {
            [(_, middle), _] => middle,
            [(_, right)] if !name(&chain.first) => right,
            _ => &chain.first,
        },
        ConditionKind::Real(tree) | ConditionKind::Integer(tree) => tree,
        ConditionKind::OneOf(tree, _) | ConditionKind::Range(tree, ..) => tree,
        ConditionKind::Sphere(_) | ConditionKind::PositiveDefinite(_) => return None,
    };
    match &tree.kind {
        Kind::Name(name) => Some(name),
        _ => None,
    }
}

/// A condition of the first line names something that can be declared: not `0 < pi < 1`.
fn about_something(condition: &Condition, diagnostics: &mut Vec<Diagnostic>) {
    if !names_of(std::slice::from_ref(condition)).is_empty() {
        return;
    }
    let code = match subject(condition) {
        Some(name) => Code::ReservedName { name: name.into() },
        None => Code::Syntax { expected: "a condition on a name".into(), found: "none".into() },
    };
    diagnostics.push(Diagnostic::error(code, condition.span));
}

pub(super) fn not_reserved(name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    if CONSTANTS.contains(&name) || FORMS.contains(&name) {
        diagnostics.push(Diagnostic::error(Code::ReservedName { name: name.into() }, span));
    }
}
