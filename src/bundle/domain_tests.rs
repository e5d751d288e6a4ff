//! Where results exist: holes of domains, points at which F is singular, the way back from other coordinates.

use super::tests::families;
use super::*;
use crate::emit::Work;

fn made(text: &str, coordinates: &str) -> Made {
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    bundle(&mut store, &family, coordinates, &Wanted::All, None).expect("a bundle")
}

fn at(made: &Made, routine: &str, inputs: &[f64]) -> Vec<f64> {
    enclosure(made, routine, inputs).iter().map(crate::number::Ball::midpoint_f64).collect()
}

/// F = 9t⁴ is singular at 0: what needs F⁻¹ is NaN there, and says so; F itself is 0.
#[test]
fn what_needs_an_inverse_is_undefined_where_f_is_singular() {
    let cube = made("family f(t real)\nx real\nlog p(x) = -log(2*pi)/2 - (x - t^3)^2/2", "base");
    assert_eq!(at(&cube, "fisher", &[0.0]), [0.0]);
    for (routine, inputs) in
        [("fisher_inverse", vec![0.0]), ("natural_gradient", vec![0.0, 1.0]), ("log_det_fisher", vec![0.0])]
    {
        assert!(at(&cube, routine, &inputs).iter().all(|v| v.is_nan()), "{routine}");
        let found = cube.bundle.routines.iter().find(|r| r.name == routine).expect("a routine");
        let Work::Closed { guards: Some(guards), .. } = &found.work else { panic!("{routine} has no guard") };
        assert_eq!(guards.text, "t != 0");
        assert!(found.details.iter().any(|d| d.contains("singular where `t` is 0")), "{:?}", found.details);
    }
    assert!((at(&cube, "natural_gradient", &[1.0, 1.0])[0] - 1.0 / 9.0).abs() < 1e-15);
}

/// 1/m² > 0 says nothing of the sign of m, but m must not be 0; log(s) asks s > 0, and 1/c that c is not 0.
#[test]
fn coordinates_exist_where_their_map_does() {
    let exponential = "family f(lambda > 0)\nx > 0\nlog p(x) = log(lambda) - lambda*x\n";
    let normal = "family f(mu real)\nx real\nlog p(x) = -log(2*pi)/2 - (x - mu)^2/2\n";
    check_domain(&format!("{exponential}coordinates other(m real): lambda = 1/m^2"), &[-1.0, 2.0], &[0.0]);
    check_domain(&format!("{normal}coordinates other(c real): mu = 1/c"), &[-1.0, 2.0], &[0.0]);
    check_domain(&format!("{normal}coordinates other(s real): mu = log(s)"), &[0.5, 2.0], &[0.0, -1.0]);
    check_domain(&format!("{normal}coordinates other(s real): mu = sqrt(s)"), &[0.0, 2.0], &[-1.0]);
    check_domain(&format!("{exponential}coordinates other(s > 1): lambda = 1/log(s)"), &[2.0], &[1.0, 0.5]);
}

#[track_caller]
fn check_domain(text: &str, inside: &[f64], outside: &[f64]) {
    let made = made(text, "other");
    for (points, expected) in [(inside, 1.0), (outside, 0.0)] {
        for point in points {
            assert_eq!(at(&made, "in_domain", &[*point]), [expected], "{point}");
        }
    }
}

/// b = η₂/η₁ is lost where a = η₁ is 0.
#[test]
fn a_way_back_that_divides_asks_that_it_can() {
    let product = made(
        "family f(a real, b real)\nx real, y real\nlog p(x, y) = -log(2*pi) - (x - a)^2/2 - (y - a*b)^2/2",
        "base",
    );
    assert_eq!(at(&product, "parameters_from_natural", &[2.0, 1.0]), [2.0, 0.5]);
    assert!(at(&product, "parameters_from_natural", &[0.0, 1.0]).iter().all(|v| v.is_nan()));
    assert!(at(&product, "fisher_inverse", &[0.0, 1.0]).iter().all(|v| v.is_nan()));
}

/// With m > 1 alone in the coordinates, η of m = 1/2 has no way back.
#[test]
fn a_way_back_ends_in_the_domain_of_the_coordinates() {
    let gamma = "family f(alpha > 0, beta > 0)\nx > 0\n\
        log p(x) = alpha*log(beta) - lgamma(alpha) + (alpha - 1)*log(x) - beta*x\n\
        coordinates other(alpha > 0, m > 1): alpha = alpha, beta = alpha/m";
    let made = made(gamma, "other");
    for (m, inside) in [(2.0, true), (0.5, false)] {
        // α = 3, β = 3/m; the statistics are x and log x.
        let eta = at(&made, "natural_from_other", &[3.0, m]);
        assert_eq!(eta[0].is_finite(), inside);
        let natural = [-3.0 / m, 2.0];
        let back = at(&made, "other_from_natural", &natural);
        assert!(if inside { back == [3.0, m] } else { back.iter().all(|v| v.is_nan()) }, "{m}: {back:?}");
    }
}

/// The names of the file are not read again: `mean_from_x_from_natural` comes from η, `foo_jacobian_from_mean` is no Jacobian.
#[test]
fn coordinates_may_be_called_like_routines() {
    let text = "family f(lambda > 0)\nx > 0\nlog p(x) = log(lambda) - lambda*x\n\
        coordinates mean_from_x(s > 0): lambda = 1/s\ncoordinates foo_jacobian(s > 0): lambda = s^2";
    let first = made(text, "mean_from_x");
    assert_eq!(at(&first, "mean_from_x_from_natural", &[-4.0]), [0.25]);
    assert_eq!(at(&first, "mean_from_x_from_mean", &[4.0]), [4.0]);
    assert_eq!(at(&first, "mean_from_x_from_natural_jacobian", &[-4.0]), [0.0625]);
    let second = made(text, "foo_jacobian");
    assert_eq!(at(&second, "natural_from_foo_jacobian", &[2.0]), [-4.0]);
    assert_eq!(at(&second, "natural_from_foo_jacobian_jacobian", &[2.0]), [-4.0]);
    assert_eq!(at(&second, "foo_jacobian_from_natural", &[-4.0]), [2.0]);
    let summary =
        |name: &str| second.bundle.routines.iter().find(|r| r.name == name).map(|r| r.summary.as_str());
    let expected = "The natural parameters eta from the `foo_jacobian` parameters";
    assert_eq!(summary("natural_from_foo_jacobian"), Some(expected));
}

/// What a few roundings leave is of the size of the terms.
#[test]
fn equations_of_the_domain_hold_up_to_roundings_of_their_terms() {
    let text =
        "family f(a > 0, b > 0, a + b = n; n > 0)\nx in 0..1\nlog p(x) = x*log(a/n) + (1 - x)*log(b/n)";
    let mut store = Store::new();
    let family = families(&mut store, text).remove(0);
    let wanted = Wanted::Named(vec!["in_domain".to_owned()]);
    let made = bundle(&mut store, &family, "base", &wanted, None).expect("a bundle");
    let holds = |inputs: [f64; 3]| at(&made, "in_domain", &inputs) == [1.0];
    let (a, b, n): (f64, f64, f64) = (100_000_000.1, 200_000_000.2, 300_000_000.3);
    assert!((a + b - n).abs() > 1e-12 && holds([a, b, n]));
    assert!(holds([0.1, 0.2, 0.3]));
    assert!(!holds([1e-13, 2e-13, 4e-13]) && !holds([0.1, 0.2, 0.300_001]));
}
