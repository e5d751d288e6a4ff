//! The small commands: families, explain, completions.

use std::collections::BTreeSet;
use std::process::Stdio;

use super::{check, referee, run};

#[test]
fn families_are_listed() {
    let object = check(&["families", "--format", "json"], 0, &[]).json();
    let list = object["families"].as_array().expect("a list");
    assert!(list.len() >= 26);
    let gamma = list.iter().find(|f| f["name"] == "gamma").expect("gamma");
    assert_eq!((&gamma["title"], &gamma["parameters"][0]), (&"Gamma".into(), &"alpha".into()));
    let text = check(&["families"], 0, &["also logit"]);
    assert!(text.out.lines().all(|line| line == line.trim_end()));
}

#[test]
fn codes_rules_and_verdicts_are_explained() {
    check(&["explain", "unknown-name"], 0, &["Greek letters"]);
    check(&["explain", "log-product"], 0, &["log(a*b) = log(a) + log(b)", "where a > 0, b > 0"]);
    check(&["explain", "supported"], 0, &["evidence"]);
    check(&["explain", "unknown-nmae"], 2, &["did you mean `unknown-name`?"]);
    assert_eq!(run(&["explain", "log-product", "--format", "json"]).json()["kind"], "rule");
    check(&["explain", "taylor-2"], 0, &["f(a + d) = f(a)", "given f C²", "Peano"]);
    check(&["explain"], 0, &["Verdicts", "log-product", "unknown-name"]);
}

#[test]
fn completions_are_written_for_a_shell() {
    check(&["completions", "bash"], 0, &["_referee"]);
    check(&["completions", "tcsh"], 2, &["zsh"]);
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    let mut child = referee()
        .args(["derive", "bivariate-normal"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("the binary ends");
    assert_eq!((output.status.code(), output.stderr.as_slice()), (Some(0), b"".as_slice()));
}

#[test]
fn every_rule_that_a_proof_of_the_library_cites_is_explained() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/derivations");
    let object = run(&["check", folder, "--format", "json"]).json();
    let files = object["files"].as_array().expect("files").clone();
    let items = files.iter().flat_map(|file| file["items"].as_array().expect("items"));
    let rules = items.flat_map(|item| item["rules"].as_array().expect("rules"));
    let cited: BTreeSet<&str> = rules.filter_map(|rule| rule.as_str()).collect();
    let explained = run(&["explain", "--format", "json"]).json();
    let known: BTreeSet<&str> = explained
        .as_array()
        .expect("a list")
        .iter()
        .filter(|entry| entry["kind"] == "rule")
        .filter_map(|entry| entry["name"].as_str())
        .collect();
    assert!(cited.len() > 5, "{cited:?}");
    assert_eq!(cited.difference(&known).collect::<Vec<_>>(), Vec::<&&str>::new());
}
