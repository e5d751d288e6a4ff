//! Every known integral and sum of the table against quadrature and summation.

use approx::assert_relative_eq;
use referee::expr::{Expr, Scope, Store, formula_in};
use referee::integrate::axis::{Abscissa, Interval};
use referee::integrate::quadrature::Quadrature;
use referee::integrate::region::{Region, simplex};
use referee::integrate::summation::Summation;
use referee::stats::known::{KNOWN, KnownIntegral};
use referee::tape::Tape;

/// Values for coefficients and for what a row binds: the first that satisfies the row's conditions is taken,
/// one from each end of the list, so that two different points are tried.
const CANDIDATES: [f64; 10] = [-1.5, -0.75, -1.25, 0.5, -2.5, 1.75, -0.5, 2.5, 0.25, 1.25];

const COEFFICIENTS: [&str; 5] = ["a", "b", "c", "d", "f"];

/// A row with its formulas as tapes of (x or x1, x2, then coefficients, then k, m, n, r).
struct Row {
    names: Vec<&'static str>,
    exponent: Tape,
    value: Tape,
    conditions: Tape,
}

fn row(known: &KnownIntegral, variables: &[&'static str]) -> Row {
    let (mut store, mut scope) = (Store::new(), Scope::lenient());
    let mut names: Vec<&str> = variables.to_vec();
    names.extend(&COEFFICIENTS[..known.basis.len()]);
    names.extend(["k", "m", "n", "r"]);
    let symbols: Vec<Expr> = names.iter().map(|n| formula_in(&mut store, &mut scope, n)).collect();
    let terms: Vec<Expr> = known
        .basis
        .iter()
        .zip(COEFFICIENTS)
        .map(|(term, c)| formula_in(&mut store, &mut scope, &format!("{c}*({term})")))
        .collect();
    let exponent = store.sum(terms);
    let value = formula_in(&mut store, &mut scope, known.value);
    let conditions: Vec<Expr> = known
        .conditions
        .iter()
        .map(|text| {
            let (left, right) = text.split_once('>').expect("an inequality");
            formula_in(&mut store, &mut scope, &format!("({left}) - ({right})"))
        })
        .collect();
    Row {
        exponent: Tape::new(&store, &symbols, &[exponent]),
        value: Tape::new(&store, &symbols, &[value]),
        conditions: Tape::new(&store, &symbols, &conditions),
        names,
    }
}

/// Coefficients that satisfy the conditions, found by trying combinations in a fixed order.
fn inputs(known: &KnownIntegral, row: &Row, variables: usize, backwards: bool) -> Vec<f64> {
    let free: Vec<usize> = (variables..variables + known.basis.len())
        .filter(|i| !known.fixed.iter().any(|(name, ..)| *name == row.names[*i]))
        .collect();
    let total = CANDIDATES.len().pow(free.len() as u32);
    for attempt in 0..total {
        let mut code = if backwards { total - 1 - attempt } else { attempt };
        // k = 3/2, m = 1/2 (an end or a place), n = 3, r = 5/2.
        let mut input = vec![0.5; row.names.len()];
        let bound = row.names.len() - 4;
        input[bound..].copy_from_slice(&[1.5, 0.5, 3.0, 2.5]);
        for (name, n, d) in known.fixed {
            let at =
                row.names.iter().position(|other| other == name).expect("a fixed coefficient has a name");
            input[at] = *n as f64 / *d as f64;
        }
        for i in &free {
            input[*i] = CANDIDATES[code % CANDIDATES.len()];
            code /= CANDIDATES.len();
        }
        // Well inside, where quadrature without the distance to an end is good enough.
        let holds = row.conditions.eval(&input, ()).iter().all(|v| *v > 0.45);
        if holds && row.value.eval_one(&input, ()).is_finite() {
            return input;
        }
    }
    panic!("{}: no coefficients satisfy the conditions", known.name);
}

/// ∫ or Σ exp(exponent) over the row's space.
fn measured(known: &KnownIntegral, row: &Row, input: &[f64]) -> f64 {
    let at = |x: &[f64]| {
        let mut input = input.to_vec();
        input[..x.len()].copy_from_slice(x);
        let exponent: f64 = row.exponent.eval_one(&input, ());
        // A node that rounding moved onto the far side of the simplex has no mass.
        if exponent.is_nan() { 0.0 } else { libm::exp(exponent) }
    };
    let line = |lower: f64, upper: f64, breaks: &[f64]| {
        let quadrature = Quadrature::over(Interval::new(lower, upper)).break_points(breaks);
        quadrature.integrate_function(&|x| at(&[x])).values[0]
    };
    let sum = |lower: f64, upper: f64| {
        Summation::over(Interval::new(lower, upper)).sum_function(&|x| at(&[x])).values[0]
    };
    let infinity = f64::INFINITY;
    match known.space {
        "half-line" => line(0.0, infinity, &[]),
        "unit" => line(0.0, 1.0, &[]),
        "line" => line(-infinity, infinity, &[0.0, 0.5]),
        "interval" => line(0.5, 3.0, &[]),
        "tail" => line(0.5, infinity, &[]),
        "circle" => line(-std::f64::consts::PI, std::f64::consts::PI, &[]),
        "counts" => sum(0.0, infinity),
        "positive-counts" => sum(1.0, infinity),
        "range" => sum(0.0, 3.0),
        "lattice-simplex" => (0..=3)
            .flat_map(|i| (0..=3 - i).map(move |j| (i, j)))
            .map(|(i, j)| at(&[i as f64, j as f64]))
            .sum(),
        "simplex" => plane(&simplex, &at),
        "plane" => plane(&|_, _: &[Abscissa]| Interval::LINE, &at),
        other => panic!("{other} has no measure here"),
    }
}

fn plane(bounds: &dyn Fn(usize, &[Abscissa]) -> Interval, at: &dyn Fn(&[f64]) -> f64) -> f64 {
    let integral = Region::new(2, bounds).integrate(1, &|x| libm::log(at(x)), &mut |x, out| out[0] = at(x));
    integral.values[0]
}

#[test]
fn every_known_integral_agrees_with_its_measure() {
    for known in KNOWN {
        let variables: &[&str] = if matches!(known.space, "simplex" | "plane" | "lattice-simplex") {
            &["x1", "x2"]
        } else {
            &["x"]
        };
        let row = row(known, variables);
        for backwards in [false, true] {
            let input = inputs(known, &row, variables.len(), backwards);
            let expected = row.value.eval_one(&input, ());
            let found = libm::log(measured(known, &row, &input));
            println!("{}: {found} against {expected} at {input:?}", known.name);

            assert_relative_eq!(found, expected, epsilon = 1e-7, max_relative = 1e-7);
        }
    }
}
