//! What a whole article is made of: chains, conclusions, definitions, declarations beside it, lints and expectations.

use referee::article::{FileOutcome, check};
use referee::syntax::ItemKind;
use referee::text::Source;

const DECLARED: &str = "```referee
vector theta, d, g in R^n
scalar lambda > 0
density p(x | theta) regular
function L(theta) smooth
write p(theta) for p(x | theta)
let F = fisher(p)
small d
```
";

fn article(body: &str) -> FileOutcome {
    check(&Source::new("article.md", format!("{DECLARED}\n{body}\n")), None)
}

/// Line (below the fence) and verdict or kind of each item of the body.
fn found(outcome: &FileOutcome) -> Vec<String> {
    let above = DECLARED.lines().count() + 1;
    let below = outcome.items.iter().filter(|item| item.at.line > above);
    below
        .map(|item| {
            let what = match (&item.verdict, item.kind) {
                (Some(verdict), _) => verdict.word(),
                (None, ItemKind::Definition) => "definition",
                (None, ItemKind::Assumption) => "assumption",
                (None, ItemKind::Statement) => "statement",
                (None, ItemKind::Claim) => "claim",
            };
            let mark = if item.passes { "" } else { "!" };
            format!("{}:{what}{mark}", item.at.line - above)
        })
        .collect()
}

#[track_caller]
fn check_items(body: &str, expected: &[&str]) {
    let outcome = article(body);
    assert_eq!(found(&outcome), expected, "{:#?}", outcome.diagnostics);
}

#[track_caller]
fn check_codes(body: &str, expected: &[(&str, usize)]) {
    let outcome = article(body);
    let above = DECLARED.lines().count() + 1;
    let codes: Vec<(&str, usize)> = outcome
        .diagnostics
        .iter()
        .map(|d| (d.code.name(), outcome.source.line_column(d.span.start as usize).line))
        .filter(|(_, line)| *line > above)
        .map(|(code, line)| (code, line - above))
        .collect();
    assert_eq!(codes, expected);
}

#[test]
fn each_relation_of_a_chain_is_judged_at_its_own_line() {
    check_items(
        "$$\n\\begin{aligned}\n\\nabla (g^T \\theta) &= g \\\\\n  &= 2 g \\\\\n  &= g + g\n\\end{aligned}\n$$",
        &["3:proved", "4:refuted!", "5:proved"],
    );
    check_items("$$ g = g = 2 g - g $$", &["1:proved", "1:proved"]);
}

#[test]
fn a_new_left_side_concludes_from_the_equation_before() {
    let solved = "$$\n\\begin{aligned}\n\\lambda F d &= - \\nabla L(\\theta) % assumption\n\\\\ d &= ";
    check_items(
        &format!("{solved}- \\frac{{1}}{{\\lambda}} F^{{-1}} \\nabla L(\\theta)\n\\end{{aligned}}\n$$"),
        &["3:assumption", "4:conditional"],
    );
    check_items(
        &format!("{solved}\\frac{{1}}{{\\lambda}} F^{{-1}} \\nabla L(\\theta)\n\\end{{aligned}}\n$$"),
        &["3:assumption", "4:refuted!"],
    );
}

#[test]
fn the_first_equation_for_a_name_defines_it() {
    check_items(
        "$$ G = F + F $$\n\n$$ G = 2 F $$\n\n$$ G = F $$",
        &["1:definition", "3:proved", "5:refuted!"],
    );
}

#[test]
fn what_is_ill_formed_is_said_once_and_mended_for_the_steps_after_it() {
    let body = "$$\n\\begin{aligned}\nd^T g &= \\nabla (g^T \\theta) d \\\\\n &= g^T d\n\\end{aligned}\n$$";
    check_items(body, &["3:open!", "4:conditional"]);
    check_codes(body, &[("missing-transpose", 3)]);
}

#[test]
fn expectations_are_met_in_both_directions() {
    check_items("$$ g = 2 g % expect: refuted, the factor\n$$", &["1:refuted"]);
    check_items("$$ g = g % expect: refuted, it is not\n$$", &["1:proved!"]);
    check_items("$$ d^T g = g d % expect: missing-transpose, two columns\n$$", &["1:open"]);
    check_codes("$$ d^T g = g d % expect: missing-transpose, two columns\n$$", &[]);
}

#[test]
fn a_row_that_cannot_be_read_leaves_the_others() {
    let body = "$$\n\\begin{aligned}\ng &= \\frobnicate{g} \\\\\nd &= d\n\\end{aligned}\n$$\n\n$$ g = g $$";
    check_items(body, &["3:unread!", "4:proved", "8:proved"]);
    let outcome = article(body);
    assert_eq!((outcome.displays.total, outcome.displays.read), (2, 1));
}

#[test]
fn conditions_the_text_never_states_are_named() {
    let outcome = article("$$ F^{-1} F g = g $$");
    assert_eq!(found(&outcome), ["1:conditional"]);
    assert!(outcome.diagnostics.iter().any(|d| d.code.name() == "unstated-condition"));
    let stated = article("```referee\nassume F nonsingular\n```\n\n$$ F^{-1} F g = g $$");
    assert_eq!(found(&stated), ["2:assumption", "5:proved"]);
}

const PLAIN: &str = "Text.\n\n$$\nKL(p(x \\mid \\theta) \\| p(x \\mid \\theta + d)) \\approx \\frac{1}{2} d^T F d\n$$\n\n$$\na = b\n$$\n";

#[test]
fn declarations_may_stand_beside_an_article() {
    let declared = "vector theta, d in R^n\ndensity p(x | theta) regular\nlet F = fisher(p)\nsmall d\n\
        at \"a = b\" declare vector a, b in R^n; where a = b\nat \"no such\" expect: refuted\nvector unused in R^n\n";
    let (source, beside) = (Source::new("a.md", PLAIN), Source::new("a.referee", declared));
    let outcome = check(&source, Some(&beside));
    let verdicts: Vec<_> =
        outcome.items.iter().map(|item| item.verdict.as_ref().map_or("-", |v| v.word())).collect();
    assert_eq!(verdicts, ["proved", "proved"], "{:?}", outcome.diagnostics);
    let codes: Vec<_> = outcome
        .beside
        .iter()
        .map(|d| (d.code.name(), beside.line_column(d.span.start as usize).line))
        .collect();
    assert_eq!(codes, [("no-such-formula", 6), ("unused-declaration", 7)]);
}

#[test]
fn an_article_without_declarations_is_told_what_to_declare() {
    let fence = referee::article::suggest(&Source::new("a.md", PLAIN));
    assert!(fence.starts_with("```referee\n") && fence.ends_with("```\n"), "{fence}");
    for line in ["density p(x | theta)", "let F = fisher(p)", "small d"] {
        assert!(fence.contains(line), "{fence}");
    }
    let declared = check(&Source::new("a.md", format!("{fence}\n{PLAIN}")), None);
    let proved = declared.items.iter().filter(|item| item.verdict.as_ref().is_some_and(|v| v.is_proved()));
    assert_eq!(proved.count(), 1, "{:?}", declared.diagnostics);
}

#[test]
fn what_an_article_defines_is_not_suggested() {
    let text =
        "$$ s(\\theta) = \\nabla \\log p(x \\mid \\theta) $$\n\n$$ L(\\theta + d) = s(\\theta)^T d $$\n";
    let fence = referee::article::suggest(&Source::new("a.md", text));
    assert!(fence.contains("function L(") && !fence.contains("function s("), "{fence}");
}

#[test]
fn line_ends_of_any_kind_are_the_same() {
    let body = "$$\n\\begin{aligned}\ng &= g \\\\[2pt]\n  &= 2 g\n\\end{aligned}\n$$";
    let (unix, windows) = (article(body), article(&body.replace('\n', "\r\n")));
    assert_eq!(found(&unix), found(&windows));
    assert_eq!(found(&unix), ["3:proved", "4:refuted!"]);
}

#[test]
fn a_name_does_not_hide_the_sample_variable() {
    let hidden = "```referee\nscalar x, s\nassume s = x^2\nclaim E[s; p(theta)] = s\nclaim integral(s*p(x | theta), x) = s\n```";
    check_items(hidden, &["3:assumption", "4:unread!", "5:unread!"]);
    // A law of the density holds for all x and hides nothing.
    let law = "```referee\nscalar x\nfunction T(x) in R^n\nfunction A(theta) smooth\n\
        assume log(p(x | theta)) = T(x)'*theta - A(theta)\nclaim E[T(x); p(theta)] = grad(A(theta))\n```";
    check_items(law, &["5:assumption", "6:proved"]);
}

#[test]
fn what_an_equation_says_of_a_scalar_is_not_forgotten() {
    check_items("```referee\nscalar s\nclaim s >= 0 where s = d'*F*d\n```", &["3:proved"]);
}

#[test]
fn what_is_said_to_differ_everywhere_is_not_proved_by_one_point() {
    let claims = "```referee\nscalar t, s > 0\nvector u in R^n\nclaim t != 0\nclaim s != 0\nclaim L(u) != 0\n\
        claim norm(u) != 0\nclaim KL(p(theta), p(theta + d)) != KL(p(theta + d), p(theta))\n```";
    check_items(claims, &["4:refuted!", "5:proved", "6:open!", "7:open!", "8:proved"]);
}
