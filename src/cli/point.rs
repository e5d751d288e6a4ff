//! `"mu=0, sigma=1"` → exact values, each certified to lie in its domain.
//!
//! Whatever is wrong is reported at its place in the option's own text, and a value that is missing brings a
//! point that can be pasted.

use super::answer::Wrong;
use crate::expr::{Expr, Fact, Scope, Store, lower};
use crate::number::Rational;
use crate::print::domain;
use crate::stats::points::{fact_holds, parameter_points};
use crate::stats::{Derivation, Parameter, family::fact_mentions};
use crate::syntax::parse_assignments;
use crate::text::{Code, Diagnostic, Source, Span, suggest};

/// Names with their exact values.
#[derive(Clone, Debug, Default)]
pub struct Point {
    /// In the order of the family.
    pub values: Vec<(Parameter, Rational)>,
}

impl Point {
    /// As text: names and exact values.
    pub fn pairs(&self) -> Vec<(String, String)> {
        self.values.iter().map(|(p, value)| (p.name.clone(), value.to_string())).collect()
    }

    /// The values alone.
    pub fn exact(&self) -> Vec<Rational> {
        self.values.iter().map(|(_, value)| value.clone()).collect()
    }

    fn split(&self) -> (Vec<Expr>, Vec<Rational>) {
        self.values.iter().map(|(p, value)| (p.symbol, value.clone())).unzip()
    }
}

/// The option `name` with its text.
#[derive(Clone, Copy)]
struct Asked<'a> {
    option: &'a str,
    text: &'a str,
}

/// A value as it was typed.
struct Given {
    name: String,
    span: Span,
    value: Rational,
}

/// `--at`: parameters and constants; a gradient `g_1, g_2, …` may be given as well.
pub fn at(store: &mut Store, derivation: &Derivation, text: &str) -> Result<Point, Wrong> {
    let asked = Asked { option: "at", text };
    let family = &derivation.family;
    let needed: Vec<Parameter> = derivation.written_in.iter().chain(&family.constants).cloned().collect();
    let gradient: Vec<Parameter> = (1..)
        .zip(&derivation.gradient)
        .map(|(i, symbol)| Parameter { name: format!("g_{i}"), symbol: *symbol })
        .collect();
    let given = asked.read(store)?;
    let wants_gradient = given.iter().any(|g| gradient.iter().any(|p| p.name == g.name));
    let known: Vec<Parameter> = needed.iter().chain(&gradient).cloned().collect();
    let required = if wants_gradient { &known } else { &needed };
    let example = example(store, derivation, &needed);
    let point = asked.fit(&given, &known, required, &example)?;
    asked.inside(store, &family.facts, &needed, &point, &given)?;
    Ok(point)
}

/// `--to`: the second argument's parameters, under their own names or with the suffix `_q`.
pub fn to(store: &mut Store, derivation: &Derivation, at: &Point, text: &str) -> Result<Point, Wrong> {
    let asked = Asked { option: "to", text };
    let family = &derivation.family;
    let mut given = asked.read(store)?;
    for one in &mut given {
        if let Some(name) =
            one.name.strip_suffix("_q").filter(|n| family.parameters.iter().any(|p| p.name == *n))
        {
            one.name = name.to_owned();
        }
    }
    let own = &family.parameters;
    let example = example(store, derivation, own);
    let point = asked.fit(&given, own, own, &example)?;
    let constants = at.values.iter().filter(|(p, _)| family.constants.iter().any(|c| c.symbol == p.symbol));
    let mut whole = point.clone();
    whole.values.extend(constants.cloned());
    asked.inside(store, &family.facts, own, &whole, &given)?;
    Ok(point)
}

/// `--x`: one observation in the sample space.
pub fn x(store: &mut Store, derivation: &Derivation, at: &Point, text: &str) -> Result<Point, Wrong> {
    let asked = Asked { option: "x", text };
    let family = &derivation.family;
    let given = asked.read(store)?;
    let example: Vec<String> = family.variables.iter().map(|p| format!("{}=…", p.name)).collect();
    let point = asked.fit(&given, &family.variables, &family.variables, &example.join(", "))?;
    let mut whole = point.clone();
    whole.values.extend(at.values.iter().cloned());
    asked.inside(store, &family.sample_facts, &family.variables, &whole, &given)?;
    Ok(point)
}

/// `--direction`: a step of the parameters; one that is not named does not move.
pub fn direction(store: &mut Store, derivation: &Derivation, text: &str) -> Result<Vec<Rational>, Wrong> {
    let asked = Asked { option: "direction", text };
    let own = &derivation.family.parameters;
    let given = asked.read(store)?;
    let example: Vec<String> = own.iter().map(|p| format!("{}=1", p.name)).collect();
    asked.fit(&given, own, &[], &example.join(", "))?;
    let step =
        |p: &Parameter| given.iter().find(|g| g.name == p.name).map_or(Rational::ZERO, |g| g.value.clone());
    let direction: Vec<Rational> = own.iter().map(step).collect();
    if direction.iter().all(Rational::is_zero) {
        let code = Code::Syntax { expected: "a direction".into(), found: "no step at all".into() };
        let help = format!("move at least one parameter: `--direction \"{}\"`", example.join(", "));
        asked.check(vec![Diagnostic::error(code, Span::new(0, text.len())).with_help(help)])?;
    }
    Ok(direction)
}

/// A point of the domain, as it could be pasted.
fn example(store: &mut Store, derivation: &Derivation, needed: &[Parameter]) -> String {
    let family = &derivation.family;
    let found = parameter_points(store, family, 1);
    let all = family.parameters.iter().chain(&family.constants).map(|p| p.symbol);
    let values: Vec<(Expr, String)> = match found.first() {
        Some(point) => all.zip(point.iter().map(ToString::to_string)).collect(),
        None => Vec::new(),
    };
    let one = |p: &Parameter| {
        let value = values.iter().find(|(symbol, _)| *symbol == p.symbol).map_or("…", |(_, value)| value);
        format!("{}={value}", p.name)
    };
    needed.iter().map(one).collect::<Vec<_>>().join(", ")
}

impl Asked<'_> {
    fn source(self) -> Source {
        Source::new(format!("<{}>", self.option), self.text)
    }

    fn check(self, diagnostics: Vec<Diagnostic>) -> Result<(), Wrong> {
        Wrong::check(&self.source(), diagnostics)
    }

    /// Names and exact values; a value may be a formula of numbers.
    fn read(self, store: &mut Store) -> Result<Vec<Given>, Wrong> {
        let (assignments, mut diagnostics) = parse_assignments(self.text, 0);
        let mut given = Vec::new();
        for (name, span, tree) in assignments.unwrap_or_default() {
            let Some(e) = lower(store, &mut Scope::strict(), &tree, &mut diagnostics) else { continue };
            match store.as_number(e).cloned() {
                Some(value) => given.push(Given { name, span: span.to(tree.span), value }),
                None => {
                    let found =
                        self.text.get(tree.span.start as usize..tree.span.end as usize).unwrap_or_default();
                    let code = Code::Syntax {
                        expected: "an exact rational number".into(),
                        found: format!("`{found}`"),
                    };
                    let help = "points are exact: write a fraction such as `3/2` or a decimal such as `1.5`";
                    diagnostics.push(Diagnostic::error(code, tree.span).with_help(help));
                }
            }
        }
        self.check(diagnostics)?;
        Ok(given)
    }

    /// Every needed name has one value, and no other name has any.
    fn fit(
        self,
        given: &[Given],
        known: &[Parameter],
        needed: &[Parameter],
        example: &str,
    ) -> Result<Point, Wrong> {
        let paste = format!("`--{} \"{example}\"`", self.option);
        let mut diagnostics = Vec::new();
        for (at, one) in given.iter().enumerate() {
            if given[..at].iter().any(|before| before.name == one.name) {
                diagnostics.push(Diagnostic::error(Code::DuplicateName { name: one.name.clone() }, one.span));
            }
            if !known.iter().any(|p| p.name == one.name) {
                let suggestion = suggest(&one.name, known.iter().map(|p| p.name.as_str()));
                let code = Code::UnexpectedValue { name: one.name.clone(), suggestion };
                diagnostics.push(Diagnostic::error(code, one.span).with_help(format!("a point is {paste}")));
            }
        }
        let mut point = Point::default();
        for parameter in needed {
            match given.iter().find(|g| g.name == parameter.name) {
                Some(g) => point.values.push((parameter.clone(), g.value.clone())),
                // A mistyped name is one mistake, not two.
                None if diagnostics.is_empty() => {
                    let code = Code::MissingValue { name: parameter.name.clone() };
                    let whole = Span::new(self.text.len(), self.text.len());
                    diagnostics
                        .push(Diagnostic::error(code, whole).with_help(format!("give all of them: {paste}")));
                    break;
                }
                None => {}
            }
        }
        self.check(diagnostics)?;
        Ok(point)
    }

    /// Every condition holds at the point.
    fn inside(
        self,
        store: &mut Store,
        facts: &[Fact],
        own: &[Parameter],
        point: &Point,
        given: &[Given],
    ) -> Result<(), Wrong> {
        let (symbols, values) = point.split();
        let subjects: Vec<Expr> = own.iter().map(|p| p.symbol).collect();
        let mut diagnostics = Vec::new();
        for fact in facts {
            if fact_holds(store, fact, &symbols, &values) {
                continue;
            }
            let about: Vec<&(Parameter, Rational)> =
                point.values.iter().filter(|(p, _)| fact_mentions(store, fact, p.symbol)).collect();
            let text: Vec<String> = about.iter().map(|(p, value)| format!("{} = {value}", p.name)).collect();
            let text = text.join(", ");
            let Some((parameter, value)) = text.split_once(" = ") else { continue };
            let place =
                given.iter().find(|g| g.name == parameter).map_or(Span::new(0, self.text.len()), |g| g.span);
            let code = Code::OutsideDomain {
                parameter: parameter.to_owned(),
                value: value.to_owned(),
                condition: domain::one(store, fact, &subjects),
            };
            let new = Diagnostic::error(code, place);
            if !diagnostics.contains(&new) {
                diagnostics.push(new);
            }
        }
        self.check(diagnostics)
    }
}
