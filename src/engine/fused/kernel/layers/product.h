/*
 * Computes the two matrix products of a layer, on register tiles of TILE_ROWS × up to TILE_COLUMNS vectors.
 *
 *   product           y[r, n] = f(initial[r, n] + Σ_k x[r, k] · w[k, n])
 *   weight_gradient   g[k, n] (+)= Σ_r x[r, k] · dz[r, n],   gb[n] (+)= Σ_r dz[r, n]
 *
 * Shapes: x [rows, depth], w [depth, columns], y, dz [rows, columns], g [depth, columns]; row-major, each
 * with its row stride. Columns are computed in whole vectors: w, its bias and everything that mirrors them is
 * padded with zeros to a whole vector, and y and dz can be written and read that far. `product` works on
 * whole tiles of rows: x and y hold as many. Aliasing: `initial` may be y; nothing else overlaps. Alignment:
 * none needed.
 *
 * A tile's sums must stay in registers for all of the depth. Macros write the tile out for each size, so that
 * every sum is a variable of its own and nothing depends on how a compiler unrolls loops over arrays: ROWS_K
 * and COLUMNS_N repeat a statement for K rows and N vectors, and s<i><j> is the sum of row i and vector j.
 */
#ifndef MMOE_PRODUCT_H
#define MMOE_PRODUCT_H
#include "arithmetic/vector.h"

#define ROWS_1(M) M(0)
#define ROWS_2(M) M(0) M(1)
#define ROWS_4(M) ROWS_2(M) M(2) M(3)
#define ROWS_6(M) ROWS_4(M) M(4) M(5)
#define ROWS_8(M) ROWS_4(M) M(4) M(5) M(6) M(7)
#define COLUMNS_1(M, i) M(i, 0)
#define COLUMNS_2(M, i) M(i, 0) M(i, 1)
#define COLUMNS_3(M, i) M(i, 0) M(i, 1) M(i, 2)

struct product {
  const float *x;
  long x_stride;
  int depth;
  const float *w;
  long w_stride;
  const float *initial;
  long initial_stride; /* 0: one row (a bias, or zeros) for all */
  float *y;
  long y_stride;
  const float *floors; /* [columns]: 0 for ReLU, −∞ for linear */
  /* Not null: y = gate > floor ? sum : 0, the derivative of the layer below, whose output `gate` is. */
  const float *gate;
  long gate_stride;
};

#define ACCUMULATOR(i, j) vf s##i##j = load(initial + i * p->initial_stride + j * WIDTH);
#define MULTIPLY(i, j)                         \
  s##i##j = multiply_add(a##i, w##j, s##i##j); \
  IN_ORDER(s##i##j);
#define WEIGHTS(i, j) vf w##j = load(w + j * WIDTH);
#define FLOORS(i, j) vf w##j = load(p->floors + column + j * WIDTH);
#define STORE_FLOORED(i, j) store(y + i * p->y_stride + j * WIDTH, at_least(s##i##j, w##j));
#define STORE_GATED(i, j)                                                                                    \
  store(y + i * p->y_stride + j * WIDTH,                                                                     \
        where_above(load(gate + i * p->gate_stride + j * WIDTH), w##j, s##i##j));

#define DEFINE_PRODUCT_TILE(N, K, ROWS)                                    \
  static void product_tile_##K##_##N(const struct product *p, int row, int column) { \
    const float *initial = p->initial + row * p->initial_stride + column;  \
    const float *w = p->w + column;                                        \
    const long w_stride = p->w_stride;                                     \
    ROWS(PRODUCT_POINTER)                                                  \
    ROWS(PRODUCT_ACCUMULATORS_##N)                                         \
    for (long k = 0, depth = p->depth; k < depth; k++, w += w_stride) {    \
      COLUMNS_##N(WEIGHTS, 0) ROWS(PRODUCT_ROW_##N)                        \
    }                                                                      \
    float *y = p->y + row * p->y_stride + column;                          \
    COLUMNS_##N(FLOORS, 0)                                                 \
    if (p->gate) {                                                         \
      const float *gate = p->gate + row * p->gate_stride + column;         \
      ROWS(PRODUCT_GATED_##N)                                              \
    } else {                                                               \
      ROWS(PRODUCT_FLOORED_##N)                                            \
    }                                                                      \
  }
#define PRODUCT_POINTER(i) const float *x##i = p->x + (row + i) * p->x_stride;
#define PRODUCT_ACCUMULATORS_1(i) COLUMNS_1(ACCUMULATOR, i)
#define PRODUCT_ACCUMULATORS_2(i) COLUMNS_2(ACCUMULATOR, i)
#define PRODUCT_ACCUMULATORS_3(i) COLUMNS_3(ACCUMULATOR, i)
#define PRODUCT_ROW_1(i) { vf a##i = splat(x##i[k]); COLUMNS_1(MULTIPLY, i) }
#define PRODUCT_ROW_2(i) { vf a##i = splat(x##i[k]); COLUMNS_2(MULTIPLY, i) }
#define PRODUCT_ROW_3(i) { vf a##i = splat(x##i[k]); COLUMNS_3(MULTIPLY, i) }
#define PRODUCT_FLOORED_1(i) COLUMNS_1(STORE_FLOORED, i)
#define PRODUCT_FLOORED_2(i) COLUMNS_2(STORE_FLOORED, i)
#define PRODUCT_FLOORED_3(i) COLUMNS_3(STORE_FLOORED, i)
#define PRODUCT_GATED_1(i) COLUMNS_1(STORE_GATED, i)
#define PRODUCT_GATED_2(i) COLUMNS_2(STORE_GATED, i)
#define PRODUCT_GATED_3(i) COLUMNS_3(STORE_GATED, i)

#define DEFINE_PRODUCT_TILES(K)         \
  DEFINE_PRODUCT_TILE(1, K, ROWS_##K)   \
  DEFINE_PRODUCT_TILE(2, K, ROWS_##K)   \
  DEFINE_PRODUCT_TILE(3, K, ROWS_##K)
#if TILE_ROWS == 8
DEFINE_PRODUCT_TILES(8)
#else
DEFINE_PRODUCT_TILES(4)
#endif
#if TILE_ROWS == 6
DEFINE_PRODUCT_TILES(2)
DEFINE_PRODUCT_TILES(6)
#endif

#define PRODUCT_STRIP(K)                                            \
  if (take == 3) product_tile_##K##_3(p, row, v * WIDTH);           \
  else if (take == 2) product_tile_##K##_2(p, row, v * WIDTH);      \
  else product_tile_##K##_1(p, row, v * WIDTH);

/* Returns how many vectors the next panel has when `left` are left; 2 + 2 is better than 3 + 1. */
INLINE int panel(int left) {
  if (TILE_COLUMNS == 3) return left == 4 ? 2 : left < 3 ? left : 3;
  return left < TILE_COLUMNS ? left : TILE_COLUMNS;
}

/* The outer loop goes over panels of vectors, so that a panel of w stays in the nearest cache for all rows of
 * the block. The last tiles are as large as they have to be: a row that is computed for nothing costs as much
 * as any other. */
static void product(const struct product *p, int rows, int columns) {
  int vectors = (columns + WIDTH - 1) / WIDTH;
  for (int v = 0; v < vectors;) {
    int take = panel(vectors - v);
    int row = 0;
#if TILE_ROWS == 8
    for (; row < rows; row += 8) { PRODUCT_STRIP(8) }
#else
#if TILE_ROWS == 6
    for (; row + 4 < rows; row += 6) { PRODUCT_STRIP(6) }
    if (row < rows && rows - row <= 2) { PRODUCT_STRIP(2) row += 2; }
#endif
    for (; row < rows; row += 4) { PRODUCT_STRIP(4) }
#endif
    v += take;
  }
}

struct weight_gradient {
  const float *x;
  long x_stride;
  const float *dz;
  long dz_stride;
  float *g;
  long g_stride;
  int rows;
  int fresh; /* g holds nothing yet: set it instead of adding */
};

#define GRADIENT_ZERO(i, j) vf s##i##j = {0};
#define GRADIENT_DZ(i, j) vf w##j = load(dz + j * WIDTH);
#define GRADIENT_MASK(i, j) vi m##j = j + 1 < vectors ? splat_int(-1) : last;
#define GRADIENT_PLACE(i, j) (g + i * p->g_stride + j * WIDTH)
#define GRADIENT_SET(i, j) store(GRADIENT_PLACE(i, j), keep(m##j, s##i##j));
#define GRADIENT_ADD(i, j) store(GRADIENT_PLACE(i, j), load(GRADIENT_PLACE(i, j)) + keep(m##j, s##i##j));

/* Computes K rows of g from row `first` on, N vectors from `column` on. Lanes of the last vector that `last`
 * does not have are added nothing, or set to 0. */
#define DEFINE_GRADIENT_TILE(K, N)                                                             \
  static void gradient_tile_##K##_##N(const struct weight_gradient *p, int first, int column,  \
                                      int vectors, vi last) {                                  \
    const float *x = p->x + first, *dz = p->dz + column;                                       \
    const long x_stride = p->x_stride, dz_stride = p->dz_stride;                               \
    ROWS_##K(GRADIENT_ZEROS_##N)                                                               \
    for (int r = 0; r < p->rows; r++, x += x_stride, dz += dz_stride) {                        \
      COLUMNS_##N(GRADIENT_DZ, 0) ROWS_##K(GRADIENT_ROW_##N)                                   \
    }                                                                                          \
    float *g = p->g + first * p->g_stride + column;                                            \
    COLUMNS_##N(GRADIENT_MASK, 0)                                                              \
    if (p->fresh) {                                                                            \
      ROWS_##K(GRADIENT_SETS_##N)                                                              \
    } else {                                                                                   \
      ROWS_##K(GRADIENT_ADDS_##N)                                                              \
    }                                                                                          \
  }
#define GRADIENT_ZEROS_1(i) COLUMNS_1(GRADIENT_ZERO, i)
#define GRADIENT_ZEROS_2(i) COLUMNS_2(GRADIENT_ZERO, i)
#define GRADIENT_ZEROS_3(i) COLUMNS_3(GRADIENT_ZERO, i)
#define GRADIENT_ROW_1(i) { vf a##i = splat(x[i]); COLUMNS_1(MULTIPLY, i) }
#define GRADIENT_ROW_2(i) { vf a##i = splat(x[i]); COLUMNS_2(MULTIPLY, i) }
#define GRADIENT_ROW_3(i) { vf a##i = splat(x[i]); COLUMNS_3(MULTIPLY, i) }
#define GRADIENT_SETS_1(i) COLUMNS_1(GRADIENT_SET, i)
#define GRADIENT_SETS_2(i) COLUMNS_2(GRADIENT_SET, i)
#define GRADIENT_SETS_3(i) COLUMNS_3(GRADIENT_SET, i)
#define GRADIENT_ADDS_1(i) COLUMNS_1(GRADIENT_ADD, i)
#define GRADIENT_ADDS_2(i) COLUMNS_2(GRADIENT_ADD, i)
#define GRADIENT_ADDS_3(i) COLUMNS_3(GRADIENT_ADD, i)
#define EXPANDED(M, K) M(K)
#define DEFINE_GRADIENT_TILES(K)  \
  DEFINE_GRADIENT_TILE(K, 1)      \
  DEFINE_GRADIENT_TILE(K, 2)      \
  DEFINE_GRADIENT_TILE(K, 3)
DEFINE_GRADIENT_TILES(1)
DEFINE_GRADIENT_TILES(2)
DEFINE_GRADIENT_TILES(4)
#if TILE_ROWS > 4
EXPANDED(DEFINE_GRADIENT_TILES, TILE_ROWS)
#endif

#define GRADIENT_STRIP(K)                                               \
  if (take == 3) gradient_tile_##K##_3(p, k, v * WIDTH, take, last);      \
  else if (take == 2) gradient_tile_##K##_2(p, k, v * WIDTH, take, last); \
  else gradient_tile_##K##_1(p, k, v * WIDTH, take, last);

static void weight_gradient(const struct weight_gradient *p, int depth, int columns) {
  int vectors = (columns + WIDTH - 1) / WIDTH;
  for (int v = 0; v < vectors;) {
    int take = panel(vectors - v);
    vi last = first_lanes(columns - (v + take - 1) * WIDTH);
    int k = 0;
#if TILE_ROWS > 4
    for (; k + TILE_ROWS <= depth; k += TILE_ROWS) { EXPANDED(GRADIENT_STRIP, TILE_ROWS) }
#endif
    for (; k + 4 <= depth; k += 4) { GRADIENT_STRIP(4) }
    for (; k + 2 <= depth; k += 2) { GRADIENT_STRIP(2) }
    for (; k < depth; k++) { GRADIENT_STRIP(1) }
    v += take;
  }
}

/* Computes gb[n] (+)= Σ_r dz[r, n] for the first `columns` columns; it is set where it is fresh. */
static void bias_gradient(const float *dz, long dz_stride, int rows, int columns, float *gb, int fresh) {
  for (int n = 0; n < columns; n += WIDTH) {
    vf even = {0}, odd = {0};
    int r = 0;
    for (; r + 2 <= rows; r += 2) {
      even += load(dz + r * dz_stride + n);
      odd += load(dz + (r + 1) * dz_stride + n);
    }
    if (r < rows) even += load(dz + r * dz_stride + n);
    vf before = fresh ? (vf){0} : load(gb + n);
    store(gb + n, before + keep(first_lanes(columns - n), even + odd));
  }
}

/* Sets t[n, k] = w[k, n] for k in [first, end), 16 columns of t at a time, which share cache lines. */
static void transpose(const float *w, long w_stride, int first, int end, int columns, float *t,
                      long t_stride) {
  for (int k0 = first; k0 < end; k0 += 16) {
    int k1 = k0 + 16 < end ? k0 + 16 : end;
    for (int n = 0; n < columns; n++)
      for (int k = k0; k < k1; k++) t[n * t_stride + k] = w[k * w_stride + n];
  }
}

#endif
