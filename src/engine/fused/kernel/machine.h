/*
 * What one call of the kernel works on. The caller fills it, then every thread calls `mmoe_run` with its number.
 *
 * The rows at `indices` are shared out: thread t owns a run of whole tiles of 8 rows, works through it block by block and
 * adds to its own gradient buffer; after the barrier each thread sums, and updates, its own share of the parameters.
 * So the result depends on the number of threads and on nothing else.
 */
#ifndef MMOE_MACHINE_H
#define MMOE_MACHINE_H
#include "plan.h"

#define MOST_THREADS 256

/* Encoded rows, as EncodedRows of src/network/rows.ts: row-major, weights null for all 1. */
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
  int all_labelled; /* every row has every label and weighs 1 */
  struct optimizer optimizer;
  int arrived, generation; /* of the barrier */
};

struct kernel {
  const char *name;
  int width;
  void (*run)(struct machine *, int thread);
  /* The first row with an index out of its field's `sizes` or a class out of `classes` (0: not a class); −1: none. */
  long (*check)(const struct table *, long rows, const int *sizes, const int *classes);
};

#endif
