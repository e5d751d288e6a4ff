//! What a claim and its assumptions speak of: symbols with their roles, densities, functions, dimensions.
//!
//! In `KL(p(θ) ‖ p(θ + d)) = ½ dᵀF d` the symbol θ is a parameter of p and takes points of the family; d is a step.

use rustc_hash::FxHashSet;

use crate::claim::{Assumption, Context};
use crate::expr::{Dimension, Expr, Node, Shape, Store, SymbolId};
use crate::number::Rational;

/// What a symbol is used as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    /// A sample.
    Sample,
    /// A parameter of this density.
    Parameter(SymbolId),
    /// Where a function is looked at.
    Place,
    /// A length of which steps are made, or anything else.
    Free,
}

/// What there is to be chosen.
#[derive(Clone, Debug, Default)]
pub(super) struct Survey {
    /// Symbols without a definition, in structural order, with shape and role.
    pub symbols: Vec<(SymbolId, Shape, Role)>,
    /// Symbols with a definition, in an order in which they can be evaluated.
    pub definitions: Vec<(SymbolId, Expr)>,
    /// Densities with the shape of their parameters.
    pub densities: Vec<(SymbolId, Option<Shape>)>,
    /// Functions with the shapes of their arguments and of their value, and the names of the arguments.
    pub functions: Vec<FunctionUse>,
    /// Symbolic dimensions.
    pub dimensions: Vec<SymbolId>,
    /// Calls such as `cos(alpha)` that an assumption gives a value, where alpha occurs nowhere else.
    pub named: Vec<(Expr, Expr)>,
    /// The assumptions that speak of any of these, without the definitions.
    pub assumptions: Vec<Assumption>,
    /// Densities that are assumed to be of exponential form, with the functions of which it is made.
    pub exponential: Vec<(SymbolId, Vec<(SymbolId, Part)>)>,
    /// Symbols that stand in assumptions about functions which the claim applies to bound variables: whatever is assumed
    /// holds at all samples.
    pub sampled: Vec<SymbolId>,
    /// May a family be looked at whose support depends on the parameter?
    pub irregular: bool,
    /// Why instances say nothing: something is declared nowhere, or has two readings.
    pub obstacle: Option<String>,
}

/// What a function is in log p(x|θ) = T(x)ᵀθ − A(θ) + log h(x).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// T.
    Statistic,
    /// A.
    LogPartition,
    /// h.
    Base,
}

/// An abstract function in use.
#[derive(Clone, Debug)]
pub(super) struct FunctionUse {
    pub symbol: SymbolId,
    pub arguments: Vec<(String, Shape)>,
    pub values: Shape,
}

/// The expressions of an assumption.
pub(super) fn expressions(assumption: &Assumption) -> Vec<Expr> {
    match assumption {
        Assumption::Positive(e)
        | Assumption::NonNegative(e)
        | Assumption::NonZero(e)
        | Assumption::Integer(e)
        | Assumption::Property(e, _) => vec![*e],
        Assumption::Equal(a, b) => vec![*a, *b],
    }
}

/// Symbols and heads of abstract functions below some roots.
fn names(store: &Store, roots: &[Expr]) -> FxHashSet<SymbolId> {
    let mut found = FxHashSet::default();
    for e in store.post_order(roots) {
        match &store[e] {
            Node::Symbol(id) | Node::Apply(id, _) => drop(found.insert(*id)),
            Node::Expectation { density, .. }
            | Node::SampleIntegral { density, .. }
            | Node::Fisher { density, .. } => {
                found.insert(*density);
            }
            Node::Divergence { first, second, .. } => found.extend([*first, *second]),
            _ => {}
        }
    }
    found
}

/// A property of the Fisher information of a density of which a claim does not speak: some density has it.
fn of_another_density(store: &Store, assumption: &Assumption, claimed: &FxHashSet<SymbolId>) -> bool {
    match assumption {
        Assumption::Property(e, _) => {
            matches!(store[*e], Node::Fisher { density, .. } if !claimed.contains(&density))
        }
        _ => false,
    }
}

/// Looks at a claim's expressions; `fixed` are symbols that no definition may determine.
pub(super) fn survey(store: &Store, claim: &[Expr], context: &Context, fixed: &[Expr]) -> Survey {
    let mut survey = Survey::default();
    let mut roots = claim.to_vec();
    let mut known = names(store, claim);
    let claimed = known.clone();
    let mut waiting: Vec<&Assumption> = context
        .assumptions
        .iter()
        .filter(|assumption| !of_another_density(store, assumption, &claimed))
        .collect();
    loop {
        // An assumption matters as soon as it shares a name with what matters.
        let (related, rest): (Vec<_>, Vec<_>) = waiting.into_iter().partition(|assumption| {
            names(store, &expressions(assumption)).iter().any(|name| known.contains(name))
        });
        waiting = rest;
        if related.is_empty() {
            break;
        }
        for assumption in related {
            roots.extend(expressions(assumption));
            known.extend(names(store, &expressions(assumption)));
            survey.assumptions.push(assumption.clone());
        }
    }
    survey.take_names(store, &roots);
    survey.take_definitions(store, fixed);
    survey.heads(store, &roots, context);
    survey.find_exponential_forms(store);
    survey.symbols(store, &roots, context);
    survey.find_sampled(store, &roots);
    survey.ambiguous(store, &roots);
    survey.irregular = fixed.is_empty() && survey.allows_irregular(store, &roots, context);
    survey
}

impl Survey {
    /// `cos(alpha) = e` where alpha is nothing but an angle.
    fn take_names(&mut self, store: &Store, roots: &[Expr]) {
        let order = store.post_order(roots);
        let is_angle = |call: Expr| {
            let Node::Call(function, list) = &store[call] else { return false };
            let [angle] = list[..] else { return false };
            matches!(function.name, "cos" | "sin")
                && store.as_symbol(angle).is_some()
                && order.iter().all(|e| *e == call || store[*e].children().all(|child| child != angle))
        };
        let mut rest = Vec::new();
        for assumption in std::mem::take(&mut self.assumptions) {
            let found = match &assumption {
                Assumption::Equal(a, b) => [(*a, *b), (*b, *a)].into_iter().find(|(call, e)| {
                    is_angle(*call)
                        && !store.mentions(*e, &[*call])
                        && self.named.iter().all(|(c, _)| c != call)
                }),
                _ => None,
            };
            match found {
                Some(named) => self.named.push(named),
                None => rest.push(assumption),
            }
        }
        self.assumptions = rest;
    }

    /// `h(x) > 0` is assumed, and the claim averages h over its samples.
    fn find_sampled(&mut self, store: &Store, roots: &[Expr]) {
        let applied_to_bound = |head: SymbolId| {
            store.post_order(roots).iter().any(|e| match &store[*e] {
                Node::Apply(other, slots) => {
                    *other == head && slots.iter().any(|slot| matches!(store[*slot], Node::Bound(..)))
                }
                _ => false,
            })
        };
        let assumed: Vec<Expr> = self.assumptions.iter().flat_map(expressions).collect();
        for e in store.post_order(&assumed) {
            if let Node::Apply(head, slots) = &store[e]
                && self.functions.iter().any(|function| function.symbol == *head)
                && applied_to_bound(*head)
            {
                self.sampled.extend(slots.iter().filter_map(|slot| store.as_symbol(*slot)));
            }
        }
    }

    /// One density of which no regularity is declared, at one parameter, and no derivative of an integral: then its
    /// derivatives are those at a sample, and its support stands still.
    fn allows_irregular(&self, store: &Store, roots: &[Expr], context: &Context) -> bool {
        let [(density, Some(_))] = self.densities.as_slice() else { return false };
        let declared = context.densities.iter().find(|d| d.symbol == *density);
        let Some(parameter) = declared.filter(|d| d.regularity == 0).and_then(|d| d.parameter) else {
            return false;
        };
        let at_parameter = |e: Expr| e == parameter || matches!(store[e], Node::Bound(..));
        store.post_order(roots).into_iter().all(|e| match &store[e] {
            Node::Apply(head, slots) if head == density => {
                slots.get(1).is_some_and(|slot| at_parameter(*slot))
            }
            Node::Expectation { parameter: at, .. } | Node::Fisher { at, .. } => *at == parameter,
            Node::Divergence { .. } => false,
            Node::Derivative { body, at, .. } => {
                let inside = store.post_order(&[*body]);
                let averages = inside.iter().any(|e| {
                    matches!(
                        store[*e],
                        Node::Expectation { .. } | Node::SampleIntegral { .. } | Node::Fisher { .. }
                    )
                });
                !averages && (at_parameter(*at) || !names(store, &[*body]).contains(density))
            }
            _ => true,
        })
    }

    /// A name for something that depends on a variable, below a binder of that variable, has two readings.
    fn ambiguous(&mut self, store: &Store, roots: &[Expr]) {
        let samples: Vec<SymbolId> =
            self.symbols.iter().filter(|(_, _, role)| *role == Role::Sample).map(|(id, ..)| *id).collect();
        for e in store.post_order(roots) {
            let (body, bound) = match &store[e] {
                Node::Derivative { body, at, .. } => (*body, store.free_symbols(&[*at])),
                Node::Expectation { body, .. } | Node::SampleIntegral { body, .. } => {
                    (*body, samples.clone())
                }
                _ => continue,
            };
            for symbol in store.free_symbols(&[body]) {
                let Some((_, e)) = self.definitions.iter().find(|(defined, _)| *defined == symbol) else {
                    continue;
                };
                if self.all_symbols(store, &[*e]).iter().any(|inner| bound.contains(inner)) {
                    let name = &store.symbol_of(symbol).name;
                    self.obstacle = Some(format!("`{name}` below a binder of what it depends on"));
                }
            }
        }
    }

    /// `s = e` with a symbol s that does not occur in e, directly or by other definitions.
    fn take_definitions(&mut self, store: &Store, fixed: &[Expr]) {
        let mut tests = Vec::new();
        for assumption in std::mem::take(&mut self.assumptions) {
            let definition = match &assumption {
                Assumption::Equal(a, b) => {
                    [(*a, *b), (*b, *a)].into_iter().find(|(s, e)| self.may_define(store, *s, *e, fixed))
                }
                _ => None,
            };
            match definition.and_then(|(s, e)| Some((store.as_symbol(s)?, e))) {
                Some((symbol, e)) => self.definitions.push((symbol, e)),
                None => tests.push(assumption),
            }
        }
        self.assumptions = tests;
        self.order_definitions(store);
    }

    fn may_define(&self, store: &Store, s: Expr, e: Expr, fixed: &[Expr]) -> bool {
        let Some(symbol) = store.as_symbol(s) else { return false };
        let defined = self.definitions.iter().any(|(other, _)| *other == symbol);
        let integer = store.symbol_of(symbol).integer;
        !defined && !integer && !fixed.contains(&s) && !self.depends(store, e, symbol)
    }

    /// Does an expression speak of a symbol, through definitions?
    pub(super) fn depends(&self, store: &Store, e: Expr, symbol: SymbolId) -> bool {
        self.all_symbols(store, &[e]).contains(&symbol)
    }

    /// The symbols below some roots, through definitions.
    pub(super) fn all_symbols(&self, store: &Store, roots: &[Expr]) -> Vec<SymbolId> {
        let mut found: Vec<SymbolId> = Vec::new();
        let mut waiting = store.free_symbols(roots);
        waiting.reverse();
        while let Some(symbol) = waiting.pop() {
            if found.contains(&symbol) {
                continue;
            }
            found.push(symbol);
            if let Some((_, e)) = self.definitions.iter().find(|(defined, _)| *defined == symbol) {
                waiting.extend(store.free_symbols(&[*e]));
            }
        }
        found
    }

    fn order_definitions(&mut self, store: &Store) {
        let mut rest = std::mem::take(&mut self.definitions);
        while !rest.is_empty() {
            let pending: Vec<SymbolId> = rest.iter().map(|(symbol, _)| *symbol).collect();
            let (ready, later): (Vec<_>, Vec<_>) = rest
                .into_iter()
                .partition(|(_, e)| !store.free_symbols(&[*e]).iter().any(|symbol| pending.contains(symbol)));
            if ready.is_empty() {
                break;
            }
            self.definitions.extend(ready);
            rest = later;
        }
    }

    /// Densities, functions and dimensions.
    fn heads(&mut self, store: &Store, roots: &[Expr], context: &Context) {
        let mut heads: Vec<SymbolId> = Vec::new();
        let mut note = |head: SymbolId| {
            if !heads.contains(&head) {
                heads.push(head);
            }
        };
        let mut dimensions: Vec<SymbolId> = Vec::new();
        let mut dimension = |shape: Shape| {
            for side in [shape.rows, shape.columns] {
                if let Dimension::Named(id) = side
                    && !dimensions.contains(&id)
                {
                    dimensions.push(id);
                }
            }
        };
        for e in store.post_order(roots) {
            dimension(store.shape(e));
            match &store[e] {
                Node::Apply(head, slots) => {
                    note(*head);
                    let bare = context.densities.iter().any(|d| d.symbol == *head && d.parameter.is_none());
                    if bare && slots.len() != 1 {
                        self.obstacle = Some(format!("`{}` has no parameter", store.symbol_of(*head).name));
                    }
                }
                Node::Expectation { density, .. }
                | Node::SampleIntegral { density, .. }
                | Node::Fisher { density, .. } => note(*density),
                Node::Divergence { first, second, .. } => {
                    note(*first);
                    note(*second);
                }
                _ => {}
            }
        }
        for head in heads {
            if let Some(density) = context.densities.iter().find(|d| d.symbol == head) {
                let shape = density.parameter.map(|parameter| store.shape(parameter));
                shape.into_iter().for_each(&mut dimension);
                self.densities.push((head, shape));
            } else if let Some(function) = context.functions.iter().find(|f| f.symbol == head) {
                let argument = |e: &Expr| {
                    let name = store.as_symbol(*e).map_or("x", |id| store.symbol_of(id).name.as_str());
                    (name.to_owned(), store.shape(*e))
                };
                let arguments: Vec<_> = function.arguments.iter().map(argument).collect();
                arguments.iter().for_each(|(_, shape)| dimension(*shape));
                let values = store.symbol_of(head).shape;
                self.functions.push(FunctionUse { symbol: head, arguments, values });
            } else {
                self.obstacle = Some(format!("`{}` is not declared", store.symbol_of(head).name));
            }
        }
        self.dimensions = dimensions;
    }

    /// `log p(x|θ) = T(x)ᵀθ − A(θ) + log h(x)`: which function is which. That the equation then holds is tested.
    fn find_exponential_forms(&mut self, store: &Store) {
        for assumption in &self.assumptions {
            let Assumption::Equal(a, b) = assumption else { continue };
            let log_density = |e: Expr| {
                let Node::Call(function, list) = &store[e] else { return None };
                let Node::Apply(head, slots) = &store[*list.first()?] else { return None };
                let is_density = self.densities.iter().any(|(density, _)| density == head);
                (function.name == "log" && is_density && slots.len() == 2)
                    .then(|| (*head, slots[0], slots[1]))
            };
            let found = log_density(*a).map(|found| (found, *b)).or(log_density(*b).map(|found| (found, *a)));
            let Some(((density, x, _), form)) = found else { continue };
            let nodes = store.post_order(&[form]);
            let in_logarithm = |e: Expr| {
                nodes.iter().any(|node| {
                    matches!(&store[*node], Node::Call(f, list) if f.name == "log" && store.mentions(list[0], &[e]))
                })
            };
            let parts = nodes.iter().filter_map(|e| {
                let Node::Apply(head, slots) = &store[*e] else { return None };
                let part = match slots.as_ref() {
                    [slot] if *slot != x => Part::LogPartition,
                    [_] if in_logarithm(*e) => Part::Base,
                    [_] => Part::Statistic,
                    _ => return None,
                };
                Some((*head, part))
            });
            self.exponential.push((density, parts.collect()));
        }
    }

    /// The symbols to be chosen, with what they are used as.
    fn symbols(&mut self, store: &Store, roots: &[Expr], context: &Context) {
        let order = store.post_order(roots);
        let mut roles: Vec<(SymbolId, Role)> = Vec::new();
        let densities: Vec<SymbolId> = self.densities.iter().map(|(head, _)| *head).collect();
        let mut samples = Vec::new();
        for e in &order {
            match &store[*e] {
                Node::Apply(head, arguments) if densities.contains(head) => {
                    samples.extend(arguments.first().and_then(|sample| store.as_symbol(*sample)));
                    if let Some(parameter) = arguments.get(1) {
                        self.base(store, *parameter, Role::Parameter(*head), context, &mut roles);
                    }
                }
                Node::Expectation { density, parameter, .. } => {
                    self.base(store, *parameter, Role::Parameter(*density), context, &mut roles);
                }
                Node::Fisher { density, at } => {
                    self.base(store, *at, Role::Parameter(*density), context, &mut roles);
                }
                Node::Divergence { first, from, second, to } => {
                    self.base(store, *from, Role::Parameter(*first), context, &mut roles);
                    self.base(store, *to, Role::Parameter(*second), context, &mut roles);
                }
                _ => {}
            }
        }
        for e in &order {
            if let Node::Derivative { body, at, .. } = &store[*e] {
                let below = names(store, &[*body]);
                let role = densities.iter().copied().find(|name| below.contains(name));
                let shape =
                    |head: SymbolId| self.densities.iter().find(|(d, _)| *d == head).and_then(|d| d.1);
                let fits = role.filter(|head| {
                    shape(*head) == Some(store.shape(*at)) && !store[*at].children().any(|_| true)
                });
                let role = fits.map_or(Role::Place, Role::Parameter);
                self.base(store, *at, role, context, &mut roles);
            }
        }
        for e in &order {
            if let Node::Apply(head, arguments) = &store[*e]
                && !densities.contains(head)
            {
                for argument in arguments {
                    self.base(store, *argument, Role::Place, context, &mut roles);
                }
            }
        }
        for symbol in store.free_symbols(roots) {
            if self.definitions.iter().any(|(defined, _)| *defined == symbol) {
                continue;
            }
            let role = match roles.iter().find(|(s, _)| *s == symbol) {
                _ if samples.contains(&symbol) => Role::Sample,
                Some((_, role)) => *role,
                None => Role::Free,
            };
            self.symbols.push((symbol, store.symbol_of(symbol).shape, role));
        }
    }

    /// Which symbol of θ, θ + d, θ + d₁ + d₂ is the place from which the others step.
    fn base(
        &self,
        store: &Store,
        slot: Expr,
        role: Role,
        context: &Context,
        roles: &mut Vec<(SymbolId, Role)>,
    ) {
        if let Some(symbol) = store.as_symbol(slot)
            && let Some((_, e)) = self.definitions.iter().find(|(defined, _)| *defined == symbol)
        {
            return self.base(store, *e, role, context, roles);
        }
        let terms: Vec<Expr> = match &store[slot] {
            Node::Symbol(_) => vec![slot],
            Node::Sum(terms) => {
                let ones = terms.iter().filter(|(c, _)| *c == Rational::ONE);
                ones.map(|(_, term)| *term).filter(|term| store.as_symbol(*term).is_some()).collect()
            }
            _ => vec![],
        };
        let declared = |e: &Expr| {
            context.densities.iter().any(|d| d.parameter == Some(*e))
                || context.functions.iter().any(|f| f.arguments.contains(e))
        };
        let has_role = |e: &Expr| store.as_symbol(*e).is_some_and(|id| roles.iter().any(|(s, _)| *s == id));
        let base = terms.iter().find(|e| declared(e)).or_else(|| terms.iter().find(|e| has_role(e)));
        let small = |e: &Expr| context.limit.symbols.iter().any(|(s, _)| s == e);
        let base = base.or_else(|| terms.iter().find(|e| !small(e))).or(terms.first());
        let Some(symbol) = base.and_then(|e| store.as_symbol(*e)) else { return };
        if !roles.iter().any(|(s, _)| *s == symbol) {
            roles.push((symbol, role));
        }
    }
}
