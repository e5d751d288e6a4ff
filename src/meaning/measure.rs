//! What is averaged and integrated under which density: E, ∫ over the sample space, KL, Fisher information.
//!
//! `E[f; p(theta)]` binds the sample variable x of p in f and keeps θ outside; `∫ p(θ) … dθ` should be over x: that is
//! a lint, and goes on over x.

use crate::expr::{Expr, Node, Store, SymbolId};
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
        let body = self.under_sample(body, measure.variable, span)?;
        Some(self.store.expectation(measure.density, measure.parameter, body))
    }

    /// Cov[f, g] = E[(f − E f)(g − E g)ᵀ] under the only declared density; Var[f] is Cov[f, f] of a scalar.
    pub(super) fn covariance(&mut self, f: &Tree, g: &Tree, of_scalar: bool, span: Span) -> Option<Expr> {
        self.moment(f, g, None, of_scalar, span)
    }

    /// The same under a density that is named.
    pub(super) fn moment(
        &mut self,
        f: &Tree,
        g: &Tree,
        density: Option<&Tree>,
        of_scalar: bool,
        span: Span,
    ) -> Option<Expr> {
        let depth = self.local.len();
        let measure = match density {
            Some(tree) => {
                self.bind_outcome(tree);
                self.measure(tree)
            }
            None => self.only_measure(span),
        };
        let (u, v) = (self.tree(f), self.tree(g));
        self.local.truncate(depth);
        let (measure, u, v) = (measure?, u?, v?);
        for (e, tree) in [(u, f), (v, g)] {
            let shape = self.store.shape(e);
            if !super::product::is_column(shape) || (of_scalar && !shape.is_scalar()) {
                let shape = self.store.shape_name(shape);
                let subject = if of_scalar { "the variance" } else { "the covariance" };
                return self.report(Code::NotAScalar { subject: subject.to_owned(), shape }, tree.span);
            }
        }
        self.under_sample(u, measure.variable, span)?;
        self.under_sample(v, measure.variable, span)?;
        let (centred_u, centred_v) = (self.centred(&measure, u), self.centred(&measure, v));
        let row = self.store.transpose(centred_v);
        let body = self.store.chain([centred_u, row]);
        let body = self.store.abstract_over(body, measure.variable, false);
        Some(self.store.expectation(measure.density, measure.parameter, body))
    }

    /// f − E f
    fn centred(&mut self, measure: &Measure, f: Expr) -> Expr {
        let body = self.store.abstract_over(f, measure.variable, false);
        let mean = self.store.expectation(measure.density, measure.parameter, body);
        self.store.sub(f, mean)
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
        let name = match &tree.kind {
            Kind::Name(name) | Kind::Call { name, .. } | Kind::Conditional { name, .. } => name.as_str(),
            _ => "",
        };
        if let Some(Entry::Family(_)) = self.vocabulary.entries.get(name) {
            return self.needs_declaration(
                "an expectation under the density of a concrete family",
                "state it of an abstract density: `density p(x | theta) regular`",
                tree.span,
            );
        }
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
}
