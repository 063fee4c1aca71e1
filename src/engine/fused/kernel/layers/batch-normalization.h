/*
 * Computes batch normalisation (Ioffe & Szegedy 2015, algorithm 1, and section 3.1 for its derivative), with
 * a learned scale s and shift b.
 *
 *   forward    y = max(x̂ · s + b, floor),   x̂ = (z − mean) / √(variance + ε)
 *   backward   dz = s / √(variance + ε) · (dy − mean(dy) − x̂ · mean(dy · x̂)),
 *              gs += Σ_r dy · x̂,   gb += Σ_r dy
 *
 * Mean and variance (biased) are over the batch's rows in training; where the network is evaluated they are
 * the running ones, which a step moves: running ← 0.9 running + 0.1 batch. Means are taken of differences
 * from one row, so values that are alike have a variance of exactly 0.
 *
 * A share of rows keeps its own sums in `statistics`, which has a row of `padded(units)` floats for each part
 * of enum batch; between two stages of the plan each share adds up those of all shares, in their order.
 *
 * Shapes: z, y, dy, dz [rows, units], each with its row stride; s, b, gs, gb, running ones [units], padded to
 * whole vectors. y is its own buffer: lanes past `units` get zeros. dz may be a slice of a wider row: lanes
 * past `units` stay as they are.
 */
#ifndef MMOE_BATCH_NORMALIZATION_H
#define MMOE_BATCH_NORMALIZATION_H
#include "layers/layer-normalization.h"
#include "plan.h"

INLINE long padded(int units) { return (units + 15) / 16 * 16; }
INLINE float *part_of(float *statistics, int units, enum batch part) {
  return statistics + part * padded(units);
}

/* The rows of a share: z lies at the same place of each block's scratch area. */
struct share_rows {
  const float *z;
  long stride, block_stride;
  int block_rows, rows;
};

INLINE vf share_row(const struct share_rows *s, int r, int j) {
  return load(s->z + r / s->block_rows * s->block_stride + r % s->block_rows * s->stride + j);
}

static void batch_moments(const struct share_rows *s, int units, float *statistics) {
  const float share = 1.0f / (float)s->rows;
  for (int j = 0; j < units; j += WIDTH) {
    const vf first = share_row(s, 0, j);
    vf sum = {0}, squares = {0};
    for (int r = 0; r < s->rows; r++) sum += share_row(s, r, j) - first;
    const vf mean = first + sum * share;
    for (int r = 0; r < s->rows; r++) {
      vf d = share_row(s, r, j) - mean;
      squares = multiply_add(d, d, squares);
    }
    store(part_of(statistics, units, BATCH_OWN_MEAN) + j, mean);
    store(part_of(statistics, units, BATCH_OWN_SQUARES) + j, squares);
  }
}

/* Adds one more share's moments to those of the shares before it (Chan et al. 1983, equation 2.1). */
INLINE void add_moments(vf *mean, vf *squares, int *rows, vf other_mean, vf other_squares, int other_rows) {
  const float all = (float)(*rows + other_rows);
  vf apart = other_mean - *mean;
  *mean += apart * ((float)other_rows / all);
  *squares += other_squares + apart * apart * ((float)*rows * (float)other_rows / all);
  *rows += other_rows;
}

/* The statistics that all shares of the batch keep for one layer. */
struct shares {
  float *statistics; /* of share 0, at the layer's place */
  long stride;
  int count, rows; /* of shares; of the batch */
  int (*rows_in)(int rows, int share, int shares);
};

/* Computes the batch's moments. The running statistics stay as they are where mean_kept is null. */
static void batch_combine(const struct shares *all, int units, float *own, float *mean_kept,
                          float *variance_kept) {
  for (int j = 0; j < units; j += WIDTH) {
    vf mean = {0}, squares = {0};
    int rows = 0;
    for (int s = 0; s < all->count; s++) {
      int count = all->rows_in(all->rows, s, all->count);
      float *other = all->statistics + s * all->stride;
      if (count > 0)
        add_moments(&mean, &squares, &rows, load(part_of(other, units, BATCH_OWN_MEAN) + j),
                    load(part_of(other, units, BATCH_OWN_SQUARES) + j), count);
    }
    vf variance = squares / splat((float)all->rows);
    store(part_of(own, units, BATCH_MEAN) + j, mean);
    store(part_of(own, units, BATCH_INVERSE) + j, 1.0f / square_root(variance + NORMALIZATION_EPSILON));
    if (!mean_kept) continue;
    vi mask = first_lanes(units - j);
    store_lanes(mean_kept + j, mask, load(mean_kept + j) * 0.9f + mean * 0.1f);
    store_lanes(variance_kept + j, mask, load(variance_kept + j) * 0.9f + variance * 0.1f);
  }
}

static void batch_combine_gradients(const struct shares *all, int units, float *own) {
  for (int j = 0; j < units; j += WIDTH) {
    vf plain = {0}, scaled = {0};
    for (int s = 0; s < all->count; s++) {
      float *other = all->statistics + s * all->stride;
      if (all->rows_in(all->rows, s, all->count) == 0) continue;
      plain += load(part_of(other, units, BATCH_OWN_GRADIENT) + j);
      scaled += load(part_of(other, units, BATCH_OWN_SCALED) + j);
    }
    store(part_of(own, units, BATCH_GRADIENT_MEAN) + j, plain / splat((float)all->rows));
    store(part_of(own, units, BATCH_SCALED_MEAN) + j, scaled / splat((float)all->rows));
  }
}

static void batch_normalize(const float *z, long stride, int rows, int units, const float *mean,
                            const float *inverse, const float *scale, const float *shift, float floor,
                            float *y, long y_stride) {
  for (int j = 0; j < units; j += WIDTH) {
    const vi mask = first_lanes(units - j);
    const vf m = load(mean + j), i = load(inverse + j), s = load(scale + j), b = load(shift + j);
    for (int r = 0; r < rows; r++) {
      vf x = (load(z + r * stride + j) - m) * i;
      store(y + r * y_stride + j, keep(mask, at_least(multiply_add(x, s, b), splat(floor))));
    }
  }
}

/* Normalises by the running statistics. */
static void batch_evaluate(const float *z, long stride, int rows, int units, const float *mean,
                           const float *variance, const float *scale, const float *shift, float floor,
                           float *y, long y_stride) {
  for (int j = 0; j < units; j += WIDTH) {
    float inverse[WIDTH];
    store(inverse, 1.0f / square_root(load(variance + j) + NORMALIZATION_EPSILON));
    batch_normalize(z + j, stride, rows, units - j < WIDTH ? units - j : WIDTH, mean + j, inverse, scale + j,
                    shift + j, floor, y + j, y_stride);
  }
}

/* Computes gs, gb, and the share's own sums, which its first block sets. */
static void batch_gradients(const float *z, long stride, int rows, int units, float *own, const float *dy,
                            long dy_stride, float *gscale, float *gshift, int fresh) {
  for (int j = 0; j < units; j += WIDTH) {
    const vi mask = first_lanes(units - j);
    const vf m = load(part_of(own, units, BATCH_MEAN) + j), i = load(part_of(own, units, BATCH_INVERSE) + j);
    vf plain = {0}, scaled = {0};
    for (int r = 0; r < rows; r++) {
      vf d = load(dy + r * dy_stride + j);
      plain += d;
      scaled = multiply_add(d, (load(z + r * stride + j) - m) * i, scaled);
    }
    plain = keep(mask, plain);
    scaled = keep(mask, scaled);
    store(gshift + j, load(gshift + j) + plain);
    store(gscale + j, load(gscale + j) + scaled);
    float *sum = part_of(own, units, BATCH_OWN_GRADIENT) + j,
          *scaled_sum = part_of(own, units, BATCH_OWN_SCALED) + j;
    store(sum, fresh ? plain : load(sum) + plain);
    store(scaled_sum, fresh ? scaled : load(scaled_sum) + scaled);
  }
}

static void batch_normalize_backward(const float *z, long stride, int rows, int units, float *own,
                                     const float *scale, const float *dy, long dy_stride, float *dz,
                                     long dz_stride) {
  for (int j = 0; j < units; j += WIDTH) {
    const vi mask = first_lanes(units - j);
    const vf m = load(part_of(own, units, BATCH_MEAN) + j), i = load(part_of(own, units, BATCH_INVERSE) + j),
             factor = i * load(scale + j);
    const vf plain = load(part_of(own, units, BATCH_GRADIENT_MEAN) + j),
             scaled = load(part_of(own, units, BATCH_SCALED_MEAN) + j);
    for (int r = 0; r < rows; r++) {
      vf x = (load(z + r * stride + j) - m) * i;
      store_lanes(dz + r * dz_stride + j, mask, (load(dy + r * dy_stride + j) - plain - x * scaled) * factor);
    }
  }
}

#endif
