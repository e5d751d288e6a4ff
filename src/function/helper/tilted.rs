//! The uniform distribution tilted by an exponential: its normalizing constant, mean, variance and divergence.
//!
//! On (-1, 1) the density is proportional to exp(x·v): the mean is the Langevin function coth x − 1/x, the variance
//! its slope. On (0, 1) it is proportional to exp(t·v), t = 2x.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "sinh_excess",
        parameters: &["w"],
        gives: &[],
        summary: "(sinh(x)/x - 1)/x^2 for x = sqrt(w) < 3.",
        text: "
return horner(w,
  1/6, 1/120, 1/5040, 1/362880, 1/39916800,
  1/6227020800, 1/1307674368000, 1/355687428096000,
  8.22063524662433e-18, 1.9572941063391263e-20,
  3.868170170630684e-23, 6.446950284384474e-26,
  9.183689863795546e-29, 1.1309962886447716e-31)
",
        source: "DLMF 4.33.1",
    },
    Helper {
        name: "langevin",
        parameters: &["x"],
        gives: &["langevin"],
        summary: "coth(x) - 1/x.",
        // x·cosh x − sinh x = Σ 2k·x^(2k + 1)/(2k + 1)!: no term is negative.
        text: "
if abs(x) < 3 {
  w = x*x
  r = horner(w,
    1/3, 1/30, 1/840, 1/45360, 1/3991680,
    1/518918400, 1/93405312000, 1/22230464256000,
    1.479714344392379e-16, 3.914588212678253e-19,
    8.509974375387506e-22, 1.5472680682522738e-24,
    2.387759365139842e-27, 3.16678960820536e-30)
  r = x*(r/(1 + w*sinh_excess(w)))
} else {
  r = 1/tanh(x) - 1/x
}
return r
",
        source: "DLMF 4.33.1, 4.33.2",
    },
    Helper {
        name: "langevin_slope",
        parameters: &["x"],
        gives: &["langevin_slope"],
        summary: "1/x^2 - 1/sinh(x)^2.",
        // (sinh x − x)·(sinh x + x)/(x·sinh x)².
        text: "
if abs(x) < 3 {
  w = x*x
  p = sinh_excess(w)
  q = 1 + w*p
  r = (p/q)*((q + 1)/q)
} else {
  e = exp(-2*abs(x))
  r = (1/x)*(1/x) - 4*e/((1 - e)*(1 - e))
}
return r
",
        source: "DLMF 4.33.1",
    },
    Helper {
        name: "tilted_mean",
        parameters: &["t"],
        gives: &["tilted_mean"],
        summary: "1 - 1/t + 1/(exp(t) - 1), the mean of the density proportional to exp(t*v) on 0 < v < 1.",
        text: "
if t > -2 {
  r = 0.5 + 0.5*langevin(0.5*t)
} else {
  # exp(t) - 1 = -exp(t)*(exp(-t) - 1).
  r = exp(t)/expm1(t) - 1/t
}
return r
",
        source: "DLMF 4.33.1",
    },
    Helper {
        name: "log_expm1_ratio",
        parameters: &["t"],
        gives: &["log_expm1_ratio"],
        summary: "log((exp(t) - 1)/t), 0 at 0.",
        text: "
if abs(t) < 2 {
  w = 0.25*t*t
  r = 0.5*t + log1p(w*sinh_excess(w))
} else if t > 0 {
  r = t + log(-expm1(-t)/t)
} else {
  r = log(expm1(t)/t)
}
return r
",
        source: "DLMF 4.33.1",
    },
    Helper {
        name: "tilted_divergence",
        parameters: &["s", "t"],
        gives: &["tilted_divergence"],
        summary: "KL between the densities proportional to exp(s*v) and to exp(t*v) on 0 < v < 1.",
        // With f = log(sinh(x)/x), x = s/2, y = t/2, f(y) - f(x) - (y - x)*f'(x) is (y - x)^2 times the integral of
        // (1 - u)*f''(x + u*(y - x)) over 0 < u < 1, here by Gauss's rule for the weight 1 - u.
        text: "
# The mirrored densities for s < 0.
if s < 0 {
  s = -s
  t = -t
}
d = 0.5*(t - s)
x = 0.5*s
y = 0.5*t
if abs(d) <= 0.5 + 0.5*x {
  r = 0
  a = langevin_slope(x + 0.008539054988427419*d)
  r = r + 0.021664860886871768*a
  a = langevin_slope(x + 0.04444646315540772*d)
  r = r + 0.04742785198037747*a
  a = langevin_slope(x + 0.10685449088347666*d)
  r = r + 0.06660675062667319*a
  a = langevin_slope(x + 0.19215105452985404*d)
  r = r + 0.076896602680041*a
  a = langevin_slope(x + 0.29538088426258025*d)
  r = r + 0.07769631681553103*a
  a = langevin_slope(x + 0.41054508120145766*d)
  r = r + 0.0701093399976301*a
  a = langevin_slope(x + 0.5309508493128177*d)
  r = r + 0.05661384371366763*a
  a = langevin_slope(x + 0.649600650277255*d)
  r = r + 0.040451653706913615*a
  a = langevin_slope(x + 0.759598889525227*d)
  r = r + 0.02487678040926543*a
  a = langevin_slope(x + 0.8545525437649358*d)
  r = r + 0.012436009166422266*a
  a = langevin_slope(x + 0.928942101264411*d)
  r = r + 0.004444807795668462*a
  a = langevin_slope(x + 0.9784379368341496*d)
  r = r + 0.0007751822209380283*a
  if x > 1 {
    # The slope falls as 1/x^2, which may underflow.
    r = r*x*x*(d/x)*(d/x)
  } else {
    r = r*d*d
  }
} else if x < 2 and abs(y) < 2 {
  v = log1p(x*x*sinh_excess(x*x))
  r = log1p(y*y*sinh_excess(y*y)) - v - d*langevin(x)
} else if t > 0 and s > 1 {
  r = expm1(-t)/expm1(-s)*(s/t)
  r = log(r) + (t - s)*tilted_mean(-s)
} else {
  r = log_expm1_ratio(-t) - log_expm1_ratio(-s)
  r = r + (t - s)*tilted_mean(-s)
}
if d == 0 {
  r = 0
}
return r
",
        source: "DLMF 3.5.15, 4.33.1",
    },
];
