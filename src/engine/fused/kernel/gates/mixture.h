/*
 * Mixes the experts of a level into its streams, and computes the derivatives (gates/route.h says how p is
 * held).
 *
 *   forward    out_s[r, j] = Σ_e p_s[e, r] · h_e[r, j]
 *   backward   dh_e[r, j] = [h_e[r, j] > floor] · Σ_s p_s[e, r] · dout_s[r, j],    
 *              dp_s[e, r] (+)= Σ_j h_e[r, j] · dout_s[r, j]
 *
 * Shapes: h_e, dh_e, out_s, dout_s [rows, width], each with its own stride, all within one scratch area.
 * The terms say where in it each of them lies. Lanes past `width`
 * in the last vector: out_s gets zeros and dout_s must hold zeros; dh_e is written that far too, so of two
 * experts side by side in one buffer the left one comes first. dh_e may not overlap any h.
 */
#ifndef MMOE_MIXTURE_H
#define MMOE_MIXTURE_H
#include "operations.h"
#include "arithmetic/vector.h"

/* Computes VECTORS sums at j: Σ_t p_t[r] · x_t[r, j …], with x the terms' field of that name. */
#define WEIGHTED_SUMS(VECTORS, x)                                                                    \
  vf sums[VECTORS];                                                                                  \
  for (int v = 0; v < VECTORS; v++) sums[v] = (vf){0};                                               \
  for (int t = 0; t < count; t++) {                                                                  \
    const float *values = scratch + terms[t].x + (long)r * terms[t].x##_stride + j;                  \
    vf weight = splat(scratch[terms[t].p + r]);                                                      \
    for (int v = 0; v < VECTORS; v++)                                                                \
      sums[v] = multiply_add(weight, load(values + v * WIDTH), sums[v]);                             \
  }

static void mix(float *scratch, const struct mix_term *terms, int count, int width, int rows, float *out,
                long stride) {
  for (int r = 0; r < rows; r++, out += stride) {
    int j = 0;
    for (; j + 4 * WIDTH <= width; j += 4 * WIDTH) {
      WEIGHTED_SUMS(4, h)
      for (int v = 0; v < 4; v++) store(out + j + v * WIDTH, sums[v]);
    }
    for (; j < width; j += WIDTH) {
      WEIGHTED_SUMS(1, h)
      store(out + j, keep(first_lanes(width - j), sums[0]));
    }
  }
}

/* Multiplies a[i, …] by b[i, …] for four rows; the sums are still lane by lane. */
INLINE void four_dots(const float *a, long a_stride, const float *b, long b_stride, int width, vf *dots) {
  for (int i = 0; i < 4; i++) dots[i] = load(a + i * a_stride) * load(b + i * b_stride);
  for (int j = WIDTH; j < width; j += WIDTH)
    for (int i = 0; i < 4; i++)
      dots[i] = multiply_add(load(a + i * a_stride + j), load(b + i * b_stride + j), dots[i]);
}

static void mix_backward(float *scratch, const struct mix_gradient_term *terms, int count, int width,
                         int rows, const float *h, long h_stride, float floor, float *dh, long dh_stride) {
  for (int r = 0; r < rows; r++) {
    const float *gate = h + r * h_stride;
    float *to = dh + r * dh_stride;
    int j = 0;
    for (; j + 4 * WIDTH <= width; j += 4 * WIDTH) {
      WEIGHTED_SUMS(4, dout)
      for (int v = 0; v < 4; v++)
        store(to + j + v * WIDTH, where_above(load(gate + j + v * WIDTH), splat(floor), sums[v]));
    }
    for (; j < width; j += WIDTH) {
      WEIGHTED_SUMS(1, dout)
      store(to + j, where_above(load(gate + j), splat(floor), sums[0]));
    }
  }
  for (int t = 0; t < count; t++) {
    const struct mix_gradient_term *term = terms + t;
    if (term->dp < 0) continue;
    const float *dout = scratch + term->dout;
    const long dout_stride = term->dout_stride;
    float *dp = scratch + term->dp;
    for (int r0 = 0; r0 < rows; r0 += WIDTH) {
      vf dots[WIDTH];
      for (int i = 0; i < WIDTH; i += 4)
        four_dots(h + (r0 + i) * h_stride, h_stride, dout + (r0 + i) * dout_stride, dout_stride, width,
                  dots + i);
      vf sums = sums_across(dots);
      if (term->add) sums += load(dp + r0);
      store(dp + r0, sums);
    }
  }
}

#endif
