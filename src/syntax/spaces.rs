//! Vectors, matrices and their spaces: `vector theta, d in R^n`, `matrix A in R^(n x m) symmetric`.

use super::operators::Strength;
use super::parser::Parser;
use super::tokens::{Bracket, TokenKind};
use super::{DeclarationKind, Kind, MatrixProperty, Named, Tree};
use crate::text::{Span, suggest};

/// Words for matrices.
const PROPERTIES: &[&str] = &["symmetric", "positive", "nonsingular"];

/// How a space of matrices is written, for a help line.
const MATRICES: &str = "a space of matrices is written `R^(n x m)`";

impl Parser<'_> {
    /// `theta, d in R^n`
    pub(super) fn vector(&mut self) -> Option<DeclarationKind> {
        let names = self.list("the name of a vector, as in `vector d in R^n`")?;
        self.within("vector", &names, "R^n")?;
        Some(DeclarationKind::Vector { names, dimension: self.dimension()? })
    }

    /// `in`, before a space.
    fn within(&mut self, keyword: &str, names: &[Named], space: &str) -> Option<()> {
        if self.take_word("in") || self.take(TokenKind::ElementOf) {
            return Some(());
        }
        let names: Vec<_> = names.iter().map(|(_, span)| self.slice(*span)).collect();
        let help = format!("write `{keyword} {} in {space}`", names.join(", "));
        self.expected_with_help("`in` and a space", Some(help));
        None
    }

    /// `R^`
    fn space(&mut self, example: &str) -> Option<()> {
        let is_real = self.at_word("R") || self.at_word("ℝ");
        if !is_real || self.peek_at(1).is_none_or(|next| next.kind != TokenKind::Caret) {
            self.expected_with_help(&format!("`{example}`"), Some(format!("a space is written `{example}`")));
            return None;
        }
        self.advance();
        self.advance();
        Some(())
    }

    /// The dimension n of `R^n`.
    pub(super) fn dimension(&mut self) -> Option<Tree> {
        self.space("R^n")?;
        Some(self.climb(Strength::Postfix).tree)
    }

    /// `A in R^(n x m) symmetric`
    pub(super) fn matrices(&mut self) -> Option<DeclarationKind> {
        let names = self.list("the name of a matrix, as in `matrix A in R^(n x m)`")?;
        self.within("matrix", &names, "R^(n x m)")?;
        self.space("R^(n x m)")?;
        let (rows, columns) = self.dimensions()?;
        let mut properties = Vec::new();
        while !self.is_done() {
            if self.take(TokenKind::Comma) || self.take_word("and") {
                continue;
            }
            properties.push(self.property()?);
        }
        Some(DeclarationKind::Matrix { names, rows, columns, properties })
    }

    /// `(n x m)`
    fn dimensions(&mut self) -> Option<(Tree, Tree)> {
        if self.peek() != TokenKind::Open(Bracket::Round) {
            self.expected_with_help("`(` and two dimensions", Some(MATRICES.into()));
            return None;
        }
        let mut both = None;
        self.group(&[], |parser, _| {
            let stops = std::mem::replace(&mut parser.stops, &["x"]);
            let rows = parser.expression().tree;
            match parser.take_word("x") {
                true => both = Some((rows, parser.expression().tree)),
                false => both = parser.crossed(rows),
            }
            parser.stops = stops;
        });
        both
    }

    /// `n × m`, which is read as a product.
    fn crossed(&mut self, product: Tree) -> Option<(Tree, Tree)> {
        if let Kind::Product(factors) = product.kind
            && let Ok([(_, rows), (_, columns)]) = <[_; 2]>::try_from(factors)
            && self.slice(Span { start: rows.span.end, end: columns.span.start }).trim() == "×"
        {
            return Some((rows, columns));
        }
        self.expected_with_help("`x` and the number of columns", Some(MATRICES.into()));
        None
    }

    /// `symmetric`, `positive definite`
    pub(super) fn property(&mut self) -> Option<MatrixProperty> {
        if self.take_word("symmetric") {
            return Some(MatrixProperty::Symmetric);
        }
        if self.take_word("nonsingular") {
            return Some(MatrixProperty::Nonsingular);
        }
        if self.take_word("positive") {
            if self.take_word("definite") {
                return Some(MatrixProperty::PositiveDefinite);
            }
            if self.take_word("semidefinite") {
                return Some(MatrixProperty::PositiveSemidefinite);
            }
            self.expected("`definite` or `semidefinite`");
            return None;
        }
        let word = self.slice(self.span());
        let help = match (word, suggest(word, PROPERTIES.iter().copied())) {
            ("invertible" | "regular", _) => "write `nonsingular`".into(),
            ("singular", _) => "a matrix without an inverse needs no word".into(),
            (_, Some(meant)) if meant == "positive" => "did you mean `positive definite`?".into(),
            (_, Some(meant)) => format!("did you mean `{meant}`?"),
            _ => "a matrix is `symmetric`, `positive definite`, `positive semidefinite` or `nonsingular`"
                .into(),
        };
        self.expected_with_help("a property of a matrix", Some(help));
        None
    }
}
