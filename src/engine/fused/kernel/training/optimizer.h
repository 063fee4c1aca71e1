/*
 * Does one step of the optimiser over a stretch [first, end) of the flat buffers whose values are treated
 * alike.
 *
 *   g = Σ_s g_s, in the order of the shares of rows; nothing is written there: each is set anew in the next
 *   step
 *   Adam (Kingma & Ba 2015, algorithm 1)   m = β1 m + (1−β1) g,  v = β2 v + (1−β2) g²,  w −= rate · m / (√v ·
 *   correction + ε)
 *                                          with rate = α / (1 − β1^t) and correction = 1 / √(1 − β2^t), from
 *                                          the caller
 *   SGD                                    m = μ m + g,  w −= α m
 *   before either                          g ← scale · g,  w ← keep · w (Loshchilov & Hutter 2019: decoupled
 *   weight decay)
 *
 * Shapes: w, m, v, each of gradients [parameters]. first and end are whole vectors. No aliasing.
 */
#ifndef MMOE_OPTIMIZER_H
#define MMOE_OPTIMIZER_H
#include "machine.h"
#include "arithmetic/vector.h"

/* The gradient buffers of the shares that had rows, in their order. The others hold what an earlier call left
 * there. */
struct gradients {
  const float *of[MAX_THREADS];
  int count;
};

INLINE vf summed(const struct gradients *gradients, long at) {
  vf g = {0};
  for (int t = 0; t < gradients->count; t++) g += load(gradients->of[t] + at);
  return g;
}

INLINE int all_zero(vf y) {
  int nonzero = 0;
  for (int i = 0; i < WIDTH; i++) nonzero |= !(y[i] == 0.0f);
  return !nonzero;
}

/* How a stretch is treated: the factor of its learning rate, what its weights keep, and what scales its
 * gradient. */
struct treatment {
  float factor, keep, scale;
};

/* A vector of weights after a step, with its moments, and 0 in every lane where the moment is a finite number. */
struct moved {
  vf w, m, v, finite;
};

/* Moves a vector of weights by its gradient; `v` does not matter without Adam. */
INLINE struct moved moved(const struct optimizer *s, float rate, vf g, vf kept, vf m, vf v) {
  if (s->adam) {
    vf first_moment = m * s->beta1 + g * s->rest1;
    vf second_moment = v * s->beta2 + g * g * s->rest2;
    return (struct moved){
        kept - rate * first_moment / (square_root(second_moment) * s->correction + s->epsilon), first_moment,
        second_moment, second_moment * 0.0f};
  }
  vf velocity = m * s->momentum + g;
  return (struct moved){kept - velocity * rate, velocity, v, velocity * 0.0f};
}

/* Returns 0 if a gradient or a moment is not a finite number, else 1. */
static int optimize(const struct optimizer *o, struct treatment t, long first, long end, float *w, float *m,
                    float *v, const struct gradients *gradients) {
  vf finite = {0}; /* stays 0 while every number is finite: ∞ · 0 and NaN · 0 are NaN */
  /* Copies, which no store into the buffers can change. */
  const struct optimizer s = *o;
  const float rate = s.rate * t.factor;
  for (long at = first; at < end; at += WIDTH) {
    vf g = summed(gradients, at) * t.scale, kept = load(w + at) * t.keep;
    struct moved next = moved(&s, rate, g, kept, load(m + at), s.adam ? load(v + at) : g);
    store(m + at, next.m);
    if (s.adam) store(v + at, next.v);
    store(w + at, next.w);
    finite += next.finite;
  }
  return all_zero(finite);
}

/* Sums up the gradient into `to`, which may be one of the buffers, and its squares. Returns what `optimize`
 * does. */
static int sum_gradients(long first, long end, const struct gradients *gradients, float *to,
                         double *squares) {
  vf finite = {0}, sum = {0};
  for (long at = first; at < end; at += WIDTH) {
    vf g = summed(gradients, at);
    store(to + at, g);
    sum += g * g;
    finite += g * 0.0f;
  }
  *squares = 0;
  for (int i = 0; i < WIDTH; i++) *squares += sum[i];
  return all_zero(finite);
}

#endif
