//! Integrals over the sample space of a density, and those that should be.
//!
//! `∫ p(x | θ) f dx` binds the sample variable x of p; `∫_θ p(x | θ) … dθ` is over the wrong variable: that is a lint, and
//! goes on over x.

use crate::claim::Assumption;
use crate::expr::{Expr, Node, Shape, SymbolId};
use crate::syntax::{Kind, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::lower::Lowering;
use super::vocabulary::symbol;

impl Lowering<'_> {
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

    /// ∫ from −∞ to ∞ of what a density weighs is over its sample space: outside of it the density is 0.
    pub(super) fn over_the_line(
        &mut self,
        body: &Tree,
        variable: (&str, Span),
        from: &Tree,
        to: &Tree,
        span: Span,
    ) -> Option<Expr> {
        let before = self.mark();
        let integral = self.sample_integral(body, variable, None, span);
        if let Some(e) = integral
            && let Node::SampleIntegral { density, body } = self.store[e]
            && self.is_weighed(body, density)
        {
            return integral;
        }
        self.rewind(&before);
        self.range(crate::syntax::Binder::Integral, body, variable.0, from, to)
    }

    /// Is the density at the bound variable a factor of every term?
    fn is_weighed(&self, body: Expr, density: SymbolId) -> bool {
        let is_weight = |e: Expr| match &self.store[e] {
            Node::Apply(head, slots) => {
                *head == density && matches!(self.store[slots[0]], Node::Bound(0, ..))
            }
            _ => false,
        };
        let weighs = |term: Expr| match &self.store[term] {
            Node::Product(list) => list.iter().any(|factor| is_weight(*factor)),
            _ => is_weight(term),
        };
        match &self.store[body] {
            Node::Sum(terms) => terms.iter().all(|(_, term)| weighs(*term)),
            _ => weighs(body),
        }
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
        let body = self.under_sample(body, x, span)?;
        Some(self.store.sample_integral(density, body))
    }

    /// The body of E or ∫ over the sample variable x. After `assume s = x^2` the name s hides x: below the binder it would be
    /// taken for a constant.
    pub(super) fn under_sample(&mut self, body: Expr, x: Expr, span: Span) -> Option<Expr> {
        let equations = self.vocabulary.assumptions.iter().filter_map(|assumption| match assumption {
            Assumption::Equal(a, b) => Some((*a, *b)),
            _ => None,
        });
        if equations.into_iter().any(|equation| self.hides(equation, body, x)) {
            let name = self.text(x);
            return self.report(Code::EscapingVariable { name }, span);
        }
        Some(self.store.abstract_over(body, x, false))
    }

    /// Does the equation tie a symbol of the body to x? The law of a density holds for all x and ties nothing; of an
    /// equation with functions of x only symbols that stand alone in it are tied.
    fn hides(&self, (a, b): (Expr, Expr), body: Expr, x: Expr) -> bool {
        let store = &*self.store;
        let nodes = store.post_order(&[a, b]);
        let head = |e: &Expr| match &store[*e] {
            Node::Apply(head, _) => Some(*head),
            _ => None,
        };
        let mut heads = nodes.iter().filter_map(head).peekable();
        let has_functions = heads.peek().is_some();
        if !nodes.contains(&x) || heads.any(|head| self.vocabulary.density_of(head).is_some()) {
            return false;
        }
        let terms = [a, b].into_iter().flat_map(|side| match &store[side] {
            Node::Sum(terms) => terms.iter().map(|(_, term)| *term).collect(),
            _ => vec![side],
        });
        let tied: Vec<Expr> = if has_functions { terms.collect() } else { nodes };
        tied.into_iter().any(|e| e != x && store.as_symbol(e).is_some() && store.mentions(body, &[e]))
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
    pub(super) fn factors(&self, e: Expr) -> Vec<Expr> {
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
