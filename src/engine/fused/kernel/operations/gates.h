/*
 * The operations of src/engine/fused/format/gate-operations.ts.
 */
#ifndef MMOE_RUN_GATES_H
#define MMOE_RUN_GATES_H
#include "gates/balance.h"
#include "gates/choice.h"
#include "gates/load-loss.h"
#include "gates/route.h"
#include "gates/selectors.h"
#include "operations/thread.h"

static void run_gate(const struct thread *t, const struct op_gate *o) {
  gate(t->scratch + o->z, o->z_stride, t->block.rows, o->experts, o->inverse_temperature, t->scratch + o->p,
       t->plan->block_rows);
}

static void run_gate_backward(const struct thread *t, const struct op_gate_backward *o) {
  gate_backward(t->scratch + o->p, t->scratch + o->dp, t->plan->block_rows, t->block.rows, o->experts,
                o->inverse_temperature, t->scratch + o->dz, o->dz_stride);
}

static void run_constants(const struct thread *t, const struct op_constants *o) {
  constants(t->arena + o->values, t->block.rows, o->experts, t->scratch + o->p, t->plan->block_rows);
}

static void run_constants_backward(const struct thread *t, const struct op_constants_backward *o) {
  constants_backward(t->scratch + o->dp, t->plan->block_rows, t->block.rows, o->experts,
                     t->gradient + o->gradient);
}

static void run_choice(const struct thread *t, const struct op_choice *o) {
  struct dropout d = dropout_of(t, o->threshold, o->site);
  choice(t->scratch + o->z, o->z_stride, t->block.rows, (unsigned)t->first, o->experts,
         o->inverse_temperature, o->count, &d, t->scratch + o->p, t->plan->block_rows);
}

static void run_noise(const struct thread *t, const struct op_noise *o) {
  if (is_evaluation(t)) return;
  noise(t->scratch + o->z, o->z_stride, t->scratch + o->u, o->u_stride, t->block.rows, (unsigned)t->first,
        o->experts, site_draws(t, o->site));
}

static void run_noise_backward(const struct thread *t, const struct op_noise_backward *o) {
  noise_backward(t->scratch + o->dz, o->dz_stride, t->scratch + o->u, o->u_stride, t->block.rows, o->experts,
                 t->scratch + o->du, o->du_stride);
}

static struct selectors selectors_of(const struct thread *t, const struct selector_gate *o) {
  float *s = t->scratch;
  return (struct selectors){
      .a = s + o->a,
      .a_stride = o->a_stride,
      .c = s + o->c,
      .c_stride = o->c_stride,
      .count = o->count,
      .bits = o->bits,
      .experts = o->experts,
      .inverse_temperature = o->inverse_temperature,
      .inverse_width = o->inverse_width,
      .p = s + o->p,
      .sigma = s + o->sigma,
      .scale = s + o->scale,
      .work = s + o->work,
      .span = t->plan->block_rows,
  };
}

static void run_select(const struct thread *t, const struct op_select *o) {
  struct selectors s = selectors_of(t, &o->of);
  struct dropout d = dropout_of(t, o->threshold, o->site);
  select_experts(&s, t->block.rows, (unsigned)t->first, &d);
}

static void run_select_backward(const struct thread *t, const struct op_select_backward *o) {
  struct selectors s = selectors_of(t, &o->of);
  float entropy = is_bare(t) ? 0.0f : o->entropy / (float)t->machine->count;
  select_backward(&s, t->block.rows, entropy, o->dp < 0 ? 0 : t->scratch + o->dp, t->scratch + o->da,
                  o->da_stride, t->scratch + o->dc, o->dc_stride);
}

static void run_importance(const struct thread *t, const struct op_importance *o) {
  importance(t->scratch + o->p, t->plan->block_rows, t->block.rows, o->experts, t->importance + o->sums);
}

/* Returns the sums that the shares have made at a place, over the whole batch. */
static struct variation variation_at(const struct thread *t, int place, int experts) {
  return variation_of(importance_sums(t, 0) + place, t->plan->importance_stride / 2, t->plan->threads,
                      experts);
}

static void run_balance(const struct thread *t, const struct op_balance *o) {
  float factor = is_bare(t) ? 0.0f : o->factor;
  struct variation v = variation_at(t, o->sums, o->experts);
  balance(&v, factor, t->scratch + o->dp, t->plan->block_rows, t->block.rows, o->add);
}

static void run_load(const struct thread *t, const struct op_load *o) {
  if (is_evaluation(t)) return;
  gate_load(t->scratch + o->z, o->z_stride, t->scratch + o->u, o->u_stride, t->block.rows,
            (unsigned)t->first, o->experts, o->count, site_draws(t, o->site), t->scratch + o->parts,
            t->plan->block_rows);
}

static void run_load_backward(const struct thread *t, const struct op_load_backward *o) {
  float *s = t->scratch;
  if (is_bare(t)) return;
  struct variation v = variation_at(t, o->sums, o->experts);
  gate_load_backward(&v, o->factor, s + o->parts, t->plan->block_rows, t->block.rows, s + o->u, o->u_stride,
                     s + o->dz, o->dz_stride, s + o->du, o->du_stride);
}

#endif
