//! `referee snapshot`: what is pinned, and what counts as drift.

use std::fs;

use super::{Folder, check};

const FILE: &str = "# A family

```referee
family exponential(lambda > 0)
x > 0
log p(x) = log(lambda) - lambda*x
coordinates mean_life(m > 0): lambda = 1/m
claim fisher = [1/lambda^2]
```

```referee
claim log(y^2) = 2*log(y) where y > 0
claim y = y + 1     expect: refuted
```
";

#[test]
fn verdicts_and_closed_forms_are_pinned_as_text() {
    let folder = Folder::new("snapshot-text", &[("a.md", FILE), ("none.md", "# Nothing\n")]);
    let ran = folder.run(&["snapshot"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "pinned in referee.snapshot: 2 families, 3 claims\n"));
    let text = fs::read_to_string(folder.path("referee.snapshot")).expect("a snapshot");
    insta::assert_snapshot!(text, @r"
    # What `referee snapshot` pinned: closed forms and verdicts. `referee snapshot --check` fails when one of them
    # changes. Write it anew when a change is meant, and read the difference.

    ## a.md

    family exponential
      fisher            [1/lambda^2]
      fisher_inverse    [lambda^2]
      natural_gradient  [g_1*lambda^2]
      kl                lambda_q/lambda + log(lambda) - log(lambda_q) - 1

    family exponential in mean_life
      fisher            [1/m^2]
      fisher_inverse    [m^2]
      natural_gradient  [g_1*m^2]
      kl                m/m_q - log(m) + log(m_q) - 1

    claim fisher = [1/lambda^2]
      proved
      by reflexivity

    claim log(y^2) = 2*log(y) where y > 0
      proved
      by log-power

    claim y = y + 1 expect: refuted
      refuted
    ");
    assert_eq!(folder.run(&["snapshot", "-o", "-", "--jobs", "2"]).out, text);
    let ran = folder.run(&["snapshot", "--check"]);
    assert_eq!((ran.status, ran.out.as_str()), (0, "as pinned in referee.snapshot: 2 families, 3 claims\n"));
}

#[test]
fn a_lost_proof_and_a_changed_form_are_drift_and_a_moved_line_is_not() {
    let folder = Folder::new("snapshot-drift", &[("a.md", FILE)]);
    assert_eq!(folder.run(&["snapshot", "-o", "pinned"]).status, 0);
    let rewrite = |text: &str| fs::write(folder.path("a.md"), text).expect("a file");
    rewrite(&FILE.replace("# A family\n", "# A family\n\nwith more prose\n").replace("x > 0\n", "x > 0\n\n"));
    assert_eq!(folder.run(&["snapshot", "-o", "pinned", "--check"]).status, 0);
    // Without the domain nothing is proved any more.
    rewrite(&FILE.replace("claim log(y^2) = 2*log(y) where y > 0", "claim log(y^2) = 2*log(y)"));
    assert_eq!(folder.run(&["snapshot", "-o", "pinned", "--check"]).status, 1);
    rewrite(&FILE.replace("= log(lambda) - lambda*x", "= -log(lambda) - x/lambda"));
    let ran = folder.run(&["snapshot", "-o", "pinned", "--check"]);
    assert_eq!(ran.status, 1, "{}{}", ran.out, ran.err);
    insta::assert_snapshot!(ran.out, @r"
    --- pinned
    +++ as it is now
    @@ -7,13 +7,13 @@ a.md
       fisher            [1/lambda^2]
       fisher_inverse    [lambda^2]
       natural_gradient  [g_1*lambda^2]
    -  kl                lambda_q/lambda + log(lambda) - log(lambda_q) - 1
    +  kl                lambda/lambda_q - log(lambda) + log(lambda_q) - 1

     family exponential in mean_life
       fisher            [1/m^2]
       fisher_inverse    [m^2]
       natural_gradient  [g_1*m^2]
    -  kl                m/m_q - log(m) + log(m_q) - 1
    +  kl                m_q/m + log(m) - log(m_q) - 1

     claim fisher = [1/lambda^2]
       proved

    not as pinned in pinned: 2 families, 3 claims
    help: where the change is meant, write the snapshot anew: the same command without `--check`
    ");
    let object = folder.run(&["snapshot", "-o", "pinned", "--check", "--format", "json"]).json();
    assert_eq!(object["as_pinned"], false);
    assert!(object["diff"].as_str().is_some_and(|diff| diff.contains("\n-")), "{object}");
}

#[test]
fn a_supported_claim_is_not_the_proved_one() {
    let folder = Folder::new("snapshot-supported", &[("a.md", "```referee\nclaim x = x\n```\n")]);
    assert_eq!(folder.run(&["snapshot"]).status, 0);
    let path = folder.path("referee.snapshot");
    let text = fs::read_to_string(&path).expect("a snapshot");
    fs::write(&path, text.replace("\n  proved\n", "\n  supported\n")).expect("a file");
    let ran = folder.run(&["snapshot", "--check"]);
    assert_eq!(ran.status, 1);
    ran.says(&["-  supported", "+  proved", "a.md", "without `--check`"]);
}

#[test]
fn without_a_snapshot_or_a_readable_file_nothing_is_compared() {
    let folder = Folder::new("snapshot-missing", &[("a.md", FILE)]);
    let ran = folder.run(&["snapshot", "--check"]);
    assert_eq!((ran.status, ran.out.as_str()), (2, ""));
    ran.says(&["error[file-not-found]", "<snapshot>:1:1", "without `--check`"]);
    let ran = folder.run(&["snapshot", "a.md", "missing.md"]);
    assert_eq!(ran.status, 2);
    ran.says(&["nothing pinned", "missing.md"]);
    assert!(!fs::exists(folder.path("referee.snapshot")).expect("a folder"));
    let ran = folder.run(&["snapshot", "-o", "no/such/folder"]);
    assert_eq!(ran.status, 2);
    ran.says(&["error[file-not-written]", "<output>:1:1", "-o"]);
    check(&["snapshot", "--format", "junit"], 2, &["a format of `referee check`"]);
}
