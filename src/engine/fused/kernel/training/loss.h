/*
 * Computes losses, their derivatives by what the tower gives, and predictions. z and dz are [rows, outputs]
 * with a row stride.
 *
 *   binary       ℓ = max(z, 0) − z·y + log(1 + e^−|z|)      dℓ/dz = σ(z) − y
 *   multiclass   ℓ = log Σ_c e^z_c − z_y                     dℓ/dz_c = softmax(z)_c − [c = y]
 *   regression   ℓ = (z − y)²                                dℓ/dz = 2 (z − y)
 *
 * dz[r] = scale · w_r · dℓ/dz, with scale = lossWeight / Σ w over the batch's rows that have this label.
 * A row without a label (NaN) has w = 0. Rows run in vectors; lanes past `rows` weigh nothing. `spare` holds
 * outputs + 1 vectors.
 */
#ifndef MMOE_LOSS_H
#define MMOE_LOSS_H
#include "arithmetic/elementary.h"
#include "layers/input-rows.h"

INLINE float label_of(const struct block *b, int r, int task) {
  return b->table->labels[(unsigned long)b->index[r] * b->table->tasks + task];
}
INLINE float weight_of(const struct block *b, int r) {
  return b->table->weights ? b->table->weights[b->index[r]] : 1.0f;
}

/* Adds up w, and counts, over the block's rows that have this task's label. */
static void sum_weights(const struct block *b, int task, double *weight, double *count) {
  for (int r = 0; r < b->rows; r++) {
    float y = label_of(b, r, task);
    if (y == y) {
      *weight += (double)weight_of(b, r);
      *count += 1;
    }
  }
}

/* Finds labels (0 where there is none) and weights of WIDTH rows from r0 on. */
INLINE void labels_of(const struct block *b, int r0, int task, vf *y, vf *w) {
  for (int i = 0; i < WIDTH; i++) {
    int inside = r0 + i < b->rows;
    float label = inside ? label_of(b, r0 + i, task) : 0.0f;
    int known = label == label;
    (*y)[i] = known ? label : 0.0f;
    (*w)[i] = inside && known ? weight_of(b, r0 + i) : 0.0f;
  }
}

/* Sets spare[c] = exp(z_c − max) for c in [0, outputs), and finds max and Σ. */
INLINE void shifted_exponentials(const float *z, long stride, int outputs, float *spare, vf *max, vf *sum) {
  for (int c = 0; c < outputs; c++)
    for (int i = 0; i < WIDTH; i++) spare[c * WIDTH + i] = z[i * stride + c];
  *max = load(spare);
  for (int c = 1; c < outputs; c++) *max = at_least(*max, load(spare + c * WIDTH));
  *sum = (vf){0};
  for (int c = 0; c < outputs; c++) {
    vf e = exponential(load(spare + c * WIDTH) - *max);
    store(spare + c * WIDTH, e);
    *sum += e;
  }
}

/* Returns Σ_r w_r ℓ(r) over the block. */
static double loss(const struct block *b, int kind, int task, int outputs, float scale, const float *z,
                   long stride, float *dz, long dz_stride, float *spare) {
  double total = 0;
  for (int r0 = 0; r0 < b->rows; r0 += WIDTH, z += WIDTH * stride, dz += WIDTH * dz_stride) {
    int count = b->rows - r0 < WIDTH ? b->rows - r0 : WIDTH;
    vf y, w, l;
    labels_of(b, r0, task, &y, &w);
    vf factor = w * scale;
    if (kind == LOSS_MULTICLASS) {
      vf max, sum, chosen;
      shifted_exponentials(z, stride, outputs, spare, &max, &sum);
      for (int i = 0; i < WIDTH; i++) chosen[i] = z[i * stride + (int)y[i]];
      l = logarithm(sum) + (max - chosen);
      vf share = factor / sum;
      for (int c = 0; c < outputs; c++) {
        vf d = load(spare + c * WIDTH) * share - keep(y == splat((float)c), factor);
        for (int i = 0; i < count; i++) dz[i * dz_stride + c] = d[i];
      }
    } else {
      vf out, d;
      for (int i = 0; i < WIDTH; i++) out[i] = z[i * stride];
      if (kind == LOSS_BINARY) {
        l = at_least(out, splat(0.0f)) - out * y + logarithm_1p(exponential(-absolute(out)));
        d = sigmoid(out) - y;
      } else {
        vf error = out - y;
        l = error * error;
        d = error + error;
      }
      d *= factor;
      for (int i = 0; i < count; i++) dz[i * dz_stride] = d[i];
    }
    l = keep(w > splat(0.0f), w * l);
    for (int i = 0; i < WIDTH; i++) total += (double)l[i];
  }
  return total;
}

/* Sets out[r, c] to probabilities (binary, multiclass) or values (regression), row after row. */
static void predict(int kind, int outputs, int rows, const float *z, long stride, float *out, float *spare) {
  for (int r0 = 0; r0 < rows; r0 += WIDTH, z += WIDTH * stride) {
    int count = rows - r0 < WIDTH ? rows - r0 : WIDTH;
    if (kind == LOSS_MULTICLASS) {
      vf max, sum;
      shifted_exponentials(z, stride, outputs, spare, &max, &sum);
      for (int c = 0; c < outputs; c++) {
        vf p = load(spare + c * WIDTH) / sum;
        for (int i = 0; i < count; i++) out[(r0 + i) * outputs + c] = p[i];
      }
    } else {
      vf y;
      for (int i = 0; i < WIDTH; i++) y[i] = z[i * stride];
      if (kind == LOSS_BINARY) y = sigmoid(y);
      for (int i = 0; i < count; i++) out[r0 + i] = y[i];
    }
  }
}

#endif
