/*
 * Computes DSelect-k (Hazimeh et al. 2021, section 3), and its derivative.
 *
 *   σ[s, r] = softmax over s of a[r, s] / τ
 *   S[s, b, r] = x² (3 − 2x) with x = c[r, s · bits + b] / γ + 1/2 cut off to [0, 1]          (the smooth
 *   step)
 *   t[e, r] = Σ_s σ[s] Σ_{codes k ≡ e} Π_b (bit b of k set ? S[s, b] : 1 − S[s, b])           (k modulo the
 *   number of experts)
 *   p[e, r] = t[e] / Σ_{e kept} t[e] where dropout keeps e, else 0;   p = t without dropout, or where nothing
 *   that is kept weighs anything
 *
 * Backward, d[e] is the derivative by t[e]. Π is linear in each S, so its derivative by S[s, b] is the
 * difference of the sums with bit b set and clear; they are folded bit by bit from the highest. Where t[e] is
 * 0, a factor is 0 at its flat end, so d[e] is not needed. Entropy adds factor · ln((1 − S) / S) to the
 * derivative by S.
 *
 * Shapes: a [rows, selectors], c [rows, selectors · bits], row strides in both; p, dp, σ as in gates/route.h.
 * `scale`: 1 / Σ t of each row, 0 where nothing was divided. `work`: 2^(bits + 1) vectors.
 */
#ifndef MMOE_SELECTORS_H
#define MMOE_SELECTORS_H
#include "gates/choice.h"

struct selectors {
  float *a, *c;
  long a_stride, c_stride;
  int count, bits, experts;
  float inverse_temperature, inverse_width;
  float *p, *sigma, *scale, *work;
  long span;
};

/* Returns a column of WIDTH rows. */
INLINE vf column_of(const float *z, long stride, int column) {
  vf y;
  for (int i = 0; i < WIDTH; i++) y[i] = z[i * stride + column];
  return y;
}

/* Returns where in the smooth step a code's bit is: [0, 1]. */
INLINE vf place_in_step(const struct selectors *s, int r0, int column) {
  vf x = column_of(s->c + r0 * s->c_stride, s->c_stride, column) * s->inverse_width + 0.5f;
  return -at_least(-at_least(x, splat(0.0f)), splat(-1.0f));
}
INLINE vf smooth_step(vf x) { return x * x * (3.0f - 2.0f * x); }

/* Sets work[2^b + k] to the chance of the lowest b bits being those of k, for b in [0, bits). Returns where
 * the chances of all bits begin. */
INLINE float *chances(const struct selectors *s, int r0, int selector, float *work) {
  store(work + WIDTH, splat(1.0f));
  for (int b = 0; b < s->bits; b++) {
    vf x = place_in_step(s, r0, selector * s->bits + b);
    vf set = smooth_step(x), clear = smooth_step(1.0f - x);
    const float *from = work + (WIDTH << b);
    float *to = work + (WIDTH << (b + 1));
    for (int k = 0; k < 1 << b; k++) {
      vf before = load(from + k * WIDTH);
      store(to + k * WIDTH, before * clear);
      store(to + ((1 << b) + k) * WIDTH, before * set);
    }
  }
  return work + (WIDTH << s->bits);
}

static void select_experts(const struct selectors *s, int rows, unsigned first, const struct dropout *d) {
  static const struct dropout none = {0, 0};
  for (int r0 = 0; r0 < rows; r0 += WIDTH) {
    float *p = s->p + r0;
    for (int e = 0; e < s->experts; e++) store(p + e * s->span, splat(0.0f));
    choice(s->a + r0 * s->a_stride, s->a_stride, WIDTH, 0, s->count, s->inverse_temperature, s->count, &none,
           s->sigma + r0, s->span);
    for (int selector = 0; selector < s->count; selector++) {
      const float *chance = chances(s, r0, selector, s->work);
      vf sigma = load(s->sigma + selector * s->span + r0);
      for (int k = 0, e = 0; k < 1 << s->bits; k++, e = e + 1 < s->experts ? e + 1 : 0)
        store(p + e * s->span, load(p + e * s->span) + sigma * load(chance + k * WIDTH));
    }
    vf scale = {0};
    if (d->threshold > 0) {
      const vu index = draw_rows(first + (unsigned)r0, s->experts);
      const vi all = all_left_out(d, index, s->experts);
      vf left = {0};
      for (int e = 0; e < s->experts; e++)
        left += keep(all | ~left_out(d, index + (unsigned)e), load(p + e * s->span));
      vi some = left > splat(0.0f);
      scale = keep(some, 1.0f / left);
      for (int e = 0; e < s->experts; e++) {
        vf t = load(p + e * s->span);
        store(p + e * s->span, choose(some, keep(all | ~left_out(d, index + (unsigned)e), t * scale), t));
      }
    }
    store(s->scale + r0, scale);
  }
}

/* Computes da and dc from dp, which becomes the derivative by t; null stands for zeros. `entropy` is the
 * factor of the entropy divided by the batch's rows. */
static void select_backward(const struct selectors *s, int rows, float entropy, float *dp, float *da,
                            long da_stride, float *dc, long dc_stride) {
  const long span = s->span;
  for (int r0 = 0; r0 < rows; r0 += WIDTH) {
    const int lanes_in = rows - r0 < WIDTH ? rows - r0 : WIDTH;
    vf scale = load(s->scale + r0), mean = {0};
    vi scaled = scale > splat(0.0f);
    for (int e = 0; e < s->experts && dp; e++) mean += load(s->p + e * span + r0) * load(dp + e * span + r0);
    for (int e = 0; e < s->experts && dp; e++) {
      vf d = load(dp + e * span + r0);
      store(dp + e * span + r0,
            choose(scaled, keep(load(s->p + e * span + r0) > splat(0.0f), (d - mean) * scale), d));
    }
    vf mean_sigma = {0};
    for (int selector = 0; selector < s->count; selector++) {
      float *folded = chances(s, r0, selector, s->work);
      for (int k = 0, e = 0; k < 1 << s->bits; k++, e = e + 1 < s->experts ? e + 1 : 0)
        store(folded + k * WIDTH, dp ? load(dp + e * span + r0) : splat(0.0f));
      vf sigma = load(s->sigma + selector * span + r0);
      for (int b = s->bits - 1; b >= 0; b--) {
        const int column = selector * s->bits + b;
        const float *chance = s->work + (WIDTH << b);
        vf x = place_in_step(s, r0, column), y = 1.0f - x;
        vf set = smooth_step(x), clear = smooth_step(y), difference = {0};
        for (int k = 0; k < 1 << b; k++) {
          vf low = load(folded + k * WIDTH), high = load(folded + ((1 << b) + k) * WIDTH);
          difference += load(chance + k * WIDTH) * (high - low);
          store(folded + k * WIDTH, clear * low + set * high);
        }
        vf by_step = sigma * difference;
        const vf least = splat(1e-30f);
        if (entropy > 0)
          by_step += entropy * (logarithm(at_least(clear, least)) - logarithm(at_least(set, least)));
        vf d = by_step * (6.0f * s->inverse_width) * x * y;
        for (int i = 0; i < lanes_in; i++) dc[(r0 + i) * dc_stride + column] = d[i];
      }
      vf by_sigma = load(folded);
      mean_sigma += sigma * by_sigma;
      for (int i = 0; i < lanes_in; i++) da[(r0 + i) * da_stride + selector] = by_sigma[i];
    }
    for (int selector = 0; selector < s->count; selector++) {
      vf share = load(s->sigma + selector * span + r0) * s->inverse_temperature;
      for (int i = 0; i < lanes_in; i++) {
        float *to = da + (r0 + i) * da_stride + selector;
        *to = share[i] * (*to - mean_sigma[i]);
      }
    }
  }
}

#endif
