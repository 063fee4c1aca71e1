/*
 * Groups the rows of a batch by their category in one field: the distinct categories in the order in which
 * the batch first has them, each with a list of its rows, ascending. Time and memory grow with the batch
 * alone. A group lies in `store` (tables/kept.h).
 */
#ifndef MMOE_GROUPS_H
#define MMOE_GROUPS_H
#include "tables/kept.h"

struct group {
  int *length;   /* the number of distinct categories */
  int *category; /* [distinct] */
  int *first;    /* [distinct]: the first row that has it */
  int *last;     /* [distinct] */
  int *next;     /* [rows]: the next row that has the same one; −1: none */
  int *places;   /* by hash: 1 + the number of a distinct category; 0: free */
};

static inline struct group group_at(const struct machine *m, int rows, int number) {
  int *at = (int *)(m->store + (long)m->plan->kept_width * rows) + number * ints_of_group(rows);
  const long list = whole_lines(rows);
  int *category = at + LINE_FLOATS;
  return (struct group){at, category, category + list, category + 2 * list, category + 3 * list,
                        category + 4 * list};
}

/* So many rows ahead the categories are fetched: the rows of a batch lie anywhere. */
#define CATEGORIES_AHEAD 16

static void group_rows(const struct machine *m, int number) {
  const int field = in_plan(m->plan, m->plan->first_group)[number];
  const int rows = m->count, fields = m->table.fields;
  const int *categorical = m->table.categorical + field;
  const struct group g = group_at(m, rows, number);
  const long places = places_of_group(rows);
  const int shift = 32 - __builtin_ctzl((unsigned long)places);
  for (long i = 0; i < places; i++) g.places[i] = 0;
  int length = 0;
  for (int r = 0; r < rows; r++) {
    if (r + CATEGORIES_AHEAD < rows)
      __builtin_prefetch(categorical + (unsigned long)m->indices[r + CATEGORIES_AHEAD] * fields);
    const int category = categorical[(unsigned long)m->indices[r] * fields];
    /* Multiplicative hashing (Knuth, The Art of Computer Programming 3, section 6.4), then one after the other. */
    unsigned long place = ((unsigned)category * 2654435769u) >> shift;
    int found = g.places[place];
    while (found != 0 && g.category[found - 1] != category) {
      place = (place + 1) & (unsigned long)(places - 1);
      found = g.places[place];
    }
    g.next[r] = -1;
    if (found == 0) {
      g.places[place] = length + 1;
      g.category[length] = category;
      g.first[length] = g.last[length] = r;
      length++;
    } else {
      g.next[g.last[found - 1]] = r;
      g.last[found - 1] = r;
    }
  }
  *g.length = length;
}

#endif
