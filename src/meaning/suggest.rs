//! An article without declarations → the fence it would need, each line marked as a guess.
//!
//! `KL(p(x | θ) ‖ p(x | θ + d)) ≈ ½ dᵀFd` suggests `vector theta, d in R^n`, `density p(x | theta) regular`,
//! `let F = fisher(p)` and `small d`. Nothing here decides what a formula means: the author does, by pasting the lines.

use crate::function;
use crate::syntax::{CONSTANTS, FORMS, Row};

use super::usage::Usage;

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

impl Usage {
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
        for (name, slot) in
            self.functions.iter().filter(|(name, _)| is_head(name) && !self.defined.contains(*name))
        {
            line(format!("function {name}({slot}) smooth"), &format!("{name} stands before a bracket"));
        }
        for name in self.metrics.iter().filter(|name| is_head(name)) {
            let free: Vec<&str> = ["u", "w", "y", "z"]
                .into_iter()
                .filter(|u| !self.names.iter().any(|name| name == u))
                .collect();
            if let ([u, w, ..], Some(point)) = (&free[..], vectors.first()) {
                line(format!("vector {u}, {w} in R^n"), &format!("{name} takes two vectors"));
                line(
                    format!("function {name}({point}, {u}, {w})"),
                    &format!("{name} is a metric at a point"),
                );
            }
        }
        for name in self.curves.iter().filter(|name| !self.defined.contains(*name)) {
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
        && !FORMS.contains(&name)
        && name.chars().all(|c| c.is_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::meaning::testing::{World, chain};
    use crate::syntax::{Link, Relation, Tree};

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
