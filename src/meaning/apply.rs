//! Names before brackets: functions of the table, abstract functions, densities, abbreviations.
//!
//! `p(x | theta + d)` is Apply(p, [x, θ + d]); with `write p(theta) for p(x | theta)` so is `p(theta + d)`; `log` of it
//! stays a call of the table.

use crate::expr::{DerivativeKind, Expr, Images, SymbolId};
use crate::function;
use crate::syntax::{Kind, Tree};
use crate::text::{Code, Diagnostic, Span, suggest};

use super::lower::Lowering;
use super::spell::spell;
use super::vocabulary::{Entry, symbol};

/// Abbreviations within abbreviations; more are a circle.
const MAX_NESTED: usize = 16;

/// `1 argument`, `2 arguments`
pub(super) fn arguments_text(count: usize) -> String {
    format!("{count} argument{}", if count == 1 { "" } else { "s" })
}

impl Lowering<'_> {
    pub(super) fn call(
        &mut self,
        name: &str,
        name_span: Span,
        arguments: &[Tree],
        span: Span,
    ) -> Option<Expr> {
        if self.local.iter().any(|(local, _)| local == name) {
            return self.value_call(name, name_span, arguments, span);
        }
        let entry = self.vocabulary.entries.get(name).copied();
        if entry.is_some() {
            self.vocabulary.used.insert(name.to_owned());
        }
        match entry {
            Some(Entry::Density(at)) => return self.density_call(at, name, arguments, span),
            Some(Entry::Function(at)) => return self.function_call(at, name, arguments, span),
            Some(Entry::Family(at)) => return self.family_call(at, arguments, span),
            _ => {}
        }
        let whole = self
            .vocabulary
            .macros
            .iter()
            .position(|m| m.head == name && m.parameters.len() == arguments.len());
        if let Some(at) = whole {
            let arguments = self.trees(arguments)?;
            return self.expand(at, &arguments);
        }
        if let Some(at) = self.vocabulary.applied.iter().position(|a| a.head == name) {
            return self.applied_call(at, name, arguments, span);
        }
        if entry.is_some() {
            return self.value_call(name, name_span, arguments, span);
        }
        if let Some((density, parameter)) = self.vocabulary.subscripted(name)
            && let [outcome] = arguments
        {
            let outcome = self.tree(outcome)?;
            return self.apply_density(density, outcome, Some(parameter), span);
        }
        match (name, arguments) {
            ("fisher", [of]) => return self.fisher(of, None),
            ("fisher", [of, at]) => return self.fisher(of, Some(at)),
            _ => {}
        }
        self.table_call(name, name_span, arguments, span)
    }

    fn table_call(&mut self, name: &str, name_span: Span, arguments: &[Tree], span: Span) -> Option<Expr> {
        if name == "log"
            && let [argument] = arguments
            && let Some(log_density) = self.log_of_family(argument)
        {
            return log_density;
        }
        let Some(function) = function::lookup(name) else {
            // What is wrong between the brackets is reported as well.
            let _ = self.trees(arguments);
            let known = self.vocabulary.names();
            let suggestion = suggest(name, known.into_iter().chain(function::names().map(|name: &str| name)));
            let help = format!("declare it before: `function {name}(x)`, or `density {name}(x | theta)`");
            let code = Code::UnknownFunction { name: name.to_owned(), suggestion };
            self.lints.push(Diagnostic::error(code, name_span).with_help(help));
            return None;
        };
        let subject = format!("the argument of `{name}`");
        let lowered: Vec<Option<Expr>> = arguments.iter().map(|a| self.scalar(a, &subject)).collect();
        let expected = function.row().params.len();
        if expected != arguments.len() {
            let (function, expected) = (name.to_owned(), arguments_text(expected));
            return self.report(Code::WrongArity { function, expected, found: arguments.len() }, span);
        }
        let arguments: Vec<Expr> = lowered.into_iter().collect::<Option<_>>()?;
        Some(self.store.call(function, arguments))
    }

    /// A declared value before a bracket: a definition about the declared parameter at another point, a function of
    /// the table with the same name, or a mistake.
    fn value_call(&mut self, name: &str, name_span: Span, arguments: &[Tree], span: Span) -> Option<Expr> {
        let entry = self.vocabulary.entries.get(name).copied();
        if let (Some(Entry::Value(value)), [argument]) = (entry, arguments)
            && let Some(parameter) = self.only_parameter(value)
        {
            let at = self.tree(argument)?;
            let (declared, found) = (self.store.shape(parameter), self.store.shape(at));
            if declared == found {
                return Some(self.store.substitute(value, &Images::from_iter([(parameter, at)])));
            }
            return self.mismatch(&format!("the argument of `{name}`"), declared, found, argument.span);
        }
        if function::lookup(name).is_some_and(|f| f.row().params.len() == arguments.len()) {
            self.doubts += 1;
            return self.table_call(name, name_span, arguments, span);
        }
        self.report(Code::NotAFunction { name: name.to_owned() }, name_span)
    }

    /// The one declared parameter of a density that occurs in a defined value.
    fn only_parameter(&self, value: Expr) -> Option<Expr> {
        let parameters: Vec<Expr> = self.vocabulary.densities.iter().filter_map(|d| d.parameter).collect();
        let mut free = parameters.into_iter().filter(|p| self.store.mentions(value, &[*p]));
        let first = free.next()?;
        free.all(|other| other == first).then_some(first)
    }

    /// An abbreviation, its parameters replaced by what was given.
    pub(super) fn expand(&mut self, at: usize, arguments: &[Expr]) -> Option<Expr> {
        let short = self.vocabulary.macros[at].clone();
        if self.expanding.len() >= MAX_NESTED {
            let names = vec![short.head.clone()];
            return self.report(Code::CyclicDefinition { names }, short.long.span);
        }
        // The variables of the place of use are not those of the abbreviation.
        let parameters = short.parameters.iter().cloned().zip(arguments.iter().copied()).collect();
        let outside = std::mem::replace(&mut self.local, parameters);
        self.expanding.push(short.head.clone());
        self.vocabulary.used.insert(short.head.clone());
        let e = self.tree(&short.long);
        self.expanding.pop();
        self.local = outside;
        e
    }

    fn applied_call(&mut self, at: usize, name: &str, arguments: &[Tree], span: Span) -> Option<Expr> {
        let definition = self.vocabulary.applied[at].clone();
        if definition.arguments.len() != arguments.len() {
            let expected = arguments_text(definition.arguments.len());
            return self.report(
                Code::WrongArity { function: name.to_owned(), expected, found: arguments.len() },
                span,
            );
        }
        let given = self.trees(arguments)?;
        for ((slot, e), tree) in definition.arguments.iter().zip(&given).zip(arguments) {
            let (expected, found) = (self.store.shape(*slot), self.store.shape(*e));
            if expected != found {
                return self.mismatch(&format!("the argument of `{name}`"), expected, found, tree.span);
            }
        }
        let images = Images::from_iter(definition.arguments.iter().copied().zip(given));
        Some(self.store.substitute(definition.value, &images))
    }

    fn function_call(&mut self, at: usize, name: &str, arguments: &[Tree], span: Span) -> Option<Expr> {
        let function = self.vocabulary.functions[at].clone();
        let expected = function.arguments.len();
        if expected != arguments.len() {
            let (function, expected) = (name.to_owned(), arguments_text(expected));
            return self.report(Code::WrongArity { function, expected, found: arguments.len() }, span);
        }
        if let [argument] = arguments
            && let Kind::Name(curve) = &argument.kind
            && !self.local.iter().any(|(local, _)| local == curve)
            && let Some(Entry::Function(_)) = self.vocabulary.entries.get(curve)
        {
            return self.overloaded(&function.arguments, name, argument, span);
        }
        let given = self.trees(arguments)?;
        for ((slot, e), tree) in function.arguments.iter().zip(&given).zip(arguments) {
            let (expected, found) = (self.store.shape(*slot), self.store.shape(*e));
            if expected != found {
                return self.mismatch(&format!("the argument of `{name}`"), expected, found, tree.span);
            }
        }
        Some(self.store.apply(function.symbol, given))
    }

    /// `L(gamma)` with a curve γ, beside `function L(theta)`: another thing under the same name.
    fn overloaded(&mut self, slots: &[Expr], name: &str, argument: &Tree, span: Span) -> Option<Expr> {
        let slot = crate::print::display(self.store, slots[0]);
        let other = format!("{name}({})", spell(argument));
        if let Kind::Name(curve) = &argument.kind {
            self.vocabulary.used.insert(curve.clone());
        }
        let first = format!("a function of `{slot}`");
        let second = format!("`{other}`, a quantity of a function");
        let code = Code::OverloadedName { name: name.to_owned(), first, second };
        self.lints.push(Diagnostic::warning(code, span));
        match self.known_value(&other) {
            Some(value) => Some(value),
            None => Some(self.store.scalar(&other)),
        }
    }

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
    fn density_call(&mut self, at: usize, name: &str, arguments: &[Tree], span: Span) -> Option<Expr> {
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

    pub(super) fn text(&self, e: Expr) -> String {
        crate::print::display(self.store, e)
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

    /// `γ'(x)`, `f''(x)`: the derivative of a function of one scalar, at a point.
    pub(super) fn primed(
        &mut self,
        name: &str,
        name_span: Span,
        primes: u32,
        arguments: &[Tree],
        span: Span,
    ) -> Option<Expr> {
        let [argument] = arguments else {
            let expected = arguments_text(1);
            let found = arguments.len();
            return self.report(Code::WrongArity { function: name.to_owned(), expected, found }, span);
        };
        let at = self.scalar(argument, &format!("the argument of `{name}`"))?;
        let scalar = crate::expr::Shape::SCALAR;
        let variable = symbol(self.store, "#t", scalar);
        let head: Option<SymbolId> = match self.vocabulary.entries.get(name).copied() {
            Some(Entry::Function(f)) => {
                let function = &self.vocabulary.functions[f];
                let of_scalar = matches!(*function.arguments, [t] if self.store.shape(t).is_scalar());
                of_scalar.then_some(function.symbol)
            }
            _ => None,
        };
        let mut body = match (head, function::lookup(name)) {
            (Some(head), _) => {
                self.vocabulary.used.insert(name.to_owned());
                self.store.apply(head, [variable])
            }
            (None, Some(function))
                if function.row().params.len() == 1 && !self.vocabulary.is_declared(name) =>
            {
                self.store.call(function, [variable])
            }
            _ => {
                let help = format!("declare it before: `function {name}(t)` with a scalar t");
                return self.needs_declaration(format!("the prime of `{name}`"), &help, name_span);
            }
        };
        if primes > 16 {
            return self.report(Code::TooDeep { limit: 16 }, span);
        }
        for _ in 0..primes {
            let inner = self.store.abstract_over(body, variable, false);
            body = self.store.derivative(DerivativeKind::Gradient, inner, variable);
        }
        Some(self.store.substitute(body, &Images::from_iter([(variable, at)])))
    }

    /// The density of a concrete family: `p(x)` at its own parameters, `p(x | 2, b)` at others.
    fn family_call(&mut self, at: usize, arguments: &[Tree], span: Span) -> Option<Expr> {
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
    fn log_of_family(&mut self, argument: &Tree) -> Option<Option<Expr>> {
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
