//! Digamma and its derivatives, for positive arguments with few divisions, left of 0 by reflection.
//!
//! From 6 on, with v = 1/x and z = v² (DLMF 5.11.2, 5.15.8),
//!
//! ```text
//! ψ(x) = log x − v/2 − z p(z),   ψ′(x) = v + z (1/2 + v q(z))
//! ```
//!
//! where p and q go through Chebyshev's points on 0 < z < 1/36, near Σ B₂ₖ/(2k) zᵏ⁻¹ and Σ B₂ₖ zᵏ⁻¹: seven terms of p to
//! 4.6e-15 (eight: 1.8e-16), eight of q to 1.5e-15 (nine: 7.3e-17), each of a small part of the sum. Smaller arguments
//! are raised by the recurrence in one fraction. Even and odd terms are summed side by side, which lets a processor do
//! both at once.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "digamma",
        parameters: &["x"],
        gives: &["digamma"],
        summary: "The logarithmic derivative of the gamma function.",
        // The root 1.4616321449683623… = 1569415565/2³⁰ + 3.309564689176888e-10; ψ(y)/(y − root) for 1 < y < 2.
        text: "
t = x
if x <= 0 {
  t = 1 - x
}
if t < 3 {
  # From 1 <= y < 2; the root of digamma is h + 3.3e-10.
  h = 1.4616321446374059
  w = t - 1
  s = 0
  if t < 1 {
    h = 0.4616321446374059
    w = t
    s = 1/t
  } else if t >= 2 {
    h = 2.4616321446374059
    w = t - 2
    s = 1/(1 - t)
  }
  d = (t - h) - 3.309564689176888e-10
  u = w*w
  n = horner(u,
    1.2503801375034054 + 1.7811904023777358*w,
    0.8563282382526716 + 0.1674321822097703*w,
    0.012282771527360986 + 0.00022205476047991614*w)
  m = horner(u,
    1 + 2.108065926448982*w,
    1.5240244625242985 + 0.4784894928792091*w,
    0.06589990402253255 + 0.0034081071889811372*w,
    3.918857595782627e-05)
  r = d*(n/m) - s
} else {
  y = t
  s = 0
  if t < 6 {
    # 1/t + 1/(t + 1) + 1/(t + 2)
    m = t + 1
    w = m*m
    s = (3*w - 1)/(m*(w - 1))
    y = t + 3
  }
  v = 1/y
  z = v*v
  u = z*z
  e = z*horner(u,
    0.08333333333333294 - 0.00833333333196673*z,
    0.003968253174196778 - 0.00416649213380119*z,
    0.007557240349829397 - 0.02005781319935496*z,
    0.0527835788020277)
  r = log(y) - (s + (0.5*v + e))
}
if x <= 0 {
  # digamma(1 - x) - digamma(x) = pi/tan(pi*x)
  f = x - floor(x + 0.5)
  r = r - pi/tan(pi*f)
  if x == floor(x) {
    r = nan
  }
}
return r
",
        source: "DLMF 5.5.2, 5.5.4, 5.11.2",
    },
    Helper {
        name: "trigamma",
        parameters: &["x"],
        gives: &["trigamma"],
        summary: "The derivative of digamma.",
        text: "
y = x
s = 0
if x < 6 {
  t = x
  if x <= 0 {
    t = 1 - x
  }
  # 1/t^2 + 1/(t + 1)^2 + ... + 1/(t + 6)^2
  w = (t + 1)*(t + 6)
  q = w*(w + 4)*(w + 6)
  q = q*q
  u = w*w
  n = horner(u,
    14400 + 13152*w,
    5480 + 1208*w,
    135 + 6*w)
  w = t*t
  s = (q + w*n)/(w*q)
  y = t + 7
}
v = 1/y
z = v*v
u = z*z
e = v*horner(u,
  0.16666666666666644 - 0.03333333333220509*z,
  0.023809522948893713 - 0.03333308110147455*z,
  0.07572083203711484 - 0.2501477294451848*z,
  1.0286907996359482 - 3.412961215232866*z)
r = s + (v + z*(0.5 + e))
if x <= 0 {
  # trigamma(x) + trigamma(1 - x) = (pi/sin(pi*x))^2
  f = x - floor(x + 0.5)
  p = pi/sin(pi*f)
  r = p*p - r
  if x == floor(x) {
    r = nan
  }
}
return r
",
        source: "DLMF 5.15.5, 5.15.6, 5.15.8",
    },
    Helper {
        name: "digamma_trigamma",
        parameters: &["x"],
        gives: &["digamma", "trigamma"],
        summary: "digamma(x) and trigamma(x), which share most of their work.",
        text: "
t = x
if x <= 0 {
  t = 1 - x
}
y = t
s = 0
a = 0
g = 0
if t < 3 {
  # From 1 <= y < 2; the root of digamma is h + 3.3e-10.
  h = 1.4616321446374059
  w = t - 1
  if t < 1 {
    h = 0.4616321446374059
    w = t
    s = 1/t
  } else if t >= 2 {
    h = 2.4616321446374059
    w = t - 2
    s = 1/(1 - t)
  }
  d = (t - h) - 3.309564689176888e-10
  u = w*w
  n = horner(u,
    1.2503801375034054 + 1.7811904023777358*w,
    0.8563282382526716 + 0.1674321822097703*w,
    0.012282771527360986 + 0.00022205476047991614*w)
  m = horner(u,
    1 + 2.108065926448982*w,
    1.5240244625242985 + 0.4784894928792091*w,
    0.06589990402253255 + 0.0034081071889811372*w,
    3.918857595782627e-05)
  g = d*(n/m) - s
  # 1/t^2 + 1/(t + 1)^2 + ... + 1/(t + 6)^2
  w = (t + 1)*(t + 6)
  q = w*(w + 4)*(w + 6)
  q = q*q
  u = w*w
  n = horner(u,
    14400 + 13152*w,
    5480 + 1208*w,
    135 + 6*w)
  w = t*t
  a = (q + w*n)/(w*q)
  y = t + 7
} else if t < 6 {
  # Three terms 1/(t + k), and three 1/(t + k)^2.
  m = t + 1
  w = m*m
  q = 1/(m*(w - 1))
  s = (3*w - 1)*q
  a = (w*(3*w) + 1)*(q*q)
  y = t + 3
}
v = 1/y
z = v*v
u = z*z
e = v*horner(u,
  0.16666666666666644 - 0.03333333333220509*z,
  0.023809522948893713 - 0.03333308110147455*z,
  0.07572083203711484 - 0.2501477294451848*z,
  1.0286907996359482 - 3.412961215232866*z)
r = a + (v + z*(0.5 + e))
if not (t < 3) {
  e = z*horner(u,
    0.08333333333333294 - 0.00833333333196673*z,
    0.003968253174196778 - 0.00416649213380119*z,
    0.007557240349829397 - 0.02005781319935496*z,
    0.0527835788020277)
  g = log(y) - (s + (0.5*v + e))
}
if x <= 0 {
  # digamma(1 - x) - digamma(x) = pi/tan(pi*x)
  f = x - floor(x + 0.5)
  g = g - pi/tan(pi*f)
  p = pi/sin(pi*f)
  r = p*p - r
  if x == floor(x) {
    g = nan
    r = nan
  }
}
return g, r
",
        source: "DLMF 5.5.2, 5.5.4, 5.11.2, 5.15.5, 5.15.6, 5.15.8",
    },
    Helper {
        name: "polygamma_positive",
        parameters: &["n", "x"],
        gives: &[],
        summary: "n!*zeta(n + 1, x), the absolute value of polygamma(n, x), for 1 <= n <= 500 and x > 0.",
        text: "
# (n - 1)!/x^n
p = 1/x
i = 1
while i < n and n <= 500 {
  p = p*(i/x)
  i = i + 1
}
# Terms of the sum in units of n!/x^(n + 1).
s = 0
y = x
while y < 10 + n and y > 0 and n <= 500 {
  s = s + pow(x/y, n + 1)
  y = y + 1
}
# Euler-Maclaurin from y on: B(2), B(4), ..., B(20).
z = 1/(y*y)
e = 43867/798 - (n + 18)*(n + 19)/380*z*(174611/330)
e = -3617/510 + (n + 16)*(n + 17)/306*z*e
e = 7/6 + (n + 14)*(n + 15)/240*z*e
e = -691/2730 + (n + 12)*(n + 13)/182*z*e
e = 5/66 + (n + 10)*(n + 11)/132*z*e
e = -1/30 + (n + 8)*(n + 9)/90*z*e
e = 1/42 + (n + 6)*(n + 7)/56*z*e
e = -1/30 + (n + 4)*(n + 5)/30*z*e
e = 1/6 + (n + 2)*(n + 3)/12*z*e
e = 0.5 + (n + 1)/(2*y)*e
r = p*((n/x)*s + pow(x/y, n)*(1 + n/y*e))
return r
",
        source: "DLMF 25.11.1, 25.11.28",
    },
    Helper {
        name: "polygamma",
        parameters: &["n", "x"],
        gives: &["polygamma"],
        summary: "The n-th derivative of digamma, for n = 0, 1, ..., 500.",
        text: "
sign = 1
if 0.5*n == floor(0.5*n) {
  sign = -1
}
if n == 0 {
  r = digamma(x)
} else if n == 1 {
  r = trigamma(x)
} else if x > 0 {
  r = sign*polygamma_positive(n, x)
} else {
  # The sum over all integers has period 1.
  f = x - floor(x + 0.5)
  a = abs(f)
  b = 1 - a
  if f < 0 {
    b = a
    a = 1 - b
  }
  p = polygamma_positive(n, a)
  p = p + sign*polygamma_positive(n, b)
  r = sign*p - polygamma_positive(n, 1 - x)
  if x == floor(x) {
    r = nan
  }
}
if not (n >= 0 and n <= 500 and n == floor(n)) {
  r = nan
}
return r
",
        source: "DLMF 5.15.1, 5.15.5, 5.15.6",
    },
];
