/*
 * Cuts the rows of a call into shares, and adds up the sums that the shares come to.
 */
#ifndef MMOE_SHARES_H
#define MMOE_SHARES_H
#include "machine.h"
#include "arithmetic/vector.h"

/* Finds the rows [first, end) of a share: whole tiles of 8, as evenly as possible. */
static void rows_of(int count, int share, int shares, int *first, int *end) {
  long tiles = (count + 7) / 8;
  long a = tiles * share / shares * 8, b = tiles * (share + 1) / shares * 8;
  *first = a < count ? (int)a : count;
  *end = b < count ? (int)b : count;
}

/* Returns how many rows a share has. */
static int rows_in(int count, int share, int shares) {
  int first, end;
  rows_of(count, share, shares, &first, &end);
  return end - first;
}

/* Returns the sums of a share of rows; the totals and the mean losses of the thread with that number
 * follow. */
INLINE double *sums_of(const struct machine *m, int share) {
  return (double *)(m->arena + m->plan->sums + (long)share * m->plan->sums_stride);
}

/* Adds up sum number `which` of a task over the shares, in their order. */
static double sum_over_shares(const struct machine *m, int task, int which) {
  double sum = 0;
  for (int t = 0; t < m->plan->threads; t++) sum += sums_of(m, t)[SUMS_PER_TASK * task + which];
  return sum;
}

/* Computes each task's mean loss. Returns the status, which names the first loss that is not finite although
 * the task has labels. */
static int mean_losses(const struct machine *m, double *losses) {
  int status = STATUS_DONE;
  for (int k = 0; k < m->plan->tasks; k++) {
    double weights = sum_over_shares(m, k, 1);
    losses[k] = sum_over_shares(m, k, 0) / weights;
    if (status == STATUS_DONE && weights > 0 && !(losses[k] - losses[k] == 0))
      status = STATUS_LOSS_NOT_FINITE + k;
  }
  return status;
}

#endif
