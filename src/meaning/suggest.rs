//! An article without declarations → the fence it would need, each line marked as a guess.
//!
//! `KL(p(x | θ) ‖ p(x | θ + d)) ≈ ½ dᵀFd` suggests `vector theta, d in R^n`, `density p(x | theta) regular`,
//! `let F = fisher(p)` and `small d`. Nothing here decides what a formula means: the author does, by pasting the lines.

use std::collections::{BTreeMap, BTreeSet};

use crate::function;
use crate::syntax::{CONSTANTS, Kind, Link, Note, Relation, Row, Side, Tree};

/// Deeper parts of a formula suggest nothing.
const MAX_DEPTH: usize = 200;

/// The lines of a fence for these rows, in the order in which they can be declared; each ends with its reason.
pub fn suggest(rows: &[&Row]) -> Vec<String> {
    let mut usage = Usage::default();
    for row in rows {
        let links = row.rest.iter().filter_map(|link| link.side.as_ref().map(|side| (link, side)));
        usage.relations(row.first.as_ref(), &row.rest);
        for side in row.first.iter().chain(links.map(|(_, side)| side)) {
            usage.walk(side, 0);
        }
    }
    usage.settle();
    usage.lines()
}

/// How names are used, each in the order of first use.
#[derive(Default)]
struct Usage {
    /// Names in the order of first use.
    names: Vec<String>,
    /// `p(x | theta)`: density, sample variable, parameter.
    densities: Vec<(String, String, String)>,
    /// Densities that are only named, below an E or in a KL.
    measures: BTreeSet<String>,
    /// `L(theta + d)`: function and the first name of its argument.
    functions: BTreeMap<String, String>,
    /// `γ'(x)`
    curves: BTreeSet<String>,
    vectors: BTreeSet<String>,
    /// Between a row and a column, or inverted.
    matrices: BTreeSet<String>,
    bound: BTreeSet<String>,
    /// Names that a first equation defines.
    defined: BTreeSet<String>,
    /// What tends to 0, with the reason.
    small: BTreeMap<String, &'static str>,
    /// Names that are added: of one kind.
    together: Vec<Vec<String>>,
    /// `theta + d`: what is added to the first name of an argument.
    displacements: BTreeSet<String>,
    approximates: bool,
}

impl Usage {
    fn relations(&mut self, first: Option<&Tree>, rest: &[Link]) {
        let mut left = first;
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

    fn walk(&mut self, tree: &Tree, depth: usize) {
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
                }
                arguments.iter().for_each(|argument| self.argument(argument));
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
            Kind::Sum(terms) => {
                let names = terms.iter().filter_map(|(_, term)| base_name(term)).collect();
                self.together.push(names);
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
    fn settle(&mut self) {
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
        if self.approximates {
            for name in &self.displacements {
                self.small
                    .entry(name.clone())
                    .or_insert("the text approximates where it is added to the parameter");
            }
        }
    }

    fn lines(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = |text: String, why: &str| lines.push(format!("{text}   # guessed: {why}"));
        let vectors: Vec<&str> = self.named(|name| self.vectors.contains(name));
        if !vectors.is_empty() {
            line(
                format!("vector {} in R^n", vectors.join(", ")),
                "transposed, measured by a norm, or added to one that is",
            );
        }
        let scalars = self.named(|name| self.is_scalar(name));
        if !scalars.is_empty() {
            line(
                format!("scalar {}", scalars.join(", ")),
                "nothing says that these are more; add what holds: `lambda > 0`",
            );
        }
        for (p, x, theta) in &self.densities {
            line(format!("density {p}({x} | {theta}) regular"), &format!("{p}({x}|{theta}) has a bar"));
        }
        let sample = self.densities.first().map_or("x", |d| d.1.as_str());
        let plain = self.measures.iter().filter(|q| !self.densities.iter().any(|d| d.0 == **q) && is_head(q));
        for q in plain {
            line(format!("density {q}({sample})"), &format!("{q} stands below an E or in a KL"));
        }
        for (name, slot) in self.functions.iter().filter(|(name, _)| is_head(name)) {
            line(format!("function {name}({slot}) smooth"), &format!("{name} stands before a bracket"));
        }
        for name in &self.curves {
            line(format!("function {name}(t) in R^n"), &format!("{name} has a prime"));
        }
        for (p, x, theta) in &self.densities {
            if self.measures.contains(p) || self.names.is_empty() {
                line(format!("write {p}({theta}) for {p}({x} | {theta})"), "both are written");
            }
        }
        for name in &self.matrices {
            match self.densities.first() {
                Some((p, ..)) if matches!(name.as_str(), "F" | "I" | "G") => {
                    line(
                        format!("let {name} = fisher({p})"),
                        &format!("{name} stands between a row and a column"),
                    );
                }
                _ => line(format!("matrix {name} in R^(n x n)"), "it stands between a row and a column"),
            }
        }
        for (name, why) in self.small.iter().filter(|(name, _)| self.names.contains(name)) {
            line(format!("small {name}"), why);
        }
        lines
    }

    fn named(&self, holds: impl Fn(&str) -> bool) -> Vec<&str> {
        self.names.iter().map(String::as_str).filter(|name| is_head(name) && holds(name)).collect()
    }

    fn is_scalar(&self, name: &str) -> bool {
        !(self.vectors.contains(name)
            || self.matrices.contains(name)
            || self.bound.contains(name)
            || self.defined.contains(name)
            || self.functions.contains_key(name)
            || self.curves.contains(name)
            || self.measures.contains(name)
            || self.densities.iter().any(|d| d.0 == name || d.1 == name)
            || function::lookup(name).is_some_and(|f| f.row().is_constant()))
    }
}

/// Can the name be declared?
fn is_head(name: &str) -> bool {
    !CONSTANTS.contains(&name)
        && !crate::syntax::FORMS.contains(&name)
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

fn is_minus_one(tree: &Tree) -> bool {
    matches!(&tree.kind, Kind::Negate(one) if one.kind == Kind::Number(crate::number::Rational::ONE))
        || tree.kind == Kind::Number(crate::number::Rational::MINUS_ONE)
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
        Kind::Product(factors) => base_name(&factors.last()?.1),
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meaning::testing::{World, chain};

    /// The sides of a chain as a row of an article.
    fn row_of(text: &str) -> Row {
        let chain = chain(text);
        let link = |(relation, side): &(Relation, Tree)| Link {
            relation: *relation,
            span: side.span,
            above: None,
            side: Some(side.clone()),
        };
        Row {
            span: chain.first.span,
            first: Some(chain.first.clone()),
            rest: chain.rest.iter().map(link).collect(),
            constraint: false,
            remarks: Vec::new(),
            directives: Vec::new(),
            labels: Vec::new(),
            diagnostics: Vec::new(),
        }
    }

    /// The suggested fence can be declared as it stands, and under it every formula has a meaning.
    #[track_caller]
    fn check(formulas: &[&str], expected: &[&str]) {
        let rows: Vec<Row> = formulas.iter().map(|text| row_of(text)).collect();
        let lines = suggest(&rows.iter().collect::<Vec<_>>());
        let short: Vec<&str> = lines.iter().map(|line| line.split("   #").next().unwrap_or("")).collect();
        assert_eq!(short, expected);
        let mut world = World::of(&lines.join("\n"));
        for formula in formulas {
            let claim = world.claim(formula);
            assert!(!claim.contains('!'), "{formula}: {claim}");
        }
    }

    #[test]
    fn the_fence_of_an_article_is_guessed_from_its_formulas() {
        check(
            &[
                "KL(p(x | theta), p(x | theta + d)) ≈ 1/2*d'*F*d",
                "KL(p(theta), p(theta + d)) = E[log(p(theta)/p(theta + d)); p(theta)]",
                "lambda*F*d = -grad(L(theta), theta)",
            ],
            &[
                "vector theta, d in R^n",
                "scalar lambda",
                "density p(x | theta) regular",
                "function L(theta) smooth",
                "write p(theta) for p(x | theta)",
                "let F = fisher(p)",
                "small d",
            ],
        );
        check(&["KL(p, q) = integral(p(x)*log(p(x)/q(x)), x)"], &["density p(x)", "density q(x)"]);
        check(&["a + b = b + a"], &["scalar a, b"]);
        check(&["u'*A*v = v'*A'*u"], &["vector u, v in R^n", "matrix A in R^(n x n)"]);
    }
}
