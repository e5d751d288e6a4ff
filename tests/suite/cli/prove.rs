//! `referee prove`: one claim and its status.

use super::{check, run};

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
