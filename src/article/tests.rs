//! Small articles and the verdicts on their steps.

use super::check;
use crate::text::Source;

/// What the articles below speak of.
const DECLARED: &str = "```referee
dimension n
vector theta, u, d, v in R^n
scalar x, a, b
density p(x | theta) regular
let F = fisher(p)
matrix G in R^(n x n) positive definite
matrix S in R^(n x n)
function L(theta) smooth
```
";

/// The items of an article below the declarations: what is said, and the verdict on it.
fn items(article: &str) -> Vec<String> {
    let source = Source::new("article.md", format!("{DECLARED}\n{article}\n"));
    let outcome = check(&source, None);
    let items = outcome.items.iter().filter(|item| item.at.line > 11);
    items
        .map(|item| match &item.verdict {
            Some(verdict) => format!("{}: {}", item.text, verdict.word()),
            None => format!("{}: {:?}", item.text, item.kind),
        })
        .collect()
}

#[track_caller]
fn check_items(article: &str, expected: &[&str]) {
    assert_eq!(items(article), expected, "{article}");
}

#[test]
fn what_stands_before_an_arrow_is_supposed() {
    check_items(r"$$ S u = d \implies 2 S u = 2 d $$", &["S u = d: Statement", "2 S u = 2 d: proved"]);
    check_items(r"$$ a > 1 \implies \sqrt{a^2} = a $$", &["a > 1: Statement", r"\sqrt{a^2} = a: proved"]);
    check_items(r"$$ a > b \implies a < b $$", &["a > b: Statement", "a < b: refuted"]);
    check_items(r"$$ F u = d \implies u^T = 1 $$", &["F u = d: Statement", "u^T = 1: unread"]);
}

#[test]
fn both_sides_of_an_equivalence_follow_from_each_other() {
    check_items(r"$$ S u = d \iff 2 S u = 2 d $$", &["S u = d: proved", "2 S u = 2 d: proved"]);
}

#[test]
fn a_form_that_is_zero_only_at_zero() {
    check_items(r"$$ u^T G u = 0 \iff u = 0 $$", &["u^T G u = 0: proved", "u = 0: proved"]);
    check_items("```referee\nclaim u'*G*u = 0 <=> u = 0\n```", &["u'*G*u = 0: proved", "u = 0: proved"]);
    check_items(r"$$ u^T F u = 0 \implies u = 0 $$", &["u^T F u = 0: Statement", "u = 0: refuted"]);
}

#[test]
fn a_step_stands_where_its_brackets_do() {
    check_items(
        r"$$ \left( a + b \right)^2 = (a + b) (a + b) = \left[ (a + b)^2 \right] $$",
        &[r"\left( a + b \right)^2 = (a + b) (a + b): proved", r"= \left[ (a + b)^2 \right]: proved"],
    );
}

#[test]
fn what_is_assumed_may_speak_of_declared_functions() {
    let assumed = "```referee\nfunction h(x)\nassume h(x) > 0, h(x) < a^2\n```\n";
    let found = items(&format!("{assumed}$$ \\sqrt{{h(x)^2}} = h(x) $$"));
    assert_eq!(found, ["h(x) > 0, h(x) < a^2: Assumption", r"\sqrt{h(x)^2} = h(x): proved"]);
}

#[test]
fn a_comment_may_declare_and_is_never_lost_silently() {
    check_items("$$ g(a)^2 = g(a) g(a) % declare function g(x)\n$$", &["g(a)^2 = g(a) g(a): proved"]);
    check_items("$$ \\sqrt{a^2} = a % where a > 0\n$$", &[r"\sqrt{a^2} = a: proved"]);
    let article = format!("{DECLARED}\n$$ a = a % where a is big\n$$\n$$ a = a % see there\n$$");
    let outcome = check(&Source::new("article.md", article), None);
    let said = outcome.diagnostics.iter().filter(|d| d.code.name() == "syntax");
    assert_eq!(said.map(|d| d.severity).collect::<Vec<_>>(), [crate::text::Severity::Warning]);
}

#[test]
fn a_declared_function_before_a_bracket_is_applied() {
    check_items(
        r"$$ \log(1 + L(\theta)^2) = \log(L(\theta)^2 + 1) $$",
        &[r"\log(1 + L(\theta)^2) = \log(L(\theta)^2 + 1): proved"],
    );
}

#[test]
fn a_matrix_is_said_to_have_a_property() {
    let claims = ["G positive definite", "F positive semidefinite", "G nonsingular", "F symmetric"];
    for claim in claims {
        check_items(&format!("```referee\nclaim {claim}\n```"), &[&format!("claim {claim}: proved")]);
    }
    check_items("```referee\nclaim F positive definite\n```", &["claim F positive definite: refuted"]);
    check_items(r"$$ G \succ 0 $$", &[r"G \succ 0: proved"]);
    check_items(r"$$ F \succeq 0 $$", &[r"F \succeq 0: proved"]);
    check_items(r"$$ F \succ 0 $$", &[r"F \succ 0: refuted"]);
    check_items(r"$$ \det G \neq 0 $$", &[r"\det G \neq 0: proved"]);
    check_items(r"$$ \det G = 1 $$", &[r"\det G = 1: unread"]);
    check_items(r"$$ \theta \succ 0 $$", &[r"\theta \succ 0: unread"]);
}

#[test]
fn a_minimizer_is_known_by_its_problem() {
    let problem = r"$$ d^* = \arg\min_d \left( u^T d + \frac{1}{2} d^T G d \right) $$";
    assert_eq!(items(&format!("{problem}\n$$ d^* = - G^{{-1}} u $$"))[1], "d^* = - G^{-1} u: proved");
    assert_eq!(items(&format!("{problem}\n$$ d^* = G^{{-1}} u $$"))[1], "d^* = G^{-1} u: refuted");
    let loss = r"$$ \theta^* = \arg\min_\theta L(\theta) $$";
    assert_eq!(
        items(&format!("{loss}\n$$ \\nabla L(\\theta^*) = 0 $$"))[1],
        r"\nabla L(\theta^*) = 0: proved"
    );
}

#[test]
fn a_moment_is_taken_under_the_density_below_it() {
    let declared = "```referee\nfunction T(x) in R^n\nfunction f(x)\n```\n";
    let square = r"(T(x) - \mathbb{E}_p[T(x)]) (T(x) - \mathbb{E}_p[T(x)])^T";
    let covariance = format!(r"\mathrm{{Cov}}_{{p(x \mid \theta)}} [ T(x) ] = \mathbb{{E}}_p [ {square} ]");
    assert_eq!(items(&format!("{declared}$$ {covariance} $$")), [format!("{covariance}: proved")]);
    let variance = r"\mathrm{Var}_p [ f(x) ] = \mathbb{E}_p [ (f(x) - \mathbb{E}_p[f(x)])^2 ]";
    assert_eq!(items(&format!("{declared}$$ {variance} $$")), [format!("{variance}: proved")]);
    let gradient = r"\mathbb{E}_p [ \nabla f(x) ] = \mathbb{E}_p [ \nabla_x f(x) ]";
    assert_eq!(items(&format!("{declared}$$ {gradient} $$")), [format!("{gradient}: proved")]);
}

#[test]
fn a_gradient_may_be_a_row() {
    let declared = "```referee\nsmall d\ngradient row\n```\n";
    let check = |formula: &str, verdict: &str| {
        assert_eq!(items(&format!("{declared}$$ {formula} $$")), [format!("{formula}: {verdict}")]);
    };
    check(r"L(\theta + d) = L(\theta) + \nabla L(\theta) d + o(\| d \|)", "proved");
    check(r"\nabla_d (d^T G d) = 2 d^T G", "proved");
    check(r"\nabla_d (d^T G d) = 2 G d", "unread");
    check(r"\| \nabla L(\theta) \|^2 = \nabla L(\theta) \nabla L(\theta)^T", "proved");
    check(r"\| \nabla L(\theta) \|^2 = \nabla L(\theta)^T \nabla L(\theta)", "unread");
}

#[test]
fn a_bar_gives_a_variable_its_value() {
    let check = |formula: &str, verdict: &str| {
        assert_eq!(items(&format!("$$ {formula} $$")), [format!("{formula}: {verdict}")]);
    };
    check(r"\left. a^2 + b \right|_{a=1} = 1 + b", "proved");
    check(r"\left. \frac{\partial}{\partial a} a^2 \right|_{a=3} = 6", "proved");
    check(r"\left. \frac{\partial}{\partial a} a^2 \right|_{a=3} = 5", "refuted");
    check(r"\left. \nabla_d L(\theta + d) \right|_{d=0} = \nabla L(\theta)", "proved");
    check(r"\left. a^2 \right|_{a} = b", "unread");
    check(r"\left. a^2 \right|_{2 a = 1} = b", "unread");
}
