//! Laws of differentiation, and the rows of the function table against complex steps.
//!
//! For an analytic f, Im f(x + ih)/h = f′(x) − h²f‴(x)/6 + …; at h = 10⁻³⁰ the error is rounding alone, and
//! none of it comes from a difference.

use approx::relative_eq;
use num_complex::Complex64;
use referee::algebra::{Assumptions, Effort, Normalizer};
use referee::calculus::{Differentiator, taylor};
use referee::expr::{Expr, Store};
use referee::function::{self, FunctionId};
use referee::number::{Ball, Rational};
use referee::print::display;
use referee::tape::Tape;

use super::support::*;

/// Both sides have a common value at each point of the second domain, where nothing is declared.
#[track_caller]
fn check_same_values(store: &mut Store, left: Expr, right: Expr) {
    for point in DOMAINS.iter().flat_map(|domain| &domain.points) {
        let values = enclosures(store, &[left, right], point, 96);
        let (a, b) = (values[0].to_ball(), values[1].to_ball());
        assert!(
            !a.is_disjoint(&b),
            "`{}` and `{}` at {point:?}: {a:?} and {b:?}",
            display(store, left),
            display(store, right)
        );
    }
}

#[test]
fn differentiation_is_linear_and_knows_products_and_chains() {
    let recipe = || recipes(3, 10, elementary);
    check(300, (recipe(), recipe(), -4i64..5), |(f, g, c)| {
        let mut store = Store::new();
        let mut calculus = Differentiator::new();
        let (f, g, x) = (f.build(&mut store), g.build(&mut store), symbol(&mut store, 0));
        let mut d = |store: &mut Store, e| calculus.derivative(store, e, x);
        let (df, dg) = (d(&mut store, f), d(&mut store, g));
        // (c f + g)′ = c f′ + g′.
        let c = Rational::new(c, 3);
        let (sum, expected) =
            [(f, g), (df, dg)].map(|(f, g)| store.linear([(c.clone(), f), (Rational::ONE, g)])).into();
        let derivative = d(&mut store, sum);
        check_same_values(&mut store, derivative, expected);
        // (f g)′ = f′ g + f g′.
        let product = store.mul(f, g);
        let (left, right) = (store.mul(df, g), store.mul(f, dg));
        let expected = store.add(left, right);
        let derivative = d(&mut store, product);
        check_same_values(&mut store, derivative, expected);
        // f(g(x))′ = f′(g(x)) g′(x) where f holds no other x.
        let composed = put(&mut store, f, x, g);
        let outer = put(&mut store, df, x, g);
        let expected = store.mul(outer, dg);
        let derivative = d(&mut store, composed);
        check_same_values(&mut store, derivative, expected);
    });
}

#[test]
fn mixed_derivatives_are_symmetric() {
    check(200, recipes(3, 10, elementary), |recipe| {
        let mut store = Store::new();
        let mut calculus = Differentiator::new();
        let (e, x, y) = (recipe.build(&mut store), symbol(&mut store, 0), symbol(&mut store, 1));
        let by_x = calculus.derivative(&mut store, e, x);
        let by_y = calculus.derivative(&mut store, e, y);
        let (xy, yx) = (calculus.derivative(&mut store, by_x, y), calculus.derivative(&mut store, by_y, x));
        check_same_values(&mut store, xy, yx);
        let hessian = calculus.hessian(&mut store, e, &[x, y]);
        assert_eq!((hessian[0][1], hessian[1][0]), (xy, xy));
    });
}

/// Im f(x + ih)/h in the direction of one input.
fn complex_step(tape: &Tape, inputs: &[f64], position: usize) -> f64 {
    const H: f64 = 1e-30;
    let mut inputs: Vec<Complex64> = inputs.iter().map(|v| Complex64::new(*v, 0.0)).collect();
    inputs[position].im = H;
    tape.eval_one::<Complex64>(&inputs, ()).im / H
}

/// Arguments at which the row is defined, by its balls.
fn arguments_in_domain(f: FunctionId) -> Vec<Vec<f64>> {
    let candidates = [-2.75, -1.25, -0.6, 0.3, 0.9, 1.7, 2.4, 4.6, 11.0];
    let mut lists = vec![vec![]];
    for name in f.params {
        // The order of a polygamma is a whole number.
        let whole = f.domain.iter().any(|condition| *condition == format!("{name} integer"));
        let candidates: &[f64] = if whole { &[0.0, 1.0, 2.0, 5.0] } else { &candidates };
        lists = lists
            .iter()
            .flat_map(|list| candidates.iter().map(|x| [list.as_slice(), &[*x]].concat()))
            .collect();
    }
    lists.retain(|list| {
        let balls: Vec<Ball> = list.iter().map(|x| Ball::from_f64(*x, 64)).collect();
        let value = (f.eval.ball)(&balls, 64);
        value.is_narrow(8)
    });
    lists
}

#[test]
fn partials_of_every_row_agree_with_complex_steps() {
    for f in function::functions().filter(|f| !f.is_constant()) {
        let mut store = Store::new();
        let mut calculus = Differentiator::new();
        let slots: Vec<Expr> = f.params.iter().map(|name| store.scalar(name)).collect();
        let call = store.call(f, slots.clone());
        for position in (0..f.arity()).filter(|i| f.partials[*i].is_some()) {
            let first = calculus.derivative(&mut store, call, slots[position]);
            let second = calculus.derivative(&mut store, first, slots[position]);
            let tapes = [call, first, second].map(|e| Tape::new(&store, &slots, &[e]));
            let mut compared = [0, 0];
            for arguments in arguments_in_domain(f) {
                for order in 0..2 {
                    let symbolic = tapes[order + 1].eval_one::<f64>(&arguments, ());
                    let stepped = complex_step(&tapes[order], &arguments, position);
                    if !symbolic.is_finite() || !stepped.is_finite() {
                        continue;
                    }
                    compared[order] += 1;
                    // Values of special functions are good to some 1e-13, times the condition of the formula.
                    assert!(
                        relative_eq!(symbolic, stepped, max_relative = 1e-9, epsilon = 1e-11),
                        "derivative {} of {} by argument {position} at {arguments:?}: {symbolic} and {stepped}",
                        order + 1,
                        f.name,
                    );
                }
            }
            assert!(compared.iter().all(|n| *n >= 3), "{} by argument {position}: {compared:?} points", f.name);
        }
    }
}

#[test]
fn derivatives_of_expressions_agree_with_complex_steps() {
    let analytic = |f: FunctionId| elementary(f) && !matches!(f.row().name, "abs" | "sign");
    check(500, (recipes(3, 12, analytic), 0..DOMAINS.len(), 0..5usize), |(recipe, domain, position)| {
        let mut store = Store::new();
        let (e, symbols) = (recipe.build(&mut store), symbols(&mut store));
        let point = DOMAINS[domain].points[position];
        let derivative = Differentiator::new().derivative(&mut store, e, symbols[0]);
        let values = enclosures(&mut store, &[e, derivative], &point, 53);
        let (value, ball) = (values[0].to_ball(), values[1].to_ball());
        if !value.is_narrow(10) || !ball.is_narrow(10) {
            return;
        }
        let inputs = point.map(|(a, b)| a as f64 / b as f64);
        let stepped = complex_step(&Tape::new(&store, &symbols, &[e]), &inputs, 0);
        let symbolic = ball.midpoint_f64();
        assert!(
            !stepped.is_finite() || relative_eq!(symbolic, stepped, max_relative = 1e-6, epsilon = 1e-12),
            "`{}` at {point:?}: {symbolic} and {stepped}",
            display(&store, e)
        );
    });
}

fn evaluated(text: &str) -> String {
    let mut store = Store::new();
    let e = read(&mut store, text);
    let result = Differentiator::new().evaluate(&mut store, e);
    display(&store, result)
}

#[test]
fn derivatives_in_a_text_are_carried_out() {
    for (text, expected) in [
        ("diff(x^3*y, x)", "3*y*x^2"),
        ("diff(x^3*y, x, x)", "6*x*y"),
        ("diff(x^3*y, x, y)", "3*x^2"),
        ("diff(diff(x^3, x)*diff(x^2, x), x)", "18*x^2"),
        ("diff(x*diff(x^2*y, x), x) + 1", "4*x*y + 1"),
        ("diff(log(y)^0*x, x)", "log(y)^0"),
        // Sums: under the sign where the ends are constant, and beside other derivatives.
        ("diff(sum(sin(k*x), k = 1..n), x)", "sum(k*cos(x*k), k = 1..n)"),
        ("sum(diff(x^2*k, x), k = 1..n)", "sum(2*x*k, k = 1..n)"),
        ("diff(sum(sum(k*j*x^2, j = 1..k), k = 1..n), x)", "sum(sum(2*x*k_1*k, k_1 = 1..k), k = 1..n)"),
        ("diff(sum(x, k = 1..x), x)", "diff(sum(x, k = 1..x), x)"),
        ("diff(product(x + k, k = 1..n), x)", "diff(product(k + x, k = 1..n), x)"),
        // No closed form: the derivative by the order alone, also where the argument is the order.
        ("diff(besseli(y, x), y)", "diff(besseli(y, x), y)"),
        ("diff(sum(besseli(x, k), k = 1..n), x)", "sum(diff(besseli(x, k), x), k = 1..n)"),
    ] {
        assert_eq!(evaluated(text), expected, "{text}");
    }
}

#[test]
fn a_derivative_without_closed_form_survives_printing() {
    let mut store = Store::new();
    let mut scope = scope(&mut store);
    let e = read(&mut store, "x*besseli(y, x)^2");
    let y = symbol(&mut store, 1);
    let derivative = Differentiator::new().derivative(&mut store, e, y);
    assert_eq!(display(&store, derivative), "2*x*besseli(y, x)*diff(besseli(y, x), y)");
    assert_eq!(read_back(&mut store, &mut scope, derivative), derivative);
    // Along both arguments at once only one of them has a closed form.
    let e = read(&mut store, "besseli(x, x)");
    let x = symbol(&mut store, 0);
    let derivative = Differentiator::new().derivative(&mut store, e, x);
    let expected = "besseli(x + 1, x) + x*besseli(x, x)/x + diff(besseli(t, x), t) @ x";
    let mut terms: Vec<&str> = expected.split(" + ").collect();
    let text = display(&store, derivative);
    terms.retain(|term| text.contains(term));
    assert_eq!(text.len(), expected.len(), "{text}");
    assert_eq!(terms.len(), 4, "{text}");
}

#[test]
fn derivatives_at_a_point_that_holds_the_variable() {
    use referee::expr::DerivativeKind::{Gradient, Hessian};
    let mut store = Store::new();
    let mut calculus = Differentiator::new();
    let (x, y) = (symbol(&mut store, 0), symbol(&mut store, 1));
    // ∂t (t² x) at t = x + y, and its second derivative.
    let t = store.scalar("t");
    let body = read(&mut store, "t^2*x");
    let body = store.abstract_over(body, t, false);
    let at = store.add(x, y);
    let gradient = store.derivative(Gradient, body, at);
    let gradient = calculus.evaluate(&mut store, gradient);
    assert_eq!(display(&store, gradient), "2*x*(x + y)");
    let hessian = store.derivative(Hessian, body, at);
    let hessian = calculus.evaluate(&mut store, hessian);
    assert_eq!(display(&store, hessian), "2*x");
    // Two derivatives at points, one within the other: ∂s (∂t (s t) at t = s²) at s = 3 is 1.
    let s = store.scalar("s");
    let inner = store.mul(s, t);
    let inner = store.abstract_over(inner, t, false);
    let square = store.powi(s, 2);
    let inner = store.derivative(Gradient, inner, square);
    let outer = store.abstract_over(inner, s, false);
    let three = store.integer(3);
    let outer = store.derivative(Gradient, outer, three);
    assert_eq!(calculus.evaluate(&mut store, outer), Store::ONE);
}

#[track_caller]
fn check_taylor(text: &str, at: &str, expected: &[&str]) {
    let mut store = Store::new();
    let (e, at, x) = (read(&mut store, text), read(&mut store, at), symbol(&mut store, 0));
    let coefficients = taylor(&mut store, &mut Differentiator::new(), e, x, at, expected.len() - 1);
    let mut normalizer = Normalizer::new(Assumptions::none(), Effort::Decide);
    for (k, (found, expected)) in coefficients.into_iter().zip(expected).enumerate() {
        let expected = read(&mut store, expected);
        let difference = store.sub(found, expected);
        assert_eq!(
            normalizer.is_zero(&mut store, difference),
            Ok(true),
            "coefficient {k} of {text}: {}",
            display(&store, found)
        );
    }
}

#[test]
fn taylor_coefficients_of_known_series() {
    check_taylor("exp(x)", "0", &["1", "1", "1/2", "1/6", "1/24", "1/120"]);
    check_taylor("log(1 + x)", "0", &["0", "1", "-1/2", "1/3", "-1/4", "1/5"]);
    check_taylor("1/(1 - x)", "0", &["1", "1", "1", "1", "1"]);
    check_taylor("sin(x)", "0", &["0", "1", "0", "-1/6", "0", "1/120"]);
    check_taylor("sqrt(x)", "4", &["2", "1/4", "-1/64", "1/512"]);
    check_taylor("(1 + x)^y", "0", &["1", "y", "y*(y - 1)/2", "y*(y - 1)*(y - 2)/6"]);
    check_taylor("x^3*y + p", "y", &["y^4 + p", "3*y^3", "3*y^2", "y", "0"]);
    check_taylor("lgamma(x)", "1", &["0", "-EulerGamma", "pi^2/12"]);
    check_taylor("tanh(x)", "0", &["0", "1", "0", "-1/3", "0", "2/15"]);
}
