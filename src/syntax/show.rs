//! Trees as text with all brackets, for tests, and the checks that tests of the notation share.

use super::plain::parse_expression;
use super::{Binder, Kind, Side, Sign, Tree};
use crate::text::Span;

/// `(+ a -(* 2 b))` for `a - 2 b`.
pub(super) fn show(tree: &Tree) -> String {
    let all = |trees: &[Tree]| trees.iter().map(|tree| format!(" {}", show(tree))).collect::<String>();
    let option =
        |tree: &Option<Box<Tree>>| tree.as_ref().map_or(String::new(), |tree| format!(" {}", show(tree)));
    match &tree.kind {
        Kind::Number(number) => number.to_string(),
        Kind::Name(name) => name.clone(),
        Kind::Call { name, arguments, .. } => format!("({name}{})", all(arguments)),
        Kind::Sum(terms) => {
            let rest = terms[1..].iter().map(|(sign, term)| match sign {
                Sign::Plus => format!(" +{}", show(term)),
                Sign::Minus => format!(" -{}", show(term)),
            });
            format!("(+ {}{})", show(&terms[0].1), rest.collect::<String>())
        }
        Kind::Product(factors) => {
            let shown = factors.iter().map(|(side, factor)| match side {
                Side::Over => format!(" {}", show(factor)),
                Side::Under => format!(" /{}", show(factor)),
            });
            format!("(*{})", shown.collect::<String>())
        }
        Kind::Negate(a) => format!("(neg {})", show(a)),
        Kind::Power(a, b) => format!("(^ {} {})", show(a), show(b)),
        Kind::Factorial(a) => format!("(! {})", show(a)),
        Kind::Transpose(a) => format!("(' {})", show(a)),
        Kind::Absolute(a) => format!("(abs {})", show(a)),
        Kind::Matrix(rows) => {
            let row = |row: &Vec<Tree>| row.iter().map(show).collect::<Vec<_>>().join(", ");
            format!("[{}]", rows.iter().map(row).collect::<Vec<_>>().join("; "))
        }
        Kind::Index(a, indices) => format!("(at {}{})", show(a), all(indices)),
        Kind::Derivative { body, by } => format!("(diff {}{})", show(body), all(by)),
        Kind::Gradient { body, by } => format!("(grad {}{})", show(body), option(by)),
        Kind::Hessian { body, by } => format!("(hess {}{})", show(body), option(by)),
        Kind::Range { binder, body, variable, from, to, .. } => {
            let name = match binder {
                Binder::Sum => "sum",
                Binder::Product => "product",
                Binder::Integral => "integral",
            };
            format!("({name} {} {variable}{}{})", show(body), option(from), option(to))
        }
        Kind::Expectation { body, density } => format!("(E {}{})", show(body), option(density)),
        Kind::Divergence(p, q) => format!("(KL {} {})", show(p), show(q)),
        Kind::Infinity => "inf".into(),
    }
}

/// The text is read without complaint, as expected, and every part of the tree can be read again from
/// its own piece of the text.
#[track_caller]
pub(super) fn check(text: &str, expected: &str) {
    let (tree, diagnostics) = parse_expression(text, 0);
    let tree = tree.unwrap_or_else(|| panic!("{text}: {diagnostics:?}"));
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    assert_eq!(show(&tree), expected);
    check_spans(text, &tree);
}

/// Every part reads as itself from its own span, and lies within the whole.
#[track_caller]
pub(super) fn check_spans(text: &str, tree: &Tree) {
    let piece = &text[tree.span.start as usize..tree.span.end as usize];
    let small_above = piece.starts_with(|c| super::names::superscript(c).is_some());
    if !small_above {
        let again = parse_expression(piece, 0).0.unwrap_or_else(|| panic!("`{piece}` of `{text}`"));
        assert_eq!(show(&again), show(tree), "`{piece}` of `{text}`");
    }
    for part in tree.parts() {
        assert_eq!(tree.span.to(part.span), tree.span, "{} within {}", show(part), show(tree));
        check_spans(text, part);
    }
}

/// The diagnostics of a text as `code start..end`; none of them points outside the text.
#[track_caller]
pub(super) fn check_errors(text: &str, expected: &[&str]) {
    let (tree, diagnostics) = parse_expression(text, 0);
    let shown = |span: Span| format!("{}..{}", span.start, span.end);
    let found: Vec<_> = diagnostics.iter().map(|d| format!("{} {}", d.code.name(), shown(d.span))).collect();
    assert_eq!(found, expected, "{}", &text[..text.len().min(80)]);
    assert!(tree.is_none());
}
