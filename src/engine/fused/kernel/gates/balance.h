/*
 * Computes the gradient of a gate's importance loss (Shazeer et al. 2017, equations 6 and 7), over the
 * batch's rows:
 *
 *   I[e] = Σ_r p[e, r],   loss = β · CV(I)² = β · (n Σ_e I[e]² / (Σ_e I[e])² − 1)
 *   dp[e, r] (+)= β · 2n · (I[e] / (Σ I)² − Σ I² / (Σ I)³)
 *
 * `importance` sums a share's rows, in a pass of its own; `balance` then adds the shares' sums, in their
 * order. p and dp are held as in gates/route.h; sums has n doubles for each share, `stride` apart.
 */
#ifndef MMOE_BALANCE_H
#define MMOE_BALANCE_H
#include "arithmetic/vector.h"

static void importance(const float *p, long span, int rows, int experts, double *sums) {
  for (int e = 0; e < experts; e++)
    for (int r = 0; r < rows; r++) sums[e] += (double)p[e * span + r];
}

INLINE double importance_of(const double *sums, long stride, int shares, int e) {
  double sum = 0;
  for (int share = 0; share < shares; share++) sum += sums[share * stride + e];
  return sum;
}

/* The sums of the shares, with what all experts have in common. */
struct variation {
  const double *sums;
  long stride;
  int shares, experts;
  double total, squares;
};

static struct variation variation_of(const double *sums, long stride, int shares, int experts) {
  struct variation v = {sums, stride, shares, experts, 0, 0};
  for (int e = 0; e < experts; e++) {
    double sum = importance_of(sums, stride, shares, e);
    v.total += sum;
    v.squares += sum * sum;
  }
  return v;
}

/* Returns dCV(I)²/dI[e]. */
INLINE double variation_slope(const struct variation *v, int e) {
  return 2 * v->experts * (importance_of(v->sums, v->stride, v->shares, e) - v->squares / v->total) /
         (v->total * v->total);
}

/* Adds the gradient to dp, or sets it where `add` is 0. */
static void balance(const struct variation *v, float factor, float *dp, long span, int rows, int add) {
  for (int e = 0; e < v->experts; e++) {
    vf coefficient = splat(factor * (float)variation_slope(v, e));
    for (int r = 0; r < rows; r += WIDTH)
      store(dp + e * span + r, add ? load(dp + e * span + r) + coefficient : coefficient);
  }
}

#endif
