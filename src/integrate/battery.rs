//! Densities whose moments are known, each integrated as p, p·T, p·T²; the error estimates must be honest.

use std::f64::consts::PI;

use libm::{cos, exp, lgamma, log};

use super::axis::{Abscissa, Interval};
use super::quadrature::Quadrature;
use super::{Failure, Integral};

/// An exact value, and how wrong the integrand itself is (relative), through cancellation in its logarithm.
struct Case {
    name: &'static str,
    interval: Interval,
    log_density: fn(Abscissa) -> f64,
    statistic: fn(Abscissa) -> f64,
    /// E[T] and E[T²], NaN where they do not exist or are not asked.
    moments: [f64; 2],
    break_points: &'static [f64],
    /// Relative error of the density as it is evaluated.
    noise: f64,
}

const LOG_ROOT_TWO_PI: f64 = 0.918_938_533_204_672_7;

fn normal(x: f64, mean: f64, deviation: f64) -> f64 {
    let z = (x - mean) / deviation;
    -0.5 * z * z - log(deviation) - LOG_ROOT_TWO_PI
}

fn log_beta(a: f64, b: f64) -> f64 {
    lgamma(a) + lgamma(b) - lgamma(a + b)
}

fn cases() -> Vec<Case> {
    let case = |name, interval, log_density, statistic, moments| Case {
        name,
        interval,
        log_density,
        statistic,
        moments,
        break_points: &[],
        noise: 0.0,
    };
    vec![
        case("normal", Interval::LINE, |a| normal(a.x, 0.0, 1.0), |a| a.x * a.x, [1.0, 3.0]),
        case("needle", Interval::LINE, |a| normal(a.x, 1e3, 1e-3), |a| (a.x - 1e3) / 1e-3, [0.0, 1.0]),
        case("wide normal", Interval::LINE, |a| normal(a.x, -1e9, 1e12), |a| (a.x + 1e9) / 1e12, [0.0, 1.0]),
        case("tiny normal", Interval::LINE, |a| normal(a.x, 1e-5, 1e-8), |a| (a.x - 1e-5) / 1e-8, [0.0, 1.0]),
        case(
            "gamma(0.05)",
            Interval::POSITIVE,
            |a| -lgamma(0.05) - 0.95 * log(a.x) - a.x,
            |a| log(a.x),
            // ψ(1/20) and ψ'(1/20) + ψ(1/20)²
            [-20.497_844_991_297_707, f64::NAN],
        ),
        Case {
            noise: 2e-11, // lgamma(10⁴) ≈ 8·10⁴, whose last digit is worth 10⁻¹¹
            ..case(
                "gamma(10^4, rate 10^-3)",
                Interval::POSITIVE,
                |a| 1e4 * log(1e-3) - lgamma(1e4) + 9999.0 * log(a.x) - 1e-3 * a.x,
                |a| a.x / 1e7,
                [1.0, 1.0001],
            )
        },
        case(
            "beta(0.2, 0.3)",
            Interval::new(0.0, 1.0),
            |a| -0.8 * log(a.from_lower) - 0.7 * log(a.to_upper) - log_beta(0.2, 0.3),
            |a| a.x,
            [0.4, 0.32],
        ),
        case(
            "singular at zero",
            Interval::new(0.0, 1.0),
            |a| log(0.1) - 0.9 * log(a.from_lower),
            |a| log(a.from_lower),
            [-10.0, 200.0],
        ),
        case(
            "inverse gamma(1.5)",
            Interval::POSITIVE,
            |a| -lgamma(1.5) - 2.5 * log(a.x) - 1.0 / a.x,
            |a| 1.0 / a.x,
            [1.5, 3.75],
        ),
        case(
            "inverse gamma(0.3)",
            Interval::POSITIVE,
            |a| -lgamma(0.3) - 1.3 * log(a.x) - 1.0 / a.x,
            |a| 1.0 / a.x,
            [0.3, 0.39],
        ),
        case(
            "pareto(1.5)",
            Interval::new(1.0, f64::INFINITY),
            |a| log(1.5) - 2.5 * log(a.x),
            |a| log(a.x),
            [2.0 / 3.0, 8.0 / 9.0],
        ),
        case("uniform", Interval::new(2.0, 5.0), |_| -log(3.0), |a| a.x, [3.5, 13.0]),
        case(
            "lognormal(0, 3)",
            Interval::POSITIVE,
            |a| normal(log(a.x), 0.0, 3.0) - log(a.x),
            |a| log(a.x),
            [0.0, 9.0],
        ),
        case(
            "cauchy(1000, 1)",
            Interval::LINE,
            |a| -log(PI) - log(1.0 + (a.x - 1e3) * (a.x - 1e3)),
            // cos 2φ with tan φ = x − 1000, whose mean is 0 and whose mean square is ½.
            |a| {
                let z = a.x - 1e3;
                if z.abs() > 1e150 { -1.0 } else { (1.0 - z * z) / (1.0 + z * z) }
            },
            [0.0, 0.5],
        ),
        case(
            "reversed exponential",
            Interval::new(f64::NEG_INFINITY, 2.0),
            |a| log(3.0) - 3.0 * a.to_upper,
            |a| a.to_upper,
            [1.0 / 3.0, 2.0 / 9.0],
        ),
        Case {
            break_points: &[0.7],
            ..case(
                "laplace(0.7, 1/4)",
                Interval::LINE,
                |a| log(2.0) - 4.0 * (a.x - 0.7).abs(),
                |a| (a.x - 0.7).abs(),
                [0.25, 0.125],
            )
        },
        case(
            "gumbel",
            Interval::LINE,
            |a| -a.x - exp(-a.x),
            |a| a.x,
            // γ and γ² + π²/6
            [0.577_215_664_901_532_9, 0.577_215_664_901_532_9 * 0.577_215_664_901_532_9 + PI * PI / 6.0],
        ),
    ]
}

fn integrate(case: &Case) -> Integral {
    let &Case { log_density, statistic, .. } = case;
    Quadrature::over(case.interval).break_points(case.break_points).integrate_to_the_ends(
        3,
        &log_density,
        &mut |point, out| {
            let (p, t) = (exp(log_density(point)), statistic(point));
            out.copy_from_slice(&[p, p * t, p * t * t]);
        },
    )
}

#[track_caller]
fn check_honest(name: &str, integral: &Integral, i: usize, exact: f64, noise: f64) {
    let error = (integral.values[i] - exact).abs();
    let scale = exact.abs().max(1.0);
    let said = 10.0 * integral.errors[i] + (1e-13 + noise) * scale;
    assert!(error <= said, "{name}, output {i}: error {error:e}, estimated {:e}", integral.errors[i]);
    if integral.converged {
        assert!(error <= (1e-10 + noise) * scale, "{name}, output {i}: error {error:e}");
    }
}

#[test]
fn moments_of_known_densities_come_out_with_honest_errors() {
    for case in cases() {
        let integral = integrate(&case);
        assert!(integral.converged, "{}: {integral:?}", case.name);
        assert!(integral.evaluations < 5000, "{}: {} evaluations", case.name, integral.evaluations);
        let exact = [1.0, case.moments[0], case.moments[1]];
        for (i, &exact) in exact.iter().enumerate().filter(|(_, exact)| !exact.is_nan()) {
            check_honest(case.name, &integral, i, exact, case.noise);
        }
    }
}

#[test]
fn von_mises_is_integrated_wherever_its_mode_lies() {
    // log I₀(500) and I₁(500)/I₀(500), by the asymptotic series DLMF 10.40.1.
    let series = |nu: f64| {
        let (mut term, mut sum) = (1.0, 1.0);
        for k in 1..20 {
            let odd = f64::from(2 * k - 1);
            term *= -(4.0 * nu * nu - odd * odd) / (f64::from(k) * 8.0 * 500.0);
            sum += term;
        }
        sum
    };
    let scale = series(0.0) * (2.0 * PI / 500.0).sqrt();
    for mode in [0.0, 1.0, PI, -3.1] {
        let density = |x: f64| 500.0 * (cos(x - mode) - 1.0);
        let integral = Quadrature::over(Interval::new(-PI, PI)).integrate(2, &density, &mut |x, out| {
            let p = exp(density(x)) / scale;
            out.copy_from_slice(&[p, p * cos(x - mode)]);
        });
        assert!(integral.converged, "mode {mode}: {integral:?}");
        check_honest("von Mises", &integral, 0, 1.0, 0.0);
        check_honest("von Mises", &integral, 1, series(1.0) / series(0.0), 0.0);
    }
}

#[test]
fn the_gaussian_integral_takes_few_evaluations() {
    let integral = Quadrature::over(Interval::LINE).integrate_function(&|x| exp(-x * x));
    assert!(integral.converged && integral.evaluations < 400, "{integral:?}");
    check_honest("exp(-x^2)", &integral, 0, PI.sqrt(), 0.0);
}

#[test]
fn unknown_kinks_are_slow_and_honest() {
    let integral =
        Quadrature::over(Interval::LINE).integrate_function(&|x| exp(-(x - 0.3).abs()) * (1.0 + 0.3 * x));
    check_honest("kink", &integral, 0, 2.0 * 1.09, 0.0);
    let step =
        Quadrature::over(Interval::new(0.0, 1.0)).integrate_function(&|x| if x < 0.3 { 1.0 } else { 2.0 });
    check_honest("step", &step, 0, 1.7, 0.0);
}

#[test]
fn divergent_integrals_do_not_converge() {
    let unit = Quadrature::over(Interval::new(0.0, 1.0));
    for integral in [
        unit.integrate_function(&|x| 1.0 / x),
        unit.integrate_function(&|x| libm::pow(x, -1.2)),
        unit.integrate_function(&|x| 1.0 / (1.0 - x)),
        Quadrature::over(Interval::new(1.0, f64::INFINITY)).integrate_function(&|x| 1.0 / x),
        Quadrature::over(Interval::LINE).integrate_function(&|x| 1.0 / (1.0 + x.abs())),
        Quadrature::over(Interval::LINE).integrate_function(&|_| 1.0),
    ] {
        assert!(!integral.converged, "{integral:?}");
    }
}

#[test]
fn a_singularity_out_of_reach_of_the_coordinate_is_said_to_be() {
    let density = |x: f64| -0.8 * log(x) - 0.7 * log(1.0 - x) - log_beta(0.2, 0.3);
    let integral = Quadrature::over(Interval::new(0.0, 1.0))
        .integrate(1, &density, &mut |x, out| out[0] = exp(density(x)));
    assert!(!integral.converged);
    check_honest("beta by coordinate", &integral, 0, 1.0, 0.0);
    assert!((integral.values[0] - 1.0).abs() > 1e-7, "the missing mass is real");
}

#[test]
fn integrands_that_are_not_numbers_are_reported() {
    let unit = Quadrature::over(Interval::new(0.0, 1.0));
    let nowhere = unit.integrate_function(&|_| f64::NAN);
    let half = unit.integrate(1, &|_| 0.0, &mut |x, out| out[0] = log(x - 0.3));
    let nothing = unit.integrate_function(&|_| 0.0);
    assert!(matches!(nowhere.failure, Some(Failure::NotFinite { .. })), "{nowhere:?}");
    assert!(matches!(half.failure, Some(Failure::NotFinite { at }) if at < 0.3), "{half:?}");
    assert_eq!(nothing.failure, Some(Failure::NoMass));
    assert!(!nowhere.converged && !half.converged && !nothing.converged);
}

#[test]
fn overflow_in_a_tail_without_mass_is_harmless() {
    // At x = 10²⁰⁰ the product is 0·∞.
    let integral = Quadrature::over(Interval::LINE).integrate(1, &|x| normal(x, 0.0, 1.0), &mut |x, out| {
        out[0] = exp(normal(x, 0.0, 1.0)) * if x.abs() > 20.0 { f64::INFINITY } else { x * x };
    });
    assert!(integral.converged, "{integral:?}");
    check_honest("overflow", &integral, 0, 1.0, 0.0);
}

#[test]
fn an_empty_interval_carries_no_mass() {
    let integral = Quadrature::over(Interval::new(1.0, 0.0)).integrate_function(&|x| x);
    assert_eq!(integral.failure, Some(Failure::NoMass));
}
