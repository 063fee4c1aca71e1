/*
 * The operations of src/engine/fused/format/input-operations.ts.
 */
#ifndef MMOE_RUN_INPUT_H
#define MMOE_RUN_INPUT_H
#include "layers/interactions.h"
#include "layers/input-rows.h"
#include "layers/lists.h"
#include "layers/periodic.h"
#include "operations/thread.h"
#include "tables/kept.h"

/* Returns the rows of the call after those of the thread's block, as many at the most. */
INLINE struct block next_block(const struct thread *t) {
  const int first = t->first + t->block.rows, left = t->machine->count - first;
  return (struct block){t->block.table, t->machine->indices + first,
                        left < t->block.rows ? left : t->block.rows};
}

/* Returns where a row of the block keeps its gradients. */
INLINE float *kept_row(const struct thread *t, const struct kept *to, int r) {
  const int row = t->first + (t->listed ? t->listed[r] : r);
  return kept_section(t->machine, t->machine->count, to->before) + (long)row * to->stride + to->column;
}

static void run_gather_numeric(const struct thread *t, const struct op_gather_numeric *o) {
  gather_numeric(&t->block, t->scratch + o->to, o->to_stride);
}

static void run_gather_embedding(const struct thread *t, const struct op_gather_embedding *o) {
  gather_embedding(&t->block, o->field, t->arena + o->table, o->table_stride, o->columns, t->scratch + o->to,
                   o->to_stride);
  if (o->ahead) {
    const struct block next = next_block(t);
    fetch_embeddings(&next, o->field, t->arena + o->table, o->table_stride, o->columns);
  }
}

static void run_scatter_embedding(const struct thread *t, const struct op_scatter_embedding *o) {
  scatter_embedding(&t->block, o->field, t->scratch + o->dx, o->dx_stride, o->columns,
                    t->gradient + o->gradient, o->gradient_stride);
}

static void run_gather_lists(const struct thread *t, const struct op_gather_lists *o) {
  gather_lists(&t->block, o->field, t->arena + o->table, o->table_stride, o->columns, t->scratch + o->to,
               o->to_stride);
}

static void run_scatter_lists(const struct thread *t, const struct op_scatter_lists *o) {
  scatter_lists(&t->block, o->field, t->scratch + o->dx, o->dx_stride, o->columns, t->gradient + o->gradient,
                o->gradient_stride);
}

static void run_keep_rows(const struct thread *t, const struct op_keep_rows *o) {
  const float *from = t->scratch + o->from;
  for (int r = 0; r < t->block.rows; r++, from += o->from_stride)
    keep_row(from, o->columns, kept_row(t, &o->to, r), o->add);
}

static void run_clear_kept(const struct thread *t, const struct op_clear_kept *o) {
  for (int r = 0; r < t->block.rows; r++) {
    float *to = kept_row(t, &o->to, r);
    for (int c = 0; c < o->columns; c++) to[c] = 0;
  }
}

static void run_sum_weight_rows(const struct thread *t, const struct op_sum_weight_rows *o) {
  sum_weight_rows(&t->block, o->fields, o->fields_count, t->arena + o->bias, t->arena + o->w, o->w_stride,
                  o->columns, t->scratch + o->to, o->to_stride);
}

static void run_scatter_weight_rows(const struct thread *t, const struct op_scatter_weight_rows *o) {
  scatter_weight_rows(&t->block, o->fields, o->fields_count, t->scratch + o->dz, o->dz_stride, o->columns,
                      t->gradient + o->gradient, o->gradient_stride);
}

static void run_add_placed_rows(const struct thread *t, const struct op_add_placed_rows *o) {
  add_placed_rows(&t->block, o->fields, o->fields_count, t->arena + o->w, o->w_stride, o->columns,
                  t->scratch + o->to, o->to_stride);
}

static void run_scatter_placed_rows(const struct thread *t, const struct op_scatter_placed_rows *o) {
  scatter_placed_rows(&t->block, o->fields, o->fields_count, t->scratch + o->dz, o->dz_stride, o->columns,
                      t->gradient + o->gradient, o->gradient_stride);
}

static void run_add_listed_rows(const struct thread *t, const struct op_add_listed_rows *o) {
  add_listed_rows(&t->block, o->fields, o->fields_count, t->arena + o->w, o->w_stride, o->columns,
                  t->scratch + o->to, o->to_stride);
}

static void run_scatter_listed_rows(const struct thread *t, const struct op_scatter_listed_rows *o) {
  scatter_listed_rows(&t->block, o->fields, o->fields_count, t->scratch + o->dz, o->dz_stride, o->columns,
                      t->gradient + o->gradient, o->gradient_stride);
}

static void run_periodic(const struct thread *t, const struct op_periodic *o) {
  periodic(t->block.rows, t->scratch + o->x, o->x_stride, t->arena + o->frequencies, o->count,
           t->arena + o->sines, o->sines_stride, t->arena + o->cosines, o->cosines_stride,
           t->arena + o->bias, o->width, t->scratch + o->y, o->y_stride);
}

static void run_periodic_backward(const struct thread *t, const struct op_periodic_backward *o) {
  periodic_backward(t->block.rows, t->scratch + o->x, o->x_stride, t->arena + o->frequencies, o->count,
                    t->arena + o->sines, o->sines_stride, t->arena + o->cosines, o->cosines_stride, o->width,
                    t->scratch + o->y, o->y_stride, t->scratch + o->dy, o->dy_stride,
                    t->gradient + o->frequencies_gradient, t->gradient + o->sines_gradient,
                    o->sines_gradient_stride, t->gradient + o->cosines_gradient,
                    o->cosines_gradient_stride, t->gradient + o->bias_gradient);
}

static void run_interact(const struct thread *t, const struct op_interact *o) {
  interact(t->scratch + o->e, o->e_stride, t->block.rows, o->count, o->width, t->scratch + o->y, o->y_stride);
}

static void run_interact_backward(const struct thread *t, const struct op_interact_backward *o) {
  interact_backward(t->scratch + o->e, o->e_stride, t->block.rows, o->count, o->width, t->scratch + o->dy,
                    o->dy_stride, t->scratch + o->de, o->de_stride);
}

#endif
