/*
 * The machine is what one call of the kernel works on. The caller fills it, then every thread calls `run`
 * with its own number and the call's.
 *
 * The rows at `indices` are cut into as many shares as there are threads, each a run of whole tiles of 8
 * rows. One thread, whichever takes the share, works through it block by block and adds to the gradient
 * buffer and the sums of the share; then the buffers are summed, in the shares' order, and the parameters
 * updated, piece by piece (threads/claims.h). Scratch areas belong to threads. So the result depends on the
 * number of threads and on nothing else.
 */
#ifndef MMOE_MACHINE_H
#define MMOE_MACHINE_H
#include "plan.h"

/* Encoded rows (EncodedRows of src/network/encoded-rows.ts): row-major; weights are null where all are 1. */
struct table {
  const float *numeric;
  const int *categorical;
  const int *lists; /* of columns of several values (layers/lists.h); 0: there are none */
  long lists_length;
  int longest; /* values of the longest list */
  const float *labels;
  const float *weights;
  int numeric_columns, fields, tasks;
};

/* Some rows of the call: `index[r]` is the place of row r in the table. */
struct block {
  const struct table *table;
  const unsigned *index;
  int rows;
};

/* Returns what the plan has at a place that it names: a program, or a list of programs' places. */
static inline const int *in_plan(const struct plan *plan, int place) { return (const int *)plan + place; }

struct machine {
  float *arena;    /* aligned to 64 bytes */
  const struct plan *plan;
  struct table table;
  const unsigned *indices;
  int count;
  int mode, want;
  float *store;    /* aligned to 64 bytes: see threads/stages.h */
  int all_labelled; /* every row has every label and weighs 1 */
  struct optimizer optimizer;
};

struct kernel {
  const char *name;
  int width;
  /* Does a thread's part of a call. `call` is 1 for the first call, then 1 more each time. Thread 0 returns
   * when all is done, others may return early. */
  void (*run)(struct machine *, int thread, unsigned call);
  /* Returns the first row with an index out of its field's `sizes` (below 0: a list with a value out of it) or a class out of `classes` (0: the label
   * is a value); −1 if there is none. */
  long (*check)(const struct table *, long rows, const int *sizes, const int *classes);
};

#endif
