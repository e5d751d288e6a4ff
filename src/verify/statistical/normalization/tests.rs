//! Densities whose mass is known without quadrature, and some that are none.

use super::*;
use crate::deck;
use crate::syntax::read_document;

fn normalized(text: &str) -> Result<Normalization, NotNormalized> {
    let mut store = Store::new();
    let document = read_document(text);
    let texts: Vec<_> = document.families().collect();
    let family = deck::families(&mut store, &texts, text, &mut Vec::new()).remove(0);
    quick_normalization(&mut store, &family)
}

#[track_caller]
fn check_proved(text: &str, by: &str) {
    let found = normalized(text).expect("a density");
    assert!(found.verdict.is_proved(), "{found:?}");
    assert_eq!(found.by, by);
}

#[track_caller]
fn check_wrong(text: &str) {
    let wrong = normalized(text).expect_err("no density");
    assert_eq!(wrong.known_by, KnownBy::KnownIntegral);
}

const CHAIN: &str = "family f(m real, s > 0, c real)\nx real, y real, z real\n\
    log p(x, y, z) = CONSTANT*log(2*pi) - log(s) - (x - m)^2/2 - ((y - c*x)/s)^2/2 - (z - y)^2/2";

#[test]
fn a_chain_of_regressions_is_normalized_by_its_normal_variables() {
    check_proved(&CHAIN.replace("CONSTANT", "-3/2"), "normal-variables");
    check_wrong(&CHAIN.replace("CONSTANT", "-1"));
}

/// What `derive` asks and what `generate` asks have one answer.
#[test]
fn a_derivation_is_normalized_by_its_normal_variables_too() {
    let text = CHAIN.replace("CONSTANT", "-3/2");
    let mut store = Store::new();
    let document = read_document(&text);
    let texts: Vec<_> = document.families().collect();
    let family = deck::families(&mut store, &texts, &text, &mut Vec::new()).remove(0);
    let derivation = crate::stats::derive(&mut store, &family);
    let found = normalization(&mut store, &derivation).expect("a density");
    assert_eq!((found.verdict.is_proved(), found.by.as_str()), (true, "normal-variables"));
}

/// 2Φ(1) = 1.68 is its mass: a step is not affine, though its slope is 0.
#[test]
fn a_step_is_no_normal_variable() {
    let text = "family f(m real)\nx real\nlog p(x) = -log(2*pi)/2 - (x - sign(x))^2/2";
    let found = normalized(text);
    assert!(!found.is_ok_and(|found| found.verdict.is_proved()));
}

/// Between −2 and 2 the mass of a standard normal density is 0.95.
#[test]
fn a_condition_that_is_not_linear_is_kept() {
    for condition in ["x real, x^2 < 4", "x > -2, x > -3, x < 2", "x real, x^2 < x + 2"] {
        let text = format!("family f(m real)\n{condition}\nlog p(x) = -log(2*pi)/2 - x^2/2");
        let found = normalized(&text);
        assert!(!found.is_ok_and(|found| found.verdict.is_proved()), "{condition}");
    }
}

const DIRICHLET: &str = "family f(a > 0, b > 0, c > 0, d > 0)\nx > 0, y > 0, z > 0, x + y + z < 1\n\
    log p(x, y, z) = lgamma(a + b + c + d) - lgamma(a) - lgamma(b) - lgamma(c) - lgamma(d) \
    + (a - 1)*log(x) + (b - 1)*log(y) + (c - 1)*log(z) + (d - LAST)*log(1 - x - y - z)";

#[test]
fn four_components_of_dirichlet_are_normalized_by_a_known_integral() {
    check_proved(&DIRICHLET.replace("LAST", "1"), "dirichlet-integral");
    check_wrong(&DIRICHLET.replace("LAST", "1/2"));
}

#[test]
fn an_unknown_integral_over_three_variables_is_open() {
    let text = "family f(t real)\nx real, y real, z real\nlog p(x, y, z) = -exp(t*x) - x^4 - y^4 - z^4";
    let found = normalized(text).expect("nothing speaks against it");
    assert!(matches!(found.verdict, Verdict::Open(_)), "{found:?}");
}
