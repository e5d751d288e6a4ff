//! `assume x > 0, F nonsingular, norm(v) = 1`: conditions on scalars, properties of matrices, relations of anything.
//!
//! Conditions in the words of scalars are [`Item::Assume`], as for families; what speaks of matrices, norms, gradients or
//! densities is a [`Declaration`], whose names get their meaning from the article.

use super::lines::Line;
use super::parser::Parser;
use super::tokens::TokenKind;
use super::{
    Chain, Condition, ConditionKind, Declaration, DeclarationKind, Item, Kind, MatrixProperty, Tree,
};
use crate::text::{Code, Diagnostic};

/// Words that follow what is assumed.
const STOPS: &[&str] = &["symmetric", "nonsingular", "small", "regular", "smooth"];

/// One part between commas.
enum Assumed {
    Condition(Condition),
    Property(Tree, MatrixProperty),
}

/// Reads `assume …`, of which `rest` follows the keyword; neighbours of one kind are one item.
pub(super) fn assumptions(line: Line, rest: Line, diagnostics: &mut Vec<Diagnostic>) -> Vec<Item> {
    if rest.text.is_empty() {
        let code = Code::Syntax { expected: "a condition".into(), found: "the end".into() };
        diagnostics.push(Diagnostic::error(code, rest.span()));
        return Vec::new();
    }
    let mut assumed = Vec::new();
    let read = rest.read(diagnostics, |parser| {
        parser.stops = STOPS;
        parser.parts(&[TokenKind::Comma], &mut |parser, _| parser.assumption(&mut assumed));
    });
    let mut items = Vec::new();
    let declared = |kind| Item::Declaration(Declaration { kind, span: line.span() });
    for one in assumed.into_iter().filter(|_| read.is_some()) {
        match one {
            Assumed::Property(of, property) => {
                items.push(declared(DeclarationKind::Property { of, property }))
            }
            Assumed::Condition(Condition { kind: ConditionKind::Compare(chain), .. })
                if is_abstract(&chain) =>
            {
                match items.last_mut() {
                    Some(Item::Declaration(Declaration {
                        kind: DeclarationKind::Assume(chains), ..
                    })) => {
                        chains.push(chain);
                    }
                    _ => items.push(declared(DeclarationKind::Assume(vec![chain]))),
                }
            }
            Assumed::Condition(condition) => match items.last_mut() {
                Some(Item::Assume(conditions)) => conditions.push(condition),
                _ => items.push(Item::Assume(vec![condition])),
            },
        }
    }
    items
}

impl Parser<'_> {
    /// `x > 0`, `n integer >= 1`, `F nonsingular`
    fn assumption(&mut self, assumed: &mut Vec<Assumed>) {
        let mut conditions = Vec::new();
        if self.starts_tuple() {
            self.condition(&mut conditions);
        } else {
            let start = self.span();
            let first = self.expression();
            let is_literal = matches!(first.tree.kind, Kind::Matrix(_));
            if self.at_word("symmetric")
                || self.at_word("nonsingular")
                || (self.at_word("positive") && !is_literal)
            {
                if let Some(property) = self.property() {
                    assumed.push(Assumed::Property(first.tree, property));
                }
                return;
            }
            self.condition_on(first, start, &mut conditions);
        }
        assumed.extend(conditions.into_iter().map(Assumed::Condition));
    }
}

/// Whether a side speaks of more than scalars, so that no condition on scalars can be meant.
fn is_abstract(chain: &Chain) -> bool {
    chain.sides().any(speaks_of_more)
}

fn speaks_of_more(tree: &Tree) -> bool {
    let here = match &tree.kind {
        Kind::Norm(..)
        | Kind::Inner(..)
        | Kind::Gradient { .. }
        | Kind::Hessian { .. }
        | Kind::Conditional { .. } => true,
        Kind::Expectation { .. } | Kind::Divergence(..) | Kind::Transpose(_) | Kind::Remainder { .. } => true,
        Kind::Limit { .. } | Kind::Extremum { .. } | Kind::Primed { .. } | Kind::Matrix(_) => true,
        Kind::Call { name, .. } => name == "fisher",
        _ => false,
    };
    here || tree.parts().into_iter().any(speaks_of_more)
}
