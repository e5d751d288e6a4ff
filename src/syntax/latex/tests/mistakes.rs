//! What is said of displays that cannot be read, or hardly.

use super::super::super::{Directive, Kind};
use super::super::{Macros, collect_macros, read_display};
use super::said;
use crate::text::Span;

#[test]
fn brackets_without_a_partner_leave_the_other_rows() {
    insta::assert_snapshot!(said(r"\frac{a}{b = c \\ d &= e"), @r"
    … Equal ?
    d Equal e
    error[unclosed-bracket]: the bracket `{` is never closed
     --> article.md:1:9
      |
    1 | \frac{a}{b = c \\ d &= e
      |         ^ opened here
      |
      = help: close it with `}`
    ");
    insta::assert_snapshot!(said(r"a = b} + c"), @r"
    a Equal ?
    error[unopened-bracket]: the bracket `}` closes nothing
     --> article.md:1:6
      |
    1 | a = b} + c
      |      ^ no `{` is open here
    ");
    insta::assert_snapshot!(said(r"\left( a + b = c"), @r"
    … Equal ?
    error[unclosed-bracket]: the bracket `(` is never closed
     --> article.md:1:1
      |
    1 | \left( a + b = c
      | ^^^^^^ opened here
      |
      = help: close it with `)`
    ");
    insta::assert_snapshot!(said(r"\begin{aligned} a &= b \\ c &= d"), @r"
    … Equal ?
    c Equal d
    error[latex]: expected `\end{aligned}`, found the end
     --> article.md:1:1
      |
    1 | \begin{aligned} a &= b \\ c &= d
      | ^^^^^^^^^^^^^^^ expected `\end{aligned}`
    ");
}

#[test]
fn unknown_commands_are_named_with_the_nearest() {
    insta::assert_snapshot!(said(r"a = \alpah + c"), @r"
    a Equal ?
    error[unknown-command]: the command `\alpah` is not known
     --> article.md:1:5
      |
    1 | a = \alpah + c
      |     ^^^^^^ did you mean `\alpha`?
      |
      = help: if it is a macro of yours, define it in the file: `\newcommand{\alpah}{…}`
    ");
    insta::assert_snapshot!(said(r"a &= b \\[2pt] &= \foo"), @r"
    a Equal b
    … Equal ?
    error[unknown-command]: the command `\foo` is not known
     --> article.md:1:19
      |
    1 | a &= b \\[2pt] &= \foo
      |                   ^^^^
      |
      = help: if it is a macro of yours, define it in the file: `\newcommand{\foo}{…}`
    ");
}

#[test]
fn ampersands_and_rows_without_relations() {
    insta::assert_snapshot!(said(r"\begin{align} a & b \\ c &= d \end{align}"), @r"
    …
    c Equal d
    error[latex]: expected a relation or an operator beside `&`, found two values
     --> article.md:1:17
      |
    1 | \begin{align} a & b \\ c &= d \end{align}
      |                 ^ expected a relation or an operator beside `&`
      |
      = help: `&` stands before the relation, `a &= b`, or parts columns of an array
    ");
    insta::assert_snapshot!(said(r"\begin{align} a + b \\ c \end{align}"), @r"
    (+ a +b)
    c
    warning[latex]: expected a relation, as in `a &= b`, found none in any row
     --> article.md:1:1
      |
    1 | \begin{align} a + b \\ c \end{align}
      | ^^^^^^^^^^^^^ expected a relation, as in `a &= b`
    ");
    insta::assert_snapshot!(said(r"\begin{aligned} &= a + b \\ &= c \end{aligned}"), @r"
    … Equal ?
    … Equal c
    error[latex]: expected a side before the first relation, found `=`
     --> article.md:1:18
      |
    1 | \begin{aligned} &= a + b \\ &= c \end{aligned}
      |                  ^ expected a side before the first relation
      |
      = help: write the left side, or move this row behind the one it goes on with
    ");
}

#[test]
fn letters_and_digits_that_deceive_are_remarked() {
    insta::assert_snapshot!(said(r"Α = A + 1"), @r"
    Alpha Equal (+ A +1)
    warning[look-alike]: `Α` is the Greek capital Alpha, not the Latin letter `A`
     --> article.md:1:1
      |
    1 | Α = A + 1
      | ^ Greek capital Alpha; looks like `A`
      |
      = help: if `A` is meant, type it anew
    ");
    insta::assert_snapshot!(said(r"x^12 = y"), @r"
    … Equal ?
    error[two-readings]: this can be read in two ways: `^{1}2` or `^{12}`
     --> article.md:1:3
      |
    1 | x^12 = y
      |   ^^ which of the two?
      |
      = help: write `^{12}`
    ");
    insta::assert_snapshot!(said(r"\vec{x}^T x = 1"), @r"
    (* (' x) x) Equal 1
    warning[overloaded-name]: `x` is a letter in another font and a plain letter
     --> article.md:1:11
      |
    1 | \vec{x}^T x = 1
      |           ^ used as a plain letter
      |
      = help: fonts are not part of a name: if these are two things, rename one of them
    ");
}

#[test]
fn what_a_command_needs_is_said() {
    insta::assert_snapshot!(said(r"\frac{1}\log x"), @r"
    …
    error[latex]: expected the denominator of the fraction, found `\log`
     --> article.md:1:9
      |
    1 | \frac{1}\log x
      |         ^^^^ expected the denominator of the fraction
      |
      = help: write `\frac{…}{…}`, both in braces
    ");
    insta::assert_snapshot!(said(r"x = \int f(x)"), @r"
    x Equal ?
    error[latex]: expected a differential that closes the integral, as in `\,dx`, found none
     --> article.md:1:5
      |
    1 | x = \int f(x)
      |     ^^^^ expected a differential that closes the integral, as in `\,dx`
    ");
    insta::assert_snapshot!(said(r"\sum x_i = 1"), @r"
    … Equal ?
    error[latex]: expected a subscript with the index, found `x`
     --> article.md:1:6
      |
    1 | \sum x_i = 1
      |      ^ expected a subscript with the index
      |
      = help: write the index below: `\sum_{i=1}^n`
    ");
    insta::assert_snapshot!(said(r"\mathbb{E}[a, b] = 1"), @r"
    … Equal ?
    error[latex]: expected one expression in the expectation, found a list
     --> article.md:1:11
      |
    1 | \mathbb{E}[a, b] = 1
      |           ^^^^^^ expected one expression in the expectation
    ");
    insta::assert_snapshot!(said(r"\nabla^3 f"), @r"
    …
    error[latex]: expected `\nabla` or `\nabla^2`, found `f`
     --> article.md:1:10
      |
    1 | \nabla^3 f
      |          ^ expected `\nabla` or `\nabla^2`
      |
      = help: higher derivatives are written with `\partial`
    ");
    insta::assert_snapshot!(said(r"\left.\frac{d}{dt} M(t)\right| = \mu"), @r"
    … Equal ?
    error[latex]: expected a bracket, found `.`
     --> article.md:1:1
      |
    1 | \left.\frac{d}{dt} M(t)\right| = \mu
      | ^^^^^^ expected a bracket
      |
      = help: a value at a point is written `\left. f \right|_{d=0}`
    ");
    insta::assert_snapshot!(said(r"F = \frac{\partial^2}{\partial_{\theta} \partial_{\theta^T}} L"), @r"
    F Equal (diff L theta (' theta))
    error[malformed-derivative]: `\frac{\partial^2}{\partial_{\theta} \par…` is not how a derivative is written
     --> article.md:1:5
      |
    1 | F = \frac{\partial^2}{\partial_{\theta} \partial_{\theta^T}} L
      |     ^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^^ expected `\frac{\partial^2}{\partial \theta \, \pa…`
      |
      = help: write `\frac{\partial^2}{\partial \theta \, \partial \theta^T}`
    ");
}

#[test]
fn operators_and_marks_that_cannot_stand_there() {
    insta::assert_snapshot!(said(r"a = b + * c \\ &= d"), @r"
    a Equal ?
    … Equal d
    error[latex]: expected a value, found `*`
     --> article.md:1:9
      |
    1 | a = b + * c \\ &= d
      |         ^ expected a value
    ");
    insta::assert_snapshot!(said(r"x^a^b = 1"), @r"
    … Equal ?
    error[latex]: expected one superscript, found `b`
     --> article.md:1:5
      |
    1 | x^a^b = 1
      |     ^ expected one superscript
      |
      = help: group the inner one: `{x^a}^b`
    ");
    insta::assert_snapshot!(said(r"x_1_2 = 3"), @r"
    … Equal ?
    error[latex]: expected one subscript, found `2`
     --> article.md:1:5
      |
    1 | x_1_2 = 3
      |     ^ expected one subscript
    ");
    insta::assert_snapshot!(said(r"a \pm b = c"), @r"
    … Equal ?
    error[latex]: expected an operator or a relation, found `\pm`
     --> article.md:1:3
      |
    1 | a \pm b = c
      |   ^^^ expected an operator or a relation
      |
      = help: this sign is not read; `grammar/latex.ebnf` lists what is
    ");
}

#[test]
fn macros_that_need_themselves_are_refused() {
    let (macros, found) = collect_macros(r"\newcommand{\f}{\g} \newcommand{\g}{\f x}");
    assert_eq!(
        found.iter().map(|diagnostic| diagnostic.code.message()).collect::<Vec<_>>(),
        [r"the definitions need each other: `\f` → `\g` → `\f`"]
    );
    let rows = read_display(r"a = \f \\ b = c", 0, &macros);
    assert!(rows[0].rest[0].side.is_none() && rows[0].diagnostics[0].code.name() == "budget");
    assert!(rows[1].rest[0].side.is_some() && rows[1].diagnostics.is_empty());
}

#[test]
fn macros_stand_at_the_place_of_their_use() {
    let text = r"\newcommand{\E}[2][p]{\mathbb{E}_{#1}[#2]} \def\half{\frac12} \DeclarePairedDelimiter{\norm}{\lVert}{\rVert}";
    let (macros, found) = collect_macros(text);
    assert!(found.is_empty());
    let source = r"\half \E{x} = \E[q]{\norm*{y}}";
    let rows = read_display(source, 100, &macros);
    assert_eq!(
        rows.iter().map(super::shown).collect::<Vec<_>>(),
        ["(* (* 1 /2) (E x p)) Equal (E (norm y) q)"]
    );
    let Some(Kind::Product(factors)) = rows[0].first.as_ref().map(|tree| &tree.kind) else {
        panic!("a product")
    };
    assert_eq!((factors[0].1.span, factors[1].1.span), (Span::new(100, 105), Span::new(106, 111)));
}

#[test]
fn a_macro_with_two_definitions_is_reported_and_the_first_kept() {
    let (macros, found) = collect_macros(
        r"\newcommand{\R}{\mathbb{R}} \renewcommand{\R}{\mathcal{R}} \newcommand{\R}{\mathbb{R}}",
    );
    assert_eq!(
        found.iter().map(|diagnostic| diagnostic.code.name()).collect::<Vec<_>>(),
        ["contradictory-declaration"]
    );
    let rows = read_display(r"x \in \R", 0, &macros);
    assert_eq!(rows.iter().map(super::shown).collect::<Vec<_>>(), ["x Element Reals"]);
}

#[test]
fn an_expansion_is_bounded() {
    let mut text = String::from(r"\newcommand{\aa}{x + x}");
    for (before, after) in
        [("aa", "ab"), ("ab", "ac"), ("ac", "ad"), ("ad", "ae"), ("ae", "af"), ("af", "ag")]
    {
        text += &format!(r"\newcommand{{\{after}}}{{{}}}", format!(r"\{before} + ").repeat(20) + "1");
    }
    let (macros, _) = collect_macros(&text);
    let rows = read_display(r"\ag", 0, &macros);
    assert_eq!(
        rows[0].diagnostics.iter().map(|diagnostic| diagnostic.code.name()).collect::<Vec<_>>(),
        ["budget"]
    );
    assert!(rows[0].first.is_none());
}

#[test]
fn what_is_said_beside_a_formula_is_kept() {
    let source = "\\begin{aligned} a &= b \\\\ % expect: refuted, the sign\r\n\t&= c && \\text{by Jensen} \\\\ % where d small\r\n\
                  \t&\\le d \\quad \\text{for all } x % expect: open\r\n\\end{aligned} \\label{eq:one}";
    let rows = read_display(source, 7, &Macros::default());
    let beside: Vec<_> = rows.iter().map(|row| (row.remarks.clone(), row.directives.clone())).collect();
    let at = |text: &str| {
        let start = source.find(text).expect("the text") + 7;
        Span::new(start, start + text.len())
    };
    assert_eq!(
        beside,
        [
            (vec![], vec![Directive::Expect("refuted, the sign".into(), at("refuted, the sign"))]),
            (
                vec![("where d small".into(), at("where d small"))],
                vec![Directive::By(vec![("Jensen".into(), at(r"\text{by Jensen}"))])]
            ),
            (
                vec![("for all x".into(), at(r"\text{for all } x"))],
                vec![Directive::Expect("open".into(), at("open"))]
            ),
        ]
    );
    assert!(rows.iter().all(|row| row.diagnostics.is_empty()));
}
