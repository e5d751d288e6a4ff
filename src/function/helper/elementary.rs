//! Combinations of exponentials and logarithms that cancel as they stand.

use super::Helper;

/// What kl_term and kl_term_by share: x, m and d = x - m to r.
macro_rules! kl_of_difference {
    ($far:literal) => {
        concat!(
            "v = 0.5*d/(0.5*x + 0.5*m)
if abs(v) < 0.5 {
  # Near x = m by log(x/m) = 2*atanh(v).
  w = v*v
  p = horner(w,
    0.33333333333333333, 0.2000000000000001,
    0.1428571428570226, 0.11111111113768442,
    0.0909090886090086, 0.07692317999139432,
    0.06666392983705292, 0.058869923368905175,
    0.05210839953984162, 0.05161592044727535,
    0.022841127854821494, 0.11006631765073747,
    -0.10868311940097636, 0.18878987846545567)
  r = v*(d + 2*x*w*p)
} else {
  q = x/m
  if q > 1e-300 and q < 1e300 {
    l = log(q)
  } else {
    l = log(x) - log(m)
  }
  ",
            $far,
            "
}
if x == 0 {
  r = m
}
if not (x >= 0 and m > 0) {
  r = nan
}
return r
"
        )
    };
}

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "sign",
        parameters: &["x"],
        gives: &["sign"],
        summary: "The sign of x: -1, 0 or 1.",
        text: "
if x > 0 {
  r = 1
} else if x < 0 {
  r = -1
} else {
  r = x
}
return r
",
        source: "DLMF, Common Notations and Definitions",
    },
    Helper {
        name: "logistic",
        parameters: &["x"],
        gives: &["logistic"],
        summary: "1/(1 + exp(-x)).",
        text: "
# The exponential of what is not positive does not overflow.
e = exp(-abs(x))
if x >= 0 {
  r = 1/(1 + e)
} else {
  r = e/(1 + e)
}
return r
",
        source: "DLMF 4.2.19",
    },
    Helper {
        name: "kl_term",
        parameters: &["x", "m"],
        gives: &["kl_term"],
        summary: "x*log(x/m) - x + m, the divergence between Poisson distributions of means x and m.",
        // v (d + 2 x v² P(v²)) for log(x/m) = 2 atanh(v) and P(w) = (atanh(√w)/√w - 1)/w = 1/3 + w/5 + w²/7 + …, by a
        // polynomial through Chebyshev's points on 0 < w < 1/4: P to 8e-17.
        text: concat!("\nd = x - m\n", kl_of_difference!("r = x*(l - 1) + m")),
        source: "Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 4.6.1",
    },
    Helper {
        name: "kl_term_rounded",
        parameters: &["x", "m"],
        gives: &["kl_term"],
        summary: "x*log(x/m) - x + m, to the digits that are left where x or m is rounded.",
        // A rounding of m moves the value by that of x - m, and so does one of the ratio.
        text: "
d = x - m
u = d/m
if u > -0.99 and u < 1e300 {
  r = x*log1p(u) - d
} else {
  r = x*(log(x) - log(m)) - d
}
if x == 0 {
  r = m
}
if not (x >= 0 and m > 0) {
  r = nan
}
return r
",
        source: "Loader (2000), Fast and accurate computation of binomial probabilities",
    },
    Helper {
        name: "kl_term_by",
        parameters: &["x", "m", "d"],
        gives: &[],
        summary: "x*log(x/m) - x + m, where d = x - m may be known better than x and m are.",
        text: concat!("\n", kl_of_difference!("r = x*l - d")),
        source: "Loader (2000), Fast and accurate computation of binomial probabilities; DLMF 4.6.1",
    },
    Helper {
        name: "kl_term_exp",
        parameters: &["x", "k", "t"],
        gives: &["kl_term_exp"],
        summary: "kl_term(x, k*exp(t)), whose mean may be below the floats.",
        text: "
m = k*exp(t)
s = t - log(x/k)
if abs(s) < 1 {
  r = x*expm1_excess(s)
} else {
  r = m - x*(1 + s)
}
if x == 0 {
  r = m
}
if not (x >= 0 and k > 0) {
  r = nan
}
return r
",
        source: "Loader (2000), Fast and accurate computation of binomial probabilities",
    },
    Helper {
        name: "logaddexp",
        parameters: &["a", "b"],
        gives: &["logaddexp"],
        summary: "log(exp(a) + exp(b)).",
        text: "
d = abs(a - b)
if a == b {
  d = 0
}
return max(a, b) + log1p(exp(-d))
",
        source: "DLMF 4.2.2",
    },
    Helper {
        name: "log_product",
        parameters: &["a", "b", "c", "d"],
        gives: &["log_product"],
        summary: "log(a*b*c*d), also where a product is no float.",
        text: "
p = a*b
q = c*d
r = p*q
low = min(p, min(q, r))
high = max(p, max(q, r))
if low > 1e-290 and high < 1e290 {
  r = log(r)
} else {
  # The product of four fourth roots is a float.
  p = sqrt(sqrt(a))*sqrt(sqrt(b))
  q = sqrt(sqrt(c))*sqrt(sqrt(d))
  r = 4*log(p*q)
}
if not (a > 0 and b > 0 and c > 0 and d > 0) {
  r = nan
}
return r
",
        source: "DLMF 4.8.1",
    },
    Helper {
        name: "expm1_excess",
        parameters: &["x"],
        gives: &["expm1_excess"],
        summary: "exp(x) - 1 - x.",
        text: "
if abs(x) < 1 {
  # 1/2!, 1/3!, 1/4!, ...
  r = x*x*horner(x,
    1/2, 1/6, 1/24, 1/120, 1/720, 1/5040, 1/40320,
    1/362880, 1/3628800, 1/39916800, 1/479001600,
    1/6227020800, 1/87178291200, 1/1307674368000,
    1/20922789888000, 1/355687428096000)
} else {
  r = expm1(x) - x
}
return r
",
        source: "DLMF 4.2.19",
    },
    Helper {
        name: "expm1_excess_scaled",
        parameters: &["x"],
        gives: &["expm1_excess_scaled"],
        summary: "1 - (1 + x)*exp(-x) for x >= 0.",
        text: "
if x < 1 {
  r = exp(-x)*expm1_excess(x)
} else if x < 800 {
  r = 1 - (1 + x)*exp(-x)
} else {
  r = 1
}
if not (x >= 0) {
  r = nan
}
return r
",
        source: "DLMF 8.4.8",
    },
    Helper {
        name: "exp_divergence",
        parameters: &["a", "b"],
        gives: &["exp_divergence"],
        summary: "exp(b) - exp(a) - (b - a)*exp(a).",
        text: "
d = b - a
if d < 1 {
  r = exp(a)*expm1_excess(d)
} else {
  r = exp(b)*expm1_excess_scaled(d)
}
return r
",
        source: "DLMF 4.2.19",
    },
    Helper {
        name: "log_mixture",
        parameters: &["w", "u"],
        gives: &["log_mixture"],
        summary: "log(w + (1 - w)*exp(-u)) for w >= 0 and u >= 0.",
        text: "
v = w + (1 - w)*exp(-u)
if w < 1 and v < 0.5 {
  r = log(v)
} else {
  r = log1p((1 - w)*expm1(-u))
}
if not (w >= 0 and u >= 0) {
  r = nan
}
return r
",
        source: "DLMF 4.2.2, 4.2.19",
    },
    Helper {
        name: "log1mexp",
        parameters: &["x"],
        gives: &["log1mexp"],
        summary: "log(1 - exp(x)) for x < 0.",
        text: "
if x > -0.6931471805599453 {
  r = log(-expm1(x))
} else {
  r = log1p(-exp(x))
}
if not (x < 0) {
  r = nan
}
return r
",
        source: "Mächler (2012), Accurately computing log(1 - exp(-|a|))",
    },
    Helper {
        name: "power_over",
        parameters: &["x", "k"],
        gives: &["power_over"],
        summary: "x^k/x for x > 0, also where x^k is no float.",
        text: "
p = pow(x, k)
if p > 1e-300 and p < 1e300 {
  r = p/x
} else {
  # So far out, k - 1 is as good as k.
  r = pow(x, k - 1)
}
if not (x > 0 and abs(k) < infinity) {
  r = nan
}
return r
",
        source: "DLMF 4.2.26",
    },
    Helper {
        name: "quotient",
        parameters: &["a", "b"],
        gives: &["quotient"],
        summary: "a/b, divided before it is multiplied by anything else.",
        text: "
r = a/b
if b == 0 {
  r = nan
}
return r
",
        source: "division",
    },
];
