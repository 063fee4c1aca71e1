/*
 * Vectors of the target's width; this is the only file with intrinsics.
 *
 *   WIDTH         floats in a vector: 16 (AVX-512), 8 (AVX2), 4 (SSE2, NEON, WebAssembly)
 *   TILE_ROWS     rows of the register tile of a product (layers/product.h)
 *   TILE_COLUMNS  vectors in each of them; both fit the target's registers
 *
 * Loads and stores need no alignment. Where a NaN meets a maximum or a mask, the NaN stays.
 */
#ifndef MMOE_VECTOR_H
#define MMOE_VECTOR_H

#if defined(__AVX512F__)
#define WIDTH 16
#define TILE_ROWS 8
#define TILE_COLUMNS 3
#include <immintrin.h>
#elif defined(__AVX2__)
#define WIDTH 8
#define TILE_ROWS 4
#define TILE_COLUMNS 3
#include <immintrin.h>
#elif defined(__SSE2__)
#define WIDTH 4
#define TILE_ROWS 4
#define TILE_COLUMNS 2
#include <emmintrin.h>
#elif defined(__wasm_simd128__)
#define WIDTH 4
#if defined(__wasm_relaxed_simd__)
/* 12 sums, 2 weights and a splat take all of V8's 15 registers; 4 × 3 spills, at half the speed. */
#define TILE_ROWS 6
#else
/* A product needs a register before it is added: 6 rows spill, at three quarters of the speed. */
#define TILE_ROWS 4
#endif
#define TILE_COLUMNS 2
#include <wasm_simd128.h>
#elif defined(__ARM_NEON)
#define WIDTH 4
#define TILE_ROWS 8
#define TILE_COLUMNS 3
#include <arm_neon.h>
#else
#define WIDTH 4
#define TILE_ROWS 4
#define TILE_COLUMNS 2
#endif

typedef float vf __attribute__((vector_size(WIDTH * 4)));
typedef int vi __attribute__((vector_size(WIDTH * 4)));
typedef float vf_unaligned __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));
typedef int vi_unaligned __attribute__((vector_size(WIDTH * 4), aligned(4), may_alias));

#define INLINE static inline __attribute__((always_inline))

INLINE vf load(const float *p) { return *(const vf_unaligned *)p; }
INLINE vi load_int(const int *p) { return *(const vi_unaligned *)p; }
INLINE void store(float *p, vf v) { *(vf_unaligned *)p = v; }
INLINE void store_int(int *p, vi v) { *(vi_unaligned *)p = v; }
INLINE vf splat(float x) { return x - (vf){0}; }
INLINE vi splat_int(int x) { return x + (vi){0}; }

/* Returns a · b + c, rounded once where the target can. */
INLINE vf multiply_add(vf a, vf b, vf c) {
#if defined(__wasm_relaxed_simd__)
  return (vf)__builtin_wasm_relaxed_madd_f32x4(a, b, c);
#else
  return a * b + c;
#endif
}

/* Makes the compiler compute v here, in the order of the source: V8 gives out registers as they come, and in
 * any other order it spills some. */
#if defined(__wasm_simd128__)
#define IN_ORDER(v) __asm__ volatile("" : "+r"(v))
#else
#define IN_ORDER(v) ((void)0)
#endif

/* Returns y < floor ? floor : y, and y where either is NaN. */
INLINE vf at_least(vf y, vf floor) {
#if WIDTH == 16
  return (vf)_mm512_max_ps((__m512)floor, (__m512)y);
#elif WIDTH == 8
  return (vf)_mm256_max_ps((__m256)floor, (__m256)y);
#elif defined(__SSE2__)
  return (vf)_mm_max_ps((__m128)floor, (__m128)y);
#elif defined(__wasm_simd128__)
  return (vf)wasm_f32x4_pmax((v128_t)y, (v128_t)floor);
#else
  vi below = y < floor;
  return (vf)((below & (vi)floor) | (~below & (vi)y));
#endif
}

/* Returns h > floor ? y : 0. */
INLINE vf where_above(vf h, vf floor, vf y) {
#if WIDTH == 16
  return (vf)_mm512_maskz_mov_ps(_mm512_cmp_ps_mask((__m512)h, (__m512)floor, _CMP_GT_OQ), (__m512)y);
#else
  return (vf)((vi)(h > floor) & (vi)y);
#endif
}

INLINE vf choose(vi mask, vf yes, vf no) { return (vf)((mask & (vi)yes) | (~mask & (vi)no)); }
INLINE vf keep(vi mask, vf y) { return (vf)(mask & (vi)y); }
INLINE vf absolute(vf y) { return (vf)((vi)y & 0x7fffffff); }

INLINE vf square_root(vf y) {
#if WIDTH == 16
  return (vf)_mm512_sqrt_ps((__m512)y);
#elif WIDTH == 8
  return (vf)_mm256_sqrt_ps((__m256)y);
#elif defined(__SSE2__)
  return (vf)_mm_sqrt_ps((__m128)y);
#elif defined(__wasm_simd128__)
  return (vf)wasm_f32x4_sqrt((v128_t)y);
#elif defined(__aarch64__)
  return (vf)vsqrtq_f32((float32x4_t)y);
#else
  for (int i = 0; i < WIDTH; i++) y[i] = __builtin_sqrtf(y[i]);
  return y;
#endif
}

/* Returns 0, 1, 2 … */
INLINE vi lanes(void) {
#if WIDTH == 16
  return (vi){0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
#elif WIDTH == 8
  return (vi){0, 1, 2, 3, 4, 5, 6, 7};
#else
  return (vi){0, 1, 2, 3};
#endif
}

/* Returns all ones in the first n lanes; n may be below 0 or above WIDTH. */
INLINE vi first_lanes(int n) { return lanes() < splat_int(n); }

INLINE float lane_sum(vf y) {
  float sum = 0;
  for (int i = 0; i < WIDTH; i++) sum += y[i];
  return sum;
}

/* The lanes of two vectors that change places when a square of vectors is turned, for each length of
 * parts. */
#define LIST(...) __VA_ARGS__
#if WIDTH == 16
#define LOW8 LIST(0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23)
#define HIGH8 LIST(8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31)
#define LOW4 LIST(0, 1, 2, 3, 16, 17, 18, 19, 8, 9, 10, 11, 24, 25, 26, 27)
#define HIGH4 LIST(4, 5, 6, 7, 20, 21, 22, 23, 12, 13, 14, 15, 28, 29, 30, 31)
#define LOW2 LIST(0, 1, 16, 17, 4, 5, 20, 21, 8, 9, 24, 25, 12, 13, 28, 29)
#define HIGH2 LIST(2, 3, 18, 19, 6, 7, 22, 23, 10, 11, 26, 27, 14, 15, 30, 31)
#define LOW1 LIST(0, 16, 2, 18, 4, 20, 6, 22, 8, 24, 10, 26, 12, 28, 14, 30)
#define HIGH1 LIST(1, 17, 3, 19, 5, 21, 7, 23, 9, 25, 11, 27, 13, 29, 15, 31)
#define PARTS(M) M(8, LOW8, HIGH8) M(4, LOW4, HIGH4) M(2, LOW2, HIGH2) M(1, LOW1, HIGH1)
#elif WIDTH == 8
#define LOW4 LIST(0, 1, 2, 3, 8, 9, 10, 11)
#define HIGH4 LIST(4, 5, 6, 7, 12, 13, 14, 15)
#define LOW2 LIST(0, 1, 8, 9, 4, 5, 12, 13)
#define HIGH2 LIST(2, 3, 10, 11, 6, 7, 14, 15)
#define LOW1 LIST(0, 8, 2, 10, 4, 12, 6, 14)
#define HIGH1 LIST(1, 9, 3, 11, 5, 13, 7, 15)
#define PARTS(M) M(4, LOW4, HIGH4) M(2, LOW2, HIGH2) M(1, LOW1, HIGH1)
#else
#define LOW2 LIST(0, 1, 4, 5)
#define HIGH2 LIST(2, 3, 6, 7)
#define LOW1 LIST(0, 4, 2, 6)
#define HIGH1 LIST(1, 5, 3, 7)
#define PARTS(M) M(2, LOW2, HIGH2) M(1, LOW1, HIGH1)
#endif

/* Returns in lane i the sum of the lanes of v[i]; v is destroyed. */
INLINE vf sums_across(vf *v) {
#define FOLD(count, low, high)                                                                               \
  for (int i = 0; i < count; i++)                                                                            \
    v[i] = __builtin_shufflevector(v[i], v[i + count], low) +                                                \
           __builtin_shufflevector(v[i], v[i + count], high);
  PARTS(FOLD)
#undef FOLD
  return v[0];
}

/* Exchanges lane j of v[i] with lane i of v[j]. */
INLINE void turn_tile(vf *v) {
#define EXCHANGE(count, low, high)                               \
  for (int i = 0; i < WIDTH; i++) {                              \
    if (i & count) continue;                                     \
    vf upper = v[i], lower = v[i + count];                       \
    v[i] = __builtin_shufflevector(upper, lower, low);           \
    v[i + count] = __builtin_shufflevector(upper, lower, high);  \
  }
  PARTS(EXCHANGE)
#undef EXCHANGE
}

#endif
