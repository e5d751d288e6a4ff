//! The gamma function and its kin.
//!
//! Arguments from 6 on are served by Stirling's series in z = 1/x², whose coefficients are those of the polynomials through
//! Chebyshev's points on 0 < z < 1/36 (near B₂ₖ/(2k) and its kin, DLMF 5.11.1, 5.11.2, 5.15.8):
//!
//! | series                                   | written | terms | largest relative error |
//! |------------------------------------------|---------|-------|------------------------|
//! | J(x) = log Γ(x) − (x − ½) log x + x − ½ log 2π | J/v     | 7, 9  | 3.3e-16, 4.7e-19       |
//! | log x − ψ(x) − v/2                       | ·/z     | 7, 8  | 4.6e-15, 1.8e-16       |
//! | ψ′(x) − v − z/2                          | ·/(v z) | 8     | 1.5e-15                |
//!
//! with v = 1/x; each is a small part of what is computed. Smaller arguments are raised by terms of one sign, all in one
//! fraction, or served by quotients of polynomials, again through Chebyshev's points of the interval named, to 2e-17.

use super::Helper;

#[rustfmt::skip]
pub(super) static HELPERS: &[Helper] = &[
    Helper {
        name: "gamma",
        parameters: &["x"],
        gives: &["gamma"],
        summary: "The gamma function.",
        // (Γ(y) − 1)/((y − 1)(y − 2)) for 1 < y < 2.
        text: "
t = abs(x)
if t < 12 {
  # Down to y < 2 by gamma(y) = (y - 1)*gamma(y - 1).
  y = t
  p = 1
  while y >= 2 {
    y = y - 1
    p = p*y
  }
  w = y - 1
  if y < 1 {
    p = 1/y
    w = y
  }
  n = horner(w,
    0.5772156649015329, 0.39873020009393423,
    0.06326857706616176, 0.003556109400757649,
    0.0032965041174337563, 0.0003750268465971031,
    4.0934654934969726e-05, 4.744355638833206e-06)
  d = horner(w,
    1, 1.4042767371163616, 0.2528823032906734,
    -0.1770939092987436, -0.014341175921878899,
    0.010431555992308892, -0.000927186569053737)
  r = p*(1 - (1 - w)*w*(n/d))
} else {
  # Stirling's series.
  v = 1/t
  z = v*v
  j = v*horner(z,
    0.0833333333333333, -0.0027777777776807643,
    0.0007936507373369848, -0.0005952257418022643,
    0.0008404447851602169, -0.0018449995052567591,
    0.004298394281325464)
  h = pow(t, 0.5*(t - 0.5))
  r = h*exp(-t)*(2.5066282746310005*exp(j))*h
}
if t > 172 {
  r = infinity
}
if x <= 0 {
  # gamma(x)*gamma(-x) = -pi/(x*sin(pi*x))
  n = floor(x + 0.5)
  f = x - n
  if 0.5*n == floor(0.5*n) {
    r = -pi/(x*r)/sin(pi*f)
  } else {
    r = pi/(x*r)/sin(pi*f)
  }
  if f == 0 {
    r = nan
  }
}
return r
",
        source: "DLMF 5.5.1, 5.5.3, 5.11.3",
    },
    Helper {
        name: "lgamma_middle",
        parameters: &["w"],
        gives: &[],
        summary: "lgamma(1 + w)/(w*(w - 1)) for 0 <= w <= 1.",
        text: "
n = horner(w,
  0.5772156649015329, 1.5596717057522156, 1.573396949493047,
  0.7325115068578646, 0.15704300250969247,
  0.01335232028577317, 0.0002863302305915675)
d = horner(w,
  1, 3.1269474895188387, 3.7851551293303727,
  2.2347587149262016, 0.6662951719597183,
  0.09380064459488484, 0.005110524940277966,
  6.197815272364046e-05)
return n/d
",
        source: "DLMF 5.2.1; quotient through the Chebyshev points of 0 < w < 1",
    },
    Helper {
        name: "lgamma",
        parameters: &["x"],
        gives: &["lgamma"],
        summary: "The logarithm of abs(gamma(x)).",
        text: "
t = abs(x)
if t < 6 {
  w = t - floor(t)
  r = (w - 1)*w*lgamma_middle(w)
  if t < 1 {
    r = r - log(t)
  } else if t >= 2 {
    # lgamma(t) = lgamma(t - 1) + log(t - 1)
    p = t - 1
    if t >= 3 {
      p = p*(t - 2)
    }
    if t >= 4 {
      p = p*(t - 3)
    }
    if t >= 5 {
      p = p*(t - 4)
    }
    r = r + log(p)
  }
} else {
  # Stirling's series; 0.4189... = log(2*pi)/2 - 1/2.
  v = 1/t
  z = v*v
  j = v*horner(z,
    0.0833333333333333, -0.0027777777776807643,
    0.0007936507373369848, -0.0005952257418022643,
    0.0008404447851602169, -0.0018449995052567591,
    0.004298394281325464)
  r = (t - 0.5)*(log(t) - 1) + (0.4189385332046728 + j)
}
if x <= 0 {
  # gamma(x)*gamma(-x) = -pi/(x*sin(pi*x))
  f = x - floor(x + 0.5)
  r = log(abs(pi/sin(pi*f))) - log(t) - r
  if f == 0 {
    r = nan
  }
}
return r
",
        source: "DLMF 5.5.1, 5.5.3, 5.11.1",
    },
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
  if f == 0 {
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
  if f == 0 {
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
  if f == 0 {
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
  if f == 0 {
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
    Helper {
        name: "factorial",
        parameters: &["x"],
        gives: &["factorial"],
        summary: "gamma(x + 1).",
        text: "
# Beyond 1 without rounding x + 1.
t = x + 1
m = 1
if x > 1 {
  t = x
  m = x
}
return m*gamma(t)
",
        source: "DLMF 5.4.1, 5.5.1",
    },
    Helper {
        name: "binet",
        parameters: &["x"],
        gives: &[],
        summary: "Binet's function lgamma(x) - (x - 1/2)*log(x) + x - log(2*pi)/2 for x >= 1.",
        // J(x)·x in v for 1 < x < 6.
        text: "
v = 1/x
if x < 6 {
  n = horner(v,
    0.08333333333151798, 0.4997750371056998,
    1.5251378911433675, 2.6776255015535093,
    2.8510483417345065, 1.743114454938611,
    0.5309732131850153, 0.0457998774123277,
    0.00027958642097718504)
  d = horner(v,
    1, 5.997300444290514, 18.334988047124313,
    32.33141578572239, 34.81422457612944,
    21.937959264090857, 7.364710666667786,
    1.0157893160950524, 0.037402484575842596)
  r = v*(n/d)
} else {
  z = v*v
  r = v*horner(z,
    0.0833333333333333, -0.0027777777776807643,
    0.0007936507373369848, -0.0005952257418022643,
    0.0008404447851602169, -0.0018449995052567591,
    0.004298394281325464)
}
return r
",
        source: "DLMF 5.9.10, 5.11.1",
    },
    Helper {
        name: "factorial_excess",
        parameters: &["x"],
        gives: &["factorial_excess"],
        summary: "lgamma(x + 1) - x*log(x) + x.",
        text: "
if x < 1 {
  r = x*(1 + (x - 1)*lgamma_middle(x) - log(x))
} else {
  # 0.9189... = log(2*pi)/2
  r = 0.5*log(x) + (0.9189385332046728 + binet(x))
}
if x == 0 {
  r = 0
}
if not (x >= 0) {
  r = nan
}
return r
",
        source: "DLMF 5.11.1; Loader (2000), Fast and accurate computation of binomial probabilities",
    },
    Helper {
        name: "binomial",
        parameters: &["n", "k"],
        gives: &["binomial"],
        summary: "The binomial coefficient gamma(n + 1)/(gamma(k + 1)*gamma(n - k + 1)).",
        text: "
j = k
m = n - k
if k > m and (m > -1 or k != floor(k)) {
  j = m
  m = k
}
f = 1
if j != floor(j) {
  # Towards j > 0.
  while j < 0 and j > -30 {
    f = f*((j + 1)/(n - j))
    j = j + 1
    m = m - 1
  }
}
if j == floor(j) and j <= 30 {
  # n*(n - 1)*...*(n - j + 1)/j!, integers in between.
  r = 1
  i = 1
  while i <= j {
    r = r*(n - (j - i))/i
    i = i + 1
  }
  if j < 0 {
    r = 0
    if n < 0 and n == floor(n) {
      r = nan
    }
  }
} else if j > 0 and m > 0 {
  e = factorial_excess(n) - factorial_excess(j)
  e = e - factorial_excess(m)
  r = exp(e + (j*log(n/j) + m*log1p(j/m)))
} else {
  e = lgamma(n + 1) - lgamma(j + 1) - lgamma(m + 1)
  r = exp(e)
  # gamma(x) < 0 where x < 0 and floor(x) is odd.
  c = min(floor(n + 1), 0) + min(floor(j + 1), 0)
  c = 0.5*(c + min(floor(m + 1), 0))
  if c != floor(c) {
    r = -r
  }
  if m < 0 and m == floor(m) {
    r = 0
  }
}
if not (n - n == 0 and k - k == 0) {
  f = nan
}
return f*r
",
        source: "DLMF 1.2.1, 1.2.6, 5.11.1",
    },
    Helper {
        name: "lbeta",
        parameters: &["a", "b"],
        gives: &["lbeta"],
        summary: "lgamma(a) + lgamma(b) - lgamma(a + b) for positive a and b.",
        text: "
s = min(a, b)
l = max(a, b)
t = s + l
if l < 6 {
  r = log(gamma(s)*(gamma(l)/gamma(t)))
} else {
  # Logarithms of large numbers are not subtracted.
  q = log1p(s/l)
  r = binet(l) - binet(t)
  if s < 6 {
    r = r + (s*(1 - log(t)) - (l - 0.5)*q) + lgamma(s)
  } else {
    # 0.9189... = log(2*pi)/2
    r = r + binet(s) + (0.9189385332046728 - 0.5*log(l))
    r = r + ((s - 0.5)*log(s/t) - l*q)
  }
}
if not (a > 0 and b > 0) {
  r = nan
}
return r
",
        source: "DLMF 5.11.1, 5.12.1",
    },
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
y = a
s = a + b
r = 0
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
c0 = -3.412961215232866
c1 = c0 + zs*c1
c0 = 1.0286907996359482 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.2501477294451848
c1 = c0 + zs*c1
c0 = 0.07572083203711484 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.03333308110147455
c1 = c0 + zs*c1
c0 = 0.023809522948893713 + za*c0
c1 = c0 + zs*c1
c0 = za*c0 - 0.03333333333220509
c1 = c0 + zs*c1
c0 = 0.16666666666666644 + za*c0
m = va + vs
e = 0.5*m + (za + vs*m)*c0 + zs*vs*m*c1
r = r + (b*vs)*va*(1 + e)
if not (a > 0 and b >= 0) {
  r = nan
}
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
        // f(x + 1) + (x + 1) log(1 + 1/x) − 1, and −½ log x + J(x) for large x, up to a constant. J(x) = v p(z) has, with
        // δ = 1/b − 1/a, the divergence δ² times what `e` holds; c0, c1, c2 are p[za], p[za, za], p[za, za, zb].
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
va = 1/y
vb = 1/x
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
e = x*c0 + (va + vb)*m + x*va*(vb + 2*va)*c1
e = e + va*(va + vb)*(va + vb)*c2
t = d/y
if t > -0.5 {
  p = log1p_excess(t)
} else {
  p = t - log(x/y)
}
q = t/x
r = r + (0.5*p + q*q*e)
if not (a > 0 and b > 0) {
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
if s < 1 {
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
