/*
 * Routes say how much of which expert a row takes. They are held expert by expert, rows side by side: p[e, r]
 * is a row of `span` floats for each expert, where span is the rows of a full block, so that a softmax runs
 * over rows in vectors.
 *
 *   gate        p[e, r] = exp(z[r, e] / τ) / Σ_j exp(z[r, j] / τ)          (Ma et al. 2018, equation 7)
 *   backward    dz[r, e] = p[e, r] · (dp[e, r] − Σ_j p[j, r] · dp[j, r]) / τ
 *   constants   p[e, r] = c[e],   gc[e] += Σ_r dp[e, r]
 *
 * Rows up to the next whole vector are computed too, from whatever is there; their results are never used.
 */
#ifndef MMOE_ROUTE_H
#define MMOE_ROUTE_H
#include "arithmetic/elementary.h"

static void gate(const float *z, long stride, int rows, int experts, float inverse_temperature, float *p,
                 long span) {
  for (int r0 = 0; r0 < rows; r0 += WIDTH) {
    const float *from = z + r0 * stride;
    for (int e = 0; e < experts; e++)
      for (int i = 0; i < WIDTH; i++) p[e * span + r0 + i] = from[i * stride + e];
    vf max = load(p + r0);
    for (int e = 1; e < experts; e++) max = at_least(max, load(p + e * span + r0));
    vf sum = {0};
    for (int e = 0; e < experts; e++) {
      vf y = exponential((load(p + e * span + r0) - max) * inverse_temperature);
      store(p + e * span + r0, y);
      sum += y;
    }
    vf scale = 1.0f / sum;
    for (int e = 0; e < experts; e++) store(p + e * span + r0, load(p + e * span + r0) * scale);
  }
}

static void gate_backward(const float *p, const float *dp, long span, int rows, int experts,
                          float inverse_temperature, float *dz, long stride) {
  for (int r0 = 0; r0 < rows; r0 += WIDTH) {
    vf mean = {0};
    for (int e = 0; e < experts; e++)
      mean = multiply_add(load(p + e * span + r0), load(dp + e * span + r0), mean);
    int count = rows - r0 < WIDTH ? rows - r0 : WIDTH;
    for (int e = 0; e < experts; e++) {
      vf d = load(p + e * span + r0) * (load(dp + e * span + r0) - mean) * inverse_temperature;
      for (int i = 0; i < count; i++) dz[(r0 + i) * stride + e] = d[i];
    }
  }
}

static void constants(const float *c, int rows, int experts, float *p, long span) {
  for (int e = 0; e < experts; e++)
    for (int r = 0; r < rows; r += WIDTH) store(p + e * span + r, splat(c[e]));
}

static void constants_backward(const float *dp, long span, int rows, int experts, float *gc) {
  for (int e = 0; e < experts; e++) {
    float sum = 0;
    for (int r = 0; r < rows; r++) sum += dp[e * span + r];
    gc[e] += sum;
  }
}

#endif
