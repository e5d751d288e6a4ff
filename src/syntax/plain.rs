//! The plain notation: text → trees, with every mistake of the text.
//!
//! `parse_expression("2 mu + f(x)/y", 0)` gives a sum; `parse_chain` reads relations between expressions and
//! `parse_assignments` points such as `mu=0, sigma=1`. Conditions (`x > 0, n integer`) stand in
//! `conditions.rs`. `base_offset` is the place of the text in its file and is added to every span.
//! The grammar with examples is `grammar/expression.ebnf`.

use rustc_hash::FxHashSet;

use super::parser::Parser;
use super::tokens::TokenKind;
use super::{Chain, Relation, Tree};
use crate::text::{Code, Diagnostic, Span};

/// Reads one expression; `None` when there is any mistake.
///
/// ```
/// use referee::syntax::{Kind, parse_expression};
/// let (tree, diagnostics) = parse_expression("2 mu + f(x)/y", 0);
/// assert!(matches!(tree.unwrap().kind, Kind::Sum(terms) if terms.len() == 2) && diagnostics.is_empty());
/// ```
pub fn parse_expression(text: &str, base_offset: usize) -> (Option<Tree>, Vec<Diagnostic>) {
    parse(text, base_offset, "an expression", |parser| {
        let mut tree = None;
        parser.parts(&[], &mut |parser, _| tree = Some(parser.expression().tree));
        tree
    })
}

/// Reads `a = b <= c`, or an expression alone.
pub fn parse_chain(text: &str, base_offset: usize) -> (Option<Chain>, Vec<Diagnostic>) {
    parse(text, base_offset, "an expression", |parser| {
        let mut chain = None;
        parser.parts(&[], &mut |parser, _| chain = Some(parser.chain()));
        chain
    })
}

/// `mu = 0`: the canonical name, its place, the value.
pub type Definition = (String, Span, Tree);

/// Reads `mu=0, sigma=1`: canonical names, their places and values; of no text, no values.
pub fn parse_assignments(text: &str, base_offset: usize) -> (Option<Vec<Definition>>, Vec<Diagnostic>) {
    let mut parser = Parser::new(text, base_offset);
    let mut assignments = Vec::new();
    if !parser.is_done() {
        parser.parts(&[TokenKind::Comma], &mut |parser, _| assignments.extend(parser.assignment()));
    }
    let mut seen = FxHashSet::default();
    for (name, span, _) in &assignments {
        if !seen.insert(name) {
            parser.report_apart(Code::DuplicateName { name: name.clone() }, *span);
        }
    }
    (parser.is_clean().then_some(assignments), parser.into_diagnostics())
}

fn parse<T>(
    text: &str,
    base: usize,
    what: &str,
    read: impl FnOnce(&mut Parser) -> Option<T>,
) -> (Option<T>, Vec<Diagnostic>) {
    let mut parser = Parser::new(text, base);
    if parser.is_done() && parser.is_clean() {
        let code = Code::EmptyInput { what: what.into() };
        parser.error(code, Span::new(base, base + text.len()));
    }
    let result = if parser.is_done() { None } else { read(&mut parser) };
    (result.filter(|_| parser.is_clean()), parser.into_diagnostics())
}

impl Parser<'_> {
    /// `a`, `a = b`, `0 < p < 1`
    pub(super) fn chain(&mut self) -> Chain {
        let first = self.expression().tree;
        let mut rest = Vec::new();
        while let Some(relation) = self.relation() {
            self.advance();
            rest.push((relation, self.expression().tree));
        }
        Chain { first, rest }
    }

    /// The relation that the next token is.
    pub(super) fn relation(&self) -> Option<Relation> {
        match self.peek() {
            TokenKind::Relation(relation) => Some(relation),
            TokenKind::Name if self.at_word("prop") => Some(Relation::Proportional),
            _ => None,
        }
    }

    /// `name = value`
    pub(super) fn assignment(&mut self) -> Option<Definition> {
        if self.peek() != TokenKind::Name {
            self.expected("a name and its value, as in `mu = 0`");
            return None;
        }
        let span = self.advance();
        if !self.take(TokenKind::Relation(Relation::Equal)) {
            self.expected_with_help("`=` and a value", Some(format!("write `{}=…`", self.slice(span))));
            return None;
        }
        Some((self.canonical(span), span, self.expression().tree))
    }
}

#[cfg(test)]
mod tests {
    use super::super::show::{check, check_errors, check_spans, show};
    use super::*;
    use crate::text::{Source, render};

    #[test]
    fn operators_hold_as_the_table_says() {
        check("a + b - c", "(+ a +b -c)");
        check("-x^2", "(neg (^ x 2))");
        check("2^-3^2", "(^ 2 (neg (^ 3 2)))");
        check("2^3^2", "(^ 2 (^ 3 2))");
        check("-a*b + c", "(+ (* (neg a) b) +c)");
        check("a/b/c*d", "(* a /b /c d)");
        check("a*-b", "(* a (neg b))");
        check("a - -b", "(+ a -(neg b))");
        check("+a", "a");
        check("(a + b)*c", "(* (+ a +b) c)");
        check("x^n!", "(^ x (! n))");
        check("-x'", "(neg (' x))");
        check("((a))", "a");
    }

    #[test]
    fn a_number_before_a_name_or_bracket_is_a_product() {
        check("2 mu", "(* 2 mu)");
        check("3(x + 1)", "(* 3 (+ x +1))");
        check("2x^2", "(* 2 (^ x 2))");
        check("-2x", "(* (neg 2) x)");
        check("a*2x", "(* a 2 x)");
        check("2x(y)", "(* 2 (x y))");
        check("2[a, b]", "(* 2 [a; b])");
        check("2 sqrt(x)/3", "(* 2 (sqrt x) /3)");
        check("2√x", "(* 2 (sqrt x))");
        check("x + 2y", "(+ x +(* 2 y))");
        check("2e", "(* 2 e)");
    }

    #[test]
    fn products_with_two_readings_are_shown_with_both() {
        check_errors("1/2 x", &["ambiguous-product 0..5"]);
        check_errors("1/2pi", &["ambiguous-product 0..5"]);
        check_errors("x^2y + 1", &["ambiguous-product 0..4"]);
        check_errors("f (x)", &["ambiguous-product 0..5"]);
        let readings = |text| match parse_expression(text, 0).1.remove(0).code {
            Code::AmbiguousProduct { first, second, .. } => format!("{first} | {second}"),
            other => panic!("{other:?}"),
        };
        assert_eq!(readings("1/2 x"), "(1/2)*x | 1/(2*x)");
        assert_eq!(readings("c + a*b/2(x + 1)"), "(a*b/2)*(x + 1) | a*b/(2*(x + 1))");
        assert_eq!(readings("x^-2y"), "x^-2*y | x^-(2*y)");
        assert_eq!(readings("f (x)"), "f(x) | f*(x)");
    }

    #[test]
    fn two_values_side_by_side_need_a_sign() {
        check_errors("a b", &["syntax 2..3"]);
        check_errors("(a)(b)", &["syntax 3..4"]);
        check_errors("2 3", &["syntax 2..3"]);
        check_errors("x²y", &["syntax 3..4"]);
        check_errors("(2) x", &["syntax 4..5"]);
        check_errors("|a||b|", &["syntax 3..4"]);
        let (_, diagnostics) = parse_expression("(a + 1)(b)", 0);
        assert_eq!(
            diagnostics[0].help().as_deref(),
            Some("a product of two names or brackets needs its sign: `(a + 1)*(b)`")
        );
    }

    #[test]
    fn numbers_are_exact_and_names_canonical() {
        // Eighteen digits fit a machine word, nineteen and more do not.
        for digits in ["999999999999999999", "9999999999999999999", "1.234567890123456789012"] {
            let (tree, _) = parse_expression(digits, 0);
            let read = crate::number::Rational::parse_decimal(digits).expect("a decimal");
            assert!(
                matches!(tree, Some(Tree { kind: crate::syntax::Kind::Number(q), .. }) if q == read),
                "{digits}"
            );
        }

        check("0.1", "1/10");
        check("1e-3", "1/1000");
        check("123456789012345678901", "123456789012345678901");
        check(".5", "1/2");
        check("μ + x₁·ψ", "(+ mu +(* x_1 psi))");
        check("Γ − sigma2", "(+ Gamma -sigma2)");
        check("a×b÷c", "(* a b /c)");
        check("x² + y⁻¹", "(+ (^ x 2) +(^ y (neg 1)))");
        check("-x²", "(neg (^ x 2))");
        check("∞ + inf", "(+ inf +inf)");
    }

    #[test]
    fn postfix_operators_follow_their_operand() {
        check("n!", "(! n)");
        check("(n + 1)!", "(! (+ n +1))");
        check("A'*x", "(* (' A) x)");
        check("x[i]", "(at x i)");
        check("m[i, j]'", "(' (at m i j))");
        check("f(x)[1]", "(at (f x) 1)");
        check_errors("x [i]", &["syntax 2..3"]);
    }

    #[test]
    fn bars_open_where_a_value_is_expected_and_close_where_an_operator_is() {
        check("|x|", "(abs x)");
        check("|a|*|b|", "(* (abs a) (abs b))");
        check("||a| - b|", "(abs (+ (abs a) -b))");
        check("|-|x||", "(abs (neg (abs x)))");
        check("|2 x|", "(abs (* 2 x))");
        check("f(|x|, 1)", "(f (abs x) 1)");
        check_errors("|x", &["unclosed-bracket 0..1"]);
        check_errors("(|x) + (a b)", &["unclosed-bracket 1..2", "syntax 10..11"]);
    }

    #[test]
    fn columns_and_matrices_are_written_by_rows() {
        check("[a, b]", "[a; b]");
        check("[a, b; c, d]", "[a, b; c, d]");
        check("[a; b]", "[a; b]");
        check("[a]", "[a]");
        check_errors("[a, b; c]", &["ragged-matrix 7..8"]);
        check_errors("[]", &["syntax 0..2"]);
    }

    #[test]
    fn forms_have_their_own_shape() {
        check("diff(f(x), x, y)", "(diff (f x) x y)");
        check("d/dx f", "(diff f x)");
        check("d/dx (f)", "(diff f x)");
        check("d/dx(f)", "(diff f x)");
        check("d/dθ a*b + c", "(+ (diff (* a b) theta) +c)");
        check("2 d/dx d/dy f", "(* 2 (diff (diff f y) x))");
        check("d/dx", "(* d /dx)");
        check("d/dx + 1", "(+ (* d /dx) +1)");
        check("d / dx*f", "(* d /dx f)");
        check("grad(f)", "(grad f)");
        check("hess(f, theta)", "(hess f theta)");
        check("sum(k^2, k = 1..n)", "(sum (^ k 2) k 1 n)");
        check("product(k, k = 1..n + 1)", "(product k k 1 (+ n +1))");
        check("integral(f, x = -inf..inf)", "(integral f x (neg inf) inf)");
        check("integral(f, x)", "(integral f x)");
        check("E[x]", "(E x)");
        check("E[x^2; p]", "(E (^ x 2) p)");
        check("KL(p, q)", "(KL p q)");
        check("f()", "(f)");
        check("p(x | theta, d)", "(p x | theta d)");
        check("E[log(p(x | θ)); p(theta)]", "(E (log (p x | theta)) (p theta))");
        check("p(|x| | |y|)", "(p (abs x) | (abs y))");
        check("fisher(p)(theta + d)", "(fisher p (+ theta +d))");
        check("f'(x) + g''(x, y)", "(+ (f' x) +(g'' x y))");
        check("norm(d)^2", "(^ (norm d) 2)");
        check("norm(d, G)", "(norm d G)");
        check("dot(u, v)", "(inner u v)");
        check("o(norm(d)^2) + O(t)", "(+ (o (^ (norm d) 2)) +(O t))");
        check("lim(f(e_1)/e_1, e_1 -> 0)", "(lim e_1 0 (* (f e_1) /e_1))");
        check(
            "argmin(f(d), d; norm(d) <= 1, d' * d = 1)",
            "(argmin d st (norm d) LessOrEqual 1 st (* (' d) d) Equal 1 (f d))",
        );
        check_errors("diff(f)", &["wrong-arity 0..7"]);
        check_errors("diff(f, 2)", &["syntax 8..9"]);
        check_errors("sum(f)", &["wrong-arity 0..6"]);
        check_errors("sum(f, k = 1)", &["syntax 12..13"]);
        check_errors("sum(f, k)", &["syntax 8..9"]);
        check_errors("KL(p)", &["wrong-arity 0..5"]);
    }

    #[test]
    fn every_mistake_of_a_text_is_reported_once() {
        check_errors("f(a b) + g(c,,d) + (2 3)", &["syntax 4..5", "syntax 13..14", "syntax 22..23"]);
        check_errors("f(a b c d, e f)", &["syntax 4..5", "syntax 13..14"]);
        check_errors("a b + (c d)", &["syntax 2..3", "syntax 9..10"]);
        check_errors("a ** b", &["syntax 2..4"]);
        check_errors("1 + * 2", &["syntax 4..5"]);
        check_errors("1 +", &["syntax 3..3"]);
        check_errors("a = b", &["syntax 2..3"]);
        check_errors("(a, b)", &["syntax 2..3"]);
        check_errors("f(a", &["unclosed-bracket 1..2"]);
        check_errors("a)", &["unopened-bracket 1..2"]);
        check_errors("x @ (1 2)", &["syntax 2..3", "syntax 7..8"]);
        check_errors("", &["empty-input 0..0"]);
        check_errors("  # nothing", &["empty-input 0..11"]);
    }

    #[test]
    fn relations_form_chains() {
        let chain = |text| {
            let chain = parse_chain(text, 0).0.expect("a chain");
            let rest = chain.rest.iter().map(|(relation, side)| format!(" {relation:?} {}", show(side)));
            show(&chain.first) + &rest.collect::<String>()
        };
        assert_eq!(chain("0 < p <= 1"), "0 Less p LessOrEqual 1");
        assert_eq!(chain("a prop b ≈ c"), "a Proportional b Approximately c");
        assert_eq!(chain("n! != 5"), "(! n) NotEqual 5");
        assert_eq!(chain("a"), "a");
        assert!(parse_chain("a = = b", 0).0.is_none());
    }

    #[test]
    fn points_are_lists_of_assignments() {
        let point = |text| {
            parse_assignments(text, 0).0.map(|point| {
                point.into_iter().map(|(name, _, value)| (name, show(&value))).collect::<Vec<_>>()
            })
        };
        assert_eq!(
            point("μ=0, sigma = 1/2"),
            Some(vec![("mu".into(), "0".into()), ("sigma".into(), "(* 1 /2)".into())])
        );
        assert_eq!(point(""), Some(vec![]));
        let codes = |text| {
            parse_assignments(text, 0).1.iter().map(|d| (d.code.name(), d.span.start)).collect::<Vec<_>>()
        };
        assert_eq!(codes("a=1, μ=2, mu=3"), [("duplicate-name", 11)]);
        assert_eq!(codes("a 1, b=, =2"), [("syntax", 2), ("syntax", 7), ("syntax", 9)]);
    }

    #[test]
    fn deep_and_long_texts_end_quickly_in_a_tree_or_a_clear_diagnostic() {
        let deep = |open: &str, close: &str| format!("{}x{}", open.repeat(100_000), close.repeat(100_000));
        for text in [
            deep("(", ")"),
            deep("f(", ")"),
            deep("[", "]"),
            deep("|", "|"),
            deep("-", ""),
            deep("√", ""),
            deep("x^", ""),
            deep("d/dx ", ""),
            deep("", "'"),
            deep("", "!"),
            deep("", "[1]"),
            deep("E[", "]"),
            deep("1+2*(", ")^2"),
        ] {
            let (tree, diagnostics) = parse_expression(&text, 0);
            assert!(tree.is_none());
            assert_eq!(diagnostics.len(), 1);
            assert_eq!(diagnostics[0].code.name(), "too-deep");
        }
        check_errors(&"(".repeat(100_000), &["unclosed-bracket 0..1", "too-deep 200..201"]);
        let bracketed = format!("{}x{}", "(".repeat(150), ")".repeat(150));
        check(&bracketed, "x");
        let long = vec!["x"; 100_000].join(" + ");
        assert!(parse_expression(&long, 0).0.is_some());
        check_errors(&"x".repeat(10 << 20), &["too-long 0..0"]);
        check_errors(&"1".repeat(200_000), &["too-long 0..200000"]);
        check_errors("1e99999999999999999999", &["too-long 0..22"]);
        let (_, many) = parse_expression(&"(a b) + ".repeat(10_000), 0);
        assert_eq!(many.len(), 101);
    }

    proptest::proptest! {
        #[test]
        fn no_text_is_too_strange(text in "\\PC{0,60}", base in 0_usize..9) {
            let mut diagnostics = parse_expression(&text, base).1;
            diagnostics.extend(parse_chain(&text, base).1);
            diagnostics.extend(parse_assignments(&text, base).1);
            diagnostics.extend(super::super::parse_conditions(&text, base).1);
            for diagnostic in diagnostics {
                let (start, end) = (diagnostic.span.start as usize, diagnostic.span.end as usize);
                proptest::prop_assert!(base <= start && end <= base + text.len(), "{:?}", diagnostic);
                proptest::prop_assert!(text.get(start - base..end - base).is_some(), "{:?}", diagnostic);
            }
        }

        #[test]
        fn a_soup_of_tokens_is_read_or_refused_and_what_is_read_has_its_places(
            words in proptest::collection::vec(proptest::sample::select(SOUP), 0..16),
        ) {
            let text = words.concat();
            let (tree, diagnostics) = parse_expression(&text, 0);
            proptest::prop_assert_eq!(tree.is_some(), diagnostics.is_empty());
            if let Some(tree) = tree {
                check_spans(&text, &tree);
            }
        }
    }

    #[rustfmt::skip]
    const SOUP: &[&str] = &[
        "x", "μ", "2", " 3", "0.5", "f(", "(", "(", ")", ")", ")", "[", "]", "|", "|", "+", "-", "*", "/", "^", "!",
        "'", "²", "⁻¹", ",", ";", " ", "=", "..", "d/dx ", "E[", "sum(x, k = ", "KL(", "√", "inf", "\n", "# c\n", "{",
        "∈", "prop", " in ", "@", "norm(", "lim(", "argmin(", "->", "o(", "fisher(", "p(x | ",
    ];

    #[test]
    fn three_mistakes_of_one_text_read_well() {
        let text = "log(x y) + 1/2 sigma\n + f(a, ) # three";
        let diagnostics = parse_expression(text, 0).1;
        insta::assert_snapshot!(render(&Source::new("formula", text), &diagnostics, false), @r"
        error[syntax]: expected an operator, found `y`
         --> formula:1:7
          |
        1 | log(x y) + 1/2 sigma
          |       ^ expected an operator
          |
          = help: a product of two names or brackets needs its sign: `x*y`

        error[ambiguous-product]: `1/2 sigma` can be read in two ways
         --> formula:1:12
          |
        1 | log(x y) + 1/2 sigma
          |            ^^^^^^^^^ `(1/2)*sigma` or `1/(2*sigma)`?
          |
          = help: write `(1/2)*sigma` or `1/(2*sigma)`

        error[syntax]: expected a value, found `)`
         --> formula:2:9
          |
        2 |  + f(a, ) # three
          |         ^ expected a value
        ");
    }
}
