//! `referee generate`: files written and compared, and every way to ask for what there is not.

use std::fs;

use super::{Folder, run, run_with};

/// A family of the user's own.
const MINE: &str = "```referee
family mine(k > 0)
x > 0
log p(x) = log(k) - k*x
```
";

#[test]
fn code_goes_to_standard_output() {
    let ran = run(&["generate", "exponential", "--lang", "rust", "--functions", "fisher"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    assert!(ran.out.starts_with("//! The family `exponential`."), "{}", ran.out);
    assert!(ran.out.contains("pub fn fisher(theta: &[f64; 1]) -> [[f64; 1]; 1] {"), "{}", ran.out);
    assert!(!ran.out.contains("pub fn score"), "only what was asked for");
}

#[test]
fn several_files_are_told_apart_and_programs_get_json() {
    let ran = run(&["generate", "exponential", "--lang", "c"]);
    assert!(
        ran.out.contains("/* exponential.h */") && ran.out.contains("/* exponential.c */"),
        "{}",
        ran.out
    );
    let ran = run(&["generate", "exponential", "--lang", "c", "--with-tests", "--format", "json"]);
    let json = ran.json();
    let names: Vec<&str> = json["files"]
        .as_array()
        .expect("files")
        .iter()
        .map(|f| f["name"].as_str().expect("a name"))
        .collect();
    assert_eq!(names, ["exponential.h", "exponential.c", "exponential_test.c"]);
    assert_eq!(json["family"], "exponential");
}

#[test]
fn a_stale_file_is_shown_with_its_difference() {
    let folder = Folder::new("generate-stale", &[("mine.md", MINE)]);
    let score =
        ["generate", "gamma", "--lang", "python", "--functions", "score", "--with-tests", "-o", "code"];
    for arguments in [
        &score[..],
        &["generate", "gamma/scale", "--lang", "c", "--functions", "fisher", "-o", "code"],
        &["generate", "normal", "--lang", "rust", "--functions", "kl", "-o", "code/named.rs"],
        &["generate", "mine.md", "--lang", "javascript", "-o", "code"],
    ] {
        let ran = folder.run(arguments);
        assert_eq!(ran.status, 0, "{arguments:?}: {}", ran.err);
    }
    let fresh = folder.run(&["generate", "--check", "code"]);
    assert_eq!(fresh.status, 0, "{}{}", fresh.out, fresh.err);
    assert_eq!(fresh.out.matches("fresh").count(), 6, "{}", fresh.out);

    let path = folder.path("code/gamma.py");
    let text = fs::read_to_string(&path).expect("written");
    fs::write(&path, text.replace("np.log", "np.log10")).expect("writable");
    let stale = folder.run(&["generate", "--check"]);
    assert_eq!(stale.status, 1);
    let anew =
        "help: `referee generate gamma --lang python --functions score -o code/ --with-tests` writes it anew";
    stale.says(&["stale", "gamma.py", "np.log10", "@@", anew]);
    let again = folder.run(&[&score[..], &["--check"]].concat());
    assert_eq!(again.status, 1, "{}", again.out);
    again.says(&["without `--check`"]);
    let json = folder.run(&["generate", "--check", "code", "--format", "json"]).json();
    assert_eq!(json["stale"], 1);

    fs::remove_file(folder.path("code/gamma_scale.c")).expect("removable");
    folder.run(&["generate", "--check", "code/gamma_scale.h"]).says(&["missing", "gamma_scale.c"]);

    // The family has changed, and its code with it.
    fs::write(folder.path("mine.md"), MINE.replace("log(k) - k*x", "2*log(k) + log(x) - k*x"))
        .expect("writable");
    let changed = folder.run(&["generate", "--check", "code/mine.mjs"]);
    assert_eq!(changed.status, 1, "{}", changed.err);
}

#[test]
fn every_file_of_every_family_is_found_and_fresh() {
    let folder = Folder::new("generate-every", &[]);
    let mut count = 0;
    for embedded in referee::deck::EMBEDDED {
        for lang in ["rust", "c", "python", "javascript", "latex"] {
            let words = ["generate", embedded.name, "--lang", lang, "-o", "code", "--format", "json"];
            let ran = folder.run(&words);
            count += ran.json()["files"].as_array().expect("files").len();
        }
    }
    assert!(count >= 6 * referee::deck::EMBEDDED.len(), "{count} files");
    let fresh = folder.run(&["generate", "--check", "code"]);
    assert_eq!((fresh.status, fresh.out.matches("fresh ").count()), (0, count), "{}{}", fresh.out, fresh.err);
}

#[test]
fn each_file_alone_names_the_command_that_wrote_it() {
    let long = format!("{}/a family.md", "folder".repeat(15));
    let folder = Folder::new("generate-alone", &[(&long, MINE)]);
    for lang in ["rust", "c", "python", "javascript"] {
        let words = ["generate", &long, "--lang", lang, "--functions", "score", "--with-tests", "-o", "code"];
        let ran = folder.run(&[&words[..], &["--format", "json"]].concat());
        let files = ran.json()["files"].as_array().expect("files").clone();
        for file in &files {
            let (path, text) =
                (file["path"].as_str().expect("a path"), file["text"].as_str().expect("a text"));
            fs::remove_dir_all(folder.path("code")).expect("removable");
            fs::create_dir(folder.path("code")).expect("a folder");
            fs::write(folder.path(path), text).expect("writable");
            let orphan = folder.run(&["generate", "--check", "code"]);
            assert_eq!(orphan.status, 1, "{path}: {}{}", orphan.out, orphan.err);
            orphan.says(&[&format!("fresh {path}"), "missing code/"]);
            assert!(!orphan.out.contains("stale"), "{}", orphan.out);
        }
    }
}

#[test]
fn a_missing_file_is_told_in_the_same_words_on_both_roads() {
    let folder = Folder::new("generate-missing", &[]);
    // A folder may be called like the family.
    let words = ["generate", "gamma", "--lang", "c", "--functions", "score", "-o", "gamma"];
    assert_eq!(folder.run(&words).status, 0);
    fs::remove_file(folder.path("gamma/gamma.h")).expect("removable");
    fs::write(folder.path("gamma/gamma.c"), b"/* Gener\xff */").expect("writable");
    let by_family = folder.run(&[&words[..], &["--check"]].concat());
    assert_eq!(by_family.status, 1, "{}{}", by_family.out, by_family.err);
    by_family.says(&["missing gamma/gamma.h", "stale gamma/gamma.c"]);

    assert_eq!(folder.run(&words).status, 0);
    let told = |ran: super::Ran| ran.out.lines().take(2).map(str::to_owned).collect::<Vec<_>>();
    fs::remove_file(folder.path("gamma/gamma.h")).expect("removable");
    let by_folder = folder.run(&["generate", "--check", "gamma"]);
    assert_eq!(by_folder.status, 1, "{}{}", by_folder.out, by_folder.err);
    let by_family = folder.run(&[&words[..], &["--check"]].concat());
    assert_eq!(told(by_folder), ["missing gamma/gamma.h", "fresh gamma/gamma.c"]);
    assert_eq!(told(by_family), ["missing gamma/gamma.h", "fresh gamma/gamma.c"]);
}

#[test]
fn a_family_from_standard_input_is_checked_when_it_is_given_again() {
    let folder = Folder::new("generate-stdin", &[]);
    let code = folder.path("code");
    let words = ["generate", "-", "--lang", "javascript", "-o", &code];
    let text = b"family mine(k > 0)\nx > 0\nlog p(x) = log(k) - k*x";
    assert_eq!(run_with(&words, text).status, 0);
    let alone = folder.run(&["generate", "--check", "code"]);
    assert_eq!(alone.status, 1, "{}", alone.out);
    alone.says(&["not repeatable", "standard input", "generate - --lang javascript -o code/ --check`"]);
    let given = run_with(&[&words[..], &["--check"]].concat(), text);
    assert_eq!(given.status, 0, "{}", given.out);
}

#[test]
fn a_module_may_end_in_js() {
    let folder = Folder::new("generate-js", &[]);
    let ran = folder.run(&["generate", "gamma", "--lang", "js", "--with-tests", "-o", "mine.js"]);
    ran.says(&["wrote mine.js", "wrote mine.test.js"]);
    let test = fs::read_to_string(folder.path("mine.test.js")).expect("written");
    assert!(test.contains("from \"./mine.js\""), "{test}");
    assert_eq!(folder.run(&["generate", "--check"]).status, 0);
}

#[test]
fn what_does_not_exist_is_left_out_and_said() {
    let ran = run(&["generate", "softmax3", "--lang", "rust"]);
    assert_eq!(ran.status, 0, "{}", ran.err);
    ran.says(&["`fisher_inverse`", "its rank is 2"]);
    let asked = run(&["generate", "softmax3", "--lang", "rust", "--functions", "fisher_inverse"]);
    assert_eq!(asked.status, 1, "{}", asked.err);
    let refused = run(&["generate", "uniform", "--lang", "rust"]);
    assert_eq!(refused.status, 1, "{}", refused.err);
    refused.says(&["theta"]);
}

#[test]
fn what_has_one_reason_is_left_out_in_one_paragraph() {
    let header = run(&["generate", "uniform", "--lang", "c"]).out;
    assert_eq!(header.matches("Not here: ").count(), 1, "{header}");
    let header = header.replace("\n * ", " ");
    assert!(header.contains("Not here: `fisher`, `fisher_packed`, "), "{header}");
    assert!(header.contains("; the sample space depends on the parameter `theta`: "), "{header}");
    assert!(header.contains("writes as many results."), "{header}");
}

#[test]
fn one_number_that_is_not_one_stands_between_brackets() {
    let ran = run(&["generate", "exponential", "--lang", "javascript", "--functions", "score,fisher"]);
    assert!(ran.out.contains("return [NaN];") && ran.out.contains("return [[NaN]];"), "{}", ran.out);
    let ran = run(&["generate", "gamma", "--lang", "javascript", "--functions", "score,fisher"]);
    let rows = "return Array.from({ length: 2 }, () => new Array(2).fill(NaN));";
    assert!(ran.out.contains("return new Array(2).fill(NaN);") && ran.out.contains(rows), "{}", ran.out);
}

#[test]
fn a_file_with_the_name_of_an_embedded_one_is_its_own_source() {
    let folder = Folder::new("generate-source", &[("gamma.md", MINE)]);
    let words = ["--lang", "rust", "--functions", "fisher"];
    let ran = folder.run(&[&["generate", "gamma.md"][..], &words].concat());
    assert!(ran.out.contains("from gamma.md, by"), "{}", ran.out);
    let ran = folder.run(&[&["generate", "gamma/scale"][..], &words].concat());
    assert!(ran.out.contains("from derivations/families/gamma.md, by"), "{}", ran.out);
}

#[test]
fn every_function_says_where_it_is_nan() {
    let names = "parameters_from_natural,parameters_from_natural_jacobian,kl";
    let ran = run(&["generate", "gamma", "--lang", "rust", "--functions", names]);
    assert_eq!(ran.out.matches("/// NaN unless eta_1 < 0, eta_2 > -1.").count(), 2, "{}", ran.out);
    ran.says(&["/// NaN unless alpha > 0, beta > 0, of both densities."]);
}

#[test]
fn without_a_fisher_information_it_is_said_what_there_is() {
    let mixed = b"family mixed(a > 0, b > 0; n integer >= 1)
x in 0..n
log p(x) = log(binomial(n, x)) + lbeta(x + a, n - x + b) - lbeta(a, b)";
    let ran = run_with(&["generate", "-", "--lang", "python"], mixed);
    assert_eq!(ran.status, 1, "{}", ran.err);
    ran.says(&["left out: `fisher`", "generated: `in_domain`, `log_density`, `score`"]);
    let asked = ["generate", "-", "--lang", "python", "--functions", "score", "--format", "json"];
    let ran = run_with(&asked, mixed);
    assert_eq!((ran.status, ran.err.as_str()), (0, ""));
    assert_eq!(ran.json()["functions"], serde_json::json!(["score"]));
}

#[test]
fn wrong_words_are_answered_with_the_right_ones() {
    let cases: &[(&[&str], &[&str])] = &[
        (&["gamma"], &["--lang"]),
        (&["gamma", "--lang", "fortran"], &["rust", "python"]),
        (&["gama", "--lang", "c"], &["did you mean `gamma`"]),
        (&["gamma/scal", "--lang", "c"], &["scale"]),
        (&["gamma", "--lang", "c", "--functions", "fischer"], &["did you mean `fisher`"]),
        (&["gamma", "beta", "--lang", "c"], &["one family"]),
        (&["--check", "no-such-folder"], &["no-such-folder"]),
        (&["gamma", "--lang", "c", "-o", "Cargo.toml"], &["`Cargo.toml` is a file", "ends in `.c` or `.h`"]),
        (&["gamma", "--lang", "c", "-o", "x.py"], &["ends like a file", "`x.py/`"]),
        (&["gamma", "--lang", "c", "-o", "Cargo.toml/x.c"], &["Cargo.toml"]),
    ];
    for (arguments, words) in cases {
        let ran = run(&[&["generate"], *arguments].concat());
        assert_eq!(ran.status, 2, "{arguments:?}: {}", ran.out);
        ran.says(words);
    }
}

#[test]
fn coordinates_that_miss_the_domain_are_no_success() {
    let text = b"family f(lambda > 0)
x > 0
log p(x) = log(lambda) - lambda*x
coordinates minus(s > 0): lambda = -s";
    let asked = ["generate", "-", "--coordinates", "minus", "--lang", "c"];
    let ran = run_with(&asked, text);
    assert_eq!(ran.status, 1, "{}", ran.err);
    ran.says(&["no point of these coordinates was found in the family's domain"]);
    assert_eq!(run_with(&[&asked[..], &["--allow", "open"]].concat(), text).status, 0);
}

#[test]
fn a_density_without_mass_one_gives_no_code() {
    let text = b"family wrong(a > 0)\nx > 0\nlog p(x) = -a*x";
    let ran = run_with(&["generate", "-", "--lang", "c"], text);
    assert_eq!(ran.status, 2, "{}", ran.out);
    assert_eq!(ran.out, "");
}
