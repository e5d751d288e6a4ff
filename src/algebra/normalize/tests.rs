//! One line per fact: what has one normal form, and what must not have one.

use super::*;
use crate::expr::{Fact, lower_conditions};
use crate::print::display;
use crate::syntax::parse_conditions;

fn facts(store: &mut Store, scope: &mut Scope, conditions: &str) -> Vec<Fact> {
    let (conditions, diagnostics) = parse_conditions(conditions, 0);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    let mut diagnostics = Vec::new();
    let facts = lower_conditions(store, scope, &conditions.unwrap_or_default(), true, &mut diagnostics);
    assert!(diagnostics.is_empty(), "{diagnostics:?}");
    facts
}

fn difference_is_zero(left: &str, right: &str, conditions: &str) -> bool {
    let (mut store, mut scope) = (Store::new(), Scope::lenient());
    let facts = facts(&mut store, &mut scope, conditions);
    let assumptions = Assumptions::new(&mut store, &facts);
    let left = formula_in(&mut store, &mut scope, left);
    let right = formula_in(&mut store, &mut scope, right);
    let difference = store.sub(left, right);
    Normalizer::new(assumptions, Effort::Decide).is_zero(&mut store, difference).expect("within the budget")
}

#[track_caller]
fn check_equal(left: &str, right: &str, conditions: &str) {
    assert!(difference_is_zero(left, right, conditions), "{left} = {right} where {conditions}");
}

#[track_caller]
fn check_undecided(left: &str, right: &str, conditions: &str) {
    assert!(!difference_is_zero(left, right, conditions), "{left} = {right} where {conditions}");
}

#[track_caller]
fn check_simplified(text: &str, conditions: &str, expected: &str) {
    let (mut store, mut scope) = (Store::new(), Scope::lenient());
    let facts = facts(&mut store, &mut scope, conditions);
    let assumptions = Assumptions::new(&mut store, &facts);
    let e = formula_in(&mut store, &mut scope, text);
    let simple = Normalizer::new(assumptions, Effort::Present).simplify(&mut store, e);
    assert_eq!(display(&store, simple), expected);
}

#[test]
fn rational_functions() {
    check_equal("(x^2 - y^2)/(x - y)", "x + y", "");
    check_equal("(a + b)^3", "a^3 + 3*a^2*b + 3*a*b^2 + b^3", "");
    check_equal("1/(1 + 1/(1 + 1/x))", "(x + 1)/(2*x + 1)", "");
    check_undecided("x + 1", "x", "");
}

#[test]
fn powers_and_roots() {
    check_equal("x/sqrt(x)", "sqrt(x)", "x > 0");
    check_equal("sqrt(x^2)", "x", "x > 0");
    check_equal("sqrt(x^2)", "abs(x)", "");
    check_undecided("sqrt(x^2)", "x", "");
    check_equal("abs(x*y/z)", "abs(x)*abs(y)/abs(z)", "z != 0");
    check_equal("x/abs(x)", "sign(x)", "x != 0");
    check_undecided("sign(x)^2", "1", "");
    check_equal("sqrt(8)", "2*sqrt(2)", "");
    check_equal("sqrt(2)*sqrt(3)", "sqrt(6)", "");
    check_equal("x^(1/2)*x^(1/3)", "x^(5/6)", "x > 0");
    check_equal("(x*y)^(3/2)", "x*y*sqrt(x)*sqrt(y)", "x > 0, y > 0");
    check_equal("sqrt(1 + x)^2", "1 + x", "");
    check_equal("1/sqrt(2*pi*s^2)", "1/(s*sqrt(2*pi))", "s > 0");
    check_equal("x^(a + 2)", "x^2*x^a", "x > 0");
    check_equal("x^n*x", "x^(n + 1)", "n integer");
    check_equal("(x*y)^a", "x^a*y^a", "x > 0, y > 0");
    check_equal("4^n", "2^(2*n)", "n integer");
}

#[test]
fn exponentials_and_logarithms() {
    check_equal("exp(x + y)", "exp(x)*exp(y)", "");
    check_equal("exp(2*x)", "exp(x)^2", "");
    check_equal("exp(x/2)^2", "exp(x)", "");
    check_equal("exp(-x)*exp(x)", "1", "");
    check_equal("log(x*y)", "log(x) + log(y)", "x > 0, y > 0");
    check_undecided("log(x*y)", "log(x) + log(y)", "");
    check_equal("log(x^a)", "a*log(x)", "x > 0");
    check_equal("log(x^2)", "2*log(abs(x))", "x != 0");
    check_equal("log(p/(1 - p))", "log(p) - log(1 - p)", "0 < p < 1");
    check_equal("log(1 - x^2)", "log(1 - x) + log(1 + x)", "-1 < x < 1");
    check_equal("log(12)", "2*log(2) + log(3)", "");
    check_equal("exp(a*log(x))", "x^a", "x > 0");
    check_equal("log(exp(x)/(1 + exp(x)))", "x - log(1 + exp(x))", "");
    check_equal("1/(1 + exp(-t))", "exp(t)/(1 + exp(t))", "");
    check_equal("log1p(x) + expm1(y)", "log(1 + x) + exp(y) - 1", "x > -1");
    check_equal("tanh(x)", "(exp(2*x) - 1)/(exp(2*x) + 1)", "");
    check_equal("cosh(x)^2 - sinh(x)^2", "1", "");
}

#[test]
fn angles() {
    check_equal("sin(x)^2 + cos(x)^2", "1", "");
    check_equal("sin(2*x)", "2*sin(x)*cos(x)", "");
    check_equal("cos(x - mu)", "cos(x)*cos(mu) + sin(x)*sin(mu)", "");
    check_equal("sin(pi/6)", "1/2", "");
    check_equal("cos(x + pi/2)", "-sin(x)", "");
    check_equal("cos(7*pi/4)", "sqrt(2)/2", "");
    check_equal("tan(x)", "sin(x)/cos(x)", "");
    check_equal("cos(3*x)", "4*cos(x)^3 - 3*cos(x)", "");
    check_equal("cos(x/2)^2", "(1 + cos(x))/2", "");
    check_undecided("sin(x)", "cos(x)", "");
}

#[test]
fn the_gamma_family() {
    check_equal("gamma(x + 1)", "x*gamma(x)", "x > 0");
    check_equal("gamma(x + 1)", "x*gamma(x)", "x > -3");
    check_equal("gamma(p + 1)", "p*gamma(p)", "-1 < p < 1");
    check_equal("exp(lgamma(x))", "gamma(x)", "x > 0");
    // Γ(−1/5) is negative.
    check_undecided("sin(exp(lgamma(x)))", "sin(gamma(x))", "");
    check_equal("lgamma(x + 2)", "lgamma(x) + log(x) + log(x + 1)", "x > 0");
    check_equal("digamma(x + 1)", "digamma(x) + 1/x", "x > 0");
    check_equal("trigamma(x + 1)", "trigamma(x) - 1/x^2", "x > 0");
    check_equal("polygamma(2, x + 1)", "polygamma(2, x) + 2/x^3", "x > 0");
    check_equal("digamma(5)", "25/12 - EulerGamma", "");
    check_equal("trigamma(3/2)", "pi^2/2 - 4", "");
    check_equal("gamma(1/2)", "sqrt(pi)", "");
    check_equal("gamma(5)", "24", "");
    check_equal("factorial(5)", "120", "");
    check_equal("binomial(n, 2)", "n*(n - 1)/2", "n integer, n >= 0");
    check_equal("log(binomial(n, k))", "lgamma(n+1) - lgamma(k+1) - lgamma(n-k+1)", "n integer, k in 0..n, n >= 0");
    check_equal("lbeta(a, b)", "lgamma(a) + lgamma(b) - lgamma(a + b)", "a > 0, b > 0");
    check_equal("exp(lbeta(a + 1, b))/exp(lbeta(a, b))", "a/(a + b)", "a > 0, b > 0");
    check_equal("gamma(2*x)*sqrt(pi)", "2^(2*x - 1)*gamma(x)*gamma(x + 1/2)", "x > 0");
    check_equal("trigamma(2*x + 1)", "trigamma(x)/4 + trigamma(x + 1/2)/4 - 1/(4*x^2)", "x > 0");
    check_equal("digamma(2*x)", "log(2) + (digamma(x) + digamma(x + 1/2))/2", "x > 0");
    check_undecided("digamma(2*x)", "log(2) + (digamma(x) + digamma(x + 1))/2", "x > 0");
    check_equal("besseli(2, x)", "besseli(0, x) - 2/x*besseli(1, x)", "x > 0");
    check_equal("besseli(1, x)/besseli(0, x)", "bessel_ratio(0, x)", "x > 0");
}

#[test]
fn sums_over_a_fixed_range() {
    check_equal("sum(k^2, k = 1..4)", "30", "");
    check_equal("product(x + k, k = 0..2)", "x*(x + 1)*(x + 2)", "");
    check_equal("sum(k*x, k = 1..n)", "sum(x*j, j = 1..n)", "n integer");
    check_equal("sum(sum(j*k^2, j = 1..n), k = 1..n)", "sum(sum(k*j^2, k = 1..n), j = 1..n)", "n integer");
    check_undecided("sum(sum(j*k^2, j = 1..n), k = 1..n)", "sum(sum(j*j^2, j = 1..n), k = 1..n)", "n integer");
}

#[test]
fn the_form_a_statistician_would_write() {
    check_simplified("2*(1/sigma)*(1/sigma)", "sigma > 0", "2/sigma^2");
    check_simplified("n/p + n/(1 - p)", "0 < p < 1, n integer", "n/(p*(1 - p))");
    check_simplified("n*exp(t)/(1 + 2*exp(t) + exp(t)^2)", "", "n*exp(t)/(exp(t) + 1)^2");
    check_simplified("trigamma(alpha)*1 - 0", "alpha > 0", "trigamma(alpha)");
    check_simplified("x*x^(-1)*y", "", "y");
    check_simplified("(sqrt(x)*sqrt(x))/2", "x > 0", "x/2");
}
