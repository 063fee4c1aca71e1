/*
 * The mixture of a level, and its derivatives (`p`: see route.h).
 *
 *   forward    out_s[r, j] = Σ_e p_s[e, r] · h_e[r, j]
 *   backward   dh_e[r, j] = [h_e[r, j] > floor] · Σ_s p_s[e, r] · dout_s[r, j],    dp_s[e, r] (+)= Σ_j h_e[r, j] · dout_s[r, j]
 *
 * Shapes: h_e, dh_e, out_s, dout_s [rows, width], each with its own stride, all within one scratch area.
 * Lists are integers from the plan: offsets into the scratch area and strides, in floats.
 * Lanes past `width` in the last vector: out_s gets zeros and dout_s must hold zeros; dh_e is written that far too, so of
 * two experts side by side in one buffer the left one comes first. dh_e may not overlap any h.
 */
#ifndef MMOE_MIXTURE_H
#define MMOE_MIXTURE_H
#include "vector.h"

/* terms: (h, stride of h, p) for each expert */
static void mix(float *scratch, const int *terms, int count, int width, int rows, float *out, long stride) {
  for (int j = 0; j < width; j += WIDTH) {
    vi mask = first_lanes(width - j);
    for (int r = 0; r < rows; r++) {
      vf sum = {0};
      for (int t = 0; t < count; t++) {
        const int *term = terms + 3 * t;
        sum = multiply_add(splat(scratch[term[2] + r]), load(scratch + term[0] + (long)r * term[1] + j), sum);
      }
      store(out + r * stride + j, keep(mask, sum));
    }
  }
}

/* terms: (dout, stride of dout, p, dp or −1, 1 to add to dp) for each stream that takes this expert */
static void mix_backward(float *scratch, const int *terms, int count, int width, int rows, const float *h, long h_stride, float floor, float *dh,
                         long dh_stride) {
  for (int r = 0; r < rows; r++)
    for (int j = 0; j < width; j += WIDTH) {
      vf sum = {0};
      for (int t = 0; t < count; t++) {
        const int *term = terms + 5 * t;
        sum = multiply_add(splat(scratch[term[2] + r]), load(scratch + term[0] + (long)r * term[1] + j), sum);
      }
      store(dh + r * dh_stride + j, where_above(load(h + r * h_stride + j), splat(floor), sum));
    }
  for (int t = 0; t < count; t++) {
    const int *term = terms + 5 * t;
    if (term[3] < 0) continue;
    const float *dout = scratch + term[0];
    float *dp = scratch + term[3];
    for (int r0 = 0; r0 < rows; r0 += WIDTH) {
      vf dots[WIDTH];
      for (int i = 0; i < WIDTH; i++) {
        const float *a = h + (r0 + i) * h_stride, *b = dout + (long)(r0 + i) * term[1];
        vf dot = load(a) * load(b);
        for (int j = WIDTH; j < width; j += WIDTH) dot = multiply_add(load(a + j), load(b + j), dot);
        dots[i] = dot;
      }
      vf sums = sums_across(dots);
      if (term[4]) sums += load(dp + r0);
      store(dp + r0, sums);
    }
  }
}

#endif
