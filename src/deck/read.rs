//! The text of a family → the family: declarations, sample space, density, coordinates, claims.
//!
//! Everything wrong is reported at once. Parameters and observations live in scopes of their own: `log p(x)`
//! names the density, whatever the parameters are called.

use rustc_hash::FxHashSet;

use crate::expr::{Expr, Fact, Node, Scope, Shape, Store, Symbol, lower, lower_conditions};
use crate::stats::{Atom, Claim, Coordinates, Family, Parameter};
use crate::syntax::{
    Condition, ConditionKind, CoordinatesText, Definition, DensityText, FamilyText, Kind, QUANTITIES, Tree,
};
use crate::text::{Code, Diagnostic, Span, suggest};

/// The families of a text; those that cannot be read are left out and reported.
pub fn families(
    store: &mut Store,
    texts: &[&FamilyText],
    source: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Vec<Family> {
    texts.iter().filter_map(|text| family(store, text, source, diagnostics)).collect()
}

/// One family; `None` when something in it was reported, other than in its claims: a claim that cannot be read is
/// left out. `source` is the text the spans point into.
pub fn family(
    store: &mut Store,
    text: &FamilyText,
    source: &str,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Family> {
    Reader { store, diagnostics, source }.family(text)
}

struct Reader<'a> {
    store: &'a mut Store,
    diagnostics: &'a mut Vec<Diagnostic>,
    source: &'a str,
}

impl Reader<'_> {
    fn report(&mut self, code: Code, span: Span) {
        self.diagnostics.push(Diagnostic::error(code, span));
    }

    fn family(&mut self, text: &FamilyText) -> Option<Family> {
        let before = self.diagnostics.len();
        let mut scope = Scope::strict();
        let mut facts = Vec::new();
        self.unclaimed(&text.parameter_names, &text.constant_names);
        // Constants first: domains of parameters may mention them, and the other way round.
        let constants = self.declare(&mut scope, &text.constant_names, &text.constants);
        let parameters = self.declare(&mut scope, &text.parameter_names, &text.parameters);
        facts.extend(self.conditions(&mut scope, &text.parameters));
        facts.extend(self.conditions(&mut scope, &text.constants));
        let parameter_scope = scope.clone();
        let mut sample_facts = Vec::new();
        let variables = self.declare(&mut scope, &text.variable_names, &text.sample_space);
        sample_facts.extend(self.conditions(&mut scope, &text.sample_space));
        let ordered = self.ordered(&text.definitions);
        for (name, ..) in text.definitions.iter().filter(|d| !ordered.iter().any(|o| o.1 == d.1)) {
            // Reported once, where it is defined, and not at each use.
            let unknown = self.store.scalar(name);
            scope.declare(name, unknown);
        }
        for (name, span, tree) in ordered {
            let value = lower(self.store, &mut scope, tree, self.diagnostics);
            if scope.meaning(name).is_some() {
                self.report(Code::DuplicateName { name: name.clone() }, *span);
            }
            if let Some(value) = value {
                scope.declare(name, value);
            }
        }
        let density = self.density(&mut scope, &text.density);
        let atoms: Vec<Option<Atom>> = text
            .atoms
            .iter()
            .map(|atom| {
                let point: Option<Vec<Expr>> = atom
                    .point
                    .iter()
                    .map(|tree| lower(self.store, &mut parameter_scope.clone(), tree, self.diagnostics))
                    .collect();
                let log_probability = self.density(&mut parameter_scope.clone(), &atom.density);
                Some(Atom { point: point?, log_probability: log_probability? })
            })
            .collect();
        let coordinates: Vec<Option<Coordinates>> =
            text.coordinates.iter().map(|c| self.coordinates(&parameter_scope, &parameters, c)).collect();
        let coordinates: Option<Vec<Coordinates>> = coordinates.into_iter().collect();
        let log_density = density?;
        let mut family = Family {
            name: text.name.clone(),
            parameters,
            constants,
            variables,
            facts,
            sample_facts,
            log_density,
            atoms: atoms.into_iter().collect::<Option<_>>()?,
            coordinates: coordinates?,
            claims: Vec::new(),
        };
        if self.diagnostics.len() > before {
            return None;
        }
        family.claims = self.claims(text, &family, &scope);
        Some(family)
    }

    /// What is derived brings names of its own: `mu_q` is the second argument's `mu` in a divergence, `g_1` an entry
    /// of a gradient. A parameter or constant of that name could not be told from it.
    fn unclaimed(&mut self, parameters: &[(String, Span)], constants: &[(String, Span)]) {
        for (name, span) in parameters.iter().chain(constants) {
            let second = parameters.iter().find(|(p, _)| name.strip_suffix("_q") == Some(p));
            let meaning = match second {
                Some((p, _)) => format!("the `{p}` of the second density in a divergence"),
                None if (1..=parameters.len()).any(|i| *name == format!("g_{i}")) => {
                    "an entry of a gradient".to_owned()
                }
                None => continue,
            };
            let help = format!("choose another name: `{name}` is {meaning}");
            let code = Code::ReservedName { name: name.clone() };
            self.diagnostics.push(Diagnostic::error(code, *span).with_help(help));
        }
    }

    /// Definitions such that each stands behind those it uses; those that need each other are reported.
    fn ordered<'t>(&mut self, definitions: &'t [Definition]) -> Vec<&'t Definition> {
        let uses: Vec<Vec<usize>> = definitions
            .iter()
            .map(|(_, _, tree)| {
                let free = free_names(tree);
                (0..definitions.len()).filter(|i| free.contains(definitions[*i].0.as_str())).collect()
            })
            .collect();
        let mut ordered: Vec<usize> = Vec::with_capacity(definitions.len());
        loop {
            let is_ready =
                |i: &usize| !ordered.contains(i) && uses[*i].iter().all(|used| ordered.contains(used));
            match (0..definitions.len()).find(is_ready) {
                Some(next) => ordered.push(next),
                None => break,
            }
        }
        // From what is left every step leads to something that is left: the walk must meet itself.
        if let Some(first) = (0..definitions.len()).find(|i| !ordered.contains(i)) {
            let mut walk = vec![first];
            let start = loop {
                let last = walk[walk.len() - 1];
                let next = uses[last]
                    .iter()
                    .copied()
                    .find(|i| !ordered.contains(i))
                    .expect("what is left uses what is left");
                match walk.iter().position(|i| *i == next) {
                    Some(start) => break start,
                    None => walk.push(next),
                }
            };
            let circle = &walk[start..];
            let names = circle.iter().map(|i| definitions[*i].0.clone()).collect();
            self.report(Code::CyclicDefinition { names }, definitions[circle[circle.len() - 1]].2.span);
        }
        ordered.into_iter().map(|i| &definitions[i]).collect()
    }

    /// Symbols for names, integers where a condition says so.
    fn declare(
        &mut self,
        scope: &mut Scope,
        names: &[(String, Span)],
        conditions: &[Condition],
    ) -> Vec<Parameter> {
        let mut declared = Vec::new();
        for (name, span) in names {
            if scope.meaning(name).is_some() {
                self.report(Code::DuplicateName { name: name.clone() }, *span);
                continue;
            }
            let integer = conditions.iter().any(|c| makes_integer(&c.kind, name));
            let symbol = self.store.symbol(Symbol { name: name.clone(), shape: Shape::SCALAR, integer });
            scope.declare(name, symbol);
            declared.push(Parameter { name: name.clone(), symbol });
        }
        declared
    }

    fn conditions(&mut self, scope: &mut Scope, conditions: &[Condition]) -> Vec<Fact> {
        lower_conditions(self.store, scope, conditions, false, self.diagnostics)
    }

    /// log p of either form.
    fn density(&mut self, scope: &mut Scope, text: &DensityText) -> Option<Expr> {
        let body = self.scalar(scope, &text.body)?;
        Some(if text.is_log { body } else { self.store.call_named("log", [body]) })
    }

    fn scalar(&mut self, scope: &mut Scope, tree: &Tree) -> Option<Expr> {
        let e = lower(self.store, scope, tree, self.diagnostics)?;
        let shape = self.store.shape(e);
        if shape.is_scalar() {
            return Some(e);
        }
        let code =
            Code::NotAScalar { subject: "the density".to_owned(), shape: self.store.shape_name(shape) };
        self.report(code, tree.span);
        None
    }

    fn coordinates(
        &mut self,
        outer: &Scope,
        parameters: &[Parameter],
        text: &CoordinatesText,
    ) -> Option<Coordinates> {
        if crate::stats::coordinates::BUILT_IN.contains(&text.name.as_str()) {
            self.report(Code::ReservedName { name: text.name.clone() }, text.name_span);
        }
        self.unclaimed(&text.names, &[]);
        // The new names shadow the old ones: `alpha = alpha` says that the coordinate is the parameter.
        let mut scope = Scope::strict();
        for name in outer.names().map(str::to_owned).collect::<Vec<_>>() {
            if !parameters.iter().any(|p| p.name == name)
                && let Some(meaning) = outer.meaning(&name)
            {
                scope.declare(&name, meaning);
            }
        }
        let names = self.declare(&mut scope, &text.names, &text.domain);
        let facts = self.conditions(&mut scope, &text.domain);
        let mut map: Vec<Option<Expr>> = vec![None; parameters.len()];
        for (name, span, tree) in &text.definitions {
            let value = lower(self.store, &mut scope, tree, self.diagnostics);
            match parameters.iter().position(|p| p.name == *name) {
                Some(i) if map[i].is_some() => self.report(Code::DuplicateName { name: name.clone() }, *span),
                Some(i) => map[i] = Some(value?),
                None => {
                    let suggestion = suggest(name, parameters.iter().map(|p| p.name.as_str()));
                    self.report(Code::UnknownName { name: name.clone(), suggestion }, *span);
                }
            }
        }
        for (value, parameter) in map.iter().zip(parameters) {
            if value.is_none() {
                self.report(Code::MissingValue { name: parameter.name.clone() }, text.name_span);
            }
        }
        Some(Coordinates {
            name: text.name.clone(),
            parameters: names,
            facts,
            map: map.into_iter().collect::<Option<_>>()?,
        })
    }

    fn claims(&mut self, text: &FamilyText, family: &Family, scope: &Scope) -> Vec<Claim> {
        let mut claims = Vec::new();
        for claim in &text.claims {
            if !QUANTITIES.contains(&claim.quantity.as_str()) {
                let suggestion = suggest(&claim.quantity, QUANTITIES.iter().copied());
                self.report(
                    Code::UnknownQuantity { name: claim.quantity.clone(), suggestion },
                    claim.quantity_span,
                );
                continue;
            }
            let mut scope = scope.clone();
            let mut names: Vec<Parameter> = family.parameters.clone();
            if let Some((name, span)) = &claim.coordinates {
                match family.coordinates.iter().find(|c| c.name == *name) {
                    Some(chosen) => {
                        for parameter in &chosen.parameters {
                            scope.declare(&parameter.name, parameter.symbol);
                        }
                        names = chosen.parameters.clone();
                    }
                    None if matches!(name.as_str(), "natural" | "mean") => {
                        let letter = if name == "natural" { "eta" } else { "m" };
                        names = (1..=8)
                            .map(|i| {
                                let name = format!("{letter}_{i}");
                                Parameter { symbol: self.store.scalar(&name), name }
                            })
                            .collect();
                        for parameter in &names {
                            scope.declare(&parameter.name, parameter.symbol);
                        }
                    }
                    None => {
                        let known = family.coordinates.iter().map(|c| c.name.as_str());
                        let suggestion = suggest(name, known.chain(crate::stats::coordinates::BUILT_IN));
                        self.report(Code::UnknownCoordinates { name: name.clone(), suggestion }, *span);
                        continue;
                    }
                }
            }
            if claim.quantity == "kl" {
                for parameter in &names {
                    let other = format!("{}_q", parameter.name);
                    let integer = self.store.is_integer(parameter.symbol);
                    let symbol =
                        self.store.symbol(Symbol { name: other.clone(), shape: Shape::SCALAR, integer });
                    scope.declare(&other, symbol);
                }
            }
            let Some(value) = lower(self.store, &mut scope, &claim.value, self.diagnostics) else { continue };
            let (start, end) = (claim.span.start as usize, claim.span.end as usize);
            claims.push(Claim {
                quantity: claim.quantity.clone(),
                coordinates: claim.coordinates.as_ref().map(|(name, _)| name.clone()),
                value: rows(self.store, value),
                source: claim.source.clone(),
                expect: claim.expect.as_ref().map(|(text, _)| text.clone()),
                text: self.source.get(start..end).unwrap_or_default().trim().to_owned(),
                span: claim.span,
            });
        }
        claims
    }
}

/// The names a tree uses, those bound in it left out.
fn free_names(tree: &Tree) -> FxHashSet<&str> {
    let mut names: FxHashSet<&str> = FxHashSet::default();
    match &tree.kind {
        Kind::Name(name) => {
            names.insert(name);
        }
        Kind::Range { body, variable, from, to, .. } => {
            names = free_names(body);
            names.remove(variable.as_str());
            names.extend(from.iter().chain(to).flat_map(|end| free_names(end)));
        }
        // A declared name before a bracket is a product.
        Kind::Call { name, .. } => {
            names = tree.parts().into_iter().flat_map(free_names).collect();
            names.insert(name);
        }
        _ => names.extend(tree.parts().into_iter().flat_map(free_names)),
    }
    names
}

/// Does the condition make the name an integer?
fn makes_integer(kind: &ConditionKind, name: &str) -> bool {
    let is = |tree: &Tree| matches!(&tree.kind, Kind::Name(n) if n == name);
    let whole = |tree: &Tree| match &tree.kind {
        Kind::Number(q) => q.is_integer(),
        Kind::Negate(inner) => matches!(&inner.kind, Kind::Number(q) if q.is_integer()),
        _ => false,
    };
    match kind {
        ConditionKind::Integer(tree) | ConditionKind::Range(tree, ..) => is(tree),
        ConditionKind::OneOf(tree, values) => is(tree) && values.iter().all(whole),
        _ => false,
    }
}

/// The entries of a value by rows; of a scalar the only one.
fn rows(store: &Store, e: Expr) -> Vec<Vec<Expr>> {
    match &store[e] {
        Node::Matrix(shape, entries) => {
            let columns = match shape.columns {
                crate::expr::Dimension::Fixed(n) => n as usize,
                crate::expr::Dimension::Named(_) => 1,
            };
            entries.chunks(columns.max(1)).map(<[Expr]>::to_vec).collect()
        }
        _ => vec![vec![e]],
    }
}
