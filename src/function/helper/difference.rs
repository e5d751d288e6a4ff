//! What is left when the large parts of log Γ, ψ and ψ′ are taken away: excesses over the logarithm, differences, the
//! divergence between gamma distributions.
//!
//! The series are those of `gamma` and `polygamma`. Their differences are divided differences of the same polynomials, by
//! Horner's scheme for p[a], p[a, b], p[a, a, b] (c0, c1, c2); smaller arguments are raised by terms of one sign. The
//! quotients in v for 1 < x < 6 go through Chebyshev's points on 1/6 < v < 1, to 2e-17.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "digamma_excess",
        parameters: &["x"],
        gives: &["digamma_excess"],
        summary: "log(x) - digamma(x).",
        // x·(log x − ψ(x)) in v for 1 < x < 6.
        text: "
y = x
s = 0
if x < 1 {
  y = x + 1
  s = 1/x - log1p(1/x)
}
v = 1/y
if y < 6 {
  n = horner(v,
    0.5000000000273497, 3.0533510317203856,
    9.119361665333379, 15.700355061121183,
    16.51500900932529, 10.445292323275842,
    3.7179609752232365, 0.6104456117378421,
    0.028334751095961716)
  d = horner(v,
    1, 5.940035399453976, 17.24871736920127,
    28.542591443247925, 28.371911171820308,
    16.441541128017455, 5.123850922836557,
    0.7129328985186499, 0.028832894415622062)
  r = s + v*(n/d)
} else {
  z = v*v
  e = z*horner(z,
    0.08333333333333331, -0.008333333333265424,
    0.003968253916496818, -0.004166651522951171,
    0.0075735577568517305, -0.020916085217393375,
    0.0751835876696361, -0.2297854245497472)
  r = 0.5*v + e
}
if not (x > 0) {
  r = nan
}
return r
",
        source: "DLMF 5.5.2, 5.11.2",
    },
    Helper {
        name: "trigamma_excess",
        parameters: &["x"],
        gives: &["trigamma_excess"],
        summary: "x*trigamma(x) - 1.",
        // x·(x ψ′(x) − 1) in v for 1 < x < 6.
        text: "
y = x
if x < 1 {
  y = x + 1
}
v = 1/y
if y < 6 {
  n = horner(v,
    0.5000000000201186, 6.845026370039018, 42.7794461689363,
    157.35224562525482, 369.89237136581147,
    567.6477730170853, 557.4723986709265, 324.955009787041,
    89.18031462497726)
  d = horner(v,
    1, 13.356719409060505, 81.10665247087874,
    287.73560822626865, 644.7633068058642,
    925.7340774141207, 824.9119862374852, 414.1353242952357,
    89.18031463348979)
  r = v*(n/d)
} else {
  z = v*v
  r = v*(0.5 + v*horner(z,
    0.16666666666666644, -0.03333333333220509,
    0.023809522948893713, -0.03333308110147455,
    0.07572083203711484, -0.2501477294451848,
    1.0286907996359482, -3.412961215232866))
}
if x < 1 {
  # trigamma(x) = 1/x^2 + trigamma(x + 1)
  r = (1/x + x*r)*v
}
if not (x > 0) {
  r = nan
}
return r
",
        source: "DLMF 5.15.5, 5.15.8",
    },
    Helper {
        name: "digamma_difference",
        parameters: &["a", "b"],
        gives: &["digamma_difference"],
        summary: "digamma(a + b) - digamma(a) for a > 0 and b >= 0.",
        text: "
y = a
s = a + b
r = 0
if a < 6 {
  # 1/(a + k) - 1/(a + b + k) for k = 0, ..., 5.
  r = b/((a + 5)*(s + 5)) + b/((a + 4)*(s + 4))
  r = r + b/((a + 3)*(s + 3)) + b/((a + 2)*(s + 2))
  r = r + b/((a + 1)*(s + 1)) + (b/s)/a
  y = a + 6
  s = y + b
}
va = 1/y
vs = 1/s
za = va*va
zs = vs*vs
# A polynomial at za, and its divided difference.
c1 = 0
c0 = -0.2297854245497472
c1 = c0 + zs*c1
c0 = 0.0751835876696361 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.020916085217393375
c1 = c0 + zs*c1
c0 = 0.0075735577568517305 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.004166651522951171
c1 = c0 + zs*c1
c0 = 0.003968253916496818 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.008333333333265424
c1 = c0 + zs*c1
c0 = 0.08333333333333331 + za*c0
e = 0.5 + (va + vs)*(c0 + zs*c1)
r = r + (log1p(b/y) + (b/s)*va*e)
if not (a > 0 and b >= 0) {
  r = nan
}
return r
",
        source: "DLMF 5.5.2, 5.11.2",
    },
    Helper {
        name: "trigamma_difference",
        parameters: &["a", "b"],
        gives: &["trigamma_difference"],
        summary: "trigamma(a) - trigamma(a + b) for a > 0 and b >= 0.",
        text: "
if b >= a {
  # Less than two bits cancel.
  r = trigamma(a) - trigamma(a + b)
} else {
  r = trigamma_step(a, b)
}
if not (a > 0 and b >= 0) {
  r = nan
}
return r
",
        source: "DLMF 5.15.5, 5.15.8",
    },
    Helper {
        name: "trigamma_difference_given",
        parameters: &["a", "b", "t"],
        gives: &[],
        summary: "trigamma(a) - trigamma(a + b) for a > 0 and b >= 0, with t = trigamma(a + b).",
        text: "
if b >= a {
  # Less than two bits cancel.
  r = trigamma(a) - t
} else {
  r = trigamma_step(a, b)
}
if not (a > 0 and b >= 0) {
  r = nan
}
return r
",
        source: "DLMF 5.15.5, 5.15.8",
    },
    Helper {
        name: "trigamma_step",
        parameters: &["a", "b"],
        gives: &[],
        summary: "trigamma(a) - trigamma(a + b) for 0 <= b < a.",
        text: "
s = a + b
r = 0
y = a
while y < 6 and y > 0 {
  # 1/y^2 - 1/s^2
  va = 1/y
  vs = 1/s
  r = r + (b*vs)*va*(va + vs)
  y = y + 1
  s = y + b
}
va = 1/y
vs = 1/s
za = va*va
zs = vs*vs
# A polynomial at za, and its divided difference.
c1 = 0
c0 = 20.39907980934681
c1 = c0 + zs*c1
c0 = za*c0 - 5.686494459221039
c1 = c0 + zs*c1
c0 = 1.1316812833788938 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.2525785652536767
c1 = c0 + zs*c1
c0 = 0.07575264096686857 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.033333307366846185
c1 = c0 + zs*c1
c0 = 0.023809523740380884 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.033333333333261904
c1 = c0 + zs*c1
c0 = 0.16666666666666666 + za*c0
m = va + vs
e = 0.5*m + (za + vs*m)*c0 + zs*vs*m*c1
r = r + (b*vs)*va*(1 + e)
return r
",
        source: "DLMF 5.15.5, 5.15.8",
    },
    Helper {
        name: "log1p_excess",
        parameters: &["t"],
        gives: &[],
        summary: "t - log(1 + t).",
        text: "
v = t/(2 + t)
if abs(v) < 0.25 {
  # log(1 + t) = 2*atanh(v)
  w = v*v
  r = v*(t - 2*w*horner(w,
    1/3, 1/5, 1/7, 1/9, 1/11, 1/13, 1/15, 1/17, 1/19, 1/21,
    1/23, 1/25, 1/27))
} else {
  r = t - log1p(t)
}
return r
",
        source: "DLMF 4.6.4, 4.38.5",
    },
    Helper {
        name: "gamma_divergence",
        parameters: &["a", "b"],
        gives: &["gamma_divergence"],
        summary: "The divergence between gamma distributions of equal mean and of shapes a and b.",
        // The Bregman divergence f(b) − f(a) − (b − a) f′(a) of f = lgamma(x) − x log x + x, term by term: f(x) is
        // f(x + 1) + (x + 1) log(1 + 1/x) − 1, and −½ log x + J(x) for large x, up to a constant. J(x) has the divergence of its
        // own helper.
        text: "
d = b - a
y = a
x = b
r = 0
while min(x, y) < 6 and min(x, y) > 0 {
  # That of (x + 1)*log(1 + 1/x).
  e = d/x/(y + 1)
  q = d/y
  if e > -1 and e < 0.5 {
    p = q*(d/x)/(y + 1) - (x + 1)*log1p_excess(-e)
  } else {
    p = q + (x + 1)*log((y/(y + 1))*((x + 1)/x))
  }
  r = r + p
  x = x + 1
  y = y + 1
}
p = excess_of_quotient(d/y, x/y)
r = r + (0.5*p + binet_divergence(y, x))
if not (a > 0 and b > 0) {
  r = nan
}
return r
",
        source: "DLMF 5.5.1, 5.11.1; Penny (2001), KL-divergences of normal, gamma, Dirichlet and Wishart densities",
    },
    Helper {
        name: "excess_of_quotient",
        parameters: &["t", "q"],
        gives: &[],
        summary: "t - log(1 + t) for t = q - 1, which may be rounded to -1.",
        text: "
if t > -0.5 {
  r = log1p_excess(t)
} else {
  r = t - log(q)
}
return r
",
        source: "DLMF 4.6.4",
    },
    Helper {
        name: "binet_divergence",
        parameters: &["a", "b"],
        gives: &[],
        summary: "The Bregman divergence of Binet's function at b from its tangent at a, for a >= 6 and b >= 6.",
        // J(x) = v p(z) has, with δ = 1/b − 1/a, the divergence δ² times what `e` holds; c0, c1, c2 are p[za], p[za, za],
        // p[za, za, zb].
        text: "
va = 1/a
vb = 1/b
za = va*va
zb = vb*vb
c2 = 0
c1 = 0
c0 = 0.07944960996669824
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = za*c0 - 0.0253004561556146
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = 0.006302222071927669 + za*c0
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = za*c0 - 0.00191585532197075
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = 0.0008417353128972759 + za*c0
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = za*c0 - 0.0005952380131643024
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = 0.0007936507934316619 + za*c0
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = za*c0 - 0.002777777777777551
c2 = c1 + zb*c2
c1 = c0 + za*c1
c0 = 0.08333333333333333 + za*c0
# A divided difference from za to zb.
h = (va + vb)*(vb - va)
m = c1 + h*c2
e = b*c0 + (va + vb)*m + b*va*(vb + 2*va)*c1
e = e + va*(va + vb)*(va + vb)*c2
q = (b - a)/a/b
return q*q*e
",
        source: "DLMF 5.11.1",
    },
    Helper {
        name: "binet_divergence_slope",
        parameters: &["x", "y", "d", "f", "g"],
        gives: &[],
        summary: "The derivative of binet_divergence(x + f*u, y + g*u) by u at u = 0, for d = y - x and x, y >= 6.",
        // d·(g·J′[x, y] − f·J″(x)), with −J′ = z·p(z) in z = 1/x²; c0, c1, c2 are p[zx], p[zx, zx], p[zx, zx, zy].
        text: "
vx = 1/x
vy = 1/y
zx = vx*vx
zy = vy*vy
c2 = 0
c1 = 0
c0 = 1.35064336943387
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = zx*c0 - 0.379506842334219
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = 0.0819288869350597 + zx*c0
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = zx*c0 - 0.02107440854167825
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = 0.007575617816075483 + zx*c0
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = zx*c0 - 0.004166666092150117
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = 0.00396825396715831 + zx*c0
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = zx*c0 - 0.008333333333332653
c2 = c1 + zy*c2
c1 = c0 + zx*c1
c0 = 0.08333333333333333 + zx*c0
m = vx + vy
t = d*vx
# Divided differences of z*p(z) at zx, zy and at zx, zx, zy.
h = c0 + zy*(c1 + m*(vy - vx)*c2)
k = c1 + zy*c2
e = h*(vy + 2*vx) + 2*zx*m*k
return t*vy*((g - f)*m*h - f*t*e)
",
        source: "DLMF 5.11.1",
    },
    Helper {
        name: "binet_divergence_change",
        parameters: &["x", "y", "d", "f", "g"],
        gives: &[],
        summary: "binet_divergence(x + f, y + g) - binet_divergence(x, y) for d = y - x and x, y >= 6.",
        text: "
if f < 0.25 and g < y/16 {
  # The integral of the slope, by four points of Gauss.
  u = 0.06943184420297371
  e = d + u*(g - f)
  r = binet_divergence_slope(x + u*f, y + u*g, e, f, g)
  u = 0.9305681557970263
  e = d + u*(g - f)
  s = binet_divergence_slope(x + u*f, y + u*g, e, f, g)
  r = 0.17392742256872693*(r + s)
  u = 0.33000947820757187
  e = d + u*(g - f)
  s = binet_divergence_slope(x + u*f, y + u*g, e, f, g)
  u = 0.6699905217924281
  e = d + u*(g - f)
  s = s + binet_divergence_slope(x + u*f, y + u*g, e, f, g)
  r = r + 0.32607257743127307*s
} else {
  r = binet_divergence(x + f, y + g)
  r = r - binet_divergence(x, y)
}
return r
",
        source: "DLMF 3.5.21, 5.11.1",
    },
    Helper {
        name: "beta_divergence",
        parameters: &["a", "b", "c", "d"],
        gives: &["beta_divergence"],
        summary: "The divergence between beta distributions of shapes a, b and of shapes c, d.",
        // With B the Bregman divergence of lgamma this is B(b → d) − (B(a + b → c + d) − B(a → c)). The difference is taken term
        // by term of lgamma(x) = lgamma(x + 1) − log x: for −log x it is m·t + m − log(1 + m), where 1 + t and 1 + m are c/a
        // and the quotient of (c + d)/(a + b) by it; of what is left from 6 on, x log x makes a divergence of proportions.
        text: "
x = max(a, b)
f = min(a, b)
y = c
g = d
if a < b {
  y = d
  g = c
}
e = y - x
r = gamma_divergence(f, g)
k = 0
while k < 1 {
  # The last turn is for -log(x)/2.
  w = 1
  if not (min(x, y) < 6 and min(x, y) > 0) {
    w = 0.5
    k = 1
  }
  s = x + f
  t = e/x
  m = (g/s)*(x/y) - f/s
  q = ((y + g)/s)*(x/y)
  if t > -0.5 {
    p = m*t + excess_of_quotient(m, q)
  } else if m > -0.5 {
    p = m*(y/x) - log1p(m)
  } else {
    p = m*(y/x) - log(q)
  }
  r = r - w*p
  if k < 1 {
    x = x + 1
    y = y + 1
  }
}
# Between the proportions of x, f and of y, g.
s = x + f
t = y + g
h = (x/s)*(g/t) - (f/s)*(y/t)
p = y*excess_of_quotient(h/(y/t), (x/s)/(y/t))
q = g*excess_of_quotient(-h/(g/t), (f/s)/(g/t))
r = r - binet_divergence_change(x, y, e, f, g) + (p + q)
if not (a > 0 and b > 0 and c > 0 and d > 0) {
  r = nan
}
return r
",
        source: "DLMF 5.5.1, 5.11.1; Penny (2001), KL-divergences of normal, gamma, Dirichlet and Wishart densities",
    },
    Helper {
        name: "trigamma_gap",
        parameters: &["a", "b"],
        gives: &["trigamma_gap"],
        summary: "1/trigamma(a + b) - 1/trigamma(a) - 1/trigamma(b) for positive a and b.",
        text: "
l = max(a, b)
s = min(a, b)
t = l + s
# trigamma(x) = (1 + e)/x
el = trigamma_excess(l)
es = trigamma_excess(s)
et = trigamma_excess(t)
if s < 0.5 {
  d = trigamma_difference(l, s)
  r = d*(l/(1 + el))*(t/(1 + et)) - s/(1 + es)
} else {
  # x - 1/trigamma(x) = x*e/(1 + e)
  r = l*(el/(1 + el)) + s*(es/(1 + es))
  r = r - t*(et/(1 + et))
}
if not (a > 0 and b > 0) {
  r = nan
}
return r
",
        source: "DLMF 5.15.8",
    },
];
