/*
 * What one call of the kernel works on. The caller fills it, then every thread calls `run` with its number
 * and the call's.
 *
 * The rows at `indices` are cut into as many shares as there are threads, each a run of whole tiles of 8
 * rows. A share is worked through block by block by one thread, whichever takes it, and added to the gradient
 * buffer and the sums of the share; then the buffers are summed, in the shares' order, and the parameters
 * updated, piece by piece (claims.h). Scratch areas belong to threads. So the result depends on the number of
 * threads and on nothing else.
 */
#ifndef MMOE_MACHINE_H
#define MMOE_MACHINE_H
#include "plan.h"

#define MOST_THREADS 256

/* Encoded rows, as EncodedRows of src/network/encoded-rows.ts: row-major, weights null for all 1. */
struct table {
  const float *numeric;
  const int *categorical;
  const float *labels;
  const float *weights;
  int numeric_columns, fields, tasks;
};

struct block {
  const struct table *table;
  const unsigned *index;
  int rows;
};

/* Settings of one step; see optimizer.h. */
struct optimizer {
  int adam;
  float rate, beta1, beta2, correction, epsilon, momentum;
  float rest1, rest2; /* 1 − β1, 1 − β2, rounded once */
};

struct machine {
  float *arena;    /* aligned to 64 bytes */
  const int *plan; /* its header comes first */
  struct table table;
  const unsigned *indices;
  int count;
  int mode, want;
  float *store;    /* aligned to 64 bytes: see stages.h */
  int all_labelled; /* every row has every label and weighs 1 */
  struct optimizer optimizer;
};

struct kernel {
  const char *name;
  int width;
  /* `call`: 1 more than that of the call before; 1 for the first. Thread 0 returns when all is done, others
   * may return early. */
  void (*run)(struct machine *, int thread, unsigned call);
  /* The first row with an index out of its field's `sizes` or a class out of `classes` (0: not a class); −1:
   * none. */
  long (*check)(const struct table *, long rows, const int *sizes, const int *classes);
};

#endif
