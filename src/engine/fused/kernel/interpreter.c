/*
 * Runs a plan: for each block of a share of the rows every operation in turn, so that a block's values are
 * still in cache when the next operation reads them. See plan.h for the operations, machine.h for who owns
 * what, claims.h for who does what.
 */
#include "active.h"
#include "balance.h"
#include "batch.h"
#include "choice.h"
#include "claims.h"
#include "distance.h"
#include "interactions.h"
#include "load.h"
#include "loss.h"
#include "mixture.h"
#include "normalization.h"
#include "product.h"
#include "route.h"
#include "selectors.h"
#include "shares.h"
#include "sparse.h"
#include "stages.h"
#include "update.h"

#ifndef KERNEL
#define KERNEL mmoe_kernel
#define KERNEL_NAME "baseline"
#endif

struct thread {
  const struct machine *machine;
  const int *header;
  float *arena, *scratch;
  float *gradient; /* of the share of rows that it works on */
  double *sums;    /* of that share: SUMS_PER_TASK a task */
  double *importance; /* of that share */
  struct block block;
  int first; /* the block's first row in the call */
  int share; /* of the rows */
  float *store; /* of the share's first block, where a training pass has stages */
  int fresh; /* it is the share's first block: gradients are set, not added to */
  double *total; /* Σ w of each task over the whole batch */
};

INLINE int least(int a, int b) { return a < b ? a : b; }

static void run_product(const struct thread *t, const int *a) {
  float *scratch = t->scratch;
  float *y = scratch + a[7];
  struct product p = {
      .x = scratch + a[0], .x_stride = a[1], .depth = a[2], .w = t->arena + a[3], .w_stride = a[4],
      .initial = a[6] < 0 ? y : t->arena + a[6], .initial_stride = a[6] < 0 ? a[8] : 0, .y = y, .y_stride = a[8],
      .floors = t->arena + a[9], .gate = a[10] < 0 ? 0 : scratch + a[10], .gate_stride = a[11],
  };
  product(&p, t->block.rows, a[5]);
}

static void run_weight_gradient(const struct thread *t, const int *a, int fresh) {
  struct weight_gradient p = {
      .x = t->scratch + a[0], .x_stride = a[1], .dz = t->scratch + a[3], .dz_stride = a[4],
      .g = t->gradient + a[6], .g_stride = a[7], .rows = t->block.rows, .fresh = fresh,
  };
  weight_gradient(&p, a[2], a[5]);
}

/* What a share's ACTIVE_GRADIENT has set so far: the gradient itself, where most units were active, or by
 * unit. */
enum { SET = 1, SET_BY_UNIT = 2 };

/* Returned: whether `what` was not set before. */
INLINE int first_to_set(int *state, int what) {
  int first = !(*state & what);
  *state |= what;
  return first;
}

static void run_active_gradient(const struct thread *t, const int *a) {
  int *state = (int *)(t->gradient + a[8]), *found = (int *)t->scratch + a[11];
  const int columns = a[5], rows = t->block.rows;
  struct active_gradient p = {
      .x = t->scratch + a[0], .x_stride = a[1], .dz = t->scratch + a[3], .dz_stride = a[4], .by_unit = t->gradient + a[9], .unit_stride = a[10],
      .low = found, .high = found + (columns + WIDTH - 1) / WIDTH * WIDTH,
  };
  if (rows < FEW_ROWS || mostly_active(masks(&p, rows, columns), rows, columns)) {
    run_weight_gradient(t, a, first_to_set(state, SET));
    return;
  }
  p.fresh = first_to_set(state, SET_BY_UNIT);
  active_gradient(&p, a[2], columns);
}

static void run_turn_gradient(const struct thread *t, const int *a) {
  float *g = t->gradient;
  int state = *(const int *)(g + a[0]);
  if (state & SET_BY_UNIT) turn(g + a[1], a[2], a[3], a[4], g + a[5], a[6], state & SET);
}

static void run_loss(const struct thread *t, const int *a) {
  int task = a[1];
  double weights = t->total[task];
  float scale = weights > 0 ? (float)(t->arena[t->header[H_LOSS_WEIGHTS] + task] / weights) : 0.0f;
  t->sums[SUMS_PER_TASK * task] +=
      loss(&t->block, a[0], task, a[2], scale, t->scratch + a[3], a[4], t->scratch + a[5], a[6], t->scratch + t->header[H_SPARE]);
}

/* The step's draws at a place of the network; none where the network is evaluated. */
static struct dropout dropout_of(const struct thread *t, int threshold, int site) {
  if (t->machine->mode == MODE_EVALUATE) return (struct dropout){0, 0};
  return (struct dropout){draws_of(((const int *)(t->arena + t->header[H_STEP]))[STEP_KEY], site), threshold};
}

static struct selectors selectors_of(const struct thread *t, const int *a) {
  float *s = t->scratch;
  return (struct selectors){
      .a = s + a[0], .a_stride = a[1], .c = s + a[2], .c_stride = a[3], .count = a[4], .bits = a[5], .experts = a[6],
      .inverse_temperature = as_float(a[7]), .inverse_width = as_float(a[8]), .p = s + a[9], .sigma = s + a[10], .scale = s + a[11],
      .work = s + a[12], .span = t->header[H_BLOCK_ROWS],
  };
}

static void run_select(const struct thread *t, const int *a) {
  struct selectors s = selectors_of(t, a);
  struct dropout d = dropout_of(t, a[13], a[14]);
  select_experts(&s, t->block.rows, (unsigned)t->first, &d);
}

static void run_select_backward(const struct thread *t, const int *a) {
  struct selectors s = selectors_of(t, a);
  float entropy = t->machine->want & WANT_BARE ? 0.0f : as_float(a[14]) / (float)t->machine->count;
  float *f = t->scratch;
  select_backward(&s, t->block.rows, entropy, a[13] < 0 ? 0 : f + a[13], f + a[15], a[16], f + a[17], a[18]);
}

static void run_choice(const struct thread *t, const int *a) {
  float *s = t->scratch;
  struct dropout d = dropout_of(t, a[6], a[7]);
  choice(s + a[0], a[1], t->block.rows, (unsigned)t->first, a[2], as_float(a[3]), a[5], &d, s + a[4], t->header[H_BLOCK_ROWS]);
}

/* The sums of IMPORTANCE of a share of rows. */
INLINE double *importance_sums(const struct thread *t, int share) {
  return (double *)(t->arena + t->header[H_IMPORTANCE] + (long)share * t->header[H_IMPORTANCE_STRIDE]);
}

static struct variation variation_at(const struct thread *t, int place, int experts) {
  return variation_of(importance_sums(t, 0) + place, t->header[H_IMPORTANCE_STRIDE] / 2, t->header[H_THREADS], experts);
}

static void run_balance(const struct thread *t, const int *a) {
  const int *h = t->header;
  float factor = t->machine->want & WANT_BARE ? 0.0f : as_float(a[1]);
  struct variation v = variation_at(t, a[0], a[3]);
  balance(&v, factor, t->scratch + a[2], h[H_BLOCK_ROWS], t->block.rows, a[4]);
}

static void run_load_backward(const struct thread *t, const int *a) {
  float *s = t->scratch;
  if (t->machine->want & WANT_BARE) return;
  struct variation v = variation_at(t, a[0], a[3]);
  gate_load_backward(&v, as_float(a[1]), s + a[2], t->header[H_BLOCK_ROWS], t->block.rows, s + a[4], a[5], s + a[6], a[7], s + a[8], a[9]);
}

INLINE float *statistics_of(const struct thread *t, int share) {
  return t->arena + t->header[H_STATISTICS] + (long)share * t->header[H_STATISTICS_STRIDE];
}

static struct shares shares_of(const struct thread *t, int place) {
  const int *h = t->header;
  return (struct shares){statistics_of(t, 0) + place, h[H_STATISTICS_STRIDE], h[H_THREADS], t->machine->count, rows_in};
}

static void run_batch_moments(const struct thread *t, const int *a) {
  const int *h = t->header;
  struct share_rows rows = {t->store + a[0], a[1], h[H_SCRATCH_STRIDE], h[H_BLOCK_ROWS], rows_in(t->machine->count, t->share, h[H_THREADS])};
  batch_moments(&rows, a[2], statistics_of(t, t->share) + a[3]);
}

/* Who has the last share, which has rows if any has, moves the running statistics. */
static void run_batch_combine(const struct thread *t, const int *a) {
  struct shares all = shares_of(t, a[1]);
  int moves = t->machine->want & WANT_MOVE && t->share == t->header[H_THREADS] - 1;
  batch_combine(&all, a[0], statistics_of(t, t->share) + a[1], moves ? t->arena + a[2] : 0, moves ? t->arena + a[3] : 0);
}

static void run_batch_normalize(const struct thread *t, const int *a) {
  float *s = t->scratch, *arena = t->arena, *own = statistics_of(t, t->share) + a[3];
  if (t->machine->mode == MODE_EVALUATE)
    batch_evaluate(s + a[0], a[1], t->block.rows, a[2], arena + a[4], arena + a[5], arena + a[6], arena + a[7], as_float(a[8]), s + a[9], a[10]);
  else
    batch_normalize(s + a[0], a[1], t->block.rows, a[2], part_of(own, a[2], MEAN), part_of(own, a[2], INVERSE), arena + a[6], arena + a[7],
                    as_float(a[8]), s + a[9], a[10]);
}

static void run_batch_combine_gradients(const struct thread *t, const int *a) {
  struct shares all = shares_of(t, a[1]);
  batch_combine_gradients(&all, a[0], statistics_of(t, t->share) + a[1]);
}

static void run_drop(const struct thread *t, const int *a) {
  struct dropout d = dropout_of(t, a[4], a[3]);
  if (d.threshold > 0) drop(t->scratch + a[0], a[1], t->block.rows, a[2], (unsigned)t->first, &d, as_float(a[5]));
}

static void clear(float *to, long stride, int columns, int rows) {
  for (int r = 0; r < rows; r++)
    for (int c = 0; c < columns; c++) to[r * stride + c] = 0;
}

static void run_program(struct thread *t, const int *program) {
  int *const ints = (int *)t->scratch;
  float *const s = t->scratch, *const arena = t->arena, *const g = t->gradient;
  const struct block *const b = &t->block;
  const struct block whole = t->block;
  const int fresh = t->fresh;
  int rows = b->rows;
  const long span = t->header[H_BLOCK_ROWS];
  for (const int *at = program; at[0] != END; at += at[1]) {
    const int *a = at + 2;
    switch (at[0]) {
      case GATHER_NUMERIC: gather_numeric(b, s + a[0], a[1]); break;
      case GATHER_EMBEDDING: gather_embedding(b, a[0], arena + a[1], a[2], a[3], s + a[4], a[5]); break;
      case SUM_WEIGHT_ROWS: sum_weight_rows(b, a + 7, a[6], arena + a[0], arena + a[1], a[2], a[3], s + a[4], a[5]); break;
      case PRODUCT: run_product(t, a); break;
      case GATE: gate(s + a[0], a[1], rows, a[2], as_float(a[3]), s + a[4], span); break;
      case CONSTANTS: constants(arena + a[0], rows, a[1], s + a[2], span); break;
      case MIX: mix(s, a + 4, a[3], a[2], rows, s + a[0], a[1]); break;
      case LOSS: run_loss(t, a); break;
      case WEIGHT_GRADIENT: run_weight_gradient(t, a, t->fresh); break;
      case BIAS_GRADIENT: bias_gradient(s + a[0], a[1], rows, a[2], g + a[3], t->fresh); break;
      case MIX_BACKWARD: mix_backward(s, a + 7, a[6], a[4], rows, s + a[0], a[1], as_float(a[5]), s + a[2], a[3]); break;
      case CLEAR: clear(s + a[0], a[1], a[2], rows); break;
      case CLEAR_GRADIENT: clear(g + a[0], a[1], a[1], 1); break;
      case GATE_BACKWARD: gate_backward(s + a[0], s + a[1], span, rows, a[2], as_float(a[3]), s + a[4], a[5]); break;
      case CONSTANTS_BACKWARD: constants_backward(s + a[0], span, rows, a[1], g + a[2]); break;
      case SCATTER_WEIGHT_ROWS: scatter_weight_rows(b, a + 6, a[5], s + a[0], a[1], a[2], g + a[3], a[4]); break;
      case SCATTER_EMBEDDING: scatter_embedding(b, a[0], s + a[1], a[2], a[3], g + a[4], a[5]); break;
      case PREDICT: predict(a[0], a[1], rows, s + a[2], a[3], arena + a[4] + (long)t->first * a[1], s + t->header[H_SPARE]); break;
      case COPY_ROUTE:
        for (int r = 0; r < rows; r++) arena[a[1] + (long)(t->first + r) * a[2] + a[3]] = a[0] < 0 ? 0.0f : s[a[0] + r];
        break;
      case COPY_EXPERT:
        for (int r = 0; r < rows; r++)
          for (int c = 0; c < a[2]; c++) arena[a[3] + (long)(t->first + r) * a[4] + c] = s[a[0] + (long)r * a[1] + c];
        break;
      case CHOICE: run_choice(t, a); break;
      case NOISE:
        if (t->machine->mode != MODE_EVALUATE)
          noise(s + a[0], a[1], s + a[2], a[3], rows, (unsigned)t->first, a[4], dropout_of(t, 0, a[5]).own);
        break;
      case NOISE_BACKWARD: noise_backward(s + a[0], a[1], s + a[2], a[3], rows, a[4], s + a[5], a[6]); break;
      case SELECT: run_select(t, a); break;
      case SELECT_BACKWARD: run_select_backward(t, a); break;
      case IMPORTANCE: importance(s + a[0], span, rows, a[1], t->importance + a[2]); break;
      case LOAD:
        if (t->machine->mode != MODE_EVALUATE)
          gate_load(s + a[0], a[1], s + a[2], a[3], rows, (unsigned)t->first, a[4], a[5], dropout_of(t, 0, a[6]).own, s + a[7], span);
        break;
      case LOAD_BACKWARD: run_load_backward(t, a); break;
      case BALANCE: run_balance(t, a); break;
      case CHOOSE_ROWS:
        choose_rows(s, a + 2, a[1], rows, t->machine->mode == MODE_EVALUATE && t->machine->want & WANT_EXPERTS, ints + a[0]);
        break;
      case ON_ROWS:
        if (ints[a[0]] == 0) {
          at += a[2];
          break;
        }
        t->block = block_of(&whole, ints + a[0], (unsigned *)ints + a[1]);
        t->fresh = 0;
        rows = t->block.rows;
        break;
      case OFF_ROWS:
        t->block = whole;
        t->fresh = fresh;
        rows = whole.rows;
        break;
      case GATHER_ROWS: gather_rows(ints + a[0], s + a[1], a[2], a[3], s + a[4], a[5]); break;
      case SCATTER_ROWS: scatter_rows(ints + a[0], s + a[1], a[2], a[3], s + a[4], a[5]); break;
      case MIX_ROWS: mix_rows(s, ints + a[0], a + 5, a[4], a[3], s + a[1], a[2]); break;
      case MIX_ROWS_BACKWARD:
        mix_rows_backward(s, ints + a[0], a + 8, a[7], a[5], s + a[1], a[2], as_float(a[6]), s + a[3], a[4]);
        break;
      case ACTIVATE: activate(a[0], s + a[1], a[2], rows, a[3], s + a[4], a[5]); break;
      case ACTIVATE_BACKWARD: activate_backward(a[0], s + a[1], a[2], rows, a[3], s + a[4], a[5], s + a[6], a[7]); break;
      case DROP: run_drop(t, a); break;
      case LAYER_NORMALIZE:
        layer_normalize(s + a[0], a[1], rows, a[2], arena + a[3], arena + a[4], s + a[5], span, as_float(a[6]), s + a[7], a[8]);
        break;
      case LAYER_NORMALIZE_BACKWARD:
        layer_normalize_backward(s + a[0], a[1], rows, a[2], arena + a[3], s + a[4], span, s + a[5], a[6], s + a[7], a[8], g + a[9], g + a[10]);
        break;
      case ADD_WEIGHT_GRADIENT: run_weight_gradient(t, a, 0); break;
      case ADD_BIAS_GRADIENT: bias_gradient(s + a[0], a[1], rows, a[2], g + a[3], 0); break;
      case INTERACT: interact(s + a[0], a[1], rows, a[2], a[3], s + a[4], a[5]); break;
      case INTERACT_BACKWARD: interact_backward(s + a[0], a[1], rows, a[2], a[3], s + a[4], a[5], s + a[6], a[7]); break;
      case BATCH_MOMENTS: run_batch_moments(t, a); break;
      case BATCH_COMBINE: run_batch_combine(t, a); break;
      case BATCH_NORMALIZE: run_batch_normalize(t, a); break;
      case BATCH_GRADIENTS:
        batch_gradients(s + a[0], a[1], rows, a[2], statistics_of(t, t->share) + a[3], s + a[4], a[5], g + a[6], g + a[7], t->fresh);
        break;
      case BATCH_COMBINE_GRADIENTS: run_batch_combine_gradients(t, a); break;
      case BATCH_NORMALIZE_BACKWARD:
        batch_normalize_backward(s + a[0], a[1], rows, a[2], statistics_of(t, t->share) + a[3], arena + a[4], s + a[5], a[6], s + a[7], a[8]);
        break;
      case ACTIVE_GRADIENT: run_active_gradient(t, a); break;
      case TURN_GRADIENT: run_turn_gradient(t, a); break;
      case DISTANCE: distance(arena + t->header[H_WEIGHTS], g, a + 2, at[1] - 4, a[1], as_float(a[0])); break;
    }
  }
}

/* A share of every matrix that is needed transposed. */
static void transpose_share(const struct thread *t, int share, int shares) {
  for (const int *at = t->header + t->header[H_TRANSPOSE]; at[0] != END; at += at[1]) {
    const int *a = at + 2;
    int first = (int)((long)a[2] * share / shares), end = (int)((long)a[2] * (share + 1) / shares);
    transpose(t->arena + a[0], a[1], first, end, a[3], t->arena + a[4], a[5]);
  }
}

/* `fresh`: the first of these blocks is the share's first. */
static void run_blocks(struct thread *t, int first, int end, const int *programs, int count, int fresh) {
  const int most = t->header[H_BLOCK_ROWS];
  for (int row = first; row < end; row += most) {
    t->first = row;
    t->fresh = fresh && row == first;
    t->block.index = t->machine->indices + row;
    t->block.rows = least(end - row, most);
    for (int i = 0; i < count; i++) run_program(t, t->header + programs[i]);
  }
}

static void evaluate(struct thread *t, int first, int end) {
  const int *h = t->header;
  int programs[4] = {h[H_FORWARD], h[H_PREDICT]}, count = 2;
  if (t->machine->want & WANT_ROUTES) programs[count++] = h[H_ROUTES];
  if (t->machine->want & WANT_EXPERTS) programs[count++] = h[H_EXPERTS];
  run_blocks(t, first, end, programs, count, 1);
}

static void prepare(struct thread *t, int share) {
  const struct machine *m = t->machine;
  const int *h = m->plan;
  int first, end;
  rows_of(m->count, share, h[H_THREADS], &first, &end);
  if (share == 0) *(double *)(m->arena + h[H_RESULTS]) = STATUS_DONE;
  transpose_share(t, share, h[H_THREADS]);
  for (int i = 0; i < h[H_IMPORTANCE_STRIDE] / 2; i++) importance_sums(t, share)[i] = 0;
  t->block.index = m->indices + first;
  t->block.rows = end - first;
  for (int k = 0; k < h[H_TASKS]; k++) {
    double *sums = sums_of(m, share) + SUMS_PER_TASK * k;
    sums[0] = sums[1] = sums[2] = 0;
    if (m->all_labelled) sums[1] = sums[2] = end - first;
    else sum_weights(&t->block, k, &sums[1], &sums[2]);
  }
}

/* One of the passes before TRAIN. */
static void run_pass(struct thread *t, int share, int pass) {
  const int *h = t->header;
  int first, end;
  rows_of(t->machine->count, share, h[H_THREADS], &first, &end);
  t->importance = importance_sums(t, share);
  run_blocks(t, first, end, h + h[H_FIRST_PASS] + pass, 1, 1);
}

/* One of several stages: each block has a scratch area of its own. */
static void run_stage(struct thread *t, int share, int first, int end, const int *programs) {
  const int *h = t->header;
  const int most = h[H_BLOCK_ROWS];
  float *const scratch = t->scratch;
  t->store = t->machine->store + share * blocks_of_share(h, t->machine->count) * h[H_SCRATCH_STRIDE];
  run_program(t, h + programs[0]);
  for (int row = first; row < end; row += most) {
    t->scratch = t->store + (long)(row - first) / most * h[H_SCRATCH_STRIDE];
    run_blocks(t, row, least(row + most, end), programs + 1, 1, row == first);
  }
  t->scratch = scratch;
  run_program(t, h + programs[2]);
}

static void run_share(struct thread *t, int share, int stage) {
  const struct machine *m = t->machine;
  const int *h = m->plan;
  int first, end;
  rows_of(m->count, share, h[H_THREADS], &first, &end);
  if (first >= end) return;
  if (m->mode == MODE_EVALUATE) {
    if (stage == 0) evaluate(t, first, end);
    return;
  }
  t->share = share;
  t->sums = sums_of(m, share);
  t->importance = importance_sums(t, share);
  t->gradient = m->arena + h[H_GRADIENTS] + (long)share * h[H_GRADIENT_STRIDE];
  for (int k = 0; k < h[H_TASKS]; k++) t->total[k] = sum_over_shares(m, k, 1);
  if (stage == 0) run_program(t, h + h[H_START]);
  if (h[H_STAGES] == 1) run_blocks(t, first, end, h + H_TRAIN, 1, 1);
  else run_stage(t, share, first, end, h + h[H_FIRST_STAGE] + 3 * stage);
  if (stage == h[H_STAGES] - 1) run_program(t, h + h[H_END]);
  // The last share has rows if any has.
  if (stage == h[H_STAGES] - 1 && share == h[H_THREADS] - 1 && !(m->want & WANT_BARE)) run_program(t, h + h[H_FINISH]);
}

static void run_piece(struct thread *t, int phase, int home, int piece) {
  const struct machine *m = t->machine;
  if (phase >= rows_phase(m) && phase < update_phase(m)) run_share(t, home, phase - rows_phase(m));
  else if (m->mode == MODE_EVALUATE) return;
  else if (phase == PREPARE) {
    if (m->mode != MODE_APPLY) prepare(t, home);
    else if (home == 0) *(double *)(t->arena + t->header[H_RESULTS]) = STATUS_DONE;
  } else if (phase < rows_phase(m)) {
    if (m->mode != MODE_APPLY) run_pass(t, home, phase - 1);
  } else update(t->machine, t->total + t->header[H_TASKS], UPDATE_PIECES * home + piece, UPDATE_PIECES * t->header[H_THREADS]);
}

/* All the pieces of a phase that the thread can get, from those of thread `from` on. Returned: how many. */
static int run_phase(struct thread *t, int phase, int from, unsigned call) {
  const int threads = t->header[H_THREADS];
  int pieces = 0;
  for (int i = 0; i < threads; i++) {
    int home = from + i < threads ? from + i : from + i - threads;
    for (int claim = first_claim(t->machine, phase); claim < first_claim(t->machine, phase + 1); claim++) {
      if (threads > 1 && !take(t->machine, home, claim, call)) continue;
      run_piece(t, phase, home, claim - first_claim(t->machine, phase));
      pieces++;
    }
  }
  return pieces;
}

static void run(struct machine *m, int number, unsigned call) {
  const int *h = m->plan;
  const int threads = h[H_THREADS];
  struct thread t = {
      .machine = m, .header = h, .arena = m->arena,
      .scratch = m->arena + h[H_SCRATCH] + (long)number * h[H_SCRATCH_STRIDE],
      .block = {.table = &m->table},
      .total = sums_of(m, number) + SUMS_PER_TASK * h[H_TASKS],
  };
  const int phases = update_phase(m) + 1;
  for (int phase = 0; phase < phases; phase++) {
    if (threads > 1) wait_for_phase(m, phase, call);
    int from = h[H_DISORDER] == 0 ? number : disordered(m, number, phase, call);
    if (from < 0) return;
    int pieces = run_phase(&t, phase, from, call);
    if (threads > 1 && pieces > 0) add_done(m, pieces);
  }
  if (threads > 1 && number == 0) wait_for_phase(m, phases, call);
}

static long check(const struct table *table, long rows, const int *sizes, const int *classes) {
  for (long r = 0; r < rows; r++) {
    for (int f = 0; f < table->fields; f++) {
      int value = table->categorical[r * table->fields + f];
      if (value < 0 || value >= sizes[f]) return r;
    }
    for (int k = 0; k < table->tasks; k++) {
      float label = table->labels[r * table->tasks + k];
      if (classes[k] > 0 && label == label && !(label >= 0 && label < (float)classes[k])) return r;
    }
  }
  return -1;
}

const struct kernel KERNEL = {KERNEL_NAME, WIDTH, run, check};
