//! Every kind of wrong input: its code, its place, a line that helps, and status 2.

use std::fs;

use serde_json::Value;

use super::{GAMMA, check, check_wrong, referee, run, run_with};

#[test]
fn typos_on_the_command_line_are_answered() {
    check(&["derive", "gama"], 2, &["error[unknown-family]", "did you mean `gamma`?", "<family>:1:1"]);
    check(&["derive", "Gamma"], 2, &["did you mean `gamma`?"]);
    check(&["derive", "zzzzzz"], 2, &["`referee families` lists all"]);
    check(&["derive", "missing.md"], 2, &["error[file-not-found]", "there is no such file"]);
    check(&["derive", "derivations/gamma.md"], 2, &["`referee derive gamma`"]);
    check(&["derive", "src"], 2, &["it is a folder"]);
    check(&["dervie", "gamma"], 2, &["derive"]);
    check(&["derive", "gamma", "--att", "x"], 2, &["--at"]);
    check(&["derive"], 2, &["FAMILY|FILE|-"]);
    check(&["derive", "gamma", "--digits", "0"], 2, &["1..=1000"]);
    check(&["derive", "gamma", "--format", "yaml"], 2, &["json"]);
    check(&[], 2, &["Usage"]);
    check(&["--version"], 0, &["referee 0."]);
    check(&["--help"], 0, &["Exit status"]);
}

#[test]
fn points_are_checked_against_their_domain() {
    check(&["derive", "normal", "--at", "mu=0"], 2, &["missing-value", "`sigma`", "--at \"mu=", "sigma="]);
    check(&["derive", "normal", "--at", "mu=0, sigma=-1"], 2, &["outside-domain", "`sigma > 0`", "<at>:1:7"]);
    check(&["derive", "normal", "--at", "mu=0, sgima=1"], 2, &["unexpected-value", "did you mean `sigma`?"]);
    check(&["derive", "normal", "--at", "mu=0, mu=1, sigma=1"], 2, &["duplicate-name", "<at>:1:7"]);
    check(&["derive", "normal", "--at", "mu=0, sigma=sqrt(2)"], 2, &["exact rational", "<at>:1:13"]);
    check(&["derive", "normal", "--at", "mu=0, sigma="], 2, &["error[syntax]"]);
    check(&["derive", "normal", "--at", ""], 2, &["missing-value"]);
    check(&["derive", "normal", "--at", "mu=1/0, sigma=1"], 2, &["<at>:1:4"]);
    check(&["derive", "binomial", "--at", "p=1/2"], 2, &["missing-value", "`n`"]);
    check(&["derive", "binomial", "--at", "p=1/2, n=5/2"], 2, &["outside-domain", "`n integer`"]);
    check(&["derive", "categorical3", "--at", "p1=3/4, p2=3/4"], 2, &["p1 = 3/4, p2 = 3/4", "`p1 + p2 < 1`"]);
    check(&["derive", "normal/variance", "--at", "mu=0, sigma=1"], 2, &["unexpected-value", "`sigma`", "v="]);
    check(&["derive", "gamma", "--at", "alpha=1, beta=1", "--x", "x=-1"], 2, &["<x>:1:1", "`x > 0`"]);
    check(&["derive", "gamma", "--at", "alpha=1, beta=1", "--to", "alpha=1"], 2, &["<to>", "--to \"alpha="]);
    check(&["derive", "gamma", "--to", "alpha=1, beta=1"], 2, &["--at"]);
    check(&["verify", "normal", "--direction", "mu=0"], 2, &["<direction>", "move at least one"]);
    check(&["verify", "normal", "--loss", "mu + sgima"], 2, &["<loss>:1:6", "did you mean `sigma`?"]);
    check(&["verify", "normal", "--loss", "[mu, sigma]"], 2, &["<loss>:1:1", "not-a-scalar"]);
}

#[test]
fn a_density_without_mass_or_without_a_logarithm_is_wrong_input() {
    check_wrong(
        "family f(l > 0)\nx > 0, x < 0\nlog p(x) = log(l) - l*x\n",
        "not-normalized",
        "3:12",
        &["integrates to 0", "the sample space has no inner point"],
    );
    check_wrong(
        "family f(l > 0)\nx > 0\np(x) = -l*exp(-l*x)\n",
        "undefined-density",
        "3:8",
        &["undefined", "correct its sign"],
    );
}

#[test]
fn nothing_is_proved_of_an_empty_domain() {
    let empty = "family f(1 < l < 0)\nx > 0\nlog p(x) = log(l) - l*x\n";
    let object = run_with(&["derive", "-", "--format", "json"], empty.as_bytes()).json();
    assert_eq!(object["normalization"], "open");
    run_with(&["derive", "-"], empty.as_bytes()).says(&["vacuous"]);
}

#[test]
fn a_byte_order_mark_is_no_part_of_the_text() {
    let marked = run_with(&["derive", "-"], format!("\u{feff}{GAMMA}").as_bytes());
    assert_eq!((marked.status, marked.out), (0, check(&["derive", "gamma"], 0, &[]).out));
}

#[test]
fn a_loss_has_a_value_at_the_point() {
    // Its gradient is 1/alpha, which does.
    check(&["verify", "gamma", "--loss", "log(-alpha)"], 2, &["<loss>:1:1", "undefined there"]);
    let at = ["verify", "gamma", "--at", "alpha=2, beta=3", "--loss"];
    check(&[at.as_slice(), &["1/(alpha - 2)"]].concat(), 2, &["alpha = 2, beta = 3", "`--at`"]);
}

#[test]
fn no_divergence_is_shown_outside_the_domain() {
    let object = run(&["verify", "gamma", "--direction", "alpha=-1000", "--format", "json"]).json();
    let first = &object["kl"][0];
    assert_eq!((&first["kl"], &first["relative_gap"]), (&Value::Null, &Value::Null), "{first}");
    assert!(object["kl"][6]["kl"].is_string(), "{object}");
}

#[test]
fn a_sum_that_misses_the_mass_supports_nothing() {
    let object = run(&["verify", "poisson", "--at", "lambda=10^7", "--format", "json"]).json();
    let is_open = |name: &str| object["witnesses"][name]["verdict"] == "open";
    for name in ["mean_score", "outer_product", "hessian"] {
        assert_eq!(is_open(name), is_open("normalization"), "{name}: {object}");
    }
}

#[test]
fn a_number_is_not_compared_with_a_vector() {
    check(&["prove", "[1, 2] = 3"], 2, &["shape-mismatch", "<claim>:1:10", "vector(2)"]);
    check(&["prove", "x = [1, 2; 3, 4]"], 2, &["shape-mismatch"]);
}

#[test]
fn a_parameter_is_not_called_like_something_derived() {
    // KL(θ‖θ_q) would hold one `l_q` for two numbers, and be wrong.
    let text = "family f(l > 0, l_q > 0)\nx > 0, y > 0\nlog p(x, y) = log(l) - l*x + log(l_q) - l_q*y\n";
    check_wrong(text, "reserved-name", "1:17", &["the `l` of the second density"]);
    let text = "family f(a > 0; g_1 > 0)\nx > 0\nlog p(x) = log(a*g_1) - a*g_1*x\n";
    check_wrong(text, "reserved-name", "1:17", &["an entry of a gradient"]);
    let alone = "family f(l_q > 0)\nx > 0\nlog p(x) = log(l_q) - l_q*x\n";
    assert_eq!(run_with(&["derive", "-"], alone.as_bytes()).status, 0);
}

#[test]
fn what_a_refused_family_lacks_is_null() {
    let object = check(&["verify", "uniform", "--format", "json"], 1, &[]).json();
    for name in ["kl", "order", "witnesses", "natural_gradient"] {
        assert_eq!(object.get(name), Some(&Value::Null), "{name}");
    }
}

#[test]
fn a_diagnostic_of_check_has_its_help_in_json_too() {
    let object = check(&["check", "missing.md", "--format", "json"], 2, &[]).json();
    assert!(object["files"][0]["diagnostics"][0]["help"].is_string(), "{object}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_result_that_cannot_be_written_is_no_success() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").expect("a device that is always full");
    let output = referee().args(["derive", "gamma"]).stdout(full).output().expect("the binary runs");
    let err = String::from_utf8(output.stderr).expect("UTF-8");
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("cannot write to standard output"), "{err}");
}

#[test]
fn mistakes_in_a_family_are_shown_at_their_place() {
    let f = |density: &str| format!("family f(mu real, sigma > 0)\nx real\nlog p(x) = {density}\n");
    check_wrong(f("-(x - mu^2/2"), "unclosed-bracket", "3:13", &[]);
    check_wrong(f("-(x - mu)^2/(2*sgima^2)"), "unknown-name", "3:27", &["did you mean `sigma`?"]);
    check_wrong(f("digama(x)"), "unknown-function", "3:12", &["did you mean `digamma`?"]);
    check_wrong(f("log(sigma, 2)"), "wrong-arity", "3:12", &["1 argument"]);
    check_wrong(f("[x, mu]"), "not-a-scalar", "3:12", &["vector(2)"]);
    check_wrong(f("x + [x, mu]"), "shape-mismatch", "3:16", &[]);
    check_wrong(f("mu(x)"), "not-a-function", "3:12", &[]);
    check_wrong(f("x +"), "syntax", "3:15", &[]);
    check_wrong("family f(mu real)\nlog p(x) = -(x - mu)^2/2\n", "missing-part", "1:8", &["sample space"]);
    check_wrong("family f(mu real)\nx real\nlog p(y) = -(y - mu)^2/2\n", "undeclared-variable", "3:", &[]);
    check_wrong(
        "family f(mu real)\nx real\nlet a = b\nlet b = a\nlog p(x) = a*x\n",
        "cyclic-definition",
        "4:9",
        &["`a` → `b` → `a`"],
    );
    check_wrong(
        "family f(mu real)\nx real\nlet a = a + 1\nlog p(x) = a*x\n",
        "cyclic-definition",
        "3:9",
        &["`a` → `a`"],
    );
    check_wrong("", "empty-input", "1:1", &["family exponential(lambda > 0)"]);
    check_wrong("\n\n# only a comment\n", "empty-input", "1:1", &[]);
    check_wrong(b"family f(a > 0)\nx > 0\nlog p(x) = \xff\xfe\n", "not-utf8", "3:12", &["UTF-8"]);
    check_wrong(b"\x00\x01\x02\x03\x1b[2J", "syntax", "1:1", &[]);
    check_wrong("An article about gamma families.\n\nIt has no fence.\n", "unknown-line", "1:1", &[]);
}

#[test]
fn all_mistakes_of_a_file_are_reported_at_once() {
    let ran = run_with(
        &["derive", "-"],
        b"family f(mu real)\nx real\nlet a = digama(mu)\nlog p(x) = a*y + sgima\n",
    );
    ran.says(&["`digama`", "`y`", "`sgima`"]);
}

#[test]
fn definitions_may_stand_in_any_order() {
    let text = "family f(mu real)\nx real\nlet a = -b^2/2 - log(2*pi)/2\nlet b = x - mu\nlog p(x) = a\n";
    let ran = run_with(&["derive", "-"], text.as_bytes());
    assert_eq!(ran.status, 0, "{}", ran.err);
}

#[test]
fn a_density_that_does_not_integrate_to_one_is_found_before_anything_is_derived() {
    let f = |domain: &str, density: &str| format!("family f({domain})\n{density}\n");
    check_wrong(f("mu real", "x real\nlog p(x) = -(x - mu)^2/2"), "not-normalized", "3:12", &["2.506628"]);
    check_wrong(f("a > 0", "x > 0\nlog p(x) = -a*x"), "not-normalized", "3:12", &[]);
    check_wrong(f("0 < p < 1", "x in {0, 1}\np(x) = p^x"), "not-normalized", "3:8", &[]);
    check_wrong(
        f("a > 0", "x integer >= 0\nlog p(x) = x*log(a) - lgamma(x + 1)"),
        "not-normalized",
        "3:12",
        &[],
    );
}

#[test]
fn a_density_that_its_domain_leaves_undefined_is_an_error() {
    check_wrong(
        "family f(s real)\nx > 0\nlog p(x) = log(s) - s*x\n",
        "undefined-density",
        "3:12",
        &["the declared domain allows", "correct its sign, or the domain"],
    );
}

#[test]
fn an_atom_may_inform_where_the_statistics_do_not() {
    // η = t³ does not move at t = 0, but the mass of the atom does: F is 1/4 there.
    let text = "family z(t real)\nx integer >= 1\nlog p(0) = -log(1 + exp(t))\n\
        log p(x) = t - log(1 + exp(t)) + x*t^3 - log(x!) - log(exp(exp(t^3)) - 1)\n";
    let ran = run_with(&["derive", "-", "--at", "t=0", "--format", "json"], text.as_bytes());
    assert_eq!(ran.status, 0, "{}", ran.err);
    let value: Value = serde_json::from_str(&ran.out).expect("JSON");
    assert_eq!(value["singular_where"], serde_json::json!([]));
    assert_eq!(value["numeric"]["fisher"], serde_json::json!([["0.250000000000000"]]));
}

#[test]
fn coordinates_that_miss_the_domain_prove_nothing() {
    let text = "family f(l > 0)\nx > 0\nlog p(x) = log(l) - l*x\ncoordinates c(m > 0): l = -m\n";
    let ran = run_with(&["derive", "-", "--coordinates", "c"], text.as_bytes());
    assert_eq!(ran.status, 1, "{}", ran.err);
    assert!(ran.out.contains("vacuous"), "{}", ran.out);
}

#[test]
fn hostile_sizes_end_soon_with_a_place() {
    let f = |density: &str| format!("family f(a > 0)\nx > 0\nlog p(x) = {density}\n");
    let (open, close) = ("(".repeat(100_000), ")".repeat(100_000));
    check_wrong(f(&format!("{open}x{close}")), "too-deep", "3:", &["let a = "]);
    check_wrong(f(&format!("{}x", "-".repeat(100_000))), "too-deep", "3:", &[]);
    check_wrong(f(&format!("{}x", "a + ".repeat(2_500_000))), "too-long", "3:", &["4 MiB"]);
    check_wrong("x".repeat(10_000_000), "syntax", "1:1", &[]);
    check_wrong(f(&"x\n".repeat(10_000)), "syntax", "4:", &["more errors"]);
    check_wrong("\n".repeat(17 << 20), "too-long", "1:1", &["16 MiB"]);
}

#[test]
fn towers_and_huge_powers_end_soon() {
    for claim in ["2^(10^9) = 2^(10^9)", "(a+b+c+d)^1000 = (d+c+b+a)^1000", "2^(2^(2^(2^(2^2)))) > 0"] {
        let ran = run(&["prove", claim]);
        assert!(ran.status <= 1, "{claim}: {}", ran.err);
    }
    // Neither may be called true.
    for claim in ["2^(10^9) = 2^(10^9) + 1", "(a+b+c+d)^1000 = (a+b+c-d)^1000", "3^(10^9) = 2^(10^9)"] {
        assert_eq!(run(&["prove", claim]).status, 1, "{claim}");
    }
    for density in ["2^(10^9)*x - a", "(a + x)^1000", "x^(10^9)"] {
        let ran =
            run_with(&["derive", "-"], format!("family f(a > 0)\nx > 0\nlog p(x) = {density}\n").as_bytes());
        assert!((0..=2).contains(&ran.status));
    }
}

#[test]
fn a_wrong_command_line_is_a_diagnostic_in_json() {
    let one = |arguments: &[&str]| {
        let ran = check(arguments, 2, &[]);
        assert!(!ran.err.is_empty());
        ran.json()["diagnostics"][0].clone()
    };
    let unknown = one(&["derive", "gamma", "--att", "x", "--format", "json"]);
    assert_eq!((&unknown["code"], &unknown["column"]), (&"command-line".into(), &14.into()));
    assert!(unknown["message"].as_str().is_some_and(|text| text.contains("'--att'")), "{unknown}");
    assert!(unknown["help"].as_str().is_some_and(|text| text.contains("'--at'")), "{unknown}");
    assert!(one(&["--format=json"])["message"].as_str().is_some_and(|text| text.contains("subcommand")));
    assert!(one(&["check", "--jobs", "0", "--format=json"])["help"].is_string());
    assert_eq!(check(&["derive", "--att", "-q", "--format", "json"], 2, &[]).out, "");
    assert_eq!(check(&["derive", "--att", "--", "--format", "json"], 2, &[]).out, "");
}
