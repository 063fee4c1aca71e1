/*
 * The operations of src/engine/fused/format/layer-operations.ts.
 */
#ifndef MMOE_RUN_LAYERS_H
#define MMOE_RUN_LAYERS_H
#include "layers/active.h"
#include "layers/batch-normalization.h"
#include "layers/layer-normalization.h"
#include "layers/product.h"
#include "operations/thread.h"

static void clear(float *to, long stride, int columns, int rows) {
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) to[r * stride + c] = 0;
}

static void run_clear(const struct thread *t, const struct op_clear *o) {
  clear(t->scratch + o->to, o->to_stride, o->columns, t->block.rows);
}

static void run_clear_gradient(const struct thread *t, const struct op_clear_gradient *o) {
  clear(t->gradient + o->gradient, o->length, o->length, 1);
}

/* Each share of the rows has a share of every matrix's rows to transpose. */
static void run_transpose(const struct thread *t, const struct op_transpose *o) {
  const long shares = t->plan->threads;
  const int first = (int)((long)o->rows * t->share / shares),
            end = (int)((long)o->rows * (t->share + 1) / shares);
  transpose(t->arena + o->w, o->w_stride, first, end, o->columns, t->arena + o->to, o->to_stride);
}

static void run_product(const struct thread *t, const struct op_product *o) {
  float *y = t->scratch + o->y;
  struct product p = {
      .x = t->scratch + o->x,
      .x_stride = o->x_stride,
      .depth = o->depth,
      .w = t->arena + o->w,
      .w_stride = o->w_stride,
      .initial = o->initial < 0 ? y : t->arena + o->initial,
      .initial_stride = o->initial < 0 ? o->y_stride : 0,
      .y = y,
      .y_stride = o->y_stride,
      .floors = t->arena + o->floors,
      .gate = o->gate < 0 ? 0 : t->scratch + o->gate,
      .gate_stride = o->gate_stride,
  };
  product(&p, t->block.rows, o->columns);
}

static void weight_product(const struct thread *t, const struct weight_product *o, int fresh) {
  struct weight_gradient p = {
      .x = t->scratch + o->x,
      .x_stride = o->x_stride,
      .dz = t->scratch + o->dz,
      .dz_stride = o->dz_stride,
      .g = t->gradient + o->gradient,
      .g_stride = o->gradient_stride,
      .rows = t->block.rows,
      .fresh = fresh,
  };
  weight_gradient(&p, o->depth, o->columns);
}

static void run_weight_gradient(const struct thread *t, const struct op_weight_gradient *o) {
  weight_product(t, &o->of, t->fresh && !o->add);
}

static void run_bias_gradient(const struct thread *t, const struct op_bias_gradient *o) {
  bias_gradient(t->scratch + o->dz, o->dz_stride, t->block.rows, o->columns, t->gradient + o->gradient,
                t->fresh && !o->add);
}

/* The parts that a share's op_active_gradient has set so far: the gradient itself, where most units were active, or the
 * sums unit by unit. */
enum { SET = 1, SET_BY_UNIT = 2 };

/* Notes that `what` is set. Returns whether it was not set before. */
INLINE int first_to_set(int *state, int what) {
  int first = !(*state & what);
  *state |= what;
  return first;
}

static void run_active_gradient(const struct thread *t, const struct op_active_gradient *o) {
  int *state = (int *)(t->gradient + o->state), *found = (int *)t->scratch + o->masks;
  const int columns = o->of.columns, rows = t->block.rows;
  struct active_gradient p = {
      .x = t->scratch + o->of.x,
      .x_stride = o->of.x_stride,
      .dz = t->scratch + o->of.dz,
      .dz_stride = o->of.dz_stride,
      .by_unit = t->gradient + o->by_unit,
      .unit_stride = o->by_unit_stride,
      .low = found,
      .high = found + (columns + WIDTH - 1) / WIDTH * WIDTH,
  };
  if (rows < FEW_ROWS || mostly_active(masks(&p, rows, columns), rows, columns)) {
    weight_product(t, &o->of, first_to_set(state, SET));
    return;
  }
  p.fresh = first_to_set(state, SET_BY_UNIT);
  active_gradient(&p, o->of.depth, columns);
}

static void run_turn_gradient(const struct thread *t, const struct op_turn_gradient *o) {
  float *g = t->gradient;
  const int state = *(const int *)(g + o->state);
  if (state & SET_BY_UNIT)
    turn(g + o->by_unit, o->by_unit_stride, o->columns, o->depth, g + o->gradient, o->gradient_stride,
         state & SET);
}

static void run_activate(const struct thread *t, const struct op_activate *o) {
  activate(o->kind, t->scratch + o->x, o->x_stride, t->block.rows, o->units, t->scratch + o->y, o->y_stride);
}

static void run_activate_backward(const struct thread *t, const struct op_activate_backward *o) {
  activate_backward(o->kind, t->scratch + o->x, o->x_stride, t->block.rows, o->units, t->scratch + o->dy,
                    o->dy_stride, t->scratch + o->dx, o->dx_stride);
}

static void run_drop(const struct thread *t, const struct op_drop *o) {
  struct dropout d = dropout_of(t, o->threshold, o->site);
  if (d.threshold > 0)
    drop(t->scratch + o->x, o->x_stride, t->block.rows, o->units, (unsigned)t->first, &d, o->factor);
}

static void run_layer_normalize(const struct thread *t, const struct op_layer_normalize *o) {
  layer_normalize(t->scratch + o->z, o->z_stride, t->block.rows, o->units, t->arena + o->scale,
                  t->arena + o->shift, t->scratch + o->moments, t->plan->block_rows, o->floor,
                  t->scratch + o->y, o->y_stride);
}

static void run_layer_normalize_backward(const struct thread *t,
                                         const struct op_layer_normalize_backward *o) {
  layer_normalize_backward(t->scratch + o->z, o->z_stride, t->block.rows, o->units, t->arena + o->scale,
                           t->scratch + o->moments, t->plan->block_rows, t->scratch + o->dy, o->dy_stride,
                           t->scratch + o->dz, o->dz_stride, t->gradient + o->scale_gradient,
                           t->gradient + o->shift_gradient);
}

INLINE float *statistics_of(const struct thread *t, int share) {
  return t->arena + t->plan->statistics + (long)share * t->plan->statistics_stride;
}

INLINE float *own_statistics(const struct thread *t, int place) { return statistics_of(t, t->share) + place; }

/* The statistics of all shares for the layer at a place. */
static struct shares shares_of(const struct thread *t, int place) {
  const struct plan *plan = t->plan;
  return (struct shares){
      .statistics = statistics_of(t, 0) + place,
      .stride = plan->statistics_stride,
      .count = plan->threads,
      .rows = t->machine->count,
      .rows_in = rows_in,
  };
}

static void run_batch_moments(const struct thread *t, const struct op_batch_moments *o) {
  const struct plan *plan = t->plan;
  struct share_rows rows = {
      .z = t->store + o->z,
      .stride = o->z_stride,
      .block_stride = plan->scratch_stride,
      .block_rows = plan->block_rows,
      .rows = rows_in(t->machine->count, t->share, plan->threads),
  };
  batch_moments(&rows, o->units, own_statistics(t, o->statistics));
}

/* The thread with the last share, which has rows if any has, moves the running statistics. */
static void run_batch_combine(const struct thread *t, const struct op_batch_combine *o) {
  struct shares all = shares_of(t, o->statistics);
  int moves = t->machine->want & WANT_MOVE && t->share == t->plan->threads - 1;
  batch_combine(&all, o->units, own_statistics(t, o->statistics), moves ? t->arena + o->running_mean : 0,
                moves ? t->arena + o->running_variance : 0);
}

static void run_batch_normalize(const struct thread *t, const struct op_batch_normalize *o) {
  float *const z = t->scratch + o->z, *const y = t->scratch + o->y, *const arena = t->arena;
  float *const own = own_statistics(t, o->statistics);
  if (is_evaluation(t))
    batch_evaluate(z, o->z_stride, t->block.rows, o->units, arena + o->running_mean,
                   arena + o->running_variance, arena + o->scale, arena + o->shift, o->floor, y, o->y_stride);
  else
    batch_normalize(z, o->z_stride, t->block.rows, o->units, part_of(own, o->units, BATCH_MEAN),
                    part_of(own, o->units, BATCH_INVERSE), arena + o->scale, arena + o->shift, o->floor, y,
                    o->y_stride);
}

static void run_batch_gradients(const struct thread *t, const struct op_batch_gradients *o) {
  batch_gradients(t->scratch + o->z, o->z_stride, t->block.rows, o->units, own_statistics(t, o->statistics),
                  t->scratch + o->dy, o->dy_stride, t->gradient + o->scale_gradient,
                  t->gradient + o->shift_gradient, t->fresh);
}

static void run_batch_combine_gradients(const struct thread *t, const struct op_batch_combine_gradients *o) {
  struct shares all = shares_of(t, o->statistics);
  batch_combine_gradients(&all, o->units, own_statistics(t, o->statistics));
}

static void run_batch_normalize_backward(const struct thread *t,
                                         const struct op_batch_normalize_backward *o) {
  batch_normalize_backward(t->scratch + o->z, o->z_stride, t->block.rows, o->units,
                           own_statistics(t, o->statistics), t->arena + o->scale, t->scratch + o->dy,
                           o->dy_stride, t->scratch + o->dz, o->dz_stride);
}

#endif
