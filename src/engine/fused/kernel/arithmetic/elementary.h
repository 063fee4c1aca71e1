/*
 * Computes exp and log without a library, each lane on its own; NaN gives NaN.
 *
 * Both reduce their argument to a short interval and evaluate a polynomial there (Moshier's Cephes, expf and
 * logf); the error is below 2 ulp.
 */
#ifndef MMOE_ELEMENTARY_H
#define MMOE_ELEMENTARY_H
#include "arithmetic/vector.h"

/* Returns exp(x) for x ≤ 88; below −87 it is exp(−87), about 10^-38. */
INLINE vf exponential(vf x) {
  x = at_least(x, splat(-87.0f));
  const vf magic = splat(12582912.0f); /* 1.5 · 2^23: adding it rounds to a whole number */
  vf shifted = x * 1.44269504f + magic;
  vf n = shifted - magic;
  vf r = multiply_add(n, splat(-0.693359375f), x);
  r = multiply_add(n, splat(2.12194440e-4f), r);
  vf p = splat(1.9875691500e-4f);
  p = multiply_add(p, r, splat(1.3981999507e-3f));
  p = multiply_add(p, r, splat(8.3334519073e-3f));
  p = multiply_add(p, r, splat(4.1665795894e-2f));
  p = multiply_add(p, r, splat(1.6666665459e-1f));
  p = multiply_add(p, r, splat(5.0000001201e-1f));
  p = multiply_add(p, r * r, r) + 1.0f;
  vi power = ((vi)shifted - 0x4b400000 + 127) << 23;
  return p * (vf)power;
}

/* Returns log(x) for normal x > 0. */
INLINE vf logarithm(vf x) {
  vi bits = (vi)x;
  vi exponent = ((bits >> 23) & 0xff) - 126;
  vf m = (vf)((bits & 0x007fffff) | 0x3f000000); /* in [1/2, 1) */
  vi small = m < splat(0.707106781f);
  vf e = __builtin_convertvector(exponent + small, vf); /* a true mask is −1 */
  m = m - 1.0f + keep(small, m);
  vf z = m * m;
  vf p = splat(7.0376836292e-2f);
  p = multiply_add(p, m, splat(-1.1514610310e-1f));
  p = multiply_add(p, m, splat(1.1676998740e-1f));
  p = multiply_add(p, m, splat(-1.2420140846e-1f));
  p = multiply_add(p, m, splat(1.4249322787e-1f));
  p = multiply_add(p, m, splat(-1.6668057665e-1f));
  p = multiply_add(p, m, splat(2.0000714765e-1f));
  p = multiply_add(p, m, splat(-2.4999993993e-1f));
  p = multiply_add(p, m, splat(3.3333331174e-1f));
  p = p * m * z;
  p = multiply_add(e, splat(-2.12194440e-4f), p);
  p = multiply_add(z, splat(-0.5f), p);
  vf y = multiply_add(e, splat(0.693359375f), m + p);
  return choose(x == x, y, x);
}

/* Returns log(1 + x) for x in [0, 1]; the second term restores what 1 + x rounded away. */
INLINE vf logarithm_1p(vf x) {
  vf u = x + 1.0f;
  return logarithm(u) + (x - (u - 1.0f)) / u;
}

INLINE vf sigmoid(vf z) {
  vf e = exponential(-absolute(z));
  return choose(z < splat(0.0f), e, splat(1.0f)) / (1.0f + e);
}

#endif
