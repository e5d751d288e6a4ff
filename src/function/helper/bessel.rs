//! Modified Bessel functions and their ratios, without cancellation.
//!
//! Below r = √(ν² + x²) = 100, R = I_{ν+1}(x)/I_ν(x) is x/(x + g) with g = m + h₁, m = ν + ½, and
//!
//! ```text
//! h(k) = (m + k)·g(k)/(2x + g(k)),   g(k) = m + h(k + 1),   k = 1, 2, …
//! ```
//!
//! which has positive terms only. It is the fraction x/(2m + 1 + x − (2m + 2)x/(2m + 2 + 2x − (2m + 4)x/(2m + 3 + 2x − …)))
//! (Gautschi and Slavik, 1978) with the part split off that the subtractions would cancel: h(k) = m + k + ½ − K(k), where
//! K(k) is the k-th tail. Fifty levels suffice for every x ≥ 0.
//!
//! Farther out x·I_ν′/I_ν = r·Σ cₖ(q)/rᵏ with q = (ν/r)²: put into the Riccati equation x Y′ + Y² = r², it gives
//! c₀ = 1 and 2cₖ₊₁ = −Σ cᵢcₖ₊₁₋ᵢ − (1 − q)((1 − k)cₖ − 2q cₖ′) over 0 < i ≤ k. The polynomials below are cₖ/(1 − q) for the
//! ratio, their derivatives by x for the slope, and their integrals for log I (DLMF 10.41.3, and 10.40.1 where ν = 0).

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "bessel_tails",
        parameters: &["nu", "x"],
        gives: &[],
        summary: "Two tails h(1), h(2) of the continued fraction of I(nu + 1, x)/I(nu, x) = x/(x + nu + 1/2 + h(1)).",
        text: "
m = nu + 0.5
# Begun where two levels would agree.
d = 52 - 2*x
h = 0.5*(d + sqrt(d*d + 4*m*(m + 52)))
k = 51
t = h
while k > 0 {
  t = h
  g = m + h
  h = (m + k)*(g/(2*x + g))
  k = k - 1
}
return h, t
",
        source: "Gautschi and Slavik (1978), On the computation of modified Bessel function ratios",
    },
    Helper {
        name: "bessel_radius",
        parameters: &["nu", "x"],
        gives: &[],
        summary: "sqrt(nu^2 + x^2) without overflow.",
        text: "
l = max(nu, x)
s = min(nu, x)/l
return l*sqrt(1 + s*s)
",
        source: "DLMF 1.9.3",
    },
    Helper {
        name: "bessel_ratio_far",
        parameters: &["nu", "x"],
        gives: &[],
        summary: "I(nu + 1, x)/I(nu, x), and 1 minus it, for nu^2 + x^2 >= 10^4.",
        text: "
r = bessel_radius(nu, x)
v = 1/r
q = (nu*v)*(nu*v)
s = horner(q,
  211.27614974975586, -26700.17387008667, 572907.2155609131,
  -4858133.486557007, 21082122.996528625,
  -52304515.016944885, 77355791.92289734, -67509560.9337616,
  32109844.624996185, -6421968.924999237)
s = v*s + horner(q,
  46.478515625, -4776.15234375, 82851.31640625,
  -561266.26171875, 1905151.2421875, -3569792.51953125,
  3756038.02734375, -2081266.81640625, 473015.185546875)
s = v*s + horner(q,
  11.466461181640625, -935.7832946777344,
  12769.123809814453, -66822.74655151367,
  169569.89254760742, -224141.0451965332,
  148673.08944702148, -39124.49722290039)
s = v*s + horner(q,
  3.21875, -202.5, 2096.25, -8083.5, 14302.96875, -11805,
  3689.0625)
s = v*s + horner(q,
  1.0478515625, -48.8759765625, 364.884765625,
  -964.626953125, 1051.4892578125, -404.4189453125)
s = v*s + horner(q,
  0.40625, -13.3125, 66.375, -105.9375, 52.96875)
s = v*s + horner(q,
  0.1953125, -4.1484375, 12.0859375, -8.6328125)
s = v*s + horner(q, 0.125, -1.5, 1.875)
s = v*s + horner(q, 0.125, -0.625)
s = v*s + 0.5
s = (x*v)*v*s
p = 1/(r + nu)
c = (nu + nu*(nu/(r + x)))*p + s
return x*p - s, c
",
        source: "DLMF 10.29.2, 10.40.1, 10.41.3",
    },
    Helper {
        name: "bessel_ratio_slope_far",
        parameters: &["nu", "x"],
        gives: &[],
        summary: "The derivative of I(nu + 1, x)/I(nu, x) by x, for nu^2 + x^2 >= 10^4.",
        text: "
r = bessel_radius(nu, x)
v = 1/r
q = (nu*v)*(nu*v)
s = horner(q,
  11711.46044921875, -2122987.453125, 65521810.23486328,
  -809335718.2734375, 5240540009.135742,
  -20167520297.554688, 49161809290.71973,
  -78028545639.49219, 80514780117.22412, -52132688119.80469,
  19253607274.475098, -3096057451.171875)
s = v*s + horner(q,
  2112.7614974975586, -322726.12408828735, 8367803.27816391,
  -86323744.0183258, 462066483.2089844, -1446650637.2729416,
  2800222237.659584, -3399412676.636917, 2522594983.5939407,
  -1046780934.7748756, 186237098.82497787)
s = v*s + horner(q,
  418.306640625, -53002.4609375, 1134380.94140625,
  -9578912.35546875, 41367831.3046875, -102118780.23046875,
  150272648.96484375, -130501973.37890625,
  61775783.232421875, -12298394.82421875)
s = v*s + horner(q,
  91.731689453125, -9461.03109741211, 163523.10195922852,
  -1101517.0612487793, 3715459.479034424,
  -6917226.986846924, 7232141.647674561,
  -3982873.8172912598, 899863.436126709)
s = v*s + horner(q,
  22.53125, -1848.25, 25083.75, -130240.5, 327713.53125,
  -429532.5, 282582.1875, -73781.25)
s = v*s + horner(q,
  6.287109375, -398.3427734375, 4088.7314453125,
  -15589.255859375, 27261, -22243.0419921875,
  6875.1220703125)
s = v*s + horner(q,
  2.03125, -95.625, 703.875, -1829.0625, 1959.84375,
  -741.5625)
s = v*s + horner(q,
  0.78125, -25.8671875, 125.7265625, -195.1015625,
  94.9609375)
s = v*s + horner(q, 0.375, -8, 22.125, -15)
s = v*s + horner(q, 0.25, -2.875, 3.125)
s = v*s + horner(q, 0.5, -1)
return (nu*v)/(r + nu) + v*v*s
",
        source: "DLMF 10.29.2, 10.40.1, 10.41.3",
    },
    Helper {
        name: "log_besseli_far",
        parameters: &["nu", "x"],
        gives: &[],
        summary: "log(I(nu, x)*exp(-x)) for nu^2 + x^2 >= 10^4.",
        text: "
r = bessel_radius(nu, x)
v = 1/r
q = (nu*v)*(nu*v)
s = horner(q,
  23.475127749972874, -2427.2885336442428,
  44069.78581237793, -323875.5657704671, 1240124.8821487427,
  -2752869.211418152, 3683609.1391855874,
  -2935198.3014678955, 1284393.7849998474,
  -237850.70092589766)
s = v*s + horner(q,
  5.809814453125, -477.615234375, 6904.2763671875,
  -40090.447265625, 119071.95263671875, -198321.806640625,
  187801.9013671875, -94603.037109375, 19708.966064453125)
s = v*s + horner(q,
  1.6380658830915178, -103.97592163085938,
  1160.8294372558594, -5140.211273193359,
  11304.659503173829, -13184.767364501953,
  7824.899444580078, -1863.07129632859)
s = v*s + horner(q,
  0.5364583333333334, -25.3125, 209.625, -673.625,
  1021.640625, -737.8125, 204.94791666666666)
s = v*s + horner(q,
  0.2095703125, -6.982282366071429, 40.542751736111114,
  -87.693359375, 80.8837890625, -26.961263020833332)
s = v*s + horner(q,
  0.1015625, -2.21875, 8.296875, -10.59375, 4.4140625)
s = v*s + horner(q,
  0.06510416666666667, -0.8296875, 1.7265625,
  -0.9592013888888888)
s = v*s + horner(q, 0.0625, -0.375, 0.3125)
s = v*s + horner(q, 0.125, -0.20833333333333334)
# 0.9189... = log(2*pi)/2
s = v*s - (0.9189385332046728 + 0.5*log(r))
# w = (nu + r)/x - 1
t = nu/(r + x)
w = nu/x*(1 + t)
return nu*(t - log1p(w)) + s
",
        source: "DLMF 10.40.1, 10.41.3",
    },
    Helper {
        name: "besseli_sum",
        parameters: &["nu", "x"],
        gives: &[],
        summary: "(x/2)^nu*exp(x)/(gamma(nu + 1)*I(nu, x)) - 1, and I(nu + 1, x)/I(nu, x), for nu^2 + x^2 < 10^4.",
        text: "
# exp(x) by Gegenbauer's series; the ratios downwards.
n = min(30 + floor(10*sqrt(abs(x))), 130)
c = nu + n + 0.5
p = x/(c + sqrt(x*x + (c + 1)*(c + 1)))
b = 1
k = n
while k > 0 {
  c = nu + k
  b = 1 + (c + 1)*(nu + c)/(c*(k + 1))*(p*b)
  p = x/(2*c + x*p)
  k = k - 1
}
return 2*(nu + 1)*(p*b), p
",
        source: "DLMF 10.33.1, 10.44.4",
    },
    Helper {
        name: "besseli",
        parameters: &["nu", "x"],
        gives: &["besseli"],
        summary: "The modified Bessel function of the first kind for nu >= 0 and x >= 0.",
        text: "
if nu*nu + x*x < 10000 {
  a, p = besseli_sum(nu, x)
  r = pow(0.5*x, nu)/factorial(nu)/(1 + a)*exp(x)
} else {
  f = log_besseli_far(nu, x)
  if f > -600 {
    e = exp(0.5*x)
    r = e*exp(f)*e
  } else {
    e = exp(0.5*(f + x))
    r = e*e
  }
}
if x == 0 and nu > 0 {
  r = 0
}
if not (nu >= 0 and x >= 0) {
  r = nan
}
return r
",
        source: "DLMF 10.44.4, 10.41.3",
    },
    Helper {
        name: "log_besseli_near",
        parameters: &["nu", "x"],
        gives: &[],
        summary: "log(I(nu, x)*exp(-x)), and I(nu + 1, x)/I(nu, x), for nu^2 + x^2 < 10^4.",
        text: "
a, p = besseli_sum(nu, x)
# nu*log(x/2) - lgamma(nu + 1)
if nu < 1 {
  f = nu*(log(0.5*x) + (1 - nu)*lgamma_middle(nu))
} else {
  f = nu*(log(0.5*x/nu) + 1) - factorial_excess(nu)
}
return f - log1p(a), p
",
        source: "DLMF 10.33.1, 10.44.4",
    },
    Helper {
        name: "log_besseli_scaled",
        parameters: &["nu", "x"],
        gives: &["log_besseli_scaled"],
        summary: "log(besseli(nu, x)) - x for nu >= 0 and x > 0; 0 for nu = x = 0.",
        text: "
if nu*nu + x*x < 10000 {
  f, p = log_besseli_near(nu, x)
} else {
  f = log_besseli_far(nu, x)
}
if nu == 0 and x == 0 {
  f = 0
} else if not (nu >= 0 and x > 0) {
  f = nan
}
return f
",
        source: "DLMF 10.44.4, 10.41.3",
    },
    Helper {
        name: "bessel_ratio",
        parameters: &["nu", "x"],
        gives: &["bessel_ratio"],
        summary: "besseli(nu + 1, x)/besseli(nu, x) for nu >= 0 and x >= 0.",
        text: "
if nu*nu + x*x < 10000 {
  h, t = bessel_tails(nu, x)
  r = x/(x + (nu + 0.5 + h))
} else {
  r, c = bessel_ratio_far(nu, x)
}
if not (nu >= 0 and x >= 0) {
  r = nan
}
return r
",
        source: "Gautschi and Slavik (1978), On the computation of modified Bessel function ratios; DLMF 10.41.3",
    },
    Helper {
        name: "bessel_ratio_complement",
        parameters: &["nu", "x"],
        gives: &["bessel_ratio_complement"],
        summary: "1 - bessel_ratio(nu, x).",
        text: "
if nu*nu + x*x < 10000 {
  h, t = bessel_tails(nu, x)
  g = nu + 0.5 + h
  c = g/(x + g)
} else {
  r, c = bessel_ratio_far(nu, x)
}
if not (nu >= 0 and x >= 0) {
  c = nan
}
return c
",
        source: "Gautschi and Slavik (1978), On the computation of modified Bessel function ratios; DLMF 10.41.3",
    },
    Helper {
        name: "bessel_ratio_slope",
        parameters: &["nu", "x"],
        gives: &["bessel_ratio_slope"],
        summary: "The derivative of bessel_ratio(nu, x) by x.",
        text: "
r, s = bessel_ratio_and_slope(nu, x)
return s
",
        source: "DLMF 10.29.2, 10.33.1, 10.41.3",
    },
    Helper {
        name: "bessel_ratio_and_slope",
        parameters: &["nu", "x"],
        gives: &["bessel_ratio", "bessel_ratio_slope"],
        summary: "bessel_ratio(nu, x) and its derivative by x, which share their work.",
        text: "
m = nu + 0.5
if nu*nu + x*x >= 10000 {
  r, c = bessel_ratio_far(nu, x)
  s = bessel_ratio_slope_far(nu, x)
} else if x < 0.5*m {
  # r*(1/x - (r - t)) with the next ratio t.
  h, k = bessel_tails(nu + 1, x)
  t = x/(x + (m + 1 + h))
  d = 2*m + 1 + x*t
  r = x/d
  s = (1 - x*(r - t))/d
} else {
  h, t = bessel_tails(nu, x)
  d = x + (m + h)
  r = x/d
  s = (m*(1 - h) + (m + 1 - h)*t + h*h)/d/d
}
if not (nu >= 0 and x >= 0) {
  r = nan
}
if not (nu >= 0 and x > 0) {
  s = nan
}
return r, s
",
        source: "DLMF 10.29.2, 10.33.1, 10.41.3",
    },
    Helper {
        name: "log_besseli_and_ratio",
        parameters: &["nu", "x"],
        gives: &["log_besseli_scaled", "bessel_ratio"],
        summary: "log(besseli(nu, x)) - x and bessel_ratio(nu, x), which share their work.",
        text: "
if nu*nu + x*x < 10000 {
  f, r = log_besseli_near(nu, x)
} else {
  f = log_besseli_far(nu, x)
  r, c = bessel_ratio_far(nu, x)
}
if nu == 0 and x == 0 {
  f = 0
} else if not (nu >= 0 and x > 0) {
  f = nan
}
if not (nu >= 0 and x >= 0) {
  r = nan
}
return f, r
",
        source: "DLMF 10.33.1, 10.44.4, 10.41.3",
    },
];
