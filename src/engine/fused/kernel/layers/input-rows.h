/*
 * Gathers what enters a block: encoded rows, picked by index, go into the thread's scratch; backward, their
 * gradients go into the gradient buffer of the share.
 *
 * A block is `rows` rows of the batch; `index[r]` is the place of row r in the loaded rows. One-hot columns
 * are never expanded: the weight rows they choose are gathered and summed, and backward added to. Only rows 0
 * … rows − 1 are written. Gradients are added row after row, so their bits depend on nothing but the order.
 */
#ifndef MMOE_INPUT_ROWS_H
#define MMOE_INPUT_ROWS_H
#include "machine.h"
#include "operations.h"
#include "arithmetic/vector.h"

/* Sets x[r, c] = numeric[index[r], c]. */
static void gather_numeric(const struct block *b, float *x, long stride) {
  const int columns = b->table->numeric_columns;
  for (int r = 0; r < b->rows; r++, x += stride) {
    const float *from = b->table->numeric + (unsigned long)b->index[r] * columns;
    int c = 0;
    for (; c + WIDTH <= columns; c += WIDTH) store(x + c, load(from + c));
    for (; c < columns; c++) x[c] = from[c];
  }
}

INLINE int category(const struct block *b, int r, int field) {
  return b->table->categorical[(unsigned long)b->index[r] * b->table->fields + field];
}

/* Sets x[r, c] = embedding[category, c]. */
static void gather_embedding(const struct block *b, int field, const float *embedding, long from_stride,
                             int columns, float *x, long stride) {
  for (int r = 0; r < b->rows; r++, x += stride) {
    const float *from = embedding + category(b, r, field) * from_stride;
    for (int c = 0; c < columns; c++) x[c] = from[c];
  }
}

/* Fetches the embeddings of the block's rows into the cache. */
static void fetch_embeddings(const struct block *b, int field, const float *embedding, long stride,
                             int columns) {
  for (int r = 0; r < b->rows; r++) {
    const float *row = embedding + category(b, r, field) * stride;
    for (int c = 0; c < columns; c += 16) __builtin_prefetch(row + c);
  }
}

/* Sets to[c] = from[c], or adds, in as many vectors as are whole, then one by one. */
INLINE void keep_row(const float *from, int columns, float *to, int add) {
  int c = 0;
  for (; c + WIDTH <= columns; c += WIDTH) store(to + c, add ? load(to + c) + load(from + c) : load(from + c));
  for (; c < columns; c++) to[c] = add ? to[c] + from[c] : from[c];
}

/* Adds g[category, c] += dx[r, c]. */
static void scatter_embedding(const struct block *b, int field, const float *dx, long stride, int columns,
                              float *g, long g_stride) {
  for (int r = 0; r < b->rows; r++, dx += stride) {
    float *to = g + category(b, r, field) * g_stride;
    for (int c = 0; c < columns; c++) to[c] += dx[c];
  }
}

/* Sets y[r, n] = bias[n] + Σ_f w[first_f + category_f, n], in whole vectors of n. */
static void sum_weight_rows(const struct block *b, const struct one_hot_field *fields, int count,
                            const float *bias, const float *w, long w_stride, int columns, float *y,
                            long stride) {
  for (int r = 0; r < b->rows; r++, y += stride) {
    const int *categories = b->table->categorical + (unsigned long)b->index[r] * b->table->fields;
    int n = 0;
#define SUM_STRIP(VECTORS)                                                                      \
  for (; n + (VECTORS - 1) * WIDTH < columns; n += VECTORS * WIDTH) {                           \
    vf s[VECTORS];                                                                              \
    for (int v = 0; v < VECTORS; v++) s[v] = load(bias + n + v * WIDTH);                        \
    for (int f = 0; f < count; f++) {                                                           \
      const float *from = w + (fields[f].first_row + categories[fields[f].field]) * w_stride + n;   \
      for (int v = 0; v < VECTORS; v++) s[v] += load(from + v * WIDTH);                         \
    }                                                                                           \
    for (int v = 0; v < VECTORS; v++) store(y + n + v * WIDTH, s[v]);                           \
  }
    SUM_STRIP(8)
    SUM_STRIP(2)
    SUM_STRIP(1)
#undef SUM_STRIP
  }
}

/* Adds g[first_f + category_f, n] += dz[r, n] for every one-hot field f. Lanes of dz from `columns` on are
 * not added. */
static void scatter_weight_rows(const struct block *b, const struct one_hot_field *fields, int count,
                                const float *dz, long stride, int columns, float *g, long g_stride) {
  const int whole = columns / WIDTH * WIDTH;
  const vi last = first_lanes(columns - whole);
  for (int r = 0; r < b->rows; r++, dz += stride) {
    const int *categories = b->table->categorical + (unsigned long)b->index[r] * b->table->fields;
    for (int f = 0; f < count; f++) {
      float *to = g + (fields[f].first_row + categories[fields[f].field]) * g_stride;
      for (int n = 0; n < whole; n += WIDTH) store(to + n, load(to + n) + load(dz + n));
      if (whole < columns) store(to + whole, load(to + whole) + keep(last, load(dz + whole)));
    }
  }
}

/* A piecewise field's entry has the lower of two neighbouring rows in its high bits, and the share of the way
 * to the upper one in the low 16 (src/network/fields/piecewise.ts). */
#define WHOLE_WAY 0xffff

INLINE float share_of(int entry) { return (float)(entry & WHOLE_WAY) * (1.0f / (float)WHOLE_WAY); }

/* Adds y[r, n] += Σ_f (1 − share_f) w[first_f + lower_f, n] + share_f w[first_f + lower_f + 1, n], in whole
 * vectors of n. */
static void add_placed_rows(const struct block *b, const struct one_hot_field *fields, int count,
                            const float *w, long w_stride, int columns, float *y, long stride) {
  for (int r = 0; r < b->rows; r++, y += stride) {
    for (int f = 0; f < count; f++) {
      const int entry = category(b, r, fields[f].field);
      const float *lower = w + (fields[f].first_row + (entry >> 16)) * w_stride;
      const vf share = splat(share_of(entry)), rest = splat(1.0f - share_of(entry));
      for (int n = 0; n < columns; n += WIDTH)
        store(y + n, load(y + n) + rest * load(lower + n) + share * load(lower + w_stride + n));
    }
  }
}

/* Adds g[first_f + lower_f, n] += (1 − share_f) dz[r, n], and with share_f to the next row, for every piecewise
 * field f. Lanes of dz from `columns` on are not added. */
static void scatter_placed_rows(const struct block *b, const struct one_hot_field *fields, int count,
                                const float *dz, long stride, int columns, float *g, long g_stride) {
  const int whole = columns / WIDTH * WIDTH;
  const vi last = first_lanes(columns - whole);
  for (int r = 0; r < b->rows; r++, dz += stride) {
    for (int f = 0; f < count; f++) {
      const int entry = category(b, r, fields[f].field);
      float *lower = g + (fields[f].first_row + (entry >> 16)) * g_stride;
      for (int upper = 0; upper < 2; upper++) {
        float *to = lower + upper * g_stride;
        const vf part = splat(upper ? share_of(entry) : 1.0f - share_of(entry));
        for (int n = 0; n < whole; n += WIDTH) store(to + n, load(to + n) + part * load(dz + n));
        if (whole < columns) store(to + whole, load(to + whole) + keep(last, part * load(dz + whole)));
      }
    }
  }
}

#endif
