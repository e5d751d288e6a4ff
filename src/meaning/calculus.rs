//! Gradients, Hessians and derivatives, each with the point where it is evaluated.
//!
//! `∇ log p(θ + d)` is grad(t. log p(x, t)) @ (θ + d); `∂/∂d L(θ + d)` is grad(t. L(θ + t)) @ d; `∂²/∂θ∂θᵀ` is the Hessian.

use crate::expr::{DerivativeKind, Expr, Node};
use crate::syntax::{Kind, Tree};
use crate::text::{Code, Diagnostic, Span};

use super::lower::Lowering;
use super::product::is_column;

/// Where an abstract function is evaluated, and its declared parameter.
struct Slot {
    at: Expr,
    parameter: Expr,
}

impl Lowering<'_> {
    /// `∇f`, `∇²f`, with or without the variable below.
    pub(super) fn nabla(
        &mut self,
        kind: DerivativeKind,
        body: &Tree,
        by: Option<&Tree>,
        span: Span,
    ) -> Option<Expr> {
        let f = self.tree(body);
        let by = match by {
            Some(by) => Some(self.variable(by)?),
            None => None,
        };
        let f = self.differentiable(kind, f?, body.span)?;
        let gradient = match by {
            Some(x) => self.by_variable(kind, f, x, body, span),
            None => self.by_parameter(kind, f, span)?,
        };
        Some(self.oriented(kind, f, gradient))
    }

    /// Rows or columns, as declared.
    fn oriented(&mut self, kind: DerivativeKind, f: Expr, gradient: Expr) -> Expr {
        let is_row = self.vocabulary.gradient_row
            && kind == DerivativeKind::Gradient
            && self.store.shape(f).is_scalar();
        if is_row { self.store.transpose(gradient) } else { gradient }
    }

    /// A scalar; for first derivatives a column as well, whose derivative is the Jacobian.
    fn differentiable(&mut self, kind: DerivativeKind, f: Expr, span: Span) -> Option<Expr> {
        let shape = self.store.shape(f);
        if shape.is_scalar() || (kind == DerivativeKind::Gradient && is_column(shape)) {
            return Some(f);
        }
        let shape = self.store.shape_name(shape);
        let subject = if kind == DerivativeKind::Gradient { "the gradient" } else { "the Hessian" };
        self.report(Code::NotAScalar { subject: subject.to_owned(), shape }, span)
    }

    /// A symbol to differentiate by.
    fn variable(&mut self, tree: &Tree) -> Option<Expr> {
        let e = self.tree(tree)?;
        if self.store.as_symbol(e).is_some() {
            return Some(e);
        }
        let (expected, found) = ("a variable to differentiate by".to_owned(), "an expression".to_owned());
        self.report(Code::Syntax { expected, found }, tree.span)
    }

    /// t ↦ f with every `target` replaced by t, differentiated at a point.
    fn derive(&mut self, kind: DerivativeKind, f: Expr, target: Expr, at: Expr) -> Expr {
        let body = self.store.abstract_over(f, target, false);
        self.store.derivative(kind, body, at)
    }

    fn by_variable(&mut self, kind: DerivativeKind, f: Expr, x: Expr, body: &Tree, span: Span) -> Expr {
        if self.store.mentions(f, &[x]) {
            return self.derive(kind, f, x, x);
        }
        let slots: Vec<Slot> = self.slots(f).into_iter().filter(|slot| slot.parameter == x).collect();
        // `∇_θ L(θ^(k))` is the gradient by the parameter θ of L, at the point.
        if let Some(first) = slots.first()
            && slots.iter().all(|slot| slot.at == first.at)
        {
            return self.derive(kind, f, first.at, first.at);
        }
        let name = self.text(x);
        let expected = self.first_free(f).unwrap_or_else(|| "a variable of the formula".to_owned());
        let code = Code::WrongVariable { found: name.clone(), expected };
        let diagnostic =
            Diagnostic::warning(code, span).with_help(format!("the formula does not depend on `{name}`"));
        let severe = self.binds(body, x, &name);
        self.lints.push(if severe {
            Diagnostic { severity: crate::text::Severity::Error, ..diagnostic }
        } else {
            diagnostic
        });
        self.derive(kind, f, x, x)
    }

    fn first_free(&self, f: Expr) -> Option<String> {
        let first = self.slots(f).into_iter().map(|slot| self.text(slot.parameter)).next();
        first.or_else(|| {
            let free = self.store.free_symbols(&[f]);
            free.first().map(|id| self.store.symbol_of(*id).name.clone())
        })
    }

    /// The argument of the one application of a declared function, `∇ f(x)` of `function f(x)`: a symbol.
    fn only_argument(&self, f: Expr) -> Option<Expr> {
        let Node::Apply(head, arguments) = &self.store[f] else { return None };
        let is_function = self.vocabulary.function_of(*head).is_some();
        match arguments[..] {
            [argument] if is_function && self.store.as_symbol(argument).is_some() => Some(argument),
            _ => None,
        }
    }

    /// ∇ without a variable below: by the declared parameter of what stands inside, at the point where all of it is
    /// evaluated.
    fn by_parameter(&mut self, kind: DerivativeKind, f: Expr, span: Span) -> Option<Expr> {
        let slots = self.slots(f);
        let mut parameters: Vec<Expr> = Vec::new();
        for slot in &slots {
            if !parameters.contains(&slot.parameter) {
                parameters.push(slot.parameter);
            }
        }
        if parameters.is_empty() {
            parameters = self.declared_parameters();
            parameters.retain(|p| self.store.mentions(f, &[*p]));
        }
        if parameters.is_empty() {
            parameters.extend(self.only_argument(f));
        }
        let [parameter] = parameters[..] else {
            return self.needs_declaration(
                "a gradient without its variable",
                "write the variable: `grad(f, theta)`, `\\nabla_\\theta f`",
                span,
            );
        };
        if let Some(first) = slots.first()
            && slots.iter().all(|slot| slot.at == first.at)
            && first.at != parameter
        {
            let at = first.at;
            let rest = self.store.abstract_over(f, at, false);
            let symbols = self.store.free_symbols(&[at]);
            let left: Vec<Expr> = symbols.into_iter().map(|id| self.store.symbol_expr(id)).collect();
            // Where the parameter itself is in the point and something else depends on it, ∇ is by the parameter.
            if !(self.store.mentions(at, &[parameter]) && self.store.mentions(rest, &left)) {
                return Some(self.store.derivative(kind, rest, at));
            }
        }
        if self.store.mentions(f, &[parameter]) {
            return Some(self.derive(kind, f, parameter, parameter));
        }
        self.needs_declaration(
            "a gradient at several points",
            "write the variable: `grad(f, theta)`, `\\nabla_\\theta f`",
            span,
        )
    }

    /// The parameters of densities, and the first arguments of functions that are no sample variables.
    fn declared_parameters(&self) -> Vec<Expr> {
        let densities = self.vocabulary.densities.iter().filter_map(|d| d.parameter);
        let functions = self.vocabulary.functions.iter().filter_map(|f| f.arguments.first().copied());
        let mut found: Vec<Expr> = Vec::new();
        for parameter in densities.chain(functions) {
            if !found.contains(&parameter) && !self.vocabulary.is_sample(parameter) {
                found.push(parameter);
            }
        }
        found
    }

    /// Where densities and functions are evaluated in f, outermost first; sample variables and what depends on bound
    /// variables are not among them.
    fn slots(&self, f: Expr) -> Vec<Slot> {
        let mut found = Vec::new();
        let mut seen = rustc_hash::FxHashSet::default();
        let mut stack = vec![f];
        while let Some(e) = stack.pop() {
            if !seen.insert(e) {
                continue;
            }
            let before = found.len();
            match &self.store[e] {
                Node::Apply(head, arguments) => {
                    if let Some(density) = self.vocabulary.density_of(*head) {
                        let slot = density.parameter.zip(arguments.get(1).copied());
                        found.extend(slot.map(|(parameter, at)| Slot { at, parameter }));
                    } else if let Some(function) = self.vocabulary.function_of(*head) {
                        let slot = function.arguments.first().copied().zip(arguments.first().copied());
                        found.extend(slot.map(|(parameter, at)| Slot { at, parameter }));
                    }
                    self.keep_open_slots(&mut found, before);
                    continue;
                }
                Node::Divergence { first, from, second, to } => {
                    let at = |head, at| {
                        let density = self.vocabulary.density_of(head)?;
                        density.parameter.map(|parameter| Slot { at, parameter })
                    };
                    found.extend(at(*first, *from));
                    found.extend(at(*second, *to));
                }
                Node::Expectation { density, parameter: at, .. } | Node::Fisher { density, at } => {
                    let declared = self.vocabulary.density_of(*density).and_then(|d| d.parameter);
                    found.extend(declared.map(|parameter| Slot { at: *at, parameter }));
                }
                _ => {}
            }
            self.keep_open_slots(&mut found, before);
            stack.extend(self.store[e].children());
        }
        found
    }

    fn keep_open_slots(&self, found: &mut Vec<Slot>, from: usize) {
        let kept: Vec<Slot> = found
            .split_off(from)
            .into_iter()
            .filter(|slot| self.store.free_bound(slot.at) == 0 && !self.vocabulary.is_sample(slot.parameter))
            .collect();
        found.extend(kept);
    }

    /// `diff(f, x, y)`, `∂²f/∂θ∂θᵀ`.
    pub(super) fn derivative(&mut self, body: &Tree, by: &[Tree], span: Span) -> Option<Expr> {
        let f = self.tree(body);
        let mut variables: Vec<Option<(Expr, bool)>> = Vec::new();
        for tree in by {
            let (tree, transposed) = match &tree.kind {
                Kind::Transpose(inner) => (&**inner, true),
                _ => (tree, false),
            };
            variables.push(self.variable(tree).map(|x| (x, transposed)));
        }
        let mut f = f?;
        let variables: Vec<(Expr, bool)> = variables.into_iter().collect::<Option<_>>()?;
        if let [(x, _), (y, _)] = variables[..]
            && x == y
            && !self.store.shape(x).is_scalar()
        {
            let f = self.differentiable(DerivativeKind::Hessian, f, body.span)?;
            return Some(self.by_variable(DerivativeKind::Hessian, f, x, body, span));
        }
        let single = variables.len() == 1;
        for (x, transposed) in variables {
            f = self.differentiable(DerivativeKind::Gradient, f, body.span)?;
            let scalar = self.store.shape(f).is_scalar();
            let gradient = if single {
                self.by_variable(DerivativeKind::Gradient, f, x, body, span)
            } else {
                self.derive(DerivativeKind::Gradient, f, x, x)
            };
            let is_row = (transposed || self.vocabulary.gradient_row) && scalar && single;
            f = if is_row { self.store.transpose(gradient) } else { gradient };
        }
        Some(f)
    }

    /// Does anything in the tree bind the variable?
    fn binds(&self, tree: &Tree, x: Expr, name: &str) -> bool {
        let here = match &tree.kind {
            Kind::Range { variable, .. } => variable == name,
            Kind::Expectation { .. } | Kind::Divergence(..) => self.vocabulary.is_sample(x),
            _ => false,
        };
        here || tree.parts().into_iter().any(|part| self.binds(part, x, name))
    }
}
