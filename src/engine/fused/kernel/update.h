/*
 * The last phase of a call: the shares' gradients are summed and the optimiser does its step, a piece of the
 * flat buffers at a time; or the sum is left for the caller.
 */
#ifndef MMOE_UPDATE_H
#define MMOE_UPDATE_H
#include "optimizer.h"
#include "shares.h"

static struct gradients gradients_of(const struct machine *m) {
  const int *h = m->plan;
  if (m->mode == MODE_APPLY) return (struct gradients){.of = {m->arena + h[H_GRADIENTS]}, .count = 1};
  struct gradients found = {.count = 0};
  for (int t = 0; t < h[H_THREADS]; t++) {
    int first, end;
    rows_of(m->count, t, h[H_THREADS], &first, &end);
    if (first < end) found.of[found.count++] = m->arena + h[H_GRADIENTS] + (long)t * h[H_GRADIENT_STRIDE];
  }
  return found;
}

/* The optimiser, segment by segment. Returned: as by `optimize`. */
static int optimize_piece(const struct machine *m, long first, long end, const struct gradients *gradients) {
  const int *h = m->plan;
  float *a = m->arena;
  const float *step = a + h[H_STEP];
  int finite = 1;
  for (const int *segment = h + h[H_SEGMENTS]; first < end; segment += 3) {
    long stop = segment[0] < end ? segment[0] : end;
    if (stop <= first) continue;
    float factor = as_float(segment[1]);
    struct treatment t = {factor, segment[2] ? 1 - step[STEP_DECAY] * factor : 1, step[STEP_SCALE]};
    if (factor != 0)
      finite &= optimize(&m->optimizer, t, first, stop, a + h[H_WEIGHTS], a + h[H_FIRST_MOMENTS], a + h[H_SECOND_MOMENTS], gradients);
    first = stop;
  }
  return finite;
}

/* `losses`: a place for each task's. Who does the first piece writes the results. */
static void update(const struct machine *m, double *losses, int piece, int pieces) {
  const int *h = m->plan;
  double *results = (double *)(m->arena + h[H_RESULTS]);
  int status = m->mode == MODE_APPLY ? STATUS_DONE : mean_losses(m, losses), finite = 1;
  if (piece == 0 && m->mode != MODE_APPLY) {
    if (status != STATUS_DONE) results[0] = status;
    for (int k = 0; k < h[H_TASKS]; k++) results[1 + k] = losses[k];
  }
  if (status != STATUS_DONE) return;
  long vectors = h[H_PARAMETERS] / 16;
  long first = vectors * piece / pieces * 16, end = vectors * (piece + 1) / pieces * 16;
  struct gradients gradients = gradients_of(m);
  double *squares = (double *)(m->arena + h[H_SQUARES]) + piece;
  if (m->mode == MODE_GRADIENTS) finite = sum_gradients(first, end, &gradients, m->arena + h[H_GRADIENTS], squares);
  else finite = optimize_piece(m, first, end, &gradients);
  if (finite) return;
  double not_finite = STATUS_GRADIENT_NOT_FINITE;
  __atomic_store(&results[0], &not_finite, __ATOMIC_RELAXED);
}

#endif
