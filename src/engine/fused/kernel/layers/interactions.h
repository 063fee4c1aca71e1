/*
 * Pools the products of a row's embeddings (Rendle 2010, lemma 3.1); `count` embeddings lie side by side,
 * each `width` wide.
 *
 *   forward    y[j] = ½ ((Σ_f e_f[j])² − Σ_f e_f[j]²)
 *   backward   de_f[j] += dy[j] · (Σ_g e_g[j] − e_f[j])
 *
 * Shapes: e, de [rows, count · width], y, dy [rows, width], each with its row stride. y and dy may follow e
 * and de in their rows.
 */
#ifndef MMOE_INTERACTIONS_H
#define MMOE_INTERACTIONS_H
#include "arithmetic/vector.h"

static void interact(const float *e, long stride, int rows, int count, int width, float *y, long y_stride) {
  for (int r = 0; r < rows; r++, e += stride, y += y_stride)
    for (int j = 0; j < width; j++) {
      float sum = 0, squares = 0;
      for (int f = 0; f < count; f++) {
        float value = e[f * width + j];
        sum += value;
        squares += value * value;
      }
      y[j] = 0.5f * (sum * sum - squares);
    }
}

static void interact_backward(const float *e, long stride, int rows, int count, int width, const float *dy,
                              long dy_stride, float *de, long de_stride) {
  for (int r = 0; r < rows; r++, e += stride, dy += dy_stride, de += de_stride)
    for (int j = 0; j < width; j++) {
      float sum = 0;
      for (int f = 0; f < count; f++) sum += e[f * width + j];
      for (int f = 0; f < count; f++) de[f * width + j] += dy[j] * (sum - e[f * width + j]);
    }
}

#endif
