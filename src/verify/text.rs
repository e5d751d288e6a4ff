//! A claim and its conditions as text → the verdict on each of its relations.

use super::prove::prove;
use super::verdict::Verdict;
use crate::expr::{Expr, Scope, Store, lower, lower_conditions};
use crate::print::plain::display;
use crate::syntax::{self, Relation};
use crate::text::{Code, Diagnostic, Span};

/// The verdicts on a chain of relations, each judged alone.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    /// One for each relation, in order.
    pub steps: Vec<Step>,
}

/// One relation of a chain.
#[derive(Clone, Debug, PartialEq)]
pub struct Step {
    /// The left side, in the plain notation.
    pub left: String,
    /// The relation.
    pub relation: Relation,
    /// The right side.
    pub right: String,
    /// What is known of it.
    pub verdict: Verdict,
}

impl Judgement {
    /// The worst verdict of the chain.
    pub fn verdict(&self) -> &Verdict {
        let worst = self
            .steps
            .iter()
            .map(|s| &s.verdict)
            .reduce(|a, b| if b.severity() > a.severity() { b } else { a });
        worst.expect("a claim has a relation")
    }
}

/// Which text a span speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The claim.
    Claim,
    /// The conditions.
    Conditions,
}

/// Mistakes of one of the two texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Misread {
    /// In which.
    pub part: Part,
    /// All of them; spans are bytes of that text.
    pub diagnostics: Vec<Diagnostic>,
}

/// Judges `left = right` (or a chain of relations) under conditions such as `x > 0, n integer`.
///
/// Names that the conditions do not declare are real variables. All mistakes of both texts are returned.
pub fn prove_text(claim: &str, conditions: &str) -> Result<Judgement, Vec<Misread>> {
    let (mut store, mut scope) = (Store::new(), Scope::lenient());
    let mut misread = Vec::new();
    let (parsed, mut diagnostics) = syntax::parse_conditions(conditions, 0);
    let facts = match &parsed {
        Some(list) => lower_conditions(&mut store, &mut scope, list, true, &mut diagnostics),
        None => Vec::new(),
    };
    if !diagnostics.is_empty() {
        misread.push(Misread { part: Part::Conditions, diagnostics });
    }
    let (chain, mut diagnostics) = syntax::parse_chain(claim, 0);
    let mut sides = Vec::new();
    let mut relations = Vec::new();
    if let Some(chain) = &chain {
        if chain.rest.is_empty() {
            let (expected, found) = ("a relation such as `=`".to_owned(), "an expression alone".to_owned());
            diagnostics.push(Diagnostic::error(Code::Syntax { expected, found }, Span::new(0, claim.len())));
        }
        sides.push(lower(&mut store, &mut scope, &chain.first, &mut diagnostics));
        for (relation, tree) in &chain.rest {
            sides.push(lower(&mut store, &mut scope, tree, &mut diagnostics));
            relations.push(*relation);
        }
        diagnostics.extend(misfits(&store, chain, &sides));
    }
    if !diagnostics.is_empty() {
        misread.push(Misread { part: Part::Claim, diagnostics });
    }
    let sides: Option<Vec<_>> = sides.into_iter().collect();
    match sides {
        Some(sides) if misread.is_empty() && !relations.is_empty() => {
            let steps = relations.iter().enumerate().map(|(i, relation)| {
                let (left, right) = (sides[i], sides[i + 1]);
                let verdict = prove(&mut store, left, *relation, right, &facts);
                let (left, right) = (display(&store, left), display(&store, right));
                Step { left, relation: *relation, right, verdict }
            });
            Ok(Judgement { steps: steps.collect() })
        }
        _ => Err(misread),
    }
}

/// A number stands beside a vector or a matrix in a relation.
fn misfits(store: &Store, chain: &syntax::Chain, sides: &[Option<Expr>]) -> Vec<Diagnostic> {
    let shape = |side: &Option<Expr>| side.map(|e| store.shape(e));
    let mut found = Vec::new();
    for (pair, (_, tree)) in sides.windows(2).zip(&chain.rest) {
        let (Some(left), Some(right)) = (shape(&pair[0]), shape(&pair[1])) else { continue };
        if left.is_scalar() != right.is_scalar() {
            let (left, right) = (store.shape_name(left), store.shape_name(right));
            let code = Code::ShapeMismatch { operation: "the relation".to_owned(), left, right };
            found.push(Diagnostic::error(code, tree.span));
        }
    }
    found
}
