//! The gamma function, its logarithm, and what is made of them.
//!
//! From 6 on log Γ(x) = (x − ½) log x − x + ½ log 2π + J(x), with J(x) = v p(v²) for v = 1/x. The polynomial p goes through
//! Chebyshev's points on 0 < v² < 1/36 and is near Σ B₂ₖ/(2k(2k − 1)) v²ᵏ⁻² (DLMF 5.11.1): seven terms to 3.3e-16. Smaller
//! arguments are brought to 1 ≤ x < 2 by the recurrence; quotients of polynomials there go through Chebyshev's points of
//! the interval named, to 8e-17 with the coefficients as they stand.

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
  while y >= 2 and y < 12 {
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
  if x == floor(x) {
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
  s = abs(pi/sin(pi*f))
  r = log(s) - log(t) - r
  if x == floor(x) {
    r = nan
  }
}
return r
",
        source: "DLMF 5.5.1, 5.5.3, 5.11.1",
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
s = 0
if k > m and (m > -1 or k != floor(k)) {
  s = 1
}
# A part next to 0 is j, and stays there.
if abs(k) <= 0.5 {
  s = 0
} else if abs(m) <= 0.5 and k != floor(k) {
  s = 1
}
if s == 1 {
  j = m
  m = k
}
f = 1
if j != floor(j) {
  # Towards j > 0, as long as m > 0.
  while j < 0 and j > -30 and m > 1 {
    f = f*((j + 1)/(n - j))
    j = j + 1
    m = m - 1
  }
}
if j == floor(j) and j <= 30 {
  # n*(n - 1)*...*(n - j + 1)/j!, integers in between.
  r = 1
  i = 1
  while i <= j and i <= 30 {
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
  e = factorial_excess(n) - factorial_excess(m)
  e = e - factorial_excess(j)
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
];
