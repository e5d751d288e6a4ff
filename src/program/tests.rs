//! Bodies in text, and what they give.

use super::*;

/// The results of a text for these arguments, where `twice(x)` is 2·x and `both(x)` is x and −x.
#[track_caller]
fn check(text: &str, parameters: &[&str], arguments: &[f64], expected: &[f64]) {
    let body = read(text, parameters).unwrap_or_else(|error| panic!("{error}\n{text}"));
    let call = |name: &str, arguments: &[f64]| match (name, arguments) {
        ("twice", [x]) => vec![2.0 * x],
        ("both", [x]) => vec![*x, -x],
        _ => panic!("{name} of {} arguments", arguments.len()),
    };
    assert_eq!(run(&body, parameters, arguments, &call), expected, "{text}");
}

#[track_caller]
fn check_error(text: &str, expected: &str) {
    assert_eq!(read(text, &["x"]).unwrap_err(), expected, "{text}");
}

#[test]
fn bodies_compute_what_they_say() {
    check("return 2*x - 3/x - 1", &["x"], &[2.0], &[1.5]);
    check("return -x*-2 - -1", &["x"], &[3.0], &[7.0]);
    check("return (x + 1)/(x - 1), 1.5e-3", &["x"], &[2.0], &[3.0, 0.0015]);
    check("return exp(0) + max(x, 2) + pow(x, 2)\n", &["x"], &[3.0], &[13.0]);
    check("z = x*x\nreturn horner(z, 1, -1/2, 0.25)", &["x"], &[2.0], &[1.0 + 4.0 * (-0.5 + 1.0)]);
    check("sum = 0\nwhile x > 0 {\n  sum = sum + x\n  x = x - 1\n}\nreturn sum", &["x"], &[4.0], &[10.0]);
    check("a, b = both(twice(x))\nreturn a - b", &["x"], &[1.0], &[4.0]);
    check("r = atan(\n  x,\n)\nreturn r".replace(",\n", "\n").as_str(), &["x"], &[0.0], &[0.0]);
    check("return infinity, pi", &[], &[], &[f64::INFINITY, std::f64::consts::PI]);
}

#[test]
fn branches_are_taken_by_conditions() {
    let text = "if x < 0 {\n r = 1\n} else if (x == 0) or x > 5 and not (x >= 7) {\n r = 2\n} else {\n r = 3\n}\nreturn r";
    for (x, r) in [(-1.0, 1.0), (0.0, 2.0), (6.0, 2.0), (7.0, 3.0), (4.0, 3.0), (f64::NAN, 3.0)] {
        check(text, &["x"], &[x], &[r]);
    }
    let bracketed = "r = 0\nif (x + 1) < 2 and (x < 0 or (x != x)) {\n r = 1\n}\nreturn r";
    check(bracketed, &["x"], &[-1.0], &[1.0]);
    check(bracketed, &["x"], &[0.5], &[0.0]);
}

#[test]
fn remarks_stand_before_what_they_explain() {
    let body = read("# first\nr = x # trailing\nif r < 0 { # inside\n  r = 0\n}\nreturn r", &["x"]).unwrap();
    let comment = |text: &str| Statement::Comment(text.into());
    let set = |term| Statement::Set("r".into(), term);
    assert_eq!(body.statements[..3], [comment("first"), comment("trailing"), set(Term::Name("x".into()))]);
    let Statement::If(_, first, second) = &body.statements[3] else { panic!("{body:?}") };
    assert_eq!(
        (first.as_slice(), second.len()),
        (&[comment("inside"), set(Term::Number("0".into()))][..], 0)
    );
}

#[test]
fn names_calls_and_sizes_are_found() {
    let body = read("y = log(x)\nif y > exp(2) {\n  y = kl_term(y, nan)\n}\nreturn y", &["x"]).unwrap();
    assert_eq!(body.names_used(), ["x", "y", "nan"]);
    assert_eq!(body.names_set(), ["y"]);
    assert_eq!(body.calls(), ["log", "exp", "kl_term"]);
    let Statement::Set(_, term) = &body.statements[0] else { panic!("{body:?}") };
    assert_eq!(term.size(), 2);
}

#[test]
fn mistakes_are_told_with_their_lines() {
    check_error("return y", "line 1: `y` has no value yet");
    check_error("if x < 0 {\n  r = 1\n}\nreturn r", "line 4: `r` has no value yet");
    check_error("if x < 0 {\n  r = 1\n} else {\n  s = 2\n}\nreturn s", "line 6: `s` has no value yet");
    check_error("while x < 0 {\n  r = x\n  x = x + 1\n}\nreturn r", "line 5: `r` has no value yet");
    check_error("pi = 3\nreturn pi", "line 1: `pi` has a meaning of its own");
    check_error("log = 3\nreturn log", "line 1: `log` has a meaning of its own");
    check_error("x = 3 4\nreturn x", "line 1: expected the end of the line, found `4`");
    check_error("x = x^2\nreturn x", "line 1: nothing starts with `^2`");
    check_error("x = 2\n", "line 1: expected a statement or `return`, found the end");
    check_error("return x\nx = 2", "line 2: expected nothing behind `return`, found `x`");
    check_error("return log(x, 2)", "line 1: `log` takes 1 arguments");
    check_error("a, b = x\nreturn a", "line 1: only a call has several results");
    check_error("return horner(x + 1, 2)", "line 1: the first argument of `horner` is a name");
    check_error("if x {\n}\nreturn x", "line 1: expected a comparison, found `{`");
    check_error("if (x < 0 or y > 0) {\n}\nreturn x", "line 1: `y` has no value yet");
    assert_eq!(read("return 1", &["while"]).unwrap_err(), "line 0: `while` has a meaning of its own");
}

#[test]
fn an_endless_loop_is_told() {
    let body = read("while x == x {\n  x = x + 1\n}\nreturn x", &["x"]).unwrap();
    assert_eq!(run_within(&body, &["x"], &[0.0], &|_, _| vec![]), Err(Endless));
}

#[test]
fn every_elementary_function_runs() {
    for (name, arity) in ELEMENTARY {
        assert!(elementary(name, &vec![0.5; arity]).is_some_and(f64::is_finite), "{name}");
    }
}
