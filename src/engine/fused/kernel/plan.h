/*
 * The plan: what src/engine/fused/plan/step-plan.ts hands to the kernel, all of it integers. A test holds the
 * two lists alike.
 *
 * Offsets and strides are in floats: `arena` ones from the engine's memory, `scratch` ones from the thread's
 * own scratch area, `gradient` ones from the gradient buffer of the share of rows. A program is a row of
 * operations, each its code, the length of the whole, and its operands, up to END.
 */
#ifndef MMOE_PLAN_H
#define MMOE_PLAN_H

enum header {
  H_WIDTH,
  H_BLOCK_ROWS, /* rows of a full block; a multiple of 16 */
  H_THREADS,
  H_TASKS,
  H_PARAMETERS, /* length of the flat buffers; a multiple of 16 */
  H_WEIGHTS,    /* arena */
  H_FIRST_MOMENTS,
  H_SECOND_MOMENTS,
  H_GRADIENTS, /* arena: one buffer for each share of rows, of which there are as many as threads */
  H_GRADIENT_STRIDE,
  H_SCRATCH, /* arena: one area a thread */
  H_SCRATCH_STRIDE,
  H_SUMS, /* arena: doubles, SUMS_PER_TASK for each task, for each share */
  H_SUMS_STRIDE,
  H_CLAIMS,       /* arena: who does what (claims.h): a line of 16, and one for each thread */
  H_DISORDER,     /* not 0: threads come late and take pieces in any order; for tests */
  H_RESULTS,      /* arena: doubles: the status, then a loss for each task */
  H_SQUARES,      /* arena: doubles: by piece of the update, the sum of the gradient's squares (MODE_GRADIENTS) */
  H_LOSS_WEIGHTS, /* arena: a float for each task */
  H_STEP,         /* arena: what changes from step to step, see below */
  H_SPARE,        /* scratch: what `loss` and `predict` ask for */
  H_IMPORTANCE,   /* arena: doubles, what IMPORTANCE sums, for each share */
  H_IMPORTANCE_STRIDE,
  H_PASSES,     /* how many passes over the rows come before TRAIN, each after the one before it is done for all rows */
  H_FIRST_PASS, /* from the plan's start: their programs' places */
  H_STAGES,      /* of a training pass over the rows; 1: TRAIN is all of it */
  H_FIRST_STAGE, /* from the plan's start, for each stage: the places of three programs: once before a share's blocks, for each block, once after them */
  H_STATISTICS,  /* arena: what batch normalisation keeps (batch.h), for each share of rows */
  H_STATISTICS_STRIDE,
  H_TRANSPOSE, /* programs, from the plan's start */
  H_START,  /* before a share's first block */
  H_END,    /* after a share's last block */
  H_FINISH, /* after the last block of the last share: what is added to the gradient once */
  H_TRAIN,
  H_FORWARD,
  H_PREDICT,
  H_ROUTES,
  H_EXPERTS,
  H_SEGMENTS, /* from the plan's start: (end, learning-rate factor as bits, 1 where weights decay)…, up to H_PARAMETERS */
  H_LENGTH
};

enum operation {
  END,
  GATHER_NUMERIC,     /* to, stride */
  GATHER_EMBEDDING,   /* field, arena table, table stride, columns, to, stride */
  SUM_WEIGHT_ROWS,    /* arena bias, arena w, w stride, columns, to, stride, count, (field, first row)… */
  PRODUCT,            /* x, stride, depth, arena w, w stride, columns, arena initial or −1 for y, y, stride, arena floors, gate or −1, stride */
  GATE,               /* z, stride, experts, 1/temperature (bits), p */
  CONSTANTS,          /* arena values, experts, p */
  MIX,                /* out, stride, width, count, (h, stride, p)… */
  LOSS,               /* kind, task, outputs, z, stride, dz, stride */
  WEIGHT_GRADIENT,    /* x, stride, depth, dz, stride, columns, gradient, stride */
  BIAS_GRADIENT,      /* dz, stride, columns, gradient */
  MIX_BACKWARD,       /* h, stride, dh, stride, width, floor (bits), count, (dout, stride, p, dp or −1, add)… */
  CLEAR,              /* to, stride, columns: zeros */
  CLEAR_GRADIENT,     /* gradient, length: zeros, before anything is added one by one */
  GATE_BACKWARD,      /* p, dp, experts, 1/temperature (bits), dz, stride */
  CONSTANTS_BACKWARD, /* dp, experts, gradient */
  SCATTER_WEIGHT_ROWS, /* dz, stride, columns, gradient, stride, count, (field, first row)… */
  SCATTER_EMBEDDING,  /* field, dx, stride, columns, gradient, stride */
  TRANSPOSE,          /* arena w, stride, rows, columns, arena to, stride */
  PREDICT,            /* kind, outputs, z, stride, arena out */
  COPY_ROUTE,         /* p, arena out, row length, place: out[row, place] = p[row] */
  COPY_EXPERT,        /* h, stride, width, arena out, row length */
  CHOICE,             /* z, stride, experts, 1/temperature (bits), p, count, dropout's rate · 2^24, site */
  NOISE,              /* z, stride, u, stride, experts, site; not in evaluation */
  NOISE_BACKWARD,     /* dz, stride, u, stride, experts, du, stride */
  SELECT,             /* a, stride, c, stride, count, bits, experts, 1/temperature (bits), 1/width (bits), p, σ, scale, work, rate · 2^24, site */
  SELECT_BACKWARD,    /* the first 13 of these, dp or −1, entropy (bits), da, stride, dc, stride */
  IMPORTANCE,         /* p, experts, place: of the sums, in doubles */
  LOAD,               /* z, stride, u, stride, experts, count, site, parts; before NOISE, not in evaluation */
  LOAD_BACKWARD,      /* place, factor (bits), parts, experts, u, stride, dz, stride, du, stride; after NOISE_BACKWARD */
  BALANCE,            /* place, factor (bits), dp, experts, 1 to add to dp */
  CHOOSE_ROWS,        /* list, count, p… */
  ON_ROWS,            /* list, index, length up to its OFF_ROWS: what follows works on these rows, side by side; nothing where there are none */
  OFF_ROWS,
  GATHER_ROWS,        /* list, from, stride, columns, to, stride */
  SCATTER_ROWS,       /* list, from, stride, columns, to, stride */
  MIX_ROWS,           /* list, h, stride, width, count, (out, stride, p)… */
  MIX_ROWS_BACKWARD,  /* list, h, stride, dh, stride, width, floor (bits), count, (dout, stride, p, dp or −1)… */
  ACTIVATE,           /* kind, x, stride, units, y, stride */
  ACTIVATE_BACKWARD,  /* kind, x, stride, units, dy, stride, dx, stride */
  DROP,               /* x, stride, units, site, threshold, factor (bits); nothing where the network is evaluated */
  LAYER_NORMALIZE,    /* z, stride, units, arena scale, arena shift, moments, floor (bits), y, stride */
  LAYER_NORMALIZE_BACKWARD, /* z, stride, units, arena scale, moments, dy, stride, dz, stride, gradient scale, gradient shift */
  ADD_WEIGHT_GRADIENT, /* as WEIGHT_GRADIENT, added to what another layer has set */
  ADD_BIAS_GRADIENT,  /* as BIAS_GRADIENT, added likewise */
  INTERACT,           /* e, stride, count, width, y, stride */
  INTERACT_BACKWARD,  /* e, stride, count, width, dy, stride, de, stride */
  BATCH_MOMENTS,      /* z, stride, units, place in a share's statistics; once for a share */
  BATCH_COMBINE,      /* units, place, arena running mean, arena running variance; once for a share */
  BATCH_NORMALIZE,    /* z, stride, units, place, arena running mean, variance, scale, shift, floor (bits), y, stride */
  BATCH_GRADIENTS,    /* z, stride, units, place, dy, stride, gradient scale, gradient shift */
  BATCH_COMBINE_GRADIENTS, /* units, place; once for a share */
  BATCH_NORMALIZE_BACKWARD, /* z, stride, units, place, arena scale, dy, stride, dz, stride */
  ACTIVE_GRADIENT,    /* as WEIGHT_GRADIENT, then: state, by unit, stride (places in the gradient), masks; kernel/active.h */
  TURN_GRADIENT,      /* state, by unit, stride, columns, depth, gradient, stride; once for a share */
  DISTANCE,           /* factor (bits), columns, places of a row in the flat buffers… */
  OPERATIONS
};

/* STEP_KEY: an int, of dropout and noise in this step (src/network/draws.ts). STEP_DECAY: what a weight that
 * decays loses, as a share of itself. STEP_SCALE: what the gradient is multiplied with. */
enum step { STEP_KEY, STEP_DECAY, STEP_SCALE, STEP_LENGTH };

/* MODE_GRADIENTS leaves the gradient in the first share's buffer; MODE_APPLY updates the parameters with what
 * is there, without rows. */
enum mode { MODE_STEP = 0, MODE_GRADIENTS = 1, MODE_EVALUATE = 2, MODE_APPLY = 3 };
/* Of MODE_EVALUATE, beside the predictions: WANT_ROUTES, WANT_EXPERTS. Of the other modes with rows:
 * WANT_MOVE, that running statistics move; WANT_BARE, the tasks' own losses alone, without what the
 * description adds to them. */
enum want { WANT_ROUTES = 1, WANT_EXPERTS = 2, WANT_MOVE = 4, WANT_BARE = 8 };

/* STATUS_LOSS_NOT_FINITE + k: of task k */
enum status { STATUS_DONE = 0, STATUS_GRADIENT_NOT_FINITE = 1, STATUS_LOSS_NOT_FINITE = 2 };

/* Σ w ℓ, Σ w, the number of labels */
#define SUMS_PER_TASK 3

#endif
