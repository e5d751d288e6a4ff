//! What `referee check` writes, format by format, and that each is what its readers expect.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Folder, check, run};

/// A claim of each kind: as claimed, refuted, not as expected, unread, open; and text that no format may trip over.
const CLAIMS: &str = "# Claims

```referee
assume x > 0
claim exp(log(x)) = x
claim x < 1 = 1
claim x = x     expect: refuted, \"50 %\" & <b>, as ::error:: says
claim digama(x) = 1
claim 2^(10^9) = 2^(10^9) + 1
claim log(y) = log(y)     expect: proved
```
";

fn folder(name: &str) -> Folder {
    Folder::new(name, &[("a/claims.md", CLAIMS), ("none.md", "# Nothing\n")])
}

#[test]
fn text_is_short_and_says_where_and_why() {
    let ran = folder("format-text").run(&["check", "."]);
    assert_eq!(ran.status, 2);
    insta::assert_snapshot!(ran.out, @r#"
    FAIL  a/claims.md  7 claims: 4 proved, 1 refuted, 1 open, 1 unread (1 as expected); 1 error
          refuted  a/claims.md:6:7
            x < 1
            at     x = 1
            left   1
            right  1
            why    the relation fails there
          proved, expected refuted  a/claims.md:7:1
            claim x = x expect: refuted, "50 %" & <b>, as ::error:: says
            by     exact-arithmetic
          unread  a/claims.md:8:1
            claim digama(x) = 1
            why    no function is called `digama`
          open  a/claims.md:9:1
            claim 2^(10^9) = 2^(10^9) + 1
            why    the two sides are different rational functions, but no point was found at which
                   enclosures tell them apart within 4096 bits
            tried  the normal forms differ

    7 claims: 4 proved, 1 refuted, 1 open, 1 unread (1 as expected) in 1 of 2 files
    "#);
    insta::assert_snapshot!(ran.err, @r"
    error[unknown-function]: no function is called `digama`
     --> a/claims.md:8:7
      |
    8 | claim digama(x) = 1
      |       ^^^^^^ did you mean `digamma`?
    ");
}

#[test]
fn every_step_is_listed_when_asked_for() {
    let folder = Folder::new(
        "format-verbose",
        &[("a.md", "```referee\nassume x > 0\nclaim log(x^2) = 2*log(x)\n```\n")],
    );
    insta::assert_snapshot!(folder.run(&["check", "-v"]).out, @r"
    ok    a.md  1 claim: 1 proved
          assumption  a.md:2:8
            x > 0
          proved  a.md:3:1
            claim log(x^2) = 2*log(x)
            by     log-power

    1 claim: 1 proved in 1 of 1 file
    ");
}

#[test]
fn json_has_the_promised_names() {
    let object = folder("format-json").run(&["check", ".", "--format", "json", "--jobs", "1"]).json();
    let file = &object["files"][0];
    let names =
        |object: &Value| object.as_object().expect("an object").keys().cloned().collect::<BTreeSet<_>>();
    let holds = |object: &Value, wanted: &str| {
        let names = names(object);
        wanted.split_whitespace().for_each(|name| assert!(names.contains(name), "no `{name}` in {names:?}"));
    };
    holds(file, "path items diagnostics displays");
    holds(&file["items"][1], "line column kind verdict expected conditions rules witness reason text");
    holds(&file["diagnostics"][0], "code severity line column message help");
    let counts = "definitions claims proved conditional supported refuted open unread as_expected displays";
    holds(&object["summary"], counts);
    holds(&object["summary"]["displays"], "total read");
    insta::assert_snapshot!(format!("{:#}", file["items"][2]), @r#"
    {
      "line": 6,
      "column": 7,
      "kind": "claim",
      "verdict": "refuted",
      "expected": null,
      "conditions": [],
      "rules": [],
      "witness": {
        "x": "1"
      },
      "reason": "the relation fails there",
      "text": "x < 1",
      "left": "1",
      "right": "1",
      "help": null,
      "instance": null,
      "evidence": null,
      "tried": [],
      "passes": false
    }
    "#);
}

#[test]
fn junit_is_a_suite_for_each_file_and_a_test_for_each_claim() {
    let ran =
        folder("format-junit").run(&["check", ".", "missing.md", "--format", "junit", "--allow", "open"]);
    insta::assert_snapshot!(ran.out, @r#"
    <?xml version="1.0" encoding="UTF-8"?>
    <testsuites name="referee" tests="8" failures="2" errors="2">
      <testsuite name="a/claims.md" tests="7" failures="2" errors="1" skipped="1">
        <testcase name="claim exp(log(x)) = x" classname="a/claims.md"/>
        <testcase name="x &lt; 1" classname="a/claims.md">
          <failure type="refuted" message="refuted">a/claims.md:6:7
    at     x = 1
    left   1
    right  1
    why    the relation fails there</failure>
        </testcase>
        <testcase name="1 = 1" classname="a/claims.md"/>
        <testcase name="claim x = x expect: refuted, &quot;50 %&quot; &amp; &lt;b&gt;, as ::error:: says" classname="a/claims.md">
          <failure type="unexpected" message="expected refuted, found proved">a/claims.md:7:1
    by     exact-arithmetic</failure>
        </testcase>
        <testcase name="claim digama(x) = 1" classname="a/claims.md">
          <error type="unread" message="unread">a/claims.md:8:1
    why    no function is called `digama`</error>
        </testcase>
        <testcase name="claim 2^(10^9) = 2^(10^9) + 1" classname="a/claims.md">
          <skipped type="open" message="open">a/claims.md:9:1
    why    the two sides are different rational functions, but no point was found at which
           enclosures tell them apart within 4096 bits
    tried  the normal forms differ</skipped>
        </testcase>
        <testcase name="claim log(y) = log(y) expect: proved" classname="a/claims.md"/>
      </testsuite>
      <testsuite name="none.md" tests="0" failures="0" errors="0" skipped="0">
      </testsuite>
      <testsuite name="missing.md" tests="1" failures="0" errors="1" skipped="0">
        <testcase name="the file can be read" classname="missing.md">
          <error type="file-not-found" message="cannot read `missing.md`: there is no such file">cannot read `missing.md`: there is no such file</error>
        </testcase>
      </testsuite>
    </testsuites>
    "#);
    check_junit(&ran.out);
}

#[test]
fn sarif_points_to_its_rules_and_places() {
    let ran = folder("format-sarif").run(&["check", ".", "missing.md", "--format", "sarif"]);
    let log = ran.json();
    check_sarif(&log);
    insta::assert_snapshot!(format!("{:#}", log["runs"][0]["results"][1]), @r#"
    {
      "ruleId": "unexpected",
      "ruleIndex": 3,
      "level": "error",
      "message": {
        "text": "expected refuted, found proved: claim x = x expect: refuted, \"50 %\" & <b>, as ::error:: says\nby     exact-arithmetic"
      },
      "locations": [
        {
          "physicalLocation": {
            "artifactLocation": {
              "uri": "a/claims.md"
            },
            "region": {
              "startLine": 7,
              "startColumn": 1,
              "endLine": 7,
              "endColumn": 65,
              "snippet": {
                "text": "claim x = x     expect: refuted, \"50 %\" & <b>, as ::error:: says"
              }
            }
          }
        }
      ],
      "partialFingerprints": {
        "text/v1": "78d1be8fd1aab43f:1"
      }
    }
    "#);
    let rules = log["runs"][0]["tool"]["driver"]["rules"].as_array().expect("rules");
    let names: Vec<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(names, ["file-not-found", "open", "refuted", "unexpected", "unknown-function"]);
    // Each rule is one that `referee explain` knows.
    names.iter().for_each(|name| drop(check(&["explain", name], 0, &[])));
}

#[test]
fn fingerprints_do_not_follow_lines() {
    let prints = |text: &str| {
        let log = Folder::new("format-moved", &[("a.md", text)])
            .run(&["check", "a.md", "--format", "sarif"])
            .json();
        let results = log["runs"][0]["results"].as_array().expect("results").clone();
        results.iter().map(|result| result["partialFingerprints"].clone()).collect::<Vec<_>>()
    };
    let here = prints("```referee\nclaim 1 = 2\nclaim 1 = 2\n```\n");
    assert_eq!(here, prints("# Moved\n\n```referee\nclaim 1 = 2\n\nclaim 1 = 2\n```\n"));
    assert_ne!(here[0], here[1]);
    assert_ne!(here, prints("```referee\nclaim 1 = 3\nclaim 1 = 3\n```\n"));
}

#[test]
fn github_reads_one_annotation_in_each_line() {
    let ran = folder("format-github").run(&["check", ".", "missing.md", "--format", "github"]);
    insta::assert_snapshot!(ran.out, @r#"
    ::error file=a/claims.md,line=6,col=7,title=refuted::x < 1%0Aat     x = 1%0Aleft   1%0Aright  1%0Awhy    the relation fails there
    ::error file=a/claims.md,line=7,col=1,title=expected refuted%2C found proved::claim x = x expect: refuted, "50 %25" & <b>, as ::error:: says%0Aby     exact-arithmetic
    ::error file=a/claims.md,line=8,col=7,title=unknown-function::no function is called `digama`%0Ahelp: did you mean `digamma`?
    ::error file=a/claims.md,line=9,col=1,title=open::claim 2^(10^9) = 2^(10^9) + 1%0Awhy    the two sides are different rational functions, but no point was found at which%0A       enclosures tell them apart within 4096 bits%0Atried  the normal forms differ
    ::error file=missing.md,title=file-not-found::cannot read `missing.md`: there is no such file%0Ahelp: name a file of this folder, or its path from here
    7 claims: 4 proved, 1 refuted, 1 open, 1 unread (1 as expected)
    "#);
}

#[test]
fn the_output_is_the_same_with_any_number_of_threads() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/derivations/faulty");
    for format in ["text", "json", "junit", "sarif", "github"] {
        let one = run(&["check", folder, "--format", format, "--jobs", "1"]);
        let four = run(&["check", folder, "--format", format, "--jobs", "4"]);
        assert!(one.out.len() > 20);
        assert_eq!((one.out, one.err, one.status), (four.out, four.err, four.status), "{format}");
    }
}

#[test]
fn what_only_check_writes_is_refused_elsewhere() {
    check(&["derive", "gamma", "--format", "sarif"], 2, &["<format>:1:1", "a format of `referee check`"]);
}

/// What the schema of JUnit XML (`junit-10.xsd`, as Jenkins reads it) says of an element: its parent and attributes,
/// those that are required first.
#[rustfmt::skip]
const ELEMENTS: &[(&str, &str, &[&str], &[&str])] = &[
    ("testsuites", "",           &[],                                        &["name", "time", "tests", "failures", "errors"]),
    ("testsuite",  "testsuites", &["name", "tests", "failures", "errors"],   &["skipped", "time", "timestamp", "hostname", "id"]),
    ("testcase",   "testsuite",  &["name"],                                  &["classname", "time"]),
    ("failure",    "testcase",   &[],                                        &["type", "message"]),
    ("error",      "testcase",   &[],                                        &["type", "message"]),
    ("skipped",    "testcase",   &[],                                        &["type", "message"]),
];

/// Is the text well-formed, with the elements, attributes and counts of the schema?
#[track_caller]
fn check_junit(xml: &str) {
    let body = xml.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n").expect("a declaration");
    let mut open: Vec<&str> = Vec::new();
    let (mut tests, mut counted) = (0, 0);
    for part in body.split('<').skip(1) {
        let (tag, text) = part.split_once('>').expect("a tag ends");
        assert!(!text.contains('>'), "{text}");
        let entities = text.split('&').skip(1);
        entities.for_each(|rest| {
            assert!(rest.split_once(';').is_some_and(|(name, _)| name.len() <= 4), "{rest}")
        });
        if let Some(name) = tag.strip_prefix('/') {
            assert_eq!(open.pop(), Some(name));
            continue;
        }
        let name = tag.split([' ', '/']).next().expect("a name");
        let (_, parent, required, optional) =
            ELEMENTS.iter().find(|row| row.0 == name).expect("a known element");
        assert_eq!(open.last().copied().unwrap_or_default(), *parent);
        let values: Vec<&str> = tag.split('"').collect();
        let attributes: Vec<&str> =
            values.iter().step_by(2).filter_map(|name| name.trim().strip_suffix('=')).collect();
        let attributes: Vec<&str> =
            attributes.iter().map(|a| a.split_whitespace().last().expect("a name")).collect();
        required.iter().for_each(|wanted| assert!(attributes.contains(wanted), "no `{wanted}` in <{tag}>"));
        attributes
            .iter()
            .for_each(|a| assert!(required.contains(a) || optional.contains(a), "`{a}` in <{tag}>"));
        if name == "testsuite" {
            let at = values.iter().position(|value| value.trim() == "tests=").expect("tests") + 1;
            counted += values[at].parse::<usize>().expect("a number");
        }
        tests += usize::from(name == "testcase");
        if !tag.ends_with('/') {
            open.push(name);
        }
    }
    assert_eq!((open, tests), (Vec::new(), counted));
}

/// The facts of the SARIF 2.1.0 schema that concern what is written.
#[track_caller]
fn check_sarif(log: &Value) {
    assert_eq!(log["version"], "2.1.0");
    let run = &log["runs"][0];
    assert_eq!(
        (&run["tool"]["driver"]["name"], &run["columnKind"]),
        (&"referee".into(), &"unicodeCodePoints".into())
    );
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    for rule in rules {
        assert!(rule["help"]["text"].as_str().is_some_and(|text| text.len() > 40), "{rule}");
    }
    for result in run["results"].as_array().expect("results") {
        let rule = usize::try_from(result["ruleIndex"].as_u64().expect("a number")).expect("a small number");
        assert_eq!(rules[rule]["id"], result["ruleId"]);
        assert!(matches!(result["level"].as_str(), Some("error" | "warning" | "note")), "{result}");
        assert!(result["message"]["text"].is_string());
        assert!(result["partialFingerprints"].is_object());
        let place = &result["locations"][0]["physicalLocation"];
        assert!(place["artifactLocation"]["uri"].as_str().is_some_and(|uri| !uri.contains(' ')), "{place}");
        let number = |name: &str| match &place["region"][name] {
            Value::Null if name.ends_with("Column") => 1,
            value => value.as_u64().filter(|n| *n > 0).expect("a positive number"),
        };
        assert!((number("startLine"), number("startColumn")) <= (number("endLine"), number("endColumn")));
    }
}
