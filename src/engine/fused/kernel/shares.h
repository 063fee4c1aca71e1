/*
 * The shares of a call's rows, and the sums that each of them comes to.
 */
#ifndef MMOE_SHARES_H
#define MMOE_SHARES_H
#include "machine.h"
#include "vector.h"

/* The rows of a share: whole tiles of 8, as even as can be. */
static void rows_of(int count, int share, int shares, int *first, int *end) {
  long tiles = (count + 7) / 8;
  long a = tiles * share / shares * 8, b = tiles * (share + 1) / shares * 8;
  *first = a < count ? (int)a : count;
  *end = b < count ? (int)b : count;
}

static int rows_in(int count, int share, int shares) {
  int first, end;
  rows_of(count, share, shares, &first, &end);
  return end - first;
}

/* The sums of a share of rows; then the totals and the mean losses of the thread with that number. */
INLINE double *sums_of(const struct machine *m, int share) {
  return (double *)(m->arena + m->plan[H_SUMS] + (long)share * m->plan[H_SUMS_STRIDE]);
}

/* Sum `which` of a task over the shares, in their order. */
static double sum_over_shares(const struct machine *m, int task, int which) {
  double sum = 0;
  for (int t = 0; t < m->plan[H_THREADS]; t++) sum += sums_of(m, t)[SUMS_PER_TASK * task + which];
  return sum;
}

/* Each task's mean loss; the status: which is the first that is not finite though the task has labels. */
static int mean_losses(const struct machine *m, double *losses) {
  int status = STATUS_DONE;
  for (int k = 0; k < m->plan[H_TASKS]; k++) {
    double weights = sum_over_shares(m, k, 1);
    losses[k] = sum_over_shares(m, k, 0) / weights;
    if (status == STATUS_DONE && weights > 0 && !(losses[k] - losses[k] == 0)) status = STATUS_LOSS_NOT_FINITE + k;
  }
  return status;
}

#endif
