/*
 * Adds the gradient of strength · Σ_{j<k} ‖θ_j − θ_k‖² (Duong et al. 2015) for one row of `columns` values of
 * each of `count` parameters:
 *
 *   g_j += 2 strength · (count · θ_j − Σ_k θ_k)
 *
 * `places` say where the rows begin in the flat buffers w and g; `factor` is 2 strength. Rows do not overlap.
 */
#ifndef MMOE_DISTANCE_H
#define MMOE_DISTANCE_H
#include "operations.h"

static void distance(const float *w, float *g, const struct flat_row *places, int count, int columns,
                     float factor) {
  for (int c = 0; c < columns; c++) {
    float sum = 0;
    for (int j = 0; j < count; j++) sum += w[places[j].at + c];
    for (int j = 0; j < count; j++)
      g[places[j].at + c] += factor * ((float)count * w[places[j].at + c] - sum);
  }
}

#endif
