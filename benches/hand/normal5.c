/*
 * Fisher information of the 5-dimensional normal distribution in (mu, L), with
 * Sigma = L L' and L lower triangular, written by hand.
 *
 * With A = 1/L and P = A'A = 1/Sigma: the block of mu is P, and that of column
 * c of L is P below and from row c on, with A[c][c]^2 added in its corner.
 * Blocks of different columns are 0. Parameters: mu1..mu5, l11, l21, l22, ....
 */
#include <math.h>
#include <stddef.h>
#include <string.h>

enum { D = 5, N = 20 };

/* Row and column of L to the place among the parameters. */
#define AT(i, j) (D + (i) * ((i) + 1) / 2 + (j))

void hand_normal5_fisher(const double theta[N], double out[N][N]) {
  double r[D], a21, a31, a32, a41, a42, a43, a51, a52, a53, a54;
  double p[D][D];
  const double *l = theta + D;
  for (int i = 0; i < D; i++) {
    const double d = theta[AT(i, i)];
    if (!(d > 0)) {
      for (size_t k = 0; k < N * N; k++)
        out[0][k] = NAN;
      return;
    }
    r[i] = 1 / d;
  }
  /* Forward substitution, written out. */
  a21 = -(l[1] * r[0]) * r[1];
  a31 = -(l[3] * r[0] + l[4] * a21) * r[2];
  a32 = -(l[4] * r[1]) * r[2];
  a41 = -(l[6] * r[0] + l[7] * a21 + l[8] * a31) * r[3];
  a42 = -(l[7] * r[1] + l[8] * a32) * r[3];
  a43 = -(l[8] * r[2]) * r[3];
  a51 = -(l[10] * r[0] + l[11] * a21 + l[12] * a31 + l[13] * a41) * r[4];
  a52 = -(l[11] * r[1] + l[12] * a32 + l[13] * a42) * r[4];
  a53 = -(l[12] * r[2] + l[13] * a43) * r[4];
  a54 = -(l[13] * r[3]) * r[4];
  p[4][4] = r[4] * r[4];
  p[4][3] = r[4] * a54;
  p[4][2] = r[4] * a53;
  p[4][1] = r[4] * a52;
  p[4][0] = r[4] * a51;
  p[3][3] = r[3] * r[3] + a54 * a54;
  p[3][2] = r[3] * a43 + a54 * a53;
  p[3][1] = r[3] * a42 + a54 * a52;
  p[3][0] = r[3] * a41 + a54 * a51;
  p[2][2] = r[2] * r[2] + a43 * a43 + a53 * a53;
  p[2][1] = r[2] * a32 + a43 * a42 + a53 * a52;
  p[2][0] = r[2] * a31 + a43 * a41 + a53 * a51;
  p[1][1] = r[1] * r[1] + a32 * a32 + a42 * a42 + a52 * a52;
  p[1][0] = r[1] * a21 + a32 * a31 + a42 * a41 + a52 * a51;
  p[0][0] = r[0] * r[0] + a21 * a21 + a31 * a31 + a41 * a41 + a51 * a51;

  memset(out, 0, sizeof(double) * N * N);
  for (int i = 0; i < D; i++) {
    for (int j = 0; j <= i; j++) {
      const double v = p[i][j];
      out[i][j] = v;
      out[j][i] = v;
      for (int c = 0; c <= j; c++) {
        out[AT(i, c)][AT(j, c)] = v;
        out[AT(j, c)][AT(i, c)] = v;
      }
    }
    out[AT(i, i)][AT(i, i)] += r[i] * r[i];
  }
}
