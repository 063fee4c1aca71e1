/*
 * Computes the gradient of a weight whose units are at rest for many rows: a ReLU's gradient is 0 there, and
 * so are those rows' terms.
 *
 *   by_unit[n, k] (+)= Σ_{r: dz[r, n] ≠ 0} x[r, k] · dz[r, n]
 *
 * It goes unit by unit: the sums of up to MAX_VECTORS vectors of inputs stay in registers over the rows that
 * are set in the unit's mask. A row's term costs a load as well as a multiplication, so this is not worth it
 * where most units are active (`mostly_active`). `turn` brings the sums of a share of rows into the order of
 * the weight, g[k, n].
 *
 * As in layers/product.h, macros write the tile out for each number of vectors.
 */
#ifndef MMOE_ACTIVE_H
#define MMOE_ACTIVE_H
#include "plan.h"
#include "layers/product.h"

/* So many vectors of MASK_ROWS rows' inputs stay in the nearest cache while all units pass. */
#if WIDTH == 16
#define MAX_VECTORS 7
#elif WIDTH == 8
#define MAX_VECTORS 8
#else
#define MAX_VECTORS 12
#endif
/* Fewer rows than these would cost more in `turn` than they save. */
#define FEW_ROWS 48
/* The share of active rows, in quarters, above which the dense product is faster. */
#if defined(__wasm_relaxed_simd__)
#define ACTIVE_QUARTERS 2
#else
#define ACTIVE_QUARTERS 3
#endif

typedef unsigned long long mask;

struct active_gradient {
  const float *x;
  long x_stride;
  const float *dz;
  long dz_stride;
  float *by_unit;
  long unit_stride;
  int *low, *high; /* [columns, to a whole vector]: the masks' halves */
  int fresh;       /* by_unit holds nothing yet: set it instead of adding */
};

/* Sets bit r of a unit's mask where dz[r, unit] ≠ 0. Returns how many bits are set. */
static long masks(const struct active_gradient *p, int rows, int columns) {
  long set = 0;
  for (int n = 0; n < columns; n += WIDTH) {
    vi half[2] = {{0}, {0}}, count = {0};
    const float *dz = p->dz + n;
    for (int r = 0; r < rows; r++, dz += p->dz_stride) {
      vi active = (vi)(load(dz) != (vf){0});
      count -= active;
      half[r >> 5] |= active & splat_int((int)(1u << (r & 31)));
    }
    store_int(p->low + n, half[0]);
    store_int(p->high + n, half[1]);
    for (int i = 0; i < WIDTH && n + i < columns; i++) set += count[i];
  }
  return set;
}

INLINE int mostly_active(long set, int rows, int columns) {
  return 4 * set > ACTIVE_QUARTERS * (long)rows * columns;
}

#define VECTORS_1(M) M(0)
#define VECTORS_2(M) VECTORS_1(M) M(1)
#define VECTORS_3(M) VECTORS_2(M) M(2)
#define VECTORS_4(M) VECTORS_3(M) M(3)
#define VECTORS_5(M) VECTORS_4(M) M(4)
#define VECTORS_6(M) VECTORS_5(M) M(5)
#define VECTORS_7(M) VECTORS_6(M) M(6)
#define VECTORS_8(M) VECTORS_7(M) M(7)
#define VECTORS_9(M) VECTORS_8(M) M(8)
#define VECTORS_10(M) VECTORS_9(M) M(9)
#define VECTORS_11(M) VECTORS_10(M) M(10)
#define VECTORS_12(M) VECTORS_11(M) M(11)
#define ACTIVE_BEGIN(j) vf s##j = load(g + j * WIDTH);
#define ACTIVE_NONE(j) s##j = (vf){0};
#define ACTIVE_ADD(j)                                    \
  s##j = multiply_add(a, load(row + j * WIDTH), s##j);   \
  IN_ORDER(s##j);
#define ACTIVE_END(j) store(g + j * WIDTH, s##j);

/* Adds up N vectors of inputs from `first` on, for all units. */
#define DEFINE_ACTIVE_TILE(N)                                                                  \
  static void active_tile_##N(const struct active_gradient *p, int first, int columns) {       \
    const float *x = p->x + first, *dz = p->dz;                                                \
    const long x_stride = p->x_stride, dz_stride = p->dz_stride;                               \
    for (int n = 0; n < columns; n++, dz++) {                                                  \
      mask left = (mask)(unsigned)p->high[n] << 32 | (unsigned)p->low[n];                      \
      float *g = p->by_unit + n * p->unit_stride + first;                                      \
      VECTORS_##N(ACTIVE_BEGIN)                                                                \
      if (p->fresh) { VECTORS_##N(ACTIVE_NONE) }                                               \
      for (; left; left &= left - 1) {                                                         \
        long r = __builtin_ctzll(left);                                                        \
        vf a = splat(dz[r * dz_stride]);                                                       \
        const float *row = x + r * x_stride;                                                   \
        VECTORS_##N(ACTIVE_ADD)                                                                \
      }                                                                                        \
      VECTORS_##N(ACTIVE_END)                                                                  \
    }                                                                                          \
  }
DEFINE_ACTIVE_TILE(1)
DEFINE_ACTIVE_TILE(2)
DEFINE_ACTIVE_TILE(3)
DEFINE_ACTIVE_TILE(4)
DEFINE_ACTIVE_TILE(5)
DEFINE_ACTIVE_TILE(6)
DEFINE_ACTIVE_TILE(7)
DEFINE_ACTIVE_TILE(8)
#if MAX_VECTORS > 8
DEFINE_ACTIVE_TILE(9)
DEFINE_ACTIVE_TILE(10)
DEFINE_ACTIVE_TILE(11)
DEFINE_ACTIVE_TILE(12)
#endif

/* Adds up the masks' rows; x is read, and by_unit written, to the end of the last vector. */
static void active_gradient(const struct active_gradient *p, int depth, int columns) {
  const int vectors = (depth + WIDTH - 1) / WIDTH, panels = (vectors + MAX_VECTORS - 1) / MAX_VECTORS;
  for (int panel = 0; panel < panels; panel++) {
    int v = vectors * panel / panels, first = v * WIDTH;
    switch (vectors * (panel + 1) / panels - v) {
      case 1: active_tile_1(p, first, columns); break;
      case 2: active_tile_2(p, first, columns); break;
      case 3: active_tile_3(p, first, columns); break;
      case 4: active_tile_4(p, first, columns); break;
      case 5: active_tile_5(p, first, columns); break;
      case 6: active_tile_6(p, first, columns); break;
      case 7: active_tile_7(p, first, columns); break;
      case 8: active_tile_8(p, first, columns); break;
#if MAX_VECTORS > 8
      case 9: active_tile_9(p, first, columns); break;
      case 10: active_tile_10(p, first, columns); break;
      case 11: active_tile_11(p, first, columns); break;
      case 12: active_tile_12(p, first, columns); break;
#endif
    }
  }
}

/* Computes g[k, n] (+)= by_unit[n, k] for k < depth. Columns up to the end of the last vector are added
 * nothing, or set to 0. */
static void turn(const float *by_unit, long unit_stride, int columns, int depth, float *g, long g_stride,
                 int add) {
  for (int k0 = 0; k0 < depth; k0 += WIDTH) {
    int rows = depth - k0 < WIDTH ? depth - k0 : WIDTH;
    for (int n0 = 0; n0 < columns; n0 += WIDTH) {
      vf v[WIDTH];
      for (int i = 0; i < WIDTH; i++)
        v[i] = n0 + i < columns ? load(by_unit + (n0 + i) * unit_stride + k0) : (vf){0};
      turn_tile(v);
      float *to = g + k0 * g_stride + n0;
      for (int i = 0; i < rows; i++, to += g_stride) store(to, add ? load(to) + v[i] : v[i]);
    }
  }
}

#endif
