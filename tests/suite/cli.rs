//! The binary as a user meets it: every command, every kind of wrong input, and the exit status of each.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use serde_json::Value;

/// What came back.
struct Ran {
    status: i32,
    out: String,
    err: String,
}

impl Ran {
    #[track_caller]
    fn json(&self) -> Value {
        serde_json::from_str(&self.out).unwrap_or_else(|e| panic!("{e}: {}\n{}", self.out, self.err))
    }

    #[track_caller]
    fn says(&self, words: &[&str]) -> &Ran {
        for word in words {
            assert!(
                self.out.contains(word) || self.err.contains(word),
                "no `{word}` in\n{}{}",
                self.out,
                self.err
            );
        }
        self
    }
}

fn referee() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_referee"));
    command.env("LC_ALL", "C.UTF-8").env_remove("NO_COLOR").env_remove("CLICOLOR_FORCE");
    command
}

#[track_caller]
fn run_with(arguments: &[&str], input: &[u8]) -> Ran {
    let start = Instant::now();
    let mut child = referee()
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the binary runs");
    let mut stdin = child.stdin.take().expect("a pipe");
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A command that does not read its input closes the pipe.
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().expect("the binary ends");
    writer.join().expect("the input is written");
    // Generous: the machine may be busy. Without a bound these inputs take hours, or all memory.
    assert!(start.elapsed() < Duration::from_secs(30), "{arguments:?} took {:?}", start.elapsed());
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("the output is UTF-8");
    let (out, err) = (text(output.stdout), text(output.stderr));
    assert!(!err.contains("panicked") && !err.contains("bug in referee"), "{arguments:?}: {err}");
    Ran { status: output.status.code().expect("the binary was not killed"), out, err }
}

#[track_caller]
fn run(arguments: &[&str]) -> Ran {
    run_with(arguments, b"")
}

/// Runs, and expects a status and words on either stream.
#[track_caller]
fn check(arguments: &[&str], status: i32, words: &[&str]) -> Ran {
    let ran = run(arguments);
    assert_eq!(ran.status, status, "{arguments:?}\n{}{}", ran.out, ran.err);
    ran.says(words);
    ran
}

/// `derive -` on this text is wrong input: status 2, a code with its place, a help line or a suggestion, and
/// nothing on standard output.
#[track_caller]
fn check_wrong(text: impl AsRef<[u8]>, code: &str, place: &str, words: &[&str]) {
    let ran = run_with(&["derive", "-"], text.as_ref());
    assert_eq!((ran.status, ran.out.as_str()), (2, ""), "{}", ran.err);
    ran.says(&[&format!("error[{code}]"), &format!("<stdin>:{place}")]).says(words);
    assert!(ran.err.contains("help: ") || ran.err.contains("did you mean"), "no help in\n{}", ran.err);
    let ran = run_with(&["derive", "-", "--format", "json"], text.as_ref());
    let diagnostics = ran.json()["diagnostics"].as_array().expect("a list").clone();
    assert!(diagnostics.iter().any(|d| d["code"] == code && d["help"].is_string()), "{diagnostics:?}");
}

const GAMMA: &str = "family gamma(alpha > 0, beta > 0)\nx > 0\n\
    log p(x) = alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x\n";

/// A file of its own below the folder for temporary files, removed at the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str, files: &[(&str, &str)]) -> Folder {
        let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
        let _ = fs::remove_dir_all(&folder);
        for (path, text) in files {
            let path = folder.join(path);
            fs::create_dir_all(path.parent().expect("below the folder")).expect("a folder");
            fs::write(path, text).expect("a file");
        }
        fs::create_dir_all(&folder).expect("a folder");
        Folder(folder)
    }

    fn path(&self, name: &str) -> String {
        self.0.join(name).to_str().expect("UTF-8").to_owned()
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

// ---- derive

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

// ---- wrong input

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

// ---- verify

#[test]
fn verify_gives_evidence_in_text_and_json() {
    let at = ["verify", "gamma", "--at", "alpha=2, beta=3"];
    check(&at, 0, &["Witnesses", "of order 3", "Steepest descent", "supported", "scale", "natural"]);
    let object = check(&[at.as_slice(), &["--format", "json"]].concat(), 0, &[]).json();
    assert_eq!(object["order"], 3);
    for name in ["normalization", "mean_score", "outer_product", "hessian"] {
        assert!(object["witnesses"][name]["verdict"].is_string(), "{name}");
    }
    for name in
        ["loss", "epsilon", "vector", "limit", "relative_error", "lambda", "lambda_expected", "verdict"]
    {
        assert!(object["natural_gradient"].get(name).is_some(), "{name}");
    }
    for name in ["scale", "kl", "quadratic", "relative_gap"] {
        assert!(object["kl"][0].get(name).is_some(), "{name}");
    }
    assert_eq!(object["kl_verdict"]["verdict"], "proved");
    let exact = run(&["verify", "normal", "--direction", "mu=1", "--format", "json"]).json();
    assert_eq!(exact["order"], "exact");
    check(&["verify", "gamma", "--deny", "supported"], 1, &[]);
}

// ---- prove

#[test]
fn prove_has_the_status_of_its_verdict() {
    check(&["prove", "x/x = 1"], 1, &["refuted", "x = 0", "undefined", "--where \"x != 0\""]);
    check(&["prove", "x/x = 1", "--where", "x != 0"], 0, &["proved"]);
    check(&["prove", "sqrt(x^2) = x"], 1, &["x = -1"]);
    check(&["prove", "log(a*b) = log(a) + log(b)", "-w", "a > 0, b > 0"], 0, &["proved", "log-product"]);
    check(&["prove", "1 < 2 < 3"], 0, &["1 < 2", "2 < 3"]);
    check(&["prove", "-x = x"], 1, &["refuted"]);
}

#[test]
fn prove_speaks_json_under_the_promised_names() {
    let object = check(&["prove", "sqrt(x^2) = x", "--format", "json"], 1, &[]).json();
    assert_eq!((&object["verdict"], &object["witness"]["x"]), (&"refuted".into(), &"-1".into()));
    assert_eq!((&object["left"], &object["right"]), (&"1".into(), &"-1".into()));
    for name in ["conditions", "rules", "reason"] {
        assert!(object.get(name).is_some(), "{name}");
    }
    let chain = run(&["prove", "x = x = x + 1", "--format", "json"]).json();
    assert_eq!((&chain["verdict"], chain["steps"].as_array().map(Vec::len)), (&"refuted".into(), Some(2)));
    let digits =
        run(&["prove", "sqrt(x) = x + 1", "--where", "x = 2", "--digits", "30", "--format", "json"]).json();
    assert_eq!(digits["left"], "1.41421356237309504880168872421");
}

#[test]
fn claims_and_conditions_are_read_before_they_are_judged() {
    check(&["prove", "x + = 1"], 2, &["<claim>:1:5", "error[syntax]", "help: "]);
    check(&["prove", "digama(x) = 1"], 2, &["did you mean `digamma`?"]);
    check(&["prove", "x"], 2, &["a relation"]);
    check(&["prove", ""], 2, &["empty-input"]);
    check(&["prove", "x = x", "--where", "x >"], 2, &["<where>:1:4"]);
    check(&["prove", "x = x", "--where", "x"], 2, &["<where>:1:1", "x real"]);
    check(&["prove", "x = (", "--where", "y >"], 2, &["<where>", "<claim>"]);
}

// ---- check

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
    assert!(summary["claims"].as_u64() > Some(150), "{summary}");
    assert_eq!((&summary["open"], &summary["unread"]), (&0.into(), &0.into()));
    assert_eq!(summary["refuted"], summary["as_expected"]);
}

// ---- the others

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

// ---- the README

/// Whether the lines are as shown, where a line `…` stands for any number of lines.
fn is_shown(shown: &[&str], lines: &[&str]) -> bool {
    match shown.split_first() {
        None => lines.is_empty(),
        Some((&"…", rest)) => (0..=lines.len()).any(|skipped| is_shown(rest, &lines[skipped..])),
        Some((first, rest)) => {
            lines.split_first().is_some_and(|(line, left)| line == first && is_shown(rest, left))
        }
    }
}

/// The words of a command, as a shell divides them.
fn words(command: &str) -> Vec<String> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(at, part)| match at % 2 {
            0 => part.split_whitespace().map(str::to_owned).collect(),
            _ => vec![part.to_owned()],
        })
        .collect()
}

#[test]
fn the_tour_of_the_readme_is_real() {
    let readme = include_str!("../../README.md");
    let mut commands = 0;
    for block in readme.split("```console\n").skip(1) {
        let block = block.split("```").next().expect("a block ends");
        for part in block.split("$ referee ").skip(1) {
            let (command, shown) = part.split_once('\n').expect("a command and its output");
            let arguments = words(command);
            let ran = run(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
            let out = format!("{}{}", ran.out, ran.err);
            let (shown, lines): (Vec<&str>, Vec<&str>) = (shown.lines().collect(), out.lines().collect());
            assert!(is_shown(&shown, &lines), "{command}\n{out}");
            commands += 1;
        }
    }
    assert!(commands >= 6);
}
