//! Γ and its relatives: log |Γ|, ψ and its derivatives, factorial, binomial coefficient, log B.

mod ball;
mod complex;
mod float;
mod stirling;
#[cfg(test)]
mod tests;

pub(super) use ball::gamma as gamma_ball;
pub(super) use complex::reciprocal as reciprocal_gamma;

use super::{Function, Spelling};

#[rustfmt::skip]
pub(super) static ROWS: &[Function] = &[
    Function {
        name: "gamma",
        aliases: &["Gamma"],
        domain: &["x nonpole"],
        partials: &[Some("gamma(x)*digamma(x)")],
        values: &["gamma(1) = 1", "gamma(2) = 1", "gamma(3) = 2", "gamma(4) = 6", "gamma(5) = 24", "gamma(1/2) = sqrt(pi)", "gamma(3/2) = sqrt(pi)/2", "gamma(-1/2) = -2*sqrt(pi)"],
        identities: &["gamma(x + 1) = x*gamma(x) if x nonpole", "gamma(x)*gamma(1 - x) = pi/sin(pi*x) if x nonpole, 1 - x nonpole", "gamma(2*x) = 2^(2*x - 1)/sqrt(pi)*gamma(x)*gamma(x + 1/2) if x > 0", "gamma(x) = exp(lgamma(x)) if x > 0"],
        facts: &["gamma(x) > 0 if x > 0", "gamma(x) != 0", "gamma(x) > 4/5 if x > 0"],
        eval: evaluators!(float::gamma, complex::gamma, ball::gamma; x),
        latex: r"\Gamma(#1)",
        emit: Spelling { c: Some("tgamma({0})"), python: Some("math.gamma({0})"), ..Spelling::HELPER },
        source: "DLMF 5.2.1, 5.5.1, 5.5.3, 5.5.5",
        ..Function::ROW
    },
    // log |Γ(x)|; left and right of each pole it is real.
    Function {
        name: "lgamma",
        aliases: &["loggamma", "lngamma", "lnGamma", "logGamma"],
        domain: &["x nonpole"],
        partials: &[Some("digamma(x)")],
        values: &["lgamma(1) = 0", "lgamma(2) = 0", "lgamma(3) = log(2)", "lgamma(1/2) = log(pi)/2"],
        identities: &["lgamma(x + 1) = lgamma(x) + log(x) if x > 0", "lgamma(x) = log(abs(gamma(x))) if x nonpole", "lgamma(2*x) = (2*x - 1)*log(2) - log(pi)/2 + lgamma(x) + lgamma(x + 1/2) if x > 0"],
        facts: &["lgamma(x) > -1/5 if x > 0", "lgamma(x) >= 0 if x >= 2"],
        eval: evaluators!(float::lgamma, complex::lgamma, ball::lgamma; x),
        latex: r"\log\Gamma(#1)",
        emit: Spelling { c: Some("lgamma({0})"), python: Some("math.lgamma({0})"), ..Spelling::HELPER },
        source: "DLMF 5.2.1, 5.5.1, 5.5.5",
        ..Function::ROW
    },
    Function {
        name: "digamma",
        aliases: &["psi"],
        domain: &["x nonpole"],
        partials: &[Some("trigamma(x)")],
        values: &["digamma(1) = -EulerGamma", "digamma(2) = 1 - EulerGamma", "digamma(3) = 3/2 - EulerGamma", "digamma(1/2) = -EulerGamma - 2*log(2)", "digamma(1/4) = -EulerGamma - pi/2 - 3*log(2)", "digamma(1/3) = -EulerGamma - pi/(2*sqrt(3)) - 3/2*log(3)"],
        identities: &["digamma(x + 1) = digamma(x) + 1/x if x nonpole", "digamma(2*x) = digamma(x)/2 + digamma(x + 1/2)/2 + log(2) if x > 0", "digamma(1 - x) - digamma(x) = pi*cos(pi*x)/sin(pi*x) if x nonpole, 1 - x nonpole"],
        facts: &["digamma(x) < log(x) if x > 0", "digamma(x) > log(x) - 1/x if x > 0", "digamma(x) > 0 if x >= 3/2"],
        eval: evaluators!(float::digamma, complex::digamma, ball::digamma; x),
        latex: r"\psi(#1)",
        source: "DLMF 5.2.2, 5.4.12-5.4.15, 5.5.2, 5.5.4, 5.5.8",
        ..Function::ROW
    },
    Function {
        name: "trigamma",
        domain: &["x nonpole"],
        partials: &[Some("polygamma(2, x)")],
        values: &["trigamma(1) = pi^2/6", "trigamma(2) = pi^2/6 - 1", "trigamma(1/2) = pi^2/2"],
        identities: &["trigamma(x + 1) = trigamma(x) - 1/x^2 if x nonpole", "trigamma(x) + trigamma(1 - x) = pi^2/sin(pi*x)^2 if x nonpole, 1 - x nonpole", "trigamma(2*x) = trigamma(x)/4 + trigamma(x + 1/2)/4 if x > 0"],
        facts: &["trigamma(x) > 0", "trigamma(x) > 1/x if x > 0", "trigamma(x) > 1/x + 1/(2*x^2) if x > 0", "trigamma(x) < 1/x + 1/x^2 if x > 0"],
        eval: evaluators!(float::trigamma, complex::trigamma, ball::trigamma; x),
        latex: r"\psi'(#1)",
        source: "DLMF 5.15.1-5.15.6",
        ..Function::ROW
    },
    Function {
        name: "polygamma",
        params: &["n", "x"],
        domain: &["n integer", "n >= 0", "x nonpole"],
        partials: &[None, Some("polygamma(n + 1, x)")],
        values: &["polygamma(3, 1) = pi^4/15", "polygamma(3, 1/2) = pi^4"],
        identities: &["polygamma(0, x) = digamma(x)", "polygamma(1, x) = trigamma(x)", "polygamma(n, x + 1) = polygamma(n, x) + (-1)^n*factorial(n)/x^(n + 1) if n integer, n >= 0, x nonpole"],
        facts: &["polygamma(1, x) > 0", "polygamma(2, x) < 0 if x > 0", "polygamma(3, x) > 0", "polygamma(4, x) < 0 if x > 0", "(-1)^(n + 1)*polygamma(n, x) > 0 if n integer, n >= 1, x > 0"],
        eval: evaluators!(float::polygamma, complex::polygamma, ball::polygamma; n, x),
        latex: r"\psi^{(#1)}(#2)",
        source: "DLMF 5.15.1, 5.15.5",
        ..Function::ROW
    },
    // Γ(x + 1) for every real x that is not −1, −2, ….
    Function {
        name: "factorial",
        domain: &["x + 1 nonpole"],
        partials: &[Some("factorial(x)*digamma(x + 1)")],
        values: &["factorial(0) = 1", "factorial(1) = 1", "factorial(2) = 2", "factorial(3) = 6", "factorial(10) = 3628800", "factorial(1/2) = sqrt(pi)/2"],
        identities: &["factorial(x) = gamma(x + 1) if x + 1 nonpole", "factorial(x + 1) = (x + 1)*factorial(x) if x + 1 nonpole"],
        facts: &["factorial(x) > 0 if x > -1", "factorial(x) != 0", "factorial(x) >= 1 if x integer, x >= 0"],
        eval: evaluators!(float::factorial, complex::factorial, ball::factorial; x),
        latex: r"\left(#1\right)!",
        source: "DLMF 5.4.1",
        ..Function::ROW
    },
    // Γ(n+1)/(Γ(k+1)Γ(n−k+1)), with 1/Γ = 0 at the poles of Γ. For n = −1, −2, … and an integer k ≥ 0 it is
    // n(n−1)⋯(n−k+1)/k!, which `f64` gives; limits from other directions differ, so balls do not decide there.
    Function {
        name: "binomial",
        aliases: &["choose", "binom"],
        params: &["n", "k"],
        domain: &["n + 1 nonpole"],
        differentiable: &["k + 1 nonpole", "n - k + 1 nonpole"],
        partials: &[Some("binomial(n, k)*(digamma(n + 1) - digamma(n - k + 1))"), Some("binomial(n, k)*(digamma(n - k + 1) - digamma(k + 1))")],
        values: &["binomial(0, 0) = 1", "binomial(5, 2) = 10", "binomial(10, 5) = 252", "binomial(3, 4) = 0", "binomial(3, -1) = 0", "binomial(1/2, 2) = -1/8"],
        identities: &["binomial(n, 0) = 1 if n + 1 nonpole", "binomial(n, 1) = n if n + 1 nonpole", "binomial(n, k) = binomial(n, n - k) if n + 1 nonpole", "binomial(n + 1, k) = binomial(n, k) + binomial(n, k - 1) if n + 1 nonpole", "binomial(n, k) = factorial(n)/(factorial(k)*factorial(n - k)) if n + 1 nonpole, k + 1 nonpole, n - k + 1 nonpole"],
        facts: &["binomial(n, k) > 0 if n > -1, k > -1, n - k > -1", "binomial(n, k) >= 1 if n integer, k integer, k >= 0, n - k >= 0", "binomial(n, k) >= 0 if n integer, k integer, n >= 0"],
        eval: evaluators!(float::binomial, complex::binomial, ball::binomial; n, k),
        latex: r"\binom{#1}{#2}",
        source: "DLMF 1.2.1, 1.2.6, 5.2.1",
        ..Function::ROW
    },
    // Elsewhere B is negative, infinite or continued; balls do not decide there.
    Function {
        name: "lbeta",
        aliases: &["logbeta", "lnbeta"],
        params: &["a", "b"],
        domain: &["a > 0", "b > 0"],
        partials: &[Some("digamma(a) - digamma(a + b)"), Some("digamma(b) - digamma(a + b)")],
        values: &["lbeta(1, 1) = 0", "lbeta(1/2, 1/2) = log(pi)", "lbeta(2, 3) = -log(12)"],
        identities: &["lbeta(a, b) = lgamma(a) + lgamma(b) - lgamma(a + b) if a > 0, b > 0", "lbeta(a, b) = lbeta(b, a) if a > 0, b > 0", "lbeta(a, 1) = -log(a) if a > 0", "lbeta(a + 1, b) = lbeta(a, b) + log(a) - log(a + b) if a > 0, b > 0"],
        facts: &["lbeta(a, b) <= 0 if a >= 1, b >= 1"],
        eval: evaluators!(float::lbeta, complex::lbeta, ball::lbeta; a, b),
        latex: r"\log\mathrm{B}(#1, #2)",
        source: "DLMF 5.12.1",
        ..Function::ROW
    },
];
