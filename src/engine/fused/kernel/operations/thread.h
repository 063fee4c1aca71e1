/*
 * This is what a thread has at hand while it runs the operations of a program, for one block of one share of
 * the rows. The functions run_… of this folder, one for each operation, find the operands' places in it and call
 * the arithmetic.
 */
#ifndef MMOE_THREAD_H
#define MMOE_THREAD_H
#include "arithmetic/draws.h"
#include "machine.h"
#include "operations.h"
#include "threads/shares.h"

struct thread {
  const struct machine *machine;
  const struct plan *plan;
  float *arena, *scratch;
  float *gradient;    /* of the share of rows that it works on */
  double *sums;       /* of that share: SUMS_PER_TASK a task */
  double *importance; /* of that share */
  struct block block;
  const int *listed; /* the numbers of its rows in the whole block, where it is one of listed rows; or null */
  int first;     /* the block's first row in the call */
  int share;     /* the number of the share of rows */
  float *store;  /* of the share's first block, where a training pass has stages */
  int fresh;     /* it is the share's first block: gradients are set, not added to */
  double *total; /* Σ w of each task over the whole batch */
};

INLINE int is_evaluation(const struct thread *t) { return t->machine->mode == MODE_EVALUATE; }

/* Whether the call asks for the tasks' own losses alone. */
INLINE int is_bare(const struct thread *t) { return t->machine->want & WANT_BARE; }

INLINE const struct step_settings *step_of(const struct thread *t) {
  return (const struct step_settings *)(t->arena + t->plan->step);
}

/* The part that the step's draws at a site of the network have in common. */
INLINE unsigned site_draws(const struct thread *t, int site) { return draws_of(step_of(t)->key, site); }

/* The step's dropout at a site of the network; none where the network is evaluated. */
INLINE struct dropout dropout_of(const struct thread *t, int threshold, int site) {
  if (is_evaluation(t)) return (struct dropout){0, 0};
  return (struct dropout){site_draws(t, site), threshold};
}

/* The sums that op_importance has made for a share of rows. */
INLINE double *importance_sums(const struct thread *t, int share) {
  return (double *)(t->arena + t->plan->importance + (long)share * t->plan->importance_stride);
}

#endif
