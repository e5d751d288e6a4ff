//! Functions that stand for a cancelling combination of others: `x*log(x/m) - x + m` loses all digits near x = m as it
//! stands, `kl_term(x, m)` none.
//!
//! They serve generated code: `stable` puts them in the place of what they stand for. Balls and complex numbers are
//! evaluated by the definition, with as many bits as it needs; floats by the helper of the same name, so that each is the witness of the
//! other.

#[macro_use]
mod definition;

use super::helper::value;
use super::{Evaluators, Function};
use definition::*;

#[rustfmt::skip]
pub(super) static ROWS: &[Function] = &[
    // KL between Poisson distributions of means x and m; by continuity m at x = 0.
    Function {
        name: "kl_term",
        params: &["x", "m"],
        domain: &["x >= 0", "m > 0"],
        differentiable: &["x > 0"],
        partials: &[Some("log(x/m)"), Some("1 - x/m")],
        values: &["kl_term(1, 1) = 0"],
        identities: &["kl_term(x, m) = x*log(x/m) - x + m if x > 0, m > 0"],
        facts: &["kl_term(x, m) >= 0"],
        eval: by_definition!(kl_term, kl_term_hull; x NonNegative, m Positive),
        latex: r"\operatorname{kl}(#1, #2)",
        source: "Loader (2000), Fast and accurate computation of binomial probabilities",
        ..Function::ROW
    },
    // The same of a mean by its logarithm, which may be far below the floats.
    Function {
        name: "kl_term_exp",
        params: &["x", "k", "t"],
        domain: &["x >= 0", "k > 0"],
        differentiable: &["x > 0"],
        partials: &[Some("log(x/k) - t"), Some("exp(t) - x/k"), Some("k*exp(t) - x")],
        identities: &["kl_term_exp(x, k, t) = kl_term(x, k*exp(t)) if x >= 0, k > 0"],
        facts: &["kl_term_exp(x, k, t) >= 0"],
        eval: by_definition!(kl_term_exp; x NonNegative, k Positive, t Real),
        latex: r"\operatorname{kl}\left(#1, #2\,e^{#3}\right)",
        source: "Loader (2000), Fast and accurate computation of binomial probabilities",
        ..Function::ROW
    },
    // x! = (x/e)^x·exp(factorial_excess(x)).
    Function {
        name: "factorial_excess",
        domain: &["x >= 0"],
        differentiable: &["x > 0"],
        partials: &[Some("digamma(x + 1) - log(x)")],
        values: &["factorial_excess(0) = 0", "factorial_excess(1) = 1"],
        identities: &["factorial_excess(x) = lgamma(x + 1) - x*log(x) + x if x > 0"],
        facts: &["factorial_excess(x) >= 0"],
        eval: by_definition!(factorial_excess; x NonNegative),
        latex: r"g(#1)",
        source: "DLMF 5.11.1; Loader (2000)",
        ..Function::ROW
    },
    // KL between gamma distributions of equal mean and of shapes a and b.
    Function {
        name: "gamma_divergence",
        params: &["a", "b"],
        domain: &["a > 0", "b > 0"],
        partials: &[Some("(a - b)*trigamma_excess(a)/a"), Some("digamma_excess(a) - digamma_excess(b)")],
        identities: &["gamma_divergence(a, b) = lgamma(b) - lgamma(a) - (b - a)*digamma(a) - b*log(b/a) + b - a if a > 0, b > 0"],
        facts: &["gamma_divergence(a, b) >= 0"],
        eval: by_definition!(gamma_divergence; a Positive, b Positive),
        latex: r"D_\Gamma(#1, #2)",
        source: "Penny (2001), KL-divergences of normal, gamma, Dirichlet and Wishart densities",
        ..Function::ROW
    },
    // KL between beta distributions of shapes a, b and of shapes c, d.
    Function {
        name: "beta_divergence",
        params: &["a", "b", "c", "d"],
        domain: &["a > 0", "b > 0", "c > 0", "d > 0"],
        partials: &[
            Some("(a - c)*trigamma(a) - (a + b - c - d)*trigamma(a + b)"),
            Some("(b - d)*trigamma(b) - (a + b - c - d)*trigamma(a + b)"),
            Some("digamma(c) - digamma(a) + digamma(a + b) - digamma(c + d)"),
            Some("digamma(d) - digamma(b) + digamma(a + b) - digamma(c + d)"),
        ],
        identities: &["beta_divergence(a, b, c, d) = lgamma(c) - lgamma(a) - (c - a)*digamma(a) + lgamma(d) - lgamma(b) - (d - b)*digamma(b) - lgamma(c + d) + lgamma(a + b) + (c + d - a - b)*digamma(a + b) if a > 0, b > 0, c > 0, d > 0"],
        facts: &["beta_divergence(a, b, c, d) >= 0"],
        eval: by_definition!(beta_divergence; a Positive, b Positive, c Positive, d Positive),
        latex: r"D_{\mathrm{B}}(#1, #2, #3, #4)",
        source: "Penny (2001), KL-divergences of normal, gamma, Dirichlet and Wishart densities",
        ..Function::ROW
    },
    Function {
        name: "digamma_excess",
        domain: &["x > 0"],
        partials: &[Some("1/x - trigamma(x)")],
        identities: &["digamma_excess(x) = log(x) - digamma(x) if x > 0"],
        facts: &["digamma_excess(x) > 0"],
        eval: by_definition!(digamma_excess; x Positive),
        latex: r"\left(\log(#1) - \psi(#1)\right)",
        source: "DLMF 5.11.2",
        ..Function::ROW
    },
    Function {
        name: "digamma_difference",
        params: &["a", "b"],
        domain: &["a > 0", "b >= 0"],
        partials: &[Some("-trigamma_difference(a, b)"), Some("trigamma(a + b)")],
        identities: &["digamma_difference(a, b) = digamma(a + b) - digamma(a) if a > 0, b >= 0"],
        facts: &["digamma_difference(a, b) >= 0"],
        eval: by_definition!(digamma_difference; a Positive, b NonNegative),
        latex: r"\left(\psi(#1 + #2) - \psi(#1)\right)",
        source: "DLMF 5.7.6",
        ..Function::ROW
    },
    Function {
        name: "trigamma_difference",
        params: &["a", "b"],
        domain: &["a > 0", "b >= 0"],
        partials: &[Some("polygamma(2, a) - polygamma(2, a + b)"), Some("-polygamma(2, a + b)")],
        identities: &["trigamma_difference(a, b) = trigamma(a) - trigamma(a + b) if a > 0, b >= 0"],
        facts: &["trigamma_difference(a, b) >= 0"],
        eval: by_definition!(trigamma_difference; a Positive, b NonNegative),
        latex: r"\left(\psi'(#1) - \psi'(#1 + #2)\right)",
        source: "DLMF 5.15.1",
        ..Function::ROW
    },
    Function {
        name: "trigamma_excess",
        domain: &["x > 0"],
        partials: &[Some("trigamma(x) + x*polygamma(2, x)")],
        identities: &["trigamma_excess(x) = x*trigamma(x) - 1 if x > 0"],
        facts: &["trigamma_excess(x) > 0"],
        eval: by_definition!(trigamma_excess; x Positive),
        latex: r"\left(#1\,\psi'(#1) - 1\right)",
        source: "DLMF 5.15.8",
        ..Function::ROW
    },
    // Positive: 1/trigamma is superadditive. The determinant of the beta family's Fisher information over the product of the
    // three trigammas.
    Function {
        name: "trigamma_gap",
        params: &["a", "b"],
        domain: &["a > 0", "b > 0"],
        partials: &[Some("polygamma(2, a)/trigamma(a)^2 - polygamma(2, a + b)/trigamma(a + b)^2"), Some("polygamma(2, b)/trigamma(b)^2 - polygamma(2, a + b)/trigamma(a + b)^2")],
        identities: &["trigamma_gap(a, b) = 1/trigamma(a + b) - 1/trigamma(a) - 1/trigamma(b) if a > 0, b > 0"],
        facts: &["trigamma_gap(a, b) > 0"],
        eval: by_definition!(trigamma_gap; a Positive, b Positive),
        latex: r"\left(\frac{1}{\psi'(#1 + #2)} - \frac{1}{\psi'(#1)} - \frac{1}{\psi'(#2)}\right)",
        source: "DLMF 5.15.8",
        ..Function::ROW
    },
    // At x = 0 as well where the order is 0 and I is 1: log_besseli_scaled(0, 0) = 0.
    Function {
        name: "log_besseli_scaled",
        params: &["nu", "x"],
        domain: &["nu >= 0", "x > 0"],
        partials: &[None, Some("bessel_ratio(nu, x) + nu/x - 1")],
        identities: &["log_besseli_scaled(nu, x) = log(besseli(nu, x)) - x if nu >= 0, x > 0"],
        facts: &["log_besseli_scaled(nu, x) <= 0"],
        eval: by_definition!(log_besseli_scaled, log_besseli_scaled_hull; nu NonNegative, x NonNegative),
        latex: r"\log\left(e^{-#2} I_{#1}(#2)\right)",
        source: "DLMF 10.25.2, 10.40.1",
        ..Function::ROW
    },
    // The derivative of bessel_ratio by x.
    Function {
        name: "bessel_ratio_slope",
        params: &["nu", "x"],
        domain: &["nu >= 0", "x > 0"],
        partials: &[None, Some("(2*nu + 1)/x^2*bessel_ratio(nu, x) - ((2*nu + 1)/x + 2*bessel_ratio(nu, x))*bessel_ratio_slope(nu, x)")],
        identities: &["bessel_ratio_slope(nu, x) = 1 - (2*nu + 1)/x*bessel_ratio(nu, x) - bessel_ratio(nu, x)^2 if nu >= 0, x > 0"],
        facts: &["bessel_ratio_slope(nu, x) > 0"],
        eval: by_definition!(bessel_ratio_slope; nu NonNegative, x Positive),
        latex: r"\frac{d}{d #2}\frac{I_{#1+1}(#2)}{I_{#1}(#2)}",
        source: "DLMF 10.29.2",
        ..Function::ROW
    },
    Function {
        name: "bessel_ratio_complement",
        params: &["nu", "x"],
        domain: &["nu >= 0", "x >= 0"],
        differentiable: &["x > 0"],
        partials: &[None, Some("-bessel_ratio_slope(nu, x)")],
        identities: &["bessel_ratio_complement(nu, x) = 1 - bessel_ratio(nu, x) if nu >= 0, x > 0"],
        facts: &["bessel_ratio_complement(nu, x) > 0"],
        eval: by_definition!(bessel_ratio_complement; nu NonNegative, x NonNegative),
        latex: r"\left(1 - \frac{I_{#1+1}(#2)}{I_{#1}(#2)}\right)",
        source: "DLMF 10.29.1",
        ..Function::ROW
    },
    Function {
        name: "logaddexp",
        params: &["a", "b"],
        partials: &[Some("logistic(a - b)"), Some("logistic(b - a)")],
        values: &["logaddexp(0, 0) = log(2)"],
        identities: &["logaddexp(a, b) = log(exp(a) + exp(b))"],
        facts: &["logaddexp(a, b) > a", "logaddexp(a, b) > b"],
        eval: by_definition!(logaddexp, logaddexp_hull; a Real, b Real),
        latex: r"\log\left(e^{#1} + e^{#2}\right)",
        source: "DLMF 4.2.2",
        ..Function::ROW
    },
    // A logarithm of up to four factors whose product may lie far beyond the floats.
    Function {
        name: "log_product",
        params: &["a", "b", "c", "d"],
        domain: &["a > 0", "b > 0", "c > 0", "d > 0"],
        partials: &[Some("1/a"), Some("1/b"), Some("1/c"), Some("1/d")],
        values: &["log_product(1, 1, 1, 1) = 0"],
        identities: &["log_product(a, b, c, d) = log(a) + log(b) + log(c) + log(d) if a > 0, b > 0, c > 0, d > 0"],
        eval: by_definition!(log_product; a Positive, b Positive, c Positive, d Positive),
        latex: r"\log\left(#1 \cdot #2 \cdot #3 \cdot #4\right)",
        source: "DLMF 4.8.1",
        ..Function::ROW
    },
    Function {
        name: "expm1_excess",
        partials: &[Some("expm1(x)")],
        values: &["expm1_excess(0) = 0"],
        identities: &["expm1_excess(x) = exp(x) - 1 - x"],
        facts: &["expm1_excess(x) >= 0"],
        eval: by_definition!(expm1_excess, expm1_excess_hull; x Real),
        latex: r"\left(e^{#1} - 1 - #1\right)",
        source: "DLMF 4.2.19",
        ..Function::ROW
    },
    // The probability of two or more by a Poisson distribution of mean x.
    Function {
        name: "expm1_excess_scaled",
        domain: &["x >= 0"],
        partials: &[Some("x*exp(-x)")],
        values: &["expm1_excess_scaled(0) = 0"],
        identities: &["expm1_excess_scaled(x) = 1 - (1 + x)*exp(-x) if x >= 0"],
        facts: &["expm1_excess_scaled(x) >= 0"],
        eval: by_definition!(expm1_excess_scaled; x NonNegative),
        latex: r"\left(1 - (1 + #1)\,e^{-#1}\right)",
        source: "DLMF 8.4.8",
        ..Function::ROW
    },
    // kl_term of exponentials: the Bregman divergence of exp.
    Function {
        name: "exp_divergence",
        params: &["a", "b"],
        partials: &[Some("(a - b)*exp(a)"), Some("exp(b) - exp(a)")],
        values: &["exp_divergence(0, 0) = 0"],
        identities: &["exp_divergence(a, b) = exp(b) - exp(a) - (b - a)*exp(a)"],
        facts: &["exp_divergence(a, b) >= 0"],
        eval: by_definition!(exp_divergence; a Real, b Real),
        latex: r"\left(e^{#2} - e^{#1} - (#2 - #1)\,e^{#1}\right)",
        source: "DLMF 4.2.19",
        ..Function::ROW
    },
    // A weight w at 0 and the rest as far out as u: the log-probability of 0 by a zero-inflated Poisson distribution.
    Function {
        name: "log_mixture",
        params: &["w", "u"],
        domain: &["w >= 0", "u >= 0"],
        partials: &[Some("(1 - exp(-u))/(w + (1 - w)*exp(-u))"), Some("(w - 1)*exp(-u)/(w + (1 - w)*exp(-u))")],
        values: &["log_mixture(1, 1) = 0", "log_mixture(0, 1) = -1"],
        identities: &["log_mixture(w, u) = log(w + (1 - w)*exp(-u)) if w >= 0, u >= 0"],
        eval: by_definition!(log_mixture; w NonNegative, u NonNegative),
        latex: r"\log\left(#1 + (1 - #1)\,e^{-#2}\right)",
        source: "DLMF 4.2.2, 4.2.19",
        ..Function::ROW
    },
    Function {
        name: "log1mexp",
        domain: &["x < 0"],
        partials: &[Some("-exp(x)/(1 - exp(x))")],
        identities: &["log1mexp(x) = log(1 - exp(x)) if x < 0"],
        facts: &["log1mexp(x) < 0"],
        eval: by_definition!(log1mexp; x Negative),
        latex: r"\log\left(1 - e^{#1}\right)",
        source: "Mächler (2012), Accurately computing log(1 - exp(-|a|))",
        ..Function::ROW
    },
    Function {
        name: "logistic",
        partials: &[Some("logistic(x)*logistic(-x)")],
        values: &["logistic(0) = 1/2"],
        identities: &["logistic(x) = 1/(1 + exp(-x))", "logistic(x) + logistic(-x) = 1"],
        facts: &["logistic(x) > 0", "logistic(x) < 1"],
        eval: by_definition!(logistic, logistic_hull; x Real),
        latex: r"\frac{1}{1 + e^{-#1}}",
        source: "DLMF 4.2.19",
        ..Function::ROW
    },
    // KL between Bernoulli distributions of log-odds t and s.
    Function {
        name: "logistic_divergence",
        params: &["t", "s"],
        partials: &[Some("(t - s)*logistic(t)*logistic(-t)"), Some("logistic(s) - logistic(t)")],
        identities: &["logistic_divergence(t, s) = logaddexp(0, s) - logaddexp(0, t) - (s - t)*logistic(t)"],
        facts: &["logistic_divergence(t, s) >= 0"],
        eval: by_definition!(logistic_divergence; t Real, s Real),
        latex: r"D_\sigma(#1, #2)",
        source: "DLMF 4.2.19; Kullback and Leibler (1951), On information and sufficiency",
        ..Function::ROW
    },
    // The same where the difference d of the log-odds is known to digits that s - t lacks; it changes nothing but these.
    Function {
        name: "logistic_gain",
        params: &["d", "t", "s"],
        partials: &[Some("0"), Some("(t - s)*logistic(t)*logistic(-t)"), Some("logistic(s) - logistic(t)")],
        identities: &["logistic_gain(d, t, s) = logistic_divergence(t, s)"],
        facts: &["logistic_gain(d, t, s) >= 0"],
        eval: by_definition!(logistic_gain; d Real, t Real, s Real),
        latex: r"D_\sigma(#2, #3; #1)",
        source: "DLMF 4.2.19; Kullback and Leibler (1951), On information and sufficiency",
        ..Function::ROW
    },
    // KL between distributions on two points, of weights in the ratio a : b and c : d.
    Function {
        name: "binary_kl",
        params: &["a", "b", "c", "d"],
        domain: &["a >= 0", "b >= 0", "a + b > 0", "c > 0", "d > 0"],
        differentiable: &["a > 0", "b > 0"],
        partials: &[
            Some("b*log(a*d/(b*c))/(a + b)^2"),
            Some("-a*log(a*d/(b*c))/(a + b)^2"),
            Some("1/(c + d) - a/(c*(a + b))"),
            Some("1/(c + d) - b/(d*(a + b))"),
        ],
        identities: &["binary_kl(a, b, c, d) = (a*log(a/c) + b*log(b/d))/(a + b) - log((a + b)/(c + d)) if a > 0, b > 0, c > 0, d > 0"],
        facts: &["binary_kl(a, b, c, d) >= 0"],
        eval: by_definition!(binary_kl; a NonNegative, b NonNegative, c Positive, d Positive),
        latex: r"D_2(#1 : #2, #3 : #4)",
        source: "Kullback and Leibler (1951), On information and sufficiency",
        ..Function::ROW
    },
    // KL between Poisson distributions of means x and m, each without its zeros.
    Function {
        name: "truncated_divergence",
        params: &["x", "m"],
        domain: &["x > 0", "m > 0"],
        partials: &[
            Some("(1 - (1 + x)*exp(-x))*log(x/m)/(1 - exp(-x))^2"),
            Some("1/(1 - exp(-m)) - x/(m*(1 - exp(-x)))"),
        ],
        identities: &["truncated_divergence(x, m) = m + log1mexp(-m) - x - log1mexp(-x) + x*log(x/m)/(1 - exp(-x)) if x > 0, m > 0"],
        facts: &["truncated_divergence(x, m) >= 0"],
        eval: by_definition!(truncated_divergence; x Positive, m Positive),
        latex: r"D_{>0}(#1, #2)",
        source: "Kullback and Leibler (1951), On information and sufficiency",
        ..Function::ROW
    },
    // KL between von Mises distributions of one direction and of concentrations x and y.
    Function {
        name: "bessel_divergence",
        params: &["x", "y"],
        domain: &["x >= 0", "y >= 0"],
        differentiable: &["x > 0", "y > 0"],
        partials: &[Some("(x - y)*bessel_ratio_slope(0, x)"), Some("bessel_ratio(0, y) - bessel_ratio(0, x)")],
        identities: &["bessel_divergence(x, y) = log_besseli_scaled(0, y) - log_besseli_scaled(0, x) + (y - x)*bessel_ratio_complement(0, x) if x > 0, y > 0"],
        facts: &["bessel_divergence(x, y) >= 0"],
        eval: by_definition!(bessel_divergence; x NonNegative, y NonNegative),
        latex: r"D_I(#1, #2)",
        source: "DLMF 10.29.2, 10.40.1; Kullback and Leibler (1951), On information and sufficiency",
        ..Function::ROW
    },
    // The mean of the density proportional to exp(x·v) on (-1, 1).
    Function {
        name: "langevin",
        partials: &[Some("langevin_slope(x)")],
        values: &["langevin(0) = 0"],
        identities: &["langevin(x) = cosh(x)/sinh(x) - 1/x if x != 0", "langevin(-x) = -langevin(x)"],
        facts: &["langevin(x) < 1", "langevin(x) > -1", "langevin(x) > 0 if x > 0", "langevin(x) < 0 if x < 0"],
        eval: Evaluators {
            complex: |arguments| complex_tilted_mean(arguments[0] * 2.0) * 2.0 - 1.0,
            ..by_definition!(langevin, langevin_hull; x Real)
        },
        latex: r"\left(\coth(#1) - \frac{1}{#1}\right)",
        source: "DLMF 4.33.1, 4.33.2; Mardia and Jupp (2000), Directional Statistics, section 9.3",
        ..Function::ROW
    },
    Function {
        name: "langevin_slope",
        partials: &[Some("2*(langevin(x)/x - langevin_slope(x))/x - 2*langevin(x)*langevin_slope(x)")],
        differentiable: &["x != 0"],
        values: &["langevin_slope(0) = 1/3"],
        identities: &["langevin_slope(x) = 1/x^2 - 1/sinh(x)^2 if x != 0", "langevin_slope(-x) = langevin_slope(x)"],
        facts: &["langevin_slope(x) > 0"],
        eval: Evaluators {
            complex: |arguments| complex_langevin_slope(arguments[0]),
            ..by_definition!(langevin_slope; x Real)
        },
        latex: r"\left(\frac{1}{#1^2} - \frac{1}{\sinh(#1)^2}\right)",
        source: "DLMF 4.33.1",
        ..Function::ROW
    },
    // The mean of the density proportional to exp(x·v) on (0, 1).
    Function {
        name: "tilted_mean",
        partials: &[Some("langevin_slope(x/2)/4")],
        values: &["tilted_mean(0) = 1/2"],
        identities: &["tilted_mean(x) = 1 - 1/x + 1/(exp(x) - 1) if x != 0", "tilted_mean(x) + tilted_mean(-x) = 1"],
        facts: &["tilted_mean(x) > 0", "tilted_mean(x) < 1"],
        eval: Evaluators {
            complex: |arguments| complex_tilted_mean(arguments[0]),
            ..by_definition!(tilted_mean, tilted_mean_hull; x Real)
        },
        latex: r"\left(1 - \frac{1}{#1} + \frac{1}{e^{#1} - 1}\right)",
        source: "DLMF 4.33.1; Loaiza-Ganem and Cunningham (2019), The continuous Bernoulli",
        ..Function::ROW
    },
    Function {
        name: "log_expm1_ratio",
        partials: &[Some("tilted_mean(x)")],
        values: &["log_expm1_ratio(0) = 0"],
        identities: &["log_expm1_ratio(x) = log((exp(x) - 1)/x) if x != 0"],
        eval: by_definition!(log_expm1_ratio, log_expm1_ratio_hull; x Real),
        latex: r"\log\frac{e^{#1} - 1}{#1}",
        source: "DLMF 4.2.19",
        ..Function::ROW
    },
    // KL between such densities.
    Function {
        name: "tilted_divergence",
        params: &["s", "t"],
        partials: &[Some("(s - t)*langevin_slope(s/2)/4"), Some("tilted_mean(t) - tilted_mean(s)")],
        values: &["tilted_divergence(0, 0) = 0"],
        identities: &["tilted_divergence(s, t) = log_expm1_ratio(t) - log_expm1_ratio(s) - (t - s)*tilted_mean(s)"],
        facts: &["tilted_divergence(s, t) >= 0"],
        eval: by_definition!(tilted_divergence; s Real, t Real),
        latex: r"D_U(#1, #2)",
        source: "DLMF 4.33.1; Kullback and Leibler (1951), On information and sufficiency",
        ..Function::ROW
    },
    // x^(k − 1), to the digits of a small k.
    Function {
        name: "power_over",
        params: &["x", "k"],
        domain: &["x > 0"],
        partials: &[Some("(k - 1)*power_over(x, k)/x"), Some("log(x)*power_over(x, k)")],
        values: &["power_over(2, 3) = 4", "power_over(2, 0) = 1/2"],
        identities: &["power_over(x, k) = x^k/x if x > 0"],
        facts: &["power_over(x, k) > 0"],
        eval: by_definition!(power_over; x Positive, k Real),
        latex: r"#1^{#2 - 1}",
        source: "DLMF 4.2.26",
        ..Function::ROW
    },
    // A quotient that is computed as one, before what it is multiplied by: (a/b)·c where a·c would overflow.
    Function {
        name: "quotient",
        params: &["a", "b"],
        domain: &["b != 0"],
        partials: &[Some("1/b"), Some("-a/b^2")],
        values: &["quotient(1, 2) = 1/2"],
        identities: &["quotient(a, b) = a/b if b != 0"],
        eval: Evaluators {
            real: |arguments| value("quotient", arguments),
            complex: |arguments| arguments[0] / arguments[1],
            ball: |arguments, precision| arguments[0].clone().with_precision(precision).div(&arguments[1]),
        },
        latex: r"\frac{#1}{#2}",
        source: "division",
        ..Function::ROW
    },
];
