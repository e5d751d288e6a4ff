//! Names before brackets: functions of the table, abstract functions, densities, abbreviations.
//!
//! `p(x | theta + d)` is Apply(p, [x, θ + d]); with `write p(theta) for p(x | theta)` so is `p(theta + d)`; `log` of it
//! stays a call of the table.

use crate::expr::{DerivativeKind, Expr, Images, Store, SymbolId};
use crate::function;
use crate::syntax::{Kind, Side, Tree, names};
use crate::text::{Code, Diagnostic, Span, suggest};

use super::lower::Lowering;
use super::spell::spell;
use super::vocabulary::{Entry, OPERATORS, symbol};

/// Abbreviations within abbreviations; more are a circle.
const MAX_NESTED: usize = 16;

/// γ' is the derivative of a function γ of the text, not of the gamma function.
fn is_greek(name: &str) -> bool {
    names::GREEK.iter().any(|(_, word)| *word == name)
}

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
        if let Some((density, parameter)) = self.subscripted(name, name_span)
            && let [outcome] = arguments
        {
            let outcome = self.tree(outcome)?;
            return self.apply_density(density, outcome, Some(parameter), span);
        }
        if let Some((function, below)) = self.vocabulary.subscripted_function(name, arguments.len()) {
            return self.metric_call(function, name, below, arguments, span);
        }
        match (name, arguments) {
            ("|", [body, point]) => return self.value_where(body, point),
            ("fisher", [of]) => return self.fisher(of, None),
            ("fisher", [of, at]) => return self.fisher(of, Some(at)),
            ("Var" | "var", [f]) => return self.covariance(f, f, true, span),
            ("Cov" | "cov", [f]) => return self.covariance(f, f, false, span),
            ("Cov" | "cov", [f, g]) => return self.covariance(f, g, false, span),
            _ => {}
        }
        self.table_call(name, name_span, arguments, span)
    }

    /// `\left. f \right|_{d=0}`: f with 0 in the place of d.
    fn value_where(&mut self, body: &Tree, point: &Tree) -> Option<Expr> {
        let (variable, value) = match &point.kind {
            Kind::Call { name, arguments, .. } if name == "=" && arguments.len() == 2 => {
                (&arguments[0], &arguments[1])
            }
            _ => {
                let help = "say which name has which value: `\\left. f \\right|_{d=0}`";
                return self.needs_declaration("the point of a value", help, point.span);
            }
        };
        let (body, e, value_expr) = (self.tree(body), self.tree(variable), self.tree(value));
        let (body, e, mut to) = (body?, e?, value_expr?);
        if self.store.as_symbol(e).is_none() {
            let help = "name the variable that has a value there: `\\left. f \\right|_{d=0}`";
            return self.needs_declaration("the value of an expression at a point", help, variable.span);
        }
        let shape = self.store.shape(e);
        if to == Store::ZERO {
            to = self.store.zero(shape);
        }
        let found = self.store.shape(to);
        if found != shape {
            return self.mismatch("the value at the point", shape, found, point.span);
        }
        Some(self.store.substitute(body, &Images::from_iter([(e, to)])))
    }

    fn table_call(&mut self, name: &str, name_span: Span, arguments: &[Tree], span: Span) -> Option<Expr> {
        if name == "log"
            && let [argument] = arguments
            && let Some(log_density) = self.log_of_family(argument)
        {
            return log_density;
        }
        let Some(function) = self.vocabulary.table(name) else {
            // What is wrong between the brackets is reported as well.
            let _ = self.trees(arguments);
            return self.unknown_function(name, name_span, arguments, span);
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

    fn unknown_function(
        &mut self,
        name: &str,
        name_span: Span,
        arguments: &[Tree],
        span: Span,
    ) -> Option<Expr> {
        let known = self.vocabulary.names();
        let suggestion = suggest(name, known.into_iter().chain(function::names().map(|name: &str| name)));
        if OPERATORS.contains(&name) {
            let what = format!("the operator `{name}`");
            return self.needs_declaration(what, "no rule speaks of it; write the quantity out", span);
        }
        if self.vocabulary.latex
            && suggestion.is_none()
            && let [argument] = arguments
        {
            let inside = spell(argument);
            let (first, second) = (format!("{name}({inside})"), format!("{name}*({inside})"));
            let help = format!("declare it before: `function {name}(x)`, or `scalar {name}` for the product");
            self.lints.push(Diagnostic::error(Code::TwoReadings { first, second }, span).with_help(help));
            return None;
        }
        let help = format!("declare it before: `function {name}(x)`, or `density {name}(x | theta)`");
        let code = Code::UnknownFunction { name: name.to_owned(), suggestion };
        self.lints.push(Diagnostic::error(code, name_span).with_help(help));
        None
    }

    /// `g_x(u, v)` with `function g(x, u, v)`.
    fn metric_call(
        &mut self,
        function: usize,
        name: &str,
        below: Expr,
        arguments: &[Tree],
        span: Span,
    ) -> Option<Expr> {
        let function = self.vocabulary.functions[function].clone();
        let given: Vec<Expr> = std::iter::once(below).chain(self.trees(arguments)?).collect();
        for (slot, e) in function.arguments.iter().zip(&given) {
            let (expected, found) = (self.store.shape(*slot), self.store.shape(*e));
            if expected != found {
                return self.mismatch(&format!("the argument of `{name}`"), expected, found, span);
            }
        }
        Some(self.store.apply(function.symbol, given))
    }

    /// A defined value before a bracket that depends on the parameter of a density: it may be meant at another point,
    /// or as a factor.
    fn value_call(&mut self, name: &str, name_span: Span, arguments: &[Tree], span: Span) -> Option<Expr> {
        let entry = self.vocabulary.entries.get(name).copied();
        if let (Some(Entry::Value(value)), [argument]) = (entry, arguments)
            && let Some(parameter) = self.only_parameter(value)
        {
            if !self.vocabulary.latex {
                return self.value_at(name, value, parameter, argument);
            }
            let factor = Tree::new(Kind::Name(name.to_owned()), name_span);
            let product = [(Side::Over, factor), (Side::Over, argument.clone())];
            match &argument.kind {
                // Nobody writes brackets around a lone factor, and no point of the parameter is a multiple `c u`.
                Kind::Name(_) | Kind::Superscript(..) | Kind::Index(..) => {
                    return self.value_at(name, value, parameter, argument);
                }
                Kind::Product(_) | Kind::Negate(_) if !self.is_about(argument, parameter) => {
                    return self.product(&product);
                }
                _ => {}
            }
            let inside = spell(argument);
            let texts = [format!("{name}({inside})"), format!("{name}*({inside})")];
            let at_parameter = |_: &Self, at: usize, e: Expr| at == 0 && e == value;
            let chosen = self.choose(&texts, span, &at_parameter, &mut |lowering, at| match at {
                0 => lowering.value_at(name, value, parameter, argument),
                _ => lowering.product(&product),
            });
            return chosen.unwrap_or_else(|said| {
                self.lints.extend(said.into_iter().next().unwrap_or_default());
                None
            });
        }
        if self.vocabulary.table(name).is_some_and(|f| f.row().params.len() == arguments.len()) {
            self.doubts += 1;
            return self.table_call(name, name_span, arguments, span);
        }
        self.report(Code::NotAFunction { name: name.to_owned() }, name_span)
    }

    /// Does the tree speak of the parameter, or of an iterate of it?
    fn is_about(&self, tree: &Tree, parameter: Expr) -> bool {
        let Some(id) = self.store.as_symbol(parameter) else { return false };
        let theta = &self.store.symbol_of(id).name;
        let mut stack = vec![tree];
        while let Some(tree) = stack.pop() {
            if let Kind::Name(name) = &tree.kind
                && name
                    .strip_prefix(theta.as_str())
                    .is_some_and(|rest| rest.is_empty() || rest.starts_with('_'))
            {
                return true;
            }
            stack.extend(tree.parts());
        }
        false
    }

    /// A value at another parameter.
    fn value_at(&mut self, name: &str, value: Expr, parameter: Expr, argument: &Tree) -> Option<Expr> {
        let at = self.tree(argument)?;
        let (declared, found) = (self.store.shape(parameter), self.store.shape(at));
        if declared == found {
            return Some(self.store.substitute(value, &Images::from_iter([(parameter, at)])));
        }
        self.mismatch(&format!("the argument of `{name}`"), declared, found, argument.span)
    }

    /// The one declared parameter of a density that occurs in a defined value.
    pub(super) fn only_parameter(&self, value: Expr) -> Option<Expr> {
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

    pub(super) fn function_call(
        &mut self,
        at: usize,
        name: &str,
        arguments: &[Tree],
        span: Span,
    ) -> Option<Expr> {
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
    pub(super) fn overloaded(
        &mut self,
        slots: &[Expr],
        name: &str,
        argument: &Tree,
        span: Span,
    ) -> Option<Expr> {
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

    pub(super) fn text(&self, e: Expr) -> String {
        crate::print::display(self.store, e)
    }

    /// `L(θ)` where the bracket belongs to the name: a value before it would be a factor, which is another reading.
    fn certain_call(&mut self, name: &str, name_span: Span, arguments: &[Tree], span: Span) -> Option<Expr> {
        let is_value = self.local.iter().any(|(local, _)| local == name)
            || (self.vocabulary.value(name).is_some() && !self.vocabulary.has_applied(name));
        if is_value {
            return self.report(Code::NotAFunction { name: name.to_owned() }, name_span);
        }
        self.call(name, name_span, arguments, span)
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
        if primes == 0 {
            return self.certain_call(name, name_span, arguments, span);
        }
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
        let mut body = match (head, self.vocabulary.table(name)) {
            (Some(head), _) => {
                self.vocabulary.used.insert(name.to_owned());
                self.store.apply(head, [variable])
            }
            (None, Some(function))
                if function.row().params.len() == 1
                    && !self.vocabulary.is_declared(name)
                    && !is_greek(name) =>
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
}
