/*
 * Medians of the times that a generated and a hand-written function take for
 * one matrix, in turn, and the largest relative difference of their entries.
 *
 * Compiled with HEADER, GENERATED, HAND, INPUTS and ROWS defined.
 */
#define _POSIX_C_SOURCE 199309L
#include HEADER

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

void HAND(const double theta[INPUTS], double out[ROWS][ROWS]);

enum { POINTS = 64, TURNS = 40, ROUNDS = 301 };

static double points[POINTS][INPUTS];
static double results[2][POINTS][ROWS][ROWS];

static double seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (double)now.tv_sec + 1e-9 * (double)now.tv_nsec;
}

static double generated(void) {
  const double start = seconds();
  for (int t = 0; t < TURNS; t++)
    for (int i = 0; i < POINTS; i++)
      GENERATED(points[i], results[0][i]);
  return seconds() - start;
}

static double hand(void) {
  const double start = seconds();
  for (int t = 0; t < TURNS; t++)
    for (int i = 0; i < POINTS; i++)
      HAND(points[i], results[1][i]);
  return seconds() - start;
}

static int ascending(const void *a, const void *b) {
  const double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

int main(void) {
  static double times[2][ROUNDS];
  unsigned long long state = 7;
  double difference = 0, sum = 0;
  for (int i = 0; i < POINTS; i++)
    for (int j = 0; j < INPUTS; j++) {
      state = state * 6364136223846793005ULL + 1442695040888963407ULL;
      points[i][j] = exp(4 * ((double)(state >> 11) / 9007199254740992.0) - 1.5);
    }
  generated();
  hand();
  for (int r = 0; r < ROUNDS; r++) {
    times[0][r] = generated();
    times[1][r] = hand();
  }
  for (int i = 0; i < POINTS; i++)
    for (int j = 0; j < ROWS; j++)
      for (int k = 0; k < ROWS; k++) {
        const double a = results[0][i][j][k], b = results[1][i][j][k];
        const double d = a == b ? 0 : fabs(a - b) / fabs(b);
        difference = d > difference ? d : difference;
        sum += a;
      }
  for (int side = 0; side < 2; side++) {
    qsort(times[side], ROUNDS, sizeof(double), ascending);
    printf("%.2f ", 1e9 * times[side][ROUNDS / 2] / (TURNS * POINTS));
  }
  printf("%.1e %.17g\n", difference, sum);
  return 0;
}
