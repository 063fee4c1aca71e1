/*
 * Normalises over a row's units (layer normalisation, Ba et al. 2016), with a learned scale s and shift b.
 *
 *   forward    y = max(x̂ · s + b, floor),   x̂ = (z − mean) / √(variance + ε),   variance biased, ε = 1e-5
 *   backward   dz = (d − mean(d) − x̂ · mean(d · x̂)) / √(variance + ε),   d = dy · s;
 *              gs += Σ_r dy · x̂,   gb += Σ_r dy
 *
 * The means are over a row's units. dy is cut off where y is at its floor already.
 *
 * Shapes: z, y, dy, dz [rows, units], each with its row stride; s, b, gs, gb [units], padded to whole
 * vectors. y is its own buffer: lanes past `units` get zeros. dz may be a slice of a wider row: lanes past
 * `units` stay as they are. `moments` holds the rows' means, then their 1/√(variance + ε), `span` rows apart.
 * Means are taken of differences from one value, so values that are alike have a variance of exactly 0.
 */
#ifndef MMOE_LAYER_NORMALIZATION_H
#define MMOE_LAYER_NORMALIZATION_H
#include "layers/activation.h"

#define NORMALIZATION_EPSILON 1e-5f

static void layer_normalize(const float *z, long stride, int rows, int units, const float *scale,
                            const float *shift, float *moments, long span, float floor, float *y,
                            long y_stride) {
  const float share = 1.0f / (float)units;
  for (int r0 = 0; r0 < rows; r0 += WIDTH) {
    const float *from = z + r0 * stride;
    vf sums[WIDTH], first;
    for (int i = 0; i < WIDTH; i++) {
      vf at = splat(from[i * stride]);
      first[i] = from[i * stride];
      sums[i] = (vf){0};
      for (int j = 0; j < units; j += WIDTH)
        sums[i] += keep(first_lanes(units - j), load(from + i * stride + j) - at);
    }
    vf mean = first + sums_across(sums) * share;
    for (int i = 0; i < WIDTH; i++) {
      sums[i] = (vf){0};
      for (int j = 0; j < units; j += WIDTH) {
        vf d = keep(first_lanes(units - j), load(from + i * stride + j) - splat(mean[i]));
        sums[i] = multiply_add(d, d, sums[i]);
      }
    }
    vf inverse = 1.0f / square_root(sums_across(sums) * share + NORMALIZATION_EPSILON);
    store(moments + r0, mean);
    store(moments + span + r0, inverse);
    for (int i = 0; i < WIDTH; i++)
      for (int j = 0; j < units; j += WIDTH) {
        vf x = (load(from + i * stride + j) - splat(mean[i])) * splat(inverse[i]);
        vf out = at_least(multiply_add(x, load(scale + j), load(shift + j)), splat(floor));
        store(y + (r0 + i) * y_stride + j, keep(first_lanes(units - j), out));
      }
  }
}

static void layer_normalize_backward(const float *z, long stride, int rows, int units, const float *scale,
                                     const float *moments, long span, const float *dy, long dy_stride,
                                     float *dz, long dz_stride, float *gscale, float *gshift) {
  const float share = 1.0f / (float)units;
  for (int r0 = 0; r0 < rows; r0 += WIDTH) {
    const vf mean = load(moments + r0), inverse = load(moments + span + r0);
    vf plain[WIDTH], scaled[WIDTH];
    for (int i = 0; i < WIDTH; i++) {
      plain[i] = scaled[i] = (vf){0};
      for (int j = 0; j < units; j += WIDTH) {
        vi mask = first_lanes(units - j);
        vf d = keep(mask, load(dy + (r0 + i) * dy_stride + j) * load(scale + j));
        vf x = keep(mask, (load(z + (r0 + i) * stride + j) - splat(mean[i])) * splat(inverse[i]));
        plain[i] += d;
        scaled[i] = multiply_add(d, x, scaled[i]);
      }
    }
    const vf by_mean = sums_across(plain) * share, by_x = sums_across(scaled) * share;
    for (int i = 0; i < WIDTH && r0 + i < rows; i++)
      for (int j = 0; j < units; j += WIDTH) {
        vi mask = first_lanes(units - j);
        /* It is masked, so that the product is rounded as it was for the mean: for a single unit the
         * difference must be 0. */
        vf d = keep(mask, load(dy + (r0 + i) * dy_stride + j) * load(scale + j));
        vf x = (load(z + (r0 + i) * stride + j) - splat(mean[i])) * splat(inverse[i]);
        store_lanes(dz + (r0 + i) * dz_stride + j, mask,
                    (d - splat(by_mean[i]) - x * splat(by_x[i])) * splat(inverse[i]));
      }
  }
  for (int j = 0; j < units; j += WIDTH) {
    vf by_scale = {0}, by_shift = {0};
    for (int r = 0; r < rows; r++) {
      vf d = load(dy + r * dy_stride + j);
      vf x = (load(z + r * stride + j) - splat(moments[r])) * splat(moments[span + r]);
      by_shift += d;
      by_scale = multiply_add(d, x, by_scale);
    }
    store(gscale + j, load(gscale + j) + keep(first_lanes(units - j), by_scale));
    store(gshift + j, load(gshift + j) + keep(first_lanes(units - j), by_shift));
  }
}

#endif
