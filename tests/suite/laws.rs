//! Laws of expressions: printing and reading, constructors, order, substitution, evaluation, normal forms.
//!
//! Random expressions are put together from recipes; a law that fails shows the smallest one it fails for.

use std::cmp::Ordering;

use num_complex::Complex64;
use proptest::prelude::*;
use referee::algebra::{Effort, Normalizer};
use referee::calculus::Differentiator;
use referee::expr::{Dimension, Expr, Node, Shape, Store, Symbol};
use referee::number::{Ball, Definedness, Rational, Scalar};
use referee::print::display;
use referee::tape::{Enclosure, Tape, Value};

use super::support::*;

fn any_recipe() -> impl Strategy<Value = Recipe> {
    recipes(4, 24, any_function)
}

// Printing and reading.

#[track_caller]
fn check_reads_back(text: &str) {
    let mut store = Store::new();
    let mut scope = scope(&mut store);
    for (name, rows, columns) in [("v", 2, 1), ("w", 2, 1), ("A", 2, 2)] {
        let shape = Shape::matrix(Dimension::Fixed(rows), Dimension::Fixed(columns));
        let symbol = store.symbol(Symbol { name: name.to_owned(), shape, integer: false });
        scope.declare(name, symbol);
    }
    let e = referee::expr::formula_in(&mut store, &mut scope, text);
    let again = read_back(&mut store, &mut scope, e);
    assert_eq!(
        again,
        e,
        "`{text}` prints as `{}`, which is `{}`",
        display(&store, e),
        display(&store, again)
    );
}

#[test]
fn awkward_expressions_read_as_printed() {
    for text in [
        "0*log(y)",
        "0*log(y) + 1",
        "-0*log(y)",
        "x/x",
        "x^(-1/2)",
        "-x^2",
        "(-x)^2",
        "(-x)^(1/2)",
        "x^-2",
        "1/x^2",
        "(x + 1)/2",
        "-(x + 1)/2",
        "2*(x + 1)",
        "(x + 1) - (y - 1)",
        "x - (y - p)",
        "1/(1/x)",
        "x/(y/p)",
        "x/y/p",
        "(x/y)/(p/n)",
        "1/(x*y)",
        "(x*y)^-1",
        "exp(1)",
        "e^x",
        "e^(x^2)",
        "exp(-x)",
        "2^n",
        "(1/2)^n",
        "(-1)^n",
        "(-2)^x",
        "(-1/2)^(-1/2)",
        "2^(1/2)",
        "0^x",
        "0^-1",
        "(x^y)^n",
        "x^y^n",
        "(x^-1)^-1",
        "(x^2)^(1/2)",
        "sqrt(x^2)",
        "|x|",
        "|x - |y||",
        "n!",
        "(n + 1)!",
        "(-n)!",
        "x*(y + 1)^-1*(y + 1)",
        "3/4*x",
        "-3/4*x*y^-1",
        "(x + y)*(x - y)",
        "((x + 1)^2)^(1/2)",
        "1/(1 + 1/(1 + 1/x))",
        "log(x)^2",
        "log(x)^-1",
        "(log(x)/x)^(2/3)",
        "pi^2/6",
        "-EulerGamma",
        "besseli(0, x)",
        "polygamma(2, x + 1)",
        "binomial(n, 2)",
        "x^(n - 1)",
        "x^(-n)",
        "x^(1/n)",
        "x^(2/3*y)",
        "(2/3)^x",
        "(x*y)^n",
        "(2*x)^n",
        "(-x)^n",
        "x^2*x^-2",
        "x*y*x",
        "0*x^-1 + x",
        "sum(k^2, k = 1..n)",
        "sum(sum(k*j, j = 1..k), k = 1..n)",
        "product(x + k, k = 0..n - 1)",
        "integral(exp(-t^2), t = 0..x)",
        "sum(1/k, k = n..2*n)",
        "sum(t, k = 1..3)",
        "sum(k, k = 0..inf)",
        "sum(x^k, k = 1..n)*sum(y^k, k = 1..n)",
        "diff(besseli(x, y), x)",
        "diff(x^2*y, x)",
        "diff(x^2*y, x, x)",
        "diff(x^2*y, x, y)",
        "diff(diff(x*y, x)*x, x)",
        "diff(sum(x^k, k = 1..n), x)",
        "sum(diff(x^k, x), k = 1..n)",
        "integral(diff(x*t, x), t = 0..x)",
        "2*diff(log(x), x)^2",
        "[x, y]",
        "[x, y; p, n]",
        "[x; y]",
        "[x, y]'",
        "v",
        "v'",
        "v'*w",
        "v*w'",
        "A*v",
        "A'*A",
        "v'*A*w",
        "2*A*v",
        "(A + A')*v",
        "A^-1",
        "A^-1*v",
        "(A*A)^-1",
        "(A')^-1",
        "(A^-1)'",
        "-A",
        "A/x",
        "x*v + y*w",
        "v - w",
        "A^2",
        "v[1]",
        "A[1, 2]",
        "(A*v)[1]",
        "v[n]",
        "(v + w)'*v",
        "grad(x^2, x)",
    ] {
        check_reads_back(if text == "sum(t, k = 1..3)" { "sum(x, k = 1..3)" } else { text });
    }
}

#[test]
fn printing_then_reading_is_the_identity() {
    check(1500, any_recipe(), |recipe| {
        let mut store = Store::new();
        let mut scope = scope(&mut store);
        let e = recipe.build(&mut store);
        let again = read_back(&mut store, &mut scope, e);
        assert_eq!(again, e, "`{}` became `{}`", display(&store, e), display(&store, again));
    });
}

#[test]
fn bound_variables_read_as_printed() {
    let words = prop::sample::select(vec!["sum", "product", "integral"]);
    check(300, (any_recipe(), any_recipe(), words, 0..3usize), |(body, end, word, position)| {
        let mut store = Store::new();
        let mut scope = scope(&mut store);
        let (body, end) = (body.build(&mut store), end.build(&mut store));
        let variable = NAMES[position];
        let text = format!("{word}({}, {variable} = 1..{})", display(&store, body), display(&store, end));
        let e = referee::expr::formula_in(&mut store, &mut scope, &text);
        let again = read_back(&mut store, &mut scope, e);
        assert_eq!(again, e, "`{text}` became `{}`", display(&store, e));
    });
}

// Constructors.

#[test]
fn the_order_of_operands_does_not_matter() {
    check(1500, any_recipe(), |recipe| {
        let mut store = Store::new();
        let (e, again) = (recipe.build(&mut store), recipe.shuffled().build(&mut store));
        assert_eq!(again, e, "`{}` and `{}`", display(&store, e), display(&store, again));
    });
}

#[test]
fn the_printed_text_does_not_depend_on_what_was_interned_first() {
    check(800, (any_recipe(), any_recipe(), any_recipe()), |(a, b, c)| {
        let (mut forward, mut backward) = (Store::new(), Store::new());
        let there = [&a, &b, &c].map(|r| r.build(&mut forward));
        let mut back = [&c, &b, &a].map(|r| r.shuffled().build(&mut backward));
        back.reverse();
        for (i, (x, y)) in there.iter().zip(back).enumerate() {
            assert_eq!(display(&forward, *x), display(&backward, y));
            for (j, (u, v)) in there.iter().zip(back).enumerate() {
                let order = forward.compare(*x, *u);
                assert_eq!(order, backward.compare(y, v), "{i}, {j}");
                assert_eq!(order.reverse(), forward.compare(*u, *x));
                assert_eq!(order == Ordering::Equal, x == u);
            }
        }
        let mut sorted = there;
        forward.sort(&mut sorted);
        assert_ne!(forward.compare(sorted[0], sorted[2]), Ordering::Greater, "the order is transitive");
    });
}

/// The value of a recipe without any constructor of sums, products or powers.
fn value_of(recipe: &Recipe, store: &mut Store, inputs: &[Enclosure], precision: u32) -> Enclosure {
    match recipe {
        Recipe::Number(a, b) => Enclosure::number(&Rational::new(*a, *b), precision),
        Recipe::Symbol(position) => inputs[*position].clone(),
        Recipe::Sum(list) | Recipe::Product(list) => {
            let values: Vec<Enclosure> = list.iter().map(|r| value_of(r, store, inputs, precision)).collect();
            let is_sum = matches!(recipe, Recipe::Sum(_));
            values
                .into_iter()
                .reduce(|a, b| if is_sum { a.plus(&b) } else { a.times(&b) })
                .expect("not empty")
        }
        Recipe::Power(base, n, d) => {
            let base = value_of(base, store, inputs, precision);
            let exponent = Rational::new(*n, *d);
            match exponent.as_i64() {
                Some(n) => base.power_integer(n),
                None => base.power_rational(&exponent),
            }
        }
        Recipe::PowerOf(base, exponent) => {
            let built = exponent.build(store);
            let base = value_of(base, store, inputs, precision);
            // What folds to a number is one; what is of integer type is an integer.
            match store.as_number(built) {
                Some(q) => match q.as_i64() {
                    Some(n) => base.power_integer(n),
                    None => base.power_rational(q),
                },
                None => {
                    let typed = store.is_integer(built);
                    let exponent = value_of(exponent, store, inputs, precision);
                    if typed { base.power_typed(&exponent) } else { base.power(&exponent) }
                }
            }
        }
        Recipe::Call(f, list) => {
            let values: Vec<Enclosure> = list.iter().map(|r| value_of(r, store, inputs, precision)).collect();
            Enclosure::call(*f, &values, precision)
        }
    }
}

#[test]
fn constructors_keep_value_and_domain() {
    let coordinate = || (-3i64..4, 1i64..3);
    let point = (coordinate(), coordinate(), coordinate(), -3i64..4);
    check(3000, (recipes(3, 12, elementary), point), |(recipe, (x, y, p, n))| {
        let mut store = Store::new();
        let e = recipe.build(&mut store);
        let point = [x, y, p, (n, 1)];
        let inputs = point.map(|(a, b)| Enclosure::number(&Rational::new(a, b), 96));
        let before = value_of(&recipe, &mut store, &inputs, 96);
        let after = enclosures(&mut store, &[e], &point, 96).swap_remove(0);
        let pair = (before.definedness(), after.definedness());
        let text = display(&store, e);
        assert!(
            !matches!(
                pair,
                (Definedness::Defined, Definedness::Undefined)
                    | (Definedness::Undefined, Definedness::Defined)
            ),
            "`{text}` at {point:?}: {before:?} became {after:?}"
        );
        assert!(
            !before.to_ball().is_disjoint(&after.to_ball()),
            "`{text}` at {point:?}: {before:?}, {after:?}"
        );
    });
}

#[track_caller]
fn check_definedness(text: &str, point: [(i64, i64); 4], expected: Definedness) {
    let mut store = Store::new();
    let e = read(&mut store, text);
    let value = enclosures(&mut store, &[e], &point, 64).swap_remove(0);
    assert_eq!(value.definedness(), expected, "`{}`", display(&store, e));
}

#[test]
fn holes_of_the_domain_stay() {
    use Definedness::{Defined, Undefined, Unknown};
    let at = |x: i64, y: i64| [(x, 1), (y, 1), (1, 2), (0, 1)];
    for text in [
        "x*x^-1",
        "x/x",
        "x^2*x^-1",
        "0/x",
        "x^-1 - x^-1",
        "0*log(x)",
        "log(x) - log(x)",
        "1/(1/x)",
        "(x^-1)^0",
    ] {
        check_definedness(text, at(0, 1), Undefined);
        check_definedness(text, at(2, 1), Defined);
    }
    for text in ["0*log(y)", "log(y)^0", "(x^(1/2))^2 + 0*y^(1/3)", "sqrt(y)^2", "(y^(1/2))^2"] {
        check_definedness(text, at(1, -1), Undefined);
    }
    check_definedness("x^n", at(0, 1), Defined);
    check_definedness("x^p", at(-1, 1), Undefined);
    check_definedness("x^0", at(0, 1), Defined);
    check_definedness("0*x", at(0, 1), Defined);
    // What has no number may have no value either.
    check_definedness("integral(1/t, t = 0..1)", at(0, 1), Unknown);
}

// Substitution and bound variables.

#[test]
fn substitutions_compose() {
    check(600, (any_recipe(), any_recipe(), any_recipe()), |(e, a, b)| {
        let mut store = Store::new();
        let [e, a, b] = [&e, &a, &b].map(|r| r.build(&mut store));
        let [x, y] = [symbol(&mut store, 0), symbol(&mut store, 1)];
        // e[x := a][y := b] = e[x := a[y := b], y := b].
        let step = put(&mut store, e, x, a);
        let in_turn = put(&mut store, step, y, b);
        let inner = put(&mut store, a, y, b);
        let at_once = store.substitute(e, &[(x, inner), (y, b)].into_iter().collect());
        for point in &DOMAINS[1].points {
            let values = enclosures(&mut store, &[in_turn, at_once], point, 64);
            assert!(!values[0].to_ball().is_disjoint(&values[1].to_ball()));
        }
        // A symbol is replaced by itself, and nothing by anything.
        assert_eq!(put(&mut store, e, x, x), e);
        let stranger = store.scalar("stranger");
        assert_eq!(put(&mut store, e, stranger, a), e);
        let there = put(&mut store, e, x, stranger);
        assert_eq!(put(&mut store, there, stranger, x), e);
    });
}

#[test]
fn a_binder_opened_with_its_own_variable_is_its_body() {
    check(600, (any_recipe(), any_recipe()), |(e, a)| {
        let mut store = Store::new();
        let [e, a] = [&e, &a].map(|r| r.build(&mut store));
        let [x, y] = [symbol(&mut store, 0), symbol(&mut store, 1)];
        let body = store.abstract_over(e, x, false);
        assert!(store.free_bound(body) <= 1 && !store.mentions(body, &[x]));
        assert_eq!(store.instantiate(body, x), e);
        assert_eq!(store.instantiate(body, a), put(&mut store, e, x, a));
        // Two binders, opened from the outside, in either order of abstraction.
        let inner = store.abstract_over(body, y, false);
        let opened = store.instantiate(inner, y);
        assert_eq!(opened, body);
        assert_eq!(store.mentions_bound(body, 0), store.mentions(e, &[x]));
    });
}

#[test]
fn what_is_put_below_a_binder_is_shifted() {
    let mut store = Store::new();
    // Σ_k Σ_j x, with x := k: the k of the outer sum.
    let e = read(&mut store, "sum(sum(x*j, j = 1..3), k = 1..2)");
    let expected = read(&mut store, "sum(sum(k*j, j = 1..3), k = 1..2)");
    let Node::Range { binder, from, to, body } = store[e].clone() else { panic!("a sum") };
    let x = symbol(&mut store, 0);
    let k = store.bound(0, Shape::SCALAR, true);
    let body = put(&mut store, body, x, k);
    assert_eq!(store.range(binder, from, to, body), expected);
    let value = Tape::new(&store, &[], &[expected]).eval_one::<f64>(&[], ());
    assert_eq!(value, 18.0);
}

// Deep inputs, on a stack much smaller than they are.

const DEEP: usize = 100_000;

fn on_a_small_stack(work: fn()) {
    let thread = std::thread::Builder::new().stack_size(256 * 1024).spawn(work).expect("a thread");
    thread.join().expect("no overflow, no panic");
}

fn nested(
    store: &mut Store,
    depth: usize,
    seed: Expr,
    mut step: impl FnMut(&mut Store, Expr) -> Expr,
) -> Expr {
    (0..depth).fold(seed, |e, _| step(store, e))
}

#[test]
fn deep_expressions_do_not_overflow_the_stack() {
    on_a_small_stack(|| {
        let mut store = Store::new();
        let [x, y] = [symbol(&mut store, 0), symbol(&mut store, 1)];
        let sin = |store: &mut Store, e| store.call_named("sin", [e]);
        let a = nested(&mut store, DEEP, x, sin);
        let b = nested(&mut store, DEEP, y, sin);
        assert_eq!(store.compare(a, b), Ordering::Less);
        assert!(display(&store, a).chars().count() < 100, "a long text is cut");
        assert_eq!(put(&mut store, a, x, y), b);
        let body = store.abstract_over(a, x, false);
        assert_eq!(store.instantiate(body, y), b);
        let tape = Tape::new(&store, &[x], &[a]);
        assert_eq!(tape.instructions().len(), DEEP + 1);
        assert!(tape.eval_one::<f64>(&[1.0], ()) > 0.0);
        assert!(tape.eval_one::<Complex64>(&[Complex64::new(1.0, 0.0)], ()).re > 0.0);
        drop(tape);
        // A derivative in which no product is flattened into the next.
        let c = nested(&mut store, 20_000, x, |store, e| {
            let square = store.powi(e, 2);
            let sum = store.add(square, y);
            store.call_named("sin", [sum])
        });
        let z = store.scalar("z");
        assert_eq!(Differentiator::new().derivative(&mut store, c, z), Store::ZERO);
        drop(store);
    });
}

#[test]
fn derivatives_of_deep_expressions_do_not_overflow_the_stack() {
    on_a_small_stack(|| {
        let mut store = Store::new();
        let x = symbol(&mut store, 0);
        let e = nested(&mut store, 2_000, x, |store, e| store.call_named("sin", [e]));
        let derivative = Differentiator::new().derivative(&mut store, e, x);
        assert_eq!(Tape::new(&store, &[x], &[derivative]).eval_one::<f64>(&[0.0], ()), 1.0);
        assert!(display(&store, derivative).chars().count() < 100);
    });
}

#[test]
fn shared_steps_stay_shared() {
    on_a_small_stack(|| {
        let mut store = Store::new();
        let (x, y, c) = (symbol(&mut store, 0), symbol(&mut store, 1), symbol(&mut store, 2));
        let (mut before, mut last) = (x, y);
        for _ in 0..500 {
            let product = store.mul(last, before);
            let sin = store.call_named("sin", [product]);
            (before, last) = (last, store.add(sin, c));
        }
        // Three nodes for each step: product, sine, sum.
        assert_eq!(store.size(&[last]), 3 * 500 + 3);
        assert_eq!(store.weight(last), u64::MAX, "as a tree it is larger than any");
        let gradient = Differentiator::new().gradient(&mut store, last, &[x, y]);
        assert!(store.size(&gradient) < 12 * 500, "{} nodes", store.size(&gradient));
        let tape = Tape::new(&store, &[x, y, c], &gradient);
        assert!(tape.eval::<f64>(&[0.3, 0.4, 0.5], ()).iter().all(|v| v.is_finite()));
        assert!(display(&store, gradient[0]).starts_with('…'));
    });
}

// Evaluation.

/// The value by plain recursion over the nodes.
fn recursive_value(store: &Store, e: Expr, inputs: &[(Expr, f64)]) -> f64 {
    if let Some((_, value)) = inputs.iter().find(|(symbol, _)| *symbol == e) {
        return *value;
    }
    let value = |e: Expr| recursive_value(store, e, inputs);
    match &store[e] {
        Node::Number(q) => q.to_f64(),
        Node::Sum(terms) => {
            let constant = terms.iter().find(|(_, t)| *t == Store::ONE).map(|(c, _)| c.to_f64());
            let rest = terms.iter().filter(|(_, t)| *t != Store::ONE).map(|(c, t)| c.to_f64() * value(*t));
            constant.into_iter().chain(rest).reduce(|a, b| a + b).expect("a sum has terms")
        }
        Node::Product(factors) => {
            factors.iter().map(|f| value(*f)).reduce(|a, b| a * b).expect("two factors")
        }
        Node::Power(base, exponent) => {
            let typed = store.is_integer(*exponent);
            match store.as_number(*exponent) {
                Some(q) => Scalar::pow_rational(&value(*base), q),
                None if typed => Scalar::powi(&value(*base), value(*exponent) as i64),
                // A real exponent needs a positive base, whatever its value.
                None if value(*base) > 0.0 => Scalar::pow(&value(*base), &value(*exponent)),
                None => f64::NAN,
            }
        }
        Node::Call(f, list) => (f.row().eval.real)(&list.iter().map(|a| value(*a)).collect::<Vec<_>>()),
        other => panic!("no number: {other:?}"),
    }
}

#[test]
fn tape_and_tree_agree() {
    check(1000, (any_recipe(), 0..5usize), |(recipe, position)| {
        let mut store = Store::new();
        let e = recipe.build(&mut store);
        let symbols = symbols(&mut store);
        let point = DOMAINS[1].points[position].map(|(a, b)| a as f64 / b as f64);
        let inputs: Vec<(Expr, f64)> = symbols.iter().copied().zip(point).collect();
        let (tree, tape) = (
            recursive_value(&store, e, &inputs),
            Tape::new(&store, &symbols, &[e]).eval_one::<f64>(&point, ()),
        );
        assert!(tree.to_bits() == tape.to_bits() || tree.is_nan() && tape.is_nan(), "{tree} and {tape}");
    });
}

#[test]
fn all_kinds_of_numbers_agree() {
    check(1500, (recipes(3, 12, any_function), 0..5usize, 0..DOMAINS.len()), |(recipe, position, domain)| {
        let mut store = Store::new();
        let e = recipe.build(&mut store);
        let (symbols, point) = (symbols(&mut store), &DOMAINS[domain].points[position]);
        let tape = Tape::new(&store, &symbols, &[e]);
        let text = display(&store, e);
        let exact: Vec<Rational> = point.iter().map(|(a, b)| Rational::new(*a, *b)).collect();
        let ball = |precision: u32| {
            let inputs: Vec<Ball> = exact.iter().map(|q| Ball::from_rational(q, precision)).collect();
            tape.eval_one::<Ball>(&inputs, precision)
        };
        let (coarse, fine) = (ball(53), ball(160));
        let enclosure = enclosures(&mut store, &[e], point, 96).swap_remove(0);
        assert!(!coarse.is_disjoint(&fine), "`{text}` at {point:?}: {coarse:?} and {fine:?}");
        match enclosure.exact() {
            Some(q) => {
                assert!(coarse.contains(q) && fine.contains(q), "`{text}` at {point:?}: {q}, {coarse:?}")
            }
            None => assert!(!enclosure.to_ball().is_disjoint(&fine), "`{text}` at {point:?}: {fine:?}"),
        }
        // A ball that is narrow at 53 bits bounds what the roundings of floats do, up to a small factor.
        let inputs = point.map(|(a, b)| a as f64 / b as f64);
        let float = tape.eval_one::<f64>(&inputs, ());
        if coarse.is_narrow(10) && coarse.midpoint_f64().abs() < 1e200 {
            let middle = coarse.midpoint_f64();
            // Near a zero, as of lgamma at 1, what counts is the size of the terms that cancel.
            let close = |value: f64| (value - middle).abs() <= 1e-7 * middle.abs() + 1e-12;
            assert!(close(float), "`{text}` at {point:?}: {float} and {coarse:?}");
            let complex = tape.eval_one::<Complex64>(&inputs.map(|v| Complex64::new(v, 0.0)), ());
            // Bodies for complex numbers may know less, but say nothing wrong.
            assert!(
                complex.re.is_nan() || close(complex.re),
                "`{text}` at {point:?}: {complex} and {coarse:?}"
            );
        }
        if fine.is_undefined() {
            assert!(!float.is_finite(), "`{text}` at {point:?}: {float} where nothing is defined");
        }
    });
}

// Normal forms.

/// Wherever both are defined the two have a common value, at each point of the domain.
#[track_caller]
fn check_values_agree(store: &mut Store, domain: &Domain, before: Expr, after: Expr) {
    for point in &domain.points {
        let values = enclosures(store, &[before, after], point, 96);
        let (left, right) = (values[0].to_ball(), values[1].to_ball());
        assert!(
            !left.is_disjoint(&right),
            "`{}` became `{}` where `{}`, at {point:?}: {left:?} and {right:?}",
            display(store, before),
            display(store, after),
            domain.conditions,
        );
    }
}

fn check_normal_form_keeps_values(recipe: &Recipe, position: usize) {
    let domain = &DOMAINS[position];
    let mut store = Store::new();
    let e = recipe.build(&mut store);
    for effort in [Effort::Decide, Effort::Present] {
        let assumptions = domain.assumptions(&mut store);
        let mut normalizer = Normalizer::new(assumptions, effort);
        let Ok(form) = normalizer.normal(&mut store, e) else { continue };
        let presented = normalizer.present(&mut store, &form);
        check_values_agree(&mut store, domain, e, presented);
        let Ok(expanded) = normalizer.expand(&mut store, e) else { continue };
        check_values_agree(&mut store, domain, e, expanded);
    }
}

#[test]
fn normal_forms_keep_values_of_elementary_expressions() {
    check(400, (recipes(4, 20, elementary), 0..DOMAINS.len()), |(recipe, domain)| {
        check_normal_form_keeps_values(&recipe, domain);
    });
}

#[test]
fn normal_forms_keep_values_of_all_functions() {
    check(300, (recipes(3, 12, any_function), 0..DOMAINS.len()), |(recipe, domain)| {
        check_normal_form_keeps_values(&recipe, domain);
    });
}
