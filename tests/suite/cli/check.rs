//! `referee check`: the claims of files and folders.

use std::fs;

use super::{Folder, GAMMA, check, run_with};

const CLAIMS: &str = "# Claims\n\n```referee\nassume x > 0\nlet a = log(x)\nclaim exp(a) = x\n\
    claim a = x     expect: refuted, a logarithm is not its argument\nclaim 1 = 1 = 2\n```\n";

#[test]
fn check_judges_the_claims_of_files_and_folders() {
    let folder = Folder::new(
        "check",
        &[("a/claims.md", CLAIMS), ("none.md", "# Nothing\n"), ("a/notes.txt", "no claims")],
    );
    let ran = check(
        &["check", &folder.path("")],
        1,
        &["FAIL", "claims.md:8:", "1 = 2", "4 claims: 2 proved, 2 refuted (1 as expected)"],
    );
    assert_eq!(ran.err, "");
    let object = check(&["check", &folder.path(""), "--format", "json"], 1, &[]).json();
    assert_eq!(object["files"].as_array().map(Vec::len), Some(2));
    let items = object["files"][0]["items"].as_array().expect("items");
    let kinds: Vec<&str> = items.iter().filter_map(|i| i["kind"].as_str()).collect();
    assert_eq!(kinds, ["assumption", "definition", "claim", "claim", "claim", "claim"]);
    assert_eq!(
        (&items[3]["expected"], &items[3]["verdict"], &items[3]["line"]),
        (&"refuted".into(), &"refuted".into(), &7.into())
    );
    let summary = &object["summary"];
    for (name, count) in
        [("definitions", 1), ("claims", 4), ("proved", 2), ("refuted", 2), ("open", 0), ("as_expected", 1)]
    {
        assert_eq!(summary[name], count, "{name}");
    }
}

#[test]
fn no_condition_among_declared_names_is_left_out() {
    let fence = |lines: &str| format!("# Conditions\n\n```referee\n{lines}\n```\n");
    let head = "vector theta, u in R^2\nscalar t\nfunction L(theta) smooth";
    let equal = fence(&format!("{head}\nclaim L(theta) = L(u) where theta = u\nclaim t = 1 where t = 1"));
    let assumed = fence(&format!("{head}\nassume theta = u\nclaim L(theta) = L(u)"));
    let never = fence(&format!("{head}\nclaim t*theta = u where t > 0, t < 0"));
    let folder = Folder::new("conditions", &[("a.md", &equal), ("b.md", &assumed), ("c.md", &never)]);
    check(&["check", &folder.path("a.md")], 0, &["2 proved"]);
    check(&["check", &folder.path("b.md")], 0, &["1 proved"]);
    check(&["check", &folder.path("c.md")], 2, &["1 unread"]);
}

#[test]
fn an_expectation_fails_in_either_direction() {
    let judge = |claim: &str| run_with(&["check", "-"], format!("claim {claim}\n").as_bytes()).status;
    assert_eq!(judge("x = x     expect: proved"), 0);
    assert_eq!(judge("x = x     expect: refuted, on purpose"), 1);
    assert_eq!(judge("x = y     expect: refuted"), 0);
    assert_eq!(judge("x = y     expect: open"), 1);
    assert_eq!(judge("x = y"), 1);
    assert_eq!(judge("digama(x) = y     expect: unknown-function, a typing error"), 0);
    assert_eq!(judge("digama(x) = y     expect: unread"), 0);
    assert_eq!(judge("digamma(x) = y     expect: unknown-function"), 1);
    assert_eq!(judge("digama(x) = y"), 2);
}

#[test]
fn allow_and_deny_move_the_line() {
    let text = b"claim x/(y*0) = 1     expect: refuted\nclaim log(x^2) = 2*log(abs(x)) where x != 0\n";
    assert_eq!(run_with(&["check", "-"], text).status, 0);
    assert_eq!(run_with(&["check", "-", "--deny", "proved"], text).status, 1);
    check(&["prove", "x = y", "--allow", "refuted"], 0, &[]);
    check(&["prove", "x = x", "--deny", "supported,conditional"], 0, &[]);
    check(&["prove", "x = x", "--deny", "maybe"], 2, &["supported"]);
}

#[test]
fn claims_about_a_family_are_compared_with_what_is_derived() {
    let claims = "claim fisher = [trigamma(alpha), -1/beta; -1/beta, alpha/beta^2]\nclaim fisher = [1]     expect: shape-mismatch\n\
        claim kl = digama(alpha)     expect: unknown-function\nclaim mean = [alpha*beta, 0]     expect: refuted, a rate is not a scale\n";
    let ran = run_with(&["check", "-"], format!("{GAMMA}{claims}").as_bytes());
    assert_eq!(ran.status, 0, "{}{}", ran.out, ran.err);
    let wrong = run_with(&["check", "-"], format!("{GAMMA}claim fisher = [1]\n").as_bytes());
    assert_eq!(wrong.status, 2, "{}", wrong.out);
    wrong.says(&["shape-mismatch", "2 by 2", "<stdin>:4:16"]);
}

#[test]
fn files_that_cannot_be_read_do_not_hide_the_others() {
    let folder = Folder::new("partly", &[("claims.md", CLAIMS)]);
    let ran = check(
        &["check", &folder.path("missing.md"), &folder.path("claims.md")],
        2,
        &["file-not-found", "2 proved"],
    );
    assert!(ran.out.contains("claims.md"), "{}", ran.out);
}

#[test]
fn the_library_holds_what_it_claims() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/derivations");
    let ran = check(&["check", folder, "--format", "json"], 0, &[]);
    let summary = &ran.json()["summary"];
    let number = |name: &str| summary[name].as_u64().expect("a count");
    assert!(number("claims") > 600, "{summary}");
    // Whatever is not proved or supported says that it is expected.
    assert!(number("refuted") + number("open") + number("unread") <= number("as_expected"), "{summary}");
}

#[test]
fn a_path_that_cannot_be_checked_is_told_apart() {
    let folder = Folder::new(
        "paths",
        &[("prose.md", "Only words.\n"), ("empty.md", ""), ("plain.txt", "claim 1 = 1\n")],
    );
    fs::write(folder.path("latin.md"), b"caf\xe9\n").expect("a file");
    fs::create_dir(folder.path("folder.md")).expect("a folder");
    let check = |path: &str, status: i32, words: &[&str]| {
        let ran = folder.run(&["check", path]);
        assert_eq!(ran.status, status, "{path}\n{}{}", ran.out, ran.err);
        ran.says(words);
        let object = folder.run(&["check", path, "--format", "json"]).json();
        assert_eq!(object["help"].is_string(), ran.out.contains("help: "), "{object}");
        object
    };
    check("prose.md", 0, &["0 claims in 0 of 1 file", "help: write a formula", "```referee"]);
    check("empty.md", 0, &["0 claims", "help: "]);
    check("folder.md", 0, &["0 of 0 files", "there is no Markdown file here"]);
    check("plain.txt", 0, &["1 claim: 1 proved"]);
    let latin = check("latin.md", 2, &["error[not-utf8]", "latin.md:1:4", "not read", "UTF-8"]);
    assert_eq!(latin["files"][0]["path"], "latin.md");
    let missing = check("missing.md", 2, &["error[file-not-found]", "FAIL  missing.md  not read"]);
    assert_eq!(missing["files"][0]["path"], "missing.md");
    check("porse.md", 2, &["did you mean `prose.md`?"]);
}

#[test]
fn files_are_checked_once_and_in_order() {
    let folder = Folder::new(
        "order",
        &[
            ("b.md", CLAIMS),
            ("a.md", CLAIMS),
            ("c/d.md", CLAIMS),
            (".hidden/e.md", CLAIMS),
            ("target/f.md", CLAIMS),
        ],
    );
    let paths = |arguments: &[&str]| {
        let object = folder.run(&[&["check", "--format", "json"], arguments].concat()).json();
        let files = object["files"].as_array().expect("files").clone();
        files.iter().filter_map(|file| file["path"].as_str().map(str::to_owned)).collect::<Vec<_>>()
    };
    assert_eq!(paths(&[]), ["a.md", "b.md", "c/d.md"]);
    assert_eq!(paths(&["c", "b.md", "."]), ["c/d.md", "b.md", "a.md"]);
}

#[test]
fn declarations_beside_an_article_must_be_readable() {
    let folder = Folder::new("beside", &[("a.md", CLAIMS)]);
    let ran = folder.run(&["check", "a.md", "--with", "none.referee", "--format", "json"]);
    assert_eq!((ran.status, &ran.json()["diagnostics"][0]["code"]), (2, &"file-not-found".into()));
}

#[test]
fn where_a_code_is_explained_is_said_once() {
    let mistake = "$$ \\sqrt = 1 $$\n";
    let folder = Folder::new("explained", &[("a.md", mistake), ("b.md", mistake)]);
    let ran = folder.run(&["check"]);
    assert_eq!(ran.err.matches("error[latex]").count(), 2);
    assert_eq!(ran.err.matches("`referee explain latex` says more").count(), 1, "{}", ran.err);
}

#[test]
fn many_mistakes_are_counted() {
    let lines: String = (0..99).map(|i| format!("claim digama({i}) = 1\n")).collect();
    let folder = Folder::new("many", &[("a.md", &format!("```referee\n{lines}claim f(1) = 1\n```\n"))]);
    assert_eq!(folder.run(&["check"]).err.matches("error[").count(), 100);
    let folder = Folder::new("more", &[("a.md", &format!("```referee\n{lines}{lines}```\n"))]);
    let ran = folder.run(&["check"]);
    assert_eq!(ran.err.matches("error[unknown-function]").count(), 100);
    ran.says(&["98 more errors are not shown", "`--format json` lists them all"]);
    let object = folder.run(&["check", "--format", "json", "-q"]);
    assert_eq!((object.out.as_str(), object.status), ("", 2));
}

#[test]
fn colors_and_quiet_hold_for_check_too() {
    let folder = Folder::new("colors", &[("a.md", CLAIMS)]);
    assert!(folder.run(&["check", "--color", "always"]).out.contains("\u{1b}["));
    assert!(!folder.run(&["check"]).out.contains('\u{1b}'));
    assert!(!folder.run(&["check", "--color", "always", "--format", "json"]).out.contains('\u{1b}'));
    let quiet = folder.run(&["check", "-q"]);
    assert_eq!((quiet.status, quiet.out.as_str(), quiet.err.as_str()), (1, "", ""));
}

#[test]
fn nothing_in_a_checked_file_repaints_the_terminal() {
    let folder = Folder::new("repaint", &[("a.md", "```referee\nclaim 1 = 2 # \u{1b}[2J\u{202e}\n```\n")]);
    let ran = folder.run(&["check", "a.md"]);
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(
        ran.out.chars().all(|c| c == '\n' || !c.is_control()) && !ran.out.contains('\u{202e}'),
        "{}",
        ran.out
    );
}
