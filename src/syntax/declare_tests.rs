//! Every form of a declaration, an assumption and a directive, and every mistake in one.

use super::show::show;
use super::*;
use crate::text::{Severity, Source, Span, render};

fn names(names: &[Named]) -> String {
    names.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(" ")
}

fn chain(chain: &Chain) -> String {
    let rest = chain.rest.iter().map(|(relation, side)| format!(" {relation:?} {}", show(side)));
    show(&chain.first) + &rest.collect::<String>()
}

fn chains(all: &[Chain]) -> String {
    all.iter().map(chain).collect::<Vec<_>>().join(", ")
}

fn kind(kind: &DeclarationKind) -> String {
    match kind {
        DeclarationKind::Dimension(all) => format!("dimension {}", names(all)),
        DeclarationKind::Vector { names: all, dimension } => {
            format!("vector {} in {}", names(all), show(dimension))
        }
        DeclarationKind::Matrix { names: all, rows, columns, properties } => {
            format!("matrix {} in {} by {} {properties:?}", names(all), show(rows), show(columns))
        }
        DeclarationKind::Scalar { names: all, conditions } => {
            format!("scalar {} {}", names(all), conditions.len())
        }
        DeclarationKind::Density { name, variable, parameter, regularity } => {
            let parameter = parameter.as_ref().map_or("-", |parameter| &parameter.0);
            format!("density {} of {} at {parameter} {regularity}", name.0, variable.0)
        }
        DeclarationKind::Function { name, arguments, values, smoothness } => {
            let values = values.as_ref().map_or("-".into(), show);
            format!("function {} of {} to {values} {smoothness}", name.0, names(arguments))
        }
        DeclarationKind::Write { short, long } => format!("write {} for {}", show(short), show(long)),
        DeclarationKind::Let { name, value } => format!("let {} {}", name.0, show(value)),
        DeclarationKind::Small(all) => {
            let small = all.iter().map(|((name, _), weight)| format!(" {name}:{weight}"));
            format!("small{}", small.collect::<String>())
        }
        DeclarationKind::Property { of, property } => format!("{} is {property:?}", show(of)),
        DeclarationKind::Assume(all) => format!("assume {}", chains(all)),
        DeclarationKind::GradientRow(row) => format!("row {row}"),
        DeclarationKind::Inline(on) => format!("inline {on}"),
        DeclarationKind::At { quote, directives: all } => format!("at {} {}", quote.0, directives(all)),
    }
}

fn directives(all: &[Directive]) -> String {
    let shown = all.iter().map(|directive| match directive {
        Directive::Expect(text, _) => format!("expect {text}"),
        Directive::By(rules) => format!("by {}", names(rules)),
        Directive::Where(all) => format!("where {}", chains(all)),
        Directive::Order(order) => format!("order {order}"),
        Directive::Kind(kind) => format!("{kind:?}"),
        Directive::Reads(all) => format!("reads {}", chain(all)),
        Directive::Minimizes { objective, variable, constraints } => {
            format!("minimizes {} over {} st {}", show(objective), variable.0, chains(constraints))
        }
        Directive::Declare(declaration) => format!("declare {}", kind(&declaration.kind)),
    });
    shown.collect::<Vec<_>>().join("; ")
}

fn item(item: &Item) -> String {
    match item {
        Item::Declaration(declaration) => kind(&declaration.kind),
        Item::Assume(conditions) => format!("{} conditions", conditions.len()),
        Item::Definition((name, _, value)) => format!("{name} is {}", show(value)),
        Item::Claim(claim) => {
            format!(
                "claim {} | {} | {}",
                chain(&claim.chain),
                claim.conditions.len(),
                directives(&claim.directives)
            )
        }
        Item::Family(family) => format!("family {}", family.name),
    }
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    let document = read_declarations(text);
    assert_eq!(document.diagnostics, [], "{}", render(&Source::new("t", text), &document.diagnostics, false));
    assert_eq!(document.fences[0].items.iter().map(item).collect::<Vec<_>>(), expected);
}

/// Codes and the text they point at.
#[track_caller]
fn check_errors(text: &str, expected: &[(&str, &str)]) {
    let source = Source::new("t", text);
    let document = read_declarations(text);
    let found: Vec<_> = document.diagnostics.iter().map(|d| (d.code.name(), source.slice(d.span))).collect();
    assert_eq!(found, expected, "{}", render(&source, &document.diagnostics, false));
}

#[test]
fn names_are_declared_with_their_spaces() {
    check("dimension n, m", &["dimension n m"]);
    check("vector θ, d in R^n", &["vector theta d in n"]);
    check("vector u ∈ ℝ^(n + 1)", &["vector u in (+ n +1)"]);
    check("vector u in R^3", &["vector u in 3"]);
    check("matrix A in R^(n x m)", &["matrix A in n by m []"]);
    check(
        "matrix A, B in R^(n × n) symmetric, positive definite",
        &["matrix A B in n by n [Symmetric, PositiveDefinite]"],
    );
    check(
        "matrix Q in R^(2 x n + 1) positive semidefinite and nonsingular",
        &["matrix Q in 2 by (+ n +1) [PositiveSemidefinite, Nonsingular]"],
    );
    check("scalar eta > 0, 0 < p < 1, alpha, n integer >= 1, n < N", &["scalar eta p alpha n 5"]);
    check("scalar 0 < a < b < 1, c > a", &["scalar a b c 2"]);
    check("scalar -1 < r < 1", &["scalar r 1"]);
}

#[test]
fn densities_and_functions_are_declared_with_their_regularity() {
    check("density p(x | θ) regular", &["density p of x at theta 3"]);
    check("density p(x|theta) regular to order 2", &["density p of x at theta 2"]);
    check("density p(x | theta)", &["density p of x at theta 3"]);
    check("density p(x | theta) not regular", &["density p of x at theta 0"]);
    check("density q(x)", &["density q of x at - 3"]);
    check("function L(theta) smooth", &["function L of theta to - 3"]);
    check("function L(theta) smooth to order 1", &["function L of theta to - 1"]);
    check("function g(x, y) in R^n", &["function g of x y to n 3"]);
    check("function g(x) in R^n not smooth", &["function g of x to n 0"]);
}

#[test]
fn notation_limits_and_readings_are_declared() {
    check("write p(theta) for p(x | theta)", &["write (p theta) for (p x | theta)"]);
    check("small d, eta", &["small d:1 eta:1"]);
    check(
        "scale d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2, a ~ 2 sqrt(tau), b ~ tau^(-1/2), c ~ 1",
        &["small d:1 lambda:-1 epsilon:2 a:1/2 b:-1/2 c:0"],
    );
    check("gradient row\ngradient column", &["row true", "row false"]);
    check("inline\ninline off\ninline on # from here", &["inline true", "inline false", "inline true"]);
    check("let F = fisher(p)\nlet G = fisher(p)(theta)", &["F is (fisher p)", "G is (fisher p theta)"]);
}

#[test]
fn what_is_assumed_is_a_condition_on_scalars_or_more() {
    check("assume F nonsingular", &["F is Nonsingular"]);
    check(
        "assume A symmetric, Q positive definite, S positive semidefinite",
        &["A is Symmetric", "Q is PositiveDefinite", "S is PositiveSemidefinite"],
    );
    check(
        "assume x > 0, n integer >= 1, F nonsingular, y real",
        &["3 conditions", "F is Nonsingular", "1 conditions"],
    );
    check("assume norm(v) = 1, grad(L, theta) != 0", &["assume (norm v) Equal 1, (grad L theta) NotEqual 0"]);
    check("assume hess(L, theta) positive definite", &["(hess L theta) is PositiveDefinite"]);
    check("assume [a, b; b, c] positive definite", &["1 conditions"]);
    check("assume E[f; p(theta)] = 0", &["assume (E f (p theta)) Equal 0"]);
}

#[test]
fn formulas_of_an_article_are_told_how_they_are_meant() {
    check(
        r#"at "\vec{v} = -" expect: refuted, the sign (of v"#,
        &[r"at \vec{v} = - expect refuted, the sign (of v"],
    );
    check(
        "at \"KL \\Big\" by log-product, taylor-2; order 2; where d small, lambda > 0, eta -> 0;\n  \
         expect: conditional, F; claim # more",
        &["at KL \\Big by log-product taylor-2; order 2; where d Tends 0, lambda Greater 0, eta Tends 0; \
           expect conditional, F; Claim"],
    );
    check("at \"a\" definition; assumption; statement", &["at a Definition; Assumption; Statement"]);
    check(
        "at \"a\" reads claim argmin(f, d; norm(d) = 1) = b",
        &["at a reads (argmin d st (norm d) Equal 1 f) Equal b"],
    );
    check("at \"KL\" declare density q(x)", &["at KL declare density q of x at - 3"]);
    check(
        "at \"d = \" minimizes L(theta + d) + o(norm(d)) over d where norm(d) <= epsilon, d != 0",
        &["at d =  minimizes (+ (L (+ theta +d)) +(o (norm d))) over d st (norm d) LessOrEqual epsilon, d NotEqual 0"]
            .map(|text| text.replace("at d =  ", "at d = "))
            .each_ref()
            .map(String::as_str),
    );
    check("at \"#1\" expect: shape-mismatch\ninline", &["at #1 expect shape-mismatch", "inline true"]);
}

#[test]
fn comments_hold_directives_or_remarks() {
    let read = |text| {
        let (found, diagnostics) = parse_directives(text, 7);
        (directives(&found), diagnostics.iter().map(|d| (d.code.name(), d.span.start)).collect::<Vec<_>>())
    };
    assert_eq!(
        read(" by linearity; expect: open, why; order 1 "),
        ("by linearity; expect open, why; order 1".into(), vec![])
    );
    for remark in [
        "",
        "see [1]",
        "by the way, this is easy",
        "definition of F",
        "order of terms",
        "claims nothing",
        "by Jensen's inequality",
        "; ;",
    ] {
        assert_eq!(read(remark), (String::new(), vec![]), "{remark}");
    }
    for lost in ["where x is the sample", "minimizes the loss", "reads well", "declare victory"] {
        let (found, diagnostics) = parse_directives(lost, 7);
        let said: Vec<_> = diagnostics.iter().map(|d| (d.severity, d.span.start)).collect();
        assert_eq!((found.len(), said), (0, vec![(Severity::Warning, 7)]), "{lost}");
    }
    assert_eq!(read("expect: prooved").1, [("syntax", 15)]);
    assert_eq!(read("expct: proved").1, [("syntax", 7)]);
    assert_eq!(read("where x > ; order 2"), ("order 2".into(), vec![("syntax", 16)]));
    assert_eq!(read("reads claim a").1, [("syntax", 20)]);
    assert_eq!(read("order 12").1, [("syntax", 13)]);
}

#[test]
fn claims_name_their_rules_orders_and_limits() {
    check(
        "claim KL(p(theta), p(theta + d)) ~~ 1/2*d'*F*d by taylor-2, linearity order 2 where d small, F > 0",
        &[
            "claim (KL (p theta) (p (+ theta +d))) Approximately (* 1 /2 (' d) F d) | 1 | by taylor-2 linearity; order 2; where d Tends 0",
        ],
    );
    check(
        "claim a prop b + o(norm(d))\n  where n integer >= 1 # by hand\n  by linearity source \"by hand\" expect: open, by now",
        &["claim a Proportional (+ b +(o (norm d))) | 2 | by linearity"],
    );
    check("claim by = f(where, order)", &["claim by Equal (f where order) | 0 | "]);
}

#[test]
fn declarations_stand_beside_families() {
    check(
        "family f(m real)\nx real\np(x) = m\nvector u in R^n\nassume m > 0",
        &["family f", "vector u in n", "1 conditions"],
    );
    check(
        "family f(m real)\nscale real\ndensity(scale) = m\nclaim mean = m\nsmall m",
        &["family f", "small m:1"],
    );
}

#[test]
fn every_mistake_of_a_declaration_is_reported_at_its_place() {
    check_errors(
        "vectr d in R^n\ndensty p(x | theta)",
        &[("unknown-line", "vectr"), ("unknown-line", "densty")],
    );
    check_errors("dimension n,", &[("syntax", "")]);
    check_errors("dimension 3\ndimension", &[("syntax", "3"), ("syntax", "")]);
    check_errors(
        "vector d\nvector d in n\nvector d in R\nvector in R^n",
        &[("syntax", ""), ("syntax", "n"), ("syntax", "R"), ("syntax", "in")],
    );
    check_errors("vector d in R^n m\nvector d in R^(n x m)", &[("syntax", "m"), ("syntax", "x")]);
    check_errors("matrix A in R^(n/m)\nmatrix A in R^(2 n)", &[("syntax", ")"), ("syntax", ")")]);
    check_errors(
        "matrix A in R^n\nmatrix A in R^(n)\nmatrix A in R^(n x m) symetric",
        &[("syntax", "n"), ("syntax", ")"), ("syntax", "symetric")],
    );
    check_errors(
        "matrix A in R^(n x n) positive\nmatrix A in R^(n x n) invertible",
        &[("syntax", ""), ("syntax", "invertible")],
    );
    check_errors("scalar a b\nscalar a >, b <", &[("syntax", "b"), ("syntax", ","), ("syntax", "")]);
    check_errors(
        "density p\ndensity p(x, y | theta)\ndensity p(x | a, b)\ndensity p(x + 1)",
        &[("syntax", "p"), ("syntax", "x, y"), ("syntax", "a, b"), ("syntax", "x + 1")],
    );
    check_errors(
        "density p(x) smooth\ndensity p(x) regular to 2\ndensity p(x) not\ndensity p(x) regular to order 0",
        &[("syntax", "smooth"), ("syntax", "2"), ("syntax", ""), ("syntax", "0")],
    );
    check_errors(
        "density E(x)\nvector pi in R^n\nfunction KL(theta)",
        &[("reserved-name", "E"), ("reserved-name", "pi"), ("reserved-name", "KL")],
    );
    check_errors(
        "function L\nfunction L()\nfunction L(2)\nfunction L(x) in S",
        &[("syntax", "L"), ("syntax", "L()"), ("syntax", "2"), ("syntax", "S")],
    );
    check_errors("write p(theta)\nwrite p(theta) for", &[("syntax", ""), ("syntax", "")]);
    check_errors(
        "small d eta\nsmall 2\nscale d\nscale d ~ tau, e ~ 1 + tau\nscale d ~ tau, e ~ rho\nscale d = tau",
        &[
            ("syntax", "eta"),
            ("syntax", "2"),
            ("syntax", ""),
            ("syntax", "1 + tau"),
            ("syntax", "rho"),
            ("syntax", "="),
        ],
    );
    check_errors("gradient rows\ninline maybe", &[("syntax", "rows"), ("syntax", "maybe")]);
    check_errors(
        "assume F nonsinglar\nassume A positive\nassume d small\nassume",
        &[("syntax", "nonsinglar"), ("syntax", ""), ("syntax", "small"), ("syntax", "")],
    );
    check_errors(
        "at \"a\" expct: refuted\nat \"a\"\nat \"a expect: open\nat \" \" claim\nat \"a\" claim b",
        &[
            ("syntax", "expct:"),
            ("syntax", ""),
            ("unclosed-bracket", "\""),
            ("syntax", "\" \""),
            ("syntax", "b"),
        ],
    );
    check_errors(
        "at \"a\" by\nat \"a\" by a b\nat \"a\" where d\nat \"a\" minimizes f\nat \"a\" reads a = b",
        &[("syntax", ""), ("syntax", "b"), ("syntax", ""), ("syntax", ""), ("syntax", "a")],
    );
    check_errors(
        "claim a = b order\nclaim a = b by\nclaim a = b by c d\nclaim a = b order two",
        &[("syntax", ""), ("syntax", ""), ("syntax", "d"), ("syntax", "two")],
    );
    check_errors("", &[("empty-input", "")]);
}

#[test]
fn spans_of_declarations_are_whole_lines_and_names_their_own() {
    let text = "vector d in R^n\n\n  density p(x |\n  theta) regular # really\n";
    let document = read_declarations(text);
    let spans: Vec<Span> = document.fences[0]
        .items
        .iter()
        .map(|item| match item {
            Item::Declaration(declaration) => declaration.span,
            _ => panic!("{item:?}"),
        })
        .collect();
    let source = Source::new("t", text);
    let pieces: Vec<_> = spans.iter().map(|span| source.slice(*span)).collect();
    assert_eq!(pieces, ["vector d in R^n", "density p(x |\n  theta) regular"]);
}

#[test]
fn diagnostics_of_declarations_read_well() {
    let text = "densty p(x | theta) regular
vector theta d in R^n
matrix A in R^n symmetric
density p(x | mu, sigma)
function L(theta) smoth
scale d ~ tau, lambda ~ 1 - tau
assume F nonsingluar, x >
claim KL(p(theta), p(theta + d)) ~~ 1/2*d'*F*d by taylor 2
at \"\\vec{v}\" expect: refuted, the sign; ordr 2
let F = fisher(p
";
    insta::assert_snapshot!(render(&Source::new("article.referee", text), &read_declarations(text).diagnostics, false), @r#"
        error[unknown-line]: no line starts with `densty`
         --> article.referee:1:1
          |
        1 | densty p(x | theta) regular
          | ^^^^^^ did you mean `density`?

        error[syntax]: expected `,`, found `d`
         --> article.referee:2:14
          |
        2 | vector theta d in R^n
          |              ^ expected `,`
          |
          = help: names are separated by commas

        error[syntax]: expected `(` and two dimensions, found `n`
         --> article.referee:3:15
          |
        3 | matrix A in R^n symmetric
          |               ^ expected `(` and two dimensions
          |
          = help: a space of matrices is written `R^(n x m)`

        error[syntax]: expected one parameter, found `mu, sigma`
         --> article.referee:4:15
          |
        4 | density p(x | mu, sigma)
          |               ^^^^^^^^^ expected one parameter
          |
          = help: collect them in a vector: `vector theta in R^n`

        error[syntax]: expected `smooth` or the end, found `smoth`
         --> article.referee:5:19
          |
        5 | function L(theta) smoth
          |                   ^^^^^ expected `smooth` or the end
          |
          = help: write `smooth`, `smooth to order 2` or `not smooth`

        error[syntax]: expected a power of `tau`, found `1 - tau`
         --> article.referee:6:25
          |
        6 | scale d ~ tau, lambda ~ 1 - tau
          |                         ^^^^^^^ expected a power of `tau`
          |
          = help: write `scale d ~ tau, lambda ~ 1/tau, epsilon ~ tau^2`

        error[syntax]: expected an operator, found `nonsingluar`
         --> article.referee:7:10
          |
        7 | assume F nonsingluar, x >
          |          ^^^^^^^^^^^ expected an operator
          |
          = help: did you mean `F nonsingular`?

        error[syntax]: expected a value, found the end
         --> article.referee:7:26
          |
        7 | assume F nonsingluar, x >
          |                          ^ expected a value

        error[syntax]: expected `,` or the end, found `2`
         --> article.referee:8:58
          |
        8 | claim KL(p(theta), p(theta + d)) ~~ 1/2*d'*F*d by taylor 2
          |                                                          ^ expected `,` or the end

        error[syntax]: expected a directive, found `ordr`
         --> article.referee:9:41
          |
        9 | at "\vec{v}" expect: refuted, the sign; ordr 2
          |                                         ^^^^ expected a directive
          |
          = help: did you mean `order`?

        error[unclosed-bracket]: the bracket `(` is never closed
          --> article.referee:10:15
           |
        10 | let F = fisher(p
           |               ^ opened here
           |
           = help: close it with `)`
        "#);
}
