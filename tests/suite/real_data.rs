//! The example in `examples/nile`: real data, fitted by generated code, against SciPy.

#[path = "../../examples/nile/fit.rs"]
mod fit;
#[allow(dead_code)]
#[rustfmt::skip]
#[path = "../../examples/nile/gamma.rs"]
mod gamma;

use std::io::Write as _;
use std::path::Path;
use std::process::Command;

use fit::{fit, mean_score, read};

const DATA: &str = include_str!("../../examples/nile/nile.csv");

fn flows() -> Vec<f64> {
    read(DATA).into_iter().map(|(_, flow)| flow).collect()
}

#[test]
fn the_fit_solves_the_likelihood_equations() {
    let flows = flows();
    assert_eq!((flows.len(), flows.iter().sum::<f64>()), (100, 91_935.0));
    let found = fit(&flows);
    assert!(found.steps < 10, "{found:?}");
    // The first equation is a difference of numbers near 7, the second one of numbers near 900.
    let [of_shape, of_rate] = mean_score(&flows, &found.theta);
    assert!(of_shape.abs() < 100.0 * 7.0 * f64::EPSILON, "{of_shape}");
    assert!(of_rate.abs() < 100.0 * 900.0 * f64::EPSILON, "{of_rate}");
    // The standard errors are those of F⁻¹/n, here by Cramer's rule, whose determinant loses a digit.
    let [[first, mixed], [_, last]] = gamma::fisher(&found.theta);
    let determinant = first * last - mixed * mixed;
    for (error, minor) in found.errors.iter().zip([last, first]) {
        assert!((100.0 * error * error * determinant / minor - 1.0).abs() < 100.0 * f64::EPSILON, "{error}");
    }
    // No neighbour is more likely.
    let likelihood = |theta: &[f64; 2]| flows.iter().map(|x| gamma::log_density(*x, theta)).sum::<f64>();
    for (shape, rate) in [(1.01, 1.0), (0.99, 1.0), (1.0, 1.01), (1.0, 0.99), (1.01, 1.01), (0.99, 0.99)] {
        assert!(likelihood(&[found.theta[0] * shape, found.theta[1] * rate]) < likelihood(&found.theta));
    }
}

#[test]
fn generated_python_and_scipy_find_the_same() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("examples/nile");
    let python = std::env::var("REFEREE_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let has_scipy =
        Command::new(&python).args(["-c", "import scipy"]).output().is_ok_and(|o| o.status.success());
    if !has_scipy {
        let line = format!("the fit in Python is not tested, `{python}` has no SciPy");
        assert!(std::env::var_os("REFEREE_REQUIRE_TARGETS").is_none_or(|v| v != "1"), "{line}");
        let _ = writeln!(std::io::stderr(), "{line}");
        return;
    }
    let output =
        Command::new(python).args(["-B", "-W", "error"]).arg(folder.join("fit.py")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let found: Vec<f64> = text.lines().map(|line| line.parse().unwrap()).collect();
    let own = fit(&flows()).theta;
    let [shape, rate, scipy_shape, scipy_rate] = found[..] else { panic!("{text}") };
    // Rust and Python take the same steps. SciPy solves one equation by bisection to 2e-12.
    for (name, a, b, within) in [
        ("shape", shape, own[0], 1e-12),
        ("rate", rate, own[1], 1e-12),
        ("shape of SciPy", scipy_shape, own[0], 1e-11),
        ("rate of SciPy", scipy_rate, own[1], 1e-11),
    ] {
        assert!((a / b - 1.0).abs() < within, "{name}: {a} and {b}");
    }
}
