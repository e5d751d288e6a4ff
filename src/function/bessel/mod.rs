//! The modified Bessel function I_ν(x) and the ratio I_{ν+1}(x)/I_ν(x), the mean resultant length of
//! directional statistics: for von Mises, E[cos] = I₁(κ)/I₀(κ).

mod ball;
mod complex;
mod expansion;
mod float;
mod logarithm;
mod ratio;
#[cfg(test)]
mod tests;

pub(super) use logarithm::log_besseli_scaled;

use super::Function;

#[rustfmt::skip]
pub(super) static ROWS: &[Function] = &[
    // Real beyond the stated domain too: for x > 0 and ν < 0, and for x < 0 and integer ν.
    Function {
        name: "besseli",
        aliases: &["besselI", "bessel_i"],
        params: &["nu", "x"],
        domain: &["nu >= 0", "x >= 0"],
        differentiable: &["x > 0"],
        partials: &[None, Some("besseli(nu + 1, x) + nu/x*besseli(nu, x)")],
        values: &["besseli(0, 0) = 1", "besseli(1, 0) = 0", "besseli(2, 0) = 0"],
        identities: &["besseli(nu, x) = besseli(nu + 2, x) + 2*(nu + 1)/x*besseli(nu + 1, x) if nu >= 0, x > 0", "besseli(1/2, x) = sqrt(2/(pi*x))*sinh(x) if x > 0", "besseli(nu + 1, x) = bessel_ratio(nu, x)*besseli(nu, x) if nu >= 0, x > 0"],
        facts: &["besseli(nu, x) > 0 if x > 0, nu >= 0", "besseli(nu, x) >= 0 if x >= 0, nu >= 0", "besseli(0, x) >= 1 if x >= 0", "besseli(nu, x) > besseli(nu + 1, x) if x > 0, nu >= 0"],
        eval: evaluators!(float::besseli, complex::besseli, ball::besseli; nu, x),
        latex: r"I_{#1}(#2)",
        source: "DLMF 10.25.2, 10.29.1, 10.29.2, 10.39.1",
        ..Function::ROW
    },
    // At x = 0 by continuity; for integer ν odd in x.
    Function {
        name: "bessel_ratio",
        params: &["nu", "x"],
        domain: &["nu >= 0", "x >= 0"],
        differentiable: &["x > 0"],
        partials: &[None, Some("1 - (2*nu + 1)/x*bessel_ratio(nu, x) - bessel_ratio(nu, x)^2")],
        values: &["bessel_ratio(0, 0) = 0", "bessel_ratio(1, 0) = 0"],
        identities: &["1/bessel_ratio(nu, x) = bessel_ratio(nu + 1, x) + 2*(nu + 1)/x if nu >= 0, x > 0", "bessel_ratio(nu, x) = besseli(nu + 1, x)/besseli(nu, x) if nu >= 0, x > 0", "bessel_ratio(1/2, x) = 1/tanh(x) - 1/x if x > 0"],
        facts: &["bessel_ratio(nu, x) > 0 if x > 0, nu >= 0", "bessel_ratio(nu, x) >= 0 if x >= 0, nu >= 0", "bessel_ratio(nu, x) < 1 if x >= 0, nu >= 0", "bessel_ratio(nu, x) < x/(2*(nu + 1)) if x > 0, nu >= 0", "1 - (2*nu + 1)/x*bessel_ratio(nu, x) - bessel_ratio(nu, x)^2 > 0 if x > 0, nu >= 0"],
        eval: evaluators!(float::bessel_ratio, complex::bessel_ratio, ball::bessel_ratio; nu, x),
        latex: r"\frac{I_{#1+1}(#2)}{I_{#1}(#2)}",
        source: "DLMF 10.29.1, 10.29.2, 10.33.1, 10.37",
        ..Function::ROW
    },
];
