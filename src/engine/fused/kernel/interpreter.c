/*
 * The kernel runs a plan, which src/engine/fused/plan makes from a network: for each block of a share of the
 * rows every operation in turn, so that a block's values are still in cache when the next operation reads
 * them. To understand it, read in this order:
 *
 *   plan.h            what a plan begins with: where everything lies, and which programs there are
 *   operations.h      what a program consists of: the operations and their operands
 *   machine.h         what one call works on, and who owns which memory
 *   threads/shares.h  how the rows of a call are cut into shares
 *   threads/claims.h  how threads take pieces of the work, phase by phase
 *   this file         how a thread does a piece: from the call down to the operations of a program
 *   operations/       how operands become the arguments of the arithmetic
 *   layers/, gates/, training/  the arithmetic; layers/product.h is where most of the time goes
 */
#include "threads/claims.h"
#include "operations/gates.h"
#include "operations/input.h"
#include "operations/layers.h"
#include "operations/mixture.h"
#include "operations/tasks.h"
#include "threads/stages.h"
#include "training/update.h"

#ifndef KERNEL
#define KERNEL mmoe_kernel
#define KERNEL_NAME "baseline"
#endif

INLINE int smaller(int a, int b) { return a < b ? a : b; }

/* Runs the operations of a program for the thread's block. Each has a function run_…, which gets its operands
 * as the struct op_… that operations.h has for it. Between OP_ON_ROWS and OP_OFF_ROWS the block is that of
 * the listed rows, which lie side by side; such a block is never the share's first, because the gradients of
 * what it computes start from zeros. */
static void run_program(struct thread *t, int program) {
  const struct block whole = t->block;
  const int fresh = t->fresh;
  for (const int *at = in_plan(t->plan, program); at[0] != OP_END; at += at[1]) {
    const void *operands = at + 2;
    switch ((enum operation)at[0]) {
#define RUN(code, name) \
  case code: \
    run_##name(t, (const struct op_##name *)operands); \
    break;
      EVERY_OPERATION(RUN)
#undef RUN
      case OP_ON_ROWS: {
        const struct op_on_rows *o = operands;
        const int *list = row_list(t, o->list);
        if (list[0] == 0) {
          at += o->skip;
          break;
        }
        t->block = block_of(&whole, list, (unsigned *)row_list(t, o->index));
        t->listed = list + 1;
        t->fresh = 0;
        break;
      }
      case OP_OFF_ROWS:
        t->block = whole;
        t->listed = 0;
        t->fresh = fresh;
        break;
      case OP_END:
        break;
    }
  }
}

/* Runs programs for the rows [first, end) of the call, block by block. `fresh`: the first of these blocks is
 * the share's first. */
static void run_blocks(struct thread *t, int first, int end, const int *programs, int count, int fresh) {
  const int size = t->plan->block_rows;
  for (int row = first; row < end; row += size) {
    t->first = row;
    t->fresh = fresh && row == first;
    t->block.index = t->machine->indices + row;
    t->block.rows = smaller(end - row, size);
    for (int i = 0; i < count; i++) run_program(t, programs[i]);
  }
}

static void evaluate(struct thread *t, int first, int end) {
  const struct plan *plan = t->plan;
  int programs[4] = {plan->forward, plan->predict}, count = 2;
  if (t->machine->want & WANT_ROUTES) programs[count++] = plan->routes;
  if (t->machine->want & WANT_EXPERTS) programs[count++] = plan->experts;
  run_blocks(t, first, end, programs, count, 1);
}

INLINE double *results_of(const struct machine *m) { return (double *)(m->arena + m->plan->results); }

/* Does what comes before the rows: transposes the share's part of the weights, groups the rows of its part of
 * the fields, sets its sums to 0, and adds up the weights of its labels, which do not depend on the network. */
static void prepare(struct thread *t, int share) {
  const struct machine *m = t->machine;
  const struct plan *plan = m->plan;
  int first, end;
  rows_of(m->count, share, plan->threads, &first, &end);
  if (share == 0) results_of(m)[0] = STATUS_DONE;
  t->share = share;
  run_program(t, plan->transpose);
  if (share == 0) *kept_rows(m) = m->count;
  for (int group = share; group < plan->groups; group += plan->threads) group_rows(m, group);
  for (int i = share; i < plan->shared_tables; i += plan->threads) group_entries(m, i);
  for (int i = 0; i < plan->importance_stride / 2; i++) importance_sums(t, share)[i] = 0;
  t->block.index = m->indices + first;
  t->block.rows = end - first;
  for (int k = 0; k < plan->tasks; k++) {
    double *sums = sums_of(m, share) + SUMS_PER_TASK * k;
    sums[0] = sums[1] = sums[2] = 0;
    if (m->all_labelled) sums[1] = sums[2] = end - first;
    else sum_weights(&t->block, k, &sums[1], &sums[2]);
  }
}

/* Runs one of the passes before training. */
static void run_pass(struct thread *t, int share, int pass) {
  const struct plan *plan = t->plan;
  int first, end;
  rows_of(t->machine->count, share, plan->threads, &first, &end);
  t->importance = importance_sums(t, share);
  run_blocks(t, first, end, in_plan(plan, plan->first_pass) + pass, 1, 1);
}

/* Runs one of several stages: each block has a scratch area of its own, which lasts until the last stage. */
static void run_stage(struct thread *t, int share, int first, int end, const int *programs) {
  const struct plan *plan = t->plan;
  const int size = plan->block_rows;
  float *const scratch = t->scratch;
  const int count = t->machine->count;
  t->store = t->machine->store + kept_floats(plan, t->machine->table.longest, count) +
             share * blocks_of_share(plan, count) * plan->scratch_stride;
  run_program(t, programs[0]);
  for (int row = first; row < end; row += size) {
    t->scratch = t->store + (long)(row - first) / size * plan->scratch_stride;
    run_blocks(t, row, smaller(row + size, end), programs + 1, 1, row == first);
  }
  t->scratch = scratch;
  run_program(t, programs[2]);
}

/* Runs a share of the rows in one stage of a training pass, or in evaluation. */
static void run_share(struct thread *t, int share, int stage) {
  const struct machine *m = t->machine;
  const struct plan *plan = m->plan;
  const int is_last_stage = stage == plan->stages - 1;
  int first, end;
  rows_of(m->count, share, plan->threads, &first, &end);
  if (first >= end) return;
  if (is_evaluation(t)) {
    if (stage == 0) evaluate(t, first, end);
    return;
  }
  t->share = share;
  t->sums = sums_of(m, share);
  t->importance = importance_sums(t, share);
  t->gradient = m->arena + plan->gradients + (long)share * plan->gradient_stride;
  for (int k = 0; k < plan->tasks; k++) t->total[k] = sum_over_shares(m, k, 1);
  if (stage == 0) run_program(t, plan->start);
  if (plan->stages == 1) run_blocks(t, first, end, &plan->train, 1, 1);
  else run_stage(t, share, first, end, in_plan(plan, plan->first_stage) + 3 * stage);
  if (is_last_stage) run_program(t, plan->end);
  // The last share has rows if any has.
  if (is_last_stage && share == plan->threads - 1 && !is_bare(t)) run_program(t, plan->finish);
}

static void run_piece(struct thread *t, int phase, int home, int piece) {
  const struct machine *m = t->machine;
  if (phase >= rows_phase(m) && phase < update_phase(m)) run_share(t, home, phase - rows_phase(m));
  else if (m->mode == MODE_EVALUATE) return;
  else if (phase == PREPARE) {
    if (m->mode != MODE_APPLY) prepare(t, home);
    else if (home == 0) results_of(m)[0] = STATUS_DONE;
  } else if (phase < rows_phase(m)) {
    if (m->mode != MODE_APPLY) run_pass(t, home, phase - 1);
  } else {
    const struct plan *plan = t->plan;
    update(m, t->total + plan->tasks, UPDATE_PIECES * home + piece, UPDATE_PIECES * plan->threads);
  }
}

/* Does all the pieces of a phase that the thread can get, first those of thread `from`. Returns how many. */
static int run_phase(struct thread *t, int phase, int from, unsigned call) {
  const struct machine *m = t->machine;
  const int threads = t->plan->threads, first = first_claim(m, phase), end = first_claim(m, phase + 1);
  int pieces = 0;
  for (int i = 0; i < threads; i++) {
    int home = from + i < threads ? from + i : from + i - threads;
    for (int claim = first; claim < end; claim++) {
      if (threads > 1 && !take(m, home, claim, call)) continue;
      run_piece(t, phase, home, claim - first);
      pieces++;
    }
  }
  return pieces;
}

static void run(struct machine *m, int number, unsigned call) {
  const struct plan *plan = m->plan;
  const int threads = plan->threads;
  struct thread t = {
      .machine = m,
      .plan = plan,
      .arena = m->arena,
      .scratch = m->arena + plan->scratch + (long)number * plan->scratch_stride,
      .block = {.table = &m->table},
      .total = sums_of(m, number) + SUMS_PER_TASK * plan->tasks,
  };
  const int phases = update_phase(m) + 1;
  for (int phase = 0; phase < phases; phase++) {
    if (threads > 1) wait_for_phase(m, phase, call);
    int from = plan->disorder == 0 ? number : disordered(m, number, phase, call);
    if (from < 0) return;
    int pieces = run_phase(&t, phase, from, call);
    if (threads > 1 && pieces > 0) add_done(m, pieces);
  }
  if (threads > 1 && number == 0) wait_for_phase(m, phases, call);
}

/* See struct kernel. */
static long check(const struct table *table, long rows, const int *sizes, const int *classes) {
  for (long r = 0; r < rows; r++) {
    for (int f = 0; f < table->fields; f++) {
      int value = table->categorical[r * table->fields + f];
      if (sizes[f] < 0 ? !is_list(table, value, -sizes[f]) : value < 0 || value >= sizes[f]) return r;
    }
    for (int k = 0; k < table->tasks; k++) {
      float label = table->labels[r * table->tasks + k];
      if (classes[k] > 0 && label == label && !(label >= 0 && label < (float)classes[k])) return r;
    }
  }
  return -1;
}

const struct kernel KERNEL = {KERNEL_NAME, WIDTH, run, check};
