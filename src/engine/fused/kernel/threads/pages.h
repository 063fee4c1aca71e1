/*
 * Asks for large pages where the system has them.
 */
#ifndef MMOE_PAGES_H
#define MMOE_PAGES_H
#ifdef __linux__
#include <sys/mman.h>
#endif

/* Rows are picked at random: with pages of 4 KB each one would miss the processor's table of addresses. The
 * system may refuse, and then the memory stays as it was. */
static void use_large_pages(const void *data, size_t bytes) {
#if defined(__linux__) && defined(MADV_HUGEPAGE)
  const size_t page = 2 << 20;
  size_t first = ((size_t)data + page - 1) / page * page, end = ((size_t)data + bytes) / page * page;
  if (end <= first) return;
  if (madvise((void *)first, end - first, MADV_HUGEPAGE) != 0) return;
#ifdef MADV_COLLAPSE
  madvise((void *)first, end - first, MADV_COLLAPSE);
#else
  madvise((void *)first, end - first, 25); /* MADV_COLLAPSE of Linux 6.1 */
#endif
#else
  (void)data;
  (void)bytes;
#endif
}

#endif
