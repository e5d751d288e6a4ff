//! `referee verify`: evidence at one point.

use super::{check, run};

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
