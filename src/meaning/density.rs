//! Densities at their two slots, and the densities of concrete families.
//!
//! `p(x | θ + d)` is Apply(p, [x, θ + d]); which slot the only argument of `p(θ)` fills follows from what it is. The
//! logarithm of a family's density is its log-density.

use crate::expr::{Expr, Images};
use crate::syntax::{Kind, Tree};
use crate::text::{Code, Span};

use super::apply::arguments_text;
use super::lower::Lowering;
use super::vocabulary::Entry;

impl Lowering<'_> {
    pub(super) fn conditional(
        &mut self,
        name: &str,
        name_span: Span,
        outcome: &[Tree],
        given: &[Tree],
        span: Span,
    ) -> Option<Expr> {
        let entry = self.vocabulary.entries.get(name).copied();
        if entry.is_some() {
            self.vocabulary.used.insert(name.to_owned());
        }
        match (name, entry, outcome, given) {
            ("Var", None, [f], [density]) => return self.moment(f, f, Some(density), true, span),
            ("Cov", None, [f], [density]) => return self.moment(f, f, Some(density), false, span),
            ("Cov", None, [f, g], [density]) => return self.moment(f, g, Some(density), false, span),
            _ => {}
        }
        match (entry, outcome, given) {
            (Some(Entry::Density(at)), [x], [parameter]) => {
                let (x, parameter) = (self.tree(x), self.tree(parameter));
                self.apply_density(at, x?, Some(parameter?), span)
            }
            (Some(Entry::Function(at)), ..) => {
                let arguments: Vec<Tree> = outcome.iter().chain(given).cloned().collect();
                self.function_call(at, name, &arguments, span)
            }
            (Some(Entry::Family(at)), ..) => {
                let arguments: Vec<Tree> = outcome.iter().chain(given).cloned().collect();
                self.family_call(at, &arguments, span)
            }
            (Some(Entry::Density(_)), ..) => {
                let expected = "one variable and one parameter".to_owned();
                let found = outcome.len() + given.len();
                self.report(Code::WrongArity { function: name.to_owned(), expected, found }, span)
            }
            _ => {
                let help = format!("declare it before: `density {name}(x | theta) regular`");
                self.needs_declaration(format!("the density `{name}`"), &help, name_span)
            }
        }
    }

    /// `p(x)`, `p(theta)`, `p(x, theta)`: which slot an only argument fills follows from what it is.
    pub(super) fn density_call(
        &mut self,
        at: usize,
        name: &str,
        arguments: &[Tree],
        span: Span,
    ) -> Option<Expr> {
        let parameter = self.vocabulary.densities[at].parameter;
        match (arguments, parameter) {
            ([x, given], Some(_)) => {
                let (x, given) = (self.tree(x), self.tree(given));
                self.apply_density(at, x?, Some(given?), span)
            }
            ([x], None) => {
                let x = self.tree(x)?;
                self.apply_density(at, x, None, span)
            }
            ([only], Some(parameter)) => {
                let e = self.tree(only)?;
                self.only_slot(at, name, e, parameter, span)
            }
            _ => {
                let expected = arguments_text(1 + usize::from(parameter.is_some()));
                let function = name.to_owned();
                self.report(Code::WrongArity { function, expected, found: arguments.len() }, span)
            }
        }
    }

    fn only_slot(&mut self, at: usize, name: &str, e: Expr, parameter: Expr, span: Span) -> Option<Expr> {
        let written = self.vocabulary.macros.iter().position(|m| m.head == name && m.parameters.len() == 1);
        let variable = self.vocabulary.densities[at].variable;
        let is_outcome = self.store.mentions(e, &[variable]) || self.vocabulary.is_sample(e);
        let (shape, slot) = (self.store.shape(e), self.store.shape(parameter));
        let fits_variable = shape == self.store.shape(variable);
        if is_outcome && fits_variable {
            return self.apply_density(at, e, Some(parameter), span);
        }
        if shape == slot {
            if let Some(macro_at) = written {
                return self.expand(macro_at, &[e]);
            }
            // Where sample and parameter have one shape, the names decide.
            let names_parameter = self.store.mentions(e, &[parameter]) || self.is_iterate_of(e, parameter);
            if !fits_variable || names_parameter {
                return self.apply_density(at, variable, Some(e), span);
            }
        } else if fits_variable {
            return self.apply_density(at, e, Some(parameter), span);
        } else {
            return self.mismatch(&format!("the argument of `{name}`"), slot, shape, span);
        }
        let (x, theta) = (self.text(variable), self.text(parameter));
        let help =
            format!("write `{name}({x} | …)`, or declare `write {name}({theta}) for {name}({x} | {theta})`");
        self.needs_declaration(
            format!("`{name}` of one argument that may be sample or parameter"),
            &help,
            span,
        )
    }

    /// `theta^(k)` for the parameter θ.
    fn is_iterate_of(&self, e: Expr, parameter: Expr) -> bool {
        let (Some(e), Some(parameter)) = (self.store.as_symbol(e), self.store.as_symbol(parameter)) else {
            return false;
        };
        let (e, parameter) = (&self.store.symbol_of(e).name, &self.store.symbol_of(parameter).name);
        e.strip_prefix(parameter.as_str()).is_some_and(|rest| rest.starts_with("^("))
    }

    /// The density at an outcome and a parameter, both of the declared shapes.
    pub(super) fn apply_density(
        &mut self,
        at: usize,
        outcome: Expr,
        parameter: Option<Expr>,
        span: Span,
    ) -> Option<Expr> {
        let density = self.vocabulary.densities[at].clone();
        self.vocabulary.used.insert(density.name.clone());
        let (expected, found) = (self.store.shape(density.variable), self.store.shape(outcome));
        if expected != found {
            return self.mismatch(&format!("the variable of `{}`", density.name), expected, found, span);
        }
        match (density.parameter, parameter) {
            (Some(declared), Some(given)) => {
                let (expected, found) = (self.store.shape(declared), self.store.shape(given));
                if expected != found {
                    return self.mismatch(
                        &format!("the parameter of `{}`", density.name),
                        expected,
                        found,
                        span,
                    );
                }
                Some(self.store.apply(density.symbol, [outcome, given]))
            }
            (None, None) => Some(self.store.apply(density.symbol, [outcome])),
            (declared, given) => {
                let count = |slot: Option<Expr>| 1 + usize::from(slot.is_some());
                let expected = arguments_text(count(declared));
                self.report(Code::WrongArity { function: density.name, expected, found: count(given) }, span)
            }
        }
    }

    pub(super) fn at_declared_outcome(&mut self, at: usize, parameter: Expr, span: Span) -> Option<Expr> {
        let variable = self.vocabulary.densities[at].variable;
        self.apply_density(at, variable, Some(parameter), span)
    }

    /// The density of a concrete family: `p(x)` at its own parameters, `p(x | 2, b)` at others.
    pub(super) fn family_call(&mut self, at: usize, arguments: &[Tree], span: Span) -> Option<Expr> {
        let log_density = self.family_log_density(at, arguments, span)?;
        Some(self.store.call_named("exp", [log_density]))
    }

    fn family_log_density(&mut self, at: usize, arguments: &[Tree], span: Span) -> Option<Expr> {
        let family = self.vocabulary.families[at].clone();
        let slots: Vec<Expr> = if arguments.len() == family.variables.len() {
            family.variables.clone()
        } else {
            family.variables.iter().chain(&family.parameters).copied().collect()
        };
        if slots.len() != arguments.len() {
            let (one, all) = (family.variables.len(), slots.len());
            let expected = format!("{} or {}", one, arguments_text(all));
            return self
                .report(Code::WrongArity { function: "p".into(), expected, found: arguments.len() }, span);
        }
        let given: Vec<Option<Expr>> =
            arguments.iter().map(|a| self.scalar(a, "the argument of a density")).collect();
        let given: Vec<Expr> = given.into_iter().collect::<Option<_>>()?;
        let images = Images::from_iter(slots.into_iter().zip(given));
        Some(self.store.substitute(family.log_density, &images))
    }

    /// `log p(x)` of a concrete family is its log-density, not the logarithm of an exponential.
    pub(super) fn log_of_family(&mut self, argument: &Tree) -> Option<Option<Expr>> {
        let (name, arguments) = match &argument.kind {
            Kind::Call { name, arguments, .. } => (name, arguments.clone()),
            Kind::Conditional { name, outcome, given, .. } => {
                (name, outcome.iter().chain(given).cloned().collect())
            }
            _ => return None,
        };
        let Some(Entry::Family(at)) = self.vocabulary.entries.get(name).copied() else { return None };
        self.vocabulary.used.insert(name.clone());
        Some(self.family_log_density(at, &arguments, argument.span))
    }
}
