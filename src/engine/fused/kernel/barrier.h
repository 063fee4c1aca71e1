/*
 * Where the threads of a call wait for each other: the last to arrive opens it. They spin; one that waits for long lets
 * others have the processor between looks.
 */
#ifndef MMOE_BARRIER_H
#define MMOE_BARRIER_H
#include "machine.h"
#include "relax.h"

#if defined(__wasm__)
/* 20 µs at most, unless the value changes before. */
#define WAIT_A_LITTLE(place, seen) __builtin_wasm_memory_atomic_wait32(place, seen, 20000)
#define SPINS 10000
#else
#include <time.h>
/* Not sched_yield: on a busy machine who slept is let in at once, who yielded waits (100 against 15 k rows/s at batch 32). */
#define WAIT_A_LITTLE(place, seen) ((void)(place), (void)(seen), nanosleep(&(struct timespec){.tv_nsec = 20000}, 0))
#define SPINS 1500
#endif
/* SPINS looks take about 20 µs. */

static void wait_for_all(struct machine *m, int threads) {
  if (threads == 1) return;
  int generation = __atomic_load_n(&m->generation, __ATOMIC_ACQUIRE);
  if (__atomic_add_fetch(&m->arrived, 1, __ATOMIC_ACQ_REL) == threads) {
    __atomic_store_n(&m->arrived, 0, __ATOMIC_RELAXED);
    __atomic_store_n(&m->generation, generation + 1, __ATOMIC_RELEASE);
    return;
  }
  for (int spins = 0; __atomic_load_n(&m->generation, __ATOMIC_ACQUIRE) == generation; spins++) {
    if (spins < SPINS) RELAX();
    else WAIT_A_LITTLE(&m->generation, generation);
  }
}

#endif
