/*
 * Does the last phase of a call: the shares' gradients are summed and the optimiser does its step, a piece of
 * the flat buffers at a time, and a part of the rows of tables that the batch has; or the sum is left for the
 * caller.
 */
#ifndef MMOE_UPDATE_H
#define MMOE_UPDATE_H
#include "tables/tables.h"
#include "training/optimizer.h"
#include "threads/shares.h"

static struct gradients gradients_of(const struct machine *m) {
  const struct plan *plan = m->plan;
  if (m->mode == MODE_APPLY) return (struct gradients){.of = {m->arena + plan->gradients}, .count = 1};
  struct gradients found = {.count = 0};
  for (int t = 0; t < plan->threads; t++) {
    int first, end;
    rows_of(m->count, t, plan->threads, &first, &end);
    if (first < end) found.of[found.count++] = m->arena + plan->gradients + (long)t * plan->gradient_stride;
  }
  return found;
}

/* Runs the optimiser segment by segment. Returns what `optimize` does. */
static int optimize_piece(const struct machine *m, long first, long end, const struct gradients *gradients) {
  const struct plan *plan = m->plan;
  float *a = m->arena;
  const struct step_settings *step = (const struct step_settings *)(a + plan->step);
  int finite = 1;
  for (const struct segment *s = (const struct segment *)in_plan(plan, plan->segments); first < end; s++) {
    long stop = s->end < end ? s->end : end;
    if (stop <= first) continue;
    const float factor = s->learning_rate;
    struct treatment t = {factor, s->decays ? 1 - step->decay * factor : 1, step->scale};
    if (factor != 0)
      finite &= optimize(&m->optimizer, t, first, stop, a + plan->weights, a + plan->first_moments,
                         a + plan->second_moments, gradients);
    first = stop;
  }
  return finite;
}

/* Does one of the pieces. `losses` has a place for each task's loss. The first piece writes the results. */
static void update(const struct machine *m, double *losses, int piece, int pieces) {
  const struct plan *plan = m->plan;
  double *results = (double *)(m->arena + plan->results);
  int status = m->mode == MODE_APPLY ? STATUS_DONE : mean_losses(m, losses), finite = 1;
  if (piece == 0 && m->mode != MODE_APPLY) {
    if (status != STATUS_DONE) results[0] = status;
    for (int k = 0; k < plan->tasks; k++) results[1 + k] = losses[k];
  }
  if (status != STATUS_DONE) return;
  long vectors = plan->parameters / 16;
  long first = vectors * piece / pieces * 16, end = vectors * (piece + 1) / pieces * 16;
  struct gradients gradients = gradients_of(m);
  double *squares = (double *)(m->arena + plan->squares) + piece;
  if (m->mode == MODE_GRADIENTS)
    finite = sum_gradients(first, end, &gradients, m->arena + plan->gradients, squares);
  else finite = optimize_piece(m, first, end, &gradients);
  if (plan->tables > 0)
    finite &= tables_piece(m, piece, pieces, m->mode == MODE_GRADIENTS ? squares : 0);
  if (plan->shared_tables > 0)
    finite &= shared_tables_piece(m, piece, pieces, m->mode == MODE_GRADIENTS ? squares : 0);
  if (finite) return;
  double not_finite = STATUS_GRADIENT_NOT_FINITE;
  __atomic_store(&results[0], &not_finite, __ATOMIC_RELAXED);
}

#endif
