/*
 * One step of the optimiser over a share [first, end) of the flat buffers.
 *
 *   g = Σ_t g_t, in the order of the threads; g_t is set to zero
 *   Adam (Kingma & Ba 2015, algorithm 1)   m = β1 m + (1−β1) g,  v = β2 v + (1−β2) g²,  w −= rate · m / (√v · correction + ε)
 *                                          with rate = α / (1 − β1^t) and correction = 1 / √(1 − β2^t), from the caller
 *   SGD                                    m = μ m + g,  w −= α m
 *
 * Shapes: w, m, v [parameters]; gradients [threads, stride]. first and end are whole vectors. No aliasing.
 * Returned: 0 if a gradient or a moment is not a finite number, else 1.
 */
#ifndef MMOE_OPTIMIZER_H
#define MMOE_OPTIMIZER_H
#include "machine.h"
#include "vector.h"

INLINE vf summed(float *gradients, long stride, int threads, long at) {
  vf g = load(gradients + at);
  store(gradients + at, (vf){0});
  for (int t = 1; t < threads; t++) {
    g += load(gradients + t * stride + at);
    store(gradients + t * stride + at, (vf){0});
  }
  return g;
}

INLINE int all_zero(vf y) {
  int nonzero = 0;
  for (int i = 0; i < WIDTH; i++) nonzero |= !(y[i] == 0.0f);
  return !nonzero;
}

static int optimize(const struct optimizer *o, long first, long end, float *w, float *m, float *v, float *gradients, long stride, int threads) {
  vf finite = {0}; /* stays 0 while every number is finite: ∞ · 0 and NaN · 0 are NaN */
  for (long at = first; at < end; at += WIDTH) {
    vf g = summed(gradients, stride, threads, at);
    if (o->adam) {
      vf first_moment = load(m + at) * o->beta1 + g * o->rest1;
      vf second_moment = load(v + at) * o->beta2 + g * g * o->rest2;
      store(m + at, first_moment);
      store(v + at, second_moment);
      store(w + at, load(w + at) - o->rate * first_moment / (square_root(second_moment) * o->correction + o->epsilon));
      finite += second_moment * 0.0f;
    } else {
      vf velocity = load(m + at) * o->momentum + g;
      store(m + at, velocity);
      store(w + at, load(w + at) - velocity * o->rate);
      finite += velocity * 0.0f;
    }
  }
  return all_zero(finite);
}

/* The gradient itself, into the first thread's buffer; the others' are set to zero. Returned: as by `optimize`. */
static int sum_gradients(long first, long end, float *gradients, long stride, int threads) {
  vf finite = {0};
  for (long at = first; at < end; at += WIDTH) {
    vf g = summed(gradients, stride, threads, at);
    store(gradients + at, g);
    finite += g * 0.0f;
  }
  return all_zero(finite);
}

#endif
