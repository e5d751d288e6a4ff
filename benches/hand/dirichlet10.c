/*
 * Fisher information of the Dirichlet distribution with ten components, written
 * by hand: trigamma(a[i]) on the diagonal, less trigamma(a[0] + ... + a[9])
 * everywhere.
 */
#include <math.h>
#include <stddef.h>

enum { K = 10 };

/* Raised to x >= 9, then DLMF 5.15.8 to the 19th power of 1/x. */
static double trigamma(double x) {
  double shift = 0;
  while (x < 9) {
    shift += 1 / (x * x);
    x += 1;
  }
  const double r = 1 / x;
  const double z = r * r;
  const double tail =
      z * (1.0 / 6 +
           z * (-1.0 / 30 +
                z * (1.0 / 42 +
                     z * (-1.0 / 30 +
                          z * (5.0 / 66 +
                               z * (-691.0 / 2730 +
                                    z * (7.0 / 6 + z * (-3617.0 / 510))))))));
  return shift + r * (1 + 0.5 * r + tail);
}

/*
 * trigamma(a) - trigamma(a + b) where b < a, term by term of the same series,
 * so that nothing cancels: 1/x^n - 1/(x + b)^n has the factor b.
 */
static double gap(double a, double b) {
  double sum = 0;
  while (a < 9) {
    const double u = 1 / a, v = 1 / (a + b);
    sum += b * u * v * (u + v);
    a += 1;
  }
  const double u = 1 / a, v = 1 / (a + b), y = u * u, z = v * v;
  static const double c[] = {1.0 / 6,  -1.0 / 30,     1.0 / 42, -1.0 / 30,
                             5.0 / 66, -691.0 / 2730, 7.0 / 6,  -3617.0 / 510};
  /* q = f(y) - f(z) over y - z for f(t) = c0 + c1*t + .... */
  double f = c[7], q = 0;
  for (int k = 6; k >= 0; k--) {
    q = f + z * q;
    f = c[k] + y * f;
  }
  /* u*y*f(y) - v*z*f(z), and the terms before it, over u - v = b*u*v. */
  const double tail = (y + u * v + z) * f + v * z * (u + v) * q;
  return sum + b * u * v * (1 + 0.5 * (u + v) + tail);
}

void hand_dirichlet10_fisher(const double a[K], double out[K][K]) {
  double before[K], behind = 0, sum = 0;
  for (int i = 0; i < K; i++) {
    if (!(a[i] > 0)) {
      for (size_t k = 0; k < K * K; k++)
        out[0][k] = NAN;
      return;
    }
    before[i] = sum;
    sum += a[i];
  }
  const double common = -trigamma(sum);
  for (int i = K - 1; i >= 0; i--) {
    const double others = before[i] + behind;
    for (int j = 0; j < K; j++)
      out[i][j] = common;
    /* From others = a[i] on, less than two bits cancel. */
    out[i][i] = others < a[i] ? gap(a[i], others) : trigamma(a[i]) + common;
    behind += a[i];
  }
}
