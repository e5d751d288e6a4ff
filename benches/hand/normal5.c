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
  double p[D][D], *o;
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
  /* The block of mu, row by row. */
  o = out[0];
  o[0] = p[0][0]; o[1] = p[1][0]; o[2] = p[2][0];
  o[3] = p[3][0]; o[4] = p[4][0];
  o = out[1];
  o[0] = p[1][0]; o[1] = p[1][1]; o[2] = p[2][1];
  o[3] = p[3][1]; o[4] = p[4][1];
  o = out[2];
  o[0] = p[2][0]; o[1] = p[2][1]; o[2] = p[2][2];
  o[3] = p[3][2]; o[4] = p[4][2];
  o = out[3];
  o[0] = p[3][0]; o[1] = p[3][1]; o[2] = p[3][2];
  o[3] = p[3][3]; o[4] = p[4][3];
  o = out[4];
  o[0] = p[4][0]; o[1] = p[4][1]; o[2] = p[4][2];
  o[3] = p[4][3]; o[4] = p[4][4];
  /* Column 1 of L. */
  o = out[5];
  o[5] = p[0][0] + r[0] * r[0]; o[6] = p[1][0]; o[8] = p[2][0];
  o[11] = p[3][0]; o[15] = p[4][0];
  o = out[6];
  o[5] = p[1][0]; o[6] = p[1][1]; o[8] = p[2][1];
  o[11] = p[3][1]; o[15] = p[4][1];
  o = out[8];
  o[5] = p[2][0]; o[6] = p[2][1]; o[8] = p[2][2];
  o[11] = p[3][2]; o[15] = p[4][2];
  o = out[11];
  o[5] = p[3][0]; o[6] = p[3][1]; o[8] = p[3][2];
  o[11] = p[3][3]; o[15] = p[4][3];
  o = out[15];
  o[5] = p[4][0]; o[6] = p[4][1]; o[8] = p[4][2];
  o[11] = p[4][3]; o[15] = p[4][4];
  /* Column 2 of L. */
  o = out[7];
  o[7] = p[1][1] + r[1] * r[1]; o[9] = p[2][1]; o[12] = p[3][1];
  o[16] = p[4][1];
  o = out[9];
  o[7] = p[2][1]; o[9] = p[2][2]; o[12] = p[3][2];
  o[16] = p[4][2];
  o = out[12];
  o[7] = p[3][1]; o[9] = p[3][2]; o[12] = p[3][3];
  o[16] = p[4][3];
  o = out[16];
  o[7] = p[4][1]; o[9] = p[4][2]; o[12] = p[4][3];
  o[16] = p[4][4];
  /* Column 3 of L. */
  o = out[10];
  o[10] = p[2][2] + r[2] * r[2]; o[13] = p[3][2]; o[17] = p[4][2];
  o = out[13];
  o[10] = p[3][2]; o[13] = p[3][3]; o[17] = p[4][3];
  o = out[17];
  o[10] = p[4][2]; o[13] = p[4][3]; o[17] = p[4][4];
  /* Column 4 of L. */
  o = out[14];
  o[14] = p[3][3] + r[3] * r[3]; o[18] = p[4][3];
  o = out[18];
  o[14] = p[4][3]; o[18] = p[4][4];
  /* Column 5 of L. */
  o = out[19];
  o[19] = p[4][4] + r[4] * r[4];
}
