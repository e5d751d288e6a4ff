//! Where formulas are found in Markdown, and where they are not.

use super::formulas::structure;
use super::*;

/// Sources of displays and of inline formulas; each lies at its place in the file but for masked marks.
fn found(text: &str) -> (Vec<String>, Vec<String>) {
    let structure = structure(text);
    let mut previous = 0;
    for formula in &structure.formulas {
        let (source, base) = formula.source(text);
        let original = &text[base..base + source.len()];
        assert!(
            original.bytes().zip(source.bytes()).all(|(a, b)| a == b || (b == b' ' && b" \t>".contains(&a)))
        );
        assert!(previous <= formula.span.start, "in the order of the text");
        previous = formula.span.end;
    }
    let (inline, displays): (Vec<_>, Vec<_>) = structure.formulas.iter().partition(|formula| formula.inline);
    let sources =
        |formulas: Vec<&Formula>| formulas.iter().map(|f| f.source(text).0.trim().to_string()).collect();
    (sources(displays), sources(inline))
}

#[track_caller]
fn check(text: &str, displays: &[&str]) {
    assert_eq!(found(text).0, displays, "{text}");
    assert_eq!(structure(text).diagnostics, []);
}

#[track_caller]
fn check_inline(text: &str, inline: &[&str]) {
    assert_eq!(found(text), (vec![], inline.iter().map(ToString::to_string).collect()), "{text}");
    assert_eq!(structure(text).diagnostics, []);
}

#[test]
fn displays_are_found_between_all_delimiters() {
    check("a\n\n$$\na = b\n$$\n\nc", &["a = b"]);
    check("glued $$a = b$$, $$c$$ and\n$$ d\n$$ e", &["a = b", "c", "d"]);
    check("\\\\[ a = b \\\\]\n\n\\\\[\nc\n\\\\]", &["a = b", "c"]);
    check("\\[ a = b \\]\n\ntext \\[\na\n\\] more", &["a = b", "a"]);
    check(
        "\\begin{align}\na &= b \\\\\n  &= c\n\\end{align}",
        &["\\begin{align}\na &= b \\\\\n  &= c\n\\end{align}"],
    );
    check(
        "$$\\begin{align*}\\begin{aligned}a\\end{aligned}\\end{align*}$$",
        &["\\begin{align*}\\begin{aligned}a\\end{aligned}\\end{align*}"],
    );
    check(
        "\\begin{gather}\\begin{gather}a\\end{gather}\\end{gather}b",
        &["\\begin{gather}\\begin{gather}a\\end{gather}\\end{gather}"],
    );
    check("\\begin{aligned}a\\end{aligned} \\begin{alignment}", &[]);
    check("\\begin{align}äöü äöü äöü\\end{align}", &["\\begin{align}äöü äöü äöü\\end{align}"]);
    check("a\n```math\na = b\n```\n> ~~~ math\n> c\n> > d\n> ~~~\n", &["a = b", "c\n  > d"]);
    check("```math\na", &["a"]);
    check("$$\r\na\r\n$$\r\n", &["a"]);
}

#[test]
fn displays_stand_in_lists_quotations_and_containers() {
    check("- item\n\n  $$\n  a\n  $$\n\n- $$b$$\n", &["a", "b"]);
    check("> $$\n> a\n> > b\n> $$\n", &["a\n  > b"]);
    check("1. > > $$ a\n   > > b $$\n", &["a\n       b"]);
    check("<details>\n<summary>$$a$$</summary>\n$$b$$\n\n$$c$$\n</details>", &["a", "b", "c"]);
    check(":::details[Proof]\n$$\na\n$$\n:::\n", &["a"]);
    check("# A $$a$$\n\n| $$b$$ |\n|---|\n", &["a", "b"]);
}

#[test]
fn formulas_are_found_before_the_structure_of_the_text() {
    check("$$\na\n=\nb\n$$\n\n- c", &["a\n=\nb"]);
    check("$$a_b *c* `d` <e> _f_$$ `$$g$$`", &["a_b *c* `d` <e> _f_"]);
    check("$$\na\n- b\n$$\n\n    $$code$$\n", &["a\n- b"]);
    check("$$\n\n    a\n\n$$\n\n    $$code$$\n", &["a"]);
    check("$$\na <!-- b\n$$\n\n$$c$$ -->", &["a <!-- b", "c"]);
    check("$$ 5 \\$ + `$$ and `$$`", &["5 \\$ + `"]);
}

#[test]
fn code_comments_and_front_matter_are_no_mathematics() {
    check("---\nprice: $$5$$\n---\n$$a$$", &["a"]);
    check("`$$a$$` <!-- $$b$$ --> <a title=\"$$c$$\">\n\n    $$d$$\n\n```\n$$e$$\n```\n$$f$$", &["f"]);
    check("- a\n\n      $$b$$\n\n  $$c$$\n", &["c"]);
    check("<script>\nlet a = $$b$$;\n</script>\n", &[]);
    check("\\$\\$a\\$\\$ b", &[]);
    check("\\\\[2pt] \\\\(a", &[]);
}

#[test]
fn brackets_of_prose_are_no_displays() {
    check("he said \\[sic\\] that", &[]);
    check("see \\[1\\], \\[a", &[]);
    check("we have \\[ a < b \\] here", &["a < b"]);
    check("- \\[ x \\]\n", &["x"]);
}

#[test]
fn inline_formulas_open_and_close_as_renderers_have_it() {
    check_inline("a $x$ b \\(y\\), $z$.", &["x", "y", "z"]);
    check_inline("it costs $5 and $6, or $5-$10", &[]);
    check_inline("$5, then $x$ and 20$ for $y$", &["x", "y"]);
    check_inline("$ a$ $b $ \\$c$ d$", &[]);
    check_inline("$a$5 and $HOME", &[]);
    check_inline("$a\nb$ and $c\n\nd$", &["a\nb"]);
    check_inline("`$a$` $`b$c`$ $d$", &["b$c", "d"]);
    check_inline("\\\\(a + b\\\\) \\(c\\)", &["a + b", "c"]);
    check_inline("> $a\n> b$", &["a\n  b"]);
    check_inline("\\(a\n\nb\\) \\(c \\(d\\)", &["d"]);
}

#[track_caller]
fn check_unclosed(text: &str, place: u32, displays: &[&str]) {
    let diagnostics = structure(text).diagnostics;
    assert_eq!(
        diagnostics.iter().map(|d| (d.code.name(), d.span.start)).collect::<Vec<_>>(),
        [("latex", place)]
    );
    assert_eq!(found(text).0, displays, "{text}");
}

#[test]
fn a_display_that_is_never_closed_is_reported_and_the_rest_is_read() {
    check_unclosed("$$\na\n\nThis is the end:\n\n$$\nb\n$$", 0, &["b"]);
    check_unclosed("x $$ a\n\n# Heading\n\n$$\nb\n$$", 2, &["b"]);
    check_unclosed("$$\na\n\nwhere $b$.\n\n$$c$$", 0, &["c"]);
    check_unclosed("$$\na\n```\nb\n```\n$$c$$", 0, &["c"]);
    check_unclosed("$$b$$\n\n$$a", 7, &["b"]);
    check_unclosed("\\[\na\n\nAnd so it is, \\[ b = c \\]", 0, &["b = c"]);
    check_unclosed("\\begin{align}a\\begin{align}\\end{align}\n\nand so on $$b$$", 0, &["b"]);
}

#[test]
fn blank_lines_in_a_display_end_nothing_while_it_goes_on() {
    check("$$\na\n\n= b\n$$\n\nfor all of it $$c$$", &["a\n\n= b", "c"]);
    check("> $$\n> a\n>\n> b\n> $$", &["a\n \n  b"]);
    check(
        "\\begin{align}\n\na \\\\\n\n\\text{for all of them}\n\\end{align}",
        &["\\begin{align}\n\na \\\\\n\n\\text{for all of them}\n\\end{align}"],
    );
}

#[test]
fn long_texts_are_read_in_linear_time() {
    for piece in [
        "$a ",
        "\\[",
        "\\begin{align}\n\n",
        "$$\n\na\n\n",
        "`a` $b$ ",
        "\\( ",
        "> $$a\n",
        "<!-- $",
        "\\\\",
        "${",
        "- $a$\n",
    ] {
        let start = std::time::Instant::now();
        structure(&piece.repeat((1 << 20) / piece.len()));
        // A mebibyte takes a tenth of a second; read in quadratic time it would take an hour.
        assert!(start.elapsed().as_secs() < 20, "{piece:?}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(words in proptest::collection::vec(proptest::sample::select(SOUP), 0..30)) {
        found(&words.concat());
    }
}

#[rustfmt::skip]
const SOUP: &[&str] = &[
    "$", "$$", "\\[", "\\]", "\\(", "\\)", "\\begin{align}", "\\end{align}", "\n", "\n\n", "> ", "- ", "    ", "`", "```",
    "\n```math\n", "<!--", "-->", "<pre>", "a", "é", "1", " ", "\\", "---\n", "~~~", "\r\n", "three words here",
];
