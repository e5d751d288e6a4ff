//! Lines that declare what an article speaks of → [`Declaration`].
//!
//! `density p(x | theta) regular to order 2` declares an abstract density p of the sample variable x with the parameter θ,
//! twice differentiable; what the names mean beside each other is decided later.

use super::conditions::names_of;
use super::directives::directives;
use super::family::{not_reserved, subject};
use super::forms::FORMS;
use super::lines::{Line, first_word};
use super::parser::Parser;
use super::scale::weights;
use super::tokens::TokenKind;
use super::{Declaration, DeclarationKind, Kind, Named, Tree};
use crate::number::Rational;
use crate::text::{Code, Diagnostic, Span};

/// How often what is declared `regular` or `smooth`, or nothing, may be differentiated.
const SMOOTH: u32 = 3;

/// Words that begin a declaration.
#[rustfmt::skip]
pub(super) const DECLARATIONS: &[&str] = &[
    "dimension", "vector", "matrix", "scalar", "density", "function", "write", "small", "scale", "gradient", "inline", "at",
];

/// Whether a line that starts with this word is a declaration, and no domain of a variable with the name of one.
pub(super) fn is_declaration(word: &str, rest: Line) -> bool {
    let next = first_word(rest.text);
    let is_name = rest.text.starts_with(char::is_alphabetic);
    let says_domain = ["real", "integer", "in", "positive", "prop"].contains(&next);
    match word {
        "dimension" | "vector" | "matrix" | "density" | "function" | "write" | "small" | "scale"
        | "gradient" => is_name && !says_domain,
        "scalar" => {
            (is_name && !says_domain) || rest.text.starts_with(|c: char| c.is_ascii_digit() || c == '-')
        }
        "at" => rest.text.starts_with('"'),
        "inline" => rest.text.is_empty() || (is_name && !says_domain),
        _ => false,
    }
}

/// Reads a declaration, of which `rest` follows the keyword.
pub(super) fn declaration(
    line: Line,
    word: &str,
    rest: Line,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Declaration> {
    let mut kind = None;
    if word == "at" {
        kind = at(rest, diagnostics);
    } else {
        let mut names = Vec::new();
        rest.read(diagnostics, |parser| {
            kind = parser.declaration(word, &mut names);
            parser.finish();
        })?;
        let before = diagnostics.len();
        names.iter().for_each(|(name, span)| not_reserved(name, *span, diagnostics));
        kind = kind.filter(|_| diagnostics.len() == before);
    }
    Some(Declaration { kind: kind?, span: line.span() })
}

/// `"\vec{v} = -" expect: refuted, …`
fn at(rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Option<DeclarationKind> {
    let quoted = rest.before(rest.text.len()).after(1);
    let blanks = rest.text.len() - 1 - quoted.text.len();
    let Some(end) = quoted.text.find(['"', '\n']).filter(|&end| quoted.text[end..].starts_with('"')) else {
        let code = Code::UnclosedBracket { bracket: '"' };
        diagnostics.push(Diagnostic::error(code, rest.before(1).span()));
        return None;
    };
    let quote = quoted.before(end);
    if quote.text.trim().is_empty() {
        let code = Code::Syntax { expected: "a piece of a formula".into(), found: "`\"\"`".into() };
        diagnostics.push(Diagnostic::error(code, rest.before(blanks + end + 2).span()));
        return None;
    }
    let said = quoted.after(end + 1);
    if said.text.is_empty() {
        let code = Code::Syntax { expected: "a directive".into(), found: "the end".into() };
        let help = "say how the formula is meant: `at \"…\" expect: refuted, the reason`";
        diagnostics.push(Diagnostic::error(code, said.span()).with_help(help));
        return None;
    }
    let before = diagnostics.len();
    let directives = directives(said, diagnostics);
    let quote = (quote.text.trim_end().to_string(), quote.span());
    (diagnostics.len() == before).then_some(DeclarationKind::At { quote, directives })
}

impl Parser<'_> {
    /// What a declaration says; the names it declares are also put into `declared`.
    fn declaration(&mut self, word: &str, declared: &mut Vec<Named>) -> Option<DeclarationKind> {
        let kind = match word {
            "dimension" => {
                DeclarationKind::Dimension(self.list("the name of a dimension, as in `dimension n, m`")?)
            }
            "vector" => self.vector()?,
            "matrix" => self.matrices()?,
            "scalar" => self.scalars()?,
            "density" => self.density()?,
            "function" => self.function()?,
            "write" => self.abbreviation()?,
            "small" => {
                let names = self.list("the name of what tends to 0, as in `small d, eta`")?;
                return Some(DeclarationKind::Small(
                    names.into_iter().map(|name| (name, Rational::from(1))).collect(),
                ));
            }
            "scale" => return self.scales(),
            "gradient" => return self.switch("row", "column", false).map(DeclarationKind::GradientRow),
            _ => return self.switch("on", "off", true).map(DeclarationKind::Inline),
        };
        match &kind {
            DeclarationKind::Dimension(names)
            | DeclarationKind::Vector { names, .. }
            | DeclarationKind::Matrix { names, .. }
            | DeclarationKind::Scalar { names, .. } => declared.extend(names.iter().cloned()),
            DeclarationKind::Density { name, variable, parameter, .. } => {
                declared.extend([name, variable].into_iter().chain(parameter).cloned());
            }
            DeclarationKind::Function { name, arguments, .. } => {
                declared.extend(std::iter::once(name).chain(arguments).cloned());
            }
            _ => {}
        }
        Some(kind)
    }

    /// One of two words; nothing is the first of them where that is `allowed`.
    fn switch(&mut self, yes: &str, no: &str, allowed: bool) -> Option<bool> {
        if self.take_word(yes) || (allowed && self.is_done()) {
            return Some(true);
        }
        if self.take_word(no) {
            return Some(false);
        }
        self.expected(&format!("`{yes}` or `{no}`"));
        None
    }

    /// `n, m`
    pub(super) fn list(&mut self, what: &str) -> Option<Vec<Named>> {
        let mut names = vec![self.declared(what)?];
        while self.take(TokenKind::Comma) {
            names.push(self.declared(what)?);
        }
        if self.peek() == TokenKind::Name && !self.at_word("in") {
            self.expected_with_help("`,`", Some("names are separated by commas".into()));
            return None;
        }
        Some(names)
    }

    /// `eta > 0, epsilon > 0, alpha`
    fn scalars(&mut self) -> Option<DeclarationKind> {
        let (mut names, mut conditions) = (Vec::<Named>::new(), Vec::new());
        self.parts(&[TokenKind::Comma], &mut |parser: &mut Parser, _| {
            let alone = parser.peek_at(1).is_none_or(|next| next.kind == TokenKind::Comma);
            let before = conditions.len();
            let found = match alone {
                true => parser
                    .declared("the name of a scalar, as in `scalar eta > 0, alpha`")
                    .into_iter()
                    .collect(),
                false => {
                    parser.condition(&mut conditions);
                    conditions[before..].iter().flat_map(subjects).collect::<Vec<_>>()
                }
            };
            for name in found {
                if names.iter().all(|known| known.0 != name.0) {
                    names.push(name);
                }
            }
        });
        Some(DeclarationKind::Scalar { names, conditions })
    }

    /// `p(x | theta) regular`, `q(x)`
    fn density(&mut self) -> Option<DeclarationKind> {
        let form = "`density p(x | theta)` or `density q(x)`";
        let head = self.head()?;
        let (name, outcome, given) = match head.kind {
            Kind::Conditional { name, name_span, outcome, given } => ((name, name_span), outcome, given),
            Kind::Call { name, name_span, arguments } => ((name, name_span), arguments, Vec::new()),
            _ => {
                self.error_at(head.span, "a density with its variable", Some(format!("write {form}")));
                return None;
            }
        };
        let many = "collect them in a vector: `vector theta in R^n`";
        let variable = self.single(&outcome, head.span, "one sample variable", form)?;
        let parameter = match given.is_empty() {
            true => None,
            false => Some(self.single(&given, head.span, "one parameter", many)?),
        };
        let regularity = self.differentiability("regular")?;
        Some(DeclarationKind::Density { name, variable, parameter, regularity })
    }

    /// `p(x | theta)`, `L(theta)`; words of the notation have a form of their own.
    fn head(&mut self) -> Option<Tree> {
        if self.peek() == TokenKind::Name && FORMS.contains(&self.slice(self.span())) {
            self.error(Code::ReservedName { name: self.slice(self.span()).into() }, self.span());
            return None;
        }
        Some(self.named().tree)
    }

    /// The only one of some trees, a name.
    fn single(&mut self, trees: &[Tree], around: Span, what: &str, help: &str) -> Option<Named> {
        match trees {
            [Tree { kind: Kind::Name(name), span }] => Some((name.clone(), *span)),
            trees => {
                let span = trees.iter().map(|tree| tree.span).reduce(|a, b| a.to(b)).unwrap_or(around);
                self.error_at(span, what, Some(help.into()));
                None
            }
        }
    }

    /// Nothing, `regular`, `regular to order 2`, `not regular`.
    fn differentiability(&mut self, word: &str) -> Option<u32> {
        if self.is_done() {
            return Some(SMOOTH);
        }
        let negated = self.take_word("not");
        if !self.take_word(word) {
            let help = format!("write `{word}`, `{word} to order 2` or `not {word}`");
            self.expected_with_help(&format!("`{word}` or the end"), Some(help));
            return None;
        }
        if negated {
            return Some(0);
        }
        if self.is_done() {
            return Some(SMOOTH);
        }
        if !(self.take_word("to") && self.take_word("order")) {
            self.expected_with_help("`to order`", Some(format!("write `{word} to order 2`")));
            return None;
        }
        self.order(1)
    }

    /// `L(theta) smooth`, `g(x) in R^n`
    fn function(&mut self) -> Option<DeclarationKind> {
        let head = self.head()?;
        let form = "write `function L(theta)` or `function g(x) in R^n`";
        let Kind::Call { name, name_span, arguments: found } = head.kind else {
            self.error_at(head.span, "a function with its arguments", Some(form.into()));
            return None;
        };
        let mut arguments = Vec::with_capacity(found.len());
        for tree in &found {
            arguments.push(self.single(std::slice::from_ref(tree), tree.span, "a name", form)?);
        }
        if arguments.is_empty() {
            self.error_at(head.span, "a function with its arguments", Some(form.into()));
            return None;
        }
        let values = match self.take_word("in") || self.take(TokenKind::ElementOf) {
            true => Some(self.dimension()?),
            false => None,
        };
        let smoothness = self.differentiability("smooth")?;
        Some(DeclarationKind::Function { name: (name, name_span), arguments, values, smoothness })
    }

    /// `p(theta) for p(x | theta)`
    fn abbreviation(&mut self) -> Option<DeclarationKind> {
        self.stops = &["for"];
        let short = self.expression().tree;
        if !self.take_word("for") {
            self.expected_with_help("`for`", Some("write `write p(theta) for p(x | theta)`".into()));
            return None;
        }
        Some(DeclarationKind::Write { short, long: self.expression().tree })
    }

    /// `d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2`
    fn scales(&mut self) -> Option<DeclarationKind> {
        let mut scales = Vec::new();
        self.parts(&[TokenKind::Comma], &mut |parser: &mut Parser, _| {
            let Some(name) = parser.declared("a name and how it scales, as in `scale d ~ tau`") else {
                return;
            };
            if !parser.take(TokenKind::Tilde) {
                return parser.expected_with_help("`~`", Some(format!("write `scale {} ~ tau`", name.0)));
            }
            scales.push((name, parser.expression().tree));
        });
        let weights = weights(scales);
        match weights {
            Ok(weights) => Some(DeclarationKind::Small(weights)),
            Err((span, expected)) => {
                self.error_at(
                    span,
                    &expected,
                    Some("write `scale d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2`".into()),
                );
                None
            }
        }
    }

    /// Reports that something else was expected at a place that is read.
    fn error_at(&mut self, span: Span, expected: &str, help: Option<String>) {
        let found = match span.start == span.end {
            true => "the end".into(),
            false => format!("`{}`", self.slice(span).chars().take(40).collect::<String>()),
        };
        let code = Code::Syntax { expected: expected.into(), found };
        self.report(Diagnostic { help, ..Diagnostic::error(code, span) });
    }
}

/// What a condition declares: the name it is about, or else every name in it.
fn subjects(condition: &super::Condition) -> Vec<Named> {
    let names = names_of(std::slice::from_ref(condition));
    match subject(condition) {
        Some(subject) => names.into_iter().filter(|name| name.0 == subject).collect(),
        None => names,
    }
}
