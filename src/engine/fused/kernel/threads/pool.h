/*
 * The pool holds the native threads of a machine. The caller is thread 0; each of the others waits for the
 * next call, helps with it and waits again. It spins for a while, because a training step follows the last
 * one within microseconds, then it sleeps.
 *
 * A call ends when all its pieces are done (threads/claims.h), so the machine may be filled anew for the next
 * one even if a worker is late, or has not noticed the call at all. `sequence` is the number of the last call
 * begun.
 */
#ifndef MMOE_POOL_H
#define MMOE_POOL_H
#include <pthread.h>
#include <stdlib.h>
#include "machine.h"
#include "threads/cpu-pause.h"

struct pool {
  struct machine machine;
  const struct kernel *kernel;
  int threads, workers; /* wanted, the caller's own included; running */
  pthread_t *handles;
  pthread_mutex_t mutex;
  pthread_cond_t wake;
  unsigned sequence;
  int sleepers, quit;
};

struct worker {
  struct pool *pool;
  int number;
};

/* So many looks take about 100 µs. */
#define SPINS_BEFORE_SLEEP 6000

/* Waits for a call after `seen`. Returns the latest one's number; others may have done it already. */
static unsigned wait_for_call(struct pool *p, unsigned seen) {
  unsigned now;
  for (int i = 0; i < SPINS_BEFORE_SLEEP; i++) {
    now = __atomic_load_n(&p->sequence, __ATOMIC_ACQUIRE);
    if (now != seen) return now;
    CPU_PAUSE();
  }
  pthread_mutex_lock(&p->mutex);
  __atomic_add_fetch(&p->sleepers, 1, __ATOMIC_SEQ_CST);
  while ((now = __atomic_load_n(&p->sequence, __ATOMIC_SEQ_CST)) == seen)
    pthread_cond_wait(&p->wake, &p->mutex);
  __atomic_sub_fetch(&p->sleepers, 1, __ATOMIC_SEQ_CST);
  pthread_mutex_unlock(&p->mutex);
  return now;
}

static void *work(void *argument) {
  struct worker self = *(struct worker *)argument;
  free(argument);
  struct pool *p = self.pool;
  for (unsigned call = 0;;) {
    call = wait_for_call(p, call);
    if (__atomic_load_n(&p->quit, __ATOMIC_ACQUIRE)) return 0;
    p->kernel->run(&p->machine, self.number, call);
  }
}

/* Lets the workers begin the next call. Returns its number. */
static unsigned begin_call(struct pool *p) {
  unsigned call = __atomic_add_fetch(&p->sequence, 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&p->sleepers, __ATOMIC_SEQ_CST) == 0) return call;
  pthread_mutex_lock(&p->mutex);
  pthread_cond_broadcast(&p->wake);
  pthread_mutex_unlock(&p->mutex);
  return call;
}

static void stop_workers(struct pool *p) {
  __atomic_store_n(&p->quit, 1, __ATOMIC_RELEASE);
  begin_call(p);
  for (int i = 0; i < p->workers; i++) pthread_join(p->handles[i], 0);
  p->workers = 0;
}

static int start_workers(struct pool *p) {
  for (int i = 1; i < p->threads; i++) {
    struct worker *worker = malloc(sizeof *worker);
    if (!worker) return 0;
    *worker = (struct worker){p, i};
    if (pthread_create(&p->handles[p->workers], 0, work, worker) != 0) {
      free(worker);
      return 0;
    }
    p->workers++;
  }
  return 1;
}

#endif
