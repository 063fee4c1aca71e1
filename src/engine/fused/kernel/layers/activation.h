/*
 * Computes smooth activations and dropout, which a product's floors cannot do.
 *
 *   SiLU      y = x · σ(a),   a = x                                  (Elfwing et al. 2018)
 *   GELU      y = x · σ(a),   a = 2 √(2/π) (x + 0.044715 x³)         (Hendrycks & Gimpel 2016, section 2)
 *   backward  dx = dy · (σ(a) + x · σ(a) (1 − σ(a)) · da/dx)
 *   dropout   x = draw < rate ? 0 : x / (1 − rate), of values and of gradients alike
 *
 * Shapes: x, y, dx, dy [rows, units], each with its row stride. y is its own buffer: lanes past `units` get
 * zeros. dx and what dropout changes may be slices of a wider row: lanes past `units` stay as they are. dx
 * may be dy.
 */
#ifndef MMOE_ACTIVATION_H
#define MMOE_ACTIVATION_H
#include "arithmetic/draws.h"
#include "arithmetic/elementary.h"
#include "plan.h"

/* Stores the lanes of y that `mask` has; the others stay as they are. */
INLINE void store_lanes(float *to, vi mask, vf y) { store(to, choose(mask, y, load(to))); }

/* Returns σ(a), and in `slope` σ(a) (1 − σ(a)), from e^−|a|, which is taken as 0 where it does not count. */
INLINE vf sigmoid_and_slope(vf a, vf *slope) {
  vf size = absolute(a);
  vf e = keep(size < splat(87.0f), exponential(-size));
  vf share = 1.0f / (1.0f + e);
  *slope = e * share * share;
  return choose(a < splat(0.0f), e * share, share);
}

#define GELU_SCALE 1.5957691216f /* 2 √(2/π) */

static void activate(int kind, const float *x, long x_stride, int rows, int units, float *y, long y_stride) {
  for (int r = 0; r < rows; r++, x += x_stride, y += y_stride)
    for (int j = 0; j < units; j += WIDTH) {
      vf v = load(x + j), slope;
      vf a = kind == SMOOTH_SILU ? v : GELU_SCALE * (v + 0.044715f * v * v * v);
      store(y + j, keep(first_lanes(units - j), v * sigmoid_and_slope(a, &slope)));
    }
}

static void activate_backward(int kind, const float *x, long x_stride, int rows, int units, const float *dy,
                              long dy_stride, float *dx, long dx_stride) {
  for (int r = 0; r < rows; r++, x += x_stride, dy += dy_stride, dx += dx_stride)
    for (int j = 0; j < units; j += WIDTH) {
      vf v = load(x + j), slope;
      vf a = kind == SMOOTH_SILU ? v : GELU_SCALE * (v + 0.044715f * v * v * v);
      vf by = kind == SMOOTH_SILU ? splat(1.0f) : GELU_SCALE * (1.0f + 0.134145f * v * v);
      vf share = sigmoid_and_slope(a, &slope);
      store_lanes(dx + j, first_lanes(units - j), load(dy + j) * (share + v * slope * by));
    }
}

/* Drops units where their 24 bits are below the threshold. `first` is the block's first row in the batch. */
static void drop(float *x, long stride, int rows, int units, unsigned first, const struct dropout *d,
                 float factor) {
  for (int r = 0; r < rows; r++, x += stride)
    for (int j = 0; j < units; j += WIDTH) {
      vi left =
          draw_bits(d->own, (first + (unsigned)r) * (unsigned)units + (unsigned)j) >= splat_int(d->threshold);
      store_lanes(x + j, first_lanes(units - j), keep(left, load(x + j) * factor));
    }
}

#endif
