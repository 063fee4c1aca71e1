/*
 * Claims say which thread does what. A call has phases; each phase is cut into pieces, which are the same
 * whoever does them, and a phase opens when every piece of the phases before it is done. A thread first takes
 * the pieces that are at home with it, whose values its cache may hold, then any that nobody has begun. So a
 * thread that sleeps, or has lost its processor, is waited for only if it is in the middle of a piece, and
 * thread 0 can do a whole call alone.
 *
 * A claim holds the number of the last call in which its piece was taken, and every call takes every piece.
 * So a thread that comes late, for a call that is over, finds every claim past its own number and takes
 * nothing; before it has taken a piece it reads nothing that changes between calls. `done` counts pieces over
 * all calls. All of them wrap around.
 */
#ifndef MMOE_CLAIMS_H
#define MMOE_CLAIMS_H
#include "machine.h"
#include "threads/cpu-pause.h"

#if defined(__wasm__)
/* Waits for 20 µs, or less if the value changes. */
#define WAIT_A_LITTLE(place, seen) __builtin_wasm_memory_atomic_wait32((int *)(place), (int)(seen), 20000)
#define SPINS 10000
#else
#include <time.h>
/* Not sched_yield: on a busy machine a thread that slept is let in at once, while one that yielded waits (100
 * against 15 k rows/s at batch 32). */
#define WAIT_A_LITTLE(place, seen) \
  ((void)(place), (void)(seen), nanosleep(&(struct timespec){.tv_nsec = 20000}, 0))
#define SPINS 1500
#endif
/* SPINS looks take about 20 µs. */

/* The phases are: PREPARE, the plan's passes, the rows stage by stage, and the update. */
enum { PREPARE = 0 };
static inline int rows_phase(const struct machine *m) { return 1 + m->plan->passes; }
static inline int update_phase(const struct machine *m) { return rows_phase(m) + m->plan->stages; }
/* Returns where the claims of a phase begin among those of a thread; for the phase after the last one, how
 * many there are. */
static inline int first_claim(const struct machine *m, int phase) {
  return phase <= update_phase(m) ? phase : update_phase(m) + UPDATE_PIECES;
}
#define INTS_PER_LINE 16
static inline int lines_per_thread(const struct machine *m) {
  return (first_claim(m, update_phase(m) + 1) + INTS_PER_LINE - 1) / INTS_PER_LINE;
}

/* Returns a line of claims: the first one holds `done`, then come those of each thread. */
static inline unsigned *claims_line(const struct machine *m, int line) {
  return (unsigned *)(m->arena + m->plan->claims) + line * INTS_PER_LINE;
}

/* Takes a piece. Returns whether the caller is to do it. */
static int take(const struct machine *m, int home, int claim, unsigned call) {
  unsigned *at = claims_line(m, 1 + home * lines_per_thread(m)) + claim, before = call - 1;
  return __atomic_load_n(at, __ATOMIC_RELAXED) == before &&
         __atomic_compare_exchange_n(at, &before, call, 0, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static void add_done(const struct machine *m, int pieces) {
  __atomic_add_fetch(claims_line(m, 0), (unsigned)pieces, __ATOMIC_RELEASE);
}

/* Returns when the pieces of all phases before `phase` are done. It spins, and after a while lets others have
 * the processor between looks. */
static void wait_for_phase(const struct machine *m, int phase, unsigned call) {
  const unsigned threads = (unsigned)m->plan->threads;
  const unsigned wanted =
      ((call - 1) * (unsigned)first_claim(m, update_phase(m) + 1) + (unsigned)first_claim(m, phase)) *
      threads;
  const unsigned *done = claims_line(m, 0);
  for (int spins = 0;; spins++) {
    unsigned seen = __atomic_load_n(done, __ATOMIC_ACQUIRE);
    if ((int)(seen - wanted) >= 0) return;
    if (spins < SPINS) CPU_PAUSE();
    else WAIT_A_LITTLE(done, seen);
  }
}

/*
 * Where the plan has `disorder`, which tests set, a thread comes to a phase late or, unless it is thread 0,
 * not at all, and first looks for pieces of any thread. Returns that thread, or −1.
 */
static int disordered(const struct machine *m, int number, int phase, unsigned call) {
  unsigned x = (unsigned)m->plan->disorder * 2654435761u ^
               (call * 31 + (unsigned)(number * (update_phase(m) + 1) + phase)) * 2246822519u;
  x = (x ^ x >> 15) * 3266489917u;
  x ^= x >> 16;
  for (volatile unsigned delay = x % 7 == 0 ? x >> 16 : x >> 24; delay > 0;) delay = delay - 1;
  if (number > 0 && x % 5 == 0) return -1;
  return (int)((x >> 8) % (unsigned)m->plan->threads);
}

#endif
