// A matrix product whose operands stay in the first cache: the most that 128-bit vectors do on one thread.
// Six rows of a times eight columns of b, whose twelve sums, with what they take, fill the sixteen registers.
#include <wasm_simd128.h>

enum { ROWS = 6, COLUMNS = 8, DEPTH = 256 };

static float a[DEPTH * ROWS], b[DEPTH * COLUMNS], sums[ROWS * COLUMNS];

#ifdef __wasm_relaxed_simd__
#define PLUS_PRODUCT(x, y, sum) wasm_f32x4_relaxed_madd(x, y, sum)
#else
#define PLUS_PRODUCT(x, y, sum) wasm_f32x4_add(sum, wasm_f32x4_mul(x, y))
#endif

// Fills the operands; returns how many operations one product has.
int prepare(void) {
  for (int i = 0; i < DEPTH * ROWS; i++) a[i] = (float)(i % 7) - 3;
  for (int i = 0; i < DEPTH * COLUMNS; i++) b[i] = (float)(i % 5) - 2;
  return 2 * ROWS * COLUMNS * DEPTH;
}

// Computes the product so many times; returns one of the sums.
float multiply(int times) {
  for (int time = 0; time < times; time++) {
    v128_t sum[ROWS][2];
    for (int row = 0; row < ROWS; row++) sum[row][0] = sum[row][1] = wasm_f32x4_splat(0);
    const float *left = a, *right = b;
    for (int k = 0; k < DEPTH; k++, left += ROWS, right += COLUMNS) {
      const v128_t low = wasm_v128_load(right), high = wasm_v128_load(right + 4);
#pragma clang loop unroll(full)
      for (int row = 0; row < ROWS; row++) {
        const v128_t factor = wasm_v128_load32_splat(left + row);
        sum[row][0] = PLUS_PRODUCT(factor, low, sum[row][0]);
        sum[row][1] = PLUS_PRODUCT(factor, high, sum[row][1]);
      }
    }
    for (int row = 0; row < ROWS; row++) {
      wasm_v128_store(sums + row * COLUMNS, sum[row][0]);
      wasm_v128_store(sums + row * COLUMNS + 4, sum[row][1]);
    }
    // The next product differs, so that none is left out.
    a[time % (DEPTH * ROWS)] = sums[time % (ROWS * COLUMNS)] > 0 ? 1 : -1;
  }
  return sums[0];
}
