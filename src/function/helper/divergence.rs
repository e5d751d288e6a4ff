//! Divergences within exponential families of one parameter, near equal parameters and far from them.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "logistic_divergence_by",
        parameters: &["t", "s", "d"],
        gives: &[],
        summary: "KL between Bernoulli distributions of log-odds t and s, where s - t = d.",
        // log(p e^d + q) - p d = log(p e^(q d) + q e^(-p d)), and p·q·d - q·p·d = 0.
        text: "
# The mirrored distributions for d < 0.
if d < 0 {
  t = -t
  s = -s
  d = -d
}
e = exp(-abs(t))
if t >= 0 {
  p = 1/(1 + e)
  q = e/(1 + e)
} else {
  p = e/(1 + e)
  q = 1/(1 + e)
}
if d < 6 {
  r = p*expm1_excess(q*d) + q*expm1_excess(-p*d)
  r = log1p(r)
} else if t >= 0 {
  r = q*d + (log1p(exp(-s)) - log1p(e))
} else {
  r = max(s, 0) + log1p(exp(-abs(s)))
  r = r - log1p(e) - p*d
}
return r
",
        source: "Kullback and Leibler (1951), On information and sufficiency",
    },
    Helper {
        name: "logistic_divergence",
        parameters: &["t", "s"],
        gives: &["logistic_divergence"],
        summary: "KL between Bernoulli distributions of log-odds t and s.",
        text: "
return logistic_divergence_by(t, s, s - t)
",
        source: "Kullback and Leibler (1951), On information and sufficiency",
    },
    Helper {
        name: "logistic_gain",
        parameters: &["d", "t", "s"],
        gives: &["logistic_gain"],
        summary: "KL between Bernoulli distributions of log-odds t and s, where d is s - t to more digits.",
        text: "
# What is no rounding of s - t is left out of account.
u = s - t
if abs(d - u) > 2e-15*(abs(s) + abs(t)) {
  d = u
}
r = logistic_divergence_by(t, s, d)
if s != s {
  r = nan
}
return r
",
        source: "Kullback and Leibler (1951), On information and sufficiency",
    },
    Helper {
        name: "binary_kl",
        parameters: &["a", "b", "c", "d"],
        gives: &["binary_kl"],
        summary: "KL between distributions on two points, of weights in the ratio a : b and c : d.",
        text: "
p = a/(a + b)
q = b/(a + b)
u = c/(c + d)
v = d/(c + d)
# p - u, to the digits of the smaller weights.
s = p*v - q*u
r = kl_term_by(p, u, s) + kl_term_by(q, v, -s)
if not (a >= 0 and b >= 0 and c > 0 and d > 0) {
  r = nan
}
return r
",
        source: "Kullback and Leibler (1951), On information and sufficiency",
    },
    Helper {
        name: "truncated_divergence",
        parameters: &["x", "m"],
        gives: &["truncated_divergence"],
        summary: "KL between Poisson distributions of means x and m, each without its zeros.",
        // log(expm1(m)/expm1(x)) - k*log(m/x) for k = x/(1 - exp(-x)) = 1 + e, where exp(m) - 1 = (exp(x) - 1)*(1 + y) and
        // 1 + y = (1 + g)*m/x.
        text: "
d = m - x
n = 1/expm1(x)
q = x/m
if q > 1e-300 and q < 1e300 {
  l = log(q)
} else {
  l = log(x) - log(m)
}
if x >= 1 {
  r = kl_term(x, m)
  if not (abs(d) < 0.5*min(x, m)) {
    r = r + x*n*l + (log1mexp(-m) - log1mexp(-x))
  } else if x < 60 {
    y = -n*expm1(-d)
    r = (1 + n)*r - n*expm1_excess(-d)
    r = r - kl_term_by(1, 1 + y, -y)
  }
} else {
  e = -expm1_excess(-x)/expm1(-x)
  if not (abs(d) < 0.5*min(x, m)) {
    r = log_expm1_ratio(m) - log_expm1_ratio(x) + e*l
  } else {
    f = expm1_excess(d)
    g = (e*expm1(d) + f)/m
    r = (1 + e)*(f/m) - e*(kl_term(m, x)/m)
    r = r - kl_term_by(1, 1 + g, -g)
  }
}
if not (x > 0 and m > 0) {
  r = nan
}
return r
",
        source: "Kullback and Leibler (1951), On information and sufficiency; DLMF 4.2.19",
    },
    Helper {
        name: "bessel_divergence",
        parameters: &["x", "y"],
        gives: &["bessel_divergence"],
        summary: "KL between von Mises distributions of one direction and of concentrations x and y.",
        // With f = log I(0, .), f(y) - f(x) - (y - x)*f'(x) is (y - x)^2 times the integral of (1 - s)*f''(x + s*(y - x)) over
        // 0 < s < 1, here by Gauss's rule for the weight 1 - s; far out f is x - log(2*pi*x)/2 + 1/(8*x) + 1/(16*x^2) + ….
        text: "
d = y - x
l = min(x, y)
if l > 10000 {
  v = 1/x
  u = 1/y
  g = (3*v + 2*u)*v + u*u
  g = v*(1/8 + (2*v + u)/16 + 25/384*g)
  r = 0.5*(kl_term(x, y)/x) + (d/x)*(d/y)*g
} else if abs(d) <= max(1, 0.5*l) {
  r = 0
  a = bessel_ratio_slope(0, x + 0.01777991514736345*d)
  r = r + 0.04455080436155593*a
  a = bessel_ratio_slope(0, x + 0.09132360789979396*d)
  r = r + 0.09111902363637363*a
  a = bessel_ratio_slope(0, x + 0.21430847939563075*d)
  r = r + 0.11250579947088736*a
  a = bessel_ratio_slope(0, x + 0.37193216458327233*d)
  r = r + 0.10604735943593001*a
  a = bessel_ratio_slope(0, x + 0.5451866848034267*d)
  r = r + 0.07919959949231915*a
  a = bessel_ratio_slope(0, x + 0.7131752428555694*d)
  r = r + 0.0454393195046989*a
  a = bessel_ratio_slope(0, x + 0.8556337429578544*d)
  r = r + 0.017842902655986207*a
  a = bessel_ratio_slope(0, x + 0.9553660447100302*d)
  r = r + 0.003295191442248799*a
  r = r*d*d
} else {
  r = log_besseli_scaled(0, y) - log_besseli_scaled(0, x)
  r = r + d*bessel_ratio_complement(0, x)
}
if d == 0 {
  r = 0
}
if not (x >= 0 and y >= 0) {
  r = nan
}
return r
",
        source: "DLMF 3.5.15, 10.29.2, 10.40.1",
    },
];
