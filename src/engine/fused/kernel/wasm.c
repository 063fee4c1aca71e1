/*
 * The WebAssembly side of the kernel has one machine for each instance of the memory; the host sets it up
 * through `configure` and `prepare`.
 *
 * The host's thread calls `begin` and then `run_thread(0)`; every worker sits in `serve(number)`, which
 * returns after `quit`. Addresses are bytes in the memory. The machine itself lies where the host says, below
 * the arena.
 */
#include "threads/stages.h"

#define EXPORT(name) __attribute__((export_name(#name)))

extern const struct kernel mmoe_kernel;

struct instance {
  struct machine machine;
  unsigned sequence; /* of the last call begun */
  int sleepers, quit;
};

/* So many looks take about 100 µs; a training step follows the last one within microseconds. */
#define SPINS_BEFORE_SLEEP 50000

EXPORT(instance_bytes) int instance_bytes(void) { return sizeof(struct instance); }
EXPORT(vector_width) int vector_width(void) { return mmoe_kernel.width; }

EXPORT(configure)
void configure(struct instance *i, float *arena, const struct plan *plan, int numeric_columns, int fields,
               int tasks) {
  *i = (struct instance){
      .machine = {.arena = arena,
                  .plan = plan,
                  .table = {.numeric_columns = numeric_columns, .fields = fields, .tasks = tasks}}};
}

EXPORT(check_rows)
int check_rows(struct instance *i, const int *categorical, const int *lists, int lists_length,
               const float *labels, int rows, const int *sizes, const int *classes) {
  struct table table = i->machine.table;
  table.categorical = categorical;
  table.lists = lists;
  table.lists_length = lists_length;
  table.labels = labels;
  return (int)mmoe_kernel.check(&table, rows, sizes, classes);
}

EXPORT(prepare)
void prepare(struct instance *i, const float *numeric, const int *categorical, const int *lists,
             int longest, const float *labels, const float *weights, int all_labelled, const unsigned *indices, int count, int mode, int want,
             const struct optimizer *settings, float *store) {
  struct machine *m = &i->machine;
  m->table.numeric = numeric;
  m->table.categorical = categorical;
  m->table.lists = lists;
  m->table.longest = longest;
  m->table.labels = labels;
  m->table.weights = weights;
  m->all_labelled = all_labelled;
  m->store = store;
  m->indices = indices;
  m->count = count;
  m->mode = mode;
  m->want = want;
  m->optimizer = *settings;
}

EXPORT(store_bytes) double store_bytes(struct instance *i, int longest, int count) {
  return (double)store_floats(i->machine.plan, longest, count) * (double)sizeof(float);
}

EXPORT(begin) void begin(struct instance *i) {
  __atomic_add_fetch(&i->sequence, 1, __ATOMIC_SEQ_CST);
  if (__atomic_load_n(&i->sleepers, __ATOMIC_SEQ_CST) > 0)
    __builtin_wasm_memory_atomic_notify((int *)&i->sequence, 0x7fffffff);
}

EXPORT(run_thread) void run_thread(struct instance *i, int number) {
  mmoe_kernel.run(&i->machine, number, i->sequence);
}

EXPORT(quit) void quit(struct instance *i) {
  __atomic_store_n(&i->quit, 1, __ATOMIC_SEQ_CST);
  begin(i);
}

/* Waits for a call after `seen`. Returns the latest one's number; others may have done it already. */
static unsigned wait_for_call(struct instance *i, unsigned seen) {
  unsigned now = seen;
  for (int spins = 0; spins < SPINS_BEFORE_SLEEP && now == seen; spins++)
    now = __atomic_load_n(&i->sequence, __ATOMIC_ACQUIRE);
  while (now == seen) {
    __atomic_add_fetch(&i->sleepers, 1, __ATOMIC_SEQ_CST);
    __builtin_wasm_memory_atomic_wait32((int *)&i->sequence, (int)seen, -1);
    __atomic_sub_fetch(&i->sleepers, 1, __ATOMIC_SEQ_CST);
    now = __atomic_load_n(&i->sequence, __ATOMIC_SEQ_CST);
  }
  return now;
}

EXPORT(serve) void serve(struct instance *i, int number) {
  for (unsigned call = 0;;) {
    call = wait_for_call(i, call);
    if (__atomic_load_n(&i->quit, __ATOMIC_SEQ_CST)) return;
    mmoe_kernel.run(&i->machine, number, call);
  }
}
