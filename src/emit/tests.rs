//! What lowering makes of expressions, one line each, in C's notation.

use super::c::C;
use super::flow::flow;
use super::julia::Julia;
use super::names::{self, Scope};
use super::print::Printer;
use super::python::Python;
use super::rust::Rust;
use super::schedule::{Lowered, Writing, lower};
use super::target::Target;
use super::unit::Unit;
use super::{Argument, Bundle, Guard, Obstacle, Options, Quantity, Routine, Shape, Test, Work};
use crate::expr::{Store, formula};
use crate::program::read;
use crate::tape::Tape;

fn tape(inputs: &str, outputs: &str) -> Tape {
    let mut store = Store::new();
    let inputs: Vec<_> = inputs.split(' ').map(|name| formula(&mut store, name)).collect();
    let outputs: Vec<_> = outputs.split("; ").map(|text| formula(&mut store, text)).collect();
    Tape::new(&store, &inputs, &outputs)
}

fn lowered(inputs: &str, varying: &str, hoist: bool, outputs: &str) -> Result<Lowered, Obstacle> {
    let names: Vec<String> = inputs.split(' ').map(str::to_owned).collect();
    let writing = Writing {
        varying: names.iter().map(|n| n == varying).collect(),
        inputs: &names,
        scope: Scope::new(&names::C),
        native: &|_| false,
        hoist,
    };
    lower(&tape(inputs, outputs), &writing)
}

/// The statements and results in C, joined by blanks; a bar where the loop over the observations begins.
fn text(inputs: &str, lowered: &Lowered) -> String {
    let names: Vec<String> = inputs.split(' ').map(str::to_owned).collect();
    let options = Options::default();
    let mut p = Printer::new(&C, &options, "p");
    let flow = flow(&names, &lowered.statements, &[], false);
    p.flow(&flow, &names);
    let results: Vec<String> = lowered.results.iter().map(|r| p.term(r)).collect();
    p.line(&results.join(", "));
    let mut lines: Vec<String> = p.finish().lines().map(|l| l.trim().to_owned()).collect();
    if lowered.still > 0 {
        lines.insert(lowered.still, "|".to_owned());
    }
    lines.join(" ").replace("double ", "")
}

#[track_caller]
fn check(inputs: &str, outputs: &str, expected: &str) {
    let lowered = lowered(inputs, "", false, outputs).expect("a tape of numbers");
    assert_eq!(text(inputs, &lowered), expected);
}

#[track_caller]
fn check_batch(inputs: &str, outputs: &str, expected: &str) {
    let lowered = lowered(inputs, "x", true, outputs).expect("a tape of numbers");
    assert_eq!(text(inputs, &lowered), expected);
}

#[test]
fn sums_read_as_a_person_writes_them() {
    check("a b", "a - b", "a - b");
    check("a b", "-a + b", "b - a");
    check("a b", "-a - b", "-a - b");
    check("a", "a/2", "0.5 * a");
    check("a", "a/3", "a / 3.0");
    check("a", "2*a/3 + 1", "2.0 * a / 3.0 + 1.0");
    check("a b", "a/2 + b/2", "0.5 * (a + b)");
    check("a b", "a/3 - b/3", "(a - b) / 3.0");
    check("a b", "a/2 - b/2 + 1", "0.5 * a - 0.5 * b + 1.0");
    check("a", "a - 1/4", "a - 0.25");
    check("a b c", "c*(2*a - 2*b)/2", "c * (a - b)");
}

#[test]
fn products_and_divisors_take_turns() {
    check("a b", "a/b^2", "inverse_b = 1.0 / b; a * inverse_b * inverse_b");
    check("a b", "a/b", "a / b");
    check("a b c d", "a*b/(c*d)", "a / c * b / d");
    check("a b", "a/(3*b)", "a / (3.0 * b)");
    check("a b", "-a/b", "-a / b");
    check("a b", "a/b; 1/b", "inverse_b = 1.0 / b; a * inverse_b, inverse_b");
    check("a b", "a^2/b^2", "t1 = a / b; t1 * t1");
    check("a b", "a^2/b^3", "inverse_b = 1.0 / b; t1 = a * inverse_b; t1 * inverse_b * t1");
    check("a b c", "c*a^2/b^2", "t1 = a / b; c * t1 * t1");
    check("a b c", "a/(b^2*c)", "inverse_b = 1.0 / b; a * inverse_b / c * inverse_b");
    check("a b c", "c*quotient(a, b)", "c * (a / b)");
    check("a b", "b*a^(-3/2)", "b / a / sqrt(a)");
}

#[test]
fn powers_share_their_squares() {
    check("x", "x^2", "x * x");
    check("x", "x^3", "x * x * x");
    check("x", "x^2; x^3", "x_squared = x * x; x_squared, x_squared * x");
    check("x", "x^4", "x_squared = x * x; x_squared * x_squared");
    check("x", "sqrt(x)", "sqrt(x)");
    check("x", "x^(3/2)", "x * sqrt(x)");
    check("x", "1/sqrt(x)", "1.0 / sqrt(x)");
    check("x", "x^(1/3)", "pow(x, 1.0 / 3.0)");
    check("x y", "x^y", "pow(x, y)");
    check("x", "x^100", "pow(x, 100.0)");
    check("x y", "abs(x - y)^2", "x_minus_y = x - y; x_minus_y * x_minus_y");
    check("x y", "abs(x - y)^3", "t1 = fabs(x - y); t1 * t1 * t1");
}

#[test]
fn a_coefficient_is_multiplied_before_the_square_could_overflow() {
    check("x", "x^2/2", "0.5 * x * x");
    check("x", "x^2/3", "x / 3.0 * x");
    check("x", "2*x^4", "x_squared = x * x; 2.0 * x_squared * x_squared");
    check("a b", "a^2/b^2/2", "t1 = a / b; 0.5 * t1 * t1");
    check("x", "x^2; x^2/2", "x_squared = x * x; x_squared, 0.5 * x_squared");
    check("x y", "x^2*y; x^2/2", "x_squared = x * x; y * x_squared, 0.5 * x_squared");
    check("x", "5*x^3", "5.0 * (x * x * x)");
}

#[test]
fn values_with_two_uses_get_names() {
    check("x", "log(x); log(x)^2", "log_x = log(x); log_x, log_x * log_x");
    check("x y", "exp(x + y)*(x + y)", "x_plus_y = x + y; exp(x_plus_y) * x_plus_y");
    check("x y", "sin(x*y) + cos(x*y)", "t1 = x * y; cos(t1) + sin(t1)");
}

#[test]
fn a_difference_is_given_the_value_that_is_there() {
    check("a b c", "trigamma_difference(a, b + c)", "p_trigamma_difference(a, b + c)");
    check(
        "a b c",
        "trigamma_difference(a, b + c); -trigamma(a + b + c)",
        "t1 = p_trigamma(a + b + c); p_trigamma_difference_given(a, b + c, t1), -t1",
    );
    check(
        "a b c",
        "trigamma_difference(a, b); trigamma(a + b + c)",
        "p_trigamma_difference(a, b), p_trigamma(a + b + c)",
    );
}

#[test]
fn a_rounded_mean_gets_the_shorter_divergence() {
    check_batch("x a b", "kl_term(a, b*x)", "p_kl_term_rounded(a, b * x)");
    check_batch("x a b", "kl_term(x, a)", "p_kl_term(x, a)");
    // A divergence of densities stays positive.
    check("a b", "kl_term(1, a/b)", "p_kl_term(1.0, a / b)");
}

#[test]
fn constants_are_the_floats_nearest_to_them() {
    check("x", "x - log(2*pi)/2", "x - 0.9189385332046728");
    check("x", "sqrt(2)*x", "1.4142135623730951 * x");
    check("x", "x + EulerGamma", "x + 0.5772156649015329");
}

#[test]
fn what_does_not_vary_is_computed_once() {
    check_batch("x a b", "a*log(b) - b*x", "t1 = a * log(b); | t1 - b * x");
    check_batch("x m s", "(x - m)/s", "inverse_s = 1.0 / s; | (x - m) * inverse_s");
    check_batch("x a", "x*a", "a * x");
}

#[test]
fn a_negative_call_is_made_once() {
    check_batch("x a", "x - lgamma(a)", "t1 = -p_lgamma(a); | t1 + x");
    check_batch("x a", "-x*lgamma(a)", "lgamma_a = p_lgamma(a); | -lgamma_a * x");
}

#[test]
fn sums_over_ranges_are_loops_that_end() {
    check(
        "n x",
        "sum(1/(x + k), k = 1..n)",
        "sum = NAN; if (n - 1.0 < 1000000.0) { sum = 0.0; k = 1.0; while (k <= n) { sum += 1.0 / (x + k); k += 1.0; } } sum",
    );
}

/// The body of a helper over x in Rust, lines joined by blanks.
fn rust(body: &str) -> String {
    let body = read(body, &["x"]).expect("a body");
    let parameters = ["x".to_owned()];
    let options = Options::default();
    let mut p = Printer::new(&Rust, &options, "p");
    let flow = flow(&parameters, &body.statements, &body.results, true);
    p.flow(&flow, &parameters);
    let results: Vec<String> = flow.results.iter().map(|r| p.term(r)).collect();
    p.line(&results.join(", "));
    p.finish().lines().map(str::trim).collect::<Vec<_>>().join(" ").trim_end().to_owned()
}

#[test]
fn names_are_declared_where_they_get_their_first_value() {
    let cases = [
        ("y = x\ny = y + 1\nreturn y", "let mut y = x; y += 1.0; y"),
        ("y = 2*x\nreturn y", "2.0 * x"),
        ("y = 1\nwhile y < x {\ny = x*y\n}\nreturn y", "let mut y = 1.0; while y < x { y *= x; } y"),
        ("if x > 1 {\ny = 1\n} else {\ny = x\n}\nreturn y*y", "let y = if x > 1.0 { 1.0 } else { x }; y * y"),
        ("a, b = both(x)\nreturn a", "let (a, _) = both(x); a"),
        (
            "a, b = both(x)\na = 2*a\nreturn a, b",
            "let (given_a, b) = both(x); let mut a = given_a; a *= 2.0; a, b",
        ),
    ];
    for (body, expected) in cases {
        assert_eq!(rust(body), expected, "{body}");
    }
}

#[test]
fn comparisons_are_as_true_for_nan_as_in_the_body() {
    let cases = [
        ("not (x > 0)", "x <= 0.0 || x.is_nan()"),
        ("x != x", "x.is_nan()"),
        ("x == x", "!x.is_nan()"),
        ("abs(x) < infinity", "x.is_finite()"),
        ("x >= 0 and x < 1", "(0.0..1.0).contains(&x)"),
        ("x > 0 and (x < 1 or x == 2)", "x > 0.0 && (x < 1.0 || x == 2.0)"),
    ];
    for (condition, expected) in cases {
        let body = format!("y = 0\nif {condition} {{\ny = 1\n}}\nreturn y + y");
        let text = rust(&body);
        assert_eq!(text, format!("let mut y = 0.0; if {expected} {{ y = 1.0; }} y + y"));
    }
}

fn gamma() -> Bundle {
    let positive = |inputs: &str, outputs: &str| Guard {
        tape: tape(inputs, outputs),
        tests: outputs.split("; ").map(|_| Test::Positive).collect(),
        text: format!("{} > 0", outputs.replace("; ", " > 0, ")),
    };
    let quantity = |name: &str| Quantity { name: name.to_owned(), domain: format!("{name} > 0") };
    let closed = |tape| Work::Closed { tape: Box::new(tape), guards: None };
    let fisher = Routine {
        name: "fisher".to_owned(),
        summary: "Fisher information of one observation".to_owned(),
        details: Vec::new(),
        formulas: Vec::new(),
        arguments: vec![Argument::Parameters],
        result: Shape::Matrix(2, 2),
        work: closed(tape("alpha beta", "trigamma(alpha); -1/beta; -1/beta; alpha/beta^2")),
    };
    Bundle {
        family: "gamma".to_owned(),
        coordinates: "base".to_owned(),
        density: Vec::new(),
        source: None,
        observation: vec![quantity("x")],
        parameters: vec![quantity("alpha"), quantity("beta")],
        constants: Vec::new(),
        domain: positive("alpha beta", "alpha; beta"),
        support: positive("x alpha beta", "x"),
        routines: vec![fisher],
        omitted: Vec::new(),
        references: Vec::new(),
    }
}

/// A row is written by its own name in a language, or by the helper of that name.
#[test]
fn every_language_can_write_every_function() {
    for target in super::LANGUAGES {
        for row in crate::function::functions().filter(|row| !row.is_constant()) {
            let is_known =
                target.call(row.name, &Options::default()).is_some() || target.constant(row.name).is_some();
            let is_brought = crate::function::helper::helper(row.name).is_some();
            assert!(is_known || is_brought, "{} in {}", row.name, target.name());
        }
    }
}

#[test]
fn a_further_language_is_one_file() {
    let bundle = gamma();
    let options = Options::default();
    let unit = Unit::new(&bundle, &Julia, &options).expect("Julia has a trigamma function");
    insta::assert_snapshot!(Julia.files(&unit, &options)[0].text.split_once("\n\n").expect("a header").1, @r"
    function in_domain(theta)
        alpha = theta[1]
        beta = theta[2]
        return alpha > 0.0 && isfinite(alpha) && beta > 0.0 && isfinite(beta)
    end

    function fisher(theta)
        in_domain(theta) || return fill(NaN, 2, 2)
        alpha = theta[1]
        beta = theta[2]
        inverse_beta = 1.0 / beta
        return stack([[trigamma(alpha), -inverse_beta], [-inverse_beta, alpha * inverse_beta * inverse_beta]]; dims=1)
    end
    ");
}

#[test]
fn what_helpers_are_given_of_an_observation_goes_through_the_cache_in_python() {
    let mut bundle = gamma();
    bundle.routines[0] = Routine {
        name: "log_density".to_owned(),
        arguments: vec![Argument::Observation, Argument::Parameters],
        result: Shape::Scalar,
        work: Work::Closed {
            tape: Box::new(tape("x alpha beta", "log(x) - kl_term(alpha, beta*x) - trigamma(alpha)")),
            guards: None,
        },
        ..bundle.routines[0].clone()
    };
    let options = Options::default();
    let unit = Unit::new(&bundle, &Python, &options).expect("there are helpers");
    let text = &Python.files(&unit, &options)[0].text;
    let (_, core) = text.split_once("def _log_density_values").expect("a function of flat arrays");
    let (core, public) = core.split_once("\n\n\n").expect("another function");
    insta::assert_snapshot!(core, @r#"
    (x, alpha, beta, t1):
        """The values of ``log_density``."""
        return t1 + np.log(x) - _kl_term_rounded(alpha, beta * x)
    "#);
    let (_, last) = public.rsplit_once("alpha, beta = theta\n").expect("the components");
    insta::assert_snapshot!(last, @"
    t1 = -_trigamma(alpha)
    return _masked(valid, _log_density_values(x, alpha, beta, t1))
    ");
}

#[test]
fn what_has_no_number_is_refused() {
    assert_eq!(lowered("x", "", false, "integral(exp(-t), t = 0..x)").unwrap_err(), Obstacle::Opaque);
}
