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

void hand_dirichlet10_fisher(const double a[K], double out[K][K]) {
  double sum = 0;
  for (int i = 0; i < K; i++) {
    if (!(a[i] > 0)) {
      for (size_t k = 0; k < K * K; k++)
        out[0][k] = NAN;
      return;
    }
    sum += a[i];
  }
  const double common = -trigamma(sum);
  for (int i = 0; i < K; i++) {
    for (int j = 0; j < K; j++)
      out[i][j] = common;
    out[i][i] = trigamma(a[i]) + common;
  }
}
