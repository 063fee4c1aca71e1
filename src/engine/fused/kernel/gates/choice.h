/*
 * Gates that leave experts out of a row weigh the others by a softmax over them (gates/route.h says how `p`
 * is held; its gradient is that of any gate, because an expert that is left out has p = 0).
 *
 *   dropout   expert e is left out of row r where a uniform draw is below the rate; where all would be, none
 *   is (Zhao et al. 2019)
 *   top       of those that are left, the `count` with the largest logits stay, of equal ones the lower
 *   expert (Shazeer et al. 2017)
 *   noise     z[r, e] += N(0, 1) · softplus(u[r, e]), before either;   du[r, e] = dz[r, e] · N(0, 1) · σ(u[r,
 *   e])
 *
 * Shapes: z, u, dz, du [rows, experts] with a row stride. Draws are those of src/network/draws/draws.ts at (first +
 * r) · experts + e, with `first` the block's first row in the batch. A logit that is NaN makes all weights of
 * its row NaN.
 */
#ifndef MMOE_CHOICE_H
#define MMOE_CHOICE_H
#include "arithmetic/draws.h"
#include "arithmetic/elementary.h"

/* Returns (first + r) · experts for the WIDTH rows from `first` on. */
INLINE vu draw_rows(unsigned first, int experts) { return ((vu)lanes() + first) * (unsigned)experts; }

INLINE vi left_out(const struct dropout *d, vu index) {
  return draw_bits_at(d->own, index) < splat_int(d->threshold);
}

/* Returns all ones for rows in which every expert would be left out. */
INLINE vi all_left_out(const struct dropout *d, vu index, int experts) {
  vi all = splat_int(-1);
  for (int e = 0; e < experts; e++) all &= left_out(d, index + (unsigned)e);
  return all;
}

#define NOWHERE (-__builtin_inff())

/* Copies the logits of WIDTH rows into p, −∞ where an expert is left out. Returns 0, or NaN where a logit is
 * not finite. */
INLINE vf kept_logits(const float *z, long stride, unsigned first, int experts, const struct dropout *d,
                      float *p, long span) {
  vf sound = {0};
  for (int e = 0; e < experts; e++) {
    for (int i = 0; i < WIDTH; i++) p[e * span + i] = z[i * stride + e];
    sound += load(p + e * span) * 0.0f;
  }
  if (d->threshold == 0) return sound;
  const vu index = draw_rows(first, experts);
  const vi all = all_left_out(d, index, experts);
  for (int e = 0; e < experts; e++) {
    vi out = left_out(d, index + (unsigned)e) & ~all;
    store(p + e * span, choose(out, splat(NOWHERE), load(p + e * span)));
  }
  return sound;
}

/* Sets all but the `count` largest logits to −∞. Each pass over the experts finds the next one in the order
 * (logit, then number). */
INLINE void keep_top(int experts, int count, float *p, long span) {
  vf last = splat(-NOWHERE);
  vi place = splat_int(-1);
  for (int pass = 0; pass < count; pass++) {
    vf best = splat(NOWHERE);
    vi best_place = splat_int(experts);
    for (int e = 0; e < experts; e++) {
      vf z = load(p + e * span);
      vi next = ((z < last) | ((z == last) & (splat_int(e) > place))) & (z > best);
      best = choose(next, z, best);
      best_place = (next & e) | (~next & best_place);
    }
    last = best;
    place = best_place;
  }
  for (int e = 0; e < experts; e++) {
    vf z = load(p + e * span);
    vi in = (z > last) | ((z == last) & (splat_int(e) <= place));
    store(p + e * span, choose(in, z, splat(NOWHERE)));
  }
}

static void choice(const float *z, long stride, int rows, unsigned first, int experts,
                   float inverse_temperature, int count, const struct dropout *d, float *p, long span) {
  for (int r0 = 0; r0 < rows; r0 += WIDTH, z += WIDTH * stride, p += WIDTH) {
    vf sum = kept_logits(z, stride, first + (unsigned)r0, experts, d, p, span);
    if (count < experts) keep_top(experts, count, p, span);
    vf max = load(p);
    for (int e = 1; e < experts; e++) max = at_least(max, load(p + e * span));
    for (int e = 0; e < experts; e++) {
      vf in = load(p + e * span);
      vf y = keep(in > splat(NOWHERE), exponential((in - max) * inverse_temperature));
      store(p + e * span, y);
      sum += y;
    }
    vf scale = 1.0f / sum;
    for (int e = 0; e < experts; e++) store(p + e * span, load(p + e * span) * scale);
  }
}

/* Returns cos(2π u) for u in [0, 1], from the sine or cosine of an eighth of the circle (Moshier's Cephes,
 * sinf and cosf). */
INLINE vf cosine_of_turn(vf u) {
  vf a = absolute(u - 0.5f); /* cos(2π u) = −cos(2π a), a in [0, 1/2] */
  vi right = a > splat(0.25f);
  vf b = choose(right, 0.5f - a, a); /* [0, 1/4]: −cos(2π a) = ±cos(2π b) */
  vi steep = b > splat(0.125f);
  vf x = choose(steep, 0.25f - b, b) * 6.28318530718f, y = x * x;
  vf c = multiply_add(splat(2.443315711809948e-5f), y, splat(-1.388731625493765e-3f));
  c = multiply_add(c, y, splat(4.166664568298827e-2f));
  c = multiply_add(c * y, y, 1.0f - 0.5f * y);
  vf s = multiply_add(splat(-1.9515295891e-4f), y, splat(8.3321608736e-3f));
  s = multiply_add(s, y, splat(-1.6666654611e-1f));
  s = multiply_add(s * y, x, x);
  vf result = choose(steep, s, c);
  return choose(right, result, -result);
}

/* Returns a draw from N(0, 1), made from the uniform draws 2 index and 2 index + 1. */
INLINE vf draw_normal(unsigned own, vu index) {
  const float unit = 1.0f / 16777216.0f;
  vf u = __builtin_convertvector(draw_bits_at(own, 2u * index), vf) * unit;
  vf turn = __builtin_convertvector(draw_bits_at(own, 2u * index + 1u), vf) * unit;
  return square_root(at_least(-2.0f * logarithm(1.0f - u), splat(0.0f))) * cosine_of_turn(turn);
}

/* Adds the noise to z; u becomes what `noise_backward` multiplies with, N(0, 1) · σ(u). */
static void noise(float *z, long stride, float *u, long u_stride, int rows, unsigned first, int experts,
                  unsigned own) {
  for (int r0 = 0; r0 < rows; r0 += WIDTH, z += WIDTH * stride, u += WIDTH * u_stride) {
    const vu index = draw_rows(first + (unsigned)r0, experts);
    int count = rows - r0 < WIDTH ? rows - r0 : WIDTH;
    for (int e = 0; e < experts; e++) {
      vf x = {0};
      for (int i = 0; i < count; i++) x[i] = u[i * u_stride + e];
      vf normal = draw_normal(own, index + (unsigned)e);
      vf added = normal * (at_least(x, splat(0.0f)) + logarithm_1p(exponential(-absolute(x))));
      vf slope = normal * sigmoid(x);
      for (int i = 0; i < count; i++) {
        z[i * stride + e] += added[i];
        u[i * u_stride + e] = slope[i];
      }
    }
  }
}

static void noise_backward(const float *dz, long stride, const float *u, long u_stride, int rows, int experts,
                           float *du, long du_stride) {
  for (int r = 0; r < rows; r++)
    for (int e = 0; e < experts; e++) du[r * du_stride + e] = dz[r * stride + e] * u[r * u_stride + e];
}

#endif
