//! The lines of one family, gathered into a [`FamilyText`].
//!
//! `family binomial(0 < p < 1; n integer >= 1)` declares the parameter p and the constant n, the line
//! `x in 0..n` the variable x: whatever a sample space names that is declared nowhere else.

use super::conditions::{CONSTANTS, names_of};
use super::derivation::{Clauses, Line, definition, is_density, read, split_clauses};
use super::forms::FORMS;
use super::parser::Parser;
use super::tokens::{Bracket, TokenKind};
use super::{
    AtomText, ClaimText, Condition, ConditionKind, CoordinatesText, Definition, DensityText, FamilyText,
    Kind, Relation, Tree,
};
use crate::text::{Code, Diagnostic, Span, suggest};

/// What a claim in a family may be about.
pub const QUANTITIES: &[&str] =
    &["fisher", "fisher_inverse", "score", "kl", "mean", "log_partition", "log_density"];

/// Coordinates that every family has.
const DERIVED_COORDINATES: &[&str] = &["natural", "mean"];

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
        family.is_clean = !family.tried_header;
        family
    }

    fn header(&mut self, rest: Line, diagnostics: &mut Vec<Diagnostic>) {
        let Some((name, rest)) = rest.hyphenated() else {
            let code = Code::Syntax { expected: "the family's name".into(), found: found(rest) };
            return diagnostics
                .push(Diagnostic::error(code, rest.span()).with_help("`family NAME(mu real, sigma > 0)`"));
        };
        self.name = Some(name);
        let (parameters, constants) = (&mut self.parameters, &mut self.constants);
        let mut after_semicolon = false;
        let read = read(rest, diagnostics, |parser| {
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
        let declared: Vec<_> = self.parameters.iter().filter_map(subject).collect();
        self.constant_names = names_of(&self.constants);
        self.constant_names.retain(|(name, _)| !declared.contains(&name.as_str()));
        self.parameter_names = names_of(&self.parameters);
        self.parameter_names
            .retain(|(name, _)| self.constant_names.iter().all(|constant| constant.0 != *name));
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
        let earlier = self.parameter_names.iter().chain(&self.constant_names).map(|(name, _)| name);
        if earlier.chain(self.definitions.iter().map(|(name, ..)| name)).any(|earlier| *earlier == name) {
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
        let read = read(line, diagnostics, |parser| {
            if is_log {
                parser.advance();
            }
            left_side = match parser.named().tree.kind {
                Kind::Call { name, name_span, arguments } if name != "log" => {
                    Some((name, name_span, arguments))
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
        let known: Vec<_> =
            self.parameter_names.iter().chain(&self.constant_names).map(|(name, _)| name).collect();
        names_of(&self.sample_space).into_iter().filter(|(name, _)| !known.contains(&name)).collect()
    }

    fn variable_names(&self) -> Names {
        let mut names = self.space_names();
        if let Some((arguments, _)) = &self.density {
            names.retain(|(name, _)| arguments.iter().any(|argument| argument.0 == *name));
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
        for (name, span) in arguments {
            if space.iter().all(|variable| variable.0 != *name) {
                diagnostics.push(Diagnostic::error(Code::UndeclaredVariable { name: name.clone() }, *span));
            }
        }
        for (name, span) in &space {
            not_reserved(name, *span, diagnostics);
            if arguments.iter().all(|argument| argument.0 != *name) {
                let known = self.parameter_names.iter().chain(&self.constant_names).chain(arguments);
                let suggestion = suggest(name, known.map(|(name, _)| name.as_str()));
                let help = format!(
                    "a variable stands in the density, `log p({name}) = …`; a known constant in the first line, `family …(…; {name} > 0)`"
                );
                let code = Code::UnknownName { name: name.clone(), suggestion };
                diagnostics.push(Diagnostic::error(code, *span).with_help(help));
            }
        }
    }

    fn check_coordinates(&self, diagnostics: &mut Vec<Diagnostic>) {
        let named = || self.coordinates.iter().map(|coordinates| coordinates.name.as_str());
        for (at, coordinates) in self.coordinates.iter().enumerate() {
            if named().take(at).any(|earlier| earlier == coordinates.name) {
                let code = Code::DuplicateName { name: coordinates.name.clone() };
                diagnostics.push(Diagnostic::error(code, coordinates.name_span));
            }
            for (name, span, _) in &coordinates.definitions {
                if !self.tried_header && self.parameter_names.iter().all(|parameter| parameter.0 != *name) {
                    let parameters = self.parameter_names.iter().map(|(name, _)| name.as_str());
                    let code =
                        Code::UnexpectedValue { name: name.clone(), suggestion: suggest(name, parameters) };
                    let help = "after the colon each parameter is written in terms of the new coordinates";
                    diagnostics.push(Diagnostic::error(code, *span).with_help(help));
                }
            }
        }
        for (name, span) in self.claims.iter().filter_map(|claim| claim.coordinates.as_ref()) {
            let known = || named().chain(DERIVED_COORDINATES.iter().copied());
            if !known().any(|known| known == name) {
                let code =
                    Code::UnknownCoordinates { name: name.clone(), suggestion: suggest(name, known()) };
                diagnostics.push(Diagnostic::error(code, *span));
            }
        }
    }
}

/// `log p(x)`, not `log(…)`.
fn first_is_log(text: &str) -> bool {
    text.strip_prefix("log").is_some_and(|rest| rest.starts_with(char::is_whitespace))
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
fn subject(condition: &Condition) -> Option<&str> {
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

fn not_reserved(name: &str, span: Span, diagnostics: &mut Vec<Diagnostic>) {
    if CONSTANTS.contains(&name) || FORMS.contains(&name) {
        diagnostics.push(Diagnostic::error(Code::ReservedName { name: name.into() }, span));
    }
}

/// `coordinates logit(t real): p = 1/(1 + exp(-t))`, after the keyword.
fn coordinates(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<CoordinatesText> {
    let form = "`coordinates NAME(t real): p = …`";
    let Some(((name, name_span), rest)) = rest.hyphenated() else {
        let code = Code::Syntax { expected: "the name of the coordinates".into(), found: found(rest) };
        diagnostics.push(Diagnostic::error(code, rest.span()).with_help(form));
        return None;
    };
    let (mut domain, mut definitions) = (Vec::new(), Vec::new());
    read(rest, diagnostics, |parser| {
        if parser.peek() != TokenKind::Open(Bracket::Round) {
            return parser.expected_with_help("`(` and the new coordinates", Some(form.into()));
        }
        parser.group(&[TokenKind::Comma], |parser, _| parser.condition(&mut domain));
        if !parser.take(TokenKind::Colon) {
            return parser.expected_with_help("`:` and the parameters", Some(form.into()));
        }
        parser.parts(&[TokenKind::Comma], &mut |parser: &mut Parser, _| {
            definitions.extend(parser.assignment())
        });
    })?;
    let names = names_of(&domain);
    for (name, span) in &names {
        not_reserved(name, *span, diagnostics);
    }
    for (at, (name, span, _)) in definitions.iter().enumerate() {
        if definitions[..at].iter().any(|earlier: &Definition| earlier.0 == *name) {
            diagnostics.push(Diagnostic::error(Code::DuplicateName { name: name.clone() }, *span));
        }
    }
    Some(CoordinatesText { name, name_span, domain, names, definitions })
}

/// `claim fisher in logit = …`, of which `rest` follows the keyword.
fn claim(line: Line, rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<ClaimText> {
    let (body, Clauses { source, expect }) = split_clauses(rest, diagnostics);
    let (quantity, quantity_span, body) = quantity(body, diagnostics)?;
    let (mut coordinates, mut equation) = (None, body);
    if let Some(after) = body.text.strip_prefix("in").filter(|after| after.starts_with(char::is_whitespace)) {
        let name = body.after(body.text.len() - after.len()).hyphenated();
        let Some((name, rest)) = name else {
            let code =
                Code::Syntax { expected: "the name of coordinates".into(), found: found(body.after(2)) };
            diagnostics.push(Diagnostic::error(code, body.after(2).span()));
            return None;
        };
        (coordinates, equation) = (Some(name), rest);
    }
    let mut value = None;
    read(equation, diagnostics, |parser| {
        if !parser.take(TokenKind::Relation(Relation::Equal)) {
            return parser.expected_with_help(
                "`=`",
                Some(format!("write `claim {quantity} = …` or `claim {quantity} in COORDINATES = …`")),
            );
        }
        parser.parts(&[], &mut |parser: &mut Parser, _| value = Some(parser.expression().tree));
    })?;
    Some(ClaimText { quantity, quantity_span, coordinates, value: value?, source, expect, span: line.span() })
}

/// The quantity a claim is about, and what follows it.
fn quantity<'t>(body: Line<'t>, diagnostics: &mut Vec<Diagnostic>) -> Option<(String, Span, Line<'t>)> {
    let word = super::lines::first_word(body.text);
    let span = body.before(word.len()).span();
    if QUANTITIES.contains(&word) {
        return Some((word.into(), span, body.after(word.len())));
    }
    let code = match word {
        "" => Code::Syntax { expected: "a quantity".into(), found: found(body) },
        _ => {
            Code::UnknownQuantity { name: word.into(), suggestion: suggest(word, QUANTITIES.iter().copied()) }
        }
    };
    diagnostics.push(Diagnostic::error(code, span));
    None
}

fn found(line: Line) -> String {
    match line.text.chars().next() {
        Some(character) => format!("`{character}`"),
        None => "the end".into(),
    }
}
