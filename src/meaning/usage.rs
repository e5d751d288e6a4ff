//! How the names of an article are used, before anything is declared.
//!
//! In `½ dᵀFd` d is transposed, so it is a vector, and F stands between a row and a column, so it is a matrix; in
//! `p(x | θ + d)` d displaces the parameter.

use std::collections::{BTreeMap, BTreeSet};

use crate::function;
use crate::number::Rational;
use crate::syntax::{Kind, Link, Note, Relation, Side, Tree};

/// Deeper parts of a formula suggest nothing.
const MAX_DEPTH: usize = 200;

/// How names are used, each in the order of first use.
#[derive(Default)]
pub(super) struct Usage {
    /// Names in the order of first use.
    pub names: Vec<String>,
    /// `p(x | theta)`: density, sample variable, parameter.
    pub densities: Vec<(String, String, String)>,
    /// Densities that are only named, below an E or in a KL.
    pub measures: BTreeSet<String>,
    /// `L(theta + d)`: function and the first name of its argument.
    pub functions: BTreeMap<String, String>,
    /// `γ'(x)`
    pub curves: BTreeSet<String>,
    pub vectors: BTreeSet<String>,
    /// Between a row and a column, or inverted.
    pub matrices: BTreeSet<String>,
    pub bound: BTreeSet<String>,
    /// Names that a first equation defines.
    pub defined: BTreeSet<String>,
    /// What tends to 0, with the reason.
    pub small: BTreeMap<String, &'static str>,
    /// Names that are added: of one kind.
    pub together: Vec<Vec<String>>,
    /// `theta + d`: what is added to the first name of an argument.
    pub displacements: BTreeSet<String>,
    /// `theta^(k) + eta v`: how far an iterate moves.
    pub steps: BTreeSet<String>,
    /// `g_{x}(u, v)`
    pub metrics: BTreeSet<String>,
    pub approximates: bool,
}

impl Usage {
    pub(super) fn relations(&mut self, first: Option<&Tree>, rest: &[Link]) {
        let mut left = first;
        // `s(θ) = ∇log p(x | θ)`, where s has no meaning yet, is where s gets one.
        if let (Some(Kind::Call { name, arguments, .. }), Some(link)) =
            (first.map(|tree| &tree.kind), rest.first())
            && matches!(link.relation, Relation::Equal | Relation::Defined)
            && arguments.iter().all(|argument| matches!(argument.kind, Kind::Name(_)))
            && !self.functions.contains_key(name)
            && !self.names.contains(name)
        {
            self.defined.insert(name.clone());
        }
        for link in rest {
            let name =
                left.filter(|tree| !matches!(tree.kind, Kind::Sum(_) | Kind::Product(_))).and_then(base_name);
            match (link.relation, name, &link.side) {
                (Relation::Tends, Some(name), _) => {
                    self.small.insert(name, "it tends to 0 in the text");
                }
                (Relation::Equal | Relation::Defined, Some(name), _) if !self.names.contains(&name) => {
                    self.defined.insert(name);
                }
                (Relation::Approximately, ..) => self.approximates = true,
                _ => {}
            }
            left = link.side.as_ref();
        }
    }

    fn mention(&mut self, name: &str) {
        if !self.names.iter().any(|known| known == name) {
            self.names.push(name.to_owned());
        }
    }

    pub(super) fn walk(&mut self, tree: &Tree, depth: usize) {
        if depth > MAX_DEPTH {
            return;
        }
        match &tree.kind {
            Kind::Name(name) => self.mention(name),
            Kind::Conditional { name, outcome, given, .. } => {
                if let ([outcome], [given]) = (&outcome[..], &given[..])
                    && let (Some(x), Some(theta)) = (base_name(outcome), base_name(given))
                {
                    self.mention(&theta);
                    if !self.densities.iter().any(|d| d.0 == *name) {
                        self.densities.push((name.clone(), x.clone(), theta));
                    }
                    self.bound.insert(x);
                }
                given.iter().for_each(|given| self.argument(given));
            }
            Kind::Call { name, arguments, .. } if function::lookup(name).is_none() => {
                if let [argument, ..] = &arguments[..]
                    && let Some(slot) = base_name(argument)
                {
                    self.functions.entry(name.clone()).or_insert(slot);
                    arguments.iter().for_each(|argument| self.argument(argument));
                }
            }
            Kind::Primed { name, .. } => {
                self.curves.insert(name.clone());
            }
            Kind::Expectation { density: Some(density), .. } => self.measure(density),
            Kind::Divergence(p, q) => {
                self.measure(p);
                self.measure(q);
            }
            Kind::Transpose(a) => self.is_vector(a),
            Kind::Norm(a, _) => self.is_vector(a),
            Kind::Inner(a, b, _) => {
                self.is_vector(a);
                self.is_vector(b);
            }
            Kind::Accent(mark, a) if mark == "vec" => self.is_vector(a),
            Kind::Power(base, exponent) if is_minus_one(exponent) => {
                if let Kind::Name(name) = &base.kind
                    && name.starts_with(char::is_uppercase)
                {
                    self.matrices.insert(name.clone());
                }
            }
            Kind::Product(factors) => self.product(factors),
            Kind::Index(call, indices) => {
                if let (Kind::Call { name, arguments, .. }, [_]) = (&call.kind, &indices[..]) {
                    if arguments.len() == 2 {
                        self.metrics.insert(name.clone());
                    }
                    return arguments.iter().chain(indices).for_each(|part| self.walk(part, depth + 1));
                }
            }
            Kind::Sum(terms) => {
                let names = terms.iter().filter_map(|(_, term)| base_name(term)).collect();
                self.together.push(names);
                if terms.iter().any(|(_, term)| matches!(term.kind, Kind::Superscript(..))) {
                    let sizes = terms.iter().filter_map(|(_, term)| match &term.kind {
                        Kind::Product(factors) if factors.len() == 2 => base_name(&factors[0].1),
                        _ => None,
                    });
                    self.steps.extend(sizes);
                }
            }
            Kind::Range { variable, .. } => {
                self.bound.insert(variable.clone());
            }
            Kind::Limit { variable, .. } => {
                if let Some(name) = base_name(variable) {
                    self.mention(&name);
                }
            }
            Kind::Remainder { of, .. } => {
                if let Some(name) = first_name(of) {
                    self.small.entry(name).or_insert("a remainder is compared with it");
                }
            }
            Kind::Superscript(base, _) => return self.walk(base, depth + 1),
            Kind::Ambiguous(readings) => {
                return readings.iter().take(1).for_each(|reading| self.walk(reading, depth + 1));
            }
            Kind::Annotated(body, note) => {
                if let Note::Claim(rest) = &**note {
                    rest.iter().for_each(|(_, side)| self.walk(side, depth + 1));
                }
                return self.walk(body, depth + 1);
            }
            _ => {}
        }
        tree.parts().into_iter().for_each(|part| self.walk(part, depth + 1));
    }

    /// What stands between the brackets of a function: `theta + d` displaces θ by d.
    fn argument(&mut self, tree: &Tree) {
        if let Kind::Sum(terms) = &tree.kind {
            let others = terms.iter().skip(1).filter_map(|(_, term)| match &term.kind {
                Kind::Name(name) => Some(name.clone()),
                _ => None,
            });
            self.displacements.extend(others);
        }
    }

    fn measure(&mut self, tree: &Tree) {
        match &tree.kind {
            Kind::Name(name) | Kind::Call { name, .. } => {
                self.measures.insert(name.clone());
            }
            _ => {}
        }
    }

    fn is_vector(&mut self, tree: &Tree) {
        if let Some(name) = base_name(tree) {
            self.vectors.insert(name);
        }
    }

    /// `d' F d`: what stands between a row and a column is a matrix; on both sides of a dot stand columns.
    fn product(&mut self, factors: &[(Side, Tree)]) {
        for three in factors.windows(3) {
            let is_row = matches!(three[0].1.kind, Kind::Transpose(_));
            if let (true, Kind::Name(name), Some(column)) = (is_row, &three[1].1.kind, base_name(&three[2].1))
            {
                self.matrices.insert(name.clone());
                self.vectors.insert(column);
            }
        }
        for two in factors.windows(2) {
            if two[1].0 != Side::Dot {
                continue;
            }
            let gradient = |tree: &Tree| matches!(tree.kind, Kind::Gradient { .. });
            for (one, other) in [(&two[0].1, &two[1].1), (&two[1].1, &two[0].1)] {
                if let (Kind::Name(name), true) = (&one.kind, gradient(other)) {
                    self.vectors.insert(name.clone());
                }
            }
        }
    }

    /// What is added to a vector is one, and so is the parameter of what is displaced by one.
    pub(super) fn settle(&mut self) {
        self.functions.retain(|name, _| {
            !self.densities.iter().any(|d| d.0 == *name)
                && !self.measures.contains(name)
                && !self.curves.contains(name)
        });
        for _ in 0..self.together.len().min(64) {
            let before = self.vectors.len();
            for names in &self.together {
                if names.iter().any(|name| self.vectors.contains(name)) {
                    self.vectors.extend(names.iter().cloned());
                }
            }
            if self.vectors.len() == before {
                break;
            }
        }
        let heads = |name: &String| {
            self.matrices.contains(name)
                || self.functions.contains_key(name)
                || self.curves.contains(name)
                || self.densities.iter().any(|d| d.0 == *name || d.1 == *name)
        };
        self.vectors = self.vectors.iter().filter(|name| !heads(name)).cloned().collect();
        let fixed: Vec<&String> =
            self.densities.iter().map(|d| &d.2).chain(self.functions.values()).collect();
        self.small.retain(|name, _| !fixed.contains(&name));
        if self.approximates {
            for name in self.steps.iter().filter(|name| !self.vectors.contains(*name)) {
                self.small.entry(name.clone()).or_insert("the text approximates after a step of this size");
            }
            for name in &self.displacements {
                self.small
                    .entry(name.clone())
                    .or_insert("the text approximates where it is added to the parameter");
            }
        }
    }
}

fn is_minus_one(tree: &Tree) -> bool {
    matches!(&tree.kind, Kind::Negate(one) if one.kind == Kind::Number(Rational::ONE))
        || tree.kind == Kind::Number(Rational::MINUS_ONE)
}

/// The name of `theta`, `theta^(k)`, `\vec v`, `eta v`, and the first of `theta + d`.
fn base_name(tree: &Tree) -> Option<String> {
    match &tree.kind {
        Kind::Name(name) => Some(name.clone()),
        Kind::Superscript(base, _)
        | Kind::Accent(_, base)
        | Kind::Annotated(base, _)
        | Kind::Negate(base) => base_name(base),
        Kind::Sum(terms) => base_name(&terms.first()?.1),
        // A row times a column is a scalar, whatever its last name is.
        Kind::Product(factors)
            if factors.iter().all(|(side, factor)| {
                *side == Side::Over
                    && matches!(factor.kind, Kind::Name(_) | Kind::Number(_) | Kind::Accent(..))
            }) =>
        {
            base_name(&factors.last()?.1)
        }
        _ => None,
    }
}

/// The first name anywhere in a tree.
fn first_name(tree: &Tree) -> Option<String> {
    let mut stack = vec![tree];
    while let Some(tree) = stack.pop() {
        if let Kind::Name(name) = &tree.kind {
            return Some(name.clone());
        }
        stack.extend(tree.parts().into_iter().rev());
    }
    None
}
