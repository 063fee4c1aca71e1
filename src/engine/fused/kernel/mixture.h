/*
 * The mixture of a level, and its derivatives (`p`: see route.h).
 *
 *   forward    out_s[r, j] = Σ_e p_s[e, r] · h_e[r, j]
 *   backward   dh_e[r, j] = [h_e[r, j] > floor] · Σ_s p_s[e, r] · dout_s[r, j],    dp_s[e, r] (+)= Σ_j h_e[r,
 *   j] · dout_s[r, j]
 *
 * Shapes: h_e, dh_e, out_s, dout_s [rows, width], each with its own stride, all within one scratch area.
 * Lists are integers from the plan: offsets into the scratch area and strides, in floats. Lanes past `width`
 * in the last vector: out_s gets zeros and dout_s must hold zeros; dh_e is written that far too, so of two
 * experts side by side in one buffer the left one comes first. dh_e may not overlap any h.
 */
#ifndef MMOE_MIXTURE_H
#define MMOE_MIXTURE_H
#include "vector.h"

/* VECTORS sums at j: Σ_t p_t[r] · x_t[r, j …]; a term is SIZE integers: x, its stride, p. */
#define WEIGHTED_SUMS(VECTORS, SIZE)                                                                 \
  vf sums[VECTORS];                                                                                  \
  for (int v = 0; v < VECTORS; v++) sums[v] = (vf){0};                                               \
  for (int t = 0; t < count; t++) {                                                                  \
    const int *term = terms + SIZE * t;                                                              \
    const float *x = scratch + term[0] + (long)r * term[1] + j;                                      \
    vf weight = splat(scratch[term[2] + r]);                                                         \
    for (int v = 0; v < VECTORS; v++) sums[v] = multiply_add(weight, load(x + v * WIDTH), sums[v]);  \
  }

/* terms: (h, stride of h, p) for each expert */
static void mix(float *scratch, const int *terms, int count, int width, int rows, float *out, long stride) {
  for (int r = 0; r < rows; r++, out += stride) {
    int j = 0;
    for (; j + 4 * WIDTH <= width; j += 4 * WIDTH) {
      WEIGHTED_SUMS(4, 3)
      for (int v = 0; v < 4; v++) store(out + j + v * WIDTH, sums[v]);
    }
    for (; j < width; j += WIDTH) {
      WEIGHTED_SUMS(1, 3)
      store(out + j, keep(first_lanes(width - j), sums[0]));
    }
  }
}

/* a[i, …] · b[i, …] of four rows: the sums still lane by lane. */
INLINE void four_dots(const float *a, long a_stride, const float *b, long b_stride, int width, vf *dots) {
  for (int i = 0; i < 4; i++) dots[i] = load(a + i * a_stride) * load(b + i * b_stride);
  for (int j = WIDTH; j < width; j += WIDTH)
    for (int i = 0; i < 4; i++) dots[i] = multiply_add(load(a + i * a_stride + j), load(b + i * b_stride + j), dots[i]);
}

/* terms: (dout, stride of dout, p, dp or −1, 1 to add to dp) for each stream that takes this expert */
static void mix_backward(float *scratch, const int *terms, int count, int width, int rows, const float *h, long h_stride, float floor, float *dh,
                         long dh_stride) {
  for (int r = 0; r < rows; r++) {
    const float *gate = h + r * h_stride;
    float *to = dh + r * dh_stride;
    int j = 0;
    for (; j + 4 * WIDTH <= width; j += 4 * WIDTH) {
      WEIGHTED_SUMS(4, 5)
      for (int v = 0; v < 4; v++) store(to + j + v * WIDTH, where_above(load(gate + j + v * WIDTH), splat(floor), sums[v]));
    }
    for (; j < width; j += WIDTH) {
      WEIGHTED_SUMS(1, 5)
      store(to + j, where_above(load(gate + j), splat(floor), sums[0]));
    }
  }
  for (int t = 0; t < count; t++) {
    const int *term = terms + 5 * t;
    if (term[3] < 0) continue;
    const float *dout = scratch + term[0];
    const long dout_stride = term[1];
    float *dp = scratch + term[3];
    for (int r0 = 0; r0 < rows; r0 += WIDTH) {
      vf dots[WIDTH];
      for (int i = 0; i < WIDTH; i += 4) four_dots(h + (r0 + i) * h_stride, h_stride, dout + (r0 + i) * dout_stride, dout_stride, width, dots + i);
      vf sums = sums_across(dots);
      if (term[4]) sums += load(dp + r0);
      store(dp + r0, sums);
    }
  }
}

#endif
