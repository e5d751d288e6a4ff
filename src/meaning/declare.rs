//! Declarations of a fence → vocabulary, with what cannot be declared and what contradicts.
//!
//! `small d` after `vector d in R^n` makes d a symbol of weight 1 in the limit; `assume norm(v) = 1` is kept as the
//! equation √(v'v) = 1 for those who prove.

use crate::claim::{AbstractFunction, Assumption};
use crate::expr::{Dimension, Expr, Shape, Store, Symbol};
use crate::number::Rational;
use crate::stats::Family;
use crate::syntax::{
    CONSTANTS, Declaration, DeclarationKind, FORMS, Item, Kind, MatrixProperty, Named, Tree,
};
use crate::text::{Code, Diagnostic, Span, suggest};

use super::assume::assumption;
use super::lower::Lowering;
use super::vocabulary::{DensityEntry, Entry, FamilyEntry, Macro, Vocabulary, symbol};

impl Vocabulary {
    /// Takes one declaration; what is wrong with it is reported, and the first of two that contradict is kept.
    pub fn declare(
        &mut self,
        store: &mut Store,
        declaration: &Declaration,
        diagnostics: &mut Vec<Diagnostic>,
    ) {
        Declaring { store, vocabulary: self, diagnostics }.declaration(declaration);
    }

    /// Takes what a fence says beside families and claims: a declaration, `let a = …`, `assume x > 0`.
    pub fn declare_item(&mut self, store: &mut Store, item: &Item, diagnostics: &mut Vec<Diagnostic>) {
        let mut declaring = Declaring { store, vocabulary: self, diagnostics };
        match item {
            Item::Declaration(declaration) => declaring.declaration(declaration),
            Item::Definition((name, span, value)) => {
                let name = (name.clone(), *span);
                let kind = DeclarationKind::Let { name, value: value.clone() };
                declaring.declaration(&Declaration { kind, span: *span });
            }
            Item::Assume(conditions) => declaring.conditions(conditions),
            Item::Family(_) | Item::Claim(_) => {}
        }
    }

    /// A concrete family: `p(x)` is its density, `log p(x)` its log-density, its parameters and constants are names.
    pub fn declare_family(&mut self, store: &Store, family: &Family) {
        let named = family.parameters.iter().chain(&family.constants);
        for parameter in named {
            self.entries.insert(parameter.name.clone(), Entry::Symbol(parameter.symbol));
        }
        for variable in &family.variables {
            self.entries.insert(variable.name.clone(), Entry::Sample(variable.symbol));
        }
        for fact in family.facts.iter().chain(&family.sample_facts) {
            self.assumptions.extend(assumption(fact));
        }
        for parameter in family.parameters.iter().chain(&family.constants) {
            let integer = Assumption::Integer(parameter.symbol);
            if store.is_integer(parameter.symbol) && !self.assumptions.contains(&integer) {
                self.assumptions.push(integer);
            }
        }
        let entry = FamilyEntry {
            parameters: family.theta(),
            variables: family.x(),
            log_density: family.log_density,
        };
        self.families.push(entry);
        self.entries.insert("p".to_owned(), Entry::Family(self.families.len() - 1));
    }
}

/// Declarations on their way into a vocabulary.
pub(super) struct Declaring<'a> {
    pub store: &'a mut Store,
    pub vocabulary: &'a mut Vocabulary,
    pub diagnostics: &'a mut Vec<Diagnostic>,
}

impl Declaring<'_> {
    pub(super) fn declaration(&mut self, declaration: &Declaration) {
        match &declaration.kind {
            DeclarationKind::Dimension(names) => {
                for name in names {
                    let n = self.dimension_symbol(&name.0);
                    self.add(name, Entry::Dimension(n));
                }
            }
            DeclarationKind::Vector { names, dimension } => {
                if let Some(rows) = self.dimension(dimension) {
                    self.symbols(names, Shape::vector(rows));
                }
            }
            DeclarationKind::Matrix { names, rows, columns, properties } => {
                self.matrices(names, rows, columns, properties, declaration.span);
            }
            DeclarationKind::Scalar { names, conditions } => {
                self.scalars(names, conditions, declaration.span)
            }
            DeclarationKind::Density { name, variable, parameter, regularity } => {
                self.density(name, variable, parameter.as_ref(), *regularity);
            }
            DeclarationKind::Function { name, arguments, values, smoothness } => {
                self.function(name, arguments, values.as_ref(), *smoothness);
            }
            DeclarationKind::Write { short, long } => self.write(short, long),
            DeclarationKind::Let { name, value } => {
                if let Some(e) = self.lowered(|lowering| lowering.tree(value)) {
                    self.add(name, Entry::Value(e));
                }
            }
            DeclarationKind::Small(names) => {
                for (name, weight) in names {
                    self.small(name, weight);
                }
            }
            DeclarationKind::Property { of, property: said } => {
                if let Some(e) = self.lowered(|lowering| lowering.tree(of)) {
                    self.assume_property(e, *said, of.span);
                }
            }
            DeclarationKind::Assume(chains) => {
                for chain in chains {
                    let found = self.lowered(|lowering| lowering.assumptions(chain));
                    for one in found.unwrap_or_default() {
                        self.assume(one, chain.first.span);
                    }
                }
            }
            DeclarationKind::GradientRow(is_row) => self.vocabulary.gradient_row = *is_row,
            DeclarationKind::Inline(_) | DeclarationKind::At { .. } => {}
        }
    }

    pub(super) fn report(&mut self, code: Code, span: Span) {
        self.diagnostics.push(Diagnostic::error(code, span));
    }

    pub(super) fn lowered<T>(&mut self, read: impl FnOnce(&mut Lowering) -> Option<T>) -> Option<T> {
        let mut lowering = Lowering::new(self.store, self.vocabulary);
        let result = read(&mut lowering);
        self.diagnostics.append(&mut lowering.lints);
        result
    }

    /// Gives a name its meaning, unless it has another one.
    pub(super) fn add(&mut self, (name, span): &Named, entry: Entry) -> bool {
        if FORMS.contains(&name.as_str()) || CONSTANTS.contains(&name.as_str()) {
            self.report(Code::ReservedName { name: name.clone() }, *span);
            return false;
        }
        let value = |entry: &Entry| match entry {
            Entry::Symbol(e) | Entry::Sample(e) | Entry::Value(e) | Entry::Dimension(e) => Some(*e),
            _ => None,
        };
        match self.vocabulary.entries.get(name) {
            Some(before) if value(before).is_some() && value(before) == value(&entry) => true,
            Some(before) => {
                let before = self.describe(*before);
                self.report(Code::ContradictoryDeclaration { name: name.clone(), before }, *span);
                false
            }
            None => {
                if let Some(e) = value(&entry) {
                    self.vocabulary.note_matrix(self.store, name, e);
                }
                self.vocabulary.entries.insert(name.clone(), entry);
                self.vocabulary.declared.push((name.clone(), *span));
                true
            }
        }
    }

    fn describe(&self, entry: Entry) -> String {
        match entry {
            Entry::Symbol(e) => format!("a {}", self.store.shape_name(self.store.shape(e))),
            Entry::Value(e) => format!("`{}`", crate::print::display(self.store, e)),
            Entry::Sample(_) => "a sample variable".to_owned(),
            Entry::Dimension(_) => "a dimension".to_owned(),
            Entry::Density(_) => "a density".to_owned(),
            Entry::Function(_) => "a function".to_owned(),
            Entry::Family(_) => "the density of a family".to_owned(),
        }
    }

    fn dimension_symbol(&mut self, name: &str) -> Expr {
        self.store.symbol(Symbol { name: name.to_owned(), shape: Shape::SCALAR, integer: true })
    }

    /// `n` or `3` after `R^`; a name without a meaning becomes a dimension.
    pub(super) fn dimension(&mut self, tree: &Tree) -> Option<Dimension> {
        let expected = "the name of a dimension or a positive whole number".to_owned();
        match &tree.kind {
            Kind::Number(q) => {
                let fixed = q.as_i64().and_then(|n| u32::try_from(n).ok()).filter(|n| *n > 0);
                if fixed.is_none() {
                    self.report(Code::Syntax { expected, found: format!("`{q}`") }, tree.span);
                }
                fixed.map(Dimension::Fixed)
            }
            Kind::Name(name) => {
                let n = self.dimension_symbol(name);
                self.vocabulary.used.insert(name.clone());
                let added = self.add(&(name.clone(), tree.span), Entry::Dimension(n));
                added.then(|| Dimension::Named(self.store.as_symbol(n).expect("a dimension is a symbol")))
            }
            _ => {
                self.report(Code::Syntax { expected, found: "an expression".to_owned() }, tree.span);
                None
            }
        }
    }

    pub(super) fn symbols(&mut self, names: &[Named], shape: Shape) -> Vec<Expr> {
        let mut added = Vec::new();
        for name in names {
            let e = symbol(self.store, &name.0, shape);
            if self.add(name, Entry::Symbol(e)) {
                added.push(e);
            }
        }
        added
    }

    pub(super) fn matrices(
        &mut self,
        names: &[Named],
        rows: &Tree,
        columns: &Tree,
        said: &[MatrixProperty],
        span: Span,
    ) {
        let (rows, columns) = (self.dimension(rows), self.dimension(columns));
        let (Some(rows), Some(columns)) = (rows, columns) else { return };
        for e in self.symbols(names, Shape::matrix(rows, columns)) {
            for one in said {
                self.assume_property(e, *one, span);
            }
        }
    }

    /// A name declared before, or else a real scalar from here on.
    fn declared_or_scalar(&mut self, name: &Named, make: fn(Expr) -> Entry) -> Option<Expr> {
        if let Some(e) = self.vocabulary.value(&name.0) {
            self.vocabulary.used.insert(name.0.clone());
            return self.store.as_symbol(e).map(|_| e).or_else(|| {
                let before = crate::print::display(self.store, e);
                self.report(Code::ContradictoryDeclaration { name: name.0.clone(), before }, name.1);
                None
            });
        }
        let e = self.store.scalar(&name.0);
        let added = self.add(name, make(e));
        // It came with another declaration, so it need not be used by itself.
        self.vocabulary.used.insert(name.0.clone());
        added.then_some(e)
    }

    pub(super) fn density(
        &mut self,
        name: &Named,
        variable: &Named,
        parameter: Option<&Named>,
        regularity: u32,
    ) {
        let variable = self.declared_or_scalar(variable, Entry::Sample);
        let parameter = match parameter {
            None => None,
            Some(parameter) => match self.declared_or_scalar(parameter, Entry::Symbol) {
                Some(e) => Some(e),
                None => return,
            },
        };
        let Some(variable) = variable else { return };
        let id = self.store.symbol_id(Symbol { name: name.0.clone(), shape: Shape::SCALAR, integer: false });
        let entry = DensityEntry { name: name.0.clone(), symbol: id, variable, parameter, regularity };
        let same = |d: &DensityEntry| {
            (d.symbol, d.variable, d.parameter, d.regularity)
                == (entry.symbol, entry.variable, entry.parameter, entry.regularity)
        };
        let is_known = self.vocabulary.entries.contains_key(&name.0);
        if is_known && self.vocabulary.densities.iter().any(same) {
            return;
        }
        // A name that was forgotten is declared again in its old place.
        let place = self.vocabulary.densities.iter().position(|d| d.symbol == entry.symbol);
        let place = place.filter(|_| !self.vocabulary.entries.contains_key(&name.0));
        if self.add(name, Entry::Density(place.unwrap_or(self.vocabulary.densities.len()))) {
            match place {
                Some(place) => self.vocabulary.densities[place] = entry,
                None => self.vocabulary.densities.push(entry),
            }
        }
    }

    pub(super) fn function(
        &mut self,
        name: &Named,
        arguments: &[Named],
        values: Option<&Tree>,
        smoothness: u32,
    ) {
        let shape = match values {
            None => Shape::SCALAR,
            Some(tree) => match self.dimension(tree) {
                Some(rows) => Shape::vector(rows),
                None => return,
            },
        };
        let slots: Vec<Option<Expr>> =
            arguments.iter().map(|a| self.declared_or_scalar(a, Entry::Symbol)).collect();
        let Some(slots) = slots.into_iter().collect::<Option<Vec<Expr>>>() else { return };
        let id = self.store.symbol_id(Symbol { name: name.0.clone(), shape, integer: false });
        let function = AbstractFunction { symbol: id, arguments: slots, smoothness };
        let is_known = self.vocabulary.entries.contains_key(&name.0);
        if is_known && self.vocabulary.functions.contains(&function) {
            return;
        }
        let place = self.vocabulary.functions.iter().position(|f| f.symbol == function.symbol);
        let place = place.filter(|_| !self.vocabulary.entries.contains_key(&name.0));
        if self.add(name, Entry::Function(place.unwrap_or(self.vocabulary.functions.len()))) {
            match place {
                Some(place) => self.vocabulary.functions[place] = function,
                None => self.vocabulary.functions.push(function),
            }
        }
    }

    pub(super) fn write(&mut self, short: &Tree, long: &Tree) {
        let name_of = |tree: &Tree| match &tree.kind {
            Kind::Name(name) => Some(name.clone()),
            _ => None,
        };
        let (head, parameters) = match &short.kind {
            Kind::Name(name) => (name.clone(), Some(Vec::new())),
            Kind::Call { name, arguments, .. } => (name.clone(), arguments.iter().map(name_of).collect()),
            _ => (String::new(), None),
        };
        let Some(parameters) = parameters else {
            let expected = "a name, or a name applied to names".to_owned();
            return self.report(Code::Syntax { expected, found: "another formula".to_owned() }, short.span);
        };
        let same_place = |m: &&Macro| m.head == head && m.parameters.len() == parameters.len();
        if let Some(before) = self.vocabulary.macros.iter().find(same_place) {
            if before.long.kind != long.kind || before.parameters != parameters {
                let before = format!("`{}`", super::spell::spell(&before.long));
                self.report(Code::ContradictoryDeclaration { name: head, before }, short.span);
            }
            return;
        }
        // Where every parameter is a declared name the long form can be read now, and is reported here once.
        let declared = parameters.iter().all(|p| self.vocabulary.value(p).is_some());
        if declared && self.lowered(|lowering| lowering.tree(long)).is_none() {
            return;
        }
        if !self.vocabulary.entries.contains_key(&head) {
            self.vocabulary.declared.push((head.clone(), short.span));
        }
        self.vocabulary.macros.push(Macro { head, parameters, long: long.clone() });
    }

    pub(super) fn small(&mut self, (name, span): &Named, weight: &Rational) {
        let Some(e) = self.vocabulary.value(name).filter(|e| self.store.as_symbol(*e).is_some()) else {
            let suggestion = suggest(name, self.vocabulary.names());
            let code = Code::UnknownName { name: name.clone(), suggestion };
            let help = format!("declare it before: `vector {name} in R^n` or `scalar {name}`");
            self.diagnostics.push(Diagnostic::error(code, *span).with_help(help));
            return;
        };
        self.vocabulary.used.insert(name.clone());
        match self.vocabulary.weight(e) {
            Some(before) if before == weight => {}
            Some(before) => {
                let before = format!("of weight {before}");
                self.report(Code::ContradictoryDeclaration { name: name.clone(), before }, *span);
            }
            None => self.vocabulary.limit.symbols.push((e, weight.clone())),
        }
    }
}
