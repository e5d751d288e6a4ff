//! What is averaged and integrated under which density: E, ∫ over the sample space, KL, Fisher information.
//!
//! `E[f; p(theta)]` binds the sample variable x of p in f and keeps θ outside; `∫ p(θ) … dθ` should be over x: that is
//! a lint, and goes on over x.

use crate::expr::{Expr, Node, Shape, Store, SymbolId};
use crate::syntax::{Kind, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::lower::Lowering;
use super::vocabulary::{Entry, symbol};

/// A density with its parameter, and the symbol its sample variable has here.
pub(super) struct Measure {
    density: SymbolId,
    parameter: Expr,
    variable: Expr,
}

impl Lowering<'_> {
    pub(super) fn expectation(&mut self, body: &Tree, density: Option<&Tree>, span: Span) -> Option<Expr> {
        let depth = self.local.len();
        let measure = match density {
            Some(tree) => {
                self.bind_outcome(tree);
                self.measure(tree)
            }
            None => self.only_measure(span),
        };
        let body = self.tree(body);
        self.local.truncate(depth);
        let (measure, body) = (measure?, body?);
        let body = self.store.abstract_over(body, measure.variable, false);
        Some(self.store.expectation(measure.density, measure.parameter, body))
    }

    /// E without a density is under the only one that is declared.
    fn only_measure(&mut self, span: Span) -> Option<Measure> {
        match &self.vocabulary.densities[..] {
            [density] => {
                let density = density.clone();
                self.vocabulary.used.insert(density.name);
                let parameter = density.parameter.unwrap_or(Store::ZERO);
                Some(Measure { density: density.symbol, parameter, variable: density.variable })
            }
            [] => {
                let code = Code::NeedsDensity {};
                let help = "declare it before: `density p(x | theta) regular`";
                self.lints.push(Diagnostic::error(code, span).with_help(help));
                None
            }
            [first, ..] => {
                let help = format!("write the density: `E[…; {}]`", first.name);
                self.lints.push(Diagnostic::error(Code::NeedsDensity {}, span).with_help(help));
                None
            }
        }
    }

    /// `p(y | θ)` below an E binds y, where that has no meaning yet.
    fn bind_outcome(&mut self, tree: &Tree) {
        let (name, outcome) = match &tree.kind {
            Kind::Conditional { name, outcome, .. } => (name, outcome),
            Kind::Call { name, arguments, .. } => (name, arguments),
            _ => return,
        };
        let (Some(Entry::Density(at)), [outcome]) =
            (self.vocabulary.entries.get(name).copied(), &outcome[..])
        else {
            return;
        };
        if let Kind::Name(variable) = &outcome.kind
            && self.known_value(variable).is_none()
        {
            let shape = self.store.shape(self.vocabulary.densities[at].variable);
            let e = symbol(self.store, variable, shape);
            self.local.push((variable.clone(), e));
        }
    }

    /// What stands below an E: a density, its sample variable, or its parameter.
    pub(super) fn measure(&mut self, tree: &Tree) -> Option<Measure> {
        let doubts = self.doubts;
        let e = self.tree(tree);
        self.doubts = doubts;
        self.measure_of(e?, tree.span)
    }

    fn measure_of(&mut self, e: Expr, span: Span) -> Option<Measure> {
        if let Node::Apply(head, arguments) = &self.store[e]
            && self.vocabulary.density_of(*head).is_some()
            && self.store.as_symbol(arguments[0]).is_some()
        {
            let parameter = arguments.get(1).copied().unwrap_or(Store::ZERO);
            return Some(Measure { density: *head, parameter, variable: arguments[0] });
        }
        let of_variable: Vec<_> =
            self.vocabulary.densities.iter().filter(|d| d.variable == e).cloned().collect();
        if let [density] = &of_variable[..] {
            self.vocabulary.used.insert(density.name.clone());
            let parameter = density.parameter.unwrap_or(Store::ZERO);
            return Some(Measure { density: density.symbol, parameter, variable: density.variable });
        }
        let shape = self.store.shape(e);
        let fits =
            |d: &&super::vocabulary::DensityEntry| d.parameter.is_some_and(|p| self.store.shape(p) == shape);
        let of_parameter: Vec<_> = self.vocabulary.densities.iter().filter(fits).cloned().collect();
        if let ([density], true) = (&of_parameter[..], of_variable.is_empty()) {
            self.vocabulary.used.insert(density.name.clone());
            return Some(Measure { density: density.symbol, parameter: e, variable: density.variable });
        }
        let found = self.text(e);
        self.needs_declaration(
            format!("`{found}` in the place of a density"),
            "write a declared density there: `p(x | theta)`",
            span,
        )
    }

    /// `KL(p(x | θ), p(x | θ + d))`, `KL(p, q)`.
    pub(super) fn divergence(&mut self, p: &Tree, q: &Tree) -> Option<Expr> {
        let depth = self.local.len();
        self.bind_outcome(p);
        self.bind_outcome(q);
        let (p, q) = (self.measure(p), self.measure(q));
        self.local.truncate(depth);
        let (p, q) = (p?, q?);
        Some(self.store.divergence((p.density, p.parameter), (q.density, q.parameter)))
    }

    /// `fisher(p)`, `fisher(p)(theta + d)`, `fisher(p(theta + d))`.
    pub(super) fn fisher(&mut self, of: &Tree, at: Option<&Tree>) -> Option<Expr> {
        let depth = self.local.len();
        self.bind_outcome(of);
        let measure = self.measure(of);
        self.local.truncate(depth);
        let point = match at {
            Some(at) => Some((self.tree(at)?, at.span)),
            None => None,
        };
        let measure = measure?;
        let Some(declared) = self.vocabulary.density_of(measure.density).and_then(|d| d.parameter) else {
            return self.needs_declaration(
                "the Fisher information of a density without a parameter",
                "declare the parameter: `density p(x | theta) regular`",
                of.span,
            );
        };
        if let Some((point, span)) = point {
            let (expected, found) = (self.store.shape(declared), self.store.shape(point));
            if expected != found {
                return self.mismatch("the point of `fisher`", expected, found, span);
            }
            return Some(self.store.fisher(measure.density, point));
        }
        Some(self.store.fisher(measure.density, measure.parameter))
    }

    /// ∫ over the sample space of the density that stands inside.
    pub(super) fn sample_integral(
        &mut self,
        body: &Tree,
        (variable, variable_span): (&str, Span),
        below: Option<&Tree>,
        span: Span,
    ) -> Option<Expr> {
        self.below_integral(variable, below)?;
        let declared = self.vocabulary.value(variable);
        let parameter = declared.filter(|e| self.is_parameter(*e) && !self.vocabulary.is_sample(*e));
        if let Some(parameter) = parameter {
            return self.over_parameter(body, (variable, variable_span), parameter, span);
        }
        let x = match declared.filter(|e| self.vocabulary.is_sample(*e)) {
            Some(x) => x,
            None => {
                let shape = self.vocabulary.densities.first().map(|d| self.store.shape(d.variable));
                symbol(self.store, variable, shape.unwrap_or(Shape::SCALAR))
            }
        };
        self.local.push((variable.to_owned(), x));
        let body = self.tree(body);
        self.local.pop();
        self.integrate(body?, x, span)
    }

    /// `∫_θ p(θ) … dθ`: the density stands inside, so the integral should be over its sample variable.
    fn over_parameter(
        &mut self,
        body: &Tree,
        (name, name_span): (&str, Span),
        parameter: Expr,
        span: Span,
    ) -> Option<Expr> {
        let body = self.tree(body)?;
        let inside = self.densities_at(body, None);
        let density = inside.iter().find_map(|at| {
            let density = &self.vocabulary.densities[*at];
            (density.parameter == Some(parameter)).then(|| density.clone())
        });
        let Some(density) = density else {
            self.lints.push(
                Diagnostic::error(Code::NeedsDensity {}, span)
                    .with_help(format!("give the integral over `{name}` its ends")),
            );
            return None;
        };
        let expected = self.text(density.variable);
        let code = Code::WrongVariable { found: name.to_owned(), expected: expected.clone() };
        let help = format!("write the integral over the sample variable: `d{expected}`");
        self.lints.push(Diagnostic::error(code, name_span).with_help(help));
        self.integrate(body, density.variable, span)
    }

    fn integrate(&mut self, body: Expr, x: Expr, span: Span) -> Option<Expr> {
        let at = match (&self.densities_at(body, Some(x))[..], &self.vocabulary.densities[..]) {
            ([at, ..], _) => *at,
            ([], densities) => match densities.iter().position(|d| d.variable == x) {
                Some(at) => at,
                None if self.sample_beside(body, x).is_some() => {
                    let variable = self.sample_beside(body, x).expect("the guard found one");
                    let (found, expected) = (self.text(x), self.text(variable));
                    let help = format!("write the integral over the sample variable: `d{expected}`");
                    let code = Code::WrongVariable { found, expected };
                    self.lints.push(Diagnostic::error(code, span).with_help(help));
                    return self.integrate(body, variable, span);
                }
                None => {
                    let x = self.text(x);
                    let help = format!(
                        "give it ends, or declare whose sample variable `{x}` is: `density p({x} | theta)`"
                    );
                    self.lints.push(Diagnostic::error(Code::NeedsDensity {}, span).with_help(help));
                    return None;
                }
            },
        };
        let density = self.vocabulary.densities[at].symbol;
        let name = self.vocabulary.densities[at].name.clone();
        self.vocabulary.used.insert(name);
        let body = self.store.abstract_over(body, x, false);
        Some(self.store.sample_integral(density, body))
    }

    /// The free sample variable of a density in a body that does not depend on x.
    fn sample_beside(&self, body: Expr, x: Expr) -> Option<Expr> {
        if self.store.mentions(body, &[x]) {
            return None;
        }
        let inside = self.densities_at(body, None);
        let variables = inside.into_iter().map(|at| self.vocabulary.densities[at].variable);
        variables.into_iter().find(|variable| *variable != x && self.store.mentions(body, &[*variable]))
    }

    /// The densities applied to the sample variable in the body: those that weigh it first, then those inside, each in
    /// the order of their declaration.
    fn densities_at(&self, body: Expr, x: Option<Expr>) -> Vec<usize> {
        let index = |e: Expr| match &self.store[e] {
            Node::Apply(head, slots) if x.is_none_or(|x| slots[0] == x) => {
                self.vocabulary.densities.iter().position(|d| d.symbol == *head)
            }
            _ => None,
        };
        let mut weights: Vec<usize> = self.factors(body).into_iter().filter_map(index).collect();
        weights.sort_unstable();
        let mut inside: Vec<usize> = self.store.post_order(&[body]).into_iter().filter_map(index).collect();
        inside.sort_unstable();
        weights.extend(inside);
        weights
    }

    /// The factors of the terms of an expression.
    fn factors(&self, e: Expr) -> Vec<Expr> {
        let mut found = Vec::new();
        let mut stack = vec![e];
        while let Some(e) = stack.pop() {
            match &self.store[e] {
                Node::Sum(terms) => stack.extend(terms.iter().map(|(_, term)| *term)),
                Node::Product(list) => stack.extend(list.iter().copied()),
                _ => found.push(e),
            }
        }
        found
    }

    fn is_parameter(&self, e: Expr) -> bool {
        self.vocabulary.densities.iter().any(|d| d.parameter == Some(e))
    }

    /// Below an integral without ends stands its variable, or the space of it: `∫_x … dx`, `∫_X … dx`.
    fn below_integral(&mut self, variable: &str, below: Option<&Tree>) -> Option<()> {
        match below.map(|tree| (&tree.kind, tree.span)) {
            None => Some(()),
            Some((Kind::Name(name), _)) if name == variable => Some(()),
            Some((Kind::Name(name), _))
                if name.to_lowercase() == variable.to_lowercase() && !self.vocabulary.is_declared(name) =>
            {
                Some(())
            }
            Some((_, span)) => self.needs_declaration(
                "a domain of integration",
                "write the variable alone, for the whole sample space, or both ends",
                span,
            ),
        }
    }
}
