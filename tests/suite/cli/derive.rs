//! `referee derive`: what a family comes to, by name, by file and from standard input.

use serde_json::Value;

use super::{Folder, GAMMA, check, referee, run, run_with};

#[test]
fn derive_shows_a_family_by_name_by_file_and_from_standard_input() {
    let named = check(
        &["derive", "gamma"],
        0,
        &["Fisher information", "[trigamma(alpha), -1/beta;", "proved, by gamma-integral"],
    );
    assert_eq!(named.err, "");
    let typed = run_with(&["derive", "-"], GAMMA.as_bytes());
    assert_eq!((typed.status, typed.out), (0, named.out.clone()));
    let folder = Folder::new("by-file", &[("mine.md", &format!("# Mine\n\n```referee\n{GAMMA}```\n"))]);
    assert_eq!(check(&["derive", &folder.path("mine.md")], 0, &[]).out, named.out);
}

#[test]
fn what_derive_shows_of_a_family_can_be_typed_again() {
    for name in [
        "gamma",
        "binomial",
        "dirichlet3",
        "bivariate-normal",
        "zero-inflated-poisson",
        "pareto",
        "von-mises",
    ] {
        let shown = check(&["derive", name], 0, &[]).out;
        let text = shown.split("\n\n").next().expect("a first paragraph");
        let again = run_with(&["derive", "-"], text.as_bytes());
        assert_eq!(again.out, shown, "{}", again.err);
    }
}

#[test]
fn derive_speaks_json_under_the_promised_names() {
    let object = check(&["derive", "normal", "--format", "json"], 0, &[]).json();
    for name in "family coordinates parameters constants status kl_status reason regular exponential_family normalization \
        natural_parameters sufficient_statistics log_partition log_base_measure mean score fisher fisher_rank \
        fisher_inverse natural_gradient kl kl_parameters"
        .split_whitespace()
    {
        assert!(object.get(name).is_some(), "{name}");
    }
    assert_eq!(object["fisher"], serde_json::json!([["1/sigma^2", "0"], ["0", "2/sigma^2"]]));
    assert_eq!(object["normalization"], "proved");
    assert_eq!(object["reason"], Value::Null);
    assert_eq!(object["kl_parameters"], serde_json::json!(["mu_q", "sigma_q"]));
    assert_eq!(object.get("numeric"), None);
}

#[test]
fn derive_gives_as_many_correct_digits_as_asked_for() {
    let arguments = ["derive", "gamma", "--at", "α=2, beta=3", "--to", "alpha=1, beta=1", "--x", "x=1/2"];
    let object = run(&[arguments.as_slice(), &["--format", "json", "--digits", "30"]].concat()).json();
    // π²/6 − 1
    assert_eq!(object["numeric"]["fisher"][0][0], "0.644934066848226436472415166646");
    assert_eq!(object["numeric"]["fisher"][1][1], "0.222222222222222222222222222222");
    assert_eq!(object["numeric"]["score"][1], "0.166666666666666666666666666667");
    assert!(object["numeric"]["kl"].is_string());
    // F⁻¹·score
    assert!(object["numeric"]["natural_gradient"][0].is_string());
    let gradient =
        run(&["derive", "normal", "--at", "mu=0, sigma=2, g_1=1, g_2=1", "--format", "json"]).json();
    assert_eq!(gradient["numeric"]["natural_gradient"], serde_json::json!(["4", "2"]));
    assert_eq!(gradient["numeric"]["kl"], Value::Null);
    let zero =
        run(&["derive", "normal", "--at", "mu=0, sigma=2", "--to", "mu=0, sigma=2", "--format", "json"])
            .json();
    assert_eq!(zero["numeric"]["kl"], "0");
}

#[test]
fn derive_in_coordinates_after_a_slash_or_by_option() {
    let slash = check(&["derive", "binomial/logit"], 0, &["n*exp(t)"]);
    assert_eq!(check(&["derive", "binomial", "--coordinates", "logit"], 0, &[]).out, slash.out);
    check(&["derive", "normal", "-c", "natural"], 0, &["eta_2 < 0"]);
    check(&["derive", "binomial/lgoit"], 2, &["did you mean `logit`?", "<family>:1:10"]);
    check(&["derive", "binomial", "-c", "nothing"], 2, &["<coordinates>:1:1", "`natural`"]);
    check(&["derive", "binomial/logit", "-c", "natural"], 2, &["name them once"]);
}

#[test]
fn a_singular_fisher_information_has_no_inverse_and_says_why() {
    check(&["derive", "softmax3"], 0, &["does not exist", "rank 2 of 3", "null direction  [1, 1, 1]"]);
    let object = run(&["derive", "softmax3", "--format", "json"]).json();
    assert_eq!((&object["fisher_inverse"], &object["natural_gradient"]), (&Value::Null, &Value::Null));
    assert_eq!(
        (&object["fisher_rank"], &object["exponential_family"]),
        (&2.into(), &"overparametrized".into())
    );
}

#[test]
fn families_without_closed_forms_are_labelled_and_estimated() {
    let cauchy = "family cauchy(mu real, gamma > 0)\nx real\np(x) = 1/(pi*gamma*(1 + ((x - mu)/gamma)^2))\n";
    let ran = run_with(&["derive", "-", "--at", "mu=0, gamma=1", "--to", "mu=1, gamma=1"], cauchy.as_bytes());
    assert_eq!(ran.status, 0, "{}", ran.err);
    // log(1 + 1/4), by a theorem that the tool does not know
    ran.says(&["numeric only", "not an exponential family", "by quadrature", "0.2231435513"]);
    let laplace = "family laplace2(mu real, b > 0)\nx real\nlog p(x) = -log(2*b) - abs(x - mu)/b\n";
    let object = run_with(&["derive", "-", "--format", "json"], laplace.as_bytes()).json();
    assert_eq!(object["regular"], "quadratic-mean");
    let ran = run_with(&["verify", "-"], laplace.as_bytes());
    assert_eq!(ran.status, 0, "{}", ran.out);
    ran.says(&["only the outer product is the information"]);
}

#[test]
fn a_family_with_a_moving_support_is_refused() {
    for name in ["uniform", "shifted-exponential"] {
        check(&["derive", name], 1, &["refused", "the sample space depends on the parameter"]);
        let object = run(&["derive", name, "--format", "json"]).json();
        assert_eq!(
            (&object["status"], &object["fisher"], &object["regular"]),
            (&"refused".into(), &Value::Null, &"no".into())
        );
        check(&["verify", name], 1, &["refused"]);
    }
}

#[test]
fn several_families_of_one_file_are_an_array() {
    let two = format!("{GAMMA}\nfamily exponential(rate > 0)\nx > 0\nlog p(x) = log(rate) - rate*x\n");
    let ran = run_with(&["derive", "-", "--format", "json"], two.as_bytes());
    assert_eq!(ran.json().as_array().map(Vec::len), Some(2));
    let ran = run_with(&["derive", "-"], two.as_bytes());
    ran.says(&["family gamma(", "family exponential(", "-----"]);
}

#[test]
fn quiet_prints_nothing_and_keeps_the_status() {
    assert_eq!(check(&["derive", "uniform", "-q"], 1, &[]).out, "");
    assert_eq!(check(&["prove", "x/x = 1", "--quiet"], 1, &[]).out, "");
    assert_eq!(check(&["derive", "nothing", "-q", "--format", "json"], 2, &["unknown-family"]).out, "");
}

#[test]
fn colors_come_when_asked_for_and_greek_letters_when_the_locale_has_them() {
    assert!(check(&["derive", "gamma", "--color", "always"], 0, &[]).out.contains("\u{1b}[1m"));
    assert!(!check(&["derive", "gamma"], 0, &["η"]).out.contains('\u{1b}'));
    assert!(check(&["derive", "gama", "--color", "always"], 2, &[]).err.contains("\u{1b}["));
    let latin = referee().args(["derive", "gamma"]).env("LC_ALL", "C").output().expect("the binary runs");
    let latin = String::from_utf8(latin.stdout).expect("UTF-8");
    assert!(latin.is_ascii(), "{latin}");
}
