//! How what was found in an article is told: proofs with their chains, counterexamples with their instances, lints.
//!
//! The outcomes are made by hand, so that each form is seen whatever the checker finds.

use referee::article::{Displays, ExplanationLine, FileOutcome, ItemOutcome};
use referee::number::Rational;
use referee::report::checked::{CheckedFile, Detail, FileRole, findings, github, json, junit, sarif, text};
use referee::syntax::ItemKind;
use referee::text::{Code, Diagnostic, Source, Span};
use referee::verify::{Attempts, Evidence, Misreading, Proof, Requirement, Verdict, Witness};

const ARTICLE: &str = r"# Natural gradient

$$
\begin{aligned}
KL(p(\theta) \| p(\theta + d)) &\approx \frac{1}{2} d^T F d \\
  &= - \left [ \nabla \int_{\theta} p(\theta) d\theta \right ] d \\
  \nabla L d &= 0 \\
  L(\theta) &= \mathbf{L}
\end{aligned}
$$
";

/// The item that covers a piece of the article.
fn item(source: &Source, piece: &str, verdict: Verdict, expect: Option<&str>) -> ItemOutcome {
    let start = source.text.find(piece).expect("a piece of the article");
    let span = Span::new(start, start + piece.len());
    let at = source.line_column(start);
    let mut item = ItemOutcome::said(ItemKind::Claim, source, at, span);
    item.judge(verdict, expect);
    item
}

fn explained() -> Vec<ExplanationLine> {
    let line = |relation: &str, rule: &str, formula: &str, conditions: &[&str]| ExplanationLine {
        relation: relation.to_owned(),
        rule: rule.to_owned(),
        formula: formula.to_owned(),
        conditions: conditions.iter().map(|c| (*c).to_owned()).collect(),
    };
    vec![
        line("", "", "KL(p(theta), p(theta + d))", &[]),
        line("=", "def-kl", "E[log(p(x | theta)) - log(p(x | theta + d))]", &["common support"]),
        line(
            "≈₂",
            "taylor-2",
            "-E[d'*grad(log(p(x | theta))) + 1/2*d'*hess(log(p(x | theta)))*d]",
            &["p regular"],
        ),
        line("=", "score-mean, information", "1/2*d'*F*d", &[]),
    ]
}

/// An article with a step of each kind.
fn article() -> CheckedFile {
    let source = Source::new("article.md", ARTICLE);
    let condition = Requirement { text: "p regular".into(), about: None };
    let mut proof = Proof { rules: vec!["def-kl".into(), "taylor-2".into()], ..Proof::default() };
    proof.conditions.push(condition);
    let mut first = item(
        &source,
        r"KL(p(\theta) \| p(\theta + d)) &\approx \frac{1}{2} d^T F d",
        Verdict::Proved(proof),
        None,
    );
    first.explanation = explained();
    let witness = Witness {
        instance: Some("Bernoulli(θ)".into()),
        point: vec![("theta".into(), Rational::new(3, 10)), ("d".into(), Rational::new(1, 2))],
        left: "1/4".into(),
        right: "0".into(),
        reason: "the integral runs over the parameter".into(),
        ..Witness::default()
    };
    let mut second = item(
        &source,
        r"- \left [ \nabla \int_{\theta} p(\theta) d\theta \right ] d",
        Verdict::Refuted(witness),
        None,
    );
    let place = |piece: &str| {
        let at = ARTICLE.find(piece).expect("a piece");
        Span::new(at, at + piece.len())
    };
    let wrong = Code::WrongVariable { found: "theta".into(), expected: "x".into() };
    second.lints.push(Diagnostic::error(wrong, place(r"d\theta")));
    let transpose = Diagnostic::error(
        Code::MissingTranspose { left: "a column".into(), right: "a column".into() },
        place(r"\nabla L d"),
    );
    let misreading =
        Misreading { diagnostics: vec![transpose.clone()], reason: transpose.code.message(), help: None };
    let mut third = item(&source, r"\nabla L d &= 0", Verdict::Unread(misreading), None);
    third.lints.push(transpose);
    let attempts = Attempts {
        tried: vec!["rules: no chain was found".into()],
        reason: "`L` is not declared".into(),
        help: None,
    };
    let fourth = item(&source, r"L(\theta) &= \mathbf{L}", Verdict::Open(attempts), Some("open, on purpose"));
    let unused = Diagnostic::warning(Code::UnusedDeclaration { name: "q".into() }, place("# Natural"));
    let diagnostics = [vec![unused], second.lints.clone(), third.lints.clone()].concat();
    let outcome = FileOutcome {
        items: vec![first, second, third, fourth],
        diagnostics,
        displays: Displays { total: 3, read: 2 },
        ..FileOutcome::empty(source)
    };
    CheckedFile { path: "article.md".into(), outcome, role: FileRole::Article }
}

#[test]
fn an_article_reads_well() {
    insta::assert_snapshot!(text(&[article()], Detail::default()).unstyled(), @r"
    FAIL  article.md  4 claims: 1 conditional, 1 refuted, 1 open, 1 unread (1 as expected); 2 of 3 formulas read; 2 errors, 1 warning
          refuted  article.md:6:6
            - [ \nabla \int_{\theta} p(\theta) d\theta ] d
            for    Bernoulli(θ)
            at     theta = 3/10, d = 1/2
            left   1/4
            right  0
            why    the integral runs over the parameter
          unread  article.md:7:3
            \nabla L d = 0
            why    a column times a column has no value: a transpose is missing

    4 claims: 1 conditional, 1 refuted, 1 open, 1 unread (1 as expected) in 1 of 1 file
    2 of 3 displayed formulas read (66 %)
    ");
}

#[test]
fn a_proof_is_shown_as_its_chain() {
    let mut file = article();
    file.outcome.items.truncate(1);
    file.outcome.diagnostics.clear();
    file.outcome.displays = Displays { total: 1, read: 1 };
    let detail = Detail { every_step: false, explanations: true };
    insta::assert_snapshot!(text(std::slice::from_ref(&file), detail).unstyled(), @r"
    ok    article.md  1 claim: 1 conditional
          conditional  article.md:5:1
            KL(p(\theta) \| p(\theta + d)) \approx \frac{1}{2} d^T F d
            by     def-kl, taylor-2
            given  p regular
                 KL(p(theta), p(theta + d))
               = E[log(p(x | theta)) - log(p(x | theta + d))]
                     by def-kl, given common support
              ≈₂ -E[d'*grad(log(p(x | theta))) + 1/2*d'*hess(log(p(x | theta)))*d]
                     by taylor-2, given p regular
               = 1/2*d'*F*d
                     by score-mean, information

    1 claim: 1 conditional in 1 of 1 file
    1 displayed formula read
    ");
    let object = json(&[file], detail);
    assert_eq!(object["files"][0]["items"][0]["explanation"][1]["rule"], "def-kl");
    assert_eq!(object["files"][0]["items"][0]["conditions"][0], "p regular");
    assert_eq!((&object["summary"]["conditional"], &object["summary"]["proved"]), (&1.into(), &0.into()));
}

#[test]
fn a_counterexample_names_its_instance() {
    let object = json(&[article()], Detail::default());
    let refuted = &object["files"][0]["items"][1];
    assert_eq!(
        (&refuted["instance"], &refuted["witness"]["theta"]),
        (&"Bernoulli(θ)".into(), &"3/10".into())
    );
    assert_eq!(object["files"][0]["displays"], serde_json::json!({ "total": 3, "read": 2 }));
    assert_eq!(object["files"][0]["items"][1].get("explanation"), None);
}

#[test]
fn what_is_supported_says_on_what() {
    let mut file = article();
    let instances = vec!["Bernoulli".to_owned(), "Poisson".to_owned()];
    let evidence = Evidence { points: 12, digits: 20, instances, ..Evidence::default() };
    let item = &mut file.outcome.items[0];
    item.judge(Verdict::Supported(evidence), None);
    let object = json(std::slice::from_ref(&file), Detail::default());
    assert_eq!(object["files"][0]["items"][0]["evidence"]["instances"][1], "Poisson");
}

#[test]
fn declarations_beside_an_article_are_no_article() {
    let source = Source::new("article.referee", "small q\n");
    let unused = Diagnostic::warning(Code::UnusedDeclaration { name: "q".into() }, Span::new(6, 7));
    let outcome = FileOutcome { diagnostics: vec![unused], ..FileOutcome::empty(source) };
    let beside = CheckedFile { path: "article.referee".into(), outcome, role: FileRole::Declarations };
    let shown = text(&[article(), beside], Detail::default()).unstyled();
    assert!(shown.contains("\nok    article.referee  declarations; 1 warning\n"), "{shown}");
    assert!(shown.contains(" in 1 of 1 file\n"), "{shown}");
}

#[test]
fn an_error_in_a_formula_is_no_wrong_input() {
    let mut file = article();
    assert!(!file.passes() && !file.is_wrong());
    let lonely = Diagnostic::error(Code::EmptyInput { what: "a family".into() }, Span::new(0, 1));
    file.outcome.diagnostics.push(lonely);
    assert!(file.is_wrong());
}

#[test]
fn an_unread_step_is_found_once() {
    let file = article();
    let found = findings(&file);
    let rules: Vec<(&str, &str)> = found.iter().map(|f| (f.rule, f.severity.name())).collect();
    assert_eq!(
        rules,
        [
            ("unused-declaration", "warning"),
            ("refuted", "error"),
            ("wrong-variable", "error"),
            ("missing-transpose", "error")
        ]
    );
    let results = sarif(&[file])["runs"][0]["results"].as_array().map(Vec::len);
    assert_eq!(results, Some(4));
    insta::assert_snapshot!(github(&[article()]), @r"
    ::warning file=article.md,line=1,col=1,title=unused-declaration::`q` is declared and never used
    ::error file=article.md,line=6,col=6,title=refuted::- [ \nabla \int_{\theta} p(\theta) d\theta ] d%0Afor    Bernoulli(θ)%0Aat     theta = 3/10, d = 1/2%0Aleft   1/4%0Aright  0%0Awhy    the integral runs over the parameter
    ::error file=article.md,line=6,col=47,title=wrong-variable::the variable is `theta`, and should be `x`%0Ahelp: expected `x`
    ::error file=article.md,line=7,col=3,title=missing-transpose::a column times a column has no value: a transpose is missing%0Ahelp: transpose the first, or write `\cdot` between them
    4 claims: 1 conditional, 1 refuted, 1 open, 1 unread (1 as expected); 2 of 3 displayed formulas read (66 %)
    ");
}

#[test]
fn lints_fail_the_test_of_their_step() {
    let mut file = article();
    let lint = file.outcome.items[1].lints[0].clone();
    file.outcome.items[0].lints.push(lint);
    insta::assert_snapshot!(junit(&[file]), @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="referee" tests="4" failures="2" errors="1">
      <testsuite name="article.md" tests="4" failures="2" errors="1" skipped="0">
        <testcase name="KL(p(\theta) \| p(\theta + d)) \approx \frac{1}{2} d^T F d" classname="article.md">
          <failure type="wrong-variable" message="the variable is `theta`, and should be `x`">article.md:5:1
    the variable is `theta`, and should be `x`</failure>
        </testcase>
        <testcase name="- [ \nabla \int_{\theta} p(\theta) d\theta ] d" classname="article.md">
          <failure type="refuted" message="refuted">article.md:6:6
    for    Bernoulli(θ)
    at     theta = 3/10, d = 1/2
    left   1/4
    right  0
    why    the integral runs over the parameter</failure>
        </testcase>
        <testcase name="\nabla L d = 0" classname="article.md">
          <error type="unread" message="unread">article.md:7:3
    why    a column times a column has no value: a transpose is missing</error>
        </testcase>
        <testcase name="L(\theta) = \mathbf{L}" classname="article.md"/>
      </testsuite>
    </testsuites>
    "#);
}
