/*
 * Random numbers of a training step, bit for bit those of src/network/draws/draws.ts: each is a hash of the step's
 * key, a site and an index, so whichever thread or vector width computes it, it is the same. All arithmetic
 * is modulo 2^32.
 */
#ifndef MMOE_DRAWS_H
#define MMOE_DRAWS_H
#include "arithmetic/vector.h"

typedef unsigned vu __attribute__((vector_size(WIDTH * 4)));

/* A macro, because it is the same for one number and for a vector of them. */
#define MIX_BITS(x)  \
  x ^= x >> 16;      \
  x *= 0x7feb352du;  \
  x ^= x >> 15;      \
  x *= 0x846ca68bu;  \
  x ^= x >> 16;

/* Returns what all draws of a site have in common. */
INLINE unsigned draws_of(int key, int site) {
  unsigned x = (unsigned)key ^ (unsigned)site;
  MIX_BITS(x)
  return x;
}

/* Returns 24 bits for each index; divided by 2^24 they are a uniform draw. */
INLINE vi draw_bits_at(unsigned own, vu index) {
  vu x = index + own;
  MIX_BITS(x)
  x ^= own;
  MIX_BITS(x)
  return (vi)(x >> 8);
}

/* Returns the bits for the indices first, first + 1 … */
INLINE vi draw_bits(unsigned own, unsigned first) { return draw_bits_at(own, (vu)lanes() + first); }

/* Says what dropout leaves out. `threshold` is the rate · 2^24, rounded up; 0 means no dropout. */
struct dropout {
  unsigned own;
  int threshold;
};

#endif
