//! Names without brackets behind them: symbols, iterates, entries, and functions that stand for their application.
//!
//! `theta^(k)` is an iterate of the declared vector θ; `∇L` has L(θ) inside; below a sum over i, `x_i` is an entry of x.

use crate::expr::{Expr, Store};
use crate::function;
use crate::syntax::{Kind, Tree, parse_expression};
use crate::text::{Code, Diagnostic, Span, suggest};

use super::lower::Lowering;
use super::spell::spell;
use super::vocabulary::{Entry, is_typographic, symbol};

impl Lowering<'_> {
    /// The meaning of a name among the variables of binders and the declared values.
    pub(super) fn known_value(&mut self, name: &str) -> Option<Expr> {
        if let Some((_, e)) = self.local.iter().rev().find(|(local, _)| local == name) {
            return Some(*e);
        }
        self.vocabulary.value(name)
    }

    pub(super) fn name(&mut self, name: &str, span: Span) -> Option<Expr> {
        if let Some((_, e)) = self.local.iter().rev().find(|(local, _)| local == name) {
            return Some(*e);
        }
        self.vocabulary.used.insert(name.to_owned());
        match self.vocabulary.entries.get(name).copied() {
            Some(Entry::Symbol(e) | Entry::Value(e) | Entry::Sample(e) | Entry::Dimension(e)) => {
                self.doubts += usize::from(self.vocabulary.has_applied(name));
                return Some(e);
            }
            Some(entry) => {
                self.doubts += 1;
                return self.bare(name, entry, span);
            }
            None => {}
        }
        if let Some(at) =
            self.vocabulary.macros.iter().position(|m| m.head == name && m.parameters.is_empty())
        {
            return self.expand(at, &[]);
        }
        if let Some((density, parameter)) = self.subscripted(name, span) {
            self.doubts += 1;
            return self.at_declared_outcome(density, parameter, span);
        }
        if let Some(e) = self.subscript_iterate(name, span) {
            return Some(e);
        }
        if let Some(entry) = self.entry(name) {
            return Some(entry);
        }
        match self.vocabulary.table(name) {
            Some(constant) if constant.row().is_constant() => return Some(self.store.call(constant, [])),
            Some(function) => {
                let expected = super::apply::arguments_text(function.row().params.len());
                let code = Code::WrongArity { function: name.to_owned(), expected, found: 0 };
                let help = format!("if it is a variable, declare it before: `scalar {name}`");
                self.lints.push(Diagnostic::error(code, span).with_help(help));
                return None;
            }
            None if name == "e" => return Some(self.store.call_named("exp", [Store::ONE])),
            None => {}
        }
        self.unknown_name(name, span)
    }

    fn unknown_name<T>(&mut self, name: &str, span: Span) -> Option<T> {
        let known = self.vocabulary.names();
        let constants = function::functions().filter(|f| f.row().is_constant()).map(|f| f.row().name);
        let suggestion = suggest(name, known.into_iter().chain(constants));
        let help = format!("declare it before: `scalar {name}` or `vector {name} in R^n`");
        let code = Code::UnknownName { name: name.to_owned(), suggestion };
        self.lints.push(Diagnostic::error(code, span).with_help(help));
        None
    }

    /// A function or density without arguments stands for its declared application: `∇L`, `E[log p]`.
    pub(super) fn bare(&mut self, name: &str, entry: Entry, span: Span) -> Option<Expr> {
        match entry {
            Entry::Density(at) => {
                let density = &self.vocabulary.densities[at];
                let (variable, parameter, head) = (density.variable, density.parameter, density.symbol);
                let slots: Vec<Expr> = std::iter::once(variable).chain(parameter).collect();
                self.use_slots(&slots);
                Some(self.store.apply(head, slots))
            }
            Entry::Function(at) => {
                let function = &self.vocabulary.functions[at];
                let (head, slots) = (function.symbol, function.arguments.clone());
                self.use_slots(&slots);
                Some(self.store.apply(head, slots))
            }
            Entry::Family(_) => self.needs_declaration(
                format!("the family's density `{name}` without an argument"),
                "write its argument: `p(x)`",
                span,
            ),
            _ => None,
        }
    }

    fn use_slots(&mut self, slots: &[Expr]) {
        for slot in slots {
            if let Some(id) = self.store.as_symbol(*slot) {
                let name = self.store.symbol_of(id).name.clone();
                self.vocabulary.used.insert(name);
            }
        }
    }

    /// `theta^(k)`: a declared or defined name, else an iterate, of the shape of the name before it.
    pub(super) fn superscript(&mut self, tree: &Tree, base: &Tree, above: &Tree) -> Option<Expr> {
        let name = spell(tree);
        if let Some(e) = self.known_value(&name) {
            self.vocabulary.used.insert(name);
            return Some(e);
        }
        if let Kind::Name(base) = &base.kind
            && let Some(shape) = self.vocabulary.iterate_shape(self.store, base)
        {
            self.vocabulary.used.insert(base.clone());
            return Some(symbol(self.store, &name, shape));
        }
        let _ = above;
        let help =
            format!("declare `{}` as a vector or scalar: its iterates have the same shape", spell(base));
        self.needs_declaration(format!("`{name}`"), &help, tree.span)
    }

    pub(super) fn accent(&mut self, tree: &Tree, mark: &str, body: &Tree) -> Option<Expr> {
        if is_typographic(mark) {
            return self.tree(body);
        }
        let name = spell(tree);
        match self.known_value(&name) {
            Some(e) => {
                self.vocabulary.used.insert(name);
                Some(e)
            }
            None => self.unknown_name(&name, tree.span),
        }
    }

    /// `v[i]`; `theta_{k+1}` where `theta_k` is declared; `g_{x}(u, v)` with `function g(x, u, v)`.
    pub(super) fn index(&mut self, tree: &Tree, a: &Tree, indices: &[Tree]) -> Option<Expr> {
        match (&a.kind, indices) {
            (Kind::Name(base), [index]) if self.known_value(base).is_none() => {
                let name = spell(tree);
                if let Some(e) = self.known_value(&name) {
                    self.vocabulary.used.insert(name);
                    return Some(e);
                }
                if let Some((declared, shape)) = self.vocabulary.subscript_iterate(self.store, base, index) {
                    self.vocabulary.used.insert(declared);
                    return Some(symbol(self.store, &name, shape));
                }
                self.unknown_name(base, a.span)
            }
            (Kind::Call { name, arguments, .. }, _) if self.vocabulary.arity(name).is_some() => {
                let all: Vec<Tree> = indices.iter().chain(arguments).cloned().collect();
                self.call(name, a.span, &all, tree.span)
            }
            _ => {
                let a = self.tree(a);
                let indices = self.trees(indices)?;
                Some(self.store.index(a?, indices))
            }
        }
    }

    /// `p_theta`, `p_{theta + d}`: a density at what stands below it.
    pub(super) fn subscripted(&mut self, name: &str, span: Span) -> Option<(usize, Expr)> {
        if let Some(found) = self.vocabulary.subscripted(name) {
            return Some(found);
        }
        let (head, below) = formula_below(name, span)?;
        let Some(Entry::Density(at)) = self.vocabulary.entries.get(head).copied() else { return None };
        self.vocabulary.densities[at].parameter?;
        let before = self.mark();
        let e = self.tree(&below);
        self.rewind(&before);
        Some((at, e?))
    }

    /// `theta_{k+1}`, where `theta_k` is declared.
    fn subscript_iterate(&mut self, name: &str, span: Span) -> Option<Expr> {
        let (base, below) = formula_below(name, span)?;
        let (declared, shape) = self.vocabulary.subscript_iterate(self.store, base, &below)?;
        self.vocabulary.used.insert(declared);
        Some(symbol(self.store, name, shape))
    }

    /// `x_i` below a sum over i is an entry of the declared vector x.
    pub(super) fn entry(&mut self, name: &str) -> Option<Expr> {
        let (base, index) = name.rsplit_once('_')?;
        let (_, i) = *self.local.iter().rev().find(|(local, _)| local == index)?;
        let v = self.vocabulary.value(base)?;
        let is_vector = !self.store.shape(v).is_scalar() && super::product::is_column(self.store.shape(v));
        if !(is_vector && self.store.is_integer(i)) {
            return None;
        }
        self.vocabulary.used.insert(base.to_owned());
        Some(self.store.index(v, [i]))
    }
}

/// The name and the formula of `theta_k+1`, as a subscript that is no name is spelled.
fn formula_below(name: &str, span: Span) -> Option<(&str, Tree)> {
    let (base, below) = name.split_once('_')?;
    if below.chars().all(|c| c.is_alphanumeric() || c == '_') {
        return None;
    }
    let (tree, _) = parse_expression(below, span.start as usize);
    Some((base, tree?))
}
