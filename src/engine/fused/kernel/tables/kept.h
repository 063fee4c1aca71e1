/*
 * What is kept of each row of a batch until the rows of tables that it chose are updated: the gradients by
 * what it read of them, in sections (of the embeddings; of each matrix whose weight has rows of one-hot
 * fields). So a step reads and writes no more of a table than the batch's rows, and needs no gradient buffer
 * of a table's size.
 *
 * It lies in the machine's `store`: the sections one after the other, each [rows of the batch, its stride],
 * then the groups (tables/groups.h), then the blocks of stages (threads/stages.h). It stays until the next
 * call that computes gradients.
 */
#ifndef MMOE_KEPT_H
#define MMOE_KEPT_H
#include "machine.h"

#define LINE_FLOATS 16

static inline long whole_lines(long floats) { return (floats + LINE_FLOATS - 1) / LINE_FLOATS * LINE_FLOATS; }

/* Returns how many places a group's table of ids has: a power of two, at least twice the rows. */
static inline long places_of_group(long count) {
  long places = LINE_FLOATS;
  while (places < 2 * (long)count) places *= 2;
  return places;
}

/* Returns how many integers a group takes: its length in a line of its own, four lists, and the places. */
static inline long ints_of_group(int count) {
  return LINE_FLOATS + 4 * whole_lines(count) + places_of_group(count);
}

/* Returns how many entries of `count` rows may choose rows of a shared table (tables/uses.h). */
static inline long most_entries(const struct plan *plan, const struct learned_table *t, int longest, int count) {
  const struct table_use *uses = (const struct table_use *)in_plan(plan, t->first_use);
  long most = 0;
  for (int u = 0; u < t->uses; u++) most += uses[u].several ? longest : 1;
  return most * count;
}

/* Returns how many integers the groups of a shared table's entries take: a length, six lists, and the places. */
static inline long ints_of_entries(const struct plan *plan, const struct learned_table *t, int longest, int count) {
  const long most = most_entries(plan, t, longest, count);
  return LINE_FLOATS + 6 * whole_lines(most) + places_of_group(most);
}

/* Returns how many floats of `store` are for tables when `count` rows are trained on. `longest`: the values of the
 * longest list that they may have. */
static inline long kept_floats(const struct plan *plan, int longest, int count) {
  const struct learned_table *tables = (const struct learned_table *)in_plan(plan, plan->first_table);
  long floats = (long)plan->kept_width * count + plan->groups * ints_of_group(count);
  for (int i = plan->tables - plan->shared_tables; i < plan->tables; i++)
    floats += ints_of_entries(plan, &tables[i], longest, count);
  return floats;
}

/* The rows of the batch that gradients are kept of: those of the call, or of the one before MODE_APPLY. */
static inline int *kept_rows(const struct machine *m) { return (int *)(m->arena + m->plan->kept_rows); }

/* Returns the section that comes after `before` floats of a row. */
static inline float *kept_section(const struct machine *m, int rows, int before) {
  return m->store + (long)before * rows;
}

#endif
