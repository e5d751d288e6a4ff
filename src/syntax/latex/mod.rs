//! LaTeX → rows of trees: the source of one display is read into chains, remarks and reasons.
//!
//! `F &= \mathbb{E}_p [ \nabla \log p(x \mid \theta) \, \nabla \log p(x \mid \theta)^T ]` becomes one row with the sides F
//! and E[∇log p·(∇log p)ᵀ] ([`read_display`]). No name is resolved: where the declared names decide between two readings,
//! the tree holds both. The grammar with examples is `grammar/latex.ebnf`.

mod commands;

mod tokens;

mod macros;

mod typography;

mod pairs;

mod parser;

mod expression;

mod operator;

mod chain;

mod script;

mod primary;

mod name;

mod bracket;

mod call;

mod fraction;

mod binder;

mod integral;

mod extremum;

mod environment;

mod remark;

mod parts;

mod rows;

mod links;

#[cfg(test)]
mod tests;

pub use macros::{Macros, collect_macros};

use super::{MAX_FORMULA, Row};
use crate::text::{Code, Diagnostic, Span};

/// Reads the source of one display, or of one formula within a paragraph, that starts at byte `base` of its file.
///
/// ```
/// use referee::syntax::{Macros, read_display};
/// let rows = read_display(r"a &= b \\ &\le c", 0, &Macros::default());
/// assert_eq!(rows.len(), 2);
/// assert!(rows[0].first.is_some() && rows[1].first.is_none());
/// ```
pub fn read_display(source: &str, base: usize, macros: &Macros) -> Vec<Row> {
    let mut mistakes = Vec::new();
    if source.len() > MAX_FORMULA {
        let code = Code::TooLong { what: "formula".into(), limit: format!("{} MiB", MAX_FORMULA >> 20) };
        return vec![rows::unread(Diagnostic::error(code, Span::new(base, base)))];
    }
    let tokens = macros::expand(tokens::tokenize(source, base), macros, &mut mistakes);
    let tokens = typography::without_typography(tokens);
    rows::read_rows(&tokens, macros, mistakes)
}
