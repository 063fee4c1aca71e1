/*
 * Computes the gradient of the load loss of a noisy top-k gate (Shazeer et al. 2017, appendix A, equations 8
 * to 11), over the batch's rows:
 *
 *   H[r, e] = z[r, e] + N(0, 1) · σ[r, e],   σ = softplus(u)
 *   T[r, e] = the count-th largest of row r's H without expert e: of one that is chosen the largest that is
 *   not, else the smallest that is
 *   P[e, r] = Φ(x[r, e]),   x = (z − T) / σ,   Load[e] = Σ_r P[e, r],   loss = β · CV(Load)² (balance.h)
 *   g = dloss/dLoad[e] · φ(x) / σ:   dz[r, e] += g,   dH[r, that of T] −= g,   du[r, e] −= g · x ·
 *   logistic(u)
 *
 * `gate_load` runs before `noise` (gates/choice.h), whose draws it makes as well; `gate_load_backward` runs
 * after `noise_backward`, with the same u, which then holds N(0, 1) · logistic(u) = dH/du. Between them they
 * keep, as p is held in gates/route.h: P, φ(x) / σ, x · logistic(u), and T's expert (an int). There are more
 * experts than `count`. σ is at least 1e-10, and Φ has an error of 1e-7.
 */
#ifndef MMOE_LOAD_LOSS_H
#define MMOE_LOAD_LOSS_H
#include "gates/balance.h"
#include "gates/choice.h"
#include "plan.h"

INLINE vf bell(vf x) { return exponential(-0.5f * x * x) * 0.398942280f; }

/* Returns Φ(x), from φ(x) (Abramowitz & Stegun 1964, 26.2.17). */
INLINE vf normal_chance(vf x, vf density) {
  vf t = 1.0f / multiply_add(splat(0.2316419f), absolute(x), splat(1.0f));
  vf p = splat(1.330274429f);
  p = multiply_add(p, t, splat(-1.821255978f));
  p = multiply_add(p, t, splat(1.781477937f));
  p = multiply_add(p, t, splat(-0.356563782f));
  p = multiply_add(p, t, splat(0.319381530f));
  vf tail = density * p * t;
  return choose(x < splat(0.0f), tail, 1.0f - tail);
}

/* Finds for WIDTH rows the largest H below (`last`, `place`) in the order (logit, then number), and which it
 * is. */
INLINE void next_largest(const float *h, long span, int experts, vf *last, vi *place) {
  vf best = splat(NOWHERE);
  vi best_place = splat_int(experts);
  for (int e = 0; e < experts; e++) {
    vf z = load(h + e * span);
    vi next = ((z < *last) | ((z == *last) & (splat_int(e) > *place))) & (z > best);
    best = choose(next, z, best);
    best_place = (next & e) | (~next & best_place);
  }
  *last = best;
  *place = best_place;
}

/* `parts` are LOAD_PARTS times `experts` rows of `span`. */
static void gate_load(const float *z, long stride, const float *u, long u_stride, int rows, unsigned first,
                      int experts, int count, unsigned own, float *parts, long span) {
  const long part = experts * span;
  for (int r0 = 0; r0 < rows; r0 += WIDTH, z += WIDTH * stride, u += WIDTH * u_stride, parts += WIDTH) {
    const vu index = draw_rows(first + (unsigned)r0, experts);
    const int here = rows - r0 < WIDTH ? rows - r0 : WIDTH;
    float *const chance = parts, *const density = parts + part, *const turn = parts + 2 * part,
                 *const rival = parts + 3 * part;
    /* H takes the place of P, z that of the density, and σ that of the turn, until they are known. */
    for (int e = 0; e < experts; e++) {
      vf clean = {0}, x = {0};
      for (int i = 0; i < here; i++) {
        clean[i] = z[i * stride + e];
        x[i] = u[i * u_stride + e];
      }
      vf deviation = at_least(x, splat(0.0f)) + logarithm_1p(exponential(-absolute(x)));
      store(chance + e * span, clean + draw_normal(own, index + (unsigned)e) * deviation);
      store(density + e * span, clean);
      store(turn + e * span, at_least(deviation, splat(1e-10f)));
    }
    vf last = splat(-NOWHERE);
    vi last_place = splat_int(-1);
    for (int k = 0; k < count; k++) next_largest(chance, span, experts, &last, &last_place);
    vf next = last;
    vi next_place = last_place;
    next_largest(chance, span, experts, &next, &next_place);
    for (int e = 0; e < experts; e++) {
      vf h = load(chance + e * span), deviation = load(turn + e * span), x = {0};
      for (int i = 0; i < here; i++) x[i] = u[i * u_stride + e];
      vi chosen = (h > last) | ((h == last) & (splat_int(e) <= last_place));
      vf distance = (load(density + e * span) - choose(chosen, next, last)) / deviation;
      vf height = bell(distance);
      store(chance + e * span, normal_chance(distance, height));
      store(density + e * span, height / deviation);
      store(turn + e * span, distance * sigmoid(x));
      store(rival + e * span, (vf)((chosen & next_place) | (~chosen & last_place)));
    }
  }
}

typedef int int_in_float __attribute__((may_alias));

/* `v` is the variation of the loads. */
static void gate_load_backward(const struct variation *v, float factor, const float *parts, long span,
                               int rows, const float *slope, long u_stride, float *dz, long dz_stride,
                               float *du, long du_stride) {
  const int experts = v->experts;
  const long part = experts * span;
  for (int e = 0; e < experts; e++) {
    const float by = factor * (float)variation_slope(v, e);
    for (int r = 0; r < rows; r++) {
      const float *own = parts + e * span + r;
      const float g = by * own[LOAD_DENSITY * part];
      const int rival = ((const int_in_float *)own)[LOAD_RIVAL * part];
      if (rival >= experts) continue; /* the row has a NaN */
      dz[r * dz_stride + e] += g;
      dz[r * dz_stride + rival] -= g;
      du[r * du_stride + e] -= g * own[LOAD_TURN * part];
      du[r * du_stride + rival] -= g * slope[r * u_stride + rival];
    }
  }
}

#endif
