//! Trees as text with all brackets, for tests, and the checks that tests of the notation share.

use super::plain::parse_expression;
use super::{Binder, Chain, Kind, Note, Relation, Side, Sign, Tree};
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
                Side::Dot => format!(" .{}", show(factor)),
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
        Kind::Conditional { name, outcome, given, .. } => format!("({name}{} |{})", all(outcome), all(given)),
        Kind::Primed { name, primes, arguments, .. } => {
            format!("({name}{}{})", "'".repeat(*primes as usize), all(arguments))
        }
        Kind::Superscript(a, b) => format!("(super {} {})", show(a), show(b)),
        Kind::Norm(a, below) => format!("(norm {}{})", show(a), option(below)),
        Kind::Inner(a, b, below) => format!("(inner {} {}{})", show(a), show(b), option(below)),
        Kind::Remainder { big, of } => format!("({} {})", if *big { "O" } else { "o" }, show(of)),
        Kind::Limit { body, variable, to } => format!("(lim {} {} {})", show(variable), show(to), show(body)),
        Kind::Extremum { extremum, variables, constraints, body } => {
            let constraints: String = constraints.iter().map(|c| format!(" st{}", chain(c))).collect();
            let name = format!("{extremum:?}").to_lowercase();
            format!("({name}{}{constraints} {})", all(variables), show(body))
        }
        Kind::Annotated(a, note) => match &**note {
            Note::Claim(rest) => format!("(note {}{})", show(a), relations(rest)),
            Note::Formula(formula) => format!("(note {} {})", show(a), show(formula)),
            Note::Text(text, _) => format!("(note {} {text:?})", show(a)),
        },
        Kind::Accent(mark, a) => format!("({mark} {})", show(a)),
        Kind::Cases(cases) => {
            let case = |(value, when): &(Tree, Option<Chain>)| {
                format!(" [{}{}]", show(value), when.as_ref().map_or(String::new(), chain))
            };
            format!("(cases{})", cases.iter().map(case).collect::<String>())
        }
        Kind::Ellipsis => "…".into(),
        Kind::Ambiguous(readings) => format!("(either{})", all(readings)),
    }
}

/// ` (+ a b) Equal c`
fn chain(chain: &Chain) -> String {
    format!(" {}{}", show(&chain.first), relations(&chain.rest))
}

fn relations(rest: &[(Relation, Tree)]) -> String {
    rest.iter().map(|(relation, side)| format!(" {relation:?} {}", show(side))).collect()
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
