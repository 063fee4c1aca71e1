/*
 * A network with batch normalisation runs a training pass in several stages, each over all rows before the
 * next one begins. What a block holds must last from stage to stage, so each block of the batch has a scratch
 * area of its own in the machine's `store`, which has as many for every share of rows as the largest share
 * needs.
 */
#ifndef MMOE_STAGES_H
#define MMOE_STAGES_H
#include "tables/kept.h"

/* Returns how many blocks the largest share of `count` rows has. */
static inline long blocks_of_share(const struct plan *plan, int count) {
  long tiles = ((long)count + 7) / 8, threads = plan->threads;
  long rows = (tiles + threads - 1) / threads * 8;
  return (rows + plan->block_rows - 1) / plan->block_rows;
}

/* Returns how many floats `store` needs for a training pass over `count` rows: what is kept for tables, then
 * the blocks, of which there are none if there is one stage. */
static inline long store_floats(const struct plan *plan, int longest, int count) {
  const long blocks = plan->stages == 1 ? 0 : plan->threads * blocks_of_share(plan, count);
  return kept_floats(plan, longest, count) + blocks * plan->scratch_stride;
}

#endif
