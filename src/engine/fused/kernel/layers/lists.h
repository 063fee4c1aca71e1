/*
 * Columns of several values. A row's entry is the place of a list in the table's `lists`: the number of its
 * values n, and then each value and its share, a float by its bits (src/network/fields/lists.ts). What a column
 * gives is Σ_i share_i · (the embedding, or the weight's row, of value i), summed in the list's order.
 */
#ifndef MMOE_LISTS_H
#define MMOE_LISTS_H
#include "layers/input-rows.h"

struct listed {
  int length;
  const int *pairs;
};

INLINE struct listed list_at(const struct table *t, int entry) {
  return (struct listed){t->lists[entry], t->lists + entry + 1};
}

INLINE int listed_value(const struct listed *l, int i) { return l->pairs[2 * i]; }

INLINE float listed_share(const struct listed *l, int i) {
  const union {
    int bits;
    float share;
  } of = {l->pairs[2 * i + 1]};
  return of.share;
}

/* Returns whether an entry is the place of a list of values below `size`, within the table's lists. */
static int is_list(const struct table *t, int entry, int size) {
  if (entry < 0 || entry >= t->lists_length) return 0;
  const long left = t->lists_length - entry - 1;
  const struct listed l = list_at(t, entry);
  if (l.length < 0 || 2L * l.length > left) return 0;
  for (int i = 0; i < l.length; i++)
    if (listed_value(&l, i) < 0 || listed_value(&l, i) >= size) return 0;
  return 1;
}

/* Sets x[r, c] = Σ_i share_i embedding[value_i, c]. */
static void gather_lists(const struct block *b, int field, const float *embedding, long from_stride,
                         int columns, float *x, long stride) {
  for (int r = 0; r < b->rows; r++, x += stride) {
    const struct listed l = list_at(b->table, category(b, r, field));
    for (int c = 0; c < columns; c++) x[c] = 0;
    for (int i = 0; i < l.length; i++) {
      const float *from = embedding + listed_value(&l, i) * from_stride, share = listed_share(&l, i);
      for (int c = 0; c < columns; c++) x[c] += share * from[c];
    }
  }
}

/* Adds g[value_i, c] += share_i dx[r, c]. */
static void scatter_lists(const struct block *b, int field, const float *dx, long stride, int columns,
                          float *g, long g_stride) {
  for (int r = 0; r < b->rows; r++, dx += stride) {
    const struct listed l = list_at(b->table, category(b, r, field));
    for (int i = 0; i < l.length; i++) {
      float *to = g + listed_value(&l, i) * g_stride;
      const float share = listed_share(&l, i);
      for (int c = 0; c < columns; c++) to[c] += share * dx[c];
    }
  }
}

/* Adds y[r, n] += Σ_f Σ_i share_i w[first_f + value_i, n], in whole vectors of n. */
static void add_listed_rows(const struct block *b, const struct one_hot_field *fields, int count,
                            const float *w, long w_stride, int columns, float *y, long stride) {
  for (int r = 0; r < b->rows; r++, y += stride) {
    for (int f = 0; f < count; f++) {
      const struct listed l = list_at(b->table, category(b, r, fields[f].field));
      for (int i = 0; i < l.length; i++) {
        const float *from = w + (fields[f].first_row + listed_value(&l, i)) * w_stride;
        const vf share = splat(listed_share(&l, i));
        for (int n = 0; n < columns; n += WIDTH) store(y + n, load(y + n) + share * load(from + n));
      }
    }
  }
}

/* Adds g[first_f + value_i, n] += share_i dz[r, n] for every such field f. Lanes of dz from `columns` on are not
 * added. */
static void scatter_listed_rows(const struct block *b, const struct one_hot_field *fields, int count,
                                const float *dz, long stride, int columns, float *g, long g_stride) {
  const int whole = columns / WIDTH * WIDTH;
  const vi last = first_lanes(columns - whole);
  for (int r = 0; r < b->rows; r++, dz += stride) {
    for (int f = 0; f < count; f++) {
      const struct listed l = list_at(b->table, category(b, r, fields[f].field));
      for (int i = 0; i < l.length; i++) {
        float *to = g + (fields[f].first_row + listed_value(&l, i)) * g_stride;
        const vf share = splat(listed_share(&l, i));
        for (int n = 0; n < whole; n += WIDTH) store(to + n, load(to + n) + share * load(dz + n));
        if (whole < columns) store(to + whole, load(to + whole) + keep(last, share * load(dz + whole)));
      }
    }
  }
}

#endif
