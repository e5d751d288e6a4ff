//! Every helper against the balls of the rows it gives, at points over their whole domain.

use rayon::prelude::*;

use super::*;
use crate::function::tests::Numbers;
use crate::function::{FunctionId, lookup};
use crate::number::Ball;
use crate::program::Term;

/// Points at which each helper is compared; so many as `HELPER_POINTS` says, where that is set.
const POINTS: usize = 800;

/// The points for one helper: balls of Bessel functions take their time.
fn points(name: &str) -> usize {
    let points = std::env::var("HELPER_POINTS").map_or(POINTS, |text| text.parse().expect("a count"));
    if name.contains("bessel") { points / 16 } else { points }
}

/// What is allowed of one helper.
#[derive(Clone, Copy)]
struct Allowed {
    /// Units in the last place.
    ulps: f64,
    /// Are they multiplied by 1 + κ, with κ the relative condition number?
    by_condition: bool,
}

/// A few units, for every helper that does not say more.
#[rustfmt::skip]
fn allowed(name: &str, arguments: &[f64]) -> Allowed {
    let (ulps, by_condition) = match name {
        "sign" => (0.0, false),
        // By the digits of the exponent.
        "power_over" => (4.0, true),
        // Next to a product of 1.
        "log_product" => (4.0, true),
        // Next to its root, and where a - b is rounded before it is an exponent.
        "logaddexp" => (2.0, true),
        // Next to the roots of digamma and of log |gamma| left of 0, and of log B.
        "digamma" | "trigamma" | "digamma_trigamma" | "lgamma" | "gamma" | "factorial" | "lbeta" => (4.0, true),
        // Outside 0 <= k <= n by differences of log |gamma|, whose units count as often as it is large.
        "binomial" if !(0.0..=arguments[0]).contains(&arguments[1]) => (64.0, true),
        "polygamma" | "binomial" | "gamma_divergence" | "beta_divergence" | "trigamma_gap" => (8.0, true),
        // Of large order next to x = nu.
        "besseli" | "log_besseli_scaled" | "log_besseli_and_ratio" => (16.0, true),
        "bessel_ratio_slope" | "bessel_ratio_and_slope" => (16.0, true),
        // x - m, its ratio to m and the logarithm are rounded, each to as much as a rounding of m does.
        "kl_term_rounded" => (4.0, true),
        "kl_term_exp" | "binary_kl" | "truncated_divergence" => (8.0, true),
        "exp_divergence" | "logistic_divergence" | "logistic_gain" | "bessel_divergence" => (8.0, true),
        "tilted_divergence" => (8.0, true),
        _ => (4.0, false),
    };
    Allowed { ulps, by_condition }
}

/// Where a parameter of a row may lie, as its domain says.
#[derive(Clone, Copy, PartialEq)]
enum Range {
    Real,
    Positive,
    NonNegative,
    Negative,
    /// 0, 1, 2, ….
    Count,
}

fn ranges(f: FunctionId) -> Vec<Range> {
    let range = |name: &&str| {
        let says = |end: &str| f.domain.contains(&format!("{name} {end}").as_str());
        match () {
            () if says("integer") && says(">= 0") => Range::Count,
            () if says("> 0") => Range::Positive,
            () if says(">= 0") => Range::NonNegative,
            () if says("< 0") => Range::Negative,
            () => Range::Real,
        }
    };
    f.params.iter().map(range).collect()
}

/// An argument in the manner of a point: from all magnitudes, ordinary, or next to what is special.
fn argument(numbers: &mut Numbers, range: Range, manner: usize, first: Option<f64>) -> f64 {
    if range == Range::Count {
        return numbers.between(0.0, 12.0).floor();
    }
    let small = numbers.power_of_two(-53.0, -2.0) * if numbers.unit() < 0.5 { -1.0 } else { 1.0 };
    let magnitude = match (manner, first) {
        (0, _) => numbers.power_of_two(-332.0, 332.0),
        (1, _) => numbers.between(0.0, 20.0),
        (2, _) => (numbers.between(0.0, 12.0).round() / 2.0) * (1.0 + small),
        (3, Some(first)) => first.abs() * (1.0 + small),
        _ => numbers.power_of_two(-10.0, 10.0),
    };
    match range {
        Range::Negative => -magnitude,
        Range::Real if numbers.unit() < 0.5 => -magnitude,
        _ => magnitude,
    }
}

fn point(numbers: &mut Numbers, ranges: &[Range]) -> Vec<f64> {
    let manner = (numbers.unit() * 6.0) as usize;
    let mut arguments = Vec::new();
    for range in ranges {
        // The last manner mixes the others.
        let own = if manner == 5 { (numbers.unit() * 5.0) as usize } else { manner };
        let next = argument(numbers, *range, own, arguments.first().copied());
        arguments.push(next);
    }
    arguments
}

/// The value of a row by as many bits as it needs.
fn enclosure(f: FunctionId, arguments: &[Ball]) -> Ball {
    let at = |precision| (f.eval.ball)(arguments, precision);
    [128, 320]
        .into_iter()
        .map(at)
        .find(|ball| !ball.is_defined() || ball.is_narrow(19))
        .unwrap_or_else(|| at(128))
}

/// κ = Σᵢ|xᵢ ∂f/∂xᵢ / f| by differences of balls.
fn condition_number(f: FunctionId, arguments: &[f64], value: &Ball) -> f64 {
    let exact = |x: f64| Ball::from_f64(x, 200);
    let step = Ball::from_i64(2, 200).powi(-60);
    let part = |place: usize| {
        let mut moved: Vec<Ball> = arguments.iter().map(|x| exact(*x)).collect();
        moved[place] = moved[place].add(&moved[place].mul(&step));
        let change = (f.eval.ball)(&moved, 400)
            .sub(&(f.eval.ball)(&arguments.iter().map(|x| exact(*x)).collect::<Vec<_>>(), 400));
        change.div(&step).div(value).abs().upper_f64()
    };
    (0..arguments.len()).filter(|i| arguments[*i] != 0.0).map(part).sum()
}

/// |found − exact| in units in the last place of the exact value.
fn error_in_ulps(found: f64, exact: &Ball) -> f64 {
    let value = exact.midpoint_f64();
    if value.is_infinite() {
        return if found == value { 0.0 } else { f64::INFINITY };
    }
    // Below the smallest normal float a digit counts for nothing.
    if value.abs() < f64::MIN_POSITIVE && value != 0.0 {
        return if found.abs() <= f64::MIN_POSITIVE && found * value >= 0.0 { 0.0 } else { f64::INFINITY };
    }
    let unit = f64::from_bits(value.abs().to_bits() + 1) - value.abs();
    if found.is_finite() {
        // In balls to the end: a difference below the smallest normal float would be rounded up to it.
        Ball::from_f64(found, 200).sub(exact).abs().div(&Ball::from_f64(unit, 200)).upper_f64()
    } else {
        f64::INFINITY
    }
}

/// How one result of a helper fares against its row.
struct Measured {
    name: &'static str,
    row: &'static str,
    compared: usize,
    /// The largest error, in units of what is allowed for it.
    worst: f64,
    place: Vec<f64>,
    ulps: f64,
}

fn measure(helper: &'static Helper, result: usize) -> Measured {
    let f = lookup(helper.gives[result]).expect("a row");
    let (ranges, mut numbers) = (ranges(f), Numbers(19));
    let mut measured =
        Measured { name: helper.name, row: f.row().name, compared: 0, worst: 0.0, place: vec![], ulps: 0.0 };
    for _ in 0..points(helper.name) {
        let mut arguments = point(&mut numbers, &ranges);
        // The first argument is the difference of the others, or has nothing to do with them.
        if helper.name == "logistic_gain" && numbers.unit() < 0.5 {
            arguments[2] = arguments[0] + arguments[1];
        }
        let found = helper.evaluate(&arguments)[result];
        let exact: Vec<Ball> = arguments.iter().map(|x| Ball::from_f64(*x, 53)).collect();
        let value = enclosure(f, &exact);
        if value.is_undefined() && found.is_nan() || !value.is_undefined() && !value.is_narrow(19) {
            continue;
        }
        measured.compared += 1;
        let ulps = if value.is_undefined() { f64::INFINITY } else { error_in_ulps(found, &value) };
        let Allowed { ulps: mut most, by_condition } = allowed(helper.name, &arguments);
        if by_condition && ulps > most && ulps.is_finite() {
            most *= 1.0 + condition_number(f, &arguments, &value);
        }
        if ulps > measured.worst * most {
            (measured.worst, measured.ulps, measured.place) = (ulps / most, ulps, arguments);
        }
    }
    measured
}

#[test]
fn helpers_give_their_rows_to_a_few_units_in_the_last_place() {
    let results: Vec<(&'static Helper, usize)> =
        helpers().flat_map(|helper| (0..helper.gives.len()).map(move |result| (helper, result))).collect();
    let table: Vec<Measured> = results.par_iter().map(|(helper, result)| measure(helper, *result)).collect();
    let is_good = |m: &Measured| m.worst <= 1.0 && m.compared >= points(m.name) / 2;
    let line = |m: &Measured| {
        let Measured { name, row, compared, worst, place, ulps } = m;
        let mark = if is_good(m) { "" } else { "  <-" };
        format!(
            "{name:28}{row:26}{compared:5} points{ulps:10.2} ulps{worst:8.2} of allowed at {place:?}{mark}"
        )
    };
    let lines: Vec<String> = table.iter().map(line).collect();
    println!("{}", lines.join("\n"));
    assert!(table.iter().all(is_good), "\n{}", lines.join("\n"));
}

#[test]
fn helpers_are_nan_outside_their_domain_and_end_everywhere() {
    const EXTREMES: [f64; 13] = [
        f64::NAN,
        f64::INFINITY,
        f64::NEG_INFINITY,
        0.0,
        -0.0,
        5e-324,
        f64::MIN_POSITIVE,
        f64::MAX,
        -f64::MAX,
        -1.0,
        1.0,
        1e16,
        // -2⁵² - 1: half a unit more is rounded away from it.
        -4_503_599_627_370_497.0,
    ];
    for helper in helpers() {
        let count = helper.parameters.len() as u32;
        for index in 0..EXTREMES.len().pow(count) {
            let digit = |place: u32| EXTREMES[index / EXTREMES.len().pow(place) % EXTREMES.len()];
            let arguments: Vec<f64> = (0..count).map(digit).collect();
            let results = helper.evaluate(&arguments);
            for (row, result) in helper.gives.iter().zip(results) {
                let balls: Vec<Ball> = arguments.iter().map(|x| Ball::from_f64(*x, 64)).collect();
                let is_nan = arguments.iter().any(|x| x.is_nan());
                let outside = || (lookup(row).expect("a row").eval.ball)(&balls, 64).is_undefined();
                assert!(result.is_nan() || !(is_nan || outside()), "{}{arguments:?} = {result}", helper.name);
            }
        }
    }
}

#[test]
fn a_difference_that_is_given_its_second_value_is_the_same() {
    let f = lookup("trigamma_difference").expect("a row");
    let mut numbers = Numbers(19);
    for _ in 0..POINTS {
        let [a, b] = point(&mut numbers, &ranges(f))[..] else { panic!("two arguments") };
        let t = evaluate("trigamma", &[a + b])[0];
        let given = evaluate("trigamma_difference_given", &[a, b, t])[0];
        assert_eq!(given.to_bits(), evaluate("trigamma_difference", &[a, b])[0].to_bits(), "{a}, {b}");
    }
}

#[test]
fn every_helper_is_read_and_needs_only_what_exists() {
    for helper in helpers() {
        let namesakes = helpers().filter(|other| other.name == helper.name).count();
        assert_eq!(namesakes, 1, "{} is taken twice", helper.name);
        let names: Vec<&str> = needs([helper.name], &|_| false).iter().map(|needed| needed.name).collect();
        assert_eq!(names.last(), Some(&helper.name));
        let results = helper.body().results.len();
        assert!(
            helper.gives.is_empty() || helper.gives.len() == results,
            "{} has {results} results",
            helper.name
        );
        helper.body().visit(&mut |term| {
            if let Term::Call(name, arguments) = term
                && let Some(called) = super::helper(name)
            {
                assert_eq!(arguments.len(), called.parameters.len(), "{} calls {name}", helper.name);
            }
        });
        for row in helper.gives {
            assert!(lookup(row).is_some_and(|f| f.row().name == *row), "{row} is a row");
        }
        for line in helper.text.lines() {
            assert!(line.chars().count() <= 60, "{}: `{line}` is long", helper.name);
        }
    }
    for (row, rounded) in ROUNDED {
        assert_eq!(
            helper(rounded).map(|helper| helper.gives),
            Some(&[*row][..]),
            "{rounded} stands for {row}"
        );
    }
    assert_eq!(needs(["exp", "sign"], &|name| name == "sign").len(), 0);
}
