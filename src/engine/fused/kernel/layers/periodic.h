/*
 * Embeds a numeric column x as relu(A sin(2π c x) + B cos(2π c x) + b), with learned frequencies c: PLR of
 * Gorishniy, Rubachev & Babenko (NeurIPS 2022), section 3.3.
 *
 * A and B are [width, count], a row for each unit of the embedding; c, A and B are readable to the end of the
 * last vector, where they are 0. Backward, sines and cosines are computed again, which takes less time than to
 * keep them. Gradients are added row after row.
 */
#ifndef MMOE_PERIODIC_H
#define MMOE_PERIODIC_H
#include "arithmetic/vector.h"

#define TWO_PI 6.28318531f

/*
 * Sets the sine and the cosine of 2π t. A turn is cut into quarters around multiples of 1/4, where polynomials
 * hold (Moshier's Cephes, sinf and cosf); the error is below 2 ulp of 1. From 2^20 on, where t has hardly any
 * fraction left, it counts as whole; NaN gives NaN.
 */
INLINE void waves(vf t, vf *sine, vf *cosine) {
  const vf magic = splat(12582912.0f); /* 1.5 · 2^23: adding it rounds to a whole number */
  t = choose(absolute(t) >= splat(1048576.0f), splat(0.0f), t);
  vf shifted = t * 4.0f + magic;
  vi quarter = (vi)shifted;
  vf y = (t - (shifted - magic) * 0.25f) * TWO_PI; /* in [−π/4, π/4] */
  vf z = y * y;
  vf s = multiply_add(z, splat(-1.9515295891e-4f), splat(8.3321608736e-3f));
  s = multiply_add(z, s, splat(-1.6666654611e-1f));
  s = multiply_add(z * y, s, y);
  vf c = multiply_add(z, splat(2.443315711809948e-5f), splat(-1.388731625493765e-3f));
  c = multiply_add(z, c, splat(4.166664568298827e-2f));
  c = multiply_add(z * z, c, multiply_add(z, splat(-0.5f), splat(1.0f)));
  vi is_odd = (quarter & 1) == splat_int(1);
  vi sine_sign = (quarter & 2) << 30, cosine_sign = ((quarter + 1) & 2) << 30;
  *sine = (vf)((vi)choose(is_odd, c, s) ^ sine_sign);
  *cosine = (vf)((vi)choose(is_odd, s, c) ^ cosine_sign);
}

/* Returns the sum of all lanes, by halves. */
INLINE float sum_of_lanes(vf y) {
  float part[WIDTH];
  store(part, y);
  for (int half = WIDTH / 2; half > 0; half /= 2)
    for (int i = 0; i < half; i++) part[i] += part[i + half];
  return part[0];
}

/* Sets y[r, n] = relu(b[n] + Σ_j A[n, j] sin(2π c[j] x[r]) + B[n, j] cos(2π c[j] x[r])). */
static void periodic(int rows, const float *x, long x_stride, const float *c, int count, const float *a,
                     long a_stride, const float *b, long b_stride, const float *bias, int width, float *y,
                     long stride) {
  for (int r = 0; r < rows; r++, x += x_stride, y += stride) {
    for (int n = 0; n < width; n++) y[n] = bias[n];
    for (int j = 0; j < count; j += WIDTH) {
      vf sine, cosine;
      waves(load(c + j) * *x, &sine, &cosine);
      for (int n = 0; n < width; n++) {
        vf term = load(a + n * a_stride + j) * sine;
        y[n] += sum_of_lanes(multiply_add(load(b + n * b_stride + j), cosine, term));
      }
    }
    for (int n = 0; n < width; n++) y[n] = y[n] < 0.0f ? 0.0f : y[n];
  }
}

/* Adds the gradients by c, A, B and the bias, from dy[r, n] where y[r, n] > 0. */
static void periodic_backward(int rows, const float *x, long x_stride, const float *c, int count,
                              const float *a, long a_stride, const float *b, long b_stride, int width,
                              const float *y, long stride, const float *dy, long dy_stride, float *c_gradient,
                              float *a_gradient, long a_gradient_stride, float *b_gradient,
                              long b_gradient_stride, float *bias_gradient) {
  for (int r = 0; r < rows; r++, x += x_stride, y += stride, dy += dy_stride) {
    for (int n = 0; n < width; n++)
      if (y[n] > 0.0f) bias_gradient[n] += dy[n];
    for (int j = 0; j < count; j += WIDTH) {
      const vi last = first_lanes(count - j);
      vf sine, cosine, by_sine = splat(0.0f), by_cosine = splat(0.0f);
      waves(load(c + j) * *x, &sine, &cosine);
      sine = keep(last, sine);
      cosine = keep(last, cosine);
      for (int n = 0; n < width; n++) {
        if (!(y[n] > 0.0f)) continue;
        const vf dz = splat(dy[n]);
        float *to_a = a_gradient + n * a_gradient_stride + j, *to_b = b_gradient + n * b_gradient_stride + j;
        by_sine = multiply_add(dz, load(a + n * a_stride + j), by_sine);
        by_cosine = multiply_add(dz, load(b + n * b_stride + j), by_cosine);
        store(to_a, multiply_add(dz, sine, load(to_a)));
        store(to_b, multiply_add(dz, cosine, load(to_b)));
      }
      vf by_angle = cosine * by_sine - sine * by_cosine;
      store(c_gradient + j, load(c_gradient + j) + by_angle * (TWO_PI * *x));
    }
  }
}

#endif
