/*
 * Chooses among the builds of the kernel in the addon: there is one for each processor family that the
 * compiler was asked for (scripts/build-kernel.mjs), and a last one for every processor of the architecture.
 */
#ifndef MMOE_BUILDS_H
#define MMOE_BUILDS_H
#include <string.h>
#include "machine.h"

#define EXTERN_KERNEL(name) extern const struct kernel name;
#ifdef HAS_AVX512
EXTERN_KERNEL(mmoe_kernel_avx512)
#endif
#ifdef HAS_AVX2
EXTERN_KERNEL(mmoe_kernel_avx2)
#endif
EXTERN_KERNEL(mmoe_kernel_baseline)

/* Returns the build that `wanted` names, or the best that this processor runs if it is empty; 0 if there is
 * none. */
static const struct kernel *choose_kernel(const char *wanted) {
  const struct kernel *candidates[3];
  int count = 0;
#ifdef HAS_AVX512
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512dq") &&
      __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512vl") &&
      __builtin_cpu_supports("fma"))
    candidates[count++] = &mmoe_kernel_avx512;
#endif
#ifdef HAS_AVX2
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma"))
    candidates[count++] = &mmoe_kernel_avx2;
#endif
  candidates[count++] = &mmoe_kernel_baseline;
  if (!wanted[0]) return candidates[0];
  for (int i = 0; i < count; i++)
    if (strcmp(candidates[i]->name, wanted) == 0) return candidates[i];
  return 0;
}

#endif
