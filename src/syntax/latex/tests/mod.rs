//! Displays as they are printed, and the trees they are read as.

mod article;

mod textbook;

mod mistakes;

use super::super::show::show;
use super::super::{Row, Sign};
use super::*;

/// A row as text: sides, relations, and what is said beside it.
fn shown(row: &Row) -> String {
    let mut text = row.first.as_ref().map_or("…".to_string(), show);
    for link in &row.rest {
        let above = link.above.as_ref().map_or(String::new(), |(above, _)| format!("[{above}]"));
        let side = link.side.as_ref().map_or("?".to_string(), show);
        text += &format!(" {:?}{above} {side}", link.relation);
    }
    if row.constraint {
        text = format!("st: {text}");
    }
    text
}

/// Every row is read without complaint, as expected.
#[track_caller]
pub(super) fn check(source: &str, expected: &[&str]) {
    let rows = read_display(source, 0, &Macros::default());
    let diagnostics: Vec<_> = rows.iter().flat_map(|row| &row.diagnostics).collect();
    assert!(diagnostics.is_empty(), "{source}: {}", render(source, &rows));
    assert_eq!(rows.iter().map(shown).collect::<Vec<_>>(), expected, "{source}");
}

/// The rows of a display, and its diagnostics as a user reads them.
fn said(source: &str) -> String {
    let (macros, mut found) = collect_macros(source);
    let rows = read_display(source, 0, &macros);
    found.extend(rows.iter().flat_map(|row| row.diagnostics.clone()));
    let rows: String = rows.iter().map(|row| shown(row) + "\n").collect();
    rows + &crate::text::render(&crate::text::Source::new("article.md", source), &found, false)
}

/// The rows of a display, and the codes of its diagnostics.
fn mistakes_of(source: &str) -> (Vec<String>, Vec<&'static str>) {
    let rows = read_display(source, 0, &Macros::default());
    let codes =
        rows.iter().flat_map(|row| &row.diagnostics).map(|diagnostic| diagnostic.code.name()).collect();
    (rows.iter().map(shown).collect(), codes)
}

fn render(source: &str, rows: &[Row]) -> String {
    let diagnostics: Vec<_> = rows.iter().flat_map(|row| row.diagnostics.clone()).collect();
    crate::text::render(&crate::text::Source::new("article.md", source), &diagnostics, false)
}

#[test]
fn the_table_of_operators_is_read_as_it_is_written() {
    use super::super::operators::{OPERATORS, Operation, Strength};
    for row in OPERATORS {
        let operand =
            if row.strength == Strength::Postfix || row.operation == Operation::Negate { "" } else { "b" };
        let before = if row.operation == Operation::Negate { "" } else { "A" };
        let after = if row.operation == Operation::Negate { "A" } else { operand };
        let rows = read_display(&format!("{before} {} {after}", row.latex), 0, &Macros::default());
        assert!(rows[0].diagnostics.is_empty(), "{}", row.latex);
        let first = rows[0].first.as_ref().map(show).expect("a first side");
        let expected = match row.operation {
            Operation::Relate(relation) => {
                assert_eq!(rows[0].rest[0].relation, relation, "{}", row.latex);
                "A"
            }
            Operation::Add(Sign::Plus) => "(+ A +b)",
            Operation::Add(Sign::Minus) => "(+ A -b)",
            Operation::Multiply => "(* A .b)",
            Operation::Divide => "(* A /b)",
            Operation::Negate => "(neg A)",
            Operation::Raise => "(^ A b)",
            Operation::Factorial => "(! A)",
            Operation::Transpose => "(' A)",
        };
        assert_eq!(first, expected, "{}", row.latex);
    }
}

#[test]
fn every_greek_letter_has_one_name_in_every_spelling() {
    for (letter, name) in super::super::names::GREEK {
        let written = format!("{letter} = \\{name} + \\mathbf{letter}");
        let rows = read_display(&written, 0, &Macros::default());
        assert_eq!(shown(&rows[0]), format!("{name} Equal (+ {name} +{name})"));
    }
}

#[test]
fn deep_and_long_displays_end_quickly_in_trees_or_clear_diagnostics() {
    let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(3_000), close.repeat(3_000));
    for (open, close) in DEEP {
        let text = deep(open, close);
        check_places(&text, &read_display(&text, 0, &Macros::default()));
    }
    for opened in [r"\newcommand{\a}{", r"\newcommand{\a}[", r"\def\a", r"\newcommand{\a}[1]{#1} \a"] {
        let text = opened.repeat(3_000);
        let (macros, _) = collect_macros(&text);
        check_places(&text, &read_display(&text, 0, &macros));
    }
    for piece in LONG {
        let text = piece.repeat(4_000);
        check_places(&text, &read_display(&text, 0, &Macros::default()));
    }
}

/// Every place lies within the text, and a row that is unread says why.
#[track_caller]
fn check_places(text: &str, rows: &[Row]) {
    let within = |span: Span| text.get(span.start as usize..span.end as usize).is_some();
    let start: String = text.chars().take(40).collect();
    for row in rows {
        assert!(within(row.span), "{start}: {:?}", row.span);
        let mut left: Vec<_> = row.first.iter().chain(row.rest.iter().flat_map(|link| &link.side)).collect();
        let is_unread = row.rest.iter().any(|link| link.side.is_none());
        assert!(!is_unread || !row.diagnostics.is_empty(), "{start}: unread without a reason");
        assert!(row.diagnostics.iter().all(|diagnostic| within(diagnostic.span)), "{start}");
        while let Some(tree) = left.pop() {
            assert!(within(tree.span), "{start}: {:?}", tree.span);
            left.extend(tree.parts());
        }
    }
}

/// What opens, and what closes it.
#[rustfmt::skip]
const DEEP: &[(&str, &str)] = &[
    ("{", "}"), ("(", ")"), ("[", "]"), (r"\left(", r"\right)"), (r"\frac{", "}{y}"), (r"\frac{\partial}{\partial x}{", "}"),
    ("x^{", "}"), ("x_{", "}"), (r"\sqrt{", "}"), (r"\sqrt", ""), (r"\log ", ""), (r"\nabla ", ""), ("-", ""), ("|", "|"),
    (r"\|", r"\|"), (r"\hat{", "}"), (r"\hat", ""), (r"\mathbf{", "}"), (r"\underbrace{", "}_{a}"),
    (r"\begin{aligned}", r"\end{aligned}"), (r"a = \begin{cases}", r"\end{cases}"), (r"\begin{pmatrix}", r"\end{pmatrix}"),
    (r"\sum_{i=1}^n ", ""), (r"\int ", "dy"), (r"\lim_{x\to 0} ", ""), (r"\arg\min_x ", ""), (r"\max_x a + ", ""), ("E[", "]"),
    ("f(", ")"), ("f(x", ")^2"), ("p(x|", ")"), ("", "'"), ("", "!"), ("", "^2"), (r"\mathbb{E}", ""), (r"\text{", "}"),
    (r"\tag{", "}"), (r"\overset{a}{", "}"), (r"\underset{a}{", "}"), (r"\langle ", r"\rangle"), (r"\left\{", r"\right."),
    (r"\prod_i x_i ", ""), ("1/", " b"), (r"\log^2 ", ""), (r"\frac{\partial}{\partial x} a ", ""), ("{", ""), ("(", ""),
    ("", "}"), ("", ")"), (r"\textcolor{red}{", "}"), (r"\sum_", ""), ("_", ""), ("^", ""), (r"\frac", ""), (r"\partial_", ""),
    (r"\left.", r"\right|"), (r"\text", ""), (r"\operatorname*{", "}"), (r"\substack{", "}"), ("a(x)^{", "}"),
];

/// What stands there again and again.
#[rustfmt::skip]
const LONG: &[&str] = &[
    "x + ", "x ", "a = ", "a, ", "& ", "& a = ", r"a \\ ", r"\frac12 x ", r"\int f dx + ", r"\log x y + ", r"1/2 x + ", "1/2 x ",
    "|x| ", "||x|| ", "d x ", r"\int d x ", "f(x)^2 ", r"\text{a} ", r"\text{a b} ", r"\quad x ", "a_{ij} ", r"\max_i a_i + ",
    r"\lim_{n \to 0} a_n + ", r"\sum_i a + ", "% by x\n", r"\tag{1} ", "(", ")", "a = b, ", r"a = b \quad ", r"\left( \right. ",
    "a & b & ", r"\forall x ", r"\text{and} a = b ", "KL", "abcdefg", r"\mathrm ", r"\foo ", "1", "x'", r"\prod_i a_i b + ",
    r"\begin{aligned} a &= b \end{aligned} \\ ", r"\| a ", "p(x|y) ", "E ", r"\mathbb{E} ", "{ ", "} ", "'", "^", "_",
    r"\log x/y ", r"\left. ", r"\right| ", r"\begin{align} ", r"\end{align} ", r"\mathbf ", r"\hat ", "- ", r"\cdot ", ": ",
];

proptest::proptest! {
    #[test]
    fn a_soup_of_tokens_is_read_or_refused(
        words in proptest::collection::vec(proptest::sample::select(SOUP), 0..24),
    ) {
        let text = words.join(" ");
        let (macros, _) = collect_macros(&text);
        check_places(&text, &read_display(&text, 0, &macros));
        let text = words.concat();
        check_places(&text, &read_display(&text, 0, &Macros::default()));
    }

    #[test]
    fn no_text_is_too_strange(text in r"\PC{0,60}") {
        let (macros, _) = collect_macros(&text);
        check_places(&text, &read_display(&text, 0, &macros));
    }
}

#[rustfmt::skip]
const SOUP: &[&str] = &[
    "x", "1", "E", "d", "T", "+", "-", "=", "<", ",", ".", ";", ":", "!", "'", "^", "_", "{", "}", "(", ")", "[", "]", "|", "&", "*", "/", "²", "₁", "ᵀ",
    "θ", "Α", "∇", "‖", "⟨", "⟩", "%", "\n", r"\\", "\\", r"\frac", r"\sqrt", r"\log", r"\nabla", r"\partial", r"\int", r"\sum", r"\prod", r"\lim",
    r"\min", r"\arg", r"\left", r"\right", r"\left(", r"\right)", r"\left.", r"\right|", r"\big", r"\bigl", r"\middle", r"\|", r"\mid", r"\cdot", r"\theta",
    r"\mathbb{E}", r"\mathrm", r"\mathbf", r"\hat", r"\vec", r"\text{and}", r"\text{if }", r"\text{s.t.}", r"\text", r"\operatorname*{arg\,min}",
    r"\underbrace", r"\overset", r"\underset", r"\stackrel{a}{=}", r"\xrightarrow", r"\textcolor{red}", r"\color{red}", r"\quad", r"\,", r"\tag{1}", r"\label",
    r"\begin{aligned}", r"\end{aligned}", r"\begin{cases}", r"\end{cases}", r"\begin{pmatrix}", r"\end{pmatrix}", r"\begin{array}{cc}", r"\end{array}",
    r"\begin", r"\end", r"\substack", r"\to", r"\le", r"\not", r"\infty", r"\dots", r"\top", r"\prime", r"\ast", r"\forall", r"\foo", r"\intertext{a}",
    r"\newcommand{\foo}[1]{#1 x}", r"\newcommand{\bar}{\foo}", r"\def\a{\a}", r"\a", r"\frac{\partial}{\partial x}", r"\frac{d}{dx}", r"\langle", r"\rangle", "#1", "\r\n", "\t",
];
