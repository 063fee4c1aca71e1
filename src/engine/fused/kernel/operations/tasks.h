/*
 * The operations of src/engine/fused/format/task-operations.ts.
 */
#ifndef MMOE_RUN_TASKS_H
#define MMOE_RUN_TASKS_H
#include "training/distance.h"
#include "training/loss.h"
#include "operations/thread.h"

static void run_loss(const struct thread *t, const struct op_loss *o) {
  const struct plan *plan = t->plan;
  double weights = t->total[o->task];
  float scale = weights > 0 ? (float)(t->arena[plan->loss_weights + o->task] / weights) : 0.0f;
  t->sums[SUMS_PER_TASK * o->task] +=
      loss(&t->block, o->kind, o->task, o->outputs, scale, t->scratch + o->z, o->z_stride, t->scratch + o->dz,
           o->dz_stride, t->scratch + plan->spare);
}

static void run_predict(const struct thread *t, const struct op_predict *o) {
  predict(o->kind, o->outputs, t->block.rows, t->scratch + o->z, o->z_stride,
          t->arena + o->to + (long)t->first * o->outputs, t->scratch + t->plan->spare);
}

static void run_copy_route(const struct thread *t, const struct op_copy_route *o) {
  float *to = t->arena + o->to + o->column + (long)t->first * o->to_stride;
  for (int r = 0; r < t->block.rows; r++, to += o->to_stride) *to = o->p < 0 ? 0.0f : t->scratch[o->p + r];
}

static void run_copy_expert(const struct thread *t, const struct op_copy_expert *o) {
  const float *from = t->scratch + o->h;
  float *to = t->arena + o->to + (long)t->first * o->to_stride;
  for (int r = 0; r < t->block.rows; r++, from += o->h_stride, to += o->to_stride)
    for (int c = 0; c < o->width; c++) to[c] = from[c];
}

static void run_distance(const struct thread *t, const struct op_distance *o) {
  distance(t->arena + t->plan->weights, t->gradient, o->places, o->places_count, o->columns, o->factor);
}

#endif
