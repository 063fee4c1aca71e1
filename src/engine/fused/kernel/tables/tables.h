/*
 * Moves the rows of tables that a batch has, and no others: the gradients of all rows of the batch that chose
 * one are summed in their order, so the result does not depend on the number of threads beyond what they
 * were given.
 *
 *   lazy                one step of training/optimizer.h for the row; moments and weights of all other rows rest
 *   row-wise Adagrad    s += mean_c g_c²,  w −= α g / (√s + ε)   (Mudigere et al. 2022, section 4.1.4)
 *
 * A row is its weights and, `moment` floats apart, its first and second moment, or its one sum s.
 */
#ifndef MMOE_TABLES_H
#define MMOE_TABLES_H
#include "tables/groups.h"
#include "tables/uses.h"
#include "training/optimizer.h"

/* So many rows ahead a row is fetched. */
#define ROWS_AHEAD 6

INLINE void fetch_row(const float *row, int floats) {
  for (int c = 0; c < floats; c += LINE_FLOATS) __builtin_prefetch(row + c, 1);
}

/* One table's part of what is kept, and the lists of the rows, or of the entries, that have the same category. */
struct kept_gradients {
  const float *of; /* at the table's first column; of entries: the start of `store` */
  long stride;
  const int *next;
  const int *from;    /* of entries alone (tables/uses.h) */
  const float *share;
};

/* Returns the gradient's vector at column c, summed over the rows, or entries, from `r` on. Lanes that are not in
 * `lanes` are 0. `shared` is known when this is compiled. */
INLINE vf kept_gradient(const struct kept_gradients *k, int shared, int r, int c, vi lanes) {
  if (shared) {
    vf g = splat(k->share[r]) * load(k->of + k->from[r] + c);
    for (r = k->next[r]; r >= 0; r = k->next[r]) g += splat(k->share[r]) * load(k->of + k->from[r] + c);
    return keep(lanes, g);
  }
  vf g = load(k->of + r * k->stride + c);
  for (r = k->next[r]; r >= 0; r = k->next[r]) g += load(k->of + r * k->stride + c);
  return keep(lanes, g);
}

/* Does the optimiser's step for one row of a table; `finite` gathers as in `optimize`. */
INLINE void move_row(const struct learned_table *t, const struct optimizer *s, struct treatment how, float *w,
                     const struct kept_gradients *k, int shared, int r, vf *finite) {
  const int columns = t->columns;
  if (t->accumulates) {
    float *sum = w + t->moment, squares = 0;
    for (int c = 0; c < columns; c += WIDTH) {
      vf g = kept_gradient(k, shared, r, c, first_lanes(columns - c)) * how.scale;
      squares += lane_sum(g * g);
    }
    *sum += squares / (float)columns;
    const float rate = s->learning_rate * how.factor / (__builtin_sqrtf(*sum) + s->epsilon);
    for (int c = 0; c < columns; c += WIDTH) {
      const vi lanes = first_lanes(columns - c);
      vf before = load(w + c);
      vf g = kept_gradient(k, shared, r, c, lanes) * how.scale;
      store(w + c, choose(lanes, before * how.keep - g * rate, before));
    }
    *finite += *sum * 0.0f;
    return;
  }
  float *m = w + t->moment, *v = m + t->moment;
  for (int c = 0; c < columns; c += WIDTH) {
    vf g = kept_gradient(k, shared, r, c, first_lanes(columns - c)) * how.scale, kept = load(w + c) * how.keep;
    struct moved next = moved(s, s->rate * how.factor, g, kept, load(m + c), s->adam ? load(v + c) : g);
    store(m + c, next.m);
    if (s->adam) store(v + c, next.v);
    store(w + c, next.w);
    *finite += next.finite;
  }
}

/* Does one of the pieces of a table: sums up the squares of the gradient where `squares` is not null, else moves
 * the rows of these categories. */
INLINE void table_piece(const struct machine *m, const struct learned_table *t, const struct kept_gradients *k,
                        int shared, int length, const int *category, const int *first_of, int piece, int pieces,
                        double *squares, vf *finite) {
  const struct step_settings *step = (const struct step_settings *)(m->arena + m->plan->step);
  const struct optimizer settings = m->optimizer;
  const struct treatment how = {1, t->decays ? 1 - step->decay : 1, step->scale};
  const long first = (long)length * piece / pieces, end = (long)length * (piece + 1) / pieces;
  float *const w = m->arena + t->w;
  if (squares) {
    vf sum = {0};
    for (long u = first; u < end; u++) {
      for (int c = 0; c < t->columns; c += WIDTH) {
        vf gradient = kept_gradient(k, shared, first_of[u], c, first_lanes(t->columns - c));
        sum += gradient * gradient;
        *finite += gradient * 0.0f;
      }
    }
    for (int lane = 0; lane < WIDTH; lane++) *squares += sum[lane];
    return;
  }
  for (long u = first; u < end && u < first + ROWS_AHEAD; u++)
    fetch_row(w + category[u] * (long)t->w_stride, t->w_stride);
  for (long u = first; u < end; u++) {
    if (u + ROWS_AHEAD < end) fetch_row(w + category[u + ROWS_AHEAD] * (long)t->w_stride, t->w_stride);
    move_row(t, &settings, how, w + category[u] * (long)t->w_stride, k, shared, first_of[u], finite);
  }
}

/* Does one of the pieces of all tables whose rows one column each chooses. Returns 0 if a gradient or a moment is
 * not a finite number, else 1. Not inlined: beside it the loop over all other weights would run out of registers. */
static __attribute__((noinline)) int tables_piece(const struct machine *m, int piece, int pieces,
                                                  double *squares) {
  const struct plan *plan = m->plan;
  const struct learned_table *tables = (const struct learned_table *)in_plan(plan, plan->first_table);
  const int rows = *kept_rows(m);
  vf finite = {0};
  for (int i = 0; i < plan->tables - plan->shared_tables; i++) {
    const struct learned_table *t = &tables[i];
    const struct group g = group_at(m, rows, t->group);
    const struct kept_gradients k = {
        kept_section(m, rows, t->kept_before) + t->kept_column, t->kept_stride, g.next, 0, 0};
    table_piece(m, t, &k, 0, *g.length, g.category, g.first, piece, pieces, squares, &finite);
  }
  return all_zero(finite);
}

/* Does the same for shared tables. */
static __attribute__((noinline)) int shared_tables_piece(const struct machine *m, int piece, int pieces,
                                                         double *squares) {
  const int rows = *kept_rows(m);
  vf finite = {0};
  for (int i = 0; i < m->plan->shared_tables; i++) {
    const struct entries g = entries_at(m, rows, i);
    const struct kept_gradients k = {m->store, 0, g.next, g.from, g.share};
    table_piece(m, shared_table(m->plan, i), &k, 1, *g.length, g.category, g.first, piece, pieces, squares,
                &finite);
  }
  return all_zero(finite);
}

#endif
