/*
 * Tables whose rows several columns choose, or lists of a column: what chooses a row is an entry, of a row of the
 * batch and a column, with a share. The entries are grouped by the row of the table that they choose, in the
 * order of the batch's rows, then of the columns, then of a list, as tables/groups.h groups rows. The groups lie
 * in `store` after those (tables/kept.h).
 */
#ifndef MMOE_USES_H
#define MMOE_USES_H
#include "layers/lists.h"
#include "tables/groups.h"

struct entries {
  int *length;   /* the number of distinct categories */
  int *category; /* [distinct] */
  int *first;    /* [distinct]: the first entry that has it */
  int *last;     /* [distinct] */
  int *next;     /* [entries]: the next one that has the same; −1: none */
  int *from;     /* [entries]: where the row keeps its gradients, in floats from the start of `store` */
  float *share;  /* [entries] */
  int *places;   /* by hash: 1 + the number of a distinct category; 0: free */
};

static inline const struct table_use *uses_of(const struct plan *plan, const struct learned_table *t) {
  return (const struct table_use *)in_plan(plan, t->first_use);
}

static inline const struct learned_table *shared_table(const struct plan *plan, int number) {
  return (const struct learned_table *)in_plan(plan, plan->first_table) + plan->tables - plan->shared_tables +
         number;
}

static inline struct entries entries_at(const struct machine *m, int rows, int number) {
  const struct plan *plan = m->plan;
  long before = (long)plan->kept_width * rows + plan->groups * ints_of_group(rows);
  for (int i = 0; i < number; i++) before += ints_of_entries(plan, shared_table(plan, i), m->table.longest, rows);
  const long most = most_entries(plan, shared_table(plan, number), m->table.longest, rows);
  int *at = (int *)(m->store + before);
  const long list = whole_lines(most);
  int *category = at + LINE_FLOATS;
  return (struct entries){at,
                          category,
                          category + list,
                          category + 2 * list,
                          category + 3 * list,
                          category + 4 * list,
                          (float *)(category + 5 * list),
                          category + 6 * list};
}

/* Adds an entry to the group of its category. */
INLINE int add_entry(const struct entries *g, int length, int entry, unsigned long last, int shift, int category) {
  unsigned long place = ((unsigned)category * 2654435769u) >> shift;
  int found = g->places[place];
  while (found != 0 && g->category[found - 1] != category) {
    place = (place + 1) & last;
    found = g->places[place];
  }
  g->next[entry] = -1;
  if (found == 0) {
    g->places[place] = length + 1;
    g->category[length] = category;
    g->first[length] = g->last[length] = entry;
    return length + 1;
  }
  g->next[g->last[found - 1]] = entry;
  g->last[found - 1] = entry;
  return length;
}

static void group_entries(const struct machine *m, int number) {
  const struct learned_table *t = shared_table(m->plan, number);
  const struct table_use *uses = uses_of(m->plan, t);
  const int rows = m->count, fields = m->table.fields;
  const struct entries g = entries_at(m, rows, number);
  const long places = places_of_group(most_entries(m->plan, t, m->table.longest, rows));
  const int shift = 32 - __builtin_ctzl((unsigned long)places);
  for (long i = 0; i < places; i++) g.places[i] = 0;
  int length = 0, entry = 0;
  for (int r = 0; r < rows; r++) {
    const int *row = m->table.categorical + (unsigned long)m->indices[r] * fields;
    for (int u = 0; u < t->uses; u++) {
      const struct table_use *use = &uses[u];
      const int from = use->kept_before * rows + r * use->kept_stride + use->kept_column;
      const int chosen = row[use->field];
      struct listed l = {1, 0};
      if (use->several) l = list_at(&m->table, chosen);
      for (int i = 0; i < l.length; i++, entry++) {
        g.from[entry] = from;
        g.share[entry] = use->several ? listed_share(&l, i) : 1;
        length = add_entry(&g, length, entry, (unsigned long)(places - 1), shift,
                           use->several ? listed_value(&l, i) : chosen);
      }
    }
  }
  *g.length = length;
}

#endif
