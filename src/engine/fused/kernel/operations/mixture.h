/*
 * The operations of src/engine/fused/format/mixture-operations.ts, but for those that steer the loop.
 */
#ifndef MMOE_RUN_MIXTURE_H
#define MMOE_RUN_MIXTURE_H
#include "gates/mixture.h"
#include "layers/sparse.h"
#include "operations/thread.h"

static void run_mix(const struct thread *t, const struct op_mix *o) {
  mix(t->scratch, o->terms, o->terms_count, o->width, t->block.rows, t->scratch + o->out, o->out_stride);
}

static void run_mix_backward(const struct thread *t, const struct op_mix_backward *o) {
  mix_backward(t->scratch, o->terms, o->terms_count, o->width, t->block.rows, t->scratch + o->h, o->h_stride,
               o->floor, t->scratch + o->dh, o->dh_stride);
}

static int *row_list(const struct thread *t, int place) { return (int *)t->scratch + place; }

static void run_choose_rows(const struct thread *t, const struct op_choose_rows *o) {
  int all = is_evaluation(t) && t->machine->want & WANT_EXPERTS;
  choose_rows(t->scratch, o->terms, o->terms_count, t->block.rows, all, row_list(t, o->list));
}

static void run_gather_rows(const struct thread *t, const struct op_gather_rows *o) {
  gather_rows(row_list(t, o->list), t->scratch + o->from, o->from_stride, o->columns, t->scratch + o->to,
              o->to_stride);
}

static void run_scatter_rows(const struct thread *t, const struct op_scatter_rows *o) {
  scatter_rows(row_list(t, o->list), t->scratch + o->from, o->from_stride, o->columns, t->scratch + o->to,
               o->to_stride);
}

static void run_mix_rows(const struct thread *t, const struct op_mix_rows *o) {
  mix_rows(t->scratch, row_list(t, o->list), o->terms, o->terms_count, o->width, t->scratch + o->h,
           o->h_stride);
}

static void run_mix_rows_backward(const struct thread *t, const struct op_mix_rows_backward *o) {
  mix_rows_backward(t->scratch, row_list(t, o->list), o->terms, o->terms_count, o->width, t->scratch + o->h,
                    o->h_stride, o->floor, t->scratch + o->dh, o->dh_stride);
}

#endif
