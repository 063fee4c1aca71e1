/*
 * The header of a plan, and the numbers that a plan is written in: all of it 32-bit integers and
 * floats. Places and strides are in floats.
 *
 * Made from the tables in src/engine/fused/format by its tests: change those instead.
 */
#ifndef MMOE_PLAN_H
#define MMOE_PLAN_H

/* The maximum number of threads of an engine. */
#define MAX_THREADS 256

/* The most rows of a block for which units at rest are left out: the bits of a mask. */
#define MASK_ROWS 64

/* Pieces of the update that are at home with each thread: more than one, so that a late thread leaves
 * little behind. */
#define UPDATE_PIECES 4

/* Doubles that a share of rows sums up for each task: Σ w ℓ, Σ w, the number of labels. */
#define SUMS_PER_TASK 3

/* MODE_GRADIENTS leaves the gradient in the first share’s buffer; MODE_APPLY updates the parameters with
 * what is there, without rows. */
enum mode {
  MODE_STEP = 0,
  MODE_GRADIENTS = 1,
  MODE_EVALUATE = 2,
  MODE_APPLY = 3,
};

/* In MODE_EVALUATE, WANT_ROUTES and WANT_EXPERTS ask for more than the predictions. In the other modes
 * with rows, WANT_MOVE lets running statistics move, and WANT_BARE leaves the tasks’ own losses alone,
 * without what the description adds to them. */
enum want {
  WANT_ROUTES = 1,
  WANT_EXPERTS = 2,
  WANT_MOVE = 4,
  WANT_BARE = 8,
};

/* STATUS_LOSS_NOT_FINITE + k says it of task k. */
enum status {
  STATUS_DONE = 0,
  STATUS_GRADIENT_NOT_FINITE = 1,
  STATUS_LOSS_NOT_FINITE = 2,
};

/* The kinds of tasks (training/loss.h). */
enum loss {
  LOSS_BINARY = 0,
  LOSS_MULTICLASS = 1,
  LOSS_REGRESSION = 2,
};

/* The smooth activations (layers/activation.h). */
enum smooth {
  SMOOTH_SILU = 0,
  SMOOTH_GELU = 1,
};

/* The statistics that batch normalisation keeps for a share of rows, a row of units each
 * (layers/batch-normalization.h): the share’s own mean, Σ (z − mean)², Σ dy and Σ dy · x̂; then the
 * batch’s mean, 1/√(variance + ε), mean(dy) and mean(dy · x̂). */
enum batch {
  BATCH_OWN_MEAN = 0,
  BATCH_OWN_SQUARES = 1,
  BATCH_OWN_GRADIENT = 2,
  BATCH_OWN_SCALED = 3,
  BATCH_MEAN = 4,
  BATCH_INVERSE = 5,
  BATCH_GRADIENT_MEAN = 6,
  BATCH_SCALED_MEAN = 7,
  BATCH_PARTS = 8,
};

/* The values that a gate with a load loss keeps for each expert, a row of a block’s rows each
 * (gates/load-loss.h). */
enum load {
  LOAD_CHANCE = 0,
  LOAD_DENSITY = 1,
  LOAD_TURN = 2,
  LOAD_RIVAL = 3,
  LOAD_PARTS = 4,
};

/* The plan’s header; programs and lists follow it. */
struct plan {
  int block_rows; /* rows of a full block; a multiple of 16 */
  int threads; /* threads; the rows of a call are cut into as many shares */
  int tasks; /* tasks */
  int parameters; /* length of each flat buffer; a multiple of 16 */
  int weights; /* arena: flat buffer */
  int first_moments; /* arena: flat buffer */
  int second_moments; /* arena: flat buffer */
  int gradients; /* arena: a gradient buffer for each share of rows */
  int gradient_stride; /* floats from one of them to the next */
  int scratch; /* arena: a scratch area for each thread */
  int scratch_stride; /* floats from one of them to the next */
  int sums; /* arena: doubles: SUMS_PER_TASK for each task, for each share */
  int sums_stride; /* floats from one share’s to the next */
  int claims; /* arena: who does what (threads/claims.h): a line of 16, and those of each thread */
  int disorder; /* not 0: threads come late and take pieces in any order; for tests */
  int results; /* arena: doubles: the status, then a loss for each task */
  int squares; /* arena: doubles: by piece of the update, the sum of the gradient’s squares */
  int loss_weights; /* arena: a float for each task */
  int step; /* arena: struct step_settings */
  int spare; /* scratch: what `loss` and `predict` ask for */
  int importance; /* arena: doubles: what op_importance sums up, for each share */
  int importance_stride; /* floats from one share’s to the next */
  int passes; /* passes over the rows before training, each after the one before it is done */
  int first_pass; /* plan: the places of the passes’ programs */
  int stages; /* stages of a training pass over the rows; 1: `train` is all of it */
  int first_stage; /* plan: the places of each stage’s programs: before, for, and after a share’s blocks */
  int statistics; /* arena: what batch normalisation keeps, for each share of rows */
  int statistics_stride; /* floats from one share’s to the next */
  int transpose; /* plan: program: what is needed transposed */
  int start; /* plan: program: before a share’s first block */
  int end; /* plan: program: after a share’s last block */
  int finish; /* plan: program: after the last block of the last share */
  int train; /* plan: program: forward and backward, for each block */
  int forward; /* plan: program: forward, for each block */
  int predict; /* plan: program: predictions, after `forward` */
  int routes; /* plan: program: routes’ weights, after `forward` */
  int experts; /* plan: program: experts’ outputs, after `forward` */
  int segments; /* plan: struct segment…, up to the end of the flat buffers */
  int groups; /* categorical columns whose rows of tables move where a batch has them (tables/groups.h) */
  int first_group; /* plan: their numbers among the categorical columns */
  int tables; /* tables whose rows move so (tables/tables.h) */
  int first_table; /* plan: struct learned_table… */
  int shared_tables; /* the last tables, whose rows several columns or lists choose (tables/uses.h) */
  int kept_width; /* floats that are kept of each row of a batch for them (tables/kept.h) */
  int kept_rows; /* arena: an integer: the rows of the batch that are kept */
};

/* A stretch of the flat buffers whose values the optimiser treats alike. */
struct segment {
  int end; /* where the stretch ends, from the flat buffers’ start */
  float learning_rate; /* factor of the learning rate */
  int decays; /* 1: weights decay */
};

/* A table whose rows move where a batch has them, each with its moments beside it. */
struct learned_table {
  int group; /* number of its column among the groups; of a shared table, among these */
  int w; /* arena: [categories, columns]: the weights */
  int w_stride;
  int columns; /* weights of a row */
  int moment; /* floats from a row’s weights to its first moment, and from there to the second */
  int accumulates; /* 1: row-wise Adagrad; `moment` leads to the row’s one sum */
  int decays; /* 1: weights decay */
  int kept_before; /* floats of a row in the sections of what is kept before its own */
  int kept_stride; /* floats of a row in its own section */
  int kept_column; /* its first column there */
  int uses; /* of a shared table: the columns that choose its rows */
  int first_use; /* plan: struct table_use… */
};

/* A column whose values choose rows of a table. */
struct table_use {
  int field; /* column of the categorical values */
  int several; /* 1: its entries are places of lists */
  int kept_before; /* floats of a row in the sections of what is kept before its own */
  int kept_stride; /* floats of a row in its own section */
  int kept_column; /* its first column there */
};

/* The optimiser’s settings in one step (training/optimizer.h has the formulas). */
struct optimizer {
  int adam; /* 1: Adam; 0: SGD */
  float rate; /* learning rate; Adam: α / (1 − β1^t) */
  float beta1;
  float beta2;
  float correction; /* 1 / √(1 − β2^t) */
  float epsilon;
  float momentum;
  float rest1; /* 1 − β1, rounded once */
  float rest2; /* 1 − β2, rounded once */
  float learning_rate; /* α */
};

/* The other settings that change from step to step. */
struct step_settings {
  int key; /* the key of dropout and noise in this step (src/network/draws/draws.ts) */
  float decay; /* what a weight that decays loses, as a share of itself */
  float scale; /* what the gradient is multiplied with */
};

#endif
