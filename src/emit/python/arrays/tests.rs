//! Steps of whole arrays, as they are printed.

use super::*;
use crate::emit::Options;
use crate::emit::names::PYTHON;
use crate::emit::print::Printer;
use crate::program::read;

#[track_caller]
fn check_lines(text: &str, expected: &str) {
    let body = read(text, &["x"]).expect("a body");
    let mut scope = Scope::new(&PYTHON);
    body.names_used().into_iter().chain(body.names_set()).for_each(|name| scope.reserve(name));
    let (steps, _) = arrays(&["x".into()], &body, scope);
    let options = Options::default();
    let mut printer = Printer::new(&super::super::Python, &options, "");
    super::super::function::write(&mut printer, &steps);
    assert_eq!(printer.finish().trim_end(), expected.trim());
}

#[test]
fn what_was_given_is_copied_before_it_is_overwritten_or_returned() {
    check_lines("if x < 0 {\n x = 0\n}\nreturn 2*x", "x = x.copy()\nx[x < 0.0] = 0.0");
    check_lines("x = 2*x\nif x < 0 {\n x = 0\n}\nreturn x", "x = 2.0 * x\nx[x < 0.0] = 0.0");
    check_lines("return x", "x = x.copy()");
    check_lines(
        "k = 1\nif k > 0 {\n if x < 0 {\n  x = 0\n }\n}\nreturn x",
        "
k = 1.0
if k > 0.0:
    x = x.copy()
    x[x < 0.0] = 0.0
else:
    x = x.copy()",
    );
}

#[test]
fn a_loop_turns_where_its_condition_holds() {
    check_lines(
        "s = 0\nwhile x < 10 {\n s = s - 1/x\n x = x + 1\n}\nreturn s + x",
        "
s = np.zeros_like(x)
x = x.copy()
here = np.flatnonzero(x < 10.0)
while here.size:
    s_ = s[here]
    x_ = x[here]
    s_ = s_ - 1.0 / x_
    x_ = x_ + 1.0
    s[here] = s_
    x[here] = x_
    here = here[x_ < 10.0]",
    );
}

#[test]
fn a_branch_works_where_its_condition_holds() {
    check_lines(
        "if x > 1 {\n y = f(x)\n r = y*y\n} else {\n r = f(x)\n}\nif not (x > 0) {\n r = nan\n}\nreturn r",
        "
r = np.empty_like(x)
chosen = x > 1.0
here = np.flatnonzero(chosen)
if here.size:
    x_ = x[here]
    y_ = _f(x_)
    r[here] = y_ * y_
here = np.flatnonzero(~chosen)
if here.size:
    x_ = x[here]
    r[here] = _f(x_)
r[~(x > 0.0)] = np.nan",
    );
}

#[test]
fn a_short_branch_works_everywhere_and_the_other_one_overwrites_it() {
    check_lines(
        "q = 1/x\nif q > 2 {\n s = f(x)\n r = s + q\n} else {\n t = q - 1\n r = log(t)\n}\nreturn r",
        "
q = 1.0 / x
t = q - 1.0
r = np.log(t)
here = np.flatnonzero(q > 2.0)
if here.size:
    q_ = q[here]
    x_ = x[here]
    s_ = _f(x_)
    r[here] = s_ + q_",
    );
    check_lines(
        "if x < 1111111111 and x + 11111111 > 22222222 and x*3333333 > 44444444 {\n r = f(x)\n} else {\n r = x\n}\nreturn r",
        "
r = x.copy()
here = np.flatnonzero(
    (x < 1111111111.0) & (x + 11111111.0 > 22222222.0) & (x * 3333333.0 > 44444444.0)
)
if here.size:
    x_ = x[here]
    r[here] = _f(x_)",
    );
    // The condition reads what the short branch would set.
    check_lines(
        "r = x\nif r > 2 {\n r = x/2\n} else {\n r = f(x)\n}\nreturn r",
        "
r = x.copy()
chosen = r > 2.0
here = np.flatnonzero(chosen)
if here.size:
    x_ = x[here]
    r[here] = x_ / 2.0
here = np.flatnonzero(~chosen)
if here.size:
    x_ = x[here]
    r[here] = _f(x_)",
    );
}

#[test]
fn what_is_the_same_everywhere_stays_a_float() {
    check_lines(
        "s = 0\nk = 1\nwhile k < 5 {\n s = s + x/k\n k = k + 1\n}\nif k > 4 {\n s = s + 1\n}\nreturn s",
        "
s = np.zeros_like(x)
k = 1.0
while k < 5.0:
    s = s + x / k
    k = k + 1.0
if k > 4.0:
    s = s + 1.0",
    );
}

#[test]
fn a_loop_in_a_branch_works_on_places_of_places() {
    check_lines(
        "r = x\nif x < 3 {\n k = 0\n while r < 9 {\n  r = r + x\n }\n}\nreturn r",
        "
r = x.copy()
here = np.flatnonzero(x < 3.0)
if here.size:
    r_ = r[here]
    x_ = x[here]
    k_ = 0.0
    here_ = np.flatnonzero(r_ < 9.0)
    while here_.size:
        r_2 = r_[here_]
        x_2 = x_[here_]
        r_2 = r_2 + x_2
        r_[here_] = r_2
        here_ = here_[r_2 < 9.0]
    r[here] = r_",
    );
}
