/*
 * Computes an expert for those rows of a block alone that some stream takes it for: the rows are listed,
 * their values gathered side by side in scratch, the expert's layers run as on a block of so many rows, and
 * the results are added where they belong.
 *
 *   choose_rows         the rows r, ascending, in which one of the weights p_s[r] is not 0 (NaN is not)
 *   gather_rows         to[i] = from[list[i]];   scatter_rows  to[list[i]] += from[i]
 *   mix_rows            out_s[list[i], j] += p_s[list[i]] · h[i, j]
 *   mix_rows_backward   dh[i, j] = [h[i, j] > floor] · Σ_s p_s[list[i]] · dout_s[list[i], j],
 *                       dp_s[list[i]] += Σ_j h[i, j] · dout_s[list[i], j]
 *
 * A list is its length, then the rows. Rows are moved and written in whole vectors: lanes past the width hold
 * zeros in h and dout_s.
 */
#ifndef MMOE_SPARSE_H
#define MMOE_SPARSE_H
#include "operations.h"
#include "layers/input-rows.h"

/* Lists the rows. `terms` are the streams' weights of this expert; `all` lists every row, whatever its
 * weights are. */
static void choose_rows(const float *scratch, const struct route_weights *terms, int terms_count, int rows,
                        int all, int *list) {
  int count = 0;
  for (int r = 0; r < rows; r++) {
    int taken = all;
    for (int t = 0; t < terms_count; t++) taken |= !(scratch[terms[t].p + r] == 0.0f);
    list[1 + count] = r;
    count += taken;
  }
  list[0] = count;
}

/* Returns the block of the listed rows; `index` gets their places in the loaded rows. */
INLINE struct block block_of(const struct block *b, const int *list, unsigned *index) {
  for (int i = 0; i < list[0]; i++) index[i] = b->index[list[1 + i]];
  return (struct block){b->table, index, list[0]};
}

static void gather_rows(const int *list, const float *from, long from_stride, int columns, float *to,
                        long to_stride) {
  for (int i = 0; i < list[0]; i++, to += to_stride) {
    const float *row = from + list[1 + i] * from_stride;
    for (int c = 0; c < columns; c += WIDTH) store(to + c, load(row + c));
  }
}

static void scatter_rows(const int *list, const float *from, long from_stride, int columns, float *to,
                         long to_stride) {
  for (int i = 0; i < list[0]; i++, from += from_stride) {
    float *row = to + list[1 + i] * to_stride;
    for (int c = 0; c < columns; c += WIDTH) store(row + c, load(row + c) + load(from + c));
  }
}

/* `terms` are the streams that may take this expert. */
static void mix_rows(float *scratch, const int *list, const struct sparse_mix_term *terms, int count,
                     int width, const float *h, long stride) {
  for (int i = 0; i < list[0]; i++, h += stride) {
    const int r = list[1 + i];
    for (const struct sparse_mix_term *term = terms; term < terms + count; term++) {
      const float p = scratch[term->p + r];
      if (p == 0) continue;
      float *out = scratch + term->out + (long)r * term->out_stride;
      for (int j = 0; j < width; j += WIDTH)
        store(out + j, multiply_add(splat(p), load(h + j), load(out + j)));
    }
  }
}

/* `terms` are the streams that take this expert and have a gradient. */
static void mix_rows_backward(float *scratch, const int *list, const struct sparse_gradient_term *terms,
                              int count, int width, const float *h, long h_stride, float floor, float *dh,
                              long dh_stride) {
  for (int i = 0; i < list[0]; i++, h += h_stride, dh += dh_stride) {
    const int r = list[1 + i];
    for (int j = 0; j < width; j += WIDTH) {
      vf sum = {0};
      for (const struct sparse_gradient_term *term = terms; term < terms + count; term++) {
        const float *dout = scratch + term->dout + (long)r * term->dout_stride;
        sum = multiply_add(splat(scratch[term->p + r]), load(dout + j), sum);
      }
      store(dh + j, where_above(load(h + j), splat(floor), sum));
    }
    for (const struct sparse_gradient_term *term = terms; term < terms + count; term++) {
      if (term->dp < 0 || scratch[term->p + r] == 0) continue;
      const float *dout = scratch + term->dout + (long)r * term->dout_stride;
      vf dot = {0};
      for (int j = 0; j < width; j += WIDTH) dot = multiply_add(load(h + j), load(dout + j), dot);
      scratch[term->dp + r] += lane_sum(dot);
    }
  }
}

#endif
