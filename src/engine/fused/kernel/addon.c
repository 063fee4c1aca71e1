/*
 * The Node-API side of the native kernel: chooses the build for this processor, keeps the threads, checks
 * what comes in.
 *
 *   target(kernel) → { name, width } of the build chosen; '' chooses the best for this processor
 *   prepareMemory(memory) → bytes past the last multiple of 64 of the memory's address; asks for large pages
 *   open(memory, arena, plan, kernel, numeric, sizes, classes) → a machine; arena in bytes, plan in floats
 *   from there
 *   load(machine, count, numeric, categorical, labels, weights | null, lists | null, longest) → rows held by reference, or the
 *   number of the first that does not fit
 *   release(rows)
 *   run(machine, rows, indices, first, count, mode, want, settings) → nothing; results are in the memory
 *   readStore(machine, floats) → nothing; copies as many floats from the start of what the last training pass left
 *   close(machine)
 *   giveBack() → nothing; returns memory that the C library keeps for later to the system, from now on at
 *   once
 *
 * Lifetimes: a machine holds a reference to its memory, rows hold references to their arrays, both until
 * closed, released or collected. Threads belong to a machine: they spin for a while after a call, then sleep,
 * and end with `close`.
 */
#define _GNU_SOURCE
#include <node_api.h>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include "builds.h"
#include "threads/pages.h"
#include "threads/pool.h"
#include "threads/stages.h"

struct native {
  struct pool pool;
  napi_ref memory;
  int *sizes, *classes;
  long room; /* floats in the machine's store */
};

struct loaded {
  struct table table;
  unsigned long rows;
  int all_labelled;
  napi_ref arrays[5];
};

#define CHECK(call) \
  if ((call) != napi_ok) return fail(env, #call)
static napi_value fail(napi_env env, const char *what) {
  bool pending = false;
  napi_is_exception_pending(env, &pending);
  if (!pending) napi_throw_error(env, "fused.native", what);
  return 0;
}

static napi_value target(napi_env env, napi_callback_info info) {
  napi_value arguments[1], result, value;
  size_t count = 1, length;
  char wanted[32];
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_value_string_utf8(env, arguments[0], wanted, sizeof wanted, &length));
  const struct kernel *kernel = choose_kernel(wanted);
  if (!kernel) return fail(env, "this processor or this build does not have that kernel");
  CHECK(napi_create_object(env, &result));
  CHECK(napi_create_string_utf8(env, kernel->name, NAPI_AUTO_LENGTH, &value));
  CHECK(napi_set_named_property(env, result, "name", value));
  CHECK(napi_create_int32(env, kernel->width, &value));
  CHECK(napi_set_named_property(env, result, "width", value));
  return result;
}

static napi_value prepare_memory(napi_env env, napi_callback_info info) {
  napi_value arguments[1], result;
  size_t count = 1, length;
  void *data;
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_arraybuffer_info(env, arguments[0], &data, &length));
  use_large_pages(data, length);
  CHECK(napi_create_int32(env, (int)((size_t)data % 64), &result));
  return result;
}

static void close_native(napi_env env, struct native *n) {
  stop_workers(&n->pool);
  if (n->memory) napi_delete_reference(env, n->memory);
  n->memory = 0;
  free(n->pool.machine.store);
  n->pool.machine.store = 0;
  n->room = 0;
}

static void finalize_native(napi_env env, void *data, void *hint) {
  (void)hint;
  struct native *n = data;
  close_native(env, n);
  pthread_mutex_destroy(&n->pool.mutex);
  pthread_cond_destroy(&n->pool.wake);
  free(n->pool.handles);
  free(n->sizes);
  free(n->classes);
  free(n);
}

static int int_array(napi_env env, napi_value value, int **data, size_t *length) {
  napi_typedarray_type type;
  return napi_get_typedarray_info(env, value, &type, length, (void **)data, 0, 0) == napi_ok &&
         type == napi_int32_array;
}

static int *copy_ints(const int *from, size_t count) {
  int *to = malloc((count + 1) * sizeof *to);
  if (to && count > 0) memcpy(to, from, count * sizeof *to);
  return to;
}

static napi_value open_native(napi_env env, napi_callback_info info) {
  napi_value arguments[7], result;
  size_t count = 7, length, fields, tasks;
  void *data;
  int64_t arena, plan;
  int numeric, *sizes, *classes;
  char wanted[32];
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_arraybuffer_info(env, arguments[0], &data, &length));
  CHECK(napi_get_value_int64(env, arguments[1], &arena));
  CHECK(napi_get_value_int64(env, arguments[2], &plan));
  CHECK(napi_get_value_string_utf8(env, arguments[3], wanted, sizeof wanted, &count));
  CHECK(napi_get_value_int32(env, arguments[4], &numeric));
  if (!int_array(env, arguments[5], &sizes, &fields) || !int_array(env, arguments[6], &classes, &tasks))
    return fail(env, "sizes and classes must be Int32Array");
  const struct kernel *kernel = choose_kernel(wanted);
  if (!kernel) return fail(env, "no such kernel");
  struct native *n = calloc(1, sizeof *n);
  if (!n) return fail(env, "out of memory");
  n->pool.kernel = kernel;
  n->pool.machine.arena = (float *)((char *)data + arena);
  n->pool.machine.plan = (const struct plan *)(n->pool.machine.arena + plan);
  n->pool.machine.table =
      (struct table){.numeric_columns = numeric, .fields = (int)fields, .tasks = (int)tasks};
  n->pool.threads = n->pool.machine.plan->threads;
  n->sizes = copy_ints(sizes, fields);
  n->classes = copy_ints(classes, tasks);
  n->pool.handles = calloc((size_t)n->pool.threads, sizeof *n->pool.handles);
  pthread_mutex_init(&n->pool.mutex, 0);
  pthread_cond_init(&n->pool.wake, 0);
  CHECK(napi_create_reference(env, arguments[0], 1, &n->memory));
  CHECK(napi_create_external(env, n, finalize_native, 0, &result));
  if (!n->sizes || !n->classes || !n->pool.handles || !start_workers(&n->pool)) {
    stop_workers(&n->pool);
    return fail(env, "the threads could not be started");
  }
  return result;
}

static napi_value close_machine(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  size_t count = 1;
  void *n;
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_value_external(env, arguments[0], &n));
  close_native(env, n);
  return 0;
}

static void release_rows(napi_env env, struct loaded *rows) {
  for (int i = 0; i < 5; i++) {
    if (rows->arrays[i]) napi_delete_reference(env, rows->arrays[i]);
    rows->arrays[i] = 0;
  }
  rows->rows = 0;
}

static void finalize_rows(napi_env env, void *data, void *hint) {
  (void)hint;
  release_rows(env, data);
  free(data);
}

static int typed_array(napi_env env, napi_value value, napi_typedarray_type wanted, size_t needed,
                       const void **data, napi_ref *reference) {
  napi_typedarray_type type;
  size_t length;
  if (napi_get_typedarray_info(env, value, &type, &length, (void **)data, 0, 0) != napi_ok) return 0;
  if (type != wanted || length != needed) return 0;
  return napi_create_reference(env, value, 1, reference) == napi_ok;
}

/* Returns whether every row has every label and weighs 1. */
static int labelled(const struct table *t, long rows) {
  if (t->weights) return 0;
  for (long i = 0; i < rows * t->tasks; i++)
    if (!(t->labels[i] == t->labels[i])) return 0;
  return 1;
}

static napi_value load_rows(napi_env env, napi_callback_info info) {
  napi_value arguments[8], result;
  size_t count = 8;
  void *data;
  int64_t rows;
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_value_external(env, arguments[0], &data));
  CHECK(napi_get_value_int64(env, arguments[1], &rows));
  struct native *n = data;
  struct loaded *l = calloc(1, sizeof *l);
  if (!l) return fail(env, "out of memory");
  l->table = n->pool.machine.table;
  l->rows = (unsigned long)rows;
  napi_valuetype kind, kind_of_lists;
  CHECK(napi_typeof(env, arguments[5], &kind));
  CHECK(napi_typeof(env, arguments[6], &kind_of_lists));
  struct table *t = &l->table;
  CHECK(napi_get_value_int32(env, arguments[7], &t->longest));
  if (kind_of_lists != napi_null) {
    napi_typedarray_type type;
    size_t length;
    if (napi_get_typedarray_info(env, arguments[6], &type, &length, (void **)&t->lists, 0, 0) != napi_ok ||
        type != napi_int32_array || napi_create_reference(env, arguments[6], 1, &l->arrays[4]) != napi_ok) {
      finalize_rows(env, l, 0);
      return fail(env, "the lists of the rows have another type than the network needs");
    }
    t->lists_length = (long)length;
  }
  int fits = typed_array(env, arguments[2], napi_float32_array, (size_t)(rows * t->numeric_columns),
                         (const void **)&t->numeric, &l->arrays[0]) &&
             typed_array(env, arguments[3], napi_int32_array, (size_t)(rows * t->fields),
                         (const void **)&t->categorical, &l->arrays[1]) &&
             typed_array(env, arguments[4], napi_float32_array, (size_t)(rows * t->tasks),
                         (const void **)&t->labels, &l->arrays[2]) &&
             (kind == napi_null || typed_array(env, arguments[5], napi_float32_array, (size_t)rows,
                                               (const void **)&t->weights, &l->arrays[3]));
  if (!fits) {
    finalize_rows(env, l, 0);
    return fail(env, "an array of the rows has another type or length than the network needs");
  }
  long wrong = n->pool.kernel->check(t, (long)rows, n->sizes, n->classes);
  if (wrong >= 0) {
    finalize_rows(env, l, 0);
    CHECK(napi_create_int64(env, wrong, &result));
    return result;
  }
  l->all_labelled = labelled(t, (long)rows);
  use_large_pages(t->numeric, (size_t)(rows * t->numeric_columns) * sizeof *t->numeric);
  use_large_pages(t->categorical, (size_t)(rows * t->fields) * sizeof *t->categorical);
  CHECK(napi_create_external(env, l, finalize_rows, 0, &result));
  return result;
}

static napi_value release(napi_env env, napi_callback_info info) {
  napi_value arguments[1];
  size_t count = 1;
  void *rows;
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_value_external(env, arguments[0], &rows));
  release_rows(env, rows);
  return 0;
}

/* Makes the machine's store large enough for a batch. Returns 0 if there is no memory for it. */
static int make_room(struct native *n, int longest, int count) {
  struct machine *m = &n->pool.machine;
  long needed = store_floats(m->plan, longest, count);
  if (needed <= n->room) return 1;
  void *store;
  if (posix_memalign(&store, 64, (size_t)needed * sizeof *m->store) != 0) return 0;
  memset(store, 0, (size_t)needed * sizeof *m->store);
  free(m->store);
  m->store = store;
  n->room = needed;
  return 1;
}

static int indices_fit(const unsigned *indices, size_t count, unsigned long rows) {
  unsigned max = 0;
  for (size_t i = 0; i < count; i++) max = indices[i] > max ? indices[i] : max;
  return count == 0 || max < rows;
}

/* Runs one call. `settings` is an Int32Array that holds a struct optimizer. */
static napi_value run_machine(napi_env env, napi_callback_info info) {
  napi_value arguments[8];
  size_t count = 8, length, settings;
  void *machine, *rows;
  unsigned *indices;
  void *values;
  napi_typedarray_type type;
  int first, taken, mode, want;
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_value_external(env, arguments[0], &machine));
  CHECK(napi_get_value_external(env, arguments[1], &rows));
  CHECK(napi_get_typedarray_info(env, arguments[2], &type, &length, (void **)&indices, 0, 0));
  CHECK(napi_get_value_int32(env, arguments[3], &first));
  CHECK(napi_get_value_int32(env, arguments[4], &taken));
  CHECK(napi_get_value_int32(env, arguments[5], &mode));
  CHECK(napi_get_value_int32(env, arguments[6], &want));
  napi_typedarray_type settings_type;
  CHECK(napi_get_typedarray_info(env, arguments[7], &settings_type, &settings, &values, 0, 0));
  struct native *n = machine;
  struct loaded *l = rows;
  struct machine *m = &n->pool.machine;
  if (type != napi_uint32_array || settings_type != napi_int32_array ||
      settings * sizeof(int) != sizeof m->optimizer)
    return fail(env, "wrong kind of array");
  if (first < 0 || taken < 0 || (size_t)first + (size_t)taken > length ||
      !indices_fit(indices + first, (size_t)taken, l->rows))
    return fail(env, "an index is outside the rows");
  if (!n->memory) return fail(env, "the engine was disposed of");
  if (mode != MODE_EVALUATE && !make_room(n, l->table.longest, taken)) return fail(env, "out of memory");
  m->table = l->table;
  m->all_labelled = l->all_labelled;
  m->indices = indices + first;
  m->count = taken;
  m->mode = mode;
  m->want = want;
  memcpy(&m->optimizer, values, sizeof m->optimizer);
  n->pool.kernel->run(m, 0, begin_call(&n->pool));
  return 0;
}

static napi_value read_store(napi_env env, napi_callback_info info) {
  napi_value arguments[2];
  size_t count = 2, length;
  void *machine, *to;
  napi_typedarray_type type;
  CHECK(napi_get_cb_info(env, info, &count, arguments, 0, 0));
  CHECK(napi_get_value_external(env, arguments[0], &machine));
  CHECK(napi_get_typedarray_info(env, arguments[1], &type, &length, &to, 0, 0));
  struct native *n = machine;
  if (type != napi_float32_array || (long)length > n->room) return fail(env, "the store is not as long");
  if (length > 0) memcpy(to, n->pool.machine.store, length * sizeof(float));
  return 0;
}

/* Blocks of this many bytes and more are pages of their own, which go back to the system at once. */
enum { OWN_PAGES = 1 << 16 };

static napi_value give_back(napi_env env, napi_callback_info info) {
#ifdef __GLIBC__
  /* Unless it is set, the C library raises that limit with every larger block that is freed. */
  mallopt(M_MMAP_THRESHOLD, OWN_PAGES);
  malloc_trim(0);
#endif
  return 0;
}

static napi_value initialize(napi_env env, napi_value exports) {
  const struct {
    const char *name;
    napi_callback function;
  } functions[] = {
      {"target", target}, {"prepareMemory", prepare_memory}, {"open", open_native}, {"close", close_machine},
      {"load", load_rows}, {"release", release}, {"run", run_machine}, {"readStore", read_store},
      {"giveBack", give_back},
  };
  for (size_t i = 0; i < sizeof functions / sizeof *functions; i++) {
    napi_value function;
    CHECK(
        napi_create_function(env, functions[i].name, NAPI_AUTO_LENGTH, functions[i].function, 0, &function));
    CHECK(napi_set_named_property(env, exports, functions[i].name, function));
  }
  return exports;
}

NAPI_MODULE(mmoe_fused, initialize)
