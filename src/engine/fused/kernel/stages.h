/*
 * Stages: a network with batch normalisation runs a training pass in several, each over all rows before the
 * next one begins. What a block holds must last from stage to stage, so each block of the batch has a scratch
 * area of its own, in the machine's `store`: as many for every share of rows as the largest one needs.
 */
#ifndef MMOE_STAGES_H
#define MMOE_STAGES_H
#include "machine.h"

static inline long blocks_of_share(const int *plan, int count) {
  long tiles = ((long)count + 7) / 8, threads = plan[H_THREADS];
  long rows = (tiles + threads - 1) / threads * 8;
  return (rows + plan[H_BLOCK_ROWS] - 1) / plan[H_BLOCK_ROWS];
}

/* Floats that `store` needs for a training pass over `count` rows; 0: none. */
static inline long store_floats(const int *plan, int count) {
  return plan[H_STAGES] == 1 ? 0 : plan[H_THREADS] * blocks_of_share(plan, count) * plan[H_SCRATCH_STRIDE];
}

#endif
